/* How likely is it that two distinct states had the same fingerprint? Pure functions. */
#ifndef FM_STORE_PROBABILITY_H
#define FM_STORE_PROBABILITY_H

#include <stdint.h>

/* Fingerprints have 128 bits of which the table keeps all: the expected number of pairs of distinct
 * states with equal fingerprints, an upper bound of the probability that there is one, by the union
 * bound. */
double fm_probability_collision(uint64_t distinct);

#endif
