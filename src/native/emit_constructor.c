/* Constructors: [x \in S |-> e], built or applied.
 *
 *     S known            a loop over the domain's indices, or unrolled where that is short or the
 *                        parts differ (records)
 *     S == 1..n          a sequence
 *     S a set of bits    a function with presence bits
 *
 * A constructor is not built at all where it is applied at once, through LET, definitions and
 * arguments, as TLC does: only the body is emitted, with the argument for x.
 *
 * The shape of the parts is known only after the body was emitted, inside the loop; the result's
 * declaration is then put before the loop (fm_emit_declare_at). */
#include "native/emit_data.h"

#include "modules/native.h"
#include "value/set.h"

#include <inttypes.h>
#include <string.h>

/* Arguments up to which a constructor is unrolled: more would swell the code. */
#define UNROLL_MAX 4u
/* Parts of a record that a constructor over strings may unroll. */
#define UNROLL_RECORD_MAX 16u
/* Elements of a sequence [i \in 1..n |-> e] when nothing is wanted. */
#define SEQUENCE_NATURAL_MAX 64

/* --- variables and their sets --- */

/* The variables of a constructor with the sets they range over. */
struct variable {
    const struct fm_binding *binding;
    uint32_t offset;
    fm_value set; /* NONE when not known */
    const fm_value *elements;
    uint32_t count;
};

struct constructor {
    const struct fm_node *node, *body;
    struct fm_emit_frame *frame;
    struct variable *variables;
    uint32_t variable_count;
    bool is_known; /* all sets, and small */
    fm_value domain;
    const fm_value *keys;
    uint32_t count;
    const struct fm_shape *want;
};

/* The elements of a known set that is small enough to be a domain. */
static bool list_known(struct fm_emit *emit, struct variable *variable)
{
    fm_value set = variable->set;
    if (fm_is_none(set) || !fm_value_is_set(set)) {
        return false;
    }
    const struct fm_shape *shape = fm_shape_of_value(emit->shapes, set);
    if (shape->kind == FM_SHAPE_SET) {
        variable->elements = shape->values;
        variable->count = shape->value_count;
        return true;
    }
    if (fm_value_kind(set) != FM_KIND_INTERVAL && fm_value_kind(set) != FM_KIND_SET) {
        return false;
    }
    fm_value size = fm_set_cardinality(emit->context, set);
    if (!fm_is_small(size) || fm_small_get(size) > FM_SHAPE_SIZE_MAX) {
        return false;
    }
    variable->elements = fm_set_elements(emit->context, set, &variable->count);
    return true;
}

static void find_domain(struct fm_emit *emit, struct constructor *constructor)
{
    uint32_t variables = constructor->variable_count;
    fm_value *factors = fm_arena_alloc(&emit->arena, variables * sizeof *factors);
    uint64_t total = 1;
    constructor->is_known = true;
    for (uint32_t i = 0; i < variables; i++) {
        struct variable *variable = &constructor->variables[i];
        variable->set = fm_emit_fold(emit, variable->binding->set, constructor->frame);
        if (!list_known(emit, variable)) {
            constructor->is_known = false;
            return;
        }
        factors[i] = variable->set;
        total *= variable->count;
        if (total > FM_SHAPE_SIZE_MAX) {
            constructor->is_known = false;
            return;
        }
    }
    fm_value domain = variables == 1 ? factors[0] : fm_cross(emit->context, factors, variables);
    constructor->domain = fm_value_freeze(emit->context, fm_set_explicit(emit->context, domain));
    constructor->keys = fm_set_elements(emit->context, constructor->domain, &constructor->count);
}

static void find_variables(struct fm_emit *emit, struct constructor *constructor)
{
    const struct fm_node *node = constructor->node;
    uint32_t count = 0;
    for (uint32_t i = 0; i < node->u.bind.count; i++) {
        const struct fm_binding *binding = &node->u.bind.at[i];
        if (binding->set == NULL) {
            fm_emit_refuse(emit, node, "an argument of a function without a set");
        }
        count += binding->is_tuple ? 1 : binding->slot_count;
    }
    constructor->variables = fm_arena_calloc(&emit->arena, count, sizeof *constructor->variables);
    constructor->variable_count = count;
    count = 0;
    for (uint32_t i = 0; i < node->u.bind.count; i++) {
        const struct fm_binding *binding = &node->u.bind.at[i];
        for (uint32_t j = 0; j < (binding->is_tuple ? 1 : binding->slot_count); j++) {
            constructor->variables[count].binding = binding;
            constructor->variables[count++].offset = j;
        }
    }
}

static void bind_key(struct fm_emit *emit, struct constructor *constructor, fm_value key)
{
    for (uint32_t i = 0; i < constructor->variable_count; i++) {
        const struct variable *variable = &constructor->variables[i];
        fm_value element = constructor->variable_count == 1
                               ? key
                               : fm_fcn_lookup(emit->context, key, fm_small((int64_t)i + 1));
        fm_emit_bind_element(emit, variable->binding, variable->offset, constructor->frame,
                             fm_emit_known(emit, element));
    }
}

static struct fm_term construct_unrolled(struct fm_emit *emit, struct constructor *constructor)
{
    uint32_t count = constructor->count;
    struct fm_term *parts = fm_arena_alloc(&emit->arena, (count + 1) * sizeof *parts);
    const struct fm_shape *all = fm_shape_none(emit->shapes);
    bool records = count > 0, sequence = count > 0;
    for (uint32_t i = 0; i < count; i++) {
        fm_value key = constructor->keys[i];
        bind_key(emit, constructor, key);
        parts[i] = fm_emit_named(emit,
                                 fm_emit_expr(emit, constructor->body, constructor->frame,
                                              fm_emit_wanted_part(constructor->want, i)),
                                 "part");
        all = fm_shape_join(emit->shapes, all, parts[i].shape);
        records = records && fm_value_kind(key) == FM_KIND_STRING;
        sequence = sequence && fm_is_small(key) && fm_small_get(key) == (int64_t)i + 1;
    }
    if (fm_emit_all_known(parts, count)) {
        fm_value *values = fm_arena_alloc(&emit->arena, (count + 1) * sizeof *values);
        for (uint32_t i = 0; i < count; i++) {
            values[i] = parts[i].value;
        }
        return fm_emit_known(emit, fm_fcn(emit->context, constructor->domain, values, count));
    }
    const struct fm_shape *shape = constructor->want;
    if (shape == NULL && records) {
        shape = fm_shape_record(emit->shapes, constructor->domain,
                                fm_emit_shapes_of(emit, parts, count));
    } else if (shape == NULL && sequence) {
        shape = fm_shape_tuple(emit->shapes, fm_emit_shapes_of(emit, parts, count), count);
    } else if (shape == NULL) {
        shape = fm_shape_fcn(emit->shapes, constructor->domain, all);
    }
    return fm_emit_build(emit, constructor->node, shape, constructor->keys, parts, count);
}

/* Loops over the indices of a known domain, the last variable fastest: the order of tuples. */
static struct fm_term construct_looped(struct fm_emit *emit, struct constructor *constructor)
{
    struct fm_emit_hole *hole = fm_emit_hole_here(emit);
    const char *at = fm_emit_name(emit, "at");
    fm_emit_line(emit, "uint32_t %s = 0;", at);
    for (uint32_t i = 0; i < constructor->variable_count; i++) {
        const struct variable *variable = &constructor->variables[i];
        const char *index = fm_emit_name(emit, "i");
        const struct fm_shape *of = fm_shape_of_value(emit->shapes, variable->set);
        if (of->kind != FM_SHAPE_SET && fm_value_kind(variable->set) != FM_KIND_INTERVAL) {
            fm_emit_refuse(emit, constructor->node, "a domain that is too large");
        }
        fm_emit_open(emit, "for (uint32_t %s = 0; %s < %u; %s++)", index, index, variable->count,
                     index);
        int64_t low = fm_is_small(variable->elements[0]) ? fm_small_get(variable->elements[0]) : 0;
        struct fm_term element =
            of->kind == FM_SHAPE_SET
                ? fm_emit_element(emit, of, index)
                : fm_emit_coded(fm_shape_int(emit->shapes, low, low + variable->count - 1),
                                fm_emit_format(emit, "(%" PRId64 " + (int64_t)%s)", low, index));
        fm_emit_bind_element(emit, variable->binding, variable->offset, constructor->frame,
                             element);
    }
    const struct fm_shape *shape = constructor->want;
    struct fm_term value = fm_emit_expr(emit, constructor->body, constructor->frame,
                                        fm_emit_wanted_part(shape, 0));
    if (shape == NULL) {
        shape = fm_shape_fcn(emit->shapes, constructor->domain, value.shape);
    }
    if (shape->kind != FM_SHAPE_FCN && shape->kind != FM_SHAPE_SEQ &&
        shape->kind != FM_SHAPE_NONE) {
        fm_emit_refuse(emit, constructor->node, "a function that is too large");
    }
    const char *name = "0";
    if (shape->kind != FM_SHAPE_NONE) {
        name = fm_emit_declare_at(emit, hole, shape, "f");
        fm_emit_store(emit, shape->parts[0], fm_emit_format(emit, "%s.at[%s]", name, at),
                      fm_emit_as(emit, value, shape->parts[0]));
    }
    fm_emit_line(emit, "%s++;", at);
    for (uint32_t i = 0; i < constructor->variable_count; i++) {
        fm_emit_close(emit, "");
    }
    if (shape->kind == FM_SHAPE_SEQ) {
        fm_emit_line(emit, "%s.length = %u;", name, constructor->count);
    }
    return fm_emit_coded(shape, name);
}

static struct fm_term construct_known(struct fm_emit *emit, struct constructor *constructor)
{
    uint32_t count = constructor->count;
    const struct fm_shape *want = fm_emit_wanted_function(emit, constructor->want,
                                                          constructor->keys, count);
    constructor->want = want;
    bool strings = count > 0 && fm_value_kind(constructor->keys[0]) == FM_KIND_STRING;
    bool members = strings || (want != NULL && fm_emit_has_members(want)) ||
                   (want != NULL && want->kind == FM_SHAPE_PFUN);
    if (count <= UNROLL_MAX || members) {
        if (count > UNROLL_MAX && count > UNROLL_RECORD_MAX) {
            fm_emit_refuse(emit, constructor->node, "a function that is too long to unroll");
        }
        return construct_unrolled(emit, constructor);
    }
    return construct_looped(emit, constructor);
}

/* The upper end n when the set is 1..n, else NULL. */
static const struct fm_node *sequence_end(struct fm_emit *emit, const struct fm_node *set,
                                          struct fm_emit_frame *frame)
{
    if (set->op != FM_OP_CALL || set->u.def->native == NULL ||
        strcmp(set->u.def->native->name, "..") != 0) {
        return NULL;
    }
    fm_value low = fm_emit_fold(emit, set->kids[0], frame);
    return !fm_is_none(low) && fm_is_small(low) && fm_small_get(low) == 1 ? set->kids[1] : NULL;
}

/* [i \in 1..n |-> e] */
static struct fm_term construct_sequence(struct fm_emit *emit, struct constructor *constructor,
                                         const struct fm_node *end)
{
    struct fm_term n = fm_emit_expr(emit, end, constructor->frame, NULL);
    const struct fm_shape *want = constructor->want;
    if (want != NULL && want->kind != FM_SHAPE_SEQ) {
        want = NULL;
    }
    bool bounded = n.shape->kind == FM_SHAPE_INT && n.shape->high >= 0 &&
                   n.shape->high <= SEQUENCE_NATURAL_MAX;
    if (want == NULL && !bounded) {
        fm_emit_refuse(emit, constructor->node, "a sequence of unknown length");
    }
    uint32_t capacity = want != NULL ? want->capacity : (uint32_t)n.shape->high;
    n = fm_emit_named(emit, fm_emit_solid(emit, n), "n");
    if (n.shape->kind != FM_SHAPE_INT) {
        fm_emit_refuse(emit, end, "not known to be an integer");
    }
    fm_emit_guard(emit, "%s > %u", n.code, capacity);
    struct fm_emit_hole *hole = fm_emit_hole_here(emit);
    const char *index = fm_emit_name(emit, "i");
    fm_emit_open(emit, "for (int64_t %s = 1; %s <= %s; %s++)", index, index, n.code, index);
    struct fm_term i = fm_emit_coded(fm_shape_int(emit->shapes, 1, capacity == 0 ? 1 : capacity),
                                     index);
    fm_emit_bind_element(emit, constructor->variables[0].binding, 0, constructor->frame, i);
    struct fm_term value = fm_emit_expr(emit, constructor->body, constructor->frame,
                                        want != NULL ? want->parts[0] : NULL);
    const struct fm_shape *shape = want != NULL ? want
                                                : fm_shape_seq(emit->shapes, value.shape, capacity);
    if (shape->kind != FM_SHAPE_SEQ) {
        fm_emit_refuse(emit, constructor->node, "a sequence that is too large");
    }
    const char *name = fm_emit_declare_at(emit, hole, shape, "f");
    if (shape->capacity > 0) {
        fm_emit_store(emit, shape->parts[0], fm_emit_format(emit, "%s.at[%s - 1]", name, index),
                      fm_emit_as(emit, value, shape->parts[0]));
    }
    fm_emit_close(emit, "");
    fm_emit_line(emit, "%s.length = %s < 0 ? 0 : %s;", name, n.code, n.code);
    return fm_emit_coded(shape, name);
}

/* [x \in S |-> e] where S is a set of bits. */
static struct fm_term construct_partial(struct fm_emit *emit, struct constructor *constructor)
{
    const struct fm_binding *binding = constructor->variables[0].binding;
    struct fm_term set = fm_emit_set_term(
        emit, fm_emit_expr(emit, binding->set, constructor->frame, NULL));
    if (set.shape->kind == FM_SHAPE_SET && set.shape->value_count == 0) {
        return fm_emit_known(emit, fm_tuple(emit->context, NULL, 0));
    }
    if (set.shape->kind != FM_SHAPE_SET) {
        fm_emit_refuse(emit, constructor->node, "a function over a set of many possible elements");
    }
    const struct fm_shape *want = constructor->want;
    want = want != NULL && want->kind == FM_SHAPE_PFUN ? want : NULL;
    struct fm_emit_hole *hole = fm_emit_hole_here(emit);
    struct fm_emit_bits bits = fm_emit_bits_begin(emit, set);
    struct fm_term element = fm_emit_element(emit, set.shape, bits.index);
    fm_emit_bind_element(emit, binding, 0, constructor->frame, element);
    struct fm_term value = fm_emit_expr(emit, constructor->body, constructor->frame,
                                        want != NULL ? want->parts[0] : NULL);
    if (fm_emit_is_nothing(value)) {
        fm_emit_bits_end(emit, &bits);
        return fm_emit_known(emit, fm_tuple(emit->context, NULL, 0));
    }
    const struct fm_shape *shape = want != NULL ? want
                                                : fm_shape_pfun(emit->shapes, set.shape->parts[0],
                                                                value.shape);
    if (shape->kind != FM_SHAPE_PFUN) {
        fm_emit_refuse(emit, constructor->node, "a function that is too large");
    }
    const char *name = fm_emit_declare_at(emit, hole, shape, "f");
    struct fm_emit_index index = fm_emit_index_of(emit, constructor->node, shape, element);
    fm_emit_has_set(emit, shape, name, index.code);
    fm_emit_store(emit, shape->parts[0], fm_emit_format(emit, "%s.at[%s]", name, index.code),
                  fm_emit_as(emit, value, shape->parts[0]));
    fm_emit_bits_end(emit, &bits);
    return fm_emit_coded(shape, name);
}

struct fm_term fm_emit_constructor(struct fm_emit *emit, const struct fm_node *node,
                                   struct fm_emit_frame *frame, const struct fm_shape *want)
{
    struct constructor constructor = {
        .node = node, .body = node->kids[0], .frame = frame, .want = want};
    find_variables(emit, &constructor);
    find_domain(emit, &constructor);
    if (constructor.is_known && constructor.count > 0) {
        return construct_known(emit, &constructor);
    }
    if (constructor.is_known) {
        return fm_emit_known(emit, fm_tuple(emit->context, NULL, 0));
    }
    if (constructor.variable_count > 1 || constructor.variables[0].binding->is_tuple) {
        fm_emit_refuse(emit, node, "a function of several arguments whose domain varies");
    }
    const struct fm_node *end = sequence_end(emit, constructor.variables[0].binding->set, frame);
    return end != NULL ? construct_sequence(emit, &constructor, end)
                       : construct_partial(emit, &constructor);
}

/* --- applications that build nothing --- */

/* The constructor that the node stands for, with the frame of its body; NULL when it is none. */
static const struct fm_node *find_constructor(struct fm_emit *emit, const struct fm_node *node,
                                              struct fm_emit_frame **frame)
{
    switch ((int)node->op) {
    case FM_OP_FCN:
        return node;
    case FM_OP_LABEL:
        return find_constructor(emit, node->kids[0], frame);
    case FM_OP_CALL: {
        const struct fm_def *def = node->u.def;
        if (def->body == NULL || def->native != NULL || def->body->op != FM_OP_FCN) {
            return NULL;
        }
        *frame = fm_emit_enter(emit, node, *frame);
        return def->body;
    }
    case FM_OP_LOCAL: {
        const struct fm_emit_slot *slot = fm_emit_local(emit, node, *frame);
        bool emitted = slot->term.shape != NULL && slot->term.code != NULL &&
                       fm_emit_block_is_open(emit, slot->block);
        if (slot->kind != FM_EMIT_THUNK || emitted) {
            return NULL;
        }
        *frame = slot->frame;
        return find_constructor(emit, slot->node, frame);
    }
    }
    return NULL;
}

/* Fails where the argument is outside of the constructor's domain. */
static void check_domain(struct fm_emit *emit, struct constructor *constructor, struct fm_term key)
{
    const struct variable *variable = &constructor->variables[0];
    if (constructor->is_known) {
        const struct fm_shape *bools = fm_shape_bool(emit->shapes);
        const struct fm_shape *function = fm_shape_fcn(emit->shapes, constructor->domain, bools);
        (void)fm_emit_index_of(emit, constructor->node, function, key);
        return;
    }
    enum fm_kind kind = constructor->variable_count == 1 && !fm_is_none(variable->set)
                            ? fm_value_kind(variable->set)
                            : FM_KIND_BOOL;
    if (key.shape->kind == FM_SHAPE_INT && kind == FM_KIND_NAT) {
        if (key.shape->low < 0) {
            fm_emit_guard(emit, "%s < 0", key.code);
        }
        return;
    }
    if (key.shape->kind == FM_SHAPE_INT && kind == FM_KIND_INTS) {
        return;
    }
    fm_emit_refuse(emit, constructor->node, "a function whose domain varies");
}

static bool can_check(const struct constructor *constructor)
{
    if (constructor->is_known) {
        return constructor->count > 0;
    }
    fm_value set = constructor->variables[0].set;
    return constructor->variable_count == 1 && !fm_is_none(set) &&
           (fm_value_kind(set) == FM_KIND_NAT || fm_value_kind(set) == FM_KIND_INTS);
}

static struct fm_term apply_constructor(struct fm_emit *emit, struct constructor *constructor,
                                        struct fm_term key, const struct fm_shape *want)
{
    key = fm_emit_named(emit, key, "key");
    check_domain(emit, constructor, key);
    for (uint32_t i = 0; i < constructor->variable_count; i++) {
        const struct variable *variable = &constructor->variables[i];
        struct fm_term element = key;
        if (constructor->variable_count > 1) {
            struct fm_term place = fm_emit_known(emit, fm_small((int64_t)i + 1));
            element = fm_emit_apply(emit, constructor->node, key, place);
        }
        fm_emit_bind_element(emit, variable->binding, variable->offset, constructor->frame,
                             element);
    }
    return fm_emit_expr(emit, constructor->body, constructor->frame, want);
}

struct fm_term fm_emit_application(struct fm_emit *emit, const struct fm_node *node,
                                   struct fm_emit_frame *frame, const struct fm_shape *want)
{
    const struct fm_node *function = node->kids[0];
    fm_value folded = fm_emit_fold(emit, function, frame);
    if (fm_is_none(folded) || !fm_slots_has(fm_emit_known(emit, folded).shape)) {
        struct fm_emit_frame *inner = frame;
        const struct fm_node *found = find_constructor(emit, function, &inner);
        struct constructor constructor = {.node = found, .frame = inner};
        if (found != NULL) {
            constructor.body = found->kids[0];
            find_variables(emit, &constructor);
            find_domain(emit, &constructor);
        }
        if (found != NULL && can_check(&constructor)) {
            struct fm_term key = fm_emit_expr(emit, node->kids[1], frame, NULL);
            return apply_constructor(emit, &constructor, key, want);
        }
    }
    struct fm_term f = fm_is_none(folded) ? fm_emit_expr(emit, function, frame, NULL)
                                          : fm_emit_known(emit, folded);
    struct fm_term key = fm_emit_expr(emit, node->kids[1], frame, NULL);
    return fm_emit_apply(emit, node, f, key);
}
