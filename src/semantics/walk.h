/* The parts of an expression, whatever its operator is. */
#ifndef FM_SEMANTICS_WALK_H
#define FM_SEMANTICS_WALK_H

#include "semantics/program.h"

typedef void fm_node_visit_fn(void *closure, struct fm_node *node);

/* Calls `visit` for each part that stands directly in the node, in the order of the text: sets of
 * bindings, bodies of the definitions of a LET, operands, paths and values of an EXCEPT.
 * Definitions that are called, or passed as operators, are not entered, LAMBDAs are. */
void fm_node_visit_parts(const struct fm_node *node, fm_node_visit_fn *visit, void *closure);

#endif
