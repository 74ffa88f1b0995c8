/* What a node answers, made to happen.
 *
 * An effect is an object whose "do" says what it is; the others of its fields are those of the
 * table in docs/executables.md, and no more: a field of another name is a mistake that would
 * otherwise be silent. jansson's unpacking says what is missing, superfluous or of another type.
 * What is wrong ends the schedule; effects before it have happened.
 *
 * Bytes of files travel as strings where they are UTF-8 without NUL, and as hexadecimal digits
 * where they are not: a write that was torn may end in the middle of a character. JSON's nesting is
 * limited by jansson's parser (2,048), and so is the recursion here. */
#include "fuzz/exec.h"

#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char hex_digits[] = "0123456789abcdef";
/* A year: the world counts microseconds in 64 bits. */
static const json_int_t delay_ms_max = INT64_C(365) * 24 * 3600 * 1000;
/* Bytes of a file's name, as in the world. */
static const size_t file_name_max = 31;

void fm_exec_dump(json_t *value, struct fm_text *out)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    fm_text_puts(out, text == NULL ? "null" : text);
    free(text);
}

void fm_exec_content(struct fathom_bytes bytes, struct fm_text *out)
{
    const unsigned char *at = bytes.data;
    size_t read = 0;
    for (size_t length = 1; read < bytes.size && at[read] != 0 && length > 0; read += length) {
        length = fm_text_utf8_length(at + read, bytes.size - read);
    }
    if (read == bytes.size) {
        fm_text_json_string(out, bytes.data, bytes.size);
        return;
    }
    fm_text_puts(out, "{\"hex\": \"");
    for (size_t i = 0; i < bytes.size; i++) {
        fm_text_putc(out, hex_digits[at[i] >> 4]);
        fm_text_putc(out, hex_digits[at[i] & 15]);
    }
    fm_text_puts(out, "\"}");
}

static void fill_field(struct fathom_record *record, const char *name, json_t *value)
{
    struct fm_text text = {0};
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        fm_exec_fill(fathom_set_record(record, name), value);
        break;
    case JSON_ARRAY: {
        struct fathom_record *list = fathom_set_list(record, name);
        for (size_t i = 0; i < json_array_size(value); i++) {
            fill_field(list, NULL, json_array_get(value, i));
        }
        break;
    }
    case JSON_STRING:
        fathom_set_text(record, name, json_string_value(value));
        break;
    case JSON_INTEGER:
        fathom_set_int(record, name, json_integer_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        fathom_set_bool(record, name, json_is_true(value));
        break;
    case JSON_REAL: /* neither is a value of TLA+ */
    case JSON_NULL:
        fm_exec_dump(value, &text);
        fathom_set_text(record, name, text.at);
        break;
    }
    fm_text_deinit(&text);
}

void fm_exec_fill(struct fathom_record *record, json_t *object)
{
    for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
        fill_field(record, json_object_iter_key(at), json_object_iter_value(at));
    }
}

/* An effect while it is read; its "do" is taken out. */
struct reading {
    struct fm_exec_node *node;
    const char *what;
    json_t *effect;
    struct fm_text *wrong;
};

static bool refuse(const struct reading *reading, const char *why)
{
    fm_text_printf(reading->wrong, "%s: %s in ", reading->what, why);
    fm_exec_dump(reading->effect, reading->wrong);
    return false;
}

static bool unpack(const struct reading *reading, const char *format, ...)
{
    json_error_t error;
    va_list arguments;
    va_start(arguments, format);
    int result = json_vunpack_ex(reading->effect, &error, JSON_STRICT, format, arguments);
    va_end(arguments);
    return result == 0 || refuse(reading, error.text);
}

static bool is_digit_pair(const char *at, unsigned char *byte)
{
    const char *high = at[0] == '\0' ? NULL : strchr(hex_digits, at[0]);
    const char *low = high == NULL || at[1] == '\0' ? NULL : strchr(hex_digits, at[1]);
    if (low == NULL) {
        return false;
    }
    *byte = (unsigned char)((high - hex_digits) << 4 | (low - hex_digits));
    return true;
}

/* The bytes of "text" or "hex", one of which is NULL; into *bytes. */
static bool read_bytes(const struct reading *reading, const char *text, const char *hex,
                       struct fm_text *bytes)
{
    if ((text == NULL) == (hex == NULL)) {
        return refuse(reading, "either `text` or `hex` is needed");
    }
    fm_text_puts(bytes, text == NULL ? "" : text);
    for (; hex != NULL && *hex != '\0'; hex += 2) {
        unsigned char byte;
        if (!is_digit_pair(hex, &byte)) {
            return refuse(reading, "`hex` needs pairs of the digits 0-9 and a-f");
        }
        fm_text_putc(bytes, (char)byte);
    }
    return true;
}

static struct fathom_bytes bytes_of(const struct fm_text *text)
{
    return fathom_bytes_of(fm_text_string(text), text->length);
}

static bool note_operation(const struct reading *reading, uint64_t number)
{
    struct fm_exec_operation operation = {.number = number};
    (void)snprintf(operation.what, sizeof operation.what, "%s", reading->what);
    fm_vec_push(&reading->node->operations, operation);
    return true;
}

static bool do_send(const struct reading *reading)
{
    struct fathom_node *self = reading->node->self;
    json_int_t to;
    int tracked = 0;
    json_t *message;
    struct fm_text text = {0};
    if (!unpack(reading, "{s:I, s:o, s?b}", "to", &to, "message", &message, "tracked", &tracked)) {
        return false;
    }
    if (to < 1 || to > fathom_nodes(self)) {
        return refuse(reading, "there is no such node");
    }
    fm_exec_dump(message, &text);
    if (tracked) {
        (void)note_operation(reading, fathom_send_tracked(self, (unsigned)to, bytes_of(&text)));
    } else {
        fathom_send(self, (unsigned)to, bytes_of(&text));
    }
    fm_text_deinit(&text);
    return true;
}

static bool do_timer(const struct reading *reading)
{
    json_int_t timer, delay;
    if (!unpack(reading, "{s:I, s:I}", "timer", &timer, "ms", &delay)) {
        return false;
    }
    if (timer < 0 || delay < 0 || delay > delay_ms_max) {
        return refuse(reading, "numbers from 0, and at most a year");
    }
    fathom_timer(reading->node->self, (uint64_t)timer, (uint64_t)delay);
    return true;
}

static bool do_cancel(const struct reading *reading)
{
    json_int_t timer;
    if (!unpack(reading, "{s:I}", "timer", &timer)) {
        return false;
    }
    fathom_cancel(reading->node->self, (uint64_t)timer);
    return true;
}

static bool is_name(const struct reading *reading, const char *file)
{
    size_t length = strlen(file);
    return (length >= 1 && length <= file_name_max) ||
           refuse(reading, "the name of a file has 1 to 31 bytes");
}

/* Which operation with bytes it is. */
enum writing { APPENDS, REPLACES, PUTS };

static bool do_write(const struct reading *reading, enum writing writing)
{
    struct fathom_node *self = reading->node->self;
    const char *file, *text = NULL, *hex = NULL;
    int durable = 0;
    struct fm_text bytes = {0};
    bool fine = unpack(reading, writing == PUTS ? "{s:s, s?s, s?s}" : "{s:s, s?s, s?s, s?b}",
                       "file", &file, "text", &text, "hex", &hex, "durable", &durable) &&
                is_name(reading, file) && read_bytes(reading, text, hex, &bytes);
    enum fathom_durability durability = durable ? FATHOM_DURABLE : FATHOM_BUFFERED;
    if (fine && writing == PUTS) {
        fathom_put(self, file, bytes_of(&bytes));
    } else if (fine) {
        uint64_t number = writing == APPENDS
                              ? fathom_append(self, file, bytes_of(&bytes), durability)
                              : fathom_replace(self, file, bytes_of(&bytes), durability);
        (void)note_operation(reading, number);
    }
    fm_text_deinit(&bytes);
    return fine;
}

static bool do_append(const struct reading *reading)
{
    return do_write(reading, APPENDS);
}

static bool do_replace(const struct reading *reading)
{
    return do_write(reading, REPLACES);
}

static bool do_put(const struct reading *reading)
{
    return do_write(reading, PUTS);
}

static bool do_truncate(const struct reading *reading)
{
    const char *file;
    json_int_t size;
    int durable = 0;
    if (!unpack(reading, "{s:s, s:I, s?b}", "file", &file, "size", &size, "durable", &durable) ||
        !is_name(reading, file)) {
        return false;
    }
    if (size < 0) {
        return refuse(reading, "the size is below 0");
    }
    return note_operation(reading, fathom_truncate(reading->node->self, file, (size_t)size,
                                                   durable ? FATHOM_DURABLE : FATHOM_BUFFERED));
}

static bool do_sync(const struct reading *reading)
{
    const char *file;
    return unpack(reading, "{s:s}", "file", &file) && is_name(reading, file) &&
           note_operation(reading, fathom_sync(reading->node->self, file));
}

static bool do_reply(const struct reading *reading)
{
    struct fathom_node *self = reading->node->self;
    json_int_t request;
    const char *word;
    json_t *payload = NULL;
    if (!unpack(reading, "{s:I, s:s, s?o}", "request", &request, "outcome", &word, "payload",
                &payload)) {
        return false;
    }
    if (request < 0 || (uint64_t)request >= fm_node_requests(self)) {
        return refuse(reading, "nobody sent that request");
    }
    enum fathom_outcome outcome;
    if (strcmp(word, "ok") == 0) {
        outcome = FATHOM_REPLY_OK;
    } else if (strcmp(word, "fail") == 0) {
        outcome = FATHOM_REPLY_FAIL;
    } else if (strcmp(word, "unknown") == 0) {
        outcome = FATHOM_REPLY_UNKNOWN;
    } else {
        return refuse(reading, "`outcome` is ok, fail or unknown");
    }
    struct fm_text text = {0};
    if (payload != NULL) {
        fm_exec_dump(payload, &text);
    }
    fathom_reply(self, (uint64_t)request, outcome, bytes_of(&text));
    fm_text_deinit(&text);
    return true;
}

static bool do_event(const struct reading *reading)
{
    const char *name;
    json_t *fields = NULL;
    if (!unpack(reading, "{s:s, s?o}", "name", &name, "fields", &fields)) {
        return false;
    }
    if (fields != NULL && !json_is_object(fields)) {
        return refuse(reading, "`fields` is no object");
    }
    struct fathom_record *record = fathom_event(reading->node->self, name);
    if (fields != NULL) {
        fm_exec_fill(record, fields);
    }
    return true;
}

/* "fail", "breach" and "stop": findings that the node tells. */
static bool do_tell(const struct reading *reading)
{
    const char *text;
    if (!unpack(reading, "{s:s}", "text", &text)) {
        return false;
    }
    if (strcmp(reading->what, "fail") == 0) {
        fathom_fail(reading->node->self, "%s", text);
    } else if (strcmp(reading->what, "breach") == 0) {
        fathom_breach(reading->node->self, "%s", text);
    } else {
        fathom_stopped(reading->node->self, "%s", text);
    }
    return true;
}

static const struct {
    const char *what;
    bool (*run)(const struct reading *reading);
} effect_table[] = {
    {"send", do_send},       {"timer", do_timer}, {"cancel", do_cancel},     {"append", do_append},
    {"replace", do_replace}, {"put", do_put},     {"truncate", do_truncate}, {"sync", do_sync},
    {"reply", do_reply},     {"event", do_event}, {"fail", do_tell},         {"breach", do_tell},
    {"stop", do_tell},
};

static bool run_effect(struct fm_exec_node *node, json_t *effect, struct fm_text *wrong)
{
    const char *what = json_string_value(json_object_get(effect, "do"));
    for (unsigned i = 0; what != NULL && i < sizeof effect_table / sizeof effect_table[0]; i++) {
        if (strcmp(effect_table[i].what, what) == 0) {
            struct reading reading = {node, effect_table[i].what, effect, wrong};
            (void)json_object_del(effect, "do");
            return effect_table[i].run(&reading);
        }
    }
    fm_text_puts(wrong,
                 "an effect is an object whose `do` is send, timer, cancel, append, replace, "
                 "put, truncate, sync, reply, event, fail, breach or stop, and this is ");
    fm_exec_dump(effect, wrong);
    return false;
}

bool fm_exec_effects(struct fm_exec_node *node, json_t *effects, struct fm_text *wrong)
{
    bool fine = true;
    for (size_t i = 0; i < json_array_size(effects) && fine; i++) {
        fine = run_effect(node, json_array_get(effects, i), wrong);
    }
    return fine;
}
