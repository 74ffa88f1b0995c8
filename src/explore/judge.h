/* What expanding a parent (expand.c) and making initial states (initial.c) have in common, and what
 * is done with each state (judge.c); of these files only. */
#ifndef FM_EXPLORE_JUDGE_H
#define FM_EXPLORE_JUDGE_H

#include "explore/level.h"

/* Items asked for ahead of their turn: more requests than the processor has buffers for are
 * forgotten (measured best between 14 and 24). */
#define JUDGE_AHEAD 18u

static inline struct worker *worker_of(struct fm_sink *sink)
{
    _Static_assert(offsetof(struct worker, sink) == 0, "the sink is the worker");
    return (struct worker *)sink;
}

static inline uint64_t key_of(uint64_t offset, uint64_t ordinal)
{
    return offset << FM_KEY_ORDINAL_BITS |
           (ordinal < FM_KEY_ORDINAL_MAX ? ordinal : FM_KEY_ORDINAL_MAX);
}

static inline uint64_t key_now(const struct worker *worker)
{
    return key_of(worker->parent_offset, worker->ordinal);
}

static inline void lower_stop_key(struct search *search, uint64_t key)
{
    uint64_t now = atomic_load_explicit(&search->stop_key, memory_order_relaxed);
    while (key < now && !atomic_compare_exchange_weak(&search->stop_key, &now, key)) {
    }
}

static inline bool beyond_stop(const struct worker *worker, uint64_t key)
{
    /* Relaxed: seeing it late only costs work. */
    return key > atomic_load_explicit(&worker->search->stop_key, memory_order_relaxed);
}

static inline void refuse_memory(struct worker *worker)
{
    atomic_store(&worker->search->memory_refused, true);
    atomic_store(&worker->search->halt, true);
}

/* Only its own worker changes such a counter; the others only show it. */
static inline void raise_count(_Atomic uint64_t *counter, uint64_t added)
{
    uint64_t now = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, now + added, memory_order_relaxed);
}

static inline void count_generated(struct worker *worker, uint64_t added)
{
    raise_count(&worker->generated, added);
    worker->part_generated += added;
}

/* Hidden successors since the last look are the parent's at work. */
static inline void count_hidden(struct worker *worker)
{
    if (worker->sink.hidden != worker->hidden_seen) {
        uint64_t added = worker->sink.hidden - worker->hidden_seen;
        count_generated(worker, added);
        worker->parent_generated += added;
        worker->hidden_seen = worker->sink.hidden;
    }
}

/* Serial: puts the fingerprint into the table. FULL when memory is refused. */
enum fm_table_result judge_admit_serial(struct worker *worker, struct fm_digest print);
/* The same while others insert too, in no order; between room_enter and room_leave. */
enum fm_table_result judge_admit_shared(struct worker *worker, struct fm_digest print);
/* Into the queue of the next level; false when memory is refused. */
bool judge_store(struct worker *worker, const struct fm_item *item);
/* All that follows from a successor that is new, out of the model, or checked whatever it is; false
 * ends the generation. good: its invariants are known to hold. */
bool judge_item(struct worker *worker, const struct fm_item *item, bool admitted, bool good);
/* What is wrong with a sampled successor of the parent at work, or a sampled initial state, becomes
 * a find; false then. */
bool judge_sampled(struct worker *worker, const struct fm_item *item, bool good);
bool judge_sampled_initial(struct worker *worker, const struct fm_item *item, bool as_tlc);
/* An evaluation error or a failed Assert in place of a successor; false. */
bool judge_failure(struct worker *worker, const struct fm_item *item);
/* The parent at work has no successor. */
void judge_deadlock(struct worker *worker);

#endif
