/* Sets: construction, membership, enumeration in TLC's two orders. See value.h for the rules. */
#ifndef FM_VALUE_SET_H
#define FM_VALUE_SET_H

#include "value/value.h"

/* {a, b, ...} as built: repetitions allowed, normalized when needed. Copies. */
fm_value fm_set(struct fm_value_context *context, const fm_value *elements, uint32_t count);
/* The same when the caller knows that the elements are sorted and distinct. */
fm_value fm_set_normal(struct fm_value_context *context, const fm_value *elements, uint32_t count);
fm_value fm_set_empty(void);
fm_value fm_interval(struct fm_value_context *context, fm_value low, fm_value high);
fm_value fm_subsets(struct fm_value_context *context, fm_value set);
fm_value fm_ksubsets(struct fm_value_context *context, uint32_t size, fm_value set);
fm_value fm_fcnset(struct fm_value_context *context, fm_value domain, fm_value range);
fm_value fm_recset(struct fm_value_context *context, const struct fm_symbol *const *names,
                   const fm_value *sets, uint32_t count);
fm_value fm_cross(struct fm_value_context *context, const fm_value *factors, uint32_t count);
fm_value fm_seqs(struct fm_value_context *context, fm_value set);
fm_value fm_filter(struct fm_value_context *context, fm_value set, const void *closure);
fm_value fm_set_constant(enum fm_kind kind); /* NAT, INTS, REALS, STRINGS, ANY */
fm_value fm_booleans(void);

/* Eager when both sides are enumerated or intervals, as TLC; lazy otherwise. Raise on non-sets. */
fm_value fm_set_union(struct fm_value_context *context, fm_value a, fm_value b);
fm_value fm_set_intersection(struct fm_value_context *context, fm_value a, fm_value b);
fm_value fm_set_difference(struct fm_value_context *context, fm_value a, fm_value b);
fm_value fm_set_big_union(struct fm_value_context *context, fm_value set);

bool fm_set_member(struct fm_value_context *context, fm_value element, fm_value set);
bool fm_set_subset(struct fm_value_context *context, fm_value a, fm_value b);
bool fm_set_is_finite(struct fm_value_context *context, fm_value set);
/* Number of elements as an integer value: closed forms for SUBSET, [S -> T] ... without
 * enumerating. */
fm_value fm_set_cardinality(struct fm_value_context *context, fm_value set);
bool fm_set_is_empty(struct fm_value_context *context, fm_value set);
bool fm_set_can_enumerate(struct fm_value_context *context, fm_value set);

/* The normalized (sorted, distinct) elements; cached in the object. Raises when not enumerable or
 * above set_size_max, saying which set and why. Valid as long as the value. */
const fm_value *fm_set_elements(struct fm_value_context *context, fm_value set, uint32_t *count);
/* An explicit normalized SET equal to it. */
fm_value fm_set_explicit(struct fm_value_context *context, fm_value set);

/* ORDER(enumeration): NORMAL walks the normalized order without repetitions (quantifiers over
 * values, CHOOSE, printing); RAW walks the set as built, repetitions included (x' \in S and x \in S
 * in Init). */
enum fm_set_order { FM_SET_NORMAL, FM_SET_RAW };

/* An enumeration in progress; lives on the caller's stack. All memory it keeps is allocated in the
 * context's arena by fm_set_begin; fm_set_next allocates the element only. So a loop may release
 * the arena in each round to a mark taken after fm_set_begin. A huge [S -> T] costs only what was
 * taken. */
struct fm_set_cursor {
    fm_value set;
    const fm_value *elements; /* fast path: explicit elements */
    uint64_t index, count;
    int64_t low; /* of an interval */
    void *state; /* of the lazy kinds */
    uint8_t mode;
};

void fm_set_begin(struct fm_value_context *context, struct fm_set_cursor *cursor, fm_value set,
                  enum fm_set_order order);
bool fm_set_next_slow(struct fm_value_context *context, struct fm_set_cursor *cursor,
                      fm_value *element);

/* ORDER(cursor) modes of the fast paths. */
#define FM_CURSOR_ELEMENTS 0u
#define FM_CURSOR_INTERVAL 1u

/* false at the end. */
static inline bool fm_set_next(struct fm_value_context *context, struct fm_set_cursor *cursor,
                               fm_value *element)
{
    if (cursor->mode == FM_CURSOR_ELEMENTS) {
        if (cursor->index == cursor->count) {
            return false;
        }
        *element = cursor->elements[cursor->index++];
        return true;
    }
    if (cursor->mode == FM_CURSOR_INTERVAL) {
        if (cursor->index == cursor->count) {
            return false;
        }
        *element = fm_small(cursor->low + (int64_t)cursor->index++);
        return true;
    }
    return fm_set_next_slow(context, cursor, element);
}

#endif
