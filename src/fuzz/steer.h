/* Where the next schedule of a campaign comes from: the random ones, or the corpus. */
#ifndef FM_FUZZ_STEER_H
#define FM_FUZZ_STEER_H

#include "fuzz/corpus.h"
#include "fuzz/draw.h"

/* How schedules are made, and the one that runs. The caller's, for one worker. */
struct fm_steer {
    struct fm_corpus *corpus; /* or NULL: all are random */
    struct fm_mutate_limits limits;
    bool all_faults;       /* each schedule uses all of them */
    uint64_t seed, faults; /* of this schedule's world */
    struct fm_draw draw;
    struct fm_mutant mutant, other;
    uint32_t next; /* of the mutant's choices */
};

/* `corpus`: of schedules of at most limits->count_max choices, or NULL. */
void fm_steer_init(struct fm_steer *steer, struct fm_corpus *corpus,
                   const struct fm_mutate_limits *limits, bool all_faults);
void fm_steer_deinit(struct fm_steer *steer);
/* Begins schedule number `index` of the campaign of that seed, and sets seed and faults. Those of
 * the random arm, and all while the corpus is empty, follow from the two numbers alone. */
void fm_steer_begin(struct fm_steer *steer, uint64_t campaign_seed, uint64_t index);
/* The next choice. False: it is a mutant's, and where it does not apply to the world it is to be
 * left out of the schedule. */
bool fm_steer_choice(struct fm_steer *steer, const struct fm_world *world,
                     struct fm_choice *choice);

#endif
