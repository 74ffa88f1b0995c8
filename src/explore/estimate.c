/* Observing behaviours, and when to stop.
 *
 * With `until` the run ends when each interval's half-width is at most that part of the estimate: a
 * sequential procedure of fixed relative width (Chow and Robbins, "On the asymptotic theory of
 * fixed width sequential confidence intervals for the mean", Annals of Mathematical Statistics 36,
 * 1965). Stopping as soon as an interval happens to be narrow would make intervals miss the truth
 * too often, so nothing stops before CHECK_FIRST behaviours, and it is looked at rarely: each time
 * after a tenth more of them.
 *
 * A quantity that is far from settling is given up early, by name: when the behaviours it still
 * needs, at the end of its interval that is the best for it, are more than there may be. An event
 * that was never seen is so after GIVE_UP_FIRST behaviours.
 *
 * Costs are drawn by a generator of their own, seeded by the behaviour's number, so that they do
 * not change which behaviours are walked. */
#include "explore/estimate.h"

#include "base/arena.h"
#include "base/text.h"
#include "semantics/load.h"

#include <math.h>
#include <string.h>

#define CHECK_FIRST 1000u
#define CHECK_GROWTH 1.1
#define GIVE_UP_FIRST 10000u

struct column {
    struct fm_estimate estimate;
    struct fm_sample sample;
    const struct fm_formula *formula; /* of a probability, or measure */
    const struct fm_cost *cost;
};

struct fm_estimates {
    const struct fm_statistics *statistics;
    struct fm_estimate_options options;
    struct column *columns;
    uint32_t count;
    double *observed;       /* slots rows of `count` */
    struct fm_text *errors; /* of each slot: why it could not be observed */
    uint64_t behaviours, next_check;
    struct fm_estimates_result result;
    struct fm_estimate *finished;
    struct fm_arena texts; /* names, which outlive the program */
};

static void add_column(struct fm_estimates *estimates, enum fm_estimate_kind kind, const char *name,
                       const struct fm_formula *formula, const struct fm_cost *cost)
{
    struct column *column = &estimates->columns[estimates->count];
    fm_sample_init(&column->sample, estimates->options.seed + estimates->count);
    column->estimate.kind = kind;
    column->estimate.name = fm_arena_printf(&estimates->texts, "%s", name);
    column->estimate.law = cost == NULL ? NULL
                                        : fm_arena_printf(&estimates->texts, "%s", cost->law.text);
    column->formula = formula;
    column->cost = cost;
    estimates->count++;
}

struct fm_estimates *fm_estimates_new(const struct fm_statistics *statistics,
                                      const struct fm_estimate_options *options)
{
    struct fm_estimates *estimates = fm_memory_calloc(1, sizeof *estimates);
    uint32_t room = statistics->probability_count + statistics->measure_count +
                    statistics->cost_count + 2;
    estimates->statistics = statistics;
    estimates->options = *options;
    fm_arena_init(&estimates->texts, "names of estimates");
    estimates->columns = fm_memory_calloc(room, sizeof *estimates->columns);
    for (uint32_t i = 0; i < statistics->probability_count; i++) {
        const struct fm_formula *formula = statistics->probabilities[i];
        add_column(estimates, FM_ESTIMATE_PROBABILITY, formula->name->text, formula, NULL);
    }
    for (uint32_t i = 0; i < statistics->measure_count; i++) {
        const struct fm_formula *formula = statistics->measures[i];
        add_column(estimates, FM_ESTIMATE_MEASURE, formula->name->text, formula, NULL);
    }
    for (uint32_t i = 0; i < statistics->cost_count; i++) {
        add_column(estimates, FM_ESTIMATE_COST, statistics->costs[i].name->text, NULL,
                   &statistics->costs[i]);
    }
    if (statistics->cost_count > 1) {
        add_column(estimates, FM_ESTIMATE_COSTS, "all costs", NULL, NULL);
    }
    add_column(estimates, FM_ESTIMATE_STEPS, "steps", NULL, NULL);
    estimates->observed = fm_memory_calloc((size_t)options->slots * estimates->count,
                                           sizeof *estimates->observed);
    estimates->errors = fm_memory_calloc(options->slots, sizeof *estimates->errors);
    estimates->next_check = CHECK_FIRST;
    return estimates;
}

void fm_estimates_free(struct fm_estimates *estimates)
{
    if (estimates == NULL) {
        return;
    }
    for (uint32_t i = 0; i < estimates->count; i++) {
        fm_sample_deinit(&estimates->columns[i].sample);
    }
    for (uint32_t i = 0; i < estimates->options.slots; i++) {
        fm_text_deinit(&estimates->errors[i]);
    }
    fm_memory_free(estimates->errors);
    fm_memory_free(estimates->observed);
    fm_memory_free(estimates->columns);
    fm_memory_free(estimates->finished);
    fm_arena_deinit(&estimates->texts);
    fm_memory_free(estimates);
}

const struct fm_cost *fm_estimates_unknown_cost(const struct fm_estimates *estimates,
                                                const struct fm_model *model)
{
    for (uint32_t i = 0; i < estimates->statistics->cost_count; i++) {
        const struct fm_cost *cost = &estimates->statistics->costs[i];
        bool found = false;
        for (uint32_t j = 0; j < model->action_count && !found; j++) {
            found = model->actions[j].name == cost->name;
        }
        if (!found) {
            return cost;
        }
    }
    return NULL;
}

/* --- observing --- */

bool fm_estimates_reached(const struct fm_estimates *estimates, const struct fm_model *model,
                          struct fm_engine *engine, struct fm_state *state)
{
    for (uint32_t i = 0; i < estimates->statistics->reach_count; i++) {
        /* One that cannot be evaluated is met by `measure`, too. */
        if (model->ops->holds(engine, estimates->statistics->reaches[i], state, NULL) !=
            FM_VERDICT_FALSE) {
            return true;
        }
    }
    return false;
}

static void note_failure(struct fm_text *error, const struct fm_model *model,
                         struct fm_engine *engine, const char *name)
{
    if (error->length == 0) {
        fm_text_printf(error, "%s: %s", name, model->ops->failure(engine)->message);
    }
}

static double measure_value(const struct fm_model *model, struct fm_engine *engine,
                            const struct fm_formula *formula, struct fm_state *state,
                            struct fm_text *error)
{
    fm_value value = model->ops->eval(engine, formula, state, NULL);
    if (fm_is_none(value)) {
        note_failure(error, model, engine, formula->name->text);
        return 0;
    }
    if (fm_is_small(value)) {
        return (double)fm_small_get(value);
    }
    if (fm_value_same(value, fm_bool(true)) || fm_value_same(value, fm_bool(false))) {
        return fm_is_true(value) ? 1 : 0;
    }
    if (error->length == 0) {
        fm_text_printf(error, "%s: its value is no number of 62 bits and no Boolean",
                       formula->name->text);
    }
    return 0;
}

static struct fm_state *state_at(const struct fm_model *model, struct fm_engine *engine,
                                 const struct fm_sampled *behaviour, uint32_t i)
{
    model->ops->reset(engine);
    struct fm_state *state = model->ops->decode(engine, fm_behaviour_state(behaviour, i));
    model->ops->place(engine, state, i + 1, behaviour->actions[i]);
    return state;
}

/* Whether some state satisfies each: all probabilities in one pass over the states. */
static void observe_probabilities(const struct fm_estimates *estimates,
                                  const struct fm_model *model, struct fm_engine *engine,
                                  const struct fm_sampled *behaviour, double *observed,
                                  struct fm_text *error)
{
    uint32_t left = estimates->statistics->probability_count;
    for (uint32_t i = 0; i < behaviour->count && left > 0; i++) {
        struct fm_state *state = state_at(model, engine, behaviour, i);
        for (uint32_t j = 0; j < estimates->statistics->probability_count; j++) {
            if (observed[j] > 0) {
                continue;
            }
            const struct fm_formula *formula = estimates->columns[j].formula;
            enum fm_verdict verdict = model->ops->holds(engine, formula, state, NULL);
            if (verdict == FM_VERDICT_FAILURE) {
                note_failure(error, model, engine, formula->name->text);
            }
            if (verdict != FM_VERDICT_FALSE) {
                observed[j] = 1;
                left--;
            }
        }
    }
}

/* Sums of the costs, in the order of the steps. */
static void observe_costs(const struct fm_estimates *estimates, const struct fm_model *model,
                          const struct fm_sampled *behaviour, double *observed)
{
    const struct fm_statistics *statistics = estimates->statistics;
    uint32_t first = statistics->probability_count + statistics->measure_count;
    struct fm_random random;
    fm_random_seed(&random, estimates->options.seed);
    fm_random_seed(&random, fm_random_next(&random) + behaviour->number);
    for (uint32_t i = 1; statistics->cost_count > 0 && i < behaviour->count; i++) {
        const struct fm_symbol *name = model->actions[behaviour->actions[i]].name;
        for (uint32_t j = 0; j < statistics->cost_count; j++) {
            if (statistics->costs[j].name == name) {
                double cost = fm_law_draw(&statistics->costs[j].law, &random);
                observed[first + j] += cost;
                if (statistics->cost_count > 1) {
                    observed[first + statistics->cost_count] += cost;
                }
            }
        }
    }
}

void fm_estimates_measure(struct fm_estimates *estimates, const struct fm_model *model,
                          struct fm_engine *engine, uint32_t slot,
                          const struct fm_sampled *behaviour)
{
    const struct fm_statistics *statistics = estimates->statistics;
    double *observed = &estimates->observed[(size_t)slot * estimates->count];
    struct fm_text *error = &estimates->errors[slot];
    memset(observed, 0, estimates->count * sizeof *observed);
    fm_text_clear(error);
    observe_probabilities(estimates, model, engine, behaviour, observed, error);
    struct fm_state *last = state_at(model, engine, behaviour, behaviour->count - 1);
    for (uint32_t i = 0; i < statistics->measure_count; i++) {
        observed[statistics->probability_count + i] = measure_value(
            model, engine, statistics->measures[i], last, error);
    }
    for (uint32_t i = 0; i < statistics->reach_count; i++) {
        if (model->ops->holds(engine, statistics->reaches[i], last, NULL) == FM_VERDICT_FAILURE) {
            note_failure(error, model, engine, statistics->reaches[i]->name->text);
        }
    }
    observe_costs(estimates, model, behaviour, observed);
    observed[estimates->count - 1] = behaviour->count - 1;
}

/* --- settling --- */

static void set_interval(const struct fm_estimates *estimates, struct column *column)
{
    struct fm_estimate *estimate = &column->estimate;
    double confidence = estimates->options.confidence;
    if (estimate->kind == FM_ESTIMATE_PROBABILITY && estimates->behaviours > 0) {
        estimate->interval = fm_share_interval(estimate->hits, estimates->behaviours, confidence);
    } else {
        estimate->interval = fm_moments_interval(&estimate->moments, confidence);
    }
}

/* Behaviours that it needs, as far as its interval lets hope. */
static double needed_at_best(const struct fm_estimates *estimates,
                             const struct fm_estimate *estimate)
{
    const struct fm_estimate_options *options = &estimates->options;
    const struct fm_interval *interval = &estimate->interval;
    if (estimate->kind == FM_ESTIMATE_PROBABILITY) {
        return fm_share_needed(interval->high, options->until, options->confidence);
    }
    double half = (interval->high - interval->low) / 2;
    double far = fmax(fabs(interval->low), fabs(interval->high));
    double ratio = half / (options->until * far);
    return (double)estimates->behaviours * ratio * ratio;
}

static void judge(const struct fm_estimates *estimates, struct column *column)
{
    struct fm_estimate *estimate = &column->estimate;
    set_interval(estimates, column);
    double half = (estimate->interval.high - estimate->interval.low) / 2;
    bool is_constant = estimate->kind != FM_ESTIMATE_PROBABILITY &&
                       !(fm_moments_variance(&estimate->moments) > 0);
    estimate->settled = is_constant ||
                        half <= estimates->options.until * fabs(estimate->moments.mean);
    estimate->needed = estimate->settled ? 0 : needed_at_best(estimates, estimate);
}

/* The number of steps has to settle only where nothing else was asked for. */
static bool must_settle(const struct fm_estimates *estimates, const struct column *column)
{
    return column->estimate.kind != FM_ESTIMATE_STEPS || estimates->count == 1;
}

/* false when the run ends. */
static bool check(struct fm_estimates *estimates)
{
    bool all = true;
    struct column *worst = NULL;
    for (uint32_t i = 0; i < estimates->count; i++) {
        struct column *column = &estimates->columns[i];
        judge(estimates, column);
        if (!must_settle(estimates, column) || column->estimate.settled) {
            continue;
        }
        all = false;
        if (worst == NULL || column->estimate.needed > worst->estimate.needed) {
            worst = column;
        }
    }
    estimates->result.settled = all;
    if (worst != NULL && estimates->behaviours >= GIVE_UP_FIRST &&
        worst->estimate.needed > (double)estimates->options.behaviours_max) {
        estimates->result.far = &worst->estimate;
        return false;
    }
    return !all;
}

bool fm_estimates_settle(struct fm_estimates *estimates, uint32_t slot)
{
    const double *observed = &estimates->observed[(size_t)slot * estimates->count];
    if (estimates->errors[slot].length > 0) {
        estimates->result.error = fm_text_string(&estimates->errors[slot]);
        return false;
    }
    estimates->behaviours++;
    for (uint32_t i = 0; i < estimates->count; i++) {
        struct column *column = &estimates->columns[i];
        fm_moments_add(&column->estimate.moments, observed[i]);
        if (column->estimate.kind == FM_ESTIMATE_PROBABILITY) {
            column->estimate.hits += observed[i] > 0;
        } else {
            fm_sample_add(&column->sample, observed[i]);
        }
    }
    if (!(estimates->options.until > 0) || estimates->behaviours < estimates->next_check) {
        return true;
    }
    estimates->next_check = (uint64_t)ceil((double)estimates->next_check * CHECK_GROWTH);
    return check(estimates);
}

/* --- the result --- */

static void finish_column(const struct fm_estimates *estimates, struct column *column)
{
    /* ORDER(quantile) */
    static const double shares[FM_ESTIMATE_QUANTILES] = {0.5, 0.9, 0.99};
    struct fm_estimate *estimate = &column->estimate;
    judge(estimates, column);
    estimate->settled = estimate->settled && estimates->options.until > 0;
    for (uint32_t i = 0; i < FM_ESTIMATE_QUANTILES && column->sample.count > 0; i++) {
        estimate->quantiles[i] = fm_sample_quantile(&column->sample, shares[i]);
        estimate->quantile_intervals[i] = fm_sample_quantile_interval(
            &column->sample, shares[i], estimates->options.confidence);
    }
    estimate->bin_count = fm_sample_histogram(&column->sample, estimate->bins, FM_ESTIMATE_BINS);
}

const struct fm_estimates_result *fm_estimates_finish(struct fm_estimates *estimates)
{
    struct fm_estimates_result *result = &estimates->result;
    fm_memory_free(estimates->finished);
    estimates->finished = fm_memory_calloc(estimates->count, sizeof *estimates->finished);
    for (uint32_t i = 0; i < estimates->count; i++) {
        if (estimates->behaviours > 0) {
            finish_column(estimates, &estimates->columns[i]);
        }
        estimates->finished[i] = estimates->columns[i].estimate;
        if (result->far == &estimates->columns[i].estimate) {
            result->far = &estimates->finished[i];
        }
    }
    result->at = estimates->finished;
    result->count = estimates->count;
    result->behaviours = estimates->behaviours;
    result->confidence = estimates->options.confidence;
    result->until = estimates->options.until;
    return result;
}
