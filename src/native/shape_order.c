/* Which values TLC can compare.
 *
 * The bits of a set stand in TLC's order, so a universe must have one: any two of its values can be
 * elements of one set, and TLC sorts that. Over 1 and "a" there is none; a specification that puts
 * both into one set is in error, and must be so in emitted code too, so such sets are ANY and their
 * operations the interpreter's.
 *
 * Mostly the shape of the elements decides. Where it does not (tuples of different lengths whose
 * elements are of different kinds) the listed values are compared pairwise, as long as they are
 * few. Both tests follow docs/values.md: sizes come first, then the first difference decides. */
#include "native/shape_table.h"

#include "base/assert.h"
#include "value/set.h"
#include "value/view.h"

/* Values that are compared pairwise at most. */
#define PAIRS_COUNT_MAX 64u

/* --- shapes --- */

/* Strings, model values without a type and those of one type can be mixed, but for strings with
 * typed ones. */
static bool atoms_are_ordered(const struct fm_shape *shape)
{
    bool strings = false;
    char type = '\0';
    for (uint32_t i = 0; i < shape->value_count; i++) {
        fm_value v = shape->values[i];
        strings = strings || fm_value_tag(v) == FM_TAG_STRING;
        char other = fm_value_tag(v) == FM_TAG_MODEL ? fm_model_type(v) : '\0';
        if (other != '\0' && type != '\0' && other != type) {
            return false;
        }
        type = other != '\0' ? other : type;
    }
    return !strings || type == '\0';
}

/* Only model values without a type: those can be compared with everything. */
static bool is_untyped(const struct fm_shape *shape)
{
    for (uint32_t i = 0; i < shape->value_count; i++) {
        if (fm_value_tag(shape->values[i]) != FM_TAG_MODEL ||
            fm_model_type(shape->values[i]) != '\0') {
            return false;
        }
    }
    return shape->kind == FM_SHAPE_ATOM;
}

/* Different parts of a sum: records of different fields differ in size or in a name. */
static bool parts_are_ordered(const struct fm_shape *a, const struct fm_shape *b)
{
    return is_untyped(a) || is_untyped(b) ||
           (a->kind == FM_SHAPE_RECORD && b->kind == FM_SHAPE_RECORD) ||
           (fm_shape_is_function(a) && a->kind == FM_SHAPE_SEQ && a->capacity == 0 &&
            fm_shape_is_function(b)) ||
           (fm_shape_is_function(b) && b->kind == FM_SHAPE_SEQ && b->capacity == 0 &&
            fm_shape_is_function(a));
}

static bool sum_is_ordered(const struct fm_shape *shape)
{
    for (uint32_t i = 0; i < shape->part_count; i++) {
        if (!fm_shape_is_ordered(shape->parts[i])) {
            return false;
        }
        for (uint32_t j = 0; j < i; j++) {
            if (!parts_are_ordered(shape->parts[j], shape->parts[i])) {
                return false;
            }
        }
    }
    return true;
}

bool fm_shape_is_ordered(const struct fm_shape *shape)
{
    switch (shape->kind) {
    case FM_SHAPE_NONE:
    case FM_SHAPE_BOOL:
    case FM_SHAPE_INT:
    case FM_SHAPE_SET: /* its universe was tested */
        return true;
    case FM_SHAPE_ATOM:
        return atoms_are_ordered(shape);
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN: /* its keys were tested */
    case FM_SHAPE_SEQ:
        for (uint32_t i = 0; i < shape->part_count; i++) {
            if (!fm_shape_is_ordered(shape->parts[i])) {
                return false;
            }
        }
        return true;
    case FM_SHAPE_SUM:
        return sum_is_ordered(shape);
    case FM_SHAPE_ANY:
        return false;
    }
    fm_unreachable();
}

/* --- values --- */

static bool comparable(struct fm_value_context *context, fm_value a, fm_value b);

/* Where two graphs or lists of the same size first differ. */
static bool first_difference(struct fm_value_context *context, const struct fm_elements *a,
                             const struct fm_elements *b, bool *decided)
{
    for (uint64_t i = 0; i < a->count; i++) {
        fm_value x = fm_elements_get(a, i), y = fm_elements_get(b, i);
        if (fm_value_compare_total(context, x, y) != 0) {
            *decided = true;
            return comparable(context, x, y);
        }
    }
    return true;
}

static bool comparable_functions(struct fm_value_context *context, fm_value a, fm_value b)
{
    struct fm_graph f = fm_graph_of(fm_fcn_explicit(context, a));
    struct fm_graph g = fm_graph_of(fm_fcn_explicit(context, b));
    bool decided = f.count != g.count;
    if (decided) {
        return true;
    }
    bool result = first_difference(context, &f.keys, &g.keys, &decided);
    if (decided) {
        return result;
    }
    struct fm_elements x = {f.values, 0, f.count}, y = {g.values, 0, g.count};
    return f.count == 0 || first_difference(context, &x, &y, &decided);
}

static bool comparable_sets(struct fm_value_context *context, fm_value a, fm_value b)
{
    if (!fm_set_can_enumerate(context, a) || !fm_set_can_enumerate(context, b)) {
        return false;
    }
    if (fm_int_compare(context, fm_set_cardinality(context, a), fm_set_cardinality(context, b)) !=
        0) {
        return true;
    }
    uint32_t count;
    bool decided = false;
    struct fm_elements x = {fm_set_elements(context, a, &count), 0, 0};
    struct fm_elements y = {fm_set_elements(context, b, &count), 0, 0};
    x.count = y.count = count;
    return count == 0 || first_difference(context, &x, &y, &decided);
}

static bool is_untyped_model(fm_value v)
{
    return fm_value_tag(v) == FM_TAG_MODEL && fm_model_type(v) == '\0';
}

/* Whether fm_value_compare is defined. */
static bool comparable(struct fm_value_context *context, fm_value a, fm_value b)
{
    if (fm_value_same(a, b) || is_untyped_model(a) || is_untyped_model(b)) {
        return true;
    }
    if (fm_value_tag(a) == FM_TAG_MODEL || fm_value_tag(b) == FM_TAG_MODEL) {
        return fm_value_tag(a) == fm_value_tag(b) && fm_model_type(a) == fm_model_type(b);
    }
    if (fm_value_is_function(a) && fm_value_is_function(b)) {
        return comparable_functions(context, a, b);
    }
    if (fm_value_is_set(a) && fm_value_is_set(b)) {
        return comparable_sets(context, a, b);
    }
    enum fm_kind kind = fm_value_kind(a);
    return kind == fm_value_kind(b) && kind != FM_KIND_OPERATOR;
}

bool fm_shapes_comparable(struct fm_shapes *shapes, const fm_value *values, uint32_t count)
{
    if (fm_set_classify(values, count) != 0) {
        return true;
    }
    if (count > PAIRS_COUNT_MAX) {
        return false;
    }
    for (uint32_t i = 1; i < count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (!comparable(shapes->context, values[j], values[i])) {
                return false;
            }
        }
    }
    return true;
}
