/* Bytes of states, for emitted code: words of arrays, and packing of states that are too large for
 * statements. The other side is src/native/layout.h. */
#ifndef FATHOM_STATE_H
#define FATHOM_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Up to 8 bytes as one word, for comparing arrays of small elements; size is constant. Odd sizes
 * are two loads, which may overlap: pieces put together in memory would be waited for. */
static inline uint64_t fm_nrt_word(const void *bytes, size_t size)
{
    const char *at = (const char *)bytes;
    uint64_t word = 0;
    uint32_t low = 0, high = 0;
    if (size == 3) {
        memcpy(&low, at, 2);
        memcpy(&high, at + 2, 1);
        return low | (uint64_t)high << 16;
    }
    if (size > 4 && size < 8) {
        memcpy(&low, at, 4);
        memcpy(&high, at + size - 4, 4);
        return low | (uint64_t)high << (8 * size - 32);
    }
    memcpy(&word, at, size);
    return word;
}

/* Gathering and scattering the bits of a mask, where the processor is quick at it: see
 * src/native/emit_pack.c. */
#if defined(__BMI2__) && !defined(FM_NRT_SLOW_PEXT)
#define FM_NRT_PEXT(word, mask) __builtin_ia32_pext_di(word, mask)
#define FM_NRT_PDEP(word, mask) __builtin_ia32_pdep_di(word, mask)
#endif
/* Sums and differences of fields that stand side by side; `signs` are their highest bits. */
static inline uint64_t fm_nrt_fields_add(uint64_t a, uint64_t b, uint64_t signs)
{
    return ((a & ~signs) + (b & ~signs)) ^ ((a ^ b) & signs);
}
static inline uint64_t fm_nrt_fields_subtract(uint64_t a, uint64_t b, uint64_t signs)
{
    return ((a | signs) - (b & ~signs)) ^ ((a ^ ~b) & signs);
}

/* Scalars of a state's struct, packed: struct fm_leaf of native/layout.h. */
struct fm_nrt_leaf {
    uint32_t offset, bit;
    uint8_t width, bits;
    bool is_signed;
    int64_t bias;
};
/* Widths are switched upon rather than copied by length: a copy of unknown length is a call. */
static inline uint64_t fm_nrt_leaf_get(const void *state, uint32_t offset, uint32_t width,
                                       bool is_signed)
{
    const char *at = (const char *)state + offset;
    switch (width) {
    case 1:
        return is_signed ? (uint64_t)(int64_t)(int8_t)fm_nrt_word(at, 1) : fm_nrt_word(at, 1);
    case 2:
        return is_signed ? (uint64_t)(int64_t)(int16_t)fm_nrt_word(at, 2) : fm_nrt_word(at, 2);
    case 4:
        return is_signed ? (uint64_t)(int64_t)(int32_t)fm_nrt_word(at, 4) : fm_nrt_word(at, 4);
    }
    return fm_nrt_word(at, 8);
}
static inline void fm_nrt_leaf_put(void *state, uint32_t offset, uint32_t width, uint64_t word)
{
    char *at = (char *)state + offset;
    switch (width) {
    case 1:
        memcpy(at, &word, 1);
        return;
    case 2:
        memcpy(at, &word, 2);
        return;
    case 4:
        memcpy(at, &word, 4);
        return;
    }
    memcpy(at, &word, 8);
}
/* Leaves stand in order of their bits and fill the words of `packed`, which has size bytes. */
static inline void fm_nrt_pack(const struct fm_nrt_leaf *leaves, uint32_t count, const void *state,
                               uint8_t *packed, uint32_t size)
{
    uint64_t word = 0;
    uint32_t at = 0; /* bytes */
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_nrt_leaf *leaf = &leaves[i];
        if (leaf->bit / 64 * 8 != at) {
            memcpy(packed + at, &word, 8);
            word = 0;
            at = leaf->bit / 64 * 8;
        }
        uint64_t stored = fm_nrt_leaf_get(state, leaf->offset, leaf->width, leaf->is_signed);
        word |= (stored - (uint64_t)leaf->bias) << (leaf->bit % 64);
    }
    memcpy(packed + at, &word, size - at < 8 ? size - at : 8);
}
static inline void fm_nrt_unpack(const struct fm_nrt_leaf *leaves, uint32_t count,
                                 const uint8_t *packed, uint32_t size, void *state)
{
    uint64_t word = 0;
    uint32_t at = UINT32_MAX; /* bytes */
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_nrt_leaf *leaf = &leaves[i];
        if (leaf->bit / 64 * 8 != at) {
            at = leaf->bit / 64 * 8;
            word = size - at < 8 ? fm_nrt_word(packed + at, size - at)
                                 : fm_nrt_word(packed + at, 8);
        }
        uint64_t mask = leaf->bits == 64 ? UINT64_MAX : ((uint64_t)1 << leaf->bits) - 1;
        fm_nrt_leaf_put(state, leaf->offset, leaf->width,
                        ((word >> (leaf->bit % 64)) & mask) + (uint64_t)leaf->bias);
    }
}

#endif
