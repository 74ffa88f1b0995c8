/* -dump: all states, or the state graph, as a file. */
#ifndef FM_CLI_DUMP_H
#define FM_CLI_DUMP_H

#include "cli/report.h"

/* Writes what the options ask for, after the search. `order` has the places of the variables as
 * states are to show them, or is NULL. NULL when all went well; else why not, in a text that lives
 * until the next call. */
const char *fm_dump_write(const struct fm_report *report, struct fm_checker *checker,
                          const uint32_t *order);

#endif
