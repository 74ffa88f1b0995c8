/* The parser's state and the steps every grammar rule is made of. Private to the syntax layer.
 *
 * Errors: the first one of a unit is reported and the parser enters panic: from then on every look
 * at the input sees its end, so all rules finish at once with whatever they have, and the unit is
 * thrown away. Rules therefore need no error returns: they test `panic` only where they would
 * report. */
#ifndef FM_SYNTAX_PARSER_H
#define FM_SYNTAX_PARSER_H

#include "syntax/lexer.h"

/* Expressions inside expressions, and proofs or modules inside each other: above what people write,
 * below what an 8 MiB stack holds under the address sanitizer. */
#define FM_PARSER_DEPTH_MAX 600u
/* Height of a tree: long chains as a + b + c ... nest to the left, and later layers recurse. */
#define FM_PARSER_HEIGHT_MAX 4000u
/* Levels of proofs in proofs, as SANY's limit. */
#define FM_PARSER_PROOF_DEPTH_MAX 100u

/* What the operator-precedence parser keeps of an expression under construction: operands and
 * operators waiting for their right side. */
struct fm_parser_entry {
    struct fm_ast *node;          /* of an operand, else NULL */
    const struct fm_token *token; /* of an operator */
    enum fm_operator op;          /* FM_OPERATOR_NONE for an operand */
    bool closed;                  /* the operand stands in parentheses */
    uint32_t begin, end;          /* bytes, parentheses included */
};

struct fm_parser {
    const struct fm_parse *parse;
    struct fm_token *tokens;             /* an END token is the last */
    const struct fm_lexer_error *errors; /* of the lexer, in order */
    uint32_t error_count, error_index;   /* the next one to report */
    uint32_t index;                      /* of the next token */
    uint32_t count;
    uint32_t source;
    uint32_t last_end;             /* where the newest consumed token ends */
    uint32_t limit;                /* column of the innermost junction list, 0 outside */
    const struct fm_token *bullet; /* that list's first bullet, or NULL */
    bool panic;                    /* an error of this unit was reported */
    bool failed;                   /* an error was reported */
    bool closed;                   /* the newest expression stood in parentheses */
    bool symbols_allowed;          /* operator symbols may stand alone: BY DEF + */
    uint32_t depth;
    uint32_t proof_depth;                            /* open proofs */
    int64_t proof_levels[FM_PARSER_PROOF_DEPTH_MAX]; /* -1: not known yet */
    FM_VEC(struct fm_ast *) kids;                    /* of the nodes under construction */
    FM_VEC(struct fm_parser_entry) entries;
};

/* ---- cursor.c: looking, taking, reporting, building. */

/* The next token; END in panic, at the end, and where a junction list's column ends the item. */
const struct fm_token *fm_parser_peek(const struct fm_parser *p);
/* The token `ahead` places after the next one, seen in the same way. */
const struct fm_token *fm_parser_look(const struct fm_parser *p, uint32_t ahead);
bool fm_parser_is(const struct fm_parser *p, enum fm_token_kind kind);
bool fm_parser_is_operator(const struct fm_parser *p, enum fm_operator op);
/* Consumes the next token; not at END. */
const struct fm_token *fm_parser_take(struct fm_parser *p);
bool fm_parser_accept(struct fm_parser *p, enum fm_token_kind kind);
/* Consumes a token of that kind or reports that it was expected. */
bool fm_parser_expect(struct fm_parser *p, enum fm_token_kind kind);
/* The same for the bracket that closes `open`. */
bool fm_parser_expect_close(struct fm_parser *p, enum fm_token_kind kind,
                            const struct fm_token *open);
/* An identifier that may be declared (not `@`); NULL in panic. */
const struct fm_token *fm_parser_expect_name(struct fm_parser *p, const char *what);
/* The same, and words in capitals too: fields and modules. */
const struct fm_token *fm_parser_expect_word(struct fm_parser *p, const char *what);

/* Reports "expected WHAT, found ..." at the next token and enters panic. */
void fm_parser_fail_expected(struct fm_parser *p, const char *what);
/* Adds the hint that fits an unexpected next token, if one is known. */
void fm_parser_hint(struct fm_parser *p, struct fm_diag *diag);
/* Reports at a span and enters panic. NULL when in panic already. */
struct fm_diag *fm_parser_fail(struct fm_parser *p, enum fm_code code, struct fm_span span,
                               const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Reports what the lexer could not read before byte `end`. */
void fm_parser_report_lexer(struct fm_parser *p, uint32_t end);
/* The next token as the user wrote it, hidden or not. */
const struct fm_token *fm_parser_real(const struct fm_parser *p);
struct fm_span fm_parser_span(const struct fm_parser *p, const struct fm_token *token);
/* The token as it is quoted in messages, at most 40 bytes; written to the arena. */
const char *fm_parser_quote(const struct fm_parser *p, const struct fm_token *token);

/* Nesting: false, with a report, where it is too deep. Every true is paired with a leave. */
bool fm_parser_enter(struct fm_parser *p);
void fm_parser_leave(struct fm_parser *p);

/* A node of the kids pushed since `base`, from byte `begin` to the newest consumed token. */
struct fm_ast *fm_parser_finish(struct fm_parser *p, enum fm_ast_kind kind, uint32_t begin,
                                uint32_t base);
/* The same with the name of a token. */
struct fm_ast *fm_parser_finish_named(struct fm_parser *p, enum fm_ast_kind kind, uint32_t begin,
                                      uint32_t base, const struct fm_token *name);
/* A node of one token, named by it. */
struct fm_ast *fm_parser_leaf(struct fm_parser *p, enum fm_ast_kind kind,
                              const struct fm_token *token);
void fm_parser_push(struct fm_parser *p, struct fm_ast *node);
/* The symbol a token names: canonical for operators. */
const struct fm_symbol *fm_parser_symbol(const struct fm_parser *p, const struct fm_token *token);
/* What stands in for a tree that was not read. */
struct fm_ast *fm_parser_nothing(struct fm_parser *p);

/* ---- expression.c */
struct fm_ast *fm_parser_expression(struct fm_parser *p);
/* May `token` begin an operand? */
bool fm_parser_begins_expression(const struct fm_token *token);

/* ---- operand.c */
/* One operand; `open` tells that it extends as far as possible (IF, \E, ...). */
struct fm_ast *fm_parser_operand(struct fm_parser *p, bool *open);
/* Arguments in parentheses, pushed as kids. */
void fm_parser_arguments(struct fm_parser *p);
struct fm_ast *fm_parser_argument(struct fm_parser *p);
/* What may follow `]_`, `>>_`, `WF_`. */
struct fm_ast *fm_parser_subscript(struct fm_parser *p);

/* ---- bracket.c */
struct fm_ast *fm_parser_braces(struct fm_parser *p);
struct fm_ast *fm_parser_brackets(struct fm_parser *p);
struct fm_ast *fm_parser_angles(struct fm_parser *p);
/* Expressions separated by commas, pushed as kids. */
void fm_parser_expressions(struct fm_parser *p);

/* ---- binder.c */
struct fm_ast *fm_parser_open_expression(struct fm_parser *p);
struct fm_ast *fm_parser_lambda(struct fm_parser *p);
/* `x, y \in S`, `<<a, b>> \in S`. */
struct fm_ast *fm_parser_bound(struct fm_parser *p);
/* Bounds separated by commas, one BINDINGS node. */
struct fm_ast *fm_parser_bounds(struct fm_parser *p);
/* Does `a, b \in` or `<<a, b>> \in` stand `ahead` places after the next token? */
bool fm_parser_is_bound(const struct fm_parser *p, uint32_t ahead);
/* Does `a, b :` stand there? */
bool fm_parser_is_unbounded(const struct fm_parser *p);
/* `a, b`: one BINDINGS of one BINDING, both UNBOUNDED. */
struct fm_ast *fm_parser_unbounded(struct fm_parser *p);

/* ---- unit.c */
/* One unit of a module's body, pushed as kids; false when none begins here. */
bool fm_parser_unit(struct fm_parser *p);
/* One definition, with LOCAL or without. */
struct fm_ast *fm_parser_definition(struct fm_parser *p);
/* `CONSTANT a, Op(_), _ + _` and its kin: declarations separated by commas. */
struct fm_ast *fm_parser_declarations(struct fm_parser *p, enum fm_ast_kind kind);
struct fm_ast *fm_parser_declaration(struct fm_parser *p);
struct fm_ast *fm_parser_instance(struct fm_parser *p);
struct fm_ast *fm_parser_assume_prove(struct fm_parser *p);
/* Does a definition without LOCAL begin at the next token? */
bool fm_parser_is_definition(const struct fm_parser *p);
/* Reports that a definition, or WHAT may stand after definitions, was expected. */
void fm_parser_fail_definition(struct fm_parser *p, const char *what);

/* ---- module.c */
/* A module from `---- MODULE`. */
struct fm_ast *fm_parser_module(struct fm_parser *p);

/* ---- proof.c */
/* The proof that begins here, NULL when none does. */
struct fm_ast *fm_parser_proof(struct fm_parser *p);
/* USE and HIDE, and the facts of BY. */
struct fm_ast *fm_parser_use(struct fm_parser *p);

#endif
