/* Few operations that cannot be put in order, out of many (witness.c). */
#ifndef FM_HISTORY_WITNESS_H
#define FM_HISTORY_WITNESS_H

#include "history/frontier.h"

/* Fills witness, others, at and minimal of the result. The operations, those of one object by call,
 * have no order. */
void fm_witness_find(struct fm_history *history, bool single,
                     const struct fm_operation *const *operations, uint32_t count,
                     struct fm_linearity_result *result);

#endif
