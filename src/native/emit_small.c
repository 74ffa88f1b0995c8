/* Shapes with few values: numbers for values, and what is known of each.
 *
 * Atoms, Booleans, short ranges and sets over few elements have a number in their representation.
 * Composites of such have one in mixed radix, the first part being the least digit: a record of two
 * fields with 8 and 3 values is one of 24, and its digest a load instead of two loads, two sums and
 * six products. A sum of shapes numbers its parts one after the other. */
#include "native/emit_digest.h"

#include "base/assert.h"
#include "value/set.h"

#include <inttypes.h>

/* Elements of sets with a number: 2^8 = FM_EMIT_SMALL_COUNT. */
#define SMALL_SET 8u
_Static_assert(1u << SMALL_SET <= FM_EMIT_SMALL_COUNT, "tables by value");

/* The product of the counts of the parts; 0 when one of them is 0 or they are too many. */
static uint32_t product(const struct fm_shape *shape, uint32_t count)
{
    uint32_t result = 1;
    for (uint32_t i = 0; i < count && result != 0; i++) {
        const struct fm_shape *part = shape->kind == FM_SHAPE_FCN ? shape->parts[0]
                                                                  : shape->parts[i];
        result *= fm_emit_small_count(part);
        result = result <= FM_EMIT_SMALL_COUNT ? result : 0;
    }
    return result;
}

static uint32_t sum(const struct fm_shape *shape)
{
    uint32_t result = 0;
    for (uint32_t i = 0; i < shape->part_count; i++) {
        uint32_t count = fm_emit_small_count(shape->parts[i]);
        if (count == 0) {
            return 0;
        }
        result += count;
    }
    return result <= FM_EMIT_SMALL_COUNT ? result : 0;
}

uint32_t fm_emit_small_count(const struct fm_shape *shape)
{
    switch (shape->kind) {
    case FM_SHAPE_BOOL:
        return 2;
    case FM_SHAPE_INT:
        return shape->cardinality <= FM_EMIT_SMALL_COUNT ? (uint32_t)shape->cardinality : 0;
    case FM_SHAPE_ATOM:
        return shape->value_count <= FM_EMIT_SMALL_COUNT ? shape->value_count : 0;
    case FM_SHAPE_SET:
        return shape->value_count <= SMALL_SET ? 1u << shape->value_count : 0;
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        return product(shape, shape->part_count);
    case FM_SHAPE_FCN:
        return product(shape, shape->value_count);
    case FM_SHAPE_SUM:
        return sum(shape);
    case FM_SHAPE_NONE:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
    case FM_SHAPE_ANY:
        break;
    }
    return 0;
}

/* --- digests --- */

struct fm_digest fm_emit_part_key(struct fm_emit *emit, const struct fm_shape *shape, uint32_t k)
{
    if (shape->kind == FM_SHAPE_TUPLE) {
        return fm_digest_of_int((int64_t)k + 1);
    }
    if (shape->kind == FM_SHAPE_FCN) {
        return fm_value_digest(emit->context, shape->values[k]);
    }
    uint32_t count;
    const fm_value *names = fm_set_elements(emit->context, shape->domain, &count);
    fm_assert(k < count);
    return fm_value_digest(emit->context, names[k]);
}

static struct fm_digest open_function(struct fm_emit *emit, const struct fm_shape *shape,
                                      uint32_t count, uint32_t index)
{
    struct fm_digest total = {0, 0};
    for (uint32_t k = 0; k < count; k++) {
        const struct fm_shape *part = shape->kind == FM_SHAPE_FCN ? shape->parts[0]
                                                                  : shape->parts[k];
        uint32_t radix = fm_emit_small_count(part);
        fm_digest_add(&total, fm_digest_pair(fm_emit_part_key(emit, shape, k),
                                             fm_emit_small_digest(emit, part, index % radix)));
        index /= radix;
    }
    return fm_digest_open(FM_DIGEST_FUNCTION, count, total);
}

static struct fm_digest open_set(struct fm_emit *emit, const struct fm_shape *shape, uint32_t index)
{
    struct fm_digest total = {0, 0};
    for (uint32_t i = 0; i < shape->value_count; i++) {
        if ((index >> i & 1u) != 0) {
            fm_digest_add(&total, fm_value_digest(emit->context, shape->values[i]));
        }
    }
    return fm_digest_open(FM_DIGEST_SET, (uint64_t)__builtin_popcount(index), total);
}

struct fm_digest fm_emit_small_open(struct fm_emit *emit, const struct fm_shape *shape,
                                    uint32_t index, bool *is_composite)
{
    *is_composite = true;
    switch (shape->kind) {
    case FM_SHAPE_BOOL:
        *is_composite = false;
        return fm_value_digest(emit->context, fm_bool(index != 0));
    case FM_SHAPE_INT:
        *is_composite = false;
        return fm_digest_of_int(shape->low + (int64_t)index);
    case FM_SHAPE_ATOM:
        *is_composite = false;
        return fm_value_digest(emit->context, shape->values[index]);
    case FM_SHAPE_SET:
        return open_set(emit, shape, index);
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        return open_function(emit, shape, shape->part_count, index);
    case FM_SHAPE_FCN:
        return open_function(emit, shape, shape->value_count, index);
    case FM_SHAPE_SUM:
        for (uint32_t k = 0; k < shape->part_count; k++) {
            uint32_t count = fm_emit_small_count(shape->parts[k]);
            if (index < count) {
                return fm_emit_small_open(emit, shape->parts[k], index, is_composite);
            }
            index -= count;
        }
        break;
    case FM_SHAPE_NONE:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
    case FM_SHAPE_ANY:
        break;
    }
    fm_unreachable();
}

struct fm_digest fm_emit_small_digest(struct fm_emit *emit, const struct fm_shape *shape,
                                      uint32_t index)
{
    bool is_composite;
    struct fm_digest open = fm_emit_small_open(emit, shape, index, &is_composite);
    return is_composite ? fm_digest_close(open) : open;
}

/* --- the number of a value --- */

static const char *index_of_parts(struct fm_emit *emit, const struct fm_shape *shape,
                                  uint32_t count, const char *member)
{
    const char *code = "0u";
    uint32_t radix = 1;
    for (uint32_t k = 0; k < count; k++) {
        bool is_array = shape->kind == FM_SHAPE_FCN;
        const struct fm_shape *part = shape->parts[is_array ? 0 : k];
        uint32_t values = fm_emit_small_count(part);
        if (values == 1) {
            continue;
        }
        const char *at = fm_emit_format(emit, is_array ? "%s.at[%u]" : "%s.p%u", member, k);
        const char *digit = fm_emit_format(emit, "(uint32_t)(%s)",
                                           fm_emit_small_index(emit, part, at));
        digit = radix == 1 ? digit : fm_emit_format(emit, "%s * %uu", digit, radix);
        code = code[0] == '0' ? digit : fm_emit_format(emit, "%s + %s", code, digit);
        radix *= values;
    }
    return code;
}

/* What the code of fm_emit_small_index gives for bytes that are all zero, modulo 2^32. */
static uint32_t index_of_zero(const struct fm_shape *shape)
{
    if (shape->kind == FM_SHAPE_INT) {
        return (uint32_t) - (uint64_t)shape->low;
    }
    if (shape->kind == FM_SHAPE_SUM) {
        return index_of_zero(shape->parts[0]);
    }
    bool is_array = shape->kind == FM_SHAPE_FCN;
    if (!is_array && shape->kind != FM_SHAPE_TUPLE && shape->kind != FM_SHAPE_RECORD) {
        return 0;
    }
    uint32_t index = 0, radix = 1;
    for (uint32_t k = 0; k < (is_array ? shape->value_count : shape->part_count); k++) {
        const struct fm_shape *part = shape->parts[is_array ? 0 : k];
        uint32_t values = fm_emit_small_count(part);
        index += values == 1 ? 0 : index_of_zero(part) * radix;
        radix *= values;
    }
    return index;
}

/* Parts that are absent are zero, so the numbers of all are added up without asking for the tag:
 * only what comes before, and what zeros contribute, depends on it. */
static const char *index_by_tag(struct fm_emit *emit, const struct fm_shape *shape,
                                const char *member)
{
    const char *name = fm_emit_format(emit, "index_s%u", shape->number);
    if (fm_emit_once(emit, name) == NULL) {
        fm_emit_once_is(emit, name, name);
        fm_emit_helper_begin(emit, "static inline uint32_t %s(const %s *v)", name,
                             fm_emit_member_type(emit, shape));
        const char *bases = "", *code = "";
        uint32_t before = 0, zeros = 0;
        for (uint32_t k = 0; k < shape->part_count; k++) {
            zeros += index_of_zero(shape->parts[k]);
        }
        for (uint32_t k = 0; k < shape->part_count; k++) {
            const char *part = fm_emit_format(emit, "v->p%u", k);
            bases = fm_emit_format(emit, "%s%s%uu", bases, k == 0 ? "" : ", ",
                                   before - (zeros - index_of_zero(shape->parts[k])));
            code = fm_emit_format(emit, "%s + (uint32_t)(%s)", code,
                                  fm_emit_small_index(emit, shape->parts[k], part));
            before += fm_emit_small_count(shape->parts[k]);
        }
        fm_emit_line(emit, "static const uint32_t bases[] = {%s};", bases);
        fm_emit_line(emit, "return bases[v->tag]%s;", code);
        fm_emit_helper_end(emit);
    }
    return fm_emit_format(emit, "%s(&%s)", name, member);
}

const char *fm_emit_small_index(struct fm_emit *emit, const struct fm_shape *shape,
                                const char *member)
{
    switch (shape->kind) {
    case FM_SHAPE_INT:
        if (shape->low != 0) {
            return fm_emit_format(emit, "(int64_t)%s - INT64_C(%" PRId64 ")", member, shape->low);
        }
        return member;
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        return index_of_parts(emit, shape, shape->part_count, member);
    case FM_SHAPE_FCN:
        return index_of_parts(emit, shape, shape->value_count, member);
    case FM_SHAPE_SUM:
        return index_by_tag(emit, shape, member);
    case FM_SHAPE_BOOL:
    case FM_SHAPE_ATOM:
    case FM_SHAPE_SET:
    case FM_SHAPE_NONE:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
    case FM_SHAPE_ANY:
        break;
    }
    return member;
}
