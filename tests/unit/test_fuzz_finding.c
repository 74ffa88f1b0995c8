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
        finding.world_hash = fm_random_next(&random);
        finding.rounds = (unsigned)fm_random_below(&random, 3);
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
        struct fm_finding_error error;
        fm_finding_print(&finding, &text);
        assert_true(fm_finding_parse(text.at, &read, &error));
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
        struct fm_finding_error error;
        assert_false(fm_finding_parse(part, &read, &error));
        assert_true(error.text[0] != '\0' && error.line > 0);
        free(part);
    }
    fm_text_deinit(&text);
    fm_finding_deinit(&finding);
}

/* What is put in place of a line of the header, and what is said. */
static void test_header(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"seed: 0\n", "seed: 0\ntarget age: 12\n", "a header has no line `target age: 12`"},
        {"seed: 0\n", "", "the line `seed` is expected here"},
        {"seed: 0\n", "seed: 0\nseed: 0\n", "the line `seed` is not expected here"},
        {"seed: 0\n", "seed:0x\n", "a number that fits is expected"},
        {"rounds: 7\n", "rounds: 0\n", "no round is no line"},
        {"rounds: 7\n", "rounds: 7\nrounds: 7\n", "the line `rounds` is not expected here"},
        {"rounds: 7\n", "", ""},
        {"faults:\n", "faults: drop flood\n", "there is no fault `flood`"},
        {"nodes: 2\n", "nodes: 0\n", "there is no node"},
        {"mapping: /m\n", "mapping: \n", "a path is expected, of fewer than 400 bytes"},
        {"mapping: /m\n", "", "there is a mapping without a configuration, or the other way round"},
        {"mapping hash: 0000000000000001", "mapping hash: x", "a number that fits is expected"},
        {"divergence: 4 state differs: x\n", "divergence: 4\n",
         "a number of choices and what the model found are expected"},
        {"divergence: 4 state differs: x\n", "", ""},
        {"specification hash: 0000000000000002",
         "specification hash: ", "a number that fits is expected"},
    };
    struct fm_finding finding = {
        .target = "toy",
        .nodes = 2,
        .rounds = 7,
        .mapping = "/m",
        .configuration = "/c",
        .hashes = {1, 2, 3},
        .outcome = {.verdict = FM_FUZZ_PROPERTY, .diverged = 4, .divergence = "state differs: x"}};
    struct fm_finding read;
    struct fm_text good = {0}, text = {0};
    fm_finding_print(&finding, &good);
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *place = strstr(good.at, cases[i][0]);
        assert_non_null(place);
        fm_text_clear(&text);
        fm_text_add(&text, good.at, (size_t)(place - good.at));
        fm_text_puts(&text, cases[i][1]);
        fm_text_puts(&text, place + strlen(cases[i][0]));
        struct fm_finding_error error;
        assert_int_equal(fm_finding_parse(text.at, &read, &error), cases[i][2][0] == '\0');
        assert_string_equal(error.text, cases[i][2]);
    }
    fm_text_deinit(&good);
    fm_text_deinit(&text);
}

/* Subsets of what is allowed: each fault about half of the time, alone as often as it should be,
 * all together in one of eight and more; and the same ones for the same seed. */
static void test_subsets(void **state)
{
    (void)state;
    enum { ROUNDS = 4000 };
    uint64_t allowed = FATHOM_DROP | FATHOM_CRASH | FATHOM_WRITE_FAIL | FATHOM_BIT_ROT;
    unsigned used[64] = {0}, alone[64] = {0}, all = 0;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        uint64_t faults = fm_draw_faults(seed, allowed);
        assert_int_equal(faults & ~allowed, 0);
        assert_int_equal(faults, fm_draw_faults(seed, allowed));
        all += faults == allowed;
        for (unsigned bit = 0; bit < 64; bit++) {
            used[bit] += (faults >> bit & 1) != 0;
            alone[bit] += faults == (uint64_t)1 << bit;
        }
    }
    /* 1/8 + 7/8 * 1/16 of all; 9/16 each; each alone 7/8 * 1/16. Six standard deviations. */
    assert_in_range(all, 564, 876);
    for (unsigned bit = 0; bit < 64; bit++) {
        bool is_allowed = (allowed >> bit & 1) != 0;
        assert_in_range(used[bit], is_allowed ? 2060 : 0, is_allowed ? 2440 : 0);
        assert_in_range(alone[bit], is_allowed ? 131 : 0, is_allowed ? 307 : 0);
    }
    assert_int_equal(fm_draw_faults(7, 0), 0);
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
    struct fm_draw draw;
    unsigned drawn[FM_CHOICE_COUNT] = {0}, cut = 0, applied = 0, total = 0;
    for (unsigned round = 0; round < 500; round++) {
        fm_draw_begin(&draw, round, false);
        fm_world_begin(world);
        for (unsigned i = 0; i < 60; i++) {
            struct fm_choice choice = fm_draw_choice(&draw, world);
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
        struct fm_choice choice = fm_draw_choice(&draw, world);
        assert_int_equal(fm_choice_table()[choice.kind].fault, 0);
        assert_true(fm_world_apply(world, &choice));
    }
    fm_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_cut_off),
        cmocka_unit_test(test_header),     cmocka_unit_test(test_subsets),
        cmocka_unit_test(test_signature),  cmocka_unit_test(test_faults),
        cmocka_unit_test(test_draw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
