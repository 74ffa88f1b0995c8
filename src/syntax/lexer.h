/* The lexer of TLA+: a source becomes an array of tokens. Private to the syntax layer.
 *
 * Text outside modules is skipped, comments too; what the lexer cannot read is noted and becomes a
 * BAD token, at which the parser recovers without a second message. */
#ifndef FM_SYNTAX_LEXER_H
#define FM_SYNTAX_LEXER_H

#include "base/vec.h"
#include "syntax/operator.h"
#include "syntax/parse.h"

enum fm_token_kind {
    FM_TOKEN_END, /* of the source */
    FM_TOKEN_BAD, /* reported already */
    FM_TOKEN_IDENT,
    FM_TOKEN_NUMBER,
    FM_TOKEN_STRING,
    FM_TOKEN_OPERATOR,
    FM_TOKEN_STEP_NAME,    /* <1>2, <*>a: begins a proof step, and names one in expressions */
    FM_TOKEN_STEP,         /* <1>, <1>2., <+>: begins a proof step */
    FM_TOKEN_MODULE_BEGIN, /* ---- MODULE */
    FM_TOKEN_SEPARATOR,    /* ---- */
    FM_TOKEN_MODULE_END,   /* ==== */
#define FM_PUNCTUATION(id, spelling) FM_TOKEN_##id,
#define FM_KEYWORD(id, spelling) FM_TOKEN_##id,
#define FM_ALSO(id, spelling)
#include "syntax/tokens.def"
#undef FM_PUNCTUATION
#undef FM_KEYWORD
#undef FM_ALSO
    FM_TOKEN_KIND_COUNT
};

/* Token flags. */
#define FM_TOKEN_FIRST 1u      /* first token of its line */
#define FM_TOKEN_WORD 2u       /* a word in capitals: may name a record field or a module */
#define FM_TOKEN_NO_BINDER 4u  /* the parser's note: this bracket holds no binder, see bracket.c */
#define FM_TOKEN_DEFINITION 8u /* the left side of a `==` begins here */
#define FM_TOKEN_BULLET                                                                            \
    16u /* may begin an item of a junction list; the words \land, \lor do not                      \
         */

struct fm_token {
    uint8_t kind; /* enum fm_token_kind */
    uint8_t op;   /* enum fm_operator of an OPERATOR token */
    uint16_t flags;
    uint32_t begin; /* bytes in the source */
    uint32_t end;
    uint32_t column; /* code points from 1, tabs to the next multiple of 8: SANY's columns */
    const struct fm_symbol
        *text; /* identifiers, numbers as written, strings with escapes resolved */
};

/* The most tokens of one source: 4 million, some 20 MB of text, fifty times the largest public
 * specification; 128 MiB of memory. */
#define FM_TOKENS_MAX ((uint32_t)1 << 22)
/* After this many unreadable places the rest of a source is not worth reading. */
#define FM_LEXER_ERRORS_MAX 50u

/* A place that could not be read. The parser reports it when it has come so far, so that errors
 * come in the order of the text. */
struct fm_lexer_error {
    enum fm_code code;
    struct fm_span span;
    const char *message; /* in the arena of the trees, or static */
    const char *hint;    /* or NULL */
};

struct fm_tokens {
    FM_VEC(struct fm_token)
    list; /* an END token is the last; it stands after the last visible byte */
    FM_VEC(struct fm_lexer_error) errors;
    struct fm_pluscal_info pluscal;
};

/* Reads a source. `bare` reads it as the inside of a module (one expression); otherwise text
 * outside modules is skipped. The caller frees the result. */
void fm_tokens_read(struct fm_tokens *tokens, const struct fm_parse *parse, uint32_t source,
                    bool bare);
void fm_tokens_deinit(struct fm_tokens *tokens);

/* How a kind is called in messages: "`)`", "`THEN`", "an identifier". */
const char *fm_token_kind_name(enum fm_token_kind kind);

#endif
