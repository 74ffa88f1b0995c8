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
 * What is found wrong is kept with its key. Without VIEW and SYMMETRY the find with the least key
 * can no longer be overturned: a claim under a smaller key would have found the same. So work
 * beyond the least find is skipped, and the outcome is that of one worker. With VIEW or SYMMETRY
 * the state that loses differs from the one that wins; a level with a find is then finished first.
 */
#include "explore/search.h"

#include "base/assert.h"
#include "base/file.h"

#include <string.h>

/* Between two looks at the resident memory, nanoseconds: a look costs a system call. */
#define MEMORY_INTERVAL_NS ((uint64_t)200 * 1000 * 1000)
/* Parents between two looks at the clock, at most: even a look at the clock costs as much as a
 * successor seen before. */
#define UNWATCHED_MAX 1024u
/* Items asked for ahead of their turn: more requests than the processor has buffers for are
 * forgotten (measured best between 14 and 24). */
#define AHEAD 18u

static struct worker *worker_of(struct fm_sink *sink)
{
    _Static_assert(offsetof(struct worker, sink) == 0, "the sink is the worker");
    return (struct worker *)sink;
}

static uint64_t key_of(uint64_t offset, uint64_t ordinal)
{
    return offset << FM_KEY_ORDINAL_BITS |
           (ordinal < FM_KEY_ORDINAL_MAX ? ordinal : FM_KEY_ORDINAL_MAX);
}

static uint64_t key_now(const struct worker *worker)
{
    return key_of(worker->parent_offset, worker->ordinal);
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

/* Only its own worker changes such a counter; the others only show it. */
static void raise_count(_Atomic uint64_t *counter, uint64_t added)
{
    uint64_t now = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, now + added, memory_order_relaxed);
}

static void count_generated(struct worker *worker, uint64_t added)
{
    raise_count(&worker->generated, added);
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
    find->number = worker->finds.count;
    find->kind = kind;
    find->formula = formula;
    find->action = FM_ACTION_INITIAL;
    find->parent = worker->parent == NULL ? FM_LINK_INITIAL : worker->parent_index;
    find->part_first = worker->part_first;
    find->part_generated = worker->part_generated;
    find->fresh = worker->judged;
    fm_vec_push(&worker->finds, find);
    return find;
}

/* `state` is the item's, or that of its failure. */
static void describe_state(struct worker *worker, struct find *find, const struct fm_state *state,
                           const struct fm_item *item)
{
    const uint8_t *bytes = encode_state(worker, state, &find->successor_size);
    find->successor = fm_arena_copy(&worker->arena, bytes, find->successor_size);
    find->action = item->action;
    find->fingerprint = item->fingerprint;
    find->own = item->own;
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
                         const struct fm_item *item)
{
    const struct fm_failure *failure = item->failure;
    struct find *find = add_find(worker, kind, 0);
    find->failure = trace_copy_failure(worker->search, &worker->arena, failure);
    find->action = failure->action;
    if (failure->partial != NULL) {
        find->partial = print_partial(worker, failure->partial);
    }
    if (failure->successor != NULL) {
        describe_state(worker, find, failure->successor, item);
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
    describe_state(worker, find, item->state, item);
    find->admitted = admitted;
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

/* Into the queue of the next level. */
static bool store_item(struct worker *worker, const struct fm_item *item)
{
    size_t size;
    const uint8_t *bytes = encode_state(worker, item->state, &size);
    if (!fm_writer_add(&worker->writer, bytes, size)) {
        refuse_memory(worker);
        return false;
    }
    if (!worker->search->parallel && !store_serial(worker, item)) {
        refuse_memory(worker);
        return false;
    }
    worker->encoded_bytes += size;
    worker->stored++;
    return true;
}

static bool judge_failure(struct worker *worker, const struct fm_item *item)
{
    const struct fm_failure *failure = item->failure;
    if (failure->code == FM_CODE_4305 || failure->generated) {
        /* TLC has generated a state that lacks variables, and one that could not be judged. */
        count_generated(worker, 1);
        worker->parent_generated++;
    }
    enum fm_problem_kind kind = failure->is_assert ? FM_PROBLEM_NEXT_ASSERT
                                                   : FM_PROBLEM_NEXT_FAILED;
    if (worker->parent == NULL) {
        kind = failure->code == FM_CODE_4306 ? FM_PROBLEM_INITIAL_INCOMPLETE
                                             : FM_PROBLEM_INITIAL_FAILED;
    }
    return find_failure(worker, kind, item);
}

/* All that follows from a successor that is new, out of the model, or checked whatever it is; false
 * ends the generation. good: its invariants are known to hold. */
static bool judge_item(struct worker *worker, const struct fm_item *item, bool admitted, bool good)
{
    const struct fm_program *program = worker->search->model->program;
    if (!good && (admitted || !item->in_model) && program->invariant_count > 0 &&
        !check_formulas(worker, item, admitted, FM_FORMULA_INVARIANT, FM_PROBLEM_INVARIANT)) {
        return false;
    }
    if (program->implied_action_count > 0 &&
        !check_formulas(worker, item, admitted, FM_FORMULA_IMPLIED_ACTION,
                        FM_PROBLEM_ACTION_PROPERTY)) {
        return false;
    }
    return !admitted || store_item(worker, item);
}

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

/* Serial: puts the fingerprint into the table. FULL when memory is refused. */
static enum fm_table_result admit_serial(struct worker *worker, struct fm_digest print)
{
    struct search *search = worker->search;
    enum fm_table_result result = fm_table_insert(search->table, print);
    while (result == FM_TABLE_FULL && room_double(search)) {
        result = fm_table_insert(search->table, print);
    }
    if (result == FM_TABLE_NEW) {
        fm_table_add_count(search->table, 1);
    }
    return result;
}

/* Parallel: claims it, or puts it in when nobody can come with a smaller key. */
static enum fm_table_result admit_shared(struct worker *worker, struct fm_digest print,
                                         uint64_t key, bool sure)
{
    const struct search *search = worker->search;
    struct fm_claims *claims = worker->claims;
    for (;;) {
        uint64_t limit = fm_table_limit(search->table);
        enum fm_table_result result = sure
                                          ? fm_table_claim_surely(search->table, claims, print, key)
                                          : fm_table_claim(search->table, claims, print, key);
        if (result == FM_TABLE_NEW) {
            worker->room--;
            raise_count(&worker->fresh, 1);
        }
        if (!sure && (result == FM_TABLE_NEW || result == FM_TABLE_HELD)) {
            fm_claims_at(claims, fm_claims_count(claims) - 1)->note = worker->fresh_count;
        }
        if (result != FM_TABLE_FULL || !room_grow(worker, limit)) {
            return result;
        }
    }
}

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
        enum fm_table_result result = admit_serial(worker, print);
        if (result == FM_TABLE_NEW || (result == FM_TABLE_SEEN && pass->always)) {
            note_item(pass, batch, number, result == FM_TABLE_NEW);
        }
        return result != FM_TABLE_FULL;
    }
    uint64_t key = key_at(worker, pass, number);
    enum fm_table_result result = admit_shared(worker, print, key, pass->sure);
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
        if (i < AHEAD) {
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
        struct find *find = add_find(worker, FM_PROBLEM_DEADLOCK, 0);
        lower_stop_key(search, find->key);
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

/* The items before `end`, all of one parent, from *next of the list on; false: the search ends. */
static bool judge_parent(struct worker *worker, const struct fm_batch *batch, struct pass *pass,
                         uint32_t *next, uint32_t end)
{
    uint64_t generated = worker->part_generated;
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
        worker->part_generated = generated + number + 1;
        if (!judge_item(worker, item, admitted, matters && pass->good > 0)) {
            take_back(worker, batch, pass, number + 1, *next);
            return false;
        }
        pass->good -= matters && pass->good > 0;
    }
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
        worker->part_generated = generated - pass->count;
        if (i > 0) {
            worker->part_generated += number;
            if (!reach_parent(worker, pass->parent + i)) {
                take_back(worker, batch, pass, number, next);
                return false;
            }
            worker->part_generated -= number;
        }
        worker->parent_generated += end - number;
        pass->first_ordinal = worker->ordinal - number;
        if (!judge_parent(worker, batch, pass, &next, end)) {
            return false;
        }
        worker->ordinal = pass->first_ordinal + end;
        number = end;
    }
    worker->part_generated = generated;
    return true;
}

static void count_hidden(struct worker *worker)
{
    if (worker->sink.hidden != worker->hidden_seen) {
        uint64_t added = worker->sink.hidden - worker->hidden_seen;
        count_generated(worker, added);
        worker->parent_generated += added;
        worker->hidden_seen = worker->sink.hidden;
    }
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
    if (!admit(worker, batch, &pass)) {
        return false;
    }
    count_generated(worker, pass.count);
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

/* --- initial states --- */

/* With -continue TLC names every invariant that is false in an initial state, and only the first
 * one in others. */
static bool check_initial_invariants(struct worker *worker, const struct fm_item *item,
                                     bool admitted)
{
    const struct search *search = worker->search;
    if (!search->options->keep_going) {
        return check_formulas(worker, item, admitted, FM_FORMULA_INVARIANT,
                              FM_PROBLEM_INITIAL_INVARIANT);
    }
    for (uint32_t i = 0; i < search->model->program->invariant_count; i++) {
        enum fm_verdict verdict = search->ops->check(worker->engine, FM_FORMULA_INVARIANT, i,
                                                     item->state, NULL);
        if (verdict == FM_VERDICT_FALSE) {
            (void)find_formula(worker, item, admitted, FM_PROBLEM_INITIAL_INVARIANT, i, NULL);
        } else if (verdict == FM_VERDICT_FAILURE) {
            return find_formula(worker, item, admitted, FM_PROBLEM_INITIAL_INVARIANT_FAILED, i,
                                search->ops->failure(worker->engine));
        }
    }
    return true;
}

/* `good`: its invariants are known to hold. */
static bool judge_initial(struct worker *worker, const struct fm_item *item, bool good)
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
        enum fm_table_result result = admit_serial(worker, item->fingerprint);
        if (result == FM_TABLE_SEEN) {
            return true;
        }
        if (result == FM_TABLE_FULL) {
            refuse_memory(worker);
            return false;
        }
        worker->actions[search->model->action_count].distinct++;
        raise_count(&worker->fresh, 1);
        admitted = true;
        if (!store_item(worker, item)) {
            return false;
        }
    }
    if (program->invariant_count > 0 && !good &&
        !check_initial_invariants(worker, item, admitted)) {
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

/* How many items of the batch, from the first one on, are states whose invariants hold. */
static uint32_t check_initial_ahead(const struct worker *worker, const struct fm_batch *batch)
{
    const struct search *search = worker->search;
    struct fm_state *states[FM_BATCH_MAX];
    uint32_t count = 0;
    if (search->ops->check_many == NULL || search->model->impurity != 0 ||
        search->model->program->invariant_count == 0) {
        return 0;
    }
    while (count < batch->count && batch->items[count].state != NULL) {
        states[count] = batch->items[count].state;
        count++;
    }
    return count == 0 ? 0 : search->ops->check_many(worker->engine, states, count);
}

bool expand_take_initial(struct fm_sink *sink, struct fm_batch *batch)
{
    struct worker *worker = worker_of(sink);
    count_hidden(worker);
    if (!room_reserve(worker->search, batch->count)) {
        refuse_memory(worker);
        return false;
    }
    const struct fm_table_places places = fm_table_places(worker->search->table);
    uint32_t good = check_initial_ahead(worker, batch);
    for (uint32_t i = 0; i < batch->count && i < AHEAD; i++) {
        fm_table_prefetch(places, batch->items[i].fingerprint);
    }
    for (uint32_t i = 0; i < batch->count; i++) {
        if (i + AHEAD < batch->count) {
            fm_table_prefetch(places, batch->items[i + AHEAD].fingerprint);
        }
        if (!judge_initial(worker, &batch->items[i], i < good)) {
            return false;
        }
    }
    const struct fm_check_options *options = worker->search->options;
    return options->interrupt == NULL || !atomic_load(options->interrupt);
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
    while (worker->group_count < max && (bytes = fm_reader_next(&part->reader, &size)) != NULL) {
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
