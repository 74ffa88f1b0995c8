/* What the harness of our Raft and its judge share. */
#ifndef RAFT_TARGET_H
#define RAFT_TARGET_H

#include "raft.h"

#include <fathom/sut.h>

/* A server under `fathom fuzz`, with its state machine: the list of what was applied. */
struct server {
    struct fathom_node *node;
    struct raft *raft;
    uint64_t *applied; /* of the entry i at i - 1; a word that tells its kind and value */
    size_t applied_count;
};

/* raft_judge.c: the state machine. A snapshot of it is the beginning of the list. */
struct server *machine_new(struct fathom_node *node, struct raft *raft);
void machine_free(void *server);
/* Carries out RAFT_DO_APPLY or RAFT_DO_RESTORE. */
void machine_change(struct server *server, const struct raft_effect *effect);
struct raft_bytes machine_state(const struct server *server, uint64_t index);

/* raft_judge.c: properties of all servers together, over one schedule. */
void judge_begin(unsigned servers);
/* A client got that reply. */
void judge_replied(const struct raft_effect *reply);
/* The name of the property that is broken, or NULL. servers[i] is NULL while server i + 1 is down.
 */
const char *judge_check(void *const *servers, unsigned count);

/* raft_words.c */
void target_observe(const void *state, struct fathom_record *record);
void target_describe(struct fathom_bytes bytes, struct fathom_record *record);

#endif
