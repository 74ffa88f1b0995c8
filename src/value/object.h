/* Layouts of objects, and accessors that inline: for src/value and engines that must be fast.
 *
 * One object is one allocation: a 24-byte head, then the words it holds. Records and functions
 * share their domain (a normalized SET or an INTERVAL) by pointer, so EXCEPT copies only the
 * values, and an engine may cache "this domain pointer: field 2". The kind follows from the graph:
 * an explicit function is a TUPLE if its domain is 1..n (or empty), a RECORD if all of its domain
 * are strings, which are its field names by rank, and a FCN otherwise.
 *
 * Objects are immutable but for caches: the flags and what they announce, `sum`, `explicit_set`,
 * `explicit_fcn`, `constant`, and the order of the elements of a SET that is not yet normal. All
 * are written by the thread that owns the arena, and never once FM_OBJECT_FROZEN is set. */
#ifndef FM_VALUE_OBJECT_H
#define FM_VALUE_OBJECT_H

#include "base/assert.h"
#include "value/order.h"
#include "value/set.h"
#include "value/value.h"

#include <stdatomic.h>

/* ORDER(flag): of fm_object.flags. */
#define FM_OBJECT_NORMAL 0x01u   /* SET: sorted and distinct */
#define FM_OBJECT_DIGEST 0x02u   /* `sum` is known */
#define FM_OBJECT_FROZEN 0x04u   /* shared between threads: nothing is written any more */
#define FM_OBJECT_INTS 0x08u     /* NORMAL, and all elements are small integers */
#define FM_OBJECT_SYMBOLS 0x10u  /* NORMAL, all strings, or all model values of one type */
#define FM_OBJECT_DYNAMIC 0x20u  /* SET, INTERVAL: known not to be in the table of constants */
#define FM_OBJECT_NEGATIVE 0x40u /* sign of a big integer */
#define FM_OBJECT_STILL 0x80u    /* holds no model value that symmetry moves (orbit.c) */

struct fm_object {
    uint8_t kind; /* enum fm_kind; fm_value_kind reads it */
    uint8_t flags;
    uint16_t constant;    /* SET, INTERVAL: 1 + number in the table of constants, 0 unknown */
    uint32_t count;       /* words that follow, see below */
    struct fm_digest sum; /* over the parts; fm_digest_finish makes the digest of it */
};

/* TUPLE, SET. */
struct fm_array {
    struct fm_object head;
    fm_value elements[];
};

/* RECORD, FCN: values[i] belongs to element i of the domain. */
struct fm_fcn_object {
    struct fm_object head;
    fm_value domain; /* NORMAL SET, or INTERVAL (FCN only); head.count elements */
    fm_value values[];
};

/* One EXCEPT upon a lazy function; newest first. */
struct fm_override {
    fm_value argument, value;
    const struct fm_override *older;
};

struct fm_lazy_fcn {
    struct fm_object head;
    fm_value domain;
    fm_value explicit_fcn; /* NONE until somebody needed all values */
    const void *closure;
    const struct fm_override *overrides;
};

struct fm_interval {
    struct fm_object head;
    int64_t low, high; /* within the small integers; low <= high, or 1..0 when empty */
    fm_value explicit_set;
};

/* The lazy sets: `count` operands. KSUBSETS: the set, then k. CUP, CAP, DIFF: left, right. FCNSET:
 * domain, range. RECSET: sets in the order of the names, which are `extra`, a SET of strings.
 * FILTER: `extra` is the closure. */
struct fm_lazy_set {
    struct fm_object head;
    fm_value explicit_set; /* normal SET, NONE until needed */
    const void *extra;
    fm_value parts[];
};

/* INT beyond the inline range: magnitude in digits of 60 bits, least first. */
struct fm_big {
    struct fm_object head;
    uint64_t digits[];
};

struct fm_operator_object {
    struct fm_object head; /* count: arity */
    const void *closure;
};

_Static_assert(sizeof(struct fm_object) == 24, "head of every object");

/* --- inline access --- */

static inline bool fm_is_object(fm_value v)
{
    return (v.bits & 7u) == FM_TAG_OBJECT;
}
static inline bool fm_is_kind(fm_value v, enum fm_kind kind) /* of the object kinds */
{
    return fm_is_object(v) && fm_value_object(v)->kind == kind;
}
static inline bool fm_is_atom(fm_value v) /* everything that fits in the word */
{
    return !fm_is_object(v);
}
static inline const struct fm_array *fm_as_array(fm_value v)
{
    return (const struct fm_array *)(uintptr_t)v.bits;
}
static inline const struct fm_fcn_object *fm_as_fcn(fm_value v)
{
    return (const struct fm_fcn_object *)(uintptr_t)v.bits;
}
static inline const struct fm_interval *fm_as_interval(fm_value v)
{
    return (const struct fm_interval *)(uintptr_t)v.bits;
}
static inline const struct fm_lazy_set *fm_as_lazy_set(fm_value v)
{
    return (const struct fm_lazy_set *)(uintptr_t)v.bits;
}
static inline const struct fm_lazy_fcn *fm_as_lazy_fcn(fm_value v)
{
    return (const struct fm_lazy_fcn *)(uintptr_t)v.bits;
}
static inline fm_value fm_of_object(const void *object)
{
    return (fm_value){(uint64_t)(uintptr_t)object};
}

/* Of a STRING or MODEL. Relaxed: a value is made after its symbol was ranked, and whatever passed
 * the value to this thread ordered that write before. */
static inline uint32_t fm_atom_rank(fm_value v)
{
    return atomic_load_explicit(&fm_value_symbol(v)->rank, memory_order_relaxed);
}
/* Orders like fm_value_compare among the elements of a set with FM_OBJECT_INTS or _SYMBOLS. */
static inline int64_t fm_atom_key(fm_value v)
{
    return fm_is_small(v) ? fm_small_get(v) : (int64_t)fm_atom_rank(v);
}

#define FM_INDEX_NONE UINT32_MAX

/* Where the word stands in a SET with FM_OBJECT_INTS or _SYMBOLS; both have the same tag. Keys are
 * distinct and rise, so the place is at most the distance of keys, and is it where keys are dense
 * (constants of a model, 0..n). */
static inline uint32_t fm_atoms_index(const struct fm_array *set, fm_value atom)
{
    int64_t key = fm_atom_key(atom);
    int64_t guess = key - fm_atom_key(set->elements[0]);
    if (guess < 0) {
        return FM_INDEX_NONE;
    }
    uint32_t above = set->head.count;
    if (guess < (int64_t)above) {
        if (fm_value_same(set->elements[guess], atom)) {
            return (uint32_t)guess;
        }
        above = (uint32_t)guess;
    }
    uint32_t below = 0;
    while (below < above) {
        uint32_t middle = below + (above - below) / 2;
        if (fm_value_same(set->elements[middle], atom)) {
            return middle;
        }
        if (fm_atom_key(set->elements[middle]) < key) {
            below = middle + 1;
        } else {
            above = middle;
        }
    }
    return FM_INDEX_NONE;
}

/* Whether the fast search decides: an atom like the elements of a set of atoms. (A model value that
 * is absent may still be of another type, which is an error: the slow path looks.) */
static inline bool fm_atoms_searchable(const struct fm_array *set, fm_value atom)
{
    return (set->head.flags & (FM_OBJECT_INTS | FM_OBJECT_SYMBOLS)) != 0 &&
           ((set->elements[0].bits ^ atom.bits) & 7u) == 0;
}

/* f[x] where no search or error handling is needed; NONE sends the caller to fm_fcn_apply. */
static inline fm_value fm_fcn_apply_inline(fm_value function, fm_value argument)
{
    if (!fm_is_object(function)) {
        return fm_none();
    }
    if (fm_value_object(function)->kind == FM_KIND_TUPLE) {
        uint64_t index = (uint64_t)(fm_small_get(argument) - 1);
        if (fm_is_small(argument) && index < fm_value_object(function)->count) {
            return fm_as_array(function)->elements[index];
        }
        return fm_none();
    }
    if (fm_value_object(function)->kind != FM_KIND_FCN &&
        fm_value_object(function)->kind != FM_KIND_RECORD) {
        return fm_none();
    }
    const struct fm_fcn_object *object = fm_as_fcn(function);
    if (fm_value_object(object->domain)->kind == FM_KIND_INTERVAL) {
        uint64_t index = (uint64_t)(fm_small_get(argument) - fm_as_interval(object->domain)->low);
        return fm_is_small(argument) && index < object->head.count ? object->values[index]
                                                                   : fm_none();
    }
    const struct fm_array *domain = fm_as_array(object->domain);
    if (!fm_atoms_searchable(domain, argument)) {
        return fm_none();
    }
    uint32_t index = fm_atoms_index(domain, argument);
    return index != FM_INDEX_NONE ? object->values[index] : fm_none();
}

/* a + b and a - b without a call when both and the result are small. */
static inline fm_value fm_int_add_inline(struct fm_value_context *context, fm_value a, fm_value b)
{
    int64_t sum;
    if (fm_is_small(a) && fm_is_small(b) &&
        !__builtin_add_overflow((int64_t)(a.bits - FM_TAG_INT), (int64_t)b.bits, &sum)) {
        return (fm_value){(uint64_t)sum};
    }
    return fm_int_add(context, a, b);
}
static inline fm_value fm_int_sub_inline(struct fm_value_context *context, fm_value a, fm_value b)
{
    int64_t difference;
    if (fm_is_small(a) && fm_is_small(b) &&
        !__builtin_sub_overflow((int64_t)a.bits, (int64_t)(b.bits - FM_TAG_INT), &difference)) {
        return (fm_value){(uint64_t)difference};
    }
    return fm_int_sub(context, a, b);
}

/* Whether x \in set is decided without a call: 1 yes, 0 no, -1 ask fm_set_member. */
static inline int fm_set_member_inline(fm_value element, fm_value set)
{
    if (!fm_is_object(set)) {
        return -1;
    }
    if (fm_value_object(set)->kind == FM_KIND_INTERVAL) {
        int64_t n = fm_small_get(element);
        return !fm_is_small(element)
                   ? -1
                   : n >= fm_as_interval(set)->low && n <= fm_as_interval(set)->high;
    }
    if (fm_value_object(set)->kind != FM_KIND_SET ||
        !fm_atoms_searchable(fm_as_array(set), element)) {
        return -1;
    }
    if (fm_atoms_index(fm_as_array(set), element) != FM_INDEX_NONE) {
        return 1;
    }
    return fm_value_tag(element) == FM_TAG_MODEL ? -1 : 0;
}

/* --- construction by pieces, for engines and modules --- */

/* Room for the values of a function over a domain (a normal SET or INTERVAL): fill it completely,
 * in the domain's order, then use *result. TUPLE when the domain is 1..n, RECORD when it is of
 * strings. */
fm_value *fm_fcn_begin(struct fm_value_context *context, fm_value domain, fm_value *result);
/* A tuple whose elements the caller fills in. */
fm_value *fm_tuple_begin(struct fm_value_context *context, uint32_t count, fm_value *result);
/* The names of a record as a domain to share: a SET of strings. places[i] is where the value of
 * names[i] stands; a name twice raises. */
fm_value fm_record_domain(struct fm_value_context *context, const struct fm_symbol *const *names,
                          uint32_t count, uint32_t *places);
/* The field's place in the domain of a record, FM_INDEX_NONE when there is none. */
uint32_t fm_record_index(const struct fm_fcn_object *record, const struct fm_symbol *name);

#endif
