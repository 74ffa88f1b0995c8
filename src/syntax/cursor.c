/* The parser's hands: looking at tokens, taking them, reporting, building nodes.
 *
 * Two ideas carry the whole parser.
 *
 * Columns. Inside a junction list, a token that does not stand to the right of the list's bullets
 * ends the item ("Specifying Systems" 15.2.2). Instead of every rule asking, `peek` shows such a
 * token as END: an expression ends there by itself, nested lists close one after the other as their
 * limits are lifted, and the list whose column the token has takes it as its next bullet.
 *
 * Panic. After an error nothing more of the unit is believed: `peek` shows END until the module's
 * loop has found the next unit. No rule consumes END, and every loop of the grammar goes on only at
 * tokens it knows, so all rules return quickly; the nodes they make are garbage and are dropped.
 *
 * Kids of a node are collected on a stack shared by all rules (`kids`), because their number is not
 * known before the last one; `finish` moves those above a mark into the arena. */
#include "syntax/parser.h"

#include "base/assert.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Bytes of a token quoted in a message. */
#define QUOTE_MAX 40u

static const struct fm_token end_token = {.kind = FM_TOKEN_END};

const struct fm_token *fm_parser_look(const struct fm_parser *p, uint32_t ahead)
{
    if (p->panic || ahead >= p->count - p->index) {
        return &end_token;
    }
    const struct fm_token *token = &p->tokens[p->index + ahead];
    return token->column > p->limit ? token : &end_token;
}

const struct fm_token *fm_parser_peek(const struct fm_parser *p)
{
    return fm_parser_look(p, 0);
}

const struct fm_token *fm_parser_real(const struct fm_parser *p)
{
    return &p->tokens[p->index];
}

bool fm_parser_is(const struct fm_parser *p, enum fm_token_kind kind)
{
    return fm_parser_peek(p)->kind == kind;
}

bool fm_parser_is_operator(const struct fm_parser *p, enum fm_operator op)
{
    const struct fm_token *token = fm_parser_peek(p);
    return token->kind == FM_TOKEN_OPERATOR && token->op == op;
}

const struct fm_token *fm_parser_take(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_peek(p);
    fm_assert(token->kind != FM_TOKEN_END);
    p->index++;
    p->last_end = token->end;
    return token;
}

bool fm_parser_accept(struct fm_parser *p, enum fm_token_kind kind)
{
    if (!fm_parser_is(p, kind)) {
        return false;
    }
    (void)fm_parser_take(p);
    return true;
}

struct fm_span fm_parser_span(const struct fm_parser *p, const struct fm_token *token)
{
    return (struct fm_span){p->source, token->begin, token->end};
}

static const char *text_of(const struct fm_parser *p, const struct fm_token *token)
{
    return fm_source_get(fm_diags_sources(p->parse->diags), p->source)->text + token->begin;
}

const char *fm_parser_quote(const struct fm_parser *p, const struct fm_token *token)
{
    if (token->kind == FM_TOKEN_END) {
        return "the end of the file";
    }
    if (token->kind == FM_TOKEN_STRING) {
        return "a string";
    }
    uint32_t length = token->end - token->begin;
    const char *text = text_of(p, token);
    const char *more = "";
    if (length > QUOTE_MAX) {
        for (length = QUOTE_MAX; length > 0 && ((unsigned char)text[length] & 0xC0u) == 0x80u;) {
            length--;
        }
        more = "...";
    }
    return fm_arena_printf(p->parse->arena, "`%.*s%s`", (int)length, text, more);
}

void fm_parser_report_lexer(struct fm_parser *p, uint32_t end)
{
    while (p->error_index < p->error_count && p->errors[p->error_index].span.begin < end) {
        const struct fm_lexer_error *error = &p->errors[p->error_index++];
        struct fm_diag *diag = fm_diag_report(p->parse->diags, error->code, error->span, "%s",
                                              error->message);
        if (error->hint != NULL) {
            fm_diag_hint(p->parse->diags, diag, "%s", error->hint);
        }
    }
}

struct fm_diag *fm_parser_fail(struct fm_parser *p, enum fm_code code, struct fm_span span,
                               const char *format, ...)
{
    p->failed = true;
    if (p->panic) {
        return NULL;
    }
    p->panic = true;
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    fm_parser_report_lexer(p, span.begin);
    return fm_diag_report(p->parse->diags, code, span, "%s", message);
}

/* ---- Hints: what people write who come from other languages or mistype. */

static bool text_is(const struct fm_parser *p, const struct fm_token *token, const char *text)
{
    size_t length = strlen(text);
    return token->end - token->begin == length && memcmp(text_of(p, token), text, length) == 0;
}

static const char *hint_for_word(const struct fm_parser *p, const struct fm_token *token)
{
    static const char *const lower[][2] = {
        {"if", "IF"},     {"then", "THEN"},     {"else", "ELSE"},     {"let", "LET"},
        {"case", "CASE"}, {"except", "EXCEPT"}, {"choose", "CHOOSE"}, {"other", "OTHER"},
        {"with", "WITH"}, {"union", "UNION"},   {"subset", "SUBSET"}, {"domain", "DOMAIN"}};
    static const char *const words[][2] = {
        {"and", "conjunction is written `/\\`"},
        {"or", "disjunction is written `\\/`"},
        {"not", "negation is written `~`"},
        {"in", "membership is written `\\in`; LET ends with `IN`"},
        {"mod", "the remainder is written `%`"},
        {"div", "integer division is written `\\div`"},
    };
    for (size_t i = 0; i < sizeof lower / sizeof lower[0]; i++) {
        if (text_is(p, token, lower[i][0])) {
            return fm_arena_printf(p->parse->arena, "keywords are written in capitals: `%s`",
                                   lower[i][1]);
        }
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (text_is(p, token, words[i][0])) {
            return words[i][1];
        }
    }
    return NULL;
}

static const char *hint_for_symbol(const struct fm_parser *p, const struct fm_token *token,
                                   const struct fm_token *next)
{
    switch ((unsigned)token->kind) {
    case FM_TOKEN_DEFINES:
        return "equality is written `=`; `==` defines an operator";
    case FM_TOKEN_BANG:
        return text_is(p, next, "=") || text_is(p, next, "==")
                   ? "inequality is written `#` or `/=`"
                   : "negation is written `~`; `!` selects from a module or a definition";
    case FM_TOKEN_ARROW:
        return "implication is written `=>`, a function `[x \\in S |-> e]`, a set of functions "
               "`[S -> T]`";
    case FM_TOKEN_MAPS_TO:
        return "a function is written `[x \\in S |-> e]`, a record `[field |-> e]`";
    case FM_TOKEN_SUBSTITUTE:
        return "`<-` is one symbol: put a blank between `<` and `-`";
    case FM_TOKEN_LAMBDA:
        return "LAMBDA may only be an argument of an operator or stand in WITH";
    case FM_TOKEN_RIGHT_BRACKET_SUB:
        return "`]_` begins a subscript: put a blank before `_` if none is meant";
    }
    return NULL;
}

/* Does the token end an item of a list by its column, and so is not seen by the rules? */
static bool is_hidden(const struct fm_parser *p, const struct fm_token *token)
{
    return token->kind != FM_TOKEN_END && token->column <= p->limit && p->bullet != NULL;
}

static const char *describe(const struct fm_parser *p, const struct fm_token *token)
{
    const char *quoted = fm_parser_quote(p, token);
    if (!is_hidden(p, token)) {
        return quoted;
    }
    return fm_arena_printf(p->parse->arena, "%s, which ends the list's item by its column", quoted);
}

void fm_parser_hint(struct fm_parser *p, struct fm_diag *diag)
{
    struct fm_diags *diags = p->parse->diags;
    const struct fm_token *token = fm_parser_real(p);
    const struct fm_token *before = p->index > 0 ? token - 1 : token;
    const struct fm_token *next = token->kind == FM_TOKEN_END ? token : token + 1;
    if (is_hidden(p, token)) {
        fm_diag_hint_at(diags, diag, fm_parser_span(p, p->bullet),
                        "what belongs to an item stands to the right of its %s",
                        fm_parser_quote(p, p->bullet));
        return;
    }
    const char *hint = NULL;
    if (token->kind == FM_TOKEN_IDENT) {
        hint = hint_for_word(p, token);
    }
    if (hint == NULL && before->kind == FM_TOKEN_IDENT) {
        hint = hint_for_word(p, before);
    }
    if (hint == NULL && p->index > 1 && before->op == FM_OPERATOR_EQUAL &&
        before[-1].kind == FM_TOKEN_BANG) {
        hint = "inequality is written `#` or `/=`";
    }
    if (hint == NULL) {
        hint = hint_for_symbol(p, token, next);
    }
    if (hint != NULL) {
        fm_diag_hint(diags, diag, "%s", hint);
    }
}

void fm_parser_fail_expected(struct fm_parser *p, const char *what)
{
    const struct fm_token *token = fm_parser_real(p);
    if (token->kind == FM_TOKEN_BAD) {
        p->panic = true;
        p->failed = true;
        return;
    }
    struct fm_diag *diag = fm_parser_fail(p, FM_CODE_1020, fm_parser_span(p, token),
                                          "expected %s, found %s", what, describe(p, token));
    if (diag != NULL) {
        fm_parser_hint(p, diag);
    }
}

bool fm_parser_expect(struct fm_parser *p, enum fm_token_kind kind)
{
    if (fm_parser_accept(p, kind)) {
        return true;
    }
    fm_parser_fail_expected(p, fm_token_kind_name(kind));
    return false;
}

bool fm_parser_expect_close(struct fm_parser *p, enum fm_token_kind kind,
                            const struct fm_token *open)
{
    if (fm_parser_accept(p, kind)) {
        return true;
    }
    const struct fm_token *token = fm_parser_real(p);
    if (token->kind == FM_TOKEN_BAD) {
        p->panic = true;
        p->failed = true;
        return false;
    }
    struct fm_diag *diag = fm_parser_fail(p, FM_CODE_1021, fm_parser_span(p, token),
                                          "expected %s, found %s", fm_token_kind_name(kind),
                                          describe(p, token));
    if (diag != NULL && token->kind == FM_TOKEN_DEFINES) {
        fm_parser_hint(p, diag);
    } else if (diag != NULL) {
        fm_diag_hint_at(p->parse->diags, diag, fm_parser_span(p, open), "it would close this %s",
                        fm_parser_quote(p, open));
    }
    return false;
}

const struct fm_token *fm_parser_expect_name(struct fm_parser *p, const char *what)
{
    if (!fm_parser_is(p, FM_TOKEN_IDENT)) {
        fm_parser_fail_expected(p, what);
        return NULL;
    }
    const struct fm_token *token = fm_parser_peek(p);
    if (text_is(p, token, "@")) {
        (void)fm_parser_fail(p, FM_CODE_1031, fm_parser_span(p, token),
                             "`@` is no name: it stands for the old value in EXCEPT");
        return NULL;
    }
    return fm_parser_take(p);
}

const struct fm_token *fm_parser_expect_word(struct fm_parser *p, const char *what)
{
    if ((fm_parser_peek(p)->flags & FM_TOKEN_WORD) != 0) {
        return fm_parser_take(p);
    }
    return fm_parser_expect_name(p, what);
}

/* ---- Nesting and nodes. */

static void fail_depth(struct fm_parser *p, struct fm_span span)
{
    struct fm_diag *diag = fm_parser_fail(p, FM_CODE_1027, span,
                                          "this is nested too deeply to be read");
    if (diag != NULL) {
        fm_diag_hint(p->parse->diags, diag, "name parts of it in definitions of their own");
    }
}

bool fm_parser_enter(struct fm_parser *p)
{
    if (p->depth >= FM_PARSER_DEPTH_MAX) {
        fail_depth(p, fm_parser_span(p, fm_parser_real(p)));
        return false;
    }
    p->depth++;
    return true;
}

void fm_parser_leave(struct fm_parser *p)
{
    fm_assert(p->depth > 0);
    p->depth--;
}

void fm_parser_push(struct fm_parser *p, struct fm_ast *node)
{
    fm_vec_push(&p->kids, node);
}

const struct fm_symbol *fm_parser_symbol(const struct fm_parser *p, const struct fm_token *token)
{
    if (token->op != FM_OPERATOR_NONE) {
        return fm_symbol_of(p->parse->symbols, fm_operator_info((enum fm_operator)token->op)->name);
    }
    if (token->text != NULL) {
        return token->text;
    }
    return fm_symbol_intern(p->parse->symbols, text_of(p, token), token->end - token->begin);
}

struct fm_ast *fm_parser_finish(struct fm_parser *p, enum fm_ast_kind kind, uint32_t begin,
                                uint32_t base)
{
    struct fm_ast *node = fm_arena_calloc(p->parse->arena, 1, sizeof *node);
    node->kind = kind;
    node->span = (struct fm_span){p->source, begin, p->last_end > begin ? p->last_end : begin};
    node->count = p->kids.count - base;
    if (node->count > 0) {
        node->kids = fm_arena_copy(p->parse->arena, p->kids.at + base,
                                   node->count * sizeof node->kids[0]);
        p->kids.count = base;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        uint32_t height = node->kids[i]->height + 1;
        node->height = height > node->height ? height : node->height;
    }
    if (node->height > FM_PARSER_HEIGHT_MAX) {
        fail_depth(p, node->span);
    }
    return node;
}

struct fm_ast *fm_parser_finish_named(struct fm_parser *p, enum fm_ast_kind kind, uint32_t begin,
                                      uint32_t base, const struct fm_token *name)
{
    struct fm_ast *node = fm_parser_finish(p, kind, begin, base);
    if (name != NULL) {
        node->name = fm_parser_symbol(p, name);
        node->name_span = fm_parser_span(p, name);
    }
    return node;
}

struct fm_ast *fm_parser_leaf(struct fm_parser *p, enum fm_ast_kind kind,
                              const struct fm_token *token)
{
    struct fm_ast *node = fm_parser_finish_named(p, kind, token->begin, p->kids.count, token);
    node->span = fm_parser_span(p, token);
    return node;
}

struct fm_ast *fm_parser_nothing(struct fm_parser *p)
{
    return fm_parser_finish(p, FM_AST_TUPLE, fm_parser_real(p)->begin, p->kids.count);
}
