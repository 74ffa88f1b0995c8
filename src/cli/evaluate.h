/* Evaluating expressions outside of a check: `fathom eval` and `fathom repl`. */
#ifndef FM_CLI_EVALUATE_H
#define FM_CLI_EVALUATE_H

#include "base/vec.h"

#include <stdbool.h>

struct fm_scope {
    const char *specification;  /* whose definitions are visible, or NULL */
    const char *config;         /* values of its constants; NULL: beside it, if there is one */
    FM_VEC(char *) definitions; /* texts, in order; freed with the scope */
};

void fm_scope_deinit(struct fm_scope *scope);
/* Prints the value to standard output, what is wrong to standard error. The status of a process:
 * that of a check with the same mistake. On a thread with a large stack. */
int fm_scope_evaluate(const struct fm_scope *scope, const char *expression, bool json);
/* Adds `Name(x) == ...`; false, and everything as before, when it does not fit: that was printed.
 */
bool fm_scope_define(struct fm_scope *scope, const char *definition);
/* Whether the line is a definition: a name, perhaps parameters, and ==. */
bool fm_scope_is_definition(const char *line);

#endif
