/* What a world holds: shared by the files of this folder, and by nobody else.
 *
 * Lists keep their memory from one schedule to the next; bytes of messages, files' operations and
 * records live in the arena, which is reset when a schedule begins. */
#ifndef FM_SIM_STATE_H
#define FM_SIM_STATE_H

#include "base/arena.h"
#include "base/vec.h"
#include "sim/world.h"

/* Longest name of a file, bytes. */
#define FM_DISK_NAME_MAX 31u

struct fm_message {
    struct fathom_bytes bytes;
    uint64_t number; /* from 1, in the order of sending; a duplicate keeps it */
};

struct fm_timer {
    uint64_t number;
    uint64_t due_us;  /* by the node's clock */
    uint64_t ordinal; /* of setting: breaks ties */
};

enum fm_operation_kind { FM_DISK_APPEND, FM_DISK_TRUNCATE, FM_DISK_REPLACE, FM_DISK_SYNC };

struct fm_operation {
    uint64_t number;
    enum fm_operation_kind kind;
    uint32_t file;
    struct fathom_bytes bytes;
    size_t size; /* TRUNCATE */
    enum fathom_durability durability;
};

struct fm_file {
    const char *name;
    struct fm_text data;    /* what is read */
    struct fm_text durable; /* what a crash leaves at least */
    /* After a sync that failed: bytes [lost_from, lost_to) are in `data` only, whatever is synced.
     */
    size_t lost_from, lost_to;
};

struct fathom_node {
    struct fm_world *world;
    unsigned id;
    void *state; /* the target's; NULL while down */
    bool up, paused;
    bool inside;   /* an event of it is going on */
    bool dropping; /* services are ignored */
    uint64_t incarnation, drawn;
    uint32_t effects, effects_max; /* of this event; those above the maximum do not happen */
    uint64_t offset_us;            /* clock: offset + time * rate, see clock.c */
    int64_t drift_ppm;
    FM_VEC(struct fm_timer) timers;
    FM_VEC(struct fm_operation) operations; /* from operations_head on */
    uint32_t operations_head;
    FM_VEC(uint64_t) tracked; /* messages whose sender is to be told, from tracked_head on */
    uint32_t tracked_head;
    FM_VEC(uint8_t) tracked_status;
    FM_VEC(struct fm_file) files; /* the first file_count are of this schedule */
    uint32_t file_count;
};

struct fm_channel {
    FM_VEC(struct fm_message) messages;
    bool cut;
};

struct fm_world {
    struct fm_world_options options;
    struct fm_world_watch watch;
    struct fm_arena arena;
    struct fathom_node nodes[FATHOM_NODES_MAX];
    struct fm_channel channels[FATHOM_NODES_MAX][FATHOM_NODES_MAX]; /* from, to */
    bool isolated[FATHOM_NODES_MAX];
    unsigned custom_count;
    uint64_t time_us;
    uint64_t numbers;         /* last number given to a message, operation or timer */
    FM_VEC(uint8_t) requests; /* by number from 0: enum fm_request_stage */
    uint64_t answered;
    uint64_t hash;
    uint32_t steps; /* choices tried */
    bool draining, undecided;
    bool ended; /* between end and begin */
    enum fm_world_verdict verdict;
    char reason[256];
    unsigned reason_node;
    const char *record_misuse; /* by a record of this event */
};

/* ANSWERED + enum fathom_outcome, once it is. */
enum fm_request_stage { FM_REQUEST_OPEN, FM_REQUEST_ANSWERED };

/* world.c */
/* Ends the schedule with that verdict, unless it has ended. */
void fm_world_judge(struct fm_world *world, enum fm_world_verdict verdict, unsigned node,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Hashes what happened and tells the watch. */
void fm_world_happen(struct fm_world *world, const struct fm_happening *happening);
/* Copies bytes into the arena. */
struct fathom_bytes fm_world_keep(struct fm_world *world, struct fathom_bytes bytes);

/* network.c: whether a message can go from one node to another now. */
bool fm_network_open(const struct fm_world *world, unsigned from, unsigned to);
void fm_network_send(struct fm_world *world, unsigned from, unsigned to, struct fm_message message);
/* Removes the message and gives it; false when there is none at the position. */
bool fm_network_take(struct fm_world *world, const struct fm_choice *choice, bool keep,
                     struct fm_message *message);
bool fm_network_change(struct fm_world *world, const struct fm_choice *choice);
void fm_network_reset(struct fm_world *world);
/* Messages of a channel that a choice of that kind can name. */
uint32_t fm_network_ready(const struct fm_world *world, enum fm_choice_kind kind, unsigned from,
                          unsigned to);

/* clock.c: the node's clock now, microseconds. */
uint64_t fm_clock_now(const struct fathom_node *node);
void fm_clock_set(struct fathom_node *node, uint64_t number, uint64_t delay_us);
bool fm_clock_cancel(struct fathom_node *node, uint64_t number);
/* Removes the timer due in that place, after moving time to it; false when there is none. */
bool fm_clock_fire(struct fathom_node *node, uint32_t position, uint64_t *number);
void fm_clock_reset(struct fathom_node *node);

/* disk.c */
/* The file of that name, made when there is none; its index. */
uint32_t fm_disk_file(struct fathom_node *node, const char *name);
/* Begins an operation; its number. */
uint64_t fm_disk_begin(struct fathom_node *node, struct fm_operation operation);
/* Ends the oldest one with that status; false when there is none. */
bool fm_disk_complete(struct fathom_node *node, enum fathom_status status,
                      struct fm_operation *operation);
void fm_disk_put(struct fathom_node *node, const char *name, struct fathom_bytes bytes);
/* What a crash leaves; the choice has `kept`, `torn` and `lost`. */
void fm_disk_crash(struct fathom_node *node, const struct fm_choice *choice);
bool fm_disk_rot(struct fathom_node *node, uint32_t file, uint32_t bit);
void fm_disk_reset(struct fathom_node *node);
void fm_disk_free(struct fathom_node *node);

#endif
