/* Claims: the states that one worker reached first in a level, or under a smaller key than those
 * who had been there, while several workers search.
 *
 * The fingerprint table's entry of a state that is new in the level names its first claim; the
 * least order key under which anybody reached the state stands there (fm_table_claim). Each worker
 * has a list of its own and alone adds to it; claims never move until the list is cleared, and
 * others read their digests and lower their keys. As soon as nobody can come with a smaller key any
 * more, the worker settles the claim (fm_table_settle): the entry is final and names it no longer.
 */
#ifndef FM_STORE_CLAIMS_H
#define FM_STORE_CLAIMS_H

#include "store/pages.h"
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
    union {
        struct fm_digest digest;     /* of a first claim */
        const struct fm_claim *over; /* of any other: the first claim of its state */
    };
    _Atomic uint64_t key; /* of a first claim: the least so far, perhaps TAKEN */
    uint64_t own;         /* the caller's: low word of the state's own digest */
    uint32_t action;      /* the caller's */
    bool first;           /* the table's entry names this claim, until it is settled */
    bool dropped;         /* the caller's: lost at the level's end */
};

/* Claims of the first block; block b holds this many << b. */
#define FM_CLAIMS_FIRST_BITS 10u
#define FM_CLAIMS_BLOCKS_MAX (FM_CLAIM_NUMBER_BITS - FM_CLAIMS_FIRST_BITS + 1)

struct fm_claims {
    struct fm_pages blocks[FM_CLAIMS_BLOCKS_MAX];
    uint32_t number;
    char apart[128]; /* from what only the owner looks at: two cache lines are fetched in pairs */
    uint64_t room;   /* claims that the blocks hold */
    uint32_t count;
    uint32_t settled;
    uint64_t retries; /* of all levels: times that another thread came in between */
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
    uint64_t place = index + ((uint64_t)1 << FM_CLAIMS_FIRST_BITS);
    uint32_t top = 63u - (uint32_t)__builtin_clzll(place);
    return (struct fm_claim *)claims->blocks[top - FM_CLAIMS_FIRST_BITS].at +
           (place ^ (uint64_t)1 << top);
}
/* The claim behind the last, filled in by the caller, now counts. */
static inline void fm_claims_push(struct fm_claims *claims)
{
    claims->count++;
}
/* Whether the claim holds its state: nobody has had a smaller key. */
bool fm_claim_holds(const struct fm_claim *claim);
/* Claims below this index are settled: the table's entries of their states are final. */
static inline uint32_t fm_claims_settled(const struct fm_claims *claims)
{
    return claims->settled;
}
static inline void fm_claims_set_settled(struct fm_claims *claims, uint32_t settled)
{
    claims->settled = settled;
}
/* Forgets all claims; keeps the memory that a level like the last one needs. */
void fm_claims_clear(struct fm_claims *claims);
uint64_t fm_claims_bytes(const struct fm_claims *claims);

#endif
