/* Claims: the states that one worker reached first in a level, or under a smaller key than those
 * who had been there, while several workers search.
 *
 * The fingerprint table's entry of a state that is new in the level names its first claim; the
 * least order key under which anybody reached the state stands there (fm_table_claim). Each worker
 * has a list of its own and alone adds to it; claims never move until the list is cleared, and
 * others read their digests and lower their keys. */
#ifndef FM_STORE_CLAIMS_H
#define FM_STORE_CLAIMS_H

#include "value/order.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Set in a first claim's key when the least key is another claim's. */
#define FM_CLAIM_TAKEN ((uint64_t)1 << 63)
/* Keys are at most this. */
#define FM_CLAIM_KEY_MAX (FM_CLAIM_TAKEN - 1)
/* Claims of one list, and lists, are below these: what an entry of the table can name. */
#define FM_CLAIM_NUMBER_BITS 32u
#define FM_CLAIM_LISTS_MAX 1024u

struct fm_claim {
    struct fm_digest digest;
    _Atomic uint64_t key; /* of a first claim: the least so far, perhaps TAKEN */
    uint64_t own;         /* the caller's: low word of the state's own digest */
    uint32_t action;      /* the caller's */
    bool first;           /* the table's entry names this claim */
    bool dropped;         /* the caller's: lost at the level's end */
};

struct fm_claims;

/* number: of the list, below FM_CLAIM_LISTS_MAX. */
struct fm_claims *fm_claims_new(uint32_t number);
void fm_claims_free(struct fm_claims *claims);
/* Room for `more` claims without a refusal; false with errno. */
bool fm_claims_reserve(struct fm_claims *claims, uint32_t more);
uint32_t fm_claims_count(const struct fm_claims *claims);
uint32_t fm_claims_number(const struct fm_claims *claims);
/* index below the count, or the one behind the last where room was reserved. */
struct fm_claim *fm_claims_at(const struct fm_claims *claims, uint32_t index);
/* The claim behind the last, filled in by the caller, now counts. */
void fm_claims_push(struct fm_claims *claims);
/* Forgets all claims; keeps the memory that a level like the last one needs. */
void fm_claims_clear(struct fm_claims *claims);
uint64_t fm_claims_bytes(const struct fm_claims *claims);

#endif
