/* Digests in emitted code: what emit_digest.c and emit_small.c share. Internal to src/native. */
#ifndef FM_NATIVE_EMIT_DIGEST_H
#define FM_NATIVE_EMIT_DIGEST_H

#include "native/emit.h"
#include "value/digest.h"

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
