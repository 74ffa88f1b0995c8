/* Estimates of statistical properties from sampled behaviours.
 *
 * Made before the run and given to it (fm_simulate_options.estimates); each behaviour is one
 * observation of each quantity. Workers measure into the slot of a behaviour's record, the leader
 * takes the observations in the order of the behaviours' numbers: estimates, and the moment at
 * which they have settled, do not depend on the number of workers. */
#ifndef FM_EXPLORE_ESTIMATE_H
#define FM_EXPLORE_ESTIMATE_H

#include "explore/simulate.h"
#include "semantics/law.h"
#include "stats/estimate.h"

/* Bins of a histogram at most. */
#define FM_ESTIMATE_BINS 20u
/* ORDER(quantile): 0.5, 0.9, 0.99. */
#define FM_ESTIMATE_QUANTILES 3u

enum fm_estimate_kind {
    FM_ESTIMATE_PROBABILITY, /* a share of the behaviours */
    FM_ESTIMATE_MEASURE,     /* a number of the last state */
    FM_ESTIMATE_COST,        /* of all steps of a behaviour by an action */
    FM_ESTIMATE_COSTS,       /* of all actions together */
    FM_ESTIMATE_STEPS        /* of a behaviour */
};

struct fm_estimate {
    enum fm_estimate_kind kind;
    const char *name;
    const char *law; /* of a cost, or NULL */
    struct fm_moments moments;
    uint64_t hits;               /* of a probability */
    struct fm_interval interval; /* of the mean, or of the probability */
    double quantiles[FM_ESTIMATE_QUANTILES];
    struct fm_interval quantile_intervals[FM_ESTIMATE_QUANTILES];
    struct fm_bin bins[FM_ESTIMATE_BINS];
    uint32_t bin_count;
    bool settled;  /* its interval is narrow enough; false when that was not asked for */
    double needed; /* behaviours until then, about */
};

struct fm_estimate_options {
    double confidence; /* of the intervals, 0.95 */
    double until;      /* relative half-width at which an estimate has settled; 0: not asked */
    uint64_t behaviours_max; /* what settling may take */
    uint64_t seed;
    uint32_t slots; /* fm_simulate_slots */
};

struct fm_estimates_result {
    const struct fm_estimate *at;
    uint32_t count;
    uint64_t behaviours;
    double confidence, until;
    bool settled;                  /* all that have to */
    const struct fm_estimate *far; /* the one for which the run was given up, or NULL */
    const char *error;             /* what could not be measured, or NULL */
};

struct fm_estimates;

/* The statistics outlive it. */
struct fm_estimates *fm_estimates_new(const struct fm_statistics *statistics,
                                      const struct fm_estimate_options *options);
void fm_estimates_free(struct fm_estimates *estimates);
/* Names of costs that no action has: the first, or NULL. */
const struct fm_cost *fm_estimates_unknown_cost(const struct fm_estimates *estimates,
                                                const struct fm_model *model);
/* Intervals, quantiles and histograms of what was observed. */
const struct fm_estimates_result *fm_estimates_finish(struct fm_estimates *estimates);

/* --- for the run --- */

/* Whether behaviours end in the state; on a worker. */
bool fm_estimates_reached(const struct fm_estimates *estimates, const struct fm_model *model,
                          struct fm_engine *engine, struct fm_state *state);
/* Observes a behaviour; on a worker. */
void fm_estimates_measure(struct fm_estimates *estimates, const struct fm_model *model,
                          struct fm_engine *engine, uint32_t slot,
                          const struct fm_sampled *behaviour);
/* Takes the observation; false when the run ends. */
bool fm_estimates_settle(struct fm_estimates *estimates, uint32_t slot);

#endif
