/* Guides: what of a schedule's run makes it worth changing. */
#ifndef FM_FUZZ_GUIDE_H
#define FM_FUZZ_GUIDE_H

#include "base/text.h"
#include "fuzz/corpus.h"
#include "fuzz/oracle.h"
#include "sim/world.h"

/* One schedule in so many is random whatever the guide: the random arm. */
#define FM_RANDOM_ARM_ONE_IN 10u

/* Or-ed; 0: schedules are random. ORDER(guide) */
enum fm_guide {
    FM_GUIDE_MODEL = 1,      /* states of the model, as the mapping's Cover shows them */
    FM_GUIDE_TRANSITION = 2, /* pairs of such states, before and after an event */
    FM_GUIDE_ACTION = 4,     /* how often each disjunct of Event was the step */
    FM_GUIDE_TRACE = 8       /* pairs of events that follow each other */
};

/* Reads "random", or some of the others with + between. NULL, or what is wrong, in static memory.
 */
const char *fm_guide_parse(const char *words, unsigned *guides);
/* Appends the same. */
void fm_guide_print(unsigned guides, struct fm_text *out);
/* Whether it needs a mapping. */
bool fm_guide_needs_model(unsigned guides);

/* Whether the schedule of that number belongs to the random arm. */
bool fm_guide_is_apart(uint64_t index);

/* Gathers the features of running schedules, in one process. */
struct fm_gather {
    unsigned guides;
    struct fm_oracle *oracle; /* or NULL, where no guide needs a model */
    struct fm_features features;
    uint64_t cover;                /* of the state before this event */
    uint64_t event, event_before;  /* hashes of their shapes */
    uint32_t step_count;           /* disjuncts */
    uint64_t *steps, *steps_start; /* of them: taken until now, at the schedule's begin */
};

/* `oracle`: may be NULL. `mapping`: the oracle's. */
void fm_gather_init(struct fm_gather *gather, unsigned guides, struct fm_oracle *oracle,
                    const struct fm_mapping *mapping);
void fm_gather_deinit(struct fm_gather *gather);
/* What a world has to tell it, for TRACE: the `happened` of a watch whose closure is the gather. */
void fm_gather_happened(void *closure, const struct fm_happening *happening);
/* Before the schedule's fm_run_begin. */
void fm_gather_begin(struct fm_gather *gather);
/* Behind fm_run_begin and each choice that had an effect. */
void fm_gather_event(struct fm_gather *gather);

#endif
