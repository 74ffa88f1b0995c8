/* The index of states.
 *
 * A slot is a word: the state's index plus one in the lower bits, above it a tag, bits of the high
 * word of its own digest; 0 is empty. The place where a digest is looked for first comes from the
 * upper bits of the high word, then slots are tried in order. A slot whose tag agrees is compared
 * with the low word of the digest, which the search keeps beside the parent of each state. So
 * 64 + 24 bits agree before two states are taken for one: for n states at most n^2 / 2^89.
 *
 *     63            40 39                                   0
 *     +---------------+--------------------------------------+
 *     | tag           | index + 1                            |
 *     +---------------+--------------------------------------+
 *
 * There are four slots for three states. The high words are not kept by the search; they are
 * computed once more, each worker taking parts of the states, and entered by compare-and-swap. */
#include "liveness/index.h"

#include "base/assert.h"
#include "store/pages.h"

#include <errno.h>

#define INDEX_BITS 40u
#define INDEX_MASK (((uint64_t)1 << INDEX_BITS) - 1)
#define TAG_BITS 24u
/* States that a worker takes at a time. */
#define PART 1024u

struct fm_index {
    struct fm_checker *checker;
    struct fm_pages pages;
    _Atomic uint64_t *slots;
    uint64_t slot_count, states;

    /* While it is built. */
    _Atomic uint64_t next; /* state that no worker has taken */
    const atomic_bool *interrupt;
    _Atomic uint64_t *done;
    atomic_bool cancelled;
};

static uint64_t home_of(const struct fm_index *index, struct fm_digest own)
{
    return (uint64_t)((unsigned __int128)own.high * index->slot_count >> 64);
}

static uint64_t tag_of(struct fm_digest own)
{
    return own.high << INDEX_BITS;
}

static void enter(struct fm_index *index, struct fm_digest own, uint64_t number)
{
    uint64_t entry = tag_of(own) | (number + 1);
    for (uint64_t at = home_of(index, own);; at = at + 1 == index->slot_count ? 0 : at + 1) {
        uint64_t empty = 0;
        /* Relaxed: it is read when all workers are done. */
        if (atomic_compare_exchange_strong_explicit(&index->slots[at], &empty, entry,
                                                    memory_order_relaxed, memory_order_relaxed)) {
            return;
        }
    }
}

static void enter_part(struct fm_index *index, uint32_t member, uint64_t first, uint64_t end)
{
    const struct fm_model_ops *ops = fm_kept_model(index->checker)->ops;
    struct fm_engine *engine = fm_kept_engine(index->checker, member);
    struct fm_kept_reader reader;
    struct fm_kept_group group;
    fm_kept_begin(index->checker, first, &reader);
    for (uint64_t at = first; at < end; at += group.count) {
        fm_kept_take(index->checker, member, &reader, at, (uint32_t)(end - at), &group);
        for (uint32_t i = 0; i < group.count; i++) {
            struct fm_digest print, own;
            ops->fingerprint(engine, group.states[i], &print, &own);
            fm_assert(own.low == fm_kept_own(index->checker, at + i));
            enter(index, own, at + i);
        }
    }
}

static void enter_states(void *closure, uint32_t member)
{
    struct fm_index *index = closure;
    for (;;) {
        uint64_t first = atomic_fetch_add(&index->next, PART);
        if (index->interrupt != NULL && atomic_load(index->interrupt)) {
            atomic_store(&index->cancelled, true);
        }
        if (first >= index->states || atomic_load(&index->cancelled)) {
            return;
        }
        uint64_t end = index->states - first < PART ? index->states : first + PART;
        enter_part(index, member, first, end);
        if (index->done != NULL) {
            atomic_fetch_add(index->done, end - first);
        }
    }
}

struct fm_index *fm_index_new(struct fm_checker *checker, const atomic_bool *interrupt,
                              _Atomic uint64_t *done)
{
    struct fm_index *index = fm_memory_calloc(1, sizeof *index);
    index->checker = checker;
    index->states = fm_kept_count(checker);
    index->slot_count = index->states + index->states / 3 + 2;
    index->interrupt = interrupt;
    index->done = done;
    fm_assert(index->states < INDEX_MASK);
    if (!fm_pages_map(&index->pages, index->slot_count * sizeof *index->slots)) {
        int saved = errno;
        fm_memory_free(index);
        errno = saved;
        return NULL;
    }
    index->slots = index->pages.at;
    fm_kept_run(checker, enter_states, index);
    if (atomic_load(&index->cancelled)) {
        fm_index_free(index);
        errno = ECANCELED;
        return NULL;
    }
    return index;
}

void fm_index_free(struct fm_index *index)
{
    if (index != NULL) {
        fm_pages_unmap(&index->pages);
        fm_memory_free(index);
    }
}

uint64_t fm_index_bytes(const struct fm_index *index)
{
    return index->pages.size;
}

double fm_index_collision(const struct fm_index *index)
{
    double states = (double)index->states;
    return states * states * 0x1p-89;
}

void fm_index_prefetch(const struct fm_index *index, struct fm_digest own)
{
    __builtin_prefetch((const uint64_t *)index->pages.at + home_of(index, own), 0, 3);
}

uint64_t fm_index_find(const struct fm_index *index, struct fm_digest own)
{
    uint64_t tag = tag_of(own);
    for (uint64_t at = home_of(index, own);; at = at + 1 == index->slot_count ? 0 : at + 1) {
        uint64_t entry = atomic_load_explicit(&index->slots[at], memory_order_relaxed);
        if (entry == 0) {
            return FM_INDEX_MISSING;
        }
        if ((entry & ~INDEX_MASK) == tag &&
            fm_kept_own(index->checker, (entry & INDEX_MASK) - 1) == own.low) {
            return (entry & INDEX_MASK) - 1;
        }
    }
}
