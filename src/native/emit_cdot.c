/* A \cdot B in an action: a step by A to a state between, and from there one by B.
 *
 *     A, and where it holds        between_3++
 *     fm_nrt_hidden(c, between_3)
 *     A again, and where it holds  state between_4 = ..., and B in that state, and the rest
 *
 * The interpreter makes all states between before it takes a step from the first one, counts them
 * as generated, and what it found before is judged before they count (eval/solve.c). So an error
 * of A must be met before anything that B delivers: A is walked twice, the first time to count.
 * What B finds is compared with the parent when the successor is complete, for the batch's places
 * begin as copies of the parent: nothing that B left as it was is known to be the parent's.
 *
 * In B variables are those of the state between (emit->state). Arguments and definitions around
 * that read a state would be emitted for the wrong one: they are refused. So are variables that
 * have a value before, and one such composition in another. */
#include "native/solver.h"

#include "native/emit_value.h"
#include "native/piece.h"

#include <string.h>

/* Where the rest begins, in the state from before. */
struct way_back {
    struct fm_emit_rest rest; /* first */
    const char *state;
};

/* What happens where A holds. */
struct fm_emit_between {
    const char *counter; /* counts it; NULL: B goes on */
    struct fm_emit_solver *outer;
    const struct fm_node *right;
    struct fm_emit_frame *frame;
    const struct fm_emit_rest *rest;
};

/* B, which cannot read through a thunk what was read of another state. */
static void check_right(struct fm_emit *emit, const struct fm_node *right,
                        struct fm_emit_frame *frame)
{
    const struct fm_emit_needs *needs = fm_emit_needs_of(emit, right, frame);
    for (uint32_t i = 0; i < needs->capture_count; i++) {
        const struct fm_emit_capture *use = &needs->captures[i];
        struct fm_emit_frame *home = fm_emit_climb(frame, use->level);
        if (use->is_operator || home == NULL || use->slot >= home->count ||
            fm_emit_slot_reads(emit, &home->slots[use->slot]) != 0) {
            fm_emit_refuse(emit, right, "\\cdot with an argument that reads the state");
        }
    }
}

/* The state between as a struct: C of a pointer to it. */
static const char *store_between(struct fm_emit_solver *left)
{
    struct fm_emit *emit = left->emit;
    const char *name = fm_emit_name(emit, "between");
    fm_emit_line(emit, "state %s = *%s;", name, emit->state);
    for (uint32_t i = 0; i < left->variable_count && emit->stores == NULL; i++) {
        if (!left->kept[i]) {
            const struct fm_shape *shape = emit->layout->variables[i];
            const char *member = fm_emit_format(emit, "%s.%s", name, fm_emit_member(emit, i));
            fm_emit_store(emit, shape, member, fm_emit_as(emit, left->target[i], shape));
        }
    }
    return fm_emit_format(emit, "(&%s)", name);
}

/* The numbers of assignments go on rising from one walk to the other. */
static void change_walk(struct fm_emit_solver *from, struct fm_emit_solver *to)
{
    struct fm_emit *emit = to->emit;
    to->epoch = from->epoch + 1;
    emit->target = to->target;
    emit->target_epoch = to->epoch;
}

static void go_on(struct fm_emit_solver *left, const struct fm_emit_between *between)
{
    struct fm_emit *emit = left->emit;
    struct fm_emit_solver *outer = between->outer;
    const char *state = emit->state;
    fm_emit_open(emit, "%s", "");
    struct way_back back = {.rest = {.kind = FM_EMIT_REST_STATE, .count = 1, .next = between->rest},
                            .state = state};
    emit->state = store_between(left);
    change_walk(left, outer);
    struct fm_emit_exit next = {fm_emit_name(emit, "next"), false}, *exit = outer->exit;
    outer->exit = &next;
    fm_emit_open(emit, "%s", "");
    fm_emit_solve(outer, between->right, fm_emit_frame_copy(emit, between->frame), &back.rest);
    fm_emit_close(emit, "");
    if (next.used) {
        fm_emit_line(emit, "%s:;", next.label);
    }
    outer->exit = exit;
    change_walk(outer, left);
    emit->state = state;
    fm_emit_close(emit, "");
}

void fm_emit_between(struct fm_emit_solver *left)
{
    struct fm_emit *emit = left->emit;
    if (left->assigned != left->variable_count) {
        fm_emit_fail(emit); /* the interpreter says what becomes of it */
    } else if (left->between->counter != NULL) {
        fm_emit_line(emit, "%s++;", left->between->counter);
    } else {
        go_on(left, left->between);
    }
}

void fm_emit_back(struct fm_emit_solver *solver, const struct fm_emit_rest *rest)
{
    struct fm_emit *emit = solver->emit;
    const struct way_back *back = (const struct way_back *)(const void *)rest;
    const char *state = emit->state;
    bool *kept = solver->kept;
    solver->kept = fm_arena_calloc(&emit->arena, solver->variable_count + 1, sizeof *solver->kept);
    emit->state = back->state;
    fm_emit_proceed(solver, rest->next);
    emit->state = state;
    solver->kept = kept;
}

static void walk_left(struct fm_emit_solver *solver, const struct fm_node *left,
                      const struct fm_emit_between *between)
{
    struct fm_emit *emit = solver->emit;
    struct fm_emit_exit end = {fm_emit_name(emit, "done"), false};
    struct fm_emit_solver walk = fm_emit_solver_new(emit, &end);
    walk.shortcut = solver->shortcut;
    walk.action = solver->action;
    walk.between = between;
    change_walk(solver, &walk);
    fm_emit_open(emit, "%s", "");
    fm_emit_solve(&walk, left, fm_emit_frame_copy(emit, between->frame), NULL);
    fm_emit_close(emit, "");
    if (end.used) {
        fm_emit_line(emit, "%s:;", end.label);
    }
    change_walk(&walk, solver);
}

void fm_emit_cdot(struct fm_emit_solver *solver, const struct fm_node *node,
                  struct fm_emit_frame *frame, const struct fm_emit_rest *rest)
{
    struct fm_emit *emit = solver->emit;
    if (solver->counter != NULL || solver->found != NULL || solver->is_initial ||
        solver->assigned != 0 || solver->between != NULL || strcmp(emit->state, "s") != 0) {
        fm_emit_refuse(emit, node, "\\cdot that is not at the beginning of an action");
    }
    check_right(emit, node->kids[1], frame);
    fm_emit_place(emit, node);
    const char *counter = fm_emit_name(emit, "between");
    fm_emit_line(emit, "uint64_t %s = 0;", counter);
    struct fm_emit_between between = {counter, solver, node->kids[1], frame, rest};
    walk_left(solver, node->kids[0], &between);
    fm_emit_open(emit, "if (%s != 0)", counter);
    fm_emit_line(emit, "fm_nrt_hidden(c, %s);", counter);
    between.counter = NULL;
    walk_left(solver, node->kids[0], &between);
    fm_emit_close(emit, "");
}
