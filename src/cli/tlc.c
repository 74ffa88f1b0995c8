/* fathom tlc: TLC's own command line, and its own words.
 *
 *     fathom tlc -tool -workers 2 -config MC.cfg MC
 *     tlc MC.tla                 the same program under the name tlc
 *
 * For scripts and editors that drive TLC. The check is that of `fathom check` (cli/run.h), the
 * words are those of tlc_report.c. Options are a table (tlc_options.def) with TLC's texts of what
 * is wrong with them; TLC reads them in order and stops at the first mistake, and so do we. Those
 * of the Java virtual machine that people give together with TLC's, -DKEY=VALUE, are taken where
 * they stand, -XX:... is passed over. */
#include "cli/command.h"
#include "cli/run.h"
#include "cli/simulate.h"
#include "cli/tlc_message.h"
#include "cli/tlc_report.h"
#include "cli/trace_file.h"

#include "base/arena.h"
#include "base/file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* TLC's polynomials, numbered from 0. */
#define FP_MAX 130

enum tlc_kind { KIND_FLAG, KIND_TEXT, KIND_INTEGER, KIND_PAIR, KIND_DUMP, KIND_REFUSED };

/* ORDER(tlc_option) */
enum tlc_option {
#define TLC_OPTION(id, name, kind, argument, missing, wrong, help) OPTION_##id,
#include "cli/tlc_options.def"
#undef TLC_OPTION
    OPTION_COUNT
};

static const struct option_row {
    const char *name;
    enum tlc_kind kind;
    const char *argument, *missing, *wrong, *help;
} rows[] = {
#define TLC_OPTION(id, name, kind, argument, missing, wrong, help)                                 \
    {name, KIND_##kind, argument, missing, wrong, help},
#include "cli/tlc_options.def"
#undef TLC_OPTION
};

struct reader {
    struct fm_options *options;
    struct fm_text *message; /* what is wrong */
    int argc, next;
    char **argv;
    const char *first, *second; /* arguments of the option being read */
    int64_t number;             /* of KIND_INTEGER */
    int64_t depth;              /* of -depth, which only simulation heeds; 0: not given */
    bool help;
};

__attribute__((format(printf, 2, 3))) static bool fail(struct reader *reader, const char *format,
                                                       ...)
{
    va_list arguments;
    va_start(arguments, format);
    fm_text_vprintf(reader->message, format, arguments);
    va_end(arguments);
    return false;
}

/* Texts that are made here live as long as the options. */
static char *keep(struct reader *reader, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = fm_memory_alloc(size);
    memcpy(copy, text, size);
    fm_vec_push(&reader->options->made, copy);
    return copy;
}

static bool read_integer(const char *text, int64_t min, int64_t max, int64_t *number)
{
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    *number = value;
    return text[0] != '\0' && text[0] != ' ' && *end == '\0' && errno == 0 && value >= min &&
           value <= max;
}

/* --- options --- */

static bool take_workers(struct reader *reader)
{
    int64_t count;
    if (strcasecmp(reader->first, "auto") == 0) {
        reader->options->workers = fm_processor_count();
        return true;
    }
    if (!read_integer(reader->first, INT32_MIN, 4096, &count)) {
        return fail(reader, "%s%s", rows[OPTION_WORKERS].wrong, reader->first);
    }
    if (count < 1) {
        return fail(reader, "Error: at least one worker required.");
    }
    reader->options->workers = (uint32_t)count;
    return true;
}

static bool take_fp(struct reader *reader)
{
    if (reader->number < 0 || reader->number > FP_MAX) {
        return fail(reader, "Error: The number for -fp must be between 0 and %d (inclusive).",
                    FP_MAX);
    }
    reader->options->fp = (uint64_t)reader->number;
    return true;
}

static bool take_set_size(struct reader *reader)
{
    if (reader->number < 0 || reader->number > INT32_MAX) {
        return fail(reader,
                    "Error: Value in interval [0, %d] for maxSetSize required. But encountered %s",
                    INT32_MAX, reader->first);
    }
    reader->options->set_size_max = (uint64_t)reader->number;
    return true;
}

static bool take_interval(struct reader *reader, const char *name)
{
    if (reader->number < 0) {
        return fail(reader, "Error: expect a nonnegative integer for %s option.", name);
    }
    return true;
}

static bool take_postcondition(struct reader *reader)
{
    const char *bang = strchr(reader->first, '!');
    if (bang == NULL) {
        return fail(reader, "%s%s", rows[OPTION_POSTCONDITION].wrong, reader->first);
    }
    if (bang == reader->first || bang[1] == '\0' || strchr(bang + 1, '!') != NULL) {
        return fail(reader,
                    "Module!Operator for postCondition must be of the form module!operator. "
                    "Encountered: %s",
                    reader->first);
    }
    fm_vec_push(&reader->options->postconditions, reader->first);
    return true;
}

static bool take_dump_trace(struct reader *reader)
{
    struct fm_trace_target target = {.path = reader->second};
    if (!fm_trace_format_find(reader->first, &target.format)) {
        return fail(reader, "Error: Unknown format %s given to -dumpTrace.", reader->first);
    }
    fm_vec_push(&reader->options->trace_targets, target);
    return true;
}

static bool take_suppressed(struct reader *reader)
{
    const char *text = reader->first;
    while (*text != '\0') {
        char *end = NULL;
        unsigned long number = strtoul(text, &end, 10);
        if (end == text || (*end != ',' && *end != '\0')) {
            return fail(reader, "Error: For input string: \"%s\"", text);
        }
        fm_vec_push(&reader->options->suppressed, (uint32_t)number);
        text = *end == ',' ? end + 1 : end;
    }
    return true;
}

/* TLCGet belongs to TLC: the invariant brings its module with it. */
static bool take_level(struct reader *reader)
{
    char text[160];
    (void)snprintf(text, sizeof text,
                   "LET _T == INSTANCE TLC _N == INSTANCE Naturals IN _N!<(_T!TLCGet(\"level\"), "
                   "%" PRId64 ")",
                   reader->number);
    fm_vec_push(&reader->options->invariants, keep(reader, text));
    return true;
}

/* num=N, file=F and stats=... behind -simulate, in one word with commas. */
static bool take_simulation(struct reader *reader)
{
    static const char *const keys[] = {"num=", "file=", "stats=", "sched"};
    struct fm_options *options = reader->options;
    const char *word = reader->next < reader->argc ? reader->argv[reader->next] : "";
    bool is_ours = false;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        is_ours = is_ours || strstr(word, keys[i]) != NULL;
    }
    options->simulate = true;
    options->as_tlc = true;
    if (!is_ours) {
        return true;
    }
    reader->next++;
    char *part = keep(reader, word);
    for (char *end = part; end != NULL; part = end + 1) {
        end = strchr(part, ',');
        if (end != NULL) {
            *end = '\0';
        }
        int64_t number;
        if (strncmp(part, "num=", 4) == 0 && read_integer(part + 4, 0, INT64_MAX, &number)) {
            options->behaviours = (uint64_t)number;
        } else if (strncmp(part, "file=", 5) == 0) {
            options->trace_file = part + 5;
        } else {
            return fail(reader, "Error: -simulate %s is not supported by Fathom.", part);
        }
        if (end == NULL) {
            break;
        }
    }
    if (options->behaviours == UINT64_MAX && options->trace_file != NULL) {
        return fail(reader, "Error: You need to specify a 'num' argument when using the 'file' "
                            "argument, for example: '\"num=5,file=test.txt\"'.");
    }
    return true;
}

static bool take_flag(struct reader *reader, enum tlc_option option)
{
    struct fm_options *options = reader->options;
    if (option == OPTION_SIMULATE) {
        return take_simulation(reader);
    }
    if (option == OPTION_DEADLOCK) {
        options->deadlock = false;
    } else if (option == OPTION_CONTINUE) {
        options->keep_going = true;
    } else if (option == OPTION_DIFFTRACE) {
        options->difftrace = true;
    } else if (option == OPTION_NOWARNING) {
        options->nowarning = true;
    } else if (option == OPTION_GENERATE_TE) {
        options->explore_forced = true;
        bool more = reader->next < reader->argc &&
                    strcmp(reader->argv[reader->next], "nomonolith") == 0;
        reader->next += more ? 1 : 0;
    } else if (option == OPTION_NO_TE || option == OPTION_NO_GENERATE_TE) {
        options->explore = false;
    } else if (option == OPTION_NO_TE_BIN || option == OPTION_NO_GENERATE_TE_BIN) {
        options->explore_stream = false;
    } else if (option == OPTION_TOOL) {
        options->tool = true;
    } else if (option == OPTION_HELP || option == OPTION_HELP_SHORT) {
        reader->help = true;
    }
    return true; /* the others are without effect */
}

static bool take_number(struct reader *reader, enum tlc_option option)
{
    struct fm_options *options = reader->options;
    if (option == OPTION_SEED) {
        options->seed = reader->number;
        options->has_seed = true;
    } else if (option == OPTION_FP) {
        return take_fp(reader);
    } else if (option == OPTION_MAX_SET_SIZE) {
        return take_set_size(reader);
    } else if (option == OPTION_COVERAGE) {
        options->costs = true;
        return take_interval(reader, "-coverage");
    } else if (option == OPTION_CHECKPOINT) {
        return take_interval(reader, "-checkpoint");
    } else if (option == OPTION_DEPTH) {
        reader->depth = reader->number;
    } else if (option == OPTION_ARIL) {
        options->aril = (uint64_t)reader->number;
    } else if (option == OPTION_INVLEVEL) {
        return take_level(reader);
    }
    return true;
}

static bool take_text(struct reader *reader, enum tlc_option option)
{
    struct fm_options *options = reader->options;
    if (option == OPTION_CONFIG) {
        options->config = reader->first;
    } else if (option == OPTION_WORKERS) {
        return take_workers(reader);
    } else if (option == OPTION_INV) {
        fm_vec_push(&options->invariants, reader->first);
    } else if (option == OPTION_POSTCONDITION) {
        return take_postcondition(reader);
    } else if (option == OPTION_DUMP_TRACE) {
        return take_dump_trace(reader);
    } else if (option == OPTION_TE_DIR) {
        options->explore_path = reader->first;
    } else if (option == OPTION_USER_FILE) {
        options->user_file = reader->first;
    } else if (option == OPTION_SUPPRESS) {
        return take_suppressed(reader);
    } else if (option == OPTION_LNCHECK && strcasecmp(reader->first, "off") == 0) {
        options->lncheck = "off"; /* all other strategies decide the same at the end */
    }
    return true;
}

static bool read_arguments(struct reader *reader, const struct option_row *row)
{
    int count = row->kind == KIND_FLAG || row->kind == KIND_REFUSED ? 0
                : row->kind == KIND_PAIR                            ? 2
                                                                    : 1;
    if (row->kind == KIND_DUMP && reader->next + 1 < reader->argc &&
        fm_options_is_dump_format(reader->argv[reader->next])) {
        count = 2;
    }
    if (reader->next + count > reader->argc) {
        return fail(reader, "%s", row->missing);
    }
    reader->first = count > 0 ? reader->argv[reader->next] : NULL;
    reader->second = count > 1 ? reader->argv[reader->next + 1] : NULL;
    reader->next += count;
    return true;
}

static bool read_option(struct reader *reader, enum tlc_option option)
{
    const struct option_row *row = &rows[option];
    if (!read_arguments(reader, row)) {
        return false;
    }
    switch (row->kind) {
    case KIND_FLAG:
        return take_flag(reader, option);
    case KIND_TEXT:
    case KIND_PAIR:
        return take_text(reader, option);
    case KIND_DUMP:
        fm_options_set_dump(reader->options, reader->second == NULL ? NULL : reader->first,
                            reader->second == NULL ? reader->first : reader->second);
        return true;
    case KIND_INTEGER:
        if (!read_integer(reader->first, INT64_MIN, INT64_MAX, &reader->number)) {
            return fail(reader, "%s%s", row->wrong, reader->first);
        }
        return take_number(reader, option);
    case KIND_REFUSED:
        return fail(reader, "%s is not supported by Fathom: %s.", row->name, row->help);
    }
    return false;
}

/* TLC takes a few names in any case. */
static bool is_name(const char *word, enum tlc_option option)
{
    bool any_case = option == OPTION_NO_TE || option == OPTION_NO_TE_BIN ||
                    option == OPTION_DUMP_TRACE || option == OPTION_LOAD_TRACE ||
                    option == OPTION_POSTCONDITION;
    return any_case ? strcasecmp(word, rows[option].name) == 0
                    : strcmp(word, rows[option].name) == 0;
}

/* Of the virtual machine; and -I as in `fathom check`. False when it is none of these. */
static bool read_machine_option(struct reader *reader, const char *word)
{
    static const char library[] = "TLA-Library=";
    if (word[1] == 'D' && strchr(word, '=') != NULL) {
        fm_vec_push(&reader->options->properties, word + 2);
        if (strncmp(word + 2, library, sizeof library - 1) == 0) {
            fm_options_add_library(reader->options, word + 2 + sizeof library - 1);
        }
        return true;
    }
    if (word[1] == 'I' && word[2] != '\0') {
        fm_vec_push(&reader->options->directories, word + 2);
        return true;
    }
    return word[1] == 'X';
}

static bool read_word(struct reader *reader, const char *word)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (is_name(word, (enum tlc_option)i)) {
            return read_option(reader, (enum tlc_option)i);
        }
    }
    if (word[0] == '-') {
        return read_machine_option(reader, word) ||
               fail(reader, "Error: unrecognized option: %s", word);
    }
    if (reader->options->path != NULL) {
        return fail(reader, "Error: more than one input files: %s and %s", reader->options->path,
                    word);
    }
    reader->options->path = word;
    return true;
}

static bool read_all(struct reader *reader)
{
    while (reader->next < reader->argc) {
        if (!read_word(reader, reader->argv[reader->next++])) {
            return false;
        }
        if (reader->help) {
            return true;
        }
    }
    if (reader->options->nowarning && reader->options->suppressed.count > 0) {
        return fail(reader, "Error: -nowarning already suppresses all warnings, making"
                            " -suppressMessages redundant. Remove -nowarning to suppress only the"
                            " specified messages, or remove -suppressMessages to suppress all"
                            " warnings.");
    }
    return reader->options->path != NULL || fail(reader, "Error: Missing input TLA+ module.");
}

/* --- the command --- */

static void print_help(void)
{
    (void)printf("usage: fathom tlc [OPTION ...] SPECIFICATION\n\n"
                 "Checks as TLC does: its options, its output, its exit statuses.\n\n");
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        int width = printf("  %s%s%s", rows[i].name, rows[i].argument == NULL ? "" : " ",
                           rows[i].argument == NULL ? "" : rows[i].argument);
        (void)printf("%*s%s%s\n", width < 30 ? 30 - width : 1, "",
                     rows[i].kind == KIND_REFUSED ? "not supported: " : "", rows[i].help);
    }
}

static void print_wrong(const struct fm_options *options, const char *message)
{
    struct fm_text text = {NULL, 0, 0};
    fm_tlc_say(options, &text, FM_TLC_VERSION, FM_VERSION " (Fathom)");
    fm_tlc_say(options, &text, FM_TLC_COMMAND_LINE, message);
    (void)fputs(fm_text_string(&text), stdout);
    (void)fflush(stdout);
    fm_text_deinit(&text);
}

int fm_command_tlc(int argc, char **argv)
{
    struct fm_options options;
    struct fm_text message = {NULL, 0, 0};
    struct reader reader = {
        .options = &options, .message = &message, .argc = argc, .argv = argv, .next = 1};
    int status = FM_STATUS_COMMAND_LINE;
    fm_options_init(&options);
    options.explore = true;
    options.explore_stream = true;
    options.workers = 1;
    if (!read_all(&reader)) {
        print_wrong(&options, fm_text_string(&message));
    } else if (reader.help) {
        print_help();
    } else if (options.simulate) {
        options.has_depth = reader.depth > 0;
        options.depth = reader.depth > 0 ? reader.depth : -1;
        status = fm_run_simulation(&options, &fm_personality_tlc);
    } else {
        status = fm_run_check(&options, &fm_personality_tlc);
    }
    fm_text_deinit(&message);
    fm_options_deinit(&options);
    return status;
}
