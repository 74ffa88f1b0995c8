/* Analysis of modules: units in order of writing, as SANY's Generator walks them.
 *
 * A name is known from the end of its definition on (an operator cannot mention itself unless
 * declared RECURSIVE, a function can), so one pass in order of writing is enough, and each module
 * is analyzed after the modules that it extends or instantiates. A nested module is analyzed in
 * place, in the scope of the module around it, once.
 *
 * Between RECURSIVE and the definitions it announces only definitions may stand: declarations,
 * theorems, assumptions and nested modules there are errors ("pending" below). */
#include "semantics/analyze.h"

#include "semantics/intern.h"

static struct fm_entity *declare(struct fm_analysis *analysis, struct fm_ast *node,
                                 enum fm_entity_kind kind)
{
    struct fm_entity *entity = fm_sema_entity(analysis->sema, kind, node->name, analysis->module);
    entity->span = node->span;
    entity->name_span = node->name_span;
    entity->arity = node->number;
    entity->ast = node;
    entity->level = kind == FM_ENTITY_VARIABLE ? FM_LEVEL_STATE : FM_LEVEL_CONSTANT;
    node->note = entity;
    fm_scope_add(analysis->sema, analysis->scope, entity);
    return entity;
}

static void analyze_declarations(struct fm_analysis *analysis, struct fm_ast *unit,
                                 enum fm_entity_kind kind)
{
    for (uint32_t i = 0; i < unit->count; i++) {
        declare(analysis, unit->kids[i], kind);
    }
}

/* --- recursion --- */

static void forbid_in_recursive_section(struct fm_analysis *analysis, const struct fm_ast *unit,
                                        const char *what)
{
    if (analysis->pending_count == 0) {
        return;
    }
    const struct fm_entity *pending = analysis->pending[analysis->pending_count - 1];
    struct fm_diag *diag = fm_diag_report(
        analysis->sema->session.diags, FM_CODE_2033, unit->span,
        "%s may not stand between RECURSIVE and the definition of `%s`", what, pending->name->text);
    fm_diag_hint_at(analysis->sema->session.diags, diag, pending->name_span,
                    "`%s` is declared RECURSIVE", pending->name->text);
}

static void join_section(struct fm_analysis *analysis, struct fm_entity *entity)
{
    struct fm_recursive_section *section = analysis->section;
    entity->section = section;
    fm_sema_push(analysis->sema, section->entities, section->count, section->capacity, entity);
}

static void analyze_recursive(struct fm_analysis *analysis, struct fm_ast *unit)
{
    if (analysis->pending_count == 0) {
        analysis->section = fm_arena_calloc(analysis->sema->arena, 1, sizeof *analysis->section);
    }
    for (uint32_t i = 0; i < unit->count; i++) {
        struct fm_entity *entity = declare(analysis, unit->kids[i], FM_ENTITY_DEFINED);
        entity->declared_recursive = true;
        entity->is_let = analysis->let_depth > 0;
        entity->let_depth = analysis->let_depth;
        join_section(analysis, entity);
        fm_sema_push(analysis->sema, analysis->pending, analysis->pending_count,
                     analysis->pending_capacity, entity);
    }
}

static void settle_pending(struct fm_analysis *analysis, const struct fm_entity *entity)
{
    for (uint32_t i = 0; i < analysis->pending_count; i++) {
        if (analysis->pending[i] == entity) {
            analysis->pending[i] = analysis->pending[--analysis->pending_count];
            return;
        }
    }
}

/* At the end of a module or LET: what was announced at this depth must be there. */
static void check_pending(struct fm_analysis *analysis)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < analysis->pending_count; i++) {
        struct fm_entity *entity = analysis->pending[i];
        if (entity->let_depth != analysis->let_depth) {
            analysis->pending[kept++] = entity;
            continue;
        }
        fm_diag_report(analysis->sema->session.diags, FM_CODE_2030, entity->name_span,
                       "`%s` is declared RECURSIVE but not defined", entity->name->text);
    }
    analysis->pending_count = kept;
}

/* --- definitions --- */

static struct fm_entity *make_definition(struct fm_analysis *analysis, struct fm_ast *unit)
{
    struct fm_entity *entity = fm_sema_entity(analysis->sema, FM_ENTITY_DEFINED, unit->name,
                                              analysis->module);
    entity->is_let = analysis->let_depth > 0;
    entity->let_depth = analysis->let_depth;
    entity->is_local = (unit->flags & FM_AST_LOCAL) != 0;
    return entity;
}

static void describe_definition(struct fm_entity *entity, struct fm_ast *unit)
{
    entity->span = unit->span;
    entity->name_span = unit->name_span;
    entity->ast = unit;
    unit->note = entity;
}

/* The entity that RECURSIVE announced for this definition, or NULL; errors are reported and end
 * with a fresh entity that no scope has (`clash`). */
static struct fm_entity *find_announced(struct fm_analysis *analysis, struct fm_ast *unit,
                                        uint32_t arity, bool *clash)
{
    struct fm_entity *before = fm_scope_find(analysis->sema, analysis->scope, unit->name);
    *clash = false;
    if (before == NULL) {
        return NULL;
    }
    struct fm_diags *diags = analysis->sema->session.diags;
    bool announced = before->kind == FM_ENTITY_DEFINED && before->declared_recursive &&
                     before->body == NULL;
    if (announced && before->let_depth == analysis->let_depth) {
        if (before->arity != arity) {
            struct fm_diag *diag = fm_diag_report(
                diags, FM_CODE_2031, unit->name_span,
                "`%s` is defined with %u parameters, but declared RECURSIVE with %u",
                unit->name->text, arity, before->arity);
            fm_diag_hint_at(diags, diag, before->name_span, "the declaration");
        }
        return before;
    }
    *clash = true;
    if (announced) {
        fm_diag_report(diags, FM_CODE_2032, unit->name_span,
                       "`%s` must be defined in the LET or module that declares it RECURSIVE",
                       unit->name->text);
    } else if (before->kind == FM_ENTITY_BUILTIN) {
        fm_diag_report(diags, FM_CODE_2011, unit->name_span,
                       "`%s` is an operator of the language and cannot be defined",
                       unit->name->text);
    } else {
        struct fm_diag *diag = fm_diag_report(diags, FM_CODE_2010, unit->name_span,
                                              "`%s` is already defined", unit->name->text);
        fm_diag_hint_at(diags, diag, before->name_span, "the first definition");
    }
    return NULL;
}

static void analyze_operator(struct fm_analysis *analysis, struct fm_ast *unit)
{
    struct fm_scope *outer = analysis->scope;
    struct fm_ast *params = unit->kids[0];
    analysis->scope = fm_scope_push(analysis->sema, outer);
    struct fm_entity **entities = fm_analyze_params(analysis, params);
    bool clash = false;
    struct fm_entity *entity = find_announced(analysis, unit, params->count, &clash);
    bool announced = entity != NULL;
    if (!announced) {
        entity = make_definition(analysis, unit);
    } else {
        settle_pending(analysis, entity);
    }
    bool joins = !announced && analysis->pending_count > 0;
    entity->arity = params->count;
    entity->params = entities;
    struct fm_label_frame *labels = fm_labels_open(analysis);
    fm_analyze_expression(analysis, unit->kids[1]);
    fm_labels_close(analysis, labels, entity);
    describe_definition(entity, unit);
    entity->body = unit->kids[1];
    entity->is_analyzed = true;
    if (joins) {
        join_section(analysis, entity);
    }
    analysis->scope = outer;
    if (!announced && !clash) {
        fm_scope_add(analysis->sema, outer, entity);
    }
}

static void analyze_function(struct fm_analysis *analysis, struct fm_ast *unit)
{
    struct fm_scope *outer = analysis->scope;
    fm_analyze_bindings(analysis, unit->kids[0]);
    struct fm_scope *inner = analysis->scope;
    bool clash = false;
    struct fm_entity *entity = find_announced(analysis, unit, 0, &clash);
    if (entity != NULL) {
        settle_pending(analysis, entity);
        describe_definition(entity, unit);
    } else {
        entity = make_definition(analysis, unit);
        describe_definition(entity, unit);
        analysis->scope = outer;
        if (!clash) {
            fm_scope_add(analysis->sema, outer, entity);
        }
        analysis->scope = inner;
    }
    entity->is_function = true;
    entity->body = unit;
    struct fm_label_frame *labels = fm_labels_open(analysis);
    uint32_t count = 0;
    struct fm_entity **bound = fm_bindings_entities(analysis->sema, unit->kids[0], &count);
    fm_labels_bind(analysis, bound, count);
    fm_analyze_expression(analysis, unit->kids[1]);
    fm_labels_close(analysis, labels, entity);
    entity->is_analyzed = true;
    analysis->scope = outer;
}

static void analyze_named_instance(struct fm_analysis *analysis, struct fm_ast *unit)
{
    struct fm_scope *outer = analysis->scope;
    analysis->scope = fm_scope_push(analysis->sema, outer);
    struct fm_ast *params = unit->kids[0];
    struct fm_entity **entities = fm_analyze_params(analysis, params);
    struct fm_instance *instance = fm_analyze_instance(analysis, unit->kids[1], unit->name,
                                                       entities, params->count);
    analysis->scope = outer;
    struct fm_entity *entity = fm_sema_entity(analysis->sema, FM_ENTITY_INSTANCE, unit->name,
                                              analysis->module);
    describe_definition(entity, unit);
    entity->is_local = (unit->flags & FM_AST_LOCAL) != 0;
    entity->is_let = analysis->let_depth > 0;
    entity->let_depth = analysis->let_depth;
    entity->arity = params->count;
    entity->params = entities;
    entity->instance = instance;
    if (instance != NULL) {
        fm_scope_add(analysis->sema, outer, entity);
    }
}

static void analyze_unnamed_instance(struct fm_analysis *analysis, struct fm_ast *unit)
{
    struct fm_instance *instance = fm_analyze_instance(analysis, unit, NULL, NULL, 0);
    if (instance != NULL) {
        fm_import_instance(analysis, instance, (unit->flags & FM_AST_LOCAL) != 0);
    }
}

void fm_analyze_definition(struct fm_analysis *analysis, struct fm_ast *unit)
{
    if (unit->kind == FM_AST_OPDEF) {
        analyze_operator(analysis, unit);
    } else if (unit->kind == FM_AST_FCNDEF) {
        analyze_function(analysis, unit);
    } else if (unit->kind == FM_AST_MODDEF) {
        analyze_named_instance(analysis, unit);
    } else if (unit->kind == FM_AST_INSTANCE) {
        analyze_unnamed_instance(analysis, unit);
    } else if (unit->kind == FM_AST_RECURSIVE) {
        analyze_recursive(analysis, unit);
    }
}

void fm_analyze_let(struct fm_analysis *analysis, struct fm_ast *let)
{
    struct fm_scope *outer = analysis->scope;
    analysis->scope = fm_scope_push(analysis->sema, outer);
    analysis->let_depth++;
    for (uint32_t i = 0; i + 1 < let->count; i++) {
        fm_analyze_definition(analysis, let->kids[i]);
    }
    check_pending(analysis);
    analysis->let_depth--;
    fm_analyze_expression(analysis, let->kids[let->count - 1]);
    analysis->scope = outer;
}

/* --- ASSUME and THEOREM --- */

static void name_fact(struct fm_analysis *analysis, struct fm_ast *unit)
{
    struct fm_ast *statement = unit->kids[0];
    struct fm_entity *entity = make_definition(analysis, unit);
    describe_definition(entity, unit);
    entity->is_fact = true;
    entity->is_analyzed = true;
    entity->is_operator_value = statement->kind == FM_AST_ASSUMEPROVE;
    entity->body = statement;
}

static void analyze_fact(struct fm_analysis *analysis, struct fm_ast *unit)
{
    struct fm_ast *statement = unit->kids[0];
    bool named = unit->name != NULL;
    struct fm_scope *outer = analysis->scope;
    struct fm_label_frame *labels = named ? fm_labels_open(analysis) : analysis->labels;
    if (statement->kind == FM_AST_ASSUMEPROVE) {
        analysis->scope = fm_scope_push(analysis->sema, outer);
        fm_analyze_assume_prove(analysis, statement);
    } else {
        fm_analyze_expression(analysis, statement);
    }
    if (unit->kind == FM_AST_ASSUME) {
        fm_sema_push(analysis->sema, analysis->module->assumes, analysis->module->assume_count,
                     analysis->module->assume_capacity, unit);
    }
    if (named) {
        name_fact(analysis, unit);
        fm_labels_close(analysis, labels, unit->note);
        fm_scope_add(analysis->sema, outer, unit->note);
    }
    if (unit->count > 1) { /* the proof sees the theorem's name and its NEW identifiers */
        fm_analyze_proof(analysis, unit->kids[1]);
    }
    analysis->scope = outer;
}

/* --- modules --- */

static void analyze_nested(struct fm_analysis *analysis, struct fm_ast *unit)
{
    forbid_in_recursive_section(analysis, unit, "a nested module");
    struct fm_module *nested = unit->note;
    struct fm_module *before = fm_module_resolve(analysis->sema, analysis->module, nested->name);
    fm_analyze_module(analysis->sema, nested);
    if (before != NULL && before != nested) {
        struct fm_diag *diag = fm_diag_report(analysis->sema->session.diags, FM_CODE_2004,
                                              unit->name_span, "there is another module named `%s`",
                                              nested->name->text);
        if (before->ast != NULL) {
            fm_diag_hint_at(analysis->sema->session.diags, diag, before->ast->name_span,
                            "the other one");
        }
        return;
    }
    fm_map_put(analysis->module->visible, nested->name, nested);
}

static void analyze_unit(struct fm_analysis *analysis, struct fm_ast *unit)
{
    if (unit->kind == FM_AST_CONSTANTS) {
        forbid_in_recursive_section(analysis, unit, "a declaration");
        analyze_declarations(analysis, unit, FM_ENTITY_CONSTANT);
    } else if (unit->kind == FM_AST_VARIABLES) {
        forbid_in_recursive_section(analysis, unit, "a declaration");
        analyze_declarations(analysis, unit, FM_ENTITY_VARIABLE);
    } else if (unit->kind == FM_AST_MODULE) {
        analyze_nested(analysis, unit);
    } else if (unit->kind == FM_AST_ASSUME || unit->kind == FM_AST_THEOREM) {
        forbid_in_recursive_section(analysis, unit,
                                    unit->kind == FM_AST_ASSUME ? "an assumption" : "a theorem");
        analyze_fact(analysis, unit);
    } else if (unit->kind == FM_AST_USE) {
        forbid_in_recursive_section(analysis, unit, "USE or HIDE");
        fm_analyze_use(analysis, unit);
    } else {
        fm_analyze_definition(analysis, unit);
    }
}

static void extend_all(struct fm_analysis *analysis)
{
    struct fm_module *module = analysis->module;
    const struct fm_ast *extends = module->ast->kids[0];
    for (uint32_t i = 0; i < extends->count; i++) {
        struct fm_module *extendee = fm_module_resolve(analysis->sema, module,
                                                       extends->kids[i]->name);
        if (extendee != NULL && extendee->is_analyzed) {
            fm_module_extend(analysis->sema, module, extendee, extends->kids[i]->span);
        }
    }
}

void fm_analyze_module(struct fm_sema *sema, struct fm_module *module)
{
    if (module->is_analyzed || module->ast == NULL) {
        return;
    }
    if (module->unit->is_builtin && module->outer == NULL) {
        fm_intern_recorded_strings(sema->session.symbols, module->name->text);
    }
    struct fm_analysis analysis = {.sema = sema, .module = module};
    module->scope = fm_scope_push(sema, module->outer == NULL ? NULL : module->outer->scope);
    module->scope->module = module;
    module->visible = fm_sema_map(sema);
    analysis.scope = module->scope;
    extend_all(&analysis);
    for (uint32_t i = 1; i < module->ast->count; i++) {
        analyze_unit(&analysis, module->ast->kids[i]);
    }
    check_pending(&analysis);
    module->is_analyzed = true;
}

void fm_analyze_root_expression(struct fm_sema *sema, struct fm_ast *node)
{
    struct fm_analysis analysis = {.sema = sema, .module = sema->root, .scope = sema->root->scope};
    struct fm_label_frame *labels = fm_labels_open(&analysis);
    struct fm_entity owner = {0};
    fm_analyze_expression(&analysis, node);
    fm_labels_close(&analysis, labels, &owner);
}
