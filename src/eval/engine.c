/* Engines: one for each worker, and the states they own.
 *
 * An engine is private to its thread. It shares the model's code and frozen constants; everything
 * it writes is its own. States live in the batch arena until the explorer resets it; what outlives
 * that is the flat encoding. A batch that a lasting object points into is retired instead of
 * emptied (thunk.c). */
#include "base/assert.h"
#include "eval/generate.h"
#include "eval/registers.h"
#include "eval/symmetry.h"
#include "semantics/load.h"

#include <string.h>

/* Address space for frames, bytes: as much as for the C stack, which runs out first. */
#define FRAMES_SIZE ((size_t)1 << 30)
/* Folds compiled later (expressions of the user) that find room without growing the array. */
#define FOLD_SLACK 64u

_Noreturn static void raise_value_error(struct fm_value_context *context,
                                        struct fm_value_error error)
{
    struct fm_engine *engine = context->owner;
    fm_eval_raise(engine, engine->at, (enum fm_code)error.code, "%s", error.message);
}

static void init_contexts(struct fm_engine *engine)
{
    struct fm_eval_model *model = engine->model;
    engine->values = (struct fm_value_context){
        .arena = &engine->batch,
        .symbols = model->model.session->symbols,
        .owner = engine,
        .raise = raise_value_error,
        .apply_closure = fm_hook_apply,
        .test_closure = fm_hook_test,
        .on_cache = fm_hook_cache,
        .set_size_max = model->options.set_size_max,
        .constants = model->encoded_closed ? model->encoded : NULL,
    };
    engine->natives = (struct fm_native_context){
        .values = &engine->values,
        .owner = engine,
        .apply_operator = fm_hook_apply_operator,
        .print = fm_registers_print,
        .tlc_get = fm_registers_get,
        .tlc_set = fm_registers_set,
        .random = &engine->random,
        .allow_exec = model->options.allow_exec,
    };
}

struct fm_engine *fm_engine_new(struct fm_eval_model *model)
{
    struct fm_engine *engine = fm_memory_calloc(1, sizeof *engine);
    engine->model = model;
    engine->variable_count = model->model.variable_count;
    fm_arena_init(&engine->batch, "states");
    fm_arena_init(&engine->lasting, "constants");
    fm_arena_init(&engine->failures, "errors");
    init_contexts(engine);
    engine->frame_bytes = FRAMES_SIZE;
    engine->frame_begin = fm_memory_reserve(engine->frame_bytes);
    engine->frame_next = engine->frame_begin;
    engine->frame_end = engine->frame_begin + engine->frame_bytes;
    engine->pin = FM_PIN_NONE;
    engine->nothing = fm_memory_alloc((engine->variable_count + 1) * sizeof *engine->nothing);
    for (uint32_t i = 0; i <= engine->variable_count; i++) {
        engine->nothing[i] = fm_none();
    }
    engine->s = engine->nothing;
    engine->t = engine->nothing;
    engine->action = FM_ACTION_INITIAL;
    engine->registers = fm_registers_new();
    if (model->model.costs != NULL) {
        engine->costs = fm_memory_calloc(model->model.costs->count, sizeof *engine->costs);
    }
    if (model->options.coverage) {
        engine->coverage_count = model->model.program->node_count;
        engine->coverage = fm_memory_calloc(engine->coverage_count + 1, sizeof *engine->coverage);
    }
    return engine;
}

void fm_engine_free(struct fm_engine *engine)
{
    fm_text_deinit(&engine->natives.scratch);
    fm_arena_deinit(&engine->batch);
    fm_arena_deinit(&engine->lasting);
    fm_arena_deinit(&engine->failures);
    for (uint32_t i = 0; i < engine->retired.count; i++) {
        fm_arena_deinit(&engine->retired.at[i]);
    }
    fm_vec_deinit(&engine->retired);
    fm_memory_unreserve(engine->frame_begin, engine->frame_bytes);
    fm_memory_free(engine->nothing);
    fm_memory_free(engine->folds);
    fm_memory_free(engine->coverage);
    fm_memory_free(engine->costs);
    fm_registers_free(engine->registers);
    fm_map_deinit(&engine->formulas);
    fm_memory_free(engine);
}

void fm_engine_reset(struct fm_engine *engine)
{
    fm_assert(engine->protect == NULL);
    if (engine->retire) {
        fm_vec_push(&engine->retired, engine->batch);
        fm_arena_init(&engine->batch, "states");
        engine->retire = false;
    } else {
        fm_arena_reset(&engine->batch);
    }
    engine->pin = FM_PIN_NONE;
}

void fm_engine_grow_folds(struct fm_engine *engine)
{
    uint32_t wanted = engine->model->fold_count;
    if (engine->fold_count >= wanted && engine->folds != NULL) {
        return;
    }
    wanted += FOLD_SLACK;
    engine->folds = fm_memory_resize(engine->folds, wanted * sizeof *engine->folds);
    for (uint32_t i = engine->fold_count; i < wanted; i++) {
        engine->folds[i] = i < engine->model->shared_count ? engine->model->shared[i] : fm_none();
    }
    engine->fold_count = wanted;
}

struct fm_unit *fm_engine_unit(struct fm_engine *engine, const struct fm_node *node,
                               const struct fm_def *frame)
{
    struct fm_unit *unit = fm_map_get(&engine->formulas, node);
    if (unit == NULL) {
        pthread_mutex_lock(&engine->model->lock);
        unit = fm_compile_unit(engine->model, node, frame);
        fm_engine_grow_folds(engine);
        pthread_mutex_unlock(&engine->model->lock);
        fm_map_put(&engine->formulas, node, unit);
    }
    return unit;
}

/* --- states --- */

struct fm_state *fm_engine_new_state(struct fm_engine *engine, const fm_value *variables)
{
    size_t size = engine->variable_count * sizeof *variables;
    struct fm_state *state = fm_arena_alloc(&engine->batch, sizeof *state + size);
    state->level = 0;
    state->action = FM_ACTION_INITIAL;
    if (variables != NULL && size != 0) {
        memcpy(state->values, variables, size);
    }
    return state;
}

struct fm_moment fm_engine_enter(struct fm_engine *engine, const struct fm_state *s,
                                 const struct fm_state *t)
{
    struct fm_moment moment = {
        .s = engine->s,
        .t = engine->t,
        .s_epoch = engine->s_epoch,
        .t_epoch = engine->t_epoch,
        .reads = engine->reads,
        .state = engine->state,
        .top = engine->top,
        .solver = engine->solver,
        .frame_next = engine->frame_next,
        .action = engine->action,
        .level = engine->level,
        .cost = engine->cost,
        .primed = engine->primed,
        .constant_level = engine->constant_level,
        .outside_workers = engine->outside_workers,
    };
    engine->s = s != NULL ? s->values : engine->nothing;
    /* Evaluation does not write to the next state. */
    const fm_value *next = t != NULL ? t->values : engine->nothing;
    memcpy(&engine->t, &next, sizeof engine->t);
    engine->s_epoch = ++engine->epoch;
    engine->t_epoch = ++engine->epoch;
    engine->state = s;
    engine->level = s != NULL ? s->level : 0;
    engine->top = NULL;
    engine->solver = NULL;
    engine->cost = NULL;
    engine->primed = false;
    engine->constant_level = false;
    return moment;
}

void fm_engine_leave(struct fm_engine *engine, const struct fm_moment *moment)
{
    engine->s = moment->s;
    engine->t = moment->t;
    engine->s_epoch = moment->s_epoch;
    engine->t_epoch = moment->t_epoch;
    engine->reads = moment->reads;
    engine->state = moment->state;
    engine->top = moment->top;
    engine->solver = moment->solver;
    engine->frame_next = moment->frame_next;
    engine->action = moment->action;
    engine->level = moment->level;
    engine->cost = moment->cost;
    engine->primed = moment->primed;
    engine->constant_level = moment->constant_level;
    engine->outside_workers = moment->outside_workers;
}

fm_value fm_engine_run(struct fm_engine *engine, const struct fm_formula_code *formula)
{
    struct fm_activation activation = {NULL, NULL, formula->formula->def};
    engine->top = &activation;
    fm_value result = fm_run_in(engine, formula->unit);
    engine->top = NULL;
    return result;
}

bool fm_engine_run_bool(struct fm_engine *engine, const struct fm_formula_code *formula,
                        const char *use)
{
    struct fm_loop loop;
    fm_loop_enter(engine, &loop);
    fm_value v = fm_engine_run(engine, formula);
    if (!fm_is_bool(v)) {
        fm_eval_raise_not_bool(engine, formula->unit->body, v, use);
    }
    fm_loop_next(engine, &loop);
    fm_loop_leave(engine, &loop);
    return fm_is_true(v);
}

/* The view of a state's image under symmetry; TLCGet("level") is the state's own. */
static fm_value view_of(struct fm_engine *engine, const fm_value *variables,
                        const struct fm_state *state)
{
    struct fm_state *image = fm_engine_new_state(engine, variables);
    image->level = state->level;
    image->action = state->action;
    struct fm_moment moment = fm_engine_enter(engine, image, NULL);
    fm_value view = fm_engine_run(engine, &engine->model->view);
    fm_engine_leave(engine, &moment);
    return view;
}

void fm_engine_fingerprint(struct fm_engine *engine, struct fm_state *state,
                           struct fm_digest *fingerprint, struct fm_digest *own)
{
    const struct fm_eval_model *model = engine->model;
    uint64_t seed = model->options.fingerprint_seed;
    engine->at = NULL;
    *own = fm_state_digest(&engine->values, state->values, engine->variable_count, seed);
    *fingerprint = *own;
    if (model->view.unit == NULL && model->symmetry == NULL) {
        return;
    }
    struct fm_loop loop;
    fm_loop_enter(engine, &loop);
    char *mark = engine->frame_next;
    const fm_value *variables = state->values;
    if (model->symmetry != NULL && model->view.unit != NULL) {
        fm_value *least = fm_frame_alloc(engine, (engine->variable_count + 1) * sizeof *least);
        fm_symmetry_least(engine, variables, least);
        variables = least;
    }
    if (model->view.unit != NULL) {
        fm_value view = view_of(engine, variables, state);
        *fingerprint = fm_state_digest(&engine->values, &view, 1, seed);
    } else {
        *fingerprint = fm_symmetry_digest(engine, variables, *own);
    }
    engine->frame_next = mark;
    fm_loop_next(engine, &loop);
    fm_loop_leave(engine, &loop);
}
