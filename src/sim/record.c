/* Records that targets write. They are small (an observation has ten fields), made after every
 * event and read once, so a list in an arena is enough: a name that comes twice is found by
 * walking, as is a field by its name.
 *
 * Mistakes (a name twice, one in a list, none in a record) do not stop the target where it stands:
 * the first is kept for the world, which ends the schedule when the event is over. */
#include "sim/record.h"

#include <string.h>

struct fathom_record *fm_record_new(struct fm_arena *arena, const char **misuse)
{
    struct fathom_record *record = fm_arena_calloc(arena, 1, sizeof *record);
    record->arena = arena;
    record->misuse = misuse;
    return record;
}

const struct fm_field *fm_record_find(const struct fathom_record *record, const char *name)
{
    const struct fm_field *field = record->first;
    while (field != NULL && (field->name == NULL || strcmp(field->name, name) != 0)) {
        field = field->next;
    }
    return field;
}

static struct fm_field *add_field(struct fathom_record *record, const char *name,
                                  enum fm_field_kind kind)
{
    const char *wrong = NULL;
    if (record->is_list != (name == NULL)) {
        wrong = record->is_list ? "a name for an item of a list" : "a field without a name";
    } else if (name != NULL && fm_record_find(record, name) != NULL) {
        wrong = "a field of a record is set twice";
    }
    if (wrong != NULL && *record->misuse == NULL) {
        *record->misuse = wrong;
    }
    struct fm_field *field = fm_arena_calloc(record->arena, 1, sizeof *field);
    field->name = name == NULL ? NULL : fm_arena_strndup(record->arena, name, strlen(name));
    field->kind = kind;
    if (record->last == NULL) {
        record->first = field;
    } else {
        record->last->next = field;
    }
    record->last = field;
    record->count++;
    return field;
}

void fathom_set_int(struct fathom_record *record, const char *name, int64_t value)
{
    add_field(record, name, FM_FIELD_INT)->integer = value;
}

void fathom_set_bool(struct fathom_record *record, const char *name, bool value)
{
    add_field(record, name, FM_FIELD_BOOL)->integer = value;
}

void fathom_set_text(struct fathom_record *record, const char *name, const char *value)
{
    add_field(record, name, FM_FIELD_TEXT)->text = fm_arena_strndup(record->arena, value,
                                                                    strlen(value));
}

static struct fathom_record *add_inside(struct fathom_record *record, const char *name,
                                        enum fm_field_kind kind)
{
    struct fathom_record *inside = fm_record_new(record->arena, record->misuse);
    inside->is_list = kind == FM_FIELD_LIST;
    add_field(record, name, kind)->record = inside;
    return inside;
}

struct fathom_record *fathom_set_record(struct fathom_record *record, const char *name)
{
    return add_inside(record, name, FM_FIELD_RECORD);
}

struct fathom_record *fathom_set_list(struct fathom_record *record, const char *name)
{
    return add_inside(record, name, FM_FIELD_LIST);
}

void fm_record_json_value(const struct fm_field *field, struct fm_text *out)
{
    switch (field->kind) {
    case FM_FIELD_INT:
        fm_text_printf(out, "%lld", (long long)field->integer);
        break;
    case FM_FIELD_BOOL:
        fm_text_puts(out, field->integer != 0 ? "true" : "false");
        break;
    case FM_FIELD_TEXT:
        fm_text_json_string(out, field->text, strlen(field->text));
        break;
    case FM_FIELD_RECORD:
    case FM_FIELD_LIST:
        fm_record_json(field->record, out);
        break;
    }
}

void fm_record_json(const struct fathom_record *record, struct fm_text *out)
{
    fm_text_putc(out, record->is_list ? '[' : '{');
    for (const struct fm_field *field = record->first; field != NULL; field = field->next) {
        if (field != record->first) {
            fm_text_puts(out, ", ");
        }
        if (field->name != NULL) {
            fm_text_json_string(out, field->name, strlen(field->name));
            fm_text_puts(out, ": ");
        }
        fm_record_json_value(field, out);
    }
    fm_text_putc(out, record->is_list ? ']' : '}');
}
