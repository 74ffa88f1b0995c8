/* Integers of any size.
 *
 * 61 bits live in the word; what does not fit is an object with a sign flag and a magnitude in
 * 60-bit digits, the digits of libtommath. The representation is canonical: a number that fits in
 * the word is always in the word, so small integers are equal exactly when their words are, and a
 * big one never equals a small one.
 *
 * Big operands are shown to libtommath in place: an mp_int whose digits point into the object,
 * which the library only reads. Results are copied into the context's arena and the library's
 * memory is freed at once, so nothing is left behind when a later operation raises.
 *
 * Sizes are limited (INTEGER_BITS_MAX): 7^(7^20) must end in a diagnostic and not in hours of
 * multiplication. Division is the floor, and its second operand may be negative; the modulus must
 * be positive, exponents natural, 0^0 undefined: TLC's rules. */
#include "value/digest.h"
#include "value/print.h"
#include "value/raise.h"
#include "value/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <tommath.h>

_Static_assert(MP_DIGIT_BIT == 60, "struct fm_big stores digits of 60 bits");
_Static_assert(sizeof(mp_digit) == sizeof(uint64_t), "struct fm_big stores 64-bit digits");

/* Bits of the largest integer made: 1 MiB a number, far beyond what specifications compute with and
 * small enough that one multiplication takes well under a second. */
#define INTEGER_BITS_MAX ((uint64_t)1 << 23)
/* Digits of 60 bits that hold any 64-bit integer. */
#define SMALL_DIGITS 2

/* An operand as libtommath sees it. */
struct operand {
    mp_int number;
    mp_digit digits[SMALL_DIGITS];
};

static const struct fm_big *as_big(fm_value v)
{
    return (const struct fm_big *)(uintptr_t)v.bits;
}

static void operand_of_int64(struct operand *operand, int64_t n)
{
    uint64_t magnitude = n < 0 ? 0u - (uint64_t)n : (uint64_t)n;
    operand->digits[0] = magnitude & MP_MASK;
    operand->digits[1] = magnitude >> MP_DIGIT_BIT;
    operand->number.dp = operand->digits;
    operand->number.alloc = SMALL_DIGITS;
    operand->number.used = operand->digits[1] != 0 ? 2 : operand->digits[0] != 0 ? 1 : 0;
    operand->number.sign = n < 0 ? MP_NEG : MP_ZPOS;
}

/* Points into the operand: it must not move. The digits of an object are only read. */
static void operand_of(struct operand *operand, fm_value v)
{
    if (fm_is_small(v)) {
        operand_of_int64(operand, fm_small_get(v));
        return;
    }
    const struct fm_big *big = as_big(v);
    operand->number.dp = (mp_digit *)((uintptr_t)v.bits + sizeof(struct fm_object));
    operand->number.alloc = operand->number.used = (int)big->head.count;
    operand->number.sign = (big->head.flags & FM_OBJECT_NEGATIVE) != 0 ? MP_NEG : MP_ZPOS;
}

void fm_int_finish(struct fm_big *big)
{
    struct fm_digest sum = {big->head.flags & FM_OBJECT_NEGATIVE, 1};
    for (uint32_t i = 0; i < big->head.count; i++) {
        sum.low = fm_digest_mix(sum.low ^ big->digits[i]);
        sum.high = fm_digest_mix(sum.high + (big->digits[i] * FM_DIGEST_BIG));
    }
    big->head.sum = sum;
    big->head.flags |= FM_OBJECT_DIGEST;
}

static bool fits_small(const mp_int *number)
{
    if (number->used <= 1) {
        return true; /* below 2^60 in magnitude */
    }
    /* -2^60 fits as well. */
    return number->used == 2 && number->dp[1] == 1 && number->dp[0] == 0 && mp_isneg(number);
}

static _Noreturn void raise_too_large(struct fm_value_context *context)
{
    fm_value_raise(context, FM_CODE_4014, "the result has more than %" PRIu64 " bits",
                   INTEGER_BITS_MAX);
}

/* The canonical value of the number, whose memory it frees. */
static fm_value take(struct fm_value_context *context, mp_int *number, mp_err error)
{
    if (error != MP_OKAY || (uint64_t)number->used * MP_DIGIT_BIT > INTEGER_BITS_MAX) {
        mp_clear(number);
        raise_too_large(context);
    }
    if (fits_small(number)) {
        int64_t n = mp_get_i64(number);
        mp_clear(number);
        return fm_small(n);
    }
    size_t size = (size_t)number->used * sizeof(mp_digit);
    struct fm_big *big = fm_arena_alloc(context->arena, sizeof *big + size);
    big->head = (struct fm_object){.kind = FM_KIND_INT,
                                   .flags = mp_isneg(number) ? FM_OBJECT_NEGATIVE : 0u,
                                   .count = (uint32_t)number->used};
    memcpy(big->digits, number->dp, size);
    mp_clear(number);
    fm_int_finish(big);
    return fm_of_object(big);
}

static void start(struct fm_value_context *context, mp_int *number)
{
    if (mp_init(number) != MP_OKAY) {
        raise_too_large(context);
    }
}

bool fm_is_int(fm_value v)
{
    return fm_is_small(v) || fm_is_kind(v, FM_KIND_INT);
}

fm_value fm_int(struct fm_value_context *context, int64_t n)
{
    if (n >= FM_SMALL_MIN && n <= FM_SMALL_MAX) {
        return fm_small(n);
    }
    struct operand operand;
    operand_of_int64(&operand, n);
    mp_int result;
    start(context, &result);
    return take(context, &result, mp_copy(&operand.number, &result));
}

fm_value fm_int_parse(struct fm_value_context *context, const char *digits, size_t length)
{
    /* 18 digits fit in the word: the common case needs no library. */
    bool negative = length > 0 && digits[0] == '-';
    if (length - negative <= 18) {
        int64_t n = 0;
        for (size_t i = negative; i < length; i++) {
            fm_assert(digits[i] >= '0' && digits[i] <= '9');
            n = n * 10 + (digits[i] - '0');
        }
        return fm_small(negative ? -n : n);
    }
    if ((uint64_t)length * 3 > INTEGER_BITS_MAX) { /* a digit has more than 3 bits */
        raise_too_large(context);
    }
    char *text = fm_arena_strndup(context->arena, digits, length);
    mp_int result;
    start(context, &result);
    return take(context, &result, mp_read_radix(&result, text, 10));
}

static void need_int(struct fm_value_context *context, fm_value v, const char *operation)
{
    if (!fm_is_int(v)) {
        fm_value_raise(context, FM_CODE_4201, "%s needs integers, but an operand is %s", operation,
                       fm_value_describe(context, v));
    }
}

static void need_ints(struct fm_value_context *context, fm_value a, fm_value b,
                      const char *operation)
{
    need_int(context, a, operation);
    need_int(context, b, operation);
}

int64_t fm_int64(struct fm_value_context *context, fm_value v, const char *what)
{
    if (fm_is_small(v)) {
        return fm_small_get(v);
    }
    if (!fm_is_int(v)) {
        fm_value_raise(context, FM_CODE_4201, "%s must be an integer, but it is %s", what,
                       fm_value_describe(context, v));
    }
    struct operand operand;
    operand_of(&operand, v);
    if (mp_count_bits(&operand.number) > 63) {
        fm_value_raise(context, FM_CODE_4014, "%s is too large: %s", what,
                       fm_value_describe(context, v));
    }
    return mp_get_i64(&operand.number);
}

fm_value fm_int_add(struct fm_value_context *context, fm_value a, fm_value b)
{
    if (fm_is_small(a) && fm_is_small(b)) {
        return fm_int(context, fm_small_get(a) + fm_small_get(b));
    }
    need_ints(context, a, b, "+");
    struct operand left, right;
    operand_of(&left, a);
    operand_of(&right, b);
    mp_int result;
    start(context, &result);
    return take(context, &result, mp_add(&left.number, &right.number, &result));
}

fm_value fm_int_sub(struct fm_value_context *context, fm_value a, fm_value b)
{
    if (fm_is_small(a) && fm_is_small(b)) {
        return fm_int(context, fm_small_get(a) - fm_small_get(b));
    }
    need_ints(context, a, b, "-");
    struct operand left, right;
    operand_of(&left, a);
    operand_of(&right, b);
    mp_int result;
    start(context, &result);
    return take(context, &result, mp_sub(&left.number, &right.number, &result));
}

fm_value fm_int_mul(struct fm_value_context *context, fm_value a, fm_value b)
{
    int64_t product;
    if (fm_is_small(a) && fm_is_small(b) &&
        !__builtin_mul_overflow(fm_small_get(a), fm_small_get(b), &product)) {
        return fm_int(context, product);
    }
    need_ints(context, a, b, "*");
    struct operand left, right;
    operand_of(&left, a);
    operand_of(&right, b);
    uint64_t digits = (uint64_t)left.number.used + (uint64_t)right.number.used;
    if (digits * MP_DIGIT_BIT > INTEGER_BITS_MAX) {
        raise_too_large(context);
    }
    mp_int result;
    start(context, &result);
    return take(context, &result, mp_mul(&left.number, &right.number, &result));
}

/* Quotient and remainder of floor division into `result` (the quotient if `quotient`). */
static fm_value divide_big(struct fm_value_context *context, fm_value a, fm_value b, bool quotient)
{
    struct operand left, right;
    operand_of(&left, a);
    operand_of(&right, b);
    mp_int q, r;
    start(context, &q);
    if (mp_init(&r) != MP_OKAY) {
        mp_clear(&q);
        raise_too_large(context);
    }
    mp_err error = mp_div(&left.number, &right.number, &q, &r);
    if (error == MP_OKAY && !mp_iszero(&r) && r.sign != right.number.sign) {
        error = mp_decr(&q);
        if (error == MP_OKAY) {
            error = mp_add(&r, &right.number, &r);
        }
    }
    if (quotient) {
        mp_clear(&r);
        return take(context, &q, error);
    }
    mp_clear(&q);
    return take(context, &r, error);
}

fm_value fm_int_div(struct fm_value_context *context, fm_value a, fm_value b)
{
    need_ints(context, a, b, "\\div");
    if (fm_is_small(b) && fm_small_get(b) == 0) {
        fm_value_raise(context, FM_CODE_4010, "%s \\div 0", fm_value_describe(context, a));
    }
    if (!fm_is_small(a) || !fm_is_small(b)) {
        return divide_big(context, a, b, true);
    }
    int64_t x = fm_small_get(a), y = fm_small_get(b);
    int64_t q = x / y;
    return fm_int(context, q * y != x && (x < 0) != (y < 0) ? q - 1 : q);
}

fm_value fm_int_mod(struct fm_value_context *context, fm_value a, fm_value b)
{
    need_ints(context, a, b, "%");
    if (fm_int_compare(context, b, fm_small(0)) <= 0) {
        fm_value_raise(context, FM_CODE_4011,
                       "the second operand of %% must be a positive number, but it is %s",
                       fm_value_describe(context, b));
    }
    if (!fm_is_small(a) || !fm_is_small(b)) {
        return divide_big(context, a, b, false);
    }
    int64_t r = fm_small_get(a) % fm_small_get(b);
    return fm_small(r < 0 ? r + fm_small_get(b) : r);
}

/* base^exponent for |base| > 1: refuses what would pass the limit before computing it. */
static fm_value power(struct fm_value_context *context, fm_value base, fm_value exponent)
{
    struct operand operand;
    operand_of(&operand, base);
    uint64_t bits = (uint64_t)mp_count_bits(&operand.number) - 1;
    if (!fm_is_small(exponent) ||
        (uint64_t)fm_small_get(exponent) > INTEGER_BITS_MAX / (bits > 0 ? bits : 1)) {
        raise_too_large(context);
    }
    mp_int result;
    start(context, &result);
    return take(context, &result,
                mp_expt_u32(&operand.number, (uint32_t)fm_small_get(exponent), &result));
}

fm_value fm_int_pow(struct fm_value_context *context, fm_value a, fm_value b)
{
    need_ints(context, a, b, "^");
    int sign = fm_int_compare(context, b, fm_small(0));
    if (sign < 0) {
        fm_value_raise(context, FM_CODE_4012,
                       "the second operand of ^ must be a natural number, but it is %s",
                       fm_value_describe(context, b));
    }
    if (sign == 0) {
        if (fm_value_same(a, fm_small(0))) {
            fm_value_raise(context, FM_CODE_4013, "0^0 is undefined");
        }
        return fm_small(1);
    }
    if (fm_value_same(a, fm_small(0)) || fm_value_same(a, fm_small(1))) {
        return a;
    }
    if (fm_value_same(a, fm_small(-1))) {
        bool odd = fm_is_small(b) ? (fm_small_get(b) & 1) != 0 : (as_big(b)->digits[0] & 1) != 0;
        return fm_small(odd ? -1 : 1);
    }
    return power(context, a, b);
}

fm_value fm_int_negate(struct fm_value_context *context, fm_value a)
{
    if (fm_is_small(a)) {
        return fm_int(context, -fm_small_get(a));
    }
    need_int(context, a, "negation");
    return fm_int_sub(context, fm_small(0), a);
}

int fm_int_compare(struct fm_value_context *context, fm_value a, fm_value b)
{
    if (fm_is_small(a) && fm_is_small(b)) {
        int64_t x = (int64_t)a.bits, y = (int64_t)b.bits;
        return (x > y) - (x < y);
    }
    need_ints(context, a, b, "comparison by size");
    struct operand left, right;
    operand_of(&left, a);
    operand_of(&right, b);
    return mp_cmp(&left.number, &right.number);
}

void fm_int_print(fm_value v, struct fm_text *out)
{
    if (fm_is_small(v)) {
        fm_text_printf(out, "%" PRId64, fm_small_get(v));
        return;
    }
    struct operand operand;
    operand_of(&operand, v);
    int size;
    if (mp_radix_size(&operand.number, 10, &size) != MP_OKAY) {
        fm_text_puts(out, "<integer>");
        return;
    }
    char *digits = fm_memory_alloc((size_t)size);
    size_t written;
    if (mp_to_radix(&operand.number, digits, (size_t)size, &written, 10) == MP_OKAY) {
        fm_text_puts(out, digits);
    }
    fm_memory_free(digits);
}
