/* Equality of two terms.
 *
 * Where both shapes are one and no two of its values clash (could not be compared by TLC), equality
 * is that of the bytes. All else follows src/value/compare.c: sizes first, then keys, then values
 * one by one up to the first difference; an untyped model value differs from everything; what TLC
 * cannot compare fails, and the interpreter reports it.
 *
 * Pairs of structs become a function of the prelude, one for each pair of shapes. Where the order
 * of comparisons matters and no struct shows it (sets that may clash, functions over different
 * keys), both are boxed and compared by the library. */
#include "native/emit_value.h"

#include "base/assert.h"

#include <string.h>

/* --- what may clash --- */

/* ORDER(class) of src/value/compare.c: values of one class have an order. */
enum class {
    CLASS_MODEL, /* and strings: ATOM looks at each */
    CLASS_INT,
    CLASS_BOOL,
    CLASS_FUNCTION,
    CLASS_SET
};

static enum class class_of(const struct fm_shape *shape) {
    switch (shape->kind){
        case FM_SHAPE_BOOL : return CLASS_BOOL; case FM_SHAPE_INT : return CLASS_INT;
        case FM_SHAPE_ATOM : return CLASS_MODEL;
        case FM_SHAPE_TUPLE : case FM_SHAPE_RECORD : case FM_SHAPE_FCN : case FM_SHAPE_PFUN : case
        FM_SHAPE_SEQ : return CLASS_FUNCTION;
        case FM_SHAPE_SET : return CLASS_SET;
        case FM_SHAPE_NONE : case FM_SHAPE_SUM : case FM_SHAPE_ANY : break;
    }
fm_unreachable();
}

/* What a string or model value may be compared with: 0 with everything, else with equal numbers. */
static uint32_t atom_type(fm_value v)
{
    if (fm_value_tag(v) == FM_TAG_STRING) {
        return 1;
    }
    char type = fm_model_type(v);
    return type == '\0' ? 0 : 2 + (uint32_t)(unsigned char)type;
}

static bool types_clash(uint32_t x, uint32_t y)
{
    return x != 0 && y != 0 && x != y;
}

static bool atoms_clash(const struct fm_shape *a, const struct fm_shape *b)
{
    for (uint32_t i = 0; i < a->value_count; i++) {
        for (uint32_t j = 0; j < b->value_count; j++) {
            if (types_clash(atom_type(a->values[i]), atom_type(b->values[j]))) {
                return true;
            }
        }
    }
    return false;
}

static bool some_typed(const struct fm_shape *atom)
{
    for (uint32_t i = 0; i < atom->value_count; i++) {
        if (atom_type(atom->values[i]) != 0) {
            return true;
        }
    }
    return false;
}

/* Whether two keys cannot be compared. */
static bool keys_clash(struct fm_emit *emit, fm_value a, fm_value b)
{
    enum fm_tag tag = fm_value_tag(a);
    if (fm_value_same(a, b) ||
        (tag == fm_value_tag(b) && (tag == FM_TAG_INT || tag == FM_TAG_STRING))) {
        return false;
    }
    return fm_shapes_clash(emit, fm_shape_of_value(emit->shapes, a),
                           fm_shape_of_value(emit->shapes, b));
}

/* Pairs of keys that are looked at; beyond, two domains are taken to clash. */
#define KEY_PAIRS_MAX 4096u

static bool some_keys_clash(struct fm_emit *emit, const struct fm_shape *a,
                            const struct fm_shape *b)
{
    uint32_t count_a = fm_slots_count(a), count_b = fm_slots_count(b);
    bool by_place = a->kind != FM_SHAPE_PFUN && b->kind != FM_SHAPE_PFUN;
    for (uint32_t i = 0; i < count_a && i < count_b && by_place; i++) {
        if (keys_clash(emit, fm_slots_key(a, i), fm_slots_key(b, i))) {
            return true;
        }
    }
    if (by_place || a == b) { /* the keys of one PFUN can be compared */
        return false;
    }
    if (count_a > KEY_PAIRS_MAX / count_b) {
        return true;
    }
    for (uint32_t i = 0; i < count_a * count_b; i++) {
        if (keys_clash(emit, fm_slots_key(a, i / count_b), fm_slots_key(b, i % count_b))) {
            return true;
        }
    }
    return false;
}

static bool is_total(const struct fm_shape *shape)
{
    return shape->kind == FM_SHAPE_TUPLE || shape->kind == FM_SHAPE_RECORD ||
           shape->kind == FM_SHAPE_FCN;
}

static bool functions_clash(struct fm_emit *emit, const struct fm_shape *a,
                            const struct fm_shape *b)
{
    uint32_t count_a = fm_slots_count(a), count_b = fm_slots_count(b);
    if ((is_total(a) && is_total(b) && count_a != count_b) || count_a == 0 || count_b == 0) {
        return false; /* sizes decide */
    }
    if (some_keys_clash(emit, a, b)) {
        return true;
    }
    bool own_a = a->kind == FM_SHAPE_TUPLE || a->kind == FM_SHAPE_RECORD;
    bool own_b = b->kind == FM_SHAPE_TUPLE || b->kind == FM_SHAPE_RECORD;
    uint32_t parts = own_a ? count_a : own_b ? count_b : 1;
    for (uint32_t i = 0; i < parts; i++) {
        if ((own_a && i >= count_a) || (own_b && i >= count_b)) {
            break;
        }
        if (fm_shapes_clash(emit, fm_slots_part(a, own_a ? i : 0),
                            fm_slots_part(b, own_b ? i : 0))) {
            return true;
        }
    }
    return false;
}

static bool some_part_clashes(struct fm_emit *emit, const struct fm_shape *sum,
                              const struct fm_shape *other)
{
    for (uint32_t i = 0; i < sum->part_count; i++) {
        if (fm_shapes_clash(emit, sum->parts[i], other)) {
            return true;
        }
    }
    return false;
}

bool fm_shapes_clash(struct fm_emit *emit, const struct fm_shape *a, const struct fm_shape *b)
{
    if (a->kind == FM_SHAPE_NONE || b->kind == FM_SHAPE_NONE) {
        return false;
    }
    if (a->kind == FM_SHAPE_ANY || b->kind == FM_SHAPE_ANY) {
        return true;
    }
    if (a->kind == FM_SHAPE_SUM) {
        return some_part_clashes(emit, a, b);
    }
    if (b->kind == FM_SHAPE_SUM) {
        return some_part_clashes(emit, b, a);
    }
    enum class x = class_of(a), y = class_of(b);
    if (x != y) {
        const struct fm_shape *atom = x == CLASS_MODEL ? a : y == CLASS_MODEL ? b : NULL;
        return atom == NULL || some_typed(atom);
    }
    switch (x) {
    case CLASS_MODEL:
        return atoms_clash(a, b);
    case CLASS_FUNCTION:
        return functions_clash(emit, a, b);
    case CLASS_SET: /* the elements of one universe can be compared */
        return a != b && fm_shapes_clash(emit, a->parts[0], b->parts[0]);
    case CLASS_INT:
    case CLASS_BOOL:
        break;
    }
    return false;
}

/* --- comparing operands --- */

/* C of type bool; the operands are names, members or literals. */
static const char *compare(struct fm_emit *emit, const struct fm_shape *a, const char *x,
                           const struct fm_shape *b, const char *y);

static const char *compare_boxed(struct fm_emit *emit, const struct fm_shape *a, const char *x,
                                 const struct fm_shape *b, const char *y)
{
    const char *left = fm_emit_box(emit, fm_emit_coded(a, x));
    const char *right = fm_emit_box(emit, fm_emit_coded(b, y));
    const char *name = fm_emit_name(emit, "equal");
    fm_emit_need_context(emit);
    fm_emit_line(emit, "const bool %s = c->equal(c, %s, %s);", name, left, right);
    return name;
}

/* The types of the atoms as a table, for atoms that may clash. */
static const char *type_table(struct fm_emit *emit, const struct fm_shape *shape)
{
    struct fm_text table = {0};
    for (uint32_t i = 0; i < shape->value_count; i++) {
        fm_text_printf(&table, "%s%u", i == 0 ? "{" : ", ", atom_type(shape->values[i]));
    }
    fm_text_puts(&table, "}");
    const char *name = fm_emit_static(emit, "types", "uint16_t",
                                      fm_emit_format(emit, "[%u]", shape->value_count), table.at);
    fm_text_deinit(&table);
    return name;
}

static const char *compare_atoms(struct fm_emit *emit, const struct fm_shape *a, const char *x,
                                 const struct fm_shape *b, const char *y)
{
    struct fm_conversion moved = fm_emit_conversion(emit, a, x, b);
    const char *equal = moved.ok == NULL ? fm_emit_format(emit, "(%s == %s)", moved.code, y)
                        : strcmp(moved.ok, "false") == 0
                            ? "false"
                            : fm_emit_format(emit, "(%s && %s == %s)", moved.ok, moved.code, y);
    if (atoms_clash(a, b)) {
        const char *left = fm_emit_format(emit, "%s[%s]", type_table(emit, a), x);
        const char *right = fm_emit_format(emit, "%s[%s]", type_table(emit, b), y);
        fm_emit_guard(emit, "%s != 0 && %s != 0 && %s != %s", left, right, left, right);
    }
    return equal;
}

/* Values of different classes: FALSE beside an untyped model value, else a failure. */
static const char *compare_classes(struct fm_emit *emit, const struct fm_shape *a, const char *x,
                                   const struct fm_shape *b, const char *y)
{
    bool left = a->kind == FM_SHAPE_ATOM, right = b->kind == FM_SHAPE_ATOM;
    if (!left && !right) {
        fm_emit_fail(emit);
    } else if (some_typed(left ? a : b)) {
        fm_emit_guard(emit, "%s[%s] != 0", type_table(emit, left ? a : b), left ? x : y);
    }
    return "false";
}

static const char *compare_sets(struct fm_emit *emit, const struct fm_shape *a, const char *x,
                                const struct fm_shape *b, const char *y)
{
    if (a != b && fm_shapes_clash(emit, a, b)) {
        return compare_boxed(emit, a, x, b, y);
    }
    if (a != b) { /* equal sets are in both universes */
        struct fm_conversion moved = fm_emit_conversion(emit, a, x, b);
        const char *same = compare(emit, b, moved.code, b, y);
        return moved.ok == NULL ? same : fm_emit_format(emit, "(%s && %s)", moved.ok, same);
    }
    if (!fm_shape_is_struct(a)) {
        return fm_emit_format(emit, "(%s == %s)", x, y);
    }
    return fm_emit_format(emit, "(memcmp(%s, %s, sizeof(%s)) == 0)", fm_emit_address(emit, a, x),
                          fm_emit_address(emit, b, y), fm_emit_type(emit, a));
}

/* --- the bodies of helpers: operands are "(*x)" and "(*y)" --- */

static void write_return_unless(struct fm_emit *emit, const char *condition)
{
    fm_emit_line(emit, "if (!%s) {", condition);
    fm_emit_line(emit, "    return false;");
    fm_emit_line(emit, "}");
}

static void write_members(struct fm_emit *emit, const struct fm_shape *a, const char *x,
                          const struct fm_shape *b, const char *y)
{
    fm_emit_open(emit, "%s", "");
    write_return_unless(emit,
                        compare(emit, a, fm_emit_load(emit, a, x), b, fm_emit_load(emit, b, y)));
    fm_emit_close(emit, "");
}

/* Both total, with the same keys. */
static void write_slots(struct fm_emit *emit, const struct fm_shape *a, const struct fm_shape *b)
{
    if (a->kind == FM_SHAPE_FCN && b->kind == FM_SHAPE_FCN) {
        fm_emit_open(emit, "for (uint32_t i = 0; i < %u; i++)", a->value_count);
        write_members(emit, a->parts[0], "x->at[i]", b->parts[0], "y->at[i]");
        fm_emit_close(emit, "");
        return;
    }
    for (uint32_t i = 0; i < fm_slots_count(a); i++) {
        write_members(emit, fm_slots_part(a, i), fm_slots_member(emit, a, "(*x)", i),
                      fm_slots_part(b, i), fm_slots_member(emit, b, "(*y)", i));
    }
}

static void write_sequences(struct fm_emit *emit, const struct fm_shape *a,
                            const struct fm_shape *b)
{
    write_return_unless(emit, "(x->length == y->length)");
    fm_emit_open(emit, "for (uint32_t i = 0; i < x->length; i++)");
    write_members(emit, a->parts[0], "x->at[i]", b->parts[0], "y->at[i]");
    fm_emit_close(emit, "");
}

/* A sequence and a tuple. */
static void write_sequence_and_slots(struct fm_emit *emit, const struct fm_shape *a,
                                     const struct fm_shape *b)
{
    bool left = a->kind == FM_SHAPE_SEQ;
    const struct fm_shape *slots = left ? b : a;
    fm_emit_line(emit, "if (%s->length != %u) {", left ? "x" : "y", fm_slots_count(slots));
    fm_emit_line(emit, "    return false;");
    fm_emit_line(emit, "}");
    for (uint32_t i = 0; i < fm_slots_count(slots); i++) {
        write_members(emit, fm_slots_part(a, i), fm_slots_member(emit, a, "(*x)", i),
                      fm_slots_part(b, i), fm_slots_member(emit, b, "(*y)", i));
    }
}

/* The same keys in the same slots. Where `has` differs, sizes or keys do. */
static void write_partial(struct fm_emit *emit, const struct fm_shape *a, const struct fm_shape *b)
{
    write_return_unless(emit, "(memcmp(&x->has, &y->has, sizeof x->has) == 0)");
    fm_emit_open(emit, "for (uint32_t i = 0; i < %u; i++)", a->value_count);
    fm_emit_open(emit, "if (%s)",
                 a->value_count > 64 ? "(x->has[i >> 6] >> (i & 63) & 1) != 0"
                                     : "((uint64_t)x->has >> i & 1) != 0");
    write_members(emit, a->parts[0], "x->at[i]", b->parts[0], "y->at[i]");
    fm_emit_close(emit, "");
    fm_emit_close(emit, "");
}

static bool is_sequence(const struct fm_shape *shape) /* keys 1..n, in slots 0..n-1 */
{
    return shape->kind == FM_SHAPE_TUPLE || shape->kind == FM_SHAPE_SEQ ||
           (shape->kind == FM_SHAPE_FCN && fm_value_same(shape->values[0], fm_small(1)) &&
            fm_value_same(shape->values[shape->value_count - 1], fm_small(shape->value_count)));
}

static void write_functions(struct fm_emit *emit, const struct fm_shape *a,
                            const struct fm_shape *b)
{
    if (a->kind == FM_SHAPE_SEQ && b->kind == FM_SHAPE_SEQ) {
        write_sequences(emit, a, b);
    } else if (is_total(a) && is_total(b) && fm_slots_alike(emit, a, b)) {
        write_slots(emit, a, b);
    } else if ((a->kind == FM_SHAPE_SEQ || b->kind == FM_SHAPE_SEQ) && is_sequence(a) &&
               is_sequence(b)) {
        const struct fm_shape *seq = a->kind == FM_SHAPE_SEQ ? a : b;
        if (fm_slots_count(seq == a ? b : a) > seq->capacity) {
            fm_emit_line(emit, "return false;"); /* it is longer than the sequence can be */
            return;
        }
        write_sequence_and_slots(emit, a, b);
    } else if (a->kind == FM_SHAPE_PFUN && b->kind == FM_SHAPE_PFUN && fm_slots_alike(emit, a, b)) {
        write_partial(emit, a, b);
    } else {
        fm_emit_line(emit, "return %s;", compare_boxed(emit, a, "(*x)", b, "(*y)"));
        return;
    }
    fm_emit_line(emit, "return true;");
}

static void write_sum(struct fm_emit *emit, const struct fm_shape *a, const struct fm_shape *b)
{
    bool left = a->kind == FM_SHAPE_SUM;
    const struct fm_shape *sum = left ? a : b;
    const char *name = left ? "x" : "y";
    for (uint32_t i = 0; i < sum->part_count; i++) {
        const struct fm_shape *part = sum->parts[i];
        fm_emit_open(emit, "if (%s->tag == %u)", name, i);
        const char *own = fm_emit_load(emit, part, fm_emit_format(emit, "%s->p%u", name, i));
        const struct fm_shape *other = left ? b : a;
        const char *rest = !fm_shape_is_struct(other) ? left ? "y" : "x" : left ? "(*y)" : "(*x)";
        const char *equal = left ? compare(emit, part, own, other, rest)
                                 : compare(emit, other, rest, part, own);
        fm_emit_line(emit, "return %s;", equal);
        fm_emit_close(emit, "");
    }
    fm_emit_line(emit, "return false;");
}

static const char *compare_by_helper(struct fm_emit *emit, const struct fm_shape *a, const char *x,
                                     const struct fm_shape *b, const char *y)
{
    const char *name = fm_emit_format(emit, "equal_s%u_s%u", a->number, b->number);
    bool struct_a = fm_shape_is_struct(a), struct_b = fm_shape_is_struct(b);
    if (fm_emit_once(emit, name) == NULL) {
        const char *type_a = fm_emit_type(emit, a), *type_b = fm_emit_type(emit, b);
        fm_emit_helper_begin(
            emit, "static FM_NRT_UNUSED bool %s(struct fm_nrt *c, const %s %sx, const %s %sy)",
            name, type_a, struct_a ? "*" : "", type_b, struct_b ? "*" : "");
        if (a->kind == FM_SHAPE_SUM || b->kind == FM_SHAPE_SUM) {
            write_sum(emit, a, b);
        } else {
            write_functions(emit, a, b);
        }
        fm_emit_helper_end(emit);
        fm_emit_once_is(emit, name, name);
    }
    const char *left = struct_a ? fm_emit_address(emit, a, x) : x;
    const char *right = struct_b ? fm_emit_address(emit, b, y) : y;
    const char *result = fm_emit_name(emit, "equal");
    fm_emit_need_context(emit);
    fm_emit_line(emit, "const bool %s = %s(c, %s, %s);", result, name, left, right);
    return result;
}

static const char *compare(struct fm_emit *emit, const struct fm_shape *a, const char *x,
                           const struct fm_shape *b, const char *y)
{
    if (a->kind == FM_SHAPE_NONE || b->kind == FM_SHAPE_NONE) {
        return "false"; /* never runs */
    }
    if (a->kind == FM_SHAPE_ANY || b->kind == FM_SHAPE_ANY) {
        return compare_boxed(emit, a, x, b, y);
    }
    bool sum = a->kind == FM_SHAPE_SUM || b->kind == FM_SHAPE_SUM;
    if (a == b && fm_shape_is_struct(a) && !fm_shapes_clash(emit, a, b)) {
        return fm_emit_format(emit, "(memcmp(%s, %s, sizeof(%s)) == 0)",
                              fm_emit_address(emit, a, x), fm_emit_address(emit, b, y),
                              fm_emit_type(emit, a));
    }
    if (sum) {
        return compare_by_helper(emit, a, x, b, y);
    }
    if (class_of(a) != class_of(b)) {
        return compare_classes(emit, a, x, b, y);
    }
    switch (class_of(a)) {
    case CLASS_MODEL:
        return compare_atoms(emit, a, x, b, y);
    case CLASS_SET:
        return compare_sets(emit, a, x, b, y);
    case CLASS_FUNCTION:
        if (is_total(a) && is_total(b) && fm_slots_count(a) != fm_slots_count(b)) {
            return "false";
        }
        return compare_by_helper(emit, a, x, b, y);
    case CLASS_INT:
    case CLASS_BOOL:
        break;
    }
    return fm_emit_format(emit, "(%s == %s)", x, y);
}

/* --- terms --- */

/* A known value beside code: in the code's shape if it is one of its values, else in its own. */
static struct fm_term beside(struct fm_emit *emit, struct fm_term known,
                             const struct fm_shape *shape)
{
    const struct fm_shape *own = fm_shape_has(emit->shapes, shape, known.value) ? shape
                                                                                : known.shape;
    return fm_emit_coded(own, fm_emit_as(emit, known, own));
}

const char *fm_emit_equal(struct fm_emit *emit, struct fm_term a, struct fm_term b)
{
    bool known_a = fm_term_is_known(a), known_b = fm_term_is_known(b);
    if (known_a && known_b && !fm_shapes_clash(emit, a.shape, b.shape)) {
        return fm_value_equal(emit->context, a.value, b.value) ? "true" : "false";
    }
    bool apart = !fm_shapes_overlap(emit, a.shape, b.shape);
    if (apart && !fm_shapes_clash(emit, a.shape, b.shape)) {
        return "false";
    }
    if (known_a) {
        a = beside(emit, a, b.shape);
    }
    if (known_b) {
        b = beside(emit, b, a.shape);
    }
    return compare(emit, a.shape, a.code, b.shape, b.code);
}
