/* Growable arrays. `struct FM_VEC(T)` declares one; the memory is fm_memory_alloc'ed and freed by
 * fm_vec_deinit, or by nobody when it was moved out. Pointers into it die at the next push. */
#ifndef FM_BASE_VEC_H
#define FM_BASE_VEC_H

#include "base/arena.h"

#include <stdint.h>

/* An anonymous struct type: `FM_VEC(struct fm_span) spans;` */
#define FM_VEC(type)                                                                               \
    struct {                                                                                       \
        type *at;                                                                                  \
        uint32_t count;                                                                            \
        uint32_t capacity;                                                                         \
    }

/* Makes room for one more item. */
#define fm_vec_reserve_one(vec)                                                                    \
    ((vec)->count < (vec)->capacity                                                                \
         ? (void)0                                                                                 \
         : (void)((vec)->at = fm_vec_grow((vec)->at, &(vec)->capacity, sizeof *(vec)->at)))

#define fm_vec_push(vec, item) (fm_vec_reserve_one(vec), (void)((vec)->at[(vec)->count++] = (item)))
#define fm_vec_pop(vec) ((vec)->at[--(vec)->count])
#define fm_vec_last(vec) ((vec)->at[(vec)->count - 1])
#define fm_vec_deinit(vec)                                                                         \
    (fm_memory_free((vec)->at), (vec)->at = NULL, (vec)->count = (vec)->capacity = 0)

/* Slow path: the block grown to twice its capacity (at least 8 items). */
void *fm_vec_grow(void *block, uint32_t *capacity, size_t item_size);

#endif
