/* Findings: a schedule, how it ended, and what it was run with, as one text file:
 *
 *     fathom finding 1
 *     target: libraft 0.15.0
 *     path: /home/me/libraft-target.so
 *     target hash: 8d6a1c0e5b7f4a21
 *     world hash: 5f0c3a9b12d47e68
 *     mapping: /home/me/RaftMap.tla         (the next five lines: where a model judged)
 *     mapping hash: 5f0d3c19a7e2b846
 *     specification hash: 0c9b51d2e87f6a34
 *     configuration: /home/me/RaftMap.cfg
 *     configuration hash: e1a47c3390bd52f8
 *     nodes: 3
 *     seed: 1234567
 *     faults: drop duplicate crash
 *     rounds: 10
 *     verdict: property
 *     signature: property: election safety
 *     reason: two leaders in term 3
 *     divergence: 9 state differs: deliver RequestVote: votedFor differs
 *     event hash: 91c06d23aa81f3b0
 *     choices: 14
 *     timer 1
 *     deliver 1>2
 *     ...
 */
#ifndef FM_FUZZ_FINDING_H
#define FM_FUZZ_FINDING_H

#include "base/text.h"
#include "base/vec.h"
#include "fuzz/run.h"

struct fm_finding {
    char target[128];  /* name and version */
    char path[400];    /* of the shared object, absolute where it was short enough */
    char workload[32]; /* of Maelstrom, whose node it is; "": of none */
    uint64_t target_hash, world_hash;
    char mapping[400], configuration[400]; /* paths, absolute; "": no model judged */
    struct fm_mapping_hashes hashes;
    unsigned nodes;
    uint64_t seed, faults;
    unsigned rounds;           /* of the drain, where it came to one; else 0 */
    struct fm_outcome outcome; /* steps is the number of choices */
    FM_VEC(struct fm_choice) choices;
    /* Of the campaign that made it, and not in its file: the number of the schedule, from 1, and
     * after how many seconds; 0: of none. */
    uint64_t schedule;
    double seconds;
};

void fm_finding_deinit(struct fm_finding *finding);
/* The same, with choices of its own. */
struct fm_finding fm_finding_copy(const struct fm_finding *finding);
/* What two findings share that are hits of one bug: the verdict and its reason, numbers replaced by
 * #; of a crash whose place is known the signal and the place. One line, appended. */
void fm_finding_signature(const struct fm_outcome *outcome, struct fm_text *out);
void fm_finding_print(const struct fm_finding *finding, struct fm_text *out);

/* What is wrong with a file, and in which line, from 1. */
struct fm_finding_error {
    char text[128];
    uint32_t line;
};

/* Reads a file's text. False: *error says why, and the finding is empty. */
bool fm_finding_parse(const char *text, struct fm_finding *finding, struct fm_finding_error *error);

#endif
