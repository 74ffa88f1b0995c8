/* From one level to the next (level.c): parts of a level for the workers, and what they found. */
#ifndef FM_EXPLORE_LEVEL_H
#define FM_EXPLORE_LEVEL_H

#include "explore/search.h"

/* Takes the writer of worker 0 as the level with the given first index (nothing to settle). */
void level_take_direct(struct search *search, uint64_t first);
/* Settles a parallel level: drops what lost, gives indices, fills table and links. false when
 * memory was refused. */
bool level_settle(struct search *search);
/* Workers that have a processor. While the model makes itself faster the threads that do so go
 * first: what waits for them is done ten times as fast later. */
uint32_t level_processors(const struct search *search);
/* Waits until the worker has a processor; false when there is nothing left to do for it. */
bool level_await_processor(const struct worker *worker);
/* Parents of one part at most, log2. */
#define FM_PART_BITS 6u
/* Split actions are below 2^FM_ACTION_BITS. */
#define FM_ACTION_BITS 29u

/* A state that a worker found new in a parallel level, or keeps waiting (turns.h), in the order of
 * its writer's records. There is one for each new state of the level: what it has of the order key
 * is what the part does not say. */
struct fresh {
    uint64_t own;                               /* low word of its own digest */
    uint64_t ordinal : FM_KEY_ORDINAL_BITS;     /* among its parent's successors, as in the key */
    uint64_t parent : FM_PART_BITS;             /* number in the part */
    uint64_t action : FM_ACTION_BITS, lost : 1; /* lost: an earlier part has it */
};

_Static_assert(sizeof(struct fresh) == 16, "two words");

static inline struct fresh *level_fresh(const struct worker *worker, uint32_t number)
{
    return fm_blocks_at(&worker->freshes, number, sizeof(struct fresh));
}
/* Of shared initial states `freshes` holds the low word of the own digest and no more. */
static inline uint64_t *level_initial(const struct worker *worker, uint32_t number)
{
    return fm_blocks_at(&worker->freshes, number, sizeof(uint64_t));
}
/* The state of this number is somebody else's; its record will not be read. *segment: number of its
 * segment or of an earlier one among its worker's, and then of its own. */
void level_drop(struct worker *worker, uint32_t number, uint32_t *segment);
void level_release(struct search *search);
bool cursor_init(struct cursor *cursor);
void cursor_begin(struct search *search);
/* Records that follow each other, of one or more segments. */
struct part {
    struct fm_reader reader;
    uint32_t first, at, last; /* segments: the one being read is `at` */
    uint32_t first_begin;     /* record of the first one that is read first */
    uint32_t last_end;        /* and of the last one that is not read any more */
    uint64_t offset, end;     /* of its first parent; of the next part */
};
bool cursor_take(struct search *search, struct worker *worker, struct part *part);
/* The next states of the part, up to `max`, valid until it is given back; their number, 0 at its
 * end. */
uint32_t part_take(const struct search *search, struct part *part, uint32_t max,
                   const uint8_t **records);
void cursor_give_back(struct search *search, const struct part *part);

#endif
