/* The fingerprint table and the claims: against a plain list, through growth, and with threads. */
#include "base/arena.h"
#include "base/random.h"
#include "base/thread.h"
#include "store/claims.h"
#include "store/probability.h"
#include "store/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>

#include <cmocka.h>

/* Distinct digests from a number; `crowd` keeps only that many low bits apart, to make long
 * clusters. */
static struct fm_digest digest_of(uint64_t n, uint64_t crowd)
{
    struct fm_random random;
    fm_random_seed(&random, n / crowd);
    uint64_t low = fm_random_next(&random);
    return (struct fm_digest){low, n + 1};
}

static void insert_finds_each_once(uint64_t count, uint64_t crowd)
{
    struct fm_table *table = fm_table_new();
    assert_non_null(table);
    for (uint64_t i = 0; i < count; i++) {
        struct fm_digest digest = digest_of(i, crowd);
        assert_true(fm_table_reserve(table, 1));
        assert_false(fm_table_contains(table, digest));
        assert_int_equal(fm_table_insert(table, digest), FM_TABLE_NEW);
        fm_table_add_count(table, 1);
        assert_int_equal(fm_table_insert(table, digest), FM_TABLE_SEEN);
    }
    for (uint64_t i = 0; i < count; i++) {
        assert_true(fm_table_contains(table, digest_of(i, crowd)));
        assert_false(fm_table_contains(table, digest_of(i + count + crowd, crowd)));
    }
    assert_int_equal(fm_table_count(table), count);
    fm_table_free(table);
}

static void test_insert(void **state)
{
    (void)state;
    insert_finds_each_once(200000, 1);
}

static void test_long_clusters(void **state)
{
    (void)state;
    insert_finds_each_once(60000, 40);
}

static void test_zero_words(void **state)
{
    (void)state;
    struct fm_table *table = fm_table_new();
    assert_non_null(table);
    assert_int_equal(fm_table_insert(table, (struct fm_digest){0, 0}), FM_TABLE_NEW);
    assert_int_equal(fm_table_insert(table, (struct fm_digest){0, 0}), FM_TABLE_SEEN);
    assert_int_equal(fm_table_insert(table, (struct fm_digest){0, 7}), FM_TABLE_NEW);
    assert_int_equal(fm_table_insert(table, (struct fm_digest){7, 0}), FM_TABLE_NEW);
    assert_true(fm_table_contains(table, (struct fm_digest){7, 0}));
    assert_false(fm_table_contains(table, (struct fm_digest){7, 7}));
    fm_table_free(table);
}

static void test_growth_in_shares(void **state)
{
    (void)state;
    for (uint32_t shares = 1; shares <= 7; shares += 3) {
        struct fm_table *table = fm_table_new();
        assert_non_null(table);
        uint64_t count = 0;
        for (int round = 0; round < 6; round++) {
            while (fm_table_has_room(table, 1)) {
                assert_int_equal(fm_table_insert(table, digest_of(count++, 3)), FM_TABLE_NEW);
                fm_table_add_count(table, 1);
            }
            assert_true(fm_table_grow_begin(table, shares));
            for (uint32_t i = shares; i > 0; i--) {
                fm_table_grow_share(table, i - 1);
            }
            for (uint64_t i = 0; i < count; i++) {
                assert_true(fm_table_contains(table, digest_of(i, 3)));
            }
        }
        fm_table_free(table);
    }
}

enum { RACERS = 4, RACE_COUNT = 100000 };

struct race {
    struct fm_table *table;
    struct fm_claims *claims;
    uint64_t stride;
    uint64_t first;
    uint64_t won;
};

static uint64_t gcd_free_walk(const struct race *race, uint64_t i)
{
    return (race->first + i * race->stride) % RACE_COUNT;
}

static void race_table(void *closure)
{
    struct race *race = closure;
    for (uint64_t i = 0; i < RACE_COUNT; i++) {
        struct fm_digest digest = digest_of(gcd_free_walk(race, i), 2);
        if (fm_table_insert(race->table, digest) == FM_TABLE_NEW) {
            race->won++;
        }
    }
}

static void start_race(void (*run)(void *closure), struct race *races, struct race common)
{
    static const uint64_t strides[RACERS] = {1, 3, 7, RACE_COUNT - 1};
    struct fm_thread *threads[RACERS];
    for (uint32_t i = 0; i < RACERS; i++) {
        races[i] = common;
        races[i].stride = strides[i];
        races[i].first = i * 17;
        threads[i] = fm_thread_start(run, &races[i], (size_t)1 << 20);
        assert_non_null(threads[i]);
    }
    for (uint32_t i = 0; i < RACERS; i++) {
        fm_thread_join(threads[i]);
    }
}

static void test_table_race(void **state)
{
    (void)state;
    struct fm_table *table = fm_table_new();
    assert_non_null(table);
    assert_true(fm_table_reserve(table, RACE_COUNT));
    struct race races[RACERS];
    start_race(race_table, races, (struct race){.table = table});
    uint64_t won = 0;
    for (uint32_t i = 0; i < RACERS; i++) {
        won += races[i].won;
    }
    assert_int_equal(won, RACE_COUNT);
    fm_table_free(table);
}

/* The key of a claim: differs by racer and digest, never equal for two racers. */
static uint64_t key_of(const struct race *race, uint64_t n)
{
    return (n * 31 + race->stride * 1000) % 1000003 * RACERS + race->first / 17;
}

static void race_claims(void *closure)
{
    struct race *race = closure;
    for (uint64_t i = 0; i < RACE_COUNT; i++) {
        uint64_t n = gcd_free_walk(race, i);
        if (fm_claims_put(race->claims, digest_of(n, 2), key_of(race, n)) == FM_CLAIM_FIRST) {
            race->won++;
        }
    }
}

static void test_claims_race(void **state)
{
    (void)state;
    struct fm_claims *claims = fm_claims_new();
    assert_non_null(claims);
    assert_true(fm_claims_reserve(claims, RACE_COUNT));
    struct race races[RACERS];
    start_race(race_claims, races, (struct race){.claims = claims});
    uint64_t won = 0;
    for (uint32_t i = 0; i < RACERS; i++) {
        won += races[i].won;
    }
    assert_int_equal(won, RACE_COUNT);
    fm_claims_add_count(claims, won);
    for (uint64_t n = 0; n < RACE_COUNT; n++) {
        uint64_t least = UINT64_MAX;
        for (uint32_t i = 0; i < RACERS; i++) {
            uint64_t key = key_of(&races[i], n);
            least = key < least ? key : least;
        }
        assert_int_equal(fm_claims_key(claims, digest_of(n, 2)), least);
    }
    assert_true(fm_claims_reserve(claims, 4 * RACE_COUNT));
    uint64_t least = UINT64_MAX;
    for (uint32_t i = 0; i < RACERS; i++) {
        least = key_of(&races[i], 5) < least ? key_of(&races[i], 5) : least;
    }
    assert_int_equal(fm_claims_key(claims, digest_of(5, 2)), least);
    fm_claims_clear(claims);
    assert_int_equal(fm_claims_key(claims, digest_of(5, 2)), UINT64_MAX);
    fm_claims_free(claims);
}

static void test_claims_order(void **state)
{
    (void)state;
    struct fm_claims *claims = fm_claims_new();
    assert_non_null(claims);
    struct fm_digest digest = {3, 4};
    assert_int_equal(fm_claims_put(claims, digest, 10), FM_CLAIM_FIRST);
    assert_int_equal(fm_claims_put(claims, digest, 11), FM_CLAIM_LOST);
    assert_int_equal(fm_claims_put(claims, digest, 10), FM_CLAIM_LOST);
    assert_int_equal(fm_claims_put(claims, digest, 0), FM_CLAIM_HELD);
    assert_int_equal(fm_claims_key(claims, digest), 0);
    fm_claims_free(claims);
}

static void test_probability(void **state)
{
    (void)state;
    assert_true(fm_probability_collision(1) == 0.0);
    double billion = fm_probability_collision(1000000000);
    assert_true(billion > 2.9e-21 && billion < 3.0e-21);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_insert),       cmocka_unit_test(test_long_clusters),
        cmocka_unit_test(test_zero_words),   cmocka_unit_test(test_growth_in_shares),
        cmocka_unit_test(test_table_race),   cmocka_unit_test(test_claims_race),
        cmocka_unit_test(test_claims_order), cmocka_unit_test(test_probability),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
