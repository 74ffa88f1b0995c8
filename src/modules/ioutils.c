/* IOUtils: files of values and text, programs, the environment.
 *
 * IOSerialize and IODeserialize use TLC's value stream (serialize.c), gzipped on request. Serialize
 * and Deserialize know the formats "TXT" and, for writing, "NDJSON"; for "TXT" they answer with a
 * record of exitValue, stdout and stderr instead of failing, as TLC's do, so that a specification
 * can go on without the file. Character sets: UTF-8, and US-ASCII as its part; others are refused
 * by name.
 *
 * IOExec and its relatives run programs, which a model found somewhere must not do unasked: without
 * --allow-exec they are the error FM4208. With it, the first element is the program, the others its
 * arguments, taken as they are, without a shell. */
#include "base/external.h"
#include "diag/diag.h"
#include "modules/external_io.h"
#include "modules/gzip.h"
#include "modules/serialize.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* Bytes of an unpacked value file. */
#define VALUE_FILE_MAX ((size_t)1 << 30)

/* [exitValue |-> status, stdout |-> out, stderr |-> error] */
static fm_value outcome_record(struct fm_native_context *context, int status, const char *out,
                               size_t out_length, const char *error)
{
    static const char *const names[] = {"exitValue", "stdout", "stderr"};
    const fm_value values[] = {
        fm_small(status),
        fm_string_of(context->values, out, out_length),
        fm_string_of(context->values, error, strlen(error)),
    };
    return fm_native_record(context, names, values, 3);
}

static fm_value failure_record(struct fm_native_context *context, const char *message)
{
    return outcome_record(context, 1, "", 0, message);
}

/* --- values --- */

static fm_value io_serialize(struct fm_native_context *context, const fm_value *arguments,
                             uint32_t count)
{
    (void)count;
    const char *path =
        fm_argument_string(context, fm_argument_of("IOSerialize", 2), arguments[1])->text;
    bool pack = fm_argument_bool(context, fm_argument_of("IOSerialize", 3), arguments[2]);
    struct fm_native_text text = fm_native_text_begin(context);
    fm_value part = fm_none();
    if (!fm_serialize_value(context, NULL, arguments[0], text.out, &part)) {
        fm_native_fail(context, FM_CODE_4211,
                       "IOSerialize: %s cannot be written: values of a file are finite, their "
                       "integers have 32 bits, and model values are not among them",
                       fm_native_show(context, part));
    }
    if (pack) {
        size_t length = 0;
        const char *bytes = fm_native_text_take(context, &text, &length);
        fm_gzip_store(bytes, length, text.out);
    }
    fm_native_write_file(context, "IOSerialize", path, O_CREAT | O_TRUNC, &text);
    return fm_bool(true);
}

static fm_value io_deserialize(struct fm_native_context *context, const fm_value *arguments,
                               uint32_t count)
{
    (void)count;
    const char *path =
        fm_argument_string(context, fm_argument_of("IODeserialize", 1), arguments[0])->text;
    bool packed = fm_argument_bool(context, fm_argument_of("IODeserialize", 2), arguments[1]);
    size_t size = 0;
    const char *bytes = fm_native_read_file(context, "IODeserialize", path, &size, NULL);
    if (packed) {
        struct fm_native_text text = fm_native_text_begin(context);
        const char *error = fm_gzip_read((const uint8_t *)bytes, size, VALUE_FILE_MAX, text.out);
        bytes = fm_native_text_take(context, &text, &size);
        if (error != NULL) {
            fm_native_fail(context, FM_CODE_4210, "IODeserialize: %s cannot be unpacked: %s", path,
                           error);
        }
    }
    return fm_serialize_read(context, NULL, path, (const uint8_t *)bytes, size);
}

/* --- text --- */

static const char *option_text(struct fm_native_context *context, fm_value options,
                               const char *name)
{
    fm_value v = fm_record_lookup(context, options, name);
    return !fm_is_none(v) && fm_value_tag(v) == FM_TAG_STRING ? fm_value_symbol(v)->text : NULL;
}

/* The message of a character set that is not known; NULL when it is. */
static const char *charset_problem(struct fm_native_context *context, fm_value options)
{
    const char *charset = option_text(context, options, "charset");
    if (charset == NULL) {
        return "the option charset is missing or no string";
    }
    if (strcasecmp(charset, "UTF-8") == 0 || strcasecmp(charset, "UTF8") == 0 ||
        strcasecmp(charset, "US-ASCII") == 0) {
        return NULL;
    }
    return fm_arena_printf(context->values->arena, "the charset %s is not supported, only UTF-8",
                           charset);
}

/* The flags of java.nio.file.StandardOpenOption; -1 with *problem for an unknown one. */
static int open_flags(struct fm_native_context *context, fm_value options, const char **problem)
{
    static const struct {
        const char *name;
        int flags;
    } known[] = {
        {"WRITE", 0},         {"CREATE", O_CREAT}, {"CREATE_NEW", O_CREAT | O_EXCL},
        {"APPEND", O_APPEND}, {"SYNC", O_SYNC},    {"TRUNCATE_EXISTING", O_TRUNC},
        {"DSYNC", O_DSYNC},   {"SPARSE", 0},
    };
    fm_value list = fm_record_lookup(context, options, "openOptions");
    struct fm_sequence s = {NULL, 0};
    if (fm_is_none(list) || !fm_sequence_view(context->values, list, &s.at, &s.count)) {
        *problem = "the option openOptions is missing or no sequence";
        return -1;
    }
    int flags = s.count == 0 ? O_CREAT | O_TRUNC : 0;
    for (uint32_t i = 0; i < s.count; i++) {
        bool found = false;
        for (size_t j = 0; j < sizeof known / sizeof known[0] && !found; j++) {
            found = fm_value_tag(s.at[i]) == FM_TAG_STRING &&
                    strcmp(fm_value_symbol(s.at[i])->text, known[j].name) == 0;
            flags |= found ? known[j].flags : 0;
        }
        if (!found) {
            *problem = fm_arena_printf(context->values->arena, "%s is no open option",
                                       fm_native_show(context, s.at[i]));
            return -1;
        }
    }
    return flags;
}

static fm_value serialize_text(struct fm_native_context *context, const fm_value *arguments)
{
    const char *problem = charset_problem(context, arguments[2]);
    int flags = problem == NULL ? open_flags(context, arguments[2], &problem) : -1;
    if (problem == NULL && (fm_value_tag(arguments[0]) != FM_TAG_STRING ||
                            fm_value_tag(arguments[1]) != FM_TAG_STRING)) {
        problem = "the text and the path must be strings";
    }
    if (problem != NULL) {
        return failure_record(context,
                              fm_arena_printf(context->values->arena,
                                              "Serialize error invalid parameters: %s", problem));
    }
    const struct fm_symbol *text = fm_value_symbol(arguments[0]);
    const char *path = fm_value_symbol(arguments[1])->text;
    if (fm_external_write(path, flags, text->text, text->length) != 0) {
        const char *reason = strerror(errno);
        return failure_record(
            context, fm_arena_printf(context->values->arena,
                                     "Serialize error writing to the file: %s: %s", path, reason));
    }
    static const char done[] = "Finish writing to the file with success!";
    return outcome_record(context, 0, done, sizeof done - 1, "");
}

static fm_value serialize_lines(struct fm_native_context *context, const fm_value *arguments)
{
    const char *problem = charset_problem(context, arguments[2]);
    int flags = problem == NULL ? open_flags(context, arguments[2], &problem) : -1;
    if (problem != NULL) {
        fm_native_fail(context, FM_CODE_4202, "Serialize: %s", problem);
    }
    const char *path =
        fm_argument_string(context, fm_argument_of("Serialize", 2), arguments[1])->text;
    return fm_json_write_lines(context, fm_argument_of("Serialize", 1), arguments[0], path, flags);
}

static fm_value io_serialize_text(struct fm_native_context *context, const fm_value *arguments,
                                  uint32_t count)
{
    (void)count;
    struct fm_argument place = fm_argument_of("Serialize", 3);
    fm_argument_record(context, place, arguments[2]);
    const char *format = option_text(context, arguments[2], "format");
    if (format != NULL && strcmp(format, "TXT") == 0) {
        return serialize_text(context, arguments);
    }
    if (format != NULL && strcmp(format, "NDJSON") == 0) {
        return serialize_lines(context, arguments);
    }
    fm_argument_range(context, place, "options whose format is \"TXT\" or \"NDJSON\"",
                      arguments[2]);
}

static fm_value io_deserialize_text(struct fm_native_context *context, const fm_value *arguments,
                                    uint32_t count)
{
    (void)count;
    struct fm_argument place = fm_argument_of("Deserialize", 2);
    fm_argument_record(context, place, arguments[1]);
    const char *format = option_text(context, arguments[1], "format");
    if (format == NULL || strcmp(format, "TXT") != 0) {
        fm_argument_range(context, place, "options whose format is \"TXT\"", arguments[1]);
    }
    const char *problem = charset_problem(context, arguments[1]);
    if (problem == NULL && fm_value_tag(arguments[0]) != FM_TAG_STRING) {
        problem = "the path must be a string";
    }
    if (problem != NULL) {
        return failure_record(context,
                              fm_arena_printf(context->values->arena,
                                              "Deserialize error invalid parameters: %s", problem));
    }
    const char *path = fm_value_symbol(arguments[0])->text;
    size_t size = 0;
    bool missing = false;
    const char *text = fm_native_read_file(context, "Deserialize", path, &size, &missing);
    if (missing) {
        return failure_record(
            context,
            fm_arena_printf(context->values->arena,
                            "Deserialize error reading from the file: %s: no such file", path));
    }
    return outcome_record(context, 0, text, size, "");
}

/* --- environment and numbers --- */

static fm_value io_environment(struct fm_native_context *context, const fm_value *arguments,
                               uint32_t count)
{
    (void)arguments;
    (void)count;
    const char *const *entries = fm_external_environment();
    uint32_t size = 0;
    while (entries[size] != NULL) {
        size++;
    }
    const struct fm_symbol **names = fm_arena_calloc(context->values->arena, size, sizeof *names);
    fm_value *values = fm_native_values(context, size);
    uint32_t made = 0;
    for (uint32_t i = 0; i < size; i++) {
        const char *equals = strchr(entries[i], '=');
        if (equals == NULL) {
            continue;
        }
        const struct fm_symbol *name = fm_symbol_intern(context->values->symbols, entries[i],
                                                        (size_t)(equals - entries[i]));
        bool repeated = false;
        for (uint32_t j = 0; j < made && !repeated; j++) {
            repeated = names[j] == name;
        }
        if (!repeated) {
            (void)fm_symbol_rank(context->values->symbols, name);
            names[made] = name;
            values[made++] = fm_string_of(context->values, equals + 1, strlen(equals + 1));
        }
    }
    return fm_record(context->values, names, values, made);
}

static fm_value io_atoi(struct fm_native_context *context, const fm_value *arguments,
                        uint32_t count)
{
    (void)count;
    struct fm_argument place = fm_argument_of("atoi", 0);
    const struct fm_symbol *text = fm_argument_string(context, place, arguments[0]);
    const char *digits = text->text;
    size_t length = text->length;
    if (length > 1 && *digits == '+') {
        digits++;
        length--;
    }
    size_t sign = length > 1 && *digits == '-' && digits == text->text;
    if (length == sign || strspn(digits + sign, "0123456789") != length - sign) {
        fm_argument_range(context, place, "the digits of an integer", arguments[0]);
    }
    return fm_int_parse(context->values, digits, length);
}

/* --- programs --- */

/* The strings of a sequence, NULL-terminated. */
static const char **argument_words(struct fm_native_context *context, struct fm_argument place,
                                   fm_value v, uint32_t *count)
{
    struct fm_sequence s = fm_argument_sequence(context, place, v);
    const char **words = fm_arena_calloc(context->values->arena, (size_t)s.count + 1,
                                         sizeof *words);
    for (uint32_t i = 0; i < s.count; i++) {
        if (fm_value_tag(s.at[i]) != FM_TAG_STRING) {
            fm_argument_fail(context, place, "a sequence of strings", v);
        }
        words[i] = fm_value_symbol(s.at[i])->text;
    }
    *count = s.count;
    return words;
}

/* "KEY=VALUE" texts of a record; values that are no strings as TLA+ writes them. */
static const char **argument_environment(struct fm_native_context *context,
                                         struct fm_argument place, fm_value v)
{
    fm_argument_record(context, place, v);
    struct fm_pairs record = fm_argument_function(context, place, v);
    const char **changes = fm_arena_calloc(context->values->arena, (size_t)record.count + 1,
                                           sizeof *changes);
    for (uint32_t i = 0; i < record.count; i++) {
        fm_value field = record.values[i];
        const char *text = fm_value_tag(field) == FM_TAG_STRING ? fm_value_symbol(field)->text
                                                                : fm_native_printed(context, field);
        changes[i] = fm_arena_printf(context->values->arena, "%s=%s",
                                     fm_value_symbol(record.keys[i])->text, text);
    }
    return changes;
}

static fm_value run(struct fm_native_context *context, const char *operator_name,
                    const char *const *argv, const char *const *changes)
{
    if (argv[0] == NULL) {
        fm_native_fail(context, FM_CODE_4202, "%s: the command is empty", operator_name);
    }
    if (!context->allow_exec) {
        fm_native_fail(context, FM_CODE_4208,
                       "%s wants to run the program %s: running programs is allowed only with "
                       "--allow-exec",
                       operator_name, argv[0]);
    }
    struct fm_external_outcome outcome;
    if (fm_external_run(argv, changes, &outcome) != 0) {
        fm_native_fail(context, FM_CODE_4212, "%s cannot run %s: %s", operator_name, argv[0],
                       strerror(errno));
    }
    fm_value record = outcome_record(context, outcome.exit_value, fm_text_string(&outcome.out),
                                     outcome.out.length, fm_text_string(&outcome.error));
    fm_text_deinit(&outcome.out);
    fm_text_deinit(&outcome.error);
    return record;
}

static fm_value io_exec(struct fm_native_context *context, const fm_value *arguments,
                        uint32_t count)
{
    (void)count;
    uint32_t words = 0;
    const char **argv = argument_words(context, fm_argument_of("IOExec", 0), arguments[0], &words);
    return run(context, "IOExec", argv, NULL);
}

static fm_value io_env_exec(struct fm_native_context *context, const fm_value *arguments,
                            uint32_t count)
{
    (void)count;
    const char **changes = argument_environment(context, fm_argument_of("IOEnvExec", 1),
                                                arguments[0]);
    uint32_t words = 0;
    const char **argv = argument_words(context, fm_argument_of("IOEnvExec", 2), arguments[1],
                                       &words);
    return run(context, "IOEnvExec", argv, changes);
}

/* The words of the template with the parameters put in; `first` is the template's argument. */
static const char **filled_words(struct fm_native_context *context, const char *operator_name,
                                 const fm_value *arguments, uint32_t first)
{
    uint32_t words = 0;
    uint32_t parameters = 0;
    const char **argv = argument_words(context, fm_argument_of(operator_name, first),
                                       arguments[first - 1], &words);
    const char **values = argument_words(context, fm_argument_of(operator_name, first + 1),
                                         arguments[first], &parameters);
    for (uint32_t i = 0; i < words; i++) {
        argv[i] = fm_native_format(context, operator_name, argv[i], values, parameters);
    }
    return argv;
}

static fm_value io_exec_template(struct fm_native_context *context, const fm_value *arguments,
                                 uint32_t count)
{
    (void)count;
    const char *const name = "IOExecTemplate";
    return run(context, name, filled_words(context, name, arguments, 1), NULL);
}

static fm_value io_env_exec_template(struct fm_native_context *context, const fm_value *arguments,
                                     uint32_t count)
{
    (void)count;
    const char *const name = "IOEnvExecTemplate";
    const char **changes = argument_environment(context, fm_argument_of(name, 1), arguments[0]);
    return run(context, name, filled_words(context, name, arguments, 2), changes);
}

#define ROW(name, arity, call, impure, level)                                                      \
    {                                                                                              \
        "IOUtils", name, arity, call, FM_SPECIAL_NONE, impure, level                               \
    }

static const struct fm_native rows[] = {
    ROW("IOSerialize", 3, io_serialize, FM_IMPURE_IO, FM_NATIVE_CONSTANT),
    ROW("IODeserialize", 2, io_deserialize, FM_IMPURE_IO, FM_NATIVE_CONSTANT),
    ROW("Serialize", 3, io_serialize_text, FM_IMPURE_IO, FM_NATIVE_CONSTANT),
    ROW("Deserialize", 2, io_deserialize_text, FM_IMPURE_IO, FM_NATIVE_CONSTANT),
    ROW("IOEnv", 0, io_environment, 0, FM_NATIVE_CONSTANT),
    ROW("atoi", 1, io_atoi, 0, FM_NATIVE_CONSTANT),
    ROW("IOExec", 1, io_exec, FM_IMPURE_IO, FM_NATIVE_STATE),
    ROW("IOEnvExec", 2, io_env_exec, FM_IMPURE_IO, FM_NATIVE_STATE),
    ROW("IOExecTemplate", 2, io_exec_template, FM_IMPURE_IO, FM_NATIVE_STATE),
    ROW("IOEnvExecTemplate", 3, io_env_exec_template, FM_IMPURE_IO, FM_NATIVE_STATE),
};

struct fm_native_rows fm_natives_ioutils(void)
{
    return FM_NATIVE_ROWS(rows);
}
