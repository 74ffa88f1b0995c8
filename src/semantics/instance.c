/* INSTANCE: substitutions and what it brings ("Specifying Systems" 17.5.5).
 *
 * Each CONSTANT and VARIABLE that the instantiated module declares or inherits gets an expression:
 * the one after WITH, or else whatever its name means where the INSTANCE stands. Nothing is
 * substituted here; the pairs are recorded, and elaboration builds each definition of the module
 * anew for each instance (elaborate.c).
 *
 * `I == INSTANCE M` declares one entity I; I!Op is found through it (selector.c). An unnamed
 * INSTANCE declares an entity for each operator of M that is not local: the very same entity when M
 * declares nothing and the INSTANCE is not LOCAL, so that a module reached twice does not clash
 * with itself, and otherwise one that points to it (`target`). */
#include "semantics/analyze.h"

struct fm_module *fm_module_resolve(const struct fm_sema *sema, const struct fm_module *module,
                                    const struct fm_symbol *name)
{
    for (const struct fm_module *around = module; around != NULL; around = around->outer) {
        struct fm_module *found = around->visible == NULL ? NULL
                                                          : fm_map_get(around->visible, name);
        if (found != NULL) {
            return found;
        }
    }
    for (uint32_t i = 0; i < sema->unit_count; i++) {
        if (sema->units[i]->root->name == name) {
            return sema->units[i]->root;
        }
    }
    return NULL;
}

static bool is_declaration(const struct fm_entity *entity)
{
    return entity->kind == FM_ENTITY_CONSTANT || entity->kind == FM_ENTITY_VARIABLE;
}

static struct fm_substitution *find_substitution(struct fm_instance *instance,
                                                 const struct fm_symbol *name)
{
    for (uint32_t i = 0; i < instance->substitution_count; i++) {
        if (instance->substitutions[i].declared->name == name) {
            return &instance->substitutions[i];
        }
    }
    return NULL;
}

/* One substitution for each declaration, implied ones filled in. */
static void prepare_substitutions(struct fm_analysis *analysis, struct fm_instance *instance)
{
    const struct fm_module *module = instance->module;
    instance->substitutions = fm_arena_calloc(analysis->sema->arena, module->entity_count,
                                              sizeof *instance->substitutions);
    for (uint32_t i = 0; i < module->entity_count; i++) {
        struct fm_entity *entity = module->entities[i];
        if (!is_declaration(entity)) {
            continue;
        }
        struct fm_substitution *substitution =
            &instance->substitutions[instance->substitution_count++];
        substitution->declared = entity;
        substitution->span = instance->span;
        substitution->same = fm_scope_find(analysis->sema, analysis->scope, entity->name);
    }
}

static void report_target(struct fm_analysis *analysis, const struct fm_instance *instance,
                          const struct fm_ast *clause)
{
    const struct fm_entity *meant = instance->module->scope->names == NULL
                                        ? NULL
                                        : fm_map_get(instance->module->scope->names, clause->name);
    struct fm_diag *diag = fm_diag_report(analysis->sema->session.diags, FM_CODE_2025,
                                          clause->name_span,
                                          "`%s` is no CONSTANT or VARIABLE of module %s",
                                          clause->name->text, instance->module->name->text);
    if (meant != NULL) {
        fm_diag_hint_at(analysis->sema->session.diags, diag, meant->name_span,
                        "`%s` is defined there, and only declared names can be substituted",
                        clause->name->text);
    } else {
        const char *names[64];
        uint32_t count = 0;
        for (uint32_t i = 0; i < instance->substitution_count && count < 64; i++) {
            names[count++] = instance->substitutions[i].declared->name->text;
        }
        const char *nearest = fm_diag_nearest(clause->name->text, names, count);
        if (nearest != NULL) {
            fm_diag_hint(analysis->sema->session.diags, diag, "did you mean `%s`?", nearest);
        }
    }
}

static void report_substituted_arity(struct fm_analysis *analysis, const struct fm_entity *declared,
                                     struct fm_span span, uint32_t given)
{
    struct fm_diag *diag = fm_diag_report(
        analysis->sema->session.diags, FM_CODE_2026, span,
        "`%s` has %u parameter%s, what is substituted for it has %u", declared->name->text,
        declared->arity, declared->arity == 1 ? "" : "s", given);
    fm_diag_hint_at(analysis->sema->session.diags, diag, declared->name_span,
                    "the declaration of `%s`", declared->name->text);
}

/* The value of a clause: an operator when the declared constant has parameters. */
static void analyze_value(struct fm_analysis *analysis, const struct fm_entity *declared,
                          struct fm_ast *value)
{
    if (declared->arity == 0 || value->kind == FM_AST_LAMBDA || value->kind == FM_AST_SELECT) {
        fm_analyze_argument(analysis, value, declared->arity, value->span);
        return;
    }
    if (value->kind != FM_AST_IDENT && value->kind != FM_AST_OPARG) {
        report_substituted_arity(analysis, declared, value->span, 0);
        return;
    }
    struct fm_entity *entity = fm_scope_find(analysis->sema, analysis->scope, value->name);
    if (entity != NULL && entity->arity != declared->arity) {
        report_substituted_arity(analysis, declared, value->span, entity->arity);
        return;
    }
    fm_analyze_argument(analysis, value, declared->arity, value->span);
}

static void analyze_clause(struct fm_analysis *analysis, struct fm_instance *instance,
                           struct fm_ast *clause)
{
    struct fm_substitution *substitution = find_substitution(instance, clause->name);
    if (substitution == NULL) {
        report_target(analysis, instance, clause);
        return;
    }
    if (substitution->expression != NULL) {
        struct fm_diag *diag = fm_diag_report(analysis->sema->session.diags, FM_CODE_2024,
                                              clause->name_span, "`%s` is substituted twice",
                                              clause->name->text);
        fm_diag_hint_at(analysis->sema->session.diags, diag, substitution->span, "the first time");
        return;
    }
    clause->note = substitution->declared;
    substitution->expression = clause->kids[0];
    substitution->span = clause->span;
    analyze_value(analysis, substitution->declared, clause->kids[0]);
}

static void check_implied(struct fm_analysis *analysis, struct fm_instance *instance)
{
    for (uint32_t i = 0; i < instance->substitution_count; i++) {
        const struct fm_substitution *substitution = &instance->substitutions[i];
        const struct fm_entity *declared = substitution->declared;
        if (substitution->expression != NULL) {
            continue;
        }
        if (substitution->same == NULL || substitution->same->kind == FM_ENTITY_INSTANCE) {
            struct fm_diag *diag = fm_diag_report(
                analysis->sema->session.diags, FM_CODE_2023, instance->span,
                "nothing is substituted for `%s` of module %s", declared->name->text,
                instance->module->name->text);
            fm_diag_hint_at(analysis->sema->session.diags, diag, declared->name_span,
                            "add `WITH %s <- ...`, or declare a `%s` before the INSTANCE",
                            declared->name->text, declared->name->text);
        } else if (substitution->same->arity != declared->arity) {
            report_substituted_arity(analysis, declared, instance->span, substitution->same->arity);
        }
    }
}

struct fm_instance *fm_analyze_instance(struct fm_analysis *analysis, struct fm_ast *node,
                                        const struct fm_symbol *name, struct fm_entity **params,
                                        uint32_t param_count)
{
    struct fm_module *module = fm_module_resolve(analysis->sema, analysis->module, node->name);
    if (module == NULL || !module->is_analyzed) {
        fm_diag_report(analysis->sema->session.diags, FM_CODE_2001, node->span,
                       "module `%s` is not known here", node->name->text);
        return NULL;
    }
    struct fm_instance *instance = fm_arena_calloc(analysis->sema->arena, 1, sizeof *instance);
    instance->module = module;
    instance->where = analysis->module;
    instance->ast = node;
    instance->name = name;
    instance->params = params;
    instance->param_count = param_count;
    instance->span = node->span;
    instance->is_let = analysis->let_depth > 0;
    node->note = instance;
    prepare_substitutions(analysis, instance);
    for (uint32_t i = 0; i < node->count; i++) {
        analyze_clause(analysis, instance, node->kids[i]);
    }
    check_implied(analysis, instance);
    return instance;
}

/* --- unnamed --- */

static struct fm_entity *make_import(struct fm_analysis *analysis, struct fm_instance *instance,
                                     struct fm_entity *target, bool local)
{
    struct fm_entity *entity = fm_sema_entity(analysis->sema, target->kind, target->name,
                                              analysis->module);
    entity->span = target->span;
    entity->name_span = target->name_span;
    entity->arity = target->arity;
    entity->params = target->params;
    entity->ast = target->ast;
    entity->body = target->body;
    entity->instance = instance;
    entity->target = target;
    entity->labels = target->labels;
    entity->label_count = target->label_count;
    entity->is_local = local;
    entity->is_fact = target->is_fact;
    entity->is_function = target->is_function;
    entity->is_operator_value = target->is_operator_value;
    entity->is_let = analysis->let_depth > 0;
    entity->let_depth = analysis->let_depth;
    entity->is_analyzed = true;
    return entity;
}

/* An operator whose meaning no substitution changes, so that the importer can share it. */
static bool is_shared(const struct fm_instance *instance, struct fm_entity *target, bool local)
{
    if (local || target->module->outer != NULL) {
        return false;
    }
    return !instance->module->has_declarations ||
           (target->target == NULL && !target->module->has_declarations);
}

void fm_import_instance(struct fm_analysis *analysis, struct fm_instance *instance, bool local)
{
    struct fm_sema *sema = analysis->sema;
    const struct fm_module *module = instance->module;
    instance->is_local = local;
    for (uint32_t i = 0; i < module->entity_count; i++) {
        struct fm_entity *target = module->entities[i];
        bool brought = target->kind == FM_ENTITY_DEFINED || target->kind == FM_ENTITY_INSTANCE;
        if (!brought || target->is_local) {
            continue;
        }
        struct fm_entity *entity = target;
        if (target->kind == FM_ENTITY_INSTANCE || !is_shared(instance, target, local)) {
            entity = make_import(analysis, instance, target, local);
        }
        if (target->kind == FM_ENTITY_INSTANCE &&
            fm_scope_find(sema, analysis->scope, target->name) != NULL) {
            continue; /* only its I!Op names are brought, and those cannot be told apart */
        }
        fm_scope_import(sema, analysis->scope, entity, instance->span);
    }
}
