/* fathom history FILE: could the object have been a sequential one?
 *
 * Reads what clients did and saw (history/read.c says how), decides linearizability, and shows a
 * minimal part of the history that has no order. Exit status: 0 linearizable, 3 not, 5 when a limit
 * was reached, 150 with the line when the file is wrong. */
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/session.h"

#include "base/arena.h"
#include "base/file.h"
#include "history/history.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Of a file, bytes. */
#define SIZE_MAX_HISTORY ((size_t)1 << 34)
/* Operations that are printed beside a witness. */
#define OTHERS_PRINTED 10u
#define NS_PER_S 1000000000u

struct job {
    const char *object, *initial, *svg;
    uint64_t seconds, megabytes;
    bool json;
    struct fm_history history;
    struct fm_linearity_result result;
    double took_s;
};

static const char *const verdicts[] = {"linearizable", "not linearizable", "unknown"};

static void print_operation(const struct job *job, const struct fm_operation *operation,
                            const char *note)
{
    struct fm_text text = {0};
    fm_operation_print(&job->history, operation, &text);
    (void)printf("  process %-6" PRId64 " %-40s line %u", operation->process, fm_text_string(&text),
                 operation->line);
    if (operation->end_line != 0 && operation->end_line != operation->line) {
        (void)printf(" to %u", operation->end_line);
    }
    (void)printf("%s\n", note);
    fm_text_deinit(&text);
}

static void print_witness(const struct job *job)
{
    const struct fm_linearity_result *result = &job->result;
    (void)printf("\nThese %u operations have no order%s%s:\n", result->witness_count,
                 result->from == 0 ? "" : ", whatever the object held when they began",
                 result->minimal ? "; without any one of them there is one" : "");
    for (uint32_t i = 0; i < result->witness_count; i++) {
        print_operation(job, result->witness[i],
                        result->witness[i] == result->at ? "  <- its end leaves no order" : "");
    }
    if (result->other_count > 0) {
        (void)printf("even if these took effect at any time after their call, or never:\n");
    }
    for (uint32_t i = 0; i < result->other_count && i < OTHERS_PRINTED; i++) {
        print_operation(job, result->others[i], "");
    }
    if (result->other_count > OTHERS_PRINTED) {
        (void)printf("  and %u more\n", result->other_count - OTHERS_PRINTED);
    }
}

static void print_text(const struct job *job, const char *path)
{
    const struct fm_linearity_result *result = &job->result;
    (void)printf("%s: %s: %" PRIu64 " operations on %" PRIu64 " object%s, %.2f s.\n", path,
                 verdicts[result->verdict], job->history.count, result->objects,
                 result->objects == 1 ? "" : "s", job->took_s);
    if (result->verdict == FM_LINEARITY_UNKNOWN) {
        (void)printf("Undecided: %s (--seconds, --memory).\n", result->reason);
    }
    if (result->verdict == FM_NOT_LINEARIZABLE) {
        print_witness(job);
    }
}

static void add_operation(const struct job *job, const struct fm_operation *operation,
                          struct fm_text *out)
{
    struct fm_text text = {0};
    fm_operation_print(&job->history, operation, &text);
    fm_text_printf(out, "{\"process\": %" PRId64 ", \"operation\": ", operation->process);
    fm_text_json_string(out, fm_text_string(&text), text.length);
    fm_text_printf(out, ", \"line\": %u, \"end_line\": %u}", operation->line, operation->end_line);
    fm_text_deinit(&text);
}

static void add_operations(const struct job *job, const char *name,
                           const struct fm_operation *const *at, uint32_t count,
                           struct fm_text *out)
{
    fm_text_printf(out, ", \"%s\": [", name);
    for (uint32_t i = 0; i < count; i++) {
        fm_text_puts(out, i == 0 ? "" : ", ");
        add_operation(job, at[i], out);
    }
    fm_text_putc(out, ']');
}

static void print_json(const struct job *job)
{
    const struct fm_linearity_result *result = &job->result;
    struct fm_text text = {0};
    fm_text_printf(&text,
                   "{\"verdict\": \"%s\", \"operations\": %" PRIu64 ", \"objects\": %" PRIu64
                   ", \"configurations\": %" PRIu64 ", \"seconds\": %.3f",
                   verdicts[result->verdict], job->history.count, result->objects,
                   result->configurations, job->took_s);
    if (result->verdict == FM_LINEARITY_UNKNOWN) {
        fm_text_printf(&text, ", \"reason\": \"%s\"", result->reason);
    }
    if (result->verdict == FM_NOT_LINEARIZABLE) {
        add_operations(job, "witness", result->witness, result->witness_count, &text);
        add_operations(job, "others", result->others, result->other_count, &text);
        fm_text_printf(&text, ", \"minimal\": %s, \"any_state\": %s",
                       result->minimal ? "true" : "false", result->from == 0 ? "false" : "true");
        if (result->at != NULL) {
            fm_text_puts(&text, ", \"at\": ");
            add_operation(job, result->at, &text);
        }
    }
    (void)printf("%s}\n", fm_text_string(&text));
    fm_text_deinit(&text);
}

static int write_picture(const struct job *job)
{
    struct fm_text svg = {0};
    int status = FM_STATUS_OK;
    if (job->svg != NULL && job->result.verdict == FM_NOT_LINEARIZABLE) {
        fm_history_timeline(&job->history, &job->result, &svg);
        if (fm_file_write(job->svg, svg.at, svg.length) != 0) {
            (void)fprintf(stderr, "fathom history: cannot write %s\n", job->svg);
            status = FM_STATUS_ERROR;
        }
    }
    fm_text_deinit(&svg);
    return status;
}

static int decide(struct job *job, const char *path)
{
    struct fm_linearity_options options = {.time_ns_max = job->seconds * NS_PER_S,
                                           .memory_max = job->megabytes << 20};
    uint64_t begin = fm_clock_monotonic_ns();
    job->result = fm_history_check(&job->history, &options);
    job->took_s = (double)(fm_clock_monotonic_ns() - begin) / NS_PER_S;
    if (job->json) {
        print_json(job);
    } else {
        print_text(job, path);
    }
    int status = write_picture(job);
    if (status == FM_STATUS_OK && job->result.verdict == FM_NOT_LINEARIZABLE) {
        status = FM_STATUS_FOUND;
    } else if (status == FM_STATUS_OK && job->result.verdict == FM_LINEARITY_UNKNOWN) {
        status = FM_STATUS_UNDECIDED;
    }
    return status;
}

static int start(struct job *job, const char *path)
{
    char *text;
    size_t size;
    enum fm_file_result read = fm_file_read(path, SIZE_MAX_HISTORY, &text, &size);
    if (read != FM_FILE_OK) {
        (void)fprintf(stderr, "fathom history: %s: %s\n", path, fm_cli_file_reason(read));
        return FM_STATUS_ERROR;
    }
    struct fm_history_options options = {.object = job->object, .initial = job->initial};
    struct fm_history_error error;
    int status = FM_STATUS_PARSE;
    if (fm_history_read(&job->history, &options, text, size, &error)) {
        status = decide(job, path);
    } else if (error.line == 0) {
        (void)fprintf(stderr, "fathom history: %s\n", error.text);
        status = FM_STATUS_COMMAND_LINE;
    } else {
        (void)fprintf(stderr, "%s:%u: %s\n", path, error.line, error.text);
    }
    fm_history_deinit(&job->history);
    fm_memory_free(text);
    return status;
}

static const char usage[] =
    "usage: fathom history --object OBJECT [options] FILE\n\n"
    "Decides whether a history of clients is linearizable. FILE has a JSON object a line:\n"
    "  {\"process\": 0, \"type\": \"invoke\", \"f\": \"write\", \"value\": 3}\n"
    "  {\"process\": 0, \"type\": \"ok\", \"f\": \"write\", \"value\": 3}\n"
    "with type invoke, ok, fail (had no effect) or info (nobody knows); or whole operations:\n"
    "  {\"process\": 0, \"f\": \"read\", \"result\": 3, \"call\": 17, \"end\": 19}\n"
    "`key` names one of several objects.\n\n"
    "Objects:\n"
    "  register      read, write\n"
    "  cas-register  and cas, whose value is [expected, new]\n"
    "  kv            the same by key; also get, put, delete\n"
    "  set           add, remove, contains; read: all elements\n"
    "  queue         enqueue, dequeue; first in, first out\n"
    "  counter       add, subtract, add-and-get, read\n\n"
    "Exit status: 0 linearizable, 3 not, 5 undecided, 150 the file is wrong.\n\nOptions:\n";

int fm_command_history(int argc, char **argv)
{
    struct job job = {.seconds = 300, .megabytes = 1024};
    const struct fm_flag table[] = {
        {"--object", FM_FLAG_TEXT, "OBJECT", &job.object, 0, 0, "what it is a history of"},
        {"--initial", FM_FLAG_TEXT, "JSON", &job.initial, 0, 0,
         "what a register or counter holds at the beginning; null and 0 when not given"},
        {"--seconds", FM_FLAG_NUMBER, "N", &job.seconds, 1, 100000000,
         "give up after so long; 300 when not given"},
        {"--memory", FM_FLAG_NUMBER, "MIB", &job.megabytes, 1, 1u << 20,
         "give up when the search takes so much; 1024 when not given"},
        {"--svg", FM_FLAG_TEXT, "FILE", &job.svg, 0, 0,
         "draw the operations that have no order: a lane for each process"},
        {"--json", FM_FLAG_SWITCH, NULL, &job.json, 0, 0, "print the result as one JSON object"},
    };
    const char *words[1];
    struct fm_text text = {0};
    struct fm_flags flags = {
        .flags = table, .count = sizeof table / sizeof table[0], .words = words, .words_max = 1};
    int status = FM_STATUS_COMMAND_LINE;
    if (!fm_flags_parse(&flags, argc, argv, &text)) {
        (void)fprintf(stderr, "fathom history: %s\n", text.at);
    } else if (flags.help) {
        fm_text_puts(&text, usage);
        fm_flags_print(table, flags.count, &text);
        (void)fputs(text.at, stdout);
        status = FM_STATUS_OK;
    } else if (flags.words_count < 1 || job.object == NULL) {
        (void)fprintf(stderr, "fathom history: %s; `fathom history --help` says more\n",
                      flags.words_count < 1 ? "a file is needed"
                                            : "--object is needed: register, cas-register, kv, "
                                              "set, queue or counter");
    } else {
        status = start(&job, words[0]);
    }
    fm_text_deinit(&text);
    return status;
}
