/* The search for lassos: what becomes of formulas, large inputs, threads, limits. Whether it is
 * right is the matter of test_lasso_random.c. */
#include "lasso_fixture.h"

#include <stdio.h>
#include <sys/resource.h>

#define PAIRS 26u

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

static enum fm_lasso_result search(const struct fm_graph *graph, const struct fm_goal *goal,
                                   struct fm_arena *arena, struct fm_lasso *lasso,
                                   struct fm_lasso_counts *counts)
{
    struct fm_lasso_options options = {.workers = 1};
    enum fm_lasso_result result = fm_lasso_search(graph, goal, &options, arena, lasso, counts);
    if (result == FM_LASSO_FOUND) {
        check_lasso(graph, goal, lasso);
    }
    return result;
}

static uint32_t letter(struct fm_graph *graph, uint64_t word)
{
    uint32_t number;
    assert_true(fm_graph_letter(graph, &word, &number));
    return number;
}

/* 0 -> 1 -> ... -> count-1 -> 0, each with its stuttering step; atom 0 is a step onward, atom 1 + i
 * holds in state i. */
static struct fm_graph *make_ring(uint32_t count)
{
    struct fm_graph *graph = fm_graph_new(count + 1);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t here = UINT64_C(2) << i;
        struct fm_graph_step steps[2] = {
            {.to = i, .letter = letter(graph, here)},
            {.to = (i + 1) % count, .letter = letter(graph, here | 1)}};
        assert_true(fm_graph_add(graph, steps, 2));
    }
    fm_graph_set_initial(graph, 1);
    return graph;
}

static void stuttering_is_preferred(void **unused)
{
    (void)unused;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    struct fm_graph *graph = make_ring(5);
    struct fm_lasso lasso;
    /* Nothing is asked: stuttering at once. */
    struct fm_goal nothing = {0};
    assert_int_equal(search(graph, &nothing, &arena, &lasso, NULL), FM_LASSO_FOUND);
    assert_int_equal(lasso.count, 1);
    assert_int_equal(lasso.cycle, 0);
    /* State 3 for ever: three steps, then stuttering. */
    const struct fm_temporal *three = make_two(&arena, FM_TEMPORAL_EVENTUALLY,
                                               make_atom(&arena, 4));
    struct fm_goal goal = {.conjuncts = &three, .conjunct_count = 1};
    assert_int_equal(search(graph, &goal, &arena, &lasso, NULL), FM_LASSO_FOUND);
    assert_int_equal(lasso.count, 4);
    assert_int_equal(lasso.cycle, 3);
    assert_int_equal(lasso.states[3], 3);
    /* Steps for ever: the whole ring, without stuttering. */
    const struct fm_temporal *steps = make_two(&arena, FM_TEMPORAL_ALWAYS, make_atom(&arena, 0));
    goal.conjuncts = &steps;
    assert_int_equal(search(graph, &goal, &arena, &lasso, NULL), FM_LASSO_FOUND);
    assert_int_equal(lasso.count, 5);
    assert_int_equal(lasso.cycle, 0);
    fm_graph_free(graph);
    fm_arena_deinit(&arena);
}

/* <>(p /\ []~q) */
static const struct fm_temporal *not_leads_to(struct fm_arena *arena, uint32_t p, uint32_t q)
{
    const struct fm_temporal *never = make(
        arena, FM_TEMPORAL_ALWAYS, make(arena, FM_TEMPORAL_NOT, make_atom(arena, q), NULL), NULL);
    return make(arena, FM_TEMPORAL_EVENTUALLY,
                make(arena, FM_TEMPORAL_AND, make_atom(arena, p), never), NULL);
}

/* Automata are as small as the essay says, and conditions cost no automaton. */
static void automata_are_small(void **unused)
{
    (void)unused;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    struct fm_graph *graph = make_ring(50);
    struct fm_lasso lasso;
    struct fm_lasso_counts counts;
    const struct fm_temporal *formula = not_leads_to(&arena, 3, 2);
    struct fm_goal goal = {.conjuncts = &formula, .conjunct_count = 1};
    assert_int_equal(search(graph, &goal, &arena, &lasso, &counts), FM_LASSO_FOUND);
    assert_int_equal(counts.automaton_states, 2);
    /* The negation of twenty of them: one waits, twenty are on their way. */
    for (uint32_t i = 2; i <= 20; i++) {
        formula = make(&arena, FM_TEMPORAL_OR, formula, not_leads_to(&arena, i + 2, i + 1));
    }
    assert_int_equal(search(graph, &goal, &arena, &lasso, &counts), FM_LASSO_FOUND);
    assert_int_equal(counts.automaton_states, 21);
    /* The negation of a conjunction of twenty strong fairness conditions, and twenty more. */
    const struct fm_temporal *all = make_strong(&arena, 1, 2);
    for (uint32_t i = 2; i <= 20; i++) {
        all = make(&arena, FM_TEMPORAL_AND, all, make_strong(&arena, i, i + 1));
    }
    const struct fm_temporal *both[2] = {make(&arena, FM_TEMPORAL_NOT, all, NULL),
                                         make_strong(&arena, 30, 31)};
    goal = (struct fm_goal){.conjuncts = both, .conjunct_count = 2};
    assert_int_equal(search(graph, &goal, &arena, &lasso, &counts), FM_LASSO_FOUND);
    assert_int_equal(counts.automaton_states, 0);
    fm_graph_free(graph);
    fm_arena_deinit(&arena);
}

/* Conditions inside of other operators move out: [](p => []<>q), <>[]<>p, []<>[]p, []<>(p /\ <>q).
 */
static void conditions_move_out(void **unused)
{
    (void)unused;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    struct fm_graph *graph = make_ring(4);
    struct fm_lasso lasso;
    struct fm_lasso_counts counts;
    const struct fm_temporal *p = make_atom(&arena, 1), *q = make_atom(&arena, 2);
    const struct fm_temporal *formulas[] = {
        make(&arena, FM_TEMPORAL_EVENTUALLY, make_two(&arena, FM_TEMPORAL_ALWAYS, p), NULL),
        make(&arena, FM_TEMPORAL_ALWAYS, make_two(&arena, FM_TEMPORAL_EVENTUALLY, p), NULL),
        make_two(&arena, FM_TEMPORAL_ALWAYS,
                 make(&arena, FM_TEMPORAL_AND, p, make(&arena, FM_TEMPORAL_EVENTUALLY, q, NULL))),
        make_two(&arena, FM_TEMPORAL_EVENTUALLY,
                 make(&arena, FM_TEMPORAL_OR, p, make(&arena, FM_TEMPORAL_ALWAYS, q, NULL))),
    };
    for (uint32_t i = 0; i < sizeof formulas / sizeof *formulas; i++) {
        struct fm_goal goal = {.conjuncts = &formulas[i], .conjunct_count = 1};
        assert_int_equal(search(graph, &goal, &arena, &lasso, &counts), FM_LASSO_FOUND);
        assert_int_equal(counts.automaton_states, 0);
    }
    fm_graph_free(graph);
    fm_arena_deinit(&arena);
}

/* 26 strong fairness conditions on 100,000 states. Action i is enabled in the states that 2^i
 * divides and no higher power, and taken where action i - 1 is enabled: they fall one by one, until
 * nothing is left; unless the last one is taken by its own states. */
static struct fm_graph *make_falling(uint32_t states, uint32_t saved)
{
    struct fm_random random;
    fm_random_seed(&random, 11);
    struct fm_graph *graph = fm_graph_new(2 * PAIRS);
    for (uint32_t s = 0; s < states; s++) {
        uint32_t i = s == 0 ? 0 : (uint32_t)__builtin_ctz(s);
        uint64_t word = UINT64_C(1) << (2 * i) | (i + 1 < PAIRS ? UINT64_C(8) << (2 * i) : 0);
        word |= i == saved ? UINT64_C(2) << (2 * i) : 0;
        struct fm_graph_step steps[6] = {{.to = s, .letter = letter(graph, word)}};
        for (uint32_t k = 1; k < 6; k++) {
            uint64_t to = k == 1 ? s / 2 : s + fm_random_below(&random, 100);
            to = to == 0 ? 1 : to < states ? to : states - 1;
            /* The way in takes all actions: otherwise letters alone would decide. */
            uint64_t all = UINT64_MAX / 3 << 1 & ((UINT64_C(1) << 2 * PAIRS) - 1);
            steps[k] = (struct fm_graph_step){.to = to,
                                              .letter = letter(graph, s == 0 ? all : word)};
        }
        assert_true(fm_graph_add(graph, steps, 6));
    }
    fm_graph_set_initial(graph, 1);
    return graph;
}

static void many_strong_fairness_conditions(void **unused)
{
    (void)unused;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    const struct fm_temporal *conjuncts[PAIRS];
    for (uint32_t i = 0; i < PAIRS; i++) {
        conjuncts[i] = make_strong(&arena, 2 * i, 2 * i + 1);
    }
    struct fm_goal goal = {.conjuncts = conjuncts, .conjunct_count = PAIRS};
    struct fm_lasso lasso;
    struct fm_lasso_counts counts;
    struct fm_graph *graph = make_falling(100000, PAIRS);
    assert_int_equal(search(graph, &goal, &arena, &lasso, &counts), FM_LASSO_NONE);
    assert_int_equal(counts.pairs, 2 * PAIRS);
    assert_int_equal(counts.automaton_states, 0);
    fm_graph_free(graph);
    graph = make_falling(100000, 14);
    assert_int_equal(search(graph, &goal, &arena, &lasso, &counts), FM_LASSO_FOUND);
    fm_graph_free(graph);
    fm_arena_deinit(&arena);
}

/* Islands of 16 states in a row of `count`, entered from the state before; an island has a lasso if
 * a multiple of `good` and not 0. */
static struct fm_graph *make_islands(uint32_t count, uint32_t good)
{
    struct fm_graph *graph = fm_graph_new(2);
    for (uint32_t s = 0; s < 16 * count; s++) {
        bool is_good = s / 16 > 0 && s / 16 % good == 0;
        uint64_t word = s % 16 == 7 ? 1 : s % 16 == 12 && is_good ? 2 : 0;
        struct fm_graph_step steps[4];
        uint32_t size = 0;
        steps[size++] = (struct fm_graph_step){.to = s, .letter = letter(graph, 0)};
        steps[size++] = (struct fm_graph_step){.to = s % 16 == 15 ? s - 15 : s + 1,
                                               .letter = letter(graph, word)};
        if (s % 16 == 15 && s + 1 < 16 * count) {
            steps[size++] = (struct fm_graph_step){.to = s + 1, .letter = letter(graph, 0)};
        }
        assert_true(fm_graph_add(graph, steps, size));
    }
    fm_graph_set_initial(graph, 1);
    return graph;
}

static void any_number_of_threads(void **unused)
{
    (void)unused;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    const struct fm_temporal *conjuncts[2] = {
        make_two(&arena, FM_TEMPORAL_ALWAYS, make_atom(&arena, 1)), make_strong(&arena, 0, 1)};
    struct fm_goal goal = {.conjuncts = conjuncts, .conjunct_count = 2};
    for (uint32_t good = 100; good <= 6000; good += 5900) {
        struct fm_graph *graph = make_islands(5000, good);
        for (uint32_t workers = 1; workers <= 8; workers *= 2) {
            struct fm_lasso_options options = {.workers = workers};
            struct fm_lasso lasso;
            enum fm_lasso_result result = fm_lasso_search(graph, &goal, &options, &arena, &lasso,
                                                          NULL);
            assert_int_equal(result, good < 5000 ? FM_LASSO_FOUND : FM_LASSO_NONE);
            if (result == FM_LASSO_FOUND) {
                check_lasso(graph, &goal, &lasso);
                assert_int_equal(lasso.states[lasso.count - 1] / 16, good);
                assert_int_equal(lasso.count - lasso.cycle, 16);
                assert_int_equal(lasso.count, 16 * good + 16);
            }
        }
        fm_graph_free(graph);
    }
    fm_arena_deinit(&arena);
}

/* A conjunction of eventualities needs a state for each subset: there is an end to that. */
static void large_formulas_are_refused(void **unused)
{
    (void)unused;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    struct fm_graph *graph = make_ring(40);
    const struct fm_temporal *conjuncts[30];
    for (uint32_t i = 0; i < 30; i++) {
        conjuncts[i] = make(&arena, FM_TEMPORAL_EVENTUALLY, make_atom(&arena, i + 1), NULL);
    }
    struct fm_goal goal = {.conjuncts = conjuncts, .conjunct_count = 8};
    struct fm_lasso lasso;
    struct fm_lasso_counts counts;
    assert_int_equal(search(graph, &goal, &arena, &lasso, &counts), FM_LASSO_FOUND);
    assert_int_equal(counts.automaton_states, 256);
    goal.conjunct_count = 30;
    assert_int_equal(search(graph, &goal, &arena, &lasso, NULL), FM_LASSO_LARGE);
    /* Steps and eventualities mixed below one []<>: multiplied out. */
    const struct fm_temporal *mixed = NULL;
    for (uint32_t i = 0; i < 20; i++) {
        const struct fm_temporal * or
            = make(&arena, FM_TEMPORAL_OR, make_atom(&arena, i + 1),
                   make(&arena, FM_TEMPORAL_ALWAYS, make_atom(&arena, i + 2), NULL));
        mixed = mixed == NULL ? or : make(&arena, FM_TEMPORAL_AND, mixed, or);
    }
    const struct fm_temporal *formula = make_two(&arena, FM_TEMPORAL_ALWAYS, mixed);
    goal = (struct fm_goal){.conjuncts = &formula, .conjunct_count = 1};
    assert_int_equal(search(graph, &goal, &arena, &lasso, NULL), FM_LASSO_LARGE);
    /* Nested too deep. */
    for (uint32_t i = 0; i < 3000; i++) {
        formula = make(&arena, FM_TEMPORAL_EVENTUALLY,
                       make(&arena, FM_TEMPORAL_AND, make_atom(&arena, i % 8), formula), NULL);
    }
    assert_int_equal(search(graph, &goal, &arena, &lasso, NULL), FM_LASSO_LARGE);
    fm_graph_free(graph);
    fm_arena_deinit(&arena);
}

static void interrupts_are_seen(void **unused)
{
    (void)unused;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    struct fm_graph *graph = make_falling(20000, PAIRS);
    const struct fm_temporal *conjuncts[2] = {make_strong(&arena, 0, 1),
                                              not_leads_to(&arena, 6, 7)};
    atomic_bool interrupt = true;
    struct fm_lasso_options options = {.workers = 1, .interrupt = &interrupt};
    for (uint32_t count = 1; count <= 2; count++) {
        struct fm_goal goal = {.conjuncts = conjuncts, .conjunct_count = count};
        struct fm_lasso lasso;
        assert_int_equal(fm_lasso_search(graph, &goal, &options, &arena, &lasso, NULL),
                         FM_LASSO_INTERRUPTED);
    }
    fm_graph_free(graph);
    fm_arena_deinit(&arena);
}

/* No initial state, a goal that is FALSE, an unreachable lasso. */
static void nothing_to_find(void **unused)
{
    (void)unused;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    struct fm_lasso lasso;
    struct fm_goal goal = {0};
    struct fm_graph *graph = fm_graph_new(1);
    assert_int_equal(search(graph, &goal, &arena, &lasso, NULL), FM_LASSO_NONE);
    struct fm_graph_step step = {.to = 0, .letter = letter(graph, 0)};
    assert_true(fm_graph_add(graph, &step, 1));
    step = (struct fm_graph_step){.to = 1, .letter = letter(graph, 1)};
    assert_true(fm_graph_add(graph, &step, 1));
    fm_graph_set_initial(graph, 1);
    const struct fm_temporal *formulas[] = {
        make_two(&arena, FM_TEMPORAL_ALWAYS, make_atom(&arena, 0)),
        make(&arena, FM_TEMPORAL_FALSE, NULL, NULL),
        make(&arena, FM_TEMPORAL_EVENTUALLY, make_atom(&arena, 0), NULL)};
    for (uint32_t i = 0; i < 3; i++) {
        goal = (struct fm_goal){.conjuncts = &formulas[i], .conjunct_count = 1};
        assert_int_equal(search(graph, &goal, &arena, &lasso, NULL), FM_LASSO_NONE);
    }
    fm_graph_free(graph);
    fm_arena_deinit(&arena);
}

#ifndef SANITIZED
/* The address space that is used, bytes. */
static uint64_t address_space(void)
{
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%llu", &pages), 1);
    (void)fclose(file);
    return pages * 4096;
}
#endif

/* A ring of a million states: the frames of a search that goes all around take 32 MB. */
static void memory_can_be_refused(void **unused)
{
    (void)unused;
#ifdef SANITIZED
    skip(); /* sanitizers have their own address space */
#else
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    uint32_t count = 1000000;
    struct fm_graph *graph = fm_graph_new(2);
    for (uint32_t i = 0; i < count; i++) {
        struct fm_graph_step steps[2] = {
            {.to = i, .letter = letter(graph, 0)},
            {.to = (i + 1) % count, .letter = letter(graph, i % 2 + 1)}};
        assert_true(fm_graph_add(graph, steps, 2));
    }
    fm_graph_set_initial(graph, 1);
    const struct fm_temporal *conjuncts[2] = {
        make_two(&arena, FM_TEMPORAL_ALWAYS, make_atom(&arena, 0)), make_strong(&arena, 0, 1)};
    struct fm_goal goal = {.conjuncts = conjuncts, .conjunct_count = 2};
    struct fm_lasso_options options = {.workers = 1};
    struct fm_lasso lasso;
    struct rlimit before, less;
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    for (uint64_t room = 1; room <= 64; room *= 2) {
        less = before;
        less.rlim_cur = address_space() + (room << 20);
        assert_int_equal(setrlimit(RLIMIT_AS, &less), 0);
        enum fm_lasso_result result = fm_lasso_search(graph, &goal, &options, &arena, &lasso, NULL);
        assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
        assert_true(result == FM_LASSO_MEMORY || (room > 32 && result == FM_LASSO_FOUND));
    }
    assert_int_equal(fm_lasso_search(graph, &goal, &options, &arena, &lasso, NULL), FM_LASSO_FOUND);
    assert_int_equal(lasso.count, count);
    fm_graph_free(graph);
    fm_arena_deinit(&arena);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stuttering_is_preferred),
        cmocka_unit_test(automata_are_small),
        cmocka_unit_test(conditions_move_out),
        cmocka_unit_test(many_strong_fairness_conditions),
        cmocka_unit_test(any_number_of_threads),
        cmocka_unit_test(large_formulas_are_refused),
        cmocka_unit_test(interrupts_are_seen),
        cmocka_unit_test(nothing_to_find),
        cmocka_unit_test(memory_can_be_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
