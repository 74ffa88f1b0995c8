/* The words of `fathom check`: what frames the report of report_text.c.
 *
 * Fathom's name and version come before TLC's first line, so that nobody takes one for the other;
 * the line itself is TLC's, because scripts look for it. Errors of the specification are not part
 * of it: they go to standard error, with the source line. */
#include "cli/message.h"
#include "cli/personality.h"

#include "base/file.h"

#include <inttypes.h>
#include <stdio.h>

static void add_begin(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_options *options = report->options;
    struct fm_text now = {NULL, 0, 0};
    char fp[32], seed[32], workers[32], cores[32];
    uint32_t core_count = fm_processor_count();
    if (report->program == NULL) {
        return;
    }
    (void)snprintf(fp, sizeof fp, "%" PRIu64, options->fp);
    (void)snprintf(seed, sizeof seed, "%" PRId64, options->seed);
    (void)snprintf(workers, sizeof workers, "%" PRIu32, options->workers);
    (void)snprintf(cores, sizeof cores, "%" PRIu32, core_count);
    fm_report_now(&now);
    fm_text_printf(out, "Fathom %s\n", FM_VERSION);
    fm_say(out, FM_MESSAGE_RUNNING, fp, seed, workers, options->workers == 1 ? "" : "s", cores,
           core_count == 1 ? "" : "s");
    fm_say(out, FM_MESSAGE_STARTING, fm_text_string(&now));
    fm_text_deinit(&now);
    for (uint32_t i = 0; options->verbose && i < report->loaded->module_count; i++) {
        fm_text_printf(out, "Read %s\n", report->loaded->module_paths[i]);
    }
}

static void add_computing(const struct fm_report *report, struct fm_text *out)
{
    (void)report;
    fm_say(out, FM_MESSAGE_COMPUTING_INIT, "");
}

static void add_initial(const struct fm_report *report, const struct fm_check_counts *counts,
                        struct fm_text *out)
{
    struct fm_text now = {NULL, 0, 0};
    char generated[32], distinct[32];
    (void)report;
    (void)snprintf(generated, sizeof generated, "%" PRIu64, counts->initial_generated);
    (void)snprintf(distinct, sizeof distinct, "%" PRIu64, counts->initial_distinct);
    const char *plural = counts->initial_generated == 1 ? "" : "s";
    fm_report_now(&now);
    if (counts->initial_generated == counts->initial_distinct) {
        fm_say(out, FM_MESSAGE_INIT_DISTINCT, generated, plural, fm_text_string(&now));
    } else {
        fm_say(out, FM_MESSAGE_INIT_SOME, generated, plural, distinct, fm_text_string(&now));
    }
    fm_text_deinit(&now);
}

static void add_progress(const struct fm_report *report, const char *const *arguments,
                         uint32_t count, struct fm_text *out)
{
    (void)report;
    fm_message_add(out, FM_MESSAGE_PROGRESS, arguments, count);
}

static void add_temporal_begin(const struct fm_report *report, uint64_t states, struct fm_text *out)
{
    struct fm_text now = {NULL, 0, 0};
    char count[32];
    (void)snprintf(count, sizeof count, "%" PRIu64, states);
    fm_report_now(&now);
    fm_say(out, FM_MESSAGE_TEMPORAL_BEGIN, report->options->depth >= 0 ? "current" : "complete",
           count, fm_text_string(&now));
    fm_text_deinit(&now);
}

static void add_temporal_end(const struct fm_report *report, struct fm_text *out)
{
    struct fm_text now = {NULL, 0, 0};
    struct fm_text duration = {NULL, 0, 0};
    const struct fm_liveness_result *temporal = report->temporal;
    fm_report_now(&now);
    fm_report_duration(&duration, (double)(temporal->fill_ns + temporal->search_ns) / 1e9);
    fm_say(out, FM_MESSAGE_TEMPORAL_END, fm_text_string(&duration), fm_text_string(&now));
    fm_text_deinit(&duration);
    fm_text_deinit(&now);
}

const struct fm_personality fm_personality_check = {
    .command = "fathom check",
    .loaded = add_begin,
    .computing = add_computing,
    .initial = add_initial,
    .problem = fm_report_problem,
    .progress = add_progress,
    .temporal_begin = add_temporal_begin,
    .temporal_end = add_temporal_end,
    .summary = fm_report_summary,
    .exit_status = fm_report_exit_status,
};
