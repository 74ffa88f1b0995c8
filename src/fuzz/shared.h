/* What the processes of a campaign share: plain memory, mapped before the first is forked. */
#ifndef FM_FUZZ_SHARED_H
#define FM_FUZZ_SHARED_H

#include "fuzz/campaign.h"
#include "fuzz/corpus.h"

#include <stdatomic.h>

#define FM_WORKERS_MAX 64u

enum fm_slot_stage { FM_SLOT_RUNS, FM_SLOT_WAITS, FM_SLOT_TELLS, FM_SLOT_ENDED };

/* One worker's page. It writes; the parent reads when the worker died or stands still at TELLS. */
struct fm_slot {
    _Atomic int stage;   /* enum fm_slot_stage */
    struct fm_beat beat; /* in this schedule */
    _Atomic uint64_t schedules, choices, applied, repeated, unstable;
    _Atomic uint64_t apart, apart_hits;            /* schedules of the random arm; their findings */
    _Atomic uint64_t drained, undecided, drain_ns; /* events of drains; drains given up; time */
    _Atomic uint64_t index;                        /* of the schedule */
    uint64_t seed, faults;                         /* of its world */
    struct fm_judge_counts judged;                 /* as of the last schedule; read without care */
    struct fm_outcome outcome;
    struct fm_choice choices_made[FM_SCHEDULE_MAX];
};

struct fm_shared {
    _Atomic bool stop;
    _Atomic uint64_t next; /* index of the next schedule */
    _Atomic uint64_t hits;
    _Atomic uint64_t signatures[FM_SIGNATURES_MAX]; /* hashes, open addressing; 0: free */
    struct fm_slot slots[FM_WORKERS_MAX + 1];       /* the last is the repeater's */
};

/* A schedule to repeat: what a worker writes to the repeater's pipe. Small enough that the write is
 * atomic (PIPE_BUF). */
struct fm_repeat {
    uint64_t index, hash;
};

/* Counts a hit; whether it is the first of its signature. */
bool fm_shared_hit(struct fm_shared *shared, const struct fm_outcome *outcome);
/* Counts the schedule of the slot, which has ended so. */
void fm_slot_count(struct fm_slot *slot);

/* The lives of the two kinds of children. `wake`: a pipe to the parent. */
struct fm_worker {
    const struct fm_campaign_options *options;
    struct fm_shared *shared;
    struct fm_slot *slot;
    struct fm_corpus *corpus; /* or NULL: without a guide, and for the repeater */
    int wake, repeats;
};
/* Ends the process. On a thread with a large stack (fm_run_on_stack). */
void fm_worker_run(void *worker);
void fm_repeater_run(void *worker);

#endif
