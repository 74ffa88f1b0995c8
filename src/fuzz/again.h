/* Findings that one run does not show: run again, as they were found. */
#ifndef FM_FUZZ_AGAIN_H
#define FM_FUZZ_AGAIN_H

#include "fuzz/run.h"

/* Runs the schedule in processes of its own until it ends with the verdict wanted, or as often as
 * that verdict asks for: a leak is measured over several runs in one process, nondeterminism is a
 * pair of processes with different heaps that do not do the same. False with errno: the system
 * makes no process. */
bool fm_run_again(const struct fm_schedule *schedule, enum fm_fuzz_verdict wanted, uint32_t hang_ms,
                  struct fm_outcome *outcome);

#endif
