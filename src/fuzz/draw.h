/* Random schedules: which choice comes next. */
#ifndef FM_FUZZ_DRAW_H
#define FM_FUZZ_DRAW_H

#include "base/random.h"
#include "sim/world.h"

/* Draws a choice that applies to the world as it stands. */
struct fm_choice fm_draw_choice(struct fm_random *random, const struct fm_world *world);

#endif
