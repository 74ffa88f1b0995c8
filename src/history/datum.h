/* Data of histories: JSON values, each kept once and named by a number. Equal values have equal
 * numbers. */
#ifndef FM_HISTORY_DATUM_H
#define FM_HISTORY_DATUM_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

typedef uint32_t fm_datum;

/* No datum. */
#define FM_DATUM_NONE UINT32_MAX
/* The numbers that these have in every table. */
#define FM_DATUM_NULL 0u
#define FM_DATUM_FALSE 1u
#define FM_DATUM_TRUE 2u

struct fm_datum_entry {
    const char *text; /* JSON, keys in order, without spaces; NULL: the integer */
    int64_t integer;
    uint32_t length;
    const fm_datum *items; /* of an array, or NULL */
    uint32_t item_count;
};

struct fm_data {
    struct fm_arena *arena;
    struct fm_datum_entry *entries;
    uint32_t count, capacity;
    uint32_t *slots; /* number + 1, 0 is empty */
    uint32_t slot_count;
};

void fm_data_init(struct fm_data *data, struct fm_arena *arena);
void fm_data_deinit(struct fm_data *data);
fm_datum fm_data_integer(struct fm_data *data, int64_t integer);
/* Of canonical JSON text, copied; `items` (copied) when it is an array. */
fm_datum fm_data_text(struct fm_data *data, const char *text, uint32_t length,
                      const fm_datum *items, uint32_t item_count);
bool fm_data_is_integer(const struct fm_data *data, fm_datum datum);
struct fm_datum_entry fm_data_entry(const struct fm_data *data, fm_datum datum);

#endif
