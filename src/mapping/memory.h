/* What a judge has found out and need not find out again. Internal to src/mapping. */
#ifndef FM_MAPPING_MEMORY_H
#define FM_MAPPING_MEMORY_H

#include "mapping/loaded.h"
#include "value/order.h"

/* Nodes whose last agreement is kept; those with equal numbers modulo this take turns. */
#define FM_MEMORY_NODES 32u

/* Something true, by the digest of all that it depends on. */
struct fact {
    struct fm_digest digest;
    uint32_t fields; /* that were compared */
};

/* A node that showed what a state says. */
struct agreement {
    bool holds;
    int64_t node;
    fm_value shown;
    uint32_t fields;
    fm_value *parts; /* what Observed read; memory.count of them */
};

struct memory {
    struct fact *facts;
    struct agreement agreements[FM_MEMORY_NODES];
    fm_value *values;     /* what a question depends on: its kind, and what is read */
    uint32_t value_count; /* that Observed reads */
};

void memory_init(struct memory *memory, const struct fm_mapping *mapping);
void memory_deinit(struct memory *memory);
/* All values were freed. */
void memory_forget_values(struct memory *memory);

/* A question: it is asked, evaluated when the answer is not known, and kept when that was yes,
 * before another one is asked. */
struct question {
    bool known; /* what it depends on: otherwise it cannot be remembered */
    struct fm_digest digest;
    uint32_t fields;
    struct agreement *agreement; /* of a node */
    fm_value shown;
    int64_t node;
};

/* Does the node show what the variables say? Whether it is known to. */
bool memory_has_agreed(struct memory *memory, const struct fm_mapping *mapping,
                       struct fm_value_context *context, const fm_value *variables,
                       struct question *question);
/* Is the invariant true? Whether it is known to be. */
bool memory_holds(struct memory *memory, const struct fm_mapping *mapping,
                  struct fm_value_context *context, const fm_value *variables, uint32_t invariant,
                  struct question *question);
/* It is true; `fields` is set. */
void memory_keep(struct memory *memory, const struct question *question);

#endif
