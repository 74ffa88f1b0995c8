/* How values of two states differ, in words. */
#include "explore/difference.h"
#include "value/set.h"
#include "value_fixture.h"

static fm_value node(struct fixture *f, const char *phase, int64_t grant)
{
    const struct fm_symbol *names[] = {fm_symbol_of(f->context.symbols, "phase"),
                                       fm_symbol_of(f->context.symbols, "grant")};
    const fm_value values[] = {str(f, phase), fm_small(grant)};
    return fm_record(&f->context, names, values, 2);
}

/* [5 |-> a, 7 |-> b] */
static fm_value pair_of(struct fixture *f, fm_value a, fm_value b)
{
    const fm_value keys[] = {fm_small(5), fm_small(7)};
    const fm_value values[] = {a, b};
    return fm_fcn(&f->context, fm_set(&f->context, keys, 2), values, 2);
}

static fm_value numbers(struct fixture *f, bool is_set, int64_t first, int64_t last)
{
    fm_value elements[64];
    uint32_t count = 0;
    for (int64_t i = first; i <= last; i++) {
        elements[count++] = fm_small(i);
    }
    return is_set ? fm_set(&f->context, elements, count) : fm_tuple(&f->context, elements, count);
}

static void check(struct fixture *f, fm_value old, fm_value new, const char *expected)
{
    struct fm_text text = {NULL, 0, 0};
    fm_difference_add(&f->context, old, new, &text);
    assert_string_equal(fm_text_string(&text), expected);
    fm_text_deinit(&text);
}

static void test_atoms(void **state)
{
    struct fixture *f = *state;
    check(f, fm_small(3), fm_small(3), "");
    check(f, fm_small(3), fm_small(4), "was 3");
    check(f, str(f, "idle"), fm_small(4), "was \"idle\"");
    check(f, fm_bool(true), str(f, "x"), "was TRUE");
}

static void test_places(void **state)
{
    struct fixture *f = *state;
    check(f, node(f, "idle", 1), node(f, "busy", 1), ".phase was \"idle\"");
    check(f, pair_of(f, node(f, "idle", 1), node(f, "idle", 2)),
          pair_of(f, node(f, "idle", 1), node(f, "busy", 2)), "[7].phase was \"idle\"");
    check(f, pair_of(f, fm_small(1), fm_small(2)), pair_of(f, fm_small(3), fm_small(4)),
          "[5] was 1; [7] was 2");
}

static void test_other_domain(void **state)
{
    struct fixture *f = *state;
    check(f, numbers(f, false, 1, 2), pair_of(f, fm_small(1), fm_small(2)), "was <<1, 2>>");
}

static void test_sequences(void **state)
{
    struct fixture *f = *state;
    check(f, numbers(f, false, 1, 2), numbers(f, false, 1, 3), "appended 3");
    check(f, numbers(f, false, 1, 0), numbers(f, false, 9, 9), "appended 9");
    check(f, numbers(f, false, 1, 3), numbers(f, false, 2, 3), "lost its first, 1");
    check(f, numbers(f, false, 1, 3), numbers(f, false, 2, 5), "was <<1, 2, 3>>");
    check(f, numbers(f, false, 4, 5), numbers(f, false, 4, 5), "");
}

static void test_sets(void **state)
{
    struct fixture *f = *state;
    check(f, numbers(f, true, 1, 2), numbers(f, true, 1, 4), "added {3, 4}");
    check(f, numbers(f, true, 1, 4), numbers(f, true, 1, 3), "removed {4}");
    check(f, numbers(f, true, 1, 2), numbers(f, true, 2, 3), "added {3}, removed {1}");
    check(f, fm_set_empty(), numbers(f, true, 1, 1), "added {1}");
    check(f, pair_of(f, numbers(f, true, 1, 1), fm_small(0)),
          pair_of(f, numbers(f, true, 1, 2), fm_small(0)), "[5] added {2}");
}

static void test_what_is_too_long(void **state)
{
    struct fixture *f = *state;
    check(f, numbers(f, false, 1, 60), fm_small(1), "changed");
    check(f, numbers(f, true, 1, 1), numbers(f, true, 2, 60), "changed");
    check(f, numbers(f, false, 1, 10), numbers(f, false, 11, 20),
          "was <<1, 2, 3, 4, 5, 6, 7, 8, 9, 10>>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_atoms, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_places, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_other_domain, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_sequences, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_sets, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_what_is_too_long, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
