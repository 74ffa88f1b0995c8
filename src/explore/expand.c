/* Expanding states and judging their successors, in TLC's order.
 *
 * The engine generates the successors of one state in batches, in order; expand_take judges them
 * one after the other, exactly as TLC does for each successor before it generates the next (tlc.md,
 * "Counting"):
 *
 *     generated += 1
 *     inside the constraints: is the fingerprint new?
 *     new, or outside the constraints: invariants
 *     always: implied actions on the step
 *     inside and new: into the queue
 *     no successor at all: deadlock
 *
 * An engine that can takes several parents at once, and its batches hold successors of more than
 * one; the order of everything is that of parents one by one. A batch is worked on in two passes.
 * The first asks the table about every successor, the places some items ahead on their way into the
 * cache, and counts; most have been seen, and nothing else happens to them. The second judges the
 * others in order. Running ahead in the table changes no verdict; when a find ends the search in
 * the middle of a batch, the counts of what follows are taken back (take_back). A model whose
 * effects can show the difference delivers batches of one.
 *
 * Serial levels (one worker, or few states) put fingerprints straight into the table; indices and
 * parent links are final at once. In parallel levels the worker that is at the earliest part of all
 * does the same; the others claim what the table lacks under the step's order key (store/claims.h).
 * There a state may be judged by two workers, the second one under a smaller key; whoever holds the
 * least key in the end is right, and the other drops his when he settles his claim.
 * judge.c says what becomes of what is found wrong. */
#include "explore/judge.h"

#include "base/assert.h"
#include "base/file.h"

/* Between two looks at the resident memory, nanoseconds: a look costs a system call. */
#define MEMORY_INTERVAL_NS ((uint64_t)200 * 1000 * 1000)
/* Parents between two looks at the clock, at most: even a look at the clock costs as much as a
 * successor seen before. */
#define UNWATCHED_MAX 1024u
/* Places where fingerprints of a batch are looked for that repeat: of those that are left of it a
 * few share one, and are then looked up. */
#define PLACES 128u

/* --- batches --- */

/* What the first pass leaves for the second. */
struct pass {
    uint32_t count;              /* states of the batch */
    uint32_t fresh;              /* of these, new in the table or taken over */
    uint32_t todo_count;         /* items to be judged */
    uint8_t todo[FM_BATCH_MAX];  /* their numbers */
    bool admitted[FM_BATCH_MAX]; /* parallel to todo */
    bool always;                 /* every item is judged */
    bool sure;                   /* parallel: nobody can come with a smaller key */
    uint32_t parent;             /* number of the first one in the group */
    uint32_t end_count;          /* as in the batch */
    const uint32_t *ends;
    uint32_t unchanged_count; /* successors that are no items; of these judged, so to speak */
    uint32_t unchanged;
    uint64_t first_ordinal; /* of item 0, had it the parent at work */
    uint32_t good; /* of the items still to be judged whose invariants matter: known to hold */
    const struct fm_digest *prints;
    struct fm_digest gathered[FM_BATCH_MAX]; /* what prints points to if the batch has none */
    /* In a parallel level: the parent of the item last asked for a key, as a number among those of
     * the batch, and the first of its items. */
    uint32_t key_parent, key_first;
};

_Static_assert(FM_BATCH_MAX <= 256, "numbers of items are bytes");
_Static_assert(FM_BATCH_MAX <= FM_TABLE_SIFT_MAX, "a batch is sifted at once");

static void note_item(struct pass *pass, struct fm_batch *batch, uint32_t number, bool admitted)
{
    if (batch->prints != NULL) {
        batch->make(batch, number);
    }
    pass->todo[pass->todo_count] = (uint8_t)number;
    pass->admitted[pass->todo_count++] = admitted;
    pass->fresh += admitted;
}

/* Number of the items of the batch's parents up to the i-th. A failure is not counted. */
static uint32_t end_of(const struct pass *pass, uint32_t i)
{
    return pass->ends[i] < pass->count ? pass->ends[i] : pass->count;
}

/* The same of those without an item. */
static uint32_t unchanged_end_of(const struct fm_batch *batch, const struct pass *pass, uint32_t i)
{
    return pass->unchanged_count == 0 || pass->ends == &batch->count ? pass->unchanged_count
                                                                     : batch->unchanged_ends[i];
}

/* The order key of an item; asked for in order. */
static uint64_t key_at(const struct worker *worker, struct pass *pass, uint32_t number)
{
    while (number >= end_of(pass, pass->key_parent)) {
        pass->key_first = end_of(pass, pass->key_parent++);
    }
    uint64_t ordinal = number - pass->key_first;
    ordinal += pass->key_parent == 0 ? worker->ordinal : 0;
    return key_of(worker->parent_offset + pass->key_parent, ordinal);
}

/* Item `number`, which the table may lack; false when memory is refused. */
static bool admit_item(struct worker *worker, struct fm_batch *batch, struct pass *pass,
                       uint32_t number)
{
    const struct fm_digest print = pass->prints[number];
    if (!worker->search->parallel) {
        enum fm_table_result result = judge_admit_serial(worker, print);
        if (result == FM_TABLE_NEW || (result == FM_TABLE_SEEN && pass->always)) {
            note_item(pass, batch, number, result == FM_TABLE_NEW);
        }
        return result != FM_TABLE_FULL;
    }
    uint64_t key = key_at(worker, pass, number);
    worker->claims->note = worker->fresh_count;
    enum fm_table_result result = judge_admit_shared(worker, print, key, pass->sure);
    bool admitted = result == FM_TABLE_NEW || result == FM_TABLE_HELD;
    if (admitted || (result == FM_TABLE_SEEN && pass->always)) {
        note_item(pass, batch, number, admitted);
    }
    if (admitted) {
        const struct fm_item *item = &batch->items[number];
        *level_fresh(worker, worker->fresh_count++) = (struct fresh){key, item->own.low,
                                                                     item->action, false};
    }
    return result != FM_TABLE_FULL;
}

static inline uint32_t action_at(const struct fm_batch *batch, uint32_t number)
{
    return batch->prints != NULL ? batch->actions[number] : batch->items[number].action;
}

static inline bool in_model_at(const struct fm_batch *batch, uint32_t number)
{
    return batch->prints != NULL ? batch->in_model == NULL || batch->in_model[number] != 0
                                 : batch->items[number].in_model;
}

/* The fingerprints of a batch whose items stand, and their places in the table asked for. */
static void gather_prints(const struct worker *worker, const struct fm_batch *batch,
                          struct pass *pass)
{
    const struct fm_table_places places = fm_table_places(worker->search->table);
    for (uint32_t i = 0; i < pass->count; i++) {
        pass->gathered[i] = batch->items[i].fingerprint;
        if (i < JUDGE_AHEAD) {
            fm_table_prefetch(places, pass->gathered[i]);
        }
    }
    pass->prints = pass->gathered;
}

/* Every item: some are outside the constraints, or all are judged. */
static bool admit_each(struct worker *worker, struct fm_batch *batch, struct pass *pass,
                       const uint64_t *rest)
{
    const bool outside = pass->always || worker->search->model->program->invariant_count > 0;
    for (uint32_t i = 0; i < pass->count; i++) {
        if (!in_model_at(batch, i)) {
            if (outside) {
                note_item(pass, batch, i, false);
            }
        } else if ((rest[i / 64] >> (i % 64) & 1) != 0) {
            if (!admit_item(worker, batch, pass, i)) {
                return false;
            }
        } else if (pass->always) {
            note_item(pass, batch, i, false);
        }
    }
    return true;
}

static void count_actions(const struct worker *worker, const struct fm_batch *batch, uint32_t count)
{
    struct fm_action_count *const actions = worker->actions;
    if (batch->prints == NULL) {
        for (uint32_t i = 0; i < count; i++) {
            actions[batch->items[i].action].generated++;
        }
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        actions[batch->actions[i]].generated++;
    }
    for (uint32_t i = 0; i < batch->unchanged_count; i++) {
        actions[batch->unchanged_actions[i]].generated++;
    }
}

/* Takes those out of `rest` whose fingerprint an earlier one of them has: the table has it when
 * their turn comes, under a smaller key. Nearly two in three of what the look-ups leave are such
 * (two-phase commit: states have the same successors as the states beside them). What is outside of
 * the constraints is not put into the table. */
static void leave_repeated_out(const struct fm_batch *batch, const struct pass *pass,
                               uint64_t *rest)
{
    uint8_t last[PLACES] = {0}; /* by place: number of the last item there, from 1 on */
    for (uint32_t from = 0; from < pass->count; from += 64) {
        for (uint64_t bits = rest[from / 64]; bits != 0; bits &= bits - 1) {
            uint32_t number = from + (uint32_t)__builtin_ctzll(bits);
            if (!in_model_at(batch, number)) {
                continue;
            }
            const struct fm_digest print = pass->prints[number];
            uint32_t before = last[print.low & (PLACES - 1)];
            last[print.low & (PLACES - 1)] = (uint8_t)(number + 1);
            if (before != 0 && fm_digest_equal(pass->prints[before - 1], print)) {
                rest[from / 64] &= ~(bits & -bits);
            }
        }
    }
}

/* The first pass; false when memory is refused. */
static bool admit_batch(struct worker *worker, struct fm_batch *batch, struct pass *pass)
{
    const struct fm_table_places places = fm_table_places(worker->search->table);
    uint64_t rest[FM_BATCH_MAX / 64];
    worker->sink.lines = places.lines;
    worker->sink.line_mask = places.mask;
    pass->prints = batch->prints;
    if (pass->prints == NULL) {
        gather_prints(worker, batch, pass);
    }
    if (worker->search->parallel) {
        /* Under the key of the first: what is claimed above it is looked up with its own. */
        fm_table_sift_claimed(worker->search->table, pass->prints, pass->count, key_now(worker),
                              rest);
    } else {
        fm_table_sift(worker->search->table, pass->prints, pass->count, rest);
    }
    leave_repeated_out(batch, pass, rest);
    fm_table_approach(worker->search->table, pass->prints, pass->count, rest,
                      worker->search->parallel);
    count_actions(worker, batch, pass->count);
    if (batch->prints == NULL || batch->in_model != NULL || pass->always) {
        return admit_each(worker, batch, pass, rest);
    }
    for (uint32_t from = 0; from < pass->count; from += 64) {
        for (uint64_t bits = rest[from / 64]; bits != 0; bits &= bits - 1) {
            if (!admit_item(worker, batch, pass, from + (uint32_t)__builtin_ctzll(bits))) {
                return false;
            }
        }
    }
    return true;
}

/* Room, and the first pass. */
static bool admit(struct worker *worker, struct fm_batch *batch, struct pass *pass)
{
    struct search *search = worker->search;
    bool done;
    if (search->parallel) {
        room_enter(worker);
        pass->sure = cursor_is_first(worker);
        done = fm_claims_reserve(worker->claims, pass->count + 1) &&
               fm_blocks_reserve(&worker->freshes, (uint64_t)worker->fresh_count + pass->count,
                                 sizeof(struct fresh)) &&
               room_take(worker, pass->count) && admit_batch(worker, batch, pass);
        room_leave(worker);
    } else {
        done = room_reserve(search, pass->count) && admit_batch(worker, batch, pass);
    }
    if (!done) {
        refuse_memory(worker);
    }
    return done;
}

/* Serial: new states count as soon as they are admitted. */
static void count_fresh(struct worker *worker, const struct fm_batch *batch,
                        const struct pass *pass)
{
    if (worker->search->parallel || pass->fresh == 0) {
        return;
    }
    for (uint32_t i = 0; i < pass->todo_count; i++) {
        if (pass->admitted[i]) {
            worker->actions[batch->items[pass->todo[i]].action].distinct++;
        }
    }
    raise_count(&worker->fresh, pass->fresh);
}

/* The search ends before the item of this number, todo[next] is the first that was not judged: what
 * the first pass counted from there on was not done. */
static void take_back(struct worker *worker, const struct fm_batch *batch, const struct pass *pass,
                      uint32_t number, uint32_t next)
{
    uint64_t minus = 0;
    for (uint32_t i = number; i < pass->count; i++) {
        worker->actions[action_at(batch, i)].generated--;
        minus++;
    }
    for (uint32_t i = pass->unchanged; i < pass->unchanged_count; i++) {
        worker->actions[batch->unchanged_actions[i]].generated--;
        minus++;
    }
    raise_count(&worker->generated, -minus);
    if (worker->search->parallel) {
        return;
    }
    minus = 0;
    for (uint32_t i = next; i < pass->todo_count; i++) {
        if (pass->admitted[i]) {
            worker->actions[batch->items[pass->todo[i]].action].distinct--;
            minus++;
        }
    }
    fm_table_add_count(worker->search->table, -minus);
    raise_count(&worker->fresh, -minus);
}

/* --- parents of a batch --- */

static void begin_parent(struct worker *worker, uint32_t number)
{
    worker->parent_offset += number - worker->group_at;
    worker->group_at = number;
    worker->parent = worker->group[number];
    worker->parent_index = worker->search->level.first + worker->parent_offset;
    worker->parent_generated = 0;
    worker->parent_new = 0;
    worker->parent_finds = worker->finds.count;
    worker->ordinal = 0;
    worker->ended = false;
}

static void count_outdegree(struct worker *worker, uint64_t degree)
{
    worker->outdegrees[degree < FM_OUTDEGREE_BUCKETS ? degree : FM_OUTDEGREE_BUCKETS - 1]++;
}

/* The parent at work has no more successors, or nobody wants them; false when the search must not
 * go on behind it. */
static bool end_parent(struct worker *worker)
{
    struct search *search = worker->search;
    worker->ended = true;
    if (worker->parent_generated == 0 && search->options->deadlock &&
        worker->finds.count == worker->parent_finds && !atomic_load(&search->halt)) {
        judge_deadlock(worker);
    }
    if (!search->parallel) {
        count_outdegree(worker, worker->parent_new);
    }
    raise_count(&worker->expanded, 1);
    return !beyond_stop(worker, key_of(worker->parent_offset + 1, 0));
}

/* Goes on to the parent of this number; false when the search must stop before. */
static bool reach_parent(struct worker *worker, uint32_t number)
{
    while (worker->group_at < number) {
        if (!end_parent(worker)) {
            return false;
        }
        begin_parent(worker, worker->group_at + 1);
    }
    return true;
}

/* --- the second pass --- */

/* Asks for the invariants of all items that they matter for, at once. */
static uint32_t check_ahead(const struct worker *worker, const struct fm_batch *batch,
                            const struct pass *pass)
{
    const struct search *search = worker->search;
    struct fm_state *states[FM_BATCH_MAX];
    uint32_t count = 0;
    if (!worker->grouped || search->ops->check_many == NULL ||
        search->model->program->invariant_count == 0) {
        return 0;
    }
    for (uint32_t i = 0; i < pass->todo_count; i++) {
        const struct fm_item *item = &batch->items[pass->todo[i]];
        if (pass->admitted[i] || !item->in_model) {
            states[count++] = item->state;
        }
    }
    return count == 0 ? 0 : search->ops->check_many(worker->engine, states, count);
}

/* Goes beyond the successors without an item that come before item `number`, up to that one of them
 * that is the first of the next parent. */
static void pass_unchanged(const struct fm_batch *batch, struct pass *pass, uint32_t number,
                           uint32_t end)
{
    while (pass->unchanged < end && batch->unchanged_before[pass->unchanged] <= number) {
        pass->unchanged++;
    }
}

/* The items before ends[i], all of one parent, from *next of the list on; false: the search ends.
 */
static bool judge_parent(struct worker *worker, const struct fm_batch *batch, struct pass *pass,
                         uint32_t *next, uint32_t i)
{
    uint64_t generated = worker->part_generated;
    uint32_t end = end_of(pass, i);
    uint32_t unchanged_end = unchanged_end_of(batch, pass, i);
    while (*next < pass->todo_count && pass->todo[*next] < end) {
        uint32_t number = pass->todo[*next];
        const struct fm_item *item = &batch->items[number];
        bool admitted = pass->admitted[(*next)++];
        bool matters = admitted || !item->in_model;
        if (worker->search->parallel && admitted) {
            worker->judged = worker->fresh_count - pass->fresh;
            pass->fresh--;
        }
        worker->parent_new += admitted;
        worker->ordinal = pass->first_ordinal + number;
        pass_unchanged(batch, pass, number, unchanged_end);
        worker->part_generated = generated + number + 1 + pass->unchanged;
        if (!judge_item(worker, item, admitted, matters && pass->good > 0)) {
            take_back(worker, batch, pass, number + 1, *next);
            return false;
        }
        pass->good -= matters && pass->good > 0;
    }
    pass->unchanged = unchanged_end;
    worker->part_generated = generated;
    return true;
}

/* The second pass. */
static bool judge_batch(struct worker *worker, const struct fm_batch *batch, struct pass *pass)
{
    uint64_t generated = worker->part_generated;
    uint32_t next = 0;
    uint32_t number = 0;
    pass->good = check_ahead(worker, batch, pass);
    for (uint32_t i = 0; i < pass->end_count; i++) {
        uint32_t end = end_of(pass, i);
        uint64_t before = generated - pass->count - pass->unchanged_count;
        if (i > 0) {
            worker->part_generated = before + number + pass->unchanged;
            if (!reach_parent(worker, pass->parent + i)) {
                take_back(worker, batch, pass, number, next);
                return false;
            }
        }
        worker->part_generated = before;
        worker->parent_generated += end - number;
        worker->parent_generated += unchanged_end_of(batch, pass, i) - pass->unchanged;
        pass->first_ordinal = worker->ordinal - number;
        if (!judge_parent(worker, batch, pass, &next, i)) {
            return false;
        }
        worker->ordinal = pass->first_ordinal + end;
        number = end;
    }
    worker->part_generated = generated;
    return true;
}

/* The states of a batch: a failure is its last item. */
static uint32_t count_states(const struct fm_batch *batch)
{
    uint32_t count = batch->count;
    bool failed = batch->prints == NULL && count > 0 && batch->items[count - 1].state == NULL;
    return failed ? count - 1 : count;
}

static bool take_batch(struct worker *worker, struct fm_batch *batch)
{
    if (worker->grouped && !reach_parent(worker, batch->parent)) {
        return false;
    }
    count_hidden(worker);
    if (beyond_stop(worker, key_now(worker))) {
        return false;
    }
    struct pass pass;
    pass.count = count_states(batch);
    pass.fresh = pass.todo_count = 0;
    pass.key_parent = pass.key_first = 0;
    pass.always = worker->search->model->program->implied_action_count > 0;
    pass.parent = worker->group_at;
    pass.end_count = worker->grouped ? batch->end_count : 1;
    pass.ends = worker->grouped ? batch->ends : &batch->count;
    pass.unchanged_count = batch->prints == NULL ? 0 : batch->unchanged_count;
    pass.unchanged = 0;
    if (!admit(worker, batch, &pass)) {
        return false;
    }
    count_generated(worker, pass.count + pass.unchanged_count);
    count_fresh(worker, batch, &pass);
    if (!judge_batch(worker, batch, &pass)) {
        return false;
    }
    if (pass.count < batch->count) {
        return judge_failure(worker, &batch->items[pass.count]);
    }
    return !atomic_load_explicit(&worker->search->memory_refused, memory_order_relaxed);
}

bool expand_take(struct fm_sink *sink, struct fm_batch *batch)
{
    struct worker *worker = worker_of(sink);
    worker->stopped = !take_batch(worker, batch);
    return !worker->stopped;
}

/* --- parents --- */

/* The next parents of the part, decoded; false when there are none. */
static bool take_group(struct worker *worker, struct part *part)
{
    const struct fm_model_ops *ops = worker->search->ops;
    const uint8_t *bytes;
    size_t size;
    ops->reset(worker->engine);
    worker->grouped = ops->expand != NULL && worker->search->model->impurity == 0;
    uint32_t max = worker->grouped ? ops->group_max(worker->engine) : 1;
    worker->group_count = 0;
    while (worker->group_count < max && (bytes = part_next(worker->search, part, &size)) != NULL) {
        worker->group[worker->group_count++] = ops->decode(worker->engine, bytes);
    }
    return worker->group_count > 0;
}

/* false when the search must not go on behind these parents. */
static bool expand_group(struct worker *worker)
{
    const struct search *search = worker->search;
    uint32_t level = (uint32_t)search->depth;
    worker->stopped = false;
    worker->group_at = 0;
    begin_parent(worker, 0);
    if (worker->grouped) {
        search->ops->expand(worker->engine, worker->group, worker->group_count, level,
                            &worker->sink);
    } else {
        search->ops->successors(worker->engine, worker->parent, level, &worker->sink);
    }
    count_hidden(worker);
    if (!worker->stopped) {
        (void)reach_parent(worker, worker->group_count - 1);
    }
    bool going = !worker->ended && end_parent(worker);
    worker->parent_offset++;
    return going;
}

/* Looks at the resident memory now and then, and at the clock not after every parent. */
static void watch_memory(struct worker *worker)
{
    if (++worker->unwatched < worker->unwatched_max) {
        return;
    }
    worker->unwatched = 0;
    uint64_t now = fm_clock_monotonic_ns();
    if (now - worker->clock_ns < MEMORY_INTERVAL_NS / 8) {
        uint32_t more = 2 * worker->unwatched_max + 1;
        worker->unwatched_max = more < UNWATCHED_MAX ? more : UNWATCHED_MAX;
    } else {
        worker->unwatched_max /= 2;
    }
    worker->clock_ns = now;
    if (now - worker->watched_ns >= MEMORY_INTERVAL_NS) {
        worker->watched_ns = now;
        if (fm_memory_resident() > worker->search->options->memory_max) {
            refuse_memory(worker);
        }
    }
}

/* Interrupts, TLCSet("exit") and the memory limit. */
static bool must_halt(struct worker *worker)
{
    struct search *search = worker->search;
    if (search->options->interrupt != NULL &&
        atomic_load_explicit(search->options->interrupt, memory_order_relaxed)) {
        atomic_store(&search->halt, true);
    }
    if (worker->number == 0 && search->options->memory_max != 0) {
        watch_memory(worker);
    }
    return atomic_load_explicit(&search->halt, memory_order_relaxed);
}

static bool expand_part(struct worker *worker, struct part *part)
{
    const struct search *search = worker->search;
    bool going = true;
    worker->part_first = part->offset;
    worker->part_generated = 0;
    worker->parent_offset = part->offset;
    worker->passed = 0;
    if (search->parallel) {
        fm_writer_set_order(&worker->writer, part->offset);
    }
    while (going && take_group(worker, part)) {
        going = expand_group(worker) && !must_halt(worker);
    }
    if (search->parallel) {
        struct part_count count = {worker->part_first, worker->part_generated};
        fm_vec_push(&worker->parts, count);
    }
    return going;
}

/* Behind a part. Entries of claims that nobody can overturn any more become final: look-ups that
 * end at them are then done with one line of the table. */
static void settle_claims(struct worker *worker)
{
    const struct search *search = worker->search;
    /* What it takes next is not below what was handed out. Release: who sees it sees its claims. */
    atomic_store_explicit(&worker->bound, UINT64_MAX, memory_order_release);
    uint64_t horizon = cursor_horizon(search) << FM_KEY_ORDINAL_BITS;
    room_enter(worker);
    level_settle_claims(worker, horizon);
    room_leave(worker);
}

/* Whether nothing but counting becomes of a successor that equals its parent: that one is in the
 * table, so it is in the constraints and its invariants were judged. A constraint on the step could
 * still leave the successor out, and a property of the step be false of it. */
static bool counts_unchanged(const struct search *search)
{
    const struct fm_program *program = search->model->program;
    return program->implied_action_count == 0 && program->constraint_count == 0 &&
           program->action_constraint_count == 0;
}

void expand_level(void *closure, uint32_t member)
{
    struct search *search = closure;
    struct worker *worker = &search->workers[member];
    if (member != 0) {
        fm_memory_set_handler(search->options->refused, search->options->refused_closure);
    }
    bool going = level_await_processor(worker);
    if (going && worker->engine == NULL) {
        worker->engine = search->ops->open(search->model);
    }
    worker->sink.take = expand_take;
    worker->sink.lazy = true;
    worker->sink.counts_unchanged = counts_unchanged(search);
    struct part part;
    while (going && cursor_take(search, worker, &part)) {
        going = !beyond_stop(worker, part.offset << FM_KEY_ORDINAL_BITS) &&
                expand_part(worker, &part);
        cursor_give_back(search, &part);
        if (search->parallel) {
            settle_claims(worker);
        }
    }
    atomic_store_explicit(&search->cursor.over, true, memory_order_relaxed);
    worker->parent = NULL;
    worker->end_ns = fm_clock_monotonic_ns();
}
