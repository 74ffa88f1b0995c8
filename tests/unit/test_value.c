/* Words, integers of any size, tuples, records, functions. */
#include "value/object.h"
#include "value_build.h"

__extension__ typedef __int128 wide_int;

/* A 128-bit integer as a value, by way of arithmetic on halves. */
static fm_value value_of_wide(struct fixture *fixture, wide_int n)
{
    struct fm_value_context *context = &fixture->context;
    fm_value shift = fm_int_pow(context, fm_small(2), fm_small(32));
    fm_value result = fm_small((int64_t)(n >> 96));
    for (int bits = 64; bits >= 0; bits -= 32) {
        result = fm_int_add(context, fm_int_mul(context, result, shift),
                            fm_small((int64_t)((uint64_t)(n >> bits) & 0xffffffffu)));
    }
    return result;
}

static int64_t random_int(struct fixture *fixture)
{
    int64_t n = (int64_t)fm_random_next(&fixture->random) >> pick(fixture, 64);
    return n;
}

static void test_arithmetic(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    for (uint32_t round = 0; round < 100000; round++) {
        struct fm_arena_mark mark = fm_arena_mark(&fixture->arena);
        int64_t x = random_int(fixture), y = random_int(fixture);
        fm_value a = fm_int(context, x), b = fm_int(context, y);
        assert_true(fm_value_equal(context, fm_int_add(context, a, b),
                                   value_of_wide(fixture, (wide_int)x + y)));
        assert_true(fm_value_equal(context, fm_int_sub(context, a, b),
                                   value_of_wide(fixture, (wide_int)x - y)));
        assert_true(fm_value_equal(context, fm_int_mul(context, a, b),
                                   value_of_wide(fixture, (wide_int)x * y)));
        assert_true(
            fm_value_equal(context, fm_int_add_inline(context, a, b), fm_int_add(context, a, b)));
        assert_true(
            fm_value_equal(context, fm_int_sub_inline(context, a, b), fm_int_sub(context, a, b)));
        assert_int_equal(fm_int_compare(context, a, b), (x > y) - (x < y));
        assert_int_equal(fm_value_equal(context, a, b), x == y);
        assert_true(fm_value_equal(context, fm_int_negate(context, a),
                                   value_of_wide(fixture, -(wide_int)x)));
        if (y != 0) {
            wide_int q = (wide_int)x / y, r = (wide_int)x % y;
            q -= r != 0 && (r < 0) != (y < 0);
            assert_true(
                fm_value_equal(context, fm_int_div(context, a, b), value_of_wide(fixture, q)));
        }
        if (y > 0) {
            wide_int r = (wide_int)x % y;
            assert_true(fm_value_equal(context, fm_int_mod(context, a, b),
                                       value_of_wide(fixture, r < 0 ? r + y : r)));
        }
        assert_int_equal(fm_int64(context, a, "x"), x);
        fm_arena_release(&fixture->arena, mark);
    }
}

static void test_canonical_integers(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    assert_true(fm_is_small(fm_int(context, FM_SMALL_MAX)));
    assert_true(fm_is_small(fm_int(context, FM_SMALL_MIN)));
    assert_false(fm_is_small(fm_int(context, FM_SMALL_MAX + 1)));
    assert_false(fm_is_small(fm_int(context, FM_SMALL_MIN - 1)));
    fm_value over = fm_int_add(context, fm_small(FM_SMALL_MAX), fm_small(1));
    assert_true(fm_is_int(over));
    assert_int_equal(fm_value_kind(over), FM_KIND_INT);
    assert_true(fm_value_same(fm_int_sub(context, over, fm_small(1)), fm_small(FM_SMALL_MAX)));
    assert_true(fm_value_same(fm_int_negate(context, over), fm_small(FM_SMALL_MIN)));
    assert_true(fm_value_same(big(fixture, "-0000000000000000000000000000017"), fm_small(-17)));
    assert_true(fm_value_same(big(fixture, "1152921504606846975"), fm_small(FM_SMALL_MAX)));
    assert_true(fm_value_equal(context, big(fixture, "1152921504606846976"), over));
    assert_true(fm_digest_equal(fm_value_digest(context, big(fixture, "1152921504606846976")),
                                fm_value_digest(context, over)));
    assert_false(fm_digest_equal(fm_value_digest(context, fm_int_negate(context, over)),
                                 fm_value_digest(context, over)));
    ASSERT_SHOWN(fixture, fm_int_pow(context, fm_small(-3), fm_small(61)),
                 "-127173474825648610542883299603");
    ASSERT_SHOWN(fixture, fm_int_pow(context, fm_small(2), fm_small(10)), "1024");
    assert_true(fm_value_same(
        fm_int_pow(context, fm_small(-1), big(fixture, "100000000000000000001")), fm_small(-1)));
}

static void test_integer_errors(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value zero = fm_small(0), one = fm_small(1), s = str(fixture, "s");
    ASSERT_RAISES(fixture, FM_CODE_4010, fm_int_div(context, one, zero));
    ASSERT_RAISES(fixture, FM_CODE_4011, fm_int_mod(context, one, zero));
    ASSERT_RAISES(fixture, FM_CODE_4011, fm_int_mod(context, one, fm_small(-3)));
    ASSERT_RAISES(fixture, FM_CODE_4012, fm_int_pow(context, one, fm_small(-1)));
    ASSERT_RAISES(fixture, FM_CODE_4013, fm_int_pow(context, zero, zero));
    ASSERT_RAISES(fixture, FM_CODE_4014, fm_int_pow(context, fm_small(7), fm_small(1000000000000)));
    ASSERT_RAISES(fixture, FM_CODE_4201, fm_int_add(context, one, s));
    ASSERT_RAISES(fixture, FM_CODE_4201, fm_int_compare(context, s, one));
    ASSERT_RAISES(fixture, FM_CODE_4201, fm_int64(context, s, "the length"));
    assert_string_equal(fixture->message, "the length must be an integer, but it is \"s\"");
    ASSERT_RAISES(fixture, FM_CODE_4014,
                  fm_int64(context, big(fixture, "9223372036854775808"), "the length"));
    ASSERT_RAISES(fixture, FM_CODE_4201, fm_interval(context, one, s));
    ASSERT_RAISES(fixture, FM_CODE_4014,
                  fm_interval(context, one, big(fixture, "9223372036854775808")));
}

static void test_kinds_follow_from_graphs(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value x = fm_small(7), y = fm_small(8);
    assert_int_equal(fm_value_kind(fm_fcn(context, range(fixture, 1, 2), LIST(x, y))),
                     FM_KIND_TUPLE);
    assert_int_equal(
        fm_value_kind(fm_fcn(context, SET(fixture, fm_small(2), fm_small(1)), LIST(x, y))),
        FM_KIND_TUPLE);
    assert_int_equal(fm_value_kind(fm_fcn(context, range(fixture, 0, 1), LIST(x, y))), FM_KIND_FCN);
    assert_int_equal(fm_value_kind(fm_fcn(context, SET(fixture, str(fixture, "a")), &x, 1)),
                     FM_KIND_RECORD);
    assert_int_equal(fm_value_kind(fm_fcn(context, SET(fixture, model(fixture, "a")), &x, 1)),
                     FM_KIND_FCN);
    assert_true(
        fm_value_same(fm_fcn(context, fm_set_empty(), NULL, 0), fm_tuple(context, NULL, 0)));
    assert_true(fm_value_is_function(fm_tuple(context, NULL, 0)));
    assert_true(fm_value_is_set(fm_booleans()));
    assert_false(fm_value_is_set(fm_small(1)));
}

static void test_application(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value x = fm_small(7), y = fm_small(8), p = model(fixture, "p"), q = model(fixture, "q");
    fm_value tuple = TUPLE(fixture, x, y);
    fm_value f = fm_fcn(context, range(fixture, -1, 0), LIST(x, y));
    fm_value g = fm_fcn(context, SET(fixture, q, p), LIST(x, y)); /* p first: by rank */
    assert_true(fm_value_same(fm_fcn_apply(context, tuple, fm_small(2)), y));
    assert_true(fm_value_same(fm_fcn_apply(context, f, fm_small(-1)), x));
    assert_true(fm_value_same(fm_fcn_apply(context, g, p), x));
    assert_true(fm_value_same(fm_fcn_apply_inline(g, q), y));
    assert_true(fm_is_none(fm_fcn_lookup(context, tuple, fm_small(3))));
    assert_true(fm_is_none(fm_fcn_lookup(context, f, fm_small(1))));
    assert_true(fm_is_none(fm_fcn_lookup(context, g, model(fixture, "r"))));
    ASSERT_RAISES(fixture, FM_CODE_4004, fm_fcn_apply(context, tuple, fm_small(0)));
    ASSERT_RAISES(fixture, FM_CODE_4004, fm_fcn_apply(context, tuple, p));
    ASSERT_RAISES(fixture, FM_CODE_4004, fm_fcn_apply(context, f, fm_small(1)));
    ASSERT_RAISES(fixture, FM_CODE_4004, fm_fcn_apply(context, g, model(fixture, "r")));
    ASSERT_RAISES(fixture, FM_CODE_4003, fm_fcn_apply(context, x, y));
    ASSERT_RAISES(fixture, FM_CODE_4001,
                  fm_fcn_apply(context, fm_fcn(context, SET(fixture, fm_small(5)), &x, 1),
                               str(fixture, "s")));
}

/* All positions of domains of all sorts, sparse and dense, found and not found. */
static void test_search_in_domains(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    for (uint32_t round = 0; round < 500; round++) {
        struct fm_arena_mark mark = fm_arena_mark(&fixture->arena);
        uint32_t sort = pick(fixture, 3), n = 1 + pick(fixture, 40);
        fm_value keys[40], values[40];
        for (uint32_t i = 0; i < n; i++) {
            uint32_t step = pick(fixture, 4);
            int64_t key = (i == 0 ? 0 : fm_small_get(values[i - 1])) + step + 1;
            values[i] = fm_small(key);
            char name[16] = {(char)('a' + key % 26), (char)('a' + key / 26), '\0'};
            keys[i] = sort == 0   ? values[i]
                      : sort == 1 ? model(fixture, name)
                                  : TUPLE(fixture, values[i]);
        }
        fm_value domain = fm_set(context, keys, n);
        fm_value f = fm_fcn(context, domain, values, n);
        uint32_t count;
        const fm_value *sorted = fm_set_elements(context, domain, &count);
        assert_int_equal(count, n);
        for (uint32_t i = 0; i < n; i++) {
            assert_true(fm_value_same(fm_fcn_apply(context, f, sorted[i]), values[i]));
            assert_true(fm_set_member(context, sorted[i], domain));
        }
        fm_value absent = sort == 0   ? fm_small((int64_t)pick(fixture, 200) + 1000)
                          : sort == 1 ? model(fixture, "absent")
                                      : TUPLE(fixture, fm_small(-4));
        assert_true(fm_is_none(fm_fcn_lookup(context, f, absent)));
        assert_false(fm_set_member(context, absent, domain));
        fm_arena_release(&fixture->arena, mark);
    }
}

static void test_except(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value values[12];
    for (uint32_t i = 0; i < 12; i++) {
        values[i] = fm_small(i);
    }
    fm_value f = fm_fcn(context, range(fixture, 10, 21), values, 12);
    bool outside;
    fm_value g = fm_fcn_except(context, f, fm_small(12), fm_small(99), &outside);
    assert_false(outside);
    assert_true(fm_value_same(fm_fcn_apply(context, g, fm_small(12)), fm_small(99)));
    assert_true(fm_value_same(fm_fcn_apply(context, f, fm_small(12)), fm_small(2)));
    assert_true(fm_value_same(fm_fcn_domain(context, f), fm_fcn_domain(context, g)));
    values[2] = fm_small(99);
    fm_value plain = fm_fcn(context, range(fixture, 10, 21), values, 12);
    assert_true(fm_digest_equal(fm_value_digest(context, g), fm_value_digest(context, plain)));
    assert_true(fm_value_same(fm_fcn_except(context, f, fm_small(5), fm_small(1), &outside), f));
    assert_true(outside);
    assert_true(fm_value_same(fm_fcn_except(context, f, fm_small(12), fm_small(2), &outside), f));
    assert_false(outside);
    ASSERT_RAISES(fixture, FM_CODE_4003,
                  fm_fcn_except(context, fm_small(1), fm_small(1), fm_small(1), &outside));
}

static void test_lazy_functions(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    struct tree *graph = tree_new(fixture, TREE_FCN, 3); /* n + 5 -> 10 n */
    for (uint32_t i = 0; i < 6; i++) {
        graph->children[i] = tree_new(fixture, TREE_INT, 0);
        graph->children[i]->number = i % 2 == 0 ? 5 + i / 2 : 10 * (i / 2);
    }
    const struct tree_closure closure = {fixture, graph};
    fm_value lazy = fm_lazy_fcn(context, range(fixture, 5, 7), &closure);
    assert_true(fm_value_same(fm_fcn_apply(context, lazy, fm_small(6)), fm_small(10)));
    assert_int_equal(fixture->closure_calls, 1);
    ASSERT_RAISES(fixture, FM_CODE_4004, fm_fcn_apply(context, lazy, fm_small(8)));
    bool outside;
    fm_value changed = fm_fcn_except(context, lazy, fm_small(6), fm_small(1), &outside);
    assert_false(outside);
    changed = fm_fcn_except(context, changed, fm_small(7), fm_small(2), &outside);
    changed = fm_fcn_except(context, changed, fm_small(6), fm_small(3), &outside);
    (void)fm_fcn_except(context, changed, fm_small(9), fm_small(3), &outside);
    assert_true(outside);
    assert_int_equal(fixture->closure_calls, 1); /* EXCEPT evaluates nothing */
    ASSERT_SHOWN(fixture, changed, "(5 :> 0 @@ 6 :> 3 @@ 7 :> 2)");
    assert_int_equal(fixture->closure_calls,
                     2); /* and the printed form only what was not replaced */
    ASSERT_SHOWN(fixture, changed, "(5 :> 0 @@ 6 :> 3 @@ 7 :> 2)");
    assert_int_equal(fixture->closure_calls, 2);
    assert_int_equal(fm_fcn_size(context, lazy), 3);
    fm_value nat = fm_set_constant(FM_KIND_NAT);
    fm_value endless = fm_fcn_except(context, fm_lazy_fcn(context, nat, &closure), fm_small(3),
                                     fm_small(0), &outside);
    assert_true(fm_value_same(fm_fcn_apply(context, endless, fm_small(3)), fm_small(0)));
    assert_true(fm_value_same(fm_fcn_apply(context, endless, fm_small(7)), fm_small(20)));
    ASSERT_RAISES(fixture, FM_CODE_4007, fm_fcn_explicit(context, endless));
    const fm_value *elements;
    uint32_t count;
    assert_false(fm_sequence_view(context, endless, &elements, &count));
    graph->children[0]->number = 1;
    graph->children[2]->number = 2;
    fm_value sequence = fm_lazy_fcn(context, range(fixture, 1, 2), &closure);
    assert_true(fm_sequence_view(context, sequence, &elements, &count));
    assert_int_equal(count, 2);
}

static void test_merge(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value p = model(fixture, "p"), q = model(fixture, "q"), r = model(fixture, "r");
    fm_value one = fm_small(1), two = fm_small(2), three = fm_small(3), four = fm_small(4);
    fm_value f = fm_fcn(context, SET(fixture, p, q), LIST(one, two));
    fm_value g = fm_fcn(context, SET(fixture, q, r), LIST(three, four));
    ASSERT_SHOWN(fixture, fm_fcn_merge(context, f, g), "(p :> 1 @@ q :> 2 @@ r :> 4)");
    ASSERT_SHOWN(fixture, fm_fcn_merge(context, g, f), "(p :> 1 @@ q :> 3 @@ r :> 4)");
    fm_value tuple = TUPLE(fixture, one, two);
    fm_value tail = fm_fcn(context, SET(fixture, three), &four, 1);
    ASSERT_SHOWN(fixture, fm_fcn_merge(context, tuple, tail), "<<1, 2, 4>>");
    assert_true(fm_value_same(fm_fcn_merge(context, f, fm_tuple(context, NULL, 0)), f));
    ASSERT_RAISES(
        fixture, FM_CODE_4001,
        fm_fcn_merge(context, tuple, fm_fcn(context, SET(fixture, str(fixture, "x")), &one, 1)));
    ASSERT_RAISES(fixture, FM_CODE_4003, fm_fcn_merge(context, one, f));
}

static void test_records(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    const struct fm_symbol *names[3] = {fm_symbol_of(context->symbols, "mid"),
                                        fm_symbol_of(context->symbols, "zeta"),
                                        fm_symbol_of(context->symbols, "a")};
    fm_value values[3] = {fm_small(1), fm_small(2), fm_small(3)};
    fm_value record = fm_record(context, names, values, 3);
    ASSERT_SHOWN(fixture, record, "[zeta |-> 2, a |-> 3, mid |-> 1]");
    assert_true(fm_value_same(fm_record_field(context, record, names[0]), values[0]));
    assert_true(fm_value_same(fm_fcn_apply(context, record, str(fixture, "a")), values[2]));
    ASSERT_RAISES(fixture, FM_CODE_4005,
                  fm_record_field(context, record, fm_symbol_of(context->symbols, "other")));
    ASSERT_RAISES(fixture, FM_CODE_4003, fm_record_field(context, values[0], names[0]));
    uint32_t places[3];
    fm_value domain = fm_record_domain(context, names, 3, places);
    fm_value shared;
    fm_value *at = fm_fcn_begin(context, domain, &shared);
    for (uint32_t i = 0; i < 3; i++) {
        at[places[i]] = values[i];
    }
    assert_true(fm_value_equal(context, shared, record));
    assert_true(fm_value_same(fm_fcn_domain(context, shared), domain));
    assert_int_equal(fm_record_index(fm_as_fcn(shared), names[1]), 0);
}

static void test_operators(void **state)
{
    struct fixture *fixture = *state;
    fm_value v = fm_operator(&fixture->context, fixture, 2);
    assert_int_equal(fm_value_kind(v), FM_KIND_OPERATOR);
    assert_ptr_equal(fm_operator_closure(v), fixture);
    assert_false(fm_value_is_function(v));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_arithmetic),  TEST(test_canonical_integers), TEST(test_integer_errors),
        TEST(test_application), TEST(test_search_in_domains),  TEST(test_kinds_follow_from_graphs),
        TEST(test_except),      TEST(test_lazy_functions),     TEST(test_merge),
        TEST(test_records),     TEST(test_operators),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
