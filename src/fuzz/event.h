/* What happened in a world, as an event for a mapping. */
#ifndef FM_FUZZ_EVENT_H
#define FM_FUZZ_EVENT_H

#include "base/vec.h"
#include "mapping/judge.h"
#include "sim/world.h"

/* One event as it comes: what happened, and what the nodes show since. */
struct fm_events {
    const struct fathom_sut *sut;
    unsigned nodes;
    FM_VEC(struct fm_happening) parts; /* of the event so far; the first is its choice */
    struct fm_choice choice;           /* of the event: the happening's may be gone by then */
    const struct fathom_record *shown[FATHOM_NODES_MAX]; /* NULL: the node is down */
    /* What they show as values, of the judge's generation, and the records these were made of. */
    fm_value values[FATHOM_NODES_MAX];
    const struct fathom_record *valued[FATHOM_NODES_MAX];
    uint64_t generation;
    FM_VEC(struct fm_happening) operations; /* of disks, for what a completion is about */
};

void fm_events_deinit(struct fm_events *events);
/* A schedule begins. */
void fm_events_begin(struct fm_events *events);
/* Whether the event is complete now: fm_events_take is next. */
bool fm_events_add(struct fm_events *events, const struct fm_happening *happening);
/* Whose event it is: the receiver's of a message; 0: no node's. */
unsigned fm_events_node(const struct fm_events *events);
/* The event as values of the judge, which is ready, in its arena. */
void fm_events_take(struct fm_events *events, struct fm_judge *judge, struct fm_judge_event *event);

#endif
