/* From labeled statements to steps: jumps become assignments to `pc`, calls to `stack`.
 *
 * Each step of the algorithm becomes one that the translation defines an action of (`steps` of the
 * algorithm and its routines): it begins with the test of `pc`, loops are conditionals, and what
 * stands at labels inside of conditionals is a step of its own, behind the one that holds it.
 *
 * The tree is changed on the way, and that has to be pcal.trans's change, for another reason.
 * The checksum of an algorithm is that of the tree's print after the translation. Translating
 * replaces jumps by assignments to `pc` and calls by assignments to `stack`, in new statements; but
 * it does so with lists that the old tree shares, so that the old tree shows a part of it. Which
 * part follows from what is copied (tlatools, pcal/PcalTranslate): the list of a step is, and so is
 * the list of a loop's body; a list inside `if`, `either` and `with` is changed in place when it is
 * not empty, and replaced when it is. The last statement of each list is what can change. Where
 * some branches of an `if` or `either` jump and some do not, those that do not get an assignment to
 * `pc`. And wherever the translation meets a multiple assignment, its parts are sorted by variable.
 *
 * What is never translated stays as it was: what follows a `while (TRUE)`, which is never reached.
 * Columns of the expressions made here do not matter to the print, which shows columns of /\ and \/
 * only, but they do to the translation. */
#include "syntax/pcal.h"

#include <string.h>

/* Columns in a value of `stack`: of its fields, of the arrows after short names of fields, and of
 * an arrow with the blanks around it. They are pcal.trans's. */
#define STACK_INDENT 6
#define STACK_ARROW 16
#define STACK_ARROW_WIDTH 5

struct lower {
    struct fm_pcal *pcal;
    const char *procedure;          /* being lowered, or NULL */
    struct fm_pcal_names variables; /* that can be assigned to */
};

/* A list, and whether control goes on at its end. */
struct lowered {
    struct fm_pcal_stmts *list;
    bool goes_on;
};

/* Where a list goes on, whether it is translated at all, and where the steps go that are found
 * inside. */
struct target {
    const char *label;
    bool live;
    struct fm_pcal_stmts *steps;
};

static void lower_steps(struct lower *lower, struct fm_pcal_stmts *steps, struct target next);
static struct lowered lower_list(struct lower *lower, struct fm_pcal_stmts *stmts,
                                 struct target next);

/* ---- Statements that are made. */

static void add(struct lower *lower, struct fm_pcal_expr *expr, enum fm_pcal_token_kind kind,
                const char *text)
{
    if (expr->count == 0) {
        fm_pcal_expr_add_line(lower->pcal, expr);
    }
    fm_pcal_expr_add(lower->pcal, expr, fm_pcal_token_new(lower->pcal, kind, text));
}

static void add_symbol(struct lower *lower, struct fm_pcal_expr *expr, const char *text)
{
    add(lower, expr, FM_PCAL_TOKEN_BUILTIN, text);
}

static void add_assign(struct lower *lower, struct fm_pcal_stmt *stmt, const char *variable,
                       struct fm_pcal_expr *value)
{
    struct fm_pcal_assign assign = {variable, fm_pcal_expr_new(lower->pcal), value, stmt->span};
    fm_pcal_push(lower->pcal, &stmt->assigns, assign);
}

static struct fm_pcal_stmt *new_assign(struct lower *lower, const struct fm_pcal_stmt *origin)
{
    struct fm_span span = origin == NULL ? fm_span_none() : origin->span;
    return fm_pcal_stmt_new(lower->pcal, FM_PCAL_ASSIGN, span);
}

static void push_assign(struct lower *lower, struct fm_pcal_stmts *to,
                        const struct fm_pcal_stmt *origin, const char *variable,
                        struct fm_pcal_expr *value)
{
    struct fm_pcal_stmt *stmt = new_assign(lower, origin);
    add_assign(lower, stmt, variable, value);
    fm_pcal_push(lower->pcal, to, stmt);
}

/* pc := "label" */
static void push_pc(struct lower *lower, struct fm_pcal_stmts *to, const char *label)
{
    struct fm_pcal_expr *expr = fm_pcal_expr_new(lower->pcal);
    add(lower, expr, FM_PCAL_TOKEN_STRING, label);
    push_assign(lower, to, NULL, "pc", expr);
}

/* Head(stack).field, or Tail(stack) */
static void add_of_stack(struct lower *lower, struct fm_pcal_expr *expr, const char *function,
                         const char *field)
{
    add(lower, expr, FM_PCAL_TOKEN_IDENT, function);
    add_symbol(lower, expr, "(");
    add(lower, expr, FM_PCAL_TOKEN_ADDED, "stack");
    add_symbol(lower, expr, ")");
    if (field != NULL) {
        add_symbol(lower, expr, ".");
        add(lower, expr, FM_PCAL_TOKEN_IDENT, field);
    }
}

static struct fm_pcal_expr *of_stack(struct lower *lower, const char *function, const char *field)
{
    struct fm_pcal_expr *expr = fm_pcal_expr_new(lower->pcal);
    add_of_stack(lower, expr, function, field);
    return expr;
}

static void add_saved(struct lower *lower, struct fm_pcal_expr *expr,
                      const struct fm_pcal_variables *variables)
{
    for (uint32_t i = 0; i < variables->count; i++) {
        add_symbol(lower, expr, ",");
        fm_pcal_expr_add_line(lower->pcal, expr);
        add(lower, expr, FM_PCAL_TOKEN_IDENT, variables->at[i].name);
        add_symbol(lower, expr, "|->");
        add(lower, expr, FM_PCAL_TOKEN_IDENT, variables->at[i].name);
    }
}

/* The column of a token in the value of `stack` that would stand at `column`; *next becomes that
 * after it. */
static int32_t lay_out_token(const struct fm_pcal_token *token, int32_t column, int32_t *next)
{
    static const char *const wide[] = {"[", "<<"}, *const late[] = {"]", ">>"};
    bool symbol = token->kind == FM_PCAL_TOKEN_BUILTIN;
    *next = column + (int32_t)token->width;
    if (!symbol) {
        return column;
    }
    if (strcmp(token->text, "|->") == 0) {
        column = column + 1 < STACK_ARROW ? STACK_ARROW : column + 1;
        *next = column + STACK_ARROW_WIDTH;
    } else if (strcmp(token->text, "\\o") == 0) {
        column++;
        *next += 2;
    }
    for (size_t i = 0; i < 2; i++) {
        *next += strcmp(token->text, wide[i]) == 0 || strcmp(token->text, late[i]) == 0 ? 1 : 0;
        column += strcmp(token->text, late[i]) == 0 ? 1 : 0;
    }
    return column;
}

/* Lays a value of `stack` out: a field a line, the arrows below each other. */
static void lay_out_stack(struct fm_pcal_expr *expr)
{
    for (uint32_t i = 0; i < expr->count; i++) {
        int32_t next = i == 0 || i + 1 == expr->count ? 1 : STACK_INDENT;
        for (uint32_t k = 0; k < expr->at[i].count; k++) {
            struct fm_pcal_token *token = expr->at[i].at[k];
            token->column = lay_out_token(token, next, &next);
        }
    }
    fm_pcal_expr_normalize(expr);
}

/* << [procedure |-> "name", pc |-> ..., saved variables] >> \o stack; `next` NULL: in place of the
 * present head of the stack, with its pc. */
static struct fm_pcal_expr *new_stack(struct lower *lower, const struct fm_pcal_routine *procedure,
                                      const char *next)
{
    struct fm_pcal_expr *expr = fm_pcal_expr_new(lower->pcal);
    add_symbol(lower, expr, "<<");
    add_symbol(lower, expr, "[");
    add(lower, expr, FM_PCAL_TOKEN_IDENT, "procedure");
    add_symbol(lower, expr, "|->");
    add(lower, expr, FM_PCAL_TOKEN_STRING, procedure->name);
    add_symbol(lower, expr, ",");
    fm_pcal_expr_add_line(lower->pcal, expr);
    add(lower, expr, FM_PCAL_TOKEN_IDENT, "pc");
    add_symbol(lower, expr, "|->");
    if (next != NULL) {
        add(lower, expr, FM_PCAL_TOKEN_STRING, next);
    } else {
        add_of_stack(lower, expr, "Head", "pc");
    }
    add_saved(lower, expr, &procedure->variables);
    add_saved(lower, expr, &procedure->params);
    add_symbol(lower, expr, "]");
    add_symbol(lower, expr, ">>");
    fm_pcal_expr_add_line(lower->pcal, expr);
    add_symbol(lower, expr, "\\o");
    if (next != NULL) {
        add(lower, expr, FM_PCAL_TOKEN_ADDED, "stack");
    } else {
        add_of_stack(lower, expr, "Tail", NULL);
    }
    lay_out_stack(expr);
    return expr;
}

/* ---- Calls and returns. */

static const struct fm_pcal_routine *procedure_of(struct lower *lower, const char *name,
                                                  const struct fm_pcal_stmt *stmt)
{
    const struct fm_pcal_routines *procedures = &lower->pcal->algorithm->procedures;
    for (uint32_t i = 0; name != NULL && i < procedures->count; i++) {
        if (strcmp(procedures->at[i]->name, name) == 0) {
            return procedures->at[i];
        }
    }
    if (name == NULL) {
        fm_pcal_fail(lower->pcal, FM_CODE_1046, stmt->span, NULL,
                     "this return is not in a procedure");
    } else {
        fm_pcal_fail(lower->pcal, FM_CODE_1046, stmt->span, NULL,
                     "there is no procedure `%s`, or it was renamed because the name occurs twice",
                     name);
    }
    return NULL;
}

/* The procedure that a call enters, or NULL. */
static const struct fm_pcal_routine *callee_of(struct lower *lower, const struct fm_pcal_stmt *stmt)
{
    const struct fm_pcal_routine *callee = procedure_of(lower, stmt->name, stmt);
    if (callee != NULL && callee->params.count != stmt->args.count) {
        fm_pcal_fail(lower->pcal, FM_CODE_1046, stmt->span, NULL,
                     "the procedure `%s` has %u parameters, this call %u arguments", stmt->name,
                     callee->params.count, stmt->args.count);
        return NULL;
    }
    return callee;
}

/* The arguments as the last part of `stack`, then the callee's own variables, then its entry. */
static void push_entry(struct lower *lower, struct fm_pcal_stmts *to, struct fm_pcal_stmt *stack,
                       const struct fm_pcal_stmt *call, const struct fm_pcal_routine *callee)
{
    for (uint32_t i = 0; i < callee->params.count; i++) {
        add_assign(lower, stack, callee->params.at[i].name, call->args.at[i]);
    }
    fm_pcal_push(lower->pcal, to, stack);
    for (uint32_t i = 0; i < callee->variables.count; i++) {
        push_assign(lower, to, call, callee->variables.at[i].name, callee->variables.at[i].value);
    }
    push_pc(lower, to, callee->entry == NULL ? "null" : callee->entry);
}

static void push_call(struct lower *lower, struct fm_pcal_stmts *to,
                      const struct fm_pcal_stmt *call, const char *next)
{
    const struct fm_pcal_routine *callee = callee_of(lower, call);
    if (callee != NULL) {
        struct fm_pcal_stmt *stack = new_assign(lower, call);
        add_assign(lower, stack, "stack", new_stack(lower, callee, next));
        push_entry(lower, to, stack, call, callee);
    }
}

static void push_restored(struct lower *lower, struct fm_pcal_stmts *to,
                          const struct fm_pcal_stmt *origin,
                          const struct fm_pcal_variables *variables)
{
    for (uint32_t i = 0; i < variables->count; i++) {
        const char *name = variables->at[i].name;
        push_assign(lower, to, origin, name, of_stack(lower, "Head", name));
    }
}

static void push_return(struct lower *lower, struct fm_pcal_stmts *to, struct fm_pcal_stmt *stmt)
{
    if (stmt->procedure == NULL) {
        stmt->procedure = lower->procedure;
    }
    const struct fm_pcal_routine *from = procedure_of(lower, stmt->procedure, stmt);
    if (from != NULL) {
        push_assign(lower, to, stmt, "pc", of_stack(lower, "Head", "pc"));
        push_restored(lower, to, stmt, &from->variables);
        push_restored(lower, to, stmt, &from->params);
        push_assign(lower, to, stmt, "stack", of_stack(lower, "Tail", NULL));
    }
}

static void push_call_return(struct lower *lower, struct fm_pcal_stmts *to,
                             const struct fm_pcal_stmt *stmt)
{
    const struct fm_pcal_routine *from = procedure_of(lower, stmt->procedure, stmt);
    const struct fm_pcal_routine *callee = from == NULL ? NULL : callee_of(lower, stmt);
    if (callee == NULL) {
        return;
    }
    struct fm_pcal_stmt *stack = new_assign(lower, stmt);
    if (strcmp(stmt->procedure, stmt->name) != 0) {
        for (uint32_t i = 0; i < from->variables.count; i++) {
            const char *name = from->variables.at[i].name;
            add_assign(lower, stack, name, of_stack(lower, "Head", name));
        }
        add_assign(lower, stack, "stack", new_stack(lower, callee, NULL));
    }
    push_entry(lower, to, stack, stmt, callee);
}

/* ---- Lists. */

static struct lowered lower_with_goto(struct lower *lower, struct fm_pcal_stmts *stmts,
                                      struct target next)
{
    struct lowered lowered = lower_list(lower, stmts, next);
    if (lowered.goes_on) {
        push_pc(lower, lowered.list, next.label);
    }
    return lowered;
}

static void append(struct lower *lower, struct fm_pcal_stmts *to, const struct fm_pcal_stmts *from)
{
    for (uint32_t i = 0; i < from->count; i++) {
        fm_pcal_push(lower->pcal, to, from->at[i]);
    }
}

/* An `if` or `either` in which a step ends: another statement takes its place. */
static void lower_split(struct lower *lower, struct fm_pcal_stmts *list, struct target next)
{
    const struct fm_pcal_stmt *stmt = list->at[--list->count];
    struct fm_pcal_stmt *plain = fm_pcal_stmt_new(lower->pcal, stmt->kind, stmt->span);
    struct fm_pcal_stmts *inside = fm_pcal_stmts_new(lower->pcal);
    plain->expr = stmt->expr;
    plain->call_span = stmt->call_span;
    for (uint32_t i = 0; i < stmt->clauses.count && !lower->pcal->failed; i++) {
        const struct fm_pcal_clause *clause = &stmt->clauses.at[i];
        struct target first = next;
        /* pcal.trans puts what is inside of an either's clause before its labeled steps, what is
         * inside of the branches of an if after those of both. */
        first.steps = stmt->kind == FM_PCAL_IF ? inside : next.steps;
        if (clause->labeled->count > 0) {
            first.label = clause->labeled->at[0]->label;
        }
        struct fm_pcal_clause lowered = {lower_with_goto(lower, clause->plain, first).list,
                                         fm_pcal_stmts_new(lower->pcal)};
        fm_pcal_push(lower->pcal, &plain->clauses, lowered);
        lower_steps(lower, clause->labeled, next);
    }
    append(lower, next.steps, inside);
    fm_pcal_push(lower->pcal, list, plain);
}

/* Whether control goes on after an `if` or `either` that no label divides. */
static bool lower_branches(struct lower *lower, struct fm_pcal_stmt *stmt, struct target next)
{
    uint32_t count = stmt->clauses.count, going_on = 0;
    bool *goes_on = fm_arena_calloc(lower->pcal->arena, count, sizeof *goes_on);
    for (uint32_t i = 0; i < count && !lower->pcal->failed; i++) {
        struct lowered lowered = lower_list(lower, stmt->clauses.at[i].plain, next);
        stmt->clauses.at[i].plain = lowered.list;
        goes_on[i] = lowered.goes_on;
        going_on += lowered.goes_on ? 1 : 0;
    }
    for (uint32_t i = 0; i < count && going_on < count; i++) {
        if (goes_on[i]) {
            push_pc(lower, stmt->clauses.at[i].plain, next.label);
        }
    }
    return going_on == count;
}

/* Replaces the last statement where it jumps. */
static bool lower_last(struct lower *lower, struct fm_pcal_stmts *list, struct target next)
{
    struct fm_pcal_stmt *last = list->at[list->count - 1];
    switch (last->kind) {
    case FM_PCAL_IF:
    case FM_PCAL_EITHER:
        if (!last->split) {
            return lower_branches(lower, last, next);
        }
        lower_split(lower, list, next);
        return false;
    case FM_PCAL_WITH: {
        struct lowered lowered = lower_list(lower, last->clauses.at[0].plain, next);
        last->clauses.at[0].plain = lowered.list;
        return lowered.goes_on;
    }
    case FM_PCAL_GOTO:
        list->count--;
        push_pc(lower, list, last->target);
        return false;
    case FM_PCAL_CALL:
        list->count--;
        push_call(lower, list, last, next.label);
        return false;
    case FM_PCAL_CALL_GOTO:
        list->count--;
        push_call(lower, list, last, last->target);
        return false;
    case FM_PCAL_RETURN:
        list->count--;
        push_return(lower, list, last);
        return false;
    case FM_PCAL_CALL_RETURN:
        list->count--;
        push_call_return(lower, list, last);
        return false;
    case FM_PCAL_LABELED:
    case FM_PCAL_ASSIGN:
    case FM_PCAL_WHILE:
    case FM_PCAL_AWAIT:
    case FM_PCAL_PRINT:
    case FM_PCAL_ASSERT:
    case FM_PCAL_SKIP:
    case FM_PCAL_MACRO_CALL:
        break;
    }
    return true;
}

/* Changes a list in place; an empty one stays, and another stands for it. */
static struct lowered lower_list(struct lower *lower, struct fm_pcal_stmts *stmts,
                                 struct target next)
{
    struct lowered lowered = {stmts, true};
    if (lower->pcal->failed) {
        return lowered;
    }
    if (stmts->count == 0) {
        lowered.list = fm_pcal_stmts_new(lower->pcal);
    } else {
        lowered.goes_on = lower_last(lower, stmts, next);
    }
    lowered.goes_on = lowered.goes_on && !lower->pcal->algorithm->no_pc;
    return lowered;
}

/* ---- Sorting. */

static void sort_assigns(struct lower *lower, struct fm_pcal_stmt *stmt)
{
    struct fm_pcal_assigns *assigns = &stmt->assigns;
    for (uint32_t i = 0; i < assigns->count; i++) {
        struct fm_pcal_assign assign = assigns->at[i];
        if (!fm_pcal_names_have(&lower->variables, assign.variable)) {
            fm_pcal_fail(lower->pcal, FM_CODE_1046, assign.span, NULL,
                         "`%s` is assigned to, and is no variable of the algorithm",
                         assign.variable);
        }
        uint32_t k = i;
        for (; k > 0 && strcmp(assigns->at[k - 1].variable, assign.variable) > 0; k--) {
            assigns->at[k] = assigns->at[k - 1];
        }
        assigns->at[k] = assign;
    }
}

static void sort_list(struct lower *lower, const struct fm_pcal_stmts *stmts)
{
    for (uint32_t i = 0; i < stmts->count && !lower->pcal->failed; i++) {
        struct fm_pcal_stmt *stmt = stmts->at[i];
        sort_assigns(lower, stmt);
        for (uint32_t k = 0; k < stmt->clauses.count; k++) {
            sort_list(lower, stmt->clauses.at[k].plain);
        }
    }
}

/* ---- Steps. */

static struct fm_pcal_stmts *copy_from(struct lower *lower, const struct fm_pcal_stmts *stmts,
                                       uint32_t first)
{
    struct fm_pcal_stmts *copy = fm_pcal_stmts_new(lower->pcal);
    for (uint32_t i = first; i < stmts->count; i++) {
        fm_pcal_push(lower->pcal, copy, stmts->at[i]);
    }
    return copy;
}

/* Lowers a copy of a list that is the whole of a step. */
static struct fm_pcal_stmts *lower_whole(struct lower *lower, struct fm_pcal_stmts *copy,
                                         struct target next)
{
    struct lowered lowered = lower_with_goto(lower, copy, next);
    if (next.live) {
        sort_list(lower, lowered.list);
    }
    return lowered.list;
}

/* The statement `await pc = "label"`. */
static struct fm_pcal_stmt *new_test(struct lower *lower, const struct fm_pcal_stmt *step)
{
    struct fm_pcal_stmt *test = fm_pcal_stmt_new(lower->pcal, FM_PCAL_AWAIT, step->span);
    test->expr = fm_pcal_expr_new(lower->pcal);
    add(lower, test->expr, FM_PCAL_TOKEN_ADDED, "pc");
    add_symbol(lower, test->expr, "=");
    add(lower, test->expr, FM_PCAL_TOKEN_STRING, step->label);
    int32_t column = 0;
    for (uint32_t i = 0; i < test->expr->at[0].count; i++) {
        test->expr->at[0].at[i]->column = column;
        column += (int32_t)test->expr->at[0].at[i]->width + 1;
    }
    return test;
}

/* A step of that label, which begins with the test of `pc`; its list. */
static struct fm_pcal_stmts *push_step(struct lower *lower, const struct fm_pcal_stmt *step,
                                       struct fm_pcal_stmts *to)
{
    struct fm_pcal *pcal = lower->pcal;
    struct fm_pcal_stmt *made = fm_pcal_stmt_new(pcal, FM_PCAL_LABELED, step->span);
    struct fm_pcal_clause clause = {fm_pcal_stmts_new(pcal), fm_pcal_stmts_new(pcal)};
    made->label = step->label;
    made->call_span = step->call_span;
    if (!pcal->algorithm->no_pc) {
        struct fm_pcal_stmt *test = new_test(lower, step);
        fm_pcal_push(pcal, clause.plain, test);
    }
    fm_pcal_push(pcal, &made->clauses, clause);
    fm_pcal_push(pcal, to, made);
    return clause.plain;
}

static struct fm_pcal_stmt *new_if(struct lower *lower, const struct fm_pcal_stmt *loop,
                                   struct fm_pcal_stmts *then, struct fm_pcal_stmts *otherwise)
{
    struct fm_pcal *pcal = lower->pcal;
    struct fm_pcal_stmt *made = fm_pcal_stmt_new(pcal, FM_PCAL_IF, loop->span);
    made->expr = loop->expr;
    made->call_span = loop->call_span;
    struct fm_pcal_clause clause = {then, fm_pcal_stmts_new(pcal)};
    fm_pcal_push(pcal, &made->clauses, clause);
    clause.plain = otherwise;
    fm_pcal_push(pcal, &made->clauses, clause);
    return made;
}

/* TRUE or (TRUE) */
static bool is_true(const struct fm_pcal_expr *expr)
{
    if (expr->count != 1) {
        return false;
    }
    const struct fm_pcal_line *line = &expr->at[0];
    return (line->count == 1 && strcmp(line->at[0]->text, "TRUE") == 0) ||
           (line->count == 3 && strcmp(line->at[0]->text, "(") == 0 &&
            strcmp(line->at[1]->text, "TRUE") == 0 && strcmp(line->at[2]->text, ")") == 0);
}

static void lower_loop(struct lower *lower, const struct fm_pcal_stmt *step, struct target next)
{
    const struct fm_pcal_stmts *stmts = step->clauses.at[0].plain;
    const struct fm_pcal_stmt *loop = stmts->at[0];
    struct fm_pcal_stmts *labeled = loop->clauses.at[0].labeled;
    struct fm_pcal *pcal = lower->pcal;
    bool endless = is_true(loop->expr);
    struct target again = {step->label, next.live, next.steps};
    struct target inside = {labeled->count > 0 ? labeled->at[0]->label : step->label, next.live,
                            fm_pcal_stmts_new(pcal)};
    struct target after = {next.label, next.live && !endless, fm_pcal_stmts_new(pcal)};
    struct fm_pcal_stmts *body = copy_from(lower, loop->clauses.at[0].plain, 0);
    body = lower_whole(lower, body, inside);
    struct fm_pcal_stmts *rest = lower_whole(lower, copy_from(lower, stmts, 1), after);
    struct fm_pcal_stmts *made = push_step(lower, step, next.steps);
    if (endless) {
        append(lower, made, body);
    } else {
        struct fm_pcal_stmt *test = new_if(lower, loop, body, rest);
        fm_pcal_push(pcal, made, test);
    }
    lower_steps(lower, labeled, again);
    append(lower, next.steps, inside.steps);
    if (!endless) {
        append(lower, next.steps, after.steps);
    }
}

static void lower_step(struct lower *lower, const struct fm_pcal_stmt *step, struct target next)
{
    const struct fm_pcal_stmts *stmts = step->clauses.at[0].plain;
    if (stmts->at[0]->kind == FM_PCAL_WHILE) {
        lower_loop(lower, step, next);
    } else {
        struct fm_pcal_stmts *steps = next.steps;
        next.live = next.live && !lower->pcal->algorithm->no_pc;
        next.steps = fm_pcal_stmts_new(lower->pcal);
        struct fm_pcal_stmts *list = lower_whole(lower, copy_from(lower, stmts, 0), next);
        if (!lower->pcal->algorithm->no_pc) {
            append(lower, push_step(lower, step, steps), list);
        }
        append(lower, steps, next.steps);
    }
}

static void lower_steps(struct lower *lower, struct fm_pcal_stmts *steps, struct target next)
{
    for (uint32_t i = 0; i < steps->count && !lower->pcal->failed; i++) {
        struct target target = next;
        if (i + 1 < steps->count) {
            target.label = steps->at[i + 1]->label;
        }
        lower_step(lower, steps->at[i], target);
    }
}

static void add_variables(struct lower *lower, const struct fm_pcal_variables *variables)
{
    for (uint32_t i = 0; i < variables->count; i++) {
        fm_pcal_push(lower->pcal, &lower->variables, variables->at[i].name);
    }
}

static void add_all_variables(struct lower *lower)
{
    const struct fm_pcal_algorithm *algorithm = lower->pcal->algorithm;
    if (!algorithm->no_pc) {
        fm_pcal_push(lower->pcal, &lower->variables, "pc");
    }
    add_variables(lower, &algorithm->variables);
    if (algorithm->procedures.count > 0) {
        fm_pcal_push(lower->pcal, &lower->variables, "stack");
    }
    for (uint32_t i = 0; i < algorithm->procedures.count; i++) {
        add_variables(lower, &algorithm->procedures.at[i]->params);
        add_variables(lower, &algorithm->procedures.at[i]->variables);
    }
    for (uint32_t i = 0; i < algorithm->processes.count; i++) {
        add_variables(lower, &algorithm->processes.at[i]->variables);
    }
}

static void lower_routine(struct lower *lower, struct fm_pcal_routine *routine, const char *end)
{
    routine->steps = fm_pcal_stmts_new(lower->pcal);
    lower_steps(lower, routine->body, (struct target){end, true, routine->steps});
}

bool fm_pcal_lower(struct fm_arena *arena, struct fm_pcal_algorithm *algorithm,
                   struct fm_pcal_problem *problem)
{
    struct fm_pcal *pcal = fm_arena_calloc(arena, 1, sizeof *pcal);
    pcal->arena = arena;
    pcal->algorithm = algorithm;
    pcal->problem = problem;
    struct lower lower = {.pcal = pcal};
    add_all_variables(&lower);
    for (uint32_t i = 0; i < algorithm->procedures.count; i++) {
        lower.procedure = algorithm->procedures.at[i]->name;
        lower_routine(&lower, algorithm->procedures.at[i], "Error");
    }
    lower.procedure = NULL;
    for (uint32_t i = 0; i < algorithm->processes.count; i++) {
        lower_routine(&lower, algorithm->processes.at[i], "Done");
    }
    if (algorithm->body != NULL) {
        algorithm->steps = fm_pcal_stmts_new(pcal);
        lower_steps(&lower, algorithm->body, (struct target){"Done", true, algorithm->steps});
    }
    return !pcal->failed;
}
