/* The fingerprint table: against a plain list, against what chance says, through
 * growth, and with threads. */
#include "base/arena.h"
#include "base/random.h"
#include "base/thread.h"
#include "native/exact.h"
#include "store/probability.h"
#include "store/table.h"

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Distinct digests from a number; `crowd` of them share their low 30 bits, and so their home. */
static struct fm_digest digest_of(uint64_t n, uint64_t crowd)
{
    struct fm_random random;
    fm_random_seed(&random, n / crowd);
    uint64_t low = fm_random_next(&random) & 0x3fffffff;
    fm_random_seed(&random, ~n);
    low |= fm_random_next(&random) << 30;
    return (struct fm_digest){low, fm_random_next(&random)};
}

/* Inserts, growing when there is no room near the place. */
static enum fm_table_result insert(struct fm_table *table, struct fm_digest digest)
{
    enum fm_table_result result;
    while ((result = fm_table_insert(table, digest)) == FM_TABLE_FULL) {
        assert_true(fm_table_grow(table));
    }
    if (result == FM_TABLE_NEW) {
        fm_table_add_count(table, 1);
    }
    return result;
}

static void insert_finds_each_once(uint64_t count, uint64_t crowd)
{
    struct fm_table *table = fm_table_new(NULL);
    assert_non_null(table);
    for (uint64_t i = 0; i < count; i++) {
        struct fm_digest digest = digest_of(i, crowd);
        assert_true(fm_table_reserve(table, 1));
        assert_false(fm_table_contains(table, digest));
        assert_int_equal(insert(table, digest), FM_TABLE_NEW);
        assert_int_equal(insert(table, digest), FM_TABLE_SEEN);
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

static void test_crowded_homes(void **state)
{
    (void)state;
    insert_finds_each_once(60000, 40);
}

/* The same as one by one: with repeated ones, some not wanted, a table that fills up in between,
 * and homes that are full; whatever the processor's vectors are. */
static void insert_many_as_one(uint64_t crowd, bool narrow)
{
    const struct fm_table_options options = {.slots_log2 = FM_TABLE_SLOTS_LOG2_MIN,
                                             .narrow = narrow};
    struct fm_table *many = fm_table_new(&options), *one = fm_table_new(&options);
    struct fm_random random;
    fm_random_seed(&random, crowd);
    for (uint64_t n = 0; n < 40000;) {
        struct fm_digest digests[FM_TABLE_MANY_MAX];
        uint8_t wanted[FM_TABLE_MANY_MAX];
        uint32_t count = 1 + (uint32_t)fm_random_below(&random, FM_TABLE_MANY_MAX);
        const bool all = count % 3 == 0;
        for (uint32_t i = 0; i < count; i++) {
            n += fm_random_below(&random, 3) == 0;
            digests[i] = digest_of(n - fm_random_below(&random, n < 300 ? n + 1 : 300), crowd);
            wanted[i] = fm_random_below(&random, 4) != 0;
        }
        struct fm_table_many all_of = {digests, all ? NULL : wanted, count, {0}};
        uint32_t at = 0;
        while ((at = fm_table_insert_many(many, &all_of, at)) < count) {
            assert_true(fm_table_grow(many));
        }
        for (uint32_t i = 0; i < count; i++) {
            bool is_fresh = (all || wanted[i] != 0) && insert(one, digests[i]) == FM_TABLE_NEW;
            assert_int_equal(all_of.fresh[i / 64] >> (i % 64) & 1, is_fresh);
            fm_table_add_count(many, is_fresh);
        }
    }
    assert_int_equal(fm_table_survey(many).entries, fm_table_count(one));
    fm_table_free(many);
    fm_table_free(one);
}

static void test_insert_many(void **state)
{
    (void)state;
    for (uint64_t crowd = 1; crowd <= 40; crowd += 13) {
        insert_many_as_one(crowd, false);
        insert_many_as_one(crowd, true);
    }
}

/* At the load limit hardly anything has gone far from home, and nothing had no place. */
static void test_load_limit(void **state)
{
    (void)state;
    struct fm_table_options options = {.slots_log2 = 18};
    struct fm_table *table = fm_table_new(&options);
    assert_non_null(table);
    uint64_t count = fm_table_limit(table);
    for (uint64_t i = 0; i < count; i++) {
        assert_int_equal(fm_table_insert(table, digest_of(i, 1)), FM_TABLE_NEW);
        fm_table_add_count(table, 1);
    }
    assert_true((double)fm_table_bytes(table) / (double)count <= 12.0);
    /* 18 + 58 bits of each, or more. */
    assert_true(fm_table_losses(table) <= fm_probability_collision(count, 18 + 58));
    /* Homes are Poisson distributed: 4% of the entries and what these displace are elsewhere. */
    struct fm_table_survey survey = fm_table_survey(table);
    assert_int_equal(survey.entries, count);
    assert_true((double)survey.home > 0.9 * (double)count);
    assert_true((double)survey.home < 0.97 * (double)count);
    assert_true(survey.lines_mean > 1.0 && survey.lines_mean < 1.2);
    assert_true(survey.lines_max > 2 && survey.lines_max <= 32);
    fm_table_free(table);
}

/* Keys of up to 17 bits, all there are, and strangers with bit 17 set. */
#define KEY_BITS 17u

static void test_exact_table(void **state)
{
    (void)state;
    /* A remainder of 13 bits beside the home makes strangers collide; keys, which the table keeps
     * whole, must not, however often it is doubled. */
    struct fm_table_options options = {
        .slots_log2 = 8, .exact_bits = KEY_BITS, .remainder_max = 13};
    struct fm_table *table = fm_table_new(&options);
    assert_non_null(table);
    for (uint64_t i = 0; i < (uint64_t)1 << KEY_BITS; i++) {
        const uint64_t words[2] = {i, 0};
        struct fm_digest key = fm_exact_key(words, KEY_BITS);
        assert_true(fm_table_reserve(table, 1));
        assert_int_equal(insert(table, key), FM_TABLE_NEW);
    }
    assert_true(fm_table_losses(table) == 0);
    double lost = 0;
    for (uint64_t i = 0; i < 200000; i++) {
        struct fm_digest stranger = fm_exact_stranger(digest_of(i, 1), KEY_BITS);
        assert_true(fm_table_reserve(table, 1));
        lost += insert(table, stranger) == FM_TABLE_SEEN;
    }
    double bound = fm_table_losses(table);
    assert_true(bound > 50);
    double deviation = 5 * sqrt(bound);
    if (lost > bound + deviation || lost < bound - deviation) {
        fail_msg("%.0f strangers lost, %.1f expected", lost, bound);
    }
    fm_table_free(table);
}

/* What the table keeps of entries that come while it is small. */
static void test_exact_size(void **state)
{
    (void)state;
    static const uint32_t bits[] = {1, 12, 48, 58, 59, 61, 62, 64, 65, 70};
    struct fm_table *plain = fm_table_new(NULL);
    assert_non_null(plain);
    uint32_t least = fm_table_slots_log2(plain);
    fm_table_free(plain);
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
        struct fm_table_options options = {.exact_bits = bits[i]};
        struct fm_table *table = fm_table_new(&options);
        assert_non_null(table);
        assert_true(fm_table_slots_log2(table) + 51 >= bits[i] + 1);
        assert_true(fm_table_slots_log2(table) == least ||
                    fm_table_slots_log2(table) + 51 == bits[i] + 1);
        uint64_t count = bits[i] < 17 ? (uint64_t)1 << bits[i] : 100000;
        for (uint64_t n = 0; n < count; n++) {
            /* Neighbours, which differ in a bit at either end. */
            uint64_t high = bits[i] > 64 ? n & (((uint64_t)1 << (bits[i] - 64)) - 1) : 0;
            const uint64_t words[2] = {bits[i] < 64 ? n : n ^ n << 63, high};
            assert_true(fm_table_reserve(table, 1));
            assert_int_equal(fm_table_insert(table, fm_exact_key(words, bits[i])), FM_TABLE_NEW);
            fm_table_add_count(table, 1);
        }
        assert_true(fm_table_losses(table) == 0);
        fm_table_free(table);
    }
}

/* Every key is below its bits, and no two are the same. */
static void test_exact_keys(void **state)
{
    (void)state;
    for (uint32_t bits = 1; bits <= 16; bits++) {
        bool *seen = fm_memory_calloc((size_t)1 << bits, sizeof *seen);
        for (uint64_t i = 0; i < (uint64_t)1 << bits; i++) {
            const uint64_t words[2] = {i, 0};
            struct fm_digest key = fm_exact_key(words, bits);
            assert_true(key.high == 0 && key.low < (uint64_t)1 << bits);
            assert_false(seen[key.low]);
            seen[key.low] = true;
        }
        fm_memory_free(seen);
    }
    const uint64_t full[2] = {UINT64_MAX, 31};
    assert_true(fm_exact_key(full, 69).high < 32);
    assert_int_equal(fm_exact_stranger((struct fm_digest){0, 0}, 69).high, 32);
    assert_int_equal(fm_exact_stranger((struct fm_digest){0, 0}, 64).high, 1);
    assert_int_equal(fm_exact_stranger((struct fm_digest){0, 0}, 63).low, (uint64_t)1 << 63);
}

static void test_sizes(void **state)
{
    (void)state;
    assert_int_equal(fm_table_slots_log2_for(0), FM_TABLE_SLOTS_LOG2_MIN);
    assert_int_equal(fm_table_slots_log2_for(1 << 20), 17);
    assert_int_equal(fm_table_slots_log2_for((1 << 20) - 1), 16);
    assert_int_equal(fm_table_slots_log2_for((2 << 20) - 1), 17);
}

/* Digests whose words are 0 or all ones are as good as others. */
static void test_extreme_words(void **state)
{
    (void)state;
    static const uint64_t words[] = {0, 1, 7, UINT64_MAX - 1, UINT64_MAX};
    enum { COUNT = 5 };
    struct fm_table *table = fm_table_new(NULL);
    assert_non_null(table);
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_int_equal(insert(table, (struct fm_digest){words[i], words[i]}), FM_TABLE_NEW);
        assert_int_equal(insert(table, (struct fm_digest){words[i], words[i]}), FM_TABLE_SEEN);
    }
    for (int round = 0; round < 8; round++) {
        assert_true(fm_table_grow(table));
        for (uint32_t i = 0; i < COUNT; i++) {
            assert_true(fm_table_contains(table, (struct fm_digest){words[i], words[i]}));
            assert_false(fm_table_contains(table, (struct fm_digest){words[i] ^ 256, words[i]}));
        }
    }
    fm_table_free(table);
}

static void test_growth_in_shares(void **state)
{
    (void)state;
    for (uint32_t shares = 1; shares <= 7; shares += 3) {
        struct fm_table *table = fm_table_new(NULL);
        assert_non_null(table);
        uint64_t count = 0;
        for (int round = 0; round < 6; round++) {
            while (fm_table_count(table) < fm_table_limit(table)) {
                assert_int_equal(insert(table, digest_of(count++, 3)), FM_TABLE_NEW);
            }
            assert_true(fm_table_grow_begin(table, shares));
            for (uint32_t i = shares; i > 0; i--) {
                fm_table_grow_share(table, i - 1);
            }
            fm_table_grow_end(table, count);
            for (uint64_t i = 0; i < count; i++) {
                assert_true(fm_table_contains(table, digest_of(i, 3)));
            }
        }
        fm_table_free(table);
    }
}

/* A table that keeps few bits loses about as many states as its bound says: never many more, for it
 * is a bound, nor many fewer, for it is a tight one. */
static void test_losses_against_brute_force(void **state)
{
    (void)state;
    static const struct {
        uint32_t slots_log2, remainder_max;
        uint64_t count;
    } cases[] = {
        {16, 12, 45000}, /* presized, nearly full */
        {16, 12, 20000}, /* presized, half empty */
        {12, 16, 45000}, /* grown four times */
        {8, 20, 180000}, /* grown ten times */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fm_table_options options = {.slots_log2 = cases[i].slots_log2,
                                           .remainder_max = cases[i].remainder_max};
        double bound = 0;
        double lost = 0;
        for (uint64_t run = 0; run < 24; run++) {
            struct fm_table *table = fm_table_new(&options);
            assert_non_null(table);
            for (uint64_t n = 0; n < cases[i].count; n++) {
                assert_true(fm_table_reserve(table, 1));
                lost += insert(table, digest_of(run << 40 | n, 1)) == FM_TABLE_SEEN;
            }
            bound += fm_table_losses(table);
            fm_table_free(table);
        }
        /* Five standard deviations of a Poisson count. */
        double deviation = 5 * sqrt(bound);
        assert_true(bound > 100);
        if (lost > bound + deviation || lost < bound - deviation) {
            fail_msg("case %zu: %.0f states lost, %.1f expected", i, lost, bound);
        }
    }
}

enum { RACERS = 4, RACE_COUNT = 102400 };

struct race {
    struct fm_table *table;
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

static void start_race(void (*run)(void *closure), struct race *races)
{
    struct fm_thread *threads[RACERS];
    for (uint32_t i = 0; i < RACERS; i++) {
        threads[i] = fm_thread_start(run, &races[i], (size_t)1 << 20);
        assert_non_null(threads[i]);
    }
    for (uint32_t i = 0; i < RACERS; i++) {
        fm_thread_join(threads[i]);
    }
}

static void init_races(struct race *races, struct fm_table *table)
{
    static const uint64_t strides[RACERS] = {1, 3, 7, RACE_COUNT - 1};
    for (uint32_t i = 0; i < RACERS; i++) {
        races[i] = (struct race){.table = table, .stride = strides[i], .first = i * 17};
    }
}

static void test_table_race(void **state)
{
    (void)state;
    struct fm_table *table = fm_table_new(NULL);
    assert_non_null(table);
    assert_true(fm_table_reserve(table, RACE_COUNT));
    struct race races[RACERS];
    init_races(races, table);
    start_race(race_table, races);
    uint64_t won = 0;
    for (uint32_t i = 0; i < RACERS; i++) {
        won += races[i].won;
    }
    assert_int_equal(won, RACE_COUNT);
    fm_table_free(table);
}

/* One thread inserts batches while others sift, as in a search: what a reader sees stays seen, and
 * what was inserted before it began is seen. */
struct sifting {
    struct fm_table *table;
    _Atomic uint64_t inserted; /* digests below this number are in the table */
    uint64_t looked;
};

static void fill_batch(struct fm_digest *batch, uint64_t first)
{
    for (uint32_t i = 0; i < FM_TABLE_MANY_MAX; i++) {
        batch[i] = digest_of(first + i, 2);
    }
}

static void insert_beside(void *closure)
{
    struct sifting *sifting = closure;
    struct fm_digest batch[FM_TABLE_MANY_MAX];
    for (uint64_t n = 0; n < RACE_COUNT; n += FM_TABLE_MANY_MAX) {
        fill_batch(batch, n);
        struct fm_table_many many = {.digests = batch, .count = FM_TABLE_MANY_MAX};
        assert_int_equal(fm_table_insert_many(sifting->table, &many, 0), FM_TABLE_MANY_MAX);
        for (uint32_t i = 0; i < FM_TABLE_MANY_WORDS; i++) {
            assert_true(many.fresh[i] == UINT64_MAX);
        }
        atomic_store(&sifting->inserted, n + FM_TABLE_MANY_MAX);
    }
}

static void sift_beside(struct sifting *sifting)
{
    struct fm_random random;
    fm_random_seed(&random, 7);
    struct fm_digest batch[FM_TABLE_MANY_MAX];
    uint64_t inserted;
    do {
        inserted = atomic_load(&sifting->inserted);
        uint64_t first = fm_random_next(&random) % (RACE_COUNT + FM_TABLE_MANY_MAX);
        uint64_t rest[FM_TABLE_MANY_WORDS], again[FM_TABLE_MANY_WORDS];
        fill_batch(batch, first);
        fm_table_sift(sifting->table, batch, NULL, FM_TABLE_MANY_MAX, rest);
        fm_table_sift(sifting->table, batch, NULL, FM_TABLE_MANY_MAX, again);
        for (uint32_t i = 0; i < FM_TABLE_MANY_MAX; i++) {
            bool left = (rest[i / 64] >> (i % 64) & 1) != 0;
            bool still = (again[i / 64] >> (i % 64) & 1) != 0;
            assert_true(left || !still);
            assert_true(!left || first + i >= inserted);
            sifting->looked++;
        }
    } while (inserted < RACE_COUNT);
}

static void test_sift_beside_insertion(void **state)
{
    (void)state;
    struct fm_table *table = fm_table_new(NULL);
    assert_non_null(table);
    assert_true(fm_table_reserve(table, 2 * RACE_COUNT));
    struct sifting shared = {.table = table};
    struct fm_thread *thread = fm_thread_start(insert_beside, &shared, (size_t)1 << 20);
    assert_non_null(thread);
    sift_beside(&shared);
    fm_thread_join(thread);
    assert_true(shared.looked > 0);
    /* Only what is wanted, and what is not there. */
    const struct fm_digest digests[] = {digest_of(1, 2), digest_of(RACE_COUNT * 2, 2),
                                        digest_of(RACE_COUNT * 2 + 1, 2)};
    const uint8_t wanted[] = {1, 0, 1};
    uint64_t rest[FM_TABLE_MANY_WORDS];
    fm_table_sift(table, digests, wanted, 3, rest);
    assert_true(rest[0] == 4 && rest[1] == 0);
    fm_table_free(table);
}

/* Sifting agrees with insertion about every digest, wherever it stands. */
static void test_sift_crowded(void **state)
{
    (void)state;
    const struct fm_table_options cases[] = {{.slots_log2 = 12},
                                             {.slots_log2 = 12, .narrow = true}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct fm_table *table = fm_table_new(&cases[c]);
        assert_non_null(table);
        for (uint64_t n = 0; n < 2400; n++) {
            assert_int_equal(insert(table, digest_of(n, 12)), FM_TABLE_NEW);
        }
        for (uint64_t n = 0; n < 4800; n += 48) {
            struct fm_digest batch[48];
            for (uint32_t i = 0; i < 48; i++) {
                batch[i] = digest_of(n + i, 12);
            }
            uint64_t rest[FM_TABLE_MANY_WORDS];
            fm_table_sift(table, batch, NULL, 48, rest);
            assert_true(rest[0] == (n < 2400 ? 0 : ((uint64_t)1 << 48) - 1) && rest[1] == 0);
        }
        assert_true(fm_table_survey(table).lines_max > 1);
        fm_table_free(table);
    }
}

static void test_probability(void **state)
{
    (void)state;
    assert_true(fm_probability_collision(1, 80) == 0.0);
    double billion = fm_probability_collision(1000000000, 88);
    assert_true(billion > 1.61e-9 && billion < 1.62e-9);
    assert_true(fm_probability_collision(1000000000, 8) == 1.0);
    /* A weight that rises evenly from nothing: the birthday bound. */
    double losses = fm_probability_losses(1000, 0, fm_probability_weight(1000, 20));
    assert_true(losses > 0.476 && losses < 0.478);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_insert),
        cmocka_unit_test(test_crowded_homes),
        cmocka_unit_test(test_insert_many),
        cmocka_unit_test(test_load_limit),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_exact_table),
        cmocka_unit_test(test_exact_size),
        cmocka_unit_test(test_exact_keys),
        cmocka_unit_test(test_extreme_words),
        cmocka_unit_test(test_growth_in_shares),
        cmocka_unit_test(test_losses_against_brute_force),
        cmocka_unit_test(test_table_race),
        cmocka_unit_test(test_sift_beside_insertion),
        cmocka_unit_test(test_sift_crowded),
        cmocka_unit_test(test_probability),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
