/* Records of a segment follow each other without padding. When all have one size, as packed states
 * and those of many specifications do, the segment says it once; otherwise each record has it
 * before its bytes, as LEB128:
 *
 *     size      only in mixed segments
 *     bytes     the state as the engine encoded it
 *
 * With the small states of real specifications (10 to 200 bytes) every word a record carries would
 * show in the memory per state. A writer cannot know the sizes to come: it takes the next record to
 * be as long as the last. One that is not ends the segment and begins a mixed one; a mixed segment
 * whose records turn out to be of one size is followed by one of the other kind. So what alternates
 * costs at most a few short segments.
 *
 * Chunks double from CHUNK_FIRST to CHUNK_MAX per writer, so that a model of ten states touches a
 * few pages. A chunk counts its segments, plus one for the writer that fills it; when the count
 * falls to 0 it is unmapped, or kept in a small pool when it has the full size: a level that
 * shrinks gives its memory back while it is read, and the next level's chunks come from what the
 * present one has finished with. */
#include "store/queue.h"

#include "base/arena.h"
#include "base/assert.h"
#include "store/pages.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define CHUNK_FIRST ((size_t)16 << 10)
#define CHUNK_MAX ((size_t)1 << 20)
/* Full-size chunks kept for reuse: what one busy worker turns over between two looks at the pool.
 */
#define POOL_MAX 4u
/* Longest header: 10 groups of 7 bits. */
#define HEADER_MAX 10u

struct fm_chunk {
    struct fm_pages pages;
    struct fm_chunk *next_free;
    _Atomic uint32_t references;
};

struct fm_queue {
    pthread_mutex_t lock; /* guards free and free_count */
    struct fm_chunk *free;
    uint32_t free_count;
    _Atomic uint64_t bytes;
};

struct fm_queue *fm_queue_new(void)
{
    struct fm_queue *queue = fm_memory_calloc(1, sizeof *queue);
    int error = pthread_mutex_init(&queue->lock, NULL);
    fm_assert(error == 0);
    return queue;
}

static void unmap_chunk(struct fm_queue *queue, struct fm_chunk *chunk)
{
    atomic_fetch_sub_explicit(&queue->bytes, chunk->pages.size, memory_order_relaxed);
    fm_pages_unmap(&chunk->pages);
    fm_memory_free(chunk);
}

void fm_queue_free(struct fm_queue *queue)
{
    if (queue == NULL) {
        return;
    }
    while (queue->free != NULL) {
        struct fm_chunk *chunk = queue->free;
        queue->free = chunk->next_free;
        unmap_chunk(queue, chunk);
    }
    fm_assert(atomic_load(&queue->bytes) == 0);
    pthread_mutex_destroy(&queue->lock);
    fm_memory_free(queue);
}

uint64_t fm_queue_bytes(const struct fm_queue *queue)
{
    return atomic_load_explicit(&queue->bytes, memory_order_relaxed);
}

static struct fm_chunk *take_free(struct fm_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    struct fm_chunk *chunk = queue->free;
    if (chunk != NULL) {
        queue->free = chunk->next_free;
        queue->free_count--;
    }
    pthread_mutex_unlock(&queue->lock);
    return chunk;
}

/* A chunk of at least `size` bytes with one reference, or NULL with errno. */
static struct fm_chunk *new_chunk(struct fm_queue *queue, size_t size)
{
    struct fm_chunk *chunk = size == CHUNK_MAX ? take_free(queue) : NULL;
    if (chunk == NULL) {
        chunk = fm_memory_calloc(1, sizeof *chunk);
        if (!fm_pages_map(&chunk->pages, size)) {
            fm_memory_free(chunk);
            return NULL;
        }
        atomic_fetch_add_explicit(&queue->bytes, chunk->pages.size, memory_order_relaxed);
    }
    atomic_store_explicit(&chunk->references, 1, memory_order_relaxed);
    return chunk;
}

static void release_chunk(struct fm_queue *queue, struct fm_chunk *chunk)
{
    /* Acquire and release: whoever frees must see all reads of the others finished. */
    if (atomic_fetch_sub_explicit(&chunk->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    if (chunk->pages.size == CHUNK_MAX) {
        pthread_mutex_lock(&queue->lock);
        bool keep = queue->free_count < POOL_MAX;
        if (keep) {
            chunk->next_free = queue->free;
            queue->free = chunk;
            queue->free_count++;
        }
        pthread_mutex_unlock(&queue->lock);
        if (keep) {
            return;
        }
    }
    unmap_chunk(queue, chunk);
}

void fm_writer_init(struct fm_writer *writer, struct fm_queue *queue, uint32_t number)
{
    *writer = (struct fm_writer){.queue = queue, .number = number};
}

void fm_writer_deinit(struct fm_writer *writer)
{
    if (writer->chunk != NULL) {
        release_chunk(writer->queue, writer->chunk);
        writer->chunk = NULL;
    }
    fm_vec_deinit(&writer->segments);
}

void fm_writer_set_order(struct fm_writer *writer, uint64_t order)
{
    if (order != writer->order) {
        writer->order = order;
        writer->open = false;
    }
}

static bool change_chunk(struct fm_writer *writer, size_t need)
{
    size_t size = CHUNK_FIRST;
    if (writer->chunk != NULL && writer->chunk->pages.size < CHUNK_MAX) {
        size = 2 * writer->chunk->pages.size;
    } else if (writer->chunk != NULL) {
        size = CHUNK_MAX;
    }
    struct fm_chunk *chunk = new_chunk(writer->queue, need > size ? need : size);
    if (chunk == NULL) {
        return false;
    }
    if (writer->chunk != NULL) {
        release_chunk(writer->queue, writer->chunk);
    }
    writer->chunk = chunk;
    writer->used = 0;
    writer->open = false;
    return true;
}

static void open_segment(struct fm_writer *writer, uint32_t size)
{
    struct fm_segment segment = {
        .chunk = writer->chunk,
        .begin = (const uint8_t *)writer->chunk->pages.at + writer->used,
        .order = writer->order,
        .candidate = writer->candidates,
        .size = writer->mixed ? 0 : size,
        .writer = writer->number,
    };
    fm_vec_push(&writer->segments, segment);
    atomic_fetch_add_explicit(&writer->chunk->references, 1, memory_order_relaxed);
    writer->open = true;
    writer->same = size;
}

static size_t put_header(uint8_t *at, size_t size)
{
    size_t length = 0;
    while (size >= 0x80) {
        at[length++] = (uint8_t)(size | 0x80);
        size >>= 7;
    }
    at[length++] = (uint8_t)size;
    return length;
}

/* Whether the last segment can take one more record, of this size. */
static bool takes(struct fm_writer *writer, uint32_t size)
{
    if (!writer->open) {
        return false;
    }
    const struct fm_segment *last = &fm_vec_last(&writer->segments);
    if (last->size != 0 && last->size != size) {
        writer->mixed = true;
        return false;
    }
    if (last->total == FM_SEGMENT_STATES_MAX) {
        writer->mixed = writer->same == 0;
        return false;
    }
    return true;
}

uint8_t *fm_writer_extend(struct fm_writer *writer, size_t size, uint32_t *count)
{
    fm_assert(size <= UINT32_MAX && *count > 0);
    size_t need = size + HEADER_MAX;
    if (writer->chunk == NULL || writer->chunk->pages.size - writer->used < need) {
        if (!change_chunk(writer, need)) {
            return NULL;
        }
    }
    if (!takes(writer, (uint32_t)size)) {
        open_segment(writer, (uint32_t)size);
    }
    struct fm_segment *segment = &fm_vec_last(&writer->segments);
    uint8_t *at = (uint8_t *)writer->chunk->pages.at + writer->used;
    if (segment->size == 0 || size == 0) {
        at += segment->size == 0 ? put_header(at, size) : 0;
        *count = 1;
    } else {
        size_t fits = (writer->chunk->pages.size - writer->used) / size;
        uint32_t left = FM_SEGMENT_STATES_MAX - segment->total;
        left = left < fits ? left : (uint32_t)fits;
        *count = *count < left ? *count : left;
    }
    writer->used = (size_t)(at - (uint8_t *)writer->chunk->pages.at) + *count * size;
    writer->same = writer->same == size ? writer->same : 0;
    segment->total = (uint16_t)(segment->total + *count);
    segment->live = (uint16_t)(segment->live + *count);
    writer->candidates += *count;
    return at;
}

bool fm_writer_add(struct fm_writer *writer, const uint8_t *bytes, size_t size)
{
    uint32_t count = 1;
    uint8_t *at = fm_writer_extend(writer, size, &count);
    if (at != NULL) {
        memcpy(at, bytes, size);
    }
    return at != NULL;
}

void fm_writer_next_level(struct fm_writer *writer)
{
    writer->segments.at = NULL;
    writer->segments.count = writer->segments.capacity = 0;
    writer->candidates = 0;
    writer->order = 0;
    writer->open = false;
}

void fm_reader_begin(struct fm_reader *reader, const struct fm_segment *segment)
{
    *reader = (struct fm_reader){segment, segment->begin, 0, segment->total};
}

static uint64_t get_header(const uint8_t **at)
{
    uint64_t word = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint8_t byte = *(*at)++;
        word |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return word;
        }
    }
}

static bool is_dropped(const struct fm_segment *segment, uint32_t at)
{
    return (segment->dropped[at / 64] >> (at % 64) & 1) != 0;
}

const uint8_t *fm_reader_next(struct fm_reader *reader, size_t *size)
{
    while (reader->at < reader->end) {
        const uint8_t *at = reader->next;
        *size = reader->segment->size != 0 ? reader->segment->size : (size_t)get_header(&at);
        reader->next = at + *size;
        if (!is_dropped(reader->segment, reader->at++)) {
            return at;
        }
    }
    return NULL;
}

/* The next records that were not dropped, up to `max` of them, of a segment where all have one
 * size; where they are goes to `records` unless that is NULL. */
static uint32_t pass_sized(struct fm_reader *reader, uint32_t max, const uint8_t **records)
{
    const struct fm_segment *segment = reader->segment;
    const uint8_t *next = reader->next;
    uint32_t at = reader->at;
    uint32_t count = 0;
    for (; at < reader->end && count < max; at++) {
        if (!is_dropped(segment, at)) {
            if (records != NULL) {
                records[count] = next;
            }
            count++;
        }
        next += segment->size;
    }
    reader->next = next;
    reader->at = at;
    return count;
}

/* Whether the records that are left follow each other at one distance. */
static bool is_regular(const struct fm_segment *segment)
{
    return segment->size != 0 && segment->live == segment->total;
}

uint32_t fm_reader_take(struct fm_reader *reader, uint32_t max, const uint8_t **records)
{
    const struct fm_segment *segment = reader->segment;
    uint32_t count = 0;
    if (!is_regular(segment)) {
        size_t size;
        if (segment->size != 0) {
            return pass_sized(reader, max, records);
        }
        while (count < max && (records[count] = fm_reader_next(reader, &size)) != NULL) {
            count++;
        }
        return count;
    }
    count = reader->end - reader->at;
    count = max < count ? max : count;
    for (uint32_t i = 0; i < count; i++) {
        records[i] = reader->next + (size_t)i * segment->size;
    }
    reader->next += (size_t)count * segment->size;
    reader->at += count;
    return count;
}

uint32_t fm_reader_skip(struct fm_reader *reader, uint32_t count)
{
    const struct fm_segment *segment = reader->segment;
    uint32_t passed = 0;
    if (!is_regular(segment)) {
        size_t size;
        if (segment->size != 0) {
            return pass_sized(reader, count, NULL);
        }
        while (passed < count && fm_reader_next(reader, &size) != NULL) {
            passed++;
        }
        return passed;
    }
    passed = reader->end - reader->at;
    passed = count < passed ? count : passed;
    reader->next += (size_t)passed * segment->size;
    reader->at += passed;
    return passed;
}

void fm_segment_drop(struct fm_segment *segment, uint32_t at)
{
    fm_assert_slow(at < segment->total && !is_dropped(segment, at));
    segment->dropped[at / 64] |= (uint64_t)1 << (at % 64);
    segment->live--;
}

void fm_segment_release(struct fm_queue *queue, struct fm_segment *segment)
{
    if (segment->chunk != NULL) {
        release_chunk(queue, segment->chunk);
        segment->chunk = NULL;
        segment->begin = NULL;
    }
}
