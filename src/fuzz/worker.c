/* The children of a campaign.
 *
 * A worker takes the next number, makes a schedule from it (steer.c), and runs it; everything about
 * a random schedule of number i follows from the campaign's seed and i, and what a guide makes of
 * it depends on the corpus besides, so on all schedules before. What it does stands in its slot of
 * shared memory before it is done, so that the parent can write the finding of a worker that is no
 * more. The first hit of a signature is told to the parent, who wakes by a byte in a pipe and
 * copies it while the worker waits; later ones are counted.
 *
 * Two checks that no single run can make:
 *
 * - One schedule in a hundred goes to the repeater, a process of its own with its heap laid out
 *   otherwise and filled with another byte. Other effects there are nondeterminism. These are of
 * the random arm: their number is enough to make them again.
 * - One in 500 is run several times in a row, and the heap measured behind each. If it grows by the
 *   same amount every time, that is what a schedule leaves behind. (The first run fills caches.)
 *   Where malloc does not tell, as under sanitizers, their own leak check has to do. */
#include "base/file.h"
#include "fuzz/crash.h"
#include "fuzz/guide.h"
#include "fuzz/oracle.h"
#include "fuzz/shared.h"
#include "fuzz/steer.h"
#include "sim/hash.h"

#include <unistd.h>

#define REPEAT_ONE_IN 100u
static const uint64_t measure_one_in = 500;
_Static_assert(REPEAT_ONE_IN % FM_RANDOM_ARM_ONE_IN == 0, "the repeater has no corpus");

bool fm_shared_hit(struct fm_shared *shared, const struct fm_outcome *outcome)
{
    struct fm_text text = {0};
    fm_finding_signature(outcome, &text);
    uint64_t hash = fm_sim_hash_bytes(1, text.at, text.length) | 1;
    fm_text_deinit(&text);
    atomic_fetch_add(&shared->hits, 1);
    for (uint32_t i = 0; i < FM_SIGNATURES_MAX; i++) {
        _Atomic uint64_t *place = &shared->signatures[(hash + i) % FM_SIGNATURES_MAX];
        uint64_t held = 0;
        if (atomic_compare_exchange_strong(place, &held, hash)) {
            return true;
        }
        if (held == hash) {
            return false;
        }
    }
    return false;
}

void fm_slot_count(struct fm_slot *slot)
{
    bool apart = fm_guide_is_apart(atomic_load_explicit(&slot->index, memory_order_relaxed));
    bool hit = slot->outcome.verdict != FM_FUZZ_FINE;
    atomic_fetch_add_explicit(&slot->schedules, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&slot->apart, apart, memory_order_relaxed);
    atomic_fetch_add_explicit(&slot->apart_hits, apart && hit, memory_order_relaxed);
}

/* What a child runs schedules with. */
struct bench {
    const struct fm_campaign_options *options;
    struct fm_slot *slot;
    struct fm_world *world;
    struct fm_steer steer;
    struct fm_gather gather;       /* where there is a corpus */
    struct fm_world_watch watch;   /* of the gather; nobody's without a corpus */
    struct fm_oracle *oracle;      /* or NULL */
    struct fm_judge_counts before; /* judged by workers of this slot that died */
};

/* In memory that lasts as long as the process. */
static void make_bench(struct bench *bench, const struct fm_worker *worker)
{
    const struct fm_campaign_options *options = worker->options;
    struct fm_world_options world = {.sut = options->target->sut,
                                     .nodes = options->nodes,
                                     .faults = options->faults,
                                     .rounds = options->rounds};
    *bench = (struct bench){.options = options,
                            .slot = worker->slot,
                            .world = fm_world_new(&world),
                            .before = worker->slot->judged};
    struct fm_mutate_limits limits = {.nodes = options->nodes,
                                      .customs = fm_world_customs(bench->world),
                                      .faults = options->faults,
                                      .count_max = options->horizon};
    fm_crash_watch();
    fm_steer_init(&bench->steer, worker->corpus, &limits, options->all_faults);
    if (worker->corpus != NULL) {
        bench->watch = (struct fm_world_watch){fm_gather_happened, &bench->gather};
    }
    if (options->mapping != NULL) {
        bench->oracle = fm_oracle_new(options->mapping, bench->world, options->target->sut,
                                      &bench->watch);
    }
    fm_gather_init(&bench->gather, options->guides, bench->oracle, options->mapping);
}

/* Behind the last choice: does the system get on? Counted apart. */
static void drain(struct fm_world *world, struct fm_slot *slot)
{
    if (!fm_world_drains(world)) {
        return;
    }
    uint64_t start_ns = fm_clock_monotonic_ns();
    slot->outcome.drained = fm_world_drain(world, &slot->beat.drained);
    atomic_fetch_add_explicit(&slot->drained, slot->outcome.drained, memory_order_relaxed);
    atomic_fetch_add_explicit(&slot->undecided, fm_world_is_undecided(world), memory_order_relaxed);
    atomic_fetch_add_explicit(&slot->drain_ns, fm_clock_monotonic_ns() - start_ns,
                              memory_order_relaxed);
}

/* Makes and runs choices until there are enough, or something is found. */
static void run_choices(struct bench *bench)
{
    struct fm_slot *slot = bench->slot;
    uint32_t step = 0, applied = 0;
    while (step < bench->options->horizon && fm_run_goes_on(bench->world, bench->oracle)) {
        struct fm_choice *choice = &slot->choices_made[step];
        bool drawn = fm_steer_choice(&bench->steer, bench->world, choice);
        atomic_store_explicit(&slot->beat.choices, step + 1, memory_order_release);
        bool happened = fm_world_apply(bench->world, choice);
        if (happened && bench->steer.corpus != NULL) {
            fm_gather_event(&bench->gather);
        }
        step += drawn || happened;
        applied += happened;
    }
    slot->outcome.steps = step;
    slot->outcome.applied = applied;
}

/* Puts a schedule in which nothing was found into the corpus, if it showed something new. */
static void note(struct bench *bench)
{
    const struct fm_slot *slot = bench->slot;
    struct fm_mutant ran = {
        .choices = bench->slot->choices_made, .count = slot->outcome.steps, .faults = slot->faults};
    if (slot->outcome.verdict == FM_FUZZ_FINE) {
        (void)fm_corpus_note(bench->steer.corpus, &ran, slot->seed, &bench->gather.features);
    }
}

/* Makes and runs schedule `index`. */
static void run_schedule(struct bench *bench, uint64_t index)
{
    struct fm_world *world = bench->world;
    struct fm_slot *slot = bench->slot;
    bool guided = bench->steer.corpus != NULL;
    fm_steer_begin(&bench->steer, bench->options->seed, index);
    slot->seed = bench->steer.seed;
    slot->faults = bench->steer.faults;
    slot->outcome = (struct fm_outcome){.verdict = FM_FUZZ_FINE};
    atomic_store_explicit(&slot->index, index, memory_order_relaxed);
    atomic_store_explicit(&slot->beat.choices, 0, memory_order_relaxed);
    atomic_store_explicit(&slot->beat.drained, 0, memory_order_relaxed);
    fm_world_set_seed(world, slot->seed);
    fm_world_set_faults(world, slot->faults);
    fm_world_set_watch(world, guided ? &bench->watch : NULL);
    if (guided) {
        fm_gather_begin(&bench->gather);
    }
    fm_run_begin(world, bench->oracle);
    if (guided) {
        fm_gather_event(&bench->gather);
    }
    run_choices(bench);
    if (fm_run_goes_on(world, bench->oracle)) {
        drain(world, slot);
    }
    fm_run_judge(world, bench->oracle, &slot->outcome);
    fm_world_end(world);
    if (guided) {
        note(bench);
    }
    if (bench->oracle != NULL) {
        struct fm_judge_counts judged = bench->before;
        fm_judge_counts_add(&judged, fm_oracle_totals(bench->oracle));
        slot->judged = judged;
    }
    atomic_fetch_add_explicit(&slot->choices, slot->outcome.steps, memory_order_relaxed);
    atomic_fetch_add_explicit(&slot->applied, slot->outcome.applied, memory_order_relaxed);
}

/* Runs the slot's schedule again and again, and judges what it leaves on the heap. */
static void measure(const struct bench *bench)
{
    struct fm_slot *slot = bench->slot;
    struct fm_outcome again;
    fm_world_set_watch(bench->world, NULL); /* what the judge keeps is no leak */
    fm_run_leaks(bench->world, slot->choices_made, slot->outcome.steps, &slot->beat, &again);
    if (again.verdict == FM_FUZZ_LEAK) {
        slot->outcome = again;
    }
}

/* Waits until the parent has copied the slot. */
static void tell(struct fm_shared *shared, struct fm_slot *slot, int wake)
{
    if (!fm_shared_hit(shared, &slot->outcome)) {
        return;
    }
    atomic_store(&slot->stage, FM_SLOT_TELLS);
    if (write(wake, "", 1) != 1) {
        _exit(1);
    }
    while (atomic_load(&slot->stage) == FM_SLOT_TELLS) {
        (void)usleep(200);
        if (getppid() == 1) {
            _exit(1); /* nobody is left to hear it */
        }
    }
}

_Noreturn static void end(struct fm_slot *slot)
{
    atomic_store(&slot->stage, FM_SLOT_ENDED);
    _exit(0);
}

void fm_worker_run(void *closure)
{
    const struct fm_worker *worker = closure;
    const struct fm_campaign_options *options = worker->options;
    struct fm_shared *shared = worker->shared;
    struct fm_slot *slot = worker->slot;
    struct bench bench;
    make_bench(&bench, worker);
    pid_t parent = getppid();
    while (!atomic_load_explicit(&shared->stop, memory_order_relaxed) && getppid() == parent) {
        uint64_t index = atomic_fetch_add_explicit(&shared->next, 1, memory_order_relaxed);
        if (options->schedules != 0 && index >= options->schedules) {
            break;
        }
        run_schedule(&bench, index);
        if (slot->outcome.verdict == FM_FUZZ_FINE) {
            struct fm_repeat repeat = {index, slot->outcome.hash};
            if (index % REPEAT_ONE_IN == 0 && write(worker->repeats, &repeat, sizeof repeat) < 0) {
                break;
            }
            /* What a node leaves behind is in its own process, and ends with it. */
            if (!fm_target_has_processes(options->target) &&
                index % measure_one_in == measure_one_in / 2) {
                measure(&bench);
            }
        }
        fm_slot_count(slot);
        if (slot->outcome.verdict != FM_FUZZ_FINE) {
            tell(shared, slot, worker->wake);
        }
    }
    end(slot);
}

void fm_repeater_run(void *closure)
{
    const struct fm_worker *worker = closure;
    struct fm_slot *slot = worker->slot;
    fm_run_fill_heap(0xA5);
    struct bench bench;
    make_bench(&bench, worker);
    struct fm_repeat repeat;
    for (;;) {
        atomic_store(&slot->stage, FM_SLOT_WAITS);
        if (read(worker->repeats, &repeat, sizeof repeat) != (ssize_t)sizeof repeat) {
            break; /* the workers are gone */
        }
        atomic_store(&slot->stage, FM_SLOT_RUNS);
        run_schedule(&bench, repeat.index);
        atomic_fetch_add(&slot->repeated, 1);
        if (slot->outcome.hash != repeat.hash) {
            atomic_fetch_add(&slot->unstable, 1);
            fm_run_unstable(&slot->outcome);
        }
        /* Nodes of Maelstrom may draw numbers and look at clocks: that is counted, and no finding.
         */
        if (slot->outcome.verdict == FM_FUZZ_UNSTABLE &&
            worker->options->target->workload == NULL) {
            tell(worker->shared, slot, worker->wake);
        }
    }
    end(slot);
}
