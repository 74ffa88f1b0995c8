/* A target that makes progress, unless it is compiled with a mistake: for
 * tests/e2e/test_progress.py.
 *
 * Node 1 has a token. A node that a client asks for something queues it, asks for the token until
 * it has it, writes to its disk, answers, and gives the token back; a token that is not given back
 * is free again after a while.
 *
 * -DMISTAKE=ASKS_ONCE: a node whose question or answer is lost waits for ever.
 * -DMISTAKE=KEEPS: a token whose holder crashed, or that was lost on the way back, is never free.
 * -DMISTAKE=STORM: each message is answered with two.
 * -DMISTAKE=DIES: the process dies of the third request; HANGS: it does not return from it. */
#include <fathom/sut.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NONE, ASKS_ONCE, KEEPS, STORM, DIES, HANGS };
enum { KEEPER = 1, QUEUE = 8, ROUND_MS = 1000, RETRY_MS = 100, EXPIRE_MS = 300 };
enum timer { RETRY, EXPIRE };

struct node {
    struct fathom_node *self;
    uint64_t queue[QUEUE];
    unsigned count;
    bool writes;
    unsigned holder; /* of the keeper; 0: nobody */
};

static void tell(struct node *node, unsigned to, const char *what)
{
    fathom_send(node->self, to, (struct fathom_bytes){what, strlen(what)});
}

static void ask(struct node *node)
{
    tell(node, KEEPER, "ask");
    if (MISTAKE != ASKS_ONCE) {
        fathom_timer(node->self, RETRY, RETRY_MS);
    }
}

static void *relay_start(struct fathom_node *self, bool first)
{
    (void)first;
    struct node *node = calloc(1, sizeof *node);
    node->self = self;
    return node;
}

static void relay_deliver(void *state, unsigned from, struct fathom_bytes message)
{
    struct node *node = state;
    char what = *(const char *)message.data;
    if (what == 'a' && (node->holder == 0 || (node->holder == from && MISTAKE != KEEPS))) {
        node->holder = from;
        tell(node, from, "token");
        if (MISTAKE != KEEPS) {
            fathom_timer(node->self, EXPIRE, EXPIRE_MS);
        }
    } else if (what == 't' && node->count > 0 && !node->writes) {
        node->writes = true;
        (void)fathom_append(node->self, "log", message, FATHOM_DURABLE);
    } else if (what == 'b' && node->holder == from) {
        node->holder = 0;
    }
    if (MISTAKE == STORM) {
        tell(node, from, "storm");
        tell(node, from, "storm");
    }
}

static void relay_timer(void *state, uint64_t timer)
{
    struct node *node = state;
    if (timer == EXPIRE) {
        node->holder = 0;
    } else if (node->count > 0 && !node->writes) {
        ask(node);
    }
}

static void relay_done(void *state, uint64_t operation, enum fathom_status status)
{
    struct node *node = state;
    (void)operation;
    node->writes = false;
    fathom_reply(node->self, node->queue[0],
                 status == FATHOM_OK ? FATHOM_REPLY_OK : FATHOM_REPLY_FAIL,
                 (struct fathom_bytes){"", 0});
    node->count--;
    memmove(node->queue, node->queue + 1, node->count * sizeof node->queue[0]);
    tell(node, KEEPER, "back");
    if (node->count > 0) {
        ask(node);
    }
}

static void relay_client(void *state, uint64_t request, struct fathom_bytes payload)
{
    struct node *node = state;
    (void)payload;
    if (MISTAKE == DIES && request > 1) {
        abort();
    }
    for (volatile bool hangs = MISTAKE == HANGS && request > 1; hangs;) {
    }
    if (node->count == QUEUE) {
        fathom_reply(node->self, request, FATHOM_REPLY_FAIL, (struct fathom_bytes){"", 0});
        return;
    }
    node->queue[node->count++] = request;
    if (node->count == 1) {
        ask(node);
    }
}

const struct fathom_sut *fathom_sut(void)
{
    static const struct fathom_sut sut = {
        .abi = FATHOM_SUT_ABI,
        .name = "relay",
        .version = "1",
        .contract = FATHOM_REORDER | FATHOM_DROP | FATHOM_DUPLICATE | FATHOM_PARTITION |
                    FATHOM_CRASH | FATHOM_CRASH_INSIDE | FATHOM_PAUSE | FATHOM_CLOCK_SKEW |
                    FATHOM_CLOCK_JUMP | FATHOM_WRITE_FAIL,
        .start = relay_start,
        .drop = free,
        .deliver = relay_deliver,
        .timer = relay_timer,
        .done = relay_done,
        .client = relay_client,
        .round_ms = ROUND_MS,
    };
    return &sut;
}
