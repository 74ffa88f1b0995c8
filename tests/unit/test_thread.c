/* Threads with large stacks: recursion far beyond 8 MiB, and a warning before the stack ends. */
#include "base/thread.h"

#include "cmocka_all.h"

struct depth {
    size_t frames;
    size_t reserve; /* bytes of stack at which to stop */
    size_t returned;
};

/* Recurses until the reserve is reached; the volatile array keeps frames large and real. */
static size_t descend(struct depth *depth)
{
    volatile char frame[4096];
    frame[0] = 1;
    if (fm_stack_left() < depth->reserve) {
        return 0;
    }
    depth->frames++;
    return descend(depth) + (size_t)frame[0];
}

static void run_descend(void *closure)
{
    struct depth *depth = closure;
    depth->returned = descend(depth);
}

static void test_recursion_ends_before_the_stack(void **state)
{
    (void)state;
    struct depth depth = {.reserve = (size_t)32 << 10};
    struct fm_thread *thread = fm_thread_start(run_descend, &depth, (size_t)64 << 20);
    assert_non_null(thread);
    fm_thread_join(thread);
    assert_int_equal(depth.returned, depth.frames);
    assert_true(depth.frames > 4000);
}

static void set_flag(void *closure)
{
    *(int *)closure = fm_stack_left() > FM_THREAD_STACK_SIZE / 2;
}

static void test_call_has_the_large_stack(void **state)
{
    (void)state;
    int large = 0;
    assert_int_equal(fm_thread_call(set_flag, &large), 0);
    assert_true(large);
}

static void test_foreign_thread_has_a_budget(void **state)
{
    (void)state;
    size_t left = fm_stack_left();
    assert_true(left > 0);
    assert_true(left <= (size_t)1 << 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recursion_ends_before_the_stack),
        cmocka_unit_test(test_call_has_the_large_stack),
        cmocka_unit_test(test_foreign_thread_has_a_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
