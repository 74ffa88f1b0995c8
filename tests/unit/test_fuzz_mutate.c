/* Mutants are schedules: whatever is done to them, their choices are valid. */
#include "fathom/sut.h"
#include "fuzz/mutate.h"

#include "cmocka_all.h"

#include <string.h>

#define COUNT_MAX 60u

static const struct fm_mutate_limits worlds[] = {
    {.nodes = 1, .customs = 0, .faults = 0, .count_max = COUNT_MAX},
    {.nodes = 3, .customs = 2, .faults = FATHOM_REORDER | FATHOM_CRASH, .count_max = COUNT_MAX},
    {.nodes = 5, .customs = 1, .faults = UINT64_MAX, .count_max = COUNT_MAX},
    {.nodes = 2, .customs = 0, .faults = FATHOM_DROP | FATHOM_PARTITION, .count_max = 1},
};
enum { WORLD_COUNT = sizeof worlds / sizeof *worlds };

/* Random choices: what a mutant starts with. */
static void fill(struct fm_mutant *mutant, const struct fm_mutate_limits *limits,
                 struct fm_random *random)
{
    mutant->faults = limits->faults;
    mutant->count = 1 + (uint32_t)fm_random_below(random, limits->count_max);
    for (uint32_t i = 0; i < mutant->count; i++) {
        enum fm_choice_kind kind;
        do {
            kind = (enum fm_choice_kind)fm_random_below(random, FM_CHOICE_COUNT);
        } while (!fm_mutate_has(kind, limits, UINT64_MAX));
        mutant->choices[i] = fm_mutate_choice(kind, limits, random);
    }
}

static void assert_valid(const struct fm_mutant *mutant, const struct fm_mutate_limits *limits)
{
    assert_true(mutant->count <= limits->count_max);
    assert_int_equal(mutant->faults & ~limits->faults, 0);
    for (uint32_t i = 0; i < mutant->count; i++) {
        assert_true(fm_mutate_is_valid(&mutant->choices[i], limits));
        /* It is a line of a finding, too. */
        struct fm_text line = {0};
        struct fm_choice read;
        fm_choice_print(&mutant->choices[i], &line);
        assert_null(fm_choice_parse(line.at, &read));
        assert_memory_equal(&read, &mutant->choices[i], sizeof read);
        fm_text_deinit(&line);
    }
}

static void test_valid(void **state)
{
    (void)state;
    struct fm_random random;
    struct fm_choice choices[COUNT_MAX + 1], others[COUNT_MAX];
    struct fm_choice guard = fm_choice_make(FM_CHOICE_HEAL);
    fm_random_seed(&random, 3);
    for (unsigned round = 0; round < 4000; round++) {
        const struct fm_mutate_limits *limits = &worlds[round % WORLD_COUNT];
        struct fm_mutant mutant = {.choices = choices}, other = {.choices = others};
        fill(&mutant, limits, &random);
        fill(&other, limits, &random);
        choices[limits->count_max] = guard;
        for (unsigned mutator = 0; mutator < FM_MUTATOR_COUNT; mutator++) {
            fm_mutate(&mutant, (enum fm_mutator)mutator, round % 3 == 0 ? NULL : &other, limits,
                      &random);
            assert_valid(&mutant, limits);
            assert_memory_equal(&choices[limits->count_max], &guard, sizeof guard);
        }
    }
}

/* What a choice may not have. */
static void test_invalid(void **state)
{
    (void)state;
    const struct fm_mutate_limits *limits = &worlds[1];
    struct fm_choice choice = fm_choice_make(FM_CHOICE_DELIVER);
    choice.node = 1;
    assert_false(fm_mutate_is_valid(&choice, limits)); /* no receiver */
    choice.peer = 4;
    assert_false(fm_mutate_is_valid(&choice, limits));
    choice.peer = 2;
    assert_true(fm_mutate_is_valid(&choice, limits));
    choice.kept = 1;
    assert_false(fm_mutate_is_valid(&choice, limits));
    choice = fm_choice_make(FM_CHOICE_DROP); /* a fault that may not occur */
    choice.node = 1;
    choice.peer = 2;
    assert_false(fm_mutate_is_valid(&choice, limits));
    choice = fm_choice_make(FM_CHOICE_CUSTOM);
    choice.node = 1;
    choice.position = 2; /* there are two */
    assert_false(fm_mutate_is_valid(&choice, limits));
    choice = fm_choice_make(FM_CHOICE_HEAL);
    choice.cut = 1; /* runs no code */
    assert_false(fm_mutate_is_valid(&choice, limits));
    choice.cut = FM_CHOICE_WHOLE;
    assert_true(fm_mutate_is_valid(&choice, limits));
    choice.kind = FM_CHOICE_COUNT;
    assert_false(fm_mutate_is_valid(&choice, limits));
}

/* Schedules of numbered ticks show what a mutator does to their order. */
static struct fm_mutant number_ticks(struct fm_choice *choices, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        choices[i] = fm_choice_make(FM_CHOICE_TICK);
        choices[i].amount = i;
    }
    return (struct fm_mutant){.choices = choices, .count = count};
}

/* How many of the amounts 0 .. 19 are there. */
static unsigned count_different(const struct fm_mutant *mutant)
{
    uint64_t seen = 0;
    for (uint32_t i = 0; i < mutant->count; i++) {
        seen |= UINT64_C(1) << mutant->choices[i].amount;
    }
    return (unsigned)__builtin_popcountll(seen);
}

static void test_effects(void **state)
{
    (void)state;
    struct fm_choice choices[COUNT_MAX], before[COUNT_MAX];
    struct fm_random random;
    (void)number_ticks(before, 20);
    fm_random_seed(&random, 9);
    for (unsigned round = 0; round < 500; round++) {
        struct fm_mutant mutant = number_ticks(choices, 20);
        fm_mutate(&mutant, FM_MUTATE_SWAP, NULL, &worlds[1], &random);
        assert_int_equal(mutant.count, 20);
        assert_int_equal(count_different(&mutant), 20);
        unsigned moved = 0;
        for (uint32_t i = 0; i < 20; i++) {
            moved += memcmp(&choices[i], &before[i], sizeof choices[i]) != 0;
        }
        assert_int_equal(moved, 2);

        mutant = number_ticks(choices, 20);
        fm_mutate(&mutant, FM_MUTATE_SPLICE, NULL, &worlds[1], &random);
        assert_int_equal(mutant.count, 20);
        assert_int_equal(count_different(&mutant), 20);

        mutant = number_ticks(choices, 20);
        fm_mutate(&mutant, FM_MUTATE_DELETE, NULL, &worlds[1], &random);
        assert_in_range(mutant.count, 1, 19);
        assert_int_equal(count_different(&mutant), mutant.count);

        mutant = number_ticks(choices, 20);
        fm_mutate(&mutant, FM_MUTATE_REPEAT, NULL, &worlds[1], &random);
        assert_in_range(mutant.count, 21, 40);
        assert_int_equal(count_different(&mutant), 20);

        mutant = number_ticks(choices, 20);
        choices[7] = fm_choice_make(FM_CHOICE_START);
        choices[7].node = 2;
        fm_mutate(&mutant, FM_MUTATE_SHIFT, NULL, &worlds[1], &random);
        uint32_t at = 0;
        while (choices[at].kind != FM_CHOICE_START) {
            at++;
        }
        for (uint32_t i = 0, amount = 0; i < 20; i++, amount++) {
            amount += amount == 7;
            if (i == at) {
                amount--;
            } else {
                assert_int_equal(choices[i].amount, amount);
            }
        }
    }
}

/* A fault comes with a choice of it, and goes alone. */
static void test_faults(void **state)
{
    (void)state;
    struct fm_choice choices[COUNT_MAX];
    const struct fm_mutate_limits limits = {
        .nodes = 3, .faults = FATHOM_CRASH, .count_max = COUNT_MAX};
    struct fm_random random;
    fm_random_seed(&random, 4);
    struct fm_mutant mutant = number_ticks(choices, 20);
    fm_mutate(&mutant, FM_MUTATE_FAULTS, NULL, &limits, &random);
    assert_int_equal(mutant.faults, FATHOM_CRASH);
    assert_int_equal(mutant.count, 21);
    fm_mutate(&mutant, FM_MUTATE_FAULTS, NULL, &limits, &random);
    assert_int_equal(mutant.faults, 0);
    assert_int_equal(mutant.count, 21);
}

/* The same numbers make the same mutant. */
static void test_same(void **state)
{
    (void)state;
    struct fm_choice one[COUNT_MAX], other[COUNT_MAX];
    struct fm_mutant mutants[2] = {{.choices = one}, {.choices = other}};
    for (unsigned i = 0; i < 2; i++) {
        struct fm_random random;
        fm_random_seed(&random, 77);
        fill(&mutants[i], &worlds[2], &random);
        for (unsigned round = 0; round < 100; round++) {
            fm_mutate(&mutants[i], fm_mutate_draw(&random), NULL, &worlds[2], &random);
        }
    }
    assert_int_equal(mutants[0].count, mutants[1].count);
    assert_memory_equal(one, other, mutants[0].count * sizeof *one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid),   cmocka_unit_test(test_invalid),
        cmocka_unit_test(test_effects), cmocka_unit_test(test_faults),
        cmocka_unit_test(test_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
