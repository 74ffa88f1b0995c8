/* The words of `fathom simulate`.
 *
 * TLC's lines stand where TLC has one: the first, progress, the number of states with the seed. How
 * many behaviours there were, how they ended and how to have the failing one again is ours. Nothing
 * here is said of distinct states: nobody counts them. */
#include "cli/simulate.h"

#include "cli/command.h"
#include "cli/message.h"
#include "cli/statistics.h"

#include "base/file.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

struct number_text {
    char at[32];
};

static const char *number_of(struct number_text *text, uint64_t number)
{
    (void)snprintf(text->at, sizeof text->at, "%" PRIu64, number);
    return text->at;
}

static void add_begin(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_options *options = report->options;
    struct fm_text now = {NULL, 0, 0};
    struct number_text workers, cores;
    char seed[32];
    if (report->program == NULL) {
        return;
    }
    (void)snprintf(seed, sizeof seed, "%" PRId64, options->seed);
    fm_report_now(&now);
    fm_text_printf(out, "Fathom %s\n", FM_VERSION);
    fm_say(out, FM_MESSAGE_RUNNING_SIMULATION, seed, number_of(&workers, options->workers),
           options->workers == 1 ? "" : "s", number_of(&cores, fm_processor_count()));
    fm_say(out, FM_MESSAGE_STARTING, fm_text_string(&now));
    fm_text_deinit(&now);
    for (uint32_t i = 0; options->verbose && i < report->loaded->module_count; i++) {
        fm_text_printf(out, "Read %s\n", report->loaded->module_paths[i]);
    }
}

static void add_initial(const struct fm_report *report, const struct fm_check_counts *counts,
                        struct fm_text *out)
{
    struct fm_text now = {NULL, 0, 0};
    struct number_text generated, kept;
    (void)report;
    fm_report_now(&now);
    fm_say(out, FM_MESSAGE_INIT_COMPUTED, number_of(&generated, counts->initial_generated));
    fm_say(out, FM_MESSAGE_INIT_DISTINCT, number_of(&kept, counts->initial_distinct), "",
           fm_text_string(&now));
    fm_text_deinit(&now);
}

/* ORDER(progress): cli/progress.c. */
static void add_progress(const struct fm_report *report, const char *const *arguments,
                         uint32_t count, struct fm_text *out)
{
    (void)report;
    (void)count;
    fm_say(out, FM_MESSAGE_PROGRESS_SIMULATION, arguments[2], arguments[7], arguments[8],
           arguments[9], arguments[10]);
}

/* --- the end --- */

static void add_lengths(const struct fm_simulation *simulation, uint64_t generated,
                        struct fm_text *out)
{
    struct number_text states, behaviours;
    char mean[32], variance[32], deviation[32];
    (void)snprintf(mean, sizeof mean, "%.0f", simulation->length_mean);
    (void)snprintf(variance, sizeof variance, "%.0f", simulation->length_variance);
    (void)snprintf(deviation, sizeof deviation, "%.0f", sqrt(simulation->length_variance));
    fm_say(out, FM_MESSAGE_PROGRESS_SIMULATION, number_of(&states, generated),
           number_of(&behaviours, simulation->behaviours), mean, variance, deviation);
}

static const char *const end_texts[FM_BEHAVIOUR_ENDS] = {
    [FM_BEHAVIOUR_DEPTH] = "cut off at the depth",
    [FM_BEHAVIOUR_FINAL] = "ended in a state without successors",
    [FM_BEHAVIOUR_CONSTRAINED] = "ended at the constraints",
    [FM_BEHAVIOUR_REACHED] = "ended where they were to",
    [FM_BEHAVIOUR_PROBLEM] = "failed",
    [FM_BEHAVIOUR_HALTED] = "were stopped",
};

static void add_ends(const struct fm_simulation *simulation, struct fm_text *out)
{
    const char *comma = "Behaviors: ";
    for (uint32_t i = 0; i < FM_BEHAVIOUR_ENDS; i++) {
        if (simulation->ends[i] > 0) {
            fm_text_printf(out, "%s%" PRIu64 " %s", comma, simulation->ends[i], end_texts[i]);
            comma = ", ";
        }
    }
    fm_text_printf(out, "; of %" PRIu64 " to %" PRIu64 " states, every %s with the same chance.\n",
                   simulation->length_min, simulation->length_max,
                   simulation->uniform == FM_UNIFORM_ACTIONS ? "action" : "successor");
}

void fm_report_simulation(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_check_result *result = report->result;
    const struct fm_simulation *simulation = result->simulation;
    struct number_text generated, aril;
    char seed[32];
    if (simulation->behaviours > 0) {
        add_lengths(simulation, result->counts.generated, out);
    }
    if (simulation->behaviours > 0 && !report->options->terse) {
        add_ends(simulation, out);
    }
    if (report->estimates != NULL && simulation->steps > 0) {
        (void)fm_report_unused_choices(report->program, out);
    }
    if (report->estimates != NULL) {
        fm_report_statistics(report->estimates, report->options->terse, out);
    }
    (void)snprintf(seed, sizeof seed, "%" PRId64, report->options->seed);
    fm_say(out, FM_MESSAGE_STATS_SIMULATION, number_of(&generated, result->counts.generated), seed,
           number_of(&aril, report->options->aril));
    if (simulation->failed != UINT64_MAX && !report->options->terse) {
        fm_text_printf(out,
                       "Behavior %" PRIu64 " is the first that failed; -seed %s --only %" PRIu64
                       " walks it again.\n",
                       simulation->failed, seed, simulation->failed);
    }
}

void fm_report_simulation_json(const struct fm_report *report, struct fm_text *out)
{
    static const char *const names[FM_BEHAVIOUR_ENDS] = {
        [FM_BEHAVIOUR_DEPTH] = "depth",
        [FM_BEHAVIOUR_FINAL] = "final",
        [FM_BEHAVIOUR_CONSTRAINED] = "constraint",
        [FM_BEHAVIOUR_REACHED] = "reached",
        [FM_BEHAVIOUR_PROBLEM] = "failed",
        [FM_BEHAVIOUR_HALTED] = "halted",
    };
    const struct fm_simulation *simulation = report->result->simulation;
    fm_text_printf(out, "{\"behaviors\":%" PRIu64 ",\"steps\":%" PRIu64 ",\"uniform\":\"%s\"",
                   simulation->behaviours, simulation->steps,
                   simulation->uniform == FM_UNIFORM_ACTIONS ? "actions" : "successors");
    fm_text_printf(out, ",\"aril\":%" PRIu64 ",\"depth_max\":%" PRId64, report->options->aril,
                   report->options->depth);
    fm_text_printf(out,
                   ",\"length\":{\"min\":%" PRIu64 ",\"max\":%" PRIu64
                   ",\"mean\":%.17g,\"variance\":%.17g}",
                   simulation->length_min, simulation->length_max, simulation->length_mean,
                   simulation->length_variance);
    fm_text_puts(out, ",\"ends\":{");
    for (uint32_t i = 0; i < FM_BEHAVIOUR_ENDS; i++) {
        fm_text_printf(out, "%s\"%s\":%" PRIu64, i == 0 ? "" : ",", names[i], simulation->ends[i]);
    }
    fm_text_puts(out, "},\"first_failed\":");
    if (simulation->failed == UINT64_MAX) {
        fm_text_puts(out, "null");
    } else {
        fm_text_printf(out, "%" PRIu64, simulation->failed);
    }
    if (report->estimates != NULL) {
        fm_text_puts(out, ",\"statistics\":");
        fm_report_statistics_json(report->estimates, out);
    }
    fm_text_putc(out, '}');
}

static int exit_status(const struct fm_report *report)
{
    const struct fm_estimates_result *estimates = report->estimates;
    int status = fm_report_exit_status(report);
    if (estimates != NULL && estimates->error != NULL) {
        return status == FM_STATUS_OK || status == FM_STATUS_TEMPORAL ? FM_STATUS_EVALUATION
                                                                      : status;
    }
    struct fm_text unused = {NULL, 0, 0};
    bool meant = estimates == NULL || report->result->simulation->steps == 0 ||
                 !fm_report_unused_choices(report->program, &unused);
    fm_text_deinit(&unused);
    if (status == FM_STATUS_OK && !meant) {
        return FM_STATUS_UNSETTLED;
    }
    bool asked = estimates != NULL && estimates->until > 0;
    return status == FM_STATUS_OK && asked && !estimates->settled ? FM_STATUS_UNSETTLED : status;
}

const struct fm_personality fm_personality_simulate = {
    .command = "fathom simulate",
    .loaded = add_begin,
    .initial = add_initial,
    .problem = fm_report_problem,
    .progress = add_progress,
    .summary = fm_report_summary,
    .exit_status = exit_status,
};
