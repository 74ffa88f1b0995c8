/* What emitted code is written against: compiled with it, on its own, by the system's C compiler.
 *
 * Includes nothing of Fathom but the arithmetic of digests, which lies beside it then; the engine
 * (src/native/engine.c) holds the other side of these structs and asserts that both agree.
 * Everything here that computes is `static inline` and tested through what is emitted. */
#ifndef FATHOM_NATIVE_H
#define FATHOM_NATIVE_H

#include "base/fathom_digest.h"
#include "fathom_state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FM_NRT_VERSION 5u
#define FM_NRT_BATCH_MAX 128u
/* Of helpers and constants that emission made and then perhaps did not use. */
#define FM_NRT_UNUSED __attribute__((unused))

/* Of what is a few instructions, whatever the compiler thinks it is. */
#define FM_NRT_INLINE static inline __attribute__((always_inline))

/* Of what is called rarely. */
#define FM_NRT_COLD __attribute__((noinline, cold, unused))

/* Of functions that several translation units of one emitted text share. */
#define FM_NRT_HIDDEN __attribute__((visibility("hidden")))

typedef uint64_t fm_nvalue; /* a boxed value: the bits of an fm_value */

struct fm_nrt;

/* ORDER(formula): as enum fm_formula_kind. */
enum fm_nrt_formula {
    FM_NRT_INVARIANT = 1,
    FM_NRT_IMPLIED_ACTION = 3,
    FM_NRT_CONSTRAINT = 4,
    FM_NRT_ACTION_CONSTRAINT = 5,
    FM_NRT_NAMED = 7 /* of the options */
};

/* One engine's door: `c` in emitted code. */
struct fm_nrt {
    void *owner;
    void *jump[5];              /* __builtin_setjmp: where fm_nrt_fail goes */
    const fm_nvalue *constants; /* boxed, by number */
    /* The batch of successors being filled. */
    void *states; /* FM_NRT_BATCH_MAX structs: those below count */
    uint32_t count;
    uint32_t action;       /* being generated */
    const void *parent;    /* struct */
    struct fm_digest seed; /* sum of a state without variables: fm_digest_seed */
    const char *lines;     /* of the table of fingerprints, 64 bytes each; NULL: no table */
    uint64_t line_mask;
    /* Callbacks. */
    void (*flush)(struct fm_nrt *c); /* delivers the batch; sets count to 0 */
    /* An action that is not emitted, in its place: flushes, then the interpreter delivers. */
    void (*interpret_action)(struct fm_nrt *c, uint32_t action);
    /* So many states between were made for A \cdot B, after what is in the batch. */
    void (*hidden)(struct fm_nrt *c, uint64_t count);
    fm_nvalue (*site)(struct fm_nrt *c, uint32_t site, const fm_nvalue *slots, const void *s,
                      const void *t); /* the interpreter; fails instead of returning NONE */
    /* A formula that is not emitted; fails when it is no Boolean. t may be NULL. */
    bool (*formula)(struct fm_nrt *c, enum fm_nrt_formula kind, uint32_t index, const void *s,
                    const void *t);
    fm_nvalue (*box)(struct fm_nrt *c, uint32_t shape, const void *bytes);
    bool (*unbox)(struct fm_nrt *c, uint32_t shape, fm_nvalue value, void *bytes);
    bool (*equal)(struct fm_nrt *c, fm_nvalue a, fm_nvalue b);
    uint32_t (*intern)(struct fm_nrt *c, fm_nvalue value);
    fm_nvalue (*interned)(struct fm_nrt *c, uint32_t number);
    struct fm_digest (*interned_digest)(struct fm_nrt *c, uint32_t number);
    /* What it adds to the digest of a state as the value of a variable. */
    struct fm_digest (*interned_part)(struct fm_nrt *c, uint32_t number, uint32_t variable);
    /* Elements of a boxed set: count, and the array (raw or in TLC's order). */
    const fm_nvalue *(*elements)(struct fm_nrt *c, fm_nvalue set, bool raw, uint32_t *count);
    const char *stack_limit; /* recursion must not go below */
    bool stopped;            /* the sink wants no more */
    /* Successors that equal their parent, where they are no items: the items before each, and its
     * action. */
    bool counts_unchanged;
    uint32_t unchanged_count;
    uint32_t unchanged_before[FM_NRT_BATCH_MAX];
    uint32_t unchanged_actions[FM_NRT_BATCH_MAX];
    struct fm_digest prints[FM_NRT_BATCH_MAX]; /* of the batch: fingerprints */
    uint32_t actions[FM_NRT_BATCH_MAX];
    uint8_t in_model[FM_NRT_BATCH_MAX]; /* within the constraints, when there are some */
};

/* Asks the cache for where the fingerprint will be looked up, a batch later. */
static inline void fm_nrt_prefetch(const struct fm_nrt *c, struct fm_digest print)
{
    __builtin_prefetch(c->lines + (print.low & c->line_mask) * 64, 0, 3);
}

/* What the shared object exports as `fathom_native_code`. */
struct fm_nrt_code {
    uint32_t version; /* FM_NRT_VERSION */
    uint32_t state_size, packed_size;
    /* All successors of s, in order of the actions; those that are not emitted call
     * c->interpret_action in their place. Stops early once c->stopped. */
    void (*successors)(struct fm_nrt *c, const void *s);
    /* Those by one action. */
    void (*apply)(struct fm_nrt *c, const void *s, uint32_t action);
    /* Index of the first invariant (implied action) that is false, UINT32_MAX when all hold. Those
     * that are not emitted are asked of c->formula in their place. NULL: every struct satisfies
     * all of them. Unless `invariants_fail` it always returns, and uses nothing of c. */
    uint32_t (*invariants)(struct fm_nrt *c, const void *s);
    bool invariants_fail;
    uint32_t (*implied_actions)(struct fm_nrt *c, const void *s, const void *t);
    /* Whether one formula holds, and the value of a named one, boxed. t may be NULL where it is not
     * read. Fails when the formula is not emitted, or is no Boolean. */
    bool (*decide)(struct fm_nrt *c, enum fm_nrt_formula kind, uint32_t index, const void *s,
                   const void *t);
    fm_nvalue (*evaluate)(struct fm_nrt *c, uint32_t named, const void *s, const void *t);
    void (*pack)(const void *s, uint8_t *packed);
    void (*unpack)(const uint8_t *packed, void *s);
    void (*fingerprint)(struct fm_nrt *c, const void *s, struct fm_digest *out);
    /* The fingerprint of the view; NULL: it is not emitted, or there is none. */
    void (*view)(struct fm_nrt *c, const void *s, struct fm_digest *out);
    /* All initial states; NULL: the predicate is not emitted. */
    void (*initial)(struct fm_nrt *c);
};

/* --- boxed values: ORDER(tag) of value/value.h --- */

static inline fm_nvalue fm_nrt_box_bool(bool b)
{
    return (uint64_t)b << 3 | 2u;
}
static inline fm_nvalue fm_nrt_box_int(int64_t n) /* small: see FM_SMALL_MAX */
{
    return (uint64_t)n << 3 | 1u;
}

/* --- SUBSET S: by size, then lexicographically by places --- */

/* The subsets of the set bits of one word. */
struct fm_nrt_subsets {
    uint64_t bits[64]; /* of the base, rising */
    uint32_t count;    /* of those */
    uint32_t size;     /* of the present subset */
    uint8_t places[64];
};
static inline void fm_nrt_subsets_begin(struct fm_nrt_subsets *at, uint64_t base)
{
    at->count = at->size = 0;
    for (; base != 0; base &= base - 1) {
        at->bits[at->count++] = base & -base;
    }
}
static inline uint64_t fm_nrt_subsets_get(const struct fm_nrt_subsets *at)
{
    uint64_t subset = 0;
    for (uint32_t i = 0; i < at->size; i++) {
        subset |= at->bits[at->places[i]];
    }
    return subset;
}
static inline bool fm_nrt_subsets_next(struct fm_nrt_subsets *at)
{
    uint32_t n = at->count, k = at->size, i = k;
    while (i > 0 && at->places[i - 1] == n - k + i - 1) {
        i--;
    }
    if (i > 0) {
        at->places[i - 1]++;
    } else if (k == n) {
        return false;
    } else {
        at->places[0] = 0;
        at->size = ++k;
        i = 1;
    }
    for (; i < k; i++) {
        at->places[i] = (uint8_t)(at->places[i - 1] + 1);
    }
    return true;
}

static inline _Noreturn void fm_nrt_fail(struct fm_nrt *c)
{
    __builtin_longjmp(c->jump, 1);
}

/* Gives a full batch away. */
static FM_NRT_COLD void fm_nrt_flush(struct fm_nrt *c)
{
    c->flush(c);
    if (c->stopped) {
        fm_nrt_fail(c);
    }
}

/* Notes a successor that equals its parent. */
static inline void fm_nrt_note_unchanged(struct fm_nrt *c, uint32_t action)
{
    const uint32_t n = c->unchanged_count;
    c->unchanged_before[n] = c->count;
    c->unchanged_actions[n] = action;
    c->unchanged_count = n + 1;
    if (n + 1 == FM_NRT_BATCH_MAX) {
        fm_nrt_flush(c);
    }
}

static FM_NRT_COLD void fm_nrt_hidden(struct fm_nrt *c, uint64_t count)
{
    c->hidden(c, count);
    if (c->stopped) {
        fm_nrt_fail(c);
    }
}

/* --- integers, sets, sequences --- */

/* FM_SMALL_MIN and FM_SMALL_MAX of value/value.h. */
static inline bool fm_nrt_is_small(int64_t n)
{
    return n >= -(INT64_C(1) << 60) && n < INT64_C(1) << 60;
}
static inline int64_t fm_nrt_multiply(struct fm_nrt *c, int64_t a, int64_t b)
{
    int64_t product;
    if (__builtin_mul_overflow(a, b, &product) || !fm_nrt_is_small(product)) {
        fm_nrt_fail(c);
    }
    return product;
}
/* Floor of a / b; b > 0. */
static inline int64_t fm_nrt_divide(int64_t a, int64_t b)
{
    return a >= 0 ? a / b : -((b - 1 - a) / b);
}
/* a - b * floor(a / b); b > 0. */
static inline int64_t fm_nrt_modulo(int64_t a, int64_t b)
{
    int64_t rest = a % b;
    return rest < 0 ? rest + b : rest;
}
static inline int64_t fm_nrt_power(struct fm_nrt *c, int64_t base, int64_t exponent)
{
    if (exponent < 0 || (base == 0 && exponent == 0)) {
        fm_nrt_fail(c); /* errors of the specification */
    }
    if (base >= -1 && base <= 1) {
        return exponent % 2 == 0 ? base * base : base;
    }
    int64_t result = 1;
    for (int64_t i = 0; i < exponent; i++) { /* ends by failing: |base| > 1 */
        result = fm_nrt_multiply(c, result, base);
    }
    return result;
}
/* The greatest common divisor of a and b; b > 0. */
static inline int64_t fm_nrt_divisor(int64_t a, int64_t b)
{
    a = a < 0 ? -a : a;
    while (a != 0) {
        int64_t rest = b % a;
        b = a;
        a = rest;
    }
    return b;
}
/* The lowest `count` bits of a word; all when there are more, none when there are less than 1. */
static inline uint64_t fm_nrt_bits(int64_t count)
{
    return count >= 64 ? ~UINT64_C(0) : count <= 0 ? 0 : (UINT64_C(1) << count) - 1;
}
/* The number of the first or last bit that is set, -1 when there is none. */
static inline int32_t fm_nrt_first_bit(const uint64_t *words, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (words[i] != 0) {
            return (int32_t)(64 * i) + __builtin_ctzll(words[i]);
        }
    }
    return -1;
}
static inline int32_t fm_nrt_last_bit(const uint64_t *words, uint32_t count)
{
    for (uint32_t i = count; i > 0; i--) {
        if (words[i - 1] != 0) {
            return (int32_t)(64 * i) - 1 - __builtin_clzll(words[i - 1]);
        }
    }
    return -1;
}
/* Removes element `place` of an array of `length`; what gets free at the end is zero. */
static inline void fm_nrt_remove(void *array, size_t size, uint32_t place, uint32_t length)
{
    char *at = (char *)array + (size_t)place * size;
    size_t rest = (size_t)(length - 1 - place) * size;
    memmove(at, at + size, rest);
    memset(at + rest, 0, size);
}

#endif
