/* What changed inside of a value, in words: for the states of a trace. */
#ifndef FM_EXPLORE_DIFFERENCE_H
#define FM_EXPLORE_DIFFERENCE_H

#include "value/value.h"

/* Appends on one line how the new value differs from the old one, both of states:
 *
 *     was 3
 *     [c1].phase was "idle"
 *     appended [type |-> "ack"]
 *     added {r1}, removed {r2}
 *
 * or "changed" when that would be longer than a reader wants. Nothing when they are equal. */
void fm_difference_add(struct fm_value_context *context, fm_value old, fm_value new,
                       struct fm_text *out);

#endif
