/* Estimates of discovery. The formulas stand in species.h by name; here is what they are made of.
 *
 * All of them look at what is rare: how many species one run alone has shown (once), how many two
 * (twice). What has been seen often says nothing about what has not been seen (Good, "The
 * population frequencies of species and the estimation of population parameters", Biometrika 40,
 * 1953). A run shows many species, so once / runs is a number of species and no probability; the
 * share of runs that show a species of their own is one. It is never given as 0: with nothing rare
 * left Laplace's rule of succession says 1 / (n + 2). */
#include "stats/species.h"

#include "base/assert.h"

#include <math.h>

double fm_species_discovery(const struct fm_species *species)
{
    fm_assert(species->runs > 0);
    double n = (double)species->runs;
    return fmax((double)species->singleton_runs / n, 1 / (n + 2));
}

double fm_species_expected(const struct fm_species *species)
{
    fm_assert(species->runs > 0);
    return (double)species->once / (double)species->runs;
}

double fm_species_uncovered(const struct fm_species *species)
{
    fm_assert(species->runs > 0);
    double t = (double)species->runs, f1 = (double)species->once, f2 = (double)species->twice;
    double below = (t - 1) * f1 + 2 * f2;
    return below == 0 ? 0 : f1 / t * (t - 1) * f1 / below;
}

double fm_species_unseen(const struct fm_species *species)
{
    fm_assert(species->runs > 0);
    double t = (double)species->runs, f1 = (double)species->once, f2 = (double)species->twice;
    double share = (t - 1) / t;
    return f2 > 0 ? share * f1 * f1 / (2 * f2) : share * f1 * (f1 - 1) / 2;
}

double fm_species_after(const struct fm_species *species, double more)
{
    double unseen = fm_species_unseen(species);
    double f1 = (double)species->once;
    if (unseen <= 0 || f1 <= 0) {
        return 0;
    }
    double q = f1 / ((double)species->runs * unseen + f1);
    return unseen * -expm1(more * log1p(-q));
}

double fm_species_local_laplace(const struct fm_species_seed *seeds, uint32_t count)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += seeds[i].chosen / ((double)seeds[i].runs + 2);
    }
    return sum;
}

double fm_species_local_good_turing(const struct fm_species_seed *seeds, uint32_t count)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        double runs = (double)seeds[i].runs;
        /* Of a seed that was never run nothing is known. */
        double local = seeds[i].runs == 0 ? 1 : (double)seeds[i].singleton_runs / runs;
        sum += seeds[i].chosen * local;
    }
    return sum;
}

double fm_species_grown(const double *probabilities, uint32_t count, double runs)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += probabilities[i] >= 1 ? 1 : -expm1(runs * log1p(-probabilities[i]));
    }
    return sum;
}
