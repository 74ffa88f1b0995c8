/* fathom eval: the value of an expression. fathom repl: of one after the other.
 *
 *     fathom eval '{x \in 1..9 : x % 2 = 0}'
 *     fathom eval --spec Raft.tla 'Quorums'
 *     fathom repl --spec Raft.tla
 *
 * On a terminal lines are edited with libedit, which remembers them, those of earlier sessions
 * too (recall.h), and completes names with the tab key; from a pipe they are read as they come. A
 * line that is a definition is kept for later ones. A mistake ends nothing but its line; the status
 * of the repl is 0, that of eval is the expression's. */
#include "cli/command.h"
#include "cli/evaluate.h"
#include "cli/flags.h"
#include "cli/recall.h"

#include "base/arena.h"

#include <ctype.h>
#include <histedit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Lines that are remembered. */
#define HISTORY_MAX 1000

static const char *const words[] = {
    "Append",    "Assert", "BOOLEAN", "CASE",         "CHOOSE",   "Cardinality", "DOMAIN",
    "ELSE",      "EXCEPT", "FALSE",   "Head",         "IF",       "IN",          "IsFiniteSet",
    "LAMBDA",    "LET",    "Len",     "Permutations", "PrintT",   "SUBSET",      "Seq",
    "SelectSeq", "SubSeq", "TRUE",    "Tail",         "ToString", "UNION",
};

enum { WORD_COUNT = sizeof words / sizeof *words };

struct settings {
    const char *specification, *config;
    bool json;
};

/* --- completion --- */

static const char *name_at(const struct fm_scope *scope, uint32_t i)
{
    return i < WORD_COUNT ? words[i] : scope->definitions.at[i - WORD_COUNT];
}

/* How far the names that begin with the word go on together; NULL when there are none. Names of
 * definitions end where their parameters begin. */
static const char *find_rest(const struct fm_scope *scope, const char *word, size_t length,
                             size_t *rest)
{
    const char *found = NULL;
    for (uint32_t i = 0; i < WORD_COUNT + scope->definitions.count; i++) {
        const char *name = name_at(scope, i);
        size_t end = strcspn(name, " ([=");
        if (end < length || strncmp(name, word, length) != 0) {
            continue;
        }
        size_t same = 0;
        while (found != NULL && same < *rest && length + same < end &&
               found[same] == name[length + same]) {
            same++;
        }
        *rest = found == NULL ? end - length : same;
        found = found == NULL ? name + length : found;
    }
    return found;
}

/* The tab key. */
static unsigned char complete(EditLine *editor, int key)
{
    const LineInfo *line = el_line(editor);
    const struct fm_scope *scope = NULL;
    const char *begin = line->cursor;
    size_t rest = 0;
    (void)key;
    (void)el_get(editor, EL_CLIENTDATA, &scope);
    while (begin > line->buffer && (isalnum((unsigned char)begin[-1]) || begin[-1] == '_')) {
        begin--;
    }
    const char *found = begin == line->cursor
                            ? NULL
                            : find_rest(scope, begin, (size_t)(line->cursor - begin), &rest);
    if (found == NULL || rest == 0) {
        return CC_REFRESH_BEEP;
    }
    char *added = fm_memory_alloc(rest + 1);
    memcpy(added, found, rest);
    added[rest] = '\0';
    bool good = el_insertstr(editor, added) == 0;
    fm_memory_free(added);
    return good ? CC_REFRESH : CC_ERROR;
}

static const char *prompt(EditLine *editor)
{
    (void)editor;
    return "> ";
}

/* --- lines --- */

static void print_help(void)
{
    (void)printf("An expression prints its value; a definition, Name(x) == ..., is kept.\n"
                 ":definitions shows those kept, :quit ends, as does the end of the input.\n");
}

/* false: no more. */
static bool take_line(struct fm_scope *scope, const char *line, bool json)
{
    line += strspn(line, " \t");
    if (strcmp(line, ":quit") == 0 || strcmp(line, ":q") == 0) {
        return false;
    }
    if (strcmp(line, ":definitions") == 0) {
        for (uint32_t i = 0; i < scope->definitions.count; i++) {
            (void)printf("%s\n", scope->definitions.at[i]);
        }
    } else if (line[0] == ':') {
        print_help();
    } else if (fm_scope_is_definition(line)) {
        (void)fm_scope_define(scope, line);
    } else if (line[0] != '\0') {
        (void)fm_scope_evaluate(scope, line, json);
    }
    return true;
}

static void read_pipe(struct fm_scope *scope, bool json)
{
    char *line = NULL;
    size_t size = 0;
    bool more = true;
    while (more && getline(&line, &size, stdin) >= 0) {
        line[strcspn(line, "\r\n")] = '\0';
        more = take_line(scope, line, json);
    }
    free(line);
}

static void read_lines(struct fm_scope *scope, EditLine *editor, History *remembered, bool json)
{
    struct fm_recall recall;
    fm_recall_open(&recall, remembered, HISTORY_MAX);
    const char *read;
    int count;
    bool more = true;
    while (more && (read = el_gets(editor, &count)) != NULL && count > 0) {
        struct fm_text line = {NULL, 0, 0};
        HistEvent event;
        fm_text_add(&line, read, strcspn(read, "\r\n"));
        if (line.length > 0) {
            (void)history(remembered, &event, H_ENTER, fm_text_string(&line));
            fm_recall_add(&recall, fm_text_string(&line));
        }
        more = take_line(scope, fm_text_string(&line), json);
        fm_text_deinit(&line);
    }
    if (more) {
        (void)printf("\n");
    }
    fm_recall_close(&recall);
}

/* Without memory for the editor lines are read as they come. */
static void read_terminal(struct fm_scope *scope, bool json)
{
    EditLine *editor = el_init("fathom", stdin, stdout, stderr);
    History *remembered = history_init();
    if (editor != NULL && remembered != NULL) {
        HistEvent event;
        (void)history(remembered, &event, H_SETSIZE, HISTORY_MAX);
        (void)el_set(editor, EL_PROMPT, prompt);
        (void)el_set(editor, EL_EDITOR, "emacs");
        (void)el_set(editor, EL_HIST, history, remembered);
        (void)el_set(editor, EL_CLIENTDATA, scope);
        /* The narrow form of this one makes copies that are never freed. */
        (void)el_wset(editor, EL_ADDFN, L"complete", L"completes a name", complete);
        (void)el_set(editor, EL_BIND, "^I", "complete", NULL);
        read_lines(scope, editor, remembered, json);
    } else {
        read_pipe(scope, json);
    }
    if (remembered != NULL) {
        history_end(remembered);
    }
    if (editor != NULL) {
        el_end(editor);
    }
}

/* --- the commands --- */

static void print_usage(const char *usage, const struct fm_flags *flags)
{
    struct fm_text text = {NULL, 0, 0};
    fm_flags_print(flags->flags, flags->count, &text);
    (void)printf("usage: %s\n\n%s", usage, fm_text_string(&text));
    fm_text_deinit(&text);
}

/* 0: go on. Otherwise the status, plus one. */
static int read_command(int argc, char **argv, const char *usage, struct settings *settings,
                        const char **expression)
{
    const struct fm_flag table[] = {
        {"--spec", FM_FLAG_TEXT, "FILE", &settings->specification, 0, 0,
         "a specification whose definitions are visible"},
        {"--config", FM_FLAG_TEXT, "FILE", &settings->config, 0, 0,
         "values of its constants, instead of the file beside it"},
        {"--json", FM_FLAG_SWITCH, NULL, &settings->json, 0, 0, "print values as JSON"},
    };
    struct fm_flags flags = {.flags = table,
                             .count = sizeof table / sizeof *table,
                             .words = expression,
                             .words_max = expression == NULL ? 0 : 1};
    struct fm_text wrong = {NULL, 0, 0};
    int result = 0;
    bool good = fm_flags_parse(&flags, argc, argv, &wrong);
    if (good && flags.help) {
        print_usage(usage, &flags);
        result = 1 + FM_STATUS_OK;
    } else if (!good || (expression != NULL && flags.words_count == 0)) {
        (void)fprintf(stderr, "%s: %s\nusage: %s\n", argv[0],
                      good ? "no expression was given" : fm_text_string(&wrong), usage);
        result = 1 + FM_STATUS_COMMAND_LINE;
    }
    fm_text_deinit(&wrong);
    return result;
}

int fm_command_eval(int argc, char **argv)
{
    struct settings settings = {0};
    const char *expression = NULL;
    int result = read_command(argc, argv, "fathom eval [--spec FILE] [--config FILE] [--json] EXPR",
                              &settings, &expression);
    if (result != 0) {
        return result - 1;
    }
    struct fm_scope scope = {.specification = settings.specification, .config = settings.config};
    int status = fm_scope_evaluate(&scope, expression, settings.json);
    fm_scope_deinit(&scope);
    return status;
}

int fm_command_repl(int argc, char **argv)
{
    struct settings settings = {0};
    int result = read_command(argc, argv, "fathom repl [--spec FILE] [--config FILE] [--json]",
                              &settings, NULL);
    if (result != 0) {
        return result - 1;
    }
    struct fm_scope scope = {.specification = settings.specification, .config = settings.config};
    if (isatty(STDIN_FILENO)) {
        read_terminal(&scope, settings.json);
    } else {
        read_pipe(&scope, settings.json);
    }
    fm_scope_deinit(&scope);
    return FM_STATUS_OK;
}
