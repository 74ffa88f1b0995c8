/* The table of built-in operators, with the levels of tla2sany's BuiltInOperators: an argument
 * above `argument` is an error; where `counts` is false the level of the application does not
 * depend on the arguments (`x' ` is an action whatever x is), and the operator does not respect
 * equality of values, so it must not be substituted for a declared operator (TLA+2, "Leibniz
 * operators"). */
#include "semantics/builtin.h"

#define C FM_LEVEL_CONSTANT
#define S FM_LEVEL_STATE
#define A FM_LEVEL_ACTION
#define T FM_LEVEL_TEMPORAL

static const struct fm_builtin table[] = {
    {"TRUE", 0, FM_OP_VALUE, C, C, true},
    {"FALSE", 0, FM_OP_VALUE, C, C, true},
    {"BOOLEAN", 0, FM_OP_VALUE, C, C, true},
    {"STRING", 0, FM_OP_VALUE, C, C, true},
    {"~", 1, FM_OP_NOT, C, T, true},
    {"/\\", 2, FM_OP_AND, C, T, true},
    {"\\/", 2, FM_OP_OR, C, T, true},
    {"=>", 2, FM_OP_IMPLIES, C, T, true},
    {"<=>", 2, FM_OP_EQUIV, C, T, true},
    {"=", 2, FM_OP_EQ, C, A, true},
    {"/=", 2, FM_OP_NE, C, A, true},
    {"\\in", 2, FM_OP_IN, C, A, true},
    {"\\notin", 2, FM_OP_NOTIN, C, A, true},
    {"\\subseteq", 2, FM_OP_SUBSETEQ, C, A, true},
    {"\\", 2, FM_OP_DIFF, C, A, true},
    {"\\cap", 2, FM_OP_CAP, C, A, true},
    {"\\cup", 2, FM_OP_CUP, C, A, true},
    {"\\X", 2, FM_OP_CROSS, C, A, true},
    {"SUBSET", 1, FM_OP_POWERSET, C, A, true},
    {"UNION", 1, FM_OP_BIG_UNION, C, A, true},
    {"DOMAIN", 1, FM_OP_DOMAIN, C, A, true},
    {"'", 1, FM_OP_PRIME, A, S, false},
    {"UNCHANGED", 1, FM_OP_UNCHANGED, A, S, false},
    {"ENABLED", 1, FM_OP_ENABLED, S, A, false},
    {"\\cdot", 2, FM_OP_CDOT, A, A, false},
    {"[]", 1, FM_OP_ALWAYS, T, T, false},
    {"<>", 1, FM_OP_EVENTUALLY, T, T, false},
    {"~>", 2, FM_OP_LEADSTO, T, T, false},
    {"-+->", 2, FM_OP_GUARANTEE, T, T, false},
};

#undef C
#undef S
#undef A
#undef T

const struct fm_builtin *fm_builtins(uint32_t *count)
{
    *count = sizeof table / sizeof table[0];
    return table;
}
