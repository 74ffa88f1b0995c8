/* Bytes of states, for emitted code: words of arrays, and packing of states that are too large for
 * statements. The other side is src/native/layout.h. */
#ifndef FATHOM_STATE_H
#define FATHOM_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Up to 8 bytes as one word, for comparing arrays of small elements; size is constant. */
static inline uint64_t fm_nrt_word(const void *bytes, size_t size)
{
    uint64_t word = 0;
    memcpy(&word, bytes, size);
    return word;
}

/* Scalars of a state's struct, packed: struct fm_leaf of native/layout.h. */
struct fm_nrt_leaf {
    uint32_t offset, bit;
    uint8_t width, bits;
    bool is_signed;
    int64_t bias;
};
static inline uint64_t fm_nrt_leaf_get(const void *state, uint32_t offset, uint32_t width,
                                       bool is_signed)
{
    uint64_t word = fm_nrt_word((const char *)state + offset, width);
    unsigned unused = 64u - 8u * width;
    return is_signed ? (uint64_t)((int64_t)(word << unused) >> unused) : word;
}
/* Leaves stand in order of their bits; `packed` has size bytes and is written whole. */
static inline void fm_nrt_pack(const struct fm_nrt_leaf *leaves, uint32_t count, const void *state,
                               uint8_t *packed, uint32_t size)
{
    memset(packed, 0, size);
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_nrt_leaf *leaf = &leaves[i];
        uint64_t stored = fm_nrt_leaf_get(state, leaf->offset, leaf->width, leaf->is_signed);
        uint32_t at = leaf->bit / 64 * 8;
        uint32_t room = size - at < 8 ? size - at : 8;
        uint64_t word = 0;
        memcpy(&word, packed + at, room);
        word |= (stored - (uint64_t)leaf->bias) << (leaf->bit % 64);
        memcpy(packed + at, &word, room);
    }
}
static inline void fm_nrt_unpack(const struct fm_nrt_leaf *leaves, uint32_t count,
                                 const uint8_t *packed, uint32_t size, void *state)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_nrt_leaf *leaf = &leaves[i];
        uint32_t at = leaf->bit / 64 * 8;
        uint64_t word = 0;
        memcpy(&word, packed + at, size - at < 8 ? size - at : 8);
        uint64_t mask = leaf->bits == 64 ? UINT64_MAX : ((uint64_t)1 << leaf->bits) - 1;
        word = ((word >> (leaf->bit % 64)) & mask) + (uint64_t)leaf->bias;
        memcpy((char *)state + leaf->offset, &word, leaf->width);
    }
}

#endif
