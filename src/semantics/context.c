/* Contexts: which definition a module's operator is, seen through instances.
 *
 * The root context reads the root module and everything it extends as they stand: a VARIABLE is a
 * variable of the program. Each INSTANCE makes a child context of the one that its text is read in;
 * in it a declared name stands for what is substituted. Definitions are memoized per context, so
 * that a module instantiated once is elaborated once.
 *
 * A module that declares nothing means the same everywhere: its definitions belong to the root
 * context (nested modules: to the context of the module around), however it was reached. That keeps
 * the standard modules single and lets natives match them.
 *
 * Parametrized instances give their parameters to the context: each of its definitions has them
 * before its own. An INSTANCE inside a LET may mention variables bound around it, so its
 * definitions cannot stand at top level: the context remembers what is visible at the LET (`cells`)
 * and the LET they go to. */
#include "semantics/elaborate.h"

#include "base/assert.h"
#include "modules/native.h"

#include <string.h>

const struct fm_cell *fm_cell_find(const struct fm_cell *cells, const void *key)
{
    while (cells != NULL && cells->key != key) {
        cells = cells->outer;
    }
    return cells;
}

const struct fm_cell *fm_cell_add(struct fm_elaborator *elaborator, const struct fm_cell *outer,
                                  struct fm_cell cell)
{
    struct fm_cell *copy = fm_arena_copy(elaborator->sema->arena, &cell, sizeof cell);
    copy->outer = outer;
    return copy;
}

/* --- which context --- */

static bool extends_module(const struct fm_module *module, const struct fm_module *other)
{
    for (uint32_t i = 0; i < module->extendee_count; i++) {
        if (module->extendees[i] == other || extends_module(module->extendees[i], other)) {
            return true;
        }
    }
    return false;
}

/* Whether the text of `other` is read as part of an instance of `module`. */
static bool belongs(const struct fm_module *module, const struct fm_module *other)
{
    for (; other != NULL; other = other->outer) {
        if (other == module || extends_module(module, other)) {
            return true;
        }
    }
    return false;
}

struct fm_context *fm_context_of(struct fm_elaborator *elaborator, struct fm_context *context,
                                 const struct fm_entity *entity)
{
    const struct fm_module *home = entity->module;
    if (home->outer == NULL && !home->has_declarations) {
        return elaborator->root;
    }
    while (context->parent != NULL && !belongs(context->instance->module, home)) {
        context = context->parent;
    }
    return context;
}

struct fm_context *fm_context_new(struct fm_elaborator *elaborator, struct fm_context *parent,
                                  struct fm_instance *instance)
{
    struct fm_sema *sema = elaborator->sema;
    struct fm_context *child = fm_arena_calloc(sema->arena, 1, sizeof *child);
    child->parent = parent;
    child->instance = instance;
    child->mode = parent->mode;
    child->cells = parent->cells;
    child->let = parent->let;
    child->defs = fm_sema_map(sema);
    child->slots = fm_sema_map(sema);
    child->children = fm_sema_map(sema);
    child->prefix = instance->name == NULL ? parent->prefix
                                           : fm_arena_printf(sema->arena, "%s%s!", parent->prefix,
                                                             instance->name->text);
    child->param_count = parent->param_count + instance->param_count;
    child->params = fm_arena_calloc(sema->arena, child->param_count, sizeof *child->params);
    if (parent->param_count > 0) {
        memcpy(child->params, parent->params, parent->param_count * sizeof *child->params);
    }
    if (instance->param_count > 0) {
        memcpy(child->params + parent->param_count, instance->params,
               instance->param_count * sizeof *child->params);
    }
    return child;
}

struct fm_context *fm_context_child(struct fm_build *build, struct fm_context *parent,
                                    struct fm_instance *instance)
{
    struct fm_elaborator *elaborator = build->elaborator;
    if (!instance->module->has_declarations) {
        return instance->module->outer == NULL ? elaborator->root : parent;
    }
    if (instance->is_let) {
        const struct fm_cell *cell = fm_cell_find(build->cells, instance);
        fm_assert(cell != NULL && cell->kind == FM_CELL_CONTEXT);
        if (cell->context->mode == parent->mode) {
            return cell->context;
        }
        struct fm_context *within = fm_map_get(parent->children, instance);
        if (within == NULL) {
            within = fm_context_within(elaborator, cell->context, parent);
            fm_map_put(parent->children, instance, within);
        }
        return within;
    }
    struct fm_context *child = fm_map_get(parent->children, instance);
    if (child == NULL) {
        child = fm_context_new(elaborator, parent, instance);
        fm_map_put(parent->children, instance, child);
    }
    return child;
}

/* --- definitions --- */

static void add_job(struct fm_elaborator *elaborator, struct fm_context *home, struct fm_job job)
{
    struct fm_job *copy = fm_arena_copy(elaborator->sema->arena, &job, sizeof job);
    copy->next = NULL;
    if (home->let != NULL) {
        copy->next = home->let->jobs;
        home->let->jobs = copy;
    } else {
        *elaborator->jobs_end = copy;
        elaborator->jobs_end = &copy->next;
    }
}

static void set_param(struct fm_elaborator *elaborator, struct fm_def *def, uint32_t index,
                      const struct fm_entity *entity)
{
    struct fm_param *params = fm_arena_copy(elaborator->sema->arena, def->params,
                                            def->param_count * sizeof *def->params);
    params[index] = (struct fm_param){entity->name, entity->arity, entity->span};
    def->params = params;
}

/* The cells of parameters: those of the context, then the definition's own. */
static const struct fm_cell *bind_params(struct fm_elaborator *elaborator, struct fm_job *job,
                                         struct fm_context *home, struct fm_entity *const *own,
                                         uint32_t own_count)
{
    const struct fm_cell *cells = home->cells;
    for (uint32_t i = 0; i < home->param_count + own_count; i++) {
        struct fm_entity *entity = i < home->param_count ? home->params[i]
                                                         : own[i - home->param_count];
        set_param(elaborator, job->def, i, entity);
        struct fm_cell cell = {.key = entity,
                               .kind = FM_CELL_SLOT,
                               .name = entity->name,
                               .frame = job->frame,
                               .slot = job->frame->slots++};
        cells = fm_cell_add(elaborator, cells, cell);
    }
    return cells;
}

/* Registers the definition with its frame and returns its job, cells set. */
static struct fm_job place_def(struct fm_elaborator *elaborator, struct fm_context *home,
                               struct fm_def *def, const void *key, struct fm_entity *const *own,
                               uint32_t own_count)
{
    struct fm_job job = {.context = home, .def = def};
    struct fm_let_build *let = home->let;
    if (let != NULL && def->param_count == 0) {
        job.frame = let->frame;
        struct fm_cell cell = {.key = key,
                               .kind = FM_CELL_SLOT,
                               .name = def->name,
                               .frame = let->frame,
                               .slot = let->frame->slots++,
                               .def = def};
        fm_map_put(home->slots, key, fm_arena_copy(elaborator->sema->arena, &cell, sizeof cell));
        fm_sema_push(elaborator->sema, let->lets, let->count, let->capacity,
                     ((struct fm_let){def, cell.slot}));
    } else {
        job.frame = fm_arena_calloc(elaborator->sema->arena, 1, sizeof *job.frame);
        job.frame->def = def;
        job.frame->up = let == NULL ? NULL : let->frame;
        job.frame->depth = let == NULL ? 0 : let->frame->depth + 1;
        if (let != NULL) {
            fm_sema_push(elaborator->sema, let->lets, let->count, let->capacity,
                         ((struct fm_let){def, 0}));
        }
    }
    fm_map_put(home->defs, key, def);
    def->is_let = let != NULL;
    def->depth = job.frame->depth;
    job.cells = bind_params(elaborator, &job, home, own, own_count);
    return job;
}

static const struct fm_symbol *full_name(struct fm_elaborator *elaborator,
                                         const struct fm_context *context,
                                         const struct fm_symbol *name)
{
    if (context->prefix[0] == '\0') {
        return name;
    }
    return fm_sema_symbol(elaborator->sema, fm_arena_printf(elaborator->sema->arena, "%s%s",
                                                            context->prefix, name->text));
}

static const struct fm_symbol *instance_name(struct fm_elaborator *elaborator,
                                             const struct fm_context *context)
{
    size_t length = strlen(context->prefix);
    return length == 0
               ? NULL
               : fm_symbol_intern(elaborator->sema->session.symbols, context->prefix, length - 1);
}

static void describe_def(struct fm_elaborator *elaborator, struct fm_def *def,
                         const struct fm_context *context, const struct fm_entity *entity)
{
    def->module = entity->module == NULL ? NULL : entity->module->name;
    def->span = entity->span;
    def->name_span = entity->name_span;
    def->instance = instance_name(elaborator, context);
    def->is_recursive = entity->declared_recursive || entity->is_self_applied;
}

struct fm_def *fm_context_def(struct fm_elaborator *elaborator, struct fm_context *context,
                              struct fm_entity *entity)
{
    struct fm_def *def = fm_map_get(context->defs, entity);
    if (def != NULL) {
        return def;
    }
    def = fm_def_new(elaborator, full_name(elaborator, context, entity->name),
                     context->param_count + entity->arity);
    describe_def(elaborator, def, context, entity);
    def->is_fact = entity->is_fact;
    struct fm_entity **own = entity->params;
    struct fm_job job = place_def(elaborator, context, def, entity, own,
                                  own == NULL ? 0 : entity->arity);
    const struct fm_override *override = fm_map_get(elaborator->body_overrides, entity);
    if (override != NULL) {
        struct fm_build build = {elaborator, elaborator->root, NULL, job.frame};
        fm_override_apply(&build, def, override);
        return def;
    }
    if (context->param_count == 0 && !entity->is_let && entity->module->outer == NULL) {
        def->native = fm_native_find(entity->module->name->text, entity->name->text, entity->arity);
    }
    if (def->native != NULL) {
        def->frame_size = job.frame->slots;
        if (!fm_native_is_solved_by_text(def->native)) {
            return def;
        }
        /* A definition of its own, under a key that nothing else has. */
        def->text = fm_def_new(elaborator, def->name, def->param_count);
        describe_def(elaborator, def->text, context, entity);
        job = place_def(elaborator, context, def->text, &entity->name, own,
                        own == NULL ? 0 : entity->arity);
    }
    job.expression = entity->body;
    job.function = entity->is_function ? entity : NULL;
    add_job(elaborator, context, job);
    return def;
}

struct fm_def *fm_context_constant(struct fm_elaborator *elaborator, struct fm_entity *entity)
{
    struct fm_context *root = elaborator->root;
    struct fm_def *def = fm_map_get(root->defs, entity);
    if (def != NULL) {
        return def;
    }
    def = fm_def_new(elaborator, entity->name, entity->arity);
    describe_def(elaborator, def, root, entity);
    def->is_constant_decl = true;
    def->frame_size = entity->arity;
    fm_map_put(root->defs, entity, def);
    struct fm_param *params = fm_arena_calloc(elaborator->sema->arena, entity->arity,
                                              sizeof *params);
    for (uint32_t i = 0; i < entity->arity; i++) {
        const char *name = fm_arena_printf(elaborator->sema->arena, "parameter%u", i + 1);
        params[i] = (struct fm_param){fm_sema_symbol(elaborator->sema, name), 0, entity->span};
    }
    def->params = params;
    struct fm_override *override = fm_override_find(elaborator, root, entity, false);
    if (override != NULL) {
        struct fm_frame frame = {.def = def, .slots = entity->arity};
        struct fm_build build = {elaborator, root, NULL, &frame};
        fm_override_apply(&build, def, override);
    }
    return def;
}

struct fm_def *fm_context_substituted(struct fm_elaborator *elaborator, struct fm_context *context,
                                      const struct fm_substitution *substitution)
{
    const struct fm_entity *declared = substitution->declared;
    struct fm_def *def = fm_map_get(context->defs, declared);
    if (def != NULL) {
        return def;
    }
    struct fm_ast *value = substitution->expression;
    uint32_t own_count = value->kind == FM_AST_LAMBDA ? value->kids[0]->count : 0;
    struct fm_entity **own = fm_arena_calloc(elaborator->sema->arena, own_count,
                                             sizeof(struct fm_entity *));
    for (uint32_t i = 0; i < own_count; i++) {
        own[i] = value->kids[0]->kids[i]->note;
    }
    def = fm_def_new(elaborator, full_name(elaborator, context, declared->name),
                     context->param_count + own_count);
    describe_def(elaborator, def, context, declared);
    def->module = context->instance->where->name;
    def->span = substitution->span;
    struct fm_job job = place_def(elaborator, context, def, declared, own, own_count);
    job.context = context->parent;
    job.expression = value->kind == FM_AST_LAMBDA ? value->kids[1] : value;
    add_job(elaborator, context, job);
    return def;
}

struct fm_def *fm_context_selection(struct fm_elaborator *elaborator, struct fm_context *context,
                                    const struct fm_selection *selection)
{
    struct fm_def *def = fm_map_get(context->defs, selection);
    if (def != NULL) {
        return def;
    }
    struct fm_entity *origin = fm_entity_origin(selection->entity);
    uint32_t own_count = selection->param_count;
    struct fm_entity **own = fm_arena_calloc(elaborator->sema->arena, own_count,
                                             sizeof(struct fm_entity *));
    for (uint32_t i = 0; i < own_count; i++) {
        own[i] = selection->params[i].entity;
    }
    def = fm_def_new(elaborator, full_name(elaborator, context, selection->name),
                     context->param_count + own_count);
    describe_def(elaborator, def, context, origin);
    def->span = selection->expression->span;
    struct fm_job job = place_def(elaborator, context, def, selection, own, own_count);
    job.expression = selection->expression;
    job.selection = selection;
    add_job(elaborator, context, job);
    return def;
}

struct fm_override *fm_override_find(struct fm_elaborator *elaborator, struct fm_context *context,
                                     struct fm_entity *entity, bool through)
{
    struct fm_override *override = fm_map_get(elaborator->overrides, entity);
    while (override != NULL && (override->context != context || override->through != through)) {
        override = override->next;
    }
    return override;
}
