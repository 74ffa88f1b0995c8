/* Nodes of Maelstrom, as they are.
 *
 * Node k of the world is Maelstrom's "nk"; the last one is no process, it stands for the services
 * (maelstrom_service.c), so that requests to them are messages like all others, which may be late,
 * overtake each other, or meet a partition. What a node writes to another one or to a service is an
 * effect, and arrives when the schedule says so. Clients stand beside their node: a request is an
 * event, and its answer an effect that is seen at once. Each request has a client of its own.
 *
 *     world ---- deliver, client ----> line to its input --> node
 *     world <--- fathom_send, reply --- lines of its output, until it is at rest (settle.c)
 *
 * Time in the nodes is the machine's. A node that waits for input alone (settle.h) needs none. One
 * that may go on by itself gets a timer in the world, every `tick_ms`, when what it wrote meanwhile
 * is read. Behind a schedule such a tick takes as long as it says, so that what the node does every
 * second is done before its reads are held against it.
 *
 * In the end, for the workloads that are judged there, clients read each node until all of them
 * show everything; one that does not `final_ms` after the faults have healed has lost it. */
#include "fuzz/maelstrom.h"

#include "base/arena.h"
#include "base/file.h"
#include "fuzz/exec.h"
#include "fuzz/settle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const uint32_t timeout_ms_usual = 5000;
/* Of a round: a drain has ten. */
static const uint32_t round_ms = 1000;
static const uint64_t final_ms = 7000;
static const uint64_t tick_ms = 100;
enum { TICK = 1, SHOWN_MAX = 100 };

struct node {
    struct fathom_node *self;
    struct fm_maelstrom *maelstrom;
    struct fm_process process;
    json_int_t sent; /* message numbers of ours to it */
    bool services, broken, ready, ticks;
};

static unsigned count_nodes(const struct node *node)
{
    return fathom_nodes(node->self) - 1;
}

static void judge(struct node *node, enum fm_world_verdict verdict, const struct fm_text *wrong)
{
    struct fm_text text = {0};
    fm_text_printf(&text, "node %u %s", fathom_id(node->self), fm_text_string(wrong));
    fm_node_judge(node->self, verdict, text.at);
    node->broken = true;
    fm_text_deinit(&text);
}

/* --- what a node writes --- */

/* A final read: whether all nodes show everything by now. What one lacks for too long it lost. */
static bool judge_final(struct node *node, const struct fm_client *read)
{
    struct fm_maelstrom *maelstrom = node->maelstrom;
    struct fm_text lacking = {0};
    uint64_t now = fathom_now(node->self) + 1;
    uint64_t *since = &maelstrom->drains_since_ms[fathom_id(node->self) - 1];
    *since = *since == 0 ? now : *since;
    bool complete = fm_workload_is_complete(maelstrom, read, &lacking);
    maelstrom->complete[read->node - 1] = complete;
    if (!complete && now >= *since + final_ms) {
        fm_node_judge(node->self, FM_WORLD_PROPERTY, lacking.at);
    }
    for (unsigned i = 0; i < count_nodes(node); i++) {
        complete &= maelstrom->complete[i];
    }
    fm_text_deinit(&lacking);
    return complete;
}

/* An answer to a client's request: the client's end. */
static void answer_client(struct node *node, struct fm_client *client, uint64_t request,
                          json_t *body)
{
    struct fm_maelstrom *maelstrom = node->maelstrom;
    struct fm_text text = {0};
    const char *type = json_string_value(json_object_get(body, "type"));
    if (client->stage != FM_CLIENT_OPEN || !fm_node_acts(node->self)) {
        return; /* the second answer to it; or nobody hears it */
    }
    client->end = ++maelstrom->clock;
    enum fathom_outcome outcome = FATHOM_REPLY_OK;
    if (type != NULL && strcmp(type, "error") == 0) {
        bool fails = fm_error_is_definite(json_integer_value(json_object_get(body, "code")));
        client->stage = fails ? FM_CLIENT_FAILED : FM_CLIENT_UNKNOWN;
        outcome = fails ? FATHOM_REPLY_FAIL : FATHOM_REPLY_UNKNOWN;
    } else if (!fm_workload_read(maelstrom, client, body, &text)) {
        judge(node, FM_WORLD_GARBLED, &text);
    } else {
        client->stage = FM_CLIENT_OK;
        if (!fm_workload_holds(maelstrom, client, &text)) {
            fm_node_judge(node->self, FM_WORLD_PROPERTY, text.at);
        }
    }
    fm_text_clear(&text);
    if (client->stage == FM_CLIENT_OK && !client->final) {
        /* What is acknowledged now, every node is to show. */
        memset(maelstrom->complete, 0, sizeof maelstrom->complete);
    } else if (client->stage == FM_CLIENT_OK) {
        outcome = judge_final(node, client) ? FATHOM_REPLY_OK : FATHOM_REPLY_FAIL;
    }
    fm_text_clear(&text);
    fm_exec_dump(body, &text);
    fathom_reply(node->self, request, outcome, fathom_bytes_of(text.at, text.length));
    fm_text_deinit(&text);
}

/* The number in a name such as n3, from 1; 0: it is none of these up to `max`. */
static uint64_t number_in(const char *name, char letter, uint64_t max)
{
    char *end;
    if (name[0] != letter || name[1] < '1' || name[1] > '9') {
        return 0;
    }
    unsigned long long number = strtoull(name + 1, &end, 10);
    return *end == '\0' && number <= max ? number : 0;
}

static bool is_service(const char *name)
{
    unsigned i = 0;
    while (fm_services_name(i) != NULL && strcmp(fm_services_name(i), name) != 0) {
        i++;
    }
    return fm_services_name(i) != NULL;
}

/* A message of a node, to whom it is for. False: *wrong. */
static bool route(struct node *node, json_t *message, struct fm_text *wrong)
{
    struct fm_maelstrom *maelstrom = node->maelstrom;
    const char *from, *to;
    char own[16];
    json_t *body;
    json_error_t error;
    if (json_unpack_ex(message, &error, 0, "{s:s, s:s, s:o}", "src", &from, "dest", &to, "body",
                       &body) != 0) {
        fm_text_printf(wrong, "wrote a message without src, dest and body: %s", error.text);
        return false;
    }
    (void)snprintf(own, sizeof own, "n%u", fathom_id(node->self));
    if (strcmp(from, own) != 0 || !json_is_object(body)) {
        fm_text_printf(wrong, "wrote a message whose %s",
                       json_is_object(body) ? "src is not its own name" : "body is no object");
        return false;
    }
    uint64_t peer = number_in(to, 'n', count_nodes(node));
    uint64_t client = number_in(to, 'c', maelstrom->clients.count);
    json_t *reply_to = json_object_get(body, "in_reply_to");
    if (peer != 0 || is_service(to)) {
        struct fm_text text = {0};
        fm_exec_dump(message, &text);
        fathom_send(node->self, peer != 0 ? (unsigned)peer : fathom_nodes(node->self),
                    fathom_bytes_of(text.at, text.length));
        fm_text_deinit(&text);
    } else if (client != 0 && json_is_integer(reply_to)) {
        answer_client(node, &maelstrom->clients.at[client - 1], client - 1, body);
    } else if (strcmp(to, "c0") == 0) {
        const char *type = json_string_value(json_object_get(body, "type"));
        node->ready |= type != NULL && strcmp(type, "init_ok") == 0;
    } else {
        fm_text_printf(wrong, "wrote to %.20s, %s", to,
                       client == 0 ? "which does not exist" : "without in_reply_to");
        return false;
    }
    return true;
}

/* Lets what the node wrote happen, line by line. */
static void take_lines(struct node *node)
{
    struct fm_text line = {0}, wrong = {0};
    while (!node->broken && fm_process_take_line(&node->process, &line)) {
        json_error_t error;
        json_t *message = json_loadb(fm_text_string(&line), line.length, 0, &error);
        if (message == NULL) {
            size_t length = line.length < SHOWN_MAX ? line.length : SHOWN_MAX;
            fm_text_printf(&wrong, "wrote \"%.*s\", which is no line of JSON: %s", (int)length,
                           fm_text_string(&line), error.text);
        } else if (route(node, message, &wrong)) {
            fm_text_clear(&wrong);
        }
        json_decref(message);
        if (wrong.length > 0) {
            judge(node, FM_WORLD_GARBLED, &wrong);
        }
    }
    fm_text_deinit(&line);
    fm_text_deinit(&wrong);
}

/* Waits until the node has done what it does, and lets that happen. */
static void settle(struct node *node, const char *event)
{
    struct fm_text wrong = {0};
    if (node->broken) {
        return;
    }
    enum fm_settled settled = fm_process_settle(&node->process, node->maelstrom->timeout_ms);
    take_lines(node);
    switch (settled) {
    case FM_SETTLED_WAITS:
        break;
    case FM_SETTLED_SLEEPS:
        if (!node->broken && node->ready && !node->ticks) {
            node->ticks = true;
            fathom_timer(node->self, TICK, tick_ms);
        }
        break;
    case FM_SETTLED_LATE:
        fm_text_printf(&wrong, "was not at rest %u ms after %s", node->maelstrom->timeout_ms,
                       event);
        judge(node, FM_WORLD_LATE, &wrong);
        break;
    case FM_SETTLED_ENDED:
        if (!node->broken) {
            fm_text_printf(&wrong, "in %s ", event);
            fm_process_bury(&node->process, &wrong);
            judge(node, FM_WORLD_EXITED, &wrong);
        }
        break;
    }
    fm_text_deinit(&wrong);
}

/* --- what it is given --- */

/* Writes a line to the node; takes `message`. */
static void put(struct node *node, json_t *message, const char *event)
{
    struct fm_text line = {0}, wrong = {0};
    if (!node->broken) {
        fm_exec_dump(message, &line);
        fm_text_putc(&line, '\n');
        if (fm_process_ask(&node->process, &line, node->maelstrom->timeout_ms, NULL) ==
            FM_PROCESS_LATE) {
            fm_text_printf(&wrong, "did not read %s within %u ms", event,
                           node->maelstrom->timeout_ms);
            judge(node, FM_WORLD_LATE, &wrong);
        }
    }
    json_decref(message);
    fm_text_deinit(&line);
    fm_text_deinit(&wrong);
}

/* A request of a client to the node; takes `body`. */
static void put_request(struct node *node, uint64_t client, json_t *body, const char *event)
{
    (void)json_object_set_new(body, "msg_id", json_integer(++node->sent));
    put(node,
        json_pack("{s:o, s:o, s:o}", "src", json_sprintf("c%d", (int)client), "dest",
                  json_sprintf("n%u", fathom_id(node->self)), "body", body),
        event);
}

/* Every node beside its neighbours: what is told to one end goes through all. */
static json_t *line_of(unsigned nodes)
{
    json_t *topology = json_object();
    for (unsigned i = 1; i <= nodes; i++) {
        char name[16];
        json_t *neighbours = json_array();
        (void)snprintf(name, sizeof name, "n%u", i);
        if (i > 1) {
            (void)json_array_append_new(neighbours, json_sprintf("n%u", i - 1));
        }
        if (i < nodes) {
            (void)json_array_append_new(neighbours, json_sprintf("n%u", i + 1));
        }
        (void)json_object_set_new(topology, name, neighbours);
    }
    return topology;
}

static void initialize(struct node *node)
{
    json_t *names = json_array();
    for (unsigned i = 1; i <= count_nodes(node); i++) {
        (void)json_array_append_new(names, json_sprintf("n%u", i));
    }
    put_request(node, 0,
                json_pack("{s:s, s:o, s:o}", "type", "init", "node_id",
                          json_sprintf("n%u", fathom_id(node->self)), "node_ids", names),
                "init");
    /* An interpreter that loads may seem to be at rest. */
    uint64_t end_ns = fm_clock_monotonic_ns() + (uint64_t)node->maelstrom->timeout_ms * 1000000;
    while (!node->broken && !node->ready) {
        settle(node, "init");
        if (!node->broken && !node->ready && fm_clock_monotonic_ns() > end_ns) {
            struct fm_text wrong = {0};
            fm_text_printf(&wrong, "did not answer init with init_ok within %u ms",
                           node->maelstrom->timeout_ms);
            judge(node, FM_WORLD_LATE, &wrong);
            fm_text_deinit(&wrong);
        }
        (void)usleep(node->ready ? 0 : 200);
    }
    if (node->maelstrom->workload == FM_WORKLOAD_BROADCAST) {
        put_request(
            node, 0,
            json_pack("{s:s, s:o}", "type", "topology", "topology", line_of(count_nodes(node))),
            "topology");
        settle(node, "topology");
    }
}

static void forget_schedule(struct fm_maelstrom *maelstrom, bool again)
{
    for (uint32_t i = 0; i < maelstrom->clients.count; i++) {
        json_decref(maelstrom->clients.at[i].key);
        json_decref(maelstrom->clients.at[i].value);
        json_decref(maelstrom->clients.at[i].result);
    }
    maelstrom->clients.count = 0;
    maelstrom->clock = 0;
    memset(maelstrom->drains_since_ms, 0, sizeof maelstrom->drains_since_ms);
    memset(maelstrom->complete, 0, sizeof maelstrom->complete);
    fm_services_reset(&maelstrom->services, again);
}

static bool take_process(struct node *node, unsigned wanted)
{
    struct fm_maelstrom *maelstrom = node->maelstrom;
    bool fine = true;
    while (fine && maelstrom->idle_count < wanted) {
        fine = fm_process_start(&maelstrom->idle[maelstrom->idle_count], maelstrom->path);
        maelstrom->idle_count += fine;
    }
    if (maelstrom->idle_count > 0) {
        node->process = maelstrom->idle[--maelstrom->idle_count];
        return true;
    }
    fm_node_judge(node->self, FM_WORLD_HARNESS, "the system makes no process for a node");
    return false;
}

static void *start(struct fathom_node *self, bool first)
{
    struct node *node = fm_memory_calloc(1, sizeof *node);
    (void)first; /* nodes of Maelstrom have no disk */
    node->self = self;
    node->maelstrom = (struct fm_maelstrom *)(uintptr_t)fm_node_sut(self); /* its first field */
    node->services = fathom_id(self) == fathom_nodes(self);
    bool begins = fathom_id(self) == 1 && fm_node_incarnation(self) == 1;
    if (begins) {
        forget_schedule(node->maelstrom, true);
    }
    if (node->services) {
        return node;
    }
    /* The first starts those of all others, so that interpreters load beside each other. */
    if (!take_process(node, begins ? count_nodes(node) : 1)) {
        fm_memory_free(node);
        return NULL;
    }
    initialize(node);
    return node;
}

static void drop(void *state)
{
    struct node *node = state;
    fm_process_kill(&node->process);
    fm_memory_free(node);
}

/* A request to a service. */
static void serve(struct node *node, unsigned from, json_t *message)
{
    const char *name = json_string_value(json_object_get(message, "dest"));
    const char *asker = json_string_value(json_object_get(message, "src"));
    json_t *body = json_object_get(message, "body"), *number = json_object_get(body, "msg_id");
    struct fm_text text = {0};
    json_t *answer = fm_services_answer(&node->maelstrom->services, name, asker, body, node->self);
    if (number != NULL) {
        (void)json_object_set(answer, "in_reply_to", number);
    }
    json_t *reply = json_pack("{s:s, s:s, s:o}", "src", name, "dest", asker, "body", answer);
    fm_exec_dump(reply, &text);
    fathom_send(node->self, from, fathom_bytes_of(text.at, text.length));
    json_decref(reply);
    fm_text_deinit(&text);
}

static void deliver(void *state, unsigned from, struct fathom_bytes bytes)
{
    struct node *node = state;
    json_error_t error;
    json_t *message = json_loadb(bytes.data, bytes.size, 0, &error); /* as route() wrote it */
    if (node->services) {
        serve(node, from, message);
        json_decref(message);
    } else {
        put(node, message, "a message");
        settle(node, "a message");
    }
}

static void timer(void *state, uint64_t number)
{
    struct node *node = state;
    (void)number; /* there is one */
    node->ticks = false;
    if (fm_node_drains(node->self)) {
        (void)usleep((useconds_t)(tick_ms * 1000 / count_nodes(node)));
    }
    settle(node, "a pause");
}

static void client(void *state, uint64_t request, struct fathom_bytes payload)
{
    struct node *node = state;
    struct fm_maelstrom *maelstrom = node->maelstrom;
    struct fm_client asked = {.verb = "", .node = fathom_id(node->self)};
    (void)payload; /* the workload has its own */
    asked.final = fm_node_drains(node->self);
    json_t *body = fm_workload_ask(maelstrom, node->self, &asked);
    asked.call = ++maelstrom->clock;
    if (node->services) {
        asked.stage = FM_CLIENT_FAILED; /* no client asks them */
    }
    fm_vec_push(&maelstrom->clients, asked);
    if (node->services) {
        json_decref(body);
        fathom_reply(node->self, request, FATHOM_REPLY_FAIL, fathom_bytes_of("", 0));
    } else {
        fm_exec_fill(fathom_event(node->self, "client"), body); /* for whoever looks at a replay */
        put_request(node, request + 1, body, asked.verb);
        settle(node, asked.verb);
    }
}

static void describe(struct fathom_bytes bytes, struct fathom_record *record)
{
    json_error_t error;
    json_t *message = json_loadb(bytes.data, bytes.size, 0, &error);
    fm_exec_fill(record, json_object_get(message, "body"));
    json_decref(message);
}

struct fm_maelstrom *fm_maelstrom_open(const char *path, const char *workload)
{
    const char *const *names = fm_maelstrom_workloads();
    const char *slash = strrchr(path, '/');
    unsigned number = 0;
    while (names[number] != NULL && strcmp(names[number], workload) != 0) {
        number++;
    }
    if (names[number] == NULL) {
        return NULL;
    }
    struct fm_maelstrom *maelstrom = fm_memory_calloc(1, sizeof *maelstrom);
    maelstrom->path = path;
    maelstrom->workload = (enum fm_workload)number;
    maelstrom->timeout_ms = timeout_ms_usual;
    /* Maelstrom's network delays, so messages overtake each other, and its nemesis makes
     * partitions. */
    maelstrom->sut = (struct fathom_sut){
        .abi = FATHOM_SUT_ABI,
        .name = slash == NULL ? path : slash + 1,
        .version = names[number],
        .contract = FATHOM_REORDER | FATHOM_PARTITION,
        .start = start,
        .drop = drop,
        .deliver = deliver,
        .timer = timer,
        .client = client,
        .describe = describe,
        .round_ms = fm_workload_is_final(maelstrom->workload) ? round_ms : 0};
    return maelstrom;
}

void fm_maelstrom_close(struct fm_maelstrom *maelstrom)
{
    if (maelstrom != NULL) {
        while (maelstrom->idle_count > 0) {
            fm_process_kill(&maelstrom->idle[--maelstrom->idle_count]);
        }
        forget_schedule(maelstrom, false);
        fm_vec_deinit(&maelstrom->clients);
        fm_memory_free(maelstrom);
    }
}
