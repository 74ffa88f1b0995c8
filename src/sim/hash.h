/* The hash of what happens in a world: XXH3 over one thing after the other, each with the hash so
 * far as its seed. Two runs of a schedule are the same when their hashes are. */
#ifndef FM_SIM_HASH_H
#define FM_SIM_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <xxhash.h>

static inline uint64_t fm_sim_hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    return XXH3_64bits_withSeed(bytes, size, hash);
}

static inline uint64_t fm_sim_hash_number(uint64_t hash, uint64_t number)
{
    return fm_sim_hash_bytes(hash, &number, sizeof number);
}

#endif
