/* Sampling behaviours instead of visiting every state: options, and what comes out.
 *
 * A simulation is a run of a checker (check.h): fm_check_options.simulate points to the options
 * below, fm_check_run does the rest, and the result has `simulation`. Behaviour number i is a
 * function of the seed and of i alone, and the leader takes behaviours in the order of their
 * numbers: counts, estimates and the first problem do not depend on the number of workers. */
#ifndef FM_EXPLORE_SIMULATE_H
#define FM_EXPLORE_SIMULATE_H

#include "model/model.h"

#include <stdbool.h>
#include <stdint.h>

/* Without an end of their own: fm_simulate_options.count. */
#define FM_SIMULATE_FOREVER UINT64_MAX

/* What every possibility of has the same chance in a step. */
enum fm_uniform {
    FM_UNIFORM_SUCCESSORS, /* every successor, as often as it is generated */
    FM_UNIFORM_ACTIONS     /* every action that has one, then its successors; as in TLC */
};

/* ORDER(behaviour_end) */
enum fm_behaviour_end {
    FM_BEHAVIOUR_DEPTH,       /* it has all the steps that -depth allows */
    FM_BEHAVIOUR_FINAL,       /* its last state has no successor */
    FM_BEHAVIOUR_CONSTRAINED, /* its last state has none within the constraints */
    FM_BEHAVIOUR_REACHED,     /* its last state is one of REACH */
    FM_BEHAVIOUR_PROBLEM,     /* something is wrong with it */
    FM_BEHAVIOUR_HALTED       /* the run was stopped: it is not counted */
};
#define FM_BEHAVIOUR_ENDS 6u

/* One behaviour: encodings of its states. Those of the record it stands in, which is used again. */
struct fm_sampled {
    uint64_t number;
    uint32_t count;          /* states */
    const uint8_t *bytes;    /* encodings, one after the other */
    const uint64_t *begins;  /* offset of each state's in `bytes`, and the end: count + 1 */
    const uint32_t *actions; /* that led to each state; FM_ACTION_INITIAL first */
    const uint64_t *owns;    /* low word of each state's own digest */
    enum fm_behaviour_end end;
};

static inline const uint8_t *fm_behaviour_state(const struct fm_sampled *behaviour, uint32_t i)
{
    return behaviour->bytes + behaviour->begins[i];
}

struct fm_trace;
struct fm_estimates;
struct fm_problem;

struct fm_simulate_options {
    uint64_t first; /* number of the first behaviour */
    uint64_t count; /* of behaviours, or FM_SIMULATE_FOREVER */
    uint64_t aril;  /* TLC's: changes what follows from the seed */
    enum fm_uniform uniform;
    /* As TLC's simulator: no successor within the constraints is a deadlock, properties of initial
     * states are not judged. */
    bool as_tlc;
    struct fm_estimates *estimates; /* what to estimate (estimate.h), or NULL */
    void *closure;                  /* of what follows; all may be NULL */
    /* On the worker's thread, before its next behaviour. */
    void (*begin)(void *closure, uint32_t worker, uint64_t number);
    /* On the worker's thread, when a behaviour ended and nothing was wrong with it; states are
     * decoded by the engine, which may be reset. False: something is wrong with it as a whole.
     * `slot` is that of the record: below
     * fm_simulate_slots, and nobody else's until `settle` was called for it. For judging whole
     * behaviours. */
    bool (*judge)(void *closure, struct fm_engine *engine, uint32_t slot,
                  const struct fm_sampled *behaviour);
    /* On the leader's thread, when `judge` was false: what is wrong, in the caller's memory. */
    const struct fm_problem *(*problem)(void *closure, struct fm_engine *engine, uint32_t slot,
                                        const struct fm_sampled *behaviour);
    /* On the leader's thread, in the order of the numbers, for each that counts; false ends the
     * run. */
    bool (*settle)(void *closure, struct fm_engine *engine, uint32_t slot,
                   const struct fm_sampled *behaviour);
    /* Before `settle`: the states in words, for trace files; made only when it is there. */
    void (*words)(void *closure, const struct fm_sampled *behaviour, const struct fm_trace *trace);
};

/* Records that a run with so many workers uses. */
uint32_t fm_simulate_slots(uint32_t workers);

struct fm_simulation {
    uint64_t behaviours;
    uint64_t ends[FM_BEHAVIOUR_ENDS]; /* how they ended */
    /* Of their lengths, in states. */
    uint64_t length_min, length_max;
    double length_mean, length_variance;
    uint64_t steps;
    const uint64_t *taken; /* per action: how many steps were it */
    uint64_t failed;       /* number of the behaviour with the first problem; UINT64_MAX: none */
    enum fm_uniform uniform;
};

#endif
