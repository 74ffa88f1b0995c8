/* Formatted printing (format.h).
 *
 * Emitted C and translations of PlusCal are made of tens of thousands of short pieces, a name and a
 * number each, and are made anew in every run: most of their time was the library's vsnprintf,
 * which sets up a stream for each piece. Nearly all formats consist of %s, %.*s, %c, %%, decimal
 * integers without flags or widths, and digests (%016lx). These are printed here; a format with
 * anything else in it, or a string that is NULL, is the library's, from its beginning. */
#include "base/format.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Digits of the largest integer. */
#define DIGITS_MAX 20u
/* Hexadecimal digits of half a digest. */
#define HEX_DIGITS 16u

struct output {
    char *at;
    size_t room;   /* bytes that may still be written */
    size_t length; /* of all, written or not */
};

static void put(struct output *out, const char *bytes, size_t count)
{
    size_t written = count < out->room ? count : out->room;
    if (written != 0) {
        memcpy(out->at, bytes, written);
    }
    out->at += written;
    out->room -= written;
    out->length += count;
}

static bool put_string(struct output *out, const char *string, int precision)
{
    if (string == NULL) {
        return false;
    }
    put(out, string, precision < 0 ? strlen(string) : strnlen(string, (size_t)precision));
    return true;
}

static void put_number(struct output *out, uint64_t magnitude, bool is_negative)
{
    char digits[DIGITS_MAX + 1];
    uint32_t begin = sizeof digits;
    do {
        digits[--begin] = (char)('0' + magnitude % 10);
        magnitude /= 10;
    } while (magnitude != 0);
    if (is_negative) {
        digits[--begin] = '-';
    }
    put(out, digits + begin, sizeof digits - begin);
}

static void put_signed(struct output *out, int64_t number)
{
    put_number(out, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, number < 0);
}

static void put_hex(struct output *out, unsigned long number)
{
    _Static_assert(sizeof(long) * 2 == HEX_DIGITS, "all digits of a long");
    char digits[HEX_DIGITS];
    for (uint32_t i = HEX_DIGITS; i-- > 0; number >>= 4) {
        digits[i] = "0123456789abcdef"[number & 15u];
    }
    put(out, digits, sizeof digits);
}

/* A conversion whose integer is long: `at` stands behind the l or z. */
static bool put_long(struct output *out, char conversion, va_list *arguments)
{
    _Static_assert(sizeof(long) == sizeof(size_t), "%zu is taken as %lu");
    if (conversion == 'u') {
        put_number(out, va_arg(*arguments, unsigned long), false);
    } else if (conversion == 'd') {
        put_signed(out, va_arg(*arguments, long));
    } else {
        return false;
    }
    return true;
}

/* One conversion, from behind its percent sign; the place behind it, or NULL: it is not known
 * here. */
static const char *put_conversion(struct output *out, const char *at, va_list *arguments)
{
    switch (*at) {
    case '%':
        put(out, "%", 1);
        return at + 1;
    case 's':
        return put_string(out, va_arg(*arguments, const char *), -1) ? at + 1 : NULL;
    case 'c': {
        char byte = (char)va_arg(*arguments, int);
        put(out, &byte, 1);
        return at + 1;
    }
    case 'u':
        put_number(out, va_arg(*arguments, unsigned), false);
        return at + 1;
    case 'd':
        put_signed(out, va_arg(*arguments, int));
        return at + 1;
    case 'l':
    case 'z':
        return put_long(out, at[1], arguments) ? at + 2 : NULL;
    case '.':
        if (at[1] == '*' && at[2] == 's') {
            int precision = va_arg(*arguments, int);
            return put_string(out, va_arg(*arguments, const char *), precision) ? at + 3 : NULL;
        }
        return NULL;
    case '0':
        if (strncmp(at, "016lx", 5) == 0) {
            put_hex(out, va_arg(*arguments, unsigned long));
            return at + 5;
        }
        return NULL;
    default:
        return NULL;
    }
}

/* Whether everything in the format is known here. */
static bool put_all(struct output *out, const char *format, va_list *arguments)
{
    for (const char *at = format; at != NULL;) {
        const char *percent = strchrnul(at, '%');
        put(out, at, (size_t)(percent - at));
        if (*percent == '\0') {
            return true;
        }
        at = put_conversion(out, percent + 1, arguments);
    }
    return false;
}

int fm_format(char *to, size_t room, const char *format, va_list arguments)
{
    struct output out = {.at = to, .room = room == 0 ? 0 : room - 1};
    va_list copy;
    va_copy(copy, arguments);
    bool done = put_all(&out, format, &copy);
    va_end(copy);
    if (!done) {
        return vsnprintf(to, room, format, arguments);
    }
    if (room != 0) {
        *out.at = '\0';
    }
    return out.length > INT_MAX ? -1 : (int)out.length;
}
