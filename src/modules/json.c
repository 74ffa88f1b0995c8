/* Json: values as JSON texts and back.
 *
 * Writing is fm_value_print_json: sequences and sets become arrays, other functions objects,
 * strings and model values strings. ToJsonArray and ToJsonObject differ from ToJson only in what
 * they refuse. In TLC ToJsonObject of a tuple has the keys "0", "1", ..., of a function over 1..n
 * it is an array; values here do not tell the two apart, and both are arrays.
 *
 * Reading uses jansson. Arrays become tuples, objects records; as in TLC null has no value, and a
 * number with a fraction is cut off towards zero. Field names and strings are ranked in the order
 * of the text (a key before its value), because TLC interns them so, and ranks order strings.
 * JSON's nesting is limited by jansson's parser, so the recursion here is too. The parsed document
 * is freed on every way out: conversion first copies it into the arena (build), and only then makes
 * values of it, which may raise. */
#include "diag/diag.h"
#include "modules/external_io.h"

#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

/* A JSON document in the arena. */
struct document {
    enum {
        DOCUMENT_ARRAY,
        DOCUMENT_OBJECT,
        DOCUMENT_STRING,
        DOCUMENT_INTEGER,
        DOCUMENT_BOOLEAN,
        DOCUMENT_REAL,
        DOCUMENT_NULL
    } kind;
    uint32_t count;
    const char **keys;
    size_t *key_lengths;
    struct document *parts;
    const char *text;
    size_t length;
    int64_t integer;
    double real;
};

/* --- reading --- */

static void build(struct fm_arena *arena, json_t *node, struct document *out);

static void build_object(struct fm_arena *arena, json_t *node, struct document *out)
{
    out->kind = DOCUMENT_OBJECT;
    out->count = (uint32_t)json_object_size(node);
    out->keys = fm_arena_calloc(arena, out->count, sizeof *out->keys);
    out->key_lengths = fm_arena_calloc(arena, out->count, sizeof *out->key_lengths);
    out->parts = fm_arena_calloc(arena, out->count, sizeof *out->parts);
    uint32_t i = 0;
    for (void *at = json_object_iter(node); at != NULL; at = json_object_iter_next(node, at)) {
        const char *key = json_object_iter_key(at);
        out->key_lengths[i] = strlen(key);
        out->keys[i] = fm_arena_strndup(arena, key, out->key_lengths[i]);
        build(arena, json_object_iter_value(at), &out->parts[i++]);
    }
}

static void build(struct fm_arena *arena, json_t *node, struct document *out)
{
    switch (json_typeof(node)) {
    case JSON_OBJECT:
        build_object(arena, node, out);
        break;
    case JSON_ARRAY:
        out->kind = DOCUMENT_ARRAY;
        out->count = (uint32_t)json_array_size(node);
        out->parts = fm_arena_calloc(arena, out->count, sizeof *out->parts);
        for (uint32_t i = 0; i < out->count; i++) {
            build(arena, json_array_get(node, i), &out->parts[i]);
        }
        break;
    case JSON_STRING:
        out->kind = DOCUMENT_STRING;
        out->length = json_string_length(node);
        out->text = fm_arena_strndup(arena, json_string_value(node), out->length);
        break;
    case JSON_INTEGER:
        out->kind = DOCUMENT_INTEGER;
        out->integer = json_integer_value(node);
        break;
    case JSON_REAL:
        out->kind = DOCUMENT_REAL;
        out->real = json_real_value(node);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        out->kind = DOCUMENT_BOOLEAN;
        out->integer = json_is_true(node);
        break;
    case JSON_NULL:
        out->kind = DOCUMENT_NULL;
        break;
    }
}

/* What is being read, for messages. */
struct source {
    const char *operator_name;
    const char *path;
    uint32_t first_line; /* of the text within the file, from 1 */
};

static fm_value document_value(struct fm_native_context *context, const struct source *source,
                               const struct document *document);

static fm_value object_value(struct fm_native_context *context, const struct source *source,
                             const struct document *document)
{
    const struct fm_symbol **names = fm_arena_calloc(context->values->arena, document->count,
                                                     sizeof *names);
    fm_value *values = fm_native_values(context, document->count);
    for (uint32_t i = 0; i < document->count; i++) {
        names[i] = fm_symbol_intern(context->values->symbols, document->keys[i],
                                    document->key_lengths[i]);
        (void)fm_symbol_rank(context->values->symbols, names[i]);
        values[i] = document_value(context, source, &document->parts[i]);
    }
    return fm_record(context->values, names, values, document->count);
}

static fm_value real_value(struct fm_native_context *context, const struct source *source,
                           double real)
{
    double whole = trunc(real);
    if (!(fabs(whole) <= (double)FM_SMALL_MAX)) {
        fm_native_fail(context, FM_CODE_4210, "%s: %s contains the number %g, which is too large",
                       source->operator_name, source->path, real);
    }
    return fm_int(context->values, (int64_t)whole);
}

static fm_value document_value(struct fm_native_context *context, const struct source *source,
                               const struct document *document)
{
    switch (document->kind) {
    case DOCUMENT_ARRAY: {
        fm_value *elements = fm_native_values(context, document->count);
        for (uint32_t i = 0; i < document->count; i++) {
            elements[i] = document_value(context, source, &document->parts[i]);
        }
        return fm_tuple(context->values, elements, document->count);
    }
    case DOCUMENT_OBJECT:
        return object_value(context, source, document);
    case DOCUMENT_STRING:
        return fm_string_of(context->values, document->text, document->length);
    case DOCUMENT_INTEGER:
        return fm_int(context->values, document->integer);
    case DOCUMENT_BOOLEAN:
        return fm_bool(document->integer != 0);
    case DOCUMENT_REAL:
        return real_value(context, source, document->real);
    case DOCUMENT_NULL:
        break;
    }
    fm_native_fail(context, FM_CODE_4210, "%s: %s contains null, which is no value of TLA+",
                   source->operator_name, source->path);
}

static fm_value parse_value(struct fm_native_context *context, const struct source *source,
                            const char *text, size_t length)
{
    json_error_t error;
    json_t *root = json_loadb(text, length, JSON_DECODE_ANY, &error);
    if (root == NULL) {
        fm_native_fail(context, FM_CODE_4210, "%s: %s, line %u: %s", source->operator_name,
                       source->path, source->first_line + (uint32_t)error.line - 1, error.text);
    }
    struct document document = {0};
    build(context->values->arena, root, &document);
    json_decref(root);
    return document_value(context, source, &document);
}

static fm_value json_deserialize(struct fm_native_context *context, const fm_value *arguments,
                                 uint32_t count)
{
    (void)count;
    const struct fm_symbol *path = fm_argument_string(context, fm_argument_of("JsonDeserialize", 0),
                                                      arguments[0]);
    struct source source = {"JsonDeserialize", path->text, 1};
    size_t size = 0;
    const char *text = fm_native_read_file(context, source.operator_name, path->text, &size, NULL);
    return parse_value(context, &source, text, size);
}

static bool is_blank(const char *line, size_t length)
{
    return strspn(line, " \t\r\v\f\n") >= length;
}

static fm_value json_deserialize_lines(struct fm_native_context *context, const fm_value *arguments,
                                       uint32_t count)
{
    (void)count;
    const struct fm_symbol *path = fm_argument_string(
        context, fm_argument_of("ndJsonDeserialize", 0), arguments[0]);
    struct source source = {"ndJsonDeserialize", path->text, 1};
    size_t size = 0;
    const char *at = fm_native_read_file(context, source.operator_name, path->text, &size, NULL);
    const char *end = at + size;
    struct fm_value_list values = {0};
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((newline != NULL ? newline : end) - at);
        if (!is_blank(at, length)) {
            fm_value_list_push(context, &values, parse_value(context, &source, at, length));
        }
        source.first_line++;
        at = newline != NULL ? newline + 1 : end;
    }
    return fm_tuple(context->values, values.at, values.count);
}

/* --- writing --- */

static fm_value json_to_text(struct fm_native_context *context, const fm_value *arguments,
                             uint32_t count)
{
    (void)count;
    struct fm_native_text text = fm_native_text_begin(context);
    fm_value_print_json(context->values, arguments[0], text.out);
    return fm_native_text_string(context, &text);
}

static fm_value json_to_array(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)count;
    if (!fm_value_is_set(arguments[0]) && !fm_value_is_function(arguments[0])) {
        fm_argument_fail(context, fm_argument_of("ToJsonArray", 0), "a sequence or a set",
                         arguments[0]);
    }
    return json_to_text(context, arguments, 1);
}

static fm_value json_to_object(struct fm_native_context *context, const fm_value *arguments,
                               uint32_t count)
{
    (void)count;
    if (!fm_value_is_function(arguments[0])) {
        fm_argument_fail(context, fm_argument_of("ToJsonObject", 0), "a function", arguments[0]);
    }
    return json_to_text(context, arguments, 1);
}

static const char *target_path(struct fm_native_context *context, const char *operator_name,
                               fm_value path)
{
    const char *text = fm_argument_string(context, fm_argument_of(operator_name, 1), path)->text;
    fm_native_make_parents(context, operator_name, text);
    return text;
}

static fm_value json_serialize(struct fm_native_context *context, const fm_value *arguments,
                               uint32_t count)
{
    (void)count;
    const char *const name = "JsonSerialize";
    const char *path = target_path(context, name, arguments[0]);
    if (!fm_value_is_function(arguments[1])) {
        fm_argument_fail(context, fm_argument_of(name, 2), "a sequence or a record", arguments[1]);
    }
    struct fm_native_text text = fm_native_text_begin(context);
    fm_value_print_json(context->values, arguments[1], text.out);
    fm_native_write_file(context, name, path, O_CREAT | O_TRUNC, &text);
    return fm_bool(true);
}

fm_value fm_json_write_lines(struct fm_native_context *context, struct fm_argument place,
                             fm_value values, const char *path, int flags)
{
    struct fm_sequence s = fm_argument_sequence(context, place, values);
    struct fm_native_text text = fm_native_text_begin(context);
    for (uint32_t i = 0; i < s.count; i++) {
        fm_value_print_json(context->values, s.at[i], text.out);
        fm_text_putc(text.out, '\n');
    }
    fm_native_write_file(context, place.operator_name, path, flags, &text);
    return fm_bool(true);
}

static fm_value json_serialize_lines(struct fm_native_context *context, const fm_value *arguments,
                                     uint32_t count)
{
    (void)count;
    const char *path = target_path(context, "ndJsonSerialize", arguments[0]);
    return fm_json_write_lines(context, fm_argument_of("ndJsonSerialize", 2), arguments[1], path,
                               O_CREAT | O_TRUNC);
}

#define ROW(name, arity, call, impure)                                                             \
    {                                                                                              \
        "Json", name, arity, call, FM_SPECIAL_NONE, impure, FM_NATIVE_CONSTANT                     \
    }

static const struct fm_native rows[] = {
    ROW("ToJson", 1, json_to_text, 0),
    ROW("ToJsonArray", 1, json_to_array, 0),
    ROW("ToJsonObject", 1, json_to_object, 0),
    ROW("JsonSerialize", 2, json_serialize, FM_IMPURE_IO),
    ROW("JsonDeserialize", 1, json_deserialize, FM_IMPURE_IO),
    ROW("ndJsonSerialize", 2, json_serialize_lines, FM_IMPURE_IO),
    ROW("ndJsonDeserialize", 1, json_deserialize_lines, FM_IMPURE_IO),
};

struct fm_native_rows fm_natives_json(void)
{
    return FM_NATIVE_ROWS(rows);
}
