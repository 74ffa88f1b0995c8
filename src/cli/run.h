/* One check from the files to the exit status, in the words of a personality. */
#ifndef FM_CLI_RUN_H
#define FM_CLI_RUN_H

#include "cli/options.h"
#include "cli/personality.h"

/* Takes a seed from the system where none was given. The status of the process. */
int fm_run_check(struct fm_options *options, const struct fm_personality *personality);

#endif
