/* Checking a history: object by object.
 *
 * A history has an order exactly when that of each object in it has one (locality: Herlihy and
 * Wing, 1990, theorem 1; for parts of one object, Horn and Kroening, "Faster linearizability
 * checking via P-compositionality", 2015). Keys name objects; elements of a set are objects too,
 * unless somebody read the whole set. */
#include "history/history.h"

#include "base/file.h"
#include "history/frontier.h"
#include "history/unique.h"
#include "history/witness.h"

#include <stdlib.h>

#define MEMORY_MAX ((uint64_t)1 << 30)

static int compare_parts(const void *left, const void *right)
{
    const struct fm_operation *a = *(const struct fm_operation *const *)left;
    const struct fm_operation *b = *(const struct fm_operation *const *)right;
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    return a->call < b->call ? -1 : a->call > b->call;
}

static int compare_elements(const void *left, const void *right)
{
    const struct fm_operation *a = *(const struct fm_operation *const *)left;
    const struct fm_operation *b = *(const struct fm_operation *const *)right;
    if (a->argument != b->argument) {
        return a->argument < b->argument ? -1 : 1;
    }
    return a->call < b->call ? -1 : a->call > b->call;
}

struct checking {
    struct fm_history *history;
    const struct fm_linearity_options *options;
    struct fm_frontier_limits limits;
    struct fm_linearity_result result;
};

/* One object's operations by call; false when there is no need to go on. */
static bool check_object(struct checking *checking, bool single,
                         const struct fm_operation *const *operations, uint32_t count)
{
    struct fm_linearity_result *result = &checking->result;
    enum fm_unique unique = FM_UNIQUE_UNFIT;
    result->objects++;
    if (!checking->options->no_shortcuts && checking->history->object == FM_OBJECT_REGISTER) {
        unique = fm_unique_register(checking->history, operations, count);
    } else if (!checking->options->no_shortcuts && checking->history->object == FM_OBJECT_QUEUE) {
        unique = fm_unique_queue(checking->history, operations, count);
    }
    enum fm_linearity verdict = unique == FM_UNIQUE_LINEARIZABLE ? FM_LINEARIZABLE
                                                                 : FM_NOT_LINEARIZABLE;
    result->shortcuts += unique != FM_UNIQUE_UNFIT;
    if (unique == FM_UNIQUE_UNFIT) {
        struct fm_object object;
        fm_object_init(&object, checking->history, single);
        struct fm_frontier_result found = fm_frontier_search(&object, operations, count,
                                                             &checking->limits);
        fm_object_deinit(&object);
        result->configurations += found.configurations;
        verdict = found.verdict;
        result->reason = found.reason != NULL ? found.reason : result->reason;
    }
    if (verdict != FM_NOT_LINEARIZABLE) {
        result->verdict = verdict == FM_LINEARIZABLE ? result->verdict : verdict;
        return true;
    }
    result->verdict = FM_NOT_LINEARIZABLE;
    result->reason = NULL;
    if (!checking->options->no_witness) {
        fm_witness_find(checking->history, single, operations, count, result);
    }
    return false;
}

/* Operations with one key: each element for itself where that is possible. */
static bool check_key(struct checking *checking, const struct fm_operation **operations,
                      uint32_t count)
{
    bool single = checking->history->object == FM_OBJECT_SET;
    for (uint32_t i = 0; i < count; i++) {
        single = single && operations[i]->verb != FM_VERB_MEMBERS;
    }
    if (!single) {
        return check_object(checking, false, operations, count);
    }
    qsort(operations, count, sizeof(struct fm_operation *), compare_elements);
    uint32_t first = 0;
    for (uint32_t i = 1; i <= count; i++) {
        if (i == count || operations[i]->argument != operations[first]->argument) {
            if (!check_object(checking, true, operations + first, i - first)) {
                return false;
            }
            first = i;
        }
    }
    return true;
}

struct fm_linearity_result fm_history_check(struct fm_history *history,
                                            const struct fm_linearity_options *options)
{
    struct checking checking = {
        .history = history,
        .options = options,
        .limits = {.memory_max = options->memory_max == 0 ? MEMORY_MAX : options->memory_max},
        .result = {.verdict = FM_LINEARIZABLE}};
    if (options->time_ns_max != 0) {
        checking.limits.deadline_ns = fm_clock_monotonic_ns() + options->time_ns_max;
    }
    const struct fm_operation **operations = fm_memory_alloc((history->count + 1) *
                                                             sizeof(struct fm_operation *));
    for (uint64_t i = 0; i < history->count; i++) {
        operations[i] = &history->operations[i];
    }
    qsort(operations, history->count, sizeof(struct fm_operation *), compare_parts);
    uint64_t first = 0;
    for (uint64_t i = 1; i <= history->count; i++) {
        if (i == history->count || operations[i]->key != operations[first]->key) {
            if (!check_key(&checking, operations + first, (uint32_t)(i - first))) {
                break;
            }
            first = i;
        }
    }
    fm_memory_free(operations);
    return checking.result;
}
