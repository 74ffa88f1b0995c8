/* Evaluation errors in TLC's words: what went wrong, and the expressions around it.
 *
 * The text is found by matching our own message with a table (tlc_failures.def) that has TLC's
 * beside it; a message without a row is given as it is, in our words.
 *
 * The positions are those of TLC's CallStackTool (tlc2/tool/impl), which evaluates once more and
 * notes each expression that it enters and has not left. They follow from the trees: in an
 * expression they are the nodes from the whole of it down to the one that failed; at a call the
 * body of the definition follows. In an action, and in the initial predicate, TLC does not leave a
 * conjunct before it is done with the conjuncts behind it, so those before the failing one are
 * listed too; of these we list the conjuncts, not what a branch taken inside of them adds. An
 * invariant that fails on an initial state comes behind the whole initial predicate for the same
 * reason.
 *
 * Where to go is told by the operator stack of the failure: for each operator, outermost last, the
 * place of the expression that was being evaluated in it. */
#include "cli/tlc_report.h"

#include "cli/message.h"

#include <string.h>

/* Positions at most: a deep recursion has many more than anybody reads. */
#define POSITIONS_MAX 1000u

/* --- texts --- */

struct failure_row {
    enum fm_code code;
    const char *ours;
    enum fm_tlc_message message;
    const char *text;
};

static const struct failure_row rows[] = {
#define TLC_FAILURE(code, ours, message, text) {FM_CODE_##code, ours, FM_TLC_##message, text},
#include "cli/tlc_failures.def"
#undef TLC_FAILURE
};

enum { ROW_COUNT = sizeof rows / sizeof *rows, CAPTURE_COUNT = 2 };

struct captures {
    const char *at[CAPTURE_COUNT];
    size_t length[CAPTURE_COUNT];
};

static bool is_capture(const char *pattern)
{
    return pattern[0] == '%' && pattern[1] >= '1' && pattern[1] < '1' + CAPTURE_COUNT;
}

/* A capture ends where the text behind it in the pattern begins for the last time. */
static bool match(const char *pattern, const char *text, struct captures *captures)
{
    while (*pattern != '\0' && !is_capture(pattern)) {
        if (*pattern++ != *text++) {
            return false;
        }
    }
    if (*pattern == '\0') {
        return *text == '\0';
    }
    uint32_t number = (uint32_t)(pattern[1] - '1');
    for (size_t length = strlen(text) + 1; length-- > 0;) {
        if (match(pattern + 2, text + length, captures)) {
            captures->at[number] = text;
            captures->length[number] = length;
            return true;
        }
    }
    return false;
}

/* What TLC calls a value of that kind when it is compared with one of another. */
static const char *kind_of(const char *value)
{
    if (value[0] == '"') {
        return "string";
    }
    if (strcmp(value, "TRUE") == 0 || strcmp(value, "FALSE") == 0) {
        return "boolean";
    }
    if (value[0] == '-' || (value[0] >= '0' && value[0] <= '9')) {
        return strstr(value, "..") == NULL ? "integer" : NULL;
    }
    return NULL;
}

/* False when the row has nothing to say for these values. */
static bool fill_row(const struct fm_report *report, const struct failure_row *row,
                     const struct captures *captures, struct fm_span span, struct fm_text *out)
{
    struct fm_text first = {NULL, 0, 0}, second = {NULL, 0, 0}, place = {NULL, 0, 0};
    if (captures->at[0] != NULL) {
        fm_text_add(&first, captures->at[0], captures->length[0]);
    }
    if (captures->at[1] != NULL) {
        fm_text_add(&second, captures->at[1], captures->length[1]);
    }
    fm_report_location(report, span, &place);
    const char *kind = kind_of(fm_text_string(&first));
    bool good = kind != NULL || strstr(row->text, "%4") == NULL;
    if (good) {
        const char *const arguments[] = {fm_text_string(&first), fm_text_string(&second),
                                         fm_text_string(&place), kind};
        fm_message_fill(out, row->text, arguments, sizeof arguments / sizeof *arguments);
    }
    fm_text_deinit(&place);
    fm_text_deinit(&second);
    fm_text_deinit(&first);
    return good;
}

enum fm_tlc_message fm_tlc_failure_text(const struct fm_report *report,
                                        const struct fm_failure_report *failure,
                                        struct fm_text *out)
{
    for (unsigned i = 0; i < ROW_COUNT; i++) {
        struct captures captures = {{NULL, NULL}, {0, 0}};
        if (rows[i].code == failure->code && match(rows[i].ours, failure->message, &captures) &&
            fill_row(report, &rows[i], &captures, failure->span, out)) {
            return rows[i].message;
        }
    }
    fm_text_puts(out, failure->message);
    return FM_TLC_GENERAL;
}

/* --- positions --- */

struct walk {
    const struct fm_report *report;
    const struct fm_failure_report *failure;
    struct fm_text *out;
    const struct fm_node *last; /* listed last: one node is not listed twice in a row */
    uint32_t count;
    uint32_t frame; /* of the failure's stack, being walked; 0 is the innermost */
};

static void add_position(struct walk *walk, struct fm_span span)
{
    struct fm_place place = fm_source_place(fm_diags_sources(walk->report->diags), span);
    if (place.path == NULL || walk->count >= POSITIONS_MAX) {
        return;
    }
    const char *slash = strrchr(place.path, '/');
    const char *file = slash == NULL ? place.path : slash + 1;
    fm_text_printf(walk->out, "%u. Line %u, column %u to line %u, column %u in %.*s\n",
                   walk->count++, place.line, place.column, place.end_line, place.end_column,
                   (int)strcspn(file, "."), file);
}

static void add_node(struct walk *walk, const struct fm_node *node)
{
    if (node != walk->last) {
        add_position(walk, node->span);
        walk->last = node;
    }
}

static bool contains(struct fm_span outer, struct fm_span inner)
{
    return outer.source == inner.source && outer.begin <= inner.begin && inner.end <= outer.end;
}

static bool same_span(struct fm_span a, struct fm_span b)
{
    return a.source == b.source && a.begin == b.begin && a.end == b.end;
}

/* The expression of the frame being walked that was being evaluated. */
static struct fm_span target_of(const struct walk *walk)
{
    const struct fm_failure_report *failure = walk->failure;
    return walk->frame < failure->stack_count ? failure->stack[walk->frame].span : failure->span;
}

static const struct fm_node *within_bindings(const struct fm_binding *bindings, uint32_t count,
                                             struct fm_span target)
{
    for (uint32_t i = 0; i < count; i++) {
        if (bindings[i].set != NULL && contains(bindings[i].set->span, target)) {
            return bindings[i].set;
        }
    }
    return NULL;
}

static const struct fm_node *within_updates(const struct fm_node *node, struct fm_span target)
{
    for (uint32_t i = 0; i < node->u.updates.count; i++) {
        const struct fm_update *update = &node->u.updates.at[i];
        for (uint32_t j = 0; j < update->path_count; j++) {
            if (contains(update->path[j]->span, target)) {
                return update->path[j];
            }
        }
        if (contains(update->value->span, target)) {
            return update->value;
        }
    }
    return NULL;
}

static const struct fm_node *within_lets(const struct fm_node *node, struct fm_span target)
{
    for (uint32_t i = 0; i < node->u.lets.count; i++) {
        const struct fm_node *body = node->u.lets.at[i].def->body;
        if (body != NULL && contains(body->span, target)) {
            return body;
        }
    }
    return NULL;
}

/* The part of the node that has the target in it; NULL when it is the node itself. */
static const struct fm_node *part_with(const struct fm_node *node, struct fm_span target)
{
    const struct fm_node *part = NULL;
    if (node->op == FM_OP_FORALL || node->op == FM_OP_EXISTS || node->op == FM_OP_CHOOSE ||
        node->op == FM_OP_FILTER || node->op == FM_OP_MAP || node->op == FM_OP_FCN) {
        part = within_bindings(node->u.bind.at, node->u.bind.count, target);
    } else if (node->op == FM_OP_RECFCN) {
        part = within_bindings(node->u.recfcn.at, node->u.recfcn.count, target);
    } else if (node->op == FM_OP_EXCEPT) {
        part = within_updates(node, target);
    } else if (node->op == FM_OP_LET) {
        part = within_lets(node, target);
    }
    for (uint32_t i = 0; part == NULL && i < node->count; i++) {
        part = contains(node->kids[i]->span, target) ? node->kids[i] : NULL;
    }
    return part;
}

/* Whether TLC goes through the node as through an action: conjunct by conjunct. */
static bool is_path(const struct fm_node *node)
{
    return node->op == FM_OP_AND || node->op == FM_OP_OR || node->op == FM_OP_EXISTS ||
           node->op == FM_OP_LET || node->op == FM_OP_IF || node->op == FM_OP_CALL;
}

/* All that TLC has entered when it is done with the conjuncts. */
static void add_passed(struct walk *walk, const struct fm_node *node)
{
    add_node(walk, node);
    if (node->op == FM_OP_AND) {
        for (uint32_t i = 0; i < node->count; i++) {
            add_passed(walk, node->kids[i]);
        }
    }
}

static const struct fm_node *called_body(const struct fm_node *node)
{
    return node->op == FM_OP_CALL && node->u.def->body != NULL ? node->u.def->body : NULL;
}

/* From the node down to the failure. Iterative: recursions of the specification can be deep. */
static void walk_down(struct walk *walk, const struct fm_node *node, bool as_action)
{
    while (node != NULL && walk->count < POSITIONS_MAX) {
        struct fm_span target = target_of(walk);
        add_node(walk, node);
        const struct fm_node *part = same_span(node->span, target) ? NULL : part_with(node, target);
        if (part == NULL) {
            if (walk->frame == 0) {
                return;
            }
            walk->frame--;
            node = called_body(node);
            as_action = as_action && node != NULL && is_path(node);
            continue;
        }
        if (as_action && node->op == FM_OP_AND) {
            for (uint32_t i = 0; node->kids[i] != part; i++) {
                add_passed(walk, node->kids[i]);
            }
        }
        as_action = as_action && is_path(node);
        node = part;
    }
}

/* What the outermost operator stands for. */
static const struct fm_node *outermost_of(const struct walk *walk)
{
    const struct fm_program *program = walk->report->program;
    const struct fm_failure_report *failure = walk->failure;
    const struct fm_symbol *name = failure->stack_count == 0
                                       ? NULL
                                       : failure->stack[failure->stack_count - 1].name;
    const struct fm_def *def = name == NULL ? NULL : fm_program_find(program, name);
    return def == NULL ? NULL : def->body;
}

/* The predicates of INIT, through definitions without parameters. */
static void add_initial_predicate(struct walk *walk)
{
    const struct fm_program *program = walk->report->program;
    for (uint32_t i = 0; i < program->init_count; i++) {
        const struct fm_node *node = program->inits[i].node;
        while (called_body(node) != NULL && node->count == 0) {
            node = called_body(node);
        }
        add_passed(walk, node);
    }
}

static void add_all(struct walk *walk, const struct fm_problem *problem)
{
    const struct fm_node *node = outermost_of(walk);
    bool initial = problem->kind == FM_PROBLEM_INITIAL_INVARIANT_FAILED ||
                   problem->kind == FM_PROBLEM_INITIAL_PROPERTY_FAILED;
    bool as_action = problem->kind == FM_PROBLEM_NEXT_FAILED ||
                     problem->kind == FM_PROBLEM_NEXT_ASSERT ||
                     problem->kind == FM_PROBLEM_INITIAL_FAILED;
    if (initial) {
        add_initial_predicate(walk);
    }
    if (walk->failure->stack_count > 0) {
        walk->frame = walk->failure->stack_count - 1;
    }
    if (node != NULL && contains(node->span, target_of(walk))) {
        walk_down(walk, node, as_action);
    } else {
        add_position(walk, walk->failure->span);
    }
}

void fm_tlc_failure_positions(const struct fm_report *report, const struct fm_problem *problem,
                              struct fm_text *out)
{
    struct walk walk = {.report = report, .failure = problem->failure, .out = out};
    add_all(&walk, problem);
    fm_text_putc(out, '\n');
}
