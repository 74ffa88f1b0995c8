/* How likely is it that two distinct states had the same fingerprint? Pure functions. */
#ifndef FM_STORE_PROBABILITY_H
#define FM_STORE_PROBABILITY_H

#include <stdint.h>

/* The expected number of pairs of distinct states that agree in `bits` bits of their digests: an
 * upper bound of the probability that there is one, by the union bound; at most 1. */
double fm_probability_collision(uint64_t distinct, uint32_t bits);

/* The probability that one more state agrees with some entry, at most, when `entries` of them know
 * `bits` bits. Weights of different entries add up. */
double fm_probability_weight(uint64_t entries, uint32_t bits);

/* The expected number of states taken for others among `added` distinct ones, while the entries'
 * weight rose from `before` to `after`: not faster at the beginning than at the end. */
double fm_probability_losses(uint64_t added, double before, double after);

#endif
