/* Shapes as bytes (shape_store.h).
 *
 *     shape    its kind, one byte, then
 *              INT              low, high
 *              ATOM             n, n values
 *              TUPLE, SUM       n, n shapes
 *              RECORD           n, the set of names, n shapes
 *              FCN              the domain, a shape
 *              PFUN             n, n keys, a shape
 *              SEQ              the capacity, a shape
 *              SET              n, n elements, a shape
 *     value    a letter, then
 *              i b              the integer, 0 or 1
 *              s m              length and spelling of a string, of a model value
 *              t e              n, n elements of a tuple, of a set in its normal order
 *              v                the two ends of an interval
 *              r f              the set of arguments, n, n values in its order
 *
 * Numbers are 8 bytes, as the machine has them: entries do not leave it. Reading makes shapes by
 * their constructors only; who reads checks that they print as what was written. No count is
 * believed: a reader that runs out of bytes fails. */
#include "native/shape_store.h"

#include "base/assert.h"
#include "native/shape_table.h"
#include "value/object.h"
#include "value/set.h"
#include "value/view.h"

#include <string.h>

/* Elements of one value or shape at most. */
#define COUNT_MAX FM_SHAPE_SIZE_MAX
/* Levels that values and shapes nest together: far more than there can be. */
#define DEPTH_MAX 64u

/* --- writing --- */

static void put_number(struct fm_text *out, int64_t n)
{
    fm_text_add(out, (const char *)&n, sizeof n);
}

static bool put_value(struct fm_value_context *context, fm_value v, uint32_t depth,
                      struct fm_text *out);

static bool put_values(struct fm_value_context *context, const fm_value *values, uint32_t count,
                       uint32_t depth, struct fm_text *out)
{
    bool good = count <= COUNT_MAX;
    put_number(out, count);
    for (uint32_t i = 0; i < count && good; i++) {
        good = put_value(context, values[i], depth + 1, out);
    }
    return good;
}

static bool put_atom(fm_value v, struct fm_text *out)
{
    enum fm_kind kind = fm_value_kind(v);
    if (fm_is_small(v)) {
        fm_text_putc(out, 'i');
        put_number(out, fm_small_get(v));
        return true;
    }
    if (kind == FM_KIND_BOOL) {
        fm_text_putc(out, 'b');
        put_number(out, fm_is_true(v));
        return true;
    }
    if (kind != FM_KIND_STRING && kind != FM_KIND_MODEL) {
        return false;
    }
    const struct fm_symbol *symbol = fm_value_symbol(v);
    fm_text_putc(out, kind == FM_KIND_STRING ? 's' : 'm');
    put_number(out, symbol->length);
    fm_text_add(out, symbol->text, symbol->length);
    return true;
}

static bool put_function(struct fm_value_context *context, fm_value v, uint32_t depth,
                         struct fm_text *out)
{
    const struct fm_fcn_object *function = fm_as_fcn(v);
    fm_text_putc(out, fm_is_kind(v, FM_KIND_RECORD) ? 'r' : 'f');
    return put_value(context, function->domain, depth + 1, out) &&
           put_values(context, function->values, function->head.count, depth, out);
}

static bool put_value(struct fm_value_context *context, fm_value v, uint32_t depth,
                      struct fm_text *out)
{
    if (fm_is_none(v) || depth > DEPTH_MAX) {
        return false;
    }
    if (!fm_is_object(v)) {
        return put_atom(v, out);
    }
    if (fm_is_kind(v, FM_KIND_INTERVAL)) {
        fm_text_putc(out, 'v');
        put_number(out, fm_as_interval(v)->low);
        put_number(out, fm_as_interval(v)->high);
        return true;
    }
    if (fm_is_kind(v, FM_KIND_SET)) {
        uint32_t count;
        const fm_value *elements = fm_set_elements(context, v, &count);
        fm_text_putc(out, 'e');
        return put_values(context, elements, count, depth, out);
    }
    if (fm_is_kind(v, FM_KIND_TUPLE)) {
        fm_text_putc(out, 't');
        return put_values(context, fm_as_array(v)->elements, fm_value_object(v)->count, depth, out);
    }
    return (fm_is_kind(v, FM_KIND_RECORD) || fm_is_kind(v, FM_KIND_FCN)) &&
           put_function(context, v, depth, out);
}

static bool put_parts(struct fm_value_context *context, const struct fm_shape *shape,
                      struct fm_text *out)
{
    bool good = true;
    for (uint32_t i = 0; i < shape->part_count && good; i++) {
        good = fm_shape_write(context, shape->parts[i], out);
    }
    return good;
}

/* Shapes nest FM_SHAPE_DEPTH_MAX levels at most. */
bool fm_shape_write(struct fm_value_context *context, const struct fm_shape *shape,
                    struct fm_text *out)
{
    fm_text_putc(out, (char)shape->kind);
    switch (shape->kind) {
    case FM_SHAPE_NONE:
    case FM_SHAPE_BOOL:
    case FM_SHAPE_ANY:
        return true;
    case FM_SHAPE_INT:
        put_number(out, shape->low);
        put_number(out, shape->high);
        return true;
    case FM_SHAPE_ATOM:
        return put_values(context, shape->values, shape->value_count, 0, out);
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_SUM:
        put_number(out, shape->part_count);
        return put_parts(context, shape, out);
    case FM_SHAPE_RECORD:
        put_number(out, shape->part_count);
        return put_value(context, shape->domain, 0, out) && put_parts(context, shape, out);
    case FM_SHAPE_FCN:
        return put_value(context, shape->domain, 0, out) && put_parts(context, shape, out);
    case FM_SHAPE_SEQ:
        put_number(out, shape->capacity);
        return put_parts(context, shape, out);
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SET:
        return put_values(context, shape->values, shape->value_count, 0, out) &&
               put_parts(context, shape, out);
    }
    fm_unreachable();
}

/* --- reading --- */

struct reading {
    struct fm_shapes *shapes;
    struct fm_value_context keeper;
    struct fm_shape_reader *reader;
};

static fm_value fail_value(struct fm_shape_reader *reader)
{
    reader->failed = true;
    return fm_none();
}

static const char *take(struct fm_shape_reader *reader, size_t size)
{
    if (reader->failed || (size_t)(reader->end - reader->at) < size) {
        reader->failed = true;
        return NULL;
    }
    reader->at += size;
    return reader->at - size;
}

static int64_t take_number(struct fm_shape_reader *reader)
{
    int64_t n = 0;
    const char *bytes = take(reader, sizeof n);
    if (bytes != NULL) {
        memcpy(&n, bytes, sizeof n);
    }
    return n;
}

/* A count from `least` to `most`. */
static uint32_t take_count(struct fm_shape_reader *reader, uint32_t least, uint32_t most)
{
    int64_t n = take_number(reader);
    reader->failed = reader->failed || n < (int64_t)least || n > (int64_t)most;
    return reader->failed ? least : (uint32_t)n;
}

static fm_value take_value(struct reading *reading, uint32_t depth);

/* Room for one more than there are. */
static fm_value *take_values(struct reading *reading, uint32_t depth, uint32_t *count)
{
    *count = take_count(reading->reader, 0, COUNT_MAX);
    fm_value *values = fm_arena_alloc(&reading->shapes->scratch, (*count + 1u) * sizeof *values);
    for (uint32_t i = 0; i < *count && !reading->reader->failed; i++) {
        values[i] = take_value(reading, depth + 1);
    }
    return values;
}

static fm_value take_symbol(struct reading *reading, bool is_string)
{
    uint32_t length = take_count(reading->reader, 0, UINT32_MAX);
    const char *text = take(reading->reader, length);
    if (text == NULL) {
        return fm_none();
    }
    const struct fm_symbol *symbol = fm_symbol_find(reading->keeper.symbols, text, length);
    if (symbol == NULL) {
        return fail_value(reading->reader);
    }
    return is_string ? fm_string(&reading->keeper, symbol)
                     : fm_model_value(&reading->keeper, symbol);
}

static fm_value take_interval(struct reading *reading)
{
    int64_t low = take_number(reading->reader), high = take_number(reading->reader);
    if (low < FM_SMALL_MIN || low > FM_SMALL_MAX || high < FM_SMALL_MIN || high > FM_SMALL_MAX) {
        return fail_value(reading->reader);
    }
    return fm_interval(&reading->keeper, fm_small(low), fm_small(high));
}

static fm_value take_function(struct reading *reading, uint32_t depth)
{
    uint32_t count;
    fm_value domain = take_value(reading, depth + 1);
    const fm_value *values = take_values(reading, depth, &count);
    if (reading->reader->failed || !fm_value_is_set(domain) ||
        !fm_value_same(fm_set_cardinality(&reading->keeper, domain), fm_small(count))) {
        return fail_value(reading->reader);
    }
    return fm_fcn(&reading->keeper, domain, values, count);
}

static fm_value take_composite(struct reading *reading, char letter, uint32_t depth)
{
    if (letter == 'v') {
        return take_interval(reading);
    }
    if (letter == 'r' || letter == 'f') {
        return take_function(reading, depth);
    }
    uint32_t count;
    const fm_value *values = take_values(reading, depth, &count);
    if (reading->reader->failed) {
        return fm_none();
    }
    return letter == 't'
               ? fm_tuple(&reading->keeper, values, count)
               : fm_set_explicit(&reading->keeper, fm_set(&reading->keeper, values, count));
}

static fm_value take_value(struct reading *reading, uint32_t depth)
{
    const char *letter = take(reading->reader, 1);
    if (letter == NULL || memchr("ibsmtevrf", *letter, 9) == NULL || depth > DEPTH_MAX) {
        return fail_value(reading->reader);
    }
    if (*letter == 's' || *letter == 'm') {
        return take_symbol(reading, *letter == 's');
    }
    if (*letter != 'i' && *letter != 'b') {
        return take_composite(reading, *letter, depth);
    }
    int64_t n = take_number(reading->reader);
    if (n < FM_SMALL_MIN || n > FM_SMALL_MAX) {
        return fail_value(reading->reader);
    }
    return *letter == 'i' ? fm_small(n) : fm_bool(n != 0);
}

/* A set that shapes can be made over. */
static fm_value take_domain(struct reading *reading)
{
    fm_value domain = take_value(reading, 0);
    if (reading->reader->failed ||
        !(fm_is_kind(domain, FM_KIND_SET) || fm_is_kind(domain, FM_KIND_INTERVAL))) {
        return fail_value(reading->reader);
    }
    return domain;
}

static const struct fm_shape *take_shape(struct reading *reading, uint32_t depth);

static const struct fm_shape *take_product(struct reading *reading, enum fm_shape_kind kind,
                                           uint32_t depth)
{
    struct fm_shapes *shapes = reading->shapes;
    struct fm_shape_reader *reader = reading->reader;
    const struct fm_shape *parts[FM_SHAPE_PARTS_MAX];
    uint32_t count = take_count(reader, 1, FM_SHAPE_PARTS_MAX);
    fm_value domain = kind == FM_SHAPE_RECORD ? take_domain(reading) : fm_none();
    for (uint32_t i = 0; i < count && !reader->failed; i++) {
        parts[i] = take_shape(reading, depth + 1);
    }
    if (reader->failed) {
        return NULL;
    }
    if (kind == FM_SHAPE_TUPLE) {
        return fm_shape_tuple(shapes, parts, count);
    }
    if (kind == FM_SHAPE_RECORD) {
        fm_value size = fm_set_cardinality(&reading->keeper, domain);
        reader->failed = !fm_value_same(size, fm_small(count));
        return reader->failed ? NULL : fm_shape_record(shapes, domain, parts);
    }
    const struct fm_shape *sum = fm_shape_none(shapes);
    for (uint32_t i = 0; i < count; i++) {
        sum = fm_shape_join(shapes, sum, parts[i]);
    }
    return sum;
}

static const struct fm_shape *take_int(struct reading *reading)
{
    int64_t low = take_number(reading->reader), high = take_number(reading->reader);
    if (reading->reader->failed || low > high || low < FM_SMALL_MIN || high > FM_SMALL_MAX) {
        reading->reader->failed = true;
        return NULL;
    }
    return fm_shape_int(reading->shapes, low, high);
}

static const struct fm_shape *take_atom(struct reading *reading)
{
    uint32_t count;
    const fm_value *values = take_values(reading, 0, &count);
    for (uint32_t i = 0; i < count && !reading->reader->failed; i++) {
        enum fm_kind kind = fm_value_kind(values[i]);
        reading->reader->failed = kind != FM_KIND_STRING && kind != FM_KIND_MODEL;
    }
    reading->reader->failed = reading->reader->failed || count == 0;
    return reading->reader->failed ? NULL : fm_shape_atom(reading->shapes, values, count);
}

/* FCN, PFUN, SEQ and SET: what they are over, and one part. */
static const struct fm_shape *take_collection(struct reading *reading, enum fm_shape_kind kind,
                                              uint32_t depth)
{
    struct fm_shapes *shapes = reading->shapes;
    struct fm_shape_reader *reader = reading->reader;
    uint32_t count = 0;
    fm_value domain = kind == FM_SHAPE_FCN ? take_domain(reading) : fm_none();
    const fm_value *values = NULL;
    if (kind == FM_SHAPE_SEQ) {
        count = take_count(reader, 0, FM_SHAPE_SIZE_MAX);
    } else if (kind != FM_SHAPE_FCN) {
        values = take_values(reading, 0, &count);
    }
    const struct fm_shape *part = take_shape(reading, depth + 1);
    if (reader->failed) {
        return NULL;
    }
    return kind == FM_SHAPE_FCN    ? fm_shape_fcn(shapes, domain, part)
           : kind == FM_SHAPE_SEQ  ? fm_shape_seq(shapes, part, count)
           : kind == FM_SHAPE_PFUN ? fm_shape_pfun_of(shapes, values, count, part)
                                   : fm_shape_set_of(shapes, part, values, count);
}

static const struct fm_shape *take_kind(struct reading *reading, enum fm_shape_kind kind,
                                        uint32_t depth)
{
    switch (kind) {
    case FM_SHAPE_NONE:
        return fm_shape_none(reading->shapes);
    case FM_SHAPE_BOOL:
        return fm_shape_bool(reading->shapes);
    case FM_SHAPE_ANY:
        return fm_shape_any(reading->shapes);
    case FM_SHAPE_INT:
        return take_int(reading);
    case FM_SHAPE_ATOM:
        return take_atom(reading);
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
    case FM_SHAPE_SUM:
        return take_product(reading, kind, depth);
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
    case FM_SHAPE_SET:
        return take_collection(reading, kind, depth);
    }
    fm_unreachable();
}

static const struct fm_shape *take_shape(struct reading *reading, uint32_t depth)
{
    const char *kind = take(reading->reader, 1);
    if (kind == NULL || (unsigned char)*kind > FM_SHAPE_ANY || depth > FM_SHAPE_DEPTH_MAX) {
        reading->reader->failed = true;
        return NULL;
    }
    return take_kind(reading, (enum fm_shape_kind)(unsigned char)*kind, depth);
}

const struct fm_shape *fm_shape_read(struct fm_shapes *shapes, struct fm_shape_reader *reader)
{
    struct reading reading = {shapes, fm_shapes_keeper(shapes), reader};
    struct fm_arena_mark mark = fm_arena_mark(&shapes->scratch);
    const struct fm_shape *shape = take_shape(&reading, 0);
    fm_arena_release(&shapes->scratch, mark);
    return shape;
}
