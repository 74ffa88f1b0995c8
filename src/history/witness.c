/* Making a witness small.
 *
 * To leave an operation out of a history can take its order away: of a read nobody would know who
 * wrote its value. So operations are not left out, they are weakened: an observer is forgotten, and
 * any other operation may have taken effect at any time after its call, or not at all. What remains
 * without an order then is a reason for everything that was weakened too. An operation is weakened
 * if there is no order still; larger and larger parts of the history first, then smaller ones
 * (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002), until no
 * single one can be. Weakened operations on values that no other operation speaks of are left out:
 * they cannot help.
 *
 * Two things come before. What was called behind the end that left no order is not needed. And for
 * registers, if the operations that end after some moment have no order whatever the register held
 * then, those before are not needed; the latest such moment is found by bisection.
 *
 * Each attempt is a search with small limits. One that reaches them counts as an order: the witness
 * is then larger than need be, and is not called minimal. */
#include "history/witness.h"

#include "base/file.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

static const uint64_t attempt_ns_max = (uint64_t)200 * 1000 * 1000;
static const uint64_t all_ns_max = (uint64_t)10 * 1000 * 1000 * 1000;
#define ATTEMPT_MEMORY_MAX ((uint64_t)128 << 20)

struct shrinking {
    struct fm_history *history;
    bool single;
    const struct fm_operation *const *operations; /* as they were */
    uint32_t count, first;                        /* those before `first` are not needed */
    bool *weak;
    bool *mentioned; /* by datum */
    bool all_matter;
    uint64_t cut; /* place behind which nothing counts */
    uint64_t deadline_ns;
    bool gave_up;
    const struct fm_operation **list; /* of an attempt */
    struct fm_operation *copies;
    uint32_t list_count;
    FM_VEC(uint32_t) states;
};

/* --- what matters --- */

/* Whether the operation speaks where it counts: as itself, or as a compare-and-set, which counts
 * once it succeeds. */
static bool speaks(const struct shrinking *shrinking, uint32_t i)
{
    return (i >= shrinking->first && !shrinking->weak[i]) ||
           shrinking->operations[i]->verb == FM_VERB_CAS;
}

static void mention(struct shrinking *shrinking, fm_datum datum)
{
    if (datum != FM_DATUM_NONE) {
        shrinking->mentioned[datum] = true;
    }
}

/* Notes which data those speak of that count. A write of a value that nobody speaks of matters when
 * somebody was told that a value was not there, or was told everything. */
static void note_mentioned(struct shrinking *shrinking)
{
    memset(shrinking->mentioned, 0, shrinking->history->data.count * sizeof *shrinking->mentioned);
    shrinking->all_matter = shrinking->history->object == FM_OBJECT_COUNTER || shrinking->single;
    for (uint32_t i = 0; i < shrinking->count; i++) {
        const struct fm_operation *operation = shrinking->operations[i];
        if (speaks(shrinking, i)) {
            mention(shrinking, operation->argument);
            mention(shrinking, operation->result);
            bool is_denied = operation->result == FM_DATUM_FALSE && !shrinking->weak[i];
            shrinking->all_matter = shrinking->all_matter || is_denied ||
                                    operation->verb == FM_VERB_MEMBERS;
        }
    }
}

/* Whether a weakened operation can matter to those that are not. */
static bool is_relevant(const struct shrinking *shrinking, const struct fm_operation *operation)
{
    enum fm_verb verb = operation->verb;
    fm_datum datum = verb == FM_VERB_CAS      ? operation->second
                     : verb == FM_VERB_DELETE ? FM_DATUM_NULL
                                              : operation->argument;
    return shrinking->all_matter || verb == FM_VERB_DEQUEUE ||
           (datum != FM_DATUM_NONE && shrinking->mentioned[datum]);
}

/* The history of an attempt. */
static void make_list(struct shrinking *shrinking, const struct fm_object *object)
{
    shrinking->list_count = 0;
    note_mentioned(shrinking);
    uint64_t begin = shrinking->operations[shrinking->first]->call;
    for (uint32_t i = 0; i < shrinking->count; i++) {
        const struct fm_operation *operation = shrinking->operations[i];
        struct fm_operation *copy = &shrinking->copies[shrinking->list_count];
        *copy = *operation;
        bool weak = shrinking->weak[i] || i < shrinking->first;
        if (operation->end < begin) {
            continue;
        }
        if (weak) {
            copy->end = FM_NEVER;
            copy->result = FM_DATUM_NONE;
        }
        if (operation->call > shrinking->cut ||
            (weak && (fm_object_role(object, copy) == FM_ROLE_OBSERVER ||
                      !is_relevant(shrinking, operation)))) {
            continue;
        }
        shrinking->list[shrinking->list_count++] = copy;
    }
}

/* Whether there is certainly no order. */
static bool has_no_order(struct shrinking *shrinking, uint32_t *at)
{
    struct fm_object object;
    uint64_t now = fm_clock_monotonic_ns();
    if (now > shrinking->deadline_ns) {
        shrinking->gave_up = true;
        return false;
    }
    fm_object_init(&object, shrinking->history, shrinking->single);
    make_list(shrinking, &object);
    struct fm_frontier_limits limits = {.deadline_ns = now + attempt_ns_max,
                                        .memory_max = ATTEMPT_MEMORY_MAX,
                                        .states = shrinking->states.at,
                                        .state_count = shrinking->states.count};
    struct fm_frontier_result result = fm_frontier_search(&object, shrinking->list,
                                                          shrinking->list_count, &limits);
    fm_object_deinit(&object);
    shrinking->gave_up = shrinking->gave_up || result.verdict == FM_LINEARITY_UNKNOWN;
    if (at != NULL) {
        *at = result.at;
    }
    return result.verdict == FM_NOT_LINEARIZABLE;
}

/* --- steps --- */

/* The operations called before this place have no order. Others can matter to them only while they
 * last. */
static void cut_behind(struct shrinking *shrinking, uint64_t place)
{
    uint64_t cut = place;
    for (uint32_t i = 0; i < shrinking->count; i++) {
        const struct fm_operation *operation = shrinking->operations[i];
        shrinking->weak[i] = operation->call > place;
        if (!shrinking->weak[i] && operation->end != FM_NEVER && operation->end > cut) {
            cut = operation->end;
        }
    }
    shrinking->cut = cut;
}

/* Every state at the first call that operations of a register can tell apart: what they speak of,
 * and something else. */
static void add_states(struct shrinking *shrinking)
{
    shrinking->states.count = 0;
    if (shrinking->single) {
        fm_vec_push(&shrinking->states, FM_DATUM_FALSE);
        fm_vec_push(&shrinking->states, FM_DATUM_TRUE);
        return;
    }
    uint64_t begin = shrinking->operations[shrinking->first]->call;
    for (uint32_t i = 0; i < shrinking->count; i++) {
        const struct fm_operation *operation = shrinking->operations[i];
        if (operation->end < begin) {
            continue;
        }
        if (operation->verb == FM_VERB_CAS) {
            fm_vec_push(&shrinking->states, operation->argument);
        } else if (operation->result != FM_DATUM_NONE) {
            fm_vec_push(&shrinking->states, operation->result);
        }
    }
    fm_vec_push(&shrinking->states, shrinking->history->data.count);
}

/* Leaves out the operations that end before the latest moment that will do. */
static void leave_out_before(struct shrinking *shrinking)
{
    bool has_states = shrinking->history->object == FM_OBJECT_REGISTER || shrinking->single;
    uint32_t low = 0, high = shrinking->count; /* `low` will do, with the initial state */
    if (!has_states) {
        return;
    }
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        shrinking->first = middle;
        add_states(shrinking);
        *(has_no_order(shrinking, NULL) ? &low : &high) = middle;
    }
    shrinking->first = low;
    shrinking->states.count = 0;
    if (low > 0) {
        add_states(shrinking);
    }
}

/* Weakens the operations [from, to) that are not weak yet, if there is no order then. */
static bool weaken(struct shrinking *shrinking, uint32_t from, uint32_t to)
{
    FM_VEC(uint32_t) changed = {0};
    for (uint32_t i = from; i < to; i++) {
        if (!shrinking->weak[i]) {
            fm_vec_push(&changed, i);
            shrinking->weak[i] = true;
        }
    }
    bool good = changed.count > 0 && has_no_order(shrinking, NULL);
    for (uint32_t i = 0; i < changed.count && !good; i++) {
        shrinking->weak[changed.at[i]] = false;
    }
    fm_vec_deinit(&changed);
    return good;
}

/* One round of attempts with parts of this size; whether one succeeded. */
static bool weaken_parts(struct shrinking *shrinking, uint32_t size)
{
    bool any = false;
    for (uint32_t i = shrinking->first; i < shrinking->count; i += size) {
        uint32_t end = shrinking->count - i > size ? i + size : shrinking->count;
        any = weaken(shrinking, i, end) || any;
    }
    return any;
}

static void weaken_all(struct shrinking *shrinking)
{
    for (uint32_t size = shrinking->count - shrinking->first; size > 1; size /= 2) {
        (void)weaken_parts(shrinking, size);
    }
    do {
        shrinking->gave_up = false; /* what the last round finds out is what counts */
    } while (weaken_parts(shrinking, 1));
}

static const struct fm_operation *const *keep(struct fm_history *history,
                                              const struct fm_operation *const *at, uint32_t count)
{
    return fm_arena_copy(&history->arena, at, ((size_t)count + 1) * sizeof(struct fm_operation *));
}

/* Puts the rest into the result. */
static void report(struct shrinking *shrinking, struct fm_linearity_result *result)
{
    struct fm_object object;
    size_t room = (size_t)shrinking->count + 1;
    const struct fm_operation **others = fm_memory_alloc(room * sizeof(struct fm_operation *));
    fm_object_init(&object, shrinking->history, shrinking->single);
    make_list(shrinking, &object);
    fm_object_deinit(&object);
    uint32_t at = 0;
    bool known = has_no_order(shrinking, &at);
    uint64_t at_call = known ? shrinking->list[at]->call : FM_NEVER;
    shrinking->list_count = 0;
    uint64_t begin = shrinking->operations[shrinking->first]->call;
    for (uint32_t i = 0; i < shrinking->count; i++) {
        const struct fm_operation *operation = shrinking->operations[i];
        if (operation->call > shrinking->cut || operation->end < begin) {
            continue;
        }
        if (operation->call == at_call) {
            result->at = operation;
        }
        if (i >= shrinking->first && !shrinking->weak[i]) {
            shrinking->list[shrinking->list_count++] = operation;
        } else if (operation->argument != FM_DATUM_NONE &&
                   shrinking->mentioned[operation->argument]) {
            others[result->other_count++] = operation;
        }
    }
    result->from = shrinking->first > 0 ? begin : 0;
    result->witness_count = shrinking->list_count;
    result->witness = keep(shrinking->history, shrinking->list, shrinking->list_count);
    result->others = keep(shrinking->history, others, result->other_count);
    fm_memory_free(others);
}

void fm_witness_find(struct fm_history *history, bool single,
                     const struct fm_operation *const *operations, uint32_t count,
                     struct fm_linearity_result *result)
{
    size_t room = (size_t)count + 1;
    struct shrinking shrinking = {.history = history,
                                  .single = single,
                                  .operations = operations,
                                  .count = count,
                                  .cut = FM_NEVER,
                                  .deadline_ns = fm_clock_monotonic_ns() + all_ns_max};
    shrinking.weak = fm_memory_calloc(room, sizeof *shrinking.weak);
    shrinking.mentioned = fm_memory_calloc(history->data.count, sizeof *shrinking.mentioned);
    shrinking.list = fm_memory_alloc(room * sizeof(struct fm_operation *));
    shrinking.copies = fm_memory_alloc(room * sizeof *shrinking.copies);
    uint32_t at = 0;
    if (has_no_order(&shrinking, &at)) {
        cut_behind(&shrinking, shrinking.list[at]->end);
        leave_out_before(&shrinking);
        shrinking.gave_up = false;
        weaken_all(&shrinking);
        result->minimal = !shrinking.gave_up;
    }
    report(&shrinking, result);
    fm_vec_deinit(&shrinking.states);
    fm_memory_free(shrinking.weak);
    fm_memory_free(shrinking.mentioned);
    fm_memory_free(shrinking.list);
    fm_memory_free(shrinking.copies);
}
