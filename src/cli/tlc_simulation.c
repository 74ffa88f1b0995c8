/* Simulation in TLC's words (tlc2/tool/Simulator.java).
 *
 * The lines differ from those of a check: progress counts behaviours, and at the end stand the
 * number of states, the seed and -aril. With -tool the line of progress has the form of the other
 * mode's, with -1 for what a simulation does not know. TLC prints its last progress before the end
 * when all went well, and behind it when something was found. */
#include "cli/tlc_report.h"

#include "base/file.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

struct number {
    char at[32];
};

static const char *number_of(struct number *number, uint64_t value)
{
    (void)snprintf(number->at, sizeof number->at, "%" PRIu64, value);
    return number->at;
}

void fm_tlc_simulation_initial(const struct fm_report *report, const struct fm_check_counts *counts,
                               struct fm_text *out)
{
    struct fm_text now = {NULL, 0, 0};
    struct number generated, kept;
    fm_report_now(&now);
    fm_tlc_say(report->options, out, FM_TLC_INIT_COMPUTED,
               number_of(&generated, counts->initial_generated));
    fm_tlc_say(report->options, out, FM_TLC_INIT_DISTINCT,
               number_of(&kept, counts->initial_distinct), "", fm_text_string(&now));
    fm_text_deinit(&now);
}

/* ORDER(progress): cli/progress.c. */
void fm_tlc_simulation_progress(const struct fm_report *report, const char *const *arguments,
                                struct fm_text *out)
{
    if (report->options->tool) {
        fm_tlc_say(report->options, out, FM_TLC_PROGRESS_SIMULATION_TOOL, arguments[7],
                   arguments[1], arguments[2]);
    } else {
        fm_tlc_say(report->options, out, FM_TLC_PROGRESS_SIMULATION, arguments[2], arguments[7],
                   arguments[8], arguments[9], arguments[10]);
    }
}

struct lengths {
    double mean, variance;
};

/* TLC counts the states of a behaviour that ends by itself, but the steps of one that -depth cuts
 * off: one less. */
static struct lengths lengths_of(const struct fm_report *report)
{
    const struct fm_simulation *simulation = report->result->simulation;
    struct lengths lengths = {simulation->length_mean, simulation->length_variance};
    double count = (double)simulation->behaviours;
    double cut = (double)simulation->ends[FM_BEHAVIOUR_DEPTH];
    if (count > 0) {
        double states = (double)report->options->depth + 1;
        double mean = lengths.mean - cut / count;
        double squares = lengths.variance + lengths.mean * lengths.mean;
        squares -= cut / count * (2 * states - 1);
        lengths = (struct lengths){mean, fmax(squares - mean * mean, 0)};
    }
    return lengths;
}

static void add_progress(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_simulation *simulation = report->result->simulation;
    struct lengths lengths = lengths_of(report);
    struct fm_text now = {NULL, 0, 0};
    struct number states, behaviours, mean, variance, deviation;
    const char *none = "";
    fm_report_now(&now);
    (void)snprintf(mean.at, sizeof mean.at, "%.0f", lengths.mean);
    (void)snprintf(variance.at, sizeof variance.at, "%.0f", lengths.variance);
    (void)snprintf(deviation.at, sizeof deviation.at, "%.0f", sqrt(lengths.variance));
    const char *const arguments[] = {none,
                                     fm_text_string(&now),
                                     number_of(&states, report->result->counts.generated),
                                     none,
                                     none,
                                     none,
                                     none,
                                     number_of(&behaviours, simulation->behaviours),
                                     mean.at,
                                     variance.at,
                                     deviation.at};
    fm_tlc_simulation_progress(report, arguments, out);
    fm_text_deinit(&now);
}

static void add_numbers(const struct fm_report *report, struct fm_text *out)
{
    struct number generated;
    char seed[32], aril[32];
    if (report->options->tool) {
        add_progress(report, out);
    }
    (void)snprintf(seed, sizeof seed, "%" PRId64, report->options->seed);
    (void)snprintf(aril, sizeof aril, "%" PRId64, (int64_t)report->options->aril);
    fm_tlc_say(report->options, out, FM_TLC_STATS_SIMULATION,
               number_of(&generated, report->result->counts.generated), seed, aril);
}

void fm_tlc_simulation_summary(const struct fm_report *report, struct fm_text *out)
{
    if (report->result->problem_count == 0) {
        add_progress(report, out);
        add_numbers(report, out);
    } else {
        add_numbers(report, out);
        add_progress(report, out);
    }
}

/* A first state goes by the initial predicate's definition. */
void fm_tlc_simulation_label(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_formula *init = &report->program->inits[0];
    const struct fm_node *node = init->node;
    const char *name = init->name == NULL ? "Init" : init->name->text;
    while (node->op == FM_OP_CALL && node->count == 0 && node->u.def->body != NULL) {
        name = node->u.def->name->text;
        node = node->u.def->body;
    }
    fm_text_printf(out, "<%s ", name);
    fm_report_location(report, node->span, out);
    fm_text_putc(out, '>');
}
