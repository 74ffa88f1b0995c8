/* A target that makes the mistake it is compiled with, -DMISTAKE=NAME, when node 2 gets its third
 * message; for tests/e2e/test_fuzz.py. */
#include <fathom/sut.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
    NONE,
    CRASH,
    ABORT,
    EXIT,
    HANG,
    LEAK,
    UNSTABLE,
    CLOCK,
    FAR,
    BREACH,
    STOPS,
    REFUSES,
    FAILS,
    LATE,
    NOISE
};

struct node {
    struct fathom_node *self;
    unsigned heard;
};

static void *faulty_start(struct fathom_node *self, bool first)
{
    if (MISTAKE == REFUSES && !first) {
        return NULL;
    }
    struct node *node = calloc(1, sizeof *node);
    node->self = self;
    fathom_put(self, "started", (struct fathom_bytes){"11", first ? 1 : 2});
    fathom_timer(self, 1, 100);
    return node;
}

static void err(struct node *node)
{
    struct timespec now;
    switch (MISTAKE) {
    case CRASH:
        *(volatile int *)(uintptr_t)16 = 1;
        break;
    case ABORT:
        fprintf(stderr, "first line\nassertion 1 == 2 failed\n");
        abort();
    case EXIT:
        exit(0);
    case HANG:
        for (volatile int going = 1; going;) {
        }
        break;
    case LEAK:
        *(char *volatile *)&(char *){NULL} = malloc(100);
        break;
    case UNSTABLE:
        fathom_timer(node->self, 7, *(unsigned char *)malloc(64));
        break;
    case CLOCK:
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
        fathom_timer(node->self, 7, (uint64_t)now.tv_nsec);
        break;
    case FAR:
        fathom_send(node->self, 99, (struct fathom_bytes){"", 0});
        break;
    case BREACH:
        fathom_breach(node->self, "sends to server %d", 0);
        break;
    case STOPS:
        fathom_stopped(node->self, "disk error");
        break;
    case FAILS:
        fathom_fail(node->self, "index %u", node->heard);
        break;
    case NOISE:
        for (int i = 0; i < 1000; i++) {
            printf("a line that nobody reads\n");
        }
        break;
    default:
        break;
    }
}

static void faulty_deliver(void *state, unsigned from, struct fathom_bytes message)
{
    struct node *node = state;
    (void)message;
    if (MISTAKE == LATE && from == 1 && fathom_id(node->self) == fathom_nodes(node->self) &&
        fathom_read(node->self, "started").size == 2) {
        fathom_fail(node->self, "started twice, with node %u", fathom_id(node->self) / 3);
    }
    if (++node->heard == 3 && fathom_id(node->self) == 2) {
        err(node);
    }
}

static void faulty_timer(void *state, uint64_t timer)
{
    struct node *node = state;
    if (timer == 1) {
        for (unsigned to = 1; to <= fathom_nodes(node->self); to++) {
            fathom_send(node->self, to, (struct fathom_bytes){"hello", 5});
        }
        fathom_timer(node->self, 1, 100);
    }
}

const struct fathom_sut *fathom_sut(void)
{
    static const struct fathom_sut sut = {
        .abi = FATHOM_SUT_ABI,
        .name = "faulty",
        .version = "1",
        .contract = FATHOM_DROP | FATHOM_CRASH,
        .start = faulty_start,
        .drop = free,
        .deliver = faulty_deliver,
        .timer = faulty_timer,
    };
    return &sut;
}
