/* When a process that answers whenever it likes has done what it does about an event. */
#ifndef FM_FUZZ_SETTLE_H
#define FM_FUZZ_SETTLE_H

#include "fuzz/process.h"

enum fm_settled {
    FM_SETTLED_WAITS,  /* all it waits for is its input: without any it does nothing more */
    FM_SETTLED_SLEEPS, /* it is at rest, and may go on by itself */
    FM_SETTLED_LATE,   /* it was not at rest in time */
    FM_SETTLED_ENDED   /* it closed its output */
};

/* Reads what the process writes until it is at rest, and all that it wrote has been read. */
enum fm_settled fm_process_settle(struct fm_process *process, uint32_t timeout_ms);

#endif
