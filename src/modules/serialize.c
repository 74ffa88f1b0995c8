/* TLC's value stream, so that files written by IOSerialize pass between TLC and us.
 *
 *     value    KIND ...                                      numbers are big-endian
 *     0 Boolean    1 byte
 *     1 integer    4 bytes, signed
 *     3 string     text
 *     4 record     int32 n (negative: fields not sorted), n times: name value
 *                  name: 3 text, or 26 nat (a name or string that was read before)
 *     5 set        int32 n (negative: not normalized), n values
 *     7 tuple      nat n, n values
 *     9 function   nat n, form; form 0: int32 low, int32 high, n values;
 *                  form 1 or 2: n times argument value
 *     23 interval  int32 low, int32 high
 *     21 model value  int16, the place among those of the configuration
 *     26 again     nat: the number of a composite, string or name that was read before
 *     text     int32 -1, int32 0, int32 length, bytes (the first two are table indices of TLC)
 *     nat      int16 below 2^15, else the int32 that is its negative
 *
 * Composites are numbered when they begin, strings and names when they were read, all from 0. We
 * never write a back reference; reading resolves them. Model values are numbers of TLC's own table:
 * who has no table is refused, as is an integer of more than 32 bits. TLC writes
 * one byte a character; we write UTF-8, which is the same for ASCII.
 *
 * Input is untrusted: each count is checked against the bytes that are left, and depth against a
 * limit. */
#include "modules/serialize.h"

#include "diag/diag.h"

#include <limits.h>
#include <string.h>

/* ORDER(stream kind): tlc2.value.ValueConstants. */
enum stream_kind {
    STREAM_BOOL = 0,
    STREAM_INT = 1,
    STREAM_STRING = 3,
    STREAM_RECORD = 4,
    STREAM_SET = 5,
    STREAM_TUPLE = 7,
    STREAM_FUNCTION = 9,
    STREAM_MODEL = 21,
    STREAM_INTERVAL = 23,
    STREAM_AGAIN = 26
};

/* Nesting of values in a file. */
#define DEPTH_MAX 10000u
#define NAT_SHORT_MAX 0x7fffu

/* Model values that an int16 can number. */
#define MODELS_MAX 0x8000u

/* --- writing --- */

struct writer {
    struct fm_native_context *context;
    const struct fm_model_numbers *models;
    struct fm_text *out;
    fm_value *part; /* that has no form */
};

static bool add_value(struct writer *writer, fm_value v);

static void add_int(struct fm_text *out, int32_t n)
{
    uint32_t u = (uint32_t)n;
    const char bytes[4] = {(char)(uint8_t)(u >> 24), (char)(uint8_t)(u >> 16),
                           (char)(uint8_t)(u >> 8), (char)(uint8_t)u};
    fm_text_add(out, bytes, sizeof bytes);
}

static void add_nat(struct fm_text *out, uint32_t n)
{
    if (n > NAT_SHORT_MAX) {
        add_int(out, -(int32_t)n);
        return;
    }
    fm_text_putc(out, (char)(uint8_t)(n >> 8));
    fm_text_putc(out, (char)(uint8_t)n);
}

static void add_kind(struct fm_text *out, enum stream_kind kind)
{
    fm_text_putc(out, (char)kind);
}

static void add_string(struct fm_text *out, const struct fm_symbol *symbol)
{
    add_kind(out, STREAM_STRING);
    add_int(out, -1);
    add_int(out, 0);
    add_int(out, (int32_t)symbol->length);
    fm_text_add(out, symbol->text, symbol->length);
}

static bool add_all(struct writer *writer, const fm_value *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!add_value(writer, values[i])) {
            return false;
        }
    }
    return true;
}

static bool add_function(struct writer *writer, fm_value v)
{
    struct fm_pairs pairs;
    if (!fm_pairs_of(writer->context, v, &pairs)) {
        *writer->part = v;
        return false;
    }
    enum fm_kind kind = fm_value_kind(pairs.function);
    if (kind == FM_KIND_TUPLE) {
        add_kind(writer->out, STREAM_TUPLE);
        add_nat(writer->out, pairs.count);
        return add_all(writer, pairs.values, pairs.count);
    }
    if (kind == FM_KIND_RECORD) {
        add_kind(writer->out, STREAM_RECORD);
        add_int(writer->out, -(int32_t)pairs.count);
    } else {
        add_kind(writer->out, STREAM_FUNCTION);
        add_nat(writer->out, pairs.count);
        fm_text_putc(writer->out, 2);
    }
    for (uint32_t i = 0; i < pairs.count; i++) {
        if (!add_value(writer, pairs.keys[i]) || !add_value(writer, pairs.values[i])) {
            return false;
        }
    }
    return true;
}

static bool add_set(struct writer *writer, fm_value v)
{
    struct fm_value_context *values = writer->context->values;
    if (!fm_set_can_enumerate(values, v) || !fm_set_is_finite(values, v)) {
        *writer->part = v;
        return false;
    }
    uint32_t count = 0;
    const fm_value *elements = fm_set_elements(values, v, &count);
    add_kind(writer->out, STREAM_SET);
    add_int(writer->out, -(int32_t)count);
    return add_all(writer, elements, count);
}

static bool add_model(struct writer *writer, fm_value v)
{
    uint32_t count = writer->models == NULL ? 0 : writer->models->count;
    for (uint32_t i = 0; i < count && i < MODELS_MAX; i++) {
        if (fm_value_same(writer->models->at[i], v)) {
            add_kind(writer->out, STREAM_MODEL);
            fm_text_putc(writer->out, (char)(uint8_t)(i >> 8));
            fm_text_putc(writer->out, (char)(uint8_t)i);
            return true;
        }
    }
    *writer->part = v;
    return false;
}

static bool add_value(struct writer *writer, fm_value v)
{
    if (fm_is_bool(v)) {
        add_kind(writer->out, STREAM_BOOL);
        fm_text_putc(writer->out, fm_is_true(v));
        return true;
    }
    if (fm_is_small(v) && fm_small_get(v) >= INT32_MIN && fm_small_get(v) <= INT32_MAX) {
        add_kind(writer->out, STREAM_INT);
        add_int(writer->out, (int32_t)fm_small_get(v));
        return true;
    }
    if (fm_value_tag(v) == FM_TAG_STRING) {
        add_string(writer->out, fm_value_symbol(v));
        return true;
    }
    if (fm_value_tag(v) == FM_TAG_MODEL) {
        return add_model(writer, v);
    }
    if (fm_is_object(v) && fm_value_is_function(v)) {
        fm_value_check_depth(writer->context->values);
        return add_function(writer, v);
    }
    if (fm_is_object(v) && fm_value_is_set(v)) {
        fm_value_check_depth(writer->context->values);
        return add_set(writer, v);
    }
    *writer->part = v;
    return false;
}

bool fm_serialize_value(struct fm_native_context *context, const struct fm_model_numbers *models,
                        fm_value v, struct fm_text *out, fm_value *part)
{
    struct writer writer = {context, models, out, part};
    return add_value(&writer, v);
}

/* --- reading --- */

struct stream {
    struct fm_native_context *context;
    const char *path;
    const struct fm_model_numbers *models;
    const uint8_t *at, *end;
    uint32_t depth;
    struct fm_value_list handles; /* NONE while a composite is being read */
};

_Noreturn static void damaged(struct stream *stream, const char *what)
{
    fm_native_fail(stream->context, FM_CODE_4210, "IODeserialize: %s is damaged: %s", stream->path,
                   what);
}

static const uint8_t *take(struct stream *stream, size_t size)
{
    if ((size_t)(stream->end - stream->at) < size) {
        damaged(stream, "it ends too early");
    }
    const uint8_t *at = stream->at;
    stream->at += size;
    return at;
}

static int32_t take_int(struct stream *stream)
{
    const uint8_t *b = take(stream, 4);
    return (int32_t)((uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]);
}

static uint32_t take_nat(struct stream *stream)
{
    const uint8_t *b = take(stream, 2);
    if (b[0] < 0x80) {
        return (uint32_t)b[0] << 8 | b[1];
    }
    stream->at = b;
    int32_t negative = take_int(stream);
    if (negative == INT32_MIN) {
        damaged(stream, "a count is out of range");
    }
    return (uint32_t)-negative;
}

/* A count of parts, of which each takes at least one byte. */
static uint32_t check_count(struct stream *stream, uint32_t count)
{
    if (count > (size_t)(stream->end - stream->at)) {
        damaged(stream, "a count is out of range");
    }
    return count;
}

static uint32_t take_signed_count(struct stream *stream)
{
    int32_t n = take_int(stream);
    if (n == INT32_MIN) {
        damaged(stream, "a count is out of range");
    }
    return check_count(stream, (uint32_t)(n < 0 ? -n : n));
}

static uint32_t new_handle(struct stream *stream)
{
    fm_value_list_push(stream->context, &stream->handles, fm_none());
    return stream->handles.count - 1;
}

static fm_value take_again(struct stream *stream)
{
    uint32_t number = take_nat(stream);
    if (number >= stream->handles.count || fm_is_none(stream->handles.at[number])) {
        damaged(stream, "a reference points nowhere");
    }
    return stream->handles.at[number];
}

static fm_value take_string(struct stream *stream)
{
    (void)take(stream, 8); /* indices into tables of the TLC that wrote it */
    int32_t length = take_int(stream);
    if (length < 0) {
        damaged(stream, "a string has no length");
    }
    const uint8_t *text = take(stream, (size_t)length);
    uint32_t handle = new_handle(stream);
    fm_value string = fm_string_of(stream->context->values, (const char *)text, (size_t)length);
    stream->handles.at[handle] = string;
    return string;
}

static fm_value take_value(struct stream *stream);

static fm_value *take_values(struct stream *stream, uint32_t count)
{
    fm_value *values = fm_native_values(stream->context, count);
    for (uint32_t i = 0; i < count; i++) {
        values[i] = take_value(stream);
    }
    return values;
}

static fm_value take_record(struct stream *stream)
{
    uint32_t count = take_signed_count(stream);
    const struct fm_symbol **names = fm_arena_calloc(stream->context->values->arena, count,
                                                     sizeof *names);
    fm_value *values = fm_native_values(stream->context, count);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t kind = *take(stream, 1);
        fm_value name = fm_none();
        if (kind == STREAM_STRING) {
            name = take_string(stream);
        } else if (kind == STREAM_AGAIN) {
            name = take_again(stream);
        }
        if (fm_value_tag(name) != FM_TAG_STRING) {
            damaged(stream, "a field has no name");
        }
        names[i] = fm_value_symbol(name);
        values[i] = take_value(stream);
    }
    return fm_record(stream->context->values, names, values, count);
}

static fm_value take_function(struct stream *stream)
{
    struct fm_value_context *context = stream->context->values;
    uint32_t count = check_count(stream, take_nat(stream));
    uint8_t form = *take(stream, 1);
    if (form == 0) {
        int32_t low = take_int(stream);
        int32_t high = take_int(stream);
        if ((int64_t)high - low + 1 != count && !(count == 0 && low > high)) {
            damaged(stream, "a function has not as many values as its domain");
        }
        fm_value *values = take_values(stream, count);
        return fm_fcn(context, fm_interval(context, fm_small(low), fm_small(high)), values, count);
    }
    struct fm_value_index keys = {0};
    fm_value *values = fm_native_values(stream->context, count);
    for (uint32_t i = 0; i < count; i++) {
        bool added = false;
        (void)fm_value_index_add(stream->context, &keys, take_value(stream), &added);
        if (!added) {
            damaged(stream, "a function has an argument twice");
        }
        values[i] = take_value(stream);
    }
    uint32_t size = 0;
    fm_value domain = fm_set(context, keys.values.at, count);
    const fm_value *sorted = fm_set_elements(context, domain, &size);
    fm_value *images = fm_native_values(stream->context, size);
    for (uint32_t i = 0; i < size; i++) {
        images[i] = values[fm_value_index_find(stream->context, &keys, sorted[i])];
    }
    return fm_fcn(context, domain, images, size);
}

static fm_value take_composite(struct stream *stream, uint8_t kind)
{
    struct fm_value_context *context = stream->context->values;
    if (stream->depth++ == DEPTH_MAX) {
        damaged(stream, "it is nested too deeply");
    }
    fm_value_check_depth(context);
    uint32_t handle = new_handle(stream);
    fm_value result = fm_none();
    if (kind == STREAM_RECORD) {
        result = take_record(stream);
    } else if (kind == STREAM_FUNCTION) {
        result = take_function(stream);
    } else if (kind == STREAM_TUPLE) {
        uint32_t count = check_count(stream, take_nat(stream));
        result = fm_tuple(context, take_values(stream, count), count);
    } else {
        uint32_t count = take_signed_count(stream);
        result = fm_set(context, take_values(stream, count), count);
    }
    stream->handles.at[handle] = result;
    stream->depth--;
    return result;
}

/* Within the limit of set sizes: what contains it will be compared and hashed. */
static fm_value take_interval(struct stream *stream)
{
    struct fm_value_context *context = stream->context->values;
    int64_t low = take_int(stream);
    int64_t high = take_int(stream);
    if (high > low && (uint64_t)(high - low) >= context->set_size_max) {
        damaged(stream, "an interval exceeds the limit of set sizes");
    }
    return fm_interval(context, fm_small(low), fm_small(high));
}

static fm_value take_model(struct stream *stream)
{
    const uint8_t *b = take(stream, 2);
    uint32_t number = (uint32_t)b[0] << 8 | b[1];
    if (stream->models == NULL || number >= stream->models->count) {
        damaged(stream, "it contains a model value that this configuration does not have");
    }
    return stream->models->at[number];
}

static fm_value take_value(struct stream *stream)
{
    uint8_t kind = *take(stream, 1);
    switch (kind) {
    case STREAM_BOOL:
        return fm_bool(*take(stream, 1) != 0);
    case STREAM_INT:
        return fm_small(take_int(stream));
    case STREAM_STRING:
        return take_string(stream);
    case STREAM_INTERVAL:
        return take_interval(stream);
    case STREAM_MODEL:
        return take_model(stream);
    case STREAM_RECORD:
    case STREAM_FUNCTION:
    case STREAM_TUPLE:
    case STREAM_SET:
        return take_composite(stream, kind);
    case STREAM_AGAIN:
        return take_again(stream);
    default:
        damaged(stream, "it contains a value of a kind that cannot be read back");
    }
}

fm_value fm_serialize_read(struct fm_native_context *context, const struct fm_model_numbers *models,
                           const char *path, const uint8_t *bytes, size_t size)
{
    struct stream stream = {
        .context = context, .path = path, .models = models, .at = bytes, .end = bytes + size};
    return take_value(&stream);
}
