/* What the files that convert, compare and number values share. Internal to src/native.
 *
 * Code passed as an operand is a term's: without side effects and cheap to repeat. Of struct shapes
 * it is best an lvalue; a call or a choice is copied first where an address is needed. */
#ifndef FM_NATIVE_EMIT_VALUE_H
#define FM_NATIVE_EMIT_VALUE_H

#include "native/emit.h"

/* --- emit_value.c --- */

static inline bool fm_term_is_known(struct fm_term term)
{
    return !fm_is_none(term.value);
}
/* Zero as an operand: unreachable places, and what failed. */
const char *fm_emit_zero(struct fm_emit *emit, const struct fm_shape *shape);
/* A pointer to the struct. */
const char *fm_emit_address(struct fm_emit *emit, const struct fm_shape *shape, const char *code);
/* The bytes of a known value, in the arena; NULL when it is not of the shape. */
const void *fm_emit_bytes(struct fm_emit *emit, const struct fm_shape *shape, fm_value value);
/* Adds an initializer of the shape's member type. Not of shapes with ANY. */
void fm_emit_literal(const struct fm_shape *shape, const void *bytes, struct fm_text *out);
/* A constant of the prelude: `static const TYPE name SUFFIX = INITIALIZER;`, once for each. */
const char *fm_emit_static(struct fm_emit *emit, const char *hint, const char *type,
                           const char *suffix, const char *initializer);
/* Number of a boxed constant; of the first of several that stand together. */
uint32_t fm_emit_constant(struct fm_emit *emit, fm_value value);
uint32_t fm_emit_constants(struct fm_emit *emit, const fm_value *values, uint32_t count);
/* The integer in the bytes of a word shape's member. */
int64_t fm_emit_word_of(const struct fm_shape *shape, const void *bytes);

/* --- emit_convert.c --- */

/* A value in another shape. `code` is meaningful only where `ok` holds. */
struct fm_conversion {
    const char *code;
    const char *ok; /* C of type bool; NULL: always; "false": never */
};
struct fm_conversion fm_emit_conversion(struct fm_emit *emit, const struct fm_shape *from,
                                        const char *code, const struct fm_shape *to);
/* Whether some value may be of both shapes. */
bool fm_shapes_overlap(struct fm_emit *emit, const struct fm_shape *a, const struct fm_shape *b);

/* --- functions as slots: TUPLE, RECORD, FCN, PFUN, SEQ --- */

bool fm_slots_has(const struct fm_shape *shape); /* whether it is one of those */
uint32_t fm_slots_count(const struct fm_shape *shape);
fm_value fm_slots_key(const struct fm_shape *shape, uint32_t slot);
const struct fm_shape *fm_slots_part(const struct fm_shape *shape, uint32_t slot);
/* "x.p1", "x.at[1]": code is an lvalue. */
const char *fm_slots_member(struct fm_emit *emit, const struct fm_shape *shape, const char *code,
                            uint32_t slot);
/* C of type bool: whether the function is defined there; NULL: always. */
const char *fm_slots_present(struct fm_emit *emit, const struct fm_shape *shape, const char *code,
                             uint32_t slot);
/* The slot with that key, or UINT32_MAX. */
uint32_t fm_slots_find(struct fm_emit *emit, const struct fm_shape *shape, fm_value key);
/* Whether both have the same keys in the same slots. */
bool fm_slots_alike(struct fm_emit *emit, const struct fm_shape *a, const struct fm_shape *b);

/* --- emit_equal.c --- */

/* Whether comparing a value of one with a value of the other may raise. */
bool fm_shapes_clash(struct fm_emit *emit, const struct fm_shape *a, const struct fm_shape *b);

#endif
