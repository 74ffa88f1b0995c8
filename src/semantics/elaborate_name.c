/* Elaboration of names: what a reference becomes.
 *
 *   variable of the root            VAR
 *   parameter, bound variable       LOCAL, APPLY (operator parameters)
 *   LET definition                  LOCAL of its slot, or CALL
 *   definition                      CALL of the definition in its context, the context's parameters
 * first declared name of an instance    what is substituted: the name itself when that is just a
 * name (so that x' = e still assigns a variable), else a CALL of a definition made for it operator
 * of the language        its own node
 *
 * As arguments, operators become OPERATOR nodes. One that needs parameters of its context too is
 * wrapped in a LAMBDA that passes them. */
#include "semantics/elaborate.h"

#include "base/assert.h"
#include "semantics/builtin.h"

/* A reference on its way: the entity, the context that sees it, and its arguments, elaborated. */
struct call {
    struct fm_entity *entity;
    struct fm_context *context;
    bool through;            /* written I!Op */
    struct fm_node **prefix; /* arguments of the instances on the way, or NULL: those around */
    uint32_t prefix_count;
    struct fm_node **arguments;
    uint32_t argument_count;
    struct fm_span span;
};

static struct fm_node *emit(struct fm_build *build, struct call call);
static struct fm_node *emit_operator(struct fm_build *build, struct call call, uint32_t arity);

static struct fm_node **new_nodes(struct fm_build *build, uint32_t count)
{
    return fm_arena_calloc(build->elaborator->sema->arena, count, sizeof(struct fm_node *));
}

static struct fm_node **elaborate_arguments(struct fm_build *build, const struct fm_entity *entity,
                                            struct fm_ast *const *kids, uint32_t count)
{
    struct fm_node **nodes = new_nodes(build, count);
    for (uint32_t i = 0; i < count; i++) {
        nodes[i] = fm_elaborate_argument(build, kids[i], fm_entity_param_arity(entity, i));
    }
    return nodes;
}

static void set_arguments(struct fm_node *node, uint32_t first, const struct call *call)
{
    for (uint32_t i = 0; i < call->argument_count; i++) {
        node->kids[first + i] = call->arguments[i];
    }
}

/* --- parameters of contexts --- */

static struct fm_node *param_node(struct fm_build *build, const struct fm_entity *param,
                                  struct fm_span span)
{
    return fm_local_node(build, param->arity == 0 ? FM_OP_LOCAL : FM_OP_OPERATOR_LOCAL,
                         fm_cell_find(build->cells, param), span, 0);
}

static struct fm_node *prefix_node(struct fm_build *build, const struct fm_context *context,
                                   const struct call *call, uint32_t index)
{
    return index < call->prefix_count ? call->prefix[index]
                                      : param_node(build, context->params[index], call->span);
}

static struct fm_node *call_node(struct fm_build *build, const struct fm_context *context,
                                 struct fm_def *def, const struct call *call)
{
    uint32_t first = context->param_count;
    struct fm_node *node = fm_node_new(build->elaborator, FM_OP_CALL, call->span,
                                       first + call->argument_count);
    node->u.def = def;
    for (uint32_t i = 0; i < first; i++) {
        node->kids[i] = prefix_node(build, context, call, i);
    }
    set_arguments(node, first, call);
    return node;
}

static struct fm_node *plain_call(struct fm_build *build, struct fm_def *def,
                                  const struct call *call)
{
    struct fm_node *node = fm_node_new(build->elaborator, FM_OP_CALL, call->span,
                                       call->argument_count);
    node->u.def = def;
    set_arguments(node, 0, call);
    return node;
}

/* --- operators of the language --- */

static struct fm_node *builtin_node(struct fm_build *build, const struct call *call)
{
    const struct fm_builtin *builtin = call->entity->builtin;
    struct fm_node *node = fm_node_new(build->elaborator, builtin->op, call->span,
                                       call->argument_count);
    set_arguments(node, 0, call);
    return node;
}

static struct fm_def *builtin_def(struct fm_build *build, struct fm_entity *entity)
{
    struct fm_elaborator *elaborator = build->elaborator;
    struct fm_def *def = fm_map_get(elaborator->builtin_defs, entity);
    if (def != NULL) {
        return def;
    }
    def = fm_def_new(elaborator, entity->name, entity->arity);
    fm_map_put(elaborator->builtin_defs, entity, def);
    struct fm_param *params = fm_arena_calloc(elaborator->sema->arena, entity->arity,
                                              sizeof *params);
    def->module = elaborator->program->root;
    def->body = fm_node_new(elaborator, entity->builtin->op, fm_span_none(), entity->arity);
    for (uint32_t i = 0; i < entity->arity; i++) {
        params[i].name = fm_sema_symbol(elaborator->sema, i == 0 ? "a" : "b");
        def->body->kids[i] = fm_node_new(elaborator, FM_OP_LOCAL, fm_span_none(), 0);
        def->body->kids[i]->u.local.slot = i;
        def->body->kids[i]->u.local.name = params[i].name;
    }
    def->params = params;
    def->frame_size = entity->arity;
    return def;
}

/* --- declared names --- */

static uint32_t variable_index(const struct fm_build *build, const struct fm_entity *entity)
{
    const struct fm_program *program = build->elaborator->program;
    for (uint32_t i = 0; i < program->variable_count; i++) {
        if (program->variables[i].name == entity->name) {
            return i;
        }
    }
    fm_unreachable();
}

const struct fm_substitution *fm_context_substitution(const struct fm_context *context,
                                                      const struct fm_entity *declared)
{
    for (uint32_t i = 0; i < context->instance->substitution_count; i++) {
        if (context->instance->substitutions[i].declared == declared) {
            return &context->instance->substitutions[i];
        }
    }
    fm_unreachable();
}

/* The definition made for a substituted expression, called. */
static struct fm_node *substituted_node(struct fm_build *build, struct fm_context *context,
                                        const struct fm_substitution *substitution,
                                        const struct call *call)
{
    struct fm_def *def = fm_context_substituted(build->elaborator, context, substitution);
    const struct fm_cell *slot = fm_map_get(context->slots, substitution->declared);
    if (slot != NULL) {
        return fm_local_node(build, FM_OP_LOCAL, slot, call->span, 0);
    }
    return call_node(build, context, def, call);
}

static struct fm_node *emit_selection(struct fm_build *build, const struct fm_selection *selection,
                                      struct call call);

static struct fm_node *emit_declared(struct fm_build *build, struct call call)
{
    struct fm_elaborator *elaborator = build->elaborator;
    struct fm_context *context = fm_context_of(elaborator, call.context, call.entity);
    if (context->parent == NULL) {
        if (call.entity->kind == FM_ENTITY_VARIABLE) {
            struct fm_node *node = fm_node_new(elaborator, FM_OP_VAR, call.span, 0);
            node->u.index = variable_index(build, call.entity);
            return node;
        }
        return plain_call(build, fm_context_constant(elaborator, call.entity), &call);
    }
    if (context->mode == FM_MODE_PRIMED && context->hides &&
        call.entity->kind == FM_ENTITY_VARIABLE &&
        fm_context_hides(elaborator, context, call.entity)) {
        return fm_hidden_node(elaborator, context, call.entity, call.span);
    }
    const struct fm_substitution *substitution = fm_context_substitution(context, call.entity);
    struct fm_ast *value = substitution->expression;
    struct fm_build outer = *build;
    outer.context = context->parent;
    call.context = context->parent;
    if (value == NULL) {
        call.entity = substitution->same;
        return emit(&outer, call);
    }
    if (value->kind == FM_AST_IDENT || value->kind == FM_AST_OPARG) {
        call.entity = value->note;
        return emit(&outer, call);
    }
    if (value->kind == FM_AST_SELECT && call.entity->arity > 0) {
        return emit_selection(&outer, value->note, call);
    }
    return substituted_node(build, context, substitution, &call);
}

/* --- definitions --- */

/* Follows INSTANCEs to the definition; the call's entity and context are those of its own text. */
static void follow_aliases(struct fm_build *build, struct call *call)
{
    struct fm_elaborator *elaborator = build->elaborator;
    call->context = fm_context_of(elaborator, call->context, call->entity);
    while (call->entity->target != NULL) {
        struct fm_context *child = fm_context_child(build, call->context, call->entity->instance);
        call->entity = call->entity->target;
        call->context = fm_context_of(elaborator, child, call->entity);
    }
}

static struct fm_node *cell_node(struct fm_build *build, const struct fm_cell *cell,
                                 const struct call *call)
{
    if (cell->kind == FM_CELL_DEF) {
        return plain_call(build, cell->def, call);
    }
    enum fm_op op = call->argument_count == 0 ? FM_OP_LOCAL : FM_OP_APPLY;
    struct fm_node *node = fm_local_node(build, op, cell, call->span, call->argument_count);
    set_arguments(node, 0, call);
    return node;
}

static struct fm_override *find_override(struct fm_build *build, const struct call *call)
{
    struct fm_elaborator *elaborator = build->elaborator;
    return fm_override_find(elaborator, fm_context_of(elaborator, call->context, call->entity),
                            call->entity, call->through);
}

static struct fm_node *emit_defined(struct fm_build *build, struct call call)
{
    if (call.entity->is_let || call.entity->is_self_applied) {
        const struct fm_cell *cell = fm_cell_find(build->cells, call.entity);
        if (cell != NULL) {
            return cell_node(build, cell, &call);
        }
    }
    struct fm_override *override = find_override(build, &call);
    if (override != NULL) {
        return plain_call(build, fm_override_def(build->elaborator, override), &call);
    }
    follow_aliases(build, &call);
    struct fm_def *def = fm_context_def(build->elaborator, call.context, call.entity);
    const struct fm_cell *slot = fm_map_get(call.context->slots, call.entity);
    if (slot != NULL) {
        return fm_local_node(build, FM_OP_LOCAL, slot, call.span, 0);
    }
    return call_node(build, call.context, def, &call);
}

static struct fm_node *emit(struct fm_build *build, struct call call)
{
    switch (call.entity->kind) {
    case FM_ENTITY_CONSTANT:
    case FM_ENTITY_VARIABLE:
        return emit_declared(build, call);
    case FM_ENTITY_DEFINED:
        return emit_defined(build, call);
    case FM_ENTITY_BUILTIN:
        return builtin_node(build, &call);
    case FM_ENTITY_PARAMETER:
    case FM_ENTITY_BOUND:
        return cell_node(build, fm_cell_find(build->cells, call.entity), &call);
    case FM_ENTITY_INSTANCE:
    case FM_ENTITY_NEW:
    case FM_ENTITY_LABEL:
        break; /* analysis lets none of them stand in an expression */
    }
    fm_unreachable();
}

/* --- A!B!Op and subexpressions --- */

/* The argument of an instance's parameter: written in the selector, or, when the selection stands
 * for an operator, among the first arguments of that. */
static struct fm_node *instance_argument(struct fm_build *build, const struct fm_step *step,
                                         const struct fm_instance *instance,
                                         const struct call *call, uint32_t index)
{
    return index < step->selector->count ? fm_elaborate_argument(build, step->selector->kids[index],
                                                                 instance->params[index]->arity)
                                         : call->arguments[index];
}

static void drop_arguments(struct call *call, const struct fm_step *step, uint32_t count)
{
    if (step->selector->count == 0 && count > 0) {
        call->arguments += count;
        call->argument_count -= count;
    }
}

/* Enters the instance of a step: the call's context and prefix become those of its module. */
static void enter_instance(struct fm_build *build, const struct fm_step *step, struct call *call)
{
    call->entity = step->entity;
    follow_aliases(build, call);
    struct fm_instance *instance = call->entity->instance;
    struct fm_context *child = fm_context_child(build, call->context, instance);
    if (child->instance != instance || instance->param_count == 0) {
        drop_arguments(call, step, instance->param_count);
        call->context = child;
        return;
    }
    uint32_t base = child->param_count - instance->param_count;
    struct fm_node **prefix = new_nodes(build, child->param_count);
    for (uint32_t i = 0; i < base; i++) {
        prefix[i] = prefix_node(build, child, call, i);
    }
    for (uint32_t i = 0; i < instance->param_count; i++) {
        prefix[base + i] = instance_argument(build, step, instance, call, i);
    }
    drop_arguments(call, step, instance->param_count);
    call->prefix = prefix;
    call->prefix_count = child->param_count;
    call->context = child;
}

/* The chosen expression with the parameters of the selection, called. */
static struct fm_node *subexpression_node(struct fm_build *build,
                                          const struct fm_selection *selection, struct call call)
{
    follow_aliases(build, &call);
    if (call.entity->is_let) {
        if (selection->param_count == 0) {
            return fm_elaborate_selected(build, selection, 0);
        }
        return plain_call(build, fm_elaborate_nested_selection(build, selection), &call);
    }
    struct fm_def *def = fm_context_selection(build->elaborator, call.context, selection);
    const struct fm_cell *slot = fm_map_get(call.context->slots, selection);
    if (slot != NULL) {
        return fm_local_node(build, FM_OP_LOCAL, slot, call.span, 0);
    }
    return call_node(build, call.context, def, &call);
}

/* Arguments written in the selectors of an expression. */
static void add_selection_arguments(struct fm_build *build, const struct fm_selection *selection,
                                    struct call *call)
{
    if (!selection->is_subexpression) {
        const struct fm_ast *selector = selection->steps[selection->step_count - 1].selector;
        call->arguments = elaborate_arguments(build, selection->entity, selector->kids,
                                              selector->count);
        call->argument_count = selector->count;
        return;
    }
    call->arguments = new_nodes(build, selection->param_count);
    call->argument_count = selection->param_count;
    for (uint32_t i = 0; i < selection->param_count; i++) {
        call->arguments[i] = fm_elaborate_argument(build, selection->params[i].argument,
                                                   selection->params[i].entity->arity);
    }
}

static struct fm_node *emit_selection(struct fm_build *build, const struct fm_selection *selection,
                                      struct call call)
{
    if (selection->arity == 0) {
        add_selection_arguments(build, selection, &call);
    }
    for (uint32_t i = 0; i + 1 < selection->step_count; i++) {
        enter_instance(build, &selection->steps[i], &call);
        call.through = true;
    }
    call.entity = selection->entity;
    return selection->is_subexpression ? subexpression_node(build, selection, call)
                                       : emit(build, call);
}

struct fm_node *fm_elaborate_name(struct fm_build *build, struct fm_ast *node)
{
    struct call call = {.context = build->context, .span = node->span};
    if (node->kind == FM_AST_SELECT) {
        return emit_selection(build, node->note, call);
    }
    struct fm_node *special = fm_elaborate_under_enabled(build, node);
    if (special != NULL) {
        return special;
    }
    call.entity = node->note;
    struct fm_build inner = *build;
    if (call.entity->kind == FM_ENTITY_BUILTIN && call.entity->builtin->op == FM_OP_ENABLED) {
        inner.context = fm_context_enabled(build->elaborator, build->context);
    }
    call.arguments = elaborate_arguments(&inner, call.entity, node->kids, node->count);
    call.argument_count = node->count;
    return emit(build, call);
}

/* --- operators as arguments --- */

static struct fm_node *operator_node(struct fm_build *build, struct fm_def *def,
                                     struct fm_span span)
{
    struct fm_node *node = fm_node_new(build->elaborator, FM_OP_OPERATOR, span, 0);
    node->u.def = def;
    return node;
}

/* LAMBDA a, b: the call with these as arguments. */
static struct fm_node *wrapped_operator(struct fm_build *build, struct call call,
                                        const struct fm_selection *selection, uint32_t arity)
{
    struct fm_build inner = *build;
    struct fm_def *def = fm_elaborate_open_wrapper(&inner, arity, call.span);
    call.arguments = new_nodes(build, arity);
    call.argument_count = arity;
    for (uint32_t i = 0; i < arity; i++) {
        struct fm_cell cell = {
            .kind = FM_CELL_SLOT, .name = def->params[i].name, .frame = inner.frame, .slot = i};
        call.arguments[i] = fm_local_node(&inner, FM_OP_LOCAL, &cell, call.span, 0);
    }
    def->body = selection == NULL ? emit(&inner, call) : emit_selection(&inner, selection, call);
    def->frame_size = inner.frame->slots;
    return operator_node(build, def, call.span);
}

static struct fm_node *declared_operator(struct fm_build *build, struct call call, uint32_t arity)
{
    struct fm_elaborator *elaborator = build->elaborator;
    struct fm_context *context = fm_context_of(elaborator, call.context, call.entity);
    if (context->parent == NULL) {
        return operator_node(build, fm_context_constant(elaborator, call.entity), call.span);
    }
    const struct fm_substitution *substitution = fm_context_substitution(context, call.entity);
    const struct fm_ast *value = substitution->expression;
    bool is_name = value == NULL || value->kind == FM_AST_IDENT || value->kind == FM_AST_OPARG;
    if (!is_name) {
        return wrapped_operator(build, call, NULL, arity);
    }
    struct fm_build outer = *build;
    outer.context = context->parent;
    call.context = context->parent;
    call.entity = value == NULL ? substitution->same : value->note;
    return emit_operator(&outer, call, arity);
}

static struct fm_node *defined_operator(struct fm_build *build, struct call call, uint32_t arity)
{
    const struct fm_cell *cell = call.entity->is_let ? fm_cell_find(build->cells, call.entity)
                                                     : NULL;
    if (cell != NULL) {
        return operator_node(build, cell->def, call.span);
    }
    struct fm_override *override = find_override(build, &call);
    if (override != NULL) {
        return operator_node(build, fm_override_def(build->elaborator, override), call.span);
    }
    struct call found = call;
    follow_aliases(build, &found);
    if (found.context->param_count > 0) {
        return wrapped_operator(build, call, NULL, arity);
    }
    return operator_node(build, fm_context_def(build->elaborator, found.context, found.entity),
                         call.span);
}

static struct fm_node *emit_operator(struct fm_build *build, struct call call, uint32_t arity)
{
    switch (call.entity->kind) {
    case FM_ENTITY_CONSTANT:
    case FM_ENTITY_VARIABLE:
        return declared_operator(build, call, arity);
    case FM_ENTITY_DEFINED:
        return defined_operator(build, call, arity);
    case FM_ENTITY_BUILTIN:
        return operator_node(build, builtin_def(build, call.entity), call.span);
    case FM_ENTITY_PARAMETER:
    case FM_ENTITY_BOUND:
        return fm_local_node(build, FM_OP_OPERATOR_LOCAL, fm_cell_find(build->cells, call.entity),
                             call.span, 0);
    case FM_ENTITY_INSTANCE:
    case FM_ENTITY_NEW:
    case FM_ENTITY_LABEL:
        break;
    }
    fm_unreachable();
}

struct fm_node *fm_elaborate_argument(struct fm_build *build, struct fm_ast *node, uint32_t arity)
{
    if (arity == 0) {
        return fm_elaborate(build, node);
    }
    struct call call = {.context = build->context, .span = node->span};
    if (node->kind == FM_AST_LAMBDA) {
        return operator_node(build, fm_elaborate_lambda(build, node), node->span);
    }
    if (node->kind == FM_AST_SELECT) {
        return wrapped_operator(build, call, node->note, arity);
    }
    call.entity = node->note;
    return emit_operator(build, call, arity);
}

struct fm_node *fm_elaborate_entity(struct fm_build *build, struct fm_entity *entity,
                                    struct fm_node **arguments, uint32_t count, struct fm_span span)
{
    struct call call = {.entity = entity,
                        .context = build->context,
                        .arguments = arguments,
                        .argument_count = count,
                        .span = span};
    return emit(build, call);
}

struct fm_def *fm_elaborate_definition(struct fm_build *build, struct fm_entity *entity,
                                       bool through)
{
    struct call call = {.entity = entity, .context = build->context, .through = through};
    struct fm_override *override = find_override(build, &call);
    if (override != NULL) {
        return fm_override_def(build->elaborator, override);
    }
    follow_aliases(build, &call);
    return fm_context_def(build->elaborator, call.context, call.entity);
}
