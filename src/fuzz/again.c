/* Running a schedule again to see the same.
 *
 * Most findings are there in each run. Two are not:
 *
 * - A leak is memory that is left when all nodes are dropped. It is told from caches by growing
 * with each run, so a process runs the schedule several times (fm_run_leaks).
 * - Nondeterminism shows in two runs that differ, and by its nature not in any two: up to five
 * pairs are run, each in processes whose heaps are filled with different bytes and begin elsewhere.
 *   Whatever else differs between processes (addresses, time) differs here too.
 *
 * Whoever takes a miss for "gone" keeps more of a schedule than needed, and never loses a finding.
 */
#include "fuzz/again.h"

#include <stdio.h>

/* Pairs of processes until a schedule counts as deterministic. One that depends on a byte of fresh
 * memory differs in the first; one that depends on the time, in half of them or more. */
static const unsigned pairs_max = 5;

static bool run_with(const struct fm_schedule *schedule, enum fm_heap heap, unsigned fill,
                     uint32_t hang_ms, struct fm_outcome *outcome)
{
    struct fm_run_options options = {.hang_ms = hang_ms};
    struct fm_schedule changed = *schedule;
    changed.heap = heap;
    changed.fill = (uint8_t)fill;
    return fm_run_isolated(&changed, &options, outcome);
}

static bool run_pairs(const struct fm_schedule *schedule, uint32_t hang_ms,
                      struct fm_outcome *outcome)
{
    for (unsigned i = 0; i < pairs_max; i++) {
        struct fm_outcome other;
        if (!run_with(schedule, FM_HEAP_FILLED, 0xA5 + i, hang_ms, &other) ||
            !run_with(schedule, FM_HEAP_PLAIN, 0, hang_ms, outcome)) {
            return false;
        }
        if (other.hash != outcome->hash || other.verdict != outcome->verdict) {
            fm_run_unstable(outcome);
            return true;
        }
        if (outcome->verdict != FM_FUZZ_FINE) {
            return true; /* another finding, and the same twice */
        }
    }
    return true;
}

bool fm_run_again(const struct fm_schedule *schedule, enum fm_fuzz_verdict wanted, uint32_t hang_ms,
                  struct fm_outcome *outcome)
{
    struct fm_schedule unjudged = *schedule;
    unjudged.mapping = NULL; /* what the judge keeps is no leak */
    return wanted == FM_FUZZ_UNSTABLE ? run_pairs(&unjudged, hang_ms, outcome)
           : wanted == FM_FUZZ_LEAK   ? run_with(schedule, FM_HEAP_MEASURED, 0, hang_ms, outcome)
                                      : run_with(schedule, FM_HEAP_PLAIN, 0, hang_ms, outcome);
}
