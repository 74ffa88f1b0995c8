/* Text under construction.
 *
 * Grows by doubling, is NUL-terminated after every operation, and keeps its block when cleared, so
 * that a text used again and again stops allocating. JSON strings are validated as UTF-8 on the
 * way: TLA+ strings come from files and sockets, JSON readers refuse what is not UTF-8. */
#include "base/text.h"

#include "base/arena.h"
#include "base/assert.h"
#include "base/format.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CAPACITY_FIRST ((size_t)64)
/* Bytes that are made free before something is printed. */
#define PRINT_ROOM ((size_t)48)

void fm_text_deinit(struct fm_text *text)
{
    fm_memory_free(text->at);
    memset(text, 0, sizeof *text);
}

void fm_text_clear(struct fm_text *text)
{
    text->length = 0;
    if (text->at != NULL) {
        text->at[0] = '\0';
    }
}

const char *fm_text_string(const struct fm_text *text)
{
    return text->at == NULL ? "" : text->at;
}

static void reserve(struct fm_text *text, size_t more)
{
    fm_assert(more < SIZE_MAX / 4 && text->length < SIZE_MAX / 4);
    size_t need = text->length + more + 1;
    if (need <= text->capacity) {
        return;
    }
    size_t capacity = text->capacity == 0 ? CAPACITY_FIRST : text->capacity;
    while (capacity < need) {
        capacity *= 2;
    }
    text->at = fm_memory_resize(text->at, capacity);
    text->capacity = capacity;
}

void fm_text_add(struct fm_text *text, const char *bytes, size_t length)
{
    reserve(text, length);
    if (length != 0) {
        memcpy(text->at + text->length, bytes, length);
    }
    text->length += length;
    text->at[text->length] = '\0';
}

void fm_text_puts(struct fm_text *text, const char *string)
{
    fm_text_add(text, string, strlen(string));
}

void fm_text_putc(struct fm_text *text, char byte)
{
    fm_text_add(text, &byte, 1);
}

void fm_text_fill(struct fm_text *text, char byte, size_t count)
{
    reserve(text, count);
    memset(text->at + text->length, byte, count);
    text->length += count;
    text->at[text->length] = '\0';
}

char *fm_text_extend(struct fm_text *text, size_t count)
{
    reserve(text, count);
    char *at = text->at + text->length;
    text->length += count;
    text->at[text->length] = '\0';
    return at;
}

/* Most often there is room already, and one pass does. */
void fm_text_vprintf(struct fm_text *text, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    reserve(text, PRINT_ROOM);
    size_t room = text->capacity - text->length;
    int length = fm_format(text->at + text->length, room, format, arguments);
    fm_assert(length >= 0);
    if ((size_t)length >= room) {
        reserve(text, (size_t)length);
        (void)fm_format(text->at + text->length, (size_t)length + 1, format, again);
    }
    va_end(again);
    text->length += (size_t)length;
}

void fm_text_printf(struct fm_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fm_text_vprintf(text, format, arguments);
    va_end(arguments);
}

/* Length of the well-formed UTF-8 sequence at `at` (RFC 3629: no surrogates, no overlong forms, at
 * most U+10FFFF), 0 when it is malformed. */
size_t fm_text_utf8_length(const unsigned char *at, size_t left)
{
    static const struct {
        unsigned char low, high, second_low, second_high, length;
    } rows[] = {
        {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        if (at[0] < rows[row].low || at[0] > rows[row].high) {
            continue;
        }
        size_t length = rows[row].length;
        if (length > left) {
            return 0;
        }
        if (length > 1 && (at[1] < rows[row].second_low || at[1] > rows[row].second_high)) {
            return 0;
        }
        for (size_t i = 2; i < length; i++) {
            if ((at[i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
    return 0;
}

static void json_byte(struct fm_text *text, unsigned char byte)
{
    static const char named[] = "\"\\\b\f\n\r\t";
    static const char escape[] = "\"\\bfnrt";
    const char *found = byte == 0 ? NULL : strchr(named, byte);
    if (found != NULL) {
        fm_text_putc(text, '\\');
        fm_text_putc(text, escape[found - named]);
    } else if (byte < 0x20 || byte == 0x7F) {
        fm_text_printf(text, "\\u%04x", byte);
    } else {
        fm_text_putc(text, (char)byte);
    }
}

void fm_text_json_string(struct fm_text *text, const char *string, size_t length)
{
    const unsigned char *at = (const unsigned char *)string;
    fm_text_putc(text, '"');
    for (size_t i = 0; i < length;) {
        size_t step = fm_text_utf8_length(at + i, length - i);
        if (step == 0) {
            fm_text_puts(text, "\\ufffd");
            step = 1;
        } else if (step == 1) {
            json_byte(text, at[i]);
        } else {
            fm_text_add(text, string + i, step);
        }
        i += step;
    }
    fm_text_putc(text, '"');
}

static const char *xml_entity(unsigned char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

/* Whether XML 1.0 (section 2.2) has no such character, or it shows as nothing. */
static bool is_forbidden(const unsigned char *at, size_t length)
{
    bool above = length == 3 && at[0] == 0xEF && at[1] == 0xBF && at[2] >= 0xBE;
    return length == 0 || above || (at[0] < ' ' && at[0] != '\n') || at[0] == 0x7F;
}

void fm_text_xml(struct fm_text *text, const char *string)
{
    const unsigned char *at = (const unsigned char *)string;
    size_t size = strlen(string);
    for (size_t i = 0; i < size;) {
        size_t length = fm_text_utf8_length(at + i, size - i);
        const char *entity = xml_entity(at[i]);
        if (is_forbidden(at + i, length)) {
            fm_text_puts(text, "\xef\xbf\xbd");
        } else if (entity != NULL) {
            fm_text_puts(text, entity);
        } else {
            fm_text_add(text, string + i, length);
        }
        i += length == 0 ? 1 : length;
    }
}

void fm_text_count(struct fm_text *text, uint64_t number)
{
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, number);
    for (int i = 0; i < length; i++) {
        if (i != 0 && (length - i) % 3 == 0) {
            fm_text_putc(text, ',');
        }
        fm_text_putc(text, digits[i]);
    }
}
