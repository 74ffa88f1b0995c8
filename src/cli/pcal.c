/* fathom pcal: writes the translations of PlusCal algorithms into their files.
 *
 *     fathom pcal [options] FILE...
 *
 * Options are those of TLA+'s pcal.trans, with one dash, and take part in the translation as they
 * do there: what `PlusCal options (...)` in the file says goes before them. Each file is replaced
 * as a whole or not at all, and what it was before stays beside it as FILE.old, unless -noold is
 * given; a file whose translation is as it should be is left alone. With --stdout the new text goes
 * there instead. Diagnostics go to standard error, a line about each file to standard output. No
 * configuration is written, other than pcal.trans does: see docs/differences-from-tlc.md. The exit
 * status is 0, or 150 when an algorithm cannot be translated, or 255 when a file cannot be read or
 * written. */
#include "cli/command.h"
#include "cli/help.h"
#include "cli/session.h"

#include "base/file.h"
#include "base/thread.h"
#include "base/vec.h"
#include "diag/diag.h"
#include "syntax/translate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct translate {
    int argc;
    char **argv;
    struct fm_pcal_options options;
    bool to_stdout, no_old, report_labels, help;
    FM_VEC(const char *) files;
    int status;
};

/* ---- Words. */

enum word {
    WORD_STDOUT,
    WORD_NO_OLD,
    WORD_HELP,
    WORD_WF,
    WORD_SF,
    WORD_WF_NEXT,
    WORD_NOF,
    WORD_TERMINATION,
    WORD_NO_DONE,
    WORD_LABEL,
    WORD_REPORT_LABELS,
    WORD_LABEL_ROOT,
    WORD_LINE_WIDTH,
    WORD_VERSION,
    WORD_NOTHING, /* accepted for pcal.trans's sake */
    WORD_COUNT
};

static const struct {
    const char *name;
    enum word word;
    const char *argument;
    const char *text;
} words[] = {
    {"--stdout", WORD_STDOUT, NULL, "print the new text instead of writing the file"},
    {"-noold", WORD_NO_OLD, NULL, "leave no FILE.old behind"},
    {"-wf", WORD_WF, NULL, "processes are fair unless they say otherwise"},
    {"-sf", WORD_SF, NULL, "they are strongly fair"},
    {"-wfNext", WORD_WF_NEXT, NULL, "the next-state action is fair"},
    {"-nof", WORD_NOF, NULL, "nothing is fair"},
    {"-termination", WORD_TERMINATION, NULL, "as -wf, unless another is given"},
    {"-noDoneDisjunct", WORD_NO_DONE, NULL, "no stuttering after the end"},
    {"-label", WORD_LABEL, NULL, "add missing labels"},
    {"-reportLabels", WORD_REPORT_LABELS, NULL, "as -label, and say which were added where"},
    {"-labelRoot", WORD_LABEL_ROOT, "NAME", "what their names begin with; Lbl_ when not given"},
    {"-lineWidth", WORD_LINE_WIDTH, "N", "columns that lines should have at most, from 60; 78"},
    {"-version", WORD_VERSION, "N.N", "translate as that version did; at most 1.903"},
    {"-help", WORD_HELP, NULL, "print this; also -h and --help"},
    {"--help", WORD_HELP, NULL, NULL},
    {"-h", WORD_HELP, NULL, NULL},
    {"-nocfg", WORD_NOTHING, NULL, NULL},
    {"-unixEOL", WORD_NOTHING, NULL, NULL},
};

enum { WORD_ROWS = sizeof words / sizeof words[0] };

void fm_help_print_pcal(void)
{
    (void)printf(
        "usage: fathom pcal [options] FILE...\n\n"
        "Translates the PlusCal algorithm of each file and puts the translation below it.\n"
        "`PlusCal options (...)` in the file goes before the options here.\n\n");
    for (size_t i = 0; i < WORD_ROWS; i++) {
        if (words[i].text != NULL) {
            int width = printf("  %s%s%s", words[i].name, words[i].argument == NULL ? "" : " ",
                               words[i].argument == NULL ? "" : words[i].argument);
            (void)printf("%*s%s\n", 24 - width, "", words[i].text);
        }
    }
}

static void refuse(const char *word)
{
    const char *names[WORD_ROWS];
    for (uint32_t i = 0; i < WORD_ROWS; i++) {
        names[i] = words[i].name;
    }
    const char *nearest = fm_diag_nearest(word, names, WORD_ROWS);
    (void)fprintf(stderr, "fathom pcal: unknown option `%s`%s%s%s\n", word,
                  nearest == NULL ? "" : "; did you mean `", nearest == NULL ? "" : nearest,
                  nearest == NULL ? "" : "`?");
}

static bool is_name(const char *word)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char more[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    return word[0] != '\0' && strchr(letters, word[0]) != NULL &&
           strspn(word, more) == strlen(word);
}

static bool take_argument(struct translate *translate, enum word word, const char *argument)
{
    if (word == WORD_LABEL_ROOT) {
        translate->options.label_root = argument;
        if (argument == NULL || !is_name(argument)) {
            (void)fprintf(stderr, "fathom pcal: a name has to follow -labelRoot: letters, digits "
                                  "and `_`, a letter first\n");
            return false;
        }
        return true;
    }
    if (word == WORD_VERSION) {
        if (argument == NULL || !fm_pcal_version(argument, &translate->options.version)) {
            (void)fprintf(stderr, "fathom pcal: a version has to follow -version: a number like "
                                  "1.5, at most 1.903\n");
            return false;
        }
        return true;
    }
    char *end = NULL;
    errno = 0;
    unsigned long width = argument == NULL ? 0 : strtoul(argument, &end, 10);
    if (argument == NULL || *end != '\0' || errno != 0 || width < FM_PCAL_LINE_WIDTH_MIN ||
        width > UINT16_MAX) {
        (void)fprintf(stderr, "fathom pcal: a number from %u on has to follow -lineWidth\n",
                      FM_PCAL_LINE_WIDTH_MIN);
        return false;
    }
    translate->options.line_width = (uint32_t)width;
    return true;
}

static bool take_fairness(struct translate *translate, enum fm_pcal_spec spec)
{
    if (translate->options.spec != FM_PCAL_SPEC_PLAIN) {
        (void)fprintf(stderr, "fathom pcal: only one of -wf, -sf, -wfNext and -nof can be given\n");
        return false;
    }
    translate->options.spec = spec;
    return true;
}

/* The row of an option, or WORD_ROWS. */
static size_t find_word(const char *name)
{
    size_t i = 0;
    while (i < WORD_ROWS && strcmp(words[i].name, name) != 0) {
        i++;
    }
    return i;
}

static bool take_word(struct translate *translate, enum word word, const char *argument)
{
    switch (word) {
    case WORD_STDOUT:
        translate->to_stdout = true;
        return true;
    case WORD_NO_OLD:
        translate->no_old = true;
        return true;
    case WORD_HELP:
        translate->help = true;
        return true;
    case WORD_WF:
        return take_fairness(translate, FM_PCAL_SPEC_WF);
    case WORD_SF:
        return take_fairness(translate, FM_PCAL_SPEC_SF);
    case WORD_WF_NEXT:
        return take_fairness(translate, FM_PCAL_SPEC_WF_NEXT);
    case WORD_NOF:
        return take_fairness(translate, FM_PCAL_SPEC_NOF);
    case WORD_TERMINATION:
        translate->options.termination = true;
        return true;
    case WORD_NO_DONE:
        translate->options.no_done = true;
        return true;
    case WORD_LABEL:
        translate->options.add_labels = true;
        return true;
    case WORD_REPORT_LABELS:
        translate->options.add_labels = true;
        translate->report_labels = true;
        return true;
    case WORD_LABEL_ROOT:
    case WORD_LINE_WIDTH:
    case WORD_VERSION:
        return take_argument(translate, word, argument);
    case WORD_NOTHING:
    case WORD_COUNT:
        break;
    }
    return true;
}

/* False after a mistake, which is printed. */
static bool read_words(struct translate *translate)
{
    for (int i = 1; i < translate->argc; i++) {
        const char *name = translate->argv[i];
        if (name[0] != '-' || name[1] == '\0') {
            fm_vec_push(&translate->files, name);
            continue;
        }
        size_t row = find_word(name);
        if (row == WORD_ROWS) {
            refuse(name);
            return false;
        }
        bool more = words[row].argument != NULL && i + 1 < translate->argc;
        if (!take_word(translate, words[row].word, more ? translate->argv[i + 1] : NULL)) {
            return false;
        }
        i += more ? 1 : 0;
    }
    if (translate->files.count == 0 && !translate->help) {
        (void)fprintf(stderr, "usage: fathom pcal [options] FILE...\n");
        return false;
    }
    if (translate->files.count > 1 && translate->to_stdout) {
        (void)fprintf(stderr, "fathom pcal: --stdout takes one file\n");
        return false;
    }
    return true;
}

/* ---- Files. */

struct file {
    const char *path, *old_path;
    char *text;
    size_t size;
};

static bool write_file(const char *path, const char *text, size_t size)
{
    if (fm_file_write(path, text, size) == 0) {
        return true;
    }
    (void)fprintf(stderr, "fathom pcal: %s: %s\n", path, strerror(errno));
    return false;
}

/* In pcal.trans's words, places as our diagnostics have them. */
static void print_labels(const struct translate *translate, const struct fm_sources *sources,
                         const struct fm_translation *translation)
{
    FILE *out = translate->to_stdout ? stderr : stdout;
    if (!translate->report_labels || translation->added == 0) {
        return;
    }
    (void)fprintf(out, "The following label%s added:\n",
                  translation->added == 1 ? " was" : "s were");
    for (uint32_t i = 0; i < translation->added; i++) {
        struct fm_place place = fm_source_place(sources, translation->added_at[i]);
        (void)fprintf(out, "  %s at line %u, column %u\n", translation->added_labels[i], place.line,
                      place.column);
    }
}

static void put_translation(struct translate *translate, const struct file *file,
                            const struct fm_source *made, const struct fm_translation *translation)
{
    if (translate->to_stdout) {
        (void)fwrite(made->text, 1, made->size, stdout);
        return;
    }
    if (made->size == file->size && memcmp(made->text, file->text, file->size) == 0) {
        (void)printf("%s: unchanged\n", file->path);
        return;
    }
    if ((!translate->no_old && !write_file(file->old_path, file->text, file->size)) ||
        !write_file(file->path, made->text, made->size)) {
        translate->status = FM_STATUS_ERROR;
        return;
    }
    (void)printf("%s: %s translated, %u lines", file->path, translation->name,
                 translation->line_count);
    if (translation->added > 0) {
        (void)printf(", %u label%s added", translation->added, translation->added == 1 ? "" : "s");
    }
    (void)printf("\n");
}

static void translate_text(struct translate *translate, const struct file *file)
{
    struct fm_cli_session session;
    fm_cli_session_open(&session, 0);
    struct fm_diags *diags = session.session.diags;
    uint32_t source = fm_source_add(session.session.sources, file->path, file->text, file->size);
    struct fm_parse parse = {.symbols = session.session.symbols,
                             .diags = diags,
                             .arena = &session.arena,
                             .pluscal = FM_PLUSCAL_IGNORE};
    struct fm_translation translation;
    bool good = fm_pluscal_translate(&parse, source, fm_span_none(), &translate->options,
                                     &translation);
    fm_cli_print_diagnostics(diags);
    if (good) {
        print_labels(translate, session.session.sources, &translation);
        put_translation(translate, file, fm_source_get(session.session.sources, translation.source),
                        &translation);
    } else {
        uint32_t errors = fm_diags_errors(diags);
        (void)fprintf(translate->to_stdout ? stderr : stdout, "%s: %u error%s\n", file->path,
                      errors, errors == 1 ? "" : "s");
        translate->status = FM_STATUS_PARSE;
    }
    fm_cli_session_close(&session);
}

/* `.tla` may be missing, as with pcal.trans. */
static void translate_file(struct translate *translate, const char *path)
{
    struct fm_text name = {0}, old = {0};
    size_t length = strlen(path);
    bool has_ending = length > 4 && strcmp(path + length - 4, ".tla") == 0;
    size_t base = has_ending ? length - 4 : length;
    fm_text_printf(&name, "%.*s.tla", (int)base, path);
    fm_text_printf(&old, "%.*s.old", (int)base, path);
    struct file file = {.path = fm_text_string(&name), .old_path = fm_text_string(&old)};
    enum fm_file_result result = fm_file_read(file.path, FM_SOURCE_SIZE_MAX, &file.text,
                                              &file.size);
    if (result == FM_FILE_OK) {
        translate_text(translate, &file);
        fm_memory_free(file.text);
    } else {
        (void)fprintf(stderr, "fathom pcal: %s: %s\n", file.path, fm_cli_file_reason(result));
        translate->status = FM_STATUS_ERROR;
    }
    fm_text_deinit(&name);
    fm_text_deinit(&old);
}

static void translate_files(void *closure)
{
    struct translate *translate = closure;
    for (uint32_t i = 0; i < translate->files.count; i++) {
        translate_file(translate, translate->files.at[i]);
    }
}

int fm_command_pcal(int argc, char **argv)
{
    struct translate translate = {
        .argc = argc, .argv = argv, .options = fm_pcal_options_default(), .status = FM_STATUS_OK};
    if (!read_words(&translate)) {
        translate.status = FM_STATUS_COMMAND_LINE;
    } else if (translate.help) {
        fm_help_print_pcal();
    } else if (fm_thread_call(translate_files, &translate) != 0) {
        (void)fprintf(stderr, "fathom pcal: no thread: %s\n", strerror(errno));
        translate.status = FM_STATUS_ERROR;
    }
    fm_vec_deinit(&translate.files);
    return translate.status;
}
