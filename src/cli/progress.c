/* A thread that wakes up, reads the checker's counters and prints.
 *
 * On a terminal one line on standard error is rewritten twice a second: states generated and their
 * rate, distinct, queue, depth, memory, and the risk that two states were taken for one. Elsewhere
 * a line in TLC's words goes to standard output, first after some seconds, then once a minute: logs
 * of long runs stay short. The counters are read without a lock, so the numbers of one line may be
 * a moment apart. The temporal part, which follows the search, has lines of its own.
 *
 * Whoever prints in between holds the progress, which erases the line, and releases it afterwards.
 */
#include "cli/progress.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/thread.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "store/probability.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define TERMINAL_INTERVAL_MS 500u
#define PIPE_FIRST_MS 5000u
#define PIPE_INTERVAL_MS 60000u
/* A thread that only prints needs little, bytes. */
#define STACK_SIZE ((size_t)256 << 10)

struct fm_progress {
    struct fm_progress_options options;
    struct fm_thread *thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping, shown;
    struct fm_check_progress last;
    uint64_t last_ns;
};

static void erase(struct fm_progress *progress)
{
    if (progress->shown) {
        (void)fputs("\r\033[K", stderr);
        (void)fflush(stderr);
        progress->shown = false;
    }
}

static double per_second(uint64_t now, uint64_t before, uint64_t elapsed_ns)
{
    return elapsed_ns == 0 ? 0 : (double)(now - before) * 1e9 / (double)elapsed_ns;
}

/* "950", "12k", "4.6M", "7.9G": of a number that changes twice a second nobody reads more. */
static void add_short(struct fm_text *out, double number)
{
    static const char units[] = " kMGT";
    size_t unit = 0;
    while (number >= 1000 && unit + 1 < sizeof units - 1) {
        number /= 1000;
        unit++;
    }
    int decimals = unit == 0 || number >= 10 ? 0 : 1;
    fm_text_printf(out, "%.*f", decimals, number);
    if (unit > 0) {
        fm_text_putc(out, units[unit]);
    }
}

static void add_visited(struct fm_text *out, const struct fm_check_progress *now)
{
    add_short(out, (double)now->distinct);
    fm_text_puts(out, " distinct, ");
    add_short(out, (double)now->queue);
    fm_text_printf(out, " left, depth %" PRIu64 ", ", now->depth);
    fm_report_bytes(out, fm_memory_resident());
    fm_text_printf(out, ", risk %.0E", fm_probability_collision(now->distinct, now->kept_bits));
}

/* Puts the line in the place of the one before. */
static void show_text(struct fm_progress *progress, struct fm_text *text)
{
    /* A line that wraps could not be erased. */
    int width = (int)fm_terminal_width(STDERR_FILENO) - 1;
    (void)fprintf(stderr, "\r\033[K%.*s", width, fm_text_string(text));
    (void)fflush(stderr);
    progress->shown = true;
}

/* Short enough for 80 columns. */
static void show_line(struct fm_progress *progress, const struct fm_check_progress *now,
                      uint64_t elapsed_ns)
{
    struct fm_text text = {NULL, 0, 0};
    add_short(&text, (double)now->generated);
    fm_text_puts(&text, " states (");
    add_short(&text, per_second(now->generated, progress->last.generated, elapsed_ns));
    fm_text_puts(&text, "/s), ");
    if (now->simulating) {
        add_short(&text, (double)now->behaviours);
        fm_text_printf(&text, " behaviors of %.1f states, ", now->length_mean);
        fm_report_bytes(&text, fm_memory_resident());
    } else {
        add_visited(&text, now);
    }
    show_text(progress, &text);
    fm_text_deinit(&text);
}

/* What the temporal part is at. */
static void show_temporal(struct fm_progress *progress, const struct fm_liveness_progress *now)
{
    struct fm_text text = {NULL, 0, 0};
    fm_text_puts(&text, "Temporal properties: ");
    if (now->property == 0) {
        fm_text_count(&text, now->filled > 0 ? now->filled : now->indexed);
        fm_text_puts(&text, " of ");
        fm_text_count(&text, now->states);
        fm_text_puts(&text, now->filled > 0 ? " states expanded again, " : " states indexed, ");
    } else {
        fm_text_printf(&text, "number %u, ", now->property);
        fm_text_count(&text, now->found);
        fm_text_puts(&text, " states of the product, ");
        fm_text_count(&text, now->components);
        fm_text_puts(&text, " components done, ");
    }
    fm_report_bytes(&text, fm_memory_resident());
    if (progress->options.terminal) {
        show_text(progress, &text);
    } else {
        (void)printf("%s\n", fm_text_string(&text));
        (void)fflush(stdout);
    }
    fm_text_deinit(&text);
}

static void count_text(char *out, size_t size, uint64_t count)
{
    struct fm_text text = {NULL, 0, 0};
    fm_text_count(&text, count);
    (void)snprintf(out, size, "%s", fm_text_string(&text));
    fm_text_deinit(&text);
}

static void print_line(const struct fm_progress *progress, const struct fm_check_progress *now,
                       uint64_t elapsed_ns)
{
    struct fm_text text = {NULL, 0, 0};
    struct fm_text time = {NULL, 0, 0};
    char depth[32], generated[32], distinct[32], queue[32], rate[32], new_rate[32];
    char behaviours[32], mean[32], variance[32], deviation[32];
    fm_report_now(&time);
    (void)snprintf(depth, sizeof depth, "%" PRIu64, now->depth);
    count_text(generated, sizeof generated, now->generated);
    count_text(distinct, sizeof distinct, now->distinct);
    count_text(queue, sizeof queue, now->queue);
    if (now->simulating) {
        (void)snprintf(generated, sizeof generated, "%" PRIu64, now->generated);
    }
    (void)snprintf(behaviours, sizeof behaviours, "%" PRIu64, now->behaviours);
    (void)snprintf(mean, sizeof mean, "%.0f", now->length_mean);
    (void)snprintf(variance, sizeof variance, "%.0f", now->length_variance);
    (void)snprintf(deviation, sizeof deviation, "%.0f", sqrt(now->length_variance));
    const struct fm_check_progress *last = &progress->last;
    count_text(rate, sizeof rate,
               (uint64_t)(60 * per_second(now->generated, last->generated, elapsed_ns)));
    count_text(new_rate, sizeof new_rate,
               (uint64_t)(60 * per_second(now->distinct, last->distinct, elapsed_ns)));
    const char *const arguments[] = {/* ORDER(progress) */
                                     depth,     fm_text_string(&time),
                                     generated, rate,
                                     distinct,  new_rate,
                                     queue,     behaviours,
                                     mean,      variance,
                                     deviation};
    progress->options.add_line(progress->options.report, arguments,
                               sizeof arguments / sizeof *arguments, &text);
    (void)fputs(fm_text_string(&text), stdout);
    (void)fflush(stdout);
    fm_text_deinit(&time);
    fm_text_deinit(&text);
}

static void tick(struct fm_progress *progress)
{
    struct fm_check_progress now;
    fm_checker_progress(progress->options.checker, &now);
    uint64_t now_ns = fm_clock_monotonic_ns();
    if (!now.searching) {
        return;
    }
    struct fm_liveness_progress temporal = {.states = 0};
    if (progress->options.liveness != NULL) {
        fm_liveness_progress(progress->options.liveness, &temporal);
    }
    if (temporal.states > 0) {
        show_temporal(progress, &temporal);
        return;
    }
    /* Levels move counts from the workers to the total; a line never goes back. */
    if (now.generated < progress->last.generated) {
        now.generated = progress->last.generated;
    }
    if (now.distinct < progress->last.distinct) {
        now.distinct = progress->last.distinct;
    }
    if (progress->options.terminal) {
        show_line(progress, &now, now_ns - progress->last_ns);
    } else {
        print_line(progress, &now, now_ns - progress->last_ns);
    }
    progress->last = now;
    progress->last_ns = now_ns;
}

static void add_ms(struct timespec *time, uint64_t ms)
{
    uint64_t ns = (uint64_t)time->tv_nsec + ms % 1000 * 1000000u;
    time->tv_sec += (time_t)(ms / 1000 + ns / 1000000000u);
    time->tv_nsec = (long)(ns % 1000000000u);
}

static void run(void *closure)
{
    struct fm_progress *progress = closure;
    uint64_t wait_ms = progress->options.terminal ? TERMINAL_INTERVAL_MS : PIPE_FIRST_MS;
    pthread_mutex_lock(&progress->lock);
    while (!progress->stopping) {
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        add_ms(&until, wait_ms);
        int error = 0;
        while (error != ETIMEDOUT && !progress->stopping) {
            error = pthread_cond_timedwait(&progress->wake, &progress->lock, &until);
        }
        if (!progress->stopping) {
            tick(progress);
        }
        wait_ms = progress->options.terminal ? TERMINAL_INTERVAL_MS : PIPE_INTERVAL_MS;
    }
    erase(progress);
    pthread_mutex_unlock(&progress->lock);
}

struct fm_progress *fm_progress_start(const struct fm_progress_options *options)
{
    struct fm_progress *progress = fm_memory_calloc(1, sizeof *progress);
    progress->options = *options;
    progress->last_ns = fm_clock_monotonic_ns();
    if (pthread_mutex_init(&progress->lock, NULL) != 0) {
        goto free_progress;
    }
    if (pthread_cond_init(&progress->wake, NULL) != 0) {
        goto destroy_lock;
    }
    progress->thread = fm_thread_start(run, progress, STACK_SIZE);
    if (progress->thread == NULL) {
        goto destroy_wake;
    }
    return progress;

destroy_wake:
    pthread_cond_destroy(&progress->wake);
destroy_lock:
    pthread_mutex_destroy(&progress->lock);
free_progress:
    fm_memory_free(progress);
    return NULL;
}

void fm_progress_stop(struct fm_progress *progress)
{
    if (progress == NULL) {
        return;
    }
    pthread_mutex_lock(&progress->lock);
    progress->stopping = true;
    pthread_cond_signal(&progress->wake);
    pthread_mutex_unlock(&progress->lock);
    fm_thread_join(progress->thread);
    pthread_cond_destroy(&progress->wake);
    pthread_mutex_destroy(&progress->lock);
    fm_memory_free(progress);
}

void fm_progress_hold(struct fm_progress *progress)
{
    if (progress != NULL) {
        pthread_mutex_lock(&progress->lock);
        erase(progress);
    }
}

void fm_progress_release(struct fm_progress *progress)
{
    if (progress != NULL) {
        pthread_mutex_unlock(&progress->lock);
    }
}
