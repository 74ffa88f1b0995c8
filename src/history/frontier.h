/* The search for an order of one object's operations (frontier.c). */
#ifndef FM_HISTORY_FRONTIER_H
#define FM_HISTORY_FRONTIER_H

#include "history/object.h"

struct fm_frontier_limits {
    uint64_t deadline_ns; /* of fm_clock_monotonic_ns; 0: none */
    uint64_t memory_max;  /* bytes */
    /* States that the object may be in at the beginning; NULL: its initial one. */
    const uint32_t *states;
    uint32_t state_count;
};

struct fm_frontier_result {
    enum fm_linearity verdict;
    const char *reason; /* of UNKNOWN; static */
    uint32_t at;        /* NOT_LINEARIZABLE: number of the operation whose end leaves no order */
    uint64_t configurations;
};

/* The operations of one object, by call. */
struct fm_frontier_result fm_frontier_search(struct fm_object *object,
                                             const struct fm_operation *const *operations,
                                             uint32_t count,
                                             const struct fm_frontier_limits *limits);

#endif
