/* Estimates of discovery: by hand, and on runs whose species have known probabilities. */
#include "stats/species.h"

#include "base/random.h"
#include "cmocka_all.h"

#include <math.h>
#include <string.h>

#define SPECIES_MAX 400u

static void assert_near(double got, double wanted, double relative)
{
    if (!(fabs(got - wanted) <= relative * fabs(wanted))) {
        fail_msg("%.17g is not %.17g", got, wanted);
    }
}

static void test_by_hand(void **state)
{
    (void)state;
    struct fm_species s = {.runs = 100, .seen = 40, .once = 10, .twice = 4, .singleton_runs = 7};
    assert_near(fm_species_discovery(&s), 0.07, 1e-12);
    assert_near(fm_species_expected(&s), 0.1, 1e-12);
    assert_near(fm_species_uncovered(&s), 0.1 * 990 / 998, 1e-12);
    assert_near(fm_species_unseen(&s), 0.99 * 100 / 8, 1e-12);
    double q = 10 / (100 * 12.375 + 10);
    assert_near(fm_species_after(&s, 1), 12.375 * q, 1e-12);
    assert_near(fm_species_after(&s, 50), 12.375 * (1 - pow(1 - q, 50)), 1e-9);
    s.twice = 0;
    assert_near(fm_species_unseen(&s), 0.99 * 45, 1e-12);
    /* Nothing rare is left: not 0. */
    s.once = s.singleton_runs = 0;
    assert_near(fm_species_discovery(&s), 1.0 / 102, 1e-12);
    assert_true(fm_species_unseen(&s) == 0 && fm_species_after(&s, 1e9) == 0);
    assert_true(fm_species_uncovered(&s) == 0);
    const double certain[] = {1, 0.5};
    assert_near(fm_species_grown(certain, 2, 2), 1.75, 1e-12);
}

static double uniform(struct fm_random *random)
{
    return (double)(fm_random_next(random) >> 11) * 0x1p-53;
}

/* Probabilities that fall like 1/i^2: a few common species and many rare ones. */
static void set_probabilities(double *p, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        p[i] = 0.5 / ((double)(i + 1) * (double)(i + 1));
    }
}

struct seen {
    uint32_t runs[SPECIES_MAX]; /* that show it */
    uint64_t last[SPECIES_MAX]; /* of them the last */
    bool own[100000];           /* by run: shows a species of its own */
};

static struct fm_species count_seen(struct seen *seen, uint32_t count, uint64_t runs)
{
    struct fm_species s = {.runs = runs};
    memset(seen->own, 0, sizeof seen->own);
    for (uint32_t i = 0; i < count; i++) {
        s.seen += seen->runs[i] > 0;
        s.once += seen->runs[i] == 1;
        s.twice += seen->runs[i] == 2;
        if (seen->runs[i] == 1) {
            s.singleton_runs += !seen->own[seen->last[i]];
            seen->own[seen->last[i]] = true;
        }
    }
    return s;
}

static struct fm_species run_campaign(struct seen *seen, const double *p, uint32_t count,
                                      uint64_t runs, uint64_t seed)
{
    struct fm_random random;
    fm_random_seed(&random, seed);
    memset(seen, 0, sizeof *seen);
    for (uint64_t run = 0; run < runs; run++) {
        for (uint32_t i = 0; i < count; i++) {
            if (uniform(&random) < p[i]) {
                seen->runs[i]++;
                seen->last[i] = run;
            }
        }
    }
    return count_seen(seen, count, runs);
}

static struct seen seen;

static void test_against_the_truth(void **state)
{
    (void)state;
    double p[SPECIES_MAX];
    double discovery = 0, truth = 0, unseen = 0, missing = 0, later = 0, after = 0;
    set_probabilities(p, SPECIES_MAX);
    const uint32_t campaigns = 60;
    for (uint32_t campaign = 0; campaign < campaigns; campaign++) {
        struct fm_species s = run_campaign(&seen, p, SPECIES_MAX, 1000, campaign);
        double none = 1;
        for (uint32_t i = 0; i < SPECIES_MAX; i++) {
            none *= seen.runs[i] == 0 ? 1 - p[i] : 1;
            missing += seen.runs[i] == 0;
            after += seen.runs[i] == 0 ? -expm1(1000 * log1p(-p[i])) : 0;
        }
        truth += 1 - none;
        discovery += fm_species_discovery(&s);
        unseen += fm_species_unseen(&s);
        later += fm_species_after(&s, 1000);
    }
    /* Good-Turing has almost no bias; Chao2 is a lower bound in the mean; extrapolation is good up
     * to twice the runs. */
    assert_near(discovery / campaigns, truth / campaigns, 0.1);
    assert_true(unseen < missing);
    assert_true(unseen > missing / 20);
    assert_near(later / campaigns, after / campaigns, 0.2);
}

/* Steps come in runs of 20, 50 or 100: what is to be expected of the next 1,000 steps does not
 * depend on that. */
static void test_size_of_the_unit(void **state)
{
    (void)state;
    double p[SPECIES_MAX];
    set_probabilities(p, SPECIES_MAX);
    for (uint32_t i = 0; i < SPECIES_MAX; i++) {
        p[i] /= 20;
    }
    const uint32_t steps = 100000;
    const uint32_t sizes[] = {20, 50, 100};
    double rates[3] = {0};
    for (uint32_t campaign = 0; campaign < 10; campaign++) {
        for (uint32_t k = 0; k < 3; k++) {
            struct fm_random random;
            fm_random_seed(&random, campaign);
            memset(&seen, 0, sizeof seen);
            for (uint32_t i = 0; i < SPECIES_MAX; i++) {
                uint64_t run = UINT64_MAX;
                for (double step = floor(log(1 - uniform(&random)) / log1p(-p[i])); step < steps;
                     step += 1 + floor(log(1 - uniform(&random)) / log1p(-p[i]))) {
                    seen.runs[i] += (uint64_t)step / sizes[k] != run;
                    run = (uint64_t)step / sizes[k];
                }
                seen.last[i] = run == UINT64_MAX ? 0 : run;
            }
            struct fm_species s = count_seen(&seen, SPECIES_MAX, steps / sizes[k]);
            rates[k] += fm_species_expected(&s) * 1000 / sizes[k];
        }
    }
    assert_near(rates[1], rates[0], 0.02);
    assert_near(rates[2], rates[0], 0.02);
}

/* A guided campaign: ten seeds chosen alike, each of whose runs shows one of its five species. The
 * last of them is rarer, the more so the later the seed. */
static void test_local(void **state)
{
    (void)state;
    struct fm_species_seed seeds[10];
    for (uint32_t i = 0; i < 10; i++) {
        seeds[i] = (struct fm_species_seed){0.1, 98, i};
    }
    assert_near(fm_species_local_laplace(seeds, 10), 0.01, 1e-12);
    assert_near(fm_species_local_good_turing(seeds, 10), 0.1 * 45 / 98, 1e-12);
    seeds[9].runs = 0;
    assert_near(fm_species_local_laplace(seeds, 10), 0.009 + 0.05, 1e-12);
    assert_near(fm_species_local_good_turing(seeds, 10), 0.1 * 36 / 98 + 0.1, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_against_the_truth),
        cmocka_unit_test(test_size_of_the_unit),
        cmocka_unit_test(test_local),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
