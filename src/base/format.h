/* Formatted printing, as vsnprintf does it, faster for what is printed most. */
#ifndef FM_BASE_FORMAT_H
#define FM_BASE_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* Writes at most `room` bytes, the NUL included; the length of all of it, negative when that is no
 * int. */
int fm_format(char *to, size_t room, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));

#endif
