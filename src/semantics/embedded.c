/* A configuration inside of the file of its specification.
 *
 *     ---- CONFIG Name ----
 *     INIT Init
 *     ====
 *
 * TLC finds it there (util/MonolithSpecExtractor.java) when there is no file Name.cfg, and the
 * trace specifications that it writes have theirs so. Whatever is outside of the block becomes
 * blank, so that places in diagnostics are those of the file; the block ends where a line begins
 * with four equals signs, or with the file. */
#include "semantics/config.h"

#include <string.h>

/* Dashes or equals signs of a line at least. */
#define RULE_MIN 4u

static size_t skip_all(const char *text, size_t size, size_t at, const char *characters)
{
    while (at < size && text[at] != '\0' && strchr(characters, text[at]) != NULL) {
        at++;
    }
    return at;
}

/* Whether the line that begins at `at` heads the configuration of that name. */
static bool is_head(const char *text, size_t size, size_t at, const char *name, size_t length)
{
    static const char word[] = "CONFIG";
    size_t begin = skip_all(text, size, at, "-");
    if (begin - at < RULE_MIN) {
        return false;
    }
    begin = skip_all(text, size, begin, " \t");
    if (size - begin < sizeof word - 1 || strncmp(text + begin, word, sizeof word - 1) != 0) {
        return false;
    }
    at = begin + sizeof word - 1;
    begin = skip_all(text, size, at, " \t");
    if (begin == at || size - begin < length || strncmp(text + begin, name, length) != 0) {
        return false;
    }
    at = skip_all(text, size, begin + length, " \t");
    return skip_all(text, size, at, "-") - at >= RULE_MIN;
}

static size_t next_line(const char *text, size_t size, size_t at)
{
    const char *end = memchr(text + at, '\n', size - at);
    return end == NULL ? size : (size_t)(end + 1 - text);
}

size_t fm_config_embedded(char *text, size_t size, const char *name, size_t length)
{
    size_t at = 0;
    while (at < size && !is_head(text, size, at, name, length)) {
        at = next_line(text, size, at);
    }
    if (at == size) {
        return 0;
    }
    size_t begin = next_line(text, size, at);
    for (size_t i = 0; i < begin; i++) {
        text[i] = text[i] == '\n' ? '\n' : ' ';
    }
    size_t end = begin;
    while (end < size && skip_all(text, size, end, "=") - end < RULE_MIN) {
        end = next_line(text, size, end);
    }
    return end;
}
