/* What the files of the libraft target share. */
#ifndef LIBRAFT_TARGET_H
#define LIBRAFT_TARGET_H

#include <fathom/sut.h>
#include <raft.h>
#ifdef LIBRAFT_LATER /* its struct raft points to structs of these internal headers */
#include <legacy.h>
#include <log.h>
#include <progress.h>
typedef bool raft_tribool;
enum {
    raft_tribool_true = true,
    RAFT_IO_APPEND_ENTRIES = RAFT_APPEND_ENTRIES,
    RAFT_IO_APPEND_ENTRIES_RESULT = RAFT_APPEND_ENTRIES_RESULT,
    RAFT_IO_REQUEST_VOTE = RAFT_REQUEST_VOTE,
    RAFT_IO_REQUEST_VOTE_RESULT = RAFT_REQUEST_VOTE_RESULT,
    RAFT_IO_TIMEOUT_NOW = RAFT_TIMEOUT_NOW
};
#endif

#include <stdbool.h>
#include <stdint.h>

enum { COMMANDS_MAX = 4096 }; /* of a schedule: more than it has choices to make them with */

/* libraft 0.15 is told that a write failed, and deals with it. Later releases take no such answer
 * ("io->append() now can fail only if canceled", upstream's d6a2c305 of 2023, asserted): their
 * environment tries again until it succeeds. */
#ifdef LIBRAFT_LATER
enum { RETRIES_WRITES = 1 };
#else
enum { RETRIES_WRITES = 0 };
#endif

enum pending_kind { PENDING_SEND, PENDING_APPEND };

/* Something that libraft began and is to be told the end of, in the order of beginning. */
struct pending {
    struct pending *next;
    enum pending_kind kind;
    uint64_t operation; /* number of the world */
    void *request;      /* struct raft_io_send or raft_io_append */
};

struct server {
    struct fathom_node *node;
    struct raft raft;
    struct raft_io io;
    struct raft_fsm fsm;
    raft_io_tick_cb tick;
    raft_io_recv_cb receive;
    unsigned tick_ms;
    struct pending *first, **last;
    bool write_failed;       /* appends that were under way when one failed fail too */
    unsigned appends;        /* under way */
    raft_index written_last; /* of the file, when all that is under way is done */
    unsigned applied_count;
    uint64_t applied[COMMANDS_MAX]; /* commands, in the order of applying */
};

/* libraft_message.c: messages as bytes, and back. */
/* Bytes to be freed with free. */
struct fathom_bytes message_encode(const struct raft_message *message);
/* Fills a message whose entries are libraft's to free; false when the bytes are none of ours. */
bool message_decode(struct fathom_bytes bytes, unsigned from, struct raft_message *message);
void message_describe(struct fathom_bytes bytes, struct fathom_record *record);
/* Adds an entry to a list of entries, as a record; a command's value is the number of its request,
 * from 1, and other entries' is 0; a configuration has voters. NULL: an entry that is gone. */
void describe_entry(const struct raft_entry *entry, struct fathom_record *list);
/* The memory of a decoded message that is not handed to libraft. */
void message_release(struct raft_message *message);

/* libraft_disk.c: the log as a file of records. */
void disk_append(struct server *server, const struct raft_entry *entries, unsigned count,
                 raft_index first, struct pending *pending);
void disk_truncate(struct server *server, raft_index index);
/* Writes the file anew, with the log as it is in memory; the operation's number. */
uint64_t disk_rewrite(struct server *server);
/* The log that the file holds, libraft's to free; 0 or an error of libraft. */
int disk_load(struct server *server, struct raft_entry **entries, size_t *count);

/* libraft_judge.c: properties of all nodes together. */
void judge_begin(void);
const char *judge_check(void *const *states, unsigned nodes);
/* What struct raft holds otherwise in later releases (build-libraft). */
static inline const struct raft_log *log_of(const struct raft *raft)
{
#ifdef LIBRAFT_LATER
    return raft->legacy.log;
#else
    return &raft->log;
#endif
}
/* Tells clients of what was completed: in later releases the environment asks for that. */
static inline void fire_completed(struct raft *raft)
{
#ifdef LIBRAFT_LATER
    LegacyFireCompletedRequests(raft);
#else
    (void)raft;
#endif
}
static inline void set_capacity(struct raft_io *io)
{
#ifdef LIBRAFT_LATER
    io->capacity = UINT16_MAX; /* of the disk: there is room */
#else
    (void)io;
#endif
}
static inline bool has_vote_of(const struct raft *raft, unsigned number)
{
#ifdef LIBRAFT_LATER
    return raft->candidate_state.votes[number].grant;
#else
    return raft->candidate_state.votes[number];
#endif
}
/* An entry of the log in memory, or NULL when it is not there. */
const struct raft_entry *log_entry(const struct raft *raft, raft_index index);
raft_index log_last(const struct raft *raft);

#endif
