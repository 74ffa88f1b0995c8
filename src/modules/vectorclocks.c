/* VectorClocks!CausalOrder: a log sorted by its vector clocks.
 *
 * The definition chooses among all permutations of the log. Here, as in TLC's override, which
 * follows ShiViz: the events of each node are sorted by the node's own clock; every event depends
 * on the event before it on its node and, where its clock knows of a newer event of another node
 * than the node's earlier events did, on that event; then rounds over the nodes take from each the
 * next event that depends on nothing left.
 *
 * Nodes take turns in the order of their first event in the log. (TLC's order there is that of a
 * hash table: a different, equally causal result.) A clock that refers to an event which is not in
 * the log is an error, since nothing could be put before it. */
#include "diag/diag.h"
#include "modules/argument.h"

#include <string.h>

struct event {
    fm_value entry, clock;
    int64_t time; /* of its own node */
    uint32_t node;
    uint32_t waiting; /* events it depends on that are not yet put out */
    uint32_t *next;   /* events that depend on it */
    uint32_t next_count, next_capacity;
};

struct log {
    struct event *events; /* in the order of the argument */
    uint32_t count;
    struct fm_value_index nodes;
    uint32_t **order; /* of each node: its events by time */
    uint32_t *length;
};

static int64_t clock_of(struct fm_native_context *context, fm_value clock, fm_value node)
{
    if (!fm_value_is_function(clock)) {
        fm_argument_fail(context, fm_argument_of("CausalOrder", 2),
                         "an operator that returns a vector clock, a function of nodes", clock);
    }
    return fm_argument_int64(context, fm_argument_of("CausalOrder", 2),
                             fm_fcn_apply(context->values, clock, node));
}

static void read_events(struct fm_native_context *context, struct log *log,
                        struct fm_sequence entries, const fm_value *arguments)
{
    struct fm_arena *arena = context->values->arena;
    log->count = entries.count;
    log->events = fm_arena_calloc(arena, entries.count, sizeof *log->events);
    for (uint32_t i = 0; i < entries.count; i++) {
        struct event *event = &log->events[i];
        fm_value node = fm_apply_one(context, arguments[2], entries.at[i]);
        event->entry = entries.at[i];
        event->clock = fm_apply_one(context, arguments[1], entries.at[i]);
        event->time = clock_of(context, event->clock, node);
        event->node = fm_value_index_add(context, &log->nodes, node, NULL);
    }
}

/* Sorts the events of each node by time, keeping the order of equal ones. */
static void sort_by_node(struct fm_native_context *context, struct log *log)
{
    struct fm_arena *arena = context->values->arena;
    uint32_t nodes = log->nodes.values.count;
    log->length = fm_arena_calloc(arena, nodes, sizeof *log->length);
    log->order = fm_arena_calloc(arena, nodes, sizeof *log->order);
    for (uint32_t i = 0; i < log->count; i++) {
        log->length[log->events[i].node]++;
    }
    for (uint32_t i = 0; i < nodes; i++) {
        log->order[i] = fm_arena_calloc(arena, log->length[i], sizeof **log->order);
        log->length[i] = 0;
    }
    for (uint32_t i = 0; i < log->count; i++) {
        uint32_t node = log->events[i].node;
        uint32_t *order = log->order[node];
        uint32_t j = log->length[node]++;
        while (j > 0 && log->events[order[j - 1]].time > log->events[i].time) {
            order[j] = order[j - 1];
            j--;
        }
        order[j] = i;
    }
}

static void depend(struct fm_native_context *context, struct log *log, uint32_t event,
                   uint32_t before)
{
    struct event *earlier = &log->events[before];
    if (earlier->next_count == earlier->next_capacity) {
        uint32_t capacity = earlier->next_capacity == 0 ? 4 : earlier->next_capacity * 2;
        uint32_t *next = fm_arena_calloc(context->values->arena, capacity, sizeof *next);
        if (earlier->next_count > 0) {
            memcpy(next, earlier->next, (size_t)earlier->next_count * sizeof *next);
        }
        earlier->next = next;
        earlier->next_capacity = capacity;
    }
    earlier->next[earlier->next_count++] = event;
    log->events[event].waiting++;
}

/* The dependencies of one event on other nodes; `known` is what its node knew before. */
static void depend_on_others(struct fm_native_context *context, struct log *log, uint32_t number,
                             int64_t *known, fm_value domain_operator)
{
    struct event *event = &log->events[number];
    fm_value domain = fm_apply_one(context, domain_operator, event->clock);
    struct fm_sequence hosts = fm_argument_elements(context, fm_argument_of("CausalOrder", 4),
                                                    domain);
    for (uint32_t i = 0; i < hosts.count; i++) {
        int64_t time = clock_of(context, event->clock, hosts.at[i]);
        uint32_t other = fm_value_index_find(context, &log->nodes, hosts.at[i]);
        if (other == event->node || (other != FM_VALUE_INDEX_NONE && time <= known[other])) {
            continue;
        }
        if (other == FM_VALUE_INDEX_NONE || time > log->length[other]) {
            if (other == FM_VALUE_INDEX_NONE && time <= 0) {
                continue;
            }
            fm_native_fail(context, FM_CODE_4202,
                           "CausalOrder: the clock %s refers to event %lld of node %s, which is "
                           "not in the log",
                           fm_native_show(context, event->clock), (long long)time,
                           fm_native_show(context, hosts.at[i]));
        }
        known[other] = time;
        depend(context, log, number, log->order[other][time - 1]);
    }
}

static void find_dependencies(struct fm_native_context *context, struct log *log,
                              fm_value domain_operator)
{
    uint32_t nodes = log->nodes.values.count;
    for (uint32_t node = 0; node < nodes; node++) {
        int64_t *known = fm_arena_calloc(context->values->arena, nodes, sizeof *known);
        for (uint32_t i = 0; i < log->length[node]; i++) {
            depend_on_others(context, log, log->order[node][i], known, domain_operator);
        }
    }
}

static fm_value put_out(struct fm_native_context *context, struct log *log)
{
    uint32_t nodes = log->nodes.values.count;
    uint32_t *next = fm_arena_calloc(context->values->arena, nodes, sizeof *next);
    fm_value result;
    fm_value *sorted = fm_tuple_begin(context->values, log->count, &result);
    uint32_t made = 0;
    bool moved = true;
    while (made < log->count && moved) {
        moved = false;
        for (uint32_t node = 0; node < nodes; node++) {
            if (next[node] == log->length[node]) {
                continue;
            }
            struct event *event = &log->events[log->order[node][next[node]]];
            if (event->waiting > 0) {
                continue;
            }
            for (uint32_t i = 0; i < event->next_count; i++) {
                log->events[event->next[i]].waiting--;
            }
            sorted[made++] = event->entry;
            next[node]++;
            moved = true;
        }
    }
    if (made < log->count) {
        fm_native_fail(context, FM_CODE_4202,
                       "CausalOrder: the clocks of the log depend on each other in a circle");
    }
    return result;
}

static fm_value clocks_causal_order(struct fm_native_context *context, const fm_value *arguments,
                                    uint32_t count)
{
    (void)count;
    struct fm_sequence entries = fm_argument_sequence(context, fm_argument_of("CausalOrder", 1),
                                                      arguments[0]);
    for (uint32_t i = 1; i < 4; i++) {
        fm_argument_operator(context, fm_argument_of("CausalOrder", i + 1), arguments[i]);
    }
    struct log log = {0};
    read_events(context, &log, entries, arguments);
    sort_by_node(context, &log);
    find_dependencies(context, &log, arguments[3]);
    return put_out(context, &log);
}

static const struct fm_native rows[] = {
    {"VectorClocks", "CausalOrder", 4, clocks_causal_order, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
};

struct fm_native_rows fm_natives_vectorclocks(void)
{
    return FM_NATIVE_ROWS(rows);
}
