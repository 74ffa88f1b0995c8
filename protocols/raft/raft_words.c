/* Servers and messages of our Raft in words, for mappings and diagrams. The names are those of
 * Raft.tla where it has one. */
#include "raft_target.h"

#include <string.h>

static void set_voters(struct fathom_record *record, uint64_t voters)
{
    struct fathom_record *list = fathom_set_list(record, "voters");
    for (unsigned server = 1; server <= RAFT_SERVERS_MAX; server++) {
        if ((voters >> (server - 1) & 1) != 0) {
            fathom_set_int(list, NULL, server);
        }
    }
}

/* An entry of a list: its value and no voters, or value 0 and the voters that it names. */
static struct fathom_record *set_entry(struct fathom_record *list, enum raft_entry_kind kind,
                                       uint64_t value)
{
    struct fathom_record *record = fathom_set_record(list, NULL);
    fathom_set_int(record, "value", kind == RAFT_VOTERS ? 0 : (int64_t)value);
    set_voters(record, kind == RAFT_VOTERS ? value : 0);
    return record;
}

static void set_log_entry(struct fathom_record *list, struct raft_entry entry)
{
    fathom_set_int(set_entry(list, entry.kind, entry.value), "term", (int64_t)entry.term);
}

void target_observe(const void *state, struct fathom_record *record)
{
    static const char *const roles[] = {"follower", "precandidate", "candidate", "leader"};
    const struct server *server = state;
    struct raft_view view;
    raft_look(server->raft, &view);
    fathom_set_text(record, "role", roles[view.role]);
    fathom_set_int(record, "currentTerm", (int64_t)view.term);
    fathom_set_int(record, "votedFor", view.vote);
    fathom_set_int(record, "leader", view.leader);
    fathom_set_int(record, "commitIndex", (int64_t)view.commit);
    fathom_set_int(record, "stored", (int64_t)view.persisted);
    fathom_set_int(record, "verified", (int64_t)view.agreed);
    fathom_set_int(record, "snapshotIndex", (int64_t)view.snapshot_index);
    fathom_set_int(record, "snapshotTerm", (int64_t)view.snapshot_term);
    set_voters(record, view.voters);
    /* The entry that changed them, while it is not committed. */
    fathom_set_int(record, "openChange",
                   view.voters_index > view.commit ? (int64_t)view.voters_index : 0);
    struct fathom_record *log = fathom_set_list(record, "log");
    for (uint64_t i = view.snapshot_index + 1; i <= view.last; i++) {
        set_log_entry(log, raft_entry_at(server->raft, i));
    }
    if (view.role == RAFT_LEADER) {
        struct fathom_record *matches = fathom_set_list(record, "matchIndex");
        for (unsigned i = 1; i <= fathom_nodes(server->node); i++) {
            uint64_t next, match;
            raft_progress(server->raft, i, &next, &match);
            fathom_set_int(matches, NULL, (int64_t)match);
        }
    }
}

static void describe_append(const struct raft_message *message, struct fathom_record *record)
{
    fathom_set_int(record, "prevIndex", (int64_t)message->index);
    fathom_set_int(record, "prevTerm", (int64_t)message->index_term);
    fathom_set_int(record, "commit", (int64_t)message->commit);
    struct fathom_record *entries = fathom_set_list(record, "entries");
    for (size_t i = 0; i < message->entry_count; i++) {
        set_log_entry(entries, raft_message_entry(message, i));
    }
}

/* The state is what was applied, in the words of the state machine (raft_judge.c). */
static void describe_snapshot(const struct raft_message *message, struct fathom_record *record)
{
    set_voters(record, message->voters);
    struct fathom_record *list = fathom_set_list(record, "state");
    for (size_t at = 0; at + sizeof(uint64_t) <= message->bytes.size; at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, (const char *)message->bytes.data + at, sizeof word);
        (void)set_entry(list, word % 2 == 1 ? RAFT_VOTERS : RAFT_COMMAND, word / 2);
    }
}

void target_describe(struct fathom_bytes bytes, struct fathom_record *record)
{
    static const char *const types[] = {
        [RAFT_VOTE] = "RequestVote",         [RAFT_VOTE_REPLY] = "RequestVoteResponse",
        [RAFT_APPEND] = "AppendEntries",     [RAFT_APPEND_REPLY] = "AppendEntriesResponse",
        [RAFT_SNAPSHOT] = "InstallSnapshot", [RAFT_TIMEOUT_NOW] = "TimeoutNow"};
    struct raft_message message;
    if (!raft_message_decode((struct raft_bytes){bytes.data, bytes.size}, &message)) {
        fathom_set_text(record, "type", "unknown");
        return;
    }
    fathom_set_text(record, "type", types[message.kind]);
    fathom_set_int(record, "term", (int64_t)message.term);
    switch (message.kind) {
    case RAFT_VOTE:
        fathom_set_bool(record, "preVote", message.pre);
        fathom_set_bool(record, "disrupt", message.transfer);
        break;
    case RAFT_VOTE_REPLY:
        fathom_set_bool(record, "preVote", message.pre);
        fathom_set_bool(record, "granted", message.ok);
        break;
    case RAFT_APPEND:
        describe_append(&message, record);
        break;
    case RAFT_APPEND_REPLY:
        fathom_set_bool(record, "success", message.ok);
        fathom_set_int(record, "index", (int64_t)message.index);
        fathom_set_int(record, "last", (int64_t)message.last);
        break;
    case RAFT_SNAPSHOT:
        describe_snapshot(&message, record);
        break;
    case RAFT_TIMEOUT_NOW:
        break;
    }
    if (message.kind == RAFT_VOTE || message.kind == RAFT_SNAPSHOT ||
        message.kind == RAFT_TIMEOUT_NOW) {
        fathom_set_int(record, "lastIndex", (int64_t)message.index);
        fathom_set_int(record, "lastTerm", (int64_t)message.index_term);
    }
}
