/* The C types of shapes.
 *
 * A register type is what locals and terms have; a member type is what stands inside a struct, an
 * array, the state. Words (numbers, atoms, small sets, boxed values) differ between the two;
 * structs are the same in both. The table is in shape.h.
 *
 * A struct is written into the prelude when it is first needed, with its shape as a comment. The
 * bytes between members are members themselves (`gap_2`): so assignments copy them, initializers
 * clear them, and two structs are equal exactly if their bytes are. C leaves the bytes of padding
 * undefined, also where all other bytes were assigned (C17 6.2.6.1p6). That size and offsets are
 * those of fm_shape is asserted in the emitted code itself. */
#include "native/emit.h"

#include "base/assert.h"

#include <stdarg.h>

static const char *unsigned_type(uint32_t size)
{
    return size == 1 ? "uint8_t" : size == 2 ? "uint16_t" : size == 4 ? "uint32_t" : "uint64_t";
}

static const char *signed_type(uint32_t size)
{
    return size == 1 ? "int8_t" : size == 2 ? "int16_t" : size == 4 ? "int32_t" : "int64_t";
}

static uint32_t length_size(const struct fm_shape *seq)
{
    return fm_shape_index_size((uint64_t)seq->capacity + 1);
}

/* --- structs --- */

/* A struct being written: where the next member would stand. */
struct members {
    struct fm_text text;
    uint32_t at, gaps;
};

static void fill_gap(struct members *members, uint32_t offset)
{
    fm_assert(offset >= members->at);
    if (offset > members->at) {
        fm_text_printf(&members->text, "    uint8_t gap_%u[%u];\n", members->gaps++,
                       offset - members->at);
        members->at = offset;
    }
}

static void add_member(struct members *members, uint32_t offset, uint32_t size, const char *format,
                       ...) __attribute__((format(printf, 4, 5)));
static void add_member(struct members *members, uint32_t offset, uint32_t size, const char *format,
                       ...)
{
    fill_gap(members, offset);
    fm_text_puts(&members->text, "    ");
    va_list arguments;
    va_start(arguments, format);
    fm_text_vprintf(&members->text, format, arguments);
    va_end(arguments);
    fm_text_puts(&members->text, ";\n");
    members->at = offset + size;
}

static void add_parts(struct fm_emit *emit, const struct fm_shape *shape, struct members *members)
{
    for (uint32_t i = 0; i < shape->part_count; i++) {
        add_member(members, shape->offsets[i], shape->parts[i]->size, "%s p%u",
                   fm_emit_member_type(emit, shape->parts[i]), i);
    }
}

static void add_array(struct fm_emit *emit, const struct fm_shape *shape, struct members *members,
                      uint32_t offset, uint32_t count)
{
    const struct fm_shape *element = shape->parts[0];
    add_member(members, offset, count * element->size, "%s at[%u]",
               fm_emit_member_type(emit, element), count);
}

static void add_members(struct fm_emit *emit, const struct fm_shape *shape, struct members *members)
{
    switch (shape->kind) {
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        add_parts(emit, shape, members);
        return;
    case FM_SHAPE_SUM:
        add_member(members, 0, 1, "uint8_t tag");
        add_parts(emit, shape, members);
        return;
    case FM_SHAPE_FCN:
        add_array(emit, shape, members, 0, shape->value_count);
        return;
    case FM_SHAPE_SEQ:
        add_member(members, 0, length_size(shape), "%s length", unsigned_type(length_size(shape)));
        add_array(emit, shape, members, shape->offsets[0], shape->capacity);
        return;
    case FM_SHAPE_PFUN:
        if (shape->value_count <= 64) {
            add_member(members, 0, fm_shape_bitset_size(shape->value_count), "%s has",
                       unsigned_type(fm_shape_bitset_size(shape->value_count)));
        } else {
            add_member(members, 0, fm_shape_bitset_size(shape->value_count), "uint64_t has[%u]",
                       (shape->value_count + 63) / 64);
        }
        add_array(emit, shape, members, shape->offsets[0], shape->value_count);
        return;
    case FM_SHAPE_SET:
        add_member(members, 0, shape->size, "uint64_t w[%u]", (shape->value_count + 63) / 64);
        return;
    case FM_SHAPE_NONE:
    case FM_SHAPE_BOOL:
    case FM_SHAPE_INT:
    case FM_SHAPE_ATOM:
    case FM_SHAPE_ANY:
        break;
    }
    fm_unreachable();
}

static void add_asserts(struct fm_emit *emit, const struct fm_shape *shape)
{
    uint32_t n = shape->number;
    fm_text_printf(&emit->prelude, "_Static_assert(sizeof(s%u) == %u, \"size\");\n", n,
                   shape->size);
    fm_text_printf(&emit->prelude, "_Static_assert(_Alignof(s%u) == %u, \"alignment\");\n", n,
                   shape->align);
    if (shape->kind == FM_SHAPE_SEQ || shape->kind == FM_SHAPE_PFUN) {
        fm_text_printf(&emit->prelude, "_Static_assert(offsetof(s%u, at) == %u, \"offset\");\n", n,
                       shape->offsets[0]);
    }
}

/* "s12", and the definition in the prelude. */
static const char *struct_type(struct fm_emit *emit, const struct fm_shape *shape)
{
    const char *known = fm_map_get(&emit->types, shape);
    if (known != NULL) {
        return known;
    }
    char *name = fm_arena_printf(&emit->arena, "s%u", shape->number);
    struct members members = {0};
    add_members(emit, shape, &members); /* writes the types of the parts before this one */
    fill_gap(&members, shape->size);
    fm_map_put(&emit->types, shape, name);
    struct fm_text described = {0};
    fm_shape_print(emit->shapes, shape, &described);
    fm_text_puts(&emit->prelude, "\n/* ");
    for (const char *at = fm_text_string(&described); *at != '\0'; at++) {
        /* A comment in a comment can come from strings of the specification. */
        bool mark = (at[0] == '*' && at[1] == '/') || (at[0] == '/' && at[1] == '*');
        fm_text_putc(&emit->prelude, mark ? '_' : *at);
    }
    fm_text_printf(&emit->prelude, " */\ntypedef struct %s {\n%s} %s;\n", name,
                   fm_text_string(&members.text), name);
    add_asserts(emit, shape);
    fm_text_deinit(&described);
    fm_text_deinit(&members.text);
    return name;
}

/* --- types --- */

const char *fm_emit_type(struct fm_emit *emit, const struct fm_shape *shape)
{
    switch (shape->kind) {
    case FM_SHAPE_NONE:
        return "uint8_t";
    case FM_SHAPE_BOOL:
        return "bool";
    case FM_SHAPE_INT:
        return "int64_t";
    case FM_SHAPE_ATOM:
        return "uint32_t";
    case FM_SHAPE_ANY:
        return "fm_nvalue";
    case FM_SHAPE_SET:
        if (!fm_shape_is_struct(shape)) {
            return "uint64_t";
        }
        break;
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
    case FM_SHAPE_SUM:
        break;
    }
    return struct_type(emit, shape);
}

const char *fm_emit_member_type(struct fm_emit *emit, const struct fm_shape *shape)
{
    if (fm_shape_is_struct(shape)) {
        return struct_type(emit, shape);
    }
    if (shape->kind == FM_SHAPE_NONE) {
        return "uint8_t"; /* of the array without elements in <<>> */
    }
    return shape->kind == FM_SHAPE_INT ? signed_type(shape->size) : unsigned_type(shape->size);
}

/* --- between members and registers --- */

const char *fm_emit_load(struct fm_emit *emit, const struct fm_shape *shape, const char *member)
{
    if (fm_shape_is_struct(shape)) {
        return member;
    }
    if (shape->kind == FM_SHAPE_ANY) {
        fm_emit_need_context(emit);
        return fm_emit_format(emit, "c->interned(c, %s)", member);
    }
    return fm_emit_format(emit, "((%s)%s)", fm_emit_type(emit, shape), member);
}

void fm_emit_store(struct fm_emit *emit, const struct fm_shape *shape, const char *member,
                   const char *code)
{
    if (fm_shape_is_struct(shape)) {
        fm_emit_line(emit, "%s = %s;", member, code);
    } else if (shape->kind == FM_SHAPE_ANY) {
        fm_emit_need_context(emit);
        fm_emit_line(emit, "%s = c->intern(c, %s);", member, code);
    } else {
        fm_emit_line(emit, "%s = (%s)(%s);", member, fm_emit_member_type(emit, shape), code);
    }
}

const char *fm_emit_declare(struct fm_emit *emit, const struct fm_shape *shape, const char *hint,
                            const char *init)
{
    const char *name = fm_emit_name(emit, hint);
    if (init == NULL) {
        init = fm_shape_is_struct(shape) ? "{}" : "0";
    }
    fm_emit_line(emit, "%s %s = %s;", fm_emit_type(emit, shape), name, init);
    return name;
}
