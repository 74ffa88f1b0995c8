/* The corpus of a campaign: schedules that showed what none before them had, in memory that its
 * processes share. Every operation locks; a process may end at any time, inside one too. */
#ifndef FM_FUZZ_CORPUS_H
#define FM_FUZZ_CORPUS_H

#include "base/random.h"
#include "fuzz/mutate.h"

#include <stddef.h>

struct fm_corpus;

/* Features of one schedule at most; further ones do not count. */
#define FM_FEATURES_MAX 4096u

/* Different hashes, none 0. */
struct fm_features {
    uint32_t count;
    uint64_t at[FM_FEATURES_MAX];
    /* Where which is: places in `at`, plus 1; open addressing. */
    uint16_t places[2 * FM_FEATURES_MAX];
};

void fm_features_clear(struct fm_features *features);
/* Unless it is there already. */
void fm_features_add(struct fm_features *features, uint64_t hash);

struct fm_corpus_counts {
    uint64_t features; /* different ones */
    uint32_t entries;
    bool full; /* features are no longer told apart: the table is at its limit */
};

/* Maps a corpus for schedules of at most `horizon` choices, which processes forked later share;
 * NULL with errno. */
struct fm_corpus *fm_corpus_new(uint32_t horizon);
void fm_corpus_free(struct fm_corpus *corpus);

/* A schedule ran and showed these. When one of them is new it becomes an entry (a full corpus loses
 * one with little energy for it). `seed`: of its world. Returns how many are new. */
uint32_t fm_corpus_note(struct fm_corpus *corpus, const struct fm_mutant *schedule, uint64_t seed,
                        const struct fm_features *features);
/* Copies an entry, those with rare features more often, into *schedule, which has room for
 * `horizon` choices; false: there is none. */
bool fm_corpus_pick(struct fm_corpus *corpus, struct fm_random *random, struct fm_mutant *schedule,
                    uint64_t *seed);
struct fm_corpus_counts fm_corpus_count(struct fm_corpus *corpus);

#endif
