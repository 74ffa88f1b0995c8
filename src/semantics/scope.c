/* Scopes: what a name stands for at a place, and which names may be declared there.
 *
 * A scope is one link of a chain; the innermost link that has the name wins, and the last link
 * holds the operators of the language. TLA+ hardly lets a name be shadowed: declaring a name that
 * any link already has is an error, with the exceptions that SANY makes ("Specifying Systems" 17.3
 * and tla2sany's SymbolTable and Context):
 *
 *   - the same definition reached twice (a module extended along two ways) is one definition;
 *   - an operator brought by INSTANCE that meets a definition of the same name and arity is
 * ignored, with a warning unless both stem from one module;
 *   - an extended module's definition that meets one of an earlier extended module is ignored, with
 * a warning unless both stem from one module; a declaration that meets a definition is an error. */
#include "semantics/sema.h"

#include "syntax/operator.h"

struct fm_scope *fm_scope_push(struct fm_sema *sema, struct fm_scope *outer)
{
    struct fm_scope *scope = fm_arena_calloc(sema->arena, 1, sizeof *scope);
    scope->outer = outer;
    return scope;
}

struct fm_entity *fm_scope_find(const struct fm_sema *sema, const struct fm_scope *scope,
                                const struct fm_symbol *name)
{
    for (; scope != NULL; scope = scope->outer) {
        struct fm_entity *entity = scope->names == NULL ? NULL : fm_map_get(scope->names, name);
        if (entity != NULL) {
            return entity;
        }
    }
    return fm_map_get(sema->builtins, name);
}

static void put_name(struct fm_sema *sema, struct fm_scope *scope, struct fm_entity *entity)
{
    if (scope->names == NULL) {
        scope->names = fm_sema_map(sema);
    }
    fm_map_put(scope->names, entity->name, entity);
    struct fm_module *module = scope->module;
    if (module != NULL) {
        fm_sema_push(sema, module->entities, module->entity_count, module->entity_capacity, entity);
        module->has_declarations = module->has_declarations || entity->kind == FM_ENTITY_CONSTANT ||
                                   entity->kind == FM_ENTITY_VARIABLE;
    }
}

struct fm_entity *fm_entity_origin(struct fm_entity *entity)
{
    while (entity->target != NULL) {
        entity = entity->target;
    }
    return entity;
}

static bool have_one_origin(struct fm_entity *a, struct fm_entity *b)
{
    return fm_entity_origin(a)->module == fm_entity_origin(b)->module;
}

static const char *kind_phrase(const struct fm_entity *entity)
{
    switch (entity->kind) {
    case FM_ENTITY_CONSTANT:
        return "constant";
    case FM_ENTITY_VARIABLE:
        return "variable";
    case FM_ENTITY_DEFINED:
        return entity->is_fact ? "theorem or assumption" : "definition";
    case FM_ENTITY_INSTANCE:
        return "instance";
    case FM_ENTITY_PARAMETER:
        return "parameter";
    case FM_ENTITY_BOUND:
        return "bound variable";
    case FM_ENTITY_BUILTIN:
        return "operator of the language";
    case FM_ENTITY_NEW:
        return "NEW identifier";
    case FM_ENTITY_LABEL:
        return "label";
    }
    return "name";
}

static bool is_declaration(const struct fm_entity *entity)
{
    return entity->kind == FM_ENTITY_CONSTANT || entity->kind == FM_ENTITY_VARIABLE;
}

static void report_twice(struct fm_sema *sema, const struct fm_entity *entity,
                         const struct fm_entity *before, struct fm_span span)
{
    struct fm_diag *diag = fm_diag_report(sema->session.diags, FM_CODE_2010, span,
                                          "`%s` is already the name of a %s", entity->name->text,
                                          kind_phrase(before));
    fm_diag_hint_at(sema->session.diags, diag, before->name_span, "the %s `%s`",
                    kind_phrase(before), before->name->text);
}

static bool may_coexist(const struct fm_entity *entity, const struct fm_entity *before)
{
    return entity->kind == before->kind && entity->arity == before->arity &&
           entity->kind != FM_ENTITY_PARAMETER && entity->kind != FM_ENTITY_BOUND;
}

static void report_ignored(struct fm_sema *sema, const struct fm_entity *entity,
                           const struct fm_entity *before, struct fm_span span)
{
    struct fm_diag *diag = fm_diag_report(
        sema->session.diags, FM_CODE_2022, span,
        "this second `%s` is ignored: the name is already that of a %s", entity->name->text,
        kind_phrase(before));
    fm_diag_hint_at(sema->session.diags, diag, before->name_span, "the one used");
}

static void report_builtin(struct fm_sema *sema, const struct fm_entity *entity,
                           struct fm_span span)
{
    fm_diag_report(sema->session.diags, FM_CODE_2011, span,
                   "`%s` is an operator of the language and cannot be defined", entity->name->text);
}

void fm_scope_add(struct fm_sema *sema, struct fm_scope *scope, struct fm_entity *entity)
{
    struct fm_entity *before = fm_scope_find(sema, scope, entity->name);
    if (before == entity) {
        return;
    }
    if (before == NULL) {
        put_name(sema, scope, entity);
    } else if (before->kind == FM_ENTITY_BUILTIN) {
        report_builtin(sema, entity, entity->name_span);
    } else if (is_declaration(entity) && may_coexist(entity, before)) {
        report_ignored(sema, entity, before, entity->name_span);
    } else {
        report_twice(sema, entity, before, entity->name_span);
    }
}

void fm_scope_import(struct fm_sema *sema, struct fm_scope *scope, struct fm_entity *entity,
                     struct fm_span span)
{
    struct fm_entity *before = fm_scope_find(sema, scope, entity->name);
    if (before == entity) {
        return;
    }
    if (before == NULL) {
        put_name(sema, scope, entity);
    } else if (before->kind == FM_ENTITY_BUILTIN) {
        report_builtin(sema, entity, span);
    } else if (!may_coexist(entity, before)) {
        report_twice(sema, entity, before, span);
    } else if (!have_one_origin(entity, before)) {
        report_ignored(sema, entity, before, span);
    }
}

/* --- EXTENDS --- */

static void merge_entity(struct fm_sema *sema, struct fm_module *module, struct fm_entity *entity,
                         struct fm_span span)
{
    /* Only the module's own scope: a nested module may extend what the module around extends too.
     */
    const struct fm_map *names = module->scope->names;
    struct fm_entity *before = names == NULL ? NULL : fm_map_get(names, entity->name);
    if (before == NULL) {
        put_name(sema, module->scope, entity);
    } else if (before == entity || have_one_origin(before, entity)) {
        return;
    } else if (is_declaration(before) != is_declaration(entity) ||
               entity->is_fact != before->is_fact) {
        struct fm_diag *diag = fm_diag_report(sema->session.diags, FM_CODE_2005, span,
                                              "the %s `%s` of module %s meets the %s of module %s",
                                              kind_phrase(entity), entity->name->text,
                                              entity->module->name->text, kind_phrase(before),
                                              before->module->name->text);
        fm_diag_hint_at(sema->session.diags, diag, before->name_span, "the %s",
                        kind_phrase(before));
    } else {
        struct fm_diag *diag = fm_diag_report(
            sema->session.diags, FM_CODE_2006, span,
            "the %s `%s` of module %s is ignored: module %s has one of that name",
            kind_phrase(entity), entity->name->text, entity->module->name->text,
            before->module->name->text);
        fm_diag_hint_at(sema->session.diags, diag, before->name_span, "the one used");
    }
}

void fm_module_extend(struct fm_sema *sema, struct fm_module *module, struct fm_module *extendee,
                      struct fm_span span)
{
    for (uint32_t i = 0; i < extendee->entity_count; i++) {
        if (!extendee->entities[i]->is_local) {
            merge_entity(sema, module, extendee->entities[i], span);
        }
    }
    for (uint32_t i = 0; i < extendee->visible->count; i++) {
        const struct fm_map_entry *entry = &extendee->visible->entries[i];
        if (!fm_map_has(module->visible, entry->key)) {
            fm_map_put(module->visible, entry->key, entry->value);
        }
    }
    for (uint32_t i = 0; i < extendee->assume_count; i++) {
        fm_sema_push(sema, module->assumes, module->assume_count, module->assume_capacity,
                     extendee->assumes[i]);
    }
    fm_sema_push(sema, module->extendees, module->extendee_count, module->extendee_capacity,
                 extendee);
}

struct fm_entity *fm_module_export(const struct fm_module *module, const struct fm_symbol *name)
{
    struct fm_entity *entity = module->scope == NULL || module->scope->names == NULL
                                   ? NULL
                                   : fm_map_get(module->scope->names, name);
    return entity != NULL && !entity->is_local ? entity : NULL;
}

/* --- unknown names --- */

static uint32_t gather(const struct fm_map *map, const char **names, uint32_t count, uint32_t max)
{
    for (uint32_t i = 0; map != NULL && i < map->count && count < max; i++) {
        const struct fm_entity *entity = map->entries[i].value;
        if (entity != NULL) {
            names[count++] = entity->name->text;
        }
    }
    return count;
}

static uint32_t count_names(const struct fm_sema *sema, const struct fm_scope *scope)
{
    uint32_t count = sema->builtins->count;
    for (; scope != NULL; scope = scope->outer) {
        count += scope->names == NULL ? 0 : scope->names->count;
    }
    return count;
}

void fm_scope_report_unknown(struct fm_sema *sema, const struct fm_scope *scope,
                             struct fm_span span, const struct fm_symbol *name)
{
    struct fm_diag *diag = fm_diag_report(sema->session.diags, FM_CODE_2014, span,
                                          "unknown operator `%s`", name->text);
    uint32_t max = count_names(sema, scope);
    const char **names = fm_memory_alloc((max + 1) * sizeof *names);
    uint32_t count = 0;
    for (const struct fm_scope *link = scope; link != NULL; link = link->outer) {
        count = gather(link->names, names, count, max);
    }
    count = gather(sema->builtins, names, count, max);
    const char *nearest = fm_diag_nearest(name->text, names, count);
    fm_memory_free(names);
    const char *module = fm_sema_module_defining(name->text);
    const char *meant = fm_operator_hint(name->text);
    if (meant != NULL && module == NULL) {
        fm_diag_hint(sema->session.diags, diag, "%s", meant);
    } else if (nearest != NULL) {
        const struct fm_symbol *symbol = fm_sema_symbol(sema, nearest);
        const struct fm_entity *entity = fm_scope_find(sema, scope, symbol);
        fm_diag_hint_at(sema->session.diags, diag, entity->name_span, "did you mean `%s`?",
                        nearest);
    } else if (module != NULL) {
        fm_diag_hint(sema->session.diags, diag, "module %s defines it: EXTENDS %s", module, module);
    }
}
