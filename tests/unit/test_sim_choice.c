/* Choices as text: what is printed is read again, and slips are refused. */
#include "base/random.h"
#include "sim/choice.h"

#include "cmocka_all.h"

#include <string.h>

static struct fm_choice draw(struct fm_random *random)
{
    struct fm_choice choice = fm_choice_make(
        (enum fm_choice_kind)fm_random_below(random, FM_CHOICE_COUNT));
    const struct fm_choice_row *row = &fm_choice_table()[choice.kind];
    if (row->place != FM_PLACE_NOWHERE) {
        choice.node = (uint8_t)(1 + fm_random_below(random, 16));
    }
    if (row->place == FM_PLACE_CHANNEL) {
        choice.peer = (uint8_t)(1 + fm_random_below(random, 16));
    }
    choice.position = row->position == NULL ? 0 : (uint16_t)fm_random_below(random, 65536);
    choice.kept = row->kept == NULL ? 0 : (uint16_t)fm_random_below(random, 65536);
    choice.amount = row->amount == NULL ? 0 : (uint32_t)fm_random_next(random);
    choice.cut = (uint8_t)fm_random_below(random, 256);
    return choice;
}

static void test_round_trip(void **state)
{
    (void)state;
    struct fm_random random;
    fm_random_seed(&random, 1);
    struct fm_text text = {0};
    for (int i = 0; i < 20000; i++) {
        struct fm_choice choice = draw(&random), read;
        fm_text_clear(&text);
        fm_choice_print(&choice, &text);
        assert_null(fm_choice_parse(fm_text_string(&text), &read));
        assert_memory_equal(&choice, &read, sizeof choice);
    }
    fm_text_deinit(&text);
}

static void test_lines(void **state)
{
    (void)state;
    struct fm_choice choice;
    assert_null(fm_choice_parse("deliver 1>2", &choice));
    assert_int_equal(choice.kind, FM_CHOICE_DELIVER);
    assert_int_equal(choice.node, 1);
    assert_int_equal(choice.peer, 2);
    assert_int_equal(choice.cut, FM_CHOICE_WHOLE);
    assert_null(fm_choice_parse("crash 3 kept=2 torn=7 cut=0", &choice));
    assert_int_equal(choice.kept, 2);
    assert_int_equal(choice.amount, 7);
    assert_int_equal(choice.cut, 0);
    assert_null(fm_choice_parse("heal", &choice));
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "delver 1>2",
        "deliver",
        "deliver 1",
        "deliver 1>",
        "deliver 0>1",
        "deliver 1>17",
        "deliver 1>2 ",
        "heal 1",
        "timer 1 position=",
        "timer 1 position=-1",
        "timer 1 position=65536",
        "timer 1  ",
        "timer 1 amount=1",
        "timer 1 cut=255",
        "tick ms=99999999999999999999",
        "tick ms=1x",
        "deliver 1>2 kept=1",
        "timer 1\n",
    };
    for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct fm_choice choice;
        assert_non_null(fm_choice_parse(lines[i], &choice));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
