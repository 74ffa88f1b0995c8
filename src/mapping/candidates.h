/* A set of states of the judge's engine, in the order in which they were found. Internal to
 * src/mapping. */
#ifndef FM_MAPPING_CANDIDATES_H
#define FM_MAPPING_CANDIDATES_H

#include "base/vec.h"
#include "model/model.h"

/* A digest tells states of one set apart, and nothing else: those that an event leads to have that
 * event in it. */
struct candidates {
    FM_VEC(struct fm_state *) states;
    FM_VEC(struct fm_digest) digests;
};

static inline void candidates_clear(struct candidates *set)
{
    set->states.count = 0;
    set->digests.count = 0;
}

static inline void candidates_deinit(struct candidates *set)
{
    fm_vec_deinit(&set->states);
    fm_vec_deinit(&set->digests);
}

static inline bool candidates_have(const struct candidates *set, struct fm_digest digest)
{
    for (uint32_t i = 0; i < set->digests.count; i++) {
        if (fm_digest_equal(set->digests.at[i], digest)) {
            return true;
        }
    }
    return false;
}

static inline void candidates_add(struct candidates *set, struct fm_state *state,
                                  struct fm_digest digest)
{
    fm_vec_push(&set->states, state);
    fm_vec_push(&set->digests, digest);
}

/* `to` is empty. */
static inline void candidates_copy(struct candidates *to, const struct candidates *from)
{
    for (uint32_t i = 0; i < from->states.count; i++) {
        candidates_add(to, from->states.at[i], from->digests.at[i]);
    }
}

#endif
