/* Greatest and least elements, fractions in lowest terms, binary digits.
 *
 * Max and Min need no set where the form of the argument tells its elements: those of {a, b} are
 * compared one after the other, those of {e : x \in S} and of filters as a loop gives them. All
 * elements are evaluated, as the interpreter does when it builds the set; an empty one fails. Sets
 * that are there anyway have their integers in order: the answer is their first or last bit.
 *
 * Reduce of DyadicRationals divides by what Euclid's algorithm finds (src/modules/statistics.c).
 * Dividing makes no number larger, so the ranges of the argument hold the result.
 *
 * Operators of Bitwise are those of C upon natural numbers. */
#include "native/emit_native.h"

#include "modules/native.h"

#include <inttypes.h>
#include <string.h>

/* --- extrema --- */

struct extremum {
    const struct fm_node *node;
    bool is_max;
    struct fm_emit_hole *hole; /* before the loops */
    const char *found, *best;  /* C variables */
    const struct fm_shape *shape;
};

static bool is_max(const struct fm_emit_call *call)
{
    return strcmp(call->node->u.def->native->name, "Max") == 0;
}

static struct fm_term integer_of(struct fm_emit *emit, const struct fm_node *node,
                                 struct fm_emit_frame *frame)
{
    struct fm_term term = fm_emit_integer(emit, node, fm_emit_expr(emit, node, frame, NULL));
    return fm_emit_is_nothing(term) ? term : fm_emit_named(emit, term, "n");
}

/* Of the elements listed in braces. */
static struct fm_term extremum_of_list(struct fm_emit *emit, const struct fm_emit_call *call,
                                       const struct fm_node *set, struct fm_emit_frame *frame)
{
    struct fm_term best = integer_of(emit, set->kids[0], frame);
    for (uint32_t i = 1; i < set->count && !fm_emit_is_nothing(best); i++) {
        struct fm_term next = integer_of(emit, set->kids[i], frame);
        if (fm_emit_is_nothing(next)) {
            return next;
        }
        const struct fm_shape *a = best.shape, *b = next.shape;
        bool max = is_max(call);
        int64_t low = (a->low < b->low) == max ? b->low : a->low;
        int64_t high = (a->high < b->high) == max ? b->high : a->high;
        const struct fm_shape *shape = fm_shape_int(emit->shapes, low, high);
        const char *code = fm_emit_format(emit, "%s %c %s ? %s : %s", best.code, max ? '<' : '>',
                                          next.code, next.code, best.code);
        best = fm_emit_coded(shape, fm_emit_declare(emit, shape, max ? "max" : "min", code));
    }
    return best;
}

/* Within the loops: one more element. */
static void compare_element(struct fm_emit *emit, struct extremum *extremum, struct fm_term element)
{
    const char *better = extremum->is_max ? "<" : ">";
    element = fm_emit_integer(emit, extremum->node, element);
    if (fm_emit_is_nothing(element)) {
        return;
    }
    element = fm_emit_named(emit, element, "n");
    extremum->shape = element.shape;
    extremum->found = fm_emit_declare_at(emit, extremum->hole, fm_shape_bool(emit->shapes),
                                         "found");
    extremum->best = fm_emit_declare_at(emit, extremum->hole, element.shape,
                                        extremum->is_max ? "max" : "min");
    fm_emit_line(emit, "%s = !%s || %s %s %s ? %s : %s;", extremum->best, extremum->found,
                 extremum->best, better, element.code, element.code, extremum->best);
    fm_emit_line(emit, "%s = true;", extremum->found);
}

static struct fm_term extremum_of_walk(struct fm_emit *emit, const struct fm_emit_call *call,
                                       const struct fm_node *set, struct fm_emit_frame *frame)
{
    struct extremum extremum = {
        .node = call->node, .is_max = is_max(call), .hole = fm_emit_hole_here(emit)};
    struct fm_emit_loops loops = {0};
    if (set->op == FM_OP_MAP) {
        fm_emit_loop_begin(emit, set->u.bind.at, set->u.bind.count, frame, false, &loops);
        compare_element(emit, &extremum, fm_emit_expr(emit, set->kids[0], frame, NULL));
    } else {
        compare_element(emit, &extremum, fm_emit_loop_over(emit, set, frame, false, &loops));
    }
    fm_emit_loop_end(emit, &loops);
    if (extremum.shape == NULL) {
        return fm_emit_unreachable(emit);
    }
    fm_emit_guard(emit, "!%s", extremum.found);
    return fm_emit_coded(extremum.shape, extremum.best);
}

/* The first or last element of a set of integers: the universe is sorted. */
static struct fm_term extremum_of_bits(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_term set = fm_emit_set_term(emit, fm_emit_argument(emit, call, 0, NULL));
    if (set.shape->kind == FM_SHAPE_SET && set.shape->value_count == 0) {
        return fm_emit_unreachable(emit);
    }
    if (set.shape->kind != FM_SHAPE_SET || set.shape->parts[0]->kind != FM_SHAPE_INT) {
        fm_emit_refuse(emit, call->node, "the extremum of a set of many possible elements");
    }
    set = fm_emit_solid(emit, set);
    const char *at = fm_emit_name(emit, "at");
    if (set.shape->value_count <= 64) {
        fm_emit_guard(emit, "%s == 0", set.code);
        fm_emit_line(emit, "const uint32_t %s = (uint32_t)%s(%s);", at,
                     is_max(call) ? "63 - __builtin_clzll" : "__builtin_ctzll", set.code);
    } else {
        fm_emit_line(emit, "const int32_t %s = %s(%s.w, %u);", at,
                     is_max(call) ? "fm_nrt_last_bit" : "fm_nrt_first_bit", set.code,
                     fm_emit_words(set.shape));
        fm_emit_guard(emit, "%s < 0", at);
    }
    return fm_emit_element(emit, set.shape, at);
}

static struct fm_term call_extremum(struct fm_emit *emit, const struct fm_emit_call *call)
{
    struct fm_emit_frame *frame = call->frame;
    const struct fm_node *set = fm_emit_peel(emit, call->node->kids[0], &frame);
    if (!fm_is_none(fm_emit_fold(emit, set, frame))) {
        return extremum_of_bits(emit, call);
    }
    if (set->op == FM_OP_SETENUM && set->count != 0) {
        return extremum_of_list(emit, call, set, frame);
    }
    if (set->op == FM_OP_MAP || (set->op == FM_OP_FILTER && fm_emit_is_walked(emit, set, frame))) {
        return extremum_of_walk(emit, call, set, frame);
    }
    return extremum_of_bits(emit, call);
}

/* --- fractions --- */

/* The record's field as a name. */
static struct fm_term field_of(struct fm_emit *emit, const struct fm_node *node,
                               struct fm_term record, uint32_t part)
{
    const struct fm_shape *shape = record.shape->parts[part];
    const char *member = fm_slots_member(emit, record.shape, record.code, part);
    struct fm_term field = fm_emit_coded(shape, fm_emit_load(emit, shape, member));
    return fm_emit_named(emit, fm_emit_integer(emit, node, field), "n");
}

static struct fm_term call_reduce(struct fm_emit *emit, const struct fm_emit_call *call)
{
    /* ORDER(fraction): TLC's order of the names is that in which they were first seen. */
    struct fm_term fraction = fm_emit_argument(emit, call, 0, NULL);
    if (fm_emit_is_nothing(fraction)) {
        return fm_emit_unreachable(emit);
    }
    uint32_t den_at = UINT32_MAX, num_at = UINT32_MAX, count = 0;
    if (fraction.shape->kind == FM_SHAPE_RECORD && fraction.shape->part_count == 2) {
        const fm_value *names = fm_emit_keys(emit, fraction.shape, &count);
        for (uint32_t i = 0; i < count; i++) {
            const char *name = fm_value_symbol(names[i])->text;
            den_at = strcmp(name, "den") == 0 ? i : den_at;
            num_at = strcmp(name, "num") == 0 ? i : num_at;
        }
    }
    if (den_at == UINT32_MAX || num_at == UINT32_MAX) {
        fm_emit_refuse(emit, call->node, "not known to be a fraction");
    }
    fraction = fm_emit_named(emit, fm_emit_solid(emit, fraction), "fraction");
    struct fm_term fields[2];
    fields[den_at] = field_of(emit, call->node, fraction, den_at);
    fields[num_at] = field_of(emit, call->node, fraction, num_at);
    struct fm_term den = fields[den_at], num = fields[num_at];
    if (fm_emit_is_nothing(den) || fm_emit_is_nothing(num)) {
        return fm_emit_unreachable(emit);
    }
    if (den.shape->low < 1) {
        fm_emit_guard(emit, "%s < 1", den.code);
    }
    const char *divisor = fm_emit_name(emit, "divisor");
    fm_emit_line(emit, "const int64_t %s = fm_nrt_divisor(%s, %s);", divisor, num.code, den.code);
    int64_t high = den.shape->high < 1 ? 1 : den.shape->high;
    const struct fm_shape *less = fm_shape_int(emit->shapes, 1, high);
    fields[den_at] = fm_emit_coded(
        less,
        fm_emit_declare(emit, less, "den", fm_emit_format(emit, "%s / %s", den.code, divisor)));
    less = fm_shape_int(emit->shapes, num.shape->low > 0 ? 1 : num.shape->low,
                        num.shape->high < 0 ? -1 : num.shape->high);
    fields[num_at] = fm_emit_coded(
        less,
        fm_emit_declare(emit, less, "num", fm_emit_format(emit, "%s / %s", num.code, divisor)));
    const struct fm_shape *parts[2] = {fields[0].shape, fields[1].shape};
    const struct fm_shape *shape = fm_shape_record(emit->shapes, fraction.shape->domain, parts);
    const fm_value *names = fm_emit_keys(emit, shape, &count);
    return fm_emit_build(emit, call->node, shape, names, fields, 2);
}

/* --- binary digits --- */

/* Of natural numbers; what TLC says of others is an error. */
static struct fm_term call_bits(struct fm_emit *emit, const struct fm_emit_call *call)
{
    const char *name = call->node->u.def->native->name;
    struct fm_term a = integer_of(emit, call->node->kids[0], call->frame);
    struct fm_term b = integer_of(emit, call->node->kids[1], call->frame);
    if (fm_emit_is_nothing(a) || fm_emit_is_nothing(b)) {
        return fm_emit_unreachable(emit);
    }
    if (a.shape->low < 0 || b.shape->low < 0) {
        fm_emit_guard(emit, "%s < 0 || %s < 0", a.code, b.code);
    }
    int64_t least = a.shape->high < b.shape->high ? a.shape->high : b.shape->high;
    int64_t most = a.shape->high < b.shape->high ? b.shape->high : a.shape->high;
    if (most < 0) {
        return fm_emit_unreachable(emit); /* the guard fails */
    }
    int64_t digits = 1;
    while (digits <= most) {
        digits *= 2;
    }
    bool both = strcmp(name, "&") == 0;
    const struct fm_shape *shape = fm_shape_int(emit->shapes, 0,
                                                both ? (least < 0 ? 0 : least) : digits - 1);
    const char *code = fm_emit_format(emit, "%s %s %s", a.code,
                                      strcmp(name, "^^") == 0 ? "^" : name, b.code);
    return fm_emit_coded(shape, fm_emit_declare(emit, shape, "bits", code));
}

static const struct fm_emit_operator_row rows[] = {
    {"Bitwise", "&", 2, call_bits},
    {"Bitwise", "|", 2, call_bits},
    {"Bitwise", "^^", 2, call_bits},
    {"FiniteSetsExt", "Max", 1, call_extremum},
    {"FiniteSetsExt", "Min", 1, call_extremum},
    {"DyadicRationals", "Reduce", 1, call_reduce},
    {NULL, NULL, 0, NULL},
};

const struct fm_emit_operator_row *fm_emit_number_rows(void)
{
    return rows;
}
