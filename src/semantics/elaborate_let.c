/* LET, LAMBDA, and the LETs around a selected subexpression.
 *
 * A LET definition without parameters is a slot of the frame around it; one with parameters has its
 * own frame, one static link up. An INSTANCE inside a LET makes a context whose definitions join
 * the LET as they are needed: their bodies wait in the LET's own list until its body is elaborated,
 * and then until no more come. */
#include "semantics/elaborate.h"

static struct fm_frame *nested_frame(struct fm_build *build, struct fm_def *def)
{
    struct fm_frame *frame = fm_arena_calloc(build->elaborator->sema->arena, 1, sizeof *frame);
    frame->up = build->frame;
    frame->def = def;
    frame->depth = build->frame->depth + 1;
    def->is_let = true;
    def->depth = frame->depth;
    return frame;
}

static struct fm_def *new_def(struct fm_build *build, const struct fm_symbol *name,
                              struct fm_entity *const *params, uint32_t param_count)
{
    struct fm_elaborator *elaborator = build->elaborator;
    struct fm_def *def = fm_def_new(elaborator, name, param_count);
    struct fm_param *copies = fm_arena_calloc(elaborator->sema->arena, param_count, sizeof *copies);
    for (uint32_t i = 0; i < param_count; i++) {
        copies[i] = (struct fm_param){params[i]->name, params[i]->arity, params[i]->span};
    }
    def->params = copies;
    def->is_let = true;
    def->depth = build->frame->depth;
    return def;
}

static const struct fm_cell *bind_params(struct fm_build *build, struct fm_frame *frame,
                                         struct fm_entity *const *params, uint32_t param_count)
{
    const struct fm_cell *cells = build->cells;
    for (uint32_t i = 0; i < param_count; i++) {
        struct fm_cell cell = {.key = params[i],
                               .kind = FM_CELL_SLOT,
                               .name = params[i]->name,
                               .frame = frame,
                               .slot = frame->slots++};
        cells = fm_cell_add(build->elaborator, cells, cell);
    }
    return cells;
}

struct fm_def *fm_elaborate_nested(struct fm_build *build, const struct fm_symbol *name,
                                   struct fm_entity *const *params, uint32_t param_count,
                                   struct fm_ast *body)
{
    struct fm_def *def = new_def(build, name, params, param_count);
    struct fm_frame *frame = nested_frame(build, def);
    struct fm_build inner = *build;
    inner.frame = frame;
    inner.cells = bind_params(build, frame, params, param_count);
    def->is_lambda = true;
    def->span = body->span;
    def->name_span = body->span;
    def->body = fm_elaborate(&inner, body);
    def->frame_size = frame->slots;
    return def;
}

struct fm_def *fm_elaborate_lambda(struct fm_build *build, struct fm_ast *lambda)
{
    struct fm_ast *params = lambda->kids[0];
    struct fm_entity **entities = fm_arena_calloc(build->elaborator->sema->arena, params->count,
                                                  sizeof *entities);
    for (uint32_t i = 0; i < params->count; i++) {
        entities[i] = params->kids[i]->note;
    }
    struct fm_def *def = fm_elaborate_nested(build,
                                             fm_sema_symbol(build->elaborator->sema, "LAMBDA"),
                                             entities, params->count, lambda->kids[1]);
    def->span = lambda->span;
    def->name_span = lambda->span;
    def->module = entities[0]->module->name;
    return def;
}

struct fm_def *fm_elaborate_open_wrapper(struct fm_build *build, uint32_t arity,
                                         struct fm_span span)
{
    struct fm_elaborator *elaborator = build->elaborator;
    struct fm_def *def = fm_def_new(elaborator, fm_sema_symbol(elaborator->sema, "LAMBDA"), arity);
    struct fm_param *params = fm_arena_calloc(elaborator->sema->arena, arity, sizeof *params);
    for (uint32_t i = 0; i < arity; i++) {
        const char *name = fm_arena_printf(elaborator->sema->arena, "parameter%u", i + 1);
        params[i] = (struct fm_param){fm_sema_symbol(elaborator->sema, name), 0, span};
    }
    def->params = params;
    def->is_lambda = true;
    def->span = span;
    def->name_span = span;
    def->module = elaborator->program->root;
    build->frame = nested_frame(build, def);
    build->frame->slots = arity;
    return def;
}

struct fm_def *fm_elaborate_nested_selection(struct fm_build *build,
                                             const struct fm_selection *selection)
{
    struct fm_arena *arena = build->elaborator->sema->arena;
    struct fm_entity **params = fm_arena_calloc(arena, selection->param_count,
                                                sizeof(struct fm_entity *));
    for (uint32_t i = 0; i < selection->param_count; i++) {
        params[i] = selection->params[i].entity;
    }
    struct fm_def *def = new_def(build, selection->name, params, selection->param_count);
    struct fm_frame *frame = nested_frame(build, def);
    struct fm_build inner = *build;
    inner.frame = frame;
    inner.cells = bind_params(build, frame, params, selection->param_count);
    def->module = selection->entity->module->name;
    def->is_lambda = true;
    def->span = selection->expression->span;
    def->name_span = def->span;
    def->body = fm_elaborate_selected(&inner, selection, 0);
    def->frame_size = frame->slots;
    return def;
}

/* --- LET --- */

struct let_unit { /* a definition of the LET whose body is still to come */
    struct fm_entity *entity;
    struct fm_def *def;
    struct fm_frame *frame; /* its own, or NULL: a slot */
    struct fm_ast *body;
};

static void declare_definition(struct fm_build *build, struct fm_let_build *let,
                               struct let_unit *unit)
{
    struct fm_elaborator *elaborator = build->elaborator;
    struct fm_entity *entity = unit->entity;
    uint32_t slot = 0;
    unit->def = new_def(build, entity->name, entity->params,
                        entity->params == NULL ? 0 : entity->arity);
    unit->def->module = entity->module->name;
    unit->def->span = entity->span;
    unit->def->name_span = entity->name_span;
    unit->def->is_recursive = entity->declared_recursive || entity->is_self_applied;
    struct fm_cell cell = {
        .key = entity, .kind = FM_CELL_DEF, .name = entity->name, .def = unit->def};
    if (unit->def->param_count > 0) {
        unit->frame = nested_frame(build, unit->def);
    } else {
        slot = build->frame->slots++;
        cell.kind = FM_CELL_SLOT;
        cell.frame = build->frame;
        cell.slot = slot;
    }
    build->cells = fm_cell_add(elaborator, build->cells, cell);
    fm_sema_push(elaborator->sema, let->lets, let->count, let->capacity,
                 ((struct fm_let){unit->def, slot}));
}

static void declare_instance(struct fm_build *build, struct fm_let_build *let,
                             struct fm_instance *instance)
{
    if (!instance->module->has_declarations) {
        return; /* means the same everywhere: context.c */
    }
    struct fm_context *context = fm_context_new(build->elaborator, build->context, instance);
    context->let = let;
    /* Parameters of contexts around are captured, not passed. */
    context->params = instance->params;
    context->param_count = instance->param_count;
    struct fm_cell cell = {.key = instance, .kind = FM_CELL_CONTEXT, .context = context};
    build->cells = fm_cell_add(build->elaborator, build->cells, cell);
}

static void elaborate_unit(struct fm_build *build, const struct let_unit *unit)
{
    struct fm_build inner = *build;
    const struct fm_entity *entity = unit->entity;
    if (unit->frame != NULL) {
        inner.frame = unit->frame;
        inner.cells = bind_params(build, unit->frame, entity->params, entity->arity);
    }
    unit->def->body = entity->is_function
                          ? fm_elaborate_function(&inner, unit->body,
                                                  entity->is_self_applied ? entity : NULL)
                          : fm_elaborate(&inner, unit->body);
    if (unit->frame != NULL) {
        unit->def->frame_size = unit->frame->slots;
    }
}

/* Contexts of this LET see what the LET sees. */
static void set_context_cells(struct fm_build *build, const struct fm_cell *outer)
{
    for (const struct fm_cell *cell = build->cells; cell != outer; cell = cell->outer) {
        if (cell->kind == FM_CELL_CONTEXT) {
            cell->context->cells = build->cells;
        }
    }
}

static struct fm_instance *instance_of(const struct fm_ast *unit)
{
    const struct fm_ast *node = unit->kind == FM_AST_MODDEF ? unit->kids[1] : unit;
    return node->note;
}

/* Opens the LET: its definitions are visible in build->cells and elaborated. */
static void open_let(struct fm_build *build, struct fm_let_build *let, struct fm_ast *node)
{
    const struct fm_cell *outer = build->cells;
    struct let_unit *units = fm_arena_calloc(build->elaborator->sema->arena, node->count,
                                             sizeof *units);
    uint32_t count = 0;
    let->frame = build->frame;
    for (uint32_t i = 0; i + 1 < node->count; i++) {
        struct fm_ast *unit = node->kids[i];
        if (unit->kind == FM_AST_OPDEF || unit->kind == FM_AST_FCNDEF) {
            units[count].entity = unit->note;
            units[count].body = units[count].entity->body;
            declare_definition(build, let, &units[count++]);
        } else if (unit->kind == FM_AST_MODDEF || unit->kind == FM_AST_INSTANCE) {
            declare_instance(build, let, instance_of(unit));
        }
    }
    set_context_cells(build, outer);
    for (uint32_t i = 0; i < count; i++) {
        elaborate_unit(build, &units[i]);
    }
}

static struct fm_node *close_let(struct fm_build *build, struct fm_let_build *let,
                                 struct fm_span span, struct fm_node *body)
{
    while (let->jobs != NULL) {
        struct fm_job *job = let->jobs;
        let->jobs = job->next;
        fm_elaborate_job(build->elaborator, job);
    }
    if (let->count == 0) {
        return body;
    }
    struct fm_node *node = fm_node_new(build->elaborator, FM_OP_LET, span, 1);
    node->u.lets.at = let->lets;
    node->u.lets.count = let->count;
    node->kids[0] = body;
    return node;
}

struct fm_node *fm_elaborate_let(struct fm_build *build, struct fm_ast *node)
{
    struct fm_build inner = *build;
    struct fm_let_build *let = fm_arena_calloc(build->elaborator->sema->arena, 1, sizeof *let);
    open_let(&inner, let, node);
    struct fm_node *body = fm_elaborate(&inner, node->kids[node->count - 1]);
    return close_let(&inner, let, node->span, body);
}

struct fm_node *fm_elaborate_selected(struct fm_build *build, const struct fm_selection *selection,
                                      uint32_t first)
{
    if (first == selection->let_count) {
        return fm_elaborate(build, selection->expression);
    }
    struct fm_build inner = *build;
    struct fm_let_build *let = fm_arena_calloc(build->elaborator->sema->arena, 1, sizeof *let);
    open_let(&inner, let, selection->lets[first]);
    struct fm_node *body = fm_elaborate_selected(&inner, selection, first + 1);
    return close_let(&inner, let, selection->expression->span, body);
}
