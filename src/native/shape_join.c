/* The lattice: join, inclusion, widening.
 *
 * Two shapes that are no sums stand in one of three relations. They MERGE into one shape (two
 * ranges of integers, two sets, two records of the same fields, two sequences), they are APART and
 * may be parts of one sum (no value is in both), or they CLASH: they have a value in common but no
 * shape holds both (a function over any subset of model values, and sequences of any length: both
 * have the empty function). Then the join is ANY.
 *
 * A sum is a list of shapes that are pairwise apart. Joining folds the parts of both operands into
 * one list; a merge may give a shape of another kind (a function over {1, 2} and one over {a} give
 * a partial function), so its result is folded in anew, with one part fewer in the list.
 *
 * Sets are closed: the universe of a join is every value of the joined element shape if those are
 * few, because a message seen with each of two types and each of three senders will be seen in all
 * six combinations, and each new universe is a new compilation. Only if that is too many the join
 * has the elements of both universes. If one universe has the other's elements it stays as it is:
 * what a type invariant stated is not enlarged.
 *
 * A function over 1..n is seen as an array or as a tuple, according to whether its elements have a
 * shape in common. A tuple that meets an array stays one, unless the array's elements include its
 * own, or all of its parts become equal: <<None, 3>> and <<4, None>> are values of an array. Such a
 * tuple is apart from <<>>, which stands for none at all; what grows is seen with one element, too,
 * and that sequence takes in both.
 *
 * The join is commutative (operands are ordered by number first), idempotent, and includes both
 * operands. It is not associative in every case (closing at different moments), and need not be:
 * all chains end, but for ranges and capacities, over which fm_shape_widen jumps. */
#include "native/shape_table.h"

#include "base/assert.h"
#include "value/set.h"

#include <string.h>

/* ORDER(relation) */
enum relation { APART, MERGE, CLASH };

/* ORDER(family): of functions, by their domains. */
enum family { SEQUENCES, RECORDS, MAPS };

static enum family family_of(const struct fm_shape *shape)
{
    return fm_shape_is_sequence(shape)      ? SEQUENCES
           : shape->kind == FM_SHAPE_RECORD ? RECORDS
                                            : MAPS;
}

static bool has_key(const struct fm_shape *map, enum fm_tag tag)
{
    for (uint32_t i = 0; i < map->value_count; i++) {
        if (fm_value_tag(map->values[i]) == tag) {
            return true;
        }
    }
    return false;
}

static bool same_values(struct fm_shapes *shapes, const struct fm_shape *a,
                        const struct fm_shape *b)
{
    if (a->values == b->values) {
        return true;
    }
    for (uint32_t i = 0; i < a->value_count && a->value_count == b->value_count; i++) {
        if (fm_value_compare_total(shapes->context, a->values[i], b->values[i]) != 0) {
            return false;
        }
    }
    return a->value_count == b->value_count;
}

/* Of a sequence or record and a map. */
static enum relation relate_map(const struct fm_shape *a, const struct fm_shape *map)
{
    bool empty = a->kind == FM_SHAPE_SEQ; /* the empty function is in it */
    if (empty && a->capacity == 0) {
        return MERGE;
    }
    if (has_key(map, a->kind == FM_SHAPE_RECORD ? FM_TAG_STRING : FM_TAG_INT)) {
        return MERGE;
    }
    return empty && map->kind == FM_SHAPE_PFUN ? CLASH : APART;
}

/* <<>> and a tuple of different parts: not a sequence that grows, but a value or none. */
static bool is_beside_empty(const struct fm_shape *a, const struct fm_shape *b)
{
    return a->kind == FM_SHAPE_SEQ && a->capacity == 0 && b->kind == FM_SHAPE_TUPLE;
}

/* Neither is NONE, ANY or SUM. */
static enum relation relate(struct fm_shapes *shapes, const struct fm_shape *a,
                            const struct fm_shape *b)
{
    if (!fm_shape_is_function(a) || !fm_shape_is_function(b)) {
        return a->kind == b->kind ? MERGE : APART;
    }
    enum family x = family_of(a), y = family_of(b);
    if (x == SEQUENCES && y == SEQUENCES) {
        return is_beside_empty(a, b) || is_beside_empty(b, a) ? APART : MERGE;
    }
    if (x == y) {
        return x != RECORDS || same_values(shapes, a, b) ? MERGE : APART;
    }
    if (x != MAPS && y != MAPS) {
        return APART; /* records are not empty */
    }
    return x == MAPS ? relate_map(b, a) : relate_map(a, b);
}

/* --- merging --- */

/* What all values of a function have in common. */
static const struct fm_shape *element_of(struct fm_shapes *shapes, const struct fm_shape *function)
{
    const struct fm_shape *result = shapes->none;
    for (uint32_t i = 0; i < function->part_count; i++) {
        result = fm_shape_join(shapes, result, function->parts[i]);
    }
    return result;
}

static const struct fm_shape *join_elements(struct fm_shapes *shapes, const struct fm_shape *a,
                                            const struct fm_shape *b)
{
    return fm_shape_join(shapes, element_of(shapes, a), element_of(shapes, b));
}

/* Both lists of values, one behind the other, in the scratch arena. */
static fm_value *both_values(struct fm_shapes *shapes, const struct fm_shape *a,
                             const struct fm_shape *b)
{
    fm_value *both = fm_arena_alloc(&shapes->scratch,
                                    (a->value_count + b->value_count) * sizeof *both);
    if (a->value_count > 0) {
        memcpy(both, a->values, a->value_count * sizeof *both);
    }
    if (b->value_count > 0) {
        memcpy(both + a->value_count, b->values, b->value_count * sizeof *both);
    }
    return both;
}

static const struct fm_shape *join_atoms(struct fm_shapes *shapes, const struct fm_shape *a,
                                         const struct fm_shape *b)
{
    struct fm_arena_mark mark = fm_arena_mark(&shapes->scratch);
    const struct fm_shape *result = fm_shape_atom(shapes, both_values(shapes, a, b),
                                                  a->value_count + b->value_count);
    fm_arena_release(&shapes->scratch, mark);
    return result;
}

/* TUPLE and RECORD, part by part; FCN over 1..n counts as a tuple of equal parts. */
static const struct fm_shape *part_at(const struct fm_shape *shape, uint32_t i)
{
    return shape->parts[shape->kind == FM_SHAPE_FCN ? 0 : i];
}

const struct fm_shape *fm_shape_tuple_or_array(struct fm_shapes *shapes,
                                               const struct fm_shape *const *parts, uint32_t count)
{
    bool equal = true;
    for (uint32_t i = 1; i < count && equal; i++) {
        equal = parts[i] == parts[0];
    }
    if (!equal) {
        return fm_shape_tuple(shapes, parts, count);
    }
    struct fm_value_context keeper = fm_shapes_keeper(shapes);
    return fm_shape_fcn(shapes, fm_interval(&keeper, fm_small(1), fm_small(count)), parts[0]);
}

static const struct fm_shape *join_parts(struct fm_shapes *shapes, const struct fm_shape *a,
                                         const struct fm_shape *b)
{
    const struct fm_shape *parts[FM_SHAPE_PARTS_MAX];
    uint32_t count = a->part_count > b->part_count ? a->part_count : b->part_count;
    for (uint32_t i = 0; i < count; i++) {
        parts[i] = fm_shape_join(shapes, part_at(a, i), part_at(b, i));
    }
    return a->kind == FM_SHAPE_RECORD ? fm_shape_record(shapes, a->domain, parts)
                                      : fm_shape_tuple_or_array(shapes, parts, count);
}

/* Largest length of a sequence shape. */
static uint32_t length_max(const struct fm_shape *shape)
{
    return shape->kind == FM_SHAPE_SEQ     ? shape->capacity
           : shape->kind == FM_SHAPE_TUPLE ? shape->part_count
                                           : shape->value_count;
}

static const struct fm_shape *join_sequences(struct fm_shapes *shapes, const struct fm_shape *a,
                                             const struct fm_shape *b)
{
    uint32_t n = length_max(a), m = length_max(b);
    if (a->kind == FM_SHAPE_SEQ || b->kind == FM_SHAPE_SEQ || n != m) {
        return fm_shape_seq(shapes, join_elements(shapes, a, b), n > m ? n : m);
    }
    if (a->kind == FM_SHAPE_FCN && b->kind == FM_SHAPE_FCN) {
        return fm_shape_fcn(shapes, a->domain, fm_shape_join(shapes, a->parts[0], b->parts[0]));
    }
    const struct fm_shape *array = a->kind == FM_SHAPE_FCN ? a : b;
    const struct fm_shape *other = array == a ? b : a;
    if (array->kind == FM_SHAPE_FCN && fm_shape_includes(shapes, array, other)) {
        return array;
    }
    return join_parts(shapes, a, b);
}

/* The keys a function may have, in the scratch arena; room for `more` behind them. */
static fm_value *keys_of(struct fm_shapes *shapes, const struct fm_shape *function, uint32_t more,
                         uint32_t *count)
{
    bool sequence = function->kind == FM_SHAPE_SEQ || function->kind == FM_SHAPE_TUPLE;
    *count = sequence ? length_max(function) : function->value_count;
    fm_value *keys = fm_arena_alloc(&shapes->scratch, (*count + more) * sizeof *keys);
    for (uint32_t i = 0; i < *count; i++) {
        keys[i] = sequence ? fm_small((int64_t)i + 1) : function->values[i];
    }
    return keys;
}

static const struct fm_shape *join_maps(struct fm_shapes *shapes, const struct fm_shape *a,
                                        const struct fm_shape *b)
{
    const struct fm_shape *element = join_elements(shapes, a, b);
    if (a->kind == FM_SHAPE_FCN && b->kind == FM_SHAPE_FCN && same_values(shapes, a, b)) {
        return fm_shape_fcn(shapes, a->domain, element);
    }
    struct fm_arena_mark mark = fm_arena_mark(&shapes->scratch);
    uint32_t n, m;
    const fm_value *other = keys_of(shapes, b, 0, &m);
    fm_value *keys = keys_of(shapes, a, m, &n);
    if (m > 0) {
        memcpy(keys + n, other, m * sizeof *keys);
    }
    const struct fm_shape *result = fm_shape_pfun_of(shapes, keys, n + m, element);
    fm_arena_release(&shapes->scratch, mark);
    return result;
}

static bool covers(struct fm_shapes *shapes, const struct fm_shape *outer,
                   const struct fm_shape *inner)
{
    for (uint32_t i = 0; i < inner->value_count; i++) {
        if (inner->value_count > outer->value_count ||
            fm_shape_position(shapes, outer, inner->values[i]) == UINT32_MAX) {
            return false;
        }
    }
    return true;
}

static const struct fm_shape *join_sets(struct fm_shapes *shapes, const struct fm_shape *a,
                                        const struct fm_shape *b)
{
    bool left = covers(shapes, a, b), right = covers(shapes, b, a);
    if (left != right) {
        return left ? a : b;
    }
    const struct fm_shape *element = fm_shape_join(shapes, a->parts[0], b->parts[0]);
    if (left) {
        return fm_shape_set_of(shapes, element, a->values, a->value_count);
    }
    const struct fm_shape *closed = fm_shape_set(shapes, element);
    if (closed != shapes->any) {
        return closed;
    }
    struct fm_arena_mark mark = fm_arena_mark(&shapes->scratch);
    const struct fm_shape *result = fm_shape_set_of(shapes, element, both_values(shapes, a, b),
                                                    a->value_count + b->value_count);
    fm_arena_release(&shapes->scratch, mark);
    return result;
}

/* Of two shapes whose relation is MERGE. */
static const struct fm_shape *merge(struct fm_shapes *shapes, const struct fm_shape *a,
                                    const struct fm_shape *b)
{
    switch (a->kind) {
    case FM_SHAPE_BOOL:
        return a;
    case FM_SHAPE_INT:
        return fm_shape_int(shapes, a->low < b->low ? a->low : b->low,
                            a->high > b->high ? a->high : b->high);
    case FM_SHAPE_ATOM:
        return join_atoms(shapes, a, b);
    case FM_SHAPE_SET:
        return join_sets(shapes, a, b);
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
        if (family_of(a) != family_of(b) || family_of(a) == MAPS) {
            return join_maps(shapes, a, b);
        }
        return family_of(a) == RECORDS ? join_parts(shapes, a, b) : join_sequences(shapes, a, b);
    case FM_SHAPE_NONE:
    case FM_SHAPE_SUM:
    case FM_SHAPE_ANY:
        break;
    }
    fm_unreachable();
}

/* --- sums --- */

/* Pairwise apart; room for one too many. */
struct list {
    const struct fm_shape *at[FM_SHAPE_SUM_MAX + 1];
    uint32_t count;
};

/* The first shape in the list that is not apart from this one, or the count. */
static uint32_t find_relative(struct fm_shapes *shapes, const struct list *list,
                              const struct fm_shape *shape, enum relation *relation)
{
    *relation = APART;
    uint32_t i = 0;
    for (; i < list->count; i++) {
        *relation = relate(shapes, list->at[i], shape);
        if (*relation != APART) {
            break;
        }
    }
    return i;
}

/* false: the whole is ANY. */
static bool fold_in(struct fm_shapes *shapes, struct list *list, const struct fm_shape *shape)
{
    for (;;) {
        if (shape->kind == FM_SHAPE_ANY) {
            return false;
        }
        enum relation relation;
        uint32_t at = find_relative(shapes, list, shape, &relation);
        if (relation == CLASH) {
            return false;
        }
        if (relation == APART) {
            list->at[list->count++] = shape;
            return list->count <= FM_SHAPE_SUM_MAX;
        }
        shape = merge(shapes, list->at[at], shape);
        list->at[at] = list->at[--list->count];
    }
}

static bool fold_all(struct fm_shapes *shapes, struct list *list, const struct fm_shape *shape)
{
    if (shape->kind != FM_SHAPE_SUM) {
        return fold_in(shapes, list, shape);
    }
    for (uint32_t i = 0; i < shape->part_count; i++) {
        if (!fold_in(shapes, list, shape->parts[i])) {
            return false;
        }
    }
    return true;
}

static const struct fm_shape *join_new(struct fm_shapes *shapes, const struct fm_shape *a,
                                       const struct fm_shape *b)
{
    struct list list = {.count = 0};
    if (!fold_all(shapes, &list, a) || !fold_all(shapes, &list, b)) {
        return shapes->any;
    }
    return fm_shape_sum(shapes, list.at, list.count);
}

const struct fm_shape *fm_shape_join(struct fm_shapes *shapes, const struct fm_shape *a,
                                     const struct fm_shape *b)
{
    if (a == b || b->kind == FM_SHAPE_NONE) {
        return a;
    }
    if (a->kind == FM_SHAPE_NONE) {
        return b;
    }
    if (a->number > b->number) {
        const struct fm_shape *swap = a;
        a = b;
        b = swap;
    }
    struct fm_shape_memo *memo = &shapes->memo[(a->number * 31 + b->number) % FM_SHAPES_MEMO_COUNT];
    if (memo->a == a && memo->b == b) {
        return memo->join;
    }
    const struct fm_shape *join = join_new(shapes, a, b);
    *memo = (struct fm_shape_memo){a, b, join};
    return join;
}

/* --- inclusion --- */

static bool includes_parts(struct fm_shapes *shapes, const struct fm_shape *outer,
                           const struct fm_shape *inner)
{
    uint32_t count = outer->part_count > inner->part_count ? outer->part_count : inner->part_count;
    for (uint32_t i = 0; i < count; i++) {
        if (!fm_shape_includes(shapes, part_at(outer, i), part_at(inner, i))) {
            return false;
        }
    }
    return true;
}

/* All values of the inner function are in the outer's one element shape. */
static bool includes_elements(struct fm_shapes *shapes, const struct fm_shape *outer,
                              const struct fm_shape *inner)
{
    for (uint32_t i = 0; i < inner->part_count; i++) {
        if (!fm_shape_includes(shapes, outer->parts[0], inner->parts[i])) {
            return false;
        }
    }
    return true;
}

static bool includes_keys(struct fm_shapes *shapes, const struct fm_shape *outer,
                          const struct fm_shape *inner)
{
    struct fm_arena_mark mark = fm_arena_mark(&shapes->scratch);
    uint32_t count;
    const fm_value *keys = keys_of(shapes, inner, 0, &count);
    bool result = true;
    for (uint32_t i = 0; i < count && result; i++) {
        result = fm_shape_position(shapes, outer, keys[i]) != UINT32_MAX;
    }
    fm_arena_release(&shapes->scratch, mark);
    return result;
}

/* Both are functions. */
static bool includes_function(struct fm_shapes *shapes, const struct fm_shape *outer,
                              const struct fm_shape *inner)
{
    enum fm_shape_kind kind = outer->kind;
    if (kind == FM_SHAPE_PFUN) {
        return includes_keys(shapes, outer, inner) && includes_elements(shapes, outer, inner);
    }
    if (kind == FM_SHAPE_SEQ) {
        return fm_shape_is_sequence(inner) && length_max(inner) <= outer->capacity &&
               includes_elements(shapes, outer, inner);
    }
    if (inner->kind == FM_SHAPE_SEQ || inner->kind == FM_SHAPE_PFUN) {
        return false;
    }
    if (fm_shape_is_sequence(outer)) {
        return fm_shape_is_sequence(inner) && length_max(outer) == length_max(inner) &&
               includes_parts(shapes, outer, inner);
    }
    return kind == inner->kind && same_values(shapes, outer, inner) &&
           includes_parts(shapes, outer, inner);
}

bool fm_shape_includes(struct fm_shapes *shapes, const struct fm_shape *outer,
                       const struct fm_shape *inner)
{
    if (outer == inner || inner->kind == FM_SHAPE_NONE || outer->kind == FM_SHAPE_ANY) {
        return true;
    }
    if (inner->kind == FM_SHAPE_SUM) {
        bool all = true;
        for (uint32_t i = 0; i < inner->part_count && all; i++) {
            all = fm_shape_includes(shapes, outer, inner->parts[i]);
        }
        return all;
    }
    if (outer->kind == FM_SHAPE_SUM) {
        bool some = false;
        for (uint32_t i = 0; i < outer->part_count && !some; i++) {
            some = fm_shape_includes(shapes, outer->parts[i], inner);
        }
        return some;
    }
    if (fm_shape_is_function(outer) && fm_shape_is_function(inner)) {
        return includes_function(shapes, outer, inner);
    }
    if (outer->kind != inner->kind) {
        return false;
    }
    return outer->kind == FM_SHAPE_INT ? outer->low <= inner->low && outer->high >= inner->high
                                       : covers(shapes, outer, inner);
}
