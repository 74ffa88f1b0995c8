/* The four properties of Raft (Ongaro, "Consensus: Bridging Theory and Practice", figure 3.2),
 * judged over what all servers show after every event:
 *
 *     election safety        at most one leader in a term
 *     log matching           entries of equal index and term have equal predecessors
 *     leader completeness    what was committed in a term is in the logs of leaders of later terms
 *     state machine safety   no two servers apply different commands at the same place
 *
 * The first, third and fourth speak of the past, which is kept here for one schedule. A server
 * tells what it holds committed by its commit index; the term of that commitment is the lowest
 * current term in which a server was seen to hold it. */
#include "libraft_target.h"

#include <string.h>

enum { TERMS_MAX = 4096, INDEX_MAX = 4096 };

static struct {
    unsigned leader[TERMS_MAX]; /* by term; 0: none yet */
    struct {
        raft_term term;      /* of the entry; 0: not known as committed */
        raft_term committed; /* the term it was committed in */
    } entry[INDEX_MAX];
    raft_index commit_last; /* highest known as committed */
    uint64_t command[COMMANDS_MAX];
    unsigned command_count;
} past;

void judge_begin(void)
{
    memset(&past, 0, sizeof past);
}

raft_index log_last(const struct raft *raft)
{
    const struct raft_log *log = log_of(raft);
    size_t count = log->size == 0 ? 0 : (log->back + log->size - log->front) % log->size;
    return log->offset + count;
}

const struct raft_entry *log_entry(const struct raft *raft, raft_index index)
{
    const struct raft_log *log = log_of(raft);
    if (index <= log->offset || index > log_last(raft)) {
        return NULL;
    }
    return &log->entries[(log->front + index - log->offset - 1) % log->size];
}

static const char *check_election(const struct raft *raft, unsigned id)
{
    if (raft->state != RAFT_LEADER || raft->current_term >= TERMS_MAX) {
        return NULL;
    }
    unsigned *leader = &past.leader[raft->current_term];
    if (*leader == 0) {
        *leader = id;
    }
    return *leader == id ? NULL : "election safety";
}

/* Notes what the server holds committed. */
static void note_commits(const struct raft *raft)
{
    for (raft_index i = 1; i <= raft->commit_index && i < INDEX_MAX; i++) {
        const struct raft_entry *entry = log_entry(raft, i);
        if (entry == NULL) {
            continue;
        }
        if (past.entry[i].term == 0) {
            past.entry[i].term = entry->term;
            past.entry[i].committed = raft->current_term;
        } else if (raft->current_term < past.entry[i].committed) {
            past.entry[i].committed = raft->current_term;
        }
        past.commit_last = i > past.commit_last ? i : past.commit_last;
    }
}

static const char *check_completeness(const struct raft *raft)
{
    for (raft_index i = 1; raft->state == RAFT_LEADER && i <= past.commit_last; i++) {
        const struct raft_entry *entry = log_entry(raft, i);
        if (past.entry[i].term != 0 && raft->current_term > past.entry[i].committed &&
            (entry == NULL || entry->term != past.entry[i].term)) {
            return "leader completeness";
        }
    }
    return NULL;
}

static const char *check_machine(const struct server *server)
{
    for (unsigned i = 0; i < server->applied_count; i++) {
        if (i == past.command_count) {
            past.command[past.command_count++] = server->applied[i];
        }
        if (past.command[i] != server->applied[i]) {
            return "state machine safety";
        }
    }
    return NULL;
}

static const char *check_matching(const struct raft *a, const struct raft *b)
{
    raft_index last = log_last(a) < log_last(b) ? log_last(a) : log_last(b);
    bool matched = false;
    for (raft_index i = last; i > 0; i--) {
        const struct raft_entry *x = log_entry(a, i), *y = log_entry(b, i);
        if (x == NULL || y == NULL) {
            break;
        }
        bool same = x->term == y->term && x->type == y->type && x->buf.len == y->buf.len &&
                    memcmp(x->buf.base, y->buf.base, x->buf.len) == 0;
        if ((matched || x->term == y->term) && !same) {
            return "log matching";
        }
        matched |= same;
    }
    return NULL;
}

const char *judge_check(void *const *states, unsigned nodes)
{
    const char *broken = NULL;
    for (unsigned i = 0; i < nodes && broken == NULL; i++) {
        const struct server *server = states[i];
        if (server == NULL) {
            continue;
        }
        note_commits(&server->raft);
        broken = check_election(&server->raft, i + 1);
        broken = broken != NULL ? broken : check_machine(server);
    }
    for (unsigned i = 0; i < nodes && broken == NULL; i++) {
        const struct server *server = states[i];
        broken = server == NULL ? NULL : check_completeness(&server->raft);
        for (unsigned j = i + 1; server != NULL && j < nodes && broken == NULL; j++) {
            const struct server *other = states[j];
            broken = other == NULL ? NULL : check_matching(&server->raft, &other->raft);
        }
    }
    return broken;
}
