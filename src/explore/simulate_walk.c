/* Walking one random behaviour: an initial state, then steps.
 *
 * In each step all successors are generated and judged (invariants, properties of steps) as they
 * come; one of those within the constraints is taken, by a draw per successor (Vitter, "Random
 * sampling with a reservoir", ACM TOMS 11, 1985, algorithm R with a reservoir of one), so that what
 * is taken does not depend on how the engine divides successors into batches. All draws of a
 * behaviour, those of RandomElement included, come from a generator seeded by the run's seed and
 * the behaviour's number. So a behaviour is the same on any worker, on either tier, and when it is
 * asked for alone.
 *
 * TLC's simulator takes an action with even chances, goes on to others by a prime stride while
 * there is no successor within the constraints, and judges the successors by that action only;
 * FM_UNIFORM_ACTIONS does so with a random order in place of the stride, which gives every possible
 * action the same chance. As in TLC a behaviour of depth N has N steps and N + 1 states, states are
 * judged before constraints are, and a state counts as often as it is generated.
 *
 * Initial states are made once, by the leader, and kept as encodings. */
#include "explore/simulate_walk.h"
#include "explore/judge.h"

#include "base/file.h"

#include <string.h>

/* Between two looks at the process's memory, nanoseconds. */
#define MEMORY_LOOK_NS ((uint64_t)100 * 1000 * 1000)
/* Steps between two looks at the clock for that. */
#define STEPS_PER_LOOK 256u

static struct walker *walker_of(struct fm_sink *sink)
{
    _Static_assert(offsetof(struct walker, sink) == 0, "the sink is the walker");
    return (struct walker *)sink;
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

bool walk_take(struct fm_sink *sink, struct fm_batch *batch)
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

void walk_behaviour(struct walker *walker)
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
bool walk_begin(struct simulation *simulation)
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
    walker->sink.take = walk_take;
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
    if (search->model->action_count == 0) {
        end_with(search, FM_PROBLEM_NO_NEXT);
        return false;
    }
    return true;
}
