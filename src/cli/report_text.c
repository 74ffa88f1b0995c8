/* The report for people, whose fixed sentences are TLC's.
 *
 * What scripts look for in TLC's output is there, word for word (messages.def): the verdict,
 * numbered states with their actions, `/\ x = 1`, the counts. What is ours stands beside it where
 * it disturbs no such reader: a changed variable ends with a TLA+ comment that shows its former
 * value, the part of the invariant that is false follows the last state, with the values of its
 * terms. -terse leaves both out. */
#include "cli/message.h"
#include "cli/report.h"
#include "cli/simulate.h"

#include "base/file.h"
#include "modules/native.h"
#include "store/links.h"
#include "store/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Former values longer than this are not repeated beside the new one, bytes. */
#define WAS_MAX 40u

/* Operators of a stack shown from its inner and from its outer end. */
#define STACK_INNER 12u
#define STACK_OUTER 6u
/* Operators of the longest cycle that is recognized in it. */
#define CYCLE_MAX 8u

#define RED "\033[1;31m"
#define GREEN "\033[1;32m"
#define BOLD "\033[1m"
#define FAINT "\033[2m"
#define PLAIN "\033[0m"

struct number_text {
    char at[32];
};

static const char *number_of(struct number_text *text, uint64_t number)
{
    (void)snprintf(text->at, sizeof text->at, "%" PRIu64, number);
    return text->at;
}

void fm_report_now(struct fm_text *out)
{
    char text[64];
    time_t now = (time_t)(fm_clock_calendar_ns() / 1000000000u);
    struct tm parts;
    localtime_r(&now, &parts);
    (void)strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    fm_text_puts(out, text);
}

void fm_report_bytes(struct fm_text *out, uint64_t bytes)
{
    if (bytes < (uint64_t)10 << 20) {
        fm_text_printf(out, "%.1f MiB", (double)bytes / (double)(1 << 20));
    } else if (bytes < (uint64_t)10 << 30) {
        fm_text_printf(out, "%.0f MiB", (double)bytes / (double)(1 << 20));
    } else {
        fm_text_printf(out, "%.1f GiB", (double)bytes / (double)(1 << 30));
    }
}

void fm_report_temporal_names(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_program *program = report->program;
    for (uint32_t i = 0; i < program->temporal_count; i++) {
        const struct fm_symbol *name = program->temporals[i].name;
        const char *text = name == NULL || name->length == 0 ? "a property" : name->text;
        bool repeated = false;
        for (uint32_t j = 0; j < i; j++) {
            repeated = repeated || program->temporals[j].name == name;
        }
        if (!repeated) {
            fm_text_printf(out, "%s%s", i == 0 ? "" : ", ", text);
        }
    }
}

const char *fm_report_impurity(uint32_t impurity)
{
    if ((impurity & FM_IMPURE_RANDOM) != 0) {
        return "draws random values";
    }
    if ((impurity & FM_IMPURE_CLOCK) != 0) {
        return "reads the clock";
    }
    if ((impurity & FM_IMPURE_REGISTERS) != 0) {
        return "uses TLCGet or TLCSet";
    }
    if ((impurity & FM_IMPURE_IO) != 0) {
        return "prints, or reads or writes files";
    }
    return "";
}

int fm_report_exit_status(const struct fm_report *report)
{
    const struct fm_check_result *result = report->result;
    if (result->problem_count > 0) {
        return fm_problem_exit_status(result->problems[0]);
    }
    switch (result->end) {
    case FM_CHECK_INTERRUPTED:
        return 130;
    case FM_CHECK_MEMORY:
        return 255;
    case FM_CHECK_COMPLETE:
    case FM_CHECK_DEPTH:
    case FM_CHECK_EXIT:
    case FM_CHECK_PROBLEM:
        break;
    }
    return fm_report_temporal_is_missing(report) && !fm_report_temporal_is_off(report) ? 2 : 0;
}

/* --- states --- */

static void add_was(const struct fm_trace_state *before, uint32_t i, struct fm_text *out)
{
    const char *old = NULL;
    if (i < before->variable_count) {
        old = before->values[i];
    }
    if (old != NULL && strlen(old) <= WAS_MAX && strchr(old, '\n') == NULL) {
        fm_text_printf(out, "  \\* was %s", old);
    } else {
        fm_text_puts(out, "  \\* changed");
    }
}

static void add_variable(const struct fm_report *report, const struct fm_trace_state *state,
                         const struct fm_trace_state *before, uint32_t i, struct fm_text *out)
{
    bool mark = state->changed[i] && !report->options->terse;
    if (mark && report->colored) {
        fm_text_puts(out, BOLD);
    }
    fm_text_printf(out, "%s%s = %s", state->variable_count == 1 ? "" : "/\\ ", state->names[i],
                   state->values[i]);
    if (mark && report->colored) {
        fm_text_puts(out, PLAIN FAINT);
    }
    if (mark && state->differences != NULL && state->differences[i] != NULL) {
        fm_text_printf(out, "  \\* %s", state->differences[i]);
    } else if (mark && before != NULL) {
        add_was(before, i, out);
    }
    if (mark && report->colored) {
        fm_text_puts(out, PLAIN);
    }
    fm_text_putc(out, '\n');
}

static void add_variables(const struct fm_report *report, const struct fm_trace_state *state,
                          const struct fm_trace_state *before, struct fm_text *out)
{
    for (uint32_t i = 0; i < state->variable_count; i++) {
        if (before == NULL || state->changed[i] || !report->options->difftrace) {
            add_variable(report, state, before, i, out);
        }
    }
    fm_text_putc(out, '\n');
}

static void add_trace(const struct fm_report *report, const struct fm_trace *trace,
                      struct fm_text *out)
{
    fm_say(out, trace->is_lasso ? FM_MESSAGE_COUNTEREXAMPLE : FM_MESSAGE_BEHAVIOR, "");
    for (uint32_t i = 0; i < trace->count; i++) {
        const struct fm_trace_state *state = &trace->states[i];
        struct number_text number;
        fm_say(out, FM_MESSAGE_STATE, number_of(&number, i + 1), state->label);
        add_variables(report, state, i == 0 ? NULL : &trace->states[i - 1], out);
    }
    if (trace->is_lasso) {
        fm_report_temporal_end(trace, out);
    }
    if (trace->note != NULL && !report->options->terse) {
        fm_text_printf(out, "This behavior was %s.\n\n", trace->note);
    }
}

/* --- problems --- */

static void add_place(const struct fm_report *report, struct fm_span span, struct fm_text *out)
{
    struct fm_place place = fm_source_place(fm_diags_sources(report->diags), span);
    if (place.path != NULL) {
        fm_text_printf(out, "%s:%u:%u", place.path, place.line, place.column);
    }
}

void fm_report_location(const struct fm_report *report, struct fm_span span, struct fm_text *out)
{
    struct fm_place place = fm_source_place(fm_diags_sources(report->diags), span);
    if (place.path == NULL) {
        fm_text_puts(out, "an unknown place");
        return;
    }
    const char *slash = strrchr(place.path, '/');
    const char *file = slash == NULL ? place.path : slash + 1;
    size_t length = strlen(file);
    if (length > 4 && strcmp(file + length - 4, ".tla") == 0) {
        length -= 4;
    }
    fm_text_printf(out, "line %u, col %u to line %u, col %u of module %.*s", place.line,
                   place.column, place.end_line, place.end_column, (int)length, file);
}

static void add_terms(const struct fm_explanation *explanation, const char *indent,
                      struct fm_text *out)
{
    for (uint32_t i = 0; i < explanation->term_count; i++) {
        fm_text_printf(out, "%s%s = %s\n", indent, explanation->terms[i].text,
                       explanation->terms[i].value);
    }
}

static void add_explanation(const struct fm_report *report, const struct fm_problem *problem,
                            struct fm_text *out)
{
    const struct fm_explanation *explanation = problem->explanation;
    if (explanation == NULL || report->options->terse) {
        return;
    }
    fm_text_puts(out, "This part is false, at ");
    add_place(report, explanation->span, out);
    fm_text_printf(out, ":\n    %s\n", explanation->text);
    if (explanation->term_count > 0) {
        fm_text_puts(out, "where\n");
    }
    add_terms(explanation, "    ", out);
    fm_text_putc(out, '\n');
}

static void add_named(const struct fm_problem *problem, enum fm_message message,
                      struct fm_text *out)
{
    fm_say(out, message, problem->name);
}

static void add_located(const struct fm_report *report, const struct fm_problem *problem,
                        enum fm_message message, struct fm_text *out)
{
    struct fm_text place = {NULL, 0, 0};
    fm_report_location(report, problem->span, &place);
    const char *location = fm_text_string(&place);
    bool named = problem->name[0] != '\0';
    fm_say(out, message, named ? problem->name : location, location);
    fm_text_deinit(&place);
}

static void add_next_failed(const struct fm_problem *problem, struct fm_text *out)
{
    if (problem->failure->code == FM_CODE_4305) {
        add_named(problem, FM_MESSAGE_INCOMPLETE, out);
    } else if (problem->failure->judged != NULL) {
        fm_say(out, FM_MESSAGE_JUDGING_FAILED, problem->failure->judged);
    } else if (problem->name[0] != '\0') {
        add_named(problem, FM_MESSAGE_ACTION_FAILED, out);
    } else {
        add_named(problem, FM_MESSAGE_NEXT_FAILED, out);
    }
}

static void add_initial_failed(const struct fm_problem *problem, struct fm_text *out)
{
    if (problem->failure->judged != NULL) {
        fm_say(out, FM_MESSAGE_JUDGING_FAILED, problem->failure->judged);
    } else {
        add_named(problem, FM_MESSAGE_INITIAL_FAILED, out);
    }
}

static void add_headline(const struct fm_report *report, const struct fm_problem *problem,
                         struct fm_text *out)
{
    switch (problem->kind) {
    case FM_PROBLEM_ASSUMPTION:
        add_located(report, problem, FM_MESSAGE_ASSUMPTION, out);
        break;
    case FM_PROBLEM_ASSUMPTION_FAILED:
        add_located(report, problem, FM_MESSAGE_ASSUMPTION_FAILED, out);
        break;
    case FM_PROBLEM_INITIAL_FAILED:
    case FM_PROBLEM_INITIAL_INCOMPLETE:
        add_initial_failed(problem, out);
        break;
    case FM_PROBLEM_INITIAL_INVARIANT:
        add_named(problem, FM_MESSAGE_INITIAL_INVARIANT, out);
        break;
    case FM_PROBLEM_INITIAL_PROPERTY:
        add_named(problem, FM_MESSAGE_INITIAL_PROPERTY, out);
        break;
    case FM_PROBLEM_INITIAL_INVARIANT_FAILED:
    case FM_PROBLEM_INVARIANT_FAILED:
        add_named(problem, FM_MESSAGE_INVARIANT_FAILED, out);
        break;
    case FM_PROBLEM_INITIAL_PROPERTY_FAILED:
        add_named(problem, FM_MESSAGE_PROPERTY_FAILED, out);
        break;
    case FM_PROBLEM_NEXT_FAILED:
        add_next_failed(problem, out);
        break;
    case FM_PROBLEM_NEXT_ASSERT:
        fm_say(out, FM_MESSAGE_ASSERT, problem->failure->message);
        break;
    case FM_PROBLEM_INVARIANT:
        add_named(problem, FM_MESSAGE_INVARIANT, out);
        break;
    case FM_PROBLEM_ACTION_PROPERTY:
        add_named(problem, FM_MESSAGE_ACTION_PROPERTY, out);
        break;
    case FM_PROBLEM_ACTION_PROPERTY_FAILED:
        add_named(problem, FM_MESSAGE_ACTION_PROPERTY_FAILED, out);
        break;
    case FM_PROBLEM_TEMPORAL:
        fm_report_temporal_headline(problem, out);
        break;
    case FM_PROBLEM_TEMPORAL_FAILED:
        add_named(problem, FM_MESSAGE_TEMPORAL_FAILED, out);
        break;
    case FM_PROBLEM_TEMPORAL_UNCONFIRMED:
        fm_say(out, FM_MESSAGE_TEMPORAL_UNCONFIRMED, problem->name, problem->failing);
        break;
    case FM_PROBLEM_DEADLOCK:
        add_named(problem, FM_MESSAGE_DEADLOCK, out);
        break;
    case FM_PROBLEM_NO_INITIAL:
        add_named(problem, FM_MESSAGE_NO_INITIAL_STATE, out);
        break;
    case FM_PROBLEM_NO_INITIAL_IN_MODEL:
        add_named(problem, FM_MESSAGE_NO_INITIAL_IN_MODEL, out);
        break;
    case FM_PROBLEM_NO_NEXT:
        add_named(problem, FM_MESSAGE_NO_NEXT, out);
        break;
    case FM_PROBLEM_POSTCONDITION:
        add_located(report, problem, FM_MESSAGE_POSTCONDITION, out);
        break;
    case FM_PROBLEM_POSTCONDITION_FAILED:
        add_located(report, problem, FM_MESSAGE_POSTCONDITION_FAILED, out);
        break;
    }
}

/* Switches colours off at the end of the line that begins at the offset. */
static void end_first_line(struct fm_text *out, size_t begin)
{
    size_t line = strcspn(out->at + begin, "\n");
    struct fm_text rest = {NULL, 0, 0};
    fm_text_puts(&rest, out->at + begin + line);
    out->length = begin + line;
    out->at[out->length] = '\0';
    fm_text_puts(out, PLAIN);
    fm_text_puts(out, fm_text_string(&rest));
    fm_text_deinit(&rest);
}

static bool prints_trace(const struct fm_problem *problem)
{
    return problem->trace != NULL && problem->kind != FM_PROBLEM_INITIAL_INVARIANT &&
           problem->kind != FM_PROBLEM_INITIAL_PROPERTY;
}

static void add_frame(const struct fm_report *report, const struct fm_frame_place *frame,
                      struct fm_text *out)
{
    fm_text_printf(out, "  in `%s`, at ", frame->name == NULL ? "?" : frame->name->text);
    add_place(report, frame->span, out);
    fm_text_putc(out, '\n');
}

static bool same_frame(const struct fm_frame_place *a, const struct fm_frame_place *b)
{
    return a->name == b->name && a->span.source == b->span.source && a->span.begin == b->span.begin;
}

/* The shortest cycle that begins at the frame and repeats at once; *repeats further rounds of it.
 */
static uint32_t find_cycle(const struct fm_failure_report *failure, uint32_t first,
                           uint32_t *repeats)
{
    for (uint32_t length = 1; length <= CYCLE_MAX; length++) {
        uint32_t next = first + length;
        while (next < failure->stack_count &&
               same_frame(&failure->stack[next], &failure->stack[next - length])) {
            next++;
        }
        *repeats = (next - first) / length - 1;
        if (*repeats >= 2) {
            return length;
        }
    }
    return 0;
}

/* Operators around the failure, outermost last; a recursion is shown once, the middle of a long way
 * not at all. */
static void add_stack(const struct fm_report *report, const struct fm_failure_report *failure,
                      struct fm_text *out)
{
    uint32_t shown = 0;
    for (uint32_t i = 0; i < failure->stack_count;) {
        uint32_t repeats;
        uint32_t cycle = find_cycle(failure, i, &repeats);
        uint32_t left = failure->stack_count - i;
        if (shown >= STACK_INNER && left > STACK_OUTER) {
            fm_text_printf(out, "  ... %u more operators ...\n", left - STACK_OUTER);
            i = failure->stack_count - STACK_OUTER;
            shown = 0;
            continue;
        }
        for (uint32_t j = 0; j < (cycle == 0 ? 1 : cycle); j++) {
            add_frame(report, &failure->stack[i++], out);
            shown++;
        }
        if (cycle > 0) {
            fm_text_printf(out, "  ... and %u more times the same ...\n", repeats);
            i += repeats * cycle;
        }
    }
}

/* What could not be evaluated, and the operators around it. */
static void add_failure(const struct fm_report *report, const struct fm_failure_report *failure,
                        struct fm_text *out)
{
    struct fm_diag diag = {.code = failure->code,
                           .severity = FM_SEVERITY_ERROR,
                           .span = failure->span,
                           .message = failure->message};
    fm_diag_render(report->diags, &diag, out);
    add_stack(report, failure, out);
}

/* "Add(2)" of "<Add(2) line 5, ...>". */
static int name_length(const char *label)
{
    const char *place = strstr(label, " line ");
    return place == NULL ? (int)strlen(label) - 1 : (int)(place - label) - 1;
}

static void add_disabled(const struct fm_report *report, const struct fm_problem *problem,
                         struct fm_text *out)
{
    if (problem->disabled_count == 0 || report->options->terse) {
        return;
    }
    fm_text_puts(out, "No action is possible there. The first part of each that is false:\n");
    for (uint32_t i = 0; i < problem->disabled_count; i++) {
        const struct fm_disabled *disabled = &problem->disabled[i];
        fm_text_printf(out, "  %.*s, at ", name_length(disabled->label), disabled->label + 1);
        add_place(report, disabled->explanation->span, out);
        fm_text_printf(out, ":\n      %s\n", disabled->explanation->text);
        add_terms(disabled->explanation, "        ", out);
    }
    fm_text_putc(out, '\n');
}

void fm_report_problem(const struct fm_report *report, const struct fm_problem *problem,
                       struct fm_text *out)
{
    size_t begin = out->length;
    if (report->colored) {
        fm_text_puts(out, RED);
    }
    add_headline(report, problem, out);
    if (report->colored) {
        end_first_line(out, begin);
    }
    if (problem->failure != NULL) {
        add_failure(report, problem->failure, out);
    }
    if (prints_trace(problem)) {
        add_trace(report, problem->trace, out);
    } else if (problem->trace != NULL) {
        add_variables(report, &problem->trace->states[0], NULL, out);
    }
    add_explanation(report, problem, out);
    add_disabled(report, problem, out);
    if (problem->kind == FM_PROBLEM_TEMPORAL && !report->options->terse) {
        fm_report_temporal_reasons(problem, out);
    }
}

/* --- the summary --- */

static void add_probability(struct fm_text *out, double probability)
{
    if (probability <= 0) {
        fm_text_puts(out, "0.0");
    } else {
        fm_text_printf(out, "%.1E", probability);
    }
}

static void add_success(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_check_result *result = report->result;
    struct fm_text optimistic = {NULL, 0, 0};
    struct fm_text bound = {NULL, 0, 0};
    double distinct = (double)result->counts.distinct;
    double repeated = (double)(result->counts.generated - result->counts.distinct);
    /* TLC's estimate, for fingerprints of our size. */
    add_probability(&optimistic, ldexp(distinct * repeated, -128));
    add_probability(&bound, result->collision);
    fm_say(out, FM_MESSAGE_SUCCESS, fm_text_string(&optimistic), fm_text_string(&bound));
    fm_text_deinit(&bound);
    fm_text_deinit(&optimistic);
}

static void add_simulated(const struct fm_check_result *result, struct fm_text *out)
{
    struct number_text failed, all;
    uint64_t behaviours = result->simulation->behaviours;
    if (result->problem_count > 0) {
        fm_say(out, FM_MESSAGE_SIMULATED_CONTINUED, number_of(&failed, result->problem_count),
               number_of(&all, behaviours), behaviours == 1 ? "" : "s");
    } else {
        fm_say(out, FM_MESSAGE_SIMULATED, number_of(&all, behaviours), behaviours == 1 ? "" : "s");
    }
}

static void add_end(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_check_result *result = report->result;
    struct number_text number;
    switch (result->end) {
    case FM_CHECK_COMPLETE:
        if (result->simulation != NULL) {
            add_simulated(result, out);
        } else if (result->problem_count > 0 && report->options->keep_going) {
            fm_say(out, FM_MESSAGE_CONTINUED, number_of(&number, result->problem_count),
                   result->problem_count == 1 ? "" : "s");
        } else if (result->problem_count > 0) {
            break;
        } else if (fm_report_temporal_is_missing(report)) {
            fm_say(out, FM_MESSAGE_SAFETY, "");
        } else {
            add_success(report, out);
        }
        break;
    case FM_CHECK_PROBLEM:
        break;
    case FM_CHECK_DEPTH:
        fm_say(out, FM_MESSAGE_DEPTH_END, number_of(&number, result->counts.depth));
        break;
    case FM_CHECK_EXIT:
        fm_say(out, FM_MESSAGE_EXIT_END, "");
        break;
    case FM_CHECK_INTERRUPTED:
        fm_say(out, FM_MESSAGE_INTERRUPTED, "");
        break;
    case FM_CHECK_MEMORY: {
        struct fm_text bytes = {NULL, 0, 0};
        fm_report_bytes(&bytes, fm_memory_resident());
        fm_say(out, FM_MESSAGE_MEMORY_OUT, fm_text_string(&bytes));
        fm_text_deinit(&bytes);
        break;
    }
    }
}

/* Labels the line before, when its number belongs to a search that did not visit everything. */
static void add_label(const struct fm_report *report, struct fm_text *out)
{
    if (report->result->end != FM_CHECK_COMPLETE) {
        out->at[--out->length] = '\0';
        fm_text_puts(out, " (at stop)\n");
    }
}

static void add_counts(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_check_counts *counts = &report->result->counts;
    struct number_text a, b, c, d;
    fm_say(out, FM_MESSAGE_STATS, number_of(&a, counts->generated), number_of(&b, counts->distinct),
           number_of(&c, counts->queue));
    add_label(report, out);
    fm_say(out, FM_MESSAGE_DEPTH, number_of(&a, counts->depth));
    add_label(report, out);
    if (report->result->end == FM_CHECK_COMPLETE && counts->expanded > 0) {
        (void)number_of(&b, (uint64_t)lround(counts->outdegree_mean));
        fm_say(out, FM_MESSAGE_OUTDEGREE, number_of(&a, counts->outdegree_min), b.at,
               number_of(&c, counts->outdegree_p95), number_of(&d, counts->outdegree_max));
    }
}

static void add_memory(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_check_memory *memory = &report->result->memory;
    uint64_t distinct = report->result->counts.distinct;
    if (distinct == 0 || memory->resident_max == 0) {
        return;
    }
    struct fm_text peak = {NULL, 0, 0};
    struct fm_text above = {NULL, 0, 0};
    struct fm_text encoded = {NULL, 0, 0};
    struct fm_text entry = {NULL, 0, 0};
    struct fm_text link = {NULL, 0, 0};
    fm_report_bytes(&peak, memory->resident_max);
    fm_report_bytes(&above, memory->resident_max - memory->resident_begin);
    fm_text_printf(&encoded, "%.0f", (double)memory->encoded_bytes / (double)distinct);
    fm_text_printf(&entry, "%u", FM_TABLE_ENTRY_SIZE);
    fm_text_printf(&link, "%u", FM_LINK_SIZE);
    fm_say(out, FM_MESSAGE_MEMORY, fm_text_string(&peak), fm_text_string(&above),
           fm_text_string(&encoded), fm_text_string(&entry), fm_text_string(&link));
    fm_text_deinit(&link);
    fm_text_deinit(&entry);
    fm_text_deinit(&encoded);
    fm_text_deinit(&above);
    fm_text_deinit(&peak);
}

void fm_report_duration(struct fm_text *out, double seconds)
{
    uint64_t whole = (uint64_t)seconds;
    if (whole >= 86400) {
        fm_text_printf(out, "%" PRIu64 "d ", whole / 86400);
    }
    if (whole >= 3600) {
        fm_text_printf(out, "%02" PRIu64 "h ", whole / 3600 % 24);
    }
    if (whole >= 60) {
        fm_text_printf(out, "%02" PRIu64 "min ", whole / 60 % 60);
    }
    fm_text_printf(out, "%02" PRIu64 "s", whole % 60);
}

static void add_message(const struct fm_report *report, enum fm_message message,
                        const char *const *arguments, uint32_t count, struct fm_text *out)
{
    (void)report;
    fm_message_add(out, message, arguments, count);
}

static void add_work(const struct fm_report *report, struct fm_text *out)
{
    if (!report->options->terse) {
        add_memory(report, out);
        fm_report_table(report, out);
    }
}

void fm_report_summary(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_check_result *result = report->result;
    if (result->has_behaviour && result->counts.initial_generated == 0 &&
        result->simulation == NULL && result->end == FM_CHECK_COMPLETE) {
        fm_say(out, FM_MESSAGE_NO_INITIAL, "");
    }
    if (!result->has_behaviour && result->problem_count == 0) {
        fm_say(out, FM_MESSAGE_ASSUMPTIONS_ONLY, "");
    }
    add_end(report, out);
    fm_report_temporal(report, out);
    if (!result->ordered && !report->options->terse) {
        fm_say(out, FM_MESSAGE_IMPURE, fm_report_impurity(result->impurity));
    }
    if (report->options->coverage && !report->options->listing) {
        fm_report_coverage(report, add_message, out);
    }
    if (result->simulation != NULL) {
        fm_report_simulation(report, out);
    } else {
        add_counts(report, out);
        add_work(report, out);
    }
    fm_report_native(report, out);
    struct fm_text duration = {NULL, 0, 0};
    struct fm_text now = {NULL, 0, 0};
    fm_report_duration(&duration, report->seconds);
    fm_report_now(&now);
    fm_say(out, FM_MESSAGE_FINISHED, fm_text_string(&duration), fm_text_string(&now));
    fm_text_deinit(&now);
    fm_text_deinit(&duration);
}
