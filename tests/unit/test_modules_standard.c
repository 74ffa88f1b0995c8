/* Natives of the standard modules: results, and which argument an error names. */
#include "module_calls.h"
#include "modules/embedded.h"

#include <ctype.h>

static fm_value is_even(struct fm_native_context *context, const fm_value *arguments)
{
    (void)context;
    return fm_bool(fm_small_get(arguments[0]) % 2 == 0);
}
static fm_value less(struct fm_native_context *context, const fm_value *arguments)
{
    return fm_bool(fm_int_compare(context->values, arguments[0], arguments[1]) < 0);
}
static fm_value half(struct fm_native_context *context, const fm_value *arguments)
{
    (void)context;
    return fm_small(fm_small_get(arguments[0]) / 2);
}
static const struct calls_closure is_even_closure = {is_even};
static const struct calls_closure less_closure = {less};
static const struct calls_closure half_closure = {half};

static void test_table(void **state)
{
    (void)state;
    assert_true(fm_native_count() > 150);
    for (uint32_t i = 0; i < fm_native_count(); i++) {
        const struct fm_native *row = fm_native_at(i);
        assert_ptr_equal(fm_native_find(row->module, row->name, row->arity), row);
        assert_true(row->call != NULL || row->special != FM_SPECIAL_NONE);
    }
    assert_null(fm_native_at(fm_native_count()));
    assert_null(fm_native_find("Naturals", "+", 1));
    const struct fm_native *get = fm_native_find("TLC", "TLCGet", 1);
    assert_int_equal(fm_native_impurity(get, NULL), FM_IMPURE_REGISTERS);
    assert_int_equal(fm_native_impurity(get, "queue"), FM_IMPURE_REGISTERS);
    assert_int_equal(fm_native_impurity(get, "level"), 0);
    assert_int_equal(fm_native_impurity(get, "action"), FM_IMPURE_TRACE);
    assert_null(fm_native_find("Natural", "+", 2));
}

/* Whether the module's text has the name at the beginning of a definition. */
static bool defines(const char *text, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = strstr(text, name); at != NULL; at = strstr(at + 1, name)) {
        bool begins = at - text >= 7 && (at[-1] == '\n' || strncmp(at - 7, "\nLOCAL ", 7) == 0);
        if (begins && strchr("( [=", at[length]) != NULL) {
            return true;
        }
    }
    return false;
}

/* A native that no module of ours defines can be reached by nobody, unless it serves modules that
 * specifications bring along. Operator symbols have several spellings: left out. */
static void test_rows_are_defined(void **state)
{
    (void)state;
    uint32_t module_count = 0;
    const struct fm_embedded_module *modules = fm_embedded_modules(&module_count);
    for (uint32_t i = 0; i < fm_native_count(); i++) {
        const struct fm_native *row = fm_native_at(i);
        const char *text = NULL;
        for (uint32_t j = 0; j < module_count; j++) {
            text = strcmp(modules[j].name, row->module) == 0 ? modules[j].text : text;
        }
        bool own = strcmp(row->module, "Integers") == 0 || strcmp(row->module, "Reals") == 0 ||
                   strcmp(row->name, "RandomSubsetSet") == 0;
        bool word = isalpha((unsigned char)row->name[0]) != 0;
        if (text != NULL && word && !own && !defines(text, row->name)) {
            fail_msg("%s does not define %s", row->module, row->name);
        }
    }
}

static void test_arithmetic(void **state)
{
    struct calls *c = *state;
    EQ("7", "Naturals", "+", I(3), I(4));
    EQ("-1", "Integers", "-", I(3), I(4));
    EQ("12", "Reals", "*", I(3), I(4));
    EQ("1267650600228229401496703205376", "Naturals", "^", I(2), I(100));
    EQ("-1", "Integers", "\\div", I(-1), I(2));
    EQ("0", "Integers", "\\div", I(-1), I(-2));
    EQ("-1", "Integers", "\\div", I(1), I(-2));
    EQ("-4", "Integers", "\\div", I(7), I(-2));
    EQ("3", "Integers", "\\div", I(-7), I(-2));
    EQ("1", "Integers", "%", I(-1), I(2));
    EQ("-5", "Integers", "-.", I(5));
    EQ("TRUE", "Naturals", "<", I(3), I(4));
    EQ("FALSE", "Naturals", ">=", I(3), I(4));
    EQ("TRUE", "Naturals", "<=", I(3), I(3));
    EQ("FALSE", "Naturals", ">", I(3), I(3));
    EQ("3..5", "Naturals", "..", I(3), I(5));
    NO(4201, "second argument of + must be an integer, found \"a\"", "Naturals", "+", I(1),
       S(c, "a"));
    NO(4201, "first argument of <", "Naturals", "<", fm_bool(true), I(1));
    NO(4010, "", "Integers", "\\div", I(1), I(0));
    NO(4011, "", "Integers", "%", I(1), I(-2));
    NO(4012, "", "Integers", "^", I(2), I(-1));
    NO(4013, "", "Integers", "^", I(0), I(0));
    NO(4204, "1 / 2", "Reals", "/", I(1), I(2));
    calls_expect(c, "Nat", CALL0(c, "Naturals", "Nat"));
    calls_expect(c, "Int", CALL0(c, "Integers", "Int"));
}

static void test_sequences(void **state)
{
    struct calls *c = *state;
    fm_value s = T(c, I(1), I(2), I(3));
    EQ("3", "Sequences", "Len", s);
    EQ("3", "Sequences", "Len", S(c, "aöb"));
    EQ("<<1, 2, 3, 4>>", "Sequences", "Append", s, I(4));
    EQ("1", "Sequences", "Head", s);
    EQ("<<2, 3>>", "Sequences", "Tail", s);
    EQ("\"b\"", "Sequences", "Tail", S(c, "öb"));
    EQ("<<1, 2, 3, 1, 2, 3>>", "Sequences", "\\o", s, s);
    EQ("<<1, 2, 3>>", "Sequences", "\\o", EMPTY(c), s);
    EQ("\"ab\"", "Sequences", "\\o", S(c, "a"), S(c, "b"));
    EQ("<<2, 3>>", "Sequences", "SubSeq", s, I(2), I(3));
    EQ("<<>>", "Sequences", "SubSeq", s, I(9), I(3));
    EQ("\"öb\"", "Sequences", "SubSeq", S(c, "aöbc"), I(2), I(3));
    EQ("<<2>>", "Sequences", "SelectSeq", s, O(c, &is_even_closure, 1));
    EQ("Seq({1})", "Sequences", "Seq", SET(c, I(1)));
    NO(4205, "Head of the empty sequence", "Sequences", "Head", EMPTY(c));
    NO(4205, "Tail of the empty string", "Sequences", "Tail", S(c, ""));
    NO(4201, "argument of Len must be a sequence, found 3", "Sequences", "Len", I(3));
    NO(4201, "second argument of \\o", "Sequences", "\\o", S(c, "a"), s);
    NO(4206, "third argument of SubSeq is 4", "Sequences", "SubSeq", s, I(1), I(4));
    NO(4206, "second argument of SubSeq is 0", "Sequences", "SubSeq", s, I(0), I(1));
    NO(4203, "second argument of SelectSeq", "Sequences", "SelectSeq", s, O(c, &half_closure, 1));
}

static void test_finite_sets(void **state)
{
    struct calls *c = *state;
    EQ("2", "FiniteSets", "Cardinality", SET(c, I(1), I(2), I(1)));
    fm_value large = fm_subsets(&c->values, interval(c, 1, 100));
    EQ("1267650600228229401496703205376", "FiniteSets", "Cardinality", large);
    EQ("TRUE", "FiniteSets", "IsFiniteSet", large);
    EQ("FALSE", "FiniteSets", "IsFiniteSet", fm_set_constant(FM_KIND_NAT));
    NO(4202, "finite set, found Nat", "FiniteSets", "Cardinality", fm_set_constant(FM_KIND_NAT));
    NO(4201, "must be a set", "FiniteSets", "Cardinality", I(3));
}

static void test_tlc(void **state)
{
    struct calls *c = *state;
    EQ("<<2>>", "TLC", ":>", I(1), I(2));
    EQ("[a |-> 1]", "TLC", ":>", S(c, "a"), I(1));
    fm_value two = CALL(c, "TLC", ":>", I(2), I(5));
    fm_value one = CALL(c, "TLC", ":>", I(1), I(4));
    EQ("<<4, 5>>", "TLC", "@@", two, one);
    EQ("{<<1, 2>>, <<2, 1>>}", "TLC", "Permutations", interval(c, 1, 2));
    EQ("{<<>>}", "TLC", "Permutations", fm_set_empty());
    NO(4202, "Permutations of a set of 10 elements", "TLC", "Permutations", interval(c, 1, 10));
    EQ("<<1, 2, 3>>", "TLC", "SortSeq", T(c, I(2), I(3), I(1)), O(c, &less_closure, 2));
    EQ("\"{1, 2}\"", "TLC", "ToString", SET(c, I(2), I(1), I(2)));
    EQ("TRUE", "TLC", "Assert", fm_bool(true), S(c, "no"));
    NO(4200, "why", "TLC", "Assert", fm_bool(false), S(c, "why"));
    EQ("{1, 2}", "TLC", "TLCEval", interval(c, 1, 2));
    EQ("Nat", "TLC", "TLCEval", fm_set_constant(FM_KIND_NAT));
    EQ("3", "TLC", "Print", S(c, "x"), I(3));
    EQ("TRUE", "TLC", "PrintT", SET(c, I(2), I(1)));
    assert_string_equal(fm_text_string(&c->printed), "\"x\"  3\n{1, 2}\n");
    fm_value now = CALL0(c, "TLC", "JavaTime");
    assert_true(fm_small_get(now) >= 0 && fm_small_get(now) <= INT32_MAX);
    calls_expect(c, "ANY", CALL0(c, "TLC", "Any"));
}

static fm_value add(struct fm_native_context *context, const fm_value *arguments)
{
    return fm_int_add(context->values, arguments[0], arguments[1]);
}
static const struct calls_closure add_closure = {add};

static void test_registers(void **state)
{
    struct calls *c = *state;
    NO(4207, "TLCGet(1)", "TLC", "TLCGet", I(1));
    EQ("TRUE", "TLC", "TLCSet", I(1), S(c, "stored"));
    EQ("\"stored\"", "TLC", "TLCGet", I(1));
    NO(4202, "first argument of TLCSet", "TLC", "TLCSet", I(-1), I(0));
    NO(4201, "argument of TLCGet", "TLC", "TLCGet", EMPTY(c));
    EQ("9", "TLCExt", "TLCGetOrDefault", S(c, "s:new"), I(9));
    EQ("9", "TLCExt", "TLCGetOrDefault", S(c, "no register"), I(9));
    EQ("5", "TLCExt", "TLCGetAndSet", S(c, "s:new"), O(c, &add_closure, 2), I(2), I(5));
    EQ("7", "TLCExt", "TLCGetOrDefault", S(c, "s:new"), I(9));
    EQ("7", "TLCExt", "TLCGetAndSet", S(c, "s:new"), O(c, &add_closure, 2), I(2), I(5));
    EQ("9", "TLC", "TLCGet", S(c, "s:new"));
}

static void test_tlc_ext(void **state)
{
    struct calls *c = *state;
    EQ("m", "TLCExt", "TLCModelValue", S(c, "m"));
    EQ("3", "TLCExt", "TLCNoOp", I(3));
    EQ("3", "TLCExt", "TLCCache", I(3), I(4));
    fm_value a = CALL(c, "TLCExt", "TLCFP", T(c, I(1)));
    fm_value b = CALL(c, "TLCExt", "TLCFP", CALL(c, "TLC", ":>", I(1), I(1)));
    assert_true(fm_value_same(a, b));
    fm_value states = SET(c, T(c, I(2), S(c, "b")), T(c, I(1), S(c, "a")));
    fm_value graph = CALL(c, "TLC", ":>", S(c, "state"), states);
    EQ("<<\"a\", \"b\">>", "TLCExt", "ToTrace", graph);
    fm_value holes = CALL(c, "TLC", ":>", S(c, "state"), SET(c, T(c, I(2), S(c, "b"))));
    NO(4201, "counterexample", "TLCExt", "ToTrace", holes);
    NO(4201, "counterexample", "TLCExt", "ToTrace", I(1));
    NO(4201, "must be a string", "TLCExt", "TLCModelValue", I(1));
}

static void test_bags(void **state)
{
    struct calls *c = *state;
    fm_value bag = T(c, I(2), I(1)); /* 1 twice, 2 once */
    calls_expect(c, "<<>>", CALL0(c, "Bags", "EmptyBag"));
    EQ("TRUE", "Bags", "IsABag", bag);
    EQ("FALSE", "Bags", "IsABag", T(c, I(0)));
    EQ("FALSE", "Bags", "IsABag", I(1));
    EQ("3", "Bags", "BagCardinality", bag);
    EQ("TRUE", "Bags", "BagIn", I(1), bag);
    EQ("FALSE", "Bags", "BagIn", I(3), bag);
    EQ("2", "Bags", "CopiesIn", I(1), bag);
    EQ("0", "Bags", "CopiesIn", I(7), bag);
    EQ("<<4, 2>>", "Bags", "\\oplus", bag, bag);
    EQ("<<1>>", "Bags", "\\ominus", bag, T(c, I(1), I(1)));
    EQ("<<>>", "Bags", "\\ominus", bag, bag);
    EQ("<<2, 1>>", "Bags", "BagUnion", SET(c, bag, bag));
    EQ("<<3, 2>>", "Bags", "BagUnion", SET(c, bag, T(c, I(1), I(1))));
    EQ("TRUE", "Bags", "\\sqsubseteq", T(c, I(1)), bag);
    EQ("FALSE", "Bags", "\\sqsubseteq", bag, T(c, I(1)));
    EQ("(0 :> 2 @@ 1 :> 1)", "Bags", "BagOfAll", O(c, &half_closure, 1), bag);
    EQ("1..2", "Bags", "BagToSet", bag);
    EQ("<<1, 1>>", "Bags", "SetToBag", SET(c, I(2), I(1), I(1)));
    NO(4201, "second argument of (+) must be a bag", "Bags", "\\oplus", bag, T(c, I(0)));
    NO(4201, "BagCardinality", "Bags", "BagCardinality", I(4));
}

static void test_randomization(void **state)
{
    struct calls *c = *state;
    fm_value s = interval(c, 1, 10);
    int counts[11] = {0};
    for (int i = 0; i < 2000; i++) {
        fm_value subset = CALL(c, "Randomization", "RandomSubset", I(3), s);
        uint32_t size = 0;
        const fm_value *elements = fm_set_elements(&c->values, subset, &size);
        assert_int_equal(size, 3);
        for (uint32_t j = 0; j < size; j++) {
            counts[fm_small_get(elements[j])]++;
        }
    }
    for (int n = 1; n <= 10; n++) { /* 600 each; the standard deviation is 20 */
        assert_in_range(counts[n], 500, 700);
    }
    EQ("{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}", "Randomization", "RandomSubset", I(10), s);
    /* 64 subsets of six numbers: each of them in half of the subsets drawn, one in 64 of the draws
     * being of each subset. */
    fm_value subsets = fm_subsets(&c->values, interval(c, 1, 6));
    int held[7] = {0};
    for (int i = 0; i < 2000; i++) {
        fm_value drawn = CALL(c, "Randomization", "RandomSubset", I(2), subsets);
        uint32_t size = 0;
        const fm_value *elements = fm_set_elements(&c->values, drawn, &size);
        assert_int_equal(size, 2);
        for (int n = 1; n <= 6; n++) {
            held[n] += fm_set_member(&c->values, fm_small(n), elements[0]) +
                       fm_set_member(&c->values, fm_small(n), elements[1]);
        }
    }
    for (int n = 1; n <= 6; n++) { /* 2000 each; the standard deviation is 32 */
        assert_in_range(held[n], 1840, 2160);
    }
    fm_value many = fm_fcnset(&c->values, interval(c, 1, 40), fm_subsets(&c->values, s));
    fm_value few = CALL(c, "Randomization", "RandomSubset", I(30), many);
    assert_true(fm_set_subset(&c->values, few, many));
    assert_int_equal(fm_small_get(fm_set_cardinality(&c->values, few)), 30);
    EQ("{{}}", "Randomization", "RandomSetOfSubsets", I(5), I(0), s);
    EQ("{{1, 2}}", "Randomization", "RandomSubsetSet", I(2), S(c, "1.0"), interval(c, 1, 2));
    EQ("{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}", "Randomization", "RandomSubset", I(11), s);
    NO(4202, "first argument", "Randomization", "RandomSetOfSubsets", I(5), I(1),
       interval(c, 1, 2));
    NO(4202, "number between 0 and 1", "Randomization", "RandomSubsetSet", I(2), S(c, "2"), s);
    NO(4201, "a finite set", "Randomization", "RandomSubset", I(2), fm_set_constant(FM_KIND_NAT));
}

static void test_random_element(void **state)
{
    struct calls *c = *state;
    struct fm_value_context *values = &c->values;
    /* Too large to enumerate: drawn factor by factor. */
    fm_value functions = fm_fcnset(values, interval(c, 1, 50), interval(c, 1, 1000));
    fm_value drawn = CALL(c, "TLC", "RandomElement", functions);
    assert_true(fm_set_member(values, drawn, functions));
    fm_value pairs = fm_cross(values, VALUES(functions, interval(c, 5, 6)), 2);
    assert_true(fm_set_member(values, CALL(c, "TLC", "RandomElement", pairs), pairs));
    fm_value sets = fm_subsets(values, interval(c, 1, 60));
    assert_true(fm_set_member(values, CALL(c, "TLC", "RandomElement", sets), sets));
    const struct fm_symbol *names[] = {fm_symbol_of(values->symbols, "a")};
    fm_value records = fm_recset(values, names, VALUES(interval(c, 1, 9)), 1);
    assert_true(fm_set_member(values, CALL(c, "TLC", "RandomElement", records), records));
    NO(4202, "not empty", "TLC", "RandomElement", fm_set_empty());
    NO(4202, "not empty", "TLC", "RandomElement", interval(c, 2, 1));
    NO(4201, "a finite set", "TLC", "RandomElement", I(2));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, calls_setup, calls_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_rows_are_defined),
        TEST(test_arithmetic),
        TEST(test_sequences),
        TEST(test_finite_sets),
        TEST(test_tlc),
        TEST(test_registers),
        TEST(test_tlc_ext),
        TEST(test_bags),
        TEST(test_randomization),
        TEST(test_random_element),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
