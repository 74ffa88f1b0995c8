/* BagsExt: adding to and taking from bags, folds over all copies.
 *
 * FoldBag computes op(accumulator, element) once for each copy, elements in normalized order: TLC's
 * override. Every number of copies must be a positive integer. BagAdd and BagRemove change one
 * entry; the definitions in TLA+ rebuild the function. SumBag and ProductBag multiply or raise to a
 * power instead of repeating. MapThenFoldBag and BagRemoveAll stay definitions. */
#include "diag/diag.h"
#include "modules/argument.h"

static bool is_positive(struct fm_native_context *context, fm_value v)
{
    return fm_is_int(v) && fm_int_compare(context->values, v, fm_small(0)) > 0;
}

static struct fm_pairs argument_bag(struct fm_native_context *context, struct fm_argument place,
                                    fm_value v)
{
    struct fm_pairs bag = fm_argument_function(context, place, v);
    for (uint32_t i = 0; i < bag.count; i++) {
        if (!is_positive(context, bag.values[i])) {
            fm_native_fail(context, FM_CODE_4201,
                           "argument %u of %s must be a bag, but the number of copies of %s in it "
                           "is %s",
                           place.position, place.operator_name,
                           fm_native_show(context, bag.keys[i]),
                           fm_native_show(context, bag.values[i]));
        }
    }
    return bag;
}

static fm_value bag_with(struct fm_native_context *context, const struct fm_pairs *bag,
                         fm_value element, fm_value copies)
{
    fm_value domain = fm_set_normal(context->values, &element, 1);
    fm_value entry = fm_fcn(context->values, domain, &copies, 1);
    return fm_fcn_merge(context->values, entry, bag->function);
}

static fm_value bag_without(struct fm_native_context *context, const struct fm_pairs *bag,
                            fm_value element)
{
    struct fm_value_list keys = {0};
    struct fm_value_list values = {0};
    for (uint32_t i = 0; i < bag->count; i++) {
        if (!fm_value_equal(context->values, bag->keys[i], element)) {
            fm_value_list_push(context, &keys, bag->keys[i]);
            fm_value_list_push(context, &values, bag->values[i]);
        }
    }
    fm_value domain = fm_set_normal(context->values, keys.at, keys.count);
    return fm_fcn(context->values, domain, values.at, values.count);
}

static fm_value bags_add(struct fm_native_context *context, const fm_value *arguments,
                         uint32_t count)
{
    (void)count;
    struct fm_pairs bag = fm_argument_function(context, fm_argument_of("BagAdd", 1), arguments[0]);
    fm_value copies = fm_native_lookup(context, bag.function, arguments[1]);
    if (fm_is_none(copies)) {
        return bag_with(context, &bag, arguments[1], fm_small(1));
    }
    (void)argument_bag(context, fm_argument_of("BagAdd", 1), arguments[0]);
    return bag_with(context, &bag, arguments[1], fm_int_add(context->values, copies, fm_small(1)));
}

static fm_value bags_remove(struct fm_native_context *context, const fm_value *arguments,
                            uint32_t count)
{
    (void)count;
    struct fm_pairs bag = fm_argument_function(context, fm_argument_of("BagRemove", 1),
                                               arguments[0]);
    fm_value copies = fm_native_lookup(context, bag.function, arguments[1]);
    if (fm_is_none(copies)) {
        return bag.function;
    }
    if (fm_value_same(copies, fm_small(1))) {
        return bag_without(context, &bag, arguments[1]);
    }
    (void)argument_bag(context, fm_argument_of("BagRemove", 1), arguments[0]);
    return bag_with(context, &bag, arguments[1], fm_int_sub(context->values, copies, fm_small(1)));
}

static fm_value bags_fold(struct fm_native_context *context, const fm_value *arguments,
                          uint32_t count)
{
    (void)count;
    fm_argument_operator(context, fm_argument_of("FoldBag", 1), arguments[0]);
    struct fm_argument place = fm_argument_of("FoldBag", 3);
    struct fm_pairs bag = argument_bag(context, place, arguments[2]);
    fm_value result = arguments[1];
    for (uint32_t i = 0; i < bag.count; i++) {
        int64_t copies = fm_argument_nat(context, place, bag.values[i]);
        for (int64_t j = 0; j < copies; j++) {
            result = fm_apply_two(context, arguments[0], result, bag.keys[i]);
        }
    }
    return result;
}

typedef fm_value arithmetic_fn(struct fm_value_context *context, fm_value a, fm_value b);

/* All elements, each repeated as often as it is in the bag, combined. */
static fm_value fold_integers(struct fm_native_context *context, struct fm_argument place,
                              fm_value v, arithmetic_fn *repeat, arithmetic_fn *combine)
{
    struct fm_pairs bag = argument_bag(context, place, v);
    fm_value result = fm_none();
    for (uint32_t i = 0; i < bag.count; i++) {
        if (!fm_is_int(bag.keys[i])) {
            fm_argument_fail(context, place, "a bag of integers", v);
        }
        fm_value repeated = repeat(context->values, bag.keys[i], bag.values[i]);
        result = fm_is_none(result) ? repeated : combine(context->values, result, repeated);
    }
    return result;
}

static fm_value bags_sum(struct fm_native_context *context, const fm_value *arguments,
                         uint32_t count)
{
    (void)count;
    fm_value sum = fold_integers(context, fm_argument_of("SumBag", 1), arguments[0], fm_int_mul,
                                 fm_int_add);
    return fm_is_none(sum) ? fm_small(0) : sum;
}

static fm_value bags_product(struct fm_native_context *context, const fm_value *arguments,
                             uint32_t count)
{
    (void)count;
    fm_value product = fold_integers(context, fm_argument_of("ProductBag", 1), arguments[0],
                                     fm_int_pow, fm_int_mul);
    return fm_is_none(product) ? fm_small(1) : product;
}

#define ROW(name, arity, call)                                                                     \
    {                                                                                              \
        "BagsExt", name, arity, call, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT                       \
    }

static const struct fm_native rows[] = {
    ROW("BagAdd", 2, bags_add), ROW("BagRemove", 2, bags_remove),   ROW("FoldBag", 3, bags_fold),
    ROW("SumBag", 1, bags_sum), ROW("ProductBag", 1, bags_product),
};

struct fm_native_rows fm_natives_bagsext(void)
{
    return FM_NATIVE_ROWS(rows);
}
