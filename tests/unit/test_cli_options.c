/* The command line of `fathom check`, and messages with their arguments. */
#include "base/file.h"
#include "cli/message.h"
#include "cli/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { WORDS_MAX = 16 };

/* Parses words that end with NULL. */
static enum fm_options_result parse(struct fm_options *options, const char *const *words)
{
    char copies[WORDS_MAX][64];
    char *argv[WORDS_MAX + 1];
    int argc = 0;
    for (; words[argc] != NULL; argc++) {
        assert_true(argc < WORDS_MAX && strlen(words[argc]) < sizeof copies[0]);
        strcpy(copies[argc], words[argc]);
        argv[argc] = copies[argc];
    }
    argv[argc] = NULL;
    struct fm_text message = {NULL, 0, 0};
    enum fm_options_result result = fm_options_parse(argc, argv, options, &message);
    /* What is wrong is said, and nothing else is. */
    assert_int_equal(result == FM_OPTIONS_WRONG, message.length > 0);
    fm_text_deinit(&message);
    return result;
}

#define WORDS(...) ((const char *const[]){"check", __VA_ARGS__, NULL})

static void test_defaults(void **state)
{
    (void)state;
    struct fm_options options;
    assert_int_equal(parse(&options, WORDS("Spec.tla")), FM_OPTIONS_RUN);
    assert_int_equal(options.workers, fm_processor_count());
    assert_true(options.deadlock);
    assert_false(options.keep_going);
    assert_int_equal(options.depth, -1);
    assert_null(options.config);
    fm_options_deinit(&options);
}

static void test_flags_of_tlc(void **state)
{
    (void)state;
    struct fm_options options;
    assert_int_equal(parse(&options, WORDS("-workers", "3", "-deadlock", "-continue", "-depth",
                                           "12", "-noTE", "-metadir", "x", "Spec")),
                     FM_OPTIONS_RUN);
    assert_int_equal(options.workers, 3);
    assert_false(options.deadlock);
    assert_true(options.keep_going);
    assert_int_equal(options.depth, 12);
    fm_options_deinit(&options);
}

static void test_joined_and_sizes(void **state)
{
    (void)state;
    struct fm_options options;
    assert_int_equal(
        parse(&options, WORDS("-Dkey=value", "-I", "a", "--memory", "3M", "-seed", "-1", "Spec")),
        FM_OPTIONS_RUN);
    assert_int_equal(options.properties.count, 1);
    assert_int_equal(options.directories.count, 1);
    assert_int_equal(options.memory_max, (uint64_t)3 << 20);
    assert_true(options.has_seed);
    assert_int_equal(options.seed, -1);
    fm_options_deinit(&options);
}

static void test_mistakes(void **state)
{
    (void)state;
    static const char *const mistakes[][5] = {
        {"check", NULL},                          /* no specification */
        {"check", "A", "B", NULL},                /* two */
        {"check", "-worker", "2", "A", NULL},     /* unknown */
        {"check", "-workers", "0", "A", NULL},    /* none at all */
        {"check", "-workers", "two", "A", NULL},  /* no number */
        {"check", "A", "-workers", NULL},         /* no argument */
        {"check", "-simulate", "A", NULL},        /* later */
        {"check", "-dumpTrace", "dot", "f", NULL} /* a format that comes later */
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        struct fm_options options;
        assert_int_equal(parse(&options, mistakes[i]), FM_OPTIONS_WRONG);
        fm_options_deinit(&options);
    }
}

static void test_messages(void **state)
{
    (void)state;
    struct fm_text text = {NULL, 0, 0};
    fm_say(&text, FM_MESSAGE_STATS, "12", "7", "0");
    assert_string_equal(fm_text_string(&text),
                        "12 states generated, 7 distinct states found, 0 states left on queue.\n");
    assert_int_equal(fm_message_number(FM_MESSAGE_STATS), 2199);
    fm_text_deinit(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),         cmocka_unit_test(test_flags_of_tlc),
        cmocka_unit_test(test_joined_and_sizes), cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
