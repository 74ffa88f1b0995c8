/* Conversion between shapes: the same value in another representation.
 *
 * Every conversion has two results, the code and whether the value is of the other shape at all;
 * fm_emit_as guards the second, fm_emit_fits returns it, the position of an element in a universe
 * makes -1 of it. So there is one description of what fits.
 *
 * Words convert in place: a range check, a table from index to index, a few shifts of a bit set.
 * Everything else is a function of the prelude, one for each pair of shapes:
 *
 *     static bool conv_s3_s7(struct fm_nrt *c, const s3 *x, s7 *out);
 *
 * Functions in the sense of TLA+ have five shapes. They are seen as slots, each with a key and
 * perhaps a condition under which the function is defined there (`length > 2`, a bit of `has`); a
 * conversion moves slots with equal keys and checks that nothing is left over or missing. Long ones
 * of the same build are loops.
 *
 * A SUM is entered by the part that the value fits, tried in their order: a value is in one part
 * only. It is left by its tag. */
#include "native/emit_value.h"

#include "base/assert.h"

#include <inttypes.h>
#include <string.h>

static struct fm_conversion never(struct fm_emit *emit, const struct fm_shape *to)
{
    return (struct fm_conversion){fm_emit_zero(emit, to), "false"};
}

/* --- functions as slots --- */

bool fm_slots_has(const struct fm_shape *shape)
{
    return shape->kind >= FM_SHAPE_TUPLE && shape->kind <= FM_SHAPE_SEQ;
}

uint32_t fm_slots_count(const struct fm_shape *shape)
{
    return shape->kind == FM_SHAPE_TUPLE || shape->kind == FM_SHAPE_RECORD ? shape->part_count
           : shape->kind == FM_SHAPE_SEQ                                   ? shape->capacity
                                                                           : shape->value_count;
}

fm_value fm_slots_key(const struct fm_shape *shape, uint32_t slot)
{
    if (shape->kind == FM_SHAPE_TUPLE || shape->kind == FM_SHAPE_SEQ) {
        return fm_small((int64_t)slot + 1);
    }
    return shape->values[slot];
}

const struct fm_shape *fm_slots_part(const struct fm_shape *shape, uint32_t slot)
{
    bool own = shape->kind == FM_SHAPE_TUPLE || shape->kind == FM_SHAPE_RECORD;
    return shape->parts[own ? slot : 0];
}

const char *fm_slots_member(struct fm_emit *emit, const struct fm_shape *shape, const char *code,
                            uint32_t slot)
{
    bool own = shape->kind == FM_SHAPE_TUPLE || shape->kind == FM_SHAPE_RECORD;
    return own ? fm_emit_format(emit, "%s.p%u", code, slot)
               : fm_emit_format(emit, "%s.at[%u]", code, slot);
}

const char *fm_slots_present(struct fm_emit *emit, const struct fm_shape *shape, const char *code,
                             uint32_t slot)
{
    if (shape->kind == FM_SHAPE_SEQ) {
        return fm_emit_format(emit, "(%s.length > %u)", code, slot);
    }
    if (shape->kind != FM_SHAPE_PFUN) {
        return NULL;
    }
    if (shape->value_count > 64) {
        return fm_emit_format(emit, "((%s.has[%u] >> %u & 1) != 0)", code, slot / 64, slot % 64);
    }
    return fm_emit_format(emit, "(((uint64_t)%s.has >> %u & 1) != 0)", code, slot);
}

uint32_t fm_slots_find(struct fm_emit *emit, const struct fm_shape *shape, fm_value key)
{
    uint32_t count = fm_slots_count(shape);
    if (shape->kind == FM_SHAPE_TUPLE || shape->kind == FM_SHAPE_SEQ) {
        int64_t place = fm_is_small(key) ? fm_small_get(key) : 0;
        return place >= 1 && place <= (int64_t)count ? (uint32_t)place - 1 : UINT32_MAX;
    }
    for (uint32_t i = 0; i < count; i++) {
        fm_value own = fm_slots_key(shape, i);
        if (fm_value_same(own, key) || fm_value_compare_total(emit->context, own, key) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

bool fm_slots_alike(struct fm_emit *emit, const struct fm_shape *a, const struct fm_shape *b)
{
    uint32_t count = fm_slots_count(a);
    if (count != fm_slots_count(b)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (fm_slots_find(emit, b, fm_slots_key(a, i)) != i) {
            return false;
        }
    }
    return true;
}

static bool is_total(const struct fm_shape *shape) /* has all its slots always */
{
    return shape->kind != FM_SHAPE_PFUN && shape->kind != FM_SHAPE_SEQ;
}

/* --- what may fit at all --- */

static bool slots_overlap(struct fm_emit *emit, const struct fm_shape *a, const struct fm_shape *b)
{
    if (!is_total(a) || !is_total(b)) {
        return true;
    }
    if (!fm_slots_alike(emit, a, b)) {
        return false;
    }
    for (uint32_t i = 0; i < fm_slots_count(a); i++) {
        if (!fm_shapes_overlap(emit, fm_slots_part(a, i), fm_slots_part(b, i))) {
            return false;
        }
    }
    return true;
}

static bool atoms_overlap(const struct fm_shape *a, const struct fm_shape *b)
{
    for (uint32_t i = 0; i < a->value_count; i++) {
        for (uint32_t j = 0; j < b->value_count; j++) {
            if (fm_value_same(a->values[i], b->values[j])) {
                return true;
            }
        }
    }
    return false;
}

static bool some_part_overlaps(struct fm_emit *emit, const struct fm_shape *sum,
                               const struct fm_shape *other)
{
    for (uint32_t i = 0; i < sum->part_count; i++) {
        if (fm_shapes_overlap(emit, sum->parts[i], other)) {
            return true;
        }
    }
    return false;
}

bool fm_shapes_overlap(struct fm_emit *emit, const struct fm_shape *a, const struct fm_shape *b)
{
    if (a->kind == FM_SHAPE_NONE || b->kind == FM_SHAPE_NONE) {
        return false;
    }
    if (a == b || a->kind == FM_SHAPE_ANY || b->kind == FM_SHAPE_ANY) {
        return true;
    }
    if (a->kind == FM_SHAPE_SUM) {
        return some_part_overlaps(emit, a, b);
    }
    if (b->kind == FM_SHAPE_SUM) {
        return some_part_overlaps(emit, b, a);
    }
    if (fm_slots_has(a) && fm_slots_has(b)) {
        return slots_overlap(emit, a, b);
    }
    if (a->kind != b->kind) {
        return false;
    }
    if (a->kind == FM_SHAPE_INT) {
        return a->low <= b->high && b->low <= a->high;
    }
    return a->kind != FM_SHAPE_ATOM || atoms_overlap(a, b); /* sets share at least {} */
}

/* --- words --- */

static struct fm_conversion convert_int(struct fm_emit *emit, const struct fm_shape *from,
                                        const char *code, const struct fm_shape *to)
{
    const char *low = from->low >= to->low
                          ? NULL
                          : fm_emit_format(emit, "%s >= INT64_C(%" PRId64 ")", code, to->low);
    const char *high = from->high <= to->high
                           ? NULL
                           : fm_emit_format(emit, "%s <= INT64_C(%" PRId64 ")", code, to->high);
    const char *ok = low == NULL && high == NULL ? NULL
                     : low == NULL               ? fm_emit_format(emit, "(%s)", high)
                     : high == NULL              ? fm_emit_format(emit, "(%s)", low)
                                                 : fm_emit_format(emit, "(%s && %s)", low, high);
    return (struct fm_conversion){code, ok};
}

/* The place in `to` of each of the values of `from`: "{0, -1, 4}". Whether all have one, and all
 * stay where they are. */
static const char *place_table(struct fm_emit *emit, const struct fm_shape *from,
                               const struct fm_shape *to, bool *complete, bool *same)
{
    struct fm_text table = {0};
    *complete = *same = true;
    fm_text_puts(&table, "{");
    for (uint32_t i = 0; i < from->value_count; i++) {
        uint32_t place = fm_shape_position(emit->shapes, to, from->values[i]);
        *complete = *complete && place != UINT32_MAX;
        *same = *same && place == i;
        fm_text_printf(&table, "%s%d", i == 0 ? "" : ", ", place == UINT32_MAX ? -1 : (int)place);
    }
    fm_text_puts(&table, "}");
    const char *suffix = fm_emit_format(emit, "[%u]", from->value_count);
    const char *name = *same ? "" : fm_emit_static(emit, "place", "int32_t", suffix, table.at);
    fm_text_deinit(&table);
    return name;
}

static struct fm_conversion convert_atom(struct fm_emit *emit, const struct fm_shape *from,
                                         const char *code, const struct fm_shape *to)
{
    if (!fm_shapes_overlap(emit, from, to)) {
        return never(emit, to);
    }
    bool complete, same;
    const char *table = place_table(emit, from, to, &complete, &same);
    if (same) {
        return (struct fm_conversion){code, NULL};
    }
    const char *moved = fm_emit_format(emit, "((uint32_t)%s[%s])", table, code);
    return (struct fm_conversion){
        moved, complete ? NULL : fm_emit_format(emit, "(%s[%s] >= 0)", table, code)};
}

/* --- sets --- */

/* Shifts that a small set is moved by before a loop over its bits is shorter. */
#define SHIFTS_MAX 8u

struct shift {
    int distance; /* to the left */
    uint64_t mask;
};

/* Both sets in one word: masks of what moves by the same distance. Number of shifts; the bits that
 * have no place in *lost. */
static uint32_t find_shifts(struct fm_emit *emit, const struct fm_shape *from,
                            const struct fm_shape *to, struct shift *shifts, uint64_t *lost)
{
    uint32_t count = 0;
    *lost = 0;
    for (uint32_t i = 0; i < from->value_count; i++) {
        uint32_t place = fm_shape_position(emit->shapes, to, from->values[i]);
        if (place == UINT32_MAX) {
            *lost |= (uint64_t)1 << i;
            continue;
        }
        int distance = (int)place - (int)i;
        uint32_t k = 0;
        while (k < count && shifts[k].distance != distance) {
            k++;
        }
        if (k == count) {
            shifts[count++] = (struct shift){distance, 0};
        }
        shifts[k].mask |= (uint64_t)1 << i;
    }
    return count;
}

static const char *shifted(struct fm_emit *emit, const char *code, const struct shift *shifts,
                           uint32_t count)
{
    struct fm_text text = {0};
    fm_text_puts(&text, "(");
    for (uint32_t i = 0; i < count; i++) {
        int distance = shifts[i].distance;
        fm_text_printf(&text, "%s(%s & UINT64_C(0x%" PRIx64 "))", i == 0 ? "" : " | ", code,
                       shifts[i].mask);
        if (distance != 0) {
            fm_text_printf(&text, " %s %d", distance > 0 ? "<<" : ">>",
                           distance > 0 ? distance : -distance);
        }
    }
    fm_text_puts(&text, count == 0 ? "UINT64_C(0))" : ")");
    const char *result = fm_emit_format(emit, "%s", text.at);
    fm_text_deinit(&text);
    return result;
}

static struct fm_conversion convert_small_set(struct fm_emit *emit, const struct fm_shape *from,
                                              const char *code, const struct fm_shape *to)
{
    struct shift shifts[64];
    uint64_t lost;
    uint32_t count = find_shifts(emit, from, to, shifts, &lost);
    const char *ok = lost == 0 ? NULL
                               : fm_emit_format(emit, "((%s & UINT64_C(0x%" PRIx64 ")) == 0)", code,
                                                lost);
    if (count == 1 && shifts[0].distance == 0) {
        return (struct fm_conversion){code, ok};
    }
    if (count <= SHIFTS_MAX) {
        const char *name = fm_emit_declare(emit, to, "moved", shifted(emit, code, shifts, count));
        return (struct fm_conversion){name, ok};
    }
    bool complete, same;
    const char *table = place_table(emit, from, to, &complete, &same);
    const char *name = fm_emit_declare(emit, to, "moved", NULL);
    const char *keep = fm_emit_format(emit, "%s & ~UINT64_C(0x%" PRIx64 ")", code, lost);
    fm_emit_open(emit, "for (uint64_t rest = %s; rest != 0; rest &= rest - 1)", keep);
    fm_emit_line(emit, "%s |= UINT64_C(1) << %s[__builtin_ctzll(rest)];", name, table);
    fm_emit_close(emit, "");
    return (struct fm_conversion){name, ok};
}

/* The body of a helper: either set, or both, in several words. */
static void write_large_set(struct fm_emit *emit, const struct fm_shape *from,
                            const struct fm_shape *to)
{
    bool complete, same;
    const char *table = place_table(emit, from, to, &complete, &same);
    bool wide = fm_shape_is_struct(from);
    uint32_t words = wide ? (from->value_count + 63) / 64 : 1;
    fm_emit_open(emit, "for (uint32_t k = 0; k < %u; k++)", words);
    fm_emit_open(emit, "for (uint64_t rest = %s; rest != 0; rest &= rest - 1)",
                 wide ? "x->w[k]" : "x");
    fm_emit_line(emit, "const uint32_t from = k * 64 + (uint32_t)__builtin_ctzll(rest);");
    fm_emit_line(emit, "const int32_t at = %s%s%s;", same ? "(int32_t)" : table,
                 same ? "from" : "[from]", "");
    if (!complete) {
        fm_emit_line(emit, "if (at < 0) {");
        fm_emit_line(emit, "    return false;");
        fm_emit_line(emit, "}");
    }
    if (fm_shape_is_struct(to)) {
        fm_emit_line(emit, "out->w[at >> 6] |= UINT64_C(1) << (at & 63);");
    } else {
        fm_emit_line(emit, "*out |= UINT64_C(1) << at;");
    }
    fm_emit_close(emit, "");
    fm_emit_close(emit, "");
}

/* --- the bodies of helpers: code of the value is "(*x)", of the result "(*out)" --- */

static void write_return_false(struct fm_emit *emit, const char *condition)
{
    fm_emit_line(emit, "if (%s) {", condition);
    fm_emit_line(emit, "    return false;");
    fm_emit_line(emit, "}");
}

/* One member into another. */
static void write_move(struct fm_emit *emit, const struct fm_shape *from, const char *source,
                       const struct fm_shape *to, const char *target)
{
    if (from == to) {
        fm_emit_line(emit, "%s = %s;", target, source);
        return;
    }
    struct fm_conversion moved = fm_emit_conversion(emit, from, fm_emit_load(emit, from, source),
                                                    to);
    if (moved.ok != NULL) {
        write_return_false(emit, fm_emit_format(emit, "!%s", moved.ok));
    }
    fm_emit_store(emit, to, target, moved.code);
}

/* Slots that agree, all of one shape: a loop. */
static void write_loop(struct fm_emit *emit, const struct fm_shape *from, const struct fm_shape *to)
{
    if (from->kind == FM_SHAPE_SEQ) {
        if (from->capacity > to->capacity) {
            write_return_false(emit, fm_emit_format(emit, "x->length > %u", to->capacity));
        }
        fm_emit_line(emit, "out->length = (__typeof__(out->length))x->length;");
        fm_emit_open(emit, "for (uint32_t i = 0; i < x->length; i++)");
    } else {
        if (from->kind == FM_SHAPE_PFUN) {
            fm_emit_line(emit, "memcpy(&out->has, &x->has, sizeof out->has);");
        }
        fm_emit_open(emit, "for (uint32_t i = 0; i < %u; i++)", from->value_count);
        if (from->kind == FM_SHAPE_PFUN) {
            fm_emit_line(emit, from->value_count > 64
                                   ? "if ((x->has[i >> 6] >> (i & 63) & 1) == 0) {"
                                   : "if (((uint64_t)x->has >> i & 1) == 0) {");
            fm_emit_line(emit, "    continue;");
            fm_emit_line(emit, "}");
        }
    }
    write_move(emit, from->parts[0], "x->at[i]", to->parts[0], "out->at[i]");
    fm_emit_close(emit, "");
}

/* Into a sequence: the keys 1, 2, ... must be defined as far as they go, and nothing else. */
static void write_into_sequence(struct fm_emit *emit, const struct fm_shape *from,
                                const struct fm_shape *to)
{
    uint32_t count = fm_slots_count(from);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = fm_slots_find(emit, to, fm_slots_key(from, i));
        const char *present = fm_slots_present(emit, from, "(*x)", i);
        if (place == UINT32_MAX) {
            write_return_false(emit, present != NULL ? present : "true");
        }
    }
    for (uint32_t i = 0; i < to->capacity; i++) {
        uint32_t slot = fm_slots_find(emit, from, fm_small((int64_t)i + 1));
        if (slot == UINT32_MAX) {
            continue;
        }
        const char *present = fm_slots_present(emit, from, "(*x)", slot);
        fm_emit_open(emit, "if (%s)", present != NULL ? present : "true");
        write_return_false(emit, fm_emit_format(emit, "out->length != %u", i));
        write_move(emit, fm_slots_part(from, slot), fm_slots_member(emit, from, "(*x)", slot),
                   to->parts[0], fm_emit_format(emit, "out->at[%u]", i));
        fm_emit_line(emit, "out->length = %u;", i + 1);
        fm_emit_close(emit, "");
    }
}

/* Into TUPLE, RECORD, FCN, PFUN, slot by slot. */
static void write_slots(struct fm_emit *emit, const struct fm_shape *from,
                        const struct fm_shape *to)
{
    bool total = is_total(to);
    for (uint32_t i = 0; total && i < fm_slots_count(to); i++) {
        if (fm_slots_find(emit, from, fm_slots_key(to, i)) == UINT32_MAX) {
            fm_emit_line(emit, "return false;");
            return;
        }
    }
    for (uint32_t i = 0; i < fm_slots_count(from); i++) {
        uint32_t place = fm_slots_find(emit, to, fm_slots_key(from, i));
        const char *present = fm_slots_present(emit, from, "(*x)", i);
        if (place == UINT32_MAX) {
            write_return_false(emit, present != NULL ? present : "true");
            continue;
        }
        if (total && present != NULL) {
            write_return_false(emit, fm_emit_format(emit, "!%s", present));
        }
        fm_emit_open(emit, "if (%s)", total || present == NULL ? "true" : present);
        write_move(emit, fm_slots_part(from, i), fm_slots_member(emit, from, "(*x)", i),
                   fm_slots_part(to, place), fm_slots_member(emit, to, "(*out)", place));
        if (!total && to->value_count > 64) {
            fm_emit_line(emit, "out->has[%u] |= UINT64_C(1) << %u;", place / 64, place % 64);
        } else if (!total) {
            fm_emit_line(emit, "out->has |= (__typeof__(out->has))(UINT64_C(1) << %u);", place);
        }
        fm_emit_close(emit, "");
    }
}

static void write_function(struct fm_emit *emit, const struct fm_shape *from,
                           const struct fm_shape *to)
{
    bool looped = from->kind == to->kind && from->kind != FM_SHAPE_TUPLE &&
                  from->kind != FM_SHAPE_RECORD;
    if (looped && (from->kind == FM_SHAPE_SEQ || fm_slots_alike(emit, from, to))) {
        write_loop(emit, from, to);
    } else if (to->kind == FM_SHAPE_SEQ) {
        write_into_sequence(emit, from, to);
    } else {
        write_slots(emit, from, to);
    }
}

static void write_from_sum(struct fm_emit *emit, const struct fm_shape *from,
                           const struct fm_shape *to)
{
    for (uint32_t i = 0; i < from->part_count; i++) {
        fm_emit_open(emit, "if (x->tag == %u)", i);
        const char *code = fm_emit_load(emit, from->parts[i], fm_emit_format(emit, "x->p%u", i));
        struct fm_conversion part = fm_emit_conversion(emit, from->parts[i], code, to);
        if (part.ok != NULL) {
            write_return_false(emit, fm_emit_format(emit, "!%s", part.ok));
        }
        fm_emit_line(emit, "*out = %s;", part.code);
        fm_emit_line(emit, "return true;");
        fm_emit_close(emit, "");
    }
    fm_emit_line(emit, "return false;");
}

static void write_into_sum(struct fm_emit *emit, const struct fm_shape *from, const char *code,
                           const struct fm_shape *to)
{
    for (uint32_t i = 0; i < to->part_count; i++) {
        if (!fm_shapes_overlap(emit, from, to->parts[i])) {
            continue;
        }
        fm_emit_open(emit, "%s", "");
        struct fm_conversion part = fm_emit_conversion(emit, from, code, to->parts[i]);
        fm_emit_open(emit, "if (%s)", part.ok != NULL ? part.ok : "true");
        fm_emit_line(emit, "out->tag = %u;", i);
        fm_emit_store(emit, to->parts[i], fm_emit_format(emit, "out->p%u", i), part.code);
        fm_emit_line(emit, "return true;");
        fm_emit_close(emit, "");
        fm_emit_close(emit, "");
    }
    fm_emit_line(emit, "return false;");
}

/* --- helpers --- */

static void write_body(struct fm_emit *emit, const struct fm_shape *from, const struct fm_shape *to)
{
    bool pointer = fm_shape_is_struct(from);
    if (from->kind == FM_SHAPE_SUM) {
        write_from_sum(emit, from, to);
    } else if (to->kind == FM_SHAPE_SUM) {
        write_into_sum(emit, from, pointer ? "(*x)" : "x", to);
    } else if (from->kind == FM_SHAPE_SET) {
        write_large_set(emit, from, to);
        fm_emit_line(emit, "return true;");
    } else {
        write_function(emit, from, to);
        fm_emit_line(emit, "return true;");
    }
}

static const char *conversion_helper(struct fm_emit *emit, const struct fm_shape *from,
                                     const struct fm_shape *to)
{
    const char *name = fm_emit_format(emit, "conv_s%u_s%u", from->number, to->number);
    if (fm_emit_once(emit, name) != NULL) {
        return name;
    }
    const char *from_type = fm_emit_type(emit, from), *to_type = fm_emit_type(emit, to);
    bool pointer = fm_shape_is_struct(from);
    fm_emit_helper_begin(emit, "static FM_NRT_UNUSED bool %s(struct fm_nrt *c, %s%s %sx, %s *out)",
                         name, pointer ? "const " : "", from_type, pointer ? "*" : "", to_type);
    fm_emit_line(emit, "memset(out, 0, sizeof *out);");
    write_body(emit, from, to);
    fm_emit_helper_end(emit);
    fm_emit_once_is(emit, name, name);
    return name;
}

/* --- boxes --- */

static const char *box(struct fm_emit *emit, const struct fm_shape *from, const char *code)
{
    switch (from->kind) {
    case FM_SHAPE_BOOL:
        return fm_emit_format(emit, "fm_nrt_box_bool(%s)", code);
    case FM_SHAPE_INT:
        return fm_emit_format(emit, "fm_nrt_box_int(%s)", code);
    case FM_SHAPE_ATOM: {
        uint32_t first = fm_emit_constants(emit, from->values, from->value_count);
        fm_emit_need_context(emit);
        return fm_emit_format(emit, "c->constants[%u + %s]", first, code);
    }
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
    case FM_SHAPE_SUM:
    case FM_SHAPE_SET:
        break;
    case FM_SHAPE_NONE:
    case FM_SHAPE_ANY:
        fm_unreachable();
    }
    const char *address;
    if (fm_shape_is_struct(from)) {
        address = fm_emit_address(emit, from, code);
    } else {
        const char *member = fm_emit_name(emit, "bits");
        fm_emit_line(emit, "const %s %s = (%s)%s;", fm_emit_member_type(emit, from), member,
                     fm_emit_member_type(emit, from), code);
        address = fm_emit_format(emit, "&%s", member);
    }
    fm_emit_need_context(emit);
    const char *init = fm_emit_format(emit, "c->box(c, %u, %s)", from->number, address);
    return fm_emit_declare(emit, fm_shape_any(emit->shapes), "box", init);
}

static struct fm_conversion unbox(struct fm_emit *emit, const char *code, const struct fm_shape *to)
{
    const char *member = fm_emit_name(emit, "unboxed");
    fm_emit_line(emit, "%s %s;", fm_emit_member_type(emit, to), member);
    fm_emit_line(emit, "memset(&%s, 0, sizeof %s);", member, member);
    const char *ok = fm_emit_name(emit, "fits");
    fm_emit_need_context(emit);
    fm_emit_line(emit, "const bool %s = c->unbox(c, %u, %s, &%s);", ok, to->number, code, member);
    return (struct fm_conversion){fm_emit_load(emit, to, member), ok};
}

/* --- the choice --- */

static struct fm_conversion call_helper(struct fm_emit *emit, const struct fm_shape *from,
                                        const char *code, const struct fm_shape *to)
{
    const char *helper = conversion_helper(emit, from, to);
    const char *operand = fm_shape_is_struct(from) ? fm_emit_address(emit, from, code) : code;
    const char *name = fm_emit_name(emit, "as");
    fm_emit_line(emit, "%s %s;", fm_emit_type(emit, to), name);
    const char *ok = fm_emit_name(emit, "fits");
    fm_emit_need_context(emit);
    fm_emit_line(emit, "const bool %s = %s(c, %s, &%s);", ok, helper, operand, name);
    bool always = fm_shape_includes(emit->shapes, to, from);
    return (struct fm_conversion){name, always ? NULL : ok};
}

struct fm_conversion fm_emit_conversion(struct fm_emit *emit, const struct fm_shape *from,
                                        const char *code, const struct fm_shape *to)
{
    if (from == to) {
        return (struct fm_conversion){code, NULL};
    }
    if (from->kind == FM_SHAPE_NONE || to->kind == FM_SHAPE_NONE) {
        return never(emit, to);
    }
    if (to->kind == FM_SHAPE_ANY) {
        return from->kind == FM_SHAPE_SUM ? call_helper(emit, from, code, to)
                                          : (struct fm_conversion){box(emit, from, code), NULL};
    }
    if (from->kind == FM_SHAPE_ANY) {
        return unbox(emit, code, to);
    }
    if (!fm_shapes_overlap(emit, from, to)) {
        return never(emit, to);
    }
    if (from->kind == to->kind && from->kind == FM_SHAPE_INT) {
        return convert_int(emit, from, code, to);
    }
    if (from->kind == to->kind && from->kind == FM_SHAPE_ATOM) {
        return convert_atom(emit, from, code, to);
    }
    if (from->kind == to->kind && from->kind == FM_SHAPE_SET && !fm_shape_is_struct(from) &&
        !fm_shape_is_struct(to)) {
        return convert_small_set(emit, from, code, to);
    }
    return call_helper(emit, from, code, to);
}
