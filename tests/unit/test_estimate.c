/* Estimators against known distributions, and how often their intervals hold the truth. */
#include "cmocka_all.h"
#include "stats/estimate.h"

#include <math.h>

/* Runs that coverage is counted over, and what it may be off by: five standard deviations. */
#define RUNS 2000
#define SLACK (5 * sqrt(0.95 * 0.05 / RUNS))

static double uniform(struct fm_random *random)
{
    return (double)(fm_random_next(random) >> 11) * 0x1p-53;
}

static void assert_near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance)) {
        fail_msg("%.12g is not within %g of %.12g", a, tolerance, b);
    }
}

/* Abramowitz and Stegun, tables 26.5 and 26.10, and the symmetry. */
static void test_quantiles(void **state)
{
    (void)state;
    assert_near(fm_normal_quantile(0.5), 0, 1e-15);
    assert_near(fm_normal_quantile(0.975), 1.959963984540054, 1e-12);
    assert_near(fm_normal_quantile(0.995), 2.575829303548901, 1e-12);
    assert_near(fm_normal_quantile(1e-10), -6.361340902404056, 1e-9);
    assert_near(fm_student_quantile(0.975, 1), 12.706204736432095, 1e-8);
    assert_near(fm_student_quantile(0.975, 2), 4.302652729911275, 1e-9);
    assert_near(fm_student_quantile(0.975, 5), 2.570581835636314, 1e-4);
    assert_near(fm_student_quantile(0.995, 10), 3.169272672616951, 1e-4);
    assert_near(fm_student_quantile(0.975, 30), 2.042272456301238, 1e-6);
    assert_near(fm_student_quantile(0.975, 1000000), 1.959966, 2e-6);
    for (double p = 0.001; p < 0.5; p += 0.037) {
        assert_near(fm_normal_quantile(p), -fm_normal_quantile(1 - p), 1e-12);
        assert_near(fm_student_quantile(p, 7), -fm_student_quantile(1 - p, 7), 1e-9);
        assert_near(0.5 * erfc(-fm_normal_quantile(p) / sqrt(2)), p, 1e-14);
    }
}

static void test_moments(void **state)
{
    (void)state;
    struct fm_moments moments = {0};
    assert_true(isinf(fm_moments_interval(&moments, 0.95).high));
    const double values[] = {2, 4, 4, 4, 5, 5, 7, 9};
    for (int i = 0; i < 8; i++) {
        fm_moments_add(&moments, values[i] + 1e9);
    }
    assert_near(moments.mean, 1e9 + 5, 1e-6);
    assert_near(fm_moments_variance(&moments), 32.0 / 7, 1e-6);
    assert_near(moments.min, 1e9 + 2, 0);
    assert_near(moments.max, 1e9 + 9, 0);
    struct fm_interval interval = fm_moments_interval(&moments, 0.95);
    assert_near(interval.high - moments.mean, 2.364624 * sqrt(32.0 / 7 / 8), 1e-4);
}

/* Wilson's own example of the interval: 10 of 20 and 0 of 10 by his formula. */
static void test_share(void **state)
{
    (void)state;
    struct fm_interval interval = fm_share_interval(10, 20, 0.95);
    assert_near(interval.low, 0.2992980, 1e-6);
    assert_near(interval.high, 0.7007020, 1e-6);
    interval = fm_share_interval(0, 10, 0.95);
    assert_near(interval.low, 0, 0);
    assert_near(interval.high, 0.2775328, 1e-6);
    assert_near(fm_share_interval(10, 10, 0.95).high, 1, 0);
    assert_near(fm_share_needed(0.5, 0.01, 0.95), 38414.6, 0.1);
}

/* How often the interval of the mean of exponential observations holds it; and of a probability. */
static void test_coverage(void **state)
{
    (void)state;
    struct fm_random random;
    fm_random_seed(&random, 17);
    int mean_held = 0, share_held = 0, median_held = 0;
    for (int run = 0; run < RUNS; run++) {
        struct fm_moments moments = {0};
        struct fm_sample sample;
        fm_sample_init(&sample, (uint64_t)run);
        uint64_t hits = 0;
        for (int i = 0; i < 400; i++) {
            double value = -log1p(-uniform(&random));
            fm_moments_add(&moments, value);
            fm_sample_add(&sample, value);
            hits += uniform(&random) < 0.07;
        }
        struct fm_interval mean = fm_moments_interval(&moments, 0.95);
        struct fm_interval share = fm_share_interval(hits, 400, 0.95);
        struct fm_interval median = fm_sample_quantile_interval(&sample, 0.5, 0.95);
        mean_held += mean.low <= 1 && 1 <= mean.high;
        share_held += share.low <= 0.07 && 0.07 <= share.high;
        median_held += median.low <= log(2) && log(2) <= median.high;
        fm_sample_deinit(&sample);
    }
    assert_near((double)mean_held / RUNS, 0.95, SLACK);
    assert_near((double)share_held / RUNS, 0.95, SLACK);
    /* Order statistics hold it rather more often. */
    assert_true((double)median_held / RUNS > 0.95 - SLACK);
    assert_true((double)median_held / RUNS < 0.975 + SLACK);
}

static void test_sample(void **state)
{
    (void)state;
    struct fm_sample sample;
    fm_sample_init(&sample, 1);
    for (int i = 100; i > 0; i--) {
        fm_sample_add(&sample, i);
    }
    assert_near(fm_sample_quantile(&sample, 0.5), 50, 0);
    assert_near(fm_sample_quantile(&sample, 0.9), 90, 0);
    assert_near(fm_sample_quantile(&sample, 0.999), 100, 0);
    assert_near(fm_sample_quantile_interval(&sample, 0.999, 0.95).high, 100, 0);
    struct fm_bin bins[32];
    uint32_t count = fm_sample_histogram(&sample, bins, 32);
    uint64_t total = 0;
    for (uint32_t i = 0; i < count; i++) {
        assert_near(bins[i].high - bins[i].low, 4, 0);
        total += bins[i].count;
    }
    assert_int_equal(count, 25);
    assert_int_equal(total, 100);
    fm_sample_deinit(&sample);
    fm_sample_init(&sample, 1);
    fm_sample_add(&sample, 3);
    assert_int_equal(fm_sample_histogram(&sample, bins, 32), 1);
    assert_int_equal(bins[0].count, 1);
    fm_sample_deinit(&sample);
}

/* Beyond what is kept: still every observation with the same chance. */
static void test_reservoir(void **state)
{
    (void)state;
    struct fm_sample sample;
    fm_sample_init(&sample, 5);
    for (uint32_t i = 0; i < 3 * FM_SAMPLE_MAX; i++) {
        fm_sample_add(&sample, i);
    }
    assert_int_equal(sample.count, FM_SAMPLE_MAX);
    struct fm_moments moments = {0};
    for (uint32_t i = 0; i < sample.count; i++) {
        fm_moments_add(&moments, sample.values[i]);
    }
    double n = 3.0 * FM_SAMPLE_MAX;
    assert_near(moments.mean, n / 2, 5 * n / sqrt(12.0 * FM_SAMPLE_MAX));
    assert_near(fm_sample_quantile(&sample, 0.25), n / 4, 5 * n * 0.433 / sqrt(FM_SAMPLE_MAX));
    fm_sample_deinit(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quantiles), cmocka_unit_test(test_moments),
        cmocka_unit_test(test_share),     cmocka_unit_test(test_coverage),
        cmocka_unit_test(test_sample),    cmocka_unit_test(test_reservoir),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
