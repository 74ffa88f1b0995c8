/* Values that are known at emission, boxing, and the doors to conversion.
 *
 * A term is known as long as possible: it folds, it becomes a literal of whatever shape is wanted
 * in the end, and a known element of a known universe is a number. Literals are written from the
 * bytes that the layout makes of the value (fm_layout_unbox), so what emitted code starts from is
 * what the engine would have put there. Structs become constants of the prelude, one for each
 * content.
 *
 * A boxed value that is known is bound at load: c->constants[i]. Where a literal would hold a boxed
 * value (shape ANY inside a struct), whose number in the dictionary is the run's, the constant is
 * unboxed when it is used. */
#include "native/emit_value.h"

#include "base/assert.h"
#include "base/symbol.h"

#include <inttypes.h>
#include <string.h>

/* --- bytes of known values --- */

const void *fm_emit_bytes(struct fm_emit *emit, const struct fm_shape *shape, fm_value value)
{
    if (!fm_shape_has(emit->shapes, shape, value)) {
        return NULL;
    }
    if (emit->dictionary == NULL) {
        emit->dictionary = fm_dictionary_new();
    }
    void *bytes = fm_arena_calloc(&emit->arena, 1, shape->size + sizeof(uint64_t));
    bool fits = fm_layout_unbox(emit->context, emit->dictionary, shape, value, bytes);
    return fits ? bytes : NULL;
}

int64_t fm_emit_word_of(const struct fm_shape *shape, const void *bytes)
{
    uint64_t word = 0;
    fm_assert(shape->size <= sizeof word);
    memcpy(&word, bytes, shape->size);
    uint32_t unused = 64 - shape->size * 8;
    if (shape->kind == FM_SHAPE_INT && unused < 64) {
        return (int64_t)(word << unused) >> unused;
    }
    return (int64_t)word;
}

static uint64_t unsigned_of(const void *bytes, uint32_t size)
{
    uint64_t word = 0;
    memcpy(&word, bytes, size);
    return word;
}

static void add_words(const void *bytes, uint32_t size, struct fm_text *out)
{
    fm_text_puts(out, "{");
    for (uint32_t i = 0; i < size; i += 8) {
        fm_text_printf(out, "%s0x%" PRIx64 "u", i == 0 ? "" : ", ",
                       unsigned_of((const char *)bytes + i, 8));
    }
    fm_text_puts(out, "}");
}

static void add_array(const struct fm_shape *shape, const void *bytes, uint32_t offset,
                      uint32_t count, struct fm_text *out)
{
    const struct fm_shape *element = shape->parts[0];
    fm_text_puts(out, "{");
    for (uint32_t i = 0; i < count; i++) {
        fm_text_puts(out, i == 0 ? "" : ", ");
        fm_emit_literal(element, (const char *)bytes + offset + (size_t)i * element->size, out);
    }
    fm_text_puts(out, "}");
}

static void add_parts(const struct fm_shape *shape, const void *bytes, struct fm_text *out)
{
    fm_text_puts(out, "{");
    for (uint32_t i = 0; i < shape->part_count; i++) {
        fm_text_printf(out, "%s.p%u = ", i == 0 ? "" : ", ", i);
        fm_emit_literal(shape->parts[i], (const char *)bytes + shape->offsets[i], out);
    }
    fm_text_puts(out, "}");
}

static void add_has(const struct fm_shape *shape, const void *bytes, struct fm_text *out)
{
    uint32_t size = fm_shape_bitset_size(shape->value_count);
    if (shape->value_count > 64) {
        add_words(bytes, size, out);
    } else {
        fm_text_printf(out, "0x%" PRIx64 "u", unsigned_of(bytes, size));
    }
}

void fm_emit_literal(const struct fm_shape *shape, const void *bytes, struct fm_text *out)
{
    switch (shape->kind) {
    case FM_SHAPE_NONE:
        fm_text_puts(out, "0");
        return;
    case FM_SHAPE_BOOL:
    case FM_SHAPE_ATOM:
    case FM_SHAPE_INT:
        fm_text_printf(out, "%" PRId64, fm_emit_word_of(shape, bytes));
        return;
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        add_parts(shape, bytes, out);
        return;
    case FM_SHAPE_FCN:
        fm_text_puts(out, "{.at = ");
        add_array(shape, bytes, 0, shape->value_count, out);
        fm_text_puts(out, "}");
        return;
    case FM_SHAPE_PFUN:
        fm_text_puts(out, "{.has = ");
        add_has(shape, bytes, out);
        fm_text_puts(out, ", .at = ");
        add_array(shape, bytes, shape->offsets[0], shape->value_count, out);
        fm_text_puts(out, "}");
        return;
    case FM_SHAPE_SEQ: {
        uint64_t length = unsigned_of(bytes, fm_shape_index_size((uint64_t)shape->capacity + 1));
        fm_text_printf(out, "{.length = %" PRIu64 ", .at = ", length);
        add_array(shape, bytes, shape->offsets[0], (uint32_t)length, out);
        fm_text_puts(out, "}");
        return;
    }
    case FM_SHAPE_SET:
        if (shape->value_count > 64) {
            fm_text_puts(out, "{.w = ");
            add_words(bytes, shape->size, out);
            fm_text_puts(out, "}");
        } else {
            fm_text_printf(out, "0x%" PRIx64 "u", unsigned_of(bytes, shape->size));
        }
        return;
    case FM_SHAPE_SUM: {
        uint32_t tag = *(const uint8_t *)bytes;
        fm_text_printf(out, "{.tag = %u, .p%u = ", tag, tag);
        fm_emit_literal(shape->parts[tag], (const char *)bytes + shape->offsets[tag], out);
        fm_text_puts(out, "}");
        return;
    }
    case FM_SHAPE_ANY:
        break;
    }
    fm_unreachable();
}

/* --- constants --- */

const char *fm_emit_static(struct fm_emit *emit, const char *hint, const char *type,
                           const char *suffix, const char *initializer)
{
    struct fm_text key = {0};
    fm_text_printf(&key, "static %s %s = %s", type, suffix, initializer);
    const char *name = fm_emit_once(emit, fm_text_string(&key));
    if (name == NULL) {
        name = fm_emit_name(emit, hint);
        fm_text_printf(&emit->prelude, "static const %s %s%s = %s;\n", type, name, suffix,
                       initializer);
        fm_emit_once_is(emit, fm_text_string(&key), name);
    }
    fm_text_deinit(&key);
    return name;
}

uint32_t fm_emit_constants(struct fm_emit *emit, const fm_value *values, uint32_t count)
{
    struct fm_text key = {0};
    fm_text_puts(&key, "boxed");
    for (uint32_t i = 0; i < count; i++) {
        fm_text_printf(&key, " %" PRIx64, values[i].bits);
    }
    const char *known = fm_emit_once(emit, fm_text_string(&key));
    uint32_t first = emit->values.count;
    if (known != NULL) {
        first = 0;
        for (; *known != '\0'; known++) {
            first = first * 10 + (uint32_t)(*known - '0');
        }
    } else {
        for (uint32_t i = 0; i < count; i++) {
            fm_vec_push(&emit->values, values[i]);
        }
        fm_emit_once_is(emit, fm_text_string(&key), fm_emit_format(emit, "%u", first));
    }
    fm_text_deinit(&key);
    return first;
}

uint32_t fm_emit_constant(struct fm_emit *emit, fm_value value)
{
    return fm_emit_constants(emit, &value, 1);
}

/* --- operands --- */

const char *fm_emit_zero(struct fm_emit *emit, const struct fm_shape *shape)
{
    if (!fm_shape_is_struct(shape)) {
        return shape->kind == FM_SHAPE_BOOL ? "false" : "0";
    }
    return fm_emit_static(emit, "zero", fm_emit_type(emit, shape), "", "{}");
}

/* Whether the C is a call or a choice, which have no address. */
static bool is_lvalue(const char *code)
{
    for (const char *at = code; *at != '\0'; at++) {
        bool call = *at == '(' && at > code && at[-1] != '(' && at[-1] != ' ' && at[-1] != '[';
        if (*at == '?' || call) {
            return false;
        }
    }
    return code[0] != '(' || code[1] == '*';
}

const char *fm_emit_address(struct fm_emit *emit, const struct fm_shape *shape, const char *code)
{
    fm_assert(fm_shape_is_struct(shape));
    if (!is_lvalue(code)) {
        code = fm_emit_declare(emit, shape, "copy", code);
    }
    return fm_emit_format(emit, "&%s", code);
}

struct fm_term fm_emit_known(struct fm_emit *emit, fm_value value)
{
    return (struct fm_term){fm_shape_of_value(emit->shapes, value), NULL, value};
}

struct fm_term fm_emit_coded(const struct fm_shape *shape, const char *code)
{
    return (struct fm_term){shape, code, fm_none()};
}

/* --- in the shape that is wanted --- */

static const char *word_literal(struct fm_emit *emit, const struct fm_shape *shape,
                                const void *bytes)
{
    int64_t word = fm_emit_word_of(shape, bytes);
    switch (shape->kind) {
    case FM_SHAPE_BOOL:
        return word != 0 ? "true" : "false";
    case FM_SHAPE_INT:
        return fm_emit_format(emit, word < 0 ? "(-INT64_C(%" PRIu64 "))" : "INT64_C(%" PRIu64 ")",
                              word < 0 ? (uint64_t)-word : (uint64_t)word);
    case FM_SHAPE_ATOM:
        return fm_emit_format(emit, "%" PRIu64 "u", (uint64_t)word);
    case FM_SHAPE_SET:
        return fm_emit_format(emit, "UINT64_C(0x%" PRIx64 ")", (uint64_t)word);
    case FM_SHAPE_NONE:
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
    case FM_SHAPE_SUM:
    case FM_SHAPE_ANY:
        break;
    }
    fm_unreachable();
}

static const char *known_as(struct fm_emit *emit, fm_value value, const struct fm_shape *want)
{
    if (want->kind == FM_SHAPE_ANY) {
        fm_emit_need_context(emit);
        return fm_emit_format(emit, "c->constants[%u]", fm_emit_constant(emit, value));
    }
    const void *bytes = fm_emit_bytes(emit, want, value);
    if (bytes == NULL) {
        fm_emit_fail(emit);
        return fm_emit_zero(emit, want);
    }
    if (!fm_shape_is_struct(want)) {
        return word_literal(emit, want, bytes);
    }
    if (want->has_any) {
        const char *name = fm_emit_declare(emit, want, "known", NULL);
        fm_emit_guard(emit, "!c->unbox(c, %u, c->constants[%u], &%s)", want->number,
                      fm_emit_constant(emit, value), name);
        return name;
    }
    struct fm_text initializer = {0};
    fm_emit_literal(want, bytes, &initializer);
    const char *name = fm_emit_static(emit, "k", fm_emit_type(emit, want), "",
                                      fm_text_string(&initializer));
    fm_text_deinit(&initializer);
    return name;
}

const char *fm_emit_as(struct fm_emit *emit, struct fm_term term, const struct fm_shape *want)
{
    if (term.code != NULL && term.shape == want) {
        return term.code;
    }
    if (fm_term_is_known(term)) {
        return known_as(emit, term.value, want);
    }
    struct fm_conversion conversion = fm_emit_conversion(emit, term.shape, term.code, want);
    if (conversion.ok != NULL) {
        fm_emit_guard(emit, "!%s", conversion.ok);
    }
    return conversion.code;
}

struct fm_term fm_emit_convert(struct fm_emit *emit, struct fm_term term,
                               const struct fm_shape *want)
{
    return (struct fm_term){want, fm_emit_as(emit, term, want), term.value};
}

const char *fm_emit_fits(struct fm_emit *emit, struct fm_term term, const struct fm_shape *shape)
{
    if (fm_term_is_known(term)) {
        return fm_shape_has(emit->shapes, shape, term.value) ? "true" : "false";
    }
    struct fm_conversion conversion = fm_emit_conversion(emit, term.shape, term.code, shape);
    return conversion.ok != NULL ? conversion.ok : "true";
}

const char *fm_emit_box(struct fm_emit *emit, struct fm_term term)
{
    return fm_emit_as(emit, term, fm_shape_any(emit->shapes));
}
