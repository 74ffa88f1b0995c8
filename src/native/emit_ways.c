/* What can be said of a formula before it is solved: whether it assigns, and in how many ways it
 * may hold.
 *
 * TLC solves a formula of an action as long as some variable has no value, and each way in which it
 * holds goes on to the rest: a guard `a \/ b` with both true doubles the successors. But most
 * guards hold in one way at most, and those are plain Booleans in C. The walk here follows
 * eval/solve.c construct by construct and tells
 *
 *     assigns   x' = e, x' \in S or UNCHANGED x of a variable without a value stands in it
 *     multiple  a disjunction, \E or [A]_v stands in it where it would be split; or an \A, whose
 *               instances TLC takes in an order of its own
 *
 * It looks through calls, arguments and LETs as the solver does, binding nothing: bound variables
 * are values and never formulas. */
#include "native/solver.h"

#include "base/assert.h"
#include "eval/embed.h"
#include "native/piece.h"
#include "value/set.h"

#include <string.h>

/* Calls passed on the way; recursive formulas are taken for assigning beyond, and refused there. */
#define DEPTH_MAX 200u
/* Instances of \A that are written one by one. */
#define INSTANCES_MAX 24u

/* --- names of variables --- */

static int64_t resolve(struct fm_emit *emit, const struct fm_node *node,
                       struct fm_emit_frame *frame, bool primed)
{
    for (;;) {
        node = fm_emit_peel(emit, node, &frame);
        if (node->op == FM_OP_VAR) { /* there are further ones, which ENABLED binds */
            bool own = !primed && node->u.index < emit->program->variable_count;
            return own ? (int64_t)node->u.index : -1;
        }
        if (node->op == FM_OP_PRIME && primed) {
            primed = false;
            node = node->kids[0];
        } else if (node->op == FM_OP_LET) {
            frame = fm_emit_frame_copy(emit, frame);
            fm_emit_let(emit, node, frame);
            node = node->kids[0];
        } else {
            return -1;
        }
    }
}

int64_t fm_emit_resolve_target(struct fm_emit_solver *solver, const struct fm_node *node,
                               struct fm_emit_frame *frame)
{
    return resolve(solver->emit, node, frame, !solver->emit->primed);
}

int64_t fm_emit_resolve_variable(struct fm_emit_solver *solver, const struct fm_node *node,
                                 struct fm_emit_frame *frame)
{
    return resolve(solver->emit, node, frame, false);
}

struct fm_emit_frame *fm_emit_frame_copy(struct fm_emit *emit, const struct fm_emit_frame *frame)
{
    return fm_arena_copy(&emit->arena, frame,
                         sizeof *frame + frame->count * sizeof frame->slots[0]);
}

/* --- locals and calls --- */

/* The slot of the thunk that a local is, through arguments that are locals themselves (they are the
 * same thunk to the interpreter), and the node that names it last; NULL when it is no thunk. */
static struct fm_emit_slot *thunk_of(struct fm_emit *emit, const struct fm_node **node,
                                     struct fm_emit_frame *frame)
{
    for (;;) {
        struct fm_emit_slot *slot = fm_emit_local(emit, *node, frame);
        if (slot->kind != FM_EMIT_THUNK) {
            return NULL;
        }
        if (slot->node->op != FM_OP_LOCAL || (*node)->u.local.let != NULL) {
            return slot;
        }
        *node = slot->node;
        frame = slot->frame;
    }
}

const struct fm_node *fm_emit_local_formula(struct fm_emit_solver *solver,
                                            const struct fm_node *node,
                                            struct fm_emit_frame **frame)
{
    struct fm_emit_slot *slot = thunk_of(solver->emit, &node, *frame);
    if (slot == NULL) {
        return NULL;
    }
    struct fm_emit_frame *copy = fm_emit_frame_copy(solver->emit, slot->frame);
    /* An argument that was evaluated, and may still be valid, is a value to the interpreter. */
    if (node->u.local.let == NULL && slot->term.code != NULL) {
        struct fm_emit_facts facts = fm_emit_facts_of(solver, slot->node, copy);
        if (!facts.assigns && !facts.multiple) {
            return NULL;
        }
        fm_emit_refuse(solver->emit, node, "the argument %s is both a value and a formula",
                       node->u.local.name->text);
    }
    *frame = copy;
    return slot->node;
}

bool fm_emit_is_folded_call(const struct fm_node *node)
{
    return node->level == FM_LEVEL_CONSTANT && node->count == 0 && !node->u.def->is_let;
}

/* --- facts --- */

static struct fm_emit_facts either(struct fm_emit_facts a, struct fm_emit_facts b)
{
    return (struct fm_emit_facts){a.assigns || b.assigns, a.multiple || b.multiple};
}

static struct fm_emit_facts facts_of_kids(struct fm_emit_solver *solver, const struct fm_node *node,
                                          struct fm_emit_frame *frame, uint32_t from, uint32_t step)
{
    struct fm_emit_facts facts = {false, false};
    for (uint32_t i = from; i < node->count; i += step) {
        facts = either(facts, fm_emit_facts_of(solver, node->kids[i], frame));
    }
    return facts;
}

static struct fm_emit_facts facts_of_unchanged(struct fm_emit_solver *solver,
                                               const struct fm_node *node,
                                               struct fm_emit_frame *frame)
{
    node = fm_emit_peel(solver->emit, node, &frame);
    if (node->op == FM_OP_TUPLE) {
        struct fm_emit_facts facts = {false, false};
        for (uint32_t i = 0; i < node->count; i++) {
            facts = either(facts, facts_of_unchanged(solver, node->kids[i], frame));
        }
        return facts;
    }
    int64_t variable = fm_emit_resolve_variable(solver, node, frame);
    return (struct fm_emit_facts){variable >= 0 && solver->target[variable].shape == NULL, false};
}

const struct fm_node *fm_emit_waiting_function(struct fm_emit *emit, const struct fm_node *function,
                                               struct fm_emit_frame **frame)
{
    if (function->op == FM_OP_CALL && fm_emit_is_folded_call(function)) {
        return NULL; /* it has a value */
    }
    function = fm_emit_peel(emit, function, frame);
    if (function->op == FM_OP_CALL && function->u.def->native == NULL &&
        function->u.def->body != NULL && function->u.def->body->op == FM_OP_FCN) {
        *frame = fm_emit_enter(emit, function, *frame);
        return function->u.def->body;
    }
    return function->op == FM_OP_FCN ? function : NULL;
}

static struct fm_emit_facts facts_of_application(struct fm_emit_solver *solver,
                                                 const struct fm_node *node,
                                                 struct fm_emit_frame *frame)
{
    struct fm_emit_frame *callee = frame;
    const struct fm_node *function = fm_emit_waiting_function(solver->emit, node->kids[0], &callee);
    if (function != NULL) {
        return fm_emit_facts_of(solver, function->kids[0], callee);
    }
    callee = frame;
    function = fm_emit_recursive_function(solver->emit, node->kids[0], &callee);
    if (function != NULL) {
        return (struct fm_emit_facts){function->level == FM_LEVEL_ACTION, true};
    }
    function = fm_emit_peel(solver->emit, node->kids[0], &frame);
    while (function->op == FM_OP_FCNAPP) {
        if (function->kids[0]->op == FM_OP_CALL && fm_emit_is_folded_call(function->kids[0])) {
            return (struct fm_emit_facts){false, false};
        }
        function = fm_emit_peel(solver->emit, function->kids[0], &frame);
    }
    switch ((int)function->op) {
    case FM_OP_VAR:
    case FM_OP_VALUE:
    case FM_OP_LOCAL:
    case FM_OP_FCNAPP:
    case FM_OP_FIELD:
    case FM_OP_EXCEPT:
    case FM_OP_PRIME:
    case FM_OP_TUPLE:
    case FM_OP_RECORD:
        return (struct fm_emit_facts){false, false};
    }
    /* Its value may be a function not yet evaluated, whose body the interpreter would solve. */
    return (struct fm_emit_facts){function->level == FM_LEVEL_ACTION, true};
}

static struct fm_emit_facts facts_of_local(struct fm_emit_solver *solver,
                                           const struct fm_node *node, struct fm_emit_frame *frame)
{
    struct fm_emit_slot *slot = thunk_of(solver->emit, &node, frame);
    return slot == NULL ? (struct fm_emit_facts){false, false}
                        : fm_emit_facts_of(solver, slot->node, slot->frame);
}

static struct fm_emit_facts facts_of_call(struct fm_emit_solver *solver, const struct fm_node *node,
                                          struct fm_emit_frame *frame)
{
    struct fm_emit *emit = solver->emit;
    const struct fm_def *def = node->u.def;
    if (node->op == FM_OP_APPLY) {
        struct fm_emit_frame *up;
        def = fm_emit_operator(emit, node, frame, &up);
    } else if (!fm_is_none(def->value) || fm_emit_is_folded_call(node)) {
        return (struct fm_emit_facts){false, false};
    }
    if (def->text != NULL) {
        return (struct fm_emit_facts){node->level == FM_LEVEL_ACTION, true};
    }
    if (def->native != NULL || def->body == NULL) {
        return (struct fm_emit_facts){false, false};
    }
    if (def->is_recursive) { /* solved as it is: solve_recursive */
        return (struct fm_emit_facts){node->level == FM_LEVEL_ACTION, true};
    }
    return fm_emit_facts_of(solver, def->body, fm_emit_enter(emit, node, frame));
}

static struct fm_emit_facts facts_of_node(struct fm_emit_solver *solver, const struct fm_node *node,
                                          struct fm_emit_frame *frame)
{
    const struct fm_emit_facts ways = {false, true};
    switch ((int)node->op) {
    case FM_OP_AND:
        return facts_of_kids(solver, node, frame, 0, 1);
    case FM_OP_OR:
        return either(facts_of_kids(solver, node, frame, 0, 1),
                      (struct fm_emit_facts){false, node->count > 1});
    case FM_OP_EXISTS:
    case FM_OP_FORALL:
        return either(facts_of_kids(solver, node, frame, 0, 1), ways);
    case FM_OP_SQUARE:
        return either(either(fm_emit_facts_of(solver, node->kids[0], frame),
                             facts_of_unchanged(solver, node->kids[1], frame)),
                      ways);
    case FM_OP_ANGLE:
    case FM_OP_LABEL:
        return fm_emit_facts_of(solver, node->kids[0], frame);
    case FM_OP_EQ:
    case FM_OP_IN:
    case FM_OP_SUBSETEQ: {
        int64_t variable = fm_emit_resolve_target(solver, node->kids[0], frame);
        return (struct fm_emit_facts){variable >= 0 && solver->target[variable].shape == NULL,
                                      false};
    }
    case FM_OP_UNCHANGED:
        return facts_of_unchanged(solver, node->kids[0], frame);
    case FM_OP_CALL:
    case FM_OP_APPLY:
        return facts_of_call(solver, node, frame);
    case FM_OP_LOCAL:
        return facts_of_local(solver, node, frame);
    case FM_OP_LET: {
        struct fm_emit_frame *copy = fm_emit_frame_copy(solver->emit, frame);
        fm_emit_let(solver->emit, node, copy);
        return fm_emit_facts_of(solver, node->kids[0], copy);
    }
    case FM_OP_IF:
    case FM_OP_IMPLIES:
        return facts_of_kids(solver, node, frame, 1, 1);
    case FM_OP_CASE:
        return either(facts_of_kids(solver, node, frame, 1, 2),
                      node->count % 2 == 1
                          ? fm_emit_facts_of(solver, node->kids[node->count - 1], frame)
                          : (struct fm_emit_facts){false, false});
    case FM_OP_FCNAPP:
        return facts_of_application(solver, node, frame);
    case FM_OP_CDOT:
        return (struct fm_emit_facts){true, true};
    }
    return (struct fm_emit_facts){false, false};
}

struct fm_emit_facts fm_emit_facts_of(struct fm_emit_solver *solver, const struct fm_node *node,
                                      struct fm_emit_frame *frame)
{
    if (solver->depth >= DEPTH_MAX) {
        fm_emit_refuse(solver->emit, node, "definitions nested more than %u deep", DEPTH_MAX);
    }
    solver->depth++;
    struct fm_emit_facts facts = facts_of_node(solver, node, frame);
    solver->depth--;
    return facts;
}

/* --- functions as values --- */

static bool bindings_only_apply(const struct fm_binding *bindings, uint32_t count,
                                const struct fm_symbol *name)
{
    for (uint32_t i = 0; i < count; i++) {
        if (bindings[i].set != NULL && !fm_emit_only_applied(bindings[i].set, name)) {
            return false;
        }
    }
    return true;
}

static bool updates_only_apply(const struct fm_node *node, const struct fm_symbol *name)
{
    for (uint32_t i = 0; i < node->u.updates.count; i++) {
        const struct fm_update *update = &node->u.updates.at[i];
        for (uint32_t j = 0; j < update->path_count; j++) {
            if (!fm_emit_only_applied(update->path[j], name)) {
                return false;
            }
        }
        if (!fm_emit_only_applied(update->value, name)) {
            return false;
        }
    }
    return true;
}

static bool lets_only_apply(const struct fm_node *node, const struct fm_symbol *name)
{
    for (uint32_t i = 0; i < node->u.lets.count; i++) {
        const struct fm_node *body = node->u.lets.at[i].def->body;
        if (body != NULL && !fm_emit_only_applied(body, name)) {
            return false;
        }
    }
    return true;
}

bool fm_emit_only_applied(const struct fm_node *node, const struct fm_symbol *name)
{
    bool others = true;
    switch ((int)node->op) {
    case FM_OP_LOCAL:
        return node->u.local.name != name;
    case FM_OP_FCNAPP:
        return (node->kids[0]->op == FM_OP_LOCAL || fm_emit_only_applied(node->kids[0], name)) &&
               fm_emit_only_applied(node->kids[1], name);
    case FM_OP_FORALL:
    case FM_OP_EXISTS:
    case FM_OP_CHOOSE:
    case FM_OP_FILTER:
    case FM_OP_MAP:
    case FM_OP_FCN:
        others = bindings_only_apply(node->u.bind.at, node->u.bind.count, name);
        break;
    case FM_OP_RECFCN:
        others = bindings_only_apply(node->u.recfcn.at, node->u.recfcn.count, name);
        break;
    case FM_OP_OPERATOR: /* LAMBDA */
        return !node->u.def->is_lambda || node->u.def->body == NULL ||
               fm_emit_only_applied(node->u.def->body, name);
    case FM_OP_EXCEPT:
        others = updates_only_apply(node, name);
        break;
    case FM_OP_LET:
        others = lets_only_apply(node, name);
        break;
    }
    for (uint32_t i = 0; others && i < node->count; i++) {
        others = fm_emit_only_applied(node->kids[i], name);
    }
    return others;
}

/* --- instances of \A --- */

struct listing {
    struct fm_emit *emit;
    const struct fm_node *node;
    const fm_value *sets;                    /* of the bindings */
    const fm_value *elements[INSTANCES_MAX]; /* of each enumeration */
    uint32_t counts[INSTANCES_MAX];
    const struct fm_binding *bindings[INSTANCES_MAX];
    uint32_t used;
    struct fm_emit_instances *result;
};

static bool list_elements(struct listing *listing)
{
    struct fm_emit *emit = listing->emit;
    uint64_t total = 1;
    for (uint32_t i = 0; i < listing->node->u.bind.count; i++) {
        const struct fm_binding *binding = &listing->node->u.bind.at[i];
        fm_value set = listing->sets[i];
        if (!fm_value_is_set(set) || !fm_set_can_enumerate(emit->context, set)) {
            return false;
        }
        fm_value size = fm_set_cardinality(emit->context, set);
        if (!fm_is_small(size) || fm_small_get(size) > INSTANCES_MAX) {
            return false;
        }
        uint32_t variables = binding->is_tuple ? 1 : binding->slot_count;
        for (uint32_t j = 0; j < variables; j++) {
            uint32_t at = listing->used++;
            listing->elements[at] = fm_set_elements(emit->context, set, &listing->counts[at]);
            listing->bindings[at] = binding;
            total *= listing->counts[at];
            if (listing->used == INSTANCES_MAX || total > INSTANCES_MAX) {
                return false;
            }
        }
        listing->result->width += binding->slot_count;
    }
    listing->result->count = (uint32_t)total;
    return true;
}

/* The first variable moves fastest: eval/walk.c. */
static bool list_combinations(struct listing *listing)
{
    struct fm_emit_instances *result = listing->result;
    fm_value *to = fm_arena_alloc(&listing->emit->arena,
                                  ((size_t)result->count * result->width + 1) * sizeof *to);
    result->values = to;
    for (uint32_t i = 0; i < result->count; i++) {
        uint32_t rest = i;
        for (uint32_t j = 0; j < listing->used; j++) {
            fm_value element = listing->elements[j][rest % listing->counts[j]];
            rest /= listing->counts[j];
            const struct fm_binding *binding = listing->bindings[j];
            if (!binding->is_tuple) {
                *to++ = element;
                continue;
            }
            const fm_value *parts;
            uint32_t count;
            if (!fm_sequence_view(listing->emit->context, element, &parts, &count) ||
                count != binding->slot_count) {
                return false;
            }
            memcpy(to, parts, count * sizeof *to);
            to += count;
        }
    }
    return true;
}

static void list(struct fm_engine *engine, void *closure)
{
    (void)engine;
    struct listing *listing = closure;
    if (!list_elements(listing) || !list_combinations(listing)) {
        listing->result = NULL;
    }
}

const struct fm_emit_instances *fm_emit_instances_of(struct fm_emit *emit,
                                                     const struct fm_node *node,
                                                     struct fm_emit_frame *frame)
{
    struct fm_emit_instances *result = fm_arena_calloc(&emit->arena, 1, sizeof *result);
    result->node = node;
    fm_value *sets = fm_arena_alloc(&emit->arena, (node->u.bind.count + 1) * sizeof *sets);
    for (uint32_t i = 0; i < node->u.bind.count; i++) {
        const struct fm_node *set = node->u.bind.at[i].set;
        sets[i] = set != NULL ? fm_emit_fold(emit, set, frame) : fm_none();
        if (fm_is_none(sets[i])) {
            return NULL;
        }
    }
    struct listing listing = {.emit = emit, .node = node, .sets = sets, .result = result};
    return fm_eval_guard(emit->engine, list, &listing) ? listing.result : NULL;
}

struct fm_emit_frame *fm_emit_instance_frame(struct fm_emit *emit,
                                             const struct fm_emit_instances *instances,
                                             const struct fm_emit_frame *frame, uint32_t i)
{
    struct fm_emit_frame *copy = fm_emit_frame_copy(emit, frame);
    const fm_value *values = instances->values + (size_t)i * instances->width;
    for (uint32_t j = 0; j < instances->node->u.bind.count; j++) {
        const struct fm_binding *binding = &instances->node->u.bind.at[j];
        for (uint32_t k = 0; k < binding->slot_count; k++) {
            copy->slots[binding->first_slot + k] = (struct fm_emit_slot){
                .kind = FM_EMIT_TERM, .term = fm_emit_known(emit, *values++)};
        }
    }
    return copy;
}
