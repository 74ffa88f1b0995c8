/* The level loop, and everything around it: assumptions, initial states, stops, postconditions.
 *
 * A run is assumptions, initial states, then levels until one has no new states. Which thread does
 * what: the leader runs short levels alone; a level that promises more work than waking the helpers
 * costs is searched by all (level_is_worth_sharing). Both kinds give the same states in the same
 * order, so the choice may depend on the clock without any result depending on it.
 *
 * A search that stops inside a level still has exact counts, those of one worker: everything with
 * an order key up to that of the find. Generated: all of earlier parts, and of the find's own part
 * what came before it. Distinct: the new states with smaller keys that nobody else holds. An
 * interrupt has no key; its counts are what was done.
 *
 * Postconditions are evaluated at the end of the search, after a violation too, and then change
 * nothing of the verdict, as in TLC. */
#include "explore/level.h"
#include "explore/simulation.h"
#include "explore/variety.h"

#include "base/assert.h"
#include "base/file.h"
#include "modules/native.h"

#include <string.h>

/* States of a level that are shared whatever they cost. */
#define SHARE_STATES 256u
/* Work of a level that is worth waking the helpers for, nanoseconds: fifty times what that takes.
 */
#define SHARE_NS ((uint64_t)3 * 1000 * 1000)

/* A look at the process's own memory may take this part of the time at most. */
#define OWN_LOOK_SHARE 100u

/* Bits of a fingerprint that a table of 2^k slots keeps, beyond k: of nearly all; store/table.c
 * tells about the others. */
#define KEPT_BITS 59u

/* --- hooks --- */

static bool run_statistic(void *owner, const char *key, uint64_t *value)
{
    struct fm_check_progress progress;
    fm_checker_progress(owner, &progress);
    if (strcmp(key, "generated") == 0) {
        *value = progress.generated;
    } else if (strcmp(key, "distinct") == 0) {
        *value = progress.distinct;
    } else if (strcmp(key, "queue") == 0) {
        *value = progress.queue;
    } else if (strcmp(key, "diameter") == 0) {
        *value = progress.depth;
    } else if (strcmp(key, "initial") == 0) {
        const struct fm_checker *checker = owner;
        *value = atomic_load_explicit(&checker->search.shown_initial, memory_order_relaxed);
    } else if (strcmp(key, "duration") == 0) {
        const struct fm_checker *checker = owner;
        *value = (fm_clock_monotonic_ns() - checker->begin_ns) / 1000000000u;
    } else {
        return false;
    }
    return true;
}

static uint32_t run_trace(void *owner, struct fm_engine *engine, struct fm_arena *arena,
                          const uint8_t ***states)
{
    struct fm_checker *checker = owner;
    struct search *search = &checker->search;
    if (search->shown_path != NULL) {
        return path_shown(search, arena, states);
    }
    if (search->simulation != NULL) {
        return simulation_trace(search, engine, arena, states);
    }
    for (uint32_t i = 0; i < search->worker_count; i++) {
        const struct worker *worker = &search->workers[i];
        if (worker->engine == engine && worker->parent != NULL) {
            return path_archived(search, worker->parent_index, arena, states);
        }
    }
    *states = NULL;
    return 0;
}

static bool run_own_statistic(void *owner, const struct fm_engine *engine, const char *key,
                              uint64_t *value)
{
    const struct fm_checker *checker = owner;
    return simulation_statistic(&checker->search, engine, key, value);
}

static uint32_t run_actions(void *owner, const struct fm_engine *engine, const uint32_t **actions)
{
    const struct fm_checker *checker = owner;
    return simulation_actions(&checker->search, engine, actions);
}

static void run_request_exit(void *owner)
{
    struct fm_checker *checker = owner;
    atomic_store(&checker->search.exit_requested, true);
    atomic_store(&checker->search.halt, true);
}

static void run_print(void *owner, const char *line)
{
    const struct fm_checker *checker = owner;
    const struct fm_check_observer *observer = &checker->options.observer;
    if (observer->print != NULL && !checker->search.quiet) {
        observer->print(observer->closure, line);
    }
}

/* --- the checker --- */

struct fm_checker *fm_checker_new(const struct fm_check_options *options)
{
    fm_assert(options->workers >= 1);
    struct fm_checker *checker = fm_memory_calloc(1, sizeof *checker);
    checker->options = *options;
    checker->begin_ns = fm_clock_monotonic_ns();
    checker->run = (struct fm_run){
        .owner = checker,
        .statistic = run_statistic,
        .trace = run_trace,
        .request_exit = run_request_exit,
        .print = run_print,
        .mode = "bfs",
        .depth_max = options->depth_max,
        .deadlock = options->deadlock,
        .worker_count = options->workers,
        .seed = options->seed,
    };
    if (options->simulate != NULL) {
        const struct fm_simulate_options *simulate = options->simulate;
        checker->run.mode = "simulate";
        checker->run.own_statistic = run_own_statistic;
        checker->run.actions = run_actions;
        checker->run.behaviours_max = simulate->count;
        checker->run.aril = simulate->aril;
    }
    fm_arena_init(&checker->search.arena, "result");
    return checker;
}

struct fm_run *fm_checker_hooks(struct fm_checker *checker)
{
    return &checker->run;
}

static void free_worker(struct search *search, struct worker *worker)
{
    for (uint32_t i = 0; i < worker->writer.segments.count; i++) {
        fm_segment_release(search->queue, &worker->writer.segments.at[i]);
    }
    fm_writer_deinit(&worker->writer);
    turns_deinit(&worker->turns);
    fm_blocks_trim(&worker->freshes, 0);
    fm_vec_deinit(&worker->finds);
    fm_vec_deinit(&worker->parts);
    fm_text_deinit(&worker->buffer);
    fm_arena_deinit(&worker->arena);
    fm_memory_free(worker->actions);
    fm_memory_free(worker->outdegrees);
    variety_deinit(worker);
    if (worker->engine != NULL) {
        search->ops->close(worker->engine);
    }
}

void fm_checker_free(struct fm_checker *checker)
{
    if (checker == NULL) {
        return;
    }
    struct search *search = &checker->search;
    if (checker->ran) {
        fm_crew_free(search->crew);
        simulation_free(search);
        for (uint32_t i = 0; i < search->worker_count; i++) {
            free_worker(search, &search->workers[i]);
        }
        fm_memory_free(search->workers);
        level_release(search);
        for (uint32_t i = 0; i < search->kept.count; i++) {
            fm_segment_release(search->queue, &search->kept.at[i]);
        }
        fm_vec_deinit(&search->kept);
        fm_vec_deinit(&search->kept_levels);
        fm_vec_deinit(&search->kept_actions);
        fm_vec_deinit(&search->problems);
        fm_memory_free(search->cursor.unread);
        pthread_mutex_destroy(&search->cursor.lock);
        room_deinit(search);
        fm_table_free(search->table);
        fm_links_free(search->links);
        fm_queue_free(search->queue);
    }
    fm_arena_deinit(&search->arena);
    fm_memory_free(checker);
}

void fm_checker_progress(const struct fm_checker *checker, struct fm_check_progress *progress)
{
    const struct search *search = &checker->search;
    *progress = (struct fm_check_progress){
        .generated = atomic_load_explicit(&search->shown_generated, memory_order_relaxed),
        .distinct = atomic_load_explicit(&search->shown_distinct, memory_order_relaxed),
        .queue = atomic_load_explicit(&search->shown_queue, memory_order_relaxed),
        .depth = atomic_load_explicit(&search->shown_depth, memory_order_relaxed),
        /* Of the states that come now. */
        .kept_bits = KEPT_BITS +
                     atomic_load_explicit(&search->shown_slots_log2, memory_order_relaxed),
        .searching = atomic_load_explicit(&search->searching, memory_order_acquire),
        .simulating = checker->options.simulate != NULL,
        .behaviours = atomic_load_explicit(&search->shown_behaviours, memory_order_relaxed),
        .length_mean = atomic_load_explicit(&search->shown_length_mean, memory_order_relaxed),
        .length_variance = atomic_load_explicit(&search->shown_length_variance,
                                                memory_order_relaxed),
    };
    if (progress->searching) {
        for (uint32_t i = 0; i < search->worker_count; i++) {
            const struct worker *worker = &search->workers[i];
            uint64_t fresh = atomic_load_explicit(&worker->fresh, memory_order_relaxed);
            progress->generated += atomic_load_explicit(&worker->generated, memory_order_relaxed);
            progress->distinct += fresh;
            progress->queue += fresh;
            progress->queue -= atomic_load_explicit(&worker->expanded, memory_order_relaxed);
        }
    }
}

static bool init_search(struct search *search, struct fm_checker *checker, struct fm_model *model)
{
    search->options = &checker->options;
    search->checker = checker;
    search->model = model;
    search->ops = model->ops;
    search->worker_count = checker->options.workers;
    search->processors = fm_processor_count();
    search->crew = fm_crew_new(search->worker_count);
    struct fm_table_options table = {.exact_bits = model->exact_bits};
    if (checker->options.table_bytes != 0) {
        table.slots_log2 = fm_table_slots_log2_for(checker->options.table_bytes);
    }
    search->table = fm_table_new(&table);
    search->links = fm_links_new();
    search->queue = fm_queue_new();
    atomic_store(&search->stop_key, UINT64_MAX);
    bool locks = cursor_init(&search->cursor) && room_init(search);
    fm_assert(locks);
    search->workers = fm_memory_calloc(search->worker_count, sizeof *search->workers);
    for (uint32_t i = 0; i < search->worker_count; i++) {
        struct worker *worker = &search->workers[i];
        worker->search = search;
        worker->number = i;
        fm_writer_init(&worker->writer, search->queue, i);
        turns_init(&worker->turns);
        fm_arena_init(&worker->arena, "finds");
        fm_assert(model->action_count < (uint32_t)1 << FM_ACTION_BITS);
        worker->actions = fm_memory_calloc(model->action_count + 1, sizeof *worker->actions);
        worker->outdegrees = fm_memory_calloc(FM_OUTDEGREE_BUCKETS, sizeof *worker->outdegrees);
    }
    return search->table != NULL;
}

/* Whether a step is a function of its state and of the path to it. */
static bool is_repeatable(const struct fm_model *model)
{
    if ((model->impurity & (FM_IMPURE_RANDOM | FM_IMPURE_CLOCK | FM_IMPURE_IO)) != 0) {
        return false;
    }
    for (uint32_t i = 0; i < model->action_count; i++) {
        if ((model->action_impurity[i] & ~(uint32_t)FM_IMPURE_TRACE) != 0) {
            return false;
        }
    }
    return true;
}

/* States are kept with their actions when they cannot be computed again, when Trace or a graph asks
 * for them, and when they are printed: who prints a state wants the action that made it, which
 * links do not have. */
static bool needs_actions(const struct search *search)
{
    return !search->repeatable || (search->model->impurity & FM_IMPURE_TRACE) != 0 ||
           search->options->observer.state != NULL || search->options->keep_states;
}

/* --- problems --- */

void search_report(struct search *search, const struct fm_problem *problem)
{
    fm_vec_push(&search->problems, problem);
    const struct fm_check_observer *observer = &search->options->observer;
    if (observer->problem != NULL) {
        observer->problem(observer->closure, problem);
    }
}

/* Whether the state of the find is somebody else's in the end. */
static bool is_lost(const struct worker *worker, const struct find *find)
{
    return worker->search->parallel && find->admitted && level_fresh(worker, find->fresh)->lost;
}

/* The next find above `after` (or the first, when that is NULL) that stands. */
static const struct find *next_find(struct search *search, const struct find *after)
{
    const struct find *best = NULL;
    for (uint32_t i = 0; i < search->worker_count; i++) {
        const struct worker *worker = &search->workers[i];
        for (uint32_t j = 0; j < worker->finds.count; j++) {
            const struct find *find = worker->finds.at[j];
            bool later = after == NULL || find->key > after->key ||
                         (find->key == after->key && find->number > after->number);
            bool sooner = best == NULL || find->key < best->key;
            if (later && sooner && !is_lost(worker, find)) {
                best = find;
            }
        }
    }
    return best;
}

static void sum_generated(struct search *search)
{
    for (uint32_t i = 0; i < search->worker_count; i++) {
        struct worker *worker = &search->workers[i];
        search->counts.generated += atomic_load_explicit(&worker->generated, memory_order_relaxed);
        atomic_store_explicit(&worker->generated, 0, memory_order_relaxed);
    }
    atomic_store_explicit(&search->shown_generated, search->counts.generated, memory_order_relaxed);
}

/* Counts of one worker at the find, in a parallel level. */
static void count_at_find(struct search *search, const struct find *find)
{
    uint64_t generated = find->part_generated;
    uint64_t distinct = find->admitted ? 1 : 0;
    uint64_t stored = 0;
    for (uint32_t i = 0; i < search->worker_count; i++) {
        const struct worker *worker = &search->workers[i];
        uint32_t next = 0;
        for (uint32_t j = 0; j < worker->parts.count; j++) {
            const struct part_count *part = &worker->parts.at[j];
            generated += part->first < find->part_first ? part->generated : 0;
            for (; next < part->freshes; next++) {
                const struct fresh *fresh = level_fresh(worker, next);
                uint64_t key = (part->first + fresh->parent) << FM_KEY_ORDINAL_BITS |
                               fresh->ordinal;
                stored += !fresh->lost && key < find->key;
            }
        }
    }
    search->counts.generated += generated;
    search->counts.distinct = search->level.first + search->level.count + stored + distinct;
    search->counts.queue = search->level.count - (find->key >> FM_KEY_ORDINAL_BITS) - 1 + stored;
    search->counts.depth = search->depth + (stored + distinct > 0 ? 1 : 0);
}

/* Counts of what was done, where the order does not matter or does not exist. */
static void count_done(struct search *search)
{
    uint64_t expanded = 0;
    uint64_t fresh = 0;
    for (uint32_t i = 0; i < search->worker_count; i++) {
        expanded += atomic_load_explicit(&search->workers[i].expanded, memory_order_relaxed);
        fresh += atomic_load_explicit(&search->workers[i].fresh, memory_order_relaxed);
    }
    uint64_t stored = search->parallel ? fresh : search->next_count;
    bool initial = search->level.count == 0;
    uint64_t found = fm_table_count(search->table) + (search->parallel && initial ? fresh : 0);
    sum_generated(search);
    search->counts.distinct = found;
    search->counts.queue = search->level.count - expanded + stored;
    search->counts.depth = search->depth + (stored > 0 ? 1 : 0);
}

/* Reports what was found wrong in the level; true when the search must stop for it. */
static bool settle_finds(struct search *search)
{
    const struct find *find = NULL;
    while ((find = next_find(search, find)) != NULL) {
        if (!judge_goes_on(search, find->kind)) {
            if (search->parallel) {
                count_at_find(search, find);
            } else {
                count_done(search);
                /* An initial state that was complete counts as a level. */
                bool deeper = search->next_count > 0 || find->admitted ||
                              (search->depth == 0 &&
                               (find->successor != NULL || find->partial != NULL));
                search->counts.depth = search->depth + (deeper ? 1 : 0);
            }
            search->end = FM_CHECK_PROBLEM;
        }
        search_report(search, problem_make(search, find));
        if (!judge_goes_on(search, find->kind)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < search->worker_count; i++) {
        struct worker *worker = &search->workers[i];
        worker->finds.count = 0;
        fm_arena_reset(&worker->arena);
    }
    return false;
}

/* --- assumptions and postconditions --- */

static enum fm_verdict check_bare(struct search *search, enum fm_formula_kind list, uint32_t index)
{
    struct worker *worker = &search->workers[0];
    search->ops->reset(worker->engine);
    return search->ops->check(worker->engine, list, index, NULL, NULL);
}

static bool check_assumptions(struct search *search)
{
    for (uint32_t i = 0; i < search->model->program->assume_count; i++) {
        enum fm_verdict verdict = check_bare(search, FM_FORMULA_ASSUME, i);
        if (verdict != FM_VERDICT_TRUE) {
            search_report(search,
                          problem_bare(search,
                                       verdict == FM_VERDICT_FALSE ? FM_PROBLEM_ASSUMPTION
                                                                   : FM_PROBLEM_ASSUMPTION_FAILED,
                                       i));
            search->end = FM_CHECK_PROBLEM;
            return false;
        }
    }
    return true;
}

static void check_postconditions(struct search *search)
{
    search->model->run->has_counterexample = search->end == FM_CHECK_PROBLEM || search->found_later;
    for (uint32_t i = 0; i < search->model->program->postcondition_count; i++) {
        enum fm_verdict verdict = check_bare(search, FM_FORMULA_POSTCONDITION, i);
        if (verdict != FM_VERDICT_TRUE) {
            search_report(search, problem_bare(search,
                                               verdict == FM_VERDICT_FALSE
                                                   ? FM_PROBLEM_POSTCONDITION
                                                   : FM_PROBLEM_POSTCONDITION_FAILED,
                                               i));
            if (search->end == FM_CHECK_COMPLETE) {
                search->end = FM_CHECK_PROBLEM;
            }
            return;
        }
    }
}

/* --- levels --- */

static void look_at_own_memory(struct search *search)
{
    uint64_t begin_ns = fm_clock_monotonic_ns();
    uint64_t own = fm_memory_own();
    uint64_t end_ns = fm_clock_monotonic_ns();
    search->own_look_ns = end_ns + OWN_LOOK_SHARE * (end_ns - begin_ns);
    if (own > search->memory.own_max) {
        search->memory.own_max = own;
    }
}

static void note_memory(struct search *search)
{
    struct fm_check_memory *memory = &search->memory;
    uint64_t table = fm_table_bytes(search->table);
    uint64_t queue = fm_queue_bytes(search->queue);
    uint64_t links = fm_links_bytes(search->links);
    atomic_store_explicit(&search->shown_slots_log2, fm_table_slots_log2(search->table),
                          memory_order_relaxed);
    memory->table_growths = search->growth.count;
    memory->growth_ns = search->growth.ns;
    memory->growth_ns_max = search->growth.ns_max;
    memory->growth_bytes_max = search->growth.bytes_max;
    uint64_t noted = 0;
    for (uint32_t i = 0; i < search->worker_count; i++) {
        const struct worker *worker = &search->workers[i];
        noted += worker->turns.prints.capacity * sizeof(struct fm_digest) +
                 fm_blocks_bytes(&worker->freshes);
    }
    memory->table_bytes_max = table > memory->table_bytes_max ? table : memory->table_bytes_max;
    memory->queue_bytes_max = queue > memory->queue_bytes_max ? queue : memory->queue_bytes_max;
    memory->links_bytes_max = links > memory->links_bytes_max ? links : memory->links_bytes_max;
    memory->noted_bytes_max = noted > memory->noted_bytes_max ? noted : memory->noted_bytes_max;
    if (fm_clock_monotonic_ns() >= search->own_look_ns) {
        look_at_own_memory(search);
    }
}

static bool level_is_worth_sharing(const struct search *search)
{
    if (search->worker_count == 1 || search->alone || search->level.count < 2) {
        return false;
    }
    return search->level.count >= SHARE_STATES ||
           search->level.count * search->level_ns >= SHARE_NS;
}

/* The end of the search, when the last level ended it. */
static bool stops_after_level(struct search *search)
{
    if (atomic_load(&search->memory_refused)) {
        search->end = FM_CHECK_MEMORY;
    } else if (settle_finds(search)) {
        return true;
    } else if (atomic_load(&search->exit_requested)) {
        search->end = FM_CHECK_EXIT;
    } else if (atomic_load(&search->halt)) {
        search->end = FM_CHECK_INTERRUPTED;
    } else {
        return false;
    }
    count_done(search);
    return true;
}

static void prepare_level(struct search *search)
{
    search->parallel = level_is_worth_sharing(search);
    search->settle_all = search->parallel &&
                         (search->model->has_view || search->model->has_symmetry);
    search->next_count = 0;
    atomic_store(&search->handed_out, 0);
    for (uint32_t i = 0; i < search->worker_count; i++) {
        search->workers[i].parts.count = 0;
        search->workers[i].room = 0;
    }
    cursor_begin(search);
    turns_begin_level(search);
}

static void expand(struct search *search)
{
    uint64_t begin = fm_clock_monotonic_ns();
    if (search->parallel && !fm_crew_run(search->crew, expand_level, search)) {
        /* No threads to be had: the leader alone, from now on. */
        search->parallel = false;
        search->settle_all = false;
        search->alone = true;
    }
    if (search->parallel) {
        turns_end_level(search);
    } else {
        expand_level(search, 0);
    }
    uint64_t spent = (fm_clock_monotonic_ns() - begin) *
                     (search->parallel ? search->worker_count : 1);
    search->level_ns = spent / search->level.count;
}

/* What waits takes at least as long as the last level's states took: when the model is as fast. */
static void tell_outlook(struct search *search)
{
    uint64_t ns = search->level.count * search->level_ns / search->worker_count;
    atomic_store_explicit(&search->model->outlook_ns, ns > 0 ? ns : 1, memory_order_relaxed);
}

/* Moves on to the states just found; false when memory was refused. */
static bool advance(struct search *search)
{
    sum_generated(search);
    if (search->parallel) {
        if (!level_settle(search)) {
            return false;
        }
    } else {
        level_take_direct(search, search->level.first + search->level.count);
    }
    for (uint32_t i = 0; i < search->worker_count; i++) {
        atomic_store_explicit(&search->workers[i].fresh, 0, memory_order_relaxed);
        atomic_store_explicit(&search->workers[i].expanded, 0, memory_order_relaxed);
    }
    atomic_store_explicit(&search->shown_distinct, fm_table_count(search->table),
                          memory_order_relaxed);
    atomic_store_explicit(&search->shown_queue, search->level.count, memory_order_relaxed);
    if (search->level.count > 0) {
        search->depth++;
        atomic_store_explicit(&search->shown_depth, search->depth, memory_order_relaxed);
    }
    if (search->options->observer.state != NULL) {
        trace_show_level(search);
    }
    return true;
}

static void search_levels(struct search *search)
{
    while (search->level.count > 0) {
        if (search->options->depth_max >= 0 &&
            search->depth >= (uint64_t)search->options->depth_max) {
            search->end = FM_CHECK_DEPTH;
            break;
        }
        if (search->level_ns > 0) {
            tell_outlook(search);
        }
        prepare_level(search);
        expand(search);
        note_memory(search);
        if (stops_after_level(search)) {
            return;
        }
        if (!advance(search)) {
            search->end = FM_CHECK_MEMORY;
            break;
        }
        note_memory(search);
    }
    search->counts.distinct = fm_table_count(search->table);
    search->counts.queue = search->level.count;
    search->counts.depth = search->depth;
}

/* Generates and judges the initial states; false when the search is over. */
static bool search_initial(struct search *search)
{
    initial_generate(search);
    note_memory(search);
    for (uint32_t i = 0; i < search->worker_count; i++) {
        const struct worker *worker = &search->workers[i];
        search->counts.initial_generated += atomic_load_explicit(&worker->generated,
                                                                 memory_order_relaxed);
        search->counts.initial_distinct += worker->fresh_count;
    }
    search->counts.initial_distinct += search->next_count;
    atomic_store_explicit(&search->shown_initial, search->counts.initial_generated,
                          memory_order_relaxed);
    if (search->options->interrupt != NULL && atomic_load(search->options->interrupt)) {
        atomic_store(&search->halt, true);
    }
    bool stops = stops_after_level(search);
    if (!stops) {
        (void)advance(search);
    }
    const struct fm_check_observer *observer = &search->options->observer;
    if (!stops && observer->initial != NULL) {
        observer->initial(observer->closure, &search->counts);
    }
    return !stops;
}

static void search_behaviours(struct search *search)
{
    const struct fm_check_observer *observer = &search->options->observer;
    atomic_store_explicit(&search->searching, true, memory_order_release);
    if (observer->computing != NULL) {
        observer->computing(observer->closure);
    }
    if (!search_initial(search)) {
        return;
    }
    if (search->model->action_count == 0 && search->level.count > 0) {
        search_report(search, problem_bare(search, FM_PROBLEM_NO_NEXT, 0));
        search->end = FM_CHECK_PROBLEM;
    } else {
        search_levels(search);
        return;
    }
    search->counts.distinct = fm_table_count(search->table);
    search->counts.queue = search->level.count;
    search->counts.depth = search->depth;
}

/* --- the result --- */

static void sum_outdegrees(struct search *search)
{
    uint64_t sums[FM_OUTDEGREE_BUCKETS] = {0};
    uint64_t total = 0;
    double weighted = 0;
    for (uint32_t i = 0; i < search->worker_count; i++) {
        for (uint32_t j = 0; j < FM_OUTDEGREE_BUCKETS; j++) {
            sums[j] += search->workers[i].outdegrees[j];
            total += search->workers[i].outdegrees[j];
            weighted += (double)j * (double)search->workers[i].outdegrees[j];
        }
    }
    search->counts.expanded = total;
    if (total == 0) {
        return;
    }
    search->counts.outdegree_mean = weighted / (double)total;
    search->counts.outdegree_min = UINT64_MAX;
    search->counts.outdegree_p95 = UINT64_MAX;
    uint64_t below = 0;
    for (uint32_t j = 0; j < FM_OUTDEGREE_BUCKETS; j++) {
        below += sums[j];
        if (sums[j] > 0) {
            search->counts.outdegree_max = j;
            if (search->counts.outdegree_min == UINT64_MAX) {
                search->counts.outdegree_min = j;
            }
        }
        if (search->counts.outdegree_p95 == UINT64_MAX && below * 100 >= total * 95) {
            search->counts.outdegree_p95 = j;
        }
    }
}

static void sum_actions(struct search *search, struct fm_check_result *result)
{
    uint32_t count = search->model->action_count + 1;
    struct fm_action_count *sums = fm_arena_calloc(&search->arena, count, sizeof *sums);
    double encoded = 0;
    double stored = 0;
    for (uint32_t i = 0; i < search->worker_count; i++) {
        for (uint32_t j = 0; j < count; j++) {
            sums[j].generated += search->workers[i].actions[j].generated;
            sums[j].distinct += search->workers[i].actions[j].distinct;
        }
        encoded += (double)search->workers[i].encoded_bytes;
        stored += (double)search->workers[i].stored;
    }
    /* Parallel workers encoded some states that others had. */
    if (stored > 0) {
        search->memory.encoded_bytes =
            (uint64_t)(encoded / stored * (double)search->counts.distinct + 0.5);
    }
    result->actions = sums;
    result->action_table = search->model->actions;
    result->action_count = search->model->action_count;
    result->initial = sums[count - 1];
}

/* Evaluations of all engines per node, or NULL. */
static uint64_t *sum_coverage(struct search *search)
{
    if (!search->options->coverage) {
        return NULL;
    }
    uint32_t count = search->model->program->node_count;
    uint64_t *sums = fm_arena_calloc(&search->arena, count, sizeof *sums);
    for (uint32_t i = 0; i < search->worker_count; i++) {
        const struct worker *worker = &search->workers[i];
        const uint64_t *counts = worker->engine == NULL ? NULL
                                                        : search->ops->coverage(worker->engine);
        for (uint32_t j = 0; counts != NULL && j < count; j++) {
            sums[j] += counts[j];
        }
    }
    for (uint32_t j = 0; search->evaluated_later != NULL && j < count; j++) {
        sums[j] -= search->evaluated_later[j];
    }
    return sums;
}

/* The same of costs. */
static const struct fm_tally_count *sum_costs(struct search *search)
{
    const struct fm_tallies *costs = search->model->costs;
    if (costs == NULL) {
        return NULL;
    }
    struct fm_tally_count *sums = fm_arena_calloc(&search->arena, costs->count, sizeof *sums);
    for (uint32_t i = 0; i < search->worker_count; i++) {
        const struct worker *worker = &search->workers[i];
        const struct fm_tally_count *counts = worker->engine == NULL
                                                  ? NULL
                                                  : search->ops->costs(worker->engine);
        for (uint32_t j = 0; counts != NULL && j < costs->count; j++) {
            sums[j].count += counts[j].count;
            sums[j].extra += counts[j].extra;
        }
    }
    return sums;
}

static void survey_table(const struct search *search, struct fm_check_result *result)
{
    if (search->table == NULL) {
        return;
    }
    struct fm_table_survey survey = fm_table_survey(search->table);
    uint32_t log2 = fm_table_slots_log2(search->table);
    result->table = (struct fm_check_table){
        .slots_log2 = log2,
        .kept_bits = KEPT_BITS + log2,
        .entries = survey.entries,
        .home = survey.home,
        .lines_mean = survey.lines_mean,
        .lines_max = survey.lines_max,
        .exact_bits = search->model->exact_bits,
    };
    /* Probability that two states were taken for one, at most. */
    result->collision = survey.losses < 1 ? survey.losses : 1;
}

static void sum_waits(struct search *search)
{
    for (uint32_t i = 0; i < search->worker_count; i++) {
        const struct worker *worker = &search->workers[i];
        search->contention.part_waits += worker->part_waits;
        search->contention.ahead += worker->turns.ahead;
        search->contention.dropped += worker->turns.dropped;
        search->contention.turn_waits += worker->turns.waits;
    }
}

static void fill_result(struct search *search, struct fm_check_result *result)
{
    look_at_own_memory(search);
    search->memory.resident_max = fm_memory_resident_max();
    if (search->memory.resident_max < search->memory.resident_begin) {
        /* The system counts pages in batches: the peak can lag behind what was read before. */
        search->memory.resident_max = search->memory.resident_begin;
    }
    sum_outdegrees(search);
    sum_actions(search, result);
    result->evaluations = sum_coverage(search);
    result->cost_trees = search->model->costs;
    result->variety = search->model->costs != NULL ? variety_count(search) : NULL;
    result->cost_counts = search->cost_counts != NULL ? search->cost_counts : sum_costs(search);
    result->end = search->end;
    result->problems = search->problems.at;
    result->problem_count = search->problems.count;
    result->counts = search->counts;
    result->memory = search->memory;
    sum_waits(search);
    survey_table(search, result);
    result->contention = search->contention;
    result->impurity = search->model->impurity;
    result->ordered = (search->model->impurity & ~(uint32_t)FM_IMPURE_TRACE) == 0;
    result->workers = search->options->workers;
}

/* What the caller does with all states; evaluations for it are not the search's. */
static void look_again(struct search *search)
{
    const struct fm_check_options *options = search->options;
    if (options->then == NULL ||
        (search->end != FM_CHECK_COMPLETE && search->end != FM_CHECK_DEPTH)) {
        return;
    }
    uint64_t *before = sum_coverage(search);
    search->cost_counts = sum_costs(search);
    search->quiet = true;
    search->end = options->then(options->then_closure, search->checker, search->end);
    search->quiet = false;
    search->evaluated_later = sum_coverage(search);
    for (uint32_t i = 0; before != NULL && i < search->model->program->node_count; i++) {
        search->evaluated_later[i] -= before[i];
    }
}

const struct fm_check_result *fm_check_run(struct fm_checker *checker, struct fm_model *model)
{
    struct search *search = &checker->search;
    struct fm_check_result *result = &checker->result;
    fm_assert(!checker->ran);
    checker->ran = true;
    search->memory.resident_begin = fm_memory_resident();
    search->end = FM_CHECK_COMPLETE;
    bool ready = init_search(search, checker, model);
    search->workers[0].engine = search->ops->open(model);
    search->repeatable = is_repeatable(model);
    search->keeps_actions = needs_actions(search);
    search->judges_invariants = model->program->invariant_count > 0 &&
                                !checker->options.invariants_known;
    search->archive = search->keeps_actions || checker->options.keep_encodings;
    result->has_behaviour = model->program->init_count > 0;
    result->simulation = search->options->simulate == NULL ? NULL : simulation_new(search);
    if (!ready) {
        search->end = FM_CHECK_MEMORY;
    } else if (check_assumptions(search)) {
        if (result->has_behaviour && search->options->simulate != NULL) {
            simulation_run(search);
        } else if (result->has_behaviour) {
            search_behaviours(search);
            look_again(search);
        }
        if (search->end != FM_CHECK_INTERRUPTED && search->end != FM_CHECK_MEMORY) {
            check_postconditions(search);
        }
    }
    fill_result(search, result);
    return result;
}
