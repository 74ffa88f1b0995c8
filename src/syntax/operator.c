/* The operators of TLA+.
 *
 * operators.def is the only place that knows an operator's spelling, precedence and fixity; this
 * file turns it into two constant arrays, one by operator and one by spelling. The lexer builds its
 * longest-match index from the spellings; the parser compares precedence ranges; later layers ask
 * which operators a module may define.
 *
 * Precedence in TLA+ is a range, not a number ("Specifying Systems" 15.2.1): `a op1 b op2 c` groups
 * to the left when all of op1's range lies above op2's, to the right when it lies below, and is an
 * error otherwise, unless both are the same left-associative operator. */
#include "syntax/operator.h"

#include "base/assert.h"

#include <string.h>

static const struct fm_operator_info infos[FM_OPERATOR_COUNT] = {
#define FIXITY_PREFIX FM_FIXITY_PREFIX
#define FIXITY_INFIX FM_FIXITY_INFIX
#define FIXITY_POSTFIX FM_FIXITY_POSTFIX
#define LEFT_LEFT true
#define LEFT_NONE false
#define DEFINABLE_YES true
#define DEFINABLE_NO false
#define FM_OPERATOR(id, name, fixity, low, high, associativity, definable)                         \
    [FM_OPERATOR_##                                                                                \
        id] = {name, FIXITY_##fixity, low, high, LEFT_##associativity, DEFINABLE_##definable},
#define FM_SYNONYM(id, spelling)
#include "syntax/operators.def"
#undef FM_OPERATOR
#undef FM_SYNONYM
};

static const struct fm_operator_spelling spellings[] = {
#define FM_OPERATOR(id, name, fixity, low, high, associativity, definable) {name, FM_OPERATOR_##id},
#define FM_SYNONYM(id, spelling) {spelling, FM_OPERATOR_##id},
#include "syntax/operators.def"
#undef FM_OPERATOR
#undef FM_SYNONYM
};

static const struct {
    const char *name;
    const char *hint;
} hints[] = {
    {"&&", "conjunction is written `/\\`"},
    {"&", "conjunction is written `/\\`"},
    {"||", "disjunction is written `\\/`"},
    {"|", "disjunction is written `\\/`"},
    {":=", "equality is written `=`; the next value of x is `x'`"},
    {"**", "the power is written `^`"},
    {"//", "integer division is written `\\div`"},
    {"%%", "the remainder is written `%`"},
    {"\\subset", "TLA+ defines `\\subseteq` only; a proper subset is `A \\subseteq B /\\ A # B`"},
    {"\\supseteq", "write `B \\subseteq A` for `A \\supseteq B`"},
    {"++", "addition is written `+`"},
    {"--", "subtraction is written `-`"},
};

const struct fm_operator_info *fm_operator_info(enum fm_operator op)
{
    fm_assert(op > FM_OPERATOR_NONE && op < FM_OPERATOR_COUNT);
    return &infos[op];
}

enum fm_operator fm_operator_find(const char *spelling, size_t length)
{
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        if (strlen(spellings[i].text) == length &&
            memcmp(spellings[i].text, spelling, length) == 0) {
            return spellings[i].op;
        }
    }
    return FM_OPERATOR_NONE;
}

const struct fm_operator_spelling *fm_operator_spellings(uint32_t *count)
{
    *count = (uint32_t)(sizeof spellings / sizeof spellings[0]);
    return spellings;
}

const char *fm_operator_hint(const char *name)
{
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        if (strcmp(hints[i].name, name) == 0) {
            return hints[i].hint;
        }
    }
    return NULL;
}
