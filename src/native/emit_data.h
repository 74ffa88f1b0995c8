/* What the files that emit sets, functions and library operators share. Internal to src/native.
 *
 * Sets are bits of a word or of an array of words `w`; functions are structs (shape.h). The helpers
 * here are the only ones that write the syntax of a bit or of an element. */
#ifndef FM_NATIVE_EMIT_DATA_H
#define FM_NATIVE_EMIT_DATA_H

#include "native/emit_value.h"
#include "native/piece.h"

/* Declares a variable that is zero in the hole, before all that was written since: for results
 * whose shape is known only at the end. */
const char *fm_emit_declare_at(struct fm_emit *emit, struct fm_emit_hole *hole,
                               const struct fm_shape *shape, const char *hint);

/* The term with C: what is only known is materialized in its own shape. */
struct fm_term fm_emit_solid(struct fm_emit *emit, struct fm_term term);
/* The term as a name: for values that the C to come repeats. */
struct fm_term fm_emit_named(struct fm_emit *emit, struct fm_term term, const char *hint);
bool fm_emit_is_known(struct fm_term term);
/* The result of what has an operand without any value (shape NONE): code that is never reached,
 * such as that on the elements of a set that is always empty. */
bool fm_emit_is_nothing(struct fm_term term);
struct fm_term fm_emit_unreachable(struct fm_emit *emit);
/* A set operand: the empty set in code that is never reached. */
struct fm_term fm_emit_set_term(struct fm_emit *emit, struct fm_term term);

/* --- sets (emit_set.c) --- */
uint32_t fm_emit_words(const struct fm_shape *set); /* of the C of a set */
/* `bit` is C of an index in the universe. */
void fm_emit_bit_set(struct fm_emit *emit, const struct fm_shape *set, const char *lvalue,
                     const char *bit);
void fm_emit_bit_clear(struct fm_emit *emit, const struct fm_shape *set, const char *lvalue,
                       const char *bit);
const char *fm_emit_bit_test(struct fm_emit *emit, const struct fm_shape *set, const char *code,
                             const char *bit);
/* Opens a loop over the elements of a term of shape SET, in TLC's order; returns the C of the index
 * (uint32_t). Closed by fm_emit_bits_end. */
struct fm_emit_bits {
    uint32_t opened;
    const char *index;
};
struct fm_emit_bits fm_emit_bits_begin(struct fm_emit *emit, struct fm_term set);
/* Only over those in the mask, C as fm_emit_sieve gives it; NULL: all. */
struct fm_emit_bits fm_emit_bits_sieved(struct fm_emit *emit, struct fm_term set, const char *mask);
void fm_emit_bits_end(struct fm_emit *emit, const struct fm_emit_bits *bits);
/* The elements of `set` that are in the universe, as C of the shape `universe`. */
const char *fm_emit_restrict(struct fm_emit *emit, struct fm_term set,
                             const struct fm_shape *universe);
/* C of type bool: whether each element of a is in b; both of shape SET. */
const char *fm_emit_set_within(struct fm_emit *emit, struct fm_term a, struct fm_term b);
/* Adds an element to a set variable; fails where it is outside of the universe. */
void fm_emit_insert(struct fm_emit *emit, const struct fm_shape *set, const char *lvalue,
                    struct fm_term element);
/* Sets over the values of an element's shape, NULL when those are too many. */
const struct fm_shape *fm_emit_set_over(struct fm_emit *emit, struct fm_term element);
/* The number of elements. */
struct fm_term fm_emit_cardinality(struct fm_emit *emit, struct fm_term set);
/* Whether the node's value is a set that is better walked than built. */
bool fm_emit_is_walked(struct fm_emit *emit, const struct fm_node *node,
                       struct fm_emit_frame *frame);

/* --- functions (emit_function.c) --- */
/* The set of arguments of a FCN, RECORD, TUPLE or PFUN, as the shape of its subsets; NULL when it
 * is too large for one. */
const struct fm_shape *fm_emit_key_set(struct fm_emit *emit, const struct fm_shape *function);
/* The place of an argument in a function's representation; fails where it is outside. */
struct fm_emit_index {
    bool is_known;
    uint32_t number;  /* when known */
    const char *code; /* always */
};
struct fm_emit_index fm_emit_index_of(struct fm_emit *emit, const struct fm_node *node,
                                      const struct fm_shape *function, struct fm_term key);
/* f[key]; fails outside of the domain, refuses what is no function. */
struct fm_term fm_emit_apply(struct fm_emit *emit, const struct fm_node *node, struct fm_term f,
                             struct fm_term key);
/* Binds the variables of a binding to one element of its set (destructured where it is a tuple).
 * `offset`: which of several variables. */
void fm_emit_bind_element(struct fm_emit *emit, const struct fm_binding *binding, uint32_t offset,
                          struct fm_emit_frame *frame, struct fm_term element);
/* The arguments of a shape of functions other than SEQ, in the order of its parts. */
const fm_value *fm_emit_keys(struct fm_emit *emit, const struct fm_shape *function,
                             uint32_t *count);
/* The place of a value among others, UINT32_MAX when it is none of them. */
uint32_t fm_emit_find_key(struct fm_emit *emit, const fm_value *keys, uint32_t count, fm_value key);
/* Whether the parts are members of their own types: TUPLE and RECORD. */
bool fm_emit_has_members(const struct fm_shape *function);
/* `want` when it is a shape of functions that can hold those with exactly these arguments. */
const struct fm_shape *fm_emit_wanted_function(struct fm_emit *emit, const struct fm_shape *want,
                                               const fm_value *keys, uint32_t count);
/* Of part i in the order of the keys; NULL when `want` is. */
const struct fm_shape *fm_emit_wanted_part(const struct fm_shape *want, uint32_t i);
bool fm_emit_all_known(const struct fm_term *parts, uint32_t count);
const struct fm_shape **fm_emit_shapes_of(struct fm_emit *emit, const struct fm_term *parts,
                                          uint32_t count);
/* emit_constructor.c: [x \in S |-> e], and f[e]. */
struct fm_term fm_emit_constructor(struct fm_emit *emit, const struct fm_node *node,
                                   struct fm_emit_frame *frame, const struct fm_shape *want);
struct fm_term fm_emit_application(struct fm_emit *emit, const struct fm_node *node,
                                   struct fm_emit_frame *frame, const struct fm_shape *want);
/* DOMAIN f. */
struct fm_term fm_emit_domain(struct fm_emit *emit, const struct fm_node *node, struct fm_term f);
/* C of type bool: whether a PFUN has the key at the index. */
const char *fm_emit_has(struct fm_emit *emit, const struct fm_shape *pfun, const char *code,
                        const char *index);
void fm_emit_has_clear(struct fm_emit *emit, const struct fm_shape *pfun, const char *lvalue,
                       const char *index);
void fm_emit_has_set(struct fm_emit *emit, const struct fm_shape *pfun, const char *lvalue,
                     const char *index);
/* The lvalue of part `index` of a function variable; all parts of one shape when it is not known.
 */
const char *fm_emit_part(struct fm_emit *emit, const struct fm_node *node,
                         const struct fm_shape *function, const char *lvalue,
                         struct fm_emit_index index);
const struct fm_shape *fm_emit_part_shape(const struct fm_shape *function,
                                          struct fm_emit_index index);
/* A variable of a shape of functions with these parts, in order of the keys. */
struct fm_term fm_emit_build(struct fm_emit *emit, const struct fm_node *node,
                             const struct fm_shape *shape, const fm_value *keys,
                             const struct fm_term *parts, uint32_t count);
/* A sequence-like term as SEQ of the given or natural shape; refuses what is none. */
struct fm_term fm_emit_sequence(struct fm_emit *emit, const struct fm_node *node,
                                struct fm_term term, const struct fm_shape *want);

#endif
