/* fathom fuzz [SPEC] TARGET: a campaign of schedules, random or guided, against an implementation.
 *
 * Findings are written when they are made, one file for each signature, so that whatever ends the
 * campaign, what it found is there. They are shrunk when the campaign is over: minimizing takes the
 * processor that the workers use, and the first hit of a signature is seldom the best one to show.
 */
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/judged.h"
#include "cli/terminal.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/random.h"
#include "fuzz/campaign.h"
#include "fuzz/escalate.h"
#include "fuzz/guide.h"
#include "fuzz/minimize.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The first ^C ends the search, the second one what comes behind it; SIGTERM both. */
static volatile sig_atomic_t interrupted, hurried;

struct settings {
    uint64_t nodes, workers, seed, horizon, schedules, seconds, findings, hang_s, rounds;
    const char *faults, *out, *config, *maelstrom, *guide;
    bool json, quiet, careful, no_minimize, no_subsets;
    unsigned guides; /* enum fm_guide, or-ed; of --guide */
};

struct session {
    const struct settings *settings;
    struct fm_target target;
    struct fm_cli_judged judged;
    uint64_t faults;      /* that occur */
    uint32_t hang_ms;     /* how long a worker may stand still */
    unsigned number;      /* of the last file */
    FM_VEC(char *) files; /* of findings */
    FM_VEC(struct fm_finding) findings;
    bool terminal;
    uint64_t progress_ns; /* of the last line */
    uint32_t echoes;      /* crashes forgotten, see shrink */
    bool failed;          /* a file could not be written */
};

static void interrupt(int number)
{
    hurried |= interrupted != 0 || number == SIGTERM;
    interrupted = 1;
}

enum { FLAG_COUNT = 19 };

static void fill_flags(struct fm_flag *flags, struct settings *settings)
{
    const struct fm_flag table[FLAG_COUNT] = {
        {"--nodes", FM_FLAG_NUMBER, "N", &settings->nodes, 1, FATHOM_NODES_MAX,
         "nodes of the system; 3 when not given"},
        {"--seconds", FM_FLAG_NUMBER, "N", &settings->seconds, 1, 100000000,
         "how long; 60 when neither this nor --schedules is given"},
        {"--schedules", FM_FLAG_NUMBER, "N", &settings->schedules, 1, UINT64_MAX,
         "end after so many schedules"},
        {"--findings", FM_FLAG_NUMBER, "N", &settings->findings, 1, FM_SIGNATURES_MAX,
         "end when so many different findings are made"},
        {"--horizon", FM_FLAG_NUMBER, "N", &settings->horizon, 1, FM_SCHEDULE_MAX,
         "choices of a schedule; 100 when not given"},
        {"--faults", FM_FLAG_TEXT, "LIST", &settings->faults, 0, 0,
         "the faults that occur, as in drop,crash; all, none; those that the target claims to "
         "survive when not given"},
        {"--no-subsets", FM_FLAG_SWITCH, NULL, &settings->no_subsets, 0, 0,
         "each schedule uses all faults, and evenly, not a set of them and a temperament that are "
         "drawn for it"},
        {"--guide", FM_FLAG_TEXT, "GUIDE", &settings->guide, 0, 0,
         "what makes a schedule worth changing: model, transition, action, trace, or some with + "
         "between; random when not given: nothing is changed"},
        {"--seed", FM_FLAG_NUMBER, "N", &settings->seed, 0, UINT64_MAX,
         "of the campaign: the same seed makes the same schedules; drawn when not given, always "
         "printed"},
        {"--workers", FM_FLAG_NUMBER, "N", &settings->workers, 1, 64,
         "processes that run schedules; one per processor when not given"},
        {"--hang", FM_FLAG_NUMBER, "SECONDS", &settings->hang_s, 1, 3600,
         "how long one event may take before it counts as a hang; 5 when not given"},
        {"--rounds", FM_FLAG_NUMBER, "N", &settings->rounds, 0, FM_ROUNDS_MAX,
         "behind each schedule all faults heal, and each client is to be served within so many "
         "rounds of the target's length; 10 when not given, 0: this is not checked"},
        {"--config", FM_FLAG_TEXT, "FILE", &settings->config, 0, 0,
         "the configuration of SPEC; SPEC.cfg when not given"},
        {"--maelstrom", FM_FLAG_TEXT, "WORKLOAD", &settings->maelstrom, 0, 0,
         "TARGET is a node of Maelstrom, run as it is: echo, broadcast, g-set, g-counter, "
         "pn-counter, unique-ids, lin-kv"},
        {"--out", FM_FLAG_TEXT, "DIR", &settings->out, 0, 0,
         "where findings are written; `findings` when not given"},
        {"--no-minimize", FM_FLAG_SWITCH, NULL, &settings->no_minimize, 0, 0,
         "leave findings as they were found"},
        {"--careful", FM_FLAG_SWITCH, NULL, &settings->careful, 0, 0,
         "the judge remembers nothing from one event to the next: the same verdicts, in three "
         "times the time"},
        {"--json", FM_FLAG_SWITCH, NULL, &settings->json, 0, 0,
         "print the result as one JSON object"},
        {"--quiet", FM_FLAG_SWITCH, NULL, &settings->quiet, 0, 0, "no progress"},
    };
    memcpy(flags, table, sizeof table);
}

static void print_help(const struct fm_flag *flags)
{
    struct fm_text text = {0};
    fm_text_puts(
        &text,
        "usage: fathom fuzz [options] [SPEC] TARGET\n\n"
        "Runs schedules against the system TARGET, and writes what it finds. TARGET\n"
        "is a shared object that exports fathom_sut (see fathom/sut.h), or an executable in\n"
        "any language that reads a line of JSON an event and answers with another\n"
        "(docs/executables.md). With SPEC, a mapping module, each event is held against a\n"
        "TLA+ specification.\n\nOptions:\n");
    fm_flags_print(flags, FLAG_COUNT, &text);
    fm_text_puts(&text, "\nExit status:\n"
                        "  0         nothing was found\n"
                        "  1         mistake on the command line\n"
                        "  3         something was found\n"
                        "  4         the target does not load, or its harness is at fault\n"
                        "  130       ended by ^C, and nothing was found\n");
    (void)fputs(text.at, stdout);
    fm_text_deinit(&text);
}

static void clear_line(const struct session *session)
{
    if (session->terminal) {
        (void)fputs("\r\033[K", stderr);
    }
}

static void write_finding(struct session *session, const struct fm_finding *finding,
                          const char *path)
{
    struct fm_text text = {0};
    fm_finding_print(finding, &text);
    if (fm_file_write(path, text.at, text.length) != 0) {
        clear_line(session);
        (void)fprintf(stderr, "fathom: %s: %s\n", path, strerror(errno));
        session->failed = true;
    }
    fm_text_deinit(&text);
}

static void found(void *closure, const struct fm_finding *finding)
{
    struct session *session = closure;
    struct fm_text path = {0}, signature = {0};
    do {
        fm_text_clear(&path);
        fm_text_printf(&path, "%s/%s-%03u.finding", session->settings->out,
                       session->target.sut->name, ++session->number);
    } while (fm_file_exists(path.at)); /* of an earlier campaign */
    fm_finding_signature(&finding->outcome, &signature);
    write_finding(session, finding, path.at);
    if (!session->settings->json) {
        clear_line(session);
        (void)printf("Found: %s (%u choices, %s)\n", signature.at, finding->choices.count, path.at);
        if (fm_outcome_is_beyond(&finding->outcome)) {
            (void)printf("       first, after %u choices: %s\n", finding->outcome.diverged,
                         finding->outcome.divergence);
        }
        (void)fflush(stdout);
    }
    struct fm_finding kept = fm_finding_copy(finding);
    fm_vec_push(&session->findings, kept);
    fm_vec_push(&session->files, path.at);
    fm_text_deinit(&signature);
}

static void progress(void *closure, const struct fm_campaign_counts *counts)
{
    struct session *session = closure;
    uint64_t now = fm_clock_monotonic_ns();
    uint64_t pause = session->terminal ? UINT64_C(200000000) : UINT64_C(60000000000);
    if (session->settings->quiet || now - session->progress_ns < pause) {
        return;
    }
    session->progress_ns = now;
    (void)fprintf(stderr,
                  "%s%.0f s: %" PRIu64 " schedules (%.0f/s), %" PRIu64 " hits of %u findings",
                  session->terminal ? "\r" : "", counts->seconds, counts->schedules,
                  counts->seconds > 0 ? (double)counts->schedules / counts->seconds : 0,
                  counts->hits, counts->signatures);
    if (session->settings->guides != 0) {
        (void)fprintf(stderr, "; corpus of %u, %" PRIu64 " features", counts->corpus.entries,
                      counts->corpus.features);
    }
    (void)fputs(session->terminal ? "\033[K" : "\n", stderr);
}

static double percent(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 100 : 100 * (double)part / (double)whole;
}

static const char *result_text(enum fm_minimize_result result)
{
    return result == FM_MINIMIZE_DONE   ? "minimal"
           : result == FM_MINIMIZE_GONE ? "does not occur in a process of its own"
                                        : strerror(errno);
}

/* Forgets a finding and its file. */
static void forget(struct session *session, uint32_t number)
{
    (void)unlink(session->files.at[number]);
    fm_memory_free(session->files.at[number]);
    fm_finding_deinit(&session->findings.at[number]);
    session->files.count--;
    session->findings.count--;
    for (uint32_t i = number; i < session->findings.count; i++) {
        session->files.at[i] = session->files.at[i + 1];
        session->findings.at[i] = session->findings.at[i + 1];
    }
}

static bool is_divergence(const struct fm_finding *finding)
{
    enum fm_fuzz_verdict verdict = finding->outcome.verdict;
    return verdict == FM_FUZZ_IMPOSSIBLE || verdict == FM_FUZZ_DIFFERS ||
           verdict == FM_FUZZ_INVARIANT;
}

/* Looks for the harm that a divergence does, and adds it to the findings. */
static void escalate(struct session *session, const struct fm_finding *finding)
{
    struct fm_escalate_options options = {
        .sut = session->target.sut,
        .mapping = fm_cli_judged_for(&session->judged, finding->nodes),
        .faults = session->faults,
        .horizon = (uint32_t)session->settings->horizon,
        .hang_ms = session->hang_ms,
        .stop = &hurried,
    };
    struct fm_finding harm;
    if (session->findings.count == FM_SIGNATURES_MAX) {
        return;
    }
    if (fm_escalate(finding, &options, &harm) == FM_ESCALATE_HARM) {
        found(session, &harm);
        fm_finding_deinit(&harm);
    } else if (!session->settings->json && !hurried) {
        (void)printf("       %u continuations of it broke no property\n", FM_SUFFIXES_MAX);
    }
}

/* Shrinks one finding. *wide is what it was before nodes were taken away, a copy: what a divergence
 * does harm to may need more nodes than the divergence. */
static enum fm_minimize_result shrink_one(struct session *session, uint32_t number,
                                          struct fm_finding *wide)
{
    struct fm_minimize_options options = {.sut = session->target.sut,
                                          .mapping_for = fm_cli_judged_for,
                                          .mappings = &session->judged,
                                          .keep_nodes = true,
                                          .hang_ms = session->hang_ms};
    struct fm_finding *finding = &session->findings.at[number];
    struct fm_outcome outcome = finding->outcome;
    uint32_t before = finding->choices.count, runs;
    enum fm_minimize_result result = fm_minimize(finding, &options, &runs);
    if (result == FM_MINIMIZE_GONE && fm_fuzz_verdict_ends(outcome.verdict)) {
        finding->outcome = outcome; /* a mistake in Cover, which only guides evaluate */
    }
    *wide = fm_finding_copy(finding);
    if (result == FM_MINIMIZE_DONE) {
        options.keep_nodes = false;
        if (fm_minimize(finding, &options, &runs) != FM_MINIMIZE_DONE) {
            fm_finding_deinit(finding);
            *finding = fm_finding_copy(wide);
        }
        write_finding(session, finding, session->files.at[number]);
    }
    bool gone = finding->outcome.verdict == FM_FUZZ_CRASH && result == FM_MINIMIZE_GONE;
    if (!session->settings->json && !gone) {
        (void)printf("%s: %s, %u of %u choices\n", session->files.at[number], result_text(result),
                     finding->choices.count, before);
        (void)fflush(stdout);
    }
    return result;
}

/* Shrinks the findings. A schedule that breaks the heap kills its process now or in a later
 * schedule, anywhere: crashes that do not occur in a process of their own are such echoes, and are
 * forgotten where a crash is left that does. */
static void shrink(struct session *session)
{
    bool gone[FM_SIGNATURES_MAX] = {false};
    bool crashes = false;
    for (uint32_t i = 0; i < session->findings.count && !hurried; i++) {
        struct fm_finding wide;
        bool crash = session->findings.at[i].outcome.verdict == FM_FUZZ_CRASH;
        enum fm_minimize_result result = shrink_one(session, i, &wide);
        gone[i] = crash && result == FM_MINIMIZE_GONE;
        crashes |= crash && result == FM_MINIMIZE_DONE;
        /* Nobody else names a property than the target's own check. */
        if (result == FM_MINIMIZE_DONE && is_divergence(&wide) &&
            session->target.sut->check != NULL) {
            escalate(session, &wide);
        }
        fm_finding_deinit(&wide);
    }
    for (uint32_t i = session->findings.count; crashes && i > 0; i--) {
        if (gone[i - 1]) {
            session->echoes++;
            forget(session, i - 1);
        }
    }
}

static void report_json(const struct session *session, const struct fm_campaign_counts *counts,
                        uint64_t faults)
{
    struct fm_text text = {0};
    fm_text_printf(&text,
                   "{\"target\": \"%s %s\", \"nodes\": %" PRIu64 ", \"seed\": %" PRIu64
                   ", \"seconds\": %.3f, \"schedules\": %" PRIu64 ", \"choices\": %" PRIu64
                   ", \"applied\": %" PRIu64 ", \"repeated\": %" PRIu64 ", \"unstable\": %" PRIu64
                   ", \"drained\": %" PRIu64 ", \"undecided\": %" PRIu64
                   ", \"drain_seconds\": %.3f, \"hits\": %" PRIu64
                   ", \"restarts\": %u, \"faults\": %" PRIu64 ", \"findings\": [",
                   session->target.sut->name, session->target.sut->version,
                   session->settings->nodes, session->settings->seed, counts->seconds,
                   counts->schedules, counts->choices, counts->applied, counts->repeated,
                   counts->unstable, counts->drained, counts->undecided, counts->drain_seconds,
                   counts->hits, counts->restarts, faults);
    for (uint32_t i = 0; i < session->findings.count; i++) {
        const struct fm_finding *finding = &session->findings.at[i];
        struct fm_text signature = {0};
        fm_finding_signature(&finding->outcome, &signature);
        fm_text_puts(&text, i == 0 ? "{\"signature\": " : ", {\"signature\": ");
        fm_text_json_string(&text, signature.at, signature.length);
        if (fm_outcome_is_beyond(&finding->outcome)) {
            fm_text_puts(&text, ", \"divergence\": ");
            fm_text_json_string(&text, finding->outcome.divergence,
                                strlen(finding->outcome.divergence));
            fm_text_printf(&text, ", \"diverged\": %u", finding->outcome.diverged);
        }
        if (finding->schedule != 0) {
            fm_text_printf(&text, ", \"schedule\": %" PRIu64 ", \"seconds\": %.3f",
                           finding->schedule, finding->seconds);
        }
        fm_text_printf(&text, ", \"choices\": %u, \"file\": ", finding->choices.count);
        fm_text_json_string(&text, session->files.at[i], strlen(session->files.at[i]));
        fm_text_putc(&text, '}');
        fm_text_deinit(&signature);
    }
    fm_text_putc(&text, ']');
    if (session->settings->guides != 0) {
        fm_text_puts(&text, ", \"guide\": \"");
        fm_guide_print(session->settings->guides, &text);
        fm_text_printf(&text,
                       "\", \"corpus\": {\"entries\": %u, \"features\": %" PRIu64
                       ", \"full\": %s}, \"random\": {\"schedules\": %" PRIu64
                       ", \"hits\": %" PRIu64 "}",
                       counts->corpus.entries, counts->corpus.features,
                       counts->corpus.full ? "true" : "false", counts->apart, counts->apart_hits);
    }
    if (session->judged.mapping != NULL) {
        const struct fm_judge_counts *judged = &counts->judged;
        fm_text_printf(&text,
                       ", \"judged\": {\"events\": %" PRIu64 ", \"ignored\": %" PRIu64
                       ", \"candidates\": %" PRIu64
                       ", \"candidates_max\": %u, \"compared\": %" PRIu64 ", \"hidden\": %" PRIu64
                       ", \"asked\": %" PRIu64 ", \"remembered\": %" PRIu64 "}",
                       judged->events, judged->ignored, judged->candidates, judged->candidates_max,
                       judged->compared, judged->hidden, judged->asked, judged->remembered);
    }
    fm_text_puts(&text, "}\n");
    (void)fputs(text.at, stdout);
    fm_text_deinit(&text);
}

/* A mapping that maps everything to nothing conforms to everything: this tells. */
static void report_judged(const struct fm_judge_counts *judged)
{
    uint64_t steps = judged->events - judged->ignored;
    (void)printf("judged: %" PRIu64 " events, %.0f%% of them steps of the model, %.2f candidates "
                 "in the mean, %u at most; %" PRIu64 " fields compared; %" PRIu64
                 " events needed hidden steps.\n",
                 judged->events, percent(steps, judged->events),
                 judged->events == 0 ? 0 : (double)judged->candidates / (double)judged->events,
                 judged->candidates_max, judged->compared, judged->hidden);
    (void)printf("judge: of %" PRIu64
                 " questions about nodes and invariants %.0f%% had the answer of before.\n",
                 judged->asked,
                 judged->asked == 0 ? 0 : percent(judged->remembered, judged->asked));
}

/* What the guide had, and what the schedules hit that it did not touch. */
static void report_guide(const struct session *session, const struct fm_campaign_counts *counts)
{
    struct fm_text guide = {0};
    fm_guide_print(session->settings->guides, &guide);
    (void)printf("guide %s: %u schedules kept, with %" PRIu64 " features between them%s.\n",
                 guide.at, counts->corpus.entries, counts->corpus.features,
                 counts->corpus.full ? "; more than are told apart" : "");
    (void)printf("random arm: %" PRIu64 " of the schedules, %" PRIu64 " of the hits.\n",
                 counts->apart, counts->apart_hits);
    fm_text_deinit(&guide);
}

static void report_text(const struct session *session, const struct fm_campaign_counts *counts)
{
    (void)printf("%" PRIu64 " schedules in %.1f s (%.0f/s), %.0f%% of %" PRIu64
                 " choices had an effect.\n",
                 counts->schedules, counts->seconds,
                 counts->seconds > 0 ? (double)counts->schedules / counts->seconds : 0,
                 percent(counts->applied, counts->choices), counts->choices);
    if (counts->drained > 0) {
        uint64_t all_us = (uint64_t)(counts->seconds * 1e6) * session->settings->workers;
        (void)printf("progress: %" PRIu64 " more events behind schedules, once all faults were "
                     "healed, %.0f%% of the time; undecided %" PRIu64 " times.\n",
                     counts->drained, percent((uint64_t)(counts->drain_seconds * 1e6), all_us),
                     counts->undecided);
    }
    (void)printf("stability: %" PRIu64
                 " schedules were run again in another process, %.2f%% with the "
                 "same effects.\n",
                 counts->repeated, percent(counts->repeated - counts->unstable, counts->repeated));
    if (session->judged.mapping != NULL) {
        report_judged(&counts->judged);
    }
    if (session->settings->guides != 0) {
        report_guide(session, counts);
    }
    (void)printf("%" PRIu64 " schedules hit %u different findings.\n", counts->hits,
                 session->findings.count);
    if (session->echoes > 0) {
        (void)printf("%u crashes occurred in processes whose memory earlier schedules had broken; "
                     "they are not counted.\n",
                     session->echoes);
    }
}

/* Runs the campaign; its exit status. */
static int run(struct session *session, uint64_t faults)
{
    const struct settings *settings = session->settings;
    struct fm_campaign_options options = {
        .target = &session->target,
        .mapping = session->judged.mapping,
        .nodes = (unsigned)settings->nodes,
        .workers = (unsigned)settings->workers,
        .guides = session->settings->guides,
        .seed = settings->seed,
        .faults = faults,
        .all_faults = settings->no_subsets,
        .rounds = (unsigned)settings->rounds,
        .horizon = (uint32_t)settings->horizon,
        .schedules = settings->schedules,
        .seconds = (double)settings->seconds,
        .findings = (uint32_t)settings->findings,
        .hang_ms = session->hang_ms,
        .stop = &interrupted,
    };
    struct fm_campaign_watch watch = {found, progress, session};
    struct fm_campaign_counts counts = {0};
    char *error;
    bool fine = fm_campaign_run(&options, &watch, &counts, &error);
    clear_line(session);
    if (!fine) {
        (void)fprintf(stderr, "fathom: %s\n", error);
        fm_memory_free(error);
    }
    if (!settings->no_minimize) {
        shrink(session);
    }
    bool harness = false;
    for (uint32_t i = 0; i < session->findings.count; i++) {
        harness |= fm_fuzz_verdict_ends(session->findings.at[i].outcome.verdict);
    }
    if (settings->json) {
        report_json(session, &counts, faults);
    } else {
        report_text(session, &counts);
    }
    if (!fine || harness || session->failed) {
        return FM_STATUS_HARNESS;
    }
    return session->findings.count > 0 ? FM_STATUS_FOUND
           : interrupted               ? FM_STATUS_INTERRUPTED
                                       : FM_STATUS_OK;
}

static void print_start(const struct session *session, uint64_t faults)
{
    const struct settings *settings = session->settings;
    const struct fathom_sut *sut = session->target.sut;
    (void)printf("Fuzzing %s %s: %" PRIu64 " nodes%s, %" PRIu64 " workers, seed %" PRIu64
                 ".\nFaults:",
                 sut->name, sut->version, settings->nodes,
                 settings->maelstrom == NULL ? "" : ", the last of them Maelstrom's services",
                 settings->workers, settings->seed);
    for (unsigned bit = 0; fm_fault_name(bit) != NULL; bit++) {
        if ((faults >> bit & 1) != 0) {
            bool claimed = (sut->contract >> bit & 1) != 0;
            (void)printf(" %s%s", fm_fault_name(bit), claimed ? "" : " (not claimed to survive)");
        }
    }
    (void)printf(faults == 0 ? " none.\n" : ".\n");
    (void)fflush(stdout);
}

static bool open_judge(struct session *session, const char *spec)
{
    const struct settings *settings = session->settings;
    if (!fm_cli_judged_open(&session->judged, spec, settings->config, (unsigned)settings->nodes)) {
        return false;
    }
    if (settings->careful) {
        fm_mapping_be_careful(session->judged.mapping);
    }
    return true;
}

/* Loads the target and the mapping (`spec` may be NULL), settles the faults, and runs. */
static int start(struct settings *settings, const char *spec, const char *path)
{
    struct session session = {.settings = settings,
                              .terminal = fm_terminal_can_overwrite(STDERR_FILENO),
                              .progress_ns = fm_clock_monotonic_ns()};
    char *error;
    const char *word;
    uint64_t faults;
    if (!fm_target_open(&session.target, path, settings->maelstrom, &error)) {
        (void)fprintf(stderr, "fathom: %s\n", error);
        fm_memory_free(error);
        return FM_STATUS_HARNESS;
    }
    faults = session.target.sut->contract;
    session.hang_ms = fm_target_set_patience(&session.target, (uint32_t)settings->hang_s * 1000);
    int status = FM_STATUS_COMMAND_LINE;
    if (spec != NULL && !open_judge(&session, spec)) {
        status = FM_STATUS_HARNESS;
    } else if (settings->faults != NULL && !fm_fault_parse(settings->faults, &faults, &word)) {
        (void)fprintf(stderr, "fathom: --faults: there is no fault `%.*s`\n",
                      (int)strcspn(word, ","), word);
    } else if (mkdir(settings->out, 0777) != 0 && errno != EEXIST) {
        (void)fprintf(stderr, "fathom: %s: %s\n", settings->out, strerror(errno));
        status = FM_STATUS_HARNESS;
    } else {
        struct sigaction action = {.sa_handler = interrupt};
        (void)sigaction(SIGINT, &action, NULL);
        (void)sigaction(SIGTERM, &action, NULL);
        (void)signal(SIGPIPE, SIG_IGN);
        session.faults = faults;
        if (!settings->json) {
            print_start(&session, faults);
        }
        status = run(&session, faults);
    }
    for (uint32_t i = 0; i < session.files.count; i++) {
        fm_memory_free(session.files.at[i]);
        fm_finding_deinit(&session.findings.at[i]);
    }
    fm_vec_deinit(&session.files);
    fm_vec_deinit(&session.findings);
    fm_cli_judged_close(&session.judged);
    fm_target_close(&session.target);
    return status;
}

/* Reads --guide; false: what is wrong was said. */
static bool read_guide(struct settings *settings, bool judged)
{
    const char *wrong = fm_guide_parse(settings->guide, &settings->guides);
    if (wrong == NULL && !judged && fm_guide_needs_model(settings->guides)) {
        wrong = "model, transition and action look at a specification, and there is no SPEC; "
                "trace needs none";
    }
    if (wrong != NULL) {
        (void)fprintf(stderr, "fathom fuzz: --guide %s: %s\n", settings->guide, wrong);
    }
    return wrong == NULL;
}

int fm_command_fuzz(int argc, char **argv)
{
    struct settings settings = {.nodes = 3,
                                .workers = fm_processor_count(),
                                .seed = fm_random_system_seed(),
                                .horizon = 100,
                                .hang_s = 5,
                                .rounds = 10,
                                .guide = "random",
                                .out = "findings"};
    settings.workers = settings.workers > 64 ? 64 : settings.workers;
    struct fm_flag table[FLAG_COUNT];
    const char *words[2];
    struct fm_text wrong = {0};
    fill_flags(table, &settings);
    struct fm_flags flags = {.flags = table, .count = FLAG_COUNT, .words = words, .words_max = 2};
    bool fine = fm_flags_parse(&flags, argc, argv, &wrong);
    if (fine && flags.help) {
        print_help(table);
        return FM_STATUS_OK;
    }
    if (!fine || flags.words_count == 0) {
        (void)fprintf(stderr, "fathom fuzz: %s\n`fathom fuzz --help` lists the options.\n",
                      fine ? "a target is needed: a shared object or an executable" : wrong.at);
        fm_text_deinit(&wrong);
        return FM_STATUS_COMMAND_LINE;
    }
    if (settings.seconds == 0 && settings.schedules == 0) {
        settings.seconds = 60;
    }
    bool judged = flags.words_count == 2;
    if (settings.maelstrom != NULL && (judged || settings.nodes == FATHOM_NODES_MAX)) {
        (void)fprintf(stderr,
                      judged ? "fathom fuzz: --maelstrom has the judge of its workload, and takes "
                               "no SPEC; a node that answers events (docs/executables.md) does\n"
                             : "fathom fuzz: --maelstrom: at most 15 nodes, since one more stands "
                               "for the services\n");
        return FM_STATUS_COMMAND_LINE;
    }
    if (!read_guide(&settings, judged)) {
        return FM_STATUS_COMMAND_LINE;
    }
    settings.nodes += settings.maelstrom != NULL;
    size_t length = strlen(words[0]);
    if (!judged && length > 4 && strcmp(words[0] + length - 4, ".tla") == 0) {
        (void)fprintf(stderr, "fathom fuzz: behind the mapping %s a target is needed\n", words[0]);
        return FM_STATUS_COMMAND_LINE;
    }
    return start(&settings, judged ? words[0] : NULL, words[judged ? 1 : 0]);
}
