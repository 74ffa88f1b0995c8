/* Loading a mapping.
 *
 * An event reaches the specification as the value of one more variable, which a module around the
 * mapping declares:
 *
 *     ---- MODULE FathomEvents ----
 *     EXTENDS RaftMap
 *     VARIABLE fathom_event
 *     FathomInit == fathom_event = 0
 *     FathomStep == Event(fathom_event) \/ Hidden
 *     FathomObserved == Observed(fathom_event)
 *     ====
 *
 * So an event is judged by what exists: the state with the event in it, and the successors of
 * FathomStep, whose disjuncts are split into actions like those of any specification. The variable
 * is an input of the model (fm_model_options.input_count): steps read it and need not say what
 * becomes of it. For FathomObserved a node's number is its value. A parameter bound to a constant
 * would not do, since constants are evaluated once.
 *
 * The number of nodes is a statement behind those of the configuration, CONSTANT Nodes = {1, 2, 3}:
 * a value for a definition, as TLC's configurations may have them. Whether the mapping defines
 * Nodes is known when it has been loaded, so it is loaded again. Only a definition of the module
 * itself counts: specifications have names like that for other things.
 *
 * The mapping is loaded by itself first: mistakes in it are then told without that module, it says
 * which of the optional operators are there, and the model that it gives answers what the
 * specification would have allowed. */
#include "mapping/mapping.h"

#include "base/arena.h"
#include "base/thread.h"
#include "eval/embed.h"
#include "mapping/loaded.h"
#include "value/set.h"

#include <string.h>
#include <xxhash.h>

/* Hidden steps before one event at most: each multiplies the candidates. */
static const uint32_t hidden_max = 100;

/* Bytes of a step's text. */
static const size_t step_text_max = 60;

struct loading {
    struct fm_mapping *mapping;
    const struct fm_mapping_options *options;
    struct fm_text text;  /* of the module around */
    struct fm_text error; /* one line, or empty */
    struct fm_text nodes; /* the statement that gives Nodes, or empty */
    char *base;           /* the mapping's name */
    char *folder;         /* with its slash, or "" */
    bool has_ignored, has_hidden, has_bound, has_cover;
};

/* --- what the mapping defines --- */

static struct fm_def *find(const struct loading *loading, const char *name)
{
    const struct fm_mapping *mapping = loading->mapping;
    return fm_program_find(mapping->plain,
                           fm_symbol_intern(mapping->session->symbols, name, strlen(name)));
}

static bool needs(struct loading *loading, const char *name, const char *parameter, const char *use)
{
    const struct fm_def *def = find(loading, name);
    if (def != NULL && def->param_count == 1 && def->params[0].arity == 0) {
        return true;
    }
    fm_text_printf(&loading->error, "%s: a mapping defines %s(%s), %s; %s", loading->mapping->path,
                   name, parameter, use,
                   def == NULL ? "this one does not" : "this one has other arguments");
    return false;
}

/* Whether the optional operator is there; false with an error when it has arguments. */
static bool may_have(struct loading *loading, const char *name, bool *has)
{
    const struct fm_def *def = find(loading, name);
    *has = def != NULL;
    if (def != NULL && def->param_count != 0) {
        fm_text_printf(&loading->error, "%s: %s of a mapping has no arguments",
                       loading->mapping->path, name);
        return false;
    }
    return true;
}

static bool look_at_operators(struct loading *loading)
{
    return needs(loading, "Event", "e", "the steps that an event may be") &&
           needs(loading, "Observed", "n", "a record of what node n shows") &&
           may_have(loading, "Ignored", &loading->has_ignored) &&
           may_have(loading, "Hidden", &loading->has_hidden) &&
           may_have(loading, "HiddenBound", &loading->has_bound) &&
           may_have(loading, "Cover", &loading->has_cover);
}

static bool defines_nodes(const struct loading *loading)
{
    const struct fm_def *def = find(loading, "Nodes");
    return def != NULL && strcmp(def->module->text, loading->base) == 0;
}

/* --- programs --- */

static struct fm_program *load(struct loading *loading, const char *path, const char *text)
{
    struct fm_load_report report = {0};
    struct fm_load_options options = {
        .path = path,
        .config_path = loading->mapping->config_path,
        .include_directories = loading->options->include_directories,
        .include_count = loading->options->include_count,
        .need_config = true,
        .may_lack_next = true,
        .root_text = text,
        .config_more = loading->nodes.at,
    };
    return fm_program_load(loading->mapping->session, &options, &report);
}

/* Steps of a mapping are judged by invariants alone. */
static void leave_out(struct fm_program *program)
{
    program->constraint_count = 0;
    program->action_constraint_count = 0;
    program->implied_init_count = 0;
    program->implied_action_count = 0;
    program->temporal_count = 0;
    program->fairness_count = 0;
    program->postcondition_count = 0;
    program->view.node = NULL;
    program->symmetry.node = NULL;
    program->alias.node = NULL;
}

static void write_module(struct loading *loading, bool hidden)
{
    fm_text_clear(&loading->text);
    fm_text_printf(&loading->text,
                   "---- MODULE FathomEvents ----\n"
                   "EXTENDS %s\n"
                   "VARIABLE fathom_event\n"
                   "FathomInit == fathom_event = 0\n"
                   "FathomStep == Event(fathom_event)%s\n"
                   "FathomObserved == Observed(fathom_event)\n",
                   loading->base, hidden ? " \\/ Hidden" : "");
    if (loading->has_ignored) {
        fm_text_puts(&loading->text, "FathomIgnored == Ignored\n");
    }
    if (loading->has_bound) {
        fm_text_puts(&loading->text, "FathomHiddenBound == HiddenBound\n");
    }
    if (loading->has_cover) {
        fm_text_puts(&loading->text, "FathomCover == Cover\n");
    }
    fm_text_puts(&loading->text, "====\n");
}

static struct fm_formula formula_of(const struct fm_program *program, const char *name)
{
    struct fm_def *def = fm_program_find(program,
                                         fm_symbol_intern(program->symbols, name, strlen(name)));
    return (struct fm_formula){def->name, def->body, def, def};
}

static void add_init(struct fm_program *program)
{
    struct fm_formula *inits = fm_arena_alloc(&program->arena,
                                              (program->init_count + 1) * sizeof *inits);
    memcpy(inits, program->inits, program->init_count * sizeof *inits);
    inits[program->init_count++] = formula_of(program, "FathomInit");
    program->inits = inits;
}

/* The program of the module around the mapping, and its model. */
static bool load_around(struct loading *loading, bool hidden)
{
    struct fm_mapping *mapping = loading->mapping;
    struct fm_text path = {0};
    fm_text_printf(&path, "%sFathomEvents.tla", loading->folder);
    write_module(loading, hidden);
    mapping->program = load(loading, path.at, loading->text.at);
    fm_text_deinit(&path);
    if (mapping->program == NULL) {
        return false;
    }
    struct fm_program *program = mapping->program;
    leave_out(program);
    add_init(program);
    program->next = formula_of(program, "FathomStep");
    fm_mapping_split(program);
    mapping->event_variable = program->variable_count - 1;
    struct fm_model_options options = {.stack_size = FM_THREAD_STACK_SIZE,
                                       .set_size_max = mapping->session->context->set_size_max,
                                       .input_count = 1};
    mapping->model = fm_eval_model_new(mapping->session, program, &options, &mapping->run);
    return mapping->model != NULL;
}

static void unload_around(struct fm_mapping *mapping)
{
    if (mapping->model != NULL) {
        mapping->model->ops->model_free(mapping->model);
    }
    if (mapping->program != NULL) {
        fm_program_free(mapping->program);
    }
    mapping->model = NULL;
    mapping->program = NULL;
}

/* The actions of Event stand before those of Hidden; how many they are a module without Hidden
 * tells. */
static bool load_both(struct loading *loading)
{
    struct fm_mapping *mapping = loading->mapping;
    if (!load_around(loading, false)) {
        return false;
    }
    mapping->event_actions = mapping->model->action_count;
    if (!loading->has_hidden) {
        return true;
    }
    unload_around(mapping);
    return load_around(loading, true);
}

/* --- constants of the mapping --- */

struct reading {
    struct fm_mapping *mapping;
    fm_value value;
    bool wrong;
};

static void read_bound(struct fm_engine *engine, void *closure)
{
    struct reading *reading = closure;
    struct fm_mapping *mapping = reading->mapping;
    int64_t bound = fm_int64(mapping->model->ops->context(engine), reading->value, "HiddenBound");
    reading->wrong = bound < 0 || bound > (int64_t)hidden_max;
    mapping->hidden_bound = (uint32_t)bound;
}

static void read_ignored(struct fm_engine *engine, void *closure)
{
    struct reading *reading = closure;
    struct fm_mapping *mapping = reading->mapping;
    uint32_t count;
    const fm_value *elements = fm_set_elements(mapping->model->ops->context(engine), reading->value,
                                               &count);
    mapping->ignored = fm_arena_calloc(&mapping->program->arena, count + 1,
                                       sizeof *mapping->ignored);
    for (uint32_t i = 0; i < count; i++) {
        reading->wrong |= fm_value_tag(elements[i]) != FM_TAG_STRING;
        mapping->ignored[i] = fm_value_symbol(elements[i]);
    }
    mapping->ignored_count = count;
}

/* `must`: what the constant has to be. */
static bool read_constant(struct loading *loading, struct fm_engine *engine, const char *name,
                          void (*read)(struct fm_engine *engine, void *closure), const char *must)
{
    struct fm_mapping *mapping = loading->mapping;
    const struct fm_model_ops *ops = mapping->model->ops;
    struct fm_formula *formula = fm_arena_calloc(&mapping->program->arena, 1, sizeof *formula);
    *formula = formula_of(mapping->program, name);
    struct reading reading = {mapping, ops->eval(engine, formula, NULL, NULL), false};
    bool good = !fm_is_none(reading.value) && fm_eval_guard(engine, read, &reading);
    if (!good || reading.wrong) {
        fm_text_printf(&loading->error, "%s: %s is %s: %s", mapping->path, name + strlen("Fathom"),
                       must, good ? "it is something else" : ops->failure(engine)->message);
    }
    return good && !reading.wrong;
}

static bool read_constants(struct loading *loading)
{
    struct fm_mapping *mapping = loading->mapping;
    struct fm_engine *engine = mapping->model->ops->open(mapping->model);
    bool good = !loading->has_ignored || read_constant(loading, engine, "FathomIgnored",
                                                       read_ignored, "a constant set of strings");
    mapping->hidden_bound = loading->has_hidden ? 1 : 0;
    good = good && (!loading->has_bound || read_constant(loading, engine, "FathomHiddenBound",
                                                         read_bound, "a number from 0 to 100"));
    mapping->model->ops->close(engine);
    mapping->observed = fm_arena_calloc(&mapping->program->arena, 1, sizeof *mapping->observed);
    *mapping->observed = formula_of(mapping->program, "FathomObserved");
    if (loading->has_cover) {
        mapping->cover = fm_arena_calloc(&mapping->program->arena, 1, sizeof *mapping->cover);
        *mapping->cover = formula_of(mapping->program, "FathomCover");
    }
    return good;
}

/* --- what has to be asked again --- */

static void find_reads(struct fm_mapping *mapping)
{
    struct fm_program *program = mapping->program;
    const struct fm_formula observed = formula_of(program, "Observed");
    mapping->observed_reads = fm_reads_of_argument(mapping->model, observed.def);
    mapping->invariant_reads = fm_arena_calloc(&program->arena, program->invariant_count + 1,
                                               sizeof *mapping->invariant_reads);
    for (uint32_t i = 0; i < program->invariant_count; i++) {
        mapping->invariant_reads[i] = fm_reads_of_formula(mapping->model, &program->invariants[i]);
    }
}

/* --- all of it --- */

static void hash_texts(struct fm_mapping *mapping)
{
    const struct fm_sources *sources = mapping->session->sources;
    struct fm_mapping_hashes *hashes = &mapping->hashes;
    for (uint32_t i = 1; i <= fm_sources_count(sources); i++) {
        const struct fm_source *source = fm_source_get(sources, i);
        uint64_t *hash = strcmp(source->path, mapping->path) == 0          ? &hashes->mapping
                         : strcmp(source->path, mapping->config_path) == 0 ? &hashes->configuration
                                                                           : &hashes->specification;
        if (strncmp(source->path, "built-in/", 9) != 0) {
            *hash = XXH3_64bits_withSeed(source->text, source->size, *hash);
        }
    }
}

/* The mapping anew, told the number of nodes. */
static void give_nodes(struct loading *loading)
{
    struct fm_mapping *mapping = loading->mapping;
    fm_text_puts(&loading->nodes, "CONSTANT Nodes = {");
    for (unsigned node = 1; node <= loading->options->nodes; node++) {
        fm_text_printf(&loading->nodes, node == 1 ? "%u" : ", %u", node);
    }
    fm_text_puts(&loading->nodes, "}\n");
    mapping->hashes.configuration = XXH3_64bits_withSeed(loading->nodes.at, loading->nodes.length,
                                                         mapping->hashes.configuration);
    mapping->takes_nodes = true;
    fm_program_free(mapping->plain);
    mapping->plain = load(loading, mapping->path, NULL);
}

static bool load_plain(struct loading *loading)
{
    struct fm_mapping *mapping = loading->mapping;
    mapping->plain = load(loading, mapping->path, NULL);
    hash_texts(mapping);
    if (mapping->plain != NULL && loading->options->nodes != 0 && defines_nodes(loading)) {
        bool has;
        if (!may_have(loading, "Nodes", &has)) {
            return false;
        }
        give_nodes(loading);
    }
    if (mapping->plain == NULL) {
        return false;
    }
    if (mapping->plain->init_count == 0) {
        fm_text_printf(&loading->error,
                       "%s: the configuration names no INIT or SPECIFICATION: no state to begin in",
                       mapping->config_path);
        return false;
    }
    if (!look_at_operators(loading)) {
        return false;
    }
    leave_out(mapping->plain);
    struct fm_model_options options = {.stack_size = FM_THREAD_STACK_SIZE,
                                       .set_size_max = mapping->session->context->set_size_max};
    mapping->plain_model = mapping->plain->next.node == NULL
                               ? NULL
                               : fm_eval_model_new(mapping->session, mapping->plain, &options,
                                                   &mapping->plain_run);
    return true;
}

static char *copy_text(const char *text, size_t length, const char *end)
{
    struct fm_text copy = {0};
    fm_text_puts(&copy, "");
    fm_text_add(&copy, text, length);
    fm_text_puts(&copy, end);
    return copy.at;
}

static void split_path(struct loading *loading)
{
    const char *path = loading->options->path;
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    size_t length = strlen(base);
    bool has_extension = length > 4 && strcmp(base + length - 4, ".tla") == 0;
    loading->base = copy_text(base, has_extension ? length - 4 : length, "");
    loading->folder = copy_text(path, (size_t)(base - path), "");
    loading->mapping->path = copy_text(path, strlen(path), has_extension ? "" : ".tla");
}

struct fm_mapping *fm_mapping_load(struct fm_session *session,
                                   const struct fm_mapping_options *options, char **error)
{
    struct fm_mapping *mapping = fm_memory_calloc(1, sizeof *mapping);
    struct loading loading = {.mapping = mapping, .options = options};
    struct fm_text config = {0};
    mapping->session = session;
    split_path(&loading);
    if (options->config_path != NULL) {
        fm_text_puts(&config, options->config_path);
    } else {
        fm_text_printf(&config, "%s%s.cfg", loading.folder, loading.base);
    }
    mapping->config_path = config.at;
    bool good = load_plain(&loading) && load_both(&loading) && read_constants(&loading);
    if (good) {
        find_reads(mapping);
    }
    *error = loading.error.at;
    fm_text_deinit(&loading.text);
    fm_text_deinit(&loading.nodes);
    fm_memory_free(loading.base);
    fm_memory_free(loading.folder);
    if (!good) {
        fm_mapping_free(mapping);
        return NULL;
    }
    return mapping;
}

void fm_mapping_free(struct fm_mapping *mapping)
{
    if (mapping == NULL) {
        return;
    }
    unload_around(mapping);
    if (mapping->plain_model != NULL) {
        mapping->plain_model->ops->model_free(mapping->plain_model);
    }
    if (mapping->plain != NULL) {
        fm_program_free(mapping->plain);
    }
    fm_memory_free(mapping->path);
    fm_memory_free(mapping->config_path);
    fm_memory_free(mapping);
}

bool fm_mapping_takes_nodes(const struct fm_mapping *mapping)
{
    return mapping->takes_nodes;
}

void fm_mapping_be_careful(struct fm_mapping *mapping)
{
    mapping->careful = true;
}

struct fm_mapping_hashes fm_mapping_hashes(const struct fm_mapping *mapping)
{
    return mapping->hashes;
}

const char *fm_mapping_path(const struct fm_mapping *mapping)
{
    return mapping->path;
}

const char *fm_mapping_config_path(const struct fm_mapping *mapping)
{
    return mapping->config_path;
}

uint32_t fm_mapping_step_count(const struct fm_mapping *mapping)
{
    return mapping->model->action_count;
}

void fm_mapping_step(const struct fm_mapping *mapping, uint32_t number, struct fm_text *out)
{
    const struct fm_node *node = mapping->model->actions[number].node;
    struct fm_place place = fm_source_place(mapping->session->sources, node->span);
    fm_text_printf(out, "%s:%u: ", place.path == NULL ? "?" : place.path, place.line);
    if (number < mapping->event_actions && node->op == FM_OP_CALL) {
        node = node->u.def->body;
    }
    fm_node_print(mapping->program, node, step_text_max, out);
}
