/* The birthday bound: n states form n(n - 1)/2 pairs, each of which collides with probability
 * 2^-127.
 *
 * 2^-127 rather than 2^-128 because the table stores the word 0 as 1 (store/table.c), which at most
 * doubles the chance of a pair. TLC's "optimistic" figure multiplies the distinct states with the
 * generated duplicates instead, an estimate of the chance that one look-up of the run was wrong;
 * ours bounds the chance that any state was missed, whatever the order of look-ups. */
#include "store/probability.h"

#include <math.h>

double fm_probability_collision(uint64_t distinct)
{
    if (distinct < 2) {
        return 0.0;
    }
    double n = (double)distinct;
    return ldexp(n * (n - 1.0) / 2.0, -127);
}
