/* Number literals.
 *
 * TLA+ writes numbers in decimal and as \b, \o and \h with digits of base 2, 8 and 16, of any
 * length. The syntax tree keeps decimal digits, so that nothing after the parser knows of bases;
 * integers beyond 64 bits are made from them by the value layer. Conversion is schoolbook: a
 * little-endian array of limbs of nine decimal digits is multiplied by the base and added to, digit
 * by digit. */
#include "syntax/number.h"

#include "base/text.h"
#include "base/vec.h"

/* Nine digits are the most of which 16 * limb + carry fits in 64 bits with room, and in 32 alone.
 * */
#define LIMB 1000000000u

uint32_t fm_number_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return (uint32_t)(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return (uint32_t)(c - 'a') + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return (uint32_t)(c - 'A') + 10;
    }
    return 255;
}

const struct fm_symbol *fm_number_decimal(struct fm_symbols *symbols, const char *digits,
                                          size_t length, uint32_t base)
{
    while (length > 1 && digits[0] == '0') {
        digits++;
        length--;
    }
    if (base == 10) {
        return fm_symbol_intern(symbols, digits, length);
    }
    FM_VEC(uint32_t) limbs = {0};
    for (size_t i = 0; i < length; i++) {
        uint64_t carry = fm_number_digit(digits[i]);
        for (uint32_t k = 0; k < limbs.count; k++) {
            carry += (uint64_t)limbs.at[k] * base;
            limbs.at[k] = (uint32_t)(carry % LIMB);
            carry /= LIMB;
        }
        if (carry > 0) {
            fm_vec_push(&limbs, (uint32_t)carry);
        }
    }
    struct fm_text text = {0};
    fm_text_printf(&text, "%u", limbs.count > 0 ? limbs.at[limbs.count - 1] : 0);
    for (uint32_t k = limbs.count; k-- > 1;) {
        fm_text_printf(&text, "%09u", limbs.at[k - 1]);
    }
    const struct fm_symbol *symbol = fm_symbol_intern(symbols, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    fm_vec_deinit(&limbs);
    return symbol;
}
