/* Registers, sets, queues and counters.
 *
 * A state of a register is what it holds, one of a single element of a set whether it is there: no
 * table is needed. A state of a set is its elements in order of their numbers, one of a queue its
 * elements from the oldest; both are kept as text whose bytes are the numbers. One of a counter is
 * the sum, as a datum of the table of states. */
#include "history/object.h"

#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

typedef FM_VEC(fm_datum) elements;

void fm_object_init(struct fm_object *object, struct fm_history *history, bool single)
{
    *object = (struct fm_object){.history = history, .kind = history->object, .single = single};
    fm_arena_init(&object->arena, "states of a history");
    fm_data_init(&object->states, &object->arena);
}

void fm_object_deinit(struct fm_object *object)
{
    fm_data_deinit(&object->states);
    fm_arena_deinit(&object->arena);
}

uint64_t fm_object_bytes(const struct fm_object *object)
{
    return object->arena.held + (uint64_t)object->states.capacity * sizeof *object->states.entries +
           (uint64_t)object->states.slot_count * sizeof *object->states.slots;
}

/* --- lists of elements as states --- */

static uint32_t state_of(struct fm_object *object, const fm_datum *at, uint32_t count)
{
    return fm_data_text(&object->states, (const char *)at, (uint32_t)(count * sizeof *at), NULL, 0);
}

/* The elements of a state, in its own memory. */
static const fm_datum *elements_of(const struct fm_object *object, uint32_t state, uint32_t *count)
{
    struct fm_datum_entry entry = fm_data_entry(&object->states, state);
    *count = entry.length / (uint32_t)sizeof(fm_datum);
    return (const fm_datum *)(const void *)entry.text;
}

static int compare_elements(const void *left, const void *right)
{
    fm_datum a = *(const fm_datum *)left, b = *(const fm_datum *)right;
    return a < b ? -1 : a > b;
}

/* Elements of a JSON list, each once. */
static uint32_t state_of_list(struct fm_object *object, fm_datum list)
{
    struct fm_datum_entry entry = fm_data_entry(&object->history->data, list);
    elements items = {0};
    for (uint32_t i = 0; i < entry.item_count; i++) {
        fm_vec_push(&items, entry.items[i]);
    }
    uint32_t kept = 0;
    if (items.count > 0) {
        qsort(items.at, items.count, sizeof *items.at, compare_elements);
    }
    for (uint32_t i = 0; i < items.count; i++) {
        if (i == 0 || items.at[i] != items.at[i - 1]) {
            items.at[kept++] = items.at[i];
        }
    }
    uint32_t state = state_of(object, items.at, kept);
    fm_vec_deinit(&items);
    return state;
}

uint32_t fm_object_initial(struct fm_object *object)
{
    switch (object->kind) {
    case FM_OBJECT_REGISTER:
        return object->history->initial;
    case FM_OBJECT_SET:
        return object->single ? FM_DATUM_FALSE : state_of(object, NULL, 0);
    case FM_OBJECT_QUEUE:
        return state_of(object, NULL, 0);
    case FM_OBJECT_COUNTER:
        return fm_data_integer(
            &object->states,
            fm_data_entry(&object->history->data, object->history->initial).integer);
    }
    return 0;
}

enum fm_role fm_object_role(const struct fm_object *object, const struct fm_operation *operation)
{
    switch (operation->verb) {
    case FM_VERB_READ:
    case FM_VERB_GET:
    case FM_VERB_CONTAINS:
    case FM_VERB_MEMBERS:
    case FM_VERB_TOTAL:
        return FM_ROLE_OBSERVER;
    case FM_VERB_WRITE:
    case FM_VERB_PUT:
    case FM_VERB_DELETE:
        return FM_ROLE_BLIND;
    case FM_VERB_CAS:
        return operation->result == FM_DATUM_FALSE ? FM_ROLE_OBSERVER : FM_ROLE_OTHER;
    case FM_VERB_ADD:
    case FM_VERB_REMOVE:
        if (operation->result == FM_DATUM_FALSE) {
            return FM_ROLE_OBSERVER;
        }
        return object->single && operation->result == FM_DATUM_NONE ? FM_ROLE_BLIND : FM_ROLE_OTHER;
    case FM_VERB_DEQUEUE:
        return operation->end != FM_NEVER && operation->result == FM_DATUM_NULL ? FM_ROLE_OBSERVER
                                                                                : FM_ROLE_OTHER;
    case FM_VERB_ENQUEUE:
    case FM_VERB_INCREMENT:
    case FM_VERB_DECREMENT:
    case FM_VERB_ADD_AND_GET:
        return FM_ROLE_OTHER;
    case FM_VERB_COUNT:
        break;
    }
    return FM_ROLE_OTHER;
}

/* --- steps --- */

static bool step_register(uint32_t state, const struct fm_operation *operation, uint32_t *next)
{
    enum fm_verb verb = operation->verb;
    *next = state;
    if (verb == FM_VERB_WRITE || verb == FM_VERB_PUT) {
        *next = operation->argument;
        return true;
    }
    if (verb == FM_VERB_DELETE) {
        *next = FM_DATUM_NULL;
        return true;
    }
    if (verb != FM_VERB_CAS) {
        return state == operation->result;
    }
    if (operation->result == FM_DATUM_FALSE) {
        return state != operation->argument;
    }
    *next = operation->second;
    return state == operation->argument;
}

/* One element: whether it is there. */
static bool step_element(uint32_t state, const struct fm_operation *operation, uint32_t *next)
{
    fm_datum result = operation->result;
    if (operation->verb == FM_VERB_CONTAINS) {
        *next = state;
        return state == result;
    }
    uint32_t wanted = operation->verb == FM_VERB_ADD ? FM_DATUM_TRUE : FM_DATUM_FALSE;
    *next = wanted;
    return result == FM_DATUM_NONE || (result == FM_DATUM_TRUE) == (state != wanted);
}

static bool step_set(struct fm_object *object, uint32_t state, const struct fm_operation *operation,
                     uint32_t *next)
{
    uint32_t count, at = 0;
    *next = state;
    if (operation->verb == FM_VERB_MEMBERS) {
        return operation->result == FM_DATUM_NONE ||
               state_of_list(object, operation->result) == state;
    }
    const fm_datum *items = elements_of(object, state, &count);
    while (at < count && items[at] < operation->argument) {
        at++;
    }
    bool there = at < count && items[at] == operation->argument;
    uint32_t element;
    if (!step_element(there ? FM_DATUM_TRUE : FM_DATUM_FALSE, operation, &element)) {
        return false;
    }
    if ((element == FM_DATUM_TRUE) == there) {
        return true;
    }
    elements changed = {0};
    for (uint32_t i = 0; i < at; i++) {
        fm_vec_push(&changed, items[i]);
    }
    if (!there) {
        fm_vec_push(&changed, operation->argument);
    }
    for (uint32_t i = there ? at + 1 : at; i < count; i++) {
        fm_vec_push(&changed, items[i]);
    }
    *next = state_of(object, changed.at, changed.count);
    fm_vec_deinit(&changed);
    return true;
}

static bool step_queue(struct fm_object *object, uint32_t state,
                       const struct fm_operation *operation, uint32_t *next)
{
    uint32_t count;
    const fm_datum *items = elements_of(object, state, &count);
    if (operation->verb == FM_VERB_ENQUEUE) {
        fm_datum *longer = fm_memory_alloc(((size_t)count + 1) * sizeof *longer);
        if (count > 0) {
            memcpy(longer, items, count * sizeof *items);
        }
        longer[count] = operation->argument;
        *next = state_of(object, longer, count + 1);
        fm_memory_free(longer);
        return true;
    }
    if (operation->end != FM_NEVER && (count == 0 || items[0] != operation->result)) {
        *next = state;
        return count == 0 && operation->result == FM_DATUM_NULL;
    }
    *next = count == 0 ? state : state_of(object, items + 1, count - 1);
    return true;
}

static bool step_counter(struct fm_object *object, uint32_t state,
                         const struct fm_operation *operation, uint32_t *next)
{
    const struct fm_data *data = &object->history->data;
    int64_t now = fm_data_entry(&object->states, state).integer, sum = now;
    if (operation->verb != FM_VERB_TOTAL) {
        int64_t by = fm_data_entry(data, operation->argument).integer;
        bool overflow = operation->verb == FM_VERB_DECREMENT
                            ? __builtin_sub_overflow(now, by, &sum)
                            : __builtin_add_overflow(now, by, &sum);
        if (overflow) {
            return false;
        }
    }
    *next = fm_data_integer(&object->states, sum);
    return operation->result == FM_DATUM_NONE ||
           fm_data_entry(data, operation->result).integer == sum;
}

bool fm_object_step(struct fm_object *object, uint32_t state, const struct fm_operation *operation,
                    uint32_t *next)
{
    switch (object->kind) {
    case FM_OBJECT_REGISTER:
        return step_register(state, operation, next);
    case FM_OBJECT_SET:
        return object->single ? step_element(state, operation, next)
                              : step_set(object, state, operation, next);
    case FM_OBJECT_QUEUE:
        return step_queue(object, state, operation, next);
    case FM_OBJECT_COUNTER:
        return step_counter(object, state, operation, next);
    }
    return false;
}
