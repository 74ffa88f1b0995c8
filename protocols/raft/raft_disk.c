/* The log file: records, one behind the other. All numbers are words of 8 bytes, the lowest byte
 * first.
 *
 *     byte  0  checksum of the record before this one, then of the bytes 8 to the end of this one
 *           8  size of the state, bytes; 0 where there is none
 *          16  index
 *          24  term
 *          32  kind: enum raft_entry_kind, or 3 for a snapshot
 *          40  value of the entry; the voters at a snapshot
 *          48  state of a snapshot
 *
 * A snapshot is the first record of its file. An entry replaces those of its index and above, so
 * that taking a conflict back and writing the leader's entries is one append, and no crash can come
 * between the two.
 *
 * The checksum is FNV-1a of 64 bits, begun with that of the record before, as the frames of
 * SQLite's write-ahead log are chained: what a torn write leaves does not fit, and neither does a
 * record behind one that was never written. Reading ends there; the rest was never acknowledged,
 * since a server acknowledges only what a sync has followed and no failure preceded.
 *
 * After a failure, of a write or of a sync, the file is not trusted any more: nobody knows what
 * became of pages whose sync failed (Rebello et al., USENIX ATC 2020). Appending goes on, and
 * proves nothing; after a pause the whole file is written anew, which a file system does with a
 * second file and a rename. So a server outlives a full disk; meanwhile it votes and leads, but
 * acknowledges nothing new. The file is also written anew when it is compacted, when a snapshot
 * replaces it, and when a start finds a torn end.
 *
 * Not detected: a record that changes on the disk looks like the end of the log. */
#include "raft_core.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD = 6 * RAFT_WORD, SNAPSHOT = 3 };
static const uint64_t chain_start = UINT64_C(0xcbf29ce484222325); /* FNV's offset basis */

struct record {
    uint64_t index;
    struct raft_entry entry;
    bool snapshot; /* then the entry's value is the voters */
    struct raft_bytes state;
};

void raft_disk_free(struct raft_disk *disk)
{
    free(disk->writes);
}

static uint64_t checksum(uint64_t chain, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        chain = (chain ^ bytes[i]) * UINT64_C(0x100000001b3);
    }
    return chain;
}

/* Writes a record; what it takes, bytes. */
static size_t put_record(uint8_t *bytes, const struct record *record, uint64_t *chain)
{
    raft_put_word(bytes + 8, record->state.size);
    raft_put_word(bytes + 16, record->index);
    raft_put_entry(bytes + 24, &record->entry);
    if (record->snapshot) {
        raft_put_word(bytes + 32, SNAPSHOT);
    }
    if (record->state.size > 0) {
        memcpy(bytes + HEAD, record->state.data, record->state.size);
    }
    *chain = checksum(*chain, bytes + 8, HEAD - 8 + record->state.size);
    raft_put_word(bytes, *chain);
    return HEAD + record->state.size;
}

/* Reads a record; what it takes, or 0 when there is none. */
static size_t get_record(const uint8_t *bytes, size_t size, struct record *record, uint64_t *chain)
{
    if (size < HEAD || raft_get_word(bytes + 8) > size - HEAD) {
        return 0;
    }
    record->state = (struct raft_bytes){bytes + HEAD, (size_t)raft_get_word(bytes + 8)};
    uint64_t sum = checksum(*chain, bytes + 8, HEAD - 8 + record->state.size);
    if (sum != raft_get_word(bytes)) {
        return 0;
    }
    record->index = raft_get_word(bytes + 16);
    record->entry = raft_get_entry(bytes + 24);
    record->snapshot = raft_get_word(bytes + 32) == SNAPSHOT;
    *chain = sum;
    return HEAD + record->state.size;
}

void raft_disk_load(struct raft *raft, struct raft_bytes file)
{
    struct raft_log *log = &raft->log;
    const uint8_t *bytes = file.data;
    struct record record;
    size_t at = 0, size;
    raft->disk.chain = chain_start;
    while ((size = get_record(bytes + at, file.size - at, &record, &raft->disk.chain)) > 0) {
        if (!record.snapshot &&
            (record.index <= log->base || record.index > raft_log_last(log) + 1)) {
            break; /* no file that this library wrote */
        }
        if (record.snapshot) {
            struct raft_message snapshot = {.index = record.index,
                                            .index_term = record.entry.term,
                                            .voters = (uint32_t)record.entry.value,
                                            .bytes = record.state};
            raft_log_install(log, &snapshot);
        } else {
            raft_log_cut(log, record.index - 1);
            raft_log_add(log, record.entry);
        }
        at += size;
    }
    raft->disk.torn = at < file.size;
    raft->disk.persisted = raft_log_last(log);
}

static void begin(struct raft_disk *disk, uint64_t last)
{
    disk->writes = raft_grow(disk->writes, &disk->capacity, disk->count + 1, sizeof *disk->writes);
    disk->writes[disk->count++] = (struct raft_write){.lost = disk->failed, .last = last};
}

/* The records of the entries from `first` on, at `bytes`. */
static size_t put_entries(struct raft *raft, uint64_t first, uint8_t *bytes)
{
    size_t size = 0;
    for (uint64_t i = first; i <= raft_log_last(&raft->log); i++) {
        struct record record = {.index = i, .entry = *raft_log_at(&raft->log, i)};
        size += put_record(bytes + size, &record, &raft->disk.chain);
    }
    return size;
}

void raft_disk_append(struct raft *raft, uint64_t first)
{
    struct raft_disk *disk = &raft->disk;
    uint64_t last = raft_log_last(&raft->log);
    uint8_t *bytes = raft_grow(NULL, &(size_t){0}, (size_t)(last - first + 1) * HEAD, 1);
    size_t size = put_entries(raft, first, bytes);
    raft_emit(raft, RAFT_DO_APPEND)->bytes = (struct raft_bytes){bytes, size};
    /* Mistake 10: an entry counts before the sync that makes it durable. */
    begin(disk, MISTAKE == 10 ? last : 0);
    (void)raft_emit(raft, RAFT_DO_SYNC);
    begin(disk, last);
}

void raft_disk_rewrite(struct raft *raft)
{
    const struct raft_log *log = &raft->log;
    struct raft_disk *disk = &raft->disk;
    uint64_t last = raft_log_last(log);
    if (disk->failed) {
        return;
    }
    uint8_t *bytes = raft_grow(NULL, &(size_t){0}, (log->count + 1) * HEAD + log->state_size, 1);
    size_t size = 0;
    disk->chain = chain_start;
    if (log->base > 0) {
        struct record record = {.index = log->base,
                                .entry = {.term = log->base_term, .value = log->base_voters},
                                .snapshot = true,
                                .state = {log->state, log->state_size}};
        size = put_record(bytes, &record, &disk->chain);
    }
    size += put_entries(raft, log->base + 1, bytes + size);
    raft_emit(raft, RAFT_DO_REPLACE)->bytes = (struct raft_bytes){bytes, size};
    begin(disk, last);
}

void raft_disk_forget(struct raft_disk *disk, uint64_t last)
{
    disk->persisted = disk->persisted < last ? disk->persisted : last;
    for (size_t i = 0; i < disk->count; i++) {
        struct raft_write *write = &disk->writes[i];
        write->last = write->last < last ? write->last : last;
    }
}

bool raft_disk_done(struct raft *raft, bool ok)
{
    struct raft_disk *disk = &raft->disk;
    if (disk->count == 0) {
        return false;
    }
    struct raft_write write = disk->writes[0];
    memmove(disk->writes, disk->writes + 1, --disk->count * sizeof write);
    if (write.lost) {
        return false;
    }
    if (!ok) {
        disk->failed = true;
        for (size_t i = 0; i < disk->count; i++) {
            disk->writes[i].lost = true;
        }
        raft_emit_timer(raft, RAFT_TIMER_RETRY, raft->options.heartbeat_ms,
                        raft->options.heartbeat_ms);
        return false;
    }
    bool more = write.last > disk->persisted;
    disk->persisted = more ? write.last : disk->persisted;
    return more;
}
