/* Reading traces.
 *
 * Three forms are known by the keys of the outermost object:
 *
 *     {"problems":[{"trace":{"states":[{"values":{...}}, ...]}, "lasso":...}], ...}    fathom check
 * --json
 *     {"counterexample":{"state":[[1,{...}], ...],"action":[...]}, ...}               -dumpTrace
 * json
 *     {"vars":[...],"states":[{...}, ...],"loop":0}                                   ITF
 *
 * A value is kept as text in one form: no blanks, keys in order, strings as they were spelt. The
 * objects that ITF writes for what JSON has not (#bigint, #tup, #set, #map) become what TLC's Json
 * module makes of such values: numbers, arrays, objects, so that an ITF file can be held against
 * the other forms. The elements of a set keep the order of the file.
 *
 * The reader is recursive, with a limit of depth, and takes the text as it stands: it checks its
 * grammar as far as it has to in order to find where values end. */
#include "cli/trace_read.h"

#include "base/text.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

/* Values in values at most. */
#define DEPTH_MAX 500u

struct member {
    const char *key; /* with quotes */
    const char *text;
};

struct reader {
    const char *at, *end;
    struct fm_arena *arena;
    uint32_t depth;
    const char *wrong; /* the first mistake, or NULL */
};

static bool fail(struct reader *reader, const char *why)
{
    if (reader->wrong == NULL) {
        reader->wrong = why;
    }
    return false;
}

static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->end && strchr(" \t\r\n", *reader->at) != NULL && *reader->at != 0) {
        reader->at++;
    }
}

static bool take(struct reader *reader, char byte)
{
    skip_blanks(reader);
    if (reader->at < reader->end && *reader->at == byte) {
        reader->at++;
        return true;
    }
    return false;
}

static const char *copy(struct reader *reader, const char *from, size_t length)
{
    char *text = fm_arena_alloc(reader->arena, length + 1);
    memcpy(text, from, length);
    text[length] = '\0';
    return text;
}

/* A string with its quotes, or a number or word; NULL after a mistake. */
static const char *read_scalar(struct reader *reader)
{
    const char *begin = reader->at;
    if (take(reader, '"')) {
        while (reader->at < reader->end && *reader->at != '"') {
            reader->at += *reader->at == '\\' ? 2 : 1;
        }
        if (reader->at >= reader->end) {
            (void)fail(reader, "a string does not end");
            return NULL;
        }
        reader->at++;
    } else {
        while (reader->at < reader->end && *reader->at != 0 &&
               strchr("0123456789+-.eEtrufalsn", *reader->at) != NULL) {
            reader->at++;
        }
    }
    if (reader->at == begin) {
        (void)fail(reader, "it is not JSON");
        return NULL;
    }
    return copy(reader, begin, (size_t)(reader->at - begin));
}

static const char *read_value(struct reader *reader);

static const char *kept(struct reader *reader, struct fm_text *text)
{
    const char *result = copy(reader, fm_text_string(text), text->length);
    fm_text_deinit(text);
    return result;
}

static const char *read_array(struct reader *reader)
{
    struct fm_text text = {NULL, 0, 0};
    fm_text_putc(&text, '[');
    while (!take(reader, ']')) {
        if (text.length > 1 && !take(reader, ',')) {
            (void)fail(reader, "a list lacks a comma or its end");
            break;
        }
        const char *item = read_value(reader);
        if (item == NULL) {
            break;
        }
        fm_text_printf(&text, "%s%s", text.length > 1 ? "," : "", item);
    }
    fm_text_putc(&text, ']');
    return kept(reader, &text);
}

static int compare_members(const void *a, const void *b)
{
    return strcmp(((const struct member *)a)->key, ((const struct member *)b)->key);
}

struct members {
    FM_VEC(struct member) list;
};

static void read_members(struct reader *reader, struct members *members)
{
    while (!take(reader, '}')) {
        if (members->list.count > 0 && !take(reader, ',')) {
            (void)fail(reader, "an object lacks a comma or its end");
            return;
        }
        skip_blanks(reader);
        struct member member = {read_scalar(reader), NULL};
        if (member.key == NULL || member.key[0] != '"' || !take(reader, ':')) {
            (void)fail(reader, "a key is missing");
            return;
        }
        member.text = read_value(reader);
        if (member.text == NULL) {
            return;
        }
        fm_vec_push(&members->list, member);
    }
}

static const char *print_members(struct reader *reader, struct members *members)
{
    struct fm_text text = {NULL, 0, 0};
    if (members->list.count > 1) {
        qsort(members->list.at, members->list.count, sizeof *members->list.at, compare_members);
    }
    fm_text_putc(&text, '{');
    for (uint32_t i = 0; i < members->list.count; i++) {
        fm_text_printf(&text, "%s%s:%s", i > 0 ? "," : "", members->list.at[i].key,
                       members->list.at[i].text);
    }
    fm_text_putc(&text, '}');
    return kept(reader, &text);
}

/* A reader of a text that this one has made. */
static struct reader inside(const struct reader *reader, const char *text)
{
    struct reader inner = {text, text + strlen(text), reader->arena, reader->depth, NULL};
    return inner;
}

/* [[key,value],...] of a #map: an array where the keys are 1, 2, ..., otherwise an object. */
static const char *read_map(struct reader *reader, const char *pairs)
{
    struct reader inner = inside(reader, pairs);
    struct members members = {{NULL, 0, 0}};
    struct fm_text array = {NULL, 0, 0};
    bool is_sequence = true;
    (void)take(&inner, '[');
    while (take(&inner, '[') || (take(&inner, ',') && take(&inner, '['))) {
        const char *key = read_value(&inner);
        struct member member = {key, take(&inner, ',') ? read_value(&inner) : NULL};
        if (key == NULL || member.text == NULL || !take(&inner, ']')) {
            (void)fail(reader, "a #map has something else than pairs");
            break;
        }
        struct fm_text number = {NULL, 0, 0};
        fm_text_printf(&number, "%u", members.list.count + 1);
        is_sequence = is_sequence && strcmp(key, fm_text_string(&number)) == 0;
        fm_text_clear(&number);
        if (key[0] != '"') {
            fm_text_json_string(&number, key, strlen(key));
            member.key = copy(reader, fm_text_string(&number), number.length);
        }
        fm_text_deinit(&number);
        fm_text_printf(&array, "%s%s", array.length > 0 ? "," : "[", member.text);
        fm_vec_push(&members.list, member);
    }
    fm_text_puts(&array, array.length == 0 ? "[]" : "]");
    const char *result = is_sequence ? copy(reader, fm_text_string(&array), array.length)
                                     : print_members(reader, &members);
    fm_text_deinit(&array);
    fm_vec_deinit(&members.list);
    return result;
}

static const char *read_object(struct reader *reader)
{
    struct members members = {{NULL, 0, 0}};
    const char *result = NULL;
    read_members(reader, &members);
    const struct member *only = members.list.count == 1 ? &members.list.at[0] : NULL;
    if (reader->wrong != NULL) {
        result = NULL;
    } else if (only != NULL && strcmp(only->key, "\"#bigint\"") == 0 && strlen(only->text) > 2) {
        result = copy(reader, only->text + 1, strlen(only->text) - 2);
    } else if (only != NULL &&
               (strcmp(only->key, "\"#set\"") == 0 || strcmp(only->key, "\"#tup\"") == 0)) {
        result = only->text;
    } else if (only != NULL && strcmp(only->key, "\"#map\"") == 0) {
        result = read_map(reader, only->text);
    } else {
        result = print_members(reader, &members);
    }
    fm_vec_deinit(&members.list);
    return result;
}

static const char *read_value(struct reader *reader)
{
    const char *result = NULL;
    if (reader->depth >= DEPTH_MAX) {
        (void)fail(reader, "values stand too deep in each other");
        return NULL;
    }
    reader->depth++;
    if (take(reader, '{')) {
        result = read_object(reader);
    } else if (take(reader, '[')) {
        result = read_array(reader);
    } else {
        result = read_scalar(reader);
    }
    reader->depth--;
    return reader->wrong == NULL ? result : NULL;
}

/* --- forms --- */

/* The value of a key of an object's text, or NULL. */
static const char *field(const struct reader *reader, const char *object, const char *key)
{
    struct reader inner = inside(reader, object);
    struct members members = {{NULL, 0, 0}};
    const char *result = NULL;
    if (take(&inner, '{')) {
        read_members(&inner, &members);
    }
    for (uint32_t i = 0; i < members.list.count && result == NULL; i++) {
        size_t length = strlen(key);
        const char *name = members.list.at[i].key;
        bool same = strlen(name) == length + 2 && memcmp(name + 1, key, length) == 0;
        result = same ? members.list.at[i].text : NULL;
    }
    fm_vec_deinit(&members.list);
    return result;
}

/* The items of an array's text, as texts. */
struct items {
    FM_VEC(const char *) list;
};

static void read_items(const struct reader *reader, const char *array, struct items *items)
{
    struct reader inner = inside(reader, array == NULL ? "" : array);
    if (!take(&inner, '[')) {
        return;
    }
    while (!take(&inner, ']')) {
        (void)take(&inner, ',');
        const char *item = read_value(&inner);
        if (item == NULL) {
            return;
        }
        fm_vec_push(&items->list, item);
    }
}

static int compare_values(const void *a, const void *b)
{
    return strcmp(((const struct fm_trace_value *)a)->name,
                  ((const struct fm_trace_value *)b)->name);
}

/* The variables of a state. Keys of ITF that begin with # are no variables. */
static struct fm_trace_row read_state(const struct reader *reader, const char *object)
{
    struct reader inner = inside(reader, object == NULL ? "" : object);
    struct members members = {{NULL, 0, 0}};
    struct fm_trace_row row = {NULL, 0};
    if (take(&inner, '{')) {
        read_members(&inner, &members);
    }
    row.values = fm_arena_calloc(reader->arena, members.list.count + 1, sizeof *row.values);
    for (uint32_t i = 0; i < members.list.count; i++) {
        const char *key = members.list.at[i].key;
        if (key[1] != '#') {
            row.values[row.count].name = copy(&inner, key + 1, strlen(key) - 2);
            row.values[row.count++].text = members.list.at[i].text;
        }
    }
    if (row.count > 1) {
        qsort(row.values, row.count, sizeof *row.values, compare_values);
    }
    fm_vec_deinit(&members.list);
    return row;
}

/* The number behind an array's or object's beginning: `[3,{...}]`. */
static uint32_t number_of(const char *text)
{
    return text == NULL ? 0 : (uint32_t)strtoul(text[0] == '[' ? text + 1 : text, NULL, 10);
}

static void add_states(const struct reader *reader, const struct items *items, const char *key,
                       struct fm_trace_file *trace)
{
    trace->count = items->list.count;
    trace->states = fm_arena_calloc(reader->arena, trace->count + 1, sizeof *trace->states);
    for (uint32_t i = 0; i < trace->count; i++) {
        const char *state = items->list.at[i];
        if (state[0] == '[') { /* [number, state] */
            const char *brace = strchr(state, '{');
            state = brace == NULL
                        ? NULL
                        : copy(&(struct reader){.arena = reader->arena}, brace, strlen(brace) - 1);
        } else if (key != NULL) {
            state = field(reader, state, key);
        }
        trace->states[i] = read_state(reader, state);
    }
}

/* The step that closes a lasso is the one that leads back. */
static uint32_t closing_target(const struct reader *reader, const char *actions)
{
    struct items items = {{NULL, 0, 0}}, step = {{NULL, 0, 0}};
    uint32_t target = 0;
    read_items(reader, actions, &items);
    if (items.list.count > 0) {
        read_items(reader, fm_vec_last(&items.list), &step);
    }
    if (step.list.count == 3 && number_of(step.list.at[2]) <= number_of(step.list.at[0])) {
        target = number_of(step.list.at[2]);
    }
    fm_vec_deinit(&step.list);
    fm_vec_deinit(&items.list);
    return target;
}

/* false when the object is none of the forms. */
static bool read_form(const struct reader *reader, const char *text, struct fm_trace_file *trace)
{
    const char *example = field(reader, text, "counterexample");
    const char *problems = field(reader, text, "problems");
    const char *states = NULL, *key = NULL;
    struct items items = {{NULL, 0, 0}};
    if (example != NULL) {
        states = field(reader, example, "state");
        trace->back_to = closing_target(reader, field(reader, example, "action"));
    } else if (problems != NULL) {
        read_items(reader, problems, &items);
        const char *problem = items.list.count > 0 ? items.list.at[0] : "{}";
        const char *inner = field(reader, problem, "trace");
        const char *lasso = field(reader, problem, "lasso");
        states = inner == NULL ? NULL : field(reader, inner, "states");
        key = "values";
        trace->back_to = lasso == NULL ? 0 : number_of(field(reader, lasso, "back_to"));
        fm_vec_deinit(&items.list);
    } else {
        const char *loop = field(reader, text, "loop");
        states = field(reader, text, "states");
        trace->is_itf = true;
        trace->back_to = loop == NULL || loop[0] == 'n' ? 0 : number_of(loop) + 1;
    }
    read_items(reader, states, &items);
    add_states(reader, &items, key, trace);
    fm_vec_deinit(&items.list);
    return states != NULL && states[0] == '[';
}

bool fm_trace_read(const char *text, size_t size, struct fm_arena *arena,
                   struct fm_trace_file *trace, const char **why)
{
    struct reader reader = {text, text + size, arena, 0, NULL};
    memset(trace, 0, sizeof *trace);
    const char *whole = read_value(&reader);
    skip_blanks(&reader);
    if (whole == NULL || reader.at != reader.end) {
        *why = reader.wrong != NULL ? reader.wrong : "it is not JSON: something follows the object";
        return false;
    }
    *why = "it has no trace: it is neither `fathom check --json` with a counterexample, nor "
           "-dumpTrace json, nor ITF";
    return read_form(&reader, whole, trace);
}

const char *fm_trace_value_of(const struct fm_trace_row *row, const char *name)
{
    for (uint32_t i = 0; i < row->count; i++) {
        if (strcmp(row->values[i].name, name) == 0) {
            return row->values[i].text;
        }
    }
    return NULL;
}
