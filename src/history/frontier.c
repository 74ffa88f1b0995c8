/* Is there an order? Wing and Gong's search, with what was tried remembered, event by event.
 *
 * A configuration says in which state the object may be and which of the operations under way have
 * taken effect. Configurations that are equal are one (Lowe, "Testing for linearizability", 2017,
 * which adds that to Wing and Gong, "Testing and verifying concurrent objects", 1993). Here all of
 * them go through the history together, from event to event, so that those of the past are
 * forgotten: memory holds the configurations of one event. Effects are put off as long as possible:
 * only when an operation ends must it have had its effect, and only then others are let go before
 * it.
 *
 * What keeps configurations few:
 *
 * - An observer (a read) leaves the state as it is. It is taken to have happened as soon as the
 * state allows it; that is never worse than later.
 * - A blind operation (a write) undoes whatever was before it. Each other blind operation under way
 *   may as well have happened just before, unseen: it is *free*. It may still have its effect
 * later, but it need not, so its end asks for nothing. An operation whose end is not known is free
 * from the beginning. Between two blind operations of one run without an observer that the first of
 * them satisfies, or an operation that needs its state, the first is not tried at all.
 * - Of operations that do the same, the one that ends first goes first: exchanging them changes
 *   nothing.
 *
 * Cost: events times configurations. Registers of few values have few, however many writes are
 * under way; a set of which all elements are read, a queue, a counter with different summands can
 * have exponentially many in the number of operations under way, which no algorithm avoids (the
 * problem is NP-complete: Gibbons and Korach, 1997). Then a limit ends the search. */
#include "history/frontier.h"

#include "base/assert.h"
#include "base/file.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

#define NO_SLOT UINT32_MAX
/* Configurations between two looks at the clock. */
#define LOOK_EVERY 4096u

/* A set of configurations, each `words` long: the state (and a mark), `masks` words of operations
 * that have taken effect, as many of free ones. */
struct set {
    uint64_t *at;
    uint64_t count, capacity;
    uint32_t *slots; /* number + 1, 0 is empty */
    uint64_t slot_count;
};

struct event {
    uint64_t place;
    uint32_t operation;
    bool is_end;
};

struct search {
    struct fm_object *object;
    const struct fm_operation *const *operations;
    uint32_t count;
    const struct fm_frontier_limits *limits;
    struct fm_frontier_result result;
    struct event *events;
    uint64_t event_count;
    enum fm_role *roles;
    uint32_t *slot_of;   /* of each operation; NO_SLOT when it is not under way */
    uint32_t *slots;     /* operation of each slot; UINT32_MAX: free */
    uint32_t slot_count; /* most operations under way at once */
    uint32_t masks, words;
    struct set now, next; /* before and behind the event */
    struct set tried;     /* on the way to an end */
    uint64_t *scratch;
    bool stopped;
};

/* --- sets --- */

static void set_clear(struct set *set)
{
    set->count = 0;
    if (set->slots != NULL) {
        memset(set->slots, 0, set->slot_count * sizeof *set->slots);
    }
}

static void set_deinit(struct set *set)
{
    fm_memory_free(set->at);
    fm_memory_free(set->slots);
}

static uint64_t hash_of(const uint64_t *words, uint32_t count)
{
    uint64_t hash = 0;
    for (uint32_t i = 0; i < count; i++) {
        hash = (hash ^ words[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    return hash;
}

static uint32_t *set_slot(const struct set *set, const uint64_t *words, uint32_t count)
{
    uint64_t mask = set->slot_count - 1;
    uint64_t at = hash_of(words, count) & mask;
    while (set->slots[at] != 0 && memcmp(set->at + (uint64_t)(set->slots[at] - 1) * count, words,
                                         count * sizeof *words) != 0) {
        at = (at + 1) & mask;
    }
    return &set->slots[at];
}

static void set_grow(struct set *set, uint32_t words)
{
    set->capacity = set->capacity == 0 ? 64 : 2 * set->capacity;
    set->at = fm_memory_resize(set->at, set->capacity * words * sizeof *set->at);
    fm_memory_free(set->slots);
    set->slot_count = 2 * set->capacity;
    set->slots = fm_memory_calloc(set->slot_count, sizeof *set->slots);
    for (uint64_t i = 0; i < set->count; i++) {
        *set_slot(set, set->at + i * words, words) = (uint32_t)(i + 1);
    }
}

static uint64_t set_bytes(const struct set *set, uint32_t words)
{
    return set->capacity * words * sizeof *set->at + set->slot_count * sizeof *set->slots;
}

static bool is_over(struct search *search)
{
    uint64_t bytes = set_bytes(&search->now, search->words) +
                     set_bytes(&search->next, search->words) +
                     set_bytes(&search->tried, search->words) + fm_object_bytes(search->object);
    if (bytes > search->limits->memory_max) {
        search->result.reason = "the search would take more memory than it may";
    } else if (search->limits->deadline_ns != 0 &&
               fm_clock_monotonic_ns() > search->limits->deadline_ns) {
        search->result.reason = "the search would take more time than it may";
    }
    search->stopped = search->result.reason != NULL;
    return search->stopped;
}

/* Adds a copy; false when it is there already, or a limit is reached. */
static bool set_add(struct search *search, struct set *set, const uint64_t *words)
{
    if (set->count == set->capacity) {
        set_grow(set, search->words);
        if (is_over(search)) {
            return false;
        }
    }
    uint32_t *slot = set_slot(set, words, search->words);
    if (*slot != 0) {
        return false;
    }
    memcpy(set->at + set->count * search->words, words, search->words * sizeof *words);
    *slot = (uint32_t)++set->count;
    if (++search->result.configurations % LOOK_EVERY == 0) {
        (void)is_over(search);
    }
    return true;
}

/* --- configurations --- */

/* Beside the state: the last operation was blind, and nothing has come of it yet. */
#define USELESS ((uint64_t)1 << 63)

static uint32_t state_of(const uint64_t *configuration)
{
    return (uint32_t)configuration[0];
}

static uint64_t *done_of(const struct search *search, uint64_t *configuration)
{
    (void)search;
    return configuration + 1;
}

static uint64_t *free_of(const struct search *search, uint64_t *configuration)
{
    return configuration + 1 + search->masks;
}

static bool has_bit(const uint64_t *mask, uint32_t bit)
{
    return (mask[bit / 64] >> (bit % 64) & 1) != 0;
}

static void set_bit(uint64_t *mask, uint32_t bit)
{
    mask[bit / 64] |= (uint64_t)1 << (bit % 64);
}

static void clear_bit(uint64_t *mask, uint32_t bit)
{
    mask[bit / 64] &= ~((uint64_t)1 << (bit % 64));
}

/* Lets observers happen that the state allows; whether there was one. */
static bool observe(struct search *search, uint64_t *configuration)
{
    uint64_t *done = done_of(search, configuration);
    bool any = false;
    for (uint32_t slot = 0; slot < search->slot_count; slot++) {
        uint32_t operation = search->slots[slot], next;
        if (operation != UINT32_MAX && search->roles[operation] == FM_ROLE_OBSERVER &&
            !has_bit(done, slot) &&
            fm_object_step(search->object, state_of(configuration), search->operations[operation],
                           &next)) {
            set_bit(done, slot);
            any = true;
        }
    }
    return any;
}

static bool do_the_same(const struct fm_operation *a, const struct fm_operation *b)
{
    return a->verb == b->verb && a->argument == b->argument && a->second == b->second &&
           a->result == b->result && (a->end == FM_NEVER) == (b->end == FM_NEVER);
}

/* Whether another operation that does the same should go first. */
static bool is_behind(const struct search *search, const uint64_t *done, uint32_t slot)
{
    uint32_t number = search->slots[slot];
    const struct fm_operation *operation = search->operations[number];
    for (uint32_t other = 0; other < search->slot_count; other++) {
        uint32_t rival = search->slots[other];
        if (rival == UINT32_MAX || other == slot || has_bit(done, other) ||
            !do_the_same(operation, search->operations[rival])) {
            continue;
        }
        uint64_t end = search->operations[rival]->end;
        if (end < operation->end || (end == operation->end && rival < number)) {
            return true;
        }
    }
    return false;
}

/* Everything blind that is under way may have happened unseen, just before. */
static void set_free(const struct search *search, uint64_t *configuration)
{
    const uint64_t *done = done_of(search, configuration);
    uint64_t *free_mask = free_of(search, configuration);
    for (uint32_t slot = 0; slot < search->slot_count; slot++) {
        uint32_t operation = search->slots[slot];
        if (operation != UINT32_MAX && search->roles[operation] == FM_ROLE_BLIND &&
            !has_bit(done, slot)) {
            set_bit(free_mask, slot);
        }
    }
}

/* The configuration behind the operation in this slot, in scratch memory; false when it is not
 * possible, or not worth trying. */
static bool apply(struct search *search, const uint64_t *configuration, uint32_t slot)
{
    uint32_t operation = search->slots[slot], next;
    uint64_t *made = search->scratch;
    memcpy(made, configuration, search->words * sizeof *made);
    bool is_blind = search->roles[operation] == FM_ROLE_BLIND;
    if ((is_blind && (made[0] & USELESS) != 0) || is_behind(search, done_of(search, made), slot) ||
        !fm_object_step(search->object, state_of(made), search->operations[operation], &next)) {
        return false;
    }
    made[0] = next;
    set_bit(done_of(search, made), slot);
    clear_bit(free_of(search, made), slot);
    if (is_blind) {
        set_free(search, made);
    }
    if (!observe(search, made) && is_blind) {
        made[0] |= USELESS;
    }
    return true;
}

/* --- events --- */

/* Adds what the configuration is when the operation in this slot has ended. */
static void add_ended(struct search *search, const uint64_t *configuration, uint32_t slot)
{
    uint64_t *ended = search->scratch;
    memmove(ended, configuration, search->words * sizeof *ended);
    ended[0] &= ~USELESS;
    clear_bit(done_of(search, ended), slot);
    clear_bit(free_of(search, ended), slot);
    (void)set_add(search, &search->next, ended);
}

/* Tries everything that can go before the end of the operation in this slot, until that has taken
 * effect. `tried` holds the configurations it has not. */
static void let_go(struct search *search, uint32_t slot)
{
    for (uint64_t i = 0; i < search->tried.count && !search->stopped; i++) {
        for (uint32_t other = 0; other < search->slot_count && !search->stopped; other++) {
            uint64_t *from = search->tried.at + i * search->words;
            uint32_t operation = search->slots[other];
            if (operation == UINT32_MAX || search->roles[operation] == FM_ROLE_OBSERVER ||
                has_bit(done_of(search, from), other) || !apply(search, from, other)) {
                continue;
            }
            if (has_bit(done_of(search, search->scratch), slot)) {
                add_ended(search, search->scratch, slot);
            } else {
                (void)set_add(search, &search->tried, search->scratch);
            }
        }
    }
}

static void swap_sets(struct search *search)
{
    struct set old = search->now;
    search->now = search->next;
    search->next = old;
    set_clear(&search->next);
}

static void begin_operation(struct search *search, uint32_t operation)
{
    uint32_t slot = 0;
    while (search->slots[slot] != UINT32_MAX) {
        slot++;
    }
    fm_assert(slot < search->slot_count);
    search->slots[slot] = operation;
    search->slot_of[operation] = slot;
    bool is_free = search->operations[operation]->end == FM_NEVER;
    if (!is_free && search->roles[operation] != FM_ROLE_OBSERVER) {
        return;
    }
    for (uint64_t i = 0; i < search->now.count && !search->stopped; i++) {
        memcpy(search->scratch, search->now.at + i * search->words,
               search->words * sizeof *search->scratch);
        if (is_free) {
            set_bit(free_of(search, search->scratch), slot);
        } else {
            (void)observe(search, search->scratch);
        }
        (void)set_add(search, &search->next, search->scratch);
    }
    swap_sets(search);
}

static void end_operation(struct search *search, uint32_t operation)
{
    uint32_t slot = search->slot_of[operation];
    set_clear(&search->tried);
    for (uint64_t i = 0; i < search->now.count && !search->stopped; i++) {
        uint64_t *configuration = search->now.at + i * search->words;
        if (has_bit(done_of(search, configuration), slot)) {
            add_ended(search, configuration, slot);
            continue;
        }
        if (has_bit(free_of(search, configuration), slot)) {
            add_ended(search, configuration, slot);
        }
        (void)set_add(search, &search->tried, configuration);
    }
    let_go(search, slot);
    search->slots[slot] = UINT32_MAX;
    search->slot_of[operation] = NO_SLOT;
    swap_sets(search);
}

static int compare_events(const void *left, const void *right)
{
    const struct event *a = left, *b = right;
    return a->place < b->place ? -1 : a->place > b->place;
}

static void list_events(struct search *search)
{
    search->events = fm_memory_alloc(((size_t)2 * search->count + 1) * sizeof *search->events);
    for (uint32_t i = 0; i < search->count; i++) {
        const struct fm_operation *operation = search->operations[i];
        search->events[search->event_count++] = (struct event){operation->call, i, false};
        if (operation->end != FM_NEVER) {
            search->events[search->event_count++] = (struct event){operation->end, i, true};
        }
    }
    qsort(search->events, search->event_count, sizeof *search->events, compare_events);
    uint32_t open = 0;
    for (uint64_t i = 0; i < search->event_count; i++) {
        open = search->events[i].is_end ? open - 1 : open + 1;
        search->slot_count = open > search->slot_count ? open : search->slot_count;
    }
}

static void prepare(struct search *search)
{
    size_t count = (size_t)search->count + 1;
    list_events(search);
    search->masks = (search->slot_count + 63) / 64;
    search->words = 1 + 2 * search->masks;
    search->scratch = fm_memory_calloc(search->words, sizeof *search->scratch);
    search->roles = fm_memory_alloc(count * sizeof *search->roles);
    search->slot_of = fm_memory_alloc(count * sizeof *search->slot_of);
    search->slots = fm_memory_alloc(((size_t)search->slot_count + 1) * sizeof *search->slots);
    for (uint32_t i = 0; i < search->count; i++) {
        search->roles[i] = fm_object_role(search->object, search->operations[i]);
        search->slot_of[i] = NO_SLOT;
    }
    for (uint32_t i = 0; i < search->slot_count; i++) {
        search->slots[i] = UINT32_MAX;
    }
    search->scratch[0] = fm_object_initial(search->object);
    for (uint32_t i = 0; i < search->limits->state_count; i++) {
        search->scratch[0] = search->limits->states[i];
        (void)set_add(search, &search->now, search->scratch);
    }
    (void)set_add(search, &search->now, search->scratch);
    set_grow(&search->next, search->words);
    set_grow(&search->tried, search->words);
}

struct fm_frontier_result fm_frontier_search(struct fm_object *object,
                                             const struct fm_operation *const *operations,
                                             uint32_t count,
                                             const struct fm_frontier_limits *limits)
{
    struct search search = {
        .object = object, .operations = operations, .count = count, .limits = limits};
    prepare(&search);
    for (uint64_t i = 0; i < search.event_count && !search.stopped; i++) {
        const struct event *event = &search.events[i];
        if (!event->is_end) {
            begin_operation(&search, event->operation);
            continue;
        }
        end_operation(&search, event->operation);
        if (search.now.count == 0 && !search.stopped) {
            search.result.verdict = FM_NOT_LINEARIZABLE;
            search.result.at = event->operation;
            break;
        }
    }
    if (search.stopped) {
        search.result.verdict = FM_LINEARITY_UNKNOWN;
    }
    set_deinit(&search.now);
    set_deinit(&search.next);
    set_deinit(&search.tried);
    fm_memory_free(search.events);
    fm_memory_free(search.roles);
    fm_memory_free(search.slot_of);
    fm_memory_free(search.slots);
    fm_memory_free(search.scratch);
    return search.result;
}
