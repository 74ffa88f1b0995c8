/* What a mapping sees, and what it overlooks. */
#ifndef FM_FUZZ_SURVEY_H
#define FM_FUZZ_SURVEY_H

#include "base/vec.h"
#include "fuzz/run.h"
#include "mapping/judge.h"

struct fm_survey_options {
    const struct fathom_sut *sut;
    struct fm_mapping *mapping;
    unsigned nodes;
    uint64_t seed, faults;
    uint32_t horizon;   /* choices of a schedule */
    uint64_t schedules; /* how many */
};

/* Events of one name ("deliver AppendEntries"). */
struct fm_survey_event {
    char *name;
    uint64_t count;
    uint64_t candidates_max; /* behind one of them */
    bool ignored;
};

/* A variable that nodes show. */
struct fm_survey_field {
    char *name;
    uint64_t changed, rejected; /* observations changed, and how many the model did not allow */
};

struct fm_survey {
    FM_VEC(struct fm_survey_event) events;
    FM_VEC(struct fm_survey_field) fields;
    uint64_t *steps;           /* by step of the mapping: states kept */
    uint64_t schedules, found; /* found: schedules that ended in a finding */
    char first[320];           /* what the first of these found, one line */
    struct fm_judge_counts judged;
};

/* Runs random schedules of the target beside a judge, in this process, on a thread with a large
 * stack (fm_run_on_stack). Each variable of each node is changed in one event of a hundred, and the
 * event judged with it before it is judged as it was. */
void fm_survey_run(const struct fm_survey_options *options, struct fm_survey *survey);
void fm_survey_deinit(struct fm_survey *survey);

#endif
