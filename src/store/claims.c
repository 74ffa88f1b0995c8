/* A hash table from digest to least order key, filled by all workers and emptied at each level's
 * end.
 *
 * Why it exists: workers race, so who inserts a state first into a shared table depends on the
 * machine. The successors of a level nevertheless have an order, TLC's with one worker: by parent,
 * then by the ordinal among the parent's successors. Taking the least key per state makes the next
 * level's states, their order, their parents and under VIEW even their contents the same as with
 * one worker, at the price of a second table that holds one level.
 *
 * An entry is three words: the digest, claimed and published as in store/table.c, and the
 * complement of the key, so that zeroed memory means "no key yet" and lowering a key is raising a
 * word. The claim is decided by that word alone: a compare-and-swap loop raises it, and whoever
 * raised it last holds the state. A worker that loses later keeps its candidate; the settling at
 * the level's end drops it because its key is no longer the one stored. */
#include "store/claims.h"

#include "base/arena.h"
#include "base/assert.h"
#include "store/pages.h"
#include "store/relax.h"

#include <stdatomic.h>

/* Places of an empty table. */
#define PLACES_FIRST ((uint64_t)1 << 12)
/* Entries behind the last home place; see store/table.c. At load 1/2 clusters are far shorter. */
#define SLACK ((uint64_t)1024)

struct claim {
    _Atomic uint64_t low;
    _Atomic uint64_t high;
    _Atomic uint64_t raised; /* ~key; 0: none yet */
};

struct fm_claims {
    struct fm_pages pages;
    struct claim *entries;
    uint64_t places;
    _Atomic uint64_t count;
};

static struct fm_digest storable(struct fm_digest digest)
{
    return (struct fm_digest){digest.low == 0 ? 1 : digest.low, digest.high == 0 ? 1 : digest.high};
}

static size_t claims_size(uint64_t places)
{
    return (size_t)((places + SLACK) * sizeof(struct claim));
}

struct fm_claims *fm_claims_new(void)
{
    struct fm_claims *claims = fm_memory_calloc(1, sizeof *claims);
    claims->places = PLACES_FIRST;
    if (!fm_pages_map(&claims->pages, claims_size(PLACES_FIRST))) {
        fm_memory_free(claims);
        return NULL;
    }
    claims->entries = claims->pages.at;
    return claims;
}

void fm_claims_free(struct fm_claims *claims)
{
    if (claims != NULL) {
        fm_pages_unmap(&claims->pages);
        fm_memory_free(claims);
    }
}

void fm_claims_prefetch(const struct fm_claims *claims, struct fm_digest digest)
{
    __builtin_prefetch(&claims->entries[storable(digest).low & (claims->places - 1)], 1, 1);
}

static uint64_t published_high(const struct claim *entry)
{
    uint64_t high;
    /* Acquire pairs with the release in find_or_claim. */
    while ((high = atomic_load_explicit(&entry->high, memory_order_acquire)) == 0) {
        fm_cpu_relax();
    }
    return high;
}

static struct claim *find_or_claim(struct fm_claims *claims, struct fm_digest key)
{
    struct claim *entry = &claims->entries[key.low & (claims->places - 1)];
    const struct claim *end = claims->entries + claims->places + SLACK;
    for (; entry < end; entry++) {
        uint64_t low = atomic_load_explicit(&entry->low, memory_order_relaxed);
        if (low == 0 &&
            atomic_compare_exchange_strong_explicit(&entry->low, &low, key.low,
                                                    memory_order_relaxed, memory_order_relaxed)) {
            atomic_store_explicit(&entry->high, key.high, memory_order_release);
            return entry;
        }
        if (low == key.low && published_high(entry) == key.high) {
            return entry;
        }
    }
    return NULL;
}

/* Raises the entry's word to at least `raised`. */
static enum fm_claim raise_claim(struct claim *entry, uint64_t raised)
{
    /* Relaxed: the word is compared with nothing but keys, and settled behind a barrier. */
    uint64_t now = atomic_load_explicit(&entry->raised, memory_order_relaxed);
    while (now < raised) {
        if (atomic_compare_exchange_weak_explicit(&entry->raised, &now, raised,
                                                  memory_order_relaxed, memory_order_relaxed)) {
            return now == 0 ? FM_CLAIM_FIRST : FM_CLAIM_HELD;
        }
    }
    return FM_CLAIM_LOST;
}

enum fm_claim fm_claims_put(struct fm_claims *claims, struct fm_digest digest, uint64_t key)
{
    fm_assert_slow(key <= FM_CLAIM_KEY_MAX);
    struct claim *entry = find_or_claim(claims, storable(digest));
    fm_assert(entry != NULL);
    return raise_claim(entry, ~key);
}

uint64_t fm_claims_key(const struct fm_claims *claims, struct fm_digest digest)
{
    struct fm_digest key = storable(digest);
    const struct claim *entry = &claims->entries[key.low & (claims->places - 1)];
    const struct claim *end = claims->entries + claims->places + SLACK;
    for (; entry < end; entry++) {
        uint64_t low = atomic_load_explicit(&entry->low, memory_order_relaxed);
        if (low == 0) {
            break;
        }
        if (low == key.low && published_high(entry) == key.high) {
            return ~atomic_load_explicit(&entry->raised, memory_order_relaxed);
        }
    }
    return UINT64_MAX;
}

void fm_claims_add_count(struct fm_claims *claims, uint64_t added)
{
    atomic_fetch_add_explicit(&claims->count, added, memory_order_relaxed);
}

uint64_t fm_claims_count(const struct fm_claims *claims)
{
    return atomic_load_explicit(&claims->count, memory_order_relaxed);
}

bool fm_claims_has_room(const struct fm_claims *claims, uint64_t more)
{
    return fm_claims_count(claims) + more <= claims->places / 2;
}

static bool rebuild(struct fm_claims *claims, uint64_t places)
{
    struct fm_pages old = claims->pages;
    const struct claim *from = claims->entries;
    uint64_t count = claims->places + SLACK;
    if (!fm_pages_map(&claims->pages, claims_size(places))) {
        claims->pages = old;
        return false;
    }
    claims->entries = claims->pages.at;
    claims->places = places;
    for (uint64_t i = 0; i < count; i++) {
        struct fm_digest digest = {
            atomic_load_explicit(&from[i].low, memory_order_relaxed),
            atomic_load_explicit(&from[i].high, memory_order_relaxed),
        };
        if (digest.low != 0) {
            struct claim *entry = find_or_claim(claims, digest);
            fm_assert(entry != NULL);
            (void)raise_claim(entry, atomic_load_explicit(&from[i].raised, memory_order_relaxed));
        }
    }
    fm_pages_unmap(&old);
    return true;
}

bool fm_claims_reserve(struct fm_claims *claims, uint64_t more)
{
    uint64_t places = claims->places;
    while (fm_claims_count(claims) + more > places / 2) {
        places *= 2;
    }
    return places == claims->places || rebuild(claims, places);
}

void fm_claims_clear(struct fm_claims *claims)
{
    /* A mapping touched far beyond what this level used goes back to the system. */
    uint64_t used = fm_claims_count(claims);
    uint64_t places = claims->places;
    atomic_store_explicit(&claims->count, 0, memory_order_relaxed);
    while (places > PLACES_FIRST && used < places / 8) {
        places /= 2;
    }
    struct fm_pages fresh;
    if (fm_pages_map(&fresh, claims_size(places))) {
        fm_pages_unmap(&claims->pages);
        claims->pages = fresh;
        claims->entries = fresh.at;
        claims->places = places;
        return;
    }
    for (uint64_t i = 0; i < claims->places + SLACK; i++) {
        atomic_store_explicit(&claims->entries[i].low, 0, memory_order_relaxed);
        atomic_store_explicit(&claims->entries[i].high, 0, memory_order_relaxed);
        atomic_store_explicit(&claims->entries[i].raised, 0, memory_order_relaxed);
    }
}

uint64_t fm_claims_bytes(const struct fm_claims *claims)
{
    return claims->pages.size;
}
