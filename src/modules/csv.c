/* CSV: lines of text made from templates or records, appended to files and read back.
 *
 * As in TLC nothing is quoted or escaped: a value is written as TLA+ writes it (a string with its
 * quotation marks), and a line is split at every occurrence of the delimiter. CSVRead returns
 * records of strings; a file that does not exist has no records.
 *
 * TLC takes the delimiter of CSVRead for a regular expression of Java. Here it is plain text; a
 * backslash before a single character, needed there for `|` and its like, is dropped. Empty fields
 * at the end of a line, which Java's split drops, are empty strings; any other difference between
 * the numbers of fields and of columns is an error, where TLC makes a record it cannot print. */
#include "diag/diag.h"
#include "modules/external_io.h"

#include <fcntl.h>
#include <string.h>

static fm_value csv_write(struct fm_native_context *context, const fm_value *arguments,
                          uint32_t count)
{
    (void)count;
    const struct fm_symbol *format = fm_argument_string(context, fm_argument_of("CSVWrite", 1),
                                                        arguments[0]);
    struct fm_sequence values = fm_argument_sequence(context, fm_argument_of("CSVWrite", 2),
                                                     arguments[1]);
    const struct fm_symbol *path = fm_argument_string(context, fm_argument_of("CSVWrite", 3),
                                                      arguments[2]);
    const char **shown = fm_arena_calloc(context->values->arena, values.count, sizeof *shown);
    for (uint32_t i = 0; i < values.count; i++) {
        shown[i] = fm_native_printed(context, values.at[i]);
    }
    const char *line = fm_native_format(context, "CSVWrite", format->text, shown, values.count);
    struct fm_native_text text = fm_native_text_begin(context);
    fm_text_printf(text.out, "%s\n", line);
    fm_native_write_file(context, "CSVWrite", path->text, O_CREAT | O_APPEND, &text);
    return fm_bool(true);
}

static fm_value csv_write_record(struct fm_native_context *context, const fm_value *arguments,
                                 uint32_t count)
{
    (void)count;
    const char *const name = "CSVWriteRecord";
    fm_argument_record(context, fm_argument_of(name, 1), arguments[0]);
    const char *delimiter =
        fm_argument_string(context, fm_argument_of(name, 2), arguments[1])->text;
    bool headers = fm_argument_bool(context, fm_argument_of(name, 3), arguments[2]);
    const char *path = fm_argument_string(context, fm_argument_of(name, 4), arguments[3])->text;
    struct fm_pairs record = fm_argument_function(context, fm_argument_of(name, 1), arguments[0]);
    const char **shown = fm_arena_calloc(context->values->arena, record.count, sizeof *shown);
    for (uint32_t i = 0; i < record.count; i++) {
        shown[i] = fm_native_printed(context, record.values[i]);
    }
    struct fm_native_text text = fm_native_text_begin(context);
    for (uint32_t i = 0; headers && i < record.count; i++) {
        fm_text_printf(text.out, "%s%s", i == 0 ? "" : delimiter,
                       fm_value_symbol(record.keys[i])->text);
    }
    fm_text_puts(text.out, headers ? "\n" : "");
    for (uint32_t i = 0; i < record.count; i++) {
        fm_text_printf(text.out, "%s%s", i == 0 ? "" : delimiter, shown[i]);
    }
    fm_text_putc(text.out, '\n');
    fm_native_write_file(context, name, path, O_CREAT | O_APPEND, &text);
    return fm_bool(true);
}

/* Cuts the next line off, without its end; false when there is none. */
static bool next_line(const char **at, const char *end, const char **line, size_t *length)
{
    if (*at == end) {
        return false;
    }
    const char *newline = memchr(*at, '\n', (size_t)(end - *at));
    *line = *at;
    *length = (size_t)((newline != NULL ? newline : end) - *at);
    *at = newline != NULL ? newline + 1 : end;
    if (*length > 0 && (*line)[*length - 1] == '\r') {
        (*length)--;
    }
    return true;
}

struct columns {
    const struct fm_symbol **names;
    uint32_t count;
    const char *delimiter;
    const char *path;
};

static fm_value read_record(struct fm_native_context *context, const struct columns *columns,
                            const char *line, size_t length)
{
    fm_value *fields = fm_native_values(context, columns->count);
    size_t delimiter_size = strlen(columns->delimiter);
    const char *end = line + length;
    const char *at = line;
    uint32_t count = 0;
    while (at != NULL) {
        const char *found = delimiter_size == 0 || at == end
                                ? NULL
                                : memmem(at, (size_t)(end - at), columns->delimiter,
                                         delimiter_size);
        const char *stop = found != NULL ? found : end;
        if (count < columns->count) {
            fields[count++] = fm_string_of(context->values, at, (size_t)(stop - at));
        } else if (stop > at) {
            fm_native_fail(context, FM_CODE_4210,
                           "CSVRead: a line of %s has more than %u fields: %.*s", columns->path,
                           columns->count, (int)(length < 80 ? length : 80), line);
        }
        at = found != NULL ? found + delimiter_size : NULL;
    }
    if (count < columns->count) {
        fm_native_fail(context, FM_CODE_4210,
                       "CSVRead: a line of %s has %u fields instead of %u: %.*s", columns->path,
                       count, columns->count, (int)(length < 80 ? length : 80), line);
    }
    return fm_record(context->values, columns->names, fields, columns->count);
}

static fm_value csv_read(struct fm_native_context *context, const fm_value *arguments,
                         uint32_t count)
{
    (void)count;
    struct fm_sequence names = fm_argument_sequence(context, fm_argument_of("CSVRead", 1),
                                                    arguments[0]);
    struct columns columns = {
        .count = names.count,
        .delimiter = fm_argument_string(context, fm_argument_of("CSVRead", 2), arguments[1])->text,
        .path = fm_argument_string(context, fm_argument_of("CSVRead", 3), arguments[2])->text,
    };
    if (columns.delimiter[0] == '\\' && strlen(columns.delimiter) == 2) {
        columns.delimiter++;
    }
    columns.names = fm_arena_calloc(context->values->arena, names.count, sizeof *columns.names);
    for (uint32_t i = 0; i < names.count; i++) {
        columns.names[i] = fm_argument_string(context, fm_argument_of("a column of CSVRead", 0),
                                              names.at[i]);
    }
    size_t size = 0;
    bool missing = false;
    const char *at = fm_native_read_file(context, "CSVRead", columns.path, &size, &missing);
    struct fm_value_list records = {0};
    const char *end = missing ? at : at + size;
    const char *line = NULL;
    size_t length = 0;
    while (next_line(&at, end, &line, &length)) {
        fm_value_list_push(context, &records, read_record(context, &columns, line, length));
    }
    return fm_tuple(context->values, records.at, records.count);
}

static fm_value csv_records(struct fm_native_context *context, const fm_value *arguments,
                            uint32_t count)
{
    (void)count;
    const struct fm_symbol *path = fm_argument_string(context, fm_argument_of("CSVRecords", 0),
                                                      arguments[0]);
    size_t size = 0;
    bool missing = false;
    const char *at = fm_native_read_file(context, "CSVRecords", path->text, &size, &missing);
    const char *end = missing ? at : at + size;
    const char *line = NULL;
    size_t length = 0;
    int64_t lines = 0;
    while (next_line(&at, end, &line, &length)) {
        lines++;
    }
    return fm_small(lines);
}

#define ROW(name, arity, call)                                                                     \
    {                                                                                              \
        "CSV", name, arity, call, FM_SPECIAL_NONE, FM_IMPURE_IO, FM_NATIVE_CONSTANT                \
    }

static const struct fm_native rows[] = {
    ROW("CSVWrite", 3, csv_write),
    ROW("CSVWriteRecord", 4, csv_write_record),
    ROW("CSVRead", 3, csv_read),
    ROW("CSVRecords", 1, csv_records),
};

struct fm_native_rows fm_natives_csv(void)
{
    return FM_NATIVE_ROWS(rows);
}
