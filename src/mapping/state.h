/* Inside of a judge. Internal to src/mapping. */
#ifndef FM_MAPPING_STATE_H
#define FM_MAPPING_STATE_H

#include "mapping/candidates.h"
#include "mapping/judge.h"
#include "mapping/loaded.h"
#include "mapping/memory.h"

/* A state that the event leads to, and which fields of it the nodes show otherwise. */
struct difference {
    uint32_t count; /* of fields; 0: there is no such state */
    int64_t node;   /* of the first of them */
    const char *field, *shown, *expected;
    const char *all; /* lines */
};

struct fm_judge {
    struct fm_mapping *mapping;
    const struct fm_model_ops *ops;
    struct fm_engine *engine;
    struct candidates now, next, hidden;
    struct candidates *into; /* where steps are kept: next or hidden */
    struct fm_sink sink;
    struct fm_arena arena; /* reasons and explanations; emptied by begin */
    struct memory memory;
    struct fm_text encoded;    /* candidates, while all values are freed */
    struct fm_arena_mark mark; /* of the engine's values, behind the last candidates decoded */
    uint64_t generation;       /* of values: they are freed when it changes */
    fm_value *variables;       /* room for one state */
    uint64_t *steps;           /* by action: states kept */
    struct fm_judge_counts counts;
    /* The event that is judged. */
    const struct fm_judge_event *event;
    fm_value record;
    bool compares;        /* what is reached is held against what the nodes show */
    bool reached, agreed; /* a step was found; one that the nodes agree with */
    bool stopped;         /* by an error, or by too many candidates */
    bool trying;          /* of fm_judge_try: nothing is counted */
    uint32_t invariant;   /* that was false, when `agreed` and nothing is left */
    struct difference nearest;
    enum fm_judged verdict;
    const char *reason, *explanation;
};

/* The candidate with `event` in it: the event's record, or what else stands there. */
struct fm_state *fm_judge_state(struct fm_judge *judge, const struct fm_state *candidate,
                                fm_value event);
/* What could not be evaluated becomes the verdict and its reason; judging stops. */
void fm_judge_note_error(struct fm_judge *judge, const struct fm_failure *failure);
/* explain.c: sets reason, of the verdict. */
void fm_judge_give_reason(struct fm_judge *judge);

#endif
