/* Pseudo-random numbers: xoshiro256**, seeded through splitmix64 (Blackman and Vigna, "Scrambled
 * linear pseudorandom number generators", 2021). One generator per owner; the seed is always
 * printed. */
#ifndef FM_BASE_RANDOM_H
#define FM_BASE_RANDOM_H

#include <stdint.h>

struct fm_random {
    uint64_t state[4];
};

void fm_random_seed(struct fm_random *random, uint64_t seed);
uint64_t fm_random_next(struct fm_random *random);
/* Uniform in 0 .. bound-1, without modulo bias (Lemire 2019); bound > 0. */
uint64_t fm_random_below(struct fm_random *random, uint64_t bound);
/* A seed from the system, for runs that name none. */
uint64_t fm_random_system_seed(void);

#endif
