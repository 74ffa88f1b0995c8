/* Registers: Gibbons and Korach ("Testing shared memories", 1997, section 4.1). A write and the
 * reads of its value are a cluster. From the first end in it to the last call in it, where the
 * former is earlier, the register must hold the value: a forward zone. Otherwise all of the cluster
 * can happen at one moment between its last call and its first end: a backward zone. There is an
 * order exactly when each value read was written and not read before the write was called, no two
 * forward zones overlap, and no backward zone lies within a forward one.
 *
 * Queues: Henzinger, Sezgin and Vafeiadis ("Aspect-oriented linearizability proofs", 2013). A
 * history of a queue has an order unless a value comes out that was not put in, or before, or
 * twice; or one that was put in after another comes out while the other is still there; or a
 * dequeue finds nothing although at each moment of it some value is there for certain.
 *
 * Both sort, and look at each operation a constant number of times. Places of events are all
 * different, so nothing depends on how ends meet; the beginning is place 0, those of events are one
 * more than in the history. */
#include "history/unique.h"

#include "base/arena.h"

#include <stdlib.h>

/* Everything that concerns one value. */
struct cluster {
    fm_datum value;
    uint64_t call, end;         /* of the operation that puts it there; end: or FM_NEVER */
    uint64_t end_min, call_max; /* of a register: of all operations */
    uint64_t out_call, out_end; /* of a queue: of the dequeue; FM_NEVER: none */
    bool is_read;
};

struct span {
    uint64_t low, high;
};

static int compare_clusters(const void *left, const void *right)
{
    fm_datum a = ((const struct cluster *)left)->value, b = ((const struct cluster *)right)->value;
    return a < b ? -1 : a > b;
}

static int compare_spans(const void *left, const void *right)
{
    uint64_t a = ((const struct span *)left)->low, b = ((const struct span *)right)->low;
    return a < b ? -1 : a > b;
}

static uint64_t end_of(const struct fm_operation *operation)
{
    return operation->end == FM_NEVER ? FM_NEVER : operation->end + 1;
}

static struct cluster *find(struct cluster *clusters, uint32_t count, fm_datum value)
{
    struct cluster key = {.value = value};
    return bsearch(&key, clusters, count, sizeof key, compare_clusters);
}

static bool has_twice(const struct cluster *clusters, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        if (clusters[i].value == clusters[i - 1].value) {
            return true;
        }
    }
    return false;
}

/* The operations that put values there, by value; the first cluster is the initial value's where
 * `initial` is one. Their number, or UINT32_MAX when values repeat. */
static uint32_t collect(const struct fm_operation *const *operations, uint32_t count,
                        fm_datum initial, struct cluster *clusters)
{
    uint32_t made = 0;
    if (initial != FM_DATUM_NONE) {
        clusters[made++] = (struct cluster){.value = initial};
    }
    for (uint32_t i = 0; i < count; i++) {
        enum fm_verb verb = operations[i]->verb;
        if (verb == FM_VERB_WRITE || verb == FM_VERB_PUT || verb == FM_VERB_ENQUEUE) {
            uint64_t call = operations[i]->call + 1, end = end_of(operations[i]);
            clusters[made++] = (struct cluster){.value = operations[i]->argument,
                                                .call = call,
                                                .end = end,
                                                .end_min = end,
                                                .call_max = call,
                                                .out_call = FM_NEVER,
                                                .out_end = FM_NEVER};
        }
    }
    qsort(clusters, made, sizeof *clusters, compare_clusters);
    return has_twice(clusters, made) ? UINT32_MAX : made;
}

/* --- registers --- */

/* false when a value was read that was not there to be read. */
static bool add_reads(const struct fm_operation *const *operations, uint32_t count,
                      struct cluster *clusters, uint32_t cluster_count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_operation *read = operations[i];
        if (read->verb != FM_VERB_READ && read->verb != FM_VERB_GET) {
            continue;
        }
        struct cluster *cluster = find(clusters, cluster_count, read->result);
        if (cluster == NULL || end_of(read) < cluster->call) {
            return false;
        }
        cluster->is_read = true;
        cluster->end_min = end_of(read) < cluster->end_min ? end_of(read) : cluster->end_min;
        cluster->call_max = read->call + 1 > cluster->call_max ? read->call + 1 : cluster->call_max;
    }
    return true;
}

/* Zones of a kind, by their beginning. */
static uint32_t zones_of(const struct cluster *clusters, uint32_t count, bool forward,
                         struct span *spans)
{
    uint32_t made = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct cluster *cluster = &clusters[i];
        bool happened = cluster->end != FM_NEVER || cluster->is_read;
        if (happened && (cluster->end_min < cluster->call_max) == forward) {
            spans[made++] = forward ? (struct span){cluster->end_min, cluster->call_max}
                                    : (struct span){cluster->call_max, cluster->end_min};
        }
    }
    qsort(spans, made, sizeof *spans, compare_spans);
    return made;
}

static bool zones_fit(const struct span *forward, uint32_t forward_count,
                      const struct span *backward, uint32_t backward_count)
{
    for (uint32_t i = 1; i < forward_count; i++) {
        if (forward[i].low < forward[i - 1].high) {
            return false;
        }
    }
    /* Of disjoint zones only the last one that begins before can hold a backward one. */
    uint32_t at = 0;
    for (uint32_t i = 0; i < backward_count; i++) {
        while (at < forward_count && forward[at].low < backward[i].low) {
            at++;
        }
        if (at > 0 && backward[i].high < forward[at - 1].high) {
            return false;
        }
    }
    return true;
}

enum fm_unique fm_unique_register(const struct fm_history *history,
                                  const struct fm_operation *const *operations, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        enum fm_verb verb = operations[i]->verb;
        if (verb == FM_VERB_CAS || verb == FM_VERB_DELETE) {
            return FM_UNIQUE_UNFIT;
        }
    }
    size_t room = (size_t)count + 1;
    struct cluster *clusters = fm_memory_alloc(room * sizeof *clusters);
    struct span *forward = fm_memory_alloc(room * sizeof *forward);
    struct span *backward = fm_memory_alloc(room * sizeof *backward);
    enum fm_unique result = FM_UNIQUE_UNFIT;
    uint32_t made = collect(operations, count, history->initial, clusters);
    if (made != UINT32_MAX) {
        bool good = add_reads(operations, count, clusters, made);
        if (good) {
            uint32_t forward_count = zones_of(clusters, made, true, forward);
            uint32_t backward_count = zones_of(clusters, made, false, backward);
            good = zones_fit(forward, forward_count, backward, backward_count);
        }
        result = good ? FM_UNIQUE_LINEARIZABLE : FM_UNIQUE_NOT_LINEARIZABLE;
    }
    fm_memory_free(clusters);
    fm_memory_free(forward);
    fm_memory_free(backward);
    return result;
}

/* --- queues --- */

/* false when a value came out that was not there. */
static bool add_dequeues(const struct fm_operation *const *operations, uint32_t count,
                         struct cluster *clusters, uint32_t cluster_count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_operation *out = operations[i];
        if (out->verb != FM_VERB_DEQUEUE || out->result == FM_DATUM_NULL) {
            continue;
        }
        struct cluster *cluster = find(clusters, cluster_count, out->result);
        if (cluster == NULL || cluster->is_read || end_of(out) < cluster->call) {
            return false;
        }
        cluster->is_read = true;
        cluster->out_call = out->call + 1;
        cluster->out_end = end_of(out);
    }
    return true;
}

static int compare_by_call(const void *left, const void *right)
{
    uint64_t a = ((const struct cluster *)left)->call, b = ((const struct cluster *)right)->call;
    return a < b ? -1 : a > b;
}

/* Whether a value came out while one that was put in before it had not begun to. `spans`: the end
 * of each enqueue and the call of its dequeue, by the former. */
static bool overtakes(struct cluster *clusters, uint32_t count, const struct span *spans,
                      uint32_t span_count)
{
    uint64_t latest = 0; /* call of a dequeue, of those whose enqueue has ended */
    uint32_t at = 0;
    qsort(clusters, count, sizeof *clusters, compare_by_call);
    for (uint32_t i = 0; i < count; i++) {
        while (at < span_count && spans[at].low < clusters[i].call) {
            latest = spans[at].high > latest ? spans[at].high : latest;
            at++;
        }
        if (clusters[i].is_read && latest > clusters[i].out_end) {
            return true;
        }
    }
    return false;
}

/* Joins spans that overlap, in place; leaves out those that end before they begin. Their number. */
static uint32_t join(struct span *spans, uint32_t count)
{
    uint32_t made = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (spans[i].high <= spans[i].low) {
            continue;
        }
        if (made > 0 && spans[i].low < spans[made - 1].high) {
            struct span *last = &spans[made - 1];
            last->high = spans[i].high > last->high ? spans[i].high : last->high;
        } else {
            spans[made++] = spans[i];
        }
    }
    return made;
}

/* Whether a dequeue found nothing although something was there all the time. `spans`: joined. */
static bool misses(const struct fm_operation *const *operations, uint32_t count,
                   const struct span *spans, uint32_t span_count)
{
    uint32_t at = 0; /* spans that begin before the call */
    for (uint32_t i = 0; i < count; i++) {
        if (operations[i]->verb != FM_VERB_DEQUEUE || operations[i]->result != FM_DATUM_NULL) {
            continue;
        }
        while (at < span_count && spans[at].low < operations[i]->call + 1) {
            at++;
        }
        if (at > 0 && spans[at - 1].high > end_of(operations[i])) {
            return true;
        }
    }
    return false;
}

enum fm_unique fm_unique_queue(const struct fm_history *history,
                               const struct fm_operation *const *operations, uint32_t count)
{
    (void)history;
    for (uint32_t i = 0; i < count; i++) {
        if (operations[i]->verb == FM_VERB_DEQUEUE && operations[i]->end == FM_NEVER) {
            return FM_UNIQUE_UNFIT; /* it may have taken any value */
        }
    }
    size_t room = (size_t)count + 1;
    struct cluster *clusters = fm_memory_alloc(room * sizeof *clusters);
    struct span *spans = fm_memory_alloc(room * sizeof *spans);
    enum fm_unique result = FM_UNIQUE_UNFIT;
    uint32_t made = collect(operations, count, FM_DATUM_NONE, clusters);
    if (made != UINT32_MAX) {
        bool good = add_dequeues(operations, count, clusters, made);
        uint32_t span_count = 0;
        for (uint32_t i = 0; i < made; i++) {
            if (clusters[i].end != FM_NEVER) {
                spans[span_count++] = (struct span){clusters[i].end, clusters[i].out_call};
            }
        }
        qsort(spans, span_count, sizeof *spans, compare_spans);
        good = good && !overtakes(clusters, made, spans, span_count);
        span_count = join(spans, span_count);
        good = good && !misses(operations, count, spans, span_count);
        result = good ? FM_UNIQUE_LINEARIZABLE : FM_UNIQUE_NOT_LINEARIZABLE;
    }
    fm_memory_free(clusters);
    fm_memory_free(spans);
    return result;
}
