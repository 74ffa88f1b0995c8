/* Estimates from independent observations: means, shares, quantiles, and intervals that hold the
 * truth with a given confidence.
 *
 * Observations are added in an order that the caller keeps; the same order gives the same bits.
 * Nothing here knows what is observed. */
#ifndef FM_STATS_ESTIMATE_H
#define FM_STATS_ESTIMATE_H

#include "base/random.h"

#include <stdint.h>

/* Observations that a sample keeps; beyond it keeps a random part of so many. 8 MiB. */
#define FM_SAMPLE_MAX ((uint32_t)1 << 20)

struct fm_interval {
    double low, high;
};

/* x with P(X <= x) = p, 0 < p < 1, for a standard normal X. */
double fm_normal_quantile(double p);
/* The same for Student's t with that many degrees of freedom, at least 1. */
double fm_student_quantile(double p, uint64_t freedom);

/* --- means --- */

/* Zero-initialized: nothing observed. */
struct fm_moments {
    uint64_t count;
    double mean, m2; /* m2: sum of squared differences from the mean */
    double min, max;
};

void fm_moments_add(struct fm_moments *moments, double value);
/* Unbiased; 0 below two observations. */
double fm_moments_variance(const struct fm_moments *moments);
/* Of the mean; infinite below two observations. */
struct fm_interval fm_moments_interval(const struct fm_moments *moments, double confidence);

/* --- shares --- */

/* Of the probability of what was seen `hits` times in `count` > 0 observations. */
struct fm_interval fm_share_interval(uint64_t hits, uint64_t count, double confidence);
/* Observations after which the interval of a probability is about +-(relative * probability). */
double fm_share_needed(double probability, double relative, double confidence);

/* --- quantiles --- */

struct fm_sample {
    double *values;
    uint32_t count, capacity;
    uint64_t seen;
    struct fm_random random;
    int sorted;
};

void fm_sample_init(struct fm_sample *sample, uint64_t seed);
void fm_sample_deinit(struct fm_sample *sample);
void fm_sample_add(struct fm_sample *sample, double value);
/* The least value at or below which the share q of what was kept lies; count > 0. Sorts. */
double fm_sample_quantile(struct fm_sample *sample, double q);
/* Free of assumptions about the distribution; the least or greatest observation where there are too
 * few. */
struct fm_interval fm_sample_quantile_interval(struct fm_sample *sample, double q,
                                               double confidence);

struct fm_bin {
    double low, high; /* low <= value < high; the last bin has its high end too */
    uint64_t count;
};

/* At most `max` bins of one width from the least to the greatest value kept; one for each value
 * when they are integers and few. Number of bins. */
uint32_t fm_sample_histogram(struct fm_sample *sample, struct fm_bin *bins, uint32_t max);

#endif
