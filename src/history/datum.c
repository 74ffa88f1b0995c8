/* Each datum once: an open-addressing table from content to number.
 *
 * An integer is its own content, everything else its JSON text, which the caller makes canonical:
 * objects with their keys in order, no spaces. The first three data are null, false and true, so
 * that they have the same numbers in every table. Entries never move out of the array, which grows
 * by doubling; texts lie in the arena. */
#include "history/datum.h"

#include "base/assert.h"

#include <string.h>

#define ENTRIES_FIRST 64u

void fm_data_init(struct fm_data *data, struct fm_arena *arena)
{
    *data = (struct fm_data){.arena = arena};
    data->capacity = ENTRIES_FIRST;
    data->entries = fm_memory_alloc(ENTRIES_FIRST * sizeof *data->entries);
    data->slot_count = 2 * ENTRIES_FIRST;
    data->slots = fm_memory_calloc(data->slot_count, sizeof *data->slots);
    (void)fm_data_text(data, "null", 4, NULL, 0);
    (void)fm_data_text(data, "false", 5, NULL, 0);
    (void)fm_data_text(data, "true", 4, NULL, 0);
}

void fm_data_deinit(struct fm_data *data)
{
    fm_memory_free(data->entries);
    fm_memory_free(data->slots);
    *data = (struct fm_data){0};
}

static uint64_t mix(uint64_t word)
{
    word = (word ^ word >> 32) * UINT64_C(0x9E3779B97F4A7C15);
    return word ^ word >> 29;
}

static uint64_t hash_of(const struct fm_datum_entry *entry)
{
    if (entry->text == NULL) {
        return mix((uint64_t)entry->integer);
    }
    uint64_t hash = entry->length;
    for (uint32_t i = 0; i < entry->length; i++) {
        hash = mix(hash ^ (unsigned char)entry->text[i]) + 1;
    }
    return hash;
}

static bool equal(const struct fm_datum_entry *a, const struct fm_datum_entry *b)
{
    if (a->text == NULL || b->text == NULL) {
        return a->text == NULL && b->text == NULL && a->integer == b->integer;
    }
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* The slot of an equal entry, or the empty one where it belongs. */
static uint32_t *slot_of(const struct fm_data *data, const struct fm_datum_entry *entry)
{
    uint64_t mask = data->slot_count - 1;
    uint64_t at = hash_of(entry) & mask;
    while (data->slots[at] != 0 && !equal(&data->entries[data->slots[at] - 1], entry)) {
        at = (at + 1) & mask;
    }
    return &data->slots[at];
}

static void grow(struct fm_data *data)
{
    data->capacity *= 2;
    data->entries = fm_memory_resize(data->entries, data->capacity * sizeof *data->entries);
    fm_memory_free(data->slots);
    data->slot_count *= 2;
    data->slots = fm_memory_calloc(data->slot_count, sizeof *data->slots);
    for (uint32_t i = 0; i < data->count; i++) {
        *slot_of(data, &data->entries[i]) = i + 1;
    }
}

/* The number of an equal entry, or of this one, whose memory then lasts. */
static fm_datum intern(struct fm_data *data, struct fm_datum_entry entry)
{
    uint32_t *slot = slot_of(data, &entry);
    if (*slot != 0) {
        return *slot - 1;
    }
    if (data->count == data->capacity) {
        grow(data);
        slot = slot_of(data, &entry);
    }
    if (entry.text != NULL) {
        entry.text = fm_arena_strndup(data->arena, entry.text, entry.length);
    }
    if (entry.items != NULL) {
        entry.items = fm_arena_copy(data->arena, entry.items,
                                    entry.item_count * sizeof *entry.items);
    }
    data->entries[data->count] = entry;
    *slot = ++data->count;
    return data->count - 1;
}

fm_datum fm_data_integer(struct fm_data *data, int64_t integer)
{
    return intern(data, (struct fm_datum_entry){.integer = integer});
}

fm_datum fm_data_text(struct fm_data *data, const char *text, uint32_t length,
                      const fm_datum *items, uint32_t item_count)
{
    return intern(data,
                  (struct fm_datum_entry){
                      .text = text, .length = length, .items = items, .item_count = item_count});
}

bool fm_data_is_integer(const struct fm_data *data, fm_datum datum)
{
    return datum != FM_DATUM_NONE && data->entries[datum].text == NULL;
}

struct fm_datum_entry fm_data_entry(const struct fm_data *data, fm_datum datum)
{
    fm_assert(datum < data->count);
    return data->entries[datum];
}
