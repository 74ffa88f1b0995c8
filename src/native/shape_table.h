/* The table of shapes, and what the files of shape_*.c share. Internal to src/native. */
#ifndef FM_NATIVE_SHAPE_TABLE_H
#define FM_NATIVE_SHAPE_TABLE_H

#include "base/arena.h"
#include "base/vec.h"
#include "native/shape.h"
#include "value/object.h"
#include "value/view.h"

/* One interned shape. */
struct fm_shape_entry {
    struct fm_shape shape; /* first: pointers to it are pointers to the entry */
    uint64_t hash;
    uint32_t depth;       /* levels of nesting */
    bool is_ranked;       /* SET: places of elements follow from fm_shape_rank of its part */
    uint32_t bits_absent; /* packed where it may be absent: zero must be among its values */
    const fm_value *all;  /* every value, once somebody asked; NULL before */
    uint32_t all_count;
};

/* Joins found before, by both numbers; younger ones displace older ones. */
#define FM_SHAPES_MEMO_COUNT 4096u

#define FM_SHAPES_BOUNDS_MAX 8u

struct fm_shape_memo {
    const struct fm_shape *a, *b, *join;
};

/* Shapes of values asked for before. The kind of the value is looked at, too: equal functions may
 * be seen as tuples or not. */
#define FM_SHAPES_SEEN_COUNT 16384u

struct fm_shape_seen {
    struct fm_digest digest;
    enum fm_kind kind;
    const struct fm_shape *shape;
};

struct fm_shapes {
    struct fm_value_context *context;
    struct fm_arena *kept;   /* the context's arena when the table was made: for values */
    struct fm_arena arena;   /* shapes, layouts */
    struct fm_arena scratch; /* arrays of C; released by whoever took the mark */
    FM_VEC(struct fm_shape_entry *) entries;
    uint32_t *slots; /* number + 1, 0 is empty */
    uint32_t slot_count;
    const struct fm_shape *none, *boolean, *any;
    int64_t bounds[FM_SHAPES_BOUNDS_MAX]; /* where jumps of widening end */
    uint32_t bound_count;
    struct fm_shape_memo memo[FM_SHAPES_MEMO_COUNT];
    struct fm_shape_seen seen[FM_SHAPES_SEEN_COUNT];
};

static inline const struct fm_shape_entry *fm_shape_entry_of(const struct fm_shape *shape)
{
    return (const struct fm_shape_entry *)(const void *)shape;
}
static inline bool fm_shape_is_function(const struct fm_shape *shape)
{
    return shape->kind >= FM_SHAPE_TUPLE && shape->kind <= FM_SHAPE_SEQ;
}
/* FCN over 1..n; `values` are sorted and distinct, so the ends tell. */
static inline bool fm_shape_is_dense(const struct fm_shape *shape)
{
    return shape->kind == FM_SHAPE_FCN && fm_value_same(shape->values[0], fm_small(1)) &&
           fm_value_same(shape->values[shape->value_count - 1], fm_small(shape->value_count));
}
/* TUPLE, SEQ, FCN over 1..n. */
static inline bool fm_shape_is_sequence(const struct fm_shape *shape)
{
    return shape->kind == FM_SHAPE_TUPLE || shape->kind == FM_SHAPE_SEQ || fm_shape_is_dense(shape);
}

/* --- shape.c --- */

/* A context like the table's whose results stay. */
struct fm_value_context fm_shapes_keeper(const struct fm_shapes *shapes);
/* A frozen copy that stays. */
fm_value fm_shapes_keep(struct fm_shapes *shapes, fm_value v);
/* Sorts by fm_value_compare_total and drops repetitions; the count that remains. */
uint32_t fm_shapes_sort(struct fm_shapes *shapes, fm_value *at, uint32_t count);
/* The elements of a finite set in TLC's order; NULL when there are more than max, or they cannot be
 * listed. */
const fm_value *fm_shapes_list(struct fm_shapes *shapes, fm_value set, uint32_t max,
                               uint32_t *count);
/* Flat parts, of which none can be merged; in any order. */
const struct fm_shape *fm_shape_sum(struct fm_shapes *shapes, const struct fm_shape **parts,
                                    uint32_t count);

/* --- shape_join.c --- */

/* A FCN over 1..n when all parts are equal, otherwise a TUPLE. */
const struct fm_shape *fm_shape_tuple_or_array(struct fm_shapes *shapes,
                                               const struct fm_shape *const *parts, uint32_t count);

/* --- shape_order.c --- */

/* Whether TLC can compare any two of these values: all of a shape, or those listed. */
bool fm_shape_is_ordered(const struct fm_shape *shape);
bool fm_shapes_comparable(struct fm_shapes *shapes, const fm_value *values, uint32_t count);

/* --- shape_rank.c --- */

/* The graph of an explicit function, or of one that can be made explicit; false otherwise. */
bool fm_shape_graph(struct fm_value_context *context, fm_value v, struct fm_graph *graph);
/* Whether its domain is that of a TUPLE, RECORD or FCN. */
bool fm_shape_has_keys(struct fm_value_context *context, const struct fm_shape *shape,
                       const struct fm_graph *graph);
/* Whether fm_shape_rank knows the shape. */
bool fm_shape_is_ranked(const struct fm_shape *shape);
/* The place of a value among all values of the shape, fewer than 2^32; UINT32_MAX when it is none.
 */
uint32_t fm_shape_rank(struct fm_value_context *context, const struct fm_shape *shape, fm_value v);

#endif
