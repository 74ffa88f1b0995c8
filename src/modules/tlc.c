/* TLC: printing, registers, the clock, functions by enumeration, sorting, chance.
 *
 * What results is what TLC's overrides return, in kind as well as in value: `:>` and `@@` make
 * functions, which print as tuples or records when their domain is one of theirs; Permutations
 * makes a set of functions; SortSeq is an insertion sort, so that an operator that is no order at
 * all still gives TLC's result. Print and PrintT normalize before they print and wrap at
 * PRINT_COLUMNS.
 *
 * TLCGet and TLCSet check the kind of the key and go to the hooks: registers belong to a worker,
 * and statistics to the explorer. The keys are listed in native.h.
 *
 * Random choice draws from the worker's generator, one number for each elementary choice. From a
 * Cartesian product, a set of records or functions the factors are drawn one by one, as TLC does: a
 * product too large to enumerate can still be drawn from. */
#include "base/file.h"
#include "base/random.h"
#include "diag/diag.h"
#include "modules/argument.h"

#include <string.h>

/* Columns at which printed values are wrapped: TLC's. */
#define PRINT_COLUMNS 80u
/* Nanoseconds of a second; JavaTime keeps 31 bits of seconds, as TLC since 2021. */
#define SECOND_NS UINT64_C(1000000000)
#define JAVA_TIME_MASK UINT64_C(0x7fffffff)

static fm_value tlc_print(struct fm_native_context *context, const fm_value *arguments,
                          uint32_t count)
{
    (void)count;
    struct fm_native_text text = fm_native_text_begin(context);
    fm_value_print_wide(context->values, arguments[0], 0, PRINT_COLUMNS, text.out);
    fm_text_puts(text.out, "  ");
    fm_value_print_wide(context->values, arguments[1], 0, PRINT_COLUMNS, text.out);
    context->print(context, fm_native_text_take(context, &text, NULL));
    return arguments[1];
}

static fm_value tlc_print_true(struct fm_native_context *context, const fm_value *arguments,
                               uint32_t count)
{
    (void)count;
    struct fm_native_text text = fm_native_text_begin(context);
    fm_value_print_wide(context->values, arguments[0], 0, PRINT_COLUMNS, text.out);
    context->print(context, fm_native_text_take(context, &text, NULL));
    return fm_bool(true);
}

static fm_value tlc_to_string(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)count;
    struct fm_native_text text = fm_native_text_begin(context);
    fm_value_print(context->values, arguments[0], text.out);
    return fm_native_text_string(context, &text);
}

static fm_value tlc_assert(struct fm_native_context *context, const fm_value *arguments,
                           uint32_t count)
{
    (void)count;
    if (!fm_is_true(arguments[0])) {
        fm_native_fail(context, FM_CODE_4200, "Assert failed: %s",
                       fm_native_show(context, arguments[1]));
    }
    return arguments[0];
}

static fm_value tlc_java_time(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)context;
    (void)arguments;
    (void)count;
    return fm_small((int64_t)(fm_clock_calendar_ns() / SECOND_NS & JAVA_TIME_MASK));
}

/* A register number or a name. */
static void check_key(struct fm_native_context *context, struct fm_argument place, fm_value key)
{
    if (fm_value_tag(key) == FM_TAG_STRING) {
        return;
    }
    if (!fm_is_int(key)) {
        fm_argument_fail(context, place, "a natural number or a string", key);
    }
    (void)fm_argument_nat(context, place, key);
}

static fm_value tlc_get(struct fm_native_context *context, const fm_value *arguments,
                        uint32_t count)
{
    (void)count;
    check_key(context, fm_argument_of("TLCGet", 0), arguments[0]);
    fm_value found = context->tlc_get(context, arguments[0]);
    if (fm_is_none(found)) {
        fm_native_fail(context, FM_CODE_4207, "TLCGet(%s): nothing was stored under this key",
                       fm_native_show(context, arguments[0]));
    }
    return found;
}

static fm_value tlc_set(struct fm_native_context *context, const fm_value *arguments,
                        uint32_t count)
{
    (void)count;
    check_key(context, fm_argument_of("TLCSet", 1), arguments[0]);
    context->tlc_set(context, arguments[0], arguments[1]);
    return fm_bool(true);
}

static fm_value tlc_pair(struct fm_native_context *context, const fm_value *arguments,
                         uint32_t count)
{
    (void)count;
    fm_value domain = fm_set_normal(context->values, &arguments[0], 1);
    return fm_fcn(context->values, domain, &arguments[1], 1);
}

static fm_value tlc_merge(struct fm_native_context *context, const fm_value *arguments,
                          uint32_t count)
{
    (void)count;
    struct fm_pairs left = fm_argument_function(context, fm_argument_of("@@", 1), arguments[0]);
    struct fm_pairs right = fm_argument_function(context, fm_argument_of("@@", 2), arguments[1]);
    return fm_fcn_merge(context->values, left.function, right.function);
}

/* Moves on to the next permutation in lexicographic order; false at the last one. */
static bool next_permutation(uint32_t *index, uint32_t count)
{
    uint32_t i = count - 1;
    while (i > 0 && index[i - 1] > index[i]) {
        i--;
    }
    if (i == 0) {
        return false;
    }
    uint32_t j = count - 1;
    while (index[j] < index[i - 1]) {
        j--;
    }
    uint32_t held = index[j];
    index[j] = index[i - 1];
    index[i - 1] = held;
    for (uint32_t low = i, high = count - 1; low < high; low++, high--) {
        held = index[low];
        index[low] = index[high];
        index[high] = held;
    }
    return true;
}

fm_value fm_permutations(struct fm_native_context *context, struct fm_argument place, fm_value set,
                         bool as_sequences)
{
    struct fm_value_context *values = context->values;
    struct fm_sequence s = fm_argument_elements(context, place, set);
    uint64_t total = 1;
    for (uint32_t i = 2; i <= s.count && total <= values->set_size_max; i++) {
        total *= i;
    }
    if (total > values->set_size_max) {
        fm_native_fail(context, FM_CODE_4202,
                       "%s of a set of %u elements has more elements than the limit of %llu",
                       place.operator_name, s.count, (unsigned long long)values->set_size_max);
    }
    fm_value empty = fm_tuple(values, NULL, 0);
    if (s.count == 0) {
        return fm_set_normal(values, &empty, 1);
    }
    fm_value domain = fm_set_normal(values, s.at, s.count);
    uint32_t *index = fm_arena_alloc(values->arena, s.count * sizeof *index);
    for (uint32_t i = 0; i < s.count; i++) {
        index[i] = i;
    }
    fm_value *images = fm_native_values(context, s.count);
    fm_value *all = fm_native_values(context, (uint32_t)total);
    uint32_t made = 0;
    do {
        for (uint32_t i = 0; i < s.count; i++) {
            images[i] = s.at[index[i]];
        }
        all[made++] = as_sequences ? fm_tuple(values, images, s.count)
                                   : fm_fcn(values, domain, images, s.count);
    } while (next_permutation(index, s.count));
    /* Lexicographic order of the images is the order of functions on one domain. */
    return fm_set_normal(values, all, made);
}

static fm_value tlc_permutations(struct fm_native_context *context, const fm_value *arguments,
                                 uint32_t count)
{
    (void)count;
    return fm_permutations(context, fm_argument_of("Permutations", 0), arguments[0], false);
}

fm_value fm_sort_sequence(struct fm_native_context *context, struct fm_argument place,
                          struct fm_sequence s, fm_value op)
{
    fm_argument_operator(context, place, op);
    fm_value *sorted = fm_native_values(context, s.count);
    for (uint32_t i = 0; i < s.count; i++) {
        uint32_t j = i;
        while (j > 0 &&
               fm_test_result(context, place, fm_apply_two(context, op, s.at[i], sorted[j - 1]))) {
            sorted[j] = sorted[j - 1];
            j--;
        }
        sorted[j] = s.at[i];
    }
    return fm_tuple(context->values, sorted, s.count);
}

static fm_value tlc_sort_seq(struct fm_native_context *context, const fm_value *arguments,
                             uint32_t count)
{
    (void)count;
    struct fm_sequence s = fm_argument_sequence(context, fm_argument_of("SortSeq", 1),
                                                arguments[0]);
    return fm_sort_sequence(context, fm_argument_of("SortSeq", 2), s, arguments[1]);
}

static fm_value tlc_random_element(struct fm_native_context *context, const fm_value *arguments,
                                   uint32_t count)
{
    (void)count;
    return fm_random_element(context, fm_argument_of("RandomElement", 0), arguments[0]);
}

static fm_value tlc_any(struct fm_native_context *context, const fm_value *arguments,
                        uint32_t count)
{
    (void)context;
    (void)arguments;
    (void)count;
    return fm_set_constant(FM_KIND_ANY);
}

static fm_value tlc_eval(struct fm_native_context *context, const fm_value *arguments,
                         uint32_t count)
{
    (void)count;
    fm_value v = arguments[0];
    if (fm_value_is_set(v)) {
        bool finite = fm_set_can_enumerate(context->values, v) &&
                      fm_set_is_finite(context->values, v);
        return finite ? fm_set_explicit(context->values, v) : v;
    }
    struct fm_pairs pairs;
    if (fm_value_kind(v) == FM_KIND_LAZY_FCN && fm_pairs_of(context, v, &pairs)) {
        return pairs.function;
    }
    return v;
}

static const struct fm_native rows[] = {
    {"TLC", "Print", 2, tlc_print, FM_SPECIAL_NONE, FM_IMPURE_IO, FM_NATIVE_CONSTANT},
    {"TLC", "PrintT", 1, tlc_print_true, FM_SPECIAL_NONE, FM_IMPURE_IO, FM_NATIVE_CONSTANT},
    {"TLC", "ToString", 1, tlc_to_string, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"TLC", "Assert", 2, tlc_assert, FM_SPECIAL_ASSERT, 0, FM_NATIVE_CONSTANT},
    {"TLC", "JavaTime", 0, tlc_java_time, FM_SPECIAL_NONE, FM_IMPURE_CLOCK, FM_NATIVE_CONSTANT},
    {"TLC", "TLCGet", 1, tlc_get, FM_SPECIAL_NONE, FM_IMPURE_REGISTERS, FM_NATIVE_STATE},
    {"TLC", "TLCSet", 2, tlc_set, FM_SPECIAL_NONE, FM_IMPURE_REGISTERS, FM_NATIVE_CONSTANT},
    {"TLC", ":>", 2, tlc_pair, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"TLC", "@@", 2, tlc_merge, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"TLC", "Permutations", 1, tlc_permutations, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"TLC", "SortSeq", 2, tlc_sort_seq, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"TLC", "RandomElement", 1, tlc_random_element, FM_SPECIAL_NONE, FM_IMPURE_RANDOM,
     FM_NATIVE_CONSTANT},
    {"TLC", "Any", 0, tlc_any, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT},
    {"TLC", "TLCEval", 1, tlc_eval, FM_SPECIAL_TLC_EVAL, 0, FM_NATIVE_CONSTANT},
};

struct fm_native_rows fm_natives_tlc(void)
{
    return FM_NATIVE_ROWS(rows);
}
