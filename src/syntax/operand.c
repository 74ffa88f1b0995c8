/* Operands: names with arguments and selectors, literals, parentheses, fairness, junction lists.
 *
 * A name may be followed by arguments and by `!` selectors, which lead into modules, definitions
 * and subexpressions: `I!Op(x)`, `Inv!2!<<`, `Thm!:`. The parser does not know which; it makes a
 * SELECT of parts and leaves their meaning to the semantics.
 *
 * Operator symbols may stand where an operator is asked for: as arguments (`Fold(+, 0, s)`), after
 * `<-` in WITH, after `!`, and in the DEF list of BY. `+(1, 2)` is 1 + 2 in prefix writing, which
 * TLA+2 allows; it becomes the same tree.
 *
 * Junction lists ("Specifying Systems" 15.2.2): a `/\` or `\/` where an operand is expected begins
 * a list. Its column becomes the limit: what is not to the right of it ends the item, and the same
 * bullet in just that column begins the next one. Other lists outside have smaller columns, so one
 * number, saved and restored, is the whole stack. */
#include "syntax/parser.h"

#include "base/assert.h"
#include "base/text.h"

#include <string.h>

bool fm_parser_begins_expression(const struct fm_token *token)
{
    switch ((unsigned)token->kind) {
    case FM_TOKEN_IDENT:
    case FM_TOKEN_NUMBER:
    case FM_TOKEN_STRING:
    case FM_TOKEN_OPERATOR:
    case FM_TOKEN_STEP_NAME:
    case FM_TOKEN_LEFT_PAREN:
    case FM_TOKEN_LEFT_BRACKET:
    case FM_TOKEN_LEFT_BRACE:
    case FM_TOKEN_LEFT_ANGLE:
    case FM_TOKEN_FORALL:
    case FM_TOKEN_EXISTS:
    case FM_TOKEN_TFORALL:
    case FM_TOKEN_TEXISTS:
    case FM_TOKEN_CASE:
    case FM_TOKEN_CHOOSE:
    case FM_TOKEN_IF:
    case FM_TOKEN_LET:
    case FM_TOKEN_WF:
    case FM_TOKEN_SF:
        return true;
    }
    return false;
}

/* ---- Arguments. */

/* Does an operator symbol before `next` stand alone, as an argument? */
static bool stands_alone(const struct fm_token *next)
{
    return !fm_parser_begins_expression(next) || (next->flags & FM_TOKEN_DEFINITION) != 0;
}

static struct fm_ast *parse_symbol(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_take(p);
    return fm_parser_leaf(p, FM_AST_OPARG, token);
}

struct fm_ast *fm_parser_argument(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_peek(p);
    if (token->kind == FM_TOKEN_LAMBDA) {
        return fm_parser_lambda(p);
    }
    if (token->kind == FM_TOKEN_OPERATOR && stands_alone(fm_parser_look(p, 1))) {
        return parse_symbol(p);
    }
    return fm_parser_expression(p);
}

void fm_parser_arguments(struct fm_parser *p)
{
    const struct fm_token *open = fm_parser_take(p);
    do {
        fm_parser_push(p, fm_parser_argument(p));
    } while (fm_parser_accept(p, FM_TOKEN_COMMA));
    (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_PAREN, open);
}

/* ---- Names and selectors. */

static struct fm_ast *parse_selector_name(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_take(p);
    uint32_t base = p->kids.count;
    if (fm_parser_is(p, FM_TOKEN_LEFT_PAREN)) {
        fm_parser_arguments(p);
    }
    return fm_parser_finish_named(p, FM_AST_SEL_NAME, token->begin, base, token);
}

static struct fm_ast *parse_selector_index(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_take(p);
    struct fm_ast *node = fm_parser_leaf(p, FM_AST_SEL_INDEX, token);
    uint64_t value = 0;
    for (uint32_t i = 0; i < token->text->length && value <= UINT32_MAX; i++) {
        value = value * 10 + (uint64_t)(token->text->text[i] - '0');
    }
    node->number = value <= UINT32_MAX ? (uint32_t)value : UINT32_MAX;
    return node;
}

static struct fm_ast *parse_selector(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_peek(p);
    switch ((unsigned)token->kind) {
    case FM_TOKEN_IDENT:
        if (strcmp(token->text->text, "@") == 0) {
            return fm_parser_leaf(p, FM_AST_SEL_AT, fm_parser_take(p));
        }
        return parse_selector_name(p);
    case FM_TOKEN_OPERATOR:
        return parse_selector_name(p);
    case FM_TOKEN_NUMBER:
        return parse_selector_index(p);
    case FM_TOKEN_LEFT_ANGLE:
        return fm_parser_leaf(p, FM_AST_SEL_LEFT, fm_parser_take(p));
    case FM_TOKEN_RIGHT_ANGLE:
        return fm_parser_leaf(p, FM_AST_SEL_RIGHT, fm_parser_take(p));
    case FM_TOKEN_COLON:
        return fm_parser_leaf(p, FM_AST_SEL_BODY, fm_parser_take(p));
    case FM_TOKEN_LEFT_PAREN: {
        uint32_t base = p->kids.count;
        fm_parser_arguments(p);
        return fm_parser_finish(p, FM_AST_SEL_ARGS, token->begin, base);
    }
    }
    fm_parser_fail_expected(p, "a name, a number, `<<`, `>>`, `:`, `@` or arguments after `!`");
    return fm_parser_nothing(p);
}

/* The rest of a name after its first part, which is `first`, a SEL_NAME. */
static struct fm_ast *parse_selectors(struct fm_parser *p, struct fm_ast *first)
{
    uint32_t base = p->kids.count;
    fm_parser_push(p, first);
    while (fm_parser_accept(p, FM_TOKEN_BANG)) {
        fm_parser_push(p, parse_selector(p));
    }
    return fm_parser_finish(p, FM_AST_SELECT, first->span.begin, base);
}

static enum fm_ast_kind kind_of_name(const struct fm_symbol *name)
{
    static const struct {
        const char *name;
        enum fm_ast_kind kind;
    } kinds[] = {{"TRUE", FM_AST_TRUE},
                 {"FALSE", FM_AST_FALSE},
                 {"BOOLEAN", FM_AST_BOOLEAN},
                 {"STRING", FM_AST_STRINGS},
                 {"@", FM_AST_AT}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].name, name->text) == 0) {
            return kinds[i].kind;
        }
    }
    return FM_AST_IDENT;
}

static struct fm_ast *parse_name(struct fm_parser *p)
{
    struct fm_ast *first = parse_selector_name(p);
    if (fm_parser_is(p, FM_TOKEN_BANG)) {
        return parse_selectors(p, first);
    }
    first->kind = first->count > 0 ? FM_AST_APPLY : kind_of_name(first->name);
    return first;
}

/* An operator symbol where an operand is expected: `+(1, 2)`, `-.(x)`, or, in DEF lists, `+`. */
static struct fm_ast *parse_operator_name(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_peek(p);
    const struct fm_operator_info *info = fm_operator_info((enum fm_operator)token->op);
    bool applied = fm_parser_look(p, 1)->kind == FM_TOKEN_LEFT_PAREN;
    if (!applied) {
        if (p->symbols_allowed) {
            return fm_parser_leaf(p, FM_AST_OPARG, fm_parser_take(p));
        }
        fm_parser_fail_expected(p, "an expression");
        return fm_parser_nothing(p);
    }
    struct fm_ast *node = parse_selector_name(p);
    uint32_t arity = info->fixity == FM_FIXITY_INFIX ? 2 : 1;
    if (!p->panic && node->count != arity) {
        (void)fm_parser_fail(p, FM_CODE_1024, node->span, "%s takes %u argument%s, not %u",
                             fm_parser_quote(p, token), arity, arity == 1 ? "" : "s", node->count);
    }
    node->kind = info->fixity == FM_FIXITY_INFIX    ? FM_AST_INFIX
                 : info->fixity == FM_FIXITY_PREFIX ? FM_AST_PREFIX
                                                    : FM_AST_POSTFIX;
    if (token->op == FM_OPERATOR_CROSS) {
        node->kind = FM_AST_CROSS;
    }
    return node;
}

/* ---- Literals and parentheses. */

static struct fm_ast *parse_number(struct fm_parser *p)
{
    const struct fm_token *whole = fm_parser_take(p);
    if (!fm_parser_is(p, FM_TOKEN_DOT) || fm_parser_look(p, 1)->kind != FM_TOKEN_NUMBER) {
        return fm_parser_leaf(p, FM_AST_NUMBER, whole);
    }
    (void)fm_parser_take(p);
    const struct fm_token *part = fm_parser_take(p);
    struct fm_ast *node = fm_parser_finish_named(p, FM_AST_DECIMAL, whole->begin, p->kids.count,
                                                 whole);
    const char *text = fm_source_get(fm_diags_sources(p->parse->diags), p->source)->text;
    struct fm_text spelling = {0};
    fm_text_add(&spelling, text + whole->begin, whole->end - whole->begin);
    fm_text_putc(&spelling, '.');
    fm_text_add(&spelling, text + part->begin, part->end - part->begin);
    node->name = fm_symbol_intern(p->parse->symbols, fm_text_string(&spelling), spelling.length);
    node->name_span = node->span;
    fm_text_deinit(&spelling);
    return node;
}

static struct fm_ast *parse_parentheses(struct fm_parser *p)
{
    const struct fm_token *open = fm_parser_take(p);
    struct fm_ast *node = fm_parser_expression(p);
    (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_PAREN, open);
    return node;
}

/* ---- Junction lists. */

static struct fm_ast *parse_junction(struct fm_parser *p)
{
    const struct fm_token *bullet = fm_parser_peek(p);
    uint32_t outer_limit = p->limit;
    const struct fm_token *outer_bullet = p->bullet;
    uint32_t base = p->kids.count;
    for (;;) {
        (void)fm_parser_take(p);
        p->limit = bullet->column;
        p->bullet = bullet;
        fm_parser_push(p, fm_parser_expression(p));
        p->limit = outer_limit;
        p->bullet = outer_bullet;
        const struct fm_token *next = fm_parser_peek(p);
        if ((next->flags & FM_TOKEN_BULLET) == 0 || next->op != bullet->op ||
            next->column != bullet->column) {
            break;
        }
    }
    return fm_parser_finish(p, bullet->op == FM_OPERATOR_AND ? FM_AST_CONJLIST : FM_AST_DISJLIST,
                            bullet->begin, base);
}

/* ---- Subscripts and fairness. */

/* `v`, `f(x)`, `I!v`. */
static struct fm_ast *parse_subscript_name(struct fm_parser *p)
{
    struct fm_ast *first = parse_selector_name(p);
    if (!fm_parser_is(p, FM_TOKEN_BANG)) {
        first->kind = first->count > 0 ? FM_AST_APPLY : kind_of_name(first->name);
        return first;
    }
    uint32_t base = p->kids.count;
    fm_parser_push(p, first);
    while (fm_parser_accept(p, FM_TOKEN_BANG)) {
        if (!fm_parser_is(p, FM_TOKEN_IDENT)) {
            fm_parser_fail_expected(p, "an identifier after `!`");
            break;
        }
        fm_parser_push(p, parse_selector_name(p));
    }
    return fm_parser_finish(p, FM_AST_SELECT, first->span.begin, base);
}

struct fm_ast *fm_parser_subscript(struct fm_parser *p)
{
    struct fm_ast *node = NULL;
    if (!fm_parser_enter(p)) {
        return fm_parser_nothing(p);
    }
    switch ((unsigned)fm_parser_peek(p)->kind) {
    case FM_TOKEN_IDENT:
        node = parse_subscript_name(p);
        break;
    case FM_TOKEN_LEFT_PAREN:
        node = parse_parentheses(p);
        break;
    case FM_TOKEN_LEFT_BRACE:
        node = fm_parser_braces(p);
        break;
    case FM_TOKEN_LEFT_BRACKET:
        node = fm_parser_brackets(p);
        break;
    case FM_TOKEN_LEFT_ANGLE:
        node = fm_parser_angles(p);
        break;
    default:
        fm_parser_fail_expected(p, "a subscript: a name, or something in brackets");
        node = fm_parser_nothing(p);
        break;
    }
    fm_parser_leave(p);
    return node;
}

/* In `WF_v(A)` the subscript's rule has read `v(A)`; the last arguments are the action. NULL when
 * they cannot be. */
static struct fm_ast *split_action(struct fm_ast *subscript)
{
    struct fm_ast *holder = subscript;
    if (subscript->kind == FM_AST_SELECT) {
        holder = subscript->kids[subscript->count - 1];
    }
    bool named = holder->kind == FM_AST_APPLY || holder->kind == FM_AST_SEL_NAME;
    if (!named || holder->count != 1) {
        return NULL;
    }
    struct fm_ast *action = holder->kids[0];
    if (holder->kind == FM_AST_APPLY) {
        holder->kind = kind_of_name(holder->name);
    }
    holder->count = 0;
    holder->span.end = holder->name_span.end;
    subscript->span.end = holder->name_span.end;
    return action;
}

static struct fm_ast *parse_fairness(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_take(p);
    bool parenthesized = fm_parser_is(p, FM_TOKEN_LEFT_PAREN);
    struct fm_ast *subscript = fm_parser_subscript(p);
    struct fm_ast *action = NULL;
    if (fm_parser_is(p, FM_TOKEN_LEFT_PAREN)) {
        action = parse_parentheses(p);
    } else if (!p->panic && !parenthesized) {
        action = split_action(subscript);
    }
    if (action == NULL) {
        struct fm_diag *diag = fm_parser_fail(p, FM_CODE_1028, fm_parser_span(p, token),
                                              "this fairness condition has no single action");
        if (diag != NULL) {
            fm_diag_hint(p->parse->diags, diag, "fairness is written `WF_v(A)` or `SF_v(A)`");
        }
        return fm_parser_nothing(p);
    }
    uint32_t base = p->kids.count;
    fm_parser_push(p, subscript);
    fm_parser_push(p, action);
    return fm_parser_finish(p, token->kind == FM_TOKEN_WF ? FM_AST_WF : FM_AST_SF, token->begin,
                            base);
}

/* ---- The choice. */

/* Nothing that can be an operand. The likeliest mistake is an expression that is missing before the
 * next definition. */
static struct fm_ast *fail_operand(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_real(p);
    const struct fm_token *before = p->index > 0 ? token - 1 : token;
    if (!p->panic && (token->flags & FM_TOKEN_DEFINITION) != 0) {
        (void)fm_parser_fail(p, FM_CODE_1023, fm_parser_span(p, before),
                             "expected an expression after %s, found the next definition",
                             fm_parser_quote(p, before));
    }
    fm_parser_fail_expected(p, "an expression");
    return fm_parser_nothing(p);
}

static struct fm_ast *parse_operator_operand(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_peek(p);
    bool bullet = (token->flags & FM_TOKEN_BULLET) != 0;
    if (bullet && !(p->symbols_allowed && stands_alone(fm_parser_look(p, 1)))) {
        return parse_junction(p);
    }
    return parse_operator_name(p);
}

struct fm_ast *fm_parser_operand(struct fm_parser *p, bool *open)
{
    const struct fm_token *token = fm_parser_peek(p);
    if ((token->flags & FM_TOKEN_DEFINITION) != 0 && (token->flags & FM_TOKEN_FIRST) != 0) {
        return fail_operand(p);
    }
    switch ((unsigned)token->kind) {
    case FM_TOKEN_IDENT:
        return parse_name(p);
    case FM_TOKEN_NUMBER:
        return parse_number(p);
    case FM_TOKEN_STRING:
        return fm_parser_leaf(p, FM_AST_STRING, fm_parser_take(p));
    case FM_TOKEN_OPERATOR:
        return parse_operator_operand(p);
    case FM_TOKEN_STEP_NAME:
        if (p->proof_depth > 0) {
            return parse_name(p);
        }
        break;
    case FM_TOKEN_LEFT_PAREN:
        return parse_parentheses(p);
    case FM_TOKEN_LEFT_BRACKET:
        return fm_parser_brackets(p);
    case FM_TOKEN_LEFT_BRACE:
        return fm_parser_braces(p);
    case FM_TOKEN_LEFT_ANGLE:
        return fm_parser_angles(p);
    case FM_TOKEN_WF:
    case FM_TOKEN_SF:
        return parse_fairness(p);
    case FM_TOKEN_FORALL:
    case FM_TOKEN_EXISTS:
    case FM_TOKEN_TFORALL:
    case FM_TOKEN_TEXISTS:
    case FM_TOKEN_CASE:
    case FM_TOKEN_CHOOSE:
    case FM_TOKEN_IF:
    case FM_TOKEN_LET:
        *open = true;
        return fm_parser_open_expression(p);
    }
    return fail_operand(p);
}
