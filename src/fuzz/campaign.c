/* The parent of a campaign. It runs no code of the target, so nothing that the target does can end
 * it:
 *
 *                    shared memory: next number, signatures, a slot for each child
 *     parent ----------+---------------------+--------------------+
 *       ^              |                     |                    |
 *       |           worker 1  ...         worker N            repeater
 *       +-- wake ------+---------------------+--------------------+
 *                      +-- repeats (a pipe) -+------------------->+
 *
 * It sleeps until a child wakes it, or dies, or a tenth of a second is over; then it copies what
 * children tell, looks for the dead (a crash: the finding is in the slot, and another worker takes
 * the place) and for those that have been at one choice for too long (killed: a hang). The workers
 * end by themselves when `stop` is set or the numbers are used up; then the pipe of repeats runs
 * dry and the repeater ends. */
#include "fuzz/campaign.h"

#include "base/file.h"
#include "fuzz/guide.h"
#include "fuzz/shared.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* A child that keeps dying before it has run a schedule is no way to make progress. */
static const uint32_t restarts_max = 1000000;

struct child {
    pid_t process; /* 0: none */
    int stream;    /* its error stream */
    uint64_t index;
    uint64_t beat;
    uint64_t since_ns; /* when the two above changed last */
};

struct campaign {
    const struct fm_campaign_options *options;
    const struct fm_campaign_watch *watch;
    struct fm_shared *shared;
    struct fm_corpus *corpus;                  /* or NULL */
    struct child children[FM_WORKERS_MAX + 1]; /* the last is the repeater */
    int wake[2], repeats[2];
    uint64_t start_ns;
    sigset_t signals;              /* the caller's mask: while the parent sleeps, and in children */
    struct sigaction child_action; /* the caller's, of SIGCHLD */
    uint32_t signatures, restarts;
    bool harness; /* a HARNESS finding ends the campaign */
};

/* That a child died is to end the parent's sleep, and nothing else. */
static void note_death(int number)
{
    (void)number;
}

/* SIGCHLD is let through while the parent sleeps only: none is missed between a look and the sleep.
 */
static void hold_signals(struct campaign *campaign)
{
    struct sigaction action = {.sa_handler = note_death};
    sigset_t held;
    (void)sigemptyset(&held);
    (void)sigaddset(&held, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &held, &campaign->signals);
    (void)sigaction(SIGCHLD, &action, &campaign->child_action);
}

static void release_signals(const struct campaign *campaign)
{
    (void)sigaction(SIGCHLD, &campaign->child_action, NULL);
    (void)sigprocmask(SIG_SETMASK, &campaign->signals, NULL);
}

static bool start_child(struct campaign *campaign, uint32_t number)
{
    const struct fm_campaign_options *options = campaign->options;
    struct child *child = &campaign->children[number];
    struct fm_slot *slot = &campaign->shared->slots[number];
    bool repeater = number == FM_WORKERS_MAX;
    if (child->stream < 0) {
        child->stream = fm_run_stream();
    }
    atomic_store(&slot->stage, FM_SLOT_RUNS);
    child->since_ns = fm_clock_monotonic_ns();
    child->process = child->stream < 0 ? -1 : fork();
    if (child->process == 0) {
        (void)dup2(child->stream, STDERR_FILENO);
        (void)dup2(child->stream, STDOUT_FILENO);
        release_signals(campaign);
        (void)signal(SIGINT, SIG_IGN); /* the parent ends it in order */
        (void)close(campaign->wake[0]);
        (void)close(campaign->repeats[repeater ? 1 : 0]);
        struct fm_worker worker = {.options = options,
                                   .shared = campaign->shared,
                                   .slot = slot,
                                   .corpus = repeater ? NULL : campaign->corpus,
                                   .wake = campaign->wake[1],
                                   .repeats = campaign->repeats[repeater ? 0 : 1]};
        fm_run_on_stack(repeater ? fm_repeater_run : fm_worker_run, &worker);
    }
    return child->process > 0;
}

/* Absolute: a finding is read anywhere. */
static void write_path(const char *path, char *out, size_t size)
{
    char *whole = realpath(path, NULL);
    (void)snprintf(out, size, "%s", whole == NULL ? path : whole);
    free(whole);
}

/* Tells the caller what is in the slot, whose child waits or is dead. */
static void tell(struct campaign *campaign, struct fm_slot *slot)
{
    const struct fm_campaign_options *options = campaign->options;
    const struct fathom_sut *sut = options->target->sut;
    struct fm_finding finding = {
        .target_hash = options->target->hash,
        .world_hash = fm_world_own_hash(),
        .nodes = options->nodes,
        .seed = slot->seed,
        .faults = slot->faults,
        .rounds = slot->outcome.drained > 0 ? options->rounds : 0,
        .outcome = slot->outcome,
        .schedule = atomic_load(&slot->index) + 1,
        .seconds = (double)(fm_clock_monotonic_ns() - campaign->start_ns) / 1e9,
    };
    (void)snprintf(finding.target, sizeof finding.target, "%s %s", sut->name, sut->version);
    (void)snprintf(finding.path, sizeof finding.path, "%s", options->target->path);
    if (options->target->workload != NULL) {
        (void)snprintf(finding.workload, sizeof finding.workload, "%s", options->target->workload);
    }
    if (options->mapping != NULL) {
        write_path(fm_mapping_path(options->mapping), finding.mapping, sizeof finding.mapping);
        write_path(fm_mapping_config_path(options->mapping), finding.configuration,
                   sizeof finding.configuration);
        finding.hashes = fm_mapping_hashes(options->mapping);
    }
    for (uint32_t i = 0; i < slot->outcome.steps; i++) {
        fm_vec_push(&finding.choices, slot->choices_made[i]);
    }
    campaign->signatures++;
    campaign->harness |= fm_fuzz_verdict_ends(finding.outcome.verdict);
    campaign->watch->found(campaign->watch->closure, &finding);
    fm_finding_deinit(&finding);
}

/* A child is no more: what it was at is a finding. */
static void bury(struct campaign *campaign, uint32_t number, int status, bool hung)
{
    struct child *child = &campaign->children[number];
    struct fm_slot *slot = &campaign->shared->slots[number];
    child->process = 0;
    fm_run_came(&slot->beat, &slot->outcome);
    if (hung) {
        fm_run_hung(slot->choices_made, campaign->options->hang_ms, &slot->outcome);
    } else {
        struct fm_last_words words;
        fm_run_last_words(child->stream, &words);
        fm_run_died(status, slot->choices_made, &words, &slot->outcome);
    }
    fm_slot_count(slot);
    campaign->restarts++;
    if (fm_shared_hit(campaign->shared, &slot->outcome)) {
        tell(campaign, slot);
    }
}

/* Looks after one child; false when it is needed and cannot be started. */
static bool look_after(struct campaign *campaign, uint32_t number)
{
    struct child *child = &campaign->children[number];
    struct fm_slot *slot = &campaign->shared->slots[number];
    int status;
    if (child->process <= 0) {
        return true;
    }
    if (atomic_load(&slot->stage) == FM_SLOT_TELLS) {
        tell(campaign, slot);
        child->since_ns = fm_clock_monotonic_ns();
        atomic_store(&slot->stage, FM_SLOT_RUNS);
    }
    if (waitpid(child->process, &status, WNOHANG) == child->process) {
        if (atomic_load(&slot->stage) == FM_SLOT_ENDED) {
            child->process = 0;
            return true;
        }
        bury(campaign, number, status, false);
        return start_child(campaign, number);
    }
    uint64_t now = fm_clock_monotonic_ns();
    uint64_t index = atomic_load(&slot->index);
    uint64_t beat = (uint64_t)atomic_load(&slot->beat.choices) + atomic_load(&slot->beat.drained);
    bool waits = atomic_load(&slot->stage) != FM_SLOT_RUNS;
    if (index != child->index || beat != child->beat || waits) {
        child->index = index;
        child->beat = beat;
        child->since_ns = now;
    } else if (now - child->since_ns > (uint64_t)campaign->options->hang_ms * 1000000) {
        (void)kill(child->process, SIGKILL);
        (void)waitpid(child->process, &status, 0);
        bury(campaign, number, status, true);
        return start_child(campaign, number);
    }
    return true;
}

static void count(const struct campaign *campaign, struct fm_campaign_counts *counts)
{
    *counts = (struct fm_campaign_counts){
        .hits = atomic_load(&campaign->shared->hits),
        .signatures = campaign->signatures,
        .restarts = campaign->restarts,
        .seconds = (double)(fm_clock_monotonic_ns() - campaign->start_ns) / 1e9,
    };
    for (uint32_t i = 0; i < campaign->options->workers; i++) {
        const struct fm_slot *slot = &campaign->shared->slots[i];
        counts->schedules += atomic_load(&slot->schedules);
        counts->apart += atomic_load(&slot->apart);
        counts->apart_hits += atomic_load(&slot->apart_hits);
        counts->choices += atomic_load(&slot->choices);
        counts->applied += atomic_load(&slot->applied);
        counts->drained += atomic_load(&slot->drained);
        counts->undecided += atomic_load(&slot->undecided);
        counts->drain_seconds += (double)atomic_load(&slot->drain_ns) / 1e9;
        fm_judge_counts_add(&counts->judged, &slot->judged);
    }
    const struct fm_slot *repeater = &campaign->shared->slots[FM_WORKERS_MAX];
    counts->repeated = atomic_load(&repeater->repeated);
    counts->unstable = atomic_load(&repeater->unstable);
    if (campaign->corpus != NULL) {
        counts->corpus = fm_corpus_count(campaign->corpus);
    }
}

/* Whether workers still run. */
static bool work_goes_on(const struct campaign *campaign)
{
    for (uint32_t i = 0; i < campaign->options->workers; i++) {
        if (campaign->children[i].process > 0) {
            return true;
        }
    }
    return false;
}

/* Until all workers, and then the repeater, have ended. */
static bool watch_over(struct campaign *campaign)
{
    const struct fm_campaign_options *options = campaign->options;
    struct fm_campaign_counts counts;
    bool running = true;
    while (running || campaign->children[FM_WORKERS_MAX].process > 0) {
        struct pollfd door = {.fd = campaign->wake[0], .events = POLLIN};
        char bytes[64];
        struct timespec tenth = {.tv_nsec = 100000000};
        if (ppoll(&door, 1, &tenth, &campaign->signals) > 0) {
            (void)!read(campaign->wake[0], bytes, sizeof bytes);
        }
        for (uint32_t i = 0; i <= FM_WORKERS_MAX; i++) {
            if (!look_after(campaign, i)) {
                return false;
            }
        }
        count(campaign, &counts);
        campaign->watch->progress(campaign->watch->closure, &counts);
        bool stop = (options->stop != NULL && *options->stop != 0) || campaign->harness ||
                    (options->seconds > 0 && counts.seconds >= options->seconds) ||
                    (options->findings > 0 && counts.signatures >= options->findings) ||
                    campaign->restarts >= restarts_max;
        if (stop) {
            atomic_store(&campaign->shared->stop, true);
        }
        if (running && !work_goes_on(campaign)) {
            running = false;
            (void)close(campaign->repeats[1]); /* the repeater reads what is left, and ends */
            campaign->repeats[1] = -1;
        }
    }
    return true;
}

static void end_all(struct campaign *campaign)
{
    for (uint32_t i = 0; i <= FM_WORKERS_MAX; i++) {
        struct child *child = &campaign->children[i];
        if (child->process > 0) {
            (void)kill(child->process, SIGKILL);
            (void)waitpid(child->process, NULL, 0);
        }
        if (child->stream >= 0) {
            (void)close(child->stream);
        }
    }
    int pipes[] = {campaign->wake[0], campaign->wake[1], campaign->repeats[0],
                   campaign->repeats[1]};
    for (unsigned i = 0; i < 4; i++) {
        if (pipes[i] >= 0) {
            (void)close(pipes[i]);
        }
    }
    (void)munmap(campaign->shared, sizeof *campaign->shared);
    fm_corpus_free(campaign->corpus);
}

bool fm_campaign_run(const struct fm_campaign_options *options,
                     const struct fm_campaign_watch *watch, struct fm_campaign_counts *counts,
                     char **error)
{
    struct campaign campaign = {.options = options,
                                .watch = watch,
                                .wake = {-1, -1},
                                .repeats = {-1, -1},
                                .start_ns = fm_clock_monotonic_ns()};
    for (uint32_t i = 0; i <= FM_WORKERS_MAX; i++) {
        campaign.children[i].stream = -1;
    }
    *error = NULL;
    hold_signals(&campaign);
    campaign.shared = mmap(NULL, sizeof *campaign.shared, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bool fine = campaign.shared != MAP_FAILED;
    if (fine && options->guides != 0) {
        campaign.corpus = fm_corpus_new(options->horizon);
        fine = campaign.corpus != NULL;
    }
    fine = fine && pipe(campaign.wake) == 0 && pipe(campaign.repeats) == 0 &&
           start_child(&campaign, FM_WORKERS_MAX);
    for (uint32_t i = 0; i < options->workers && fine; i++) {
        fine = start_child(&campaign, i);
    }
    fine = fine && watch_over(&campaign);
    if (!fine) {
        struct fm_text text = {0};
        fm_text_printf(&text, "the system makes no process for a worker: %s", strerror(errno));
        *error = text.at;
    }
    if (campaign.shared != MAP_FAILED) {
        count(&campaign, counts);
        end_all(&campaign);
    }
    release_signals(&campaign);
    return fine;
}
