/* Digests in emitted code. Internal to src/native. */
#ifndef FM_NATIVE_EMIT_DIGEST_H
#define FM_NATIVE_EMIT_DIGEST_H

#include "native/emit.h"
#include "value/digest.h"

/* --- emit_digest.c --- */
/* C of type struct fm_digest: of a value in the representation inside another, an lvalue. */
const char *fm_emit_digest(struct fm_emit *emit, const struct fm_shape *shape, const char *member);
/* The digest of a known value as a C literal. */
const char *fm_emit_digest_literal(struct fm_emit *emit, struct fm_digest digest);
/* What a variable adds to the sum behind the state's digest (fm_state_digest_part): of `member`,
 * its value in this shape. */
const char *fm_emit_digest_part(struct fm_emit *emit, uint32_t variable,
                                const struct fm_shape *shape, const char *member);
/* How many places of the variable, a function of composites, `struct parent` has as arrays open_vI
 * and part_vI; 0: none. And the statements that fill these and add the variable to p->total. */
uint32_t fm_emit_digest_kept(const struct fm_emit *emit, uint32_t variable);
void fm_emit_digest_keep(struct fm_emit *emit, uint32_t variable, const char *member);
/* Name of a function (c, const struct parent *p, struct fm_digest *total, const T *a, const T *b),
 * T being the member type: the total changes as the variable does from *a, its value in the parent,
 * to *b. */
const char *fm_emit_digest_change(struct fm_emit *emit, uint32_t variable,
                                  const struct fm_shape *shape);
/* The same for FCN, PFUN and SEQ that differ at one place only, which both have:
 * (c, p, total, a, b, uint32_t place). */
const char *fm_emit_digest_change_place(struct fm_emit *emit, uint32_t variable,
                                        const struct fm_shape *shape);

/* --- emit_small.c --- */
/* Values of a shape at most for a table by value: 256 digests are 4 KiB. */
#define FM_EMIT_SMALL_COUNT 256u

/* How many values the shape has, if they are few and the representation numbers them; or 0. */
uint32_t fm_emit_small_count(const struct fm_shape *shape);
/* C of the number of the value in a member, an lvalue. */
const char *fm_emit_small_index(struct fm_emit *emit, const struct fm_shape *shape,
                                const char *member);
/* The digest of value number `index` of such a shape; and fm_digest_open of it where it is a
 * composite. */
struct fm_digest fm_emit_small_digest(struct fm_emit *emit, const struct fm_shape *shape,
                                      uint32_t index);
struct fm_digest fm_emit_small_open(struct fm_emit *emit, const struct fm_shape *shape,
                                    uint32_t index, bool *is_composite);
/* The digest of the argument of part k of a TUPLE, RECORD or FCN. */
struct fm_digest fm_emit_part_key(struct fm_emit *emit, const struct fm_shape *shape, uint32_t k);

#endif
