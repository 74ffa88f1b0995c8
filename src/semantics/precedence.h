/* Precedence of the operators of TLA+ as numbers, for printing. (syntax/operator.h has the table, but its
 * names and those of program.h meet.) */
#ifndef FM_SEMANTICS_PRECEDENCE_H
#define FM_SEMANTICS_PRECEDENCE_H

#include <stdbool.h>
#include <stdint.h>

enum fm_position { FM_POSITION_NONE, FM_POSITION_PREFIX, FM_POSITION_INFIX, FM_POSITION_POSTFIX };

struct fm_precedence {
    enum fm_position position; /* NONE: the name is no operator symbol */
    uint8_t low, high;         /* 1 binds weakest */
    bool left;                 /* a + b + c is (a + b) + c */
};

/* `name` is canonical: "+", "-.", "\\cup". */
struct fm_precedence fm_precedence_of(const char *name);

#endif
