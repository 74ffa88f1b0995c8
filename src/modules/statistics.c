/* Statistics, Combinatorics, DyadicRationals: arithmetic that TLC leaves to Java.
 *
 * ChiSquare(expected, actual, alpha) is Pearson's test of goodness of fit: TRUE unless the counts
 * in `actual` differ from those in `expected` at the level of significance alpha, a string such as
 * "0.05". Both are functions; their values are paired in the order of their domains. Expected
 * counts are scaled to the total of the actual ones when the totals differ. The probability of a
 * statistic at least as great is the upper regularized incomplete gamma function Q(k/2, x/2) with k
 * one less than the number of counts: by its power series below x < a + 1 and by Lentz's continued
 * fraction above (Press et al., "Numerical Recipes" 6.2), to about 14 digits.
 *
 * choose(n, k) multiplies and divides alternately, so that every intermediate result is itself a
 * binomial coefficient: exact, and no larger than it must be. 0 when k > n, as in TLC.
 *
 * Reduce brings a fraction to lowest terms by Euclid's algorithm; the definition tries all
 * divisors. */
#include "diag/diag.h"
#include "modules/argument.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

/* Terms of series and continued fraction: both converge in some multiple of sqrt(a) of them. */
#define TERMS_MAX 100000
/* Total counts that differ by less need no scaling: what commons-math uses. */
#define TOTAL_TOLERANCE 10e-6

/* Q(a, x) by the series of its complement, for x < a + 1. */
static double gamma_upper_series(double a, double x)
{
    double term = 1.0 / a;
    double sum = term;
    for (int n = 1; n < TERMS_MAX && fabs(term) > fabs(sum) * DBL_EPSILON; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return 1.0 - sum * exp(a * log(x) - x - lgamma(a));
}

/* Q(a, x) by the modified method of Lentz, for x >= a + 1. */
static double gamma_upper_fraction(double a, double x)
{
    const double tiny = DBL_MIN / DBL_EPSILON;
    double b = x + 1.0 - a;
    double c = 1.0 / tiny;
    double d = 1.0 / b;
    double product = d;
    for (int i = 1; i < TERMS_MAX; i++) {
        double numerator = -i * (i - a);
        b += 2.0;
        d = numerator * d + b;
        d = 1.0 / (fabs(d) < tiny ? tiny : d);
        c = b + numerator / c;
        c = fabs(c) < tiny ? tiny : c;
        product *= d * c;
        if (fabs(d * c - 1.0) < DBL_EPSILON) {
            break;
        }
    }
    return exp(a * log(x) - x - lgamma(a)) * product;
}

/* The probability that a chi-square variable with so many degrees of freedom is at least x. */
static double chi_square_tail(double x, uint32_t degrees)
{
    double a = degrees / 2.0;
    double half = x / 2.0;
    if (half <= 0.0) {
        return 1.0;
    }
    return half < a + 1.0 ? gamma_upper_series(a, half) : gamma_upper_fraction(a, half);
}

/* The values of a function as numbers of at least `least`. */
static double *argument_counts(struct fm_native_context *context, struct fm_argument place,
                               fm_value v, int64_t least, uint32_t *count)
{
    struct fm_pairs f = fm_argument_function(context, place, v);
    double *counts = fm_arena_calloc(context->values->arena, f.count, sizeof *counts);
    for (uint32_t i = 0; i < f.count; i++) {
        int64_t n = fm_argument_int64(context, place, f.values[i]);
        if (n < least) {
            fm_argument_range(context, place,
                              least == 1 ? "a function with positive values"
                                         : "a function whose values are natural numbers",
                              v);
        }
        counts[i] = (double)n;
    }
    *count = f.count;
    return counts;
}

static double sum_of(const double *counts, uint32_t count)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        sum += counts[i];
    }
    return sum;
}

static double argument_alpha(struct fm_native_context *context, fm_value v)
{
    struct fm_argument place = fm_argument_of("ChiSquare", 3);
    const struct fm_symbol *text = fm_argument_string(context, place, v);
    char *end = NULL;
    double alpha = strtod(text->text, &end);
    if (text->length == 0 || *end != '\0' || !(alpha > 0.0 && alpha <= 0.5)) {
        fm_argument_range(context, place, "the text of a number in (0, 0.5]", v);
    }
    return alpha;
}

static fm_value statistics_chi_square(struct fm_native_context *context, const fm_value *arguments,
                                      uint32_t count)
{
    (void)count;
    uint32_t size = 0;
    uint32_t actual_size = 0;
    double *expected = argument_counts(context, fm_argument_of("ChiSquare", 1), arguments[0], 1,
                                       &size);
    double *actual = argument_counts(context, fm_argument_of("ChiSquare", 2), arguments[1], 0,
                                     &actual_size);
    double alpha = argument_alpha(context, arguments[2]);
    if (size != actual_size || size < 2) {
        fm_native_fail(context, FM_CODE_4202,
                       "ChiSquare compares %u expected with %u actual counts: both must have the "
                       "same number, at least 2",
                       size, actual_size);
    }
    double expected_total = sum_of(expected, size);
    double actual_total = sum_of(actual, size);
    double scale = fabs(expected_total - actual_total) > TOTAL_TOLERANCE
                       ? actual_total / expected_total
                       : 1.0;
    double statistic = 0.0;
    for (uint32_t i = 0; i < size; i++) {
        double difference = actual[i] - scale * expected[i];
        if (difference != 0.0) {
            statistic += difference * difference / (scale * expected[i]);
        }
    }
    return fm_bool(!(chi_square_tail(statistic, size - 1) < alpha));
}

static fm_value combinatorics_choose(struct fm_native_context *context, const fm_value *arguments,
                                     uint32_t count)
{
    (void)count;
    int64_t n = fm_argument_nat(context, fm_argument_of("choose", 1), arguments[0]);
    int64_t k = fm_argument_nat(context, fm_argument_of("choose", 2), arguments[1]);
    if (k > n) {
        return fm_small(0);
    }
    if (k > n - k) {
        k = n - k;
    }
    struct fm_value_context *values = context->values;
    fm_value result = fm_small(1);
    for (int64_t i = 1; i <= k; i++) {
        result = fm_int_mul(values, result, fm_int(values, n - k + i));
        result = fm_int_div(values, result, fm_int(values, i));
    }
    return result;
}

static fm_value rationals_reduce(struct fm_native_context *context, const fm_value *arguments,
                                 uint32_t count)
{
    (void)count;
    struct fm_argument place = fm_argument_of("Reduce", 0);
    static const char *const names[] = {"den", "num"};
    fm_value parts[2];
    fm_argument_record(context, place, arguments[0]);
    for (uint32_t i = 0; i < 2; i++) {
        parts[i] = fm_record_lookup(context, arguments[0], names[i]);
        if (fm_is_none(parts[i]) || !fm_is_int(parts[i])) {
            fm_argument_fail(context, place, "a record of two integers, num and den", arguments[0]);
        }
    }
    struct fm_value_context *values = context->values;
    fm_value a = parts[0];
    fm_value b = parts[1];
    if (fm_int_compare(values, a, fm_small(0)) <= 0) {
        fm_argument_range(context, place, "a fraction with a positive denominator", arguments[0]);
    }
    while (!fm_value_same(b, fm_small(0))) {
        fm_value positive = fm_int_compare(values, b, fm_small(0)) < 0 ? fm_int_negate(values, b)
                                                                       : b;
        fm_value rest = fm_int_mod(values, a, positive);
        a = positive;
        b = rest;
    }
    if (fm_value_same(a, fm_small(1))) {
        return arguments[0];
    }
    parts[0] = fm_int_div(values, parts[0], a);
    parts[1] = fm_int_div(values, parts[1], a);
    return fm_native_record(context, names, parts, 2);
}

#define ROW(module, name, arity, call)                                                             \
    {                                                                                              \
        module, name, arity, call, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT                          \
    }

static const struct fm_native rows[] = {
    ROW("Statistics", "ChiSquare", 3, statistics_chi_square),
    ROW("Combinatorics", "choose", 2, combinatorics_choose),
    ROW("DyadicRationals", "Reduce", 1, rationals_reduce),
};

struct fm_native_rows fm_natives_statistics(void)
{
    return FM_NATIVE_ROWS(rows);
}
