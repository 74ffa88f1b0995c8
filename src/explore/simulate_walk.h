/* What the walk of one behaviour (simulate_walk.c) and the run around it (simulate.c) share; of
 * these files only. */
#ifndef FM_EXPLORE_SIMULATE_WALK_H
#define FM_EXPLORE_SIMULATE_WALK_H

#include "explore/estimate.h"
#include "explore/search.h"
#include "explore/simulate.h"

#include "base/random.h"

/* What one behaviour left. Its worker's until `done`, then the leader's. */
struct record {
    bool done;
    uint64_t number;
    struct fm_text bytes;
    FM_VEC(uint64_t) begins;
    FM_VEC(uint32_t) actions;
    FM_VEC(uint64_t) owns;
    enum fm_behaviour_end end;
    uint64_t generated;
    struct fm_action_count *counts; /* per action; distinct: within the constraints */
    struct fm_arena arena;          /* of the find */
    const struct find *find;        /* what is wrong, or NULL */
    bool refused;                   /* by the caller's judge */
};

/* The successors by one way of choosing elements, of which one is taken so far. */
struct way {
    uint64_t number;
    double weight;
    uint64_t count;
    struct fm_text taken;
    uint64_t own;
    uint32_t action;
};

/* What a worker needs to walk. */
struct walker {
    struct fm_sink sink; /* first: the engine hands it back */
    struct worker *worker;
    struct simulation *simulation;
    struct record *record; /* NULL between behaviours */
    struct fm_random random;
    uint32_t *order; /* actions, shuffled as far as they were tried */
    uint32_t steps;  /* since the last look at the clock */

    /* The successors of the state at work. */
    uint64_t generated, in_model;
    bool ended; /* nothing more is wanted of them */
    struct fm_text taken;
    uint64_t taken_own;
    uint32_t taken_action;

    /* Where choices have distributions: the ways of choosing that have a successor. */
    struct way *ways;
    uint32_t way_count, way_capacity;
};

/* Encodings of the initial states within the constraints. */
struct starts {
    struct fm_text bytes;
    FM_VEC(uint64_t) begins;
    FM_VEC(uint64_t) owns;
    /* Where choices have distributions. */
    FM_VEC(double) weights;
    FM_VEC(uint64_t) ways;
    double total;
};

struct simulation {
    struct search *search;
    const struct fm_simulate_options *options;
    struct starts starts;
    struct record *records;
    uint32_t record_count;
    struct walker *walkers;

    pthread_mutex_t lock; /* guards the rest, and `done` of records */
    pthread_cond_t changed;
    uint64_t next, settled, end; /* numbers: to be taken, to be settled, behind the last */
    bool over;                   /* nothing more is to be taken */
    _Atomic uint64_t stop_at;    /* behaviours with greater numbers are not needed */
    uint64_t looked_ns;          /* at the memory; the leader's */

    struct fm_simulation result; /* the leader's */
    uint64_t *taken;
    double length_m2;
};

static inline struct fm_sampled behaviour_of(const struct record *record)
{
    return (struct fm_sampled){
        .number = record->number,
        .count = record->actions.count,
        .bytes = (const uint8_t *)record->bytes.at,
        .begins = record->begins.at,
        .actions = record->actions.at,
        .owns = record->owns.at,
        .end = record->end,
    };
}

/* Makes and judges the initial states, on the leader; false when the run ends here. */
bool walk_begin(struct simulation *simulation);
/* Walks the behaviour of the walker's record. */
void walk_behaviour(struct walker *walker);
/* The walker's own function for batches. */
bool walk_take(struct fm_sink *sink, struct fm_batch *batch);

#endif
