/* Writes, folders and programs on behalf of a specification. */
#include "base/arena.h"
#include "base/external.h"
#include "base/file.h"
#include "cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void test_write_and_append(void **state)
{
    (void)state;
    char folder[] = "/tmp/fathom-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char path[128];
    (void)snprintf(path, sizeof path, "%s/a/b/file", folder);
    assert_int_equal(fm_external_write(path, O_CREAT, "x", 1), -1);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(fm_external_make_parents(path), 0);
    assert_int_equal(fm_external_make_parents(path), 0);
    assert_int_equal(fm_external_write(path, O_CREAT | O_TRUNC, "one\n", 4), 0);
    assert_int_equal(fm_external_write(path, O_APPEND, "two\n", 4), 0);
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(fm_file_read(path, 100, &text, &size), FM_FILE_OK);
    assert_string_equal(text, "one\ntwo\n");
    fm_memory_free(text);
    assert_int_equal(unlink(path), 0);
    for (int up = 0; up < 3; up++) {
        *strrchr(path, '/') = '\0';
        assert_int_equal(rmdir(path), 0);
    }
}

static void test_run(void **state)
{
    (void)state;
    const char *const argv[] = {"sh", "-c", "echo $WORD; echo no >&2; exit 3", NULL};
    const char *const changes[] = {"WORD=yes", NULL};
    struct fm_external_outcome outcome;
    assert_int_equal(fm_external_run(argv, changes, &outcome), 0);
    assert_int_equal(outcome.exit_value, 3);
    assert_string_equal(fm_text_string(&outcome.out), "yes\n");
    assert_string_equal(fm_text_string(&outcome.error), "no\n");
    fm_text_deinit(&outcome.out);
    fm_text_deinit(&outcome.error);
}

/* More than a pipe holds, on both outputs: neither may block the other. */
static void test_run_much_output(void **state)
{
    (void)state;
    const char *const argv[] = {"sh", "-c",
                                "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero", NULL};
    struct fm_external_outcome outcome;
    assert_int_equal(fm_external_run(argv, NULL, &outcome), 0);
    assert_int_equal(outcome.out.length, 300000);
    assert_int_equal(outcome.error.length, 300000);
    fm_text_deinit(&outcome.out);
    fm_text_deinit(&outcome.error);
}

static void test_run_missing(void **state)
{
    (void)state;
    const char *const argv[] = {"/no/such/program", NULL};
    struct fm_external_outcome outcome;
    assert_int_equal(fm_external_run(argv, NULL, &outcome), -1);
    assert_int_equal(errno, ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_and_append),
        cmocka_unit_test(test_run),
        cmocka_unit_test(test_run_much_output),
        cmocka_unit_test(test_run_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
