/* Printing: the expectations were printed by TLC for the same values. */
#include "value/object.h"
#include "value_build.h"

static const char *wide(struct fixture *fixture, fm_value v, uint32_t indent, uint32_t width)
{
    struct fm_text text = {0};
    fm_value_print_wide(&fixture->context, v, indent, width, &text);
    const char *result = fm_arena_strndup(&fixture->arena, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    return result;
}

static const char *json(struct fixture *fixture, fm_value v)
{
    struct fm_text text = {0};
    fm_value_print_json(&fixture->context, v, &text);
    const char *result = fm_arena_strndup(&fixture->arena, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    return result;
}

static fm_value record(struct fixture *fixture, const char *const *names, const fm_value *values,
                       uint32_t count)
{
    const struct fm_symbol *symbols[8];
    for (uint32_t i = 0; i < count; i++) {
        symbols[i] = fm_symbol_of(fixture->context.symbols, names[i]);
    }
    return fm_record(&fixture->context, symbols, values, count);
}

static fm_value pairs(struct fixture *fixture, const fm_value *keys, const fm_value *values,
                      uint32_t count)
{
    return fm_fcn(&fixture->context, fm_set(&fixture->context, keys, count), values, count);
}

static void test_atoms(void **state)
{
    struct fixture *fixture = *state;
    ASSERT_SHOWN(fixture, fm_small(-5), "-5");
    ASSERT_SHOWN(fixture, fm_int(&fixture->context, INT64_MIN), "-9223372036854775808");
    ASSERT_SHOWN(fixture, fm_bool(true), "TRUE");
    ASSERT_SHOWN(fixture, str(fixture, "q\"uote\\ \t \n end"), "\"q\\\"uote\\\\ \\t \\n end\"");
    ASSERT_SHOWN(fixture, str(fixture, "\f\r"), "\"\\f\\r\"");
    ASSERT_SHOWN(fixture, model(fixture, "m_1"), "m_1");
}

static void test_sets(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value one = fm_small(1), two = fm_small(2), three = fm_small(3);
    fm_value s12 = SET(fixture, two, one);
    ASSERT_SHOWN(fixture, SET(fixture, three, one, two, one), "{1, 2, 3}");
    ASSERT_SHOWN(fixture, range(fixture, 1, 3), "1..3");
    ASSERT_SHOWN(fixture, range(fixture, 5, 4), "{}");
    ASSERT_SHOWN(fixture, fm_set_empty(), "{}");
    ASSERT_SHOWN(fixture, fm_booleans(), "{FALSE, TRUE}");
    ASSERT_SHOWN(fixture, fm_subsets(context, s12), "{{}, {1}, {2}, {1, 2}}");
    ASSERT_SHOWN(fixture, fm_subsets(context, range(fixture, 1, 7)), "SUBSET (1..7)");
    ASSERT_SHOWN(fixture, fm_fcnset(context, s12, SET(fixture, three, fm_small(4))),
                 "{<<3, 3>>, <<3, 4>>, <<4, 3>>, <<4, 4>>}");
    ASSERT_SHOWN(fixture, fm_fcnset(context, range(fixture, 1, 11), range(fixture, 1, 2)),
                 "[1..11 -> 1..2]");
    fm_value factors[2] = {range(fixture, 1, 100), range(fixture, 1, 100)};
    ASSERT_SHOWN(fixture, fm_cross(context, factors, 2), "(1..100 \\X 1..100)");
    const struct fm_symbol *names[2] = {fm_symbol_of(context->symbols, "b"),
                                        fm_symbol_of(context->symbols, "a")};
    ASSERT_SHOWN(fixture, fm_recset(context, names, factors, 2), "[a: 1..100, b: 1..100]");
    ASSERT_SHOWN(fixture, fm_seqs(context, SET(fixture, one)), "Seq({1})");
    ASSERT_SHOWN(fixture, fm_set_constant(FM_KIND_NAT), "Nat");
    ASSERT_SHOWN(fixture, fm_set_constant(FM_KIND_INTS), "Int");
    ASSERT_SHOWN(fixture, fm_set_constant(FM_KIND_STRINGS), "STRING");
    ASSERT_SHOWN(
        fixture,
        fm_set_big_union(context, SET(fixture, range(fixture, 1, 2), range(fixture, 4, 5))),
        "{1, 2, 4, 5}");
    ASSERT_SHOWN(fixture, fm_ksubsets(context, 2, range(fixture, 1, 4)),
                 "{{1, 2}, {1, 3}, {2, 3}, {1, 4}, {2, 4}, {3, 4}}");
    ASSERT_SHOWN(fixture, fm_ksubsets(context, 5, range(fixture, 1, 4)), "{}");
    fm_value nat = fm_set_constant(FM_KIND_NAT);
    ASSERT_SHOWN(fixture, fm_set_union(context, nat, SET(fixture, one)), "{1} \\cup Nat");
    ASSERT_SHOWN(fixture, fm_subsets(context, nat), "SUBSET Nat");
    ASSERT_SHOWN(fixture, fm_fcnset(context, nat, SET(fixture, one)), "[Nat -> {1}]");
    ASSERT_SHOWN(fixture, fm_set_difference(context, nat, SET(fixture, one)), "Nat \\ {1}");
    ASSERT_SHOWN(fixture, fm_filter(context, nat, NULL), "{x \\in Nat : <expression>}");
}

static void test_functions(void **state)
{
    struct fixture *fixture = *state;
    fm_value one = fm_small(1), two = fm_small(2), three = fm_small(3), four = fm_small(4);
    ASSERT_SHOWN(fixture, fm_tuple(&fixture->context, NULL, 0), "<<>>");
    ASSERT_SHOWN(fixture, TUPLE(fixture, one, TUPLE(fixture, two)), "<<1, <<2>>>>");
    fm_value words[2] = {str(fixture, "x y"), str(fixture, "z")};
    fm_value numbers[2] = {one, two};
    ASSERT_SHOWN(fixture, pairs(fixture, words, numbers, 2), "(\"x y\" :> 1 @@ \"z\" :> 2)");
    fm_value names[2] = {str(fixture, "a"), str(fixture, "b")};
    ASSERT_SHOWN(fixture, pairs(fixture, names, numbers, 2), "[a |-> 1, b |-> 2]");
    ASSERT_SHOWN(fixture, record(fixture, (const char *[]){"b", "a"}, numbers, 2),
                 "[a |-> 2, b |-> 1]");
    fm_value fair[1] = {str(fixture, "WF_x")};
    ASSERT_SHOWN(fixture, pairs(fixture, fair, numbers, 1), "(\"WF_x\" :> 1)");
    fm_value keys[2] = {TUPLE(fixture, one, two), TUPLE(fixture, three, four)};
    fm_value sets[2] = {SET(fixture, one), SET(fixture, two)};
    ASSERT_SHOWN(fixture, pairs(fixture, keys, sets, 2), "(<<1, 2>> :> {1} @@ <<3, 4>> :> {2})");
    ASSERT_SHOWN(fixture, fm_fcn(&fixture->context, range(fixture, 2, 3), LIST(two, three)),
                 "(2 :> 2 @@ 3 :> 3)");
    ASSERT_SHOWN(fixture, fm_fcn(&fixture->context, SET(fixture, two, one), LIST(two, three)),
                 "<<2, 3>>");
    ASSERT_SHOWN(fixture, fm_lazy_fcn(&fixture->context, fm_set_constant(FM_KIND_NAT), fixture),
                 "[x \\in Nat |-> <expression>]");
}

static fm_value example_sequence(struct fixture *fixture)
{
    fm_value numbers[30];
    for (uint32_t i = 0; i < 30; i++) {
        numbers[i] = fm_small((int64_t)i + 1);
    }
    return fm_tuple(&fixture->context, numbers, 30);
}

static void test_wide_records(void **state)
{
    struct fixture *fixture = *state;
    fm_value cells[3];
    for (int64_t i = 0; i < 3; i++) {
        cells[i] = TUPLE(fixture, fm_small(i + 5), fm_small(i + 6),
                         str(fixture, "text text text text"));
    }
    fm_value fields[3] = {str(fixture, "a long string that takes some room on the line"),
                          SET(fixture, str(fixture, "another long string of text"),
                              str(fixture, "and one more long string")),
                          fm_fcn(&fixture->context, range(fixture, 5, 7), cells, 3)};
    fm_value v = record(fixture, (const char *[]){"aa", "bb", "cc"}, fields, 3);
    assert_string_equal(
        wide(fixture, v, 0, 80),
        "[ aa |-> \"a long string that takes some room on the line\",\n"
        "  bb |-> {\"another long string of text\", \"and one more long string\"},\n"
        "  cc |->\n"
        "      ( 5 :> <<5, 6, \"text text text text\">> @@\n"
        "        6 :> <<6, 7, \"text text text text\">> @@\n"
        "        7 :> <<7, 8, \"text text text text\">> ) ]");
    fm_value short_fields[2] = {
        str(fixture, "bbbbbbbb"),
        str(fixture, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")};
    v = record(fixture, (const char *[]){"b", "recordfield"}, short_fields, 2);
    assert_string_equal(
        wide(fixture, v, 0, 80),
        "[ b |-> \"bbbbbbbb\",\n"
        "  recordfield |->\n"
        "      \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" ]");
    assert_string_equal(
        wide(fixture, record(fixture, (const char *[]){"b"}, short_fields, 1), 0, 80),
        "[b |-> \"bbbbbbbb\"]");
}

static void test_wide_functions(void **state)
{
    struct fixture *fixture = *state;
    fm_value keys[2] = {TUPLE(fixture, str(fixture, "c"), str(fixture, "d")),
                        TUPLE(fixture, str(fixture, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
                              str(fixture, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"))};
    fm_value values[2] = {fm_small(10), fm_small(10)};
    assert_string_equal(wide(fixture, pairs(fixture, keys, values, 2), 0, 80),
                        "( <<\"c\", \"d\">> :> 10 @@\n"
                        "  << \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\n"
                        "     \"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\" >> :>\n"
                        "      10 )");
}

static void test_wide_sequences(void **state)
{
    struct fixture *fixture = *state;
    fm_value v = example_sequence(fixture);
    const char *text = wide(fixture, v, 0, 80);
    assert_int_equal(strncmp(text, "<< 1,\n   2,\n", 12), 0);
    assert_non_null(strstr(text, ",\n   30 >>"));
    assert_string_equal(wide(fixture, v, 0, 200), shown(fixture, v));
    assert_int_equal(strncmp(wide(fixture, v, 4, 80), "<< 1,\n       2,\n", 16), 0);
    /* One word longer than the line stays whole. */
    const char *name =
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    char expected[120];
    strcpy(expected, "<< \"");
    strcat(strcat(expected, name), "\" >>");
    assert_string_equal(wide(fixture, TUPLE(fixture, str(fixture, name)), 0, 80), expected);
}

/* What TLC's formatter does not understand it prints on one line. */
static void test_not_wrapped(void **state)
{
    struct fixture *fixture = *state;
    fm_value list = example_sequence(fixture);
    fm_value odd[] = {model(fixture, "m_long"), range(fixture, -3, 40), str(fixture, "q\"q"),
                      fm_set_constant(FM_KIND_NAT)};
    for (uint32_t i = 0; i < 3; i++) {
        fm_value v = TUPLE(fixture, list, odd[i]);
        assert_string_equal(wide(fixture, v, 0, 80), shown(fixture, v));
    }
    fm_value v = TUPLE(fixture, list, odd[3]); /* a word like any other */
    assert_non_null(strstr(wide(fixture, v, 0, 80), ",\n   Nat >>"));
}

static void test_wide_subsets(void **state)
{
    struct fixture *fixture = *state;
    fm_value words = SET(fixture, str(fixture, "e"), str(fixture, "d"), str(fixture, "f"),
                         str(fixture, "g"), str(fixture, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
                         str(fixture, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbb"),
                         str(fixture, "cccccccccccccccccccccccccccc"));
    assert_string_equal(wide(fixture, fm_subsets(&fixture->context, words), 0, 80),
                        "SUBSET { \"e\",\n"
                        "   \"d\",\n"
                        "   \"f\",\n"
                        "   \"g\",\n"
                        "   \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\n"
                        "   \"bbbbbbbbbbbbbbbbbbbbbbbbbbbbb\",\n"
                        "   \"cccccccccccccccccccccccccccc\" } ");
}

static void test_json(void **state)
{
    struct fixture *fixture = *state;
    fm_value one = fm_small(1), two = fm_small(2), three = fm_small(3);
    fm_value keys[2] = {TUPLE(fixture, one, two), TUPLE(fixture, three, fm_small(4))};
    fm_value sets[2] = {SET(fixture, one), SET(fixture, two)};
    fm_value fields[2] = {one, fm_bool(true)};
    fm_value v = TUPLE(
        fixture, one, str(fixture, "s\"t"), SET(fixture, three, one, two), range(fixture, 2, 4),
        record(fixture, (const char *[]){"b", "zeta"}, fields, 2),
        fm_tuple(&fixture->context, NULL, 0), fm_set_empty(), pairs(fixture, keys, sets, 2),
        fm_fcn(&fixture->context, range(fixture, 2, 3), LIST(two, three)), model(fixture, "m1"),
        fm_subsets(&fixture->context, SET(fixture, one)));
    assert_string_equal(json(fixture, v),
                        "[1,\"s\\\"t\",[1,2,3],[2,3,4],{\"zeta\":true,\"b\":1},[],[],"
                        "{\"<<1, 2>>\":[1],\"<<3, 4>>\":[2]},{\"2\":2,\"3\":3},\"m1\",[[],[1]]]");
    assert_string_equal(json(fixture, big(fixture, "-99999999999999999999")),
                        "-99999999999999999999");
    ASSERT_RAISES(fixture, FM_CODE_4019, json(fixture, fm_set_constant(FM_KIND_NAT)));
    ASSERT_RAISES(fixture, FM_CODE_4019, json(fixture, fm_operator(&fixture->context, fixture, 1)));
}

static void test_messages_are_cut(void **state)
{
    struct fixture *fixture = *state;
    fm_value numbers[1000];
    for (uint32_t i = 0; i < 1000; i++) {
        numbers[i] = fm_small(i);
    }
    const fm_value v = fm_tuple(&fixture->context, numbers, 1000);
    ASSERT_RAISES(fixture, FM_CODE_4004, fm_fcn_apply(&fixture->context, v, fm_small(0)));
    assert_true(strlen(fixture->message) < 600);
    assert_non_null(strstr(fixture->message, "..."));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_atoms),          TEST(test_sets),
        TEST(test_functions),      TEST(test_wide_records),
        TEST(test_wide_functions), TEST(test_wide_sequences),
        TEST(test_not_wrapped),    TEST(test_wide_subsets),
        TEST(test_json),           TEST(test_messages_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
