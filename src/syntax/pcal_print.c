/* The print of a PlusCal tree that checksums are taken of.
 *
 * It is a TLA+ record, as pcal.trans prints it (tlatools, pcal/AST): each field on a line of its
 * own, indented below the beginning of its record; sequences one element a line. Every blank
 * counts, the uneven ones too. Of expressions the tokens are shown, with the columns of /\ and \/,
 * so that an algorithm can be laid out anew as long as its junction lists keep their shape.
 * Positions of statements and comments are not shown. */
#include "syntax/pcal_ast.h"

#include <string.h>

/* The print of the largest public algorithm has 300 KB; nested macros can make one of any size. */
#define PRINT_SIZE_MAX ((size_t)64 << 20)
/* Before version 1.5 there was no fairness in the tree. */
#define VERSION_OF_FAIRNESS 1500u

struct printer {
    struct fm_text *out;
    size_t indent; /* columns */
    bool fairness;
};

static void print_list(struct printer *printer, const struct fm_pcal_stmts *stmts);

static void puts_out(struct printer *printer, const char *text)
{
    if (printer->out->length < PRINT_SIZE_MAX) {
        fm_text_puts(printer->out, text);
    }
}

static void new_line(struct printer *printer)
{
    if (printer->out->length < PRINT_SIZE_MAX) {
        fm_text_putc(printer->out, '\n');
        fm_text_fill(printer->out, ' ', printer->indent);
    }
}

/* Prints a text that what follows is indented after; returns what to set back with `leave`. */
static size_t enter(struct printer *printer, const char *text)
{
    size_t before = printer->indent;
    puts_out(printer, text);
    printer->indent += strlen(text);
    return before;
}

static void leave(struct printer *printer, size_t before)
{
    printer->indent = before;
}

/* ---- Expressions. */

static void print_token(struct printer *printer, const struct fm_pcal_token *token)
{
    if (printer->out->length >= PRINT_SIZE_MAX) {
        return;
    }
    if (token->kind == FM_PCAL_TOKEN_STRING) {
        fm_text_printf(printer->out, "\"\\\"\", \"%s\", \"\\\"\"", token->text);
    } else if (strcmp(token->text, "\\/") == 0) {
        fm_text_printf(printer->out, "\"(col%d) \\\\/\"", (int)token->column);
    } else if (strcmp(token->text, "/\\") == 0) {
        fm_text_printf(printer->out, "\"(col%d) /\\\\\"", (int)token->column);
    } else {
        fm_text_printf(printer->out, "\"%s%s\"", token->text[0] == '\\' ? "\\" : "", token->text);
    }
}

static void print_expr(struct printer *printer, const struct fm_pcal_expr *expr)
{
    bool some = false;
    puts_out(printer, "<< ");
    for (uint32_t i = 0; i < expr->count; i++) {
        puts_out(printer, i > 0 ? "\n" : "");
        for (uint32_t k = 0; k < expr->at[i].count; k++) {
            puts_out(printer, some ? ", " : "");
            some = true;
            print_token(printer, expr->at[i].at[k]);
        }
    }
    puts_out(printer, " >>");
}

static void print_args(struct printer *printer, const struct fm_pcal_exprs *args)
{
    size_t before = enter(printer, "<<");
    for (uint32_t i = 0; i < args->count; i++) {
        if (i > 0) {
            puts_out(printer, ", ");
            new_line(printer);
        }
        print_expr(printer, args->at[i]);
    }
    puts_out(printer, ">>");
    leave(printer, before);
}

static void print_quoted(struct printer *printer, const struct fm_pcal_names *names)
{
    puts_out(printer, "<<");
    for (uint32_t i = 0; i < names->count; i++) {
        puts_out(printer, i > 0 ? ", \"" : "\"");
        puts_out(printer, names->at[i]);
        puts_out(printer, "\"");
    }
    puts_out(printer, ">>");
}

/* ---- Fields. */

static void print_name(struct printer *printer, const char *before, const char *name,
                       const char *after)
{
    puts_out(printer, before);
    puts_out(printer, name == NULL ? "null" : name);
    puts_out(printer, after);
}

static const char *is_in_text(bool is_in)
{
    return is_in ? "\"\\\\in\"" : "\"=\"";
}

static void print_field(struct printer *printer, const char *before,
                        const struct fm_pcal_expr *expr, const char *after)
{
    puts_out(printer, before);
    print_expr(printer, expr);
    puts_out(printer, after);
}

static void print_list_field(struct printer *printer, const char *before,
                             const struct fm_pcal_stmts *stmts, const char *after)
{
    size_t indent = enter(printer, before);
    print_list(printer, stmts);
    puts_out(printer, after);
    leave(printer, indent);
}

static void print_args_field(struct printer *printer, const char *before,
                             const struct fm_pcal_exprs *args)
{
    size_t indent = enter(printer, before);
    print_args(printer, args);
    puts_out(printer, "]");
    leave(printer, indent);
}

/* ---- Statements. */

static void print_labeled(struct printer *printer, const struct fm_pcal_stmt *stmt)
{
    print_name(printer, "[label |-> \"", stmt->label, "\",");
    new_line(printer);
    print_list_field(printer, " stmts |-> ", stmt->clauses.at[0].plain, "]");
}

static void print_assign(struct printer *printer, const struct fm_pcal_stmt *stmt)
{
    puts_out(printer, "[type |-> \"assignment\",");
    new_line(printer);
    size_t field = enter(printer, " ass  |-> ");
    size_t list = enter(printer, "<<");
    for (uint32_t i = 0; i < stmt->assigns.count; i++) {
        const struct fm_pcal_assign *assign = &stmt->assigns.at[i];
        if (i > 0) {
            puts_out(printer, ", ");
            new_line(printer);
        }
        print_name(printer, "[lhs |-> [var |-> \"", assign->variable, "\", sub |-> ");
        print_expr(printer, assign->subscript);
        puts_out(printer, "],");
        new_line(printer);
        print_field(printer, " rhs |-> ", assign->value, "]");
    }
    puts_out(printer, ">>");
    leave(printer, list);
    puts_out(printer, "]");
    leave(printer, field);
}

static void print_if(struct printer *printer, const struct fm_pcal_stmt *stmt)
{
    const struct fm_pcal_clause *clauses = stmt->clauses.at;
    if (!stmt->split) {
        puts_out(printer, "[type    |-> \"if\", ");
        new_line(printer);
        print_field(printer, " test    |-> ", stmt->expr, ",");
        new_line(printer);
        print_list_field(printer, " then |-> ", clauses[0].plain, ",");
        new_line(printer);
        print_list_field(printer, " else |-> ", clauses[1].plain, "]");
        return;
    }
    puts_out(printer, "[type      |-> \"labelIf\",");
    new_line(printer);
    print_field(printer, " test      |-> ", stmt->expr, ",");
    new_line(printer);
    print_list_field(printer, " unlabThen |-> ", clauses[0].plain, ",");
    new_line(printer);
    print_list_field(printer, " labThen   |-> ", clauses[0].labeled, ",");
    new_line(printer);
    print_list_field(printer, " unlabElse |-> ", clauses[1].plain, ",");
    new_line(printer);
    print_list_field(printer, " labElse   |-> ", clauses[1].labeled, "]");
    new_line(printer);
}

static void print_split_either(struct printer *printer, const struct fm_pcal_stmt *stmt)
{
    puts_out(printer, "[type    |-> \"labelEither\",");
    new_line(printer);
    size_t field = enter(printer, " clauses |-> ");
    size_t list = enter(printer, "<<");
    for (uint32_t i = 0; i < stmt->clauses.count; i++) {
        if (i > 0) {
            puts_out(printer, ", ");
            new_line(printer);
        }
        print_list_field(printer, "[unlabOr |-> ", stmt->clauses.at[i].plain, ",");
        new_line(printer);
        print_list_field(printer, " labOr   |-> ", stmt->clauses.at[i].labeled, "]");
        new_line(printer);
    }
    puts_out(printer, ">>");
    leave(printer, list);
    puts_out(printer, "]");
    leave(printer, field);
    new_line(printer);
}

static void print_either(struct printer *printer, const struct fm_pcal_stmt *stmt)
{
    if (stmt->split) {
        print_split_either(printer, stmt);
        return;
    }
    puts_out(printer, "[type |-> \"either\", ");
    new_line(printer);
    size_t field = enter(printer, " ors  |-> ");
    size_t list = enter(printer, "<< ");
    for (uint32_t i = 0; i < stmt->clauses.count; i++) {
        if (i > 0) {
            puts_out(printer, ", ");
            new_line(printer);
        }
        print_list(printer, stmt->clauses.at[i].plain);
    }
    puts_out(printer, " >>");
    leave(printer, list);
    puts_out(printer, "]");
    leave(printer, field);
}

static void print_while(struct printer *printer, const struct fm_pcal_stmt *stmt)
{
    puts_out(printer, "[type    |-> \"while\", ");
    new_line(printer);
    print_field(printer, " test    |-> ", stmt->expr, ",");
    new_line(printer);
    print_list_field(printer, " labDo   |-> ", stmt->clauses.at[0].labeled, ",");
    new_line(printer);
    print_list_field(printer, " unlabDo |-> ", stmt->clauses.at[0].plain, "]");
}

static void print_with(struct printer *printer, const struct fm_pcal_stmt *stmt)
{
    puts_out(printer, "[type   |-> \"with\", ");
    new_line(printer);
    print_name(printer, " var    |-> \"", stmt->name, "\",");
    new_line(printer);
    print_name(printer, " eqOrIn |-> ", is_in_text(stmt->is_in), ",");
    new_line(printer);
    print_field(printer, " exp    |-> ", stmt->expr, ",");
    new_line(printer);
    print_list_field(printer, " do     |-> ", stmt->clauses.at[0].plain, "]");
}

static void print_simple(struct printer *printer, const struct fm_pcal_stmt *stmt, const char *type)
{
    print_name(printer, "[type |-> \"", type, "\", ");
    new_line(printer);
    print_field(printer, " exp |-> ", stmt->expr, "]");
}

static void print_call(struct printer *printer, const struct fm_pcal_stmt *stmt)
{
    puts_out(printer, "[type     |-> \"call\",");
    new_line(printer);
    puts_out(printer, " returnTo |-> \"\",");
    new_line(printer);
    print_name(printer, " to       |-> \"", stmt->name, "\",");
    new_line(printer);
    print_args_field(printer, " args     |-> ", &stmt->args);
}

/* The line end after the arguments is indented as they are. */
static void print_call_then(struct printer *printer, const struct fm_pcal_stmt *stmt)
{
    bool returns = stmt->kind == FM_PCAL_CALL_RETURN;
    puts_out(printer, returns ? "[type     |-> \"callReturn\"," : "[type     |-> \"callGoto\",");
    new_line(printer);
    print_name(printer, returns ? " from     |-> \"" : " after    |-> \"",
               returns ? stmt->procedure : stmt->target, "\",");
    new_line(printer);
    print_name(printer, " to       |-> \"", stmt->name, "\",");
    new_line(printer);
    size_t field = enter(printer, "args     |-> ");
    print_args(printer, &stmt->args);
    puts_out(printer, "]");
    new_line(printer);
    leave(printer, field);
}

static void print_statement(struct printer *printer, const struct fm_pcal_stmt *stmt)
{
    switch (stmt->kind) {
    case FM_PCAL_LABELED:
        print_labeled(printer, stmt);
        return;
    case FM_PCAL_ASSIGN:
        print_assign(printer, stmt);
        return;
    case FM_PCAL_IF:
        print_if(printer, stmt);
        return;
    case FM_PCAL_EITHER:
        print_either(printer, stmt);
        return;
    case FM_PCAL_WHILE:
        print_while(printer, stmt);
        return;
    case FM_PCAL_WITH:
        print_with(printer, stmt);
        return;
    case FM_PCAL_AWAIT:
        print_simple(printer, stmt, "when");
        return;
    case FM_PCAL_PRINT:
        print_simple(printer, stmt, "print");
        return;
    case FM_PCAL_ASSERT:
        print_simple(printer, stmt, "assert");
        return;
    case FM_PCAL_SKIP:
        puts_out(printer, "[type |-> \"skip\"]");
        return;
    case FM_PCAL_CALL:
        print_call(printer, stmt);
        return;
    case FM_PCAL_RETURN:
        print_name(printer, "[type |-> \"return\", from |-> \"", stmt->procedure, "\"]");
        return;
    case FM_PCAL_CALL_RETURN:
    case FM_PCAL_CALL_GOTO:
        print_call_then(printer, stmt);
        return;
    case FM_PCAL_GOTO:
        print_name(printer, "[type |-> \"goto\",  to |-> \"", stmt->target, "\"]");
        return;
    case FM_PCAL_MACRO_CALL: /* none is left */
        return;
    }
}

static void print_list(struct printer *printer, const struct fm_pcal_stmts *stmts)
{
    size_t before = enter(printer, "<<");
    for (uint32_t i = 0; i < stmts->count; i++) {
        if (i > 0) {
            puts_out(printer, ", ");
            new_line(printer);
        }
        print_statement(printer, stmts->at[i]);
    }
    puts_out(printer, ">>");
    leave(printer, before);
}

/* ---- Declarations. */

static void print_variables(struct printer *printer, const char *before,
                            const struct fm_pcal_variables *variables)
{
    size_t field = enter(printer, before);
    size_t list = enter(printer, "<<");
    for (uint32_t i = 0; i < variables->count; i++) {
        const struct fm_pcal_variable *variable = &variables->at[i];
        if (i > 0) {
            puts_out(printer, ", ");
            new_line(printer);
        }
        print_name(printer, "[var |-> \"", variable->name, "\", eqOrIn |-> ");
        puts_out(printer, is_in_text(variable->is_in));
        print_field(printer, ", val |-> ", variable->value, "]");
    }
    puts_out(printer, ">>");
    leave(printer, list);
    puts_out(printer, ",");
    leave(printer, field);
    new_line(printer);
}

static void print_labels(struct printer *printer, const struct fm_pcal_routine *routine)
{
    print_quoted(printer, &routine->minus);
    puts_out(printer, ", plusLabels |->");
    print_quoted(printer, &routine->plus);
    puts_out(printer, ", proceduresCalled |->");
    print_quoted(printer, &routine->calls);
    puts_out(printer, ",");
    new_line(printer);
}

static void print_procedure(struct printer *printer, const struct fm_pcal_routine *procedure)
{
    print_name(printer, "[name   |-> \"", procedure->name, "\", ");
    new_line(printer);
    if (printer->fairness) {
        puts_out(printer, "minusLabels |-> ");
        print_labels(printer, procedure);
    }
    print_variables(printer, " params |-> ", &procedure->params);
    print_variables(printer, " decls  |-> ", &procedure->variables);
    print_list_field(printer, " body   |-> ", procedure->body, "]");
}

static void print_process(struct printer *printer, const struct fm_pcal_routine *process)
{
    static const char *const fairness[] = {"unfair", "wf", "sf"};
    print_name(printer, "[name   |-> \"", process->name, printer->fairness ? "\"," : "\", ");
    new_line(printer);
    if (printer->fairness) {
        print_name(printer, " fairness |-> \"", fairness[process->fairness],
                   "\", minusLabels |-> ");
        print_labels(printer, process);
    }
    print_name(printer, " eqOrIn |-> ", is_in_text(process->is_in), ",");
    new_line(printer);
    print_field(printer, " id     |-> ", process->id, ",");
    new_line(printer);
    print_variables(printer, " decls  |-> ", &process->variables);
    print_list_field(printer, " body   |-> ", process->body, "]");
}

static void print_routines(struct printer *printer, const char *before,
                           const struct fm_pcal_routines *routines, const char *after)
{
    size_t field = enter(printer, before);
    size_t list = enter(printer, "<<");
    for (uint32_t i = 0; i < routines->count; i++) {
        if (i > 0) {
            puts_out(printer, ", ");
            new_line(printer);
        }
        if (routines->at[i]->id == NULL) {
            print_procedure(printer, routines->at[i]);
        } else {
            print_process(printer, routines->at[i]);
        }
    }
    puts_out(printer, ">>");
    leave(printer, list);
    puts_out(printer, after);
    leave(printer, field);
}

void fm_pcal_print(const struct fm_pcal_algorithm *algorithm, struct fm_text *out)
{
    struct printer printer = {out, 0, algorithm->options.version >= VERSION_OF_FAIRNESS};
    bool many = algorithm->multiprocess;
    puts_out(&printer, many ? "[type    |-> \"multiprocess\", " : "[type     |-> \"uniprocess\", ");
    new_line(&printer);
    print_name(&printer, " name  |-> \"", algorithm->name, "\", ");
    new_line(&printer);
    print_variables(&printer, many ? " decls |-> " : " decls  |-> ", &algorithm->variables);
    print_field(&printer, many ? " defs  |-> " : " defs   |-> ", algorithm->define, ",");
    new_line(&printer);
    print_routines(&printer, many ? " prcds |-> " : " prcds  |-> ", &algorithm->procedures, ",");
    new_line(&printer);
    if (many) {
        print_routines(&printer, " procs |-> ", &algorithm->processes, "]");
    } else {
        print_list_field(&printer, " body  |-> ", algorithm->body, "]");
    }
}
