/* Judging a lasso by the definition of the temporal operators ("Specifying Systems" 8.1).
 *
 * The behaviour s0, s1, ..., s(n-1), s(c), ..., s(n-1), s(c), ... has n different futures, one for
 * each position of the lasso, so the meaning of a formula is the set of positions at which it
 * holds. Atoms are evaluated at each position (those of a step with the state that follows), a
 * connective is one of sets, and
 *
 *     [] F   the greatest set X with  X = F and next X
 *     <> F   the least set X with     X = F or next X
 *
 * where next X are the positions whose follower is in X. Both are found by iteration from all and
 * from no positions. Nothing else of the search is used: no graph, no automaton, no letters; a
 * mistake there cannot repeat itself here. Whether the steps of the lasso are steps of the
 * specification is for the caller to see.
 *
 * Explanations go down the same way: of a conjunction that fails, into the first conjunct that
 * fails; of [] F, to the first position at which F fails; and so on. States are counted from 1, as
 * in traces. */
#include "liveness/verify.h"

#include "base/arena.h"
#include "base/assert.h"
#include "base/text.h"

#include <string.h>

/* What an atom says at a position. */
enum said { SAID_NOTHING, SAID_FALSE, SAID_TRUE };

/* Disjuncts of which each is explained. */
#define REASONS_MAX 4u

struct judge {
    struct fm_engine *engine;
    const struct fm_model_ops *ops;
    const struct fm_temporals *temporals;
    const struct fm_behaviour *behaviour;
    struct fm_arena sets;    /* of positions, for as long as they are looked at */
    struct fm_arena lasting; /* what atoms said */
    uint8_t **atoms;         /* at each position; NULL: not asked for yet */
    bool failed;
};

static void open_judge(struct judge *judge, struct fm_engine *engine,
                       const struct fm_model_ops *ops, const struct fm_temporals *temporals,
                       const struct fm_behaviour *behaviour)
{
    fm_assert(behaviour->count > 0 && behaviour->cycle < behaviour->count);
    *judge = (struct judge){
        .engine = engine, .ops = ops, .temporals = temporals, .behaviour = behaviour};
    fm_arena_init(&judge->sets, "sets of positions");
    fm_arena_init(&judge->lasting, "lasso");
    judge->atoms = fm_arena_calloc(&judge->lasting, temporals->atom_count + 1,
                                   sizeof *judge->atoms);
}

static void close_judge(struct judge *judge)
{
    fm_arena_deinit(&judge->sets);
    fm_arena_deinit(&judge->lasting);
}

static uint32_t next_of(const struct judge *judge, uint32_t position)
{
    return position + 1 == judge->behaviour->count ? judge->behaviour->cycle : position + 1;
}

/* --- atoms --- */

static bool says(struct judge *judge, uint32_t number, uint32_t position)
{
    const struct fm_atom *atom = &judge->temporals->atoms[number];
    fm_assert(number < judge->temporals->atom_count);
    if (judge->atoms[number] == NULL) {
        judge->atoms[number] = fm_arena_calloc(&judge->lasting, judge->behaviour->count, 1);
    }
    uint8_t *said = &judge->atoms[number][position];
    if (*said == SAID_NOTHING && !judge->failed) {
        struct fm_state *const *states = judge->behaviour->states;
        struct fm_state *next = atom->is_step ? states[next_of(judge, position)] : NULL;
        enum fm_verdict verdict = judge->ops->holds(judge->engine, &atom->formula, states[position],
                                                    next);
        judge->failed = verdict == FM_VERDICT_FAILURE;
        *said = verdict == FM_VERDICT_TRUE ? SAID_TRUE : SAID_FALSE;
    }
    return *said == SAID_TRUE;
}

/* --- sets of positions, a byte each --- */

static void evaluate(struct judge *judge, const struct fm_temporal *formula, uint8_t *set);

static uint8_t *new_set(struct judge *judge)
{
    return fm_arena_calloc(&judge->sets, judge->behaviour->count, 1);
}

static void evaluate_junction(struct judge *judge, const struct fm_temporal *formula, uint8_t *set)
{
    bool all = formula->op == FM_TEMPORAL_AND;
    uint32_t count = judge->behaviour->count;
    struct fm_arena_mark mark = fm_arena_mark(&judge->sets);
    uint8_t *part = new_set(judge);
    memset(set, all, count);
    for (uint32_t i = 0; i < formula->count; i++) {
        evaluate(judge, formula->kids[i], part);
        for (uint32_t j = 0; j < count; j++) {
            set[j] = all ? set[j] & part[j] : set[j] | part[j];
        }
    }
    fm_arena_release(&judge->sets, mark);
}

/* From the end, so that a round carries news as far as the beginning. */
static void evaluate_modal(struct judge *judge, const struct fm_temporal *formula, uint8_t *set)
{
    bool always = formula->op == FM_TEMPORAL_ALWAYS;
    uint32_t count = judge->behaviour->count;
    struct fm_arena_mark mark = fm_arena_mark(&judge->sets);
    uint8_t *part = new_set(judge);
    evaluate(judge, formula->kids[0], part);
    memset(set, always, count);
    bool changed = true;
    while (changed) {
        changed = false;
        for (uint32_t i = count; i-- > 0;) {
            uint8_t next = set[next_of(judge, i)];
            uint8_t now = always ? part[i] & next : part[i] | next;
            changed = changed || now != set[i];
            set[i] = now;
        }
    }
    fm_arena_release(&judge->sets, mark);
}

static void evaluate(struct judge *judge, const struct fm_temporal *formula, uint8_t *set)
{
    uint32_t count = judge->behaviour->count;
    switch (formula->op) {
    case FM_TEMPORAL_TRUE:
    case FM_TEMPORAL_FALSE:
        memset(set, formula->op == FM_TEMPORAL_TRUE, count);
        return;
    case FM_TEMPORAL_ATOM:
        for (uint32_t i = 0; i < count; i++) {
            set[i] = says(judge, formula->atom, i);
        }
        return;
    case FM_TEMPORAL_NOT:
        evaluate(judge, formula->kids[0], set);
        for (uint32_t i = 0; i < count; i++) {
            set[i] = !set[i];
        }
        return;
    case FM_TEMPORAL_AND:
    case FM_TEMPORAL_OR:
        evaluate_junction(judge, formula, set);
        return;
    case FM_TEMPORAL_ALWAYS:
    case FM_TEMPORAL_EVENTUALLY:
        evaluate_modal(judge, formula, set);
        return;
    }
    fm_unreachable();
}

enum fm_verdict fm_behaviour_holds(struct fm_engine *engine, const struct fm_model_ops *ops,
                                   const struct fm_temporals *temporals,
                                   const struct fm_temporal *formula,
                                   const struct fm_behaviour *behaviour)
{
    struct judge judge;
    open_judge(&judge, engine, ops, temporals, behaviour);
    uint8_t *set = new_set(&judge);
    evaluate(&judge, formula, set);
    enum fm_verdict verdict = set[0] != 0 ? FM_VERDICT_TRUE : FM_VERDICT_FALSE;
    verdict = judge.failed ? FM_VERDICT_FAILURE : verdict;
    close_judge(&judge);
    return verdict;
}

/* --- why --- */

static void explain(struct judge *judge, const struct fm_temporal *formula, uint32_t position,
                    bool holds, struct fm_text *out);

/* The first position, in order of time from this one on, at which the formula is that; count when
 * there is none. */
static uint32_t first_position(struct judge *judge, const struct fm_temporal *formula,
                               uint32_t from, bool holds)
{
    uint32_t count = judge->behaviour->count, found = count;
    struct fm_arena_mark mark = fm_arena_mark(&judge->sets);
    uint8_t *set = new_set(judge);
    evaluate(judge, formula, set);
    for (uint32_t i = from; i < count && found == count; i++) {
        found = set[i] == holds ? i : count;
    }
    for (uint32_t i = judge->behaviour->cycle; i < from && found == count; i++) {
        found = set[i] == holds ? i : count;
    }
    fm_arena_release(&judge->sets, mark);
    return found;
}

static bool holds_at(struct judge *judge, const struct fm_temporal *formula, uint32_t position)
{
    struct fm_arena_mark mark = fm_arena_mark(&judge->sets);
    uint8_t *set = new_set(judge);
    evaluate(judge, formula, set);
    bool holds = set[position] != 0;
    fm_arena_release(&judge->sets, mark);
    return holds;
}

static void put_step(const struct judge *judge, uint32_t position, struct fm_text *out)
{
    uint32_t next = next_of(judge, position);
    if (next == position) {
        fm_text_printf(out, "stuttering in state %u", position + 1);
    } else {
        fm_text_printf(out, "the step from state %u to state %u", position + 1, next + 1);
    }
}

static void explain_atom(const struct judge *judge, const struct fm_temporal *formula,
                         uint32_t position, bool holds, struct fm_text *out)
{
    if (judge->temporals->atoms[formula->atom].is_step) {
        put_step(judge, position, out);
        fm_text_printf(out, " is %sa step of `%s`", holds ? "" : "not ", formula->text);
    } else {
        fm_text_printf(out, "`%s` is %s in state %u", formula->text, holds ? "TRUE" : "FALSE",
                       position + 1);
    }
}

/* All parts are as they are: each has its reason. */
static void explain_each(struct judge *judge, const struct fm_temporal *formula, uint32_t position,
                         bool holds, struct fm_text *out)
{
    for (uint32_t i = 0; i < formula->count && i < REASONS_MAX; i++) {
        fm_text_puts(out, i == 0 ? "" : ", and ");
        explain(judge, formula->kids[i], position, holds, out);
    }
    if (formula->count > REASONS_MAX) {
        fm_text_printf(out, ", and so on for %u more", formula->count - REASONS_MAX);
    }
}

/* One part suffices. */
static void explain_one(struct judge *judge, const struct fm_temporal *formula, uint32_t position,
                        bool holds, struct fm_text *out)
{
    for (uint32_t i = 0; i < formula->count; i++) {
        if (holds_at(judge, formula->kids[i], position) == holds) {
            explain(judge, formula->kids[i], position, holds, out);
            return;
        }
    }
}

/* F at every position from this one on, or at none. */
static void explain_throughout(const struct judge *judge, const struct fm_temporal *kid,
                               uint32_t position, bool holds, struct fm_text *out)
{
    bool step = kid->op == FM_TEMPORAL_ATOM && judge->temporals->atoms[kid->atom].is_step;
    bool in_cycle = position == judge->behaviour->cycle;
    if (in_cycle && position + 1 == judge->behaviour->count) {
        fm_text_printf(out, "`%s` is %s while state %u stutters for ever", kid->text,
                       holds ? "TRUE" : "FALSE", position + 1);
        return;
    }
    if (step) {
        fm_text_puts(out, holds ? "every step " : "no step ");
    } else {
        fm_text_printf(out, "`%s` is %s in every state ", kid->text, holds ? "TRUE" : "FALSE");
    }
    if (in_cycle) {
        fm_text_puts(out, "of the cycle");
    } else {
        fm_text_printf(out, "from state %u on", position + 1);
    }
    if (step) {
        fm_text_printf(out, " is one of `%s`", kid->text);
    }
}

/* `[] F` that fails or `<> F` that holds: some position tells. The others: all do; for [] <> G that
 * fails and <> [] G that holds, those of the cycle. */
static void explain_modal(struct judge *judge, const struct fm_temporal *formula, uint32_t position,
                          bool holds, struct fm_text *out)
{
    const struct fm_temporal *kid = formula->kids[0];
    bool always = formula->op == FM_TEMPORAL_ALWAYS;
    bool nested = kid->op == (always ? FM_TEMPORAL_EVENTUALLY : FM_TEMPORAL_ALWAYS);
    if (always == holds) {
        /* [] <> G holds, <> [] G fails: G is so again and again, and the cycle has a place. */
        uint32_t start = nested ? judge->behaviour->cycle : position;
        if (nested) {
            uint32_t at = first_position(judge, kid->kids[0], start, holds);
            fm_text_puts(out, "in each round of the cycle ");
            explain(judge, kid->kids[0], at, holds, out);
        } else {
            explain_throughout(judge, kid, position, holds, out);
        }
        return;
    }
    uint32_t at = nested ? judge->behaviour->cycle : first_position(judge, kid, position, holds);
    explain(judge, kid, at, holds, out);
}

static void explain(struct judge *judge, const struct fm_temporal *formula, uint32_t position,
                    bool holds, struct fm_text *out)
{
    switch (formula->op) {
    case FM_TEMPORAL_TRUE:
    case FM_TEMPORAL_FALSE:
        fm_text_printf(out, "a part of it is %s", holds ? "TRUE" : "FALSE");
        return;
    case FM_TEMPORAL_ATOM:
        explain_atom(judge, formula, position, holds, out);
        return;
    case FM_TEMPORAL_NOT:
        explain(judge, formula->kids[0], position, !holds, out);
        return;
    case FM_TEMPORAL_AND:
    case FM_TEMPORAL_OR:
        if ((formula->op == FM_TEMPORAL_AND) == holds) {
            explain_each(judge, formula, position, holds, out);
        } else {
            explain_one(judge, formula, position, holds, out);
        }
        return;
    case FM_TEMPORAL_ALWAYS:
    case FM_TEMPORAL_EVENTUALLY:
        explain_modal(judge, formula, position, holds, out);
        return;
    }
    fm_unreachable();
}

/* --- fairness --- */

static const struct fm_fairness *condition_of(const struct fm_temporals *temporals,
                                              const struct fm_temporal *formula)
{
    for (uint32_t i = 0; i < temporals->condition_count; i++) {
        if (temporals->conditions[i].formula == formula) {
            return &temporals->conditions[i];
        }
    }
    return NULL;
}

/* Positions of the cycle at which the atom is that; the first one in *first. */
static uint32_t count_on_cycle(struct judge *judge, uint32_t atom, bool holds, uint32_t *first)
{
    uint32_t found = 0;
    for (uint32_t i = judge->behaviour->count; i-- > judge->behaviour->cycle;) {
        if (says(judge, atom, i) == holds) {
            *first = i;
            found++;
        }
    }
    return found;
}

static void explain_condition(struct judge *judge, const struct fm_fairness *condition,
                              struct fm_text *out)
{
    uint32_t length = judge->behaviour->count - judge->behaviour->cycle;
    uint32_t taken = 0, idle = 0;
    bool weak = condition->formula->origin == FM_ORIGIN_WEAK;
    if (count_on_cycle(judge, condition->step, true, &taken) != 0) {
        put_step(judge, taken, out);
        fm_text_printf(out, " is one of %s", condition->action);
        return;
    }
    uint32_t disabled = count_on_cycle(judge, condition->enabled, false, &idle);
    const char *step = judge->temporals->atoms[condition->step].text;
    if (disabled == length) {
        fm_text_printf(out, "%s is enabled in no state of the cycle", step);
    } else if (disabled != 0 && weak) {
        fm_text_printf(out, "%s is not enabled in state %u", step, idle + 1);
    } else {
        fm_text_printf(out, "%s is enabled in %s of the cycle and never taken: it is NOT fair",
                       step, disabled == 0 ? "every state" : "states");
    }
}

static const char *explain_fairness(struct judge *judge, const struct fm_temporal *formula,
                                    struct fm_arena *arena)
{
    struct fm_text text = {0};
    const struct fm_fairness *condition = condition_of(judge->temporals, formula);
    fm_text_printf(&text, "%s: ", formula->text);
    if (condition != NULL) {
        explain_condition(judge, condition, &text);
    } else {
        explain(judge, formula, 0, holds_at(judge, formula, 0), &text);
    }
    const char *line = fm_arena_strndup(arena, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    return line;
}

/* The instance of quantifiers, and the conjunct, that decides. */
static const struct fm_temporal *culprit_of(struct judge *judge, const struct fm_temporal *formula,
                                            bool holds)
{
    while (formula->op == FM_TEMPORAL_AND && !holds) {
        uint32_t i = 0;
        while (i < formula->count && holds_at(judge, formula->kids[i], 0)) {
            i++;
        }
        fm_assert(i < formula->count);
        formula = formula->kids[i];
    }
    return formula;
}

static const char *explain_property(struct judge *judge, const struct fm_temporal *property,
                                    struct fm_arena *arena)
{
    struct fm_text text = {0};
    bool holds = holds_at(judge, property, 0);
    const struct fm_temporal *culprit = culprit_of(judge, property, holds);
    fm_text_printf(&text, "`%s` %s: ", culprit->text, holds ? "holds" : "fails");
    explain(judge, culprit, 0, holds, &text);
    const char *line = fm_arena_strndup(arena, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    return line;
}

struct fm_behaviour_reasons fm_behaviour_explain(struct fm_engine *engine,
                                                 const struct fm_model_ops *ops,
                                                 const struct fm_temporals *temporals,
                                                 const struct fm_temporal *property,
                                                 const struct fm_behaviour *behaviour,
                                                 struct fm_arena *arena)
{
    struct judge judge;
    open_judge(&judge, engine, ops, temporals, behaviour);
    struct fm_behaviour_reasons reasons = {.fairness_count = temporals->fairness_count};
    const char **lines = fm_arena_alloc(arena, (temporals->fairness_count + 1) * sizeof *lines);
    for (uint32_t i = 0; i < temporals->fairness_count; i++) {
        lines[i] = explain_fairness(&judge, temporals->fairness[i], arena);
    }
    reasons.fairness = lines;
    reasons.property = explain_property(&judge, property, arena);
    if (judge.failed) {
        reasons.fairness_count = 0;
        reasons.property = fm_arena_printf(arena, "it cannot be evaluated: %s",
                                           ops->failure(engine)->message);
    }
    close_judge(&judge);
    return reasons;
}
