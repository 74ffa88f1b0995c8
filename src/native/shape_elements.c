/* Shapes of the elements of a set, read off its structure.
 *
 * A type invariant says `pc \in [Proc -> Label]` or `msgs \subseteq Message`; the sets stay lazy
 * and may have far too many elements to list, but their operands tell the shape. Sets that tell
 * nothing (Nat, STRING, Seq(S)), or too little to be of use because one of their operands does,
 * give NULL: then what was observed decides. A hint need not be exact, so a filter tells what its
 * set does and a difference what its left operand does, and no predicate is evaluated, except for
 * SUBSET of them: there the very elements are wanted. */
#include "native/shape_table.h"

#include "base/assert.h"
#include "value/raise.h"
#include "value/set.h"

/* Elements of an explicit set whose shapes are joined at most. */
#define EXPLICIT_COUNT_MAX 20000u
/* Sets in S of UNION S at most. */
#define UNION_COUNT_MAX 1024u

static const struct fm_shape *of_list(struct fm_shapes *shapes, fm_value set)
{
    uint32_t count;
    const fm_value *elements = fm_shapes_list(shapes, set, EXPLICIT_COUNT_MAX, &count);
    const struct fm_shape *result = elements == NULL ? NULL : shapes->none;
    for (uint32_t i = 0; i < count && result != NULL; i++) {
        result = fm_shape_join_value(shapes, result, elements[i]);
    }
    return result;
}

/* SUBSET S: sets over exactly the elements of S. */
static const struct fm_shape *of_subsets(struct fm_shapes *shapes, fm_value base)
{
    const struct fm_shape *element = fm_shape_of_elements(shapes, base);
    if (element == NULL) {
        return NULL;
    }
    uint32_t count;
    const fm_value *values = fm_shapes_list(shapes, base, FM_SHAPE_UNIVERSE_MAX, &count);
    return values == NULL ? NULL : fm_shape_set_of(shapes, element, values, count);
}

static const struct fm_shape *of_functions(struct fm_shapes *shapes, const struct fm_lazy_set *set)
{
    const struct fm_shape *element = fm_set_is_empty(shapes->context, set->parts[0])
                                         ? shapes->none
                                         : fm_shape_of_elements(shapes, set->parts[1]);
    return element == NULL ? NULL : fm_shape_fcn(shapes, set->parts[0], element);
}

/* Records or tuples. */
static const struct fm_shape *of_product(struct fm_shapes *shapes, const struct fm_lazy_set *set)
{
    const struct fm_shape *parts[FM_SHAPE_PARTS_MAX];
    uint32_t count = set->head.count;
    if (count > FM_SHAPE_PARTS_MAX) {
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        parts[i] = fm_shape_of_elements(shapes, set->parts[i]);
        if (parts[i] == NULL) {
            return NULL;
        }
    }
    return set->head.kind == FM_KIND_RECSET
               ? fm_shape_record(shapes, fm_of_object(set->extra), parts)
               : fm_shape_tuple(shapes, parts, count);
}

static const struct fm_shape *join_of(struct fm_shapes *shapes, const struct fm_shape *a,
                                      fm_value set)
{
    const struct fm_shape *b = a == NULL ? NULL : fm_shape_of_elements(shapes, set);
    return b == NULL ? NULL : fm_shape_join(shapes, a, b);
}

static const struct fm_shape *of_union(struct fm_shapes *shapes, fm_value sets)
{
    uint32_t count;
    const fm_value *elements = fm_shapes_list(shapes, sets, UNION_COUNT_MAX, &count);
    const struct fm_shape *result = elements == NULL ? NULL : shapes->none;
    for (uint32_t i = 0; i < count && result != NULL; i++) {
        result = fm_value_is_set(elements[i]) ? join_of(shapes, result, elements[i]) : NULL;
    }
    return result;
}

static const struct fm_shape *of_intersection(struct fm_shapes *shapes,
                                              const struct fm_lazy_set *set)
{
    const struct fm_shape *left = fm_shape_of_elements(shapes, set->parts[0]);
    return left != NULL ? left : fm_shape_of_elements(shapes, set->parts[1]);
}

/* ANY when it is known to be. */
static const struct fm_shape *of_set(struct fm_shapes *shapes, fm_value set)
{
    const struct fm_lazy_set *lazy = fm_as_lazy_set(set);
    switch ((enum fm_kind)fm_value_object(set)->kind) {
    case FM_KIND_SET:
        return of_list(shapes, set);
    case FM_KIND_INTERVAL:
        return fm_shape_int(shapes, fm_as_interval(set)->low, fm_as_interval(set)->high);
    case FM_KIND_SUBSETS:
    case FM_KIND_KSUBSETS:
        return of_subsets(shapes, lazy->parts[0]);
    case FM_KIND_FCNSET:
        return of_functions(shapes, lazy);
    case FM_KIND_RECSET:
    case FM_KIND_CROSS:
        return of_product(shapes, lazy);
    case FM_KIND_UNION:
        return of_union(shapes, lazy->parts[0]);
    case FM_KIND_CUP:
        return join_of(shapes, fm_shape_of_elements(shapes, lazy->parts[0]), lazy->parts[1]);
    case FM_KIND_CAP:
        return of_intersection(shapes, lazy);
    case FM_KIND_DIFF:
    case FM_KIND_FILTER:
        return fm_shape_of_elements(shapes, lazy->parts[0]);
    case FM_KIND_SEQS:
    case FM_KIND_NAT:
    case FM_KIND_INTS:
    case FM_KIND_REALS:
    case FM_KIND_STRINGS:
    case FM_KIND_ANY:
        return NULL;
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

const struct fm_shape *fm_shape_of_elements(struct fm_shapes *shapes, fm_value set)
{
    if (!fm_value_is_set(set)) {
        return NULL;
    }
    fm_value_check_depth(shapes->context);
    const struct fm_shape *result = of_set(shapes, set);
    return result == shapes->any ? NULL : result;
}
