/* A record is a header and the encoding:
 *
 *     header    LEB128 of (size << 1 | dropped); the dropped bit is the lowest of the first byte
 *     bytes     the state as fm_value_encode wrote it, `size` of them
 *
 * Records have no index and no padding: with the small states of real specifications (10 to 200
 * bytes) every word a record carries would show in the memory per state. A reader therefore walks;
 * nothing ever needs the n-th record of a segment quickly.
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

static void open_segment(struct fm_writer *writer)
{
    struct fm_segment segment = {
        .chunk = writer->chunk,
        .begin = (uint8_t *)writer->chunk->pages.at + writer->used,
        .order = writer->order,
        .candidate = writer->candidates,
        .writer = writer->number,
    };
    fm_vec_push(&writer->segments, segment);
    atomic_fetch_add_explicit(&writer->chunk->references, 1, memory_order_relaxed);
    writer->open = true;
}

static size_t put_header(uint8_t *at, size_t size)
{
    uint64_t word = (uint64_t)size << 1;
    size_t length = 0;
    while (word >= 0x80) {
        at[length++] = (uint8_t)(word | 0x80);
        word >>= 7;
    }
    at[length++] = (uint8_t)word;
    return length;
}

bool fm_writer_add(struct fm_writer *writer, const uint8_t *bytes, size_t size)
{
    size_t need = size + HEADER_MAX;
    if (writer->chunk == NULL || writer->chunk->pages.size - writer->used < need) {
        if (!change_chunk(writer, need)) {
            return false;
        }
    }
    if (!writer->open || fm_vec_last(&writer->segments).total == FM_SEGMENT_STATES_MAX) {
        open_segment(writer);
    }
    uint8_t *at = (uint8_t *)writer->chunk->pages.at + writer->used;
    size_t header = put_header(at, size);
    memcpy(at + header, bytes, size);
    writer->used += header + size;
    struct fm_segment *segment = &fm_vec_last(&writer->segments);
    segment->total++;
    segment->live++;
    writer->candidates++;
    return true;
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
    *reader = (struct fm_reader){segment->begin, segment->total};
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

const uint8_t *fm_reader_next(struct fm_reader *reader, size_t *size)
{
    while (reader->left > 0) {
        const uint8_t *at = reader->next;
        uint64_t word = get_header(&at);
        *size = (size_t)(word >> 1);
        reader->next += (size_t)(at - reader->next) + *size;
        reader->left--;
        if ((word & 1) == 0) {
            return at;
        }
    }
    return NULL;
}

bool fm_reader_settle(struct fm_reader *reader, bool drop)
{
    if (reader->left == 0) {
        return false;
    }
    if (drop) {
        *reader->next |= 1;
    }
    const uint8_t *at = reader->next;
    uint64_t word = get_header(&at);
    reader->next += (size_t)(at - reader->next) + (size_t)(word >> 1);
    reader->left--;
    return true;
}

void fm_segment_release(struct fm_queue *queue, struct fm_segment *segment)
{
    if (segment->chunk != NULL) {
        release_chunk(queue, segment->chunk);
        segment->chunk = NULL;
        segment->begin = NULL;
    }
}
