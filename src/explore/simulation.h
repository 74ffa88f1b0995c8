/* What simulate.c is to search.c: a search that samples behaviours instead of visiting states. */
#ifndef FM_EXPLORE_SIMULATION_H
#define FM_EXPLORE_SIMULATION_H

#include "explore/search.h"

/* What there is to tell is filled in by the run. */
const struct fm_simulation *simulation_new(struct search *search);
void simulation_run(struct search *search);
void simulation_free(struct search *search);
/* What TLCGet and Trace ask for, on behalf of an engine. */
bool simulation_statistic(const struct search *search, const struct fm_engine *engine,
                          const char *key, uint64_t *value);
uint32_t simulation_actions(const struct search *search, const struct fm_engine *engine,
                            const uint32_t **actions);
uint32_t simulation_trace(const struct search *search, const struct fm_engine *engine,
                          struct fm_arena *arena, const uint8_t ***states);

#endif
