/* An array that grows without ever moving: blocks of BLOCK links under a directory.
 *
 * A counterexample needs the path from an initial state, and only the path: storing the states
 * would cost many times what the links do. A link is two words, the index of the parent and half of
 * the state's own digest. Replaying starts from the initial states and takes at each step the
 * successor whose own digest has that half; the full digest is not needed, since the candidates are
 * a handful of successors of one state, and what was replayed is checked again before it is shown.
 *
 * The own digest is never the digest of the view or of a symmetric image: two states with one view
 * have different successors, and the path must go through the one that was kept. */
#include "store/links.h"

#include "base/arena.h"
#include "base/assert.h"
#include "store/pages.h"

/* Links of one block: 1 MiB, but the first block starts with a page and doubles, for small models.
 */
#define BLOCK_BITS 16u
#define BLOCK ((uint64_t)1 << BLOCK_BITS)
/* Links of a first block that was never grown. */
#define BLOCK_FIRST ((uint64_t)256)

_Static_assert(sizeof(struct fm_link) == FM_LINK_SIZE, "reports print this size");

struct fm_links {
    struct fm_pages *blocks;
    uint64_t block_count;
    uint64_t block_capacity;
    uint64_t room; /* indices below this may be set */
};

struct fm_links *fm_links_new(void)
{
    return fm_memory_calloc(1, sizeof(struct fm_links));
}

void fm_links_free(struct fm_links *links)
{
    if (links != NULL) {
        for (uint64_t i = 0; i < links->block_count; i++) {
            fm_pages_unmap(&links->blocks[i]);
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

/* The first block grows in steps; nobody reads while it may move. */
static bool grow_first_block(struct fm_links *links, uint64_t count)
{
    uint64_t room = links->room == 0 ? BLOCK_FIRST : links->room;
    while (room < count && room < BLOCK) {
        room *= 2;
    }
    if (links->block_count == 0) {
        grow_directory(links);
        if (!fm_pages_map(&links->blocks[0], (size_t)room * FM_LINK_SIZE)) {
            return false;
        }
        links->block_count = 1;
    } else if (!fm_pages_resize(&links->blocks[0], (size_t)room * FM_LINK_SIZE)) {
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
        grow_directory(links);
        if (!fm_pages_map(&links->blocks[links->block_count], (size_t)BLOCK * FM_LINK_SIZE)) {
            return false;
        }
        links->block_count++;
        links->room += BLOCK;
    }
    return true;
}

static struct fm_link *link_at(const struct fm_links *links, uint64_t index)
{
    fm_assert_slow(index < links->room);
    return (struct fm_link *)links->blocks[index >> BLOCK_BITS].at + (index & (BLOCK - 1));
}

void fm_links_set(struct fm_links *links, uint64_t index, struct fm_link link)
{
    *link_at(links, index) = link;
}

struct fm_link fm_links_get(const struct fm_links *links, uint64_t index)
{
    return *link_at(links, index);
}

uint64_t fm_links_bytes(const struct fm_links *links)
{
    uint64_t bytes = 0;
    for (uint64_t i = 0; i < links->block_count; i++) {
        bytes += links->blocks[i].size;
    }
    return bytes;
}
