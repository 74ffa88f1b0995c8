/* The walk through an action: eval/solve.c, as C that does the same.
 *
 * fm_emit_solve takes a formula and the rest: what must hold besides. Where the interpreter calls
 * itself, the text of the rest is written at that place: inside of the loop of an \E, inside of
 * both arms of an IF, after each arm of a disjunction. So the C has the order and the multiplicity
 * of the interpreter by construction, and what is assigned is known at each place of the text.
 *
 * Ways. Each way that is tried is a block, and a conjunct that does not hold jumps to the label
 * behind it (`goto next_3`), where the next way begins. The first way of the function simply
 * returns.
 *
 * Once all variables are assigned the rest is a conjunction of Booleans (TLC's shortcut). Before
 * that, a formula that assigns nothing and holds in one way at most (emit_ways.c) is a Boolean too.
 * One that assigns nothing but may hold in several ways, such as `a \/ b`, is solved into a
 * counter, and the rest is repeated that often: the interpreter would go on to the same rest from
 * each way. Without counters the text would double with each such guard. Recursive formulas are C
 * functions that count (emit_recursive.c).
 *
 * Errors. Emitted code that meets one fails, and the interpreter redoes the state. It must only not
 * miss one: where order decides whether an error is met, the order is the interpreter's. For an \A
 * over a set that is not known here that order (first, last, ... second) is not to be had by a
 * loop; so all instances are evaluated, none is skipped. */
#include "native/solver.h"

#include "base/assert.h"
#include "native/emit_data.h"
#include "native/piece.h"

#include <string.h>

static void solve(struct fm_emit_solver *solver, const struct fm_node *node,
                  struct fm_emit_frame *frame, const struct fm_emit_rest *rest);
static void proceed(struct fm_emit_solver *solver, const struct fm_emit_rest *rest);
static void solve_unchanged(struct fm_emit_solver *solver, const struct fm_node *node,
                            struct fm_emit_frame *frame, const struct fm_emit_rest *rest);

/* --- ways --- */

static void leave_way(struct fm_emit_solver *solver)
{
    if (solver->exit->label == NULL) {
        fm_emit_line(solver->emit, "return;");
    } else {
        fm_emit_line(solver->emit, "goto %s;", solver->exit->label);
    }
    solver->exit->used = true;
}

/* Emits the test; false when nothing behind it can be reached. */
static bool require(struct fm_emit_solver *solver, const char *condition)
{
    if (strcmp(condition, "true") == 0) {
        return true;
    }
    if (strcmp(condition, "false") == 0) {
        leave_way(solver);
        return false;
    }
    fm_emit_open(solver->emit, "if (!(%s))", condition);
    leave_way(solver);
    fm_emit_close(solver->emit, "");
    return true;
}

struct way {
    struct fm_emit_exit exit;
    struct fm_emit_exit *outer;
};

static void way_begin(struct fm_emit_solver *solver, struct way *way)
{
    way->exit = (struct fm_emit_exit){fm_emit_name(solver->emit, "next"), false};
    way->outer = solver->exit;
    solver->exit = &way->exit;
    fm_emit_open(solver->emit, "%s", "");
}

static void way_end(struct fm_emit_solver *solver, struct way *way)
{
    fm_emit_close(solver->emit, "");
    if (way->exit.used) {
        fm_emit_line(solver->emit, "%s:;", way->exit.label);
    }
    solver->exit = way->outer;
}

static bool all_assigned(const struct fm_emit_solver *solver)
{
    return solver->shortcut && solver->assigned == solver->variable_count;
}

/* --- Booleans --- */

static struct fm_node *synthetic(struct fm_emit *emit, enum fm_op op, const struct fm_node *kid)
{
    struct fm_node *node = fm_arena_copy(&emit->arena, kid, sizeof *kid);
    node->op = op;
    node->count = 1;
    node->kids = fm_arena_copy(&emit->arena, &kid, sizeof kid);
    return node;
}

static bool holds(struct fm_emit_solver *solver, const struct fm_node *node,
                  struct fm_emit_frame *frame)
{
    fm_emit_place(solver->emit, node);
    return require(solver, fm_emit_bool(solver->emit, node, frame));
}

/* Emits that the variable, which is assigned, equals the parent's; false: never. */
static bool variable_unchanged(struct fm_emit_solver *solver, uint32_t variable)
{
    if (solver->kept[variable]) {
        return true;
    }
    return require(solver, fm_emit_equal(solver->emit, solver->target[variable],
                                         fm_emit_parent_value(solver->emit, variable)));
}

/* The same of an expression all of whose variables are assigned. */
static bool unchanged_holds(struct fm_emit_solver *solver, const struct fm_node *node,
                            struct fm_emit_frame *frame)
{
    int64_t variable = fm_emit_resolve_variable(solver, node, frame);
    if (variable >= 0 && solver->target[variable].shape != NULL) {
        return variable_unchanged(solver, (uint32_t)variable);
    }
    const struct fm_node *bare = fm_emit_peel(solver->emit, node, &frame);
    if (bare->op == FM_OP_TUPLE) {
        for (uint32_t i = 0; i < bare->count; i++) {
            if (!unchanged_holds(solver, bare->kids[i], frame)) {
                return false;
            }
        }
        return true;
    }
    fm_emit_place(solver->emit, node);
    return require(
        solver, fm_emit_bool(solver->emit, synthetic(solver->emit, FM_OP_UNCHANGED, bare), frame));
}

static bool changed_holds(struct fm_emit_solver *solver, const struct fm_node *node,
                          struct fm_emit_frame *frame)
{
    fm_emit_place(solver->emit, node);
    struct fm_node *unchanged = synthetic(solver->emit, FM_OP_UNCHANGED, node);
    return require(
        solver, fm_emit_bool(solver->emit, synthetic(solver->emit, FM_OP_NOT, unchanged), frame));
}

/* --- the rest --- */

/* What follows the item at hand; FORALL counts down to instance 1. */
static const struct fm_emit_rest *rest_after(const struct fm_emit_rest *rest,
                                             struct fm_emit_rest *storage)
{
    bool down = rest->kind == FM_EMIT_REST_FORALL;
    if (down ? rest->index <= 1 : rest->index + 1 >= rest->count) {
        return rest->next;
    }
    *storage = *rest;
    storage->index = down ? rest->index - 1 : rest->index + 1;
    return storage;
}

static void step(struct fm_emit_solver *solver, const struct fm_emit_rest *rest)
{
    struct fm_emit_rest storage;
    const struct fm_emit_rest *after = rest_after(rest, &storage);
    switch (rest->kind) {
    case FM_EMIT_REST_CONJUNCTS:
        solve(solver, rest->nodes[rest->index], rest->frame, after);
        return;
    case FM_EMIT_REST_UNCHANGED:
        solve_unchanged(solver, rest->nodes[rest->index], rest->frame, after);
        return;
    case FM_EMIT_REST_CHANGED:
        if (changed_holds(solver, rest->nodes[rest->index], rest->frame)) {
            proceed(solver, after);
        }
        return;
    case FM_EMIT_REST_FORALL:
        solve(solver, rest->instances->node->kids[0],
              fm_emit_instance_frame(solver->emit, rest->instances, rest->frame, rest->index),
              after);
        return;
    case FM_EMIT_REST_STATE:
        fm_emit_back(solver, rest);
        return;
    }
    fm_unreachable();
}

/* Whether the item holds, all variables being assigned. */
static bool item_holds(struct fm_emit_solver *solver, const struct fm_emit_rest *rest,
                       uint32_t index)
{
    switch (rest->kind) {
    case FM_EMIT_REST_CONJUNCTS:
        return holds(solver, rest->nodes[index], rest->frame);
    case FM_EMIT_REST_UNCHANGED:
        return unchanged_holds(solver, rest->nodes[index], rest->frame);
    case FM_EMIT_REST_CHANGED:
        return changed_holds(solver, rest->nodes[index], rest->frame);
    case FM_EMIT_REST_FORALL:
        return holds(solver, rest->instances->node->kids[0],
                     fm_emit_instance_frame(solver->emit, rest->instances, rest->frame, index));
    case FM_EMIT_REST_STATE:
        break;
    }
    fm_unreachable();
}

static bool rest_holds(struct fm_emit_solver *solver, const struct fm_emit_rest *rest)
{
    bool down = rest->kind == FM_EMIT_REST_FORALL;
    for (uint32_t i = rest->index; down ? i >= 1 : i < rest->count; i = down ? i - 1 : i + 1) {
        if (!item_holds(solver, rest, i)) {
            return false;
        }
    }
    return true;
}

static void reach_leaf(struct fm_emit_solver *solver)
{
    if (solver->counter != NULL) {
        fm_emit_line(solver->emit, "%s++;", solver->counter);
    } else if (solver->between != NULL) {
        fm_emit_between(solver);
    } else if (solver->found != NULL) {
        fm_emit_line(solver->emit, "%s = true;", solver->found);
        fm_emit_line(solver->emit, "goto %s;", solver->done);
        solver->is_found = true;
    } else {
        fm_emit_leaf(solver);
    }
}

static void proceed(struct fm_emit_solver *solver, const struct fm_emit_rest *rest)
{
    if (rest != NULL && !all_assigned(solver)) {
        step(solver, rest);
        return;
    }
    for (; rest != NULL; rest = rest->next) {
        if (rest->kind == FM_EMIT_REST_STATE) {
            fm_emit_back(solver, rest);
            return;
        }
        if (!rest_holds(solver, rest)) {
            return;
        }
    }
    reach_leaf(solver);
}

void fm_emit_proceed(struct fm_emit_solver *solver, const struct fm_emit_rest *rest)
{
    proceed(solver, rest);
}

/* --- assignment --- */

/* The shape to ask an expression for. Numbers, boxed values and what dry runs see keep the shape
 * they have, and are converted where the successor is complete: a conjunct behind may yet exclude
 * what the variable cannot hold. */
static const struct fm_shape *wanted(const struct fm_emit_solver *solver, uint32_t variable)
{
    const struct fm_shape *shape = solver->emit->layout->variables[variable];
    bool natural = solver->emit->stores != NULL || solver->found != NULL ||
                   shape->kind == FM_SHAPE_INT || shape->kind == FM_SHAPE_ANY ||
                   shape->kind == FM_SHAPE_NONE;
    return natural ? NULL : shape;
}

/* x' = e */
static void solve_equal(struct fm_emit_solver *solver, const struct fm_node *node,
                        struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    uint32_t variable = (uint32_t)fm_emit_resolve_target(solver, node->kids[0], frame);
    fm_emit_place(solver->emit, node);
    struct fm_term term = fm_emit_expr(solver->emit, node->kids[1], frame,
                                       wanted(solver, variable));
    const char *hint = fm_emit_format(solver->emit, "%s_",
                                      solver->emit->program->variables[variable].name->text);
    fm_emit_assign(solver, variable, fm_emit_bind(solver->emit, term, hint));
    proceed(solver, rest);
    fm_emit_unassign(solver, variable);
}

/* x' \in S and x' \subseteq S: the set is walked as it was built, repetitions included. */
static void solve_member(struct fm_emit_solver *solver, const struct fm_node *node,
                         struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    uint32_t variable = (uint32_t)fm_emit_resolve_target(solver, node->kids[0], frame);
    const struct fm_node *set = node->kids[1];
    if (node->op == FM_OP_SUBSETEQ) {
        set = synthetic(solver->emit, FM_OP_POWERSET, set);
    }
    fm_emit_place(solver->emit, node);
    struct fm_emit_loops loops = {0};
    struct fm_term element = fm_emit_loop_over(solver->emit, set, frame, true, &loops);
    struct way way;
    way_begin(solver, &way);
    fm_emit_assign(solver, variable, element);
    proceed(solver, rest);
    fm_emit_unassign(solver, variable);
    way_end(solver, &way);
    fm_emit_loop_end(solver->emit, &loops);
}

/* UNCHANGED: tuples and definitions without parameters are taken apart. */
static void solve_unchanged(struct fm_emit_solver *solver, const struct fm_node *node,
                            struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    int64_t variable = fm_emit_resolve_variable(solver, node, frame);
    if (variable >= 0 && solver->target[variable].shape == NULL) {
        fm_emit_keep(solver, (uint32_t)variable);
        proceed(solver, rest);
        fm_emit_unassign(solver, (uint32_t)variable);
        return;
    }
    const struct fm_node *bare = fm_emit_peel(solver->emit, node, &frame);
    if (bare->op == FM_OP_TUPLE && bare->count != 0) {
        struct fm_emit_rest kids = {
            FM_EMIT_REST_UNCHANGED, 1, bare->count, bare->kids, frame, rest, NULL};
        solve_unchanged(solver, bare->kids[0], frame, bare->count > 1 ? &kids : rest);
        return;
    }
    if (unchanged_holds(solver, node, frame)) {
        proceed(solver, rest);
    }
}

/* --- splitting constructs --- */

static void solve_or(struct fm_emit_solver *solver, const struct fm_node *node,
                     struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    for (uint32_t i = 0; i < node->count; i++) {
        struct way way;
        way_begin(solver, &way);
        solve(solver, node->kids[i], frame, rest);
        way_end(solver, &way);
    }
}

static void solve_exists(struct fm_emit_solver *solver, const struct fm_node *node,
                         struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    for (uint32_t i = 0; i < node->u.bind.count; i++) {
        if (node->u.bind.at[i].set == NULL) {
            fm_emit_refuse(solver->emit, node, "\\E without a set");
        }
    }
    fm_emit_place(solver->emit, node);
    struct fm_emit_loops loops = {0};
    fm_emit_sieve_next(solver->emit, node->kids[0], true);
    fm_emit_loop_begin(solver->emit, node->u.bind.at, node->u.bind.count, frame, false, &loops);
    struct way way;
    way_begin(solver, &way);
    solve(solver, node->kids[0], frame, rest);
    way_end(solver, &way);
    fm_emit_loop_end(solver->emit, &loops);
}

/* Goes on to the rest as often as the counter says. */
static void repeat(struct fm_emit_solver *solver, const char *counter,
                   const struct fm_emit_rest *rest)
{
    if (solver->found != NULL && solver->counter == NULL) { /* the first time decides */
        fm_emit_open(solver->emit, "if (%s != 0)", counter);
    } else {
        fm_emit_open(solver->emit, "for (; %s != 0; %s--)", counter, counter);
    }
    struct way way;
    way_begin(solver, &way);
    proceed(solver, rest);
    way_end(solver, &way);
    fm_emit_close(solver->emit, "");
}

/* Declares the counter and counts the ways in which the formula, which assigns nothing, holds. */
static void count_into(struct fm_emit_solver *solver, const struct fm_node *node,
                       struct fm_emit_frame *frame, const char *counter)
{
    const char *outer = solver->counter;
    solver->counter = counter;
    fm_emit_line(solver->emit, "uint64_t %s = 0;", counter);
    struct way way;
    way_begin(solver, &way);
    solve(solver, node, frame, NULL);
    way_end(solver, &way);
    solver->counter = outer;
}

static const char *count_ways(struct fm_emit_solver *solver, const struct fm_node *node,
                              struct fm_emit_frame *frame)
{
    const char *counter = fm_emit_name(solver->emit, "ways");
    count_into(solver, node, frame, counter);
    return counter;
}

/* --- recursive formulas --- */

/* What an argument or LET definition would be solved as, were it solved at its place, is lost when
 * it is passed as a value. */
static void check_passed(struct fm_emit_solver *solver, const struct fm_node *node,
                         const struct fm_node *body, struct fm_emit_frame *frame)
{
    struct fm_emit *emit = solver->emit;
    const struct fm_emit_needs *needs = fm_emit_needs_of(emit, body, frame);
    for (uint32_t i = 0; i < needs->capture_count; i++) {
        const struct fm_emit_capture *use = &needs->captures[i];
        struct fm_emit_frame *home = fm_emit_climb(frame, use->level);
        if (home == NULL || use->slot >= home->count ||
            home->slots[use->slot].kind != FM_EMIT_THUNK) {
            continue;
        }
        const struct fm_emit_slot *slot = &home->slots[use->slot];
        struct fm_emit_facts facts = fm_emit_facts_of(solver, slot->node, slot->frame);
        if (facts.assigns || facts.multiple) {
            fm_emit_refuse(emit, node, "a recursive formula with a formula as argument");
        }
    }
}

/* The body of a C function that counts. */
static void count_body(struct fm_emit *emit, const struct fm_node *formula,
                       struct fm_emit_frame *frame, const char *counter)
{
    struct fm_emit_exit end = {NULL, false};
    struct fm_emit_solver solver = fm_emit_solver_new(emit, &end);
    count_into(&solver, formula, frame, counter);
    fm_assert(!end.used);
}

/* Goes on to the rest as often as the call of a counting function says. */
static void proceed_often(struct fm_emit_solver *solver, struct fm_term ways,
                          const struct fm_emit_rest *rest)
{
    struct fm_emit *emit = solver->emit;
    if (solver->counter != NULL && rest == NULL) {
        fm_emit_guard(emit, "__builtin_add_overflow(%s, (uint64_t)%s, &%s)", solver->counter,
                      ways.code, solver->counter);
        return;
    }
    const char *counter = fm_emit_name(emit, "ways");
    fm_emit_line(emit, "uint64_t %s = (uint64_t)%s;", counter, ways.code);
    repeat(solver, counter, rest);
}

static void solve_recursive_call(struct fm_emit_solver *solver, const struct fm_node *node,
                                 struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    struct fm_emit *emit = solver->emit;
    struct fm_emit_frame *callee = fm_emit_enter(emit, node, frame);
    check_passed(solver, node, callee->def->body, callee);
    for (uint32_t i = 0; i < node->count; i++) {
        if (callee->slots[i].kind == FM_EMIT_THUNK) {
            struct fm_emit_facts facts = fm_emit_facts_of(solver, node->kids[i], frame);
            if (facts.assigns || facts.multiple) {
                fm_emit_refuse(emit, node, "a recursive formula with a formula as argument");
            }
        }
    }
    proceed_often(solver, fm_emit_recursive_call(emit, node, callee, count_body, NULL), rest);
}

/* f[e] of a recursive function that nobody has asked for all its values; false when it is none. */
static bool solve_recursive_application(struct fm_emit_solver *solver, const struct fm_node *node,
                                        struct fm_emit_frame *frame,
                                        const struct fm_emit_rest *rest)
{
    struct fm_emit *emit = solver->emit;
    struct fm_emit_frame *home = frame;
    const struct fm_node *function = fm_emit_recursive_function(emit, node->kids[0], &home);
    if (function == NULL) {
        return false;
    }
    struct fm_emit_frame *at = frame;
    if (fm_emit_peel(emit, node->kids[0], &at)->op == FM_OP_CALL &&
        function->level == FM_LEVEL_CONSTANT) { /* a constant: it may have all its values */
        fm_emit_refuse(emit, node, "a constant function whose values are formulas");
    }
    if (home->def != NULL && home->def->body != NULL &&
        !fm_emit_only_applied(home->def->body, function->u.recfcn.name)) {
        fm_emit_refuse(emit, node, "a recursive function whose values are formulas, as a value");
    }
    check_passed(solver, node, function, home);
    struct fm_term ways;
    if (!fm_emit_recursive_application(emit, node, frame, count_body, NULL, &ways)) {
        fm_emit_refuse(emit, node, "a recursive function of tuples whose values are formulas");
    }
    proceed_often(solver, ways, rest);
    return true;
}

/* \A over what is known only when it runs: it assigns nothing, and every instance is evaluated. The
 * ways of the instances multiply. */
static void solve_forall_loop(struct fm_emit_solver *solver, const struct fm_node *node,
                              struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    struct fm_emit *emit = solver->emit;
    struct fm_emit_facts facts = fm_emit_facts_of(solver, node->kids[0], frame);
    if (facts.assigns) {
        fm_emit_refuse(emit, node, "\\A that assigns, over a set that depends on the state");
    }
    const char *all = fm_emit_name(emit, "all");
    fm_emit_line(emit, facts.multiple ? "uint64_t %s = 1;" : "bool %s = true;", all);
    struct fm_emit_loops loops = {0};
    fm_emit_loop_begin(emit, node->u.bind.at, node->u.bind.count, frame, false, &loops);
    if (facts.multiple) {
        const char *ways = count_ways(solver, node->kids[0], frame);
        fm_emit_guard(emit, "__builtin_mul_overflow(%s, %s, &%s)", all, ways, all);
    } else {
        fm_emit_line(emit, "%s &= (bool)(%s);", all, fm_emit_bool(emit, node->kids[0], frame));
    }
    fm_emit_loop_end(emit, &loops);
    if (facts.multiple) {
        repeat(solver, all, rest);
    } else if (require(solver, all)) {
        proceed(solver, rest);
    }
}

static void solve_forall(struct fm_emit_solver *solver, const struct fm_node *node,
                         struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    for (uint32_t i = 0; i < node->u.bind.count; i++) {
        if (node->u.bind.at[i].set == NULL) {
            fm_emit_refuse(solver->emit, node, "\\A without a set");
        }
    }
    fm_emit_place(solver->emit, node);
    const struct fm_emit_instances *instances = fm_emit_instances_of(solver->emit, node, frame);
    if (instances == NULL) {
        solve_forall_loop(solver, node, frame, rest);
    } else if (instances->count == 0) {
        proceed(solver, rest);
    } else {
        struct fm_emit_rest others = {FM_EMIT_REST_FORALL,
                                      instances->count - 1,
                                      instances->count,
                                      NULL,
                                      frame,
                                      rest,
                                      instances};
        solve(solver, node->kids[0], fm_emit_instance_frame(solver->emit, instances, frame, 0),
              instances->count > 1 ? &others : rest);
    }
}

/* IF and =>: one of two ways, by a condition. `no` is NULL for the rest alone. */
static void solve_if(struct fm_emit_solver *solver, const struct fm_node *node,
                     const struct fm_node *no, struct fm_emit_frame *frame,
                     const struct fm_emit_rest *rest)
{
    fm_emit_place(solver->emit, node);
    const struct fm_node *yes = node->kids[1];
    const char *condition = fm_emit_bool(solver->emit, node->kids[0], frame);
    bool known = strcmp(condition, "true") == 0 || strcmp(condition, "false") == 0;
    if (known) {
        const struct fm_node *taken = condition[0] == 't' ? yes : no;
        if (taken != NULL) {
            solve(solver, taken, frame, rest);
        } else {
            proceed(solver, rest);
        }
        return;
    }
    fm_emit_open(solver->emit, "if (%s)", condition);
    solve(solver, yes, frame, rest);
    fm_emit_close(solver->emit, "");
    fm_emit_open(solver->emit, "else");
    if (no != NULL) {
        solve(solver, no, frame, rest);
    } else {
        proceed(solver, rest);
    }
    fm_emit_close(solver->emit, "");
}

static void solve_case(struct fm_emit_solver *solver, const struct fm_node *node, uint32_t from,
                       struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    if (from == node->count) {
        fm_emit_fail(solver->emit); /* no guard is true */
        return;
    }
    if (from + 1 == node->count) {
        solve(solver, node->kids[from], frame, rest);
        return;
    }
    const char *guard = fm_emit_bool(solver->emit, node->kids[from], frame);
    if (strcmp(guard, "true") == 0) {
        solve(solver, node->kids[from + 1], frame, rest);
        return;
    }
    if (strcmp(guard, "false") == 0) {
        solve_case(solver, node, from + 2, frame, rest);
        return;
    }
    fm_emit_open(solver->emit, "if (%s)", guard);
    solve(solver, node->kids[from + 1], frame, rest);
    fm_emit_close(solver->emit, "");
    fm_emit_open(solver->emit, "else");
    solve_case(solver, node, from + 2, frame, rest);
    fm_emit_close(solver->emit, "");
}

static void solve_call(struct fm_emit_solver *solver, const struct fm_node *node,
                       struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    struct fm_emit *emit = solver->emit;
    const struct fm_def *def = node->u.def;
    if (node->op == FM_OP_APPLY) {
        struct fm_emit_frame *up;
        def = fm_emit_operator(emit, node, frame, &up);
    }
    if (def->text != NULL) {
        fm_emit_refuse(emit, node, "an operator that is solved by its text");
    }
    if (def->native != NULL || def->body == NULL || !fm_is_none(def->value) ||
        (node->op == FM_OP_CALL && fm_emit_is_folded_call(node))) {
        if (holds(solver, node, frame)) {
            proceed(solver, rest);
        }
        return;
    }
    if (def->is_recursive) {
        solve_recursive_call(solver, node, frame, rest);
        return;
    }
    solve(solver, def->body, fm_emit_enter(emit, node, frame), rest);
}

static void solve_local(struct fm_emit_solver *solver, const struct fm_node *node,
                        struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    const struct fm_node *formula = fm_emit_local_formula(solver, node, &frame);
    if (formula != NULL) {
        solve(solver, formula, frame, rest);
    } else if (holds(solver, node, frame)) {
        proceed(solver, rest);
    }
}

/* [A]_v */
static void solve_square(struct fm_emit_solver *solver, const struct fm_node *node,
                         struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    struct way way;
    way_begin(solver, &way);
    solve(solver, node->kids[0], frame, rest);
    way_end(solver, &way);
    way_begin(solver, &way);
    solve_unchanged(solver, node->kids[1], frame, rest);
    way_end(solver, &way);
}

/* <<A>>_v */
static void solve_angle(struct fm_emit_solver *solver, const struct fm_node *node,
                        struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    struct fm_emit_rest changed = {FM_EMIT_REST_CHANGED, 1, 2, node->kids, frame, rest, NULL};
    solve(solver, node->kids[0], frame, &changed);
}

/* f[e] where f is a function constructor that was not evaluated: its body may be an action. */
static void solve_application(struct fm_emit_solver *solver, const struct fm_node *node,
                              struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    struct fm_emit *emit = solver->emit;
    struct fm_emit_frame *callee = frame;
    const struct fm_node *function = fm_emit_waiting_function(emit, node->kids[0], &callee);
    if (function == NULL && solve_recursive_application(solver, node, frame, rest)) {
        return;
    }
    if (function == NULL) {
        fm_emit_refuse(emit, node, "a function whose values are formulas");
    }
    const struct fm_binding *binding = &function->u.bind.at[0];
    if (function->u.bind.count != 1 || (!binding->is_tuple && binding->slot_count != 1)) {
        fm_emit_refuse(emit, node, "a function of several arguments whose values are formulas");
    }
    fm_emit_place(emit, node);
    struct fm_term argument = fm_emit_bind(emit, fm_emit_expr(emit, node->kids[1], frame, NULL),
                                           "argument");
    struct fm_term inside = fm_emit_member_of(emit, argument, binding->set, callee);
    fm_emit_guard(emit, "!(%s)", fm_emit_as(emit, inside, fm_shape_bool(emit->shapes)));
    callee = fm_emit_frame_copy(emit, callee);
    fm_emit_bind_element(emit, binding, 0, callee, argument);
    solve(solver, function->kids[0], callee, rest);
}

/* --- the walk --- */

static void solve_construct(struct fm_emit_solver *solver, const struct fm_node *node,
                            struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    struct fm_emit *emit = solver->emit;
    switch ((int)node->op) {
    case FM_OP_OR:
        solve_or(solver, node, frame, rest);
        return;
    case FM_OP_EXISTS:
        solve_exists(solver, node, frame, rest);
        return;
    case FM_OP_FORALL:
        solve_forall(solver, node, frame, rest);
        return;
    case FM_OP_EQ:
        solve_equal(solver, node, frame, rest);
        return;
    case FM_OP_IN:
    case FM_OP_SUBSETEQ:
        solve_member(solver, node, frame, rest);
        return;
    case FM_OP_UNCHANGED:
        fm_emit_place(emit, node);
        solve_unchanged(solver, node->kids[0], frame, rest);
        return;
    case FM_OP_CALL:
    case FM_OP_APPLY:
        solve_call(solver, node, frame, rest);
        return;
    case FM_OP_LOCAL:
        solve_local(solver, node, frame, rest);
        return;
    case FM_OP_LET:
        fm_emit_let(emit, node, frame);
        solve(solver, node->kids[0], frame, rest);
        return;
    case FM_OP_LABEL:
        solve(solver, node->kids[0], frame, rest);
        return;
    case FM_OP_IF:
        solve_if(solver, node, node->kids[2], frame, rest);
        return;
    case FM_OP_CASE:
        fm_emit_place(emit, node);
        solve_case(solver, node, 0, frame, rest);
        return;
    case FM_OP_IMPLIES:
        solve_if(solver, node, NULL, frame, rest);
        return;
    case FM_OP_SQUARE:
        solve_square(solver, node, frame, rest);
        return;
    case FM_OP_ANGLE:
        solve_angle(solver, node, frame, rest);
        return;
    case FM_OP_CDOT:
        fm_emit_cdot(solver, node, frame, rest);
        return;
    case FM_OP_FCNAPP:
        solve_application(solver, node, frame, rest);
        return;
    }
    fm_unreachable(); /* everything else assigns nothing and holds in one way */
}

static void solve(struct fm_emit_solver *solver, const struct fm_node *node,
                  struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    if (node->op == FM_OP_AND) {
        struct fm_emit_rest later = {
            FM_EMIT_REST_CONJUNCTS, 1, node->count, node->kids, frame, rest, NULL};
        solve(solver, node->kids[0], frame, node->count > 1 ? &later : rest);
        return;
    }
    struct fm_emit_facts facts = fm_emit_facts_of(solver, node, frame);
    if (!facts.assigns && !facts.multiple) {
        if (holds(solver, node, frame)) {
            proceed(solver, rest);
        }
        return;
    }
    bool is_last = rest == NULL && (solver->counter != NULL || solver->found != NULL);
    if (!facts.assigns && !is_last && node->op != FM_OP_FORALL) {
        repeat(solver, count_ways(solver, node, frame), rest);
        return;
    }
    solve_construct(solver, node, frame, rest);
}

void fm_emit_solve(struct fm_emit_solver *solver, const struct fm_node *node,
                   struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    solve(solver, node, frame, rest);
}
