/* Reading the command line from the table options.def.
 *
 * Rules: a flag is one word and its argument the next; only -D and -I may have theirs in the same
 * word, as compilers have it. The one word that is no flag names the specification. A flag that is
 * not in the table is refused with the nearest one that is; a flag of TLC that comes later is
 * refused by name with what to do instead, so that nobody waits for a check that is not made. */
#include "cli/options.h"

#include "base/file.h"
#include "base/random.h"
#include "diag/diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum option {
#define FM_OPTION(id, flag, argument, help) OPTION_##id,
#define FM_OPTION_LATER(flag, arguments, instead)
#include "cli/options.def"
#undef FM_OPTION_LATER
#undef FM_OPTION
    OPTION_COUNT
};

struct option_row {
    const char *flag;
    const char *argument;
    const char *help;
};

static const struct option_row rows[] = {
#define FM_OPTION(id, flag, argument, help) {flag, argument, help},
#define FM_OPTION_LATER(flag, arguments, instead)
#include "cli/options.def"
#undef FM_OPTION_LATER
#undef FM_OPTION
};

struct later_row {
    const char *flag;
    int arguments;
    const char *instead;
};

static const struct later_row later_rows[] = {
#define FM_OPTION(id, flag, argument, help)
#define FM_OPTION_LATER(flag, arguments, instead) {flag, arguments, instead},
#include "cli/options.def"
#undef FM_OPTION_LATER
#undef FM_OPTION
};

enum { LATER_COUNT = sizeof later_rows / sizeof later_rows[0] };

/* Workers at most: beyond it a number is a slip of the finger. */
#define WORKERS_MAX 1024u

static void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fputs("fathom check: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fputs("\n", stderr);
    va_end(arguments);
}

static bool parse_number(const char *flag, const char *text, uint64_t max, uint64_t *number)
{
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value > max) {
        complain("%s takes a number from 0 to %llu, not `%s`", flag, (unsigned long long)max, text);
        return false;
    }
    *number = value;
    return true;
}

/* TLC's seeds are signed. */
static bool parse_seed(const char *flag, const char *text, uint64_t *seed)
{
    bool negative = text[0] == '-';
    uint64_t magnitude;
    if (!parse_number(flag, negative ? text + 1 : text, UINT64_MAX, &magnitude)) {
        return false;
    }
    *seed = negative ? 0 - magnitude : magnitude;
    return true;
}

static bool parse_workers(struct fm_options *options, const char *text)
{
    uint64_t number;
    if (strcmp(text, "auto") == 0) {
        options->workers = fm_processor_count();
        return true;
    }
    if (!parse_number("-workers", text, WORKERS_MAX, &number)) {
        return false;
    }
    if (number == 0) {
        complain("-workers takes at least one worker");
        return false;
    }
    options->workers = (uint32_t)number;
    return true;
}

static bool parse_memory(struct fm_options *options, const char *text)
{
    static const char units[] = "KMGT";
    size_t length = strlen(text);
    const char *unit = length > 0 ? strchr(units, text[length - 1]) : NULL;
    char digits[32] = "";
    unsigned shift = unit == NULL ? 0 : 10 * (1 + (unsigned)(unit - units));
    if (length == 0 || length >= sizeof digits) {
        complain("--memory takes a size such as 8G");
        return false;
    }
    memcpy(digits, text, unit == NULL ? length : length - 1);
    uint64_t number;
    if (!parse_number("--memory", digits, UINT64_MAX >> shift, &number)) {
        return false;
    }
    options->memory_max = number << shift;
    return true;
}

static bool parse_dump(struct fm_options *options, const char *format, const char *path)
{
    if (path == NULL) {
        complain("-dumpTrace takes a format and a file: -dumpTrace json FILE");
        return false;
    }
    if (strcmp(format, "json") != 0) {
        complain("-dumpTrace %s is not supported yet; use -dumpTrace json FILE", format);
        return false;
    }
    options->dump_path = path;
    return true;
}

static bool set_flag(struct fm_options *options, enum option option)
{
    switch (option) {
    case OPTION_DEADLOCK:
        options->deadlock = false;
        return true;
    case OPTION_CONTINUE:
        options->keep_going = true;
        return true;
    case OPTION_DIFFTRACE:
        options->difftrace = true;
        return true;
    case OPTION_TERSE:
        options->terse = true;
        return true;
    case OPTION_NO_WARNING:
        options->nowarning = true;
        return true;
    case OPTION_JSON:
        options->json = true;
        return true;
    case OPTION_ALLOW_EXEC:
        options->allow_exec = true;
        return true;
    case OPTION_NO_SYMMETRY:
        options->no_symmetry = true;
        return true;
    case OPTION_STATES:
        options->states = true;
        return true;
    case OPTION_HELP:
        options->help = true;
        return true;
    case OPTION_CONFIG:
    case OPTION_WORKERS:
    case OPTION_DEPTH:
    case OPTION_INVARIANT:
    case OPTION_POSTCONDITION:
    case OPTION_MAX_SET_SIZE:
    case OPTION_DUMP_TRACE:
    case OPTION_COVERAGE:
    case OPTION_FP:
    case OPTION_SEED:
    case OPTION_DEFINE:
    case OPTION_INCLUDE:
    case OPTION_MEMORY:
    case OPTION_MODELCHECK:
    case OPTION_METADIR:
    case OPTION_CLEANUP:
    case OPTION_CHECKPOINT:
    case OPTION_LNCHECK:
    case OPTION_FPBITS:
    case OPTION_FPMEM:
    case OPTION_GZIP:
    case OPTION_NO_TE:
    case OPTION_NO_TE_BIN:
    case OPTION_NO_SPEC_TE:
    case OPTION_NO_SPEC_TE_BIN:
    case OPTION_TE_DIR:
    case OPTION_COUNT:
        break;
    }
    return true;
}

/* `second` is the word after the argument, for -dumpTrace. */
static bool set_argument(struct fm_options *options, enum option option, const char *argument,
                         const char *second)
{
    uint64_t number;
    if (option == OPTION_CONFIG) {
        options->config = argument;
    } else if (option == OPTION_WORKERS) {
        return parse_workers(options, argument);
    } else if (option == OPTION_DEPTH) {
        if (!parse_number("-depth", argument, UINT32_MAX, &number)) {
            return false;
        }
        options->depth = (int64_t)number;
    } else if (option == OPTION_INVARIANT) {
        fm_vec_push(&options->invariants, argument);
    } else if (option == OPTION_POSTCONDITION) {
        fm_vec_push(&options->postconditions, argument);
    } else if (option == OPTION_MAX_SET_SIZE) {
        return parse_number("-maxSetSize", argument, UINT32_MAX, &options->set_size_max);
    } else if (option == OPTION_DUMP_TRACE) {
        return parse_dump(options, argument, second);
    } else if (option == OPTION_COVERAGE) {
        options->coverage = true;
        return parse_number("-coverage", argument, UINT32_MAX, &number);
    } else if (option == OPTION_FP) {
        return parse_seed("-fp", argument, &options->fp);
    } else if (option == OPTION_SEED) {
        return parse_seed("-seed", argument, &options->seed);
    } else if (option == OPTION_DEFINE) {
        fm_vec_push(&options->properties, argument);
    } else if (option == OPTION_INCLUDE) {
        fm_vec_push(&options->directories, argument);
    } else if (option == OPTION_MEMORY) {
        return parse_memory(options, argument);
    }
    return true;
}

static enum option find_option(const char *word)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (strcmp(word, rows[i].flag) == 0) {
            return (enum option)i;
        }
    }
    if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0) {
        return OPTION_HELP;
    }
    return OPTION_COUNT;
}

static void refuse_option(const char *word)
{
    for (unsigned i = 0; i < LATER_COUNT; i++) {
        if (strcmp(word, later_rows[i].flag) == 0) {
            complain("%s is not supported yet: %s", word, later_rows[i].instead);
            return;
        }
    }
    const char *names[OPTION_COUNT];
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        names[i] = rows[i].flag;
    }
    const char *nearest = fm_diag_nearest(word, names, OPTION_COUNT);
    if (nearest != NULL) {
        complain("there is no option %s; did you mean %s?", word, nearest);
    } else {
        complain("there is no option %s; `fathom help check` lists them", word);
    }
}

/* -DKEY=VALUE and -IDIR: the argument in the same word. */
static bool set_joined(struct fm_options *options, const char *word)
{
    if (word[0] != '-' || word[1] == '\0' || word[2] == '\0') {
        return false;
    }
    if (word[1] == 'D' && strchr(word, '=') != NULL) {
        fm_vec_push(&options->properties, word + 2);
        return true;
    }
    if (word[1] == 'I') {
        fm_vec_push(&options->directories, word + 2);
        return true;
    }
    return false;
}

/* Handles argv[i]; the number of words used, or 0 after a mistake. */
static int take_word(struct fm_options *options, int argc, char **argv, int i)
{
    const char *word = argv[i];
    if (word[0] != '-' || word[1] == '\0') {
        if (options->path != NULL) {
            complain("two specifications: %s and %s; one is checked at a time", options->path,
                     word);
            return 0;
        }
        options->path = word;
        return 1;
    }
    enum option option = find_option(word);
    if (option == OPTION_COUNT) {
        if (set_joined(options, word)) {
            return 1;
        }
        refuse_option(word);
        return 0;
    }
    if (rows[option].argument == NULL) {
        return set_flag(options, option) ? 1 : 0;
    }
    if (i + 1 >= argc) {
        complain("%s takes an argument: %s %s", word, word, rows[option].argument);
        return 0;
    }
    const char *second = i + 2 < argc ? argv[i + 2] : NULL;
    if (!set_argument(options, option, argv[i + 1], second)) {
        return 0;
    }
    return option == OPTION_DUMP_TRACE ? 3 : 2;
}

enum fm_options_result fm_options_parse(struct fm_options *options, int argc, char **argv)
{
    *options = (struct fm_options){
        .workers = fm_processor_count(),
        .deadlock = true,
        .depth = -1,
        .set_size_max = 1000000, /* TLC's default */
        .seed = fm_random_system_seed(),
    };
    for (int i = 1; i < argc;) {
        int used = take_word(options, argc, argv, i);
        if (used == 0) {
            return FM_OPTIONS_WRONG;
        }
        i += used;
    }
    if (options->path == NULL && !options->help) {
        complain("no specification given; usage: fathom check [options] Spec.tla");
        return FM_OPTIONS_WRONG;
    }
    return FM_OPTIONS_OK;
}

void fm_options_deinit(struct fm_options *options)
{
    fm_vec_deinit(&options->invariants);
    fm_vec_deinit(&options->postconditions);
    fm_vec_deinit(&options->directories);
    fm_vec_deinit(&options->properties);
}

void fm_options_print_help(void)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (rows[i].help != NULL) {
            char flag[64];
            (void)snprintf(flag, sizeof flag, "%s %s", rows[i].flag,
                           rows[i].argument == NULL ? "" : rows[i].argument);
            (void)printf("  %-24s%s\n", flag, rows[i].help);
        }
    }
    (void)printf("\nAccepted, without effect here:\n ");
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (rows[i].help == NULL) {
            (void)printf(" %s", rows[i].flag);
        }
    }
    (void)printf("\n");
}
