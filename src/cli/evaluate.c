/* Expressions on their own.
 *
 * Each is evaluated in a module made for it, which extends the specification, if there is one, and
 * the usual standard modules, and has the definitions given so far. Everything is loaded anew for
 * each line: that takes a few milliseconds, and a line can break nothing for the next one. An
 * expression with variables has no value: there is no state. */
#include "cli/evaluate.h"

#include "cli/command.h"
#include "cli/session.h"

#include "base/arena.h"
#include "base/thread.h"
#include "eval/eval.h"
#include "model/model.h"
#include "semantics/load.h"
#include "value/order.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Elements of a set that is enumerated, at most: TLC's. */
#define SET_SIZE_MAX 1000000u
/* Columns of printed values. */
#define VALUE_WIDTH 80u
#define STANDARD_MODULES "Integers, Sequences, FiniteSets, Bags, TLC"

struct evaluation {
    const struct fm_scope *scope;
    const char *expression; /* NULL: the module is only read */
    bool json;
    struct fm_cli_session opened;
    struct fm_load_report loaded;
    struct fm_program *program;
    struct fm_model *model;
    struct fm_engine *engine;
    struct fm_run run;
    int status;
};

static void on_print(void *owner, const char *line)
{
    (void)owner;
    (void)printf("%s\n", line);
}

/* --- the module --- */

/* Where the specification's name begins in its path, and how long it is without .tla. */
static const char *base_of(const char *path, size_t *length)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    *length = strlen(base);
    if (*length > 4 && strcmp(base + *length - 4, ".tla") == 0) {
        *length -= 4;
    }
    return base;
}

static void write_module(const struct fm_scope *scope, struct fm_text *out)
{
    size_t length;
    fm_text_puts(out, "---- MODULE FathomEval ----\nEXTENDS ");
    if (scope->specification != NULL) {
        const char *base = base_of(scope->specification, &length);
        fm_text_add(out, base, length);
        fm_text_puts(out, ", ");
    }
    fm_text_puts(out, STANDARD_MODULES "\n");
    for (uint32_t i = 0; i < scope->definitions.count; i++) {
        fm_text_printf(out, "%s\n", scope->definitions.at[i]);
    }
    fm_text_puts(out, "====\n");
}

/* The configuration beside the specification, "" when there is none. */
static void find_config(const struct fm_scope *scope, struct fm_text *out)
{
    size_t length;
    if (scope->config != NULL) {
        fm_text_puts(out, scope->config);
    } else if (scope->specification != NULL) {
        const char *base = base_of(scope->specification, &length);
        fm_text_printf(out, "%.*s.cfg", (int)(base + length - scope->specification),
                       scope->specification);
        if (!fm_file_exists(fm_text_string(out))) {
            fm_text_clear(out);
        }
    }
}

static bool load(struct evaluation *evaluation)
{
    const struct fm_scope *scope = evaluation->scope;
    const char *specification = scope->specification == NULL ? "" : scope->specification;
    struct fm_text text = {NULL, 0, 0}, path = {NULL, 0, 0}, config = {NULL, 0, 0};
    size_t length;
    write_module(scope, &text);
    find_config(scope, &config);
    fm_text_printf(&path, "%.*sFathomEval.tla",
                   (int)(base_of(specification, &length) - specification), specification);
    struct fm_load_options options = {
        .path = fm_text_string(&path),
        .config_path = fm_text_string(&config),
        .root_text = fm_text_string(&text),
        .may_lack_next = true,
    };
    evaluation->program = fm_program_load(&evaluation->opened.session, &options,
                                          &evaluation->loaded);
    fm_text_deinit(&config);
    fm_text_deinit(&path);
    fm_text_deinit(&text);
    return evaluation->program != NULL;
}

/* --- the value --- */

static void print_failure(const struct evaluation *evaluation)
{
    const struct fm_failure *failure = evaluation->model->ops->failure(evaluation->engine);
    struct fm_diag diag = {.code = failure->code,
                           .severity = FM_SEVERITY_ERROR,
                           .span = failure->span,
                           .message = failure->message};
    struct fm_text text = {NULL, 0, 0};
    fm_diag_render(evaluation->opened.session.diags, &diag, &text);
    (void)fflush(stdout);
    (void)fputs(fm_text_string(&text), stderr);
    fm_text_deinit(&text);
}

static void print_value(const struct evaluation *evaluation, fm_value value)
{
    struct fm_value_context *context = evaluation->model->ops->context(evaluation->engine);
    struct fm_text text = {NULL, 0, 0};
    if (evaluation->json) {
        fm_value_print_json(context, value, &text);
    } else {
        fm_value_print_wide(context, value, 0, VALUE_WIDTH, &text);
    }
    (void)printf("%s\n", fm_text_string(&text));
    (void)fflush(stdout);
    fm_text_deinit(&text);
}

static int evaluate(struct evaluation *evaluation)
{
    struct fm_model_options options = {.stack_size = FM_THREAD_STACK_SIZE,
                                       .set_size_max = SET_SIZE_MAX};
    const struct fm_formula *formula = fm_program_add_expression(evaluation->program, "expression",
                                                                 evaluation->expression);
    if (formula == NULL) {
        return FM_STATUS_PARSE;
    }
    evaluation->run = (struct fm_run){
        .owner = evaluation, .print = on_print, .mode = "bfs", .depth_max = -1, .worker_count = 1};
    evaluation->model = fm_eval_model_new(&evaluation->opened.session, evaluation->program,
                                          &options, &evaluation->run);
    if (evaluation->model == NULL) {
        return FM_STATUS_CONFIG;
    }
    evaluation->engine = evaluation->model->ops->open(evaluation->model);
    fm_value value = evaluation->model->ops->eval(evaluation->engine, formula, NULL, NULL);
    if (fm_is_none(value)) {
        print_failure(evaluation);
        return FM_STATUS_EVALUATION;
    }
    print_value(evaluation, value);
    return FM_STATUS_OK;
}

static void run(void *closure)
{
    struct evaluation *evaluation = closure;
    fm_cli_session_open(&evaluation->opened, SET_SIZE_MAX);
    if (!load(evaluation)) {
        evaluation->status = evaluation->loaded.config_failed       ? FM_STATUS_CONFIG
                             : evaluation->loaded.config_unreadable ? FM_STATUS_ERROR
                                                                    : FM_STATUS_PARSE;
    } else if (evaluation->expression != NULL) {
        evaluation->status = evaluate(evaluation);
    }
    fm_cli_print_diagnostics(evaluation->opened.session.diags);
    if (evaluation->engine != NULL) {
        evaluation->model->ops->close(evaluation->engine);
    }
    if (evaluation->model != NULL) {
        evaluation->model->ops->model_free(evaluation->model);
    }
    if (evaluation->program != NULL) {
        fm_program_free(evaluation->program);
    }
    fm_cli_session_close(&evaluation->opened);
}

int fm_scope_evaluate(const struct fm_scope *scope, const char *expression, bool json)
{
    struct evaluation evaluation = {.scope = scope, .expression = expression, .json = json};
    if (fm_thread_call(run, &evaluation) != 0) {
        (void)fprintf(stderr, "fathom: no thread to evaluate on: %s\n", strerror(errno));
        return FM_STATUS_ERROR;
    }
    return evaluation.status;
}

/* --- definitions --- */

bool fm_scope_is_definition(const char *line)
{
    line += strspn(line, " \t");
    size_t name = 0;
    while (isalnum((unsigned char)line[name]) || line[name] == '_') {
        name++;
    }
    const char *at = line + name;
    const char close = *at == '(' ? ')' : ']';
    if (name == 0) {
        return false;
    }
    at += strspn(at, " ");
    if (*at == '(' || *at == '[') {
        const char *end = strchr(at, close);
        if (end == NULL) {
            return false;
        }
        at = end + 1;
        at += *at == ')' ? 1 : 0; /* of an operator parameter: F(Op(_)) == ... */
        at += strspn(at, " ");
    }
    return at[0] == '=' && at[1] == '=' && at[2] != '=';
}

bool fm_scope_define(struct fm_scope *scope, const char *definition)
{
    size_t size = strlen(definition) + 1;
    char *copy = fm_memory_alloc(size);
    memcpy(copy, definition, size);
    fm_vec_push(&scope->definitions, copy);
    if (fm_scope_evaluate(scope, NULL, false) == FM_STATUS_OK) {
        return true;
    }
    scope->definitions.count--;
    fm_memory_free(copy);
    return false;
}

void fm_scope_deinit(struct fm_scope *scope)
{
    for (uint32_t i = 0; i < scope->definitions.count; i++) {
        fm_memory_free(scope->definitions.at[i]);
    }
    fm_vec_deinit(&scope->definitions);
}
