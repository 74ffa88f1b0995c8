/* The temporal part of a check.
 *
 * Properties are decided one by one, each by a search for a behaviour that satisfies the fairness
 * of the specification and the negation of the property. A lasso that is found comes as indices of
 * states. Steps between equal states are taken out of it, it is executed from an initial state on
 * by the interpreter, and the judge of behaviours must say of what was executed that every fairness
 * condition is true and the property false. Nothing else is shown as a counterexample; where the
 * judge disagrees, that is said as a mistake of ours and the property is not decided.
 *
 * TLC decides all properties in one search and then names those that its behaviour violates. Here
 * the judge is asked about the other properties, too, and all that are false are named. */
#include "liveness/liveness.h"

#include "base/assert.h"
#include "base/file.h"
#include "explore/kept.h"
#include "liveness/fill.h"
#include "liveness/lasso.h"
#include "liveness/verify.h"
#include "liveness/warnings.h"

#include <string.h>

struct fm_liveness {
    struct fm_liveness_options options;
    struct fm_arena arena;
    struct fm_liveness_result result;
    struct fm_liveness_property *properties;
    struct fm_fill fill;
    struct fm_graph *graph;
    struct fm_checker *checker;
    bool begun;
    _Atomic uint64_t shown_states, shown_components, shown_found;
    _Atomic uint32_t shown_property;
};

struct fm_liveness *fm_liveness_new(const struct fm_liveness_options *options)
{
    struct fm_liveness *liveness = fm_memory_calloc(1, sizeof *liveness);
    const struct fm_temporals *temporals = options->temporals;
    liveness->options = *options;
    fm_arena_init(&liveness->arena, "liveness");
    liveness->properties = fm_arena_calloc(&liveness->arena, temporals->property_count + 1,
                                           sizeof *liveness->properties);
    for (uint32_t i = 0; i < temporals->property_count; i++) {
        liveness->properties[i].name = temporals->properties[i].name;
    }
    liveness->result.properties = liveness->properties;
    liveness->result.property_count = temporals->property_count;
    liveness->result.atoms = temporals->atom_count;
    return liveness;
}

void fm_liveness_free(struct fm_liveness *liveness)
{
    if (liveness != NULL) {
        fm_graph_free(liveness->graph);
        fm_arena_deinit(&liveness->arena);
        fm_memory_free(liveness);
    }
}

void fm_liveness_set_interpreter(struct fm_liveness *liveness, struct fm_model *interpreter)
{
    liveness->options.interpreter = interpreter;
}

const struct fm_liveness_result *fm_liveness_result(const struct fm_liveness *liveness)
{
    return &liveness->result;
}

void fm_liveness_progress(const struct fm_liveness *liveness, struct fm_liveness_progress *progress)
{
    *progress = (struct fm_liveness_progress){
        .states = atomic_load(&liveness->shown_states),
        .indexed = atomic_load(&liveness->fill.indexed),
        .filled = atomic_load(&liveness->fill.done),
        .components = atomic_load(&liveness->shown_components),
        .found = atomic_load(&liveness->shown_found),
        .property = atomic_load(&liveness->shown_property),
    };
}

/* --- lassos --- */

/* The lasso without steps from a state to itself. */
static struct fm_kept_path shorten(struct fm_arena *arena, const struct fm_lasso *lasso)
{
    uint64_t *indices = fm_arena_alloc(arena, (lasso->count + (size_t)1) * sizeof *indices);
    struct fm_kept_path path = {.indices = indices};
    for (uint32_t i = 0; i < lasso->count; i++) {
        if (path.count == 0 || indices[path.count - 1] != lasso->states[i]) {
            indices[path.count++] = lasso->states[i];
        }
        if (i == lasso->cycle) {
            path.cycle = path.count - 1;
        }
    }
    while (path.count - 1 > path.cycle && indices[path.count - 1] == indices[path.cycle]) {
        path.count--;
    }
    path.stutters = path.cycle == path.count - 1;
    return path;
}

struct judging {
    struct fm_liveness *liveness;
    struct fm_arena *arena;
    uint32_t property;
    uint32_t cycle;
    const char *wrong; /* why the judge does not confirm it, or NULL */
    bool *violated;    /* of each property */
    struct fm_behaviour_reasons reasons;
};

static void judge(void *closure, struct fm_model *model, struct fm_engine *engine,
                  struct fm_state *const *states, uint32_t count)
{
    struct judging *judging = closure;
    const struct fm_temporals *temporals = judging->liveness->options.temporals;
    const struct fm_behaviour behaviour = {states, count, judging->cycle};
    for (uint32_t i = 0; i < temporals->fairness_count; i++) {
        if (fm_behaviour_holds(engine, model->ops, temporals, temporals->fairness[i], &behaviour) !=
            FM_VERDICT_TRUE) {
            judging->wrong = fm_arena_printf(judging->arena, "it is not fair: %s",
                                             temporals->fairness[i]->text);
            return;
        }
    }
    for (uint32_t i = 0; i < temporals->property_count; i++) {
        judging->violated[i] = fm_behaviour_holds(engine, model->ops, temporals,
                                                  temporals->properties[i].formula,
                                                  &behaviour) == FM_VERDICT_FALSE;
    }
    if (!judging->violated[judging->property]) {
        judging->wrong = "the property is not false of it";
        return;
    }
    judging->reasons = fm_behaviour_explain(engine, model->ops, temporals,
                                            temporals->properties[judging->property].formula,
                                            &behaviour, judging->arena);
}

/* --- problems --- */

static struct fm_problem *new_problem(struct fm_liveness *liveness, enum fm_problem_kind kind,
                                      uint32_t property)
{
    struct fm_problem *problem = fm_arena_calloc(fm_kept_arena(liveness->checker), 1,
                                                 sizeof *problem);
    problem->kind = kind;
    problem->name = liveness->options.temporals->properties[property].name;
    problem->span = liveness->options.temporals->properties[property].span;
    return problem;
}

/* A lasso that is none when it is executed: our own mistake, never a counterexample. */
static void report_unconfirmed(struct fm_liveness *liveness, uint32_t property, const char *why)
{
    struct fm_problem *problem = new_problem(liveness, FM_PROBLEM_TEMPORAL_UNCONFIRMED, property);
    problem->failing = why;
    fm_kept_report(liveness->checker, problem);
}

/* The other properties that the behaviour violates. */
static void name_others(struct fm_liveness *liveness, const struct judging *judging,
                        struct fm_problem *problem)
{
    const struct fm_temporals *temporals = liveness->options.temporals;
    const char **names = fm_arena_calloc(judging->arena, temporals->property_count, sizeof *names);
    for (uint32_t i = 0; i < temporals->property_count; i++) {
        if (!judging->violated[i]) {
            continue;
        }
        bool known = strcmp(temporals->properties[i].name, problem->name) == 0;
        for (uint32_t j = 0; j < problem->also_count; j++) {
            known = known || strcmp(temporals->properties[i].name, names[j]) == 0;
        }
        if (!known && liveness->properties[i].verdict != FM_LIVENESS_VIOLATED) {
            names[problem->also_count++] = temporals->properties[i].name;
        }
        liveness->properties[i].verdict = FM_LIVENESS_VIOLATED;
    }
    problem->also = names;
}

static void report_violation(struct fm_liveness *liveness, uint32_t property,
                             const struct fm_lasso *lasso)
{
    struct fm_arena *arena = fm_kept_arena(liveness->checker);
    const struct fm_temporals *temporals = liveness->options.temporals;
    struct fm_kept_path path = shorten(&liveness->arena, lasso);
    const char *why = NULL;
    struct fm_kept_behaviour *behaviour = fm_kept_replay(
        liveness->checker, liveness->options.interpreter, &path, &why);
    if (behaviour == NULL) {
        report_unconfirmed(liveness, property, why);
        return;
    }
    struct judging judging = {
        .liveness = liveness,
        .arena = arena,
        .property = property,
        .cycle = path.cycle,
        .violated = fm_arena_calloc(arena, temporals->property_count, sizeof(bool))};
    fm_kept_judge(liveness->checker, behaviour, judge, &judging);
    if (judging.wrong != NULL) {
        report_unconfirmed(liveness, property, judging.wrong);
        return;
    }
    struct fm_problem *problem = new_problem(liveness, FM_PROBLEM_TEMPORAL, property);
    name_others(liveness, &judging, problem);
    problem->trace = fm_kept_trace(liveness->checker, behaviour);
    problem->failing = judging.reasons.property;
    problem->fairness = judging.reasons.fairness;
    problem->fairness_count = judging.reasons.fairness_count;
    if (path.stutters && temporals->fairness_count == 0) {
        problem->hint = "the specification has no fairness, so every behavior may stop at any "
                        "state; conjoin WF_vars(Next), or what the system is meant to guarantee";
    }
    fm_kept_report(liveness->checker, problem);
}

/* An atom has no value: the behaviour to there is shown. */
static void report_failure(struct fm_liveness *liveness)
{
    const struct fm_fill *fill = &liveness->fill;
    struct fm_checker *checker = liveness->checker;
    const struct fm_atom *atom = &liveness->options.temporals->atoms[fill->failed.atom];
    struct fm_problem *problem = fm_arena_calloc(fm_kept_arena(checker), 1, sizeof *problem);
    uint32_t count;
    const uint64_t *indices = fm_kept_path_to(checker, fill->failed.state, &liveness->arena,
                                              &count);
    struct fm_kept_path path = {.indices = indices,
                                .count = count,
                                .cycle = count,
                                .has_last = fill->failed.has_successor,
                                .last_own = fill->failed.successor_own};
    const char *why;
    struct fm_kept_behaviour *behaviour = fm_kept_replay(checker, liveness->options.interpreter,
                                                         &path, &why);
    problem->kind = FM_PROBLEM_TEMPORAL_FAILED;
    problem->name = fm_arena_strndup(fm_kept_arena(checker), atom->text, strlen(atom->text));
    problem->span = atom->span;
    problem->failure = fill->failed.failure;
    if (behaviour != NULL) {
        problem->trace = fm_kept_trace(checker, behaviour);
    }
    fm_kept_report(checker, problem);
}

/* --- deciding --- */

static void show_search(void *closure, uint64_t done, uint64_t found)
{
    struct fm_liveness *liveness = closure;
    atomic_store(&liveness->shown_components, done);
    atomic_store(&liveness->shown_found, found);
}

static enum fm_lasso_result search_property(struct fm_liveness *liveness, uint32_t property,
                                            struct fm_lasso *lasso)
{
    const struct fm_temporals *temporals = liveness->options.temporals;
    struct fm_liveness_property *entry = &liveness->properties[property];
    uint32_t count = temporals->fairness_count + 1;
    const struct fm_temporal **conjuncts = fm_arena_alloc(&liveness->arena,
                                                          count * sizeof *conjuncts);
    const struct fm_temporal *formula = temporals->properties[property].formula;
    const struct fm_temporal negation = {.op = FM_TEMPORAL_NOT,
                                         .count = 1,
                                         .kids = &formula,
                                         .node = formula->node,
                                         .text = formula->text};
    for (uint32_t i = 0; i < temporals->fairness_count; i++) {
        conjuncts[i] = temporals->fairness[i];
    }
    conjuncts[count - 1] = &negation;
    const struct fm_goal goal = {conjuncts, count};
    const struct fm_lasso_options options = {.workers = liveness->options.workers,
                                             .interrupt = liveness->options.interrupt,
                                             .progress = show_search,
                                             .progress_closure = liveness};
    struct fm_lasso_counts counts = {0};
    enum fm_lasso_result found = fm_lasso_search(liveness->graph, &goal, &options, &liveness->arena,
                                                 lasso, &counts);
    entry->product_states = counts.product_states;
    entry->components = counts.components;
    entry->automaton_states = counts.automaton_states;
    entry->pairs = counts.pairs;
    return found;
}

/* How the check goes on after what the search said. */
static enum fm_check_end decide(struct fm_liveness *liveness, enum fm_check_end end)
{
    for (uint32_t i = 0; i < liveness->result.property_count; i++) {
        struct fm_lasso lasso = {.states = NULL};
        if (liveness->properties[i].verdict == FM_LIVENESS_VIOLATED) {
            continue; /* by an earlier one's counterexample */
        }
        atomic_store(&liveness->shown_property, i + 1);
        switch (search_property(liveness, i, &lasso)) {
        case FM_LASSO_NONE:
            liveness->properties[i].verdict = FM_LIVENESS_HOLDS;
            break;
        case FM_LASSO_FOUND:
            report_violation(liveness, i, &lasso);
            if (!liveness->options.keep_going) {
                return end;
            }
            break;
        case FM_LASSO_LARGE:
            liveness->result.undecided = "the automaton of a property, or its product with the "
                                         "states, passes a limit";
            break;
        case FM_LASSO_MEMORY:
            return FM_CHECK_MEMORY;
        case FM_LASSO_INTERRUPTED:
            return FM_CHECK_INTERRUPTED;
        }
    }
    return end;
}

static void note_graph(struct fm_liveness *liveness)
{
    struct fm_liveness_result *result = &liveness->result;
    result->states = fm_graph_state_count(liveness->graph);
    result->initial = fm_graph_initial_count(liveness->graph);
    result->steps = fm_graph_step_count(liveness->graph);
    result->letters = fm_graph_letter_count(liveness->graph);
    result->graph_bytes = fm_graph_bytes(liveness->graph);
    result->index_bytes = liveness->fill.index_bytes;
    result->cut_off = liveness->fill.cut_off;
    result->collision = liveness->fill.collision;
}

static void warn(struct fm_liveness *liveness)
{
    struct fm_liveness_result *result = &liveness->result;
    result->warnings = fm_liveness_warnings(liveness->graph, liveness->options.temporals,
                                            &liveness->arena, &result->warning_count);
}

static enum fm_check_end after_fill(struct fm_liveness *liveness, enum fm_fill_end filled,
                                    enum fm_check_end end)
{
    switch (filled) {
    case FM_FILL_DONE: {
        uint64_t begin_ns = fm_clock_monotonic_ns();
        warn(liveness);
        enum fm_check_end decided = decide(liveness, end);
        liveness->result.search_ns = fm_clock_monotonic_ns() - begin_ns;
        return decided;
    }
    case FM_FILL_FAILED:
        report_failure(liveness);
        return end;
    case FM_FILL_LOST:
        liveness->result.undecided = "the steps of a state were others when they were generated "
                                     "again, so there is no graph to look for behaviors in";
        return end;
    case FM_FILL_MEMORY:
        return FM_CHECK_MEMORY;
    case FM_FILL_INTERRUPTED:
        return FM_CHECK_INTERRUPTED;
    }
    return end;
}

enum fm_check_end fm_liveness_check(void *closure, struct fm_checker *checker,
                                    enum fm_check_end end)
{
    struct fm_liveness *liveness = closure;
    const struct fm_liveness_options *options = &liveness->options;
    fm_assert(!liveness->begun);
    liveness->begun = true;
    liveness->result.ran = true;
    liveness->checker = checker;
    atomic_store(&liveness->shown_states, fm_kept_count(checker));
    if (options->begin != NULL) {
        options->begin(options->closure, fm_kept_count(checker));
    }
    liveness->graph = fm_graph_new(options->temporals->atom_count);
    if (liveness->graph == NULL) {
        return FM_CHECK_MEMORY;
    }
    liveness->fill.checker = checker;
    liveness->fill.temporals = options->temporals;
    liveness->fill.interrupt = options->interrupt;
    liveness->fill.memory_max = options->memory_max;
    liveness->fill.is_bounded = end == FM_CHECK_DEPTH;
    uint64_t begin_ns = fm_clock_monotonic_ns();
    enum fm_fill_end filled = fm_fill_graph(&liveness->fill, liveness->graph);
    liveness->result.fill_ns = fm_clock_monotonic_ns() - begin_ns;
    note_graph(liveness);
    end = after_fill(liveness, filled, end);
    if (options->end != NULL) {
        options->end(options->closure);
    }
    return end;
}
