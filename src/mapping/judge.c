/* The candidates, event by event.
 *
 *     for each candidate s:  put the event into s; for each successor t by Event:
 *         what the nodes show is not Observed in t   -> forgotten
 *         an invariant is false in t                 -> forgotten
 *         else the event is taken out, and t kept unless it is there already
 *
 * Nothing kept: if there is an action Hidden, the same again from the states that one hidden step
 * leads to, then two, up to HiddenBound; else the verdict follows from how far the steps came.
 * Errors are never candidates that died: one ends the judging, since what cannot be evaluated was
 * not judged.
 *
 * All nodes that are up are compared after each event, not only the one whose event it was: a step
 * that changes the state of another node is a mistake of the mapping that would else show much
 * later. What was true and depends on nothing that has changed is not found out again (memory.c).
 *
 * Candidates are states of the engine from one event to the next, and share what no step touched.
 * When their memory has grown they are encoded, everything is freed, and they are decoded. */
#include "mapping/judge.h"

#include "eval/embed.h"
#include "mapping/state.h"
#include "value/print.h"
#include "value/set.h"

#include <string.h>

/* Bytes of a value in a message. */
static const size_t value_max = 400;

/* Bytes of values at which those that are not needed are freed: they stay in the cache. */
static const size_t values_max = (size_t)256 << 10;

/* --- comparing --- */

struct comparison {
    struct fm_judge *judge;
    const fm_value *variables;          /* of the state */
    const struct fm_shown *shown, *end; /* by the node that is compared; behind the last one */
    fm_value observed;                  /* of it, a record */
    struct difference found;
    struct fm_text lines;
    struct question question;
    uint32_t fields; /* compared, of this node */
};

static const char *text_of(struct fm_judge *judge, fm_value value)
{
    struct fm_text text = {0};
    fm_value_print(judge->ops->context(judge->engine), value, &text);
    size_t length = text.length < value_max ? text.length : value_max;
    const char *copy = fm_arena_printf(&judge->arena, "%.*s%s", (int)length, fm_text_string(&text),
                                       text.length > length ? "..." : "");
    fm_text_deinit(&text);
    return copy;
}

static void note_difference(struct comparison *comparison, int64_t node, const char *field,
                            fm_value shown, fm_value expected)
{
    struct fm_judge *judge = comparison->judge;
    struct difference *found = &comparison->found;
    if (found->count++ == 0) {
        found->node = node;
        found->field = field;
        found->shown = text_of(judge, shown);
        found->expected = text_of(judge, expected);
    }
    fm_text_printf(&comparison->lines, "  node %lld: %s is %s, in the model %s\n", (long long)node,
                   field, text_of(judge, shown), text_of(judge, expected));
}

static void compare_node(struct fm_engine *engine, void *closure)
{
    struct comparison *comparison = closure;
    struct fm_value_context *context = comparison->judge->ops->context(engine);
    const struct fm_shown *shown = comparison->shown;
    uint32_t count;
    const fm_value *names = fm_set_elements(context, fm_fcn_domain(context, shown->record), &count);
    comparison->fields = 0;
    for (uint32_t i = 0; i < count; i++) {
        fm_value wanted = fm_fcn_lookup(context, comparison->observed, names[i]);
        if (fm_is_none(wanted)) {
            continue;
        }
        comparison->fields++;
        fm_value is = fm_fcn_apply(context, shown->record, names[i]);
        if (!fm_value_equal(context, is, wanted)) {
            note_difference(comparison, shown->node, fm_value_symbol(names[i])->text, is, wanted);
        }
    }
}

void fm_judge_note_error(struct fm_judge *judge, const struct fm_failure *failure)
{
    struct fm_place place = fm_source_place(judge->mapping->session->sources, failure->span);
    judge->verdict = FM_JUDGED_ERROR;
    judge->stopped = true;
    judge->reason = place.path == NULL ? fm_arena_printf(&judge->arena, "%s", failure->message)
                                       : fm_arena_printf(&judge->arena, "%s:%u: %s", place.path,
                                                         place.line, failure->message);
}

/* Runs what asks the memory, unless the judge has none; false, and the judging is stopped, after an
 * error. */
static bool guard(struct fm_judge *judge, void (*ask)(struct fm_engine *, void *), void *closure)
{
    if (!judge->mapping->careful && !fm_eval_guard(judge->engine, ask, closure)) {
        fm_judge_note_error(judge, judge->ops->failure(judge->engine));
        return false;
    }
    return true;
}

/* Goes on to the next node that is not known to agree. */
static void skip_agreed(struct fm_engine *engine, void *closure)
{
    struct comparison *comparison = closure;
    struct fm_judge *judge = comparison->judge;
    struct question *question = &comparison->question;
    for (; comparison->shown != comparison->end; comparison->shown++) {
        *question = (struct question){.shown = comparison->shown->record,
                                      .node = comparison->shown->node};
        if (!memory_has_agreed(&judge->memory, judge->mapping, judge->ops->context(engine),
                               comparison->variables, question)) {
            return;
        }
        judge->counts.asked++;
        judge->counts.remembered++;
        judge->counts.compared += question->fields;
    }
}

/* Evaluates and compares; false, and the judging is stopped, after an error. */
static bool compare_anew(struct comparison *comparison, const struct fm_state *state)
{
    struct fm_judge *judge = comparison->judge;
    const struct fm_model_ops *ops = judge->ops;
    struct fm_state *asked = fm_judge_state(judge, state, fm_small(comparison->shown->node));
    uint32_t found = comparison->found.count;
    comparison->observed = ops->eval(judge->engine, judge->mapping->observed, asked, NULL);
    if (fm_is_none(comparison->observed) ||
        !fm_eval_guard(judge->engine, compare_node, comparison)) {
        fm_judge_note_error(judge, ops->failure(judge->engine));
        return false;
    }
    judge->counts.asked++;
    judge->counts.compared += comparison->fields;
    comparison->question.fields = comparison->fields;
    if (comparison->found.count == found && !judge->mapping->careful) {
        memory_keep(&judge->memory, &comparison->question);
    }
    return true;
}

/* Whether the nodes show what the state says; false, and the judging is stopped, after an error. */
static bool agrees(struct fm_judge *judge, const struct fm_state *state)
{
    const struct fm_judge_event *event = judge->event;
    struct comparison comparison = {.judge = judge,
                                    .variables = judge->ops->values(judge->engine, state),
                                    .shown = event->shown,
                                    .end = event->shown + event->shown_count};
    while (guard(judge, skip_agreed, &comparison) && comparison.shown != comparison.end &&
           compare_anew(&comparison, state)) {
        comparison.shown++;
    }
    if (!judge->stopped && comparison.found.count != 0 &&
        (judge->nearest.count == 0 || comparison.found.count < judge->nearest.count)) {
        judge->nearest = comparison.found;
        judge->nearest.all = fm_arena_strndup(&judge->arena, fm_text_string(&comparison.lines),
                                              comparison.lines.length);
    }
    fm_text_deinit(&comparison.lines);
    return !judge->stopped && comparison.found.count == 0;
}

/* --- invariants --- */

struct asking {
    struct fm_judge *judge;
    struct fm_state *state;
    struct question question;
    uint32_t invariant, end;
};

/* Goes on to the next invariant that is not known to be true. */
static void skip_true(struct fm_engine *engine, void *closure)
{
    struct asking *asking = closure;
    struct fm_judge *judge = asking->judge;
    const fm_value *variables = judge->ops->values(engine, asking->state);
    for (; asking->invariant < asking->end; asking->invariant++) {
        if (!memory_holds(&judge->memory, judge->mapping, judge->ops->context(engine), variables,
                          asking->invariant, &asking->question)) {
            return;
        }
        judge->counts.asked++;
        judge->counts.remembered++;
    }
}

static bool is_true(struct asking *asking)
{
    struct fm_judge *judge = asking->judge;
    judge->counts.asked++;
    switch (judge->ops->check(judge->engine, FM_FORMULA_INVARIANT, asking->invariant, asking->state,
                              NULL)) {
    case FM_VERDICT_TRUE:
        if (!judge->mapping->careful) {
            memory_keep(&judge->memory, &asking->question);
        }
        return true;
    case FM_VERDICT_FALSE:
        judge->invariant = asking->invariant;
        break;
    case FM_VERDICT_FAILURE:
        fm_judge_note_error(judge, judge->ops->failure(judge->engine));
        break;
    }
    return false;
}

/* In order, up to the first that is not true. */
static bool satisfies_all(struct fm_judge *judge, struct fm_state *state)
{
    struct asking asking = {
        .judge = judge, .state = state, .end = judge->mapping->program->invariant_count};
    while (guard(judge, skip_true, &asking) && asking.invariant < asking.end && is_true(&asking)) {
        asking.invariant++;
    }
    return !judge->stopped && asking.invariant == asking.end;
}

/* --- keeping --- */

/* Unless it is there already. */
static void keep(struct fm_judge *judge, struct fm_state *state, struct fm_digest digest)
{
    if (candidates_have(judge->into, digest)) {
        return;
    }
    if (judge->into->digests.count == FM_CANDIDATES_MAX) {
        judge->verdict = FM_JUDGED_INCONCLUSIVE;
        judge->stopped = true;
        return;
    }
    candidates_add(judge->into, state, digest);
    fm_eval_keep(judge->engine);
}

/* Whether the state was kept, or one equal to it. */
static bool take_state(struct fm_judge *judge, struct fm_state *state, struct fm_digest digest)
{
    judge->reached = true;
    if (judge->compares) {
        if (!agrees(judge, state)) {
            return false;
        }
        judge->agreed = true;
        if (!satisfies_all(judge, state)) {
            return false;
        }
    }
    keep(judge, state, digest);
    return true;
}

static bool take(struct fm_sink *sink, struct fm_batch *batch)
{
    struct fm_judge *judge = (struct fm_judge *)(void *)((char *)sink -
                                                         offsetof(struct fm_judge, sink));
    for (uint32_t i = 0; i < batch->count && !judge->stopped; i++) {
        if (batch->items[i].state == NULL) {
            fm_judge_note_error(judge, batch->items[i].failure);
        } else if (take_state(judge, batch->items[i].state, batch->items[i].own) &&
                   batch->items[i].action != FM_ACTION_INITIAL && !judge->trying) {
            judge->steps[batch->items[i].action]++;
        }
    }
    return !judge->stopped;
}

/* --- steps --- */

struct fm_state *fm_judge_state(struct fm_judge *judge, const struct fm_state *candidate,
                                fm_value event)
{
    const struct fm_model_ops *ops = judge->ops;
    memcpy(judge->variables, ops->values(judge->engine, candidate),
           judge->mapping->model->variable_count * sizeof *judge->variables);
    judge->variables[judge->mapping->event_variable] = event;
    struct fm_state *state = ops->from_values(judge->engine, judge->variables);
    ops->place(judge->engine, state, 1, FM_ACTION_INITIAL);
    return state;
}

/* The successors of all states of the set by actions first .. end - 1. */
static void step(struct fm_judge *judge, const struct candidates *from, uint32_t first,
                 uint32_t end)
{
    for (uint32_t i = 0; i < from->states.count && !judge->stopped; i++) {
        struct fm_state *state = fm_judge_state(judge, from->states.at[i], judge->record);
        if (first == 0 && end == judge->mapping->model->action_count) {
            judge->ops->successors(judge->engine, state, 1, &judge->sink);
            continue;
        }
        for (uint32_t action = first; action < end && !judge->stopped; action++) {
            judge->ops->apply(judge->engine, action, state, &judge->sink);
        }
    }
}

static void step_event(struct fm_judge *judge, const struct candidates *from)
{
    judge->compares = true;
    judge->into = &judge->next;
    step(judge, from, 0, judge->mapping->event_actions);
}

/* Event after one hidden step, after two ... */
static void step_hidden(struct fm_judge *judge)
{
    struct candidates from = {0};
    const struct candidates *last = &judge->now;
    for (uint32_t i = 0; i < judge->mapping->hidden_bound && !judge->stopped; i++) {
        candidates_clear(&judge->hidden);
        judge->compares = false;
        judge->into = &judge->hidden;
        step(judge, last, judge->mapping->event_actions, judge->mapping->model->action_count);
        struct candidates swap = from;
        from = judge->hidden;
        judge->hidden = swap;
        last = &from;
        step_event(judge, last);
        if (judge->next.states.count != 0) {
            judge->counts.hidden++;
            break;
        }
    }
    candidates_deinit(&from);
}

bool fm_judge_ignores(const struct fm_judge *judge, const struct fm_judge_event *event)
{
    for (uint32_t i = 0; i < event->count; i++) {
        if (strcmp(event->names[i]->text, "ev") != 0) {
            continue;
        }
        for (uint32_t j = 0; j < judge->mapping->ignored_count; j++) {
            if (fm_value_symbol(event->values[i]) == judge->mapping->ignored[j]) {
                return true;
            }
        }
    }
    return false;
}

/* An event that is no step: the candidates stay, as far as the nodes agree. */
static void stay(struct fm_judge *judge)
{
    judge->counts.ignored++;
    judge->compares = true;
    judge->into = &judge->next;
    for (uint32_t i = 0; i < judge->now.states.count && !judge->stopped; i++) {
        struct fm_state *state = fm_judge_state(judge, judge->now.states.at[i], judge->record);
        (void)take_state(judge, state, judge->now.digests.at[i]);
    }
}

/* --- verdicts --- */

static void swap_candidates(struct fm_judge *judge)
{
    struct candidates swap = judge->now;
    judge->now = judge->next;
    judge->next = swap;
}

static enum fm_judged conclude(struct fm_judge *judge)
{
    uint32_t count = judge->next.states.count;
    if (!judge->stopped && count != 0) {
        swap_candidates(judge);
        judge->counts.candidates += count;
        if (count > judge->counts.candidates_max) {
            judge->counts.candidates_max = count;
        }
        return FM_JUDGED_FINE;
    }
    if (!judge->stopped) {
        judge->verdict = !judge->reached  ? FM_JUDGED_IMPOSSIBLE
                         : !judge->agreed ? FM_JUDGED_DIFFERS
                                          : FM_JUDGED_INVARIANT;
    }
    fm_judge_give_reason(judge);
    return judge->verdict;
}

struct making {
    struct fm_judge *judge;
    fm_value made;
};

/* The event as a record, with the set of the nodes that are shown. */
static void make_record(struct fm_engine *engine, void *closure)
{
    struct making *making = closure;
    const struct fm_judge *judge = making->judge;
    const struct fm_judge_event *event = judge->event;
    struct fm_value_context *context = judge->ops->context(engine);
    const struct fm_symbol **names = fm_arena_alloc(context->arena,
                                                    (event->count + 1) * sizeof *names);
    fm_value *values = fm_arena_alloc(context->arena, (event->count + 1) * sizeof *values);
    fm_value *nodes = fm_arena_alloc(context->arena, (event->shown_count + 1) * sizeof *nodes);
    for (uint32_t i = 0; i < event->shown_count; i++) {
        nodes[i] = fm_int(context, event->shown[i].node);
    }
    memcpy(names, event->names, event->count * sizeof *names);
    memcpy(values, event->values, event->count * sizeof *values);
    names[event->count] = fm_symbol_intern(context->symbols, "up", 2);
    values[event->count] = fm_set(context, nodes, event->shown_count);
    making->made = fm_record(context, names, values, event->count + 1);
}

static void forget(struct fm_judge *judge)
{
    judge->reached = false;
    judge->agreed = false;
    judge->stopped = false;
    judge->nearest = (struct difference){0};
    candidates_clear(&judge->next);
}

enum fm_judged fm_judge_event(struct fm_judge *judge, const struct fm_judge_event *event)
{
    struct making making = {judge, fm_none()};
    judge->event = event;
    judge->counts.events++;
    forget(judge);
    if (!fm_eval_guard(judge->engine, make_record, &making)) {
        fm_judge_note_error(judge, judge->ops->failure(judge->engine));
        return conclude(judge);
    }
    judge->record = making.made;
    if (fm_judge_ignores(judge, event)) {
        stay(judge);
        return conclude(judge);
    }
    step_event(judge, &judge->now);
    if (!judge->stopped && judge->next.states.count == 0) {
        step_hidden(judge);
    }
    return conclude(judge);
}

enum fm_judged fm_judge_try(struct fm_judge *judge, const struct fm_judge_event *event)
{
    struct candidates now = {0};
    struct fm_judge_counts counts = judge->counts;
    candidates_copy(&now, &judge->now);
    judge->trying = true;
    enum fm_judged verdict = fm_judge_event(judge, event);
    judge->trying = false;
    candidates_deinit(&judge->now);
    judge->now = now;
    judge->counts = counts;
    judge->verdict = FM_JUDGED_FINE;
    judge->reason = NULL;
    return verdict;
}

/* --- lifecycle --- */

void fm_judge_counts_add(struct fm_judge_counts *sum, const struct fm_judge_counts *part)
{
    sum->asked += part->asked;
    sum->remembered += part->remembered;
    sum->events += part->events;
    sum->ignored += part->ignored;
    sum->candidates += part->candidates;
    sum->compared += part->compared;
    sum->hidden += part->hidden;
    if (part->candidates_max > sum->candidates_max) {
        sum->candidates_max = part->candidates_max;
    }
}

struct fm_judge *fm_judge_new(struct fm_mapping *mapping)
{
    struct fm_judge *judge = fm_memory_calloc(1, sizeof *judge);
    judge->mapping = mapping;
    judge->ops = mapping->model->ops;
    judge->engine = judge->ops->open(mapping->model);
    judge->sink.take = take;
    judge->variables = fm_memory_calloc(mapping->model->variable_count + 1,
                                        sizeof *judge->variables);
    judge->steps = fm_memory_calloc(mapping->model->action_count + 1, sizeof *judge->steps);
    fm_arena_init(&judge->arena, "judge");
    memory_init(&judge->memory, mapping);
    return judge;
}

void fm_judge_free(struct fm_judge *judge)
{
    if (judge == NULL) {
        return;
    }
    judge->ops->close(judge->engine);
    candidates_deinit(&judge->now);
    candidates_deinit(&judge->next);
    candidates_deinit(&judge->hidden);
    memory_deinit(&judge->memory);
    fm_text_deinit(&judge->encoded);
    fm_arena_deinit(&judge->arena);
    fm_memory_free(judge->variables);
    fm_memory_free(judge->steps);
    fm_memory_free(judge);
}

enum fm_judged fm_judge_begin(struct fm_judge *judge)
{
    static const struct fm_judge_event beginning = {.name = "the beginning"};
    fm_arena_reset(&judge->arena);
    judge->reason = NULL;
    judge->explanation = NULL;
    judge->verdict = FM_JUDGED_FINE;
    judge->event = &beginning;
    judge->record = fm_small(0);
    candidates_clear(&judge->now);
    fm_judge_ready(judge);
    forget(judge);
    judge->compares = false;
    judge->into = &judge->next;
    judge->ops->initial(judge->engine, &judge->sink);
    if (!judge->stopped && judge->next.states.count == 0) {
        judge->stopped = true;
        judge->verdict = FM_JUDGED_ERROR;
        judge->reason = "the specification has no initial state";
    }
    if (judge->stopped) {
        fm_judge_give_reason(judge);
        return judge->verdict;
    }
    swap_candidates(judge);
    return FM_JUDGED_FINE;
}

/* Frees all values but the candidates, which become new ones. */
static void free_values(struct fm_judge *judge)
{
    const struct fm_model_ops *ops = judge->ops;
    struct candidates *now = &judge->now;
    size_t offsets[FM_CANDIDATES_MAX];
    fm_text_clear(&judge->encoded);
    for (uint32_t i = 0; i < now->states.count; i++) {
        offsets[i] = judge->encoded.length;
        ops->encode(judge->engine, fm_judge_state(judge, now->states.at[i], fm_small(0)),
                    &judge->encoded);
    }
    ops->reset(judge->engine);
    for (uint32_t i = 0; i < now->states.count; i++) {
        const char *bytes = judge->encoded.at + offsets[i];
        now->states.at[i] = ops->decode(judge->engine, (const uint8_t *)bytes);
    }
    judge->mark = fm_arena_mark(ops->context(judge->engine)->arena);
    judge->generation++;
    memory_forget_values(&judge->memory);
}

void fm_judge_ready(struct fm_judge *judge)
{
    const struct fm_arena *arena = judge->ops->context(judge->engine)->arena;
    bool is_full = arena->chunk != judge->mark.chunk ||
                   (size_t)(arena->next - judge->mark.next) > values_max;
    if (is_full || judge->mapping->careful) {
        free_values(judge);
    }
}

uint64_t fm_judge_generation(const struct fm_judge *judge)
{
    return judge->generation;
}

struct fm_value_context *fm_judge_values(struct fm_judge *judge)
{
    return judge->ops->context(judge->engine);
}

struct fm_symbols *fm_judge_symbols(struct fm_judge *judge)
{
    return judge->mapping->session->symbols;
}

const char *fm_judge_reason(const struct fm_judge *judge)
{
    return judge->reason == NULL ? "" : judge->reason;
}

const struct fm_judge_counts *fm_judge_totals(const struct fm_judge *judge)
{
    return &judge->counts;
}

const uint64_t *fm_judge_steps(const struct fm_judge *judge)
{
    return judge->steps;
}
