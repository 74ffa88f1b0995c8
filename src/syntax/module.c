/* Modules, recovery after errors, and the entry points of the parser.
 *
 * Definitions are found before parsing: each `==` is walked back over its left side (`f`, `f(a,
 * b)`, `f[x \in S]`, `a + b`, `a^+`, `-. a`) and the first token of that is marked. SANY does the
 * same when its parser asks for the next definition; marking all at once keeps it linear.
 *
 * Recovery: after an error the rest of the unit is skipped up to where the next one certainly
 * begins: a keyword of units, a marked definition, a rule or a `====`, first on its line and not
 * further to the right than the damaged unit began. LET definitions and ASSUME steps inside proofs
 * stand further right, so they are not taken for units. Damaged units are left out of the tree; the
 * others are there, so that later layers can report on them (they know from `failed` that names may
 * be missing).
 */
#include "syntax/parser.h"

#include "base/map.h"
#include "syntax/translate.h"

#include <string.h>

/* ---- Marking definitions. */

/* The token where the left side before `==` at `at` begins; `open` is the bracket that the bracket
 * before `at` closes. */
static uint32_t left_side_begin(const struct fm_token *tokens, uint32_t at, uint32_t open)
{
    const struct fm_token *last = &tokens[at - 1];
    if (last->kind == FM_TOKEN_RIGHT_PAREN || last->kind == FM_TOKEN_RIGHT_BRACKET) {
        return open > 0 && tokens[open - 1].kind == FM_TOKEN_IDENT ? open - 1 : at;
    }
    if (last->kind == FM_TOKEN_OPERATOR) {
        bool postfix = fm_operator_info((enum fm_operator)last->op)->fixity == FM_FIXITY_POSTFIX;
        return postfix && at >= 2 && tokens[at - 2].kind == FM_TOKEN_IDENT ? at - 2 : at;
    }
    if (last->kind != FM_TOKEN_IDENT) {
        return at;
    }
    if (at < 2 || tokens[at - 2].kind != FM_TOKEN_OPERATOR) {
        return at - 1;
    }
    enum fm_fixity fixity = fm_operator_info((enum fm_operator)tokens[at - 2].op)->fixity;
    bool after_arrow = at >= 3 && tokens[at - 3].kind == FM_TOKEN_SUBSTITUTE;
    if (fixity == FM_FIXITY_PREFIX && !after_arrow) {
        return at - 2;
    }
    /* `a ++ b ==`, but not `x == y ++` with the operand missing before the line `b ==`. */
    bool line_apart = at >= 3 && (last->flags & FM_TOKEN_FIRST) != 0 &&
                      (tokens[at - 3].flags & FM_TOKEN_FIRST) == 0;
    if (fixity == FM_FIXITY_INFIX && at >= 3 && tokens[at - 3].kind == FM_TOKEN_IDENT &&
        !(at >= 4 && tokens[at - 4].kind == FM_TOKEN_SUBSTITUTE) && !line_apart) {
        return at - 3;
    }
    return at - 1;
}

static void mark_definitions(struct fm_token *tokens, uint32_t count)
{
    FM_VEC(uint32_t) opened = {0};
    uint32_t closed_open = 0;
    for (uint32_t i = 0; i < count; i++) {
        switch ((unsigned)tokens[i].kind) {
        case FM_TOKEN_LEFT_PAREN:
        case FM_TOKEN_LEFT_BRACKET:
            fm_vec_push(&opened, i);
            break;
        case FM_TOKEN_RIGHT_PAREN:
        case FM_TOKEN_RIGHT_BRACKET:
        case FM_TOKEN_RIGHT_BRACKET_SUB:
            closed_open = opened.count > 0 ? fm_vec_pop(&opened) : 0;
            break;
        case FM_TOKEN_MODULE_BEGIN:
        case FM_TOKEN_MODULE_END:
            opened.count = 0;
            break;
        case FM_TOKEN_DEFINES:
            if (i > 0) {
                tokens[left_side_begin(tokens, i, closed_open)].flags |= FM_TOKEN_DEFINITION;
            }
            tokens[i].flags &= (uint16_t)~FM_TOKEN_DEFINITION;
            break;
        }
    }
    fm_vec_deinit(&opened);
}

/* ---- Recovery. */

static bool begins_unit(const struct fm_token *token)
{
    switch ((unsigned)token->kind) {
    case FM_TOKEN_VARIABLE:
    case FM_TOKEN_CONSTANT:
    case FM_TOKEN_RECURSIVE:
    case FM_TOKEN_INSTANCE:
    case FM_TOKEN_LOCAL:
    case FM_TOKEN_ASSUME:
    case FM_TOKEN_ASSUMPTION:
    case FM_TOKEN_THEOREM:
    case FM_TOKEN_PROPOSITION:
    case FM_TOKEN_USE:
    case FM_TOKEN_HIDE:
        return true;
    }
    return (token->flags & FM_TOKEN_DEFINITION) != 0;
}

/* Leaves panic at the next unit after the one that began at `begin`. */
static void recover(struct fm_parser *p, uint32_t begin)
{
    uint32_t column = p->tokens[begin].column;
    p->panic = false;
    p->limit = 0;
    p->bullet = NULL;
    p->proof_depth = 0;
    p->symbols_allowed = false;
    if (p->index == begin && p->tokens[begin].kind != FM_TOKEN_END) {
        p->index++;
    }
    for (;; p->index++) {
        const struct fm_token *token = &p->tokens[p->index];
        switch ((unsigned)token->kind) {
        case FM_TOKEN_END:
        case FM_TOKEN_MODULE_BEGIN:
        case FM_TOKEN_MODULE_END:
            return;
        case FM_TOKEN_SEPARATOR:
            if ((token->flags & FM_TOKEN_FIRST) != 0) {
                return;
            }
            break;
        }
        if ((token->flags & FM_TOKEN_FIRST) != 0 && token->column <= column && begins_unit(token)) {
            return;
        }
    }
}

/* ---- Modules. */

static const struct fm_token *parse_header(struct fm_parser *p)
{
    const struct fm_token *begin = fm_parser_take(p);
    const struct fm_token *name = NULL;
    const char *missing = "the name of the module after `---- MODULE`";
    const struct fm_token *next = fm_parser_peek(p);
    if (next->kind == FM_TOKEN_IDENT || (next->flags & FM_TOKEN_WORD) != 0) {
        name = fm_parser_take(p);
        missing = "`----` after the name of the module";
    }
    if (name == NULL || !fm_parser_accept(p, FM_TOKEN_SEPARATOR)) {
        const struct fm_token *token = fm_parser_real(p);
        if (token->kind == FM_TOKEN_BAD) {
            p->panic = p->failed = true;
        } else {
            struct fm_diag *diag = fm_parser_fail(p, FM_CODE_1012, fm_parser_span(p, token),
                                                  "expected %s, found %s", missing,
                                                  fm_parser_quote(p, token));
            if (diag != NULL) {
                fm_diag_hint_at(p->parse->diags, diag, fm_parser_span(p, begin),
                                "a module begins with `---- MODULE Name ----`, as here");
            }
        }
    }
    return name;
}

static void parse_extends(struct fm_parser *p)
{
    uint32_t base = p->kids.count, begin = fm_parser_real(p)->begin;
    if (fm_parser_accept(p, FM_TOKEN_EXTENDS)) {
        do {
            const struct fm_token *name = fm_parser_expect_word(p, "the name of a module");
            if (name != NULL) {
                fm_parser_push(p, fm_parser_leaf(p, FM_AST_IDENT, name));
            }
        } while (fm_parser_accept(p, FM_TOKEN_COMMA));
        if (fm_parser_is(p, FM_TOKEN_IDENT) && !fm_parser_is_definition(p)) {
            fm_parser_fail_expected(p, "`,` or the body of the module");
        }
    }
    fm_parser_push(p, fm_parser_finish(p, FM_AST_EXTENDS, begin, base));
}

/* Neither a unit nor the end of the module begins at the next token. */
static void fail_unit(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_real(p);
    if (token->kind == FM_TOKEN_BAD) {
        p->panic = p->failed = true;
        return;
    }
    if (token->kind == FM_TOKEN_IDENT && (token->flags & FM_TOKEN_FIRST) != 0 &&
        (p->tokens[p->index + 1].op == FM_OPERATOR_EQUAL ||
         p->tokens[p->index + 1].op == FM_OPERATOR_ASSIGN)) {
        fm_parser_fail_definition(p, "a definition `name == ...`");
        return;
    }
    struct fm_diag *diag = fm_parser_fail(
        p, FM_CODE_1026, fm_parser_span(p, token),
        "expected a definition, a declaration or `====`, found %s", fm_parser_quote(p, token));
    if (diag == NULL) {
        return;
    }
    if ((token->flags & FM_TOKEN_BULLET) != 0) {
        fm_diag_hint(p->parse->diags, diag,
                     "the expression before has ended: the items of a list stand in one column");
    } else if (token->kind == FM_TOKEN_EXTENDS) {
        fm_diag_hint(p->parse->diags, diag,
                     "EXTENDS stands once, before everything else in a module");
    } else {
        fm_parser_hint(p, diag);
    }
}

static void parse_body(struct fm_parser *p)
{
    for (;;) {
        uint32_t begin = p->index, kids = p->kids.count;
        if (fm_parser_accept(p, FM_TOKEN_SEPARATOR)) {
            continue;
        }
        const struct fm_token *token = fm_parser_peek(p);
        if (token->kind == FM_TOKEN_MODULE_END || token->kind == FM_TOKEN_END) {
            return;
        }
        if (!fm_parser_unit(p)) {
            fail_unit(p);
        }
        if (p->panic) {
            p->kids.count = kids;
            recover(p, begin);
        }
    }
}

struct fm_ast *fm_parser_module(struct fm_parser *p)
{
    if (!fm_parser_enter(p)) {
        return fm_parser_nothing(p);
    }
    uint32_t base = p->kids.count, index = p->index;
    const struct fm_token *begin = fm_parser_peek(p);
    const struct fm_token *name = parse_header(p);
    parse_extends(p);
    if (p->panic) {
        recover(p, index);
    }
    parse_body(p);
    const struct fm_token *end = fm_parser_real(p);
    if (end->kind == FM_TOKEN_END && end[-1].kind == FM_TOKEN_BAD) {
        p->failed = true; /* the lexer gave up, and has said why */
    } else if (!fm_parser_accept(p, FM_TOKEN_MODULE_END)) {
        const char *quoted = name == NULL ? "it" : fm_parser_quote(p, name);
        struct fm_diag *diag = fm_parser_fail(p, FM_CODE_1011, fm_parser_span(p, end),
                                              "expected `====`: the module %s is not closed",
                                              quoted);
        if (diag != NULL) {
            fm_diag_hint_at(p->parse->diags, diag, fm_parser_span(p, begin), "it begins here");
        }
    }
    struct fm_ast *node = fm_parser_finish_named(p, FM_AST_MODULE, begin->begin, base, name);
    fm_parser_leave(p);
    return node;
}

/* ---- Interning order. */

/* The spellings of a module's tokens in order of first appearance: SANY makes a unique string of
 * each token it consumes, strings with their quotes, and TLC orders strings by that moment. */
static struct fm_spellings collect_spellings(const struct fm_parser *p, uint32_t begin,
                                             uint32_t end)
{
    const char *text = fm_source_get(fm_diags_sources(p->parse->diags), p->source)->text;
    struct fm_map seen = {0};
    FM_VEC(const struct fm_symbol *) list = {0};
    for (uint32_t i = begin; i < end; i++) {
        const struct fm_token *token = &p->tokens[i];
        if (token->kind == FM_TOKEN_STRING || token->kind == FM_TOKEN_BAD) {
            continue;
        }
        const struct fm_symbol *symbol = fm_symbol_intern(p->parse->symbols, text + token->begin,
                                                          token->end - token->begin);
        if (!fm_map_has(&seen, symbol)) {
            fm_map_put(&seen, symbol, &seen);
            fm_vec_push(&list, symbol);
        }
    }
    struct fm_spellings spellings = {
        fm_arena_copy(p->parse->arena, list.at, list.count * sizeof list.at[0]), list.count};
    fm_vec_deinit(&list);
    fm_map_deinit(&seen);
    if (p->parse->on_identifier != NULL) {
        for (uint32_t i = 0; i < spellings.count; i++) {
            p->parse->on_identifier(p->parse->closure, spellings.at[i]);
        }
    }
    return spellings;
}

/* ---- Entry points. */

static void open_parser(struct fm_parser *p, const struct fm_parse *parse, uint32_t source,
                        struct fm_tokens *tokens)
{
    *p = (struct fm_parser){.parse = parse, .source = source};
    p->tokens = tokens->list.at;
    p->count = tokens->list.count;
    p->errors = tokens->errors.at;
    p->error_count = tokens->errors.count;
    p->failed = tokens->errors.count > 0;
    mark_definitions(p->tokens, p->count);
}

static void close_parser(struct fm_parser *p)
{
    fm_parser_report_lexer(p, UINT32_MAX);
    fm_vec_deinit(&p->kids);
    fm_vec_deinit(&p->entries);
}

static void fail_empty(struct fm_parser *p)
{
    struct fm_diag *diag = fm_parser_fail(p, FM_CODE_1010, (struct fm_span){p->source, 0, 0},
                                          "there is no module in this file");
    if (diag != NULL) {
        fm_diag_hint(p->parse->diags, diag, "a module begins with `---- MODULE Name ----`");
    }
}

/* The name of a translation that the module defines itself, outside of a translation, or NULL. */
static const struct fm_symbol *own_definition(const struct fm_tokens *tokens)
{
    static const char *const names[] = {"vars", "Init", "Next", "Spec"};
    const struct fm_pluscal_info *info = &tokens->pluscal;
    for (uint32_t i = 0; i + 1 < tokens->list.count; i++) {
        const struct fm_token *token = &tokens->list.at[i];
        bool made = token->begin >= info->body_begin && token->begin < info->body_end;
        if (made || token->kind != FM_TOKEN_IDENT ||
            tokens->list.at[i + 1].kind != FM_TOKEN_DEFINES) {
            continue;
        }
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            if (strcmp(token->text->text, names[k]) == 0) {
                return token->text;
            }
        }
    }
    return NULL;
}

/* Translates the algorithm and reads the tokens anew, where that is wanted and possible; returns
 * the source of the tokens. */
static uint32_t translate_pluscal(const struct fm_parse *parse, uint32_t source,
                                  struct fm_tokens *tokens)
{
    const struct fm_pluscal_info info = tokens->pluscal;
    bool wanted = info.present && tokens->errors.count == 0 &&
                  (parse->pluscal == FM_PLUSCAL_RENEW ||
                   (parse->pluscal == FM_PLUSCAL_TRANSLATE && !info.translated));
    const struct fm_symbol *own = wanted ? own_definition(tokens) : NULL;
    if (own != NULL) {
        struct fm_diag *diag = fm_diag_report(
            parse->diags, FM_CODE_1040, info.span,
            "this PlusCal algorithm is not translated, since the module defines `%s` itself",
            own->text);
        fm_diag_hint(parse->diags, diag, "what the module defines is checked");
    }
    struct fm_pcal_options options = fm_pcal_options_default();
    struct fm_translation translation;
    if (!wanted || own != NULL ||
        !fm_pluscal_translate(parse, source, info.span, &options, &translation)) {
        return source;
    }
    struct fm_parse inner = *parse;
    inner.pluscal = FM_PLUSCAL_IGNORE;
    fm_tokens_deinit(tokens);
    fm_tokens_read(tokens, &inner, translation.source, false);
    return translation.source;
}

struct fm_parsed fm_parse_source(const struct fm_parse *parse, uint32_t source)
{
    struct fm_tokens tokens;
    uint32_t errors = fm_diags_errors(parse->diags);
    fm_tokens_read(&tokens, parse, source, false);
    source = translate_pluscal(parse, source, &tokens);
    bool translated = fm_diags_errors(parse->diags) == errors;
    struct fm_parser p;
    open_parser(&p, parse, source, &tokens);
    FM_VEC(struct fm_ast *) modules = {0};
    FM_VEC(struct fm_spellings) spellings = {0};
    while (p.tokens[p.index].kind != FM_TOKEN_END) {
        p.panic = false;
        uint32_t begin = p.index;
        if (p.tokens[begin].kind != FM_TOKEN_MODULE_BEGIN) {
            p.index++; /* what follows a `====` too many: the lexer was still in a module */
            continue;
        }
        fm_vec_push(&modules, fm_parser_module(&p));
        fm_vec_push(&spellings, collect_spellings(&p, begin, p.index));
    }
    if (modules.count == 0 && !p.failed) {
        fail_empty(&p);
    }
    struct fm_parsed parsed = {
        .modules = fm_arena_copy(parse->arena, modules.at, modules.count * sizeof modules.at[0]),
        .module_count = modules.count,
        .spellings = fm_arena_copy(parse->arena, spellings.at,
                                   spellings.count * sizeof spellings.at[0]),
        .pluscal = tokens.pluscal,
        .source = source,
        .failed = p.failed || !translated,
    };
    fm_vec_deinit(&modules);
    fm_vec_deinit(&spellings);
    close_parser(&p);
    fm_tokens_deinit(&tokens);
    return parsed;
}

struct fm_ast *fm_parse_expression(const struct fm_parse *parse, uint32_t source)
{
    struct fm_tokens tokens;
    fm_tokens_read(&tokens, parse, source, true);
    struct fm_parser p;
    open_parser(&p, parse, source, &tokens);
    p.tokens[0].flags &=
        (uint16_t)~FM_TOKEN_DEFINITION; /* `a == b` is a mistake for `a = b` here */
    struct fm_ast *expression = fm_parser_expression(&p);
    if (!p.panic && fm_parser_real(&p)->kind != FM_TOKEN_END) {
        fm_parser_fail_expected(&p, "the end of the expression");
    }
    bool failed = p.failed;
    close_parser(&p);
    fm_tokens_deinit(&tokens);
    return failed ? NULL : expression;
}
