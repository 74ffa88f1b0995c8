/* Macros of PlusCal: calls are replaced by copies of the body.
 *
 * Arguments are put for parameters in every expression, in parentheses unless one of the two is a
 * single token. Where a parameter is assigned to, the argument must begin with a name: that is the
 * variable, and what follows it (`a[i]` for `x`) goes before the subscript. The first statement of
 * a copy takes the label of the call. Names that a `with` in the macro binds are left alone, as in
 * pcal.trans.
 *
 * A macro can call those defined above it only, so expansion ends; but it can double with each
 * macro, so it is bounded. */
#include "syntax/pcal.h"

#include <string.h>

struct expansion {
    struct fm_pcal *pcal;
    const struct fm_pcal_macro *macro;
    const struct fm_pcal_stmt *call;
    struct fm_pcal_substitution substitution;
};

static struct fm_pcal_stmts *copy_list(const struct expansion *expansion,
                                       const struct fm_pcal_stmts *stmts, uint32_t depth);

static struct fm_pcal_expr *copy_expr(const struct expansion *expansion,
                                      const struct fm_pcal_expr *expr)
{
    struct fm_pcal_expr *copy = fm_pcal_expr_clone(expansion->pcal, expr);
    fm_pcal_expr_substitute(expansion->pcal, copy, &expansion->substitution);
    return copy;
}

/* Makes the variable of an assignment what the argument `arg` says. */
static void assign_argument(const struct expansion *expansion, struct fm_pcal_assign *assign,
                            const struct fm_pcal_expr *arg)
{
    struct fm_pcal *pcal = expansion->pcal;
    const struct fm_pcal_token *first = fm_pcal_expr_first(arg);
    if (first->kind != FM_PCAL_TOKEN_IDENT) {
        fm_pcal_fail(pcal, FM_CODE_1044, arg->span, NULL,
                     "`%s` cannot be assigned to, as the macro `%s` does with its parameter `%s`",
                     first->text, expansion->macro->name, assign->variable);
        return;
    }
    assign->variable = first->text;
    if (fm_pcal_expr_size(arg) == 1) {
        return;
    }
    struct fm_pcal_expr *rest = fm_pcal_expr_clone(pcal, arg);
    rest->at[0].at++;
    rest->at[0].count--;
    rest->at[0].capacity--;
    fm_pcal_expr_normalize(rest);
    if (assign->subscript->count > 0) {
        fm_pcal_expr_prepend(pcal, assign->subscript, rest);
    } else {
        assign->subscript = rest;
    }
}

static struct fm_pcal_assign copy_assign(const struct expansion *expansion,
                                         const struct fm_pcal_assign *assign)
{
    struct fm_pcal_assign copy = *assign;
    copy.value = copy_expr(expansion, assign->value);
    copy.subscript = copy_expr(expansion, assign->subscript);
    const struct fm_pcal_names *params = &expansion->macro->params;
    for (uint32_t i = 0; i < params->count; i++) {
        if (strcmp(params->at[i], assign->variable) == 0) {
            assign_argument(expansion, &copy, expansion->call->args.at[i]);
            break;
        }
    }
    return copy;
}

static struct fm_pcal_stmt *copy_stmt(const struct expansion *expansion,
                                      const struct fm_pcal_stmt *stmt, uint32_t depth)
{
    struct fm_pcal *pcal = expansion->pcal;
    struct fm_pcal_stmt *copy = fm_pcal_stmt_new(pcal, stmt->kind, stmt->span);
    if (depth > FM_PCAL_DEPTH_MAX) {
        fm_pcal_fail(pcal, FM_CODE_1044, expansion->call->span, NULL,
                     "with its macros expanded, statements are nested too deeply here");
        return copy;
    }
    copy->call_span = expansion->call->span;
    copy->is_in = stmt->is_in;
    copy->name = stmt->name;
    copy->target = stmt->target;
    copy->procedure = stmt->procedure;
    copy->expr = stmt->expr == NULL ? NULL : copy_expr(expansion, stmt->expr);
    for (uint32_t i = 0; i < stmt->assigns.count && !pcal->failed; i++) {
        struct fm_pcal_assign assign = copy_assign(expansion, &stmt->assigns.at[i]);
        fm_pcal_push(pcal, &copy->assigns, assign);
    }
    for (uint32_t i = 0; i < stmt->args.count && !pcal->failed; i++) {
        struct fm_pcal_expr *arg = copy_expr(expansion, stmt->args.at[i]);
        fm_pcal_push(pcal, &copy->args, arg);
    }
    for (uint32_t i = 0; i < stmt->clauses.count && !pcal->failed; i++) {
        struct fm_pcal_clause clause = {copy_list(expansion, stmt->clauses.at[i].plain, depth + 1),
                                        fm_pcal_stmts_new(pcal)};
        fm_pcal_push(pcal, &copy->clauses, clause);
    }
    return copy;
}

static struct fm_pcal_stmts *copy_list(const struct expansion *expansion,
                                       const struct fm_pcal_stmts *stmts, uint32_t depth)
{
    struct fm_pcal_stmts *copies = fm_pcal_stmts_new(expansion->pcal);
    for (uint32_t i = 0; i < stmts->count && !expansion->pcal->failed; i++) {
        struct fm_pcal_stmt *copy = copy_stmt(expansion, stmts->at[i], depth);
        fm_pcal_push(expansion->pcal, copies, copy);
    }
    return copies;
}

/* The macro that a call means, or NULL with a problem. */
static const struct fm_pcal_macro *macro_of(struct fm_pcal *pcal, const struct fm_pcal_stmt *call)
{
    const struct fm_pcal_macros *macros = &pcal->algorithm->macros;
    for (uint32_t i = 0; i < macros->count; i++) {
        const struct fm_pcal_macro *macro = macros->at[i];
        if (strcmp(macro->name, call->name) != 0) {
            continue;
        }
        if (macro->params.count != call->args.count) {
            fm_pcal_fail(pcal, FM_CODE_1044, call->span, NULL,
                         "the macro `%s` has %u parameters, this call %u arguments", macro->name,
                         macro->params.count, call->args.count);
            return NULL;
        }
        return macro;
    }
    fm_pcal_fail(pcal, FM_CODE_1044, call->span,
                 pcal->in_macro ? "a macro can use those above it only" : NULL,
                 "unknown macro `%s`", call->name);
    return NULL;
}

static void expand_list(struct fm_pcal *pcal, struct fm_pcal_stmts *stmts, uint32_t depth);

static void expand_call(struct fm_pcal *pcal, const struct fm_pcal_stmt *call,
                        struct fm_pcal_stmts *to, uint32_t depth)
{
    const struct fm_pcal_macro *macro = macro_of(pcal, call);
    if (macro == NULL) {
        return;
    }
    const struct expansion expansion = {
        .pcal = pcal,
        .macro = macro,
        .call = call,
        .substitution = {&macro->params, &call->args, true},
    };
    struct fm_pcal_stmts *copies = copy_list(&expansion, macro->body, depth);
    if (copies->count > 0) {
        copies->at[0]->label = call->label;
    }
    for (uint32_t i = 0; i < copies->count; i++) {
        fm_pcal_push(pcal, to, copies->at[i]);
    }
}

static void expand_list(struct fm_pcal *pcal, struct fm_pcal_stmts *stmts, uint32_t depth)
{
    struct fm_pcal_stmts expanded = {0};
    for (uint32_t i = 0; i < stmts->count && !pcal->failed; i++) {
        struct fm_pcal_stmt *stmt = stmts->at[i];
        if (stmt->kind == FM_PCAL_MACRO_CALL) {
            expand_call(pcal, stmt, &expanded, depth);
            continue;
        }
        for (uint32_t k = 0; k < stmt->clauses.count; k++) {
            expand_list(pcal, stmt->clauses.at[k].plain, depth + 1);
        }
        fm_pcal_push(pcal, &expanded, stmt);
    }
    *stmts = expanded;
}

void fm_pcal_expand(struct fm_pcal *pcal, struct fm_pcal_stmts *stmts)
{
    if (!pcal->failed) {
        expand_list(pcal, stmts, 0);
    }
}
