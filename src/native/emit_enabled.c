/* ENABLED: the search for one successor, as C.
 *
 * ENABLED A is the walk of an action (emit_solve.c) with a next state of its own, in which nothing
 * has a value at first, and it ends where everything holds for the first time: the leaf sets the
 * result and jumps out of all loops. Not every variable must have got a value by then, and values
 * need not be of the shapes of their variables, for no state is made of them.
 *
 * The interpreter knows no shortcut here (solve.c): what stands behind the last assignment is
 * solved too. That decides nothing but which errors are met, so the walk is the same.
 *
 * Below a prime, the variables of the state to start from are those of the next one, which the walk
 * does not know: refused. So are variables of instances that ENABLED alone knows. Then the whole
 * formula is a site of the interpreter. */
#include "native/solver.h"

#include "native/piece.h"

struct search {
    const struct fm_node *node;
    struct fm_emit_frame *frame;
    const char *found;
};

static void run_search(struct fm_emit *emit, void *closure)
{
    const struct search *search = closure;
    uint32_t count = emit->program->variable_count;
    struct fm_emit_exit end = {fm_emit_name(emit, "disabled"), false};
    struct fm_emit_solver solver = {
        .emit = emit,
        .target = fm_arena_calloc(&emit->arena, count + 1, sizeof *solver.target),
        .kept = fm_arena_calloc(&emit->arena, count + 1, sizeof *solver.kept),
        .variable_count = count,
        .exit = &end,
        .found = search->found,
        .done = fm_emit_name(emit, "enabled"),
        .epoch = emit->target_epoch + 1,
    };
    for (uint32_t i = 0; i < count; i++) {
        solver.target[i].value = fm_none();
    }
    const struct fm_term *target = emit->target;
    uint32_t target_epoch = emit->target_epoch;
    emit->target = solver.target;
    emit->target_epoch = solver.epoch;
    fm_emit_open(emit, "%s", "");
    fm_emit_solve(&solver, search->node->kids[0], search->frame, NULL);
    fm_emit_close(emit, "");
    if (end.used) {
        fm_emit_line(emit, "%s:;", end.label);
    }
    if (solver.is_found) {
        fm_emit_line(emit, "%s:;", solver.done);
    }
    emit->target = target;
    emit->target_epoch = target_epoch;
}

struct fm_term fm_emit_enabled(struct fm_emit *emit, const struct fm_node *node,
                               struct fm_emit_frame *frame)
{
    if (emit->primed) {
        fm_emit_refuse(emit, node, "ENABLED below a prime");
    }
    struct search search = {
        .node = node,
        .frame = fm_emit_frame_copy(emit, frame),
        .found = fm_emit_declare(emit, fm_shape_bool(emit->shapes), "is_enabled", "false"),
    };
    /* What a dry run keeps is what states are made of. */
    const struct fm_shape **stores = emit->stores;
    emit->stores = NULL;
    bool emitted = fm_emit_try(emit, run_search, &search);
    emit->stores = stores;
    if (!emitted) {
        fm_emit_refuse(emit, emit->refused_at, "%s", emit->reason);
    }
    return fm_emit_coded(fm_shape_bool(emit->shapes), search.found);
}
