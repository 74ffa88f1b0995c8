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
 * Serial levels (one worker, or few states) put fingerprints straight into the table; indices and
 * parent links are final at once. Parallel levels only read the table and claim what it lacks under
 * the step's order key (store/claims.h). There a state may be judged by two workers, the second one
 * under a smaller key; whoever holds the least key in the end is right, and the level's settling
 * drops the other. What is found wrong is kept with its key. Without VIEW and SYMMETRY the find
 * with the least key can no longer be overturned: a claim under a smaller key would have found the
 * same. So work beyond the least find is skipped, and the outcome is that of one worker. With VIEW
 * or SYMMETRY the state that loses differs from the one that wins; a level with a find is then
 * finished first.
 *
 * Growing the claims needs all workers out of them: they raise `inserting` around their claims and
 * keep out while `growing` is set. Both are sequentially consistent: each side writes its own flag
 * before it reads the other's. */
#include "explore/search.h"

#include "base/assert.h"
#include "base/file.h"

#include <sched.h>
#include <string.h>

/* Between two looks at the resident memory, nanoseconds: a look costs a system call. */
#define MEMORY_INTERVAL_NS ((uint64_t)200 * 1000 * 1000)

static struct worker *worker_of(struct fm_sink *sink)
{
    _Static_assert(offsetof(struct worker, sink) == 0, "the sink is the worker");
    return (struct worker *)sink;
}

static uint64_t key_now(const struct worker *worker)
{
    uint64_t ordinal = worker->ordinal < FM_KEY_ORDINAL_MAX ? worker->ordinal : FM_KEY_ORDINAL_MAX;
    return worker->parent_offset << FM_KEY_ORDINAL_BITS | ordinal;
}

static void lower_stop_key(struct search *search, uint64_t key)
{
    uint64_t now = atomic_load_explicit(&search->stop_key, memory_order_relaxed);
    while (key < now && !atomic_compare_exchange_weak(&search->stop_key, &now, key)) {
    }
}

static bool beyond_stop(const struct worker *worker, uint64_t key)
{
    /* Relaxed: seeing it late only costs work. */
    return key > atomic_load_explicit(&worker->search->stop_key, memory_order_relaxed);
}

static void refuse_memory(struct worker *worker)
{
    atomic_store(&worker->search->memory_refused, true);
    atomic_store(&worker->search->halt, true);
}

static void count_generated(struct worker *worker, uint64_t added)
{
    /* Only this worker writes it; the others only show it. */
    uint64_t now = atomic_load_explicit(&worker->generated, memory_order_relaxed);
    atomic_store_explicit(&worker->generated, now + added, memory_order_relaxed);
    worker->parent_generated += added;
    worker->part_generated += added;
}

static const uint8_t *encode_state(struct worker *worker, const struct fm_state *state,
                                   size_t *size)
{
    fm_text_clear(&worker->buffer);
    worker->search->ops->encode(worker->engine, state, &worker->buffer);
    *size = worker->buffer.length;
    return (const uint8_t *)worker->buffer.at;
}

/* --- finds --- */

bool expand_goes_on(const struct search *search, enum fm_problem_kind kind)
{
    return search->options->keep_going &&
           (kind == FM_PROBLEM_INVARIANT || kind == FM_PROBLEM_ACTION_PROPERTY ||
            kind == FM_PROBLEM_INITIAL_INVARIANT);
}

static struct find *add_find(struct worker *worker, enum fm_problem_kind kind, uint32_t formula)
{
    struct find *find = fm_arena_calloc(&worker->arena, 1, sizeof *find);
    find->key = key_now(worker);
    find->kind = kind;
    find->formula = formula;
    find->action = FM_ACTION_INITIAL;
    find->parent = worker->parent == NULL ? FM_LINK_INITIAL : worker->parent_index;
    find->part_first = worker->part_first;
    find->part_generated = worker->part_generated;
    fm_vec_push(&worker->finds, find);
    return find;
}

static void describe_item(struct worker *worker, struct find *find, const struct fm_item *item,
                          bool admitted)
{
    const uint8_t *bytes = encode_state(worker, item->state, &find->successor_size);
    find->successor = fm_arena_copy(&worker->arena, bytes, find->successor_size);
    find->action = item->action;
    find->fingerprint = item->fingerprint;
    find->own = item->own;
    find->admitted = admitted;
}

/* Whether the generation may go on. A find that a smaller claim may overturn must not end the
 * level. */
static bool after_find(struct worker *worker, const struct find *find)
{
    if (expand_goes_on(worker->search, find->kind)) {
        return true;
    }
    if (worker->search->settle_all && find->admitted) {
        return true;
    }
    lower_stop_key(worker->search, find->key);
    return false;
}

static const char **print_partial(struct worker *worker, const fm_value *partial)
{
    uint32_t count = worker->search->model->variable_count;
    const char **texts = fm_arena_calloc(&worker->arena, count, sizeof *texts);
    struct fm_value_context *context = worker->search->ops->context(worker->engine);
    for (uint32_t i = 0; i < count; i++) {
        if (!fm_is_none(partial[i])) {
            struct fm_text text = {NULL, 0, 0};
            fm_value_print(context, partial[i], &text);
            texts[i] = fm_arena_strndup(&worker->arena, fm_text_string(&text), text.length);
            fm_text_deinit(&text);
        }
    }
    return texts;
}

static bool find_failure(struct worker *worker, enum fm_problem_kind kind,
                         const struct fm_failure *failure)
{
    struct find *find = add_find(worker, kind, 0);
    find->failure = trace_copy_failure(worker->search, &worker->arena, failure);
    find->action = failure->action;
    if (failure->partial != NULL) {
        find->partial = print_partial(worker, failure->partial);
    }
    lower_stop_key(worker->search, find->key);
    return false;
}

/* A formula of the item was not TRUE. */
static bool find_formula(struct worker *worker, const struct fm_item *item, bool admitted,
                         enum fm_problem_kind kind, uint32_t formula,
                         const struct fm_failure *failure)
{
    struct find *find = add_find(worker, kind, formula);
    if (failure != NULL) {
        find->failure = trace_copy_failure(worker->search, &worker->arena, failure);
    }
    describe_item(worker, find, item, admitted);
    return after_find(worker, find);
}

/* --- judging --- */

/* The first formula of the list that is not TRUE on (s, t) becomes a find. */
static bool check_formulas(struct worker *worker, const struct fm_item *item, bool admitted,
                           enum fm_formula_kind list, enum fm_problem_kind is_false)
{
    struct fm_state *s = item->state;
    struct fm_state *t = NULL;
    if (list == FM_FORMULA_IMPLIED_ACTION) {
        s = worker->parent;
        t = item->state;
    }
    uint32_t index = 0;
    enum fm_verdict verdict = worker->search->ops->check_all(worker->engine, list, s, t, &index);
    if (verdict == FM_VERDICT_TRUE) {
        return true;
    }
    if (verdict == FM_VERDICT_FALSE) {
        return find_formula(worker, item, admitted, is_false, index, NULL);
    }
    /* ORDER(problem): "could not be evaluated" follows "false". */
    return find_formula(worker, item, admitted, is_false + 1, index,
                        worker->search->ops->failure(worker->engine));
}

static bool store_serial(struct worker *worker, const struct fm_item *item)
{
    struct search *search = worker->search;
    uint64_t index = search->level.first + search->level.count + search->next_count;
    if (!fm_links_reserve(search->links, index + 1)) {
        return false;
    }
    uint64_t parent = worker->parent == NULL ? FM_LINK_INITIAL : worker->parent_index;
    fm_links_set(search->links, index, (struct fm_link){parent, item->own.low});
    search->next_count++;
    if (search->archive) {
        fm_vec_push(&search->kept_actions, item->action);
    }
    return true;
}

static void store_candidate(struct worker *worker, const struct fm_item *item)
{
    struct candidate candidate = {
        .fingerprint = item->fingerprint,
        .own = item->own.low,
        .key = key_now(worker),
        .action = item->action,
    };
    fm_vec_push(&worker->candidates, candidate);
}

/* Into the queue of the next level. */
static bool store_item(struct worker *worker, const struct fm_item *item)
{
    size_t size;
    const uint8_t *bytes = encode_state(worker, item->state, &size);
    if (!fm_writer_add(&worker->writer, bytes, size)) {
        refuse_memory(worker);
        return false;
    }
    if (worker->search->parallel) {
        store_candidate(worker, item);
    } else if (!store_serial(worker, item)) {
        refuse_memory(worker);
        return false;
    }
    worker->encoded_bytes += size;
    worker->stored++;
    return true;
}

/* Serial: whether the fingerprint is new, which puts it into the table. */
static bool admit_serial(struct worker *worker, const struct fm_item *item, bool *admitted)
{
    struct search *search = worker->search;
    enum fm_table_result result = FM_TABLE_FULL;
    uint64_t room = 1;
    while (result == FM_TABLE_FULL) {
        if (!fm_table_reserve(search->table, room)) {
            refuse_memory(worker);
            return false;
        }
        result = fm_table_insert(search->table, item->fingerprint);
        /* Full although there is room: a cluster reached the end; a larger table has it apart. */
        room = fm_table_count(search->table) * 2 + 1;
    }
    *admitted = result == FM_TABLE_NEW;
    if (*admitted) {
        fm_table_add_count(search->table, 1);
        worker
            ->actions[item->action == FM_ACTION_INITIAL ? search->model->action_count
                                                        : item->action]
            .distinct++;
        worker->parent_new++;
        atomic_store_explicit(&search->shown_distinct, fm_table_count(search->table),
                              memory_order_relaxed);
    }
    return true;
}

static bool judge_failure(struct worker *worker, const struct fm_item *item)
{
    const struct fm_failure *failure = item->failure;
    if (failure->code == FM_CODE_4305) {
        /* TLC has generated a state that lacks variables; other failures generate none. */
        count_generated(worker, 1);
    }
    enum fm_problem_kind kind = failure->is_assert ? FM_PROBLEM_NEXT_ASSERT
                                                   : FM_PROBLEM_NEXT_FAILED;
    if (worker->parent == NULL) {
        kind = failure->code == FM_CODE_4306 ? FM_PROBLEM_INITIAL_INCOMPLETE
                                             : FM_PROBLEM_INITIAL_FAILED;
    }
    return find_failure(worker, kind, failure);
}

/* All that follows from one successor; false ends the generation. */
static bool judge_item(struct worker *worker, const struct fm_item *item, bool claimed)
{
    struct search *search = worker->search;
    const struct fm_program *program = search->model->program;
    if (item->state == NULL) {
        return judge_failure(worker, item);
    }
    count_generated(worker, 1);
    worker->actions[item->action].generated++;
    bool admitted = claimed;
    if (item->in_model && !search->parallel && !admit_serial(worker, item, &admitted)) {
        return false;
    }
    if (admitted || !item->in_model) {
        if (program->invariant_count > 0 &&
            !check_formulas(worker, item, admitted, FM_FORMULA_INVARIANT, FM_PROBLEM_INVARIANT)) {
            return false;
        }
    }
    if (program->implied_action_count > 0 &&
        !check_formulas(worker, item, admitted, FM_FORMULA_IMPLIED_ACTION,
                        FM_PROBLEM_ACTION_PROPERTY)) {
        return false;
    }
    if (admitted && !store_item(worker, item)) {
        return false;
    }
    worker->ordinal++;
    return true;
}

static void prefetch_batch(const struct worker *worker, const struct fm_batch *batch)
{
    for (uint32_t i = 0; i < batch->count; i++) {
        if (batch->items[i].in_model) {
            fm_table_prefetch(worker->search->table, batch->items[i].fingerprint);
        }
    }
}

static void enter_claims(struct worker *worker)
{
    for (;;) {
        atomic_store(&worker->inserting, 1);
        if (!atomic_load(&worker->search->growing)) {
            return;
        }
        atomic_store(&worker->inserting, 0);
        while (atomic_load(&worker->search->growing)) {
            sched_yield();
        }
    }
}

/* Makes room in the claims; the caller is inside them and is again afterwards. */
static bool grow_claims(struct worker *worker, uint64_t margin)
{
    struct search *search = worker->search;
    atomic_store(&worker->inserting, 0);
    pthread_mutex_lock(&search->grow_lock);
    bool grown = true;
    if (!fm_claims_has_room(search->claims, margin)) {
        atomic_store(&search->growing, true);
        for (uint32_t i = 0; i < search->worker_count; i++) {
            while (atomic_load(&search->workers[i].inserting) != 0) {
                sched_yield();
            }
        }
        grown = fm_claims_reserve(search->claims, margin);
        atomic_store(&search->growing, false);
    }
    pthread_mutex_unlock(&search->grow_lock);
    enter_claims(worker);
    return grown;
}

/* Claims what the table lacks; claimed[i] says whether item i is ours so far. */
static bool claim_batch(struct worker *worker, const struct fm_batch *batch, bool *claimed)
{
    struct search *search = worker->search;
    uint64_t margin = (uint64_t)search->worker_count * FM_BATCH_MAX;
    enter_claims(worker);
    while (!fm_claims_has_room(search->claims, margin)) {
        if (!grow_claims(worker, margin)) {
            atomic_store(&worker->inserting, 0);
            refuse_memory(worker);
            return false;
        }
    }
    for (uint32_t i = 0; i < batch->count; i++) {
        if (batch->items[i].in_model) {
            fm_claims_prefetch(search->claims, batch->items[i].fingerprint);
        }
    }
    uint64_t first = 0;
    uint64_t ordinal = worker->ordinal;
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct fm_item *item = &batch->items[i];
        claimed[i] = false;
        if (item->state != NULL && item->in_model &&
            !fm_table_contains(search->table, item->fingerprint)) {
            enum fm_claim claim = fm_claims_put(search->claims, item->fingerprint, key_now(worker));
            claimed[i] = claim != FM_CLAIM_LOST;
            first += claim == FM_CLAIM_FIRST;
        }
        worker->ordinal++;
    }
    worker->ordinal = ordinal;
    fm_claims_add_count(search->claims, first);
    atomic_fetch_add_explicit(&search->shown_distinct, first, memory_order_relaxed);
    atomic_fetch_add_explicit(&search->shown_queue, first, memory_order_relaxed);
    atomic_store(&worker->inserting, 0);
    return true;
}

static void count_hidden(struct worker *worker)
{
    if (worker->sink.hidden != worker->hidden_seen) {
        count_generated(worker, worker->sink.hidden - worker->hidden_seen);
        worker->hidden_seen = worker->sink.hidden;
    }
}

bool expand_take(struct fm_sink *sink, struct fm_batch *batch)
{
    struct worker *worker = worker_of(sink);
    bool claimed[FM_BATCH_MAX] = {false};
    prefetch_batch(worker, batch);
    count_hidden(worker);
    if (beyond_stop(worker, key_now(worker))) {
        return false;
    }
    if (worker->search->parallel && !claim_batch(worker, batch, claimed)) {
        return false;
    }
    for (uint32_t i = 0; i < batch->count; i++) {
        if (!judge_item(worker, &batch->items[i], claimed[i])) {
            return false;
        }
    }
    return !atomic_load_explicit(&worker->search->memory_refused, memory_order_relaxed);
}

/* --- initial states --- */

static bool judge_initial(struct worker *worker, const struct fm_item *item)
{
    struct search *search = worker->search;
    const struct fm_program *program = search->model->program;
    if (item->state == NULL) {
        return judge_failure(worker, item);
    }
    count_generated(worker, 1);
    worker->actions[search->model->action_count].generated++;
    bool admitted = false;
    if (item->in_model) {
        if (!admit_serial(worker, item, &admitted) || (admitted && !store_item(worker, item))) {
            return false;
        }
        if (!admitted) {
            return true;
        }
    }
    if (program->invariant_count > 0 &&
        !check_formulas(worker, item, admitted, FM_FORMULA_INVARIANT,
                        FM_PROBLEM_INITIAL_INVARIANT)) {
        return false;
    }
    if (program->implied_init_count > 0 &&
        !check_formulas(worker, item, admitted, FM_FORMULA_IMPLIED_INIT,
                        FM_PROBLEM_INITIAL_PROPERTY)) {
        return false;
    }
    worker->ordinal++;
    return true;
}

bool expand_take_initial(struct fm_sink *sink, struct fm_batch *batch)
{
    struct worker *worker = worker_of(sink);
    prefetch_batch(worker, batch);
    count_hidden(worker);
    for (uint32_t i = 0; i < batch->count; i++) {
        if (!judge_initial(worker, &batch->items[i])) {
            return false;
        }
    }
    const struct fm_check_options *options = worker->search->options;
    return options->interrupt == NULL || !atomic_load(options->interrupt);
}

/* --- parents --- */

static void count_outdegree(struct worker *worker, uint64_t degree)
{
    worker->outdegrees[degree < FM_OUTDEGREE_BUCKETS ? degree : FM_OUTDEGREE_BUCKETS - 1]++;
}

/* false when the search must not go on behind this parent. */
static bool expand_parent(struct worker *worker, const uint8_t *bytes)
{
    struct search *search = worker->search;
    worker->ordinal = 0;
    worker->parent_generated = 0;
    worker->parent_new = 0;
    worker->parent_index = search->level.first + worker->parent_offset;
    search->ops->reset(worker->engine);
    worker->parent = search->ops->decode(worker->engine, bytes);
    uint32_t finds = worker->finds.count;
    search->ops->successors(worker->engine, worker->parent, (uint32_t)search->depth, &worker->sink);
    count_hidden(worker);
    if (worker->parent_generated == 0 && search->options->deadlock &&
        worker->finds.count == finds && !atomic_load(&search->halt)) {
        struct find *find = add_find(worker, FM_PROBLEM_DEADLOCK, 0);
        lower_stop_key(search, find->key);
    }
    if (!search->parallel) {
        count_outdegree(worker, worker->parent_new);
    }
    return !beyond_stop(worker, (worker->parent_offset + 1) << FM_KEY_ORDINAL_BITS);
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
        uint64_t now = fm_clock_monotonic_ns();
        if (now >= search->memory_next_ns) {
            search->memory_next_ns = now + MEMORY_INTERVAL_NS;
            if (fm_memory_resident() > search->options->memory_max) {
                refuse_memory(worker);
            }
        }
    }
    return atomic_load_explicit(&search->halt, memory_order_relaxed);
}

static bool expand_part(struct worker *worker, struct part *part)
{
    struct search *search = worker->search;
    const uint8_t *bytes;
    size_t size;
    bool going = true;
    worker->part_first = part->offset;
    worker->part_generated = 0;
    worker->parent_offset = part->offset;
    fm_writer_set_order(&worker->writer, part->offset);
    while (going && (bytes = fm_reader_next(&part->reader, &size)) != NULL) {
        going = expand_parent(worker, bytes);
        worker->parent_offset++;
        worker->expanded++;
        if (!search->parallel) {
            atomic_store_explicit(&search->shown_queue,
                                  search->level.count - worker->parent_offset + search->next_count,
                                  memory_order_relaxed);
        }
        if (must_halt(worker)) {
            going = false;
        }
    }
    if (search->parallel) {
        atomic_fetch_sub_explicit(&search->shown_queue, worker->parent_offset - part->offset,
                                  memory_order_relaxed);
        struct part_count count = {worker->part_first, worker->part_generated};
        fm_vec_push(&worker->parts, count);
    }
    return going;
}

void expand_level(void *closure, uint32_t member)
{
    struct search *search = closure;
    struct worker *worker = &search->workers[member];
    if (member != 0) {
        fm_memory_set_handler(search->options->refused, search->options->refused_closure);
    }
    if (worker->engine == NULL) {
        worker->engine = search->ops->open(search->model);
    }
    worker->sink.take = expand_take;
    struct part part;
    bool going = true;
    while (going && cursor_take(search, &part)) {
        going = !beyond_stop(worker, part.offset << FM_KEY_ORDINAL_BITS) &&
                expand_part(worker, &part);
        cursor_give_back(search, &part);
    }
    worker->parent = NULL;
}
