/* The log in memory: a snapshot, and the entries behind it.
 *
 *     1 .. base            in the snapshot, as the state that they lead to
 *     base + 1 .. last     entries
 *
 * Of the last entry of the snapshot the term is kept, since the entry after it is sent with it
 * (Ongaro 5.1), and the voters in force there, since the entry that named them may be gone.
 *
 * Voters are those of the last entry that names any, committed or not (4.1): cutting the log off
 * may bring the former ones back, so they are looked up and not remembered. */
#include "raft_core.h"

#include <stdlib.h>
#include <string.h>

void raft_log_free(struct raft_log *log)
{
    free(log->entries);
    free(log->state);
}

uint64_t raft_log_last(const struct raft_log *log)
{
    return log->base + log->count;
}

const struct raft_entry *raft_log_at(const struct raft_log *log, uint64_t index)
{
    return &log->entries[index - log->base - 1];
}

uint64_t raft_log_term(const struct raft_log *log, uint64_t index)
{
    if (index == log->base) {
        return log->base_term;
    }
    return index > log->base && index <= raft_log_last(log) ? raft_log_at(log, index)->term : 0;
}

void raft_log_add(struct raft_log *log, struct raft_entry entry)
{
    log->entries = raft_grow(log->entries, &log->capacity, log->count + 1, sizeof entry);
    log->entries[log->count++] = entry;
}

void raft_log_cut(struct raft_log *log, uint64_t last)
{
    if (last < raft_log_last(log)) {
        log->count = last > log->base ? (size_t)(last - log->base) : 0;
    }
}

uint32_t raft_log_voters(const struct raft_log *log, uint64_t last, uint64_t *index)
{
    for (uint64_t i = last; i > log->base; i--) {
        const struct raft_entry *entry = raft_log_at(log, i);
        if (entry->kind == RAFT_VOTERS) {
            *index = i;
            return (uint32_t)entry->value;
        }
    }
    *index = 0;
    return log->base_voters;
}

static void set_state(struct raft_log *log, struct raft_bytes state)
{
    free(log->state);
    log->state = raft_grow(NULL, &(size_t){0}, state.size + 1, 1);
    log->state_size = state.size;
    if (state.size > 0) {
        memcpy(log->state, state.data, state.size);
    }
}

void raft_log_compact(struct raft_log *log, uint64_t index, struct raft_bytes state)
{
    uint64_t named;
    size_t gone = (size_t)(index - log->base);
    log->base_voters = raft_log_voters(log, index, &named);
    log->base_term = raft_log_term(log, index);
    log->base = index;
    log->count -= gone;
    memmove(log->entries, log->entries + gone, log->count * sizeof *log->entries);
    set_state(log, state);
}

void raft_log_install(struct raft_log *log, const struct raft_message *snapshot)
{
    log->base = snapshot->index;
    log->base_term = snapshot->index_term;
    log->base_voters = snapshot->voters;
    log->count = 0;
    set_state(log, snapshot->bytes);
}
