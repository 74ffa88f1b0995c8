/* The lexer of PlusCal: words of an algorithm and tokens of the expressions in it. Private to the
 * syntax layer's pcal files. */
#ifndef FM_SYNTAX_PCAL_LEXER_H
#define FM_SYNTAX_PCAL_LEXER_H

#include "syntax/pcal_ast.h"

/* One character of the algorithm: comments are blanks here, and tabs as many blanks as they fill.
 */
struct fm_pcal_cell {
    uint32_t code;   /* code point; '\n' ends a line */
    int32_t column;  /* from 0 */
    uint32_t offset; /* bytes in the source */
};

enum fm_pcal_word_kind {
    FM_PCAL_WORD_END, /* of the algorithm's comment */
    FM_PCAL_WORD_BAD, /* see `problem` of the lexer */
    FM_PCAL_WORD_BUILTIN,
    FM_PCAL_WORD_NUMBER,
    FM_PCAL_WORD_STRING,
    FM_PCAL_WORD_IDENT,
    FM_PCAL_WORD_RULE /* ---- or ====, no part of any expression */
};

struct fm_pcal_word {
    enum fm_pcal_word_kind kind;
    const char *text; /* in the arena; a string without its quotes */
    uint32_t width;
    int32_t column;
    uint32_t newlines; /* line ends before it, since the word before */
    struct fm_span span;
};

struct fm_pcal_lexer {
    struct fm_arena *arena;
    const struct fm_source *source;
    uint32_t number;
    struct fm_pcal_cell *cells;
    uint32_t count;
    uint32_t at;
    uint32_t end;        /* bytes: where the text ends */
    const char *problem; /* what is wrong with a BAD word */
};

/* Reads the bytes begin .. end - 1 of a comment, or as far as the `*)` that closes it. A string
 * that is not closed becomes a BAD word. */
void fm_pcal_lexer_init(struct fm_pcal_lexer *lexer, struct fm_arena *arena,
                        const struct fm_source *source, struct fm_span text);
struct fm_pcal_word fm_pcal_lexer_next(struct fm_pcal_lexer *lexer);
/* The next character that is not blank, 0 at the end; and the one right after it. */
uint32_t fm_pcal_lexer_peek(const struct fm_pcal_lexer *lexer, uint32_t *after);
/* +1 for an opening bracket, -1 for a closing one, otherwise 0. */
int fm_pcal_lexer_bracket(const struct fm_pcal_word *word);

#endif
