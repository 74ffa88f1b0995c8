/* TLC's interning order: which spelling gets which rank (docs/interning-order.md). */
#ifndef FM_SEMANTICS_INTERN_H
#define FM_SEMANTICS_INTERN_H

#include "base/symbol.h"
#include "syntax/parse.h"

/* The words of TLC's own tables, which it meets before any module. */
void fm_intern_tables(struct fm_symbols *symbols);
/* The tokens of a module, when TLC would parse it. */
void fm_intern_words(struct fm_symbols *symbols, struct fm_spellings spellings);
/* The same for a built-in module, whose text is ours: as recorded of TLC's text. */
void fm_intern_recorded_words(struct fm_symbols *symbols, const char *module);
/* The string literals of a built-in module, when TLC would analyze it. */
void fm_intern_recorded_strings(struct fm_symbols *symbols, const char *module);

#endif
