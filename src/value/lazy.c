/* Lazy and infinite sets: construction, membership, inclusion, size, without listing the elements.
 *
 * SUBSET S, [S -> T], records and products, Seq(S), Nat and their like are kept as their operands.
 * Whether a value is an element is decided by its form: a set is in SUBSET S if its elements are in
 * S. What TLC calls an error stays one: asking whether "a" is in 1..3 compares a string with
 * integers, and almost always shows a mistake in the specification; an untyped model value, which
 * differs from everything, is simply not an element. Sizes of products and powers come from closed
 * forms over unbounded integers, so Cardinality(SUBSET (1..100)) is a number. */
#include "value/raise.h"
#include "value/view.h"

#include <inttypes.h>

/* ORDER(infinite): FM_KIND_NAT and following. */
static const struct fm_object infinite_sets[] = {
    {.kind = FM_KIND_NAT, .flags = FM_OBJECT_FROZEN},
    {.kind = FM_KIND_INTS, .flags = FM_OBJECT_FROZEN},
    {.kind = FM_KIND_REALS, .flags = FM_OBJECT_FROZEN},
    {.kind = FM_KIND_STRINGS, .flags = FM_OBJECT_FROZEN},
    {.kind = FM_KIND_ANY, .flags = FM_OBJECT_FROZEN}};

static const struct {
    struct fm_object head;
    fm_value elements[2];
} booleans = {{.kind = FM_KIND_SET, .flags = FM_OBJECT_NORMAL | FM_OBJECT_FROZEN, .count = 2},
              {{FM_TAG_BOOL}, {(1u << 3) | FM_TAG_BOOL}}};

/* 1..n for small n: what DOMAIN of a tuple gives, at no cost. */
#define ONE_TO(n)                                                                                  \
    {                                                                                              \
        {.kind = FM_KIND_INTERVAL, .flags = FM_OBJECT_FROZEN}, 1, (n),                             \
        {                                                                                          \
            FM_TAG_NONE                                                                            \
        }                                                                                          \
    }
#define ONE_TO_4(n) ONE_TO(n), ONE_TO((n) + 1), ONE_TO((n) + 2), ONE_TO((n) + 3)
#define ONE_TO_16(n) ONE_TO_4(n), ONE_TO_4((n) + 4), ONE_TO_4((n) + 8), ONE_TO_4((n) + 12)
static const struct fm_interval one_to[] = {ONE_TO_16(0), ONE_TO_16(16)};

#define ONE_TO_COUNT ((int64_t)(sizeof one_to / sizeof one_to[0]))

/* --- construction --- */

fm_value fm_set_constant(enum fm_kind kind)
{
    fm_assert(kind >= FM_KIND_NAT && kind <= FM_KIND_ANY);
    return fm_of_object(&infinite_sets[kind - FM_KIND_NAT]);
}

fm_value fm_booleans(void)
{
    return fm_of_object(&booleans);
}

fm_value fm_interval(struct fm_value_context *context, fm_value low, fm_value high)
{
    if (!fm_is_int(low) || !fm_is_int(high)) {
        fm_value_raise(context, FM_CODE_4201, "the ends of %s..%s must be integers",
                       fm_value_describe(context, low), fm_value_describe(context, high));
    }
    if (fm_int_compare(context, low, high) > 0) {
        return fm_of_object(&one_to[0]);
    }
    if (!fm_is_small(low) || !fm_is_small(high)) {
        fm_value_raise(context, FM_CODE_4014, "the ends of %s..%s are too large",
                       fm_value_describe(context, low), fm_value_describe(context, high));
    }
    if (fm_small_get(low) == 1 && fm_small_get(high) < ONE_TO_COUNT) {
        return fm_of_object(&one_to[fm_small_get(high)]);
    }
    struct fm_interval *interval = fm_arena_alloc(context->arena, sizeof *interval);
    *interval = (struct fm_interval){.head = {.kind = FM_KIND_INTERVAL},
                                     .low = fm_small_get(low),
                                     .high = fm_small_get(high),
                                     .explicit_set = fm_none()};
    return fm_of_object(interval);
}

struct fm_lazy_set *fm_lazy_set_alloc(struct fm_value_context *context, enum fm_kind kind,
                                      uint32_t count)
{
    struct fm_lazy_set *set = fm_arena_alloc(context->arena,
                                             sizeof *set + count * sizeof(fm_value));
    set->head = (struct fm_object){.kind = (uint8_t)kind, .count = count};
    set->explicit_set = fm_none();
    set->extra = NULL;
    return set;
}

static void need_set(struct fm_value_context *context, fm_value v, const char *use)
{
    if (!fm_value_is_set(v)) {
        fm_raise_not_set(context, v, use);
    }
}

static fm_value lazy_one(struct fm_value_context *context, enum fm_kind kind, fm_value set,
                         const char *use)
{
    need_set(context, set, use);
    struct fm_lazy_set *result = fm_lazy_set_alloc(context, kind, 1);
    result->parts[0] = set;
    return fm_of_object(result);
}

fm_value fm_subsets(struct fm_value_context *context, fm_value set)
{
    return lazy_one(context, FM_KIND_SUBSETS, set, "the operand of SUBSET");
}

fm_value fm_seqs(struct fm_value_context *context, fm_value set)
{
    return lazy_one(context, FM_KIND_SEQS, set, "the argument of Seq");
}

fm_value fm_filter(struct fm_value_context *context, fm_value set, const void *closure)
{
    need_set(context, set, "the bound of {x \\in S : P}");
    struct fm_lazy_set *result = fm_lazy_set_alloc(context, FM_KIND_FILTER, 1);
    result->parts[0] = set;
    result->extra = closure;
    return fm_of_object(result);
}

fm_value fm_ksubsets(struct fm_value_context *context, uint32_t size, fm_value set)
{
    need_set(context, set, "the second argument of kSubset");
    struct fm_lazy_set *result = fm_lazy_set_alloc(context, FM_KIND_KSUBSETS, 2);
    result->parts[0] = set;
    result->parts[1] = fm_small(size);
    return fm_of_object(result);
}

fm_value fm_fcnset(struct fm_value_context *context, fm_value domain, fm_value range)
{
    need_set(context, domain, "S in [S -> T]");
    need_set(context, range, "T in [S -> T]");
    struct fm_lazy_set *result = fm_lazy_set_alloc(context, FM_KIND_FCNSET, 2);
    result->parts[0] = domain;
    result->parts[1] = range;
    return fm_of_object(result);
}

fm_value fm_recset(struct fm_value_context *context, const struct fm_symbol *const *names,
                   const fm_value *sets, uint32_t count)
{
    uint32_t *places = fm_arena_alloc(context->arena, count * sizeof *places);
    fm_value domain = fm_record_domain(context, names, count, places);
    struct fm_lazy_set *result = fm_lazy_set_alloc(context, FM_KIND_RECSET, count);
    result->extra = fm_value_object(domain);
    for (uint32_t i = 0; i < count; i++) {
        need_set(context, sets[i], "the set of a record's field");
        result->parts[places[i]] = sets[i];
    }
    return fm_of_object(result);
}

fm_value fm_cross(struct fm_value_context *context, const fm_value *factors, uint32_t count)
{
    struct fm_lazy_set *result = fm_lazy_set_alloc(context, FM_KIND_CROSS, count);
    for (uint32_t i = 0; i < count; i++) {
        need_set(context, factors[i], "a factor of \\X");
        result->parts[i] = factors[i];
    }
    return fm_of_object(result);
}

/* --- membership --- */

static _Noreturn void raise_undecided(struct fm_value_context *context, fm_value element,
                                      fm_value set)
{
    fm_value_raise(context, FM_CODE_4015,
                   "whether %s is an element of %s cannot be decided: it "
                   "is %s",
                   fm_value_describe(context, element), fm_value_describe(context, set),
                   fm_kind_phrase(fm_value_kind(element)));
}

/* An element of the wrong kind: FALSE for an untyped model value, an error for everything else. */
static bool wrong_kind(struct fm_value_context *context, fm_value element, fm_value set)
{
    if (fm_value_tag(element) != FM_TAG_MODEL || fm_model_type(element) != '\0') {
        raise_undecided(context, element, set);
    }
    return false;
}

static bool member_interval(struct fm_value_context *context, fm_value element, fm_value set)
{
    const struct fm_interval *interval = fm_as_interval(set);
    if (fm_is_small(element)) {
        return fm_small_get(element) >= interval->low && fm_small_get(element) <= interval->high;
    }
    return !fm_is_int(element) && fm_interval_count(interval) > 0 &&
           wrong_kind(context, element, set);
}

static bool member_subsets(struct fm_value_context *context, fm_value element, fm_value set)
{
    const struct fm_lazy_set *subsets = fm_as_lazy_set(set);
    if (!fm_value_is_set(element) || !fm_set_can_enumerate(context, element)) {
        raise_undecided(context, element, set);
    }
    if (subsets->head.kind == FM_KIND_KSUBSETS &&
        !fm_value_same(fm_set_cardinality(context, element), subsets->parts[1])) {
        return false;
    }
    return fm_set_subset(context, element, subsets->parts[0]);
}

static bool member_fcnset(struct fm_value_context *context, fm_value element, fm_value set)
{
    const struct fm_lazy_set *functions = fm_as_lazy_set(set);
    if (!fm_value_is_function(element)) {
        return wrong_kind(context, element, set);
    }
    element = fm_fcn_explicit(context, element);
    fm_value domain = fm_fcn_domain(context, element);
    if (!fm_value_same(domain, functions->parts[0]) &&
        !fm_value_equal(context, domain, functions->parts[0])) {
        return false;
    }
    struct fm_graph graph = fm_graph_of(element);
    fm_value range = functions->parts[1];
    for (uint32_t i = 0; i < graph.count; i++) {
        if (!fm_set_member(context, graph.values[i], range)) {
            return false;
        }
    }
    return true;
}

static bool member_recset(struct fm_value_context *context, fm_value element, fm_value set)
{
    const struct fm_lazy_set *records = fm_as_lazy_set(set);
    if (!fm_value_is_function(element)) {
        return wrong_kind(context, element, set);
    }
    element = fm_fcn_explicit(context, element);
    if (fm_value_object(element)->count == 0) {
        return false;
    }
    if (fm_value_object(element)->kind != FM_KIND_RECORD) {
        raise_undecided(context, element, set);
    }
    const struct fm_fcn_object *record = fm_as_fcn(element);
    if (!fm_value_equal(context, record->domain, fm_of_object(records->extra))) {
        return false;
    }
    for (uint32_t i = 0; i < record->head.count; i++) {
        if (!fm_set_member(context, record->values[i], records->parts[i])) {
            return false;
        }
    }
    return true;
}

/* The elements of a tuple that is asked for in \X or Seq; false when it is an untyped model value.
 */
static bool tuple_of(struct fm_value_context *context, fm_value element, fm_value set,
                     const struct fm_array **tuple)
{
    if (!fm_value_is_function(element)) {
        return wrong_kind(context, element, set);
    }
    element = fm_fcn_explicit(context, element);
    if (fm_value_object(element)->kind == FM_KIND_TUPLE) {
        *tuple = fm_as_array(element);
        return true;
    }
    /* A function over other integers is no tuple; over anything else it is a mistake. */
    struct fm_graph graph = fm_graph_of(element);
    for (uint32_t i = 0; i < graph.count; i++) {
        if (!fm_is_int(fm_elements_get(&graph.keys, i))) {
            raise_undecided(context, element, set);
        }
    }
    return false;
}

static bool member_cross(struct fm_value_context *context, fm_value element, fm_value set)
{
    const struct fm_lazy_set *cross = fm_as_lazy_set(set);
    const struct fm_array *tuple;
    if (!tuple_of(context, element, set, &tuple) || tuple->head.count != cross->head.count) {
        return false;
    }
    for (uint32_t i = 0; i < tuple->head.count; i++) {
        if (!fm_set_member(context, tuple->elements[i], cross->parts[i])) {
            return false;
        }
    }
    return true;
}

static bool member_seqs(struct fm_value_context *context, fm_value element, fm_value set)
{
    fm_value range = fm_as_lazy_set(set)->parts[0];
    const struct fm_array *tuple;
    if (!tuple_of(context, element, set, &tuple)) {
        return false;
    }
    for (uint32_t i = 0; i < tuple->head.count; i++) {
        if (!fm_set_member(context, tuple->elements[i], range)) {
            return false;
        }
    }
    return true;
}

static bool member_union(struct fm_value_context *context, fm_value element, fm_value set)
{
    struct fm_set_cursor cursor;
    fm_set_begin(context, &cursor, fm_as_lazy_set(set)->parts[0], FM_SET_RAW);
    fm_value one;
    while (fm_set_next(context, &cursor, &one)) {
        if (fm_set_member(context, element, one)) {
            return true;
        }
    }
    return false;
}

/* Nat, Int, Real, STRING, the set of everything. */
static bool member_infinite(struct fm_value_context *context, fm_value element, fm_value set)
{
    enum fm_kind kind = fm_value_kind(set);
    if (kind == FM_KIND_ANY) {
        return true;
    }
    if (kind == FM_KIND_STRINGS ? fm_value_tag(element) != FM_TAG_STRING : !fm_is_int(element)) {
        return wrong_kind(context, element, set);
    }
    return kind != FM_KIND_NAT || fm_int_compare(context, element, fm_small(0)) >= 0;
}

bool fm_set_member(struct fm_value_context *context, fm_value element, fm_value set)
{
    if (!fm_is_object(set)) {
        fm_raise_not_set(context, set, "the right operand of \\in");
    }
    enum fm_kind kind = (enum fm_kind)fm_value_object(set)->kind;
    const fm_value *parts = fm_as_lazy_set(set)->parts;
    if (kind >= FM_KIND_UNION && kind <= FM_KIND_FILTER) {
        fm_value_check_depth(context);
    }
    switch (kind) {
    case FM_KIND_SET:
        return fm_array_member(context, element, set);
    case FM_KIND_INTERVAL:
        return member_interval(context, element, set);
    case FM_KIND_SUBSETS:
    case FM_KIND_KSUBSETS:
        return member_subsets(context, element, set);
    case FM_KIND_FCNSET:
        return member_fcnset(context, element, set);
    case FM_KIND_RECSET:
        return member_recset(context, element, set);
    case FM_KIND_CROSS:
        return member_cross(context, element, set);
    case FM_KIND_UNION:
        return member_union(context, element, set);
    case FM_KIND_CUP:
        return fm_set_member(context, element, parts[0]) ||
               fm_set_member(context, element, parts[1]);
    case FM_KIND_CAP:
        return fm_set_member(context, element, parts[0]) &&
               fm_set_member(context, element, parts[1]);
    case FM_KIND_DIFF:
        return fm_set_member(context, element, parts[0]) &&
               !fm_set_member(context, element, parts[1]);
    case FM_KIND_FILTER:
        return fm_set_member(context, element, parts[0]) &&
               context->test_closure(context, fm_as_lazy_set(set)->extra, element);
    case FM_KIND_SEQS:
        return member_seqs(context, element, set);
    case FM_KIND_NAT:
    case FM_KIND_INTS:
    case FM_KIND_REALS:
    case FM_KIND_STRINGS:
    case FM_KIND_ANY:
        return member_infinite(context, element, set);
    case FM_KIND_INT:
    case FM_KIND_BOOL:
    case FM_KIND_STRING:
    case FM_KIND_MODEL:
    case FM_KIND_TUPLE:
    case FM_KIND_RECORD:
    case FM_KIND_FCN:
    case FM_KIND_LAZY_FCN:
    case FM_KIND_OPERATOR:
        fm_raise_not_set(context, set, "the right operand of \\in");
    }
    fm_unreachable();
}

/* --- inclusion --- */

bool fm_set_subset(struct fm_value_context *context, fm_value a, fm_value b)
{
    need_set(context, a, "the left operand of \\subseteq");
    need_set(context, b, "the right operand of \\subseteq");
    enum fm_kind x = fm_value_kind(a), y = fm_value_kind(b);
    if (fm_value_same(a, b)) {
        return true;
    }
    if (x == FM_KIND_INTERVAL && y == FM_KIND_INTERVAL) {
        return fm_interval_count(fm_as_interval(a)) == 0 ||
               (fm_as_interval(a)->low >= fm_as_interval(b)->low &&
                fm_as_interval(a)->high <= fm_as_interval(b)->high);
    }
    if (x == FM_KIND_SUBSETS && y == FM_KIND_SUBSETS) {
        return fm_set_subset(context, fm_as_lazy_set(a)->parts[0], fm_as_lazy_set(b)->parts[0]);
    }
    struct fm_set_cursor cursor;
    fm_set_begin(context, &cursor, a, FM_SET_RAW);
    fm_value element;
    while (fm_set_next(context, &cursor, &element)) {
        int quick = fm_set_member_inline(element, b);
        if (quick == 0 || (quick < 0 && !fm_set_member(context, element, b))) {
            return false;
        }
    }
    return true;
}

/* --- what kind of infinity --- */

static bool all_parts(struct fm_value_context *context, fm_value set,
                      bool (*test)(struct fm_value_context *, fm_value))
{
    const struct fm_lazy_set *lazy = fm_as_lazy_set(set);
    for (uint32_t i = 0; i < lazy->head.count; i++) {
        if (!test(context, lazy->parts[i])) {
            return false;
        }
    }
    return true;
}

/* UNION S: all elements of S, which must be enumerable for that. */
static bool all_members(struct fm_value_context *context, fm_value set,
                        bool (*test)(struct fm_value_context *, fm_value))
{
    struct fm_set_cursor cursor;
    fm_set_begin(context, &cursor, fm_as_lazy_set(set)->parts[0], FM_SET_RAW);
    fm_value element;
    while (fm_set_next(context, &cursor, &element)) {
        if (!test(context, element)) {
            return false;
        }
    }
    return true;
}

static bool finite_difference(struct fm_value_context *context, fm_value set)
{
    const fm_value *parts = fm_as_lazy_set(set)->parts;
    bool left = fm_set_is_finite(context, parts[0]), right = fm_set_is_finite(context, parts[1]);
    bool cap = fm_value_kind(set) == FM_KIND_CAP;
    if (left || (cap && right)) {
        return true;
    }
    if (!cap && right) {
        return false; /* infinite without finitely many elements */
    }
    fm_value_raise(context, FM_CODE_4021, "whether %s is finite cannot be decided",
                   fm_value_describe(context, set));
}

bool fm_set_is_finite(struct fm_value_context *context, fm_value set)
{
    need_set(context, set, "the argument of IsFiniteSet");
    switch ((enum fm_kind)fm_value_object(set)->kind) {
    case FM_KIND_SET:
    case FM_KIND_INTERVAL:
        return true;
    case FM_KIND_SUBSETS:
    case FM_KIND_KSUBSETS:
        return fm_set_is_finite(context, fm_as_lazy_set(set)->parts[0]);
    case FM_KIND_FCNSET:
    case FM_KIND_RECSET:
    case FM_KIND_CROSS:
    case FM_KIND_CUP:
        return all_parts(context, set, fm_set_is_finite);
    case FM_KIND_UNION:
        return all_members(context, set, fm_set_is_finite);
    case FM_KIND_CAP:
    case FM_KIND_DIFF:
        return finite_difference(context, set);
    case FM_KIND_FILTER:
        if (!fm_set_is_finite(context, fm_as_lazy_set(set)->parts[0])) {
            fm_value_raise(context, FM_CODE_4021, "whether %s is finite cannot be decided",
                           fm_value_describe(context, set));
        }
        return true;
    case FM_KIND_SEQS:
    case FM_KIND_NAT:
    case FM_KIND_INTS:
    case FM_KIND_REALS:
    case FM_KIND_STRINGS:
    case FM_KIND_ANY:
        return false;
    case FM_KIND_INT:
    case FM_KIND_BOOL:
    case FM_KIND_STRING:
    case FM_KIND_MODEL:
    case FM_KIND_TUPLE:
    case FM_KIND_RECORD:
    case FM_KIND_FCN:
    case FM_KIND_LAZY_FCN:
    case FM_KIND_OPERATOR:
        break;
    }
    fm_unreachable();
}

bool fm_set_can_enumerate(struct fm_value_context *context, fm_value set)
{
    if (!fm_value_is_set(set)) {
        return false;
    }
    const fm_value *parts = fm_as_lazy_set(set)->parts;
    switch ((enum fm_kind)fm_value_object(set)->kind) {
    case FM_KIND_SET:
    case FM_KIND_INTERVAL:
        return true;
    case FM_KIND_SUBSETS:
    case FM_KIND_KSUBSETS:
    case FM_KIND_FILTER:
    case FM_KIND_DIFF:
        return fm_set_can_enumerate(context, parts[0]);
    case FM_KIND_FCNSET:
    case FM_KIND_RECSET:
    case FM_KIND_CROSS:
    case FM_KIND_CUP:
        return all_parts(context, set, fm_set_can_enumerate);
    case FM_KIND_UNION:
        return fm_set_can_enumerate(context, parts[0]) &&
               (fm_value_kind(parts[0]) != FM_KIND_SET ||
                all_members(context, set, fm_set_can_enumerate));
    case FM_KIND_CAP:
        return fm_set_can_enumerate(context, parts[0]) || fm_set_can_enumerate(context, parts[1]);
    case FM_KIND_SEQS:
    case FM_KIND_NAT:
    case FM_KIND_INTS:
    case FM_KIND_REALS:
    case FM_KIND_STRINGS:
    case FM_KIND_ANY:
    case FM_KIND_INT:
    case FM_KIND_BOOL:
    case FM_KIND_STRING:
    case FM_KIND_MODEL:
    case FM_KIND_TUPLE:
    case FM_KIND_RECORD:
    case FM_KIND_FCN:
    case FM_KIND_LAZY_FCN:
    case FM_KIND_OPERATOR:
        return false;
    }
    fm_unreachable();
}

/* --- size --- */

void fm_check_set_size(struct fm_value_context *context, fm_value set, uint64_t count)
{
    if (count > context->set_size_max || count > UINT32_MAX) {
        fm_value_raise(context, FM_CODE_4008,
                       "%s has more than the %" PRIu64 " elements that may be enumerated",
                       fm_value_describe(context, set), context->set_size_max);
    }
}

static fm_value product_of_sizes(struct fm_value_context *context, fm_value set)
{
    const struct fm_lazy_set *lazy = fm_as_lazy_set(set);
    fm_value product = fm_small(1);
    for (uint32_t i = 0; i < lazy->head.count; i++) {
        product = fm_int_mul(context, product, fm_set_cardinality(context, lazy->parts[i]));
    }
    return product;
}

static fm_value power_of_sizes(struct fm_value_context *context, fm_value set)
{
    const fm_value *parts = fm_as_lazy_set(set)->parts;
    fm_value exponent = fm_set_cardinality(context, parts[0]);
    fm_value base = fm_set_cardinality(context, parts[1]);
    if (fm_value_same(exponent, fm_small(0))) {
        return fm_small(1); /* 0^0 included: the empty function */
    }
    return fm_int_pow(context, base, exponent);
}

static fm_value binomial(struct fm_value_context *context, fm_value set)
{
    const fm_value *parts = fm_as_lazy_set(set)->parts;
    int64_t n = fm_int64(context, fm_set_cardinality(context, parts[0]), "the size of a set");
    int64_t k = fm_small_get(parts[1]);
    if (k > n) {
        return fm_small(0);
    }
    k = k > n - k ? n - k : k;
    fm_value result = fm_small(1);
    for (int64_t i = 1; i <= k; i++) {
        result = fm_int_mul(context, result, fm_small(n - k + i));
        result = fm_int_div(context, result, fm_small(i));
    }
    return result;
}

fm_value fm_set_cardinality(struct fm_value_context *context, fm_value set)
{
    need_set(context, set, "the argument of Cardinality");
    enum fm_kind kind = fm_value_kind(set);
    if (kind == FM_KIND_SET) {
        fm_set_normalize(context, set);
        return fm_small(fm_value_object(set)->count);
    }
    if (kind == FM_KIND_INTERVAL) {
        return fm_int(context, (int64_t)fm_interval_count(fm_as_interval(set)));
    }
    if (!fm_set_can_enumerate(context, set)) {
        fm_value_raise(context, FM_CODE_4007, "the elements of %s cannot be enumerated",
                       fm_value_describe(context, set));
    }
    if (kind == FM_KIND_SUBSETS) {
        return fm_int_pow(context, fm_small(2),
                          fm_set_cardinality(context, fm_as_lazy_set(set)->parts[0]));
    }
    if (kind == FM_KIND_KSUBSETS) {
        return binomial(context, set);
    }
    if (kind == FM_KIND_FCNSET) {
        return power_of_sizes(context, set);
    }
    if (kind == FM_KIND_RECSET || kind == FM_KIND_CROSS) {
        return product_of_sizes(context, set);
    }
    return fm_small(fm_set_array(context, set)->head.count);
}

bool fm_set_is_empty(struct fm_value_context *context, fm_value set)
{
    need_set(context, set, "the value");
    const struct fm_lazy_set *lazy = fm_as_lazy_set(set);
    switch ((enum fm_kind)lazy->head.kind) {
    case FM_KIND_SET:
        return lazy->head.count == 0;
    case FM_KIND_INTERVAL:
        return fm_interval_count(fm_as_interval(set)) == 0;
    case FM_KIND_FCNSET:
        return fm_set_is_empty(context, lazy->parts[1]) &&
               !fm_set_is_empty(context, lazy->parts[0]);
    case FM_KIND_RECSET:
    case FM_KIND_CROSS:
        for (uint32_t i = 0; i < lazy->head.count; i++) {
            if (fm_set_is_empty(context, lazy->parts[i])) {
                return true;
            }
        }
        return false;
    case FM_KIND_UNION:
        return all_members(context, set, fm_set_is_empty);
    case FM_KIND_CUP:
        return all_parts(context, set, fm_set_is_empty);
    case FM_KIND_KSUBSETS:
    case FM_KIND_CAP:
    case FM_KIND_DIFF:
    case FM_KIND_FILTER: {
        struct fm_set_cursor cursor;
        fm_value element;
        fm_set_begin(context, &cursor, set, FM_SET_RAW);
        return !fm_set_next(context, &cursor, &element);
    }
    case FM_KIND_SUBSETS:
    case FM_KIND_SEQS:
    case FM_KIND_NAT:
    case FM_KIND_INTS:
    case FM_KIND_REALS:
    case FM_KIND_STRINGS:
    case FM_KIND_ANY:
    case FM_KIND_INT:
    case FM_KIND_BOOL:
    case FM_KIND_STRING:
    case FM_KIND_MODEL:
    case FM_KIND_TUPLE:
    case FM_KIND_RECORD:
    case FM_KIND_FCN:
    case FM_KIND_LAZY_FCN:
    case FM_KIND_OPERATOR:
        return false;
    }
    fm_unreachable();
}
