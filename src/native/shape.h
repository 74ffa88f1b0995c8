/* Shapes: what is known about the values of an expression or variable, and so how emitted code
 * holds them.
 *
 * A shape is a set of TLA+ values with one canonical C representation: equal values are equal
 * bytes. Shapes are interned in their table: equal shapes are the same pointer. They form a
 * lattice; NONE is its bottom, ANY its top. The lattice has no infinite ascent but for the ranges
 * of integers and the capacities of sequences, which fm_shape_widen jumps over.
 *
 *     shape            C in a register     C inside another      bits when packed
 *     BOOL             bool                uint8_t               1
 *     INT low..high    int64_t             smallest intN_t       of high - low
 *     ATOM values      uint32_t (index)    smallest uintN_t      of the count
 *     TUPLE, RECORD    struct {p0; p1;..}  the same              the sum
 *     FCN              struct {at[n]}      the same              n times
 *     PFUN             struct {has; at[n]} the same              n + n times; absent slots zero
 *     SEQ              struct {length; at[capacity]}             tail zero
 *     SET up to 64     uint64_t            smallest uintN_t      one for each element of `values`
 *     SET beyond       struct {w[]}        the same              "
 *     SUM              struct {tag; p0; p1; ..}                  all side by side, unused ones zero
 *     ANY              fm_value (boxed)    uint32_t              32: number in the dictionary
 *
 * `values` of ATOM, SET and PFUN and the domain of FCN stand in TLC's order, so that bits enumerate
 * as TLC does. A function over 1..n is a FCN (or TUPLE when its elements have no common shape
 * but ANY), a SEQ when lengths differ; a function over strings is a RECORD. */
#ifndef FM_NATIVE_SHAPE_H
#define FM_NATIVE_SHAPE_H

#include "value/order.h"
#include "value/value.h"

#include <stdbool.h>
#include <stdint.h>

/* ORDER(shape) */
enum fm_shape_kind {
    FM_SHAPE_NONE, /* no value at all */
    FM_SHAPE_BOOL,
    FM_SHAPE_INT,
    FM_SHAPE_ATOM, /* strings and model values */
    FM_SHAPE_TUPLE,
    FM_SHAPE_RECORD,
    FM_SHAPE_FCN,
    FM_SHAPE_PFUN,
    FM_SHAPE_SEQ,
    FM_SHAPE_SET,
    FM_SHAPE_SUM, /* of parts of which a value can be in one only */
    FM_SHAPE_ANY
};

/* Elements of a universe at most: sets over more are ANY. */
#define FM_SHAPE_UNIVERSE_MAX 1024u
/* Bytes of a representation at most: larger composites are ANY. */
#define FM_SHAPE_SIZE_MAX 4096u
#define FM_SHAPE_PARTS_MAX 64u
/* Parts of a SUM at most, and levels of nesting: beyond, ANY. */
#define FM_SHAPE_SUM_MAX 16u
#define FM_SHAPE_DEPTH_MAX 12u
#define FM_SHAPE_CARDINALITY_MAX ((uint64_t)1 << 62)

struct fm_shape {
    enum fm_shape_kind kind;
    uint32_t number;        /* dense in its table: sN in emitted code */
    int64_t low, high;      /* INT */
    const fm_value *values; /* ATOM, PFUN keys, SET universe, FCN domain, RECORD names; sorted */
    uint32_t value_count;
    fm_value domain;                     /* of `values` (RECORD: names), frozen; NONE for others */
    const struct fm_shape *const *parts; /* TUPLE, RECORD, SUM: all; others: parts[0] */
    uint32_t part_count;
    uint32_t capacity;    /* SEQ: elements at most */
    uint64_t cardinality; /* values of the shape; FM_SHAPE_CARDINALITY_MAX and more: that */
    bool has_any;         /* ANY is, or stands in, it */

    /* The representation inside another (layout of the C struct). */
    uint32_t size, align;    /* bytes */
    const uint32_t *offsets; /* TUPLE, RECORD, SUM: of the parts; SEQ, PFUN: [0] of `at` */
    uint32_t bits;           /* when packed */
};

struct fm_shapes; /* the table */

/* Values made on the way and kept are frozen in the context's arena, which must outlive it. */
struct fm_shapes *fm_shapes_new(struct fm_value_context *context);
void fm_shapes_free(struct fm_shapes *shapes);
uint32_t fm_shapes_count(const struct fm_shapes *shapes);
const struct fm_shape *fm_shapes_at(const struct fm_shapes *shapes, uint32_t number);

/* --- making --- */
const struct fm_shape *fm_shape_none(struct fm_shapes *shapes);
const struct fm_shape *fm_shape_bool(struct fm_shapes *shapes);
const struct fm_shape *fm_shape_any(struct fm_shapes *shapes);
const struct fm_shape *fm_shape_int(struct fm_shapes *shapes, int64_t low, int64_t high);
/* Strings and model values in any order, repetitions allowed. */
const struct fm_shape *fm_shape_atom(struct fm_shapes *shapes, const fm_value *values,
                                     uint32_t count);
const struct fm_shape *fm_shape_tuple(struct fm_shapes *shapes, const struct fm_shape *const *parts,
                                      uint32_t count);
/* domain: the set of field names; parts in its order. */
const struct fm_shape *fm_shape_record(struct fm_shapes *shapes, fm_value domain,
                                       const struct fm_shape *const *parts);
/* domain: enumerable; with strings only it becomes a RECORD. */
const struct fm_shape *fm_shape_fcn(struct fm_shapes *shapes, fm_value domain,
                                    const struct fm_shape *element);
const struct fm_shape *fm_shape_pfun(struct fm_shapes *shapes, const struct fm_shape *key,
                                     const struct fm_shape *element);
/* With exactly these keys (in any order). */
const struct fm_shape *fm_shape_pfun_of(struct fm_shapes *shapes, const fm_value *keys,
                                        uint32_t count, const struct fm_shape *element);
const struct fm_shape *fm_shape_seq(struct fm_shapes *shapes, const struct fm_shape *element,
                                    uint32_t capacity);
/* Sets over all values of a finite shape; ANY when those are too many. */
const struct fm_shape *fm_shape_set(struct fm_shapes *shapes, const struct fm_shape *element);
/* Sets over exactly these values (in any order), all of the shape of `element`. */
const struct fm_shape *fm_shape_set_of(struct fm_shapes *shapes, const struct fm_shape *element,
                                       const fm_value *values, uint32_t count);

/* --- lattice --- */
const struct fm_shape *fm_shape_join(struct fm_shapes *shapes, const struct fm_shape *a,
                                     const struct fm_shape *b);
/* A join that makes ascending chains end: what grew since `old` grows by a jump. */
const struct fm_shape *fm_shape_widen(struct fm_shapes *shapes, const struct fm_shape *old,
                                      const struct fm_shape *more);
/* A number that integers and lengths may well grow to: jumps that stay below reach it. */
void fm_shapes_add_bound(struct fm_shapes *shapes, int64_t bound);
bool fm_shape_includes(struct fm_shapes *shapes, const struct fm_shape *outer,
                       const struct fm_shape *inner);
/* The least shape of one value. */
const struct fm_shape *fm_shape_of_value(struct fm_shapes *shapes, fm_value v);
/* Whether the value is of the shape; and the shape joined with that of the value, which costs
 * little when it is. */
bool fm_shape_has(struct fm_shapes *shapes, const struct fm_shape *shape, fm_value v);
const struct fm_shape *fm_shape_join_value(struct fm_shapes *shapes, const struct fm_shape *shape,
                                           fm_value v);
/* A shape that includes every element of a set, from its structure where it is lazy ([S -> T],
 * SUBSET S, records, unions, Seq): for hints such as `x \in S`. NULL when the set tells nothing
 * (Nat, STRING, too many elements). */
const struct fm_shape *fm_shape_of_elements(struct fm_shapes *shapes, fm_value set);
/* Every value of a finite shape in TLC's order; NULL when there are more than `max`. */
const fm_value *fm_shape_enumerate(struct fm_shapes *shapes, const struct fm_shape *shape,
                                   uint32_t max, uint32_t *count);
/* The part of a RECORD for a field name, or UINT32_MAX. */
uint32_t fm_shape_field(const struct fm_shape *record, const struct fm_symbol *name);
/* Position of the value in `values`, or UINT32_MAX. fm_shape_place is for any thread. */
uint32_t fm_shape_position(struct fm_shapes *shapes, const struct fm_shape *shape, fm_value v);
uint32_t fm_shape_place(struct fm_value_context *context, const struct fm_shape *shape, fm_value v);
/* As a comment in emitted code: "[{r1, r2} -> {\"working\", \"prepared\"}]". */
void fm_shape_print(struct fm_shapes *shapes, const struct fm_shape *shape, struct fm_text *out);

/* Bytes of the smallest uintN_t that holds 0 .. count-1: ATOM, `length` of a SEQ (count: capacity +
 * 1); tags of a SUM are one byte. */
static inline uint32_t fm_shape_index_size(uint64_t count)
{
    return count <= 0x100 ? 1 : count <= 0x10000 ? 2 : 4;
}
/* Bytes of a bitset, SET or `has` of a PFUN: the smallest uintN_t, or an array of uint64_t. */
static inline uint32_t fm_shape_bitset_size(uint32_t count)
{
    return count <= 8 ? 1 : count <= 16 ? 2 : count <= 32 ? 4 : (count + 63u) / 64u * 8u;
}
/* Bytes of an INT: the smallest intN_t. */
static inline uint32_t fm_shape_int_size(int64_t low, int64_t high)
{
    return low >= INT8_MIN && high <= INT8_MAX     ? 1
           : low >= INT16_MIN && high <= INT16_MAX ? 2
           : low >= INT32_MIN && high <= INT32_MAX ? 4
                                                   : 8;
}

/* Whether the C of a register is a struct (and not a word). */
static inline bool fm_shape_is_struct(const struct fm_shape *shape)
{
    switch (shape->kind) {
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
    case FM_SHAPE_SUM:
        return true;
    case FM_SHAPE_SET:
        return shape->value_count > 64;
    case FM_SHAPE_NONE:
    case FM_SHAPE_BOOL:
    case FM_SHAPE_INT:
    case FM_SHAPE_ATOM:
    case FM_SHAPE_ANY:
        break;
    }
    return false;
}

#endif
