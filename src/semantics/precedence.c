/* Reads the parser's operator table; see precedence.h for why this is a file of its own. */
#include "semantics/precedence.h"

#include "syntax/operator.h"

#include <string.h>

struct fm_precedence fm_precedence_of(const char *name)
{
    struct fm_precedence result = {FM_POSITION_NONE, 0, 0, false};
    enum fm_operator op = fm_operator_find(name, strlen(name));
    if (op == FM_OP_NONE) {
        return result;
    }
    const struct fm_operator_info *info = fm_operator_info(op);
    switch (info->fixity) {
    case FM_FIXITY_PREFIX:
        result.position = FM_POSITION_PREFIX;
        break;
    case FM_FIXITY_INFIX:
        result.position = FM_POSITION_INFIX;
        break;
    case FM_FIXITY_POSTFIX:
        result.position = FM_POSITION_POSTFIX;
        break;
    }
    result.low = info->low;
    result.high = info->high;
    result.left = info->left;
    return result;
}
