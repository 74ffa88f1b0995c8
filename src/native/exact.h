/* Keys of states without collisions: a mix of the packed form that can be undone.
 *
 * For layouts whose packed form has few bits. Two states have one key only if they are equal; so a
 * fingerprint table that keeps all bits of the key takes no state for another. */
#ifndef FM_NATIVE_EXACT_H
#define FM_NATIVE_EXACT_H

#include "value/order.h"

#include <stdbool.h>
#include <stdint.h>

/* Bits of a packed form at most: a table that keeps all bits of more begins too large
 * (store/table.c, SURELY_KEPT). */
#define FM_EXACT_BITS_MAX 72u

/* The key of a packed form of `bits` bits, which stands in `words`, the rest of them zero: below
 * 2^bits, and another one for each form. */
struct fm_digest fm_exact_key(const uint64_t words[2], uint32_t bits);
/* For a state that has no packed form, by its digest: never the key of one that has. */
struct fm_digest fm_exact_stranger(struct fm_digest digest, uint32_t bits);

#endif
