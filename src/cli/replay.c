/* fathom replay FILE, fathom minimize FILE: what is done with one finding.
 *
 * Both load the target that the finding names, or the one of --target, and refuse it when it is
 * another build: choices mean something to the build they were found with. --force goes on, and
 * says so.
 *
 * A replay prints every event and effect while it happens, from the process that runs the target,
 * so that what led to a crash is on the screen when the process is gone. */
#include "cli/command.h"
#include "cli/flags.h"

#include "base/arena.h"
#include "base/file.h"
#include "fuzz/minimize.h"
#include "fuzz/target.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Findings above this were not written by us. */
static const size_t file_size_max = (size_t)16 << 20;
/* Bytes of a message that are shown. */
static const size_t shown_max = 40;

struct job {
    const char *file, *target_path, *out;
    uint64_t hang_s;
    bool force, json;
    struct fm_finding finding;
    struct fm_target target;
};

/* Reads the finding and loads the target; an exit status, OK to go on. */
static int open_job(struct job *job)
{
    char *text, *error;
    size_t size;
    const char *wrong;
    uint32_t line;
    if (fm_file_read(job->file, file_size_max, &text, &size) != FM_FILE_OK) {
        (void)fprintf(stderr, "fathom: %s: no such file, or it cannot be read\n", job->file);
        return FM_STATUS_COMMAND_LINE;
    }
    bool read = fm_finding_parse(text, &job->finding, &wrong, &line);
    fm_memory_free(text);
    if (!read) {
        (void)fprintf(stderr, "%s:%u: %s\n", job->file, line, wrong);
        return FM_STATUS_COMMAND_LINE;
    }
    const char *path = job->target_path != NULL ? job->target_path : job->finding.path;
    if (!fm_target_open(&job->target, path, &error)) {
        (void)fprintf(stderr, "fathom: %s\n", error);
        fm_memory_free(error);
        return FM_STATUS_HARNESS;
    }
    if (job->target.hash != job->finding.target_hash) {
        (void)fprintf(stderr,
                      "fathom: %s: the finding is of another build of the target "
                      "(%016" PRIx64 ", this is %016" PRIx64 ")%s\n",
                      path, job->finding.target_hash, job->target.hash,
                      job->force ? "" : "; --force goes on with this one");
        if (!job->force) {
            return FM_STATUS_HARNESS;
        }
        job->finding.target_hash = job->target.hash;
    }
    return FM_STATUS_OK;
}

static void close_job(struct job *job)
{
    fm_finding_deinit(&job->finding);
    fm_target_close(&job->target);
}

/* A message: in the target's words, or its bytes. */
static void print_bytes(const struct job *job, const struct fm_happening *happening)
{
    struct fathom_bytes bytes = happening->data;
    bool is_message = happening->kind == FM_HAPPENED_SEND ||
                      (happening->choice != NULL && (happening->choice->kind == FM_CHOICE_DELIVER));
    struct fm_text text = {0};
    if (is_message && job->target.sut->describe != NULL) {
        struct fm_arena arena;
        const char *misuse = NULL;
        fm_arena_init(&arena, "replay");
        struct fathom_record *record = fm_record_new(&arena, &misuse);
        job->target.sut->describe(bytes, record);
        fm_record_json(record, &text);
        fm_arena_deinit(&arena);
    } else {
        const unsigned char *at = bytes.data;
        for (size_t i = 0; i < bytes.size && i < shown_max; i++) {
            if (at[i] >= ' ' && at[i] < 0x7F && at[i] != '\\') {
                fm_text_putc(&text, (char)at[i]);
            } else {
                fm_text_printf(&text, "\\x%02x", at[i]);
            }
        }
        fm_text_puts(&text, bytes.size > shown_max ? "..." : "");
    }
    (void)printf(" %s", fm_text_string(&text));
    fm_text_deinit(&text);
}

static void print_choice(const struct job *job, const struct fm_happening *happening)
{
    struct fm_text line = {0};
    fm_choice_print(happening->choice, &line);
    (void)printf("%10.3f s  %s", (double)happening->time_us / 1e6, line.at);
    fm_text_deinit(&line);
    if (happening->name != NULL) {
        (void)printf(" (%s)", happening->name);
    }
    if (happening->data.size > 0) {
        print_bytes(job, happening);
    }
    (void)printf("\n");
}

static void print_effect(const struct job *job, const struct fm_happening *happening)
{
    static const char *const operations[] = {"append to", "truncate", "replace", "sync"};
    static const char *const outcomes[] = {"ok", "failed", "unknown"};
    unsigned long long number = (unsigned long long)happening->number;
    (void)printf("%14snode %u: ", "", happening->node);
    switch (happening->kind) {
    case FM_HAPPENED_SEND:
        (void)printf("send %u>%u%s", happening->node, happening->peer,
                     happening->status == FATHOM_OK ? "" : " (unreachable)");
        break;
    case FM_HAPPENED_TIMER:
        (void)printf("timer %llu in %d ms", number, happening->status);
        break;
    case FM_HAPPENED_CANCEL:
        (void)printf("cancel timer %llu", number);
        break;
    case FM_HAPPENED_DISK:
        (void)printf("%s %s", operations[happening->status], happening->name);
        break;
    case FM_HAPPENED_PUT:
        (void)printf("put %s", happening->name);
        break;
    case FM_HAPPENED_REPLY:
        (void)printf("reply to request %llu: %s", number, outcomes[happening->status]);
        break;
    case FM_HAPPENED_EVENT:
        (void)printf("%s", happening->name);
        break;
    case FM_HAPPENED_CRASH:
        (void)printf("crashed");
        break;
    case FM_HAPPENED_CHOICE:
    case FM_HAPPENED_STATE:
        break;
    }
    if (happening->data.size > 0) {
        print_bytes(job, happening);
    }
}

static void print_text(const struct job *job, const struct fm_happening *happening)
{
    if (happening->kind == FM_HAPPENED_CHOICE) {
        print_choice(job, happening);
        return;
    }
    print_effect(job, happening);
    if (happening->kind == FM_HAPPENED_STATE) {
        struct fm_text text = {0};
        fm_record_json(happening->record, &text);
        (void)printf("%s", text.at);
        fm_text_deinit(&text);
    }
    (void)printf("\n");
}

/* One happening as a line of JSON. */
static void print_json(const struct fm_happening *happening)
{
    static const char *const kinds[] = {"choice", "send",  "timer", "cancel", "disk",
                                        "put",    "reply", "event", "crash",  "state"};
    struct fm_text text = {0};
    fm_text_printf(&text, "{\"kind\": \"%s\", \"time_us\": %" PRIu64 ", \"node\": %u, \"peer\": %u",
                   kinds[happening->kind], happening->time_us, happening->node, happening->peer);
    fm_text_printf(&text, ", \"number\": %" PRIu64 ", \"status\": %d", happening->number,
                   happening->status);
    if (happening->choice != NULL) {
        struct fm_text line = {0};
        fm_choice_print(happening->choice, &line);
        fm_text_printf(&text, ", \"choice\": \"%s\"", line.at);
        fm_text_deinit(&line);
    }
    if (happening->name != NULL) {
        fm_text_puts(&text, ", \"name\": ");
        fm_text_json_string(&text, happening->name, strlen(happening->name));
    }
    fm_text_puts(&text, ", \"data\": \"");
    for (size_t i = 0; i < happening->data.size; i++) {
        fm_text_printf(&text, "%02x", ((const unsigned char *)happening->data.data)[i]);
    }
    fm_text_putc(&text, '"');
    if (happening->record != NULL && happening->kind == FM_HAPPENED_STATE) {
        fm_text_puts(&text, ", \"record\": ");
        fm_record_json(happening->record, &text);
    }
    fm_text_puts(&text, "}\n");
    (void)fputs(text.at, stdout);
    fm_text_deinit(&text);
}

static void happened(void *closure, const struct fm_happening *happening)
{
    const struct job *job = closure;
    if (job->json) {
        print_json(happening);
    } else {
        print_text(job, happening);
    }
    (void)fflush(stdout); /* the next event may be the last */
}

static void print_end(const struct job *job, const struct fm_outcome *outcome, bool same)
{
    struct fm_text signature = {0};
    fm_finding_signature(outcome, &signature);
    if (job->json) {
        struct fm_text text = {0};
        fm_text_puts(&text, "{\"kind\": \"end\", \"signature\": ");
        fm_text_json_string(&text, signature.at, signature.length);
        fm_text_printf(&text, ", \"event_hash\": \"%016" PRIx64 "\", \"same\": %s}\n",
                       outcome->hash, same ? "true" : "false");
        (void)fputs(text.at, stdout);
        fm_text_deinit(&text);
    } else {
        (void)printf("\n%s: %s", fm_fuzz_verdict_word(outcome->verdict), outcome->reason);
        if (outcome->node != 0) {
            (void)printf(" (node %u)", outcome->node);
        }
        (void)printf("\n%s\n%s\n", fm_fuzz_verdict_text(outcome->verdict),
                     same ? "It repeats: the same signature and the same events."
                          : "It does not repeat: another signature or other events than recorded.");
    }
    fm_text_deinit(&signature);
}

static int replay(struct job *job)
{
    const struct fm_finding *finding = &job->finding;
    struct fm_schedule schedule = {.sut = job->target.sut,
                                   .nodes = finding->nodes,
                                   .seed = finding->seed,
                                   .faults = finding->faults,
                                   .choices = finding->choices.at,
                                   .count = finding->choices.count};
    struct fm_world_watch watch = {happened, job};
    struct fm_outcome outcome;
    if (!fm_run_isolated(&schedule, &watch, (uint32_t)job->hang_s * 1000, &outcome)) {
        (void)fprintf(stderr, "fathom: no process can be made: %s\n", strerror(errno));
        return FM_STATUS_HARNESS;
    }
    struct fm_text recorded = {0}, signature = {0};
    fm_finding_signature(&finding->outcome, &recorded);
    fm_finding_signature(&outcome, &signature);
    bool same = strcmp(recorded.at, signature.at) == 0 && outcome.hash == finding->outcome.hash;
    print_end(job, &outcome, same);
    fm_text_deinit(&recorded);
    fm_text_deinit(&signature);
    return same ? FM_STATUS_OK : FM_STATUS_FOUND;
}

static int minimize(struct job *job)
{
    struct fm_minimize_options options = {.sut = job->target.sut,
                                          .hang_ms = (uint32_t)job->hang_s * 1000};
    uint32_t before = job->finding.choices.count;
    struct fm_text text = {0};
    enum fm_minimize_result result = fm_minimize(&job->finding, &options);
    if (result != FM_MINIMIZE_DONE) {
        fm_finding_signature(&job->finding.outcome, &text);
        (void)fprintf(stderr, "fathom: %s: %s%s\n", job->file,
                      result == FM_MINIMIZE_GONE ? "the finding does not occur; what does is " : "",
                      result == FM_MINIMIZE_GONE ? text.at : strerror(errno));
        fm_text_deinit(&text);
        return result == FM_MINIMIZE_GONE ? FM_STATUS_FOUND : FM_STATUS_HARNESS;
    }
    fm_finding_print(&job->finding, &text);
    int status = FM_STATUS_OK;
    if (job->out == NULL) {
        (void)fputs(text.at, stdout);
    } else if (fm_file_write(job->out, text.at, text.length) != 0) {
        (void)fprintf(stderr, "fathom: %s: %s\n", job->out, strerror(errno));
        status = FM_STATUS_HARNESS;
    }
    (void)fprintf(stderr, "%u of %u choices are left, %u nodes.\n", job->finding.choices.count,
                  before, job->finding.nodes);
    fm_text_deinit(&text);
    return status;
}

/* The two commands differ in what they do with the job, and in one option. */
static int run(int argc, char **argv, int (*act)(struct job *job), const char *usage)
{
    struct job job = {.hang_s = 5};
    const struct fm_flag table[] = {
        {"--target", FM_FLAG_TEXT, "FILE", &job.target_path, 0, 0,
         "the shared object, instead of the one that the finding names"},
        {"--force", FM_FLAG_SWITCH, NULL, &job.force, 0, 0,
         "go on with another build of the target than the finding's"},
        {"--hang", FM_FLAG_NUMBER, "SECONDS", &job.hang_s, 1, 3600,
         "how long one event may take before it counts as a hang; 5 when not given"},
        act == replay ? (struct fm_flag){"--json", FM_FLAG_SWITCH, NULL, &job.json, 0, 0,
                                         "a line of JSON for each thing that happens"}
                      : (struct fm_flag){"--out", FM_FLAG_TEXT, "FILE", &job.out, 0, 0,
                                         "where the result is written; printed when not given"},
    };
    struct fm_text text = {0};
    struct fm_flags flags = {.flags = table,
                             .count = sizeof table / sizeof table[0],
                             .words = &job.file,
                             .words_max = 1};
    int status = FM_STATUS_COMMAND_LINE;
    if (!fm_flags_parse(&flags, argc, argv, &text)) {
        (void)fprintf(stderr, "fathom %s: %s\n", argv[0], text.at);
    } else if (flags.help) {
        fm_text_puts(&text, usage);
        fm_flags_print(table, flags.count, &text);
        (void)fputs(text.at, stdout);
        status = FM_STATUS_OK;
    } else if (flags.words_count == 0) {
        (void)fprintf(stderr, "fathom %s: a finding is needed: a file that `fathom fuzz` wrote\n",
                      argv[0]);
    } else {
        status = open_job(&job);
        status = status == FM_STATUS_OK ? act(&job) : status;
        close_job(&job);
    }
    fm_text_deinit(&text);
    return status;
}

int fm_command_replay(int argc, char **argv)
{
    return run(
        argc, argv, replay,
        "usage: fathom replay [options] FINDING\n\n"
        "Runs the schedule of a finding again and prints what happens.\n"
        "Exit status: 0 it repeats as recorded, 3 it does not, 4 the target does not load.\n\n");
}

int fm_command_minimize(int argc, char **argv)
{
    return run(
        argc, argv, minimize,
        "usage: fathom minimize [options] FINDING\n\n"
        "Leaves choices, faults and nodes out of a finding as long as it stays the same.\n"
        "Exit status: 0 done, 3 the finding does not occur, 4 the target does not load.\n\n");
}
