/* Printing shared inside src/value. */
#ifndef FM_VALUE_PRINT_H
#define FM_VALUE_PRINT_H

#include "value/value.h"

/* Appends at most about `length_max` bytes of the value, then "..." when cut. Evaluates nothing and
 * never raises: lazy values are shown as what they are. */
void fm_print_brief(fm_value v, size_t length_max, struct fm_text *out);
/* Decimal digits of an integer, small or big. */
void fm_int_print(fm_value v, struct fm_text *out);

#endif
