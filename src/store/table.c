/* Open addressing with linear probing, 16 bytes an entry, no deletion.
 *
 * An entry is the two words of a digest. Neither word of a stored entry is 0: such digests are
 * stored with that word 1, a collision of two values in 2^64 that is as harmless as any other. A
 * thread claims an empty entry by a compare-and-swap of the low word, then publishes the high word;
 * one that meets its own low word waits for the high word, which is one store away. Digests are
 * uniformly distributed already, so the low bits of the low word are the place.
 *
 * Probing does not wrap around: SLACK more entries follow the last home place. That makes growth in
 * place possible. The block is enlarged with zeros; an entry with home h then belongs to h or to h
 * + n. The old part is a row of clusters separated by empty entries, and every entry has its home
 * in its cluster. So one cluster at a time is copied out, erased and inserted again: those that
 * stay fit into the cluster's own places, the others go to the upper half, where nobody else erases
 * anything. The clusters are divided among the threads at empty entries. Only the last cluster,
 * which may reach into the slack and thereby into the new upper half, is moved first and alone.
 *
 * Load stays below 7/10: an unsuccessful search then looks at 6 entries on average, in two cache
 * lines. Robin Hood order and cuckoo hashing were rejected: both move stored entries, which readers
 * without locks would miss. */
#include "store/table.h"

#include "base/arena.h"
#include "base/assert.h"
#include "store/pages.h"
#include "store/relax.h"

#include <stdatomic.h>
#include <string.h>

/* Home places of an empty table: 64 KiB, so that a small model touches little memory. */
#define PLACES_FIRST ((uint64_t)1 << 12)
/* Entries behind the last home place. The longest cluster of a table of 2^34 places at load 0.7 has
 * a few hundred entries; a longer one ends in FM_TABLE_FULL, never in a lost digest. */
#define SLACK ((uint64_t)2048)
/* Shares of one growth at most: no machine we know has more cores. */
#define SHARES_MAX 1024u

struct entry {
    _Atomic uint64_t low;
    _Atomic uint64_t high;
};

_Static_assert(sizeof(struct entry) == FM_TABLE_ENTRY_SIZE, "entries are two words");

struct fm_table {
    struct fm_pages pages;
    struct entry *entries; /* places + SLACK of them */
    uint64_t places;       /* home places, a power of two */
    uint64_t count;
    uint64_t cut[SHARES_MAX + 1]; /* share i moves the clusters between cut[i] and cut[i + 1] */
    uint32_t shares;
};

static struct fm_digest storable(struct fm_digest digest)
{
    return (struct fm_digest){digest.low == 0 ? 1 : digest.low, digest.high == 0 ? 1 : digest.high};
}

static size_t table_size(uint64_t places)
{
    return (size_t)((places + SLACK) * sizeof(struct entry));
}

struct fm_table *fm_table_new(void)
{
    struct fm_table *table = fm_memory_calloc(1, sizeof *table);
    table->places = PLACES_FIRST;
    if (!fm_pages_map(&table->pages, table_size(PLACES_FIRST))) {
        fm_memory_free(table);
        return NULL;
    }
    table->entries = table->pages.at;
    return table;
}

void fm_table_free(struct fm_table *table)
{
    if (table != NULL) {
        fm_pages_unmap(&table->pages);
        fm_memory_free(table);
    }
}

void fm_table_prefetch(const struct fm_table *table, struct fm_digest digest)
{
    __builtin_prefetch(&table->entries[storable(digest).low & (table->places - 1)], 1, 1);
}

/* The high word of a claimed entry; its owner is between two stores. */
static uint64_t published_high(const struct entry *entry)
{
    uint64_t high;
    /* Acquire pairs with the release in insert_at. */
    while ((high = atomic_load_explicit(&entry->high, memory_order_acquire)) == 0) {
        fm_cpu_relax();
    }
    return high;
}

bool fm_table_contains(const struct fm_table *table, struct fm_digest digest)
{
    struct fm_digest key = storable(digest);
    const struct entry *entry = &table->entries[key.low & (table->places - 1)];
    const struct entry *end = table->entries + table->places + SLACK;
    for (; entry < end; entry++) {
        /* Relaxed: a low word alone decides nothing, the high word is read with acquire. */
        uint64_t low = atomic_load_explicit(&entry->low, memory_order_relaxed);
        if (low == 0) {
            return false;
        }
        if (low == key.low && published_high(entry) == key.high) {
            return true;
        }
    }
    return false;
}

static enum fm_table_result insert_from(struct fm_table *table, struct fm_digest key)
{
    struct entry *entry = &table->entries[key.low & (table->places - 1)];
    const struct entry *end = table->entries + table->places + SLACK;
    while (entry < end) {
        uint64_t low = atomic_load_explicit(&entry->low, memory_order_relaxed);
        if (low == 0) {
            /* On failure another thread took the entry: look at it again. */
            if (atomic_compare_exchange_strong_explicit(
                    &entry->low, &low, key.low, memory_order_relaxed, memory_order_relaxed)) {
                atomic_store_explicit(&entry->high, key.high, memory_order_release);
                return FM_TABLE_NEW;
            }
        }
        if (low == key.low && published_high(entry) == key.high) {
            return FM_TABLE_SEEN;
        }
        entry++;
    }
    return FM_TABLE_FULL;
}

enum fm_table_result fm_table_insert(struct fm_table *table, struct fm_digest digest)
{
    return insert_from(table, storable(digest));
}

void fm_table_add_count(struct fm_table *table, uint64_t added)
{
    table->count += added;
}

uint64_t fm_table_count(const struct fm_table *table)
{
    return table->count;
}

bool fm_table_has_room(const struct fm_table *table, uint64_t more)
{
    return table->count + more <= table->places / 10 * 7;
}

uint64_t fm_table_bytes(const struct fm_table *table)
{
    return table->pages.size;
}

bool fm_table_reserve(struct fm_table *table, uint64_t more)
{
    while (!fm_table_has_room(table, more)) {
        if (!fm_table_grow_begin(table, 1)) {
            return false;
        }
        fm_table_grow_share(table, 0);
    }
    return true;
}

static bool is_empty(const struct fm_table *table, uint64_t at)
{
    return atomic_load_explicit(&table->entries[at].low, memory_order_relaxed) == 0;
}

/* Copies the entries of [begin, end) out, erases them and inserts them into the doubled table. */
static void move_cluster(struct fm_table *table, uint64_t begin, uint64_t end)
{
    enum { NEAR = 64 }; /* longer clusters are rare enough for the heap */
    struct fm_digest near[NEAR];
    size_t size = (size_t)(end - begin);
    struct fm_digest *copy = size <= NEAR ? near : fm_memory_alloc(size * sizeof *copy);
    for (size_t i = 0; i < size; i++) {
        struct entry *entry = &table->entries[begin + i];
        copy[i].low = atomic_load_explicit(&entry->low, memory_order_relaxed);
        copy[i].high = atomic_load_explicit(&entry->high, memory_order_relaxed);
        atomic_store_explicit(&entry->high, 0, memory_order_relaxed);
        atomic_store_explicit(&entry->low, 0, memory_order_relaxed);
    }
    for (size_t i = 0; i < size; i++) {
        enum fm_table_result result = insert_from(table, copy[i]);
        fm_assert(result == FM_TABLE_NEW);
    }
    if (copy != near) {
        fm_memory_free(copy);
    }
}

bool fm_table_grow_begin(struct fm_table *table, uint32_t shares)
{
    fm_assert(shares >= 1 && shares <= SHARES_MAX);
    uint64_t old = table->places;
    if (!fm_pages_resize(&table->pages, table_size(2 * old))) {
        return false;
    }
    table->entries = table->pages.at;
    table->places = 2 * old;
    /* The last cluster, the only one that can reach into the old slack; the new entries behind it
     * are empty and end it. */
    uint64_t last = old - 1;
    while (last > 0 && !is_empty(table, last)) {
        last--;
    }
    fm_assert(is_empty(table, last));
    uint64_t end = last + 1;
    while (!is_empty(table, end)) {
        end++;
    }
    move_cluster(table, last + 1, end);
    /* Cuts at empty entries, found before anything below `last` moves. */
    table->shares = shares;
    table->cut[0] = 0;
    for (uint32_t i = 1; i < shares; i++) {
        uint64_t cut = last / shares * i;
        while (!is_empty(table, cut)) {
            cut++;
        }
        table->cut[i] = cut;
    }
    table->cut[shares] = last;
    return true;
}

void fm_table_grow_share(struct fm_table *table, uint32_t share)
{
    fm_assert(share < table->shares);
    uint64_t begin = table->cut[share];
    uint64_t end = table->cut[share + 1];
    while (begin < end) {
        if (is_empty(table, begin)) {
            begin++;
            continue;
        }
        uint64_t stop = begin;
        while (!is_empty(table, stop)) {
            stop++;
        }
        move_cluster(table, begin, stop);
        begin = stop + 1;
    }
}
