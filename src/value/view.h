/* Uniform views of explicit functions and sets. Internal to src/value. */
#ifndef FM_VALUE_VIEW_H
#define FM_VALUE_VIEW_H

#include "value/object.h"

/* Elements of a SET or INTERVAL, or keys of a function: an array, or low, low+1, ... */
struct fm_elements {
    const fm_value *at; /* NULL: consecutive integers from low */
    int64_t low;
    uint64_t count;
};

struct fm_graph {
    struct fm_elements keys;
    const fm_value *values;
    uint32_t count;
};

static inline fm_value fm_elements_get(const struct fm_elements *elements, uint64_t index)
{
    return elements->at != NULL ? elements->at[index] : fm_small(elements->low + (int64_t)index);
}
static inline uint64_t fm_interval_count(const struct fm_interval *interval)
{
    return (uint64_t)(interval->high - interval->low + 1);
}
/* Whether a set can be the domain of an explicit function as it is. */
static inline bool fm_is_domain(fm_value v)
{
    return fm_is_kind(v, FM_KIND_INTERVAL) ||
           (fm_is_kind(v, FM_KIND_SET) && (fm_value_object(v)->flags & FM_OBJECT_NORMAL) != 0);
}
/* v: an INTERVAL, or a SET that is NORMAL. */
static inline struct fm_elements fm_elements_of(fm_value v)
{
    if (fm_value_object(v)->kind == FM_KIND_INTERVAL) {
        return (struct fm_elements){NULL, fm_as_interval(v)->low,
                                    fm_interval_count(fm_as_interval(v))};
    }
    return (struct fm_elements){fm_as_array(v)->elements, 0, fm_value_object(v)->count};
}
/* v: TUPLE, RECORD or FCN. */
static inline struct fm_graph fm_graph_of(fm_value v)
{
    uint32_t count = fm_value_object(v)->count;
    if (fm_value_object(v)->kind == FM_KIND_TUPLE) {
        return (struct fm_graph){{NULL, 1, count}, fm_as_array(v)->elements, count};
    }
    return (struct fm_graph){fm_elements_of(fm_as_fcn(v)->domain), fm_as_fcn(v)->values, count};
}

/* --- writing caches --- */

static inline bool fm_is_frozen(fm_value v)
{
    return (fm_value_object(v)->flags & FM_OBJECT_FROZEN) != 0;
}
/* The only way to write to an object after its making: caches, by the thread that owns it. */
static inline struct fm_object *fm_writable(fm_value v)
{
    fm_assert_slow(!fm_is_frozen(v));
    return (struct fm_object *)(uintptr_t)v.bits;
}
/* The sum over the parts of a function or set object is known from now on. */
static inline void fm_set_sum(fm_value v, struct fm_digest sum)
{
    if (!fm_is_frozen(v)) {
        struct fm_object *object = fm_writable(v);
        object->sum = sum;
        object->flags |= FM_OBJECT_DIGEST;
    }
}
static inline void fm_note_cache(struct fm_value_context *context, fm_value holder)
{
    if (context->on_cache != NULL) {
        context->on_cache(context, fm_value_object(holder));
    }
}

/* --- between the files of src/value --- */

/* Sorts the elements of a SET in place and drops repetitions, unless that was done. */
void fm_set_normalize(struct fm_value_context *context, fm_value set);
/* The elements of any enumerable set as an array object: itself, or what it caches. */
const struct fm_array *fm_set_array(struct fm_value_context *context, fm_value set);
/* Room for elements of a SET; flags as given. */
struct fm_array *fm_set_alloc(struct fm_value_context *context, uint32_t count, uint32_t flags);
/* FM_OBJECT_INTS, FM_OBJECT_SYMBOLS or 0 for these elements. */
uint32_t fm_set_classify(const fm_value *elements, uint32_t count);
/* Whether the element is in the SET or array. */
bool fm_array_member(struct fm_value_context *context, fm_value element, fm_value set);
/* The place of a key in a domain (normal SET or INTERVAL), or FM_INDEX_NONE. */
uint32_t fm_domain_index(struct fm_value_context *context, fm_value domain, fm_value key);
/* Computes what a big integer caches, once its digits stand. */
void fm_int_finish(struct fm_big *big);
/* Raises when a set with so many elements may not be enumerated. */
void fm_check_set_size(struct fm_value_context *context, fm_value set, uint64_t count);
_Noreturn void fm_raise_not_set(struct fm_value_context *context, fm_value v, const char *use);
/* Makes all parts of a set of this lazy kind a value. */
struct fm_lazy_set *fm_lazy_set_alloc(struct fm_value_context *context, enum fm_kind kind,
                                      uint32_t count);

#endif
