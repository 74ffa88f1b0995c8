/* Random schedules: which choice comes next. */
#ifndef FM_FUZZ_DRAW_H
#define FM_FUZZ_DRAW_H

#include "base/random.h"
#include "sim/world.h"

/* The faults that the schedule of that seed uses, of those allowed. */
uint64_t fm_draw_faults(uint64_t seed, uint64_t allowed);
/* Draws a choice that applies to the world as it stands. */
struct fm_choice fm_draw_choice(struct fm_random *random, const struct fm_world *world);

#endif
