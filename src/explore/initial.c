/* Initial states: judged one by one as TLC does, or, when there are many, by all workers.
 *
 * The leader begins alone. After SHARE_AFTER states everything is taken back, and every worker has
 * its engine make all initial states, of which it takes every other stripe (of w workers, every
 * w-th) of STRIPE states. Making a state is the smaller part of the work; looking it up, judging
 * and storing it the larger. The engines make the same states in the same order, so the number of a
 * state is its place, and merging the workers' segments by stripe (level.c) gives the queue of one
 * worker.
 *
 * That holds as long as nothing depends on which state came first: all states are different, all
 * invariants TRUE, nothing failed. At the first sign of anything else everything is taken back once
 * more, and the leader does it alone: who is first, what is reported and what has been counted then
 * has one definition. Rejected: turns, as in other levels, for states that nearly always differ;
 * dividing the initial predicate, which engines would have to do each in its way.
 *
 * Making states twice is good for nothing where that is the larger part: where they are
 * interpreted slowly. So it is decided early (SHARE_WITHIN_NS) or not at all, and not while the
 * processors are needed to make code. */
#include "explore/judge.h"

#include "base/assert.h"
#include "base/file.h"

/* States that the leader makes alone at first: in emitted code half a millisecond. */
#define SHARE_AFTER 4096u
/* What may be lost by beginning again, nanoseconds. */
#define SHARE_WITHIN_NS ((uint64_t)60 * 1000 * 1000)
/* States of a stripe: several batches. */
#define STRIPE 1024u

/* Whether all workers could do it, as far as the model goes: making states again must have no
 * effect, and what is shown or kept of them comes in order. */
static bool is_shareable(const struct search *search)
{
    const struct fm_model *model = search->model;
    return search->worker_count > 1 && !search->alone && !search->keeps_actions &&
           model->impurity == 0 && !model->has_view && !model->has_symmetry &&
           model->program->implied_init_count == 0 && !search->options->coverage &&
           model->costs == NULL;
}

/* --- a worker's stripes --- */

static bool abandon(struct search *search)
{
    atomic_store_explicit(&search->abandoned, true, memory_order_relaxed);
    return false;
}

/* Whether the invariants hold on all of these items. */
static bool are_good(const struct worker *worker, const struct fm_batch *batch, uint32_t first,
                     uint32_t count)
{
    const struct search *search = worker->search;
    const struct fm_model_ops *ops = search->ops;
    struct fm_state *states[FM_BATCH_MAX];
    uint32_t good = 0;
    if (!search->judges_invariants) {
        return true;
    }
    for (uint32_t i = 0; i < count; i++) {
        states[i] = batch->items[first + i].state;
    }
    if (ops->check_many != NULL) {
        good = ops->check_many(worker->engine, states, count);
    }
    uint32_t index;
    while (good < count && ops->check_all(worker->engine, FM_FORMULA_INVARIANT, states[good], NULL,
                                          &index) == FM_VERDICT_TRUE) {
        good++;
    }
    return good == count;
}

/* Puts the items that are in the model into the table; false when one was there, or memory is
 * refused. */
static bool admit_items(struct worker *worker, const struct fm_batch *batch, uint32_t first,
                        uint32_t count)
{
    const struct fm_table_places places = fm_table_places(worker->search->table);
    for (uint32_t i = first; i < first + count && i < first + JUDGE_AHEAD; i++) {
        fm_table_prefetch_own(places, batch->items[i].fingerprint);
    }
    for (uint32_t i = first; i < first + count; i++) {
        const struct fm_item *item = &batch->items[i];
        if (i + JUDGE_AHEAD < first + count) {
            fm_table_prefetch_own(places, batch->items[i + JUDGE_AHEAD].fingerprint);
        }
        if (!item->in_model) {
            continue;
        }
        enum fm_table_result result = judge_admit_shared(worker, item->fingerprint);
        if (result == FM_TABLE_FULL) {
            refuse_memory(worker);
            return false;
        }
        if (result != FM_TABLE_NEW) {
            return abandon(worker->search);
        }
        *level_initial(worker, worker->fresh_count++) = item->own.low;
    }
    return true;
}

static bool admit_range(struct worker *worker, const struct fm_batch *batch, uint32_t first,
                        uint32_t count)
{
    room_enter(worker);
    bool done = fm_blocks_reserve(&worker->freshes, (uint64_t)worker->fresh_count + count,
                                  sizeof(uint64_t)) &&
                room_take(worker, count);
    if (!done) {
        refuse_memory(worker);
    }
    done = done && admit_items(worker, batch, first, count);
    room_leave(worker);
    return done;
}

/* Items of one stripe of the worker's. */
static bool take_range(struct worker *worker, struct fm_batch *batch, uint32_t first,
                       uint32_t count)
{
    struct fm_action_count *sums = &worker->actions[worker->search->model->action_count];
    uint32_t before = worker->fresh_count;
    for (uint32_t i = first; i < first + count; i++) {
        if (batch->prints != NULL) {
            batch->make(batch, i);
        }
    }
    if (!are_good(worker, batch, first, count)) {
        return abandon(worker->search);
    }
    if (!admit_range(worker, batch, first, count)) {
        return false;
    }
    for (uint32_t i = first; i < first + count; i++) {
        if (batch->items[i].in_model && !judge_store(worker, &batch->items[i])) {
            return false;
        }
    }
    count_generated(worker, count);
    sums->generated += count;
    sums->distinct += worker->fresh_count - before;
    return true;
}

static bool goes_on(const struct search *search)
{
    return !atomic_load_explicit(&search->abandoned, memory_order_relaxed) &&
           !atomic_load_explicit(&search->memory_refused, memory_order_relaxed) &&
           (search->options->interrupt == NULL || !atomic_load(search->options->interrupt));
}

/* Of so many items to come, those that the leader was given alone before. */
static uint64_t count_again(const struct worker *worker, uint32_t count)
{
    uint64_t before = worker->search->initial_alone;
    uint64_t again = before > worker->ordinal ? before - worker->ordinal : 0;
    return again < count ? again : count;
}

static bool take_stripes(struct fm_sink *sink, struct fm_batch *batch)
{
    struct worker *worker = worker_of(sink);
    struct search *search = worker->search;
    bool stands = batch->prints == NULL && batch->count > 0;
    if (sink->hidden != 0 || (stands && batch->items[batch->count - 1].state == NULL)) {
        return abandon(search);
    }
    for (uint32_t i = 0; i < batch->count;) {
        uint64_t stripe = worker->ordinal / STRIPE;
        uint64_t left = (stripe + 1) * STRIPE - worker->ordinal;
        uint32_t count = batch->count - i < left ? batch->count - i : (uint32_t)left;
        bool is_mine = stripe % search->worker_count == worker->number;
        if (is_mine) {
            fm_writer_set_order(&worker->writer, stripe);
            if (!take_range(worker, batch, i, count)) {
                return false;
            }
        }
        sink->passed += is_mine ? count_again(worker, count) : count;
        worker->ordinal += count;
        i += count;
    }
    return goes_on(search);
}

static void share_initial(void *closure, uint32_t member)
{
    struct search *search = closure;
    struct worker *worker = &search->workers[member];
    if (member != 0) {
        fm_memory_set_handler(search->options->refused, search->options->refused_closure);
    }
    if (worker->engine == NULL) {
        worker->engine = search->ops->open(search->model);
    }
    worker->sink.take = take_stripes;
    worker->sink.lazy = true;
    search->ops->reset(worker->engine);
    search->ops->initial(worker->engine, &worker->sink);
    worker->end_ns = fm_clock_monotonic_ns();
}

/* --- all of them --- */

/* Takes back all that was done; the search then is as before its first state. */
static void take_all_back(struct search *search)
{
    for (uint32_t i = 0; i < search->worker_count; i++) {
        struct worker *worker = &search->workers[i];
        for (uint32_t j = 0; j < worker->writer.segments.count; j++) {
            fm_segment_release(search->queue, &worker->writer.segments.at[j]);
        }
        fm_memory_free(worker->writer.segments.at);
        fm_writer_next_level(&worker->writer);
        fm_blocks_trim(&worker->freshes, 0);
        worker->fresh_count = 0;
        worker->room = 0;
        worker->ordinal = 0;
        worker->encoded_bytes = worker->stored = 0;
        worker->actions[search->model->action_count] = (struct fm_action_count){0};
        worker->part_generated = 0;
        worker->sink.hidden = worker->hidden_seen = 0;
        atomic_store_explicit(&worker->generated, 0, memory_order_relaxed);
        atomic_store_explicit(&worker->fresh, 0, memory_order_relaxed);
    }
    fm_table_clear(search->table);
    search->next_count = 0;
    atomic_store(&search->handed_out, 0);
}

/* false when it has to be done by the leader after all; everything is as at the beginning then. */
static bool generate_shared(struct search *search)
{
    take_all_back(search);
    search->parallel = true;
    atomic_store(&search->abandoned, false);
    bool ran = fm_crew_run(search->crew, share_initial, search);
    bool same = ran;
    for (uint32_t i = 0; i < search->worker_count && same; i++) {
        same = search->workers[i].ordinal == search->workers[0].ordinal;
    }
    search->alone = !ran;
    bool stops = atomic_load(&search->memory_refused) ||
                 (search->options->interrupt != NULL && atomic_load(search->options->interrupt));
    if (stops || (same && !atomic_load(&search->abandoned))) {
        return true;
    }
    take_all_back(search);
    search->parallel = false;
    return false;
}

static bool take_first(struct fm_sink *sink, struct fm_batch *batch)
{
    struct worker *worker = worker_of(sink);
    struct search *search = worker->search;
    if (!judge_take_initial(sink, batch)) {
        return false;
    }
    if (worker->ordinal < SHARE_AFTER || worker->finds.count > 0) {
        return true;
    }
    if (fm_clock_monotonic_ns() - search->initial_ns >= SHARE_WITHIN_NS) {
        worker->sink.take = judge_take_initial;
        return true;
    }
    search->initial_alone = worker->ordinal;
    search->sharing = level_processors(search) > 1;
    return !search->sharing;
}

void initial_generate(struct search *search)
{
    struct worker *worker = &search->workers[0];
    worker->sink.take = is_shareable(search) ? take_first : judge_take_initial;
    search->initial_ns = fm_clock_monotonic_ns();
    search->ops->reset(worker->engine);
    search->ops->initial(worker->engine, &worker->sink);
    if (search->sharing && !generate_shared(search)) {
        worker->sink.take = judge_take_initial;
        worker->sink.lazy = false;
        search->ops->reset(worker->engine);
        search->ops->initial(worker->engine, &worker->sink);
    }
    for (uint32_t i = 0; i < search->worker_count; i++) {
        search->workers[i].hidden_seen = 0;
        search->workers[i].sink.hidden = 0;
    }
}
