/* The properties of Raft (Ongaro, figure 3.2), judged over all servers that are up after every
 * event:
 *
 *     election safety        at most one leader in a term
 *     log matching           entries of equal index and term have equal predecessors
 *     state machine safety   no two servers apply different entries at the same place
 *     leader completeness    what was committed in a term is in the logs of leaders of later terms
 *     durability             the same of a command that a client was told to be applied; and while
 *                            nobody changed the membership, so many servers without it that the
 *                            others are no majority
 *
 * Most of them speak of the past, which is kept here for one schedule. An entry counts as committed
 * where a server was seen to hold it so; in the lowest term in which one was. */
#include "raft_target.h"

#include <stdlib.h>
#include <string.h>

/* More terms and entries than a schedule has choices to make them with. */
enum { TERMS_MAX = 4096, INDEX_MAX = 4096 };

struct committed {
    struct raft_entry entry;
    uint64_t term; /* it was committed in */
    bool known;    /* or it was committed in a snapshot that hides it */
    bool acknowledged;
};

static struct {
    unsigned leader[TERMS_MAX]; /* by term; 0: none yet */
    uint64_t term_last;
    struct committed committed[INDEX_MAX]; /* of index i at i */
    uint64_t committed_last;
    uint64_t applied[INDEX_MAX]; /* words, of index i at i - 1 */
    size_t applied_count;
    bool changed; /* somebody saw other voters than at the start */
} past;

void judge_begin(unsigned servers)
{
    (void)servers;
    memset(past.leader, 0, (past.term_last + 1) * sizeof past.leader[0]);
    memset(past.committed, 0, (past.committed_last + 1) * sizeof past.committed[0]);
    past.term_last = past.committed_last = past.applied_count = 0;
    past.changed = false;
}

struct server *machine_new(struct fathom_node *node, struct raft *raft)
{
    struct server *server = calloc(1, sizeof *server);
    server->node = node;
    server->raft = raft;
    return server;
}

void machine_free(void *server)
{
    free(((struct server *)server)->applied);
    free(server);
}

static uint64_t word_of(struct raft_entry entry)
{
    return entry.value * 2 + (entry.kind == RAFT_VOTERS);
}

void machine_change(struct server *server, const struct raft_effect *effect)
{
    server->applied_count = (size_t)effect->index;
    server->applied = realloc(server->applied, server->applied_count * sizeof *server->applied);
    if (effect->kind == RAFT_DO_APPLY) {
        server->applied[effect->index - 1] = word_of(effect->entry);
    } else {
        memcpy(server->applied, effect->bytes.data, effect->bytes.size);
    }
}

struct raft_bytes machine_state(const struct server *server, uint64_t index)
{
    return (struct raft_bytes){server->applied, (size_t)index * sizeof *server->applied};
}

void judge_replied(const struct raft_effect *reply)
{
    if (reply->outcome == RAFT_APPLIED && reply->index < INDEX_MAX) {
        past.committed[reply->index].acknowledged = true;
        past.committed_last = reply->index > past.committed_last ? reply->index
                                                                 : past.committed_last;
    }
}

static bool is_same(struct raft_entry a, struct raft_entry b)
{
    return a.term == b.term && a.kind == b.kind && a.value == b.value;
}

static const char *check_election(const struct raft_view *view, unsigned id)
{
    if (view->role != RAFT_LEADER || view->term >= TERMS_MAX) {
        return NULL;
    }
    unsigned *leader = &past.leader[view->term];
    past.term_last = view->term > past.term_last ? view->term : past.term_last;
    if (*leader == 0) {
        *leader = id;
    }
    return *leader == id ? NULL : "election safety";
}

/* Notes what the server holds committed. */
static void note_commits(const struct server *server, const struct raft_view *view)
{
    uint64_t last = view->commit < INDEX_MAX - 1 ? view->commit : INDEX_MAX - 1;
    for (uint64_t i = view->snapshot_index + 1; i <= last && i <= view->last; i++) {
        struct committed *committed = &past.committed[i];
        if (!committed->known) {
            committed->known = true;
            committed->entry = raft_entry_at(server->raft, i);
            committed->term = view->term;
        } else if (view->term < committed->term) {
            committed->term = view->term;
        }
        past.committed_last = i > past.committed_last ? i : past.committed_last;
    }
}

/* Whether the server's log, or what it applied for its snapshot, has what was committed there. */
static bool has_committed(const struct server *server, const struct raft_view *view, uint64_t index)
{
    const struct raft_entry *entry = &past.committed[index].entry;
    if (index <= view->snapshot_index) {
        return index <= server->applied_count && server->applied[index - 1] == word_of(*entry);
    }
    return index <= view->last && is_same(raft_entry_at(server->raft, index), *entry);
}

static const char *check_completeness(const struct server *server, const struct raft_view *view)
{
    for (uint64_t i = 1; view->role == RAFT_LEADER && i <= past.committed_last; i++) {
        const struct committed *committed = &past.committed[i];
        if (committed->known && view->term > committed->term && !has_committed(server, view, i)) {
            return committed->acknowledged ? "durability" : "leader completeness";
        }
    }
    return NULL;
}

static const char *check_machine(const struct server *server)
{
    for (size_t i = 0; i < server->applied_count && i < INDEX_MAX; i++) {
        if (i == past.applied_count) {
            past.applied[past.applied_count++] = server->applied[i];
        }
        if (past.applied[i] != server->applied[i]) {
            return "state machine safety";
        }
    }
    return NULL;
}

static const char *check_matching(const struct raft *a, const struct raft_view *of_a,
                                  const struct raft *b, const struct raft_view *of_b)
{
    uint64_t last = of_a->last < of_b->last ? of_a->last : of_b->last;
    uint64_t base = of_a->snapshot_index > of_b->snapshot_index ? of_a->snapshot_index
                                                                : of_b->snapshot_index;
    bool matched = false;
    for (uint64_t i = last; i > base; i--) {
        struct raft_entry x = raft_entry_at(a, i), y = raft_entry_at(b, i);
        bool same = is_same(x, y);
        if ((matched || x.term == y.term) && !same) {
            return "log matching";
        }
        matched |= same;
    }
    return NULL;
}

/* While the voters are those of the start: servers that are up and lack what was acknowledged. */
static const char *check_majority(void *const *servers, const struct raft_view *views,
                                  unsigned count)
{
    for (uint64_t i = 1; !past.changed && i <= past.committed_last; i++) {
        const struct committed *committed = &past.committed[i];
        unsigned lacking = 0;
        for (unsigned k = 0; k < count && committed->known && committed->acknowledged; k++) {
            lacking += servers[k] != NULL && !has_committed(servers[k], &views[k], i);
        }
        if (count - lacking <= count / 2) {
            return "durability";
        }
    }
    return NULL;
}

const char *judge_check(void *const *servers, unsigned count)
{
    struct raft_view views[RAFT_SERVERS_MAX];
    const char *broken = NULL;
    for (unsigned i = 0; i < count && broken == NULL; i++) {
        const struct server *server = servers[i];
        if (server == NULL) {
            continue;
        }
        raft_look(server->raft, &views[i]);
        past.changed |= views[i].voters != ((uint32_t)1 << count) - 1;
        note_commits(server, &views[i]);
        broken = check_election(&views[i], i + 1);
        broken = broken != NULL ? broken : check_machine(server);
    }
    for (unsigned i = 0; i < count && broken == NULL; i++) {
        const struct server *server = servers[i];
        broken = server == NULL ? NULL : check_completeness(server, &views[i]);
        for (unsigned j = i + 1; server != NULL && j < count && broken == NULL; j++) {
            const struct server *other = servers[j];
            broken = other == NULL
                         ? NULL
                         : check_matching(server->raft, &views[i], other->raft, &views[j]);
        }
    }
    return broken != NULL ? broken : check_majority(servers, views, count);
}
