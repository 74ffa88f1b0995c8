/* The state queue and the parent links. */
#include "base/arena.h"
#include "base/random.h"
#include "store/links.h"
#include "store/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { SIZE_MAX_TEST = 3000 };

/* Record n: a size and a content that follow from n. */
static size_t record(uint64_t n, uint8_t *bytes)
{
    struct fm_random random;
    fm_random_seed(&random, n);
    size_t size = (size_t)fm_random_below(&random, n % 100 == 0 ? SIZE_MAX_TEST : 40);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)fm_random_next(&random);
    }
    return size;
}

static void write_level(struct fm_writer *writer, uint64_t first, uint64_t count)
{
    uint8_t bytes[SIZE_MAX_TEST];
    for (uint64_t i = 0; i < count; i++) {
        fm_writer_set_order(writer, i / 300);
        size_t size = record(first + i, bytes);
        assert_true(fm_writer_add(writer, bytes, size));
    }
}

/* Reads a level back and gives it back, dropping nothing; returns the records that were live. */
static uint64_t read_level(struct fm_queue *queue, fm_segments *level, uint64_t first,
                           uint64_t dropped_every)
{
    uint8_t expected[SIZE_MAX_TEST];
    uint64_t live = 0;
    uint64_t n = first;
    for (uint32_t i = 0; i < level->count; i++) {
        struct fm_reader reader;
        fm_reader_begin(&reader, &level->at[i]);
        uint64_t end = n + level->at[i].total;
        const uint8_t *bytes;
        size_t size;
        while ((bytes = fm_reader_next(&reader, &size)) != NULL) {
            while (dropped_every != 0 && n % dropped_every == 0) {
                n++;
            }
            assert_int_equal(size, record(n, expected));
            assert_memory_equal(bytes, expected, size);
            n++;
            live++;
        }
        n = end;
        fm_segment_release(queue, &level->at[i]);
    }
    fm_vec_deinit(level);
    return live;
}

static void test_levels(void **state)
{
    (void)state;
    struct fm_queue *queue = fm_queue_new();
    struct fm_writer writer;
    fm_writer_init(&writer, queue, 0);
    fm_segments level = {NULL, 0, 0};
    uint64_t first = 0;
    for (uint64_t count = 1; count < 300000; count *= 7) {
        write_level(&writer, first, count);
        level.at = writer.segments.at;
        level.count = writer.segments.count;
        level.capacity = writer.segments.capacity;
        fm_writer_next_level(&writer);
        assert_int_equal(read_level(queue, &level, first, 0), count);
        first += count;
    }
    fm_writer_deinit(&writer);
    fm_queue_free(queue);
}

static void test_memory_goes_back(void **state)
{
    (void)state;
    struct fm_queue *queue = fm_queue_new();
    struct fm_writer writer;
    fm_writer_init(&writer, queue, 0);
    write_level(&writer, 0, 500000);
    uint64_t full = fm_queue_bytes(queue);
    fm_segments level = {writer.segments.at, writer.segments.count, writer.segments.capacity};
    fm_writer_next_level(&writer);
    for (uint32_t i = 0; i < level.count / 2; i++) {
        fm_segment_release(queue, &level.at[i]);
    }
    /* Half of the level and the pool of four chunks. */
    assert_true(fm_queue_bytes(queue) < full / 2 + ((uint64_t)6 << 20));
    for (uint32_t i = level.count / 2; i < level.count; i++) {
        fm_segment_release(queue, &level.at[i]);
    }
    fm_vec_deinit(&level);
    fm_writer_deinit(&writer);
    fm_queue_free(queue);
}

static void test_dropping(void **state)
{
    (void)state;
    struct fm_queue *queue = fm_queue_new();
    struct fm_writer writer;
    fm_writer_init(&writer, queue, 0);
    write_level(&writer, 0, 10000);
    fm_segments level = {writer.segments.at, writer.segments.count, writer.segments.capacity};
    fm_writer_next_level(&writer);
    uint64_t n = 0;
    for (uint32_t i = 0; i < level.count; i++) {
        assert_int_equal(level.at[i].candidate, n);
        struct fm_reader reader;
        fm_reader_begin(&reader, &level.at[i]);
        while (fm_reader_settle(&reader, n % 3 == 0)) {
            n++;
        }
    }
    assert_int_equal(n, 10000);
    assert_int_equal(read_level(queue, &level, 0, 3), 10000 - 3334);
    fm_writer_deinit(&writer);
    fm_queue_free(queue);
}

static void test_large_record(void **state)
{
    (void)state;
    struct fm_queue *queue = fm_queue_new();
    struct fm_writer writer;
    fm_writer_init(&writer, queue, 0);
    size_t size = (size_t)5 << 20;
    uint8_t *bytes = fm_memory_alloc(size);
    memset(bytes, 0xa5, size);
    assert_true(fm_writer_add(&writer, bytes, size));
    assert_true(fm_writer_add(&writer, bytes, 3));
    fm_segments level = {writer.segments.at, writer.segments.count, writer.segments.capacity};
    fm_writer_next_level(&writer);
    struct fm_reader reader;
    fm_reader_begin(&reader, &level.at[0]);
    size_t found;
    const uint8_t *at = fm_reader_next(&reader, &found);
    assert_int_equal(found, size);
    assert_memory_equal(at, bytes, size);
    for (uint32_t i = 0; i < level.count; i++) {
        fm_segment_release(queue, &level.at[i]);
    }
    fm_vec_deinit(&level);
    fm_memory_free(bytes);
    fm_writer_deinit(&writer);
    fm_queue_free(queue);
}

static void test_links(void **state)
{
    (void)state;
    struct fm_links *links = fm_links_new();
    uint64_t count = 0;
    for (uint64_t room = 1; room < 400000; room = room * 3 + 1) {
        assert_true(fm_links_reserve(links, room));
        for (; count < room; count++) {
            fm_links_set(links, count, (struct fm_link){count / 2, count * 3});
        }
        for (uint64_t i = 0; i < count; i += 1 + i / 50) {
            struct fm_link link = fm_links_get(links, i);
            assert_int_equal(link.parent, i / 2);
            assert_int_equal(link.own, i * 3);
        }
    }
    fm_links_free(links);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels),   cmocka_unit_test(test_memory_goes_back),
        cmocka_unit_test(test_dropping), cmocka_unit_test(test_large_record),
        cmocka_unit_test(test_links),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
