/* Specifications whose behaviour is a counterexample: NAME_TTrace_SECONDS.tla. */
#ifndef FM_CLI_TRACE_EXPLORE_H
#define FM_CLI_TRACE_EXPLORE_H

#include "cli/report.h"

/* Whether the options ask for one, after a counterexample with this trace (or NULL). */
bool fm_trace_explore_is_wanted(const struct fm_options *options, const struct fm_trace *trace);
/* Writes the module and, where options say so, the value stream beside it; appends the module's
 * path. NULL when all went well; else why not, in a text that lives until the next call. */
const char *fm_trace_explore_write(const struct fm_report *report, const struct fm_trace *trace,
                                   struct fm_text *path);

#endif
