/* Judging one state: what is wrong with it, and into the queue with it; initial states.
 *
 * What is found wrong is kept with its order key until the level ends. Without VIEW and SYMMETRY
 * the find with the least key can no longer be overturned: who comes to its state under a smaller
 * key finds the same. So work beyond the least find is skipped, and the outcome is that of one
 * worker. With VIEW or SYMMETRY the state that loses differs from the one that wins; a level with a
 * find is then finished first. */
#include "explore/judge.h"
#include "explore/variety.h"

static const uint8_t *encode_state(struct worker *worker, const struct fm_state *state,
                                   size_t *size)
{
    fm_text_clear(&worker->buffer);
    worker->search->ops->encode(worker->engine, state, &worker->buffer);
    *size = worker->buffer.length;
    return (const uint8_t *)worker->buffer.at;
}

/* --- finds --- */

bool judge_goes_on(const struct search *search, enum fm_problem_kind kind)
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

/* Whether the generation may go on. A find on a state that an earlier part may have otherwise must
 * not end the level. */
static bool after_find(struct worker *worker, const struct find *find)
{
    if (judge_goes_on(worker->search, find->kind)) {
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
    find->failure = problem_copy_failure(&worker->arena, failure);
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
        find->failure = problem_copy_failure(&worker->arena, failure);
    }
    describe_state(worker, find, item->state, item);
    find->admitted = admitted;
    return after_find(worker, find);
}

void judge_deadlock(struct worker *worker)
{
    struct find *find = add_find(worker, FM_PROBLEM_DEADLOCK, 0);
    lower_stop_key(worker->search, find->key);
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
    if (search->keeps_actions) {
        fm_vec_push(&search->kept_actions, item->action);
    }
    return true;
}

bool judge_store(struct worker *worker, const struct fm_item *item)
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
    if (worker->search->model->costs != NULL && worker->parent != NULL) {
        variety_note(worker, item->state);
    }
    return true;
}

bool judge_failure(struct worker *worker, const struct fm_item *item)
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

bool judge_item(struct worker *worker, const struct fm_item *item, bool admitted, bool good)
{
    const struct fm_program *program = worker->search->model->program;
    if (!good && (admitted || !item->in_model) && worker->search->judges_invariants &&
        !check_formulas(worker, item, admitted, FM_FORMULA_INVARIANT, FM_PROBLEM_INVARIANT)) {
        return false;
    }
    if (program->implied_action_count > 0 &&
        !check_formulas(worker, item, admitted, FM_FORMULA_IMPLIED_ACTION,
                        FM_PROBLEM_ACTION_PROPERTY)) {
        return false;
    }
    return !admitted || judge_store(worker, item);
}

bool judge_sampled(struct worker *worker, const struct fm_item *item, bool good)
{
    const struct fm_program *program = worker->search->model->program;
    if (!good && worker->search->judges_invariants &&
        !check_formulas(worker, item, false, FM_FORMULA_INVARIANT, FM_PROBLEM_INVARIANT)) {
        return false;
    }
    if (program->implied_action_count > 0 &&
        !check_formulas(worker, item, false, FM_FORMULA_IMPLIED_ACTION,
                        FM_PROBLEM_ACTION_PROPERTY)) {
        return false;
    }
    return worker->finds.count == 0; /* with -continue finds do not stop the judging */
}

bool judge_sampled_initial(struct worker *worker, const struct fm_item *item, bool as_tlc)
{
    const struct fm_program *program = worker->search->model->program;
    if (item->state == NULL) {
        return judge_failure(worker, item);
    }
    if (worker->search->judges_invariants &&
        !check_formulas(worker, item, false, FM_FORMULA_INVARIANT, FM_PROBLEM_INITIAL_INVARIANT)) {
        return false;
    }
    if (!as_tlc && program->implied_init_count > 0 &&
        !check_formulas(worker, item, false, FM_FORMULA_IMPLIED_INIT,
                        FM_PROBLEM_INITIAL_PROPERTY)) {
        return false;
    }
    return worker->finds.count == 0;
}

enum fm_table_result judge_admit_serial(struct worker *worker, struct fm_digest print)
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

enum fm_table_result judge_admit_shared(struct worker *worker, struct fm_digest print)
{
    const struct search *search = worker->search;
    enum fm_table_result result;
    do {
        result = fm_table_insert(search->table, print);
        worker->entered += result == FM_TABLE_NEW;
        /* Nobody grows it in between. */
    } while (result == FM_TABLE_FULL && room_grow(worker, fm_table_limit(search->table)));
    return result;
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
        enum fm_table_result result = judge_admit_serial(worker, item->fingerprint);
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
        if (!judge_store(worker, item)) {
            return false;
        }
    }
    if (worker->search->judges_invariants && !good &&
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
        !search->judges_invariants) {
        return 0;
    }
    while (count < batch->count && batch->items[count].state != NULL) {
        states[count] = batch->items[count].state;
        count++;
    }
    return count == 0 ? 0 : search->ops->check_many(worker->engine, states, count);
}

bool judge_take_initial(struct fm_sink *sink, struct fm_batch *batch)
{
    struct worker *worker = worker_of(sink);
    count_hidden(worker);
    if (!room_reserve(worker->search, batch->count)) {
        refuse_memory(worker);
        return false;
    }
    const struct fm_table_places places = fm_table_places(worker->search->table);
    uint32_t good = check_initial_ahead(worker, batch);
    for (uint32_t i = 0; i < batch->count && i < JUDGE_AHEAD; i++) {
        fm_table_prefetch(places, batch->items[i].fingerprint);
    }
    for (uint32_t i = 0; i < batch->count; i++) {
        if (i + JUDGE_AHEAD < batch->count) {
            fm_table_prefetch(places, batch->items[i + JUDGE_AHEAD].fingerprint);
        }
        if (!judge_initial(worker, &batch->items[i], i < good)) {
            return false;
        }
    }
    const struct fm_check_options *options = worker->search->options;
    return options->interrupt == NULL || !atomic_load(options->interrupt);
}
