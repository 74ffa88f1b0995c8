/* Hash map over pointers: entries in insertion order, an open-addressed index beside them.
 *
 * Iteration walks `entries`, so it is deterministic although keys are addresses. The index holds
 * entry numbers plus one; it is rebuilt at twice the size when more than half full. Removing leaves
 * the entry in place with a NULL key (a tombstone that probing walks over); rebuilding drops it
 * from the index but not from the entries, whose order others may be iterating. */
#include "base/map.h"

#include "base/arena.h"
#include "base/assert.h"

#include <string.h>

/* Entries of the first allocation. */
#define ENTRIES_FIRST 8u

/* Fibonacci hashing of the address: arenas align to 16 bytes, so the low bits say nothing. */
static uint32_t slot_of(const struct fm_map *map, const void *key)
{
    uint64_t mixed = ((uint64_t)(uintptr_t)key >> 4) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(mixed >> 32) & (map->slot_count - 1);
}

static void index_entry(struct fm_map *map, uint32_t entry)
{
    uint32_t slot = slot_of(map, map->entries[entry].key);
    while (map->slots[slot] != 0) {
        slot = (slot + 1) & (map->slot_count - 1);
    }
    map->slots[slot] = entry + 1;
}

static void grow(struct fm_map *map)
{
    uint32_t capacity = map->capacity == 0 ? ENTRIES_FIRST : map->capacity * 2;
    map->entries = fm_memory_resize(map->entries, capacity * sizeof *map->entries);
    uint32_t *slots = fm_memory_calloc((size_t)capacity * 2, sizeof *slots);
    fm_memory_free(map->slots);
    map->slots = slots;
    map->capacity = capacity;
    map->slot_count = capacity * 2;
    for (uint32_t i = 0; i < map->count; i++) {
        if (map->entries[i].key != NULL) {
            index_entry(map, i);
        }
    }
}

static struct fm_map_entry *find(const struct fm_map *map, const void *key)
{
    if (map->slot_count == 0) {
        return NULL;
    }
    for (uint32_t slot = slot_of(map, key); map->slots[slot] != 0;
         slot = (slot + 1) & (map->slot_count - 1)) {
        struct fm_map_entry *entry = &map->entries[map->slots[slot] - 1];
        if (entry->key == key) {
            return entry;
        }
    }
    return NULL;
}

void fm_map_deinit(struct fm_map *map)
{
    fm_memory_free(map->entries);
    fm_memory_free(map->slots);
    memset(map, 0, sizeof *map);
}

void *fm_map_get(const struct fm_map *map, const void *key)
{
    const struct fm_map_entry *entry = find(map, key);
    return entry == NULL ? NULL : entry->value;
}

bool fm_map_has(const struct fm_map *map, const void *key)
{
    return find(map, key) != NULL;
}

void fm_map_put(struct fm_map *map, const void *key, void *value)
{
    fm_assert(key != NULL);
    struct fm_map_entry *entry = find(map, key);
    if (entry != NULL) {
        entry->value = value;
        return;
    }
    if (map->count == map->capacity) {
        grow(map);
    }
    map->entries[map->count] = (struct fm_map_entry){key, value};
    index_entry(map, map->count);
    map->count++;
}

void fm_map_remove(struct fm_map *map, const void *key)
{
    struct fm_map_entry *entry = find(map, key);
    if (entry != NULL) {
        entry->key = NULL;
        entry->value = NULL;
    }
}
