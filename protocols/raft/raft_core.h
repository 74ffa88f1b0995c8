/* What the files of the Raft library share. */
#ifndef RAFT_CORE_H
#define RAFT_CORE_H

#include "raft.h"

/* -DRAFT_MISTAKE=N builds the library with one of the mistakes that fuzzing is to find: each is one
 * place that asks for its number. 0: none. */
#ifndef RAFT_MISTAKE
#define RAFT_MISTAKE 0
#endif
enum { MISTAKE = RAFT_MISTAKE };

/* Entries from base + 1 on; what is before them is in the snapshot. */
struct raft_log {
    uint64_t base, base_term;
    uint32_t base_voters; /* in force at base */
    uint8_t *state;       /* of the system, as after the entry `base` */
    size_t state_size;
    struct raft_entry *entries;
    size_t count, capacity;
};

/* An operation on the log file that is under way. */
struct raft_write {
    bool
        lost; /* one before it failed, and the file was not written anew since: it proves nothing */
    uint64_t last; /* entries of the log up to this are on the disk when it is done; 0: none more */
};

struct raft_disk {
    struct raft_write *writes; /* oldest first */
    size_t count, capacity;
    uint64_t persisted; /* entries of the log up to this are on the disk */
    uint64_t chain;     /* checksum of the last record that was begun */
    bool torn;          /* the file ends in bytes that are no record */
    bool failed;        /* and is written anew when the timer fires */
};

/* A client that waits for an entry of this leader. */
struct raft_waiting {
    uint64_t index, request;
};

struct raft_peer {
    uint64_t next, match;
    bool found; /* where its log and the leader's meet: entries are sent */
};

struct raft {
    struct raft_options options;
    uint64_t term;
    unsigned vote;
    enum raft_role role;
    unsigned leader;
    uint32_t voters;
    uint64_t voters_index;
    uint32_t votes; /* of a candidate */
    bool disrupts;  /* a candidate that its leader told to stand */
    uint64_t commit, applied;
    uint64_t agreed;                          /* of a follower, in this term */
    struct raft_peer peers[RAFT_SERVERS_MAX]; /* of a leader; server n at n - 1 */
    uint32_t heard;                           /* of a leader */
    unsigned transferee;                      /* of a leader */
    struct raft_waiting *waiting;             /* of a leader, in the order of entries */
    size_t waiting_count, waiting_capacity;
    struct raft_log log;
    struct raft_disk disk;
    struct raft_effect *effects; /* the first is kept for RAFT_DO_PUT */
    size_t effect_count, effect_capacity;
};

/* raft.c */
void *raft_grow(void *array, size_t *capacity, size_t needed, size_t size);
/* An effect at the end of the list; its bytes are to be from malloc, and are freed by the next
 * step. */
struct raft_effect *raft_emit(struct raft *raft, enum raft_effect_kind kind);
void raft_emit_timer(struct raft *raft, enum raft_timer timer, uint32_t low, uint32_t high);
/* The snapshot's state. */
void raft_emit_restore(struct raft *raft);
void raft_emit_reply(struct raft *raft, uint64_t request, enum raft_outcome outcome);
/* Whether the servers are more than half of the voters. */
bool raft_is_quorum(const struct raft *raft, uint32_t servers);
bool raft_is_voter(const struct raft *raft, unsigned server);

/* raft_election.c: roles. */
void raft_become_follower(struct raft *raft, uint64_t term);
void raft_reset_election(struct raft *raft);
void raft_election_timeout(struct raft *raft);
void raft_handle_vote(struct raft *raft, unsigned from, const struct raft_message *message);
void raft_handle_vote_reply(struct raft *raft, unsigned from, const struct raft_message *message);
void raft_handle_timeout_now(struct raft *raft, unsigned from, const struct raft_message *message);
/* Whether the server follows a leader, or is one. */
bool raft_has_leader(const struct raft *raft);

/* raft_replication.c */
void raft_become_leader(struct raft *raft);
void raft_broadcast(struct raft *raft);
void raft_transfer(struct raft *raft, unsigned server);
void raft_propose(struct raft *raft, const struct raft_event *event);
void raft_change(struct raft *raft, unsigned server, bool member);
void raft_handle_append(struct raft *raft, unsigned from, const struct raft_message *message);
void raft_handle_append_reply(struct raft *raft, unsigned from, const struct raft_message *message);
void raft_handle_snapshot(struct raft *raft, unsigned from, const struct raft_message *message);
/* More of the log is on the disk. */
void raft_persisted(struct raft *raft);

/* raft_log.c: entries in memory. */
void raft_log_free(struct raft_log *log);
uint64_t raft_log_last(const struct raft_log *log);
/* 0 where there is no entry, and none at the end of the snapshot. */
uint64_t raft_log_term(const struct raft_log *log, uint64_t index);
const struct raft_entry *raft_log_at(const struct raft_log *log, uint64_t index);
void raft_log_add(struct raft_log *log, struct raft_entry entry);
void raft_log_cut(struct raft_log *log, uint64_t last);
/* The voters in force at the last entry, and which entry named them, 0 for one in the snapshot. */
uint32_t raft_log_voters(const struct raft_log *log, uint64_t last, uint64_t *index);
/* The snapshot covers the entries up to an index of the log. */
void raft_log_compact(struct raft_log *log, uint64_t index, struct raft_bytes state);
/* The snapshot is all there is. */
void raft_log_install(struct raft_log *log, const struct raft_message *snapshot);

/* raft_disk.c: the log file. */
void raft_disk_free(struct raft_disk *disk);
void raft_disk_load(struct raft *raft, struct raft_bytes file);
/* Writes the entries from `first` on behind the file, where they replace what is there of their
 * index and above. */
void raft_disk_append(struct raft *raft, uint64_t first);
/* Writes the file anew: snapshot and log. */
void raft_disk_rewrite(struct raft *raft);
/* Of the log, as it was written so far, only entries up to `last` are the log's still. */
void raft_disk_forget(struct raft_disk *disk, uint64_t last);
/* The oldest operation ended. True when more of the log is on the disk. */
bool raft_disk_done(struct raft *raft, bool ok);

/* raft_message.c: messages as bytes, and numbers as the bytes of files and messages. */
enum { RAFT_WORD = 8, RAFT_ENTRY_SIZE = 3 * RAFT_WORD };
void raft_put_word(uint8_t *bytes, uint64_t value);
uint64_t raft_get_word(const uint8_t *bytes);
void raft_put_entry(uint8_t *bytes, const struct raft_entry *entry);
struct raft_entry raft_get_entry(const uint8_t *bytes);
/* Sends a message; the entries of an APPEND are the log's from its index + 1 on. */
void raft_send(struct raft *raft, unsigned to, const struct raft_message *message);

#endif
