/* Records that targets write: what a node shows of itself, a message in words. A record is a list
 * of fields in an arena, which outlives it; `struct fathom_record` is the type of fathom/sut.h. */
#ifndef FM_SIM_RECORD_H
#define FM_SIM_RECORD_H

#include "base/arena.h"
#include "base/text.h"
#include "fathom/sut.h"

enum fm_field_kind { FM_FIELD_INT, FM_FIELD_BOOL, FM_FIELD_TEXT, FM_FIELD_RECORD, FM_FIELD_LIST };

struct fm_field {
    struct fm_field *next;
    const char *name; /* NULL in a list */
    enum fm_field_kind kind;
    union {
        int64_t integer; /* INT, BOOL */
        const char *text;
        struct fathom_record *record; /* RECORD, LIST */
    };
};

struct fathom_record {
    struct fm_arena *arena;
    struct fm_field *first, *last;
    uint32_t count;
    bool is_list;
    const char **misuse; /* set to what the target did wrong, once; shared by what is inside */
};

/* Empty; lives in the arena. `misuse`: where to say what the target does wrong. */
struct fathom_record *fm_record_new(struct fm_arena *arena, const char **misuse);
/* The field of that name, or NULL. */
const struct fm_field *fm_record_find(const struct fathom_record *record, const char *name);
/* Appends it as a JSON object. */
void fm_record_json(const struct fathom_record *record, struct fm_text *out);
/* The same of one field's value. */
void fm_record_json_value(const struct fm_field *field, struct fm_text *out);

#endif
