/* Temporal formulas as they come out of specifications.
 *
 * What is written with definitions, LET, quantifiers, instances and operators as arguments must
 * mean what it means written out: properties come in pairs, and both of a pair are judged on the
 * same random lassos. Some are shown as trees, since what a search can do well depends on their
 * shape. Atoms are decided by both tiers on all steps between some states. What cannot be handled
 * is reported at its place. */
#include "base/random.h"
#include "liveness/verify.h"
#include "native/native.h"

#include "eval_fixture.h"

#define LASSOS 400u
#define STATES_MAX 6u

struct formulas {
    struct eval_fixture eval;
    struct fm_arena arena;
    struct fm_temporals temporals;
    struct fm_text text;
};

static const char specification[] =
    "EXTENDS Naturals\n"
    "CONSTANT Proc\n"
    "VARIABLES x, pc\n"
    "vars == <<x, pc>>\n"
    "Init == x = 0 /\\ pc \\in [Proc -> {\"a\", \"b\"}]\n"
    "up(i) == pc[i] = \"a\" /\\ pc' = [pc EXCEPT ![i] = \"b\"] /\\ UNCHANGED x\n"
    "down(i) == pc[i] = \"b\" /\\ pc' = [pc EXCEPT ![i] = \"a\"] /\\ x' = (x + 1) % 3\n"
    "Next == \\E i \\in Proc : up(i) \\/ down(i)\n";
static const char configuration[] = "INIT Init NEXT Next CONSTANT Proc = {1, 2}\n";

/* `properties` are names of the body, in order. */
static bool open_formulas(struct formulas *formulas, const char *body, const char *properties)
{
    struct fm_text all = {0}, config = {0};
    memset(formulas, 0, sizeof *formulas);
    fm_arena_init(&formulas->arena, "formulas");
    fm_text_printf(&all, "%s%s", specification, body);
    fm_text_printf(&config, "%s%s", configuration, properties);
    eval_open(&formulas->eval, fm_text_string(&all), fm_text_string(&config));
    fm_text_deinit(&all);
    fm_text_deinit(&config);
    return fm_temporals_init(&formulas->temporals, formulas->eval.loaded.program,
                             formulas->eval.model, &formulas->arena);
}

static void close_formulas(struct formulas *formulas)
{
    eval_close(&formulas->eval);
    fm_arena_deinit(&formulas->arena);
    fm_text_deinit(&formulas->text);
}

/* --- shapes --- */

static void show(struct formulas *formulas, const struct fm_temporal *formula)
{
    struct fm_text *out = &formulas->text;
    switch (formula->op) {
    case FM_TEMPORAL_TRUE:
    case FM_TEMPORAL_FALSE:
        fm_text_puts(out, formula->op == FM_TEMPORAL_TRUE ? "TRUE" : "FALSE");
        return;
    case FM_TEMPORAL_ATOM:
        fm_text_printf(out, "{%s}", formulas->temporals.atoms[formula->atom].text);
        return;
    case FM_TEMPORAL_NOT:
        fm_text_puts(out, "~");
        show(formulas, formula->kids[0]);
        return;
    case FM_TEMPORAL_ALWAYS:
    case FM_TEMPORAL_EVENTUALLY:
        fm_text_puts(out, formula->op == FM_TEMPORAL_ALWAYS ? "[]" : "<>");
        show(formulas, formula->kids[0]);
        return;
    case FM_TEMPORAL_AND:
    case FM_TEMPORAL_OR:
        for (uint32_t i = 0; i < formula->count; i++) {
            fm_text_puts(out, i == 0 ? "(" : formula->op == FM_TEMPORAL_AND ? " & " : " | ");
            show(formulas, formula->kids[i]);
        }
        fm_text_puts(out, ")");
        return;
    }
}

static void expect_shape(const char *body, const char *expected)
{
    struct formulas formulas;
    assert_true(open_formulas(&formulas, body, "PROPERTY P"));
    assert_int_equal(formulas.temporals.property_count, 1);
    show(&formulas, formulas.temporals.properties[0].formula);
    assert_string_equal(fm_text_string(&formulas.text), expected);
    close_formulas(&formulas);
}

static void test_temporal_operators_have_their_shapes(void **state)
{
    (void)state;
    expect_shape("P == x = 0 ~> x = 1", "[](~{x = 0} | <>{x = 1})");
    expect_shape("P == WF_vars(up(1))", "[]<>(~{ENABLED <<up(1)>>_vars} | {<<up(1)>>_vars})");
    expect_shape("P == SF_x(up(1))", "(<>[]~{ENABLED <<up(1)>>_x} | []<>{<<up(1)>>_x})");
    expect_shape("P == WF_<<x, pc[1]>>(up(1))",
                 "[]<>(~{ENABLED <<up(1)>>_<<x, pc[1]>>} | {<<up(1)>>_<<x, pc[1]>>})");
    expect_shape("P == <>[][up(1)]_x => []<><<down(2)>>_vars",
                 "(~<>[]{[up(1)]_x} | []<>{<<down(2)>>_vars})");
    expect_shape("P == ~(<>(x = 1) /\\ [](x < 2))", "~(<>{x = 1} & []{x < 2})");
    expect_shape("P == []<>ENABLED up(2)", "[]<>{ENABLED up(2)}");
    expect_shape("P == []<>(x = 0) <=> []<>(x = 1)",
                 "(([]<>{x = 0} & []<>{x = 1}) | (~[]<>{x = 0} & ~[]<>{x = 1}))");
}

/* The split of properties must not take a parameter for a constant. */
static void test_levels_are_those_of_arguments(void **state)
{
    (void)state;
    expect_shape("Always(F) == []F\nP == Always(<>(x = 1))", "[]<>{x = 1}");
    expect_shape("From0(F) == x = 0 => F\nP == From0(<>(x = 1))", "(~{x = 0} | <>{x = 1})");
    expect_shape("Of(F(_)) == F(1)\nG(n) == <>(x = n)\nP == Of(G)", "<>{x = 1}");
    expect_shape("Of(F(_)) == F(1)\nP == Of(LAMBDA n : <>(x = n))", "<>{x = 1}");
    expect_shape("Let(F) == LET G == F IN [](x = 0 => G)\nP == Let(<>(x = 1))",
                 "[](~{x = 0} | <>{x = 1})");
}

static void test_constants_disappear(void **state)
{
    (void)state;
    expect_shape("P == \\A i \\in Proc : i = 1 => <>(x = i)", "<>{x = 1}");
    expect_shape("P == \\E i \\in Proc : i > 2 /\\ <>(x = i)", "FALSE");
    expect_shape("P == <>(x = 1) \\/ 1 + 1 = 2", "TRUE");
    expect_shape("P == [](\\A i \\in {} : <>(x = i))", "TRUE");
    expect_shape("P == IF 2 \\in Proc THEN <>(x = 2) ELSE 1 ~> 2", "<>{x = 2}");
    expect_shape("P == CASE 3 \\in Proc -> <>(x = 3) [] OTHER -> []<>(x = 0)", "[]<>{x = 0}");
}

static void test_predicates_stay_whole(void **state)
{
    (void)state;
    expect_shape("P == <>(\\A i \\in Proc : IF pc[i] = \"a\" THEN x = 0 ELSE x = 1)",
                 "<>{\\A i \\in Proc : IF pc[i] = \"a\" THEN x = 0 ELSE x = 1}");
    expect_shape("Q(i) == pc[i] = \"a\" /\\ x = 1\nP == \\E i \\in {2} : <>Q(i)", "<>{Q(2)}");
}

/* Names of variables that are bound around a part are replaced in its text. */
static void test_texts_tell_the_values(void **state)
{
    (void)state;
    expect_shape("Both(F(_), G) == <>(F(1) /\\ G)\n"
                 "P == \\A i \\in {2} : LET here == pc[i] = \"a\" IN Both(LAMBDA n : x = n, here)",
                 "<>{x = 1 /\\ pc[2] = \"a\"}");
    struct formulas formulas;
    assert_true(open_formulas(&formulas, "P == \\A i \\in Proc : WF_vars(up(i))", "PROPERTY P"));
    const struct fm_temporal *all = formulas.temporals.properties[0].formula;
    assert_int_equal(all->count, 2);
    assert_string_equal(all->kids[1]->text, "WF_vars(up(2))");
    assert_int_equal(all->kids[1]->origin, FM_ORIGIN_WEAK);
    close_formulas(&formulas);
}

/* --- meaning --- */

/* Pairs that must mean the same. */
static const char *const pairs[][2] = {
    {"\\A i \\in Proc : pc[i] = \"a\" ~> x = i",
     "(pc[1] = \"a\" ~> x = 1) /\\ (pc[2] = \"a\" ~> x = 2)"},
    {"\\A <<i, s>> \\in {<<1, \"a\">>, <<2, \"b\">>} : []<>(pc[i] = s)",
     "[]<>(pc[1] = \"a\") /\\ []<>(pc[2] = \"b\")"},
    {"\\A i, j \\in Proc, n \\in {1} : i < j => <>(pc[i] = pc[j] /\\ x = n)",
     "<>(pc[1] = pc[2] /\\ x = 1)"},
    {"\\E i \\in Proc : \\A j \\in 1..i : <>[](x = j)", "<>[](x = 1)"},
    {"Leads(x = 0, pc[1] = \"b\")", "x = 0 ~> pc[1] = \"b\""},
    {"\\A i \\in Proc : Leads(x = i, pc[i] = \"b\" /\\ \\E j \\in Proc : pc[j] = \"a\")",
     "(x = 1 ~> pc = <<\"b\", \"a\">>) /\\ (x = 2 ~> pc = <<\"a\", \"b\">>)"},
    {"Twice([]<>(x = 0))", "[]<>(x = 0)"},
    {"\\A i \\in Proc : LET here == pc[i] = \"a\" to(n) == here /\\ x = n IN []<>here => <>to(i)",
     "([]<>(pc[1] = \"a\") => <>(pc[1] = \"a\" /\\ x = 1)) /\\ "
     "([]<>(pc[2] = \"a\") => <>(pc[2] = \"a\" /\\ x = 2))"},
    {"LET later(n) == <>(x = n) IN later(1) /\\ [](x = 1 => later(2))",
     "<>(x = 1) /\\ [](x = 1 => <>(x = 2))"},
    {"\\A i \\in Proc : LET f(n) == LET k == n + i IN x = k IN []<>f(0) ",
     "[]<>(x = 1) /\\ []<>(x = 2)"},
    {"\\A i \\in Proc : LET now == x IN <>(\\E k \\in Proc : now = k /\\ pc[k] # pc[i])",
     "<>(x = 2 /\\ pc[1] # pc[2]) /\\ <>(x = 1 /\\ pc[1] # pc[2])"},
    {"Every(LAMBDA n : x = n)", "[]<>(x = 0) /\\ []<>(x = 1)"},
    {"\\A i \\in Proc : Every(LAMBDA n : x = n /\\ pc[i] = \"a\")",
     "\\A i \\in Proc : []<>(x = 0 /\\ pc[i] = \"a\") /\\ []<>(x = 1 /\\ pc[i] = \"a\")"},
    {"Some(LAMBDA n : <>[](x = n))", "<>[](x = 1) \\/ <>[](x = 2)"},
    {"Some(Stays)", "<>[](x = 1) \\/ <>[](x = 2)"},
    {"IF x = 0 THEN <>(x = 1) ELSE []<>(x = 0)", "(x = 0 => <>(x = 1)) /\\ (x # 0 => []<>(x = 0))"},
    {"[](CASE x = 0 -> <>(x = 1) [] x < 2 -> <>(x = 2) [] OTHER -> <>(x = 0))",
     "[]((x = 0 => <>(x = 1)) /\\ (x = 1 => <>(x = 2)) /\\ (x = 2 => <>(x = 0)))"},
    {"[](x = 0 <=> <>(x = 1))", "[]((x = 0 => <>(x = 1)) /\\ (<>(x = 1) => x = 0))"},
    {"\\A i \\in Proc : <>[][up(i)]_pc", "<>[][up(1)]_pc /\\ <>[][up(2)]_pc"},
    {"\\E i \\in Proc : []<><<up(i) \\/ down(i)>>_<<pc[i]>>",
     "[]<><<pc[1]' # pc[1] /\\ Next>>_pc \\/ []<><<pc[2]' # pc[2] /\\ Next>>_pc"},
    {"WF_vars(up(1))", "[]<>(pc[1] # \"a\") \\/ []<><<up(1)>>_vars"},
    {"SF_x(Next)", "<>[](\\A i \\in Proc : pc[i] = \"a\") \\/ []<><<Next>>_x"},
    {"Fair(up) /\\ Fair(down)", "\\A i \\in Proc : WF_vars(up(i)) /\\ WF_vars(down(i))"},
    {"A!Live", "pc[2] = \"b\" ~> x = 0"},
    {"\\A n \\in Proc : B(n)!Live", "(pc[1] = \"a\" ~> x = 2) /\\ (pc[2] = \"a\" ~> x = 1)"},
    {"A!Fairness", "[]<>(x # 0) \\/ []<><<x' = 1>>_x"},
    {"H!Fairness", "[]<><<FALSE>>_x"},
    {"Ap(LAMBDA k : <>(k = 1), x + 1)", "<>(x = 0)"},
    {"AllUpTo(2)", "<>(x = 0) /\\ <>(x = 1) /\\ <>(x = 2)"},
    {"lab :: <>(in :: x = 1)", "<>(x = 1)"},
};
#define PAIRS (sizeof pairs / sizeof pairs[0])

static const char definitions[] =
    "Leads(F, G) == F ~> G\n"
    "Twice(F) == Twice1(F, F) \n"
    "Every(F(_)) == \\A n \\in {0, 1} : []<>F(n)\n"
    "Some(F(_)) == \\E n \\in Proc : F(n)\n"
    "Ap(F(_), m) == F(m)\n"
    "RECURSIVE AllUpTo(_)\n"
    "AllUpTo(n) == IF n = 0 THEN <>(x = 0) ELSE <>(x = n) /\\ AllUpTo(n - 1)\n"
    "Stays(n) == <>[](x = n)\n"
    "Fair(A(_)) == \\A n \\in Proc : WF_vars(A(n))\n"
    "A == INSTANCE A WITH v <- x, done <- pc[2] = \"b\", target <- 0\n"
    "B(n) == INSTANCE A WITH v <- x, done <- pc[n] = \"a\", target <- 3 - n\n"
    "H == INSTANCE C WITH v <- x, w <- x\n";

static void write_modules(struct semantics_fixture *loaded)
{
    fixture_write(loaded, "A.tla",
                  "---- MODULE A ----\nEXTENDS Naturals\nCONSTANT target\nVARIABLES v, done\n"
                  "Live == done ~> v = target\n"
                  "Fairness == WF_v(v = 0 /\\ v' = 1)\n====\n");
    /* No step has v' = 0 and w' = 1 where both are x, but there are such values. */
    fixture_write(loaded, "C.tla",
                  "---- MODULE C ----\nEXTENDS Naturals\nVARIABLES v, w\n"
                  "Fairness == WF_<<v, w>>(v' = v + 1 /\\ w' = w + 2)\n====\n");
}

static struct fm_state *random_state(struct formulas *formulas, struct fm_random *random)
{
    struct fm_value_context *context = formulas->eval.model->ops->context(formulas->eval.engine);
    fm_value at[2];
    for (uint32_t i = 0; i < 2; i++) {
        at[i] = fm_string_of(context, fm_random_below(random, 2) != 0 ? "a" : "b", 1);
    }
    const fm_value values[] = {fm_small((int64_t)fm_random_below(random, 3)),
                               fm_tuple(context, at, 2)};
    return formulas->eval.model->ops->from_values(formulas->eval.engine, values);
}

static enum fm_verdict judge(struct formulas *formulas, uint32_t property,
                             const struct fm_behaviour *behaviour)
{
    const struct fm_temporal *formula = formulas->temporals.properties[property].formula;
    return fm_behaviour_holds(formulas->eval.engine, formulas->eval.model->ops,
                              &formulas->temporals, formula, behaviour);
}

/* All pairs as P0, Q0, P1, Q1, ...; a conjunction may be split into several properties, so each is
 * kept whole by a disjunct that adds nothing. */
static bool open_pairs(struct formulas *formulas)
{
    struct fm_text all = {0}, config = {0};
    fm_text_printf(&all, "---- MODULE M ----\n%sTwice1(F, G) == F /\\ G\n%s", specification,
                   definitions);
    fm_text_printf(&config, "%sPROPERTIES", configuration);
    for (uint32_t i = 0; i < PAIRS; i++) {
        fm_text_printf(&all, "P%u == (%s) \\/ <>FALSE\nQ%u == (%s) \\/ <>FALSE\n", i, pairs[i][0],
                       i, pairs[i][1]);
        fm_text_printf(&config, " P%u Q%u", i, i);
    }
    fm_text_puts(&all, "====\n");
    memset(formulas, 0, sizeof *formulas);
    fm_arena_init(&formulas->arena, "formulas");
    struct eval_fixture *eval = &formulas->eval;
    fixture_open(&eval->loaded);
    fixture_write(&eval->loaded, "M.tla", fm_text_string(&all));
    fixture_write(&eval->loaded, "M.cfg", fm_text_string(&config));
    write_modules(&eval->loaded);
    if (fixture_load(&eval->loaded, "M", true) == NULL) {
        print_error("%s\n", fixture_codes(&eval->loaded));
        fail();
    }
    eval->options.set_size_max = 1000000;
    eval->model = fm_eval_model_new(&eval->loaded.session, eval->loaded.program, &eval->options,
                                    &eval->run);
    assert_non_null(eval->model);
    eval->engine = eval->model->ops->open(eval->model);
    fm_text_deinit(&all);
    fm_text_deinit(&config);
    bool good = fm_temporals_init(&formulas->temporals, eval->loaded.program, eval->model,
                                  &formulas->arena);
    if (!good) {
        print_error("%s\n", fixture_codes(&eval->loaded));
    }
    return good;
}

static void test_pairs_mean_the_same(void **state)
{
    (void)state;
    struct formulas formulas;
    assert_true(open_pairs(&formulas));
    assert_int_equal(formulas.temporals.property_count, 2 * PAIRS);
    uint32_t true_count[PAIRS] = {0};
    struct fm_random random;
    fm_random_seed(&random, 20);
    for (uint32_t round = 0; round < LASSOS; round++) {
        struct fm_state *states[STATES_MAX];
        uint32_t count = 1 + (uint32_t)fm_random_below(&random, STATES_MAX);
        for (uint32_t i = 0; i < count; i++) {
            states[i] = random_state(&formulas, &random);
        }
        struct fm_behaviour behaviour = {states, count, (uint32_t)fm_random_below(&random, count)};
        for (uint32_t i = 0; i < PAIRS; i++) {
            enum fm_verdict first = judge(&formulas, 2 * i, &behaviour);
            if (first == FM_VERDICT_FAILURE || first != judge(&formulas, 2 * i + 1, &behaviour)) {
                print_error("round %u: %s\n", round, pairs[i][0]);
                fail();
            }
            true_count[i] += first == FM_VERDICT_TRUE;
        }
        formulas.eval.model->ops->reset(formulas.eval.engine);
    }
    for (uint32_t i = 0; i < PAIRS; i++) {
        if (true_count[i] == LASSOS) {
            print_error("always true: %s\n", pairs[i][0]);
            fail();
        }
    }
    close_formulas(&formulas);
}

/* --- atoms --- */

static void test_what_is_the_same_is_one_atom(void **state)
{
    (void)state;
    struct formulas formulas;
    assert_true(open_formulas(&formulas,
                              "Fair == \\A i \\in Proc : WF_vars(up(i))\n"
                              "P == Fair => \\A i \\in Proc : x = i ~> x = 0\n"
                              "Q == \\A j \\in Proc : SF_vars(up(j)) /\\ []<>(x = 0)\n"
                              "Within(F, i) == LET here == pc[i] = F IN here ~> x = 1\n"
                              "R == Within(\"a\", 1)\n"
                              "S == Within(\"a\", 1) /\\ Within(\"b\", 1)\n",
                              "PROPERTIES P Q R S"));
    /* ENABLED and step of two actions; x = 1, x = 2, x = 0; here for "a" and "b". */
    assert_int_equal(formulas.temporals.atom_count, 4 + 3 + 2);
    close_formulas(&formulas);
}

static void test_conditions_of_the_specification_are_listed(void **state)
{
    (void)state;
    struct eval_fixture eval;
    struct fm_arena arena;
    struct fm_temporals temporals;
    memset(&eval, 0, sizeof eval);
    fm_arena_init(&arena, "formulas");
    eval_open(
        &eval,
        "VARIABLES x, y\nvars == <<x, y>>\n"
        "A(i) == x' = i /\\ y' = y\n"
        "Next == (\\E i \\in {1, 2} : A(i)) \\/ (y' = 1 /\\ x' = x)\n"
        "Fair == (\\A i \\in {1, 2} : SF_vars(A(i))) /\\ WF_vars(Next)\n"
        "Spec == x = 0 /\\ y = 0 /\\ [][Next]_vars /\\ Fair /\\ (<>(x = 1) \\/ WF_y(y' = 1))\n"
        "P == <>(x = 1)",
        "SPECIFICATION Spec PROPERTY P");
    assert_true(fm_temporals_init(&temporals, eval.loaded.program, eval.model, &arena));
    static const char *const actions[] = {"A(1)", "A(2)", "Next", "y' = 1"};
    assert_int_equal(temporals.fairness_count, 4);
    assert_int_equal(temporals.condition_count, 4);
    for (uint32_t i = 0; i < 4; i++) {
        const struct fm_fairness *condition = &temporals.conditions[i];
        assert_string_equal(condition->action, actions[i]);
        assert_true(i == 3 || condition->formula == temporals.fairness[i]);
        assert_true(temporals.atoms[condition->enabled].is_enabled);
        assert_false(temporals.atoms[condition->enabled].is_step);
        assert_true(temporals.atoms[condition->step].is_step);
    }
    eval_close(&eval);
    fm_arena_deinit(&arena);
}

/* States between which atoms are decided by both tiers. */
#define TIER_STATES 8u

static bool take_nothing(struct fm_sink *sink, struct fm_batch *batch)
{
    (void)sink;
    (void)batch;
    return true;
}

/* Generates: the engine then has the emitted code. */
static void take_code(struct fm_model *model, struct fm_engine *engine)
{
    struct fm_sink sink = {.take = take_nothing};
    model->ops->initial(engine, &sink);
}

/* All but ENABLED of an instance whose variables are hidden. */
static void expect_emitted(const struct fm_native_report *report, uint32_t count)
{
    uint32_t emitted = 0;
    for (uint32_t i = 0; i < report->note_count; i++) {
        emitted += strncmp(report->notes[i].name, "formula ", 8) == 0 && report->notes[i].emitted;
    }
    assert_in_range(emitted, count - 1, count);
}

/* Decided by emitted code and by the interpreter on all steps between some states. */
static void test_both_tiers_decide_atoms_alike(void **state)
{
    (void)state;
    struct formulas formulas;
    assert_true(open_pairs(&formulas));
    const struct fm_temporals *temporals = &formulas.temporals;
    struct fm_model *plain = formulas.eval.model;
    struct fm_engine *plain_engine = formulas.eval.engine;
    const struct fm_formula **named = fm_arena_alloc(&formulas.arena,
                                                     temporals->atom_count * sizeof *named);
    for (uint32_t i = 0; i < temporals->atom_count; i++) {
        named[i] = &temporals->atoms[i].formula;
    }
    struct fm_random random;
    fm_random_seed(&random, 7);
    struct fm_state *states[TIER_STATES], *plain_states[TIER_STATES];
    for (uint32_t i = 0; i < TIER_STATES; i++) {
        plain_states[i] = random_state(&formulas, &random);
    }
    const struct fm_native_options options = {
        .named = named, .named_count = temporals->atom_count, .wait = true, .strict = true};
    struct fm_model *model = fm_native_model_new(plain, &options);
    struct fm_engine *engine = model->ops->open(model);
    take_code(model, engine);
    for (uint32_t i = 0; i < TIER_STATES; i++) {
        states[i] = model->ops->from_values(engine,
                                            plain->ops->values(plain_engine, plain_states[i]));
    }
    for (uint32_t i = 0; i < temporals->atom_count * TIER_STATES * TIER_STATES; i++) {
        const struct fm_atom *atom = &temporals->atoms[i / (TIER_STATES * TIER_STATES)];
        uint32_t from = i % TIER_STATES, to = i / TIER_STATES % TIER_STATES;
        enum fm_verdict expected = plain->ops->holds(plain_engine, &atom->formula,
                                                     plain_states[from],
                                                     atom->is_step ? plain_states[to] : NULL);
        if (model->ops->holds(engine, &atom->formula, states[from],
                              atom->is_step ? states[to] : NULL) != expected) {
            print_error("%s: %u -> %u\n", atom->text, from, to);
            fail();
        }
    }
    expect_emitted(fm_native_report(model), temporals->atom_count);
    plain->ops->close(plain_engine);
    formulas.eval.model = model;
    formulas.eval.engine = engine;
    close_formulas(&formulas);
}

/* --- what cannot be handled --- */

static void expect_error(const char *body, const char *expected)
{
    struct formulas formulas;
    if (open_formulas(&formulas, body, "PROPERTY P")) {
        print_error("%s\n", body);
        fail();
    }
    const char *codes = fixture_codes(&formulas.eval.loaded);
    if (strcmp(codes, expected) != 0) {
        print_error("%s\n", body);
    }
    assert_string_equal(codes, expected);
    close_formulas(&formulas);
}

static void test_what_cannot_be_handled_is_reported(void **state)
{
    (void)state;
    expect_error("P == <>(\\EE y : [](y = x))", "FM3050 10:9");
    expect_error("P == (<>(x = 1)) -+-> [](x < 2)", "FM3051 10:6");
    expect_error("Hold(A) == []A\nP == <>(x = 1) => Hold(x' = x)", "FM3052 11:24");
    expect_error("P == \\A n \\in {x} : <>(x = n)", "FM3053 10:15");
    expect_error("Each(S) == \\A n \\in S : [](x = n)\nP == Each({x})", "FM3053 10:21");
    expect_error("P == \\A n : <>(x = n)", "FM3053 10:6");
    expect_error("P == \\A n \\in Nat : <>(x = n)", "FM3054 10:15");
    expect_error("P == <>(x = 1) /\\ (\\E n \\in 1 .. 2 : \"a\" = n \\/ <>(x = n))",
                 "FM3054 10:38");
    expect_error("P == \\A <<i, j>> \\in {<<1>>} : <>(x = i)", "FM3054 10:22");
    expect_error("Ap(F(_), m) == F(m)\nP == Ap(LAMBDA k : <>(k = 1), CHOOSE n \\in {1} : n = x)",
                 "FM3056 10:18");
    expect_error("RECURSIVE F(_)\nF(n) == <>(x = n) /\\ F(n + 1)\nP == F(0)", "FM3055 11:9");
    expect_error("P == [](CASE x = 0 -> <>(x = 1) [] x = 1 -> <>(x = 2))", "FM3057 10:9");
    expect_error("P == \\A a, b, c, d, e \\in 1 .. 100 : <>(x = a + b + c + d + e)", "FM3055 10:6");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_temporal_operators_have_their_shapes),
        cmocka_unit_test(test_levels_are_those_of_arguments),
        cmocka_unit_test(test_constants_disappear),
        cmocka_unit_test(test_predicates_stay_whole),
        cmocka_unit_test(test_texts_tell_the_values),
        cmocka_unit_test(test_pairs_mean_the_same),
        cmocka_unit_test(test_what_is_the_same_is_one_atom),
        cmocka_unit_test(test_conditions_of_the_specification_are_listed),
        cmocka_unit_test(test_both_tiers_decide_atoms_alike),
        cmocka_unit_test(test_what_cannot_be_handled_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
