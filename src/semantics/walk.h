/* The parts of an expression, whatever its operator is. */
#ifndef FM_SEMANTICS_WALK_H
#define FM_SEMANTICS_WALK_H

#include "semantics/program.h"

typedef void fm_node_visit_fn(void *closure, struct fm_node *node);

/* The bindings of a quantifier, a CHOOSE, a set or a function with bound variables; `*count` of
 * them, 0 for other operators. They belong to the program. */
const struct fm_binding *fm_node_bindings(const struct fm_node *node, uint32_t *count);

/* Calls `visit` for each operand, in the order of the text: sets of bindings, operands, paths and
 * values of an EXCEPT. */
void fm_node_visit_operands(const struct fm_node *node, fm_node_visit_fn *visit, void *closure);

/* Operands, and before them the definitions of a LET that have no parameters: what the node itself
 * can evaluate. What has parameters is evaluated where it is called. */
void fm_node_visit_evaluated(const struct fm_node *node, fm_node_visit_fn *visit, void *closure);

/* Everything that stands directly in the node: operands, and before them the bodies of all
 * definitions of a LET, or that of a LAMBDA. Definitions that are called, or passed as operators,
 * are not entered. */
void fm_node_visit_parts(const struct fm_node *node, fm_node_visit_fn *visit, void *closure);

#endif
