/* Progress of a running check: a line that is rewritten on a terminal, TLC's Progress(..) lines in
 * a pipe. Runs on a thread of its own. */
#ifndef FM_CLI_PROGRESS_H
#define FM_CLI_PROGRESS_H

#include "base/text.h"
#include "explore/check.h"
#include "liveness/liveness.h"

struct fm_progress;
struct fm_report;

struct fm_progress_options {
    const struct fm_checker *checker;
    const struct fm_liveness *liveness; /* NULL: no temporal part */
    const struct fm_report *report;
    /* A line in a pipe. ORDER(progress): the arguments are those of FM_MESSAGE_PROGRESS; behaviours
     * of a simulation, mean, variance and standard deviation of their lengths. */
    void (*add_line)(const struct fm_report *report, const char *const *arguments, uint32_t count,
                     struct fm_text *out);
    bool terminal;
};

/* NULL when no thread can be had: then there is no progress to see, and nothing else is lost. */
struct fm_progress *fm_progress_start(const struct fm_progress_options *options);
/* Removes the line and ends the thread. */
void fm_progress_stop(struct fm_progress *progress);
/* Around other output while it runs: takes the line off the terminal and keeps it away. */
void fm_progress_hold(struct fm_progress *progress);
void fm_progress_release(struct fm_progress *progress);

#endif
