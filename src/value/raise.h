/* Errors of value operations: formatting, and short descriptions of values. Internal to src/value
 * and the modules written in C. */
#ifndef FM_VALUE_RAISE_H
#define FM_VALUE_RAISE_H

#include "diag/diag.h"
#include "value/value.h"

/* Formats into the context's arena and calls context->raise. */
_Noreturn void fm_value_raise(struct fm_value_context *context, enum fm_code code,
                              const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The value as text of one line for a message: cut when long, never evaluates, never raises. In the
 * context's arena. */
const char *fm_value_describe(struct fm_value_context *context, fm_value v);
/* Raises when little stack is left: called once a level by everything that descends into values. */
void fm_value_check_depth(struct fm_value_context *context);

#endif
