/* Nodes as text: each expression is analyzed, elaborated and printed again.
 *
 * A row with one text must come out as it is; with two, as the second: parentheses that precedence
 * makes superfluous go, junction lists become infix operators. */
#include "semantics_fixture.h"

static const char context[] = "EXTENDS Integers, Sequences\n"
                              "CONSTANTS a, b, c, S, T, f, Op(_), Two(_, _)\n"
                              "VARIABLES x, y\n"
                              "p ++ q == p + q\n"
                              "p ^+ == p\n"
                              "Id(p) == p\n"
                              "Apply(F(_), p) == F(p)\n";

static const struct {
    const char *text, *expected; /* NULL: the text itself */
} rows[] = {
    /* clang-format off */
    {"a + b * c", NULL},
    {"(a + b) * c", NULL},
    {"(a + b) + c", "a + b + c"},
    {"a + (b + c)", NULL},
    {"a - (b - c)", NULL},
    {"-a + b", NULL},
    {"-(a + b)", NULL},
    {"- (-a)", "-(-a)"},
    {"2 ^ (-3)", NULL},
    {"a..b + 1", NULL},
    {"(a /\\ b) \\/ c", NULL},
    {"(a => b) => c", NULL},
    {"~(a /\\ b)", NULL},
    {"~ ~ a", "~~a"},
    {"~a /\\ b", NULL},
    {"(~a) = b", NULL},
    {"~(a = b)", "~a = b"},
    {"(a = b) = c", NULL},
    {"/\\ a\n/\\ \\/ b\n   \\/ c", "a /\\ (b \\/ c)"},
    {"x' = x + 1", NULL},
    {"(x + 1)' = 2", NULL},
    {"ENABLED (x' = 1)", NULL},
    {"UNCHANGED <<x, y>>", NULL},
    {"[][x' = 1]_<<x, y>>", NULL},
    {"<><<x' = 1>>_x", NULL},
    {"[]<>(x = 1)", NULL},
    {"(x = 1) ~> (y = 1)", "x = 1 ~> y = 1"},
    {"WF_x(x' = 1) /\\ SF_<<x, y>>(y' = 1)", NULL},
    {"f[a]", NULL},
    {"f[a, b]", NULL},
    {"f[<<a, b>>]", "f[a, b]"},
    {"x'[a].b", NULL},
    {"(f \\o <<a>>)[1]", NULL},
    {"{a, b}", NULL},
    {"{p \\in S : p > a}", NULL},
    {"{p + q : p \\in S, q \\in T}", NULL},
    {"[p \\in S |-> p]", NULL},
    {"[S -> T]", NULL},
    {"[l |-> a, m |-> b].l", NULL},
    {"[l : S, m : T]", NULL},
    {"[f EXCEPT ![a] = @ + 1, ![b][c] = 2]", NULL},
    {"[f EXCEPT !.l = 3]", "[f EXCEPT ![\"l\"] = 3]"},
    {"S \\X T \\X S", NULL},
    {"(S \\X T) \\X S", NULL},
    {"SUBSET S \\cup UNION T", NULL},
    {"SUBSET (S \\cup T)", NULL},
    {"DOMAIN f", NULL},
    {"\\A p, q \\in S, r \\in T : p = r", NULL},
    {"\\E <<p, q>> \\in S : p = q", NULL},
    {"(\\E p \\in S : p = a) /\\ b", NULL},
    {"a /\\ \\E p \\in S : p = a", "a /\\ (\\E p \\in S : p = a)"},
    {"CHOOSE p \\in S : p = a", NULL},
    {"CHOOSE p : p \\notin S", NULL},
    {"IF a THEN b ELSE c", NULL},
    {"(IF a THEN b ELSE c) + 1", NULL},
    {"CASE a -> 1 [] b -> 2 [] OTHER -> 3", NULL},
    {"LET g(p) == p + a h == g(1) IN g(h)", NULL},
    {"Op(a)", NULL},
    {"Two(a, b)", NULL},
    {"Apply(LAMBDA p : p + a, b)", NULL},
    {"Apply(Op, b)", NULL},
    {"Apply(-., b)", NULL},
    {"a ++ b", NULL},
    {"(a ++ b)^+", NULL},
    {"lab :: a + b", "a + b"},
    {"\"text\"", NULL},
    {"<<1, \"b\", TRUE, {}>>", NULL},
    {"1.50", NULL},
    {"a \\leq b", "a <= b"},
    {"a # b", "a /= b"},
    /* clang-format on */
};

static void test_expressions(void **state)
{
    (void)state;
    struct semantics_fixture fixture;
    fixture_open(&fixture);
    assert_non_null(fixture_load_body(&fixture, context));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct fm_formula *formula = fm_program_add_expression(fixture.program, "e",
                                                                     rows[i].text);
        if (formula == NULL) {
            print_error("%s: %s\n", rows[i].text, fixture_codes(&fixture));
        }
        assert_non_null(formula);
        const char *expected = rows[i].expected != NULL ? rows[i].expected : rows[i].text;
        assert_string_equal(fixture_print(&fixture, formula->node), expected);
    }
    fixture_close(&fixture);
}

static void test_limit(void **state)
{
    (void)state;
    struct semantics_fixture fixture;
    fixture_open(&fixture);
    assert_non_null(fixture_load_body(&fixture, context));
    const struct fm_formula *formula = fm_program_add_expression(
        fixture.program, "e", "{a, b, c, S, T, f, a, b, c, S, T, f}");
    assert_non_null(formula);
    for (size_t size = 4; size < 40; size++) {
        fm_text_clear(&fixture.text);
        fm_node_print(fixture.program, formula->node, size, &fixture.text);
        size_t length = strlen(fm_text_string(&fixture.text));
        assert_true(length <= size);
        assert_true(length == 36 || strcmp(fm_text_string(&fixture.text) + length - 3, "...") == 0);
    }
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expressions),
        cmocka_unit_test(test_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
