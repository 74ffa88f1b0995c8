/* Escalation.
 *
 * Systems leave their specification much more often than they break a property, and long before:
 * a vote that should not have been given does no harm until two leaders write. So a divergence is
 * gone on with: its schedule, as short as it was made, then random choices, unjudged, thousands of
 * times, until the target's own check names a property. The schedule that does it runs once more
 * beside the judge, which says where it diverged.
 *
 * Each suffix uses a random part of the campaign's faults: one that kills the target early, as
 * writes that fail may, would else hide what the others lead to. All suffixes run in one child
 * process; when it dies, another one goes on behind the suffix that killed it (crashes are
 * findings of the campaign, not of its escalations). */
#include "fuzz/escalate.h"

#include "base/random.h"
#include "fuzz/draw.h"
#include "sim/hash.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* What parent and child share. */
struct door {
    struct fm_beat beat;
    _Atomic uint32_t suffix; /* that runs, or ran when the child died */
    bool found;
    uint64_t faults;
    uint32_t count;
    struct fm_choice choices[FM_SCHEDULE_MAX];
};

struct child {
    const struct fm_finding *finding;
    const struct fm_escalate_options *options;
    struct door *door;
};

/* Whether suffix number `number` breaks a property; the schedule is in the door. */
static bool run_suffix(const struct child *child, uint32_t number)
{
    const struct fm_finding *finding = child->finding;
    struct door *door = child->door;
    struct fm_random random;
    struct fm_draw draw;
    uint64_t seed = fm_sim_hash_number(finding->seed, number);
    fm_random_seed(&random, seed);
    fm_draw_begin(&draw, seed, false);
    /* Half of them with the divergence's own faults alone: what they break is its harm, and not
     * that of a fault that came in later. */
    uint64_t others = number % 2 == 0 ? 0 : child->options->faults & fm_random_next(&random);
    door->faults = finding->faults | others;
    struct fm_world_options options = {.sut = child->options->sut,
                                       .nodes = finding->nodes,
                                       .seed = finding->seed,
                                       .faults = door->faults};
    struct fm_world *world = fm_world_new(&options);
    uint32_t prefix = finding->choices.count, step = 0;
    uint32_t end = prefix + child->options->horizon;
    end = end < FM_SCHEDULE_MAX ? end : FM_SCHEDULE_MAX;
    fm_world_begin(world);
    while (step < end && fm_world_verdict(world) == FM_WORLD_FINE) {
        if (step >= prefix) {
            door->choices[step] = fm_draw_choice(&draw, world);
        }
        atomic_store_explicit(&door->beat.choices, ++step, memory_order_relaxed);
        (void)fm_world_apply(world, &door->choices[step - 1]);
    }
    fm_world_end(world);
    door->count = step;
    bool broken = fm_world_verdict(world) == FM_WORLD_PROPERTY;
    fm_world_free(world);
    return broken;
}

static void run_suffixes(void *closure)
{
    const struct child *child = closure;
    struct door *door = child->door;
    uint32_t number = atomic_load(&door->suffix);
    while (number < FM_SUFFIXES_MAX && !door->found) {
        atomic_store(&door->suffix, number);
        door->found = run_suffix(child, number);
        number++;
    }
    atomic_store(&door->suffix, number);
    _exit(0);
}

static bool is_stopped(const struct fm_escalate_options *options)
{
    return options->stop != NULL && *options->stop != 0;
}

/* Runs suffixes, in a new child whenever one died, until one is found or all have run. False with
 * errno: the system makes no process. */
static bool run_children(struct child *child, int stream)
{
    struct door *door = child->door;
    while (!door->found && atomic_load(&door->suffix) < FM_SUFFIXES_MAX &&
           !is_stopped(child->options)) {
        pid_t process = fork();
        if (process == 0) {
            (void)dup2(stream, STDERR_FILENO);
            (void)dup2(stream, STDOUT_FILENO);
            fm_run_on_stack(run_suffixes, child);
        }
        if (process < 0) {
            return false;
        }
        int status;
        bool hung = fm_run_wait(process, &door->beat, child->options->hang_ms, &status);
        if (hung || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            (void)atomic_fetch_add(&door->suffix, 1);
        }
        (void)!ftruncate(stream, 0);
    }
    return true;
}

/* The schedule beside the judge; whether it harms there as well. */
static bool confirm(const struct child *child, struct fm_finding *harm)
{
    const struct fm_escalate_options *options = child->options;
    struct door *door = child->door;
    *harm = fm_finding_copy(child->finding);
    harm->faults = door->faults;
    harm->rounds = 0;
    harm->schedule = 0;
    harm->choices.count = 0;
    for (uint32_t i = 0; i < door->count; i++) {
        fm_vec_push(&harm->choices, door->choices[i]);
    }
    struct fm_schedule schedule = {.sut = options->sut,
                                   .mapping = options->mapping,
                                   .nodes = harm->nodes,
                                   .seed = harm->seed,
                                   .faults = harm->faults,
                                   .choices = harm->choices.at,
                                   .count = harm->choices.count,
                                   .beyond = true};
    struct fm_run_options run = {.hang_ms = options->hang_ms};
    bool same = fm_run_isolated(&schedule, &run, &harm->outcome) &&
                harm->outcome.verdict == FM_FUZZ_PROPERTY && fm_outcome_is_beyond(&harm->outcome);
    if (!same) {
        fm_finding_deinit(harm);
    }
    return same;
}

enum fm_escalate_result fm_escalate(const struct fm_finding *finding,
                                    const struct fm_escalate_options *options,
                                    struct fm_finding *harm)
{
    struct door *door = mmap(NULL, sizeof *door, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                             -1, 0);
    int stream = fm_run_stream();
    struct child child = {finding, options, door};
    enum fm_escalate_result result = FM_ESCALATE_ERROR;
    int error = errno;
    if (door != MAP_FAILED && stream >= 0) {
        for (uint32_t i = 0; i < finding->choices.count; i++) {
            door->choices[i] = finding->choices.at[i];
        }
        (void)fflush(stdout);
        if (run_children(&child, stream)) {
            result = door->found && confirm(&child, harm) ? FM_ESCALATE_HARM : FM_ESCALATE_NONE;
        }
        error = errno;
    }
    if (stream >= 0) {
        (void)close(stream);
    }
    if (door != MAP_FAILED) {
        (void)munmap(door, sizeof *door);
    }
    errno = error;
    return result;
}
