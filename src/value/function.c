/* Functions: tuples, records, explicit and lazy functions.
 *
 * One graph, one representation: the constructors decide by the domain whether a function is a
 * TUPLE (1..n, and every empty function), a RECORD (strings) or a FCN, so equal explicit functions
 * have the same kind and the rest of src/value needs no conversions. TLC keeps other distinctions
 * (a function over {"a"} made by [x \in S |-> e] is not its record class), which cannot be observed
 * in values.
 *
 * Application is the innermost loop of a model checker. A tuple or a function over an interval is
 * indexed; in a domain of atoms the place is guessed from the distance of keys, which is exact for
 * constant sets of model values and for 0..n; other domains are searched by order.
 *
 * EXCEPT copies the words of the function and shares everything else. If the digest of the function
 * is known it is adjusted; if not, but all parts know theirs, it is computed first, because the
 * result will be hashed too and probably a sibling as well. An EXCEPT that changes nothing returns
 * its operand.
 *
 * A lazy function is a closure over a domain. It becomes explicit when somebody needs all of it (to
 * compare, hash, print) and caches that; EXCEPT upon one that is not explicit adds an override, as
 * TLC does, so that [f EXCEPT ![3] = 0] works for f over Nat. */
#include "value/digest.h"
#include "value/raise.h"
#include "value/view.h"

#include <string.h>

/* Values from which EXCEPT computes an unknown digest of its operand first: below, hashing the
 * result from scratch costs about the same. */
#define EXCEPT_DIGEST_COUNT_MIN 6u

static const struct fm_object empty_tuple = {.kind = FM_KIND_TUPLE,
                                             .flags = FM_OBJECT_DIGEST | FM_OBJECT_FROZEN};

/* --- construction --- */

fm_value *fm_tuple_begin(struct fm_value_context *context, uint32_t count, fm_value *result)
{
    if (count == 0) {
        *result = fm_of_object(&empty_tuple);
        return NULL;
    }
    struct fm_array *tuple = fm_arena_alloc(context->arena,
                                            sizeof *tuple + count * sizeof(fm_value));
    tuple->head = (struct fm_object){.kind = FM_KIND_TUPLE, .count = count};
    *result = fm_of_object(tuple);
    return tuple->elements;
}

fm_value fm_tuple(struct fm_value_context *context, const fm_value *elements, uint32_t count)
{
    fm_value result;
    fm_value *at = fm_tuple_begin(context, count, &result);
    for (uint32_t i = 0; i < count; i++) {
        at[i] = elements[i];
    }
    return result;
}

/* The elements are sorted and distinct, so the ends tell. */
static bool is_one_to_n(fm_value domain)
{
    if (fm_value_object(domain)->kind == FM_KIND_INTERVAL) {
        return fm_as_interval(domain)->low == 1;
    }
    const struct fm_array *set = fm_as_array(domain);
    return (set->head.flags & FM_OBJECT_INTS) != 0 &&
           fm_value_same(set->elements[0], fm_small(1)) &&
           fm_value_same(set->elements[set->head.count - 1], fm_small(set->head.count));
}

static bool is_of_strings(fm_value domain)
{
    return fm_value_object(domain)->kind == FM_KIND_SET &&
           (fm_value_object(domain)->flags & FM_OBJECT_SYMBOLS) != 0 &&
           fm_value_tag(fm_as_array(domain)->elements[0]) == FM_TAG_STRING;
}

fm_value *fm_fcn_begin(struct fm_value_context *context, fm_value domain, fm_value *result)
{
    uint64_t count = fm_elements_of(domain).count;
    fm_assert_slow(fm_value_object(domain)->kind == FM_KIND_INTERVAL ||
                   (fm_value_object(domain)->flags & FM_OBJECT_NORMAL) != 0);
    fm_check_set_size(context, domain, count);
    if (count == 0 || is_one_to_n(domain)) {
        return fm_tuple_begin(context, (uint32_t)count, result);
    }
    struct fm_fcn_object *function = fm_arena_alloc(context->arena,
                                                    sizeof *function + count * sizeof(fm_value));
    function->head = (struct fm_object){
        .kind = (uint8_t)(is_of_strings(domain) ? FM_KIND_RECORD : FM_KIND_FCN),
        .count = (uint32_t)count};
    function->domain = domain;
    *result = fm_of_object(function);
    return function->values;
}

fm_value fm_fcn(struct fm_value_context *context, fm_value domain, const fm_value *values,
                uint32_t count)
{
    if (!fm_is_domain(domain)) {
        domain = fm_set_explicit(context, domain);
    }
    fm_value result;
    fm_value *at = fm_fcn_begin(context, domain, &result);
    fm_assert(fm_elements_of(domain).count == count);
    for (uint32_t i = 0; i < count; i++) {
        at[i] = values[i];
    }
    return result;
}

fm_value fm_record_domain(struct fm_value_context *context, const struct fm_symbol *const *names,
                          uint32_t count, uint32_t *places)
{
    fm_value *strings = fm_arena_alloc(context->arena, count * sizeof *strings);
    for (uint32_t i = 0; i < count; i++) {
        strings[i] = fm_string(context, names[i]);
    }
    fm_value domain = fm_set(context, strings, count);
    if (fm_value_object(domain)->count != count) {
        for (uint32_t i = 1; i < count; i++) {
            for (uint32_t j = 0; j < i; j++) {
                if (names[i] == names[j]) {
                    fm_value_raise(context, FM_CODE_4016, "the field `%s` is named twice",
                                   names[i]->text);
                }
            }
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        places[i] = fm_atoms_index(fm_as_array(domain), strings[i]);
    }
    return domain;
}

fm_value fm_record(struct fm_value_context *context, const struct fm_symbol *const *names,
                   const fm_value *values, uint32_t count)
{
    if (count == 0) {
        return fm_of_object(&empty_tuple);
    }
    uint32_t *places = fm_arena_alloc(context->arena, count * sizeof *places);
    fm_value domain = fm_record_domain(context, names, count, places);
    fm_value result;
    fm_value *at = fm_fcn_begin(context, domain, &result);
    for (uint32_t i = 0; i < count; i++) {
        at[places[i]] = values[i];
    }
    return result;
}

fm_value fm_lazy_fcn(struct fm_value_context *context, fm_value domain, const void *closure)
{
    if (!fm_value_is_set(domain)) {
        fm_raise_not_set(context, domain, "the domain of a function");
    }
    struct fm_lazy_fcn *function = fm_arena_alloc(context->arena, sizeof *function);
    *function = (struct fm_lazy_fcn){.head = {.kind = FM_KIND_LAZY_FCN},
                                     .domain = domain,
                                     .explicit_fcn = fm_none(),
                                     .closure = closure};
    return fm_of_object(function);
}

/* --- lazy functions --- */

static const struct fm_override *find_override(struct fm_value_context *context,
                                               const struct fm_lazy_fcn *function,
                                               fm_value argument)
{
    const struct fm_override *override = function->overrides;
    while (override != NULL && !fm_value_equal(context, override->argument, argument)) {
        override = override->older;
    }
    return override;
}

static fm_value evaluate_lazy(struct fm_value_context *context, const struct fm_lazy_fcn *function,
                              fm_value argument)
{
    const struct fm_override *override = find_override(context, function, argument);
    return override != NULL ? override->value
                            : context->apply_closure(context, function->closure, argument);
}

static fm_value make_explicit(struct fm_value_context *context, fm_value v)
{
    fm_value_check_depth(context);
    const struct fm_lazy_fcn *lazy = fm_as_lazy_fcn(v);
    fm_value domain = lazy->domain;
    if (!fm_set_can_enumerate(context, domain)) {
        fm_value_raise(context, FM_CODE_4007,
                       "all values of a function are needed, but its domain %s cannot be "
                       "enumerated",
                       fm_value_describe(context, domain));
    }
    if (!fm_is_kind(domain, FM_KIND_INTERVAL)) {
        domain = fm_set_explicit(context, domain);
    }
    fm_value result;
    fm_value *at = fm_fcn_begin(context, domain, &result);
    struct fm_elements keys = fm_elements_of(domain);
    /* Until it is complete nobody sees it, so an error in the middle leaves no trace. */
    for (uint64_t i = 0; i < keys.count; i++) {
        at[i] = evaluate_lazy(context, lazy, fm_elements_get(&keys, i));
    }
    if (!fm_is_frozen(v)) {
        fm_note_cache(context, v);
        ((struct fm_lazy_fcn *)(void *)fm_writable(v))->explicit_fcn = result;
    }
    return result;
}

fm_value fm_fcn_explicit(struct fm_value_context *context, fm_value v)
{
    if (fm_is_kind(v, FM_KIND_LAZY_FCN)) {
        fm_value known = fm_as_lazy_fcn(v)->explicit_fcn;
        return fm_is_none(known) ? make_explicit(context, v) : known;
    }
    if (!fm_value_is_function(v)) {
        fm_value_raise(context, FM_CODE_4003, "a function is needed, but the value is %s",
                       fm_value_describe(context, v));
    }
    return v;
}

/* NONE when the argument is outside the domain. */
static fm_value apply_lazy(struct fm_value_context *context, fm_value v, fm_value argument)
{
    const struct fm_lazy_fcn *lazy = fm_as_lazy_fcn(v);
    if (!fm_is_none(lazy->explicit_fcn)) {
        return fm_fcn_lookup(context, lazy->explicit_fcn, argument);
    }
    if (!fm_set_member(context, argument, lazy->domain)) {
        return fm_none();
    }
    return evaluate_lazy(context, lazy, argument);
}

static fm_value except_lazy(struct fm_value_context *context, fm_value v, fm_value argument,
                            fm_value value)
{
    const struct fm_lazy_fcn *lazy = fm_as_lazy_fcn(v);
    struct fm_override *override = fm_arena_alloc(context->arena, sizeof *override);
    *override = (struct fm_override){argument, value, lazy->overrides};
    struct fm_lazy_fcn *result = fm_arena_alloc(context->arena, sizeof *result);
    *result = (struct fm_lazy_fcn){.head = {.kind = FM_KIND_LAZY_FCN},
                                   .domain = lazy->domain,
                                   .explicit_fcn = fm_none(),
                                   .closure = lazy->closure,
                                   .overrides = override};
    return fm_of_object(result);
}

/* --- application --- */

/* Few keys: one after the other, by equality, which for different words of atoms is one test. */
static uint32_t search_few(struct fm_value_context *context, const struct fm_array *set,
                           fm_value key)
{
    for (uint32_t i = 0; i < set->head.count; i++) {
        if (fm_value_equal(context, set->elements[i], key)) {
            return i;
        }
    }
    return FM_INDEX_NONE;
}

static uint32_t search_sorted(struct fm_value_context *context, const struct fm_array *set,
                              fm_value key)
{
    uint32_t below = 0, above = set->head.count;
    while (below < above) {
        uint32_t middle = below + (above - below) / 2;
        int order = fm_value_compare(context, key, set->elements[middle]);
        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            above = middle;
        } else {
            below = middle + 1;
        }
    }
    return FM_INDEX_NONE;
}

uint32_t fm_domain_index(struct fm_value_context *context, fm_value domain, fm_value key)
{
    if (fm_value_object(domain)->kind == FM_KIND_INTERVAL) {
        if (!fm_is_small(key)) {
            if (!fm_is_int(key)) {
                fm_value_raise(context, FM_CODE_4004,
                               "a function with domain %s is applied to %s, not an integer",
                               fm_value_describe(context, domain), fm_value_describe(context, key));
            }
            return FM_INDEX_NONE;
        }
        uint64_t index = (uint64_t)(fm_small_get(key) - fm_as_interval(domain)->low);
        return index < fm_interval_count(fm_as_interval(domain)) ? (uint32_t)index : FM_INDEX_NONE;
    }
    const struct fm_array *set = fm_as_array(domain);
    if (fm_atoms_searchable(set, key)) {
        uint32_t index = fm_atoms_index(set, key);
        if (index != FM_INDEX_NONE || fm_value_tag(key) != FM_TAG_MODEL) {
            return index;
        }
    }
    return set->head.count <= 8 ? search_few(context, set, key) : search_sorted(context, set, key);
}

/* The place of the argument in an explicit function; raises when it is not of the domain's kind. */
static uint32_t index_of(struct fm_value_context *context, fm_value function, fm_value argument)
{
    if (fm_value_object(function)->kind != FM_KIND_TUPLE) {
        return fm_domain_index(context, fm_as_fcn(function)->domain, argument);
    }
    if (fm_is_small(argument)) {
        uint64_t index = (uint64_t)(fm_small_get(argument) - 1);
        return index < fm_value_object(function)->count ? (uint32_t)index : FM_INDEX_NONE;
    }
    if (!fm_is_int(argument)) {
        fm_value_raise(context, FM_CODE_4004, "the tuple %s is applied to %s, not an integer",
                       fm_value_describe(context, function), fm_value_describe(context, argument));
    }
    return FM_INDEX_NONE;
}

static const fm_value *values_of(fm_value function)
{
    return fm_value_object(function)->kind == FM_KIND_TUPLE ? fm_as_array(function)->elements
                                                            : fm_as_fcn(function)->values;
}

fm_value fm_fcn_lookup(struct fm_value_context *context, fm_value function, fm_value argument)
{
    fm_value result = fm_fcn_apply_inline(function, argument);
    if (!fm_is_none(result)) {
        return result;
    }
    if (!fm_value_is_function(function)) {
        fm_value_raise(context, FM_CODE_4003, "%s is applied like a function to %s",
                       fm_value_describe(context, function), fm_value_describe(context, argument));
    }
    if (fm_value_object(function)->kind == FM_KIND_LAZY_FCN) {
        return apply_lazy(context, function, argument);
    }
    uint32_t index = index_of(context, function, argument);
    return index == FM_INDEX_NONE ? fm_none() : values_of(function)[index];
}

fm_value fm_fcn_apply(struct fm_value_context *context, fm_value function, fm_value argument)
{
    fm_value result = fm_fcn_lookup(context, function, argument);
    if (!fm_is_none(result)) {
        return result;
    }
    if (fm_value_object(function)->kind == FM_KIND_RECORD &&
        fm_value_tag(argument) == FM_TAG_STRING) {
        fm_value_raise(context, FM_CODE_4005, "the record %s has no field `%s`",
                       fm_value_describe(context, function), fm_value_symbol(argument)->text);
    }
    fm_value_raise(context, FM_CODE_4004, "%s is not in the domain of the function %s",
                   fm_value_describe(context, argument), fm_value_describe(context, function));
}

uint32_t fm_record_index(const struct fm_fcn_object *record, const struct fm_symbol *name)
{
    uint64_t word = (uint64_t)(uintptr_t)name | FM_TAG_STRING;
    const fm_value *names = fm_as_array(record->domain)->elements;
    for (uint32_t i = 0; i < record->head.count; i++) {
        if (names[i].bits == word) {
            return i;
        }
    }
    return FM_INDEX_NONE;
}

fm_value fm_record_field(struct fm_value_context *context, fm_value record,
                         const struct fm_symbol *name)
{
    if (fm_is_kind(record, FM_KIND_RECORD)) {
        uint32_t index = fm_record_index(fm_as_fcn(record), name);
        if (index != FM_INDEX_NONE) {
            return fm_as_fcn(record)->values[index];
        }
    } else if (!fm_value_is_function(record)) {
        fm_value_raise(context, FM_CODE_4003, "the field `%s` is selected from %s, not a record",
                       name->text, fm_value_describe(context, record));
    }
    return fm_fcn_apply(context, record, fm_string(context, name));
}

/* --- EXCEPT --- */

/* Computes the sum of a function all of whose parts know their digests. */
static void try_sum(struct fm_value_context *context, fm_value function)
{
    struct fm_graph graph = fm_graph_of(function);
    if (graph.count < EXCEPT_DIGEST_COUNT_MIN || fm_is_frozen(function)) {
        return;
    }
    for (uint32_t i = 0; i < graph.count; i++) {
        if (!fm_digest_known(graph.values[i])) {
            return;
        }
    }
    if (graph.keys.at != NULL) {
        for (uint32_t i = 0; i < graph.count; i++) {
            if (!fm_digest_known(graph.keys.at[i])) {
                return;
            }
        }
    }
    (void)fm_value_digest(context, function);
}

/* The sum of the function with values[index] replaced, if the old sum is known. */
static void adjust_sum(struct fm_value_context *context, fm_value function, uint32_t index,
                       fm_value value, struct fm_object *result)
{
    struct fm_graph graph = fm_graph_of(function);
    fm_value key = fm_elements_get(&graph.keys, index);
    fm_value old = graph.values[index];
    if ((fm_value_object(function)->flags & FM_OBJECT_DIGEST) == 0 || !fm_digest_known(key) ||
        !fm_digest_known(old) || !fm_digest_known(value)) {
        return;
    }
    struct fm_digest at = fm_value_digest(context, key);
    struct fm_digest sum = fm_value_object(function)->sum;
    fm_digest_subtract(&sum, fm_digest_pair(at, fm_value_digest(context, old)));
    fm_digest_add(&sum, fm_digest_pair(at, fm_value_digest(context, value)));
    result->sum = sum;
    result->flags |= FM_OBJECT_DIGEST;
}

static fm_value replace(struct fm_value_context *context, fm_value function, uint32_t index,
                        fm_value value)
{
    const struct fm_object *head = fm_value_object(function);
    if ((head->flags & FM_OBJECT_DIGEST) == 0) {
        try_sum(context, function);
    }
    size_t base = head->kind == FM_KIND_TUPLE ? sizeof(struct fm_array)
                                              : sizeof(struct fm_fcn_object);
    size_t size = base + head->count * sizeof(fm_value);
    char *copy = fm_arena_alloc(context->arena, size);
    memcpy(copy, head, size);
    struct fm_object *result = (struct fm_object *)(void *)copy;
    result->flags = 0;
    ((fm_value *)(void *)(copy + base))[index] = value;
    adjust_sum(context, function, index, value, result);
    return fm_of_object(result);
}

fm_value fm_fcn_except(struct fm_value_context *context, fm_value function, fm_value argument,
                       fm_value value, bool *outside)
{
    *outside = false;
    if (!fm_value_is_function(function)) {
        fm_value_raise(context, FM_CODE_4003, "EXCEPT is applied to %s, not a function",
                       fm_value_describe(context, function));
    }
    if (fm_value_object(function)->kind == FM_KIND_LAZY_FCN) {
        if (fm_is_none(fm_as_lazy_fcn(function)->explicit_fcn)) {
            *outside = !fm_set_member(context, argument, fm_as_lazy_fcn(function)->domain);
            return *outside ? function : except_lazy(context, function, argument, value);
        }
        function = fm_as_lazy_fcn(function)->explicit_fcn;
    }
    uint32_t index = index_of(context, function, argument);
    if (index == FM_INDEX_NONE) {
        *outside = true;
        return function;
    }
    if (fm_value_same(values_of(function)[index], value)) {
        return function;
    }
    return replace(context, function, index, value);
}

/* --- the rest --- */

/* f @@ g for keys of g that f lacks; domain is the union of the domains. */
static fm_value merge_over(struct fm_value_context *context, fm_value domain, fm_value left,
                           fm_value right)
{
    struct fm_graph f = fm_graph_of(left), g = fm_graph_of(right);
    struct fm_elements keys = fm_elements_of(domain);
    fm_value result;
    fm_value *at = fm_fcn_begin(context, domain, &result);
    uint32_t i = 0, j = 0;
    for (uint64_t k = 0; k < keys.count; k++) {
        fm_value key = fm_elements_get(&keys, k);
        bool in_g = j < g.count && fm_value_compare(context, key, fm_elements_get(&g.keys, j)) == 0;
        if (i < f.count && fm_value_compare(context, key, fm_elements_get(&f.keys, i)) == 0) {
            at[k] = f.values[i++];
        } else {
            fm_assert(in_g);
            at[k] = g.values[j];
        }
        j += in_g;
    }
    return result;
}

fm_value fm_fcn_merge(struct fm_value_context *context, fm_value left, fm_value right)
{
    left = fm_fcn_explicit(context, left);
    right = fm_fcn_explicit(context, right);
    if (fm_value_object(left)->count == 0) {
        return right;
    }
    if (fm_value_object(right)->count == 0) {
        return left;
    }
    fm_value mine = fm_fcn_domain(context, left);
    fm_value domain = fm_set_union(context, mine, fm_fcn_domain(context, right));
    if (!fm_is_kind(domain, FM_KIND_INTERVAL)) {
        fm_set_normalize(context, domain);
    }
    if (fm_elements_of(domain).count == fm_value_object(left)->count) {
        return left;
    }
    return merge_over(context, domain, left, right);
}

fm_value fm_fcn_domain(struct fm_value_context *context, fm_value function)
{
    if (!fm_value_is_function(function)) {
        fm_value_raise(context, FM_CODE_4003, "DOMAIN is applied to %s, not a function",
                       fm_value_describe(context, function));
    }
    if (fm_value_object(function)->kind == FM_KIND_LAZY_FCN) {
        return fm_as_lazy_fcn(function)->domain;
    }
    if (fm_value_object(function)->kind == FM_KIND_TUPLE) {
        return fm_interval(context, fm_small(1), fm_small(fm_value_object(function)->count));
    }
    return fm_as_fcn(function)->domain;
}

uint64_t fm_fcn_size(struct fm_value_context *context, fm_value function)
{
    if (fm_is_kind(function, FM_KIND_LAZY_FCN) &&
        fm_is_none(fm_as_lazy_fcn(function)->explicit_fcn)) {
        fm_value size = fm_set_cardinality(context, fm_as_lazy_fcn(function)->domain);
        return (uint64_t)fm_int64(context, size, "the size of a function");
    }
    return fm_value_object(fm_fcn_explicit(context, function))->count;
}

bool fm_sequence_view(struct fm_value_context *context, fm_value v, const fm_value **elements,
                      uint32_t *count)
{
    if (fm_is_kind(v, FM_KIND_LAZY_FCN)) {
        if (fm_is_none(fm_as_lazy_fcn(v)->explicit_fcn) &&
            !fm_set_can_enumerate(context, fm_as_lazy_fcn(v)->domain)) {
            return false;
        }
        v = fm_fcn_explicit(context, v);
    }
    if (!fm_is_kind(v, FM_KIND_TUPLE)) {
        return false;
    }
    *elements = fm_as_array(v)->elements;
    *count = fm_value_object(v)->count;
    return true;
}
