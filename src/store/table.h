/* The fingerprint table: the set of 128-bit digests of all states found so far.
 *
 * Insertion and look-up are lock-free and may run on any number of threads; growing, counting and
 * freeing may not run beside anything else, except that the shares of one growth run beside each
 * other. Growth is in place: the peak is the new size, never the sum of both. The table never grows
 * by itself: the caller reserves room before a batch or at the end of a level. */
#ifndef FM_STORE_TABLE_H
#define FM_STORE_TABLE_H

#include "value/order.h"

#include <stdbool.h>
#include <stdint.h>

struct fm_table;

/* Bytes of one entry, as the reports print it. */
#define FM_TABLE_ENTRY_SIZE 16u

enum fm_table_result {
    FM_TABLE_SEEN, /* was there already */
    FM_TABLE_NEW,  /* was not; is now */
    FM_TABLE_FULL  /* no room near its place: reserve more and try again */
};

/* An empty table; NULL with errno when the system refuses memory. */
struct fm_table *fm_table_new(void);
void fm_table_free(struct fm_table *table);

/* Asks the cache for the place of the digest, for a look-up or insertion soon. */
void fm_table_prefetch(const struct fm_table *table, struct fm_digest digest);
bool fm_table_contains(const struct fm_table *table, struct fm_digest digest);
enum fm_table_result fm_table_insert(struct fm_table *table, struct fm_digest digest);

/* Adds to the count, which insertion leaves alone: one shared counter would be every thread's
 * bottleneck. */
void fm_table_add_count(struct fm_table *table, uint64_t added);
uint64_t fm_table_count(const struct fm_table *table);
/* Whether `more` digests fit below the load limit. */
bool fm_table_has_room(const struct fm_table *table, uint64_t more);
uint64_t fm_table_bytes(const struct fm_table *table);

/* Room for `more` digests beside those counted, on the calling thread alone; false with errno. */
bool fm_table_reserve(struct fm_table *table, uint64_t more);

/* The same by several threads: begin on one (doubles the table), then every share of `shares` once,
 * in any thread, all of them before anything else touches the table. */
bool fm_table_grow_begin(struct fm_table *table, uint32_t shares);
void fm_table_grow_share(struct fm_table *table, uint32_t share);

#endif
