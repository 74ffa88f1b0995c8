/* libraft (Canonical's, as Debian 12 ships it) as a target of `fathom fuzz`, unmodified.
 *
 * libraft is driven over struct raft_io: it calls these functions, and is called back when a
 * message arrives, a timer ticks, or what it began completes. Its contract, as far as it is written
 * down nowhere but in its code:
 *
 * - A send's message lives on the caller's stack; its callback must not come from inside of send,
 * and may be NULL, and then the request must not be touched.
 * - Appends complete in the order in which they were begun. When one fails, those behind it fail
 * too. (Later releases are not told of failures: RETRIES_WRITES.)
 * - set_term and set_vote are durable when they return; set_term clears the vote.
 * - Before a server is closed, appends under way complete with status 0.
 *
 * A message to a server that does not exist is a breach of contract by libraft. A server that
 * becomes unavailable is silent for ever after: it stopped itself.
 *
 * No snapshots: the threshold is above what a schedule reaches. Membership is what it starts with.
 */
#include "libraft_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libraft ticks every HEARTBEAT_MS, a choice of a schedule each: with its own default of 1000 ms an
 * election takes 10 to 20 of them, and what needs several elections is not reached. */
enum { TICK = 1, ELECTION_MS = 250, HEARTBEAT_MS = 100, NO_SNAPSHOT = 1 << 30 };

/* Elections begin with asking who would vote: -DLIBRAFT_PREVOTE=1 */
#ifndef LIBRAFT_PREVOTE
#define LIBRAFT_PREVOTE 0
#endif

struct meta {
    uint64_t term, vote;
};

static const char meta_file[] = "meta";

static void put_meta(struct server *server, struct meta meta)
{
    fathom_put(server->node, meta_file, (struct fathom_bytes){&meta, sizeof meta});
}

static struct meta get_meta(struct server *server)
{
    struct meta meta = {0, 0};
    struct fathom_bytes bytes = fathom_read(server->node, meta_file);
    if (bytes.size == sizeof meta) {
        memcpy(&meta, bytes.data, sizeof meta);
    }
    return meta;
}

static struct pending *add_pending(struct server *server, enum pending_kind kind, void *request)
{
    struct pending *pending = calloc(1, sizeof *pending);
    pending->kind = kind;
    pending->request = request;
    *server->last = pending;
    server->last = &pending->next;
    return pending;
}

static int io_init(struct raft_io *io, raft_id id, const char *address)
{
    (void)io;
    (void)id;
    (void)address;
    return 0;
}

static void io_close(struct raft_io *io, raft_io_close_cb cb)
{
    cb(io);
}

static int io_load(struct raft_io *io, raft_term *term, raft_id *voted_for,
                   struct raft_snapshot **snapshot, raft_index *start_index,
                   struct raft_entry *entries[], size_t *n_entries)
{
    struct server *server = io->impl;
    struct meta meta = get_meta(server);
    *term = meta.term;
    *voted_for = meta.vote;
    *snapshot = NULL;
    *start_index = 1;
    int result = disk_load(server, entries, n_entries);
    server->written_last = *n_entries;
    return result;
}

static int io_start(struct raft_io *io, unsigned msecs, raft_io_tick_cb tick, raft_io_recv_cb recv)
{
    struct server *server = io->impl;
    server->tick_ms = msecs;
    server->tick = tick;
    server->receive = recv;
    fathom_timer(server->node, TICK, msecs);
    return 0;
}

/* libraft leaves the padding of an encoded configuration as malloc gave it: two runs of a schedule
 * would differ in bytes that mean nothing. */
static void clear_padding(const struct raft_configuration *conf, struct raft_buffer *buffer)
{
    size_t used = 1 + 8;
    for (unsigned i = 0; i < conf->n; i++) {
        used += 8 + strlen(conf->servers[i].address) + 1 + 1;
    }
    memset((char *)buffer->base + used, 0, buffer->len - used);
}

/* Term 1, no vote, and entry 1 is the configuration. */
static int io_bootstrap(struct raft_io *io, const struct raft_configuration *conf)
{
    struct server *server = io->impl;
    struct raft_entry entry = {.term = 1, .type = RAFT_CHANGE};
    int result = raft_configuration_encode(conf, &entry.buf);
    if (result != 0) {
        return result;
    }
    clear_padding(conf, &entry.buf);
    uint64_t head[] = {1, entry.term, entry.type, entry.buf.len};
    size_t size = sizeof head + (entry.buf.len + 7) / 8 * 8;
    char *record = calloc(1, size);
    memcpy(record, head, sizeof head);
    memcpy(record + sizeof head, entry.buf.base, entry.buf.len);
    /* The log first: without the term that follows there is nothing to start from. */
    fathom_put(server->node, "log", (struct fathom_bytes){record, size});
    put_meta(server, (struct meta){1, 0});
    free(record);
    raft_free(entry.buf.base);
    return 0;
}

static int io_recover(struct raft_io *io, const struct raft_configuration *conf)
{
    (void)io;
    (void)conf;
    return RAFT_INVALID;
}

static int io_set_term(struct raft_io *io, raft_term term)
{
    put_meta(io->impl, (struct meta){term, 0});
    return 0;
}

static int io_set_vote(struct raft_io *io, raft_id id)
{
    struct meta meta = get_meta(io->impl);
    meta.vote = id;
    put_meta(io->impl, meta);
    return 0;
}

static int io_send(struct raft_io *io, struct raft_io_send *req, const struct raft_message *message,
                   raft_io_send_cb cb)
{
    struct server *server = io->impl;
    if (message->server_id < 1 || message->server_id > fathom_nodes(server->node)) {
        fathom_breach(server->node, "a message of type %u to server %llu, address %s",
                      message->type, message->server_id,
                      message->server_address == NULL ? "NULL" : message->server_address);
        return RAFT_BADID;
    }
    struct fathom_bytes bytes = message_encode(message);
    unsigned to = (unsigned)message->server_id;
    if (cb == NULL) {
        fathom_send(server->node, to, bytes);
    } else {
        req->cb = cb;
        add_pending(server, PENDING_SEND, req)->operation = fathom_send_tracked(server->node, to,
                                                                                bytes);
    }
    free((void *)(uintptr_t)bytes.data);
    return 0;
}

static int io_append(struct raft_io *io, struct raft_io_append *req,
                     const struct raft_entry entries[], unsigned n, raft_io_append_cb cb)
{
    struct server *server = io->impl;
    struct pending *pending = add_pending(server, PENDING_APPEND, req);
    req->cb = cb;
    server->appends++;
    /* libraft put the entries at the end of its log before it asked for them to be written. */
    server->written_last = log_last(&server->raft);
    disk_append(server, entries, n, server->written_last - n + 1, pending);
    return 0;
}

static int io_truncate(struct raft_io *io, raft_index index)
{
    struct server *server = io->impl;
    /* Later releases truncate before each append: what takes nothing is no operation. */
    if (index <= server->written_last) {
        disk_truncate(server, index);
        server->written_last = index - 1;
    }
    return 0;
}

static int io_snapshot_put(struct raft_io *io, unsigned trailing, struct raft_io_snapshot_put *req,
                           const struct raft_snapshot *snapshot, raft_io_snapshot_put_cb cb)
{
    struct server *server = io->impl;
    (void)trailing;
    (void)req;
    (void)cb;
    fathom_breach(server->node, "a snapshot at index %llu, below the threshold", snapshot->index);
    return RAFT_INVALID;
}

static int io_snapshot_get(struct raft_io *io, struct raft_io_snapshot_get *req,
                           raft_io_snapshot_get_cb cb)
{
    struct server *server = io->impl;
    (void)req;
    (void)cb;
    fathom_breach(server->node, "a snapshot is read, and none was written");
    return RAFT_INVALID;
}

static raft_time io_time(struct raft_io *io)
{
    return fathom_now(((struct server *)io->impl)->node);
}

static int io_random(struct raft_io *io, int min, int max)
{
    struct server *server = io->impl;
    return min + (int)fathom_random(server->node, (uint64_t)(max - min) + 1);
}

static int fsm_apply(struct raft_fsm *fsm, const struct raft_buffer *buf, void **result)
{
    struct server *server = fsm->data;
    if (server->applied_count < COMMANDS_MAX) {
        memcpy(&server->applied[server->applied_count++], buf->base, sizeof(uint64_t));
    }
    *result = NULL;
    return 0;
}

static int fsm_snapshot(struct raft_fsm *fsm, struct raft_buffer *bufs[], unsigned *n_bufs)
{
    (void)fsm;
    (void)bufs;
    (void)n_bufs;
    return RAFT_INVALID;
}

static int fsm_restore(struct raft_fsm *fsm, struct raft_buffer *buf)
{
    (void)fsm;
    (void)buf;
    return RAFT_INVALID;
}

/* Tells libraft the end of the oldest thing it waits for, or of the one of that number. */
static void complete(struct server *server, struct pending **place, int status)
{
    struct pending *pending = *place;
    *place = pending->next;
    if (server->last == &pending->next) {
        server->last = place;
    }
    if (pending->kind == PENDING_SEND) {
        struct raft_io_send *req = pending->request;
        free(pending);
        req->cb(req, status);
        return;
    }
    struct raft_io_append *req = pending->request;
    free(pending);
    server->appends--;
    req->cb(req, status);
}

static void closed(struct raft *raft)
{
    (void)raft;
}

static void server_drop(void *state)
{
    struct server *server = state;
    while (server->first != NULL) {
        complete(server, &server->first, 0);
    }
    raft_close(&server->raft, closed);
    free(server);
}

static int bootstrap(struct server *server)
{
    struct raft_configuration configuration;
    raft_configuration_init(&configuration);
    int result = 0;
    for (unsigned id = 1; id <= fathom_nodes(server->node) && result == 0; id++) {
        char address[12];
        (void)snprintf(address, sizeof address, "%u", id);
        result = raft_configuration_add(&configuration, id, address, RAFT_VOTER);
    }
    result = result != 0 ? result : raft_bootstrap(&server->raft, &configuration);
    raft_configuration_close(&configuration);
    return result;
}

/* A server that is unavailable is so for ever. */
static void look_after(struct server *server)
{
    fire_completed(&server->raft);
    if (raft_state(&server->raft) == RAFT_UNAVAILABLE) {
        fathom_stopped(server->node, "RAFT_UNAVAILABLE: %s", raft_errmsg(&server->raft));
    }
}

static void *server_start(struct fathom_node *node, bool first)
{
    struct server *server = calloc(1, sizeof *server);
    char address[12];
    server->node = node;
    server->last = &server->first;
    server->io = (struct raft_io){.version = 1,
                                  .impl = server,
                                  .init = io_init,
                                  .close = io_close,
                                  .load = io_load,
                                  .start = io_start,
                                  .bootstrap = io_bootstrap,
                                  .recover = io_recover,
                                  .set_term = io_set_term,
                                  .set_vote = io_set_vote,
                                  .send = io_send,
                                  .append = io_append,
                                  .truncate = io_truncate,
                                  .snapshot_put = io_snapshot_put,
                                  .snapshot_get = io_snapshot_get,
                                  .time = io_time,
                                  .random = io_random};
    set_capacity(&server->io);
    server->fsm = (struct raft_fsm){.version = 1,
                                    .data = server,
                                    .apply = fsm_apply,
                                    .snapshot = fsm_snapshot,
                                    .restore = fsm_restore};
    (void)snprintf(address, sizeof address, "%u", fathom_id(node));
    int result = raft_init(&server->raft, &server->io, &server->fsm, fathom_id(node), address);
    if (result != 0) {
        free(server);
        return NULL;
    }
    raft_set_election_timeout(&server->raft, ELECTION_MS);
    raft_set_heartbeat_timeout(&server->raft, HEARTBEAT_MS);
    raft_set_snapshot_threshold(&server->raft, NO_SNAPSHOT);
    raft_set_pre_vote(&server->raft, LIBRAFT_PREVOTE);
    /* Crashed before the bootstrap was over, it begins anew. */
    if (first || get_meta(server).term == 0) {
        result = bootstrap(server);
    }
    result = result != 0 ? result : raft_start(&server->raft);
    if (result != 0) {
        server_drop(server);
        return NULL;
    }
    look_after(server);
    return server;
}

static void server_deliver(void *state, unsigned from, struct fathom_bytes bytes)
{
    struct server *server = state;
    struct raft_message message;
    if (message_decode(bytes, from, &message)) {
        server->receive(&server->io, &message);
    }
    look_after(server);
}

static void server_timer(void *state, uint64_t timer)
{
    struct server *server = state;
    fathom_timer(server->node, timer, server->tick_ms);
    server->tick(&server->io);
    look_after(server);
}

static struct pending **find_pending(struct server *server, uint64_t operation)
{
    struct pending **place = &server->first;
    while (*place != NULL && (*place)->operation != operation) {
        place = &(*place)->next;
    }
    return place;
}

/* For the mapping: whether libraft takes entries as written. It may be told another end of a write
 * than the operation's. */
static void note_written(struct server *server, bool ok)
{
    fathom_set_bool(fathom_event(server->node, "written"), "ok", ok);
}

/* The end of a write of later releases. When it failed the whole log is written anew, and that is
 * what libraft waits for, whatever becomes of other writes that are under way. */
static void end_write(struct server *server, uint64_t operation, enum fathom_status status)
{
    bool waits = *find_pending(server, operation) != NULL;
    note_written(server, waits && status == FATHOM_OK);
    if (waits && status != FATHOM_OK) {
        uint64_t again = disk_rewrite(server);
        for (struct pending *pending = server->first; pending != NULL; pending = pending->next) {
            pending->operation = pending->kind == PENDING_APPEND ? again : pending->operation;
        }
    }
    while (status == FATHOM_OK && *find_pending(server, operation) != NULL) {
        complete(server, find_pending(server, operation), 0);
    }
}

static void server_done(void *state, uint64_t operation, enum fathom_status status)
{
    struct server *server = state;
    struct pending **place = find_pending(server, operation);
    if (RETRIES_WRITES && (*place == NULL || (*place)->kind == PENDING_APPEND)) {
        end_write(server, operation, status);
        look_after(server);
        return;
    }
    if (*place == NULL) {
        return; /* a truncation: libraft does not ask */
    }
    int result = status == FATHOM_OK              ? 0
                 : status == FATHOM_FULL          ? RAFT_NOSPACE
                 : (*place)->kind == PENDING_SEND ? RAFT_NOCONNECTION
                                                  : RAFT_IOERR;
    if ((*place)->kind == PENDING_APPEND) {
        server->write_failed |= result != 0;
        result = server->write_failed && result == 0 ? RAFT_IOERR : result;
        server->write_failed &= server->appends > 1;
        note_written(server, result == 0);
    }
    complete(server, place, result);
    look_after(server);
}

static void applied(struct raft_apply *req, int status, void *result)
{
    struct server *server = req->data;
    uint64_t *number = (uint64_t *)(void *)(req + 1);
    (void)result;
    fathom_reply(server->node, *number, status == 0 ? FATHOM_REPLY_OK : FATHOM_REPLY_UNKNOWN,
                 (struct fathom_bytes){"", 0});
    free(req);
}

static void server_client(void *state, uint64_t request, struct fathom_bytes payload)
{
    struct server *server = state;
    struct raft_apply *req = calloc(1, sizeof *req + sizeof request);
    struct raft_buffer buffer = {.base = raft_malloc(sizeof request), .len = sizeof request};
    (void)payload;
    memcpy(buffer.base, &request, sizeof request);
    memcpy(req + 1, &request, sizeof request);
    req->data = server;
    if (raft_apply(&server->raft, req, &buffer, 1, applied) != 0) {
        fathom_reply(server->node, request, FATHOM_REPLY_FAIL, (struct fathom_bytes){"", 0});
        raft_free(buffer.base);
        free(req);
    }
    look_after(server);
}

static void transferred(struct raft_transfer *req)
{
    free(req);
}

static void server_custom(void *state, const char *kind, unsigned argument)
{
    struct server *server = state;
    struct raft_transfer *req = calloc(1, sizeof *req);
    (void)kind; /* there is one */
    if (raft_transfer(&server->raft, req, argument, transferred) != 0) {
        free(req);
    }
    look_after(server);
}

/* What only one role has lies in a union, and is shown in that role only. */
static void observe_role(const struct raft *raft, struct fathom_record *record)
{
    struct fathom_record *list;
    switch (raft->state) {
    case RAFT_FOLLOWER:
        fathom_set_int(record, "leader", (int64_t)raft->follower_state.current_leader.id);
        break;
    case RAFT_CANDIDATE:
        fathom_set_bool(record, "disrupts", raft->candidate_state.disrupt_leader);
        list = fathom_set_list(record, "votes");
        for (unsigned i = 0; i < raft->configuration.n; i++) {
            fathom_set_bool(list, NULL, has_vote_of(raft, i));
        }
        break;
    case RAFT_LEADER:
        list = fathom_set_list(record, "matchIndex");
        for (unsigned i = 0; i < raft->configuration.n; i++) {
            /* Its own is lastStored. */
            bool own = raft->configuration.servers[i].id == raft->id;
            raft_index match = own ? 0 : raft->leader_state.progress[i].match_index;
            fathom_set_int(list, NULL, (int64_t)match);
        }
        break;
    default:
        break;
    }
}

static void observe_configuration(const struct raft *raft, struct fathom_record *record)
{
    struct fathom_record *voters = fathom_set_list(record, "voters");
    for (unsigned i = 0; i < raft->configuration.n; i++) {
        if (raft->configuration.servers[i].role == RAFT_VOTER) {
            fathom_set_int(voters, NULL, (int64_t)raft->configuration.servers[i].id);
        }
    }
    fathom_set_int(record, "openChange", (int64_t)raft->configuration_uncommitted_index);
}

static void server_observe(const void *state, struct fathom_record *record)
{
    static const char *const roles[] = {"unavailable", "follower", "candidate", "leader"};
    const struct server *server = state;
    const struct raft *raft = &server->raft;
    bool asks_before = raft->state == RAFT_CANDIDATE && raft->candidate_state.in_pre_vote;
    fathom_set_text(record, "state", asks_before ? "precandidate" : roles[raft->state]);
    fathom_set_int(record, "currentTerm", (int64_t)raft->current_term);
    fathom_set_int(record, "votedFor", (int64_t)raft->voted_for);
    fathom_set_int(record, "commitIndex", (int64_t)raft->commit_index);
    fathom_set_int(record, "lastStored", (int64_t)raft->last_stored);
    struct fathom_record *log = fathom_set_list(record, "log");
    for (raft_index i = 1; i <= log_last(raft); i++) {
        describe_entry(log_entry(raft, i), log);
    }
    observe_configuration(raft, record);
    observe_role(raft, record);
}

static void begin(unsigned nodes)
{
    (void)nodes;
    judge_begin();
}

const struct fathom_sut *fathom_sut(void)
{
    static const char *const customs[] = {"transfer", NULL};
    static const struct fathom_sut sut = {
        .abi = FATHOM_SUT_ABI,
        .name = "libraft",
        .version = LIBRAFT_VERSION,
        .contract = FATHOM_NETWORK_FAULTS | FATHOM_NODE_FAULTS | FATHOM_CLOCK_FAULTS |
                    FATHOM_WRITE_FAULTS,
        .begin = begin,
        .start = server_start,
        .drop = server_drop,
        .deliver = server_deliver,
        .timer = server_timer,
        .done = server_done,
        .client = server_client,
        .customs = customs,
        .custom = server_custom,
        .observe = server_observe,
        .describe = message_describe,
        .round_ms = ELECTION_MS,
        .check = judge_check,
    };
    return &sut;
}
