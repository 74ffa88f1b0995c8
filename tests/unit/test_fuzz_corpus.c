/* The corpus of a guided campaign, and what guides are called. */
#include "fuzz/corpus.h"
#include "fuzz/guide.h"

#include "cmocka_all.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define HORIZON 8u

/* An entry with one choice, whose amount is `number`, that showed these features. */
static uint32_t note(struct fm_corpus *corpus, uint32_t number, const uint64_t *hashes,
                     uint32_t count)
{
    static struct fm_features features;
    struct fm_choice choice = fm_choice_make(FM_CHOICE_TICK);
    choice.amount = number;
    struct fm_mutant schedule = {.choices = &choice, .count = 1, .faults = number};
    fm_features_clear(&features);
    for (uint32_t i = 0; i < count; i++) {
        fm_features_add(&features, hashes[i]);
    }
    return fm_corpus_note(corpus, &schedule, 100 + number, &features);
}

static uint32_t pick(struct fm_corpus *corpus, struct fm_random *random)
{
    struct fm_choice choices[HORIZON];
    struct fm_mutant schedule = {.choices = choices};
    uint64_t seed;
    assert_true(fm_corpus_pick(corpus, random, &schedule, &seed));
    assert_int_equal(schedule.count, 1);
    assert_int_equal(schedule.faults, choices[0].amount);
    assert_int_equal(seed, 100 + choices[0].amount);
    return choices[0].amount;
}

static void test_features(void **state)
{
    (void)state;
    static struct fm_features features;
    fm_features_clear(&features);
    for (uint64_t i = 0; i < 3 * FM_FEATURES_MAX; i++) {
        fm_features_add(&features, i % 1000);
    }
    assert_int_equal(features.count, 999); /* 0 and 1 are one */
    for (uint64_t i = 0; i < 3 * FM_FEATURES_MAX; i++) {
        fm_features_add(&features, i);
    }
    assert_int_equal(features.count, FM_FEATURES_MAX);
}

static void test_new(void **state)
{
    (void)state;
    struct fm_corpus *corpus = fm_corpus_new(HORIZON);
    struct fm_random random;
    struct fm_mutant none = {0};
    uint64_t seed;
    fm_random_seed(&random, 1);
    assert_false(fm_corpus_pick(corpus, &random, &none, &seed));
    assert_int_equal(note(corpus, 1, (uint64_t[]){5, 6}, 2), 2);
    assert_int_equal(note(corpus, 2, (uint64_t[]){6, 5}, 2), 0); /* becomes no entry */
    assert_int_equal(note(corpus, 3, (uint64_t[]){6, 7}, 2), 1);
    struct fm_corpus_counts counts = fm_corpus_count(corpus);
    assert_int_equal(counts.entries, 2);
    assert_int_equal(counts.features, 3);
    assert_false(counts.full);
    fm_corpus_free(corpus);
}

/* What stays rare is picked more often than what became common, but not for ever. */
static void test_energy(void **state)
{
    (void)state;
    struct fm_corpus *corpus = fm_corpus_new(HORIZON);
    struct fm_random random;
    fm_random_seed(&random, 2);
    for (uint32_t i = 1; i <= 20; i++) {
        (void)note(corpus, i, (uint64_t[]){i}, 1);
    }
    for (uint32_t i = 0; i < 10000; i++) { /* all but 13 occur again and again */
        (void)note(corpus, 0, (uint64_t[]){1 + i % 20 + (i % 20 == 12)}, 1);
    }
    assert_int_equal(fm_corpus_count(corpus).entries, 20);
    unsigned picked[21] = {0};
    for (unsigned i = 0; i < 1000; i++) {
        picked[pick(corpus, &random)]++;
    }
    for (unsigned i = 1; i <= 20; i++) {
        assert_true(i == 13 || picked[i] < picked[13] / 4);
    }
    for (unsigned i = 0; i < 100000 && picked[1] == 0; i++) {
        picked[pick(corpus, &random)]++;
    }
    assert_true(picked[1] > 0);
    fm_corpus_free(corpus);
}

/* A full corpus takes new entries, and loses others. */
static void test_full(void **state)
{
    (void)state;
    struct fm_corpus *corpus = fm_corpus_new(HORIZON);
    struct fm_random random;
    fm_random_seed(&random, 3);
    uint32_t before = 0, number = 0;
    do {
        before = fm_corpus_count(corpus).entries;
        (void)note(corpus, number, (uint64_t[]){number + 1}, 1);
        number++;
    } while (fm_corpus_count(corpus).entries > before);
    assert_int_equal(note(corpus, number, (uint64_t[]){number + 1}, 1), 1);
    assert_int_equal(fm_corpus_count(corpus).entries, before);
    bool last = false;
    for (unsigned i = 0; i < 100000 && !last; i++) {
        last = pick(corpus, &random) == number;
    }
    assert_true(last);
    fm_corpus_free(corpus);
}

/* A process that is killed at any time leaves a corpus that others go on with. */
static void test_killed(void **state)
{
    (void)state;
    struct fm_corpus *corpus = fm_corpus_new(HORIZON);
    for (uint32_t round = 0; round < 50; round++) {
        int ready[2];
        assert_int_equal(pipe(ready), 0);
        pid_t child = fork();
        if (child == 0) {
            struct fm_random random;
            fm_random_seed(&random, round);
            for (uint32_t i = 0;; i++) {
                uint64_t hash = (uint64_t)round * 1000000 + i;
                (void)note(corpus, i % 1000, &hash, 1);
                (void)pick(corpus, &random);
                if (i == 0 && write(ready[1], "", 1) != 1) {
                    _exit(1);
                }
            }
        }
        char byte;
        assert_int_equal(read(ready[0], &byte, 1), 1);
        (void)usleep(300 + 37 * round);
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, NULL, 0), child);
        struct fm_random random;
        fm_random_seed(&random, round);
        uint64_t features = fm_corpus_count(corpus).features;
        uint64_t hash = UINT64_MAX - round;
        assert_int_equal(note(corpus, 7, &hash, 1), 1);
        assert_true(fm_corpus_count(corpus).features == features + 1);
        for (unsigned i = 0; i < 100; i++) {
            struct fm_choice choices[HORIZON];
            struct fm_mutant schedule = {.choices = choices};
            uint64_t seed;
            assert_true(fm_corpus_pick(corpus, &random, &schedule, &seed));
            assert_int_equal(schedule.count, 1);
            assert_int_equal(choices[0].kind, FM_CHOICE_TICK);
        }
        (void)close(ready[0]);
        (void)close(ready[1]);
    }
    fm_corpus_free(corpus);
}

static void test_guides(void **state)
{
    (void)state;
    unsigned guides;
    struct fm_text text = {0};
    assert_null(fm_guide_parse("random", &guides));
    assert_int_equal(guides, 0);
    fm_guide_print(guides, &text);
    assert_string_equal(text.at, "random");
    fm_text_clear(&text);
    assert_null(fm_guide_parse("trace+model", &guides));
    assert_int_equal(guides, FM_GUIDE_MODEL | FM_GUIDE_TRACE);
    assert_true(fm_guide_needs_model(guides));
    fm_guide_print(guides, &text);
    assert_string_equal(text.at, "model+trace");
    assert_null(fm_guide_parse("trace", &guides));
    assert_false(fm_guide_needs_model(guides));
    static const char *const wrong[] = {
        "", "+", "model+", "+model", "mode", "models", "random+model", "model,trace", "Model"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_non_null(fm_guide_parse(wrong[i], &guides));
    }
    fm_text_deinit(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_features), cmocka_unit_test(test_new),
        cmocka_unit_test(test_energy),   cmocka_unit_test(test_full),
        cmocka_unit_test(test_killed),   cmocka_unit_test(test_guides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
