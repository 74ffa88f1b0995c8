/* Lists of items in blocks that double in size: items never move, so others may look at them while
 * a list grows, and what a shorter list does not need goes back to the system.
 *
 * Block b holds FIRST << b items, so the block of an index is its highest bit, and a directory of
 * 23 pointers reaches 2^32. The caller names the same size of an item each time. Adding is for one
 * thread. */
#ifndef FM_STORE_BLOCKS_H
#define FM_STORE_BLOCKS_H

#include "store/pages.h"

#include <stdbool.h>
#include <stdint.h>

/* Items of the first block, log2. */
#define FM_BLOCKS_FIRST_BITS 10u
#define FM_BLOCKS_MAX (32u - FM_BLOCKS_FIRST_BITS + 1)

struct fm_blocks {
    struct fm_pages blocks[FM_BLOCKS_MAX];
    uint64_t room; /* items that they hold */
};

/* Room for items below `count`; false with errno. */
bool fm_blocks_reserve(struct fm_blocks *blocks, uint64_t count, size_t size);
/* Gives back the blocks behind that of the item before `count`: all of them for 0. */
void fm_blocks_trim(struct fm_blocks *blocks, uint64_t count);
uint64_t fm_blocks_bytes(const struct fm_blocks *blocks);
/* index: below what was reserved. */
static inline void *fm_blocks_at(const struct fm_blocks *blocks, uint64_t index, size_t size)
{
    uint64_t place = index + ((uint64_t)1 << FM_BLOCKS_FIRST_BITS);
    uint32_t top = 63u - (uint32_t)__builtin_clzll(place);
    return (char *)blocks->blocks[top - FM_BLOCKS_FIRST_BITS].at +
           (place ^ (uint64_t)1 << top) * size;
}

#endif
