/* Filling the graph.
 *
 * The safety search records no steps: that would cost every search what only some need. So all
 * states are expanded once more, in the order of their indices, and successors are found in the
 * index by their own digests (index.c). For each state all atoms of one state are evaluated once,
 * for each distinct step those of a step; stuttering is a step of every state.
 *
 * Workers take parts, runs of states that follow each other, and write their steps into buffers.
 * The graph is filled in order: whoever finishes a part that is next commits it, and those behind
 * it that are ready. There are a few buffers per worker; a part that is too far ahead of the next
 * one waits for its buffer. What an atom could not be evaluated on is reported for the first part
 * of all, whichever worker came first; parts before it are finished, those behind it are left.
 *
 * In a buffer letters have numbers of their own, so that the committer looks each up once a part.
 */
#include "liveness/fill.h"

#include "base/arena.h"
#include "base/assert.h"
#include "base/file.h"
#include "base/vec.h"
#include "liveness/index.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

/* States of a part: the lock is then forgotten, and buffers stay small. */
#define PART 128u
/* Parts per worker that may be begun beyond the next one to be committed. */
#define PARTS_AHEAD 4u
/* Steps of one state that are compared one by one with a new one; beyond it a table does. */
#define SCAN_MAX 12u
/* Between two looks at the resident memory. */
#define MEMORY_INTERVAL_NS ((uint64_t)50 * 1000 * 1000)

/* The steps of one part. */
struct buffer {
    bool is_ready;
    FM_VEC(struct fm_graph_step) steps; /* letters: numbers in `letters` */
    FM_VEC(uint32_t) counts;            /* of the states, one after the other */
    FM_VEC(uint64_t) letters;           /* words of each */
};

struct filler;

struct member {
    struct fm_sink sink; /* first: the engine hands it back */
    struct filler *filler;
    uint32_t number;
    struct fm_engine *engine;
    struct buffer *buffer;
    struct fm_kept_group group;
    uint32_t at;                   /* number of the parent at work in the group */
    uint32_t first;                /* step of the buffer that is its first */
    uint64_t *state_words;         /* letters of the group's states: atoms of one state */
    uint64_t *words;               /* of the step at work */
    FM_VEC(uint32_t) letter_slots; /* numbers of letters of the buffer + 1; 0 is empty */
    FM_VEC(uint32_t) step_slots;   /* steps of the parent at work + 1, by target */
    uint64_t cut_off;
    bool stopped;
    uint64_t watched_ns;
};

struct filler {
    struct fm_fill *fill;
    struct fm_graph *graph;
    struct fm_index *index;
    const struct fm_model_ops *ops;
    uint64_t state_count, part_count;
    uint32_t letter_words;
    uint32_t buffer_count;
    struct buffer *buffers; /* of part p: p % buffer_count */
    struct member *members;
    FM_VEC(uint32_t) state_atoms;
    FM_VEC(uint32_t) step_atoms;

    _Atomic uint64_t next;   /* part that no worker has taken */
    _Atomic uint64_t failed; /* the first part that ends it, or UINT64_MAX */
    pthread_mutex_t lock;    /* guards what follows, and is_ready */
    pthread_cond_t changed;
    uint64_t committed; /* parts before it are in the graph */
    bool committing;
    enum fm_fill_end end;
};

/* --- ends --- */

/* From the part on nothing is wanted any more; the details go with the first of all parts. */
static bool fail(struct member *member, enum fm_fill_end end, uint32_t atom,
                 const struct fm_item *item, const struct fm_failure *failure)
{
    struct filler *filler = member->filler;
    struct fm_fill *fill = filler->fill;
    uint64_t state = member->group.first + member->at;
    member->stopped = true;
    pthread_mutex_lock(&filler->lock);
    if (state / PART < atomic_load(&filler->failed)) {
        atomic_store(&filler->failed, state / PART);
        filler->end = end;
        fill->failed.state = state;
        fill->failed.atom = atom;
        fill->failed.has_successor = item != NULL && item->state != NULL;
        fill->failed.successor_own = item != NULL ? item->own.low : 0;
        fill->failed.failure = failure == NULL ? NULL : fm_kept_failure(fill->checker, failure);
    }
    pthread_cond_broadcast(&filler->changed);
    pthread_mutex_unlock(&filler->lock);
    return false;
}

/* All parts are given up. */
static void abandon(struct filler *filler, enum fm_fill_end end)
{
    pthread_mutex_lock(&filler->lock);
    atomic_store(&filler->failed, 0);
    filler->end = end;
    pthread_cond_broadcast(&filler->changed);
    pthread_mutex_unlock(&filler->lock);
}

/* --- letters --- */

static uint32_t hash_words(const uint64_t *words, uint32_t count)
{
    uint64_t hash = 0;
    for (uint32_t i = 0; i < count; i++) {
        hash = (hash ^ words[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    return (uint32_t)hash;
}

static void clear_slots(uint32_t *slots, uint32_t count)
{
    memset(slots, 0, count * sizeof *slots);
}

static const uint64_t *letter_at(const struct member *member, uint32_t number)
{
    return member->buffer->letters.at + (size_t)number * member->filler->letter_words;
}

static uint32_t *letter_slot(const struct member *member, const uint64_t *words)
{
    const uint32_t count = member->filler->letter_words;
    const uint32_t mask = member->letter_slots.count - 1;
    uint32_t at = hash_words(words, count) & mask;
    uint32_t *slots = member->letter_slots.at;
    while (slots[at] != 0 &&
           memcmp(letter_at(member, slots[at] - 1), words, count * sizeof *words) != 0) {
        at = (at + 1) & mask;
    }
    return &slots[at];
}

/* Twice the slots; `slots` is a power of two. */
static void grow_letters(struct member *member, uint32_t letters)
{
    uint32_t wanted = member->letter_slots.count * 2;
    while (member->letter_slots.count < wanted) {
        fm_vec_push(&member->letter_slots, 0);
    }
    clear_slots(member->letter_slots.at, wanted);
    for (uint32_t i = 0; i < letters; i++) {
        *letter_slot(member, letter_at(member, i)) = i + 1;
    }
}

/* The number of the letter in the buffer. */
static uint32_t letter_of(struct member *member, const uint64_t *words)
{
    const uint32_t count = member->filler->letter_words;
    uint32_t letters = member->buffer->letters.count / count;
    uint32_t *slot = letter_slot(member, words);
    if (*slot != 0) {
        return *slot - 1;
    }
    for (uint32_t i = 0; i < count; i++) {
        fm_vec_push(&member->buffer->letters, words[i]);
    }
    *slot = letters + 1;
    if ((letters + 2) * 2 > member->letter_slots.count) {
        grow_letters(member, letters + 1);
    }
    return letters;
}

/* --- atoms --- */

static void set_bit(uint64_t *words, uint32_t atom)
{
    words[atom / 64] |= (uint64_t)1 << (atom % 64);
}

static uint64_t *words_of_state(const struct member *member, uint32_t number)
{
    return member->state_words + (size_t)number * member->filler->letter_words;
}

/* The atoms of one state on the parent at work; false when one has no value. */
static bool judge_state(struct member *member, uint32_t number)
{
    const struct filler *filler = member->filler;
    uint64_t *words = words_of_state(member, number);
    memset(words, 0, filler->letter_words * sizeof *words);
    for (uint32_t i = 0; i < filler->state_atoms.count; i++) {
        uint32_t atom = filler->state_atoms.at[i];
        enum fm_verdict verdict = filler->ops->holds(member->engine,
                                                     &filler->fill->temporals->atoms[atom].formula,
                                                     member->group.states[number], NULL);
        if (verdict == FM_VERDICT_FAILURE) {
            member->at = number;
            return fail(member, FM_FILL_FAILED, atom, NULL, filler->ops->failure(member->engine));
        }
        if (verdict == FM_VERDICT_TRUE) {
            set_bit(words, atom);
        }
    }
    return true;
}

static bool has_bit(const uint64_t *words, uint32_t atom)
{
    return (words[atom / 64] >> (atom % 64) & 1) != 0;
}

/* Whether the atom is known to be false of a step: <<A>>_v changes v, and stuttering (item NULL)
 * changes nothing; where <<A>>_v is not enabled there is no such step. That is so in instances,
 * too: what the instance says of the step is what ENABLED asks for. */
static bool is_excluded(const struct fm_atom *atom, const uint64_t *words,
                        const struct fm_item *item)
{
    return (item == NULL && atom->formula.node->op == FM_OP_ANGLE) ||
           (atom->enabled != FM_NO_ATOM && !has_bit(words, atom->enabled));
}

/* All atoms on a step of the parent at work, into member->words. item: the successor, NULL: the
 * parent itself. */
static bool judge_step(struct member *member, const struct fm_item *item)
{
    const struct filler *filler = member->filler;
    struct fm_state *s = member->group.states[member->at];
    struct fm_state *t = item == NULL ? s : item->state;
    memcpy(member->words, words_of_state(member, member->at),
           filler->letter_words * sizeof *member->words);
    for (uint32_t i = 0; i < filler->step_atoms.count; i++) {
        uint32_t atom = filler->step_atoms.at[i];
        const struct fm_atom *at = &filler->fill->temporals->atoms[atom];
        if (is_excluded(at, member->words, item)) {
            continue;
        }
        enum fm_verdict verdict = filler->ops->holds(member->engine, &at->formula, s, t);
        if (verdict == FM_VERDICT_FAILURE) {
            return fail(member, FM_FILL_FAILED, atom, item, filler->ops->failure(member->engine));
        }
        if (verdict == FM_VERDICT_TRUE) {
            set_bit(member->words, atom);
        }
    }
    return true;
}

/* --- steps --- */

static uint32_t *step_slot(const struct member *member, uint64_t to)
{
    const uint32_t mask = member->step_slots.count - 1;
    uint32_t *slots = member->step_slots.at;
    uint32_t at = (uint32_t)((to * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & mask;
    while (slots[at] != 0 && member->buffer->steps.at[member->first + slots[at] - 1].to != to) {
        at = (at + 1) & mask;
    }
    return &slots[at];
}

static void enter_steps(struct member *member, uint32_t slots)
{
    while (member->step_slots.count < slots) {
        fm_vec_push(&member->step_slots, 0);
    }
    clear_slots(member->step_slots.at, member->step_slots.count);
    for (uint32_t i = member->first; i < member->buffer->steps.count; i++) {
        *step_slot(member, member->buffer->steps.at[i].to) = i - member->first + 1;
    }
}

/* Whether the parent at work has a step to this state already. */
static bool has_step(struct member *member, uint64_t to)
{
    const struct fm_graph_step *steps = member->buffer->steps.at;
    uint32_t count = member->buffer->steps.count - member->first;
    if (count <= SCAN_MAX) {
        for (uint32_t i = 0; i < count; i++) {
            if (steps[member->first + i].to == to) {
                return true;
            }
        }
        return false;
    }
    if (count == SCAN_MAX + 1) {
        enter_steps(member, member->step_slots.count);
    } else if (count * 2 > member->step_slots.count) {
        enter_steps(member, member->step_slots.count * 2);
    }
    return *step_slot(member, to) != 0;
}

/* With what member->words say of it. */
static void add_step(struct member *member, uint64_t to)
{
    struct fm_graph_step step = {to, letter_of(member, member->words)};
    fm_vec_push(&member->buffer->steps, step);
}

/* A successor of the parent at work. */
static bool take_item(struct member *member, const struct fm_item *item)
{
    struct filler *filler = member->filler;
    if (item->state == NULL) {
        return fail(member, FM_FILL_LOST, 0, NULL, item->failure);
    }
    if (!item->in_model) {
        member->cut_off++;
        return true;
    }
    uint64_t to = fm_index_find(filler->index, item->own);
    if (to == FM_INDEX_MISSING) {
        if (filler->fill->is_bounded) {
            member->cut_off++;
            return true;
        }
        return fail(member, FM_FILL_LOST, 0, item, NULL);
    }
    if (to == member->group.first + member->at || has_step(member, to)) {
        return true;
    }
    if (!judge_step(member, item)) {
        return false;
    }
    uint32_t count = member->buffer->steps.count - member->first;
    if (count > SCAN_MAX) {
        *step_slot(member, to) = count + 1;
    }
    add_step(member, to);
    return true;
}

static void begin_parent(struct member *member, uint32_t number)
{
    member->at = number;
    member->first = member->buffer->steps.count;
}

/* The stuttering step comes last. */
static bool end_parent(struct member *member)
{
    if (!judge_step(member, NULL)) {
        return false;
    }
    add_step(member, member->group.first + member->at);
    fm_vec_push(&member->buffer->counts, member->buffer->steps.count - member->first);
    return true;
}

/* Goes on to the parent of this number. */
static bool reach_parent(struct member *member, uint32_t number)
{
    while (member->at < number) {
        if (!end_parent(member)) {
            return false;
        }
        begin_parent(member, member->at + 1);
    }
    return true;
}

static bool take(struct fm_sink *sink, struct fm_batch *batch)
{
    struct member *member = (struct member *)sink;
    for (uint32_t i = 0; i < batch->count; i++) {
        fm_index_prefetch(member->filler->index, batch->items[i].own);
    }
    uint32_t end_count = member->group.is_grouped ? batch->end_count : 1;
    uint32_t first = 0;
    for (uint32_t i = 0; i < end_count; i++) {
        uint32_t end = member->group.is_grouped ? batch->ends[i] : batch->count;
        if (member->group.is_grouped && !reach_parent(member, batch->parent + i)) {
            return false;
        }
        for (; first < end; first++) {
            if (!take_item(member, &batch->items[first])) {
                return false;
            }
        }
    }
    return true;
}

/* --- parts --- */

static bool expand_group(struct member *member)
{
    for (uint32_t i = 0; i < member->group.count; i++) {
        if (!judge_state(member, i)) {
            return false;
        }
    }
    begin_parent(member, 0);
    fm_kept_expand(member->filler->fill->checker, member->number, &member->group, &member->sink);
    return !member->stopped && reach_parent(member, member->group.count - 1) && end_parent(member);
}

/* Interrupts, and the memory limit. */
static bool must_end(struct member *member)
{
    struct filler *filler = member->filler;
    const struct fm_fill *fill = filler->fill;
    if (fill->interrupt != NULL && atomic_load_explicit(fill->interrupt, memory_order_relaxed)) {
        abandon(filler, FM_FILL_INTERRUPTED);
        return true;
    }
    if (member->number != 0 || fill->memory_max == 0) {
        return false;
    }
    uint64_t now = fm_clock_monotonic_ns();
    if (now - member->watched_ns < MEMORY_INTERVAL_NS) {
        return false;
    }
    member->watched_ns = now;
    if (fm_memory_resident() > fill->memory_max) {
        abandon(filler, FM_FILL_MEMORY);
        return true;
    }
    return false;
}

static bool expand_part(struct member *member, uint64_t part)
{
    const struct filler *filler = member->filler;
    uint64_t first = part * PART;
    uint64_t end = filler->state_count - first < PART ? filler->state_count : first + PART;
    struct fm_kept_reader reader;
    struct buffer *buffer = member->buffer;
    buffer->steps.count = buffer->counts.count = buffer->letters.count = 0;
    clear_slots(member->letter_slots.at, member->letter_slots.count);
    fm_kept_begin(filler->fill->checker, first, &reader);
    for (uint64_t at = first; at < end; at += member->group.count) {
        fm_kept_take(filler->fill->checker, member->number, &reader, at, (uint32_t)(end - at),
                     &member->group);
        if (!expand_group(member) || must_end(member)) {
            return false;
        }
    }
    return true;
}

/* --- the graph --- */

static bool commit(const struct filler *filler, struct buffer *buffer, uint32_t *numbers)
{
    uint32_t letters = buffer->letters.count / filler->letter_words;
    for (uint32_t i = 0; i < letters; i++) {
        if (!fm_graph_letter(filler->graph, buffer->letters.at + (size_t)i * filler->letter_words,
                             &numbers[i])) {
            return false;
        }
    }
    struct fm_graph_step *steps = buffer->steps.at;
    for (uint32_t i = 0; i < buffer->steps.count; i++) {
        steps[i].letter = numbers[steps[i].letter];
    }
    for (uint32_t i = 0; i < buffer->counts.count; i++) {
        if (!fm_graph_add(filler->graph, steps, buffer->counts.at[i])) {
            return false;
        }
        steps += buffer->counts.at[i];
    }
    return true;
}

/* The part's buffer is ready; whoever finds the next one ready commits it. With the lock. */
static void commit_ready(struct filler *filler)
{
    while (!filler->committing && filler->committed < filler->part_count &&
           filler->buffers[filler->committed % filler->buffer_count].is_ready) {
        struct buffer *buffer = &filler->buffers[filler->committed % filler->buffer_count];
        filler->committing = true;
        pthread_mutex_unlock(&filler->lock);
        uint32_t *numbers = fm_memory_alloc((buffer->letters.count + 1) * sizeof *numbers);
        bool done = commit(filler, buffer, numbers);
        fm_memory_free(numbers);
        if (!done) {
            abandon(filler, FM_FILL_MEMORY);
        }
        atomic_fetch_add_explicit(&filler->fill->done, buffer->counts.count, memory_order_relaxed);
        pthread_mutex_lock(&filler->lock);
        buffer->is_ready = false;
        filler->committing = false;
        filler->committed++;
        pthread_cond_broadcast(&filler->changed);
    }
}

/* Waits until the part's buffer is free; false when the part is not wanted any more. */
static bool await_buffer(struct filler *filler, uint64_t part)
{
    pthread_mutex_lock(&filler->lock);
    while (part >= filler->committed + filler->buffer_count &&
           part < atomic_load(&filler->failed)) {
        pthread_cond_wait(&filler->changed, &filler->lock);
    }
    pthread_mutex_unlock(&filler->lock);
    return part < atomic_load(&filler->failed);
}

static void run(void *closure, uint32_t number)
{
    struct filler *filler = closure;
    struct member *member = &filler->members[number];
    member->engine = fm_kept_engine(filler->fill->checker, number);
    for (;;) {
        uint64_t part = atomic_fetch_add(&filler->next, 1);
        if (part >= filler->part_count || !await_buffer(filler, part)) {
            return;
        }
        member->buffer = &filler->buffers[part % filler->buffer_count];
        if (!expand_part(member, part)) {
            return;
        }
        pthread_mutex_lock(&filler->lock);
        member->buffer->is_ready = true;
        commit_ready(filler);
        pthread_mutex_unlock(&filler->lock);
    }
}

/* --- the whole --- */

static void init_filler(struct filler *filler)
{
    const struct fm_temporals *temporals = filler->fill->temporals;
    uint32_t crew = fm_kept_crew(filler->fill->checker);
    filler->buffer_count = crew * PARTS_AHEAD;
    filler->buffers = fm_memory_calloc(filler->buffer_count, sizeof *filler->buffers);
    filler->members = fm_memory_calloc(crew, sizeof *filler->members);
    for (uint32_t i = 0; i < temporals->atom_count; i++) {
        if (temporals->atoms[i].is_step) {
            fm_vec_push(&filler->step_atoms, i);
        } else {
            fm_vec_push(&filler->state_atoms, i);
        }
    }
    for (uint32_t i = 0; i < crew; i++) {
        struct member *member = &filler->members[i];
        member->sink.take = take;
        member->filler = filler;
        member->number = i;
        member->state_words = fm_memory_calloc((size_t)filler->letter_words * FM_GROUP_MAX,
                                               sizeof *member->state_words);
        member->words = fm_memory_calloc(filler->letter_words, sizeof *member->words);
        for (uint32_t j = 0; j < 4 * SCAN_MAX + 16; j++) {
            fm_vec_push(&member->letter_slots, 0);
            fm_vec_push(&member->step_slots, 0);
        }
        fm_assert((member->letter_slots.count & (member->letter_slots.count - 1)) == 0);
    }
    int error = pthread_mutex_init(&filler->lock, NULL);
    fm_assert(error == 0);
    error = pthread_cond_init(&filler->changed, NULL);
    fm_assert(error == 0);
}

static void deinit_filler(struct filler *filler)
{
    for (uint32_t i = 0; i < filler->buffer_count; i++) {
        fm_vec_deinit(&filler->buffers[i].steps);
        fm_vec_deinit(&filler->buffers[i].counts);
        fm_vec_deinit(&filler->buffers[i].letters);
    }
    uint32_t crew = filler->buffer_count / PARTS_AHEAD;
    for (uint32_t i = 0; i < crew; i++) {
        struct member *member = &filler->members[i];
        filler->fill->cut_off += member->cut_off;
        fm_memory_free(member->state_words);
        fm_memory_free(member->words);
        fm_vec_deinit(&member->letter_slots);
        fm_vec_deinit(&member->step_slots);
    }
    fm_memory_free(filler->buffers);
    fm_memory_free(filler->members);
    fm_vec_deinit(&filler->state_atoms);
    fm_vec_deinit(&filler->step_atoms);
    pthread_cond_destroy(&filler->changed);
    pthread_mutex_destroy(&filler->lock);
}

enum fm_fill_end fm_fill_graph(struct fm_fill *fill, struct fm_graph *graph)
{
    struct filler filler = {
        .fill = fill,
        .graph = graph,
        .ops = fm_kept_model(fill->checker)->ops,
        .state_count = fm_kept_count(fill->checker),
        .letter_words = fm_graph_letter_words(graph),
        .end = FM_FILL_DONE,
    };
    filler.part_count = (filler.state_count + PART - 1) / PART;
    atomic_store(&filler.failed, UINT64_MAX);
    filler.index = fm_index_new(fill->checker, fill->interrupt, &fill->indexed);
    if (filler.index == NULL) {
        return errno == ECANCELED ? FM_FILL_INTERRUPTED : FM_FILL_MEMORY;
    }
    fill->index_bytes = fm_index_bytes(filler.index);
    fill->collision = fm_index_collision(filler.index);
    init_filler(&filler);
    fm_kept_run(fill->checker, run, &filler);
    deinit_filler(&filler);
    fm_index_free(filler.index);
    fm_graph_set_initial(graph, fm_kept_initial_count(fill->checker));
    return filler.end;
}
