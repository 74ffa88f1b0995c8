/* From what was seen to what is emitted: shapes of the variables.
 *
 * Three sources. The sample gives the join of the values it saw. Invariants give hints: a conjunct
 * `x \in S` or `x \subseteq S` with constant S bounds x in every state that the search accepts, so
 * the shape of S joined with what was seen is closed, whatever the actions store: a value outside
 * of it is about to be a violation, and the interpreter deals with it. Variables without a hint
 * are closed by abstract interpretation: a dry run of the emitter joins the shapes of all values
 * that actions store into each variable, given the shapes that are read. It is repeated until
 * nothing grows; in the third and last round what grew is widened, and then the shapes are taken as
 * they are: values beyond them are guarded against, never assumed away, and lead to wider shapes
 * when they come (widen.c). So one jump is enough: what is wider than its values costs in every
 * state.
 *
 * Constraints bound what actions read (bound.c).
 *
 * A hint is left alone where its shape says nothing (ANY in it) or is out of proportion to what was
 * seen; a variable that inference makes ANY stays what the sample saw, if that was better: what
 * leaves it is the interpreter's, state by state. */
#include "native/tier.h"

#include "base/assert.h"
#include "value/set.h"

#include <string.h>

/* Dry runs at most, and from which on what grows is widened. */
#define ROUNDS 3u
#define WIDEN_FROM 2u
/* Bits of a packed variable up to which a hint is taken: below the size at which copying states
 * costs more than what the shape saves. */
#define HINT_BITS_MAX 2048u
/* Definitions opened on the way to conjuncts. */
#define DEPTH_MAX 16u

struct hints {
    struct native_model *model;
    const struct fm_shape **variables; /* seen */
    const struct fm_shape **hinted;    /* or NULL */
};

struct hint_run {
    struct hints *hints;
    const struct fm_node *set;
    const struct fm_def *frame;
    bool is_subset;
    const struct fm_shape *result;
};

static const struct fm_shape *shape_of_hint(struct native_model *model, fm_value set, bool subset)
{
    if (!fm_value_is_set(set)) {
        return NULL;
    }
    return fm_shape_of_elements(model->shapes, subset ? fm_subsets(&model->context, set) : set);
}

static void run_hint(struct fm_engine *engine, void *closure)
{
    struct hint_run *run = closure;
    struct native_model *model = run->hints->model;
    struct fm_eval_site *site = fm_eval_site_new(model->inner, run->set, run->frame);
    fm_value set = fm_eval_site_run(engine, site, &(struct fm_eval_slots){0}, NULL, NULL);
    if (!fm_is_none(set)) {
        run->result = shape_of_hint(model, set, run->is_subset);
    }
}

static void take_hint(struct hints *hints, uint32_t variable, struct hint_run *run)
{
    struct native_model *model = hints->model;
    run->hints = hints;
    if (!fm_eval_guard(model->engine, run_hint, run) || run->result == NULL) {
        return;
    }
    const struct fm_shape *joined = fm_shape_join(model->shapes, hints->variables[variable],
                                                  run->result);
    bool better = hints->hinted[variable] == NULL || joined->bits < hints->hinted[variable]->bits;
    if (!joined->has_any && joined->bits <= HINT_BITS_MAX && better) {
        hints->hinted[variable] = joined;
    }
}

/* Conjuncts of an invariant that bound one variable. */
static void collect(struct hints *hints, const struct fm_node *node, const struct fm_def *frame,
                    uint32_t depth)
{
    if (depth == DEPTH_MAX) {
        return;
    }
    if (node->op == FM_OP_AND || node->op == FM_OP_LABEL) {
        for (uint32_t i = 0; i < node->count; i++) {
            collect(hints, node->kids[i], frame, depth + 1);
        }
    } else if (node->op == FM_OP_CALL && node->count == 0 && node->u.def->body != NULL &&
               node->u.def->native == NULL && fm_is_none(node->u.def->value)) {
        collect(hints, node->u.def->body, node->u.def, depth + 1);
    } else if ((node->op == FM_OP_IN || node->op == FM_OP_SUBSETEQ) &&
               node->kids[0]->op == FM_OP_VAR && node->kids[1]->level == FM_LEVEL_CONSTANT) {
        struct hint_run run = {
            .set = node->kids[1], .frame = frame, .is_subset = node->op == FM_OP_SUBSETEQ};
        take_hint(hints, node->kids[0]->u.index, &run);
    }
}

/* --- closing --- */

struct closing {
    struct native_model *model;
    const struct fm_shape **variables;
    const struct fm_shape *const *hinted;
    const struct native_bounds *bounds;
    bool changed;
};

/* What is read of the variables; that much they hold in any case. */
static void reach_bounds(struct closing *closing, const struct fm_shape **read)
{
    struct native_model *model = closing->model;
    for (uint32_t i = 0; i < model->model.variable_count; i++) {
        read[i] = closing->variables[i];
        if (closing->hinted[i] == NULL) {
            read[i] = fm_native_bounds_reach(model, closing->bounds, i, read[i]);
            closing->variables[i] = fm_shape_join(model->shapes, closing->variables[i], read[i]);
        }
    }
}

static void widen_round(struct closing *closing, const struct fm_shape *const *stored,
                        uint32_t round)
{
    struct native_model *model = closing->model;
    for (uint32_t i = 0; i < model->model.variable_count; i++) {
        const struct fm_shape *old = closing->variables[i];
        if (closing->hinted[i] != NULL || stored[i] == old) {
            continue;
        }
        const struct fm_shape *next = fm_shape_join(model->shapes, old, stored[i]);
        if (round >= WIDEN_FROM) {
            next = fm_shape_widen(model->shapes, old, next);
        }
        if (next != old && !(next->has_any && !old->has_any)) {
            closing->variables[i] = next;
            closing->changed = true;
        }
    }
}

static void run_round(struct native_model *model, const struct fm_shape *const *variables,
                      const struct fm_shape **stored)
{
    uint32_t count = model->model.variable_count;
    struct fm_emit_options options = {
        .model = model->inner,
        .engine = model->engine,
        .context = &model->context,
        .shapes = model->shapes,
        .layout = fm_layout_new(model->shapes, variables, count),
        .text_max = 1,
        .stores = stored,
        .cancel = &model->cancel,
    };
    struct fm_emit_unit unit;
    fm_emit_unit(&options, &unit);
    fm_emit_unit_free(&unit);
}

static void close_shapes(struct fm_engine *engine, void *closure)
{
    struct closing *closing = closure;
    uint32_t count = closing->model->model.variable_count;
    const struct fm_shape **stored = fm_arena_alloc(&closing->model->arena,
                                                    (count + 1) * sizeof *stored);
    const struct fm_shape **read = fm_arena_alloc(&closing->model->arena,
                                                  (count + 1) * sizeof *read);
    (void)engine;
    closing->bounds = fm_native_bounds_new(closing->model);
    closing->changed = true;
    for (uint32_t round = 0; round < ROUNDS && closing->changed; round++) {
        reach_bounds(closing, read);
        memcpy(stored, closing->variables, count * sizeof *stored);
        run_round(closing->model, read, stored);
        closing->changed = false;
        widen_round(closing, stored, round);
    }
}

const struct fm_layout *fm_native_infer(struct native_model *model,
                                        const struct fm_shape **variables)
{
    const struct fm_program *program = model->model.program;
    uint32_t count = model->model.variable_count;
    struct hints hints = {
        .model = model,
        .variables = variables,
        .hinted = fm_arena_calloc(&model->arena, count + 1, sizeof *hints.hinted),
    };
    for (uint32_t i = 0; i < program->invariant_count; i++) {
        collect(&hints, program->invariants[i].node, program->invariants[i].frame, 0);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (hints.hinted[i] != NULL) {
            variables[i] = hints.hinted[i];
        }
    }
    struct closing closing = {model, variables, hints.hinted, NULL, false};
    if (!fm_eval_guard(model->engine, close_shapes, &closing)) {
        return NULL;
    }
    return fm_layout_new(model->shapes, variables, count);
}
