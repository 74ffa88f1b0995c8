/* Shapes as text, in TLA+ as far as it has words for them: comments of emitted code, explanations.
 *
 *     BOOLEAN  0..3  {"a", p1}  (A \X B)  [a: A, b: B]  [{p1, p2} -> A]
 *     [SUBSET {p1, p2} -> A]    partial functions
 *     Seq(A, 4)                 at most four elements
 *     SUBSET {..}               of at most eight values, otherwise SUBSET (n of A)
 *     (A | B)                   a sum
 *     ANY  NONE
 *
 * Texts may stand in a comment of C, so what would begin or end one, or a line, becomes an
 * underscore. */
#include "native/shape_table.h"

#include "base/assert.h"

#include <inttypes.h>
#include <string.h>

/* Values of a set that are listed. */
#define LISTED_COUNT_MAX 8u

static void print_values(struct fm_shapes *shapes, const struct fm_shape *shape,
                         struct fm_text *out)
{
    fm_text_putc(out, '{');
    for (uint32_t i = 0; i < shape->value_count; i++) {
        fm_text_puts(out, i == 0 ? "" : ", ");
        if (i == LISTED_COUNT_MAX && shape->value_count > LISTED_COUNT_MAX + 1) {
            fm_text_printf(out, "... %u", shape->value_count);
            break;
        }
        fm_value_print(shapes->context, shape->values[i], out);
    }
    fm_text_putc(out, '}');
}

static void print(struct fm_shapes *shapes, const struct fm_shape *shape, struct fm_text *out);

static void print_parts(struct fm_shapes *shapes, const struct fm_shape *shape, const char *between,
                        struct fm_text *out)
{
    for (uint32_t i = 0; i < shape->part_count; i++) {
        fm_text_puts(out, i == 0 ? "" : between);
        if (shape->kind == FM_SHAPE_RECORD) {
            fm_text_printf(out, "%s: ", fm_value_symbol(shape->values[i])->text);
        }
        print(shapes, shape->parts[i], out);
    }
}

static void print_map(struct fm_shapes *shapes, const struct fm_shape *shape, struct fm_text *out)
{
    fm_text_puts(out, shape->kind == FM_SHAPE_PFUN ? "[SUBSET " : "[");
    if (fm_shape_is_dense(shape)) {
        fm_text_printf(out, "1..%u", shape->value_count);
    } else {
        print_values(shapes, shape, out);
    }
    fm_text_puts(out, " -> ");
    print(shapes, shape->parts[0], out);
    fm_text_putc(out, ']');
}

static void print_set(struct fm_shapes *shapes, const struct fm_shape *shape, struct fm_text *out)
{
    fm_text_puts(out, "SUBSET ");
    if (shape->value_count <= LISTED_COUNT_MAX) {
        print_values(shapes, shape, out);
        return;
    }
    bool all = shape->parts[0]->cardinality == shape->value_count;
    if (!all) {
        fm_text_printf(out, "(%u of ", shape->value_count);
    }
    print(shapes, shape->parts[0], out);
    fm_text_puts(out, all ? "" : ")");
}

static void print(struct fm_shapes *shapes, const struct fm_shape *shape, struct fm_text *out)
{
    switch (shape->kind) {
    case FM_SHAPE_NONE:
        fm_text_puts(out, "NONE");
        return;
    case FM_SHAPE_BOOL:
        fm_text_puts(out, "BOOLEAN");
        return;
    case FM_SHAPE_INT:
        fm_text_printf(out, "%" PRId64 "..%" PRId64, shape->low, shape->high);
        return;
    case FM_SHAPE_ATOM:
        print_values(shapes, shape, out);
        return;
    case FM_SHAPE_TUPLE:
        fm_text_putc(out, '(');
        print_parts(shapes, shape, " \\X ", out);
        fm_text_putc(out, ')');
        return;
    case FM_SHAPE_RECORD:
        fm_text_putc(out, '[');
        print_parts(shapes, shape, ", ", out);
        fm_text_putc(out, ']');
        return;
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN:
        print_map(shapes, shape, out);
        return;
    case FM_SHAPE_SEQ:
        fm_text_puts(out, "Seq(");
        print(shapes, shape->parts[0], out);
        fm_text_printf(out, ", %u)", shape->capacity);
        return;
    case FM_SHAPE_SET:
        print_set(shapes, shape, out);
        return;
    case FM_SHAPE_SUM:
        fm_text_putc(out, '(');
        print_parts(shapes, shape, " | ", out);
        fm_text_putc(out, ')');
        return;
    case FM_SHAPE_ANY:
        fm_text_puts(out, "ANY");
        return;
    }
    fm_unreachable();
}

void fm_shape_print(struct fm_shapes *shapes, const struct fm_shape *shape, struct fm_text *out)
{
    size_t start = out->length;
    print(shapes, shape, out);
    for (size_t i = start; i < out->length; i++) {
        bool ends = i > start && out->at[i] == '/' && out->at[i - 1] == '*';
        bool begins = i > start && out->at[i] == '*' && out->at[i - 1] == '/';
        if (ends || begins || (unsigned char)out->at[i] < ' ') {
            out->at[i] = '_';
        }
    }
}
