/* A specification that is not checked, in the words of SANY and TLC.
 *
 * SANY lists the modules that it parses and analyzes, in the order that docs/interning-order.md
 * tells, then all errors, each with its place on a line of its own. Which message TLC has for an
 * error of the configuration follows from our code. The errors' texts are ours, but for those of
 * TLC that fit: editors look at places and numbers. */
#include "cli/tlc_report.h"

#include "cli/message.h"

#include "semantics/load.h"

#include <stdio.h>
#include <string.h>

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static void add_parsed(const struct fm_load_report *loaded, struct fm_text *out)
{
    for (uint32_t i = 0; i < loaded->module_count; i++) {
        const char *path = loaded->module_paths[i];
        bool is_builtin = strncmp(path, "built-in/", strlen("built-in/")) == 0;
        fm_text_printf(out, "Parsing file %s\n", is_builtin ? base_of(path) : path);
    }
}

/* Errors that SANY finds, not those of the configuration. */
static bool is_semantic(const struct fm_diag *diag)
{
    return diag->severity == FM_SEVERITY_ERROR && (int)diag->code >= 2000 && (int)diag->code < 3000;
}

static bool is_syntactic(const struct fm_diag *diag)
{
    return diag->severity == FM_SEVERITY_ERROR && (int)diag->code < 2000;
}

static uint32_t count_errors(const struct fm_diags *diags, bool of_kind(const struct fm_diag *))
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < fm_diags_count(diags); i++) {
        count += of_kind(fm_diags_at(diags, i));
    }
    return count;
}

static void add_error(const struct fm_report *report, const struct fm_diag *diag,
                      struct fm_text *out)
{
    fm_report_location(report, diag->span, out);
    fm_text_puts(out, "\n\n");
    /* "unknown operator `Foo`" is what most of them are, and what SANY says with the same words. */
    static const char unknown[] = "unknown operator `";
    size_t skipped = sizeof unknown - 1;
    if (strncmp(diag->message, unknown, skipped) == 0) {
        fm_text_printf(out, "Unknown operator: `%.*s'.", (int)strcspn(diag->message + skipped, "`"),
                       diag->message + skipped);
    } else {
        fm_text_puts(out, diag->message);
    }
    fm_text_puts(out, "\n\n\n");
}

static void add_errors(const struct fm_report *report, bool of_kind(const struct fm_diag *),
                       struct fm_text *out)
{
    for (uint32_t i = 0; i < fm_diags_count(report->diags); i++) {
        const struct fm_diag *diag = fm_diags_at(report->diags, i);
        if (of_kind(diag)) {
            add_error(report, diag, out);
        }
    }
}

void fm_tlc_modules(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_load_report *loaded = report->loaded;
    uint32_t syntactic = count_errors(report->diags, is_syntactic);
    uint32_t semantic = count_errors(report->diags, is_semantic);
    add_parsed(loaded, out);
    if (syntactic > 0) {
        fm_text_printf(out, "***Parse Error***\n*** Errors: %u\n\n", syntactic);
        add_errors(report, is_syntactic, out);
        return;
    }
    for (uint32_t i = 0; i < loaded->analyzed_count; i++) {
        fm_text_printf(out, "Semantic processing of module %s\n", loaded->analyzed[i].name);
    }
    if (semantic > 0) {
        fm_text_printf(out, "Semantic errors:\n\n*** Errors: %u\n\n", semantic);
        add_errors(report, is_semantic, out);
        return;
    }
    for (uint32_t i = 0; i < loaded->analyzed_count; i++) {
        if (!loaded->analyzed[i].is_builtin) {
            fm_text_printf(out, "Linting of module %s\n", loaded->analyzed[i].name);
        }
    }
}

/* The message of TLC for an error of the configuration. */
static enum fm_tlc_message message_of(enum fm_code code)
{
    switch ((int)code) {
    case FM_CODE_3035:
        return FM_TLC_UNASSIGNED;
    case FM_CODE_3036:
        return FM_TLC_UNDEFINED;
    case FM_CODE_3040:
        return FM_TLC_MISSING_INIT;
    }
    return FM_TLC_CONFIGURATION;
}

/* "the invariant `Inv` of the configuration ..." as TLC has it: it calls SPECIFICATION's a name. */
static bool add_undefined(const char *message, const char *name, struct fm_text *out)
{
    size_t length = strcspn(message, "`");
    if (strncmp(message, "the ", 4) != 0 || message[length] == '\0') {
        return false;
    }
    bool is_name = strncmp(message, "the specification ", 18) == 0;
    fm_text_printf(out,
                   "The %.*s%s specified in the configuration file\nis not defined in the "
                   "specification.",
                   is_name ? 5 : (int)length - 4, is_name ? "name " : message + 4, name);
    return true;
}

/* The name in the first pair of backquotes. */
static void add_quoted(const char *message, struct fm_text *out)
{
    const char *quote = strchr(message, '`');
    if (quote != NULL) {
        fm_text_add(out, quote + 1, strcspn(quote + 1, "`"));
    }
}

/* "the invariant `Inv` does not depend on the state: it is the constant FALSE", "the view `V` is a
 * constant": false when the error is another one. */
static bool say_constant(const struct fm_report *report, const struct fm_diag *diag,
                         struct fm_text *out)
{
    static const char behind[] = "it is the constant ";
    const char *kind = diag->message + 4, *value = strstr(diag->message, behind);
    if ((diag->code != FM_CODE_3044 && diag->code != FM_CODE_3045) || strchr(kind, '`') == NULL) {
        return false;
    }
    struct fm_text what = {NULL, 0, 0}, name = {NULL, 0, 0};
    fm_text_add(&what, kind, strcspn(kind, "`") - 1);
    add_quoted(diag->message, &name);
    if (value != NULL) {
        fm_tlc_say(report->options, out, FM_TLC_CONSTANT_VALUE, fm_text_string(&what),
                   fm_text_string(&name), value + sizeof behind - 1);
    } else {
        bool is_view = strcmp(fm_text_string(&what), "view") == 0;
        bool is_next = strcmp(fm_text_string(&what), "next-state action") == 0;
        fm_tlc_say(report->options, out, FM_TLC_CONSTANT_FORMULA,
                   is_view   ? "view function"
                   : is_next ? "next state action"
                             : fm_text_string(&what),
                   fm_text_string(&name));
    }
    fm_text_deinit(&what);
    fm_text_deinit(&name);
    return true;
}

static void say_error(const struct fm_report *report, const struct fm_diag *diag,
                      struct fm_text *out)
{
    struct fm_text name = {NULL, 0, 0};
    struct fm_text text = {NULL, 0, 0};
    enum fm_tlc_message message = message_of(diag->code);
    add_quoted(diag->message, &name);
    if (message == FM_TLC_UNASSIGNED && name.length > 0) {
        fm_text_printf(&text,
                       "The constant parameter %s is not assigned a value by the configuration "
                       "file.",
                       fm_text_string(&name));
    } else if (message != FM_TLC_UNDEFINED ||
               !add_undefined(diag->message, fm_text_string(&name), &text)) {
        struct fm_place place = fm_source_place(fm_diags_sources(report->diags), diag->span);
        if (place.path != NULL) {
            fm_text_printf(&text, "%s, line %u: ", base_of(place.path), place.line);
        }
        fm_text_puts(&text, diag->message);
    }
    fm_tlc_say(report->options, out, message, fm_text_string(&text));
    fm_text_deinit(&text);
    fm_text_deinit(&name);
}

static void say_unreadable(const struct fm_report *report, const struct fm_diag *diag,
                           struct fm_text *out)
{
    struct fm_text text = {NULL, 0, 0};
    fm_text_puts(&text, "TLC threw an unexpected exception.\n"
                        "This was probably caused by an error in the spec or model.\n"
                        "See the User Output or TLC Console for clues to what happened.\n"
                        "The exception was a tlc2.tool.ConfigFileException\n: ");
    struct fm_place place = fm_source_place(fm_diags_sources(report->diags), diag->span);
    if (diag->code == FM_CODE_3041) {
        fm_text_puts(&text, "TLC encountered the following error when trying to read the "
                            "configuration file:\n");
    } else if (place.path != NULL) {
        fm_text_printf(&text, "TLC found an error in the configuration file at line %u\n",
                       place.line);
    }
    fm_text_puts(&text, diag->message);
    fm_tlc_say(report->options, out, FM_TLC_GENERAL, fm_text_string(&text));
    fm_text_deinit(&text);
}

void fm_tlc_refusal(const struct fm_report *report, struct fm_text *out)
{
    if (count_errors(report->diags, is_syntactic) + count_errors(report->diags, is_semantic) > 0) {
        fm_tlc_say(report->options, out, FM_TLC_PARSING_FAILED, "");
        return;
    }
    for (uint32_t i = 0; i < fm_diags_count(report->diags); i++) {
        const struct fm_diag *diag = fm_diags_at(report->diags, i);
        if (diag->severity != FM_SEVERITY_ERROR) {
            continue;
        }
        if (report->loaded->config_unreadable) {
            say_unreadable(report, diag, out);
        } else if (!say_constant(report, diag, out)) {
            say_error(report, diag, out);
        }
        return; /* TLC stops at the first */
    }
}
