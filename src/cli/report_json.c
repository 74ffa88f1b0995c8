/* The result for machines. One object on one line; docs/formats.md has the schema, with an example.
 *
 * Names follow the text report's words. Numbers are numbers, also above 2^53 (readers that need
 * exactness there read them as such); values of variables are what TLC's Json module makes of them,
 * and beside each stands its TLA+ text, which loses nothing. The trace file of -dumpTrace is TLC's
 * own format, byte for byte where TLC's order of keys is fixed: `action` before `state`, variables
 * in the order in which TLC interned their names. */
#include "cli/report.h"
#include "cli/simulate.h"

#include "store/links.h"
#include "store/table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void add_string(struct fm_text *out, const char *text)
{
    fm_text_json_string(out, text, strlen(text));
}

/* `,"key":` or `"key":` after an opening brace. */
static void add_key(struct fm_text *out, const char *key)
{
    if (out->length > 0 && out->at[out->length - 1] != '{') {
        fm_text_putc(out, ',');
    }
    fm_text_printf(out, "\"%s\":", key);
}

static void add_text(struct fm_text *out, const char *key, const char *text)
{
    add_key(out, key);
    if (text == NULL) {
        fm_text_puts(out, "null");
    } else {
        add_string(out, text);
    }
}

static void add_count(struct fm_text *out, const char *key, uint64_t count)
{
    add_key(out, key);
    fm_text_printf(out, "%" PRIu64, count);
}

static void add_real(struct fm_text *out, const char *key, double real)
{
    add_key(out, key);
    fm_text_printf(out, "%.6g", real);
}

static void add_bool(struct fm_text *out, const char *key, bool value)
{
    add_key(out, key);
    fm_text_puts(out, value ? "true" : "false");
}

static void add_comma(struct fm_text *out, uint32_t i)
{
    if (i > 0) {
        fm_text_putc(out, ',');
    }
}

static void add_place(const struct fm_report *report, const char *key, struct fm_span span,
                      struct fm_text *out)
{
    struct fm_place place = fm_source_place(fm_diags_sources(report->diags), span);
    if (place.path == NULL) {
        return;
    }
    add_key(out, key);
    fm_text_putc(out, '{');
    add_text(out, "path", place.path);
    add_count(out, "line", place.line);
    add_count(out, "column", place.column);
    add_count(out, "end_line", place.end_line);
    add_count(out, "end_column", place.end_column);
    fm_text_putc(out, '}');
}

/* --- states and actions --- */

struct name_order {
    uint32_t rank;
    uint32_t index;
};

static int compare_ranks(const void *a, const void *b)
{
    uint32_t first = ((const struct name_order *)a)->rank;
    uint32_t second = ((const struct name_order *)b)->rank;
    return first < second ? -1 : first > second;
}

/* {"x":0,"y":[]}: in the order of names in TLC's records, which is that of interning. */
void fm_report_json_values(const struct fm_report *report, const struct fm_trace_state *state,
                           struct fm_text *out)
{
    struct fm_symbols *symbols = report->program->symbols;
    struct name_order *order = fm_memory_alloc((state->variable_count + 1) * sizeof *order);
    for (uint32_t i = 0; i < state->variable_count; i++) {
        const struct fm_symbol *symbol = fm_symbol_of(symbols, state->names[i]);
        order[i] = (struct name_order){fm_symbol_rank(symbols, symbol), i};
    }
    qsort(order, state->variable_count, sizeof *order, compare_ranks);
    fm_text_putc(out, '{');
    for (uint32_t i = 0; i < state->variable_count; i++) {
        add_comma(out, i);
        add_string(out, state->names[order[i].index]);
        fm_text_printf(out, ":%s", state->json[order[i].index]);
    }
    fm_text_putc(out, '}');
    fm_memory_free(order);
}

static void add_arguments(const struct fm_trace_state *state, struct fm_text *out)
{
    const struct fm_action *action = state->action;
    add_key(out, "context");
    fm_text_putc(out, '{');
    for (uint32_t i = 0; i < action->argument_count; i++) {
        add_comma(out, i);
        add_string(out, action->argument_names[i]->text);
        fm_text_printf(out, ":%s", state->arguments_json[i]);
    }
    fm_text_putc(out, '}');
    add_key(out, "parameters");
    fm_text_putc(out, '[');
    for (uint32_t i = 0; i < action->argument_count; i++) {
        add_comma(out, i);
        add_string(out, action->argument_names[i]->text);
    }
    fm_text_putc(out, ']');
}

const char *fm_report_action_name(const struct fm_action *action)
{
    bool is_label = action->name == NULL ||
                    (strcmp(action->name->text, "Action") == 0 &&
                     (action->def == NULL || action->def->name != action->name));
    return is_label ? FM_REPORT_UNNAMED : action->name->text;
}

void fm_report_json_action(const struct fm_report *report, const struct fm_trace_state *state,
                           struct fm_text *out)
{
    const struct fm_action *action = state->action;
    struct fm_place place = fm_source_place(fm_diags_sources(report->diags), action->span);
    fm_text_putc(out, '{');
    add_text(out, "name", fm_report_action_name(action));
    add_key(out, "location");
    fm_text_putc(out, '{');
    add_count(out, "beginLine", place.line);
    add_count(out, "beginColumn", place.column);
    add_count(out, "endLine", place.end_line);
    add_count(out, "endColumn", place.end_column);
    add_text(out, "module", action->module == NULL ? "" : action->module->text);
    fm_text_putc(out, '}');
    if (action->argument_count > 0) {
        add_arguments(state, out);
    }
    fm_text_putc(out, '}');
}

/* --- problems --- */

static const char *problem_name(enum fm_problem_kind kind)
{
    switch (kind) {
    case FM_PROBLEM_ASSUMPTION:
        return "assumption";
    case FM_PROBLEM_ASSUMPTION_FAILED:
        return "assumption_evaluation";
    case FM_PROBLEM_INITIAL_FAILED:
    case FM_PROBLEM_INITIAL_INCOMPLETE:
        return "init_evaluation";
    case FM_PROBLEM_INITIAL_INVARIANT:
    case FM_PROBLEM_INVARIANT:
        return "invariant";
    case FM_PROBLEM_INITIAL_INVARIANT_FAILED:
    case FM_PROBLEM_INVARIANT_FAILED:
        return "invariant_evaluation";
    case FM_PROBLEM_INITIAL_PROPERTY:
        return "init_property";
    case FM_PROBLEM_INITIAL_PROPERTY_FAILED:
        return "init_property_evaluation";
    case FM_PROBLEM_NEXT_FAILED:
        return "next_evaluation";
    case FM_PROBLEM_NEXT_ASSERT:
        return "assert";
    case FM_PROBLEM_ACTION_PROPERTY:
        return "action_property";
    case FM_PROBLEM_ACTION_PROPERTY_FAILED:
        return "action_property_evaluation";
    case FM_PROBLEM_TEMPORAL:
        return "temporal";
    case FM_PROBLEM_TEMPORAL_FAILED:
        return "temporal_evaluation";
    case FM_PROBLEM_TEMPORAL_UNCONFIRMED:
        return "temporal_unconfirmed";
    case FM_PROBLEM_DEADLOCK:
        return "deadlock";
    case FM_PROBLEM_NO_INITIAL:
    case FM_PROBLEM_NO_INITIAL_IN_MODEL:
        return "no_initial_state";
    case FM_PROBLEM_NO_NEXT:
        return "no_next";
    case FM_PROBLEM_POSTCONDITION:
        return "postcondition";
    case FM_PROBLEM_POSTCONDITION_FAILED:
        return "postcondition_evaluation";
    }
    return "";
}

/* How the variables changed, where it is known: {"client":"[c1].phase was \"idle\""}. */
static void add_differences(const struct fm_trace_state *state, struct fm_text *out)
{
    uint32_t shown = 0;
    add_key(out, "differences");
    fm_text_putc(out, '{');
    for (uint32_t i = 0; state->differences != NULL && i < state->variable_count; i++) {
        if (state->differences[i] != NULL) {
            add_comma(out, shown++);
            add_string(out, state->names[i]);
            fm_text_putc(out, ':');
            add_string(out, state->differences[i]);
        }
    }
    fm_text_putc(out, '}');
}

static void add_state(const struct fm_report *report, const struct fm_trace_state *state,
                      struct fm_text *out)
{
    fm_text_putc(out, '{');
    add_text(out, "label", state->label);
    if (state->action != NULL) {
        add_key(out, "action");
        fm_report_json_action(report, state, out);
    }
    add_key(out, "values");
    fm_report_json_values(report, state, out);
    add_key(out, "text");
    fm_text_putc(out, '{');
    for (uint32_t i = 0; i < state->variable_count; i++) {
        add_comma(out, i);
        add_string(out, state->names[i]);
        fm_text_putc(out, ':');
        add_string(out, state->values[i]);
    }
    fm_text_putc(out, '}');
    add_differences(state, out);
    add_key(out, "changed");
    fm_text_putc(out, '[');
    uint32_t shown = 0;
    for (uint32_t i = 0; i < state->variable_count; i++) {
        if (state->changed[i]) {
            add_comma(out, shown++);
            add_string(out, state->names[i]);
        }
    }
    fm_text_puts(out, "]}");
}

static void add_trace(const struct fm_report *report, const struct fm_trace *trace,
                      struct fm_text *out)
{
    add_key(out, "trace");
    fm_text_putc(out, '{');
    add_bool(out, "executed", trace->executed);
    if (trace->note != NULL) {
        add_text(out, "note", trace->note);
    }
    add_key(out, "states");
    fm_text_putc(out, '[');
    for (uint32_t i = 0; i < trace->count; i++) {
        add_comma(out, i);
        add_state(report, &trace->states[i], out);
    }
    fm_text_puts(out, "]}");
}

/* Adds to an object that is open. */
static void add_explained(const struct fm_report *report, const struct fm_explanation *explanation,
                          struct fm_text *out)
{
    add_text(out, "text", explanation->text);
    add_place(report, "location", explanation->span, out);
    add_key(out, "terms");
    fm_text_putc(out, '[');
    for (uint32_t i = 0; i < explanation->term_count; i++) {
        add_comma(out, i);
        fm_text_putc(out, '{');
        add_text(out, "text", explanation->terms[i].text);
        add_text(out, "value", explanation->terms[i].value);
        fm_text_putc(out, '}');
    }
    fm_text_putc(out, ']');
}

static void add_explanation(const struct fm_report *report,
                            const struct fm_explanation *explanation, struct fm_text *out)
{
    add_key(out, "explanation");
    fm_text_putc(out, '{');
    add_explained(report, explanation, out);
    fm_text_putc(out, '}');
}

static void add_disabled(const struct fm_report *report, const struct fm_problem *problem,
                         struct fm_text *out)
{
    add_key(out, "disabled");
    fm_text_putc(out, '[');
    for (uint32_t i = 0; i < problem->disabled_count; i++) {
        add_comma(out, i);
        fm_text_putc(out, '{');
        add_text(out, "action", problem->disabled[i].label);
        add_explained(report, problem->disabled[i].explanation, out);
        fm_text_putc(out, '}');
    }
    fm_text_putc(out, ']');
}

static void add_failure(const struct fm_report *report, const struct fm_failure_report *failure,
                        struct fm_text *out)
{
    add_key(out, "failure");
    fm_text_putc(out, '{');
    add_key(out, "code");
    fm_text_printf(out, "\"FM%d\"", (int)failure->code);
    add_text(out, "message", failure->message);
    if (failure->judged != NULL) {
        add_text(out, "evaluating", failure->judged);
    }
    add_place(report, "location", failure->span, out);
    add_key(out, "stack");
    fm_text_putc(out, '[');
    for (uint32_t i = 0; i < failure->stack_count; i++) {
        const struct fm_frame_place *frame = &failure->stack[i];
        add_comma(out, i);
        fm_text_putc(out, '{');
        add_text(out, "operator", frame->name == NULL ? "" : frame->name->text);
        add_place(report, "location", frame->span, out);
        fm_text_putc(out, '}');
    }
    fm_text_puts(out, "]}");
}

static void add_problem(const struct fm_report *report, const struct fm_problem *problem,
                        struct fm_text *out)
{
    fm_text_putc(out, '{');
    add_text(out, "kind", problem_name(problem->kind));
    add_count(out, "tlc_code", fm_problem_code(problem->kind));
    add_count(out, "exit_status", (uint64_t)fm_problem_exit_status(problem));
    add_text(out, "name", problem->name);
    add_place(report, "location", problem->span, out);
    if (problem->explanation != NULL) {
        add_explanation(report, problem->explanation, out);
    }
    if (problem->disabled_count > 0) {
        add_disabled(report, problem, out);
    }
    if (problem->failure != NULL) {
        add_failure(report, problem->failure, out);
    }
    if (problem->kind == FM_PROBLEM_TEMPORAL) {
        fm_report_temporal_problem_json(problem, out);
    }
    if (problem->trace != NULL) {
        add_trace(report, problem->trace, out);
    }
    fm_text_putc(out, '}');
}

/* --- the whole --- */

static const char *end_name(enum fm_check_end end)
{
    switch (end) {
    case FM_CHECK_COMPLETE:
        return "complete";
    case FM_CHECK_PROBLEM:
        return "problem";
    case FM_CHECK_DEPTH:
        return "depth";
    case FM_CHECK_EXIT:
        return "exit";
    case FM_CHECK_INTERRUPTED:
        return "interrupted";
    case FM_CHECK_MEMORY:
        return "memory";
    }
    return "";
}

static const char *verdict_name(const struct fm_report *report)
{
    const struct fm_check_result *result = report->result;
    if (result == NULL) {
        return "unreadable";
    }
    if (result->problem_count > 0) {
        return "violated";
    }
    if (result->end == FM_CHECK_INTERRUPTED || result->end == FM_CHECK_MEMORY) {
        return "unfinished";
    }
    return fm_report_temporal_is_missing(report) ? "safety_only" : "ok";
}

static void add_memory(const struct fm_check_result *result, struct fm_text *out)
{
    const struct fm_check_memory *memory = &result->memory;
    uint64_t distinct = result->counts.distinct;
    add_key(out, "memory");
    fm_text_putc(out, '{');
    add_count(out, "resident_begin", memory->resident_begin);
    add_count(out, "resident_max", memory->resident_max);
    add_count(out, "own_max", memory->own_max);
    add_real(out, "state_bytes_mean",
             distinct == 0 ? 0 : (double)memory->encoded_bytes / (double)distinct);
    add_count(out, "table_bytes_per_state", FM_TABLE_ENTRY_SIZE);
    add_count(out, "link_bytes_per_state", FM_LINK_SIZE);
    add_count(out, "table_max", memory->table_bytes_max);
    add_count(out, "queue_max", memory->queue_bytes_max);
    add_count(out, "links_max", memory->links_bytes_max);
    add_count(out, "noted_max", memory->noted_bytes_max);
    fm_text_putc(out, '}');
}

static void add_action_counts(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_simulation *simulation = report->result->simulation;
    add_key(out, "actions");
    fm_text_putc(out, '[');
    for (uint32_t i = 0; i < report->result->action_count; i++) {
        const struct fm_action *action = &report->result->action_table[i];
        add_comma(out, i);
        fm_text_putc(out, '{');
        add_text(out, "name", action->name == NULL ? "Action" : action->name->text);
        add_place(report, "location", action->span, out);
        add_count(out, "generated", report->result->actions[i].generated);
        if (simulation != NULL) {
            add_count(out, "in_model", report->result->actions[i].distinct);
            add_count(out, "taken", simulation->taken[i]);
        } else {
            add_count(out, "distinct", report->result->actions[i].distinct);
        }
        fm_text_putc(out, '}');
    }
    fm_text_putc(out, ']');
}

/* Unseen successors of the states that were expanded. */
static void add_outdegree(const struct fm_check_counts *counts, struct fm_text *out)
{
    add_key(out, "outdegree");
    fm_text_putc(out, '{');
    add_count(out, "min", counts->outdegree_min);
    add_count(out, "max", counts->outdegree_max);
    add_count(out, "p95", counts->outdegree_p95);
    add_real(out, "mean", counts->outdegree_mean);
    fm_text_putc(out, '}');
}

static void add_reproducible(const struct fm_check_result *result, struct fm_text *out)
{
    add_bool(out, "reproducible", result->ordered);
    if (!result->ordered) {
        add_text(out, "not_reproducible_because", fm_report_impurity(result->impurity));
    }
}

static void add_simulation(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_check_result *result = report->result;
    add_count(out, "initial_generated", result->counts.initial_generated);
    add_count(out, "initial_kept", result->counts.initial_distinct);
    add_key(out, "simulation");
    fm_report_simulation_json(report, out);
    add_reproducible(result, out);
    add_action_counts(report, out);
}

static void add_counts(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_check_result *result = report->result;
    const struct fm_check_counts *counts = &result->counts;
    add_text(out, "end", end_name(result->end));
    add_bool(out, "complete", result->end == FM_CHECK_COMPLETE);
    add_count(out, "generated", counts->generated);
    if (result->simulation != NULL) {
        add_simulation(report, out);
        return;
    }
    add_count(out, "distinct", counts->distinct);
    add_count(out, "queue", counts->queue);
    add_count(out, "depth", counts->depth);
    add_count(out, "initial_generated", counts->initial_generated);
    add_count(out, "initial_distinct", counts->initial_distinct);
    add_outdegree(counts, out);
    add_real(out, "collision_probability", result->collision);
    add_reproducible(result, out);
    add_memory(result, out);
    fm_report_table_json(result, out);
    add_action_counts(report, out);
}

static void add_diagnostics(const struct fm_report *report, struct fm_text *out)
{
    add_key(out, "diagnostics");
    fm_text_putc(out, '[');
    for (uint32_t i = 0; i < fm_diags_count(report->diags); i++) {
        add_comma(out, i);
        fm_diag_render_json(report->diags, fm_diags_at(report->diags, i), out);
    }
    fm_text_putc(out, ']');
}

void fm_report_json(const struct fm_report *report, struct fm_text *out)
{
    fm_text_putc(out, '{');
    add_text(out, "fathom", FM_VERSION);
    add_text(out, "verdict", verdict_name(report));
    add_count(out, "exit_status", (uint64_t)report->exit_status);
    add_text(out, "specification", report->options->path);
    add_text(out, "configuration", report->config_path);
    add_count(out, "workers", report->options->workers);
    add_count(out, "fp", report->options->fp);
    add_key(out, "seed");
    fm_text_printf(out, "%" PRId64, report->options->seed);
    add_real(out, "seconds", report->seconds);
    if (report->result != NULL) {
        add_counts(report, out);
        add_key(out, "temporal_not_checked");
        fm_report_temporal_missing_json(report, out);
        if (report->program != NULL && report->program->temporal_count > 0) {
            add_key(out, "temporal");
            fm_report_temporal_json(report, out);
        }
        add_key(out, "native");
        fm_report_native_json(report, out);
        add_key(out, "problems");
        fm_text_putc(out, '[');
        for (uint32_t i = 0; i < report->result->problem_count; i++) {
            add_comma(out, i);
            add_problem(report, report->result->problems[i], out);
        }
        fm_text_putc(out, ']');
    }
    add_diagnostics(report, out);
    fm_text_puts(out, "}\n");
}
