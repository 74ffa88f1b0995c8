/* Pages from the operating system, for the large blocks of the state store.
 *
 * Unlike fm_memory_alloc these calls report refusal: running out of memory in the middle of a
 * search must leave a summary. Each owner counts what it holds in a struct fm_pages; the counts add
 * up to the memory that the store shows. Thread safe: a count is only changed by its owner's
 * thread. */
#ifndef FM_STORE_PAGES_H
#define FM_STORE_PAGES_H

#include <stdbool.h>
#include <stddef.h>

struct fm_pages {
    void *at;    /* zeroed when mapped, or NULL */
    size_t size; /* bytes, a multiple of the page size */
};

/* Maps at least `size` zeroed bytes. false with errno when the system refuses; then pages->at is
 * NULL. */
bool fm_pages_map(struct fm_pages *pages, size_t size);
/* Changes the size in place or by moving page tables: never holds both blocks. New bytes are zero.
 * false with errno: the block is as it was. */
bool fm_pages_resize(struct fm_pages *pages, size_t size);
void fm_pages_unmap(struct fm_pages *pages);

#endif
