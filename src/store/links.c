/* An array that grows without ever moving: blocks of BLOCK links under a directory.
 *
 * A counterexample needs the path from an initial state, and only the path: storing the states
 * would cost many times what the links do. A link is the index of the parent and half of the
 * state's own digest. Replaying starts from the initial states and takes at each step the successor
 * whose own digest has that half; the full digest is not needed, since the candidates are a handful
 * of successors of one state, and what was replayed is checked again before it is shown.
 *
 * The own digest is never the digest of the view or of a symmetric image: two states with one view
 * have different successors, and the path must go through the one that was kept.
 *
 * A block is three arrays: digests of 8 bytes, the low 4 bytes of parents, and, only in blocks
 * behind index 2^32 - 1, the fifth byte of parents, since a parent comes before its children. All
 * bits set is the parent of an initial state; no parent has that index, because the block with
 * index 2^32 - 1 counts as one behind it. */
#include "store/links.h"

#include "base/arena.h"
#include "base/assert.h"
#include "store/pages.h"

/* Links of one block: 12 MiB of address space, touched as it fills; but the first block starts with
 * a page and doubles, for small models. */
#define BLOCK_BITS 20u
#define BLOCK ((uint64_t)1 << BLOCK_BITS)
/* Links of a first block that was never grown. */
#define BLOCK_FIRST ((uint64_t)256)
/* Blocks from this one on have the fifth byte. */
#define BLOCK_WIDE (((uint64_t)1 << (32 - BLOCK_BITS)) - 1)

struct block {
    struct fm_pages owns;    /* uint64_t each */
    struct fm_pages parents; /* uint32_t each, then uint8_t each */
};

struct fm_links {
    struct block *blocks;
    uint64_t block_count;
    uint64_t block_capacity;
    uint64_t room; /* indices below this may be set */
};

_Static_assert(sizeof(uint64_t) + sizeof(uint32_t) == FM_LINK_SIZE, "reports print this size");

struct fm_links *fm_links_new(void)
{
    return fm_memory_calloc(1, sizeof(struct fm_links));
}

void fm_links_free(struct fm_links *links)
{
    if (links != NULL) {
        for (uint64_t i = 0; i < links->block_count; i++) {
            fm_pages_unmap(&links->blocks[i].owns);
            fm_pages_unmap(&links->blocks[i].parents);
        }
        fm_memory_free(links->blocks);
        fm_memory_free(links);
    }
}

static void grow_directory(struct fm_links *links)
{
    if (links->block_count == links->block_capacity) {
        links->block_capacity = links->block_capacity == 0 ? 16 : 2 * links->block_capacity;
        links->blocks = fm_memory_resize(links->blocks,
                                         (size_t)links->block_capacity * sizeof *links->blocks);
    }
}

static bool add_block(struct fm_links *links, uint64_t room)
{
    grow_directory(links);
    struct block *block = &links->blocks[links->block_count];
    size_t width = links->block_count >= BLOCK_WIDE ? 5 : 4;
    if (!fm_pages_map(&block->owns, (size_t)room * sizeof(uint64_t))) {
        return false;
    }
    if (!fm_pages_map(&block->parents, (size_t)room * width)) {
        fm_pages_unmap(&block->owns);
        return false;
    }
    links->block_count++;
    return true;
}

/* The first block grows in steps; nobody reads while it may move. */
static bool grow_first_block(struct fm_links *links, uint64_t count)
{
    uint64_t room = links->room == 0 ? BLOCK_FIRST : links->room;
    while (room < count && room < BLOCK) {
        room *= 2;
    }
    if (links->block_count == 0) {
        if (!add_block(links, room)) {
            return false;
        }
    } else if (!fm_pages_resize(&links->blocks[0].owns, (size_t)room * sizeof(uint64_t)) ||
               !fm_pages_resize(&links->blocks[0].parents, (size_t)room * sizeof(uint32_t))) {
        return false;
    }
    links->room = room;
    return true;
}

bool fm_links_reserve(struct fm_links *links, uint64_t count)
{
    if (count > links->room && links->room < BLOCK && !grow_first_block(links, count)) {
        return false;
    }
    while (count > links->room) {
        if (!add_block(links, BLOCK)) {
            return false;
        }
        links->room += BLOCK;
    }
    return true;
}

void fm_links_set_many(struct fm_links *links, uint64_t index, const struct fm_link *many,
                       uint32_t count)
{
    fm_assert_slow(index + count <= links->room);
    while (count > 0) {
        uint64_t number = index >> BLOCK_BITS;
        uint64_t at = index & (BLOCK - 1);
        const struct block *block = &links->blocks[number];
        uint64_t *owns = (uint64_t *)block->owns.at + at;
        uint32_t *parents = (uint32_t *)block->parents.at + at;
        uint32_t here = count < BLOCK - at ? count : (uint32_t)(BLOCK - at);
        for (uint32_t i = 0; i < here; i++) {
            owns[i] = many[i].own;
            parents[i] = (uint32_t)many[i].parent;
        }
        for (uint32_t i = 0; i < here && number >= BLOCK_WIDE; i++) {
            uint8_t *fifth = (uint8_t *)block->parents.at + BLOCK * sizeof(uint32_t) + at;
            fifth[i] = (uint8_t)(many[i].parent >> 32);
        }
        index += here;
        many += here;
        count -= here;
    }
}

void fm_links_set(struct fm_links *links, uint64_t index, struct fm_link link)
{
    fm_links_set_many(links, index, &link, 1);
}

struct fm_link fm_links_get(const struct fm_links *links, uint64_t index)
{
    fm_assert_slow(index < links->room);
    uint64_t number = index >> BLOCK_BITS;
    uint64_t at = index & (BLOCK - 1);
    const struct block *block = &links->blocks[number];
    uint64_t parent = ((const uint32_t *)block->parents.at)[at];
    uint64_t none = UINT32_MAX;
    if (number >= BLOCK_WIDE) {
        const uint8_t *fifth = (const uint8_t *)block->parents.at + BLOCK * sizeof(uint32_t);
        parent |= (uint64_t)fifth[at] << 32;
        none = ((uint64_t)1 << 40) - 1;
    }
    return (struct fm_link){parent == none ? FM_LINK_INITIAL : parent,
                            ((const uint64_t *)block->owns.at)[at]};
}

uint64_t fm_links_bytes(const struct fm_links *links)
{
    uint64_t bytes = 0;
    for (uint64_t i = 0; i < links->block_count; i++) {
        bytes += links->blocks[i].owns.size + links->blocks[i].parents.size;
    }
    return bytes;
}
