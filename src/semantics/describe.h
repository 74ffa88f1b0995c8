/* What the analysis found out about the nodes of a syntax tree, as JSON; docs/formats.md. */
#ifndef FM_SEMANTICS_DESCRIBE_H
#define FM_SEMANTICS_DESCRIBE_H

#include "semantics/program.h"
#include "syntax/ast.h"

/* Of the root module's file. */
const struct fm_ast *fm_describe_root(const struct fm_program *program);
/* Adds `,"means":{...}` to a name that is used, `,"level":"state"` to one that is declared or
 * defined. */
void fm_describe_node(const struct fm_program *program, const struct fm_ast *ast,
                      struct fm_text *out);

#endif
