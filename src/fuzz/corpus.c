/* Schedules worth changing, and how much.
 *
 * A feature is a 64-bit hash of something that happened: a state of the model, two events in a row.
 * The corpus counts in how many schedules each occurred. A schedule with one that occurred in none
 * before becomes an entry, which keeps its new features. Its energy is the sum, over these, of
 * 1/count: an entry that reached what everything reaches by now has little, one with something that
 * stayed rare has much, so the ends of what is known are where mutation goes on (the rare branches
 * of Lemieux and Sen, "FairFuzz", ASE 2018, and the rarity behind Böhme et al., "Entropic", FSE
 * 2020). It falls as the entry is picked, by the square root, so that what turns out barren makes
 * room.
 *
 * Picking is a tournament: of eight entries drawn evenly the one with the most energy. Energies
 * change with every schedule, and a sum over all of them that is exact would cost more than a
 * schedule does; a tournament asks for eight.
 *
 *     mapping:  header | table of features {hash, count} | entries | choices, `horizon` an entry
 *
 * A worker is killed when its target hangs, so the lock is a robust one, and whoever gets it from
 * the dead finds at worst an entry half written: it is counted last, and replaced in a place that
 * stays valid. (Workers run no code of the target inside.) The table never grows: at three quarters
 * of it new features are no longer taken, which the campaign's report says. */
#include "fuzz/corpus.h"

#include "base/assert.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

/* Slots for features: 16 bytes each, touched as they fill. A power of two. */
#define TABLE_SIZE (UINT32_C(1) << 22)
/* Entries at most, and bytes of their choices at most, whichever is less. */
#define ENTRIES_MAX 4096u
#define CHOICES_BYTES_MAX ((size_t)256 << 20)
/* Features that an entry keeps. */
#define OWN_MAX 16u
/* Entries of a tournament. */
static const unsigned tournament = 8;

struct slot {
    uint64_t hash; /* 0: free */
    uint64_t count;
};

struct entry {
    uint64_t seed, faults;
    uint32_t count, picked, own_count;
    uint32_t own[OWN_MAX]; /* slots */
};

struct fm_corpus {
    pthread_mutex_t lock;
    size_t size; /* of the mapping */
    uint32_t horizon, entries_max, entry_count;
    uint64_t feature_count;
    struct entry entries[ENTRIES_MAX];
    struct slot table[TABLE_SIZE];
    struct fm_choice choices[];
};

/* --- features --- */

void fm_features_clear(struct fm_features *features)
{
    features->count = 0;
    memset(features->places, 0, sizeof features->places);
}

void fm_features_add(struct fm_features *features, uint64_t hash)
{
    hash += hash == 0;
    uint32_t place = (uint32_t)(hash % (2 * FM_FEATURES_MAX));
    for (; features->places[place] != 0; place = (place + 1) % (2 * FM_FEATURES_MAX)) {
        if (features->at[features->places[place] - 1] == hash) {
            return;
        }
    }
    if (features->count < FM_FEATURES_MAX) {
        features->at[features->count++] = hash;
        features->places[place] = (uint16_t)features->count;
    }
}

/* --- lifecycle --- */

struct fm_corpus *fm_corpus_new(uint32_t horizon)
{
    size_t fitting = CHOICES_BYTES_MAX / (horizon * sizeof(struct fm_choice));
    uint32_t entries_max = fitting < ENTRIES_MAX ? (uint32_t)fitting : ENTRIES_MAX;
    size_t size = sizeof(struct fm_corpus) +
                  (size_t)entries_max * horizon * sizeof(struct fm_choice);
    struct fm_corpus *corpus = mmap(NULL, size, PROT_READ | PROT_WRITE,
                                    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (corpus == MAP_FAILED) {
        return NULL;
    }
    corpus->size = size;
    corpus->horizon = horizon;
    corpus->entries_max = entries_max;
    pthread_mutexattr_t attributes;
    (void)pthread_mutexattr_init(&attributes);
    (void)pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    (void)pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    (void)pthread_mutex_init(&corpus->lock, &attributes);
    (void)pthread_mutexattr_destroy(&attributes);
    return corpus;
}

void fm_corpus_free(struct fm_corpus *corpus)
{
    if (corpus != NULL) {
        (void)munmap(corpus, corpus->size);
    }
}

static void lock(struct fm_corpus *corpus)
{
    if (pthread_mutex_lock(&corpus->lock) == EOWNERDEAD) {
        (void)pthread_mutex_consistent(&corpus->lock);
    }
}

static void unlock(struct fm_corpus *corpus)
{
    (void)pthread_mutex_unlock(&corpus->lock);
}

/* --- energy --- */

static double energy_of(const struct fm_corpus *corpus, const struct entry *entry)
{
    double sum = 0;
    for (uint32_t i = 0; i < entry->own_count; i++) {
        sum += 1.0 / (double)corpus->table[entry->own[i]].count;
    }
    return sum / sqrt(1.0 + entry->picked);
}

/* Of some entries drawn the one with the most energy, or the least. There is one. */
static uint32_t draw_entry(const struct fm_corpus *corpus, struct fm_random *random, bool most)
{
    uint32_t best = (uint32_t)fm_random_below(random, corpus->entry_count);
    double best_energy = energy_of(corpus, &corpus->entries[best]);
    for (unsigned i = 1; i < tournament; i++) {
        uint32_t drawn = (uint32_t)fm_random_below(random, corpus->entry_count);
        double energy = energy_of(corpus, &corpus->entries[drawn]);
        if (most ? energy > best_energy : energy < best_energy) {
            best = drawn;
            best_energy = energy;
        }
    }
    return best;
}

/* --- operations --- */

/* Counts the feature, and whether it is new; TABLE_SIZE: there is no more room. */
static uint32_t count_feature(struct fm_corpus *corpus, uint64_t hash, bool *is_new)
{
    uint32_t place = (uint32_t)(hash % TABLE_SIZE);
    while (corpus->table[place].hash != 0 && corpus->table[place].hash != hash) {
        place = (place + 1) % TABLE_SIZE;
    }
    struct slot *slot = &corpus->table[place];
    *is_new = slot->hash == 0;
    if (*is_new && corpus->feature_count >= TABLE_SIZE / 4 * 3) {
        *is_new = false;
        return TABLE_SIZE;
    }
    corpus->feature_count += *is_new;
    slot->count++;
    slot->hash = hash;
    return place;
}

static void add_entry(struct fm_corpus *corpus, const struct fm_mutant *schedule,
                      const struct entry *made)
{
    uint32_t number = corpus->entry_count;
    if (number == corpus->entries_max) {
        struct fm_random random;
        fm_random_seed(&random, corpus->feature_count);
        number = draw_entry(corpus, &random, false);
    }
    memcpy(corpus->choices + (size_t)number * corpus->horizon, schedule->choices,
           schedule->count * sizeof *schedule->choices);
    corpus->entries[number] = *made;
    corpus->entry_count += number == corpus->entry_count;
}

uint32_t fm_corpus_note(struct fm_corpus *corpus, const struct fm_mutant *schedule, uint64_t seed,
                        const struct fm_features *features)
{
    fm_assert(schedule->count <= corpus->horizon);
    uint32_t found = 0;
    struct entry made = {.seed = seed, .faults = schedule->faults, .count = schedule->count};
    lock(corpus);
    for (uint32_t i = 0; i < features->count; i++) {
        bool is_new;
        uint32_t place = count_feature(corpus, features->at[i], &is_new);
        found += is_new;
        if (is_new && made.own_count < OWN_MAX) {
            made.own[made.own_count++] = place;
        }
    }
    if (found > 0) {
        add_entry(corpus, schedule, &made);
    }
    unlock(corpus);
    return found;
}

bool fm_corpus_pick(struct fm_corpus *corpus, struct fm_random *random, struct fm_mutant *schedule,
                    uint64_t *seed)
{
    lock(corpus);
    bool any = corpus->entry_count > 0;
    if (any) {
        uint32_t number = draw_entry(corpus, random, true);
        struct entry *entry = &corpus->entries[number];
        entry->picked++;
        schedule->count = entry->count;
        schedule->faults = entry->faults;
        *seed = entry->seed;
        memcpy(schedule->choices, corpus->choices + (size_t)number * corpus->horizon,
               entry->count * sizeof *schedule->choices);
    }
    unlock(corpus);
    return any;
}

struct fm_corpus_counts fm_corpus_count(struct fm_corpus *corpus)
{
    lock(corpus);
    struct fm_corpus_counts counts = {.features = corpus->feature_count,
                                      .entries = corpus->entry_count,
                                      .full = corpus->feature_count >= TABLE_SIZE / 4 * 3};
    unlock(corpus);
    return counts;
}
