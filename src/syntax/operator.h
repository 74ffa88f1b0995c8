/* The operators of TLA+: the table of operators.def as data.
 *
 * Constant data only; any thread may read it. */
#ifndef FM_SYNTAX_OPERATOR_H
#define FM_SYNTAX_OPERATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fm_operator {
    FM_OPERATOR_NONE, /* no operator */
#define FM_OPERATOR(id, name, fixity, low, high, associativity, definable) FM_OPERATOR_##id,
#define FM_SYNONYM(id, spelling)
#include "syntax/operators.def"
#undef FM_OPERATOR
#undef FM_SYNONYM
    FM_OPERATOR_COUNT
};

enum fm_fixity { FM_FIXITY_PREFIX, FM_FIXITY_INFIX, FM_FIXITY_POSTFIX };

struct fm_operator_info {
    const char *name; /* canonical spelling */
    enum fm_fixity fixity;
    uint8_t low, high; /* precedence range, 1 binds weakest */
    bool left;         /* associates to the left; otherwise it conflicts with itself */
    bool definable;    /* modules may define it */
};

struct fm_operator_spelling {
    const char *text;
    enum fm_operator op;
};

/* op is not FM_OPERATOR_NONE. */
const struct fm_operator_info *fm_operator_info(enum fm_operator op);
/* The operator with that canonical name or synonym, FM_OPERATOR_NONE when there is none. "-" is
 * SUBTRACT; NEGATE is found as "-.". */
enum fm_operator fm_operator_find(const char *spelling, size_t length);
/* All spellings, canonical ones included; `count` receives how many. */
const struct fm_operator_spelling *fm_operator_spellings(uint32_t *count);
/* What somebody who writes this operator without defining it probably means, as a hint
 * ("conjunction is written `/\`" for `&&`), or NULL. `name` is canonical. */
const char *fm_operator_hint(const char *name);

#endif
