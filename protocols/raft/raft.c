/* One step of a server: an event goes to its handler, and the effects are collected.
 *
 * Invariants of a step:
 *
 * - Whatever changed of term and vote is written before anything else leaves the server: the first
 *   place of the list of effects is kept for it, and is filled last. A handler that changes both
 *   therefore writes them at once, and a crash in between finds both or neither.
 * - Handlers do not wait. What depends on the disk happens in RAFT_ON_STORED, and what depends on
 *   others in RAFT_ON_MESSAGE.
 * - A message of a later term makes its receiver a follower of that term first (figure 3.1), but
 *   for three: a request before an election promises nothing (9.6, pre-vote), neither does its
 *   granting, which carries the term that is asked for; and a request for a vote is refused while
 *   a leader is known, so that a server that nobody listens to cannot depose anybody (4.2.3).
 *
 * Elections and roles are in raft_election.c, what a leader and its followers do in
 * raft_replication.c, the log in raft_log.c and on the disk in raft_disk.c, messages as bytes in
 * raft_message.c. Rejected: effects as calls through a table of functions, which would let a
 * handler be entered while it runs. */
#include "raft_core.h"

#include <stdlib.h>
#include <string.h>

enum { VOTE_FILE_SIZE = 2 * RAFT_WORD }; /* term, vote */

void *raft_grow(void *array, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity && array != NULL) {
        return array;
    }
    *capacity = needed > 2 * *capacity ? needed : 2 * *capacity;
    void *grown = realloc(array, *capacity * size);
    if (grown == NULL) {
        abort();
    }
    return grown;
}

struct raft_effect *raft_emit(struct raft *raft, enum raft_effect_kind kind)
{
    raft->effects = raft_grow(raft->effects, &raft->effect_capacity, raft->effect_count + 1,
                              sizeof *raft->effects);
    struct raft_effect *effect = &raft->effects[raft->effect_count++];
    *effect = (struct raft_effect){.kind = kind};
    return effect;
}

void raft_emit_timer(struct raft *raft, enum raft_timer timer, uint32_t low, uint32_t high)
{
    struct raft_effect *effect = raft_emit(raft, RAFT_DO_TIMER);
    effect->timer = timer;
    effect->low = low;
    effect->high = high;
}

void raft_emit_reply(struct raft *raft, uint64_t request, enum raft_outcome outcome)
{
    struct raft_effect *effect = raft_emit(raft, RAFT_DO_REPLY);
    effect->request = request;
    effect->outcome = outcome;
}

void raft_emit_restore(struct raft *raft)
{
    const struct raft_log *log = &raft->log;
    uint8_t *bytes = raft_grow(NULL, &(size_t){0}, log->state_size + 1, 1);
    memcpy(bytes, log->state, log->state_size);
    struct raft_effect *effect = raft_emit(raft, RAFT_DO_RESTORE);
    effect->index = log->base;
    effect->bytes = (struct raft_bytes){bytes, log->state_size};
}

bool raft_is_quorum(const struct raft *raft, uint32_t servers)
{
    int half = __builtin_popcount(raft->voters) / 2;
    int quorum = MISTAKE == 1 ? half : half + 1; /* Mistake 1: half is enough. */
    return __builtin_popcount(servers & raft->voters) >= quorum;
}

bool raft_is_voter(const struct raft *raft, unsigned server)
{
    return (raft->voters >> (server - 1) & 1) != 0;
}

static bool load_vote(struct raft *raft, struct raft_bytes file)
{
    if (file.size != 0 && file.size != VOTE_FILE_SIZE) {
        return false;
    }
    raft->term = 1;                       /* 0 is the term of no entry */
    if (file.size != 0 && MISTAKE != 3) { /* Mistake 3: the term is not read. */
        raft->term = raft_get_word(file.data);
        raft->vote = (unsigned)raft_get_word((const uint8_t *)file.data + RAFT_WORD);
    }
    return true;
}

struct raft *raft_new(const struct raft_options *options, struct raft_bytes vote,
                      struct raft_bytes log)
{
    struct raft *raft = raft_grow(NULL, &(size_t){0}, 1, sizeof *raft);
    *raft = (struct raft){.options = *options, .log = {.base_voters = options->voters}};
    if (!load_vote(raft, vote)) {
        raft_free(raft);
        return NULL;
    }
    raft_disk_load(raft, log);
    raft->voters = raft_log_voters(&raft->log, raft_log_last(&raft->log), &raft->voters_index);
    raft->commit = raft->applied = raft->log.base;
    return raft;
}

static void free_effects(struct raft *raft)
{
    for (size_t i = 0; i < raft->effect_count; i++) {
        free((void *)(uintptr_t)raft->effects[i].bytes.data);
    }
    raft->effect_count = 0;
}

void raft_free(struct raft *raft)
{
    if (raft == NULL) {
        return;
    }
    free_effects(raft);
    free(raft->effects);
    free(raft->waiting);
    raft_log_free(&raft->log);
    raft_disk_free(&raft->disk);
    free(raft);
}

static void start(struct raft *raft)
{
    if (raft->log.base > 0) {
        raft_emit_restore(raft);
    }
    if (raft->disk.torn) {
        raft_disk_rewrite(raft);
    }
    raft_reset_election(raft);
}

/* Whether a message makes its receiver a follower of its term. */
static bool brings_term(const struct raft *raft, const struct raft_message *message)
{
    if (message->term <= raft->term) {
        return false;
    }
    if (message->kind == RAFT_VOTE) {
        return !message->pre && (message->transfer || !raft_has_leader(raft));
    }
    return message->kind != RAFT_VOTE_REPLY || !message->pre || !message->ok;
}

static void receive(struct raft *raft, unsigned from, struct raft_bytes bytes)
{
    struct raft_message message;
    if (!raft_message_decode(bytes, &message)) {
        return;
    }
    if (brings_term(raft, &message)) {
        raft_become_follower(raft, message.term);
    }
    switch (message.kind) {
    case RAFT_VOTE:
        raft_handle_vote(raft, from, &message);
        break;
    case RAFT_VOTE_REPLY:
        raft_handle_vote_reply(raft, from, &message);
        break;
    case RAFT_APPEND:
        raft_handle_append(raft, from, &message);
        break;
    case RAFT_APPEND_REPLY:
        raft_handle_append_reply(raft, from, &message);
        break;
    case RAFT_SNAPSHOT:
        raft_handle_snapshot(raft, from, &message);
        break;
    case RAFT_TIMEOUT_NOW:
        raft_handle_timeout_now(raft, from, &message);
        break;
    }
}

static void fire(struct raft *raft, enum raft_timer timer)
{
    switch (timer) {
    case RAFT_TIMER_ELECTION:
        raft_election_timeout(raft);
        break;
    case RAFT_TIMER_HEARTBEAT:
        if (raft->role == RAFT_LEADER) {
            raft_broadcast(raft);
            raft_emit_timer(raft, timer, raft->options.heartbeat_ms, raft->options.heartbeat_ms);
        }
        break;
    case RAFT_TIMER_RETRY:
        raft->disk.failed = false;
        raft_disk_rewrite(raft);
        break;
    }
}

static void compact(struct raft *raft, uint64_t index, struct raft_bytes state)
{
    if (index > raft->log.base && index <= raft->applied && index <= raft_log_last(&raft->log)) {
        raft_log_compact(&raft->log, index, state);
        raft_disk_rewrite(raft);
    }
}

static void dispatch(struct raft *raft, const struct raft_event *event)
{
    switch (event->kind) {
    case RAFT_ON_START:
        start(raft);
        break;
    case RAFT_ON_MESSAGE:
        receive(raft, event->server, event->bytes);
        break;
    case RAFT_ON_TIMER:
        fire(raft, event->timer);
        break;
    case RAFT_ON_STORED:
        if (raft_disk_done(raft, event->ok)) {
            raft_persisted(raft);
        }
        break;
    case RAFT_ON_COMMAND:
        raft_propose(raft, event);
        break;
    case RAFT_ON_TRANSFER:
        raft_transfer(raft, event->server);
        break;
    case RAFT_ON_CHANGE:
        raft_change(raft, event->server, event->ok);
        break;
    case RAFT_ON_COMPACT:
        compact(raft, event->index, event->bytes);
        break;
    }
}

const struct raft_effect *raft_step(struct raft *raft, const struct raft_event *event,
                                    size_t *count)
{
    uint64_t term = raft->term;
    unsigned vote = raft->vote;
    free_effects(raft);
    (void)raft_emit(raft, RAFT_DO_PUT);
    dispatch(raft, event);
    if (raft->term == term && raft->vote == vote) {
        *count = raft->effect_count - 1;
        return raft->effects + 1;
    }
    uint8_t *bytes = raft_grow(NULL, &(size_t){0}, VOTE_FILE_SIZE, 1);
    raft_put_word(bytes, raft->term);
    raft_put_word(bytes + RAFT_WORD, MISTAKE == 2 ? 0 : raft->vote); /* Mistake 2: no vote. */
    raft->effects[0].bytes = (struct raft_bytes){bytes, VOTE_FILE_SIZE};
    *count = raft->effect_count;
    return raft->effects;
}

void raft_look(const struct raft *raft, struct raft_view *view)
{
    *view = (struct raft_view){
        .role = raft->role,
        .term = raft->term,
        .vote = raft->vote,
        .leader = raft->leader,
        .commit = raft->commit,
        .applied = raft->applied,
        .last = raft_log_last(&raft->log),
        .persisted = raft->disk.persisted,
        .snapshot_index = raft->log.base,
        .snapshot_term = raft->log.base_term,
        .voters = raft->voters,
        .votes = raft->votes,
        .voters_index = raft->voters_index,
        .agreed = raft->agreed,
        .transferee = raft->transferee,
        .heard = raft->heard,
        .disk_failed = raft->disk.failed,
        .disk_operations = (unsigned)raft->disk.count,
    };
}

bool raft_is_write_lost(const struct raft *raft)
{
    return raft->disk.count > 0 && raft->disk.writes[0].lost;
}

struct raft_entry raft_entry_at(const struct raft *raft, uint64_t index)
{
    return *raft_log_at(&raft->log, index);
}

void raft_progress(const struct raft *raft, unsigned server, uint64_t *next, uint64_t *match)
{
    *next = raft->peers[server - 1].next;
    *match = raft->peers[server - 1].match;
}
