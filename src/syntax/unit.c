/* Units of a module: declarations, definitions, instances, assumptions, theorems.
 *
 * Where a definition begins cannot be told from its first token (`f`, `a`, `-.`): what tells is the
 * `==` further on. module.c has marked the tokens where left sides begin, before parsing, so that
 * here one flag decides, and an expression knows that the next definition has begun. */
#include "syntax/parser.h"

bool fm_parser_is_definition(const struct fm_parser *p)
{
    return (fm_parser_peek(p)->flags & FM_TOKEN_DEFINITION) != 0;
}

static bool is_local_definition(const struct fm_parser *p)
{
    return fm_parser_is(p, FM_TOKEN_LOCAL) &&
           (fm_parser_look(p, 1)->flags & FM_TOKEN_DEFINITION) != 0;
}

void fm_parser_fail_definition(struct fm_parser *p, const char *what)
{
    const struct fm_token *token = fm_parser_real(p);
    if (token->kind == FM_TOKEN_LOCAL) {
        struct fm_diag *diag = fm_parser_fail(
            p, FM_CODE_1032, fm_parser_span(p, token),
            "LOCAL stands before definitions and instances of a module only");
        if (diag != NULL) {
            fm_diag_hint(p->parse->diags, diag, "what LET or a proof defines is local already");
        }
        return;
    }
    const struct fm_token *next = token->kind == FM_TOKEN_END ? token : token + 1;
    if (token->kind == FM_TOKEN_IDENT && next->kind == FM_TOKEN_OPERATOR &&
        (next->op == FM_OPERATOR_EQUAL || next->op == FM_OPERATOR_ASSIGN)) {
        struct fm_diag *diag = fm_parser_fail(p, FM_CODE_1026, fm_parser_span(p, next),
                                              "expected `==` after %s, found %s",
                                              fm_parser_quote(p, token), fm_parser_quote(p, next));
        if (diag != NULL) {
            fm_diag_hint(p->parse->diags, diag, "a definition is written `name == expression`");
        }
        return;
    }
    fm_parser_fail_expected(p, what);
}

/* ---- Declarations. */

/* `_` places between parentheses. */
static uint32_t parse_places(struct fm_parser *p)
{
    const struct fm_token *open = fm_parser_take(p);
    uint32_t count = 0;
    do {
        (void)fm_parser_expect(p, FM_TOKEN_UNDERSCORE);
        count++;
    } while (fm_parser_accept(p, FM_TOKEN_COMMA));
    (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_PAREN, open);
    return count;
}

static uint32_t form_of(enum fm_fixity fixity)
{
    switch (fixity) {
    case FM_FIXITY_PREFIX:
        return FM_AST_PREFIX_FORM;
    case FM_FIXITY_INFIX:
        return FM_AST_INFIX_FORM;
    case FM_FIXITY_POSTFIX:
        return FM_AST_POSTFIX_FORM;
    }
    return 0;
}

/* `_ + _`, `_ ^+`, `-. _` */
static struct fm_ast *parse_symbol_declaration(struct fm_parser *p)
{
    uint32_t begin = fm_parser_real(p)->begin, base = p->kids.count;
    bool left = fm_parser_accept(p, FM_TOKEN_UNDERSCORE);
    const struct fm_token *token = fm_parser_peek(p);
    if (token->kind != FM_TOKEN_OPERATOR) {
        fm_parser_fail_expected(p, "an operator symbol after `_`");
        return fm_parser_nothing(p);
    }
    enum fm_fixity fixity = fm_operator_info((enum fm_operator)token->op)->fixity;
    if (left != (fixity != FM_FIXITY_PREFIX)) {
        fm_parser_fail_expected(p, left ? "an infix or postfix operator after `_`" : "`_`");
        return fm_parser_nothing(p);
    }
    (void)fm_parser_take(p);
    if (fixity != FM_FIXITY_POSTFIX) {
        (void)fm_parser_expect(p, FM_TOKEN_UNDERSCORE);
    }
    struct fm_ast *node = fm_parser_finish_named(p, FM_AST_OPDECL, begin, base, token);
    node->flags = form_of(fixity);
    node->number = fixity == FM_FIXITY_INFIX ? 2 : 1;
    return node;
}

struct fm_ast *fm_parser_declaration(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_peek(p);
    if (token->kind == FM_TOKEN_UNDERSCORE || token->kind == FM_TOKEN_OPERATOR) {
        return parse_symbol_declaration(p);
    }
    uint32_t begin = fm_parser_real(p)->begin, base = p->kids.count;
    const struct fm_token *name = fm_parser_expect_name(p, "a name to declare");
    uint32_t arity = fm_parser_is(p, FM_TOKEN_LEFT_PAREN) ? parse_places(p) : 0;
    struct fm_ast *node = fm_parser_finish_named(p, FM_AST_OPDECL, begin, base, name);
    node->number = arity;
    return node;
}

struct fm_ast *fm_parser_declarations(struct fm_parser *p, enum fm_ast_kind kind)
{
    uint32_t base = p->kids.count;
    const struct fm_token *token = fm_parser_take(p);
    do {
        if (kind == FM_AST_VARIABLES) {
            const struct fm_token *name = fm_parser_expect_name(p, "the name of a variable");
            if (name != NULL) {
                fm_parser_push(p, fm_parser_leaf(p, FM_AST_OPDECL, name));
            }
        } else {
            fm_parser_push(p, fm_parser_declaration(p));
        }
    } while (fm_parser_accept(p, FM_TOKEN_COMMA));
    return fm_parser_finish(p, kind, token->begin, base);
}

/* ---- Definitions. */

static void push_parameter(struct fm_parser *p)
{
    const struct fm_token *name = fm_parser_expect_name(p, "the name of a parameter");
    if (name != NULL) {
        fm_parser_push(p, fm_parser_leaf(p, FM_AST_OPDECL, name));
    }
}

/* The operator symbol of `a + b ==`, `a^+ ==`, `-. a ==`. Whether it may be defined is settled with
 * other clashes of names. */
static const struct fm_token *take_symbol(struct fm_parser *p)
{
    return fm_parser_is(p, FM_TOKEN_OPERATOR) ? fm_parser_take(p) : NULL;
}

/* `f(a, Op(_), _+_)`, or `f`; the PARAMS are pushed. */
static void parse_parameters(struct fm_parser *p)
{
    uint32_t base = p->kids.count, begin = p->last_end;
    const struct fm_token *open = fm_parser_peek(p);
    if (open->kind == FM_TOKEN_LEFT_PAREN) {
        begin = open->begin;
        (void)fm_parser_take(p);
        do {
            fm_parser_push(p, fm_parser_declaration(p));
        } while (fm_parser_accept(p, FM_TOKEN_COMMA));
        (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_PAREN, open);
    }
    fm_parser_push(p, fm_parser_finish(p, FM_AST_PARAMS, begin, base));
}

/* Left side of a definition by symbol; PARAMS are pushed, the operator returned. */
static const struct fm_token *parse_symbol_side(struct fm_parser *p, uint32_t *form)
{
    uint32_t base = p->kids.count, begin = fm_parser_real(p)->begin;
    const struct fm_token *op = NULL;
    if (fm_parser_is(p, FM_TOKEN_OPERATOR)) {
        op = take_symbol(p);
        push_parameter(p);
        *form = FM_AST_PREFIX_FORM;
    } else {
        push_parameter(p);
        op = take_symbol(p);
        *form = FM_AST_POSTFIX_FORM;
        if (!fm_parser_is(p, FM_TOKEN_DEFINES)) {
            push_parameter(p);
            *form = FM_AST_INFIX_FORM;
        }
    }
    fm_parser_push(p, fm_parser_finish(p, FM_AST_PARAMS, begin, base));
    return op;
}

/* The mark of a definition's left side; what is local to it. */
struct left_side {
    const struct fm_token *name;
    enum fm_ast_kind kind;
    uint32_t form;
};

static struct left_side parse_left_side(struct fm_parser *p)
{
    struct left_side side = {.kind = FM_AST_OPDEF};
    if (fm_parser_is(p, FM_TOKEN_OPERATOR) || fm_parser_look(p, 1)->kind == FM_TOKEN_OPERATOR) {
        side.name = parse_symbol_side(p, &side.form);
        return side;
    }
    side.name = fm_parser_expect_name(p, "the name of a definition");
    const struct fm_token *open = fm_parser_peek(p);
    if (open->kind == FM_TOKEN_LEFT_BRACKET) {
        side.kind = FM_AST_FCNDEF;
        (void)fm_parser_take(p);
        fm_parser_push(p, fm_parser_bounds(p));
        (void)fm_parser_expect_close(p, FM_TOKEN_RIGHT_BRACKET, open);
    } else {
        parse_parameters(p);
    }
    return side;
}

struct fm_ast *fm_parser_definition(struct fm_parser *p)
{
    uint32_t base = p->kids.count, begin = fm_parser_real(p)->begin;
    bool local = fm_parser_accept(p, FM_TOKEN_LOCAL);
    struct left_side side = parse_left_side(p);
    (void)fm_parser_expect(p, FM_TOKEN_DEFINES);
    if (side.kind == FM_AST_OPDEF && side.form == 0 && fm_parser_is(p, FM_TOKEN_INSTANCE)) {
        side.kind = FM_AST_MODDEF;
        fm_parser_push(p, fm_parser_instance(p));
    } else {
        fm_parser_push(p, fm_parser_expression(p));
    }
    struct fm_ast *node = fm_parser_finish_named(p, side.kind, begin, base, side.name);
    node->flags = side.form | (local ? FM_AST_LOCAL : 0);
    return node;
}

/* ---- Instances. */

static bool is_substitution(const struct fm_parser *p, uint32_t ahead)
{
    enum fm_token_kind kind = (enum fm_token_kind)fm_parser_look(p, ahead)->kind;
    return (kind == FM_TOKEN_IDENT || kind == FM_TOKEN_OPERATOR) &&
           fm_parser_look(p, ahead + 1)->kind == FM_TOKEN_SUBSTITUTE;
}

static struct fm_ast *parse_substitution(struct fm_parser *p)
{
    uint32_t base = p->kids.count, begin = fm_parser_real(p)->begin;
    const struct fm_token *name = NULL;
    if (fm_parser_is(p, FM_TOKEN_OPERATOR)) {
        name = fm_parser_take(p);
    } else {
        name = fm_parser_expect_name(p, "a constant or variable of the module, and `<-`");
    }
    (void)fm_parser_expect(p, FM_TOKEN_SUBSTITUTE);
    fm_parser_push(p, fm_parser_argument(p));
    return fm_parser_finish_named(p, FM_AST_SUBST, begin, base, name);
}

struct fm_ast *fm_parser_instance(struct fm_parser *p)
{
    uint32_t base = p->kids.count, begin = fm_parser_real(p)->begin;
    bool local = fm_parser_accept(p, FM_TOKEN_LOCAL);
    if (!fm_parser_accept(p, FM_TOKEN_INSTANCE)) {
        fm_parser_fail_expected(p, "a definition `name == ...` or INSTANCE");
    }
    const struct fm_token *name = fm_parser_expect_word(p, "the name of a module");
    if (fm_parser_accept(p, FM_TOKEN_WITH)) {
        fm_parser_push(p, parse_substitution(p));
        while (fm_parser_is(p, FM_TOKEN_COMMA) && is_substitution(p, 1)) {
            (void)fm_parser_take(p);
            fm_parser_push(p, parse_substitution(p));
        }
    }
    struct fm_ast *node = fm_parser_finish_named(p, FM_AST_INSTANCE, begin, base, name);
    node->flags = local ? FM_AST_LOCAL : 0;
    return node;
}

/* ---- Assumptions and theorems. */

static bool is_assume(const struct fm_token *token)
{
    return token->kind == FM_TOKEN_ASSUME || token->kind == FM_TOKEN_BOX_ASSUME;
}

static bool begins_new(const struct fm_token *token)
{
    switch ((unsigned)token->kind) {
    case FM_TOKEN_NEW:
    case FM_TOKEN_CONSTANT:
    case FM_TOKEN_VARIABLE:
    case FM_TOKEN_STATE:
    case FM_TOKEN_ACTION:
    case FM_TOKEN_TEMPORAL:
        return true;
    }
    return false;
}

static uint32_t level_flag(enum fm_token_kind kind)
{
    switch ((unsigned)kind) {
    case FM_TOKEN_VARIABLE:
    case FM_TOKEN_STATE:
        return FM_AST_STATE_LEVEL;
    case FM_TOKEN_ACTION:
        return FM_AST_ACTION_LEVEL;
    case FM_TOKEN_TEMPORAL:
        return FM_AST_TEMPORAL_LEVEL;
    }
    return 0;
}

/* `NEW CONSTANT x \in S`, `NEW VARIABLE v`, `STATE Op(_)`. */
static struct fm_ast *parse_new(struct fm_parser *p)
{
    uint32_t base = p->kids.count, begin = fm_parser_real(p)->begin;
    bool constant = fm_parser_accept(p, FM_TOKEN_NEW);
    const struct fm_token *level = fm_parser_peek(p);
    if (level->kind != FM_TOKEN_NEW && begins_new(level)) {
        constant = level->kind == FM_TOKEN_CONSTANT;
        (void)fm_parser_take(p);
    }
    struct fm_ast *declared = fm_parser_declaration(p);
    if (level->kind == FM_TOKEN_VARIABLE && declared->number > 0) {
        (void)fm_parser_fail(p, FM_CODE_1030, declared->span, "a variable takes no arguments");
    }
    if (constant && declared->number == 0 && fm_parser_is_operator(p, FM_OPERATOR_IN)) {
        (void)fm_parser_take(p);
        fm_parser_push(p, fm_parser_expression(p));
    }
    struct fm_ast *node = fm_parser_finish(p, FM_AST_NEW, begin, base);
    node->name = declared->name;
    node->name_span = declared->name_span;
    node->number = declared->number;
    node->flags = declared->flags | level_flag(level->kind);
    return node;
}

/* `l :: ASSUME ... PROVE ...` */
static struct fm_ast *parse_labelled_assume(struct fm_parser *p)
{
    uint32_t base = p->kids.count;
    const struct fm_token *name = fm_parser_take(p);
    (void)fm_parser_expect(p, FM_TOKEN_COLON_COLON);
    fm_parser_push(p, fm_parser_finish(p, FM_AST_PARAMS, name->begin, p->kids.count));
    struct fm_ast *body = fm_parser_assume_prove(p);
    fm_parser_push(p, body);
    return fm_parser_finish_named(p, FM_AST_LABEL, name->begin, base, name);
}

static struct fm_ast *parse_assumption(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_peek(p);
    bool labelled = token->kind == FM_TOKEN_IDENT &&
                    fm_parser_look(p, 1)->kind == FM_TOKEN_COLON_COLON &&
                    is_assume(fm_parser_look(p, 2));
    if (labelled) {
        return parse_labelled_assume(p);
    }
    if (is_assume(token)) {
        return fm_parser_assume_prove(p);
    }
    return begins_new(token) ? parse_new(p) : fm_parser_expression(p);
}

struct fm_ast *fm_parser_assume_prove(struct fm_parser *p)
{
    if (!fm_parser_enter(p)) {
        return fm_parser_nothing(p);
    }
    uint32_t base = p->kids.count, begin = fm_parser_real(p)->begin;
    bool boxed = fm_parser_is(p, FM_TOKEN_BOX_ASSUME);
    if (!fm_parser_accept(p, FM_TOKEN_BOX_ASSUME)) {
        (void)fm_parser_expect(p, FM_TOKEN_ASSUME);
    }
    do {
        fm_parser_push(p, parse_assumption(p));
    } while (fm_parser_accept(p, FM_TOKEN_COMMA));
    if (!fm_parser_accept(p, FM_TOKEN_BOX_PROVE)) {
        (void)fm_parser_expect(p, FM_TOKEN_PROVE);
    }
    fm_parser_push(p, fm_parser_expression(p));
    struct fm_ast *node = fm_parser_finish(p, FM_AST_ASSUMEPROVE, begin, base);
    node->flags = boxed ? FM_AST_BOXED : 0;
    fm_parser_leave(p);
    return node;
}

/* `name ==` before an assumption or theorem. */
static const struct fm_token *parse_fact_name(struct fm_parser *p)
{
    if (fm_parser_look(p, 1)->kind != FM_TOKEN_DEFINES) {
        return NULL;
    }
    const struct fm_token *name = fm_parser_expect_name(p, "a name");
    (void)fm_parser_expect(p, FM_TOKEN_DEFINES);
    return name;
}

static struct fm_ast *parse_assume(struct fm_parser *p)
{
    uint32_t base = p->kids.count;
    const struct fm_token *token = fm_parser_take(p);
    const struct fm_token *name = parse_fact_name(p);
    fm_parser_push(p, fm_parser_expression(p));
    return fm_parser_finish_named(p, FM_AST_ASSUME, token->begin, base, name);
}

static struct fm_ast *parse_theorem(struct fm_parser *p)
{
    uint32_t base = p->kids.count;
    const struct fm_token *token = fm_parser_take(p);
    const struct fm_token *name = parse_fact_name(p);
    bool assume = is_assume(fm_parser_peek(p));
    fm_parser_push(p, assume ? fm_parser_assume_prove(p) : fm_parser_expression(p));
    struct fm_ast *node = fm_parser_finish_named(p, FM_AST_THEOREM, token->begin, base, name);
    struct fm_ast *proof = fm_parser_proof(p);
    if (proof == NULL) {
        return node;
    }
    fm_parser_push(p, node->kids[0]);
    fm_parser_push(p, proof);
    struct fm_ast *proved = fm_parser_finish_named(p, FM_AST_THEOREM, token->begin, base, name);
    proved->span = node->span; /* a theorem's place is its statement */
    return proved;
}

/* ---- Units. */

/* The unit of a keyword; NULL when the next token begins none. */
static struct fm_ast *parse_keyword_unit(struct fm_parser *p)
{
    switch ((unsigned)fm_parser_peek(p)->kind) {
    case FM_TOKEN_VARIABLE:
        return fm_parser_declarations(p, FM_AST_VARIABLES);
    case FM_TOKEN_CONSTANT:
        return fm_parser_declarations(p, FM_AST_CONSTANTS);
    case FM_TOKEN_RECURSIVE:
        return fm_parser_declarations(p, FM_AST_RECURSIVE);
    case FM_TOKEN_INSTANCE:
    case FM_TOKEN_LOCAL:
        return fm_parser_instance(p);
    case FM_TOKEN_ASSUME:
    case FM_TOKEN_ASSUMPTION:
        return parse_assume(p);
    case FM_TOKEN_THEOREM:
    case FM_TOKEN_PROPOSITION:
        return parse_theorem(p);
    case FM_TOKEN_USE:
        if (fm_parser_look(p, 1)->kind == FM_TOKEN_ONLY) {
            return NULL;
        }
        return fm_parser_use(p);
    case FM_TOKEN_HIDE:
        return fm_parser_use(p);
    case FM_TOKEN_MODULE_BEGIN:
        return fm_parser_module(p);
    }
    return NULL;
}

bool fm_parser_unit(struct fm_parser *p)
{
    struct fm_ast *unit = fm_parser_is_definition(p) || is_local_definition(p)
                              ? fm_parser_definition(p)
                              : parse_keyword_unit(p);
    if (unit == NULL) {
        return false;
    }
    fm_parser_push(p, unit);
    return true;
}
