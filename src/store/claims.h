/* Claims: states that one worker reached first in a level, or under a smaller key than those who
 * had been there, while another worker might still come with a smaller one.
 *
 * The fingerprint table's entry of such a state names the claim of the least order key so far
 * (fm_table_claim). Each worker has a list of its own and alone adds to it; others read. Who comes
 * with a smaller key puts the name of a claim of his own into the entry. As soon as nobody can any
 * more, the worker settles the claim (fm_table_settle): if the entry still names it, it becomes
 * final; if not, the claim is lost. A list whose claims are all settled begins anew, so that it
 * stays as small as the work that is under way. */
#ifndef FM_STORE_CLAIMS_H
#define FM_STORE_CLAIMS_H

#include "store/blocks.h"
#include "value/order.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Claims of one list, and lists, are below these: what an entry of the table can name. */
#define FM_CLAIM_NUMBER_BITS 32u
#define FM_CLAIM_LISTS_MAX 1024u

/* Others may still be looking at a claim when its place is used again; they look at the entry once
 * more before they believe what they read. */
struct fm_claim {
    _Atomic uint64_t low, high; /* the digest */
    _Atomic uint64_t key;
    uint64_t slot; /* of the table: the entry, wherever growths move it as long as it names this */
    uint32_t note; /* the caller's */
    bool lost;     /* once it is settled */
};

struct fm_claims {
    struct fm_blocks blocks;
    uint32_t number;
    char apart[128]; /* from what only the owner looks at: two cache lines are fetched in pairs */
    uint32_t count;
    uint32_t settled;
    uint32_t note; /* of the next claim: the caller's */
    /* Of all levels: claims; states taken over from others' claims; times that another thread came
     * in between. */
    uint64_t made, taken, retries;
    char apart_next[128];
};

/* number: of the list, below FM_CLAIM_LISTS_MAX. */
struct fm_claims *fm_claims_new(uint32_t number);
void fm_claims_free(struct fm_claims *claims);
/* Room for `more` claims without a refusal; false with errno. */
bool fm_claims_reserve(struct fm_claims *claims, uint32_t more);
static inline uint32_t fm_claims_count(const struct fm_claims *claims)
{
    return claims->count;
}
static inline uint32_t fm_claims_number(const struct fm_claims *claims)
{
    return claims->number;
}
/* index below the count, or the one behind the last where room was reserved. */
static inline struct fm_claim *fm_claims_at(const struct fm_claims *claims, uint32_t index)
{
    return fm_blocks_at(&claims->blocks, index, sizeof(struct fm_claim));
}
/* The claim behind the last, filled in by the caller, now counts. */
static inline void fm_claims_push(struct fm_claims *claims)
{
    claims->count++;
    claims->made++;
}
/* Claims below this index are settled. */
static inline uint32_t fm_claims_settled(const struct fm_claims *claims)
{
    return claims->settled;
}
static inline void fm_claims_set_settled(struct fm_claims *claims, uint32_t settled)
{
    claims->settled = settled;
}
/* Begins the list anew if all claims are settled. */
static inline void fm_claims_restart(struct fm_claims *claims)
{
    if (claims->settled == claims->count) {
        claims->count = claims->settled = 0;
    }
}
/* Gives back what a list begun anew does not need, while nobody looks at it. */
void fm_claims_trim(struct fm_claims *claims);
uint64_t fm_claims_bytes(const struct fm_claims *claims);

#endif
