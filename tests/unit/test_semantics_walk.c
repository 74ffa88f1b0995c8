/* The parts of each kind of expression, in the order in which a walk meets them: what is evaluated
 * as an operand, what is evaluated without a call, and all that was written. */
#include "semantics_fixture.h"

#include "semantics/walk.h"

static const char context[] = "EXTENDS Integers\n"
                              "CONSTANTS a, b, c, S, T, f, Op(_)\n"
                              "VARIABLES x\n"
                              "Id(p) == p\n"
                              "Apply(F(_), p) == F(p)\n";

static const struct {
    const char *text, *operands, *evaluated, *parts; /* NULL: as the column before */
} rows[] = {
    /* clang-format off */
    {"a", "", NULL, NULL},
    {"a + b", "a; b", NULL, NULL},
    {"x'", "x", NULL, NULL},
    {"f[a]", "f; a", NULL, NULL},
    {"IF a THEN b ELSE c", "a; b; c", NULL, NULL},
    {"CASE a -> 1 [] OTHER -> 3", "a; 1; 3", NULL, NULL},
    {"Id(a)", "a", NULL, NULL},
    {"\\A p, q \\in S, r \\in T : p = r", "S; T; p = r", NULL, NULL},
    {"\\E <<p, q>> \\in S : p = q", "S; p = q", NULL, NULL},
    {"CHOOSE p : p = a", "p = a", NULL, NULL},
    {"{p \\in S : p > a}", "S; p > a", NULL, NULL},
    {"{p + q : p \\in S, q \\in T}", "S; T; p + q", NULL, NULL},
    {"[p \\in S |-> p]", "S; p", NULL, NULL},
    {"\\EE p : p = a", "p = a", NULL, NULL},
    {"[f EXCEPT ![a][b] = c, ![1] = 2]", "f; a; b; c; 1; 2", NULL, NULL},
    {"LET g[p \\in S] == p IN g[a]", "g[a]", "[p \\in S |-> p]; g[a]", NULL},
    {"LET g(p) == p + a h == b IN h + g(1)", "h + g(1)", "b; h + g(1)", "p + a; b; h + g(1)"},
    {"Apply(Op, a)", "Op; a", NULL, NULL},
    {"Apply(LAMBDA p : p + a, b)", "LAMBDA p : p + a; b", NULL, NULL},
    /* clang-format on */
};

struct listing {
    struct semantics_fixture *fixture;
    struct fm_text text;
};

static void list(void *closure, struct fm_node *node)
{
    struct listing *listing = closure;
    const char *part = fixture_print(listing->fixture, node);
    fm_text_printf(&listing->text, "%s%s", listing->text.length > 0 ? "; " : "", part);
}

static void expect(struct semantics_fixture *fixture, const struct fm_node *node,
                   void (*walk)(const struct fm_node *, fm_node_visit_fn *, void *),
                   const char *expected)
{
    struct listing listing = {.fixture = fixture};
    walk(node, list, &listing);
    assert_string_equal(fm_text_string(&listing.text), expected);
    fm_text_deinit(&listing.text);
}

static const char *or_before(const char *text, const char *before)
{
    return text != NULL ? text : before;
}

static struct fm_node *node_of(struct semantics_fixture *fixture, const char *text)
{
    const struct fm_formula *formula = fm_program_add_expression(fixture->program, "e", text);
    if (formula == NULL) {
        print_error("%s: %s\n", text, fixture_codes(fixture));
    }
    assert_non_null(formula);
    return formula->node;
}

static void test_parts(void **state)
{
    (void)state;
    struct semantics_fixture fixture;
    fixture_open(&fixture);
    assert_non_null(fixture_load_body(&fixture, context));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct fm_node *node = node_of(&fixture, rows[i].text);
        const char *evaluated = or_before(rows[i].evaluated, rows[i].operands);
        expect(&fixture, node, fm_node_visit_operands, rows[i].operands);
        expect(&fixture, node, fm_node_visit_evaluated, evaluated);
        expect(&fixture, node, fm_node_visit_parts, or_before(rows[i].parts, evaluated));
    }
    fixture_close(&fixture);
}

/* A LAMBDA's body is a part of the LAMBDA, not of the call that it is passed to. */
static void test_lambda(void **state)
{
    (void)state;
    struct semantics_fixture fixture;
    fixture_open(&fixture);
    assert_non_null(fixture_load_body(&fixture, context));
    const struct fm_node *call = node_of(&fixture, "Apply(LAMBDA p : p + a, b)");
    expect(&fixture, call->kids[0], fm_node_visit_evaluated, "");
    expect(&fixture, call->kids[0], fm_node_visit_parts, "p + a");
    fixture_close(&fixture);
}

static void test_bindings(void **state)
{
    (void)state;
    struct semantics_fixture fixture;
    fixture_open(&fixture);
    assert_non_null(fixture_load_body(&fixture, context));
    uint32_t count;
    const struct fm_binding *bindings = fm_node_bindings(
        node_of(&fixture, "{p + q : p \\in S, q \\in T}"), &count);
    assert_int_equal(count, 2);
    assert_string_equal(fixture_print(&fixture, bindings[1].set), "T");
    bindings = fm_node_bindings(node_of(&fixture, "CHOOSE p : p = a"), &count);
    assert_int_equal(count, 1);
    assert_null(bindings[0].set);
    assert_null(fm_node_bindings(node_of(&fixture, "a + b"), &count));
    assert_int_equal(count, 0);
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_lambda),
        cmocka_unit_test(test_bindings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
