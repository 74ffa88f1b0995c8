/* What the letters of a graph show to be empty, and what is none of it.
 *
 * Formulas are those of a specification; letters are made by hand, from the texts of the atoms that
 * are true, so that each warning is told apart from its neighbour that must not come. */
#include "liveness/warnings.h"

#include "eval_fixture.h"

#define LETTERS_MAX 4u

static const char specification[] = "EXTENDS Naturals\n"
                                    "CONSTANT Proc\n"
                                    "VARIABLES x, y\n"
                                    "vars == <<x, y>>\n"
                                    "Init == x = 0 /\\ y = 0\n"
                                    "Up == x < 3 /\\ x' = x + 1 /\\ UNCHANGED y\n"
                                    "Next == Up\n";
static const char configuration[] = "CONSTANT Proc = {1, 2} SPECIFICATION Spec PROPERTY P\n";

/* A graph of one state whose steps have these letters: texts of atoms that are true, with
 * semicolons around each. */
static struct fm_graph *graph_of(const struct fm_temporals *temporals, const char *const *letters)
{
    struct fm_graph *graph = fm_graph_new(temporals->atom_count);
    struct fm_graph_step steps[LETTERS_MAX] = {{0}};
    uint32_t count = 0;
    assert_non_null(graph);
    assert_true(fm_graph_letter_words(graph) == 1);
    for (; count < LETTERS_MAX && letters[count] != NULL; count++) {
        uint64_t words = 0;
        size_t told = 0, semicolons = 0;
        for (uint32_t i = 0; i < temporals->atom_count; i++) {
            struct fm_text text = {0};
            fm_text_printf(&text, ";%s;", temporals->atoms[i].text);
            if (strstr(letters[count], fm_text_string(&text)) != NULL) {
                words |= UINT64_C(1) << i;
                told++;
            }
            fm_text_deinit(&text);
        }
        for (const char *at = letters[count]; *at != '\0'; at++) {
            semicolons += *at == ';';
        }
        assert_int_equal(told, semicolons == 0 ? 0 : semicolons - 1); /* each names an atom */
        assert_true(fm_graph_letter(graph, &words, &steps[count].letter));
    }
    assert_true(fm_graph_add(graph, steps, count));
    fm_graph_set_initial(graph, 1);
    return graph;
}

/* All warnings, a line each, of a body that defines P and Fair. */
static void expect(const char *body, const char *const *letters, const char *expected)
{
    struct eval_fixture eval;
    struct fm_arena arena;
    struct fm_temporals temporals;
    struct fm_text all = {0}, said = {0};
    fm_arena_init(&arena, "warnings");
    fm_text_printf(&all, "%s%s\nSpec == Init /\\ [][Next]_vars /\\ Fair\n", specification, body);
    memset(&eval, 0, sizeof eval);
    eval_open(&eval, fm_text_string(&all), configuration);
    assert_true(fm_temporals_init(&temporals, eval.loaded.program, eval.model, &arena));
    struct fm_graph *graph = graph_of(&temporals, letters);
    uint32_t count;
    const char *const *lines = fm_liveness_warnings(graph, &temporals, &arena, &count);
    for (uint32_t i = 0; i < count; i++) {
        fm_text_printf(&said, "%s\n", lines[i]);
    }
    assert_string_equal(fm_text_string(&said), expected);
    fm_graph_free(graph);
    fm_text_deinit(&all);
    fm_text_deinit(&said);
    eval_close(&eval);
    fm_arena_deinit(&arena);
}

#define NEVER(formula) "P says nothing: x = 5 is never true, the left side of " formula "\n"

static void test_left_sides(void **state)
{
    (void)state;
    const char *const without[] = {"", ";y = 1;", NULL}, *const with[] = {"", ";x = 5;", NULL};
    expect("Fair == TRUE\nP == x = 5 ~> y = 1", without, NEVER("x = 5 ~> y = 1"));
    expect("Fair == TRUE\nP == x = 5 ~> y = 1", with, "");
    expect("Fair == TRUE\nP == [](x = 5 => <>(y = 1))", without, NEVER("x = 5 => <>(y = 1)"));
    expect("Fair == TRUE\nP == [](x = 5 => <>(y = 1))", with, "");
    expect("Fair == TRUE\nP == <>[](y = 1 => (x = 5 => <>(y = 0)))", without,
           NEVER("x = 5 => <>(y = 0)"));
    /* ~F on the left, of which the formula keeps F alone. */
    expect("Fair == TRUE\nP == ~[](x = 5) => []<>(y = 1)", without, "");
}

static void test_what_the_property_does_not_need(void **state)
{
    (void)state;
    const char *const letters[] = {"", NULL};
    expect("Fair == TRUE\nP == ~(x = 5 ~> y = 1)", letters, "");
    expect("Fair == TRUE\nP == (x = 5 ~> y = 1) \\/ []<>(y = 1)", letters, "");
    expect("Fair == TRUE\nP == <>(x = 5) ~> y = 1", letters, ""); /* temporal: not judged */
    expect("Fair == TRUE\nP == x = 5 ~> FALSE", letters, "");     /* says that it never is */
}

static void test_parts_of_one_place_count_together(void **state)
{
    (void)state;
    const char *body = "Fair == TRUE\nP == \\A p, q \\in Proc : p # q /\\ x = p ~> y = q";
    const char *const one[] = {";2 /= 1 /\\ x = 2;", NULL}, *const none[] = {"", NULL};
    expect(body, one, "");
    expect(body, none,
           "P says nothing: 1 /= 1 /\\ x = 1 is never true, the left side of "
           "1 /= 1 /\\ x = 1 ~> y = 1, nor for 3 other values\n");
}

static void test_constants(void **state)
{
    (void)state;
    const char *const letters[] = {"", NULL};
    expect("Fair == TRUE\nP == \\A p \\in Proc : p > 2 => <>(x = p)", letters,
           "P says nothing: the constants make it true of every behavior\n");
    expect("Fair == TRUE\nP == \\A p \\in Proc : p > 1 => <>(x = p)", letters, "");
}

static void test_fairness(void **state)
{
    (void)state;
    const char *body = "Fair == WF_vars(Up)\nP == []<>(x = 1)";
    const char *const never[] = {";x = 1;", NULL};
    const char *const once[] = {"", ";ENABLED <<Up>>_vars;", NULL};
    expect(body, never, "WF_vars(Up) asks for nothing: Up is never enabled\n");
    expect(body, once, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_left_sides),
        cmocka_unit_test(test_what_the_property_does_not_need),
        cmocka_unit_test(test_parts_of_one_place_count_together),
        cmocka_unit_test(test_constants),
        cmocka_unit_test(test_fairness),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
