/* Functions, Folds, and the folds of Apalache.
 *
 * Folding is what the definitions in TLA+ are slowest at: MapThenFoldSet recurses over subsets, and
 * a set of a thousand elements means a thousand sets. Here an element costs one application.
 *
 * Order. FoldFunction and FoldFunctionOnSet walk the set as TLC's override does (fm_fold_begin) and
 * compute op(f[x], accumulator). MapThenFoldSet asks its own operator for the next element, once
 * for each remaining set, and combines from the last chosen to the first, as the definition does:
 * op(f(x1), op(f(x2), ... base)). The operators of Apalache fold from the left: Op(accumulator, x).
 *
 * Injection and Bijection enumerate only functions that qualify, by backtracking in lexicographic
 * order of the images, which is the normalized order of functions on one domain. The Exists
 * operators compare cardinalities instead of looking for a function; a set that is infinite stays
 * an error. */
#include "diag/diag.h"
#include "modules/argument.h"

/* --- Folds --- */

/* The set without one element; NONE when it was not in there. */
static fm_value set_without(struct fm_native_context *context, struct fm_sequence s,
                            fm_value element)
{
    uint32_t i = 0;
    while (i < s.count && !fm_value_equal(context->values, s.at[i], element)) {
        i++;
    }
    if (i == s.count) {
        return fm_none();
    }
    fm_value *rest = fm_native_values(context, s.count - 1);
    for (uint32_t j = 0; j + 1 < s.count; j++) {
        rest[j] = s.at[j < i ? j : j + 1];
    }
    return fm_set_normal(context->values, rest, s.count - 1);
}

static fm_value folds_map_then_fold(struct fm_native_context *context, const fm_value *arguments,
                                    uint32_t count)
{
    (void)count;
    const char *const name = "MapThenFoldSet";
    fm_argument_operator(context, fm_argument_of(name, 1), arguments[0]);
    fm_argument_operator(context, fm_argument_of(name, 3), arguments[2]);
    fm_argument_operator(context, fm_argument_of(name, 4), arguments[3]);
    struct fm_sequence all = fm_argument_elements(context, fm_argument_of(name, 5), arguments[4]);
    fm_value *chosen = fm_native_values(context, all.count);
    fm_value rest = fm_set_normal(context->values, all.at, all.count);
    for (uint32_t i = 0; i < all.count; i++) {
        chosen[i] = fm_apply_one(context, arguments[3], rest);
        uint32_t left = 0;
        const fm_value *elements = fm_set_elements(context->values, rest, &left);
        rest = set_without(context, (struct fm_sequence){elements, left}, chosen[i]);
        if (fm_is_none(rest)) {
            fm_native_fail(context, FM_CODE_4202,
                           "the fourth argument of %s must choose an element of the set it is "
                           "given, it chose %s",
                           name, fm_native_show(context, chosen[i]));
        }
    }
    fm_value result = arguments[1];
    for (uint32_t i = all.count; i > 0; i--) {
        fm_value mapped = fm_apply_one(context, arguments[2], chosen[i - 1]);
        result = fm_apply_two(context, arguments[0], mapped, result);
    }
    return result;
}

/* --- Functions: folds --- */

static fm_value fold_images(struct fm_native_context *context, const fm_value *op_and_base,
                            fm_value function, fm_value indices)
{
    fm_value result = op_and_base[1];
    struct fm_set_cursor cursor;
    fm_fold_begin(context, &cursor, indices);
    fm_value x;
    while (fm_set_next(context->values, &cursor, &x)) {
        fm_value image = fm_fcn_apply(context->values, function, x);
        result = fm_apply_two(context, op_and_base[0], image, result);
    }
    return result;
}

static void argument_any_function(struct fm_native_context *context, struct fm_argument place,
                                  fm_value v)
{
    if (!fm_value_is_function(v)) {
        fm_argument_fail(context, place, "a function", v);
    }
}

fm_value fm_fold_function(struct fm_native_context *context, const char *operator_name,
                          const fm_value *arguments)
{
    fm_argument_operator(context, fm_argument_of(operator_name, 1), arguments[0]);
    argument_any_function(context, fm_argument_of(operator_name, 3), arguments[2]);
    fm_value domain = fm_fcn_domain(context->values, arguments[2]);
    return fold_images(context, arguments, arguments[2], domain);
}

static fm_value functions_fold(struct fm_native_context *context, const fm_value *arguments,
                               uint32_t count)
{
    (void)count;
    return fm_fold_function(context, "FoldFunction", arguments);
}

static fm_value functions_fold_on_set(struct fm_native_context *context, const fm_value *arguments,
                                      uint32_t count)
{
    (void)count;
    const char *const name = "FoldFunctionOnSet";
    fm_argument_operator(context, fm_argument_of(name, 1), arguments[0]);
    argument_any_function(context, fm_argument_of(name, 3), arguments[2]);
    fm_argument_set(context, fm_argument_of(name, 4), arguments[3]);
    return fold_images(context, arguments, arguments[2], arguments[3]);
}

static fm_value sum_images(struct fm_native_context *context, struct fm_argument place,
                           fm_value function, fm_value indices)
{
    fm_value sum = fm_small(0);
    struct fm_set_cursor cursor;
    fm_set_begin(context->values, &cursor, indices, FM_SET_NORMAL);
    fm_value x;
    while (fm_set_next(context->values, &cursor, &x)) {
        fm_value image = fm_fcn_apply(context->values, function, x);
        if (!fm_is_int(image)) {
            fm_argument_fail(context, place, "a function whose values are integers", function);
        }
        sum = fm_int_add(context->values, sum, image);
    }
    return sum;
}

static fm_value functions_sum(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)count;
    struct fm_argument place = fm_argument_of("SumFunction", 0);
    argument_any_function(context, place, arguments[0]);
    return sum_images(context, place, arguments[0], fm_fcn_domain(context->values, arguments[0]));
}

static fm_value functions_sum_on_set(struct fm_native_context *context, const fm_value *arguments,
                                     uint32_t count)
{
    (void)count;
    struct fm_argument place = fm_argument_of("SumFunctionOnSet", 1);
    argument_any_function(context, place, arguments[0]);
    fm_argument_set(context, fm_argument_of("SumFunctionOnSet", 2), arguments[1]);
    return sum_images(context, place, arguments[0], arguments[1]);
}

/* --- Functions: images and inverses --- */

static fm_value functions_range(struct fm_native_context *context, const fm_value *arguments,
                                uint32_t count)
{
    (void)count;
    struct fm_pairs f = fm_argument_function(context, fm_argument_of("Range", 0), arguments[0]);
    return fm_set(context->values, f.values, f.count);
}

static bool is_injective(struct fm_native_context *context, const struct fm_pairs *f)
{
    struct fm_value_index seen = {0};
    bool added = true;
    for (uint32_t i = 0; i < f->count && added; i++) {
        (void)fm_value_index_add(context, &seen, f->values[i], &added);
    }
    return added;
}

static fm_value functions_is_injective(struct fm_native_context *context, const fm_value *arguments,
                                       uint32_t count)
{
    (void)count;
    struct fm_pairs f = fm_argument_function(context, fm_argument_of("IsInjective", 0),
                                             arguments[0]);
    return fm_bool(is_injective(context, &f));
}

/* Where several arguments have one image, the first in the order of CHOOSE is taken. */
static fm_value functions_anti(struct fm_native_context *context, const fm_value *arguments,
                               uint32_t count)
{
    (void)count;
    struct fm_pairs f = fm_argument_function(context, fm_argument_of("AntiFunction", 0),
                                             arguments[0]);
    struct fm_value_index images = {0};
    struct fm_value_list origins = {0};
    for (uint32_t i = 0; i < f.count; i++) {
        bool added = false;
        (void)fm_value_index_add(context, &images, f.values[i], &added);
        if (added) {
            fm_value_list_push(context, &origins, f.keys[i]);
        }
    }
    fm_value range = fm_set(context->values, images.values.at, images.values.count);
    uint32_t size = 0;
    const fm_value *sorted = fm_set_elements(context->values, range, &size);
    fm_value *values = fm_native_values(context, size);
    for (uint32_t i = 0; i < size; i++) {
        values[i] = origins.at[fm_value_index_find(context, &images, sorted[i])];
    }
    return fm_fcn(context->values, range, values, size);
}

/* --- sets of injections and bijections --- */

struct injections {
    struct fm_sequence from, to;
    fm_value domain;
    uint32_t *image; /* index into `to` of each argument's image */
    bool *used;
    struct fm_value_list found;
};

static void add_injection(struct fm_native_context *context, struct injections *all,
                          const char *operator_name)
{
    if (all->found.count == context->values->set_size_max) {
        fm_native_fail(context, FM_CODE_4202,
                       "%s of sets with %u and %u elements exceeds the "
                       "limit of %llu functions",
                       operator_name, all->from.count, all->to.count,
                       (unsigned long long)context->values->set_size_max);
    }
    fm_value *images = fm_native_values(context, all->from.count);
    for (uint32_t i = 0; i < all->from.count; i++) {
        images[i] = all->to.at[all->image[i]];
    }
    fm_value f = fm_fcn(context->values, all->domain, images, all->from.count);
    fm_value_list_push(context, &all->found, f);
}

/* All of them, in lexicographic order of the images. `depth` arguments have an image. */
static void enumerate_injections(struct fm_native_context *context, struct injections *all,
                                 const char *operator_name)
{
    uint32_t depth = 0;
    uint32_t next = 0; /* first image to try for the argument at depth */
    for (;;) {
        if (depth == all->from.count) {
            add_injection(context, all, operator_name);
        } else {
            while (next < all->to.count && all->used[next]) {
                next++;
            }
            if (next < all->to.count) {
                all->used[next] = true;
                all->image[depth++] = next;
                next = 0;
                continue;
            }
        }
        if (depth == 0) {
            return;
        }
        depth--;
        all->used[all->image[depth]] = false;
        next = all->image[depth] + 1;
    }
}

static fm_value injections_between(struct fm_native_context *context, const char *operator_name,
                                   const fm_value *arguments, bool bijective)
{
    struct fm_arena *arena = context->values->arena;
    struct injections all = {
        .from = fm_argument_elements(context, fm_argument_of(operator_name, 1), arguments[0]),
        .to = fm_argument_elements(context, fm_argument_of(operator_name, 2), arguments[1]),
    };
    if (all.from.count > all.to.count || (bijective && all.from.count != all.to.count)) {
        return fm_set_empty();
    }
    all.domain = fm_set_normal(context->values, all.from.at, all.from.count);
    all.image = fm_arena_calloc(arena, all.from.count, sizeof *all.image);
    all.used = fm_arena_calloc(arena, all.to.count, sizeof *all.used);
    enumerate_injections(context, &all, operator_name);
    return fm_set_normal(context->values, all.found.at, all.found.count);
}

static fm_value functions_injection(struct fm_native_context *context, const fm_value *arguments,
                                    uint32_t count)
{
    (void)count;
    return injections_between(context, "Injection", arguments, false);
}

static fm_value functions_bijection(struct fm_native_context *context, const fm_value *arguments,
                                    uint32_t count)
{
    (void)count;
    return injections_between(context, "Bijection", arguments, true);
}

/* Cardinality of the first set compared with that of the second: <0, 0, >0. */
static int compare_sizes(struct fm_native_context *context, const char *operator_name,
                         const fm_value *arguments, bool *second_empty)
{
    fm_value sizes[2];
    for (uint32_t i = 0; i < 2; i++) {
        struct fm_argument place = fm_argument_of(operator_name, i + 1);
        if (!fm_value_is_set(arguments[i]) || !fm_set_is_finite(context->values, arguments[i])) {
            fm_argument_fail(context, place, "a finite set", arguments[i]);
        }
        sizes[i] = fm_set_cardinality(context->values, arguments[i]);
    }
    *second_empty = fm_value_same(sizes[1], fm_small(0));
    return fm_int_compare(context->values, sizes[0], sizes[1]);
}

static fm_value functions_exists_injection(struct fm_native_context *context,
                                           const fm_value *arguments, uint32_t count)
{
    (void)count;
    bool empty = false;
    return fm_bool(compare_sizes(context, "ExistsInjection", arguments, &empty) <= 0);
}

static fm_value functions_exists_surjection(struct fm_native_context *context,
                                            const fm_value *arguments, uint32_t count)
{
    (void)count;
    bool empty = false;
    int order = compare_sizes(context, "ExistsSurjection", arguments, &empty);
    return fm_bool(order == 0 || (order > 0 && !empty));
}

static fm_value functions_exists_bijection(struct fm_native_context *context,
                                           const fm_value *arguments, uint32_t count)
{
    (void)count;
    bool empty = false;
    return fm_bool(compare_sizes(context, "ExistsBijection", arguments, &empty) == 0);
}

/* --- Apalache --- */

static fm_value apalache_fold_set(struct fm_native_context *context, const fm_value *arguments,
                                  uint32_t count)
{
    (void)count;
    fm_argument_operator(context, fm_argument_of("ApaFoldSet", 1), arguments[0]);
    struct fm_sequence s = fm_argument_elements(context, fm_argument_of("ApaFoldSet", 3),
                                                arguments[2]);
    fm_value result = arguments[1];
    for (uint32_t i = 0; i < s.count; i++) {
        result = fm_apply_two(context, arguments[0], result, s.at[i]);
    }
    return result;
}

static fm_value apalache_fold_sequence(struct fm_native_context *context, const fm_value *arguments,
                                       uint32_t count)
{
    (void)count;
    fm_argument_operator(context, fm_argument_of("ApaFoldSeqLeft", 1), arguments[0]);
    struct fm_sequence s = fm_argument_sequence(context, fm_argument_of("ApaFoldSeqLeft", 3),
                                                arguments[2]);
    fm_value result = arguments[1];
    for (uint32_t i = 0; i < s.count; i++) {
        result = fm_apply_two(context, arguments[0], result, s.at[i]);
    }
    return result;
}

static fm_value apalache_repeat(struct fm_native_context *context, const fm_value *arguments,
                                uint32_t count)
{
    (void)count;
    fm_argument_operator(context, fm_argument_of("Repeat", 1), arguments[0]);
    int64_t times = fm_argument_int64(context, fm_argument_of("Repeat", 2), arguments[1]);
    fm_value result = arguments[2];
    for (int64_t i = 1; i <= times; i++) {
        result = fm_apply_two(context, arguments[0], result, fm_int(context->values, i));
    }
    return result;
}

/* {<<x, y>>, ...} as the function that maps x to y; the least y where several are given. */
static fm_value apalache_set_as_fun(struct fm_native_context *context, const fm_value *arguments,
                                    uint32_t count)
{
    (void)count;
    struct fm_argument place = fm_argument_of("SetAsFun", 0);
    struct fm_sequence s = fm_argument_elements(context, place, arguments[0]);
    struct fm_value_list keys = {0};
    struct fm_value_list images = {0};
    for (uint32_t i = 0; i < s.count; i++) {
        struct fm_sequence pair;
        if (!fm_sequence_view(context->values, s.at[i], &pair.at, &pair.count) || pair.count != 2) {
            fm_argument_fail(context, place, "a set of pairs", arguments[0]);
        }
        /* Normal order: pairs with one first element follow each other, the least second first. */
        if (keys.count == 0 ||
            !fm_value_equal(context->values, keys.at[keys.count - 1], pair.at[0])) {
            fm_value_list_push(context, &keys, pair.at[0]);
            fm_value_list_push(context, &images, pair.at[1]);
        }
    }
    fm_value domain = fm_set_normal(context->values, keys.at, keys.count);
    return fm_fcn(context->values, domain, images.at, images.count);
}

#define ROW(module, name, arity, call)                                                             \
    {                                                                                              \
        module, name, arity, call, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT                          \
    }

static const struct fm_native rows[] = {
    ROW("Folds", "MapThenFoldSet", 5, folds_map_then_fold),
    ROW("Functions", "FoldFunction", 3, functions_fold),
    ROW("Functions", "FoldFunctionOnSet", 4, functions_fold_on_set),
    ROW("Functions", "SumFunction", 1, functions_sum),
    ROW("Functions", "SumFunctionOnSet", 2, functions_sum_on_set),
    ROW("Functions", "Range", 1, functions_range),
    ROW("Functions", "IsInjective", 1, functions_is_injective),
    ROW("Functions", "AntiFunction", 1, functions_anti),
    ROW("Functions", "Injection", 2, functions_injection),
    ROW("Functions", "Bijection", 2, functions_bijection),
    ROW("Functions", "ExistsInjection", 2, functions_exists_injection),
    ROW("Functions", "ExistsSurjection", 2, functions_exists_surjection),
    ROW("Functions", "ExistsBijection", 2, functions_exists_bijection),
    ROW("Apalache", "ApaFoldSet", 3, apalache_fold_set),
    ROW("Apalache", "ApaFoldSeqLeft", 3, apalache_fold_sequence),
    ROW("Apalache", "Repeat", 3, apalache_repeat),
    ROW("Apalache", "SetAsFun", 1, apalache_set_as_fun),
};

struct fm_native_rows fm_natives_functions(void)
{
    return FM_NATIVE_ROWS(rows);
}
