/* A system under test, as `fathom fuzz` drives it.
 *
 * A target is a shared object that exports
 *
 *     const struct fathom_sut *fathom_sut(void);
 *
 * Its nodes are driven by events: the world calls a function of struct fathom_sut, the node answers
 * by calling services (fathom_send, fathom_append ...) and returns. Nothing else may enter it:
 * time, randomness, network and disk come from the services, so that a schedule runs again to the
 * last byte.
 *
 * - No service calls back into the target: what it starts completes in a later event, operations on
 *   the disk in the order in which the node began them.
 * - Byte ranges are borrowed: who is given one copies what it keeps before it returns.
 * - Everything runs on one thread. What a node allocates it frees in `drop`; what is global must be
 *   the same at the start of each schedule.
 * - A node's handle is valid until `drop`. Effects inside `drop` are ignored.
 * - Calling a service with a handle or number that does not exist is a mistake of the harness: the
 *   campaign ends and names it. What the system itself does wrong (it aborts, it hands its
 *   environment nonsense) is a finding: fathom_breach. */
#ifndef FATHOM_SUT_H
#define FATHOM_SUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Grows when the meaning of anything here changes; a target of another number is refused. */
#define FATHOM_SUT_ABI 2u
/* Nodes are numbered from 1. */
#define FATHOM_NODES_MAX 16u

struct fathom_node;   /* one node, as the world knows it */
struct fathom_record; /* named values: an observation, a message in words */

struct fathom_bytes {
    const void *data;
    size_t size; /* bytes */
};

static inline struct fathom_bytes fathom_bytes_of(const void *data, size_t size)
{
    struct fathom_bytes bytes = {data, size};
    return bytes;
}

/* Faults that a target may claim to survive (fathom_sut.contract). Delay is always there. Those not
 * claimed are off unless asked for, and a finding under them says so. */
enum fathom_fault {
    FATHOM_REORDER = 1 << 0,   /* messages overtake those sent before them to the same node */
    FATHOM_DROP = 1 << 1,      /* messages are lost */
    FATHOM_DUPLICATE = 1 << 2, /* messages arrive twice */
    FATHOM_PARTITION =
        1 << 3,            /* nothing passes from one node to another, in one direction or both */
    FATHOM_CRASH = 1 << 4, /* between events; operations that did not complete are lost or not */
    FATHOM_CRASH_INSIDE = 1 << 5,   /* between two effects of one event, start included */
    FATHOM_PAUSE = 1 << 6,          /* a node stands still while time goes on */
    FATHOM_CLOCK_SKEW = 1 << 7,     /* clocks differ and run at different speeds */
    FATHOM_CLOCK_JUMP = 1 << 8,     /* a clock jumps forward */
    FATHOM_WRITE_FAIL = 1 << 9,     /* an operation on the disk fails and has no effect */
    FATHOM_DISK_FULL = 1 << 10,     /* the same, for want of room */
    FATHOM_TORN_WRITE = 1 << 11,    /* a crash leaves the beginning of an append behind */
    FATHOM_SYNC_FAIL = 1 << 12,     /* a sync fails, its data is lost, and the next one succeeds */
    FATHOM_UNSYNCED_LOST = 1 << 13, /* a crash loses what was written and not synced */
    FATHOM_BIT_ROT = 1 << 14,       /* a bit of a file changes */

    /* What many systems claim as a whole. */
    FATHOM_NETWORK_FAULTS = FATHOM_REORDER | FATHOM_DROP | FATHOM_DUPLICATE | FATHOM_PARTITION,
    FATHOM_NODE_FAULTS = FATHOM_CRASH | FATHOM_CRASH_INSIDE | FATHOM_PAUSE,
    FATHOM_CLOCK_FAULTS = FATHOM_CLOCK_SKEW | FATHOM_CLOCK_JUMP,
    FATHOM_WRITE_FAULTS = FATHOM_WRITE_FAIL | FATHOM_DISK_FULL | FATHOM_TORN_WRITE,
    FATHOM_SYNC_FAULTS = FATHOM_SYNC_FAIL | FATHOM_UNSYNCED_LOST,
    /* All but bits that change: what a system survives that checks what it reads for torn writes
     * only. */
    FATHOM_USUAL_FAULTS = FATHOM_NETWORK_FAULTS | FATHOM_NODE_FAULTS | FATHOM_CLOCK_FAULTS |
                          FATHOM_WRITE_FAULTS | FATHOM_SYNC_FAULTS
};

/* What `done` is told. */
enum fathom_status {
    FATHOM_OK,
    FATHOM_FAILED,     /* no effect */
    FATHOM_FULL,       /* no effect: the disk is full */
    FATHOM_UNREACHABLE /* a message to a node behind a partition */
};

enum fathom_outcome {
    FATHOM_REPLY_OK,
    FATHOM_REPLY_FAIL,   /* the request had and will have no effect */
    FATHOM_REPLY_UNKNOWN /* it may have one */
};

/* Whether an operation on a file is durable when it completes, or at the next sync of the file. */
enum fathom_durability { FATHOM_BUFFERED, FATHOM_DURABLE };

struct fathom_sut {
    uint32_t abi;        /* FATHOM_SUT_ABI */
    const char *name;    /* "libraft" */
    const char *version; /* of the system, not of its harness */
    uint64_t contract;   /* enum fathom_fault, or-ed */

    /* A schedule begins with so many nodes, none of them started. Optional. */
    void (*begin)(unsigned nodes);
    /* Starts a node from what its disk holds; `first`: the disk is empty. NULL: it refused, which
     * is a finding. The result is the node's own and given to the other functions. */
    void *(*start)(struct fathom_node *node, bool first);
    /* The node crashed, or the schedule is over: frees its memory. */
    void (*drop)(void *state);
    void (*deliver)(void *state, unsigned from, struct fathom_bytes message);
    void (*timer)(void *state, uint64_t timer);
    /* An operation on the disk, or a tracked message, completed. Optional if none is begun. */
    void (*done)(void *state, uint64_t operation, enum fathom_status status);
    /* A client asks for something; fathom_reply answers, now or later. Optional. */
    void (*client)(void *state, uint64_t request, struct fathom_bytes payload);
    /* What an operator does, one of `customs` (ended by NULL): transfer of leadership, change of
     * membership ... The argument is a node's number. Optional. */
    const char *const *customs;
    void (*custom)(void *state, const char *kind, unsigned argument);
    /* Writes down what a node shows of itself, without effects; after every event. */
    void (*observe)(const void *state, struct fathom_record *record);
    /* A message in words, for the mapping and the diagram: a function of its bytes alone, called at
     * any time. Optional. */
    void (*describe)(struct fathom_bytes message, struct fathom_record *record);
    /* A property of all nodes that the target judges itself, after every event: NULL, or the name
     * of what is broken. states[i] is node i + 1's, NULL while it is down. Optional. */
    const char *(*check)(void *const *states, unsigned nodes);
    /* With `client`, says that the system makes progress: when all faults have healed and the
     * network and the disks are fair, a client that asks one node after the other gets
     * FATHOM_REPLY_OK within a few rounds of so many milliseconds (of an election, say). 0: nothing
     * is said. */
    uint32_t round_ms;
};

/* What a target exports; the table is constant. */
const struct fathom_sut *fathom_sut(void);

/* Defines it, from the fields other than abi: FATHOM_EXPORT(.name = "mine", .start = my_start ...)
 */
#define FATHOM_EXPORT(...)                                                                         \
    const struct fathom_sut *fathom_sut(void)                                                      \
    {                                                                                              \
        static const struct fathom_sut sut = {.abi = FATHOM_SUT_ABI, __VA_ARGS__};                 \
        return &sut;                                                                               \
    }

/* Who the node is, from 1, and how many there are. */
unsigned fathom_id(const struct fathom_node *node);
unsigned fathom_nodes(const struct fathom_node *node);
/* Milliseconds of the node's clock: it never goes back, and differs between nodes under
 * FATHOM_CLOCK_SKEW. A node's clock goes on over its crashes. */
uint64_t fathom_now(const struct fathom_node *node);
/* 0 .. bound - 1; bound > 0. Depends on the seed, the node, how often it was started, and how many
 * numbers it drew since: not on what other nodes do. */
uint64_t fathom_random(struct fathom_node *node, uint64_t bound);

/* Sends to a node, itself included. The second tells `done` when the message left. */
void fathom_send(struct fathom_node *node, unsigned to, struct fathom_bytes message);
uint64_t fathom_send_tracked(struct fathom_node *node, unsigned to, struct fathom_bytes message);
/* Calls `timer` with that number once, `delay` milliseconds from now or later; a timer of the same
 * number that is set already is replaced. Timers die with the node. */
void fathom_timer(struct fathom_node *node, uint64_t timer, uint64_t delay);
void fathom_cancel(struct fathom_node *node, uint64_t timer);
/* The same as fathom_timer, `low` to `high` milliseconds from now, drawn evenly. */
static inline void fathom_timer_between(struct fathom_node *node, uint64_t timer, uint64_t low,
                                        uint64_t high)
{
    fathom_timer(node, timer, low + fathom_random(node, high - low + 1));
}

/* The disk: files, made by their first use, named by a text of at most 31 bytes. Each call begins
 * an operation and returns its number; `done` tells when it completed. Operations of a node
 * complete in order; a crash leaves the first of those under way done, and the others not. */
uint64_t fathom_append(struct fathom_node *node, const char *file, struct fathom_bytes bytes,
                       enum fathom_durability durability);
uint64_t fathom_truncate(struct fathom_node *node, const char *file, size_t size,
                         enum fathom_durability durability);
/* The file's whole content, old or new, never between. */
uint64_t fathom_replace(struct fathom_node *node, const char *file, struct fathom_bytes bytes,
                        enum fathom_durability durability);
/* Makes durable what completed before it in the file. */
uint64_t fathom_sync(struct fathom_node *node, const char *file);
/* A file's content, of the operations that completed; empty when there is no such file. Borrowed
 * until the event is over. */
struct fathom_bytes fathom_read(struct fathom_node *node, const char *file);
/* Replaces a file at once, durable when it returns: for systems that write a few words
 * synchronously. Not to be mixed with other operations on the same file. */
void fathom_put(struct fathom_node *node, const char *file, struct fathom_bytes bytes);

/* Answers a client's request, once. */
void fathom_reply(struct fathom_node *node, uint64_t request, enum fathom_outcome outcome,
                  struct fathom_bytes payload);
/* Something the mapping should know of ("becomes leader"); its fields go into the result. */
struct fathom_record *fathom_event(struct fathom_node *node, const char *kind);
/* Findings that only the target can tell; printf's formats. The schedule ends with the event.
 * fathom_fail: a check of the target failed. fathom_breach: the system broke the contract of its
 * environment. fathom_stopped: the system stopped itself and will do nothing any more. */
void fathom_fail(struct fathom_node *node, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void fathom_breach(struct fathom_node *node, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void fathom_stopped(struct fathom_node *node, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Records: fields in the order in which they are added; a name twice is a mistake of the harness.
 * Names and texts are copied. Inside a list names are NULL. */
void fathom_set_int(struct fathom_record *record, const char *name, int64_t value);
void fathom_set_bool(struct fathom_record *record, const char *name, bool value);
void fathom_set_text(struct fathom_record *record, const char *name, const char *value);
struct fathom_record *fathom_set_record(struct fathom_record *record, const char *name);
struct fathom_record *fathom_set_list(struct fathom_record *record, const char *name);

#ifdef __cplusplus
}
#endif

#endif
