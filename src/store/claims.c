/* Why claims exist: workers race, so who inserts a state first depends on the machine. The
 * successors of a level nevertheless have an order, TLC's with one worker: by parent, then by the
 * ordinal among the parent's successors. Keeping the least key per new state makes the next level's
 * states, their order, their parents and under VIEW even their contents the same as with one
 * worker.
 *
 * Claims stand in blocks, so that they do not move while others look at them. A block is published
 * with the first entry of the table that names one of its claims, which is stored with release and
 * read with acquire.
 *
 * A place is used again when the list begins anew. Its owner has made the entry final, or seen it
 * name another claim, before it stores the next claim there with release; so who reads a part of
 * the next one, with acquire, finds the entry changed. Entries never come back to a name. */
#include "store/claims.h"

#include "base/arena.h"
#include "base/assert.h"

/* Claims that a list keeps room for: more than a few parts have. */
#define KEPT 3072u

struct fm_claims *fm_claims_new(uint32_t number)
{
    fm_assert(number < FM_CLAIM_LISTS_MAX);
    struct fm_claims *claims = fm_memory_calloc(1, sizeof *claims);
    claims->number = number;
    return claims;
}

void fm_claims_free(struct fm_claims *claims)
{
    if (claims != NULL) {
        fm_blocks_trim(&claims->blocks, 0);
        fm_memory_free(claims);
    }
}

bool fm_claims_reserve(struct fm_claims *claims, uint32_t more)
{
    return fm_blocks_reserve(&claims->blocks, (uint64_t)claims->count + more,
                             sizeof(struct fm_claim));
}

void fm_claims_trim(struct fm_claims *claims)
{
    fm_assert(claims->count == 0);
    fm_blocks_trim(&claims->blocks, KEPT);
}

uint64_t fm_claims_bytes(const struct fm_claims *claims)
{
    return fm_blocks_bytes(&claims->blocks);
}
