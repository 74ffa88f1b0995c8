/* From counters of nodes to what stands in the files.
 *
 * The interpreter counts evaluations per node of the program. A module that is instantiated twice
 * has its nodes twice, an action that was split off has some as copies: nodes of the same place are
 * one expression, and their counts are added. In a PlusCal algorithm that was translated in memory
 * several expressions stand for one statement: of those the highest count is the statement's.
 *
 * Temporal formulas are not evaluated by the search, and their text is not counted; what the search
 * does for them has no counters. Neither has what of the next-state relation was taken apart on the
 * way to its actions, and ALIAS, which is for traces. Definitions that are constants are evaluated
 * once, before the search.
 *
 * What is used is found from the configuration: from the initial predicates, the next-state
 * relation, its constraints and properties, through every definition called. The rest of the text
 * (theorems, properties nobody asked for) is not evaluated either, but that is no news.
 *
 * Leaves (names, literals) have no counters. And not each inner node runs where the code around it
 * knows a shorter way: UNCHANGED <<x, y>> builds no tuple, f[a, b] none either. So a part that its
 * operator always needs counts as evaluated as often as the whole, unless it says more. That errs
 * where an error ended the evaluation in between, which happens once. */
#include "cli/coverage.h"

#include "base/map.h"
#include "semantics/load.h"
#include "semantics/walk.h"

#include <stdlib.h>
#include <string.h>

/* One node, where its text stands. */
struct spot {
    struct fm_span origin, own;
    uint64_t count;
    bool used;
};

struct collector {
    const struct fm_report *report;
    const struct fm_sources *sources;
    struct fm_map built_in; /* module names */
    bool *seen;             /* by node index */
    bool *entered;          /* by definition index */
    FM_VEC(struct fm_def *) waiting;
    FM_VEC(struct spot) spots;
    const struct fm_symbol **modules; /* by source: of the first definition in it */
    bool used;
    bool in_constant;
    bool is_link;   /* the part that is visited next */
    uint64_t least; /* of the part that is visited next */
};

/* --- nodes --- */

static bool is_leaf(const struct fm_node *node)
{
    bool is_constant = node->op == FM_OP_CALL && node->count == 0 &&
                       node->level == FM_LEVEL_CONSTANT;
    return is_constant || node->op == FM_OP_VALUE || node->op == FM_OP_DECIMAL ||
           node->op == FM_OP_VAR || node->op == FM_OP_LOCAL || node->op == FM_OP_OPERATOR ||
           node->op == FM_OP_OPERATOR_LOCAL ||
           (node->op == FM_OP_PRIME && node->kids[0]->op == FM_OP_VAR);
}

/* Whether the operand number `kid` is evaluated whenever the node is. */
static bool needs(const struct fm_node *node, uint32_t kid)
{
    switch ((int)node->op) {
    case FM_OP_AND:
    case FM_OP_OR:
    case FM_OP_IMPLIES:
    case FM_OP_IF:
    case FM_OP_CASE:
    case FM_OP_SQUARE:
    case FM_OP_ANGLE:
        return kid == 0;
    case FM_OP_CALL:
    case FM_OP_APPLY:
        return false; /* arguments are evaluated when they are asked for */
    case FM_OP_FORALL:
    case FM_OP_EXISTS:
    case FM_OP_CHOOSE:
    case FM_OP_FILTER:
    case FM_OP_MAP:
    case FM_OP_FCN:
    case FM_OP_RECFCN:
        return false; /* a body, perhaps of nothing */
    }
    return true;
}

static void visit_node(void *closure, struct fm_node *node);

struct parts {
    struct collector *collector;
    const struct fm_node *node;
    uint64_t count;
};

static void visit_part(void *closure, struct fm_node *part)
{
    const struct parts *parts = closure;
    const struct fm_node *node = parts->node;
    uint64_t least = 0;
    for (uint32_t i = 0; i < node->count && least == 0; i++) {
        least = node->kids[i] == part && needs(node, i) ? parts->count : 0;
    }
    if (node->op == FM_OP_UNCHANGED || node->op == FM_OP_PRIME) {
        least = parts->count;
    }
    parts->collector->least = least;
    /* A /\ B inside of A /\ B /\ C is no evaluation of its own. */
    parts->collector->is_link = node->op == part->op &&
                                (node->op == FM_OP_AND || node->op == FM_OP_OR);
    visit_node(parts->collector, part);
}

static void enter_definition(struct collector *collector, struct fm_def *def)
{
    if (def != NULL && !collector->entered[def->index]) {
        collector->entered[def->index] = true;
        fm_vec_push(&collector->waiting, def);
    }
}

static void visit_node(void *closure, struct fm_node *node)
{
    struct collector *collector = closure;
    uint64_t least = collector->least;
    bool is_link = collector->is_link;
    collector->is_link = false;
    if (collector->seen[node->index]) {
        return;
    }
    collector->seen[node->index] = true;
    uint64_t count = collector->report->result->evaluations[node->index];
    count = count < least ? least : count;
    count = count == 0 && collector->in_constant ? 1 : count;
    if (node->op == FM_OP_CALL || node->op == FM_OP_OPERATOR) {
        enter_definition(collector, node->u.def);
    }
    bool has_counter = node->level != FM_LEVEL_TEMPORAL && !is_leaf(node) && !is_link;
    if (node->span.source != 0 && has_counter) {
        struct spot spot = {fm_source_origin(collector->sources, node->span), node->span, count,
                            collector->used};
        fm_vec_push(&collector->spots, spot);
    }
    struct parts parts = {collector, node, count};
    fm_node_visit_parts(node, visit_part, &parts);
}

/* --- where to begin --- */

static void visit_definitions(struct collector *collector)
{
    while (collector->waiting.count > 0) {
        struct fm_def *def = fm_vec_pop(&collector->waiting);
        bool ours = def->module == NULL || !fm_map_has(&collector->built_in, def->module);
        if (def->body != NULL && ours) {
            struct fm_span origin = fm_source_origin(collector->sources, def->span);
            if (origin.source != 0 && collector->modules[origin.source] == NULL) {
                collector->modules[origin.source] = def->module;
            }
            collector->in_constant = collector->used && def->param_count == 0 &&
                                     def->level == FM_LEVEL_CONSTANT;
            collector->least = 0;
            visit_node(collector, def->body);
            collector->in_constant = false;
        }
    }
}

static bool is_action(const struct collector *collector, const struct fm_node *node)
{
    const struct fm_check_result *result = collector->report->result;
    for (uint32_t i = 0; i < result->action_count; i++) {
        if (result->action_table[i].node == node) {
            return true;
        }
    }
    return false;
}

static void pass_over(void *closure, struct fm_node *node)
{
    struct collector *collector = closure;
    collector->seen[node->index] = true;
    fm_node_visit_parts(node, pass_over, collector);
}

/* The split of the next-state relation took these apart before anything was counted. */
static void pass_split(struct collector *collector, struct fm_node *node)
{
    bool seen = collector->seen[node->index];
    if (seen || is_action(collector, node)) {
        return;
    }
    collector->seen[node->index] = true;
    if (node->op == FM_OP_CALL) {
        for (uint32_t i = 0; i < node->count; i++) {
            pass_over(collector, node->kids[i]);
        }
        if (node->u.def->body != NULL) {
            pass_split(collector, node->u.def->body);
        }
    } else if (node->op == FM_OP_OR || node->op == FM_OP_EXISTS || node->op == FM_OP_LABEL ||
               node->op == FM_OP_LET) {
        for (uint32_t i = 0; node->op == FM_OP_EXISTS && i < node->u.bind.count; i++) {
            if (node->u.bind.at[i].set != NULL) {
                pass_over(collector, node->u.bind.at[i].set);
            }
        }
        for (uint32_t i = 0; i < node->count; i++) {
            pass_split(collector, node->kids[i]);
        }
    }
}

static void visit_formula(struct collector *collector, const struct fm_formula *formula)
{
    if (formula->node != NULL) {
        collector->least = 0;
        visit_node(collector, formula->node);
    }
}

static void visit_used(struct collector *collector)
{
    const struct fm_program *program = collector->report->program;
    const struct fm_check_result *result = collector->report->result;
    const struct {
        const struct fm_formula *at;
        uint32_t count;
    } lists[] = {
        {program->inits, program->init_count},
        {program->invariants, program->invariant_count},
        {program->implied_inits, program->implied_init_count},
        {program->implied_actions, program->implied_action_count},
        {program->constraints, program->constraint_count},
        {program->action_constraints, program->action_constraint_count},
        {program->postconditions, program->postcondition_count},
        {program->assumes, program->assume_count},
        {&program->view, 1},
    };
    if (program->next.node != NULL) {
        pass_split(collector, program->next.node);
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        for (uint32_t j = 0; j < lists[i].count; j++) {
            visit_formula(collector, &lists[i].at[j]);
        }
    }
    for (uint32_t i = 0; i < result->action_count; i++) {
        collector->least = 0;
        visit_node(collector, result->action_table[i].node);
    }
    collector->in_constant = true;
    visit_formula(collector, &program->symmetry);
    collector->in_constant = false;
    visit_definitions(collector);
}

static void visit_all(struct collector *collector)
{
    const struct fm_program *program = collector->report->program;
    const struct fm_load_report *loaded = collector->report->loaded;
    for (uint32_t i = 0; i < loaded->analyzed_count; i++) {
        if (loaded->analyzed[i].is_builtin) {
            const struct fm_symbol *name = fm_symbol_of(program->symbols, loaded->analyzed[i].name);
            fm_map_put(&collector->built_in, name, collector);
        }
    }
    collector->used = true;
    visit_used(collector);
    collector->used = false;
    for (uint32_t i = 0; i < program->def_count; i++) {
        if (!program->defs[i]->is_let) {
            enter_definition(collector, program->defs[i]);
        }
    }
    visit_definitions(collector);
}

/* --- from nodes to expressions --- */

/* By place, an expression before its parts. */
static int compare_spans(struct fm_span a, struct fm_span b)
{
    if (a.source != b.source) {
        return a.source < b.source ? -1 : 1;
    }
    if (a.begin != b.begin) {
        return a.begin < b.begin ? -1 : 1;
    }
    return a.end != b.end ? (a.end > b.end ? -1 : 1) : 0;
}

static int compare_spots(const void *a, const void *b)
{
    const struct spot *first = a, *second = b;
    int order = compare_spans(first->origin, second->origin);
    return order != 0 ? order : compare_spans(first->own, second->own);
}

/* Spots in order: those of one node's place are added, the highest of one origin is taken. */
static void merge_spots(struct collector *collector, struct fm_coverage *coverage)
{
    const struct spot *spots = collector->spots.at;
    qsort(collector->spots.at, collector->spots.count, sizeof *spots, compare_spots);
    for (uint32_t i = 0; i < collector->spots.count;) {
        struct spot sum = spots[i++];
        while (i < collector->spots.count && compare_spots(&sum, &spots[i]) == 0) {
            sum.count += spots[i].count;
            sum.used = sum.used || spots[i].used;
            i++;
        }
        struct fm_coverage_expression *last = coverage->expressions.count == 0
                                                  ? NULL
                                                  : &fm_vec_last(&coverage->expressions);
        if (last != NULL && compare_spans(last->span, sum.origin) == 0) {
            last->count = last->count < sum.count ? sum.count : last->count;
            last->used = last->used || sum.used;
        } else {
            struct fm_coverage_expression expression = {sum.origin, sum.count, sum.used, false};
            fm_vec_push(&coverage->expressions, expression);
        }
    }
}

/* --- files --- */

static uint32_t line_of(const struct fm_source *source, uint32_t at)
{
    uint32_t low = 0, high = source->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->lines[middle] <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static enum fm_coverage_reach reach_of(const struct fm_coverage_expression *expression)
{
    if (expression->count > 0) {
        return FM_COVERAGE_WHOLE;
    }
    return expression->used ? FM_COVERAGE_NEVER : FM_COVERAGE_UNUSED;
}

static enum fm_coverage_reach join_reach(enum fm_coverage_reach a, enum fm_coverage_reach b)
{
    enum fm_coverage_reach low = a < b ? a : b, high = a < b ? b : a;
    bool both = low == FM_COVERAGE_NEVER && high == FM_COVERAGE_WHOLE;
    return both || low == FM_COVERAGE_PARTLY ? FM_COVERAGE_PARTLY : high;
}

static void note_expression(struct fm_coverage *coverage, struct fm_coverage_file *file,
                            struct fm_coverage_expression *expression,
                            const struct fm_coverage_expression *around)
{
    struct fm_coverage_line *line = &file->lines[line_of(file->source, expression->span.begin)];
    line->reach = join_reach(line->reach, reach_of(expression));
    line->count = line->count < expression->count ? expression->count : line->count;
    line->cost += expression->count;
    coverage->cost += expression->count;
    coverage->used_count += expression->used;
    coverage->never_count += expression->used && expression->count == 0;
    expression->outermost = expression->count == 0 && (around == NULL || around->count > 0);
}

/* The innermost expression that holds `span`, of those on the way to it. */
static const struct fm_coverage_expression *enclosing(
    const struct fm_coverage_expression *expressions, const uint32_t *open, uint32_t *depth,
    struct fm_span span)
{
    while (*depth > 0 && expressions[open[*depth - 1]].span.end < span.end) {
        (*depth)--;
    }
    return *depth == 0 ? NULL : &expressions[open[*depth - 1]];
}

static void fill_file(struct fm_coverage *coverage, struct fm_coverage_file *file, uint32_t begin,
                      uint32_t end)
{
    struct fm_coverage_expression *at = coverage->expressions.at + begin;
    uint32_t *open = fm_memory_calloc(end - begin + 1, sizeof *open);
    uint32_t depth = 0;
    file->expressions = at;
    file->expression_count = end - begin;
    file->lines = fm_memory_calloc(file->source->line_count, sizeof *file->lines);
    for (uint32_t i = 0; i < end - begin; i++) {
        while (depth > 0 && at[open[depth - 1]].span.end <= at[i].span.begin) {
            depth--;
        }
        note_expression(coverage, file, &at[i], enclosing(at, open, &depth, at[i].span));
        open[depth++] = i;
    }
    fm_memory_free(open);
}

static void fill_files(struct collector *collector, struct fm_coverage *coverage)
{
    const struct fm_symbol *root = collector->report->program->root;
    coverage->files = fm_memory_calloc(fm_sources_count(collector->sources) + 1,
                                       sizeof *coverage->files);
    for (uint32_t begin = 0, end = 0; begin < coverage->expressions.count; begin = end) {
        uint32_t source = coverage->expressions.at[begin].span.source;
        while (end < coverage->expressions.count &&
               coverage->expressions.at[end].span.source == source) {
            end++;
        }
        if (collector->modules[source] == NULL) {
            continue; /* of the command line, or the configuration */
        }
        struct fm_coverage_file file = {.source = fm_source_get(collector->sources, source),
                                        .module = collector->modules[source]};
        fill_file(coverage, &file, begin, end);
        bool first = file.module == root;
        if (first) {
            memmove(coverage->files + 1, coverage->files,
                    coverage->file_count * sizeof *coverage->files);
        }
        coverage->files[first ? 0 : coverage->file_count] = file;
        coverage->file_count++;
    }
}

/* --- actions --- */

bool fm_coverage_same_action(const struct fm_action *a, const struct fm_action *b)
{
    return a->name == b->name && a->span.source == b->span.source && a->span.begin == b->span.begin;
}

/* The definition whose body, or part of it, the node is. */
const struct fm_def *fm_coverage_action_def(const struct fm_report *report,
                                            const struct fm_action *action)
{
    struct fm_span span = action->span;
    const struct fm_def *def = action->name == NULL
                                   ? NULL
                                   : fm_program_find(report->program, action->name);
    bool around = def != NULL && def->span.source == span.source && def->span.begin <= span.begin &&
                  span.end <= def->span.end;
    return around ? def : NULL;
}

/* The left side of a definition: `A(i, j)`. */
static struct fm_span head_of(const struct fm_report *report, const struct fm_def *def)
{
    struct fm_span span = def->name_span;
    const char *text = fm_source_get(fm_diags_sources(report->diags), span.source)->text;
    uint32_t depth = 0;
    for (uint32_t at = span.end; def->param_count > 0 && at < def->span.end; at++) {
        if (depth == 0 && text[at] != '(' && text[at] != ' ') {
            return def->name_span; /* infix and the like */
        }
        depth += text[at] == '(';
        if (text[at] == ')' && --depth == 0) {
            span.end = at + 1;
            break;
        }
    }
    return span;
}

struct fm_span fm_coverage_action_span(const struct fm_report *report,
                                       const struct fm_action *action)
{
    const struct fm_def *def = fm_coverage_action_def(report, action);
    return def == NULL ? action->span : head_of(report, def);
}

static int compare_actions(const void *a, const void *b)
{
    const struct fm_coverage_action *first = a, *second = b;
    int order = compare_spans(first->action->span, second->action->span);
    return order != 0 ? order : (first->action > second->action) - (first->action < second->action);
}

static void add_actions(struct fm_coverage *coverage, const struct fm_report *report)
{
    const struct fm_check_result *result = report->result;
    for (uint32_t i = 0; i < result->action_count; i++) {
        const struct fm_action *action = &result->action_table[i];
        uint32_t at = 0;
        while (at < coverage->actions.count &&
               !fm_coverage_same_action(coverage->actions.at[at].action, action)) {
            at++;
        }
        if (at == coverage->actions.count) {
            struct fm_coverage_action row = {.action = action,
                                             .span = fm_coverage_action_span(report, action)};
            fm_vec_push(&coverage->actions, row);
        }
        coverage->actions.at[at].count.distinct += result->actions[i].distinct;
        coverage->actions.at[at].count.generated += result->actions[i].generated;
    }
    if (coverage->actions.count > 0) {
        qsort(coverage->actions.at, coverage->actions.count, sizeof *coverage->actions.at,
              compare_actions);
    }
}

/* --- all of it --- */

void fm_coverage_init(struct fm_coverage *coverage, const struct fm_report *report)
{
    const struct fm_program *program = report->program;
    struct collector collector = {.report = report, .sources = fm_diags_sources(report->diags)};
    memset(coverage, 0, sizeof *coverage);
    collector.seen = fm_memory_calloc(program->node_count + 1, sizeof *collector.seen);
    collector.entered = fm_memory_calloc(program->def_count + 1, sizeof *collector.entered);
    collector.modules = fm_memory_calloc(fm_sources_count(collector.sources) + 1,
                                         sizeof *collector.modules);
    visit_all(&collector);
    merge_spots(&collector, coverage);
    fill_files(&collector, coverage);
    add_actions(coverage, report);
    fm_memory_free(collector.modules);
    fm_memory_free(collector.entered);
    fm_memory_free(collector.seen);
    fm_vec_deinit(&collector.spots);
    fm_vec_deinit(&collector.waiting);
    fm_map_deinit(&collector.built_in);
}

void fm_coverage_deinit(struct fm_coverage *coverage)
{
    for (uint32_t i = 0; i < coverage->file_count; i++) {
        fm_memory_free(coverage->files[i].lines);
    }
    fm_memory_free(coverage->files);
    fm_vec_deinit(&coverage->expressions);
    fm_vec_deinit(&coverage->actions);
}
