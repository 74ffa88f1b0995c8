/* What runs of a test say about the probability that one fails: exact bounds, none of them an
 * approximation by the normal distribution.
 *
 * A run is one independent draw from the same generator; p is the probability that a run fails.
 * `confidence` lies between 0 and 1, ends excluded. One-sided bounds hold with that confidence
 * each. */
#ifndef FM_STATS_BOUND_H
#define FM_STATS_BOUND_H

#include "stats/estimate.h"

/* P(X <= x) for the sum X of n independent draws that are 1 with probability p. */
double fm_binomial_below(uint64_t x, uint64_t n, double p);

/* The largest p with which no failure in n > 0 runs is not too rare: 1 - a^(1/n), a = 1 -
 * confidence. Holds at whatever time one stops. */
double fm_bound_none(uint64_t runs, double confidence);
/* Runs without a failure after which p < `below` is known; infinite for 0. */
double fm_bound_runs(double below, double confidence);

/* Clopper and Pearson (Biometrika 26, 1934): `failures` of `runs` > 0, whose number was fixed
 * beforehand. Low and high are one-sided bounds. */
struct fm_interval fm_bound_fixed(uint64_t failures, uint64_t runs, double confidence);
/* The same when the runs ended with the last failure, because it was the last wanted (inverse
 * binomial sampling: Haldane, Biometrika 33, 1945); failures > 0. */
struct fm_interval fm_bound_stopped(uint64_t failures, uint64_t runs, double confidence);
/* Both ends together hold with the confidence at all times at once, whenever one looks and why ever
 * one stops: Robbins' mixture (Annals of Mathematical Statistics 41, 1970) over all p alike. */
struct fm_interval fm_bound_anytime(uint64_t failures, uint64_t runs, double confidence);

/* Probability that one run of PCT finds a bug of that depth, at least: Burckhardt et al., "A
 * randomized scheduler with probabilistic guarantees of finding bugs" (ASPLOS'10), theorem 9. */
double fm_bound_pct(double threads, double steps, double depth);
/* The same where messages are scheduled: Ozkan et al., "Randomized testing of distributed systems
 * with probabilistic guarantees" (OOPSLA'18), w chains and e events. */
double fm_bound_pct_messages(double chains, double events, double depth);

#endif
