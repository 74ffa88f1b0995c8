/* A small reader of options.
 *
 * getopt_long would do for reading, but it prints by itself and knows neither nearest names nor
 * help. With one table what is read, refused and shown is one thing: the help cannot lag behind,
 * and a misspelt option is answered with the one that was meant. `fathom check` has a reader of its
 * own (options.c), because TLC's options take one dash, one or two arguments, or some glued to
 * them. */
#include "cli/flags.h"

#include "diag/diag.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Names that one table has at most. */
#define NAMES_MAX 64u
/* Columns of the help: where texts begin and where they are broken. */
#define TEXT_COLUMN 26u
#define TEXT_END 80u

static void refuse_name(const struct fm_flags *flags, const char *word, struct fm_text *wrong)
{
    const char *names[NAMES_MAX];
    for (uint32_t i = 0; i < flags->count; i++) {
        names[i] = flags->flags[i].name;
    }
    const char *nearest = fm_diag_nearest(word, names, flags->count);
    fm_text_printf(wrong, "there is no option `%s`", word);
    if (nearest != NULL) {
        fm_text_printf(wrong, "; did you mean `%s`?", nearest);
    }
}

static bool set(const struct fm_flag *flag, const char *value, struct fm_text *wrong)
{
    if (flag->kind == FM_FLAG_TEXT) {
        *(const char **)flag->place = value;
        return true;
    }
    char *end;
    errno = 0;
    unsigned long long number = strtoull(value, &end, 10);
    if (*value < '0' || *value > '9' || *end != '\0' || errno != 0 || number < flag->min ||
        number > flag->max) {
        fm_text_printf(wrong, "%s takes a number from %llu to %llu, not `%s`", flag->name,
                       (unsigned long long)flag->min, (unsigned long long)flag->max, value);
        return false;
    }
    *(uint64_t *)flag->place = number;
    return true;
}

/* The flag that the word names, before any "="; NULL when there is none. */
static const struct fm_flag *find(const struct fm_flags *flags, const char *word)
{
    size_t length = strcspn(word, "=");
    for (uint32_t i = 0; i < flags->count; i++) {
        if (strlen(flags->flags[i].name) == length &&
            strncmp(flags->flags[i].name, word, length) == 0) {
            return &flags->flags[i];
        }
    }
    return NULL;
}

/* Reads the option at argv[*at], and moves *at to its last word. */
static bool read_flag(const struct fm_flags *flags, char **argv, int *at, struct fm_text *wrong)
{
    const char *word = argv[*at];
    const struct fm_flag *flag = find(flags, word);
    if (flag == NULL) {
        refuse_name(flags, word, wrong);
        return false;
    }
    const char *value = strchr(word, '=');
    if (flag->kind == FM_FLAG_SWITCH) {
        if (value != NULL) {
            fm_text_printf(wrong, "%s takes no value", flag->name);
            return false;
        }
        *(bool *)flag->place = true;
        return true;
    }
    value = value != NULL ? value + 1 : argv[++*at];
    if (value == NULL) {
        fm_text_printf(wrong, "%s %s: the value is missing", flag->name, flag->argument);
        return false;
    }
    return set(flag, value, wrong);
}

bool fm_flags_parse(struct fm_flags *flags, int argc, char **argv, struct fm_text *wrong)
{
    flags->words_count = 0;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "-help") == 0) {
            flags->help = true;
        } else if (word[0] == '-' && word[1] != '\0') {
            if (!read_flag(flags, argv, &i, wrong)) {
                return false;
            }
        } else if (flags->words_count == flags->words_max) {
            fm_text_printf(wrong, "`%s` is one argument too many", word);
            return false;
        } else {
            flags->words[flags->words_count++] = word;
        }
    }
    return true;
}

void fm_flags_print(const struct fm_flag *flags, uint32_t count, struct fm_text *out)
{
    for (uint32_t i = 0; i < count; i++) {
        size_t start = out->length;
        fm_text_printf(out, "  %s%s%s", flags[i].name, flags[i].argument == NULL ? "" : " ",
                       flags[i].argument == NULL ? "" : flags[i].argument);
        size_t column = out->length - start;
        if (column + 1 >= TEXT_COLUMN) {
            fm_text_putc(out, '\n');
            column = 0;
        }
        fm_text_fill(out, ' ', TEXT_COLUMN - column);
        column = TEXT_COLUMN;
        for (const char *word = flags[i].text; *word != '\0';) {
            size_t length = strcspn(word, " ");
            if (column > TEXT_COLUMN && column + 1 + length > TEXT_END) {
                fm_text_putc(out, '\n');
                fm_text_fill(out, ' ', TEXT_COLUMN);
                column = TEXT_COLUMN;
            } else if (column > TEXT_COLUMN) {
                fm_text_putc(out, ' ');
                column++;
            }
            fm_text_add(out, word, length);
            column += length;
            word += length + strspn(word + length, " ");
        }
        fm_text_putc(out, '\n');
    }
}
