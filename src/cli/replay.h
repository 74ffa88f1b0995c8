/* How `fathom replay` prints a schedule. */
#ifndef FM_CLI_REPLAY_H
#define FM_CLI_REPLAY_H

#include "fuzz/finding.h"
#include "fuzz/trace.h"

/* What ran again, and how it ended. */
struct fm_replay {
    const struct fm_finding *finding;
    const struct fm_trace *trace;
    const struct fm_outcome *outcome;
    const struct fm_explained *explained;
    bool same; /* signature and events are those recorded */
};

/* Prints one thing that happened, a line, to standard output. */
void fm_replay_print_item(const struct fm_trace_item *item);
/* Appends the whole schedule as one JSON object (docs/formats.md) and the end of a line. */
void fm_replay_json(const struct fm_replay *replay, struct fm_text *out);

#endif
