/* What constraints say about integers: how far inference goes with them.
 *
 * Models of unbounded specifications are bounded by CONSTRAINT: `next <= 90`,
 * `\A p \in P : weight[p].den <= 8`, `Len(queue) < 5`. Only states within are expanded, so actions
 * read values up to the bound, all of them sooner or later, and store what one step makes of these.
 * The sample has seen small values only. So shapes of what is read reach exactly to the bound; and
 * what is widened (shape_widen.c) jumps to the next bound of any variable, since what counts along
 * with a bounded variable ends where that one does.
 *
 * A bound is a comparison of a constant with a variable, or with a part of it, or a length: a path
 * of fields and of arguments, whichever these are. All this is guessing: values beyond the shapes
 * are guarded against. */
#include "native/tier.h"

#include "modules/native.h"

#include <string.h>

/* Definitions and quantifiers passed on the way. */
#define DEPTH_MAX 16u
#define PATH_MAX 4u
#define BOUNDS_MAX 32u
/* Values of a part that are taken in at once; beyond, what was seen tells more. */
#define SPAN_MAX 4096

struct step {
    const struct fm_symbol *field; /* NULL: any argument */
};

struct bound {
    uint32_t variable;
    struct step path[PATH_MAX]; /* from the variable on */
    uint32_t path_count;
    bool is_length;
    bool is_high; /* or low */
    int64_t value;
};

struct native_bounds {
    struct bound at[BOUNDS_MAX];
    uint32_t count;
};

/* --- reading constraints --- */

struct reader {
    struct native_model *model;
    struct native_bounds *bounds;
};

static bool is_native(const struct fm_node *node, const char *name, uint32_t arity)
{
    return node->op == FM_OP_CALL && node->count == arity && node->u.def->native != NULL &&
           strcmp(node->u.def->native->name, name) == 0;
}

static const struct fm_node *opened(const struct fm_node *node)
{
    for (uint32_t i = 0; i < DEPTH_MAX; i++) {
        if (node->op == FM_OP_LABEL) {
            node = node->kids[0];
        } else if (node->op == FM_OP_CALL && node->count == 0 && node->u.def->native == NULL &&
                   node->u.def->body != NULL && fm_is_none(node->u.def->value)) {
            node = node->u.def->body;
        } else {
            return node;
        }
    }
    return node;
}

/* Whether the node is a variable or a part of one; then the path is filled in. */
static bool read_path(const struct fm_node *node, struct bound *bound)
{
    node = opened(node);
    if (is_native(node, "Len", 1) && !bound->is_length) {
        bound->is_length = true;
        return read_path(node->kids[0], bound);
    }
    if (node->op == FM_OP_VAR) {
        bound->variable = node->u.index;
        return true;
    }
    if ((node->op != FM_OP_FIELD && node->op != FM_OP_FCNAPP) || !read_path(node->kids[0], bound) ||
        bound->path_count == PATH_MAX) {
        return false;
    }
    bound->path[bound->path_count++] = (struct step){node->op == FM_OP_FIELD ? node->u.name : NULL};
    return true;
}

static bool has_locals(const struct fm_node *node)
{
    bool found = node->op == FM_OP_LOCAL || node->op == FM_OP_OPERATOR_LOCAL;
    for (uint32_t i = 0; i < node->count && !found; i++) {
        found = has_locals(node->kids[i]);
    }
    return found;
}

struct evaluation {
    struct native_model *model;
    const struct fm_node *node;
    fm_value value;
};

static void run_evaluation(struct fm_engine *engine, void *closure)
{
    struct evaluation *at = closure;
    struct fm_eval_site *site = fm_eval_site_new(at->model->inner, at->node, NULL);
    at->value = fm_eval_site_run(engine, site, &(struct fm_eval_slots){0}, NULL, NULL);
}

static bool read_constant(struct native_model *model, const struct fm_node *node, int64_t *value)
{
    struct evaluation at = {model, node, fm_none()};
    if (node->level != FM_LEVEL_CONSTANT || has_locals(node) ||
        !fm_eval_guard(model->engine, run_evaluation, &at) || !fm_is_small(at.value)) {
        return false;
    }
    *value = fm_small_get(at.value);
    return true;
}

/* part OP constant, where the part is smaller (or equal), or larger. */
static void read_comparison(struct reader *reader, const struct fm_node *part,
                            const struct fm_node *constant, bool is_smaller, bool or_equal)
{
    struct bound bound = {.is_high = is_smaller};
    struct native_bounds *bounds = reader->bounds;
    if (bounds->count == BOUNDS_MAX || !read_path(part, &bound) ||
        bound.variable >= reader->model->model.variable_count ||
        !read_constant(reader->model, constant, &bound.value)) {
        return;
    }
    bound.value += or_equal ? 0 : is_smaller ? -1 : 1;
    bounds->at[bounds->count++] = bound;
}

static void read_formula(struct reader *reader, const struct fm_node *node, uint32_t depth)
{
    static const struct {
        const char *name;
        bool is_less, or_equal;
    } comparisons[] = {
        {"<=", true, true}, {"<", true, false}, {">=", false, true}, {">", false, false}};
    node = opened(node);
    if (depth == DEPTH_MAX) {
        return;
    }
    if (node->op == FM_OP_AND || node->op == FM_OP_FORALL) {
        for (uint32_t i = 0; i < node->count; i++) {
            read_formula(reader, node->kids[i], depth + 1);
        }
        return;
    }
    for (uint32_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
        if (is_native(node, comparisons[i].name, 2)) {
            bool less = comparisons[i].is_less, or_equal = comparisons[i].or_equal;
            read_comparison(reader, node->kids[0], node->kids[1], less, or_equal);
            read_comparison(reader, node->kids[1], node->kids[0], !less, or_equal);
        }
    }
}

const struct native_bounds *fm_native_bounds_new(struct native_model *model)
{
    struct native_bounds *bounds = fm_arena_calloc(&model->arena, 1, sizeof *bounds);
    struct reader reader = {model, bounds};
    const struct fm_program *program = model->model.program;
    for (uint32_t i = 0; i < program->constraint_count; i++) {
        read_formula(&reader, program->constraints[i].node, 0);
    }
    for (uint32_t i = 0; i < bounds->count; i++) {
        if (bounds->at[i].is_high && bounds->at[i].value < SPAN_MAX) {
            fm_shapes_add_bound(model->shapes, bounds->at[i].value + 1); /* one step beyond */
        }
    }
    return bounds;
}

/* --- applying them --- */

static const struct fm_shape *reach(struct native_model *model, const struct bound *bound,
                                    const struct fm_shape *shape, uint32_t step);

/* The integers or lengths themselves. */
static const struct fm_shape *reach_end(struct native_model *model, const struct bound *bound,
                                        const struct fm_shape *shape)
{
    if (bound->is_length) {
        bool fits = shape->kind == FM_SHAPE_SEQ && shape->capacity != 0 && bound->is_high &&
                    bound->value > 0 && bound->value <= SPAN_MAX;
        const struct fm_shape *seq = fits ? fm_shape_seq(model->shapes, shape->parts[0],
                                                         (uint32_t)bound->value)
                                          : shape;
        return seq->kind == FM_SHAPE_SEQ ? seq : shape;
    }
    if (shape->kind != FM_SHAPE_INT) {
        return shape;
    }
    int64_t low = bound->is_high ? shape->low : bound->value;
    int64_t high = bound->is_high ? bound->value : shape->high;
    bool is_narrower = low >= shape->low && high <= shape->high;
    bool is_few = low <= high && (is_narrower || high - low < SPAN_MAX);
    return is_few ? fm_shape_int(model->shapes, low, high) : shape;
}

static const struct fm_shape *reach_field(struct native_model *model, const struct bound *bound,
                                          const struct fm_shape *record, uint32_t step)
{
    const struct fm_shape *parts[FM_SHAPE_PARTS_MAX];
    uint32_t field = fm_shape_field(record, bound->path[step].field);
    if (field == UINT32_MAX || record->part_count > FM_SHAPE_PARTS_MAX) {
        return record;
    }
    memcpy(parts, record->parts, record->part_count * sizeof *parts);
    parts[field] = reach(model, bound, parts[field], step + 1);
    return fm_shape_record(model->shapes, record->domain, parts);
}

static const struct fm_shape *reach(struct native_model *model, const struct bound *bound,
                                    const struct fm_shape *shape, uint32_t step)
{
    struct fm_shapes *shapes = model->shapes;
    if (step == bound->path_count) {
        return reach_end(model, bound, shape);
    }
    bool any_argument = bound->path[step].field == NULL;
    switch (shape->kind) {
    case FM_SHAPE_RECORD:
        return any_argument ? shape : reach_field(model, bound, shape, step);
    case FM_SHAPE_FCN:
        return any_argument ? fm_shape_fcn(shapes, shape->domain,
                                           reach(model, bound, shape->parts[0], step + 1))
                            : shape;
    case FM_SHAPE_PFUN:
        return any_argument ? fm_shape_pfun_of(shapes, shape->values, shape->value_count,
                                               reach(model, bound, shape->parts[0], step + 1))
                            : shape;
    case FM_SHAPE_SEQ:
        return any_argument && shape->capacity != 0
                   ? fm_shape_seq(shapes, reach(model, bound, shape->parts[0], step + 1),
                                  shape->capacity)
                   : shape;
    case FM_SHAPE_NONE:
    case FM_SHAPE_BOOL:
    case FM_SHAPE_INT:
    case FM_SHAPE_ATOM:
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_SET:
    case FM_SHAPE_SUM:
    case FM_SHAPE_ANY:
        break;
    }
    return shape;
}

const struct fm_shape *fm_native_bounds_reach(struct native_model *model,
                                              const struct native_bounds *bounds, uint32_t variable,
                                              const struct fm_shape *shape)
{
    for (uint32_t i = 0; i < bounds->count; i++) {
        if (bounds->at[i].variable == variable) {
            const struct fm_shape *next = reach(model, &bounds->at[i], shape, 0);
            shape = next->has_any && !shape->has_any ? shape : next;
        }
    }
    return shape;
}
