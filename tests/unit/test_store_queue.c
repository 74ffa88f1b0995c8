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
        for (uint32_t j = 0; j < level.at[i].total; j++, n++) {
            if (n % 3 == 0) {
                fm_segment_drop(&level.at[i], j);
            }
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

/* Records of one size cost nothing beside their bytes; a change of size costs a segment. */
static void test_constant_size(void **state)
{
    (void)state;
    struct fm_queue *queue = fm_queue_new();
    struct fm_writer writer;
    fm_writer_init(&writer, queue, 0);
    uint8_t bytes[300];
    for (uint32_t i = 0; i < 3000;) {
        uint32_t size = i < 1000 ? 24 : i < 2000 ? 20 + i % 7 : 300;
        memset(bytes, (int)(i % 251), sizeof bytes);
        if (i % 5 == 0) {
            assert_true(fm_writer_add(&writer, bytes, size));
            i++;
            continue;
        }
        /* Several at once, as many as may be. */
        uint32_t more = i < 1000 ? 1000 - i : i < 2000 ? 1 : 3000 - i;
        more = more < 77 ? more : 77;
        uint8_t *to = fm_writer_extend(&writer, size, &more);
        assert_non_null(to);
        assert_true(more >= 1 && more <= 77);
        for (uint32_t j = 0; j < more; j++, i++) {
            memset(to + j * size, (int)(i % 251), size);
        }
    }
    fm_segments level = {writer.segments.at, writer.segments.count, writer.segments.capacity};
    fm_writer_next_level(&writer);
    assert_int_equal(level.at[0].size, 24);
    assert_int_equal(level.at[1].size, 24);
    assert_ptr_equal(level.at[1].begin, level.at[0].begin + FM_SEGMENT_STATES_MAX * 24);
    assert_int_equal(fm_vec_last(&level).size, 300);
    assert_true(level.count <= 3000 / FM_SEGMENT_STATES_MAX + 6);
    uint32_t n = 0;
    for (uint32_t i = 0; i < level.count; i++) {
        struct fm_reader reader;
        size_t size;
        const uint8_t *at;
        fm_reader_begin(&reader, &level.at[i]);
        while ((at = fm_reader_next(&reader, &size)) != NULL) {
            assert_int_equal(size, n < 1000 ? 24 : n < 2000 ? 20 + n % 7 : 300);
            assert_int_equal(at[size - 1], n % 251);
            n++;
        }
        fm_segment_release(queue, &level.at[i]);
    }
    assert_int_equal(n, 3000);
    fm_vec_deinit(&level);
    fm_writer_deinit(&writer);
    fm_queue_free(queue);
}

static void test_skipping(void **state)
{
    (void)state;
    struct fm_queue *queue = fm_queue_new();
    struct fm_writer writer;
    fm_writer_init(&writer, queue, 0);
    for (uint8_t i = 0; i < 100; i++) {
        assert_true(fm_writer_add(&writer, &i, 1));
    }
    struct fm_segment *segment = &writer.segments.at[0];
    struct fm_reader reader;
    size_t size;
    fm_reader_begin(&reader, segment);
    assert_int_equal(fm_reader_skip(&reader, 30), 30);
    assert_int_equal(*fm_reader_next(&reader, &size), 30);
    assert_int_equal(fm_reader_skip(&reader, 100), 69);
    const uint8_t *records[100];
    fm_reader_begin(&reader, segment);
    assert_int_equal(fm_reader_take(&reader, 4, records), 4);
    assert_int_equal(fm_reader_take(&reader, 100, records), 96);
    assert_int_equal(*records[0], 4);
    assert_int_equal(*records[95], 99);
    assert_int_equal(fm_reader_take(&reader, 100, records), 0);
    fm_segment_drop(segment, 5);
    fm_segment_drop(segment, 99);
    fm_reader_begin(&reader, segment);
    assert_int_equal(fm_reader_skip(&reader, 30), 30);
    assert_int_equal(*fm_reader_next(&reader, &size), 31);
    assert_int_equal(fm_reader_skip(&reader, 100), 67);
    assert_int_equal(segment->live, 98);
    fm_reader_begin(&reader, segment);
    assert_int_equal(fm_reader_take(&reader, 6, records), 6);
    assert_int_equal(*records[5], 6);
    assert_int_equal(fm_reader_take(&reader, 100, records), 92);
    assert_int_equal(*records[91], 98);
    fm_segment_release(queue, segment);
    fm_writer_deinit(&writer);
    fm_queue_free(queue);
}

static void test_links(void **state)
{
    (void)state;
    struct fm_links *links = fm_links_new();
    uint64_t count = 0;
    for (uint64_t room = 1; room < 4000000; room = room * 3 + 1) {
        assert_true(fm_links_reserve(links, room));
        while (count < room) {
            struct fm_link many[100];
            uint32_t more = room - count < 100 ? (uint32_t)(room - count) : 100;
            for (uint32_t i = 0; i < more; i++) {
                uint64_t parent = count + i < 5 ? FM_LINK_INITIAL : (count + i) / 2;
                many[i] = (struct fm_link){parent, (count + i) * 3};
            }
            if (more % 2 == 0) {
                fm_links_set_many(links, count, many, more);
                count += more;
            } else {
                fm_links_set(links, count++, many[0]);
            }
        }
        for (uint64_t i = 0; i < count; i += 1 + i / 50) {
            struct fm_link link = fm_links_get(links, i);
            assert_int_equal(link.parent, i < 5 ? FM_LINK_INITIAL : i / 2);
            assert_int_equal(link.own, i * 3);
        }
    }
    fm_links_free(links);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels),        cmocka_unit_test(test_memory_goes_back),
        cmocka_unit_test(test_dropping),      cmocka_unit_test(test_large_record),
        cmocka_unit_test(test_constant_size), cmocka_unit_test(test_skipping),
        cmocka_unit_test(test_links),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
