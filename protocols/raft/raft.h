/* Raft as a step function: Ongaro, "Consensus: Bridging Theory and Practice" (Stanford, 2014).
 *
 * A server is a value that events change. raft_step takes one event and gives a list of effects,
 * which the caller carries out in their order; nothing else goes in or out. The library reads no
 * clock, draws no number, opens no file, and has no globals: two servers that are given the same
 * events do the same.
 *
 * The caller keeps two files for each server:
 *
 *     the vote file   a few words, written at once and durably (RAFT_DO_PUT)
 *     the log file    grows by RAFT_DO_APPEND, durable with RAFT_DO_SYNC; RAFT_DO_REPLACE gives it
 *                     a new content, durably, or leaves the old one
 *
 * and tells, by RAFT_ON_STORED, the end of each operation on the log file, in the order in which
 * they were begun. A command is a word of 64 bits: a system with larger ones keeps them elsewhere.
 *
 * A server and what it gives out belong to one thread. Running out of memory aborts. */
#ifndef RAFT_H
#define RAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Servers are numbered from 1. Sets of them are words: bit n - 1 is server n. */
#define RAFT_SERVERS_MAX 16u

struct raft;

struct raft_bytes {
    const void *data;
    size_t size;
};

struct raft_options {
    unsigned id;           /* of this server */
    uint32_t voters;       /* while the log names no others; the same for all servers */
    uint32_t election_ms;  /* a voter's election begins after this, before twice as long */
    uint32_t heartbeat_ms; /* several fit into an election's */
    uint32_t entries_max;  /* of one message, at least 1 */
};

enum raft_role { RAFT_FOLLOWER, RAFT_PRECANDIDATE, RAFT_CANDIDATE, RAFT_LEADER };

enum raft_timer { RAFT_TIMER_ELECTION = 1, RAFT_TIMER_HEARTBEAT, RAFT_TIMER_RETRY };

/* What an entry's value is: a command, or the set of voters from this entry on. */
enum raft_entry_kind { RAFT_COMMAND = 1, RAFT_VOTERS };

struct raft_entry {
    uint64_t term;
    enum raft_entry_kind kind;
    uint64_t value;
};

enum raft_event_kind {
    RAFT_ON_START,    /* once, before all others */
    RAFT_ON_MESSAGE,  /* `bytes` from `server` */
    RAFT_ON_TIMER,    /* `timer` */
    RAFT_ON_STORED,   /* the oldest operation on the log file ended; `ok`: it was done */
    RAFT_ON_COMMAND,  /* a client wants `value` applied, and an answer to `request` */
    RAFT_ON_TRANSFER, /* an operator wants `server` to lead */
    RAFT_ON_CHANGE, /* an operator wants `server` to vote from now on, or (not `ok`) not any more */
    RAFT_ON_COMPACT /* `bytes` is the state after the entry `index`: those up to it may go */
};

struct raft_event {
    enum raft_event_kind kind;
    unsigned server;
    enum raft_timer timer;
    bool ok;
    uint64_t request, value, index;
    struct raft_bytes bytes;
};

enum raft_effect_kind {
    RAFT_DO_PUT,     /* the vote file is `bytes`; before any effect behind this one */
    RAFT_DO_APPEND,  /* `bytes` to the log file */
    RAFT_DO_SYNC,    /* the log file */
    RAFT_DO_REPLACE, /* the log file is `bytes` */
    RAFT_DO_SEND,    /* `bytes` to `server`; may be lost, doubled, overtaken */
    RAFT_DO_TIMER,   /* `timer` fires once, in `low` to `high` ms, drawn evenly; replaces itself */
    RAFT_DO_CANCEL,  /* `timer` */
    RAFT_DO_APPLY,   /* `entry` is committed at `index`: each once and in order, since the start */
    RAFT_DO_RESTORE, /* the state is `bytes`, as after the entry `index` */
    RAFT_DO_REPLY    /* to `request`, `outcome`; after a command's RAFT_DO_APPLY */
};

/* ORDER(outcome) */
enum raft_outcome {
    RAFT_APPLIED,
    RAFT_REFUSED, /* no leader, or on its way out: it will not be applied */
    RAFT_UNKNOWN  /* leadership was lost: it may be */
};

struct raft_effect {
    enum raft_effect_kind kind;
    unsigned server;
    enum raft_timer timer;
    enum raft_outcome outcome;
    uint32_t low, high;
    uint64_t index, request;
    struct raft_entry entry;
    struct raft_bytes bytes;
};

/* A server from what its files hold, both empty at first. NULL when the vote file is none of ours:
 * a server that does not know its votes must not take part. */
struct raft *raft_new(const struct raft_options *options, struct raft_bytes vote,
                      struct raft_bytes log);
void raft_free(struct raft *raft);

/* Takes an event. *count effects, valid until the next call. */
const struct raft_effect *raft_step(struct raft *raft, const struct raft_event *event,
                                    size_t *count);

/* What a server shows of itself. */
struct raft_view {
    enum raft_role role;
    uint64_t term;
    unsigned vote, leader; /* 0: none */
    uint64_t commit, applied;
    uint64_t last;                          /* entry */
    uint64_t persisted;                     /* entries up to this are on the disk */
    uint64_t snapshot_index, snapshot_term; /* 0: no snapshot */
    uint32_t voters;
    uint32_t votes;           /* of a candidate */
    uint64_t voters_index;    /* the entry that named them; 0: none in the log */
    uint64_t agreed;          /* entries up to this are the leader's; of a follower */
    unsigned transferee;      /* of a leader; 0: none */
    uint32_t heard;           /* by a leader, since it last counted */
    bool disk_failed;         /* and the log file waits to be written anew */
    unsigned disk_operations; /* under way */
};
void raft_look(const struct raft *raft, struct raft_view *view);
/* Whether the oldest operation on the log file proves nothing, whatever its end. */
bool raft_is_write_lost(const struct raft *raft);
/* The entry at an index above the snapshot's and up to the last. */
struct raft_entry raft_entry_at(const struct raft *raft, uint64_t index);
/* Of a leader: which entry it sends next to the server, and up to which the server acknowledged. */
void raft_progress(const struct raft *raft, unsigned server, uint64_t *next, uint64_t *match);

enum raft_message_kind {
    RAFT_VOTE = 1,
    RAFT_VOTE_REPLY,
    RAFT_APPEND,
    RAFT_APPEND_REPLY,
    RAFT_SNAPSHOT,
    RAFT_TIMEOUT_NOW
};

/* A message in words. What the fields mean, by kind:
 *
 *     VOTE          index, index_term: the candidate's last entry; pre, transfer
 *     VOTE_REPLY    ok: granted; pre
 *     APPEND        index, index_term: the entry before those sent; commit; entries
 *     APPEND_REPLY  ok: entries up to index are the leader's and on the disk;
 *                   else index is that of the APPEND, and last the last entry below it
 *     SNAPSHOT      index, index_term: the last entry that it covers; voters; bytes: the state
 *     TIMEOUT_NOW   index, index_term: the leader's last entry */
struct raft_message {
    enum raft_message_kind kind;
    bool pre, transfer, ok;
    uint64_t term, index, index_term, commit, last;
    uint32_t voters;
    size_t entry_count;
    struct raft_bytes bytes; /* entries, or a state */
};
/* False when the bytes are no message. The message borrows them. */
bool raft_message_decode(struct raft_bytes bytes, struct raft_message *message);
/* The entry at a place from 0 below entry_count. */
struct raft_entry raft_message_entry(const struct raft_message *message, size_t place);

#endif
