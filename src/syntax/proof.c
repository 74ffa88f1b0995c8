/* Proofs: read by their grammar, checked for their levels.
 *
 * Fathom does not prove, but the names in proofs are checked as SANY checks them, and what follows
 * a proof must be found. Step names have levels: in `<1>2` it is 1, in `<*>2` that of the proof
 * around,
 * `<+>2` begins a proof one level deeper. A step token whose level is above the current proof's
 * begins a proof of the step before ("TLA+2: A Preliminary Guide" 7.2). */
#include "syntax/parser.h"

#include "base/assert.h"

#include <string.h>

#define LEVEL_UNKNOWN (-1)
#define LEVEL_STAR (-2)
#define LEVEL_PLUS (-3)
/* Above any level that people write; larger ones count as this one. */
#define LEVEL_MAX 1000000

static bool is_step(const struct fm_token *token)
{
    return token->kind == FM_TOKEN_STEP || token->kind == FM_TOKEN_STEP_NAME;
}

static int64_t level_of(const struct fm_parser *p, const struct fm_token *token)
{
    const char *text = fm_source_get(fm_diags_sources(p->parse->diags), p->source)->text +
                       token->begin + 1;
    if (*text == '*') {
        return LEVEL_STAR;
    }
    if (*text == '+') {
        return LEVEL_PLUS;
    }
    int64_t level = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        level = level * 10 + (*text - '0');
        level = level > LEVEL_MAX ? LEVEL_MAX : level;
    }
    return level;
}

static int64_t *current_level(struct fm_parser *p)
{
    fm_assert(p->proof_depth > 0);
    return &p->proof_levels[p->proof_depth - 1];
}

static bool begins_proof(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_peek(p);
    switch ((unsigned)token->kind) {
    case FM_TOKEN_BY:
    case FM_TOKEN_PROOF:
    case FM_TOKEN_OBVIOUS:
    case FM_TOKEN_OMITTED:
        return true;
    }
    if (!is_step(token)) {
        return false;
    }
    int64_t level = level_of(p, token);
    if (level == LEVEL_PLUS || p->proof_depth == 0) {
        return true;
    }
    int64_t current = *current_level(p);
    return level >= 0 && current >= 0 && level > current;
}

/* Is a step of this level right here? The first step of a proof gives the proof its level. */
static bool settle_level(struct fm_parser *p, int64_t level)
{
    int64_t *current = current_level(p);
    int64_t outer = p->proof_depth > 1 ? p->proof_levels[p->proof_depth - 2] : LEVEL_UNKNOWN;
    if (*current != LEVEL_UNKNOWN) {
        return level == LEVEL_STAR || level == *current;
    }
    if (level < 0) {
        *current = outer + 1;
        return true;
    }
    *current = level;
    return level > outer;
}

/* ---- Facts. */

static struct fm_ast *parse_facts(struct fm_parser *p, enum fm_ast_kind kind)
{
    uint32_t base = p->kids.count;
    uint32_t begin = fm_parser_real(p)->begin;
    do {
        if (fm_parser_accept(p, FM_TOKEN_MODULE)) {
            const struct fm_token *name = fm_parser_expect_word(p, "the name of a module");
            if (name != NULL) {
                fm_parser_push(p, fm_parser_leaf(p, FM_AST_MODULE_REF, name));
            }
        } else {
            fm_parser_push(p, fm_parser_expression(p));
        }
    } while (fm_parser_accept(p, FM_TOKEN_COMMA));
    return fm_parser_finish(p, kind, begin, base);
}

static struct fm_ast *no_facts(struct fm_parser *p, enum fm_ast_kind kind)
{
    return fm_parser_finish(p, kind, fm_parser_real(p)->begin, p->kids.count);
}

/* After BY, USE or HIDE, which began at `begin`. */
static struct fm_ast *parse_facts_and_definitions(struct fm_parser *p, uint32_t begin)
{
    bool outer = p->symbols_allowed;
    p->symbols_allowed = true;
    uint32_t base = p->kids.count;
    const struct fm_token *token = fm_parser_peek(p);
    bool begins = token->kind == FM_TOKEN_MODULE || fm_parser_begins_expression(token);
    bool facts = begins && (!is_step(token) || p->proof_depth > 0) &&
                 (token->flags & FM_TOKEN_DEFINITION) == 0;
    fm_parser_push(p, facts ? parse_facts(p, FM_AST_FACTS) : no_facts(p, FM_AST_FACTS));
    bool definitions = fm_parser_accept(p, FM_TOKEN_DEF);
    fm_parser_push(p, definitions ? parse_facts(p, FM_AST_DEFS) : no_facts(p, FM_AST_DEFS));
    p->symbols_allowed = outer;
    return fm_parser_finish(p, FM_AST_USE, begin, base);
}

struct fm_ast *fm_parser_use(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_take(p);
    if (token->kind == FM_TOKEN_USE) {
        (void)fm_parser_accept(p, FM_TOKEN_ONLY);
    }
    struct fm_ast *node = parse_facts_and_definitions(p, token->begin);
    node->flags |= token->kind == FM_TOKEN_HIDE ? FM_AST_HIDE : 0;
    return node;
}

/* ---- Steps. */

/* A keyword and an expression: HAVE, CASE. */
static struct fm_ast *parse_step_expression(struct fm_parser *p, enum fm_ast_kind kind)
{
    uint32_t base = p->kids.count;
    const struct fm_token *token = fm_parser_take(p);
    fm_parser_push(p, fm_parser_expression(p));
    return fm_parser_finish(p, kind, token->begin, base);
}

static struct fm_ast *parse_take(struct fm_parser *p)
{
    uint32_t base = p->kids.count;
    const struct fm_token *token = fm_parser_take(p);
    fm_parser_push(p, fm_parser_is_bound(p, 0) ? fm_parser_bounds(p) : fm_parser_unbounded(p));
    return fm_parser_finish(p, FM_AST_TAKE, token->begin, base);
}

static struct fm_ast *parse_witness(struct fm_parser *p)
{
    uint32_t base = p->kids.count;
    const struct fm_token *token = fm_parser_take(p);
    fm_parser_expressions(p);
    return fm_parser_finish(p, FM_AST_WITNESS, token->begin, base);
}

static struct fm_ast *parse_pick(struct fm_parser *p)
{
    uint32_t base = p->kids.count;
    const struct fm_token *token = fm_parser_take(p);
    fm_parser_push(p, fm_parser_is_unbounded(p) ? fm_parser_unbounded(p) : fm_parser_bounds(p));
    (void)fm_parser_expect(p, FM_TOKEN_COLON);
    fm_parser_push(p, fm_parser_expression(p));
    return fm_parser_finish(p, FM_AST_PICK, token->begin, base);
}

static struct fm_ast *parse_assertion(struct fm_parser *p, bool *suffices)
{
    *suffices = fm_parser_accept(p, FM_TOKEN_SUFFICES);
    const struct fm_token *token = fm_parser_peek(p);
    bool assume = token->kind == FM_TOKEN_ASSUME || token->kind == FM_TOKEN_BOX_ASSUME;
    return assume ? fm_parser_assume_prove(p) : fm_parser_expression(p);
}

static struct fm_ast *parse_define(struct fm_parser *p)
{
    uint32_t base = p->kids.count;
    uint32_t begin = fm_parser_real(p)->begin;
    (void)fm_parser_accept(p, FM_TOKEN_DEFINE);
    do {
        if (!fm_parser_is_definition(p)) {
            fm_parser_fail_definition(p, "a definition `name == ...`");
            break;
        }
        fm_parser_push(p, fm_parser_definition(p));
    } while (fm_parser_is_definition(p));
    return fm_parser_finish(p, FM_AST_DEFINE, begin, base);
}

/* The statements that take no proof; NULL for the others. */
static struct fm_ast *parse_unprovable(struct fm_parser *p)
{
    if (fm_parser_is_definition(p)) {
        return parse_define(p);
    }
    switch ((unsigned)fm_parser_peek(p)->kind) {
    case FM_TOKEN_DEFINE:
    case FM_TOKEN_LOCAL:
        return parse_define(p);
    case FM_TOKEN_USE:
    case FM_TOKEN_HIDE:
        return fm_parser_use(p);
    case FM_TOKEN_INSTANCE:
        return fm_parser_instance(p);
    case FM_TOKEN_HAVE:
        return parse_step_expression(p, FM_AST_HAVE);
    case FM_TOKEN_TAKE:
        return parse_take(p);
    case FM_TOKEN_WITNESS:
        return parse_witness(p);
    }
    return NULL;
}

static struct fm_ast *parse_provable(struct fm_parser *p, bool *suffices)
{
    const struct fm_token *token = fm_parser_peek(p);
    switch ((unsigned)token->kind) {
    case FM_TOKEN_PICK:
        return parse_pick(p);
    case FM_TOKEN_CASE:
        return parse_step_expression(p, FM_AST_STEP_CASE);
    case FM_TOKEN_QED:
        (void)fm_parser_take(p);
        return fm_parser_finish(p, FM_AST_QED, token->begin, p->kids.count);
    }
    return parse_assertion(p, suffices);
}

/* `<1>a` of `<1>a.`; NULL for a step without a name. Names of relative steps are refused, as SANY
 * does: what `<*>a` refers to would depend on the place. */
static const struct fm_symbol *step_name(struct fm_parser *p, const struct fm_token *token)
{
    const char *text = fm_source_get(fm_diags_sources(p->parse->diags), p->source)->text +
                       token->begin;
    uint32_t length = token->end - token->begin;
    while (length > 0 && strchr(".-*", text[length - 1]) != NULL) {
        length--;
    }
    if (length == 0 || text[length - 1] == '>') {
        return NULL;
    }
    if (text[1] == '*' || text[1] == '+') {
        (void)fm_parser_fail(p, FM_CODE_1033, fm_parser_span(p, token),
                             "the step %s has a name, but no level of its own",
                             fm_parser_quote(p, token));
        return NULL;
    }
    return fm_symbol_intern(p->parse->symbols, text, length);
}

static struct fm_ast *parse_proof_body(struct fm_parser *p);

/* The proof of a step, pushed. */
static void parse_step_proof(struct fm_parser *p, bool provable)
{
    if (p->panic || !begins_proof(p)) {
        return;
    }
    if (!provable) {
        const struct fm_token *next = fm_parser_peek(p);
        (void)fm_parser_fail(p, FM_CODE_1029, fm_parser_span(p, next),
                             "the step before %s takes no proof", fm_parser_quote(p, next));
        return;
    }
    struct fm_ast *proof = parse_proof_body(p);
    fm_parser_push(p, proof);
}

/* One step with its proof, pushed; true after QED. */
static bool parse_step(struct fm_parser *p)
{
    const struct fm_token *token = fm_parser_peek(p);
    if (!is_step(token)) {
        fm_parser_fail_expected(p, "a proof step; the last one is QED");
        return true;
    }
    if (!settle_level(p, level_of(p, token))) {
        (void)fm_parser_fail(p, FM_CODE_1029, fm_parser_span(p, token),
                             "the level of the step %s does not fit the proof it stands in",
                             fm_parser_quote(p, token));
        return true;
    }
    const struct fm_symbol *name = step_name(p, token);
    if (p->panic) {
        return true;
    }
    (void)fm_parser_take(p);
    uint32_t base = p->kids.count;
    bool suffices = false;
    struct fm_ast *statement = parse_unprovable(p);
    bool provable = statement == NULL;
    statement = provable ? parse_provable(p, &suffices) : statement;
    fm_parser_push(p, statement);
    parse_step_proof(p, provable);
    struct fm_ast *step = fm_parser_finish(p, FM_AST_STEP, token->begin, base);
    step->flags |= suffices ? FM_AST_SUFFICES : 0;
    step->name = name;
    step->name_span = fm_parser_span(p, token);
    fm_parser_push(p, step);
    return statement->kind == FM_AST_QED || p->panic;
}

static struct fm_ast *parse_proof_body(struct fm_parser *p)
{
    uint32_t base = p->kids.count;
    uint32_t begin = fm_parser_real(p)->begin;
    if (p->proof_depth >= FM_PARSER_PROOF_DEPTH_MAX) {
        (void)fm_parser_fail(p, FM_CODE_1027, fm_parser_span(p, fm_parser_real(p)),
                             "proofs are nested more than %u deep", FM_PARSER_PROOF_DEPTH_MAX);
        return fm_parser_nothing(p);
    }
    p->proof_levels[p->proof_depth++] = LEVEL_UNKNOWN;
    (void)fm_parser_accept(p, FM_TOKEN_PROOF);
    if (fm_parser_is(p, FM_TOKEN_BY)) {
        const struct fm_token *by = fm_parser_take(p);
        (void)fm_parser_accept(p, FM_TOKEN_ONLY);
        struct fm_ast *facts = parse_facts_and_definitions(p, by->begin);
        fm_parser_push(p, facts);
    } else if (!fm_parser_accept(p, FM_TOKEN_OBVIOUS) && !fm_parser_accept(p, FM_TOKEN_OMITTED)) {
        bool done = false;
        while (!done) {
            done = parse_step(p);
        }
    }
    p->proof_depth--;
    return fm_parser_finish(p, FM_AST_PROOF, begin, base);
}

struct fm_ast *fm_parser_proof(struct fm_parser *p)
{
    if (p->panic || !begins_proof(p)) {
        return NULL;
    }
    struct fm_ast *proof = parse_proof_body(p);
    if (p->panic) {
        p->proof_depth = 0;
    }
    return proof;
}
