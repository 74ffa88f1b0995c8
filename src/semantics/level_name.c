/* Level checking of uses of operators; see level.c.
 *
 * The rules are those of SANY's OpApplNode. A use is checked against the facts of what is used:
 * each argument's level, and each operator argument against what it is applied to inside. Then the
 * constraints are handed on: what mentions a parameter of the definition around becomes a
 * constraint on that parameter, so that the check happens where its value is known. */
#include "semantics/level.h"

static enum fm_level highest(enum fm_level a, enum fm_level b)
{
    return a > b ? a : b;
}

/* --- checks of one use --- */

static void check_levels(struct fm_level_walk *walk, struct fm_ast *node,
                         const struct fm_symbol *name, const struct fm_level_facts *callee,
                         struct fm_level_value *arguments, struct fm_level_value *whole)
{
    for (uint32_t i = 0; i < callee->formal_count; i++) {
        enum fm_level most = fm_level_most(callee, i);
        if (arguments[i].level <= most) {
            continue;
        }
        if (arguments[i].is_good && callee->is_good) {
            fm_level_error(walk, walk->facts, FM_CODE_2060, node->span,
                           "argument %u of `%s` is %s; it can be %s at most", i + 1, name->text,
                           fm_level_phrase(arguments[i].level), fm_level_phrase(most));
        }
        whole->is_good = false;
    }
}

static bool is_defined_operator(const struct fm_level_value *value)
{
    return value->operator_facts != NULL || value->operator_builtin != NULL;
}

/* The operator given as argument i against what the callee does with it. */
static void check_operator(struct fm_level_walk *walk, struct fm_ast *node,
                           const struct fm_symbol *name, const struct fm_level_facts *callee,
                           struct fm_level_value *arguments, uint32_t i)
{
    const struct fm_level_value *given = &arguments[i];
    for (uint32_t k = 0; k < fm_level_operator_arity(given); k++) {
        enum fm_level most = fm_level_operator_most(given, k);
        if (most < fm_level_least(callee, i, k)) {
            fm_level_error(walk, walk->facts, FM_CODE_2070, node->span,
                           "`%s` applies its operator argument %u to %s, but what is given takes "
                           "%s at most",
                           name->text, i + 1, fm_level_phrase(fm_level_least(callee, i, k)),
                           fm_level_phrase(most));
        }
        for (uint32_t j = 0; j < callee->formal_count; j++) {
            if (fm_level_applies(callee, i, k, j) && arguments[j].level > most) {
                fm_level_error(walk, walk->facts, FM_CODE_2071, node->span,
                               "`%s` applies its operator argument %u to its argument %u, which is "
                               "%s; the operator given takes %s at most",
                               name->text, i + 1, j + 1, fm_level_phrase(arguments[j].level),
                               fm_level_phrase(most));
            }
        }
    }
}

/* --- constraints that a use hands on --- */

static void add_operator_constraints(struct fm_level_walk *walk,
                                     const struct fm_level_facts *callee,
                                     struct fm_level_value *arguments, uint32_t i)
{
    const struct fm_level_value *given = &arguments[i];
    for (uint32_t j = 0; j < callee->formal_count; j++) {
        for (uint32_t k = 0; k < fm_level_operator_arity(given); k++) {
            if (!fm_level_applies(callee, i, k, j)) {
                continue;
            }
            fm_level_add_bounds(walk->sema, walk->facts, &arguments[j].params,
                                fm_level_operator_most(given, k));
            bool respects = given->operator_builtin != NULL
                                ? given->operator_builtin->counts
                                : fm_level_respects(given->operator_facts, k);
            if (!respects) {
                fm_entity_set_merge(walk->sema, &walk->facts->unequal, &arguments[j].all, NULL);
            }
        }
    }
}

/* Argument i is an operator parameter of the definition around. */
static void add_parameter_constraints(struct fm_level_walk *walk,
                                      const struct fm_level_facts *callee,
                                      struct fm_level_value *arguments, uint32_t i)
{
    struct fm_entity *operator= arguments[i].operator;
    for (uint32_t k = 0; k < operator->arity; k++) {
        fm_level_add_argument(
            walk->sema, walk->facts,
            (struct fm_level_argument){operator, k, fm_level_least(callee, i, k)});
        for (uint32_t j = 0; j < callee->formal_count; j++) {
            if (!fm_level_applies(callee, i, k, j)) {
                continue;
            }
            fm_level_add_argument(walk->sema, walk->facts,
                                  (struct fm_level_argument){operator, k, arguments[j].level});
            for (uint32_t p = 0; p < arguments[j].params.count; p++) {
                fm_level_add_pair(walk->sema, walk->facts,
                                  (struct fm_level_pair){operator, k, arguments[j].params.at[p]});
            }
        }
    }
}

static uint32_t formal_index(const struct fm_level_facts *facts, const struct fm_entity *entity)
{
    for (uint32_t i = 0; i < facts->formal_count; i++) {
        if (facts->formals[i] == entity) {
            return i;
        }
    }
    return UINT32_MAX;
}

/* A pair of the callee in which at least one is not its own parameter. */
static void hand_on_pair(struct fm_level_walk *walk, const struct fm_level_facts *callee,
                         struct fm_level_value *arguments, struct fm_level_pair pair)
{
    uint32_t operator= formal_index(callee, pair.operator);
    uint32_t param = formal_index(callee, pair.param);
    if (operator!= UINT32_MAX && param != UINT32_MAX) {
        return;
    }
    if (operator!= UINT32_MAX) {
        const struct fm_level_value *given = &arguments[operator];
        if (is_defined_operator(given)) {
            fm_level_add_bound(walk->sema, walk->facts, pair.param,
                               fm_level_operator_most(given, pair.position));
        } else if (given->operator!= NULL) {
            fm_level_add_pair(walk->sema, walk->facts,
                              (struct fm_level_pair){given->operator, pair.position, pair.param});
        }
        return;
    }
    if (param == UINT32_MAX) {
        fm_level_add_pair(walk->sema, walk->facts, pair);
        return;
    }
    for (uint32_t p = 0; p < arguments[param].params.count; p++) {
        fm_level_add_pair(
            walk->sema, walk->facts,
            (struct fm_level_pair){pair.operator, pair.position, arguments[param].params.at[p]});
    }
}

static void hand_on(struct fm_level_walk *walk, const struct fm_level_facts *callee,
                    struct fm_level_value *arguments)
{
    fm_level_merge_constraints(walk->sema, walk->facts, callee);
    for (uint32_t i = 0; i < callee->pair_count; i++) {
        hand_on_pair(walk, callee, arguments, callee->pairs[i]);
    }
    for (uint32_t i = 0; i < callee->formal_count; i++) {
        if (is_defined_operator(&arguments[i])) {
            add_operator_constraints(walk, callee, arguments, i);
        } else if (arguments[i].operator!= NULL) {
            add_parameter_constraints(walk, callee, arguments, i);
        }
    }
}

struct fm_level_value fm_level_apply(struct fm_level_walk *walk, struct fm_ast *node,
                                     const struct fm_symbol *name,
                                     const struct fm_level_facts *callee,
                                     struct fm_level_value *arguments)
{
    struct fm_sema *sema = walk->sema;
    struct fm_level_value whole = {.level = callee->level, .is_good = callee->is_good};
    fm_entity_set_merge(sema, &whole.params, &callee->params, callee);
    fm_entity_set_merge(sema, &whole.all, &callee->all, callee);
    fm_entity_set_merge(sema, &walk->facts->unequal, &callee->unequal, callee);
    check_levels(walk, node, name, callee, arguments, &whole);
    for (uint32_t i = 0; i < callee->formal_count; i++) {
        const struct fm_level_value *argument = &arguments[i];
        whole.is_good = whole.is_good && argument->is_good;
        if (is_defined_operator(argument)) {
            check_operator(walk, node, name, callee, arguments, i);
        }
        fm_entity_set_merge(sema, &whole.all, &argument->all, NULL);
        if (fm_level_counts(callee, i)) {
            whole.level = highest(whole.level, argument->level);
            fm_entity_set_merge(sema, &whole.params, &argument->params, NULL);
        }
        if (!fm_level_respects(callee, i)) {
            fm_entity_set_merge(sema, &walk->facts->unequal, &argument->all, NULL);
        }
        fm_level_add_bounds(sema, walk->facts, &argument->params, fm_level_most(callee, i));
    }
    hand_on(walk, callee, arguments);
    return whole;
}

/* --- kinds of operators --- */

static struct fm_level_value apply_builtin(struct fm_level_walk *walk, struct fm_ast *node,
                                           const struct fm_builtin *builtin,
                                           const struct fm_level_value *arguments, uint32_t count)
{
    struct fm_level_value whole = {.level = builtin->level, .is_good = true};
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_level_value *argument = &arguments[i];
        if (argument->level > builtin->argument) {
            if (argument->is_good) {
                fm_level_error(walk, walk->facts, FM_CODE_2060, node->span,
                               "an operand of `%s` is %s; it can be %s at most", builtin->name,
                               fm_level_phrase(argument->level),
                               fm_level_phrase(builtin->argument));
            }
            whole.is_good = false;
        }
        whole.is_good = whole.is_good && argument->is_good;
        fm_entity_set_merge(walk->sema, &whole.all, &argument->all, NULL);
        if (builtin->counts) {
            whole.level = highest(whole.level, argument->level);
            fm_entity_set_merge(walk->sema, &whole.params, &argument->params, NULL);
        } else {
            fm_entity_set_merge(walk->sema, &walk->facts->unequal, &argument->all, NULL);
        }
        fm_level_add_bounds(walk->sema, walk->facts, &argument->params, builtin->argument);
    }
    return whole;
}

/* A parameter, applied or alone. */
static struct fm_level_value apply_parameter(struct fm_level_walk *walk, struct fm_entity *entity,
                                             const struct fm_level_value *arguments, uint32_t count)
{
    struct fm_level_value whole = {.level = entity->level, .is_good = true};
    if (entity->kind != FM_ENTITY_BOUND) {
        fm_entity_set_add(walk->sema, &whole.params, entity);
        fm_entity_set_add(walk->sema, &whole.all, entity);
    }
    for (uint32_t i = 0; i < count; i++) {
        whole.level = highest(whole.level, arguments[i].level);
        whole.is_good = whole.is_good && arguments[i].is_good;
        fm_entity_set_merge(walk->sema, &whole.params, &arguments[i].params, NULL);
        fm_entity_set_merge(walk->sema, &whole.all, &arguments[i].all, NULL);
        fm_level_add_argument(walk->sema, walk->facts,
                              (struct fm_level_argument){entity, i, arguments[i].level});
        for (uint32_t p = 0; p < arguments[i].params.count; p++) {
            fm_level_add_pair(walk->sema, walk->facts,
                              (struct fm_level_pair){entity, i, arguments[i].params.at[p]});
        }
    }
    return whole;
}

struct fm_level_value fm_level_of_entity(struct fm_level_walk *walk, struct fm_ast *node,
                                         struct fm_entity *entity, struct fm_level_value *arguments,
                                         uint32_t count)
{
    if (entity->kind == FM_ENTITY_BUILTIN) {
        return apply_builtin(walk, node, entity->builtin, arguments, count);
    }
    if (entity->kind == FM_ENTITY_DEFINED) {
        return fm_level_apply(walk, node, entity->name, fm_level_facts_of(walk, entity), arguments);
    }
    return apply_parameter(walk, entity, arguments, count);
}

static struct fm_level_value operator_value(struct fm_level_walk *walk,
                                            const struct fm_level_facts *facts)
{
    struct fm_level_value value = {
        .level = facts->level, .is_good = facts->is_good, .operator_facts = facts};
    fm_entity_set_merge(walk->sema, &value.params, &facts->params, facts);
    fm_entity_set_merge(walk->sema, &value.all, &facts->all, facts);
    fm_level_merge_constraints(walk->sema, walk->facts, facts);
    return value;
}

struct fm_level_value fm_level_of_operator(struct fm_level_walk *walk, struct fm_entity *entity)
{
    struct fm_level_value value = {.level = entity->level, .is_good = true};
    if (entity->kind == FM_ENTITY_BUILTIN) {
        value.level = entity->builtin->level;
        value.operator_builtin = entity->builtin;
        return value;
    }
    if (entity->kind == FM_ENTITY_DEFINED) {
        return operator_value(walk, fm_level_facts_of(walk, entity));
    }
    value.operator= entity;
    fm_entity_set_add(walk->sema, &value.params, entity);
    fm_entity_set_add(walk->sema, &value.all, entity);
    return value;
}

/* --- selections --- */

/* The facts of the selected definition seen through the instances of the path. */
static const struct fm_level_facts *facts_of_path(struct fm_level_walk *walk,
                                                  const struct fm_selection *selection)
{
    const struct fm_level_facts *facts = fm_level_facts_of(walk, selection->entity);
    for (uint32_t i = selection->step_count - 1; i > 0; i--) {
        const struct fm_entity *entity = selection->steps[i - 1].entity;
        const struct fm_entity *named = entity;
        while (named->target != NULL) {
            named = named->target;
        }
        facts = fm_level_through(walk, named->instance, facts);
        for (; entity->target != NULL; entity = entity->target) {
            facts = fm_level_through(walk, entity->instance, facts);
        }
    }
    return facts;
}

static struct fm_level_value *path_arguments(struct fm_level_walk *walk,
                                             const struct fm_selection *selection)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < selection->step_count; i++) {
        count += selection->steps[i].selector->count;
    }
    struct fm_level_value *arguments = fm_arena_calloc(walk->sema->arena, count, sizeof *arguments);
    uint32_t next = 0;
    for (uint32_t i = 0; i < selection->step_count; i++) {
        const struct fm_step *step = &selection->steps[i];
        for (uint32_t j = 0; j < step->selector->count; j++) {
            arguments[next++] = fm_level_of_argument(walk, step->selector->kids[j],
                                                     fm_entity_param_arity(step->entity, j));
        }
    }
    return arguments;
}

/* A subexpression: the level of the part, with the parameters as constants, is all that is asked.
 */
static struct fm_level_value level_of_subexpression(struct fm_level_walk *walk,
                                                    const struct fm_selection *selection)
{
    struct fm_level_facts scratch = {.is_good = true};
    struct fm_level_walk inner = {walk->sema, &scratch, NULL, true};
    struct fm_level_value value = fm_level_of(&inner, selection->expression);
    value.is_good = true;
    for (uint32_t i = 0; i < selection->param_count; i++) {
        if (selection->params[i].argument != NULL) {
            struct fm_level_value argument = fm_level_of_argument(
                walk, selection->params[i].argument, selection->params[i].entity->arity);
            value.level = highest(value.level, argument.level);
        }
    }
    value.params = (struct fm_entity_set){0};
    value.all = (struct fm_entity_set){0};
    return value;
}

/* A subexpression as an operator of the variables passed on the way. */
static struct fm_level_value operator_of_subexpression(struct fm_level_walk *walk,
                                                       const struct fm_selection *selection)
{
    struct fm_level_facts *facts = fm_arena_calloc(walk->sema->arena, 1, sizeof *facts);
    struct fm_level_walk inner = {walk->sema, facts, NULL, true};
    facts->is_good = true;
    facts->formals = fm_arena_calloc(walk->sema->arena, selection->arity, sizeof *facts->formals);
    for (uint32_t i = 0; i + 1 < selection->step_count; i++) {
        const struct fm_entity *instance = selection->steps[i].entity;
        for (uint32_t j = 0; j < instance->arity; j++) {
            facts->formals[facts->formal_count++] = instance->params[j];
        }
    }
    for (uint32_t i = 0; i < selection->param_count; i++) {
        facts->formals[facts->formal_count++] = selection->params[i].entity;
    }
    struct fm_level_value body = fm_level_of(&inner, selection->expression);
    facts->level = body.level;
    facts->is_good = true;
    fm_entity_set_merge(walk->sema, &facts->params, &body.params, NULL);
    fm_entity_set_merge(walk->sema, &facts->all, &body.all, NULL);
    return operator_value(walk, facts);
}

struct fm_level_value fm_level_of_selection(struct fm_level_walk *walk, struct fm_ast *node,
                                            struct fm_selection *selection)
{
    if (selection->is_subexpression) {
        return selection->arity > 0 ? operator_of_subexpression(walk, selection)
                                    : level_of_subexpression(walk, selection);
    }
    if (selection->entity->kind != FM_ENTITY_DEFINED) {
        return fm_level_of_operator(walk, selection->entity);
    }
    const struct fm_level_facts *facts = facts_of_path(walk, selection);
    if (selection->arity > 0) {
        return operator_value(walk, facts);
    }
    return fm_level_apply(walk, node, selection->entity->name, facts,
                          path_arguments(walk, selection));
}
