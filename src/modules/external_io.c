/* Files and templates of the IO operators.
 *
 * Reading copies the file into the arena, so that an error raised while its content is taken apart
 * leaves nothing behind.
 *
 * Templates (CSVWrite, IOExecTemplate) are those of java.util.Formatter as far as strings go:
 * %[n$][-][width][.precision]s, S for upper case, %n for a new line, %% for itself. Arguments
 * without a number are taken in turn, not counting numbered ones. Conversions of numbers cannot
 * succeed in TLC either, since every argument is a string: they are errors by name. */
#include "modules/external_io.h"

#include "base/external.h"
#include "base/file.h"
#include "diag/diag.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* Bytes of the largest file an operator reads: more does not fit the values made of it. */
#define FILE_SIZE_MAX ((size_t)1 << 30)
/* Widths and precisions of templates; a longer one is a mistake. */
#define WIDTH_MAX 10000u

const char *fm_native_read_file(struct fm_native_context *context, const char *operator_name,
                                const char *path, size_t *size, bool *missing)
{
    char *block = NULL;
    enum fm_file_result result = fm_file_read(path, FILE_SIZE_MAX, &block, size);
    const char *reason = NULL;
    switch (result) {
    case FM_FILE_OK:
        break;
    case FM_FILE_MISSING:
        if (missing != NULL) {
            *missing = true;
            return NULL;
        }
        reason = "there is no such file";
        break;
    case FM_FILE_DIRECTORY:
        reason = "it is a directory";
        break;
    case FM_FILE_TOO_LARGE:
        reason = "it is larger than 1 GiB";
        break;
    case FM_FILE_ERROR:
        reason = strerror(errno);
        break;
    }
    if (reason != NULL) {
        fm_native_fail(context, FM_CODE_4209, "%s cannot read %s: %s", operator_name, path, reason);
    }
    char *text = fm_arena_strndup(context->values->arena, block, *size);
    fm_memory_free(block);
    return text;
}

void fm_native_write_file(struct fm_native_context *context, const char *operator_name,
                          const char *path, int flags, struct fm_native_text *text)
{
    size_t length = 0;
    const char *bytes = fm_native_text_take(context, text, &length);
    if (fm_external_write(path, flags, bytes, length) != 0) {
        fm_native_fail(context, FM_CODE_4209, "%s cannot write %s: %s", operator_name, path,
                       strerror(errno));
    }
}

void fm_native_make_parents(struct fm_native_context *context, const char *operator_name,
                            const char *path)
{
    if (fm_external_make_parents(path) != 0) {
        fm_native_fail(context, FM_CODE_4209, "%s cannot make the folder of %s: %s", operator_name,
                       path, strerror(errno));
    }
}

/* One conversion of a template. */
struct conversion {
    uint32_t index; /* of the argument, from 1; 0: the next one */
    uint32_t width;
    uint32_t precision; /* WIDTH_MAX: none */
    bool left;
    char letter;
};

static const char *read_number(const char *at, uint32_t *number)
{
    *number = 0;
    while (isdigit((unsigned char)*at) && *number < WIDTH_MAX) {
        *number = *number * 10 + (uint32_t)(*at++ - '0');
    }
    return at;
}

/* Reads what follows a percent sign; returns what follows the conversion. */
static const char *read_conversion(const char *at, struct conversion *out)
{
    *out = (struct conversion){.precision = WIDTH_MAX};
    uint32_t number = 0;
    const char *after = read_number(at, &number);
    if (after > at && *after == '$') {
        out->index = number;
        at = after + 1;
    }
    if (*at == '-') {
        out->left = true;
        at++;
    }
    at = read_number(at, &out->width);
    if (*at == '.') {
        at = read_number(at + 1, &out->precision);
    }
    out->letter = *at;
    return *at == '\0' ? at : at + 1;
}

static void add_argument(struct fm_text *out, const struct conversion *conversion,
                         const char *argument)
{
    size_t length = strnlen(argument,
                            conversion->precision < WIDTH_MAX ? conversion->precision : SIZE_MAX);
    size_t padding = conversion->width > length ? conversion->width - length : 0;
    if (!conversion->left) {
        fm_text_fill(out, ' ', padding);
    }
    for (size_t i = 0; i < length; i++) {
        char byte = argument[i];
        fm_text_putc(out, conversion->letter == 'S' ? (char)toupper((unsigned char)byte) : byte);
    }
    if (conversion->left) {
        fm_text_fill(out, ' ', padding);
    }
}

const char *fm_native_format(struct fm_native_context *context, const char *operator_name,
                             const char *template_text, const char *const *arguments,
                             uint32_t count)
{
    struct fm_native_text text = fm_native_text_begin(context);
    uint32_t next = 1;
    const char *at = template_text;
    while (*at != '\0') {
        if (*at != '%') {
            fm_text_putc(text.out, *at++);
            continue;
        }
        struct conversion conversion;
        at = read_conversion(at + 1, &conversion);
        if (conversion.letter == '%' || conversion.letter == 'n') {
            fm_text_putc(text.out, conversion.letter == '%' ? '%' : '\n');
            continue;
        }
        bool good = conversion.letter == 's' || conversion.letter == 'S';
        uint32_t index = conversion.index != 0 ? conversion.index : next++;
        if (!good || index > count) {
            fm_native_fail(context, FM_CODE_4210,
                           good ? "%s: the template %s has no argument %u"
                                : "%s: the template %s has a conversion "
                                  "other than %%s (number %u)",
                           operator_name, template_text, index);
        }
        add_argument(text.out, &conversion, arguments[index - 1]);
    }
    return fm_native_text_take(context, &text, NULL);
}
