/* Holds a running schedule against a mapping. */
#ifndef FM_FUZZ_ORACLE_H
#define FM_FUZZ_ORACLE_H

#include "fuzz/run.h"
#include "mapping/judge.h"

struct fm_oracle;

/* Opens a judge; never NULL. `watch`, unless NULL, is told everything that happens. */
struct fm_oracle *fm_oracle_new(struct fm_mapping *mapping, struct fm_world *world,
                                const struct fathom_sut *sut, const struct fm_world_watch *watch);
void fm_oracle_free(struct fm_oracle *oracle);
/* Before fm_world_begin: becomes the world's watch. */
void fm_oracle_begin(struct fm_oracle *oracle);
/* Is called with each event before it is judged. */
typedef void fm_oracle_probe(void *closure, struct fm_judge *judge,
                             const struct fm_judge_event *event);
void fm_oracle_set_probe(struct fm_oracle *oracle, fm_oracle_probe *probe, void *closure);
/* Whether schedules go on when it disagrees; they do not before this is called. */
void fm_oracle_go_beyond(struct fm_oracle *oracle, bool beyond);
bool fm_oracle_goes_on(const struct fm_oracle *oracle);
/* After fm_world_begin and each fm_world_apply: whether everything so far is a behaviour of the
 * specification. */
bool fm_oracle_agrees(const struct fm_oracle *oracle);
/* fm_judge_cover of its judge, while it agrees; it no longer does when Cover cannot be evaluated.
 * Returns the number of hashes. */
uint32_t fm_oracle_cover(struct fm_oracle *oracle, uint64_t hashes[FM_CANDIDATES_MAX]);
/* What it found, when it does not agree. */
void fm_oracle_judge(struct fm_oracle *oracle, struct fm_outcome *outcome);
/* Several lines about it; memory of the oracle until the next begin. */
const char *fm_oracle_explanation(struct fm_oracle *oracle);
const struct fm_judge_counts *fm_oracle_totals(const struct fm_oracle *oracle);
const struct fm_judge *fm_oracle_own_judge(const struct fm_oracle *oracle);

#endif
