/* Analysis of expressions: every name resolved, every operator given the right number and kind of
 * arguments.
 *
 * The walk goes in the order in which SANY's Generator creates nodes, because string literals are
 * ranked on the way (interning order): sets of bound variables before the variables are declared,
 * and before the body even where the body is written first.
 *
 * Levels are not looked at here: level.c does, once a module has no other errors. */
#include "semantics/analyze.h"

typedef void analyze_fn(struct fm_analysis *analysis, struct fm_ast *node);

static void analyze_kids(struct fm_analysis *analysis, struct fm_ast *node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        fm_analyze_expression(analysis, node->kids[i]);
    }
}

/* --- names and applications --- */

void fm_report_arity(struct fm_analysis *analysis, const struct fm_entity *entity,
                     struct fm_span span, uint32_t wanted, uint32_t given)
{
    struct fm_diag *diag = fm_diag_report(analysis->sema->session.diags, FM_CODE_2013, span,
                                          "`%s` takes %u argument%s, not %u", entity->name->text,
                                          wanted, wanted == 1 ? "" : "s", given);
    if (entity->name_span.source != 0) {
        fm_diag_hint_at(analysis->sema->session.diags, diag, entity->name_span,
                        "the definition of `%s`", entity->name->text);
    }
}

uint32_t fm_entity_param_arity(const struct fm_entity *entity, uint32_t param)
{
    return entity->params == NULL || param >= entity->arity || entity->params[param] == NULL
               ? 0
               : entity->params[param]->arity;
}

void fm_analyze_arguments(struct fm_analysis *analysis, const struct fm_entity *entity,
                          struct fm_ast *node, struct fm_ast **arguments, uint32_t count)
{
    if (count != entity->arity) {
        fm_report_arity(analysis, entity,
                        node->name_span.source != 0 ? node->name_span : node->span, entity->arity,
                        count);
        return;
    }
    struct fm_span span = node->name_span.source != 0 ? node->name_span : node->span;
    for (uint32_t i = 0; i < count; i++) {
        fm_analyze_argument(analysis, arguments[i], fm_entity_param_arity(entity, i), span);
    }
}

/* What may be applied, or stand alone, as an expression. */
static bool is_usable(struct fm_analysis *analysis, const struct fm_entity *entity,
                      struct fm_span span)
{
    if (entity->kind == FM_ENTITY_INSTANCE) {
        struct fm_diag *diag = fm_diag_report(analysis->sema->session.diags, FM_CODE_2012, span,
                                              "`%s` is an instance of module %s, not an operator",
                                              entity->name->text,
                                              entity->instance->module->name->text);
        fm_diag_hint(analysis->sema->session.diags, diag,
                     "write %s!Op for the operator Op of that module", entity->name->text);
        return false;
    }
    if (entity->is_step) {
        struct fm_diag *diag = fm_diag_report(
            analysis->sema->session.diags, FM_CODE_2082, span,
            "step %s is no assertion that could stand in an expression", entity->name->text);
        fm_diag_hint_at(analysis->sema->session.diags, diag, entity->name_span, "the step");
        return false;
    }
    if (entity->is_operator_value) {
        struct fm_diag *diag = fm_diag_report(
            analysis->sema->session.diags, FM_CODE_2051, span,
            "`%s` stands for an ASSUME/PROVE, which is no expression", entity->name->text);
        fm_diag_hint_at(analysis->sema->session.diags, diag, entity->name_span, "its definition");
        return false;
    }
    return true;
}

/* Resolves the node's name; NULL after a report. */
static struct fm_entity *resolve_name(struct fm_analysis *analysis, struct fm_ast *node)
{
    struct fm_span span = node->name_span.source != 0 ? node->name_span : node->span;
    struct fm_entity *entity = fm_scope_find(analysis->sema, analysis->scope, node->name);
    if (entity == NULL) {
        fm_scope_report_unknown(analysis->sema, analysis->scope, span, node->name);
        return NULL;
    }
    if (entity->is_function && !entity->is_analyzed) {
        entity->is_self_applied = true;
    }
    return is_usable(analysis, entity, span) ? entity : NULL;
}

/* IDENT, APPLY, PREFIX, INFIX, POSTFIX: kids are the arguments. */
static void analyze_application(struct fm_analysis *analysis, struct fm_ast *node)
{
    struct fm_entity *entity = resolve_name(analysis, node);
    node->note = entity;
    if (entity != NULL) {
        fm_analyze_arguments(analysis, entity, node, node->kids, node->count);
        return;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->kids[i]->kind != FM_AST_OPARG && node->kids[i]->kind != FM_AST_LAMBDA) {
            fm_analyze_expression(analysis, node->kids[i]);
        }
    }
}

static void analyze_selection(struct fm_analysis *analysis, struct fm_ast *node)
{
    fm_analyze_select(analysis, node, 0);
}

static void report_operator(struct fm_analysis *analysis, struct fm_ast *node)
{
    if (node->kind == FM_AST_LAMBDA) {
        fm_diag_report(analysis->sema->session.diags, FM_CODE_2017, node->span,
                       "a LAMBDA stands where an expression is needed");
    } else {
        fm_diag_report(analysis->sema->session.diags, FM_CODE_2017, node->span,
                       "the operator `%s` stands where an expression is needed", node->name->text);
    }
}

static void analyze_lambda(struct fm_analysis *analysis, struct fm_ast *node)
{
    struct fm_scope *outer = analysis->scope;
    analysis->scope = fm_scope_push(analysis->sema, outer);
    struct fm_entity **params = fm_analyze_params(analysis, node->kids[0]);
    uint32_t mark = fm_labels_bind(analysis, params, node->kids[0]->count);
    fm_analyze_expression(analysis, node->kids[1]);
    fm_labels_unbind(analysis, mark);
    analysis->scope = outer;
}

static void report_argument_arity(struct fm_analysis *analysis, const struct fm_ast *node,
                                  uint32_t wanted, uint32_t given)
{
    fm_diag_report(analysis->sema->session.diags, FM_CODE_2016, node->span,
                   "an operator with %u parameter%s is needed here, this one has %u", wanted,
                   wanted == 1 ? "" : "s", given);
}

static bool takes_operators(const struct fm_entity *entity)
{
    for (uint32_t i = 0; i < entity->arity; i++) {
        if (fm_entity_param_arity(entity, i) > 0) {
            return true;
        }
    }
    return false;
}

void fm_analyze_argument(struct fm_analysis *analysis, struct fm_ast *node, uint32_t arity,
                         struct fm_span operator_span)
{
    (void)operator_span;
    if (arity == 0) {
        fm_analyze_expression(analysis, node);
    } else if (node->kind == FM_AST_LAMBDA) {
        analyze_lambda(analysis, node);
        if (node->kids[0]->count != arity) {
            report_argument_arity(analysis, node, arity, node->kids[0]->count);
        }
    } else if (node->kind == FM_AST_SELECT) {
        fm_analyze_select(analysis, node, arity);
    } else if (node->kind == FM_AST_IDENT || node->kind == FM_AST_OPARG) {
        node->note = resolve_name(analysis, node);
        const struct fm_entity *entity = node->note;
        if (entity != NULL && entity->arity != arity) {
            report_argument_arity(analysis, node, arity, entity->arity);
        } else if (entity != NULL && takes_operators(entity)) {
            fm_diag_report(analysis->sema->session.diags, FM_CODE_2016, node->span,
                           "`%s` takes an operator itself, so it cannot be an argument",
                           entity->name->text);
        }
    } else {
        fm_diag_report(analysis->sema->session.diags, FM_CODE_2015, node->span,
                       "an operator with %u parameter%s is needed here, not an expression", arity,
                       arity == 1 ? "" : "s");
    }
}

/* --- parameters and bound variables --- */

struct fm_entity **fm_analyze_params(struct fm_analysis *analysis, struct fm_ast *params)
{
    struct fm_sema *sema = analysis->sema;
    struct fm_entity **entities = fm_arena_calloc(sema->arena, params->count, sizeof *entities);
    for (uint32_t i = 0; i < params->count; i++) {
        struct fm_ast *node = params->kids[i];
        struct fm_entity *entity = fm_sema_entity(sema, FM_ENTITY_PARAMETER, node->name,
                                                  analysis->module);
        entity->span = node->span;
        entity->name_span = node->name_span.source != 0 ? node->name_span : node->span;
        entity->arity = node->number;
        entity->ast = node;
        node->note = entity;
        entities[i] = entity;
        fm_scope_add(sema, analysis->scope, entity);
    }
    return entities;
}

static uint32_t variable_count(const struct fm_ast *binding)
{
    return (binding->flags & FM_AST_UNBOUNDED) != 0 ? binding->count : binding->count - 1;
}

static void declare_variables(struct fm_analysis *analysis, struct fm_ast *binding)
{
    for (uint32_t i = 0; i < variable_count(binding); i++) {
        struct fm_ast *node = binding->kids[i];
        struct fm_entity *entity = fm_sema_entity(analysis->sema, FM_ENTITY_BOUND, node->name,
                                                  analysis->module);
        entity->span = node->span;
        entity->name_span = node->span;
        entity->ast = node;
        node->note = entity;
        fm_scope_add(analysis->sema, analysis->scope, entity);
    }
}

static void analyze_binding_set(struct fm_analysis *analysis, struct fm_ast *binding)
{
    if ((binding->flags & FM_AST_UNBOUNDED) == 0) {
        fm_analyze_expression(analysis, binding->kids[binding->count - 1]);
    }
}

void fm_analyze_bindings(struct fm_analysis *analysis, struct fm_ast *bindings)
{
    bool single = bindings->kind == FM_AST_BINDING;
    uint32_t count = single ? 1 : bindings->count;
    for (uint32_t i = 0; i < count; i++) {
        analyze_binding_set(analysis, single ? bindings : bindings->kids[i]);
    }
    analysis->scope = fm_scope_push(analysis->sema, analysis->scope);
    for (uint32_t i = 0; i < count; i++) {
        declare_variables(analysis, single ? bindings : bindings->kids[i]);
    }
}

struct fm_entity **fm_bindings_entities(struct fm_sema *sema, const struct fm_ast *bindings,
                                        uint32_t *count)
{
    bool single = bindings->kind == FM_AST_BINDING;
    uint32_t groups = single ? 1 : bindings->count;
    uint32_t total = 0;
    for (uint32_t i = 0; i < groups; i++) {
        total += variable_count(single ? bindings : bindings->kids[i]);
    }
    struct fm_entity **entities = fm_arena_calloc(sema->arena, total, sizeof *entities);
    *count = 0;
    for (uint32_t i = 0; i < groups; i++) {
        const struct fm_ast *binding = single ? bindings : bindings->kids[i];
        for (uint32_t j = 0; j < variable_count(binding); j++) {
            entities[(*count)++] = binding->kids[j]->note;
        }
    }
    return entities;
}

/* Quantifiers, CHOOSE, set and function constructors: [BINDINGS or BINDING, body]. */
static void analyze_binder(struct fm_analysis *analysis, struct fm_ast *node)
{
    struct fm_scope *outer = analysis->scope;
    fm_analyze_bindings(analysis, node->kids[0]);
    uint32_t count = 0;
    struct fm_entity **bound = fm_bindings_entities(analysis->sema, node->kids[0], &count);
    uint32_t mark = fm_labels_bind(analysis, bound, count);
    fm_analyze_expression(analysis, node->kids[1]);
    fm_labels_unbind(analysis, mark);
    analysis->scope = outer;
}

/* --- functions and records --- */

/* Variables of the definition of a function, 0 when the entity defines none. */
static uint32_t function_arity(const struct fm_entity *entity)
{
    if (entity == NULL || entity->kind != FM_ENTITY_DEFINED || entity->target != NULL ||
        !entity->is_function) {
        return 0;
    }
    uint32_t count = 0;
    const struct fm_ast *bindings = entity->ast->kids[0];
    for (uint32_t i = 0; i < bindings->count; i++) {
        bool tuple = (bindings->kids[i]->flags & FM_AST_TUPLE_PATTERN) != 0;
        count += tuple ? 1 : variable_count(bindings->kids[i]);
    }
    return count;
}

static void analyze_function_application(struct fm_analysis *analysis, struct fm_ast *node)
{
    struct fm_ast *function = node->kids[0];
    fm_analyze_expression(analysis, function);
    uint32_t given = node->count - 1;
    if (function->kind == FM_AST_IDENT) {
        const struct fm_entity *entity = function->note;
        uint32_t wanted = function_arity(entity);
        if (wanted != 0 && given > 1 && given != wanted) {
            struct fm_diag *diag = fm_diag_report(
                analysis->sema->session.diags, FM_CODE_2018, node->span,
                "function `%s` has %u argument%s, not %u", entity->name->text, wanted,
                wanted == 1 ? "" : "s", given);
            fm_diag_hint_at(analysis->sema->session.diags, diag, entity->name_span,
                            "the definition of `%s`", entity->name->text);
        }
    }
    for (uint32_t i = 1; i < node->count; i++) {
        fm_analyze_expression(analysis, node->kids[i]);
    }
}

static void analyze_record(struct fm_analysis *analysis, struct fm_ast *node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        const struct fm_ast *field = node->kids[i];
        for (uint32_t j = 0; j < i; j++) {
            if (node->kids[j]->name == field->name) {
                struct fm_diag *diag = fm_diag_report(
                    analysis->sema->session.diags, FM_CODE_2020,
                    field->name_span.source != 0 ? field->name_span : field->span,
                    "the field `%s` is written twice", field->name->text);
                fm_diag_hint_at(analysis->sema->session.diags, diag, node->kids[j]->span,
                                "the first one");
            }
        }
        fm_analyze_expression(analysis, field->kids[0]);
    }
}

static void analyze_except(struct fm_analysis *analysis, struct fm_ast *node)
{
    fm_analyze_expression(analysis, node->kids[0]);
    for (uint32_t i = 1; i < node->count; i++) {
        const struct fm_ast *update = node->kids[i];
        for (uint32_t j = 0; j + 1 < update->count; j++) {
            if (update->kids[j]->kind == FM_AST_PATH_INDEX) {
                analyze_kids(analysis, update->kids[j]);
            }
        }
        analysis->except_depth++;
        fm_analyze_expression(analysis, update->kids[update->count - 1]);
        analysis->except_depth--;
    }
}

static void analyze_at(struct fm_analysis *analysis, struct fm_ast *node)
{
    if (analysis->except_depth == 0) {
        struct fm_diag *diag = fm_diag_report(analysis->sema->session.diags, FM_CODE_2019,
                                              node->span, "`@` stands outside of an EXCEPT");
        fm_diag_hint(analysis->sema->session.diags, diag,
                     "in [f EXCEPT ![x] = e] the old value f[x] is written @ inside e");
    }
}

static void analyze_string(struct fm_analysis *analysis, struct fm_ast *node)
{
    if (!analysis->module->unit->is_builtin) {
        fm_symbol_rank(analysis->sema->session.symbols, node->name);
    }
}

static void analyze_nothing(struct fm_analysis *analysis, struct fm_ast *node)
{
    (void)analysis;
    (void)node;
}

/* --- ASSUME/PROVE --- */

static enum fm_level level_of_new(const struct fm_ast *node)
{
    if ((node->flags & FM_AST_TEMPORAL_LEVEL) != 0) {
        return FM_LEVEL_TEMPORAL;
    }
    if ((node->flags & FM_AST_ACTION_LEVEL) != 0) {
        return FM_LEVEL_ACTION;
    }
    return (node->flags & FM_AST_STATE_LEVEL) != 0 ? FM_LEVEL_STATE : FM_LEVEL_CONSTANT;
}

static void analyze_new(struct fm_analysis *analysis, struct fm_ast *node)
{
    if (node->count > 0) {
        fm_analyze_expression(analysis, node->kids[0]);
    }
    struct fm_entity *entity = fm_sema_entity(analysis->sema, FM_ENTITY_NEW, node->name,
                                              analysis->module);
    entity->span = node->span;
    entity->name_span = node->name_span.source != 0 ? node->name_span : node->span;
    entity->arity = node->number;
    entity->ast = node;
    entity->level = level_of_new(node);
    node->note = entity;
    fm_scope_add(analysis->sema, analysis->scope, entity);
    if (analysis->assume_depth > 1) {
        analysis->new_depth++;
    }
}

void fm_analyze_assume_prove(struct fm_analysis *analysis, struct fm_ast *node)
{
    struct fm_scope *outer = analysis->scope;
    uint32_t new_depth = analysis->new_depth;
    if (analysis->assume_depth++ > 0) {
        analysis->scope = fm_scope_push(analysis->sema, outer);
    }
    for (uint32_t i = 0; i < node->count; i++) {
        struct fm_ast *kid = node->kids[i];
        if (kid->kind == FM_AST_NEW) {
            analyze_new(analysis, kid);
        } else if (kid->kind == FM_AST_ASSUMEPROVE) {
            fm_analyze_assume_prove(analysis, kid);
        } else {
            fm_analyze_expression(analysis, kid);
        }
    }
    analysis->assume_depth--;
    analysis->new_depth = new_depth;
    analysis->scope = outer;
}

static void report_assume_prove(struct fm_analysis *analysis, struct fm_ast *node)
{
    fm_diag_report(analysis->sema->session.diags, FM_CODE_2051, node->span,
                   "an ASSUME/PROVE stands where an expression is needed");
}

/* --- dispatch --- */

static analyze_fn *const table[FM_AST_BINDING + 1] = {
    [FM_AST_IDENT] = analyze_application,
    [FM_AST_APPLY] = analyze_application,
    [FM_AST_PREFIX] = analyze_application,
    [FM_AST_INFIX] = analyze_application,
    [FM_AST_POSTFIX] = analyze_application,
    [FM_AST_OPARG] = report_operator,
    [FM_AST_LAMBDA] = report_operator,
    [FM_AST_SELECT] = analyze_selection,
    [FM_AST_NUMBER] = analyze_nothing,
    [FM_AST_DECIMAL] = analyze_nothing,
    [FM_AST_STRING] = analyze_string,
    [FM_AST_TRUE] = analyze_nothing,
    [FM_AST_FALSE] = analyze_nothing,
    [FM_AST_BOOLEAN] = analyze_nothing,
    [FM_AST_STRINGS] = analyze_nothing,
    [FM_AST_AT] = analyze_at,
    [FM_AST_CONJLIST] = analyze_kids,
    [FM_AST_DISJLIST] = analyze_kids,
    [FM_AST_TUPLE] = analyze_kids,
    [FM_AST_CROSS] = analyze_kids,
    [FM_AST_SETENUM] = analyze_kids,
    [FM_AST_SETFILTER] = analyze_binder,
    [FM_AST_SETMAP] = analyze_binder,
    [FM_AST_FCN] = analyze_binder,
    [FM_AST_FCNAPP] = analyze_function_application,
    [FM_AST_FCNSET] = analyze_kids,
    [FM_AST_RECORD] = analyze_record,
    [FM_AST_RECSET] = analyze_record,
    [FM_AST_DOT] = analyze_kids,
    [FM_AST_EXCEPT] = analyze_except,
    [FM_AST_FORALL] = analyze_binder,
    [FM_AST_EXISTS] = analyze_binder,
    [FM_AST_TFORALL] = analyze_binder,
    [FM_AST_TEXISTS] = analyze_binder,
    [FM_AST_CHOOSE] = analyze_binder,
    [FM_AST_IF] = analyze_kids,
    [FM_AST_CASE] = analyze_kids,
    [FM_AST_ARM] = analyze_kids,
    [FM_AST_OTHER] = analyze_kids,
    [FM_AST_LET] = fm_analyze_let,
    [FM_AST_SQUARE] = analyze_kids,
    [FM_AST_ANGLE] = analyze_kids,
    [FM_AST_WF] = analyze_kids,
    [FM_AST_SF] = analyze_kids,
    [FM_AST_LABEL] = fm_analyze_label,
    [FM_AST_ASSUMEPROVE] = report_assume_prove,
};

void fm_analyze_expression(struct fm_analysis *analysis, struct fm_ast *node)
{
    analyze_fn *analyze = table[node->kind];
    if (analyze == NULL) {
        return; /* the parser reported what this stands for */
    }
    analyze(analysis, node); /* recursion is bounded by the height of trees: ast.h */
}
