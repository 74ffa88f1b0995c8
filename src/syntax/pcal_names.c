/* Names of PlusCal: each gets a spelling of its own.
 *
 * In the translation labels, procedures, processes and all variables are names of one TLA+ module,
 * so what is local to a process or procedure is renamed when the name is taken: `x` of process `p`
 * becomes `x_`, then `x_p`, and so on. Kinds are renamed in the order of enum kind, global
 * variables never. The rules, and what counts as taken, are pcal.trans's (tlatools, pcal/PcalSymTab
 * and pcal/PcalFixIDs), down to what they overlook: a call within a process or procedure keeps the
 * name of a procedure that was renamed, and the procedure is then unknown.
 *
 * A process is also told which procedures it calls through others, which decides what its fairness
 * extends to. */
#include "syntax/pcal.h"

#include <string.h>

enum kind {
    KIND_GLOBAL,
    KIND_LABEL,
    KIND_PROCEDURE,
    KIND_PROCESS,
    KIND_PROCESS_VARIABLE,
    KIND_PROCEDURE_VARIABLE,
    KIND_PARAMETER,
    KIND_COUNT
};

struct name {
    enum kind kind;
    const char *id;
    const char *context; /* the process or procedure; "": none */
    const char *use;     /* what it becomes */
    struct fm_span span;
};

struct table {
    struct fm_pcal *pcal;
    struct {
        struct name *at;
        uint32_t count, capacity;
    } names;
};

static bool is_local_variable(enum kind kind)
{
    return kind == KIND_PROCESS_VARIABLE || kind == KIND_PROCEDURE_VARIABLE ||
           kind == KIND_PARAMETER;
}

static const struct name *find(const struct table *table, enum kind kind, const char *id,
                               const char *context)
{
    for (uint32_t i = 0; i < table->names.count; i++) {
        const struct name *name = &table->names.at[i];
        if (name->kind == kind && strcmp(name->id, id) == 0 &&
            strcmp(name->context, context) == 0) {
            return name;
        }
    }
    return NULL;
}

static const struct name *find_any(const struct table *table, const char *id, const char *context)
{
    for (uint32_t i = 0; i < table->names.count; i++) {
        const struct name *name = &table->names.at[i];
        if (strcmp(name->id, id) == 0 && strcmp(name->context, context) == 0) {
            return name;
        }
    }
    return NULL;
}

/* ---- Declarations. */

static void declare(struct table *table, struct name name, struct fm_span span)
{
    static const char *const what[KIND_COUNT] = {"variable", "label",    "procedure", "process",
                                                 "variable", "variable", "parameter"};
    bool taken = is_local_variable(name.kind)
                     ? find(table, KIND_GLOBAL, name.id, "") != NULL ||
                           find_any(table, name.id, name.context) != NULL
                     : find(table, name.kind, name.id, name.context) != NULL;
    if (taken) {
        fm_pcal_fail(table->pcal, FM_CODE_1046, span, NULL,
                     "the name of the %s `%s` is already in use", what[name.kind], name.id);
        return;
    }
    name.use = name.id;
    name.span = span;
    fm_pcal_push(table->pcal, &table->names, name);
}

static void declare_variables(struct table *table, const struct fm_pcal_variables *variables,
                              enum kind kind, const char *context)
{
    for (uint32_t i = 0; i < variables->count; i++) {
        declare(table, (struct name){.kind = kind, .id = variables->at[i].name, .context = context},
                variables->at[i].span);
    }
}

static void declare_labels(struct table *table, const struct fm_pcal_stmts *stmts,
                           const char *context)
{
    for (uint32_t i = 0; stmts != NULL && i < stmts->count && !table->pcal->failed; i++) {
        const struct fm_pcal_stmt *stmt = stmts->at[i];
        if (stmt->kind == FM_PCAL_LABELED) {
            declare(table, (struct name){.kind = KIND_LABEL, .id = stmt->label, .context = context},
                    stmt->span);
        }
        for (uint32_t k = 0; k < stmt->clauses.count; k++) {
            declare_labels(table, stmt->clauses.at[k].plain, context);
            declare_labels(table, stmt->clauses.at[k].labeled, context);
        }
    }
}

static void declare_all(struct table *table)
{
    const struct fm_pcal_algorithm *algorithm = table->pcal->algorithm;
    declare(table, (struct name){.kind = KIND_GLOBAL, .id = "pc", .context = ""}, fm_span_none());
    if (algorithm->procedures.count > 0) {
        declare(table, (struct name){.kind = KIND_GLOBAL, .id = "stack", .context = ""},
                fm_span_none());
    }
    declare_variables(table, &algorithm->variables, KIND_GLOBAL, "");
    for (uint32_t i = 0; i < algorithm->procedures.count; i++) {
        const struct fm_pcal_routine *procedure = algorithm->procedures.at[i];
        declare(table, (struct name){.kind = KIND_PROCEDURE, .id = procedure->name, .context = ""},
                procedure->span);
        declare_variables(table, &procedure->variables, KIND_PROCEDURE_VARIABLE, procedure->name);
        declare_variables(table, &procedure->params, KIND_PARAMETER, procedure->name);
        declare_labels(table, procedure->body, procedure->name);
    }
    for (uint32_t i = 0; i < algorithm->processes.count; i++) {
        const struct fm_pcal_routine *process = algorithm->processes.at[i];
        declare(table, (struct name){.kind = KIND_PROCESS, .id = process->name, .context = ""},
                process->span);
        declare_variables(table, &process->variables, KIND_PROCESS_VARIABLE, process->name);
        declare_labels(table, process->body, process->name);
    }
    declare_labels(table, algorithm->body, "");
}

/* ---- Spellings. */

static bool is_ambiguous(const struct table *table, const char *use)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < table->names.count && count < 2; i++) {
        count += strcmp(table->names.at[i].use, use) == 0 ? 1 : 0;
    }
    return count > 1;
}

/* A suffix as long as needed: "_", then the context letter by letter, then the kind's number. */
static void spell(struct table *table, struct name *name)
{
    size_t context = strlen(name->context);
    for (size_t length = 1; name->kind != KIND_GLOBAL && is_ambiguous(table, name->use); length++) {
        char next = length == 1            ? '_'
                    : length > context + 1 ? (char)('0' + (int)name->kind)
                                           : name->context[length - 2];
        name->use = fm_arena_printf(table->pcal->arena, "%s%c", name->use, next);
    }
}

/* "Label a of process p", for the line about it. */
static void note_rename(struct table *table, const struct name *name)
{
    static const char *const what[KIND_COUNT] = {
        "Global variable",    "Label",    "Procedure", "Process", "Process variable",
        "Procedure variable", "Parameter"};
    struct fm_pcal *pcal = table->pcal;
    bool process = pcal->algorithm->multiprocess &&
                   find(table, KIND_PROCEDURE, name->context, "") == NULL;
    struct fm_pcal_rename rename = {.span = name->span, .use = name->use};
    rename.what = fm_arena_printf(pcal->arena, "%s %s%s%s", what[name->kind], name->id,
                                  name->context[0] == '\0' ? ""
                                  : process                ? " of process "
                                                           : " of procedure ",
                                  name->context);
    fm_pcal_push(pcal, &pcal->algorithm->renamed, rename);
}

static void spell_all(struct table *table)
{
    for (int kind = 0; kind < (int)KIND_COUNT; kind++) {
        for (uint32_t i = 0; i < table->names.count; i++) {
            struct name *name = &table->names.at[i];
            if ((int)name->kind != kind) {
                continue;
            }
            spell(table, name);
            if (strcmp(name->use, name->id) != 0) {
                note_rename(table, name);
            }
        }
    }
}

static const char *use_of(const struct table *table, enum kind kind, const char *id,
                          const char *context)
{
    const struct name *name = id == NULL ? NULL : find(table, kind, id, context);
    return name == NULL ? id : name->use;
}

static const char *use_of_variable(const struct table *table, const char *id, const char *context)
{
    const struct name *name = find_any(table, id, context);
    bool variable = name != NULL && (name->kind == KIND_GLOBAL || is_local_variable(name->kind));
    return variable ? name->use : id;
}

/* ---- Renaming. */

static struct fm_pcal_expr *name_expr(struct fm_pcal *pcal, const char *name)
{
    struct fm_pcal_expr *expr = fm_pcal_expr_new(pcal);
    fm_pcal_expr_add_line(pcal, expr);
    fm_pcal_expr_add(pcal, expr, fm_pcal_token_new(pcal, FM_PCAL_TOKEN_IDENT, name));
    fm_pcal_expr_normalize(expr);
    return expr;
}

static void rename_expr(struct table *table, struct fm_pcal_expr *expr, const char *context)
{
    struct fm_pcal *pcal = table->pcal;
    struct fm_pcal_names from = {0};
    struct fm_pcal_exprs to = {0};
    for (uint32_t i = 0; expr != NULL && i < expr->count; i++) {
        for (uint32_t k = 0; k < expr->at[i].count; k++) {
            const struct fm_pcal_token *token = expr->at[i].at[k];
            const char *use = token->kind != FM_PCAL_TOKEN_IDENT
                                  ? token->text
                                  : use_of_variable(table, token->text, context);
            if (strcmp(use, token->text) != 0 && !fm_pcal_names_have(&from, token->text)) {
                fm_pcal_push(pcal, &from, token->text);
                fm_pcal_push(pcal, &to, name_expr(pcal, use));
            }
        }
    }
    if (from.count > 0) {
        struct fm_pcal_substitution substitution = {&from, &to, false};
        fm_pcal_expr_substitute(pcal, expr, &substitution);
    }
}

static void rename_variables(struct table *table, struct fm_pcal_variables *variables,
                             const char *context)
{
    for (uint32_t i = 0; i < variables->count; i++) {
        variables->at[i].name = use_of_variable(table, variables->at[i].name, context);
        rename_expr(table, variables->at[i].value, context);
    }
}

/* A call's names are looked up among procedures of its context, of which there are none but in the
 * body of an algorithm without processes. */
static void rename_words(struct table *table, struct fm_pcal_stmt *stmt, const char *context)
{
    if (stmt->kind == FM_PCAL_LABELED) {
        stmt->label = use_of(table, KIND_LABEL, stmt->label, context);
    } else if (stmt->kind == FM_PCAL_GOTO) {
        if (strcmp(stmt->target, "Done") != 0 &&
            find(table, KIND_LABEL, stmt->target, context) == NULL) {
            fm_pcal_fail(table->pcal, FM_CODE_1046, stmt->span, NULL,
                         "there is no label `%s` here to go to", stmt->target);
        }
        stmt->target = use_of(table, KIND_LABEL, stmt->target, context);
    } else if (stmt->kind != FM_PCAL_WITH) {
        stmt->name = use_of(table, KIND_PROCEDURE, stmt->name, context);
        stmt->procedure = use_of(table, KIND_PROCEDURE, stmt->procedure, context);
        stmt->target = use_of(table, KIND_PROCEDURE, stmt->target, context);
    }
}

static void rename_statements(struct table *table, struct fm_pcal_stmts *stmts, const char *context)
{
    for (uint32_t i = 0; stmts != NULL && i < stmts->count && !table->pcal->failed; i++) {
        struct fm_pcal_stmt *stmt = stmts->at[i];
        rename_words(table, stmt, context);
        rename_expr(table, stmt->expr, context);
        for (uint32_t k = 0; k < stmt->assigns.count; k++) {
            struct fm_pcal_assign *assign = &stmt->assigns.at[k];
            assign->variable = use_of_variable(table, assign->variable, context);
            rename_expr(table, assign->subscript, context);
            rename_expr(table, assign->value, context);
        }
        for (uint32_t k = 0; k < stmt->args.count; k++) {
            rename_expr(table, stmt->args.at[k], context);
        }
        for (uint32_t k = 0; k < stmt->clauses.count; k++) {
            rename_statements(table, stmt->clauses.at[k].plain, context);
            rename_statements(table, stmt->clauses.at[k].labeled, context);
        }
    }
}

static void rename_labels(struct table *table, struct fm_pcal_names *labels, const char *context)
{
    for (uint32_t i = 0; i < labels->count; i++) {
        labels->at[i] = use_of(table, KIND_LABEL, labels->at[i], context);
    }
}

static void rename_routine(struct table *table, struct fm_pcal_routine *routine, enum kind kind)
{
    const char *context = routine->name;
    rename_variables(table, &routine->variables, context);
    rename_variables(table, &routine->params, context);
    rename_statements(table, routine->body, context);
    rename_labels(table, &routine->plus, context);
    rename_labels(table, &routine->minus, context);
    routine->entry = use_of(table, KIND_LABEL, routine->entry, context);
    routine->name = use_of(table, kind, context, "");
}

/* ---- Calls through others. */

static int64_t procedure_index(const struct fm_pcal_routines *procedures, const char *name)
{
    for (uint32_t i = 0; i < procedures->count; i++) {
        if (strcmp(procedures->at[i]->name, name) == 0) {
            return i;
        }
    }
    return -1;
}

/* The calls of procedures become those they lead to, in the order of the procedures. */
static void close_procedures(struct fm_pcal *pcal)
{
    const struct fm_pcal_routines *procedures = &pcal->algorithm->procedures;
    uint32_t n = procedures->count;
    bool *calls = fm_arena_calloc(pcal->arena, (size_t)n * n + 1, sizeof *calls);
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < n; k++) {
            calls[i * n + k] = fm_pcal_names_have(&procedures->at[i]->calls,
                                                  procedures->at[k]->name);
        }
    }
    for (uint32_t via = 0; via < n; via++) {
        for (uint32_t i = 0; i < n; i++) {
            for (uint32_t k = 0; k < n; k++) {
                calls[i * n + k] = calls[i * n + k] || (calls[i * n + via] && calls[via * n + k]);
            }
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        procedures->at[i]->calls = (struct fm_pcal_names){0};
        for (uint32_t k = 0; k < n; k++) {
            if (calls[i * n + k]) {
                fm_pcal_push(pcal, &procedures->at[i]->calls, procedures->at[k]->name);
            }
        }
    }
}

static void close_process(struct fm_pcal *pcal, struct fm_pcal_routine *process)
{
    const struct fm_pcal_routines *procedures = &pcal->algorithm->procedures;
    uint32_t direct = process->calls.count;
    for (uint32_t i = 0; i < direct; i++) {
        int64_t index = procedure_index(procedures, process->calls.at[i]);
        if (index < 0) {
            fm_pcal_fail(pcal, FM_CODE_1046, process->span, NULL,
                         "this process calls a procedure `%s`, which there is none of",
                         process->calls.at[i]);
            return;
        }
        const struct fm_pcal_names *through = &procedures->at[index]->calls;
        for (uint32_t k = 0; k < through->count; k++) {
            if (!fm_pcal_names_have(&process->calls, through->at[k])) {
                fm_pcal_push(pcal, &process->calls, through->at[k]);
            }
        }
    }
}

/* ---- All. */

bool fm_pcal_resolve(struct fm_arena *arena, struct fm_pcal_algorithm *algorithm,
                     struct fm_pcal_problem *problem)
{
    struct fm_pcal *pcal = fm_arena_calloc(arena, 1, sizeof *pcal);
    pcal->arena = arena;
    pcal->algorithm = algorithm;
    pcal->problem = problem;
    struct table table = {.pcal = pcal};
    declare_all(&table);
    if (pcal->failed) {
        return false;
    }
    spell_all(&table);
    rename_variables(&table, &algorithm->variables, "");
    for (uint32_t i = 0; i < algorithm->procedures.count; i++) {
        rename_routine(&table, algorithm->procedures.at[i], KIND_PROCEDURE);
    }
    if (algorithm->multiprocess) {
        close_procedures(pcal);
    }
    for (uint32_t i = 0; i < algorithm->processes.count && !pcal->failed; i++) {
        rename_routine(&table, algorithm->processes.at[i], KIND_PROCESS);
        close_process(pcal, algorithm->processes.at[i]);
    }
    rename_statements(&table, algorithm->body, "");
    return !pcal->failed;
}
