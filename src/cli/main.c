/* The program: finds the command and runs it.
 *
 *     fathom check Spec.tla      the usual case
 *     fathom Spec.tla            the same: what is no command, but a file or a flag, is given to
 *                                check
 *     fathom help check
 *     tlc -tool Spec             a link of that name: `fathom tlc`
 *
 * One file per command; what several commands share stands in files of its own (options.c,
 * message.c, report_*.c). Only this folder prints and decides exit statuses. */
#include "cli/command.h"

#include "diag/diag.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
};

static const struct command commands[] = {
    {"check", fm_command_check},     {"simulate", fm_command_simulate},
    {"tlc", fm_command_tlc},         {"coverage", fm_command_coverage},
    {"parse", fm_command_parse},     {"pcal", fm_command_pcal},
    {"eval", fm_command_eval},       {"repl", fm_command_repl},
    {"mapping", fm_command_mapping}, {"fuzz", fm_command_fuzz},
    {"replay", fm_command_replay},   {"minimize", fm_command_minimize},
    {"history", fm_command_history}, {"budget", fm_command_budget},
    {"diff", fm_command_diff},       {"help", fm_command_help},
    {"version", fm_command_version}, {"--version", fm_command_version},
    {"--help", fm_command_help},     {"-help", fm_command_help},
    {"-h", fm_command_help},
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static int refuse(const char *name)
{
    const char *names[COMMAND_COUNT];
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        names[i] = commands[i].name;
    }
    const char *nearest = fm_diag_nearest(name, names, COMMAND_COUNT);
    (void)fprintf(stderr, "fathom: there is no command `%s`", name);
    if (nearest != NULL) {
        (void)fprintf(stderr, "; did you mean `%s`?", nearest);
    }
    (void)fprintf(stderr, "\n`fathom help` lists the commands.\n");
    return FM_STATUS_COMMAND_LINE;
}

static bool looks_like_a_file(const char *word)
{
    return strchr(word, '.') != NULL || strchr(word, '/') != NULL;
}

/* Started under the name tlc, it is that command. */
static bool is_called_tlc(const char *path)
{
    const char *slash = strrchr(path, '/');
    return strcmp(slash == NULL ? path : slash + 1, "tlc") == 0;
}

int main(int argc, char **argv)
{
    if (argc > 0 && is_called_tlc(argv[0])) {
        return fm_command_tlc(argc, argv);
    }
    if (argc < 2) {
        char *words[] = {argv[0], NULL};
        (void)fm_command_help(1, words);
        return FM_STATUS_COMMAND_LINE;
    }
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    if (argv[1][0] == '-' || looks_like_a_file(argv[1])) {
        return fm_command_check(argc, argv);
    }
    return refuse(argv[1]);
}
