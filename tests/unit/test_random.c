/* The generator against the published algorithm, and bounded numbers for uniformity. */
#include "base/random.h"

#include "cmocka_all.h"

/* First outputs of xoshiro256** from the state {1, 2, 3, 4}: by hand from its definition, result =
 * rotl(s1 * 5, 7) * 9. The first is rotl(10, 7) * 9 = 1280 * 9. */
static void test_known_outputs(void **state)
{
    (void)state;
    struct fm_random random = {{1, 2, 3, 4}};
    assert_int_equal(fm_random_next(&random), 11520);
    assert_int_equal(fm_random_next(&random), 0);
    assert_int_equal(fm_random_next(&random), 1509978240);
    assert_int_equal(fm_random_next(&random), UINT64_C(1215971899390074240));
}

/* splitmix64 from 0 begins with these numbers. */
static void test_seeding(void **state)
{
    (void)state;
    struct fm_random random;
    fm_random_seed(&random, 0);
    assert_int_equal(random.state[0], UINT64_C(0xE220A8397B1DCDAF));
    assert_int_equal(random.state[1], UINT64_C(0x6E789E6AA1B965F4));
    assert_int_equal(random.state[2], UINT64_C(0x06C45D188009454F));
}

static void test_same_seed_same_numbers(void **state)
{
    (void)state;
    struct fm_random one, two, other;
    fm_random_seed(&one, 7);
    fm_random_seed(&two, 7);
    fm_random_seed(&other, 8);
    int equal = 0;
    for (int i = 0; i < 100; i++) {
        uint64_t number = fm_random_next(&one);
        assert_int_equal(number, fm_random_next(&two));
        equal += number == fm_random_next(&other);
    }
    assert_int_equal(equal, 0);
}

/* Chi-square with 9 degrees of freedom; 27.9 is the 0.999 quantile, the seed is fixed. */
static void test_below_is_uniform(void **state)
{
    (void)state;
    struct fm_random random;
    fm_random_seed(&random, 1);
    double counts[10] = {0};
    for (int i = 0; i < 100000; i++) {
        uint64_t number = fm_random_below(&random, 10);
        assert_true(number < 10);
        counts[number] += 1;
    }
    double chi_square = 0;
    for (int i = 0; i < 10; i++) {
        chi_square += (counts[i] - 10000) * (counts[i] - 10000) / 10000;
    }
    assert_true(chi_square < 27.9);
    assert_int_equal(fm_random_below(&random, 1), 0);
}

/* With bound 3 * 2^62 a plain modulo would give the lowest third twice as often as the others. */
static void test_below_has_no_modulo_bias(void **state)
{
    (void)state;
    struct fm_random random;
    fm_random_seed(&random, 2);
    uint64_t third = UINT64_C(1) << 62;
    int low = 0;
    for (int i = 0; i < 30000; i++) {
        low += fm_random_below(&random, 3 * third) < third;
    }
    assert_in_range(low, 9700, 10300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_outputs),
        cmocka_unit_test(test_seeding),
        cmocka_unit_test(test_same_seed_same_numbers),
        cmocka_unit_test(test_below_is_uniform),
        cmocka_unit_test(test_below_has_no_modulo_bias),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
