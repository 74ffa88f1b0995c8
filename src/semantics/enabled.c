/* ENABLED inside an instance.
 *
 * `ENABLED A` asks whether there are values of the primed variables of its own module that satisfy
 * A. In an instance with x <- f(z), a primed x is therefore not f(z)': it is a variable of its own,
 * bound by the ENABLED ("Specifying Systems" 17.8: substitution does not go through ENABLED). With
 * x <- z and y <- z, `ENABLED (x' = 0 /\ y' = 1)` is true.
 *
 * Where each variable of the instances on the way stands for another variable of the root, nothing
 * is to be done: that one's primed value serves. Otherwise the text inside ENABLED is elaborated in
 * contexts of its own:
 *
 *   ENABLED mode   as the context it was made from, but what is primed is elaborated in the
 *   PRIMED mode    where a variable that needs it stands for a hidden variable of the program
 *
 * Hidden variables have indices from variable_count on, and only ENABLED assigns them. UNCHANGED,
 * [A]_v and <<A>>_v contain primes, so they are written out in ENABLED mode. Instances met inside
 * the ENABLED (`hides` false) substitute under primes as usual.
 *
 * Not covered: an operator parameter that is primed, as in `Set(v, e) == v' = e`, inside such an
 * ENABLED takes its argument with the instance's substitution under the prime. */
#include "semantics/builtin.h"
#include "semantics/elaborate.h"

#include <string.h>

/* The root variable that the entity is in the end, when only names are on the way; *known is false
 * when a parameter stands there, whose meaning differs from use to use. */
static struct fm_entity *root_variable(struct fm_elaborator *elaborator, struct fm_context *context,
                                       struct fm_entity *entity, bool *known)
{
    *known = true;
    while (entity->kind == FM_ENTITY_VARIABLE) {
        context = fm_context_of(elaborator, context, entity);
        if (context->parent == NULL) {
            return entity;
        }
        const struct fm_substitution *substitution = fm_context_substitution(context, entity);
        const struct fm_ast *value = substitution->expression;
        if (value != NULL && value->kind != FM_AST_IDENT) {
            return NULL;
        }
        entity = value == NULL ? substitution->same : value->note;
        context = context->parent;
    }
    *known = entity->kind != FM_ENTITY_PARAMETER && entity->kind != FM_ENTITY_BOUND;
    return NULL;
}

bool fm_context_hides(struct fm_elaborator *elaborator, struct fm_context *context,
                      struct fm_entity *variable)
{
    bool known = false;
    const struct fm_entity *own = root_variable(elaborator, context, variable, &known);
    if (own == NULL) {
        return known;
    }
    for (uint32_t i = 0; i < context->instance->substitution_count; i++) {
        struct fm_entity *other = context->instance->substitutions[i].declared;
        if (other == variable) {
            return false;
        }
        if (other->kind == FM_ENTITY_VARIABLE &&
            root_variable(elaborator, context, other, &known) == own) {
            return true; /* an earlier one has the root's variable */
        }
    }
    return false;
}

static bool hides_any(struct fm_elaborator *elaborator, struct fm_context *context)
{
    for (; context->parent != NULL; context = context->parent) {
        for (uint32_t i = 0; i < context->instance->substitution_count; i++) {
            struct fm_entity *declared = context->instance->substitutions[i].declared;
            if (declared->kind == FM_ENTITY_VARIABLE &&
                fm_context_hides(elaborator, context, declared)) {
                return true;
            }
        }
    }
    return false;
}

static struct fm_context *variant(struct fm_elaborator *elaborator,
                                  const struct fm_context *context, struct fm_context *parent,
                                  enum fm_context_mode mode)
{
    struct fm_sema *sema = elaborator->sema;
    struct fm_context *copy = fm_arena_copy(sema->arena, context, sizeof *context);
    copy->parent = parent;
    copy->mode = mode;
    copy->enabled = NULL;
    copy->primed = NULL;
    copy->defs = fm_sema_map(sema);
    copy->slots = fm_sema_map(sema);
    copy->children = fm_sema_map(sema);
    return copy;
}

struct fm_context *fm_context_enabled(struct fm_elaborator *elaborator, struct fm_context *context)
{
    if (context->parent == NULL || context->mode != FM_MODE_NORMAL) {
        return context;
    }
    if (context->enabled == NULL) {
        context->enabled = context;
        if (hides_any(elaborator, context)) {
            context->enabled = variant(elaborator, context,
                                       fm_context_enabled(elaborator, context->parent),
                                       FM_MODE_ENABLED);
            context->enabled->hides = true;
        }
    }
    return context->enabled;
}

struct fm_context *fm_context_primed(struct fm_elaborator *elaborator, struct fm_context *context)
{
    if (context->parent == NULL || context->mode == FM_MODE_PRIMED) {
        return context;
    }
    if (context->primed == NULL) {
        context->primed = variant(elaborator, context,
                                  fm_context_primed(elaborator, context->parent), FM_MODE_PRIMED);
    }
    return context->primed;
}

struct fm_context *fm_context_within(struct fm_elaborator *elaborator, struct fm_context *context,
                                     struct fm_context *parent)
{
    return variant(elaborator, context, parent, parent->mode);
}

/* --- hidden variables --- */

static uint32_t add_hidden(struct fm_elaborator *elaborator, const struct fm_context *context,
                           const struct fm_entity *entity)
{
    struct fm_program *program = elaborator->program;
    uint32_t count = program->variable_count + program->hidden_count;
    struct fm_variable *variables = fm_arena_calloc(elaborator->sema->arena, count + 1,
                                                    sizeof *variables);
    if (count > 0) {
        memcpy(variables, program->variables, count * sizeof *variables);
    }
    const char *name = fm_arena_printf(elaborator->sema->arena, "%s%s", context->prefix,
                                       entity->name->text);
    variables[count] = (struct fm_variable){fm_sema_symbol(elaborator->sema, name),
                                            entity->module->name, entity->name_span};
    program->variables = variables;
    program->hidden_count++;
    return count;
}

struct fm_node *fm_hidden_node(struct fm_elaborator *elaborator, struct fm_context *context,
                               struct fm_entity *variable, struct fm_span span)
{
    if (context->hidden == NULL) {
        context->hidden = fm_sema_map(elaborator->sema);
    }
    struct fm_node *known = fm_map_get(context->hidden, variable);
    struct fm_node *node = fm_node_new(elaborator, FM_OP_VAR, span, 0);
    node->u.index = known != NULL ? known->u.index : add_hidden(elaborator, context, variable);
    if (known == NULL) {
        fm_map_put(context->hidden, variable, node);
    }
    return node;
}

/* --- primes written out --- */

static struct fm_node *primed_node(struct fm_build *build, struct fm_ast *node)
{
    struct fm_build inner = *build;
    inner.context = fm_context_primed(build->elaborator, build->context);
    struct fm_node *prime = fm_node_new(build->elaborator, FM_OP_PRIME, node->span, 1);
    prime->kids[0] = fm_elaborate(&inner, node);
    return prime;
}

static struct fm_node *pair_node(struct fm_build *build, enum fm_op op, struct fm_span span,
                                 struct fm_node *left, struct fm_node *right)
{
    struct fm_node *node = fm_node_new(build->elaborator, op, span, 2);
    node->kids[0] = left;
    node->kids[1] = right;
    return node;
}

/* The tuple that a definition without parameters is, when its parts mean the same outside of it;
 * NULL: it is something else. */
static struct fm_node *tuple_of(struct fm_node *node)
{
    while (node->op == FM_OP_CALL && node->count == 0 && node->u.def->native == NULL &&
           node->u.def->param_count == 0 && node->u.def->body != NULL) {
        node = node->u.def->body;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        bool is_call = node->kids[i]->op == FM_OP_CALL && node->kids[i]->count == 0;
        if (node->kids[i]->op != FM_OP_VAR && !is_call) {
            return NULL;
        }
    }
    return node->op == FM_OP_TUPLE && node->count > 0 ? node : NULL;
}

/* next' = now, part by part. */
static struct fm_node *same_node(struct fm_build *build, struct fm_span span, struct fm_node *next,
                                 struct fm_node *now)
{
    const struct fm_node *primed = tuple_of(next);
    const struct fm_node *plain = tuple_of(now);
    if (primed == NULL || plain == NULL || primed->count != plain->count) {
        struct fm_node *prime = fm_node_new(build->elaborator, FM_OP_PRIME, span, 1);
        prime->kids[0] = next;
        return pair_node(build, FM_OP_EQ, span, prime, now);
    }
    struct fm_node *all = fm_node_new(build->elaborator, FM_OP_AND, span, plain->count);
    for (uint32_t i = 0; i < plain->count; i++) {
        all->kids[i] = same_node(build, span, primed->kids[i], plain->kids[i]);
    }
    return all;
}

/* v' = v; of a tuple, or what is defined as one, for each part, so that each is assigned. */
static struct fm_node *unchanged_node(struct fm_build *build, struct fm_ast *node)
{
    if (node->kind != FM_AST_TUPLE || node->count == 0) {
        return same_node(build, node->span, primed_node(build, node)->kids[0],
                         fm_elaborate(build, node));
    }
    struct fm_node *all = fm_node_new(build->elaborator, FM_OP_AND, node->span, node->count);
    for (uint32_t i = 0; i < node->count; i++) {
        all->kids[i] = unchanged_node(build, node->kids[i]);
    }
    return all;
}

struct fm_node *fm_elaborate_under_enabled(struct fm_build *build, struct fm_ast *node)
{
    if (build->context->mode != FM_MODE_ENABLED) {
        return NULL;
    }
    if (node->kind == FM_AST_SQUARE) {
        return pair_node(build, FM_OP_OR, node->span, fm_elaborate(build, node->kids[0]),
                         unchanged_node(build, node->kids[1]));
    }
    if (node->kind == FM_AST_ANGLE) {
        struct fm_node *changed = pair_node(build, FM_OP_NE, node->span,
                                            primed_node(build, node->kids[1]),
                                            fm_elaborate(build, node->kids[1]));
        return pair_node(build, FM_OP_AND, node->span, fm_elaborate(build, node->kids[0]), changed);
    }
    const struct fm_entity *entity = node->note;
    if (entity->kind != FM_ENTITY_BUILTIN) {
        return NULL;
    }
    if (entity->builtin->op == FM_OP_PRIME) {
        return primed_node(build, node->kids[0]);
    }
    return entity->builtin->op == FM_OP_UNCHANGED ? unchanged_node(build, node->kids[0]) : NULL;
}
