/* What the parts of the PlusCal front end share. Private to the syntax layer's pcal files. */
#ifndef FM_SYNTAX_PCAL_H
#define FM_SYNTAX_PCAL_H

#include "syntax/pcal_ast.h"
#include "syntax/pcal_lexer.h"

/* Statements nested deeper than this, macros expanded, are refused: the deepest of public
 * algorithms has 12. */
#define FM_PCAL_DEPTH_MAX 200u
/* Statements and tokens of one algorithm after expansion of macros, which can double with each
 * macro. The largest public algorithm has 400 and 4,000. */
#define FM_PCAL_STATEMENTS_MAX 50000u
#define FM_PCAL_TOKENS_MAX 300000u
/* Words that are looked at before they are taken: `fair + process` needs three. */
#define FM_PCAL_AHEAD_MAX 4u

/* One pass over one algorithm. After the first failure words are END and passes stop early. */
struct fm_pcal {
    struct fm_arena *arena;
    const struct fm_source *source;
    struct fm_pcal_algorithm *algorithm;
    struct fm_pcal_problem *problem;
    bool failed;
    uint32_t depth, statements, tokens;

    /* Of the parser. */
    struct fm_pcal_lexer lexer;
    struct fm_pcal_word ahead[FM_PCAL_AHEAD_MAX];
    uint32_t ahead_count;
    struct fm_pcal_word word; /* the one taken last */
    bool in_macro;
    struct fm_pcal_routine *routine; /* being read, or NULL */
    const char *procedure;           /* being read */
    struct fm_pcal_names labels;     /* all that the user wrote */
    bool goto_used, goto_done_used, modifier_used;

    /* Of the labeler. */
    uint32_t next_label;
};

/* Notes the first problem. */
void fm_pcal_fail(struct fm_pcal *pcal, enum fm_code code, struct fm_span span, const char *hint,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Room for one more item in an array that lives in the arena. */
void *fm_pcal_grow(struct fm_arena *arena, void *at, uint32_t count, uint32_t *capacity,
                   size_t size);

#define fm_pcal_push(pcal, list, item)                                                             \
    ((list)->count < (list)->capacity                                                              \
         ? (void)0                                                                                 \
         : (void)((list)->at = fm_pcal_grow((pcal)->arena, (list)->at, (list)->count,              \
                                            &(list)->capacity, sizeof *(list)->at)),               \
     (void)((list)->at[(list)->count++] = (item)))

bool fm_pcal_names_have(const struct fm_pcal_names *names, const char *name);
struct fm_pcal_stmts *fm_pcal_stmts_new(struct fm_pcal *pcal);
struct fm_pcal_stmt *fm_pcal_stmt_new(struct fm_pcal *pcal, enum fm_pcal_kind kind,
                                      struct fm_span span);

/* ---- Expressions, pcal_expr.c. */

struct fm_pcal_expr *fm_pcal_expr_new(struct fm_pcal *pcal);
struct fm_pcal_token *fm_pcal_token_new(struct fm_pcal *pcal, enum fm_pcal_token_kind kind,
                                        const char *text);
void fm_pcal_expr_add_line(struct fm_pcal *pcal, struct fm_pcal_expr *expr);
/* To the last line. */
void fm_pcal_expr_add(struct fm_pcal *pcal, struct fm_pcal_expr *expr, struct fm_pcal_token *token);
/* Drops empty lines at both ends, moves the expression to column 0, sets the anchors. */
void fm_pcal_expr_normalize(struct fm_pcal_expr *expr);
struct fm_pcal_expr *fm_pcal_expr_clone(struct fm_pcal *pcal, const struct fm_pcal_expr *expr);
uint32_t fm_pcal_expr_size(const struct fm_pcal_expr *expr); /* tokens */
/* The first token; of an expression that has one. */
struct fm_pcal_token *fm_pcal_expr_first(const struct fm_pcal_expr *expr);
/* Puts `before` before `expr`, whose first line goes on where that ends. */
void fm_pcal_expr_prepend(struct fm_pcal *pcal, struct fm_pcal_expr *expr,
                          const struct fm_pcal_expr *before);

struct fm_pcal_substitution {
    const struct fm_pcal_names *names;
    const struct fm_pcal_exprs *exprs; /* as many */
    bool parenthesize;                 /* what has several tokens gets parentheses */
};

/* Replaces, at once, every name that is not one of a record's field. */
void fm_pcal_expr_substitute(struct fm_pcal *pcal, struct fm_pcal_expr *expr,
                             const struct fm_pcal_substitution *substitution);

/* ---- The parser, pcal_parse.c and pcal_statement.c. */

/* The word `offset` places ahead, 0 the next; does not take it. */
const struct fm_pcal_word *fm_pcal_peek(struct fm_pcal *pcal, uint32_t offset);
bool fm_pcal_next_is(struct fm_pcal *pcal, const char *text);
const struct fm_pcal_word *fm_pcal_take(struct fm_pcal *pcal);
/* Takes that word, or fails. `;` may be left out before words that begin something else. */
void fm_pcal_expect(struct fm_pcal *pcal, const char *text);
void fm_pcal_expect_separator(struct fm_pcal *pcal); /* `,` or `;` */
const char *fm_pcal_take_name(struct fm_pcal *pcal, const char *what);
bool fm_pcal_take_is_in(struct fm_pcal *pcal);
/* An expression; what is missing is named by `what`, NULL where nothing may stand. */
struct fm_pcal_expr *fm_pcal_take_expr(struct fm_pcal *pcal, const char *what);
/* Arguments after the name, with parentheses. */
void fm_pcal_take_args(struct fm_pcal *pcal, struct fm_pcal_exprs *args);
struct fm_pcal_stmts *fm_pcal_take_statements(struct fm_pcal *pcal);

/* ---- Options, macros, labels. */

/* Adds those that the file gives. */
void fm_pcal_read_options(struct fm_arena *arena, const struct fm_source *source, uint32_t number,
                          struct fm_pcal_options *options);

void fm_pcal_expand(struct fm_pcal *pcal, struct fm_pcal_stmts *stmts);
void fm_pcal_add_labels(struct fm_pcal *pcal, struct fm_pcal_stmts *stmts);
/* The steps of a sequence whose labels are complete. */
struct fm_pcal_stmts *fm_pcal_steps(struct fm_pcal *pcal, struct fm_pcal_stmts *stmts);

/* ---- Back to text, pcal_expr.c. */

/* A line of an expression as it is laid out, in the arena. */
const char *fm_pcal_expr_line(struct fm_arena *arena, const struct fm_pcal_expr *expr,
                              uint32_t index);

#endif
