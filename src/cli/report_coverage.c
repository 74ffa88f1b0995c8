/* Coverage in TLC's form: one row per action, distinct states and states generated, and below it
 * the expressions of its definition with the number of their evaluations.
 *
 *     <FillBigJug line 68, col 1 to line 68, col 10 of module DieHard>: 3:24
 *       line 68, col 18 to line 69, col 34 of module DieHard: 24
 *       |line 69, col 21 to line 69, col 34 of module DieHard: 24
 *
 * Instances of one definition (\E p \in S : Act(p) splits into one action for each p) are added up,
 * as TLC does. An expression is shown when its count differs from that of the expression around it:
 * where all of it was evaluated equally often its parts would only repeat the number. An action
 * that was never taken, and an expression that was never evaluated, is what the reader looks for:
 * it has 0. */
#include "cli/coverage.h"
#include "cli/message.h"

#include "semantics/walk.h"

#include <inttypes.h>
#include <stdio.h>

/* Nesting shown at most; deeper parts are the reader's to look at. */
#define DEPTH_MAX 12u

struct coverage {
    const struct fm_report *report;
    fm_report_say_fn *say;
    struct fm_text *out;
};

#define say(coverage, message, ...)                                                                \
    (coverage)->say((coverage)->report, message, (const char *const[]){__VA_ARGS__},               \
                    (uint32_t)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)),       \
                    (coverage)->out)

/* Where a node stands. */
struct nesting {
    const struct fm_symbol *module;
    uint32_t depth;
    uint64_t around;  /* count of the expression around it */
    enum fm_op outer; /* that expression's */
};

static void add_location(const struct coverage *coverage, struct fm_span span,
                         const struct fm_symbol *module, struct fm_text *out)
{
    struct fm_place place = fm_source_place(fm_diags_sources(coverage->report->diags), span);
    fm_text_printf(out, "line %u, col %u to line %u, col %u of module %s", place.line, place.column,
                   place.end_line, place.end_column, module == NULL ? "?" : module->text);
}

static void add_node(const struct coverage *coverage, const struct fm_node *node,
                     const struct nesting *nesting);

/* Not counted by the engine, and no news to the reader. */
static bool is_leaf(const struct fm_node *node)
{
    return node->op == FM_OP_VALUE || node->op == FM_OP_DECIMAL || node->op == FM_OP_VAR ||
           node->op == FM_OP_LOCAL || node->op == FM_OP_OPERATOR ||
           node->op == FM_OP_OPERATOR_LOCAL ||
           (node->op == FM_OP_PRIME && node->kids[0]->op == FM_OP_VAR);
}

/* A /\ B inside of A /\ B /\ C is no evaluation of its own. */
static bool is_chained(const struct fm_node *node, enum fm_op outer)
{
    return node->op == outer && (outer == FM_OP_AND || outer == FM_OP_OR);
}

/* A part of an expression, and what it stands in. */
struct part {
    const struct coverage *coverage;
    const struct nesting *nesting;
};

static void add_part(void *closure, struct fm_node *node)
{
    const struct part *part = closure;
    add_node(part->coverage, node, part->nesting);
}

static void add_node(const struct coverage *coverage, const struct fm_node *node,
                     const struct nesting *nesting)
{
    const struct fm_symbol *module = nesting->module;
    uint32_t depth = nesting->depth;
    uint64_t around = nesting->around;
    uint64_t count = coverage->report->result->evaluations[node->index];
    bool shown = node->span.source != 0 && count != around && !is_leaf(node) &&
                 !is_chained(node, nesting->outer);
    if (shown) {
        struct fm_text bars = {NULL, 0, 0};
        struct fm_text place = {NULL, 0, 0};
        char number[32];
        fm_text_fill(&bars, '|', depth);
        add_location(coverage, node->span, module, &place);
        (void)snprintf(number, sizeof number, "%" PRIu64, count);
        say(coverage, FM_MESSAGE_COVERAGE_VALUE, fm_text_string(&bars), fm_text_string(&place),
            number);
        fm_text_deinit(&place);
        fm_text_deinit(&bars);
    }
    struct nesting inner = {module, depth + (shown ? 1 : 0), shown ? count : around, node->op};
    if (depth < DEPTH_MAX) {
        struct part part = {coverage, &inner};
        fm_node_visit_parts(node, add_part, &part);
    }
}

/* The expressions of what a name stands for; NULL where there is no name. */
static void add_body(const struct coverage *coverage, const struct fm_node *body,
                     const struct fm_symbol *module)
{
    const struct nesting outermost = {module, 0, UINT64_MAX, FM_OP_COUNT};
    if (coverage->report->result->evaluations != NULL && body != NULL) {
        add_node(coverage, body, &outermost);
    }
}

static void add_row(const struct coverage *coverage, enum fm_message message,
                    const struct fm_action *action, struct fm_action_count count)
{
    struct fm_text place = {NULL, 0, 0};
    char distinct[32], generated[32];
    struct fm_span span = fm_coverage_action_span(coverage->report, action);
    add_location(coverage, span, action->module, &place);
    (void)snprintf(distinct, sizeof distinct, "%" PRIu64, count.distinct);
    (void)snprintf(generated, sizeof generated, "%" PRIu64, count.generated);
    say(coverage, message, action->name == NULL ? "Action" : action->name->text,
        fm_text_string(&place), distinct, generated);
    fm_text_deinit(&place);
}

/* The action and all later instances of it; nothing when an earlier one has shown it. */
static void add_action(const struct coverage *coverage, uint32_t index)
{
    const struct fm_check_result *result = coverage->report->result;
    const struct fm_action *actions = result->action_table;
    for (uint32_t i = 0; i < index; i++) {
        if (fm_coverage_same_action(&actions[i], &actions[index])) {
            return;
        }
    }
    struct fm_action_count sum = {0, 0};
    for (uint32_t i = index; i < result->action_count; i++) {
        if (fm_coverage_same_action(&actions[i], &actions[index])) {
            sum.generated += result->actions[i].generated;
            sum.distinct += result->actions[i].distinct;
        }
    }
    add_row(coverage, FM_MESSAGE_COVERAGE_ACTION, &actions[index], sum);
    add_body(coverage, actions[index].node, actions[index].module);
}

/* Actions of one place can have several names. */
static void add_same_place(const struct coverage *coverage, uint32_t index)
{
    const struct fm_check_result *result = coverage->report->result;
    const struct fm_action *actions = result->action_table;
    for (uint32_t i = index; i < result->action_count; i++) {
        if (actions[i].span.source == actions[index].span.source &&
            actions[i].span.begin == actions[index].span.begin) {
            add_action(coverage, i);
        }
    }
}

static bool stands_before(const struct fm_action *a, const struct fm_action *b)
{
    return a->span.source < b->span.source ||
           (a->span.source == b->span.source && a->span.begin < b->span.begin);
}

/* In the order of their places, as TLC lists them. */
static void add_actions(const struct coverage *coverage)
{
    const struct fm_check_result *result = coverage->report->result;
    const struct fm_action *actions = result->action_table;
    const struct fm_action *last = NULL;
    for (;;) {
        const struct fm_action *next = NULL;
        uint32_t index = 0;
        for (uint32_t i = 0; i < result->action_count; i++) {
            bool later = last == NULL || stands_before(last, &actions[i]);
            if (later && (next == NULL || stands_before(&actions[i], next))) {
                next = &actions[i];
                index = i;
            }
        }
        if (next == NULL) {
            return;
        }
        add_same_place(coverage, index);
        last = next;
    }
}

/* The initial predicate as the specification names it: its definition is what is shown. */
static void add_initial(const struct coverage *coverage, const struct fm_formula *formula)
{
    const struct fm_program *program = coverage->report->program;
    const struct fm_node *node = formula->node;
    struct fm_action row = {.name = formula->name, .module = program->root};
    while (node->op == FM_OP_CALL && node->count == 0 && node->u.def->body != NULL) {
        row.name = node->u.def->name;
        row.module = node->u.def->module;
        node = node->u.def->body;
    }
    row.span = node->span;
    add_row(coverage, FM_MESSAGE_COVERAGE_INIT, &row, coverage->report->result->initial);
    add_body(coverage, node, row.module);
}

static void add_property(const struct coverage *coverage, const struct fm_formula *formula)
{
    if (formula->def == NULL) {
        return;
    }
    struct fm_text place = {NULL, 0, 0};
    add_location(coverage, formula->def->name_span, formula->def->module, &place);
    say(coverage, FM_MESSAGE_COVERAGE_PROPERTY, formula->name->text, fm_text_string(&place));
    fm_text_deinit(&place);
    add_body(coverage, formula->def->body, formula->def->module);
}

void fm_report_coverage(const struct fm_report *report, fm_report_say_fn *say, struct fm_text *out)
{
    const struct coverage coverage = {report, say, out};
    struct fm_text now = {NULL, 0, 0};
    fm_report_now(&now);
    say(&coverage, FM_MESSAGE_COVERAGE_BEGIN, fm_text_string(&now));
    fm_text_deinit(&now);
    for (uint32_t i = 0; i < report->program->init_count; i++) {
        add_initial(&coverage, &report->program->inits[i]);
    }
    add_actions(&coverage);
    for (uint32_t i = 0; i < report->program->invariant_count; i++) {
        add_property(&coverage, &report->program->invariants[i]);
    }
    say(&coverage, FM_MESSAGE_COVERAGE_END, "");
}
