/* Shapes and values: the shape of one value, membership, and all values of a shape.
 *
 * The shape of a value is the least that has it, but for two decisions that make shapes of the same
 * variable meet: a tuple whose elements have a common shape is a function over 1..n (<<0, 3>> is
 * seen as an array, <<"ack", 3>> as a pair), and the empty tuple, which is every empty function, a
 * sequence that has no room yet.
 *
 * Enumeration follows TLC's order without sorting, except for sums: products count like an odometer
 * whose last position moves fastest, sequences and partial functions come by size first, subsets by
 * size and then lexicographically by places. The lists are kept with the shape. */
#include "native/shape_table.h"

#include "base/assert.h"
#include "native/layout.h"
#include "value/digest.h"
#include "value/raise.h"
#include "value/set.h"
#include "value/view.h"

#include <string.h>

/* Lists of values that are kept with their shape, count. */
#define KEPT_COUNT_MAX 4096u
/* Elements of a set observed whose shapes are joined. */
#define SET_COUNT_MAX FM_SHAPE_UNIVERSE_MAX

/* --- of a value --- */

bool fm_shape_has(struct fm_shapes *shapes, const struct fm_shape *shape, fm_value v)
{
    return fm_layout_unbox(shapes->context, NULL, shape, v, NULL);
}

/* `depth` counts the composites around: no shape is nested deeper than FM_SHAPE_DEPTH_MAX, so what
 * lies deeper is not looked at. */
static const struct fm_shape *of_value(struct fm_shapes *shapes, fm_value v, uint32_t depth);

static const struct fm_shape *join_value(struct fm_shapes *shapes, const struct fm_shape *shape,
                                         fm_value v, uint32_t depth)
{
    return fm_shape_has(shapes, shape, v)
               ? shape
               : fm_shape_join(shapes, shape, of_value(shapes, v, depth));
}

const struct fm_shape *fm_shape_join_value(struct fm_shapes *shapes, const struct fm_shape *shape,
                                           fm_value v)
{
    return join_value(shapes, shape, v, 0);
}

static const struct fm_shape *common_shape(struct fm_shapes *shapes, const fm_value *values,
                                           uint32_t count, uint32_t depth)
{
    const struct fm_shape *result = shapes->none;
    for (uint32_t i = 0; i < count && result != shapes->any; i++) {
        result = join_value(shapes, result, values[i], depth);
    }
    return result;
}

/* Whether a tuple with elements of this shape is taken for an array. Strings mixed with model
 * values are more often a message <<"ack", p>>. */
static bool is_common(const struct fm_shape *shape)
{
    if (shape->kind == FM_SHAPE_ATOM) {
        return fm_value_tag(shape->values[0]) ==
               fm_value_tag(shape->values[shape->value_count - 1]); /* model values come first */
    }
    return shape->kind != FM_SHAPE_ANY && shape->kind != FM_SHAPE_SUM;
}

static const struct fm_shape *of_tuple(struct fm_shapes *shapes, fm_value v, uint32_t depth)
{
    uint32_t count = fm_value_object(v)->count;
    const fm_value *elements = fm_as_array(v)->elements;
    if (count == 0) {
        return fm_shape_seq(shapes, shapes->none, 0);
    }
    if (count > FM_SHAPE_SIZE_MAX) {
        return shapes->any;
    }
    const struct fm_shape *common = common_shape(shapes, elements, count, depth + 1);
    if (is_common(common)) {
        struct fm_value_context keeper = fm_shapes_keeper(shapes);
        return fm_shape_fcn(shapes, fm_interval(&keeper, fm_small(1), fm_small(count)), common);
    }
    const struct fm_shape *parts[FM_SHAPE_PARTS_MAX];
    for (uint32_t i = 0; i < count && i < FM_SHAPE_PARTS_MAX; i++) {
        parts[i] = of_value(shapes, elements[i], depth + 1);
    }
    return count > FM_SHAPE_PARTS_MAX ? shapes->any : fm_shape_tuple(shapes, parts, count);
}

static const struct fm_shape *of_record(struct fm_shapes *shapes, fm_value v, uint32_t depth)
{
    const struct fm_shape *parts[FM_SHAPE_PARTS_MAX];
    const struct fm_fcn_object *record = fm_as_fcn(v);
    if (record->head.count > FM_SHAPE_PARTS_MAX) {
        return shapes->any;
    }
    for (uint32_t i = 0; i < record->head.count; i++) {
        parts[i] = of_value(shapes, record->values[i], depth + 1);
    }
    return fm_shape_record(shapes, record->domain, parts);
}

static const struct fm_shape *of_set(struct fm_shapes *shapes, fm_value v, uint32_t depth)
{
    uint32_t count;
    const fm_value *elements = fm_shapes_list(shapes, v, SET_COUNT_MAX, &count);
    if (elements == NULL) {
        return shapes->any;
    }
    return fm_shape_set_of(shapes, common_shape(shapes, elements, count, depth + 1), elements,
                           count);
}

static const struct fm_shape *of_object(struct fm_shapes *shapes, fm_value v, uint32_t depth)
{
    if (depth > FM_SHAPE_DEPTH_MAX) {
        return shapes->any;
    }
    if (fm_value_is_set(v)) {
        return of_set(shapes, v, depth);
    }
    if (fm_is_kind(v, FM_KIND_LAZY_FCN) &&
        fm_set_can_enumerate(shapes->context, fm_as_lazy_fcn(v)->domain)) {
        v = fm_fcn_explicit(shapes->context, v);
    }
    if (fm_is_kind(v, FM_KIND_TUPLE)) {
        return of_tuple(shapes, v, depth);
    }
    if (fm_is_kind(v, FM_KIND_RECORD)) {
        return of_record(shapes, v, depth);
    }
    if (fm_is_kind(v, FM_KIND_FCN)) {
        const struct fm_fcn_object *function = fm_as_fcn(v);
        uint32_t count = function->head.count;
        return count > FM_SHAPE_SIZE_MAX
                   ? shapes->any
                   : fm_shape_fcn(shapes, function->domain,
                                  common_shape(shapes, function->values, count, depth + 1));
    }
    return shapes->any; /* big integers, operators, functions over infinite sets */
}

static const struct fm_shape *of_value(struct fm_shapes *shapes, fm_value v, uint32_t depth)
{
    if (fm_is_object(v)) {
        return of_object(shapes, v, depth);
    }
    if (fm_is_small(v)) {
        return fm_shape_int(shapes, fm_small_get(v), fm_small_get(v));
    }
    fm_assert(!fm_is_none(v));
    return fm_is_bool(v) ? shapes->boolean : fm_shape_atom(shapes, &v, 1);
}

/* Whether the digest costs little and cannot raise: it is known, or follows from atoms. */
static bool has_cheap_digest(fm_value v)
{
    if (fm_digest_known(v)) {
        return true;
    }
    if (!fm_is_kind(v, FM_KIND_RECORD) && !fm_is_kind(v, FM_KIND_TUPLE)) {
        return false;
    }
    struct fm_graph graph = fm_graph_of(v);
    for (uint64_t i = 0; i < graph.count; i++) {
        if (!fm_digest_known(graph.values[i])) {
            return false;
        }
    }
    return true;
}

/* The emitter asks for the same constants again and again. */
const struct fm_shape *fm_shape_of_value(struct fm_shapes *shapes, fm_value v)
{
    if (!fm_is_object(v) || !has_cheap_digest(v)) {
        return of_value(shapes, v, 0);
    }
    struct fm_digest digest = fm_value_digest(shapes->context, v);
    struct fm_shape_seen *seen = &shapes->seen[digest.low % FM_SHAPES_SEEN_COUNT];
    if (seen->shape == NULL || seen->kind != fm_value_kind(v) ||
        !fm_digest_equal(seen->digest, digest)) {
        const struct fm_shape *shape = of_value(shapes, v, 0);
        *seen = (struct fm_shape_seen){digest, fm_value_kind(v), shape};
    }
    return seen->shape;
}

/* --- enumeration --- */

/* The values being listed: room for all. */
struct lister {
    struct fm_shapes *shapes;
    struct fm_value_context keeper;
    fm_value *at;
    uint32_t count;
};

/* One position of a product. */
struct run {
    const fm_value *values;
    uint32_t count, at;
};

static struct run run_over(struct lister *lister, const struct fm_shape *shape)
{
    struct run run = {NULL, 0, 0};
    run.values = fm_shape_enumerate(lister->shapes, shape, UINT32_MAX, &run.count);
    return run;
}

static void put(struct lister *lister, fm_value v)
{
    lister->at[lister->count++] = fm_value_freeze(&lister->keeper, v);
}

/* One element of the product: a tuple when domain is NONE, otherwise a function. */
static fm_value take(struct lister *lister, fm_value domain, const struct run *runs, uint32_t count)
{
    fm_value result;
    fm_value *at = fm_is_none(domain) ? fm_tuple_begin(&lister->keeper, count, &result)
                                      : fm_fcn_begin(&lister->keeper, domain, &result);
    for (uint32_t i = 0; i < count; i++) {
        at[i] = runs[i].values[runs[i].at];
    }
    return result;
}

static void list_product(struct lister *lister, fm_value domain, struct run *runs, uint32_t count)
{
    bool done = false;
    for (uint32_t i = 0; i < count; i++) {
        done = done || runs[i].count == 0;
    }
    while (!done) {
        put(lister, take(lister, domain, runs, count));
        uint32_t i = count;
        while (i > 0 && ++runs[i - 1].at == runs[i - 1].count) {
            runs[--i].at = 0;
        }
        done = i == 0;
    }
}

/* A product of `count` positions that all run over one shape. */
static void list_power(struct lister *lister, fm_value domain, const struct fm_shape *element,
                       uint32_t count)
{
    struct fm_shapes *shapes = lister->shapes;
    struct run run = count > 0 ? run_over(lister, element) : (struct run){NULL, 0, 0};
    struct fm_arena_mark mark = fm_arena_mark(&shapes->scratch);
    struct run *runs = fm_arena_alloc(&shapes->scratch, (count + 1) * sizeof *runs);
    for (uint32_t i = 0; i < count; i++) {
        runs[i] = run;
    }
    list_product(lister, domain, runs, count);
    fm_arena_release(&shapes->scratch, mark);
}

static void list_parts(struct lister *lister, const struct fm_shape *shape)
{
    struct run runs[FM_SHAPE_PARTS_MAX];
    for (uint32_t i = 0; i < shape->part_count; i++) {
        runs[i] = run_over(lister, shape->parts[i]);
    }
    list_product(lister, shape->domain, runs, shape->part_count);
}

/* Places rising; the next in TLC's order of subsets, of the same size. */
static bool advance(uint32_t *places, uint32_t size, uint32_t count)
{
    uint32_t i = size;
    while (i > 0 && places[i - 1] == count - size + i - 1) {
        i--;
    }
    if (i == 0) {
        return false;
    }
    places[i - 1]++;
    for (; i < size; i++) {
        places[i] = places[i - 1] + 1;
    }
    return true;
}

/* Every subset of `values` of one size; as sets, or as domains of functions. */
static void list_subsets(struct lister *lister, const struct fm_shape *shape, uint32_t size)
{
    uint32_t places[64];
    fm_value chosen[64];
    fm_assert(size <= 64); /* 2^62 is more than can be listed */
    for (uint32_t i = 0; i < size; i++) {
        places[i] = i;
    }
    do {
        for (uint32_t i = 0; i < size; i++) {
            chosen[i] = shape->values[places[i]];
        }
        fm_value set = fm_value_freeze(&lister->keeper,
                                       fm_set_normal(&lister->keeper, chosen, size));
        if (shape->kind == FM_SHAPE_SET) {
            put(lister, set);
        } else {
            list_power(lister, set, shape->parts[0], size);
        }
    } while (advance(places, size, shape->value_count));
}

static void list_sum(struct lister *lister, const struct fm_shape *shape)
{
    for (uint32_t i = 0; i < shape->part_count; i++) {
        struct run run = run_over(lister, shape->parts[i]);
        for (uint32_t j = 0; j < run.count; j++) {
            put(lister, run.values[j]);
        }
    }
    lister->count = fm_shapes_sort(lister->shapes, lister->at, lister->count);
}

static void list_all(struct lister *lister, const struct fm_shape *shape)
{
    switch (shape->kind) {
    case FM_SHAPE_BOOL:
        put(lister, fm_bool(false));
        put(lister, fm_bool(true));
        return;
    case FM_SHAPE_INT:
        for (int64_t n = shape->low; n <= shape->high; n++) {
            put(lister, fm_small(n));
        }
        return;
    case FM_SHAPE_ATOM:
        memcpy(lister->at, shape->values, shape->value_count * sizeof *lister->at);
        lister->count = shape->value_count;
        return;
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        list_parts(lister, shape);
        return;
    case FM_SHAPE_FCN:
        list_power(lister, shape->domain, shape->parts[0], shape->value_count);
        return;
    case FM_SHAPE_SEQ:
        for (uint32_t length = 0; length <= shape->capacity; length++) {
            list_power(lister, fm_none(), shape->parts[0], length);
        }
        return;
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SET:
        for (uint32_t size = 0; size <= shape->value_count; size++) {
            list_subsets(lister, shape, size);
        }
        return;
    case FM_SHAPE_SUM:
        list_sum(lister, shape);
        return;
    case FM_SHAPE_NONE:
    case FM_SHAPE_ANY:
        break;
    }
    fm_unreachable();
}

const fm_value *fm_shape_enumerate(struct fm_shapes *shapes, const struct fm_shape *shape,
                                   uint32_t max, uint32_t *count)
{
    static const fm_value nothing;
    struct fm_shape_entry *entry = shapes->entries.at[shape->number];
    *count = 0;
    if (shape->cardinality > max || shape->has_any) {
        return NULL;
    }
    if (shape->cardinality == 0) {
        return &nothing;
    }
    if (entry->all == NULL) {
        bool keep = shape->cardinality <= KEPT_COUNT_MAX;
        struct lister lister = {.shapes = shapes, .keeper = fm_shapes_keeper(shapes)};
        lister.at = fm_arena_alloc(shapes->kept, shape->cardinality * sizeof *lister.at);
        list_all(&lister, shape);
        fm_assert(lister.count == shape->cardinality);
        *count = lister.count;
        if (!keep) {
            return lister.at;
        }
        entry->all = lister.at;
        entry->all_count = lister.count;
    }
    *count = entry->all_count;
    return entry->all;
}
