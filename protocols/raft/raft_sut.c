/* The harness of our Raft: a library that takes events and gives effects needs little more than a
 * table of which is which. It claims all faults but bits that change on the disk. Compiled with
 * -DRAFT_WHOLE=0 nobody changes the membership or compacts logs. */
#include "raft_target.h"

#include <string.h>

#ifndef RAFT_WHOLE
#define RAFT_WHOLE 1
#endif

enum { ELECTION_MS = 1000, HEARTBEAT_MS = 100, ENTRIES_MAX = 2 };
static const char vote_file[] = "vote", log_file[] = "log";

static struct raft_bytes take(struct fathom_bytes bytes)
{
    return (struct raft_bytes){bytes.data, bytes.size};
}

static void carry_out(struct server *server, const struct raft_effect *effect)
{
    struct fathom_node *node = server->node;
    struct fathom_bytes bytes = fathom_bytes_of(effect->bytes.data, effect->bytes.size);
    switch (effect->kind) {
    case RAFT_DO_PUT:
        fathom_put(node, vote_file, bytes);
        break;
    case RAFT_DO_APPEND:
        (void)fathom_append(node, log_file, bytes, FATHOM_BUFFERED);
        break;
    case RAFT_DO_SYNC:
        (void)fathom_sync(node, log_file);
        break;
    case RAFT_DO_REPLACE:
        (void)fathom_replace(node, log_file, bytes, FATHOM_DURABLE);
        break;
    case RAFT_DO_SEND:
        fathom_send(node, effect->server, bytes);
        break;
    case RAFT_DO_TIMER:
        fathom_timer_between(node, effect->timer, effect->low, effect->high);
        break;
    case RAFT_DO_CANCEL:
        fathom_cancel(node, effect->timer);
        break;
    case RAFT_DO_APPLY:
    case RAFT_DO_RESTORE:
        machine_change(server, effect);
        break;
    case RAFT_DO_REPLY: /* ORDER(outcome): raft.h names outcomes in the order of fathom/sut.h */
        fathom_reply(node, effect->request, (enum fathom_outcome)effect->outcome, bytes);
        judge_replied(effect);
        break;
    }
}

static void step(struct server *server, struct raft_event event)
{
    size_t count;
    const struct raft_effect *effects = raft_step(server->raft, &event, &count);
    for (size_t i = 0; i < count; i++) {
        carry_out(server, &effects[i]);
    }
}

static void server_drop(void *state)
{
    raft_free(((struct server *)state)->raft);
    machine_free(state);
}

static void *server_start(struct fathom_node *node, bool first)
{
    struct raft_options options = {.id = fathom_id(node),
                                   .voters = ((uint32_t)1 << fathom_nodes(node)) - 1,
                                   .election_ms = ELECTION_MS,
                                   .heartbeat_ms = HEARTBEAT_MS,
                                   .entries_max = ENTRIES_MAX};
    struct raft *raft = raft_new(&options, take(fathom_read(node, vote_file)),
                                 take(fathom_read(node, log_file)));
    if (raft == NULL) {
        return NULL;
    }
    (void)first; /* empty files are as good as others */
    struct server *server = machine_new(node, raft);
    step(server, (struct raft_event){.kind = RAFT_ON_START});
    return server;
}

static void server_deliver(void *state, unsigned from, struct fathom_bytes bytes)
{
    step(state, (struct raft_event){.kind = RAFT_ON_MESSAGE, .server = from, .bytes = take(bytes)});
}

static void server_timer(void *state, uint64_t timer)
{
    step(state, (struct raft_event){.kind = RAFT_ON_TIMER, .timer = (enum raft_timer)timer});
}

static void server_done(void *state, uint64_t operation, enum fathom_status status)
{
    struct server *server = state;
    bool ok = status == FATHOM_OK;
    (void)operation; /* they end in the order in which they were begun */
    fathom_set_bool(fathom_event(server->node, "written"), "counts",
                    ok && !raft_is_write_lost(server->raft));
    step(server, (struct raft_event){.kind = RAFT_ON_STORED, .ok = ok});
}

static void server_client(void *state, uint64_t request, struct fathom_bytes payload)
{
    (void)payload;
    step(state, (struct raft_event){.kind = RAFT_ON_COMMAND, .request = request, .value = request});
}

/* "change" takes a voter out or puts it in; "compact" keeps so many applied entries, but for one.
 */
static void server_custom(void *state, const char *kind, unsigned argument)
{
    struct server *server = state;
    struct raft_view view;
    struct raft_event event = {.kind = RAFT_ON_TRANSFER, .server = argument};
    raft_look(server->raft, &view);
    if (strcmp(kind, "change") == 0) {
        event.kind = RAFT_ON_CHANGE;
        event.ok = (view.voters >> (argument - 1) & 1) == 0;
    } else if (strcmp(kind, "compact") == 0) {
        event.kind = RAFT_ON_COMPACT;
        event.index = view.applied >= argument ? view.applied - (argument - 1) : 0;
        event.bytes = machine_state(server, event.index);
    }
    step(server, event);
}

static const char *const customs[] = {"transfer", RAFT_WHOLE ? "change" : NULL, "compact", NULL};

FATHOM_EXPORT(.name = "raft", .version = "1", .contract = FATHOM_USUAL_FAULTS,
              .round_ms = ELECTION_MS, .begin = judge_begin, .start = server_start,
              .drop = server_drop, .deliver = server_deliver, .timer = server_timer,
              .done = server_done, .client = server_client, .customs = customs,
              .custom = server_custom, .observe = target_observe, .describe = target_describe,
              .check = judge_check)
