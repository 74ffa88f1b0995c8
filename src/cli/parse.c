/* fathom parse: reads TLA+ files and says what the parser thinks of them.
 *
 *     fathom parse [--ast] FILE...
 *
 * Each file is parsed alone, without the modules it extends; diagnostics go to standard error. With
 * --ast the syntax trees go to standard output as S-expressions. One line `FILE: ok` or `FILE: N
 * errors` follows for each file on standard output, for scripts. The exit status is 0, or 150, as
 * TLC's, when a file has syntax errors or cannot be read. The corpora script runs this command. */
#include "cli/command.h"

#include "base/file.h"
#include "syntax/parse.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *reason_of(enum fm_file_result result)
{
    switch (result) {
    case FM_FILE_OK:
        break;
    case FM_FILE_MISSING:
        return "no such file";
    case FM_FILE_DIRECTORY:
        return "it is a directory";
    case FM_FILE_TOO_LARGE:
        return "it is larger than 64 MiB, above any specification";
    case FM_FILE_ERROR:
        return strerror(errno);
    }
    return "no reason";
}

static void print_diagnostics(const struct fm_diags *diags)
{
    struct fm_text text = {0};
    for (uint32_t i = 0; i < fm_diags_count(diags); i++) {
        fm_diag_render(diags, fm_diags_at(diags, i), &text);
    }
    (void)fputs(fm_text_string(&text), stderr);
    fm_text_deinit(&text);
}

static void print_trees(const struct fm_parsed *parsed)
{
    struct fm_text text = {0};
    for (uint32_t i = 0; i < parsed->module_count; i++) {
        fm_ast_print(parsed->modules[i], &text);
        fm_text_putc(&text, '\n');
    }
    (void)fputs(fm_text_string(&text), stdout);
    fm_text_deinit(&text);
}

/* True when the file has no errors. */
static bool parse_file(const char *path, bool print)
{
    char *content = NULL;
    size_t size = 0;
    enum fm_file_result result = fm_file_read(path, FM_SOURCE_SIZE_MAX, &content, &size);
    if (result != FM_FILE_OK) {
        (void)fprintf(stderr, "fathom parse: %s: %s\n", path, reason_of(result));
        (void)printf("%s: unreadable\n", path);
        return false;
    }
    struct fm_sources *sources = fm_sources_new();
    struct fm_diags *diags = fm_diags_new(sources);
    struct fm_symbols *symbols = fm_symbols_new();
    struct fm_arena arena;
    fm_arena_init(&arena, "syntax trees");
    uint32_t source = fm_source_add(sources, path, content, size);
    fm_memory_free(content);
    struct fm_parse parse = {.symbols = symbols, .diags = diags, .arena = &arena};
    struct fm_parsed parsed = fm_parse_source(&parse, source);
    if (print) {
        print_trees(&parsed);
    }
    print_diagnostics(diags);
    bool good = !parsed.failed;
    if (good) {
        (void)printf("%s: ok\n", path);
    } else {
        uint32_t errors = fm_diags_errors(diags);
        (void)printf("%s: %u error%s\n", path, errors, errors == 1 ? "" : "s");
    }
    fm_arena_deinit(&arena);
    fm_symbols_free(symbols);
    fm_diags_free(diags);
    fm_sources_free(sources);
    return good;
}

int fm_command_parse(int argc, char **argv)
{
    bool print = false, good = true;
    int files = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--ast") == 0) {
            print = true;
        } else if (argv[i][0] == '-' && argv[i][1] != '\0') {
            (void)fprintf(stderr, "fathom parse: unknown option %s\n", argv[i]);
            return FM_STATUS_COMMAND_LINE;
        } else {
            files++;
        }
    }
    if (files == 0) {
        (void)fprintf(stderr, "usage: fathom parse [--ast] FILE...\n");
        return FM_STATUS_COMMAND_LINE;
    }
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--ast") != 0) {
            good = parse_file(argv[i], print) && good;
        }
    }
    return good ? 0 : FM_STATUS_PARSE;
}
