/* Expressions that extend as far to the right as they can: quantifiers, CHOOSE, LAMBDA, IF, CASE,
 * LET; and the bounds that binders share.
 *
 * All bound variables are BINDINGS of BINDING nodes, so that later layers know one shape: a bounded
 * one ends with its set, an unbounded one has names only, a tuple pattern has its flag. */
#include "syntax/parser.h"

#include <string.h>

/* ---- Bounds. */

/* Places after `ahead` that `a, b, c` takes; 0 when no name stands there. */
static uint32_t names_length(const struct fm_parser *p, uint32_t ahead)
{
    uint32_t length = 0;
    while (fm_parser_look(p, ahead + length)->kind == FM_TOKEN_IDENT) {
        length++;
        if (fm_parser_look(p, ahead + length)->kind != FM_TOKEN_COMMA) {
            return length;
        }
        length++;
    }
    return 0;
}

bool fm_parser_is_bound(const struct fm_parser *p, uint32_t ahead)
{
    uint32_t length = 0;
    if (fm_parser_look(p, ahead)->kind == FM_TOKEN_LEFT_ANGLE) {
        length = 1 + names_length(p, ahead + 1);
        if (fm_parser_look(p, ahead + length)->kind != FM_TOKEN_RIGHT_ANGLE) {
            return false;
        }
        length++;
    } else {
        length = names_length(p, ahead);
    }
    const struct fm_token *token = fm_parser_look(p, ahead + length);
    return length > 0 && token->kind == FM_TOKEN_OPERATOR && token->op == FM_OPERATOR_IN;
}

bool fm_parser_is_unbounded(const struct fm_parser *p)
{
    uint32_t length = names_length(p, 0);
    return length > 0 && fm_parser_look(p, length)->kind == FM_TOKEN_COLON;
}

static void parse_names(struct fm_parser *p)
{
    do {
        const struct fm_token *name = fm_parser_expect_name(p, "the name of a bound variable");
        if (name != NULL) {
            fm_parser_push(p, fm_parser_leaf(p, FM_AST_IDENT, name));
        }
    } while (fm_parser_accept(p, FM_TOKEN_COMMA));
}

/* `<<a, b>>`; the names are pushed. */
static void parse_pattern(struct fm_parser *p)
{
    const struct fm_token *open = fm_parser_take(p);
    parse_names(p);
    (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_ANGLE, open);
}

static void expect_in(struct fm_parser *p)
{
    if (fm_parser_is_operator(p, FM_OPERATOR_IN)) {
        (void)fm_parser_take(p);
    } else {
        fm_parser_fail_expected(p, "`\\in`");
    }
}

struct fm_ast *fm_parser_bound(struct fm_parser *p)
{
    uint32_t base = p->kids.count, begin = fm_parser_real(p)->begin;
    bool pattern = fm_parser_is(p, FM_TOKEN_LEFT_ANGLE);
    if (pattern) {
        parse_pattern(p);
    } else {
        parse_names(p);
    }
    expect_in(p);
    fm_parser_push(p, fm_parser_expression(p));
    struct fm_ast *node = fm_parser_finish(p, FM_AST_BINDING, begin, base);
    node->flags = pattern ? FM_AST_TUPLE_PATTERN : 0;
    return node;
}

struct fm_ast *fm_parser_bounds(struct fm_parser *p)
{
    uint32_t base = p->kids.count, begin = fm_parser_real(p)->begin;
    do {
        fm_parser_push(p, fm_parser_bound(p));
    } while (fm_parser_accept(p, FM_TOKEN_COMMA));
    return fm_parser_finish(p, FM_AST_BINDINGS, begin, base);
}

struct fm_ast *fm_parser_unbounded(struct fm_parser *p)
{
    uint32_t base = p->kids.count, begin = fm_parser_real(p)->begin;
    parse_names(p);
    struct fm_ast *binding = fm_parser_finish(p, FM_AST_BINDING, begin, base);
    binding->flags = FM_AST_UNBOUNDED;
    fm_parser_push(p, binding);
    struct fm_ast *node = fm_parser_finish(p, FM_AST_BINDINGS, begin, base);
    node->flags = FM_AST_UNBOUNDED;
    return node;
}

/* ---- Binders. */

static struct fm_ast *parse_quantifier(struct fm_parser *p, enum fm_ast_kind kind, bool temporal)
{
    uint32_t base = p->kids.count;
    const struct fm_token *token = fm_parser_take(p);
    bool unbounded = temporal || fm_parser_is_unbounded(p);
    fm_parser_push(p, unbounded ? fm_parser_unbounded(p) : fm_parser_bounds(p));
    (void)fm_parser_expect(p, FM_TOKEN_COLON);
    fm_parser_push(p, fm_parser_expression(p));
    return fm_parser_finish(p, kind, token->begin, base);
}

static struct fm_ast *parse_choose(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_take(p);
    uint32_t base = p->kids.count, begin = fm_parser_real(p)->begin;
    uint32_t flags = 0;
    if (fm_parser_is(p, FM_TOKEN_LEFT_ANGLE)) {
        flags = FM_AST_TUPLE_PATTERN;
        parse_pattern(p);
    } else {
        const struct fm_token *name = fm_parser_expect_name(p, "the name of a bound variable");
        if (name != NULL) {
            fm_parser_push(p, fm_parser_leaf(p, FM_AST_IDENT, name));
        }
    }
    if (fm_parser_is_operator(p, FM_OPERATOR_IN)) {
        (void)fm_parser_take(p);
        fm_parser_push(p, fm_parser_expression(p));
    } else {
        flags |= FM_AST_UNBOUNDED;
    }
    struct fm_ast *binding = fm_parser_finish(p, FM_AST_BINDING, begin, base);
    binding->flags = flags;
    fm_parser_push(p, binding);
    if (!fm_parser_accept(p, FM_TOKEN_COLON)) {
        fm_parser_fail_expected(p, (flags & FM_AST_UNBOUNDED) != 0 ? "`\\in` or `:`" : "`:`");
    }
    fm_parser_push(p, fm_parser_expression(p));
    return fm_parser_finish(p, FM_AST_CHOOSE, token->begin, base);
}

struct fm_ast *fm_parser_lambda(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_take(p);
    uint32_t base = p->kids.count, begin = fm_parser_real(p)->begin;
    do {
        const struct fm_token *name = fm_parser_expect_name(p, "the name of a parameter");
        if (name != NULL) {
            fm_parser_push(p, fm_parser_leaf(p, FM_AST_OPDECL, name));
        }
    } while (fm_parser_accept(p, FM_TOKEN_COMMA));
    fm_parser_push(p, fm_parser_finish(p, FM_AST_PARAMS, begin, base));
    (void)fm_parser_expect(p, FM_TOKEN_COLON);
    fm_parser_push(p, fm_parser_expression(p));
    return fm_parser_finish(p, FM_AST_LAMBDA, token->begin, base);
}

/* ---- IF, CASE, LET. */

static struct fm_ast *parse_if(struct fm_parser *p)
{
    uint32_t base = p->kids.count;
    const struct fm_token *token = fm_parser_take(p);
    fm_parser_push(p, fm_parser_expression(p));
    (void)fm_parser_expect(p, FM_TOKEN_THEN);
    fm_parser_push(p, fm_parser_expression(p));
    (void)fm_parser_expect(p, FM_TOKEN_ELSE);
    fm_parser_push(p, fm_parser_expression(p));
    return fm_parser_finish(p, FM_AST_IF, token->begin, base);
}

/* `guard -> value` or `OTHER -> value`; true after OTHER, which must be the last. */
static bool parse_arm(struct fm_parser *p)
{
    uint32_t base = p->kids.count, begin = fm_parser_real(p)->begin;
    bool other = fm_parser_accept(p, FM_TOKEN_OTHER);
    if (!other) {
        fm_parser_push(p, fm_parser_expression(p));
    }
    (void)fm_parser_expect(p, FM_TOKEN_ARROW);
    fm_parser_push(p, fm_parser_expression(p));
    fm_parser_push(p, fm_parser_finish(p, other ? FM_AST_OTHER : FM_AST_ARM, begin, base));
    return other;
}

static struct fm_ast *parse_case(struct fm_parser *p)
{
    uint32_t base = p->kids.count;
    const struct fm_token *token = fm_parser_take(p);
    if (fm_parser_is(p, FM_TOKEN_OTHER)) {
        fm_parser_fail_expected(p, "an expression: OTHER stands last");
    }
    while (!parse_arm(p) && fm_parser_is_operator(p, FM_OPERATOR_ALWAYS)) {
        (void)fm_parser_take(p);
    }
    return fm_parser_finish(p, FM_AST_CASE, token->begin, base);
}

static bool begins_let(const struct fm_parser *p)
{
    return fm_parser_is(p, FM_TOKEN_RECURSIVE) || fm_parser_is_definition(p);
}

static struct fm_ast *parse_let(struct fm_parser *p)
{
    uint32_t base = p->kids.count;
    const struct fm_token *token = fm_parser_take(p);
    if (!begins_let(p)) {
        fm_parser_fail_definition(p, "a definition `name == ...` after LET");
    }
    while (begins_let(p)) {
        if (fm_parser_is(p, FM_TOKEN_RECURSIVE)) {
            fm_parser_push(p, fm_parser_declarations(p, FM_AST_RECURSIVE));
        } else {
            fm_parser_push(p, fm_parser_definition(p));
        }
    }
    if (!fm_parser_accept(p, FM_TOKEN_IN)) {
        fm_parser_fail_definition(p, "`IN`");
    }
    fm_parser_push(p, fm_parser_expression(p));
    return fm_parser_finish(p, FM_AST_LET, token->begin, base);
}

struct fm_ast *fm_parser_open_expression(struct fm_parser *p)
{
    switch ((unsigned)fm_parser_peek(p)->kind) {
    case FM_TOKEN_FORALL:
        return parse_quantifier(p, FM_AST_FORALL, false);
    case FM_TOKEN_EXISTS:
        return parse_quantifier(p, FM_AST_EXISTS, false);
    case FM_TOKEN_TFORALL:
        return parse_quantifier(p, FM_AST_TFORALL, true);
    case FM_TOKEN_TEXISTS:
        return parse_quantifier(p, FM_AST_TEXISTS, true);
    case FM_TOKEN_CHOOSE:
        return parse_choose(p);
    case FM_TOKEN_IF:
        return parse_if(p);
    case FM_TOKEN_CASE:
        return parse_case(p);
    case FM_TOKEN_LET:
        return parse_let(p);
    }
    fm_parser_fail_expected(p, "an expression");
    return fm_parser_nothing(p);
}
