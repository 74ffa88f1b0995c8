/* Searches of their own: the states between the two steps of A \cdot B, and ENABLED.
 *
 * Both solve an action into a target that is not the successor being built. ENABLED ends at the
 * first solution; its target has room for variables that it alone binds. The intermediate states of
 * \cdot are collected before any of them is gone on from, as TLC does. */
#include "eval/solve.h"

#include <string.h>

/* --- \cdot --- */

static bool keep_intermediate(struct fm_engine *engine, struct fm_solver *solver)
{
    struct fm_solve_states *collected = solver->closure;
    fm_value *copy = fm_arena_copy(engine->values.arena, solver->target,
                                   engine->variable_count * sizeof *copy);
    fm_value **at = collected->states.at;
    if (collected->states.count == collected->states.capacity) {
        collected->states.capacity = collected->states.capacity == 0
                                         ? 16
                                         : collected->states.capacity * 2;
        at = fm_arena_alloc(engine->values.arena, collected->states.capacity * sizeof *at);
        if (collected->states.count != 0) {
            memcpy(at, collected->states.at, collected->states.count * sizeof *at);
        }
        collected->states.at = at;
    }
    at[collected->states.count++] = copy;
    solver->kept++;
    return false;
}

/* The states after A; variables that `before` (NULL: none) has assigned are unchanged in them. */
void fm_solve_intermediate(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame, const struct fm_solver *before,
                           struct fm_solve_states *collected)
{
    char *mark = engine->frame_next;
    uint32_t count = engine->variable_count;
    fm_value *target = fm_frame_alloc(engine, (count + 1) * sizeof *target);
    struct fm_solver solver = {
        .outer = engine->solver,
        .mode = FM_SOLVE_NEXT,
        .target = target,
        .shortcut = !engine->model->options.nowarning,
        .leaf = keep_intermediate,
        .closure = collected,
    };
    for (uint32_t i = 0; i < count; i++) {
        bool keep = before != NULL && !fm_is_none(before->target[i]);
        target[i] = keep ? engine->s[i] : fm_none();
        solver.assigned += keep ? 1 : 0;
    }
    fm_value *t = engine->t;
    uint64_t t_epoch = engine->t_epoch;
    engine->t = target;
    engine->t_epoch = ++engine->epoch;
    engine->solver = &solver;
    (void)fm_solve(engine, &solver, code, frame, NULL);
    engine->solver = solver.outer;
    engine->t = t;
    engine->t_epoch = t_epoch;
    engine->frame_next = mark;
}

bool fm_solve_cdot_value(struct fm_engine *engine, const struct fm_expr *code,
                         struct fm_frame *frame)
{
    struct fm_solve_states collected = {0};
    engine->reads |= FM_READ_STATE | FM_READ_PRIMED;
    fm_solve_intermediate(engine, code->kids[0], frame, NULL, &collected);
    const fm_value *s = engine->s;
    uint64_t s_epoch = engine->s_epoch;
    const struct fm_state *state = engine->state;
    bool found = false;
    for (uint32_t i = 0; i < collected.states.count && !found; i++) {
        engine->s = collected.states.at[i];
        engine->s_epoch = ++engine->epoch;
        engine->state = NULL;
        found = fm_run_bool(engine, code->kids[1], frame, "the right side of \\cdot");
        engine->s = s;
        engine->s_epoch = s_epoch;
        engine->state = state;
    }
    return found;
}

/* --- ENABLED --- */

static bool stop(struct fm_engine *engine, struct fm_solver *solver)
{
    (void)engine;
    (void)solver;
    return true;
}

void fm_solve_keep_inputs(struct fm_engine *engine, struct fm_solver *solver)
{
    uint32_t count = engine->variable_count, kept = engine->model->options.input_count;
    for (uint32_t i = count - kept; i < count; i++) {
        solver->target[i] = engine->s[i];
    }
    solver->assigned += kept;
}

bool fm_solve_enabled(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame)
{
    char *mark = engine->frame_next;
    uint32_t count = engine->variable_count + engine->model->model.program->hidden_count;
    fm_value *target = fm_frame_alloc(engine, (count + 1) * sizeof *target);
    for (uint32_t i = 0; i < count; i++) {
        target[i] = fm_none();
    }
    struct fm_solver solver = {
        .outer = engine->solver, .mode = FM_SOLVE_ENABLED, .target = target, .leaf = stop};
    fm_value *t = engine->t;
    uint64_t t_epoch = engine->t_epoch;
    uint32_t reads = engine->reads;
    engine->t = target;
    engine->t_epoch = ++engine->epoch;
    engine->reads = 0;
    engine->solver = &solver;
    struct fm_loop loop;
    fm_loop_enter(engine, &loop);
    bool found = fm_solve(engine, &solver, code, frame, NULL);
    fm_loop_next(engine, &loop);
    fm_loop_leave(engine, &loop);
    engine->solver = solver.outer;
    engine->t = t;
    engine->t_epoch = t_epoch;
    engine->reads = reads | FM_READ_STATE;
    engine->frame_next = mark;
    return found;
}
