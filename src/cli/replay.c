/* fathom replay FILE, fathom minimize FILE: what is done with one finding.
 *
 * Both load the target that the finding names, or the one of --target, and refuse it when it is
 * another build: choices mean something to the build they were found with. --force goes on, and
 * says so.
 *
 * A replay prints every event and effect while it happens, from the process that runs the target,
 * so that what led to a crash is on the screen when the process is gone. */
#include "cli/replay.h"
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/judged.h"

#include "base/arena.h"
#include "base/file.h"
#include "fuzz/again.h"
#include "fuzz/diagram.h"
#include "fuzz/minimize.h"
#include "fuzz/target.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Findings above this were not written by us. */
static const size_t file_size_max = (size_t)16 << 20;

struct job {
    const char *file, *target_path, *out, *svg, *html;
    uint64_t hang_s;
    bool force, json;
    int (*act)(struct job *job);
    struct fm_finding finding;
    struct fm_target target;
    uint32_t hang_ms; /* how long the process that runs it may stand still */
    struct fm_cli_judged judged;
};

/* Says that the finding was made with another one of what the hash is of; whether to go on. */
static bool check_hash(const struct job *job, const char *what, uint64_t *made_with, uint64_t hash)
{
    if (*made_with == hash) {
        return true;
    }
    (void)fprintf(
        stderr,
        "fathom: %s: it was found with another %s (%016" PRIx64 ", this is %016" PRIx64 ")%s\n",
        job->file, what, *made_with, hash, job->force ? "" : "; --force goes on with this one");
    *made_with = hash;
    return job->force;
}

/* Reads the mapping that the finding names. */
static int open_mapping(struct job *job)
{
    struct fm_finding *finding = &job->finding;
    if (finding->mapping[0] == '\0') {
        return FM_STATUS_OK;
    }
    if (!fm_cli_judged_open(&job->judged, finding->mapping, finding->configuration,
                            finding->nodes)) {
        return FM_STATUS_HARNESS;
    }
    struct fm_mapping_hashes *made_with = &finding->hashes;
    struct fm_mapping_hashes found = fm_mapping_hashes(job->judged.mapping);
    bool fits = check_hash(job, "mapping", &made_with->mapping, found.mapping) &&
                check_hash(job, "specification", &made_with->specification, found.specification) &&
                check_hash(job, "configuration", &made_with->configuration, found.configuration);
    return fits ? FM_STATUS_OK : FM_STATUS_HARNESS;
}

/* Reads the finding and loads the target; an exit status, OK to go on. */
static int open_job(struct job *job)
{
    char *text, *error;
    size_t size;
    struct fm_finding_error wrong;
    if (fm_file_read(job->file, file_size_max, &text, &size) != FM_FILE_OK) {
        (void)fprintf(stderr, "fathom: %s: no such file, or it cannot be read\n", job->file);
        return FM_STATUS_COMMAND_LINE;
    }
    bool read = fm_finding_parse(text, &job->finding, &wrong);
    fm_memory_free(text);
    if (!read) {
        (void)fprintf(stderr, "%s:%u: %s\n", job->file, wrong.line, wrong.text);
        return FM_STATUS_COMMAND_LINE;
    }
    const char *path = job->target_path != NULL ? job->target_path : job->finding.path;
    const char *workload = job->finding.workload[0] == '\0' ? NULL : job->finding.workload;
    if (!fm_target_open(&job->target, path, workload, &error)) {
        (void)fprintf(stderr, "fathom: %s\n", error);
        fm_memory_free(error);
        return FM_STATUS_HARNESS;
    }
    job->hang_ms = fm_target_set_patience(&job->target, (uint32_t)job->hang_s * 1000);
    bool fits = check_hash(job, "build of the target", &job->finding.target_hash,
                           job->target.hash) &&
                check_hash(job, "version of Fathom's world", &job->finding.world_hash,
                           fm_world_own_hash());
    return fits ? open_mapping(job) : FM_STATUS_HARNESS;
}

static void close_job(struct job *job)
{
    fm_finding_deinit(&job->finding);
    fm_cli_judged_close(&job->judged);
    fm_target_close(&job->target);
}

/* In the process that runs the target. */
static void print_item(void *closure, const struct fm_trace_item *item)
{
    bool *drains = closure;
    if (item->drains && !*drains) {
        (void)printf(
            "\nThe schedule is over: all faults heal, and from here on everything arrives, in "
            "order and in time.\n\n");
        *drains = true;
    }
    fm_replay_print_item(item);
    (void)fflush(stdout); /* the next event may be the last */
}

static void print_end(const struct fm_replay *replay)
{
    const struct fm_outcome *outcome = replay->outcome;
    if (replay->explained->text[0] != '\0') {
        (void)printf("\n%s", replay->explained->text);
    }
    (void)printf("\n%s: %s", fm_fuzz_verdict_word(outcome->verdict), outcome->reason);
    if (outcome->node != 0) {
        (void)printf(" (node %u)", outcome->node);
    }
    if (fm_outcome_is_beyond(outcome)) {
        (void)printf("\nafter %u choices the model did not allow what happened: %s",
                     outcome->diverged, outcome->divergence);
    }
    (void)printf("\n%s\n%s\n", fm_fuzz_verdict_text(outcome->verdict),
                 replay->same
                     ? "It repeats: the same signature and the same events."
                     : "It does not repeat: another signature or other events than recorded.");
}

/* Whether the outcome is the one that the finding has. */
static bool is_same(const struct fm_finding *finding, const struct fm_outcome *outcome)
{
    struct fm_text recorded = {0}, signature = {0};
    fm_finding_signature(&finding->outcome, &recorded);
    fm_finding_signature(outcome, &signature);
    bool same = strcmp(recorded.at, signature.at) == 0 && outcome->hash == finding->outcome.hash;
    fm_text_deinit(&recorded);
    fm_text_deinit(&signature);
    return same;
}

/* False, and said, when the file cannot be written. */
static bool write_file(const char *path, const struct fm_text *text)
{
    if (fm_file_write(path, fm_text_string(text), text->length) != 0) {
        (void)fprintf(stderr, "fathom: %s: %s\n", path, strerror(errno));
        return false;
    }
    return true;
}

/* What is made of the whole trace: JSON, pictures. False when a file cannot be written. */
static bool show(const struct job *job, const struct fm_replay *replay)
{
    struct fm_text text = {0};
    struct fm_diagram diagram = {.finding = replay->finding,
                                 .trace = replay->trace,
                                 .outcome = replay->outcome,
                                 .explanation = replay->explained->text,
                                 .same = replay->same};
    bool fine = true;
    if (job->svg != NULL) {
        fm_diagram_svg(&diagram, &text);
        fine = write_file(job->svg, &text);
        fm_text_clear(&text);
    }
    if (job->html != NULL) {
        fm_diagram_html(&diagram, &text);
        fine &= write_file(job->html, &text);
        fm_text_clear(&text);
    }
    if (job->json) {
        fm_replay_json(replay, &text);
        (void)fputs(text.at, stdout);
    }
    fm_text_deinit(&text);
    return fine;
}

/* Runs the schedule, collecting what happens or printing it at once. */
static bool run_shown(const struct job *job, const struct fm_schedule *schedule, bool collect,
                      struct fm_run_options *options, struct fm_trace *trace,
                      struct fm_outcome *outcome)
{
    if (collect) {
        return fm_trace_run(schedule, options, trace, outcome);
    }
    struct fm_tracer tracer;
    struct fm_world_watch watch = {fm_tracer_happened, &tracer};
    fm_tracer_init(&tracer, job->target.sut);
    bool drains = false;
    tracer.item = print_item;
    tracer.closure = &drains;
    options->watch = &watch;
    bool fine = fm_run_isolated(schedule, options, outcome);
    fm_tracer_deinit(&tracer);
    return fine;
}

static bool run_schedule(const struct job *job, bool collect, struct fm_trace *trace,
                         struct fm_explained *explained, struct fm_outcome *outcome)
{
    const struct fm_finding *finding = &job->finding;
    struct fm_schedule schedule = {.sut = job->target.sut,
                                   .mapping = job->judged.mapping,
                                   .nodes = finding->nodes,
                                   .seed = finding->seed,
                                   .faults = finding->faults,
                                   .choices = finding->choices.at,
                                   .count = finding->choices.count,
                                   .rounds = finding->rounds,
                                   .beyond = fm_outcome_is_beyond(&finding->outcome)};
    enum fm_fuzz_verdict wanted = finding->outcome.verdict;
    struct fm_run_options options = {.explained = explained, .hang_ms = job->hang_ms};
    bool fine = run_shown(job, &schedule, collect, &options, trace, outcome);
    if (fine && outcome->verdict == FM_FUZZ_FINE &&
        (wanted == FM_FUZZ_LEAK || wanted == FM_FUZZ_UNSTABLE)) {
        /* What one run does not show. */
        fine = fm_run_again(&schedule, wanted, job->hang_ms, outcome);
    }
    return fine;
}

static int replay(struct job *job)
{
    struct fm_outcome outcome;
    struct fm_explained explained;
    struct fm_trace trace = {.items = {.at = NULL}};
    bool collect = job->json || job->svg != NULL || job->html != NULL;
    if (!run_schedule(job, collect, &trace, &explained, &outcome)) {
        (void)fprintf(stderr, "fathom: no process can be made: %s\n", strerror(errno));
        return FM_STATUS_HARNESS;
    }
    bool same = is_same(&job->finding, &outcome);
    int status = same ? FM_STATUS_OK : FM_STATUS_FOUND;
    struct fm_replay replay = {&job->finding, &trace, &outcome, &explained, same};
    if (collect && !show(job, &replay)) {
        status = FM_STATUS_HARNESS;
    }
    if (!job->json) {
        print_end(&replay);
    }
    if (collect) {
        fm_trace_deinit(&trace);
    }
    return status;
}

static unsigned count_bits(uint64_t bits)
{
    unsigned count = 0;
    for (; bits != 0; bits &= bits - 1) {
        count++;
    }
    return count;
}

/* What is left of what there was. */
static void tell_minimized(const struct fm_finding *before, const struct fm_finding *after,
                           uint32_t runs)
{
    (void)fprintf(stderr, "%u of %u choices are left, %u of %u nodes, %u of %u faults:",
                  after->choices.count, before->choices.count, after->nodes, before->nodes,
                  count_bits(after->faults), count_bits(before->faults));
    for (unsigned bit = 0; fm_fault_name(bit) != NULL; bit++) {
        if ((after->faults >> bit & 1) != 0) {
            (void)fprintf(stderr, " %s", fm_fault_name(bit));
        }
    }
    (void)fprintf(stderr, "%s; %u runs.\n", after->faults == 0 ? " none" : "", runs);
}

static int minimize(struct job *job)
{
    struct fm_minimize_options options = {.sut = job->target.sut,
                                          .mapping_for = fm_cli_judged_for,
                                          .mappings = &job->judged,
                                          .hang_ms = job->hang_ms};
    struct fm_finding before = fm_finding_copy(&job->finding);
    struct fm_text text = {0};
    uint32_t runs;
    int status = FM_STATUS_OK;
    enum fm_minimize_result result = fm_minimize(&job->finding, &options, &runs);
    if (result != FM_MINIMIZE_DONE) {
        fm_finding_signature(&job->finding.outcome, &text);
        (void)fprintf(stderr, "fathom: %s: %s%s\n", job->file,
                      result == FM_MINIMIZE_GONE ? "the finding does not occur; what does is " : "",
                      result == FM_MINIMIZE_GONE ? text.at : strerror(errno));
        status = result == FM_MINIMIZE_GONE ? FM_STATUS_FOUND : FM_STATUS_HARNESS;
    } else {
        fm_finding_print(&job->finding, &text);
        tell_minimized(&before, &job->finding, runs);
        if (job->out == NULL) {
            (void)fputs(text.at, stdout);
        } else if (!write_file(job->out, &text)) {
            status = FM_STATUS_HARNESS;
        }
    }
    fm_finding_deinit(&before);
    fm_text_deinit(&text);
    return status;
}

/* Reads the command line by the table, and does what it says. */
static int run(int argc, char **argv, struct job *job, const struct fm_flags *table,
               const char *usage)
{
    struct fm_text text = {0};
    struct fm_flags flags = *table;
    flags.words = &job->file;
    flags.words_max = 1;
    int status = FM_STATUS_COMMAND_LINE;
    if (!fm_flags_parse(&flags, argc, argv, &text)) {
        (void)fprintf(stderr, "fathom %s: %s\n", argv[0], text.at);
    } else if (flags.help) {
        fm_text_puts(&text, usage);
        fm_flags_print(flags.flags, flags.count, &text);
        (void)fputs(text.at, stdout);
        status = FM_STATUS_OK;
    } else if (flags.words_count == 0) {
        (void)fprintf(stderr, "fathom %s: a finding is needed: a file that `fathom fuzz` wrote\n",
                      argv[0]);
    } else {
        status = open_job(job);
        status = status == FM_STATUS_OK ? job->act(job) : status;
        close_job(job);
    }
    fm_text_deinit(&text);
    return status;
}

/* Options of both commands. */
#define COMMON_FLAGS(job)                                                                          \
    {"--target",                                                                                   \
     FM_FLAG_TEXT,                                                                                 \
     "FILE",                                                                                       \
     &(job).target_path,                                                                           \
     0,                                                                                            \
     0,                                                                                            \
     "the shared object, instead of the one that the finding names"},                              \
        {"--force",                                                                                \
         FM_FLAG_SWITCH,                                                                           \
         NULL,                                                                                     \
         &(job).force,                                                                             \
         0,                                                                                        \
         0,                                                                                        \
         "go on with another build of the target than the finding's"},                             \
    {                                                                                              \
        "--hang", FM_FLAG_NUMBER, "SECONDS", &(job).hang_s, 1, 3600,                               \
            "how long one event may take before it counts as a hang; 5 when not given"             \
    }

int fm_command_replay(int argc, char **argv)
{
    struct job job = {.hang_s = 5, .act = replay};
    const struct fm_flag table[] = {
        COMMON_FLAGS(job),
        {"--json", FM_FLAG_SWITCH, NULL, &job.json, 0, 0, "print everything as one JSON object"},
        {"--svg", FM_FLAG_TEXT, "FILE", &job.svg, 0, 0, "draw the sequence diagram into FILE"},
        {"--html", FM_FLAG_TEXT, "FILE", &job.html, 0, 0,
         "write a page with the diagram and all details into FILE"},
    };
    struct fm_flags flags = {.flags = table, .count = sizeof table / sizeof table[0]};
    return run(
        argc, argv, &job, &flags,
        "usage: fathom replay [options] FINDING\n\n"
        "Runs the schedule of a finding again and prints what happens.\n"
        "Exit status: 0 it repeats as recorded, 3 it does not, 4 the target does not load.\n\n");
}

int fm_command_minimize(int argc, char **argv)
{
    struct job job = {.hang_s = 5, .act = minimize};
    const struct fm_flag table[] = {
        COMMON_FLAGS(job),
        {"--out", FM_FLAG_TEXT, "FILE", &job.out, 0, 0,
         "where the result is written; printed when not given"},
    };
    struct fm_flags flags = {.flags = table, .count = sizeof table / sizeof table[0]};
    return run(
        argc, argv, &job, &flags,
        "usage: fathom minimize [options] FINDING\n\n"
        "Leaves choices, faults and nodes out of a finding as long as it stays the same.\n"
        "Exit status: 0 done, 3 the finding does not occur, 4 the target does not load.\n\n");
}
