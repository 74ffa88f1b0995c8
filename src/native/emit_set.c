/* Sets as values: bits over a universe.
 *
 * Every set that is built has a shape SET, whose universe is numbered in TLC's order; the operators
 * are then those of words. What decides is the universe of the result. Where the context wants one
 * (the variable that is assigned), it is taken, and an element outside fails. Otherwise a union has
 * the join of both universes, a difference or intersection that of its left side, a filter that of
 * the set it filters, and {e, ...} or {e : x \in S} all values of the elements' shape, if those are
 * few enough.
 *
 * Elements are never built for their own sake: {[type |-> "Prepared", rm |-> r]} asks for the
 * position of the record in the universe, which fm_emit_position computes from the parts.
 *
 * A set is moved to another universe by fm_emit_restrict, at emission a list of (mask, distance):
 * universes are sorted alike, so runs of common elements move by one shift.
 *
 * SUBSET S, [S -> T], [a : S] and S \X T are no values here: they are walked (emit_loop.c) or
 * tested for membership (emit_logic.c), and refused elsewhere. */
#include "modules/native.h"
#include "native/emit_data.h"

#include "value/set.h"

#include <inttypes.h>
#include <string.h>

/* --- terms --- */

const char *fm_emit_declare_at(struct fm_emit *emit, struct fm_emit_hole *hole,
                               const struct fm_shape *shape, const char *hint)
{
    const char *name = fm_emit_name(emit, hint);
    fm_emit_hole_add(emit, hole,
                     fm_emit_format(emit, "%s %s = %s;", fm_emit_type(emit, shape), name,
                                    fm_shape_is_struct(shape) ? "{}" : "0"));
    return name;
}

bool fm_emit_is_known(struct fm_term term)
{
    return !fm_is_none(term.value);
}

bool fm_emit_is_nothing(struct fm_term term)
{
    return term.shape->kind == FM_SHAPE_NONE;
}

struct fm_term fm_emit_unreachable(struct fm_emit *emit)
{
    fm_emit_guard(emit, "true");
    return fm_emit_coded(fm_shape_none(emit->shapes), "0");
}

struct fm_term fm_emit_set_term(struct fm_emit *emit, struct fm_term term)
{
    if (!fm_emit_is_nothing(term)) {
        return term;
    }
    fm_emit_guard(emit, "true");
    return fm_emit_known(emit, fm_set_empty());
}

struct fm_term fm_emit_solid(struct fm_emit *emit, struct fm_term term)
{
    if (term.code != NULL) {
        return term;
    }
    return fm_emit_coded(term.shape, fm_emit_as(emit, term, term.shape));
}

struct fm_term fm_emit_named(struct fm_emit *emit, struct fm_term term, const char *hint)
{
    if (term.code == NULL) {
        return term;
    }
    return fm_emit_coded(term.shape, fm_emit_declare(emit, term.shape, hint, term.code));
}

/* --- bits --- */

uint32_t fm_emit_words(const struct fm_shape *set)
{
    return set->value_count <= 64 ? 1 : (set->value_count + 63) / 64;
}

static bool is_wide(const struct fm_shape *set)
{
    return set->value_count > 64;
}

void fm_emit_bit_set(struct fm_emit *emit, const struct fm_shape *set, const char *lvalue,
                     const char *bit)
{
    if (is_wide(set)) {
        fm_emit_line(emit, "%s.w[(%s) >> 6] |= UINT64_C(1) << ((%s) & 63);", lvalue, bit, bit);
    } else {
        fm_emit_line(emit, "%s |= UINT64_C(1) << (%s);", lvalue, bit);
    }
}

void fm_emit_bit_clear(struct fm_emit *emit, const struct fm_shape *set, const char *lvalue,
                       const char *bit)
{
    if (is_wide(set)) {
        fm_emit_line(emit, "%s.w[(%s) >> 6] &= ~(UINT64_C(1) << ((%s) & 63));", lvalue, bit, bit);
    } else {
        fm_emit_line(emit, "%s &= ~(UINT64_C(1) << (%s));", lvalue, bit);
    }
}

const char *fm_emit_bit_test(struct fm_emit *emit, const struct fm_shape *set, const char *code,
                             const char *bit)
{
    if (is_wide(set)) {
        return fm_emit_format(emit, "((%s.w[(%s) >> 6] >> ((%s) & 63) & 1) != 0)", code, bit, bit);
    }
    return fm_emit_format(emit, "((%s >> (%s) & 1) != 0)", code, bit);
}

struct fm_emit_bits fm_emit_bits_sieved(struct fm_emit *emit, struct fm_term set, const char *mask)
{
    struct fm_emit_bits bits = {1, fm_emit_name(emit, "i")};
    if (set.code == NULL && mask == NULL) { /* a known set is its own universe */
        fm_emit_open(emit, "for (uint32_t %s = 0; %s < %u; %s++)", bits.index, bits.index,
                     set.shape->value_count, bits.index);
        return bits;
    }
    set = fm_emit_solid(emit, set);
    const char *rest = fm_emit_name(emit, "rest");
    if (is_wide(set.shape)) {
        const char *word = fm_emit_name(emit, "k");
        const char *masked = mask == NULL ? "" : fm_emit_format(emit, " & %s[%s]", mask, word);
        fm_emit_open(emit, "for (uint32_t %s = 0; %s < %u; %s++)", word, word,
                     fm_emit_words(set.shape), word);
        fm_emit_open(emit, "for (uint64_t %s = %s.w[%s]%s; %s != 0; %s &= %s - 1)", rest, set.code,
                     word, masked, rest, rest, rest);
        fm_emit_line(emit, "const uint32_t %s = %s * 64 + (uint32_t)__builtin_ctzll(%s);",
                     bits.index, word, rest);
        bits.opened = 2;
        return bits;
    }
    const char *masked = mask == NULL ? "" : fm_emit_format(emit, " & %s", mask);
    fm_emit_open(emit, "for (uint64_t %s = %s%s; %s != 0; %s &= %s - 1)", rest, set.code, masked,
                 rest, rest, rest);
    fm_emit_line(emit, "const uint32_t %s = (uint32_t)__builtin_ctzll(%s);", bits.index, rest);
    return bits;
}

struct fm_emit_bits fm_emit_bits_begin(struct fm_emit *emit, struct fm_term set)
{
    return fm_emit_bits_sieved(emit, set, NULL);
}

void fm_emit_bits_end(struct fm_emit *emit, const struct fm_emit_bits *bits)
{
    for (uint32_t i = 0; i < bits->opened; i++) {
        fm_emit_close(emit, "");
    }
}

/* Whether TLC cannot compare the value with some element of the universe. */
static bool clashes(struct fm_emit *emit, const struct fm_shape *set, fm_value value)
{
    const struct fm_shape *shape = fm_shape_of_value(emit->shapes, value);
    bool some = fm_shapes_clash(emit, shape, set->parts[0]);
    for (uint32_t i = 0; i < set->value_count && some; i++) {
        if (fm_shapes_clash(emit, shape, fm_shape_of_value(emit->shapes, set->values[i]))) {
            return true;
        }
    }
    return false;
}

/* The position as C: a literal when the element is known, else an int64_t. */
static const char *position_code(struct fm_emit *emit, const struct fm_shape *set,
                                 struct fm_term element, bool *inside)
{
    *inside = false;
    if (fm_emit_is_known(element)) {
        uint32_t position = fm_shape_position(emit->shapes, set, element.value);
        *inside = position != UINT32_MAX;
        if (!*inside && clashes(emit, set, element.value)) {
            fm_emit_fail(emit);
        }
        return *inside ? fm_emit_format(emit, "%u", position) : "-1";
    }
    const char *position = fm_emit_position(emit, element, set);
    const char *name = fm_emit_name(emit, "at");
    fm_emit_line(emit, "const int64_t %s = %s;", name, position);
    return name;
}

void fm_emit_insert(struct fm_emit *emit, const struct fm_shape *set, const char *lvalue,
                    struct fm_term element)
{
    bool inside;
    const char *position = position_code(emit, set, element, &inside);
    if (!inside) {
        fm_emit_guard(emit, "%s < 0", position);
        if (position[0] == '-') {
            return;
        }
    }
    fm_emit_bit_set(emit, set, lvalue, position);
}

const struct fm_shape *fm_emit_set_over(struct fm_emit *emit, struct fm_term element)
{
    const struct fm_shape *set = fm_emit_is_known(element)
                                     ? fm_shape_set_of(emit->shapes, element.shape, &element.value,
                                                       1)
                                     : fm_shape_set(emit->shapes, element.shape);
    return set->kind == FM_SHAPE_SET ? set : NULL;
}

/* --- moving between universes --- */

/* Bits of `from` that move by the same distance. */
struct run {
    int32_t distance; /* index in `from` minus index in the target */
    uint64_t mask;    /* in `from` */
};

/* *unlike: bits of elements that cannot be compared with all elements of the target. */
static uint32_t plan_runs(struct fm_emit *emit, const struct fm_shape *from,
                          const struct fm_shape *to, struct run *runs, uint64_t *unlike)
{
    uint32_t count = 0;
    *unlike = 0;
    for (uint32_t i = 0; i < from->value_count; i++) {
        uint32_t position = fm_shape_position(emit->shapes, to, from->values[i]);
        if (position == UINT32_MAX) {
            *unlike |= clashes(emit, to, from->values[i]) ? UINT64_C(1) << i : 0;
            continue;
        }
        int32_t distance = (int32_t)i - (int32_t)position;
        uint32_t r = 0;
        while (r < count && runs[r].distance != distance) {
            r++;
        }
        if (r == count) {
            runs[count++] = (struct run){distance, 0};
        }
        runs[r].mask |= UINT64_C(1) << i;
    }
    return count;
}

static const char *restrict_narrow(struct fm_emit *emit, struct fm_term set,
                                   const struct fm_shape *universe)
{
    struct run runs[64];
    uint64_t unlike;
    uint32_t count = plan_runs(emit, set.shape, universe, runs, &unlike);
    if (unlike != 0) {
        fm_emit_guard(emit, "(%s & UINT64_C(%" PRIu64 ")) != 0", set.code, unlike);
    }
    const char *name = fm_emit_name(emit, "part");
    fm_emit_line(emit, "uint64_t %s = 0;", name);
    for (uint32_t r = 0; r < count; r++) {
        bool right = runs[r].distance >= 0;
        fm_emit_line(emit, "%s |= (%s & UINT64_C(%" PRIu64 ")) %s %d;", name, set.code,
                     runs[r].mask, right ? ">>" : "<<",
                     right ? runs[r].distance : -runs[r].distance);
    }
    return name;
}

const char *fm_emit_restrict(struct fm_emit *emit, struct fm_term set,
                             const struct fm_shape *universe)
{
    if (set.shape == universe) {
        return fm_emit_as(emit, set, universe);
    }
    if (set.shape->value_count == 0 || universe->value_count == 0) {
        return fm_emit_declare(emit, universe, "part", NULL);
    }
    set = fm_emit_solid(emit, set);
    if (!is_wide(set.shape) && !is_wide(universe)) {
        return restrict_narrow(emit, set, universe);
    }
    const char *name = fm_emit_declare(emit, universe, "part", NULL);
    struct fm_emit_bits bits = fm_emit_bits_begin(emit, set);
    bool inside;
    const char *position = position_code(emit, universe,
                                         fm_emit_element(emit, set.shape, bits.index), &inside);
    fm_emit_open(emit, "if (%s >= 0)", position);
    fm_emit_bit_set(emit, universe, name, position);
    fm_emit_close(emit, "");
    fm_emit_bits_end(emit, &bits);
    return name;
}

const char *fm_emit_set_within(struct fm_emit *emit, struct fm_term a, struct fm_term b)
{
    a = fm_emit_solid(emit, a);
    const char *other = fm_emit_restrict(emit, b, a.shape);
    if (!is_wide(a.shape)) {
        return fm_emit_format(emit, "((%s & ~%s) == 0)", a.code, other);
    }
    const char *name = fm_emit_name(emit, "outside");
    const char *k = fm_emit_name(emit, "k");
    fm_emit_line(emit, "uint64_t %s = 0;", name);
    fm_emit_open(emit, "for (uint32_t %s = 0; %s < %u; %s++)", k, k, fm_emit_words(a.shape), k);
    fm_emit_line(emit, "%s |= %s.w[%s] & ~%s.w[%s];", name, a.code, k, other, k);
    fm_emit_close(emit, "");
    return fm_emit_format(emit, "(%s == 0)", name);
}

struct fm_term fm_emit_cardinality(struct fm_emit *emit, struct fm_term set)
{
    if (set.code == NULL) { /* the universe of a known set is the set */
        return fm_emit_known(emit, fm_small(set.shape->value_count));
    }
    const struct fm_shape *shape = fm_shape_int(emit->shapes, 0, set.shape->value_count);
    if (!is_wide(set.shape)) {
        return fm_emit_coded(
            shape, fm_emit_declare(emit, shape, "size",
                                   fm_emit_format(emit, "__builtin_popcountll(%s)", set.code)));
    }
    const char *name = fm_emit_declare(emit, shape, "size", NULL);
    const char *k = fm_emit_name(emit, "k");
    fm_emit_open(emit, "for (uint32_t %s = 0; %s < %u; %s++)", k, k, fm_emit_words(set.shape), k);
    fm_emit_line(emit, "%s += __builtin_popcountll(%s.w[%s]);", name, set.code, k);
    fm_emit_close(emit, "");
    return fm_emit_coded(shape, name);
}

/* --- operands --- */

/* A side of an operator: {e, ...} stays a list of elements, all else is one term. */
struct operand {
    bool is_listed;
    uint32_t count;
    struct fm_term *terms;
};

static struct operand operand_of(struct fm_emit *emit, const struct fm_node *node,
                                 struct fm_emit_frame *frame, const struct fm_shape *want)
{
    struct operand operand = {false, 1, NULL};
    fm_value known = fm_emit_fold(emit, node, frame);
    operand.is_listed = node->op == FM_OP_SETENUM && fm_is_none(known);
    operand.count = operand.is_listed ? node->count : 1;
    operand.terms = fm_arena_alloc(&emit->arena, operand.count * sizeof *operand.terms);
    if (!fm_is_none(known)) {
        operand.terms[0] = fm_emit_known(emit, known);
        return operand;
    }
    if (!operand.is_listed) {
        operand.terms[0] = fm_emit_set_term(emit, fm_emit_expr(emit, node, frame, want));
        return operand;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        operand.terms[i] = fm_emit_expr(emit, node->kids[i], frame, NULL);
    }
    return operand;
}

/* The shape of the set; NULL when it is not one of bits. */
static const struct fm_shape *operand_shape(struct fm_emit *emit, const struct operand *operand)
{
    if (!operand->is_listed) {
        const struct fm_shape *shape = operand->terms[0].shape;
        return shape->kind == FM_SHAPE_SET ? shape : NULL;
    }
    const struct fm_shape *all = NULL;
    for (uint32_t i = 0; i < operand->count; i++) {
        const struct fm_shape *one = fm_emit_set_over(emit, operand->terms[i]);
        if (one == NULL) {
            return NULL;
        }
        all = all == NULL ? one : fm_shape_join(emit->shapes, all, one);
    }
    return all != NULL && all->kind == FM_SHAPE_SET ? all : NULL;
}

/* lvalue OP= code, over the words of the shape; op is "|", "&" or "& ~". */
static void combine(struct fm_emit *emit, const struct fm_shape *shape, const char *lvalue,
                    const char *op, const char *code)
{
    if (!is_wide(shape)) {
        fm_emit_line(emit, "%s = %s %s%s;", lvalue, lvalue, op, code);
        return;
    }
    const char *k = fm_emit_name(emit, "k");
    fm_emit_open(emit, "for (uint32_t %s = 0; %s < %u; %s++)", k, k, fm_emit_words(shape), k);
    fm_emit_line(emit, "%s.w[%s] = %s.w[%s] %s%s.w[%s];", lvalue, k, lvalue, k, op, code, k);
    fm_emit_close(emit, "");
}

static void add_operand(struct fm_emit *emit, const struct fm_shape *target, const char *lvalue,
                        const struct operand *operand)
{
    if (operand->is_listed) {
        for (uint32_t i = 0; i < operand->count; i++) {
            fm_emit_insert(emit, target, lvalue, operand->terms[i]);
        }
        return;
    }
    const char *code = fm_emit_as(emit, operand->terms[0], target);
    combine(emit, target, lvalue, "| ", code);
}

static const struct fm_shape *wanted_set(const struct fm_shape *want)
{
    return want != NULL && want->kind == FM_SHAPE_SET ? want : NULL;
}

/* The shape of a union. Where the join is too large, that of one side: its elements are what was
 * seen in states, and what leaves it fails. */
static const struct fm_shape *union_shape(struct fm_emit *emit, const struct operand *a,
                                          const struct operand *b)
{
    const struct fm_shape *left = operand_shape(emit, a);
    const struct fm_shape *right = operand_shape(emit, b);
    if (left == NULL || right == NULL) {
        return left != NULL ? left : right;
    }
    const struct fm_shape *join = fm_shape_join(emit->shapes, left, right);
    return join->kind == FM_SHAPE_SET ? join : left;
}

static struct fm_term emit_cup(struct fm_emit *emit, const struct fm_node *node,
                               struct fm_emit_frame *frame, const struct fm_shape *want)
{
    const struct fm_shape *target = wanted_set(want);
    struct operand a = operand_of(emit, node->kids[0], frame, target);
    struct operand b = operand_of(emit, node->kids[1], frame, target);
    if (target == NULL) {
        target = union_shape(emit, &a, &b);
    }
    if (target == NULL) {
        fm_emit_refuse(emit, node, "a union of sets that are too large");
    }
    const char *name;
    if (a.is_listed) {
        name = fm_emit_declare(emit, target, "set", NULL);
        add_operand(emit, target, name, &a);
    } else {
        name = fm_emit_declare(emit, target, "set", fm_emit_as(emit, a.terms[0], target));
    }
    add_operand(emit, target, name, &b);
    return fm_emit_coded(target, name);
}

/* The left side of a difference or intersection, as a set of bits. */
static struct fm_term left_side(struct fm_emit *emit, const struct fm_node *node,
                                struct fm_emit_frame *frame, const struct fm_shape *want)
{
    struct fm_term term = fm_emit_set_term(emit, fm_emit_expr(emit, node, frame, NULL));
    if (term.shape->kind != FM_SHAPE_SET && term.shape->kind == FM_SHAPE_ANY &&
        wanted_set(want) != NULL) {
        return fm_emit_convert(emit, term, want);
    }
    if (term.shape->kind != FM_SHAPE_SET) {
        fm_emit_refuse(emit, node, "not a set of few possible elements");
    }
    return term;
}

static struct fm_term emit_diff(struct fm_emit *emit, const struct fm_node *node,
                                struct fm_emit_frame *frame, const struct fm_shape *want)
{
    struct fm_term a = left_side(emit, node->kids[0], frame, want);
    struct operand b = operand_of(emit, node->kids[1], frame, NULL);
    const char *code = fm_emit_as(emit, a, a.shape);
    if (!b.is_listed) {
        if (b.terms[0].shape->kind != FM_SHAPE_SET) {
            fm_emit_refuse(emit, node->kids[1], "not a set of few possible elements");
        }
        const char *other = fm_emit_restrict(emit, b.terms[0], a.shape);
        const char *name = fm_emit_declare(emit, a.shape, "set", code);
        combine(emit, a.shape, name, "& ~", other);
        return fm_emit_coded(a.shape, name);
    }
    const char *name = fm_emit_declare(emit, a.shape, "set", code);
    for (uint32_t i = 0; i < b.count; i++) {
        bool inside;
        const char *position = position_code(emit, a.shape, b.terms[i], &inside);
        if (position[0] == '-') {
            continue;
        }
        if (!inside) {
            fm_emit_open(emit, "if (%s >= 0)", position);
        }
        fm_emit_bit_clear(emit, a.shape, name, position);
        if (!inside) {
            fm_emit_close(emit, "");
        }
    }
    return fm_emit_coded(a.shape, name);
}

static struct fm_term emit_cap(struct fm_emit *emit, const struct fm_node *node,
                               struct fm_emit_frame *frame)
{
    struct fm_term a = fm_emit_set_term(emit, fm_emit_expr(emit, node->kids[0], frame, NULL));
    struct fm_term b = fm_emit_set_term(emit, fm_emit_expr(emit, node->kids[1], frame, NULL));
    if (a.shape->kind != FM_SHAPE_SET || b.shape->kind != FM_SHAPE_SET) {
        fm_emit_refuse(emit, node, "an intersection of sets of many possible elements");
    }
    if (b.shape->value_count < a.shape->value_count) { /* fewer bits, same result */
        struct fm_term held = a;
        a = b;
        b = held;
    }
    const char *other = fm_emit_restrict(emit, b, a.shape);
    const char *name = fm_emit_declare(emit, a.shape, "set", fm_emit_as(emit, a, a.shape));
    combine(emit, a.shape, name, "& ", other);
    return fm_emit_coded(a.shape, name);
}

static struct fm_term emit_setenum(struct fm_emit *emit, const struct fm_node *node,
                                   struct fm_emit_frame *frame, const struct fm_shape *want)
{
    struct operand operand = operand_of(emit, node, frame, NULL);
    if (!operand.is_listed) {
        return operand.terms[0];
    }
    const struct fm_shape *target = wanted_set(want);
    if (target == NULL) {
        target = operand_shape(emit, &operand);
    }
    if (target == NULL) {
        fm_emit_refuse(emit, node, "a set whose elements have too many possible values");
    }
    const char *name = fm_emit_declare(emit, target, "set", NULL);
    add_operand(emit, target, name, &operand);
    return fm_emit_coded(target, name);
}

/* --- comprehensions --- */

bool fm_emit_is_walked(struct fm_emit *emit, const struct fm_node *node,
                       struct fm_emit_frame *frame)
{
    switch ((int)node->op) {
    case FM_OP_POWERSET:
    case FM_OP_CROSS:
    case FM_OP_FCNSET:
    case FM_OP_RECSET:
    case FM_OP_FILTER:
        return true;
    case FM_OP_CALL:
        return node->u.def->native != NULL && strcmp(node->u.def->native->name, "..") == 0 &&
               fm_is_none(fm_emit_fold(emit, node, frame));
    }
    return false;
}

/* The universe of a set whose elements are like this term, when no other is wanted. */
static const struct fm_shape *collected_shape(struct fm_emit *emit, const struct fm_node *node,
                                              struct fm_term element, const struct fm_shape *want)
{
    const struct fm_shape *target = wanted_set(want);
    if (target == NULL) {
        target = fm_emit_set_over(emit, element);
    }
    if (target == NULL) {
        fm_emit_refuse(emit, node, "a set whose elements have too many possible values");
    }
    return target;
}

static struct fm_term filter_walked(struct fm_emit *emit, const struct fm_node *node,
                                    struct fm_emit_frame *frame, const struct fm_shape *want)
{
    const struct fm_binding *binding = &node->u.bind.at[0];
    struct fm_emit_hole *hole = fm_emit_hole_here(emit);
    struct fm_emit_loops loops = {0};
    struct fm_term element = fm_emit_loop_over(emit, binding->set, frame, false, &loops);
    const struct fm_shape *target = collected_shape(emit, node, element, want);
    const char *name = fm_emit_declare_at(emit, hole, target, "kept");
    fm_emit_bind_element(emit, binding, 0, frame, element);
    fm_emit_open(emit, "if (%s)", fm_emit_bool(emit, node->kids[0], frame));
    fm_emit_insert(emit, target, name, element);
    fm_emit_close(emit, "");
    fm_emit_loop_end(emit, &loops);
    return fm_emit_coded(target, name);
}

/* The elements that are in the mask. */
static struct fm_term masked_set(struct fm_emit *emit, struct fm_term set, const char *mask)
{
    set = fm_emit_solid(emit, set);
    if (!is_wide(set.shape)) {
        return fm_emit_coded(set.shape, fm_emit_format(emit, "(%s & %s)", set.code, mask));
    }
    const char *name = fm_emit_declare(emit, set.shape, "kept", NULL);
    const char *k = fm_emit_name(emit, "k");
    fm_emit_open(emit, "for (uint32_t %s = 0; %s < %u; %s++)", k, k, fm_emit_words(set.shape), k);
    fm_emit_line(emit, "%s.w[%s] = %s.w[%s] & %s[%s];", name, k, set.code, k, mask, k);
    fm_emit_close(emit, "");
    return fm_emit_coded(set.shape, name);
}

static struct fm_term emit_filter(struct fm_emit *emit, const struct fm_node *node,
                                  struct fm_emit_frame *frame, const struct fm_shape *want)
{
    const struct fm_binding *binding = &node->u.bind.at[0];
    if (binding->set == NULL) {
        fm_emit_refuse(emit, node, "a bound variable without a set");
    }
    if (fm_emit_is_walked(emit, binding->set, frame)) {
        return filter_walked(emit, node, frame, want);
    }
    struct fm_term set = fm_emit_set_term(emit, fm_emit_expr(emit, binding->set, frame, NULL));
    if (set.shape->kind != FM_SHAPE_SET) {
        return filter_walked(emit, node, frame, want);
    }
    struct fm_emit_sieve sieve = {
        .set = set.shape, .frame = frame, .slot = binding->first_slot, .part = UINT32_MAX};
    uint32_t assumed = emit->assumed.count;
    const char *mask = binding->is_tuple ? NULL : fm_emit_sieve(emit, node->kids[0], true, &sieve);
    if (sieve.all) {
        emit->assumed.count = assumed;
        return mask == NULL ? set : masked_set(emit, set, mask);
    }
    const char *name = fm_emit_declare(emit, set.shape, "kept", NULL);
    struct fm_emit_bits bits = fm_emit_bits_sieved(emit, set, mask);
    struct fm_term element = fm_emit_element(emit, set.shape, bits.index);
    fm_emit_bind_element(emit, binding, 0, frame,
                         fm_emit_sieved_element(emit, element, sieve.part));
    fm_emit_open(emit, "if (%s)", fm_emit_bool(emit, node->kids[0], frame));
    fm_emit_bit_set(emit, set.shape, name, bits.index);
    fm_emit_close(emit, "");
    fm_emit_bits_end(emit, &bits);
    emit->assumed.count = assumed;
    return fm_emit_coded(set.shape, name);
}

static struct fm_term emit_map(struct fm_emit *emit, const struct fm_node *node,
                               struct fm_emit_frame *frame, const struct fm_shape *want)
{
    struct fm_emit_hole *hole = fm_emit_hole_here(emit);
    struct fm_emit_loops loops = {0};
    fm_emit_loop_begin(emit, node->u.bind.at, node->u.bind.count, frame, false, &loops);
    struct fm_term element = fm_emit_expr(emit, node->kids[0], frame, NULL);
    const struct fm_shape *target = collected_shape(emit, node, element, want);
    const char *name = fm_emit_declare_at(emit, hole, target, "image");
    fm_emit_insert(emit, target, name, element);
    fm_emit_loop_end(emit, &loops);
    return fm_emit_coded(target, name);
}

/* --- UNION --- */

/* UNION {e : x \in S} without the set of sets. */
static struct fm_term union_of_map(struct fm_emit *emit, const struct fm_node *map,
                                   struct fm_emit_frame *frame, const struct fm_shape *want)
{
    struct fm_emit_hole *hole = fm_emit_hole_here(emit);
    struct fm_emit_loops loops = {0};
    fm_emit_loop_begin(emit, map->u.bind.at, map->u.bind.count, frame, false, &loops);
    struct operand part = operand_of(emit, map->kids[0], frame, NULL);
    const struct fm_shape *target = wanted_set(want);
    if (target == NULL) {
        target = operand_shape(emit, &part);
    }
    if (target == NULL) {
        fm_emit_refuse(emit, map, "a union of sets that are too large");
    }
    const char *name = fm_emit_declare_at(emit, hole, target, "all");
    add_operand(emit, target, name, &part);
    fm_emit_loop_end(emit, &loops);
    return fm_emit_coded(target, name);
}

static struct fm_term union_of_list(struct fm_emit *emit, const struct fm_node *list,
                                    struct fm_emit_frame *frame, const struct fm_shape *want)
{
    struct operand *operands = fm_arena_alloc(&emit->arena, list->count * sizeof *operands);
    const struct fm_shape *target = wanted_set(want);
    for (uint32_t i = 0; i < list->count; i++) {
        operands[i] = operand_of(emit, list->kids[i], frame, target);
    }
    for (uint32_t i = 0; i < list->count && wanted_set(want) == NULL; i++) {
        const struct fm_shape *one = operand_shape(emit, &operands[i]);
        if (one == NULL) {
            fm_emit_refuse(emit, list->kids[i], "a set of many possible elements");
        }
        target = target == NULL ? one : fm_shape_join(emit->shapes, target, one);
    }
    if (target == NULL || target->kind != FM_SHAPE_SET) {
        fm_emit_refuse(emit, list, "a union of sets that are too large");
    }
    const char *name = fm_emit_declare(emit, target, "all", NULL);
    for (uint32_t i = 0; i < list->count; i++) {
        add_operand(emit, target, name, &operands[i]);
    }
    return fm_emit_coded(target, name);
}

static struct fm_term emit_big_union(struct fm_emit *emit, const struct fm_node *node,
                                     struct fm_emit_frame *frame, const struct fm_shape *want)
{
    const struct fm_node *kid = node->kids[0];
    if (kid->op == FM_OP_MAP) {
        return union_of_map(emit, kid, frame, want);
    }
    if (kid->op == FM_OP_SETENUM && kid->count > 0) {
        return union_of_list(emit, kid, frame, want);
    }
    struct fm_term set = fm_emit_set_term(emit, fm_emit_expr(emit, kid, frame, NULL));
    if (set.shape->kind != FM_SHAPE_SET) {
        fm_emit_refuse(emit, node, "UNION of a set of many possible elements");
    }
    if (set.shape->value_count == 0) {
        return fm_emit_known(emit, fm_set_empty());
    }
    const struct fm_shape *target = set.shape->parts[0];
    if (target->kind == FM_SHAPE_NONE) {
        return fm_emit_known(emit, fm_set_empty());
    }
    if (target->kind != FM_SHAPE_SET) {
        fm_emit_refuse(emit, node, "UNION of sets of many possible elements");
    }
    const char *name = fm_emit_declare(emit, target, "all", NULL);
    struct fm_emit_bits bits = fm_emit_bits_begin(emit, set);
    struct fm_term part = fm_emit_element(emit, set.shape, bits.index);
    combine(emit, target, name, "| ", fm_emit_as(emit, part, target));
    fm_emit_bits_end(emit, &bits);
    return fm_emit_coded(target, name);
}

/* S \X T \X ... towards a set of bits that is wanted, or small. */
static struct fm_term emit_cross(struct fm_emit *emit, const struct fm_node *node,
                                 struct fm_emit_frame *frame, const struct fm_shape *want)
{
    struct fm_emit_hole *hole = fm_emit_hole_here(emit);
    struct fm_emit_loops loops = {0};
    struct fm_term element = fm_emit_loop_over(emit, node, frame, false, &loops);
    const struct fm_shape *target = collected_shape(emit, node, element, want);
    const char *name = fm_emit_declare_at(emit, hole, target, "product");
    fm_emit_insert(emit, target, name, element);
    fm_emit_loop_end(emit, &loops);
    return fm_emit_coded(target, name);
}

struct fm_term fm_emit_set(struct fm_emit *emit, const struct fm_node *node,
                           struct fm_emit_frame *frame, const struct fm_shape *want)
{
    switch ((int)node->op) {
    case FM_OP_CUP:
        return emit_cup(emit, node, frame, want);
    case FM_OP_CAP:
        return emit_cap(emit, node, frame);
    case FM_OP_DIFF:
        return emit_diff(emit, node, frame, want);
    case FM_OP_SETENUM:
        return emit_setenum(emit, node, frame, want);
    case FM_OP_FILTER:
        return emit_filter(emit, node, frame, want);
    case FM_OP_MAP:
        return emit_map(emit, node, frame, want);
    case FM_OP_BIG_UNION:
        return emit_big_union(emit, node, frame, want);
    case FM_OP_POWERSET:
    case FM_OP_CROSS:
    case FM_OP_FCNSET:
    case FM_OP_RECSET:
        return emit_cross(emit, node, frame, want);
    }
    fm_emit_refuse(emit, node, "a set that is not built");
}
