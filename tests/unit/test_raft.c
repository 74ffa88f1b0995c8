/* Our Raft, step by step: what a server does is the list of effects that it gives, here as a line
 * of words. Servers talk through `pass`, which hands over what one sent to another. */
#include "cmocka_all.h"

#include "raft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SERVERS = 3, QUEUE = 64 };

/* A server with its files. Operations on the log file wait until `finish`. */
struct host {
    struct raft *raft;
    struct {
        unsigned to;
        struct raft_bytes bytes;
    } sent[QUEUE];
    size_t sent_count;
    struct raft_effect begun[QUEUE];
    size_t begun_count;
    char *vote, *log;
    size_t vote_size, log_size;
    uint32_t low, high; /* milliseconds: of the election timer set last */
    char line[1024];    /* the last step's effects */
};

struct cluster {
    struct host hosts[SERVERS + 1]; /* server n at n */
};

static char *copy(struct raft_bytes bytes)
{
    char *copied = malloc(bytes.size + 1);
    if (bytes.size > 0) {
        memcpy(copied, bytes.data, bytes.size);
    }
    return copied;
}

static void set_file(char **file, size_t *size, struct raft_bytes bytes)
{
    char *old = *file;
    *file = copy(bytes);
    *size = bytes.size;
    free(old);
}

static const char *word_of(const struct raft_effect *effect, char *text, size_t size)
{
    static const char *const words[] = {"put",   "append", "sync",  "replace", "send",
                                        "timer", "cancel", "apply", "restore", "reply"};
    static const char *const messages[] = {
        "", "vote", "vote-reply", "append", "append-reply", "snapshot", "timeout-now"};
    static const char *const outcomes[] = {"applied", "refused", "unknown"};
    struct raft_message message;
    const char *word = words[effect->kind];
    if (effect->kind == RAFT_DO_SEND && raft_message_decode(effect->bytes, &message)) {
        (void)snprintf(text, size, "%s>%u", messages[message.kind], effect->server);
    } else if (effect->kind == RAFT_DO_APPLY) {
        (void)snprintf(text, size, "%s %u", word, (unsigned)effect->entry.value);
    } else if (effect->kind == RAFT_DO_REPLY) {
        (void)snprintf(text, size, "%s %s", word, outcomes[effect->outcome]);
    } else if (effect->kind == RAFT_DO_TIMER || effect->kind == RAFT_DO_CANCEL) {
        (void)snprintf(text, size, "%s %u", word, (unsigned)effect->timer);
    } else {
        return word;
    }
    return text;
}

static const char *step(struct host *host, struct raft_event event)
{
    size_t count;
    const struct raft_effect *effects = raft_step(host->raft, &event, &count);
    host->line[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const struct raft_effect *effect = &effects[i];
        char text[32];
        size_t used = strlen(host->line);
        (void)snprintf(host->line + used, sizeof host->line - used, "%s%s", used == 0 ? "" : ", ",
                       word_of(effect, text, sizeof text));
        if (effect->kind == RAFT_DO_PUT) {
            set_file(&host->vote, &host->vote_size, effect->bytes);
        } else if (effect->kind == RAFT_DO_TIMER && effect->timer == RAFT_TIMER_ELECTION) {
            host->low = effect->low;
            host->high = effect->high;
        } else if (effect->kind == RAFT_DO_SEND) {
            assert_true(host->sent_count < QUEUE);
            host->sent[host->sent_count].to = effect->server;
            host->sent[host->sent_count++].bytes = (struct raft_bytes){copy(effect->bytes),
                                                                       effect->bytes.size};
        } else if (effect->kind >= RAFT_DO_APPEND && effect->kind <= RAFT_DO_REPLACE) {
            assert_true(host->begun_count < QUEUE);
            host->begun[host->begun_count] = *effect;
            host->begun[host->begun_count++].bytes.data = copy(effect->bytes);
        }
    }
    return host->line;
}

static void release(const void *data)
{
    free((void *)(uintptr_t)data);
}

/* The oldest operation on the log file ends. */
static const char *finish(struct host *host, bool ok)
{
    assert_true(host->begun_count > 0);
    struct raft_effect effect = host->begun[0];
    memmove(host->begun, host->begun + 1, --host->begun_count * sizeof effect);
    if (ok && effect.kind == RAFT_DO_REPLACE) {
        set_file(&host->log, &host->log_size, effect.bytes);
    } else if (ok && effect.kind == RAFT_DO_APPEND) {
        host->log = realloc(host->log, host->log_size + effect.bytes.size);
        memcpy(host->log + host->log_size, effect.bytes.data, effect.bytes.size);
        host->log_size += effect.bytes.size;
    }
    release(effect.bytes.data);
    return step(host, (struct raft_event){.kind = RAFT_ON_STORED, .ok = ok});
}

/* The oldest message from one to another arrives. */
static const char *pass(struct cluster *cluster, unsigned from, unsigned to)
{
    struct host *host = &cluster->hosts[from];
    for (size_t i = 0; i < host->sent_count; i++) {
        if (host->sent[i].to == to) {
            struct raft_bytes bytes = host->sent[i].bytes;
            memmove(&host->sent[i], &host->sent[i + 1],
                    (--host->sent_count - i) * sizeof host->sent[0]);
            const char *line = step(
                &cluster->hosts[to],
                (struct raft_event){.kind = RAFT_ON_MESSAGE, .server = from, .bytes = bytes});
            release(bytes.data);
            return line;
        }
    }
    fail_msg("no message from %u to %u", from, to);
    return "";
}

static void forget(struct host *host)
{
    for (size_t i = 0; i < host->sent_count; i++) {
        release(host->sent[i].bytes.data);
    }
    for (size_t i = 0; i < host->begun_count; i++) {
        release(host->begun[i].bytes.data);
    }
    host->sent_count = host->begun_count = 0;
    raft_free(host->raft);
    host->raft = NULL;
}

static const char *start(struct cluster *cluster, unsigned id)
{
    struct host *host = &cluster->hosts[id];
    struct raft_options options = {
        .id = id, .voters = 7, .election_ms = 1000, .heartbeat_ms = 100, .entries_max = 2};
    host->raft = raft_new(&options, (struct raft_bytes){host->vote, host->vote_size},
                          (struct raft_bytes){host->log, host->log_size});
    assert_non_null(host->raft);
    return step(host, (struct raft_event){.kind = RAFT_ON_START});
}

static int setup(void **state)
{
    struct cluster *cluster = calloc(1, sizeof *cluster);
    for (unsigned id = 1; id <= SERVERS; id++) {
        assert_string_equal(start(cluster, id), "timer 1");
    }
    *state = cluster;
    return 0;
}

static int teardown(void **state)
{
    struct cluster *cluster = *state;
    for (unsigned id = 1; id <= SERVERS; id++) {
        forget(&cluster->hosts[id]);
        free(cluster->hosts[id].vote);
        free(cluster->hosts[id].log);
    }
    free(cluster);
    return 0;
}

static struct raft_view look(const struct cluster *cluster, unsigned id)
{
    struct raft_view view;
    raft_look(cluster->hosts[id].raft, &view);
    return view;
}

static const char *fire(struct cluster *cluster, unsigned id, enum raft_timer timer)
{
    return step(&cluster->hosts[id], (struct raft_event){.kind = RAFT_ON_TIMER, .timer = timer});
}

static const char *command(struct cluster *cluster, unsigned id, uint64_t value)
{
    return step(&cluster->hosts[id],
                (struct raft_event){.kind = RAFT_ON_COMMAND, .request = value, .value = value});
}

/* Server `id` is elected with the vote of `voter`. */
static void elect(struct cluster *cluster, unsigned id, unsigned voter)
{
    assert_string_equal(fire(cluster, id, RAFT_TIMER_ELECTION), id == 1 ? "timer 1, vote>2, vote>3"
                                                                : id == 2
                                                                    ? "timer 1, vote>1, vote>3"
                                                                    : "timer 1, vote>1, vote>2");
    (void)pass(cluster, id, voter);
    (void)pass(cluster, voter, id);
    assert_int_equal(look(cluster, id).role, RAFT_CANDIDATE);
    assert_string_equal(pass(cluster, id, voter), id == 1   ? "put, timer 1, vote-reply>1"
                                                  : id == 2 ? "put, timer 1, vote-reply>2"
                                                            : "put, timer 1, vote-reply>3");
    (void)pass(cluster, voter, id);
    assert_int_equal(look(cluster, id).role, RAFT_LEADER);
}

static bool has_message(const struct cluster *cluster, unsigned from, unsigned to)
{
    const struct host *host = &cluster->hosts[from];
    bool has = false;
    for (size_t i = 0; i < host->sent_count; i++) {
        has |= host->sent[i].to == to;
    }
    return has;
}

/* Two servers write what they have to, and talk, until nothing is left. */
static void replicate(struct cluster *cluster, unsigned a, unsigned b)
{
    unsigned servers[] = {a, b, a};
    for (bool going = true; going;) {
        going = false;
        for (unsigned i = 0; i < 2; i++) {
            if (cluster->hosts[servers[i]].begun_count > 0) {
                (void)finish(&cluster->hosts[servers[i]], true);
                going = true;
            }
            if (has_message(cluster, servers[i], servers[i + 1])) {
                (void)pass(cluster, servers[i], servers[i + 1]);
                going = true;
            }
        }
    }
}

static void test_election(void **state)
{
    struct cluster *cluster = *state;
    assert_string_equal(fire(cluster, 1, RAFT_TIMER_ELECTION), "timer 1, vote>2, vote>3");
    assert_int_equal(look(cluster, 1).term, 1);
    assert_string_equal(pass(cluster, 1, 2), "vote-reply>1"); /* before a vote: nothing is put */
    assert_string_equal(pass(cluster, 2, 1), "put, timer 1, vote>2, vote>3");
    assert_int_equal(look(cluster, 1).term, 2);
    assert_string_equal(pass(cluster, 1, 2), "put, timer 1, vote-reply>1");
    assert_string_equal(pass(cluster, 2, 1), "timer 1, timer 2, append>2, append>3");
    assert_int_equal(look(cluster, 1).role, RAFT_LEADER);
    assert_string_equal(pass(cluster, 1, 2), "timer 1, append-reply>1");
    assert_int_equal(look(cluster, 2).leader, 1);
    /* Who has a leader grants nobody anything. */
    assert_string_equal(fire(cluster, 3, RAFT_TIMER_ELECTION), "timer 1, vote>1, vote>2");
    assert_string_equal(pass(cluster, 3, 2), "vote-reply>3");
    assert_string_equal(pass(cluster, 2, 3), "put"); /* the refusal's term */
    assert_int_equal(look(cluster, 3).role, RAFT_FOLLOWER);
}

/* A leader steps down when nobody answers, and its clients do not know. */
static void test_quorum_lost(void **state)
{
    struct cluster *cluster = *state;
    elect(cluster, 1, 2);
    assert_string_equal(command(cluster, 1, 5), "append, sync, append>2, append>3");
    assert_string_equal(fire(cluster, 1, RAFT_TIMER_ELECTION), "reply unknown, cancel 2, timer 1");
    assert_int_equal(look(cluster, 1).role, RAFT_FOLLOWER);
    assert_string_equal(command(cluster, 1, 6), "reply refused");
}

/* Nothing counts before it is on the disk: neither a follower's entry nor the leader's own. */
static void test_written_first(void **state)
{
    struct cluster *cluster = *state;
    elect(cluster, 1, 2);
    (void)command(cluster, 1, 5);
    assert_string_equal(pass(cluster, 1, 2), "timer 1, append-reply>1"); /* the logs meet */
    assert_string_equal(pass(cluster, 2, 1), "append>2");
    assert_string_equal(pass(cluster, 1, 2), "timer 1, append-reply>1"); /* sent before that */
    assert_string_equal(pass(cluster, 1, 2), "timer 1, append, sync, append-reply>1");
    (void)pass(cluster, 2, 1);
    (void)pass(cluster, 2, 1);
    assert_string_equal(finish(&cluster->hosts[2], true), "");
    assert_string_equal(finish(&cluster->hosts[2], true), "append-reply>1");
    assert_string_equal(pass(cluster, 2, 1), "");
    assert_int_equal(look(cluster, 1).commit, 0);
    assert_string_equal(finish(&cluster->hosts[1], true), "");
    assert_string_equal(finish(&cluster->hosts[1], true), "apply 5, reply applied");
    assert_int_equal(look(cluster, 1).commit, 1);
}

/* What a torn write leaves is cut off, and votes survive. */
static void test_restart(void **state)
{
    struct cluster *cluster = *state;
    struct host *host = &cluster->hosts[1];
    elect(cluster, 1, 2);
    (void)command(cluster, 1, 5);
    (void)command(cluster, 1, 6);
    while (host->begun_count > 0) {
        (void)finish(host, true);
    }
    forget(host);
    host->log_size -= 5;
    assert_string_equal(start(cluster, 1), "replace, timer 1");
    assert_int_equal(look(cluster, 1).last, 1);
    assert_int_equal(look(cluster, 1).persisted, 1);
    assert_int_equal(look(cluster, 1).term, 2);
    assert_int_equal(look(cluster, 1).vote, 1);
    (void)finish(host, true);
    forget(host);
    assert_string_equal(start(cluster, 1), "timer 1");
    assert_int_equal(look(cluster, 1).last, 1);
}

/* A record that was never written makes those behind it worth nothing, on the disk too. */
static void test_failed_write(void **state)
{
    struct cluster *cluster = *state;
    struct host *host = &cluster->hosts[1];
    elect(cluster, 1, 2);
    (void)command(cluster, 1, 5);
    (void)command(cluster, 1, 6);
    assert_string_equal(finish(host, false), "timer 3");
    for (unsigned i = 0; i < 3; i++) {
        assert_string_equal(finish(host, true), "");
    }
    assert_int_equal(look(cluster, 1).persisted, 0);
    assert_string_equal(command(cluster, 1, 7), "append, sync, append>2, append>3");
    for (unsigned i = 0; i < 2; i++) {
        assert_string_equal(finish(host, true), "");
    }
    assert_int_equal(look(cluster, 1).persisted, 0);
    assert_string_equal(fire(cluster, 1, RAFT_TIMER_RETRY), "replace");
    assert_string_equal(finish(host, false), "timer 3");
    forget(host);
    (void)start(cluster, 1);
    assert_int_equal(look(cluster, 1).last, 0);
}

static void test_retry(void **state)
{
    struct cluster *cluster = *state;
    struct host *host = &cluster->hosts[1];
    elect(cluster, 1, 2);
    (void)command(cluster, 1, 5);
    (void)finish(host, true);
    assert_string_equal(finish(host, false), "timer 3"); /* the sync */
    (void)fire(cluster, 1, RAFT_TIMER_RETRY);
    (void)command(cluster, 1, 6); /* behind what is written anew */
    while (host->begun_count > 0) {
        (void)finish(host, true);
    }
    assert_int_equal(look(cluster, 1).persisted, 2);
    forget(host);
    (void)start(cluster, 1);
    assert_int_equal(look(cluster, 1).last, 2);
}

/* Entries of a leader that was alone go when another one's come, on the disk too. */
static void test_conflict(void **state)
{
    struct cluster *cluster = *state;
    struct host *host = &cluster->hosts[1];
    elect(cluster, 1, 2);
    (void)command(cluster, 1, 5);
    (void)command(cluster, 1, 6);
    while (host->begun_count > 0) {
        (void)finish(host, true);
    }
    assert_int_equal(look(cluster, 1).persisted, 2);
    for (unsigned i = 0; i < 2; i++) { /* the questions before its election, and in it */
        (void)pass(cluster, 1, 3);
        (void)pass(cluster, 3, 1);
    }
    elect(cluster, 3, 2);
    (void)command(cluster, 3, 7);
    assert_string_equal(pass(cluster, 3, 1), "vote-reply>3"); /* it leads, and refuses */
    assert_string_equal(pass(cluster, 3, 1), "vote-reply>3");
    assert_string_equal(pass(cluster, 3, 1),
                        "put, reply unknown, reply unknown, cancel 2, timer 1, timer 1, "
                        "append-reply>3");
    while (raft_entry_at(host->raft, 1).value != 7) {
        (void)pass(cluster, has_message(cluster, 1, 3) ? 1 : 3, has_message(cluster, 1, 3) ? 3 : 1);
    }
    assert_int_equal(look(cluster, 1).last, 1);
    assert_int_equal(look(cluster, 1).persisted, 0);
    (void)finish(host, true);
    (void)finish(host, true);
    assert_int_equal(look(cluster, 1).persisted, 1);
    forget(host);
    (void)start(cluster, 1);
    assert_int_equal(look(cluster, 1).last, 1);
    assert_int_equal(raft_entry_at(host->raft, 1).value, 7);
}

/* A leader changes the membership when it has committed an entry of its term, one at a time. */
static void test_membership(void **state)
{
    struct cluster *cluster = *state;
    struct raft_event remove = {.kind = RAFT_ON_CHANGE, .server = 3};
    elect(cluster, 1, 2);
    assert_string_equal(step(&cluster->hosts[1], remove), "");
    (void)command(cluster, 1, 5);
    replicate(cluster, 1, 2);
    assert_int_equal(look(cluster, 1).commit, 1);
    assert_string_equal(step(&cluster->hosts[1], remove), "append, sync, append>2");
    assert_int_equal(look(cluster, 1).voters, 3);
    remove.server = 2;
    assert_string_equal(step(&cluster->hosts[1], remove), "");
    replicate(cluster, 1, 2);
    assert_int_equal(look(cluster, 1).commit, 2);
    assert_int_equal(look(cluster, 2).voters, 3);
    remove.server = 1;
    assert_string_equal(step(&cluster->hosts[1], remove), "append, sync, append>2");
    replicate(cluster, 1, 2);
    assert_int_equal(look(cluster, 1).role, RAFT_FOLLOWER);
    assert_string_equal(fire(cluster, 1, RAFT_TIMER_ELECTION), "timer 1");
    assert_int_equal(look(cluster, 2).voters, 2);
    assert_string_equal(fire(cluster, 2, RAFT_TIMER_ELECTION),
                        "put, timer 1, timer 1, timer 1, timer 2");
    assert_int_equal(look(cluster, 2).role, RAFT_LEADER);
}

/* A leader whose removal is not committed may be the only one that can be elected: it stands, when
 * the voters had their time. */
static void test_removal_open(void **state)
{
    struct cluster *cluster = *state;
    elect(cluster, 1, 2);
    (void)command(cluster, 1, 5);
    replicate(cluster, 1, 2);
    assert_string_equal(
        step(&cluster->hosts[1], (struct raft_event){.kind = RAFT_ON_CHANGE, .server = 1}),
        "append, sync, append>2, append>3");
    assert_string_equal(fire(cluster, 1, RAFT_TIMER_ELECTION), "cancel 2, timer 1");
    assert_int_equal(look(cluster, 1).role, RAFT_FOLLOWER);
    assert_int_equal(look(cluster, 1).voters, 6);
    assert_int_equal(cluster->hosts[1].low, 2 * cluster->hosts[2].low);
    assert_int_equal(cluster->hosts[1].low, cluster->hosts[2].high);
    assert_string_equal(fire(cluster, 1, RAFT_TIMER_ELECTION), "timer 1, vote>2, vote>3");
    assert_int_equal(look(cluster, 1).role, RAFT_PRECANDIDATE);
    assert_int_equal(cluster->hosts[1].low, 2 * cluster->hosts[2].low);
}

/* A follower that is behind gets the snapshot, and writes it before it acknowledges it. */
static void test_snapshot(void **state)
{
    struct cluster *cluster = *state;
    elect(cluster, 1, 2);
    for (uint64_t value = 5; value <= 7; value++) {
        (void)command(cluster, 1, value);
        replicate(cluster, 1, 2);
    }
    assert_int_equal(look(cluster, 1).commit, 3);
    assert_string_equal(
        step(&cluster->hosts[1],
             (struct raft_event){.kind = RAFT_ON_COMPACT, .index = 2, .bytes = {"five six", 8}}),
        "replace");
    assert_int_equal(look(cluster, 1).snapshot_index, 2);
    forget(&cluster->hosts[3]);
    (void)start(cluster, 3);
    while (cluster->hosts[1].sent_count > 0) { /* what was sent before is lost */
        release(cluster->hosts[1].sent[--cluster->hosts[1].sent_count].bytes.data);
    }
    (void)fire(cluster, 1, RAFT_TIMER_HEARTBEAT);
    assert_string_equal(pass(cluster, 1, 3), "put, timer 1, restore, replace, append-reply>1");
    assert_int_equal(look(cluster, 3).commit, 2);
    assert_int_equal(look(cluster, 3).persisted, 0);
    assert_string_equal(finish(&cluster->hosts[3], true), "append-reply>1");
    assert_int_equal(look(cluster, 3).persisted, 2);
    forget(&cluster->hosts[3]);
    assert_string_equal(start(cluster, 3), "restore, timer 1");
    assert_int_equal(look(cluster, 3).snapshot_index, 2);
    assert_int_equal(look(cluster, 3).voters, 7);
}

/* The transferee is told when it has all entries, and is elected though a leader is known. */
static void test_transfer(void **state)
{
    struct cluster *cluster = *state;
    elect(cluster, 1, 2);
    (void)pass(cluster, 1, 2);
    (void)command(cluster, 1, 5);
    assert_string_equal(
        step(&cluster->hosts[1], (struct raft_event){.kind = RAFT_ON_TRANSFER, .server = 2}), "");
    assert_string_equal(command(cluster, 1, 6), "reply refused");
    replicate(cluster, 1, 2);
    assert_int_equal(look(cluster, 2).role, RAFT_LEADER);
    assert_int_equal(look(cluster, 2).term, 3);
    assert_int_equal(look(cluster, 1).leader, 2);
}

/* Bytes that are no message change nothing. */
static void test_junk(void **state)
{
    struct cluster *cluster = *state;
    char junk[80];
    memset(junk, 0xff, sizeof junk);
    for (size_t size = 0; size <= sizeof junk; size++) {
        assert_string_equal(
            step(&cluster->hosts[1],
                 (struct raft_event){.kind = RAFT_ON_MESSAGE, .server = 2, .bytes = {junk, size}}),
            "");
    }
    struct raft_options options = {.id = 1, .voters = 7};
    assert_null(raft_new(&options, (struct raft_bytes){junk, 3}, (struct raft_bytes){"", 0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_election, setup, teardown),
        cmocka_unit_test_setup_teardown(test_quorum_lost, setup, teardown),
        cmocka_unit_test_setup_teardown(test_written_first, setup, teardown),
        cmocka_unit_test_setup_teardown(test_restart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_failed_write, setup, teardown),
        cmocka_unit_test_setup_teardown(test_retry, setup, teardown),
        cmocka_unit_test_setup_teardown(test_conflict, setup, teardown),
        cmocka_unit_test_setup_teardown(test_membership, setup, teardown),
        cmocka_unit_test_setup_teardown(test_removal_open, setup, teardown),
        cmocka_unit_test_setup_teardown(test_snapshot, setup, teardown),
        cmocka_unit_test_setup_teardown(test_transfer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_junk, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
