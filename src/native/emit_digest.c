/* Digests of values in the representation of their shapes: the C that computes fm_value_digest,
 * and the parts of a state's digest, fm_state_digest_part.
 *
 * The digest of a composite inside another is close(open), and open is linear in its elements
 * (src/value/digest.c); so is what a variable adds to the digest of a state. So each element has an
 * entry of its own, which holds what one element more adds to the count, and that of a variable the
 * factor of the variable. Emitted code has for each shape, and each variable, that needs it
 *
 *     open_sN(c, v)                        what *v has before it is closed
 *     change_sN(c, open, a, b)             takes out and puts in what differs between *a and *b
 *     part_vI_sN(c, v)                     the same for a variable
 *     change_vI_sN(c, p, total, a, b)
 *     change_place_vI_sN(c, p, total, a, b, i)
 *
 * where v, a and b point to the shape's form inside another. Of a variable that is a function of
 * composites `struct parent` keeps what its places have before they are closed, so that a change
 * deep inside costs what is new there and one closing.
 *
 * For arrays of small elements a comparison of words finds the places, for sets the bits of a XOR;
 * where emission knows what changed (fm_emit_update) nothing is compared.
 *
 * What does not depend on the state is computed here and becomes a table of the emitted code:
 * digests of atoms and of universe elements (they depend on spelling and kind only, so the text is
 * the same in every run), of keys, and, for elements with few values, the whole part
 * pair(key, value): most states consist of atoms and Booleans in arrays, which then cost a load.
 * Small sets, and composites of such parts, are "few values" too (emit_small.c). */
#include "native/emit_digest.h"
#include "native/emit.h"
#include "native/emit_data.h"

#include "base/assert.h"

#include <inttypes.h>

/* Entries of a table by place and value at most: 16 KiB, half of a first-level cache. */
#define PARTS_MAX 1024u

/* Elements of a small set that are summed up by one load, and the loads that are better than a loop
 * over those that are there: its end is not predicted. */
#define NIBBLE 4u
#define NIBBLES_MAX 8u

/* Places of a function of composites that are kept of a parent: 32 bytes each. */
#define KEPT_MAX 32u

/* Whose digest it is: a value inside another, or that of a variable, which has entries. */
struct place {
    const struct fm_shape *shape;
    bool is_variable;
    uint32_t variable;
};

static struct place inner_place(const struct fm_shape *shape)
{
    return (struct place){.shape = shape};
}

static struct place variable_place(uint32_t variable, const struct fm_shape *shape)
{
    return (struct place){shape, true, variable};
}

/* The end of the names that belong to it. */
static const char *suffix(struct fm_emit *emit, const struct place *place)
{
    return place->is_variable
               ? fm_emit_format(emit, "v%u_s%u", place->variable, place->shape->number)
               : fm_emit_format(emit, "s%u", place->shape->number);
}

static uint64_t kind_of(const struct fm_shape *shape)
{
    return shape->kind == FM_SHAPE_SET ? FM_DIGEST_SET : FM_DIGEST_FUNCTION;
}

/* What an element with this digest adds: open is linear, so that one more element adds its digest
 * and the kind. */
static struct fm_digest entry(const struct place *place, struct fm_digest digest)
{
    uint64_t kind = kind_of(place->shape);
    struct fm_digest open = {digest.low + kind, digest.high - kind};
    return place->is_variable ? fm_digest_scale(place->variable, open) : open;
}

static const char *entry_code(struct fm_emit *emit, const struct place *place, const char *digest)
{
    const char *kind = place->shape->kind == FM_SHAPE_SET ? "FM_DIGEST_SET" : "FM_DIGEST_FUNCTION";
    struct fm_digest one = {1, 1};
    return place->is_variable
               ? fm_emit_format(emit, "fm_digest_entry(%s, %s, %s)", kind,
                                fm_emit_digest_literal(emit, fm_digest_scale(place->variable, one)),
                                digest)
               : fm_emit_format(emit, "fm_digest_element(%s, %s)", kind, digest);
}

const char *fm_emit_digest_literal(struct fm_emit *emit, struct fm_digest digest)
{
    return fm_emit_format(emit,
                          "((struct fm_digest){UINT64_C(0x%" PRIx64 "), UINT64_C(0x%" PRIx64 ")})",
                          digest.low, digest.high);
}

/* --- tables --- */

static void add_digest(struct fm_emit *emit, struct fm_digest digest)
{
    fm_text_printf(&emit->prelude,
                   "    {UINT64_C(0x%016" PRIx64 "), UINT64_C(0x%016" PRIx64 ")},\n", digest.low,
                   digest.high);
}

static void begin_table(struct fm_emit *emit, const char *name, uint32_t rows)
{
    fm_text_printf(&emit->prelude, "static const struct fm_digest %s[%u] = {\n", name,
                   rows == 0 ? 1 : rows);
}

static void end_table(struct fm_emit *emit, uint32_t rows)
{
    fm_text_puts(&emit->prelude, rows == 0 ? "    {0, 0},\n};\n" : "};\n");
}

/* Digests of shape->values: atoms, arguments of functions. */
static const char *values_table(struct fm_emit *emit, const struct fm_shape *shape)
{
    const char *name = fm_emit_format(emit, "values_s%u", shape->number);
    if (fm_emit_once(emit, name) == NULL) {
        fm_emit_once_is(emit, name, name);
        begin_table(emit, name, shape->value_count);
        for (uint32_t i = 0; i < shape->value_count; i++) {
            add_digest(emit, fm_value_digest(emit->context, shape->values[i]));
        }
        end_table(emit, shape->value_count);
    }
    return name;
}

/* What the elements of a SET add. */
static const char *elements_table(struct fm_emit *emit, const struct place *at)
{
    const struct fm_shape *shape = at->shape;
    const char *name = fm_emit_format(emit, "elements_%s", suffix(emit, at));
    if (fm_emit_once(emit, name) == NULL) {
        fm_emit_once_is(emit, name, name);
        begin_table(emit, name, shape->value_count);
        for (uint32_t i = 0; i < shape->value_count; i++) {
            add_digest(emit, entry(at, fm_value_digest(emit->context, shape->values[i])));
        }
        end_table(emit, shape->value_count);
    }
    return name;
}

/* The table of all values of a shape with few. */
static const char *small_table(struct fm_emit *emit, const struct fm_shape *shape)
{
    const char *name = fm_emit_format(emit, "digests_s%u", shape->number);
    if (fm_emit_once(emit, name) == NULL) {
        fm_emit_once_is(emit, name, name);
        begin_table(emit, name, fm_emit_small_count(shape));
        for (uint32_t i = 0; i < fm_emit_small_count(shape); i++) {
            add_digest(emit, fm_emit_small_digest(emit, shape, i));
        }
        end_table(emit, fm_emit_small_count(shape));
    }
    return name;
}

/* The same paired with one key, as parts of `whole`. */
static const char *part_table(struct fm_emit *emit, struct fm_digest key,
                              const struct fm_shape *shape, const struct place *whole)
{
    const char *index = fm_emit_format(emit, "parts_%s_s%u_%016" PRIx64 "%016" PRIx64,
                                       suffix(emit, whole), shape->number, key.low, key.high);
    const char *name = fm_emit_once(emit, index);
    if (name == NULL) {
        name = fm_emit_name(emit, fm_emit_format(emit, "parts_s%u", shape->number));
        fm_emit_once_is(emit, index, name);
        begin_table(emit, name, fm_emit_small_count(shape));
        for (uint32_t i = 0; i < fm_emit_small_count(shape); i++) {
            struct fm_digest pair = fm_digest_pair(key, fm_emit_small_digest(emit, shape, i));
            add_digest(emit, entry(whole, pair));
        }
        end_table(emit, fm_emit_small_count(shape));
    }
    return name;
}

/* --- arrays: FCN, PFUN, SEQ --- */

static uint32_t place_count(const struct fm_shape *shape)
{
    return shape->kind == FM_SHAPE_SEQ ? shape->capacity : shape->value_count;
}

static struct fm_digest place_key(struct fm_emit *emit, const struct fm_shape *shape, uint32_t i)
{
    return shape->kind == FM_SHAPE_SEQ ? fm_digest_of_int((int64_t)i + 1)
                                       : fm_value_digest(emit->context, shape->values[i]);
}

/* Parts by place and value, row by row. */
static const char *places_table(struct fm_emit *emit, const struct place *at)
{
    const struct fm_shape *shape = at->shape;
    const char *name = fm_emit_format(emit, "places_%s", suffix(emit, at));
    if (fm_emit_once(emit, name) == NULL) {
        fm_emit_once_is(emit, name, name);
        uint32_t width = fm_emit_small_count(shape->parts[0]), rows = place_count(shape) * width;
        begin_table(emit, name, rows);
        for (uint32_t i = 0; i < rows; i++) {
            struct fm_digest pair = fm_digest_pair(
                place_key(emit, shape, i / width),
                fm_emit_small_digest(emit, shape->parts[0], i % width));
            add_digest(emit, entry(at, pair));
        }
        end_table(emit, rows);
    }
    return name;
}

static const char *keys_table(struct fm_emit *emit, const struct fm_shape *shape)
{
    if (shape->kind != FM_SHAPE_SEQ) {
        return values_table(emit, shape);
    }
    const char *name = fm_emit_format(emit, "keys_s%u", shape->number);
    if (fm_emit_once(emit, name) == NULL) {
        fm_emit_once_is(emit, name, name);
        begin_table(emit, name, shape->capacity);
        for (uint32_t i = 0; i < shape->capacity; i++) {
            add_digest(emit, place_key(emit, shape, i));
        }
        end_table(emit, shape->capacity);
    }
    return name;
}

/* C of the part at place `i` (a C name) of *v. */
static const char *place_part(struct fm_emit *emit, const struct place *at, const char *v)
{
    const struct fm_shape *shape = at->shape, *element = shape->parts[0];
    const char *member = fm_emit_format(emit, "%s->at[i]", v);
    uint32_t width = fm_emit_small_count(element);
    if (width != 0 && place_count(shape) * width <= PARTS_MAX) {
        return fm_emit_format(emit, "%s[i * %uu + (uint32_t)(%s)]", places_table(emit, at), width,
                              fm_emit_small_index(emit, element, member));
    }
    const char *keys = keys_table(emit, shape);
    return entry_code(emit, at,
                      fm_emit_format(emit, "fm_digest_pair(%s[i], %s)", keys,
                                     fm_emit_digest(emit, element, member)));
}

/* C of type bool: whether *v has the place `i`; NULL when all have. */
static const char *place_test(struct fm_emit *emit, const struct fm_shape *shape, const char *v)
{
    if (shape->kind == FM_SHAPE_FCN) {
        return NULL;
    }
    if (shape->kind == FM_SHAPE_SEQ) {
        return fm_emit_format(emit, "i < %s->length", v);
    }
    return shape->value_count <= 64
               ? fm_emit_format(emit, "((uint64_t)%s->has >> i & 1u) != 0", v)
               : fm_emit_format(emit, "(%s->has[i / 64] >> (i %% 64) & 1u) != 0", v);
}

/* --- sums --- */

/* What each subset of a NIBBLE of elements adds, nibble by nibble. */
static const char *nibbles_table(struct fm_emit *emit, const struct place *at)
{
    const struct fm_shape *shape = at->shape;
    const char *name = fm_emit_format(emit, "nibbles_%s", suffix(emit, at));
    if (fm_emit_once(emit, name) == NULL) {
        fm_emit_once_is(emit, name, name);
        uint32_t rows = (shape->value_count + NIBBLE - 1) / NIBBLE << NIBBLE;
        begin_table(emit, name, rows);
        for (uint32_t i = 0; i < rows; i++) {
            struct fm_digest sum = {0, 0};
            for (uint32_t bits = i % (1u << NIBBLE); bits != 0; bits &= bits - 1) {
                uint32_t element = (i >> NIBBLE) * NIBBLE + (uint32_t)__builtin_ctz(bits);
                if (element < shape->value_count) {
                    fm_digest_add(
                        &sum, entry(at, fm_value_digest(emit->context, shape->values[element])));
                }
            }
            add_digest(emit, sum);
        }
        end_table(emit, rows);
    }
    return name;
}

static void sum_bits(struct fm_emit *emit, const struct place *at)
{
    const struct fm_shape *shape = at->shape;
    if (!fm_shape_is_struct(shape) && shape->value_count <= NIBBLES_MAX * NIBBLE) {
        for (uint32_t k = 0; k < shape->value_count; k += NIBBLE) {
            fm_emit_line(emit, "fm_digest_add(&sum, %s[%u + ((uint32_t)*v >> %u & %u)]);",
                         nibbles_table(emit, at), k / NIBBLE << NIBBLE, k, (1u << NIBBLE) - 1);
        }
        return;
    }
    const char *values = elements_table(emit, at);
    if (!fm_shape_is_struct(shape)) {
        fm_emit_open(emit, "for (uint64_t w = *v; w != 0; w &= w - 1)");
        fm_emit_line(emit, "fm_digest_add(&sum, %s[__builtin_ctzll(w)]);", values);
        fm_emit_close(emit, "");
        return;
    }
    fm_emit_open(emit, "for (uint32_t k = 0; k < %u; k++)", (shape->value_count + 63) / 64);
    fm_emit_open(emit, "for (uint64_t w = v->w[k]; w != 0; w &= w - 1)");
    fm_emit_line(emit, "fm_digest_add(&sum, %s[k * 64 + (uint32_t)__builtin_ctzll(w)]);", values);
    fm_emit_close(emit, "");
    fm_emit_close(emit, "");
}

static void sum_places(struct fm_emit *emit, const struct place *at)
{
    const struct fm_shape *shape = at->shape;
    const char *part = place_part(emit, at, "v");
    if (shape->kind == FM_SHAPE_PFUN && shape->value_count <= 64) {
        fm_emit_open(emit, "for (uint64_t w = v->has; w != 0; w &= w - 1)");
        fm_emit_line(emit, "const uint32_t i = (uint32_t)__builtin_ctzll(w);");
    } else if (shape->kind == FM_SHAPE_PFUN) {
        fm_emit_open(emit, "for (uint32_t i = 0; i < %u; i++)", place_count(shape));
        fm_emit_open(emit, "if (!(%s))", place_test(emit, shape, "v"));
        fm_emit_line(emit, "continue;");
        fm_emit_close(emit, "");
    } else if (shape->kind == FM_SHAPE_SEQ) {
        fm_emit_open(emit, "for (uint32_t i = 0; i < v->length; i++)");
    } else {
        fm_emit_line(emit, "#pragma GCC unroll 16");
        fm_emit_open(emit, "for (uint32_t i = 0; i < %u; i++)", place_count(shape));
    }
    fm_emit_line(emit, "fm_digest_add(&sum, %s);", part);
    fm_emit_close(emit, "");
}

/* C of part k of a TUPLE or RECORD. */
static const char *member_part(struct fm_emit *emit, const struct place *at, uint32_t k,
                               const char *v)
{
    const struct fm_shape *shape = at->shape;
    const char *member = fm_emit_format(emit, "%s->p%u", v, k);
    struct fm_digest key = fm_emit_part_key(emit, shape, k);
    if (fm_emit_small_count(shape->parts[k]) != 0) {
        return fm_emit_format(emit, "%s[%s]", part_table(emit, key, shape->parts[k], at),
                              fm_emit_small_index(emit, shape->parts[k], member));
    }
    return entry_code(emit, at,
                      fm_emit_format(emit, "fm_digest_pair(%s, %s)",
                                     fm_emit_digest_literal(emit, key),
                                     fm_emit_digest(emit, shape->parts[k], member)));
}

static void sum_parts(struct fm_emit *emit, const struct place *at)
{
    for (uint32_t k = 0; k < at->shape->part_count; k++) {
        fm_emit_line(emit, "fm_digest_add(&sum, %s);", member_part(emit, at, k, "v"));
    }
}

static void sum_body(struct fm_emit *emit, const struct place *at)
{
    switch (at->shape->kind) {
    case FM_SHAPE_SET:
        sum_bits(emit, at);
        return;
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
        sum_places(emit, at);
        return;
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        sum_parts(emit, at);
        return;
    case FM_SHAPE_NONE:
    case FM_SHAPE_BOOL:
    case FM_SHAPE_INT:
    case FM_SHAPE_ATOM:
    case FM_SHAPE_SUM:
    case FM_SHAPE_ANY:
        break;
    }
    fm_unreachable();
}

/* Name of the function of that sum, which is in the prelude. It begins with what is left of a
 * composite without elements. */
static const char *sum_function(struct fm_emit *emit, const struct place *at)
{
    const char *name = fm_emit_format(emit, "%s_%s", at->is_variable ? "part" : "open",
                                      suffix(emit, at));
    if (fm_emit_once(emit, name) == NULL) {
        fm_emit_once_is(emit, name, name);
        struct fm_digest none = {0, 0};
        fm_emit_helper_begin(emit,
                             "static inline struct fm_digest %s(struct fm_nrt *c, const %s *v)",
                             name, fm_emit_member_type(emit, at->shape));
        fm_emit_line(emit, "(void)c;");
        fm_emit_line(emit, "(void)v;");
        fm_emit_line(emit, "struct fm_digest sum = %s;",
                     fm_emit_digest_literal(emit, entry(at, none)));
        sum_body(emit, at);
        fm_emit_line(emit, "return sum;");
        fm_emit_helper_end(emit);
    }
    return name;
}

/* --- digests, and parts of the state's --- */

/* The parts of all values of a variable with few. */
static const char *few_table(struct fm_emit *emit, const struct place *at)
{
    const char *name = fm_emit_format(emit, "parts_%s", suffix(emit, at));
    if (fm_emit_once(emit, name) == NULL) {
        fm_emit_once_is(emit, name, name);
        uint32_t count = fm_emit_small_count(at->shape);
        begin_table(emit, name, count);
        for (uint32_t i = 0; i < count; i++) {
            bool is_composite;
            struct fm_digest open = fm_emit_small_open(emit, at->shape, i, &is_composite);
            add_digest(emit, is_composite ? fm_digest_scale(at->variable, open)
                                          : fm_digest_pair(fm_digest_of_int(at->variable), open));
        }
        end_table(emit, count);
    }
    return name;
}

static const char *digest_at(struct fm_emit *emit, const struct place *at, const char *member);

/* One of several shapes, by tag. */
static const char *digest_of_sum(struct fm_emit *emit, const struct place *at, const char *member)
{
    const char *name = fm_emit_format(emit, "%s_%s", at->is_variable ? "part" : "digest",
                                      suffix(emit, at));
    if (fm_emit_once(emit, name) == NULL) {
        fm_emit_once_is(emit, name, name);
        fm_emit_helper_begin(emit,
                             "static inline struct fm_digest %s(struct fm_nrt *c, const %s *v)",
                             name, fm_emit_member_type(emit, at->shape));
        fm_emit_line(emit, "(void)c;");
        fm_emit_open(emit, "switch (v->tag)");
        for (uint32_t k = 0; k < at->shape->part_count; k++) {
            struct place part = *at;
            part.shape = at->shape->parts[k];
            fm_emit_line(emit, "case %u: return %s;", k,
                         digest_at(emit, &part, fm_emit_format(emit, "v->p%u", k)));
        }
        fm_emit_close(emit, "");
        fm_emit_line(emit, "__builtin_unreachable();");
        fm_emit_helper_end(emit);
    }
    return fm_emit_format(emit, "%s(c, &%s)", name, member);
}

/* What is no composite, with its digest in C. */
static const char *digest_of_leaf(struct fm_emit *emit, const struct place *at, const char *digest)
{
    return at->is_variable
               ? fm_emit_format(emit, "fm_digest_pair(%s, %s)",
                                fm_emit_digest_literal(emit, fm_digest_of_int(at->variable)),
                                digest)
               : digest;
}

static const char *digest_at(struct fm_emit *emit, const struct place *at, const char *member)
{
    const struct fm_shape *shape = at->shape;
    if (fm_emit_small_count(shape) != 0) {
        return fm_emit_format(emit, "%s[%s]",
                              at->is_variable ? few_table(emit, at) : small_table(emit, shape),
                              fm_emit_small_index(emit, shape, member));
    }
    switch (shape->kind) {
    case FM_SHAPE_NONE: /* no value: the element of what is always empty */
        return digest_of_leaf(emit, at, "((struct fm_digest){0, 0})");
    case FM_SHAPE_INT:
        return digest_of_leaf(emit, at,
                              fm_emit_format(emit, "fm_digest_of_int((int64_t)%s)", member));
    case FM_SHAPE_ATOM:
        return digest_of_leaf(emit, at,
                              fm_emit_format(emit, "%s[%s]", values_table(emit, shape), member));
    case FM_SHAPE_ANY:
        return at->is_variable
                   ? fm_emit_format(emit, "c->interned_part(c, %s, %u)", member, at->variable)
                   : fm_emit_format(emit, "c->interned_digest(c, %s)", member);
    case FM_SHAPE_SUM:
        return digest_of_sum(emit, at, member);
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
    case FM_SHAPE_SET:
        return fm_emit_format(emit, at->is_variable ? "%s(c, &%s)" : "fm_digest_close(%s(c, &%s))",
                              sum_function(emit, at), member);
    case FM_SHAPE_BOOL: /* has few values */
        break;
    }
    fm_unreachable();
}

const char *fm_emit_digest(struct fm_emit *emit, const struct fm_shape *shape, const char *member)
{
    const struct place at = inner_place(shape);
    return digest_at(emit, &at, member);
}

const char *fm_emit_digest_part(struct fm_emit *emit, uint32_t variable,
                                const struct fm_shape *shape, const char *member)
{
    const struct place at = variable_place(variable, shape);
    return digest_at(emit, &at, member);
}

/* --- what is kept of a parent --- */

uint32_t fm_emit_digest_kept(const struct fm_emit *emit, uint32_t variable)
{
    const struct fm_shape *shape = emit->layout->variables[variable];
    if (shape->kind != FM_SHAPE_FCN || shape->value_count > KEPT_MAX ||
        fm_emit_small_count(shape->parts[0]) != 0) {
        return 0;
    }
    switch (shape->parts[0]->kind) {
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
    case FM_SHAPE_SET:
        return shape->value_count;
    case FM_SHAPE_NONE:
    case FM_SHAPE_BOOL:
    case FM_SHAPE_INT:
    case FM_SHAPE_ATOM:
    case FM_SHAPE_SUM:
    case FM_SHAPE_ANY:
        break;
    }
    return 0;
}

static bool is_kept(const struct fm_emit *emit, const struct place *at)
{
    return at->is_variable && emit->layout->variables[at->variable] == at->shape &&
           fm_emit_digest_kept(emit, at->variable) != 0;
}

/* C of what place `i` adds when its value is `open` before it is closed. */
static const char *closed_part(struct fm_emit *emit, const struct place *at)
{
    return entry_code(emit, at,
                      fm_emit_format(emit, "fm_digest_pair(%s[i], fm_digest_close(open))",
                                     keys_table(emit, at->shape)));
}

void fm_emit_digest_keep(struct fm_emit *emit, uint32_t variable, const char *member)
{
    const struct place at = variable_place(variable, emit->layout->variables[variable]);
    const struct place inner = inner_place(at.shape->parts[0]);
    struct fm_digest none = {0, 0};
    fm_emit_line(emit, "fm_digest_add(&p->total, %s);",
                 fm_emit_digest_literal(emit, entry(&at, none)));
    fm_emit_open(emit, "for (uint32_t i = 0; i < %u; i++)", at.shape->value_count);
    fm_emit_line(emit, "const struct fm_digest open = %s(c, &%s.at[i]);",
                 sum_function(emit, &inner), member);
    fm_emit_line(emit, "p->open_v%u[i] = open;", variable);
    fm_emit_line(emit, "p->part_v%u[i] = %s;", variable, closed_part(emit, &at));
    fm_emit_line(emit, "fm_digest_add(&p->total, p->part_v%u[i]);", variable);
    fm_emit_close(emit, "");
}

/* --- changes --- */

static const char *change_function(struct fm_emit *emit, const struct place *at);

static void change_whole(struct fm_emit *emit, const struct place *at)
{
    fm_assert(at->is_variable); /* inside another, only composites change in part */
    fm_emit_line(emit, "fm_digest_subtract(total, %s);",
                 fm_emit_digest_part(emit, at->variable, at->shape, "(*a)"));
    fm_emit_line(emit, "fm_digest_add(total, %s);",
                 fm_emit_digest_part(emit, at->variable, at->shape, "(*b)"));
}

static void change_bits(struct fm_emit *emit, const struct place *at)
{
    const char *values = elements_table(emit, at);
    bool wide = fm_shape_is_struct(at->shape);
    if (wide) {
        fm_emit_open(emit, "for (uint32_t k = 0; k < %u; k++)", (at->shape->value_count + 63) / 64);
        fm_emit_line(emit, "const uint64_t x = a->w[k], y = b->w[k];");
    } else {
        fm_emit_line(emit, "const uint64_t x = *a, y = *b;");
    }
    const char *base = wide ? "k * 64 + " : "";
    fm_emit_open(emit, "for (uint64_t w = x & ~y; w != 0; w &= w - 1)");
    fm_emit_line(emit, "fm_digest_subtract(total, %s[%s(uint32_t)__builtin_ctzll(w)]);", values,
                 base);
    fm_emit_close(emit, "");
    fm_emit_open(emit, "for (uint64_t w = y & ~x; w != 0; w &= w - 1)");
    fm_emit_line(emit, "fm_digest_add(total, %s[%s(uint32_t)__builtin_ctzll(w)]);", values, base);
    fm_emit_close(emit, "");
    if (wide) {
        fm_emit_close(emit, "");
    }
}

/* C of type bool: whether two members of the shape differ. */
static const char *differ(struct fm_emit *emit, const struct fm_shape *shape, const char *a,
                          const char *b)
{
    return fm_shape_is_struct(shape)
               ? fm_emit_format(emit, "memcmp(&%s, &%s, sizeof %s) != 0", a, b, a)
               : fm_emit_format(emit, "%s != %s", a, b);
}

static void change_place(struct fm_emit *emit, const struct place *at)
{
    if (is_kept(emit, at)) {
        const struct place inner = inner_place(at->shape->parts[0]);
        fm_emit_line(emit, "struct fm_digest open = p->open_v%u[i];", at->variable);
        fm_emit_line(emit, "%s(c, &open, &a->at[i], &b->at[i]);", change_function(emit, &inner));
        fm_emit_line(emit, "fm_digest_subtract(total, p->part_v%u[i]);", at->variable);
        fm_emit_line(emit, "fm_digest_add(total, %s);", closed_part(emit, at));
        return;
    }
    fm_emit_line(emit, "fm_digest_subtract(total, %s);", place_part(emit, at, "a"));
    fm_emit_line(emit, "fm_digest_add(total, %s);", place_part(emit, at, "b"));
}

/* Every place holds something, of few bytes: words of several places are compared at once. */
static void change_words(struct fm_emit *emit, const struct place *at)
{
    const struct fm_shape *shape = at->shape;
    uint32_t size = shape->parts[0]->size, total = size * shape->value_count;
    bool single = total <= 8;
    if (single) {
        fm_emit_line(emit, "const uint32_t from = 0;");
        fm_emit_line(emit, "uint64_t w = fm_nrt_word(a->at, %u) ^ fm_nrt_word(b->at, %u);", total,
                     total);
    } else {
        fm_emit_open(emit, "for (uint32_t from = 0; from < %u; from += %u)", shape->value_count,
                     8 / size);
        fm_emit_line(emit, "const size_t n = %u - from < %u ? (%u - from) * %u : 8;",
                     shape->value_count, 8 / size, shape->value_count, size);
        fm_emit_line(emit, "uint64_t w = n == 8 ? fm_nrt_word(a->at + from, 8) ^ "
                           "fm_nrt_word(b->at + from, 8) : fm_nrt_word(a->at + from, n) ^ "
                           "fm_nrt_word(b->at + from, n);");
    }
    fm_emit_open(emit, "while (w != 0)");
    fm_emit_line(emit, "const uint32_t k = (uint32_t)__builtin_ctzll(w) / %u;", 8 * size);
    fm_emit_line(emit, "const uint32_t i = from + k;");
    change_place(emit, at);
    fm_emit_line(emit, "w &= ~(UINT64_C(0x%" PRIx64 ") << (k * %u));",
                 (UINT64_C(1) << (8 * size)) - 1, 8 * size);
    fm_emit_close(emit, "");
    if (!single) {
        fm_emit_close(emit, "");
    }
}

static void change_places(struct fm_emit *emit, const struct place *at)
{
    const struct fm_shape *shape = at->shape, *element = shape->parts[0];
    bool is_word = element->size == 1 || element->size == 2 || element->size == 4;
    if (shape->kind == FM_SHAPE_FCN && is_word && !fm_shape_is_struct(element)) {
        change_words(emit, at);
        return;
    }
    const char *in_a = place_test(emit, shape, "a"), *in_b = place_test(emit, shape, "b");
    const char *changed = differ(emit, element, "a->at[i]", "b->at[i]");
    if (shape->kind == FM_SHAPE_PFUN && shape->value_count <= 64) {
        fm_emit_open(emit, "for (uint64_t w = a->has | b->has; w != 0; w &= w - 1)");
        fm_emit_line(emit, "const uint32_t i = (uint32_t)__builtin_ctzll(w);");
    } else {
        fm_emit_open(emit, "for (uint32_t i = 0; i < %u; i++)", place_count(shape));
    }
    if (in_a == NULL) {
        fm_emit_open(emit, "if (%s)", changed);
        change_place(emit, at);
        fm_emit_close(emit, "");
    } else {
        fm_emit_line(emit, "const bool in_a = %s, in_b = %s;", in_a, in_b);
        if (shape->kind == FM_SHAPE_SEQ) {
            fm_emit_open(emit, "if (!in_a && !in_b)");
            fm_emit_line(emit, "break;");
            fm_emit_close(emit, "");
        }
        fm_emit_open(emit, "if (in_a && (!in_b || %s))", changed);
        fm_emit_line(emit, "fm_digest_subtract(total, %s);", place_part(emit, at, "a"));
        fm_emit_close(emit, "");
        fm_emit_open(emit, "if (in_b && (!in_a || %s))", changed);
        fm_emit_line(emit, "fm_digest_add(total, %s);", place_part(emit, at, "b"));
        fm_emit_close(emit, "");
    }
    fm_emit_close(emit, "");
}

static void change_parts(struct fm_emit *emit, const struct place *at)
{
    for (uint32_t k = 0; k < at->shape->part_count; k++) {
        const char *a = fm_emit_format(emit, "a->p%u", k), *b = fm_emit_format(emit, "b->p%u", k);
        fm_emit_open(emit, "if (%s)", differ(emit, at->shape->parts[k], a, b));
        fm_emit_line(emit, "fm_digest_subtract(total, %s);", member_part(emit, at, k, "a"));
        fm_emit_line(emit, "fm_digest_add(total, %s);", member_part(emit, at, k, "b"));
        fm_emit_close(emit, "");
    }
}

/* By tag; a part of the same shape as before changes as such. */
static void change_sum(struct fm_emit *emit, const struct place *at)
{
    fm_emit_open(emit, "if (a->tag == b->tag)");
    fm_emit_open(emit, "switch (b->tag)");
    for (uint32_t k = 0; k < at->shape->part_count; k++) {
        fm_emit_line(emit, "case %u: %s(c, p, total, &a->p%u, &b->p%u); return;", k,
                     fm_emit_digest_change(emit, at->variable, at->shape->parts[k]), k, k);
    }
    fm_emit_close(emit, "");
    fm_emit_close(emit, "");
    change_whole(emit, at);
}

static void change_body(struct fm_emit *emit, const struct place *at)
{
    if (at->is_variable && fm_emit_small_count(at->shape) != 0) {
        change_whole(emit, at);
        return;
    }
    switch (at->shape->kind) {
    case FM_SHAPE_SET:
        change_bits(emit, at);
        return;
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        change_parts(emit, at);
        return;
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
        change_places(emit, at);
        return;
    case FM_SHAPE_SUM:
        change_sum(emit, at);
        return;
    case FM_SHAPE_NONE:
    case FM_SHAPE_BOOL:
    case FM_SHAPE_INT:
    case FM_SHAPE_ATOM:
    case FM_SHAPE_ANY:
        change_whole(emit, at);
        return;
    }
    fm_unreachable();
}

/* (c, p, total, a, b) for a variable, (c, total, a, b) inside another. */
static const char *change_function(struct fm_emit *emit, const struct place *at)
{
    const char *name = fm_emit_format(emit, "change_%s", suffix(emit, at));
    if (fm_emit_once(emit, name) == NULL) {
        fm_emit_once_is(emit, name, name);
        const char *type = fm_emit_member_type(emit, at->shape);
        bool is_short = fm_emit_small_count(at->shape) != 0;
        fm_emit_helper_begin(emit,
                             "%s void %s(struct fm_nrt *c, %sstruct fm_digest *total, "
                             "const %s *a, const %s *b)",
                             is_short ? "FM_NRT_INLINE" : "static inline", name,
                             at->is_variable ? "const struct parent *p, " : "", type, type);
        fm_emit_line(emit, "(void)c;");
        if (at->is_variable) {
            fm_emit_line(emit, "(void)p;");
        }
        change_body(emit, at);
        fm_emit_helper_end(emit);
    }
    return name;
}

const char *fm_emit_digest_change(struct fm_emit *emit, uint32_t variable,
                                  const struct fm_shape *shape)
{
    const struct place at = variable_place(variable, shape);
    return change_function(emit, &at);
}

const char *fm_emit_digest_change_place(struct fm_emit *emit, uint32_t variable,
                                        const struct fm_shape *shape)
{
    const struct place at = variable_place(variable, shape);
    const char *name = fm_emit_format(emit, "change_place_%s", suffix(emit, &at));
    if (fm_emit_once(emit, name) == NULL) {
        fm_emit_once_is(emit, name, name);
        const char *type = fm_emit_member_type(emit, shape);
        uint32_t width = fm_emit_small_count(shape->parts[0]);
        bool is_short = width != 0 && place_count(shape) * width <= PARTS_MAX;
        fm_emit_helper_begin(emit,
                             "%s void %s(struct fm_nrt *c, const struct parent *p, "
                             "struct fm_digest *total, const %s *a, const %s *b, uint32_t i)",
                             is_short ? "FM_NRT_INLINE" : "static inline", name, type, type);
        fm_emit_line(emit, "(void)c;");
        fm_emit_line(emit, "(void)p;");
        change_place(emit, &at);
        fm_emit_helper_end(emit);
    }
    return name;
}
