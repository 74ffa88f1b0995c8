/* Roles and elections (Ongaro, chapter 3.4; pre-vote 9.6; check-quorum 6.2; transfer 3.10).
 *
 *                 timeout            quorum of pre-votes        quorum of votes
 *     follower ------------> precandidate ------------> candidate ------------> leader
 *        ^                        |                         |                      |
 *        +------------------------+-------------------------+----------------------+
 *          a leader of the term, or a later term; a leader also when no quorum answered for an
 *          election timeout, or when it is no voter and that is committed
 *
 * One timer serves all roles: a follower's or candidate's election timeout, and a leader's count of
 * who answered. A server that is no voter votes: it may be one without knowing yet (4.2.2). Once
 * the entry that removed it is committed it does not stand for election; until then it does, and
 * counts the votes of others: nobody else may have that entry, and refuse no candidate for the lack
 * of it. But it waits twice as long as a voter: of equal timeouts it may stand right behind the
 * voter with the shorter log, time after time, and in the term for which that one voted for itself;
 * so the voters who could be elected never stand.
 *
 * A leader is known from its first message until the server's own election timeout, into a later
 * term if need be. While one is known, votes are refused, but to a candidate whom the leader itself
 * told to stand. Who refuses a pre-vote answers with its own term: a server that is behind learns
 * it, and without that two servers of different terms and logs might refuse each other for ever. */
#include "raft_core.h"

static uint32_t bit(unsigned server)
{
    return (uint32_t)1 << (server - 1);
}

bool raft_has_leader(const struct raft *raft)
{
    return raft->leader != 0;
}

void raft_reset_election(struct raft *raft)
{
    uint32_t patience = raft_is_voter(raft, raft->options.id) ? 1 : 2;
    uint32_t from = patience * raft->options.election_ms;
    raft_emit_timer(raft, RAFT_TIMER_ELECTION, from, 2 * from);
}

/* A leader that is none any more: its clients will not hear of their commands. */
static void abdicate(struct raft *raft)
{
    for (size_t i = 0; i < raft->waiting_count; i++) {
        raft_emit_reply(raft, raft->waiting[i].request, RAFT_UNKNOWN);
    }
    raft->waiting_count = 0;
    raft->transferee = 0;
    raft_emit(raft, RAFT_DO_CANCEL)->timer = RAFT_TIMER_HEARTBEAT;
    raft_reset_election(raft);
}

void raft_become_follower(struct raft *raft, uint64_t term)
{
    if (raft->role == RAFT_LEADER) {
        abdicate(raft);
    }
    raft->leader = raft->role == RAFT_FOLLOWER ? raft->leader : 0;
    raft->role = RAFT_FOLLOWER;
    if (term > raft->term) {
        raft->term = term;
        raft->vote = 0;
        raft->agreed = 0;
    }
}

/* Asks all voters; whoever is alone needs not ask. */
static void ask(struct raft *raft, bool pre)
{
    uint64_t last = raft_log_last(&raft->log);
    struct raft_message message = {.kind = RAFT_VOTE,
                                   .pre = pre,
                                   .transfer = !pre && raft->disrupts,
                                   .term = pre ? raft->term + 1 : raft->term,
                                   .index = last,
                                   .index_term = raft_log_term(&raft->log, last)};
    raft->leader = 0;
    raft->votes = bit(raft->options.id);
    raft_reset_election(raft);
    for (unsigned server = 1; server <= RAFT_SERVERS_MAX; server++) {
        if (raft_is_voter(raft, server) && server != raft->options.id) {
            raft_send(raft, server, &message);
        }
    }
}

static void stand(struct raft *raft, bool disrupts)
{
    raft->role = RAFT_CANDIDATE;
    raft->disrupts = disrupts;
    raft->term++;
    raft->vote = raft->options.id;
    raft->agreed = 0;
    ask(raft, false);
    if (raft_is_quorum(raft, raft->votes)) {
        raft_become_leader(raft);
    }
}

static void count_quorum(struct raft *raft)
{
    if (!raft_is_quorum(raft, raft->heard | bit(raft->options.id))) {
        raft_become_follower(raft, raft->term);
        return;
    }
    raft->heard = 0;
    raft->transferee = 0; /* it had its time */
    raft_emit_timer(raft, RAFT_TIMER_ELECTION, raft->options.election_ms,
                    raft->options.election_ms);
}

void raft_election_timeout(struct raft *raft)
{
    if (raft->role == RAFT_LEADER) {
        count_quorum(raft);
        return;
    }
    bool removed = !raft_is_voter(raft, raft->options.id) && raft->voters_index <= raft->commit;
    if (removed) {
        raft_become_follower(raft, raft->term);
        raft->leader = 0;
        raft_reset_election(raft);
        return;
    }
    if (raft->role == RAFT_CANDIDATE) {
        stand(raft, raft->disrupts); /* a majority wanted an election */
        return;
    }
    raft->role = RAFT_PRECANDIDATE;
    ask(raft, true);
    if (raft_is_quorum(raft, raft->votes)) {
        stand(raft, false);
    }
}

/* Whether the candidate's log is at least as new as ours (3.6.1). */
static bool is_up_to_date(const struct raft *raft, const struct raft_message *message)
{
    uint64_t last = raft_log_last(&raft->log);
    uint64_t term = raft_log_term(&raft->log, last);
    if (message->index_term != term && MISTAKE != 9) { /* Mistake 9: the longer log wins. */
        return message->index_term > term;
    }
    return message->index >= last;
}

void raft_handle_vote(struct raft *raft, unsigned from, const struct raft_message *message)
{
    bool current = message->pre ? message->term >= raft->term : message->term == raft->term;
    bool free = message->pre || raft->vote == 0 || raft->vote == from;
    bool undisturbed = message->transfer || !raft_has_leader(raft);
    bool granted = current && free && undisturbed && is_up_to_date(raft, message);
    if (granted && !message->pre) {
        raft->vote = from;
        raft_reset_election(raft);
    }
    struct raft_message reply = {.kind = RAFT_VOTE_REPLY,
                                 .pre = message->pre,
                                 .ok = granted,
                                 .term = granted ? message->term : raft->term};
    raft_send(raft, from, &reply);
}

void raft_handle_vote_reply(struct raft *raft, unsigned from, const struct raft_message *message)
{
    enum raft_role role = message->pre ? RAFT_PRECANDIDATE : RAFT_CANDIDATE;
    uint64_t term = message->pre ? raft->term + 1 : raft->term;
    if (raft->role != role || !message->ok || message->term != term) {
        return;
    }
    raft->votes |= bit(from);
    if (!raft_is_quorum(raft, raft->votes)) {
        return;
    }
    if (message->pre) {
        stand(raft, false);
    } else {
        raft_become_leader(raft);
    }
}

void raft_handle_timeout_now(struct raft *raft, unsigned from, const struct raft_message *message)
{
    uint64_t last = raft_log_last(&raft->log);
    if (message->term == raft->term && raft->role == RAFT_FOLLOWER && raft->leader == from &&
        message->index == last && message->index_term == raft_log_term(&raft->log, last) &&
        raft_is_voter(raft, raft->options.id)) {
        stand(raft, true);
    }
}
