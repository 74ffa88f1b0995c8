/* Terms: what emitting an expression gives, and the C of types and values. Internal to src/native.
 *
 * A term has a shape and is C, or a value known at emission, or both. The functions here turn terms
 * into C of a wanted shape; they write statements into the emitter's current block where that takes
 * more than an expression. */
#ifndef FM_NATIVE_TERM_H
#define FM_NATIVE_TERM_H

#include "native/shape.h"

struct fm_emit; /* native/emit.h */

/* The result of emitting an expression. */
struct fm_term {
    const struct fm_shape *shape;
    const char *code; /* NULL while it is only known */
    fm_value value;   /* known at emission, frozen; NONE otherwise */
};

/* --- emit_type.c: C types of shapes --- */
/* "bool", "int64_t", "uint32_t", "uint64_t", "fm_nvalue", "s12": of a register. Puts the struct
 * into the prelude on first demand. */
const char *fm_emit_type(struct fm_emit *emit, const struct fm_shape *shape);
/* Of a member: "uint8_t", "int16_t", "s12". */
const char *fm_emit_member_type(struct fm_emit *emit, const struct fm_shape *shape);
/* A member's value as a register, and the assignment of a register to a member; converts between
 * member and register forms of the same shape (ANY: interns, otherwise a cast). */
const char *fm_emit_load(struct fm_emit *emit, const struct fm_shape *shape, const char *member);
void fm_emit_store(struct fm_emit *emit, const struct fm_shape *shape, const char *member,
                   const char *code);
/* Declares a variable of the shape's register type; init NULL: zero. Returns its name. */
const char *fm_emit_declare(struct fm_emit *emit, const struct fm_shape *shape, const char *hint,
                            const char *init);

/* --- emit_value.c: known values, conversion, equality, boxing --- */
struct fm_term fm_emit_known(struct fm_emit *emit, fm_value value);
struct fm_term fm_emit_coded(const struct fm_shape *shape, const char *code);
/* C for the term in the given shape: literals for words, static constants for structs; a guard
 * where the shapes do not guarantee that the value fits. */
const char *fm_emit_as(struct fm_emit *emit, struct fm_term term, const struct fm_shape *want);
/* The same as a term. */
struct fm_term fm_emit_convert(struct fm_emit *emit, struct fm_term term,
                               const struct fm_shape *want);
/* C of type bool: whether the value of the term is of the shape (then fm_emit_as does not fail). */
const char *fm_emit_fits(struct fm_emit *emit, struct fm_term term, const struct fm_shape *shape);
/* a = b, never raising where TLC would compare (docs/values.md); fails where TLC's would raise. */
const char *fm_emit_equal(struct fm_emit *emit, struct fm_term a, struct fm_term b);
/* A boxed fm_nvalue. */
const char *fm_emit_box(struct fm_emit *emit, struct fm_term term);
/* The index of a value in the universe of a set shape: an int64_t, -1 when it is outside. */
const char *fm_emit_position(struct fm_emit *emit, struct fm_term element,
                             const struct fm_shape *set);
/* The universe's element at an index (C of type uint32_t), in its own shape. */
struct fm_term fm_emit_element(struct fm_emit *emit, const struct fm_shape *set, const char *index);

#endif
