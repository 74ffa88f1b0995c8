/* Ranks of spellings in TLC's order.
 *
 * TLC gives every string, model value and field name the number under which its table of unique
 * strings first met the spelling, and sorts by it; docs/interning-order.md has the rules. Our
 * phases rank at the same moments, so the ranks are TLC's numbers up to gaps, which no comparison
 * sees.
 *
 * Our built-in modules are worded differently from TLC's. What TLC's texts would intern is recorded
 * in modules/interning.tsv, compiled into the binary: lines of `NAME <tab> words|strings <tab>
 * spelling <tab> spelling ...`, with `\\`, `\t` and `\n` for those characters. */
#include "semantics/intern.h"

#include "base/text.h"
#include "modules/embedded.h"

#include <string.h>

/* The table of the recorded order among the embedded texts. */
#define TABLE_NAME "interning.tsv"

static const char *find_table(void)
{
    uint32_t count = 0;
    const struct fm_embedded_module *table = fm_embedded_modules(&count);
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(table[i].name, TABLE_NAME) == 0) {
            return table[i].text;
        }
    }
    return "";
}

/* The first spelling of the line that begins with these two fields, or NULL. */
static const char *find_line(const char *name, const char *kind)
{
    size_t name_length = strlen(name);
    size_t kind_length = strlen(kind);
    for (const char *line = find_table(); *line != '\0';) {
        const char *end = strchrnul(line, '\n');
        if (strncmp(line, name, name_length) == 0 && line[name_length] == '\t' &&
            strncmp(line + name_length + 1, kind, kind_length) == 0) {
            const char *rest = line + name_length + 1 + kind_length;
            return *rest == '\t' ? rest + 1 : NULL;
        }
        line = *end == '\0' ? end : end + 1;
    }
    return NULL;
}

static char unescaped(char letter)
{
    return letter == 't' ? '\t' : (letter == 'n' ? '\n' : letter);
}

static void rank_line(struct fm_symbols *symbols, const char *rest)
{
    struct fm_text spelling = {0};
    while (rest != NULL && *rest != '\0' && *rest != '\n') {
        fm_text_clear(&spelling);
        while (*rest != '\0' && *rest != '\n' && *rest != '\t') {
            bool escaped = *rest == '\\' && rest[1] != '\0' && rest[1] != '\n';
            fm_text_putc(&spelling, escaped ? unescaped(rest[1]) : *rest);
            rest += escaped ? 2 : 1;
        }
        fm_symbol_rank(symbols, fm_symbol_of(symbols, fm_text_string(&spelling)));
        rest += *rest == '\t';
    }
    fm_text_deinit(&spelling);
}

void fm_intern_tables(struct fm_symbols *symbols)
{
    rank_line(symbols, find_line("*", "words"));
}

void fm_intern_words(struct fm_symbols *symbols, struct fm_spellings spellings)
{
    for (uint32_t i = 0; i < spellings.count; i++) {
        fm_symbol_rank(symbols, spellings.at[i]);
    }
}

void fm_intern_recorded_words(struct fm_symbols *symbols, const char *module)
{
    rank_line(symbols, find_line(module, "words"));
}

void fm_intern_recorded_strings(struct fm_symbols *symbols, const char *module)
{
    rank_line(symbols, find_line(module, "strings"));
}
