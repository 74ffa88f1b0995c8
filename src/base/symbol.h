/* Symbols: interned spellings of identifiers, strings and model values, with TLC's interning order.
 *
 * A symbol is found by spelling, lives as long as its table, and is compared by address. TLC orders
 * strings and model values by the moment at which it first interned them, so a symbol also has a
 * `rank`: 0 until somebody asks for it, then the next number. Ranks are handed out explicitly
 * (fm_symbol_rank), because our own phases do not run in TLC's order. Thread safe: strings are made
 * at run time too. Hashes depend on the spelling alone, so machines and runs agree. */
#ifndef FM_BASE_SYMBOL_H
#define FM_BASE_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fm_symbols;

struct fm_symbol {
    uint64_t hash_low; /* XXH3 128 of the spelling */
    uint64_t hash_high;
    uint32_t index;        /* dense, in order of interning; stable for the table's life */
    uint32_t length;       /* bytes, without the terminating NUL */
    _Atomic uint32_t rank; /* TLC's order; 0: not yet ranked */
    uint32_t unused;
    char text[]; /* NUL-terminated UTF-8 */
};

struct fm_symbols *fm_symbols_new(void);
void fm_symbols_free(struct fm_symbols *symbols);

const struct fm_symbol *fm_symbol_intern(struct fm_symbols *symbols, const char *text,
                                         size_t length);
const struct fm_symbol *fm_symbol_of(struct fm_symbols *symbols, const char *text);
/* NULL when the spelling was never interned. */
const struct fm_symbol *fm_symbol_find(struct fm_symbols *symbols, const char *text, size_t length);
/* The symbol with that index; index < fm_symbols_count. Wait-free. */
const struct fm_symbol *fm_symbol_at(const struct fm_symbols *symbols, uint32_t index);
uint32_t fm_symbols_count(const struct fm_symbols *symbols);
/* Its place in TLC's order, assigned now if it has none; never 0. */
uint32_t fm_symbol_rank(struct fm_symbols *symbols, const struct fm_symbol *symbol);

#endif
