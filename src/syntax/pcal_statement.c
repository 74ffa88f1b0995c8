/* Statements of PlusCal, both syntaxes.
 *
 * With braces a body is one statement or a list in braces; otherwise a list as far as `end`,
 * `else`, `elsif` or `or`. Either way the tree is the same: a list. A label belongs to the
 * statement after it; before a list in braces it belongs to the first of the list.
 *
 * What looks like a call of a macro, a name before `(`, is one; whatever else begins with a name is
 * an assignment. `call p() ; return` and `call p() ; goto l` are one statement each. */
#include "syntax/pcal.h"

#include <string.h>

static struct fm_pcal_stmt *take_statement(struct fm_pcal *pcal);

static bool enter(struct fm_pcal *pcal)
{
    if (++pcal->depth > FM_PCAL_DEPTH_MAX) {
        fm_pcal_fail(pcal, FM_CODE_1042, fm_pcal_peek(pcal, 0)->span, NULL,
                     "statements are nested too deeply here");
    }
    return !pcal->failed;
}

static struct fm_pcal_stmt *new_statement(struct fm_pcal *pcal, enum fm_pcal_kind kind)
{
    return fm_pcal_stmt_new(pcal, kind, fm_pcal_peek(pcal, 0)->span);
}

static void add_clause(struct fm_pcal *pcal, struct fm_pcal_stmt *stmt, struct fm_pcal_stmts *plain)
{
    struct fm_pcal_clause clause = {plain, fm_pcal_stmts_new(pcal)};
    fm_pcal_push(pcal, &stmt->clauses, clause);
}

/* ---- Labels and lists. */

static bool label_is_next(struct fm_pcal *pcal)
{
    static const char *const words[] = {"while",  "if",   "assert", "print", "else", "elsif",
                                        "either", "or",   "end",    "with",  "when", "await",
                                        "skip",   "call", "return", "goto"};
    const struct fm_pcal_word *word = fm_pcal_peek(pcal, 0);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word->text, words[i]) == 0) {
            return false;
        }
    }
    uint32_t after;
    return word->kind == FM_PCAL_WORD_IDENT && !pcal->failed && pcal->ahead_count == 1 &&
           fm_pcal_lexer_peek(&pcal->lexer, &after) == ':' && after != '=';
}

static void take_modifier(struct fm_pcal *pcal, const char *label)
{
    bool plus = fm_pcal_next_is(pcal, "+");
    if (!plus && !fm_pcal_next_is(pcal, "-")) {
        return;
    }
    (void)fm_pcal_take(pcal);
    pcal->modifier_used = true;
    if (pcal->routine != NULL) {
        struct fm_pcal_names *names = plus ? &pcal->routine->plus : &pcal->routine->minus;
        fm_pcal_push(pcal, names, label);
    }
}

/* The label before a statement, or NULL. */
static const char *take_label(struct fm_pcal *pcal)
{
    if (!label_is_next(pcal)) {
        return NULL;
    }
    const char *label = fm_pcal_take(pcal)->text;
    if (pcal->in_macro) {
        fm_pcal_fail(pcal, FM_CODE_1045, pcal->word.span, NULL, "a label cannot stand in a macro");
    } else if (strcmp(label, "Done") == 0 || strcmp(label, "Error") == 0) {
        fm_pcal_fail(pcal, FM_CODE_1045, pcal->word.span, NULL,
                     "`%s` cannot be a label: the translation uses it", label);
    }
    fm_pcal_push(pcal, &pcal->labels, label);
    fm_pcal_expect(pcal, ":");
    take_modifier(pcal, label);
    return label;
}

/* The list in braces that follows a label, added to `list`. */
static void take_braced(struct fm_pcal *pcal, const char *label, struct fm_pcal_stmts *list)
{
    fm_pcal_expect(pcal, "{");
    if (!enter(pcal)) {
        return;
    }
    struct fm_pcal_stmts *inner = fm_pcal_take_statements(pcal);
    fm_pcal_expect(pcal, "}");
    fm_pcal_expect(pcal, ";");
    if (label != NULL && inner->count > 0) {
        if (inner->at[0]->label != NULL) {
            fm_pcal_fail(pcal, FM_CODE_1045, inner->at[0]->span, NULL,
                         "this statement has two labels, `%s` and `%s`", label,
                         inner->at[0]->label);
        }
        inner->at[0]->label = label;
    }
    for (uint32_t i = 0; i < inner->count; i++) {
        fm_pcal_push(pcal, list, inner->at[i]);
    }
    pcal->depth--;
}

static void take_labeled(struct fm_pcal *pcal, struct fm_pcal_stmts *list)
{
    const char *label = take_label(pcal);
    if (pcal->algorithm->braces && fm_pcal_next_is(pcal, "{")) {
        take_braced(pcal, label, list);
        return;
    }
    struct fm_pcal_stmt *stmt = take_statement(pcal);
    stmt->label = label;
    fm_pcal_push(pcal, list, stmt);
}

static bool ends_statements(struct fm_pcal *pcal)
{
    if (pcal->failed) {
        return true;
    }
    if (pcal->algorithm->braces) {
        return fm_pcal_next_is(pcal, "}");
    }
    return fm_pcal_next_is(pcal, "end") || fm_pcal_next_is(pcal, "else") ||
           fm_pcal_next_is(pcal, "elsif") || fm_pcal_next_is(pcal, "or");
}

struct fm_pcal_stmts *fm_pcal_take_statements(struct fm_pcal *pcal)
{
    struct fm_pcal_stmts *list = fm_pcal_stmts_new(pcal);
    while (!ends_statements(pcal)) {
        take_labeled(pcal, list);
    }
    if (pcal->algorithm->braces && list->count == 0) {
        fm_pcal_fail(pcal, FM_CODE_1042, fm_pcal_peek(pcal, 0)->span, "`skip` does nothing",
                     "a statement is expected here");
    }
    return list;
}

/* The body of a compound statement: in braces or a single one, or a list as far as its `end`. */
static struct fm_pcal_stmts *take_clause(struct fm_pcal *pcal)
{
    if (!pcal->algorithm->braces) {
        return fm_pcal_take_statements(pcal);
    }
    struct fm_pcal_stmts *list = fm_pcal_stmts_new(pcal);
    take_labeled(pcal, list);
    return list;
}

static void open_test(struct fm_pcal *pcal)
{
    if (pcal->algorithm->braces) {
        fm_pcal_expect(pcal, "(");
    }
}

static void close_test(struct fm_pcal *pcal, const char *word)
{
    fm_pcal_expect(pcal, pcal->algorithm->braces ? ")" : word);
}

static void end_compound(struct fm_pcal *pcal, const char *word)
{
    if (!pcal->algorithm->braces) {
        fm_pcal_expect(pcal, "end");
        fm_pcal_expect(pcal, word);
        fm_pcal_expect(pcal, ";");
    }
}

static void need_body(struct fm_pcal *pcal, const struct fm_pcal_stmt *stmt,
                      const struct fm_pcal_stmts *body, const char *what)
{
    if (body->count == 0) {
        fm_pcal_fail(pcal, FM_CODE_1042, stmt->span, NULL, "this %s has no statements", what);
    }
}

/* ---- Compound statements. */

static struct fm_pcal_stmt *take_if(struct fm_pcal *pcal)
{
    bool nested = fm_pcal_next_is(pcal, "elsif");
    struct fm_pcal_stmt *stmt = new_statement(pcal, FM_PCAL_IF);
    (void)fm_pcal_take(pcal);
    open_test(pcal);
    stmt->expr = fm_pcal_take_expr(pcal, "a condition");
    close_test(pcal, "then");
    add_clause(pcal, stmt, take_clause(pcal));
    struct fm_pcal_stmts *otherwise = fm_pcal_stmts_new(pcal);
    if (fm_pcal_next_is(pcal, "else")) {
        (void)fm_pcal_take(pcal);
        otherwise = take_clause(pcal);
    } else if (!pcal->algorithm->braces && fm_pcal_next_is(pcal, "elsif") && enter(pcal)) {
        struct fm_pcal_stmt *inner = take_if(pcal);
        fm_pcal_push(pcal, otherwise, inner);
        pcal->depth--;
    }
    add_clause(pcal, stmt, otherwise);
    if (!nested) {
        end_compound(pcal, "if");
    }
    if (otherwise->count == 0) {
        need_body(pcal, stmt, stmt->clauses.at[0].plain, "if");
    }
    return stmt;
}

static struct fm_pcal_stmt *take_either(struct fm_pcal *pcal)
{
    struct fm_pcal_stmt *stmt = new_statement(pcal, FM_PCAL_EITHER);
    do {
        (void)fm_pcal_take(pcal);
        struct fm_pcal_stmts *clause = take_clause(pcal);
        need_body(pcal, stmt, clause, "clause of an either");
        add_clause(pcal, stmt, clause);
    } while (fm_pcal_next_is(pcal, "or"));
    end_compound(pcal, "either");
    if (stmt->clauses.count == 1) {
        fm_pcal_fail(pcal, FM_CODE_1042, stmt->span, NULL, "this either has no `or`");
    }
    return stmt;
}

static struct fm_pcal_stmt *take_while(struct fm_pcal *pcal)
{
    struct fm_pcal_stmt *stmt = new_statement(pcal, FM_PCAL_WHILE);
    (void)fm_pcal_take(pcal);
    open_test(pcal);
    stmt->expr = fm_pcal_take_expr(pcal, "a condition");
    close_test(pcal, "do");
    struct fm_pcal_stmts *body = take_clause(pcal);
    end_compound(pcal, "while");
    need_body(pcal, stmt, body, "while");
    add_clause(pcal, stmt, body);
    return stmt;
}

/* `with x = e, y \in s do` is one with in another. */
static struct fm_pcal_stmt *take_with(struct fm_pcal *pcal)
{
    bool braces = pcal->algorithm->braces;
    struct fm_pcal_stmt *stmt = new_statement(pcal, FM_PCAL_WITH);
    if (fm_pcal_next_is(pcal, "with")) {
        (void)fm_pcal_take(pcal);
        open_test(pcal);
        /* pcal.trans gives a `with` in braces the place of its parenthesis, and prints it when the
         * label is renamed. */
        stmt->span = pcal->word.span;
    }
    stmt->name = fm_pcal_take_name(pcal, "a name");
    stmt->is_in = fm_pcal_take_is_in(pcal);
    stmt->expr = fm_pcal_take_expr(pcal, "an expression");
    if (!braces || !fm_pcal_next_is(pcal, ")")) {
        fm_pcal_expect_separator(pcal);
    }
    struct fm_pcal_stmts *body = fm_pcal_stmts_new(pcal);
    if (fm_pcal_next_is(pcal, braces ? ")" : "do")) {
        (void)fm_pcal_take(pcal);
        body = take_clause(pcal);
        end_compound(pcal, "with");
        need_body(pcal, stmt, body, "with");
    } else if (enter(pcal)) {
        struct fm_pcal_stmt *inner = take_with(pcal);
        fm_pcal_push(pcal, body, inner);
        pcal->depth--;
    }
    add_clause(pcal, stmt, body);
    return stmt;
}

/* ---- Simple statements. */

static struct fm_pcal_stmt *take_simple(struct fm_pcal *pcal, enum fm_pcal_kind kind)
{
    struct fm_pcal_stmt *stmt = new_statement(pcal, kind);
    (void)fm_pcal_take(pcal);
    if (kind == FM_PCAL_RETURN) {
        stmt->procedure = pcal->procedure;
    } else if (kind != FM_PCAL_SKIP) {
        stmt->expr = fm_pcal_take_expr(pcal, "an expression");
    }
    fm_pcal_expect(pcal, ";");
    return stmt;
}

static const char *take_target(struct fm_pcal *pcal)
{
    const struct fm_pcal_word *word = fm_pcal_peek(pcal, 0);
    pcal->goto_used = true;
    if (word->kind == FM_PCAL_WORD_STRING && strcmp(word->text, "Done") == 0) {
        return fm_pcal_take(pcal)->text;
    }
    return fm_pcal_take_name(pcal, "a label");
}

static struct fm_pcal_stmt *take_goto(struct fm_pcal *pcal)
{
    struct fm_pcal_stmt *stmt = new_statement(pcal, FM_PCAL_GOTO);
    (void)fm_pcal_take(pcal);
    stmt->target = take_target(pcal);
    /* pcal.trans overlooks the Done of `call p(); goto Done`. */
    pcal->goto_done_used = pcal->goto_done_used || strcmp(stmt->target, "Done") == 0;
    fm_pcal_expect(pcal, ";");
    return stmt;
}

static struct fm_pcal_stmt *take_call(struct fm_pcal *pcal)
{
    struct fm_pcal_stmt *stmt = new_statement(pcal, FM_PCAL_CALL);
    (void)fm_pcal_take(pcal);
    stmt->name = fm_pcal_take_name(pcal, "the name of a procedure");
    fm_pcal_take_args(pcal, &stmt->args);
    fm_pcal_expect(pcal, ";");
    if (pcal->routine != NULL && !fm_pcal_names_have(&pcal->routine->calls, stmt->name)) {
        fm_pcal_push(pcal, &pcal->routine->calls, stmt->name);
    }
    if (fm_pcal_next_is(pcal, "return")) {
        (void)fm_pcal_take(pcal);
        stmt->kind = FM_PCAL_CALL_RETURN;
        stmt->procedure = pcal->procedure;
        fm_pcal_expect(pcal, ";");
    } else if (fm_pcal_next_is(pcal, "goto")) {
        (void)fm_pcal_take(pcal);
        stmt->kind = FM_PCAL_CALL_GOTO;
        stmt->target = take_target(pcal);
        fm_pcal_expect(pcal, ";");
    }
    return stmt;
}

static void take_assign(struct fm_pcal *pcal, struct fm_pcal_stmt *stmt)
{
    struct fm_pcal_assign assign = {.variable = fm_pcal_take_name(pcal, "a statement")};
    assign.span = pcal->word.span;
    assign.subscript = fm_pcal_take_expr(pcal, NULL);
    fm_pcal_expect(pcal, ":=");
    assign.value = fm_pcal_take_expr(pcal, "an expression");
    fm_pcal_push(pcal, &stmt->assigns, assign);
}

static struct fm_pcal_stmt *take_named(struct fm_pcal *pcal)
{
    struct fm_pcal_stmt *stmt = new_statement(pcal, FM_PCAL_ASSIGN);
    uint32_t after;
    if (!pcal->failed && pcal->ahead_count == 1 &&
        fm_pcal_lexer_peek(&pcal->lexer, &after) == '(') {
        stmt->kind = FM_PCAL_MACRO_CALL;
        stmt->name = fm_pcal_take_name(pcal, "a statement");
        fm_pcal_take_args(pcal, &stmt->args);
    } else {
        take_assign(pcal, stmt);
        while (fm_pcal_next_is(pcal, "||") || fm_pcal_next_is(pcal, "‖")) {
            (void)fm_pcal_take(pcal);
            take_assign(pcal, stmt);
        }
    }
    fm_pcal_expect(pcal, ";");
    return stmt;
}

struct statement_word {
    const char *word;
    enum fm_pcal_kind kind;
};

static enum fm_pcal_kind next_kind(struct fm_pcal *pcal)
{
    static const struct statement_word words[] = {
        {"if", FM_PCAL_IF},         {"either", FM_PCAL_EITHER}, {"with", FM_PCAL_WITH},
        {"when", FM_PCAL_AWAIT},    {"await", FM_PCAL_AWAIT},   {"print", FM_PCAL_PRINT},
        {"assert", FM_PCAL_ASSERT}, {"skip", FM_PCAL_SKIP},     {"call", FM_PCAL_CALL},
        {"return", FM_PCAL_RETURN}, {"goto", FM_PCAL_GOTO},     {"while", FM_PCAL_WHILE},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (fm_pcal_next_is(pcal, words[i].word)) {
            return words[i].kind;
        }
    }
    return FM_PCAL_ASSIGN;
}

static struct fm_pcal_stmt *take_by_kind(struct fm_pcal *pcal, enum fm_pcal_kind kind)
{
    switch (kind) {
    case FM_PCAL_IF:
        return take_if(pcal);
    case FM_PCAL_EITHER:
        return take_either(pcal);
    case FM_PCAL_WHILE:
        return take_while(pcal);
    case FM_PCAL_WITH:
        return take_with(pcal);
    case FM_PCAL_AWAIT:
    case FM_PCAL_PRINT:
    case FM_PCAL_ASSERT:
    case FM_PCAL_SKIP:
    case FM_PCAL_RETURN:
        return take_simple(pcal, kind);
    case FM_PCAL_CALL:
        return take_call(pcal);
    case FM_PCAL_GOTO:
        return take_goto(pcal);
    case FM_PCAL_ASSIGN:
    case FM_PCAL_LABELED:
    case FM_PCAL_CALL_RETURN:
    case FM_PCAL_CALL_GOTO:
    case FM_PCAL_MACRO_CALL:
        break;
    }
    return take_named(pcal);
}

static struct fm_pcal_stmt *take_statement(struct fm_pcal *pcal)
{
    if (!enter(pcal)) {
        return new_statement(pcal, FM_PCAL_SKIP);
    }
    struct fm_pcal_stmt *stmt = take_by_kind(pcal, next_kind(pcal));
    pcal->depth--;
    return stmt;
}
