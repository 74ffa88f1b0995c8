/* The world of a system under test: nodes, network, disks, clocks and faults, all of it decided by
 * the choices of a schedule and one seed.
 *
 * A world runs schedules one after the other: fm_world_begin starts all nodes, each choice applied
 * is one event, fm_world_end drops the nodes. The same target, number of nodes, seed, faults and
 * choices give the same events and effects, which `hash` holds; what differs is the target's
 * nondeterminism. One thread at a time; a process can have several worlds, a target seldom bears
 * it.
 *
 * A world only runs the target: crashes of the process, hangs and leaks are seen from outside
 * (src/fuzz). */
#ifndef FM_SIM_WORLD_H
#define FM_SIM_WORLD_H

#include "fathom/sut.h"
#include "sim/choice.h"
#include "sim/record.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct fm_world;

struct fm_world_options {
    const struct fathom_sut *sut;
    unsigned nodes;  /* 1 .. FATHOM_NODES_MAX */
    uint64_t seed;   /* of clocks and of what the nodes draw */
    uint64_t faults; /* enum fathom_fault, or-ed: choices of others are no-ops */
    unsigned rounds; /* within which a drain wants progress; 0: no drain */
};

/* How a schedule stands. */
enum fm_world_verdict {
    FM_WORLD_FINE,
    FM_WORLD_REFUSED,  /* a node did not start */
    FM_WORLD_STOPPED,  /* the system stopped itself */
    FM_WORLD_FAILED,   /* a check of the target failed */
    FM_WORLD_BREACH,   /* the system broke the contract of its environment */
    FM_WORLD_PROPERTY, /* the target's own judge named a property */
    FM_WORLD_STUCK,    /* no progress, though all faults are healed */
    FM_WORLD_EXITED,   /* the process of a node ended */
    FM_WORLD_LATE,     /* a node did not answer in time */
    FM_WORLD_GARBLED,  /* what a node answered cannot be read */
    FM_WORLD_HARNESS   /* the harness misused the world */
};

/* What happened: an event, or an effect of the event before it. */
enum fm_happening_kind {
    FM_HAPPENED_CHOICE, /* an event begins: `choice`, and what it concerns */
    FM_HAPPENED_SEND,   /* effects, of `node` */
    FM_HAPPENED_TIMER,
    FM_HAPPENED_CANCEL,
    FM_HAPPENED_DISK, /* an operation was begun; `name`: its file */
    FM_HAPPENED_PUT,
    FM_HAPPENED_REPLY,
    FM_HAPPENED_EVENT, /* fathom_event: `name`, `record`, whose fields are set later */
    FM_HAPPENED_CRASH, /* `node` went down, by its choice or cut short */
    FM_HAPPENED_STATE, /* `record`: what `node` shows after the event */
    FM_HAPPENED_END    /* the event is over: records of its EVENTs are complete */
};

struct fm_happening {
    enum fm_happening_kind kind;
    const struct fm_choice *choice;
    unsigned node, peer;      /* 0: none */
    uint64_t number;          /* message, operation, timer or request */
    uint64_t time_us;         /* of the world */
    uint32_t step;            /* choices tried so far, those without effect too; 0: it begins */
    bool drains;              /* it is part of the drain behind the schedule */
    const char *name;         /* or NULL */
    struct fathom_bytes data; /* borrowed until the schedule ends */
    int status; /* enum fathom_status or fathom_outcome; START: 1 when the disk is empty */
    const struct fathom_record *record;
};

/* Is told everything that happens; may be NULL. Records and bytes live until the schedule ends. */
struct fm_world_watch {
    void (*happened)(void *closure, const struct fm_happening *happening);
    void *closure;
};

/* Never NULL; freed by fm_world_free. */
struct fm_world *fm_world_new(const struct fm_world_options *options);
void fm_world_free(struct fm_world *world);
void fm_world_set_watch(struct fm_world *world, const struct fm_world_watch *watch);
/* Another seed, from the next schedule on. */
void fm_world_set_seed(struct fm_world *world, uint64_t seed);
/* The same for faults. */
void fm_world_set_faults(struct fm_world *world, uint64_t faults);

/* Starts every node. */
void fm_world_begin(struct fm_world *world);
/* One event. False: the choice does not apply as things stand, and nothing happened. Not after the
 * verdict is another than FINE. */
bool fm_world_apply(struct fm_world *world, const struct fm_choice *choice);
/* Whether the target says of itself that it makes progress. */
bool fm_world_can_drain(const struct fathom_sut *sut);
/* Whether there is a drain behind the schedule as it stands. */
bool fm_world_drains(const struct fm_world *world);
/* Behind the last choice: heals all faults, and goes on fairly until every client is answered, or
 * for options.rounds; then the verdict is STUCK. Nothing happens where the target says nothing of
 * progress, or the verdict is another than FINE. Returns the number of events, and counts them in
 * *pulse meanwhile; may be NULL. */
uint32_t fm_world_drain(struct fm_world *world, _Atomic uint32_t *pulse);
/* Whether the drain was given up after too many events. */
bool fm_world_is_undecided(const struct fm_world *world);
/* Drops every node. The verdict and the hash stay until the next begin. */
void fm_world_end(struct fm_world *world);

enum fm_world_verdict fm_world_verdict(const struct fm_world *world);
/* What the verdict is about, one line, and which node, or 0; until the next begin. */
const char *fm_world_reason(const struct fm_world *world, unsigned *node);
uint64_t fm_world_hash(const struct fm_world *world);
/* Of the world itself: choices mean the same to worlds of one hash. */
uint64_t fm_world_own_hash(void);
unsigned fm_world_nodes(const struct fm_world *world);
uint64_t fm_world_faults(const struct fm_world *world);

/* For targets whose nodes are other processes (src/fuzz/exec.c, maelstrom.c). The table that the
 * node's world was made with. */
const struct fathom_sut *fm_node_sut(const struct fathom_node *node);
/* A finding about the node, as fathom_fail makes one. */
void fm_node_judge(struct fathom_node *node, enum fm_world_verdict verdict, const char *text);
/* How often it was started in this schedule, this time included. */
uint64_t fm_node_incarnation(const struct fathom_node *node);
/* Whether the schedule is over and the world fair (fm_world_drain). */
bool fm_node_drains(const struct fathom_node *node);
/* Whether its next effect happens; false where it is about to crash inside of the event. */
bool fm_node_acts(const struct fathom_node *node);
/* Requests of clients so far: their numbers are below. */
uint64_t fm_node_requests(const struct fathom_node *node);
/* The index-th of its files, in the order of their first use; false behind the last. The name and
 * the bytes are borrowed until the event is over. */
bool fm_node_file(const struct fathom_node *node, uint32_t index, const char **name,
                  struct fathom_bytes *bytes);

/* How many choices of a kind apply now, and the index-th of them (of the smallest numbers first).
 * Kinds that always apply to a node or channel count those; amounts, `kept`, `lost` and `cut` are
 * for the caller to fill. Positions other than 0 are counted where FATHOM_REORDER allows them. */
uint32_t fm_world_count(const struct fm_world *world, enum fm_choice_kind kind);
struct fm_choice fm_world_choice(const struct fm_world *world, enum fm_choice_kind kind,
                                 uint32_t index);
/* The timer that is due first, of nodes that can be given an event; one applies. */
struct fm_choice fm_world_first_timer(const struct fm_world *world);
/* Things that an operator can do to a node. */
unsigned fm_world_customs(const struct fm_world *world);
/* Operations of the node's disk that did not complete. */
uint32_t fm_world_disk_pending(const struct fm_world *world, unsigned node);
/* Requests so far, and how many of them were answered with FATHOM_REPLY_OK. */
void fm_world_requests(const struct fm_world *world, uint64_t *asked, uint64_t *answered);

#endif
