/* fathom help [command], fathom version.
 *
 * Help is short: one line per command, one per option. The manual page says more; docs/ says all.
 * The option table itself (options.def) is what is printed, so that help cannot lag behind.
 * Help goes to standard output: it was asked for. */
#include "cli/command.h"
#include "cli/options.h"

#include <stdio.h>
#include <string.h>

static void help_check(void)
{
    (void)printf(
        "usage: fathom check [options] Spec.tla\n\n"
        "Explores every behaviour of the model that Spec.tla and Spec.cfg describe and says\n"
        "whether what the configuration asks for holds. Options:\n\n");
    fm_options_print_help();
    (void)printf(
        "\nExit status: 0 all holds; 2 safety holds, temporal properties were not checked;\n"
        "10 assumption or postcondition, 11 deadlock, 12 invariant, 13 property, 14 Assert;\n"
        "75, 76 evaluation error; 150 syntax, 151 configuration; 130 interrupted;\n"
        "1 command line; 255 anything else.\n");
}

int fm_command_help(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "check") == 0) {
        help_check();
        return 0;
    }
    if (argc > 1 && strcmp(argv[1], "parse") == 0) {
        (void)printf(
            "usage: fathom parse [--ast] FILE...\n\n"
            "Parses each file alone and reports its syntax errors; --ast prints the trees.\n");
        return 0;
    }
    (void)printf("fathom %s, a workbench for TLA+ specifications\n\n"
                 "  fathom check [options] Spec.tla   explore every behaviour, report what fails\n"
                 "  fathom parse [--ast] FILE...      only parse\n"
                 "  fathom help [command]             this text, or the command's options\n"
                 "  fathom --version\n",
                 FM_VERSION);
    return argc > 1 && argv[1][0] != '-' ? FM_EXIT_USAGE : 0;
}

int fm_command_version(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    (void)printf("fathom %s\n", FM_VERSION);
    return 0;
}
