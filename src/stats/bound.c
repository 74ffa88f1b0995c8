/* Exact bounds for a binomial probability.
 *
 * Tails of the binomial distribution are values of the regularized incomplete beta function:
 * P(X <= x) = I_(1-p)(n - x, x + 1) (DLMF 8.17.5), computed by its continued fraction (DLMF
 * 8.17.22) with Lentz's algorithm in Thompson and Barnett's form (Journal of Computational Physics
 * 64, 1986). Bounds are found by bisection, since tails are monotone in p: a hundred steps of a
 * function of a few microseconds, where inverting it cleverly would be code to trust.
 *
 * A bound says: were p larger, what was seen, or something even more fortunate, would have had a
 * probability below 1 - confidence. That is true of Clopper and Pearson's only when the number of
 * runs was fixed. Who stops at a failure has seen its last run fail for certain: then the number
 * of runs is what is random. Who looks again and again and stops when it suits needs a bound that
 * holds at all times at once (fm_bound_anytime). Without any failure the three agree in what they
 * mean: the event "no failure in the first n runs" says nothing about when one stopped. */
#include "stats/bound.h"

#include "base/assert.h"

#include <math.h>
#include <stdbool.h>

/* Halvings of an interval of doubles between 0 and 1 at most: a bound may be as small as 2^-200. */
#define HALVINGS 200
/* Terms of the continued fraction: about the square root of the larger parameter is needed. */
#define TERMS_MAX 1000000
#define TINY 1e-300
#define EPSILON 1e-15

/* --- the incomplete beta function --- */

static double away_from_zero(double x)
{
    return fabs(x) < TINY ? TINY : x;
}

/* DLMF 8.17.22, for x < (a + 1) / (a + b + 2). */
static double fraction(double a, double b, double x)
{
    double c = 1;
    double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
    double product = d;
    for (int i = 1; i <= TERMS_MAX; i++) {
        double m = i;
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        product *= c * d;
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        product *= c * d;
        if (fabs(c * d - 1) < EPSILON) {
            break;
        }
    }
    return product;
}

/* I_x(a, b) with y = 1 - x, which the caller knows better; a, b > 0. */
static double beta_share(double a, double b, double x, double y)
{
    if (x <= 0 || y <= 0) {
        return x <= 0 ? 0 : 1;
    }
    int sign;
    double front = exp(lgamma_r(a + b, &sign) - lgamma_r(a, &sign) - lgamma_r(b, &sign) +
                       a * log(x) + b * log(y));
    if (x < (a + 1) / (a + b + 2)) {
        return front * fraction(a, b, x) / a;
    }
    return 1 - front * fraction(b, a, y) / b;
}

double fm_binomial_below(uint64_t x, uint64_t n, double p)
{
    fm_assert(p >= 0 && p <= 1);
    if (x >= n) {
        return 1;
    }
    return beta_share((double)(n - x), (double)x + 1, 1 - p, p);
}

/* --- bounds --- */

/* The p at which P(X <= x) of n has fallen to `target`. */
static double where_below_is(uint64_t x, uint64_t n, double target)
{
    double low = 0, high = 1;
    for (int i = 0; i < HALVINGS && low + (high - low) / 2 > low; i++) {
        double middle = low + (high - low) / 2;
        if (fm_binomial_below(x, n, middle) > target) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return high;
}

double fm_bound_none(uint64_t runs, double confidence)
{
    fm_assert(runs > 0 && confidence > 0 && confidence < 1);
    return -expm1(log1p(-confidence) / (double)runs);
}

double fm_bound_runs(double below, double confidence)
{
    fm_assert(below >= 0 && confidence > 0 && confidence < 1);
    if (below >= 1) {
        return 1;
    }
    return below == 0 ? INFINITY : ceil(log1p(-confidence) / log1p(-below));
}

struct fm_interval fm_bound_fixed(uint64_t failures, uint64_t runs, double confidence)
{
    fm_assert(runs > 0 && failures <= runs);
    double low = failures == 0 ? 0 : where_below_is(failures - 1, runs, confidence);
    double high = failures == runs ? 1 : where_below_is(failures, runs, 1 - confidence);
    return (struct fm_interval){low, high};
}

struct fm_interval fm_bound_stopped(uint64_t failures, uint64_t runs, double confidence)
{
    fm_assert(failures > 0 && failures <= runs);
    /* So late or later: at most failures - 1 in the runs before the last one. So early or earlier:
     * that many in all. */
    double low = where_below_is(failures - 1, runs, confidence);
    double high = failures == runs ? 1 : where_below_is(failures - 1, runs - 1, 1 - confidence);
    return (struct fm_interval){low, high};
}

/* Whether p is ruled out: the mixture has become 1 / (1 - confidence) times as likely. */
static bool is_ruled_out(double failures, double passes, double p, double confidence)
{
    int sign;
    double mixture = lgamma_r(failures + 1, &sign) + lgamma_r(passes + 1, &sign) -
                     lgamma_r(failures + passes + 2, &sign);
    double log_p = failures == 0 ? 0 : failures * log(p);
    double log_q = passes == 0 ? 0 : passes * log1p(-p);
    return log_p + log_q < mixture + log1p(-confidence);
}

/* Between a p that is not ruled out and one that is; the latter side. */
static double end_of_range(double inside, double outside, double failures, double passes,
                           double confidence)
{
    for (int i = 0; i < HALVINGS; i++) {
        double middle = inside + (outside - inside) / 2;
        if (middle == inside || middle == outside) {
            break;
        }
        if (is_ruled_out(failures, passes, middle, confidence)) {
            outside = middle;
        } else {
            inside = middle;
        }
    }
    return outside;
}

struct fm_interval fm_bound_anytime(uint64_t failures, uint64_t runs, double confidence)
{
    fm_assert(runs > 0 && failures <= runs);
    double x = (double)failures, y = (double)(runs - failures);
    double seen = x / (double)runs;
    return (struct fm_interval){
        .low = failures == 0 ? 0 : end_of_range(seen, 0, x, y, confidence),
        .high = failures == runs ? 1 : end_of_range(seen, 1, x, y, confidence),
    };
}

double fm_bound_pct(double threads, double steps, double depth)
{
    fm_assert(threads >= 1 && steps >= 1 && depth >= 1);
    return 1 / (threads * pow(steps, depth - 1));
}

double fm_bound_pct_messages(double chains, double events, double depth)
{
    fm_assert(chains >= 1 && events >= 1 && depth >= 1);
    return 1 / (chains * chains * pow(events, depth - 1));
}
