/* One action of the split relation as a C function.
 *
 *     SHARED void RMPrepare_12(struct fm_nrt *c, const struct parent *p)
 *
 * tries the action in the state p->s and delivers each successor. The walk through the formula is
 * emit_solve.c; here are the frames in which the split left the action, assignments, and what is
 * done when everything holds.
 *
 * A primed variable is a term, not yet a place in memory: guards behind an assignment may still
 * fail. The successor is made when all hold: the next slot of the batch becomes a copy of the
 * parent, what was assigned is stored over it, and change_x brings the digest up to date
 * (emit_state.c). A variable whose term is the parent's own costs nothing beyond the copy. */
#include "native/solver.h"

#include "eval/embed.h"

#include <string.h>

/* --- assignment --- */

struct fm_term fm_emit_parent_value(struct fm_emit *emit, uint32_t variable)
{
    const struct fm_shape *shape = emit->layout->variables[variable];
    const char *member = fm_emit_format(emit, "s->%s", fm_emit_member(emit, variable));
    return fm_emit_coded(shape, fm_emit_load(emit, shape, member));
}

static void set_target(struct fm_emit_solver *solver, uint32_t variable, struct fm_term term)
{
    solver->target[variable] = term;
    solver->assigned++;
    solver->emit->target_epoch = ++solver->epoch;
}

void fm_emit_assign(struct fm_emit_solver *solver, uint32_t variable, struct fm_term term)
{
    struct fm_emit *emit = solver->emit;
    if (emit->stores != NULL) {
        emit->stores[variable] = fm_shape_join(emit->shapes, emit->stores[variable], term.shape);
    }
    struct fm_term parent = fm_emit_parent_value(emit, variable);
    solver->kept[variable] = term.code != NULL && term.shape == parent.shape &&
                             strcmp(term.code, parent.code) == 0;
    set_target(solver, variable, term);
}

void fm_emit_keep(struct fm_emit_solver *solver, uint32_t variable)
{
    solver->kept[variable] = true;
    set_target(solver, variable, fm_emit_parent_value(solver->emit, variable));
}

void fm_emit_unassign(struct fm_emit_solver *solver, uint32_t variable)
{
    solver->target[variable] = (struct fm_term){.shape = NULL, .value = fm_none()};
    solver->kept[variable] = false;
    solver->assigned--;
    solver->emit->target_epoch = ++solver->epoch;
}

/* --- the successor --- */

void fm_emit_leaf(struct fm_emit_solver *solver)
{
    struct fm_emit *emit = solver->emit;
    if (solver->assigned != solver->variable_count) {
        /* The interpreter says which variables have no value. */
        fm_emit_line(emit, "fm_nrt_fail(c);");
        return;
    }
    if (emit->stores != NULL) {
        return;
    }
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "state *const t = (state *)c->states + c->count;");
    fm_emit_line(emit, "struct fm_ndigest total = p->total;");
    fm_emit_line(emit, "*t = *s;");
    for (uint32_t i = 0; i < solver->variable_count; i++) {
        if (!solver->kept[i]) {
            const struct fm_shape *shape = emit->layout->variables[i];
            const char *member = fm_emit_format(emit, "t->%s", fm_emit_member(emit, i));
            fm_emit_store(emit, shape, member, fm_emit_as(emit, solver->target[i], shape));
        }
    }
    for (uint32_t i = 0; i < solver->variable_count; i++) {
        if (!solver->kept[i]) {
            fm_emit_line(emit, "change_%s(c, p, t, &total);", fm_emit_member(emit, i));
        }
    }
    fm_emit_open(emit, "if (deliver(c, p, t, total, %u))", solver->action);
    fm_emit_line(emit, "return;");
    fm_emit_close(emit, "");
    fm_emit_close(emit, "");
}

/* --- frames --- */

static struct fm_emit_frame *frame_of_place(struct fm_emit *emit, const struct fm_eval_place *place)
{
    if (place == NULL) {
        return NULL;
    }
    struct fm_emit_frame *frame = fm_emit_frame_new(emit, place->def,
                                                    frame_of_place(emit, place->outer));
    for (uint32_t i = 0; i < frame->count && i < (place->def != NULL ? place->def->frame_size : 0);
         i++) {
        if (!fm_is_none(place->slots[i])) {
            frame->slots[i] = (struct fm_emit_slot){.kind = FM_EMIT_TERM,
                                                    .term = fm_emit_known(emit, place->slots[i])};
        }
    }
    for (uint32_t i = 0; i < place->let_count; i++) {
        fm_emit_let(emit, place->lets[i], frame);
    }
    return frame;
}

void fm_emit_action(struct fm_emit *emit, uint32_t index, const char *name)
{
    const struct fm_action *action = &emit->model->actions[index];
    if (emit->model->action_impurity != NULL && emit->model->action_impurity[index] != 0) {
        fm_emit_refuse(emit, action->node, "it has effects, or draws random numbers");
    }
    uint32_t count = emit->program->variable_count;
    struct fm_emit_exit end = {NULL, false};
    struct fm_emit_solver solver = {
        .emit = emit,
        .target = fm_arena_calloc(&emit->arena, count + 1, sizeof *solver.target),
        .kept = fm_arena_calloc(&emit->arena, count + 1, sizeof *solver.kept),
        .variable_count = count,
        .action = index,
        .shortcut = fm_eval_has_shortcut(emit->model),
        .exit = &end,
        .epoch = emit->target_epoch,
    };
    for (uint32_t i = 0; i < count; i++) {
        solver.target[i].value = fm_none();
    }
    emit->state = "s";
    emit->target = solver.target;
    emit->primed = false;
    fm_emit_line(emit, "SHARED void %s(struct fm_nrt *c, const struct parent *p)", name);
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "const state *const s = p->s;");
    fm_emit_line(emit, "(void)s;");
    struct fm_emit_frame *frame = frame_of_place(
        emit, fm_eval_action_place(emit->model, index, &emit->arena));
    fm_emit_solve(&solver, action->node, frame, NULL);
    fm_emit_close(emit, "\n");
    emit->target = NULL;
}
