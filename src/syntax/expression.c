/* Expressions: operator precedence with ranges.
 *
 * TLA+ operators have precedence ranges, and overlapping ranges are an error, not a default. That
 * fits the oldest method best: a stack of operands and waiting operators, where a new operator on
 * the right decides about the one on the left. With L waiting and R arriving:
 *
 *     L's range above R's, or both the same left-associative operator: L has its operand, reduce
 *     L's range below R's:                                             wait
 *     otherwise:                                                       conflict, reported at R
 *
 * Prefix operators are pushed without looking left, since nothing else can be meant: `a * SUBSET b`
 * is fine although SUBSET's range overlaps that of `*`. Prefix minus is the exception, because it
 * might be the infix one with its operand missing: `a * -b` is a conflict (SANY decides so too).
 * Postfix operators bind tighter than all infix operators, but `[]`, `<>`, ENABLED and UNCHANGED
 * range up to them, so `ENABLED x'` is a conflict and asks for parentheses. Field access and
 * function application bind tightest and apply to the newest operand at once.
 *
 * `A \X B \X C` is one product of three, unlike `(A \X B) \X C`, so a chain of \X stays on the
 * stack until something else arrives. A label `l :: e` takes the whole rest of the expression, and
 * is refused where e would be read differently without it (TLA+2 guide, 3.1). */
#include "syntax/parser.h"

#include "base/assert.h"

static struct fm_parser_entry *entry_at(struct fm_parser *p, uint32_t from_top)
{
    return &p->entries.at[p->entries.count - 1 - from_top];
}

static void push_operand(struct fm_parser *p, struct fm_ast *node, uint32_t begin, bool closed)
{
    fm_vec_push(&p->entries, ((struct fm_parser_entry){.node = node,
                                                       .op = FM_OPERATOR_NONE,
                                                       .closed = closed,
                                                       .begin = begin,
                                                       .end = p->last_end}));
}

static void push_operator(struct fm_parser *p, const struct fm_token *token, enum fm_operator op)
{
    fm_vec_push(&p->entries,
                ((struct fm_parser_entry){
                    .token = token, .op = op, .begin = token->begin, .end = token->end}));
}

static void name_operator(struct fm_parser *p, struct fm_ast *node,
                          const struct fm_parser_entry *entry)
{
    node->name = fm_symbol_of(p->parse->symbols, fm_operator_info(entry->op)->name);
    node->name_span = fm_parser_span(p, entry->token);
}

/* Replaces the top `size` entries by an operand made of the kids pushed since `base`. */
static void reduce_to(struct fm_parser *p, enum fm_ast_kind kind, uint32_t size, uint32_t base,
                      const struct fm_parser_entry *named)
{
    uint32_t begin = entry_at(p, size - 1)->begin;
    uint32_t end = entry_at(p, 0)->end;
    struct fm_ast *node = fm_parser_finish(p, kind, begin, base);
    node->span.end = end;
    name_operator(p, node, named);
    p->entries.count -= size;
    fm_vec_push(&p->entries,
                ((struct fm_parser_entry){
                    .node = node, .op = FM_OPERATOR_NONE, .begin = begin, .end = end}));
}

static void reduce_product(struct fm_parser *p, uint32_t floor)
{
    uint32_t size = 3;
    while (p->entries.count - floor >= size + 2 && entry_at(p, size)->op == FM_OPERATOR_CROSS) {
        size += 2;
    }
    uint32_t base = p->kids.count;
    for (uint32_t i = size; i > 0; i -= 2) {
        fm_parser_push(p, entry_at(p, i - 1)->node);
        if (i == 1) {
            break;
        }
    }
    struct fm_parser_entry named = *entry_at(p, 1);
    reduce_to(p, FM_AST_CROSS, size, base, &named);
}

/* The operator below the top operand gets its operands. */
static void reduce(struct fm_parser *p, uint32_t floor)
{
    struct fm_parser_entry named = *entry_at(p, 1);
    uint32_t base = p->kids.count;
    switch (fm_operator_info(named.op)->fixity) {
    case FM_FIXITY_PREFIX:
        fm_parser_push(p, entry_at(p, 0)->node);
        reduce_to(p, FM_AST_PREFIX, 2, base, &named);
        return;
    case FM_FIXITY_INFIX:
        if (named.op == FM_OPERATOR_CROSS) {
            reduce_product(p, floor);
            return;
        }
        fm_parser_push(p, entry_at(p, 2)->node);
        fm_parser_push(p, entry_at(p, 0)->node);
        reduce_to(p, FM_AST_INFIX, 3, base, &named);
        return;
    case FM_FIXITY_POSTFIX:
        break;
    }
    fm_unreachable(); /* postfix operators never wait */
}

static void fail_conflict(struct fm_parser *p, const struct fm_parser_entry *left,
                          const struct fm_token *right)
{
    const char *left_text = fm_parser_quote(p, left->token);
    const char *right_text = fm_parser_quote(p, right);
    struct fm_diag *diag = fm_parser_fail(
        p, FM_CODE_1022, fm_parser_span(p, right),
        "%s after %s: TLA+ does not say which of them binds tighter", right_text, left_text);
    const struct fm_ast *between = entry_at(p, 0)->node;
    const char *meant = between != NULL && between->kind == FM_AST_INFIX
                            ? fm_operator_hint(between->name->text)
                            : NULL;
    if (diag != NULL && meant != NULL) { /* `x = 1 && y = 2` */
        fm_diag_hint(p->parse->diags, diag, "%s", meant);
    } else if (diag != NULL) {
        fm_diag_hint_at(p->parse->diags, diag, fm_parser_span(p, left->token),
                        "parentheses settle it; the operator on its left stands here");
    }
}

/* Reduces what binds tighter than an operator arriving at the right of an operand. */
static void make_way(struct fm_parser *p, uint32_t floor, const struct fm_token *token,
                     enum fm_operator op)
{
    const struct fm_operator_info *right = fm_operator_info(op);
    while (p->entries.count - floor >= 2) {
        const struct fm_parser_entry *waiting = entry_at(p, 1);
        const struct fm_operator_info *left = fm_operator_info(waiting->op);
        bool same_left = waiting->op == op && left->left;
        if (left->high < right->low || (same_left && op == FM_OPERATOR_CROSS)) {
            return;
        }
        if (left->low <= right->high && !same_left) {
            fail_conflict(p, waiting, token);
            return;
        }
        reduce(p, floor);
    }
}

static void apply_postfix(struct fm_parser *p, uint32_t floor)
{
    const struct fm_token *token = fm_parser_take(p);
    enum fm_operator op = (enum fm_operator)token->op;
    make_way(p, floor, token, op);
    uint32_t base = p->kids.count;
    fm_parser_push(p, entry_at(p, 0)->node);
    push_operator(p, token, op);
    struct fm_parser_entry named = *entry_at(p, 0);
    reduce_to(p, FM_AST_POSTFIX, 2, base, &named);
}

static void apply_field(struct fm_parser *p)
{
    struct fm_parser_entry *record = entry_at(p, 0);
    uint32_t base = p->kids.count, begin = record->begin;
    fm_parser_push(p, record->node);
    (void)fm_parser_take(p);
    const struct fm_token *name = fm_parser_expect_word(p, "the name of a record field");
    struct fm_ast *node = fm_parser_finish_named(p, FM_AST_DOT, begin, base, name);
    p->entries.count--;
    push_operand(p, node, begin, false);
}

static void apply_function(struct fm_parser *p)
{
    uint32_t base = p->kids.count, begin = entry_at(p, 0)->begin;
    fm_parser_push(p, entry_at(p, 0)->node);
    const struct fm_token *open = fm_parser_take(p);
    fm_parser_expressions(p);
    (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_BRACKET, open);
    struct fm_ast *node = fm_parser_finish(p, FM_AST_FCNAPP, begin, base);
    p->entries.count--;
    push_operand(p, node, begin, false);
}

static void parse_suffixes(struct fm_parser *p, uint32_t floor)
{
    for (;;) {
        const struct fm_token *token = fm_parser_peek(p);
        if (token->kind == FM_TOKEN_DOT) {
            apply_field(p);
        } else if (token->kind == FM_TOKEN_LEFT_BRACKET) {
            apply_function(p);
        } else if (token->kind == FM_TOKEN_OPERATOR &&
                   fm_operator_info((enum fm_operator)token->op)->fixity == FM_FIXITY_POSTFIX) {
            apply_postfix(p, floor);
        } else {
            return;
        }
    }
}

/* ---- Labels. */

static bool is_plain_name(const struct fm_ast *node)
{
    return node->kind == FM_AST_IDENT;
}

/* `l` or `l(x, y)`. */
static bool is_label(const struct fm_parser_entry *entry)
{
    const struct fm_ast *node = entry->node;
    if (entry->closed || (node->kind != FM_AST_IDENT && node->kind != FM_AST_APPLY)) {
        return false;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        if (!is_plain_name(node->kids[i])) {
            return false;
        }
    }
    return true;
}

/* Would the labelled expression be read differently without its label? Then the operator waiting on
 * the left would not leave all of it alone. */
static bool changes_reading(struct fm_parser *p, uint32_t floor, const struct fm_ast *body)
{
    bool operation = body->kind == FM_AST_INFIX || body->kind == FM_AST_POSTFIX;
    if (!operation || p->closed || p->entries.count == floor) {
        return false;
    }
    enum fm_operator op = fm_operator_find(body->name->text, body->name->length);
    return fm_operator_info(entry_at(p, 0)->op)->high >= fm_operator_info(op)->low;
}

static void parse_label(struct fm_parser *p, uint32_t floor)
{
    struct fm_parser_entry label = *entry_at(p, 0);
    const struct fm_token *colons = fm_parser_peek(p);
    if (!is_label(&label)) {
        (void)fm_parser_fail(p, FM_CODE_1025, fm_parser_span(p, colons),
                             "`::` follows something that is no label: a name, or a name with "
                             "names in parentheses");
        return;
    }
    (void)fm_parser_take(p);
    p->entries.count--;
    struct fm_ast *body = fm_parser_expression(p);
    if (!p->panic && changes_reading(p, floor, body)) {
        struct fm_diag *diag = fm_parser_fail(
            p, FM_CODE_1025, label.node->span,
            "without this label the expression would be read differently");
        if (diag != NULL) {
            fm_diag_hint(p->parse->diags, diag, "put what is labelled in parentheses");
        }
    }
    uint32_t base = p->kids.count;
    for (uint32_t i = 0; i < label.node->count; i++) {
        struct fm_ast *parameter = label.node->kids[i];
        parameter->kind = FM_AST_OPDECL;
        fm_parser_push(p, parameter);
    }
    struct fm_ast *parameters = fm_parser_finish(p, FM_AST_PARAMS, label.begin, base);
    parameters->span = label.node->span;
    fm_parser_push(p, parameters);
    fm_parser_push(p, body);
    struct fm_ast *node = fm_parser_finish(p, FM_AST_LABEL, label.begin, base);
    node->name = label.node->name;
    node->name_span = label.node->name_span;
    push_operand(p, node, label.begin, false);
}

/* ---- The loop. */

static void parse_prefixes(struct fm_parser *p, uint32_t floor)
{
    for (;;) {
        const struct fm_token *token = fm_parser_peek(p);
        if (token->kind != FM_TOKEN_OPERATOR) {
            return;
        }
        enum fm_operator op = (enum fm_operator)token->op;
        if (op == FM_OPERATOR_SUBTRACT) {
            op = FM_OPERATOR_NEGATE;
        } else if (op == FM_OPERATOR_NEGATE || fm_operator_info(op)->fixity != FM_FIXITY_PREFIX) {
            return;
        }
        if (op == FM_OPERATOR_NEGATE && p->entries.count > floor &&
            fm_operator_info(entry_at(p, 0)->op)->low > fm_operator_info(op)->high) {
            fail_conflict(p, entry_at(p, 0), token);
            return;
        }
        push_operator(p, fm_parser_take(p), op);
    }
}

static bool is_infix(const struct fm_token *token)
{
    return token->kind == FM_TOKEN_OPERATOR &&
           fm_operator_info((enum fm_operator)token->op)->fixity == FM_FIXITY_INFIX;
}

static void parse_operands(struct fm_parser *p, uint32_t floor)
{
    for (;;) {
        parse_prefixes(p, floor);
        uint32_t begin = fm_parser_real(p)->begin;
        bool open = false, closed = fm_parser_is(p, FM_TOKEN_LEFT_PAREN);
        struct fm_ast *operand = fm_parser_operand(p, &open);
        if (p->panic) {
            return;
        }
        push_operand(p, operand, begin, closed);
        if (open) {
            return;
        }
        parse_suffixes(p, floor);
        const struct fm_token *token = fm_parser_peek(p);
        if (token->kind == FM_TOKEN_COLON_COLON) {
            parse_label(p, floor);
            return;
        }
        if (!is_infix(token)) {
            return;
        }
        make_way(p, floor, token, (enum fm_operator)token->op);
        if (p->panic) {
            return;
        }
        push_operator(p, fm_parser_take(p), (enum fm_operator)token->op);
    }
}

struct fm_ast *fm_parser_expression(struct fm_parser *p)
{
    if (!fm_parser_enter(p)) {
        return fm_parser_nothing(p);
    }
    uint32_t floor = p->entries.count;
    uint32_t base = p->kids.count;
    parse_operands(p, floor);
    while (!p->panic && p->entries.count - floor > 1) {
        reduce(p, floor);
    }
    struct fm_ast *result = NULL;
    if (p->panic) {
        p->kids.count = base;
        result = fm_parser_nothing(p);
    } else {
        result = entry_at(p, 0)->node;
        p->closed = entry_at(p, 0)->closed;
    }
    p->entries.count = floor;
    fm_parser_leave(p);
    return result;
}
