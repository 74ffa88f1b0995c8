/* The state queue: encoded states of one level in order, being read by all workers while each
 * writes its part of the next level.
 *
 * Encodings are appended to chunks; a run of them from one writer is a segment, the unit that is
 * ordered, handed to a worker and given back. A chunk returns to the system when its last segment
 * was given back. The pool is thread safe; a writer belongs to one thread; a segment is read by one
 * thread at a time. */
#ifndef FM_STORE_QUEUE_H
#define FM_STORE_QUEUE_H

#include "base/vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fm_queue; /* the pool of chunks */
struct fm_chunk;

/* States of one segment at most: small enough to balance work, large enough to forget its cost. */
#define FM_SEGMENT_STATES_MAX 128u

struct fm_segment {
    struct fm_chunk *chunk;
    const uint8_t *begin; /* first record, inside the chunk */
    uint64_t order;       /* of the parents it came from; non-decreasing within a writer */
    uint64_t first;       /* index of its first live state, once the level is settled */
    uint64_t dropped[FM_SEGMENT_STATES_MAX / 64]; /* bit i: record i */
    uint32_t candidate; /* number of its first record among its writer's records of this level */
    uint32_t size;      /* bytes of each record; 0: each says its own */
    uint16_t total;     /* records */
    uint16_t live;      /* of these, not dropped */
    uint32_t writer;    /* number of its writer */
};

typedef FM_VEC(struct fm_segment) fm_segments;

struct fm_writer {
    struct fm_queue *queue;
    struct fm_chunk *chunk; /* being filled, or NULL */
    size_t used;            /* bytes of it */
    fm_segments segments;   /* of this level, in order */
    uint64_t order;         /* of the records to come */
    uint32_t candidates;    /* records of this level */
    uint32_t number;
    bool open;     /* the last segment may still take records */
    bool mixed;    /* segments begun from now on hold records of different sizes */
    uint32_t same; /* size of all records of the last segment so far; 0: they differ */
};

/* One record of a segment, as a reader meets it. */
struct fm_reader {
    const struct fm_segment *segment; /* NULL before the beginning */
    const uint8_t *next;
    uint32_t at;  /* number of the next record */
    uint32_t end; /* and of the first that is not read */
};

struct fm_queue *fm_queue_new(void);
/* All segments given back before. */
void fm_queue_free(struct fm_queue *queue);
/* Bytes held now, by chunks in use and in the pool. */
uint64_t fm_queue_bytes(const struct fm_queue *queue);

void fm_writer_init(struct fm_writer *writer, struct fm_queue *queue, uint32_t number);
/* Frees the list of segments; the segments themselves must have been taken over or given back. */
void fm_writer_deinit(struct fm_writer *writer);
/* Records from now on have this order. */
void fm_writer_set_order(struct fm_writer *writer, uint64_t order);
/* Room for states of this size, which count at once and which the caller writes before anything
 * else is done with the writer: `count` of them or less, one at least, which *count tells. NULL
 * with errno when memory is refused, and there is none. */
uint8_t *fm_writer_extend(struct fm_writer *writer, size_t size, uint32_t *count);
/* Appends one encoded state; false with errno when memory is refused, and nothing was appended. */
bool fm_writer_add(struct fm_writer *writer, const uint8_t *bytes, size_t size);
/* Ends the level: the caller has taken writer->segments.at over. */
void fm_writer_next_level(struct fm_writer *writer);

/* The segment stays where it is until the reader is done. */
void fm_reader_begin(struct fm_reader *reader, const struct fm_segment *segment);
/* The next record that was not dropped, or NULL at the end; valid until the segment is given back.
 */
const uint8_t *fm_reader_next(struct fm_reader *reader, size_t *size);
/* The next records that were not dropped, up to `max` of them; their number, 0 at the end. */
uint32_t fm_reader_take(struct fm_reader *reader, uint32_t max, const uint8_t **records);
/* Passes over up to `count` records that were not dropped; returns how many there were. */
uint32_t fm_reader_skip(struct fm_reader *reader, uint32_t count);

/* Record `at` of the segment is not to be read. */
void fm_segment_drop(struct fm_segment *segment, uint32_t at);

/* Gives the segment's memory back. */
void fm_segment_release(struct fm_queue *queue, struct fm_segment *segment);

#endif
