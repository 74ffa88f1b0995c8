/* x \in S and S \subseteq T without building the sets on the right.
 *
 * The set is taken apart as it is written (unions, filters, SUBSET, [S -> T], records, products,
 * intervals, Seq), through labels, arguments and definitions; or as the lazy value it is when it is
 * known. Against a known set the shape of the element decides first: when every value of the shape
 * is in the set there is nothing to test, which is what becomes of most of a type invariant. When
 * few values decide, the test is one bit of a constant.
 *
 * Functions are tested slot by slot: each key must be in the domain, present, and its value in the
 * range; slots of one shape in a loop.
 *
 * Where TLC would call the test an error (kinds that cannot be compared) it is refused, so that the
 * interpreter raises it. */
#include "modules/native.h"
#include "native/emit_data.h"
#include "native/emit_value.h"

#include "base/assert.h"
#include "value/object.h"

#include <inttypes.h>
#include <string.h>

/* Values of a shape that are tried one by one against a known set. */
#define TRIED_MAX 512u
/* Slots tested by an expression each; more of one shape make a loop. */
#define UNROLL_MAX 4u
/* Sets of a known union that are tested one after the other. */
#define UNION_MAX 32u

/* The values that a function may take at one place: a known set, or an expression. */
struct range {
    const struct fm_node *node; /* NULL: value */
    struct fm_emit_frame *frame;
    fm_value value;
};

/* [keys -> ranges]: one range for each key, or one for all. */
struct functions {
    const fm_value *keys;
    uint32_t count;
    const struct range *ranges;
    bool same;
};

static struct fm_term in_range(struct fm_emit *emit, struct fm_term element,
                               const struct range *range)
{
    return range->node != NULL ? fm_emit_member_of(emit, element, range->node, range->frame)
                               : fm_emit_member_known(emit, element, range->value);
}

static _Noreturn void refuse_member(struct fm_emit *emit, const char *what)
{
    fm_emit_refuse(emit, NULL, "membership of %s", what);
}

/* --- shapes against known sets --- */

static bool value_in(struct fm_emit *emit, fm_value value, fm_value set)
{
    return fm_set_member(emit->context, value, set);
}

/* The values of the shape when they are few. */
static const fm_value *few_values(struct fm_emit *emit, const struct fm_shape *shape,
                                  uint32_t *count)
{
    if (shape->kind == FM_SHAPE_ATOM) {
        *count = shape->value_count;
        return shape->values;
    }
    if (shape->has_any || shape->kind == FM_SHAPE_NONE || shape->cardinality > TRIED_MAX) {
        return NULL;
    }
    return fm_shape_enumerate(emit->shapes, shape, TRIED_MAX, count);
}

/* A word's value numbers its place among the values of its shape from zero; NULL for others. */
static const char *ordinal(struct fm_emit *emit, struct fm_term term)
{
    const struct fm_shape *shape = term.shape;
    switch ((int)shape->kind) {
    case FM_SHAPE_BOOL:
    case FM_SHAPE_ATOM:
        return term.code;
    case FM_SHAPE_INT:
        return fm_emit_format(emit, "(%s - (%" PRId64 "))", term.code, shape->low);
    }
    return NULL;
}

/* By trying the values of the shape: true and the test in *result when that decides. */
static bool decide_by_values(struct fm_emit *emit, struct fm_term element, fm_value set,
                             struct fm_term *result)
{
    uint32_t count = 0;
    const fm_value *values = few_values(emit, element.shape, &count);
    if (values == NULL || count == 0) {
        return false;
    }
    uint64_t mask = 0;
    uint32_t inside = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (value_in(emit, values[i], set)) {
            inside++;
            mask |= i < 64 ? (uint64_t)1 << i : 0;
        }
    }
    if (inside == 0 || inside == count) {
        *result = fm_emit_truth(emit, inside != 0);
        return true;
    }
    const char *place = ordinal(emit, element);
    if (count > 64 || place == NULL) {
        return false;
    }
    *result = fm_emit_test(emit, "((UINT64_C(0x%" PRIx64 ") >> %s & 1) != 0)", mask, place);
    return true;
}

/* --- functions --- */

static uint32_t find_key(struct fm_emit *emit, const struct functions *functions, fm_value key)
{
    for (uint32_t i = 0; i < functions->count; i++) {
        if (fm_value_compare_total(emit->context, functions->keys[i], key) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

/* All slots have one shape and one range: a loop over `count` of them. */
static struct fm_term loop_slots(struct fm_emit *emit, struct fm_term term, const char *count,
                                 const struct range *range)
{
    const struct fm_shape *part = term.shape->parts[0];
    const char *all = fm_emit_declare(emit, fm_shape_bool(emit->shapes), "all", "true");
    const char *i = fm_emit_name(emit, "i");
    fm_emit_open(emit, "for (uint32_t %s = 0; %s && %s < %s; %s++)", i, all, i, count, i);
    const char *member = fm_emit_format(emit, "%s.at[%s]", term.code, i);
    struct fm_term element = fm_emit_coded(part, fm_emit_load(emit, part, member));
    struct fm_term inside = in_range(emit, fm_emit_bind(emit, element, "element"), range);
    fm_emit_line(emit, "%s = %s;", all, fm_emit_as(emit, inside, fm_shape_bool(emit->shapes)));
    fm_emit_close(emit, "");
    return fm_emit_test(emit, "%s", all);
}

/* Whether every value of the part's shape is in the range: tried on a piece that is thrown away. */
static bool part_always(struct fm_emit *emit, const struct fm_shape *part,
                        const struct range *range)
{
    if (range->node != NULL) {
        return false;
    }
    struct fm_emit_piece piece;
    fm_emit_piece_begin(emit, &piece);
    const char *name = fm_emit_declare(emit, part, "any", NULL);
    struct fm_term inside = fm_emit_member_known(emit, fm_emit_coded(part, name), range->value);
    fm_emit_piece_end(emit, &piece);
    return fm_emit_is_known_bool(inside) == 1;
}

static struct fm_term slot_in(struct fm_emit *emit, struct fm_term term, uint32_t slot,
                              const struct range *range)
{
    const struct fm_shape *part = fm_slots_part(term.shape, slot);
    const char *member = fm_slots_member(emit, term.shape, term.code, slot);
    struct fm_term element = fm_emit_coded(part, fm_emit_load(emit, part, member));
    return in_range(emit, element, range);
}

/* The slot must hold what the set of functions says; adds operands to the chain. */
static void test_slot(struct fm_emit *emit, struct fm_emit_chain *chain, struct fm_term term,
                      uint32_t slot, const struct functions *functions)
{
    uint32_t key = find_key(emit, functions, fm_slots_key(term.shape, slot));
    const char *present = fm_slots_present(emit, term.shape, term.code, slot);
    if (!chain->decided && (present != NULL || key == UINT32_MAX)) {
        fm_emit_chain_open(emit, chain);
        struct fm_term here = present == NULL ? fm_emit_truth(emit, true)
                                              : fm_emit_test(emit, "%s", present);
        fm_emit_chain_close(emit, chain, key != UINT32_MAX ? here : fm_emit_not(emit, here));
    }
    if (!chain->decided && key != UINT32_MAX) {
        fm_emit_chain_open(emit, chain);
        const struct range *range = &functions->ranges[functions->same ? 0 : key];
        fm_emit_chain_close(emit, chain, slot_in(emit, term, slot, range));
    }
}

static bool is_numbered(const struct functions *functions)
{
    for (uint32_t i = 0; i < functions->count; i++) {
        if (!fm_value_same(functions->keys[i], fm_small((int64_t)i + 1))) {
            return false;
        }
    }
    return true;
}

/* A sequence in [1..n -> T]: its length, then its elements. */
static struct fm_term sequence_in(struct fm_emit *emit, struct fm_term term,
                                  const struct functions *functions)
{
    if (!is_numbered(functions) || functions->count > term.shape->capacity) {
        return fm_emit_truth(emit, false);
    }
    struct fm_emit_chain chain;
    fm_emit_chain_init(&chain, false);
    fm_emit_chain_open(emit, &chain);
    fm_emit_chain_close(emit, &chain,
                        fm_emit_test(emit, "(%s.length == %u)", term.code, functions->count));
    if (functions->count != 0 && functions->same) {
        fm_emit_chain_open(emit, &chain);
        const char *count = fm_emit_format(emit, "%u", functions->count);
        fm_emit_chain_close(emit, &chain, loop_slots(emit, term, count, functions->ranges));
    }
    for (uint32_t i = 0; i < functions->count && !functions->same && !chain.decided; i++) {
        fm_emit_chain_open(emit, &chain);
        fm_emit_chain_close(emit, &chain, slot_in(emit, term, i, &functions->ranges[i]));
    }
    return fm_emit_chain_end(emit, &chain);
}

static bool has_every_key(struct fm_emit *emit, const struct fm_shape *shape,
                          const struct functions *functions)
{
    for (uint32_t i = 0; i < functions->count; i++) {
        if (fm_slots_find(emit, shape, functions->keys[i]) == UINT32_MAX) {
            return false;
        }
    }
    return true;
}

/* Whether the function is one of those. */
static struct fm_term function_in(struct fm_emit *emit, struct fm_term term,
                                  const struct functions *functions)
{
    if (!fm_slots_has(term.shape)) {
        refuse_member(emit, "what is no function in a set of functions");
    }
    if (!has_every_key(emit, term.shape, functions)) {
        return fm_emit_truth(emit, false);
    }
    if (term.shape->kind == FM_SHAPE_SEQ) {
        return sequence_in(emit, term, functions);
    }
    if (term.shape->kind == FM_SHAPE_FCN && functions->same &&
        functions->count == term.shape->value_count && functions->count > UNROLL_MAX) {
        if (part_always(emit, term.shape->parts[0], functions->ranges)) {
            return fm_emit_truth(emit, true);
        }
        return loop_slots(emit, term, fm_emit_format(emit, "%u", functions->count),
                          functions->ranges);
    }
    struct fm_emit_chain chain;
    fm_emit_chain_init(&chain, false);
    for (uint32_t i = 0; i < fm_slots_count(term.shape) && !chain.decided; i++) {
        test_slot(emit, &chain, term, i, functions);
    }
    return fm_emit_chain_end(emit, &chain);
}

/* Seq(S): every element, however many. */
static struct fm_term sequence_of(struct fm_emit *emit, struct fm_term term,
                                  const struct range *range)
{
    if (term.shape->kind == FM_SHAPE_SEQ) {
        if (part_always(emit, term.shape->parts[0], range)) {
            return fm_emit_truth(emit, true);
        }
        return loop_slots(emit, term, fm_emit_format(emit, "%s.length", term.code), range);
    }
    if (!fm_slots_has(term.shape) || term.shape->kind == FM_SHAPE_PFUN) {
        refuse_member(emit, "what is no sequence in Seq(S)");
    }
    uint32_t count = fm_slots_count(term.shape);
    fm_value *keys = fm_arena_alloc(&emit->arena, (count + 1) * sizeof *keys);
    for (uint32_t i = 0; i < count; i++) {
        keys[i] = fm_small((int64_t)i + 1);
    }
    struct functions functions = {keys, count, range, true};
    return function_in(emit, term, &functions);
}

static const fm_value *elements_of(struct fm_emit *emit, fm_value set, uint32_t *count)
{
    return fm_set_elements(emit->context, set, count);
}

/* 1 .. count */
static const fm_value *numbers_to(struct fm_emit *emit, uint32_t count)
{
    fm_value *keys = fm_arena_alloc(&emit->arena, (count + 1) * sizeof *keys);
    for (uint32_t i = 0; i < count; i++) {
        keys[i] = fm_small((int64_t)i + 1);
    }
    return keys;
}

static const struct range *known_ranges(struct fm_emit *emit, const fm_value *sets, uint32_t count)
{
    struct range *ranges = fm_arena_calloc(&emit->arena, count + 1, sizeof *ranges);
    for (uint32_t i = 0; i < count; i++) {
        ranges[i].value = sets[i];
    }
    return ranges;
}

/* --- known sets by kind --- */

static struct fm_term in_numbers(struct fm_emit *emit, struct fm_term term, int64_t low,
                                 int64_t high)
{
    if (term.shape->kind != FM_SHAPE_INT) {
        refuse_member(emit, "what is no number in a set of numbers");
    }
    bool above = term.shape->low >= low, below = term.shape->high <= high;
    if (term.shape->low > high || term.shape->high < low) {
        return fm_emit_truth(emit, false);
    }
    if (above && below) {
        return fm_emit_truth(emit, true);
    }
    if (above || below) {
        return fm_emit_test(emit, "(%s %s %" PRId64 ")", term.code,
                            above ? "<=" : ">=", above ? high : low);
    }
    return fm_emit_test(emit, "(%s >= %" PRId64 " && %s <= %" PRId64 ")", term.code, low, term.code,
                        high);
}

/* The elements of the universe that are in the set, as a known set of that shape. */
static struct fm_term within_known(struct fm_emit *emit, struct fm_term term, fm_value set)
{
    const struct fm_shape *shape = term.shape;
    if (shape->kind != FM_SHAPE_SET) {
        refuse_member(emit, "a set of unknown shape in SUBSET");
    }
    fm_value *kept = fm_arena_alloc(&emit->arena, (shape->value_count + 1) * sizeof *kept);
    uint32_t count = 0;
    for (uint32_t i = 0; i < shape->value_count; i++) {
        if (value_in(emit, shape->values[i], set)) {
            kept[count++] = shape->values[i];
        }
    }
    if (count == shape->value_count) {
        return fm_emit_truth(emit, true);
    }
    fm_value allowed = fm_value_freeze(emit->context, fm_set(emit->context, kept, count));
    struct fm_term other = fm_emit_coded(shape,
                                         fm_emit_as(emit, fm_emit_known(emit, allowed), shape));
    return fm_emit_test(emit, "%s", fm_emit_set_within(emit, term, other));
}

static struct fm_term in_explicit(struct fm_emit *emit, struct fm_term term, fm_value set)
{
    uint32_t count;
    const fm_value *values = elements_of(emit, set, &count);
    if (count == 0) {
        return fm_emit_truth(emit, false);
    }
    if (term.shape->kind == FM_SHAPE_INT && fm_is_small(values[0]) &&
        fm_is_small(values[count - 1]) &&
        fm_small_get(values[count - 1]) - fm_small_get(values[0]) + 1 == (int64_t)count) {
        return in_numbers(emit, term, fm_small_get(values[0]), fm_small_get(values[count - 1]));
    }
    const struct fm_shape *element = fm_shape_none(emit->shapes);
    for (uint32_t i = 0; i < count; i++) {
        element = fm_shape_join(emit->shapes, element, fm_shape_of_value(emit->shapes, values[i]));
    }
    const struct fm_shape *universe = fm_shape_set_of(emit->shapes, element, values, count);
    if (universe->kind != FM_SHAPE_SET) {
        refuse_member(emit, "a value in a large set");
    }
    return fm_emit_test(emit, "(%s >= 0)", fm_emit_position(emit, term, universe));
}

static struct fm_term in_combined(struct fm_emit *emit, struct fm_term term, fm_value set)
{
    const struct fm_lazy_set *lazy = fm_as_lazy_set(set);
    struct fm_emit_chain chain;
    fm_emit_chain_init(&chain, fm_value_kind(set) == FM_KIND_CUP);
    fm_emit_chain_open(emit, &chain);
    fm_emit_chain_close(emit, &chain, fm_emit_member_known(emit, term, lazy->parts[0]));
    if (!chain.decided) {
        fm_emit_chain_open(emit, &chain);
        struct fm_term right = fm_emit_member_known(emit, term, lazy->parts[1]);
        fm_emit_chain_close(emit, &chain,
                            fm_value_kind(set) == FM_KIND_DIFF ? fm_emit_not(emit, right) : right);
    }
    return fm_emit_chain_end(emit, &chain);
}

static struct fm_term in_union(struct fm_emit *emit, struct fm_term term, fm_value set)
{
    uint32_t count;
    const fm_value *sets = elements_of(emit, fm_as_lazy_set(set)->parts[0], &count);
    if (count > UNION_MAX) {
        return in_explicit(emit, term, set);
    }
    struct fm_emit_chain chain;
    fm_emit_chain_init(&chain, true);
    for (uint32_t i = 0; i < count && !chain.decided; i++) {
        fm_emit_chain_open(emit, &chain);
        fm_emit_chain_close(emit, &chain, fm_emit_member_known(emit, term, sets[i]));
    }
    return fm_emit_chain_end(emit, &chain);
}

static struct fm_term in_functions(struct fm_emit *emit, struct fm_term term, fm_value set)
{
    const struct fm_lazy_set *lazy = fm_as_lazy_set(set);
    uint32_t count = lazy->head.count;
    struct functions functions = {0};
    switch ((int)fm_value_kind(set)) {
    case FM_KIND_FCNSET:
        functions.keys = elements_of(emit, lazy->parts[0], &functions.count);
        functions.ranges = known_ranges(emit, &lazy->parts[1], 1);
        functions.same = true;
        return function_in(emit, term, &functions);
    case FM_KIND_RECSET:
        functions.keys = fm_as_array(fm_of_object(lazy->extra))->elements;
        break;
    default:
        functions.keys = numbers_to(emit, count);
        break;
    }
    functions.count = count;
    functions.ranges = known_ranges(emit, lazy->parts, count);
    return function_in(emit, term, &functions);
}

static struct fm_term in_kind(struct fm_emit *emit, struct fm_term term, fm_value set)
{
    switch (fm_value_kind(set)) {
    case FM_KIND_NAT:
        return in_numbers(emit, term, 0, FM_SMALL_MAX);
    case FM_KIND_INTS:
        return in_numbers(emit, term, FM_SMALL_MIN, FM_SMALL_MAX);
    case FM_KIND_INTERVAL:
        return in_numbers(emit, term, fm_as_interval(set)->low, fm_as_interval(set)->high);
    case FM_KIND_ANY:
        return fm_emit_truth(emit, true);
    case FM_KIND_SUBSETS:
        return within_known(emit, term, fm_as_lazy_set(set)->parts[0]);
    case FM_KIND_FCNSET:
    case FM_KIND_RECSET:
    case FM_KIND_CROSS:
        return in_functions(emit, term, set);
    case FM_KIND_SEQS:
        return sequence_of(emit, term, known_ranges(emit, fm_as_lazy_set(set)->parts, 1));
    case FM_KIND_CUP:
    case FM_KIND_CAP:
    case FM_KIND_DIFF:
        return in_combined(emit, term, set);
    case FM_KIND_UNION:
        return in_union(emit, term, set);
    case FM_KIND_SET:
    case FM_KIND_KSUBSETS:
        return in_explicit(emit, term, set);
    case FM_KIND_INT:
    case FM_KIND_BOOL:
    case FM_KIND_STRING:
    case FM_KIND_MODEL:
    case FM_KIND_TUPLE:
    case FM_KIND_RECORD:
    case FM_KIND_FCN:
    case FM_KIND_LAZY_FCN:
    case FM_KIND_FILTER:
    case FM_KIND_REALS:
    case FM_KIND_STRINGS:
    case FM_KIND_OPERATOR:
        break;
    }
    refuse_member(emit, "a value in this kind of set");
}

/* A value of a sum: each part by itself. */
static struct fm_term sum_in(struct fm_emit *emit, struct fm_term term, fm_value set)
{
    struct fm_emit_chain any;
    fm_emit_chain_init(&any, true);
    for (uint32_t i = 0; i < term.shape->part_count && !any.decided; i++) {
        const struct fm_shape *part = term.shape->parts[i];
        fm_emit_chain_open(emit, &any);
        struct fm_emit_chain both;
        fm_emit_chain_init(&both, false);
        fm_emit_chain_open(emit, &both);
        fm_emit_chain_close(emit, &both, fm_emit_test(emit, "(%s.tag == %u)", term.code, i));
        fm_emit_chain_open(emit, &both);
        const char *member = fm_emit_format(emit, "%s.p%u", term.code, i);
        struct fm_term value = fm_emit_coded(part, fm_emit_load(emit, part, member));
        fm_emit_chain_close(emit, &both, fm_emit_member_known(emit, value, set));
        fm_emit_chain_close(emit, &any, fm_emit_chain_end(emit, &both));
    }
    return fm_emit_chain_end(emit, &any);
}

struct fm_term fm_emit_member_known(struct fm_emit *emit, struct fm_term element, fm_value set)
{
    if (!fm_value_is_set(set)) {
        refuse_member(emit, "a value in what is no set");
    }
    if (!fm_is_none(element.value)) {
        return fm_emit_truth(emit, value_in(emit, element.value, set));
    }
    if (element.shape->kind == FM_SHAPE_NONE) {
        return fm_emit_truth(emit, false);
    }
    if (element.shape->kind == FM_SHAPE_SUM) {
        return sum_in(emit, element, set);
    }
    struct fm_term result;
    if (decide_by_values(emit, element, set, &result)) {
        return result;
    }
    return in_kind(emit, element, set);
}

struct fm_term fm_emit_member_value(struct fm_emit *emit, struct fm_term element,
                                    struct fm_term set)
{
    if (!fm_is_none(set.value)) {
        return fm_emit_member_known(emit, element, set.value);
    }
    if (set.shape->kind != FM_SHAPE_SET) {
        refuse_member(emit, "a value in a set of unknown shape");
    }
    if (set.shape->value_count == 0) {
        return fm_emit_truth(emit, false);
    }
    const char *position = fm_emit_position(emit, element, set.shape);
    position = fm_emit_bind(
                   emit, fm_emit_coded(fm_shape_int(emit->shapes, -1, INT32_MAX), position), "at")
                   .code;
    return fm_emit_test(emit, "(%s >= 0 && %s)", position,
                        fm_emit_bit_test(emit, set.shape, set.code, position));
}

/* --- sets as they are written --- */

static struct fm_term member_enum(struct fm_emit *emit, struct fm_term element,
                                  const struct fm_node *set, struct fm_emit_frame *frame)
{
    struct fm_emit_chain chain;
    fm_emit_chain_init(&chain, true);
    for (uint32_t i = 0; i < set->count && !chain.decided; i++) {
        fm_emit_chain_open(emit, &chain);
        struct fm_term other = fm_emit_expr(emit, set->kids[i], frame, NULL);
        fm_emit_chain_close(emit, &chain,
                            fm_emit_test(emit, "%s", fm_emit_equal(emit, element, other)));
    }
    return fm_emit_chain_end(emit, &chain);
}

static struct fm_term member_pair(struct fm_emit *emit, struct fm_term element,
                                  const struct fm_node *set, struct fm_emit_frame *frame)
{
    struct fm_emit_chain chain;
    fm_emit_chain_init(&chain, set->op == FM_OP_CUP);
    fm_emit_chain_open(emit, &chain);
    fm_emit_chain_close(emit, &chain, fm_emit_member_of(emit, element, set->kids[0], frame));
    if (!chain.decided) {
        fm_emit_chain_open(emit, &chain);
        struct fm_term right = fm_emit_member_of(emit, element, set->kids[1], frame);
        fm_emit_chain_close(emit, &chain, set->op == FM_OP_DIFF ? fm_emit_not(emit, right) : right);
    }
    return fm_emit_chain_end(emit, &chain);
}

static struct fm_term member_filter(struct fm_emit *emit, struct fm_term element,
                                    const struct fm_node *set, struct fm_emit_frame *frame)
{
    const struct fm_binding *binding = &set->u.bind.at[0];
    if (binding->set == NULL) {
        refuse_member(emit, "a value in an unbounded set");
    }
    struct fm_emit_chain chain;
    fm_emit_chain_init(&chain, false);
    fm_emit_chain_open(emit, &chain);
    fm_emit_chain_close(emit, &chain, fm_emit_member_of(emit, element, binding->set, frame));
    if (!chain.decided) {
        fm_emit_chain_open(emit, &chain);
        fm_emit_bind_element(emit, binding, 0, frame, element);
        fm_emit_chain_close(emit, &chain, fm_emit_bool_term(emit, set->kids[0], frame));
    }
    return fm_emit_chain_end(emit, &chain);
}

/* x \in {e : y \in S}, or x \in UNION {e : y \in S}: a search. */
static struct fm_term member_map(struct fm_emit *emit, struct fm_term element,
                                 const struct fm_node *map, struct fm_emit_frame *frame,
                                 bool in_element)
{
    const struct fm_shape *boolean = fm_shape_bool(emit->shapes);
    const char *found = fm_emit_declare(emit, boolean, "found", "false");
    const char *done = fm_emit_name(emit, "done");
    struct fm_emit_loops loops;
    fm_emit_loop_begin(emit, map->u.bind.at, map->u.bind.count, frame, false, &loops);
    struct fm_term hit;
    if (in_element) {
        hit = fm_emit_member_of(emit, element, map->kids[0], frame);
    } else {
        struct fm_term other = fm_emit_expr(emit, map->kids[0], frame, NULL);
        hit = fm_emit_test(emit, "%s", fm_emit_equal(emit, element, other));
    }
    fm_emit_open(emit, "if (%s)", fm_emit_as(emit, hit, boolean));
    fm_emit_line(emit, "%s = true;", found);
    fm_emit_line(emit, "goto %s;", done);
    fm_emit_close(emit, "");
    fm_emit_loop_end(emit, &loops);
    fm_emit_line(emit, "%s:;", done);
    return fm_emit_coded(boolean, found);
}

static struct fm_term member_functions(struct fm_emit *emit, struct fm_term element,
                                       const struct fm_node *set, struct fm_emit_frame *frame)
{
    struct functions functions = {.same = set->op == FM_OP_FCNSET};
    uint32_t first = set->op == FM_OP_FCNSET ? 1 : 0;
    struct range *ranges = fm_arena_calloc(&emit->arena, set->count + 1, sizeof *ranges);
    for (uint32_t i = first; i < set->count; i++) {
        ranges[i - first] = (struct range){set->kids[i], frame, fm_none()};
    }
    functions.ranges = ranges;
    functions.count = set->count;
    if (set->op == FM_OP_FCNSET) {
        fm_value domain = fm_emit_fold(emit, set->kids[0], frame);
        if (fm_is_none(domain)) {
            refuse_member(emit, "a function in [S -> T] where S varies");
        }
        functions.keys = elements_of(emit, domain, &functions.count);
    } else if (set->op == FM_OP_CROSS) {
        functions.keys = numbers_to(emit, set->count);
    } else {
        fm_value *keys = fm_arena_alloc(&emit->arena, (set->count + 1) * sizeof *keys);
        for (uint32_t i = 0; i < set->count; i++) {
            keys[i] = fm_string(emit->context, set->u.names[i]);
        }
        functions.keys = keys;
    }
    if (element.shape->kind == FM_SHAPE_ANY || element.shape->kind == FM_SHAPE_SUM) {
        refuse_member(emit, "a value of unknown shape in a set of functions");
    }
    return function_in(emit, fm_emit_solid(emit, element), &functions);
}

static struct fm_term member_if(struct fm_emit *emit, struct fm_term element,
                                const struct fm_node *set, struct fm_emit_frame *frame)
{
    struct fm_term condition = fm_emit_bool_term(emit, set->kids[0], frame);
    int known = fm_emit_is_known_bool(condition);
    if (known >= 0) {
        return fm_emit_member_of(emit, element, set->kids[known != 0 ? 1 : 2], frame);
    }
    const struct fm_shape *boolean = fm_shape_bool(emit->shapes);
    const char *result = fm_emit_declare(emit, boolean, "member", "false");
    for (uint32_t i = 1; i <= 2; i++) {
        fm_emit_open(emit, "if (%s%s)", i == 1 ? "" : "!", fm_emit_as(emit, condition, boolean));
        struct fm_term inside = fm_emit_member_of(emit, element, set->kids[i], frame);
        fm_emit_line(emit, "%s = %s;", result, fm_emit_as(emit, inside, boolean));
        fm_emit_close(emit, "");
    }
    return fm_emit_coded(boolean, result);
}

/* Operators of libraries whose sets are tested without being built. */
static bool member_native(struct fm_emit *emit, struct fm_term element, const struct fm_node *set,
                          struct fm_emit_frame *frame, struct fm_term *result)
{
    const struct fm_native *native = set->u.def->native;
    if (native->special == FM_SPECIAL_INTERVAL && element.shape->kind == FM_SHAPE_INT) {
        struct fm_term low = fm_emit_expr(emit, set->kids[0], frame, NULL);
        struct fm_term high = fm_emit_expr(emit, set->kids[1], frame, NULL);
        if (low.shape->kind != FM_SHAPE_INT || high.shape->kind != FM_SHAPE_INT) {
            return false;
        }
        const char *code = fm_emit_as(emit, element, element.shape);
        *result = fm_emit_test(emit, "(%s >= %s && %s <= %s)", code,
                               fm_emit_as(emit, low, low.shape), code,
                               fm_emit_as(emit, high, high.shape));
        return true;
    }
    if (strcmp(native->name, "Seq") == 0 && strcmp(native->module, "Sequences") == 0 &&
        fm_slots_has(element.shape)) {
        struct range range = {set->kids[0], frame, fm_none()};
        *result = sequence_of(emit, fm_emit_solid(emit, element), &range);
        return true;
    }
    return false;
}

static struct fm_term member_call(struct fm_emit *emit, struct fm_term element,
                                  const struct fm_node *set, struct fm_emit_frame *frame)
{
    const struct fm_def *def = set->op == FM_OP_CALL ? set->u.def : NULL;
    if (def != NULL && def->native != NULL) {
        struct fm_term result;
        if (member_native(emit, element, set, frame, &result)) {
            return result;
        }
    } else if (def != NULL && def->body != NULL && !def->is_recursive) {
        struct fm_emit_frame *callee = fm_emit_enter(emit, set, frame);
        return fm_emit_member_of(emit, element, def->body, callee);
    }
    return fm_emit_member_value(emit, element, fm_emit_expr(emit, set, frame, NULL));
}

/* Whether a test of membership would evaluate a recursive definition each time. */
static bool is_recursion(struct fm_emit *emit, const struct fm_node *set,
                         struct fm_emit_frame *frame)
{
    set = fm_emit_peel(emit, set, &frame);
    switch ((int)set->op) {
    case FM_OP_CUP:
    case FM_OP_CAP:
    case FM_OP_DIFF:
        return is_recursion(emit, set->kids[0], frame) || is_recursion(emit, set->kids[1], frame);
    case FM_OP_CALL:
        return set->u.def->is_recursive;
    }
    return false;
}

struct fm_term fm_emit_member_of(struct fm_emit *emit, struct fm_term element,
                                 const struct fm_node *set, struct fm_emit_frame *frame)
{
    const struct fm_node *whole = set;
    struct fm_emit_frame *outer = frame;
    set = fm_emit_peel(emit, set, &frame);
    fm_value known = fm_emit_fold(emit, set, frame);
    if (!fm_is_none(known)) {
        return fm_emit_member_known(emit, element, known);
    }
    if (whole->op == FM_OP_LOCAL && is_recursion(emit, set, frame)) { /* once, not each time */
        return fm_emit_member_value(emit, element, fm_emit_expr(emit, whole, outer, NULL));
    }
    switch ((int)set->op) {
    case FM_OP_SETENUM:
        return member_enum(emit, element, set, frame);
    case FM_OP_CUP:
    case FM_OP_CAP:
    case FM_OP_DIFF:
        return member_pair(emit, element, set, frame);
    case FM_OP_FILTER:
        return member_filter(emit, element, set, frame);
    case FM_OP_MAP:
        return member_map(emit, element, set, frame, false);
    case FM_OP_BIG_UNION: {
        struct fm_emit_frame *inner = frame;
        const struct fm_node *sets = fm_emit_peel(emit, set->kids[0], &inner);
        if (sets->op == FM_OP_MAP) {
            return member_map(emit, element, sets, inner, true);
        }
        break;
    }
    case FM_OP_POWERSET: {
        struct fm_emit_frame *inner = frame;
        return fm_emit_within(emit, element, set->kids[0], inner);
    }
    case FM_OP_FCNSET:
    case FM_OP_RECSET:
    case FM_OP_CROSS:
        return member_functions(emit, element, set, frame);
    case FM_OP_IF:
        return member_if(emit, element, set, frame);
    case FM_OP_LET:
        fm_emit_let(emit, set, frame);
        return fm_emit_member_of(emit, element, set->kids[0], frame);
    case FM_OP_CALL:
        return member_call(emit, element, set, frame);
    }
    return fm_emit_member_value(emit, element, fm_emit_expr(emit, set, frame, NULL));
}

/* --- subsets --- */

/* Whether the set is tested element by element rather than built. */
static bool is_lazy(const struct fm_node *set)
{
    switch ((int)set->op) {
    case FM_OP_POWERSET:
    case FM_OP_FCNSET:
    case FM_OP_RECSET:
    case FM_OP_CROSS:
        return true;
    case FM_OP_CALL:
        return set->u.def->native != NULL && (set->u.def->native->special == FM_SPECIAL_INTERVAL ||
                                              strcmp(set->u.def->native->name, "Seq") == 0);
    }
    return false;
}

struct fm_term fm_emit_within(struct fm_emit *emit, struct fm_term part, const struct fm_node *set,
                              struct fm_emit_frame *frame)
{
    const struct fm_node *whole = set;
    struct fm_emit_frame *outer = frame;
    set = fm_emit_peel(emit, set, &frame);
    fm_value known = fm_emit_fold(emit, set, frame);
    if (!fm_is_none(known)) {
        if (!fm_is_none(part.value)) {
            return fm_emit_truth(emit, fm_set_subset(emit->context, part.value, known));
        }
        return within_known(emit, part, known);
    }
    part = fm_emit_solid(emit, part);
    if (part.shape->kind != FM_SHAPE_SET) {
        refuse_member(emit, "a set of unknown shape among the subsets");
    }
    if (!is_lazy(set)) {
        struct fm_term other = fm_emit_expr(emit, whole, outer, NULL);
        if (other.shape->kind != FM_SHAPE_SET) {
            refuse_member(emit, "a set among the subsets of a set of unknown shape");
        }
        return fm_emit_test(emit, "%s", fm_emit_set_within(emit, part, other));
    }
    const struct fm_shape *boolean = fm_shape_bool(emit->shapes);
    const char *all = fm_emit_declare(emit, boolean, "within", "true");
    const char *done = fm_emit_name(emit, "done");
    struct fm_emit_bits bits = fm_emit_bits_begin(emit, part);
    struct fm_term element = fm_emit_element(emit, part.shape, bits.index);
    struct fm_term inside = fm_emit_member_of(emit, fm_emit_bind(emit, element, "element"), set,
                                              frame);
    fm_emit_open(emit, "if (!%s)", fm_emit_as(emit, inside, boolean));
    fm_emit_line(emit, "%s = false;", all);
    fm_emit_line(emit, "goto %s;", done);
    fm_emit_close(emit, "");
    fm_emit_bits_end(emit, &bits);
    fm_emit_line(emit, "%s:;", done);
    return fm_emit_coded(boolean, all);
}

struct fm_term fm_emit_subset(struct fm_emit *emit, const struct fm_node *node,
                              struct fm_emit_frame *frame)
{
    struct fm_term part = fm_emit_expr(emit, node->kids[0], frame, NULL);
    return fm_emit_within(emit, part, node->kids[1], frame);
}
