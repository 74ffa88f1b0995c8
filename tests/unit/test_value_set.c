/* Sets: algebra against brute force, lazy sets, the two orders of enumeration, errors. */
#include "value/object.h"
#include "value_build.h"

/* Subsets of 0..9 as bits: the brute force. Every set is built by a random way. */
#define UNIVERSE 10

static fm_value set_of_bits(struct fixture *fixture, uint32_t bits)
{
    struct tree *tree = tree_new(fixture, TREE_SET, 0);
    tree->children = fm_arena_calloc(&fixture->arena, UNIVERSE, sizeof(void *));
    for (uint32_t i = 0; i < UNIVERSE; i++) {
        if ((bits >> i & 1) != 0) {
            struct tree *element = tree_new(fixture, TREE_INT, 0);
            element->number = i;
            tree->children[tree->count++] = element;
        }
    }
    return build(fixture, tree);
}

static uint32_t bits_of_set(struct fixture *fixture, fm_value set)
{
    uint32_t bits = 0, count;
    const fm_value *elements = fm_set_elements(&fixture->context, set, &count);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(i == 0 || fm_small_get(elements[i - 1]) < fm_small_get(elements[i]));
        bits |= 1u << fm_small_get(elements[i]);
    }
    return bits;
}

static void check_same(struct fixture *fixture, fm_value set, uint32_t bits)
{
    struct fm_value_context *context = &fixture->context;
    for (uint32_t i = 0; i < UNIVERSE; i++) { /* before anything is listed */
        fm_value element = fm_small(i);
        assert_int_equal(fm_set_member(context, element, set), bits >> i & 1);
        int quick = fm_set_member_inline(element, set);
        assert_true(quick < 0 || quick == (int)(bits >> i & 1));
    }
    assert_int_equal(fm_set_is_empty(context, set), bits == 0);
    assert_int_equal(bits_of_set(fixture, set), bits);
    assert_true(
        fm_value_same(fm_set_cardinality(context, set), fm_small(__builtin_popcount(bits))));
    fm_value plain = set_of_bits(fixture, bits);
    assert_true(fm_value_equal(context, set, plain));
    assert_true(fm_digest_equal(fm_value_digest(context, set), fm_value_digest(context, plain)));
    assert_true(fm_set_is_finite(context, set));
}

static void test_algebra(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    for (uint32_t round = 0; round < 4000; round++) {
        struct fm_arena_mark mark = fm_arena_mark(&fixture->arena);
        uint32_t x = pick(fixture, 1u << UNIVERSE), y = pick(fixture, 1u << UNIVERSE);
        y = pick(fixture, 4) == 0 ? 1u << pick(fixture, UNIVERSE) : y; /* one element is a case */
        fm_value a = set_of_bits(fixture, x), b = set_of_bits(fixture, y);
        if (pick(fixture, 2) == 0) {
            (void)fm_value_digest(context, a); /* so that sums are adjusted */
            (void)fm_value_digest(context, b);
        }
        check_same(fixture, fm_set_union(context, a, b), x | y);
        check_same(fixture, fm_set_intersection(context, a, b), x & y);
        check_same(fixture, fm_set_difference(context, a, b), x & ~y);
        assert_int_equal(fm_set_subset(context, a, b), (x & ~y) == 0);
        fm_value both[2] = {a, b};
        check_same(fixture, fm_set_big_union(context, fm_set(context, both, 2)), x | y);
        fm_arena_release(&fixture->arena, mark);
    }
}

static void test_sorting(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    for (uint32_t round = 0; round < 300; round++) {
        struct fm_arena_mark mark = fm_arena_mark(&fixture->arena);
        uint32_t n = pick(fixture, 200), bound = 1 + pick(fixture, 300);
        bool tuples = pick(fixture, 2) == 0;
        fm_value elements[200];
        bool seen[301] = {false};
        uint32_t distinct = 0;
        for (uint32_t i = 0; i < n; i++) {
            uint32_t k = pick(fixture, bound);
            distinct += !seen[k];
            seen[k] = true;
            elements[i] = tuples ? TUPLE(fixture, fm_small(k)) : fm_small(k);
        }
        uint32_t count;
        const fm_value *sorted = fm_set_elements(context, fm_set(context, elements, n), &count);
        assert_int_equal(count, distinct);
        for (uint32_t i = 1; i < count; i++) {
            assert_true(fm_value_compare(context, sorted[i - 1], sorted[i]) < 0);
        }
        fm_arena_release(&fixture->arena, mark);
    }
}

static void test_failed_sort_keeps_the_set(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value elements[40];
    for (uint32_t i = 0; i < 40; i++) {
        elements[i] = i == 33 ? str(fixture, "a") : fm_small((i * 7) % 20);
    }
    const fm_value set = fm_set(context, elements, 40); /* no error yet */
    uint32_t count = 0;
    ASSERT_RAISES(fixture, FM_CODE_4001, fm_set_elements(context, set, &count));
    const struct fm_array *array = fm_as_array(set);
    for (uint32_t i = 0; i < 40; i++) {
        bool found = false;
        for (uint32_t j = 0; j < array->head.count; j++) {
            found = found || fm_value_same(array->elements[j], elements[i]);
        }
        assert_true(found);
    }
}

/* What a cursor gives, printed. */
static const char *walk(struct fixture *fixture, fm_value set, enum fm_set_order order)
{
    struct fm_value_context *context = &fixture->context;
    struct fm_text text = {0};
    struct fm_set_cursor cursor;
    fm_value element;
    fm_set_begin(context, &cursor, set, order);
    struct fm_arena_mark mark = fm_arena_mark(&fixture->arena);
    while (fm_set_next(context, &cursor, &element)) {
        if (text.length > 0) {
            fm_text_putc(&text, ' ');
        }
        fm_value_print(context, element, &text);
        fm_arena_release(&fixture->arena, mark); /* allowed in every round */
    }
    assert_false(fm_set_next(context, &cursor, &element));
    const char *result = fm_arena_strndup(&fixture->arena, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    return result;
}

#define ASSERT_WALKS(set, raw, normal)                                                             \
    do {                                                                                           \
        assert_string_equal(walk(fixture, set, FM_SET_RAW), raw);                                  \
        assert_string_equal(walk(fixture, set, FM_SET_NORMAL), normal);                            \
    } while (0)
#define ASSERT_BOTH(set, both) ASSERT_WALKS(set, both, both)

static void test_orders_of_enumeration(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value one = fm_small(1), two = fm_small(2), three = fm_small(3);
    fm_value s12 = SET(fixture, two, one), s23 = SET(fixture, two, three);
    ASSERT_BOTH(SET(fixture, three, one, three, two), "1 2 3");
    ASSERT_BOTH(range(fixture, -1, 2), "-1 0 1 2");
    ASSERT_BOTH(fm_subsets(context, range(fixture, 1, 3)),
                "{} {1} {2} {3} {1, 2} {1, 3} {2, 3} {1, 2, 3}");
    ASSERT_BOTH(fm_subsets(context, fm_set_empty()), "{}");
    ASSERT_BOTH(fm_ksubsets(context, 2, range(fixture, 1, 4)),
                "{1, 2} {1, 3} {2, 3} {1, 4} {2, 4} {3, 4}");
    ASSERT_BOTH(fm_ksubsets(context, 0, s12), "{}");
    ASSERT_BOTH(fm_ksubsets(context, 3, s12), "");
    ASSERT_BOTH(fm_fcnset(context, range(fixture, 1, 2), s23),
                "<<2, 2>> <<2, 3>> <<3, 2>> <<3, 3>>");
    ASSERT_BOTH(fm_fcnset(context, SET(fixture, str(fixture, "a"), str(fixture, "zeta")), s12),
                "[zeta |-> 1, a |-> 1] [zeta |-> 1, a |-> 2] [zeta |-> 2, a |-> 1] "
                "[zeta |-> 2, a |-> 2]");
    ASSERT_BOTH(fm_fcnset(context, fm_set_empty(), s12), "<<>>");
    ASSERT_BOTH(fm_fcnset(context, s12, fm_set_empty()), "");
    fm_value factors[2] = {s12, SET(fixture, str(fixture, "c"), str(fixture, "a"))};
    ASSERT_BOTH(fm_cross(context, factors, 2),
                "<<1, \"a\">> <<1, \"c\">> <<2, \"a\">> <<2, \"c\">>");
    const struct fm_symbol *names[2] = {fm_symbol_of(context->symbols, "c"),
                                        fm_symbol_of(context->symbols, "zeta")};
    ASSERT_BOTH(fm_recset(context, names, factors, 2),
                "[zeta |-> \"a\", c |-> 1] [zeta |-> \"a\", c |-> 2] [zeta |-> \"c\", c |-> 1] "
                "[zeta |-> \"c\", c |-> 2]");
    /* Lazy unions repeat what they have in common when walked as built. */
    fm_value p12 = fm_subsets(context, s12), p23 = fm_subsets(context, s23);
    ASSERT_WALKS(fm_set_union(context, p12, p23), "{} {1} {2} {1, 2} {} {2} {3} {2, 3}",
                 "{} {1} {2} {3} {1, 2} {2, 3}");
    ASSERT_WALKS(
        fm_set_big_union(context, SET(fixture, range(fixture, 1, 2), range(fixture, 2, 3))),
        "1 2 2 3", "1 2 3");
    ASSERT_BOTH(fm_set_big_union(context, SET(fixture, s12, s23)), "1 2 3");
    /* An enumerated operand comes first, on whatever side it stands. */
    ASSERT_WALKS(fm_set_union(context, p12, SET(fixture, s23)), "{2, 3} {} {1} {2} {1, 2}",
                 "{} {1} {2} {1, 2} {2, 3}");
    /* Repetition goes through products, filters and differences. */
    fm_value lazy = fm_set_big_union(context,
                                     SET(fixture, range(fixture, 1, 2), range(fixture, 2, 3)));
    ASSERT_WALKS(fm_fcnset(context, range(fixture, 1, 1), lazy), "<<1>> <<2>> <<2>> <<3>>",
                 "<<1>> <<2>> <<3>>");
    ASSERT_WALKS(fm_set_difference(context, lazy, SET(fixture, one)), "2 2 3", "2 3");
    ASSERT_WALKS(fm_set_intersection(context, lazy, fm_set_constant(FM_KIND_NAT)), "1 2 2 3",
                 "1 2 3");
    ASSERT_BOTH(fm_set_intersection(context, fm_set_constant(FM_KIND_NAT), range(fixture, -2, 1)),
                "0 1");
    ASSERT_BOTH(fm_set_difference(context, fm_ksubsets(context, 2, range(fixture, 1, 3)),
                                  fm_ksubsets(context, 2, range(fixture, 2, 3))),
                "{1, 2} {1, 3}");
}

static void test_enumeration_against_order(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value words = SET(fixture, str(fixture, "c"), str(fixture, "zeta"), str(fixture, "a"));
    fm_value factors[3] = {fm_subsets(context, words), range(fixture, 2, 4), words};
    fm_value sets[] = {fm_subsets(context, fm_subsets(context, words)),
                       fm_fcnset(context, words, fm_subsets(context, range(fixture, 0, 2))),
                       fm_fcnset(context, range(fixture, 3, 5), words),
                       fm_cross(context, factors, 3),
                       fm_ksubsets(context, 2, range(fixture, 1, 7))};
    for (uint32_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        fm_value size = fm_set_cardinality(context, sets[i]);
        struct fm_set_cursor cursor;
        fm_value element, last = fm_none();
        int64_t count = 0;
        fm_set_begin(context, &cursor, sets[i], FM_SET_NORMAL);
        for (; fm_set_next(context, &cursor, &element); last = element, count++) {
            assert_true(fm_set_member(context, element, sets[i]));
            assert_true(count == 0 || fm_value_kind(sets[i]) == FM_KIND_KSUBSETS ||
                        fm_value_compare(context, last, element) < 0);
        }
        assert_true(fm_value_same(size, fm_small(count)));
        uint32_t listed;
        const fm_value *elements = fm_set_elements(context, sets[i], &listed);
        assert_int_equal(listed, count);
        for (uint32_t k = 1; k < listed; k++) {
            assert_true(fm_value_compare(context, elements[k - 1], elements[k]) < 0);
        }
    }
}

static void test_huge_sets_stay_lazy(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value hundred = range(fixture, 1, 100);
    fm_value subsets = fm_subsets(context, hundred);
    ASSERT_SHOWN(fixture, fm_set_cardinality(context, subsets), "1267650600228229401496703205376");
    fm_value functions = fm_fcnset(context, hundred, hundred);
    assert_true(fm_value_equal(context, functions, fm_fcnset(context, hundred, hundred)));
    assert_false(
        fm_value_equal(context, functions, fm_fcnset(context, hundred, range(fixture, 2, 101))));
    assert_false(fm_value_equal(context, functions, subsets));
    assert_false(fm_value_equal(context, subsets, fm_set_empty()));
    struct fm_set_cursor cursor;
    fm_value element;
    fm_set_begin(context, &cursor, functions, FM_SET_NORMAL);
    for (uint32_t i = 0; i < 5; i++) {
        assert_true(fm_set_next(context, &cursor, &element));
    }
    assert_true(fm_value_same(fm_fcn_apply(context, element, fm_small(100)), fm_small(5)));
    assert_true(fm_set_subset(context, subsets, fm_subsets(context, range(fixture, 0, 200))));
    uint32_t count = 0;
    ASSERT_RAISES(fixture, FM_CODE_4008, fm_set_elements(context, subsets, &count));
    ASSERT_RAISES(fixture, FM_CODE_4008, fm_set_elements(context, functions, &count));
    ASSERT_RAISES(fixture, FM_CODE_4008,
                  fm_set_elements(context, range(fixture, 0, 10000000), &count));
    assert_true(fm_set_member(context, fm_small(9999999), range(fixture, 0, 10000000)));
    ASSERT_SHOWN(fixture,
                 fm_set_intersection(context, range(fixture, 0, 1LL << 50),
                                     SET(fixture, fm_small(-1), fm_small(1LL << 40))),
                 "{1099511627776}");
    assert_true(fm_value_same(fm_set_cardinality(context, fm_ksubsets(context, 3, hundred)),
                              fm_small(161700)));
}

static void test_membership(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value nat = fm_set_constant(FM_KIND_NAT), ints = fm_set_constant(FM_KIND_INTS);
    fm_value strings = fm_set_constant(FM_KIND_STRINGS), any = fm_set_constant(FM_KIND_ANY);
    fm_value m = model(fixture, "m"), typed = model(fixture, "a_1"), s = str(fixture, "s");
    fm_value minus = fm_small(-1), one = fm_small(1), large = big(fixture, "99999999999999999999");
    assert_true(fm_set_member(context, one, nat));
    assert_true(fm_set_member(context, large, nat));
    assert_false(fm_set_member(context, minus, nat));
    assert_true(fm_set_member(context, minus, ints));
    assert_true(fm_set_member(context, s, strings));
    assert_true(fm_set_member(context, one, any));
    assert_false(fm_set_member(context, m, nat));
    assert_false(fm_set_member(context, m, strings));
    assert_false(fm_set_member(context, m, range(fixture, 1, 2)));
    assert_false(fm_set_member(context, large, range(fixture, 1, 2)));
    assert_false(fm_set_member(context, s, range(fixture, 1, 0)));
    ASSERT_RAISES(fixture, FM_CODE_4015, fm_set_member(context, s, nat));
    ASSERT_RAISES(fixture, FM_CODE_4015, fm_set_member(context, one, strings));
    ASSERT_RAISES(fixture, FM_CODE_4015, fm_set_member(context, s, range(fixture, 1, 2)));
    ASSERT_RAISES(fixture, FM_CODE_4015, fm_set_member(context, typed, nat));
    ASSERT_RAISES(fixture, FM_CODE_4006, fm_set_member(context, one, s));
    ASSERT_RAISES(fixture, FM_CODE_4001, fm_set_member(context, s, SET(fixture, one)));
    ASSERT_RAISES(fixture, FM_CODE_4002,
                  fm_set_member(context, typed, SET(fixture, model(fixture, "b_1"))));
    assert_false(fm_set_member(context, typed, SET(fixture, m)));
    assert_false(fm_set_member(context, m, SET(fixture, one)));
    fm_value seqs = fm_seqs(context, nat);
    assert_true(fm_set_member(context, TUPLE(fixture, one, one), seqs));
    assert_true(fm_set_member(context, fm_tuple(context, NULL, 0), seqs));
    assert_false(fm_set_member(context, TUPLE(fixture, minus), seqs));
    ASSERT_RAISES(fixture, FM_CODE_4015, fm_set_member(context, one, seqs));
    fm_value subsets = fm_subsets(context, nat);
    assert_true(fm_set_member(context, range(fixture, 0, 9), subsets));
    assert_false(fm_set_member(context, range(fixture, -1, 9), subsets));
    ASSERT_RAISES(fixture, FM_CODE_4015, fm_set_member(context, one, subsets));
    ASSERT_RAISES(fixture, FM_CODE_4015, fm_set_member(context, nat, subsets));
    fm_value functions = fm_fcnset(context, range(fixture, 1, 2), nat);
    assert_true(fm_set_member(context, TUPLE(fixture, one, one), functions));
    assert_false(fm_set_member(context, TUPLE(fixture, one), functions));
    assert_false(fm_set_member(context, m, functions));
    ASSERT_RAISES(fixture, FM_CODE_4015, fm_set_member(context, one, functions));
    fm_value factors[2] = {nat, strings};
    fm_value cross = fm_cross(context, factors, 2);
    assert_true(fm_set_member(context, TUPLE(fixture, one, s), cross));
    assert_false(fm_set_member(context, TUPLE(fixture, one), cross));
    ASSERT_RAISES(fixture, FM_CODE_4015, fm_set_member(context, s, cross));
}

static void test_membership_of_records(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    const struct fm_symbol *names[2] = {fm_symbol_of(context->symbols, "x"),
                                        fm_symbol_of(context->symbols, "a")};
    fm_value sets[2] = {fm_set_constant(FM_KIND_NAT), fm_booleans()};
    fm_value records = fm_recset(context, names, sets, 2);
    fm_value good[2] = {fm_small(3), fm_bool(true)}, bad[2] = {fm_small(-3), fm_bool(true)};
    assert_true(fm_set_member(context, fm_record(context, names, good, 2), records));
    assert_false(fm_set_member(context, fm_record(context, names, bad, 2), records));
    assert_false(fm_set_member(context, fm_record(context, names, good, 1), records));
    ASSERT_RAISES(fixture, FM_CODE_4015,
                  fm_set_member(context, TUPLE(fixture, fm_small(1)), records));
    fm_value same[2] = {sets[1], sets[0]};
    const struct fm_symbol *swapped[2] = {names[1], names[0]};
    assert_true(fm_value_equal(context, records, fm_recset(context, swapped, same, 2)));
    const struct fm_symbol *twice[2] = {names[0], names[0]};
    ASSERT_RAISES(fixture, FM_CODE_4016, fm_recset(context, twice, sets, 2));
    ASSERT_RAISES(fixture, FM_CODE_4016, fm_record(context, twice, good, 2));
}

static void test_finiteness(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value nat = fm_set_constant(FM_KIND_NAT), some = range(fixture, 1, 3);
    assert_false(fm_set_is_finite(context, nat));
    assert_false(fm_set_is_finite(context, fm_seqs(context, some)));
    assert_true(fm_set_is_finite(context, fm_subsets(context, some)));
    assert_false(fm_set_is_finite(context, fm_fcnset(context, some, nat)));
    assert_false(fm_set_is_finite(context, fm_set_union(context, some, nat)));
    assert_true(fm_set_is_finite(context, fm_set_intersection(context, fm_subsets(context, some),
                                                              fm_subsets(context, nat))));
    assert_false(fm_set_is_finite(context, fm_set_difference(context, nat, some)));
    ASSERT_RAISES(fixture, FM_CODE_4021,
                  fm_set_is_finite(context, fm_set_difference(context, nat, nat)));
    ASSERT_RAISES(fixture, FM_CODE_4006, fm_set_is_finite(context, fm_small(1)));
    ASSERT_RAISES(fixture, FM_CODE_4007, fm_set_cardinality(context, nat));
    struct fm_set_cursor cursor;
    ASSERT_RAISES(fixture, FM_CODE_4007, fm_set_begin(context, &cursor, nat, FM_SET_RAW));
    ASSERT_RAISES(fixture, FM_CODE_4007,
                  fm_set_begin(context, &cursor, fm_subsets(context, nat), FM_SET_NORMAL));
    assert_false(fm_set_can_enumerate(context, fm_set_union(context, some, nat)));
    assert_true(fm_set_can_enumerate(context,
                                     fm_set_intersection(context, nat, fm_subsets(context, some))));
}

static void test_equal_by_form(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value none = fm_set_empty(), one = range(fixture, 1, 1), two = range(fixture, 1, 2);
    /* [{} -> S] is {<<>>}, [S -> {}] is empty: equality must not go by the operands alone. */
    assert_true(
        fm_value_equal(context, fm_fcnset(context, none, one), fm_fcnset(context, none, two)));
    assert_true(
        fm_value_equal(context, fm_fcnset(context, one, none), fm_fcnset(context, two, none)));
    assert_false(
        fm_value_equal(context, fm_fcnset(context, none, none), fm_fcnset(context, one, none)));
    assert_false(
        fm_value_equal(context, fm_fcnset(context, one, two), fm_fcnset(context, two, one)));
    fm_value x[2] = {one, none}, y[2] = {none, two};
    assert_true(fm_value_equal(context, fm_cross(context, x, 2), fm_cross(context, y, 2)));
    assert_true(fm_value_equal(context, fm_cross(context, x, 2), none));
    assert_true(fm_value_equal(context, fm_subsets(context, none), SET(fixture, none)));
    assert_true(fm_value_compare(context, fm_subsets(context, one), fm_subsets(context, two)) < 0);
}

static fm_value count_cache_calls(struct fixture *fixture, fm_value set)
{
    uint32_t count;
    (void)fm_set_elements(&fixture->context, set, &count);
    return set;
}

static const void *cached; /* what on_cache told last */

static void note_cache(struct fm_value_context *context, const void *object)
{
    (void)context;
    cached = object;
}

static void test_caches(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    context->on_cache = note_cache;
    fm_value set = fm_subsets(context, range(fixture, 1, 3));
    (void)count_cache_calls(fixture, set);
    assert_ptr_equal(cached, fm_value_object(set));
    uint32_t n, m;
    assert_ptr_equal(fm_set_elements(context, set, &n), fm_set_elements(context, set, &m));
    cached = NULL;
    fm_value large = fm_value_freeze(context, fm_subsets(context, range(fixture, 1, 13)));
    cached = NULL;
    (void)count_cache_calls(fixture, large);
    assert_null(cached); /* frozen: nothing is written any more */
    fm_value small = fm_value_freeze(context, fm_subsets(context, range(fixture, 1, 5)));
    assert_ptr_equal(fm_set_elements(context, small, &n), fm_set_elements(context, small, &m));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_algebra),
        TEST(test_sorting),
        TEST(test_failed_sort_keeps_the_set),
        TEST(test_orders_of_enumeration),
        TEST(test_enumeration_against_order),
        TEST(test_huge_sets_stay_lazy),
        TEST(test_membership),
        TEST(test_membership_of_records),
        TEST(test_finiteness),
        TEST(test_equal_by_form),
        TEST(test_caches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
