/* Nodes of Maelstrom as targets: a table of fathom/sut.h's functions, behind which each node is a
 * process that speaks Maelstrom's protocol, and one more node of the world stands for its services
 * (docs/executables.md).
 *
 * One world at a time: clients, their history and the services are the table's. */
#ifndef FM_FUZZ_MAELSTROM_H
#define FM_FUZZ_MAELSTROM_H

#include "base/vec.h"
#include "fuzz/process.h"
#include "sim/world.h"

#include <jansson.h>

/* ORDER(workload) */
enum fm_workload {
    FM_WORKLOAD_ECHO,
    FM_WORKLOAD_BROADCAST,
    FM_WORKLOAD_G_SET,
    FM_WORKLOAD_G_COUNTER,
    FM_WORKLOAD_PN_COUNTER,
    FM_WORKLOAD_UNIQUE_IDS,
    FM_WORKLOAD_LIN_KV,
    FM_WORKLOAD_COUNT
};

enum fm_client_stage { FM_CLIENT_OPEN, FM_CLIENT_OK, FM_CLIENT_FAILED, FM_CLIENT_UNKNOWN };

/* A client with its one request; its number is the request's of the world, and one more in names.
 */
struct fm_client {
    const char *verb; /* the type of its message */
    json_t *key, *value, *result;
    unsigned node;
    uint64_t call, end; /* places among the events of clients */
    enum fm_client_stage stage;
    bool final; /* a read behind the schedule */
};

/* State of the four services (maelstrom_service.c). */
struct fm_services {
    json_t *linear;            /* values by the text of their key */
    FM_VEC(json_t *) sequence; /* seq-kv: the states so far, from the first on */
    json_t *seen;              /* the index of the last state that a node saw */
    json_t *replicas[5];       /* lww-kv: {"clock", "values": {key: [time, value]}} */
    uint64_t timestamp;        /* lin-tso */
};

struct fm_maelstrom {
    struct fathom_sut sut; /* the first: a node's world finds the rest behind it */
    const char *path;
    enum fm_workload workload;
    uint32_t timeout_ms;
    struct fm_process idle[FATHOM_NODES_MAX];
    unsigned idle_count;
    /* Of the schedule. */
    FM_VEC(struct fm_client) clients;
    uint64_t clock;
    bool complete[FATHOM_NODES_MAX];            /* the node's final read shows everything */
    uint64_t drains_since_ms[FATHOM_NODES_MAX]; /* by the node's clock; 0: not yet */
    struct fm_services services;
};

/* Names of workloads, NULL at the end. */
const char *const *fm_maelstrom_workloads(void);
/* A table for the program; the path is borrowed, and has a slash in it. NULL: there is no such
 * workload. */
struct fm_maelstrom *fm_maelstrom_open(const char *path, const char *workload);
void fm_maelstrom_close(struct fm_maelstrom *maelstrom);

/* maelstrom_service.c. The services' names, by number from 0; NULL behind the last. */
const char *fm_services_name(unsigned number);
/* The answer of a service to a message's body, the caller's; `draw` decides for the lax ones. */
json_t *fm_services_answer(struct fm_services *services, const char *name, const char *from,
                           json_t *body, struct fathom_node *draw);
/* Forgets everything; `again`: a schedule begins. */
void fm_services_reset(struct fm_services *services, bool again);
/* Whether the error means that the operation did not happen and will not. */
bool fm_error_is_definite(json_int_t code);

/* maelstrom_workload.c. Draws a client's request for a node; the body of its message, the caller's.
 */
json_t *fm_workload_ask(struct fm_maelstrom *maelstrom, struct fathom_node *node,
                        struct fm_client *client);
/* Whether it has reads at the end, by which it is judged. */
bool fm_workload_is_final(enum fm_workload workload);
/* Reads the body of an answer other than an error into the client. False: *wrong says what it is
 * not. */
bool fm_workload_read(const struct fm_maelstrom *maelstrom, struct fm_client *client, json_t *body,
                      struct fm_text *wrong);
/* Judges the history behind a client's answer. False: *broken names what does not hold. */
bool fm_workload_holds(struct fm_maelstrom *maelstrom, const struct fm_client *client,
                       struct fm_text *broken);
/* Whether a final read shows everything; else *lacking says what it lacks. */
bool fm_workload_is_complete(const struct fm_maelstrom *maelstrom, const struct fm_client *read,
                             struct fm_text *lacking);

#endif
