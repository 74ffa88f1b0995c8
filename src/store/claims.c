/* A list of blocks that double in size, so that a claim never moves while others look at it.
 *
 * Why claims exist: workers race, so who inserts a state first depends on the machine. The
 * successors of a level nevertheless have an order, TLC's with one worker: by parent, then by the
 * ordinal among the parent's successors. Keeping the least key per new state makes the next level's
 * states, their order, their parents and under VIEW even their contents the same as with one
 * worker.
 *
 * Block b holds FIRST << b claims, so the block of an index is its highest bit, and a directory of
 * 23 pointers reaches 2^32. A block is published with the first entry of the table that names one
 * of its claims, which is stored with release and read with acquire. */
#include "store/claims.h"

#include "base/arena.h"
#include "base/assert.h"

#define FIRST_BITS FM_CLAIMS_FIRST_BITS
#define BLOCKS_MAX FM_CLAIMS_BLOCKS_MAX

static uint32_t block_of(uint64_t index)
{
    return 63u - (uint32_t)__builtin_clzll(index + ((uint64_t)1 << FIRST_BITS)) - FIRST_BITS;
}

/* Indices below those of the block. */
static uint64_t first_of(uint32_t block)
{
    return (((uint64_t)1 << block) - 1) << FIRST_BITS;
}

struct fm_claims *fm_claims_new(uint32_t number)
{
    fm_assert(number < FM_CLAIM_LISTS_MAX);
    struct fm_claims *claims = fm_memory_calloc(1, sizeof *claims);
    claims->number = number;
    return claims;
}

static void free_blocks(struct fm_claims *claims, uint32_t kept)
{
    for (uint32_t i = kept; i < BLOCKS_MAX; i++) {
        fm_pages_unmap(&claims->blocks[i]);
    }
    if (claims->room > first_of(kept)) {
        claims->room = first_of(kept);
    }
}

void fm_claims_free(struct fm_claims *claims)
{
    if (claims != NULL) {
        free_blocks(claims, 0);
        fm_memory_free(claims);
    }
}

bool fm_claims_reserve(struct fm_claims *claims, uint32_t more)
{
    while (claims->room < (uint64_t)claims->count + more) {
        uint32_t block = block_of(claims->room);
        if (block >= BLOCKS_MAX ||
            !fm_pages_map(&claims->blocks[block],
                          ((size_t)1 << (block + FIRST_BITS)) * sizeof(struct fm_claim))) {
            return false;
        }
        claims->room = first_of(block + 1);
    }
    return true;
}

void fm_claims_clear(struct fm_claims *claims)
{
    /* Levels shrink towards the end of a search: a block that this one did not reach goes back. */
    free_blocks(claims, claims->count == 0 ? 0 : block_of(claims->count - 1) + 1);
    claims->count = claims->settled = 0;
}

bool fm_claim_holds(const struct fm_claim *claim)
{
    /* Relaxed: asked when the level is over, behind a barrier. */
    uint64_t key = atomic_load_explicit(&claim->key, memory_order_relaxed);
    if (claim->first) {
        return (key & FM_CLAIM_TAKEN) == 0;
    }
    return atomic_load_explicit(&claim->over->key, memory_order_relaxed) == (key | FM_CLAIM_TAKEN);
}

uint64_t fm_claims_bytes(const struct fm_claims *claims)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < BLOCKS_MAX; i++) {
        bytes += claims->blocks[i].size;
    }
    return bytes;
}
