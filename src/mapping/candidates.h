/* A set of encoded states, in the order in which they were found. Internal to src/mapping. */
#ifndef FM_MAPPING_CANDIDATES_H
#define FM_MAPPING_CANDIDATES_H

#include "base/text.h"
#include "base/vec.h"
#include "value/order.h"

struct candidates {
    struct fm_text bytes;
    FM_VEC(size_t) offsets;
    FM_VEC(struct fm_digest) digests;
};

static inline void candidates_clear(struct candidates *set)
{
    fm_text_clear(&set->bytes);
    set->offsets.count = 0;
    set->digests.count = 0;
}

static inline void candidates_deinit(struct candidates *set)
{
    fm_text_deinit(&set->bytes);
    fm_vec_deinit(&set->offsets);
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

/* `to` is empty. */
static inline void candidates_copy(struct candidates *to, const struct candidates *from)
{
    fm_text_add(&to->bytes, from->bytes.at, from->bytes.length);
    for (uint32_t i = 0; i < from->offsets.count; i++) {
        fm_vec_push(&to->offsets, from->offsets.at[i]);
        fm_vec_push(&to->digests, from->digests.at[i]);
    }
}

/* The caller writes the encoding to set->bytes after it. */
static inline void candidates_add(struct candidates *set, struct fm_digest digest)
{
    fm_vec_push(&set->offsets, set->bytes.length);
    fm_vec_push(&set->digests, digest);
}

static inline const uint8_t *candidates_at(const struct candidates *set, uint32_t number)
{
    return (const uint8_t *)set->bytes.at + set->offsets.at[number];
}

#endif
