/* A lock service with leases, and clients that write under them: examples/Lease.tla as a program.
 *
 * Node 1 is the lock service and the store; every other node is a client. A client asks for the
 * lease, works for a while, and writes under the number of its grant, if its lease is still valid
 * by its own clock. Messages are three characters: what (a acquire, g grant, w write) and the
 * grant's number.
 *
 *     cc -shared -fPIC -I include -o lease.so examples/lease.c
 *     fathom fuzz lease.so
 *
 * finds how a late write replaces a newer one. With -DFENCING the store refuses old grants. */
#include <fathom/sut.h>

#include <stdio.h>
#include <stdlib.h>

enum { SERVICE = 1, LEASE_MS = 1000, WORK_MS = 400, RETRY_MS = 300 };
enum timer { EXPIRE, WORKED, RETRY };

struct node {
    struct fathom_node *self;
    unsigned holder, granted; /* of the service; holder 0: nobody */
    unsigned last, highest;   /* of the store: grants that it was written under */
    unsigned grant;           /* of a client; 0: none */
    uint64_t valid_until;     /* by the client's clock */
};

static void tell(struct node *node, unsigned to, char what, unsigned number)
{
    char text[16];
    int length = snprintf(text, sizeof text, "%c%u", what, number);
    fathom_send(node->self, to, fathom_bytes_of(text, (size_t)length));
}

static void *lease_start(struct fathom_node *self, bool first)
{
    (void)first; /* nothing is on the disk: no node survives a crash, and none claims to */
    struct node *node = calloc(1, sizeof *node);
    node->self = self;
    if (fathom_id(self) != SERVICE) {
        fathom_timer(self, RETRY, fathom_random(self, RETRY_MS));
    }
    return node;
}

static void serve(struct node *node, unsigned from, char what, unsigned number)
{
    if (what == 'a' && node->holder == 0) {
        node->holder = from;
        node->granted++;
        fathom_timer(node->self, EXPIRE, LEASE_MS);
        tell(node, from, 'g', node->granted);
    } else if (what == 'w') {
#ifdef FENCING
        if (number < node->highest) {
            return;
        }
#endif
        node->last = number;
        node->highest = number > node->highest ? number : node->highest;
        if (node->holder == from) {
            node->holder = 0;
            fathom_cancel(node->self, EXPIRE);
        }
    }
}

static void lease_deliver(void *state, unsigned from, struct fathom_bytes message)
{
    struct node *node = state;
    char text[16];
    snprintf(text, sizeof text, "%.*s", (int)message.size, (const char *)message.data);
    unsigned number = (unsigned)strtoul(text + 1, NULL, 10);
    if (fathom_id(node->self) == SERVICE) {
        serve(node, from, text[0], number);
    } else if (text[0] == 'g' && node->grant == 0) {
        node->grant = number;
        node->valid_until = fathom_now(node->self) + LEASE_MS;
        fathom_timer(node->self, WORKED, WORK_MS);
    }
}

static void lease_timer(void *state, uint64_t timer)
{
    struct node *node = state;
    if (timer == EXPIRE) {
        node->holder = 0;
    } else if (timer == WORKED) {
        if (fathom_now(node->self) < node->valid_until) {
            tell(node, SERVICE, 'w', node->grant);
        }
        node->grant = 0;
        fathom_timer(node->self, RETRY, RETRY_MS);
    } else if (node->grant == 0) {
        tell(node, SERVICE, 'a', 0);
        fathom_timer(node->self, RETRY, RETRY_MS);
    }
}

static void lease_observe(const void *state, struct fathom_record *record)
{
    const struct node *node = state;
    if (fathom_id(node->self) == SERVICE) {
        fathom_set_int(record, "holder", node->holder);
        fathom_set_int(record, "granted", node->granted);
        fathom_set_int(record, "last", node->last);
        fathom_set_int(record, "highest", node->highest);
    } else {
        fathom_set_int(record, "grant", node->grant);
    }
}

static const char *lease_check(void *const *states, unsigned nodes)
{
    (void)nodes;
    const struct node *store = states[SERVICE - 1];
    return store != NULL && store->last != store->highest ? "NoLostWrite" : NULL;
}

static void lease_describe(struct fathom_bytes message, struct fathom_record *record)
{
    char text[16];
    snprintf(text, sizeof text, "%.*s", (int)message.size, (const char *)message.data);
    fathom_set_text(record, "type",
                    text[0] == 'a'   ? "acquire"
                    : text[0] == 'g' ? "grant"
                                     : "write");
    if (text[0] != 'a') {
        fathom_set_int(record, "grant", (int64_t)strtoul(text + 1, NULL, 10));
    }
}

FATHOM_EXPORT(.name = "lease", .version = "1",
              .contract = FATHOM_NETWORK_FAULTS | FATHOM_PAUSE | FATHOM_CLOCK_SKEW,
              .start = lease_start, .drop = free, .deliver = lease_deliver, .timer = lease_timer,
              .observe = lease_observe, .check = lease_check, .describe = lease_describe)
