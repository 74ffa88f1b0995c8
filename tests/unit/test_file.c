/* Files: whole or untouched, every kind of failure told apart; clocks and memory of the process. */
#include "base/file.h"

#include "base/arena.h"
#include "cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/fathom-test-XXXXXX";

static char *path_of(const char *name)
{
    static char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void test_write_then_read(void **state)
{
    (void)state;
    char *text;
    size_t size;
    char *path = path_of("file");
    assert_false(fm_file_exists(path));
    assert_int_equal(fm_file_write(path, "a\0b", 3), 0);
    assert_true(fm_file_exists(path));
    assert_int_equal(fm_file_read(path, 3, &text, &size), FM_FILE_OK);
    assert_int_equal(size, 3);
    assert_memory_equal(text, "a\0b", 4); /* a NUL follows */
    fm_memory_free(text);
    assert_int_equal(fm_file_write(path, "", 0), 0);
    assert_int_equal(fm_file_read(path, 0, &text, &size), FM_FILE_OK);
    assert_int_equal(size, 0);
    assert_string_equal(text, "");
    fm_memory_free(text);
    assert_int_equal(unlink(path), 0);
}

static void test_failures_are_told_apart(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    char *path = path_of("file");
    assert_int_equal(fm_file_read(path, 10, &text, &size), FM_FILE_MISSING);
    assert_int_equal(fm_file_read(folder, 10, &text, &size), FM_FILE_DIRECTORY);
    assert_int_equal(fm_file_write(path, "12345", 5), 0);
    assert_int_equal(fm_file_read(path, 4, &text, &size), FM_FILE_TOO_LARGE);
    assert_int_equal(fm_file_read(path_of("file/below"), 4, &text, &size), FM_FILE_MISSING);
    assert_int_equal(unlink(path_of("file")), 0);
    assert_null(text);
}

/* What is read without a known size: the file system of the kernel says 0 for all of its files. */
static void test_size_is_not_trusted(void **state)
{
    (void)state;
    char *text;
    size_t size;
    assert_int_equal(fm_file_read("/proc/self/status", 1 << 20, &text, &size), FM_FILE_OK);
    assert_true(size > 100);
    assert_int_equal(strlen(text), size);
    fm_memory_free(text);
    assert_int_equal(fm_file_read("/dev/zero", 1000, &text, &size), FM_FILE_TOO_LARGE);
}

/* A link, a pipe or a device is written, not replaced. */
static void test_write_in_place(void **state)
{
    (void)state;
    char file[256], name[256];
    (void)snprintf(file, sizeof file, "%s", path_of("file"));
    (void)snprintf(name, sizeof name, "%s", path_of("link"));
    char *text;
    size_t size;
    struct stat there;
    assert_int_equal(fm_file_write(file, "longer", 6), 0);
    assert_int_equal(symlink("file", name), 0);
    assert_int_equal(fm_file_write(name, "new", 3), 0);
    assert_int_equal(lstat(name, &there), 0);
    assert_true(S_ISLNK(there.st_mode));
    assert_int_equal(fm_file_read(file, 100, &text, &size), FM_FILE_OK);
    assert_string_equal(text, "new");
    fm_memory_free(text);
    assert_int_equal(fm_file_write("/dev/null", "x", 1), 0);
    assert_int_equal(lstat("/dev/null", &there), 0);
    assert_true(S_ISCHR(there.st_mode));
    unlink(name);
    unlink(file);
}

static void test_write_into_nowhere(void **state)
{
    (void)state;
    assert_int_equal(fm_file_write(path_of("missing/file"), "x", 1), -1);
    assert_int_equal(errno, ENOENT);
}

static void test_system(void **state)
{
    (void)state;
    uint64_t before = fm_clock_monotonic_ns();
    assert_true(fm_clock_monotonic_ns() >= before);
    assert_true(fm_clock_calendar_ns() > UINT64_C(1600000000) * 1000000000);
    assert_true(fm_memory_resident() > 100000);
    assert_true(fm_memory_resident_max() > 100000);
    assert_true(fm_processor_count() >= 1);
}

/* Pages count from their first write on. Sanitizers touch some of their own with them, and keep
 * those. */
static void test_own_memory(void **state)
{
    (void)state;
    const size_t size = 8u << 20;
    char *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(pages != MAP_FAILED);
    uint64_t before = fm_memory_own();
    assert_true(before > 0);
    memset(pages, 1, size);
    uint64_t after = fm_memory_own();
    assert_in_range(after, before + size, before + 8 * size);
    assert_int_equal(munmap(pages, size), 0);
    assert_in_range(fm_memory_own(), before, after - size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_write_then_read),     cmocka_unit_test(test_failures_are_told_apart),
        cmocka_unit_test(test_size_is_not_trusted), cmocka_unit_test(test_write_in_place),
        cmocka_unit_test(test_write_into_nowhere),  cmocka_unit_test(test_system),
        cmocka_unit_test(test_own_memory),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
