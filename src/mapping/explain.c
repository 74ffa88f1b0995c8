/* Why nothing was left.
 *
 * A reason is one line without values, the same for all hits of one bug; the explanation has the
 * values. An event that no step allows is explained by the actions that Event was split into: each
 * says which conjunct is false. Most are not about this event at all, `e.ev = "timer"` being false;
 * those that tell are false in something that reads the specification's own variables. What would
 * have been allowed are the steps of the specification itself, from the first candidate. */
#include "base/map.h"
#include "eval/embed.h"
#include "mapping/state.h"
#include "semantics/walk.h"
#include "value/print.h"

#include <string.h>

/* Names of steps that would have been possible, and bytes of one variable's value. */
static const uint32_t steps_max = 40;
static const size_t variable_max = 2000;

/* --- actions that are about the event --- */

struct reading {
    uint32_t event_variable;
    struct fm_map seen; /* definitions */
};

static bool reads_specification(struct reading *reading, const struct fm_node *node);

static bool def_reads(struct reading *reading, struct fm_def *def)
{
    if (def == NULL || def->body == NULL || fm_map_has(&reading->seen, def)) {
        return false;
    }
    fm_map_put(&reading->seen, def, def);
    return reads_specification(reading, def->body);
}

struct reading_part {
    struct reading *reading;
    bool reads; /* so far */
};

static void read_part(void *closure, struct fm_node *node)
{
    struct reading_part *part = closure;
    part->reads = part->reads || reads_specification(part->reading, node);
}

static bool reads_specification(struct reading *reading, const struct fm_node *node)
{
    if (node->level == FM_LEVEL_CONSTANT && node->op != FM_OP_LOCAL && node->op != FM_OP_CALL &&
        node->count == 0) {
        return false;
    }
    struct reading_part part = {reading, false};
    switch ((int)node->op) {
    case FM_OP_VAR:
        return node->u.index != reading->event_variable;
    case FM_OP_CALL:
    case FM_OP_OPERATOR:
        part.reads = def_reads(reading, node->u.def);
        break;
    case FM_OP_LOCAL:
        part.reads = def_reads(reading, node->u.local.let);
        break;
    }
    fm_node_visit_operands(node, read_part, &part);
    return part.reads;
}

static bool tells(const struct fm_judge *judge, const struct fm_explanation *explanation)
{
    struct reading reading = {.event_variable = judge->mapping->event_variable};
    bool found = reads_specification(&reading, explanation->node);
    fm_map_deinit(&reading.seen);
    return found;
}

/* Why action number `action` does not allow the event in the first candidate; NULL when that says
 * nothing about the event. */
static const struct fm_explanation *why_not(struct fm_judge *judge, uint32_t action)
{
    struct fm_state *state = fm_judge_state(judge, judge->now.states.at[0], judge->record);
    const struct fm_explanation *explanation = judge->ops->why_not(judge->engine, action, state,
                                                                   &judge->arena);
    return explanation != NULL && tells(judge, explanation) ? explanation : NULL;
}

/* --- reasons --- */

static const char *reason_of_impossible(struct fm_judge *judge)
{
    for (uint32_t i = 0; i < judge->mapping->event_actions; i++) {
        const struct fm_explanation *explanation = why_not(judge, i);
        if (explanation != NULL) {
            return fm_arena_printf(&judge->arena, "%s: %s is false", judge->event->name,
                                   explanation->text);
        }
    }
    return fm_arena_printf(&judge->arena, "%s: no disjunct of Event is about it",
                           judge->event->name);
}

void fm_judge_give_reason(struct fm_judge *judge)
{
    const char *name = judge->event->name;
    switch (judge->verdict) {
    case FM_JUDGED_FINE:
    case FM_JUDGED_ERROR: /* has one */
        break;
    case FM_JUDGED_IMPOSSIBLE:
        judge->reason = reason_of_impossible(judge);
        break;
    case FM_JUDGED_DIFFERS:
        judge->reason = fm_arena_printf(&judge->arena, "%s: %s differs", name,
                                        judge->nearest.field);
        break;
    case FM_JUDGED_INVARIANT:
        judge->reason = fm_arena_printf(
            &judge->arena, "%s: %s is violated", name,
            judge->mapping->program->invariants[judge->invariant].name->text);
        break;
    case FM_JUDGED_INCONCLUSIVE:
        judge->reason = fm_arena_printf(&judge->arena, "%s: more than %u candidates", name,
                                        FM_CANDIDATES_MAX);
        break;
    }
}

/* --- explanations --- */

static void add_explanation(const struct fm_judge *judge, const struct fm_explanation *explanation,
                            struct fm_text *out)
{
    struct fm_place place = fm_source_place(judge->mapping->session->sources, explanation->span);
    fm_text_printf(out, "  %s:%u: %s is false\n", place.path == NULL ? "?" : place.path, place.line,
                   explanation->text);
    for (uint32_t i = 0; i < explanation->term_count; i++) {
        fm_text_printf(out, "    %s = %s\n", explanation->terms[i].text,
                       explanation->terms[i].value);
    }
}

static void explain_impossible(struct fm_judge *judge, struct fm_text *out)
{
    bool any = false;
    fm_text_printf(out, "No step of the model is %s:\n", judge->event->name);
    for (uint32_t i = 0; i < judge->mapping->event_actions; i++) {
        const struct fm_explanation *explanation = why_not(judge, i);
        if (explanation != NULL) {
            add_explanation(judge, explanation, out);
            any = true;
        }
    }
    if (!any) {
        fm_text_puts(out, "  no disjunct of Event is about it; events that are no step belong into "
                          "Ignored\n");
    }
}

struct printing {
    struct fm_judge *judge;
    fm_value value;
    struct fm_text text;
};

static void print_value(struct fm_engine *engine, void *closure)
{
    struct printing *printing = closure;
    fm_value_print(printing->judge->ops->context(engine), printing->value, &printing->text);
}

static void add_value(struct fm_judge *judge, const char *name, fm_value value, struct fm_text *out)
{
    struct printing printing = {.judge = judge, .value = value};
    if (fm_eval_guard(judge->engine, print_value, &printing)) {
        size_t length = printing.text.length < variable_max ? printing.text.length : variable_max;
        fm_text_printf(out, "  /\\ %s = %.*s%s\n", name, (int)length,
                       fm_text_string(&printing.text), printing.text.length > length ? "..." : "");
    }
    fm_text_deinit(&printing.text);
}

static void add_candidate(struct fm_judge *judge, struct fm_text *out)
{
    const struct fm_program *program = judge->mapping->program;
    fm_text_printf(out, "The model before it (candidate 1 of %u):\n", judge->now.states.count);
    struct fm_state *state = fm_judge_state(judge, judge->now.states.at[0], judge->record);
    const fm_value *values = judge->ops->values(judge->engine, state);
    for (uint32_t i = 0; i < judge->mapping->event_variable; i++) {
        add_value(judge, program->variables[i].name->text, values[i], out);
    }
}

/* Collects the names of the actions that are enabled. */
struct enabled {
    struct fm_sink sink;
    const struct fm_model *model;
    struct fm_value_context *context;
    bool *seen; /* by action */
};

static bool take_enabled(struct fm_sink *sink, struct fm_batch *batch)
{
    struct enabled *enabled = (struct enabled *)(void *)sink;
    for (uint32_t i = 0; i < batch->count; i++) {
        if (batch->items[i].state != NULL) {
            enabled->seen[batch->items[i].action] = true;
        }
    }
    return true;
}

static void add_action(struct fm_judge *judge, const struct fm_action *action, struct fm_text *out)
{
    fm_text_puts(out, action->name->text);
    for (uint32_t i = 0; i < action->argument_count; i++) {
        struct printing printing = {.judge = judge, .value = action->arguments[i]};
        if (fm_eval_guard(judge->engine, print_value, &printing)) {
            fm_text_printf(out, "%s%s", i == 0 ? "(" : ", ", fm_text_string(&printing.text));
        }
        fm_text_deinit(&printing.text);
    }
    fm_text_puts(out, action->argument_count == 0 ? "" : ")");
}

static void add_allowed(struct fm_judge *judge, struct fm_text *out)
{
    struct fm_model *model = judge->mapping->plain_model;
    if (model == NULL) {
        return;
    }
    struct fm_engine *engine = model->ops->open(model);
    struct enabled enabled = {.sink = {.take = take_enabled}, .model = model};
    enabled.seen = fm_arena_calloc(&judge->arena, model->action_count + 1, sizeof *enabled.seen);
    struct fm_state *before = fm_judge_state(judge, judge->now.states.at[0], judge->record);
    struct fm_state *state = model->ops->from_values(engine,
                                                     judge->ops->values(judge->engine, before));
    model->ops->successors(engine, state, 1, &enabled.sink);
    uint32_t count = 0;
    for (uint32_t i = 0; i < model->action_count; i++) {
        if (!enabled.seen[i]) {
            continue;
        }
        if (count < steps_max) {
            fm_text_puts(out, count == 0 ? "Steps that were possible: " : ", ");
            add_action(judge, &model->actions[i], out);
        }
        count++;
    }
    fm_text_printf(out, "%s", count > steps_max ? ", ...\n" : count > 0 ? "\n" : "");
    model->ops->close(engine);
}

static void explain_invariant(struct fm_judge *judge, struct fm_text *out)
{
    fm_text_printf(
        out, "Every state of the model after %s that the nodes agree with violates %s.\n",
        judge->event->name, judge->mapping->program->invariants[judge->invariant].name->text);
}

const char *fm_judge_explanation(struct fm_judge *judge)
{
    struct fm_text text = {0};
    if (judge->explanation != NULL || judge->verdict == FM_JUDGED_FINE) {
        return judge->explanation == NULL ? "" : judge->explanation;
    }
    switch (judge->verdict) {
    case FM_JUDGED_FINE:
    case FM_JUDGED_ERROR:
    case FM_JUDGED_INCONCLUSIVE:
        fm_text_printf(&text, "%s\n", fm_judge_reason(judge));
        break;
    case FM_JUDGED_IMPOSSIBLE:
        explain_impossible(judge, &text);
        break;
    case FM_JUDGED_DIFFERS:
        fm_text_printf(&text, "After %s the nodes show what the model does not have:\n%s",
                       judge->event->name, judge->nearest.all);
        break;
    case FM_JUDGED_INVARIANT:
        explain_invariant(judge, &text);
        break;
    }
    if (judge->now.states.count != 0) {
        add_candidate(judge, &text);
    }
    if (judge->verdict == FM_JUDGED_IMPOSSIBLE) {
        add_allowed(judge, &text);
    }
    judge->explanation = fm_arena_strndup(&judge->arena, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    return judge->explanation;
}
