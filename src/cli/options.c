/* The command line of `fathom check`, read against the table options.def.
 *
 * TLC's users bring their habits and their scripts, so TLC's flags keep their spelling (one dash)
 * and their number of arguments, also those that mean nothing here: they are accepted in silence
 * where leaving them out changes nothing, and refused by name, with a way out, where it would
 * change the result. Nothing that was asked for is ignored. A misspelt option is named with the
 * nearest one.
 *
 * TLC compares some of its flags without regard to case (-noTE, -dumpTrace, -postCondition); here
 * all of more than one letter are, because a second spelling is never ambiguous in this table. */
#include "cli/options.h"
#include "cli/trace_file.h"

#include "base/file.h"
#include "diag/diag.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Threads at most: far above any machine, far below what overflows tables. */
#define WORKERS_MAX 1024u
/* TLC's bound for sets that are enumerated. */
#define SET_SIZE_MAX 1000000u
/* Where TLC's users name the folders of their libraries: -DTLA-Library=DIR:DIR. */
#define LIBRARY "TLA-Library="

static const struct fm_option_row rows[] = {
#define FM_OPTION(id, name, argument, arity, group, text)                                          \
    [FM_OPTION_##id] = {name, argument, FM_ARITY_##arity, FM_GROUP_##group, text},
#include "cli/options.def"
#undef FM_OPTION
};

const struct fm_option_row *fm_options_table(void)
{
    return rows;
}

struct reader {
    int argc;
    char **argv;
    int next;                   /* index of the next word */
    const char *name;           /* of the option being read, as it was spelt */
    const char *value, *second; /* its arguments */
    struct fm_options *options;
    struct fm_text *message;
};

static bool fail(struct reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Always false. */
static bool fail(struct reader *reader, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fm_text_vprintf(reader->message, format, arguments);
    va_end(arguments);
    return false;
}

/* --- values --- */

static bool read_number(struct reader *reader, uint64_t max, uint64_t *number)
{
    const char *text = reader->value;
    char *end = NULL;
    errno = 0;
    *number = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0') {
        return fail(reader, "%s takes a number, not `%s`", reader->name, text);
    }
    if (errno == ERANGE || *number > max) {
        return fail(reader, "%s takes at most %" PRIu64 ", not %s", reader->name, max, text);
    }
    return true;
}

static bool read_seed(struct reader *reader)
{
    char *end = NULL;
    errno = 0;
    long long seed = strtoll(reader->value, &end, 10);
    if (reader->value[0] == '\0' || *end != '\0' || errno == ERANGE) {
        return fail(reader, "%s takes a number of 64 bits, not `%s`", reader->name, reader->value);
    }
    reader->options->seed = seed;
    reader->options->has_seed = true;
    return true;
}

/* 123, 500K, 20M, 8G, 1T; the powers are binary, a closing B or iB means nothing more. */
static bool read_bytes(struct reader *reader, uint64_t *bytes)
{
    static const char units[] = "KMGT";
    const char *text = reader->value;
    char *end = NULL;
    errno = 0;
    uint64_t number = strtoull(text, &end, 10);
    bool good = text[0] >= '0' && text[0] <= '9' && errno != ERANGE && number > 0;
    const char *unit = *end == '\0' ? NULL : strchr(units, *end & ~0x20);
    unsigned shift = 0;
    if (unit != NULL) {
        shift = 10u * (unsigned)(unit - units + 1);
        end++;
    }
    good = good && (*end == '\0' || strcasecmp(end, "B") == 0 || strcasecmp(end, "iB") == 0);
    if (!good || number > UINT64_MAX >> shift) {
        return fail(reader, "%s takes an amount of memory such as 500M or 8G, not `%s`",
                    reader->name, text);
    }
    *bytes = number << shift;
    return true;
}

static bool read_workers(struct reader *reader)
{
    if (strcasecmp(reader->value, "auto") == 0) {
        reader->options->workers = fm_processor_count();
        return true;
    }
    if (reader->value[0] < '0' || reader->value[0] > '9') {
        return fail(reader, "%s takes a number of threads or auto, not `%s`", reader->name,
                    reader->value);
    }
    uint64_t number;
    if (!read_number(reader, WORKERS_MAX, &number)) {
        return false;
    }
    if (number == 0) {
        return fail(reader, "%s takes at least 1", reader->name);
    }
    reader->options->workers = (uint32_t)number;
    return true;
}

static bool read_depth(struct reader *reader)
{
    uint64_t number;
    reader->options->has_depth = true;
    if (reader->options->simulate && strcmp(reader->value, "-1") == 0) {
        reader->options->depth = -1;
        return true;
    }
    if (!read_number(reader, INT64_MAX, &number)) {
        return false;
    }
    if (number == 0) {
        return fail(reader, "%s takes at least 1, the initial states", reader->name);
    }
    reader->options->depth = (int64_t)number;
    return true;
}

static bool read_dump(struct reader *reader)
{
    struct fm_trace_target target = {.path = reader->second};
    if (!fm_trace_format_find(reader->value, &target.format)) {
        return fail(reader, "%s takes one of the formats %s, not `%s`", reader->name,
                    fm_trace_format_names(), reader->value);
    }
    fm_vec_push(&reader->options->trace_targets, target);
    return true;
}

static bool begins_with(const char *word, const char *beginning)
{
    return strncasecmp(word, beginning, strlen(beginning)) == 0;
}

bool fm_options_is_dump_format(const char *word)
{
    return begins_with(word, "dot") || strcasecmp(word, "json") == 0;
}

void fm_options_set_dump(struct fm_options *options, const char *format, const char *file)
{
    const char *ending = ".dump";
    options->dump_format = FM_DUMP_STATES;
    if (format != NULL && begins_with(format, "dot")) {
        ending = ".dot";
        options->dump_format = FM_DUMP_DOT;
        options->dump_colorize = strcasestr(format, "colorize") != NULL;
        options->dump_labels = strcasestr(format, "actionlabels") != NULL;
        options->dump_constrained = strcasestr(format, "constrained") != NULL;
        options->dump_strict = strcasestr(format, "strict") != NULL;
        options->dump_snapshot = strcasestr(format, "snapshot") != NULL;
    } else if (format != NULL) {
        ending = ".json";
        options->dump_format = FM_DUMP_JSON;
    }
    size_t length = strlen(file), end = strlen(ending);
    bool has_ending = length >= end && strcmp(file + length - end, ending) == 0;
    char *path = fm_memory_alloc(length + end + 1);
    memcpy(path, file, length);
    memcpy(path + length, has_ending ? "" : ending, has_ending ? 1 : end + 1);
    fm_vec_push(&options->made, path);
    options->dump_file = path;
}

static bool read_lncheck(struct reader *reader)
{
    static const char *const whens[] = {"default", "final", "seqfinal", "off"};
    for (size_t i = 0; i < sizeof whens / sizeof *whens; i++) {
        if (strcasecmp(reader->value, whens[i]) == 0) {
            reader->options->lncheck = whens[i];
            return true;
        }
    }
    return fail(reader, "%s takes default, final, seqfinal or off, not `%s`", reader->name,
                reader->value);
}

static bool read_postcondition(struct reader *reader)
{
    const char *bang = strchr(reader->value, '!');
    if (bang == NULL || bang == reader->value || bang[1] == '\0') {
        return fail(reader, "%s takes MODULE!OPERATOR, not `%s`", reader->name, reader->value);
    }
    fm_vec_push(&reader->options->postconditions, reader->value);
    return true;
}

void fm_options_add_library(struct fm_options *options, const char *list)
{
    while (*list != '\0') {
        size_t length = strcspn(list, ":");
        if (length > 0) {
            char *directory = fm_memory_alloc(length + 1);
            memcpy(directory, list, length);
            directory[length] = '\0';
            fm_vec_push(&options->directories, directory);
            fm_vec_push(&options->made, directory);
        }
        list += length + (list[length] == ':');
    }
}

static bool read_property(struct reader *reader)
{
    if (strchr(reader->value, '=') == NULL) {
        return fail(reader, "-D takes KEY=VALUE, not `%s`", reader->value);
    }
    fm_vec_push(&reader->options->properties, reader->value);
    if (strncmp(reader->value, LIBRARY, strlen(LIBRARY)) == 0) {
        fm_options_add_library(reader->options, reader->value + strlen(LIBRARY));
    }
    return true;
}

/* --- simulation --- */

static bool read_uniform(struct reader *reader)
{
    bool actions = strcmp(reader->value, "actions") == 0;
    reader->options->uniform_actions = actions;
    reader->options->uniform_successors = !actions;
    if (!actions && strcmp(reader->value, "successors") != 0) {
        return fail(reader, "%s takes successors or actions, not `%s`", reader->name,
                    reader->value);
    }
    return true;
}

/* 1%, 0.5%, 1: a part of a hundred, between 0 and 100 exclusively. */
static bool read_percent(struct reader *reader, double *part)
{
    char *end = NULL;
    *part = strtod(reader->value, &end) / 100;
    if (end == reader->value || strcmp(*end == '%' ? end + 1 : end, "") != 0 || !(*part > 0) ||
        !(*part < 1)) {
        return fail(reader, "%s takes a percentage between 0 and 100, not `%s`", reader->name,
                    reader->value);
    }
    return true;
}

static bool take_simulated(struct reader *reader, enum fm_option option)
{
    struct fm_options *options = reader->options;
    if (option == FM_OPTION_NUM) {
        return read_number(reader, UINT64_MAX, &options->behaviours);
    }
    if (option == FM_OPTION_ONLY) {
        return read_number(reader, UINT64_MAX - 1, &options->only);
    }
    if (option == FM_OPTION_ARIL) {
        return read_number(reader, UINT64_MAX, &options->aril);
    }
    if (option == FM_OPTION_UNIFORM) {
        return read_uniform(reader);
    }
    if (option == FM_OPTION_UNTIL) {
        return read_percent(reader, &options->until);
    }
    if (option == FM_OPTION_CONFIDENCE) {
        return read_percent(reader, &options->confidence);
    }
    if (option == FM_OPTION_STATS) {
        options->stats_file = reader->value;
    } else if (option == FM_OPTION_SVG) {
        options->svg_file = reader->value;
    } else if (option == FM_OPTION_FILE) {
        options->trace_file = reader->value;
    } else {
        options->note_file = reader->value;
    }
    return true;
}

/* TLC's way: "num=5,file=trace" in one word. */
static bool is_simulation_word(const char *word)
{
    return strncmp(word, "num=", 4) == 0 || strncmp(word, "file=", 5) == 0;
}

static bool read_simulation_word(struct reader *reader, const char *word)
{
    while (*word != '\0') {
        size_t length = strcspn(word, ",");
        const char *equals = memchr(word, '=', length);
        enum fm_option option = FM_OPTION_NUM;
        if (strncmp(word, "file=", 5) == 0) {
            option = FM_OPTION_FILE;
        } else if (strncmp(word, "num=", 4) != 0) {
            return fail(reader, "`%.*s` is neither num=N nor file=PREFIX", (int)length, word);
        }
        size_t begin = (size_t)(equals + 1 - word);
        char *value = fm_memory_calloc(length - begin + 1, 1);
        memcpy(value, word + begin, length - begin);
        fm_vec_push(&reader->options->made, value);
        reader->name = option == FM_OPTION_NUM ? "num=" : "file=";
        reader->value = value;
        if (!take_simulated(reader, option)) {
            return false;
        }
        word += length + (word[length] == ',');
    }
    return true;
}

/* What only a search of all states can do, by name. */
static bool is_of_search(enum fm_option option)
{
    return option == FM_OPTION_STATES || option == FM_OPTION_TABLE || option == FM_OPTION_EXACT ||
           option == FM_OPTION_MODELCHECK;
}

/* --- options --- */

static bool take_number(struct reader *reader, enum fm_option option)
{
    uint64_t number;
    uint64_t max = option == FM_OPTION_MAX_SET_SIZE ? INT32_MAX : UINT64_MAX;
    if (!read_number(reader, max, &number)) {
        return false;
    }
    if (option == FM_OPTION_FP) {
        reader->options->fp = number;
    } else {
        reader->options->set_size_max = number;
    }
    return true;
}

/* Options that only set a flag; false when it is another kind. */
static bool take_flag(struct fm_options *options, enum fm_option option)
{
    if (option == FM_OPTION_DEADLOCK) {
        options->deadlock = false;
        return true;
    }
    const struct {
        enum fm_option option;
        bool *flag;
    } flags[] = {
        {FM_OPTION_CONTINUE, &options->keep_going},
        {FM_OPTION_ALLOW_EXEC, &options->allow_exec},
        {FM_OPTION_NO_SYMMETRY, &options->no_symmetry},
        {FM_OPTION_RETRANSLATE, &options->retranslate},
        {FM_OPTION_NO_THUNK_CACHE, &options->no_thunk_cache},
        {FM_OPTION_NO_NATIVE, &options->no_native},
        {FM_OPTION_NATIVE_WAIT, &options->native_wait},
        {FM_OPTION_EXACT, &options->exact},
        {FM_OPTION_EXPLAIN_NATIVE, &options->explain_native},
        {FM_OPTION_JSON, &options->json},
        {FM_OPTION_DIFFTRACE, &options->difftrace},
        {FM_OPTION_COVERAGE, &options->coverage},
        {FM_OPTION_NOWARNING, &options->nowarning},
        {FM_OPTION_TERSE, &options->terse},
        {FM_OPTION_STATES, &options->states},
        {FM_OPTION_VERBOSE, &options->verbose},
        {FM_OPTION_AS_TLC, &options->as_tlc},
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (flags[i].option == option) {
            *flags[i].flag = true;
            return true;
        }
    }
    return false;
}

static bool take_valued(struct reader *reader, enum fm_option option)
{
    struct fm_options *options = reader->options;
    if (option == FM_OPTION_CONFIG) {
        options->config = reader->value;
    } else if (option == FM_OPTION_USER_FILE) {
        options->user_file = reader->value;
    } else if (option == FM_OPTION_KEEP_NATIVE) {
        options->keep_native = reader->value;
    } else if (option == FM_OPTION_HTML) {
        options->html_file = reader->value;
    } else if (option == FM_OPTION_INCLUDE) {
        fm_vec_push(&options->directories, reader->value);
    } else if (option == FM_OPTION_INVARIANT) {
        fm_vec_push(&options->invariants, reader->value);
    } else if (option == FM_OPTION_POSTCONDITION) {
        return read_postcondition(reader);
    } else if (option == FM_OPTION_LNCHECK) {
        return read_lncheck(reader);
    } else if (option == FM_OPTION_PROPERTY) {
        return read_property(reader);
    } else if (option == FM_OPTION_DUMP) {
        fm_options_set_dump(options, reader->value, reader->second);
    } else if (option == FM_OPTION_DUMP_TRACE) {
        return read_dump(reader);
    } else if (option == FM_OPTION_WORKERS) {
        return read_workers(reader);
    } else if (option == FM_OPTION_DEPTH) {
        return read_depth(reader);
    } else if (option == FM_OPTION_SEED) {
        return read_seed(reader);
    } else if (option == FM_OPTION_MEMORY) {
        return read_bytes(reader, &options->memory_max);
    } else if (option == FM_OPTION_TABLE) {
        return read_bytes(reader, &options->table_bytes);
    } else {
        return take_number(reader, option);
    }
    return true;
}

static bool take_option(struct reader *reader, enum fm_option option)
{
    const struct fm_option_row *row = &rows[option];
    if (reader->options->simulate && is_of_search(option)) {
        return fail(reader, "%s belongs to `fathom check`, which visits every state", row->name);
    }
    if (reader->options->simulate && option == FM_OPTION_SIMULATE) {
        return true;
    }
    if (row->group == FM_GROUP_NONE) {
        return true;
    }
    if (row->group == FM_GROUP_SIMULATION) {
        if (!reader->options->simulate) {
            return fail(reader, "%s belongs to `fathom simulate`", row->name);
        }
        return take_flag(reader->options, option) || take_simulated(reader, option);
    }
    if (row->group == FM_GROUP_COVERAGE && !reader->options->listing) {
        return fail(reader, "%s belongs to `fathom coverage`", row->name);
    }
    if (row->group == FM_GROUP_LATER) {
        if (option == FM_OPTION_CHECKPOINT && strcmp(reader->value, "0") == 0) {
            return true;
        }
        return fail(reader, "%s is not supported: %s", row->name, row->text);
    }
    return take_flag(reader->options, option) || take_valued(reader, option);
}

static bool find_option(const char *word, enum fm_option *option)
{
    if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0) {
        *option = FM_OPTION_HELP;
        return true;
    }
    for (unsigned i = 0; i < FM_OPTION_COUNT; i++) {
        /* One letter is its own: -i is not -I. */
        bool letter = word[1] != '\0' && word[2] == '\0';
        bool same = letter ? strcmp(word, rows[i].name) == 0 : strcasecmp(word, rows[i].name) == 0;
        if (same && rows[i].arity != FM_ARITY_JOINED) {
            *option = (enum fm_option)i;
            return true;
        }
    }
    return false;
}

static bool fail_unknown(struct reader *reader, const char *word)
{
    const char *names[FM_OPTION_COUNT];
    for (unsigned i = 0; i < FM_OPTION_COUNT; i++) {
        names[i] = rows[i].name;
    }
    const char *nearest = fm_diag_nearest(word, names, FM_OPTION_COUNT);
    if (nearest != NULL) {
        return fail(reader, "unknown option `%s`; did you mean `%s`?", word, nearest);
    }
    return fail(reader, "unknown option `%s`", word);
}

static bool is_number(const char *word)
{
    return word[0] != '\0' && word[strspn(word, "0123456789")] == '\0';
}

/* Takes the option's arguments from the words after it. */
static bool read_arguments(struct reader *reader, enum fm_option option)
{
    const struct fm_option_row *row = &rows[option];
    reader->value = reader->second = NULL;
    if (row->arity == FM_ARITY_DUMP) {
        bool has_format = reader->next + 1 < reader->argc &&
                          fm_options_is_dump_format(reader->argv[reader->next]);
        reader->value = has_format ? reader->argv[reader->next++] : NULL;
        if (reader->next >= reader->argc) {
            return fail(reader, "%s needs its argument: %s %s", row->name, row->name,
                        row->argument);
        }
        reader->second = reader->argv[reader->next++];
    } else if (row->arity == FM_ARITY_ONE || row->arity == FM_ARITY_TWO) {
        if (reader->next + (row->arity == FM_ARITY_TWO) >= reader->argc) {
            return fail(reader, "%s needs its argument: %s %s", row->name, row->name,
                        row->argument);
        }
        reader->value = reader->argv[reader->next++];
        if (row->arity == FM_ARITY_TWO) {
            reader->second = reader->argv[reader->next++];
        }
    } else if (row->arity == FM_ARITY_MAYBE && reader->next < reader->argc &&
               is_number(reader->argv[reader->next])) {
        reader->next++;
    }
    return true;
}

static bool read_option(struct reader *reader, const char *word)
{
    enum fm_option option;
    reader->name = word;
    if (find_option(word, &option)) {
        return read_arguments(reader, option) && take_option(reader, option);
    }
    if (word[1] == 'D' && word[2] != '\0') {
        reader->value = word + 2;
        return take_option(reader, FM_OPTION_PROPERTY);
    }
    if (word[1] == 'I' && word[2] != '\0') {
        reader->value = word + 2;
        return take_option(reader, FM_OPTION_INCLUDE);
    }
    return fail_unknown(reader, word);
}

/* Help wins over whatever else is on the line. */
static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        enum fm_option option;
        if (argv[i][0] == '-' && find_option(argv[i], &option) && option == FM_OPTION_HELP) {
            return true;
        }
    }
    return false;
}

void fm_options_init(struct fm_options *options)
{
    memset(options, 0, sizeof *options);
    options->behaviours = options->only = UINT64_MAX;
    options->deadlock = true;
    options->workers = fm_processor_count();
    options->depth = -1;
    options->set_size_max = SET_SIZE_MAX;
}

/* The options know the command already. */
static enum fm_options_result parse(int argc, char **argv, struct fm_options *options,
                                    struct fm_text *message)
{
    if (asks_for_help(argc, argv)) {
        return FM_OPTIONS_HELP;
    }
    struct reader reader = {
        .argc = argc, .argv = argv, .next = 1, .options = options, .message = message};
    while (reader.next < argc) {
        const char *word = argv[reader.next++];
        if (word[0] == '-' && word[1] != '\0') {
            if (!read_option(&reader, word)) {
                return FM_OPTIONS_WRONG;
            }
        } else if (options->simulate && is_simulation_word(word)) {
            if (!read_simulation_word(&reader, word)) {
                return FM_OPTIONS_WRONG;
            }
        } else if (options->path != NULL) {
            (void)fail(&reader, "one specification at a time: `%s` and `%s` were given",
                       options->path, word);
            return FM_OPTIONS_WRONG;
        } else {
            options->path = word;
        }
    }
    if (options->path == NULL) {
        (void)fail(&reader, "no specification was given");
        return FM_OPTIONS_WRONG;
    }
    return FM_OPTIONS_RUN;
}

enum fm_options_result fm_options_parse(int argc, char **argv, struct fm_options *options,
                                        struct fm_text *message)
{
    fm_options_init(options);
    return parse(argc, argv, options, message);
}

enum fm_options_result fm_options_parse_simulate(int argc, char **argv, struct fm_options *options,
                                                 struct fm_text *message)
{
    fm_options_init(options);
    options->simulate = true;
    return parse(argc, argv, options, message);
}

enum fm_options_result fm_options_parse_coverage(int argc, char **argv, struct fm_options *options,
                                                 struct fm_text *message)
{
    fm_options_init(options);
    options->listing = options->coverage = true;
    return parse(argc, argv, options, message);
}

void fm_options_deinit(struct fm_options *options)
{
    fm_vec_deinit(&options->directories);
    fm_vec_deinit(&options->suppressed);
    fm_vec_deinit(&options->invariants);
    fm_vec_deinit(&options->postconditions);
    fm_vec_deinit(&options->properties);
    fm_vec_deinit(&options->trace_targets);
    for (uint32_t i = 0; i < options->made.count; i++) {
        fm_memory_free(options->made.at[i]);
    }
    fm_vec_deinit(&options->made);
}
