/* Parent links: for every stored state, in the order of discovery, the state it was first reached
 * from and 64 bits of its own structural digest. They are what a counterexample is rebuilt from.
 *
 * Reserving may not run beside anything else; links of different indices may be set by different
 * threads, and set links may be read by any thread. */
#ifndef FM_STORE_LINKS_H
#define FM_STORE_LINKS_H

#include <stdbool.h>
#include <stdint.h>

struct fm_links;

/* Bytes of a link, as the reports print it; one more for states beyond the first 2^32. */
#define FM_LINK_SIZE 12u
#define FM_LINK_INITIAL UINT64_MAX /* the parent of an initial state */

struct fm_link {
    uint64_t parent; /* index of a state, or FM_LINK_INITIAL */
    uint64_t own;    /* low word of the state's own digest */
};

struct fm_links *fm_links_new(void);
void fm_links_free(struct fm_links *links);
/* Room for indices below count; false with errno. */
bool fm_links_reserve(struct fm_links *links, uint64_t count);
/* index below what was reserved; the parent's index is smaller, as is that of every parent. */
void fm_links_set(struct fm_links *links, uint64_t index, struct fm_link link);
/* The same for links that follow each other. */
void fm_links_set_many(struct fm_links *links, uint64_t index, const struct fm_link *many,
                       uint32_t count);
struct fm_link fm_links_get(const struct fm_links *links, uint64_t index);
uint64_t fm_links_bytes(const struct fm_links *links);

#endif
