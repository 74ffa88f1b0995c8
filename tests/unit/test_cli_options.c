/* The command line of `fathom check`: TLC's flags, ours, and what is refused. */
#include "base/file.h"
#include "cli/options.h"

#include "cmocka_all.h"

#include <string.h>

#define WORDS_MAX 24

/* Splits at spaces and parses; the words live as long as the program. */
static enum fm_options_result parse(const char *line, struct fm_options *options,
                                    struct fm_text *message)
{
    static char copy[512];
    char *argv[WORDS_MAX + 1] = {NULL};
    int argc = 0;
    assert_true(strlen(line) < sizeof copy);
    memcpy(copy, line, strlen(line) + 1);
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " ")) {
        assert_true(argc < WORDS_MAX);
        argv[argc++] = word;
    }
    return fm_options_parse(argc, argv, options, message);
}

static struct fm_options parse_good(const char *line)
{
    struct fm_options options;
    struct fm_text message = {NULL, 0, 0};
    enum fm_options_result result = parse(line, &options, &message);
    assert_string_equal(fm_text_string(&message), "");
    assert_int_equal(result, FM_OPTIONS_RUN);
    fm_text_deinit(&message);
    return options;
}

static void check_wrong(const char *line, const char *expected)
{
    struct fm_options options;
    struct fm_text message = {NULL, 0, 0};
    assert_int_equal(parse(line, &options, &message), FM_OPTIONS_WRONG);
    assert_string_equal(fm_text_string(&message), expected);
    fm_text_deinit(&message);
    fm_options_deinit(&options);
}

static void test_defaults(void **state)
{
    (void)state;
    struct fm_options options = parse_good("check Spec.tla");
    assert_string_equal(options.path, "Spec.tla");
    assert_null(options.config);
    assert_int_equal(options.workers, fm_processor_count());
    assert_int_equal(options.depth, -1);
    assert_int_equal(options.set_size_max, 1000000);
    assert_int_equal(options.fp, 0);
    assert_true(options.deadlock);
    assert_false(options.has_seed);
    assert_false(options.json || options.coverage || options.keep_going || options.allow_exec);
    fm_options_deinit(&options);
}

static void test_flags_of_tlc(void **state)
{
    (void)state;
    struct fm_options options = parse_good(
        "check -workers 3 -deadlock -continue -difftrace -depth 7 "
        "-config A.cfg -seed -5 -fp 12 -maxSetSize 99 Spec");
    assert_int_equal(options.workers, 3);
    assert_false(options.deadlock);
    assert_true(options.keep_going);
    assert_true(options.difftrace);
    assert_int_equal(options.depth, 7);
    assert_string_equal(options.config, "A.cfg");
    assert_true(options.has_seed);
    assert_int_equal(options.seed, -5);
    assert_int_equal(options.fp, 12);
    assert_int_equal(options.set_size_max, 99);
    assert_string_equal(options.path, "Spec");
    fm_options_deinit(&options);
}

static void test_without_effect(void **state)
{
    (void)state;
    struct fm_options options = parse_good("check -modelcheck -metadir X -cleanup -gzip -noTE "
                                           "-nogeneratespecte -fpmem 0.5 -checkpoint 0 Spec");
    assert_string_equal(options.path, "Spec");
    fm_options_deinit(&options);
}

static void test_coverage_takes_minutes_or_none(void **state)
{
    (void)state;
    struct fm_options options = parse_good("check -coverage 1 Spec");
    assert_true(options.coverage);
    assert_string_equal(options.path, "Spec");
    fm_options_deinit(&options);
    options = parse_good("check -coverage Spec");
    assert_true(options.coverage);
    assert_string_equal(options.path, "Spec");
    fm_options_deinit(&options);
}

static void test_lists(void **state)
{
    (void)state;
    struct fm_options options = parse_good("check -inv A -inv B -postCondition M!Op -I x -Iy "
                                           "-Dkey=value -DTLA-Library=p:q Spec");
    assert_int_equal(options.invariants.count, 2);
    assert_string_equal(options.invariants.at[1], "B");
    assert_string_equal(options.postconditions.at[0], "M!Op");
    assert_int_equal(options.directories.count, 4);
    assert_string_equal(options.directories.at[0], "x");
    assert_string_equal(options.directories.at[1], "y");
    assert_string_equal(options.directories.at[2], "p");
    assert_string_equal(options.directories.at[3], "q");
    assert_string_equal(options.properties.at[0], "key=value");
    fm_options_deinit(&options);
}

static void test_memory(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        uint64_t bytes;
    } rows[] = {
        {"check --memory 4096 S", 4096},
        {"check --memory 500M S", (uint64_t)500 << 20},
        {"check --memory 8g S", (uint64_t)8 << 30},
        {"check --memory 1TiB S", (uint64_t)1 << 40},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fm_options options = parse_good(rows[i].line);
        assert_int_equal(options.memory_max, rows[i].bytes);
        fm_options_deinit(&options);
    }
    check_wrong("check --memory 0 S",
                "--memory takes an amount of memory such as 500M or 8G, not `0`");
    check_wrong("check --memory 5Q S",
                "--memory takes an amount of memory such as 500M or 8G, not `5Q`");
    check_wrong("check --memory 99999999999T S",
                "--memory takes an amount of memory such as 500M or 8G, not `99999999999T`");
}

static void test_mistakes(void **state)
{
    (void)state;
    check_wrong("check", "no specification was given");
    check_wrong("check A B", "one specification at a time: `A` and `B` were given");
    check_wrong("check -worker 2 A", "unknown option `-worker`; did you mean `-workers`?");
    check_wrong("check --jsno A", "unknown option `--jsno`; did you mean `--json`?");
    check_wrong("check --zzzzzzzz A", "unknown option `--zzzzzzzz`");
    check_wrong("check -workers 0 A", "-workers takes at least 1");
    check_wrong("check -workers many A", "-workers takes a number of threads or auto, not `many`");
    check_wrong("check -workers 5000 A", "-workers takes at most 1024, not 5000");
    check_wrong("check -depth -1 A", "-depth takes a number, not `-1`");
    check_wrong("check -depth 0 A", "-depth takes at least 1, the initial states");
    check_wrong("check -seed x A", "-seed takes a number of 64 bits, not `x`");
    check_wrong("check A -config", "-config needs its argument: -config FILE");
    check_wrong("check A -dumpTrace json", "-dumpTrace needs its argument: -dumpTrace FORMAT FILE");
    check_wrong(
        "check A -dumpTrace xml f",
        "-dumpTrace takes one of the formats json, tla, tlc, tlcplain, tlcTESpec, tlcaction, dot, "
        "itf, not `xml`");
    check_wrong("check A -postCondition Op", "-postCondition takes MODULE!OPERATOR, not `Op`");
    check_wrong("check A -Dkey", "-D takes KEY=VALUE, not `key`");
}

static void test_refused_with_a_way_out(void **state)
{
    (void)state;
    const struct fm_option_row *rows = fm_options_table();
    unsigned refused = 0;
    for (unsigned i = 0; i < FM_OPTION_COUNT; i++) {
        if (rows[i].group != FM_GROUP_LATER) {
            continue;
        }
        struct fm_text line = {NULL, 0, 0};
        struct fm_text expected = {NULL, 0, 0};
        const char *words[] = {[FM_ARITY_NO] = "",
                               [FM_ARITY_ONE] = "1",
                               [FM_ARITY_TWO] = "1 2",
                               [FM_ARITY_MAYBE] = "",
                               [FM_ARITY_JOINED] = ""};
        fm_text_printf(&line, "check %s %s Spec", rows[i].name, words[rows[i].arity]);
        fm_text_printf(&expected, "%s is not supported: %s", rows[i].name, rows[i].text);
        check_wrong(fm_text_string(&line), fm_text_string(&expected));
        fm_text_deinit(&line);
        fm_text_deinit(&expected);
        refused++;
    }
    assert_true(refused > 10);
}

static void test_help_wins(void **state)
{
    (void)state;
    struct fm_options options;
    struct fm_text message = {NULL, 0, 0};
    assert_int_equal(parse("check -workers 0 -h", &options, &message), FM_OPTIONS_HELP);
    fm_options_deinit(&options);
    assert_int_equal(parse("check --help", &options, &message), FM_OPTIONS_HELP);
    fm_options_deinit(&options);
    fm_text_deinit(&message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_flags_of_tlc),
        cmocka_unit_test(test_without_effect),
        cmocka_unit_test(test_coverage_takes_minutes_or_none),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_refused_with_a_way_out),
        cmocka_unit_test(test_help_wins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
