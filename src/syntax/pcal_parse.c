/* The parser of PlusCal: from a comment to a tree.
 *
 * A recursive descent over the grammar of the PlusCal manual (appendix A), both syntaxes at once:
 * the word after the algorithm's name, `{` or not, decides which. Declarations are here, statements
 * in pcal_statement.c. An expression has no grammar of its own; it ends at the first word outside
 * its brackets that cannot be part of one.
 *
 * What a later stage needs of the order in which things are read is done as pcal.trans does it
 * (tlatools, pcal/ParseAlgorithm), because labels are numbered on the way: macros see the macros
 * above them; then the processes are expanded, labeled and divided into steps in order, after them
 * the procedures. In an algorithm without processes the procedures come first.
 *
 * After the first problem every word is the end of the text, so that nothing loops or reports
 * twice; one problem is reported for each algorithm. The problems are warnings: the translation is
 * what is checked, and it stands below. */
#include "syntax/pcal.h"

#include "base/vec.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define VERSION_OF_FAIRNESS 1500u /* from which on labels have modifiers */

/* ---- Shared. */

void fm_pcal_fail(struct fm_pcal *pcal, enum fm_code code, struct fm_span span, const char *hint,
                  const char *format, ...)
{
    if (pcal->failed) {
        return;
    }
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    pcal->failed = true;
    *pcal->problem = (struct fm_pcal_problem){
        .code = code,
        .span = span,
        .message = fm_arena_strndup(pcal->arena, message, strlen(message)),
        .hint = hint,
    };
}

void *fm_pcal_grow(struct fm_arena *arena, void *at, uint32_t count, uint32_t *capacity,
                   size_t size)
{
    uint32_t wanted = *capacity < 2 ? 4 : *capacity * 2;
    void *grown = fm_arena_alloc(arena, wanted * size);
    if (count > 0) {
        memcpy(grown, at, count * size);
    }
    *capacity = wanted;
    return grown;
}

bool fm_pcal_names_have(const struct fm_pcal_names *names, const char *name)
{
    for (uint32_t i = 0; i < names->count; i++) {
        if (strcmp(names->at[i], name) == 0) {
            return true;
        }
    }
    return false;
}

struct fm_pcal_stmts *fm_pcal_stmts_new(struct fm_pcal *pcal)
{
    return fm_arena_calloc(pcal->arena, 1, sizeof(struct fm_pcal_stmts));
}

struct fm_pcal_stmt *fm_pcal_stmt_new(struct fm_pcal *pcal, enum fm_pcal_kind kind,
                                      struct fm_span span)
{
    struct fm_pcal_stmt *stmt = fm_arena_calloc(pcal->arena, 1, sizeof *stmt);
    stmt->kind = kind;
    stmt->span = span;
    if (++pcal->statements > FM_PCAL_STATEMENTS_MAX) {
        fm_pcal_fail(pcal, FM_CODE_1044, span, NULL,
                     "the expansion of this algorithm's macros is too large");
    }
    return stmt;
}

/* ---- Words. */

const struct fm_pcal_word *fm_pcal_peek(struct fm_pcal *pcal, uint32_t offset)
{
    static const struct fm_pcal_word end = {.kind = FM_PCAL_WORD_END, .text = ""};
    while (pcal->ahead_count <= offset && !pcal->failed) {
        struct fm_pcal_word word = fm_pcal_lexer_next(&pcal->lexer);
        if (word.kind == FM_PCAL_WORD_BAD) {
            fm_pcal_fail(pcal, FM_CODE_1043, word.span, NULL, "%s", pcal->lexer.problem);
        }
        pcal->ahead[pcal->ahead_count++] = word;
    }
    return pcal->failed ? &end : &pcal->ahead[offset];
}

bool fm_pcal_next_is(struct fm_pcal *pcal, const char *text)
{
    const struct fm_pcal_word *word = fm_pcal_peek(pcal, 0);
    return word->kind != FM_PCAL_WORD_STRING && strcmp(word->text, text) == 0;
}

const struct fm_pcal_word *fm_pcal_take(struct fm_pcal *pcal)
{
    pcal->word = *fm_pcal_peek(pcal, 0);
    if (pcal->ahead_count > 0) {
        pcal->ahead_count--;
        memmove(pcal->ahead, pcal->ahead + 1, pcal->ahead_count * sizeof pcal->ahead[0]);
    }
    return &pcal->word;
}

static void fail_expected(struct fm_pcal *pcal, const char *what)
{
    const struct fm_pcal_word *word = fm_pcal_peek(pcal, 0);
    if (word->kind == FM_PCAL_WORD_END) {
        fm_pcal_fail(pcal, FM_CODE_1042, word->span, NULL,
                     "the algorithm's comment ends where %s is expected", what);
    } else {
        fm_pcal_fail(pcal, FM_CODE_1042, word->span, NULL, "%s expected here, found `%s`", what,
                     word->text);
    }
}

/* Words before which a semicolon may be missing. */
static bool may_follow_directly(struct fm_pcal *pcal)
{
    static const char *const words[] = {"end",    "begin", "else",      "elsif",   "or",
                                        "do",     "macro", "procedure", "process", "fair",
                                        "define", "}",     "{"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (fm_pcal_next_is(pcal, words[i])) {
            return true;
        }
    }
    return false;
}

void fm_pcal_expect(struct fm_pcal *pcal, const char *text)
{
    if (strcmp(text, ";") == 0 && may_follow_directly(pcal)) {
        return;
    }
    if (fm_pcal_next_is(pcal, text) || (strcmp(text, ":=") == 0 && fm_pcal_next_is(pcal, "≔"))) {
        (void)fm_pcal_take(pcal);
        return;
    }
    char what[32];
    (void)snprintf(what, sizeof what, "`%s`", text);
    fail_expected(pcal, what);
}

void fm_pcal_expect_separator(struct fm_pcal *pcal)
{
    if (fm_pcal_next_is(pcal, ",")) {
        (void)fm_pcal_take(pcal);
    } else {
        fm_pcal_expect(pcal, ";");
    }
}

const char *fm_pcal_take_name(struct fm_pcal *pcal, const char *what)
{
    if (fm_pcal_peek(pcal, 0)->kind != FM_PCAL_WORD_IDENT) {
        fail_expected(pcal, what);
        return "";
    }
    return fm_pcal_take(pcal)->text;
}

bool fm_pcal_take_is_in(struct fm_pcal *pcal)
{
    if (fm_pcal_next_is(pcal, "=")) {
        (void)fm_pcal_take(pcal);
        return false;
    }
    if (fm_pcal_next_is(pcal, "\\in") || fm_pcal_next_is(pcal, "∈")) {
        (void)fm_pcal_take(pcal);
        return true;
    }
    fail_expected(pcal, "`=` or `\\in`");
    return false;
}

/* ---- Expressions. */

struct expression {
    struct fm_pcal_expr *expr;
    int depth;              /* of brackets */
    bool quantifier;        /* `\A` or `\E` was read, its `:` not yet */
    const char *before;     /* the token before, "" for a string */
    struct fm_span bracket; /* the outermost one that is open */
};

static bool ends_expression(const struct fm_pcal_word *word, const struct expression *expression)
{
    static const char *const words[] = {
        ";",    "do",        "then",   "begin",   "variable", "variables", "||",
        "end",  "else",      "elsif",  "if",      "either",   "or",        "while",
        "with", "call",      "return", "goto",    "print",    "skip",      "assert",
        ":=",   "procedure", "define", "process", "fair",     "≔",         "‖",
    };
    if (word->kind == FM_PCAL_WORD_END) {
        return true;
    }
    if (word->kind == FM_PCAL_WORD_STRING) {
        return false;
    }
    const char *text = word->text;
    if (expression->depth == 0 && ((strcmp(text, ",") == 0 && !expression->quantifier) ||
                                   strcmp(text, ")") == 0 || strcmp(text, "}") == 0)) {
        return true;
    }
    bool field = word->kind == FM_PCAL_WORD_IDENT &&
                 (strcmp(expression->before, ".") == 0 || strcmp(expression->before, "[") == 0 ||
                  strcmp(expression->before, ",") == 0);
    for (size_t i = 0; i < sizeof words / sizeof words[0] && !field; i++) {
        if (strcmp(text, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void check_end(struct fm_pcal *pcal, const struct expression *expression,
                      const struct fm_pcal_word *word)
{
    if (expression->depth > 0) {
        fm_pcal_fail(pcal, FM_CODE_1043, expression->bracket, NULL,
                     "this bracket is not closed in the expression that `%s` ends",
                     word->kind == FM_PCAL_WORD_END ? "*)" : word->text);
    } else if (expression->quantifier) {
        fm_pcal_fail(pcal, FM_CODE_1043, word->span, NULL, "the quantifier before this has no `:`");
    }
}

static void add_token(struct fm_pcal *pcal, struct expression *expression,
                      const struct fm_pcal_word *word)
{
    static const enum fm_pcal_token_kind kinds[] = {
        [FM_PCAL_WORD_BUILTIN] = FM_PCAL_TOKEN_BUILTIN,
        [FM_PCAL_WORD_NUMBER] = FM_PCAL_TOKEN_NUMBER,
        [FM_PCAL_WORD_STRING] = FM_PCAL_TOKEN_STRING,
        [FM_PCAL_WORD_IDENT] = FM_PCAL_TOKEN_IDENT,
    };
    if (word->kind == FM_PCAL_WORD_RULE) {
        fm_pcal_fail(pcal, FM_CODE_1043, word->span, NULL, "this cannot be part of an expression");
        return;
    }
    int bracket = fm_pcal_lexer_bracket(word);
    if (expression->depth == 0 && bracket > 0) {
        expression->bracket = word->span;
    }
    expression->depth += bracket;
    if (expression->depth < 0) {
        fm_pcal_fail(pcal, FM_CODE_1043, word->span, NULL, "this bracket closes nothing");
        return;
    }
    bool string = word->kind == FM_PCAL_WORD_STRING;
    if (expression->depth == 0 && !string) {
        static const char *const quantifiers[] = {"\\A", "\\E", "∀", "∃"};
        for (size_t i = 0; i < sizeof quantifiers / sizeof quantifiers[0]; i++) {
            expression->quantifier = expression->quantifier ||
                                     strcmp(word->text, quantifiers[i]) == 0;
        }
        expression->quantifier = expression->quantifier && strcmp(word->text, ":") != 0;
    }
    expression->before = string ? "" : word->text;
    struct fm_pcal_token *token = fm_pcal_token_new(pcal, kinds[word->kind], word->text);
    token->column = word->column;
    token->span = word->span;
    fm_pcal_expr_add(pcal, expression->expr, token);
}

struct fm_pcal_expr *fm_pcal_take_expr(struct fm_pcal *pcal, const char *what)
{
    struct expression expression = {.expr = fm_pcal_expr_new(pcal), .before = ""};
    struct fm_pcal_expr *expr = expression.expr;
    fm_pcal_expr_add_line(pcal, expr);
    const struct fm_pcal_word *word = fm_pcal_peek(pcal, 0);
    while (!ends_expression(word, &expression)) {
        for (uint32_t i = 0; i < word->newlines; i++) {
            fm_pcal_expr_add_line(pcal, expr);
        }
        expr->span = fm_pcal_expr_size(expr) == 0 ? word->span
                                                  : fm_span_join(expr->span, word->span);
        add_token(pcal, &expression, word);
        (void)fm_pcal_take(pcal);
        word = fm_pcal_peek(pcal, 0);
    }
    check_end(pcal, &expression, word);
    fm_pcal_expr_normalize(expr);
    if (expr->count == 0) {
        if (what != NULL) {
            fail_expected(pcal, what);
        }
        expr->span = word->span;
    }
    return expr;
}

void fm_pcal_take_args(struct fm_pcal *pcal, struct fm_pcal_exprs *args)
{
    fm_pcal_expect(pcal, "(");
    if (!fm_pcal_next_is(pcal, ")")) {
        do {
            if (args->count > 0) {
                fm_pcal_expect(pcal, ",");
            }
            struct fm_pcal_expr *arg = fm_pcal_take_expr(pcal, "an argument");
            fm_pcal_push(pcal, args, arg);
        } while (!pcal->failed && !fm_pcal_next_is(pcal, ")"));
    }
    fm_pcal_expect(pcal, ")");
}

/* ---- Declarations. */

static struct fm_pcal_expr *default_value(struct fm_pcal *pcal)
{
    struct fm_pcal_expr *expr = fm_pcal_expr_new(pcal);
    fm_pcal_expr_add_line(pcal, expr);
    fm_pcal_expr_add(pcal, expr,
                     fm_pcal_token_new(pcal, FM_PCAL_TOKEN_DEFAULT, "defaultInitValue"));
    fm_pcal_expr_normalize(expr);
    return expr;
}

/* A variable of a procedure has no `\in`. */
static void take_variable(struct fm_pcal *pcal, struct fm_pcal_variables *variables, bool may_be_in)
{
    struct fm_pcal_variable variable = {.name = fm_pcal_take_name(pcal, "a variable")};
    variable.span = pcal->word.span;
    if (fm_pcal_next_is(pcal, "=") ||
        (may_be_in && (fm_pcal_next_is(pcal, "\\in") || fm_pcal_next_is(pcal, "∈")))) {
        variable.is_in = fm_pcal_take_is_in(pcal);
        variable.value = fm_pcal_take_expr(pcal, "an initial value");
    } else {
        variable.value = default_value(pcal);
        pcal->algorithm->has_default = true;
    }
    fm_pcal_push(pcal, variables, variable);
}

static bool ends_variables(struct fm_pcal *pcal)
{
    static const char *const words[] = {"begin", "{",      "procedure", "process",
                                        "fair",  "define", "macro"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (fm_pcal_next_is(pcal, words[i])) {
            return true;
        }
    }
    return pcal->failed;
}

static bool variables_are_next(struct fm_pcal *pcal)
{
    return fm_pcal_next_is(pcal, "variable") || fm_pcal_next_is(pcal, "variables");
}

static void take_variables(struct fm_pcal *pcal, struct fm_pcal_variables *variables,
                           bool may_be_in)
{
    if (fm_pcal_next_is(pcal, "variables")) {
        (void)fm_pcal_take(pcal);
    } else {
        fm_pcal_expect(pcal, "variable");
    }
    while (!ends_variables(pcal)) {
        take_variable(pcal, variables, may_be_in);
        fm_pcal_expect_separator(pcal);
    }
}

static void begin_body(struct fm_pcal *pcal)
{
    fm_pcal_expect(pcal, pcal->algorithm->braces ? "{" : "begin");
}

static void end_body(struct fm_pcal *pcal, const char *what)
{
    if (pcal->algorithm->braces) {
        fm_pcal_expect(pcal, "}");
    } else {
        fm_pcal_expect(pcal, "end");
        fm_pcal_expect(pcal, what);
    }
}

static void skip_semicolon(struct fm_pcal *pcal)
{
    if (fm_pcal_next_is(pcal, ";")) {
        (void)fm_pcal_take(pcal);
    }
}

static void take_define(struct fm_pcal *pcal)
{
    struct fm_pcal_algorithm *algorithm = pcal->algorithm;
    algorithm->define = fm_pcal_expr_new(pcal);
    if (!fm_pcal_next_is(pcal, "define")) {
        return;
    }
    (void)fm_pcal_take(pcal);
    if (algorithm->braces) {
        fm_pcal_expect(pcal, "{");
    }
    algorithm->define = fm_pcal_take_expr(pcal, NULL);
    end_body(pcal, "define");
    fm_pcal_expect(pcal, ";");
}

static void take_macro(struct fm_pcal *pcal)
{
    struct fm_pcal_macro *macro = fm_arena_calloc(pcal->arena, 1, sizeof *macro);
    (void)fm_pcal_take(pcal);
    pcal->in_macro = true;
    macro->name = fm_pcal_take_name(pcal, "the name of a macro");
    macro->span = pcal->word.span;
    fm_pcal_expect(pcal, "(");
    while (!fm_pcal_next_is(pcal, ")") && !pcal->failed) {
        if (macro->params.count > 0) {
            fm_pcal_expect(pcal, ",");
        }
        const char *param = fm_pcal_take_name(pcal, "a parameter");
        fm_pcal_push(pcal, &macro->params, param);
    }
    fm_pcal_expect(pcal, ")");
    begin_body(pcal);
    macro->body = fm_pcal_take_statements(pcal);
    end_body(pcal, "macro");
    skip_semicolon(pcal);
    fm_pcal_expand(pcal, macro->body);
    for (uint32_t i = 0; i < pcal->algorithm->macros.count; i++) {
        if (strcmp(pcal->algorithm->macros.at[i]->name, macro->name) == 0) {
            fm_pcal_fail(pcal, FM_CODE_1044, macro->span, NULL, "the macro `%s` is defined twice",
                         macro->name);
        }
    }
    fm_pcal_push(pcal, &pcal->algorithm->macros, macro);
    pcal->in_macro = false;
}

static void take_body(struct fm_pcal *pcal, struct fm_pcal_routine *routine, bool may_be_in,
                      const char *what)
{
    if (!fm_pcal_next_is(pcal, "begin") && !fm_pcal_next_is(pcal, "{")) {
        take_variables(pcal, &routine->variables, may_be_in);
    }
    begin_body(pcal);
    routine->body = fm_pcal_take_statements(pcal);
    end_body(pcal, what);
    skip_semicolon(pcal);
    pcal->routine = NULL;
    pcal->procedure = NULL;
}

static void take_procedure(struct fm_pcal *pcal)
{
    struct fm_pcal_routine *procedure = fm_arena_calloc(pcal->arena, 1, sizeof *procedure);
    (void)fm_pcal_take(pcal);
    procedure->name = fm_pcal_take_name(pcal, "the name of a procedure");
    procedure->span = pcal->word.span;
    pcal->routine = procedure;
    pcal->procedure = procedure->name;
    fm_pcal_expect(pcal, "(");
    while (!fm_pcal_next_is(pcal, ")") && !pcal->failed) {
        if (procedure->params.count > 0) {
            fm_pcal_expect(pcal, ",");
        }
        take_variable(pcal, &procedure->params, false);
    }
    fm_pcal_expect(pcal, ")");
    take_body(pcal, procedure, false, "procedure");
    fm_pcal_push(pcal, &pcal->algorithm->procedures, procedure);
}

static void take_process(struct fm_pcal *pcal)
{
    struct fm_pcal_routine *process = fm_arena_calloc(pcal->arena, 1, sizeof *process);
    bool braces = pcal->algorithm->braces;
    process->fairness = fm_pcal_fairness_of(&pcal->algorithm->options);
    if (fm_pcal_next_is(pcal, "fair")) {
        (void)fm_pcal_take(pcal);
        process->says_fairness = true;
        process->fairness = FM_PCAL_WEAK;
        if (fm_pcal_next_is(pcal, "+")) {
            (void)fm_pcal_take(pcal);
            process->fairness = FM_PCAL_STRONG;
        }
    }
    fm_pcal_expect(pcal, "process");
    if (braces) {
        fm_pcal_expect(pcal, "(");
    }
    process->name = fm_pcal_take_name(pcal, "the name of a process");
    process->span = pcal->word.span;
    process->is_in = fm_pcal_take_is_in(pcal);
    process->id = fm_pcal_take_expr(pcal, "an identifier or a set of them");
    if (braces) {
        fm_pcal_expect(pcal, ")");
    }
    pcal->routine = process;
    take_body(pcal, process, true, "process");
    fm_pcal_push(pcal, &pcal->algorithm->processes, process);
}

/* ---- The algorithm. */

static bool process_is_next(struct fm_pcal *pcal)
{
    if (!fm_pcal_next_is(pcal, "fair")) {
        return fm_pcal_next_is(pcal, "process");
    }
    const struct fm_pcal_word *second = fm_pcal_peek(pcal, 1);
    return strcmp(second->text, "process") == 0 ||
           (strcmp(second->text, "+") == 0 && strcmp(fm_pcal_peek(pcal, 2)->text, "process") == 0);
}

static void take_head(struct fm_pcal *pcal)
{
    struct fm_pcal_algorithm *algorithm = pcal->algorithm;
    if (algorithm->fair) {
        fm_pcal_expect(pcal, "algorithm");
    }
    algorithm->name = fm_pcal_take_name(pcal, "the algorithm's name");
    if (fm_pcal_next_is(pcal, "{")) {
        algorithm->braces = true;
        (void)fm_pcal_take(pcal);
    }
    if (variables_are_next(pcal)) {
        take_variables(pcal, &algorithm->variables, true);
    }
    take_define(pcal);
    while (fm_pcal_next_is(pcal, "macro")) {
        take_macro(pcal);
    }
    while (fm_pcal_next_is(pcal, "procedure")) {
        take_procedure(pcal);
    }
}

static void finish_routine(struct fm_pcal *pcal, struct fm_pcal_routine *routine)
{
    fm_pcal_expand(pcal, routine->body);
    fm_pcal_add_labels(pcal, routine->body);
    routine->body = fm_pcal_steps(pcal, routine->body);
    routine->entry = routine->body->count == 0 ? NULL : routine->body->at[0]->label;
}

static void finish_procedures(struct fm_pcal *pcal)
{
    struct fm_pcal_routines *procedures = &pcal->algorithm->procedures;
    for (uint32_t i = 0; i < procedures->count && !pcal->failed; i++) {
        pcal->procedure = procedures->at[i]->name;
        finish_routine(pcal, procedures->at[i]);
    }
}

/* Whether a body is empty or one loop that repeats for ever, labels inside or not. */
static bool is_endless(const struct fm_pcal_stmts *body)
{
    if (body->count == 0) {
        return true;
    }
    const struct fm_pcal_stmts *step = body->at[0]->clauses.at[0].plain;
    if (body->count > 1 || step->count != 1 || step->at[0]->kind != FM_PCAL_WHILE) {
        return false;
    }
    const struct fm_pcal_stmt *loop = step->at[0];
    return loop->expr->count == 1 && fm_pcal_expr_size(loop->expr) == 1 &&
           strcmp(fm_pcal_expr_first(loop->expr)->text, "TRUE") == 0;
}

/* Whether a body is one step that repeats for ever, without labels inside. */
static bool is_one_loop(const struct fm_pcal_stmts *body)
{
    if (!is_endless(body)) {
        return false;
    }
    if (body->count == 0) {
        return true;
    }
    const struct fm_pcal_stmt *loop = body->at[0]->clauses.at[0].plain->at[0];
    if (loop->clauses.at[0].labeled->count > 0) {
        return false;
    }
    const struct fm_pcal_stmts *plain = loop->clauses.at[0].plain;
    for (uint32_t i = 0; i < plain->count; i++) {
        if (plain->at[i]->split) {
            return false;
        }
    }
    return true;
}

static void take_processes(struct fm_pcal *pcal)
{
    struct fm_pcal_algorithm *algorithm = pcal->algorithm;
    algorithm->multiprocess = true;
    while (fm_pcal_next_is(pcal, "fair") || fm_pcal_next_is(pcal, "process")) {
        take_process(pcal);
    }
    end_body(pcal, "algorithm");
    bool loops = true;
    for (uint32_t i = 0; i < algorithm->processes.count && !pcal->failed; i++) {
        finish_routine(pcal, algorithm->processes.at[i]);
        const struct fm_pcal_stmts *body = algorithm->processes.at[i]->body;
        loops = loops && !pcal->failed && is_one_loop(body);
        algorithm->endless = algorithm->endless || (!pcal->failed && is_endless(body));
    }
    finish_procedures(pcal);
    algorithm->no_pc = loops && !pcal->goto_used;
    algorithm->labels_missing = algorithm->added.count > 0 && !algorithm->options.add_labels;
}

static void take_uniprocess(struct fm_pcal *pcal)
{
    struct fm_pcal_algorithm *algorithm = pcal->algorithm;
    if (algorithm->options.version == VERSION_OF_FAIRNESS && fm_pcal_next_is(pcal, "fair")) {
        algorithm->options.spec = FM_PCAL_SPEC_WF;
        (void)fm_pcal_take(pcal);
        if (fm_pcal_next_is(pcal, "+")) {
            (void)fm_pcal_take(pcal);
        }
    }
    begin_body(pcal);
    /* pcal.trans notes the calls and label modifiers of the body at the last procedure. */
    pcal->routine = algorithm->procedures.count == 0 ? NULL : fm_vec_last(&algorithm->procedures);
    struct fm_pcal_stmts *body = fm_pcal_take_statements(pcal);
    fm_pcal_expand(pcal, body);
    finish_procedures(pcal);
    if (algorithm->braces) {
        fm_pcal_expect(pcal, "}");
    }
    end_body(pcal, "algorithm");
    /* pcal.trans takes the last procedure for the present one here, which decides about labels. */
    fm_pcal_add_labels(pcal, body);
    algorithm->body = fm_pcal_steps(pcal, body);
    algorithm->no_pc = !pcal->failed && !pcal->goto_used && is_one_loop(algorithm->body);
    algorithm->endless = !pcal->failed && is_endless(algorithm->body) &&
                         algorithm->options.version >= VERSION_OF_FAIRNESS;
    algorithm->labels_missing = algorithm->added.count > 0 && pcal->labels.count > 0 &&
                                !algorithm->options.add_labels;
}

/* ---- All. */

/* What of `pc` and of the step after the end the translation can do without. */
static void settle_shape(struct fm_pcal *pcal)
{
    struct fm_pcal_algorithm *algorithm = pcal->algorithm;
    if (algorithm->procedures.count > 0 || pcal->modifier_used ||
        algorithm->options.version < VERSION_OF_FAIRNESS) {
        algorithm->no_pc = false;
    }
    algorithm->endless = algorithm->endless && !pcal->goto_done_used;
    if (algorithm->fair && !algorithm->multiprocess) {
        algorithm->options.spec = FM_PCAL_SPEC_WF;
    }
}

struct fm_pcal_algorithm *fm_pcal_parse_with(struct fm_arena *arena, const struct fm_source *source,
                                             struct fm_span keyword, uint32_t end,
                                             const struct fm_pcal_options *options,
                                             struct fm_pcal_problem *problem)
{
    struct fm_pcal_algorithm *algorithm = fm_arena_calloc(arena, 1, sizeof *algorithm);
    struct fm_pcal *pcal = fm_arena_calloc(arena, 1, sizeof *pcal);
    pcal->arena = arena;
    pcal->source = source;
    pcal->algorithm = algorithm;
    pcal->problem = problem;
    pcal->next_label = 1;
    algorithm->span = keyword;
    algorithm->options = *options;
    algorithm->fair = keyword.end - keyword.begin == strlen("--fair");
    fm_pcal_read_options(arena, source, keyword.source, &algorithm->options);
    fm_pcal_lexer_init(&pcal->lexer, arena, source,
                       (struct fm_span){keyword.source, keyword.end, end});
    algorithm->end = pcal->lexer.end;
    take_head(pcal);
    if (process_is_next(pcal)) {
        take_processes(pcal);
    } else {
        take_uniprocess(pcal);
    }
    settle_shape(pcal);
    return pcal->failed ? NULL : algorithm;
}

struct fm_pcal_algorithm *fm_pcal_parse(struct fm_arena *arena, const struct fm_source *source,
                                        struct fm_span keyword, uint32_t end,
                                        struct fm_pcal_problem *problem)
{
    struct fm_pcal_options options = fm_pcal_options_default();
    return fm_pcal_parse_with(arena, source, keyword, end, &options, problem);
}
