/* The log of a server as a file: records, one behind the other, in words of 8 bytes.
 *
 *     index | term | type | size | data, padded to 8
 *
 * An append writes the records of its entries; a truncation from index i on writes a record of
 * index i and type 0, without data, and so takes its place behind the appends that are under way.
 * Loading replays the file: an entry replaces those of its index and above; one that leaves a gap
 * (an append before it failed) is passed over. What a torn write left at the end is no whole
 * record, and is cut off before anything is written behind it. */
#include "libraft_target.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD = 4 * sizeof(uint64_t) };

static const char file_name[] = "log";

static size_t padded(size_t size)
{
    return (size + 7) / 8 * 8;
}

static size_t record_size(const struct raft_entry *entry)
{
    return HEAD + padded(entry->buf.len);
}

/* Writes the entry's record, whose padding is there; its end. */
static char *put_record(char *at, raft_index index, const struct raft_entry *entry)
{
    uint64_t head[] = {index, entry->term, entry->type, entry->buf.len};
    memcpy(at, head, sizeof head);
    memcpy(at + HEAD, entry->buf.base, entry->buf.len);
    return at + record_size(entry);
}

void disk_append(struct server *server, const struct raft_entry *entries, unsigned count,
                 raft_index first, struct pending *pending)
{
    size_t size = 0;
    for (unsigned i = 0; i < count; i++) {
        size += record_size(&entries[i]);
    }
    char *bytes = calloc(1, size), *at = bytes;
    for (unsigned i = 0; i < count; i++) {
        at = put_record(at, first + i, &entries[i]);
    }
    pending->operation = fathom_append(server->node, file_name, (struct fathom_bytes){bytes, size},
                                       FATHOM_DURABLE);
    free(bytes);
}

uint64_t disk_rewrite(struct server *server)
{
    raft_index last = log_last(&server->raft);
    size_t size = 0;
    for (raft_index i = 1; i <= last; i++) {
        size += record_size(log_entry(&server->raft, i));
    }
    char *bytes = calloc(1, size), *at = bytes;
    for (raft_index i = 1; i <= last; i++) {
        at = put_record(at, i, log_entry(&server->raft, i));
    }
    uint64_t operation = fathom_replace(server->node, file_name, (struct fathom_bytes){bytes, size},
                                        FATHOM_DURABLE);
    free(bytes);
    return operation;
}

void disk_truncate(struct server *server, raft_index index)
{
    uint64_t head[] = {index, 0, 0, 0};
    (void)fathom_append(server->node, file_name, (struct fathom_bytes){head, sizeof head},
                        FATHOM_DURABLE);
}

/* Puts the record's entry where it belongs; *count is the log's length. */
static void replay(const uint64_t *head, const char *data, struct raft_entry *log, size_t *count)
{
    size_t index = head[0];
    if (index == 0 || index > *count + 1) {
        return;
    }
    for (size_t i = index; i <= *count; i++) {
        raft_free(log[i - 1].batch);
    }
    *count = index - 1;
    if (head[2] == 0) {
        return;
    }
    struct raft_entry *entry = &log[(*count)++];
    size_t size = head[3] == 0 ? 8 : head[3];
    entry->term = head[1];
    entry->type = (unsigned short)head[2];
    entry->batch = raft_malloc(size);
    entry->buf.base = entry->batch;
    entry->buf.len = head[3];
    memcpy(entry->buf.base, data, head[3]);
}

/* libraft frees one batch for all entries that share it: those loaded get one. */
static int join(struct raft_entry *log, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size += padded(log[i].buf.len) + 8;
    }
    char *batch = raft_malloc(size), *at = batch;
    for (size_t i = 0; i < count; i++) {
        memcpy(at, log[i].buf.base, log[i].buf.len);
        raft_free(log[i].batch);
        log[i].batch = batch;
        log[i].buf.base = at;
        at += padded(log[i].buf.len) + 8;
    }
    return batch == NULL ? RAFT_NOMEM : 0;
}

int disk_load(struct server *server, struct raft_entry **entries, size_t *count)
{
    struct fathom_bytes file = fathom_read(server->node, file_name);
    const char *bytes = file.data;
    size_t at = 0;
    *count = 0;
    *entries = raft_calloc(file.size / HEAD + 1, sizeof **entries);
    while (file.size - at >= HEAD) {
        uint64_t head[4];
        memcpy(head, bytes + at, sizeof head);
        if (head[3] > file.size || padded(head[3]) > file.size - at - HEAD) {
            break;
        }
        replay(head, bytes + at + HEAD, *entries, count);
        at += HEAD + padded(head[3]);
    }
    if (at < file.size) {
        /* At once: an operation may fail, and then what follows would stand behind rubbish. None is
         * under way while a server starts. */
        char *whole = malloc(at + 1);
        memcpy(whole, bytes, at);
        fathom_put(server->node, file_name, (struct fathom_bytes){whole, at});
        free(whole);
    }
    if (*count == 0) {
        raft_free(*entries);
        *entries = NULL;
        return 0;
    }
    return join(*entries, *count);
}
