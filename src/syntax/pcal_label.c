/* Labels of PlusCal: where steps begin.
 *
 * The manual (section 3.7) says where a label must stand: before the first statement of a body and
 * before `while`; after `call`, `return` and `goto`, and after an `if` or `either` with one of
 * these or a label inside; before an assignment to a variable that the step has assigned to
 * already. A label that is missing is added and counted; whether that is a mistake the caller knows
 * (it is none in an algorithm without any label). The names of added labels number them in the
 * order in which pcal.trans adds them, so the walk is its walk (tlatools,
 * pcal/ParseAlgorithm.InnerAddLabels).
 *
 * Then sequences are divided: from one label to the next is a step, a LABELED statement; what
 * stands before the first label inside a compound statement belongs to the step around it. An `if`
 * or `either` in which a step ends is `split`. */
#include "syntax/pcal.h"

#include <stdio.h>
#include <string.h>

/* What one sequence is walked with. */
struct walk {
    bool first;                           /* its first statement needs a label */
    bool in_with;                         /* where none may stand */
    const struct fm_pcal_names *assigned; /* variables that the step has assigned to before it */
};

static bool add_labels(struct fm_pcal *pcal, struct fm_pcal_stmts *stmts, struct walk walk,
                       struct fm_pcal_names *assigned);

static bool have_common(const struct fm_pcal_names *a, const struct fm_pcal_names *b)
{
    for (uint32_t i = 0; i < b->count; i++) {
        if (fm_pcal_names_have(a, b->at[i])) {
            return true;
        }
    }
    return false;
}

static void add_names(struct fm_pcal *pcal, struct fm_pcal_names *to,
                      const struct fm_pcal_names *from)
{
    for (uint32_t i = 0; i < from->count; i++) {
        if (!fm_pcal_names_have(to, from->at[i])) {
            fm_pcal_push(pcal, to, from->at[i]);
        }
    }
}

static void need_label(struct fm_pcal *pcal, struct fm_pcal_stmt *stmt)
{
    if (stmt->label != NULL) {
        return;
    }
    const char *label;
    do {
        label = fm_arena_printf(pcal->arena, "%s%u", pcal->algorithm->options.label_root,
                                pcal->next_label++);
    } while (fm_pcal_names_have(&pcal->labels, label));
    stmt->label = label;
    fm_pcal_push(pcal, &pcal->algorithm->added_labels, label);
    fm_pcal_push(pcal, &pcal->algorithm->added,
                 stmt->call_span.source != 0 ? stmt->call_span : stmt->span);
}

/* The state of a walk over one sequence. */
struct sequence {
    struct fm_pcal *pcal;
    struct walk walk;
    struct fm_pcal_names *assigned;
    bool next_needs_label;
    bool has_label;
};

/* A step begins at this statement. */
static void begin_step(struct sequence *sequence, struct fm_pcal_stmt *stmt)
{
    need_label(sequence->pcal, stmt);
    sequence->has_label = true;
    sequence->assigned->count = 0;
}

static void label_if(struct sequence *sequence, struct fm_pcal_stmt *stmt)
{
    struct fm_pcal_names all = {0};
    bool needs = false;
    for (uint32_t i = 0; i < stmt->clauses.count; i++) {
        struct fm_pcal_names assigned = {0};
        struct walk walk = {false, sequence->walk.in_with, sequence->assigned};
        needs = add_labels(sequence->pcal, stmt->clauses.at[i].plain, walk, &assigned) || needs;
        add_names(sequence->pcal, &all, &assigned);
    }
    sequence->next_needs_label = needs;
    *sequence->assigned = all;
}

static void label_while(struct sequence *sequence, struct fm_pcal_stmt *stmt)
{
    if (sequence->walk.in_with) {
        fm_pcal_fail(sequence->pcal, FM_CODE_1045, stmt->span, NULL,
                     "this while needs a label, which cannot stand in a with");
        return;
    }
    begin_step(sequence, stmt);
    struct fm_pcal_names assigned = {0};
    struct walk walk = {false, false, sequence->assigned};
    (void)add_labels(sequence->pcal, stmt->clauses.at[0].plain, walk, &assigned);
    sequence->next_needs_label = false;
}

static void label_with(struct sequence *sequence, struct fm_pcal_stmt *stmt)
{
    static const struct fm_pcal_names none;
    bool inner = sequence->walk.in_with;
    struct fm_pcal_names assigned = {0};
    struct walk walk = {false, true, inner ? sequence->walk.assigned : &none};
    sequence->next_needs_label = add_labels(sequence->pcal, stmt->clauses.at[0].plain, walk,
                                            &assigned);
    *sequence->assigned = assigned;
    if (!inner && have_common(sequence->walk.assigned, sequence->assigned)) {
        begin_step(sequence, stmt);
    }
}

/* A call or return assigns to `stack`, a return and a recursive call to the variables of all
 * procedures. */
static void names_of_call(struct fm_pcal *pcal, const struct fm_pcal_stmt *stmt,
                          struct fm_pcal_names *names)
{
    fm_pcal_push(pcal, names, "stack");
    bool own = stmt->kind == FM_PCAL_RETURN || stmt->kind == FM_PCAL_CALL_RETURN ||
               (pcal->procedure != NULL && strcmp(stmt->name, pcal->procedure) == 0);
    const struct fm_pcal_routines *procedures = &pcal->algorithm->procedures;
    for (uint32_t i = 0; own && i < procedures->count; i++) {
        const struct fm_pcal_routine *procedure = procedures->at[i];
        for (uint32_t k = 0; k < procedure->params.count; k++) {
            fm_pcal_push(pcal, names, procedure->params.at[k].name);
        }
        for (uint32_t k = 0; k < procedure->variables.count; k++) {
            fm_pcal_push(pcal, names, procedure->variables.at[k].name);
        }
    }
}

static void label_simple(struct sequence *sequence, struct fm_pcal_stmt *stmt)
{
    struct fm_pcal *pcal = sequence->pcal;
    struct fm_pcal_names names = {0};
    bool call = stmt->kind == FM_PCAL_CALL || stmt->kind == FM_PCAL_RETURN ||
                stmt->kind == FM_PCAL_CALL_RETURN || stmt->kind == FM_PCAL_CALL_GOTO;
    if (call) {
        names_of_call(pcal, stmt, &names);
    }
    for (uint32_t i = 0; i < stmt->assigns.count; i++) {
        if (!fm_pcal_names_have(&names, stmt->assigns.at[i].variable)) {
            fm_pcal_push(pcal, &names, stmt->assigns.at[i].variable);
        }
    }
    sequence->next_needs_label = call || stmt->kind == FM_PCAL_GOTO;
    if (have_common(sequence->assigned, &names)) {
        if (sequence->walk.in_with) {
            fm_pcal_fail(pcal, FM_CODE_1045, stmt->span, NULL,
                         "this assigns a second time to a variable in a with, where no label can "
                         "stand");
            return;
        }
        begin_step(sequence, stmt);
    }
    add_names(pcal, sequence->assigned, &names);
}

static void label_statement(struct sequence *sequence, struct fm_pcal_stmt *stmt)
{
    switch (stmt->kind) {
    case FM_PCAL_IF:
    case FM_PCAL_EITHER:
        label_if(sequence, stmt);
        return;
    case FM_PCAL_WHILE:
        label_while(sequence, stmt);
        return;
    case FM_PCAL_WITH:
        label_with(sequence, stmt);
        return;
    case FM_PCAL_LABELED:
    case FM_PCAL_ASSIGN:
    case FM_PCAL_AWAIT:
    case FM_PCAL_PRINT:
    case FM_PCAL_ASSERT:
    case FM_PCAL_SKIP:
    case FM_PCAL_CALL:
    case FM_PCAL_RETURN:
    case FM_PCAL_CALL_RETURN:
    case FM_PCAL_CALL_GOTO:
    case FM_PCAL_GOTO:
    case FM_PCAL_MACRO_CALL:
        label_simple(sequence, stmt);
        return;
    }
}

/* Whether what follows the sequence needs a label. `assigned` becomes what the step that is open at
 * its end has assigned to. */
static bool add_labels(struct fm_pcal *pcal, struct fm_pcal_stmts *stmts, struct walk walk,
                       struct fm_pcal_names *assigned)
{
    struct sequence sequence = {pcal, walk, assigned, walk.first, false};
    add_names(pcal, assigned, walk.assigned);
    for (uint32_t i = 0; i < stmts->count && !pcal->failed; i++) {
        struct fm_pcal_stmt *stmt = stmts->at[i];
        if (stmt->label != NULL) {
            sequence.has_label = true;
            assigned->count = 0;
        }
        if (walk.in_with && (stmt->label != NULL || sequence.next_needs_label)) {
            fm_pcal_fail(pcal, FM_CODE_1045, stmt->span, NULL,
                         stmt->label != NULL
                             ? "a label cannot stand in a with"
                             : "this follows a call, return or goto in a with, and needs a label, "
                               "which cannot stand there");
        } else if (sequence.next_needs_label) {
            begin_step(&sequence, stmt);
            sequence.next_needs_label = false;
        }
        label_statement(&sequence, stmt);
    }
    return sequence.has_label || sequence.next_needs_label;
}

void fm_pcal_add_labels(struct fm_pcal *pcal, struct fm_pcal_stmts *stmts)
{
    static const struct fm_pcal_names none;
    struct fm_pcal_names assigned = {0};
    if (!pcal->failed) {
        (void)add_labels(pcal, stmts, (struct walk){true, false, &none}, &assigned);
    }
}

/* ---- Steps. */

static struct fm_pcal_stmts *divide(struct fm_pcal *pcal, struct fm_pcal_stmts *stmts,
                                    uint32_t from);

/* Takes what is labeled inside the statement apart. */
static void divide_inside(struct fm_pcal *pcal, struct fm_pcal_stmt *stmt)
{
    if (stmt->kind != FM_PCAL_IF && stmt->kind != FM_PCAL_EITHER && stmt->kind != FM_PCAL_WHILE) {
        return;
    }
    for (uint32_t i = 0; i < stmt->clauses.count; i++) {
        struct fm_pcal_clause *clause = &stmt->clauses.at[i];
        uint32_t plain = 0;
        while (plain < clause->plain->count && clause->plain->at[plain]->label == NULL) {
            divide_inside(pcal, clause->plain->at[plain]);
            plain++;
        }
        clause->labeled = divide(pcal, clause->plain, plain);
        clause->plain->count = plain;
    }
}

/* The steps of the statements from `from` on, the first of which is labeled. */
static struct fm_pcal_stmts *divide(struct fm_pcal *pcal, struct fm_pcal_stmts *stmts,
                                    uint32_t from)
{
    struct fm_pcal_stmts *steps = fm_pcal_stmts_new(pcal);
    while (from < stmts->count) {
        struct fm_pcal_stmt *first = stmts->at[from];
        struct fm_pcal_stmt *step = fm_pcal_stmt_new(pcal, FM_PCAL_LABELED, first->span);
        struct fm_pcal_clause clause = {fm_pcal_stmts_new(pcal), fm_pcal_stmts_new(pcal)};
        step->call_span = first->call_span;
        step->label = first->label;
        do {
            struct fm_pcal_stmt *stmt = stmts->at[from++];
            divide_inside(pcal, stmt);
            fm_pcal_push(pcal, clause.plain, stmt);
        } while (from < stmts->count && stmts->at[from]->label == NULL);
        fm_pcal_push(pcal, &step->clauses, clause);
        fm_pcal_push(pcal, steps, step);
    }
    return steps;
}

/* ---- Where control leaves a step. */

enum leaving {
    GOES_ON, /* to the next statement, always */
    JUMPS,   /* calls, returns or goes to a label somewhere */
    SPLITS   /* has a label inside */
};

static enum leaving classify_list(struct fm_pcal *pcal, struct fm_pcal_stmts *stmts);

static void classify_steps(struct fm_pcal *pcal, struct fm_pcal_stmts *steps)
{
    for (uint32_t i = 0; i < steps->count; i++) {
        (void)classify_list(pcal, steps->at[i]->clauses.at[0].plain);
    }
}

static enum leaving classify_branches(struct fm_pcal *pcal, struct fm_pcal_stmt *stmt)
{
    enum leaving most = GOES_ON;
    for (uint32_t i = 0; i < stmt->clauses.count; i++) {
        struct fm_pcal_clause *clause = &stmt->clauses.at[i];
        enum leaving one = classify_list(pcal, clause->plain);
        classify_steps(pcal, clause->labeled);
        one = clause->labeled->count > 0 ? SPLITS : one;
        most = one > most ? one : most;
    }
    return most;
}

static enum leaving classify(struct fm_pcal *pcal, struct fm_pcal_stmt *stmt)
{
    switch (stmt->kind) {
    case FM_PCAL_IF:
    case FM_PCAL_EITHER: {
        enum leaving leaving = classify_branches(pcal, stmt);
        stmt->split = leaving == SPLITS;
        return leaving;
    }
    case FM_PCAL_WITH:
        return classify_list(pcal, stmt->clauses.at[0].plain);
    case FM_PCAL_WHILE:
        (void)classify_list(pcal, stmt->clauses.at[0].plain);
        classify_steps(pcal, stmt->clauses.at[0].labeled);
        return GOES_ON;
    case FM_PCAL_CALL:
    case FM_PCAL_RETURN:
    case FM_PCAL_CALL_RETURN:
    case FM_PCAL_CALL_GOTO:
    case FM_PCAL_GOTO:
        return JUMPS;
    case FM_PCAL_LABELED:
    case FM_PCAL_ASSIGN:
    case FM_PCAL_AWAIT:
    case FM_PCAL_PRINT:
    case FM_PCAL_ASSERT:
    case FM_PCAL_SKIP:
    case FM_PCAL_MACRO_CALL:
        break;
    }
    return GOES_ON;
}

/* How the last statement leaves; add_labels sees to it that none before it does. */
static enum leaving classify_list(struct fm_pcal *pcal, struct fm_pcal_stmts *stmts)
{
    enum leaving leaving = GOES_ON;
    for (uint32_t i = 0; i < stmts->count && !pcal->failed; i++) {
        leaving = classify(pcal, stmts->at[i]);
        if (leaving != GOES_ON && i + 1 < stmts->count) {
            fm_pcal_fail(pcal, FM_CODE_1045, stmts->at[i + 1]->span, NULL,
                         "this statement needs a label");
        }
    }
    return leaving;
}

struct fm_pcal_stmts *fm_pcal_steps(struct fm_pcal *pcal, struct fm_pcal_stmts *stmts)
{
    if (pcal->failed) {
        return stmts;
    }
    struct fm_pcal_stmts *steps = divide(pcal, stmts, 0);
    classify_steps(pcal, steps);
    return steps;
}
