/* How many successors a formula has, repetitions counted: each case as TLC (revision cc6b616)
 * counts it, with caches of thunks and without. Constants of the split, bodies of operators and
 * functions, \A, ENABLED and \cdot in action position are all here. */
#include "eval_fixture.h"

static const char definitions[] = "EXTENDS Naturals, Sequences, FiniteSets, TLC\n"
                                  "VARIABLES x, y\n"
                                  "vv == <<x, <<y>> >>\n"
                                  "Two(a) == a /\\ a\n"
                                  "F2(v) == v' \\in {1,2} /\\ v' > 1\n"
                                  "Rec[i \\in 1..3] == x' \\in {i, i + 1}\n"
                                  "Ap(Op(_), v) == Op(v)\n"
                                  "Set(v) == x' = v\n"
                                  "Const3 == \\E i \\in 1..3 : TRUE\n"
                                  "Seq2 == UNION {[1..n -> {1,2}] : n \\in 0..2}\n"
                                  "Init == x = 0 /\\ y = 0\n";

static const struct {
    const char *next;
    uint32_t count; /* of successors, states on the way through \cdot included */
} cases[] = {
    {"(x' = 2 \\/ x' = 2) /\\ y' = y", 2},
    {"(\\E i \\in 1..3 : TRUE) /\\ x' = 2 /\\ y' = 0", 3},
    {"x' = 2 /\\ y' = 0 /\\ (TRUE \\/ TRUE)", 1},
    {"x' = 2 /\\ (TRUE \\/ TRUE) /\\ y' = 0", 2},
    {"x' \\in SUBSET {1,2} \\cup SUBSET {2,3} /\\ y' = 0", 8},
    {"x' \\in UNION {1..2, 2..3} /\\ y' = 0", 4},
    {"(\\E v \\in UNION {1..2, 2..3} : x' = v) /\\ y' = 0", 3},
    {"x' \\subseteq {1,2,3} /\\ y' = 0", 8},
    {"(LET a == x' \\in {1,2} IN a /\\ y' = x')", 2},
    {"Two(x' \\in {1,2}) /\\ y' = 0", 2},
    {"Two(\\E i \\in 1..3 : x' = i \\/ x' = i + 1) /\\ y' = 0", 10},
    {"F2(x) /\\ y' = 0", 1},
    {"(\\A i \\in 1..3 : x' \\in {1,2,3} \\/ (i = 2 /\\ x' = 5)) /\\ y' = 0", 3},
    {"(\\A i \\in 1..2 : (i = 1 /\\ x' = 7) \\/ (i = 2 /\\ y' \\in {1,2}))", 2},
    {"(\\A i \\in 1..2 : LET k == i IN (i = 1 /\\ x' \\in {k, k+1}) "
     "\\/ (i = 2 /\\ y' \\in {k, k+1, k+2}))",
     6},
    {"(IF x = 0 THEN x' \\in {1,2} ELSE x' = 0) /\\ y' = 0", 2},
    {"(CASE x = 1 -> x' = 1 [] x = 0 -> x' \\in {4,5} [] OTHER -> x' = 9) /\\ y' = 0", 2},
    {"(x = 0 => x' \\in {1,2}) /\\ y' = 0", 2},
    {"[x' = 1 /\\ y' = 1]_<<x, y>>", 2},
    {"<<x' \\in {0,1} /\\ y' = 0>>_<<x, y>>", 1},
    {"UNCHANGED <<x, y>> /\\ x' = 0", 1},
    {"UNCHANGED vv", 1},
    {"UNCHANGED <<x>> /\\ y' \\in {x', x' + 1}", 2},
    {"[i \\in 1..2 |-> x' = i /\\ y' = 0][2]", 1},
    {"Rec[2] /\\ y' = 0", 2},
    {"x' = [i \\in 1..3 |-> 10 \\div (i - 1)][3] /\\ y' = 0", 1},
    {"(LET f == [i \\in 1..3 |-> 10 \\div (i - 1)] IN x' = f[3]) /\\ y' = 0", 1},
    {"x' = [s \\in SUBSET {1,2} |-> s] /\\ y' = x'[{1}]", 1},
    {"(\\E p, q \\in 1..2 : x' = <<p, q>>) /\\ y' = 0", 4},
    {"(\\E <<p, q>> \\in {<<1,2>>, <<3,4>>} : x' = p /\\ y' = q)", 2},
    {"Ap(LAMBDA v : x' = v, 3) /\\ y' = 0", 1},
    {"Ap(Set, 3) /\\ y' = 0", 1},
    {"ENABLED (x' = 1 /\\ y' = 2 /\\ x' = 2) /\\ x' = 0 /\\ y' = 0", 0},
    {"(~ ENABLED (x' = 1 /\\ x' = 2)) /\\ x' = 0 /\\ y' = 0", 1},
    {"(ENABLED (x' \\in {1,2} /\\ x' > 1)) /\\ x' = 0 /\\ y' = 0", 1},
    {"(x' = 1 /\\ y' = 1) \\cdot (x' = x + 1 /\\ y' \\in {y, y + 1})", 3},
    {"x' = 1 /\\ ((y' = 5) \\cdot (y' = y + 1))", 2},
    {"(LET RECURSIVE G(_) G(n) == IF n = 0 THEN x' = 0 ELSE x' = n \\/ G(n - 1) "
     "IN G(3)) /\\ y' = 0",
     4},
    {"(LET H(a) == x' = a IN H(1) \\/ H(2)) /\\ y' = 0", 2},
    {"(lab:: x' \\in {1,2}) /\\ y' = 0", 2},
    {"Const3 /\\ x' = 2 /\\ y' = 0", 1},
    {"x' = Cardinality({s \\in SUBSET (1..6) : \\A e \\in s : e > 2}) /\\ y' = 0", 1},
    {"x' = {s \\in SUBSET (1..3) : Cardinality(s) = 2} "
     "/\\ y' \\in {s \\in SUBSET (1..3) : Cardinality(s) = 2}",
     3},
    {"x' \\in {f \\in [1..2 -> 1..3] : f[1] < f[2]} /\\ y' = 0", 3},
    {"x' \\in [1..2 -> {1}] \\cup [1..2 -> {1, 2}] /\\ y' = 0", 5},
    {"x' \\in {1, 2, 1, 2, 2} /\\ y' = 0", 2},
    {"x' \\in (1..3) \\cup (2..4) /\\ y' = 0", 4},
    {"x' \\in (SUBSET {1,2}) \\cap (SUBSET {2,3}) /\\ y' = 0", 2},
    {"x' \\in (SUBSET {1,2}) \\ {{1}} /\\ y' = 0", 3},
    {"x' \\in UNION {SUBSET {1}, SUBSET {1,2}} /\\ y' = 0", 6},
    {"x' \\in {1} \\X {1,2} /\\ y' = 0", 2},
    {"x' \\in [a : {1,2}, b : {3}] /\\ y' = 0", 2},
    {"x' \\in Seq2 /\\ y' = 0", 7},
    {"x' = (CHOOSE v \\in {3,1,2} : v > 1) /\\ y' = 0", 1},
    {"x' = [[i \\in 1..3 |-> i] EXCEPT ![2] = @ + 10, ![2] = @ + 1, ![7] = 1] /\\ y' = 0", 1},
    {"FALSE /\\ x' = 1 /\\ y' = 1", 0},
    {"x' = 1 /\\ y' = 1 /\\ x' = 1", 1},
    {"x' = 1 /\\ y' = 1 /\\ x' \\in {2}", 0},
    {"(x' = 1 /\\ y' = 1) \\/ (x' = 1 /\\ y' = 1)", 2},
    {"(TRUE \\/ TRUE) /\\ x' = 1 /\\ y' = 1", 2},
};

static void count_case(struct eval_fixture *fixture, size_t index)
{
    struct fm_text text = {0};
    fm_text_printf(&text, "%sNext == %s", definitions, cases[index].next);
    eval_open(fixture, fm_text_string(&text), "INIT Init\nNEXT Next\n");
    fm_text_deinit(&text);
    struct eval_sink sink = eval_successors(fixture, eval_first(fixture));
    if (sink.failed != 0 || sink.count + sink.sink.hidden != cases[index].count) {
        print_error("%s: %u successors, not %u; %s\n", cases[index].next, sink.count,
                    cases[index].count, sink.message);
    }
    assert_int_equal(sink.failed, 0);
    assert_int_equal(sink.count + sink.sink.hidden, cases[index].count);
    fm_text_deinit(&sink.first);
    eval_close(fixture);
}

static void test_counts(void *closure)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        count_case(closure, i);
    }
}
EVAL_TEST(test_counts)

static void test_counts_without_caches(void *closure)
{
    struct eval_fixture *fixture = closure;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture->options.no_thunk_cache = true;
        count_case(fixture, i);
    }
}
EVAL_TEST(test_counts_without_caches)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run_test_counts),
        cmocka_unit_test(run_test_counts_without_caches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
