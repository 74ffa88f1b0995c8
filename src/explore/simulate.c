/* Random behaviours: what simulation adds to the search of search.c.
 *
 * A worker takes the number of a behaviour and walks it alone: an initial state, then steps. In
 * each step all successors are generated and judged (invariants, properties of steps) as they come;
 * one of those within the constraints is taken, by a draw per successor (Vitter, "Random sampling
 * with a reservoir", ACM TOMS 11, 1985, algorithm R with a reservoir of one), so that what is taken
 * does not depend on how the engine divides successors into batches. All draws of a behaviour,
 * those of RandomElement included, come from a generator seeded by the run's seed and the
 * behaviour's number. So a behaviour is the same on any worker, on either tier, and when it is
 * asked for alone.
 *
 * What a behaviour leaves (encodings, counts, a find) stands in a record. There are a few records
 * for each worker; number n uses record n modulo their number, so nobody runs far ahead. The leader
 * settles records in the order of their numbers: it adds them up, and puts a find into words. The
 * first behaviour that fails is therefore the one with the least number, whoever was quickest; what
 * comes behind it is not counted. Rejected: counters that all workers share, which are cheaper and
 * differ from run to run.
 *
 * TLC's simulator takes an action with even chances, goes on to others by a prime stride while
 * there is no successor within the constraints, and judges the successors by that action only;
 * FM_UNIFORM_ACTIONS does so with a random order in place of the stride, which gives every possible
 * action the same chance. As in TLC a behaviour of depth N has N steps and N + 1 states, states are
 * judged before constraints are, and a state counts as often as it is generated. */
#include "explore/simulate.h"
#include "explore/estimate.h"
#include "explore/judge.h"
#include "explore/simulation.h"

#include "base/assert.h"
#include "base/file.h"
#include "base/random.h"

#include <string.h>

/* Records of each worker: enough to even out behaviours of different lengths. */
#define RECORDS_PER_WORKER 32u
/* Between two looks at the process's memory, nanoseconds. */
#define MEMORY_LOOK_NS ((uint64_t)100 * 1000 * 1000)
/* Steps between two looks at the clock for that. */
#define STEPS_PER_LOOK 256u

/* What one behaviour left. Its worker's until `done`, then the leader's. */
struct record {
    bool done;
    uint64_t number;
    struct fm_text bytes;
    FM_VEC(uint64_t) begins;
    FM_VEC(uint32_t) actions;
    FM_VEC(uint64_t) owns;
    enum fm_behaviour_end end;
    uint64_t generated;
    struct fm_action_count *counts; /* per action; distinct: within the constraints */
    struct fm_arena arena;          /* of the find */
    const struct find *find;        /* what is wrong, or NULL */
    bool refused;                   /* by the caller's judge */
};

/* The successors by one way of choosing elements, of which one is taken so far. */
struct way {
    uint64_t number;
    double weight;
    uint64_t count;
    struct fm_text taken;
    uint64_t own;
    uint32_t action;
};

/* What a worker needs to walk. */
struct walker {
    struct fm_sink sink; /* first: the engine hands it back */
    struct worker *worker;
    struct simulation *simulation;
    struct record *record; /* NULL between behaviours */
    struct fm_random random;
    uint32_t *order; /* actions, shuffled as far as they were tried */
    uint32_t steps;  /* since the last look at the clock */

    /* The successors of the state at work. */
    uint64_t generated, in_model;
    bool ended; /* nothing more is wanted of them */
    struct fm_text taken;
    uint64_t taken_own;
    uint32_t taken_action;

    /* Where choices have distributions: the ways of choosing that have a successor. */
    struct way *ways;
    uint32_t way_count, way_capacity;
};

/* Encodings of the initial states within the constraints. */
struct starts {
    struct fm_text bytes;
    FM_VEC(uint64_t) begins;
    FM_VEC(uint64_t) owns;
    /* Where choices have distributions. */
    FM_VEC(double) weights;
    FM_VEC(uint64_t) ways;
    double total;
};

struct simulation {
    struct search *search;
    const struct fm_simulate_options *options;
    struct starts starts;
    struct record *records;
    uint32_t record_count;
    struct walker *walkers;

    pthread_mutex_t lock; /* guards the rest, and `done` of records */
    pthread_cond_t changed;
    uint64_t next, settled, end; /* numbers: to be taken, to be settled, behind the last */
    bool over;                   /* nothing more is to be taken */
    _Atomic uint64_t stop_at;    /* behaviours with greater numbers are not needed */
    uint64_t looked_ns;          /* at the memory; the leader's */

    struct fm_simulation result; /* the leader's */
    uint64_t *taken;
    double length_m2;
};

uint32_t fm_simulate_slots(uint32_t workers)
{
    return workers * RECORDS_PER_WORKER;
}

static struct walker *walker_of(struct fm_sink *sink)
{
    _Static_assert(offsetof(struct walker, sink) == 0, "the sink is the walker");
    return (struct walker *)sink;
}

static struct fm_sampled behaviour_of(const struct record *record)
{
    return (struct fm_sampled){
        .number = record->number,
        .count = record->actions.count,
        .bytes = (const uint8_t *)record->bytes.at,
        .begins = record->begins.at,
        .actions = record->actions.at,
        .owns = record->owns.at,
        .end = record->end,
    };
}

/* --- taking one of the successors --- */

/* Item `number` of the batch is the one, so far. */
static void keep_item(struct walker *walker, const struct fm_batch *batch, uint32_t number)
{
    const struct fm_item *item = &batch->items[number];
    fm_text_clear(&walker->taken);
    walker->simulation->search->ops->encode(walker->worker->engine, item->state, &walker->taken);
    walker->taken_own = item->own.low;
    walker->taken_action = item->action;
}

/* Only then do batches tell of weights. */
static bool is_weighed(const struct walker *walker)
{
    return walker->simulation->search->model->program->choice_count != 0;
}

static struct way *find_way(struct walker *walker, uint64_t number)
{
    for (uint32_t i = 0; i < walker->way_count; i++) {
        if (walker->ways[i].number == number) {
            return &walker->ways[i];
        }
    }
    if (walker->way_count == walker->way_capacity) {
        uint32_t capacity = walker->way_capacity == 0 ? 8 : 2 * walker->way_capacity;
        walker->ways = fm_memory_resize(walker->ways, capacity * sizeof *walker->ways);
        memset(walker->ways + walker->way_capacity, 0,
               (capacity - walker->way_capacity) * sizeof *walker->ways);
        walker->way_capacity = capacity;
    }
    struct way *way = &walker->ways[walker->way_count++];
    way->number = number;
    way->count = 0;
    return way;
}

/* An item that has a chance, among those chosen in the same way; false when it has none. */
static bool weigh_item(struct walker *walker, const struct fm_batch *batch, uint32_t number)
{
    const struct fm_item *item = &batch->items[number];
    if (!(batch->weights[number] > 0)) {
        return false;
    }
    struct way *way = find_way(walker, batch->ways[number]);
    way->weight = batch->weights[number];
    way->count++;
    if (fm_random_below(&walker->random, way->count) == 0) {
        fm_text_clear(&way->taken);
        walker->simulation->search->ops->encode(walker->worker->engine, item->state, &way->taken);
        way->own = item->own.low;
        way->action = item->action;
    }
    return true;
}

/* One of the ways, by their chances. */
static void take_way(struct walker *walker)
{
    double total = 0;
    for (uint32_t i = 0; i < walker->way_count; i++) {
        total += walker->ways[i].weight;
    }
    double at = (double)(fm_random_next(&walker->random) >> 11) * 0x1p-53 * total;
    uint32_t i = 0;
    while (i + 1 < walker->way_count && at >= walker->ways[i].weight) {
        at -= walker->ways[i++].weight;
    }
    const struct way *way = &walker->ways[i];
    fm_text_clear(&walker->taken);
    fm_text_add(&walker->taken, way->taken.at, way->taken.length);
    walker->taken_own = way->own;
    walker->taken_action = way->action;
}

/* How many items of the batch, from the first one on, are states whose invariants hold. */
static uint32_t check_ahead(const struct walker *walker, const struct fm_batch *batch)
{
    const struct search *search = walker->simulation->search;
    struct fm_state *states[FM_BATCH_MAX];
    uint32_t count = 0;
    if (search->ops->check_many == NULL || search->model->impurity != 0 ||
        !search->judges_invariants) {
        return 0;
    }
    while (count < batch->count && batch->items[count].state != NULL) {
        states[count] = batch->items[count].state;
        count++;
    }
    return count == 0 ? 0 : search->ops->check_many(walker->worker->engine, states, count);
}

/* Counts and judges one item; false ends the behaviour. */
static bool judge(struct walker *walker, const struct fm_item *item, bool good)
{
    struct worker *worker = walker->worker;
    if (item->state == NULL) {
        walker->generated += item->failure->code == FM_CODE_4305 || item->failure->generated;
        (void)judge_failure(worker, item);
        return false;
    }
    walker->generated++;
    count_generated(worker, 1);
    walker->record->counts[item->action].generated++;
    return judge_sampled(worker, item, good);
}

static bool take_successors(struct fm_sink *sink, struct fm_batch *batch)
{
    struct walker *walker = walker_of(sink);
    uint32_t good = check_ahead(walker, batch);
    uint32_t kept = UINT32_MAX;
    for (uint32_t i = 0; i < batch->count && !walker->ended; i++) {
        const struct fm_item *item = &batch->items[i];
        walker->ended = !judge(walker, item, i < good);
        if (walker->ended || !item->in_model) {
            continue;
        }
        walker->record->counts[item->action].distinct++;
        if (is_weighed(walker)) {
            walker->in_model += weigh_item(walker, batch, i);
        } else {
            walker->in_model++;
            kept = fm_random_below(&walker->random, walker->in_model) == 0 ? i : kept;
        }
    }
    if (!walker->ended && kept != UINT32_MAX) {
        keep_item(walker, batch, kept);
    }
    return !walker->ended;
}

/* --- one step --- */

/* Every action with the same chance, until one has a successor within the constraints. */
static void try_actions(struct walker *walker, struct fm_state *state)
{
    const struct search *search = walker->simulation->search;
    uint32_t count = search->model->action_count;
    for (uint32_t i = 0; i < count && walker->in_model == 0 && !walker->ended; i++) {
        uint32_t j = i + (uint32_t)fm_random_below(&walker->random, count - i);
        uint32_t action = walker->order[j];
        walker->order[j] = walker->order[i];
        walker->order[i] = action;
        search->ops->apply(walker->worker->engine, action, state, &walker->sink);
    }
}

static void append_state(struct record *record, const char *bytes, size_t size, uint64_t own,
                         uint32_t action)
{
    fm_text_add(&record->bytes, bytes, size);
    fm_vec_push(&record->begins, record->bytes.length);
    fm_vec_push(&record->actions, action);
    fm_vec_push(&record->owns, own);
}

/* What is wrong moves from the worker to the record. */
static void keep_find(struct walker *walker)
{
    struct worker *worker = walker->worker;
    struct record *record = walker->record;
    record->find = worker->finds.at[0];
    worker->finds.count = 0;
    struct fm_arena arena = record->arena;
    record->arena = worker->arena;
    worker->arena = arena;
    fm_arena_reset(&worker->arena);
    record->end = FM_BEHAVIOUR_PROBLEM;
}

/* The last state of the behaviour has no successor to go on with. */
static void end_walk(struct walker *walker)
{
    const struct simulation *simulation = walker->simulation;
    bool is_final = walker->generated == 0;
    walker->record->end = is_final ? FM_BEHAVIOUR_FINAL : FM_BEHAVIOUR_CONSTRAINED;
    if (simulation->search->options->deadlock && !atomic_load(&simulation->search->halt) &&
        (is_final || simulation->options->as_tlc)) {
        judge_deadlock(walker->worker);
    }
}

/* false when the behaviour ends in its last state. */
static bool walk_step(struct walker *walker)
{
    const struct search *search = walker->simulation->search;
    struct record *record = walker->record;
    struct worker *worker = walker->worker;
    uint32_t last = record->actions.count - 1;
    search->ops->reset(worker->engine);
    struct fm_state *state = search->ops->decode(worker->engine, (const uint8_t *)record->bytes.at +
                                                                     record->begins.at[last]);
    search->ops->place(worker->engine, state, last + 1, record->actions.at[last]);
    const struct fm_estimates *estimates = walker->simulation->options->estimates;
    if (estimates != NULL &&
        fm_estimates_reached(estimates, search->model, worker->engine, state)) {
        record->end = FM_BEHAVIOUR_REACHED;
        return false;
    }
    worker->parent = state;
    walker->generated = walker->in_model = 0;
    walker->way_count = 0;
    walker->ended = false;
    uint64_t hidden = walker->sink.hidden;
    if (walker->simulation->options->uniform == FM_UNIFORM_ACTIONS) {
        try_actions(walker, state);
    } else {
        search->ops->successors(worker->engine, state, last + 1, &walker->sink);
    }
    hidden = walker->sink.hidden - hidden;
    count_generated(worker, hidden);
    walker->generated += hidden;
    record->generated += walker->generated;
    if (worker->finds.count == 0 && walker->in_model == 0) {
        end_walk(walker);
    }
    if (worker->finds.count > 0) {
        keep_find(walker);
    }
    worker->parent = NULL;
    if (record->end != FM_BEHAVIOUR_DEPTH) {
        return false;
    }
    if (walker->way_count > 0) {
        take_way(walker);
    }
    append_state(record, walker->taken.at, walker->taken.length, walker->taken_own,
                 walker->taken_action);
    return true;
}

/* --- one behaviour --- */

/* Interrupts, TLCSet("exit"), the memory limit, and a failure of an earlier behaviour. */
static bool must_end(struct walker *walker)
{
    struct simulation *simulation = walker->simulation;
    struct search *search = simulation->search;
    const struct fm_check_options *options = search->options;
    if (options->interrupt != NULL &&
        atomic_load_explicit(options->interrupt, memory_order_relaxed)) {
        atomic_store(&search->halt, true);
    }
    if (walker->worker->number == 0 && options->memory_max != 0 &&
        ++walker->steps >= STEPS_PER_LOOK) {
        uint64_t now_ns = fm_clock_monotonic_ns();
        walker->steps = 0;
        if (now_ns - simulation->looked_ns > MEMORY_LOOK_NS) {
            simulation->looked_ns = now_ns;
            if (fm_memory_resident() > options->memory_max) {
                refuse_memory(walker->worker);
            }
        }
    }
    return atomic_load_explicit(&search->halt, memory_order_relaxed) ||
           walker->record->number >
               atomic_load_explicit(&simulation->stop_at, memory_order_relaxed);
}

static uint64_t mix(uint64_t x)
{
    struct fm_random random;
    fm_random_seed(&random, x);
    return fm_random_next(&random);
}

/* Behaviours of different seeds must not be each other's with another number, hence the mixing. */
static void begin_behaviour(struct walker *walker)
{
    const struct simulation *simulation = walker->simulation;
    const struct search *search = simulation->search;
    struct record *record = walker->record;
    uint64_t run = mix(search->options->seed) + mix(~simulation->options->aril);
    fm_random_seed(&walker->random, mix(run) + record->number);
    search->ops->reseed(walker->worker->engine, fm_random_next(&walker->random));
    fm_text_clear(&record->bytes);
    record->begins.count = record->actions.count = record->owns.count = 0;
    fm_vec_push(&record->begins, 0);
    record->generated = 0;
    record->find = NULL;
    record->refused = false;
    memset(record->counts, 0, search->model->action_count * sizeof *record->counts);
    for (uint32_t i = 0; i < search->model->action_count; i++) {
        walker->order[i] = i;
    }
    /* What it is unless something else ends it. */
    record->end = FM_BEHAVIOUR_DEPTH;
}

/* Initial states that are chosen in the same way have the same chance. */
static uint64_t draw_start(const struct starts *starts, struct fm_random *random)
{
    if (starts->weights.count == 0) {
        return fm_random_below(random, starts->owns.count);
    }
    double at = (double)(fm_random_next(random) >> 11) * 0x1p-53 * starts->total;
    uint32_t i = 0;
    while (i + 1 < starts->weights.count && at >= starts->weights.at[i]) {
        at -= starts->weights.at[i++];
    }
    return i;
}

static bool is_reached_at_end(const struct walker *walker)
{
    const struct search *search = walker->simulation->search;
    const struct fm_estimates *estimates = walker->simulation->options->estimates;
    struct fm_engine *engine = walker->worker->engine;
    if (estimates == NULL) {
        return false;
    }
    struct fm_sampled behaviour = behaviour_of(walker->record);
    uint32_t last = behaviour.count - 1;
    search->ops->reset(engine);
    struct fm_state *state = search->ops->decode(engine, fm_behaviour_state(&behaviour, last));
    search->ops->place(engine, state, last + 1, behaviour.actions[last]);
    return fm_estimates_reached(estimates, search->model, engine, state);
}

static void walk(struct walker *walker)
{
    const struct simulation *simulation = walker->simulation;
    const struct starts *starts = &simulation->starts;
    int64_t depth_max = simulation->search->options->depth_max;
    struct record *record = walker->record;
    begin_behaviour(walker);
    uint64_t start = draw_start(starts, &walker->random);
    const uint64_t *begins = &starts->begins.at[start];
    append_state(record, starts->bytes.at + begins[0], begins[1] - begins[0],
                 starts->owns.at[start], FM_ACTION_INITIAL);
    bool going = true;
    while (going && (depth_max < 0 || record->actions.count <= (uint64_t)depth_max)) {
        if (must_end(walker)) {
            record->end = FM_BEHAVIOUR_HALTED;
            return;
        }
        going = walk_step(walker);
    }
    if (record->end == FM_BEHAVIOUR_DEPTH && is_reached_at_end(walker)) {
        record->end = FM_BEHAVIOUR_REACHED;
    }
    const struct fm_simulate_options *options = simulation->options;
    if (options->estimates != NULL && record->find == NULL) {
        struct fm_sampled behaviour = behaviour_of(record);
        fm_estimates_measure(options->estimates, simulation->search->model, walker->worker->engine,
                             (uint32_t)(record - simulation->records), &behaviour);
    }
    if (options->judge != NULL && record->find == NULL) {
        struct fm_sampled behaviour = behaviour_of(record);
        simulation->search->ops->reset(walker->worker->engine);
        record->refused = !options->judge(options->closure, walker->worker->engine,
                                          (uint32_t)(record - simulation->records), &behaviour);
        record->end = record->refused ? FM_BEHAVIOUR_PROBLEM : record->end;
    }
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
        walk(walker);
        note_stop(simulation, record);
        walker->record = NULL;
        pthread_mutex_lock(&simulation->lock);
        record->done = true;
        pthread_cond_broadcast(&simulation->changed);
    }
    pthread_mutex_unlock(&simulation->lock);
}

/* --- initial states --- */

static bool take_initial(struct fm_sink *sink, struct fm_batch *batch)
{
    struct walker *walker = walker_of(sink);
    struct simulation *simulation = walker->simulation;
    struct search *search = simulation->search;
    struct starts *starts = &simulation->starts;
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct fm_item *item = &batch->items[i];
        search->counts.initial_generated += item->state != NULL || item->failure->generated;
        if (!judge_sampled_initial(walker->worker, item, simulation->options->as_tlc)) {
            return false;
        }
        if (item->state != NULL && item->in_model) {
            search->ops->encode(walker->worker->engine, item->state, &starts->bytes);
            fm_vec_push(&starts->begins, starts->bytes.length);
            fm_vec_push(&starts->owns, item->own.low);
            if (is_weighed(walker)) {
                fm_vec_push(&starts->weights, batch->weights[i]);
                fm_vec_push(&starts->ways, batch->ways[i]);
            }
        }
    }
    return search->options->interrupt == NULL || !atomic_load(search->options->interrupt);
}

/* Divides the chance of each way by the number of states that are chosen so. */
static void weigh_starts(struct starts *starts)
{
    FM_VEC(double) shares = {NULL, 0, 0};
    for (uint32_t i = 0; i < starts->weights.count; i++) {
        uint64_t same = 0;
        for (uint32_t j = 0; j < starts->weights.count; j++) {
            same += starts->ways.at[i] == starts->ways.at[j];
        }
        fm_vec_push(&shares, starts->weights.at[i] / (double)same);
        starts->total += fm_vec_last(&shares);
    }
    if (shares.count > 0) {
        memcpy(starts->weights.at, shares.at, shares.count * sizeof *shares.at);
    }
    fm_vec_deinit(&shares);
}

static void end_with(struct search *search, enum fm_problem_kind kind)
{
    search_report(search, problem_bare(search, kind, 0));
    search->end = FM_CHECK_PROBLEM;
}

/* Makes and judges all of them; false when the run ends here. */
static bool begin_starts(struct simulation *simulation)
{
    struct search *search = simulation->search;
    struct worker *leader = &search->workers[0];
    struct walker *walker = &simulation->walkers[0];
    fm_vec_push(&simulation->starts.begins, 0);
    walker->sink.take = take_initial;
    const struct fm_check_observer *observer = &search->options->observer;
    if (observer->computing != NULL) {
        observer->computing(observer->closure);
    }
    search->ops->reset(leader->engine);
    search->ops->initial(leader->engine, &walker->sink);
    walker->sink.take = take_successors;
    weigh_starts(&simulation->starts);
    search->counts.generated = search->counts.initial_generated + walker->sink.hidden;
    search->counts.initial_distinct = simulation->starts.owns.count;
    leader->actions[search->model->action_count] = (struct fm_action_count){
        search->counts.initial_generated, search->counts.initial_distinct};
    search->counts.depth = search->counts.initial_generated > 0;
    atomic_store(&search->shown_generated, search->counts.generated);
    if (leader->finds.count > 0) {
        const struct find *find = leader->finds.at[0];
        search->end = FM_CHECK_PROBLEM;
        search_report(search, problem_make(search, find));
        return false;
    }
    if (search->options->interrupt != NULL && atomic_load(search->options->interrupt)) {
        search->end = FM_CHECK_INTERRUPTED;
        return false;
    }
    if (observer->initial != NULL) {
        observer->initial(observer->closure, &search->counts);
    }
    if (search->counts.initial_distinct == 0) {
        end_with(search, search->counts.initial_generated == 0 ? FM_PROBLEM_NO_INITIAL
                                                               : FM_PROBLEM_NO_INITIAL_IN_MODEL);
        return false;
    }
    return true;
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
        walker->sink.take = take_successors;
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
    if (begin_starts(simulation)) {
        if (search->model->action_count == 0) {
            end_with(search, FM_PROBLEM_NO_NEXT);
        } else {
            walk_all(simulation);
        }
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
