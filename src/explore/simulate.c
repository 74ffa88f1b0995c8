/* Random behaviours: what simulation adds to the search of search.c.
 *
 * A worker takes the number of a behaviour and walks it alone (simulate_walk.c). What the behaviour
 * leaves (encodings, counts, a find) stands in a record. There are a few records for each worker;
 * number n uses record n modulo their number, so nobody runs far ahead. The leader settles records
 * in the order of their numbers: it adds them up, and puts a find into words. The first behaviour
 * that fails is therefore the one with the least number, whoever was quickest; what comes behind it
 * is not counted. Rejected: counters that all workers share, which are cheaper and differ from run
 * to run. */
#include "explore/simulate.h"
#include "explore/estimate.h"
#include "explore/judge.h"
#include "explore/simulate_walk.h"
#include "explore/simulation.h"

#include "base/assert.h"

#include <string.h>

/* Records of each worker: enough to even out behaviours of different lengths. */
#define RECORDS_PER_WORKER 32u

uint32_t fm_simulate_slots(uint32_t workers)
{
    return workers * RECORDS_PER_WORKER;
}
/* --- settling, on the leader --- */

static void add_length(struct simulation *simulation, uint64_t length)
{
    /* Welford, "Note on a method for calculating corrected sums of squares", Technometrics 4, 1962.
     */
    struct fm_simulation *result = &simulation->result;
    double delta = (double)length - result->length_mean;
    result->length_mean += delta / (double)result->behaviours;
    simulation->length_m2 += delta * ((double)length - result->length_mean);
    result->length_variance = simulation->length_m2 / (double)result->behaviours;
    if (result->behaviours == 1 || length < result->length_min) {
        result->length_min = length;
    }
    if (length > result->length_max) {
        result->length_max = length;
    }
}

static void add_counts(struct simulation *simulation, const struct record *record)
{
    struct search *search = simulation->search;
    struct fm_simulation *result = &simulation->result;
    struct fm_action_count *sums = search->workers[0].actions;
    search->counts.generated += record->generated;
    for (uint32_t i = 0; i < search->model->action_count; i++) {
        sums[i].generated += record->counts[i].generated;
        sums[i].distinct += record->counts[i].distinct;
    }
    for (uint32_t i = 1; i < record->actions.count; i++) {
        simulation->taken[record->actions.at[i]]++;
    }
    result->behaviours++;
    result->steps += record->actions.count - 1;
    result->ends[record->end]++;
    add_length(simulation, record->actions.count);
    if (record->actions.count > search->counts.depth) {
        search->counts.depth = record->actions.count;
    }
    atomic_store_explicit(&search->shown_behaviours, result->behaviours, memory_order_relaxed);
    atomic_store_explicit(&search->shown_length_mean, result->length_mean, memory_order_relaxed);
    atomic_store_explicit(&search->shown_length_variance, result->length_variance,
                          memory_order_relaxed);
}

static bool goes_on(const struct search *search, enum fm_problem_kind kind)
{
    return judge_goes_on(search, kind) ||
           (search->options->keep_going && kind == FM_PROBLEM_DEADLOCK);
}

/* Whether others follow a behaviour with which something is wrong. */
static bool goes_on_behind(const struct search *search, const struct record *record)
{
    return record->find == NULL ? search->options->keep_going : goes_on(search, record->find->kind);
}

static const struct fm_problem *problem_of(struct simulation *simulation, struct record *record)
{
    struct search *search = simulation->search;
    const struct fm_simulate_options *options = simulation->options;
    struct fm_sampled behaviour = behaviour_of(record);
    if (record->find == NULL) {
        search->ops->reset(search->workers[0].engine);
        return options->problem(options->closure, search->workers[0].engine,
                                (uint32_t)(record - simulation->records), &behaviour);
    }
    struct find find = *record->find;
    find.behaviour = &behaviour;
    return problem_make(search, &find);
}

/* false when the run ends here. */
static bool settle_problem(struct simulation *simulation, struct record *record)
{
    struct search *search = simulation->search;
    if (simulation->result.failed == UINT64_MAX) {
        simulation->result.failed = record->number;
    }
    search_report(search, problem_of(simulation, record));
    if (goes_on_behind(search, record)) {
        return true;
    }
    search->end = FM_CHECK_PROBLEM;
    return false;
}

static void give_words(struct simulation *simulation, const struct fm_sampled *behaviour)
{
    struct search *search = simulation->search;
    struct fm_arena_mark mark = fm_arena_mark(&search->arena);
    const struct fm_trace *trace = trace_behaviour(search, behaviour);
    simulation->options->words(simulation->options->closure, behaviour, trace);
    fm_arena_release(&search->arena, mark);
}

static bool settle(struct simulation *simulation, struct record *record)
{
    const struct fm_simulate_options *options = simulation->options;
    struct search *search = simulation->search;
    if (record->end == FM_BEHAVIOUR_HALTED) {
        /* What it has done counts for the number of states only. */
        search->counts.generated += record->generated;
        return false;
    }
    add_counts(simulation, record);
    if (record->end == FM_BEHAVIOUR_PROBLEM) {
        return settle_problem(simulation, record);
    }
    struct fm_sampled behaviour = behaviour_of(record);
    if (options->words != NULL) {
        give_words(simulation, &behaviour);
    }
    if (options->estimates != NULL &&
        !fm_estimates_settle(options->estimates, (uint32_t)(record - simulation->records))) {
        return false;
    }
    search->ops->reset(search->workers[0].engine);
    return options->settle == NULL ||
           options->settle(options->closure, search->workers[0].engine,
                           (uint32_t)(record - simulation->records), &behaviour);
}

static struct record *record_at(const struct simulation *simulation, uint64_t number)
{
    return &simulation->records[number % simulation->record_count];
}

/* Settles what is done, in order. Called and left with the lock held. */
static void settle_ready(struct simulation *simulation)
{
    while (!simulation->over && simulation->settled < simulation->next &&
           record_at(simulation, simulation->settled)->done) {
        struct record *record = record_at(simulation, simulation->settled);
        pthread_mutex_unlock(&simulation->lock);
        bool going = settle(simulation, record);
        pthread_mutex_lock(&simulation->lock);
        record->done = false;
        simulation->settled++;
        if (!going) {
            simulation->over = true;
            atomic_store(&simulation->stop_at, record->number);
        }
        pthread_cond_broadcast(&simulation->changed);
    }
}

/* --- workers --- */

/* The next behaviour's record, or NULL when there is nothing more to do. Called and left with the
 * lock held. */
static struct record *take_record(struct simulation *simulation, bool is_leader)
{
    for (;;) {
        if (is_leader) {
            settle_ready(simulation);
        }
        bool any = !simulation->over && simulation->next < simulation->end &&
                   simulation->next <= atomic_load(&simulation->stop_at) &&
                   !atomic_load(&simulation->search->halt);
        if (any && simulation->next - simulation->settled < simulation->record_count) {
            struct record *record = record_at(simulation, simulation->next);
            record->number = simulation->next++;
            return record;
        }
        if (!any && (!is_leader || simulation->over || simulation->settled == simulation->next)) {
            return NULL;
        }
        pthread_cond_wait(&simulation->changed, &simulation->lock);
    }
}

static void note_stop(struct simulation *simulation, const struct record *record)
{
    if (record->end != FM_BEHAVIOUR_PROBLEM || goes_on_behind(simulation->search, record)) {
        return;
    }
    uint64_t now = atomic_load(&simulation->stop_at);
    while (record->number < now &&
           !atomic_compare_exchange_weak(&simulation->stop_at, &now, record->number)) {
    }
}

static void run_worker(void *closure, uint32_t member)
{
    struct simulation *simulation = closure;
    struct search *search = simulation->search;
    struct worker *worker = &search->workers[member];
    struct walker *walker = &simulation->walkers[member];
    const struct fm_simulate_options *options = simulation->options;
    if (member != 0) {
        fm_memory_set_handler(search->options->refused, search->options->refused_closure);
    }
    if (worker->engine == NULL) {
        worker->engine = search->ops->open(search->model);
    }
    pthread_mutex_lock(&simulation->lock);
    struct record *record;
    while ((record = take_record(simulation, member == 0)) != NULL) {
        pthread_mutex_unlock(&simulation->lock);
        walker->record = record;
        if (options->begin != NULL) {
            options->begin(options->closure, member, record->number);
        }
        walk_behaviour(walker);
        note_stop(simulation, record);
        walker->record = NULL;
        pthread_mutex_lock(&simulation->lock);
        record->done = true;
        pthread_cond_broadcast(&simulation->changed);
    }
    pthread_mutex_unlock(&simulation->lock);
}

/* --- the whole --- */

const struct fm_simulation *simulation_new(struct search *search)
{
    struct simulation *simulation = fm_memory_calloc(1, sizeof *simulation);
    const struct fm_simulate_options *options = search->options->simulate;
    uint32_t action_count = search->model->action_count;
    search->simulation = simulation;
    simulation->search = search;
    simulation->options = options;
    simulation->record_count = fm_simulate_slots(search->worker_count);
    simulation->records = fm_memory_calloc(simulation->record_count, sizeof(struct record));
    for (uint32_t i = 0; i < simulation->record_count; i++) {
        struct record *record = &simulation->records[i];
        record->counts = fm_memory_calloc(action_count + 1, sizeof *record->counts);
        fm_arena_init(&record->arena, "finds");
    }
    simulation->walkers = fm_memory_calloc(search->worker_count, sizeof(struct walker));
    for (uint32_t i = 0; i < search->worker_count; i++) {
        struct walker *walker = &simulation->walkers[i];
        walker->sink.take = walk_take;
        walker->worker = &search->workers[i];
        walker->simulation = simulation;
        walker->order = fm_memory_calloc(action_count + 1, sizeof *walker->order);
    }
    simulation->taken = fm_memory_calloc(action_count + 1, sizeof *simulation->taken);
    int failed = pthread_mutex_init(&simulation->lock, NULL) |
                 pthread_cond_init(&simulation->changed, NULL);
    fm_assert(failed == 0);
    atomic_store(&simulation->stop_at, UINT64_MAX);
    simulation->next = simulation->settled = options->first;
    uint64_t room = UINT64_MAX - options->first;
    simulation->end = options->first + (options->count < room ? options->count : room);
    simulation->result.failed = UINT64_MAX;
    simulation->result.uniform = options->uniform;
    simulation->result.taken = simulation->taken;
    return &simulation->result;
}

void simulation_free(struct search *search)
{
    struct simulation *simulation = search->simulation;
    if (simulation == NULL) {
        return;
    }
    for (uint32_t i = 0; i < simulation->record_count; i++) {
        struct record *record = &simulation->records[i];
        fm_text_deinit(&record->bytes);
        fm_vec_deinit(&record->begins);
        fm_vec_deinit(&record->actions);
        fm_vec_deinit(&record->owns);
        fm_memory_free(record->counts);
        fm_arena_deinit(&record->arena);
    }
    for (uint32_t i = 0; i < search->worker_count; i++) {
        fm_memory_free(simulation->walkers[i].order);
        fm_text_deinit(&simulation->walkers[i].taken);
        for (uint32_t j = 0; j < simulation->walkers[i].way_capacity; j++) {
            fm_text_deinit(&simulation->walkers[i].ways[j].taken);
        }
        fm_memory_free(simulation->walkers[i].ways);
    }
    fm_text_deinit(&simulation->starts.bytes);
    fm_vec_deinit(&simulation->starts.begins);
    fm_vec_deinit(&simulation->starts.owns);
    fm_vec_deinit(&simulation->starts.weights);
    fm_vec_deinit(&simulation->starts.ways);
    pthread_cond_destroy(&simulation->changed);
    pthread_mutex_destroy(&simulation->lock);
    fm_memory_free(simulation->records);
    fm_memory_free(simulation->walkers);
    fm_memory_free(simulation->taken);
    fm_memory_free(simulation);
}

static void walk_all(struct simulation *simulation)
{
    struct search *search = simulation->search;
    if (!fm_crew_run(search->crew, run_worker, simulation)) {
        /* No threads to be had: the leader alone. */
        run_worker(simulation, 0);
    }
    if (atomic_load(&search->memory_refused)) {
        search->end = FM_CHECK_MEMORY;
    } else if (search->end == FM_CHECK_PROBLEM) {
        return;
    } else if (atomic_load(&search->exit_requested)) {
        search->end = FM_CHECK_EXIT;
    } else if (atomic_load(&search->halt)) {
        search->end = FM_CHECK_INTERRUPTED;
    }
}

void simulation_run(struct search *search)
{
    struct simulation *simulation = search->simulation;
    atomic_store_explicit(&search->searching, true, memory_order_release);
    if (walk_begin(simulation)) {
        walk_all(simulation);
    }
    search->counts.distinct = search->counts.queue = 0;
}

/* --- what TLCGet and Trace ask --- */

static const struct walker *walker_with(const struct search *search, const struct fm_engine *engine)
{
    for (uint32_t i = 0; search->simulation != NULL && i < search->worker_count; i++) {
        const struct walker *walker = &search->simulation->walkers[i];
        /* A walker's record is its own thread's, which asks. */
        if (walker->worker->engine == engine && walker->record != NULL) {
            return walker;
        }
    }
    return NULL;
}

bool simulation_statistic(const struct search *search, const struct fm_engine *engine,
                          const char *key, uint64_t *value)
{
    const struct walker *walker = walker_with(search, engine);
    /* TLC counts the behaviours that one worker, and that all have begun: with one worker the same
     * numbers, with several those here depend on the behaviour only. */
    if (strcmp(key, "diameter") == 0 || strcmp(key, "id") == 0) {
        *value = walker == NULL ? 0 : walker->record->number + 1;
    } else if (strcmp(key, "traces") == 0) {
        *value = walker == NULL
                     ? atomic_load_explicit(&search->shown_behaviours, memory_order_relaxed)
                     : walker->record->number + 1;
    } else if (strcmp(key, "levelmean") == 0) {
        *value = (uint64_t)atomic_load_explicit(&search->shown_length_mean, memory_order_relaxed);
    } else if (strcmp(key, "levelvariance") == 0) {
        *value = (uint64_t)atomic_load_explicit(&search->shown_length_variance,
                                                memory_order_relaxed);
    } else {
        return false;
    }
    return true;
}

uint32_t simulation_actions(const struct search *search, const struct fm_engine *engine,
                            const uint32_t **actions)
{
    const struct walker *walker = walker_with(search, engine);
    *actions = walker == NULL ? NULL : walker->record->actions.at;
    return walker == NULL ? 0 : walker->record->actions.count;
}

uint32_t simulation_trace(const struct search *search, const struct fm_engine *engine,
                          struct fm_arena *arena, const uint8_t ***states)
{
    const struct walker *walker = walker_with(search, engine);
    const struct record *record = walker == NULL ? NULL : walker->record;
    uint32_t count = record == NULL ? 0 : record->actions.count;
    const uint8_t **at = fm_arena_alloc(arena, (count + 1) * sizeof *at);
    for (uint32_t i = 0; i < count; i++) {
        at[i] = (const uint8_t *)record->bytes.at + record->begins.at[i];
    }
    *states = at;
    return count;
}
