/* The way from a path to a closed program.
 *
 *   read the configuration       (its strings and model values are ranked first)
 *   find and parse the modules   load.c       identifiers ranked
 *   analyze them in order        module.c     names, arities; string literals ranked
 *   check levels                 level.c      only when there are no other errors, as SANY
 *   bind constants               bind.c
 *   elaborate what is reached    elaborate*.c
 *   bind formulas, split         bind.c, split.c
 *
 * Each step goes on after errors as far as it makes sense; the next one begins only without errors.
 */
#include "semantics/elaborate.h"

#include "base/file.h"
#include "modules/native.h"
#include "semantics/builtin.h"

#include <string.h>

void *fm_sema_grow(struct fm_arena *arena, void *array, uint32_t *capacity, size_t item_size)
{
    uint32_t wanted = *capacity == 0 ? 4 : 2 * *capacity;
    void *grown = fm_arena_alloc(arena, wanted * item_size);
    if (*capacity > 0) {
        memcpy(grown, array, *capacity * item_size);
    }
    *capacity = wanted;
    return grown;
}

struct fm_map *fm_sema_map(struct fm_sema *sema)
{
    struct fm_map *map = fm_arena_calloc(sema->arena, 1, sizeof *map);
    fm_sema_push(sema, sema->maps, sema->map_count, sema->map_capacity, map);
    return map;
}

const struct fm_symbol *fm_sema_symbol(struct fm_sema *sema, const char *text)
{
    return fm_symbol_of(sema->session.symbols, text);
}

struct fm_entity *fm_sema_entity(struct fm_sema *sema, enum fm_entity_kind kind,
                                 const struct fm_symbol *name, struct fm_module *module)
{
    struct fm_entity *entity = fm_arena_calloc(sema->arena, 1, sizeof *entity);
    entity->kind = kind;
    entity->name = name;
    entity->module = module;
    return entity;
}

const char *fm_sema_module_defining(const char *name)
{
    for (uint32_t i = 0; i < fm_native_count(); i++) {
        const struct fm_native *native = fm_native_at(i);
        if (strcmp(native->name, name) == 0) {
            return native->module;
        }
    }
    return NULL;
}

static void make_builtins(struct fm_sema *sema)
{
    uint32_t count = 0;
    const struct fm_builtin *rows = fm_builtins(&count);
    sema->builtins = fm_sema_map(sema);
    for (uint32_t i = 0; i < count; i++) {
        struct fm_entity *entity = fm_sema_entity(sema, FM_ENTITY_BUILTIN,
                                                  fm_sema_symbol(sema, rows[i].name), NULL);
        entity->arity = rows[i].arity;
        entity->builtin = &rows[i];
        fm_map_put(sema->builtins, entity->name, entity);
    }
}

/* --- configuration --- */

static const char *default_config_path(struct fm_sema *sema)
{
    const char *path = sema->options->path;
    size_t length = strlen(path);
    if (length > 4 && strcmp(path + length - 4, ".tla") == 0) {
        length -= 4;
    }
    return fm_arena_printf(sema->arena, "%.*s.cfg", (int)length, path);
}

/* Reads the configuration out of the file of a module: FM_FILE_MISSING when it has none. */
static enum fm_file_result read_embedded(const char *path, char **text, size_t *size)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    size_t length = strlen(name);
    if (length < 5 || strcmp(name + length - 4, ".tla") != 0) {
        return FM_FILE_MISSING;
    }
    enum fm_file_result result = fm_file_read(path, FM_SOURCE_SIZE_MAX, text, size);
    if (result == FM_FILE_OK && (*size = fm_config_embedded(*text, *size, name, length - 4)) == 0) {
        fm_memory_free(*text);
        *text = NULL;
        return FM_FILE_MISSING;
    }
    return result;
}

/* A file of its own, named or beside the root; or a part of the root's file. */
static enum fm_file_result read_config_text(struct fm_sema *sema, const char **path, char **text,
                                            size_t *size)
{
    size_t length = strlen(*path);
    if (length > 4 && strcmp(*path + length - 4, ".tla") == 0) {
        return read_embedded(*path, text, size);
    }
    enum fm_file_result result = fm_file_read(*path, FM_SOURCE_SIZE_MAX, text, size);
    if (result != FM_FILE_MISSING || sema->options->config_path != NULL) {
        return result;
    }
    const char *root = fm_arena_printf(sema->arena, "%.*s.tla", (int)length - 4, *path);
    result = read_embedded(root, text, size);
    *path = result == FM_FILE_OK ? root : *path;
    return result == FM_FILE_OK ? FM_FILE_OK : FM_FILE_MISSING;
}

static void report_no_config(struct fm_sema *sema, const char *path, enum fm_file_result result)
{
    struct fm_diag *diag = NULL;
    switch (result) {
    case FM_FILE_OK:
    case FM_FILE_MISSING:
        diag = fm_diag_report(sema->session.diags, FM_CODE_3041, fm_span_none(),
                              "there is no configuration file %s", path);
        break;
    case FM_FILE_DIRECTORY:
        diag = fm_diag_report(sema->session.diags, FM_CODE_3041, fm_span_none(),
                              "the configuration file %s is a directory", path);
        break;
    case FM_FILE_TOO_LARGE:
        diag = fm_diag_report(sema->session.diags, FM_CODE_3041, fm_span_none(),
                              "the configuration file %s is larger than %zu MB, the largest read",
                              path, FM_SOURCE_SIZE_MAX >> 20);
        break;
    case FM_FILE_ERROR:
        diag = fm_diag_report(sema->session.diags, FM_CODE_3041, fm_span_none(),
                              "the configuration file %s cannot be read: %m", path);
        break;
    }
    fm_diag_hint(sema->session.diags, diag, "name another one with -config FILE");
    sema->report->config_unreadable = true;
}

/* The configuration's text, with what the caller has to add. */
static uint32_t add_config(struct fm_sema *sema, const char *path, const char *text, size_t size)
{
    struct fm_text whole = {0};
    fm_text_add(&whole, text, size);
    if (sema->options->config_more != NULL) {
        fm_text_printf(&whole, "\n%s", sema->options->config_more);
    }
    uint32_t source = fm_source_add(sema->session.sources, path, fm_text_string(&whole),
                                    whole.length);
    fm_text_deinit(&whole);
    return source;
}

/* A text of the report: that outlives a program that failed. */
static const char *keep_text(struct fm_sema *sema, const char *text)
{
    return fm_arena_strndup(sema->session.context->arena, text, strlen(text));
}

static bool read_config(struct fm_sema *sema)
{
    const struct fm_load_options *options = sema->options;
    if (options->config_path != NULL && options->config_path[0] == '\0') {
        return true;
    }
    const char *path = options->config_path != NULL ? options->config_path
                                                    : default_config_path(sema);
    char *text = NULL;
    size_t size = 0;
    enum fm_file_result result = read_config_text(sema, &path, &text, &size);
    if (result != FM_FILE_OK) {
        bool optional = options->config_path == NULL && !options->need_config;
        if (!optional) {
            report_no_config(sema, path, result);
        }
        return optional;
    }
    uint32_t source = add_config(sema, path, text, size);
    fm_memory_free(text);
    sema->config = fm_arena_calloc(sema->arena, 1, sizeof *sema->config);
    sema->report->config_path = keep_text(sema, path);
    sema->report->has_config = true;
    if (!fm_config_parse(source, sema->session.diags, sema->session.context, sema->arena,
                         sema->config)) {
        sema->report->config_unreadable = true;
        return false;
    }
    sema->config->path = path;
    return true;
}

/* --- analysis --- */

static bool analyze_all(struct fm_sema *sema)
{
    uint32_t errors = fm_diags_errors(sema->session.diags);
    for (uint32_t i = 0; i < sema->order_count; i++) {
        fm_analyze_module(sema, sema->order[i]->root);
    }
    if (fm_diags_errors(sema->session.diags) != errors) {
        return false;
    }
    for (uint32_t i = 0; i < sema->order_count; i++) {
        fm_level_check_module(sema, sema->order[i]->root);
    }
    return fm_diags_errors(sema->session.diags) == errors;
}

/* Named instances bring one name for each definition of their module, `I!Op`. */
static uint32_t count_instanced(const struct fm_module *module)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < module->entity_count; i++) {
        const struct fm_entity *entity = module->entities[i];
        if (!entity->is_local && entity->kind == FM_ENTITY_DEFINED) {
            count++;
        } else if (!entity->is_local && entity->kind == FM_ENTITY_INSTANCE) {
            count += entity->instance->module == NULL ? 0
                                                      : count_instanced(entity->instance->module);
        }
    }
    return count;
}

static uint32_t count_symbols(const struct fm_module *root)
{
    uint32_t count = root->entity_count + root->inner_count;
    for (uint32_t i = 0; i < root->entity_count; i++) {
        const struct fm_entity *entity = root->entities[i];
        if (entity->kind == FM_ENTITY_INSTANCE && entity->instance->module != NULL) {
            count += count_instanced(entity->instance->module);
        }
    }
    return count;
}

static void fill_report(struct fm_sema *sema)
{
    struct fm_load_module *analyzed = fm_arena_calloc(sema->session.context->arena,
                                                      sema->order_count, sizeof *analyzed);
    for (uint32_t i = 0; i < sema->order_count; i++) {
        analyzed[i].name = sema->order[i]->root->name->text;
        analyzed[i].is_builtin = sema->order[i]->is_builtin;
    }
    sema->report->analyzed = analyzed;
    sema->report->analyzed_count = sema->order_count;
    sema->report->symbol_count = sema->root == NULL ? 0 : count_symbols(sema->root);
    const char **paths = fm_arena_calloc(sema->session.context->arena, sema->unit_count,
                                         sizeof *paths);
    for (uint32_t i = 0; i < sema->unit_count; i++) {
        paths[i] = keep_text(sema, sema->units[i]->path);
    }
    sema->report->module_paths = paths;
    sema->report->module_count = sema->unit_count;
}

/* --- elaboration --- */

static void set_variables(struct fm_sema *sema)
{
    const struct fm_module *root = sema->root;
    struct fm_variable *variables = fm_arena_calloc(sema->arena, root->entity_count,
                                                    sizeof *variables);
    uint32_t count = 0;
    for (uint32_t i = 0; i < root->entity_count; i++) {
        if (root->entities[i]->kind == FM_ENTITY_VARIABLE) {
            const struct fm_entity *entity = root->entities[i];
            variables[count++] = (struct fm_variable){entity->name, entity->module->name,
                                                      entity->name_span};
        }
    }
    sema->program->variables = variables;
    sema->program->variable_count = count;
}

static void elaborate_assumes(struct fm_elaborator *elaborator)
{
    struct fm_sema *sema = elaborator->sema;
    const struct fm_module *root = sema->root;
    struct fm_program *program = sema->program;
    program->assumes = fm_arena_calloc(sema->arena, root->assume_count, sizeof *program->assumes);
    for (uint32_t i = 0; i < root->assume_count; i++) {
        struct fm_ast *node = root->assumes[i];
        bool repeated = false;
        for (uint32_t j = 0; j < i; j++) {
            repeated = repeated || root->assumes[j] == node;
        }
        if (repeated || node->kids[0]->kind == FM_AST_ASSUMEPROVE) {
            continue;
        }
        const struct fm_symbol *name = node->name != NULL ? node->name
                                                          : fm_sema_symbol(sema, "ASSUME");
        struct fm_def *def = fm_elaborate_root_expression(elaborator, name, node->kids[0]);
        struct fm_formula *formula = &program->assumes[program->assume_count++];
        formula->name = node->name != NULL ? node->name : fm_sema_symbol(sema, "");
        formula->node = def->body;
        formula->def = node->name != NULL ? def : NULL;
        formula->frame = def;
    }
}

/* What users may name later: their own definitions without parameters of contexts. */
static void elaborate_visible(struct fm_elaborator *elaborator)
{
    struct fm_sema *sema = elaborator->sema;
    const struct fm_module *root = sema->root;
    struct fm_build build = {elaborator, elaborator->root, NULL, NULL};
    for (uint32_t i = 0; i < root->entity_count; i++) {
        struct fm_entity *entity = root->entities[i];
        struct fm_def *def = NULL;
        if (entity->kind == FM_ENTITY_CONSTANT) {
            def = fm_context_constant(elaborator, entity);
        } else if (entity->kind == FM_ENTITY_DEFINED && !entity->is_operator_value &&
                   !fm_entity_origin(entity)->module->unit->is_builtin) {
            def = fm_elaborate_definition(&build, entity, false);
        }
        if (def != NULL) {
            fm_map_put(sema->program->names, entity->name, def);
        }
    }
}

static bool build_program(struct fm_sema *sema)
{
    sema->program->root = sema->root->name;
    sema->program->names = fm_sema_map(sema);
    set_variables(sema);
    struct fm_elaborator *elaborator = fm_elaborator_new(sema);
    bool good = fm_bind_constants(elaborator);
    if (good) {
        elaborate_assumes(elaborator);
        elaborate_visible(elaborator);
        fm_elaborate_jobs(elaborator);
        good = fm_bind_formulas(elaborator);
    }
    sema->report->config_failed = !good;
    return good;
}

static struct fm_def *add_expression(struct fm_sema *sema, const char *name, const char *text)
{
    uint32_t source = fm_source_add(sema->session.sources, name, text, strlen(text));
    struct fm_parse parse = {
        .symbols = sema->session.symbols, .diags = sema->session.diags, .arena = sema->arena};
    uint32_t errors = fm_diags_errors(sema->session.diags);
    struct fm_ast *node = fm_parse_expression(&parse, source);
    if (node == NULL) {
        return NULL;
    }
    fm_analyze_root_expression(sema, node);
    if (fm_diags_errors(sema->session.diags) != errors) {
        return NULL;
    }
    struct fm_def *def = fm_elaborate_root_expression(sema->elaborator, fm_sema_symbol(sema, name),
                                                      node);
    fm_elaborate_jobs(sema->elaborator);
    fm_program_set_levels(sema->program);
    return def;
}

/* --- formulas of the command line --- */

static void append_formula(struct fm_sema *sema, struct fm_formula **list, uint32_t *count,
                           struct fm_formula formula)
{
    struct fm_formula *grown = fm_arena_calloc(sema->arena, *count + 1, sizeof *grown);
    if (*count > 0) {
        memcpy(grown, *list, *count * sizeof *grown);
    }
    grown[(*count)++] = formula;
    *list = grown;
}

/* -inv EXPR: its own text is its name. */
static bool add_invariant(struct fm_sema *sema, const char *text)
{
    struct fm_program *program = sema->program;
    struct fm_def *def = add_expression(sema, text, text);
    if (def == NULL) {
        return false;
    }
    if (def->body->level > FM_LEVEL_STATE) {
        fm_diag_report(sema->session.diags, FM_CODE_3038, def->body->span,
                       "the invariant `%s` of the command line is not a state predicate", text);
        return false;
    }
    append_formula(sema, &program->invariants, &program->invariant_count,
                   (struct fm_formula){def->name, def->body, def, def});
    return true;
}

/* -postCondition M!Op: Op of the root module, or of M where the root extends it. */
static bool add_postcondition(struct fm_sema *sema, const char *text)
{
    struct fm_program *program = sema->program;
    const char *bang = strchr(text, '!');
    const char *name = bang == NULL ? text : bang + 1;
    size_t length = bang == NULL ? 0 : (size_t)(bang - text);
    struct fm_def *def = fm_bind_find(sema->elaborator, fm_sema_symbol(sema, name));
    bool here = def != NULL && (length == 0 || (strlen(def->module->text) == length &&
                                                strncmp(def->module->text, text, length) == 0));
    if (!here) {
        struct fm_diag *diag = fm_diag_report(
            sema->session.diags, FM_CODE_3036, fm_span_none(),
            "the postcondition `%s` of the command line is not defined", text);
        fm_diag_hint(sema->session.diags, diag,
                     "it is MODULE!OPERATOR of the specification or of a module that it extends");
        return false;
    }
    fm_elaborate_jobs(sema->elaborator);
    fm_program_set_levels(program);
    append_formula(sema, &program->postconditions, &program->postcondition_count,
                   (struct fm_formula){def->name, def->body, def, def});
    return true;
}

/* An operator of _Possible upon a name of the configuration. */
static struct fm_def *add_tracking(struct fm_sema *sema, const char *operands, const char *name)
{
    const char *text = fm_arena_printf(sema->arena, "LET _here_ == INSTANCE _Possible IN _here_!%s",
                                       operands);
    return add_expression(sema, name, text);
}

/* _POSSIBLE Name, as TLC: a constraint (of states or of steps) that counts how often Name is TRUE,
 * and a postcondition that it was so once, at the place of Name's definition. */
static bool add_possible(struct fm_sema *sema, const struct fm_config_name *name)
{
    struct fm_program *program = sema->program;
    const char *text = name->name->text;
    struct fm_def *named = fm_bind_formula(sema->elaborator, name, "the possible formula");
    if (named == NULL) {
        return false;
    }
    fm_elaborate_jobs(sema->elaborator);
    fm_program_set_levels(program);
    if (named->body->level == FM_LEVEL_TEMPORAL) {
        fm_diag_report(sema->session.diags, FM_CODE_3047, named->name_span,
                       "the possible formula `%s` is temporal, not a state predicate or an action",
                       text);
        return false;
    }
    struct fm_def *track = add_tracking(
        sema, fm_arena_printf(sema->arena, "_Track(%s, \"%s\")", text, text), text);
    struct fm_def *check = add_tracking(
        sema, fm_arena_printf(sema->arena, "_CheckName(\"%s\")", text), text);
    if (track == NULL || check == NULL) {
        return false;
    }
    struct fm_formula counts = {name->name, track->body, NULL, track};
    if (named->body->level == FM_LEVEL_ACTION) {
        append_formula(sema, &program->action_constraints, &program->action_constraint_count,
                       counts);
    } else {
        append_formula(sema, &program->constraints, &program->constraint_count, counts);
    }
    check->body->span = named->body->span;
    append_formula(sema, &program->postconditions, &program->postcondition_count,
                   (struct fm_formula){name->name, check->body, NULL, check});
    return true;
}

static bool add_extras(struct fm_sema *sema)
{
    const struct fm_load_options *options = sema->options;
    bool good = true;
    for (uint32_t i = 0; i < options->extra_invariant_count; i++) {
        good = add_invariant(sema, options->extra_invariants[i]) && good;
    }
    for (uint32_t i = 0; i < options->extra_postcondition_count; i++) {
        good = add_postcondition(sema, options->extra_postconditions[i]) && good;
    }
    const uint32_t possible_count = sema->config == NULL ? 0 : sema->config->possible.count;
    for (uint32_t i = 0; i < possible_count; i++) {
        good = add_possible(sema, &sema->config->possible.at[i]) && good;
    }
    sema->report->config_failed = !good;
    return good;
}

struct fm_program *fm_program_load(const struct fm_session *session,
                                   const struct fm_load_options *options,
                                   struct fm_load_report *report)
{
    struct fm_arena arena;
    fm_arena_init(&arena, "program");
    struct fm_program *program = fm_arena_calloc(&arena, 1, sizeof *program);
    struct fm_sema *sema = fm_arena_calloc(&arena, 1, sizeof *sema);
    program->arena = arena;
    program->symbols = session->symbols;
    program->diags = session->diags;
    program->sema = sema;
    *report = (struct fm_load_report){0};
    *sema = (struct fm_sema){.session = *session,
                             .options = options,
                             .report = report,
                             .program = program,
                             .arena = &program->arena,
                             .directory = ""};
    make_builtins(sema);
    uint32_t errors = fm_diags_errors(session->diags);
    bool has_config = read_config(sema);
    bool loaded = fm_sema_load_modules(sema);
    fill_report(sema);
    bool good = loaded && analyze_all(sema);
    report->syntax_failed = !good;
    good = good && has_config && build_program(sema) && add_extras(sema);
    if (!good || fm_diags_errors(session->diags) != errors) {
        fm_program_free(program);
        return NULL;
    }
    return program;
}

struct fm_formula *fm_program_add_expression(struct fm_program *program, const char *name,
                                             const char *text)
{
    struct fm_def *def = add_expression(program->sema, name, text);
    if (def == NULL) {
        return NULL;
    }
    struct fm_formula *formula = fm_arena_calloc(&program->arena, 1, sizeof *formula);
    formula->name = def->name;
    formula->node = def->body;
    formula->def = def;
    formula->frame = def;
    return formula;
}
