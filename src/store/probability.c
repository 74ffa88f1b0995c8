/* The birthday bound, for a table whose entries know different numbers of bits.
 *
 * A state is taken for an entry when their digests agree in the bits that the entry kept:
 * probability 2^-b for b bits, whatever the order of look-ups. So a state that comes when the table
 * has entries of b1, b2, ... bits is lost with probability at most the sum of 2^-bi, the weight of
 * the table; adding this up over all distinct states gives their expected losses. With b the same
 * for all it is n(n - 1)/2 * 2^-b.
 *
 * Between two growths the table's weight rises with every entry, and later entries, which lie
 * further from home, keep fewer bits: it is convex in the number of entries, and the mean of its
 * ends is not below its average. TLC's "optimistic" figure multiplies the distinct states with the
 * generated duplicates instead, an estimate of the chance that one look-up of the run was wrong;
 * ours bounds the chance that any state was missed. */
#include "store/probability.h"

#include <math.h>

double fm_probability_collision(uint64_t distinct, uint32_t bits)
{
    if (distinct < 2) {
        return 0.0;
    }
    double n = (double)distinct;
    double pairs = ldexp(n * (n - 1.0) / 2.0, -(int)bits);
    return pairs < 1.0 ? pairs : 1.0;
}

double fm_probability_weight(uint64_t entries, uint32_t bits)
{
    return ldexp((double)entries, -(int)bits);
}

double fm_probability_losses(uint64_t added, double before, double after)
{
    return (double)added * (before + after) / 2.0;
}
