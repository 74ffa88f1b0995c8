/* The trace specification: what TLC writes after a violation (tlc2/TraceExplorationSpec.java), so
 * that one can go through the counterexample again and evaluate expressions on its states.
 *
 * One file holds it all, modules behind modules and the configuration at the end:
 *
 *     NAME_TTrace_TIME     _init, _next: the trace, step by step; _inv or _prop: it ends, or goes
 *                          round, as the counterexample did, which is the violation to be found
 *     NAME_TEExpression    expression, the ALIAS: what is shown of each state, for the user to edit
 *     NAME_TETrace         trace, the sequence of the states
 *     NAME_TEConstants     model values that only the configuration spells
 *
 * Names and meanings of these definitions are TLC's, because tools look for them; the words are
 * ours. Where TLC adds a VIEW to every lasso, ours has one only where a state occurs twice, which
 * is what it is for: without it there is no need to tell two equal states apart. A module of the
 * same name in a file of its own takes precedence over the one inside, in TLC.
 *
 * ALIAS shows other things than variables; then there is nothing to write, unless it shows them
 * all. */
#include "cli/trace_explore.h"
#include "cli/trace_file.h"

#include "base/file.h"
#include "semantics/config.h"
#include "value/order.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>

/* Between the name of the specification and the time. */
#define MARK "_TTrace"
#define CLOSING "=============================================================================\n"

struct explore {
    const struct fm_report *report;
    const struct fm_trace *trace;
    const char *root; /* the specification's module */
    const char *name; /* of ours */
    uint32_t *places; /* of the program's variables in the trace's states */
    struct fm_value_context *values;
    struct fm_text *out;
    bool has_constants; /* a module for them is there */
};

bool fm_trace_explore_is_wanted(const struct fm_options *options, const struct fm_trace *trace)
{
    const char *slash = strrchr(options->path, '/');
    const char *file = slash == NULL ? options->path : slash + 1;
    if (trace == NULL || (trace->count < 2 && !trace->is_lasso)) {
        return false;
    }
    return options->explore_forced || (options->explore && !options->tool && !options->keep_going &&
                                       strstr(file, MARK) == NULL);
}

static const char *variable_name(const struct explore *explore, uint32_t i)
{
    return explore->report->program->variables[i].name->text;
}

static uint32_t variable_count(const struct explore *explore)
{
    return explore->report->program->variable_count;
}

static void add_value(const struct explore *explore, uint32_t state, uint32_t variable)
{
    uint32_t at = explore->places[variable];
    fm_value_print(explore->values, explore->trace->states[state].exact[at], explore->out);
}

/* --- modules --- */

static void add_extends(const struct explore *explore, const char *module, const char *more)
{
    fm_text_printf(explore->out, "---- MODULE %s ----\nEXTENDS %s", module, explore->root);
    if (explore->has_constants) {
        fm_text_printf(explore->out, ", %s_TEConstants", explore->root);
    }
    fm_text_printf(explore->out, "%s\n\n", more);
}

static void add_instance(const struct explore *explore, const char *name, const char *module,
                         const char *definition)
{
    fm_text_printf(explore->out,
                   "%s ==\n    LET %s_%s == INSTANCE %s_%s\n    IN %s_%s!%s\n----\n\n", name,
                   explore->root, module, explore->root, module, explore->root, module, definition);
}

/* x = (v) /\ y = (w), a line each. */
static void add_state(const struct explore *explore, uint32_t state, const char *indent)
{
    for (uint32_t i = 0; i < variable_count(explore); i++) {
        fm_text_printf(explore->out, "%s/\\ %s = (", indent, variable_name(explore, i));
        add_value(explore, state, i);
        fm_text_puts(explore->out, ")\n");
    }
}

/* That what was found is not there: TLC finds it again. */
static void add_violated(const struct explore *explore)
{
    const struct fm_trace *trace = explore->trace;
    struct fm_text *out = explore->out;
    if (!trace->is_lasso) {
        fm_text_puts(out, "_inv ==\n    ~(\n        /\\ TLCGet(\"level\") = Len(_TETrace)\n");
        add_state(explore, trace->count - 1, "        ");
        fm_text_puts(out, "    )\n----\n\n");
        return;
    }
    bool stutters = trace->closing == NULL;
    fm_text_printf(out, "_prop ==\n    ~(%s(\n", stutters ? "<>[]" : "[]<>");
    add_state(explore, trace->count - 1, "        ");
    fm_text_puts(out, "    )");
    if (!stutters) {
        fm_text_puts(out, " /\\ []<>(\n");
        add_state(explore, trace->cycle, "        ");
        fm_text_puts(out, "    )");
    }
    fm_text_puts(out, ")\n----\n\n");
}

static bool same_state(const struct explore *explore, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < variable_count(explore); i++) {
        uint32_t at = explore->places[i];
        if (!fm_value_equal(explore->values, explore->trace->states[a].exact[at],
                            explore->trace->states[b].exact[at])) {
            return false;
        }
    }
    return true;
}

static bool needs_view(const struct explore *explore)
{
    const struct fm_trace *trace = explore->trace;
    for (uint32_t i = 0; trace->is_lasso && i < trace->count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (same_state(explore, k, i)) {
                return true;
            }
        }
    }
    return false;
}

static bool goes_back(const struct explore *explore)
{
    return explore->trace->is_lasso && explore->trace->closing != NULL;
}

static void add_behaviour(const struct explore *explore)
{
    struct fm_text *out = explore->out;
    fm_text_puts(out, "_init ==\n");
    for (uint32_t i = 0; i < variable_count(explore); i++) {
        const char *name = variable_name(explore, i);
        fm_text_printf(out, "    /\\ %s = _TETrace[1].%s\n", name, name);
    }
    fm_text_puts(out, "----\n\n_next ==\n    /\\ \\E _i, _j \\in DOMAIN _TETrace:\n"
                      "        /\\ \\/ /\\ _j = _i + 1\n"
                      "              /\\ _i = TLCGet(\"level\")\n");
    if (goes_back(explore)) {
        fm_text_puts(out, "           \\/ /\\ _i = _TTraceLassoEnd\n"
                          "              /\\ _j = _TTraceLassoStart\n");
    }
    for (uint32_t i = 0; i < variable_count(explore); i++) {
        const char *name = variable_name(explore, i);
        fm_text_printf(out, "        /\\ %s = _TETrace[_i].%s\n        /\\ %s' = _TETrace[_j].%s\n",
                       name, name, name, name);
    }
    fm_text_printf(out,
                   "\n\\* The states as JSON: take away the comments of this assumption.\n"
                   "\\* ASSUME LET J == INSTANCE Json IN J!JsonSerialize(\"%s.json\", _TETrace)\n",
                   explore->name);
}

static void add_view(const struct explore *explore)
{
    fm_text_puts(explore->out,
                 "\n\\* States occur twice: the level tells them apart.\n_view ==\n    <<");
    for (uint32_t i = 0; i < variable_count(explore); i++) {
        fm_text_printf(explore->out, "%s, ", variable_name(explore, i));
    }
    fm_text_printf(explore->out, "IF TLCGet(\"level\") = %u THEN %u ELSE TLCGet(\"level\")>>\n",
                   explore->trace->count + 1,
                   goes_back(explore) ? explore->trace->cycle + 1 : explore->trace->count);
}

static void add_expression(const struct explore *explore)
{
    struct fm_text *out = explore->out;
    struct fm_text name = {NULL, 0, 0};
    fm_text_printf(&name, "%s_TEExpression", explore->root);
    add_extends(explore, fm_text_string(&name), ", Sequences, TLCExt, Toolbox, Naturals, TLC");
    fm_text_deinit(&name);
    fm_text_puts(out, "\\* What is shown of each state. Fields may be taken away and added:\n"
                      "\\* expressions over the variables, primed or not, _TEPosition (the number\n"
                      "\\* of the state) and _TETrace (the sequence of all).\n"
                      "expression ==\n    [\n");
    for (uint32_t i = 0; i < variable_count(explore); i++) {
        const char *variable = variable_name(explore, i);
        fm_text_printf(out, "        %s%s |-> %s\n", i == 0 ? "" : ",", variable, variable);
    }
    fm_text_puts(out, "    ]\n\n" CLOSING "\n");
}

static void add_trace(const struct explore *explore)
{
    struct fm_text *out = explore->out;
    struct fm_text name = {NULL, 0, 0};
    fm_text_printf(&name, "%s_TETrace", explore->root);
    add_extends(explore, fm_text_string(&name), ", TLC, TLCExt");
    fm_text_deinit(&name);
    if (explore->report->options->explore_stream) {
        fm_text_printf(
            out,
            "\\* The same from a file, for traces that take long to parse:\n"
            "\\* trace == LET IO == INSTANCE IOUtils\n"
            "\\*          IN ToTrace(IO!IODeserialize(\"%s.bin\", TRUE).counterexample)\n",
            explore->name);
    }
    fm_text_puts(out, "trace ==\n    <<\n");
    for (uint32_t k = 0; k < explore->trace->count; k++) {
        fm_text_puts(out, "    [");
        for (uint32_t i = 0; i < variable_count(explore); i++) {
            fm_text_printf(out, "%s%s |-> ", i == 0 ? "" : ", ", variable_name(explore, i));
            add_value(explore, k, i);
        }
        fm_text_puts(out, k + 1 == explore->trace->count ? "]\n" : "],\n");
    }
    fm_text_puts(out, "    >>\n\n" CLOSING "\n");
}

/* --- constants --- */

static bool is_configured(const struct fm_config *config, const struct fm_symbol *name)
{
    for (uint32_t i = 0; i < config->constant_count; i++) {
        if (strcmp(config->constants[i].name.name->text, name->text) == 0) {
            return true;
        }
    }
    return false;
}

/* A model value that is no name of the specification yet. */
static bool is_new(const struct explore *explore, fm_value model)
{
    const struct fm_program *program = explore->report->program;
    return !is_configured(program->config, fm_value_symbol(model)) &&
           fm_program_find(program, fm_value_symbol(model)) == NULL;
}

static bool has_constants(const struct explore *explore)
{
    const struct fm_config *config = explore->report->program->config;
    for (uint32_t i = 0; i < config->model_value_count; i++) {
        if (is_new(explore, config->model_values[i])) {
            return true;
        }
    }
    return goes_back(explore);
}

static void add_constants(const struct explore *explore)
{
    const struct fm_config *config = explore->report->program->config;
    const char *comma = "";
    fm_text_printf(explore->out, "---- MODULE %s_TEConstants ----\nEXTENDS %s\n\nCONSTANTS ",
                   explore->root, explore->root);
    for (uint32_t i = 0; i < config->model_value_count; i++) {
        if (is_new(explore, config->model_values[i])) {
            fm_text_printf(explore->out, "%s%s", comma,
                           fm_value_symbol(config->model_values[i])->text);
            comma = ", ";
        }
    }
    if (goes_back(explore)) {
        fm_text_printf(explore->out, "%s_TTraceLassoStart, _TTraceLassoEnd", comma);
    }
    fm_text_puts(explore->out, "\n\n" CLOSING "\n");
}

/* --- the configuration --- */

static void add_scope(const struct explore *explore, const struct fm_config_constant *constant)
{
    if (constant->module.name != NULL) {
        fm_text_printf(explore->out, "[%s]", constant->module.name->text);
    }
}

static void add_constant(const struct explore *explore, const struct fm_config_constant *constant)
{
    struct fm_text *out = explore->out;
    fm_text_printf(out, "    %s", constant->name.name->text);
    if (constant->kind == FM_CONSTANT_REPLACE) {
        fm_text_puts(out, " <- ");
        add_scope(explore, constant);
        fm_text_printf(out, "%s\n", constant->target.name->text);
        return;
    }
    for (uint32_t i = 0; i < constant->argument_count; i++) {
        fm_text_puts(out, i == 0 ? "(" : ", ");
        fm_value_print(explore->values, constant->arguments[i], out);
    }
    fm_text_puts(out, constant->argument_count > 0 ? ") = " : " = ");
    add_scope(explore, constant);
    fm_value_print(explore->values, constant->value, out);
    fm_text_putc(out, '\n');
}

static void add_config(const struct explore *explore)
{
    const struct fm_config *config = explore->report->program->config;
    struct fm_text *out = explore->out;
    fm_text_printf(out, "---- CONFIG %s ----\nCONSTANTS\n", explore->name);
    for (uint32_t i = 0; i < config->constant_count; i++) {
        add_constant(explore, &config->constants[i]);
    }
    for (uint32_t i = 0; i < config->model_value_count; i++) {
        if (is_new(explore, config->model_values[i])) {
            const char *name = fm_value_symbol(config->model_values[i])->text;
            fm_text_printf(out, "    %s = %s\n", name, name);
        }
    }
    if (goes_back(explore)) {
        fm_text_printf(out, "    _TTraceLassoStart = %u\n    _TTraceLassoEnd = %u\n",
                       explore->trace->cycle + 1, explore->trace->count);
    }
    fm_text_printf(out, "    _TETrace <- _trace\n\n%s\n\nCHECK_DEADLOCK\n    FALSE\n\n",
                   explore->trace->is_lasso ? "PROPERTY\n    _prop" : "INVARIANT\n    _inv");
    fm_text_puts(out, "INIT\n    _init\n\nNEXT\n    _next\n\n");
    fm_text_puts(out, needs_view(explore) ? "VIEW\n    _view\n\n" : "");
    fm_text_puts(out, "ALIAS\n    _expression\n" CLOSING);
}

static void add_all(struct explore *explore)
{
    explore->has_constants = has_constants(explore);
    add_extends(explore, explore->name, ", Sequences, TLCExt, Toolbox, Naturals, TLC");
    add_instance(explore, "_expression", "TEExpression", "expression");
    add_instance(explore, "_trace", "TETrace", "trace");
    add_violated(explore);
    add_behaviour(explore);
    if (needs_view(explore)) {
        add_view(explore);
    }
    fm_text_puts(explore->out, "\n" CLOSING "\n");
    add_expression(explore);
    add_trace(explore);
    if (explore->has_constants) {
        add_constants(explore);
    }
    add_config(explore);
}

/* --- files --- */

/* Where the variables are in the states; false when some value is missing. */
static bool find_variables(const struct explore *explore)
{
    for (uint32_t i = 0; i < variable_count(explore); i++) {
        for (uint32_t k = 0; k < explore->trace->count; k++) {
            const struct fm_trace_state *state = &explore->trace->states[k];
            uint32_t at = k == 0 ? 0 : explore->places[i];
            while (at < state->variable_count &&
                   strcmp(state->names[at], variable_name(explore, i)) != 0) {
                at++;
            }
            if (at == state->variable_count || (k > 0 && at != explore->places[i]) ||
                fm_is_none(state->exact[at])) {
                return false;
            }
            explore->places[i] = at;
        }
    }
    return true;
}

/* "folder/NAME", without ending: as options say, beside the specification otherwise. */
static void add_path(const struct fm_report *report, struct fm_text *out)
{
    const char *wanted = report->options->explore_path;
    const char *slash = strrchr(report->options->path, '/');
    size_t length = wanted == NULL ? 0 : strlen(wanted);
    if (length > 4 && strcasecmp(wanted + length - 4, ".tla") == 0) {
        fm_text_printf(out, "%s%.*s", strchr(wanted, '/') == NULL ? "./" : "", (int)length - 4,
                       wanted);
        return;
    }
    if (wanted != NULL) {
        fm_text_puts(out, wanted);
    } else if (slash != NULL) {
        fm_text_add(out, report->options->path, (size_t)(slash - report->options->path));
    } else {
        fm_text_putc(out, '.');
    }
    fm_text_printf(out, "/%s" MARK "_%" PRId64, report->program->root->text, (int64_t)time(NULL));
}

static void make_folders(const char *path)
{
    for (const char *at = strchr(path + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
        char folder[4096];
        int length = snprintf(folder, sizeof folder, "%.*s", (int)(at - path), path);
        if (length > 0 && (size_t)length < sizeof folder) {
            (void)mkdir(folder, 0777); /* what is missing shows when the file is made */
        }
    }
}

static const char *write_module(const struct fm_report *report, const struct fm_trace *trace,
                                const char *path, struct fm_value_context *values)
{
    const char *slash = strrchr(path, '/');
    const char *file = slash == NULL ? path : slash + 1;
    struct fm_text name = {NULL, 0, 0};
    struct fm_text text = {NULL, 0, 0};
    const char *wrong = NULL;
    fm_text_add(&name, file, strlen(file) - strlen(".tla"));
    struct explore explore = {
        .report = report,
        .trace = trace,
        .root = report->program->root->text,
        .name = fm_text_string(&name),
        .places = fm_memory_calloc(report->program->variable_count + 1, sizeof(uint32_t)),
        .values = values,
        .out = &text,
    };
    if (!find_variables(&explore)) {
        wrong = "the states that were shown have not the values of all variables";
    } else {
        add_all(&explore);
        wrong = fm_file_write(path, fm_text_string(&text), text.length) != 0 ? strerror(errno)
                                                                             : NULL;
    }
    fm_memory_free(explore.places);
    fm_text_deinit(&text);
    fm_text_deinit(&name);
    return wrong;
}

const char *fm_trace_explore_write(const struct fm_report *report, const struct fm_trace *trace,
                                   struct fm_text *path)
{
    struct fm_arena arena;
    struct fm_text stream = {NULL, 0, 0};
    fm_arena_init(&arena, "trace specification");
    struct fm_value_context values = fm_trace_values(report, &arena);
    add_path(report, path);
    fm_text_printf(&stream, "%s.bin", fm_text_string(path));
    fm_text_puts(path, ".tla");
    make_folders(fm_text_string(path));
    const char *wrong = write_module(report, trace, fm_text_string(path), &values);
    if (wrong == NULL && report->options->explore_stream) {
        /* Values that this form cannot hold are no reason to be without the module. */
        (void)fm_trace_file_write(report, trace, FM_TRACE_TLC, fm_text_string(&stream));
    }
    fm_text_deinit(&stream);
    fm_arena_deinit(&arena);
    return wrong;
}
