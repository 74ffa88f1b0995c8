/* The fingerprint table: the set of the digests of all states found so far, 8 bytes a slot.
 *
 * Of a digest the table keeps what its place says and what its slot holds: with 2^k slots k + 58
 * bits or more for nearly every entry (store/table.c; the exact sum is accounted for by
 * fm_table_losses). Insertion (of many together: by one thread at a time) and look-up are lock-free
 * and may run on any number of threads; growing, counting and freeing may not run beside these,
 * except that the shares of one growth run beside each other. Growth is in place: the peak is the
 * new size, never the sum of both. The table never grows by itself: the caller looks for room
 * before a batch. */
#ifndef FM_STORE_TABLE_H
#define FM_STORE_TABLE_H

#include "store/relax.h"
#include "value/order.h"

#include <stdbool.h>
#include <stdint.h>

struct fm_table;

/* Bytes of one entry, as the reports print it. */
#define FM_TABLE_ENTRY_SIZE 8u
/* Bytes of a line: what a look-up fetches. */
#define FM_TABLE_LINE_SIZE 64u
/* The smallest table: one group of probed lines (store/table.c). */
#define FM_TABLE_SLOTS_LOG2_MIN 8u

struct fm_table_options {
    uint32_t slots_log2; /* at the beginning; 0: small */
    /* Not 0: digests below 2^exact_bits are keys, each of one state; others have that bit set. The
     * table then keeps at least exact_bits + 1 bits of each (it may begin larger for that), and
     * only the others can be lost. */
    uint32_t exact_bits;
    uint32_t remainder_max; /* bits of a digest that a slot may keep beside its place; 0: all that
                               fit. A table shrunken by this collides as often as its bound says. */
    bool narrow;            /* does without the wider vectors that the processor may have */
};

enum fm_table_result {
    FM_TABLE_SEEN, /* was there already */
    FM_TABLE_NEW,  /* was not; is now */
    FM_TABLE_FULL  /* no room near its place: grow and try again */
};

/* An empty table; NULL with errno when the system refuses memory. NULL options: the usual. */
struct fm_table *fm_table_new(const struct fm_table_options *options);
void fm_table_free(struct fm_table *table);
/* Takes everything out; the size stays. */
void fm_table_clear(struct fm_table *table);

/* Where digests go in the table as it is now: for asking the cache. Out of date after a growth,
 * when asking is only useless. */
struct fm_table_places {
    const char *lines;
    uint64_t mask;
};

struct fm_table_places fm_table_places(const struct fm_table *table);
/* Asks for the place of the digest, for a look-up or insertion soon. For reading: most digests have
 * been seen, and asking for their lines exclusively would take them away from other workers. */
static inline void fm_table_prefetch(struct fm_table_places places, struct fm_digest digest)
{
    __builtin_prefetch(places.lines + (digest.low & places.mask) * FM_TABLE_LINE_SIZE, 0, 3);
}

/* The same for what is not there and will be put there at once: other workers' caches give the line
 * up while the digests before it are looked at. */
static inline void fm_table_prefetch_own(struct fm_table_places places, struct fm_digest digest)
{
    fm_prefetch_own(places.lines + (digest.low & places.mask) * FM_TABLE_LINE_SIZE);
}

bool fm_table_contains(const struct fm_table *table, struct fm_digest digest);
enum fm_table_result fm_table_insert(struct fm_table *table, struct fm_digest digest);

/* Digests that the following take at a time, at most; bit i of a set of them is bit i % 64 of word
 * i / 64. */
#define FM_TABLE_MANY_MAX 128u
#define FM_TABLE_MANY_WORDS (FM_TABLE_MANY_MAX / 64)

/* Digests that are inserted together. */
struct fm_table_many {
    const struct fm_digest *digests;
    const uint8_t *wanted; /* those whose byte is not 0; NULL: all */
    uint32_t count;
    uint64_t fresh[FM_TABLE_MANY_WORDS]; /* those found to be new, added to the set */
};

/* Inserts them from number `from` on, while no other thread inserts; others may look up. The count;
 * or the number of the first one that there is no room for: grow and go on with
 * it. */
uint32_t fm_table_insert_many(struct fm_table *table, struct fm_table_many *many, uint32_t from);

/* The digests that the table does not have, as a set; of those whose byte in `wanted` is not 0, or
 * of all (NULL). One that another thread puts in meanwhile may be in the set. */
void fm_table_sift(const struct fm_table *table, const struct fm_digest *digests,
                   const uint8_t *wanted, uint32_t count, uint64_t rest[FM_TABLE_MANY_WORDS]);

/* Adds to the count, which insertion leaves alone: one shared counter would be every thread's
 * bottleneck. */
void fm_table_add_count(struct fm_table *table, uint64_t added);
uint64_t fm_table_count(const struct fm_table *table);
/* Digests that fit below the load limit, those counted included. */
uint64_t fm_table_limit(const struct fm_table *table);
uint64_t fm_table_bytes(const struct fm_table *table);
/* log2 of the slots. */
uint32_t fm_table_slots_log2(const struct fm_table *table);

/* Room for `more` digests beside those counted, on the calling thread alone; false with errno. */
bool fm_table_reserve(struct fm_table *table, uint64_t more);
/* Doubles once, the same way. */
bool fm_table_grow(struct fm_table *table);

/* Doubling by several threads: begin on one, then every share of `shares` once, in any thread, then
 * end on one; nothing else touches the table meanwhile. begin: false with errno, nothing changed.
 */
bool fm_table_grow_begin(struct fm_table *table, uint32_t shares);
void fm_table_grow_share(struct fm_table *table, uint32_t share);
/* count: digests in the table. */
void fm_table_grow_end(struct fm_table *table, uint64_t count);

struct fm_table_survey {
    /* The expected number of states that were taken for others they share all kept bits with, at
     * most; an upper bound of the probability that there is one. */
    double losses;
    uint64_t entries, home; /* home: of these, in the first line they were looked for in */
    double lines_mean;      /* lines that a look-up reads to find an entry */
    uint32_t lines_max;
};

/* Reads the whole table. */
struct fm_table_survey fm_table_survey(const struct fm_table *table);
/* Of the survey. */
double fm_table_losses(const struct fm_table *table);
/* The size log2 of the largest table of at most that many bytes; the smallest one for less. */
uint32_t fm_table_slots_log2_for(uint64_t bytes);

#endif
