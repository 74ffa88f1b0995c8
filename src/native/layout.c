/* Boxing, unboxing, and packed states.
 *
 * Unboxing is where canonical bytes are made, and the membership test of shapes: it walks a value
 * along a shape, writes what it finds into memory cleared before, and gives up at the first thing
 * that is not of the shape. Given no memory it only tests. In a sum at most one part has the value,
 * so parts are tried one after the other, those of the wrong kind being left out.
 *
 * The packed form is a list of leaves, one for each scalar, in the order of the members. A leaf has
 * the fewest bits that hold its shape's values, less a bias; where it may be absent (a slot behind
 * the end of a sequence, without a key, or of another part of a sum), zero must come back as zero,
 * so there the values counted include it. No leaf crosses a boundary of 64 bits: packing is then
 * one shift and one or, in one word. The few bits lost are less than what a second word costs.
 *
 *     packed    words of 64 bits, little-endian, the last one cut to whole bytes; unused bits zero
 */
#include "native/layout.h"

#include "base/assert.h"
#include "native/shape_table.h"
#include "value/raise.h"
#include "value/set.h"
#include "value/view.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "packed words are copied as they are");

/* --- scalars in memory --- */

static uint64_t get(const uint8_t *at, uint32_t width)
{
    uint64_t word = 0;
    memcpy(&word, at, width);
    return word;
}

/* Of a signed scalar. */
static int64_t get_signed(const uint8_t *at, uint32_t width)
{
    uint32_t unused = 64 - 8 * width;
    return (int64_t)(get(at, width) << unused) >> unused;
}

/* Nothing when nobody wants the bytes. */
static void put(uint8_t *at, uint32_t width, uint64_t word)
{
    if (at != NULL) {
        memcpy(at, &word, width);
    }
}

static void put_bit(uint8_t *at, uint32_t bit)
{
    if (at != NULL) {
        at[bit / 8] = (uint8_t)(at[bit / 8] | 1u << bit % 8);
    }
}

static bool has_bit(const uint8_t *at, uint32_t bit)
{
    return ((uint32_t)at[bit / 8] >> bit % 8 & 1u) != 0;
}

static uint8_t *inside(uint8_t *at, size_t offset)
{
    return at == NULL ? NULL : at + offset;
}

/* --- boxing --- */

struct boxer {
    struct fm_value_context *context;
    const struct fm_dictionary *dictionary;
};

static fm_value box(const struct boxer *boxer, const struct fm_shape *shape, const uint8_t *at);

static fm_value box_members(const struct boxer *boxer, const struct fm_shape *shape,
                            const uint8_t *at)
{
    fm_value result;
    fm_value *values = shape->kind == FM_SHAPE_RECORD
                           ? fm_fcn_begin(boxer->context, shape->domain, &result)
                           : fm_tuple_begin(boxer->context, shape->part_count, &result);
    for (uint32_t i = 0; i < shape->part_count; i++) {
        values[i] = box(boxer, shape->parts[i], at + shape->offsets[i]);
    }
    return result;
}

/* The elements of FCN or SEQ. */
static fm_value box_array(const struct boxer *boxer, const struct fm_shape *shape, uint32_t count,
                          const uint8_t *at)
{
    const struct fm_shape *element = shape->parts[0];
    fm_value result;
    fm_value *values = shape->kind == FM_SHAPE_FCN
                           ? fm_fcn_begin(boxer->context, shape->domain, &result)
                           : fm_tuple_begin(boxer->context, count, &result);
    at += shape->offsets[0];
    for (uint32_t i = 0; i < count; i++) {
        values[i] = box(boxer, element, at + (size_t)i * element->size);
    }
    return result;
}

/* The set of those `values` whose bits are set. */
static fm_value box_bits(const struct boxer *boxer, const struct fm_shape *shape, const uint8_t *at)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < shape->value_count; i++) {
        count += has_bit(at, i);
    }
    if (count == shape->value_count) {
        return shape->domain;
    }
    if (count == 0) {
        return fm_set_empty();
    }
    /* A subset of values that need no look at every symbol needs none either. */
    uint32_t flags = fm_value_object(shape->domain)->flags & (FM_OBJECT_INTS | FM_OBJECT_SYMBOLS);
    struct fm_array *set = fm_set_alloc(boxer->context, count, FM_OBJECT_NORMAL | flags);
    uint32_t n = 0;
    for (uint32_t i = 0; n < count; i++) {
        if (has_bit(at, i)) {
            set->elements[n++] = shape->values[i];
        }
    }
    if (flags == 0) {
        set->head.flags |= (uint8_t)fm_set_classify(set->elements, count);
    }
    return fm_of_object(set);
}

static fm_value box_partial(const struct boxer *boxer, const struct fm_shape *shape,
                            const uint8_t *at)
{
    fm_value result;
    fm_value *values = fm_fcn_begin(boxer->context, box_bits(boxer, shape, at), &result);
    uint32_t n = 0;
    for (uint32_t i = 0; i < shape->value_count; i++) {
        if (has_bit(at, i)) {
            values[n++] = box(boxer, shape->parts[0],
                              at + shape->offsets[0] + (size_t)i * shape->parts[0]->size);
        }
    }
    return result;
}

static fm_value box(const struct boxer *boxer, const struct fm_shape *shape, const uint8_t *at)
{
    switch (shape->kind) {
    case FM_SHAPE_BOOL:
        return fm_bool(*at != 0);
    case FM_SHAPE_INT:
        return fm_small(get_signed(at, shape->size));
    case FM_SHAPE_ATOM: {
        uint64_t index = get(at, shape->size);
        fm_assert(index < shape->value_count);
        return shape->values[index];
    }
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        return box_members(boxer, shape, at);
    case FM_SHAPE_FCN:
        return box_array(boxer, shape, shape->value_count, at);
    case FM_SHAPE_PFUN:
        return box_partial(boxer, shape, at);
    case FM_SHAPE_SEQ: {
        uint32_t length = (uint32_t)get(at, fm_shape_index_size((uint64_t)shape->capacity + 1));
        fm_assert(length <= shape->capacity);
        return box_array(boxer, shape, length, at);
    }
    case FM_SHAPE_SET:
        return box_bits(boxer, shape, at);
    case FM_SHAPE_SUM: {
        fm_assert(*at < shape->part_count);
        return box(boxer, shape->parts[*at], at + shape->offsets[*at]);
    }
    case FM_SHAPE_ANY:
        return fm_dictionary_value(boxer->dictionary, (uint32_t)get(at, shape->size));
    case FM_SHAPE_NONE:
        break;
    }
    fm_unreachable();
}

fm_value fm_layout_box(struct fm_value_context *context, const struct fm_dictionary *dictionary,
                       const struct fm_shape *shape, const void *bytes)
{
    return box(&(struct boxer){context, dictionary}, shape, bytes);
}

/* --- unboxing --- */

struct unboxer {
    struct fm_value_context *context;
    struct fm_dictionary *dictionary;
};

static bool unbox(const struct unboxer *unboxer, const struct fm_shape *shape, fm_value v,
                  uint8_t *at);

static bool unbox_members(const struct unboxer *unboxer, const struct fm_shape *shape, fm_value v,
                          uint8_t *at)
{
    struct fm_graph graph;
    if (!fm_shape_graph(unboxer->context, v, &graph) ||
        !fm_shape_has_keys(unboxer->context, shape, &graph)) {
        return false;
    }
    for (uint32_t i = 0; i < graph.count; i++) {
        if (!unbox(unboxer, shape->parts[i], graph.values[i], inside(at, shape->offsets[i]))) {
            return false;
        }
    }
    return true;
}

static bool unbox_array(const struct unboxer *unboxer, const struct fm_shape *shape,
                        const struct fm_graph *graph, uint8_t *at)
{
    const struct fm_shape *element = shape->parts[0];
    at = inside(at, shape->offsets[0]);
    for (uint32_t i = 0; i < graph->count; i++) {
        if (!unbox(unboxer, element, graph->values[i], inside(at, (size_t)i * element->size))) {
            return false;
        }
    }
    return true;
}

static bool unbox_seq(const struct unboxer *unboxer, const struct fm_shape *shape, fm_value v,
                      uint8_t *at)
{
    struct fm_graph graph;
    if (!fm_shape_graph(unboxer->context, v, &graph) || graph.keys.at != NULL ||
        graph.keys.low != 1 || graph.count > shape->capacity) {
        return false;
    }
    put(at, fm_shape_index_size((uint64_t)shape->capacity + 1), graph.count);
    return unbox_array(unboxer, shape, &graph, at);
}

static bool unbox_partial(const struct unboxer *unboxer, const struct fm_shape *shape, fm_value v,
                          uint8_t *at)
{
    const struct fm_shape *element = shape->parts[0];
    struct fm_graph graph;
    if (!fm_shape_graph(unboxer->context, v, &graph) || graph.count > shape->value_count) {
        return false;
    }
    for (uint32_t i = 0; i < graph.count; i++) {
        uint32_t place = fm_shape_place(unboxer->context, shape, fm_elements_get(&graph.keys, i));
        if (place == UINT32_MAX) {
            return false;
        }
        put_bit(at, place);
        if (!unbox(unboxer, element, graph.values[i],
                   inside(at, shape->offsets[0] + (size_t)place * element->size))) {
            return false;
        }
    }
    return true;
}

static bool unbox_elements(const struct unboxer *unboxer, const struct fm_shape *shape,
                           const struct fm_elements *elements, uint8_t *at)
{
    for (uint64_t i = 0; i < elements->count; i++) {
        uint32_t place = fm_shape_place(unboxer->context, shape, fm_elements_get(elements, i));
        if (place == UINT32_MAX) {
            return false;
        }
        put_bit(at, place);
    }
    return true;
}

static bool unbox_set(const struct unboxer *unboxer, const struct fm_shape *shape, fm_value v,
                      uint8_t *at)
{
    struct fm_value_context *context = unboxer->context;
    if (!fm_is_object(v) || !fm_value_is_set(v)) {
        return false;
    }
    if (!fm_is_kind(v, FM_KIND_SET) && !fm_is_kind(v, FM_KIND_INTERVAL)) {
        if (!fm_set_can_enumerate(context, v) || !fm_set_is_finite(context, v) ||
            fm_int_compare(context, fm_set_cardinality(context, v), fm_small(shape->value_count)) >
                0) {
            return false;
        }
        v = fm_set_explicit(context, v);
    } else if (fm_is_kind(v, FM_KIND_SET)) {
        fm_set_normalize(context, v);
    }
    struct fm_elements elements = fm_elements_of(v);
    return elements.count <= shape->value_count && unbox_elements(unboxer, shape, &elements, at);
}

/* Whether a value can be of the shape at all, by kind alone. */
static bool is_possible(const struct fm_shape *shape, fm_value v)
{
    switch (shape->kind) {
    case FM_SHAPE_BOOL:
        return fm_is_bool(v);
    case FM_SHAPE_INT:
        return fm_is_small(v);
    case FM_SHAPE_ATOM:
        return fm_value_tag(v) == FM_TAG_STRING || fm_value_tag(v) == FM_TAG_MODEL;
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
        return fm_value_is_function(v);
    case FM_SHAPE_SET:
        return fm_value_is_set(v);
    case FM_SHAPE_NONE:
        return false;
    case FM_SHAPE_SUM:
    case FM_SHAPE_ANY:
        return true;
    }
    fm_unreachable();
}

/* An attempt that fails has written nothing if another part has the value: parts of one kind differ
 * in their domains, which are compared first. */
static bool unbox_sum(const struct unboxer *unboxer, const struct fm_shape *shape, fm_value v,
                      uint8_t *at)
{
    for (uint32_t i = 0; i < shape->part_count; i++) {
        const struct fm_shape *part = shape->parts[i];
        if (!is_possible(part, v)) {
            continue;
        }
        if (unbox(unboxer, part, v, inside(at, shape->offsets[i]))) {
            put(at, 1, i);
            return true;
        }
    }
    return false;
}

static bool unbox_any(const struct unboxer *unboxer, fm_value v, uint8_t *at)
{
    if (at != NULL) {
        put(at, 4, fm_dictionary_number(unboxer->dictionary, unboxer->context, v));
    }
    return true;
}

/* The bytes are zero before. */
static bool unbox(const struct unboxer *unboxer, const struct fm_shape *shape, fm_value v,
                  uint8_t *at)
{
    switch (shape->kind) {
    case FM_SHAPE_NONE:
        return false;
    case FM_SHAPE_BOOL:
        put(at, 1, fm_is_true(v));
        return fm_is_bool(v);
    case FM_SHAPE_INT: {
        int64_t n = fm_small_get(v);
        if (!fm_is_small(v) || n < shape->low || n > shape->high) {
            return false;
        }
        put(at, shape->size, (uint64_t)n);
        return true;
    }
    case FM_SHAPE_ATOM: {
        uint32_t place = fm_shape_place(unboxer->context, shape, v);
        put(at, shape->size, place);
        return place != UINT32_MAX;
    }
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        return unbox_members(unboxer, shape, v, at);
    case FM_SHAPE_FCN: {
        struct fm_graph graph;
        return fm_shape_graph(unboxer->context, v, &graph) &&
               fm_shape_has_keys(unboxer->context, shape, &graph) &&
               unbox_array(unboxer, shape, &graph, at);
    }
    case FM_SHAPE_PFUN:
        return unbox_partial(unboxer, shape, v, at);
    case FM_SHAPE_SEQ:
        return unbox_seq(unboxer, shape, v, at);
    case FM_SHAPE_SET:
        return unbox_set(unboxer, shape, v, at);
    case FM_SHAPE_SUM:
        return unbox_sum(unboxer, shape, v, at);
    case FM_SHAPE_ANY:
        return unbox_any(unboxer, v, at);
    }
    fm_unreachable();
}

bool fm_layout_unbox(struct fm_value_context *context, struct fm_dictionary *dictionary,
                     const struct fm_shape *shape, fm_value v, void *bytes)
{
    if (bytes != NULL) {
        memset(bytes, 0, shape->size);
    }
    return unbox(&(struct unboxer){context, dictionary}, shape, v, bytes);
}

/* --- leaves --- */

struct planner {
    FM_VEC(struct fm_leaf) leaves;
    uint32_t bit;
};

static void plan_leaf(struct planner *planner, struct fm_leaf leaf)
{
    if (leaf.bits == 0) {
        return; /* one value only: unpacking writes the bias */
    }
    if (planner->bit / 64 != (planner->bit + leaf.bits - 1) / 64) {
        planner->bit = (planner->bit + 63) / 64 * 64;
    }
    leaf.bit = planner->bit;
    planner->bit += leaf.bits;
    fm_vec_push(&planner->leaves, leaf);
}

static void plan_index(struct planner *planner, uint32_t offset, uint32_t width, uint64_t largest)
{
    uint32_t bits = largest == 0 ? 0 : 64u - (uint32_t)__builtin_clzll(largest);
    plan_leaf(planner,
              (struct fm_leaf){.offset = offset, .width = (uint8_t)width, .bits = (uint8_t)bits});
}

static void plan_bitset(struct planner *planner, uint32_t offset, uint32_t count)
{
    uint32_t size = fm_shape_bitset_size(count);
    uint32_t width = size < 8 ? size : 8;
    for (uint32_t at = 0; at < count; at += 64) {
        uint32_t bits = count - at < 64 ? count - at : 64;
        plan_leaf(planner, (struct fm_leaf){.offset = offset + at / 8,
                                            .width = (uint8_t)width,
                                            .bits = (uint8_t)bits});
    }
}

static void plan_int(struct planner *planner, const struct fm_shape *shape, uint32_t offset,
                     bool absent)
{
    int64_t low = absent && shape->low > 0 ? 0 : shape->low;
    int64_t high = absent && shape->high < 0 ? 0 : shape->high;
    uint64_t range = (uint64_t)(high - low);
    uint32_t bits = range == 0 ? 0 : 64u - (uint32_t)__builtin_clzll(range);
    struct fm_leaf leaf = {.offset = offset,
                           .width = (uint8_t)shape->size,
                           .is_signed = true,
                           .bits = (uint8_t)bits,
                           .bias = low};
    if (bits == 0 && low != 0) {
        leaf.bit = planner->bit; /* takes no room, but unpacking must write it */
        fm_vec_push(&planner->leaves, leaf);
        return;
    }
    plan_leaf(planner, leaf);
}

static void plan(struct planner *planner, const struct fm_shape *shape, uint32_t offset,
                 bool absent);

static void plan_array(struct planner *planner, const struct fm_shape *shape, uint32_t offset,
                       uint32_t count, bool absent)
{
    for (uint32_t i = 0; i < count; i++) {
        plan(planner, shape->parts[0], offset + shape->offsets[0] + i * shape->parts[0]->size,
             absent);
    }
}

static void plan_parts(struct planner *planner, const struct fm_shape *shape, uint32_t offset,
                       bool absent)
{
    for (uint32_t i = 0; i < shape->part_count; i++) {
        plan(planner, shape->parts[i], offset + shape->offsets[i], absent);
    }
}

/* absent: the bytes may be zero instead of a value of the shape. */
static void plan(struct planner *planner, const struct fm_shape *shape, uint32_t offset,
                 bool absent)
{
    switch (shape->kind) {
    case FM_SHAPE_NONE:
        return;
    case FM_SHAPE_BOOL:
        plan_index(planner, offset, 1, 1);
        return;
    case FM_SHAPE_INT:
        plan_int(planner, shape, offset, absent);
        return;
    case FM_SHAPE_ATOM:
        plan_index(planner, offset, shape->size, shape->value_count - 1);
        return;
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        plan_parts(planner, shape, offset, absent);
        return;
    case FM_SHAPE_FCN:
        plan_array(planner, shape, offset, shape->value_count, absent);
        return;
    case FM_SHAPE_PFUN:
        plan_bitset(planner, offset, shape->value_count);
        plan_array(planner, shape, offset, shape->value_count, true);
        return;
    case FM_SHAPE_SEQ:
        plan_index(planner, offset, fm_shape_index_size((uint64_t)shape->capacity + 1),
                   shape->capacity);
        plan_array(planner, shape, offset, shape->capacity, true);
        return;
    case FM_SHAPE_SET:
        plan_bitset(planner, offset, shape->value_count);
        return;
    case FM_SHAPE_SUM:
        plan_index(planner, offset, 1, shape->part_count - 1);
        plan_parts(planner, shape, offset, true);
        return;
    case FM_SHAPE_ANY:
        plan_index(planner, offset, 4, UINT32_MAX);
        return;
    }
    fm_unreachable();
}

struct fm_layout *fm_layout_new(struct fm_shapes *shapes, const struct fm_shape *const *variables,
                                uint32_t count)
{
    struct fm_layout *layout = fm_arena_calloc(&shapes->arena, 1, sizeof *layout);
    uint32_t *offsets = fm_arena_calloc(&shapes->arena, count, sizeof *offsets);
    struct planner planner = {.bit = 0};
    uint32_t size = 0;
    layout->align = 1;
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_shape *shape = variables[i];
        size = (size + shape->align - 1) / shape->align * shape->align;
        offsets[i] = size;
        size += shape->size;
        layout->align = shape->align > layout->align ? shape->align : layout->align;
        plan(&planner, shape, offsets[i], false);
    }
    layout->shapes = shapes;
    layout->variable_count = count;
    layout->offsets = offsets;
    layout->size = (size + layout->align - 1) / layout->align * layout->align;
    layout->bits = planner.bit;
    layout->leaf_count = planner.leaves.count;
    if (count > 0) {
        layout->variables = fm_arena_copy(&shapes->arena, variables, count * sizeof *variables);
    }
    if (layout->leaf_count > 0) {
        layout->leaves = fm_arena_copy(&shapes->arena, planner.leaves.at,
                                       layout->leaf_count * sizeof *layout->leaves);
    }
    fm_vec_deinit(&planner.leaves);
    return layout;
}

/* --- packing --- */

uint32_t fm_layout_packed_size(const struct fm_layout *layout)
{
    return (layout->bits + 7) / 8;
}

/* Bytes of the packed word with this number. */
static uint32_t word_size(const struct fm_layout *layout, uint32_t number)
{
    uint32_t left = fm_layout_packed_size(layout) - number * 8;
    return left < 8 ? left : 8;
}

static uint64_t mask_of(uint32_t bits)
{
    return bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

void fm_layout_pack(const struct fm_layout *layout, const void *state, uint8_t *packed)
{
    uint64_t word = 0;
    uint32_t number = 0;
    for (uint32_t i = 0; i < layout->leaf_count; i++) {
        const struct fm_leaf *leaf = &layout->leaves[i];
        if (leaf->bits == 0) {
            continue;
        }
        if (leaf->bit / 64 != number) {
            memcpy(packed + (size_t)number * 8, &word, 8);
            number = leaf->bit / 64;
            word = 0;
        }
        const uint8_t *at = (const uint8_t *)state + leaf->offset;
        uint64_t stored = leaf->is_signed ? (uint64_t)get_signed(at, leaf->width)
                                          : get(at, leaf->width);
        word |= ((stored - (uint64_t)leaf->bias) & mask_of(leaf->bits)) << leaf->bit % 64;
    }
    if (layout->bits > 0) {
        memcpy(packed + (size_t)number * 8, &word, word_size(layout, number));
    }
}

void fm_layout_unpack(const struct fm_layout *layout, const uint8_t *packed, void *state)
{
    uint64_t word = 0;
    uint32_t number = UINT32_MAX;
    memset(state, 0, layout->size);
    for (uint32_t i = 0; i < layout->leaf_count; i++) {
        const struct fm_leaf *leaf = &layout->leaves[i];
        if (leaf->bits > 0 && leaf->bit / 64 != number) {
            number = leaf->bit / 64;
            word = get(packed + (size_t)number * 8, word_size(layout, number));
        }
        uint64_t bits = leaf->bits == 0 ? 0 : word >> leaf->bit % 64 & mask_of(leaf->bits);
        put((uint8_t *)state + leaf->offset, leaf->width, bits + (uint64_t)leaf->bias);
    }
}
