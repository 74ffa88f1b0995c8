/* Unit tests of src/base: arenas, maps, symbols, text, random numbers, files, refused memory.
 *
 * Each test states one property of the interface; the brute-force ones compare with a plain array. */
#include "base/arena.h"
#include "base/file.h"
#include "base/map.h"
#include "base/random.h"
#include "base/symbol.h"
#include "base/text.h"
#include "base/thread.h"
#include "base/vec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void arena_alignment_and_marks(void **state)
{
    (void)state;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    char *kept = fm_arena_strndup(&arena, "kept", 4);
    struct fm_arena_mark mark = fm_arena_mark(&arena);
    for (size_t size = 0; size < 20000; size += 37) {
        char *block = fm_arena_alloc(&arena, size);
        assert_int_equal((uintptr_t)block % FM_ARENA_ALIGN, 0);
        memset(block, 0x5A, size);
    }
    fm_arena_release(&arena, mark);
    assert_string_equal(kept, "kept");
    assert_ptr_equal(fm_arena_mark(&arena).next, mark.next);
    fm_arena_deinit(&arena);
    assert_int_equal(arena.held, 0);
}

/* Crossing a chunk's end in a loop of mark and release must not ask the system each time. */
static void arena_keeps_a_spare_chunk(void **state)
{
    (void)state;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    (void)fm_arena_alloc(&arena, 4000);
    struct fm_arena_mark mark = fm_arena_mark(&arena);
    (void)fm_arena_alloc(&arena, 4000);
    fm_arena_release(&arena, mark);
    fm_memory_fail_after(1);
    (void)fm_arena_alloc(&arena, 4000);
    fm_memory_fail_after(0);
    fm_arena_deinit(&arena);
}

static void map_against_array(void **state)
{
    (void)state;
    enum { KEYS = 500 };
    static char keys[KEYS][16];
    void *expected[KEYS] = {NULL};
    struct fm_map map = {0};
    struct fm_random random;
    fm_random_seed(&random, 7);
    for (int step = 0; step < 20000; step++) {
        size_t key = (size_t)fm_random_below(&random, KEYS);
        if (fm_random_below(&random, 3) == 0) {
            fm_map_remove(&map, keys[key]);
            expected[key] = NULL;
        } else {
            void *value = keys[fm_random_below(&random, KEYS)];
            fm_map_put(&map, keys[key], value);
            expected[key] = value;
        }
        size_t probe = (size_t)fm_random_below(&random, KEYS);
        assert_ptr_equal(fm_map_get(&map, keys[probe]), expected[probe]);
    }
    fm_map_deinit(&map);
}

static void symbols_by_spelling_and_index(void **state)
{
    (void)state;
    struct fm_symbols *symbols = fm_symbols_new();
    enum { COUNT = 20000 };
    for (uint32_t i = 0; i < COUNT; i++) {
        char name[32];
        int length = snprintf(name, sizeof name, "s%u", i);
        const struct fm_symbol *symbol = fm_symbol_intern(symbols, name, (size_t)length);
        assert_int_equal(symbol->index, i);
        assert_ptr_equal(symbol, fm_symbol_of(symbols, name));
    }
    assert_int_equal(fm_symbols_count(symbols), COUNT);
    assert_string_equal(fm_symbol_at(symbols, 12345)->text, "s12345");
    assert_null(fm_symbol_find(symbols, "absent", 6));
    fm_symbols_free(symbols);
}

static void symbols_are_ranked_on_demand(void **state)
{
    (void)state;
    struct fm_symbols *symbols = fm_symbols_new();
    const struct fm_symbol *first = fm_symbol_of(symbols, "first");
    const struct fm_symbol *second = fm_symbol_of(symbols, "second");
    uint32_t rank = fm_symbol_rank(symbols, second);
    assert_true(rank < fm_symbol_rank(symbols, first));
    assert_int_equal(fm_symbol_rank(symbols, second), rank);
    fm_symbols_free(symbols);
}

static void text_json_escapes(void **state)
{
    (void)state;
    struct fm_text text = {0};
    static const char source[] = "a\"b\\\n\x01\xC3\xA9\xFF\xED\xA0\x80";
    fm_text_json_string(&text, source, sizeof source - 1);
    assert_string_equal(text.at, "\"a\\\"b\\\\\\n\\u0001\xC3\xA9\\ufffd\\ufffd\\ufffd\\ufffd\"");
    fm_text_clear(&text);
    fm_text_count(&text, 1234567);
    fm_text_putc(&text, ' ');
    fm_text_count(&text, 12);
    assert_string_equal(text.at, "1,234,567 12");
    fm_text_deinit(&text);
}

/* Chi-squared with 9 degrees of freedom: 27.9 is the 99.9% quantile. */
static void random_numbers_are_uniform(void **state)
{
    (void)state;
    struct fm_random random;
    fm_random_seed(&random, 42);
    enum { DRAWS = 100000, CELLS = 10 };
    double counts[CELLS] = {0};
    for (int i = 0; i < DRAWS; i++) {
        counts[fm_random_below(&random, CELLS)] += 1;
    }
    double expected = (double)DRAWS / CELLS;
    double chi = 0;
    for (int i = 0; i < CELLS; i++) {
        chi += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    assert_true(chi < 27.9);
}

static void files_are_read_and_written(void **state)
{
    (void)state;
    char path[] = "/tmp/fathom-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(fm_file_write(path, "text\0more", 9), 0);
    char *read = NULL;
    size_t size = 0;
    assert_int_equal(fm_file_read(path, 100, &read, &size), FM_FILE_OK);
    assert_int_equal(size, 9);
    assert_memory_equal(read, "text\0more", 10);
    fm_memory_free(read);
    assert_int_equal(fm_file_read(path, 8, &read, &size), FM_FILE_TOO_LARGE);
    assert_int_equal(fm_file_read("/tmp", 8, &read, &size), FM_FILE_DIRECTORY);
    unlink(path);
    assert_int_equal(fm_file_read(path, 8, &read, &size), FM_FILE_MISSING);
}

struct refusal {
    jmp_buf back;
    size_t size;
};

static void on_refusal(void *closure, size_t size)
{
    struct refusal *refusal = closure;
    refusal->size = size;
    longjmp(refusal->back, 1);
}

static void refused_memory_goes_to_the_handler(void **state)
{
    (void)state;
    static struct refusal refusal;
    fm_memory_set_handler(on_refusal, &refusal);
    if (setjmp(refusal.back) == 0) {
        fm_memory_fail_after(1);
        (void)fm_memory_alloc(123);
        fail();
    }
    fm_memory_set_handler(NULL, NULL);
    assert_int_equal(refusal.size, 123);
}

static void measure_stack(void *closure)
{
    *(size_t *)closure = fm_stack_left();
}

static void threads_have_large_stacks(void **state)
{
    (void)state;
    size_t left = 0;
    assert_int_equal(fm_thread_call(measure_stack, &left), 0);
    assert_true(left > FM_THREAD_STACK_SIZE / 2 && left <= FM_THREAD_STACK_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_alignment_and_marks),
        cmocka_unit_test(arena_keeps_a_spare_chunk),
        cmocka_unit_test(map_against_array),
        cmocka_unit_test(symbols_by_spelling_and_index),
        cmocka_unit_test(symbols_are_ranked_on_demand),
        cmocka_unit_test(text_json_escapes),
        cmocka_unit_test(random_numbers_are_uniform),
        cmocka_unit_test(files_are_read_and_written),
        cmocka_unit_test(refused_memory_goes_to_the_handler),
        cmocka_unit_test(threads_have_large_stacks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
