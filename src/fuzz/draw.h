/* Random schedules: which choice comes next. */
#ifndef FM_FUZZ_DRAW_H
#define FM_FUZZ_DRAW_H

#include "base/random.h"
#include "sim/world.h"

/* How a schedule is drawn, and how far it is. The caller's, for one schedule at a time. */
struct fm_draw {
    struct fm_random random;
    uint16_t weights[FM_CHOICE_COUNT];
    unsigned first_timers;          /* of 8 timers so many are the one that is due first */
    unsigned calm_mean, storm_mean; /* choices that times last; 0: there are no calm times */
    bool calm;                      /* no faults now */
};

/* The faults that the schedule of that seed uses, of those allowed. */
uint64_t fm_draw_faults(uint64_t seed, uint64_t allowed);
/* Begins the schedule of that seed; `even`: without a temperament of its own (draw.c). */
void fm_draw_begin(struct fm_draw *draw, uint64_t seed, bool even);
/* Draws a choice that applies to the world as it stands. */
struct fm_choice fm_draw_choice(struct fm_draw *draw, const struct fm_world *world);

#endif
