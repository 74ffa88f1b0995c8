/* Actions of the split relation as C functions.
 *
 *     ACTION void RMPrepare_12(struct fm_nrt *c, const struct parent *p)
 *     ACTION void Send_13(struct fm_nrt *c, const struct parent *p, uint32_t instance)
 *
 * try an action in the state p->s and deliver each successor. The walk through the formula is
 * emit_solve.c; here are the frames in which the split left the action, assignments, and what is
 * done when everything holds.
 *
 * The split makes an action for each combination of constants that \E and arguments give. Actions
 * that are alike but for these values are instances of one formula: the first function above has
 * the values of its only instance inside, the second finds those of any instance in tables, or
 * calculates them when they are integers in a row. Where all instances agree, the value is inside
 * all the same. c->action is the number of the action, set by the caller.
 *
 * A primed variable is a term, not yet a place in memory: guards behind an assignment may still
 * fail. The successor is made when all hold: the next slot of the batch becomes a copy of the
 * parent, what was assigned is stored over it, and the digest is brought up to date
 * (emit_digest.c). A variable whose term is the parent's own costs nothing beyond the copy. */
#include "native/solver.h"

#include "eval/embed.h"
#include "native/emit_digest.h"
#include "native/emit_value.h"
#include "native/writer.h"

#include <inttypes.h>
#include <string.h>

/* --- assignment --- */

struct fm_term fm_emit_parent_value(struct fm_emit *emit, uint32_t variable)
{
    const struct fm_shape *shape = emit->layout->variables[variable];
    const char *member = fm_emit_format(emit, "%s->%s", emit->state,
                                        fm_emit_member(emit, variable));
    return fm_emit_coded(shape, fm_emit_load(emit, shape, member));
}

struct fm_emit_solver fm_emit_solver_new(struct fm_emit *emit, struct fm_emit_exit *exit)
{
    uint32_t count = emit->program->variable_count;
    struct fm_emit_solver solver = {
        .emit = emit,
        .target = fm_arena_calloc(&emit->arena, count + 1, sizeof *solver.target),
        .kept = fm_arena_calloc(&emit->arena, count + 1, sizeof *solver.kept),
        .variable_count = count,
        .exit = exit,
        .epoch = emit->target_epoch,
    };
    for (uint32_t i = 0; i < count; i++) {
        solver.target[i].value = fm_none();
    }
    return solver;
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

/* The update that made the term out of the parent's own value; or NULL. */
static const struct fm_emit_update *update_of(struct fm_emit *emit, uint32_t variable,
                                              struct fm_term term)
{
    const struct fm_shape *shape = emit->layout->variables[variable];
    for (uint32_t i = emit->updates.count; term.code != NULL && i > 0; i--) {
        const struct fm_emit_update *update = &emit->updates.at[i - 1];
        if (strcmp(update->name, term.code) == 0) {
            const char *base = fm_emit_parent_value(emit, variable).code;
            return update->shape == shape && strcmp(update->base, base) == 0 ? update : NULL;
        }
    }
    return NULL;
}

/* The variable's new value, into *t: only what is new of it where that is known. `is_compared`: a
 * scalar stands in new_N. */
static void store_variable(struct fm_emit_solver *solver, uint32_t variable, bool is_compared)
{
    struct fm_emit *emit = solver->emit;
    const struct fm_shape *shape = emit->layout->variables[variable];
    const char *member = fm_emit_format(emit, "t->%s", fm_emit_member(emit, variable));
    struct fm_term term = solver->target[variable];
    const struct fm_emit_update *update = update_of(emit, variable, term);
    if (update != NULL) {
        fm_emit_line(emit, "%s.at[%s] = %s.at[%s];", member, update->index, update->name,
                     update->index);
    } else if (is_compared) {
        fm_emit_line(emit, "%s = new_%u;", member, variable);
    } else {
        fm_emit_store(emit, shape, member, fm_emit_as(emit, term, shape));
    }
}

/* Whether a variable's new value is compared with the parent's by a few instructions. */
static bool is_comparable(struct fm_emit_solver *solver, uint32_t variable)
{
    struct fm_emit *emit = solver->emit;
    const struct fm_shape *shape = emit->layout->variables[variable];
    if (update_of(emit, variable, solver->target[variable]) != NULL) {
        return !fm_shape_is_struct(shape->parts[0]);
    }
    return !fm_shape_is_struct(shape);
}

/* Leaves the successor out that equals its parent, before anything is stored; false when only the
 * digests will tell. What has one representation here and another one there goes on as different,
 * and is found where the parent is. */
static bool leave_unchanged_out(struct fm_emit_solver *solver)
{
    struct fm_emit *emit = solver->emit;
    const struct fm_program *program = emit->program;
    bool comparable = program->constraint_count + program->action_constraint_count == 0;
    for (uint32_t i = 0; i < solver->variable_count; i++) {
        comparable = comparable && (solver->kept[i] || is_comparable(solver, i));
    }
    if (!comparable) {
        return false;
    }
    struct fm_text test = {0};
    for (uint32_t i = 0; i < solver->variable_count; i++) {
        const struct fm_shape *shape = emit->layout->variables[i];
        const char *name = fm_emit_member(emit, i);
        struct fm_term term = solver->target[i];
        const struct fm_emit_update *update = update_of(emit, i, term);
        if (solver->kept[i]) {
            continue;
        }
        if (update != NULL) {
            fm_text_printf(&test, "%s.at[%s] == s->%s.at[%s] && ", update->name, update->index,
                           name, update->index);
        } else {
            const char *fresh = fm_emit_format(emit, "new_%u", i);
            fm_emit_line(emit, "%s %s;", fm_emit_member_type(emit, shape), fresh);
            fm_emit_store(emit, shape, fresh, fm_emit_as(emit, term, shape));
            fm_text_printf(&test, "%s == s->%s && ", fresh, name);
        }
    }
    fm_emit_open(emit, "if (%sc->counts_unchanged)", fm_text_string(&test));
    fm_emit_line(emit, "fm_nrt_note_unchanged(c, %s);", solver->action);
    fm_emit_close(emit, "");
    fm_text_deinit(&test);
    return true;
}

/* The digest with the variable's new value. */
static void change_variable(struct fm_emit_solver *solver, uint32_t variable)
{
    struct fm_emit *emit = solver->emit;
    const struct fm_shape *shape = emit->layout->variables[variable];
    const char *name = fm_emit_member(emit, variable);
    const struct fm_emit_update *update = update_of(emit, variable, solver->target[variable]);
    if (update != NULL) {
        fm_emit_line(emit, "%s(c, p, &total, &s->%s, &t->%s, (uint32_t)(%s));",
                     fm_emit_digest_change_place(emit, variable, shape), name, name, update->index);
    } else {
        fm_emit_line(emit, "%s(c, p, &total, &s->%s, &t->%s);",
                     fm_emit_digest_change(emit, variable, shape), name, name);
    }
}

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
    if (solver->is_initial) {
        fm_emit_initial_leaf(solver);
        return;
    }
    fm_emit_open(emit, "%s", "");
    bool is_changed = leave_unchanged_out(solver);
    if (is_changed) {
        fm_emit_open(emit, "else");
    }
    fm_emit_line(emit, "state *const t = (state *)c->states + c->count;");
    fm_emit_line(emit, "struct fm_digest total = p->total;");
    fm_emit_line(emit, "*t = *s;");
    for (uint32_t i = 0; i < solver->variable_count; i++) {
        if (!solver->kept[i]) {
            store_variable(solver, i, is_changed);
        }
    }
    for (uint32_t i = 0; i < solver->variable_count; i++) {
        if (!solver->kept[i]) {
            change_variable(solver, i);
        }
    }
    fm_emit_line(emit, "deliver%s(c, p, t, total, %s);", is_changed ? "_changed" : "",
                 solver->action);
    if (is_changed) {
        fm_emit_close(emit, "");
    }
    fm_emit_close(emit, "");
}

/* --- instances --- */

bool fm_emit_actions_are_alike(struct fm_emit *emit, uint32_t a, uint32_t b)
{
    const struct fm_action *actions = emit->model->actions;
    const uint32_t *impurity = emit->model->action_impurity;
    if (actions[a].node != actions[b].node ||
        (impurity != NULL && (impurity[a] != 0 || impurity[b] != 0))) {
        return false;
    }
    const struct fm_eval_place *x = fm_eval_action_place(emit->model, a, &emit->arena);
    const struct fm_eval_place *y = fm_eval_action_place(emit->model, b, &emit->arena);
    for (; x != NULL && y != NULL; x = x->outer, y = y->outer) {
        if (x->def != y->def || x->let_count != y->let_count) {
            return false;
        }
        for (uint32_t i = 0; i < x->let_count; i++) {
            if (x->lets[i] != y->lets[i]) {
                return false;
            }
        }
        for (uint32_t i = 0; x->def != NULL && i < x->def->frame_size; i++) {
            if (fm_is_none(x->slots[i]) != fm_is_none(y->slots[i])) {
                return false;
            }
        }
    }
    return x == NULL && y == NULL;
}

static bool all_equal(struct fm_emit *emit, const fm_value *values, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        if (!fm_value_same(values[0], values[i]) &&
            !fm_value_equal(emit->context, values[0], values[i])) {
            return false;
        }
    }
    return true;
}

/* Whether the values are integers each one more than the one before. */
static bool in_a_row(const fm_value *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!fm_is_small(values[i]) ||
            fm_small_get(values[i]) - (int64_t)i != fm_small_get(values[0])) {
            return false;
        }
    }
    return true;
}

/* A table of the values in the shape, or NULL when one is not of it. */
static const char *table_of(struct fm_emit *emit, const fm_value *values, uint32_t count,
                            const struct fm_shape *shape)
{
    struct fm_text text = {0};
    const void *bytes = "";
    for (uint32_t i = 0; i < count && bytes != NULL; i++) {
        bytes = fm_emit_bytes(emit, shape, values[i]);
        if (bytes != NULL) {
            fm_text_puts(&text, i == 0 ? "{" : ", ");
            fm_emit_literal(shape, bytes, &text);
        }
    }
    fm_text_puts(&text, "}");
    const char *name = NULL;
    if (bytes != NULL) {
        name = fm_emit_static(emit, "instances", fm_emit_member_type(emit, shape),
                              fm_emit_format(emit, "[%u]", count), fm_text_string(&text));
    }
    fm_text_deinit(&text);
    return name;
}

/* The term of what is values[i] in instance i. */
static struct fm_term instance_term(struct fm_emit *emit, const fm_value *values, uint32_t count)
{
    if (all_equal(emit, values, count)) {
        return fm_emit_known(emit, values[0]);
    }
    const struct fm_shape *shape = fm_shape_none(emit->shapes);
    for (uint32_t i = 0; i < count; i++) {
        shape = fm_shape_join_value(emit->shapes, shape, values[i]);
    }
    const char *code;
    if (in_a_row(values, count)) {
        code = fm_emit_format(emit, "(int64_t)instance + INT64_C(%" PRId64 ")",
                              fm_small_get(values[0]));
        return fm_emit_coded(shape, fm_emit_declare(emit, shape, "value", code));
    }
    const char *table = shape->has_any ? NULL : table_of(emit, values, count, shape);
    if (table == NULL) {
        shape = fm_shape_any(emit->shapes);
        code = fm_emit_format(emit, "c->constants[%uu + instance]",
                              fm_emit_constants(emit, values, count));
        return fm_emit_coded(shape, fm_emit_declare(emit, shape, "value", code));
    }
    code = fm_emit_format(emit, "%s[instance]", table);
    if (fm_shape_is_struct(shape)) {
        return fm_emit_coded(shape, code);
    }
    code = fm_emit_load(emit, shape, code);
    return fm_emit_coded(shape, fm_emit_declare(emit, shape, "value", code));
}

/* --- frames --- */

/* The frame for the places of `count` instances. */
static struct fm_emit_frame *frame_of_places(struct fm_emit *emit,
                                             const struct fm_eval_place **places, uint32_t count)
{
    const struct fm_eval_place *first = places[0];
    if (first == NULL) {
        return NULL;
    }
    const struct fm_eval_place **outer = fm_arena_alloc(&emit->arena, count * sizeof *outer);
    for (uint32_t k = 0; k < count; k++) {
        outer[k] = places[k]->outer;
    }
    struct fm_emit_frame *frame = fm_emit_frame_new(emit, first->def,
                                                    frame_of_places(emit, outer, count));
    fm_value *values = fm_arena_alloc(&emit->arena, count * sizeof *values);
    for (uint32_t i = 0; i < frame->count && first->def != NULL && i < first->def->frame_size;
         i++) {
        if (fm_is_none(first->slots[i])) {
            continue;
        }
        for (uint32_t k = 0; k < count; k++) {
            values[k] = places[k]->slots[i];
        }
        frame->slots[i] = (struct fm_emit_slot){.kind = FM_EMIT_TERM,
                                                .term = instance_term(emit, values, count)};
    }
    for (uint32_t i = 0; i < first->let_count; i++) {
        fm_emit_let(emit, first->lets[i], frame);
    }
    return frame;
}

const char *fm_emit_action_head(struct fm_emit *emit, const char *name, uint32_t count)
{
    return fm_emit_format(emit, "ACTION void %s(struct fm_nrt *c, const struct parent *p%s)", name,
                          count > 1 ? ", uint32_t instance" : "");
}

void fm_emit_action(struct fm_emit *emit, const uint32_t *indexes, uint32_t instance_count,
                    const char *name)
{
    const struct fm_action *action = &emit->model->actions[indexes[0]];
    if (emit->model->action_impurity != NULL && emit->model->action_impurity[indexes[0]] != 0) {
        fm_emit_refuse(emit, action->node, "it has effects, or draws random numbers");
    }
    struct fm_emit_exit end = {NULL, false};
    struct fm_emit_solver solver = fm_emit_solver_new(emit, &end);
    solver.action = instance_count > 1 ? "c->action" : fm_emit_format(emit, "%uu", indexes[0]);
    solver.shortcut = fm_eval_has_shortcut(emit->model);
    emit->state = "s";
    emit->target = solver.target;
    emit->primed = false;
    fm_emit_line(emit, "%s", fm_emit_action_head(emit, name, instance_count));
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "const state *const s = p->s;");
    fm_emit_line(emit, "(void)s;");
    const struct fm_eval_place **places = fm_arena_alloc(&emit->arena,
                                                         instance_count * sizeof *places);
    for (uint32_t k = 0; k < instance_count; k++) {
        places[k] = fm_eval_action_place(emit->model, indexes[k], &emit->arena);
    }
    struct fm_emit_frame *frame = frame_of_places(emit, places, instance_count);
    fm_emit_solve(&solver, action->node, frame, NULL);
    fm_emit_close(emit, "\n");
    emit->target = NULL;
}
