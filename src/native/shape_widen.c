/* Widening: joins for iterations that must end.
 *
 * The abstract interpretation of a counter joins 0..0, 0..1, 0..2 and so on for ever. Widening
 * looks at what grew since the shape before and lets it grow by a jump: ranges to bounds of 4, 8,
 * 16, 32 and 60 bits, capacities by half of what they were, keys of partial functions to a whole
 * range of integers. Only what grew jumps, and only where old and new shape have the same form;
 * where the form changed (a tuple became a sequence), that is progress enough, and forms change
 * finitely often.
 *
 * Where a bound is known (bound.c), a jump goes at least so far.
 *
 * The result includes the join. It may become ANY where the join is not yet: what would grow key by
 * key or element by element is. A sequence of which half as many elements more do not fit gets as
 * many as do, and is ANY when it grows again. */
#include "native/shape_table.h"

#include "base/assert.h"

#include <string.h>

void fm_shapes_add_bound(struct fm_shapes *shapes, int64_t bound)
{
    uint32_t i = 0;
    while (i < shapes->bound_count && shapes->bounds[i] != bound) {
        i++;
    }
    if (i < FM_SHAPES_BOUNDS_MAX) {
        shapes->bounds[i] = bound;
        shapes->bound_count = i < shapes->bound_count ? shapes->bound_count : i + 1;
    }
}

/* The least bound from `high` on, or `high`. */
static int64_t next_bound(const struct fm_shapes *shapes, int64_t high)
{
    int64_t next = INT64_MAX;
    for (uint32_t i = 0; i < shapes->bound_count; i++) {
        if (shapes->bounds[i] >= high && shapes->bounds[i] < next) {
            next = shapes->bounds[i];
        }
    }
    return next == INT64_MAX ? high : next;
}

static int64_t jump_by_size(int64_t high)
{
    static const int64_t bounds[] = {15, UINT8_MAX, INT16_MAX, INT32_MAX};
    for (uint32_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        if (high <= bounds[i]) {
            return bounds[i];
        }
    }
    return FM_SMALL_MAX;
}

static int64_t jump_high(const struct fm_shapes *shapes, int64_t high)
{
    int64_t jump = jump_by_size(high), bound = next_bound(shapes, high);
    return jump < bound ? bound : jump;
}

static int64_t jump_low(int64_t low)
{
    static const int64_t bounds[] = {0, -16, -256, INT16_MIN, INT32_MIN};
    for (uint32_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        if (low >= bounds[i]) {
            return bounds[i];
        }
    }
    return FM_SMALL_MIN;
}

static const struct fm_shape *jump(struct fm_shapes *shapes, const struct fm_shape *old,
                                   const struct fm_shape *joined);

static const struct fm_shape *jump_int(struct fm_shapes *shapes, const struct fm_shape *old,
                                       const struct fm_shape *joined)
{
    return fm_shape_int(shapes, joined->low < old->low ? jump_low(joined->low) : joined->low,
                        joined->high > old->high ? jump_high(shapes, joined->high) : joined->high);
}

/* TUPLE or RECORD. */
static const struct fm_shape *jump_parts(struct fm_shapes *shapes, const struct fm_shape *old,
                                         const struct fm_shape *joined)
{
    const struct fm_shape *parts[FM_SHAPE_PARTS_MAX];
    if (old->part_count != joined->part_count) {
        return joined;
    }
    for (uint32_t i = 0; i < joined->part_count; i++) {
        parts[i] = jump(shapes, old->parts[i], joined->parts[i]);
    }
    return joined->kind == FM_SHAPE_RECORD
               ? fm_shape_record(shapes, joined->domain, parts)
               : fm_shape_tuple_or_array(shapes, parts, joined->part_count);
}

static const struct fm_shape *jump_seq(struct fm_shapes *shapes, const struct fm_shape *old,
                                       const struct fm_shape *joined)
{
    const struct fm_shape *element = jump(shapes, old->parts[0], joined->parts[0]);
    uint32_t capacity = joined->capacity, fitting = FM_SHAPE_SIZE_MAX / element->size;
    if (capacity > old->capacity) {
        fitting -= fitting > 8 ? 8 : 0; /* the length and its padding */
        uint32_t longer = old->capacity + old->capacity / 2 + 2;
        int64_t bound = next_bound(shapes, capacity);
        longer = longer < bound ? (uint32_t)bound : longer;
        longer = longer < fitting ? longer : fitting;
        capacity = longer > capacity ? longer : capacity;
    }
    return fm_shape_seq(shapes, element, capacity);
}

static bool are_ints(const struct fm_shape *shape)
{
    for (uint32_t i = 0; i < shape->value_count; i++) {
        if (!fm_is_small(shape->values[i])) {
            return false;
        }
    }
    return shape->value_count > 0;
}

/* The range from the least to the greatest key. */
static const struct fm_shape *key_range(struct fm_shapes *shapes, const struct fm_shape *map)
{
    return fm_shape_int(shapes, fm_small_get(map->values[0]),
                        fm_small_get(map->values[map->value_count - 1]));
}

static const struct fm_shape *jump_pfun(struct fm_shapes *shapes, const struct fm_shape *old,
                                        const struct fm_shape *joined)
{
    const struct fm_shape *element = jump(shapes, old->parts[0], joined->parts[0]);
    if (joined->value_count > old->value_count && are_ints(old) && are_ints(joined)) {
        const struct fm_shape *keys = jump_int(shapes, key_range(shapes, old),
                                               key_range(shapes, joined));
        return fm_shape_pfun(shapes, keys, element);
    }
    return fm_shape_pfun_of(shapes, joined->values, joined->value_count, element);
}

static const struct fm_shape *jump_set(struct fm_shapes *shapes, const struct fm_shape *old,
                                       const struct fm_shape *joined)
{
    const struct fm_shape *element = jump(shapes, old->parts[0], joined->parts[0]);
    const struct fm_shape *closed = fm_shape_set(shapes, element);
    if (closed != shapes->any) {
        return fm_shape_join(shapes, joined, closed);
    }
    bool grew = old->value_count > 0 && joined->value_count > old->value_count;
    return grew ? shapes->any : joined; /* a list would grow element by element */
}

/* The part of the old shape, a sum or not, that became this part. */
static const struct fm_shape *predecessor(struct fm_shapes *shapes, const struct fm_shape *old,
                                          const struct fm_shape *part)
{
    const struct fm_shape *const *parts = old->kind == FM_SHAPE_SUM ? old->parts : &old;
    uint32_t count = old->kind == FM_SHAPE_SUM ? old->part_count : 1;
    for (uint32_t i = 0; i < count; i++) {
        if (parts[i]->kind == part->kind && fm_shape_includes(shapes, part, parts[i])) {
            return parts[i];
        }
    }
    return part;
}

static const struct fm_shape *jump_sum(struct fm_shapes *shapes, const struct fm_shape *old,
                                       const struct fm_shape *joined)
{
    const struct fm_shape *result = shapes->none;
    for (uint32_t i = 0; i < joined->part_count; i++) {
        const struct fm_shape *part = joined->parts[i];
        part = jump(shapes, predecessor(shapes, old, part), part);
        result = fm_shape_join(shapes, result, part);
    }
    return result;
}

/* The joined shape includes the old one. */
static const struct fm_shape *jump(struct fm_shapes *shapes, const struct fm_shape *old,
                                   const struct fm_shape *joined)
{
    if (old == joined) {
        return joined;
    }
    if (joined->kind == FM_SHAPE_SUM) {
        return jump_sum(shapes, old, joined);
    }
    if (old->kind != joined->kind) {
        return joined;
    }
    switch (joined->kind) {
    case FM_SHAPE_INT:
        return jump_int(shapes, old, joined);
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        return jump_parts(shapes, old, joined);
    case FM_SHAPE_FCN:
        return fm_shape_fcn(shapes, joined->domain, jump(shapes, old->parts[0], joined->parts[0]));
    case FM_SHAPE_PFUN:
        return jump_pfun(shapes, old, joined);
    case FM_SHAPE_SEQ:
        return joined->capacity == 0 ? joined : jump_seq(shapes, old, joined);
    case FM_SHAPE_SET:
        return jump_set(shapes, old, joined);
    case FM_SHAPE_NONE:
    case FM_SHAPE_BOOL:
    case FM_SHAPE_ATOM:
    case FM_SHAPE_ANY:
        return joined;
    case FM_SHAPE_SUM:
        break;
    }
    fm_unreachable();
}

const struct fm_shape *fm_shape_widen(struct fm_shapes *shapes, const struct fm_shape *old,
                                      const struct fm_shape *more)
{
    if (fm_shape_includes(shapes, old, more)) {
        return old;
    }
    return jump(shapes, old, fm_shape_join(shapes, old, more));
}
