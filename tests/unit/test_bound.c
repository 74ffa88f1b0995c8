/* Exact bounds: against sums of binomial terms, published numbers, and campaigns whose failure
 * probability is known. */
#include "stats/bound.h"

#include "cmocka_all.h"

#include <math.h>
#include <stdbool.h>

static void assert_near(double got, double wanted, double relative)
{
    if (!(fabs(got - wanted) <= relative * fabs(wanted))) {
        fail_msg("%.17g is not %.17g", got, wanted);
    }
}

/* P(X <= x), term by term. */
static double sum_below(uint32_t x, uint32_t n, double p)
{
    double sum = 0;
    for (uint32_t i = 0; i <= x; i++) {
        double choose = 1;
        for (uint32_t j = 0; j < i; j++) {
            choose *= (double)(n - j) / (double)(i - j);
        }
        sum += choose * pow(p, i) * pow(1 - p, n - i);
    }
    return sum;
}

static void test_binomial(void **state)
{
    (void)state;
    const double probabilities[] = {1e-6, 0.01, 0.2, 0.5, 0.77, 0.999};
    for (uint32_t n = 1; n <= 60; n += 7) {
        for (uint32_t x = 0; x <= n; x++) {
            for (uint32_t i = 0; i < 6; i++) {
                double p = probabilities[i];
                assert_true(fabs(fm_binomial_below(x, n, p) - sum_below(x, n, p)) < 1e-12);
            }
        }
    }
    assert_true(fm_binomial_below(3, 10, 0) == 1);
    assert_true(fm_binomial_below(3, 10, 1) == 0);
    /* No failure in a million runs. */
    assert_near(fm_binomial_below(0, 1000000, 1e-6), pow(1 - 1e-6, 1e6), 1e-9);
}

static void test_no_failure(void **state)
{
    (void)state;
    /* "About 3/n": 2,995 runs for a thousandth at 95%. */
    assert_true(fm_bound_runs(0.001, 0.95) == 2995);
    assert_true(fm_bound_none(2995, 0.95) < 0.001);
    assert_true(fm_bound_none(2994, 0.95) > 0.001);
    assert_near(fm_bound_none(100, 0.95), 1 - pow(0.05, 0.01), 1e-12);
    assert_true(isinf(fm_bound_runs(0, 0.95)));
    assert_true(fm_bound_runs(1, 0.95) == 1);
    /* Clopper and Pearson's is the same bound. */
    assert_near(fm_bound_fixed(0, 500, 0.99).high, fm_bound_none(500, 0.99), 1e-9);
    assert_true(fm_bound_fixed(0, 500, 0.99).low == 0);
}

static void test_failures(void **state)
{
    (void)state;
    /* 10 of 100, 95% two-sided: (0.04900469, 0.17622260). */
    struct fm_interval interval = fm_bound_fixed(10, 100, 0.975);
    assert_near(interval.low, 0.04900469, 1e-6);
    assert_near(interval.high, 0.17622260, 1e-6);
    assert_true(fm_bound_fixed(7, 7, 0.95).high == 1);
    assert_near(fm_bound_fixed(7, 7, 0.95).low, pow(0.05, 1.0 / 7), 1e-9);
    /* Stopped at the first failure, in run n: P(none in n - 1) = a, P(one in n) = a. */
    interval = fm_bound_stopped(1, 40, 0.95);
    assert_near(interval.high, 1 - pow(0.05, 1.0 / 39), 1e-9);
    assert_near(interval.low, 1 - pow(0.95, 1.0 / 40), 1e-9);
    /* The bound of a fixed number is tighter: it forgets why the runs ended. */
    assert_true(fm_bound_stopped(5, 400, 0.95).high < fm_bound_fixed(5, 400, 0.95).high);
}

static void test_pct(void **state)
{
    (void)state;
    assert_near(fm_bound_pct(3, 100, 2), 1.0 / 300, 1e-12);
    assert_near(fm_bound_pct_messages(3, 100, 2), 1.0 / 900, 1e-12);
    assert_true(fm_bound_pct(4, 1000, 1) == 0.25);
}

/* --- campaigns --- */

static bool is_failure(struct fm_random *random, double p)
{
    return (double)(fm_random_next(random) >> 11) * 0x1p-53 < p;
}

/* Fails when the rate of violations is surely above what is allowed. */
static void assert_rate(uint64_t violations, uint64_t campaigns, double allowed)
{
    double low = fm_bound_fixed(violations, campaigns, 0.995).low;
    if (low > allowed) {
        fail_msg("%d of %d campaigns break the bound", (int)violations, (int)campaigns);
    }
}

#define CAMPAIGNS 5000u

/* Runs until the first failure, or 2,000: the bound of those before it, which all passed. */
static void test_none_holds(void **state)
{
    (void)state;
    struct fm_random random;
    fm_random_seed(&random, 1);
    uint64_t violations = 0;
    for (uint32_t i = 0; i < CAMPAIGNS; i++) {
        double p = pow(10, -1 - 2.0 * (double)(i % 100) / 100);
        uint64_t runs = 0;
        while (runs < 2000 && !is_failure(&random, p)) {
            runs++;
        }
        violations += runs > 0 && fm_bound_none(runs, 0.95) < p;
    }
    assert_rate(violations, CAMPAIGNS, 0.05);
    /* A bound that is never broken would be a useless one. */
    assert_true(violations > CAMPAIGNS / 100);
}

static void test_fixed_and_stopped_hold(void **state)
{
    (void)state;
    struct fm_random random;
    fm_random_seed(&random, 2);
    uint64_t fixed_high = 0, fixed_low = 0, stopped_high = 0, stopped_low = 0;
    for (uint32_t i = 0; i < CAMPAIGNS; i++) {
        double p = 0.005 + 0.1 * (double)(i % 50) / 50;
        uint64_t failures = 0, runs = 0;
        for (; runs < 150; runs++) {
            failures += is_failure(&random, p);
        }
        struct fm_interval interval = fm_bound_fixed(failures, runs, 0.95);
        fixed_high += interval.high < p;
        fixed_low += interval.low > p;
        for (failures = runs = 0; failures < 3; runs++) {
            failures += is_failure(&random, p);
        }
        interval = fm_bound_stopped(failures, runs, 0.95);
        stopped_high += interval.high < p;
        stopped_low += interval.low > p;
    }
    assert_rate(fixed_high, CAMPAIGNS, 0.05);
    assert_rate(fixed_low, CAMPAIGNS, 0.05);
    assert_rate(stopped_high, CAMPAIGNS, 0.05);
    assert_rate(stopped_low, CAMPAIGNS, 0.05);
    assert_true(stopped_high > CAMPAIGNS / 100 && stopped_low > CAMPAIGNS / 100);
}

/* Whoever looks after each run and stops when the bound is broken breaks Clopper and Pearson's far
 * too often, and not the one that holds at all times. */
static void test_anytime_holds(void **state)
{
    (void)state;
    struct fm_random random;
    fm_random_seed(&random, 3);
    uint64_t anytime = 0, fixed = 0;
    const uint32_t campaigns = 300;
    for (uint32_t i = 0; i < campaigns; i++) {
        double p = 0.02 + 0.3 * (double)(i % 10) / 10;
        bool broken = false, naive = false;
        uint64_t failures = 0;
        for (uint64_t runs = 1; runs <= 300; runs++) {
            failures += is_failure(&random, p);
            struct fm_interval interval = fm_bound_anytime(failures, runs, 0.9);
            broken |= p < interval.low || p > interval.high;
            if (runs % 10 == 0) {
                interval = fm_bound_fixed(failures, runs, 0.95);
                naive |= p < interval.low || p > interval.high;
            }
        }
        anytime += broken;
        fixed += naive;
    }
    assert_rate(anytime, campaigns, 0.1);
    assert_true(anytime > 0);
    assert_true(fixed > campaigns / 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_binomial),      cmocka_unit_test(test_no_failure),
        cmocka_unit_test(test_failures),      cmocka_unit_test(test_pct),
        cmocka_unit_test(test_none_holds),    cmocka_unit_test(test_fixed_and_stopped_hold),
        cmocka_unit_test(test_anytime_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
