/* An invertible mix of up to 72 bits.
 *
 * The table takes a key's low bits for the place and keeps the next ones (store/table.c), so keys
 * must be spread like digests although packed states are anything but. Each step below can be
 * undone: multiplication by an odd number modulo a power of two; exclusive or with a function of
 * bits that the step leaves alone. So equal keys mean equal packed states, whatever the quality of
 * the mix; only the speed of the table depends on that.
 *
 * Up to 64 bits: multiply and fold the upper half into the lower one, three times. More: the lower
 * word is mixed so, and the bits above it are a small second half, each changed by functions of the
 * other in turn, as in a Feistel network of unequal halves.
 *
 * States that do not fit the layout have a digest instead, and the bit above the key set. Among
 * themselves they are told apart as without exact keys, with one bit less. */
#include "native/exact.h"

#include "base/assert.h"

#define MULTIPLIER_FIRST UINT64_C(0x9e3779b97f4a7c15)
#define MULTIPLIER_NEXT UINT64_C(0xd6e8feb86659fd93)

static uint64_t mask_of(uint32_t bits)
{
    return bits >= 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
}

/* Of a word of `bits` bits, 1 to 64. */
static uint64_t mix(uint64_t word, uint32_t bits)
{
    uint64_t mask = mask_of(bits);
    uint32_t half = (bits + 1) / 2;
    word = word * MULTIPLIER_FIRST & mask;
    word ^= word >> half;
    word = word * MULTIPLIER_NEXT & mask;
    word ^= word >> half;
    word = word * MULTIPLIER_FIRST & mask;
    return word ^ word >> half;
}

struct fm_digest fm_exact_key(const uint64_t words[2], uint32_t bits)
{
    fm_assert_slow(bits <= FM_EXACT_BITS_MAX);
    if (bits == 0) {
        return (struct fm_digest){0, 0};
    }
    if (bits <= 64) {
        return (struct fm_digest){mix(words[0], bits), 0};
    }
    uint64_t mask = mask_of(bits - 64);
    uint64_t low = mix(words[0], 64);
    uint64_t high = words[1] ^ (low >> 8 & mask);
    low = mix(low ^ high * MULTIPLIER_NEXT, 64);
    high ^= low >> 16 & mask;
    return (struct fm_digest){low, high};
}

struct fm_digest fm_exact_stranger(struct fm_digest digest, uint32_t bits)
{
    if (bits < 64) {
        digest.low |= (uint64_t)1 << bits;
    } else {
        digest.high |= (uint64_t)1 << (bits - 64);
    }
    return digest;
}
