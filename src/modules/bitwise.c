/* Bitwise: And, Or, Xor, Not, shiftR on binary digits.
 *
 * Integers are unbounded, so a number is taken as an infinite row of binary digits in two's
 * complement: all zeros in front of a natural number, all ones in front of a negative one. Numbers
 * that fit a machine word are done at once; others digit by digit in base 2^DIGIT_BITS, from the
 * low end, until only the fronts are left.
 *
 * Not turns round the digits up to the highest one of a natural number: Not(5) = 2. A negative
 * number has no highest digit: an error (the definition in TLA+ would not end; TLC returns 0).
 * shiftR rounds down, also for negative numbers, as the definition does. The operators named And,
 * Or and Xor have two more parameters, the state of the recursion of their definitions, which are
 * not looked at. */
#include "diag/diag.h"
#include "modules/argument.h"

/* Bits handled at a time for big numbers: a digit and its complement fit a small integer. */
#define DIGIT_BITS 32
/* shiftR by more than this leaves nothing of any number that fits in memory. */
#define SHIFT_MAX (INT64_C(1) << 40)

enum bit_operation { BIT_AND, BIT_OR, BIT_XOR };

static int64_t combine_words(enum bit_operation operation, int64_t a, int64_t b)
{
    switch (operation) {
    case BIT_AND:
        return a & b;
    case BIT_OR:
        return a | b;
    case BIT_XOR:
        return a ^ b;
    }
    return 0;
}

static bool is_front(fm_value v) /* all digits that remain are alike */
{
    return fm_value_same(v, fm_small(0)) || fm_value_same(v, fm_small(-1));
}

static fm_value combine_big(struct fm_native_context *context, enum bit_operation operation,
                            fm_value a, fm_value b)
{
    struct fm_value_context *values = context->values;
    fm_value base = fm_small(INT64_C(1) << DIGIT_BITS);
    struct fm_value_list digits = {0};
    while (!is_front(a) || !is_front(b)) {
        int64_t low = combine_words(operation, fm_small_get(fm_int_mod(values, a, base)),
                                    fm_small_get(fm_int_mod(values, b, base)));
        fm_value_list_push(context, &digits, fm_small(low));
        a = fm_int_div(values, a, base);
        b = fm_int_div(values, b, base);
    }
    fm_value result = fm_small(combine_words(operation, fm_small_get(a), fm_small_get(b)));
    for (uint32_t i = digits.count; i > 0; i--) {
        result = fm_int_add(values, fm_int_mul(values, result, base), digits.at[i - 1]);
    }
    return result;
}

static fm_value combine(struct fm_native_context *context, enum bit_operation operation,
                        const char *operator_name, const fm_value *arguments)
{
    if (fm_is_small(arguments[0]) && fm_is_small(arguments[1])) {
        return fm_small(
            combine_words(operation, fm_small_get(arguments[0]), fm_small_get(arguments[1])));
    }
    (void)fm_argument_int(context, fm_argument_of(operator_name, 1), arguments[0]);
    (void)fm_argument_int(context, fm_argument_of(operator_name, 2), arguments[1]);
    return combine_big(context, operation, arguments[0], arguments[1]);
}

static fm_value bits_and(struct fm_native_context *context, const fm_value *arguments,
                         uint32_t count)
{
    return combine(context, BIT_AND, count == 2 ? "&" : "And", arguments);
}

static fm_value bits_or(struct fm_native_context *context, const fm_value *arguments,
                        uint32_t count)
{
    return combine(context, BIT_OR, count == 2 ? "|" : "Or", arguments);
}

static fm_value bits_xor(struct fm_native_context *context, const fm_value *arguments,
                         uint32_t count)
{
    return combine(context, BIT_XOR, count == 2 ? "^^" : "Xor", arguments);
}

static fm_value bits_not(struct fm_native_context *context, const fm_value *arguments,
                         uint32_t count)
{
    (void)count;
    struct fm_argument place = fm_argument_of("Not", 0);
    fm_value n = fm_argument_int(context, place, arguments[0]);
    struct fm_value_context *values = context->values;
    if (fm_int_compare(values, n, fm_small(0)) < 0) {
        fm_argument_range(context, place, "a natural number", n);
    }
    /* The digits up to the highest one are 2^k - 1 for the least k with n < 2^k. */
    fm_value power = fm_small(1);
    while (fm_int_compare(values, power, n) <= 0) {
        power = fm_int_mul(values, power, fm_small(2));
    }
    return fm_int_sub(values, fm_int_sub(values, power, fm_small(1)), n);
}

static fm_value bits_shift_right(struct fm_native_context *context, const fm_value *arguments,
                                 uint32_t count)
{
    (void)count;
    fm_value n = fm_argument_int(context, fm_argument_of("shiftR", 1), arguments[0]);
    int64_t places = fm_argument_nat(context, fm_argument_of("shiftR", 2), arguments[1]);
    if (fm_is_small(n)) {
        int64_t shifted = places > 62 ? -(int64_t)(fm_small_get(n) < 0) : fm_small_get(n) >> places;
        return fm_small(shifted);
    }
    if (places > SHIFT_MAX) {
        bool negative = fm_int_compare(context->values, n, fm_small(0)) < 0;
        return fm_small(negative ? -1 : 0);
    }
    fm_value power = fm_int_pow(context->values, fm_small(2), fm_small(places));
    return fm_int_div(context->values, n, power);
}

#define ROW(name, arity, call)                                                                     \
    {                                                                                              \
        "Bitwise", name, arity, call, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT                       \
    }

static const struct fm_native rows[] = {
    ROW("&", 2, bits_and),   ROW("And", 4, bits_and),
    ROW("|", 2, bits_or),    ROW("Or", 4, bits_or),
    ROW("^^", 2, bits_xor),  ROW("Xor", 4, bits_xor),
    ROW("Not", 1, bits_not), ROW("shiftR", 2, bits_shift_right),
};

struct fm_native_rows fm_natives_bitwise(void)
{
    return FM_NATIVE_ROWS(rows);
}
