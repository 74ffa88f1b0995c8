/* The compiler and its cache: real compilers on small texts. Where no compiler is installed, only
 * the reports of its absence are tested. */
#include "native/build.h"
#include "native/cache.h"
#include "native/runtime/fathom_native.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const text_whole[] = {"#include \"fathom_native.h\"\n"
                                         "const struct fm_nrt_code fathom_native_code = "
                                         "{.version = FM_NRT_VERSION, .state_size = 7};\n"};
static const char *const text_parts[] = {
    "#include \"fathom_native.h\"\n"
    "void half(const void *, uint8_t *);\n"
    "const struct fm_nrt_code fathom_native_code = {.version = FM_NRT_VERSION, .pack = half};\n",
    "#include \"fathom_native.h\"\n"
    "void half(const void *s, uint8_t *packed)\n{\n    (void)s;\n    *packed = 42;\n}\n"};
static const char *const text_wrong[] = {"int f(void) { return undeclared_name; }\n"};
static const char *const text_foreign[] = {"int other;\n"};

struct folder {
    char path[64];
    bool has_compiler;
};

static int set_up(void **state)
{
    struct folder *folder = test_malloc(sizeof *folder);
    strcpy(folder->path, "/tmp/fathom-test-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    folder->has_compiler = system("command -v cc >/dev/null 2>&1") == 0;
    *state = folder;
    return 0;
}

static int tear_down(void **state)
{
    struct folder *folder = *state;
    char command[128];
    (void)snprintf(command, sizeof command, "rm -r '%s'", folder->path);
    int status = system(command);
    test_free(folder);
    return status;
}

static struct fm_build *start(const struct fm_build_options *options, const char *const *texts,
                              uint32_t count)
{
    struct fm_build *build = fm_build_new(options, texts, count);
    fm_build_start(build);
    return build;
}

static struct fm_build *build(const struct folder *folder, const char *const *texts, uint32_t count)
{
    struct fm_build_options options = {.cache_directory = folder->path};
    return start(&options, texts, count);
}

/* Entries of the cache, and whatever else lies in its directory. */
static uint32_t count_files(const struct folder *folder)
{
    char command[128];
    (void)snprintf(command, sizeof command, "ls -A '%s' | wc -l", folder->path);
    FILE *pipe = popen(command, "r");
    unsigned count = 0;
    assert_int_equal(fscanf(pipe, "%u", &count), 1);
    assert_int_equal(pclose(pipe), 0);
    return count;
}

static void test_compiles_then_caches(void **state)
{
    const struct folder *folder = *state;
    if (!folder->has_compiler) {
        skip();
    }
    for (int round = 0; round < 2; round++) {
        struct fm_build *made = build(folder, text_whole, 1);
        assert_int_equal(fm_build_wait(made), FM_BUILD_READY);
        if (round == 1) {
            assert_string_equal(fm_build_message(made), "from the cache");
        }
        assert_int_equal(fm_build_code(made)->state_size, 7);
        assert_null(fm_build_remark(made));
        fm_build_free(made);
        assert_int_equal(count_files(folder), 1);
    }
}

static void test_links_pieces(void **state)
{
    const struct folder *folder = *state;
    if (!folder->has_compiler) {
        skip();
    }
    struct fm_build *made = build(folder, text_parts, 2);
    assert_int_equal(fm_build_wait(made), FM_BUILD_READY);
    uint8_t byte = 0;
    fm_build_code(made)->pack(NULL, &byte);
    assert_int_equal(byte, 42);
    fm_build_free(made);
}

static void overwrite(const char *path, long offset, char byte)
{
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, offset, offset < 0 ? SEEK_END : SEEK_SET), 0);
    assert_int_equal(fputc(byte, file), byte);
    assert_int_equal(fclose(file), 0);
}

/* The path of the only entry. */
static void entry_path(const struct folder *folder, char *path, size_t size)
{
    char command[128];
    (void)snprintf(command, sizeof command, "ls '%s'/*.so", folder->path);
    FILE *pipe = popen(command, "r");
    assert_non_null(fgets(path, (int)size, pipe));
    path[strcspn(path, "\n")] = '\0';
    assert_int_equal(pclose(pipe), 0);
}

static void test_altered_entries_are_not_loaded(void **state)
{
    const struct folder *folder = *state;
    if (!folder->has_compiler) {
        skip();
    }
    static const long offsets[] = {64, -1, -24};
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        struct fm_build *made = build(folder, text_whole, 1);
        assert_int_equal(fm_build_wait(made), FM_BUILD_READY);
        fm_build_free(made);
        char path[256];
        entry_path(folder, path, sizeof path);
        assert_true(fm_cache_is_intact(path));
        overwrite(path, offsets[i], '!');
        assert_false(fm_cache_is_intact(path));
        made = build(folder, text_whole, 1);
        assert_int_equal(fm_build_wait(made), FM_BUILD_READY);
        assert_string_not_equal(fm_build_message(made), "from the cache");
        fm_build_free(made);
        assert_true(fm_cache_is_intact(path));
    }
}

static void test_directories_of_others(void **state)
{
    const struct folder *folder = *state;
    struct fm_text path = {NULL, 0, 0}, why = {NULL, 0, 0};
    assert_int_equal(chmod(folder->path, 0755), 0);
    assert_false(fm_cache_open(folder->path, &path, &why));
    assert_non_null(strstr(fm_text_string(&why), "not private"));
    fm_text_clear(&why);
    assert_int_equal(chmod(folder->path, 0700), 0);
    assert_true(fm_cache_open(folder->path, &path, &why));
    assert_false(fm_cache_open("/dev/null/fathom", &path, &why));
    assert_non_null(strstr(fm_text_string(&why), "Not a directory"));
    fm_text_deinit(&path);
    fm_text_deinit(&why);
    if (!folder->has_compiler) {
        skip();
    }
    assert_int_equal(chmod(folder->path, 0755), 0);
    struct fm_build *made = build(folder, text_whole, 1);
    assert_int_equal(fm_build_wait(made), FM_BUILD_READY);
    assert_non_null(strstr(fm_build_remark(made), "not private"));
    fm_build_free(made);
    assert_int_equal(count_files(folder), 0);
}

static void test_no_compiler(void **state)
{
    const struct folder *folder = *state;
    struct fm_build_options options = {.cache_directory = folder->path,
                                       .compiler = "no-such-compiler"};
    struct fm_build *made = start(&options, text_whole, 1);
    assert_int_equal(fm_build_wait(made), FM_BUILD_FAILED);
    assert_string_equal(fm_build_message(made), "no compiler: `no-such-compiler` was not found");
    fm_build_free(made);
    options.compiler = "false";
    made = start(&options, text_whole, 1);
    assert_int_equal(fm_build_wait(made), FM_BUILD_FAILED);
    assert_non_null(strstr(fm_build_message(made), "does not work"));
    fm_build_free(made);
    /* A compiler that says yes and does nothing. */
    options.compiler = "true";
    made = start(&options, text_whole, 1);
    assert_int_equal(fm_build_wait(made), FM_BUILD_FAILED);
    assert_non_null(strstr(fm_build_message(made), "makes no file"));
    fm_build_free(made);
    assert_int_equal(count_files(folder), 0);
}

static void test_rejected_text_is_kept(void **state)
{
    const struct folder *folder = *state;
    if (!folder->has_compiler) {
        skip();
    }
    struct fm_build *made = build(folder, text_wrong, 1);
    assert_int_equal(fm_build_wait(made), FM_BUILD_REJECTED);
    assert_non_null(strstr(fm_build_message(made), "undeclared_name"));
    const char *path = strstr(fm_build_message(made), folder->path);
    assert_non_null(path);
    char kept[256];
    (void)snprintf(kept, sizeof kept, "%.*s/unit0.c", (int)strcspn(path, ": "), path);
    assert_true(fm_file_exists(kept));
    fm_build_free(made);
    made = build(folder, text_foreign, 1);
    assert_int_equal(fm_build_wait(made), FM_BUILD_REJECTED);
    fm_build_free(made);
}

static void test_ended_early(void **state)
{
    const struct folder *folder = *state;
    if (!folder->has_compiler) {
        skip();
    }
    for (useconds_t us = 0; us < 40000; us = us * 2 + 500) {
        struct fm_build *made = build(folder, text_parts, 2);
        (void)usleep(us);
        fm_build_free(made);
        /* Nothing but an entry, if it was quick. */
        assert_true(count_files(folder) <= 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_compiles_then_caches, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_links_pieces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_altered_entries_are_not_loaded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_directories_of_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_compiler, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rejected_text_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ended_early, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
