/* Expressions of a translation: subscripts and primes.
 *
 * An expression of the algorithm is copied with two changes. A variable that is a function of
 * processes is applied to the process (`x` becomes `x[self]`), `pc` and `stack` too where the
 * translator wrote them; and a variable that the step has assigned to is primed, before the
 * subscript. Both are a substitution of names, which keeps junction lists aligned (pcal_expr.c). */
#include "syntax/pcal_gen.h"

#include <string.h>

struct fm_pcal_expr *fm_pcal_gen_name(struct fm_pcal_gen *gen, const char *name)
{
    struct fm_pcal_expr *expr = fm_pcal_expr_new(gen->pcal);
    fm_pcal_expr_add_line(gen->pcal, expr);
    fm_pcal_expr_add(gen->pcal, expr, fm_pcal_token_new(gen->pcal, FM_PCAL_TOKEN_IDENT, name));
    fm_pcal_expr_normalize(expr);
    return expr;
}

/* [self]. The closing bracket's column leaves the quotes of a string out, as pcal.trans's does;
 * nothing shows it but the columns of what follows on other lines. */
static struct fm_pcal_expr *bracket(struct fm_pcal_gen *gen, const struct fm_pcal_expr *self)
{
    struct fm_pcal *pcal = gen->pcal;
    struct fm_pcal_expr *expr = fm_pcal_expr_clone(pcal, self);
    struct fm_pcal_line first = {0};
    struct fm_pcal_token *open = fm_pcal_token_new(pcal, FM_PCAL_TOKEN_BUILTIN, "[");
    struct fm_pcal_token *close = fm_pcal_token_new(pcal, FM_PCAL_TOKEN_BUILTIN, "]");
    for (uint32_t i = 0; i < expr->count; i++) {
        for (uint32_t k = 0; k < expr->at[i].count; k++) {
            expr->at[i].at[k]->column++;
        }
    }
    fm_pcal_push(pcal, &first, open);
    for (uint32_t k = 0; k < expr->at[0].count; k++) {
        fm_pcal_push(pcal, &first, expr->at[0].at[k]);
    }
    expr->at[0] = first;
    const struct fm_pcal_line *line = &expr->at[expr->count - 1];
    const struct fm_pcal_token *last = line->at[line->count - 1];
    close->column = last->column + (int32_t)fm_pcal_width(last->text);
    fm_pcal_expr_add(pcal, expr, close);
    return expr;
}

void fm_pcal_gen_set_self(struct fm_pcal_gen *gen, const struct fm_pcal_expr *self)
{
    gen->self = self;
    gen->subscript = self == NULL || self->count == 0 ? NULL : bracket(gen, self);
}

static bool is_changed(const struct fm_pcal_gen *gen, const struct fm_pcal_changed *changed,
                       const char *name)
{
    for (uint32_t i = 0; changed != NULL && i < gen->variables.count; i++) {
        if (strcmp(gen->variables.at[i], name) == 0) {
            return changed->at[i] > 0;
        }
    }
    return false;
}

static bool is_subscripted(const struct fm_pcal_gen *gen, const struct fm_pcal_token *token)
{
    return token->kind == FM_PCAL_TOKEN_ADDED ||
           (gen->algorithm->multiprocess && token->kind == FM_PCAL_TOKEN_IDENT &&
            (fm_pcal_names_have(&gen->of_procedures, token->text) ||
             fm_pcal_names_have(&gen->of_process_sets, token->text)));
}

/* name, name', name[self] or name'[self] */
static struct fm_pcal_expr *use_of(struct fm_pcal_gen *gen, const struct fm_pcal_token *token,
                                   bool prime, const struct fm_pcal_expr *subscript)
{
    struct fm_pcal *pcal = gen->pcal;
    struct fm_pcal_expr *expr = fm_pcal_expr_new(pcal);
    fm_pcal_expr_add_line(pcal, expr);
    fm_pcal_expr_add(pcal, expr, fm_pcal_token_new(pcal, token->kind, token->text));
    if (prime) {
        struct fm_pcal_token *mark = fm_pcal_token_new(pcal, FM_PCAL_TOKEN_BUILTIN, "'");
        mark->column = (int32_t)fm_pcal_width(token->text);
        fm_pcal_expr_add(pcal, expr, mark);
    }
    fm_pcal_expr_normalize(expr);
    if (subscript == NULL) {
        return expr;
    }
    struct fm_pcal_expr *whole = fm_pcal_expr_clone(pcal, subscript);
    if (!pcal->failed) {
        fm_pcal_expr_prepend(pcal, whole, expr);
    }
    return whole;
}

struct fm_pcal_expr *fm_pcal_gen_expr(struct fm_pcal_gen *gen, const struct fm_pcal_expr *expr,
                                      const struct fm_pcal_expr *subscript,
                                      const struct fm_pcal_changed *changed)
{
    struct fm_pcal *pcal = gen->pcal;
    struct fm_pcal_expr *copy = fm_pcal_expr_clone(pcal, expr);
    struct fm_pcal_names names = {0};
    struct fm_pcal_exprs uses = {0};
    for (uint32_t i = 0; i < copy->count; i++) {
        for (uint32_t k = 0; k < copy->at[i].count && !pcal->failed; k++) {
            const struct fm_pcal_token *token = copy->at[i].at[k];
            bool prime = token->kind == FM_PCAL_TOKEN_IDENT &&
                         is_changed(gen, changed, token->text);
            bool function = subscript != NULL && is_subscripted(gen, token);
            if ((prime || function) && !fm_pcal_names_have(&names, token->text)) {
                struct fm_pcal_expr *use = use_of(gen, token, prime, function ? subscript : NULL);
                fm_pcal_push(pcal, &names, token->text);
                fm_pcal_push(pcal, &uses, use);
            }
        }
    }
    if (names.count > 0) {
        struct fm_pcal_substitution substitution = {&names, &uses, false};
        fm_pcal_expr_substitute(pcal, copy, &substitution);
    }
    return copy;
}

/* ---- Parentheses. */

/* Looking for operators outside of brackets. */
struct scan {
    int depth;
    bool in_string;
    bool needs;
};

static bool is_weak(const char *line, const char *at)
{
    switch (*at) {
    case '=':
    case '#':
    case '<':
    case '>':
        return true;
    case '|':
        return at[1] == '-' || (at > line && at[-1] == '-');
    case '\\':
        return at[1] != ' ' && at[1] != '\0' && at[1] != 'o' && at[1] != 'X';
    case '/':
        return at[1] == '\\';
    default:
        return false;
    }
}

static void scan_line(struct scan *scan, const char *line)
{
    for (const char *p = line; *p != '\0' && !scan->needs; p++) {
        if (scan->in_string) {
            scan->in_string = *p != '"';
            p += *p == '\\' && p[1] != '\0' ? 1 : 0;
            continue;
        }
        bool twice = (*p == '<' || *p == '>') && p[1] == *p;
        if (*p == '"') {
            scan->in_string = true;
        } else if (strchr("([{", *p) != NULL || (twice && *p == '<')) {
            scan->depth++;
        } else if (strchr(")]}", *p) != NULL || (twice && *p == '>')) {
            scan->needs = scan->depth == 0;
            scan->depth--;
        } else if (is_weak(line, p)) {
            scan->needs = scan->depth == 0;
        }
        p += twice ? 1 : 0;
    }
}

/* pcal.trans means to read all lines, but reads the first one as many times as there are lines. */
bool fm_pcal_gen_needs_parentheses(struct fm_pcal_gen *gen, const struct fm_pcal_expr *expr)
{
    struct scan scan = {0};
    const char *line = expr->count == 0 ? "" : fm_pcal_expr_line(gen->pcal->arena, expr, 0);
    for (uint32_t i = 0; i < expr->count && !scan.needs; i++) {
        scan_line(&scan, line);
        scan.needs = scan.needs || scan.in_string;
    }
    return scan.needs;
}
