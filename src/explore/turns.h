/* Insertion in turns (turns.c): what a worker of a parallel level found ahead of its turn. */
#ifndef FM_EXPLORE_TURNS_H
#define FM_EXPLORE_TURNS_H

#include "base/vec.h"
#include "store/table.h"

#include <stdbool.h>
#include <stdint.h>

struct search;
struct worker;
struct part;

/* A part of the level that its worker has begun and not yet passed the turn of. */
struct waiting_part {
    uint64_t first, end; /* offset of its first parent; of the next part */
    uint32_t prints;     /* states that wait with it */
    uint32_t fresh;      /* number in `freshes` of the first of these; the others follow it */
    uint32_t segment;    /* number of its writer's segment, or the one before, with its record */
};

/* Of one worker. Lists are read from `_begin` on: what is before has been inserted. */
struct turns {
    FM_VEC(struct waiting_part) parts; /* the last one may be the part at work */
    FM_VEC(struct fm_digest) prints;   /* of all these parts, in order */
    uint32_t parts_begin, prints_begin;
    bool at_work;             /* the last part is */
    bool mine;                /* and the turn is its: what is new goes straight into the table */
    struct fm_digest *recent; /* some of the states that have been kept waiting, by place */
    uint64_t ahead, dropped;  /* of all levels: states kept waiting; of these, those somebody had */
    uint64_t waits;           /* times that too many parts waited for another one to be taken */
};

void turns_init(struct turns *turns);
void turns_deinit(struct turns *turns);
/* On the leader, around a parallel level: nothing waits, the turn is the first part's; and all that
 * still waits goes into the table when all workers are done. */
void turns_begin_level(struct search *search);
void turns_end_level(struct search *search);
/* The worker has taken this part; and is done with it, all of it. */
void turns_begin_part(struct worker *worker, const struct part *part);
void turns_end_part(struct worker *worker);
/* Whether the part at work has the turn: all before it is in the table, and nobody else inserts.
 * Inserts whatever else of the worker's has waited long enough. */
bool turns_has_come(struct worker *worker);
/* The part at work has no turn yet: keeps those digests waiting that are in the set and that nobody
 * before them has made wait. They stay in the set. */
void turns_keep(struct worker *worker, const struct fm_digest *prints,
                uint64_t set[FM_TABLE_MANY_WORDS]);
/* Waits while too much of the worker's does; false when nobody needs another part. */
bool turns_await(struct worker *worker);

#endif
