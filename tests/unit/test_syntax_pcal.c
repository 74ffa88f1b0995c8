/* The front end of PlusCal: trees, their print, problems, and checksums against those that
 * pcal.trans wrote into tests/unit/pcal. */
#include "base/assert.h"
#include "syntax/translate.h"

#include "syntax_fixture.h"

#include <stdio.h>
#include <stdlib.h>

static struct fm_pcal_algorithm *read_algorithm(struct syntax_fixture *fixture, const char *text,
                                                struct fm_pcal_problem *problem)
{
    uint32_t number = fm_source_add(fixture->sources, "m.tla", text, strlen(text));
    const struct fm_source *source = fm_source_get(fixture->sources, number);
    const char *at = strstr(source->text, "--algorithm");
    at = at == NULL ? strstr(source->text, "--fair") : at;
    fm_assert(at != NULL);
    uint32_t begin = (uint32_t)(at - source->text);
    uint32_t length = strncmp(at, "--fair", 6) == 0 ? 6 : 11;
    struct fm_span keyword = {number, begin, begin + length};
    return fm_pcal_parse(&fixture->arena, source, keyword, source->size, problem);
}

/* The print after all stages, or "FM1042 3:5 message". */
static const char *print_of(struct syntax_fixture *fixture, const char *text)
{
    struct fm_pcal_problem problem = {0};
    struct fm_pcal_algorithm *algorithm = read_algorithm(fixture, text, &problem);
    fm_text_clear(&fixture->text);
    if (algorithm == NULL || !fm_pcal_resolve(&fixture->arena, algorithm, &problem) ||
        !fm_pcal_lower(&fixture->arena, algorithm, &problem)) {
        struct fm_place place = fm_source_place(fixture->sources, problem.span);
        fm_text_printf(&fixture->text, "FM%d %u:%u %s", (int)problem.code, place.line, place.column,
                       problem.message);
    } else {
        fm_pcal_print(algorithm, &fixture->text);
    }
    return fm_text_string(&fixture->text);
}

static void test_print(void **state)
{
    (void)state;
    struct syntax_fixture fixture;
    fixture_open(&fixture);
    assert_string_equal(
        print_of(&fixture, "--algorithm A\nvariable x \\in {1, \"b\"}, y;\nbegin\n"
                           "  L: x := /\\ TRUE\n          \\/ y;\n  skip;\nend algorithm"),
        "[type     |-> \"uniprocess\", \n"
        " name  |-> \"A\", \n"
        " decls  |-> <<[var |-> \"x\", eqOrIn |-> \"\\\\in\", val |-> << \"{\", \"1\", \",\", "
        "\"\\\"\", \"b\", \"\\\"\", \"}\" >>], \n"
        "              [var |-> \"y\", eqOrIn |-> \"=\", val |-> << \"defaultInitValue\" >>]>>,\n"
        " defs   |-> <<  >>,\n"
        " prcds  |-> <<>>,\n"
        " body  |-> <<[label |-> \"L\",\n"
        "              stmts |-> <<[type |-> \"assignment\",\n"
        "                           ass  |-> <<[lhs |-> [var |-> \"x\", sub |-> <<  >>],\n"
        "                                       rhs |-> << \"(col0) /\\\\\", \"TRUE\"\n"
        ", \"(col0) \\\\/\", \"y\" >>]>>], \n"
        "                          [type |-> \"skip\"]>>]>>]");
    fixture_close(&fixture);
}

/* Two texts that mean the same. */
static const char *const same[][2] = {
    {"--algorithm A variables x = 1; y; macro m(a) begin a := a + 1 end macro\n"
     "procedure p(q) begin a: x := q; return; end procedure\n"
     "fair process r \\in {1} variable z = 2; begin l: while x > 1 do m(x); "
     "if x = 1 then skip elsif y then b: call p(1) else either y := 1; or await x; end either "
     "end if end while; with i = 1, j \\in {2} do print i; assert j; end with end process\n"
     "end algorithm *)",
     "--algorithm A { variables x = 1; y; macro m(a) { a := a + 1 }\n"
     "procedure p(q) { a: x := q; return }\n"
     "fair process (r \\in {1}) variable z = 2; { l: while (x > 1) { m(x); "
     "if (x = 1) skip; else if (y) { b: call p(1) } else either y := 1; or await x; "
     "}; with (i = 1, j \\in {2}) { print i; assert j; } } } *)"},
    {"--algorithm A {variable x =\n            /\\ a\n            /\\ b; { x := 1 \\* one\n } } *)",
     "--algorithm A {   variable\n x = /\\ a (*\n oo*)/\\ b; {\tx\t:=\t1;} }\n*)"},
    {"--algorithm A begin when x; end algorithm", "--algorithm A { { await x } }"},
    {"--algorithm A { { a: { skip; skip } ; skip } }", "--algorithm A { { a: skip; skip; skip } }"},
};

static void test_both_syntaxes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        struct syntax_fixture fixture;
        fixture_open(&fixture);
        char *first = strdup(print_of(&fixture, same[i][0]));
        assert_string_equal(first, print_of(&fixture, same[i][1]));
        assert_int_equal(first[0], '[');
        free(first);
        fixture_close(&fixture);
    }
}

static void test_tree(void **state)
{
    (void)state;
    struct syntax_fixture fixture;
    fixture_open(&fixture);
    struct fm_pcal_problem problem;
    struct fm_pcal_algorithm *algorithm = read_algorithm(
        &fixture,
        "---- M\n(* PlusCal options (label, labelRoot K) *)\n(* --fair algorithm A {\n"
        "  variables x = 1;\n"
        "  macro set(v, e) { v := e + x }\n"
        "  procedure p(q) { a: x := q; return }\n"
        "  fair+ process (r = 1) variable z; {\n"
        "    b:- set(x[1], 2 * z); call p(3); x := 4; x := 5;\n"
        "    either { c: goto b } or skip\n  }\n} *)",
        &problem);
    assert_non_null(algorithm);
    assert_true(algorithm->fair && algorithm->braces && algorithm->multiprocess);
    assert_true(algorithm->options.add_labels && !algorithm->labels_missing);
    assert_int_equal(algorithm->added.count, 2);
    assert_int_equal(fm_source_place(fixture.sources, algorithm->added.at[0]).column, 38);
    const struct fm_pcal_routine *process = algorithm->processes.at[0];
    assert_string_equal(process->name, "r");
    assert_int_equal(process->fairness, FM_PCAL_STRONG);
    assert_string_equal(process->minus.at[0], "b");
    assert_string_equal(process->calls.at[0], "p");
    assert_string_equal(process->entry, "b");
    assert_int_equal(process->variables.at[0].value->at[0].at[0]->kind, FM_PCAL_TOKEN_DEFAULT);
    assert_int_equal(process->body->count, 3);
    const struct fm_pcal_stmt *step = process->body->at[0];
    assert_int_equal(step->clauses.at[0].plain->count, 2);
    const struct fm_pcal_stmt *assign = step->clauses.at[0].plain->at[0];
    assert_int_equal(assign->kind, FM_PCAL_ASSIGN);
    assert_int_equal(fm_source_place(fixture.sources, assign->call_span).line, 8);
    assert_string_equal(assign->assigns.at[0].variable, "x");
    assert_int_equal(assign->assigns.at[0].subscript->at[0].count, 3);
    assert_int_equal(assign->assigns.at[0].value->at[0].count, 7); /* ( 2 * z ) + x */
    assert_string_equal(process->body->at[1]->label, "K1");
    assert_string_equal(process->body->at[2]->label, "K2");
    const struct fm_pcal_stmt *either = process->body->at[2]->clauses.at[0].plain->at[1];
    assert_int_equal(either->kind, FM_PCAL_EITHER);
    assert_true(either->split);
    assert_int_equal(either->clauses.at[0].plain->count, 0);
    assert_string_equal(either->clauses.at[0].labeled->at[0]->label, "c");
    assert_int_equal(either->clauses.at[1].plain->count, 1);
    fixture_close(&fixture);
}

static void test_names(void **state)
{
    (void)state;
    struct syntax_fixture fixture;
    fixture_open(&fixture);
    struct fm_pcal_problem problem;
    struct fm_pcal_algorithm *algorithm = read_algorithm(
        &fixture,
        "--algorithm A { variable x = 1; process (p = 1) variable y = 2; { a: x := y; goto a }\n"
        "process (q = 2) variable y = 3, x_ = [y |-> y]; { a: y := x_.y + y\n } }",
        &problem);
    assert_non_null(algorithm);
    assert_true(fm_pcal_resolve(&fixture.arena, algorithm, &problem));
    const struct fm_pcal_routine *first = algorithm->processes.at[0];
    const struct fm_pcal_routine *second = algorithm->processes.at[1];
    assert_string_equal(first->variables.at[0].name, "y_");
    assert_string_equal(first->entry, "a_");
    assert_string_equal(second->variables.at[0].name, "y");
    assert_string_equal(second->entry, "a");
    const struct fm_pcal_stmts *step = first->body->at[0]->clauses.at[0].plain;
    assert_string_equal(step->at[0]->assigns.at[0].value->at[0].at[0]->text, "y_");
    assert_string_equal(step->at[1]->target, "a_");
    fixture_close(&fixture);
}

struct problem_case {
    const char *text;
    const char *problem; /* the beginning of what is said */
};

static const struct problem_case problems[] = {
    {"--algorithm", "FM1042 1:12 the algorithm's comment ends where the algorithm's name"},
    {"--algorithm A", "FM1042 1:14 the algorithm's comment ends where `begin`"},
    {"--algorithm A { }", "FM1042 1:17 `{` expected here, found `}`"},
    {"--algorithm A { { } }", "FM1042 1:19 a statement is expected here"},
    {"--fair A { { skip } }", "FM1042 1:8 `algorithm` expected"},
    {"--algorithm A { { x = 1 } }", "FM1042 1:25 `:=` expected here, found `}`"},
    {"--algorithm A { { x := } }", "FM1042 1:24 an expression expected"},
    {"--algorithm A { { x := 1 y := 2 } }", "FM1042 1:28 `;` expected here, found `:=`"},
    {"--algorithm A begin if x then y end algorithm", "FM1042 1:33 `:=` expected"},
    {"--algorithm A begin either skip; end either; end algorithm", "FM1042 1:21 this either has"},
    {"--algorithm A { { while (x) } }", "FM1042 1:29 a statement expected"},
    {"--algorithm A begin while x do end while end algorithm", "FM1042 1:21 this while has no"},
    {"--algorithm A { { with (i > 1) skip } }", "FM1042 1:27 `=` or `\\in` expected"},
    {"--algorithm A { { x := [1; y := 2 } }", "FM1043 1:24 this bracket is not closed"},
    {"--algorithm A { { x := 1]; } }", "FM1043 1:25 this bracket closes nothing"},
    {"--algorithm A { { x := \\A y; } }", "FM1043 1:28 the quantifier before this has no `:`"},
    {"--algorithm A { { x := \\foo; } }", "FM1043 1:24 this is not an operator of TLA+"},
    {"--algorithm A { { x := \"a\n\" } }", "FM1043 1:24 this string is not closed"},
    {"--algorithm A { { x := \"\\q\" } }", "FM1043 1:24 this string has an unknown escape"},
    {"--algorithm A { { x := \"\\", "FM1043 1:24 this string is not closed"},
    {"--algorithm A { { x := \"\\\n\" } }", "FM1043 1:24 this string is not closed"},
    {"--algorithm A { { x := 1 ==== 2 } }", "FM1043 1:26 this cannot be part of an expression"},
    {"--algorithm A { { x := 1 === 2 } }", "FM1043 1:26 this is not a symbol"},
    {"--algorithm A { { m(1) } }", "FM1044 1:19 unknown macro `m`"},
    {"--algorithm A { macro m(a) { skip } { m() } }", "FM1044 1:39 the macro `m` has 1 parameters"},
    {"--algorithm A { macro m() { skip } macro m() { skip } { m() } }", "FM1044 1:42 the macro"},
    {"--algorithm A { macro m(a) { a := 1 } { m(2) } }", "FM1044 1:43 `2` cannot be assigned to"},
    {"--algorithm A { macro m() { n() } macro n() { skip } { m() } }", "FM1044 1:29 unknown macro"},
    {"--algorithm A { macro m() { a: skip } { m() } }", "FM1045 1:29 a label cannot stand in"},
    {"--algorithm A { { Done: skip } }", "FM1045 1:19 `Done` cannot be a label"},
    {"--algorithm A { { a: { b: skip } } }", "FM1045 1:27 this statement has two labels"},
    {"--algorithm A { { with (i = 1) { a: skip } } }",
     "FM1045 1:37 a label cannot stand in a with"},
    {"--algorithm A { variable x; { with (i = 1) { while (x) skip } } }", "FM1045 1:46 this while"},
    {"--algorithm A { variable x; { with (i = 1) { x := 1; x := 2 } } }",
     "FM1045 1:54 this assigns"},
    {"--algorithm A { { with (i = 1) { goto a; skip } } }", "FM1045 1:42 this follows a call"},
    {"--algorithm A { variable x; { y := 1 } }", "FM1046 1:31 `y` is assigned to"},
    {"--algorithm A { variable x, x; { x := 1 } }", "FM1046 1:29 the name of the variable `x`"},
    {"--algorithm A { { a: skip; a: skip } }", "FM1046 1:31 the name of the label `a`"},
    {"--algorithm A { { goto b } }", "FM1046 1:19 there is no label `b`"},
    {"--algorithm A { { call p() } }", "FM1046 1:19 there is no procedure `p`"},
    {"--algorithm A { { return } }", "FM1046 1:19 this return is not in a procedure"},
    {"--algorithm A { procedure p(x) { a: return } { call p() } }",
     "FM1046 1:48 the procedure `p`"},
    {"--algorithm A { process (q = 1) { a: call p() } }", "FM1046 1:26 this process calls"},
};

static void test_problems(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        struct syntax_fixture fixture;
        fixture_open(&fixture);
        const char *said = print_of(&fixture, problems[i].text);
        size_t length = strlen(problems[i].problem);
        if (strncmp(said, problems[i].problem, length) != 0) {
            fail_msg("%s\n  says %s\n  not  %s", problems[i].text, said, problems[i].problem);
        }
        fixture_close(&fixture);
    }
}

/* Nesting and expansion have limits. */
static void test_limits(void **state)
{
    (void)state;
    struct syntax_fixture fixture;
    fixture_open(&fixture);
    struct fm_text text = {0};
    fm_text_puts(&text, "--algorithm A { { ");
    for (int i = 0; i < 5000; i++) {
        fm_text_puts(&text, "if (x) ");
    }
    fm_text_puts(&text, "skip } }");
    assert_ptr_not_equal(strstr(print_of(&fixture, text.at), "nested too deeply"), NULL);
    fm_text_clear(&text);
    fm_text_puts(&text, "--algorithm A { macro m0(a) { x := a + a }");
    for (int i = 0; i < 40; i++) {
        fm_text_printf(&text, "macro m%d(a) { m%d(a + a); m%d(a) }\n", i + 1, i, i);
    }
    fm_text_puts(&text, "{ m40(1) } }");
    assert_ptr_not_equal(strstr(print_of(&fixture, text.at), "is too large"), NULL);
    fm_text_deinit(&text);
    fixture_close(&fixture);
}

/* What pcal.trans wrote is right, and what we write; with a word of the algorithm changed it is
 * not. */
static void check_file(const char *name)
{
    struct syntax_fixture fixture;
    fixture_open(&fixture);
    char path[128];
    (void)snprintf(path, sizeof path, "tests/unit/pcal/%s.tla", name);
    struct fm_text text = {0};
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (int c; (c = fgetc(file)) != EOF;) {
        fm_text_putc(&text, (char)c);
    }
    assert_int_equal(fclose(file), 0);
    struct fm_parsed parsed = fixture_module(&fixture, text.at, text.length);
    assert_string_equal(fixture_codes(&fixture), "");
    assert_true(parsed.pluscal.present && parsed.pluscal.translated && !parsed.pluscal.stale);
    struct fm_pcal_options options = fm_pcal_options_default();
    struct fm_translation translation;
    uint32_t source = fm_source_add(fixture.sources, path, text.at, text.length);
    assert_true(
        fm_pluscal_translate(&fixture.parse, source, parsed.pluscal.span, &options, &translation));
    assert_string_equal(fm_source_get(fixture.sources, translation.source)->text, text.at);
    char *variable = strstr(text.at, "variable");
    variable = strstr(variable, "= ");
    assert_non_null(variable);
    variable[1] = '0'; /* = 0 becomes =0 0, one token more */
    parsed = fixture_module(&fixture, text.at, text.length);
    assert_true(parsed.pluscal.stale);
    assert_non_null(strstr(fixture_codes(&fixture), "FM1041"));
    fm_text_deinit(&text);
    fixture_close(&fixture);
}

static struct fm_place place_of(const struct fm_sources *sources, uint32_t number, const char *what)
{
    const char *text = fm_source_get(sources, number)->text;
    const char *at = strstr(text, what);
    assert_non_null(at);
    uint32_t begin = (uint32_t)(at - text);
    return fm_source_place(sources,
                           (struct fm_span){number, begin, begin + (uint32_t)strlen(what)});
}

static void assert_place(struct fm_place place, uint32_t line, uint32_t column, uint32_t end_line,
                         uint32_t end_column)
{
    assert_int_equal(place.line, line);
    assert_int_equal(place.column, column);
    assert_int_equal(place.end_line, end_line);
    assert_int_equal(place.end_column, end_column);
}

/* Places in a translation are those of the algorithm, below and above it those of the file. */
static void test_places(void **state)
{
    (void)state;
    struct syntax_fixture fixture;
    fixture_open(&fixture);
    const char *text = "---- MODULE M ----\n(* --algorithm A {\n"
                       "  variable x = 0;\n"
                       "  macro add(v) { v := v + 1 }\n"
                       "  process (p \\in {1, 2}) variable y = 3; {\n"
                       "    a: y := y * 2 + x;\n"
                       "       add(x);\n"
                       "  }\n} *)\nBelow == x\n====\n";
    uint32_t source = fm_source_add(fixture.sources, "M.tla", text, strlen(text));
    struct fm_pcal_options options = fm_pcal_options_default();
    struct fm_translation translation;
    assert_true(
        fm_pluscal_translate(&fixture.parse, source, fm_span_none(), &options, &translation));
    uint32_t made = translation.source;
    assert_place(place_of(fixture.sources, made, "MODULE M"), 1, 6, 1, 13);
    assert_place(place_of(fixture.sources, made, "Below == x"), 10, 1, 10, 10);
    assert_place(place_of(fixture.sources, made, "y[self] * 2 + x"), 6, 13, 6, 21);
    assert_place(place_of(fixture.sources, made, "2 + x"), 6, 17, 6, 21);
    assert_place(place_of(fixture.sources, made, "y' = [y EXCEPT ![self] = y[self] * 2 + x]"), 6, 8,
                 6, 21);
    assert_place(place_of(fixture.sources, made, "x + 1"), 7, 12, 7, 12);
    assert_place(place_of(fixture.sources, made, "y = [self"), 5, 35, 5, 35);
    assert_string_equal(fixture_codes(&fixture), "");
    fixture_close(&fixture);
}

static void test_checksums(void **state)
{
    (void)state;
    static const char *const names[] = {"Jumps",    "Options",      "Procedures", "Processes",
                                        "Sequence", "Substitution", "Version"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        check_file(names[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_print),     cmocka_unit_test(test_both_syntaxes),
        cmocka_unit_test(test_tree),      cmocka_unit_test(test_names),
        cmocka_unit_test(test_problems),  cmocka_unit_test(test_limits),
        cmocka_unit_test(test_checksums), cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
