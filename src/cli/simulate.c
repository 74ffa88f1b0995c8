/* fathom simulate: random behaviours of a model, judged as a check judges states.
 *
 * The run itself is that of a check (check.c) with another explorer; here is what belongs to
 * behaviours: their files, and what is left when the process does not come to its end. The seed is
 * printed before the first behaviour. On a deadly signal the handler says which behaviours were
 * being walked, and how to walk the one of the thread that died again; for what leaves no time for
 * words (SIGKILL, the kernel out of memory) --note keeps the same in a mapped file, which the
 * kernel writes back whoever dies. The file of a run that came to its end is removed.
 *
 *     seed 8437                      the first line; 26 bytes, padded with blanks
 *     behavior 1204                  one line for each worker; 32 bytes, padded; `-`: none yet */
#include "cli/simulate.h"

#include "cli/command.h"
#include "cli/help.h"
#include "cli/run.h"
#include "cli/statistics.h"

#include "base/arena.h"
#include "base/assert.h"
#include "base/file.h"
#include "base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Steps of a behaviour when none are given: TLC's. */
#define DEPTH_DEFAULT 100
/* What settling may take where no number of behaviours is given. */
#define UNTIL_BEHAVIOURS ((uint64_t)100 * 1000 * 1000)
#define CONFIDENCE_DEFAULT 0.95
/* Bytes of the lines of a note. */
#define NOTE_SEED 26u
#define NOTE_LINE 32u

/* What a worker is at; the handler of deadly signals reads it. */
struct walking {
    _Atomic uint64_t number; /* UINT64_MAX: nothing yet */
    pthread_t thread;        /* valid when a number is there */
};

struct command {
    struct fm_options *options;
    const char *name;
    struct fm_simulate_options simulate;
    struct walking *walking;
    char *note; /* mapped, or NULL */
    size_t note_size;
    bool files_failed;
    struct fm_statistics statistics;
    struct fm_estimates *estimates; /* or NULL */
};

/* The run that the handler speaks of; set before the first behaviour. */
static _Atomic(const struct command *) watched;

/* --- what is left of a process that dies --- */

static void say_number(const struct command *command, uint64_t number, const char *what)
{
    char line[200];
    int length = snprintf(line, sizeof line,
                          "%s: %s behavior %" PRIu64 "; -seed %" PRId64 " --only %" PRIu64
                          " walks it again\n",
                          command->name, what, number, command->options->seed, number);
    if (length > 0) {
        (void)!write(STDERR_FILENO, line, (size_t)length);
    }
}

/* snprintf of numbers and strings neither allocates nor locks in the libraries this is built with.
 */
static void on_death(int signal)
{
    const struct command *command = atomic_load(&watched);
    bool found = false;
    for (uint32_t i = 0; command != NULL && i < command->options->workers && !found; i++) {
        uint64_t number = atomic_load(&command->walking[i].number);
        found = number != UINT64_MAX && pthread_equal(command->walking[i].thread, pthread_self());
        if (found) {
            say_number(command, number, "died in");
        }
    }
    for (uint32_t i = 0; command != NULL && i < command->options->workers && !found; i++) {
        uint64_t number = atomic_load(&command->walking[i].number);
        if (number != UINT64_MAX) {
            say_number(command, number, "died during");
        }
    }
    (void)raise(signal); /* the default action, by SA_RESETHAND */
}

static void watch_deaths(const struct command *command)
{
    static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
    atomic_store(&watched, command);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction action, before;
        memset(&action, 0, sizeof action);
        action.sa_handler = command == NULL ? SIG_DFL : on_death;
        action.sa_flags = (int)(SA_RESETHAND | SA_NODEFER);
        (void)sigemptyset(&action.sa_mask);
        /* A sanitizer's handler stays: it knows more. */
        if (sigaction(signals[i], NULL, &before) == 0 &&
            (before.sa_handler == SIG_DFL || before.sa_handler == on_death)) {
            (void)sigaction(signals[i], &action, NULL);
        }
    }
}

/* A line of the note: text, blanks, and a line end at the place that it always has. */
static void put_note(char *at, size_t size, const char *text)
{
    size_t length = strlen(text);
    fm_assert(length < size);
    memcpy(at, text, length);
    memset(at + length, ' ', size - length - 1);
    at[size - 1] = '\n';
}

static bool open_note(struct command *command)
{
    const char *path = command->options->note_file;
    if (path == NULL) {
        return true;
    }
    command->note_size = NOTE_SEED + (size_t)command->options->workers * NOTE_LINE;
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    void *mapped = MAP_FAILED;
    if (file >= 0 && ftruncate(file, (off_t)command->note_size) == 0) {
        mapped = mmap(NULL, command->note_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    }
    int error = errno;
    if (file >= 0) {
        (void)close(file);
    }
    if (mapped == MAP_FAILED) {
        (void)fprintf(stderr, "%s: %s cannot be written: %s\n", command->name, path,
                      strerror(error));
        return false;
    }
    command->note = mapped;
    char text[NOTE_LINE];
    (void)snprintf(text, sizeof text, "seed %" PRId64, command->options->seed);
    put_note(command->note, NOTE_SEED, text);
    for (uint32_t i = 0; i < command->options->workers; i++) {
        put_note(command->note + NOTE_SEED + (size_t)i * NOTE_LINE, NOTE_LINE, "behavior -");
    }
    return true;
}

static void close_note(struct command *command)
{
    if (command->note != NULL) {
        (void)munmap(command->note, command->note_size);
        (void)unlink(command->options->note_file);
    }
}

static void on_begin(void *closure, uint32_t worker, uint64_t number)
{
    struct command *command = closure;
    command->walking[worker].thread = pthread_self();
    atomic_store(&command->walking[worker].number, number);
    if (command->note != NULL) {
        char text[NOTE_LINE];
        (void)snprintf(text, sizeof text, "behavior %" PRIu64, number);
        put_note(command->note + NOTE_SEED + (size_t)worker * NOTE_LINE, NOTE_LINE, text);
    }
}

/* --- files of behaviours --- */

static void add_states(const struct fm_trace *trace, struct fm_text *out)
{
    for (uint32_t i = 0; i < trace->count; i++) {
        const struct fm_trace_state *state = &trace->states[i];
        fm_text_printf(out, "\\* %s\nSTATE_%" PRIu32 " == \n", state->label, i + 1);
        for (uint32_t j = 0; j < state->variable_count; j++) {
            fm_text_printf(out, "%s%s = %s\n", state->variable_count == 1 ? "" : "/\\ ",
                           state->names[j], state->values[j]);
        }
        fm_text_puts(out, "\n\n");
    }
}

/* As TLC writes them, so that its readers read them: named after the worker, here always 0, and the
 * number of the behaviour. */
static void on_words(void *closure, const struct fm_sampled *behaviour,
                     const struct fm_trace *trace)
{
    struct command *command = closure;
    struct fm_text path = {NULL, 0, 0};
    struct fm_text text = {NULL, 0, 0};
    fm_text_printf(&path, "%s_0_%" PRIu64, command->options->trace_file, behaviour->number);
    const char *slash = strrchr(fm_text_string(&path), '/');
    fm_text_printf(&text, "---------------- MODULE %s -----------------\n",
                   slash == NULL ? fm_text_string(&path) : slash + 1);
    add_states(trace, &text);
    fm_text_puts(&text, "=================================================\n");
    if (!command->files_failed &&
        fm_file_write(fm_text_string(&path), fm_text_string(&text), text.length) != 0) {
        command->files_failed = true;
        (void)fprintf(stderr, "%s: %s was not written: %s\n", command->name, fm_text_string(&path),
                      strerror(errno));
    }
    fm_text_deinit(&text);
    fm_text_deinit(&path);
}

/* --- statistics --- */

static bool on_loaded(void *closure, const struct fm_session *session, struct fm_program *program)
{
    struct command *command = closure;
    const struct fm_options *options = command->options;
    if (!fm_statistics_read(options, session, program, &command->statistics)) {
        return false;
    }
    bool wanted = options->stats_file != NULL || program->statistic_count > 0 ||
                  options->until > 0 || options->svg_file != NULL;
    if (!wanted) {
        return true;
    }
    bool bounded = command->simulate.count != FM_SIMULATE_FOREVER;
    struct fm_estimate_options estimate = {
        .confidence = options->confidence > 0 ? options->confidence : CONFIDENCE_DEFAULT,
        .until = options->until,
        .behaviours_max = bounded ? command->simulate.count : UNTIL_BEHAVIOURS,
        .seed = (uint64_t)options->seed,
        .slots = fm_simulate_slots(options->workers),
    };
    command->estimates = fm_estimates_new(&command->statistics, &estimate);
    command->simulate.estimates = command->estimates;
    if (program->choice_count > 0 && options->uniform_successors) {
        (void)fprintf(stderr,
                      "%s: --uniform successors: a DISTRIBUTION says how its action chooses, so "
                      "actions are chosen first; leave the option out\n",
                      command->name);
        return false;
    }
    if (program->choice_count > 0) {
        command->simulate.uniform = FM_UNIFORM_ACTIONS;
    }
    return true;
}

static void write_chart(struct command *command)
{
    const char *path = command->options->svg_file;
    struct fm_text text = {NULL, 0, 0};
    if (path == NULL || command->estimates == NULL) {
        return;
    }
    fm_report_statistics_svg(fm_estimates_finish(command->estimates), &text);
    if (fm_file_write(path, fm_text_string(&text), text.length) != 0) {
        command->files_failed = true;
        (void)fprintf(stderr, "%s: %s was not written: %s\n", command->name, path, strerror(errno));
    }
    fm_text_deinit(&text);
}

/* --- the command --- */

static void fill_options(struct command *command)
{
    struct fm_options *options = command->options;
    bool alone = options->only != UINT64_MAX;
    bool actions = options->uniform_actions || options->as_tlc;
    command->simulate = (struct fm_simulate_options){
        .first = alone ? options->only : 0,
        .count = alone ? 1 : options->behaviours,
        .aril = options->aril,
        .uniform = actions ? FM_UNIFORM_ACTIONS : FM_UNIFORM_SUCCESSORS,
        .as_tlc = options->as_tlc,
        .closure = command,
        .begin = on_begin,
        .words = options->trace_file != NULL ? on_words : NULL,
    };
    if (!options->has_depth) {
        options->depth = DEPTH_DEFAULT;
    }
    /* Fingerprints, which SYMMETRY changes, are not used. */
    options->no_symmetry = true;
    options->simulation = &command->simulate;
    options->prepare = on_loaded;
    options->prepare_closure = command;
}

int fm_run_simulation(struct fm_options *options, const struct fm_personality *personality)
{
    struct command command = {.options = options, .name = personality->command};
    int status = FM_STATUS_ERROR;
    if (!options->has_seed) {
        options->seed = (int64_t)fm_random_system_seed();
        options->has_seed = true;
    }
    fill_options(&command);
    command.walking = fm_memory_calloc(options->workers, sizeof *command.walking);
    for (uint32_t i = 0; i < options->workers; i++) {
        atomic_store(&command.walking[i].number, UINT64_MAX);
    }
    if (open_note(&command)) {
        watch_deaths(&command);
        status = fm_run_check(options, personality);
        watch_deaths(NULL);
        write_chart(&command);
        close_note(&command);
    }
    if (command.files_failed && status == FM_STATUS_OK) {
        status = FM_STATUS_ERROR;
    }
    fm_memory_free(command.walking);
    fm_estimates_free(command.estimates);
    options->simulation = NULL;
    return status;
}

int fm_command_simulate(int argc, char **argv)
{
    struct fm_options options;
    struct fm_text message = {NULL, 0, 0};
    int status = FM_STATUS_OK;
    switch (fm_options_parse_simulate(argc, argv, &options, &message)) {
    case FM_OPTIONS_HELP:
        fm_help_print_simulate();
        break;
    case FM_OPTIONS_WRONG:
        (void)fprintf(stderr, "fathom simulate: %s\n`fathom help simulate` lists the options.\n",
                      fm_text_string(&message));
        status = FM_STATUS_COMMAND_LINE;
        break;
    case FM_OPTIONS_RUN:
        status = fm_run_simulation(&options, &fm_personality_simulate);
        break;
    }
    fm_text_deinit(&message);
    fm_options_deinit(&options);
    return status;
}
