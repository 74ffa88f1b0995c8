/* Traces from files: the JSON of `fathom check --json`, of -dumpTrace json, and ITF. */
#ifndef FM_CLI_TRACE_READ_H
#define FM_CLI_TRACE_READ_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct fm_trace_value {
    const char *name, *text; /* text: JSON without blanks, keys in order */
};

struct fm_trace_row {
    struct fm_trace_value *values; /* by name */
    uint32_t count;
};

struct fm_trace_file {
    struct fm_trace_row *states;
    uint32_t count;
    uint32_t back_to; /* number of the state that the last one leads to, from 1; 0: none */
    bool is_itf;
};

/* false with the reason, which lives in the arena; so does what is read. */
bool fm_trace_read(const char *text, size_t size, struct fm_arena *arena,
                   struct fm_trace_file *trace, const char **why);
/* The value of the variable, or NULL. */
const char *fm_trace_value_of(const struct fm_trace_row *row, const char *name);

#endif
