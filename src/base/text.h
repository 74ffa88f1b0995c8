/* Text under construction: a growable, always NUL-terminated byte string. */
#ifndef FM_BASE_TEXT_H
#define FM_BASE_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialized is empty and ready; `at` is NULL until something was added. */
struct fm_text {
    char *at;
    size_t length; /* bytes */
    size_t capacity;
};

void fm_text_deinit(struct fm_text *text);
void fm_text_clear(struct fm_text *text);
/* The text, "" when empty; valid until the next change. */
const char *fm_text_string(const struct fm_text *text);
void fm_text_add(struct fm_text *text, const char *bytes, size_t length);
void fm_text_puts(struct fm_text *text, const char *string);
void fm_text_putc(struct fm_text *text, char byte);
void fm_text_fill(struct fm_text *text, char byte, size_t count);
/* Appends `count` bytes that the caller writes, at the place returned. */
char *fm_text_extend(struct fm_text *text, size_t count);
void fm_text_printf(struct fm_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void fm_text_vprintf(struct fm_text *text, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
/* Bytes of the well-formed UTF-8 character that starts there, at most `left`; 0: there is none. */
size_t fm_text_utf8_length(const unsigned char *at, size_t left);
/* Appends `string` as a quoted JSON string. Bytes that are not UTF-8 become U+FFFD. */
void fm_text_json_string(struct fm_text *text, const char *string, size_t length);
/* Appends `string` as characters of XML or HTML, fit for attributes too. Bytes that are not UTF-8,
 * and control characters but the line feed, become U+FFFD. */
void fm_text_xml(struct fm_text *text, const char *string);
/* 12345678 as "12,345,678". */
void fm_text_count(struct fm_text *text, uint64_t number);

#endif
