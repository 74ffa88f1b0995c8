/* fathom parse: reads TLA+ files and says what is wrong with them.
 *
 *     fathom parse [--ast [json]] [--semantics] [--json] [-I DIR] FILE...
 *
 * Each file is parsed alone, without the modules it extends; with --semantics those are found and
 * read too, names, arities and levels are checked, and PlusCal algorithms without a translation are
 * translated in memory. Diagnostics go to standard error, and one line `FILE: ok` or `FILE: N
 * errors` for each file to standard output, for scripts. With --json the diagnostics are what
 * stands on standard output, one object a line. With --ast the syntax trees go to standard output
 * as S-expressions; with --ast json as JSON, one object a file and nothing else there, and with
 * --semantics beside it the root module's, with what its names mean (docs/formats.md). The exit
 * status is 0, or 150, as TLC's, when a file has errors or cannot be read. The scripts that hold
 * the front end against public corpora run this command. */
#include "cli/command.h"
#include "cli/session.h"

#include "base/file.h"
#include "base/thread.h"
#include "base/vec.h"
#include "diag/diag.h"
#include "semantics/describe.h"
#include "syntax/ast_json.h"
#include "syntax/parse.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct parse {
    int argc;
    char **argv;
    bool trees, tree_json, semantics, json;
    FM_VEC(const char *) directories;
    FM_VEC(const char *) files;
    int status;
};

static void print_diagnostics(const struct parse *parse, const struct fm_diags *diags)
{
    struct fm_text text = {NULL, 0, 0};
    for (uint32_t i = 0; i < fm_diags_count(diags); i++) {
        if (parse->json) {
            fm_diag_render_json(diags, fm_diags_at(diags, i), &text);
            fm_text_putc(&text, '\n');
        } else {
            fm_diag_render(diags, fm_diags_at(diags, i), &text);
        }
    }
    (void)fflush(stdout);
    (void)fputs(fm_text_string(&text), parse->json ? stdout : stderr);
    fm_text_deinit(&text);
}

static void write_part(void *closure, const char *text, size_t length)
{
    (void)closure;
    (void)fwrite(text, 1, length, stdout);
}

static void describe(void *closure, const struct fm_ast *ast, struct fm_text *out)
{
    fm_describe_node(closure, ast, out);
}

/* One object for the file; `program` when what its names mean is known, or NULL. */
static void print_json(const struct fm_session *session, const char *path,
                       const struct fm_ast *const *modules, uint32_t count,
                       struct fm_program *program)
{
    struct fm_ast_json json = {.sources = session->sources,
                               .describe = program == NULL ? NULL : describe,
                               .write = write_part,
                               .closure = program};
    struct fm_text text = {NULL, 0, 0};
    fm_text_json_string(&text, path, strlen(path));
    (void)printf("{\"fathom\":\"%s\",\"path\":%s,\"analyzed\":%s,\"modules\":[", FM_VERSION,
                 fm_text_string(&text), program == NULL ? "false" : "true");
    for (uint32_t i = 0; i < count; i++) {
        (void)fputs(i == 0 ? "" : ",", stdout);
        fm_ast_json_write(&json, modules[i]);
    }
    (void)fputs("]}\n", stdout);
    fm_text_deinit(&text);
}

static void print_trees(const struct fm_parsed *parsed)
{
    struct fm_text text = {NULL, 0, 0};
    for (uint32_t i = 0; i < parsed->module_count; i++) {
        fm_ast_print(parsed->modules[i], &text);
        fm_text_putc(&text, '\n');
    }
    (void)fputs(fm_text_string(&text), stdout);
    fm_text_deinit(&text);
}

/* True when the file alone has no errors. */
static bool parse_alone(const struct parse *parse, struct fm_cli_session *session, const char *path)
{
    char *content = NULL;
    size_t size = 0;
    enum fm_file_result result = fm_file_read(path, FM_SOURCE_SIZE_MAX, &content, &size);
    if (result != FM_FILE_OK) {
        (void)fprintf(stderr, "fathom parse: %s: %s\n", path, fm_cli_file_reason(result));
        return false;
    }
    uint32_t source = fm_source_add(session->session.sources, path, content, size);
    fm_memory_free(content);
    struct fm_parse state = {.symbols = session->session.symbols,
                             .diags = session->session.diags,
                             .arena = &session->arena};
    struct fm_parsed parsed = fm_parse_source(&state, source);
    if (parse->tree_json) {
        print_json(&session->session, path, (const struct fm_ast *const *)parsed.modules,
                   parsed.module_count, NULL);
    } else if (parse->trees) {
        print_trees(&parsed);
    }
    return !parsed.failed;
}

/* True when the file and the modules it needs have no errors. */
static bool load(const struct parse *parse, struct fm_cli_session *session, const char *path)
{
    struct fm_load_report report;
    struct fm_load_options options = {
        .path = path,
        .config_path = "",
        .include_directories = parse->directories.at,
        .include_count = parse->directories.count,
    };
    struct fm_program *program = fm_program_load(&session->session, &options, &report);
    bool good = program != NULL;
    if (good && parse->tree_json) {
        const struct fm_ast *root = fm_describe_root(program);
        print_json(&session->session, path, &root, 1, program);
    }
    if (good) {
        fm_program_free(program);
    }
    return good;
}

static void parse_file(struct parse *parse, const char *path)
{
    struct fm_cli_session session;
    fm_cli_session_open(&session, 0);
    bool good = parse->semantics ? load(parse, &session, path) : parse_alone(parse, &session, path);
    uint32_t errors = fm_diags_errors(session.session.diags);
    print_diagnostics(parse, session.session.diags);
    bool quiet = parse->json || parse->tree_json; /* standard output holds JSON alone */
    if (good && !quiet) {
        (void)printf("%s: ok\n", path);
    } else if (!quiet && errors == 0) {
        (void)printf("%s: unreadable\n", path);
    } else if (!quiet) {
        (void)printf("%s: %u error%s\n", path, errors, errors == 1 ? "" : "s");
    }
    if (!good) {
        parse->status = FM_STATUS_PARSE;
    }
    fm_cli_session_close(&session);
}

static void parse_files(void *closure)
{
    struct parse *parse = closure;
    for (uint32_t i = 0; i < parse->files.count; i++) {
        parse_file(parse, parse->files.at[i]);
    }
}

/* False after a mistake, which is printed. */
static bool read_words(struct parse *parse)
{
    for (int i = 1; i < parse->argc; i++) {
        const char *word = parse->argv[i];
        if (strcmp(word, "--ast") == 0) {
            parse->trees = true;
            if (i + 1 < parse->argc && strcmp(parse->argv[i + 1], "json") == 0) {
                parse->tree_json = true;
                i++;
            }
        } else if (strcmp(word, "--semantics") == 0) {
            parse->semantics = true;
        } else if (strcmp(word, "--json") == 0) {
            parse->json = true;
        } else if (strcmp(word, "-I") == 0 && i + 1 < parse->argc) {
            fm_vec_push(&parse->directories, parse->argv[++i]);
        } else if (word[0] == '-' && word[1] != '\0') {
            static const char *const names[] = {"--ast", "--semantics", "--json", "-I"};
            const char *nearest = fm_diag_nearest(word, names, sizeof names / sizeof *names);
            (void)fprintf(stderr, "fathom parse: unknown option `%s`%s%s%s\n", word,
                          nearest == NULL ? "" : "; did you mean `", nearest == NULL ? "" : nearest,
                          nearest == NULL ? "" : "`?");
            return false;
        } else {
            fm_vec_push(&parse->files, word);
        }
    }
    if (parse->files.count == 0) {
        (void)fprintf(
            stderr, "usage: fathom parse [--ast [json]] [--semantics] [--json] [-I DIR] FILE...\n");
        return false;
    }
    return true;
}

int fm_command_parse(int argc, char **argv)
{
    struct parse parse = {.argc = argc, .argv = argv, .status = FM_STATUS_OK};
    if (!read_words(&parse)) {
        parse.status = FM_STATUS_COMMAND_LINE;
    } else if (fm_thread_call(parse_files, &parse) != 0) {
        (void)fprintf(stderr, "fathom parse: no thread: %s\n", strerror(errno));
        parse.status = FM_STATUS_ERROR;
    }
    fm_vec_deinit(&parse.directories);
    fm_vec_deinit(&parse.files);
    return parse.status;
}
