/* Messages of libraft as bytes.
 *
 * libraft hands its environment a struct on its stack, whose entries live until the callback of the
 * send; what arrives must own its entries, in one array and one batch. So a message is written down
 * when it is sent and made anew when it arrives, in little-endian words of 8 bytes:
 *
 *     type | fields of the type ... | count of entries | { term | type | size | data, padded to 8 }
 *
 * Snapshots are not taken by this target (libraft.c), so InstallSnapshot does not occur. */
#include "libraft_target.h"

#include <stdlib.h>
#include <string.h>

struct writer {
    uint64_t *words;
    size_t count, capacity;
};

static void put(struct writer *writer, uint64_t word)
{
    if (writer->count == writer->capacity) {
        writer->capacity = writer->capacity == 0 ? 32 : 2 * writer->capacity;
        writer->words = realloc(writer->words, writer->capacity * sizeof *writer->words);
    }
    writer->words[writer->count++] = word;
}

static void put_bytes(struct writer *writer, const void *bytes, size_t size)
{
    for (size_t at = 0; at < size; at += 8) {
        uint64_t word = 0;
        memcpy(&word, (const char *)bytes + at, size - at < 8 ? size - at : 8);
        put(writer, word);
    }
}

static void put_entries(struct writer *writer, const struct raft_append_entries *append)
{
    put(writer, append->n_entries);
    for (unsigned i = 0; i < append->n_entries; i++) {
        const struct raft_entry *entry = &append->entries[i];
        put(writer, entry->term);
        put(writer, entry->type);
        put(writer, entry->buf.len);
        put_bytes(writer, entry->buf.base, entry->buf.len);
    }
}

struct fathom_bytes message_encode(const struct raft_message *message)
{
    struct writer writer = {NULL, 0, 0};
    put(&writer, message->type);
    switch (message->type) {
    case RAFT_IO_APPEND_ENTRIES:
        put(&writer, message->append_entries.term);
        put(&writer, message->append_entries.prev_log_index);
        put(&writer, message->append_entries.prev_log_term);
        put(&writer, message->append_entries.leader_commit);
        put_entries(&writer, &message->append_entries);
        break;
    case RAFT_IO_APPEND_ENTRIES_RESULT:
        put(&writer, message->append_entries_result.term);
        put(&writer, message->append_entries_result.rejected);
        put(&writer, message->append_entries_result.last_log_index);
        break;
    case RAFT_IO_REQUEST_VOTE:
        put(&writer, message->request_vote.term);
        put(&writer, message->request_vote.candidate_id);
        put(&writer, message->request_vote.last_log_index);
        put(&writer, message->request_vote.last_log_term);
        put(&writer, message->request_vote.disrupt_leader);
        put(&writer, message->request_vote.pre_vote);
        break;
    case RAFT_IO_REQUEST_VOTE_RESULT:
        put(&writer, message->request_vote_result.term);
        put(&writer, message->request_vote_result.vote_granted);
        put(&writer, message->request_vote_result.pre_vote);
        break;
    case RAFT_IO_TIMEOUT_NOW:
        put(&writer, message->timeout_now.term);
        put(&writer, message->timeout_now.last_log_index);
        put(&writer, message->timeout_now.last_log_term);
        break;
    default:
        break;
    }
    return (struct fathom_bytes){writer.words, writer.count * sizeof *writer.words};
}

struct reader {
    const unsigned char *at;
    size_t left; /* bytes */
    bool failed;
};

static uint64_t get(struct reader *reader)
{
    uint64_t word = 0;
    if (reader->left < 8) {
        reader->failed = true;
        return 0;
    }
    memcpy(&word, reader->at, 8);
    reader->at += 8;
    reader->left -= 8;
    return word;
}

/* Two passes over the entries: their sizes make the batch, then they are cut from it. */
static void get_entries(struct reader *reader, struct raft_append_entries *append)
{
    uint64_t count = get(reader);
    if (count == 0 || count > reader->left) {
        append->n_entries = 0;
        append->entries = NULL;
        reader->failed |= count != 0;
        return;
    }
    char *batch = raft_malloc(reader->left), *at = batch;
    append->entries = raft_calloc(count, sizeof *append->entries);
    append->n_entries = (unsigned)count;
    for (uint64_t i = 0; i < count; i++) {
        struct raft_entry *entry = &append->entries[i];
        entry->term = get(reader);
        entry->type = (unsigned short)get(reader);
        entry->buf.len = get(reader);
        entry->buf.base = at;
        entry->batch = batch;
        size_t padded = (entry->buf.len + 7) / 8 * 8;
        if (reader->failed || padded > reader->left) {
            reader->failed = true;
            break;
        }
        memcpy(at, reader->at, padded);
        at += padded;
        reader->at += padded;
        reader->left -= padded;
    }
    if (reader->failed) {
        raft_free(batch);
        raft_free(append->entries);
        append->entries = NULL;
        append->n_entries = 0;
    }
}

bool message_decode(struct fathom_bytes bytes, unsigned from, struct raft_message *message)
{
    static const char *const addresses[] = {"0", "1",  "2",  "3",  "4",  "5",  "6",  "7", "8",
                                            "9", "10", "11", "12", "13", "14", "15", "16"};
    struct reader reader = {bytes.data, bytes.size, false};
    memset(message, 0, sizeof *message);
    message->type = (unsigned short)get(&reader);
    message->server_id = from;
    message->server_address = addresses[from];
    switch (message->type) {
    case RAFT_IO_APPEND_ENTRIES:
        message->append_entries.term = get(&reader);
        message->append_entries.prev_log_index = get(&reader);
        message->append_entries.prev_log_term = get(&reader);
        message->append_entries.leader_commit = get(&reader);
        get_entries(&reader, &message->append_entries);
        break;
    case RAFT_IO_APPEND_ENTRIES_RESULT:
        message->append_entries_result.term = get(&reader);
        message->append_entries_result.rejected = get(&reader);
        message->append_entries_result.last_log_index = get(&reader);
        break;
    case RAFT_IO_REQUEST_VOTE:
        message->request_vote.term = get(&reader);
        message->request_vote.candidate_id = get(&reader);
        message->request_vote.last_log_index = get(&reader);
        message->request_vote.last_log_term = get(&reader);
        message->request_vote.disrupt_leader = get(&reader) != 0;
        message->request_vote.pre_vote = get(&reader) != 0;
        break;
    case RAFT_IO_REQUEST_VOTE_RESULT:
        message->request_vote_result.term = get(&reader);
        message->request_vote_result.vote_granted = get(&reader) != 0;
        message->request_vote_result.pre_vote = (raft_tribool)get(&reader);
        break;
    case RAFT_IO_TIMEOUT_NOW:
        message->timeout_now.term = get(&reader);
        message->timeout_now.last_log_index = get(&reader);
        message->timeout_now.last_log_term = get(&reader);
        break;
    default:
        return false;
    }
    return !reader.failed;
}

void message_release(struct raft_message *message)
{
    if (message->type == (unsigned)RAFT_IO_APPEND_ENTRIES &&
        message->append_entries.n_entries > 0) {
        raft_free(message->append_entries.entries[0].batch);
        raft_free(message->append_entries.entries);
    }
}

/* The voters of an encoded configuration: a byte, the number of servers, and for each its id, its
 * address (a string that ends in 0), and a byte that is its role. */
static void describe_voters(const struct raft_entry *entry, struct fathom_record *list)
{
    const unsigned char *at = entry->buf.base, *end = at + entry->buf.len;
    uint64_t count;
    if (entry->buf.len < 1 + sizeof count) {
        return;
    }
    memcpy(&count, at + 1, sizeof count);
    at += 1 + sizeof count;
    for (uint64_t i = 0; i < count && (size_t)(end - at) > sizeof(uint64_t); i++) {
        uint64_t id;
        memcpy(&id, at, sizeof id);
        at += sizeof id;
        at += strnlen((const char *)at, (size_t)(end - at)) + 1;
        if (at < end && *at++ == RAFT_VOTER) {
            fathom_set_int(list, NULL, (int64_t)id);
        }
    }
}

void describe_entry(const struct raft_entry *entry, struct fathom_record *list)
{
    uint64_t number = 0;
    if (entry != NULL && entry->type == RAFT_COMMAND && entry->buf.len >= sizeof number) {
        memcpy(&number, entry->buf.base, sizeof number);
        number++;
    }
    struct fathom_record *record = fathom_set_record(list, NULL);
    fathom_set_int(record, "term", entry == NULL ? 0 : (int64_t)entry->term);
    fathom_set_int(record, "value", (int64_t)number);
    struct fathom_record *voters = fathom_set_list(record, "voters");
    if (entry != NULL && entry->type == RAFT_CHANGE) {
        describe_voters(entry, voters);
    }
}

static void describe_append(const struct raft_append_entries *append, struct fathom_record *record)
{
    fathom_set_text(record, "type", "AppendEntries");
    fathom_set_int(record, "term", (int64_t)append->term);
    fathom_set_int(record, "prevIndex", (int64_t)append->prev_log_index);
    fathom_set_int(record, "prevTerm", (int64_t)append->prev_log_term);
    fathom_set_int(record, "commit", (int64_t)append->leader_commit);
    struct fathom_record *entries = fathom_set_list(record, "entries");
    for (unsigned i = 0; i < append->n_entries; i++) {
        describe_entry(&append->entries[i], entries);
    }
}

static void describe_vote(const struct raft_request_vote *vote, struct fathom_record *record)
{
    fathom_set_text(record, "type", "RequestVote");
    fathom_set_int(record, "term", (int64_t)vote->term);
    fathom_set_int(record, "lastIndex", (int64_t)vote->last_log_index);
    fathom_set_int(record, "lastTerm", (int64_t)vote->last_log_term);
    fathom_set_bool(record, "disrupt", vote->disrupt_leader);
    fathom_set_bool(record, "preVote", vote->pre_vote);
}

static void describe_result(const struct raft_append_entries_result *result,
                            struct fathom_record *record)
{
    fathom_set_text(record, "type", "AppendEntriesResponse");
    fathom_set_int(record, "term", (int64_t)result->term);
    fathom_set_int(record, "rejected", (int64_t)result->rejected);
    fathom_set_int(record, "lastIndex", (int64_t)result->last_log_index);
}

void message_describe(struct fathom_bytes bytes, struct fathom_record *record)
{
    struct raft_message message;
    if (!message_decode(bytes, 1, &message)) {
        fathom_set_text(record, "type", "unknown");
        return;
    }
    switch (message.type) {
    case RAFT_IO_APPEND_ENTRIES:
        describe_append(&message.append_entries, record);
        break;
    case RAFT_IO_APPEND_ENTRIES_RESULT:
        describe_result(&message.append_entries_result, record);
        break;
    case RAFT_IO_REQUEST_VOTE:
        describe_vote(&message.request_vote, record);
        break;
    case RAFT_IO_REQUEST_VOTE_RESULT:
        fathom_set_text(record, "type", "RequestVoteResponse");
        fathom_set_int(record, "term", (int64_t)message.request_vote_result.term);
        fathom_set_bool(record, "granted", message.request_vote_result.vote_granted);
        fathom_set_bool(record, "preVote",
                        message.request_vote_result.pre_vote == raft_tribool_true);
        break;
    default: /* the last kind that message_decode takes */
        fathom_set_text(record, "type", "TimeoutNow");
        fathom_set_int(record, "term", (int64_t)message.timeout_now.term);
        fathom_set_int(record, "lastIndex", (int64_t)message.timeout_now.last_log_index);
        fathom_set_int(record, "lastTerm", (int64_t)message.timeout_now.last_log_term);
        break;
    }
    message_release(&message);
}
