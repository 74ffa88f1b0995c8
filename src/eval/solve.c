/* The solver of actions and initial predicates: continuation evaluation, as TLC does it.
 *
 * fm_solve takes a formula, the frame it stands in, and the rest: a list on the C stack of what
 * must hold besides. Conjunction pushes its later operands onto the rest; disjunction and bounded
 * \E try each way in turn, each with the whole rest; an assignment binds a variable of the target
 * and proceeds; anything else is evaluated, and the search proceeds if it is TRUE. When the rest is
 * empty the target is a solution: `leaf`. Thus successors come out one by one in TLC's order and
 * with TLC's multiplicity (Tool.getNextStates): a disjunction of two true formulas doubles the
 * successors, unless all variables are assigned before it; then the rest is evaluated as a plain
 * Boolean (the shortcut).
 *
 * What splits: /\, \/, \E, \A (its instances become conjuncts: the first, then the last down to the
 * second, which is the order in which TLC's list ends up), IF, CASE, =>, LET, calls, labels,
 * operator parameters, applications of functions that are not yet evaluated, [A]_v, <<A>>_v,
 * UNCHANGED, \cdot. Definitions without parameters that are constants have a value: they do not
 * split.
 *
 * The same formula may be entered again while an earlier entry still enumerates: through an
 * argument used twice, `F(a) == a /\ a`, or through instances of \A. Such entries get a copy of the
 * frame, since binders and LETs write to it. An argument that was evaluated (and whose value still
 * holds) is taken as a Boolean; LET definitions are enumerated each time, except that their values
 * are shared where they are used as values.
 *
 * ENABLED uses the same walk with an empty target of its own and ends at the first solution. Init
 * assigns unprimed variables. A \cdot B first solves A into intermediate states, then B from each
 * of them.
 *
 * Memory: loops release their garbage (thunk.c) unless the leaf kept something that points into it.
 */
#include "eval/solve.h"

#include "base/assert.h"

#include <string.h>

enum rest_kind {
    REST_CONJUNCTS, /* codes[index ..] hold */
    REST_UNCHANGED, /* codes[index ..] are unchanged */
    REST_CHANGED,   /* codes[index] is changed */
    REST_FORALL,    /* instances of \A */
    REST_FORMULAS,  /* formulas with frames of their own */
    REST_STATE      /* go back to the state before \cdot */
};

struct fm_rest {
    enum rest_kind kind;
    uint32_t index, count;
    const struct fm_expr *const *codes;
    struct fm_frame *frame;
    const struct fm_rest *next;
    const struct fm_activation *top;
    const void *extra; /* FORALL: struct instances, FORMULAS: the list, STATE: struct moment */
    const struct fm_tally *cost; /* of what it stands in */
};

struct instances { /* of \A: the values of its slots, `width` for each */
    const struct fm_expr *code;
    const fm_value *values;
    uint32_t width;
};

struct moment {
    const fm_value *s;
    uint64_t s_epoch;
    const struct fm_state *state;
};

static bool proceed(struct fm_engine *engine, struct fm_solver *solver, const struct fm_rest *rest);
static bool solve_unchanged(struct fm_engine *engine, struct fm_solver *solver,
                            const struct fm_expr *code, struct fm_frame *frame,
                            const struct fm_rest *rest);

/* In action position TLC looks up what a name stands for, and counts that alone. */
static bool is_name(const struct fm_node *node)
{
    return node->op == FM_OP_CALL || node->op == FM_OP_LOCAL || node->op == FM_OP_VAR ||
           node->op == FM_OP_APPLY;
}

static bool holds(struct fm_engine *engine, struct fm_solver *solver, const struct fm_expr *code,
                  struct fm_frame *frame)
{
    const struct fm_tally *cost = engine->cost;
    if (cost != NULL && fm_expr_without_tally(code) == code && !is_name(code->node)) {
        (void)fm_tally_enter(engine, code->node); /* the solver looked behind what counts */
    }
    bool result = fm_run_bool(engine, code, frame, "a part of an action or initial predicate");
    engine->cost = cost;
    if (!result && solver->on_false != NULL) {
        solver->on_false(engine, solver, code, frame);
    }
    return result;
}

/* --- the rest --- */

static struct fm_frame *instance_frame(struct fm_engine *engine, const struct fm_rest *rest)
{
    const struct instances *instances = rest->extra;
    struct fm_frame *frame = fm_frame_copy(engine, instances->code->unit, rest->frame);
    const struct fm_binder *binder = instances->code->u.binder;
    const fm_value *values = instances->values + (size_t)rest->index * instances->width;
    for (uint32_t i = 0; i < binder->count; i++) {
        memcpy(&frame->slots[binder->at[i].first_slot], values,
               binder->at[i].slot_count * sizeof *values);
        values += binder->at[i].slot_count;
    }
    return frame;
}

/* What follows the item at hand; FORALL counts down to instance 1. */
static const struct fm_rest *rest_after(const struct fm_rest *rest, struct fm_rest *storage)
{
    bool down = rest->kind == REST_FORALL;
    if (down ? rest->index <= 1 : rest->index + 1 >= rest->count) {
        return rest->next;
    }
    *storage = *rest;
    storage->index = down ? rest->index - 1 : rest->index + 1;
    return storage;
}

static bool take(struct fm_engine *engine, struct fm_solver *solver, const struct fm_rest *rest)
{
    struct fm_rest storage;
    const struct fm_rest *after = rest_after(rest, &storage);
    char *mark = engine->frame_next;
    bool ended = false;
    switch (rest->kind) {
    case REST_CONJUNCTS:
        return fm_solve(engine, solver, rest->codes[rest->index], rest->frame, after);
    case REST_UNCHANGED:
        return solve_unchanged(engine, solver, rest->codes[rest->index], rest->frame, after);
    case REST_CHANGED:
        return !fm_run_unchanged(engine, rest->codes[rest->index], rest->frame) &&
               proceed(engine, solver, after);
    case REST_FORALL: {
        const struct instances *instances = rest->extra;
        ended = fm_solve(engine, solver, instances->code->u.binder->body,
                         instance_frame(engine, rest), after);
        break;
    }
    case REST_FORMULAS: {
        const struct fm_formula_list *list = rest->extra;
        const struct fm_unit *unit = list->at[rest->index].unit;
        ended = fm_solve(engine, solver, unit->body, fm_frame_new(engine, unit, NULL), after);
        break;
    }
    case REST_STATE: {
        const struct moment *to = rest->extra;
        struct moment from = {engine->s, engine->s_epoch, engine->state};
        engine->s = to->s;
        engine->s_epoch = to->s_epoch;
        engine->state = to->state;
        ended = proceed(engine, solver, after);
        engine->s = from.s;
        engine->s_epoch = from.s_epoch;
        engine->state = from.state;
        break;
    }
    }
    engine->frame_next = mark;
    return ended;
}

/* What an item of the rest counts below. */
static const struct fm_tally *cost_of(const struct fm_engine *engine, const struct fm_rest *rest,
                                      uint32_t index)
{
    const struct fm_tallies *costs = engine->model->model.costs;
    bool formulas = rest->kind == REST_FORMULAS && costs != NULL;
    return formulas && rest->cost == NULL ? costs->inits[index] : rest->cost;
}

static bool step(struct fm_engine *engine, struct fm_solver *solver, const struct fm_rest *rest)
{
    const struct fm_tally *cost = engine->cost;
    engine->cost = cost_of(engine, rest, rest->index);
    bool ended = take(engine, solver, rest);
    engine->cost = cost;
    return ended;
}

/* Whether the item holds, all variables being assigned. */
static bool decide_item(struct fm_engine *engine, struct fm_solver *solver,
                        const struct fm_rest *rest, uint32_t index)
{
    char *mark = engine->frame_next;
    bool result = true;
    switch (rest->kind) {
    case REST_CONJUNCTS:
        return holds(engine, solver, rest->codes[index], rest->frame);
    case REST_UNCHANGED:
        return fm_run_unchanged(engine, rest->codes[index], rest->frame);
    case REST_CHANGED:
        return !fm_run_unchanged(engine, rest->codes[index], rest->frame);
    case REST_FORALL: {
        struct fm_rest at = *rest;
        at.index = index;
        const struct instances *instances = rest->extra;
        result = holds(engine, solver, instances->code->u.binder->body,
                       instance_frame(engine, &at));
        break;
    }
    case REST_FORMULAS: {
        const struct fm_formula_list *list = rest->extra;
        const struct fm_unit *unit = list->at[index].unit;
        result = holds(engine, solver, unit->body, fm_frame_new(engine, unit, NULL));
        break;
    }
    case REST_STATE:
        break;
    }
    engine->frame_next = mark;
    return result;
}

static bool item_holds(struct fm_engine *engine, struct fm_solver *solver,
                       const struct fm_rest *rest, uint32_t index)
{
    const struct fm_tally *cost = engine->cost;
    engine->cost = cost_of(engine, rest, index);
    bool result = decide_item(engine, solver, rest, index);
    engine->cost = cost;
    return result;
}

static bool rest_holds(struct fm_engine *engine, struct fm_solver *solver,
                       const struct fm_rest *rest)
{
    if (rest->kind == REST_FORALL) {
        for (uint32_t i = rest->index; i >= 1; i--) {
            if (!item_holds(engine, solver, rest, i)) {
                return false;
            }
        }
        return true;
    }
    for (uint32_t i = rest->index; i < rest->count; i++) {
        if (!item_holds(engine, solver, rest, i)) {
            return false;
        }
    }
    return true;
}

/* --- costs --- */

static const struct fm_tally *root_of(const struct fm_tally *cost)
{
    while (cost->parent != NULL) {
        cost = cost->parent;
    }
    return cost;
}

/* An initial state that something behind its last assignment excludes. */
static void count_unsatisfied(struct fm_engine *engine)
{
    if (engine->cost != NULL) {
        engine->costs[root_of(engine->cost)->index].extra++;
    }
}

/* A solution. Of an initial state, TLC counts it where it became one; of a step, see proceed. */
static bool reach(struct fm_engine *engine, struct fm_solver *solver)
{
    solver->found++;
    if (engine->cost != NULL && solver->mode == FM_SOLVE_INIT) {
        engine->costs[engine->cost->index].count++;
        engine->costs[root_of(engine->cost)->index].count += engine->cost->parent != NULL;
    }
    return solver->leaf(engine, solver);
}

/* All variables have values: nothing splits any more. */
static bool proceed_assigned(struct fm_engine *engine, struct fm_solver *solver,
                             const struct fm_rest *rest)
{
    const struct fm_activation *top = engine->top;
    for (; rest != NULL; rest = rest->next) {
        engine->top = rest->top;
        if (rest->kind == REST_STATE) {
            bool ended = step(engine, solver, rest);
            engine->top = top;
            return ended;
        }
        if (!rest_holds(engine, solver, rest)) {
            engine->top = top;
            if (solver->mode == FM_SOLVE_INIT) {
                count_unsatisfied(engine);
            }
            return false;
        }
    }
    engine->top = top;
    return reach(engine, solver);
}

static bool go_on(struct fm_engine *engine, struct fm_solver *solver, const struct fm_rest *rest)
{
    if (rest == NULL) {
        return reach(engine, solver);
    }
    if (solver->shortcut && solver->assigned == engine->variable_count) {
        return proceed_assigned(engine, solver, rest);
    }
    const struct fm_activation *top = engine->top;
    engine->top = rest->top;
    bool ended = step(engine, solver, rest);
    engine->top = top;
    return ended;
}

/* The rest. What stood before it counts in an action if a step came of it. */
static bool proceed(struct fm_engine *engine, struct fm_solver *solver, const struct fm_rest *rest)
{
    uint64_t found = solver->found;
    bool ended = go_on(engine, solver, rest);
    if (engine->cost != NULL && solver->mode == FM_SOLVE_NEXT && solver->found != found) {
        engine->costs[engine->cost->index].count++;
    }
    return ended;
}

/* --- loops --- */

void fm_solve_loop_enter(struct fm_engine *engine, const struct fm_solver *solver,
                         struct fm_solve_loop *loop)
{
    fm_loop_enter(engine, &loop->loop);
    loop->kept = solver->kept;
}

static size_t used_since(const struct fm_loop *loop)
{
    return loop->arena->chunk == loop->mark.chunk ? (size_t)(loop->arena->next - loop->mark.next)
                                                  : SIZE_MAX;
}

bool fm_solve_loop_next(struct fm_engine *engine, struct fm_solver *solver,
                        struct fm_solve_loop *loop)
{
    if (engine->pin < loop->loop.depth) {
        fm_loop_next(engine, &loop->loop); /* keeps it */
        loop->kept = solver->kept;
        return false;
    }
    if (solver->kept != loop->kept && solver->kept != solver->flushed) {
        if (solver->flush == NULL || used_since(&loop->loop) < FM_SOLVE_GARBAGE_MAX) {
            return false; /* the mark stays: a later iteration may give all of it back */
        }
        solver->flush(engine, solver);
        if (solver->ended) {
            return true;
        }
    }
    fm_loop_next(engine, &loop->loop);
    loop->kept = solver->kept;
    return false;
}

/* --- assignment --- */

static bool assign(struct fm_engine *engine, struct fm_solver *solver, uint32_t variable,
                   fm_value value, const struct fm_rest *rest)
{
    uint64_t *epoch = solver->mode == FM_SOLVE_INIT ? &engine->s_epoch : &engine->t_epoch;
    uint64_t before = *epoch;
    *epoch = ++engine->epoch;
    solver->target[variable] = value;
    solver->assigned++;
    bool ended = proceed(engine, solver, rest);
    solver->target[variable] = fm_none();
    solver->assigned--;
    *epoch = before;
    return ended;
}

static bool report_false(struct fm_engine *engine, struct fm_solver *solver,
                         const struct fm_expr *code, struct fm_frame *frame)
{
    if (solver->on_false != NULL) {
        solver->on_false(engine, solver, code, frame);
    }
    return false;
}

/* x' = e */
static bool solve_equal(struct fm_engine *engine, struct fm_solver *solver,
                        const struct fm_expr *code, struct fm_frame *frame,
                        const struct fm_rest *rest)
{
    int64_t variable = fm_resolve_target(engine, solver, code->kids[0], frame);
    if (variable < 0) {
        return holds(engine, solver, code, frame) && proceed(engine, solver, rest);
    }
    fm_value value = fm_run(engine, code->kids[1], frame);
    fm_value known = solver->target[variable];
    if (fm_is_none(known)) {
        return assign(engine, solver, (uint32_t)variable, value, rest);
    }
    engine->at = code;
    if (!fm_value_same(known, value) && !fm_value_equal(&engine->values, known, value)) {
        return report_false(engine, solver, code, frame);
    }
    return proceed(engine, solver, rest);
}

static bool weighs(const struct fm_engine *engine)
{
    return engine->model->model.program->choice_count != 0;
}

/* x' \in S and x' \subseteq S: the set is walked as it was built, repetitions included. */
static bool solve_member(struct fm_engine *engine, struct fm_solver *solver,
                         const struct fm_expr *code, struct fm_frame *frame,
                         const struct fm_rest *rest)
{
    int64_t variable = fm_resolve_target(engine, solver, code->kids[0], frame);
    if (variable < 0) {
        return holds(engine, solver, code, frame) && proceed(engine, solver, rest);
    }
    fm_value set = fm_run(engine, code->kids[1], frame);
    engine->at = code;
    if (code->node->op == FM_OP_SUBSETEQ) {
        set = fm_subsets(&engine->values, set);
    }
    fm_value known = solver->target[variable];
    if (!fm_is_none(known)) {
        if (!fm_set_member(&engine->values, known, set)) {
            return report_false(engine, solver, code, frame);
        }
        return proceed(engine, solver, rest);
    }
    struct fm_set_cursor cursor;
    fm_set_begin(&engine->values, &cursor, set, FM_SET_RAW);
    struct fm_chances chances;
    bool weighed = weighs(engine);
    if (weighed) {
        fm_chance_begin(engine, &chances, solver, code->node->kids[1], set);
    }
    struct fm_solve_loop loop;
    fm_solve_loop_enter(engine, solver, &loop);
    bool ended = false, any = false;
    uint64_t taken = 1; /* the end, too */
    fm_value element;
    while (!ended && fm_set_next(&engine->values, &cursor, &element)) {
        any = true;
        taken++;
        if (weighed) {
            fm_chance_take(engine, &chances, solver, element);
        }
        ended = assign(engine, solver, (uint32_t)variable, element, rest) ||
                fm_solve_loop_next(engine, solver, &loop);
    }
    fm_loop_leave(engine, &loop.loop);
    fm_tally_taken(engine, code->kids[1]->node, taken);
    if (weighed) {
        fm_chances_end(&chances, solver);
    }
    return any ? ended : report_false(engine, solver, code, frame);
}

/* --- UNCHANGED --- */

static bool keep_variable(struct fm_engine *engine, struct fm_solver *solver,
                          const struct fm_expr *code, uint32_t variable, const struct fm_rest *rest)
{
    fm_value before = engine->s[variable];
    if (fm_is_none(before)) {
        fm_eval_raise_unassigned(engine, code, variable, engine->primed);
    }
    engine->reads |= FM_READ_STATE;
    fm_value known = solver->target[variable];
    if (fm_is_none(known)) {
        return assign(engine, solver, variable, before, rest);
    }
    engine->at = code;
    if (!fm_value_same(known, before) && !fm_value_equal(&engine->values, known, before)) {
        return report_false(engine, solver, code, NULL);
    }
    return proceed(engine, solver, rest);
}

/* Several variables at once. */
static bool keep_variables(struct fm_engine *engine, struct fm_solver *solver,
                           const struct fm_expr *code, const struct fm_rest *rest)
{
    uint32_t count = code->u.variables.count, assigned = 0;
    char *mark = engine->frame_next;
    uint32_t *mine = fm_frame_alloc(engine, (count * sizeof *mine + 7u) & ~(size_t)7u);
    uint64_t before = engine->t_epoch;
    bool ended = false, same = true;
    engine->reads |= FM_READ_STATE;
    for (uint32_t i = 0; i < count && same; i++) {
        uint32_t variable = code->u.variables.at[i];
        fm_value old = engine->s[variable], known = solver->target[variable];
        if (fm_is_none(old)) {
            fm_eval_raise_unassigned(engine, code, variable, engine->primed);
        }
        if (fm_is_none(known)) {
            solver->target[variable] = old;
            mine[assigned++] = variable;
        } else if (!fm_value_same(known, old)) {
            engine->at = code;
            same = fm_value_equal(&engine->values, known, old);
        }
    }
    solver->assigned += assigned;
    engine->t_epoch = assigned != 0 ? ++engine->epoch : before;
    ended = same ? proceed(engine, solver, rest) : report_false(engine, solver, code, NULL);
    for (uint32_t i = 0; i < assigned; i++) {
        solver->target[mine[i]] = fm_none();
    }
    solver->assigned -= assigned;
    engine->t_epoch = before;
    engine->frame_next = mark;
    return ended;
}

/* Tuples and definitions without parameters are taken apart, as TLC's processUnchanged does. */
static bool keep(struct fm_engine *engine, struct fm_solver *solver, const struct fm_expr *code,
                 struct fm_frame *frame, const struct fm_rest *rest)
{
    int64_t variable = fm_resolve_variable(engine, code, frame);
    if (variable >= 0) {
        return keep_variable(engine, solver, code, (uint32_t)variable, rest);
    }
    char *mark = engine->frame_next;
    bool ended = false;
    if (code->node->op == FM_OP_TUPLE) {
        if (code->count == 0) {
            return proceed(engine, solver, rest);
        }
        struct fm_rest kids = {REST_UNCHANGED, 1,           code->count, code->kids,  frame,
                               rest,           engine->top, NULL,        engine->cost};
        return solve_unchanged(engine, solver, code->kids[0], frame,
                               code->count > 1 ? &kids : rest);
    }
    if (code->node->op == FM_OP_CALL && code->count == 0 && code->node->u.def->native == NULL &&
        code->node->u.def->body != NULL) {
        const struct fm_call *call = code->u.call;
        struct fm_frame *up = call->is_global ? NULL : fm_frame_climb(frame, call->climb);
        struct fm_frame *callee = fm_frame_new(engine, &call->def->unit, up);
        ended = solve_unchanged(engine, solver, call->def->unit.body, callee, rest);
        engine->frame_next = mark;
        return ended;
    }
    if (code->node->op == FM_OP_LOCAL) {
        fm_value slot = fm_frame_climb(frame, code->u.local.depth)->slots[code->u.local.slot];
        if (fm_is_thunk(slot)) {
            const struct fm_thunk *thunk = fm_thunk_of(slot);
            return solve_unchanged(engine, solver, thunk->code, thunk->frame, rest);
        }
    }
    if (!fm_run_unchanged(engine, code, frame)) {
        return report_false(engine, solver, code, frame);
    }
    return proceed(engine, solver, rest);
}

static bool solve_unchanged(struct fm_engine *engine, struct fm_solver *solver,
                            const struct fm_expr *code, struct fm_frame *frame,
                            const struct fm_rest *rest)
{
    const struct fm_tally *cost = engine->cost;
    if (cost != NULL) {
        engine->cost = fm_tally_below(cost, code->node);
    }
    bool ended = keep(engine, solver, fm_expr_unwrap(code), frame, rest);
    engine->cost = cost;
    return ended;
}

/* --- splitting constructs --- */

static bool solve_and(struct fm_engine *engine, struct fm_solver *solver,
                      const struct fm_expr *code, struct fm_frame *frame,
                      const struct fm_rest *rest)
{
    struct fm_rest later = {REST_CONJUNCTS, 1,           code->count, code->kids,  frame,
                            rest,           engine->top, NULL,        engine->cost};
    return fm_solve(engine, solver, code->kids[0], frame, code->count > 1 ? &later : rest);
}

static bool solve_or(struct fm_engine *engine, struct fm_solver *solver, const struct fm_expr *code,
                     struct fm_frame *frame, const struct fm_rest *rest)
{
    for (uint32_t i = 0; i < code->count; i++) {
        if (fm_solve(engine, solver, code->kids[i], frame, rest)) {
            return true;
        }
    }
    return false;
}

static bool solve_exists(struct fm_engine *engine, struct fm_solver *solver,
                         const struct fm_expr *code, struct fm_frame *frame,
                         const struct fm_rest *rest)
{
    char *mark = engine->frame_next;
    struct fm_walk walk;
    fm_walk_begin(engine, &walk, code, frame);
    struct fm_chances chances;
    bool weighed = weighs(engine);
    if (weighed) {
        fm_chances_begin(engine, &chances, solver, &walk);
    }
    struct fm_solve_loop loop;
    fm_solve_loop_enter(engine, solver, &loop);
    bool ended = false;
    uint64_t taken = 1; /* one ahead of those looked at */
    while (!ended && fm_walk_next(engine, &walk)) {
        taken++;
        if (weighed) {
            fm_chances_take(engine, &chances, solver, frame);
        }
        if (walk.restarted) {
            fm_loop_mark(&loop.loop);
            loop.kept = solver->kept;
            walk.restarted = false;
        }
        ended = fm_solve(engine, solver, code->u.binder->body, frame, rest) ||
                fm_solve_loop_next(engine, solver, &loop);
    }
    fm_loop_leave(engine, &loop.loop);
    if (code->u.binder->variables == 1) {
        fm_tally_taken(engine, code->u.binder->at[0].set->node, taken);
    }
    if (weighed) {
        fm_chances_end(&chances, solver);
    }
    engine->frame_next = mark;
    return ended;
}

static uint32_t binder_slots(const struct fm_binder *binder)
{
    uint32_t width = 0;
    for (uint32_t i = 0; i < binder->count; i++) {
        width += binder->at[i].slot_count;
    }
    return width;
}

static bool solve_forall(struct fm_engine *engine, struct fm_solver *solver,
                         const struct fm_expr *code, struct fm_frame *frame,
                         const struct fm_rest *rest)
{
    char *mark = engine->frame_next;
    const struct fm_binder *binder = code->u.binder;
    struct fm_walk walk;
    fm_walk_begin(engine, &walk, code, frame);
    uint32_t width = binder_slots(binder), count = 0;
    size_t room = 0;
    fm_value *values = NULL;
    while (fm_walk_next(engine, &walk)) {
        if (count == room) {
            size_t grown = room == 0 ? 8 : room * 2;
            fm_value *at = fm_arena_alloc(engine->values.arena, grown * width * sizeof *at);
            if (count != 0) {
                memcpy(at, values, (size_t)count * width * sizeof *at);
            }
            values = at;
            room = grown;
        }
        fm_value *to = values + (size_t)count * width;
        for (uint32_t i = 0; i < binder->count; i++) {
            memcpy(to, &frame->slots[binder->at[i].first_slot],
                   binder->at[i].slot_count * sizeof *to);
            to += binder->at[i].slot_count;
        }
        count++;
    }
    bool ended;
    if (count == 0) {
        ended = proceed(engine, solver, rest);
    } else {
        struct instances instances = {code, values, width};
        struct fm_rest others = {REST_FORALL, count - 1,   count,      NULL,        frame,
                                 rest,        engine->top, &instances, engine->cost};
        struct fm_rest first = others;
        first.index = 0;
        ended = fm_solve(engine, solver, binder->body, instance_frame(engine, &first),
                         count > 1 ? &others : rest);
    }
    engine->frame_next = mark;
    return ended;
}

static bool solve_body(struct fm_engine *engine, struct fm_solver *solver,
                       const struct fm_expr *call, const struct fm_def_code *def,
                       struct fm_frame *callee, const struct fm_rest *rest)
{
    struct fm_activation activation = {engine->top, call, def->def};
    engine->top = &activation;
    bool ended = fm_solve(engine, solver, def->unit.body, callee, rest);
    engine->top = activation.outer;
    return ended;
}

static bool solve_call(struct fm_engine *engine, struct fm_solver *solver,
                       const struct fm_expr *code, struct fm_frame *frame,
                       const struct fm_rest *rest)
{
    const struct fm_def *def = code->node->u.def;
    if (def->native != NULL && code->u.native.text != NULL) {
        return fm_solve(engine, solver, fm_expr_unwrap(code->u.native.text), frame, rest);
    }
    if (def->native != NULL || def->body == NULL) {
        return holds(engine, solver, code, frame) && proceed(engine, solver, rest);
    }
    char *mark = engine->frame_next;
    const struct fm_call *call = code->u.call;
    struct fm_frame *up = call->is_global ? NULL : fm_frame_climb(frame, call->climb);
    struct fm_frame *callee = fm_frame_for_call(engine, call, call->def, up, frame, true);
    bool ended = solve_body(engine, solver, code, call->def, callee, rest);
    engine->frame_next = mark;
    return ended;
}

static bool solve_apply(struct fm_engine *engine, struct fm_solver *solver,
                        const struct fm_expr *code, struct fm_frame *frame,
                        const struct fm_rest *rest)
{
    const struct fm_closure *closure = fm_apply_target(engine, code, frame);
    if (closure->def->def->native != NULL || closure->def->unit.body == NULL) {
        return holds(engine, solver, code, frame) && proceed(engine, solver, rest);
    }
    char *mark = engine->frame_next;
    struct fm_frame *callee = fm_frame_for_call(engine, code->u.call, closure->def, closure->up,
                                                frame, true);
    bool ended = solve_body(engine, solver, code, closure->def, callee, rest);
    engine->frame_next = mark;
    return ended;
}

static bool solve_local(struct fm_engine *engine, struct fm_solver *solver,
                        const struct fm_expr *code, struct fm_frame *frame,
                        const struct fm_rest *rest)
{
    fm_value slot = fm_frame_climb(frame, code->u.local.depth)->slots[code->u.local.slot];
    if (!fm_is_thunk(slot)) {
        return holds(engine, solver, code, frame) && proceed(engine, solver, rest);
    }
    struct fm_thunk *thunk = fm_thunk_of(slot);
    if (!thunk->is_let && solver->mode != FM_SOLVE_ENABLED && fm_thunk_is_valid(engine, thunk)) {
        return holds(engine, solver, code, frame) && proceed(engine, solver, rest);
    }
    char *mark = engine->frame_next;
    const struct fm_tally *cost = engine->cost;
    engine->cost = thunk->is_let ? cost : thunk->cost;
    struct fm_frame *copy = fm_frame_copy(engine, thunk->code->unit, thunk->frame);
    bool ended = fm_solve(engine, solver, thunk->code, copy, rest);
    engine->cost = cost;
    engine->frame_next = mark;
    return ended;
}

/* f[e] where f has this value: it is not evaluated again, for it may have effects. */
static bool holds_at(struct fm_engine *engine, struct fm_solver *solver, const struct fm_expr *code,
                     struct fm_frame *frame, fm_value function)
{
    if (!fm_value_is_function(function)) {
        return holds(engine, solver, code, frame); /* raises */
    }
    fm_value argument = fm_run(engine, code->kids[1], frame);
    engine->at = code;
    fm_value result = fm_fcn_apply(&engine->values, function, argument);
    if (!fm_is_bool(result)) {
        fm_eval_raise_not_bool(engine, code, result, "a part of an action or initial predicate");
    }
    if (!fm_is_true(result) && solver->on_false != NULL) {
        solver->on_false(engine, solver, code, frame);
    }
    return fm_is_true(result);
}

/* f[e] where f is a function constructor that was not evaluated: its body may be an action. */
static bool solve_application(struct fm_engine *engine, struct fm_solver *solver,
                              const struct fm_expr *code, struct fm_frame *frame,
                              const struct fm_rest *rest)
{
    char *mark = engine->frame_next;
    const struct fm_activation *top = engine->top;
    bool ended = false;
    struct fm_frame *callee = frame;
    const struct fm_expr *function = code->kids[0];
    if (fm_solve_constructor(engine, &function, &callee)) {
        fm_function_bind(engine, function, callee, fm_run(engine, code->kids[1], frame));
        ended = fm_solve(engine, solver, function->u.binder->body, callee, rest);
        engine->frame_next = mark;
        engine->top = top;
        return ended;
    }
    fm_value value = fm_run(engine, function, callee);
    engine->top = top;
    const struct fm_lazy *lazy = fm_solve_unevaluated(value);
    if (lazy == NULL) {
        return holds_at(engine, solver, code, frame, value) && proceed(engine, solver, rest);
    }
    callee = fm_lazy_enter(engine, lazy, fm_solve_argument(engine, code, value, frame));
    ended = fm_solve(engine, solver, lazy->code->u.binder->body, callee, rest);
    engine->frame_next = mark;
    return ended;
}

/* --- \cdot --- */

static bool solve_cdot(struct fm_engine *engine, struct fm_solver *solver,
                       const struct fm_expr *code, struct fm_frame *frame,
                       const struct fm_rest *rest)
{
    struct fm_solve_states collected = {0};
    fm_solve_intermediate(engine, code->kids[0], frame, solver, &collected);
    if (collected.states.count != 0 && solver->flush != NULL) {
        solver->flush(engine, solver); /* what was found before is judged before these count */
        if (solver->ended) {
            return true;
        }
        solver->hidden += collected.states.count;
        solver->flush(engine, solver); /* at once: they count although an error follows */
    }
    struct moment here = {engine->s, engine->s_epoch, engine->state};
    struct fm_rest back = {REST_STATE, 0, 1, NULL, frame, rest, engine->top, &here, engine->cost};
    bool ended = false;
    for (uint32_t i = 0; i < collected.states.count && !ended; i++) {
        engine->s = collected.states.at[i];
        engine->s_epoch = ++engine->epoch;
        engine->state = NULL;
        ended = fm_solve(engine, solver, code->kids[1], frame, &back);
        engine->s = here.s;
        engine->s_epoch = here.s_epoch;
        engine->state = here.state;
    }
    return ended;
}

/* --- the walk --- */

static bool solve_square(struct fm_engine *engine, struct fm_solver *solver,
                         const struct fm_expr *code, struct fm_frame *frame,
                         const struct fm_rest *rest)
{
    return fm_solve(engine, solver, code->kids[0], frame, rest) ||
           solve_unchanged(engine, solver, code->kids[1], frame, rest);
}

static bool solve_angle(struct fm_engine *engine, struct fm_solver *solver,
                        const struct fm_expr *code, struct fm_frame *frame,
                        const struct fm_rest *rest)
{
    struct fm_rest changed = {REST_CHANGED, 1,           2,    code->kids,  frame,
                              rest,         engine->top, NULL, engine->cost};
    return fm_solve(engine, solver, code->kids[0], frame, &changed);
}

static bool solve_let(struct fm_engine *engine, struct fm_solver *solver,
                      const struct fm_expr *code, struct fm_frame *frame,
                      const struct fm_rest *rest)
{
    fm_let_enter(engine, code, frame, true);
    return fm_solve(engine, solver, code->kids[0], frame, rest);
}

static bool solve_implies(struct fm_engine *engine, struct fm_solver *solver,
                          const struct fm_expr *code, struct fm_frame *frame,
                          const struct fm_rest *rest)
{
    if (fm_run_bool(engine, code->kids[0], frame, "the left side of =>")) {
        return fm_solve(engine, solver, code->kids[1], frame, rest);
    }
    return proceed(engine, solver, rest);
}

static bool solve_kept_variables(struct fm_engine *engine, struct fm_solver *solver,
                                 const struct fm_expr *code, struct fm_frame *frame,
                                 const struct fm_rest *rest)
{
    if (solver->mode == FM_SOLVE_INIT) {
        return holds(engine, solver, code, frame) && proceed(engine, solver, rest);
    }
    return code->u.variables.at != NULL
               ? keep_variables(engine, solver, code, rest)
               : solve_unchanged(engine, solver, code->kids[0], frame, rest);
}

/* Whether a constant was made of the code: it has a value, there is nothing to solve in it. */
static bool is_folded(const struct fm_expr *code)
{
    while (code != NULL && !fm_expr_is_fold(code)) {
        code = code->inner;
    }
    return code != NULL;
}

static bool solve(struct fm_engine *engine, struct fm_solver *solver, const struct fm_expr *code,
                  struct fm_frame *frame, const struct fm_rest *rest)
{
    fm_check_stack(engine);
    if (engine->coverage != NULL) {
        fm_engine_count(engine, code->node);
        code = fm_expr_is_counted(code) ? code->inner : code; /* counted once */
    }
    /* Counted here: what runs below must not count itself again. */
    const struct fm_expr *outer = engine->coverage != NULL && code->inner != NULL &&
                                          !fm_expr_is_fold(code)
                                      ? code->inner
                                      : code;
    code = fm_expr_unwrap(code);
    switch ((int)code->node->op) {
    case FM_OP_AND:
        return solve_and(engine, solver, code, frame, rest);
    case FM_OP_OR:
        return solve_or(engine, solver, code, frame, rest);
    case FM_OP_EXISTS:
        return solve_exists(engine, solver, code, frame, rest);
    case FM_OP_FORALL:
        return solve_forall(engine, solver, code, frame, rest);
    case FM_OP_EQ:
        return solve_equal(engine, solver, code, frame, rest);
    case FM_OP_IN:
    case FM_OP_SUBSETEQ:
        return solve_member(engine, solver, code, frame, rest);
    case FM_OP_UNCHANGED:
        return solve_kept_variables(engine, solver, code, frame, rest);
    case FM_OP_CALL:
        if (code->node->count == 0 && is_folded(outer)) {
            return holds(engine, solver, outer, frame) && proceed(engine, solver, rest);
        }
        return solve_call(engine, solver, code, frame, rest);
    case FM_OP_APPLY:
        return solve_apply(engine, solver, code, frame, rest);
    case FM_OP_LOCAL:
        return solve_local(engine, solver, code, frame, rest);
    case FM_OP_LET:
        return solve_let(engine, solver, code, frame, rest);
    case FM_OP_LABEL:
        return fm_solve(engine, solver, code->kids[0], frame, rest);
    case FM_OP_IF: {
        bool condition = fm_run_bool(engine, code->kids[0], frame, "the condition of IF");
        return fm_solve(engine, solver, code->kids[condition ? 1 : 2], frame, rest);
    }
    case FM_OP_CASE:
        return fm_solve(engine, solver, fm_case_choose(engine, code, frame), frame, rest);
    case FM_OP_IMPLIES:
        return solve_implies(engine, solver, code, frame, rest);
    case FM_OP_FCNAPP:
        return solve_application(engine, solver, code, frame, rest);
    case FM_OP_SQUARE:
        return solve_square(engine, solver, code, frame, rest);
    case FM_OP_ANGLE:
        return solve_angle(engine, solver, code, frame, rest);
    case FM_OP_CDOT:
        return solve_cdot(engine, solver, code, frame, rest);
    }
    return holds(engine, solver, outer, frame) && proceed(engine, solver, rest);
}

bool fm_solve(struct fm_engine *engine, struct fm_solver *solver, const struct fm_expr *code,
              struct fm_frame *frame, const struct fm_rest *rest)
{
    const struct fm_tally *cost = engine->cost;
    if (cost == NULL) {
        return solve(engine, solver, code, frame, rest);
    }
    engine->cost = fm_tally_below(cost, code->node);
    bool ended = solve(engine, solver, fm_expr_without_tally(code), frame, rest);
    engine->cost = cost;
    return ended;
}

bool fm_solve_all(struct fm_engine *engine, struct fm_solver *solver,
                  const struct fm_formula_list *formulas)
{
    struct fm_rest rest = {REST_FORMULAS, 0,           formulas->count, NULL, NULL,
                           NULL,          engine->top, formulas,        NULL};
    return formulas->count == 0 ? proceed(engine, solver, NULL) : step(engine, solver, &rest);
}
