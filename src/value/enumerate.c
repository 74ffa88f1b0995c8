/* Enumeration: cursors over every set that can be enumerated, and lists of all elements.
 *
 * Two orders (docs/values.md). NORMAL is ascending without repetitions: quantifiers, CHOOSE, set
 * constructors. RAW is what assignment by membership (x' \in S) walks: the set as it was built.
 * They differ only where a lazy union is involved, which in RAW lists one operand after the other
 * with what they have in common twice, and for kSubset, which in TLC comes in colexicographic order
 * always.
 *
 * Products ([S -> T], records, \X) are odometers whose last position moves fastest; with operands
 * in normal order that is the normal order of the results, so nothing is sorted and a quantifier
 * over a huge function set costs only the elements taken from it. SUBSET goes by size, and within
 * one size in lexicographic order of places, which is the normal order again.
 *
 * A cursor takes all memory it keeps in fm_set_begin; fm_set_next allocates only the element it
 * returns. So a loop may release the arena to a mark taken after fm_set_begin in every round. The
 * price is that operands of products and unions are listed when the enumeration begins. */
#include "value/raise.h"
#include "value/view.h"

#include <string.h>

/* ORDER(cursor): modes beyond those of set.h. */
#define CURSOR_SUBSETS 2u
#define CURSOR_KSUBSETS 3u
#define CURSOR_PRODUCT 4u
#define CURSOR_FILTERED 5u

struct subsets {
    const struct fm_array *base;
    uint32_t size; /* of the subsets that come next */
    bool done;
    uint32_t places[]; /* of the elements of the next subset, rising */
};

struct product {
    fm_value domain; /* of the functions or records; NONE for tuples */
    uint32_t count;  /* positions */
    bool done;
    struct position {
        struct fm_elements elements;
        uint64_t at;
    } positions[];
};

struct filtered {
    struct fm_set_cursor source;
    fm_value set; /* CAP, DIFF or FILTER */
    fm_value other;
};

/* --- what order a set has --- */

static bool raw_is_normal(struct fm_value_context *context, fm_value set);

static bool raw_parts_are_normal(struct fm_value_context *context, fm_value set)
{
    const struct fm_lazy_set *lazy = fm_as_lazy_set(set);
    for (uint32_t i = 0; i < lazy->head.count; i++) {
        if (!raw_is_normal(context, lazy->parts[i])) {
            return false;
        }
    }
    return true;
}

/* The operand of CAP, DIFF or FILTER whose elements are walked. */
static fm_value source_of(struct fm_value_context *context, fm_value set)
{
    const fm_value *parts = fm_as_lazy_set(set)->parts;
    bool second = fm_value_kind(set) == FM_KIND_CAP && !fm_set_can_enumerate(context, parts[0]);
    return parts[second];
}

/* Whether both orders are the same, so that what is cached serves both. */
static bool raw_is_normal(struct fm_value_context *context, fm_value set)
{
    enum fm_kind kind = fm_value_kind(set);
    if (kind == FM_KIND_SET || kind == FM_KIND_INTERVAL || kind == FM_KIND_SUBSETS) {
        return true;
    }
    if (kind == FM_KIND_FCNSET) {
        return raw_is_normal(context, fm_as_lazy_set(set)->parts[1]);
    }
    if (kind == FM_KIND_RECSET || kind == FM_KIND_CROSS) {
        return raw_parts_are_normal(context, set);
    }
    if (kind == FM_KIND_CAP || kind == FM_KIND_DIFF || kind == FM_KIND_FILTER) {
        return raw_is_normal(context, source_of(context, set));
    }
    return false;
}

/* Whether a cursor made for the lazy set, not from its list, gives rising elements in NORMAL order.
 */
static bool comes_sorted(struct fm_value_context *context, fm_value set)
{
    enum fm_kind kind = fm_value_kind(set);
    if (kind == FM_KIND_CAP || kind == FM_KIND_DIFF || kind == FM_KIND_FILTER) {
        fm_value source = source_of(context, set);
        return fm_value_kind(source) != FM_KIND_KSUBSETS && comes_sorted(context, source);
    }
    return true;
}

static _Noreturn void raise_endless(struct fm_value_context *context, fm_value set)
{
    fm_value_raise(context, FM_CODE_4007, "the elements of %s cannot be enumerated",
                   fm_value_describe(context, set));
}

/* --- growing lists --- */

struct list {
    fm_value *at;
    uint32_t count, capacity;
};

static void list_push(struct fm_value_context *context, struct list *list, fm_value set,
                      fm_value element)
{
    if (list->count == list->capacity) {
        fm_check_set_size(context, set, (uint64_t)list->count + 1);
        uint32_t capacity = list->capacity == 0 ? 16 : list->capacity * 2;
        fm_value *at = fm_arena_alloc(context->arena, capacity * sizeof *at);
        if (list->count > 0) {
            memcpy(at, list->at, list->count * sizeof *at);
        }
        list->at = at;
        list->capacity = capacity;
    }
    list->at[list->count++] = element;
}

static void list_all(struct fm_value_context *context, struct list *list, fm_value set,
                     enum fm_set_order order)
{
    struct fm_set_cursor cursor;
    fm_set_begin(context, &cursor, set, order);
    fm_value element;
    while (fm_set_next(context, &cursor, &element)) {
        list_push(context, list, set, element);
    }
}

/* The elements of a lazy union as built, repetitions included. */
static struct list list_union(struct fm_value_context *context, fm_value set,
                              enum fm_set_order order)
{
    const struct fm_lazy_set *lazy = fm_as_lazy_set(set);
    struct list list = {0};
    if (lazy->head.kind == FM_KIND_CUP) {
        list_all(context, &list, lazy->parts[0], order);
        list_all(context, &list, lazy->parts[1], order);
        return list;
    }
    struct fm_set_cursor cursor;
    fm_set_begin(context, &cursor, lazy->parts[0], order);
    fm_value one;
    while (fm_set_next(context, &cursor, &one)) {
        if (!fm_value_is_set(one)) {
            fm_raise_not_set(context, one, "an element of the operand of UNION");
        }
        list_all(context, &list, one, order);
    }
    return list;
}

/* --- explicit sets --- */

/* How many elements a cursor in normal order will give, when a closed form tells. */
static bool known_size(struct fm_value_context *context, fm_value set, uint64_t *count)
{
    enum fm_kind kind = fm_value_kind(set);
    if (kind != FM_KIND_SUBSETS && kind != FM_KIND_FCNSET && kind != FM_KIND_RECSET &&
        kind != FM_KIND_CROSS) {
        return false;
    }
    fm_value size = fm_set_cardinality(context, set);
    if (!fm_is_small(size)) {
        fm_check_set_size(context, set, UINT64_MAX);
    }
    *count = (uint64_t)fm_small_get(size);
    fm_check_set_size(context, set, *count);
    return true;
}

static fm_value list_interval(struct fm_value_context *context, fm_value set)
{
    struct fm_elements elements = fm_elements_of(set);
    fm_check_set_size(context, set, elements.count);
    if (elements.count == 0) {
        return fm_set_empty();
    }
    struct fm_array *array = fm_set_alloc(context, (uint32_t)elements.count,
                                          FM_OBJECT_NORMAL | FM_OBJECT_INTS);
    for (uint32_t i = 0; i < array->head.count; i++) {
        array->elements[i] = fm_small(elements.low + (int64_t)i);
    }
    return fm_of_object(array);
}

static fm_value list_lazy(struct fm_value_context *context, fm_value set)
{
    fm_value_check_depth(context);
    enum fm_kind kind = fm_value_kind(set);
    struct list list = {0};
    if (kind == FM_KIND_CUP || kind == FM_KIND_UNION) {
        list = list_union(context, set, FM_SET_NORMAL);
    } else if (kind == FM_KIND_KSUBSETS || !comes_sorted(context, set)) {
        list_all(context, &list, set, FM_SET_RAW);
    } else {
        uint64_t count;
        if (known_size(context, set, &count)) {
            list.capacity = (uint32_t)count;
            list.at = fm_arena_alloc(context->arena, count * sizeof(fm_value));
        }
        list_all(context, &list, set, FM_SET_NORMAL);
        return fm_set_normal(context, list.at, list.count);
    }
    fm_value result = fm_set(context, list.at, list.count);
    fm_set_normalize(context, result);
    return result;
}

const struct fm_array *fm_set_array(struct fm_value_context *context, fm_value set)
{
    enum fm_kind kind = fm_value_kind(set);
    if (kind == FM_KIND_SET) {
        fm_set_normalize(context, set);
        return fm_as_array(set);
    }
    if (!fm_value_is_set(set)) {
        fm_raise_not_set(context, set, "the value");
    }
    bool interval = kind == FM_KIND_INTERVAL;
    fm_value known = interval              ? fm_as_interval(set)->explicit_set
                     : kind < FM_KIND_SEQS ? fm_as_lazy_set(set)->explicit_set
                                           : fm_none();
    if (!fm_is_none(known)) {
        return fm_as_array(known);
    }
    if (!interval && !fm_set_can_enumerate(context, set)) {
        raise_endless(context, set);
    }
    fm_value result = interval ? list_interval(context, set) : list_lazy(context, set);
    if (!fm_is_frozen(set)) {
        fm_note_cache(context, set);
        if (interval) {
            ((struct fm_interval *)(void *)fm_writable(set))->explicit_set = result;
        } else {
            ((struct fm_lazy_set *)(void *)fm_writable(set))->explicit_set = result;
        }
    }
    return fm_as_array(result);
}

const fm_value *fm_set_elements(struct fm_value_context *context, fm_value set, uint32_t *count)
{
    const struct fm_array *array = fm_set_array(context, set);
    *count = array->head.count;
    return array->elements;
}

fm_value fm_set_explicit(struct fm_value_context *context, fm_value set)
{
    return fm_of_object(fm_set_array(context, set));
}

/* --- cursors over subsets --- */

static void begin_subsets(struct fm_value_context *context, struct fm_set_cursor *cursor,
                          fm_value set)
{
    const struct fm_array *base = fm_set_array(context, fm_as_lazy_set(set)->parts[0]);
    struct subsets *state = fm_arena_alloc(
        context->arena, sizeof *state + base->head.count * sizeof state->places[0]);
    bool one_size = fm_value_kind(set) == FM_KIND_KSUBSETS;
    uint64_t size = one_size ? (uint64_t)fm_small_get(fm_as_lazy_set(set)->parts[1]) : 0;
    state->base = base;
    state->done = size > base->head.count;
    state->size = state->done ? 0 : (uint32_t)size;
    for (uint32_t i = 0; i < state->size; i++) {
        state->places[i] = i;
    }
    cursor->state = state;
    cursor->mode = one_size ? CURSOR_KSUBSETS : CURSOR_SUBSETS;
}

static fm_value take_subset(struct fm_value_context *context, const struct subsets *state)
{
    if (state->size == 0) {
        return fm_set_empty();
    }
    uint32_t flags = state->base->head.flags & (FM_OBJECT_INTS | FM_OBJECT_SYMBOLS);
    struct fm_array *set = fm_set_alloc(context, state->size, FM_OBJECT_NORMAL | flags);
    for (uint32_t i = 0; i < state->size; i++) {
        set->elements[i] = state->base->elements[state->places[i]];
    }
    return fm_of_object(set);
}

/* By size, then lexicographically by places. */
static void advance_subsets(struct subsets *state)
{
    uint32_t n = state->base->head.count, k = state->size;
    uint32_t i = k;
    while (i > 0 && state->places[i - 1] == n - k + i - 1) {
        i--;
    }
    if (i == 0) {
        state->done = k == n;
        state->size = state->done ? k : k + 1;
        for (uint32_t j = 0; j < state->size; j++) {
            state->places[j] = j;
        }
        return;
    }
    state->places[i - 1]++;
    for (; i < k; i++) {
        state->places[i] = state->places[i - 1] + 1;
    }
}

/* Of one size, colexicographically: the first element that can move up does, those below restart.
 */
static void advance_ksubsets(struct subsets *state)
{
    uint32_t n = state->base->head.count, k = state->size;
    for (uint32_t i = 0; i < k; i++) {
        uint32_t limit = i + 1 < k ? state->places[i + 1] : n;
        if (state->places[i] + 1 < limit) {
            state->places[i]++;
            for (uint32_t j = 0; j < i; j++) {
                state->places[j] = j;
            }
            return;
        }
    }
    state->done = true;
}

/* --- cursors over products --- */

/* The elements one position runs through, in an array or interval that outlives the cursor. */
static struct fm_elements run_of(struct fm_value_context *context, fm_value set,
                                 enum fm_set_order order)
{
    if (fm_value_kind(set) == FM_KIND_INTERVAL) {
        return fm_elements_of(set);
    }
    if (order == FM_SET_NORMAL || raw_is_normal(context, set)) {
        const struct fm_array *array = fm_set_array(context, set);
        return (struct fm_elements){array->elements, 0, array->head.count};
    }
    struct list list = {0};
    list_all(context, &list, set, FM_SET_RAW);
    return (struct fm_elements){list.at, 0, list.count};
}

static struct product *product_alloc(struct fm_value_context *context, uint32_t count)
{
    struct product *state = fm_arena_alloc(context->arena,
                                           sizeof *state + count * sizeof(struct position));
    state->count = count;
    state->done = false;
    state->domain = fm_none();
    return state;
}

static void set_position(struct product *state, uint32_t i, struct fm_elements elements)
{
    state->positions[i] = (struct position){elements, 0};
    state->done = state->done || elements.count == 0;
}

static struct product *begin_functions(struct fm_value_context *context, fm_value set,
                                       enum fm_set_order order)
{
    const fm_value *parts = fm_as_lazy_set(set)->parts;
    fm_value domain = parts[0];
    if (fm_value_kind(domain) != FM_KIND_INTERVAL) {
        domain = fm_set_explicit(context, domain);
    }
    uint64_t count = fm_elements_of(domain).count;
    fm_check_set_size(context, domain, count);
    struct product *state = product_alloc(context, (uint32_t)count);
    state->domain = domain;
    struct fm_elements run = run_of(context, parts[1], order);
    for (uint32_t i = 0; i < state->count; i++) {
        set_position(state, i, run);
    }
    return state;
}

static void begin_product(struct fm_value_context *context, struct fm_set_cursor *cursor,
                          fm_value set, enum fm_set_order order)
{
    const struct fm_lazy_set *lazy = fm_as_lazy_set(set);
    cursor->mode = CURSOR_PRODUCT;
    if (lazy->head.kind == FM_KIND_FCNSET) {
        cursor->state = begin_functions(context, set, order);
        return;
    }
    struct product *state = product_alloc(context, lazy->head.count);
    if (lazy->head.kind == FM_KIND_RECSET) {
        state->domain = fm_of_object(lazy->extra);
    }
    for (uint32_t i = 0; i < lazy->head.count; i++) {
        set_position(state, i, run_of(context, lazy->parts[i], order));
    }
    cursor->state = state;
}

static fm_value take_product(struct fm_value_context *context, const struct product *state)
{
    fm_value result;
    fm_value *at = fm_is_none(state->domain) ? fm_tuple_begin(context, state->count, &result)
                                             : fm_fcn_begin(context, state->domain, &result);
    for (uint32_t i = 0; i < state->count; i++) {
        at[i] = fm_elements_get(&state->positions[i].elements, state->positions[i].at);
    }
    return result;
}

static void advance_product(struct product *state)
{
    for (uint32_t i = state->count; i > 0; i--) {
        struct position *position = &state->positions[i - 1];
        if (++position->at < position->elements.count) {
            return;
        }
        position->at = 0;
    }
    state->done = true;
}

/* --- cursors over filtered sets --- */

static void begin_filtered(struct fm_value_context *context, struct fm_set_cursor *cursor,
                           fm_value set, enum fm_set_order order)
{
    const struct fm_lazy_set *lazy = fm_as_lazy_set(set);
    struct filtered *state = fm_arena_alloc(context->arena, sizeof *state);
    fm_value source = source_of(context, set);
    state->set = set;
    state->other = lazy->head.kind == FM_KIND_FILTER       ? fm_none()
                   : fm_value_same(source, lazy->parts[0]) ? lazy->parts[1]
                                                           : lazy->parts[0];
    fm_set_begin(context, &state->source, source, order);
    cursor->state = state;
    cursor->mode = CURSOR_FILTERED;
}

static bool passes(struct fm_value_context *context, const struct filtered *state, fm_value element)
{
    enum fm_kind kind = fm_value_kind(state->set);
    if (kind == FM_KIND_FILTER) {
        return context->test_closure(context, fm_as_lazy_set(state->set)->extra, element);
    }
    return fm_set_member(context, element, state->other) == (kind == FM_KIND_CAP);
}

static bool next_filtered(struct fm_value_context *context, struct filtered *state,
                          fm_value *element)
{
    while (fm_set_next(context, &state->source, element)) {
        if (passes(context, state, *element)) {
            return true;
        }
    }
    return false;
}

/* --- cursors --- */

static void begin_elements(struct fm_set_cursor *cursor, const fm_value *elements, uint64_t count)
{
    cursor->mode = FM_CURSOR_ELEMENTS;
    cursor->elements = elements;
    cursor->count = count;
}

static void begin_lazy(struct fm_value_context *context, struct fm_set_cursor *cursor, fm_value set,
                       enum fm_set_order order)
{
    enum fm_kind kind = fm_value_kind(set);
    if (!fm_set_can_enumerate(context, set)) {
        raise_endless(context, set);
    }
    if (kind == FM_KIND_KSUBSETS) {
        begin_subsets(context, cursor, set);
        return;
    }
    bool normal = order == FM_SET_NORMAL || raw_is_normal(context, set);
    bool cached = !fm_is_none(fm_as_lazy_set(set)->explicit_set);
    bool listed = cached || kind == FM_KIND_CUP || kind == FM_KIND_UNION ||
                  (order == FM_SET_NORMAL && !comes_sorted(context, set));
    if (normal && listed) {
        const struct fm_array *array = fm_set_array(context, set);
        begin_elements(cursor, array->elements, array->head.count);
    } else if (kind == FM_KIND_CUP || kind == FM_KIND_UNION) {
        struct list list = list_union(context, set, order);
        begin_elements(cursor, list.at, list.count);
    } else if (kind == FM_KIND_SUBSETS) {
        begin_subsets(context, cursor, set);
    } else if (kind == FM_KIND_CAP || kind == FM_KIND_DIFF || kind == FM_KIND_FILTER) {
        begin_filtered(context, cursor, set, order);
    } else {
        begin_product(context, cursor, set, order);
    }
}

void fm_set_begin(struct fm_value_context *context, struct fm_set_cursor *cursor, fm_value set,
                  enum fm_set_order order)
{
    *cursor = (struct fm_set_cursor){.set = set};
    if (!fm_value_is_set(set)) {
        fm_raise_not_set(context, set, "what is enumerated");
    }
    enum fm_kind kind = fm_value_kind(set);
    if (kind == FM_KIND_SET) {
        fm_set_normalize(context, set);
        begin_elements(cursor, fm_as_array(set)->elements, fm_value_object(set)->count);
    } else if (kind == FM_KIND_INTERVAL) {
        cursor->mode = FM_CURSOR_INTERVAL;
        cursor->low = fm_as_interval(set)->low;
        cursor->count = fm_interval_count(fm_as_interval(set));
    } else {
        begin_lazy(context, cursor, set, order);
    }
}

static bool next_subset(struct fm_value_context *context, struct fm_set_cursor *cursor,
                        fm_value *element)
{
    struct subsets *state = cursor->state;
    if (state->done) {
        return false;
    }
    *element = take_subset(context, state);
    if (cursor->mode == CURSOR_SUBSETS) {
        advance_subsets(state);
    } else {
        advance_ksubsets(state);
    }
    return true;
}

bool fm_set_next_slow(struct fm_value_context *context, struct fm_set_cursor *cursor,
                      fm_value *element)
{
    switch (cursor->mode) {
    case CURSOR_SUBSETS:
    case CURSOR_KSUBSETS:
        return next_subset(context, cursor, element);
    case CURSOR_PRODUCT: {
        struct product *state = cursor->state;
        if (state->done) {
            return false;
        }
        *element = take_product(context, state);
        advance_product(state);
        return true;
    }
    case CURSOR_FILTERED:
        return next_filtered(context, cursor->state, element);
    default:
        return fm_set_next(context, cursor, element); /* a fast mode, called the long way */
    }
}
