/* Sequential objects: what an operation does to a state, when it is done alone.
 *
 * States are numbers. Those of registers and of single elements are data; sets, queues and counters
 * keep each state once in a table. */
#ifndef FM_HISTORY_OBJECT_H
#define FM_HISTORY_OBJECT_H

#include "history/history.h"

/* What can be said of an operation in every state. */
enum fm_role {
    FM_ROLE_OBSERVER, /* leaves each state in which it is possible as it is */
    FM_ROLE_BLIND, /* possible in each state, and what comes of it does not depend on the state */
    FM_ROLE_OTHER
};

struct fm_object {
    struct fm_history *history;
    enum fm_object_kind kind;
    bool single;           /* a set of which one element is looked at: TRUE or FALSE */
    struct fm_arena arena; /* of states */
    struct fm_data states; /* as data whose text is the state's words */
};

/* `single`: all operations are of one element. */
void fm_object_init(struct fm_object *object, struct fm_history *history, bool single);
void fm_object_deinit(struct fm_object *object);
uint32_t fm_object_initial(struct fm_object *object);
enum fm_role fm_object_role(const struct fm_object *object, const struct fm_operation *operation);
/* The state behind the operation; false when it is impossible there, its result being what it was.
 * An operation without an end has any result. */
bool fm_object_step(struct fm_object *object, uint32_t state, const struct fm_operation *operation,
                    uint32_t *next);
/* Bytes held for states. */
uint64_t fm_object_bytes(const struct fm_object *object);

#endif
