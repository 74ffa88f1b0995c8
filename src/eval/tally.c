/* The trees in which -coverage counts, made from the program.
 *
 * The order of what hangs below an expression is that of SANY's walk over its graph, for it is the
 * order of the report: the body of a definition before the arguments of its call, the body of a
 * quantifier before its sets. A recursive operator is entered once; the call inside remembers the
 * call around. What an operator parameter stands for hangs below its application, found by
 * following the arguments of the calls on the way.
 *
 * Some places are no nodes of the program, but have a place in TLC's report: `a |-> e`, `g -> e`,
 * `![i] = e` and `![i]`. Their spans are read off the text.
 *
 * An assignment in action position is marked: it is reported though it was never reached. Action
 * position is what TLC finds from the next-state relation (Spec.collectPrimedLocs). */
#include "eval/tally.h"

#include "diag/source.h"

#include <ctype.h>
#include <string.h>

/* Definitions are copied for each call: more places than this are not made. */
#define PLACES_MAX 2000000u
#define NESTING_MAX 2000u

/* The calls on the way from the root, innermost first; for each operator among the arguments, the
 * place of its body when that is there already: it counts as one wherever it is applied. */
struct entered {
    const struct fm_def *def;
    const struct fm_node *call;
    const struct entered *outer;
    struct fm_tally **bodies;
};

struct maker {
    struct fm_arena *arena;
    const struct fm_sources *sources;
    const struct fm_symbol *module;
    const struct entered *entered;
    uint32_t count, nesting;
};

bool fm_tally_has(const struct fm_node *node)
{
    if (node->span.source == 0) {
        return false;
    }
    switch ((int)node->op) {
    case FM_OP_VALUE: /* TRUE and BOOLEAN are names */
        return !fm_is_int(node->u.value) && (node->u.value.bits & 7u) != FM_TAG_STRING;
    case FM_OP_LOCAL:
        return strcmp(node->u.local.name->text, "@") != 0;
    case FM_OP_DECIMAL:
    case FM_OP_LABEL:
    case FM_OP_LET:
    case FM_OP_OPERATOR:
    case FM_OP_OPERATOR_LOCAL:
        return false;
    }
    return true;
}

/* Split actions have copies of nodes, and constants are compiled as their values. */
static bool is_same(const struct fm_node *a, const struct fm_node *b)
{
    bool alike = a->op == b->op || a->op == FM_OP_VALUE || b->op == FM_OP_VALUE;
    return a == b || (alike && a->span.source == b->span.source && a->span.begin == b->span.begin &&
                      a->span.end == b->span.end);
}

static const struct fm_tally *find(const struct fm_tally *cost, const struct fm_node *node)
{
    for (const struct fm_tally *at = cost->first; at != NULL; at = at->next) {
        const struct fm_tally *found = at->node == NULL          ? find(at, node)
                                       : is_same(at->node, node) ? at
                                                                 : NULL;
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

const struct fm_tally *fm_tally_below(const struct fm_tally *cost, const struct fm_node *node)
{
    if (!fm_tally_has(node) || (cost->node != NULL && is_same(cost->node, node))) {
        return cost;
    }
    const struct fm_tally *found = find(cost, node);
    if (found == NULL && cost->again != NULL) {
        found = find(cost->again, node);
    }
    return found != NULL ? found : cost;
}

void fm_tally_taken(struct fm_engine *engine, const struct fm_node *set, uint64_t count)
{
    if (engine->cost != NULL && (set->op == FM_OP_SETENUM || set->op == FM_OP_MAP)) {
        engine->costs[fm_tally_below(engine->cost, set)->index].extra += count;
    }
}

/* --- places --- */

static struct fm_tally *new_root(struct maker *maker)
{
    struct fm_tally *cost = fm_arena_calloc(maker->arena, 1, sizeof *cost);
    cost->index = maker->count++;
    return cost;
}

static struct fm_tally *add_place(struct maker *maker, struct fm_tally *parent,
                                  const struct fm_node *node, struct fm_span span)
{
    struct fm_tally *cost = new_root(maker);
    cost->node = node;
    cost->span = span;
    cost->module = maker->module;
    cost->parent = parent;
    if (parent->first == NULL) {
        parent->first = cost;
    } else {
        parent->last->next = cost;
    }
    parent->last = cost;
    return cost;
}

static void visit(struct maker *maker, struct fm_tally *parent, const struct fm_node *node,
                  bool action);

/* `name |-> e`, `name : e` and `OTHER -> e`: from the name on. */
static struct fm_span span_with_name(const struct maker *maker, struct fm_span span)
{
    const char *text = fm_source_get(maker->sources, span.source)->text;
    uint32_t at = span.begin;
    while (at > 0 && (isspace((unsigned char)text[at - 1]) || strchr("(|->:", text[at - 1]))) {
        at--;
    }
    while (at > 0 && (isalnum((unsigned char)text[at - 1]) || text[at - 1] == '_')) {
        at--;
    }
    span.begin = at;
    return span;
}

/* `![i].a = e`: from the mark on; the part before `=` in *path. */
static struct fm_span span_of_update(const struct maker *maker, const struct fm_update *update,
                                     struct fm_span *path)
{
    struct fm_span span = update->value->span;
    const char *text = fm_source_get(maker->sources, span.source)->text;
    struct fm_span index = update->path_count > 0 ? update->path[0]->span : span;
    uint32_t at = index.source == span.source ? index.begin : span.begin;
    while (at > 0 && text[at] != '!') {
        at--;
    }
    uint32_t end = span.begin;
    while (end > at && text[end - 1] != '=') {
        end--;
    }
    while (end > at && (text[end - 1] == '=' || isspace((unsigned char)text[end - 1]))) {
        end--;
    }
    span.begin = at;
    *path = span;
    path->end = end;
    return span;
}

/* --- definitions --- */

static bool is_standard(const struct fm_symbol *module)
{
    static const char *const names[] = {"Naturals", "Integers", "Reals",   "Sequences",
                                        "Bags",     "TLC",      "TLCExt",  "FiniteSets",
                                        "RealTime", "Json",     "Toolbox", "Randomization"};
    for (size_t i = 0; module != NULL && i < sizeof names / sizeof *names; i++) {
        if (strcmp(module->text, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_entered(const struct maker *maker, const struct fm_def *def)
{
    for (const struct entered *at = maker->entered; at != NULL; at = at->outer) {
        if (at->def == def) {
            return true;
        }
    }
    return false;
}

static void enter(struct maker *maker, struct fm_tally *cost, struct entered *entered, bool action)
{
    const struct fm_def *def = entered->def;
    if (def->body == NULL || is_standard(def->module) ||
        (def->is_recursive && is_entered(maker, def))) {
        return;
    }
    const struct fm_symbol *module = maker->module;
    entered->outer = maker->entered;
    maker->entered = entered;
    maker->module = def->module;
    visit(maker, cost, def->body, action);
    maker->module = module;
    maker->entered = entered->outer;
}

static const struct fm_tally *call_around(const struct fm_tally *cost, const struct fm_def *def)
{
    for (cost = cost->parent; cost != NULL; cost = cost->parent) {
        if (cost->node != NULL && cost->node->op == FM_OP_CALL && cost->node->u.def == def) {
            return cost;
        }
    }
    return NULL;
}

/* The operator that a parameter of that name stands for, or NULL; where its body's place is kept.
 */
static const struct fm_def *operator_of(const struct maker *maker, const struct fm_symbol *name,
                                        struct fm_tally ***body)
{
    for (const struct entered *at = maker->entered; at != NULL; at = at->outer) {
        for (uint32_t i = 0; at->call != NULL && i < at->def->param_count; i++) {
            const struct fm_node *argument = i < at->call->count ? at->call->kids[i] : NULL;
            if (at->def->params[i].name != name || argument == NULL) {
                continue;
            }
            if (argument->op == FM_OP_OPERATOR) {
                *body = &at->bodies[i];
                return argument->u.def;
            }
            name = argument->op == FM_OP_OPERATOR_LOCAL ? argument->u.local.name : name;
        }
    }
    return NULL;
}

/* --- expressions --- */

static void visit_kids(struct maker *maker, struct fm_tally *cost, const struct fm_node *node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        visit(maker, cost, node->kids[i], false);
    }
}

static void visit_bound(struct maker *maker, struct fm_tally *cost, const struct fm_node *node,
                        bool action)
{
    bool recursive = node->op == FM_OP_RECFCN;
    const struct fm_binding *bindings = recursive ? node->u.recfcn.at : node->u.bind.at;
    uint32_t count = recursive ? node->u.recfcn.count : node->u.bind.count;
    visit(maker, cost, node->kids[0], action);
    for (uint32_t i = 0; i < count; i++) {
        if (bindings[i].set != NULL) {
            visit(maker, cost, bindings[i].set, false);
        }
    }
}

static void visit_case(struct maker *maker, struct fm_tally *cost, const struct fm_node *node,
                       bool action)
{
    uint32_t i = 0;
    for (; i + 1 < node->count; i += 2) {
        struct fm_span span = node->kids[i]->span;
        span.end = node->kids[i + 1]->span.end;
        struct fm_tally *arm = add_place(maker, cost, NULL, span);
        visit(maker, arm, node->kids[i], false);
        visit(maker, arm, node->kids[i + 1], action);
    }
    if (i < node->count) {
        struct fm_span span = span_with_name(maker, node->kids[i]->span);
        visit(maker, add_place(maker, cost, NULL, span), node->kids[i], action);
    }
}

static void visit_fields(struct maker *maker, struct fm_tally *cost, const struct fm_node *node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        struct fm_span span = span_with_name(maker, node->kids[i]->span);
        visit(maker, add_place(maker, cost, NULL, span), node->kids[i], false);
    }
}

static void visit_except(struct maker *maker, struct fm_tally *cost, const struct fm_node *node)
{
    visit(maker, cost, node->kids[0], false);
    for (uint32_t i = 0; i < node->u.updates.count; i++) {
        const struct fm_update *update = &node->u.updates.at[i];
        struct fm_span path;
        struct fm_span span = span_of_update(maker, update, &path);
        struct fm_tally *pair = add_place(maker, cost, NULL, span);
        struct fm_tally *indices = add_place(maker, pair, NULL, path);
        for (uint32_t j = 0; j < update->path_count; j++) {
            visit(maker, indices, update->path[j], false);
        }
        visit(maker, pair, update->value, false);
    }
}

/* The same counts at one more place. */
static void add_again(struct maker *maker, struct fm_tally *parent, const struct fm_tally *from)
{
    struct fm_tally *cost = add_place(maker, parent, from->node, from->span);
    cost->index = from->index;
    cost->module = from->module;
    cost->again = from->again;
    cost->primed = from->primed;
    for (const struct fm_tally *at = from->first; at != NULL; at = at->next) {
        add_again(maker, cost, at);
    }
}

/* The body of an operator that is an argument. */
static void visit_operator(struct maker *maker, struct fm_tally *cost, const struct fm_def *def,
                           struct fm_tally **body)
{
    if (*body != NULL) {
        add_again(maker, cost, *body);
        return;
    }
    struct fm_tally *before = cost->last;
    struct entered entered = {def, NULL, NULL, NULL};
    enter(maker, cost, &entered, false);
    *body = cost->last != before ? cost->last : NULL;
}

static void visit_call(struct maker *maker, struct fm_tally *cost, const struct fm_node *node,
                       bool action)
{
    const struct fm_def *def = node->u.def;
    if (def->is_recursive && is_entered(maker, def)) {
        cost->again = call_around(cost, def);
    }
    struct entered entered = {
        def, node, NULL, fm_arena_calloc(maker->arena, node->count + 1, sizeof *entered.bodies)};
    enter(maker, cost, &entered, action);
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->kids[i]->op == FM_OP_OPERATOR) {
            visit_operator(maker, cost, node->kids[i]->u.def, &entered.bodies[i]);
        } else {
            visit(maker, cost, node->kids[i], false);
        }
    }
}

/* No places of their own. */
static bool visit_through(struct maker *maker, struct fm_tally *parent, const struct fm_node *node,
                          bool action)
{
    if (node->op == FM_OP_LET) {
        for (uint32_t i = 0; i < node->u.lets.count; i++) {
            const struct fm_def *def = node->u.lets.at[i].def;
            if (def->param_count == 0 && def->body != NULL) {
                visit(maker, parent, def->body, false);
            }
        }
    }
    if (node->op == FM_OP_LET || node->op == FM_OP_LABEL) {
        visit(maker, parent, node->kids[0], action);
        return true;
    }
    return !fm_tally_has(node);
}

/* x' = e and x' \in S */
static bool assigns(const struct fm_node *node)
{
    const struct fm_node *left = node->kids[0];
    return left->op == FM_OP_PRIME &&
           (left->kids[0]->op == FM_OP_VAR || left->kids[0]->op == FM_OP_CALL ||
            left->kids[0]->op == FM_OP_LOCAL);
}

static void visit_below(struct maker *maker, struct fm_tally *cost, const struct fm_node *node,
                        bool action)
{
    switch ((int)node->op) {
    case FM_OP_CALL:
        visit_call(maker, cost, node, action);
        return;
    case FM_OP_APPLY: {
        struct fm_tally **body = NULL;
        const struct fm_def *def = operator_of(maker, node->u.local.name, &body);
        visit_kids(maker, cost, node);
        if (def != NULL) {
            visit_operator(maker, cost, def, body);
        }
        return;
    }
    case FM_OP_LOCAL:
        if (node->u.local.let != NULL) {
            struct entered entered = {node->u.local.let, NULL, NULL, NULL};
            enter(maker, cost, &entered, action);
        }
        return;
    case FM_OP_FORALL:
    case FM_OP_EXISTS:
        visit_bound(maker, cost, node, action);
        return;
    case FM_OP_CHOOSE:
    case FM_OP_FILTER:
    case FM_OP_MAP:
    case FM_OP_FCN:
    case FM_OP_RECFCN:
        visit_bound(maker, cost, node, false);
        return;
    case FM_OP_RECORD:
    case FM_OP_RECSET:
        visit_fields(maker, cost, node);
        return;
    case FM_OP_EXCEPT:
        visit_except(maker, cost, node);
        return;
    case FM_OP_CASE:
        visit_case(maker, cost, node, action);
        return;
    case FM_OP_AND:
    case FM_OP_OR:
    case FM_OP_IMPLIES:
    case FM_OP_IF:
    case FM_OP_SQUARE:
    case FM_OP_ANGLE:
        for (uint32_t i = 0; i < node->count; i++) {
            bool condition = node->op == FM_OP_IF && i == 0;
            visit(maker, cost, node->kids[i], action && !condition);
        }
        return;
    case FM_OP_EQ:
    case FM_OP_IN:
        cost->primed = action && assigns(node);
        break;
    case FM_OP_UNCHANGED:
        cost->primed = true;
        break;
    }
    visit_kids(maker, cost, node);
}

static void visit(struct maker *maker, struct fm_tally *parent, const struct fm_node *node,
                  bool action)
{
    if (maker->nesting >= NESTING_MAX || maker->count >= PLACES_MAX) {
        return;
    }
    maker->nesting++;
    if (!visit_through(maker, parent, node, action)) {
        visit_below(maker, add_place(maker, parent, node, node->span), node, action);
    }
    maker->nesting--;
}

/* --- roots --- */

static struct fm_tally *make_root(struct maker *maker, const struct fm_node *node,
                                  const struct fm_symbol *module, bool action)
{
    struct fm_tally *root = new_root(maker);
    maker->module = module;
    root->module = module;
    visit(maker, root, node, action);
    return root;
}

/* A formula that names a definition is its body. */
static struct fm_tally **make_roots(struct maker *maker, const struct fm_program *program,
                                    const struct fm_formula *formulas, uint32_t count)
{
    struct fm_tally **roots = fm_arena_calloc(maker->arena, count + 1, sizeof *roots);
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_def *def = formulas[i].def;
        const struct fm_node *node = formulas[i].node;
        while (node->op == FM_OP_CALL && node->count == 0 && node->u.def->body != NULL) {
            def = node->u.def;
            node = def->body;
        }
        const struct fm_symbol *module = def != NULL && def->module != NULL ? def->module
                                                                            : program->root;
        roots[i] = make_root(maker, node, module, false);
    }
    return roots;
}

static struct fm_tally **make_action_roots(struct maker *maker, const struct fm_model *model)
{
    struct fm_tally **roots = fm_arena_calloc(maker->arena, model->action_count + 1, sizeof *roots);
    for (uint32_t i = 0; i < model->action_count; i++) {
        const struct fm_action *action = &model->actions[i];
        for (uint32_t j = 0; j < i && roots[i] == NULL; j++) {
            if (is_same(action->node, model->actions[j].node)) {
                roots[i] = roots[j];
            }
        }
        if (roots[i] == NULL) {
            roots[i] = make_root(maker, action->node, action->module, true);
        }
    }
    return roots;
}

void fm_tallies_make(struct fm_eval_model *model)
{
    const struct fm_program *program = model->model.program;
    struct maker maker = {.arena = &model->arena, .sources = fm_diags_sources(program->diags)};
    struct fm_tallies *costs = fm_arena_calloc(&model->arena, 1, sizeof *costs);
    costs->inits = make_roots(&maker, program, program->inits, program->init_count);
    costs->actions = make_action_roots(&maker, &model->model);
    costs->invariants = make_roots(&maker, program, program->invariants, program->invariant_count);
    costs->constraints = make_roots(&maker, program, program->constraints,
                                    program->constraint_count);
    costs->action_constraints = make_roots(&maker, program, program->action_constraints,
                                           program->action_constraint_count);
    costs->count = maker.count;
    model->model.costs = costs;
}
