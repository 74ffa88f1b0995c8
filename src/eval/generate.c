/* Generating states: initial states and successors, in batches.
 *
 * Each solution of the solver becomes an item at once: constraints are judged, fingerprints taken,
 * in TLC's order, so that an error in either stands at its place. Items are delivered FM_BATCH_MAX
 * at a time, or one by one where something evaluated has effects. An error ends the generation and
 * is its last item.
 *
 * The sink may run operations of the same engine on the states it is given (invariants, encoding)
 * while the solver waits: operations save and restore what they touch (operation_begin). After
 * `take` the items' states are garbage to the solver's loops. */
#include "eval/generate.h"

#include "base/assert.h"
#include "eval/actions.h"
#include "eval/solve.h"
#include "eval/symmetry.h"

#include <string.h>

/* The state that constraints and the view are being evaluated on. */
struct judging {
    struct fm_state *state; /* NULL: none; may lack values when that is the failure */
    const char *what;       /* "constraint", or NULL: nothing but its digest */
    const struct fm_formula *formula;
};

struct generation {
    struct fm_sink *sink;
    const struct fm_action_code *action; /* NULL: all, or initial states */
    uint32_t action_index;
    struct fm_state *from;
    bool initial;
    bool stopped;
    struct judging judging;
    double weights[FM_BATCH_MAX];
    uint64_t ways[FM_BATCH_MAX];
    struct fm_batch batch;
};

static void flush(struct fm_engine *engine, struct fm_solver *solver)
{
    struct generation *generation = solver->closure;
    generation->sink->hidden += solver->hidden;
    solver->hidden = 0;
    if (generation->batch.count != 0 &&
        !generation->sink->take(generation->sink, &generation->batch)) {
        generation->stopped = true;
    }
    (void)engine;
    generation->batch.count = 0;
    solver->flushed = solver->kept;
    solver->ended = generation->stopped;
}

_Noreturn static void raise_incomplete(struct fm_engine *engine,
                                       const struct generation *generation, const fm_value *target)
{
    const struct fm_program *program = engine->model->model.program;
    struct fm_text names = {0};
    uint32_t count = 0;
    for (uint32_t i = 0; i < engine->variable_count; i++) {
        if (fm_is_none(target[i])) {
            fm_text_printf(&names, "%s%s%s", count++ == 0 ? "" : ", ",
                           program->variables[i].name->text, generation->initial ? "" : "'");
        }
    }
    const char *text = fm_arena_strndup(&engine->failures, fm_text_string(&names), names.length);
    fm_text_deinit(&names);
    const char *plural = count == 1 ? "" : "s";
    if (generation->initial) {
        fm_eval_raise(engine, engine->model->inits.at[0].unit->body, FM_CODE_4306,
                      "the initial predicate assigns no value to the variable%s %s", plural, text);
    }
    const struct fm_action *action = &engine->model->model.actions[generation->action_index];
    fm_eval_raise(engine, generation->action->unit->body, FM_CODE_4305,
                  "the action %s assigns no value to the variable%s %s", action->name->text, plural,
                  text);
}

static bool holds(struct fm_engine *engine, const struct fm_formula_code *constraint,
                  const struct fm_tally *cost, const char *use)
{
    engine->cost = cost;
    bool result = fm_engine_run_bool(engine, constraint, use);
    if (cost != NULL) {
        engine->costs[cost->index].count += result;
        engine->costs[cost->index].extra += !result;
    }
    return result;
}

/* CONSTRAINT, then ACTION_CONSTRAINT. */
static bool in_model(struct fm_engine *engine, struct generation *generation,
                     const struct fm_state *state)
{
    struct judging *judging = &generation->judging;
    const struct fm_eval_model *model = engine->model;
    const struct fm_tallies *trees = model->model.costs;
    struct fm_moment moment = fm_engine_enter(engine, state, NULL);
    bool result = true;
    judging->what = "constraint";
    for (uint32_t i = 0; i < model->constraints.count && result; i++) {
        judging->formula = model->constraints.at[i].formula;
        result = holds(engine, &model->constraints.at[i],
                       trees != NULL ? trees->constraints[i] : NULL, "a constraint");
    }
    fm_engine_leave(engine, &moment);
    if (generation->initial || model->action_constraints.count == 0 || !result) {
        return result;
    }
    moment = fm_engine_enter(engine, generation->from, state);
    judging->what = "action constraint";
    for (uint32_t i = 0; i < model->action_constraints.count && result; i++) {
        judging->formula = model->action_constraints.at[i].formula;
        result = holds(engine, &model->action_constraints.at[i],
                       trees != NULL ? trees->action_constraints[i] : NULL, "an action constraint");
    }
    fm_engine_leave(engine, &moment);
    return result;
}

static bool leaf(struct fm_engine *engine, struct fm_solver *solver)
{
    struct generation *generation = solver->closure;
    if (solver->assigned != engine->variable_count) {
        generation->judging.state = fm_engine_new_state(engine, solver->target);
        raise_incomplete(engine, generation, solver->target);
    }
    struct fm_state *state = fm_engine_new_state(engine, solver->target);
    state->level = generation->initial ? 1 : generation->from->level + 1;
    state->action = generation->initial ? FM_ACTION_INITIAL : generation->action_index;
    struct fm_item *item = &generation->batch.items[generation->batch.count];
    *item = (struct fm_item){.state = state, .action = state->action, .in_model = true};
    generation->judging.state = state;
    if (engine->model->constraints.count + engine->model->action_constraints.count != 0) {
        item->in_model = in_model(engine, generation, state);
    }
    generation->judging.what = engine->model->view.unit != NULL ? "view" : NULL;
    generation->judging.formula = engine->model->view.formula;
    fm_engine_fingerprint(engine, state, &item->fingerprint, &item->own);
    generation->judging.state = NULL;
    generation->weights[generation->batch.count] = solver->weight;
    generation->ways[generation->batch.count] = solver->way;
    generation->batch.count++;
    solver->kept++;
    if (generation->batch.count == FM_BATCH_MAX || engine->model->batch_of_one) {
        flush(engine, solver);
    }
    return generation->stopped;
}

/* --- running --- */

static fm_value *new_target(struct fm_engine *engine)
{
    fm_value *target = fm_frame_alloc(engine, (engine->variable_count + 1) * sizeof *target);
    for (uint32_t i = 0; i < engine->variable_count; i++) {
        target[i] = fm_none();
    }
    return target;
}

static struct fm_solver solver_for(struct fm_engine *engine, struct generation *generation,
                                   enum fm_solve_mode mode)
{
    return (struct fm_solver){
        .mode = mode,
        .target = new_target(engine),
        .weight = 1,
        .shortcut = mode == FM_SOLVE_INIT || !engine->model->options.nowarning,
        .leaf = leaf,
        .flush = flush,
        .closure = generation,
    };
}

static void run_initial(struct fm_engine *engine, void *closure)
{
    struct generation *generation = closure;
    struct fm_solver solver = solver_for(engine, generation, FM_SOLVE_INIT);
    engine->solver = &solver;
    engine->s = solver.target;
    engine->s_epoch = ++engine->epoch;
    engine->constant_level = true;
    (void)fm_solve_all(engine, &solver, &engine->model->inits);
    engine->constant_level = false;
    if (!generation->stopped) {
        flush(engine, &solver);
    }
    engine->solver = NULL;
}

/* One action; true when the sink wants no more. */
static bool run_action(struct fm_engine *engine, struct fm_solver *solver, uint32_t index)
{
    struct generation *generation = solver->closure;
    const struct fm_action_code *action = &engine->model->actions[index];
    generation->action = action;
    generation->action_index = index;
    engine->action = index;
    char *mark = engine->frame_next;
    struct fm_frame *frame = fm_action_frame(engine, action->place, action->unit,
                                             action->let_units);
    struct fm_activation activation = {NULL, NULL, action->place->named};
    engine->top = &activation;
    engine->t_epoch = ++engine->epoch;
    if (engine->model->model.costs != NULL) {
        engine->cost = engine->model->model.costs->actions[index];
    }
    bool ended = fm_solve(engine, solver, action->unit->body, frame, NULL);
    engine->top = NULL;
    engine->cost = NULL;
    engine->frame_next = mark;
    return ended || generation->stopped;
}

static void run_successors(struct fm_engine *engine, void *closure)
{
    struct generation *generation = closure;
    struct fm_solver solver = solver_for(engine, generation, FM_SOLVE_NEXT);
    engine->solver = &solver;
    engine->s = generation->from->values;
    engine->state = generation->from;
    engine->level = generation->from->level;
    engine->s_epoch = ++engine->epoch;
    engine->t = solver.target;
    fm_solve_keep_inputs(engine, &solver);
    bool ended = false;
    uint32_t only = generation->action_index;
    if (only != FM_ACTION_INITIAL) {
        (void)run_action(engine, &solver, only);
    } else {
        struct fm_solve_loop loop;
        fm_solve_loop_enter(engine, &solver, &loop);
        for (uint32_t i = 0; i < engine->model->model.action_count && !ended; i++) {
            ended = run_action(engine, &solver, i) || fm_solve_loop_next(engine, &solver, &loop);
        }
        fm_loop_leave(engine, &loop.loop);
    }
    if (!generation->stopped) {
        flush(engine, &solver);
    }
    engine->solver = NULL;
}

struct digesting {
    const struct fm_state *state;
    struct fm_digest own;
    uint32_t variable;
};

static void run_digest(struct fm_engine *engine, void *closure)
{
    struct digesting *digesting = closure;
    for (uint32_t i = 0; i < engine->variable_count; i++) {
        digesting->variable = i;
        (void)fm_value_digest(&engine->values, digesting->state->values[i]);
    }
    digesting->own = fm_state_digest(&engine->values, digesting->state->values,
                                     engine->variable_count,
                                     engine->model->options.fingerprint_seed);
}

/* What the failure concerns: a state that was complete when constraints, view or digest failed. */
static void describe_judging(struct fm_engine *engine, const struct generation *generation,
                             struct fm_item *item, struct fm_failure *failure)
{
    const struct judging *judging = &generation->judging;
    struct digesting digesting = {.state = judging->state};
    if (failure->code == FM_CODE_4305 || failure->code == FM_CODE_4306) {
        failure->partial = judging->state->values;
        return;
    }
    failure->generated = true;
    failure->partial = generation->initial ? judging->state->values : NULL;
    if (fm_eval_protect(engine, run_digest, &digesting)) {
        const struct fm_symbol *name = judging->formula == NULL ? NULL : judging->formula->name;
        failure->judged = fm_arena_printf(&engine->failures, "%s %s",
                                          judging->what == NULL ? "the successor" : judging->what,
                                          name == NULL ? "" : name->text);
        failure->successor = judging->state;
        item->own = digesting.own;
        return;
    }
    const struct fm_program *program = engine->model->model.program;
    failure->message = fm_arena_printf(&engine->failures, "the value of %s%s: %s",
                                       program->variables[digesting.variable].name->text,
                                       generation->initial ? "" : "'", failure->message);
    if (failure->span.source == 0) {
        const struct fm_unit *unit = generation->initial ? engine->model->inits.at[0].unit
                                                         : generation->action->unit;
        failure->span = unit->body->node->span;
    }
}

static void deliver_failure(struct fm_engine *engine, struct generation *generation)
{
    if (generation->stopped) {
        return;
    }
    struct fm_failure *failure = fm_arena_copy(&engine->failures, &engine->failure,
                                               sizeof *failure);
    if (generation->batch.count == FM_BATCH_MAX) {
        if (!generation->sink->take(generation->sink, &generation->batch)) {
            return;
        }
        generation->batch.count = 0;
    }
    struct fm_item *item = &generation->batch.items[generation->batch.count++];
    *item = (struct fm_item){
        .failure = failure,
        .action = generation->initial ? FM_ACTION_INITIAL : failure->action,
    };
    if (generation->judging.state != NULL) {
        describe_judging(engine, generation, item, failure);
    }
    (void)generation->sink->take(generation->sink, &generation->batch);
}

static void generate(struct fm_engine *engine, struct generation *generation,
                     void (*run)(struct fm_engine *, void *))
{
    struct fm_moment moment = fm_engine_enter(engine, NULL, NULL);
    bool weighed = engine->model->model.program->choice_count != 0;
    generation->batch.weights = weighed ? generation->weights : NULL;
    generation->batch.ways = weighed ? generation->ways : NULL;
    bool succeeded = fm_eval_protect(engine, run, generation);
    engine->constant_level = false;
    fm_engine_leave(engine, &moment);
    if (!succeeded) {
        deliver_failure(engine, generation);
    }
}

void fm_generate_initial(struct fm_engine *engine, struct fm_sink *sink)
{
    struct generation generation = {
        .sink = sink, .initial = true, .action_index = FM_ACTION_INITIAL};
    generate(engine, &generation, run_initial);
}

void fm_generate_successors(struct fm_engine *engine, struct fm_state *state, uint32_t level,
                            struct fm_sink *sink)
{
    struct generation generation;
    generation.sink = sink;
    generation.action = NULL;
    generation.action_index = FM_ACTION_INITIAL;
    generation.from = state;
    generation.initial = false;
    generation.stopped = false;
    generation.judging = (struct judging){NULL, NULL, NULL};
    generation.batch.count = 0; /* the items need no clearing */
    generation.batch.prints = NULL;
    state->level = level;
    generate(engine, &generation, run_successors);
}

void fm_generate_apply(struct fm_engine *engine, uint32_t action, struct fm_state *state,
                       struct fm_sink *sink)
{
    struct generation generation = {.sink = sink, .action_index = action, .from = state};
    generate(engine, &generation, run_successors);
}
