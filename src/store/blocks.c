/* The directory of doubling blocks.
 *
 * Each block is mapped when the list first reaches it and unmapped when it is given back; none is
 * ever moved or changed in size, which would take items away from those who look at them. Doubling
 * keeps the directory small enough to stand in its owner, and the memory that is mapped but not
 * touched costs nothing. */
#include "store/blocks.h"

#define FIRST_BITS FM_BLOCKS_FIRST_BITS

static uint32_t block_of(uint64_t index)
{
    return 63u - (uint32_t)__builtin_clzll(index + ((uint64_t)1 << FIRST_BITS)) - FIRST_BITS;
}

/* Indices below those of the block. */
static uint64_t first_of(uint32_t block)
{
    return (((uint64_t)1 << block) - 1) << FIRST_BITS;
}

bool fm_blocks_reserve(struct fm_blocks *blocks, uint64_t count, size_t size)
{
    while (blocks->room < count) {
        uint32_t block = block_of(blocks->room);
        if (block >= FM_BLOCKS_MAX ||
            !fm_pages_map(&blocks->blocks[block], ((size_t)1 << (block + FIRST_BITS)) * size)) {
            return false;
        }
        blocks->room = first_of(block + 1);
    }
    return true;
}

void fm_blocks_trim(struct fm_blocks *blocks, uint64_t count)
{
    uint32_t kept = count == 0 ? 0 : block_of(count - 1) + 1;
    for (uint32_t i = kept; i < FM_BLOCKS_MAX; i++) {
        fm_pages_unmap(&blocks->blocks[i]);
    }
    if (blocks->room > first_of(kept)) {
        blocks->room = first_of(kept);
    }
}

uint64_t fm_blocks_bytes(const struct fm_blocks *blocks)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < FM_BLOCKS_MAX; i++) {
        bytes += blocks->blocks[i].size;
    }
    return bytes;
}
