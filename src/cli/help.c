/* fathom help [check|simulate|coverage|parse|pcal|codes], fathom version.
 *
 * Help is short: one line per command, a few words per option. The manual page says more; docs/
 * says all. What is printed are the tables themselves, options.def and diag/codes.def, so that help
 * cannot lag behind; a test compares the manual page with it. */
#include "cli/help.h"

#include "cli/command.h"
#include "cli/options.h"
#include "diag/diag.h"

#include <stdio.h>
#include <string.h>

/* Columns: where the text of an option begins, and where it is broken. */
#define TEXT_COLUMN 26
#define TEXT_END 80

/* The text in lines of words, each but the first indented. */
static void print_wrapped(const char *text)
{
    int column = TEXT_COLUMN;
    while (*text != '\0') {
        int length = (int)strcspn(text, " ");
        if (column > TEXT_COLUMN && column + length >= TEXT_END) {
            (void)printf("\n%*s", TEXT_COLUMN, "");
            column = TEXT_COLUMN;
        } else if (column > TEXT_COLUMN) {
            (void)printf(" ");
        }
        (void)printf("%.*s", length, text);
        column += length + 1;
        text += length;
        text += strspn(text, " ");
    }
    (void)printf("\n");
}

static void print_group(enum fm_option_group group, const char *title)
{
    const struct fm_option_row *rows = fm_options_table();
    (void)printf("\n%s\n", title);
    for (unsigned i = 0; i < FM_OPTION_COUNT; i++) {
        if (rows[i].group != group) {
            continue;
        }
        const char *gap = rows[i].arity == FM_ARITY_JOINED ? "" : " ";
        int width = printf("  %s%s%s", rows[i].name, rows[i].argument == NULL ? "" : gap,
                           rows[i].argument == NULL ? "" : rows[i].argument);
        if (width + 1 < TEXT_COLUMN) {
            (void)printf("%*s", TEXT_COLUMN - width, "");
        } else {
            (void)printf("\n%*s", TEXT_COLUMN, "");
        }
        print_wrapped(rows[i].text);
    }
}

void fm_help_print_check(void)
{
    (void)printf(
        "usage: fathom check [options] Spec.tla\n\n"
        "Explores every behaviour of the model that Spec.tla and Spec.cfg describe, and says\n"
        "whether what the configuration asks for holds.\n");
    print_group(FM_GROUP_FILES, "Files:");
    print_group(FM_GROUP_CHECKS, "What is checked:");
    print_group(FM_GROUP_SEARCH, "How:");
    print_group(FM_GROUP_OUTPUT, "What is printed:");
    print_group(FM_GROUP_NONE, "Accepted for TLC's sake, without effect:");
    print_group(FM_GROUP_LATER, "Options of TLC that are not supported, and what to do instead:");
    (void)printf("\nExit status:\n"
                 "  0         everything that the configuration asks for holds\n"
                 "  1         mistake on the command line\n"
                 "  2         the safety part holds, not all temporal properties were decided\n"
                 "  10        an assumption or a postcondition is false\n"
                 "  11        deadlock\n"
                 "  12        an invariant is violated\n"
                 "  13        a temporal property, or one of steps or initial states, is violated\n"
                 "  14        an Assert of the specification failed\n"
                 "  75 76     error while evaluating the specification, a safety property\n"
                 "  130       interrupted\n"
                 "  150       syntax error or meaningless specification\n"
                 "  151       undefined or ill-typed name in the configuration\n"
                 "  255       anything else: missing configuration, no memory, full disk\n");
}

void fm_help_print_simulate(void)
{
    (void)printf(
        "usage: fathom simulate [options] [num=N,file=PREFIX] Spec.tla\n\n"
        "Walks random behaviours of the model that Spec.tla and Spec.cfg describe, and says\n"
        "whether one violates what the configuration asks for. Behaviour number I depends on\n"
        "the seed and I alone, not on the number of workers.\n");
    print_group(FM_GROUP_SIMULATION, "Behaviours:");
    print_group(FM_GROUP_FILES, "Files:");
    print_group(FM_GROUP_CHECKS, "What is checked:");
    print_group(FM_GROUP_SEARCH, "How:");
    print_group(FM_GROUP_OUTPUT, "What is printed:");
    (void)printf("\nThe exit status is that of `fathom check`: 0 when no behaviour failed;\n"
                 "5 when estimates did not settle.\n");
}

void fm_help_print_coverage(void)
{
    (void)printf(
        "usage: fathom coverage [options] Spec.tla\n\n"
        "Checks as `fathom check` does, without emitted code, and lists the specification with\n"
        "the number of evaluations beside each line; what was never evaluated is marked. Options\n"
        "are those of `fathom check`, and:\n");
    print_group(FM_GROUP_COVERAGE, "The listing:");
    (void)printf("\n--json prints it as one JSON object. The exit status is that of the check.\n");
}

static void print_parse(void)
{
    (void)printf(
        "usage: fathom parse [options] FILE...\n\n"
        "Parses each file alone and reports its syntax errors. The exit status is 150 when\n"
        "there are any.\n\n"
        "  --semantics             read the modules it needs, check names and levels too\n"
        "  -I DIR                  search modules in DIR too; may be repeated\n"
        "  --ast [json]            print the syntax trees; as JSON; with --semantics beside\n"
        "                          it the root module's, with what its names mean\n"
        "  --json                  print the diagnostics as JSON, one a line\n");
}

static void print_codes(void)
{
    static const enum fm_code codes[] = {
#define FM_CODE(number, severity, title) FM_CODE_##number,
#include "diag/codes.def"
#undef FM_CODE
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        (void)printf("FM%04u  %s\n", (unsigned)codes[i], fm_code_title(codes[i]));
    }
}

static void print_commands(FILE *out)
{
    (void)fprintf(out,
                  "usage: fathom COMMAND ...\n\n"
                  "  check [options] Spec.tla   explore every behaviour, report what fails\n"
                  "  simulate [options] Spec.tla\n"
                  "                             walk random behaviours, report what fails\n"
                  "  coverage [options] Spec.tla\n"
                  "                             check, list what was evaluated and how often\n"
                  "  parse [options] FILE...    only parse\n"
                  "  pcal [options] FILE...     write the translations of PlusCal algorithms\n"
                  "  tlc [options] Spec         as TLC: its options, its output\n"
                  "  eval [options] EXPR        print the value of an expression\n"
                  "  repl [options]             of one after the other\n"
                  "  diff [--json] TRACE TRACE  where two counterexamples differ\n"
                  "  fuzz [options] [SPEC] TARGET\n"
                  "                             drive an implementation, report what breaks\n"
                  "  mapping [options] SPEC TARGET\n"
                  "                             what of an implementation a mapping sees\n"
                  "  replay [options] FINDING   run what fuzz found again, print what happens\n"
                  "  minimize [options] FINDING leave out what it does not need\n"
                  "  history [options] FILE     is what clients saw linearizable?\n"
                  "  budget [options] FILE      how long must a test run?\n"
                  "  help [check|simulate|coverage|parse|pcal|codes]\n"
                  "                             this; options of a command; codes of diagnostics\n"
                  "  version                    print the version\n");
}

int fm_command_help(int argc, char **argv)
{
    if (argc < 2) {
        print_commands(stdout);
        return FM_STATUS_OK;
    }
    static const struct {
        const char *name;
        void (*print)(void);
    } topics[] = {
        {"check", fm_help_print_check},       {"simulate", fm_help_print_simulate},
        {"coverage", fm_help_print_coverage}, {"parse", print_parse},
        {"pcal", fm_help_print_pcal},         {"codes", print_codes},
    };
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        if (strcmp(argv[1], topics[i].name) == 0) {
            topics[i].print();
            return FM_STATUS_OK;
        }
    }
    (void)fprintf(stderr, "fathom help: there is nothing on `%s`\n", argv[1]);
    print_commands(stderr);
    return FM_STATUS_COMMAND_LINE;
}

int fm_command_version(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    (void)printf("fathom %s\n", FM_VERSION);
    return FM_STATUS_OK;
}
