/* The judge of lassos against the definition written down once more, in another way: whether F
 * holds of the behaviour that begins at position i is asked of i, i + 1, ... one by one, for as
 * many positions as a lasso can have different futures. Formulas and lassos are random; the seed is
 * printed when they differ. Explanations are held against what a reader is to see. */
#include "base/random.h"
#include "liveness/verify.h"

#include "eval_fixture.h"

#define BEHAVIOURS 3000u
#define STATES_MAX 7u
#define ATOMS 4u

static const char body[] = "VARIABLES p, q\n"
                           "vars == <<p, q>>\n"
                           "Init == p = FALSE /\\ q = FALSE\n"
                           "Next == p' \\in BOOLEAN /\\ q' \\in BOOLEAN\n"
                           "P == p\n"
                           "Q == q\n"
                           "Up == <<~p /\\ p'>>_vars\n"
                           "Same == [FALSE]_vars\n";

struct judged {
    struct eval_fixture eval;
    struct fm_arena arena;
    struct fm_atom atoms[ATOMS];
    struct fm_temporals temporals;
};

static void open_judged(struct judged *judged)
{
    static const char *const names[ATOMS] = {"P", "Q", "Up", "Same"};
    memset(judged, 0, sizeof *judged);
    fm_arena_init(&judged->arena, "formulas");
    eval_open(&judged->eval, body, "INIT Init NEXT Next");
    for (uint32_t i = 0; i < ATOMS; i++) {
        struct fm_def *def = fixture_find(&judged->eval.loaded, names[i]);
        judged->atoms[i].formula = (struct fm_formula){def->name, def->body, def, def};
        judged->atoms[i].is_step = i >= 2;
        judged->atoms[i].text = names[i];
    }
    judged->temporals.atoms = judged->atoms;
    judged->temporals.atom_count = ATOMS;
}

static void close_judged(struct judged *judged)
{
    eval_close(&judged->eval);
    fm_arena_deinit(&judged->arena);
}

/* --- formulas --- */

static const struct fm_temporal *make(struct judged *judged, enum fm_temporal_op op, uint32_t atom,
                                      const struct fm_temporal *a, const struct fm_temporal *b)
{
    struct fm_temporal *formula = fm_arena_calloc(&judged->arena, 1, sizeof *formula);
    const struct fm_temporal *kids[] = {a, b};
    formula->op = op;
    formula->atom = atom;
    formula->count = a == NULL ? 0 : b == NULL ? 1 : 2;
    formula->kids = fm_arena_copy(&judged->arena, kids, sizeof kids);
    formula->text = op == FM_TEMPORAL_ATOM ? judged->atoms[atom].text : "F";
    return formula;
}

static const struct fm_temporal *random_formula(struct judged *judged, struct fm_random *random,
                                                uint32_t depth)
{
    enum fm_temporal_op op = (enum fm_temporal_op)fm_random_below(random, 8);
    if (depth == 0 || op == FM_TEMPORAL_ATOM) {
        uint32_t atom = (uint32_t)fm_random_below(random, ATOMS);
        return make(judged, FM_TEMPORAL_ATOM, atom, NULL, NULL);
    }
    if (op == FM_TEMPORAL_TRUE || op == FM_TEMPORAL_FALSE) {
        return make(judged, op, 0, NULL, NULL);
    }
    bool binary = op == FM_TEMPORAL_AND || op == FM_TEMPORAL_OR;
    return make(judged, op, 0, random_formula(judged, random, depth - 1),
                binary ? random_formula(judged, random, depth - 1) : NULL);
}

/* --- the definition --- */

struct lasso {
    bool p[STATES_MAX], q[STATES_MAX];
    uint32_t count, cycle;
};

static uint32_t follower(const struct lasso *lasso, uint32_t i)
{
    return i + 1 < lasso->count ? i + 1 : lasso->cycle;
}

static bool atom_holds(const struct lasso *lasso, uint32_t atom, uint32_t i)
{
    uint32_t next = follower(lasso, i);
    switch (atom) {
    case 0:
        return lasso->p[i];
    case 1:
        return lasso->q[i];
    case 2:
        return !lasso->p[i] && lasso->p[next];
    }
    return lasso->p[i] == lasso->p[next] && lasso->q[i] == lasso->q[next];
}

static bool holds(const struct lasso *lasso, const struct fm_temporal *formula, uint32_t i)
{
    const struct fm_temporal *const *kids = formula->kids;
    bool wanted = formula->op == FM_TEMPORAL_EVENTUALLY;
    switch (formula->op) {
    case FM_TEMPORAL_TRUE:
        return true;
    case FM_TEMPORAL_FALSE:
        return false;
    case FM_TEMPORAL_ATOM:
        return atom_holds(lasso, formula->atom, i);
    case FM_TEMPORAL_NOT:
        return !holds(lasso, kids[0], i);
    case FM_TEMPORAL_AND:
        return holds(lasso, kids[0], i) && holds(lasso, kids[1], i);
    case FM_TEMPORAL_OR:
        return holds(lasso, kids[0], i) || holds(lasso, kids[1], i);
    case FM_TEMPORAL_ALWAYS:
    case FM_TEMPORAL_EVENTUALLY:
        for (uint32_t step = 0; step < 2 * lasso->count; step++, i = follower(lasso, i)) {
            if (holds(lasso, kids[0], i) == wanted) {
                return wanted;
            }
        }
        return !wanted;
    }
    return false;
}

static struct lasso random_lasso(struct fm_random *random)
{
    struct lasso lasso = {.count = 1 + (uint32_t)fm_random_below(random, STATES_MAX)};
    lasso.cycle = (uint32_t)fm_random_below(random, lasso.count);
    for (uint32_t i = 0; i < lasso.count; i++) {
        lasso.p[i] = fm_random_below(random, 2) != 0;
        lasso.q[i] = fm_random_below(random, 2) != 0;
    }
    return lasso;
}

static struct fm_behaviour behaviour_of(struct judged *judged, const struct lasso *lasso,
                                        struct fm_state **states)
{
    for (uint32_t i = 0; i < lasso->count; i++) {
        const fm_value values[] = {fm_bool(lasso->p[i]), fm_bool(lasso->q[i])};
        states[i] = judged->eval.model->ops->from_values(judged->eval.engine, values);
    }
    return (struct fm_behaviour){states, lasso->count, lasso->cycle};
}

static enum fm_verdict judge(struct judged *judged, const struct fm_temporal *formula,
                             const struct lasso *lasso)
{
    struct fm_state *states[STATES_MAX];
    struct fm_behaviour behaviour = behaviour_of(judged, lasso, states);
    enum fm_verdict verdict = fm_behaviour_holds(judged->eval.engine, judged->eval.model->ops,
                                                 &judged->temporals, formula, &behaviour);
    judged->eval.model->ops->reset(judged->eval.engine);
    return verdict;
}

static void test_random_formulas_are_judged_as_defined(void **state)
{
    (void)state;
    struct judged judged;
    open_judged(&judged);
    uint32_t true_count = 0;
    for (uint32_t seed = 0; seed < BEHAVIOURS; seed++) {
        struct fm_random random;
        fm_random_seed(&random, seed);
        const struct fm_temporal *formula = random_formula(&judged, &random, 5);
        struct lasso lasso = random_lasso(&random);
        bool expected = holds(&lasso, formula, 0);
        true_count += expected;
        if (judge(&judged, formula, &lasso) != (expected ? FM_VERDICT_TRUE : FM_VERDICT_FALSE)) {
            print_error("seed %u\n", seed);
            fail();
        }
        fm_arena_reset(&judged.arena);
    }
    assert_in_range(true_count, BEHAVIOURS / 5, BEHAVIOURS * 4 / 5);
    close_judged(&judged);
}

static void test_an_atom_that_fails_is_a_failure(void **state)
{
    (void)state;
    struct judged judged;
    open_judged(&judged);
    struct fm_formula *bad = fm_program_add_expression(judged.eval.loaded.program, "bad", "p = 1");
    assert_non_null(bad);
    judged.atoms[0].formula = *bad;
    const struct lasso lasso = {.p = {true}, .count = 1};
    assert_int_equal(judge(&judged, make(&judged, FM_TEMPORAL_ATOM, 0, NULL, NULL), &lasso),
                     FM_VERDICT_FAILURE);
    assert_int_equal(judge(&judged, make(&judged, FM_TEMPORAL_ATOM, 1, NULL, NULL), &lasso),
                     FM_VERDICT_FALSE);
    close_judged(&judged);
}

/* --- explanations --- */

static const struct fm_temporal *atom(struct judged *judged, uint32_t number)
{
    return make(judged, FM_TEMPORAL_ATOM, number, NULL, NULL);
}

static const struct fm_temporal *modal(struct judged *judged, enum fm_temporal_op op,
                                       const struct fm_temporal *kid)
{
    return make(judged, op, 0, kid, NULL);
}

static void expect_reason(struct judged *judged, const struct fm_temporal *property,
                          const struct lasso *lasso, const char *expected)
{
    struct fm_state *states[STATES_MAX];
    struct fm_behaviour behaviour = behaviour_of(judged, lasso, states);
    struct fm_behaviour_reasons reasons = fm_behaviour_explain(
        judged->eval.engine, judged->eval.model->ops, &judged->temporals, property, &behaviour,
        &judged->arena);
    assert_string_equal(reasons.property, expected);
}

static void test_what_fails_is_explained(void **state)
{
    (void)state;
    struct judged judged;
    open_judged(&judged);
    const struct lasso lasso = {.p = {false, true, false}, .count = 3, .cycle = 1};
    const struct lasso stops = {.p = {false, true}, .count = 2, .cycle = 1};
    const struct fm_temporal *p = atom(&judged, 0), *q = atom(&judged, 1);
    const struct fm_temporal *later = modal(&judged, FM_TEMPORAL_EVENTUALLY, q);
    const struct fm_temporal *leads_to = modal(
        &judged, FM_TEMPORAL_ALWAYS,
        make(&judged, FM_TEMPORAL_OR, 0, modal(&judged, FM_TEMPORAL_NOT, p), later));
    expect_reason(
        &judged, leads_to, &lasso,
        "`F` fails: `P` is TRUE in state 2, and `Q` is FALSE in every state of the cycle");
    expect_reason(&judged, leads_to, &stops,
                  "`F` fails: `P` is TRUE in state 2, and `Q` is FALSE while state 2 stutters for "
                  "ever");
    expect_reason(&judged, modal(&judged, FM_TEMPORAL_ALWAYS, later), &lasso,
                  "`F` fails: `Q` is FALSE in every state of the cycle");
    expect_reason(&judged,
                  modal(&judged, FM_TEMPORAL_EVENTUALLY, modal(&judged, FM_TEMPORAL_ALWAYS, p)),
                  &lasso, "`F` fails: in each round of the cycle `P` is FALSE in state 3");
    expect_reason(&judged, later, &lasso, "`F` fails: `Q` is FALSE in every state from state 1 on");
    expect_reason(&judged, modal(&judged, FM_TEMPORAL_ALWAYS, atom(&judged, 3)), &lasso,
                  "`F` fails: the step from state 1 to state 2 is not a step of `Same`");
    expect_reason(&judged, make(&judged, FM_TEMPORAL_AND, 0, modal(&judged, FM_TEMPORAL_NOT, q), p),
                  &lasso, "`P` fails: `P` is FALSE in state 1");
    close_judged(&judged);
}

static void expect_fairness(struct judged *judged, enum fm_temporal_origin origin,
                            const struct lasso *lasso, const char *expected)
{
    struct fm_temporal whole = *atom(judged, 0);
    whole.origin = origin;
    whole.text = "XF_vars(A)";
    const struct fm_temporal *list[] = {&whole};
    const struct fm_fairness condition = {&whole, 0, 2, "A"};
    judged->temporals.fairness = list;
    judged->temporals.fairness_count = 1;
    judged->temporals.conditions = &condition;
    judged->temporals.condition_count = 1;
    struct fm_state *states[STATES_MAX];
    struct fm_behaviour behaviour = behaviour_of(judged, lasso, states);
    struct fm_behaviour_reasons reasons = fm_behaviour_explain(
        judged->eval.engine, judged->eval.model->ops, &judged->temporals, atom(judged, 1),
        &behaviour, &judged->arena);
    assert_int_equal(reasons.fairness_count, 1);
    assert_string_equal(reasons.fairness[0], expected);
}

static void test_fairness_is_explained(void **state)
{
    (void)state;
    struct judged judged;
    open_judged(&judged);
    const struct lasso taken = {.p = {true, false, false}, .count = 3};
    const struct lasso idle = {.p = {true, false, false}, .count = 3, .cycle = 1};
    const struct lasso unfair = {.p = {true}, .count = 1};
    expect_fairness(&judged, FM_ORIGIN_WEAK, &taken,
                    "XF_vars(A): the step from state 3 to state 1 is one of A");
    expect_fairness(&judged, FM_ORIGIN_STRONG, &idle,
                    "XF_vars(A): Up is enabled in no state of the cycle");
    expect_fairness(&judged, FM_ORIGIN_WEAK, &unfair,
                    "XF_vars(A): Up is enabled in every state of the cycle and never taken: it is "
                    "NOT fair");
    close_judged(&judged);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_formulas_are_judged_as_defined),
        cmocka_unit_test(test_an_atom_that_fails_is_a_failure),
        cmocka_unit_test(test_what_fails_is_explained),
        cmocka_unit_test(test_fairness_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
