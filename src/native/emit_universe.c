/* Elements of a universe and their numbers.
 *
 * A set of shape SET is bits over a list of values in TLC's order, and everything that sets do asks
 * two questions: which number has this element (\in, \cup {e}, {e : x \in S}), and which element
 * has this number (loops). The second is a constant table of the elements, or an addition where the
 * elements are consecutive integers.
 *
 * The first is answered without a search where the element's shape has few values: its fields are
 * the digits of a number in mixed radix (its code), and a table leads from the code to the place in
 * TLC's order, which is another order. Where there are more than CODES_MAX codes, the table of
 * elements is sorted by its bytes and searched; bytes can be compared because representations are
 * canonical.
 *
 * An element outside has the place -1. That is an answer only if comparing it with the elements
 * does not raise (1 \in {"a"}): where the shapes leave that open, it is compared with each, and
 * fails where TLC raises. */
#include "native/emit_value.h"

#include "base/assert.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Codes of a shape at most: a table of 16 bits each. */
#define CODES_MAX ((uint64_t)65536)

/* --- codes --- */

static uint64_t multiply(uint64_t a, uint64_t b)
{
    return a > CODES_MAX || b > CODES_MAX ? CODES_MAX + 1 : a * b;
}

/* The number of codes; more than CODES_MAX: too many, or none can be made. */
static uint64_t radix_of(const struct fm_shape *shape)
{
    uint64_t radix = 1;
    switch (shape->kind) {
    case FM_SHAPE_BOOL:
        return 2;
    case FM_SHAPE_INT:
        return (uint64_t)(shape->high - shape->low) + 1;
    case FM_SHAPE_ATOM:
        return shape->value_count;
    case FM_SHAPE_SET:
        return shape->value_count <= 16 ? (uint64_t)1 << shape->value_count : CODES_MAX + 1;
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        for (uint32_t i = 0; i < shape->part_count; i++) {
            radix = multiply(radix, radix_of(shape->parts[i]));
        }
        return radix;
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN:
        for (uint32_t i = 0; i < shape->value_count; i++) {
            radix = multiply(radix, radix_of(shape->parts[0]) + (shape->kind == FM_SHAPE_PFUN));
        }
        return radix;
    case FM_SHAPE_SEQ:
        for (uint32_t i = 0; i < shape->capacity; i++) {
            radix = multiply(radix, radix_of(shape->parts[0])) + 1;
        }
        return radix;
    case FM_SHAPE_SUM:
        radix = 0;
        for (uint32_t i = 0; i < shape->part_count && radix <= CODES_MAX; i++) {
            radix += radix_of(shape->parts[i]);
        }
        return radix;
    case FM_SHAPE_NONE:
    case FM_SHAPE_ANY:
        break;
    }
    return CODES_MAX + 1;
}

/* Whether slot i of a PFUN is there. */
static bool has_bit(const void *has, uint32_t i)
{
    return (((const uint8_t *)has)[i / 8] >> (i % 8) & 1) != 0;
}

/* The code of the value in these bytes; emit_code writes the same computation as C. */
static uint64_t code_of(const struct fm_shape *shape, const void *bytes)
{
    const char *at = bytes;
    const struct fm_shape *element = shape->part_count > 0 ? shape->parts[0] : NULL;
    uint64_t code = 0;
    switch (shape->kind) {
    case FM_SHAPE_BOOL:
    case FM_SHAPE_ATOM:
    case FM_SHAPE_SET:
        return (uint64_t)fm_emit_word_of(shape, bytes);
    case FM_SHAPE_INT:
        return (uint64_t)(fm_emit_word_of(shape, bytes) - shape->low);
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        for (uint32_t i = 0; i < shape->part_count; i++) {
            code = code * radix_of(shape->parts[i]) +
                   code_of(shape->parts[i], at + shape->offsets[i]);
        }
        return code;
    case FM_SHAPE_FCN:
        for (uint32_t i = 0; i < shape->value_count; i++) {
            code = code * radix_of(element) + code_of(element, at + (size_t)i * element->size);
        }
        return code;
    case FM_SHAPE_PFUN:
        for (uint32_t i = 0; i < shape->value_count; i++) {
            const char *slot = at + shape->offsets[0] + (size_t)i * element->size;
            code = code * (radix_of(element) + 1) +
                   (has_bit(bytes, i) ? code_of(element, slot) + 1 : 0);
        }
        return code;
    case FM_SHAPE_SEQ: {
        uint64_t length = 0;
        memcpy(&length, bytes, fm_shape_index_size((uint64_t)shape->capacity + 1));
        for (uint64_t i = 0; i < length; i++) {
            code = code * radix_of(element) +
                   code_of(element, at + shape->offsets[0] + i * element->size) + 1;
        }
        return code;
    }
    case FM_SHAPE_SUM: {
        uint32_t tag = *(const uint8_t *)bytes;
        for (uint32_t i = 0; i < tag; i++) {
            code += radix_of(shape->parts[i]);
        }
        return code + code_of(shape->parts[tag], at + shape->offsets[tag]);
    }
    case FM_SHAPE_NONE:
    case FM_SHAPE_ANY:
        break;
    }
    fm_unreachable();
}

static const char *emit_code(struct fm_emit *emit, const struct fm_shape *shape, const char *code);

/* The code of one member. */
static const char *member_code(struct fm_emit *emit, const struct fm_shape *shape,
                               const char *member)
{
    return emit_code(emit, shape, fm_emit_load(emit, shape, member));
}

/* code * radix + digit for each element of an array. */
static const char *array_code(struct fm_emit *emit, const struct fm_shape *shape, const char *code)
{
    if (shape->kind == FM_SHAPE_SEQ && shape->capacity == 0) {
        return "0u"; /* <<>> alone */
    }
    const char *sum = fm_emit_name(emit, "code");
    const char *i = fm_emit_name(emit, "i");
    const struct fm_shape *element = shape->parts[0];
    bool partial = shape->kind == FM_SHAPE_PFUN;
    fm_emit_line(emit, "uint32_t %s = 0;", sum);
    if (shape->kind == FM_SHAPE_SEQ) {
        fm_emit_open(emit, "for (uint32_t %s = 0; %s < %s.length; %s++)", i, i, code, i);
    } else {
        fm_emit_open(emit, "for (uint32_t %s = 0; %s < %u; %s++)", i, i, shape->value_count, i);
    }
    const char *digit = member_code(emit, element, fm_emit_format(emit, "%s.at[%s]", code, i));
    const char *has = "";
    if (partial) {
        has = shape->value_count > 64
                  ? fm_emit_format(emit, "(%s.has[%s >> 6] >> (%s & 63) & 1) == 0 ? 0 : ", code, i,
                                   i)
                  : fm_emit_format(emit, "((uint64_t)%s.has >> %s & 1) == 0 ? 0 : ", code, i);
    }
    fm_emit_line(emit, "%s = %s * %" PRIu64 "u + (%s%s%s);", sum, sum,
                 radix_of(element) + (partial ? 1 : 0), has, digit,
                 shape->kind == FM_SHAPE_FCN ? "" : " + 1");
    fm_emit_close(emit, "");
    return sum;
}

static const char *parts_code(struct fm_emit *emit, const struct fm_shape *shape, const char *code)
{
    const char *result = "0u";
    for (uint32_t i = 0; i < shape->part_count; i++) {
        const char *digit = member_code(emit, shape->parts[i],
                                        fm_emit_format(emit, "%s.p%u", code, i));
        result = i == 0 ? digit
                        : fm_emit_format(emit, "(%s * %" PRIu64 "u + %s)", result,
                                         radix_of(shape->parts[i]), digit);
    }
    return result;
}

static const char *sum_code(struct fm_emit *emit, const struct fm_shape *shape, const char *code)
{
    const char *sum = fm_emit_name(emit, "code");
    fm_emit_line(emit, "uint32_t %s = 0;", sum);
    uint64_t before = 0;
    for (uint32_t i = 0; i < shape->part_count; i++) {
        fm_emit_open(emit, "if (%s.tag == %u)", code, i);
        const char *part = member_code(emit, shape->parts[i],
                                       fm_emit_format(emit, "%s.p%u", code, i));
        fm_emit_line(emit, "%s = %" PRIu64 "u + %s;", sum, before, part);
        fm_emit_close(emit, "");
        before += radix_of(shape->parts[i]);
    }
    return sum;
}

/* C of type uint32_t: the code of an operand. */
static const char *emit_code(struct fm_emit *emit, const struct fm_shape *shape, const char *code)
{
    switch (shape->kind) {
    case FM_SHAPE_BOOL:
    case FM_SHAPE_ATOM:
    case FM_SHAPE_SET:
        return fm_emit_format(emit, "(uint32_t)%s", code);
    case FM_SHAPE_INT:
        return fm_emit_format(emit, "(uint32_t)(%s - INT64_C(%" PRId64 "))", code, shape->low);
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        return parts_code(emit, shape, code);
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
        return array_code(emit, shape, code);
    case FM_SHAPE_SUM:
        return sum_code(emit, shape, code);
    case FM_SHAPE_NONE:
    case FM_SHAPE_ANY:
        break;
    }
    fm_unreachable();
}

/* --- from code to place --- */

/* The table from codes to places + 1 as an initializer; false when place and code are the same. */
static bool fill_places(struct fm_emit *emit, const struct fm_shape *set, struct fm_text *table)
{
    const struct fm_shape *element = set->parts[0];
    bool same = set->value_count == radix_of(element);
    fm_text_puts(table, "{");
    for (uint32_t i = 0; i < set->value_count; i++) {
        const void *bytes = fm_emit_bytes(emit, element, set->values[i]);
        fm_assert(bytes != NULL);
        uint64_t code = code_of(element, bytes);
        same = same && code == i;
        fm_text_printf(table, "%s[%" PRIu64 "] = %u", i == 0 ? "" : ", ", code, i + 1);
    }
    fm_text_puts(table, "}");
    return !same;
}

static const char *place_by_code(struct fm_emit *emit, const struct fm_shape *set, const char *code)
{
    struct fm_text table = {0};
    bool needed = fill_places(emit, set, &table);
    const char *number = emit_code(emit, set->parts[0], code);
    const char *result;
    if (needed) {
        const char *suffix = fm_emit_format(emit, "[%" PRIu64 "]", radix_of(set->parts[0]));
        const char *name = fm_emit_static(emit, "place", "uint16_t", suffix, table.at);
        result = fm_emit_format(emit, "((int64_t)%s[%s] - 1)", name, number);
    } else {
        result = fm_emit_format(emit, "((int64_t)(%s))", number);
    }
    fm_text_deinit(&table);
    return result;
}

/* --- by search --- */

struct sorted {
    const void *bytes;
    uint32_t size, place;
};

static int compare_bytes(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    return memcmp(x->bytes, y->bytes, x->size);
}

/* `static int64_t search_s12(const s3 *x)`: the place in the universe of set shape 12. */
static const char *search_helper(struct fm_emit *emit, const struct fm_shape *set)
{
    const char *name = fm_emit_format(emit, "search_s%u", set->number);
    if (fm_emit_once(emit, name) != NULL) {
        return name;
    }
    const struct fm_shape *element = set->parts[0];
    uint32_t count = set->value_count;
    const char *type = fm_emit_member_type(emit, element);
    struct sorted *sorted = fm_arena_alloc(&emit->arena, (count + 1) * sizeof *sorted);
    for (uint32_t i = 0; i < count; i++) {
        sorted[i] = (struct sorted){fm_emit_bytes(emit, element, set->values[i]), element->size, i};
        fm_assert(sorted[i].bytes != NULL);
    }
    qsort(sorted, count, sizeof *sorted, compare_bytes);
    struct fm_text table = {0}, places = {0};
    for (uint32_t i = 0; i < count; i++) {
        fm_text_puts(&table, i == 0 ? "{" : ", ");
        fm_emit_literal(element, sorted[i].bytes, &table);
        fm_text_printf(&places, "%s%u", i == 0 ? "{" : ", ", sorted[i].place);
    }
    fm_text_puts(&table, "}");
    fm_text_puts(&places, "}");
    const char *suffix = fm_emit_format(emit, "[%u]", count);
    const char *keys = fm_emit_static(emit, "keys", type, suffix, table.at);
    const char *numbers = fm_emit_static(emit, "numbers", "uint16_t", suffix, places.at);
    fm_text_deinit(&table);
    fm_text_deinit(&places);
    fm_emit_helper_begin(emit, "static FM_NRT_UNUSED int64_t %s(const %s *x)", name, type);
    fm_emit_line(emit, "uint32_t below = 0, above = %u;", count);
    fm_emit_open(emit, "while (below < above)");
    fm_emit_line(emit, "const uint32_t middle = below + (above - below) / 2;");
    fm_emit_line(emit, "const int order = memcmp(&%s[middle], x, sizeof *x);", keys);
    fm_emit_open(emit, "if (order == 0)");
    fm_emit_line(emit, "return %s[middle];", numbers);
    fm_emit_close(emit, "");
    fm_emit_line(emit, "below = order < 0 ? middle + 1 : below;");
    fm_emit_line(emit, "above = order < 0 ? above : middle;");
    fm_emit_close(emit, "");
    fm_emit_line(emit, "return -1;");
    fm_emit_helper_end(emit);
    fm_emit_once_is(emit, name, name);
    return name;
}

static const char *place_by_search(struct fm_emit *emit, const struct fm_shape *set,
                                   const char *code)
{
    const char *helper = search_helper(emit, set);
    const struct fm_shape *element = set->parts[0];
    if (fm_shape_is_struct(element)) {
        return fm_emit_format(emit, "%s(%s)", helper, fm_emit_address(emit, element, code));
    }
    const char *member = fm_emit_name(emit, "key");
    const char *type = fm_emit_member_type(emit, element);
    fm_emit_line(emit, "const %s %s = (%s)%s;", type, member, type, code);
    return fm_emit_format(emit, "%s(&%s)", helper, member);
}

/* Elements that hold boxed values: compared with the boxed constants one by one. */
static const char *place_by_boxes(struct fm_emit *emit, const struct fm_shape *set,
                                  const char *code)
{
    const char *box = fm_emit_box(emit, fm_emit_coded(set->parts[0], code));
    const char *place = fm_emit_name(emit, "place");
    uint32_t first = fm_emit_constants(emit, set->values, set->value_count);
    fm_emit_line(emit, "int64_t %s = -1;", place);
    fm_emit_open(emit, "for (uint32_t k = 0; k < %u && %s < 0; k++)", set->value_count, place);
    fm_emit_need_context(emit);
    fm_emit_line(emit, "%s = c->equal(c, %s, c->constants[%u + k]) ? (int64_t)k : -1;", place, box,
                 first);
    fm_emit_close(emit, "");
    return place;
}

/* --- integers --- */

/* The universe is low, low + 1, ... */
static bool is_consecutive(const struct fm_shape *set, int64_t *low)
{
    if (set->parts[0]->kind != FM_SHAPE_INT || set->value_count == 0) {
        return false;
    }
    *low = fm_small_get(set->values[0]);
    return fm_small_get(set->values[set->value_count - 1]) - *low == (int64_t)set->value_count - 1;
}

/* An integer of any range. */
static const char *place_of_int(struct fm_emit *emit, const struct fm_shape *shape,
                                const char *code, const struct fm_shape *set, int64_t low)
{
    int64_t high = low + (int64_t)set->value_count - 1;
    const char *place = fm_emit_format(emit, "(%s - INT64_C(%" PRId64 "))", code, low);
    if (shape->low >= low && shape->high <= high) {
        return place;
    }
    return fm_emit_format(emit,
                          "(%s >= INT64_C(%" PRId64 ") && %s <= INT64_C(%" PRId64 ") ? %s : -1)",
                          code, low, code, high, place);
}

/* --- positions --- */

/* The code of a struct takes many operations: `static int64_t place_s12(struct fm_nrt *c, const s3
 * *x)`. */
static const char *place_of_struct(struct fm_emit *emit, const struct fm_shape *set,
                                   const char *code)
{
    const struct fm_shape *element = set->parts[0];
    const char *name = fm_emit_format(emit, "place_s%u", set->number);
    if (fm_emit_once(emit, name) == NULL) {
        const char *type = fm_emit_type(emit, element);
        fm_emit_helper_begin(emit, "static FM_NRT_UNUSED int64_t %s(struct fm_nrt *c, const %s *x)",
                             name, type);
        fm_emit_line(emit, "return %s;", place_by_code(emit, set, "(*x)"));
        fm_emit_helper_end(emit);
        fm_emit_once_is(emit, name, name);
    }
    fm_emit_need_context(emit);
    return fm_emit_format(emit, "%s(c, %s)", name, fm_emit_address(emit, element, code));
}

static const char *place_in(struct fm_emit *emit, const struct fm_shape *set, const char *code)
{
    if (set->parts[0]->has_any) {
        return place_by_boxes(emit, set, code);
    }
    if (radix_of(set->parts[0]) > CODES_MAX) {
        return place_by_search(emit, set, code);
    }
    return fm_shape_is_struct(set->parts[0]) ? place_of_struct(emit, set, code)
                                             : place_by_code(emit, set, code);
}

/* Always inside: every value of the element's shape is in the universe. */
static bool is_whole(const struct fm_shape *set)
{
    return set->parts[0]->cardinality == set->value_count;
}

static const char *known_position(struct fm_emit *emit, struct fm_term element,
                                  const struct fm_shape *set)
{
    uint32_t place = fm_shape_position(emit->shapes, set, element.value);
    if (place != UINT32_MAX) {
        return fm_emit_format(emit, "INT64_C(%u)", place);
    }
    if (fm_shapes_clash(emit, element.shape, set->parts[0])) {
        fm_emit_fail(emit);
    }
    return "INT64_C(-1)";
}

/* What is not in the universe is compared with its elements: that fails where TLC would raise. */
static void compare_all(struct fm_emit *emit, struct fm_term element, const struct fm_shape *set)
{
    enum fm_shape_kind kind = set->parts[0]->kind;
    bool alike = kind == FM_SHAPE_INT || kind == FM_SHAPE_BOOL; /* one stands for all */
    uint32_t count = alike ? 1 : set->value_count;
    const char *box = fm_emit_box(emit, element);
    uint32_t first = fm_emit_constants(emit, set->values, set->value_count);
    fm_emit_open(emit, "for (uint32_t k = 0; k < %u; k++)", count);
    fm_emit_need_context(emit);
    fm_emit_line(emit, "(void)c->equal(c, %s, c->constants[%u + k]);", box, first);
    fm_emit_close(emit, "");
}

const char *fm_emit_position(struct fm_emit *emit, struct fm_term element,
                             const struct fm_shape *set)
{
    fm_assert(set->kind == FM_SHAPE_SET);
    if (fm_term_is_known(element)) {
        return known_position(emit, element, set);
    }
    const struct fm_shape *shape = element.shape, *natural = set->parts[0];
    int64_t low;
    if (set->value_count != 0 && shape->kind == FM_SHAPE_INT && is_consecutive(set, &low)) {
        const char *place = place_of_int(emit, shape, element.code, set, low);
        return fm_emit_format(emit, "((int64_t)%s)", place);
    }
    const char *result = fm_emit_name(emit, "place");
    fm_emit_line(emit, "int64_t %s = -1;", result);
    if (set->value_count != 0) {
        struct fm_conversion moved = fm_emit_conversion(emit, shape, element.code, natural);
        fm_emit_open(emit, "if (%s)", moved.ok != NULL ? moved.ok : "true");
        fm_emit_line(emit, "%s = %s;", result, place_in(emit, set, moved.code));
        fm_emit_close(emit, "");
        bool always = moved.ok == NULL && is_whole(set);
        if (!always && fm_shapes_clash(emit, shape, natural)) {
            fm_emit_open(emit, "if (%s < 0)", result);
            compare_all(emit, element, set);
            fm_emit_close(emit, "");
        }
    }
    return result;
}

/* --- elements --- */

/* The name of the table of the elements, or "" where an element is its index. */
static const char *element_table(struct fm_emit *emit, const struct fm_shape *set)
{
    const struct fm_shape *element = set->parts[0];
    const char *key = fm_emit_format(emit, "elements of s%u", set->number);
    const char *name = fm_emit_once(emit, key);
    if (name != NULL) {
        return name;
    }
    struct fm_text table = {0};
    bool same = element->kind == FM_SHAPE_ATOM;
    for (uint32_t i = 0; i < set->value_count; i++) {
        const void *bytes = fm_emit_bytes(emit, element, set->values[i]);
        fm_assert(bytes != NULL);
        fm_text_puts(&table, i == 0 ? "{" : ", ");
        fm_emit_literal(element, bytes, &table);
        same = same && fm_emit_word_of(element, bytes) == (int64_t)i;
    }
    fm_text_puts(&table, "}");
    name = same ? ""
                : fm_emit_static(emit, "element", fm_emit_member_type(emit, element),
                                 fm_emit_format(emit, "[%u]", set->value_count), table.at);
    fm_text_deinit(&table);
    fm_emit_once_is(emit, key, name);
    return name;
}

struct fm_term fm_emit_element(struct fm_emit *emit, const struct fm_shape *set, const char *index)
{
    fm_assert(set->kind == FM_SHAPE_SET);
    const struct fm_shape *element = set->parts[0];
    int64_t low;
    if (set->value_count == 0) {
        return fm_emit_coded(element, fm_emit_zero(emit, element));
    }
    if (is_consecutive(set, &low)) {
        return fm_emit_coded(
            element, fm_emit_format(emit, "((int64_t)%s + INT64_C(%" PRId64 "))", index, low));
    }
    if (element->has_any) {
        uint32_t first = fm_emit_constants(emit, set->values, set->value_count);
        fm_emit_need_context(emit);
        struct fm_term boxed = fm_emit_coded(
            fm_shape_any(emit->shapes),
            fm_emit_format(emit, "c->constants[%u + %s]", first, index));
        return fm_emit_convert(emit, boxed, element);
    }
    const char *table = element_table(emit, set);
    const char *code = table[0] == '\0'
                           ? fm_emit_format(emit, "((uint32_t)%s)", index)
                           : fm_emit_load(emit, element,
                                          fm_emit_format(emit, "%s[%s]", table, index));
    return fm_emit_coded(element, code);
}
