/* Large blocks straight from mmap.
 *
 * Three things make malloc the wrong source for the fingerprint table and the state queue. A table
 * of gigabytes is probed at random, so nearly every probe misses the TLB with pages of 4 KiB;
 * blocks of HUGE_MIN bytes and more therefore ask for transparent huge pages (measured on two-phase
 * commit: with batched prefetching 2.1 to 3 times faster), and begin where a huge page can. Growth
 * must not hold the old and the new block at once: mremap moves page tables, not bytes, and whole
 * entries of the upper table when both places are aligned. And memory that a finished level gives
 * back must leave the process, which munmap does at once.
 *
 * Linux grants mappings it may later be unable to fill. The search therefore also watches its own
 * budget (explore/search.c); the errors reported here are those of address space and of limits. */
#include "store/pages.h"

#include "base/assert.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* Below this a huge page would waste more than it saves, bytes. */
#define HUGE_MIN ((size_t)8 << 20)
/* Bytes of a huge page on most machines; elsewhere the alignment is merely useless. */
#define HUGE_PAGE ((size_t)2 << 20)

static size_t round_to_page(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    fm_assert(size <= SIZE_MAX - page);
    return (size + page - 1) / page * page;
}

static void advise_huge(const struct fm_pages *pages)
{
    if (pages->size >= HUGE_MIN) {
        /* Only advice: a kernel without huge pages answers with an error that changes nothing. */
        (void)madvise(pages->at, pages->size, MADV_HUGEPAGE);
    }
}

/* Maps `size` bytes, a large block at a multiple of HUGE_PAGE; MAP_FAILED with errno. */
static void *map_block(size_t size, int protection)
{
    int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    if (size < HUGE_MIN || size > SIZE_MAX - HUGE_PAGE) {
        return mmap(NULL, size, protection, flags, -1, 0);
    }
    uint8_t *at = mmap(NULL, size + HUGE_PAGE, protection, flags, -1, 0);
    if (at == MAP_FAILED) {
        return MAP_FAILED;
    }
    size_t before = (HUGE_PAGE - (uintptr_t)at % HUGE_PAGE) % HUGE_PAGE;
    if (before > 0) {
        int failed = munmap(at, before);
        fm_assert(failed == 0);
    }
    if (before < HUGE_PAGE) {
        int failed = munmap(at + before + size, HUGE_PAGE - before);
        fm_assert(failed == 0);
    }
    return at + before;
}

bool fm_pages_map(struct fm_pages *pages, size_t size)
{
    *pages = (struct fm_pages){NULL, 0};
    size_t rounded = round_to_page(size);
    void *at = map_block(rounded, PROT_READ | PROT_WRITE);
    if (at == MAP_FAILED) {
        return false;
    }
    *pages = (struct fm_pages){at, rounded};
    advise_huge(pages);
    return true;
}

/* Moves the block to an aligned place of the new size. */
static void *move_block(const struct fm_pages *pages, size_t size)
{
    void *to = map_block(size, PROT_NONE);
    if (to == MAP_FAILED) {
        return MAP_FAILED;
    }
    void *at = mremap(pages->at, pages->size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to);
    if (at == MAP_FAILED) {
        int error = errno;
        int failed = munmap(to, size);
        fm_assert(failed == 0);
        errno = error;
    }
    return at;
}

bool fm_pages_resize(struct fm_pages *pages, size_t size)
{
    size_t rounded = round_to_page(size);
    if (rounded == pages->size) {
        return true;
    }
    void *at = mremap(pages->at, pages->size, rounded, 0);
    if (at == MAP_FAILED && rounded < HUGE_MIN) {
        at = mremap(pages->at, pages->size, rounded, MREMAP_MAYMOVE);
    } else if (at == MAP_FAILED) {
        at = move_block(pages, rounded);
    }
    if (at == MAP_FAILED) {
        return false;
    }
    *pages = (struct fm_pages){at, rounded};
    advise_huge(pages);
    return true;
}

void fm_pages_unmap(struct fm_pages *pages)
{
    if (pages->at != NULL) {
        int failed = munmap(pages->at, pages->size);
        fm_assert(failed == 0);
    }
    *pages = (struct fm_pages){NULL, 0};
}
