/* What stands in [ ], { } and << >>.
 *
 *     [x \in S |-> e]   FCN        [f |-> e, ...]   RECORD     [S -> T]   FCNSET    [A]_v   SQUARE
 *     [f : S, ...]      RECSET     [f EXCEPT ...]   EXCEPT
 *     {}  {a, b}        SETENUM    {x \in S : p}    SETFILTER  {e : x \in S}        SETMAP
 *     <<a, b>>          TUPLE      <<A>>_v          ANGLE
 *
 * One look ahead decides most of them. `{x \in S` and `[x \in S` need more: `{x \in S : p}` binds
 * x, `{x \in S, y}` does not, and where S ends is known only after reading it, since in the second
 * form operators weaker than \in may follow (`{x \in S /\ q}`). So the binder is tried first, and
 * when what follows does not fit, the bracket is marked and read again as a plain expression. The
 * mark keeps nested brackets from being read twice at every level. */
#include "syntax/parser.h"

void fm_parser_expressions(struct fm_parser *p)
{
    do {
        fm_parser_push(p, fm_parser_expression(p));
    } while (fm_parser_accept(p, FM_TOKEN_COMMA));
}

/* Goes back to just after `open` and notes that no binder stands there. */
static void read_again(struct fm_parser *p, const struct fm_token *open, uint32_t base)
{
    uint32_t index = (uint32_t)(open - p->tokens);
    p->tokens[index].flags |= FM_TOKEN_NO_BINDER;
    p->index = index + 1;
    p->last_end = open->end;
    p->kids.count = base;
}

/* ---- { } */

/* `x \in` or `<<x, y>> \in` after `{`. */
static bool is_filter(const struct fm_parser *p, const struct fm_token *open)
{
    if ((open->flags & FM_TOKEN_NO_BINDER) != 0 || !fm_parser_is_bound(p, 0)) {
        return false;
    }
    return !fm_parser_is(p, FM_TOKEN_IDENT) || fm_parser_look(p, 1)->kind != FM_TOKEN_COMMA;
}

static struct fm_ast *parse_braces_list(struct fm_parser *p, const struct fm_token *open)
{
    uint32_t base = p->kids.count;
    enum fm_ast_kind kind = FM_AST_SETENUM;
    fm_parser_push(p, fm_parser_expression(p));
    if (fm_parser_accept(p, FM_TOKEN_COLON)) {
        kind = FM_AST_SETMAP;
        struct fm_ast *element = p->kids.at[base];
        struct fm_ast *bounds = fm_parser_bounds(p); /* may move the array */
        p->kids.at[base] = bounds;
        fm_parser_push(p, element);
    } else if (fm_parser_accept(p, FM_TOKEN_COMMA)) {
        fm_parser_expressions(p);
    }
    (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_BRACE, open);
    return fm_parser_finish(p, kind, open->begin, base);
}

struct fm_ast *fm_parser_braces(struct fm_parser *p)
{
    const struct fm_token *open = fm_parser_take(p);
    uint32_t base = p->kids.count;
    if (fm_parser_accept(p, FM_TOKEN_RIGHT_BRACE)) {
        return fm_parser_finish(p, FM_AST_SETENUM, open->begin, base);
    }
    if (!is_filter(p, open)) {
        return parse_braces_list(p, open);
    }
    fm_parser_push(p, fm_parser_bound(p));
    if (fm_parser_is(p, FM_TOKEN_COMMA) || fm_parser_is(p, FM_TOKEN_RIGHT_BRACE)) {
        read_again(p, open, base);
        return parse_braces_list(p, open);
    }
    if (!fm_parser_accept(p, FM_TOKEN_COLON)) {
        (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_BRACE, open);
    }
    fm_parser_push(p, fm_parser_expression(p));
    (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_BRACE, open);
    return fm_parser_finish(p, FM_AST_SETFILTER, open->begin, base);
}

/* ---- [ ] */

static struct fm_ast *parse_fields(struct fm_parser *p, enum fm_ast_kind kind,
                                   enum fm_token_kind between, const struct fm_token *open)
{
    uint32_t base = p->kids.count;
    do {
        uint32_t field = p->kids.count;
        const struct fm_token *name = fm_parser_expect_word(p, "the name of a record field");
        (void)fm_parser_expect(p, between);
        fm_parser_push(p, fm_parser_expression(p));
        uint32_t begin = name == NULL ? open->begin : name->begin;
        fm_parser_push(p, fm_parser_finish_named(p, FM_AST_FIELD, begin, field, name));
    } while (fm_parser_accept(p, FM_TOKEN_COMMA));
    (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_BRACKET, open);
    return fm_parser_finish(p, kind, open->begin, base);
}

/* `!.a[i] = e` */
static struct fm_ast *parse_update(struct fm_parser *p)
{
    uint32_t base = p->kids.count, begin = fm_parser_real(p)->begin;
    (void)fm_parser_expect(p, FM_TOKEN_BANG);
    do {
        uint32_t part = p->kids.count;
        const struct fm_token *token = fm_parser_peek(p);
        if (fm_parser_accept(p, FM_TOKEN_DOT)) {
            const struct fm_token *name = fm_parser_expect_word(p, "the name of a record field");
            fm_parser_push(p,
                           fm_parser_finish_named(p, FM_AST_PATH_FIELD, token->begin, part, name));
        } else if (fm_parser_accept(p, FM_TOKEN_LEFT_BRACKET)) {
            fm_parser_expressions(p);
            (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_BRACKET, token);
            fm_parser_push(p, fm_parser_finish(p, FM_AST_PATH_INDEX, token->begin, part));
        } else {
            fm_parser_fail_expected(p, "`[` or `.` after `!`");
        }
    } while (fm_parser_is(p, FM_TOKEN_DOT) || fm_parser_is(p, FM_TOKEN_LEFT_BRACKET));
    if (!fm_parser_is_operator(p, FM_OPERATOR_EQUAL)) {
        fm_parser_fail_expected(p, "`=`");
    } else {
        (void)fm_parser_take(p);
    }
    fm_parser_push(p, fm_parser_expression(p));
    return fm_parser_finish(p, FM_AST_UPDATE, begin, base);
}

static struct fm_ast *parse_except(struct fm_parser *p, const struct fm_token *open, uint32_t base)
{
    do {
        fm_parser_push(p, parse_update(p));
    } while (fm_parser_accept(p, FM_TOKEN_COMMA));
    (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_BRACKET, open);
    return fm_parser_finish(p, FM_AST_EXCEPT, open->begin, base);
}

/* What begins with an expression that is no binder. */
static struct fm_ast *parse_brackets_expression(struct fm_parser *p, const struct fm_token *open)
{
    uint32_t base = p->kids.count;
    fm_parser_push(p, fm_parser_expression(p));
    if (fm_parser_accept(p, FM_TOKEN_ARROW)) {
        fm_parser_push(p, fm_parser_expression(p));
        (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_BRACKET, open);
        return fm_parser_finish(p, FM_AST_FCNSET, open->begin, base);
    }
    if (fm_parser_accept(p, FM_TOKEN_EXCEPT)) {
        return parse_except(p, open, base);
    }
    if (fm_parser_accept(p, FM_TOKEN_RIGHT_BRACKET_SUB)) {
        fm_parser_push(p, fm_parser_subscript(p));
        return fm_parser_finish(p, FM_AST_SQUARE, open->begin, base);
    }
    if (fm_parser_is(p, FM_TOKEN_RIGHT_BRACKET)) {
        fm_parser_fail_expected(p, "`|->`, `->`, `:`, EXCEPT or `]_`");
    }
    (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_BRACKET, open);
    return fm_parser_nothing(p);
}

/* `[x \in S, <<a, b>> \in T |-> e]` */
static struct fm_ast *parse_function(struct fm_parser *p, const struct fm_token *open)
{
    uint32_t base = p->kids.count;
    fm_parser_push(p, fm_parser_bounds(p));
    if (fm_parser_is(p, FM_TOKEN_RIGHT_BRACKET_SUB)) {
        read_again(p, open, base);
        return parse_brackets_expression(p, open);
    }
    (void)fm_parser_expect(p, FM_TOKEN_MAPS_TO);
    fm_parser_push(p, fm_parser_expression(p));
    (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_BRACKET, open);
    return fm_parser_finish(p, FM_AST_FCN, open->begin, base);
}

struct fm_ast *fm_parser_brackets(struct fm_parser *p)
{
    const struct fm_token *open = fm_parser_take(p);
    const struct fm_token *first = fm_parser_peek(p);
    enum fm_token_kind second = (enum fm_token_kind)fm_parser_look(p, 1)->kind;
    bool word = first->kind == FM_TOKEN_IDENT || (first->flags & FM_TOKEN_WORD) != 0;
    if (word && second == FM_TOKEN_MAPS_TO) {
        return parse_fields(p, FM_AST_RECORD, FM_TOKEN_MAPS_TO, open);
    }
    if (word && second == FM_TOKEN_COLON) {
        return parse_fields(p, FM_AST_RECSET, FM_TOKEN_COLON, open);
    }
    if ((open->flags & FM_TOKEN_NO_BINDER) == 0 && fm_parser_is_bound(p, 0)) {
        return parse_function(p, open);
    }
    return parse_brackets_expression(p, open);
}

/* ---- << >> */

struct fm_ast *fm_parser_angles(struct fm_parser *p)
{
    const struct fm_token *open = fm_parser_take(p);
    uint32_t base = p->kids.count;
    if (fm_parser_accept(p, FM_TOKEN_RIGHT_ANGLE)) {
        return fm_parser_finish(p, FM_AST_TUPLE, open->begin, base);
    }
    fm_parser_expressions(p);
    if (fm_parser_is(p, FM_TOKEN_RIGHT_ANGLE_SUB) && p->kids.count - base == 1) {
        (void)fm_parser_take(p);
        fm_parser_push(p, fm_parser_subscript(p));
        return fm_parser_finish(p, FM_AST_ANGLE, open->begin, base);
    }
    (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_ANGLE, open);
    return fm_parser_finish(p, FM_AST_TUPLE, open->begin, base);
}
