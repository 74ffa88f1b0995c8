/* Findings as text, and what random schedules are made of. */
#include "fuzz/draw.h"
#include "fuzz/finding.h"
#include "fuzz/target.h"

#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

static void test_round_trip(void **state)
{
    (void)state;
    struct fm_random random;
    fm_random_seed(&random, 5);
    for (unsigned i = 0; i < 200; i++) {
        struct fm_finding finding = {.target = "toy 1.0", .path = "/a b/toy.so"}, read;
        finding.target_hash = fm_random_next(&random);
        finding.nodes = 1 + (unsigned)fm_random_below(&random, FATHOM_NODES_MAX);
        finding.seed = fm_random_next(&random);
        finding.faults = fm_random_next(&random) & 0x7FFF;
        finding.outcome.verdict = (enum fm_fuzz_verdict)fm_random_below(&random,
                                                                        FM_FUZZ_VERDICT_COUNT);
        finding.outcome.hash = fm_random_next(&random);
        strcpy(finding.outcome.reason, i % 2 == 0 ? "" : "term 12 of node 3: x = y");
        for (uint64_t n = fm_random_below(&random, 50); n > 0; n--) {
            struct fm_choice choice = fm_choice_make(FM_CHOICE_DISK);
            choice.node = (uint8_t)(1 + n % 16);
            fm_vec_push(&finding.choices, choice);
        }
        struct fm_text text = {0}, again = {0};
        const char *wrong;
        uint32_t line;
        fm_finding_print(&finding, &text);
        assert_true(fm_finding_parse(text.at, &read, &wrong, &line));
        fm_finding_print(&read, &again);
        assert_string_equal(text.at, again.at);
        assert_int_equal(read.seed, finding.seed);
        assert_int_equal(read.faults, finding.faults);
        assert_int_equal(read.outcome.steps, finding.choices.count);
        fm_text_deinit(&text);
        fm_text_deinit(&again);
        fm_finding_deinit(&finding);
        fm_finding_deinit(&read);
    }
}

/* Cut off anywhere, it is refused. */
static void test_cut_off(void **state)
{
    (void)state;
    struct fm_finding finding = {.target = "toy", .nodes = 2}, read;
    fm_vec_push(&finding.choices, fm_choice_make(FM_CHOICE_HEAL));
    fm_vec_push(&finding.choices, fm_choice_make(FM_CHOICE_TICK));
    struct fm_text text = {0};
    fm_finding_print(&finding, &text);
    for (size_t length = 0; length < text.length; length++) {
        char *part = strndup(text.at, length);
        const char *wrong;
        uint32_t line;
        assert_false(fm_finding_parse(part, &read, &wrong, &line));
        assert_non_null(wrong);
        free(part);
    }
    fm_text_deinit(&text);
    fm_finding_deinit(&finding);
}

static void test_signature(void **state)
{
    (void)state;
    struct fm_outcome outcome = {.verdict = FM_FUZZ_PROPERTY, .reason = "term 12: node 3, x10"};
    struct fm_text text = {0};
    fm_finding_signature(&outcome, &text);
    assert_string_equal(text.at, "property: term #: node #, x#");
    fm_text_deinit(&text);
}

static void test_faults(void **state)
{
    (void)state;
    uint64_t faults;
    const char *word;
    assert_true(fm_fault_parse("drop,crash", &faults, &word));
    assert_int_equal(faults, FATHOM_DROP | FATHOM_CRASH);
    assert_true(fm_fault_parse("all", &faults, &word));
    assert_int_equal(faults, (FATHOM_BIT_ROT << 1) - 1);
    assert_true(fm_fault_parse("none", &faults, &word));
    assert_int_equal(faults, 0);
    assert_false(fm_fault_parse("drop,floods,crash", &faults, &word));
    assert_memory_equal(word, "floods,", 7);
    assert_string_equal(fm_fault_name(0), "reorder");
    assert_string_equal(fm_fault_name(14), "bit-rot");
    assert_null(fm_fault_name(15));
}

/* A target with all that choices can name. */
static void *start(struct fathom_node *node, bool first)
{
    (void)first;
    fathom_timer(node, 1, 10);
    return calloc(1, 1);
}

static void on_deliver(void *state, unsigned from, struct fathom_bytes message)
{
    (void)state;
    (void)from;
    (void)message;
}

static void *start_busy(struct fathom_node *node, bool first)
{
    (void)fathom_append(node, "log", (struct fathom_bytes){"abc", 3}, FATHOM_BUFFERED);
    (void)fathom_send_tracked(node, 1, (struct fathom_bytes){"m", 1});
    return start(node, first);
}

static void on_timer(void *state, uint64_t timer)
{
    (void)state;
    (void)timer;
}

static void on_client(void *state, uint64_t request, struct fathom_bytes payload)
{
    on_deliver(state, (unsigned)request, payload);
}

static void on_custom(void *state, const char *kind, unsigned argument)
{
    (void)state;
    (void)kind;
    (void)argument;
}

/* What is drawn applies, but for a failing operation whose kind of failure is off; every kind that
 * is allowed occurs, and no other. */
static void test_draw(void **state)
{
    (void)state;
    static const char *const customs[] = {"a", "b", NULL};
    static const struct fathom_sut sut = {.abi = FATHOM_SUT_ABI,
                                          .name = "toy",
                                          .version = "1",
                                          .start = start_busy,
                                          .drop = free,
                                          .deliver = on_deliver,
                                          .timer = on_timer,
                                          .client = on_client,
                                          .customs = customs,
                                          .custom = on_custom};
    struct fm_world_options options = {.sut = &sut, .nodes = 3, .faults = 0x7FFF};
    struct fm_world *world = fm_world_new(&options);
    struct fm_random random;
    unsigned drawn[FM_CHOICE_COUNT] = {0}, cut = 0, applied = 0, total = 0;
    fm_random_seed(&random, 9);
    for (unsigned round = 0; round < 500; round++) {
        fm_world_begin(world);
        for (unsigned i = 0; i < 60; i++) {
            struct fm_choice choice = fm_draw_choice(&random, world);
            drawn[choice.kind]++;
            cut += choice.cut != FM_CHOICE_WHOLE;
            total++;
            applied += fm_world_apply(world, &choice);
        }
    }
    for (unsigned kind = 0; kind < FM_CHOICE_COUNT; kind++) {
        assert_true(drawn[kind] > 0);
    }
    assert_true(cut > 0);
    assert_true(applied > total - total / 50);
    fm_world_free(world);
    options.faults = 0;
    world = fm_world_new(&options);
    fm_world_begin(world);
    for (unsigned i = 0; i < 2000; i++) {
        struct fm_choice choice = fm_draw_choice(&random, world);
        assert_int_equal(fm_choice_table()[choice.kind].fault, 0);
        assert_true(fm_world_apply(world, &choice));
    }
    fm_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_cut_off),
        cmocka_unit_test(test_signature),  cmocka_unit_test(test_faults),
        cmocka_unit_test(test_draw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
