/* xoshiro256** 1.0 by Blackman and Vigna ("Scrambled linear pseudorandom number generators", ACM
 * TOMS 47, 2021): 256 bits of state, period 2^256-1, passes the usual test batteries, a few
 * instructions a number. The state is filled by splitmix64 from one 64-bit seed, as the authors
 * recommend, so that similar seeds give unrelated streams. Bounded numbers use Lemire's
 * multiplication ("Fast random integer generation in an interval", 2019): no division in the usual
 * case, no bias. */
#include "base/random.h"

#include "base/assert.h"
#include "base/file.h"

#include <sys/random.h>

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static uint64_t rotate_left(uint64_t x, unsigned bits)
{
    return (x << bits) | (x >> (64 - bits));
}

void fm_random_seed(struct fm_random *random, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        random->state[i] = splitmix64(&seed);
    }
}

uint64_t fm_random_next(struct fm_random *random)
{
    uint64_t *s = random->state;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate_left(s[3], 45);
    return result;
}

uint64_t fm_random_below(struct fm_random *random, uint64_t bound)
{
    fm_assert(bound > 0);
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)fm_random_next(random) * bound;
    if ((uint64_t)product < bound) {
        uint64_t threshold = (0 - bound) % bound;
        while ((uint64_t)product < threshold) {
            product = (wide)fm_random_next(random) * bound;
        }
    }
    return (uint64_t)(product >> 64);
}

uint64_t fm_random_system_seed(void)
{
    uint64_t seed;
    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed) {
        seed = fm_clock_calendar_ns();
    }
    return seed;
}
