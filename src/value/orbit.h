/* Digests of orbits: one digest for all images of a state under a group of permutations of model
 * values. The idea stands in orbit.c.
 *
 * The groups are made once, in an arena that outlives their use, and are shared by threads after
 * that. The working memory belongs to one thread. */
#ifndef FM_VALUE_ORBIT_H
#define FM_VALUE_ORBIT_H

#include "value/order.h"
#include "value/value.h"

/* A permutation is a row: the place of the image for each place of `moved`. */
struct fm_orbits {
    uint32_t moved_count;
    const fm_value *moved;    /* distinct model values, at most UINT8_MAX */
    struct fm_digest *labels; /* their digests */
    uint8_t *members;         /* places, orbit by orbit, and rising in each */
    uint8_t *starts;          /* orbit_count + 1 places in `members` */
    uint32_t orbit_count;
    bool full;          /* the group is every permutation that keeps the orbits */
    uint32_t row_count; /* all of the group but for the identity; unused when `full` */
    const uint8_t *rows;
    uint8_t *place_of_rank; /* of a model value, by rank below rank_end; UINT8_MAX: not moved */
    uint32_t rank_end;
};

/* `moved` stays the caller's; the rest is in the arena. */
void fm_orbits_init(struct fm_orbits *orbits, struct fm_value_context *context,
                    struct fm_arena *arena, const fm_value *moved, uint32_t moved_count);
/* What is known of the group from rows that generate it. Unless `full` results, the caller closes
 * the rows under composition and sets row_count and rows before the first digest. */
void fm_orbits_classify(struct fm_orbits *orbits, struct fm_arena *arena, const uint8_t *rows,
                        uint32_t row_count);

/* Working memory, in the arena for as long as that lives. */
struct fm_orbit_work;
struct fm_orbit_work *fm_orbit_work_new(struct fm_arena *arena);

struct fm_orbit_state {
    const fm_value *variables;
    uint32_t count;
    uint64_t seed;
    struct fm_digest own; /* fm_state_digest of these */
};

/* The fm_state_digest, with this seed, of one image of the variables under the group: the same
 * image's for all states of an orbit.
 * Raises as fm_value_digest does. The context's arena holds garbage afterwards. */
struct fm_digest fm_orbit_digest(struct fm_value_context *context, const struct fm_orbits *orbits,
                                 struct fm_orbit_work *work, const struct fm_orbit_state *state);

#endif
