/* Hash map from a pointer (most often a symbol) to a pointer: open addressing, insertion order kept
 * for iteration. Not thread safe. Keys are compared by address; NULL is not a key. */
#ifndef FM_BASE_MAP_H
#define FM_BASE_MAP_H

#include <stdbool.h>
#include <stdint.h>

struct fm_map_entry {
    const void *key;
    void *value;
};

/* Zero-initialized is empty and ready. */
struct fm_map {
    struct fm_map_entry *entries; /* in insertion order; a deleted one has key NULL */
    uint32_t *slots;              /* entry index + 1, 0 is empty */
    uint32_t count;               /* used entries, deleted ones included */
    uint32_t capacity;            /* of entries */
    uint32_t slot_count;          /* power of two, or 0 */
};

void fm_map_deinit(struct fm_map *map);
/* The value, or NULL. */
void *fm_map_get(const struct fm_map *map, const void *key);
bool fm_map_has(const struct fm_map *map, const void *key);
/* Adds or replaces. */
void fm_map_put(struct fm_map *map, const void *key, void *value);
void fm_map_remove(struct fm_map *map, const void *key);

#endif
