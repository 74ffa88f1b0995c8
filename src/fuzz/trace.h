/* What happened in a schedule, in words: collected from the process that ran it, for everything
 * that shows a schedule (text, JSON, the diagram). */
#ifndef FM_FUZZ_TRACE_H
#define FM_FUZZ_TRACE_H

#include "base/vec.h"
#include "fuzz/run.h"

/* A field of an observation, an event or a message in the target's words. */
struct fm_trace_field {
    const char *name;
    const char *json; /* its value */
};

/* One happening (sim/world.h) that no longer depends on the target. */
struct fm_trace_item {
    enum fm_happening_kind kind;
    struct fm_choice choice; /* CHOICE */
    unsigned node, peer;
    uint32_t step;
    bool drains;
    int status;
    uint64_t number, time_us;
    const char *name; /* or NULL */
    struct fathom_bytes data;
    const struct fm_trace_field *fields;
    uint32_t field_count;
    bool amended; /* EVENT: the fields of the number-th EVENT of the schedule, set since */
};

/* Makes items of happenings, one or none each, and gives them away. */
struct fm_tracer {
    const struct fathom_sut *sut;
    /* The item lives until the call returns. */
    void (*item)(void *closure, const struct fm_trace_item *item);
    void *closure;
    struct fm_arena arena;
    /* EVENTs of the event that goes on, whose fields may still be set; the last `held` waits. */
    FM_VEC(struct fm_happening) events;
    FM_VEC(uint32_t) told; /* fields of each that were given away */
    bool held;
    uint64_t event_number;
};

void fm_tracer_init(struct fm_tracer *tracer, const struct fathom_sut *sut);
void fm_tracer_deinit(struct fm_tracer *tracer);
/* The `happened` of a watch; the closure is a tracer. */
void fm_tracer_happened(void *tracer, const struct fm_happening *happening);

struct fm_trace {
    struct fm_arena arena; /* holds what the items point to */
    FM_VEC(struct fm_trace_item) items;
};

void fm_trace_deinit(struct fm_trace *trace);
/* Runs the schedule as fm_run_isolated does, with a watch of its own, and collects what happened,
 * until the process died if it did; what the target prints is lost. False with errno; the trace is
 * empty then. */
bool fm_trace_run(const struct fm_schedule *schedule, const struct fm_run_options *options,
                  struct fm_trace *trace, struct fm_outcome *outcome);

/* Appends the item as a line without its end; bytes without words up to `shown_max`. */
void fm_trace_item_print(const struct fm_trace_item *item, size_t shown_max, struct fm_text *out);
/* Words for the status of a REPLY and a DISK. */
const char *fm_trace_outcome(const struct fm_trace_item *item);
const char *fm_trace_operation(const struct fm_trace_item *item);
/* Appends a message or a record as a JSON object. */
void fm_trace_fields_json(const struct fm_trace_item *item, struct fm_text *out);
/* Appends what a reader needs of the fields: texts bare, names where they tell something. */
void fm_trace_fields_brief(const struct fm_trace_item *item, struct fm_text *out);
/* Appends bytes: those that print as they are, others as \xHH; at most `shown_max`, then dots. */
void fm_trace_bytes(struct fathom_bytes bytes, size_t shown_max, struct fm_text *out);

#endif
