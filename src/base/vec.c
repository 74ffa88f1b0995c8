/* The slow path of growable arrays: doubling.
 *
 * Doubling from 8 keeps pushes O(1) amortized and wastes at most half of the block. The capacity
 * is written only after the block was had, so that a refusal leaves the vector as it was. The
 * count is 32 bits: no list of ours that is counted in items goes beyond it, and states are not
 * stored in vectors. */
#include "base/vec.h"

#include "base/assert.h"

void *fm_vec_grow(void *block, uint32_t *capacity, size_t item_size)
{
    fm_assert(*capacity <= UINT32_MAX / 2);
    uint32_t grown = *capacity == 0 ? 8 : *capacity * 2;
    void *result = fm_memory_resize(block, (size_t)grown * item_size);
    *capacity = grown;
    return result;
}
