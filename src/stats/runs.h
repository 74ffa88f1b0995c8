/* A table of the runs of a test: what `fathom budget` reads.
 *
 * Text, columns separated by tabs; the first line names them, in any order:
 *
 *     failed   empty, 0 or -: the run passed; else it failed (1, or a name of the failure)
 *     seed     what the run was made from: the same seed makes the same run
 *     choices  its length, a whole number
 *     shows    the species that it shows, separated by spaces (states, transitions, ...)
 *     arm      who chose the runs; those of "random" are independent
 *     build    what ran; one for the whole table
 *     from     of a guided run: the seed of the corpus that it was changed from
 *
 * Only `failed` must be there. */
#ifndef FM_STATS_RUNS_H
#define FM_STATS_RUNS_H

#include "stats/species.h"

#include "base/symbol.h"
#include "base/text.h"
#include "base/vec.h"

#include <stddef.h>

#define FM_RUNS_COLUMNS                                                                            \
    COLUMN(FAILED, "failed")                                                                       \
    COLUMN(SEED, "seed")                                                                           \
    COLUMN(CHOICES, "choices")                                                                     \
    COLUMN(SHOWS, "shows")                                                                         \
    COLUMN(ARM, "arm")                                                                             \
    COLUMN(BUILD, "build")                                                                         \
    COLUMN(FROM, "from")

enum fm_runs_column {
#define COLUMN(name, text) FM_RUNS_##name,
    FM_RUNS_COLUMNS
#undef COLUMN
        FM_RUNS_COLUMN_COUNT
};

/* The runs of one arm. */
struct fm_runs_arm {
    const struct fm_symbol *name; /* "random" when the table has no arms */
    uint64_t lines;               /* of the table */
    uint64_t runs;                /* different ones */
    uint64_t failures;
    bool ends_failed; /* the last of them failed */
    uint64_t choices;
    struct fm_species species;
    FM_VEC(struct fm_species_seed) seeds; /* of the corpus, in order of appearance */
    FM_VEC(uint64_t) grown;               /* species seen after each run */
};

struct fm_runs {
    struct fm_symbols *symbols;
    bool has[FM_RUNS_COLUMN_COUNT];
    FM_VEC(struct fm_runs_arm) arms;
    uint64_t species;          /* of all arms */
    uint32_t other_build_line; /* a line whose build is not the first's; 0: none */
    uint32_t first_seed_line;  /* two lines of one seed that do not agree; 0: none */
    uint32_t second_seed_line;
};

/* false: *wrong says why, with the line it names (0: none). Freed with fm_runs_deinit either way.
 */
bool fm_runs_read(struct fm_runs *runs, const char *text, size_t size, struct fm_text *wrong,
                  uint32_t *line);
void fm_runs_deinit(struct fm_runs *runs);

#endif
