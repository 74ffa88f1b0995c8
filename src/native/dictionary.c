/* The run's dictionary: values of shape ANY and their numbers.
 *
 * Most look-ups find what is there, so reading takes no lock. Values stand in blocks of doubling
 * size that never move, so a number leads to its value by two loads. The way from a value to its
 * number is a hash table for each of SHARD_COUNT parts of the digests: slots hold numbers plus one
 * and are only ever filled. A table that is half full is replaced by one of twice the size; readers
 * that still walk the old one may miss what came later, and then ask again with the shard's lock
 * held, which whoever adds a value must take anyway. Old tables are kept until the end: together
 * they are no larger than the last.
 *
 * Whoever finds a number in a slot has acquired what was released with it: the entry, and the value
 * in it. Numbers travel between threads inside of states, and whatever hands a state over orders
 * these writes as well.
 *
 * A value is copied twice, first into the caller's arena: that copy may raise (operators, depth),
 * which must not happen with the lock held. The second, of a frozen value without closures, cannot.
 *
 * Numbers follow the order in which threads arrive and so differ from run to run; nothing that can
 * be observed depends on them, for digests and orders are those of the values. */
#include "base/assert.h"
#include "native/layout.h"
#include "value/object.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* By the lowest bits of a digest; threads rarely meet in one of so many. */
#define SHARD_COUNT 64u
#define SLOTS_FIRST 64u
/* Block b holds 2^(b + BLOCK_BITS_FIRST) entries: 23 blocks reach 2^32. */
#define BLOCK_BITS_FIRST 10u
#define BLOCK_COUNT 23u

struct entry {
    fm_value value;
    struct fm_digest digest;
};

struct table {
    struct table *older;
    uint32_t slot_count;      /* power of two */
    _Atomic uint32_t slots[]; /* number + 1, 0 is empty */
};

struct shard {
    pthread_mutex_t mutex;
    _Atomic(struct table *) table;
    uint32_t count;
    struct fm_arena arena; /* of its values */
};

struct fm_dictionary {
    _Atomic(struct entry *) blocks[BLOCK_COUNT];
    _Atomic uint32_t count;
    pthread_mutex_t block_mutex;
    struct shard shards[SHARD_COUNT];
};

static uint32_t block_of(uint32_t number, uint32_t *place)
{
    uint64_t shifted = (uint64_t)number + (UINT64_C(1) << BLOCK_BITS_FIRST);
    uint32_t top = 63u - (uint32_t)__builtin_clzll(shifted);
    *place = (uint32_t)(shifted - (UINT64_C(1) << top));
    return top - BLOCK_BITS_FIRST;
}

static const struct entry *entry_at(const struct fm_dictionary *dictionary, uint32_t number)
{
    uint32_t place;
    uint32_t block = block_of(number, &place);
    /* Acquire pairs with the release in entry_new. */
    return atomic_load_explicit(&dictionary->blocks[block], memory_order_acquire) + place;
}

/* Room for one more entry. */
static struct entry *entry_new(struct fm_dictionary *dictionary, uint32_t *number)
{
    uint32_t place;
    *number = atomic_fetch_add(&dictionary->count, 1);
    fm_assert(*number < UINT32_MAX - 1);
    uint32_t block = block_of(*number, &place);
    struct entry *at = atomic_load_explicit(&dictionary->blocks[block], memory_order_acquire);
    if (at == NULL) {
        pthread_mutex_lock(&dictionary->block_mutex);
        at = atomic_load_explicit(&dictionary->blocks[block], memory_order_acquire);
        if (at == NULL) {
            at = fm_memory_calloc((size_t)1 << (block + BLOCK_BITS_FIRST), sizeof *at);
            atomic_store_explicit(&dictionary->blocks[block], at, memory_order_release);
        }
        pthread_mutex_unlock(&dictionary->block_mutex);
    }
    return at + place;
}

static struct table *table_new(uint32_t slot_count, struct table *older)
{
    struct table *table = fm_memory_calloc(1, sizeof *table + slot_count * sizeof table->slots[0]);
    table->slot_count = slot_count;
    table->older = older;
    return table;
}

struct fm_dictionary *fm_dictionary_new(void)
{
    struct fm_dictionary *dictionary = fm_memory_calloc(1, sizeof *dictionary);
    pthread_mutex_init(&dictionary->block_mutex, NULL);
    for (uint32_t i = 0; i < SHARD_COUNT; i++) {
        struct shard *shard = &dictionary->shards[i];
        pthread_mutex_init(&shard->mutex, NULL);
        fm_arena_init(&shard->arena, "dictionary of values");
        atomic_store(&shard->table, table_new(SLOTS_FIRST, NULL));
    }
    return dictionary;
}

static void shard_deinit(struct shard *shard)
{
    struct table *table = atomic_load(&shard->table);
    while (table != NULL) {
        struct table *older = table->older;
        fm_memory_free(table);
        table = older;
    }
    fm_arena_deinit(&shard->arena);
    pthread_mutex_destroy(&shard->mutex);
}

void fm_dictionary_free(struct fm_dictionary *dictionary)
{
    if (dictionary == NULL) {
        return;
    }
    for (uint32_t i = 0; i < SHARD_COUNT; i++) {
        shard_deinit(&dictionary->shards[i]);
    }
    for (uint32_t i = 0; i < BLOCK_COUNT; i++) {
        fm_memory_free(atomic_load(&dictionary->blocks[i]));
    }
    pthread_mutex_destroy(&dictionary->block_mutex);
    fm_memory_free(dictionary);
}

/* --- look-up --- */

struct query {
    struct fm_value_context *context;
    const struct fm_dictionary *dictionary;
    fm_value value;
    struct fm_digest digest;
};

static uint32_t slot_of(const struct table *table, struct fm_digest digest)
{
    return (uint32_t)(digest.low >> 32) & (table->slot_count - 1);
}

/* The number, or UINT32_MAX. */
static uint32_t find(const struct query *query, struct table *table)
{
    uint32_t at = slot_of(table, query->digest);
    for (;; at = (at + 1) & (table->slot_count - 1)) {
        uint32_t filled = atomic_load_explicit(&table->slots[at], memory_order_acquire);
        if (filled == 0) {
            return UINT32_MAX;
        }
        const struct entry *entry = entry_at(query->dictionary, filled - 1);
        if (fm_digest_equal(entry->digest, query->digest) &&
            fm_value_equal(query->context, entry->value, query->value)) {
            return filled - 1;
        }
    }
}

/* The entry is complete: release publishes it. */
static void fill(struct table *table, struct fm_digest digest, uint32_t number)
{
    uint32_t at = slot_of(table, digest);
    while (atomic_load_explicit(&table->slots[at], memory_order_relaxed) != 0) {
        at = (at + 1) & (table->slot_count - 1);
    }
    atomic_store_explicit(&table->slots[at], number + 1, memory_order_release);
}

/* With the lock held. */
static struct table *table_with_room(const struct fm_dictionary *dictionary, struct shard *shard)
{
    struct table *table = atomic_load_explicit(&shard->table, memory_order_relaxed);
    if (shard->count * 2 < table->slot_count) {
        return table;
    }
    struct table *larger = table_new(table->slot_count * 2, table);
    for (uint32_t i = 0; i < table->slot_count; i++) {
        uint32_t filled = atomic_load_explicit(&table->slots[i], memory_order_relaxed);
        if (filled != 0) {
            fill(larger, entry_at(dictionary, filled - 1)->digest, filled - 1);
        }
    }
    atomic_store_explicit(&shard->table, larger, memory_order_release);
    return larger;
}

/* With the lock held; the value is in memory of the caller's, frozen. */
static uint32_t add(struct fm_dictionary *dictionary, struct shard *shard,
                    const struct query *query)
{
    struct table *table = table_with_room(dictionary, shard);
    struct fm_value_context keeper = *query->context;
    keeper.arena = &shard->arena;
    keeper.on_cache = NULL;
    uint32_t number;
    struct entry *entry = entry_new(dictionary, &number);
    entry->value = fm_value_freeze(&keeper, fm_value_copy(&keeper, query->value));
    entry->digest = query->digest;
    fill(table, query->digest, number);
    shard->count++;
    return number;
}

uint32_t fm_dictionary_number(struct fm_dictionary *dictionary, struct fm_value_context *context,
                              fm_value v)
{
    struct query query = {context, dictionary, v, fm_value_digest(context, v)};
    struct shard *shard = &dictionary->shards[query.digest.low % SHARD_COUNT];
    struct table *table = atomic_load_explicit(&shard->table, memory_order_acquire);
    uint32_t number = find(&query, table);
    if (number != UINT32_MAX) {
        return number;
    }
    query.value = fm_value_freeze(context, fm_value_copy(context, v));
    pthread_mutex_lock(&shard->mutex);
    number = find(&query, atomic_load_explicit(&shard->table, memory_order_relaxed));
    if (number == UINT32_MAX) {
        number = add(dictionary, shard, &query);
    }
    pthread_mutex_unlock(&shard->mutex);
    return number;
}

fm_value fm_dictionary_value(const struct fm_dictionary *dictionary, uint32_t number)
{
    return entry_at(dictionary, number)->value;
}

struct fm_digest fm_dictionary_digest(const struct fm_dictionary *dictionary, uint32_t number)
{
    return entry_at(dictionary, number)->digest;
}
