/* Values of TLA+: representation, construction, access.
 *
 * A value is one 64-bit word. Small integers, Booleans, strings and model values live inside it
 * (the last two as tagged symbol pointers, so that equal spellings are equal words); everything
 * else is a tagged pointer to an immutable object in an arena whose lifetime the caller chose.
 * Objects may cache what is derived from them (digest, normalized elements): a cache is written at
 * most once, by the thread that owns the arena; objects shared between threads are frozen first
 * (fm_value_freeze).
 *
 * Every operation takes the calling thread's value context: its arena for results, the symbols, the
 * door for errors (`raise` does not return), and hooks that evaluate closures, which only the
 * evaluator understands. Semantics are TLC's: see docs/values.md for order, equality, enumeration.
 */
#ifndef FM_VALUE_VALUE_H
#define FM_VALUE_VALUE_H

#include "base/arena.h"
#include "base/symbol.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fm_value {
    uint64_t bits;
} fm_value;

/* ORDER(tag): low three bits of the word. */
enum fm_tag { FM_TAG_OBJECT, FM_TAG_INT, FM_TAG_BOOL, FM_TAG_STRING, FM_TAG_MODEL, FM_TAG_NONE };

/* ORDER(kind): what a value is. */
enum fm_kind {
    FM_KIND_INT, /* small or big */
    FM_KIND_BOOL,
    FM_KIND_STRING,
    FM_KIND_MODEL,  /* model value, typed when the spelling says so (`a_b`) */
    FM_KIND_TUPLE,  /* sequence with explicit elements */
    FM_KIND_RECORD, /* function with a domain of strings: fields sorted by rank */
    FM_KIND_FCN,    /* other explicit function: domain set shared by pointer, values in its order */
    FM_KIND_LAZY_FCN, /* closure over a domain set; may become explicit */
    FM_KIND_SET,      /* enumerated; raw (as built, may repeat) until normalized */
    FM_KIND_INTERVAL, /* a..b, 64-bit ends */
    FM_KIND_SUBSETS,  /* SUBSET S */
    FM_KIND_KSUBSETS, /* kSubset(k, S) */
    FM_KIND_FCNSET,   /* [S -> T] */
    FM_KIND_RECSET,   /* [a : S, b : T] */
    FM_KIND_CROSS,    /* S \X T \X ... */
    FM_KIND_UNION,    /* UNION S, unenumerated */
    FM_KIND_CUP,
    FM_KIND_CAP,
    FM_KIND_DIFF,
    FM_KIND_FILTER, /* {x \in S : P}, closure, when S cannot be enumerated */
    FM_KIND_SEQS,   /* Seq(S) */
    FM_KIND_NAT,
    FM_KIND_INTS,
    FM_KIND_REALS,
    FM_KIND_STRINGS,
    FM_KIND_ANY,     /* TLC's Any: everything is an element */
    FM_KIND_OPERATOR /* closure of an operator: arguments of higher-order operators */
};

struct fm_object; /* layouts: value/object.h, for src/value and engines that must be fast */
struct fm_constants;

/* What went wrong inside a value operation. The texts are ours; codes from diag/codes.def (4xxx).
 */
struct fm_value_error {
    uint32_t code;       /* enum fm_code */
    const char *message; /* in the context's arena */
};

struct fm_value_context {
    struct fm_arena *arena; /* results go here; the caller may switch it between calls */
    struct fm_symbols *symbols;
    void *owner; /* of the hooks */
    /* Must not return. */
    void (*raise)(struct fm_value_context *context, struct fm_value_error error);
    /* The lazy function's value at an argument in its domain; evaluates the closure. */
    fm_value (*apply_closure)(struct fm_value_context *context, const void *closure,
                              fm_value argument);
    /* Whether the element satisfies the predicate of a FILTER. */
    bool (*test_closure)(struct fm_value_context *context, const void *closure, fm_value element);
    /* Called before an object older than the caller's latest arena mark gets a pointer to newer
     * memory (a cache is filled): the evaluator then keeps that memory. May be NULL. */
    void (*on_cache)(struct fm_value_context *context, const void *object);
    /* Elements beyond which enumeration of one set is an error (TLC: -maxSetSize, 1,000,000). */
    uint64_t set_size_max;
    /* A string or model value that was not ranked yet is an error: for evaluation beside the run,
     * which must not decide about TLC's order. */
    bool ranks_fixed;
    /* Sets of model lifetime that the encoding refers to by number (value/constants.h), or NULL. */
    const struct fm_constants *constants;
};

/* --- words --- */

static inline enum fm_tag fm_value_tag(fm_value v)
{
    return (enum fm_tag)(v.bits & 7u);
}
static inline bool fm_value_same(fm_value a, fm_value b) /* the same word: implies equal */
{
    return a.bits == b.bits;
}
static inline fm_value fm_none(void) /* no value: unassigned variable, failed look-up */
{
    return (fm_value){FM_TAG_NONE};
}
static inline bool fm_is_none(fm_value v)
{
    return v.bits == FM_TAG_NONE;
}
static inline fm_value fm_bool(bool b)
{
    return (fm_value){((uint64_t)b << 3) | FM_TAG_BOOL};
}
static inline bool fm_is_bool(fm_value v)
{
    return fm_value_tag(v) == FM_TAG_BOOL;
}
static inline bool fm_is_true(fm_value v)
{
    return v.bits == ((1u << 3) | FM_TAG_BOOL);
}
#define FM_SMALL_MAX (((int64_t)1 << 60) - 1)
#define FM_SMALL_MIN (-((int64_t)1 << 60))
static inline bool fm_is_small(fm_value v)
{
    return fm_value_tag(v) == FM_TAG_INT;
}
/* n within FM_SMALL_MIN .. FM_SMALL_MAX; otherwise use fm_int. */
static inline fm_value fm_small(int64_t n)
{
    return (fm_value){((uint64_t)n << 3) | FM_TAG_INT};
}
static inline int64_t fm_small_get(fm_value v)
{
    return (int64_t)v.bits >> 3;
}
static inline const struct fm_object *fm_value_object(fm_value v)
{
    return (const struct fm_object *)(uintptr_t)v.bits;
}
static inline const struct fm_symbol *fm_value_symbol(fm_value v) /* of a STRING or MODEL */
{
    return (const struct fm_symbol *)(uintptr_t)(v.bits & ~(uint64_t)7u);
}
/* Both rank the symbol (TLC interns at that moment). */
fm_value fm_string(struct fm_value_context *context, const struct fm_symbol *symbol);
fm_value fm_string_of(struct fm_value_context *context, const char *text, size_t length);
fm_value fm_model_value(struct fm_value_context *context, const struct fm_symbol *symbol);
/* The type character of a typed model value, 0 when untyped. TLC: longer than two characters with
 * an underscore second; the first is the type. */
static inline char fm_model_type(fm_value model)
{
    const struct fm_symbol *symbol = fm_value_symbol(model);
    return symbol->length > 2 && symbol->text[1] == '_' ? symbol->text[0] : '\0';
}

static inline enum fm_kind fm_value_kind(fm_value v) /* v is not NONE */
{
    switch (v.bits & 7u) {
    case FM_TAG_INT:
        return FM_KIND_INT;
    case FM_TAG_BOOL:
        return FM_KIND_BOOL;
    case FM_TAG_STRING:
        return FM_KIND_STRING;
    case FM_TAG_MODEL:
        return FM_KIND_MODEL;
    default: /* an object begins with its kind, one byte */
        return (enum fm_kind) * (const uint8_t *)(uintptr_t)v.bits;
    }
}
/* "a set", "an integer": for messages. */
const char *fm_kind_phrase(enum fm_kind kind);
static inline bool fm_value_is_set(fm_value v) /* any of the set kinds */
{
    enum fm_kind kind = fm_value_kind(v);
    return kind >= FM_KIND_SET && kind <= FM_KIND_ANY;
}
static inline bool fm_value_is_function(fm_value v) /* TUPLE, RECORD, FCN, LAZY_FCN */
{
    enum fm_kind kind = fm_value_kind(v);
    return kind >= FM_KIND_TUPLE && kind <= FM_KIND_LAZY_FCN;
}

/* --- integers (unbounded) --- */
fm_value fm_int(struct fm_value_context *context, int64_t n);
/* Decimal digits with an optional minus sign. */
fm_value fm_int_parse(struct fm_value_context *context, const char *digits, size_t length);
bool fm_is_int(fm_value v);
/* Raises when v is no integer or does not fit; `what` names the use ("the length of a sequence").
 */
int64_t fm_int64(struct fm_value_context *context, fm_value v, const char *what);
fm_value fm_int_add(struct fm_value_context *context, fm_value a, fm_value b);
fm_value fm_int_sub(struct fm_value_context *context, fm_value a, fm_value b);
fm_value fm_int_mul(struct fm_value_context *context, fm_value a, fm_value b);
fm_value fm_int_div(struct fm_value_context *context, fm_value a,
                    fm_value b); /* floor; b > 0 or raises as TLC */
fm_value fm_int_mod(struct fm_value_context *context, fm_value a, fm_value b);
fm_value fm_int_pow(struct fm_value_context *context, fm_value a, fm_value b);
fm_value fm_int_negate(struct fm_value_context *context, fm_value a);
int fm_int_compare(struct fm_value_context *context, fm_value a,
                   fm_value b); /* <0, 0, >0; raises on others */

/* --- tuples, records, functions --- */
/* Copies the elements. */
fm_value fm_tuple(struct fm_value_context *context, const fm_value *elements, uint32_t count);
/* Fields in any order, distinct; copied and sorted by rank. */
fm_value fm_record(struct fm_value_context *context, const struct fm_symbol *const *names,
                   const fm_value *values, uint32_t count);
/* domain: any enumerable set; values in its normalized order. Becomes a TUPLE when the domain
 * is 1..n, a RECORD when it is of strings, and a FCN otherwise. */
fm_value fm_fcn(struct fm_value_context *context, fm_value domain, const fm_value *values,
                uint32_t count);
/* closure: what the hooks understand; several arguments arrive as one tuple. */
fm_value fm_lazy_fcn(struct fm_value_context *context, fm_value domain, const void *closure);
/* (a :> b) @@ ... helpers live in modules; this is f @@ g. */
fm_value fm_fcn_merge(struct fm_value_context *context, fm_value left, fm_value right);
/* f[x]; raises when outside the domain or f is no function. */
fm_value fm_fcn_apply(struct fm_value_context *context, fm_value function, fm_value argument);
/* The same, NONE instead of raising when outside the domain. */
fm_value fm_fcn_lookup(struct fm_value_context *context, fm_value function, fm_value argument);
/* [f EXCEPT ![x] = v]; returns f itself when x is outside the domain and sets *outside. */
fm_value fm_fcn_except(struct fm_value_context *context, fm_value function, fm_value argument,
                       fm_value value, bool *outside);
fm_value fm_fcn_domain(struct fm_value_context *context, fm_value function);
uint64_t fm_fcn_size(struct fm_value_context *context, fm_value function);
fm_value fm_record_field(struct fm_value_context *context, fm_value record,
                         const struct fm_symbol *name); /* also on functions with string domain */
/* Length and elements of a sequence-like value (tuple, function over 1..n, empty function); strings
 * are sequences for Len, \o, SubSeq in their own operators. NONE when it is none. The elements are
 * valid as long as the value. */
bool fm_sequence_view(struct fm_value_context *context, fm_value v, const fm_value **elements,
                      uint32_t *count);
/* An explicit function (TUPLE, RECORD or FCN) equal to v. */
fm_value fm_fcn_explicit(struct fm_value_context *context, fm_value v);

/* --- operators as values --- */
fm_value fm_operator(struct fm_value_context *context, const void *closure, uint32_t arity);
const void *fm_operator_closure(fm_value v);

#endif
