/* Errors of value operations: formatting, and short descriptions of values. Internal to src/value
 * and the modules written in C. */
#ifndef FM_VALUE_RAISE_H
#define FM_VALUE_RAISE_H

#include "base/thread.h"
#include "diag/diag.h"
#include "value/value.h"

/* Formats into the context's arena and calls context->raise. */
_Noreturn void fm_value_raise(struct fm_value_context *context, enum fm_code code,
                              const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The value as text of one line for a message: cut when long, never evaluates, never raises. In the
 * context's arena. */
const char *fm_value_describe(struct fm_value_context *context, fm_value v);
_Noreturn void fm_value_raise_depth(struct fm_value_context *context);

/* Stack kept in reserve, bytes: what formatting and raising an error need, with room to spare. */
#define FM_VALUE_STACK_RESERVE ((size_t)96 << 10)

/* Raises when little stack is left: called once a level by everything that descends into values. */
static inline void fm_value_check_depth(struct fm_value_context *context)
{
    if (fm_stack_left() < FM_VALUE_STACK_RESERVE) {
        fm_value_raise_depth(context);
    }
}

#endif
