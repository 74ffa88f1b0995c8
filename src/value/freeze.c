/* Freezing and copying.
 *
 * Freezing makes a value fit for reading by several threads: whatever an operation would fill in
 * later is filled in now (normal form, digests, explicit forms of small lazy sets) and the object
 * is marked, so that operations on it write no cache any more. What is not filled in is computed
 * anew by each operation that needs it, in that operation's arena: a frozen SUBSET of forty
 * elements stays a SUBSET. Closures are not run: a lazy function or a filter may be about arguments
 * that are never asked for, and evaluating those may fail.
 *
 * Copying makes a value independent of the arenas its parts live in. Only registered constants stay
 * shared; closures cannot be copied, so lazy functions and filters become explicit. */
#include "value/digest.h"
#include "value/raise.h"
#include "value/view.h"

#include <string.h>

/* Elements of a lazy set or interval up to which freezing lists them. */
#define FREEZE_LIST_COUNT_MAX 4096

static void mark(fm_value v)
{
    fm_writable(v)->flags |= FM_OBJECT_FROZEN;
}

/* Digest of a set or function, when all parts know theirs. */
static void fill_sum(struct fm_value_context *context, fm_value v, const fm_value *parts,
                     uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        if (!fm_digest_known(parts[i])) {
            return;
        }
    }
    (void)fm_value_digest(context, v);
}

static void freeze_all(struct fm_value_context *context, const fm_value *parts, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        (void)fm_value_freeze(context, parts[i]);
    }
}

static void freeze_function(struct fm_value_context *context, fm_value v)
{
    struct fm_graph graph = fm_graph_of(v);
    freeze_all(context, graph.values, graph.count);
    if (fm_value_object(v)->kind != FM_KIND_TUPLE) {
        (void)fm_value_freeze(context, fm_as_fcn(v)->domain);
    }
    if (graph.keys.at == NULL || fm_digest_known(fm_as_fcn(v)->domain)) {
        fill_sum(context, v, graph.values, graph.count);
    }
}

static void freeze_lazy_function(struct fm_value_context *context, fm_value v)
{
    const struct fm_lazy_fcn *lazy = fm_as_lazy_fcn(v);
    (void)fm_value_freeze(context, lazy->domain);
    if (!fm_is_none(lazy->explicit_fcn)) {
        (void)fm_value_freeze(context, lazy->explicit_fcn);
    }
    for (const struct fm_override *o = lazy->overrides; o != NULL; o = o->older) {
        (void)fm_value_freeze(context, o->argument);
        (void)fm_value_freeze(context, o->value);
    }
}

static bool is_product(enum fm_kind kind)
{
    return kind == FM_KIND_SUBSETS || kind == FM_KIND_FCNSET || kind == FM_KIND_RECSET ||
           kind == FM_KIND_CROSS;
}

/* Cardinality, or FREEZE_LIST_COUNT_MAX + 1 when it is larger: that of a SUBSET of a SUBSET may
 * have more digits than memory has room for. */
static uint64_t count_some(struct fm_value_context *context, fm_value v)
{
    const uint64_t more = FREEZE_LIST_COUNT_MAX + 1;
    enum fm_kind kind = fm_value_kind(v);
    if (!is_product(kind)) {
        fm_value count = fm_set_cardinality(context, v);
        return !fm_is_small(count) || fm_small_get(count) > FREEZE_LIST_COUNT_MAX
                   ? more
                   : (uint64_t)fm_small_get(count);
    }
    const struct fm_lazy_set *lazy = fm_as_lazy_set(v);
    bool is_power = kind == FM_KIND_SUBSETS || kind == FM_KIND_FCNSET;
    uint64_t factors = is_power ? count_some(context, lazy->parts[0]) : lazy->head.count;
    uint64_t factor = kind == FM_KIND_FCNSET ? count_some(context, lazy->parts[1]) : 2;
    uint64_t product = 1;
    bool is_large = false;
    for (uint64_t i = 0; i < factors; i++) {
        factor = is_power ? factor : count_some(context, lazy->parts[i]);
        if (factor == 0) {
            return 0;
        }
        is_large = is_large || product * factor > FREEZE_LIST_COUNT_MAX;
        product = is_large ? 1 : product * factor;
    }
    return is_large ? more : product;
}

static void freeze_lazy_set(struct fm_value_context *context, fm_value v)
{
    const struct fm_lazy_set *lazy = fm_as_lazy_set(v);
    enum fm_kind kind = fm_value_kind(v);
    freeze_all(context, lazy->parts, lazy->head.count);
    if (kind == FM_KIND_RECSET) {
        (void)fm_value_freeze(context, fm_of_object(lazy->extra));
    }
    if (is_product(kind) && fm_is_none(lazy->explicit_set) && fm_set_can_enumerate(context, v) &&
        fm_set_is_finite(context, v) && count_some(context, v) <= FREEZE_LIST_COUNT_MAX) {
        (void)fm_set_array(context, v);
    }
    if (!fm_is_none(lazy->explicit_set)) {
        (void)fm_value_freeze(context, lazy->explicit_set);
    }
}

static void freeze_interval(struct fm_value_context *context, fm_value v)
{
    if (fm_interval_count(fm_as_interval(v)) <= FREEZE_LIST_COUNT_MAX) {
        (void)fm_value_digest(context, v);
        (void)fm_value_freeze(context, fm_of_object(fm_set_array(context, v)));
    }
}

fm_value fm_value_freeze(struct fm_value_context *context, fm_value v)
{
    if (fm_is_atom(v) || fm_is_frozen(v)) {
        return v;
    }
    fm_value_check_depth(context);
    enum fm_kind kind = fm_value_kind(v);
    if (kind == FM_KIND_TUPLE || kind == FM_KIND_RECORD || kind == FM_KIND_FCN) {
        freeze_function(context, v);
    } else if (kind == FM_KIND_LAZY_FCN) {
        freeze_lazy_function(context, v);
    } else if (kind == FM_KIND_SET) {
        fm_set_normalize(context, v);
        freeze_all(context, fm_as_array(v)->elements, fm_value_object(v)->count);
        fill_sum(context, v, fm_as_array(v)->elements, fm_value_object(v)->count);
    } else if (kind == FM_KIND_INTERVAL) {
        freeze_interval(context, v);
    } else if (kind > FM_KIND_INTERVAL && kind <= FM_KIND_SEQS) {
        freeze_lazy_set(context, v);
    }
    mark(v);
    return v;
}

/* --- copies --- */

/* The object's bytes in the context's arena, without what says that it is shared. */
static void *copy_bytes(struct fm_value_context *context, fm_value v, size_t size)
{
    struct fm_object *copy = fm_arena_copy(context->arena, fm_value_object(v), size);
    copy->flags &= (uint8_t)~FM_OBJECT_FROZEN;
    return copy;
}

static fm_value copy_array(struct fm_value_context *context, fm_value v)
{
    uint32_t count = fm_value_object(v)->count;
    struct fm_array *copy = copy_bytes(context, v, sizeof *copy + count * sizeof(fm_value));
    for (uint32_t i = 0; i < count; i++) {
        copy->elements[i] = fm_value_copy(context, copy->elements[i]);
    }
    return fm_of_object(copy);
}

static fm_value copy_function(struct fm_value_context *context, fm_value v)
{
    uint32_t count = fm_value_object(v)->count;
    struct fm_fcn_object *copy = copy_bytes(context, v, sizeof *copy + count * sizeof(fm_value));
    copy->domain = fm_value_copy(context, copy->domain);
    for (uint32_t i = 0; i < count; i++) {
        copy->values[i] = fm_value_copy(context, copy->values[i]);
    }
    return fm_of_object(copy);
}

static fm_value copy_lazy_set(struct fm_value_context *context, fm_value v)
{
    uint32_t count = fm_value_object(v)->count;
    struct fm_lazy_set *copy = copy_bytes(context, v, sizeof *copy + count * sizeof(fm_value));
    copy->explicit_set = fm_none();
    if (copy->head.kind == FM_KIND_RECSET) {
        copy->extra = fm_value_object(fm_value_copy(context, fm_of_object(copy->extra)));
    }
    for (uint32_t i = 0; i < count; i++) {
        copy->parts[i] = fm_value_copy(context, copy->parts[i]);
    }
    return fm_of_object(copy);
}

static fm_value copy_interval(struct fm_value_context *context, fm_value v)
{
    struct fm_interval *copy = copy_bytes(context, v, sizeof *copy);
    copy->explicit_set = fm_none();
    return fm_of_object(copy);
}

fm_value fm_value_copy(struct fm_value_context *context, fm_value v)
{
    if (fm_is_atom(v)) {
        return v;
    }
    const struct fm_object *head = fm_value_object(v);
    if (head->constant != 0 && context->constants != NULL && fm_is_frozen(v)) {
        return v;
    }
    fm_value_check_depth(context);
    switch ((enum fm_kind)head->kind) {
    case FM_KIND_INT:
        return fm_of_object(
            copy_bytes(context, v, sizeof(struct fm_big) + head->count * sizeof(uint64_t)));
    case FM_KIND_TUPLE:
    case FM_KIND_SET:
        return copy_array(context, v);
    case FM_KIND_RECORD:
    case FM_KIND_FCN:
        return copy_function(context, v);
    case FM_KIND_LAZY_FCN:
        return fm_value_copy(context, fm_fcn_explicit(context, v));
    case FM_KIND_INTERVAL:
        return copy_interval(context, v);
    case FM_KIND_FILTER:
        return fm_value_copy(context, fm_set_explicit(context, v));
    case FM_KIND_SUBSETS:
    case FM_KIND_KSUBSETS:
    case FM_KIND_FCNSET:
    case FM_KIND_RECSET:
    case FM_KIND_CROSS:
    case FM_KIND_UNION:
    case FM_KIND_CUP:
    case FM_KIND_CAP:
    case FM_KIND_DIFF:
    case FM_KIND_SEQS:
        return copy_lazy_set(context, v);
    case FM_KIND_NAT:
    case FM_KIND_INTS:
    case FM_KIND_REALS:
    case FM_KIND_STRINGS:
    case FM_KIND_ANY:
        return v; /* constants of the program */
    case FM_KIND_OPERATOR:
        fm_value_raise(context, FM_CODE_4017, "an operator cannot be part of a state");
    case FM_KIND_BOOL:
    case FM_KIND_STRING:
    case FM_KIND_MODEL:
        break;
    }
    fm_unreachable();
}
