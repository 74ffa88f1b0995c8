/* Messages as bytes. All numbers are words of 8 bytes, the lowest byte first; the log file
 * (raft_disk.c) uses the same words and the same form of an entry.
 *
 *     byte  0  kind: enum raft_message_kind
 *           8  bit 0 pre, bit 1 transfer, bit 2 ok
 *          16  term
 *          24  index
 *          32  term of the entry at index
 *          40  commit
 *          48  last
 *          56  voters
 *          64  number of entries
 *          72  entries of 24 bytes, or the state of a snapshot, to the end of the message
 *
 *     entry 0  term
 *           8  kind: enum raft_entry_kind
 *          16  value
 *
 * Fields that mean nothing in a kind are 0. Who sent a message is known to those who carry it, and
 * not in it. What is decoded borrows the bytes; nothing in them is believed before its size has
 * been compared with what is there. */
#include "raft_core.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD = 9 * RAFT_WORD };
enum flag { PRE = 1, TRANSFER = 2, OK = 4 };

void raft_put_word(uint8_t *bytes, uint64_t value)
{
    for (unsigned i = 0; i < RAFT_WORD; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
}

uint64_t raft_get_word(const uint8_t *bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < RAFT_WORD; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return value;
}

void raft_put_entry(uint8_t *bytes, const struct raft_entry *entry)
{
    raft_put_word(bytes, entry->term);
    raft_put_word(bytes + 8, (uint64_t)entry->kind);
    raft_put_word(bytes + 16, entry->value);
}

struct raft_entry raft_get_entry(const uint8_t *bytes)
{
    return (struct raft_entry){
        .term = raft_get_word(bytes),
        .kind = raft_get_word(bytes + 8) == RAFT_VOTERS ? RAFT_VOTERS : RAFT_COMMAND,
        .value = raft_get_word(bytes + 16),
    };
}

void raft_send(struct raft *raft, unsigned to, const struct raft_message *message)
{
    size_t entries = message->entry_count * RAFT_ENTRY_SIZE;
    size_t size = HEAD + (entries > 0 ? entries : message->bytes.size);
    uint64_t words[] = {
        (uint64_t)message->kind,
        (message->pre ? PRE : 0u) | (message->transfer ? TRANSFER : 0u) | (message->ok ? OK : 0u),
        message->term,
        message->index,
        message->index_term,
        message->commit,
        message->last,
        message->voters,
        message->entry_count,
    };
    uint8_t *bytes = raft_grow(NULL, &(size_t){0}, size, 1);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        raft_put_word(bytes + i * RAFT_WORD, words[i]);
    }
    for (size_t i = 0; i < message->entry_count; i++) {
        raft_put_entry(bytes + HEAD + i * RAFT_ENTRY_SIZE,
                       raft_log_at(&raft->log, message->index + 1 + i));
    }
    if (entries == 0 && message->bytes.size > 0) {
        memcpy(bytes + HEAD, message->bytes.data, message->bytes.size);
    }
    struct raft_effect *effect = raft_emit(raft, RAFT_DO_SEND);
    effect->server = to;
    effect->bytes = (struct raft_bytes){.data = bytes, .size = size};
}

bool raft_message_decode(struct raft_bytes bytes, struct raft_message *message)
{
    const uint8_t *at = bytes.data;
    uint64_t words[HEAD / RAFT_WORD];
    if (bytes.size < HEAD) {
        return false;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        words[i] = raft_get_word(at + i * RAFT_WORD);
    }
    size_t rest = bytes.size - HEAD;
    if (words[0] < RAFT_VOTE || words[0] > RAFT_TIMEOUT_NOW || words[8] > rest / RAFT_ENTRY_SIZE) {
        return false;
    }
    *message = (struct raft_message){
        .kind = (enum raft_message_kind)words[0],
        .pre = (words[1] & PRE) != 0,
        .transfer = (words[1] & TRANSFER) != 0,
        .ok = (words[1] & OK) != 0,
        .term = words[2],
        .index = words[3],
        .index_term = words[4],
        .commit = words[5],
        .last = words[6],
        .voters = (uint32_t)words[7],
        .entry_count = (size_t)words[8],
        .bytes = {.data = at + HEAD, .size = rest},
    };
    return true;
}

struct raft_entry raft_message_entry(const struct raft_message *message, size_t place)
{
    return raft_get_entry((const uint8_t *)message->bytes.data + place * RAFT_ENTRY_SIZE);
}
