/* fathom budget FILE: how long must a test run, and what is its silence worth?
 *
 * FILE is a table of runs (stats/runs.h). Bounds are printed of independent runs only, those of the
 * arm "random"; what a guide chose gives estimates, and they are called so. A bound whose
 * assumption is broken is refused, with the lines that break it: two builds in one table, or two
 * runs of one seed that differ. With --states N, the number of states that the model has in all,
 * coverage is exact and nothing is estimated of it. */
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/session.h"

#include "base/file.h"
#include "stats/bound.h"
#include "stats/runs.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a file, bytes. */
#define SIZE_MAX_TABLE ((size_t)1 << 34)
#define CHOICES_UNIT 1000.0

enum { CHART_WIDTH = 640, CHART_HEIGHT = 240, CHART_LEFT = 60, CHART_TOP = 40, CHART_PLOT = 150 };
/* Points of a curve. */
#define POINTS 200u

struct job {
    const char *path, *svg, *confidence_text, *below_text;
    double confidence, below;
    uint64_t states, more, threads, steps, chains, events, depth;
    bool json, fixed, stopped;
    struct fm_runs runs;
};

/* Why no bound is printed of the arm; NULL: one is. */
static const char *refusal_of(const struct job *job, const struct fm_runs_arm *arm,
                              struct fm_text *text)
{
    const struct fm_runs *runs = &job->runs;
    if (runs->other_build_line != 0) {
        fm_text_printf(text,
                       "%s:%u: another build than in the lines before; what they say is not "
                       "said of one program",
                       job->path, runs->other_build_line);
    } else if (runs->first_seed_line != 0) {
        fm_text_printf(text,
                       "%s:%u: the same seed as in line %u, and another run: the test is not "
                       "deterministic",
                       job->path, runs->second_seed_line, runs->first_seed_line);
    } else if (strcmp(arm->name->text, "random") != 0) {
        fm_text_puts(text,
                     "a guide chose these runs by what it had seen: they are not independent");
    } else if (job->stopped && arm->failures > 0 && !arm->ends_failed) {
        fm_text_puts(text, "--stopped says that the last run failed, and it did not");
    } else {
        return NULL;
    }
    return text->at;
}

struct bounds {
    struct fm_interval failure; /* probability that a run fails, each end with the confidence */
    const char *kind;
    double more;    /* runs without a failure until p < below is known; NAN: not asked */
    double confirm; /* runs to confirm a fix; NAN: nothing failed */
};

static struct bounds bounds_of(const struct job *job, const struct fm_runs_arm *arm)
{
    struct bounds bounds = {.more = NAN, .confirm = NAN};
    if (arm->failures == 0) {
        bounds.failure.high = fm_bound_none(arm->runs, job->confidence);
        bounds.kind = "no failure; holds whenever one stops";
    } else if (job->stopped) {
        bounds.failure = fm_bound_stopped(arm->failures, arm->runs, job->confidence);
        bounds.kind = "runs that ended with the last failure";
    } else if (job->fixed) {
        bounds.failure = fm_bound_fixed(arm->failures, arm->runs, job->confidence);
        bounds.kind = "a number of runs fixed beforehand";
    } else {
        /* Both ends together: each alone may err half as often. */
        bounds.failure = fm_bound_anytime(arm->failures, arm->runs, 2 * job->confidence - 1);
        bounds.kind = "holds whenever one looks and stops";
    }
    if (job->below_text != NULL && arm->failures == 0) {
        bounds.more = fmax(0, fm_bound_runs(job->below, job->confidence) - (double)arm->runs);
    }
    if (arm->failures > 0) {
        bounds.confirm = fm_bound_runs(bounds.failure.low, job->confidence);
    }
    return bounds;
}

/* --- text --- */

static void add_line(struct fm_text *out, const char *label)
{
    fm_text_printf(out, "  %-26s ", label);
}

static void add_runs(struct fm_text *out, double runs)
{
    if (runs < 1e15) {
        fm_text_count(out, (uint64_t)runs);
    } else {
        fm_text_printf(out, "%.3g", runs);
    }
}

static void add_bounds(const struct job *job, const struct fm_runs_arm *arm, struct fm_text *out)
{
    struct bounds bounds = bounds_of(job, arm);
    fm_text_printf(out, "\nProbability that a run fails, with confidence %.4g%% (%s)\n",
                   100 * job->confidence, bounds.kind);
    add_line(out, "at most");
    fm_text_printf(out, "%.4g\n", bounds.failure.high);
    if (arm->failures > 0) {
        add_line(out, "at least");
        fm_text_printf(out, "%.4g\n", bounds.failure.low);
        add_line(out, "to confirm a fix");
        add_runs(out, bounds.confirm);
        fm_text_puts(out, " runs without a failure\n");
    }
    if (!isnan(bounds.more)) {
        fm_text_printf(out, "  below %-20s ", job->below_text);
        add_runs(out, bounds.more);
        fm_text_puts(out,
                     bounds.more > 0 ? " more runs without a failure\n" : " more runs: known\n");
    }
}

static void add_coverage(const struct job *job, const struct fm_runs_arm *arm, struct fm_text *out)
{
    const struct fm_species *species = &arm->species;
    add_line(out, "seen");
    fm_text_count(out, species->seen);
    if (job->states > 0) {
        fm_text_printf(out, " of %" PRIu64 ": %.4g%%, exactly\n", job->states,
                       100 * (double)species->seen / (double)job->states);
        return;
    }
    fm_text_printf(out, "; %" PRIu64 " in one run only, %" PRIu64 " in two\n", species->once,
                   species->twice);
    double unseen = fm_species_unseen(species);
    add_line(out, "never seen");
    fm_text_printf(out, "at least %.4g: at most %.4g%% are covered\n", unseen,
                   100 * (double)species->seen / ((double)species->seen + unseen));
}

static void add_discovery(const struct job *job, const struct fm_runs_arm *arm, struct fm_text *out)
{
    const struct fm_species *species = &arm->species;
    double discovery = fm_species_discovery(species);
    fm_text_puts(out, "\nWhat runs show (estimates)\n");
    add_coverage(job, arm, out);
    add_line(out, "the next run shows more");
    fm_text_printf(out, "with probability %.4g: one run in ", discovery);
    add_runs(out, ceil(1 / discovery));
    fm_text_puts(out, "\n");
    if (arm->choices > 0) {
        double length = (double)arm->choices / (double)arm->runs;
        add_line(out, "in the next 1,000 choices");
        fm_text_printf(out, "%.4g new\n", fm_species_expected(species) * CHOICES_UNIT / length);
    }
    add_line(out, "rate of coverage left");
    fm_text_printf(out, "%.4g\n", fm_species_uncovered(species));
    double more = job->more > 0 ? (double)job->more : (double)arm->runs;
    fm_text_puts(out, "  after ");
    add_runs(out, more);
    fm_text_printf(out, " more runs, %.4g new\n", fm_species_after(species, more));
    if (arm->seeds.count > 0) {
        add_line(out, "risk left, by seeds");
        fm_text_printf(out, "%.4g (mean-local Laplace), %.4g (mean-local Good-Turing)\n",
                       fm_species_local_laplace(arm->seeds.at, arm->seeds.count),
                       fm_species_local_good_turing(arm->seeds.at, arm->seeds.count));
    }
}

static void add_arm(const struct job *job, const struct fm_runs_arm *arm, struct fm_text *out)
{
    struct fm_text why = {0};
    fm_text_printf(out, "%s, arm %s: ", job->path, arm->name->text);
    fm_text_count(out, arm->runs);
    fm_text_puts(out, " runs");
    if (arm->choices > 0) {
        fm_text_puts(out, " of ");
        fm_text_count(out, arm->choices);
        fm_text_puts(out, " choices");
    }
    fm_text_printf(out, ", %" PRIu64 " failed", arm->failures);
    if (arm->lines > arm->runs) {
        fm_text_printf(out, "; %" PRIu64 " more repeat a seed and add nothing",
                       arm->lines - arm->runs);
    }
    fm_text_putc(out, '\n');
    if (refusal_of(job, arm, &why) == NULL) {
        add_bounds(job, arm, out);
    } else {
        fm_text_printf(out, "\nNo bound: %s.\n", why.at);
    }
    if (arm->species.seen > 0) {
        add_discovery(job, arm, out);
    }
    fm_text_putc(out, '\n');
    fm_text_deinit(&why);
}

static void add_guarantee(const struct job *job, const char *name, double bound,
                          struct fm_text *out)
{
    fm_text_printf(out,
                   "%s, a bug of depth %" PRIu64 ": found by a run with probability %.4g at "
                   "least; with confidence %.4g%% within ",
                   name, job->depth, bound, 100 * job->confidence);
    add_runs(out, fm_bound_runs(bound, job->confidence));
    fm_text_puts(out, " runs\n");
}

static double pct_bound(const struct job *job)
{
    return fm_bound_pct((double)job->threads, (double)job->steps, (double)job->depth);
}

static double messages_bound(const struct job *job)
{
    return fm_bound_pct_messages((double)job->chains, (double)job->events, (double)job->depth);
}

static void add_text(const struct job *job, struct fm_text *out)
{
    for (uint32_t i = 0; i < job->runs.arms.count; i++) {
        add_arm(job, &job->runs.arms.at[i], out);
    }
    if (job->threads > 0 && job->steps > 0) {
        add_guarantee(job, "PCT", pct_bound(job), out);
    }
    if (job->chains > 0 && job->events > 0) {
        add_guarantee(job, "PCT of messages", messages_bound(job), out);
    }
    fm_text_puts(out,
                 "Every probability is over the generator of these runs and the faults that it "
                 "may use.\n");
}

/* --- JSON --- */

/* null for what JSON has no number for. */
static void add_number(struct fm_text *out, const char *name, double number)
{
    if (isfinite(number)) {
        fm_text_printf(out, ", \"%s\": %.12g", name, number);
    } else {
        fm_text_printf(out, ", \"%s\": null", name);
    }
}

static void add_species_json(const struct job *job, const struct fm_runs_arm *arm,
                             struct fm_text *out)
{
    const struct fm_species *species = &arm->species;
    fm_text_printf(
        out, ", \"species\": {\"seen\": %" PRIu64 ", \"once\": %" PRIu64 ", \"twice\": %" PRIu64,
        species->seen, species->once, species->twice);
    if (job->states > 0) {
        add_number(out, "covered", (double)species->seen / (double)job->states);
    } else {
        add_number(out, "unseen_at_least", fm_species_unseen(species));
    }
    add_number(out, "discovery", fm_species_discovery(species));
    add_number(out, "expected", fm_species_expected(species));
    add_number(out, "uncovered_rate", fm_species_uncovered(species));
    double more = job->more > 0 ? (double)job->more : (double)arm->runs;
    add_number(out, "more_runs", more);
    add_number(out, "new_after", fm_species_after(species, more));
    if (arm->choices > 0) {
        add_number(out, "per_1000_choices",
                   fm_species_expected(species) * CHOICES_UNIT * (double)arm->runs /
                       (double)arm->choices);
    }
    if (arm->seeds.count > 0) {
        add_number(out, "local_laplace", fm_species_local_laplace(arm->seeds.at, arm->seeds.count));
        add_number(out, "local_good_turing",
                   fm_species_local_good_turing(arm->seeds.at, arm->seeds.count));
    }
    fm_text_putc(out, '}');
}

static void add_arm_json(const struct job *job, const struct fm_runs_arm *arm, struct fm_text *out)
{
    struct fm_text why = {0};
    fm_text_puts(out, "{\"arm\": ");
    fm_text_json_string(out, arm->name->text, arm->name->length);
    fm_text_printf(out,
                   ", \"runs\": %" PRIu64 ", \"repeated\": %" PRIu64 ", \"failures\": %" PRIu64
                   ", \"choices\": %" PRIu64,
                   arm->runs, arm->lines - arm->runs, arm->failures, arm->choices);
    if (refusal_of(job, arm, &why) == NULL) {
        struct bounds bounds = bounds_of(job, arm);
        fm_text_printf(out, ", \"bound\": {\"kind\": \"%s\"", bounds.kind);
        add_number(out, "confidence", job->confidence);
        add_number(out, "low", bounds.failure.low);
        add_number(out, "high", bounds.failure.high);
        add_number(out, "more_runs", bounds.more);
        add_number(out, "confirm_runs", bounds.confirm);
        fm_text_putc(out, '}');
    } else {
        fm_text_puts(out, ", \"refused\": ");
        fm_text_json_string(out, why.at, why.length);
    }
    if (arm->species.seen > 0) {
        add_species_json(job, arm, out);
    }
    fm_text_putc(out, '}');
    fm_text_deinit(&why);
}

static void add_json(const struct job *job, struct fm_text *out)
{
    fm_text_puts(out, "{\"arms\": [");
    for (uint32_t i = 0; i < job->runs.arms.count; i++) {
        fm_text_puts(out, i == 0 ? "" : ", ");
        add_arm_json(job, &job->runs.arms.at[i], out);
    }
    fm_text_putc(out, ']');
    if (job->threads > 0 && job->steps > 0) {
        add_number(out, "pct", pct_bound(job));
    }
    if (job->chains > 0 && job->events > 0) {
        add_number(out, "pct_messages", messages_bound(job));
    }
    fm_text_puts(out, "}\n");
}

/* --- SVG --- */

/* Species seen after each run, then those that are expected, up to twice the runs. */
static void add_curve(const struct fm_runs_arm *arm, uint32_t number, struct fm_text *out)
{
    double top = (double)number * CHART_HEIGHT + CHART_TOP;
    double width = CHART_WIDTH - 2 * CHART_LEFT;
    double seen = (double)arm->species.seen;
    double most = fmax(1, seen + fm_species_after(&arm->species, (double)arm->runs));
    fm_text_printf(out, "<text x=\"%d\" y=\"%.1f\" font-size=\"14\">", CHART_LEFT, top - 14);
    fm_text_xml(out, arm->name->text);
    fm_text_printf(out,
                   ": %" PRIu64 " species after %" PRIu64 " runs; %.4g expected after as many "
                   "more</text>\n<polyline fill=\"none\" stroke=\"#4477aa\" points=\"",
                   arm->species.seen, arm->runs, most);
    for (uint32_t i = 0; i <= POINTS; i++) {
        uint64_t run = arm->runs * i / POINTS;
        double y = run == 0 ? 0 : (double)arm->grown.at[run - 1];
        fm_text_printf(out, "%.1f,%.1f ", CHART_LEFT + width / 2 * i / POINTS,
                       top + CHART_PLOT * (1 - y / most));
    }
    fm_text_puts(out, "\"/>\n<polyline fill=\"none\" stroke=\"#cc3311\" stroke-dasharray=\"4\" "
                      "points=\"");
    for (uint32_t i = 0; i <= POINTS; i++) {
        double y = seen + fm_species_after(&arm->species, (double)arm->runs * i / POINTS);
        fm_text_printf(out, "%.1f,%.1f ", CHART_LEFT + width / 2 * (1 + (double)i / POINTS),
                       top + CHART_PLOT * (1 - y / most));
    }
    fm_text_printf(out,
                   "\"/>\n<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#888888\"/>\n"
                   "<text x=\"%d\" y=\"%.1f\">0</text>\n<text x=\"%d\" y=\"%.1f\" "
                   "text-anchor=\"end\">%" PRIu64 " runs</text>\n",
                   CHART_LEFT, CHART_WIDTH - CHART_LEFT, top + CHART_PLOT, top + CHART_PLOT,
                   CHART_LEFT, top + CHART_PLOT + 16, CHART_WIDTH - CHART_LEFT,
                   top + CHART_PLOT + 16, 2 * arm->runs);
}

static int write_svg(const struct job *job)
{
    struct fm_text out = {0};
    uint32_t drawn = 0;
    fm_text_printf(&out,
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" "
                   "font-family=\"sans-serif\" font-size=\"12\">\n",
                   CHART_WIDTH, job->runs.arms.count * CHART_HEIGHT + 10);
    for (uint32_t i = 0; i < job->runs.arms.count; i++) {
        if (job->runs.arms.at[i].species.seen > 0) {
            add_curve(&job->runs.arms.at[i], drawn++, &out);
        }
    }
    fm_text_puts(&out, "</svg>\n");
    int status = FM_STATUS_OK;
    if (drawn == 0) {
        (void)fprintf(stderr,
                      "fathom budget: nothing to draw in %s: %s has no species "
                      "(column 'shows')\n",
                      job->svg, job->path);
        status = FM_STATUS_COMMAND_LINE;
    } else if (fm_file_write(job->svg, out.at, out.length) != 0) {
        (void)fprintf(stderr, "fathom budget: cannot write %s\n", job->svg);
        status = FM_STATUS_ERROR;
    }
    fm_text_deinit(&out);
    return status;
}

/* --- the command --- */

static int report(const struct job *job)
{
    struct fm_text out = {0};
    if (job->json) {
        add_json(job, &out);
    } else {
        add_text(job, &out);
    }
    (void)fputs(out.at, stdout);
    fm_text_deinit(&out);
    bool refused = job->runs.other_build_line != 0 || job->runs.first_seed_line != 0;
    int status = job->svg == NULL ? FM_STATUS_OK : write_svg(job);
    return status == FM_STATUS_OK && refused ? FM_STATUS_UNDECIDED : status;
}

static int start(struct job *job)
{
    char *text;
    size_t size;
    enum fm_file_result read = fm_file_read(job->path, SIZE_MAX_TABLE, &text, &size);
    if (read != FM_FILE_OK) {
        (void)fprintf(stderr, "fathom budget: %s: %s\n", job->path, fm_cli_file_reason(read));
        return FM_STATUS_ERROR;
    }
    struct fm_text wrong = {0};
    uint32_t line;
    int status = FM_STATUS_PARSE;
    if (!fm_runs_read(&job->runs, text, size, &wrong, &line)) {
        (void)fprintf(stderr, "%s:%u: %s\n", job->path, line, wrong.at);
    } else if (job->states > 0 && job->runs.species > job->states) {
        (void)fprintf(
            stderr, "fathom budget: %s shows %" PRIu64 " species, more than --states %" PRIu64 "\n",
            job->path, job->runs.species, job->states);
        status = FM_STATUS_COMMAND_LINE;
    } else {
        status = report(job);
    }
    fm_runs_deinit(&job->runs);
    fm_text_deinit(&wrong);
    fm_memory_free(text);
    return status;
}

/* A number strictly between the two; false with a line on stderr. */
static bool read_number(const char *name, const char *text, double min, double max, double *number)
{
    char *end;
    *number = strtod(text, &end);
    bool good = end != text && *end == '\0' && *number > min && *number < max;
    if (!good) {
        (void)fprintf(stderr, "fathom budget: %s: '%s' is no number above %g and below %g\n", name,
                      text, min, max);
    }
    return good;
}

static bool read_numbers(struct job *job)
{
    double percent = 95;
    bool good = (job->confidence_text == NULL ||
                 read_number("--confidence", job->confidence_text, 50, 100, &percent)) &&
                (job->below_text == NULL ||
                 read_number("--below", job->below_text, 0, 1, &job->below));
    job->confidence = percent / 100;
    if (good && job->fixed && job->stopped) {
        (void)fprintf(stderr, "fathom budget: --fixed and --stopped exclude each other\n");
        return false;
    }
    return good;
}

static const char usage[] =
    "usage: fathom budget [options] FILE\n\n"
    "Says what runs of a test are worth: bounds for the probability that a run fails, runs that\n"
    "are still needed, and what is left to be seen. FILE is a table, columns separated by tabs,\n"
    "named in its first line:\n"
    "  failed   empty, 0 or -: passed; else failed        (must be there)\n"
    "  seed     the same seed makes the same run\n"
    "  choices  length of the run\n"
    "  shows    what it shows (states, transitions), separated by spaces\n"
    "  arm      who chose the run; bounds are printed of the arm 'random' only\n"
    "  build    what ran; one for the whole table\n"
    "  from     seed of the corpus that a guided run was changed from\n\n"
    "Exit status: 0, 5 bounds are refused, 150 the file is wrong.\n\nOptions:\n";

int fm_command_budget(int argc, char **argv)
{
    struct job job = {.depth = 1};
    const struct fm_flag table[] = {
        {"--confidence", FM_FLAG_TEXT, "PERCENT", &job.confidence_text, 0, 0,
         "of each bound; 95 when not given"},
        {"--below", FM_FLAG_TEXT, "P", &job.below_text, 0, 0,
         "how many more runs, when none fails, show that a run fails less often"},
        {"--fixed", FM_FLAG_SWITCH, NULL, &job.fixed, 0, 0,
         "the number of runs was fixed beforehand (tighter)"},
        {"--stopped", FM_FLAG_SWITCH, NULL, &job.stopped, 0, 0,
         "the last run failed, and was the last for that reason (tighter)"},
        {"--states", FM_FLAG_NUMBER, "N", &job.states, 1, UINT64_MAX,
         "what could be shown in all (fathom check counts them): coverage is exact"},
        {"--more", FM_FLAG_NUMBER, "N", &job.more, 1, UINT64_MAX,
         "runs to look ahead; as many as there are when not given"},
        {"--threads", FM_FLAG_NUMBER, "N", &job.threads, 1, UINT64_MAX,
         "with --steps and --depth: the guarantee of PCT"},
        {"--steps", FM_FLAG_NUMBER, "N", &job.steps, 1, UINT64_MAX, "of a run"},
        {"--chains", FM_FLAG_NUMBER, "N", &job.chains, 1, UINT64_MAX,
         "with --events and --depth: the same for messages"},
        {"--events", FM_FLAG_NUMBER, "N", &job.events, 1, UINT64_MAX, "of a run"},
        {"--depth", FM_FLAG_NUMBER, "N", &job.depth, 1, 64,
         "events whose order a bug depends on; 1 when not given"},
        {"--svg", FM_FLAG_TEXT, "FILE", &job.svg, 0, 0, "draw what was seen, run by run"},
        {"--json", FM_FLAG_SWITCH, NULL, &job.json, 0, 0, "print the result as one JSON object"},
    };
    struct fm_text text = {0};
    struct fm_flags flags = {.flags = table,
                             .count = sizeof table / sizeof table[0],
                             .words = &job.path,
                             .words_max = 1};
    int status = FM_STATUS_COMMAND_LINE;
    if (!fm_flags_parse(&flags, argc, argv, &text)) {
        (void)fprintf(stderr, "fathom budget: %s\n", text.at);
    } else if (flags.help) {
        fm_text_puts(&text, usage);
        fm_flags_print(table, flags.count, &text);
        (void)fputs(text.at, stdout);
        status = FM_STATUS_OK;
    } else if (flags.words_count < 1) {
        (void)fprintf(stderr,
                      "fathom budget: a file is needed; `fathom budget --help` says more\n");
    } else if (read_numbers(&job)) {
        status = start(&job);
    }
    fm_text_deinit(&text);
    return status;
}
