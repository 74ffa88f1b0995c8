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
 * The first asks the table about every successor, whose places are on their way into the cache, and
 * counts; most have been seen, and nothing else happens to them. The second judges the others in
 * order. Running ahead in the table changes no verdict; when a find ends the search in the middle
 * of a batch, the counts of what follows are taken back (take_back). A model whose effects can show
 * the difference delivers batches of one.
 *
 * Of most batches is known in advance that nothing will be found in them: invariants hold on all
 * that is new, every parent has a successor, nothing else is judged. Such a plain batch is stored
 * whole, without its items being made; what has been counted and stored after it is what judging it
 * item by item would have left.
 *
 * Serial levels (one worker, or few states) put fingerprints straight into the table, which other
 * threads leave alone meanwhile; indices and
 * parent links are final at once. In parallel levels the worker whose part has the turn does the
 * same, but for indices; the others keep what the table lacks waiting (turns.c). There a state may
 * be judged by two workers; the one in the earlier part is right, and the other drops his when his
 * turn comes.
 * judge.c says what becomes of what is found wrong. */
#include "explore/judge.h"

#include "base/assert.h"
#include "base/file.h"

#include <string.h>

/* Between two looks at the resident memory, nanoseconds: a look costs a system call. */
#define MEMORY_INTERVAL_NS ((uint64_t)200 * 1000 * 1000)
/* Parents between two looks at the clock, at most: even a look at the clock costs as much as a
 * successor seen before. */
#define UNWATCHED_MAX 1024u

/* --- batches --- */

/* What the first pass leaves for the second. Sets of items are sets of bits as of the table. */
struct pass {
    uint32_t count; /* states of the batch */
    const struct fm_digest *prints;
    const uint8_t *in_model;             /* NULL: all are */
    uint64_t fresh[FM_TABLE_MANY_WORDS]; /* new in the table, or kept waiting */
    uint32_t fresh_count;                /* of these still to be judged */
    bool always;                         /* every item is judged */
    uint32_t parent;                     /* number of the first one in the group */
    uint32_t end_count;                  /* as in the batch */
    const uint32_t *ends;
    uint32_t unchanged_count; /* successors that are no items; of these judged, so to speak */
    uint32_t unchanged;
    uint64_t first_ordinal; /* of item 0, had it the parent at work */
    uint32_t good; /* of the items still to be judged whose invariants matter: known to hold */
    /* What prints and in_model point to if the batch has none. */
    struct fm_digest gathered[FM_BATCH_MAX];
    uint8_t gathered_in_model[FM_BATCH_MAX];
};

_Static_assert(FM_BATCH_MAX <= 256, "numbers of items are bytes");
_Static_assert(FM_BATCH_MAX <= FM_TABLE_MANY_MAX, "a batch is looked up at once");

static inline bool is_in(const uint64_t *set, uint32_t number)
{
    return (set[number / 64] >> (number % 64) & 1) != 0;
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

static inline uint32_t action_at(const struct fm_batch *batch, uint32_t number)
{
    return batch->prints != NULL ? batch->actions[number] : batch->items[number].action;
}

static inline bool in_model_at(const struct pass *pass, uint32_t number)
{
    return pass->in_model == NULL || pass->in_model[number] != 0;
}

/* Where the table is now, for the engine's requests to come; the fingerprints of a batch whose
 * items stand, their places asked for. In a parallel level only with the turn or between room_enter
 * and room_leave. */
static void begin_look(struct worker *worker, const struct fm_batch *batch, struct pass *pass)
{
    const struct fm_table_places places = fm_table_places(worker->search->table);
    worker->sink.lines = places.lines;
    worker->sink.line_mask = places.mask;
    if (batch->prints != NULL) {
        return;
    }
    for (uint32_t i = 0; i < pass->count; i++) {
        pass->gathered[i] = batch->items[i].fingerprint;
        pass->gathered_in_model[i] = batch->items[i].in_model;
        if (i < JUDGE_AHEAD) {
            fm_table_prefetch(places, pass->gathered[i]);
        }
    }
    pass->prints = pass->gathered;
    pass->in_model = pass->gathered_in_model;
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

/* --- the first pass --- */

/* Puts the batch into the table; false when memory is refused. */
static bool insert_batch(struct worker *worker, const struct fm_batch *batch, struct pass *pass)
{
    begin_look(worker, batch, pass);
    struct fm_table_many many = {
        .digests = pass->prints, .wanted = pass->in_model, .count = pass->count};
    bool done = room_insert(worker, &many);
    memcpy(pass->fresh, many.fresh, sizeof pass->fresh);
    return done;
}

/* In a serial level. New states count as soon as they are admitted. */
static bool admit_serial(struct worker *worker, const struct fm_batch *batch, struct pass *pass)
{
    bool done = insert_batch(worker, batch, pass);
    for (uint32_t from = 0; from < pass->count; from += 64) {
        for (uint64_t bits = pass->fresh[from / 64]; bits != 0; bits &= bits - 1) {
            uint32_t number = from + (uint32_t)__builtin_ctzll(bits);
            worker->actions[action_at(batch, number)].distinct++;
            pass->fresh_count++;
        }
    }
    return done;
}

/* Parallel, ahead of the turn: keeps waiting what the table does not have. */
static void keep_waiting(struct worker *worker, const struct fm_batch *batch, struct pass *pass)
{
    room_enter(worker);
    begin_look(worker, batch, pass);
    fm_table_sift(worker->search->table, pass->prints, pass->in_model, pass->count, pass->fresh);
    room_leave(worker);
    turns_keep(worker, pass->prints, pass->fresh);
}

/* What is noted of those that are new or wait. */
static void note_freshes(struct worker *worker, const struct fm_batch *batch, struct pass *pass)
{
    const uint64_t offset = worker->parent_offset - worker->part_first;
    uint32_t parent = 0; /* of the item, among those of the batch */
    uint32_t end = end_of(pass, 0);
    uint64_t ordinal = worker->ordinal; /* of item 0, had it this parent */
    uint32_t count = worker->fresh_count;
    for (uint32_t from = 0; from < pass->count; from += 64) {
        for (uint64_t bits = pass->fresh[from / 64]; bits != 0; bits &= bits - 1) {
            uint32_t number = from + (uint32_t)__builtin_ctzll(bits);
            while (number >= end) {
                ordinal = 0 - (uint64_t)end;
                end = end_of(pass, ++parent);
            }
            uint64_t own = batch->prints != NULL ? batch->owns[number].low
                                                 : batch->items[number].own.low;
            *level_fresh(worker, count++) = (struct fresh){
                .own = own,
                .ordinal = key_of(0, ordinal + number) & FM_KEY_ORDINAL_MAX,
                .parent = (offset + parent) & ((1u << FM_PART_BITS) - 1),
                .action = action_at(batch, number) & ((1u << FM_ACTION_BITS) - 1),
            };
        }
    }
    pass->fresh_count = count - worker->fresh_count;
    worker->fresh_count = count;
}

/* false when memory is refused. */
static bool admit_parallel(struct worker *worker, const struct fm_batch *batch, struct pass *pass)
{
    bool done = fm_blocks_reserve(&worker->freshes, (uint64_t)worker->fresh_count + pass->count,
                                  sizeof(struct fresh));
    if (done && turns_has_come(worker)) {
        done = insert_batch(worker, batch, pass);
    } else if (done) {
        keep_waiting(worker, batch, pass);
    }
    note_freshes(worker, batch, pass);
    return done;
}

static bool admit(struct worker *worker, const struct fm_batch *batch, struct pass *pass)
{
    bool done = worker->search->parallel ? admit_parallel(worker, batch, pass)
                                         : admit_serial(worker, batch, pass);
    if (!done) {
        refuse_memory(worker);
        return false;
    }
    count_actions(worker, batch, pass->count);
    return true;
}

/* The search ends before the item of this number: what the first pass counted from there on was not
 * done. */
static void take_back(struct worker *worker, const struct fm_batch *batch, const struct pass *pass,
                      uint32_t number)
{
    uint64_t minus = pass->count - number;
    uint64_t fresh_minus = 0;
    for (uint32_t i = number; i < pass->count; i++) {
        struct fm_action_count *count = &worker->actions[action_at(batch, i)];
        bool counted = !worker->search->parallel && is_in(pass->fresh, i);
        count->generated--;
        count->distinct -= counted;
        fresh_minus += counted;
    }
    for (uint32_t i = pass->unchanged; i < pass->unchanged_count; i++) {
        worker->actions[batch->unchanged_actions[i]].generated--;
        minus++;
    }
    raise_count(&worker->generated, -minus);
    if (!worker->search->parallel) {
        fm_table_add_count(worker->search->table, -fresh_minus);
        raise_count(&worker->fresh, -fresh_minus);
    }
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

/* Whether an item is judged: it is new, or outside the constraints, or all are. */
static inline bool is_judged(const struct pass *pass, uint32_t number, bool outside)
{
    return is_in(pass->fresh, number) || pass->always || (outside && !in_model_at(pass, number));
}

/* The items to be judged, made; their count. */
static uint32_t make_items(const struct worker *worker, struct fm_batch *batch,
                           const struct pass *pass, uint8_t *todo)
{
    const bool outside = worker->search->judges_invariants;
    uint32_t count = 0;
    for (uint32_t i = 0; i < pass->count; i++) {
        if (is_judged(pass, i, outside)) {
            todo[count++] = (uint8_t)i;
            if (batch->prints != NULL) {
                batch->make(batch, i);
            }
        }
    }
    return count;
}

/* Asks for the invariants of all items that they matter for, at once. */
static uint32_t check_ahead(const struct worker *worker, const struct fm_batch *batch,
                            const struct pass *pass, const uint8_t *todo, uint32_t todo_count)
{
    const struct search *search = worker->search;
    struct fm_state *states[FM_BATCH_MAX];
    uint32_t count = 0;
    if (!worker->grouped || search->ops->check_many == NULL || !search->judges_invariants) {
        return 0;
    }
    for (uint32_t i = 0; i < todo_count; i++) {
        const struct fm_item *item = &batch->items[todo[i]];
        if (is_in(pass->fresh, todo[i]) || !item->in_model) {
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

/* Item `number` of the parent at work; false: the search ends. */
static bool judge_one(struct worker *worker, const struct fm_batch *batch, struct pass *pass,
                      uint32_t number)
{
    const struct fm_item *item = &batch->items[number];
    bool admitted = is_in(pass->fresh, number);
    bool matters = admitted || !item->in_model;
    bool good = matters && pass->good > 0;
    if (worker->search->parallel && admitted) {
        worker->judged = worker->fresh_count - pass->fresh_count;
        pass->fresh_count--;
    }
    worker->parent_new += admitted;
    worker->ordinal = pass->first_ordinal + number;
    pass->good -= good;
    return judge_item(worker, item, admitted, good);
}

/* The items before ends[i], all of one parent, from *next of the list on; false: the search ends.
 */
static bool judge_parent(struct worker *worker, const struct fm_batch *batch, struct pass *pass,
                         const uint8_t **next, uint32_t i)
{
    uint64_t generated = worker->part_generated;
    uint32_t end = end_of(pass, i);
    uint32_t unchanged_end = unchanged_end_of(batch, pass, i);
    for (; **next < end; ++*next) {
        uint32_t number = **next;
        pass_unchanged(batch, pass, number, unchanged_end);
        worker->part_generated = generated + number + 1 + pass->unchanged;
        if (!judge_one(worker, batch, pass, number)) {
            take_back(worker, batch, pass, number + 1);
            return false;
        }
    }
    pass->unchanged = unchanged_end;
    worker->part_generated = generated;
    return true;
}

/* The second pass, item by item. */
static bool judge_batch(struct worker *worker, struct fm_batch *batch, struct pass *pass)
{
    uint8_t todo[FM_BATCH_MAX + 1];
    uint64_t generated = worker->part_generated;
    uint32_t number = 0;
    uint32_t todo_count = make_items(worker, batch, pass, todo);
    todo[todo_count] = UINT8_MAX; /* beyond all */
    const uint8_t *next = todo;
    pass->good = check_ahead(worker, batch, pass, todo, todo_count);
    for (uint32_t i = 0; i < pass->end_count; i++) {
        uint32_t end = end_of(pass, i);
        uint64_t before = generated - pass->count - pass->unchanged_count;
        if (i > 0) {
            worker->part_generated = before + number + pass->unchanged;
            if (!reach_parent(worker, pass->parent + i)) {
                take_back(worker, batch, pass, number);
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

/* --- the second pass of a plain batch --- */

/* The items that are new, by number. */
static void list_fresh(const struct pass *pass, uint8_t *numbers)
{
    uint32_t count = 0;
    for (uint32_t from = 0; from < pass->count; from += 64) {
        for (uint64_t bits = pass->fresh[from / 64]; bits != 0; bits &= bits - 1) {
            numbers[count++] = (uint8_t)(from + (uint32_t)__builtin_ctzll(bits));
        }
    }
}

/* Whether a parent that ends in the batch has no successor. */
static bool has_deadlock(const struct worker *worker, const struct fm_batch *batch,
                         const struct pass *pass)
{
    uint64_t generated = worker->parent_generated;
    uint32_t number = 0, unchanged = 0;
    bool has = false;
    for (uint32_t i = 0; i + 1 < pass->end_count; i++) {
        uint32_t unchanged_end = unchanged_end_of(batch, pass, i);
        generated += pass->ends[i] - number + unchanged_end - unchanged;
        has |= generated == 0;
        generated = 0;
        number = pass->ends[i];
        unchanged = unchanged_end;
    }
    return has && worker->search->options->deadlock;
}

/* Whether nothing becomes of the batch but new states, whose invariants hold: nothing can be found
 * in it then, and it need not be looked at item by item. */
static bool is_plain(const struct worker *worker, struct fm_batch *batch, const struct pass *pass,
                     const uint8_t *numbers)
{
    const struct search *search = worker->search;
    return batch->prints != NULL && batch->encoded_size != 0 && worker->grouped &&
           pass->in_model == NULL && !pass->always && !search->keeps_actions &&
           !has_deadlock(worker, batch, pass) &&
           (!search->judges_invariants ||
            search->ops->check_some(worker->engine, batch, numbers, pass->fresh_count) ==
                pass->fresh_count);
}

/* Into the queue; false when memory is refused. */
static bool store_plain(struct worker *worker, const struct fm_batch *batch, const uint8_t *numbers,
                        uint32_t count)
{
    for (uint32_t i = 0; i < count;) {
        uint32_t more = count - i;
        uint8_t *to = fm_writer_extend(&worker->writer, batch->encoded_size, &more);
        if (to == NULL) {
            return false;
        }
        worker->search->ops->encode_some(worker->engine, batch, numbers + i, more, to);
        i += more;
    }
    worker->encoded_bytes += (uint64_t)count * batch->encoded_size;
    worker->stored += count;
    return true;
}

/* The parents of new states, and their links where indices are final; false when memory is
 * refused. Goes on to the last parent of the batch. */
static bool pass_parents(struct worker *worker, const struct fm_batch *batch,
                         const struct pass *pass, const uint8_t *numbers)
{
    struct search *search = worker->search;
    struct fm_link links[FM_BATCH_MAX];
    uint32_t last = pass->end_count - 1;
    uint32_t at = 0;
    uint64_t parent_new = worker->parent_new;
    for (uint32_t i = 0; i <= last; i++) {
        uint64_t parent = worker->parent_index + i;
        for (; at < pass->fresh_count && numbers[at] < pass->ends[i]; at++) {
            links[at] = (struct fm_link){parent, batch->owns[numbers[at]].low};
            parent_new++;
        }
        if (i < last && !search->parallel) {
            count_outdegree(worker, parent_new);
            parent_new = 0;
        }
    }
    uint32_t before = 0, unchanged_before = 0;
    if (last > 0) {
        begin_parent(worker, pass->parent + last);
        raise_count(&worker->expanded, last);
        before = pass->ends[last - 1];
        unchanged_before = unchanged_end_of(batch, pass, last - 1);
    }
    worker->parent_new = parent_new;
    worker->parent_generated += pass->count - before + pass->unchanged_count - unchanged_before;
    worker->ordinal += pass->count - before;
    if (search->parallel) {
        return true;
    }
    uint64_t index = search->level.first + search->level.count + search->next_count;
    if (!fm_links_reserve(search->links, index + pass->fresh_count)) {
        return false;
    }
    fm_links_set_many(search->links, index, links, pass->fresh_count);
    search->next_count += pass->fresh_count;
    return true;
}

/* The states of a batch: a failure is its last item. */
static uint32_t count_states(const struct fm_batch *batch)
{
    uint32_t count = batch->count;
    bool failed = batch->prints == NULL && count > 0 && batch->items[count - 1].state == NULL;
    return failed ? count - 1 : count;
}

static void begin_pass(const struct worker *worker, const struct fm_batch *batch, struct pass *pass)
{
    pass->count = count_states(batch);
    pass->prints = batch->prints;
    pass->in_model = batch->in_model;
    memset(pass->fresh, 0, sizeof pass->fresh);
    pass->fresh_count = 0;
    pass->always = worker->search->model->program->implied_action_count > 0;
    pass->parent = worker->group_at;
    pass->end_count = worker->grouped ? batch->end_count : 1;
    pass->ends = worker->grouped ? batch->ends : &batch->count;
    pass->unchanged_count = batch->prints == NULL ? 0 : batch->unchanged_count;
    pass->unchanged = 0;
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
    begin_pass(worker, batch, &pass);
    if (!admit(worker, batch, &pass)) {
        return false;
    }
    count_generated(worker, pass.count + pass.unchanged_count);
    uint8_t numbers[FM_BATCH_MAX];
    list_fresh(&pass, numbers);
    if (is_plain(worker, batch, &pass, numbers)) {
        bool stored = store_plain(worker, batch, numbers, pass.fresh_count) &&
                      pass_parents(worker, batch, &pass, numbers);
        if (!stored) {
            refuse_memory(worker);
        }
        return stored;
    }
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
    const uint8_t *records[FM_GROUP_MAX];
    ops->reset(worker->engine);
    worker->grouped = ops->expand != NULL && worker->search->model->impurity == 0;
    uint32_t max = worker->grouped ? ops->group_max(worker->engine) : 1;
    worker->group_count = part_take(worker->search, part, max, records);
    if (worker->grouped && ops->decode_many != NULL) {
        ops->decode_many(worker->engine, records, worker->group_count, worker->group);
        return worker->group_count > 0;
    }
    for (uint32_t i = 0; i < worker->group_count; i++) {
        worker->group[i] = ops->decode(worker->engine, records[i]);
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
    if (search->parallel) {
        turns_begin_part(worker, part);
        fm_writer_set_order(&worker->writer, part->offset);
    }
    while (going && take_group(worker, part)) {
        going = expand_group(worker) && !must_halt(worker);
    }
    if (search->parallel) {
        struct part_count count = {worker->part_first, worker->part_generated, worker->fresh_count};
        fm_vec_push(&worker->parts, count);
    }
    if (search->parallel && going) {
        turns_end_part(worker);
    }
    return going;
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
    while (going && turns_await(worker) && cursor_take(search, worker, &part)) {
        going = !beyond_stop(worker, part.offset << FM_KEY_ORDINAL_BITS) &&
                expand_part(worker, &part);
        cursor_give_back(search, &part);
    }
    atomic_store_explicit(&search->cursor.over, true, memory_order_relaxed);
    worker->parent = NULL;
    worker->end_ns = fm_clock_monotonic_ns();
}
