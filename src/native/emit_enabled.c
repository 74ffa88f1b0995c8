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
 * Below a prime the state to start from is the next one: what has values of it is put into a struct
 * that the walk reads instead (emit->state). Arguments around that read the state would be emitted
 * for the wrong one: they are refused. So is what only the interpreter could evaluate, for it
 * remembers states by their place in memory; and variables of instances that ENABLED alone knows.
 * Then the whole formula is a site of the interpreter. */
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
    struct fm_emit_exit end = {fm_emit_name(emit, "disabled"), false};
    struct fm_emit_solver solver = fm_emit_solver_new(emit, &end);
    solver.found = search->found;
    solver.done = fm_emit_name(emit, "enabled");
    solver.epoch++;
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

/* C of a pointer to the next state as far as the node reads it. */
static const char *next_state(struct fm_emit *emit, const struct fm_node *node,
                              struct fm_emit_frame *frame)
{
    const struct fm_emit_needs *needs = fm_emit_needs_of(emit, node, frame);
    for (uint32_t i = 0; i < needs->capture_count; i++) {
        const struct fm_emit_capture *use = &needs->captures[i];
        struct fm_emit_frame *home = fm_emit_climb(frame, use->level);
        if (home == NULL || use->slot >= home->count ||
            fm_emit_slot_reads(emit, &home->slots[use->slot]) != 0) {
            fm_emit_refuse(emit, node, "ENABLED below a prime, of an argument");
        }
    }
    const char *name = fm_emit_name(emit, "next");
    fm_emit_line(emit, "state %s;", name);
    fm_emit_line(emit, "memset(&%s, 0, sizeof %s);", name, name);
    for (uint32_t i = 0; i < needs->variable_count; i++) {
        uint32_t variable = needs->variables[i];
        if (emit->target == NULL || variable >= emit->program->variable_count ||
            emit->target[variable].shape == NULL) {
            fm_emit_refuse(emit, node, "ENABLED below a prime, and a variable has no value yet");
        }
        const struct fm_shape *shape = emit->layout->variables[variable];
        const char *member = fm_emit_format(emit, "%s.%s", name, fm_emit_member(emit, variable));
        fm_emit_store(emit, shape, member, fm_emit_as(emit, emit->target[variable], shape));
    }
    return fm_emit_format(emit, "(&%s)", name);
}

struct fm_term fm_emit_enabled(struct fm_emit *emit, const struct fm_node *node,
                               struct fm_emit_frame *frame)
{
    const char *state = emit->state;
    bool primed = emit->primed;
    if (primed) {
        emit->state = next_state(emit, node, frame);
        emit->primed = false;
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
    emit->state = state;
    emit->primed = primed;
    if (!emitted) {
        fm_emit_refuse(emit, emit->refused_at, "%s", emit->reason);
    }
    return fm_emit_coded(fm_shape_bool(emit->shapes), search.found);
}
