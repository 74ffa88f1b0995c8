/* fathom check: load, make the model, search, report.
 *
 * Text goes to standard output while the search runs, diagnostics to standard error; with --json
 * there is exactly one object on standard output at the end, and what the specification prints goes
 * to standard error. The whole check runs on a thread with a large stack, because evaluation
 * recurses. ^C sets a flag that the search polls; a second ^C ends the process at once.
 *
 * Cleanup is one chain, in order of making undone backwards (close_check). */
#include "cli/command.h"
#include "cli/dump.h"
#include "cli/help.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/run.h"
#include "cli/session.h"
#include "cli/statistics.h"
#include "cli/temporal.h"
#include "cli/terminal.h"
#include "cli/trace_file.h"

#include "base/file.h"
#include "base/random.h"
#include "base/thread.h"
#include "eval/eval.h"
#include "native/native.h"
#include "semantics/load.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* How long a search may take to heed an interrupt: it polls between states, and one expression can
 * take hours. */
#define INTERRUPT_GRACE_NS ((uint64_t)2 * 1000 * 1000 * 1000)
/* Between two looks at the flag of the interrupt, nanoseconds. */
#define INTERRUPT_POLL_NS ((uint64_t)200 * 1000 * 1000)

/* Signals closer together than this are one: what forwards a signal (timeout, a shell) may send it
 * to the process and to its group. */
#define INTERRUPT_REPEAT_NS ((uint64_t)300 * 1000 * 1000)

/* Set by the signal handler, polled by the search; and when that was. */
static atomic_bool interrupted;
static _Atomic uint64_t interrupted_ns;

struct check {
    struct fm_options *options;
    const struct fm_personality *personality;
    struct fm_text config_path; /* of -config, as the file was found */
    FILE *user_file;            /* of -userFile, or NULL */
    struct fm_cli_session opened;
    struct fm_session *session; /* of it */
    struct fm_load_report loaded;
    struct fm_program *program;
    struct fm_checker *checker;
    struct fm_model *model;
    struct fm_cli_temporal temporal;
    struct fm_progress *progress;
    struct fm_report report;
    uint32_t diagnostics_shown;
    pthread_mutex_t print_lock;   /* lines of the specification come from all workers */
    bool is_native;               /* model is fm_native_model_new's */
    const struct fm_trace *trace; /* the first counterexample's, or NULL */
    bool dump_failed;
    int exit_status;
    pthread_mutex_t end_lock; /* guards ended, and checker while it is being set */
    pthread_cond_t end;
    bool ended;
};

static void on_interrupt(int signal)
{
    uint64_t now_ns = fm_clock_monotonic_ns();
    if (!atomic_exchange(&interrupted, true)) {
        atomic_store(&interrupted_ns, now_ns);
    } else if (now_ns - atomic_load(&interrupted_ns) > INTERRUPT_REPEAT_NS) {
        _exit(128 + signal);
    }
}

/* A signal that whoever started the program had ignored (nohup) stays ignored. */
static void catch_signal(int signal)
{
    struct sigaction action, before;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_interrupt;
    (void)sigemptyset(&action.sa_mask);
    if (sigaction(signal, NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
        (void)sigaction(signal, &action, NULL);
    }
}

/* Memory that nobody else's handler answers for: what is known is said, nothing is allocated, and
 * the process ends. */
static void on_memory(void *closure, size_t size)
{
    struct check *check = closure;
    struct fm_check_progress counts = {.generated = 0};
    if (check->checker != NULL) {
        fm_checker_progress(check->checker, &counts);
    }
    if (check->options->json) {
        (void)printf(
            "{\"fathom\":\"%s\",\"verdict\":\"unfinished\",\"exit_status\":%d,\"end\":\"memory\","
            "\"generated\":%" PRIu64 ",\"distinct\":%" PRIu64 "}\n",
            FM_VERSION, FM_STATUS_ERROR, counts.generated, counts.distinct);
    }
    (void)fflush(stdout);
    (void)fprintf(stderr,
                  "\n%s: out of memory: %zu more bytes were refused. So far %" PRIu64
                  " states generated, %" PRIu64 " distinct states found.\n",
                  check->personality->command, size, counts.generated, counts.distinct);
    _exit(FM_STATUS_ERROR);
}

/* The search does not heed the interrupt: it is inside one long evaluation. What was counted so far
 * is said from here, and the process ends without it. */
static _Noreturn void give_up(const struct check *check)
{
    struct fm_check_progress counts = {.generated = 0};
    if (check->checker != NULL) {
        fm_checker_progress(check->checker, &counts);
    }
    if (check->options->json) {
        (void)printf("{\"fathom\":\"%s\",\"verdict\":\"unfinished\",\"exit_status\":%d,"
                     "\"end\":\"interrupted\",\"generated\":%" PRIu64 ",\"distinct\":%" PRIu64
                     ",\"queue\":%" PRIu64 ",\"depth\":%" PRIu64 "}\n",
                     FM_VERSION, FM_STATUS_INTERRUPTED, counts.generated, counts.distinct,
                     counts.queue, counts.depth);
    } else {
        struct fm_text text = {NULL, 0, 0};
        char generated[32], distinct[32], queue[32], depth[32];
        (void)snprintf(generated, sizeof generated, "%" PRIu64, counts.generated);
        (void)snprintf(distinct, sizeof distinct, "%" PRIu64, counts.distinct);
        (void)snprintf(queue, sizeof queue, "%" PRIu64, counts.queue);
        (void)snprintf(depth, sizeof depth, "%" PRIu64, counts.depth);
        fm_say(&text, FM_MESSAGE_INTERRUPTED, "");
        fm_say(&text, FM_MESSAGE_STATS, generated, distinct, queue);
        fm_say(&text, FM_MESSAGE_DEPTH, depth);
        (void)fputs(fm_text_string(&text), stdout);
        fm_text_deinit(&text);
    }
    (void)fflush(stdout);
    _exit(FM_STATUS_INTERRUPTED);
}

/* --- output --- */

static void put(struct check *check, struct fm_text *text)
{
    if (!check->options->json) {
        fm_progress_hold(check->progress);
        (void)fputs(fm_text_string(text), stdout);
        (void)fflush(stdout);
        fm_progress_release(check->progress);
    }
    fm_text_deinit(text);
}

/* Renders the diagnostics that were not yet shown. */
static void show_diagnostics(struct check *check)
{
    struct fm_text text = {NULL, 0, 0};
    uint32_t count = fm_diags_count(check->session->diags);
    for (; check->diagnostics_shown < count; check->diagnostics_shown++) {
        const struct fm_diag *diag = fm_diags_at(check->session->diags, check->diagnostics_shown);
        bool is_error = diag->severity == FM_SEVERITY_ERROR;
        if (!check->options->json && !(check->options->nowarning && !is_error) &&
            !(check->personality->prints_errors && is_error)) {
            fm_diag_render(check->session->diags, diag, &text);
        }
    }
    (void)fputs(fm_text_string(&text), stderr);
    fm_text_deinit(&text);
}

typedef void add_fn(const struct fm_report *report, struct fm_text *out);

/* What the personality has to say, if anything. */
static void say(struct check *check, add_fn *add)
{
    struct fm_text text = {NULL, 0, 0};
    if (add != NULL) {
        add(&check->report, &text);
    }
    put(check, &text);
}

static void on_print(void *closure, const char *line)
{
    struct check *check = closure;
    pthread_mutex_lock(&check->print_lock);
    fm_progress_hold(check->progress);
    FILE *out = check->options->json ? stderr : stdout;
    out = check->user_file != NULL ? check->user_file : out;
    (void)fprintf(out, "%s\n", line);
    (void)fflush(out);
    fm_progress_release(check->progress);
    pthread_mutex_unlock(&check->print_lock);
}

static void on_computing(void *closure)
{
    struct check *check = closure;
    say(check, check->personality->computing);
}

static void on_initial(void *closure, const struct fm_check_counts *counts)
{
    struct check *check = closure;
    struct fm_text text = {NULL, 0, 0};
    check->personality->initial(&check->report, counts, &text);
    put(check, &text);
}

static void on_state(void *closure, const struct fm_trace_state *state, uint64_t index,
                     uint64_t parent)
{
    struct check *check = closure;
    struct fm_text text = {NULL, 0, 0};
    fm_text_printf(&text, "#%" PRIu64 " ", index + 1);
    if (parent != UINT64_MAX) {
        fm_text_printf(&text, "from #%" PRIu64 " ", parent + 1);
    }
    fm_text_printf(&text, "%s\n", state->label);
    for (uint32_t i = 0; i < state->variable_count; i++) {
        fm_text_printf(&text, "/\\ %s = %s\n", state->names[i], state->values[i]);
    }
    fm_text_putc(&text, '\n');
    put(check, &text);
}

/* The first counterexample goes to the files of -dumpTrace. */
static void dump_trace(struct check *check, const struct fm_problem *problem)
{
    const struct fm_options *options = check->options;
    if (check->trace != NULL || problem->trace == NULL) {
        return;
    }
    check->trace = problem->trace;
    for (uint32_t i = 0; i < options->trace_targets.count; i++) {
        const struct fm_trace_target *target = &options->trace_targets.at[i];
        if (!fm_trace_format_fits(target->format, problem->trace)) {
            continue;
        }
        const char *wrong = fm_trace_file_write(&check->report, problem->trace, target->format,
                                                target->path);
        if (wrong != NULL) {
            check->dump_failed = true;
            (void)fprintf(stderr, "%s: the counterexample was not written to %s: %s\n",
                          check->personality->command, target->path, wrong);
        } else if (!options->json) {
            const char *quote = check->personality->quotes_output ? "\"" : "";
            (void)printf("%sCounterExample written: %s%s\n", quote, target->path, quote);
        }
    }
}

static void on_problem(void *closure, const struct fm_problem *problem)
{
    struct check *check = closure;
    struct fm_text text = {NULL, 0, 0};
    fm_progress_hold(check->progress);
    show_diagnostics(check);
    fm_progress_release(check->progress);
    check->personality->problem(&check->report, problem, &text);
    put(check, &text);
    fm_progress_hold(check->progress);
    dump_trace(check, problem);
    fm_progress_release(check->progress);
}

static void on_temporal_begin(void *closure, uint64_t states)
{
    struct check *check = closure;
    struct fm_text text = {NULL, 0, 0};
    if (check->personality->temporal_begin != NULL) {
        check->personality->temporal_begin(&check->report, states, &text);
    }
    put(check, &text);
}

static void on_temporal_end(void *closure)
{
    struct check *check = closure;
    say(check, check->personality->temporal_end);
}

/* --- before the search --- */

/* The file that -config means: as given, with the ending .cfg, or beside the specification, as TLC
 * finds it. Where there is none the name as given goes on, and is reported missing. */
static const char *find_config(struct check *check)
{
    const char *name = check->options->config;
    const char *slash = strrchr(check->options->path, '/');
    int folder = slash == NULL ? 0 : (int)(slash + 1 - check->options->path);
    struct fm_text *path = &check->config_path;
    if (name == NULL) {
        return NULL;
    }
    for (int i = 0; i < 4; i++) {
        bool beside = i >= 2 && name[0] != '/';
        fm_text_clear(path);
        fm_text_printf(path, "%.*s%s%s", beside ? folder : 0, check->options->path, name,
                       i % 2 == 0 ? "" : ".cfg");
        if (fm_file_exists(fm_text_string(path))) {
            return fm_text_string(path);
        }
    }
    return name;
}

/* TLC finds a formula of a wrong level in two places: an invariant before the search, anything else
 * when it is evaluated. */
static int config_status(const struct fm_diags *diags)
{
    int status = FM_STATUS_CONFIG;
    for (uint32_t i = fm_diags_count(diags); i-- > 0;) {
        switch ((int)fm_diags_at(diags, i)->code) {
        case FM_CODE_3038:
            status = FM_STATUS_SAFETY;
            break;
        case FM_CODE_3043:
            status = FM_STATUS_EVALUATION;
            break;
        case FM_CODE_3020:
        case FM_CODE_3021:
            status = FM_STATUS_ERROR; /* what TLC cannot check at all */
            break;
        }
    }
    return status;
}

/* What the configuration says of statistics must make sense in a check too, which has no use for
 * it.
 */
static bool read_statistics(struct check *check)
{
    const struct fm_options *options = check->options;
    struct fm_statistics unused;
    bool good = options->prepare != NULL
                    ? options->prepare(options->prepare_closure, check->session, check->program)
                    : fm_statistics_read(options, check->session, check->program, &unused);
    for (uint32_t i = 0; options->simulation == NULL && i < check->program->statistic_count; i++) {
        const struct fm_config_statistic *statistic = &check->program->statistics[i];
        (void)fm_diag_report(check->session->diags, FM_CODE_3008, statistic->name.span,
                             "%s has no effect: a check takes every choice",
                             statistic->kind == FM_STATISTIC_COST ? "COST" : "DISTRIBUTION");
    }
    if (options->simulation == NULL) {
        check->program->choice_count = 0;
    }
    return good;
}

static bool load_program(struct check *check)
{
    const struct fm_options *options = check->options;
    struct fm_load_options load = {
        .path = options->path,
        .config_path = find_config(check),
        .include_directories = options->directories.at,
        .include_count = options->directories.count,
        .extra_invariants = options->invariants.at,
        .extra_invariant_count = options->invariants.count,
        .extra_postconditions = options->postconditions.at,
        .extra_postcondition_count = options->postconditions.count,
        .need_config = true,
        .retranslate = options->retranslate,
    };
    check->program = fm_program_load(check->session, &load, &check->loaded);
    if (check->program != NULL && !read_statistics(check)) {
        check->exit_status = FM_STATUS_CONFIG;
        return false;
    }
    if (check->program != NULL && options->simulation != NULL) {
        check->program->view.node = NULL; /* of fingerprints, which nobody takes then */
    }
    if (check->program != NULL) {
        return true;
    }
    if (check->loaded.syntax_failed) {
        check->exit_status = FM_STATUS_PARSE;
    } else if (check->loaded.config_failed) {
        check->exit_status = config_status(check->session->diags);
    } else {
        check->exit_status = FM_STATUS_ERROR;
    }
    return false;
}

/* Nine tenths of what the machine, or the control group, gives. */
static uint64_t default_memory_max(void)
{
    long pages = sysconf(_SC_PHYS_PAGES);
    long page = sysconf(_SC_PAGESIZE);
    uint64_t memory = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : 0;
    char *text = NULL;
    size_t size = 0;
    if (fm_file_read("/sys/fs/cgroup/memory.max", 4096, &text, &size) == FM_FILE_OK) {
        uint64_t limit = strtoull(text, NULL, 10);
        if (limit != 0 && limit < memory) {
            memory = limit;
        }
        fm_memory_free(text);
    }
    return memory / 10 * 9;
}

static void make_checker(struct check *check)
{
    const struct fm_options *options = check->options;
    struct fm_check_options *search = &check->temporal.check_options;
    bool wants_states = fm_cli_temporal_is_wanted(check->program, options);
    *search = (struct fm_check_options){
        .workers = options->workers,
        .deadlock = options->deadlock && check->program->check_deadlock,
        .keep_going = options->keep_going,
        .coverage = options->coverage,
        .keep_states = options->dump_file != NULL,
        .keep_encodings = wants_states,
        .then = fm_cli_temporal_check,
        .then_closure = &check->temporal,
        .depth_max = options->depth,
        .memory_max = options->memory_max != 0 ? options->memory_max : default_memory_max(),
        .table_bytes = options->table_bytes,
        .seed = (uint64_t)options->seed,
        .simulate = options->simulation,
        .interrupt = &interrupted,
        .refused = on_memory,
        .refused_closure = check,
        .observer =
            {
                .closure = check,
                .print = on_print,
                .computing = on_computing,
                .initial = on_initial,
                .state = options->states ? on_state : NULL,
                .problem = on_problem,
            },
    };
    pthread_mutex_lock(&check->end_lock);
    check->checker = fm_checker_new(search);
    pthread_mutex_unlock(&check->end_lock);
    check->report.checker = check->checker;
}

/* A model is refused for what its configuration names, unless memory ran out. */
static int model_status(const struct fm_diags *diags)
{
    for (uint32_t i = fm_diags_count(diags); i-- > 0;) {
        if (fm_diags_at(diags, i)->code == FM_CODE_4333) {
            return FM_STATUS_ERROR;
        }
    }
    return FM_STATUS_CONFIG;
}

/* Costs are of actions as traces name them. */
static bool has_costs(struct check *check)
{
    const struct fm_simulate_options *simulation = check->options->simulation;
    const struct fm_cost *cost = simulation == NULL || simulation->estimates == NULL
                                     ? NULL
                                     : fm_estimates_unknown_cost(simulation->estimates,
                                                                 check->model);
    if (cost == NULL) {
        return true;
    }
    (void)fm_diag_report(check->session->diags, FM_CODE_3060, cost->span,
                         "no action of the next-state relation is called `%s`", cost->name->text);
    check->exit_status = FM_STATUS_CONFIG;
    return false;
}

static bool make_model(struct check *check)
{
    const struct fm_options *options = check->options;
    struct fm_model_options *model = &check->temporal.model_options;
    *model = (struct fm_model_options){
        .fingerprint_seed = options->fp,
        .random_seed = (uint64_t)options->seed,
        .set_size_max = options->set_size_max,
        .stack_size = FM_THREAD_STACK_SIZE,
        .allow_exec = options->allow_exec,
        .no_symmetry = options->no_symmetry,
        .coverage = options->coverage,
        .costs = options->costs,
        .nowarning = options->nowarning,
        .no_thunk_cache = options->no_thunk_cache,
        .system_properties = options->properties.at,
        .system_property_count = options->properties.count,
    };
    check->model = fm_eval_model_new(check->session, check->program, model,
                                     fm_checker_hooks(check->checker));
    if (check->model == NULL) {
        check->exit_status = model_status(check->session->diags);
        return false;
    }
    check->report.action_count = check->model->action_count;
    return has_costs(check);
}

/* The temporal part refers to the interpreter's model. */
static bool make_temporal(struct check *check)
{
    struct fm_cli_temporal *temporal = &check->temporal;
    const struct fm_liveness_options options = {
        .workers = check->options->workers,
        .keep_going = check->options->keep_going,
        .interrupt = &interrupted,
        .memory_max = temporal->check_options.memory_max,
        .closure = check,
        .begin = on_temporal_begin,
        .end = on_temporal_end,
    };
    temporal->options = check->options;
    temporal->program = check->program;
    temporal->session = check->session;
    if (!fm_cli_temporal_open(temporal, check->model, &options)) {
        check->exit_status = FM_STATUS_ERROR;
        return false;
    }
    check->report.temporal_why_not = temporal->why_not;
    check->report.temporal = temporal->liveness == NULL ? NULL
                                                        : fm_liveness_result(temporal->liveness);
    return true;
}

/* Puts emitted code around the interpreter, where that is wanted and possible. */
static void make_native(struct check *check)
{
    const struct fm_options *options = check->options;
    struct fm_native_options native = {
        .keep = options->keep_native,
        .wait = options->native_wait || options->exact,
        .small = options->simulation != NULL,
        .exact = options->exact,
        .named = check->temporal.named,
        .named_count = check->temporal.named_count,
    };
    if (options->no_native) {
        return;
    }
    check->report.native_off = fm_native_why_not(check->model);
    if (check->report.native_off == NULL) {
        check->model = fm_native_model_new(check->model, &native);
        check->is_native = true;
    }
}

/* C that does not compile is our mistake: tests, which wait for it, see it in the status. */
static void note_native(struct check *check)
{
    if (!check->is_native) {
        return;
    }
    check->report.native = fm_native_report(check->model);
    if (check->report.native->rejected && check->options->native_wait && check->exit_status == 0) {
        (void)fprintf(stderr, "%s: %s\n", check->personality->command, check->report.native->state);
        check->exit_status = FM_STATUS_ERROR;
    }
}

/* --- the check --- */

static void dump_graph(struct check *check)
{
    uint32_t *order = check->personality->variable_order == NULL
                          ? NULL
                          : check->personality->variable_order(&check->report);
    const char *wrong = fm_dump_write(&check->report, check->checker, order);
    fm_memory_free(order);
    if (wrong != NULL) {
        check->dump_failed = true;
        (void)fprintf(stderr, "%s: the states were not written to %s: %s\n",
                      check->personality->command, check->options->dump_file, wrong);
    }
}

static void search(struct check *check)
{
    bool terminal = fm_terminal_can_overwrite(STDERR_FILENO) &&
                    !check->personality->progress_in_pipes;
    if (!check->options->json || terminal) {
        struct fm_progress_options progress = {check->checker, check->temporal.liveness,
                                               &check->report, check->personality->progress,
                                               terminal};
        check->progress = fm_progress_start(&progress);
    }
    const struct fm_check_result *result = fm_check_run(check->checker, check->model);
    fm_progress_stop(check->progress);
    check->progress = NULL;
    check->report.result = result;
    if (check->options->dump_file != NULL) {
        dump_graph(check);
    }
    check->report.unsymmetric = check->temporal.result;
    check->report.temporal_why_not = check->temporal.why_not;
    if (check->options->simulation != NULL && check->options->simulation->estimates != NULL) {
        check->report.estimates = fm_estimates_finish(check->options->simulation->estimates);
    }
    check->exit_status = check->personality->exit_status(&check->report);
    if (check->dump_failed && check->exit_status == 0) {
        check->exit_status = FM_STATUS_ERROR;
    }
    note_native(check);
}

static void write_page(struct check *check)
{
    const char *path = check->options->html_file;
    struct fm_text text = {NULL, 0, 0};
    if (path == NULL || check->personality->page == NULL || check->report.result == NULL) {
        return;
    }
    check->personality->page(&check->report, &text);
    if (fm_file_write(path, fm_text_string(&text), text.length) != 0) {
        (void)fprintf(stderr, "%s: %s was not written: %s\n", check->personality->command, path,
                      strerror(errno));
        check->exit_status = check->exit_status == 0 ? FM_STATUS_ERROR : check->exit_status;
    }
    fm_text_deinit(&text);
}

static void say_after(struct check *check)
{
    struct fm_text text = {NULL, 0, 0};
    if (check->personality->after != NULL && check->trace != NULL) {
        check->personality->after(&check->report, check->trace, &text);
    }
    put(check, &text);
}

static void finish(struct check *check)
{
    struct fm_text text = {NULL, 0, 0};
    check->report.seconds = (double)(fm_clock_monotonic_ns() - check->report.begin_ns) / 1e9;
    check->report.exit_status = check->exit_status;
    show_diagnostics(check);
    write_page(check);
    if (check->options->json) {
        bool own = check->personality->json != NULL && check->report.result != NULL;
        (own ? check->personality->json : fm_report_json)(&check->report, &text);
        (void)fputs(fm_text_string(&text), stdout);
        fm_text_deinit(&text);
    } else {
        say(check, check->report.result != NULL ? check->personality->summary
                                                : check->personality->refused);
        say(check, check->personality->end);
        say_after(check);
    }
    /* A failed write of before does not show in a later flush, only in the stream's flag. */
    if ((fflush(stdout) != 0 || ferror(stdout) != 0) && check->exit_status == 0) {
        (void)fprintf(stderr, "%s: the report was not written: %s\n", check->personality->command,
                      strerror(errno));
        check->exit_status = FM_STATUS_ERROR;
    }
}

static void close_check(struct check *check)
{
    fm_memory_set_handler(NULL, NULL);
    fm_cli_temporal_close(&check->temporal);
    fm_checker_free(check->checker);
    if (check->model != NULL) {
        check->model->ops->model_free(check->model);
    }
    if (check->program != NULL) {
        fm_program_free(check->program);
    }
    fm_cli_session_close(&check->opened);
    fm_text_deinit(&check->config_path);
}

static void check_all(struct check *check)
{
    fm_memory_set_handler(on_memory, check);
    fm_cli_session_open(&check->opened, check->options->set_size_max);
    check->session = &check->opened.session;
    check->report = (struct fm_report){
        .options = check->options,
        .loaded = &check->loaded,
        .diags = check->session->diags,
        .begin_ns = check->report.begin_ns,
        .colored = fm_terminal_wants_colors(STDOUT_FILENO),
    };
    say(check, check->personality->begin);
    bool good = load_program(check);
    check->report.program = check->program;
    check->report.config_path = check->loaded.config_path;
    if (good) {
        show_diagnostics(check);
    }
    say(check, check->personality->loaded);
    if (good) {
        make_checker(check);
        if (make_model(check) && make_temporal(check)) {
            make_native(check);
            search(check);
        }
    }
    finish(check);
    close_check(check);
}

static void run_check(void *closure)
{
    struct check *check = closure;
    check_all(check);
    pthread_mutex_lock(&check->end_lock);
    check->ended = true;
    pthread_cond_signal(&check->end);
    pthread_mutex_unlock(&check->end_lock);
}

/* Until the check has ended, or was interrupted and does not end. */
static void wait_for_end(struct check *check)
{
    uint64_t begin_ns = 0;
    pthread_mutex_lock(&check->end_lock);
    while (!check->ended) {
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        uint64_t ns = (uint64_t)until.tv_nsec + INTERRUPT_POLL_NS;
        until.tv_sec += (time_t)(ns / 1000000000u);
        until.tv_nsec = (long)(ns % 1000000000u);
        (void)pthread_cond_timedwait(&check->end, &check->end_lock, &until);
        uint64_t now_ns = fm_clock_monotonic_ns();
        if (!atomic_load(&interrupted)) {
            continue;
        }
        if (begin_ns == 0) {
            begin_ns = now_ns;
        } else if (!check->ended && now_ns - begin_ns > INTERRUPT_GRACE_NS) {
            give_up(check);
        }
    }
    pthread_mutex_unlock(&check->end_lock);
}

static void run_to_end(struct check *check)
{
    struct fm_thread *thread = fm_thread_start(run_check, check, FM_THREAD_STACK_SIZE);
    if (thread == NULL) {
        (void)fprintf(stderr, "%s: no thread with a stack of %zu MiB: %s (see ulimit -v)\n",
                      check->personality->command, FM_THREAD_STACK_SIZE >> 20, strerror(errno));
        return;
    }
    wait_for_end(check);
    fm_thread_join(thread);
}

/* What must be there before the check, and be given back after it. */
static int run_on_thread(struct check *check)
{
    const char *path = check->options->user_file;
    if (pthread_mutex_init(&check->print_lock, NULL) != 0 ||
        pthread_mutex_init(&check->end_lock, NULL) != 0 ||
        pthread_cond_init(&check->end, NULL) != 0) {
        (void)fprintf(stderr, "%s: the system has no room for a lock\n",
                      check->personality->command);
        return FM_STATUS_ERROR;
    }
    if (path != NULL && (check->user_file = fopen(path, "w")) == NULL) {
        (void)fprintf(stderr, "%s: %s cannot be written: %s\n", check->personality->command, path,
                      strerror(errno));
        goto destroy_locks;
    }
    run_to_end(check);
    bool failed = check->user_file != NULL && ferror(check->user_file) != 0;
    if (check->user_file != NULL && (fclose(check->user_file) != 0 || failed)) {
        (void)fprintf(stderr, "%s: %s was not written: %s\n", check->personality->command, path,
                      failed ? "the system refused a part of it" : strerror(errno));
        check->exit_status = check->exit_status == 0 ? FM_STATUS_ERROR : check->exit_status;
    }
destroy_locks:
    pthread_cond_destroy(&check->end);
    pthread_mutex_destroy(&check->end_lock);
    pthread_mutex_destroy(&check->print_lock);
    return check->exit_status;
}

int fm_run_check(struct fm_options *options, const struct fm_personality *personality)
{
    struct check check = {
        .options = options,
        .personality = personality,
        .report.begin_ns = fm_clock_monotonic_ns(),
        .exit_status = FM_STATUS_ERROR,
    };
    if (!options->has_seed) {
        options->seed = (int64_t)fm_random_system_seed();
    }
    /* Always on here; what the user gives comes first. */
    fm_vec_push(&options->properties, "tlc2.tool.impl.Tool.cdot=true");
    catch_signal(SIGINT);
    catch_signal(SIGTERM);
    return run_on_thread(&check);
}

int fm_command_check(int argc, char **argv)
{
    struct fm_options options;
    struct fm_text message = {NULL, 0, 0};
    int status = FM_STATUS_OK;
    switch (fm_options_parse(argc, argv, &options, &message)) {
    case FM_OPTIONS_HELP:
        fm_help_print_check();
        break;
    case FM_OPTIONS_WRONG:
        (void)fprintf(stderr, "fathom check: %s\n`fathom help check` lists the options.\n",
                      fm_text_string(&message));
        status = FM_STATUS_COMMAND_LINE;
        break;
    case FM_OPTIONS_RUN:
        status = fm_run_check(&options, &fm_personality_check);
        break;
    }
    fm_text_deinit(&message);
    fm_options_deinit(&options);
    return status;
}
