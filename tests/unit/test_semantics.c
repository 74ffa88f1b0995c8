/* Elaboration and binding: what definitions become, where slots lie, what levels come out, which
 * modules are found, what the configuration changes. Diagnostics have fixtures in tests/diag. */
#include "semantics_fixture.h"

#include "modules/native.h"

struct row {
    const char *name, *expected; /* of a definition and its body */
};

static void check_bodies(struct semantics_fixture *fixture, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct fm_def *def = fixture_find(fixture, rows[i].name);
        if (def == NULL) {
            print_error("no definition %s\n", rows[i].name);
        }
        assert_non_null(def);
        assert_string_equal(fixture_print(fixture, def->body), rows[i].expected);
    }
}

static const char inner[] = "---- MODULE Inner ----\n"
                            "EXTENDS Naturals\n"
                            "CONSTANTS c, F(_)\n"
                            "VARIABLE v\n"
                            "Op(z) == F(z) + c\n"
                            "Step == v' = v + c\n"
                            "Pass(G(_)) == G(c)\n"
                            "Use == Pass(F)\n"
                            "====\n";

static void test_instances(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Named", "I!Step"},
        {"Param", "J!Op(3, 4)"},
        {"Direct", "K!Step"},
        {"Local", "LET L!Op(z) == Twice(z) + k IN L!Op(1)"},
        {"Arg", "Run(LAMBDA parameter1, parameter2 : J!Op(parameter1, parameter2))"},
        {"Sub", "J!Op!1(3, 4)"},
    };
    struct semantics_fixture fixture;
    fixture_open(&fixture);
    fixture_write(&fixture, "A.tla", "---- MODULE A ----\n====\n");
    fm_text_clear(&fixture.text);
    struct fm_text body = {0};
    fm_text_puts(&body, inner);
    fm_text_puts(&body,
                 "CONSTANT k\n"
                 "VARIABLES x, y\n"
                 "Twice(z) == <<z, z>>\n"
                 "I == INSTANCE Inner WITH c <- k, F <- Twice, v <- x\n"
                 "J(c) == INSTANCE Inner WITH F <- Twice, v <- <<x, y>>\n"
                 "K == INSTANCE Inner WITH c <- k, F <- LAMBDA q : {q}, v <- <<x, y>>\n"
                 "Named == I!Step\n"
                 "Param == J(3)!Op(4)\n"
                 "Direct == K!Step\n"
                 "Local == LET L == INSTANCE Inner WITH c <- k, F <- Twice, v <- x IN L!Op(1)\n"
                 "Run(G(_, _)) == G(1, 2)\n"
                 "Arg == Run(J!Op)\n"
                 "Sub == J(3)!Op(4)!1\n");
    assert_non_null(fixture_load_body(&fixture, fm_text_string(&body)));
    fm_text_deinit(&body);
    check_bodies(&fixture, rows, sizeof rows / sizeof rows[0]);
    /* A variable that stands for a variable stays one; an expression becomes a definition. */
    const struct fm_def *step = fixture_find(&fixture, "Named")->body->u.def;
    assert_string_equal(step->name->text, "I!Step");
    assert_string_equal(step->instance->text, "I");
    assert_string_equal(fixture_print(&fixture, step->body), "x' = x + k");
    fixture_close(&fixture);
}

static void test_frames(void **state)
{
    (void)state;
    struct semantics_fixture fixture;
    fixture_open(&fixture);
    assert_non_null(fixture_load_body(
        &fixture, "Run(G(_), z) == G(z)\n"
                  "Op(p, q) == \\A r \\in p : \\E s \\in r, t \\in q :\n"
                  "    LET u == s  w(i) == Run(LAMBDA j : <<i, j, p, t, u>>, i) IN w(u)\n"));
    const struct fm_def *op = fixture_find(&fixture, "Op");
    assert_int_equal(op->param_count, 2);
    assert_int_equal(op->frame_size, 6); /* p q r s t u */
    const struct fm_node *forall = op->body;
    assert_int_equal(forall->u.bind.at[0].first_slot, 2);
    const struct fm_node *exists = forall->kids[0];
    assert_int_equal(exists->u.bind.count, 2);
    assert_int_equal(exists->u.bind.at[1].first_slot, 4);
    const struct fm_node *let = exists->kids[0];
    assert_int_equal(let->op, FM_OP_LET);
    assert_int_equal(let->u.lets.count, 2);
    assert_int_equal(let->u.lets.at[0].slot, 5);
    const struct fm_def *w = let->u.lets.at[1].def;
    assert_int_equal(w->depth, 1);
    assert_true(w->is_let);
    const struct fm_def *lambda = w->body->kids[0]->u.def;
    assert_int_equal(lambda->depth, 2);
    const struct fm_node *tuple = lambda->body;
    static const struct {
        uint32_t depth, slot;
    } locals[] = {{1, 0}, {0, 0}, {2, 0}, {2, 4}, {2, 5}};
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(tuple->kids[i]->u.local.depth, locals[i].depth);
        assert_int_equal(tuple->kids[i]->u.local.slot, locals[i].slot);
    }
    fixture_close(&fixture);
}

static void test_levels(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum fm_level level;
    } rows[] = {
        {"Constant", FM_LEVEL_CONSTANT}, {"State", FM_LEVEL_STATE},     {"Action", FM_LEVEL_ACTION},
        {"Can", FM_LEVEL_STATE},         {"Always", FM_LEVEL_TEMPORAL}, {"Prime", FM_LEVEL_ACTION},
        {"Used", FM_LEVEL_ACTION},       {"Slot", FM_LEVEL_STATE},      {"Even", FM_LEVEL_STATE},
        {"Odd", FM_LEVEL_STATE},         {"Passed", FM_LEVEL_ACTION},
    };
    struct semantics_fixture fixture;
    fixture_open(&fixture);
    assert_non_null(fixture_load_body(&fixture, "EXTENDS Naturals\n"
                                                "VARIABLE v\n"
                                                "Constant == \\A i \\in {1} : i = 1\n"
                                                "State == v = 1\n"
                                                "Action == v' = 1\n"
                                                "Can == ENABLED Action\n"
                                                "Always == [][Action]_v\n"
                                                "Prime(z) == z'\n"
                                                "Used == Prime(v) = 1\n"
                                                "Slot == LET a == v b == a IN {b}\n"
                                                "RECURSIVE Even(_), Odd(_)\n"
                                                "Even(n) == n = 0 \\/ Odd(n - 1)\n"
                                                "Odd(n) == n = v /\\ Even(n - 1)\n"
                                                "Apply(F(_), z) == F(z)\n"
                                                "Passed == Apply(LAMBDA z : z = v', 1)\n"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(fixture_find(&fixture, rows[i].name)->level, rows[i].level);
    }
    assert_true(fixture_find(&fixture, "Even")->is_recursive);
    fixture_close(&fixture);
}

static void test_functions(void **state)
{
    (void)state;
    struct semantics_fixture fixture;
    fixture_open(&fixture);
    assert_non_null(fixture_load_body(&fixture, "f[n \\in {0}, <<a, b>> \\in {1}] == f[n, a]\n"
                                                "g[n \\in {0}] == n\n"
                                                "h == [f EXCEPT ![1, 2].c = @]\n"));
    const struct fm_def *f = fixture_find(&fixture, "f");
    assert_int_equal(f->body->op, FM_OP_RECFCN);
    assert_true(f->is_recursive);
    assert_int_equal(f->body->u.recfcn.count, 2);
    assert_true(f->body->u.recfcn.at[1].is_tuple);
    const struct fm_node *application = f->body->kids[0];
    assert_int_equal(application->op, FM_OP_FCNAPP);
    assert_int_equal(application->kids[0]->u.local.slot, f->body->u.recfcn.slot);
    assert_int_equal(application->kids[1]->op, FM_OP_TUPLE);
    assert_int_equal(fixture_find(&fixture, "g")->body->op, FM_OP_FCN);
    const struct fm_node *except = fixture_find(&fixture, "h")->body;
    assert_int_equal(except->u.updates.at[0].path_count, 2);
    assert_int_equal(except->u.updates.at[0].path[0]->op, FM_OP_TUPLE);
    assert_int_equal(except->u.updates.at[0].value->u.local.slot, except->u.updates.at[0].at_slot);
    fixture_close(&fixture);
}

/* --- modules --- */

static void test_search(void **state)
{
    (void)state;
    struct semantics_fixture fixture;
    fixture_open(&fixture);
    fixture_write(&fixture, "M.tla",
                  "---- MODULE M ----\nEXTENDS A, Naturals\nx == fromA + fromB\nI == INSTANCE C\n"
                  "====\n---- MODULE C ----\nhere == 1\n====\n");
    fixture_write(&fixture, "A.tla", "---- MODULE A ----\nEXTENDS B\nfromA == 1\n====\n");
    fixture_write(&fixture, "B.tla", "---- MODULE B ----\nfromB == 2\n====\n");
    assert_non_null(fixture_load(&fixture, "M", false));
    /* M and C, which stands in its file; all that M extends, then what those extend. */
    static const char *const order[] = {"M.tla", "M.tla", "A.tla", "Naturals.tla", "B.tla"};
    assert_int_equal(fixture.report.module_count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        const char *slash = strrchr(fixture.report.module_paths[i], '/');
        assert_string_equal(slash + 1, order[i]);
    }
    fixture_close(&fixture);
}

static void test_natives(void **state)
{
    (void)state;
    struct semantics_fixture fixture;
    fixture_open(&fixture);
    assert_non_null(fixture_load_body(&fixture, "EXTENDS Naturals\n"
                                                "I == INSTANCE Sequences\n"
                                                "a == 1 + 2\n"
                                                "b == I!Len(<<>>)\n"
                                                "Local(x) == x\n"));
    const struct fm_def *plus = fixture_find(&fixture, "a")->body->u.def;
    assert_string_equal(plus->native->module, "Naturals");
    assert_null(plus->body);
    assert_string_equal(fixture_find(&fixture, "b")->body->u.def->native->name, "Len");
    assert_null(fixture_find(&fixture, "Local")->native);
    fixture_close(&fixture);
}

/* Strings sort in the order in which TLC would first meet them. */
static void test_ranks(void **state)
{
    (void)state;
    static const char *const order[] = {"model", "early", "late", "string", "inB"};
    struct semantics_fixture fixture;
    fixture_open(&fixture);
    fixture_write(&fixture, "M.tla",
                  "---- MODULE M ----\nEXTENDS B\nCONSTANT early, late\nu == \"string\"\n"
                  "w == \"inB\"\n====\n");
    fixture_write(&fixture, "B.tla", "---- MODULE B ----\nz == \"string\"\n====\n");
    fixture_write(&fixture, "M.cfg", "CONSTANTS early = model late = {}\n");
    assert_non_null(fixture_load(&fixture, "M", true));
    uint32_t before = 0;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        const struct fm_symbol *symbol = fm_symbol_of(fixture.session.symbols, order[i]);
        uint32_t rank = fm_symbol_rank(fixture.session.symbols, symbol);
        assert_true(rank > before);
        before = rank;
    }
    fixture_close(&fixture);
}

/* --- configuration --- */

static void test_configuration(void **state)
{
    (void)state;
    struct semantics_fixture fixture;
    fixture_open(&fixture);
    fixture_write(&fixture, "M.tla",
                  "---- MODULE M ----\nEXTENDS Naturals\nCONSTANTS N, F(_), G(_, _)\nVARIABLE x\n"
                  "Limit == 3\nFive == 5\nTwice(z) == 2 * z\nInit == x = Limit\n"
                  "Next == x' = F(x) + G(1, 2)\nSpec == Init /\\ [][Next]_x\nInv == x > N\n"
                  "ASSUME Named == N > 0\n====\n");
    fixture_write(&fixture, "M.cfg",
                  "SPECIFICATION Spec\nINVARIANT Inv\nCHECK_DEADLOCK FALSE\n"
                  "CONSTANTS N = 4 F <- Twice G(1, 2) = 7 G(2, 2) = 8 Limit <- Five\n");
    struct fm_program *program = fixture_load(&fixture, "M", true);
    assert_non_null(program);
    assert_false(program->check_deadlock);
    assert_int_equal(program->init_count, 1);
    assert_int_equal(program->invariant_count, 1);
    assert_string_equal(program->invariants[0].name->text, "Inv");
    assert_int_equal(program->assume_count, 1);
    assert_string_equal(program->assumes[0].name->text, "Named");
    assert_true(fm_value_same(fixture_find(&fixture, "N")->value, fm_small(4)));
    static const struct row rows[] = {
        {"F", "Twice(parameter1)"},
        {"G", "CASE parameter1 = 1 /\\ parameter2 = 2 -> 7 [] parameter1 = 2 /\\ parameter2 = 2 "
              "-> 8"},
        {"Limit", "Five"},
    };
    check_bodies(&fixture, rows, sizeof rows / sizeof rows[0]);
    assert_true(fixture_find(&fixture, "Limit")->reevaluate);
    fixture_close(&fixture);
}

static void test_failures(void **state)
{
    (void)state;
    struct semantics_fixture fixture;
    fixture_open(&fixture);
    assert_null(fixture_load(&fixture, "M", false)); /* no such file */
    assert_true(fixture.report.syntax_failed);
    assert_null(fixture_load_body(&fixture, "x == y"));
    assert_true(fixture.report.syntax_failed);
    assert_null(fixture_load(&fixture, "M", true)); /* no configuration */
    assert_true(fixture.report.config_unreadable);
    fixture_write(&fixture, "M.cfg", "INVARIANT Inv\n");
    assert_non_null(fixture_load_body(&fixture, "x == 1"));
    assert_null(fixture_load(&fixture, "M", true));
    assert_true(fixture.report.config_failed);
    assert_null(fm_program_add_expression(fixture_load_body(&fixture, "x == 1"), "e", "x +"));
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instances), cmocka_unit_test(test_frames),
        cmocka_unit_test(test_levels),    cmocka_unit_test(test_functions),
        cmocka_unit_test(test_search),    cmocka_unit_test(test_natives),
        cmocka_unit_test(test_ranks),     cmocka_unit_test(test_configuration),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
