/* The flat encoding: values as bytes, as states are stored.
 *
 *     byte        value                             what follows
 *     00..3f      integer 0..63
 *     40          integer                           zigzag varint
 *     41          integer beyond 61 bits            varint 2*digits + negative, digits of 8 bytes
 *     42, 43      FALSE, TRUE
 *     44, 45      string, model value               varint symbol index, from 8192
 *     46          tuple                             varint n, from 16; n values
 *     47, 48      set; set of atoms (see below)     varint n, from 16; n values, rising
 *     49          n consecutive integers, n >= 3    zigzag varint of the first, varint n
 *     4a          function                          varint n, n keys rising, n values
 *     4b          record                            varint n, n symbol indices by rank, n values
 *     4c          function over consecutive ints    zigzag varint of the first, varint n, n values
 *     4d          function over a constant          varint number, from 32; values
 *     50..5f      tuple of 0..15                    values
 *     60..6f      set of 0..15                      values, rising
 *     70..7f      set of 0..15 atoms                values, rising
 *     80..9f      function over constant 0..31      values
 *     a0..bf      string                            1 byte: index = 256*(byte - a0) + it
 *     c0..df      model value                       1 byte: the same
 *     e0..ff      integer 64..8255                  1 byte: n - 64 = 256*(byte - e0) + it
 *
 * A varint has 7 bits a byte, least significant first, the top bit set on all but the last; zigzag
 * maps 0, -1, 1, -2 to 0, 1, 2, 3. Digits are little-endian. "Atoms" are what classify() in set.c
 * flags; the flag is encoded because finding it anew costs a look at every symbol.
 *
 * The encoding is canonical within one run: each value has one form (the first that fits from the
 * top, a constant's number before a list of keys), sets are sorted, functions are reduced to their
 * graphs, lazy values to their elements, and constants are found by content. It is not portable:
 * symbol indices, ranks and constant numbers belong to the process. */
#include "value/constants.h"
#include "value/digest.h"
#include "value/raise.h"
#include "value/view.h"

#include <string.h>

/* ORDER(encoding) */
#define CODE_INT 0x40u
#define CODE_BIG 0x41u
#define CODE_FALSE 0x42u
#define CODE_STRING 0x44u
#define CODE_MODEL 0x45u
#define CODE_TUPLE 0x46u
#define CODE_SET 0x47u
#define CODE_ATOMS 0x48u
#define CODE_RUN 0x49u
#define CODE_FCN 0x4au
#define CODE_RECORD 0x4bu
#define CODE_RUN_FCN 0x4cu
#define CODE_CONSTANT_FCN 0x4du
#define CODE_TUPLE_SHORT 0x50u
#define CODE_SET_SHORT 0x60u
#define CODE_ATOMS_SHORT 0x70u
#define CODE_CONSTANT_SHORT 0x80u
#define CODE_STRING_SHORT 0xa0u
#define CODE_MODEL_SHORT 0xc0u
#define CODE_INT_SHORT 0xe0u

#define INT_ONE_BYTE 64
#define INT_TWO_BYTES 8256
#define SYMBOL_SHORT_COUNT 8192u
#define COUNT_SHORT 16u
#define CONSTANT_SHORT_COUNT 32u
/* Consecutive integers decoded as an explicit set, which prints as the set it most often was; more
 * are decoded as an interval. */
#define RUN_LISTED_COUNT_MAX 64u
/* Bytes that one step of the writer may need. */
#define STEP_SIZE_MAX 32u

/* --- writing --- */

/* Writes into the spare room of a text; `text->length` lags behind until the end. */
struct writer {
    struct fm_value_context *context;
    struct fm_text *text;
    char *next;
    char *end;
};

static void writer_grow(struct writer *writer, size_t size)
{
    struct fm_text *text = writer->text;
    size_t used = text->at == NULL ? 0 : (size_t)(writer->next - text->at);
    text->length = used;
    /* Growth doubles in the text; filling is the way to ask for room. */
    fm_text_fill(text, '\0', size + 256);
    writer->next = text->at + used;
    writer->end = text->at + text->capacity - 1;
}

static inline void need(struct writer *writer, size_t size)
{
    if ((size_t)(writer->end - writer->next) < size) {
        writer_grow(writer, size);
    }
}
static inline void put(struct writer *writer, uint64_t byte)
{
    *writer->next++ = (char)(unsigned char)byte;
}
static void put_varint(struct writer *writer, uint64_t n)
{
    while (n >= 0x80) {
        put(writer, (n & 0x7f) | 0x80);
        n >>= 7;
    }
    put(writer, n);
}
static void put_zigzag(struct writer *writer, int64_t n)
{
    put_varint(writer, ((uint64_t)n << 1) ^ (uint64_t)(n >> 63));
}

static void write_value(struct writer *writer, fm_value v);

static void write_values(struct writer *writer, const fm_value *values, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        write_value(writer, values[i]);
    }
}

static void write_int(struct writer *writer, int64_t n)
{
    if ((uint64_t)n < INT_ONE_BYTE) {
        put(writer, (uint64_t)n);
    } else if ((uint64_t)n < INT_TWO_BYTES) {
        put(writer, CODE_INT_SHORT + ((uint64_t)(n - INT_ONE_BYTE) >> 8));
        put(writer, (uint64_t)(n - INT_ONE_BYTE) & 0xff);
    } else {
        put(writer, CODE_INT);
        put_zigzag(writer, n);
    }
}

static void write_symbol(struct writer *writer, uint32_t index, uint64_t code, uint64_t code_short)
{
    if (index < SYMBOL_SHORT_COUNT) {
        put(writer, code_short + (index >> 8));
        put(writer, index & 0xff);
    } else {
        put(writer, code);
        put_varint(writer, index);
    }
}

static void write_big(struct writer *writer, fm_value v)
{
    const struct fm_big *big = (const struct fm_big *)(uintptr_t)v.bits;
    put(writer, CODE_BIG);
    put_varint(writer,
               ((uint64_t)big->head.count << 1) | ((big->head.flags & FM_OBJECT_NEGATIVE) != 0));
    need(writer, (size_t)big->head.count * 8 + STEP_SIZE_MAX);
    for (uint32_t i = 0; i < big->head.count; i++) {
        for (uint32_t byte = 0; byte < 8; byte++) {
            put(writer, (big->digits[i] >> (8 * byte)) & 0xff);
        }
    }
}

static void write_counted(struct writer *writer, uint32_t count, uint64_t code, uint64_t code_short)
{
    if (count < COUNT_SHORT) {
        put(writer, code_short + count);
    } else {
        put(writer, code);
        put_varint(writer, count);
    }
}

/* Whether the sorted elements are consecutive integers; *first is the lowest. */
static bool is_run(fm_value set, int64_t *first)
{
    struct fm_elements elements = fm_elements_of(set);
    if (elements.at == NULL) {
        *first = elements.low;
        return true;
    }
    if ((fm_value_object(set)->flags & FM_OBJECT_INTS) == 0) {
        return false;
    }
    *first = fm_small_get(elements.at[0]);
    return fm_small_get(elements.at[elements.count - 1]) - *first == (int64_t)elements.count - 1;
}

static void write_set(struct writer *writer, fm_value v)
{
    if (fm_value_object(v)->kind == FM_KIND_SET) {
        fm_set_normalize(writer->context, v);
    }
    struct fm_elements elements = fm_elements_of(v);
    int64_t first;
    if (elements.count >= 3 && is_run(v, &first)) {
        put(writer, CODE_RUN);
        put_zigzag(writer, first);
        put_varint(writer, elements.count);
        return;
    }
    bool atoms = elements.at == NULL
                     ? elements.count > 0
                     : (fm_value_object(v)->flags & (FM_OBJECT_INTS | FM_OBJECT_SYMBOLS)) != 0;
    if (atoms) {
        write_counted(writer, (uint32_t)elements.count, CODE_ATOMS, CODE_ATOMS_SHORT);
    } else {
        write_counted(writer, (uint32_t)elements.count, CODE_SET, CODE_SET_SHORT);
    }
    for (uint64_t i = 0; i < elements.count; i++) {
        write_value(writer, fm_elements_get(&elements, i));
    }
}

static void write_domain(struct writer *writer, fm_value domain, bool record)
{
    struct fm_elements keys = fm_elements_of(domain);
    int64_t first;
    if (record) {
        put(writer, CODE_RECORD);
        put_varint(writer, keys.count);
        for (uint64_t i = 0; i < keys.count; i++) {
            need(writer, STEP_SIZE_MAX);
            put_varint(writer, fm_value_symbol(keys.at[i])->index);
        }
    } else if (is_run(domain, &first)) {
        put(writer, CODE_RUN_FCN);
        put_zigzag(writer, first);
        put_varint(writer, keys.count);
    } else {
        put(writer, CODE_FCN);
        put_varint(writer, keys.count);
        write_values(writer, keys.at, keys.count);
    }
}

static void write_function(struct writer *writer, fm_value v)
{
    const struct fm_fcn_object *function = fm_as_fcn(v);
    uint32_t number = fm_constants_find(writer->context, function->domain);
    if (number == 0) {
        write_domain(writer, function->domain, function->head.kind == FM_KIND_RECORD);
    } else if (number <= CONSTANT_SHORT_COUNT) {
        put(writer, CODE_CONSTANT_SHORT + number - 1);
    } else {
        put(writer, CODE_CONSTANT_FCN);
        put_varint(writer, number - 1);
    }
    write_values(writer, function->values, function->head.count);
}

static void write_object(struct writer *writer, fm_value v)
{
    enum fm_kind kind = fm_value_kind(v);
    fm_value_check_depth(writer->context);
    if (kind == FM_KIND_LAZY_FCN) {
        v = fm_fcn_explicit(writer->context, v);
        kind = fm_value_kind(v);
    }
    if (kind == FM_KIND_TUPLE) {
        write_counted(writer, fm_value_object(v)->count, CODE_TUPLE, CODE_TUPLE_SHORT);
        write_values(writer, fm_as_array(v)->elements, fm_value_object(v)->count);
    } else if (kind == FM_KIND_RECORD || kind == FM_KIND_FCN) {
        write_function(writer, v);
    } else if (kind == FM_KIND_SET || kind == FM_KIND_INTERVAL) {
        write_set(writer, v);
    } else if (kind == FM_KIND_INT) {
        write_big(writer, v);
    } else if (kind == FM_KIND_OPERATOR || !fm_set_can_enumerate(writer->context, v)) {
        fm_value_raise(writer->context, FM_CODE_4017, "%s cannot be part of a state",
                       fm_value_describe(writer->context, v));
    } else {
        write_set(writer, fm_set_explicit(writer->context, v));
    }
}

static void write_value(struct writer *writer, fm_value v)
{
    need(writer, STEP_SIZE_MAX);
    switch (v.bits & 7u) {
    case FM_TAG_INT:
        write_int(writer, fm_small_get(v));
        return;
    case FM_TAG_BOOL:
        put(writer, CODE_FALSE + fm_is_true(v));
        return;
    case FM_TAG_STRING:
        write_symbol(writer, fm_value_symbol(v)->index, CODE_STRING, CODE_STRING_SHORT);
        return;
    case FM_TAG_MODEL:
        write_symbol(writer, fm_value_symbol(v)->index, CODE_MODEL, CODE_MODEL_SHORT);
        return;
    case FM_TAG_OBJECT:
        write_object(writer, v);
        return;
    default:
        fm_unreachable(); /* NONE: an unassigned variable was encoded */
    }
}

void fm_value_encode(struct fm_value_context *context, fm_value v, struct fm_text *out)
{
    struct writer writer = {.context = context, .text = out};
    if (out->at != NULL) {
        writer.next = out->at + out->length;
        writer.end = out->at + out->capacity - 1; /* the text keeps a byte for its NUL */
    }
    write_value(&writer, v);
    *writer.next = '\0';
    out->length = (size_t)(writer.next - out->at);
}

/* --- reading --- */

struct reader {
    struct fm_value_context *context;
    const uint8_t *next;
};

static inline uint64_t get_varint(struct reader *reader)
{
    uint64_t n = *reader->next++;
    if (n < 0x80) {
        return n;
    }
    n &= 0x7f;
    for (uint32_t shift = 7;; shift += 7) {
        uint64_t byte = *reader->next++;
        n |= (byte & 0x7f) << shift;
        if (byte < 0x80) {
            return n;
        }
    }
}
static inline int64_t get_zigzag(struct reader *reader)
{
    uint64_t n = get_varint(reader);
    return (int64_t)(n >> 1) ^ -(int64_t)(n & 1);
}

static fm_value read_value(struct reader *reader);

static inline void read_values(struct reader *reader, fm_value *at, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        at[i] = read_value(reader);
    }
}

static fm_value symbol_value(struct reader *reader, uint32_t index, uint64_t tag)
{
    const struct fm_symbol *symbol = fm_constants_symbol(reader->context->constants, index);
    if (symbol == NULL) {
        symbol = fm_symbol_at(reader->context->symbols, index);
    }
    return (fm_value){(uint64_t)(uintptr_t)symbol | tag};
}

static fm_value read_big(struct reader *reader)
{
    uint64_t header = get_varint(reader);
    uint32_t count = (uint32_t)(header >> 1);
    struct fm_big *big = fm_arena_alloc(reader->context->arena,
                                        sizeof *big + count * sizeof(uint64_t));
    big->head = (struct fm_object){
        .kind = FM_KIND_INT, .flags = (header & 1) != 0 ? FM_OBJECT_NEGATIVE : 0u, .count = count};
    for (uint32_t i = 0; i < count; i++) {
        uint64_t digit = 0;
        for (uint32_t byte = 0; byte < 8; byte++) {
            digit |= (uint64_t)*reader->next++ << (8 * byte);
        }
        big->digits[i] = digit;
    }
    fm_int_finish(big);
    return fm_of_object(big);
}

static fm_value read_tuple(struct reader *reader, uint32_t count)
{
    fm_value result;
    fm_value *at = fm_tuple_begin(reader->context, count, &result);
    read_values(reader, at, count);
    return result;
}

static fm_value read_set(struct reader *reader, uint32_t count, bool atoms)
{
    if (count == 0) {
        return fm_set_empty();
    }
    struct fm_array *set = fm_set_alloc(reader->context, count, FM_OBJECT_NORMAL);
    read_values(reader, set->elements, count);
    if (atoms) {
        set->head.flags |= (uint8_t)(fm_is_small(set->elements[0]) ? FM_OBJECT_INTS
                                                                   : FM_OBJECT_SYMBOLS);
    }
    return fm_of_object(set);
}

static fm_value make_interval(struct reader *reader, int64_t first, uint64_t count)
{
    return fm_interval(reader->context, fm_small(first), fm_small(first + (int64_t)count - 1));
}

static fm_value read_run(struct reader *reader)
{
    int64_t first = get_zigzag(reader);
    uint64_t count = get_varint(reader);
    if (count > RUN_LISTED_COUNT_MAX) {
        return make_interval(reader, first, count);
    }
    struct fm_array *set = fm_set_alloc(reader->context, (uint32_t)count,
                                        FM_OBJECT_NORMAL | FM_OBJECT_INTS);
    for (uint32_t i = 0; i < set->head.count; i++) {
        set->elements[i] = fm_small(first + (int64_t)i);
    }
    return fm_of_object(set);
}

static fm_value read_over(struct reader *reader, fm_value domain)
{
    bool record = fm_value_object(domain)->kind == FM_KIND_SET &&
                  (fm_value_object(domain)->flags & FM_OBJECT_SYMBOLS) != 0 &&
                  fm_value_tag(fm_as_array(domain)->elements[0]) == FM_TAG_STRING;
    uint32_t count = (uint32_t)fm_elements_of(domain).count;
    struct fm_fcn_object *function = fm_arena_alloc(reader->context->arena,
                                                    sizeof *function + count * sizeof(fm_value));
    function->head = (struct fm_object){.kind = (uint8_t)(record ? FM_KIND_RECORD : FM_KIND_FCN),
                                        .count = count};
    function->domain = domain;
    read_values(reader, function->values, count);
    return fm_of_object(function);
}

static fm_value read_fcn(struct reader *reader)
{
    uint32_t count = (uint32_t)get_varint(reader);
    struct fm_array *keys = fm_set_alloc(reader->context, count, FM_OBJECT_NORMAL);
    read_values(reader, keys->elements, count);
    keys->head.flags |= (uint8_t)fm_set_classify(keys->elements, count);
    return read_over(reader, fm_of_object(keys));
}

static fm_value read_record(struct reader *reader)
{
    uint32_t count = (uint32_t)get_varint(reader);
    struct fm_array *names = fm_set_alloc(reader->context, count,
                                          FM_OBJECT_NORMAL | FM_OBJECT_SYMBOLS);
    for (uint32_t i = 0; i < count; i++) {
        names->elements[i] = symbol_value(reader, (uint32_t)get_varint(reader), FM_TAG_STRING);
    }
    return read_over(reader, fm_of_object(names));
}

static fm_value read_run_fcn(struct reader *reader)
{
    int64_t first = get_zigzag(reader);
    return read_over(reader, make_interval(reader, first, get_varint(reader)));
}

/* Codes 40 to 4d. */
static fm_value read_long(struct reader *reader, uint32_t code)
{
    switch (code) {
    case CODE_INT:
        return fm_small(get_zigzag(reader));
    case CODE_BIG:
        return read_big(reader);
    case CODE_FALSE:
    case CODE_FALSE + 1:
        return fm_bool(code != CODE_FALSE);
    case CODE_STRING:
        return symbol_value(reader, (uint32_t)get_varint(reader), FM_TAG_STRING);
    case CODE_MODEL:
        return symbol_value(reader, (uint32_t)get_varint(reader), FM_TAG_MODEL);
    case CODE_TUPLE:
        return read_tuple(reader, (uint32_t)get_varint(reader));
    case CODE_SET:
        return read_set(reader, (uint32_t)get_varint(reader), false);
    case CODE_ATOMS:
        return read_set(reader, (uint32_t)get_varint(reader), true);
    case CODE_RUN:
        return read_run(reader);
    case CODE_FCN:
        return read_fcn(reader);
    case CODE_RECORD:
        return read_record(reader);
    case CODE_RUN_FCN:
        return read_run_fcn(reader);
    case CODE_CONSTANT_FCN:
        return read_over(reader,
                         fm_constants_at(reader->context->constants, (uint32_t)get_varint(reader)));
    default:
        fm_unreachable(); /* not something we wrote */
    }
}

static fm_value read_value(struct reader *reader)
{
    uint32_t code = *reader->next++;
    if (code < CODE_INT) {
        return fm_small(code);
    }
    switch (code >> 4) {
    case 0x4:
        return read_long(reader, code);
    case 0x5:
        return read_tuple(reader, code & 0xf);
    case 0x6:
        return read_set(reader, code & 0xf, false);
    case 0x7:
        return read_set(reader, code & 0xf, true);
    case 0x8:
    case 0x9:
        return read_over(reader,
                         fm_constants_at(reader->context->constants, code - CODE_CONSTANT_SHORT));
    case 0xa:
    case 0xb: {
        uint32_t high = (code - CODE_STRING_SHORT) << 8;
        return symbol_value(reader, high | *reader->next++, FM_TAG_STRING);
    }
    case 0xc:
    case 0xd: {
        uint32_t high = (code - CODE_MODEL_SHORT) << 8;
        return symbol_value(reader, high | *reader->next++, FM_TAG_MODEL);
    }
    default: {
        int64_t high = (int64_t)(code - CODE_INT_SHORT) << 8;
        return fm_small((high | *reader->next++) + INT_ONE_BYTE);
    }
    }
}

fm_value fm_value_decode(struct fm_value_context *context, const uint8_t **bytes)
{
    struct reader reader = {context, *bytes};
    fm_value result = read_value(&reader);
    *bytes = reader.next;
    return result;
}

/* --- skipping --- */

static void skip_value(struct reader *reader);

static void skip_values(struct reader *reader, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        skip_value(reader);
    }
}

static void skip_over(struct reader *reader, uint32_t number)
{
    fm_value domain = fm_constants_at(reader->context->constants, number);
    skip_values(reader, fm_elements_of(domain).count);
}

static void skip_record(struct reader *reader)
{
    uint64_t count = get_varint(reader);
    for (uint64_t i = 0; i < count; i++) {
        (void)get_varint(reader);
    }
    skip_values(reader, count);
}

/* Codes 40 to 4d. */
static void skip_long(struct reader *reader, uint32_t code)
{
    switch (code) {
    case CODE_FALSE:
    case CODE_FALSE + 1:
        break;
    case CODE_INT:
    case CODE_STRING:
    case CODE_MODEL:
        (void)get_varint(reader);
        break;
    case CODE_BIG: {
        uint64_t header = get_varint(reader);
        reader->next += (header >> 1) * 8;
        break;
    }
    case CODE_TUPLE:
    case CODE_SET:
    case CODE_ATOMS:
        skip_values(reader, get_varint(reader));
        break;
    case CODE_RUN:
        (void)get_varint(reader);
        (void)get_varint(reader);
        break;
    case CODE_FCN:
        skip_values(reader, 2 * get_varint(reader));
        break;
    case CODE_RECORD:
        skip_record(reader);
        break;
    case CODE_RUN_FCN:
        (void)get_varint(reader);
        skip_values(reader, get_varint(reader));
        break;
    case CODE_CONSTANT_FCN:
        skip_over(reader, (uint32_t)get_varint(reader));
        break;
    default:
        fm_unreachable(); /* not something we wrote */
    }
}

static void skip_value(struct reader *reader)
{
    uint32_t code = *reader->next++;
    switch (code >> 4) {
    case 0x0:
    case 0x1:
    case 0x2:
    case 0x3:
        break;
    case 0x4:
        skip_long(reader, code);
        break;
    case 0x5:
    case 0x6:
    case 0x7:
        skip_values(reader, code & 0xf);
        break;
    case 0x8:
    case 0x9:
        skip_over(reader, code - CODE_CONSTANT_SHORT);
        break;
    default:
        reader->next++;
    }
}

void fm_value_skip(struct fm_value_context *context, const uint8_t **bytes)
{
    struct reader reader = {context, *bytes};
    skip_value(&reader);
    *bytes = reader.next;
}
