/* Level checking of instances: SANY's InstanceNode, SubstInNode and Subst.
 *
 * In a module with variables or with operators above constant level, a CONSTANT may be substituted
 * by constants only, and a VARIABLE by state functions; in a module that is constant throughout
 * anything goes that its operators' own constraints allow. Operators that do not respect equality
 * (prime, [], ENABLED, or what applies them to a parameter) may not be substituted at all. */
#include "semantics/level.h"

#include "base/assert.h"

static enum fm_level highest(enum fm_level a, enum fm_level b)
{
    return a > b ? a : b;
}

/* --- values of substitutions --- */

static struct fm_level_value value_of(struct fm_level_walk *walk,
                                      const struct fm_substitution *substitution)
{
    uint32_t arity = substitution->declared->arity;
    if (substitution->expression != NULL) {
        return fm_level_of_argument(walk, substitution->expression, arity);
    }
    return arity > 0 ? fm_level_of_operator(walk, substitution->same)
                     : fm_level_of_entity(walk, NULL, substitution->same, NULL, 0);
}

static struct fm_level_value *values_of(struct fm_level_walk *walk, struct fm_instance *instance)
{
    if (instance->values != NULL) {
        return instance->values;
    }
    struct fm_level_facts scratch = {.is_good = true};
    struct fm_level_walk inner = {walk->sema, &scratch, NULL, true};
    /* A substituted recursive operator can lead back here: stored only when complete. */
    struct fm_level_value *values = fm_arena_calloc(
        walk->sema->arena, instance->substitution_count + 1, sizeof *values);
    for (uint32_t i = 0; i < instance->substitution_count; i++) {
        values[i] = value_of(&inner, &instance->substitutions[i]);
    }
    instance->values = values;
    return values;
}

static const struct fm_level_value *substitute_of(const struct fm_instance *instance,
                                                  const struct fm_entity *entity)
{
    for (uint32_t i = 0; i < instance->substitution_count; i++) {
        if (instance->substitutions[i].declared == entity) {
            return &instance->values[i];
        }
    }
    return NULL;
}

/* --- facts through an instance --- */

static void substitute_set(struct fm_sema *sema, const struct fm_instance *instance,
                           const struct fm_entity_set *from, struct fm_entity_set *to, bool all)
{
    for (uint32_t i = 0; i < from->count; i++) {
        const struct fm_level_value *value = substitute_of(instance, from->at[i]);
        if (value == NULL) {
            fm_entity_set_add(sema, to, from->at[i]);
        } else {
            fm_entity_set_merge(sema, to, all ? &value->all : &value->params, NULL);
        }
    }
}

static void substitute_bounds(struct fm_level_walk *walk, const struct fm_instance *instance,
                              const struct fm_level_facts *from, struct fm_level_facts *to)
{
    bool constant = fm_level_is_constant_module(walk, instance->module);
    for (uint32_t i = 0; i < from->bound_count; i++) {
        struct fm_entity *entity = from->bounds[i].entity;
        enum fm_level most = from->bounds[i].most;
        if (!constant &&
            (entity->kind == FM_ENTITY_CONSTANT || entity->kind == FM_ENTITY_VARIABLE)) {
            most = entity->level; /* at most what it is declared to be */
        }
        const struct fm_level_value *value = substitute_of(instance, entity);
        if (value == NULL) {
            fm_level_add_bound(walk->sema, to, entity, most);
        } else {
            fm_level_add_bounds(walk->sema, to, &value->params, most);
        }
    }
}

static struct fm_entity_set params_for(struct fm_sema *sema, const struct fm_instance *instance,
                                       struct fm_entity *entity)
{
    const struct fm_level_value *value = substitute_of(instance, entity);
    if (value != NULL) {
        return value->params;
    }
    struct fm_entity_set alone = {0};
    fm_entity_set_add(sema, &alone, entity);
    return alone;
}

/* A pair (operator applied to parameter) of the module, after substitution. */
static void substitute_pair(struct fm_level_walk *walk, const struct fm_instance *instance,
                            struct fm_level_pair pair, struct fm_level_facts *to)
{
    const struct fm_level_value *operator= substitute_of(instance, pair.operator);
    const struct fm_level_value *param = substitute_of(instance, pair.param);
    struct fm_entity_set params = params_for(walk->sema, instance, pair.param);
    if (operator!= NULL && operator->operator== NULL) {
        fm_level_add_bounds(walk->sema, to, &params,
                            fm_level_operator_most(operator, pair.position));
        return;
    }
    struct fm_entity *applied = operator!= NULL ? operator->operator: pair.operator;
    if (param != NULL) {
        fm_level_add_argument(walk->sema, to,
                              (struct fm_level_argument){applied, pair.position, param->level});
    }
    for (uint32_t i = 0; i < params.count; i++) {
        fm_level_add_pair(walk->sema, to,
                          (struct fm_level_pair){applied, pair.position, params.at[i]});
    }
}

static void substitute_constraints(struct fm_level_walk *walk, const struct fm_instance *instance,
                                   const struct fm_level_facts *from, struct fm_level_facts *to)
{
    substitute_bounds(walk, instance, from, to);
    for (uint32_t i = 0; i < from->argument_count; i++) {
        struct fm_level_argument argument = from->arguments[i];
        const struct fm_level_value *value = substitute_of(instance, argument.operator);
        if (value != NULL && value->operator== NULL) {
            continue;
        }
        argument.operator= value != NULL ? value->operator: argument.operator;
        fm_level_add_argument(walk->sema, to, argument);
    }
    for (uint32_t i = 0; i < from->pair_count; i++) {
        substitute_pair(walk, instance, from->pairs[i], to);
    }
}

struct fm_level_facts *fm_level_through(struct fm_level_walk *walk, struct fm_instance *instance,
                                        const struct fm_level_facts *facts)
{
    struct fm_sema *sema = walk->sema;
    struct fm_level_facts *result = fm_arena_calloc(sema->arena, 1, sizeof *result);
    values_of(walk, instance);
    result->is_good = facts->is_good;
    result->is_recursive = facts->is_recursive;
    result->is_done = true;
    result->level = facts->level;
    for (uint32_t i = 0; i < instance->substitution_count; i++) {
        if (fm_entity_set_has(&facts->params, instance->substitutions[i].declared)) {
            result->level = highest(result->level, instance->values[i].level);
        }
    }
    substitute_set(sema, instance, &facts->params, &result->params, false);
    substitute_set(sema, instance, &facts->all, &result->all, true);
    substitute_set(sema, instance, &facts->unequal, &result->unequal, true);
    substitute_constraints(walk, instance, facts, result);
    result->formal_count = instance->param_count + facts->formal_count;
    result->formals = fm_arena_calloc(sema->arena, result->formal_count, sizeof *result->formals);
    for (uint32_t i = 0; i < result->formal_count; i++) {
        result->formals[i] = i < instance->param_count ? instance->params[i]
                                                       : facts->formals[i - instance->param_count];
    }
    return result;
}

/* --- modules --- */

bool fm_level_is_constant_module(struct fm_level_walk *walk, struct fm_module *module)
{
    if (module->is_constant_known) {
        return module->is_constant;
    }
    module->is_constant_known = true;
    module->is_constant = true;
    for (uint32_t i = 0; i < module->entity_count && module->is_constant; i++) {
        struct fm_entity *entity = module->entities[i];
        bool above = entity->kind == FM_ENTITY_VARIABLE ||
                     (entity->kind == FM_ENTITY_DEFINED &&
                      fm_level_facts_of(walk, entity)->level != FM_LEVEL_CONSTANT);
        module->is_constant = !above;
    }
    return module->is_constant;
}

const struct fm_level_facts *fm_level_module_facts(struct fm_level_walk *walk,
                                                   struct fm_module *module)
{
    if (module->facts != NULL && module->facts->is_done) {
        return module->facts;
    }
    if (module->facts == NULL) {
        module->facts = fm_arena_calloc(walk->sema->arena, 1, sizeof *module->facts);
    }
    module->facts->is_done = true;
    bool constant = fm_level_is_constant_module(walk, module);
    for (uint32_t i = 0; i < module->entity_count; i++) {
        struct fm_entity *entity = module->entities[i];
        if (entity->kind == FM_ENTITY_CONSTANT && !constant) {
            fm_level_add_bound(walk->sema, module->facts, entity, FM_LEVEL_CONSTANT);
        } else if (entity->kind == FM_ENTITY_DEFINED) {
            const struct fm_level_facts *facts = fm_level_facts_of(walk, entity);
            fm_level_merge_constraints(walk->sema, module->facts, facts);
            for (uint32_t j = 0; j < facts->pair_count; j++) {
                if (!fm_level_is_formal(facts, facts->pairs[j].operator) &&
                    !fm_level_is_formal(facts, facts->pairs[j].param)) {
                    fm_level_add_pair(walk->sema, module->facts, facts->pairs[j]);
                }
            }
        }
    }
    return module->facts;
}

/* --- the INSTANCE itself --- */

static bool respects_equality(const struct fm_level_value *value)
{
    if (value->operator_builtin != NULL) {
        return value->operator_builtin->counts;
    }
    return value->operator_facts == NULL || fm_level_respects_all(value->operator_facts);
}

static void check_value(struct fm_level_walk *walk, struct fm_instance *instance,
                        const struct fm_level_value *value, const struct fm_entity *declared,
                        struct fm_span span)
{
    const struct fm_level_facts *module = fm_level_module_facts(walk, instance->module);
    enum fm_level most = FM_LEVEL_TEMPORAL;
    if (!fm_level_is_constant_module(walk, instance->module)) {
        most = declared->level;
    }
    for (uint32_t i = 0; i < module->bound_count; i++) {
        if (module->bounds[i].entity == declared && module->bounds[i].most < most) {
            most = module->bounds[i].most;
        }
    }
    if (value->level > most && value->is_good) {
        fm_level_error(walk, walk->facts, FM_CODE_2069, span,
                       "what is substituted for `%s` of module %s is %s; it can be %s at most",
                       declared->name->text, instance->module->name->text,
                       fm_level_phrase(value->level), fm_level_phrase(most));
    }
    if (!respects_equality(value)) {
        fm_level_error(walk, walk->facts, FM_CODE_2068, span,
                       "the operator substituted for `%s` of module %s does not respect equality "
                       "(it primes its argument, or the like)",
                       declared->name->text, instance->module->name->text);
    }
}

static void check_substituted_operator(struct fm_level_walk *walk, struct fm_instance *instance,
                                       const struct fm_level_value *value,
                                       const struct fm_entity *declared, struct fm_span span)
{
    const struct fm_level_facts *module = fm_level_module_facts(walk, instance->module);
    for (uint32_t i = 0; i < module->argument_count; i++) {
        const struct fm_level_argument *argument = &module->arguments[i];
        if (argument->operator== declared &&
            fm_level_operator_most(value, argument->position) < argument->least) {
            fm_level_error(walk, walk->facts, FM_CODE_2070, span,
                           "module %s applies `%s` to %s, but what is substituted takes %s at most",
                           instance->module->name->text, declared->name->text,
                           fm_level_phrase(argument->least),
                           fm_level_phrase(fm_level_operator_most(value, argument->position)));
        }
    }
    for (uint32_t i = 0; i < module->pair_count; i++) {
        const struct fm_level_pair *pair = &module->pairs[i];
        const struct fm_level_value *param = substitute_of(instance, pair->param);
        if (pair->operator== declared && param != NULL &&
            param->level> fm_level_operator_most(value, pair->position)) {
            fm_level_error(walk, walk->facts, FM_CODE_2071, span,
                           "module %s applies `%s` to `%s`; what is substituted for the one does "
                           "not take what is substituted for the other",
                           instance->module->name->text, declared->name->text,
                           pair->param->name->text);
        }
    }
}

void fm_level_check_instance(struct fm_level_walk *walk, struct fm_instance *instance,
                             struct fm_span span)
{
    struct fm_level_facts own = {
        .is_good = true, .formals = instance->params, .formal_count = instance->param_count};
    struct fm_level_walk inner = {walk->sema, &own, NULL, walk->quiet};
    values_of(walk, instance);
    for (uint32_t i = 0; i < instance->substitution_count; i++) {
        const struct fm_substitution *substitution = &instance->substitutions[i];
        (void)value_of(&inner, substitution); /* its own errors and constraints */
        const struct fm_level_value *value = &instance->values[i];
        check_value(walk, instance, value, substitution->declared, span);
        bool defined = value->operator_facts != NULL || value->operator_builtin != NULL;
        if (substitution->declared->arity > 0 && defined) {
            check_substituted_operator(walk, instance, value, substitution->declared, span);
        }
    }
    substitute_constraints(walk, instance, fm_level_module_facts(walk, instance->module), &own);
    fm_level_merge_constraints(walk->sema, walk->facts, &own);
    for (uint32_t i = 0; i < own.pair_count; i++) {
        if (!fm_level_is_formal(&own, own.pairs[i].operator) &&
            !fm_level_is_formal(&own, own.pairs[i].param)) {
            fm_level_add_pair(walk->sema, walk->facts, own.pairs[i]);
        }
    }
}

/* --- everything of a module --- */

static void check_fact(struct fm_level_walk *walk, struct fm_ast *unit)
{
    struct fm_level_facts *facts = walk->facts;
    struct fm_level_value value = fm_level_of(walk, unit->kids[0]);
    if (unit->kind == FM_AST_ASSUME && value.level != FM_LEVEL_CONSTANT) {
        fm_level_error(walk, facts, FM_CODE_2061, unit->span,
                       "an assumption must be a constant, this one is %s",
                       fm_level_phrase(value.level));
    }
    if (unit->count > 1) {
        struct fm_level_facts scratch = {.is_good = true};
        struct fm_level_walk inner = {walk->sema, &scratch, NULL, walk->quiet};
        fm_level_check_proof(&inner, unit->kids[1], value.level == FM_LEVEL_TEMPORAL);
    }
}

static void check_unit(struct fm_level_walk *walk, struct fm_ast *unit)
{
    if (unit->kind == FM_AST_OPDEF || unit->kind == FM_AST_FCNDEF) {
        struct fm_entity *entity = unit->note;
        (void)fm_level_facts_of(walk, entity);
    } else if (unit->kind == FM_AST_ASSUME || unit->kind == FM_AST_THEOREM) {
        check_fact(walk, unit);
    } else if (unit->kind == FM_AST_MODDEF && unit->kids[1]->note != NULL) {
        fm_level_check_instance(walk, unit->kids[1]->note, unit->span);
    } else if (unit->kind == FM_AST_INSTANCE && unit->note != NULL) {
        fm_level_check_instance(walk, unit->note, unit->span);
    } else if (unit->kind == FM_AST_MODULE) {
        fm_level_check_module(walk->sema, unit->note);
    }
}

void fm_level_check_module(struct fm_sema *sema, struct fm_module *module)
{
    if (module->ast == NULL) {
        return;
    }
    if (module->facts == NULL) {
        module->facts = fm_arena_calloc(sema->arena, 1, sizeof *module->facts);
    }
    struct fm_level_walk walk = {sema, module->facts, NULL, false};
    for (uint32_t i = 1; i < module->ast->count; i++) {
        check_unit(&walk, module->ast->kids[i]);
    }
}
