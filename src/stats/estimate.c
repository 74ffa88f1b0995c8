/* Estimates and their intervals; formulas and where they are from.
 *
 * Mean and variance in one pass: Welford, "Note on a method for calculating corrected sums of
 * squares and products", Technometrics 4 (1962). The interval of a mean is Student's, which is
 * exact for normal observations and right for others when there are many.
 *
 * Normal quantile: Wichura, "Algorithm AS 241: the percentage points of the normal distribution",
 * Applied Statistics 37 (1988), PPND16, relative error about 1e-16. Student's quantile from it:
 * Hill, "Algorithm 396: Student's t-quantiles", CACM 13 (1970); errors below 1e-6 from 3 degrees of
 * freedom on; 1 and 2 have closed forms.
 *
 * The interval of a probability is Wilson's, "Probable inference, the law of succession, and
 * statistical inference", JASA 22 (1927): it holds the truth about as often as it says at all
 * probabilities, which the textbook interval p +- z sqrt(p(1-p)/n) does not near 0 and 1 (Brown,
 * Cai and DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16, 2001).
 *
 * Quantiles are order statistics, and so are the ends of their intervals: the number of
 * observations below the true q-quantile is binomial (David and Nagaraja, "Order Statistics", 3rd
 * edition, 7.1). Of more than FM_SAMPLE_MAX observations a uniform sample is kept (Vitter, "Random
 * sampling with a reservoir", ACM TOMS 11, 1985, algorithm R); intervals then go by the number
 * kept. */
#include "stats/estimate.h"

#include "base/arena.h"
#include "base/assert.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* What is so near to an integer is one. */
#define INTEGER_EPSILON 1e-9

/* --- quantiles of distributions --- */

static double ratio(const double *above, const double *below, double r)
{
    double numerator = above[7], denominator = below[7];
    for (int i = 6; i >= 0; i--) {
        numerator = numerator * r + above[i];
        denominator = denominator * r + below[i];
    }
    return numerator / denominator;
}

/* AS 241, PPND16: coefficients a, b for the middle, c, d near the ends, e, f far out. */
double fm_normal_quantile(double p)
{
    static const double a[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double b[8] = {1.0,
                                4.2313330701600911252e+1,
                                6.8718700749205790830e+2,
                                5.3941960214247511077e+3,
                                2.1213794301586595867e+4,
                                3.9307895800092710610e+4,
                                2.8729085735721942674e+4,
                                5.2264952788528545610e+3};
    static const double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                5.76949722146069140550e0,  3.64784832476320460504e0,
                                1.27045825245236838258e0,  2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[8] = {1.0,
                                2.05319162663775882187e0,
                                1.67638483018380384940e0,
                                6.89767334985100004550e-1,
                                1.48103976427480074590e-1,
                                1.51986665636164571966e-2,
                                5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    static const double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                1.78482653991729133580e0,  2.96560571828504891230e-1,
                                2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[8] = {1.0,
                                5.99832206555887937690e-1,
                                1.36929880922735805310e-1,
                                1.48753612908506148525e-2,
                                7.86869131145613259100e-4,
                                1.84631831751005468180e-5,
                                1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    fm_assert(p > 0 && p < 1);
    double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        return q * ratio(a, b, 0.180625 - q * q);
    }
    double r = sqrt(-log(q < 0 ? p : 1 - p));
    double x = r <= 5 ? ratio(c, d, r - 1.6) : ratio(e, f, r - 5);
    return q < 0 ? -x : x;
}

/* Algorithm 396: the quantile of which the share `tails` lies outside on both sides together. */
static double student_two_tails(double tails, double n)
{
    double a = 1 / (n - 0.5);
    double b = 48 / (a * a);
    double c = ((20700 * a / b - 98) * a - 16) * a + 96.36;
    double d = ((94.5 / (b + c) - 3) / b + 1) * sqrt(a * 1.57079632679489661923) * n;
    double x = d * tails;
    double y = pow(x, 2 / n);
    if (y > 0.05 + a) {
        x = fm_normal_quantile(tails / 2);
        y = x * x;
        if (n < 5) {
            c += 0.3 * (n - 4.5) * (x + 0.6);
        }
        c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c;
        y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
        y = a * y * y;
        y = y > 0.002 ? exp(y) - 1 : 0.5 * y * y + y;
    } else {
        y = ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y -
             1) *
                (n + 1) / (n + 2) +
            1 / y;
    }
    return sqrt(n * y);
}

double fm_student_quantile(double p, uint64_t freedom)
{
    fm_assert(p > 0 && p < 1 && freedom >= 1);
    double tails = p < 0.5 ? 2 * p : 2 * (1 - p);
    double x;
    if (p == 0.5) {
        return 0;
    }
    if (freedom == 1) {
        x = 1 / tan(tails * 1.57079632679489661923);
    } else if (freedom == 2) {
        x = sqrt(2 / (tails * (2 - tails)) - 2);
    } else {
        x = student_two_tails(tails, (double)freedom);
    }
    return p < 0.5 ? -x : x;
}

/* --- means --- */

void fm_moments_add(struct fm_moments *moments, double value)
{
    moments->count++;
    double delta = value - moments->mean;
    moments->mean += delta / (double)moments->count;
    moments->m2 += delta * (value - moments->mean);
    if (moments->count == 1 || value < moments->min) {
        moments->min = value;
    }
    if (moments->count == 1 || value > moments->max) {
        moments->max = value;
    }
}

double fm_moments_variance(const struct fm_moments *moments)
{
    return moments->count < 2 ? 0 : moments->m2 / (double)(moments->count - 1);
}

struct fm_interval fm_moments_interval(const struct fm_moments *moments, double confidence)
{
    if (moments->count < 2) {
        return (struct fm_interval){-INFINITY, INFINITY};
    }
    double t = fm_student_quantile(0.5 + confidence / 2, moments->count - 1);
    double half = t * sqrt(fm_moments_variance(moments) / (double)moments->count);
    return (struct fm_interval){moments->mean - half, moments->mean + half};
}

/* --- shares --- */

struct fm_interval fm_share_interval(uint64_t hits, uint64_t count, double confidence)
{
    fm_assert(count > 0 && hits <= count);
    double z = fm_normal_quantile(0.5 + confidence / 2);
    double n = (double)count;
    double share = (double)hits / n;
    double scale = 1 + z * z / n;
    double middle = (share + z * z / (2 * n)) / scale;
    double half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale;
    return (struct fm_interval){
        hits == 0 ? 0 : fmax(0, middle - half),
        hits == count ? 1 : fmin(1, middle + half),
    };
}

double fm_share_needed(double probability, double relative, double confidence)
{
    double z = fm_normal_quantile(0.5 + confidence / 2);
    return z * z * (1 - probability) / (probability * relative * relative);
}

/* --- samples --- */

void fm_sample_init(struct fm_sample *sample, uint64_t seed)
{
    *sample = (struct fm_sample){.values = NULL};
    fm_random_seed(&sample->random, seed);
}

void fm_sample_deinit(struct fm_sample *sample)
{
    fm_memory_free(sample->values);
    sample->values = NULL;
}

void fm_sample_add(struct fm_sample *sample, double value)
{
    sample->seen++;
    if (sample->count == FM_SAMPLE_MAX) {
        uint64_t at = fm_random_below(&sample->random, sample->seen);
        if (at < sample->count) {
            sample->values[at] = value;
            sample->sorted = 0;
        }
        return;
    }
    if (sample->count == sample->capacity) {
        sample->capacity = sample->capacity == 0 ? 256 : 2 * sample->capacity;
        sample->values = fm_memory_resize(sample->values,
                                          sample->capacity * sizeof *sample->values);
    }
    sample->values[sample->count++] = value;
    sample->sorted = 0;
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Of exchangeable observations any order is as good, so sorting does not disturb the reservoir. */
static void sort(struct fm_sample *sample)
{
    if (!sample->sorted) {
        qsort(sample->values, sample->count, sizeof *sample->values, compare);
        sample->sorted = 1;
    }
}

static double at_rank(const struct fm_sample *sample, double rank)
{
    double last = (double)(sample->count - 1);
    double index = rank < 1 ? 0 : rank - 1 > last ? last : rank - 1;
    return sample->values[(uint32_t)index];
}

double fm_sample_quantile(struct fm_sample *sample, double q)
{
    fm_assert(sample->count > 0);
    sort(sample);
    return at_rank(sample, ceil(q * (double)sample->count));
}

struct fm_interval fm_sample_quantile_interval(struct fm_sample *sample, double q,
                                               double confidence)
{
    fm_assert(sample->count > 0);
    sort(sample);
    double n = (double)sample->count;
    double half = fm_normal_quantile(0.5 + confidence / 2) * sqrt(n * q * (1 - q));
    return (struct fm_interval){at_rank(sample, floor(n * q - half)),
                                at_rank(sample, ceil(n * q + half) + 1)};
}

static bool are_integers(const struct fm_sample *sample)
{
    for (uint32_t i = 0; i < sample->count; i++) {
        if (fabs(sample->values[i] - round(sample->values[i])) > INTEGER_EPSILON) {
            return false;
        }
    }
    return true;
}

uint32_t fm_sample_histogram(struct fm_sample *sample, struct fm_bin *bins, uint32_t max)
{
    if (sample->count == 0 || max == 0) {
        return 0;
    }
    sort(sample);
    double low = sample->values[0], high = sample->values[sample->count - 1];
    bool integers = are_integers(sample);
    double span = integers ? high - low + 1 : high - low;
    /* Of integers a bin holds a whole number of values. */
    double width = integers ? ceil(span / (double)max) : span / (double)max;
    width = width > 0 ? width : 1;
    uint32_t count = (uint32_t)fmin((double)max, fmax(1, ceil(span / width)));
    for (uint32_t i = 0; i < count; i++) {
        bins[i] = (struct fm_bin){low + (double)i * width, low + (double)(i + 1) * width, 0};
    }
    for (uint32_t i = 0; i < sample->count; i++) {
        double at = (sample->values[i] - low) / width;
        uint32_t bin = at < (double)count ? (uint32_t)at : count - 1;
        bins[bin].count++;
    }
    return count;
}
