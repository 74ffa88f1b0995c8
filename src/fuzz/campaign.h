/* A campaign: worker processes run schedules, random or guided, against a target until time, a
 * number of schedules or the caller ends it. */
#ifndef FM_FUZZ_CAMPAIGN_H
#define FM_FUZZ_CAMPAIGN_H

#include "fuzz/corpus.h"
#include "fuzz/finding.h"
#include "fuzz/target.h"
#include "mapping/judge.h"

#include <signal.h>

/* Different findings that are told apart at most; further ones count as hits only. */
#define FM_SIGNATURES_MAX 1024u

struct fm_campaign_options {
    const struct fm_target *target;
    struct fm_mapping *mapping; /* that judges, or NULL */
    unsigned nodes, workers;
    unsigned guides;    /* enum fm_guide, or-ed; 0: schedules are random */
    uint64_t seed;      /* of the campaign: with it random schedule number i is always the same */
    uint64_t faults;    /* enum fathom_fault, or-ed: those allowed */
    bool all_faults;    /* each schedule uses all of them, not a set that is drawn */
    unsigned rounds;    /* of the drain behind each schedule; 0: none */
    uint32_t horizon;   /* choices of a schedule, 1 .. FM_SCHEDULE_MAX */
    uint64_t schedules; /* at most; 0: no limit */
    double seconds;     /* at most; 0: no limit */
    uint32_t findings;  /* ends when so many different ones are made; 0: no limit */
    uint32_t hang_ms;   /* how long one event may take */
    const volatile sig_atomic_t *stop; /* not 0: the caller wants the end; may be NULL */
};

struct fm_campaign_counts {
    uint64_t schedules, choices, applied; /* choices made, and those of them that had an effect */
    uint64_t drained, undecided;          /* events behind schedules; drains that were given up */
    double drain_seconds;                 /* of all workers together */
    uint64_t repeated, unstable; /* schedules run again in another process; other effects there */
    uint64_t hits;               /* schedules that ended in a finding */
    uint64_t apart, apart_hits;  /* schedules of the random arm; those that ended in a finding */
    struct fm_corpus_counts corpus; /* 0 without a guide */
    struct fm_judge_counts judged;  /* of all workers */
    uint32_t signatures, restarts;  /* different findings; workers that died */
    double seconds;
};

struct fm_campaign_watch {
    /* The first hit of a signature; the finding is freed afterwards. */
    void (*found)(void *closure, const struct fm_finding *finding);
    /* About ten times a second. */
    void (*progress)(void *closure, const struct fm_campaign_counts *counts);
    void *closure;
};

/* Runs until the end. False with *error, to be freed with fm_memory_free, when it cannot go on;
 * what was found until then was told. A HARNESS finding ends a campaign, after it was told. */
bool fm_campaign_run(const struct fm_campaign_options *options,
                     const struct fm_campaign_watch *watch, struct fm_campaign_counts *counts,
                     char **error);

#endif
