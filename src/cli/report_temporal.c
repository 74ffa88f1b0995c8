/* The temporal part, in words and as JSON.
 *
 * A counterexample that never ends has its states from report_text.c and a line behind them that
 * says where it goes on. Behind that stands what TLC does not say: how the property fails, and why
 * each fairness condition holds on the cycle. The summary tells what was decided, what was left out
 * and why; TLC's sentences are TLC's (messages.def). */
#include "cli/message.h"
#include "cli/report.h"

#include "liveness/liveness.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct number {
    char at[32];
};

static const char *number_of(struct number *number, uint64_t count)
{
    (void)snprintf(number->at, sizeof number->at, "%" PRIu64, count);
    return number->at;
}

static const char *seconds_of(struct number *number, uint64_t ns)
{
    (void)snprintf(number->at, sizeof number->at, "%.2f", (double)ns / 1e9);
    return number->at;
}

bool fm_report_temporal_is_missing(const struct fm_report *report)
{
    const struct fm_liveness_result *temporal = report->temporal;
    if (report->program == NULL || report->program->temporal_count == 0) {
        return false;
    }
    if (temporal == NULL || !temporal->ran || temporal->undecided != NULL) {
        return true;
    }
    for (uint32_t i = 0; i < temporal->property_count; i++) {
        if (temporal->properties[i].verdict == FM_LIVENESS_UNDECIDED) {
            return true;
        }
    }
    return false;
}

bool fm_report_temporal_is_off(const struct fm_report *report)
{
    return report->temporal_why_not != NULL && report->temporal_why_not[0] == '\0';
}

static const char *why_missing(const struct fm_report *report)
{
    if (report->temporal_why_not != NULL) {
        return report->temporal_why_not;
    }
    return report->temporal == NULL || report->temporal->undecided == NULL
               ? ""
               : report->temporal->undecided;
}

/* The names of what is not decided, each once. */
static void add_missing(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_liveness_result *temporal = report->temporal;
    if (temporal == NULL) {
        fm_report_temporal_names(report, out);
        return;
    }
    const char *before = "";
    for (uint32_t i = 0; i < temporal->property_count; i++) {
        const struct fm_liveness_property *property = &temporal->properties[i];
        bool repeated = false;
        for (uint32_t j = 0; j < i; j++) {
            repeated = repeated || (strcmp(temporal->properties[j].name, property->name) == 0 &&
                                    temporal->properties[j].verdict == FM_LIVENESS_UNDECIDED);
        }
        if (property->verdict == FM_LIVENESS_UNDECIDED && !repeated) {
            fm_text_printf(out, "%s%s", before, property->name);
            before = ", ";
        }
    }
}

/* --- problems --- */

/* "P", "P and Q", "P, Q, and R": as TLC joins them. */
void fm_report_violated_names(const struct fm_problem *problem, struct fm_text *out)
{
    uint32_t count = problem->also_count;
    fm_text_puts(out, problem->name);
    for (uint32_t i = 0; i < count; i++) {
        const char *between = i + 1 < count ? ", " : count == 1 ? " and " : ", and ";
        fm_text_printf(out, "%s%s", between, problem->also[i]);
    }
}

void fm_report_temporal_headline(const struct fm_problem *problem, struct fm_text *out)
{
    struct fm_text names = {NULL, 0, 0};
    fm_report_violated_names(problem, &names);
    fm_say(out,
           problem->also_count == 0 ? FM_MESSAGE_TEMPORAL_VIOLATED
                                    : FM_MESSAGE_TEMPORAL_VIOLATED_SOME,
           fm_text_string(&names));
    fm_text_deinit(&names);
}

void fm_report_temporal_end(const struct fm_trace *trace, struct fm_text *out)
{
    struct number number;
    if (trace->closing != NULL) {
        fm_say(out, FM_MESSAGE_BACK, number_of(&number, trace->cycle + 1), trace->closing->label);
    } else {
        fm_say(out, FM_MESSAGE_STUTTERING, number_of(&number, trace->count + 1));
    }
}

/* For stuttering TLC names the action of the step before once more. */
const struct fm_trace_state *fm_report_closing(const struct fm_trace *trace)
{
    if (!trace->is_lasso) {
        return NULL;
    }
    const struct fm_trace_state *by = trace->closing != NULL ? trace->closing
                                                             : &trace->states[trace->count - 1];
    return by->action == NULL ? NULL : by;
}

void fm_report_temporal_reasons(const struct fm_problem *problem, struct fm_text *out)
{
    if (problem->failing != NULL) {
        fm_text_printf(out, "%s\n", problem->failing);
    }
    for (uint32_t i = 0; i < problem->fairness_count; i++) {
        fm_text_printf(out, "  %s\n", problem->fairness[i]);
    }
    if (problem->hint != NULL) {
        fm_text_printf(out, "  hint: %s\n", problem->hint);
    }
    fm_text_putc(out, '\n');
}

/* --- the summary --- */

static void add_part(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_liveness_result *temporal = report->temporal;
    struct fm_text bytes = {NULL, 0, 0};
    struct number states, steps, letters, fill, search, properties;
    if (temporal == NULL || !temporal->ran || report->options->terse) {
        return;
    }
    uint32_t decided = 0;
    for (uint32_t i = 0; i < temporal->property_count; i++) {
        decided += temporal->properties[i].verdict != FM_LIVENESS_UNDECIDED;
    }
    fm_report_bytes(&bytes, temporal->graph_bytes);
    fm_say(out, FM_MESSAGE_TEMPORAL_PART, number_of(&states, temporal->states),
           number_of(&steps, temporal->steps), number_of(&letters, temporal->letters),
           fm_text_string(&bytes), seconds_of(&fill, temporal->fill_ns),
           number_of(&properties, decided), decided == 1 ? "y" : "ies",
           seconds_of(&search, temporal->search_ns));
    fm_text_deinit(&bytes);
}

static void add_warnings(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_liveness_result *temporal = report->temporal;
    for (uint32_t i = 0;
         temporal != NULL && !report->options->nowarning && i < temporal->warning_count; i++) {
        fm_say(out, FM_MESSAGE_TEMPORAL_WARNING, temporal->warnings[i]);
    }
    struct number number;
    if (temporal != NULL && temporal->cut_off > 0) {
        fm_say(out, FM_MESSAGE_TEMPORAL_CUT, number_of(&number, temporal->cut_off),
               temporal->cut_off == 1 ? "" : "s");
    }
}

void fm_report_temporal(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_check_result *without = report->unsymmetric;
    struct number a, b;
    if (without != NULL) {
        fm_say(out, FM_MESSAGE_TEMPORAL_SYMMETRY, number_of(&a, without->counts.generated),
               number_of(&b, without->counts.distinct));
    }
    add_warnings(report, out);
    bool ended = report->result->end == FM_CHECK_PROBLEM || report->result->problem_count > 0;
    if (fm_report_temporal_is_missing(report)) {
        struct fm_text names = {NULL, 0, 0};
        const char *why = why_missing(report);
        add_missing(report, &names);
        fm_say(out,
               report->temporal != NULL && report->temporal->ran ? FM_MESSAGE_TEMPORAL_REST
                                                                 : FM_MESSAGE_TEMPORAL,
               fm_text_string(&names));
        if (why[0] != '\0' && !ended) {
            fm_say(out, FM_MESSAGE_TEMPORAL_WHY, why);
        }
        fm_text_deinit(&names);
    }
    add_part(report, out);
}

/* --- JSON --- */

static void add_string(struct fm_text *out, const char *text)
{
    fm_text_json_string(out, text, strlen(text));
}

static void add_strings(struct fm_text *out, const char *key, const char *const *texts,
                        uint32_t count)
{
    fm_text_printf(out, ",\"%s\":[", key);
    for (uint32_t i = 0; i < count; i++) {
        fm_text_puts(out, i == 0 ? "" : ",");
        add_string(out, texts[i]);
    }
    fm_text_putc(out, ']');
}

void fm_report_temporal_problem_json(const struct fm_problem *problem, struct fm_text *out)
{
    const struct fm_trace *trace = problem->trace;
    add_strings(out, "also", problem->also, problem->also_count);
    if (problem->failing != NULL) {
        fm_text_puts(out, ",\"failing\":");
        add_string(out, problem->failing);
    }
    add_strings(out, "fairness", problem->fairness, problem->fairness_count);
    if (problem->hint != NULL) {
        fm_text_puts(out, ",\"hint\":");
        add_string(out, problem->hint);
    }
    if (trace != NULL && trace->is_lasso) {
        fm_text_printf(out, ",\"lasso\":{\"back_to\":%u,\"stuttering\":%s", trace->cycle + 1,
                       trace->closing == NULL ? "true" : "false");
        if (trace->closing != NULL) {
            fm_text_puts(out, ",\"label\":");
            add_string(out, trace->closing->label);
        }
        fm_text_putc(out, '}');
    }
}

static const char *verdict_name(enum fm_liveness_verdict verdict)
{
    switch (verdict) {
    case FM_LIVENESS_UNDECIDED:
        return "undecided";
    case FM_LIVENESS_HOLDS:
        return "holds";
    case FM_LIVENESS_VIOLATED:
        return "violated";
    }
    return "";
}

static void add_properties(const struct fm_liveness_result *temporal, struct fm_text *out)
{
    fm_text_puts(out, ",\"properties\":[");
    for (uint32_t i = 0; i < temporal->property_count; i++) {
        const struct fm_liveness_property *property = &temporal->properties[i];
        fm_text_printf(out, "%s{\"name\":", i == 0 ? "" : ",");
        add_string(out, property->name);
        fm_text_printf(out,
                       ",\"verdict\":\"%s\",\"product_states\":%" PRIu64 ",\"components\":%" PRIu64
                       ",\"automaton_states\":%u,\"pairs\":%u}",
                       verdict_name(property->verdict), property->product_states,
                       property->components, property->automaton_states, property->pairs);
    }
    fm_text_putc(out, ']');
}

void fm_report_temporal_missing_json(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_liveness_result *temporal = report->temporal;
    const struct fm_program *program = report->program;
    const char *before = "";
    fm_text_putc(out, '[');
    for (uint32_t i = 0; temporal != NULL && i < temporal->property_count; i++) {
        if (temporal->properties[i].verdict == FM_LIVENESS_UNDECIDED) {
            fm_text_puts(out, before);
            add_string(out, temporal->properties[i].name);
            before = ",";
        }
    }
    for (uint32_t i = 0; temporal == NULL && program != NULL && i < program->temporal_count; i++) {
        const struct fm_symbol *name = program->temporals[i].name;
        fm_text_puts(out, before);
        add_string(out, name == NULL ? "" : name->text);
        before = ",";
    }
    fm_text_putc(out, ']');
}

void fm_report_temporal_json(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_liveness_result *temporal = report->temporal;
    const char *why = why_missing(report);
    if (temporal == NULL) {
        fm_text_puts(out, "{\"decided\":false");
    } else {
        fm_text_printf(
            out,
            "{\"decided\":%s,\"states\":%" PRIu64 ",\"steps\":%" PRIu64
            ",\"atoms\":%u,\"letters\":%u,\"cut_off\":%" PRIu64 ",\"graph_bytes\":%" PRIu64
            ",\"index_bytes\":%" PRIu64 ",\"graph_seconds\":%.6f,\"search_seconds\":%.6f"
            ",\"collision_probability\":%.6g",
            fm_report_temporal_is_missing(report) ? "false" : "true", temporal->states,
            temporal->steps, temporal->atoms, temporal->letters, temporal->cut_off,
            temporal->graph_bytes, temporal->index_bytes, (double)temporal->fill_ns / 1e9,
            (double)temporal->search_ns / 1e9, temporal->collision);
        add_properties(temporal, out);
        add_strings(out, "warnings", temporal->warnings, temporal->warning_count);
    }
    if (report->unsymmetric != NULL) {
        fm_text_printf(out,
                       ",\"without_symmetry\":{\"generated\":%" PRIu64 ",\"distinct\":%" PRIu64 "}",
                       report->unsymmetric->counts.generated, report->unsymmetric->counts.distinct);
    }
    if (why[0] != '\0') {
        fm_text_puts(out, ",\"why_not\":");
        add_string(out, why);
    }
    fm_text_putc(out, '}');
}
