/* The settled shapes once more, in a table of their own.
 *
 * A table of shapes numbers everything that was ever made, and joins look at the numbers; so the
 * table in which samples are joined and shapes are inferred depends on every state that was looked
 * at, and with it the names in what is emitted and the key of the cache. What counts is the result:
 * it is built anew, from constructors only, in an empty table. Two runs that settle on the same
 * shapes emit the same text.
 *
 * A shape that cannot be rebuilt (its text differs afterwards) leaves everything as it was: that
 * costs a compilation, never a result. */
#include "native/tier.h"

#include "base/assert.h"

#include <string.h>

static const struct fm_shape *rebuild(struct fm_shapes *shapes, const struct fm_shape *old);

static const struct fm_shape *rebuild_product(struct fm_shapes *shapes, const struct fm_shape *old)
{
    const struct fm_shape *parts[FM_SHAPE_PARTS_MAX];
    fm_assert(old->part_count <= FM_SHAPE_PARTS_MAX);
    for (uint32_t i = 0; i < old->part_count; i++) {
        parts[i] = rebuild(shapes, old->parts[i]);
    }
    if (old->kind == FM_SHAPE_TUPLE) {
        return fm_shape_tuple(shapes, parts, old->part_count);
    }
    return fm_shape_record(shapes, old->domain, parts);
}

static const struct fm_shape *rebuild_sum(struct fm_shapes *shapes, const struct fm_shape *old)
{
    const struct fm_shape *sum = fm_shape_none(shapes);
    for (uint32_t i = 0; i < old->part_count; i++) {
        sum = fm_shape_join(shapes, sum, rebuild(shapes, old->parts[i]));
    }
    return sum;
}

static const struct fm_shape *rebuild_pfun(struct fm_shapes *shapes, const struct fm_shape *old)
{
    const struct fm_shape *key = fm_shape_none(shapes);
    for (uint32_t i = 0; i < old->value_count; i++) {
        key = fm_shape_join(shapes, key, fm_shape_of_value(shapes, old->values[i]));
    }
    return fm_shape_pfun(shapes, key, rebuild(shapes, old->parts[0]));
}

/* Shapes nest less deeply than values may: shape.c bounds them. */
static const struct fm_shape *rebuild(struct fm_shapes *shapes, const struct fm_shape *old)
{
    switch (old->kind) {
    case FM_SHAPE_NONE:
        return fm_shape_none(shapes);
    case FM_SHAPE_BOOL:
        return fm_shape_bool(shapes);
    case FM_SHAPE_INT:
        return fm_shape_int(shapes, old->low, old->high);
    case FM_SHAPE_ATOM:
        return fm_shape_atom(shapes, old->values, old->value_count);
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        return rebuild_product(shapes, old);
    case FM_SHAPE_FCN:
        return fm_shape_fcn(shapes, old->domain, rebuild(shapes, old->parts[0]));
    case FM_SHAPE_PFUN:
        return rebuild_pfun(shapes, old);
    case FM_SHAPE_SEQ:
        return fm_shape_seq(shapes, rebuild(shapes, old->parts[0]), old->capacity);
    case FM_SHAPE_SET:
        return fm_shape_set_of(shapes, rebuild(shapes, old->parts[0]), old->values,
                               old->value_count);
    case FM_SHAPE_SUM:
        return rebuild_sum(shapes, old);
    case FM_SHAPE_ANY:
        return fm_shape_any(shapes);
    }
    fm_unreachable();
}

static bool same_text(struct fm_shapes *new_table, const struct fm_shape *new_shape,
                      struct fm_shapes *old_table, const struct fm_shape *old_shape)
{
    struct fm_text new_text = {NULL, 0, 0}, old_text = {NULL, 0, 0};
    fm_shape_print(new_table, new_shape, &new_text);
    fm_shape_print(old_table, old_shape, &old_text);
    bool same = strcmp(fm_text_string(&new_text), fm_text_string(&old_text)) == 0 &&
                new_shape->size == old_shape->size && new_shape->bits == old_shape->bits;
    fm_text_deinit(&new_text);
    fm_text_deinit(&old_text);
    return same;
}

struct settling {
    struct native_model *model;
    struct fm_shapes *table;
    const struct fm_layout *layout;
    bool succeeded;
};

static void run_settle(struct fm_engine *engine, void *closure)
{
    struct settling *at = closure;
    struct native_model *model = at->model;
    uint32_t count = at->layout->variable_count;
    const struct fm_shape **variables = fm_arena_alloc(&model->arena,
                                                       (count + 1) * sizeof *variables);
    (void)engine;
    at->succeeded = true;
    for (uint32_t i = 0; i < count && at->succeeded; i++) {
        const struct fm_shape *old = at->layout->variables[i];
        variables[i] = rebuild(at->table, old);
        at->succeeded = same_text(at->table, variables[i], model->shapes, old);
    }
    if (at->succeeded) {
        at->layout = fm_layout_new(at->table, variables, count);
    }
}

const struct fm_layout *fm_native_settle(struct native_model *model, const struct fm_layout *layout)
{
    struct settling at = {
        .model = model, .table = fm_shapes_new(&model->context), .layout = layout};
    fm_vec_push(&model->tables, at.table);
    if (!fm_eval_guard(model->engine, run_settle, &at) || !at.succeeded) {
        return layout;
    }
    model->shapes = at.table;
    return at.layout;
}
