/* The configuration meets the specification: constants, replaced operators, formulas.
 *
 * `C = v` and `C <- D` name a CONSTANT, or an operator that the root module sees; everything that
 * uses the root's name then means v or D (tlc2's SpecProcessor.processSpec). `C <- [M]D` puts D in
 * the place of the body of the operator that module M knows as C, so it reaches every module that
 * uses that operator, through whatever instance. Operators replaced by name only are replaced for
 * those who share the root's definition (EXTENDS); a module that has its own instance of the
 * defining module keeps it.
 *
 * A constant replaced by an operator is evaluated again at each use (`reevaluate`), as TLC does:
 * the definition of C just calls D. */
#include "semantics/elaborate.h"

#include "base/assert.h"
#include "semantics/split.h"

#include <string.h>

static struct fm_diags *diags_of(const struct fm_elaborator *elaborator)
{
    return elaborator->sema->session.diags;
}

/* --- names of the configuration --- */

/* An entity of the root, or of an instance of the root for "A!B", with the context that has it. */
struct named {
    struct fm_entity *entity;
    struct fm_context *context;
    bool through; /* "A!B" */
};

static struct named find_named(struct fm_elaborator *elaborator, const struct fm_symbol *name)
{
    struct fm_sema *sema = elaborator->sema;
    struct fm_build build = {elaborator, elaborator->root, NULL, NULL};
    struct named found = {NULL, elaborator->root, false};
    const struct fm_module *module = sema->root;
    const char *rest = name->text;
    for (;;) {
        size_t length = strcspn(rest, "!");
        const struct fm_symbol *part = fm_symbol_intern(sema->session.symbols, rest,
                                                        length > 0 ? length : strlen(rest));
        struct fm_entity *entity = module->scope->names == NULL
                                       ? NULL
                                       : fm_map_get(module->scope->names, part);
        bool last = length == 0 || rest[length] == '\0';
        bool hidden = entity != NULL && entity->is_local && module != sema->root;
        if (entity == NULL || hidden || (!last && entity->kind != FM_ENTITY_INSTANCE)) {
            found.entity = NULL;
            return found;
        }
        if (last) {
            found.entity = entity;
            return found;
        }
        while (entity->target != NULL) {
            found.context = fm_context_child(&build, found.context, entity->instance);
            entity = entity->target;
        }
        if (entity->instance->param_count > 0) {
            return found; /* I(x)!Op cannot be named */
        }
        module = entity->instance->module;
        found.context = fm_context_child(&build, found.context, entity->instance);
        found.through = true;
        rest += length + 1;
    }
}

static void report_unknown(struct fm_elaborator *elaborator, enum fm_code code,
                           const struct fm_config_name *name, const char *what)
{
    struct fm_diag *diag = fm_diag_report(
        diags_of(elaborator), code, name->span,
        "%s `%s` of the configuration is not defined in module %s", what, name->name->text,
        elaborator->sema->root->name->text);
    const struct fm_map *names = elaborator->sema->root->scope->names;
    const char **texts = fm_memory_alloc(((names == NULL ? 0 : names->count) + 1) * sizeof *texts);
    uint32_t count = 0;
    for (uint32_t i = 0; names != NULL && i < names->count; i++) {
        texts[count++] = ((const struct fm_symbol *)names->entries[i].key)->text;
    }
    const char *nearest = fm_diag_nearest(name->name->text, texts, count);
    fm_memory_free(texts);
    if (nearest != NULL) {
        const struct fm_entity *entity = fm_map_get(names,
                                                    fm_sema_symbol(elaborator->sema, nearest));
        fm_diag_hint_at(diags_of(elaborator), diag, entity->name_span, "did you mean `%s`?",
                        nearest);
    }
}

/* --- constants and replaced operators --- */

static bool check_arity(struct fm_elaborator *elaborator, const struct fm_config_constant *constant,
                        const struct fm_entity *entity, uint32_t given)
{
    if (entity->arity == given) {
        return true;
    }
    struct fm_diag *diag = fm_diag_report(
        diags_of(elaborator), FM_CODE_3033, constant->name.span,
        "`%s` has %u parameter%s, what the configuration puts in its place has %u",
        entity->name->text, entity->arity, entity->arity == 1 ? "" : "s", given);
    fm_diag_hint_at(diags_of(elaborator), diag, entity->name_span, "`%s`", entity->name->text);
    return false;
}

static bool is_replaced(const struct fm_elaborator *elaborator, const struct fm_symbol *name)
{
    const struct fm_config *config = elaborator->sema->config;
    for (uint32_t i = 0; i < config->constant_count; i++) {
        const struct fm_config_constant *constant = &config->constants[i];
        if (constant->kind == FM_CONSTANT_REPLACE && constant->module.name == NULL &&
            constant->name.name == name) {
            return true;
        }
    }
    return false;
}

static bool check_target(struct fm_elaborator *elaborator,
                         const struct fm_config_constant *constant, const struct fm_entity *entity)
{
    struct named target = find_named(elaborator, constant->target.name);
    if (target.entity == NULL || target.entity->kind == FM_ENTITY_INSTANCE ||
        target.entity->kind == FM_ENTITY_VARIABLE) {
        report_unknown(elaborator, FM_CODE_3030, &constant->target, "the operator");
        return false;
    }
    if (is_replaced(elaborator, constant->target.name) && constant->module.name == NULL) {
        fm_diag_report(diags_of(elaborator), FM_CODE_3034, constant->target.span,
                       "`%s` is itself replaced in the configuration, so it cannot replace `%s`",
                       constant->target.name->text, constant->name.name->text);
        return false;
    }
    return check_arity(elaborator, constant, entity, target.entity->arity);
}

static struct fm_override *new_override(struct fm_elaborator *elaborator,
                                        const struct fm_config_constant *constant,
                                        struct fm_entity *entity, struct fm_context *context)
{
    struct fm_override *override = fm_arena_calloc(elaborator->sema->arena, 1, sizeof *override);
    override->entity = entity;
    override->context = context;
    override->constant = constant;
    override->cases = fm_arena_calloc(
        elaborator->sema->arena, elaborator->sema->config->constant_count, sizeof *override->cases);
    return override;
}

/* C <- [M]D and C = [M]v. */
static bool bind_in_module(struct fm_elaborator *elaborator,
                           const struct fm_config_constant *constant)
{
    const struct fm_module *module = NULL;
    for (uint32_t i = 0; i < elaborator->sema->unit_count; i++) {
        if (elaborator->sema->units[i]->root->name == constant->module.name) {
            module = elaborator->sema->units[i]->root;
        }
    }
    if (module == NULL || module->scope == NULL) {
        fm_diag_report(diags_of(elaborator), FM_CODE_3031, constant->module.span,
                       "module `%s` is no part of this specification", constant->module.name->text);
        return false;
    }
    struct fm_entity *entity = module->scope->names == NULL
                                   ? NULL
                                   : fm_map_get(module->scope->names, constant->name.name);
    if (entity == NULL || entity->kind != FM_ENTITY_DEFINED) {
        fm_diag_report(diags_of(elaborator), FM_CODE_3030, constant->name.span,
                       "module %s has no operator `%s`", module->name->text,
                       constant->name.name->text);
        return false;
    }
    bool good = constant->kind == FM_CONSTANT_REPLACE
                    ? check_target(elaborator, constant, entity)
                    : check_arity(elaborator, constant, entity, constant->argument_count);
    struct fm_entity *origin = fm_entity_origin(entity);
    fm_map_put(elaborator->body_overrides, origin,
               new_override(elaborator, constant, origin, elaborator->root));
    return good;
}

static bool bind_constant(struct fm_elaborator *elaborator,
                          const struct fm_config_constant *constant)
{
    if (constant->module.name != NULL) {
        return bind_in_module(elaborator, constant);
    }
    struct named named = find_named(elaborator, constant->name.name);
    bool usable = named.entity != NULL && (named.entity->kind == FM_ENTITY_CONSTANT ||
                                           named.entity->kind == FM_ENTITY_DEFINED);
    if (!usable && constant->kind == FM_CONSTANT_VALUE) {
        fm_diag_report(diags_of(elaborator), FM_CODE_3032, constant->name.span,
                       "module %s has no constant or operator `%s`: the value is not used",
                       elaborator->sema->root->name->text, constant->name.name->text);
        return true; /* as TLC, which ignores it in silence */
    }
    if (!usable) {
        report_unknown(elaborator, FM_CODE_3030, &constant->name, "the constant or operator");
        return false;
    }
    bool good = constant->kind == FM_CONSTANT_REPLACE
                    ? check_target(elaborator, constant, named.entity)
                    : check_arity(elaborator, constant, named.entity, constant->argument_count);
    struct fm_override *override = fm_override_find(elaborator, named.context, named.entity,
                                                    named.through);
    if (override == NULL) {
        override = new_override(elaborator, constant, named.entity, named.context);
        override->through = named.through;
        override->next = fm_map_get(elaborator->overrides, named.entity);
        fm_map_put(elaborator->overrides, named.entity, override);
    }
    override->constant = constant;
    override->cases[override->case_count++] = constant;
    return good;
}

static bool check_all_bound(struct fm_elaborator *elaborator)
{
    bool good = true;
    const struct fm_module *root = elaborator->sema->root;
    for (uint32_t i = 0; i < root->entity_count; i++) {
        struct fm_entity *entity = root->entities[i];
        if (entity->kind != FM_ENTITY_CONSTANT ||
            fm_override_find(elaborator, elaborator->root, entity, false) != NULL) {
            continue;
        }
        struct fm_diag *diag = fm_diag_report(diags_of(elaborator), FM_CODE_3035, entity->name_span,
                                              "the configuration gives constant `%s` no value",
                                              entity->name->text);
        fm_diag_hint(diags_of(elaborator), diag,
                     "add `CONSTANT %s = ...` or `CONSTANT %s <- ...` to %s", entity->name->text,
                     entity->name->text, elaborator->sema->config->path);
        good = false;
    }
    return good;
}

bool fm_bind_constants(struct fm_elaborator *elaborator)
{
    const struct fm_config *config = elaborator->sema->config;
    if (config == NULL) {
        return true;
    }
    bool good = true;
    for (uint32_t i = 0; i < config->constant_count; i++) {
        good = bind_constant(elaborator, &config->constants[i]) && good;
    }
    return check_all_bound(elaborator) && good;
}

/* --- definitions that the configuration replaces --- */

static struct fm_node *value_node(struct fm_elaborator *elaborator, fm_value value,
                                  struct fm_span span)
{
    struct fm_node *node = fm_node_new(elaborator, FM_OP_VALUE, span, 0);
    node->u.value = value;
    return node;
}

static struct fm_node *param_node(struct fm_elaborator *elaborator, const struct fm_def *def,
                                  uint32_t slot)
{
    struct fm_node *node = fm_node_new(
        elaborator, def->params[slot].arity == 0 ? FM_OP_LOCAL : FM_OP_OPERATOR_LOCAL,
        def->params[slot].span, 0);
    node->u.local.slot = slot;
    node->u.local.name = def->params[slot].name;
    return node;
}

/* C(a, b) = v, ...: CASE parameter1 = a /\ parameter2 = b -> v [] ... */
static struct fm_node *cases_node(struct fm_elaborator *elaborator, const struct fm_def *def,
                                  const struct fm_override *override)
{
    struct fm_span span = override->constant->name.span;
    struct fm_node *node = fm_node_new(elaborator, FM_OP_CASE, span, 2 * override->case_count);
    for (uint32_t i = 0; i < override->case_count; i++) {
        const struct fm_config_constant *row = override->cases[i];
        struct fm_node *guard = fm_node_new(elaborator, FM_OP_AND, row->name.span,
                                            row->argument_count);
        for (uint32_t j = 0; j < row->argument_count; j++) {
            guard->kids[j] = fm_node_new(elaborator, FM_OP_EQ, row->name.span, 2);
            guard->kids[j]->kids[0] = param_node(elaborator, def, j);
            guard->kids[j]->kids[1] = value_node(elaborator, row->arguments[j], row->name.span);
        }
        node->kids[2 * i] = guard;
        node->kids[2 * i + 1] = value_node(elaborator, row->value, row->name.span);
    }
    return node;
}

void fm_override_apply(struct fm_build *build, struct fm_def *def,
                       const struct fm_override *override)
{
    struct fm_elaborator *elaborator = build->elaborator;
    const struct fm_config_constant *constant = override->constant;
    def->native = NULL;
    def->text = NULL;
    def->frame_size = def->param_count;
    if (constant->kind == FM_CONSTANT_VALUE && constant->argument_count == 0) {
        def->value = constant->value;
        def->body = value_node(elaborator, constant->value, constant->name.span);
        return;
    }
    if (constant->kind == FM_CONSTANT_VALUE) {
        def->body = cases_node(elaborator, def, override);
        return;
    }
    struct named target = find_named(elaborator, constant->target.name);
    uint32_t arity = override->entity->arity;
    struct fm_node **arguments = fm_arena_calloc(elaborator->sema->arena, arity, sizeof *arguments);
    for (uint32_t i = 0; i < arity; i++) {
        arguments[i] = param_node(elaborator, def, def->param_count - arity + i);
    }
    struct fm_build root = *build;
    root.context = target.context;
    def->body = fm_elaborate_entity(&root, target.entity, arguments, arity, constant->name.span);
    def->reevaluate = true;
}

struct fm_def *fm_override_def(struct fm_elaborator *elaborator, struct fm_override *override)
{
    if (override->def != NULL) {
        return override->def;
    }
    struct fm_entity *entity = override->entity;
    struct fm_def *def = fm_def_new(elaborator, entity->name, entity->arity);
    override->def = def;
    struct fm_param *params = fm_arena_calloc(elaborator->sema->arena, entity->arity,
                                              sizeof *params);
    for (uint32_t i = 0; i < entity->arity; i++) {
        const char *name = fm_arena_printf(elaborator->sema->arena, "parameter%u", i + 1);
        params[i] = (struct fm_param){fm_sema_symbol(elaborator->sema, name),
                                      fm_entity_param_arity(entity, i), entity->span};
    }
    def->params = params;
    def->module = entity->module->name;
    def->span = entity->span;
    def->name_span = entity->name_span;
    struct fm_frame frame = {.def = def, .slots = entity->arity};
    struct fm_build build = {elaborator, elaborator->root, NULL, &frame};
    fm_override_apply(&build, def, override);
    return def;
}

/* --- formulas --- */

/* An arity-0 definition whose body is a use of the entity: natives and constants have no body of
 * their own that could be taken apart. */
static struct fm_def *use_of(struct fm_elaborator *elaborator, struct named named,
                             const struct fm_symbol *name)
{
    struct fm_def *def = fm_def_new(elaborator, name, 0);
    struct fm_frame frame = {.def = def};
    struct fm_build build = {elaborator, named.context, NULL, &frame};
    def->module = elaborator->program->root;
    def->span = named.entity->span;
    def->name_span = named.entity->name_span;
    def->body = fm_elaborate_entity(&build, named.entity, NULL, 0, named.entity->name_span);
    return def;
}

static struct fm_def *def_of(struct fm_elaborator *elaborator, struct named named,
                             const struct fm_symbol *name)
{
    if (named.entity->kind == FM_ENTITY_DEFINED) {
        struct fm_build build = {elaborator, named.context, NULL, NULL};
        struct fm_def *def = fm_elaborate_definition(&build, named.entity, named.through);
        if (def->native == NULL && def->param_count == 0) {
            return def;
        }
    }
    return use_of(elaborator, named, name);
}

struct fm_def *fm_bind_find(struct fm_elaborator *elaborator, const struct fm_symbol *name)
{
    struct named named = find_named(elaborator, name);
    bool usable = named.entity != NULL && named.entity->arity == 0 &&
                  named.entity->kind != FM_ENTITY_INSTANCE &&
                  named.entity->kind != FM_ENTITY_VARIABLE && !named.entity->is_operator_value;
    return usable ? def_of(elaborator, named, name) : NULL;
}

struct fm_def *fm_bind_formula(struct fm_elaborator *elaborator, const struct fm_config_name *name,
                               const char *what)
{
    struct named named = find_named(elaborator, name->name);
    if (named.entity == NULL || named.entity->kind == FM_ENTITY_INSTANCE ||
        named.entity->kind == FM_ENTITY_VARIABLE) {
        report_unknown(elaborator, FM_CODE_3036, name, what);
        return NULL;
    }
    if (named.entity->arity > 0 || named.entity->is_operator_value) {
        struct fm_diag *diag = fm_diag_report(
            diags_of(elaborator), FM_CODE_3037, name->span,
            "%s `%s` of the configuration must be a formula without parameters", what,
            name->name->text);
        fm_diag_hint_at(diags_of(elaborator), diag, named.entity->name_span, "its definition");
        return NULL;
    }
    return def_of(elaborator, named, name->name);
}

/* The names of one statement, bound to definitions; bodies come later. */
struct bound {
    struct fm_formula *formulas;
    uint32_t count;
};

static bool bind_one(struct fm_elaborator *elaborator, const struct fm_config_name *name,
                     const char *what, struct fm_formula *formula)
{
    if (name->name == NULL) {
        return true;
    }
    formula->name = name->name;
    formula->def = fm_bind_formula(elaborator, name, what);
    formula->frame = formula->def;
    return formula->def != NULL;
}

static bool bind_list(struct fm_elaborator *elaborator, const struct fm_config_names *names,
                      const char *what, struct bound *bound)
{
    bool good = true;
    bound->formulas = fm_arena_calloc(elaborator->sema->arena, names->count,
                                      sizeof *bound->formulas);
    for (uint32_t i = 0; i < names->count; i++) {
        struct fm_formula *formula = &bound->formulas[bound->count];
        if (bind_one(elaborator, &names->at[i], what, formula)) {
            bound->count++;
        } else {
            good = false;
        }
    }
    return good;
}

static void complete(struct bound *bound)
{
    for (uint32_t i = 0; i < bound->count; i++) {
        bound->formulas[i].node = bound->formulas[i].def->body;
    }
}

static void complete_one(struct fm_formula *formula)
{
    if (formula->def != NULL) {
        formula->node = formula->def->body;
    }
}

struct binding_run {
    struct bound invariants, properties, constraints, action_constraints, postconditions;
    struct fm_formula init, next, specification, view, symmetry, alias, periodic, reward;
};

static bool bind_names(struct fm_elaborator *elaborator, struct binding_run *run)
{
    const struct fm_config *config = elaborator->sema->config;
    bool good = bind_list(elaborator, &config->invariants, "the invariant", &run->invariants);
    good = bind_one(elaborator, &config->init, "the initial predicate", &run->init) && good;
    good = bind_one(elaborator, &config->next, "the next-state action", &run->next) && good;
    good = bind_one(elaborator, &config->specification, "the specification", &run->specification) &&
           good;
    good = bind_list(elaborator, &config->properties, "the property", &run->properties) && good;
    good = bind_list(elaborator, &config->constraints, "the constraint", &run->constraints) && good;
    good = bind_list(elaborator, &config->action_constraints, "the action constraint",
                     &run->action_constraints) &&
           good;
    good = bind_list(elaborator, &config->postconditions, "the postcondition",
                     &run->postconditions) &&
           good;
    good = bind_one(elaborator, &config->view, "the view", &run->view) && good;
    good = bind_one(elaborator, &config->symmetry, "the symmetry set", &run->symmetry) && good;
    good = bind_one(elaborator, &config->periodic, "the periodic formula", &run->periodic) && good;
    good = bind_one(elaborator, &config->reward, "the reward", &run->reward) && good;
    return bind_one(elaborator, &config->alias, "the alias", &run->alias) && good;
}

static bool check_level(struct fm_elaborator *elaborator, const struct fm_formula *formula,
                        enum fm_level most, enum fm_code code, const char *what)
{
    if (formula->node == NULL || formula->node->level <= most) {
        return true;
    }
    static const char *const names[] = {"a constant", "a state predicate", "an action",
                                        "a temporal formula"};
    struct fm_diag *diag = fm_diag_report(diags_of(elaborator), code, formula->def->name_span,
                                          "%s `%s` is %s, not %s", what, formula->name->text,
                                          names[formula->node->level], names[most]);
    if (formula->node->level == FM_LEVEL_TEMPORAL) {
        fm_diag_hint(diags_of(elaborator), diag, "temporal formulas are checked by PROPERTY");
    }
    return false;
}

static bool check_levels(struct fm_elaborator *elaborator, const struct bound *bound,
                         enum fm_level most, enum fm_code code, const char *what)
{
    bool good = true;
    for (uint32_t i = 0; i < bound->count; i++) {
        good = check_level(elaborator, &bound->formulas[i], most, code, what) && good;
    }
    return good;
}

/* As TLC: what replaces a constant without parameters must be a constant. */
static bool check_constants(struct fm_elaborator *elaborator)
{
    const struct fm_program *program = elaborator->program;
    bool good = true;
    for (uint32_t i = 0; i < program->def_count; i++) {
        const struct fm_def *def = program->defs[i];
        bool replaced = def->is_constant_decl && def->reevaluate && def->param_count == 0;
        if (!replaced || def->level == FM_LEVEL_CONSTANT) {
            continue;
        }
        struct fm_diag *diag = fm_diag_report(
            diags_of(elaborator), FM_CODE_3042, def->body->span,
            "the configuration replaces constant `%s` by something that depends on the state",
            def->name->text);
        fm_diag_hint_at(diags_of(elaborator), diag, def->name_span, "the constant");
        good = false;
    }
    return good;
}

static bool check_run_levels(struct fm_elaborator *elaborator, const struct binding_run *run)
{
    const enum fm_code code = FM_CODE_3043;
    bool good = check_levels(elaborator, &run->invariants, FM_LEVEL_STATE, FM_CODE_3038,
                             "the invariant");
    good = check_level(elaborator, &run->init, FM_LEVEL_STATE, code, "the initial predicate") &&
           good;
    good = check_level(elaborator, &run->next, FM_LEVEL_ACTION, code, "the next-state action") &&
           good;
    good = check_levels(elaborator, &run->constraints, FM_LEVEL_STATE, code, "the constraint") &&
           good;
    return check_levels(elaborator, &run->action_constraints, FM_LEVEL_ACTION, code,
                        "the action constraint") &&
           good;
}

static bool split_all(struct fm_elaborator *elaborator, const struct binding_run *run)
{
    struct fm_program *program = elaborator->program;
    bool good = true;
    if (run->specification.node != NULL) {
        good = fm_program_split_specification(program, run->specification);
    } else {
        if (run->init.node != NULL) {
            program->inits = fm_arena_copy(elaborator->sema->arena, &run->init, sizeof run->init);
            program->init_count = 1;
        }
        program->next = run->next;
    }
    for (uint32_t i = 0; i < run->properties.count; i++) {
        good = fm_program_split_property(program, run->properties.formulas[i]) && good;
    }
    return good;
}

/* As TLC: a specification and a pair of predicates exclude each other; what is checked needs both.
 */
static bool check_behaviour(struct fm_elaborator *elaborator, const struct binding_run *run)
{
    const struct fm_config *config = elaborator->sema->config;
    const struct fm_program *program = elaborator->program;
    struct fm_diags *diags = diags_of(elaborator);
    if (config->specification.name != NULL &&
        (config->init.name != NULL || config->next.name != NULL)) {
        fm_diag_report(diags, FM_CODE_3039, config->specification.span,
                       "the configuration has SPECIFICATION and also INIT or NEXT");
        return false;
    }
    bool checks = program->invariant_count + program->implied_action_count +
                      program->temporal_count >
                  0;
    bool needs_init = checks || program->implied_init_count > 0 || program->variable_count > 0;
    if (run->specification.node == NULL && run->init.node == NULL && needs_init) {
        fm_diag_report(diags, FM_CODE_3040, fm_span_none(), "%s has neither SPECIFICATION nor INIT",
                       config->path);
        return false;
    }
    bool needs_next = checks && !elaborator->sema->options->may_lack_next;
    if (run->specification.node == NULL && run->next.node == NULL && needs_next) {
        fm_diag_report(diags, FM_CODE_3040, fm_span_none(), "%s has neither SPECIFICATION nor NEXT",
                       config->path);
        return false;
    }
    return true;
}

static void fill_program(struct fm_program *program, const struct binding_run *run)
{
    program->invariants = run->invariants.formulas;
    program->invariant_count = run->invariants.count;
    program->constraints = run->constraints.formulas;
    program->constraint_count = run->constraints.count;
    program->action_constraints = run->action_constraints.formulas;
    program->action_constraint_count = run->action_constraints.count;
    program->postconditions = run->postconditions.formulas;
    program->postcondition_count = run->postconditions.count;
    program->view = run->view;
    program->symmetry = run->symmetry;
    program->alias = run->alias;
}

bool fm_bind_formulas(struct fm_elaborator *elaborator)
{
    const struct fm_config *config = elaborator->sema->config;
    struct fm_program *program = elaborator->program;
    struct binding_run run = {0};
    program->config = config;
    program->check_deadlock = config == NULL || config->check_deadlock;
    bool good = config == NULL || bind_names(elaborator, &run);
    fm_elaborate_jobs(elaborator);
    fm_program_set_levels(program);
    if (!good || config == NULL) {
        return good;
    }
    complete(&run.invariants);
    complete(&run.properties);
    complete(&run.constraints);
    complete(&run.action_constraints);
    complete(&run.postconditions);
    complete_one(&run.init);
    complete_one(&run.next);
    complete_one(&run.specification);
    complete_one(&run.view);
    complete_one(&run.symmetry);
    complete_one(&run.alias);
    program->statistics = config->statistics.at;
    program->statistic_count = config->statistics.count;
    fill_program(program, &run);
    return check_constants(elaborator) && check_run_levels(elaborator, &run) &&
           split_all(elaborator, &run) && check_behaviour(elaborator, &run);
}
