/* Judging events by a mapping: the set of states that the specification may be in.
 *
 * It begins with the initial states. An event leads from each to the successors that Event allows;
 * those are pruned by what the nodes show, by the invariants, and of equal ones one stays. When
 * nothing is left, the verdict says why.
 *
 * For one event: fm_judge_ready, then its values are made in fm_judge_values' arena, then
 * fm_judge_event. Everything made so lives until a later fm_judge_ready changes
 * fm_judge_generation, so that what stays as it is need not be made again. One thread. */
#ifndef FM_MAPPING_JUDGE_H
#define FM_MAPPING_JUDGE_H

#include "mapping/mapping.h"

/* Candidates beyond which nothing can be said any more. */
#define FM_CANDIDATES_MAX 64u

/* ORDER(judged) */
enum fm_judged {
    FM_JUDGED_FINE,
    FM_JUDGED_IMPOSSIBLE,  /* no candidate has a step for the event */
    FM_JUDGED_DIFFERS,     /* all steps lead to states that the nodes do not show */
    FM_JUDGED_INVARIANT,   /* all that agree with the nodes break an invariant */
    FM_JUDGED_ERROR,       /* the mapping or the specification cannot be evaluated */
    FM_JUDGED_INCONCLUSIVE /* more candidates than FM_CANDIDATES_MAX */
};

struct fm_judge;

/* What one node shows. */
struct fm_shown {
    int64_t node;
    fm_value record;
};

/* An event. The record's field `ev` is a string; `up` is added by the judge: the nodes shown. */
struct fm_judge_event {
    const struct fm_symbol *const *names;
    const fm_value *values;
    uint32_t count;
    const struct fm_shown *shown; /* of all nodes that are up, after the event */
    uint32_t shown_count;
    const char *name; /* for messages: "deliver AppendEntries" */
};

/* Sums, and a maximum: fm_judge_counts_add. */
struct fm_judge_counts {
    uint64_t events, ignored; /* ignored: judged as no step */
    uint64_t candidates;      /* sum over the events, after pruning */
    uint64_t compared;        /* fields compared with what nodes show */
    uint64_t hidden;          /* events that hidden steps had to explain */
    uint64_t asked;           /* whether a node agrees, whether an invariant is true */
    uint64_t remembered;      /* of these, without evaluating anything */
    uint32_t candidates_max;
};

void fm_judge_counts_add(struct fm_judge_counts *sum, const struct fm_judge_counts *part);

/* Opens an engine of the mapping; never NULL. On a thread with a large stack. */
struct fm_judge *fm_judge_new(struct fm_mapping *mapping);
void fm_judge_free(struct fm_judge *judge);

/* The candidates are the initial states. FINE, ERROR or INCONCLUSIVE (too many of them). */
enum fm_judged fm_judge_begin(struct fm_judge *judge);
void fm_judge_ready(struct fm_judge *judge);
/* Values made under another number than this are gone. */
uint64_t fm_judge_generation(const struct fm_judge *judge);
/* Where an event's values are made. */
struct fm_value_context *fm_judge_values(struct fm_judge *judge);
struct fm_symbols *fm_judge_symbols(struct fm_judge *judge);
/* After another verdict than FINE the judge waits for the next fm_judge_begin, and the event must
 * stay until then. */
enum fm_judged fm_judge_event(struct fm_judge *judge, const struct fm_judge_event *event);

/* What fm_judge_event would say; the candidates stay. */
enum fm_judged fm_judge_try(struct fm_judge *judge, const struct fm_judge_event *event);

/* What a guide looks at, after a verdict of FINE: one hash for each candidate, of the mapping's
 * Cover, or without it of the whole state; *count of them. FINE, or ERROR when Cover cannot be
 * evaluated, which is then the judge's verdict. */
enum fm_judged fm_judge_cover(struct fm_judge *judge, uint64_t hashes[FM_CANDIDATES_MAX],
                              uint32_t *count);

/* Of the last verdict that is not FINE: one line without values, so that equal bugs have equal
 * lines ("deliver AppendEntries: m.mterm <= currentTerm[i]"); until the next begin. */
const char *fm_judge_reason(const struct fm_judge *judge);
/* Several lines: what is false, with values; what the candidates were; what they would have
 * allowed. Slow. Until the next begin. */
const char *fm_judge_explanation(struct fm_judge *judge);
const struct fm_judge_counts *fm_judge_totals(const struct fm_judge *judge);
/* How often each disjunct of Event (fm_mapping_step) led to a state that was kept. */
const uint64_t *fm_judge_steps(const struct fm_judge *judge);
/* Whether the mapping ignores events of that kind. */
bool fm_judge_ignores(const struct fm_judge *judge, const struct fm_judge_event *event);

#endif
