/* Progress of a running check: a line that is rewritten on a terminal, TLC's Progress(..) lines in
 * a pipe. Runs on a thread of its own. */
#ifndef FM_CLI_PROGRESS_H
#define FM_CLI_PROGRESS_H

#include "explore/check.h"

struct fm_progress;

/* NULL when no thread can be had: then there is no progress to see, and nothing else is lost. */
struct fm_progress *fm_progress_start(const struct fm_checker *checker, bool terminal);
/* Removes the line and ends the thread. */
void fm_progress_stop(struct fm_progress *progress);
/* Around other output while it runs: takes the line off the terminal and keeps it away. */
void fm_progress_hold(struct fm_progress *progress);
void fm_progress_release(struct fm_progress *progress);

#endif
