/* Proofs: read by their grammar, checked for their levels, and dropped.
 *
 * Fathom does not prove, but a specification with proofs must be read, and what follows a proof
 * must be found. Step names have levels: in `<1>2` it is 1, in `<*>2` that of the proof around,
 * `<+>2` begins a proof one level deeper. A step token whose level is above the current proof's
 * begins a proof of the step before ("TLA+2: A Preliminary Guide" 7.2). No trees outlive the proof:
 * the arena goes back to where it was. */
#include "syntax/parser.h"

#include "base/assert.h"

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

static void parse_facts(struct fm_parser *p)
{
    do {
        if (fm_parser_accept(p, FM_TOKEN_MODULE)) {
            (void)fm_parser_expect_word(p, "the name of a module");
        } else {
            (void)fm_parser_expression(p);
        }
    } while (fm_parser_accept(p, FM_TOKEN_COMMA));
}

/* After BY, USE or HIDE. */
static void parse_facts_and_definitions(struct fm_parser *p)
{
    bool outer = p->symbols_allowed;
    p->symbols_allowed = true;
    const struct fm_token *token = fm_parser_peek(p);
    bool begins = token->kind == FM_TOKEN_MODULE || fm_parser_begins_expression(token);
    if (begins && (!is_step(token) || p->proof_depth > 0) &&
        (token->flags & FM_TOKEN_DEFINITION) == 0) {
        parse_facts(p);
    }
    if (fm_parser_accept(p, FM_TOKEN_DEF)) {
        parse_facts(p);
    }
    p->symbols_allowed = outer;
}

struct fm_ast *fm_parser_use(struct fm_parser *p)
{
    uint32_t base = p->kids.count;
    const struct fm_token *token = fm_parser_take(p);
    if (token->kind == FM_TOKEN_USE) {
        (void)fm_parser_accept(p, FM_TOKEN_ONLY);
    }
    struct fm_arena_mark mark = fm_arena_mark(p->parse->arena);
    parse_facts_and_definitions(p);
    fm_arena_release(p->parse->arena, mark);
    p->kids.count = base;
    return fm_parser_finish(p, FM_AST_USE, token->begin, base);
}

/* ---- Steps. */

static void parse_take(struct fm_parser *p)
{
    (void)fm_parser_take(p);
    if (fm_parser_is_bound(p, 0)) {
        (void)fm_parser_bounds(p);
    } else {
        (void)fm_parser_unbounded(p);
    }
}

static void parse_pick(struct fm_parser *p)
{
    (void)fm_parser_take(p);
    if (fm_parser_is_unbounded(p)) {
        (void)fm_parser_unbounded(p);
    } else {
        (void)fm_parser_bounds(p);
    }
    (void)fm_parser_expect(p, FM_TOKEN_COLON);
    (void)fm_parser_expression(p);
}

static void parse_assertion(struct fm_parser *p)
{
    (void)fm_parser_accept(p, FM_TOKEN_SUFFICES);
    const struct fm_token *token = fm_parser_peek(p);
    if (token->kind == FM_TOKEN_ASSUME || token->kind == FM_TOKEN_BOX_ASSUME) {
        (void)fm_parser_assume_prove(p);
    } else {
        (void)fm_parser_expression(p);
    }
}

static void parse_define(struct fm_parser *p)
{
    (void)fm_parser_accept(p, FM_TOKEN_DEFINE);
    do {
        if (!fm_parser_is_definition(p)) {
            fm_parser_fail_definition(p, "a definition `name == ...`");
            return;
        }
        (void)fm_parser_definition(p);
    } while (fm_parser_is_definition(p));
}

/* What a step says; true when it may have a proof. */
static bool parse_step_body(struct fm_parser *p)
{
    if (fm_parser_is_definition(p)) {
        parse_define(p);
        return false;
    }
    switch ((unsigned)fm_parser_peek(p)->kind) {
    case FM_TOKEN_DEFINE:
    case FM_TOKEN_LOCAL:
        parse_define(p);
        return false;
    case FM_TOKEN_USE:
    case FM_TOKEN_HIDE:
        (void)fm_parser_use(p);
        return false;
    case FM_TOKEN_INSTANCE:
        (void)fm_parser_instance(p);
        return false;
    case FM_TOKEN_HAVE:
        (void)fm_parser_take(p);
        (void)fm_parser_expression(p);
        return false;
    case FM_TOKEN_TAKE:
        parse_take(p);
        return false;
    case FM_TOKEN_WITNESS:
        (void)fm_parser_take(p);
        fm_parser_expressions(p);
        return false;
    case FM_TOKEN_PICK:
        parse_pick(p);
        return true;
    case FM_TOKEN_CASE:
        (void)fm_parser_take(p);
        (void)fm_parser_expression(p);
        return true;
    }
    parse_assertion(p);
    return true;
}

static void parse_proof_body(struct fm_parser *p);

/* One step with its proof; true after QED. */
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
    (void)fm_parser_take(p);
    bool qed = fm_parser_accept(p, FM_TOKEN_QED);
    bool provable = qed || parse_step_body(p);
    if (!p->panic && begins_proof(p)) {
        if (!provable) {
            const struct fm_token *next = fm_parser_peek(p);
            (void)fm_parser_fail(p, FM_CODE_1029, fm_parser_span(p, next),
                                 "the step before %s takes no proof", fm_parser_quote(p, next));
            return true;
        }
        parse_proof_body(p);
    }
    return qed || p->panic;
}

static void parse_proof_body(struct fm_parser *p)
{
    if (p->proof_depth >= FM_PARSER_PROOF_DEPTH_MAX) {
        (void)fm_parser_fail(p, FM_CODE_1027, fm_parser_span(p, fm_parser_real(p)),
                             "proofs are nested more than %u deep", FM_PARSER_PROOF_DEPTH_MAX);
        return;
    }
    p->proof_levels[p->proof_depth++] = LEVEL_UNKNOWN;
    (void)fm_parser_accept(p, FM_TOKEN_PROOF);
    if (fm_parser_accept(p, FM_TOKEN_BY)) {
        (void)fm_parser_accept(p, FM_TOKEN_ONLY);
        parse_facts_and_definitions(p);
    } else if (!fm_parser_accept(p, FM_TOKEN_OBVIOUS) && !fm_parser_accept(p, FM_TOKEN_OMITTED)) {
        uint32_t base = p->kids.count;
        while (!parse_step(p)) {
            p->kids.count = base; /* nothing of a step is kept */
        }
    }
    p->proof_depth--;
}

void fm_parser_proof(struct fm_parser *p)
{
    if (p->panic || !begins_proof(p)) {
        return;
    }
    uint32_t base = p->kids.count;
    struct fm_arena_mark mark = fm_arena_mark(p->parse->arena);
    parse_proof_body(p);
    fm_arena_release(p->parse->arena, mark);
    p->kids.count = base;
    if (p->panic) {
        p->proof_depth = 0;
    }
}
