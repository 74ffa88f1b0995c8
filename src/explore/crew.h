/* The crew: the calling thread and a number of helpers that run one function together, again and
 * again, once per phase of a level. Helpers start when they are first needed. */
#ifndef FM_EXPLORE_CREW_H
#define FM_EXPLORE_CREW_H

#include <stdbool.h>
#include <stdint.h>

struct fm_crew;

/* size: members, the caller included. */
struct fm_crew *fm_crew_new(uint32_t size);
/* Joins the helpers. */
void fm_crew_free(struct fm_crew *crew);
/* Runs task(closure, member) for every member below `size`, member 0 on the calling thread; returns
 * when all have. false with errno when a helper cannot be started: then nothing ran. */
bool fm_crew_run(struct fm_crew *crew, void (*task)(void *closure, uint32_t member), void *closure);

#endif
