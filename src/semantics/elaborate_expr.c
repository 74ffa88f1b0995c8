/* Elaboration of expressions: one function for each shape of node.
 *
 * Slots: every bound variable gets a slot of its own in the frame of the definition around it,
 * after the parameters; sets of bounded variables are elaborated before the variables exist. A
 * LAMBDA or LET operator has a frame of its own, one static link up. */
#include "semantics/elaborate.h"

#include "base/assert.h"
#include "value/set.h"

#include <string.h>

typedef struct fm_node *elaborate_fn(struct fm_build *build, struct fm_ast *node);

static const char at_mark; /* the key of @ among the cells */

static struct fm_node *new_node(struct fm_build *build, enum fm_op op, const struct fm_ast *node,
                                uint32_t count)
{
    return fm_node_new(build->elaborator, op, node->span, count);
}

static struct fm_node *kids_node(struct fm_build *build, enum fm_op op, struct fm_ast *node)
{
    struct fm_node *result = new_node(build, op, node, node->count);
    for (uint32_t i = 0; i < node->count; i++) {
        result->kids[i] = fm_elaborate(build, node->kids[i]);
    }
    return result;
}

struct fm_node *fm_local_node(struct fm_build *build, enum fm_op op, const struct fm_cell *cell,
                              struct fm_span span, uint32_t count)
{
    fm_assert(cell != NULL && cell->kind == FM_CELL_SLOT);
    fm_assert(build->frame->depth >= cell->frame->depth);
    struct fm_node *node = fm_node_new(build->elaborator, op, span, count);
    node->u.local.depth = build->frame->depth - cell->frame->depth;
    node->u.local.slot = cell->slot;
    node->u.local.name = cell->name;
    node->u.local.let = cell->def;
    return node;
}

/* --- literals --- */

static struct fm_value_context *values(const struct fm_build *build)
{
    return build->elaborator->sema->session.context;
}

static struct fm_node *value_node(struct fm_build *build, const struct fm_ast *node, fm_value value)
{
    struct fm_node *result = new_node(build, FM_OP_VALUE, node, 0);
    result->u.value = value;
    return result;
}

static struct fm_node *elaborate_number(struct fm_build *build, struct fm_ast *node)
{
    return value_node(build, node,
                      fm_int_parse(values(build), node->name->text, node->name->length));
}

static struct fm_node *elaborate_decimal(struct fm_build *build, struct fm_ast *node)
{
    struct fm_node *result = new_node(build, FM_OP_DECIMAL, node, 0);
    result->u.name = node->name;
    return result;
}

static struct fm_node *elaborate_string(struct fm_build *build, struct fm_ast *node)
{
    return value_node(build, node, fm_string(values(build), node->name));
}

static struct fm_node *elaborate_true(struct fm_build *build, struct fm_ast *node)
{
    return value_node(build, node, fm_bool(true));
}

static struct fm_node *elaborate_false(struct fm_build *build, struct fm_ast *node)
{
    return value_node(build, node, fm_bool(false));
}

static struct fm_node *elaborate_boolean(struct fm_build *build, struct fm_ast *node)
{
    return value_node(build, node, fm_booleans());
}

static struct fm_node *elaborate_strings(struct fm_build *build, struct fm_ast *node)
{
    return value_node(build, node, fm_set_constant(FM_KIND_STRINGS));
}

static struct fm_node *elaborate_at(struct fm_build *build, struct fm_ast *node)
{
    return fm_local_node(build, FM_OP_LOCAL, fm_cell_find(build->cells, &at_mark), node->span, 0);
}

/* --- plain operators --- */

static struct fm_node *elaborate_conjunction(struct fm_build *build, struct fm_ast *node)
{
    return kids_node(build, FM_OP_AND, node);
}

static struct fm_node *elaborate_disjunction(struct fm_build *build, struct fm_ast *node)
{
    return kids_node(build, FM_OP_OR, node);
}

static struct fm_node *elaborate_tuple(struct fm_build *build, struct fm_ast *node)
{
    return kids_node(build, FM_OP_TUPLE, node);
}

static struct fm_node *elaborate_cross(struct fm_build *build, struct fm_ast *node)
{
    return kids_node(build, FM_OP_CROSS, node);
}

static struct fm_node *elaborate_set(struct fm_build *build, struct fm_ast *node)
{
    return kids_node(build, FM_OP_SETENUM, node);
}

static struct fm_node *elaborate_function_set(struct fm_build *build, struct fm_ast *node)
{
    return kids_node(build, FM_OP_FCNSET, node);
}

static struct fm_node *elaborate_if(struct fm_build *build, struct fm_ast *node)
{
    return kids_node(build, FM_OP_IF, node);
}

static struct fm_node *elaborate_square(struct fm_build *build, struct fm_ast *node)
{
    struct fm_node *special = fm_elaborate_under_enabled(build, node);
    return special != NULL ? special : kids_node(build, FM_OP_SQUARE, node);
}

static struct fm_node *elaborate_angle(struct fm_build *build, struct fm_ast *node)
{
    struct fm_node *special = fm_elaborate_under_enabled(build, node);
    return special != NULL ? special : kids_node(build, FM_OP_ANGLE, node);
}

/* <<A>>_v of WF_v(A), elaborated anew where the text inside ENABLED means something else. */
static struct fm_node *elaborate_fair_step(struct fm_build *build, struct fm_ast *node,
                                           const struct fm_node *fairness)
{
    struct fm_build inner = *build;
    inner.context = fm_context_enabled(build->elaborator, build->context);
    if (inner.context != build->context) {
        struct fm_ast *kids[] = {node->kids[1], node->kids[0]};
        struct fm_ast angle = {.kind = FM_AST_ANGLE, .span = node->span, .count = 2, .kids = kids};
        return fm_elaborate(&inner, &angle);
    }
    return fairness->kids[2];
}

static struct fm_node *elaborate_fairness(struct fm_build *build, enum fm_op op,
                                          struct fm_ast *node)
{
    struct fm_node *result = new_node(build, op, node, 4);
    for (uint32_t i = 0; i < 2; i++) {
        result->kids[i] = fm_elaborate(build, node->kids[i]);
    }
    struct fm_node *step = new_node(build, FM_OP_ANGLE, node, 2);
    step->kids[0] = result->kids[1];
    step->kids[1] = result->kids[0];
    result->kids[2] = step;
    struct fm_node *enabled = new_node(build, FM_OP_ENABLED, node, 1);
    enabled->kids[0] = elaborate_fair_step(build, node, result);
    result->kids[3] = enabled;
    return result;
}

static struct fm_node *elaborate_weak_fairness(struct fm_build *build, struct fm_ast *node)
{
    return elaborate_fairness(build, FM_OP_WF, node);
}

static struct fm_node *elaborate_strong_fairness(struct fm_build *build, struct fm_ast *node)
{
    return elaborate_fairness(build, FM_OP_SF, node);
}

static struct fm_node *elaborate_label(struct fm_build *build, struct fm_ast *node)
{
    struct fm_node *result = new_node(build, FM_OP_LABEL, node, 1);
    result->u.name = node->name;
    result->kids[0] = fm_elaborate(build, node->kids[1]);
    return result;
}

static struct fm_node *elaborate_case(struct fm_build *build, struct fm_ast *node)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        count += node->kids[i]->kind == FM_AST_OTHER ? 1 : 2;
    }
    struct fm_node *result = new_node(build, FM_OP_CASE, node, count);
    uint32_t next = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        for (uint32_t j = 0; j < node->kids[i]->count; j++) {
            result->kids[next++] = fm_elaborate(build, node->kids[i]->kids[j]);
        }
    }
    return result;
}

/* --- functions and records --- */

static struct fm_node *tuple_of(struct fm_build *build, struct fm_ast *node, uint32_t first)
{
    if (node->count - first == 1) {
        return fm_elaborate(build, node->kids[first]);
    }
    struct fm_span span = fm_span_join(node->kids[first]->span, node->kids[node->count - 1]->span);
    struct fm_node *tuple = fm_node_new(build->elaborator, FM_OP_TUPLE, span, node->count - first);
    for (uint32_t i = first; i < node->count; i++) {
        tuple->kids[i - first] = fm_elaborate(build, node->kids[i]);
    }
    return tuple;
}

static struct fm_node *elaborate_function_application(struct fm_build *build, struct fm_ast *node)
{
    struct fm_node *result = new_node(build, FM_OP_FCNAPP, node, 2);
    result->kids[0] = fm_elaborate(build, node->kids[0]);
    result->kids[1] = tuple_of(build, node, 1);
    return result;
}

static struct fm_node *fields_node(struct fm_build *build, enum fm_op op, struct fm_ast *node)
{
    struct fm_node *result = new_node(build, op, node, node->count);
    const struct fm_symbol **names = fm_arena_calloc(build->elaborator->sema->arena, node->count,
                                                     sizeof *names);
    for (uint32_t i = 0; i < node->count; i++) {
        names[i] = node->kids[i]->name;
        result->kids[i] = fm_elaborate(build, node->kids[i]->kids[0]);
    }
    result->u.names = names;
    return result;
}

static struct fm_node *elaborate_record(struct fm_build *build, struct fm_ast *node)
{
    return fields_node(build, FM_OP_RECORD, node);
}

static struct fm_node *elaborate_record_set(struct fm_build *build, struct fm_ast *node)
{
    return fields_node(build, FM_OP_RECSET, node);
}

static struct fm_node *elaborate_field(struct fm_build *build, struct fm_ast *node)
{
    struct fm_node *result = kids_node(build, FM_OP_FIELD, node);
    result->u.name = node->name;
    return result;
}

static void elaborate_update(struct fm_build *build, struct fm_ast *node, struct fm_update *update)
{
    struct fm_elaborator *elaborator = build->elaborator;
    update->path_count = node->count - 1;
    update->path = fm_arena_calloc(elaborator->sema->arena, update->path_count,
                                   sizeof *update->path);
    for (uint32_t i = 0; i < update->path_count; i++) {
        struct fm_ast *part = node->kids[i];
        update->path[i] = part->kind == FM_AST_PATH_FIELD
                              ? value_node(build, part, fm_string(values(build), part->name))
                              : tuple_of(build, part, 0);
    }
    update->at_slot = build->frame->slots++;
    struct fm_cell cell = {.key = &at_mark,
                           .kind = FM_CELL_SLOT,
                           .name = fm_sema_symbol(elaborator->sema, "@"),
                           .frame = build->frame,
                           .slot = update->at_slot};
    struct fm_build inner = *build;
    inner.cells = fm_cell_add(elaborator, build->cells, cell);
    update->value = fm_elaborate(&inner, node->kids[node->count - 1]);
}

static struct fm_node *elaborate_except(struct fm_build *build, struct fm_ast *node)
{
    struct fm_node *result = new_node(build, FM_OP_EXCEPT, node, 1);
    uint32_t count = node->count - 1;
    struct fm_update *updates = fm_arena_calloc(build->elaborator->sema->arena, count,
                                                sizeof *updates);
    result->kids[0] = fm_elaborate(build, node->kids[0]);
    for (uint32_t i = 0; i < count; i++) {
        elaborate_update(build, node->kids[i + 1], &updates[i]);
    }
    result->u.updates.at = updates;
    result->u.updates.count = count;
    return result;
}

/* --- bound variables --- */

static void elaborate_binding_set(struct fm_build *build, struct fm_ast *node,
                                  struct fm_binding *binding)
{
    bool unbounded = (node->flags & FM_AST_UNBOUNDED) != 0;
    binding->slot_count = unbounded ? node->count : node->count - 1;
    binding->is_tuple = (node->flags & FM_AST_TUPLE_PATTERN) != 0;
    binding->span = node->span;
    binding->set = unbounded ? NULL : fm_elaborate(build, node->kids[node->count - 1]);
}

static void bind_variables(struct fm_build *build, const struct fm_ast *node,
                           struct fm_binding *binding)
{
    struct fm_elaborator *elaborator = build->elaborator;
    const struct fm_symbol **names = fm_arena_calloc(elaborator->sema->arena, binding->slot_count,
                                                     sizeof *names);
    binding->first_slot = build->frame->slots;
    for (uint32_t i = 0; i < binding->slot_count; i++) {
        names[i] = node->kids[i]->name;
        struct fm_cell cell = {.key = node->kids[i]->note,
                               .kind = FM_CELL_SLOT,
                               .name = names[i],
                               .frame = build->frame,
                               .slot = build->frame->slots++};
        build->cells = fm_cell_add(elaborator, build->cells, cell);
    }
    binding->names = names;
}

/* The bindings; build->cells has the variables afterwards. */
static const struct fm_binding *elaborate_bindings(struct fm_build *build, struct fm_ast *node,
                                                   uint32_t *count)
{
    bool single = node->kind == FM_AST_BINDING;
    *count = single ? 1 : node->count;
    struct fm_binding *bindings = fm_arena_calloc(build->elaborator->sema->arena, *count,
                                                  sizeof *bindings);
    for (uint32_t i = 0; i < *count; i++) {
        elaborate_binding_set(build, single ? node : node->kids[i], &bindings[i]);
    }
    for (uint32_t i = 0; i < *count; i++) {
        bind_variables(build, single ? node : node->kids[i], &bindings[i]);
    }
    return bindings;
}

static struct fm_node *binder_node(struct fm_build *build, enum fm_op op, struct fm_ast *node)
{
    struct fm_node *result = new_node(build, op, node, 1);
    struct fm_build inner = *build;
    uint32_t count = 0;
    result->u.bind.at = elaborate_bindings(&inner, node->kids[0], &count);
    result->u.bind.count = count;
    result->kids[0] = fm_elaborate(&inner, node->kids[1]);
    return result;
}

static struct fm_node *elaborate_forall(struct fm_build *build, struct fm_ast *node)
{
    return binder_node(build, FM_OP_FORALL, node);
}

static struct fm_node *elaborate_exists(struct fm_build *build, struct fm_ast *node)
{
    return binder_node(build, FM_OP_EXISTS, node);
}

static struct fm_node *elaborate_temporal_forall(struct fm_build *build, struct fm_ast *node)
{
    return binder_node(build, FM_OP_TFORALL, node);
}

static struct fm_node *elaborate_temporal_exists(struct fm_build *build, struct fm_ast *node)
{
    return binder_node(build, FM_OP_TEXISTS, node);
}

static struct fm_node *elaborate_choose(struct fm_build *build, struct fm_ast *node)
{
    return binder_node(build, FM_OP_CHOOSE, node);
}

static struct fm_node *elaborate_filter(struct fm_build *build, struct fm_ast *node)
{
    return binder_node(build, FM_OP_FILTER, node);
}

static struct fm_node *elaborate_map(struct fm_build *build, struct fm_ast *node)
{
    return binder_node(build, FM_OP_MAP, node);
}

static struct fm_node *elaborate_function(struct fm_build *build, struct fm_ast *node)
{
    return binder_node(build, FM_OP_FCN, node);
}

struct fm_node *fm_elaborate_function(struct fm_build *build, struct fm_ast *unit,
                                      const struct fm_entity *entity)
{
    if (entity == NULL) {
        return binder_node(build, FM_OP_FCN, unit);
    }
    struct fm_node *result = new_node(build, FM_OP_RECFCN, unit, 1);
    struct fm_build inner = *build;
    uint32_t count = 0;
    result->u.recfcn.at = elaborate_bindings(&inner, unit->kids[0], &count);
    result->u.recfcn.count = count;
    result->u.recfcn.name = entity->name;
    result->u.recfcn.slot = build->frame->slots++;
    struct fm_cell cell = {.key = entity,
                           .kind = FM_CELL_SLOT,
                           .name = entity->name,
                           .frame = build->frame,
                           .slot = result->u.recfcn.slot};
    inner.cells = fm_cell_add(build->elaborator, inner.cells, cell);
    result->kids[0] = fm_elaborate(&inner, unit->kids[1]);
    return result;
}

/* A function definition chosen by a selector, as the function. */
static struct fm_node *elaborate_function_unit(struct fm_build *build, struct fm_ast *node)
{
    const struct fm_entity *entity = node->note;
    return fm_elaborate_function(build, node, entity->is_self_applied ? entity : NULL);
}

static elaborate_fn *const table[FM_AST_BINDING + 1] = {
    [FM_AST_FCNDEF] = elaborate_function_unit,
    [FM_AST_IDENT] = fm_elaborate_name,
    [FM_AST_APPLY] = fm_elaborate_name,
    [FM_AST_PREFIX] = fm_elaborate_name,
    [FM_AST_INFIX] = fm_elaborate_name,
    [FM_AST_POSTFIX] = fm_elaborate_name,
    [FM_AST_SELECT] = fm_elaborate_name,
    [FM_AST_NUMBER] = elaborate_number,
    [FM_AST_DECIMAL] = elaborate_decimal,
    [FM_AST_STRING] = elaborate_string,
    [FM_AST_TRUE] = elaborate_true,
    [FM_AST_FALSE] = elaborate_false,
    [FM_AST_BOOLEAN] = elaborate_boolean,
    [FM_AST_STRINGS] = elaborate_strings,
    [FM_AST_AT] = elaborate_at,
    [FM_AST_CONJLIST] = elaborate_conjunction,
    [FM_AST_DISJLIST] = elaborate_disjunction,
    [FM_AST_TUPLE] = elaborate_tuple,
    [FM_AST_CROSS] = elaborate_cross,
    [FM_AST_SETENUM] = elaborate_set,
    [FM_AST_SETFILTER] = elaborate_filter,
    [FM_AST_SETMAP] = elaborate_map,
    [FM_AST_FCN] = elaborate_function,
    [FM_AST_FCNAPP] = elaborate_function_application,
    [FM_AST_FCNSET] = elaborate_function_set,
    [FM_AST_RECORD] = elaborate_record,
    [FM_AST_RECSET] = elaborate_record_set,
    [FM_AST_DOT] = elaborate_field,
    [FM_AST_EXCEPT] = elaborate_except,
    [FM_AST_FORALL] = elaborate_forall,
    [FM_AST_EXISTS] = elaborate_exists,
    [FM_AST_TFORALL] = elaborate_temporal_forall,
    [FM_AST_TEXISTS] = elaborate_temporal_exists,
    [FM_AST_CHOOSE] = elaborate_choose,
    [FM_AST_IF] = elaborate_if,
    [FM_AST_CASE] = elaborate_case,
    [FM_AST_LET] = fm_elaborate_let,
    [FM_AST_SQUARE] = elaborate_square,
    [FM_AST_ANGLE] = elaborate_angle,
    [FM_AST_WF] = elaborate_weak_fairness,
    [FM_AST_SF] = elaborate_strong_fairness,
    [FM_AST_LABEL] = elaborate_label,
};

struct fm_node *fm_elaborate(struct fm_build *build, struct fm_ast *node)
{
    elaborate_fn *elaborate = table[node->kind];
    fm_assert(elaborate != NULL); /* analysis refused everything else */
    return elaborate(build, node);
}
