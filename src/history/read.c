/* Reading histories: a JSON object a line.
 *
 * Two forms, of which a file has one. Events, in the order in which they happened, as Jepsen's
 * histories have them:
 *
 *     {"process": 0, "type": "invoke", "f": "write", "value": 3, "time": 12}
 *     {"process": 0, "type": "ok", "f": "write", "value": 3, "time": 17}
 *
 * `type` is invoke; then ok, fail (it had no effect) or info (nobody knows). A process has one
 * operation at a time; one that ended in info, or not at all, may have its effect at any time
 * after. Or whole operations in any order:
 *
 *     {"process": 0, "f": "write", "value": 3, "result": null, "call": 12, "end": 17}
 *
 * with `end` missing when it is not known; at one instant calls come before ends. `key` names one
 * of several objects in both. Lines whose process is no number are left out: Jepsen's nemesis. */
#include "history/history.h"

#include "base/text.h"
#include "base/vec.h"
#include "diag/diag.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum shape { SHAPE_NOTHING, SHAPE_VALUE, SHAPE_NUMBER, SHAPE_PAIR, SHAPE_FLAG, SHAPE_LIST };

struct verb_row {
    const char *objects, *name;
    enum shape argument, result;
};

static const struct verb_row verb_rows[] = {
#define FM_VERB(id, objects, name, argument, result)                                               \
    {objects, name, SHAPE_##argument, SHAPE_##result},
#include "history/verbs.def"
#undef FM_VERB
};

static const char *const object_names[] = {"register", "cas-register", "kv", "set",
                                           "queue",    "counter",      NULL};

struct fm_open {
    int64_t process;
    uint64_t operation; /* number + 1; 0: the slot is empty */
};

struct fm_reading {
    struct fm_history *history;
    struct fm_history_error *error;
    const char *object;
    uint32_t line;
    FM_VEC(struct fm_operation) operations;
    struct fm_open *open; /* by process: open addressing */
    uint64_t open_slots, open_count;
    uint64_t events;
    int64_t time_before;
    bool has_events, has_operations, has_keys, lacks_keys;
};

const char *const *fm_history_objects(void)
{
    return object_names;
}

static bool refuse(struct fm_reading *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool refuse(struct fm_reading *reading, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(reading->error->text, sizeof reading->error->text, format, arguments);
    va_end(arguments);
    reading->error->line = reading->line;
    return false;
}

/* --- data --- */

static fm_datum datum_of(struct fm_data *data, const json_t *json)
{
    if (json_is_integer(json)) {
        return fm_data_integer(data, json_integer_value(json));
    }
    FM_VEC(fm_datum) items = {0};
    for (size_t i = 0; json_is_array(json) && i < json_array_size(json); i++) {
        fm_vec_push(&items, datum_of(data, json_array_get(json, i)));
    }
    char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    fm_datum datum = fm_data_text(data, text, (uint32_t)strlen(text), items.at, items.count);
    free(text);
    fm_vec_deinit(&items);
    return datum;
}

static fm_datum member(struct fm_reading *reading, const json_t *line, const char *name)
{
    const json_t *json = json_object_get(line, name);
    return json == NULL ? FM_DATUM_NONE : datum_of(&reading->history->data, json);
}

/* --- operations --- */

/* Whether the word stands in a list of words. */
static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)) != NULL; at++) {
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

static bool find_verb(struct fm_reading *reading, const json_t *line, enum fm_verb *verb)
{
    const char *name = json_string_value(json_object_get(line, "f"));
    if (name == NULL) {
        return refuse(reading, "it says no operation: `f` is missing or no string");
    }
    char known[120] = "";
    for (uint32_t i = 0; i < FM_VERB_COUNT; i++) {
        if (!has_word(verb_rows[i].objects, reading->object)) {
            continue;
        }
        if (strcmp(verb_rows[i].name, name) == 0) {
            *verb = (enum fm_verb)i;
            return true;
        }
        (void)snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s",
                       known[0] == '\0' ? "" : ", ", verb_rows[i].name);
    }
    return refuse(reading, "a %s has no operation `%.40s`; it has %s", reading->object, name,
                  known);
}

static bool read_argument(struct fm_reading *reading, const json_t *line,
                          struct fm_operation *operation)
{
    const struct verb_row *row = &verb_rows[operation->verb];
    fm_datum value = member(reading, line, "value");
    struct fm_datum_entry entry = fm_data_entry(&reading->history->data,
                                                value == FM_DATUM_NONE ? FM_DATUM_NULL : value);
    bool is_number = entry.text == NULL;
    operation->argument = operation->second = FM_DATUM_NONE;
    if (row->argument == SHAPE_NOTHING) {
        return true;
    }
    if (value == FM_DATUM_NONE && row->argument != SHAPE_NUMBER) {
        return refuse(reading, "`%s` without a value", row->name);
    }
    if (row->argument == SHAPE_PAIR) {
        if (entry.item_count != 2) {
            return refuse(reading, "the value of `%s` is [expected, new], not %.60s", row->name,
                          is_number ? "a number" : entry.text);
        }
        operation->argument = entry.items[0];
        operation->second = entry.items[1];
        return true;
    }
    if (row->argument == SHAPE_NUMBER && !is_number && value > FM_DATUM_NULL) {
        return refuse(reading, "the value of `%s` is a number, not %.60s", row->name, entry.text);
    }
    if (operation->verb == FM_VERB_ENQUEUE && value == FM_DATUM_NULL) {
        return refuse(reading,
                      "null is no element of a queue: a dequeue that finds none returns it");
    }
    operation->argument = value;
    if (row->argument == SHAPE_NUMBER && (value == FM_DATUM_NONE || value == FM_DATUM_NULL)) {
        operation->argument = fm_data_integer(&reading->history->data, 1);
    }
    return true;
}

/* What the completion says. A result that says nothing is FM_DATUM_NONE: a write that repeats its
 * value, as Jepsen's do (so that a Boolean element of a set says nothing either). */
static bool read_result(struct fm_reading *reading, const json_t *line, const char *name,
                        struct fm_operation *operation)
{
    const struct verb_row *row = &verb_rows[operation->verb];
    fm_datum value = member(reading, line, name);
    operation->result = FM_DATUM_NONE;
    switch (row->result) {
    case SHAPE_NOTHING:
        return true;
    case SHAPE_VALUE:
        operation->result = value == FM_DATUM_NONE ? FM_DATUM_NULL : value;
        return true;
    case SHAPE_FLAG:
        if ((value == FM_DATUM_FALSE || value == FM_DATUM_TRUE) && value != operation->argument) {
            operation->result = value;
        } else if (operation->verb == FM_VERB_CONTAINS) {
            return refuse(reading, "the result of `contains` is true or false");
        }
        return true;
    case SHAPE_NUMBER:
        operation->result = value;
        return fm_data_is_integer(&reading->history->data, value) ||
               refuse(reading, "the result of `%s` is a number", row->name);
    case SHAPE_LIST:
        operation->result = value;
        if (value != FM_DATUM_NONE) {
            struct fm_datum_entry entry = fm_data_entry(&reading->history->data, value);
            if (entry.text != NULL && entry.text[0] == '[') {
                return true;
            }
        }
        return refuse(reading, "the result of `%s` is a list", row->name);
    case SHAPE_PAIR:
        break;
    }
    return true;
}

static bool read_key(struct fm_reading *reading, const json_t *line, struct fm_operation *operation)
{
    operation->key = member(reading, line, "key");
    *(operation->key == FM_DATUM_NONE ? &reading->lacks_keys : &reading->has_keys) = true;
    if (reading->has_keys && reading->lacks_keys) {
        return refuse(reading, "some operations name a key, this one does not, or the reverse");
    }
    return operation->key != FM_DATUM_NONE || strcmp(reading->object, "kv") != 0 ||
           refuse(reading, "an operation of kv names its key: `key`");
}

/* --- processes --- */

static struct fm_open *open_slot(const struct fm_reading *reading, int64_t process)
{
    uint64_t mask = reading->open_slots - 1;
    uint64_t at = (uint64_t)process * UINT64_C(0x9E3779B97F4A7C15) >> 20 & mask;
    while (reading->open[at].operation != 0 && reading->open[at].process != process) {
        at = (at + 1) & mask;
    }
    return &reading->open[at];
}

/* The slot of the process, its own from now on. `operation` is UINT64_MAX while it has none. */
static struct fm_open *open_of(struct fm_reading *reading, int64_t process)
{
    if (2 * (reading->open_count + 1) > reading->open_slots) {
        struct fm_open *old = reading->open;
        uint64_t old_slots = reading->open_slots;
        reading->open_slots = old_slots == 0 ? 64 : 2 * old_slots;
        reading->open = fm_memory_calloc(reading->open_slots, sizeof *old);
        for (uint64_t i = 0; i < old_slots; i++) {
            if (old[i].operation != 0) {
                *open_slot(reading, old[i].process) = old[i];
            }
        }
        fm_memory_free(old);
    }
    struct fm_open *slot = open_slot(reading, process);
    if (slot->operation == 0) {
        *slot = (struct fm_open){process, UINT64_MAX};
        reading->open_count++;
    }
    return slot;
}

/* --- lines --- */

static bool read_invocation(struct fm_reading *reading, const json_t *line, int64_t process,
                            int64_t time)
{
    struct fm_open *open = open_of(reading, process);
    if (open->operation != UINT64_MAX) {
        return refuse(reading,
                      "process %" PRId64 " invokes again; its operation of line %u has not ended",
                      process, reading->operations.at[open->operation - 1].line);
    }
    struct fm_operation operation = {.process = process,
                                     .call = reading->events++,
                                     .end = FM_NEVER,
                                     .time = (uint64_t)time,
                                     .result = FM_DATUM_NONE,
                                     .line = reading->line};
    if (!find_verb(reading, line, &operation.verb) || !read_key(reading, line, &operation) ||
        !read_argument(reading, line, &operation)) {
        return false;
    }
    fm_vec_push(&reading->operations, operation);
    open->operation = reading->operations.count;
    return true;
}

static bool read_completion(struct fm_reading *reading, const json_t *line, int64_t process,
                            int64_t time, const char *type)
{
    struct fm_open *open = open_of(reading, process);
    if (open->operation == UINT64_MAX) {
        return refuse(reading, "process %" PRId64 " ends an operation that it has not invoked",
                      process);
    }
    struct fm_operation *operation = &reading->operations.at[open->operation - 1];
    enum fm_verb verb;
    if (!find_verb(reading, line, &verb)) {
        return false;
    }
    if (verb != operation->verb) {
        return refuse(reading, "process %" PRId64 " ends `%s`; line %u invoked `%s`", process,
                      verb_rows[verb].name, operation->line, verb_rows[operation->verb].name);
    }
    open->operation = UINT64_MAX;
    operation->end_line = reading->line;
    operation->end_time = (uint64_t)time;
    if (strcmp(type, "info") == 0) {
        return true;
    }
    operation->end = reading->events++;
    if (strcmp(type, "fail") == 0) {
        operation->call = FM_NEVER; /* left out later */
        return true;
    }
    return read_result(reading, line, "value", operation);
}

static bool read_event(struct fm_reading *reading, const json_t *line, int64_t process)
{
    const char *type = json_string_value(json_object_get(line, "type"));
    const json_t *time_json = json_object_get(line, "time");
    int64_t time = json_is_integer(time_json) ? json_integer_value(time_json) : 0;
    reading->has_events = true;
    if (json_is_integer(time_json) && time < reading->time_before) {
        return refuse(reading, "time goes backwards: %" PRId64 " after %" PRId64, time,
                      reading->time_before);
    }
    reading->time_before = json_is_integer(time_json) ? time : reading->time_before;
    if (type == NULL) {
        return refuse(reading, "neither `type` (invoke, ok, fail, info) nor `call`");
    }
    if (strcmp(type, "invoke") == 0) {
        return read_invocation(reading, line, process, time);
    }
    if (strcmp(type, "ok") == 0 || strcmp(type, "fail") == 0 || strcmp(type, "info") == 0) {
        return read_completion(reading, line, process, time, type);
    }
    return refuse(reading, "type `%.40s`; there are invoke, ok, fail and info", type);
}

/* Places are times here, until all is read. */
static bool read_operation(struct fm_reading *reading, const json_t *line, int64_t process)
{
    const json_t *call = json_object_get(line, "call"), *end = json_object_get(line, "end");
    reading->has_operations = true;
    if (!json_is_integer(call) || json_integer_value(call) < 0 ||
        (end != NULL && !json_is_null(end) && !json_is_integer(end))) {
        return refuse(reading, "`call` and `end` are times: integers, not negative");
    }
    struct fm_operation operation = {.process = process,
                                     .call = (uint64_t)json_integer_value(call),
                                     .end = FM_NEVER,
                                     .result = FM_DATUM_NONE,
                                     .line = reading->line};
    if (!find_verb(reading, line, &operation.verb) || !read_key(reading, line, &operation) ||
        !read_argument(reading, line, &operation)) {
        return false;
    }
    operation.time = operation.call;
    if (json_is_integer(end)) {
        operation.end_line = reading->line;
        operation.end = operation.end_time = (uint64_t)json_integer_value(end);
        if (json_integer_value(end) < json_integer_value(call)) {
            return refuse(reading, "it ends before it is called");
        }
        if (!read_result(reading, line, "result", &operation)) {
            return false;
        }
    }
    fm_vec_push(&reading->operations, operation);
    return true;
}

static bool read_line(struct fm_reading *reading, const char *text, size_t size)
{
    json_error_t error;
    json_t *line = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    bool good = true;
    if (line == NULL) {
        return refuse(reading, "no JSON: %.120s", error.text);
    }
    const json_t *process = json_object_get(line, "process");
    if (!json_is_object(line)) {
        good = refuse(reading, "a line is a JSON object");
    } else if (process == NULL) {
        good = refuse(reading, "it names no process");
    } else if (json_is_integer(process)) {
        bool whole = json_object_get(line, "call") != NULL;
        good = whole ? read_operation(reading, line, json_integer_value(process))
                     : read_event(reading, line, json_integer_value(process));
        if (good && reading->has_events && reading->has_operations) {
            good = refuse(reading, "events and whole operations do not mix in one file");
        }
    }
    json_decref(line);
    return good;
}

/* --- the end --- */

struct moment {
    uint64_t time;
    uint32_t operation;
    bool is_end;
};

static int compare_moments(const void *left, const void *right)
{
    const struct moment *a = left, *b = right;
    if (a->time != b->time) {
        return a->time < b->time ? -1 : 1;
    }
    if (a->is_end != b->is_end) {
        return a->is_end ? 1 : -1;
    }
    return a->operation < b->operation ? -1 : a->operation > b->operation;
}

/* From times to places. */
static void order_operations(struct fm_reading *reading)
{
    uint32_t count = reading->operations.count;
    struct moment *moments = fm_memory_alloc(((size_t)2 * count + 1) * sizeof *moments);
    size_t moment_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_operation *operation = &reading->operations.at[i];
        moments[moment_count++] = (struct moment){operation->call, i, false};
        if (operation->end != FM_NEVER) {
            moments[moment_count++] = (struct moment){operation->end, i, true};
        }
    }
    qsort(moments, moment_count, sizeof *moments, compare_moments);
    for (size_t i = 0; i < moment_count; i++) {
        struct fm_operation *operation = &reading->operations.at[moments[i].operation];
        *(moments[i].is_end ? &operation->end : &operation->call) = i;
    }
    fm_memory_free(moments);
}

static int compare_calls(const void *left, const void *right)
{
    const struct fm_operation *a = left, *b = right;
    return a->call < b->call ? -1 : a->call > b->call;
}

/* Leaves out what failed, and questions that were not answered: neither says anything. */
static void settle(struct fm_reading *reading)
{
    struct fm_history *history = reading->history;
    if (reading->has_operations) {
        order_operations(reading);
    }
    history->operations = fm_arena_alloc(&history->arena, ((size_t)reading->operations.count + 1) *
                                                              sizeof *history->operations);
    for (uint32_t i = 0; i < reading->operations.count; i++) {
        const struct fm_operation *operation = &reading->operations.at[i];
        bool is_question = verb_rows[operation->verb].argument == SHAPE_NOTHING &&
                           operation->verb != FM_VERB_DEQUEUE && operation->verb != FM_VERB_DELETE;
        is_question = is_question || operation->verb == FM_VERB_CONTAINS;
        if (operation->call != FM_NEVER && !(operation->end == FM_NEVER && is_question)) {
            history->operations[history->count++] = *operation;
        }
    }
    qsort(history->operations, history->count, sizeof *history->operations, compare_calls);
    history->keyed = reading->has_keys;
}

static bool read_initial(struct fm_reading *reading, const char *initial)
{
    struct fm_history *history = reading->history;
    json_error_t error;
    json_t *json = initial == NULL ? NULL : json_loads(initial, JSON_DECODE_ANY, &error);
    bool counts = history->object == FM_OBJECT_COUNTER;
    if (initial != NULL && json == NULL) {
        return refuse(reading, "the initial value is no JSON: %.120s", error.text);
    }
    history->initial = json != NULL ? datum_of(&history->data, json)
                       : counts     ? fm_data_integer(&history->data, 0)
                                    : FM_DATUM_NULL;
    json_decref(json);
    return !counts || fm_data_is_integer(&history->data, history->initial) ||
           refuse(reading, "a counter begins with a number");
}

static bool find_object(struct fm_reading *reading, const char *name)
{
    static const enum fm_object_kind kinds[] = {FM_OBJECT_REGISTER, FM_OBJECT_REGISTER,
                                                FM_OBJECT_REGISTER, FM_OBJECT_SET,
                                                FM_OBJECT_QUEUE,    FM_OBJECT_COUNTER};
    for (uint32_t i = 0; object_names[i] != NULL; i++) {
        if (strcmp(object_names[i], name) == 0) {
            reading->object = object_names[i];
            reading->history->object = kinds[i];
            return true;
        }
    }
    const char *nearest = fm_diag_nearest(name, object_names, sizeof kinds / sizeof *kinds);
    return refuse(reading, "there is no object `%.40s`%s%s%s", name,
                  nearest == NULL ? "" : "; did you mean `", nearest == NULL ? "" : nearest,
                  nearest == NULL ? "" : "`?");
}

bool fm_history_read(struct fm_history *history, const struct fm_history_options *options,
                     const char *text, size_t size, struct fm_history_error *error)
{
    struct fm_reading reading = {.history = history, .error = error};
    *history = (struct fm_history){0};
    *error = (struct fm_history_error){0};
    fm_arena_init(&history->arena, "history");
    fm_data_init(&history->data, &history->arena);
    bool good = find_object(&reading, options->object) && read_initial(&reading, options->initial);
    const char *end = text + size;
    while (good && text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        stop = stop == NULL ? end : stop;
        reading.line++;
        if (strspn(text, " \t\r") < (size_t)(stop - text)) {
            good = read_line(&reading, text, (size_t)(stop - text));
        }
        text = stop + 1;
    }
    if (good) {
        settle(&reading);
    }
    fm_vec_deinit(&reading.operations);
    fm_memory_free(reading.open);
    return good;
}

void fm_history_deinit(struct fm_history *history)
{
    fm_data_deinit(&history->data);
    fm_arena_deinit(&history->arena);
    *history = (struct fm_history){0};
}

static void print_datum(const struct fm_history *history, fm_datum datum, struct fm_text *out)
{
    struct fm_datum_entry entry = fm_data_entry(&history->data, datum);
    if (entry.text == NULL) {
        fm_text_printf(out, "%" PRId64, entry.integer);
    } else {
        fm_text_puts(out, entry.text);
    }
}

void fm_operation_print(const struct fm_history *history, const struct fm_operation *operation,
                        struct fm_text *out)
{
    fm_text_puts(out, verb_rows[operation->verb].name);
    const fm_datum parts[] = {operation->key, operation->argument, operation->second};
    for (uint32_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i] != FM_DATUM_NONE) {
            fm_text_putc(out, ' ');
            print_datum(history, parts[i], out);
        }
    }
    if (operation->result != FM_DATUM_NONE) {
        fm_text_puts(out, " -> ");
        print_datum(history, operation->result, out);
    } else if (operation->end == FM_NEVER) {
        fm_text_puts(out, " -> ?");
    }
}
