/* Parts of temporal formulas as formulas of their own.
 *
 * An atom stands in the middle of a property, in frames entered on the way and with variables bound
 * by expanded quantifiers; engines evaluate a node in the frame of a definition and nothing else.
 * So the way is built around the part again, as far as the part uses it:
 *
 *     values of bound variables are put in their places; where a name stands inside of a LET
 *         operator or LAMBDA, whose text is shared, \E x \in {value} is put around instead;
 *     a LET is put around, with those of its definitions that are used;
 *     a call of Op(a, b) becomes a call, with these arguments, of a definition with Op's parameters
 *         and the part as its body.
 *
 * The frame at which nothing more is used is the formula's. Copies share what they leave as it is.
 *
 * Invariant: a copy keeps slots and frames of the original, so that all names inside keep their
 * meaning. */
#include "liveness/formula_scope.h"

#include "semantics/walk.h"

/* Bytes of a formula's text: about two lines of a terminal. */
#define TEXT_MAX ((size_t)160)
/* Names that are replaced by what they stand for in a text: more is cut off anyway. */
#define NAMES_MAX 200u

/* --- what a node uses of the frames around it --- */

struct use {
    uint32_t level, slot;
};

struct uses {
    uint32_t depth; /* static level of the text being walked */
    uint32_t limit; /* levels above this are inside */
    FM_VEC(struct use) at;
    FM_VEC(const struct fm_def *) visited; /* LET operators and LAMBDAs */
};

static void visit(void *closure, struct fm_node *node);

static void use_slot(struct uses *uses, const struct fm_local *local)
{
    uint32_t level = uses->depth - local->depth;
    for (uint32_t i = 0; i < uses->at.count; i++) {
        if (uses->at.at[i].level == level && uses->at.at[i].slot == local->slot) {
            return;
        }
    }
    if (level <= uses->limit) {
        fm_vec_push(&uses->at, ((struct use){level, local->slot}));
    }
}

static bool has_visited(const struct uses *uses, const struct fm_def *def)
{
    for (uint32_t i = 0; i < uses->visited.count; i++) {
        if (uses->visited.at[i] == def) {
            return true;
        }
    }
    return false;
}

/* One that stands around the node runs in a frame of its own beside the node's. */
static void visit_operator(struct uses *uses, const struct fm_def *def)
{
    if (!def->is_let || def->native != NULL || def->body == NULL || has_visited(uses, def)) {
        return;
    }
    fm_vec_push(&uses->visited, def);
    uint32_t depth = uses->depth, limit = uses->limit;
    uses->depth = def->depth;
    if (def->depth <= limit) {
        uses->limit = def->depth - 1;
    }
    visit(uses, def->body);
    uses->depth = depth;
    uses->limit = limit;
}

static void visit(void *closure, struct fm_node *node)
{
    struct uses *uses = closure;
    if (node->op == FM_OP_LOCAL || node->op == FM_OP_APPLY || node->op == FM_OP_OPERATOR_LOCAL) {
        use_slot(uses, &node->u.local);
    } else if (node->op == FM_OP_CALL || node->op == FM_OP_OPERATOR) {
        visit_operator(uses, node->u.def);
    }
    fm_node_visit_evaluated(node, visit, uses);
}

/* Slots bound inside the node are among them: bound variables of a frame have distinct slots. */
static void find_uses(struct uses *uses, struct fm_node *node, uint32_t depth)
{
    uses->depth = depth;
    uses->limit = depth;
    uses->at.count = 0;
    uses->visited.count = 0;
    visit(uses, node);
}

static void free_uses(struct uses *uses)
{
    fm_vec_deinit(&uses->at);
    fm_vec_deinit(&uses->visited);
}

static bool is_used(const struct uses *uses, uint32_t level, uint32_t slot)
{
    for (uint32_t i = 0; i < uses->at.count; i++) {
        if (uses->at.at[i].level == level && uses->at.at[i].slot == slot) {
            return true;
        }
    }
    return false;
}

/* --- copies with constants put in --- */

struct copier {
    struct fm_formulas *formulas;
    bool arguments;   /* too, whatever becomes of their names */
    bool for_print;   /* with text in place of some names; scratch memory */
    uint32_t *budget; /* names still to be replaced in what is printed */
};

static struct fm_node *copy(const struct copier *copier, const struct fm_spot *spot);

static struct fm_node *new_node(const struct copier *copier, const struct fm_node *like)
{
    return copier->for_print ? fm_arena_copy(&copier->formulas->scratch, like, sizeof *like)
                             : fm_program_copy_node(copier->formulas->program, like);
}

static struct fm_arena *arena_of(const struct copier *copier)
{
    return copier->for_print ? &copier->formulas->scratch : &copier->formulas->program->arena;
}

static struct fm_node *value_node(const struct copier *copier, const struct fm_node *at,
                                  fm_value value)
{
    struct fm_node like = {.op = FM_OP_VALUE, .level = FM_LEVEL_CONSTANT, .span = at->span};
    like.u.value = value;
    return new_node(copier, &like);
}

/* The copies of count nodes at `from`, or `from` itself when nothing changes. */
static struct fm_node **copy_list(const struct copier *copier, const struct fm_spot *spot,
                                  struct fm_node **from, uint32_t count)
{
    struct fm_node **list = from;
    for (uint32_t i = 0; i < count; i++) {
        struct fm_spot inner = fm_spot_at(spot, from[i]);
        struct fm_node *node = copy(copier, &inner);
        if (node != from[i]) {
            if (list == from) {
                list = fm_arena_copy(arena_of(copier), from, count * sizeof *list);
            }
            list[i] = node;
        }
    }
    return list;
}

static const struct fm_binding *copy_bindings(const struct copier *copier,
                                              const struct fm_spot *spot,
                                              const struct fm_binding *from, uint32_t count)
{
    const struct fm_binding *result = from;
    struct fm_binding *list = NULL;
    for (uint32_t i = 0; i < count; i++) {
        struct fm_node *set = from[i].set;
        struct fm_node **copied = copy_list(copier, spot, &set, set != NULL ? 1 : 0);
        if (copied != &set) {
            if (list == NULL) {
                list = fm_arena_copy(arena_of(copier), from, count * sizeof *list);
                result = list;
            }
            list[i].set = copied[0];
        }
    }
    return result;
}

static const struct fm_update *copy_updates(const struct copier *copier, const struct fm_spot *spot)
{
    const struct fm_node *node = spot->node;
    uint32_t count = node->u.updates.count;
    struct fm_update *list = fm_arena_copy(arena_of(copier), node->u.updates.at,
                                           count * sizeof *list);
    bool changed = false;
    for (uint32_t i = 0; i < count; i++) {
        struct fm_update *update = &list[i];
        struct fm_node **path = copy_list(copier, spot, update->path, update->path_count);
        struct fm_node *value = update->value;
        struct fm_node **values = copy_list(copier, spot, &value, 1);
        changed = changed || path != update->path || values != &value;
        update->path = path;
        update->value = values[0];
    }
    return changed ? list : node->u.updates.at;
}

static struct fm_node *copy_parts(const struct copier *copier, const struct fm_spot *spot)
{
    struct fm_node *node = spot->node;
    struct fm_node changed = *node;
    changed.kids = copy_list(copier, spot, node->kids, node->count);
    bool differs = changed.kids != node->kids;
    uint32_t count;
    const struct fm_binding *from = fm_node_bindings(node, &count);
    const struct fm_binding *bindings = copy_bindings(copier, spot, from, count);
    differs = differs || bindings != from;
    if (node->op == FM_OP_RECFCN) {
        changed.u.recfcn.at = bindings;
    } else if (count > 0) {
        changed.u.bind.at = bindings;
    } else if (node->op == FM_OP_EXCEPT) {
        changed.u.updates.at = copy_updates(copier, spot);
        differs = differs || changed.u.updates.at != node->u.updates.at;
    }
    return differs ? new_node(copier, &changed) : node;
}

static struct fm_node *copy_local(const struct copier *copier, const struct fm_spot *spot)
{
    struct fm_meaning meaning = fm_spot_meaning(spot, &spot->node->u.local);
    if (meaning.kind == FM_MEANS_VALUE) {
        return value_node(copier, spot->node, meaning.value);
    }
    bool followed = meaning.is_let ? copier->for_print : copier->arguments;
    if (meaning.kind == FM_MEANS_INSIDE || !followed || *copier->budget == 0) {
        return spot->node;
    }
    --*copier->budget;
    struct fm_node *node = copy(copier, &meaning.spot);
    /* The name of a LET tells more, unless it depends on what is put in. */
    return meaning.is_let && node == meaning.spot.node ? spot->node : node;
}

/* F(a), printed: F is a parameter. */
static struct fm_node *copy_applied(const struct copier *copier, const struct fm_spot *spot)
{
    struct fm_spot given;
    struct fm_def *def = fm_spot_operator(spot, &spot->node->u.local, &given);
    if (def == NULL || *copier->budget == 0) {
        return copy_parts(copier, spot);
    }
    --*copier->budget;
    if (def->is_lambda && fm_def_is_open(def)) {
        const struct fm_scope scope = {given.scope, spot->scope, spot->way, spot->node, def};
        const struct fm_spot body = {def->body, &scope, NULL};
        return copy(copier, &body);
    }
    struct fm_node *call = new_node(copier, copy_parts(copier, spot));
    call->op = FM_OP_CALL;
    call->u.def = def;
    return call;
}

static struct fm_node *copy(const struct copier *copier, const struct fm_spot *spot)
{
    if (spot->node->op == FM_OP_LOCAL) {
        return copy_local(copier, spot);
    }
    if (spot->node->op == FM_OP_APPLY && copier->for_print) {
        return copy_applied(copier, spot);
    }
    return copy_parts(copier, spot);
}

struct fm_node *fm_spot_free(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    uint32_t budget = NAMES_MAX;
    struct copier copier = {.formulas = formulas, .arguments = true, .budget = &budget};
    struct fm_node *node = copy(&copier, spot);
    struct uses uses = {0};
    find_uses(&uses, node, fm_scope_depth(spot->scope));
    bool uses_any = uses.at.count != 0 || uses.visited.count != 0;
    free_uses(&uses);
    return uses_any ? NULL : node;
}

const char *fm_spot_text(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    struct fm_arena_mark mark = fm_arena_mark(&formulas->scratch);
    uint32_t budget = NAMES_MAX;
    struct copier copier = {
        .formulas = formulas, .arguments = true, .for_print = true, .budget = &budget};
    struct fm_text text = {0};
    fm_node_print(formulas->program, copy(&copier, spot), TEXT_MAX, &text);
    const char *result = fm_arena_strndup(formulas->arena, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    fm_arena_release(&formulas->scratch, mark);
    return result;
}

/* --- what is put around --- */

struct closing {
    struct fm_formulas *formulas;
    struct fm_node *node;
    const struct fm_scope *scope;
    const struct fm_way *way;
    enum fm_level level;
    struct uses uses; /* of node */
};

static struct fm_node *around(const struct closing *closing, struct fm_node like)
{
    struct fm_node **kids = fm_arena_alloc(&closing->formulas->program->arena, sizeof *kids);
    kids[0] = closing->node;
    like.kids = kids;
    like.count = 1;
    like.level = closing->level;
    like.span = closing->node->span;
    return fm_program_copy_node(closing->formulas->program, &like);
}

static void put_value_around(struct closing *closing)
{
    struct fm_arena *arena = &closing->formulas->program->arena;
    const struct copier copier = {.formulas = closing->formulas};
    const struct fm_way *way = closing->way;
    struct fm_node set = {.op = FM_OP_SETENUM, .count = 1, .span = closing->node->span};
    set.kids = fm_arena_alloc(arena, sizeof *set.kids);
    set.kids[0] = value_node(&copier, closing->node, way->value);
    const struct fm_binding binding = {
        .first_slot = way->slot,
        .slot_count = 1,
        .set = fm_program_copy_node(closing->formulas->program, &set),
        .names = fm_arena_copy(arena, &way->name, sizeof way->name),
        .span = closing->node->span,
    };
    struct fm_node like = {.op = FM_OP_EXISTS};
    like.u.bind.at = fm_arena_copy(arena, &binding, sizeof binding);
    like.u.bind.count = 1;
    closing->node = around(closing, like);
}

static bool is_let_used(const struct closing *closing, const struct fm_let *let)
{
    return let->def->param_count == 0
               ? is_used(&closing->uses, fm_scope_depth(closing->scope), let->slot)
               : has_visited(&closing->uses, let->def);
}

/* Definitions used by definitions used: until there are no more. */
static void put_let_around(struct closing *closing)
{
    const struct fm_node *let = closing->way->let;
    struct fm_node *body = closing->node;
    struct fm_let *lets = fm_arena_alloc(&closing->formulas->program->arena,
                                         (let->u.lets.count + 1) * sizeof *lets);
    uint32_t before = 0;
    for (;;) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < let->u.lets.count; i++) {
            if (is_let_used(closing, &let->u.lets.at[i])) {
                lets[count++] = let->u.lets.at[i];
            }
        }
        if (count == before) {
            return;
        }
        before = count;
        struct fm_node like = {.op = FM_OP_LET};
        like.u.lets.at = lets;
        like.u.lets.count = count;
        closing->node = body;
        closing->node = around(closing, like);
        find_uses(&closing->uses, closing->node, fm_scope_depth(closing->scope));
    }
}

/* Arguments that are not used may be of any level. */
static struct fm_node **arguments_of_call(const struct closing *closing)
{
    const struct fm_node *call = closing->scope->call;
    const struct fm_def *def = closing->scope->def;
    const struct copier copier = {.formulas = closing->formulas};
    struct fm_node **kids = fm_arena_copy(&closing->formulas->program->arena, call->kids,
                                          call->count * sizeof *kids);
    for (uint32_t i = 0; i < call->count; i++) {
        if (def->params[i].arity == 0 && !is_used(&closing->uses, def->depth, i)) {
            kids[i] = value_node(&copier, call->kids[i], fm_bool(false));
        }
    }
    return kids;
}

static void put_call_around(struct closing *closing)
{
    struct fm_formulas *formulas = closing->formulas;
    const struct fm_scope *scope = closing->scope;
    struct fm_def *def = fm_program_copy_def(formulas->program, scope->def);
    def->body = closing->node;
    def->is_recursive = false;
    def->level = closing->node->level;
    def->counting_params = 0;
    struct fm_node like = {.op = FM_OP_CALL, .count = scope->call->count};
    like.level = closing->level;
    like.span = closing->node->span;
    like.kids = arguments_of_call(closing);
    like.u.def = def;
    closing->node = fm_program_copy_node(formulas->program, &like);
    closing->way = scope->way;
    closing->scope = scope->caller;
}

/* The way in one frame, from the inside. */
static void put_way_around(struct closing *closing)
{
    const struct copier copier = {.formulas = closing->formulas};
    uint32_t depth = fm_scope_depth(closing->scope);
    struct fm_spot spot = {closing->node, closing->scope, closing->way};
    closing->node = copy(&copier, &spot);
    find_uses(&closing->uses, closing->node, depth);
    for (; closing->way != NULL; closing->way = closing->way->outer) {
        if (closing->way->let != NULL) {
            put_let_around(closing);
        } else if (is_used(&closing->uses, depth, closing->way->slot)) {
            put_value_around(closing);
        }
    }
}

struct fm_formula fm_spot_close(struct fm_formulas *formulas, const struct fm_spot *spot,
                                enum fm_level level)
{
    struct closing closing = {
        .formulas = formulas,
        .node = spot->node,
        .scope = spot->scope,
        .way = spot->way,
        .level = level,
    };
    for (;;) {
        put_way_around(&closing);
        const struct fm_scope *scope = closing.scope;
        bool closed = scope->call == NULL;
        if (!closed && fm_scope_depth(scope) == 0) {
            closed = true;
            for (uint32_t i = 0; i < scope->call->count; i++) {
                closed = closed && !is_used(&closing.uses, 0, i);
            }
        }
        if (closed) {
            break;
        }
        put_call_around(&closing);
    }
    free_uses(&closing.uses);
    return (struct fm_formula){.node = closing.node, .frame = closing.scope->def};
}
