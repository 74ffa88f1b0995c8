/* The sets of level checking.
 *
 * Small arrays in the program's arena, searched linearly: a module has few parameters, and most
 * expressions mention none. What holds for a set of constraints: an entity stands in it once, and
 * adding another constraint for it keeps the stricter one. Bound variables never get in, since they
 * are constants whatever their sets are; formals of the operator itself stay in its own sets, where
 * they say what its arguments must be, and are left out when the facts are handed on to a user. */
#include "semantics/level.h"

bool fm_entity_set_has(const struct fm_entity_set *set, const struct fm_entity *entity)
{
    for (uint32_t i = 0; i < set->count; i++) {
        if (set->at[i] == entity) {
            return true;
        }
    }
    return false;
}

void fm_entity_set_add(struct fm_sema *sema, struct fm_entity_set *set, struct fm_entity *entity)
{
    if (!fm_entity_set_has(set, entity)) {
        fm_sema_push(sema, set->at, set->count, set->capacity, entity);
    }
}

bool fm_level_is_formal(const struct fm_level_facts *facts, const struct fm_entity *entity)
{
    for (uint32_t i = 0; i < facts->formal_count; i++) {
        if (facts->formals[i] == entity) {
            return true;
        }
    }
    return false;
}

void fm_entity_set_merge(struct fm_sema *sema, struct fm_entity_set *set,
                         const struct fm_entity_set *from, const struct fm_level_facts *without)
{
    for (uint32_t i = 0; i < from->count; i++) {
        if (without == NULL || !fm_level_is_formal(without, from->at[i])) {
            fm_entity_set_add(sema, set, from->at[i]);
        }
    }
}

void fm_level_add_bound(struct fm_sema *sema, struct fm_level_facts *facts,
                        struct fm_entity *entity, enum fm_level most)
{
    if (most == FM_LEVEL_TEMPORAL) {
        return; /* no constraint */
    }
    for (uint32_t i = 0; i < facts->bound_count; i++) {
        if (facts->bounds[i].entity == entity) {
            enum fm_level before = facts->bounds[i].most;
            facts->bounds[i].most = most < before ? most : before;
            return;
        }
    }
    struct fm_level_bound bound = {entity, most};
    fm_sema_push(sema, facts->bounds, facts->bound_count, facts->bound_capacity, bound);
}

void fm_level_add_bounds(struct fm_sema *sema, struct fm_level_facts *facts,
                         const struct fm_entity_set *entities, enum fm_level most)
{
    for (uint32_t i = 0; i < entities->count; i++) {
        fm_level_add_bound(sema, facts, entities->at[i], most);
    }
}

void fm_level_add_argument(struct fm_sema *sema, struct fm_level_facts *facts,
                           struct fm_level_argument argument)
{
    for (uint32_t i = 0; i < facts->argument_count; i++) {
        struct fm_level_argument *before = &facts->arguments[i];
        if (before->operator== argument.operator&& before->position == argument.position) {
            before->least = before->least > argument.least ? before->least : argument.least;
            return;
        }
    }
    fm_sema_push(sema, facts->arguments, facts->argument_count, facts->argument_capacity, argument);
}

void fm_level_add_pair(struct fm_sema *sema, struct fm_level_facts *facts,
                       struct fm_level_pair pair)
{
    for (uint32_t i = 0; i < facts->pair_count; i++) {
        const struct fm_level_pair *before = &facts->pairs[i];
        if (before->operator== pair.operator&& before->position == pair.position &&
            before->param == pair.param) {
            return;
        }
    }
    fm_sema_push(sema, facts->pairs, facts->pair_count, facts->pair_capacity, pair);
}

void fm_level_merge_constraints(struct fm_sema *sema, struct fm_level_facts *facts,
                                const struct fm_level_facts *from)
{
    for (uint32_t i = 0; i < from->bound_count; i++) {
        if (!fm_level_is_formal(from, from->bounds[i].entity)) {
            fm_level_add_bound(sema, facts, from->bounds[i].entity, from->bounds[i].most);
        }
    }
    for (uint32_t i = 0; i < from->argument_count; i++) {
        if (!fm_level_is_formal(from, from->arguments[i].operator)) {
            fm_level_add_argument(sema, facts, from->arguments[i]);
        }
    }
}

enum fm_level fm_level_most(const struct fm_level_facts *facts, uint32_t i)
{
    for (uint32_t j = 0; j < facts->bound_count; j++) {
        if (facts->bounds[j].entity == facts->formals[i]) {
            return facts->bounds[j].most;
        }
    }
    return facts->is_recursive ? FM_LEVEL_ACTION : FM_LEVEL_TEMPORAL;
}

bool fm_level_counts(const struct fm_level_facts *facts, uint32_t i)
{
    return facts->is_recursive || fm_entity_set_has(&facts->params, facts->formals[i]);
}

bool fm_level_respects(const struct fm_level_facts *facts, uint32_t i)
{
    return !fm_entity_set_has(&facts->unequal, facts->formals[i]);
}

bool fm_level_respects_all(const struct fm_level_facts *facts)
{
    for (uint32_t i = 0; i < facts->formal_count; i++) {
        if (!fm_level_respects(facts, i)) {
            return false;
        }
    }
    return true;
}

enum fm_level fm_level_least(const struct fm_level_facts *facts, uint32_t i, uint32_t position)
{
    for (uint32_t j = 0; j < facts->argument_count; j++) {
        const struct fm_level_argument *argument = &facts->arguments[j];
        if (argument->operator== facts->formals[i] && argument->position == position) {
            return argument->least;
        }
    }
    return FM_LEVEL_CONSTANT;
}

bool fm_level_applies(const struct fm_level_facts *facts, uint32_t operator, uint32_t position,
                      uint32_t param)
{
    for (uint32_t j = 0; j < facts->pair_count; j++) {
        const struct fm_level_pair *pair = &facts->pairs[j];
        if (pair->operator== facts->formals[operator] && pair->position == position &&
                                            pair->param == facts->formals[param]) {
            return true;
        }
    }
    return false;
}

enum fm_level fm_level_operator_most(const struct fm_level_value *value, uint32_t i)
{
    return value->operator_builtin != NULL ? value->operator_builtin->argument
                                           : fm_level_most(value->operator_facts, i);
}

uint32_t fm_level_operator_arity(const struct fm_level_value *value)
{
    return value->operator_builtin != NULL ? value->operator_builtin->arity
                                           : value->operator_facts->formal_count;
}
