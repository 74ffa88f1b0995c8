/* FiniteSetsExt: folds over sets, counting, sums, extrema, subsets of one size.
 *
 * FoldSet computes op(x, accumulator) over the set in the order of TLC's override. kSubset returns
 * the lazy set of value/set.h, which enumerates only subsets of the size asked for; as in TLC a
 * size that no subset has gives {}, not an error. Quantify counts without building the filtered
 * set.
 *
 * Max and Min are the greatest and the least integer. The definition in TLA+ compares every pair;
 * it also demands integers, so that a set of one string is an error there and here. */
#include "diag/diag.h"
#include "modules/argument.h"

/* set_place: where the set stands among the arguments. */
static fm_value fold_set(struct fm_native_context *context, struct fm_argument set_place,
                         fm_value op, fm_value base, fm_value set)
{
    fm_argument_operator(context, fm_argument_of(set_place.operator_name, 1), op);
    fm_argument_set(context, set_place, set);
    fm_value result = base;
    struct fm_set_cursor cursor;
    fm_fold_begin(context, &cursor, set);
    fm_value x;
    while (fm_set_next(context->values, &cursor, &x)) {
        result = fm_apply_two(context, op, x, result);
    }
    return result;
}

static fm_value sets_fold(struct fm_native_context *context, const fm_value *arguments,
                          uint32_t count)
{
    (void)count;
    return fold_set(context, fm_argument_of("FoldSet", 3), arguments[0], arguments[1],
                    arguments[2]);
}

static fm_value sets_reduce(struct fm_native_context *context, const fm_value *arguments,
                            uint32_t count)
{
    (void)count;
    return fold_set(context, fm_argument_of("ReduceSet", 2), arguments[0], arguments[2],
                    arguments[1]);
}

typedef fm_value arithmetic_fn(struct fm_value_context *context, fm_value a, fm_value b);

static fm_value fold_integers(struct fm_native_context *context, const char *operator_name,
                              fm_value set, int64_t start, arithmetic_fn *combine)
{
    struct fm_argument place = fm_argument_of(operator_name, 0);
    fm_argument_set(context, place, set);
    fm_value result = fm_small(start);
    struct fm_set_cursor cursor;
    fm_set_begin(context->values, &cursor, set, FM_SET_NORMAL);
    fm_value x;
    while (fm_set_next(context->values, &cursor, &x)) {
        if (!fm_is_int(x)) {
            fm_argument_fail(context, place, "a set of integers", set);
        }
        result = combine(context->values, x, result);
    }
    return result;
}

static fm_value sets_sum(struct fm_native_context *context, const fm_value *arguments,
                         uint32_t count)
{
    (void)count;
    return fold_integers(context, "SumSet", arguments[0], 0, fm_int_add);
}

static fm_value sets_product(struct fm_native_context *context, const fm_value *arguments,
                             uint32_t count)
{
    (void)count;
    return fold_integers(context, "ProductSet", arguments[0], 1, fm_int_mul);
}

static fm_value sets_map_then_sum(struct fm_native_context *context, const fm_value *arguments,
                                  uint32_t count)
{
    (void)count;
    struct fm_argument place = fm_argument_of("MapThenSumSet", 1);
    fm_argument_operator(context, place, arguments[0]);
    fm_argument_set(context, fm_argument_of("MapThenSumSet", 2), arguments[1]);
    fm_value sum = fm_small(0);
    struct fm_set_cursor cursor;
    fm_set_begin(context->values, &cursor, arguments[1], FM_SET_NORMAL);
    fm_value x;
    while (fm_set_next(context->values, &cursor, &x)) {
        fm_value mapped = fm_apply_one(context, arguments[0], x);
        if (!fm_is_int(mapped)) {
            fm_argument_fail(context, place, "an operator that returns integers", mapped);
        }
        sum = fm_int_add(context->values, sum, mapped);
    }
    return sum;
}

static fm_value sets_quantify(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)count;
    struct fm_argument test = fm_argument_of("Quantify", 2);
    fm_argument_set(context, fm_argument_of("Quantify", 1), arguments[0]);
    fm_argument_operator(context, test, arguments[1]);
    int64_t matching = 0;
    struct fm_set_cursor cursor;
    fm_set_begin(context->values, &cursor, arguments[0], FM_SET_NORMAL);
    fm_value x;
    while (fm_set_next(context->values, &cursor, &x)) {
        matching += fm_apply_test(context, test, arguments[1], x);
    }
    return fm_small(matching);
}

static fm_value sets_k_subset(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)count;
    int64_t k = fm_argument_int64(context, fm_argument_of("kSubset", 1), arguments[0]);
    struct fm_sequence s = fm_argument_elements(context, fm_argument_of("kSubset", 2),
                                                arguments[1]);
    if (k < 0 || k > s.count) {
        return fm_set_empty();
    }
    return fm_ksubsets(context->values, (uint32_t)k, fm_set_normal(context->values, s.at, s.count));
}

/* The greatest (sign 1) or least (sign -1) element. */
static fm_value extremum(struct fm_native_context *context, const char *operator_name, fm_value set,
                         int sign)
{
    struct fm_argument place = fm_argument_of(operator_name, 0);
    fm_argument_set(context, place, set);
    fm_value best = fm_none();
    struct fm_set_cursor cursor;
    fm_set_begin(context->values, &cursor, set, FM_SET_NORMAL);
    fm_value x;
    while (fm_set_next(context->values, &cursor, &x)) {
        if (!fm_is_int(x)) {
            fm_argument_fail(context, place, "a set of integers", set);
        }
        if (fm_is_none(best) || fm_int_compare(context->values, x, best) * sign > 0) {
            best = x;
        }
    }
    if (fm_is_none(best)) {
        fm_argument_range(context, place, "a set that is not empty", set);
    }
    return best;
}

static fm_value sets_max(struct fm_native_context *context, const fm_value *arguments,
                         uint32_t count)
{
    (void)count;
    return extremum(context, "Max", arguments[0], 1);
}

static fm_value sets_min(struct fm_native_context *context, const fm_value *arguments,
                         uint32_t count)
{
    (void)count;
    return extremum(context, "Min", arguments[0], -1);
}

#define ROW(name, arity, call)                                                                     \
    {                                                                                              \
        "FiniteSetsExt", name, arity, call, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT                 \
    }

static const struct fm_native rows[] = {
    ROW("FoldSet", 3, sets_fold),
    ROW("ReduceSet", 3, sets_reduce),
    ROW("SumSet", 1, sets_sum),
    ROW("ProductSet", 1, sets_product),
    ROW("MapThenSumSet", 2, sets_map_then_sum),
    ROW("Quantify", 2, sets_quantify),
    ROW("kSubset", 2, sets_k_subset),
    ROW("Max", 1, sets_max),
    ROW("Min", 1, sets_min),
};

struct fm_native_rows fm_natives_finitesetsext(void)
{
    return FM_NATIVE_ROWS(rows);
}
