/* The evaluator through the model interface: errors and their places, explanations, memory,
 * effects, constants, registers, steps decided on given pairs. */
#include "eval_fixture.h"

#define PLAIN "INIT Init\nNEXT Next\n"

/* --- errors --- */

static const struct {
    const char *next;
    enum fm_code code;
} failures[] = {
    {"x' = x + 1", FM_CODE_4305},
    {"y' = x' /\\ x' = 1", FM_CODE_4304},
    {"x' = (CHOOSE n \\in 1..3 : n > 3) /\\ y' = 0", FM_CODE_4308},
    {"x' = (CASE x = 1 -> 2) /\\ y' = 0", FM_CODE_4307},
    {"(IF x THEN x' = 1 ELSE x' = 2) /\\ y' = 0", FM_CODE_4300},
    {"x' = [i \\in 1..3 |-> i][4] /\\ y' = 0", FM_CODE_4004},
    {"x' = 1.5 /\\ y' = 0", FM_CODE_4301},
    {"(\\E v : x' = v) /\\ y' = 0", FM_CODE_4313},
    {"(\\E <<a, b>> \\in {<<1, 2, 3>>} : x' = a) /\\ y' = 0", FM_CODE_4312},
    {"x' = TLCGet(17) /\\ y' = 0", FM_CODE_4207},
#ifndef __SANITIZE_THREAD__ /* its shadow of the stack holds 64K calls */
    {"x' = Loop(1) /\\ y' = 0", FM_CODE_4331},
#endif
    {"x' = 0 /\\ y' = (1 = \"a\")", FM_CODE_4001},
    {"Assert(x = 1, \"no\") /\\ x' = 0 /\\ y' = 0", FM_CODE_4200},
    {"x' = [i \\in Nat |-> i] /\\ y' = 0", FM_CODE_4007},
};

static const char failing[] = "EXTENDS Naturals, Reals, Sequences, TLC\nVARIABLES x, y\n"
                              "RECURSIVE Loop(_)\nLoop(n) == 1 + Loop(n + 1)\n"
                              "Init == x = 0 /\\ y = 0\nNext == ";

static void test_failures(void *closure)
{
    struct eval_fixture *fixture = closure;
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        struct fm_text text = {0};
        fm_text_printf(&text, "%s%s", failing, failures[i].next);
        eval_open(fixture, fm_text_string(&text), PLAIN);
        fm_text_deinit(&text);
        struct eval_sink sink = eval_successors(fixture, eval_first(fixture));
        if (sink.failed != failures[i].code) {
            print_error("%s: FM%d %s\n", failures[i].next, (int)sink.failed, sink.message);
        }
        assert_int_equal(sink.failed, failures[i].code);
        fm_text_deinit(&sink.first);
        eval_close(fixture);
    }
}
EVAL_TEST(test_failures)

/* The states before an error are delivered, in order, before it. */
static void test_failure_comes_last(void *closure)
{
    struct eval_fixture *fixture = closure;
    eval_open(fixture,
              "EXTENDS Naturals\nVARIABLE x\nInit == x = 0\n"
              "Next == x' = 1 \\/ x' = 2 \\/ x' = 1 + \"a\" \\/ x' = 3",
              PLAIN);
    struct eval_sink sink = eval_successors(fixture, eval_first(fixture));
    assert_int_equal(sink.count, 2);
    assert_int_equal(sink.failed, FM_CODE_4201);
    fm_text_deinit(&sink.first);
    eval_close(fixture);
}
EVAL_TEST(test_failure_comes_last)

static void test_stack_of_operators(void *closure)
{
    struct eval_fixture *fixture = closure;
    eval_open(
        fixture,
        "EXTENDS Naturals\nVARIABLE x\nInit == x = 0\n"
        "Inner(n) == n + \"a\"\nOuter(n) == Inner(n) + 1\nInv == Outer(x) > 0\nNext == x' = 0",
        PLAIN "INVARIANT Inv\n");
    const struct fm_model_ops *ops = fixture->model->ops;
    struct fm_state *state = eval_first(fixture);
    assert_int_equal(ops->check(fixture->engine, FM_FORMULA_INVARIANT, 0, state, NULL),
                     FM_VERDICT_FAILURE);
    const struct fm_failure *failure = ops->failure(fixture->engine);
    assert_int_equal(failure->stack_count, 3);
    assert_string_equal(failure->stack[0].name->text, "Inner");
    assert_string_equal(failure->stack[1].name->text, "Outer");
    assert_string_equal(failure->stack[2].name->text, "Inv");
    eval_close(fixture);
}
EVAL_TEST(test_stack_of_operators)

/* --- deciding --- */

static void test_steps(void *closure)
{
    struct eval_fixture *fixture = closure;
    eval_open(fixture,
              "EXTENDS Naturals\nVARIABLES x, y\nInit == x = 0 /\\ y = 0\n"
              "A == x' = x + 1 /\\ UNCHANGED y\nB(n) == y' = y + n /\\ UNCHANGED x\n"
              "Next == A \\/ \\E n \\in 1..2 : B(n)",
              PLAIN);
    const struct fm_model_ops *ops = fixture->model->ops;
    assert_int_equal(fixture->model->action_count, 3);
    assert_string_equal(fixture->model->actions[2].name->text, "B");
    assert_int_equal(fixture->model->actions[2].argument_count, 1);
    assert_int_equal(fm_small_get(fixture->model->actions[2].arguments[0]), 2);
    fm_value from[] = {fm_small(4), fm_small(5)}, to[] = {fm_small(4), fm_small(7)};
    struct fm_state *s = ops->from_values(fixture->engine, from);
    struct fm_state *t = ops->from_values(fixture->engine, to);
    assert_int_equal(ops->is_step(fixture->engine, 0, s, t), FM_VERDICT_FALSE);
    assert_int_equal(ops->is_step(fixture->engine, 1, s, t), FM_VERDICT_FALSE);
    assert_int_equal(ops->is_step(fixture->engine, 2, s, t), FM_VERDICT_TRUE);
    struct eval_sink sink = {.sink.take = eval_take, .engine = fixture->engine};
    ops->apply(fixture->engine, 2, s, &sink.sink);
    assert_int_equal(sink.count, 1);
    fm_text_deinit(&sink.first);
    eval_close(fixture);
}
EVAL_TEST(test_steps)

static const char *term_of(const struct fm_explanation *explanation, const char *text)
{
    for (uint32_t i = 0; i < explanation->term_count; i++) {
        if (strcmp(explanation->terms[i].text, text) == 0) {
            return explanation->terms[i].value;
        }
    }
    return "";
}

static void test_explanations(void *closure)
{
    struct eval_fixture *fixture = closure;
    eval_open(fixture,
              "EXTENDS Naturals\nVARIABLE f\nInit == f = [i \\in 1..3 |-> i * i]\n"
              "Small(v) == v < 5\n"
              "Inv == /\\ 1 \\in DOMAIN f\n       /\\ \\A i \\in DOMAIN f : i > 1 => Small(f[i])\n"
              "Next == f[1] = 2 /\\ f' = f",
              PLAIN "INVARIANT Inv\n");
    const struct fm_model_ops *ops = fixture->model->ops;
    struct fm_state *state = eval_first(fixture);
    assert_int_equal(ops->check(fixture->engine, FM_FORMULA_INVARIANT, 0, state, NULL),
                     FM_VERDICT_FALSE);
    const struct fm_explanation *why = ops->explain(fixture->engine, FM_FORMULA_INVARIANT, 0, state,
                                                    NULL, &fixture->loaded.arena);
    assert_string_equal(why->text, "v < 5");
    assert_string_equal(term_of(why, "i"), "3");
    assert_string_equal(term_of(why, "v"), "9");
    why = ops->why_not(fixture->engine, 0, state, &fixture->loaded.arena);
    assert_non_null(why);
    assert_string_equal(why->text, "f[1] = 2");
    assert_string_equal(term_of(why, "f[1]"), "1");
    eval_close(fixture);
}
EVAL_TEST(test_explanations)

/* --- effects and constants --- */

static void test_constants_once(void *closure)
{
    struct eval_fixture *fixture = closure;
    eval_open(fixture,
              "EXTENDS Naturals, TLC\nVARIABLE x\n"
              "Shown == PrintT(\"once\")\nUnused == PrintT(\"unused\")\n"
              "Fails == 1 + \"a\"\nBig == 2 ^ 100\n"
              "Init == Shown /\\ x = 0\nNext == x' = (IF Shown THEN Big ELSE Fails)",
              PLAIN);
    assert_string_equal(fm_text_string(&fixture->printed), "\"once\"\n\"unused\"\n");
    struct eval_sink sink = eval_successors(fixture, eval_first(fixture));
    assert_int_equal(sink.failed, 0);
    assert_int_equal(sink.count, 1);
    assert_string_equal(fm_text_string(&fixture->printed), "\"once\"\n\"unused\"\n");
    fm_text_deinit(&sink.first);
    eval_close(fixture);
}
EVAL_TEST(test_constants_once)

/* Each successor is delivered before the next one is computed. */
static void test_batches_of_one(void *closure)
{
    struct eval_fixture *fixture = closure;
    eval_open(fixture,
              "EXTENDS Naturals, TLC\nVARIABLE x\nInit == x = 0\n"
              "Next == \\E i \\in 1..3 : x' = i /\\ PrintT(i)",
              PLAIN);
    struct fm_state *state = eval_first(fixture);
    struct eval_sink sink = {.sink.take = eval_take, .engine = fixture->engine, .stop_after = 2};
    fixture->model->ops->successors(fixture->engine, state, 1, &sink.sink);
    assert_int_equal(sink.batches, 2);
    assert_string_equal(fm_text_string(&fixture->printed), "1\n2\n");
    fm_text_deinit(&sink.first);
    eval_close(fixture);
}
EVAL_TEST(test_batches_of_one)

static void test_registers(void *closure)
{
    struct eval_fixture *fixture = closure;
    eval_open(fixture,
              "EXTENDS Naturals, TLC\nVARIABLE x\nASSUME TLCSet(1, {3, 4})\n"
              "Init == x = TLCGet(1)\n"
              "Next == TLCSet(1, TLCGet(1) \\cup {TLCGet(\"level\")}) /\\ x' = TLCGet(1)",
              PLAIN);
    const struct fm_model_ops *ops = fixture->model->ops;
    assert_int_equal(ops->check(fixture->engine, FM_FORMULA_ASSUME, 0, NULL, NULL),
                     FM_VERDICT_TRUE);
    struct fm_state *state = eval_first(fixture);
    struct eval_sink sink = eval_successors(fixture, state);
    assert_int_equal(sink.failed, 0);
    const uint8_t *bytes = (const uint8_t *)sink.first.at;
    struct fm_state *next = ops->decode(fixture->engine, bytes);
    struct fm_text text = {0};
    fm_value_print(ops->context(fixture->engine), ops->values(fixture->engine, next)[0], &text);
    assert_string_equal(fm_text_string(&text), "{1, 3, 4}");
    fm_text_deinit(&text);
    fm_text_deinit(&sink.first);
    eval_close(fixture);
}
EVAL_TEST(test_registers)

/* --- memory --- */

/* Bytes that a long enumeration may hold: two of the arena's largest chunks; the garbage is far
 * more. */
#define ENUMERATION_MAX ((size_t)160 << 20)

static const char *const long_runs[] = {
    "x' = (\\A i \\in 1..300000 : Len(<<i, {i}, [j \\in 1..100 |-> i]>>) = 3)",
    "\\E i \\in 1..300000 : x' = <<i, {i}, [j \\in 1..100 |-> i]>>",
    "x' \\in {[j \\in 1..3 |-> <<1, 2, 3, 4>>]} \\X (1..900000)",
    "x' = (\\E s \\in SUBSET (1..18) : LET t == [j \\in 1..99 |-> s] IN t[3] = {99})",
    "\\E i \\in 1..300 : \\E j \\in 1..1000 : x' = [a |-> i, b |-> [k \\in 1..100 |-> j]]",
};

static void test_long_enumerations(void *closure)
{
    struct eval_fixture *fixture = closure;
    for (size_t i = 0; i < sizeof long_runs / sizeof *long_runs; i++) {
        struct fm_text text = {0};
        fm_text_printf(&text, "EXTENDS Naturals, Sequences\nVARIABLE x\nInit == x = 0\nNext == %s",
                       long_runs[i]);
        eval_open(fixture, fm_text_string(&text), PLAIN);
        fm_text_deinit(&text);
        struct eval_sink sink = eval_successors(fixture, eval_first(fixture));
        assert_int_equal(sink.failed, 0);
        if (fixture->engine->batch.held > ENUMERATION_MAX) {
            print_error("%s: %zu bytes\n", long_runs[i], fixture->engine->batch.held);
        }
        assert_true(fixture->engine->batch.held <= ENUMERATION_MAX);
        fm_text_deinit(&sink.first);
        eval_close(fixture);
    }
}
EVAL_TEST(test_long_enumerations)

static bool count_only(struct fm_sink *sink, struct fm_batch *batch)
{
    (void)sink;
    for (uint32_t i = 0; i < batch->count; i++) {
        assert_non_null(batch->items[i].state);
    }
    return true;
}

/* After warm-up a state is expanded without a call to the system's allocator. */
static void test_no_allocation(void *closure)
{
    struct eval_fixture *fixture = closure;
    eval_open(fixture,
              "EXTENDS Naturals, FiniteSets\nCONSTANT RM\nVARIABLES s, m\n"
              "Init == s = [r \\in RM |-> \"a\"] /\\ m = {}\n"
              "Step(r) == /\\ s[r] = \"a\" /\\ s' = [s EXCEPT ![r] = \"b\"]\n"
              "           /\\ m' = m \\cup {[who |-> r, n |-> Cardinality(m)]}\n"
              "Next == \\E r \\in RM : Step(r)\n"
              "Inv == \\A r \\in RM : s[r] \\in {\"a\", \"b\"} /\\ \\A e \\in m : e.n < 3",
              "CONSTANT RM = {r1, r2, r3}\n" PLAIN "INVARIANT Inv\n");
    const struct fm_model_ops *ops = fixture->model->ops;
    struct eval_sink first = eval_initial(fixture);
    struct fm_sink sink = {.take = count_only};
    for (int round = 0; round < 4; round++) {
        if (round == 3) {
            fm_memory_fail_after(1);
        }
        ops->reset(fixture->engine);
        struct fm_state *state = ops->decode(fixture->engine, (const uint8_t *)first.first.at);
        assert_int_equal(ops->check(fixture->engine, FM_FORMULA_INVARIANT, 0, state, NULL),
                         FM_VERDICT_TRUE);
        ops->successors(fixture->engine, state, 1, &sink);
    }
    fm_memory_fail_after(0);
    fm_text_deinit(&first.first);
    eval_close(fixture);
}
EVAL_TEST(test_no_allocation)

/* A refusal ends the evaluation, not the program: the engine says so and can go on. */
static void test_refused_memory(void *closure)
{
    struct eval_fixture *fixture = closure;
    eval_open(fixture,
              "EXTENDS Naturals, FiniteSets\nVARIABLE n\nInit == n = 100000\n"
              "Next == n > 100000 /\\ n' = n\n"
              "Inv == Cardinality({i * 2 : i \\in 1..n}) = n",
              PLAIN "INVARIANT Inv\n");
    const struct fm_model_ops *ops = fixture->model->ops;
    struct eval_sink first = eval_initial(fixture);
    for (int round = 0; round < 2; round++) {
        ops->reset(fixture->engine);
        struct fm_state *state = ops->decode(fixture->engine, (const uint8_t *)first.first.at);
        fm_memory_fail_after(round == 0 ? 1 : 0);
        enum fm_verdict verdict = ops->check(fixture->engine, FM_FORMULA_INVARIANT, 0, state, NULL);
        fm_memory_fail_after(0);
        assert_int_equal(verdict, round == 0 ? FM_VERDICT_FAILURE : FM_VERDICT_TRUE);
        if (round == 0) {
            assert_int_equal(ops->failure(fixture->engine)->code, FM_CODE_4333);
            assert_true(ops->failure(fixture->engine)->is_memory);
        }
    }
    fm_text_deinit(&first.first);
    eval_close(fixture);
}
EVAL_TEST(test_refused_memory)

/* --- laziness --- */

static const char *const truths[] = {
    "LET f == [n \\in Nat |-> n + 1] IN f[41] = 42",
    "LET f == [n \\in Nat |-> n + 1] g == [f EXCEPT ![3] = 0] IN g[3] = 0 /\\ g[4] = 5",
    "[n \\in 1..3 |-> 6 \\div (n - 1)][3] = 3",
    "{[n \\in Nat |-> n * i] : i \\in {2}} = {} \\/ TRUE",
    "LET Fs == <<[n \\in Nat |-> n * 1], [n \\in Nat |-> n * 2]>> IN Fs[1][5] + Fs[2][5] = 15",
    "LET Mul(i) == [n \\in Nat |-> n * i] Pair == <<Mul(2), Mul(3)>> IN Pair[1][7] = 14",
    "LET Twice(F(_), v) == F(F(v)) IN Twice(LAMBDA n : n + 3, 1) = 7",
    "LET Ap(F(_), v) == [m \\in Nat |-> F(m) + v] IN Ap(LAMBDA n : n * n, 5)[3] = 14",
    "\\A i \\in 1..3 : LET S == {s \\in SUBSET (1..3) : i \\in s} IN {i} \\in S /\\ {} \\notin S",
    "Cardinality({s \\in SUBSET (1..4) : Cardinality(s) = 2}) = 6",
    "(CHOOSE s \\in {t \\in SUBSET (1..4) : 2 \\in t} : TRUE) = {2}",
    "LET fib[n \\in 0..20] == IF n < 2 THEN n ELSE fib[n - 1] + fib[n - 2] IN fib[15] = 610",
    "LET ev[n \\in Nat] == IF n = 0 THEN TRUE ELSE ~ ev[n - 1] IN ev[1000]",
    "[x \\in 1..2, y \\in 1..2 |-> x * 10 + y][2, 1] = 21",
    "LET g[x \\in 1..2, y \\in Nat] == IF y = 0 THEN x ELSE g[x, y - 1] + 1 IN g[2, 5] = 7",
    "LET Big(v) == <<v, v, v>> RECURSIVE N(_, _)\n"
    "    N(n, v) == IF n = 0 THEN v ELSE N(n - 1, Big(v)[2]) IN N(500, 3) = 3",
    "LET RECURSIVE N(_, _, _)\n"
    "    N(n, a, b) == IF n = 0 THEN [m \\in Nat |-> a + b + m] ELSE N(n - 1, a + b, a)\n"
    "IN N(60, 1, 1)[0] > 0",
};

static void test_laziness(void *closure)
{
    struct eval_fixture *fixture = closure;
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        struct fm_text text = {0};
        fm_text_printf(&text,
                       "EXTENDS Naturals, Sequences, FiniteSets\nVARIABLE vv\nInit == vv = 0\n"
                       "Next == vv' = vv\nInv == %s",
                       truths[i]);
        eval_open(fixture, fm_text_string(&text), PLAIN "INVARIANT Inv\n");
        fm_text_deinit(&text);
        const struct fm_model_ops *ops = fixture->model->ops;
        struct fm_state *state = eval_first(fixture);
        enum fm_verdict verdict = ops->check(fixture->engine, FM_FORMULA_INVARIANT, 0, state, NULL);
        if (verdict != FM_VERDICT_TRUE) {
            print_error("%s: %s\n", truths[i],
                        verdict == FM_VERDICT_FAILURE ? ops->failure(fixture->engine)->message
                                                      : "false");
        }
        assert_int_equal(verdict, FM_VERDICT_TRUE);
        eval_close(fixture);
    }
}
EVAL_TEST(test_laziness)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run_test_failures),
        cmocka_unit_test(run_test_failure_comes_last),
        cmocka_unit_test(run_test_stack_of_operators),
        cmocka_unit_test(run_test_steps),
        cmocka_unit_test(run_test_explanations),
        cmocka_unit_test(run_test_constants_once),
        cmocka_unit_test(run_test_batches_of_one),
        cmocka_unit_test(run_test_registers),
        cmocka_unit_test(run_test_long_enumerations),
        cmocka_unit_test(run_test_no_allocation),
        cmocka_unit_test(run_test_refused_memory),
        cmocka_unit_test(run_test_laziness),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
