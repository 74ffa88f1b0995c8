/* Statistical properties: reading them, and their estimates as table, JSON and SVG.
 *
 * The table has a line for each quantity: the estimate, its interval, and for what is no
 * probability the extremes and quantiles. Numbers have as many digits as an interval of one part in
 * ten thousand needs. The chart draws what was kept of the observations (stats/estimate.h) with a
 * line at the mean; it carries no style sheet and no script, so that it can stand in any document.
 */
#include "cli/statistics.h"

#include "base/arena.h"
#include "base/file.h"
#include "cli/session.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* The largest file of statistics, bytes. */
#define FILE_MAX ((size_t)1 << 20)
/* Columns of the table for names. */
#define NAME_WIDTH 22

/* Pixels of a chart. */
enum { CHART_WIDTH = 640, CHART_HEIGHT = 180, CHART_LEFT = 60, CHART_TOP = 40, CHART_PLOT = 100 };

static bool read_file(const char *path, const struct fm_session *session,
                      struct fm_config_statistics *statistics)
{
    char *text = NULL;
    size_t size = 0;
    enum fm_file_result result = fm_file_read(path, FILE_MAX, &text, &size);
    if (result != FM_FILE_OK) {
        (void)fm_diag_report(session->diags, FM_CODE_3061, fm_span_none(),
                             "the file of statistics %s cannot be read: %s", path,
                             fm_cli_file_reason(result));
        return false;
    }
    uint32_t source = fm_source_add(session->sources, path, text, size);
    fm_memory_free(text);
    return fm_config_parse_statistics(source, session->diags, session->context,
                                      session->context->arena, statistics);
}

bool fm_statistics_read(const struct fm_options *options, const struct fm_session *session,
                        struct fm_program *program, struct fm_statistics *statistics)
{
    struct fm_config_statistics more = {NULL, 0};
    if (options->stats_file != NULL && !read_file(options->stats_file, session, &more)) {
        return false;
    }
    return fm_statistics_bind(program, &more, statistics);
}

bool fm_report_unused_choices(const struct fm_program *program, struct fm_text *out)
{
    bool any = false;
    for (uint32_t i = 0; i < program->choice_count; i++) {
        const struct fm_choice *choice = &program->choices[i];
        if (!atomic_load(choice->used)) {
            any = true;
            fm_text_printf(out,
                           "Error: nothing was chosen by DISTRIBUTION %s: no `\\E x \\in %s` of an "
                           "action, and no `x' \\in %s`, was met.\n",
                           choice->name->text, choice->name->text, choice->name->text);
        }
    }
    return any;
}

/* --- the table --- */

static bool is_share(const struct fm_estimate *estimate)
{
    return estimate->kind == FM_ESTIMATE_PROBABILITY;
}

static void add_estimate(const struct fm_estimate *estimate, uint64_t behaviours, bool asked,
                         struct fm_text *out)
{
    const char *prefix = is_share(estimate) ? "P: " : estimate->law != NULL ? "cost " : "";
    int width = NAME_WIDTH - (int)strlen(prefix);
    fm_text_printf(out, "  %s%-*s %12.6g  [%.6g, %.6g]", prefix, width, estimate->name,
                   estimate->moments.mean, estimate->interval.low, estimate->interval.high);
    if (is_share(estimate)) {
        fm_text_printf(out, "  %" PRIu64 " of %" PRIu64, estimate->hits, behaviours);
    } else {
        fm_text_printf(out, "  sd %.4g, min %.6g, median %.6g, 90%% %.6g, 99%% %.6g, max %.6g",
                       sqrt(fm_moments_variance(&estimate->moments)), estimate->moments.min,
                       estimate->quantiles[0], estimate->quantiles[1], estimate->quantiles[2],
                       estimate->moments.max);
    }
    if (estimate->law != NULL) {
        fm_text_printf(out, "  (%s)", estimate->law);
    }
    if (asked && !estimate->settled) {
        fm_text_puts(out, "  not settled");
    }
    fm_text_putc(out, '\n');
}

static void add_far(const struct fm_estimates_result *result, struct fm_text *out)
{
    const struct fm_estimate *far = result->far;
    struct fm_text needed = {NULL, 0, 0};
    if (far->needed < 1e18) {
        fm_text_count(&needed, (uint64_t)far->needed);
    }
    if (is_share(far)) {
        fm_text_printf(out, "Too rare to settle: %s held in %" PRIu64 " of %" PRIu64 " behaviors",
                       far->name, far->hits, result->behaviours);
    } else {
        fm_text_printf(out, "Too far from settling: %s after %" PRIu64 " behaviors", far->name,
                       result->behaviours);
    }
    fm_text_printf(out, "; %g%% takes at least %s of them.\n", result->until * 100,
                   needed.length > 0 ? fm_text_string(&needed) : "10^18");
    fm_text_deinit(&needed);
}

void fm_report_statistics(const struct fm_estimates_result *result, bool terse, struct fm_text *out)
{
    if (result->error != NULL) {
        fm_text_printf(out, "Error: what was to be measured has no value: %s\n", result->error);
    }
    if (result->behaviours == 0) {
        return;
    }
    fm_text_printf(out,
                   "Estimates from %" PRIu64 " behaviors, with intervals of %g%% confidence:\n",
                   result->behaviours, result->confidence * 100);
    for (uint32_t i = 0; i < result->count; i++) {
        add_estimate(&result->at[i], result->behaviours, result->until > 0, out);
    }
    if (result->until > 0 && result->settled) {
        fm_text_printf(out, "Settled: every interval is within %g%% of its estimate.\n",
                       result->until * 100);
    } else if (result->far != NULL) {
        add_far(result, out);
    } else if (result->until > 0) {
        fm_text_printf(out, "Not settled within %g%%.\n", result->until * 100);
    }
    if (!terse) {
        fm_text_puts(out,
                     "Steps: every action that can be taken has the same chance, in it what has a "
                     "DISTRIBUTION that, and the rest the same chance.\n");
    }
}

/* --- JSON --- */

static const char *kind_name(enum fm_estimate_kind kind)
{
    switch (kind) {
    case FM_ESTIMATE_PROBABILITY:
        return "probability";
    case FM_ESTIMATE_MEASURE:
        return "measure";
    case FM_ESTIMATE_COST:
        return "cost";
    case FM_ESTIMATE_COSTS:
        return "costs";
    case FM_ESTIMATE_STEPS:
        return "steps";
    }
    return "";
}

/* JSON has no infinities. */
static void add_real(struct fm_text *out, double number)
{
    if (isfinite(number)) {
        fm_text_printf(out, "%.17g", number);
    } else {
        fm_text_puts(out, "null");
    }
}

static void add_interval(struct fm_text *out, const char *key, struct fm_interval interval)
{
    fm_text_printf(out, ",\"%s\":[", key);
    add_real(out, interval.low);
    fm_text_putc(out, ',');
    add_real(out, interval.high);
    fm_text_putc(out, ']');
}

static void add_distribution(const struct fm_estimate *estimate, struct fm_text *out)
{
    /* ORDER(quantile) */
    static const char *const shares[FM_ESTIMATE_QUANTILES] = {"0.5", "0.9", "0.99"};
    fm_text_printf(out, ",\"min\":%.17g,\"max\":%.17g,\"variance\":%.17g,\"quantiles\":[",
                   estimate->moments.min, estimate->moments.max,
                   fm_moments_variance(&estimate->moments));
    for (uint32_t i = 0; i < FM_ESTIMATE_QUANTILES; i++) {
        fm_text_printf(out, "%s{\"share\":%s,\"value\":%.17g", i == 0 ? "" : ",", shares[i],
                       estimate->quantiles[i]);
        add_interval(out, "interval", estimate->quantile_intervals[i]);
        fm_text_putc(out, '}');
    }
    fm_text_puts(out, "],\"histogram\":[");
    for (uint32_t i = 0; i < estimate->bin_count; i++) {
        fm_text_printf(out, "%s[%.17g,%.17g,%" PRIu64 "]", i == 0 ? "" : ",", estimate->bins[i].low,
                       estimate->bins[i].high, estimate->bins[i].count);
    }
    fm_text_putc(out, ']');
}

static void add_estimate_json(const struct fm_estimate *estimate, struct fm_text *out)
{
    fm_text_puts(out, "{\"name\":");
    fm_text_json_string(out, estimate->name, strlen(estimate->name));
    fm_text_printf(out, ",\"kind\":\"%s\",\"estimate\":%.17g", kind_name(estimate->kind),
                   estimate->moments.mean);
    add_interval(out, "interval", estimate->interval);
    fm_text_printf(out, ",\"settled\":%s", estimate->settled ? "true" : "false");
    if (is_share(estimate)) {
        fm_text_printf(out, ",\"hits\":%" PRIu64, estimate->hits);
    } else {
        add_distribution(estimate, out);
    }
    if (estimate->law != NULL) {
        fm_text_puts(out, ",\"distribution\":");
        fm_text_json_string(out, estimate->law, strlen(estimate->law));
    }
    fm_text_putc(out, '}');
}

void fm_report_statistics_json(const struct fm_estimates_result *result, struct fm_text *out)
{
    fm_text_printf(out,
                   "{\"behaviors\":%" PRIu64 ",\"confidence\":%.17g,\"until\":", result->behaviours,
                   result->confidence);
    add_real(out, result->until > 0 ? result->until : NAN);
    fm_text_printf(out, ",\"settled\":%s,\"given_up\":", result->settled ? "true" : "false");
    if (result->far == NULL) {
        fm_text_puts(out, "null");
    } else {
        fm_text_puts(out, "{\"name\":");
        fm_text_json_string(out, result->far->name, strlen(result->far->name));
        fm_text_puts(out, ",\"needed\":");
        add_real(out, result->far->needed);
        fm_text_putc(out, '}');
    }
    fm_text_puts(out, ",\"error\":");
    if (result->error == NULL) {
        fm_text_puts(out, "null");
    } else {
        fm_text_json_string(out, result->error, strlen(result->error));
    }
    fm_text_puts(out, ",\"estimates\":[");
    for (uint32_t i = 0; result->behaviours > 0 && i < result->count; i++) {
        fm_text_puts(out, i == 0 ? "" : ",");
        add_estimate_json(&result->at[i], out);
    }
    fm_text_puts(out, "]}");
}

/* --- SVG --- */

static void add_bars(const struct fm_estimate *estimate, double top, struct fm_text *out)
{
    uint64_t highest = 1;
    double plot = CHART_WIDTH - 2 * CHART_LEFT;
    double width = plot / (double)estimate->bin_count;
    for (uint32_t i = 0; i < estimate->bin_count; i++) {
        highest = estimate->bins[i].count > highest ? estimate->bins[i].count : highest;
    }
    for (uint32_t i = 0; i < estimate->bin_count; i++) {
        const struct fm_bin *bin = &estimate->bins[i];
        double height = CHART_PLOT * (double)bin->count / (double)highest;
        fm_text_printf(out,
                       "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
                       "fill=\"#4477aa\"><title>%.6g to %.6g: %" PRIu64 "</title></rect>\n",
                       CHART_LEFT + width * i, top + CHART_PLOT - height, width - 1, height,
                       bin->low, bin->high, bin->count);
    }
    double low = estimate->bins[0].low, high = estimate->bins[estimate->bin_count - 1].high;
    double at = CHART_LEFT + plot * (estimate->moments.mean - low) / (high > low ? high - low : 1);
    fm_text_printf(out,
                   "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#cc3311\"/>\n",
                   at, at, top, top + CHART_PLOT);
    fm_text_printf(out, "<text x=\"%d\" y=\"%.1f\">%.6g</text>\n", CHART_LEFT,
                   top + CHART_PLOT + 16, low);
    fm_text_printf(out, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.6g</text>\n",
                   CHART_WIDTH - CHART_LEFT, top + CHART_PLOT + 16, high);
}

/* A probability as a bar from 0 to 1, with its interval. */
static void add_share(const struct fm_estimate *estimate, double top, struct fm_text *out)
{
    double plot = CHART_WIDTH - 2 * CHART_LEFT;
    fm_text_printf(out,
                   "<rect x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"24\" fill=\"none\" "
                   "stroke=\"#888888\"/>\n<rect x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"24\" "
                   "fill=\"#4477aa\"/>\n",
                   CHART_LEFT, top + 30, plot, CHART_LEFT, top + 30, plot * estimate->moments.mean);
    fm_text_printf(out,
                   "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#cc3311\" "
                   "stroke-width=\"3\"/>\n",
                   CHART_LEFT + plot * estimate->interval.low,
                   CHART_LEFT + plot * estimate->interval.high, top + 42, top + 42);
}

void fm_report_statistics_svg(const struct fm_estimates_result *result, struct fm_text *out)
{
    uint32_t count = result->behaviours > 0 ? result->count : 0;
    fm_text_printf(out,
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" "
                   "font-family=\"sans-serif\" font-size=\"12\">\n",
                   CHART_WIDTH, count * CHART_HEIGHT + 10);
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_estimate *estimate = &result->at[i];
        double top = (double)i * CHART_HEIGHT + CHART_TOP;
        fm_text_printf(out, "<text x=\"%d\" y=\"%.1f\" font-size=\"14\">", CHART_LEFT, top - 14);
        fm_text_xml(out, estimate->name);
        fm_text_printf(out, ": %.6g [%.6g, %.6g]</text>\n", estimate->moments.mean,
                       estimate->interval.low, estimate->interval.high);
        if (is_share(estimate)) {
            add_share(estimate, top, out);
        } else if (estimate->bin_count > 0) {
            add_bars(estimate, top, out);
        }
    }
    fm_text_puts(out, "</svg>\n");
}
