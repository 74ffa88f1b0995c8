/* Symbols: one address per spelling, stable indices, ranks in the order they were asked for. */
#include "base/symbol.h"

#include "base/thread.h"
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#define COUNT 20000u
#define THREADS 4

static void test_interning(void **state)
{
    (void)state;
    struct fm_symbols *symbols = fm_symbols_new();
    const struct fm_symbol *a = fm_symbol_of(symbols, "alpha");
    assert_ptr_equal(fm_symbol_intern(symbols, "alphabet", 5), a);
    assert_ptr_equal(fm_symbol_find(symbols, "alpha", 5), a);
    assert_null(fm_symbol_find(symbols, "alph", 4));
    assert_string_equal(a->text, "alpha");
    assert_int_equal(a->length, 5);
    const struct fm_symbol *empty = fm_symbol_intern(symbols, "", 0);
    assert_int_equal(empty->length, 0);
    const struct fm_symbol *with_nul = fm_symbol_intern(symbols, "a\0b", 3);
    assert_ptr_not_equal(with_nul, fm_symbol_of(symbols, "a"));
    assert_int_equal(fm_symbols_count(symbols), 4);
    fm_symbols_free(symbols);
}

static void test_many_keep_their_index(void **state)
{
    (void)state;
    struct fm_symbols *symbols = fm_symbols_new();
    char name[32];
    for (uint32_t i = 0; i < COUNT; i++) {
        int length = snprintf(name, sizeof name, "name_%u", i);
        assert_int_equal(fm_symbol_intern(symbols, name, (size_t)length)->index, i);
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        int length = snprintf(name, sizeof name, "name_%u", i);
        const struct fm_symbol *symbol = fm_symbol_at(symbols, i);
        assert_string_equal(symbol->text, name);
        assert_ptr_equal(fm_symbol_find(symbols, name, (size_t)length), symbol);
    }
    fm_symbols_free(symbols);
}

static void test_ranks_follow_demand(void **state)
{
    (void)state;
    struct fm_symbols *symbols = fm_symbols_new();
    const struct fm_symbol *a = fm_symbol_of(symbols, "a");
    const struct fm_symbol *b = fm_symbol_of(symbols, "b");
    assert_int_equal(a->rank, 0);
    uint32_t rank_b = fm_symbol_rank(symbols, b);
    uint32_t rank_a = fm_symbol_rank(symbols, a);
    assert_true(0 < rank_b && rank_b < rank_a);
    assert_int_equal(fm_symbol_rank(symbols, b), rank_b);
    fm_symbols_free(symbols);
}

static void test_hash_depends_on_spelling_alone(void **state)
{
    (void)state;
    struct fm_symbols *one = fm_symbols_new();
    struct fm_symbols *two = fm_symbols_new();
    (void)fm_symbol_of(two, "first");
    const struct fm_symbol *a = fm_symbol_of(one, "x");
    const struct fm_symbol *b = fm_symbol_of(two, "x");
    assert_int_equal(a->hash_low, b->hash_low);
    assert_int_equal(a->hash_high, b->hash_high);
    fm_symbols_free(one);
    fm_symbols_free(two);
}

struct task {
    struct fm_symbols *symbols;
    uint32_t wrong;
};

/* Assertions of cmocka jump: they belong to the main thread, here mistakes are counted. */
static void intern_all(void *closure)
{
    struct task *task = closure;
    struct fm_symbols *symbols = task->symbols;
    char name[32];
    for (uint32_t i = 0; i < COUNT; i++) {
        int length = snprintf(name, sizeof name, "name_%u", i);
        const struct fm_symbol *symbol = fm_symbol_intern(symbols, name, (size_t)length);
        task->wrong += fm_symbol_at(symbols, symbol->index) != symbol;
        (void)fm_symbol_rank(symbols, symbol);
    }
}

static void test_threads_agree(void **state)
{
    (void)state;
    struct fm_symbols *symbols = fm_symbols_new();
    struct fm_thread *threads[THREADS];
    struct task tasks[THREADS];
    for (int i = 0; i < THREADS; i++) {
        tasks[i] = (struct task){symbols, 0};
        threads[i] = fm_thread_start(intern_all, &tasks[i], (size_t)1 << 20);
        assert_non_null(threads[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        fm_thread_join(threads[i]);
        assert_int_equal(tasks[i].wrong, 0);
    }
    assert_int_equal(fm_symbols_count(symbols), COUNT);
    static unsigned char seen[COUNT + 1];
    for (uint32_t i = 0; i < COUNT; i++) {
        uint32_t rank = fm_symbol_rank(symbols, fm_symbol_at(symbols, i));
        assert_true(1 <= rank && rank <= COUNT);
        assert_int_equal(seen[rank]++, 0);
    }
    fm_symbols_free(symbols);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interning),
        cmocka_unit_test(test_many_keep_their_index),
        cmocka_unit_test(test_ranks_follow_demand),
        cmocka_unit_test(test_hash_depends_on_spelling_alone),
        cmocka_unit_test(test_threads_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
