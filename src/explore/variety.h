/* How many values each variable had: for -coverage of `fathom tlc`. Internal to src/explore. */
#ifndef FM_EXPLORE_VARIETY_H
#define FM_EXPLORE_VARIETY_H

#include "explore/search.h"

/* A state that was stored; on its worker's thread. */
void variety_note(struct worker *worker, const struct fm_state *state);
/* Different values of each variable in all states noted; the search's memory. */
const uint64_t *variety_count(struct search *search);
void variety_deinit(struct worker *worker);

#endif
