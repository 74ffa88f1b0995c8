/* Arenas, growable arrays, and what happens when memory is refused. */
#include "base/arena.h"
#include "base/vec.h"
#include "cmocka_all.h"

#include <string.h>

static void test_alignment_and_contents(void **state)
{
    (void)state;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    unsigned char *blocks[200];
    for (size_t i = 0; i < 200; i++) {
        blocks[i] = fm_arena_alloc(&arena, i);
        assert_int_equal((uintptr_t)blocks[i] % FM_ARENA_ALIGN, 0);
        memset(blocks[i], (int)i, i);
    }
    for (size_t i = 0; i < 200; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_int_equal(blocks[i][k], i);
        }
    }
    fm_arena_deinit(&arena);
    assert_int_equal(arena.held, 0);
}

static void test_large_request(void **state)
{
    (void)state;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    size_t size = (size_t)1 << 20;
    char *large = fm_arena_calloc(&arena, size, 1);
    assert_int_equal(large[0], 0);
    assert_int_equal(large[size - 1], 0);
    assert_true(arena.held >= size);
    fm_arena_deinit(&arena);
}

static void test_marks_nest(void **state)
{
    (void)state;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    struct fm_arena_mark empty = fm_arena_mark(&arena);
    char *kept = fm_arena_strndup(&arena, "kept", 4);
    struct fm_arena_mark outer = fm_arena_mark(&arena);
    void *first = fm_arena_alloc(&arena, 100);
    struct fm_arena_mark inner = fm_arena_mark(&arena);
    (void)fm_arena_alloc(&arena, 100000);
    fm_arena_release(&arena, inner);
    (void)fm_arena_alloc(&arena, 100000);
    fm_arena_release(&arena, outer);
    assert_string_equal(kept, "kept");
    assert_ptr_equal(fm_arena_alloc(&arena, 100), first);
    fm_arena_release(&arena, empty);
    fm_arena_deinit(&arena);
    assert_int_equal(arena.held, 0);
}

/* A loop that crosses a chunk's end each time must not go to the system each time. */
static void test_release_keeps_a_spare(void **state)
{
    (void)state;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    (void)fm_arena_alloc(&arena, 16);
    struct fm_arena_mark mark = fm_arena_mark(&arena);
    (void)fm_arena_alloc(&arena, 50000);
    fm_arena_release(&arena, mark);
    size_t held = arena.held;
    fm_memory_fail_after(1);
    for (int i = 0; i < 1000; i++) {
        (void)fm_arena_alloc(&arena, 50000);
        fm_arena_release(&arena, mark);
    }
    fm_memory_fail_after(0);
    assert_int_equal(arena.held, held);
    fm_arena_deinit(&arena);
}

static void test_reset_and_reuse(void **state)
{
    (void)state;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 1000; i++) {
            (void)fm_arena_alloc(&arena, 100);
        }
        fm_arena_reset(&arena);
    }
    assert_string_equal(fm_arena_printf(&arena, "%d-%s", 7, "x"), "7-x");
    assert_memory_equal(fm_arena_copy(&arena, "abc", 3), "abc", 3);
    fm_arena_deinit(&arena);
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

static void test_refusal_reaches_the_handler(void **state)
{
    (void)state;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    char *kept = fm_arena_strndup(&arena, "kept", 4);
    static struct refusal refusal;
    fm_memory_set_handler(on_refusal, &refusal);
    fm_memory_fail_after(1);
    if (setjmp(refusal.back) == 0) {
        (void)fm_arena_alloc(&arena, 100000);
        fail_msg("the allocation was not refused");
    }
    fm_memory_set_handler(NULL, NULL);
    assert_true(refusal.size >= 100000);
    assert_string_equal(kept, "kept");
    assert_non_null(fm_arena_alloc(&arena, 100000));
    fm_arena_deinit(&arena);
}

static void test_vector(void **state)
{
    (void)state;
    FM_VEC(uint64_t) numbers = {0};
    for (uint64_t i = 0; i < 10000; i++) {
        fm_vec_push(&numbers, i * i);
    }
    assert_int_equal(numbers.count, 10000);
    for (uint64_t i = 0; i < 10000; i++) {
        assert_int_equal(numbers.at[i], i * i);
    }
    assert_int_equal(fm_vec_last(&numbers), 9999ULL * 9999ULL);
    assert_int_equal(fm_vec_pop(&numbers), 9999ULL * 9999ULL);
    assert_int_equal(numbers.count, 9999);
    fm_vec_deinit(&numbers);
    assert_null(numbers.at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alignment_and_contents),
        cmocka_unit_test(test_large_request),
        cmocka_unit_test(test_marks_nest),
        cmocka_unit_test(test_release_keeps_a_spare),
        cmocka_unit_test(test_reset_and_reuse),
        cmocka_unit_test(test_refusal_reaches_the_handler),
        cmocka_unit_test(test_vector),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
