/* Randomization, and random choice for TLC!RandomElement.
 *
 * All draw from the worker's generator, so that a seed reproduces a run with one worker. Which
 * numbers come out differs from TLC, whose generator is Java's; the distributions are those its
 * module states.
 *
 *   RandomElement(S)              uniform
 *   RandomSubset(k, S)            uniform over the subsets of k elements (Floyd's sampling; single
 *                                 draws where S is a large product)
 *   RandomSetOfSubsets(k, n, S)   k draws of a subset to which each element belongs with
 *                                 probability n / |S|; equal draws merge: maybe less than k
 *   RandomSubsetSet(k, p, S)      the same with the probability given as a string
 *
 * A Bernoulli trial compares 53 random bits with the probability: the resolution of a double.
 *
 * Products: RandomElement of [S -> T], of a set of records and of S \X T draws each factor by
 * itself. For SUBSET S TLC enumerates; here each element is in or out with one bit, which is the
 * same distribution without the 2^n subsets. */
#include "base/random.h"
#include "diag/diag.h"
#include "modules/argument.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* 2^53: a double holds integers up to here exactly. */
#define UNIT_STEPS 9007199254740992.0
#define UNIT_SHIFT 11u

/* Whether an event of this probability happens. */
static bool happens(struct fm_random *random, double probability)
{
    return (double)(fm_random_next(random) >> UNIT_SHIFT) < probability * UNIT_STEPS;
}

static fm_value subset_with(struct fm_native_context *context, struct fm_sequence s,
                            double probability)
{
    fm_value *chosen = fm_native_values(context, s.count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < s.count; i++) {
        if (happens(context->random, probability)) {
            chosen[count++] = s.at[i];
        }
    }
    return fm_set_normal(context->values, chosen, count);
}

static fm_value random_function(struct fm_native_context *context, struct fm_argument place,
                                const struct fm_lazy_set *set)
{
    struct fm_sequence domain = fm_argument_elements(context, place, set->parts[0]);
    fm_value *images = fm_native_values(context, domain.count);
    for (uint32_t i = 0; i < domain.count; i++) {
        images[i] = fm_random_element(context, place, set->parts[1]);
    }
    if (domain.count == 0) {
        return fm_tuple(context->values, NULL, 0);
    }
    return fm_fcn(context->values, fm_set_normal(context->values, domain.at, domain.count), images,
                  domain.count);
}

/* One element of each factor of a product or a set of records. */
static fm_value *random_parts(struct fm_native_context *context, struct fm_argument place,
                              const struct fm_lazy_set *set)
{
    fm_value *parts = fm_native_values(context, set->head.count);
    for (uint32_t i = 0; i < set->head.count; i++) {
        parts[i] = fm_random_element(context, place, set->parts[i]);
    }
    return parts;
}

static fm_value random_record(struct fm_native_context *context, struct fm_argument place,
                              const struct fm_lazy_set *set)
{
    const struct fm_array *names = set->extra;
    const struct fm_symbol **symbols = fm_arena_calloc(context->values->arena, set->head.count,
                                                       sizeof *symbols);
    for (uint32_t i = 0; i < set->head.count; i++) {
        symbols[i] = fm_value_symbol(names->elements[i]);
    }
    return fm_record(context->values, symbols, random_parts(context, place, set), set->head.count);
}

static fm_value random_of_interval(struct fm_native_context *context, struct fm_argument place,
                                   fm_value set)
{
    const struct fm_interval *interval = fm_as_interval(set);
    if (interval->low > interval->high) {
        fm_argument_range(context, place, "a set that is not empty", set);
    }
    uint64_t size = (uint64_t)interval->high - (uint64_t)interval->low + 1;
    uint64_t step = fm_random_below(context->random, size);
    return fm_int(context->values, interval->low + (int64_t)step);
}

fm_value fm_random_element(struct fm_native_context *context, struct fm_argument place,
                           fm_value set)
{
    switch ((int)fm_value_kind(set)) {
    case FM_KIND_INTERVAL:
        return random_of_interval(context, place, set);
    case FM_KIND_FCNSET:
        return random_function(context, place, fm_as_lazy_set(set));
    case FM_KIND_RECSET:
        return random_record(context, place, fm_as_lazy_set(set));
    case FM_KIND_CROSS:
        return fm_tuple(context->values, random_parts(context, place, fm_as_lazy_set(set)),
                        fm_as_lazy_set(set)->head.count);
    case FM_KIND_SUBSETS:
        return subset_with(
            context, fm_argument_elements(context, place, fm_as_lazy_set(set)->parts[0]), 0.5);
    default:
        break;
    }
    struct fm_sequence s = fm_argument_elements(context, place, set);
    if (s.count == 0) {
        fm_argument_range(context, place, "a set that is not empty", set);
    }
    return s.at[fm_random_below(context->random, s.count)];
}

/* Whether the set is a product, a set of functions or of subsets with at least four times as many
 * elements as are wanted: then drawing them one by one seldom draws one twice. */
static bool is_worth_drawing(struct fm_native_context *context, fm_value set, int64_t size)
{
    switch ((int)fm_value_kind(set)) {
    case FM_KIND_FCNSET:
    case FM_KIND_RECSET:
    case FM_KIND_CROSS:
    case FM_KIND_SUBSETS:
        break;
    default:
        return false;
    }
    if (size > INT64_MAX / 4 || !fm_set_is_finite(context->values, set)) {
        return false;
    }
    fm_value least = fm_int(context->values, size * 4);
    return fm_int_compare(context->values, fm_set_cardinality(context->values, set), least) > 0;
}

/* Distinct elements of such a set, drawn until there are enough: a set like [S -> T] may be far too
 * large to enumerate. */
static fm_value draw_subset(struct fm_native_context *context, fm_value set, int64_t size)
{
    struct fm_argument place = fm_argument_of("RandomSubset", 2);
    if ((uint64_t)size > context->values->set_size_max) {
        fm_argument_range(context, fm_argument_of("RandomSubset", 1),
                          "within the limit of set sizes", fm_int(context->values, size));
    }
    fm_value *drawn = fm_native_values(context, (uint32_t)size);
    uint32_t have = 0;
    for (;;) {
        for (uint32_t i = have; i < (uint32_t)size; i++) {
            drawn[i] = fm_random_element(context, place, set);
        }
        fm_value all = fm_set(context->values, drawn, (uint32_t)size);
        const fm_value *distinct = fm_set_elements(context->values, all, &have);
        if (have == (uint32_t)size) {
            return all;
        }
        memmove(drawn, distinct, have * sizeof *drawn);
    }
}

/* Floyd's algorithm (Bentley and Floyd, "A sample of brilliance", CACM 1987): k draws. */
static fm_value random_subset(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)count;
    int64_t size = fm_argument_nat(context, fm_argument_of("RandomSubset", 1), arguments[0]);
    if (is_worth_drawing(context, arguments[1], size)) {
        return draw_subset(context, arguments[1], size);
    }
    struct fm_sequence s = fm_argument_elements(context, fm_argument_of("RandomSubset", 2),
                                                arguments[1]);
    /* As TLC: a set that has fewer elements, as a whole. */
    size = size < s.count ? size : s.count;
    bool *chosen = fm_arena_calloc(context->values->arena, s.count, sizeof *chosen);
    for (uint32_t j = s.count - (uint32_t)size; j < s.count; j++) {
        uint32_t drawn = (uint32_t)fm_random_below(context->random, (uint64_t)j + 1);
        chosen[chosen[drawn] ? j : drawn] = true;
    }
    fm_value *elements = fm_native_values(context, (uint32_t)size);
    uint32_t made = 0;
    for (uint32_t i = 0; i < s.count; i++) {
        if (chosen[i]) {
            elements[made++] = s.at[i];
        }
    }
    return fm_set_normal(context->values, elements, made);
}

/* k draws; k at most 2^|S|, or fewer distinct subsets exist than were asked for. */
static fm_value set_of_subsets(struct fm_native_context *context, const char *operator_name,
                               fm_value draws, struct fm_sequence s, double probability)
{
    int64_t k = fm_argument_nat(context, fm_argument_of(operator_name, 1), draws);
    bool too_many = s.count < 62 && k > (INT64_C(1) << s.count);
    if (too_many || (uint64_t)k > context->values->set_size_max) {
        fm_argument_range(context, fm_argument_of(operator_name, 1),
                          "at most the number of subsets, and within the limit of set sizes",
                          draws);
    }
    fm_value *subsets = fm_native_values(context, (uint32_t)k);
    for (uint32_t i = 0; i < (uint32_t)k; i++) {
        subsets[i] = subset_with(context, s, probability);
    }
    fm_value set = fm_set(context->values, subsets, (uint32_t)k);
    return fm_set_explicit(context->values, set);
}

static fm_value random_set_of_subsets(struct fm_native_context *context, const fm_value *arguments,
                                      uint32_t count)
{
    (void)count;
    const char *const name = "RandomSetOfSubsets";
    int64_t n = fm_argument_nat(context, fm_argument_of(name, 2), arguments[1]);
    struct fm_sequence s = fm_argument_elements(context, fm_argument_of(name, 3), arguments[2]);
    if (n > s.count) {
        fm_argument_range(context, fm_argument_of(name, 2), "at most the cardinality of the set",
                          arguments[1]);
    }
    double probability = s.count == 0 ? 0.0 : (double)n / (double)s.count;
    return set_of_subsets(context, name, arguments[0], s, probability);
}

static fm_value random_subset_set(struct fm_native_context *context, const fm_value *arguments,
                                  uint32_t count)
{
    (void)count;
    const char *const name = "RandomSubsetSet";
    const struct fm_symbol *text = fm_argument_string(context, fm_argument_of(name, 2),
                                                      arguments[1]);
    char *end = NULL;
    double probability = strtod(text->text, &end);
    if (text->length == 0 || *end != '\0' || !(probability >= 0.0 && probability <= 1.0)) {
        fm_argument_range(context, fm_argument_of(name, 2), "the text of a number between 0 and 1",
                          arguments[1]);
    }
    struct fm_sequence s = fm_argument_elements(context, fm_argument_of(name, 3), arguments[2]);
    return set_of_subsets(context, name, arguments[0], s, probability);
}

static const struct fm_native rows[] = {
    {"Randomization", "RandomSubset", 2, random_subset, FM_SPECIAL_NONE, FM_IMPURE_RANDOM,
     FM_NATIVE_CONSTANT},
    {"Randomization", "RandomSetOfSubsets", 3, random_set_of_subsets, FM_SPECIAL_NONE,
     FM_IMPURE_RANDOM, FM_NATIVE_CONSTANT},
    {"Randomization", "RandomSubsetSet", 3, random_subset_set, FM_SPECIAL_NONE, FM_IMPURE_RANDOM,
     FM_NATIVE_CONSTANT},
};

struct fm_native_rows fm_natives_randomization(void)
{
    return FM_NATIVE_ROWS(rows);
}
