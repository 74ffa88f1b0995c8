/* What the graph shows to be empty: properties that ask for nothing, and fairness of actions that
 * are never enabled. Neither is an error, and both are mostly mistakes. */
#ifndef FM_LIVENESS_WARNINGS_H
#define FM_LIVENESS_WARNINGS_H

#include "liveness/formula.h"
#include "liveness/graph.h"

struct fm_arena;

/* A line each, without a full stop, in the order of the properties and then of the conditions; list
 * and lines are memory of the arena. The graph is complete. */
const char *const *fm_liveness_warnings(const struct fm_graph *graph,
                                        const struct fm_temporals *temporals,
                                        struct fm_arena *arena, uint32_t *count);

#endif
