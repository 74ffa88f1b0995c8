/* fathom mapping SPEC TARGET: does the mapping see what it should?
 *
 * Runs schedules of the target and reports what the mapping made of them (fuzz/survey.c): events,
 * steps, variables, and the share of changed observations that the model rejected. The target runs
 * in a child, which prints the report, so that one that dies is an answer too. */
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/judged.h"

#include "base/arena.h"
#include "base/random.h"
#include "fuzz/survey.h"
#include "fuzz/target.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A mapping is good when so many of a hundred changes are rejected. */
static const double rejected_percent_min = 99;
/* More candidates than these behind one event are worth a look. */
static const uint32_t candidates_wanted = 4;

struct job {
    uint64_t nodes, seed, schedules, horizon;
    const char *faults, *config;
    bool json;
    uint64_t fault_bits;
    struct fm_target target;
    struct fm_cli_judged judged;
    struct fm_survey survey;
    int status;
};

static double percent(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 100 : 100 * (double)part / (double)whole;
}

static void sum_fields(const struct fm_survey *survey, uint64_t *changed, uint64_t *rejected)
{
    *changed = *rejected = 0;
    for (uint32_t i = 0; i < survey->fields.count; i++) {
        *changed += survey->fields.at[i].changed;
        *rejected += survey->fields.at[i].rejected;
    }
}

static void print_tables(const struct job *job)
{
    const struct fm_survey *survey = &job->survey;
    (void)printf("\n%-50s %12s\n", "events", "count");
    for (uint32_t i = 0; i < survey->events.count; i++) {
        const struct fm_survey_event *event = &survey->events.at[i];
        (void)printf("  %-48s %12" PRIu64 "%s", event->name, event->count,
                     event->ignored ? "  ignored" : "");
        if (event->candidates_max > candidates_wanted) {
            (void)printf("  up to %" PRIu64 " candidates", event->candidates_max);
        }
        (void)putchar('\n');
    }
    (void)printf("\n%-80s %12s\n", "steps", "taken");
    for (uint32_t i = 0; i < fm_mapping_step_count(job->judged.mapping); i++) {
        struct fm_text text = {0};
        fm_mapping_step(job->judged.mapping, i, &text);
        (void)printf("  %-78s %12" PRIu64 "%s\n", text.at, survey->steps[i],
                     survey->steps[i] == 0 ? "  never" : "");
        fm_text_deinit(&text);
    }
    (void)printf("\n%-50s %12s %12s\n", "variables", "changed", "rejected");
    for (uint32_t i = 0; i < survey->fields.count; i++) {
        const struct fm_survey_field *field = &survey->fields.at[i];
        (void)printf("  %-48s %12" PRIu64 " %11.2f%%%s\n", field->name, field->changed,
                     percent(field->rejected, field->changed),
                     field->changed > 0 && field->rejected == 0 ? "  not compared?" : "");
    }
}

static void print_text(const struct job *job)
{
    const struct fm_judge_counts *judged = &job->survey.judged;
    const struct fathom_sut *sut = job->target.sut;
    uint64_t changed, rejected;
    sum_fields(&job->survey, &changed, &rejected);
    (void)printf("%s on %s %s: %" PRIu64 " schedules (seed %" PRIu64 "), %" PRIu64
                 " of them ended in a finding.\n",
                 fm_mapping_path(job->judged.mapping), sut->name, sut->version,
                 job->survey.schedules, job->seed, job->survey.found);
    if (job->survey.found > 0) {
        (void)printf("The first of these: %s\n", job->survey.first);
    }
    print_tables(job);
    uint64_t steps = judged->events - judged->ignored;
    (void)printf("\n%" PRIu64 " events, %.0f%% of them steps of the model, %.2f candidates in the "
                 "mean, %u at most%s.\n",
                 judged->events, percent(steps, judged->events),
                 judged->events == 0 ? 0 : (double)judged->candidates / (double)judged->events,
                 judged->candidates_max,
                 judged->candidates_max > candidates_wanted ? ": more than 4 make judging slow"
                                                            : "");
    (void)printf("%.2f%% of %" PRIu64 " changed observations were rejected; %.0f%% are wanted.\n",
                 percent(rejected, changed), changed, rejected_percent_min);
}

static void add_name(struct fm_text *out, const char *key, const char *text)
{
    fm_text_printf(out, "{\"%s\": ", key);
    fm_text_json_string(out, text, strlen(text));
}

static void print_json(const struct job *job)
{
    const struct fm_survey *survey = &job->survey;
    const struct fm_judge_counts *judged = &survey->judged;
    struct fm_text text = {0}, step = {0};
    uint64_t changed, rejected;
    sum_fields(survey, &changed, &rejected);
    fm_text_printf(&text,
                   "{\"schedules\": %" PRIu64 ", \"seed\": %" PRIu64 ", \"found\": %" PRIu64
                   ", \"events\": %" PRIu64 ", \"ignored\": %" PRIu64 ", \"candidates\": %" PRIu64
                   ", \"candidates_max\": %u, \"changed\": %" PRIu64 ", \"rejected\": %" PRIu64
                   ", \"by_event\": [",
                   survey->schedules, job->seed, survey->found, judged->events, judged->ignored,
                   judged->candidates, judged->candidates_max, changed, rejected);
    for (uint32_t i = 0; i < survey->events.count; i++) {
        const struct fm_survey_event *event = &survey->events.at[i];
        fm_text_puts(&text, i == 0 ? "" : ", ");
        add_name(&text, "name", event->name);
        fm_text_printf(
            &text, ", \"count\": %" PRIu64 ", \"candidates_max\": %" PRIu64 ", \"ignored\": %s}",
            event->count, event->candidates_max, event->ignored ? "true" : "false");
    }
    fm_text_puts(&text, "], \"by_step\": [");
    for (uint32_t i = 0; i < fm_mapping_step_count(job->judged.mapping); i++) {
        fm_text_clear(&step);
        fm_mapping_step(job->judged.mapping, i, &step);
        fm_text_puts(&text, i == 0 ? "" : ", ");
        add_name(&text, "step", step.at);
        fm_text_printf(&text, ", \"taken\": %" PRIu64 "}", survey->steps[i]);
    }
    fm_text_puts(&text, "], \"by_variable\": [");
    for (uint32_t i = 0; i < survey->fields.count; i++) {
        const struct fm_survey_field *field = &survey->fields.at[i];
        fm_text_puts(&text, i == 0 ? "" : ", ");
        add_name(&text, "name", field->name);
        fm_text_printf(&text, ", \"changed\": %" PRIu64 ", \"rejected\": %" PRIu64 "}",
                       field->changed, field->rejected);
    }
    fm_text_puts(&text, "]}\n");
    (void)fputs(text.at, stdout);
    fm_text_deinit(&text);
    fm_text_deinit(&step);
}

/* In the child. */
static void survey(void *closure)
{
    struct job *job = closure;
    struct fm_survey_options options = {.sut = job->target.sut,
                                        .mapping = job->judged.mapping,
                                        .nodes = (unsigned)job->nodes,
                                        .seed = job->seed,
                                        .faults = job->fault_bits,
                                        .horizon = (uint32_t)job->horizon,
                                        .schedules = job->schedules};
    uint64_t changed, rejected;
    fm_survey_run(&options, &job->survey);
    sum_fields(&job->survey, &changed, &rejected);
    if (job->json) {
        print_json(job);
    } else {
        print_text(job);
    }
    bool good = changed > 0 && percent(rejected, changed) >= rejected_percent_min;
    fm_survey_deinit(&job->survey);
    (void)fflush(stdout);
    _exit(good ? FM_STATUS_OK : FM_STATUS_FOUND);
}

/* Waits for the child's answer. */
static int run_in_child(struct job *job)
{
    int status;
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        fm_run_on_stack(survey, job);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        (void)fprintf(stderr, "fathom mapping: the system makes no process\n");
        return FM_STATUS_HARNESS;
    }
    if (!WIFEXITED(status)) {
        (void)fprintf(
            stderr,
            "fathom mapping: the target died (SIG%s); with other --faults it may live, and "
            "`fathom fuzz` says how it dies\n",
            sigabbrev_np(WTERMSIG(status)));
        return FM_STATUS_HARNESS;
    }
    return WEXITSTATUS(status);
}

static int start(struct job *job, const char *spec, const char *path)
{
    char *error;
    const char *word;
    if (!fm_target_open(&job->target, path, NULL, &error)) {
        (void)fprintf(stderr, "fathom: %s\n", error);
        fm_memory_free(error);
        return FM_STATUS_HARNESS;
    }
    int status = FM_STATUS_HARNESS;
    job->fault_bits = job->target.sut->contract;
    if (job->target.sut->observe == NULL) {
        (void)fprintf(stderr,
                      "fathom mapping: %s shows nothing: its struct fathom_sut lacks "
                      "observe\n",
                      path);
    } else if (job->faults != NULL && !fm_fault_parse(job->faults, &job->fault_bits, &word)) {
        (void)fprintf(stderr, "fathom: --faults: there is no fault `%.*s`\n",
                      (int)strcspn(word, ","), word);
        status = FM_STATUS_COMMAND_LINE;
    } else if (fm_cli_judged_open(&job->judged, spec, job->config, (unsigned)job->nodes)) {
        status = run_in_child(job);
    }
    fm_cli_judged_close(&job->judged);
    fm_target_close(&job->target);
    return status;
}

int fm_command_mapping(int argc, char **argv)
{
    struct job job = {
        .nodes = 3, .seed = fm_random_system_seed(), .schedules = 200, .horizon = 100};
    const struct fm_flag table[] = {
        {"--config", FM_FLAG_TEXT, "FILE", &job.config, 0, 0,
         "the configuration of SPEC; SPEC.cfg when not given"},
        {"--nodes", FM_FLAG_NUMBER, "N", &job.nodes, 1, FATHOM_NODES_MAX,
         "nodes of the system; 3 when not given"},
        {"--schedules", FM_FLAG_NUMBER, "N", &job.schedules, 1, UINT64_MAX,
         "how many; 200 when not given"},
        {"--horizon", FM_FLAG_NUMBER, "N", &job.horizon, 1, FM_SCHEDULE_MAX,
         "choices of a schedule; 100 when not given"},
        {"--faults", FM_FLAG_TEXT, "LIST", &job.faults, 0, 0,
         "the faults that occur; those that the target claims to survive when not given"},
        {"--seed", FM_FLAG_NUMBER, "N", &job.seed, 0, UINT64_MAX,
         "of the schedules and the changes; drawn when not given, always printed"},
        {"--json", FM_FLAG_SWITCH, NULL, &job.json, 0, 0, "print the result as one JSON object"},
    };
    const char *words[2];
    struct fm_text text = {0};
    struct fm_flags flags = {
        .flags = table, .count = sizeof table / sizeof table[0], .words = words, .words_max = 2};
    int status = FM_STATUS_COMMAND_LINE;
    if (!fm_flags_parse(&flags, argc, argv, &text)) {
        (void)fprintf(stderr, "fathom mapping: %s\n", text.at);
    } else if (flags.help) {
        fm_text_puts(
            &text, "usage: fathom mapping [options] SPEC TARGET\n\n"
                   "Tells what the mapping SPEC sees of the system in TARGET: which events and "
                   "steps\noccur, and how many changed observations the model rejects.\n"
                   "Exit status: 0 at least 99% of them, 3 fewer, 4 the target or the mapping does "
                   "not load.\n\n");
        fm_flags_print(table, flags.count, &text);
        (void)fputs(text.at, stdout);
        status = FM_STATUS_OK;
    } else if (flags.words_count < 2) {
        (void)fprintf(stderr, "fathom mapping: a mapping module and a target are needed\n");
    } else {
        status = start(&job, words[0], words[1]);
    }
    fm_text_deinit(&text);
    return status;
}
