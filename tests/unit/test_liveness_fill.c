/* The graph of a search, and the index and kept states below it, against their definitions.
 *
 * Small specifications are searched with one worker and with three. Then there must be a step from
 * state i to state j just where Next is true of the two, or i is j, and each atom must be in the
 * step's letter just where the interpreter finds it true of the step. So what the filling knows
 * without evaluating (what cannot be where an action is not enabled, what stuttering cannot be) is
 * held against evaluation. Runs that end early must say how, and where first.
 *
 * Searches run on a thread of their own, from which no test may be left: what differs is written
 * down, and asserted afterwards. */
#include "explore/check.h"
#include "liveness/fill.h"
#include "liveness/index.h"

#include "eval_fixture.h"

#define STATES_MAX 1000u

struct filling {
    struct eval_fixture eval;
    struct fm_check_options options;
    bool is_bounded;
    uint64_t memory_max;
    const atomic_bool *interrupt;
    void (*look)(struct filling *filling); /* at what was filled */

    struct fm_arena arena;
    struct fm_temporals temporals;
    struct fm_checker *checker;
    struct fm_engine *engine;
    struct fm_graph *graph;
    struct fm_fill fill;
    enum fm_fill_end end;
    bool has_filled;
    struct fm_text differences;
};

static enum fm_check_end fill(void *closure, struct fm_checker *checker, enum fm_check_end end)
{
    struct filling *filling = closure;
    filling->has_filled = true;
    filling->fill = (struct fm_fill){.checker = checker,
                                     .temporals = &filling->temporals,
                                     .interrupt = filling->interrupt,
                                     .memory_max = filling->memory_max,
                                     .is_bounded = filling->is_bounded};
    filling->graph = fm_graph_new(filling->temporals.atom_count);
    filling->end = fm_fill_graph(&filling->fill, filling->graph);
    if (filling->look != NULL) {
        filling->engine = filling->eval.model->ops->open(filling->eval.model);
        filling->look(filling);
        filling->eval.model->ops->close(filling->engine);
    }
    return end;
}

static void search(void *closure)
{
    struct filling *filling = closure;
    if (fm_temporals_init(&filling->temporals, filling->eval.loaded.program, filling->eval.model,
                          &filling->arena)) {
        (void)fm_check_run(filling->checker, filling->eval.model);
    }
}

static void run(struct filling *filling, const char *body, const char *config, uint32_t workers)
{
    fm_arena_init(&filling->arena, "formulas");
    eval_open(&filling->eval, body, config);
    filling->options.workers = workers;
    filling->options.keep_encodings = true;
    filling->options.then = fill;
    filling->options.then_closure = filling;
    if (filling->options.depth_max == 0) {
        filling->options.depth_max = -1;
    }
    filling->checker = fm_checker_new(&filling->options);
    filling->eval.model->run = fm_checker_hooks(filling->checker);
    assert_int_equal(fm_thread_call(search, filling), 0);
    assert_string_equal(fixture_codes(&filling->eval.loaded), "");
    assert_true(filling->has_filled);
    assert_string_equal(fm_text_string(&filling->differences), "");
}

static void finish(struct filling *filling)
{
    fm_graph_free(filling->graph);
    filling->eval.model->run = &filling->eval.run;
    fm_checker_free(filling->checker);
    eval_close(&filling->eval);
    fm_text_deinit(&filling->differences);
    fm_arena_deinit(&filling->arena);
}

/* --- the definition --- */

/* All states of the search, inside the filling's engine. */
static uint64_t decode_all(struct filling *filling, struct fm_state **states)
{
    struct fm_kept_reader reader;
    uint64_t count = fm_kept_count(filling->checker);
    fm_kept_begin(filling->checker, 0, &reader);
    for (uint64_t i = 0; i < count && i < STATES_MAX; i++) {
        states[i] = filling->eval.model->ops->decode(filling->engine, fm_kept_next(&reader));
    }
    if (count == 0 || count > STATES_MAX) {
        fm_text_puts(&filling->differences, "not as many states as expected\n");
        return 0;
    }
    return count;
}

/* The letter that the graph has for the step, or NULL. */
static const uint64_t *find_step(const struct fm_graph *graph, uint64_t from, uint64_t to)
{
    struct fm_graph_cursor cursor;
    struct fm_graph_step step;
    fm_graph_begin(graph, from, &cursor);
    while (fm_graph_next(&cursor, &step)) {
        if (step.to == to) {
            return fm_graph_letter_words_of(graph, step.letter);
        }
    }
    return NULL;
}

static bool holds(struct filling *filling, const struct fm_formula *formula, struct fm_state *s,
                  struct fm_state *t)
{
    return filling->eval.model->ops->holds(filling->engine, formula, s, t) == FM_VERDICT_TRUE;
}

static void compare_letter(struct filling *filling, struct fm_state *const *states, uint64_t i,
                           uint64_t j, const uint64_t *words)
{
    for (uint32_t k = 0; k < filling->temporals.atom_count; k++) {
        const struct fm_atom *atom = &filling->temporals.atoms[k];
        struct fm_state *t = atom->is_step ? states[j] : NULL;
        bool expected = holds(filling, &atom->formula, states[i], t);
        if ((words[k / 64] >> (k % 64) & 1) != expected) {
            fm_text_printf(&filling->differences, "%s is %s of %u to %u\n", atom->text,
                           expected ? "true" : "false", (unsigned)i, (unsigned)j);
        }
    }
}

static void compare_graph(struct filling *filling)
{
    struct fm_state *states[STATES_MAX];
    uint64_t count = decode_all(filling, states), steps = 0;
    if (filling->end != FM_FILL_DONE || fm_graph_state_count(filling->graph) != count) {
        fm_text_puts(&filling->differences, "there is no graph of all states\n");
        return;
    }
    for (uint64_t i = 0; i < count; i++) {
        for (uint64_t j = 0; j < count; j++) {
            const uint64_t *words = find_step(filling->graph, i, j);
            bool expected = i == j || holds(filling, &filling->eval.model->program->next, states[i],
                                            states[j]);
            if (expected != (words != NULL)) {
                fm_text_printf(&filling->differences, "%s step from %u to %u\n",
                               expected ? "no" : "a", (unsigned)i, (unsigned)j);
            }
            if (words != NULL) {
                steps++;
                compare_letter(filling, states, i, j, words);
            }
        }
    }
    if (steps != fm_graph_step_count(filling->graph)) {
        fm_text_puts(&filling->differences, "a step occurs twice\n");
    }
}

/* --- graphs --- */

static const char processes[] =
    "EXTENDS Naturals\n"
    "---- MODULE Inner ----\n"
    "EXTENDS Naturals\n"
    "VARIABLES a, b\n"
    "Step == a' = (a + 1) % 3 /\\ b' = a\n"
    "Live == WF_<<a, b>>(Step) /\\ SF_b(a = b /\\ Step)\n"
    "====\n"
    "CONSTANT Proc\n"
    "VARIABLES x, pc\n"
    "vars == <<x, pc>>\n"
    "Init == x = 0 /\\ pc \\in [Proc -> {\"a\", \"b\"}]\n"
    "up(i) == pc[i] = \"a\" /\\ pc' = [pc EXCEPT ![i] = \"b\"] /\\ UNCHANGED x\n"
    "down(i) == pc[i] = \"b\" /\\ pc' = [pc EXCEPT ![i] = \"a\"] /\\ x' \\in {x, (x + 1) % 5}\n"
    "idle == x = 4 /\\ UNCHANGED vars\n"
    "Bar == INSTANCE Inner WITH a <- x \\div 2, b <- x % 3\n"
    "Same == INSTANCE Inner WITH a <- x, b <- x\n"
    "Next == idle \\/ \\E i \\in Proc : up(i) \\/ down(i)\n";
static const char ending[] = "Spec == Init /\\ [][Next]_vars /\\ Fair\n"
                             "P == []<>(x = 0) /\\ Also\n";

static void expect_graph(const char *fairness, const char *also, const char *more)
{
    for (uint32_t workers = 1; workers <= 3; workers += 2) {
        struct filling filling = {.look = compare_graph};
        struct fm_text body = {0}, config = {0};
        fm_text_printf(&body, "%sFair == %s\nAlso == %s\n%s", processes, fairness, also, ending);
        fm_text_printf(&config, "SPECIFICATION Spec PROPERTY P %s", more);
        run(&filling, fm_text_string(&body), fm_text_string(&config), workers);
        assert_true(filling.fill.indexed == fm_kept_count(filling.checker));
        assert_true(filling.fill.done == fm_kept_count(filling.checker));
        fm_text_deinit(&body);
        fm_text_deinit(&config);
        finish(&filling);
    }
}

/* Steps that two actions make, subscripts that an action leaves as they are, guards beside an
 * action, actions that are none of Next's. */
static void test_letters_are_what_atoms_say(void **state)
{
    (void)state;
    static const char three[] = "CONSTANT Proc = {1, 2, 3}";
    expect_graph("/\\ \\A i \\in Proc : WF_vars(up(i)) /\\ SF_x(down(i))\n"
                 "        /\\ WF_x(up(1)) /\\ WF_vars(idle) /\\ SF_vars(Next)",
                 "TRUE", three);
    expect_graph("/\\ SF_vars(x > 1 /\\ down(2)) /\\ WF_pc(down(1) \\/ up(2))\n"
                 "        /\\ WF_vars(x' = x + 1 /\\ UNCHANGED pc)",
                 "[]<><<x' = 0>>_x /\\ <>[][up(1)]_x /\\ []<>ENABLED idle", three);
}

/* ENABLED of an instance whose variables stand for expressions is not that of the instance's action
 * here: Step is enabled where none of its steps is one of ours. */
static void test_letters_of_instances(void **state)
{
    (void)state;
    expect_graph("WF_vars(Next)", "Bar!Live /\\ Same!Live", "CONSTANT Proc = {1, 2}");
}

/* Several parts for several workers, in order. */
static void test_graphs_of_many_parts(void **state)
{
    (void)state;
    expect_graph("SF_vars(down(1))", "[]<>(x = 1)", "CONSTANT Proc = {1, 2, 3, 4, 5, 6}");
}

static void test_steps_out_of_constraints_are_counted(void **state)
{
    (void)state;
    static const char body[] = "EXTENDS Naturals\nVARIABLE x\nInit == x = 0\n"
                               "Next == x' \\in {x + 1, x + 2}\nC == x < 10\n"
                               "Spec == Init /\\ [][Next]_x /\\ WF_x(Next)\nP == <>(x = 9)\n";
    struct filling filling = {.is_bounded = false};
    run(&filling, body, "SPECIFICATION Spec PROPERTY P CONSTRAINT C", 1);
    assert_int_equal(filling.end, FM_FILL_DONE);
    assert_int_equal(filling.fill.cut_off, 3); /* of 8 and 9 */
    assert_int_equal(fm_graph_step_count(filling.graph), 10 + 9 + 8);
    finish(&filling);
}

/* --- runs that end early --- */

static const char counter[] = "EXTENDS Naturals\nVARIABLE x\nInit == x = 0\nTop == 999\n"
                              "Next == x < Top /\\ x' = x + 1\n"
                              "Spec == Init /\\ [][Next]_x /\\ WF_x(Next)\n"
                              "P == []<>(1 \\div (IF x % 400 = 399 THEN 0 ELSE 1) = 1)\n"
                              "Q == <>(x = 5)\n";

/* The first state of all, whichever worker came to one first. */
static void test_an_atom_without_value_ends_it(void **state)
{
    (void)state;
    for (uint32_t workers = 1; workers <= 3; workers++) {
        struct filling filling = {.is_bounded = false};
        run(&filling, counter, "SPECIFICATION Spec PROPERTY P", workers);
        assert_int_equal(filling.end, FM_FILL_FAILED);
        assert_int_equal(filling.fill.failed.state, 399);
        assert_non_null(filling.fill.failed.failure);
        finish(&filling);
    }
}

/* What lies beyond the depth is cut off when that is said, and lost when not. */
static void test_steps_beyond_the_depth(void **state)
{
    (void)state;
    for (uint32_t bounded = 0; bounded < 2; bounded++) {
        struct filling filling = {.is_bounded = bounded != 0, .options.depth_max = 10};
        run(&filling, counter, "SPECIFICATION Spec PROPERTY Q", 1);
        assert_int_equal(filling.end, bounded != 0 ? FM_FILL_DONE : FM_FILL_LOST);
        assert_int_equal(filling.fill.cut_off, bounded);
        assert_true(bounded != 0 ||
                    filling.fill.failed.state == fm_kept_count(filling.checker) - 1);
        finish(&filling);
    }
}

static void test_memory_and_interrupts_end_it(void **state)
{
    (void)state;
    atomic_bool interrupt;
    atomic_init(&interrupt, true);
    struct filling small = {.memory_max = 1};
    run(&small, counter, "SPECIFICATION Spec PROPERTY Q", 1);
    assert_int_equal(small.end, FM_FILL_MEMORY);
    finish(&small);
    struct filling interrupted = {.interrupt = &interrupt};
    run(&interrupted, counter, "SPECIFICATION Spec PROPERTY Q", 2);
    assert_int_equal(interrupted.end, FM_FILL_INTERRUPTED);
    finish(&interrupted);
}

/* --- the index, and ways to states --- */

static void compare_index(struct filling *filling)
{
    struct fm_state *states[STATES_MAX];
    uint64_t count = decode_all(filling, states);
    struct fm_index *index = fm_index_new(filling->checker, NULL, NULL);
    for (uint64_t i = 0; i < count; i++) {
        struct fm_digest print, own;
        filling->eval.model->ops->fingerprint(filling->engine, states[i], &print, &own);
        struct fm_digest low = own, high = own;
        low.low ^= 1;
        high.high ^= 1;
        if (fm_index_find(index, own) != i || fm_index_find(index, low) != FM_INDEX_MISSING ||
            fm_index_find(index, high) != FM_INDEX_MISSING) {
            fm_text_printf(&filling->differences, "the index of %u\n", (unsigned)i);
        }
    }
    fm_index_free(index);
}

static void test_the_index_has_all_states(void **state)
{
    (void)state;
    struct filling filling = {.look = compare_index};
    run(&filling, counter, "SPECIFICATION Spec PROPERTY Q", 3);
    assert_int_equal(fm_kept_count(filling.checker), 1000);
    finish(&filling);
}

static void compare_paths(struct filling *filling)
{
    struct fm_state *states[STATES_MAX];
    uint64_t count = decode_all(filling, states);
    for (uint64_t i = 0; i < count; i++) {
        uint32_t length;
        const uint64_t *path = fm_kept_path_to(filling->checker, i, &filling->arena, &length);
        bool good = length > 0 && path[length - 1] == i &&
                    path[0] < fm_kept_initial_count(filling->checker);
        for (uint32_t j = 0; good && j + 1 < length; j++) {
            good = holds(filling, &filling->eval.model->program->next, states[path[j]],
                         states[path[j + 1]]);
        }
        if (!good) {
            fm_text_printf(&filling->differences, "the way to %u\n", (unsigned)i);
        }
    }
}

static void test_ways_begin_initially_and_take_steps(void **state)
{
    (void)state;
    struct filling filling = {.look = compare_paths};
    struct fm_text body = {0};
    fm_text_printf(&body, "%sFair == TRUE\nAlso == TRUE\n%s", processes, ending);
    run(&filling, fm_text_string(&body),
        "SPECIFICATION Spec PROPERTY P CONSTANT Proc = {1, 2, 3, 4}", 2);
    assert_int_equal(fm_kept_initial_count(filling.checker), 16);
    fm_text_deinit(&body);
    finish(&filling);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters_are_what_atoms_say),
        cmocka_unit_test(test_letters_of_instances),
        cmocka_unit_test(test_graphs_of_many_parts),
        cmocka_unit_test(test_steps_out_of_constraints_are_counted),
        cmocka_unit_test(test_an_atom_without_value_ends_it),
        cmocka_unit_test(test_steps_beyond_the_depth),
        cmocka_unit_test(test_memory_and_interrupts_end_it),
        cmocka_unit_test(test_the_index_has_all_states),
        cmocka_unit_test(test_ways_begin_initially_and_take_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
