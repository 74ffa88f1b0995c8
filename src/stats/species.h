/* What is still to be discovered: estimates from what runs have shown so far.
 *
 * A species is anything that a run can show or not: an abstract state, a transition, a signature of
 * a failure. The sampling unit is the run, never the step: a run shows a species once, however
 * often it meets it. Runs are independent draws from one generator; where a guide chose them from
 * what it had seen, the numbers are biased and only fm_species_local is meant for them. */
#ifndef FM_STATS_SPECIES_H
#define FM_STATS_SPECIES_H

#include <stdbool.h>
#include <stdint.h>

struct fm_species {
    uint64_t runs;           /* n > 0 */
    uint64_t seen;           /* species */
    uint64_t once, twice;    /* of these, in exactly one run, in exactly two */
    uint64_t singleton_runs; /* runs that show a species which no other shows */
};

/* Probability that the next run shows something new: max(k/n, 1/(n+2)). */
double fm_species_discovery(const struct fm_species *species);
/* New species to be expected of the next run, f1/n: may exceed 1. */
double fm_species_expected(const struct fm_species *species);
/* Share of what runs show that has been seen before is 1 minus this: Liyanage et al. (ICSE'24),
 * equation 2. */
double fm_species_uncovered(const struct fm_species *species);
/* Species that were never seen, at least: Chao2 (Chao, Biometrics 43, 1987). */
double fm_species_unseen(const struct fm_species *species);
/* New species in `more` runs: Chao and Jost (Ecology 93, 2012; as for incidences). */
double fm_species_after(const struct fm_species *species, double more);

/* A seed of a guided campaign: how likely it is to be chosen, and the runs that were made from it.
 */
struct fm_species_seed {
    double chosen;
    uint64_t runs, singleton_runs;
};

/* Mean-local Laplace and Good-Turing: Boehme, Liyanage and Wuestholz, "Estimating residual risk in
 * greybox fuzzing" (FSE'21). An estimate, not a bound. */
double fm_species_local_laplace(const struct fm_species_seed *seeds, uint32_t count);
double fm_species_local_good_turing(const struct fm_species_seed *seeds, uint32_t count);

/* Species to be expected after n runs when each has a known probability: sum of 1 - (1-p)^n. */
double fm_species_grown(const double *probabilities, uint32_t count, double runs);

#endif
