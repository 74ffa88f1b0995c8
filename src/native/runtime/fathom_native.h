/* What emitted code is written against: compiled with it, on its own, by the system's C compiler.
 *
 * Includes nothing of Fathom; the engine (src/native/engine.c) holds the other side of these
 * structs and asserts that both agree. Everything here that computes is `static inline` and has
 * unit tests through tests/unit/test_native_runtime.c, which includes this file. */
#ifndef FATHOM_NATIVE_H
#define FATHOM_NATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FM_NRT_VERSION 1u
#define FM_NRT_BATCH_MAX 128u

typedef uint64_t fm_nvalue; /* a boxed value: the bits of an fm_value */

struct fm_ndigest {
    uint64_t low, high;
};

struct fm_nrt;

/* One engine's door: `c` in emitted code. */
struct fm_nrt {
    void *owner;
    void *jump[5];                            /* __builtin_setjmp: where fm_nrt_fail goes */
    const fm_nvalue *constants;               /* boxed, by number */
    const struct fm_ndigest *const *digests;  /* of universe elements, by number of the universe */
    /* The batch of successors being filled. */
    void *states;                 /* FM_NRT_BATCH_MAX structs */
    struct fm_ndigest *prints;    /* their fingerprints */
    uint32_t *actions;            /* and actions */
    uint8_t *in_model;            /* within the constraints */
    uint32_t count;
    uint32_t action;              /* being generated */
    const void *parent;           /* struct */
    /* Callbacks. */
    void (*flush)(struct fm_nrt *c);      /* delivers the batch; sets count to 0 */
    /* An action that is not emitted, in its place: flushes, then the interpreter delivers. */
    void (*interpret_action)(struct fm_nrt *c, uint32_t action);
    fm_nvalue (*site)(struct fm_nrt *c, uint32_t site, const fm_nvalue *slots, const void *s,
                      const void *t);     /* the interpreter; fails instead of returning NONE */
    fm_nvalue (*box)(struct fm_nrt *c, uint32_t shape, const void *bytes);
    bool (*unbox)(struct fm_nrt *c, uint32_t shape, fm_nvalue value, void *bytes);
    bool (*equal)(struct fm_nrt *c, fm_nvalue a, fm_nvalue b);
    uint32_t (*intern)(struct fm_nrt *c, fm_nvalue value);
    fm_nvalue (*interned)(struct fm_nrt *c, uint32_t number);
    struct fm_ndigest (*interned_digest)(struct fm_nrt *c, uint32_t number);
    /* Elements of a boxed set: count, and the array (raw or in TLC's order). */
    const fm_nvalue *(*elements)(struct fm_nrt *c, fm_nvalue set, bool raw, uint32_t *count);
    bool stopped; /* the sink wants no more */
};

/* What the shared object exports as `fathom_native_code`. */
struct fm_nrt_code {
    uint32_t version; /* FM_NRT_VERSION */
    uint32_t state_size, packed_size;
    /* All successors of s, in order of the actions; those that are not emitted call
     * c->interpret_action in their place. Stops early once c->stopped. */
    void (*successors)(struct fm_nrt *c, const void *s);
    void (*action)(struct fm_nrt *c, uint32_t index, const void *s);
    /* Index of the first invariant (implied action) that is false, UINT32_MAX when all hold. Those
     * that are not emitted are listed apart (fm_native_unit). */
    uint32_t (*invariants)(struct fm_nrt *c, const void *s);
    uint32_t (*implied_actions)(struct fm_nrt *c, const void *s, const void *t);
    void (*pack)(const void *s, uint8_t *packed);
    void (*unpack)(const uint8_t *packed, void *s);
    void (*fingerprint)(struct fm_nrt *c, const void *s, struct fm_ndigest *out);
};

static inline _Noreturn void fm_nrt_fail(struct fm_nrt *c)
{
    __builtin_longjmp(c->jump, 1);
}

#endif
