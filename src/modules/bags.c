/* Bags: functions from elements to positive numbers of copies.
 *
 * All operators but SubBag are native, as in TLC; SubBag stays the TLA+ definition. Results are
 * explicit functions. Bag checks are TLC's: (+) demands bags; (-), \sqsubseteq and the rest take
 * any function with integer values and fail at the first value that is none.
 *
 * Sums over several bags go through a value index, so that they cost time linear in the bags and
 * not quadratic. BagUnion of a set counts each bag of the set once, however often it was listed. */
#include "diag/diag.h"
#include "modules/argument.h"

#include <string.h>

/* Elements with their numbers of copies, under construction. */
struct bag {
    struct fm_value_index elements;
    struct fm_value_list copies; /* beside elements.values */
};

static void bag_add(struct fm_native_context *context, struct bag *bag, fm_value element,
                    fm_value copies)
{
    bool added = false;
    uint32_t number = fm_value_index_add(context, &bag->elements, element, &added);
    if (added) {
        fm_value_list_push(context, &bag->copies, copies);
    } else {
        bag->copies.at[number] = fm_int_add(context->values, bag->copies.at[number], copies);
    }
}

/* The function; its domain is normalized here, once. */
static fm_value bag_value(struct fm_native_context *context, const struct bag *bag)
{
    uint32_t count = bag->copies.count;
    if (count == 0) {
        return fm_tuple(context->values, NULL, 0);
    }
    fm_value domain = fm_set(context->values, bag->elements.values.at, count);
    uint32_t size = 0;
    const fm_value *sorted = fm_set_elements(context->values, domain, &size);
    fm_value *copies = fm_native_values(context, size);
    for (uint32_t i = 0; i < size; i++) {
        copies[i] = bag->copies.at[fm_value_index_find(context, &bag->elements, sorted[i])];
    }
    return fm_fcn(context->values, domain, copies, size);
}

static bool is_positive(struct fm_native_context *context, fm_value v)
{
    return fm_is_int(v) && fm_int_compare(context->values, v, fm_small(0)) > 0;
}

static bool is_bag(struct fm_native_context *context, const struct fm_pairs *pairs)
{
    for (uint32_t i = 0; i < pairs->count; i++) {
        if (!is_positive(context, pairs->values[i])) {
            return false;
        }
    }
    return true;
}

static struct fm_pairs argument_bag(struct fm_native_context *context, struct fm_argument place,
                                    fm_value v)
{
    struct fm_pairs pairs;
    if (!fm_pairs_of(context, v, &pairs) || !is_bag(context, &pairs)) {
        fm_argument_fail(context, place,
                         "a bag (a function with a finite domain and positive values)", v);
    }
    return pairs;
}

/* A function whose values are integers. */
static struct fm_pairs argument_counts(struct fm_native_context *context, struct fm_argument place,
                                       fm_value v)
{
    struct fm_pairs pairs = fm_argument_function(context, place, v);
    for (uint32_t i = 0; i < pairs.count; i++) {
        if (!fm_is_int(pairs.values[i])) {
            fm_argument_fail(context, place, "a bag (a function with positive values)", v);
        }
    }
    return pairs;
}

static fm_value bags_empty(struct fm_native_context *context, const fm_value *arguments,
                           uint32_t count)
{
    (void)arguments;
    (void)count;
    return fm_tuple(context->values, NULL, 0);
}

static fm_value bags_is_a_bag(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)count;
    struct fm_pairs pairs;
    return fm_bool(fm_pairs_of(context, arguments[0], &pairs) && is_bag(context, &pairs));
}

static fm_value bags_cardinality(struct fm_native_context *context, const fm_value *arguments,
                                 uint32_t count)
{
    (void)count;
    struct fm_pairs bag = argument_bag(context, fm_argument_of("BagCardinality", 0), arguments[0]);
    fm_value sum = fm_small(0);
    for (uint32_t i = 0; i < bag.count; i++) {
        sum = fm_int_add(context->values, sum, bag.values[i]);
    }
    return sum;
}

/* The copies of e in b; 0 when e is not in the domain. */
static fm_value copies_of(struct fm_native_context *context, const char *operator_name,
                          const fm_value *arguments)
{
    struct fm_argument place = fm_argument_of(operator_name, 2);
    if (!fm_value_is_function(arguments[1])) {
        fm_argument_fail(context, place, "a bag (a function with positive values)", arguments[1]);
    }
    fm_value copies = fm_native_lookup(context, arguments[1], arguments[0]);
    if (fm_is_none(copies)) {
        return fm_small(0);
    }
    if (!fm_is_int(copies)) {
        fm_argument_fail(context, place, "a bag (a function with positive values)", arguments[1]);
    }
    return copies;
}

static fm_value bags_in(struct fm_native_context *context, const fm_value *arguments,
                        uint32_t count)
{
    (void)count;
    return fm_bool(is_positive(context, copies_of(context, "BagIn", arguments)));
}

static fm_value bags_copies_in(struct fm_native_context *context, const fm_value *arguments,
                               uint32_t count)
{
    (void)count;
    return copies_of(context, "CopiesIn", arguments);
}

static void bag_add_all(struct fm_native_context *context, struct bag *bag,
                        const struct fm_pairs *pairs)
{
    for (uint32_t i = 0; i < pairs->count; i++) {
        bag_add(context, bag, pairs->keys[i], pairs->values[i]);
    }
}

static fm_value bags_cup(struct fm_native_context *context, const fm_value *arguments,
                         uint32_t count)
{
    (void)count;
    struct fm_pairs left = argument_bag(context, fm_argument_of("(+)", 1), arguments[0]);
    struct fm_pairs right = argument_bag(context, fm_argument_of("(+)", 2), arguments[1]);
    struct bag sum = {0};
    bag_add_all(context, &sum, &left);
    bag_add_all(context, &sum, &right);
    return bag_value(context, &sum);
}

/* left[i] minus the copies of the same element in right. */
static fm_value difference_at(struct fm_native_context *context, const struct fm_pairs *left,
                              uint32_t i, const struct fm_pairs *right)
{
    fm_value taken = fm_native_lookup(context, right->function, left->keys[i]);
    return fm_is_none(taken) ? left->values[i]
                             : fm_int_sub(context->values, left->values[i], taken);
}

static fm_value bags_diff(struct fm_native_context *context, const fm_value *arguments,
                          uint32_t count)
{
    (void)count;
    struct fm_pairs left = argument_counts(context, fm_argument_of("(-)", 1), arguments[0]);
    struct fm_pairs right = argument_counts(context, fm_argument_of("(-)", 2), arguments[1]);
    struct fm_value_list keys = {0};
    struct fm_value_list copies = {0};
    for (uint32_t i = 0; i < left.count; i++) {
        fm_value rest = difference_at(context, &left, i, &right);
        if (is_positive(context, rest)) {
            fm_value_list_push(context, &keys, left.keys[i]);
            fm_value_list_push(context, &copies, rest);
        }
    }
    if (keys.count == 0) {
        return fm_tuple(context->values, NULL, 0);
    }
    fm_value domain = fm_set_normal(context->values, keys.at, keys.count);
    return fm_fcn(context->values, domain, copies.at, copies.count);
}

static fm_value bags_union(struct fm_native_context *context, const fm_value *arguments,
                           uint32_t count)
{
    (void)count;
    struct fm_argument place = fm_argument_of("BagUnion", 0);
    struct fm_sequence bags = fm_argument_elements(context, place, arguments[0]);
    if (bags.count == 1) {
        return bags.at[0];
    }
    struct bag sum = {0};
    for (uint32_t i = 0; i < bags.count; i++) {
        struct fm_pairs pairs;
        if (!fm_pairs_of(context, bags.at[i], &pairs)) {
            fm_argument_fail(context, place, "a set of bags", arguments[0]);
        }
        pairs = argument_counts(context, place, bags.at[i]);
        bag_add_all(context, &sum, &pairs);
    }
    return bag_value(context, &sum);
}

static fm_value bags_sqsubseteq(struct fm_native_context *context, const fm_value *arguments,
                                uint32_t count)
{
    (void)count;
    struct fm_pairs left = argument_counts(context, fm_argument_of("\\sqsubseteq", 1),
                                           arguments[0]);
    struct fm_pairs right = argument_counts(context, fm_argument_of("\\sqsubseteq", 2),
                                            arguments[1]);
    for (uint32_t i = 0; i < left.count; i++) {
        if (is_positive(context, difference_at(context, &left, i, &right))) {
            return fm_bool(false);
        }
    }
    return fm_bool(true);
}

static fm_value bags_bag_of_all(struct fm_native_context *context, const fm_value *arguments,
                                uint32_t count)
{
    (void)count;
    fm_argument_operator(context, fm_argument_of("BagOfAll", 1), arguments[0]);
    struct fm_pairs bag = argument_counts(context, fm_argument_of("BagOfAll", 2), arguments[1]);
    struct bag image = {0};
    for (uint32_t i = 0; i < bag.count; i++) {
        bag_add(context, &image, fm_apply_one(context, arguments[0], bag.keys[i]), bag.values[i]);
    }
    return bag_value(context, &image);
}

static fm_value bags_to_set(struct fm_native_context *context, const fm_value *arguments,
                            uint32_t count)
{
    (void)count;
    return fm_argument_function(context, fm_argument_of("BagToSet", 0), arguments[0]).domain;
}

static fm_value bags_from_set(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)count;
    struct fm_sequence s = fm_argument_elements(context, fm_argument_of("SetToBag", 0),
                                                arguments[0]);
    if (s.count == 0) {
        return fm_tuple(context->values, NULL, 0);
    }
    fm_value *ones = fm_native_values(context, s.count);
    for (uint32_t i = 0; i < s.count; i++) {
        ones[i] = fm_small(1);
    }
    fm_value domain = fm_set_normal(context->values, s.at, s.count);
    return fm_fcn(context->values, domain, ones, s.count);
}

static const struct fm_native rows[] = {
    {"Bags", "EmptyBag", 0, bags_empty, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"Bags", "IsABag", 1, bags_is_a_bag, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"Bags", "BagCardinality", 1, bags_cardinality, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"Bags", "BagIn", 2, bags_in, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"Bags", "CopiesIn", 2, bags_copies_in, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"Bags", "\\oplus", 2, bags_cup, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"Bags", "\\ominus", 2, bags_diff, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"Bags", "BagUnion", 1, bags_union, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"Bags", "\\sqsubseteq", 2, bags_sqsubseteq, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"Bags", "BagOfAll", 2, bags_bag_of_all, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"Bags", "BagToSet", 1, bags_to_set, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"Bags", "SetToBag", 1, bags_from_set, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
};

struct fm_native_rows fm_natives_bags(void)
{
    return FM_NATIVE_ROWS(rows);
}
