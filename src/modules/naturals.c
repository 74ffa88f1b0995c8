/* Naturals, Integers, Reals: arithmetic, comparison, intervals and the sets of numbers.
 *
 * Integers are unbounded (value/value.h); the checks here exist to say which argument of which
 * operator is no integer. The rows stand once for each of the three modules, because a
 * specification may bring a copy of Integers that repeats the operators of Naturals.
 *
 * Division follows "Specifying Systems" 18.4: a \div b is the floor of a/b, and a % b lies in
 * 0..b-1. As in TLC the divisor of \div may be negative (the floor again), that of % may not. 0^0
 * and negative exponents are errors, also as in TLC: the standard leaves both without a value.
 * fm_int_div, fm_int_mod and fm_int_pow raise them.
 *
 * Reals: the integers are the real numbers that can be computed with. `a / b` is therefore
 * evaluated only to the diagnostic FM4204. A quotient that happens to be an integer is refused too:
 * a specification that divides evenly today would otherwise fail at some later state. Real contains
 * every integer; Infinity stays an unbounded choice and is no native. */
#include "diag/diag.h"
#include "modules/argument.h"

static void both_integers(struct fm_native_context *context, const char *operator_name,
                          const fm_value *arguments)
{
    if (fm_is_small(arguments[0]) && fm_is_small(arguments[1])) {
        return;
    }
    (void)fm_argument_int(context, fm_argument_of(operator_name, 1), arguments[0]);
    (void)fm_argument_int(context, fm_argument_of(operator_name, 2), arguments[1]);
}

static fm_value integers_add(struct fm_native_context *context, const fm_value *arguments,
                             uint32_t count)
{
    (void)count;
    both_integers(context, "+", arguments);
    return fm_int_add(context->values, arguments[0], arguments[1]);
}

static fm_value integers_subtract(struct fm_native_context *context, const fm_value *arguments,
                                  uint32_t count)
{
    (void)count;
    both_integers(context, "-", arguments);
    return fm_int_sub(context->values, arguments[0], arguments[1]);
}

static fm_value integers_multiply(struct fm_native_context *context, const fm_value *arguments,
                                  uint32_t count)
{
    (void)count;
    both_integers(context, "*", arguments);
    return fm_int_mul(context->values, arguments[0], arguments[1]);
}

static fm_value integers_divide(struct fm_native_context *context, const fm_value *arguments,
                                uint32_t count)
{
    (void)count;
    both_integers(context, "\\div", arguments);
    fm_value dividend = arguments[0];
    fm_value divisor = arguments[1];
    if (fm_int_compare(context->values, divisor, fm_small(0)) < 0) {
        dividend = fm_int_negate(context->values, dividend);
        divisor = fm_int_negate(context->values, divisor);
    }
    return fm_int_div(context->values, dividend, divisor);
}

static fm_value integers_modulo(struct fm_native_context *context, const fm_value *arguments,
                                uint32_t count)
{
    (void)count;
    both_integers(context, "%", arguments);
    return fm_int_mod(context->values, arguments[0], arguments[1]);
}

static fm_value integers_power(struct fm_native_context *context, const fm_value *arguments,
                               uint32_t count)
{
    (void)count;
    both_integers(context, "^", arguments);
    return fm_int_pow(context->values, arguments[0], arguments[1]);
}

static fm_value integers_negate(struct fm_native_context *context, const fm_value *arguments,
                                uint32_t count)
{
    (void)count;
    (void)fm_argument_int(context, fm_argument_of("unary -", 0), arguments[0]);
    return fm_int_negate(context->values, arguments[0]);
}

static fm_value integers_less(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)count;
    both_integers(context, "<", arguments);
    return fm_bool(fm_int_compare(context->values, arguments[0], arguments[1]) < 0);
}

static fm_value integers_less_equal(struct fm_native_context *context, const fm_value *arguments,
                                    uint32_t count)
{
    (void)count;
    both_integers(context, "<=", arguments);
    return fm_bool(fm_int_compare(context->values, arguments[0], arguments[1]) <= 0);
}

static fm_value integers_greater(struct fm_native_context *context, const fm_value *arguments,
                                 uint32_t count)
{
    (void)count;
    both_integers(context, ">", arguments);
    return fm_bool(fm_int_compare(context->values, arguments[0], arguments[1]) > 0);
}

static fm_value integers_greater_equal(struct fm_native_context *context, const fm_value *arguments,
                                       uint32_t count)
{
    (void)count;
    both_integers(context, ">=", arguments);
    return fm_bool(fm_int_compare(context->values, arguments[0], arguments[1]) >= 0);
}

static fm_value integers_interval(struct fm_native_context *context, const fm_value *arguments,
                                  uint32_t count)
{
    (void)count;
    both_integers(context, "..", arguments);
    return fm_interval(context->values, arguments[0], arguments[1]);
}

static fm_value set_nat(struct fm_native_context *context, const fm_value *arguments,
                        uint32_t count)
{
    (void)context;
    (void)arguments;
    (void)count;
    return fm_set_constant(FM_KIND_NAT);
}

static fm_value set_int(struct fm_native_context *context, const fm_value *arguments,
                        uint32_t count)
{
    (void)context;
    (void)arguments;
    (void)count;
    return fm_set_constant(FM_KIND_INTS);
}

static fm_value set_real(struct fm_native_context *context, const fm_value *arguments,
                         uint32_t count)
{
    (void)context;
    (void)arguments;
    (void)count;
    return fm_set_constant(FM_KIND_REALS);
}

static fm_value reals_divide(struct fm_native_context *context, const fm_value *arguments,
                             uint32_t count)
{
    (void)count;
    fm_native_fail(context, FM_CODE_4204,
                   "%s / %s: real numbers other than integers are not supported; \\div divides "
                   "integers",
                   fm_native_show(context, arguments[0]), fm_native_show(context, arguments[1]));
}

/* One row: no impurity, constant level. */
#define ROW(module, name, arity, call, special)                                                    \
    {                                                                                              \
        module, name, arity, call, special, 0, FM_NATIVE_CONSTANT                                  \
    }

#define NATURALS_ROWS(module)                                                                      \
    ROW(module, "+", 2, integers_add, FM_SPECIAL_PLUS),                                            \
        ROW(module, "-", 2, integers_subtract, FM_SPECIAL_MINUS),                                  \
        ROW(module, "*", 2, integers_multiply, FM_SPECIAL_TIMES),                                  \
        ROW(module, "^", 2, integers_power, FM_SPECIAL_NONE),                                      \
        ROW(module, "\\div", 2, integers_divide, FM_SPECIAL_NONE),                                 \
        ROW(module, "%", 2, integers_modulo, FM_SPECIAL_NONE),                                     \
        ROW(module, "<", 2, integers_less, FM_SPECIAL_LESS),                                       \
        ROW(module, "<=", 2, integers_less_equal, FM_SPECIAL_LESS_EQUAL),                          \
        ROW(module, ">", 2, integers_greater, FM_SPECIAL_GREATER),                                 \
        ROW(module, ">=", 2, integers_greater_equal, FM_SPECIAL_GREATER_EQUAL),                    \
        ROW(module, "..", 2, integers_interval, FM_SPECIAL_INTERVAL),                              \
        ROW(module, "Nat", 0, set_nat, FM_SPECIAL_NONE)

#define INTEGERS_ROWS(module)                                                                      \
    NATURALS_ROWS(module), ROW(module, "Int", 0, set_int, FM_SPECIAL_NONE),                        \
        ROW(module, "-.", 1, integers_negate, FM_SPECIAL_NEGATE)

static const struct fm_native rows[] = {
    NATURALS_ROWS("Naturals"),
    INTEGERS_ROWS("Integers"),
    INTEGERS_ROWS("Reals"),
    ROW("Reals", "Real", 0, set_real, FM_SPECIAL_NONE),
    ROW("Reals", "/", 2, reals_divide, FM_SPECIAL_NONE),
};

struct fm_native_rows fm_natives_naturals(void)
{
    return FM_NATIVE_ROWS(rows);
}
