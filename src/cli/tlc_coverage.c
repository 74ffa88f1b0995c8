/* The coverage of TLC: a row for each initial predicate, action, invariant and constraint, and
 * below it the expressions whose counts differ from what is around them.
 *
 *     <Board line 25, col 1 to line 25, col 8 of module Ferry>: 8:8
 *       line 25, col 16 to line 25, col 28 of module Ferry: 56
 *       |line 25, col 16 to line 25, col 16 of module Ferry: 48
 *
 * What is counted stands in model/tally.h; what is shown follows OpApplNodeWrapper.print (revision
 * cc6b616). An expression without counts is not shown, unless it assigns a variable in a step; its
 * parts are. Where all parts have one count, they are shown as one. */
#include "cli/coverage.h"
#include "cli/tlc_message.h"
#include "cli/tlc_report.h"

#include "model/tally.h"

#include <inttypes.h>
#include <stdio.h>

struct printer {
    const struct fm_report *report;
    struct fm_text *out;
};

/* The different counts of what hangs below an expression. */
struct counts {
    struct fm_tally_count one; /* the first */
    struct fm_tally_count any; /* one of those that are not zero: as Java's hash set gives it */
    uint32_t bucket;           /* of that */
    bool is_empty, is_mixed, has_any;
};

static struct fm_tally_count count_of(const struct printer *printer, const struct fm_tally *cost)
{
    return printer->report->result->cost_counts[cost->index];
}

static bool is_zero(struct fm_tally_count count)
{
    return count.count == 0 && count.extra == 0;
}

static bool is_same(struct fm_tally_count a, struct fm_tally_count b)
{
    return a.count == b.count && a.extra == b.extra;
}

/* Java's HashSet of 16 buckets. */
static uint32_t bucket_of(struct fm_tally_count count)
{
    uint32_t hash = 31u * (31u + (uint32_t)(count.count ^ count.count >> 32)) +
                    (uint32_t)(count.extra ^ count.extra >> 32);
    return (hash ^ hash >> 16) & 15u;
}

static void add_count(struct counts *counts, struct fm_tally_count count)
{
    counts->is_mixed = counts->is_mixed || (!counts->is_empty && !is_same(counts->one, count));
    counts->one = counts->is_empty ? count : counts->one;
    counts->is_empty = false;
    uint32_t bucket = bucket_of(count);
    if (!is_zero(count) && (!counts->has_any || bucket < counts->bucket)) {
        counts->any = count;
        counts->bucket = bucket;
        counts->has_any = true;
    }
}

static void collect(const struct printer *printer, const struct fm_tally *cost,
                    struct counts *counts)
{
    for (const struct fm_tally *at = cost->first; at != NULL; at = at->next) {
        struct fm_tally_count count = count_of(printer, at);
        if (!is_zero(count) || at->primed) {
            add_count(counts, count);
        }
        collect(printer, at, counts);
    }
}

static void add_location(const struct printer *printer, struct fm_span span,
                         const struct fm_symbol *module, struct fm_text *out)
{
    struct fm_place place = fm_source_place(fm_diags_sources(printer->report->diags), span);
    fm_text_printf(out, "line %u, col %u to line %u, col %u of module %s", place.line, place.column,
                   place.end_line, place.end_column, module == NULL ? "?" : module->text);
}

static void show(const struct printer *printer, const struct fm_tally *cost, uint32_t level,
                 struct fm_tally_count count)
{
    struct fm_text place = {NULL, 0, 0};
    char first[32], second[32];
    fm_text_fill(&place, '|', level);
    add_location(printer, cost->span, cost->module, &place);
    (void)snprintf(first, sizeof first, "%" PRIu64, count.count);
    (void)snprintf(second, sizeof second, "%" PRIu64, count.extra);
    if (count.extra == 0) {
        fm_tlc_say(printer->report->options, printer->out, FM_TLC_COVERAGE_VALUE,
                   fm_text_string(&place), first);
    } else {
        fm_tlc_say(printer->report->options, printer->out, FM_TLC_COVERAGE_COST,
                   fm_text_string(&place), first, second);
    }
    fm_text_deinit(&place);
}

static void print(const struct printer *printer, const struct fm_tally *cost, uint32_t level);

static void print_parts(const struct printer *printer, const struct fm_tally *cost, uint32_t level)
{
    for (const struct fm_tally *at = cost->first; at != NULL; at = at->next) {
        print(printer, at, level);
    }
}

/* Its variables are no news. */
static void print_unchanged(const struct printer *printer, const struct fm_tally *cost,
                            uint32_t level, const struct counts *parts)
{
    struct fm_tally_count own = count_of(printer, cost);
    if (parts->has_any) {
        own = (struct fm_tally_count){own.count > parts->any.count ? own.count : parts->any.count,
                                      0};
    }
    show(printer, cost, level, own);
}

static void print(const struct printer *printer, const struct fm_tally *cost, uint32_t level)
{
    struct fm_tally_count own = count_of(printer, cost);
    struct counts parts = {.is_empty = true};
    collect(printer, cost, &parts);
    if (cost->node != NULL && cost->node->op == FM_OP_UNCHANGED) {
        print_unchanged(printer, cost, level, &parts);
        return;
    }
    if (parts.is_empty) {
        if (own.count != 0 || cost->primed) {
            show(printer, cost, level, own);
        }
        return;
    }
    if (!parts.is_mixed && parts.one.count >= own.count) {
        if (!cost->primed && is_zero(own) && !is_zero(parts.one)) {
            show(printer, cost, level, parts.one);
            return;
        }
        if (!is_zero(own) && is_same(own, parts.one)) {
            show(printer, cost, level, own);
            return;
        }
    }
    bool shown = !is_zero(own) || cost->primed;
    if (shown) {
        show(printer, cost, level, own);
    }
    print_parts(printer, cost, level + (shown ? 1 : 0));
}

/* --- rows --- */

/* Behind the place of the definition, that of the part, where an action is only a part of it. */
static void add_part(const struct printer *printer, const struct fm_action *row,
                     struct fm_text *place)
{
    const struct fm_def *def = fm_coverage_action_def(printer->report, row);
    if (def == NULL || def->body == NULL ||
        (def->body->span.begin == row->node->span.begin &&
         def->body->span.end == row->node->span.end)) {
        return;
    }
    struct fm_place at = fm_source_place(fm_diags_sources(printer->report->diags), row->node->span);
    fm_text_printf(place, " (%u %u %u %u)", at.line, at.column, at.end_line, at.end_column);
}

static void add_row(const struct printer *printer, enum fm_tlc_message message,
                    const struct fm_action *row, uint64_t first, uint64_t second)
{
    struct fm_text place = {NULL, 0, 0};
    char numbers[2][32];
    add_location(printer, fm_coverage_action_span(printer->report, row), row->module, &place);
    add_part(printer, row, &place);
    (void)snprintf(numbers[0], sizeof numbers[0], "%" PRIu64, first);
    (void)snprintf(numbers[1], sizeof numbers[1], "%" PRIu64, second);
    fm_tlc_say(printer->report->options, printer->out, message,
               row->name == NULL ? "Action" : row->name->text, fm_text_string(&place), numbers[0],
               numbers[1]);
    fm_text_deinit(&place);
}

/* A formula as the specification names it: its definition is what is shown. */
static struct fm_action row_of(const struct printer *printer, const struct fm_formula *formula)
{
    struct fm_action row = {.name = formula->name,
                            .module = printer->report->program->root,
                            .node = formula->node,
                            .def = formula->def};
    if (formula->def != NULL && formula->def->body == formula->node) {
        row.module = formula->def->module;
    }
    while (row.node->op == FM_OP_CALL && row.node->count == 0 && row.node->u.def->body != NULL) {
        row.def = row.node->u.def;
        row.name = row.def->name;
        row.module = row.def->module;
        row.node = row.def->body;
    }
    row.span = row.node->span;
    return row;
}

static void add_formulas(const struct printer *printer, enum fm_tlc_message message,
                         const struct fm_formula *formulas, struct fm_tally *const *roots,
                         uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct fm_tally_count at = count_of(printer, roots[i]);
        struct fm_action row = row_of(printer, &formulas[i]);
        add_row(printer, message, &row, at.count, at.count + at.extra);
        print_parts(printer, roots[i], 0);
    }
}

/* The action with all others that count together with it. */
static void add_action(const struct printer *printer, uint32_t index)
{
    const struct fm_check_result *result = printer->report->result;
    struct fm_tally *const *roots = result->cost_trees->actions;
    uint64_t distinct = 0, generated = 0;
    for (uint32_t i = index; i < result->action_count; i++) {
        if (roots[i] == roots[index]) {
            distinct += result->actions[i].distinct;
            generated += result->actions[i].generated;
        }
    }
    add_row(printer, FM_TLC_COVERAGE_NEXT, &result->action_table[index], distinct, generated);
    print_parts(printer, roots[index], 0);
}

static bool stands_before(const struct fm_action *a, const struct fm_action *b)
{
    return a->node->span.source < b->node->span.source ||
           (a->node->span.source == b->node->span.source &&
            a->node->span.begin < b->node->span.begin);
}

/* In the order of their places; of one place, the first. */
static void add_actions(const struct printer *printer)
{
    const struct fm_check_result *result = printer->report->result;
    const struct fm_action *actions = result->action_table, *last = NULL;
    for (;;) {
        const struct fm_action *next = NULL;
        for (uint32_t i = 0; i < result->action_count; i++) {
            bool later = last == NULL || stands_before(last, &actions[i]);
            if (later && (next == NULL || stands_before(&actions[i], next))) {
                next = &actions[i];
            }
        }
        if (next == NULL) {
            return;
        }
        add_action(printer, (uint32_t)(next - actions));
        last = next;
    }
}

/* In the order of a trace. */
static void add_variables(const struct printer *printer)
{
    const struct fm_program *program = printer->report->program;
    uint32_t *order = fm_tlc_variable_order(printer->report);
    for (uint32_t at = 0; at < program->variable_count; at++) {
        uint32_t i = order[at];
        const struct fm_variable *variable = &program->variables[i];
        struct fm_text place = {NULL, 0, 0};
        char number[32];
        add_location(printer, variable->span, variable->module, &place);
        (void)snprintf(number, sizeof number, "%" PRIu64, printer->report->result->variety[i]);
        fm_tlc_say(printer->report->options, printer->out, FM_TLC_COVERAGE_VARIABLE,
                   variable->name->text, fm_text_string(&place), number);
        fm_text_deinit(&place);
    }
    fm_memory_free(order);
}

void fm_tlc_coverage(const struct fm_report *report, struct fm_text *out)
{
    const struct printer printer = {report, out};
    const struct fm_program *program = report->program;
    const struct fm_tallies *costs = report->result->cost_trees;
    struct fm_text now = {NULL, 0, 0};
    fm_report_now(&now);
    fm_tlc_say(report->options, out, FM_TLC_COVERAGE_BEGIN, fm_text_string(&now));
    fm_text_deinit(&now);
    add_variables(&printer);
    add_formulas(&printer, FM_TLC_COVERAGE_INIT, program->inits, costs->inits, program->init_count);
    add_actions(&printer);
    add_formulas(&printer, FM_TLC_COVERAGE_PROPERTY, program->invariants, costs->invariants,
                 program->invariant_count);
    add_formulas(&printer, FM_TLC_COVERAGE_CONSTRAINT, program->action_constraints,
                 costs->action_constraints, program->action_constraint_count);
    add_formulas(&printer, FM_TLC_COVERAGE_CONSTRAINT, program->constraints, costs->constraints,
                 program->constraint_count);
    fm_tlc_say(report->options, out, FM_TLC_COVERAGE_END, "");
}
