/* Modules, their units, proofs, recovery, interning order, and PlusCal comments. */
#include "syntax_fixture.h"

static const struct {
    const char *text, *expected;
} rows[] = {
    /* clang-format off */
    {"---- MODULE M ----\n"
     "====",
     "(module \"M\"\n"
     "  (extends))\n"},
    {"text ---- MODULE M ----\n"
     "EXTENDS Naturals, TLC\n"
     "CONSTANTS N, Op(_, _), _ + _, -. _, _^+\n"
     "VARIABLES x, y\n"
     "ASSUME A1 == N > 0\n"
     "ASSUME N\n"
     "AXIOM N\n"
     "--------\n"
     "RECURSIVE f(_)\n"
     "f(n) == n\n"
     "LOCAL g == 1\n"
     "a ++ b == a\n"
     "-. a == a\n"
     "a^# == a\n"
     "h[i \\in S, <<j, k>> \\in T] == i\n"
     "F(Op2(_), _*_, c) == c\n"
     "====\n"
     "more text",
     "(module \"M\"\n"
     "  (extends (id \"Naturals\") (id \"TLC\"))\n"
     "  (constants (decl \"N\") (decl \"Op\" 2) (decl \"+\" :infix 2) (decl \"-.\" :prefix 1) "
     "(decl \"^+\" :postfix 1))\n"
     "  (variables (decl \"x\") (decl \"y\"))\n"
     "  (assume \"A1\" (infix \">\" (id \"N\") (number \"0\")))\n"
     "  (assume (id \"N\"))\n"
     "  (assume (id \"N\"))\n"
     "  (recursive (decl \"f\" 1))\n"
     "  (def \"f\" (params (decl \"n\")) (id \"n\"))\n"
     "  (def \"g\" :local (params) (number \"1\"))\n"
     "  (def \"++\" :infix (params (decl \"a\") (decl \"b\")) (id \"a\"))\n"
     "  (def \"-.\" :prefix (params (decl \"a\")) (id \"a\"))\n"
     "  (def \"^#\" :postfix (params (decl \"a\")) (id \"a\"))\n"
     "  (fcndef \"h\" (bindings (binding (id \"i\") (id \"S\")) (binding :pattern (id \"j\") "
     "(id \"k\") (id \"T\"))) (id \"i\"))\n"
     "  (def \"F\" (params (decl \"Op2\" 1) (decl \"*\" :infix 2) (decl \"c\")) (id \"c\")))\n"},
    {"---- MODULE M ----\n"
     "I == INSTANCE N\n"
     "J(x, y) == INSTANCE N WITH a <- x, + <- -, b <- LAMBDA q : q\n"
     "LOCAL INSTANCE Naturals\n"
     "INSTANCE P WITH u <- v\n"
     "LOCAL K == INSTANCE N\n"
     "====",
     "(module \"M\"\n"
     "  (extends)\n"
     "  (moddef \"I\" (params) (instance \"N\"))\n"
     "  (moddef \"J\" (params (decl \"x\") (decl \"y\")) (instance \"N\" (subst \"a\" (id "
     "\"x\")) (subst \"+\" (op \"-\")) (subst \"b\" (lambda (params (decl \"q\")) (id "
     "\"q\")))))\n"
     "  (instance \"Naturals\" :local)\n"
     "  (instance \"P\" (subst \"u\" (id \"v\")))\n"
     "  (moddef \"K\" :local (params) (instance \"N\")))\n"},
    {"---- MODULE M ----\n"
     "---- MODULE Inner ----\n"
     "VARIABLE z\n"
     "====\n"
     "I == INSTANCE Inner\n"
     "====\n"
     "text\n"
     "---- MODULE Second ----\n"
     "a == 1\n"
     "====",
     "(module \"M\"\n"
     "  (extends)\n"
     "  (module \"Inner\"\n"
     "  (extends)\n"
     "  (variables (decl \"z\")))\n"
     "  (moddef \"I\" (params) (instance \"Inner\")))\n"
     "(module \"Second\"\n"
     "  (extends)\n"
     "  (def \"a\" (params) (number \"1\")))\n"},
    {"---- MODULE M ----\n"
     "THEOREM T == ASSUME NEW CONSTANT x \\in S, NEW Op(_), VARIABLE v, STATE s, x > 0, ASSUME "
     "p PROVE q PROVE r\n"
     "PROOF\n"
     "<1>1. p BY DEF f, +\n"
     "<1> USE a, MODULE M DEF g\n"
     "<1>2. CASE c\n"
     "  <2>1. QED OBVIOUS\n"
     "<1> DEFINE k == 1 l(x) == 2\n"
     "<1>a m == 3\n"
     "<1>3. SUFFICES ASSUME a PROVE b\n"
     "<1> HAVE x\n"
     "<1> TAKE x \\in S, y \\in T\n"
     "<1> TAKE x, y\n"
     "<1> WITNESS x \\in S, y\n"
     "<1>4. PICK x : p\n"
     "  BY <1>1, <1>2\n"
     "<1>5. PICK x, y \\in S : p PROOF OMITTED\n"
     "<1> HIDE DEF f\n"
     "<1> INSTANCE Q\n"
     "<1> QED PROOF\n"
     "  <*> a\n"
     "    <+> QED\n"
     "  <*> QED\n"
     "LEMMA []ASSUME a []PROVE b\n"
     "USE DEF x\n"
     "THEOREM foo PROOF BY ONLY a\n"
     "x == 1\n"
     "====",
     "(module \"M\"\n"
     "  (extends)\n"
     "  (theorem \"T\" (assumeprove (new \"x\" (id \"S\")) (new \"Op\" 1) (new \"v\" :state) "
     "(new \"s\" :state) (infix \">\" (id \"x\") (number \"0\")) (assumeprove (id \"p\") (id "
     "\"q\")) (id \"r\")) (proof (step \"<1>1\" (id \"p\") (proof (use (facts) (defs (id "
     "\"f\") (op \"+\"))))) (step (use (facts (id \"a\") (module.ref \"M\")) (defs (id "
     "\"g\")))) (step \"<1>2\" (step.case (id \"c\")) (proof (step \"<2>1\" (qed) (proof)))) "
     "(step (define (def \"k\" (params) (number \"1\")) (def \"l\" (params (decl \"x\")) "
     "(number \"2\")))) (step \"<1>a\" (define (def \"m\" (params) (number \"3\")))) (step "
     "\"<1>3\" :suffices (assumeprove (id \"a\") (id \"b\"))) (step (have (id \"x\"))) (step "
     "(take (bindings (binding (id \"x\") (id \"S\")) (binding (id \"y\") (id \"T\"))))) "
     "(step (take (bindings :unbounded (binding :unbounded (id \"x\") (id \"y\"))))) (step "
     "(witness (infix \"\\\\in\" (id \"x\") (id \"S\")) (id \"y\"))) (step \"<1>4\" (pick "
     "(bindings :unbounded (binding :unbounded (id \"x\"))) (id \"p\")) (proof (use (facts "
     "(id \"<1>1\") (id \"<1>2\")) (defs)))) (step \"<1>5\" (pick (bindings (binding (id "
     "\"x\") (id \"y\") (id \"S\"))) (id \"p\")) (proof)) (step (use :hide (facts) (defs (id "
     "\"f\")))) (step (instance \"Q\")) (step (qed) (proof (step (id \"a\") (proof (step "
     "(qed)))) (step (qed))))))\n"
     "  (theorem (assumeprove :boxed (id \"a\") (id \"b\")))\n"
     "  (use (facts) (defs (id \"x\")))\n"
     "  (theorem (id \"foo\") (proof (use (facts (id \"a\")) (defs))))\n"
     "  (def \"x\" (params) (number \"1\")))\n"},
    {"---- MODULE M ----\n"
     "x == 1\n",
     "FM1011 2:7"},
    {"---- MODULE M\n"
     "x == 1\n"
     "====",
     "FM1012 2:1"},
    {"---- MODULE ----\n"
     "====",
     "FM1012 1:13"},
    {"no module here", "FM1010 1:1"},
    {"", "FM1010 1:1"},
    {"---- MODULE M ----\n"
     "x == 1 2\n"
     "y == (1\n"
     "z == 3\n"
     "VARIABLE a b\n"
     "w == LET q == IN 2\n"
     "====",
     "FM1026 2:8; FM1021 4:1; FM1026 5:12; FM1020 6:15"},
    {"---- MODULE M ----\n"
     "THEOREM T\n"
     "<1>1. a\n"
     "<2>2. b\n"
     "<1> QED\n"
     "====",
     "FM1029 5:1"},
    {"---- MODULE M ----\n"
     "THEOREM T\n"
     "<1> USE a\n"
     "  <2> QED\n"
     "<1> QED\n"
     "====",
     "FM1029 4:3"},
    {"---- MODULE M ----\n"
     "THEOREM T\n"
     "<1>1. a\n"
     "====",
     "FM1020 4:1"},
    {"---- MODULE M ----\n"
     "x == 1 (* open \n"
     "====",
     "FM1002 2:8"},
    {"---- MODULE M ----\n"
     "x == a ++\n"
     "b == c\n"
     "====",
     "FM1023 2:8"},
    {"---- MODULE M ----\n"
     "x == 1\n"
     "EXTENDS N\n"
     "y == 2\n"
     "====",
     "FM1026 3:1"},
    {"---- MODULE M ----\n"
     "  /\\ b\n"
     "VARIABLE v(_)\n"
     "CONSTANT _ y\n"
     "====",
     "FM1026 2:3; FM1026 3:11; FM1020 4:12"},
    {"---- MODULE M ----\n"
     "A == x\n"
     "---- MODULE I ----\n"
     "B == (\n"
     "====\n"
     "C == y z\n"
     "====",
     "FM1020 5:1; FM1026 6:8"},
    {"\\*---- MODULE M ----\n"
     "a == b\n"
     "====",
     "(module \"M\"\n"
     "  (extends)\n"
     "  (def \"a\" (params) (id \"b\")))\n"},
    /* clang-format on */
};

static void test_trees(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct syntax_fixture fixture;
        fixture_open(&fixture);
        const char *got = fixture_modules(&fixture, rows[i].text);
        if (strcmp(got, rows[i].expected) != 0) {
            print_error("module: %s\n", rows[i].text);
        }
        assert_string_equal(got, rows[i].expected);
        fixture_close(&fixture);
    }
}

static void note_spelling(void *closure, const struct fm_symbol *symbol)
{
    fm_text_printf(closure, "%s ", symbol->text);
}

/* Every spelling once for each module, in order; strings are not among them. */
static void test_interning_order(void **state)
{
    (void)state;
    struct syntax_fixture fixture;
    fixture_open(&fixture);
    struct fm_text order = {0};
    fixture.parse.on_identifier = note_spelling;
    fixture.parse.closure = &order;
    static const char text[] = "zzz ---- MODULE M ----\nEXTENDS TLC\nb(c) == \"s\" = c \\* d\n"
                               "---- MODULE N ----\na == b\n====\n====\n"
                               "---- MODULE O ----\nb == c\n====\n";
    struct fm_parsed parsed = fixture_module(&fixture, text, strlen(text));
    assert_false(parsed.failed);
    assert_string_equal(fm_text_string(&order),
                        "---- MODULE M ---- EXTENDS TLC b ( c ) == = N a ==== "
                        "---- MODULE O ---- b == c ==== ");
    assert_int_equal(parsed.module_count, 2);
    assert_string_equal(parsed.spellings[1].at[1]->text, "O");
    fm_text_deinit(&order);
    fixture_close(&fixture);
}

static struct fm_pluscal_info pluscal_of(struct syntax_fixture *fixture, const char *text)
{
    return fixture_module(fixture, text, strlen(text)).pluscal;
}

static void test_pluscal(void **state)
{
    (void)state;
    struct syntax_fixture fixture;
    fixture_open(&fixture);
    struct fm_pluscal_info info = pluscal_of(&fixture, "---- MODULE M ----\na == 1\n====\n");
    assert_false(info.present);
    info = pluscal_of(&fixture, "---- MODULE M ----\n(* --algorithm X {{skip}} *)\na == 1\n====\n");
    assert_true(info.present);
    assert_false(info.translated);
    assert_string_equal(fixture_codes(&fixture), "FM1040 2:4");
    fixture_close(&fixture);
    fixture_open(&fixture);
    /* CRC-32 of "a == 1b == 2" is 0xcf329aa. */
    info = pluscal_of(&fixture,
                      "---- MODULE M ----\n(* --fair  algorithm X {{skip}} *)\n"
                      "\\* BEGIN TRANSLATION (chksum(pcal) = \"7c28162a\" /\\ chksum(tla) = "
                      "\"cf329aa\")\na == 1\nb == 2\n\\* END TRANSLATION\n====\n");
    assert_true(info.present && info.translated);
    assert_false(info.stale);
    assert_int_equal(fm_diags_count(fixture.diags), 0);
    info = pluscal_of(&fixture,
                      "---- MODULE M ----\n(* --fair  algorithm X {{skip}} *)\n"
                      "\\* BEGIN TRANSLATION (chksum(pcal) = \"7c28162a\" /\\ chksum(tla) = "
                      "\"cf329aa\")\na == 2\nb == 2\n\\* END TRANSLATION\n====\n");
    assert_true(info.stale);
    assert_string_equal(fixture_codes(&fixture), "FM1041 2:4");
    info = pluscal_of(&fixture, "---- MODULE M ----\n(* --algorithm X {{skip}} *)\n"
                                "\\* BEGIN TRANSLATION (chksum(pcal) \\in STRING /\\ chksum(tla) "
                                "\\in STRING)\na == 2\n\\* END TRANSLATION\n====\n");
    assert_true(info.translated);
    assert_false(info.stale);
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees),
        cmocka_unit_test(test_interning_order),
        cmocka_unit_test(test_pluscal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
