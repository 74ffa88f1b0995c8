/* What leaders and followers do (Ongaro 3.5 and 3.6; snapshots 5; changes of membership 4.1 to
 * 4.2; transfer of leadership 3.10).
 *
 * A leader sends each voter the entries from `next` on, a few a message, and moves on when they are
 * acknowledged; what is lost goes out again with the next heartbeat. Until it knows where the two
 * logs meet it sends no entries (3.5). Where entries are in the snapshot already, the snapshot goes
 * out, in one message. Nothing distinguishes heartbeats from other APPENDs.
 *
 * A follower keeps `agreed`: up to where its log is known to be the leader's, from messages of this
 * term. Behind that it may have entries of other leaders, and must not acknowledge them. What it
 * acknowledges is agreed and on its disk; if a write is under way, it acknowledges what is there,
 * and again when the write is done. A leader's own entries count for a commitment once they are on
 * its disk (10.2.1).
 *
 * A leader does not begin its term with an empty entry (6.4 asks for one to read without the log,
 * which is not offered): entries of former terms wait for the next command.
 *
 * Membership changes by one server at a time, from the entry on, committed or not. A leader begins
 * a change when none is open and it has committed an entry of its own term: without the second
 * condition two leaders can make changes whose majorities do not meet (Ongaro, "bug in
 * single-server membership changes", raft-dev, July 2015). A leader that is removed leads until
 * that is committed, and does not count itself. A new voter catches up as a voter: that is safe,
 * and may delay commitments. */
#include "raft_core.h"

#include <string.h>

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static struct raft_peer *peer_of(struct raft *raft, unsigned server)
{
    return &raft->peers[server - 1];
}

static void send_snapshot(struct raft *raft, unsigned to)
{
    const struct raft_log *log = &raft->log;
    struct raft_message message = {.kind = RAFT_SNAPSHOT,
                                   .term = raft->term,
                                   .index = log->base,
                                   .index_term = log->base_term,
                                   .voters = log->base_voters,
                                   .bytes = {log->state, log->state_size}};
    raft_send(raft, to, &message);
}

static void send_entries(struct raft *raft, unsigned to)
{
    const struct raft_log *log = &raft->log;
    uint64_t next = peer_of(raft, to)->next;
    if (next <= log->base) {
        send_snapshot(raft, to);
        return;
    }
    struct raft_message message = {
        .kind = RAFT_APPEND,
        .term = raft->term,
        .index = next - 1,
        .index_term = raft_log_term(log, next - 1),
        .commit = raft->commit,
    };
    if (peer_of(raft, to)->found) {
        message.entry_count = (size_t)smaller(raft_log_last(log) - (next - 1),
                                              raft->options.entries_max);
    }
    raft_send(raft, to, &message);
}

void raft_broadcast(struct raft *raft)
{
    for (unsigned server = 1; server <= RAFT_SERVERS_MAX; server++) {
        if (raft_is_voter(raft, server) && server != raft->options.id) {
            send_entries(raft, server);
        }
    }
}

void raft_become_leader(struct raft *raft)
{
    raft->role = RAFT_LEADER;
    raft->leader = raft->options.id;
    raft->heard = 0;
    raft->transferee = 0;
    for (unsigned server = 1; server <= RAFT_SERVERS_MAX; server++) {
        *peer_of(raft, server) = (struct raft_peer){.next = raft_log_last(&raft->log) + 1};
    }
    raft_emit_timer(raft, RAFT_TIMER_ELECTION, raft->options.election_ms,
                    raft->options.election_ms);
    raft_emit_timer(raft, RAFT_TIMER_HEARTBEAT, raft->options.heartbeat_ms,
                    raft->options.heartbeat_ms);
    raft_broadcast(raft);
}

/* Entries up to there are committed: applies them, and answers who waits for them. */
static void commit(struct raft *raft, uint64_t index)
{
    size_t answered = 0;
    raft->commit = larger(raft->commit, smaller(index, raft_log_last(&raft->log)));
    while (raft->applied < raft->commit) {
        uint64_t next = ++raft->applied;
        struct raft_effect *effect = raft_emit(raft, RAFT_DO_APPLY);
        effect->index = next;
        effect->entry = *raft_log_at(&raft->log, next);
        if (answered < raft->waiting_count && raft->waiting[answered].index == next) {
            raft_emit_reply(raft, raft->waiting[answered].request, RAFT_APPLIED);
            raft->effects[raft->effect_count - 1].index = next;
            answered++;
        }
    }
    if (answered > 0) {
        raft->waiting_count -= answered;
        memmove(raft->waiting, raft->waiting + answered,
                raft->waiting_count * sizeof *raft->waiting);
    }
}

/* The servers that have the entry on their disks, as far as the leader knows. */
static uint32_t holders_of(const struct raft *raft, uint64_t index)
{
    uint32_t holders = 0;
    for (unsigned server = 1; server <= RAFT_SERVERS_MAX; server++) {
        uint64_t held = server == raft->options.id ? raft->disk.persisted
                                                   : raft->peers[server - 1].match;
        holders |= held >= index ? (uint32_t)1 << (server - 1) : 0;
    }
    return holders;
}

static void advance_commit(struct raft *raft)
{
    for (uint64_t i = raft_log_last(&raft->log); i > raft->commit; i--) {
        /* Only entries of the own term commit by counting, and others with them (3.6.2, figure
         * 3.7). Mistake 4: any. */
        if (raft_log_term(&raft->log, i) != raft->term && MISTAKE != 4) {
            return;
        }
        if (raft_is_quorum(raft, holders_of(raft, i))) {
            commit(raft, i);
            break;
        }
    }
    if (!raft_is_voter(raft, raft->options.id) && raft->voters_index <= raft->commit) {
        raft_become_follower(raft, raft->term);
    }
}

/* Adds an entry of the own term, writes it and sends it. */
static void lead_entry(struct raft *raft, enum raft_entry_kind kind, uint64_t value)
{
    struct raft_entry entry = {.term = raft->term, .kind = kind, .value = value};
    raft_log_add(&raft->log, entry);
    raft_disk_append(raft, raft_log_last(&raft->log));
    raft_broadcast(raft);
}

void raft_propose(struct raft *raft, const struct raft_event *event)
{
    if (raft->role != RAFT_LEADER || raft->transferee != 0) {
        raft_emit_reply(raft, event->request, RAFT_REFUSED);
        return;
    }
    raft->waiting = raft_grow(raft->waiting, &raft->waiting_capacity, raft->waiting_count + 1,
                              sizeof *raft->waiting);
    raft->waiting[raft->waiting_count++] = (struct raft_waiting){
        .index = raft_log_last(&raft->log) + 1, .request = event->request};
    lead_entry(raft, RAFT_COMMAND, event->value);
}

void raft_change(struct raft *raft, unsigned server, bool member)
{
    bool settled = raft->voters_index <= raft->commit;
    /* Mistake 11: no entry of the own term needs to be committed. */
    bool own = raft_log_term(&raft->log, raft->commit) == raft->term || MISTAKE == 11;
    uint32_t voters = member ? raft->voters | (uint32_t)1 << (server - 1)
                             : raft->voters & ~((uint32_t)1 << (server - 1));
    if (raft->role != RAFT_LEADER || raft->transferee != 0 || !settled || !own || voters == 0 ||
        voters == raft->voters) {
        return;
    }
    raft->voters = voters;
    raft->voters_index = raft_log_last(&raft->log) + 1;
    if (member) {
        *peer_of(raft, server) = (struct raft_peer){.next = raft->voters_index};
    }
    lead_entry(raft, RAFT_VOTERS, voters);
}

/* Tells the transferee to stand, as soon as it has all entries. */
static void hand_over(struct raft *raft)
{
    uint64_t last = raft_log_last(&raft->log);
    if (raft->transferee != 0 && peer_of(raft, raft->transferee)->match == last) {
        struct raft_message message = {.kind = RAFT_TIMEOUT_NOW,
                                       .term = raft->term,
                                       .index = last,
                                       .index_term = raft_log_term(&raft->log, last)};
        raft_send(raft, raft->transferee, &message);
    }
}

void raft_transfer(struct raft *raft, unsigned server)
{
    if (raft->role == RAFT_LEADER && server != raft->options.id && raft_is_voter(raft, server)) {
        raft->transferee = server;
        hand_over(raft);
    }
}

static void acknowledge(struct raft *raft)
{
    struct raft_message reply = {.kind = RAFT_APPEND_REPLY,
                                 .ok = true,
                                 .term = raft->term,
                                 .index = smaller(raft->agreed, raft->disk.persisted)};
    if (MISTAKE == 6) { /* Mistake 6: what is on the disk need not be the leader's. */
        reply.index = raft->disk.persisted;
    }
    raft_send(raft, raft->leader, &reply);
}

static void refuse(struct raft *raft, unsigned to, const struct raft_message *message)
{
    struct raft_message reply = {
        .kind = RAFT_APPEND_REPLY,
        .term = raft->term,
        .index = message->index,
        .last = smaller(raft_log_last(&raft->log), message->index > 0 ? message->index - 1 : 0)};
    raft_send(raft, to, &reply);
}

/* Whether a message is the leader's of this term; if so the server follows it. */
static bool follow(struct raft *raft, unsigned from, const struct raft_message *message)
{
    if (message->term < raft->term) {
        refuse(raft, from, message);
        return false;
    }
    if (raft->role == RAFT_LEADER) {
        return false; /* not unless two lead in one term */
    }
    if (raft->role != RAFT_FOLLOWER) {
        raft_become_follower(raft, raft->term);
    }
    raft->leader = from;
    raft_reset_election(raft);
    return true;
}

/* Whether the log has the entry that those sent follow. What is in the snapshot is committed. */
static bool has_previous(const struct raft *raft, const struct raft_message *message)
{
    if (message->index < raft->log.base) {
        return true;
    }
    if (message->index > raft_log_last(&raft->log)) {
        return false;
    }
    /* Mistake 8: the term is not compared. */
    return MISTAKE == 8 || raft_log_term(&raft->log, message->index) == message->index_term;
}

/* Adds what is missing; entries that conflict go, and those behind them (3.5). */
static void merge(struct raft *raft, const struct raft_message *message)
{
    struct raft_log *log = &raft->log;
    uint64_t first = 0;
    for (size_t i = 0; i < message->entry_count; i++) {
        uint64_t index = message->index + 1 + i;
        struct raft_entry entry = raft_message_entry(message, i);
        if (index <= log->base) {
            continue;
        }
        /* Mistake 7: what follows the first entry goes whether or not they conflict. */
        bool conflict = raft_log_term(log, index) != entry.term || (MISTAKE == 7 && first == 0);
        if (index <= raft_log_last(log) && !conflict) {
            continue;
        }
        first = first == 0 ? index : first;
        raft_disk_forget(&raft->disk, index - 1);
        raft_log_cut(log, index - 1);
        raft_log_add(log, entry);
    }
    if (first != 0) {
        raft_disk_append(raft, first);
        raft->voters = raft_log_voters(log, raft_log_last(log), &raft->voters_index);
    }
}

void raft_handle_append(struct raft *raft, unsigned from, const struct raft_message *message)
{
    if (!follow(raft, from, message)) {
        return;
    }
    if (!has_previous(raft, message)) {
        refuse(raft, from, message);
        return;
    }
    merge(raft, message);
    uint64_t sent = message->index + message->entry_count;
    raft->agreed = larger(raft->agreed, sent);
    /* Mistake 5: entries behind those sent commit too. */
    commit(raft, smaller(message->commit, MISTAKE == 5 ? raft_log_last(&raft->log) : sent));
    acknowledge(raft);
}

void raft_handle_append_reply(struct raft *raft, unsigned from, const struct raft_message *message)
{
    struct raft_peer *peer = peer_of(raft, from);
    uint64_t last = raft_log_last(&raft->log);
    if (raft->role != RAFT_LEADER || message->term != raft->term) {
        return;
    }
    raft->heard |= (uint32_t)1 << (from - 1);
    if (!message->ok) {
        if (message->index + 1 == peer->next && peer->next > peer->match + 1) {
            peer->next = larger(peer->match, smaller(message->last, last)) + 1;
            send_entries(raft, from);
        }
        return;
    }
    uint64_t match = smaller(message->index, last);
    if (match <= peer->match && peer->found) {
        return;
    }
    peer->found = true;
    peer->match = larger(peer->match, match);
    peer->next = larger(peer->next, match + 1);
    advance_commit(raft);
    hand_over(raft);
    if (raft->role == RAFT_LEADER && peer->next <= last) {
        send_entries(raft, from);
    }
}

void raft_handle_snapshot(struct raft *raft, unsigned from, const struct raft_message *message)
{
    if (!follow(raft, from, message)) {
        return;
    }
    uint64_t term = raft_log_term(&raft->log, message->index);
    bool has = message->index <= raft_log_last(&raft->log) && term == message->index_term;
    if (MISTAKE == 12) { /* Mistake 12: an entry of a higher term stands for the snapshot's. */
        has = message->index <= raft_log_last(&raft->log) && term >= message->index_term;
    }
    if (has) {
        commit(raft, message->index);
    } else if (message->index > raft->commit) {
        raft_disk_forget(&raft->disk, raft->commit);
        raft_log_install(&raft->log, message);
        raft->voters = message->voters;
        raft->voters_index = 0;
        raft->commit = raft->applied = message->index;
        raft_emit_restore(raft);
        raft_disk_rewrite(raft);
    }
    raft->agreed = larger(raft->agreed, message->index);
    acknowledge(raft);
}

void raft_persisted(struct raft *raft)
{
    if (raft->role == RAFT_LEADER) {
        advance_commit(raft);
    } else if (raft->leader != 0) {
        acknowledge(raft);
    }
}
