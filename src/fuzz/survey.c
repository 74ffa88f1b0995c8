/* Is the mapping any good?
 *
 * A mapping that allows everything finds nothing, and nobody notices. The corruption test notices:
 * where the target shows something else than it did, the model has to object. Every variable of
 * every node is changed in about one event of a hundred, to a value near its own (one more or less,
 * the other truth value, another text that this variable had, a sequence without its end), and the
 * event is judged with the change. What is accepted was not compared, or the model allows too much.
 *
 * Beside it the mapping's parts are counted: events by name, steps by disjunct. An event that is
 * never a step, and a disjunct that no event took, are mistakes more often than not. */
#include "fuzz/survey.h"

#include "base/random.h"
#include "fuzz/draw.h"
#include "fuzz/oracle.h"
#include "sim/hash.h"
#include "value/set.h"

#include <stdio.h>
#include <string.h>

/* A variable is changed in one event of so many. */
static const uint64_t change_one_in = 100;
/* Texts remembered of one variable. */
#define TEXTS_MAX 16u

struct texts {
    const struct fm_symbol *at[TEXTS_MAX];
    uint32_t count;
};

struct survey {
    struct fm_survey *survey;
    struct fm_random random;
    FM_VEC(struct texts) texts; /* by field */
    uint32_t judged;            /* row of the event that is judged, from 1; 0: there was none yet */
    uint64_t candidates;        /* sum of the judge before that event */
};

static uint32_t find_event(struct fm_survey *survey, const char *name)
{
    for (uint32_t i = 0; i < survey->events.count; i++) {
        if (strcmp(survey->events.at[i].name, name) == 0) {
            return i;
        }
    }
    struct fm_text copy = {0};
    fm_text_puts(&copy, name);
    fm_vec_push(&survey->events, (struct fm_survey_event){.name = copy.at});
    return survey->events.count - 1;
}

static uint32_t find_field(struct survey *survey, const char *name)
{
    for (uint32_t i = 0; i < survey->survey->fields.count; i++) {
        if (strcmp(survey->survey->fields.at[i].name, name) == 0) {
            return i;
        }
    }
    struct fm_text copy = {0};
    fm_text_puts(&copy, name);
    fm_vec_push(&survey->survey->fields, (struct fm_survey_field){.name = copy.at});
    fm_vec_push(&survey->texts, (struct texts){.count = 0});
    return survey->survey->fields.count - 1;
}

/* --- changing values --- */

static void remember_text(struct texts *texts, fm_value value)
{
    const struct fm_symbol *symbol = fm_value_symbol(value);
    for (uint32_t i = 0; i < texts->count; i++) {
        if (texts->at[i] == symbol) {
            return;
        }
    }
    if (texts->count < TEXTS_MAX) {
        texts->at[texts->count++] = symbol;
    }
}

static fm_value change_text(struct survey *survey, struct fm_value_context *context,
                            const struct texts *texts, fm_value value)
{
    for (uint32_t tries = 0; tries < TEXTS_MAX && texts->count > 1; tries++) {
        const struct fm_symbol *other = texts->at[fm_random_below(&survey->random, texts->count)];
        if (other != fm_value_symbol(value)) {
            return fm_string(context, other);
        }
    }
    return fm_string_of(context, "another text", strlen("another text"));
}

static fm_value change(struct survey *survey, struct fm_value_context *context,
                       const struct texts *texts, fm_value value);

/* A sequence without its end, or with another element; a record with another field. */
static fm_value change_inside(struct survey *survey, struct fm_value_context *context,
                              const struct texts *texts, fm_value value)
{
    const fm_value *elements;
    uint32_t count;
    bool is_sequence = fm_sequence_view(context, value, &elements, &count);
    if (is_sequence && count == 0) {
        fm_value one = fm_small(1);
        return fm_tuple(context, &one, 1);
    }
    if (is_sequence && fm_random_below(&survey->random, 2) == 0) {
        return fm_tuple(context, elements, count - 1);
    }
    fm_value domain = fm_fcn_domain(context, value);
    const fm_value *arguments = fm_set_elements(context, domain, &count);
    fm_value argument = arguments[fm_random_below(&survey->random, count)];
    fm_value other = change(survey, context, texts, fm_fcn_apply(context, value, argument));
    bool outside;
    return fm_fcn_except(context, value, argument, other, &outside);
}

static fm_value change(struct survey *survey, struct fm_value_context *context,
                       const struct texts *texts, fm_value value)
{
    switch (fm_value_kind(value)) {
    case FM_KIND_INT:
        return fm_int_add(context, value,
                          fm_small(fm_random_below(&survey->random, 2) == 0 ? 1 : -1));
    case FM_KIND_BOOL:
        return fm_bool(!fm_is_true(value));
    case FM_KIND_STRING:
        return change_text(survey, context, texts, value);
    case FM_KIND_TUPLE:
    case FM_KIND_RECORD:
        return change_inside(survey, context, texts, value);
    case FM_KIND_MODEL:
    case FM_KIND_FCN:
    case FM_KIND_LAZY_FCN:
    case FM_KIND_SET:
    case FM_KIND_INTERVAL:
    case FM_KIND_SUBSETS:
    case FM_KIND_KSUBSETS:
    case FM_KIND_FCNSET:
    case FM_KIND_RECSET:
    case FM_KIND_CROSS:
    case FM_KIND_UNION:
    case FM_KIND_CUP:
    case FM_KIND_CAP:
    case FM_KIND_DIFF:
    case FM_KIND_FILTER:
    case FM_KIND_SEQS:
    case FM_KIND_NAT:
    case FM_KIND_INTS:
    case FM_KIND_REALS:
    case FM_KIND_STRINGS:
    case FM_KIND_ANY:
    case FM_KIND_OPERATOR:
        break; /* no target shows these */
    }
    return value;
}

/* --- one event --- */

/* The event with another record for that node, in its `obs` too. */
static struct fm_judge_event with_record(struct fm_value_context *context,
                                         const struct fm_judge_event *event, uint32_t number,
                                         fm_value record)
{
    struct fm_judge_event other = *event;
    struct fm_shown *shown = fm_arena_copy(context->arena, event->shown,
                                           event->shown_count * sizeof *shown);
    fm_value *values = fm_arena_copy(context->arena, event->values, event->count * sizeof *values);
    for (uint32_t i = 0; i < event->count; i++) {
        if (fm_value_same(values[i], event->shown[number].record)) {
            values[i] = record;
        }
    }
    shown[number].record = record;
    other.shown = shown;
    other.values = values;
    return other;
}

static void change_node(struct survey *survey, struct fm_judge *judge,
                        const struct fm_judge_event *event, uint32_t number)
{
    struct fm_value_context *context = fm_judge_values(judge);
    fm_value record = event->shown[number].record;
    uint32_t count;
    const fm_value *names = fm_set_elements(context, fm_fcn_domain(context, record), &count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t field = find_field(survey, fm_value_symbol(names[i])->text);
        fm_value value = fm_fcn_apply(context, record, names[i]);
        if (fm_value_kind(value) == FM_KIND_STRING) {
            remember_text(&survey->texts.at[field], value);
        }
        if (fm_random_below(&survey->random, change_one_in) != 0) {
            continue;
        }
        bool outside;
        fm_value other = fm_fcn_except(context, record, names[i],
                                       change(survey, context, &survey->texts.at[field], value),
                                       &outside);
        struct fm_judge_event changed = with_record(context, event, number, other);
        survey->survey->fields.at[field].changed++;
        survey->survey->fields.at[field].rejected += fm_judge_try(judge, &changed) !=
                                                     FM_JUDGED_FINE;
    }
}

/* Counts the candidates behind the event that was judged last: what the sum grew by. */
static void count_candidates(struct survey *survey, const struct fm_judge_counts *counts)
{
    uint64_t behind = counts->candidates - survey->candidates;
    if (survey->judged > 0) {
        struct fm_survey_event *row = &survey->survey->events.at[survey->judged - 1];
        row->candidates_max = behind > row->candidates_max ? behind : row->candidates_max;
    }
    survey->candidates = counts->candidates;
}

static void probe(void *closure, struct fm_judge *judge, const struct fm_judge_event *event)
{
    struct survey *survey = closure;
    count_candidates(survey, fm_judge_totals(judge));
    uint32_t index = find_event(survey->survey, event->name);
    struct fm_survey_event *row = &survey->survey->events.at[index];
    row->count++;
    row->ignored = fm_judge_ignores(judge, event);
    survey->judged = index + 1;
    for (uint32_t i = 0; i < event->shown_count; i++) {
        change_node(survey, judge, event, i);
    }
}

/* --- all of them --- */

static void run_schedule(const struct fm_survey_options *options, struct fm_world *world,
                         struct fm_oracle *oracle, struct survey *survey, uint64_t number)
{
    uint64_t seed = fm_sim_hash_number(options->seed, number);
    struct fm_draw draw;
    fm_draw_begin(&draw, seed, false);
    fm_world_set_seed(world, seed);
    fm_run_begin(world, oracle);
    for (uint32_t step = 0; step < options->horizon && fm_run_goes_on(world, oracle); step++) {
        struct fm_choice choice = fm_draw_choice(&draw, world);
        (void)fm_world_apply(world, &choice);
    }
    if (!fm_run_goes_on(world, oracle)) {
        struct fm_outcome outcome = {.steps = 0};
        fm_run_judge(world, oracle, &outcome);
        if (survey->survey->found++ == 0) {
            (void)snprintf(survey->survey->first, sizeof survey->survey->first, "%s: %s",
                           fm_fuzz_verdict_word(outcome.verdict), outcome.reason);
        }
    }
    survey->survey->schedules++;
    fm_world_end(world);
}

void fm_survey_run(const struct fm_survey_options *options, struct fm_survey *survey)
{
    struct fm_world_options world_options = {
        .sut = options->sut, .nodes = options->nodes, .faults = options->faults};
    struct fm_world *world = fm_world_new(&world_options);
    struct fm_oracle *oracle = fm_oracle_new(options->mapping, world, options->sut, NULL);
    struct survey running = {.survey = survey};
    *survey = (struct fm_survey){.schedules = 0};
    fm_random_seed(&running.random, options->seed);
    fm_oracle_set_probe(oracle, probe, &running);
    for (uint64_t i = 0; i < options->schedules; i++) {
        run_schedule(options, world, oracle, &running, i);
    }
    count_candidates(&running, fm_oracle_totals(oracle));
    uint32_t steps = fm_mapping_step_count(options->mapping);
    survey->steps = fm_memory_calloc(steps + 1, sizeof *survey->steps);
    memcpy(survey->steps, fm_judge_steps(fm_oracle_own_judge(oracle)),
           steps * sizeof *survey->steps);
    survey->judged = *fm_oracle_totals(oracle);
    fm_vec_deinit(&running.texts);
    fm_oracle_free(oracle);
    fm_world_free(world);
}

void fm_survey_deinit(struct fm_survey *survey)
{
    for (uint32_t i = 0; i < survey->events.count; i++) {
        fm_memory_free(survey->events.at[i].name);
    }
    for (uint32_t i = 0; i < survey->fields.count; i++) {
        fm_memory_free(survey->fields.at[i].name);
    }
    fm_vec_deinit(&survey->events);
    fm_vec_deinit(&survey->fields);
    fm_memory_free(survey->steps);
}
