/* A check in TLC's words.
 *
 * The order and the texts are those of tlc2/TLC.java and tlc2/tool/ModelChecker.java: what is
 * printed before the search, of each problem, and at the end. A script or an editor that drives TLC
 * reads the same here; tests/tlc holds recordings of TLC to compare with. What differs on purpose:
 *
 * - The version is ours, and the numbers of memory are those of this process.
 * - Temporal properties that were not checked are named, in a warning, and then there is no claim
 * that no error was found (the exit status is 2).
 * - The estimate of collisions is for our fingerprints.
 *
 * Everything comes from the same report as the words of `fathom check`. */
#include "cli/tlc_report.h"
#include "cli/trace_explore.h"

#include "base/file.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

struct number {
    char at[32];
};

static const char *number_of(struct number *number, uint64_t value)
{
    (void)snprintf(number->at, sizeof number->at, "%" PRIu64, value);
    return number->at;
}

/* A message whose only argument is the time. */
static void say_now(const struct fm_report *report, enum fm_tlc_message message,
                    struct fm_text *out)
{
    struct fm_text now = {NULL, 0, 0};
    fm_report_now(&now);
    fm_tlc_say(report->options, out, message, fm_text_string(&now));
    fm_text_deinit(&now);
}

/* --- before the search --- */

static void add_system(struct fm_text *out)
{
    struct utsname system;
    if (uname(&system) == 0) {
        fm_text_printf(out, "%s %s %s, Fathom %s %zubit", system.sysname, system.release,
                       system.machine, FM_VERSION, 8 * sizeof(void *));
    } else {
        fm_text_printf(out, "Fathom %s", FM_VERSION);
    }
}

static uint64_t system_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES);
    long page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : 0;
}

static void add_begin(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_options *options = report->options;
    struct fm_text system = {NULL, 0, 0};
    struct number fp, workers, cores, heap, pid;
    char seed[32];
    uint64_t memory = options->memory_max != 0 ? options->memory_max : system_memory();
    add_system(&system);
    (void)snprintf(seed, sizeof seed, "%" PRId64, options->seed);
    fm_tlc_say(options, out, FM_TLC_VERSION, FM_VERSION " (Fathom)");
    (void)number_of(&workers, options->workers);
    (void)number_of(&cores, fm_processor_count());
    (void)number_of(&heap, memory >> 20);
    (void)number_of(&pid, (uint64_t)getpid());
    const char *plural = options->workers == 1 ? "" : "s";
    if (options->simulate) {
        fm_tlc_say(options, out, FM_TLC_RUNNING_SIMULATION, seed, workers.at, plural, cores.at,
                   heap.at, "0", pid.at, fm_text_string(&system));
    } else {
        fm_tlc_say(options, out, FM_TLC_RUNNING, number_of(&fp, options->fp), seed, workers.at,
                   plural, cores.at, heap.at, "0", pid.at, fm_text_string(&system));
    }
    fm_text_deinit(&system);
}

static void add_loaded(const struct fm_report *report, struct fm_text *out)
{
    if (report->loaded->config_unreadable) {
        return; /* TLC reads the configuration first */
    }
    if (report->options->tool) {
        fm_tlc_say(report->options, out, FM_TLC_SANY_START, "");
    }
    fm_tlc_modules(report, out);
    if (report->options->tool) {
        fm_tlc_say(report->options, out, FM_TLC_SANY_END, "");
    }
    say_now(report, FM_TLC_STARTING, out);
}

static void add_computing(const struct fm_report *report, struct fm_text *out)
{
    if (report->options->simulate) {
        return;
    }
    fm_tlc_say(report->options, out, FM_TLC_COMPUTING_INIT, "");
}

static void add_initial(const struct fm_report *report, const struct fm_check_counts *counts,
                        struct fm_text *out)
{
    if (report->options->simulate) {
        fm_tlc_simulation_initial(report, counts, out);
        return;
    }
    struct fm_text now = {NULL, 0, 0};
    struct number generated, distinct;
    const char *plural = counts->initial_generated == 1 ? "" : "s";
    (void)number_of(&generated, counts->initial_generated);
    (void)number_of(&distinct, counts->initial_distinct);
    fm_report_now(&now);
    if (counts->initial_generated == counts->initial_distinct) {
        fm_tlc_say(report->options, out, FM_TLC_INIT_DISTINCT, generated.at, plural,
                   fm_text_string(&now));
    } else {
        fm_tlc_say(report->options, out, FM_TLC_INIT_SOME, generated.at, plural, distinct.at,
                   fm_text_string(&now));
    }
    fm_text_deinit(&now);
}

static void add_progress(const struct fm_report *report, const char *const *arguments,
                         uint32_t count, struct fm_text *out)
{
    if (report->options->simulate) {
        fm_tlc_simulation_progress(report, arguments, out);
    } else {
        fm_tlc_message_add(report->options, FM_TLC_PROGRESS, arguments, count, out);
    }
}

/* --- states --- */

static void add_variable(const struct fm_trace_state *state, uint32_t i, struct fm_text *out)
{
    fm_text_printf(out, "%s%s = %s\n", state->variable_count == 1 ? "" : "/\\ ", state->names[i],
                   state->values[i]);
}

/* The state as TLC prints it; only what changed when `differences`. */
static void add_state(const struct fm_report *report, const struct fm_trace_state *state,
                      bool differences, struct fm_text *out)
{
    /* A record of ALIAS has its own order. */
    bool is_alias = report->program->alias.node != NULL ||
                    state->variable_count != report->program->variable_count;
    uint32_t *order = is_alias ? NULL : fm_tlc_variable_order(report);
    for (uint32_t i = 0; i < state->variable_count; i++) {
        uint32_t at = order == NULL ? i : order[i];
        if (!differences || state->changed[at]) {
            add_variable(state, at, out);
        }
    }
    fm_memory_free(order);
}

static void say_state(const struct fm_report *report, const struct fm_trace_state *state,
                      uint32_t number, bool differences, struct fm_text *out)
{
    struct fm_text values = {NULL, 0, 0};
    struct fm_text label = {NULL, 0, 0};
    struct number text;
    add_state(report, state, differences, &values);
    if (report->options->simulate && state->action == NULL) {
        fm_tlc_simulation_label(report, &label);
    } else {
        fm_text_puts(&label, state->label);
    }
    fm_tlc_say(report->options, out, FM_TLC_STATE, number_of(&text, number), fm_text_string(&label),
               fm_text_string(&values));
    fm_text_deinit(&label);
    fm_text_deinit(&values);
}

/* Where a behaviour without an end goes on. */
static void say_lasso_end(const struct fm_report *report, const struct fm_trace *trace,
                          struct fm_text *out)
{
    struct number number;
    if (trace->closing == NULL) {
        fm_tlc_say(report->options, out, FM_TLC_STUTTERING, number_of(&number, trace->count + 1));
    } else {
        fm_tlc_say(report->options, out, report->options->tool ? FM_TLC_BACK_TOOL : FM_TLC_BACK,
                   number_of(&number, trace->cycle + 1), trace->closing->label);
    }
}

/* With -difftrace the first state is whole, and the one that a deadlock is in. */
static void say_trace(const struct fm_report *report, const struct fm_problem *problem,
                      struct fm_text *out)
{
    const struct fm_trace *trace = problem->trace;
    if (trace == NULL) {
        return;
    }
    fm_tlc_say(report->options, out, trace->is_lasso ? FM_TLC_COUNTEREXAMPLE : FM_TLC_BEHAVIOR, "");
    for (uint32_t i = 0; i < trace->count; i++) {
        bool whole = i == 0 || (problem->kind == FM_PROBLEM_DEADLOCK && i + 1 == trace->count);
        say_state(report, &trace->states[i], i + 1, report->options->difftrace && !whole, out);
    }
    if (trace->is_lasso) {
        say_lasso_end(report, trace, out);
    }
}

/* --- problems --- */

static void say_positions(const struct fm_report *report, const struct fm_problem *problem,
                          struct fm_text *out)
{
    struct fm_text positions = {NULL, 0, 0};
    fm_tlc_failure_positions(report, problem, &positions);
    fm_tlc_say(report->options, out, FM_TLC_NESTED, fm_text_string(&positions));
    fm_text_deinit(&positions);
}

/* The error of a step: some have a message of their own, others come as an exception. */
static void say_step_failure(const struct fm_report *report, const struct fm_problem *problem,
                             struct fm_text *out)
{
    struct fm_text text = {NULL, 0, 0};
    struct fm_text error = {NULL, 0, 0};
    enum fm_tlc_message message = fm_tlc_failure_text(report, problem->failure, &error);
    if (message == FM_TLC_GENERAL) {
        fm_text_puts(&text, "TLC threw an unexpected exception.\n"
                            "This was probably caused by an error in the spec or model.\n"
                            "See the User Output or TLC Console for clues to what happened.\n"
                            "The exception was a java.lang.RuntimeException\n: ");
    }
    fm_text_puts(&text, fm_text_string(&error));
    fm_tlc_say(report->options, out, message, fm_text_string(&text));
    fm_text_deinit(&error);
    fm_text_deinit(&text);
}

/* "x, y" of the successor that lacks them. */
static uint32_t add_unassigned(const struct fm_problem *problem, struct fm_text *out)
{
    uint32_t count = 0;
    const struct fm_trace *trace = problem->trace;
    const struct fm_trace_state *last = trace == NULL ? NULL : &trace->states[trace->count - 1];
    for (uint32_t i = 0; last != NULL && i < last->variable_count; i++) {
        if (strcmp(last->values[i], "null") == 0) {
            fm_text_printf(out, "%s%s", count++ == 0 ? "" : ", ", last->names[i]);
        }
    }
    return count;
}

static void say_incomplete(const struct fm_report *report, const struct fm_problem *problem,
                           struct fm_text *out)
{
    struct fm_text names = {NULL, 0, 0};
    const char *verb = add_unassigned(problem, &names) > 1 ? "s are" : " is";
    if (report->action_count == 1) {
        fm_tlc_say(report->options, out, FM_TLC_INCOMPLETE_ONE, verb, fm_text_string(&names));
    } else {
        fm_tlc_say(report->options, out, FM_TLC_INCOMPLETE, problem->name, verb,
                   fm_text_string(&names));
    }
    fm_text_deinit(&names);
    say_trace(report, problem, out);
}

static void say_next_failed(const struct fm_report *report, const struct fm_problem *problem,
                            struct fm_text *out)
{
    if (problem->failure->code == FM_CODE_4305) {
        say_incomplete(report, problem, out);
        return;
    }
    say_step_failure(report, problem, out);
    say_trace(report, problem, out);
    say_positions(report, problem, out);
}

/* An invariant or property that a state violates: its name, and its initial state. */
static void say_initial(const struct fm_report *report, const struct fm_problem *problem,
                        enum fm_tlc_message message, struct fm_text *out)
{
    struct fm_text state = {NULL, 0, 0};
    if (problem->trace != NULL) {
        add_state(report, &problem->trace->states[0], false, &state);
    }
    fm_tlc_say(report->options, out, message, problem->name, fm_text_string(&state));
    fm_text_deinit(&state);
}

/* What went wrong while initial states were computed or judged. */
static void say_initial_failed(const struct fm_report *report, const struct fm_problem *problem,
                               struct fm_text *out)
{
    struct fm_text error = {NULL, 0, 0};
    struct fm_text state = {NULL, 0, 0};
    (void)fm_tlc_failure_text(report, problem->failure, &error);
    if (problem->trace != NULL) {
        add_state(report, &problem->trace->states[0], false, &state);
        fm_tlc_say(report->options, out, FM_TLC_INITIAL_STATE, fm_text_string(&error),
                   fm_text_string(&state));
    } else {
        fm_tlc_say(report->options, out, FM_TLC_GENERAL, fm_text_string(&error));
    }
    fm_text_deinit(&state);
    fm_text_deinit(&error);
    say_positions(report, problem, out);
}

static void say_initial_incomplete(const struct fm_report *report, const struct fm_problem *problem,
                                   struct fm_text *out)
{
    struct fm_text state = {NULL, 0, 0};
    if (problem->trace != NULL) {
        add_state(report, &problem->trace->states[0], false, &state);
    }
    fm_tlc_say(report->options, out, FM_TLC_INITIAL_INCOMPLETE, fm_text_string(&state));
    fm_text_deinit(&state);
}

static void say_violated(const struct fm_report *report, const struct fm_problem *problem,
                         enum fm_tlc_message message, struct fm_text *out)
{
    fm_tlc_say(report->options, out, message, problem->name);
    say_trace(report, problem, out);
}

static void say_formula_failed(const struct fm_report *report, const struct fm_problem *problem,
                               enum fm_tlc_message message, struct fm_text *out)
{
    struct fm_text error = {NULL, 0, 0};
    (void)fm_tlc_failure_text(report, problem->failure, &error);
    fm_tlc_say(report->options, out, message, problem->name, fm_text_string(&error));
    fm_text_deinit(&error);
    say_trace(report, problem, out);
    say_positions(report, problem, out);
}

/* Assumptions go by their places, postconditions by name and place. */
static void say_bare(const struct fm_report *report, const struct fm_problem *problem,
                     enum fm_tlc_message message, struct fm_text *out)
{
    struct fm_text place = {NULL, 0, 0};
    struct fm_text error = {NULL, 0, 0};
    fm_report_location(report, problem->span, &place);
    if (problem->failure != NULL) {
        (void)fm_tlc_failure_text(report, problem->failure, &error);
    }
    if (message == FM_TLC_ASSUMPTION || message == FM_TLC_ASSUMPTION_FAILED) {
        fm_tlc_say(report->options, out, message, fm_text_string(&place), fm_text_string(&error));
    } else {
        fm_tlc_say(report->options, out, message, problem->name, fm_text_string(&place),
                   fm_text_string(&error));
    }
    fm_text_deinit(&error);
    fm_text_deinit(&place);
}

static void say_temporal(const struct fm_report *report, const struct fm_problem *problem,
                         struct fm_text *out)
{
    struct fm_text names = {NULL, 0, 0};
    fm_report_violated_names(problem, &names);
    fm_tlc_say(report->options, out,
               problem->also_count == 0 ? FM_TLC_TEMPORAL_VIOLATED : FM_TLC_TEMPORAL_VIOLATED_SOME,
               fm_text_string(&names));
    fm_text_deinit(&names);
    say_trace(report, problem, out);
}

static void add_problem(const struct fm_report *report, const struct fm_problem *problem,
                        struct fm_text *out)
{
    switch (problem->kind) {
    case FM_PROBLEM_ASSUMPTION:
        say_bare(report, problem, FM_TLC_ASSUMPTION, out);
        break;
    case FM_PROBLEM_ASSUMPTION_FAILED:
        say_bare(report, problem, FM_TLC_ASSUMPTION_FAILED, out);
        break;
    case FM_PROBLEM_INITIAL_FAILED:
    case FM_PROBLEM_INITIAL_INVARIANT_FAILED:
    case FM_PROBLEM_INITIAL_PROPERTY_FAILED:
        say_initial_failed(report, problem, out);
        break;
    case FM_PROBLEM_INITIAL_INCOMPLETE:
        say_initial_incomplete(report, problem, out);
        break;
    case FM_PROBLEM_INITIAL_INVARIANT:
        say_initial(report, problem, FM_TLC_INITIAL_INVARIANT, out);
        break;
    case FM_PROBLEM_INITIAL_PROPERTY:
        say_initial(report, problem, FM_TLC_INITIAL_PROPERTY, out);
        break;
    case FM_PROBLEM_NEXT_FAILED:
    case FM_PROBLEM_NEXT_ASSERT:
        say_next_failed(report, problem, out);
        break;
    case FM_PROBLEM_INVARIANT:
        say_violated(report, problem, FM_TLC_INVARIANT, out);
        break;
    case FM_PROBLEM_INVARIANT_FAILED:
        say_formula_failed(report, problem, FM_TLC_INVARIANT_FAILED, out);
        break;
    case FM_PROBLEM_ACTION_PROPERTY:
        say_violated(report, problem, FM_TLC_ACTION_PROPERTY, out);
        break;
    case FM_PROBLEM_ACTION_PROPERTY_FAILED:
        say_formula_failed(report, problem, FM_TLC_ACTION_PROPERTY_FAILED, out);
        break;
    case FM_PROBLEM_TEMPORAL:
        say_temporal(report, problem, out);
        break;
    case FM_PROBLEM_TEMPORAL_FAILED:
        say_next_failed(report, problem, out);
        break;
    case FM_PROBLEM_TEMPORAL_UNCONFIRMED:
        fm_tlc_say(report->options, out, FM_TLC_GENERAL, problem->failing);
        break;
    case FM_PROBLEM_DEADLOCK:
        say_violated(report, problem, FM_TLC_DEADLOCK, out);
        break;
    case FM_PROBLEM_NO_INITIAL:
        fm_tlc_say(report->options, out, FM_TLC_NO_INITIAL_STATE, "");
        break;
    case FM_PROBLEM_NO_INITIAL_IN_MODEL:
        fm_tlc_say(report->options, out, FM_TLC_NO_INITIAL_IN_MODEL, "");
        break;
    case FM_PROBLEM_NO_NEXT:
        fm_tlc_say(report->options, out, FM_TLC_NO_NEXT, "");
        break;
    case FM_PROBLEM_POSTCONDITION:
        say_bare(report, problem, FM_TLC_POSTCONDITION, out);
        break;
    case FM_PROBLEM_POSTCONDITION_FAILED:
        say_bare(report, problem, FM_TLC_POSTCONDITION_FAILED, out);
        break;
    }
}

/* --- the summary --- */

static bool is_temporal_missing(const struct fm_report *report)
{
    return fm_report_temporal_is_missing(report) && !fm_report_temporal_is_off(report);
}

static void add_success(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_check_counts *counts = &report->result->counts;
    char text[32] = "0.0";
    double estimate = ldexp(
        (double)counts->distinct * (double)(counts->generated - counts->distinct), -128);
    if (estimate > 0) {
        (void)snprintf(text, sizeof text, "%.1E", estimate);
    }
    fm_tlc_say(report->options, out, FM_TLC_SUCCESS, text);
}

static void add_verdict(const struct fm_report *report, struct fm_text *out)
{
    struct fm_text text = {NULL, 0, 0};
    switch (report->result->end) {
    case FM_CHECK_COMPLETE:
    case FM_CHECK_EXIT:
        if (report->result->problem_count > 0 && !report->options->keep_going) {
            break;
        }
        if (is_temporal_missing(report)) {
            fm_report_temporal_names(report, &text);
            fm_tlc_say(report->options, out, FM_TLC_TEMPORAL, fm_text_string(&text));
        } else {
            add_success(report, out);
        }
        break;
    case FM_CHECK_MEMORY:
        fm_report_bytes(&text, fm_memory_resident());
        fm_tlc_say(report->options, out, FM_TLC_MEMORY, fm_text_string(&text));
        break;
    case FM_CHECK_PROBLEM:
    case FM_CHECK_DEPTH:
    case FM_CHECK_INTERRUPTED:
        break;
    }
    fm_text_deinit(&text);
}

/* TLC ends without numbers when it never came to the search, other than by an evaluation error. */
static bool has_numbers(const struct fm_check_result *result)
{
    if (result->problem_count == 0 || result->end != FM_CHECK_PROBLEM) {
        return true;
    }
    switch (result->problems[result->problem_count - 1]->kind) {
    case FM_PROBLEM_ASSUMPTION:
    case FM_PROBLEM_ASSUMPTION_FAILED:
    case FM_PROBLEM_INITIAL_INCOMPLETE:
    case FM_PROBLEM_INITIAL_INVARIANT:
    case FM_PROBLEM_INITIAL_PROPERTY:
    case FM_PROBLEM_NO_NEXT:
    case FM_PROBLEM_NO_INITIAL:
    case FM_PROBLEM_NO_INITIAL_IN_MODEL:
        return false;
    case FM_PROBLEM_INITIAL_FAILED:
    case FM_PROBLEM_INITIAL_INVARIANT_FAILED:
    case FM_PROBLEM_INITIAL_PROPERTY_FAILED:
    case FM_PROBLEM_NEXT_FAILED:
    case FM_PROBLEM_NEXT_ASSERT:
    case FM_PROBLEM_INVARIANT:
    case FM_PROBLEM_INVARIANT_FAILED:
    case FM_PROBLEM_ACTION_PROPERTY:
    case FM_PROBLEM_ACTION_PROPERTY_FAILED:
    case FM_PROBLEM_DEADLOCK:
    case FM_PROBLEM_TEMPORAL:
    case FM_PROBLEM_TEMPORAL_FAILED:
    case FM_PROBLEM_TEMPORAL_UNCONFIRMED:
    case FM_PROBLEM_POSTCONDITION:
    case FM_PROBLEM_POSTCONDITION_FAILED:
        break;
    }
    return true;
}

static void add_count(struct fm_text *out, double number)
{
    fm_text_count(out, number < 0 ? 0 : (uint64_t)number);
}

/* Editors take the final numbers from a line of progress. */
static void add_last_progress(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_check_counts *counts = &report->result->counts;
    struct fm_text texts[5] = {{NULL, 0, 0}};
    struct fm_text now = {NULL, 0, 0};
    struct number depth;
    double minutes = report->seconds / 60;
    add_count(&texts[0], (double)counts->generated);
    add_count(&texts[1], minutes > 0 ? (double)counts->generated / minutes : 0);
    add_count(&texts[2], (double)counts->distinct);
    add_count(&texts[3], minutes > 0 ? (double)counts->distinct / minutes : 0);
    add_count(&texts[4], (double)counts->queue);
    fm_report_now(&now);
    fm_tlc_say(report->options, out, FM_TLC_PROGRESS, number_of(&depth, counts->depth),
               fm_text_string(&now), fm_text_string(&texts[0]), fm_text_string(&texts[1]),
               fm_text_string(&texts[2]), fm_text_string(&texts[3]), fm_text_string(&texts[4]));
    fm_text_deinit(&now);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fm_text_deinit(&texts[i]);
    }
}

static void add_numbers(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_check_result *result = report->result;
    const struct fm_check_counts *counts = &result->counts;
    struct number a, b, c, d;
    fm_tlc_say(report->options, out, FM_TLC_STATS, number_of(&a, counts->generated),
               number_of(&b, counts->distinct), number_of(&c, counts->queue));
    fm_tlc_say(report->options, out, FM_TLC_DEPTH, number_of(&a, counts->depth));
    bool complete = (result->end == FM_CHECK_COMPLETE || result->end == FM_CHECK_EXIT) &&
                    (result->problem_count == 0 || report->options->keep_going);
    if (complete && counts->expanded > 0) {
        (void)number_of(&b, (uint64_t)lround(counts->outdegree_mean));
        fm_tlc_say(report->options, out, FM_TLC_OUTDEGREE, number_of(&a, counts->outdegree_min),
                   b.at, number_of(&c, counts->outdegree_p95),
                   number_of(&d, counts->outdegree_max));
    }
}

static void add_summary(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_check_result *result = report->result;
    if (result->simulation != NULL) {
        if (has_numbers(result)) {
            fm_tlc_simulation_summary(report, out);
        }
        return;
    }
    add_verdict(report, out);
    if (!has_numbers(result)) {
        return;
    }
    if (result->cost_counts != NULL) {
        fm_tlc_coverage(report, out);
    }
    if (report->options->tool) {
        add_last_progress(report, out);
    }
    add_numbers(report, out);
}

static void add_end(const struct fm_report *report, struct fm_text *out)
{
    struct fm_text duration = {NULL, 0, 0};
    struct fm_text now = {NULL, 0, 0};
    if (report->options->tool) {
        fm_text_printf(&duration, "%.0fms", report->seconds * 1000);
    } else {
        fm_report_duration(&duration, report->seconds);
    }
    fm_report_now(&now);
    fm_tlc_say(report->options, out, FM_TLC_FINISHED, fm_text_string(&duration),
               fm_text_string(&now));
    fm_text_deinit(&now);
    fm_text_deinit(&duration);
}

/* The trace specification. */
static void add_after(const struct fm_report *report, const struct fm_trace *trace,
                      struct fm_text *out)
{
    struct fm_text path = {NULL, 0, 0};
    if (!fm_trace_explore_is_wanted(report->options, trace)) {
        return;
    }
    const char *wrong = fm_trace_explore_write(report, trace, &path);
    fm_tlc_say(report->options, out, wrong == NULL ? FM_TLC_TE_WRITTEN : FM_TLC_TE_FAILED,
               wrong == NULL ? fm_text_string(&path) : wrong);
    fm_text_deinit(&path);
}

/* What the search found, before the temporal part. */
static void add_search_progress(const struct fm_report *report, const char *now,
                                struct fm_text *out)
{
    struct fm_check_progress progress;
    struct fm_text generated = {NULL, 0, 0};
    struct fm_text distinct = {NULL, 0, 0};
    struct fm_text queue = {NULL, 0, 0};
    struct number depth;
    fm_checker_progress(report->checker, &progress);
    fm_text_count(&generated, progress.generated);
    fm_text_count(&distinct, progress.distinct);
    fm_text_count(&queue, progress.queue);
    fm_tlc_say(report->options, out, FM_TLC_PROGRESS_SHORT, number_of(&depth, progress.depth), now,
               fm_text_string(&generated), fm_text_string(&distinct), fm_text_string(&queue));
    fm_text_deinit(&queue);
    fm_text_deinit(&distinct);
    fm_text_deinit(&generated);
}

static void add_temporal_begin(const struct fm_report *report, uint64_t states, struct fm_text *out)
{
    struct fm_text now = {NULL, 0, 0};
    struct number number;
    fm_report_now(&now);
    add_search_progress(report, fm_text_string(&now), out);
    fm_tlc_say(report->options, out, FM_TLC_TEMPORAL_BEGIN, "complete", number_of(&number, states),
               fm_text_string(&now));
    fm_text_deinit(&now);
}

static void add_temporal_end(const struct fm_report *report, struct fm_text *out)
{
    struct fm_text now = {NULL, 0, 0};
    struct fm_text duration = {NULL, 0, 0};
    const struct fm_liveness_result *temporal = report->temporal;
    fm_report_now(&now);
    fm_report_duration(&duration, (double)(temporal->fill_ns + temporal->search_ns) / 1e9);
    fm_tlc_say(report->options, out, FM_TLC_TEMPORAL_END, fm_text_string(&duration),
               fm_text_string(&now));
    fm_text_deinit(&duration);
    fm_text_deinit(&now);
}

/* TLC's status with -continue is that of the end of the search. */
static int exit_status(const struct fm_report *report)
{
    const struct fm_check_result *result = report->result;
    if (report->options->keep_going && result->problem_count > 0 &&
        result->end == FM_CHECK_COMPLETE) {
        return is_temporal_missing(report) ? 2 : 0;
    }
    return fm_report_exit_status(report);
}

const struct fm_personality fm_personality_tlc = {
    .command = "fathom tlc",
    .prints_errors = true,
    .quotes_output = true,
    .progress_in_pipes = true,
    .begin = add_begin,
    .loaded = add_loaded,
    .refused = fm_tlc_refusal,
    .computing = add_computing,
    .initial = add_initial,
    .problem = add_problem,
    .progress = add_progress,
    .temporal_begin = add_temporal_begin,
    .temporal_end = add_temporal_end,
    .summary = add_summary,
    .end = add_end,
    .after = add_after,
    .variable_order = fm_tlc_variable_order,
    .exit_status = exit_status,
};
