/* The operators of the language itself, which no module may define. */
#ifndef FM_SEMANTICS_BUILTIN_H
#define FM_SEMANTICS_BUILTIN_H

#include "semantics/program.h"

struct fm_builtin {
    const char *name; /* canonical spelling */
    uint32_t arity;
    enum fm_op op;
    enum fm_level level;    /* least level of an application */
    enum fm_level argument; /* highest level an argument may have */
    bool counts;            /* the arguments' levels count for the application's: "Leibniz" */
};

/* All rows. */
const struct fm_builtin *fm_builtins(uint32_t *count);

#endif
