/* The pointer map: look-up, replacement, removal, order of iteration. */
#include "base/map.h"
#include "cmocka_all.h"

#define COUNT 5000

static char keys[COUNT][16];

static void test_empty(void **state)
{
    (void)state;
    struct fm_map map = {0};
    assert_null(fm_map_get(&map, keys[0]));
    assert_false(fm_map_has(&map, keys[0]));
    fm_map_remove(&map, keys[0]);
    fm_map_deinit(&map);
}

static void test_put_get_replace(void **state)
{
    (void)state;
    struct fm_map map = {0};
    for (int i = 0; i < COUNT; i++) {
        fm_map_put(&map, keys[i], keys[COUNT - 1 - i]);
    }
    for (int i = 0; i < COUNT; i++) {
        assert_ptr_equal(fm_map_get(&map, keys[i]), keys[COUNT - 1 - i]);
    }
    fm_map_put(&map, keys[7], NULL);
    assert_true(fm_map_has(&map, keys[7]));
    assert_null(fm_map_get(&map, keys[7]));
    assert_int_equal(map.count, COUNT);
    fm_map_deinit(&map);
}

static void test_iteration_keeps_insertion_order(void **state)
{
    (void)state;
    struct fm_map map = {0};
    for (int i = COUNT - 1; i >= 0; i--) {
        fm_map_put(&map, keys[i], keys[i]);
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_ptr_equal(map.entries[i].key, keys[COUNT - 1 - i]);
    }
    fm_map_deinit(&map);
}

static void test_remove(void **state)
{
    (void)state;
    struct fm_map map = {0};
    for (int i = 0; i < COUNT; i++) {
        fm_map_put(&map, keys[i], keys[i]);
        if (i % 3 == 0) {
            fm_map_remove(&map, keys[i]);
        }
    }
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(fm_map_has(&map, keys[i]), i % 3 != 0);
    }
    fm_map_put(&map, keys[0], keys[1]);
    assert_ptr_equal(fm_map_get(&map, keys[0]), keys[1]);
    fm_map_deinit(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_put_get_replace),
        cmocka_unit_test(test_iteration_keeps_insertion_order),
        cmocka_unit_test(test_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
