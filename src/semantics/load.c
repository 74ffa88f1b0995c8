/* Finding and parsing modules, in the order in which TLC's parser does.
 *
 * The order matters twice: strings sort by the moment their spelling was first seen, and
 * diagnostics should come in an order that a reader can follow. TLC's parser reads the root, then,
 * as long as some name of an EXTENDS is not settled, the file of the first such name (searching
 * extended modules depth first, then instantiated ones, then nested modules), and only when all of
 * them are settled the first unsettled name of an INSTANCE; after each file it begins again
 * (tla2sany's SpecObj.loadSpec). `next_extension` and `next_instance` are that search. A name is
 * settled when the module's map `bound` has it: modules nested in an enclosing module above the
 * place, modules nested in extended ones, files read.
 *
 * A module that is not found is reported at the name that asks for it and stands in the maps as an
 * empty module, so that the search ends and reports all of them.
 *
 * The analysis order (fm_sema.order) puts each file after those it depends on. Files are looked for
 * in the order that load.h documents; the built-in modules come last, so anybody may shadow them.
 *
 * Files with several top-level modules: the one named like the file is the root, the others are
 * found by name when no file of that name exists (as TLC's MonolithSpecExtractor). */
#include "semantics/sema.h"

#include "base/assert.h"
#include "base/file.h"
#include "modules/embedded.h"
#include "semantics/intern.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* --- what a module mentions --- */

static void add_mention(struct fm_sema *sema, struct fm_module *module, struct fm_span span,
                        const struct fm_symbol *name)
{
    struct fm_module_name mention = {name, span};
    fm_sema_push(sema, module->instanced, module->instanced_count, module->instanced_capacity,
                 mention);
}

/* INSTANCE can stand in LET at any depth, so the whole unit is walked; trees are as deep as the
 * parser's limit allows. */
static void collect_instances(struct fm_sema *sema, struct fm_module *module,
                              const struct fm_ast *node)
{
    if (node->kind == FM_AST_INSTANCE) {
        add_mention(sema, module, node->name_span, node->name);
    }
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->kids[i] != NULL && node->kids[i]->kind != FM_AST_MODULE) {
            collect_instances(sema, module, node->kids[i]);
        }
    }
}

static void bind_if_free(struct fm_module *module, const struct fm_symbol *name,
                         struct fm_module *meaning)
{
    if (!fm_map_has(module->bound, name)) {
        fm_map_put(module->bound, name, meaning);
    }
}

static struct fm_module *make_module(struct fm_sema *sema, struct fm_unit *unit, struct fm_ast *ast,
                                     struct fm_module *outer)
{
    struct fm_module *module = fm_arena_calloc(sema->arena, 1, sizeof *module);
    module->name = ast->name;
    module->ast = ast;
    module->unit = unit;
    module->outer = outer;
    module->bound = fm_sema_map(sema);
    ast->note = module;
    return module;
}

/* Makes the module and those nested in it, with the names each can already settle. */
static struct fm_module *enter_module(struct fm_sema *sema, struct fm_unit *unit,
                                      struct fm_ast *ast, struct fm_module *outer)
{
    struct fm_module *module = make_module(sema, unit, ast, outer);
    for (struct fm_module *around = outer; around != NULL; around = around->outer) {
        for (uint32_t i = 0; i < around->bound->count; i++) {
            bind_if_free(module, around->bound->entries[i].key, around->bound->entries[i].value);
        }
        for (uint32_t i = 0; i < around->inner_count; i++) {
            bind_if_free(module, around->inner[i]->name, around->inner[i]);
        }
    }
    const struct fm_ast *extends = ast->kids[0];
    for (uint32_t i = 0; i < extends->count; i++) {
        struct fm_module_name mention = {extends->kids[i]->name, extends->kids[i]->span};
        fm_sema_push(sema, module->extended, module->extended_count, module->extended_capacity,
                     mention);
    }
    for (uint32_t i = 1; i < ast->count; i++) {
        struct fm_ast *item = ast->kids[i];
        if (item->kind == FM_AST_MODULE) {
            struct fm_module *inner = enter_module(sema, unit, item, module);
            fm_sema_push(sema, module->inner, module->inner_count, module->inner_capacity, inner);
        } else {
            collect_instances(sema, module, item);
        }
    }
    return module;
}

/* --- files --- */

static char *join_path(struct fm_sema *sema, const char *directory, const char *name)
{
    size_t length = strlen(directory);
    const char *slash = length == 0 || directory[length - 1] == '/' ? "" : "/";
    return fm_arena_printf(sema->arena, "%s%s%s.tla", directory, slash, name);
}

struct found_text {
    const char *path;
    uint32_t source; /* 0: not found */
    bool is_builtin;
    bool failed; /* exists, but cannot be read */
};

static bool read_candidate(struct fm_sema *sema, const char *path, struct fm_span span,
                           struct found_text *found)
{
    char *text = NULL;
    size_t size = 0;
    switch (fm_file_read(path, FM_SOURCE_SIZE_MAX, &text, &size)) {
    case FM_FILE_OK:
        found->path = path;
        found->source = fm_source_add(sema->session.sources, path, text, size);
        fm_memory_free(text);
        return true;
    case FM_FILE_MISSING:
    case FM_FILE_DIRECTORY:
        return false;
    case FM_FILE_TOO_LARGE:
        fm_diag_report(sema->session.diags, FM_CODE_2007, span,
                       "%s is larger than %zu MB, the largest module read", path,
                       FM_SOURCE_SIZE_MAX >> 20);
        found->failed = true;
        return true;
    case FM_FILE_ERROR:
        fm_diag_report(sema->session.diags, FM_CODE_2007, span, "%s cannot be read: %m", path);
        found->failed = true;
        return true;
    }
    return false;
}

static bool find_in_path_list(struct fm_sema *sema, const char *name, struct fm_span span,
                              struct found_text *found)
{
    const char *rest = getenv("FATHOM_PATH");
    while (rest != NULL && *rest != '\0') {
        size_t length = strcspn(rest, ":");
        const char *directory = fm_arena_strndup(sema->arena, rest, length);
        if (length > 0 && read_candidate(sema, join_path(sema, directory, name), span, found)) {
            return true;
        }
        rest += length + (rest[length] == ':');
    }
    return false;
}

static bool find_builtin(struct fm_sema *sema, const char *name, struct found_text *found)
{
    uint32_t count = 0;
    const struct fm_embedded_module *table = fm_embedded_modules(&count);
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(table[i].name, name) == 0) {
            found->path = fm_arena_printf(sema->arena, "built-in/%s.tla", name);
            found->source = fm_source_add(sema->session.sources, found->path, table[i].text,
                                          table[i].size);
            found->is_builtin = true;
            return true;
        }
    }
    return false;
}

static bool find_text(struct fm_sema *sema, const char *name, struct fm_span span,
                      struct found_text *found)
{
    if (read_candidate(sema, join_path(sema, sema->directory, name), span, found)) {
        return true;
    }
    for (uint32_t i = 0; i < sema->options->include_count; i++) {
        const char *directory = sema->options->include_directories[i];
        if (read_candidate(sema, join_path(sema, directory, name), span, found)) {
            return true;
        }
    }
    return find_in_path_list(sema, name, span, found) || find_builtin(sema, name, found);
}

static void report_missing(struct fm_sema *sema, const char *name, struct fm_span span)
{
    struct fm_text looked = {0};
    fm_text_puts(&looked, sema->directory[0] == '\0' ? "." : sema->directory);
    for (uint32_t i = 0; i < sema->options->include_count; i++) {
        fm_text_printf(&looked, ", %s", sema->options->include_directories[i]);
    }
    const char *list = getenv("FATHOM_PATH");
    if (list != NULL && *list != '\0') {
        fm_text_printf(&looked, ", %s (FATHOM_PATH)", list);
    }
    struct fm_diag *diag = fm_diag_report(sema->session.diags, FM_CODE_2001, span,
                                          "module `%s` was not found", name);
    fm_diag_hint(sema->session.diags, diag,
                 "looked for %s.tla in %s, then among the built-in modules", name,
                 fm_text_string(&looked));
    fm_text_deinit(&looked);
}

/* --- units --- */

static void add_unit(struct fm_sema *sema, struct fm_unit *unit)
{
    fm_sema_push(sema, sema->units, sema->unit_count, sema->unit_capacity, unit);
}

static struct fm_unit *find_unit(const struct fm_sema *sema, const struct fm_symbol *name)
{
    for (uint32_t i = 0; i < sema->unit_count; i++) {
        if (sema->units[i]->root->name == name) {
            return sema->units[i];
        }
    }
    return NULL;
}

/* All modules of the text become units; the wanted one is returned, NULL after errors. */
static struct fm_unit *parse_text(struct fm_sema *sema, const struct found_text *found,
                                  const struct fm_symbol *wanted)
{
    struct fm_parse parse = {.symbols = sema->session.symbols,
                             .diags = sema->session.diags,
                             .arena = sema->arena,
                             .pluscal = sema->options->retranslate ? FM_PLUSCAL_RENEW
                                                                   : FM_PLUSCAL_TRANSLATE};
    uint32_t errors = fm_diags_errors(sema->session.diags);
    struct fm_parsed parsed = fm_parse_source(&parse, found->source);
    struct fm_unit *result = NULL;
    for (uint32_t i = 0; i < parsed.module_count; i++) {
        if (find_unit(sema, parsed.modules[i]->name) != NULL) {
            continue; /* a file of that name was read before */
        }
        struct fm_unit *unit = fm_arena_calloc(sema->arena, 1, sizeof *unit);
        unit->path = found->path;
        unit->source = parsed.source;
        unit->is_builtin = found->is_builtin;
        unit->spellings = parsed.spellings[i];
        unit->root = enter_module(sema, unit, parsed.modules[i], NULL);
        add_unit(sema, unit);
        if (unit->root->name == wanted) {
            result = unit;
        }
    }
    if (result == NULL && parsed.module_count > 0) {
        const struct fm_ast *first = parsed.modules[0];
        struct fm_diag *diag = fm_diag_report(sema->session.diags, FM_CODE_2002, first->name_span,
                                              "the file is named `%s.tla`, but its module `%s`",
                                              wanted->text, first->name->text);
        fm_diag_hint(sema->session.diags, diag, "rename one of the two");
    } else if (result == NULL && fm_diags_errors(sema->session.diags) == errors) {
        fm_diag_report(sema->session.diags, FM_CODE_2002, (struct fm_span){found->source, 0, 0},
                       "there is no module in %s", found->path);
    }
    return result;
}

/* TLC meets the tokens of a module when it parses it: for further modules of the root's file, when
 * they are needed. */
static void rank_unit(struct fm_sema *sema, struct fm_unit *unit)
{
    if (unit == NULL || unit->is_ranked) {
        return;
    }
    unit->is_ranked = true;
    if (unit->is_builtin) {
        fm_intern_recorded_words(sema->session.symbols, unit->root->name->text);
    } else {
        fm_intern_words(sema->session.symbols, unit->spellings);
    }
}

/* The unit of that module, read now; NULL after errors. */
static struct fm_unit *read_unit(struct fm_sema *sema, const struct fm_symbol *name,
                                 struct fm_span span)
{
    struct found_text found = {0};
    if (!find_text(sema, name->text, span, &found)) {
        report_missing(sema, name->text, span);
        return NULL;
    }
    return found.failed ? NULL : parse_text(sema, &found, name);
}

/* --- the search for the next name to settle --- */

struct search {
    struct fm_sema *sema;
    struct fm_map visited;
    struct fm_module *module; /* found: which mentions the name */
    struct fm_module_name mention;
};

static bool first_unbound(struct search *search, struct fm_module *module,
                          const struct fm_module_name *names, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!fm_map_has(module->bound, names[i].name)) {
            search->module = module;
            search->mention = names[i];
            return true;
        }
    }
    return false;
}

static bool visit(struct search *search, struct fm_module *module)
{
    if (fm_map_has(&search->visited, module)) {
        return false;
    }
    fm_map_put(&search->visited, module, module);
    return true;
}

typedef bool search_fn(struct search *search, struct fm_module *module);

static bool search_names(struct search *search, struct fm_module *module,
                         const struct fm_module_name *names, uint32_t count, search_fn *descend)
{
    for (uint32_t i = 0; i < count; i++) {
        struct fm_module *next = fm_map_get(module->bound, names[i].name);
        if (next != NULL && descend(search, next)) {
            return true;
        }
    }
    return false;
}

static bool search_inner(struct search *search, struct fm_module *module, search_fn *descend)
{
    for (uint32_t i = 0; i < module->inner_count; i++) {
        if (descend(search, module->inner[i])) {
            return true;
        }
    }
    return false;
}

static bool next_extension(struct search *search, struct fm_module *module)
{
    if (!visit(search, module)) {
        return false;
    }
    return first_unbound(search, module, module->extended, module->extended_count) ||
           search_names(search, module, module->extended, module->extended_count, next_extension) ||
           search_names(search, module, module->instanced, module->instanced_count,
                        next_extension) ||
           search_inner(search, module, next_extension);
}

/* A module nested in this one above the first INSTANCE of its name needs no file. */
static bool is_nested_before(const struct fm_module *module, const struct fm_module_name *mention)
{
    for (uint32_t i = 0; i < module->inner_count; i++) {
        if (module->inner[i]->name == mention->name &&
            module->inner[i]->ast->span.begin < mention->span.begin) {
            return true;
        }
    }
    return false;
}

static bool next_instance(struct search *search, struct fm_module *module)
{
    if (!visit(search, module)) {
        return false;
    }
    for (uint32_t i = 0; i < module->instanced_count; i++) {
        const struct fm_module_name *mention = &module->instanced[i];
        if (!fm_map_has(module->bound, mention->name) && !is_nested_before(module, mention)) {
            search->module = module;
            search->mention = *mention;
            return true;
        }
    }
    return search_names(search, module, module->extended, module->extended_count, next_instance) ||
           search_names(search, module, module->instanced, module->instanced_count,
                        next_instance) ||
           search_inner(search, module, next_instance);
}

/* --- settling --- */

/* The modules nested in an extended file are visible to everybody who extends it. */
static void bind_nested(struct fm_module *extender, const struct fm_module *extendee)
{
    for (uint32_t i = 0; i < extendee->inner_count; i++) {
        bind_if_free(extender, extendee->inner[i]->name, extendee->inner[i]);
    }
    for (uint32_t i = 0; i < extender->inner_count; i++) {
        bind_nested(extender->inner[i], extendee);
    }
}

static bool extends_directly(const struct fm_module *module, const struct fm_module *other)
{
    for (uint32_t i = 0; i < module->extended_count; i++) {
        if (fm_map_get(module->bound, module->extended[i].name) == other) {
            return true;
        }
    }
    return false;
}

static void bind_for_extenders(struct search *search, struct fm_module *extender,
                               struct fm_module *extendee)
{
    if (!visit(search, extender)) {
        return;
    }
    bind_nested(extender, extendee);
    for (uint32_t i = 0; i < search->sema->unit_count; i++) {
        struct fm_module *module = search->sema->units[i]->root;
        if (extends_directly(module, extender)) {
            bind_for_extenders(search, module, extendee);
        }
    }
}

static bool has_unit(struct fm_unit *const *units, uint32_t count, const struct fm_unit *unit)
{
    for (uint32_t i = 0; i < count; i++) {
        if (units[i] == unit) {
            return true;
        }
    }
    return false;
}

static void depend(struct fm_sema *sema, struct fm_unit *unit, struct fm_unit *other,
                   bool by_extends)
{
    if (by_extends && !has_unit(unit->extendees, unit->extendee_count, other)) {
        fm_sema_push(sema, unit->extendees, unit->extendee_count, unit->extendee_capacity, other);
    }
    if (!by_extends && !has_unit(unit->instancees, unit->instancee_count, other)) {
        fm_sema_push(sema, unit->instancees, unit->instancee_count, unit->instancee_capacity,
                     other);
    }
}

/* The units from `unit` to `goal`, appended to the text as " -> name"; false when there is no way.
 */
static bool find_way(struct search *search, const struct fm_unit *unit, const struct fm_unit *goal,
                     struct fm_text *way)
{
    if (fm_map_has(&search->visited, unit)) {
        return false;
    }
    fm_map_put(&search->visited, unit, search);
    size_t length = way->length;
    fm_text_printf(way, " -> %s", unit->root->name->text);
    if (unit == goal) {
        return true;
    }
    for (uint32_t i = 0; i < unit->extendee_count + unit->instancee_count; i++) {
        const struct fm_unit *next = i < unit->extendee_count
                                         ? unit->extendees[i]
                                         : unit->instancees[i - unit->extendee_count];
        if (find_way(search, next, goal, way)) {
            return true;
        }
    }
    way->length = length;
    way->at[length] = '\0';
    return false;
}

static bool is_circular(struct fm_sema *sema, struct fm_unit *from, struct fm_unit *to,
                        struct fm_span span)
{
    struct search search = {.sema = sema};
    struct fm_text way = {0};
    fm_text_puts(&way, from->root->name->text);
    bool circular = find_way(&search, to, from, &way);
    if (circular) {
        fm_diag_report(sema->session.diags, FM_CODE_2003, span,
                       "modules depend on each other in a circle: %s", fm_text_string(&way));
    }
    fm_map_deinit(&search.visited);
    fm_text_deinit(&way);
    return circular;
}

static struct fm_module *empty_module(struct fm_sema *sema, const struct fm_symbol *name)
{
    struct fm_module *module = fm_arena_calloc(sema->arena, 1, sizeof *module);
    module->name = name;
    module->bound = fm_sema_map(sema);
    return module;
}

static bool settle(struct fm_sema *sema, struct search *found, bool by_extends)
{
    const struct fm_symbol *name = found->mention.name;
    struct fm_module *module = found->module;
    struct fm_unit *unit = find_unit(sema, name);
    if (unit == NULL) {
        unit = read_unit(sema, name, found->mention.span);
    }
    rank_unit(sema, unit);
    if (unit == NULL || is_circular(sema, module->unit, unit, found->mention.span)) {
        fm_map_put(module->bound, name, empty_module(sema, name));
        return false;
    }
    depend(sema, module->unit, unit, by_extends);
    bind_if_free(module, name, unit->root);
    if (by_extends) {
        struct search search = {.sema = sema};
        bind_for_extenders(&search, module, unit->root);
        fm_map_deinit(&search.visited);
    }
    return true;
}

static void order_unit(struct fm_sema *sema, struct fm_unit *unit)
{
    for (uint32_t i = 0; i < unit->extendee_count; i++) {
        order_unit(sema, unit->extendees[i]);
    }
    for (uint32_t i = 0; i < unit->instancee_count; i++) {
        order_unit(sema, unit->instancees[i]);
    }
    if (!has_unit(sema->order, sema->order_count, unit)) {
        fm_sema_push(sema, sema->order, sema->order_count, sema->order_capacity, unit);
    }
}

static struct fm_unit *read_root(struct fm_sema *sema)
{
    const char *path = sema->options->path;
    const char *base = strrchr(path, '/');
    base = base == NULL ? path : base + 1;
    size_t length = strlen(base);
    bool has_extension = length > 4 && strcmp(base + length - 4, ".tla") == 0;
    const struct fm_symbol *name = fm_symbol_intern(sema->session.symbols, base,
                                                    has_extension ? length - 4 : length);
    sema->directory = fm_arena_strndup(sema->arena, path, (size_t)(base - path));
    struct found_text found = {0};
    const char *file = has_extension ? path : fm_arena_printf(sema->arena, "%s.tla", path);
    if (sema->options->root_text != NULL) {
        const char *text = sema->options->root_text;
        found.path = file;
        found.source = fm_source_add(sema->session.sources, file, text, strlen(text));
    } else if (!read_candidate(sema, file, fm_span_none(), &found)) {
        struct fm_diag *diag = fm_diag_report(sema->session.diags, FM_CODE_2001, fm_span_none(),
                                              "there is no file %s", file);
        fm_diag_hint(sema->session.diags, diag,
                     "the first argument names the file of the root module");
        return NULL;
    }
    return found.failed ? NULL : parse_text(sema, &found, name);
}

/* _POSSIBLE counts by the operators of _Possible, which the root need not mention: it is read last.
 */
static bool mention_possible(struct fm_sema *sema)
{
    const struct fm_symbol *name = fm_sema_symbol(sema, "_Possible");
    if (sema->config == NULL || sema->config->possible.count == 0 ||
        fm_map_has(sema->root->bound, name)) {
        return false;
    }
    add_mention(sema, sema->root, sema->config->possible.at[0].span, name);
    return true;
}

/* The first module that the expression instantiates and nobody has bound yet; NULL when there is
 * none. */
static const struct fm_symbol *unbound_instance(struct fm_sema *sema, const char *text)
{
    static const char word[] = "INSTANCE";
    while ((text = strstr(text, word)) != NULL) {
        text += sizeof word - 1;
        const char *name = text + strspn(text, " \t\n");
        size_t length = 0;
        while (isalnum((unsigned char)name[length]) || name[length] == '_') {
            length++;
        }
        const struct fm_symbol *symbol = fm_symbol_intern(sema->session.symbols, name, length);
        if (name > text && length > 0 && !fm_map_has(sema->root->bound, symbol)) {
            return symbol;
        }
    }
    return NULL;
}

/* Modules that only an expression of the command line instantiates. */
static bool mention_of_expressions(struct fm_sema *sema)
{
    for (uint32_t i = 0; i < sema->options->extra_invariant_count; i++) {
        const struct fm_symbol *name = unbound_instance(sema, sema->options->extra_invariants[i]);
        if (name != NULL) {
            add_mention(sema, sema->root, fm_span_none(), name);
            return true;
        }
    }
    return false;
}

bool fm_sema_load_modules(struct fm_sema *sema)
{
    uint32_t errors = fm_diags_errors(sema->session.diags);
    fm_intern_tables(sema->session.symbols);
    struct fm_unit *root = read_root(sema);
    if (root == NULL) {
        return false;
    }
    sema->root = root->root;
    rank_unit(sema, root);
    for (;;) {
        struct search search = {.sema = sema};
        bool by_extends = next_extension(&search, sema->root);
        bool found = by_extends;
        if (!found) {
            fm_map_deinit(&search.visited);
            found = next_instance(&search, sema->root);
        }
        fm_map_deinit(&search.visited);
        if (found) {
            settle(sema, &search, by_extends);
        } else if (!mention_of_expressions(sema) && !mention_possible(sema)) {
            break;
        }
    }
    order_unit(sema, root);
    return fm_diags_errors(sema->session.diags) == errors;
}
