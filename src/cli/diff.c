/* fathom diff: where two behaviours part, and how they go on.
 *
 *     fathom diff [--json] TRACE1 TRACE2
 *
 *     --- one.json: 5 states
 *     +++ two.json: 6 states
 *     @@ state 3 | state 3
 *     - deck = ["a"]
 *     + deck = ["b"]
 *     @@ state 4 of two.json alone: it repeats the state before
 *
 * Traces are the JSON of `fathom check --json`, of -dumpTrace json, or ITF (trace_read.c), in any
 * combination. States are equal when the same variables have the same values. What is equal is
 * aligned by the longest common subsequence, so that a trace that stutters, or has steps that the
 * other has not, is compared behind them too; between two aligned states those of one trace are set
 * against those of the other in order, and what is left over stands alone.
 *
 * The exit status is that of diff(1): 0 when the traces are equal, 1 when they differ, 2 when one
 * cannot be read. */
#include "cli/command.h"
#include "cli/session.h"
#include "cli/trace_read.h"

#include "base/file.h"
#include "base/text.h"
#include "base/vec.h"
#include "diag/diag.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of `fathom diff` alone. */
#define STATUS_DIFFERENT 1
#define STATUS_TROUBLE 2
/* Bytes of the largest file: a trace of a million small states. */
#define FILE_SIZE_MAX ((size_t)1 << 30)
/* Cells of the table of the alignment, 4 bytes each. Longer traces are set against each other state
 * by state, and that is said. */
#define CELLS_MAX ((size_t)1 << 26)

struct side {
    const char *path;
    struct fm_trace_file trace;
};

/* States from 1; 0: there is none. */
struct pair {
    uint32_t first, second;
};

struct diff {
    struct side sides[2];
    struct fm_arena arena;
    FM_VEC(struct pair) pairs; /* all states, in order */
    bool json, is_aligned;
    uint32_t differences;
};

/* --- reading --- */

static bool read_side(struct diff *diff, struct side *side)
{
    char *text = NULL;
    size_t size = 0;
    const char *why = NULL;
    enum fm_file_result result = fm_file_read(side->path, FILE_SIZE_MAX, &text, &size);
    if (result != FM_FILE_OK) {
        (void)fprintf(stderr, "fathom diff: %s: %s\n", side->path, fm_cli_file_reason(result));
        return false;
    }
    bool good = fm_trace_read(text, size, &diff->arena, &side->trace, &why);
    if (!good) {
        (void)fprintf(stderr, "fathom diff: %s: %s\n", side->path, why);
    }
    fm_memory_free(text);
    return good;
}

/* --- alignment --- */

static bool is_same(const struct fm_trace_row *a, const struct fm_trace_row *b)
{
    bool same = a->count == b->count;
    for (uint32_t i = 0; same && i < a->count; i++) {
        same = strcmp(a->values[i].name, b->values[i].name) == 0 &&
               strcmp(a->values[i].text, b->values[i].text) == 0;
    }
    return same;
}

static void add_pair(struct diff *diff, uint32_t first, uint32_t second)
{
    struct pair pair = {first, second};
    fm_vec_push(&diff->pairs, pair);
}

/* What stands between two aligned states. */
static void add_gap(struct diff *diff, struct pair from, struct pair to)
{
    while (from.first < to.first || from.second < to.second) {
        add_pair(diff, from.first < to.first ? ++from.first : 0,
                 from.second < to.second ? ++from.second : 0);
    }
}

/* The states behind `begin` and before the common end, through the table of lengths: cell (i, j) is
 * the length of the longest common subsequence behind i and j. */
static void align_middle(struct diff *diff, struct pair begin, struct pair end)
{
    const struct fm_trace_row *a = diff->sides[0].trace.states + begin.first;
    const struct fm_trace_row *b = diff->sides[1].trace.states + begin.second;
    uint32_t rows = end.first - begin.first, columns = end.second - begin.second;
    struct pair at = {0, 0}, last = begin;
    diff->is_aligned = (size_t)(rows + 1) * (columns + 1) <= CELLS_MAX;
    uint32_t *cells = diff->is_aligned
                          ? fm_memory_calloc((size_t)(rows + 1) * (columns + 1), sizeof *cells)
                          : NULL;
    for (uint32_t i = rows; cells != NULL && i-- > 0;) {
        for (uint32_t j = columns; j-- > 0;) {
            uint32_t *cell = &cells[(size_t)i * (columns + 1) + j];
            uint32_t down = cell[columns + 1], right = cell[1];
            bool same = is_same(&a[i], &b[j]);
            *cell = same ? cell[columns + 2] + 1 : (down > right ? down : right);
        }
    }
    while (cells != NULL && at.first < rows && at.second < columns) {
        const uint32_t *cell = &cells[(size_t)at.first * (columns + 1) + at.second];
        if (is_same(&a[at.first], &b[at.second])) {
            struct pair here = {begin.first + at.first++, begin.second + at.second++};
            add_gap(diff, last, here);
            add_pair(diff, here.first + 1, here.second + 1);
            last = (struct pair){here.first + 1, here.second + 1};
        } else if (cell[columns + 1] >= cell[1]) {
            at.first++;
        } else {
            at.second++;
        }
    }
    add_gap(diff, last, end);
    fm_memory_free(cells);
}

static void align(struct diff *diff)
{
    const struct fm_trace_file *a = &diff->sides[0].trace, *b = &diff->sides[1].trace;
    struct pair begin = {0, 0}, end = {a->count, b->count};
    while (begin.first < end.first && begin.second < end.second &&
           is_same(&a->states[begin.first], &b->states[begin.second])) {
        add_pair(diff, ++begin.first, ++begin.second);
    }
    while (end.first > begin.first && end.second > begin.second &&
           is_same(&a->states[end.first - 1], &b->states[end.second - 1])) {
        end.first--;
        end.second--;
    }
    align_middle(diff, begin, end);
    while (end.first < a->count) {
        add_pair(diff, ++end.first, ++end.second);
    }
}

/* --- what is printed --- */

static bool is_different(const struct diff *diff, struct pair pair)
{
    return pair.first == 0 || pair.second == 0 ||
           !is_same(&diff->sides[0].trace.states[pair.first - 1],
                    &diff->sides[1].trace.states[pair.second - 1]);
}

static bool repeats(const struct side *side, uint32_t number)
{
    return number > 1 && is_same(&side->trace.states[number - 1], &side->trace.states[number - 2]);
}

typedef void add_variable_fn(struct fm_text *out, const char *name, const char *first,
                             const char *second);

static void add_text_variable(struct fm_text *out, const char *name, const char *first,
                              const char *second)
{
    if (first != NULL) {
        fm_text_printf(out, "- %s = %s\n", name, first);
    }
    if (second != NULL) {
        fm_text_printf(out, "+ %s = %s\n", name, second);
    }
}

static void add_json_variable(struct fm_text *out, const char *name, const char *first,
                              const char *second)
{
    fm_text_printf(out, "%s{\"name\":\"%s\"", out->at[out->length - 1] == '[' ? "" : ",", name);
    if (first != NULL) {
        fm_text_printf(out, ",\"first\":%s", first);
    }
    if (second != NULL) {
        fm_text_printf(out, ",\"second\":%s", second);
    }
    fm_text_putc(out, '}');
}

/* Variables that differ, in the order of their names; those of one trace alone too. */
static void add_variables(const struct diff *diff, struct pair pair, add_variable_fn *add,
                          struct fm_text *out)
{
    const struct fm_trace_row *a = &diff->sides[0].trace.states[pair.first - 1];
    const struct fm_trace_row *b = &diff->sides[1].trace.states[pair.second - 1];
    for (uint32_t i = 0; i < a->count; i++) {
        const char *other = fm_trace_value_of(b, a->values[i].name);
        if (other == NULL || strcmp(a->values[i].text, other) != 0) {
            add(out, a->values[i].name, a->values[i].text, other);
        }
    }
    for (uint32_t i = 0; i < b->count; i++) {
        if (fm_trace_value_of(a, b->values[i].name) == NULL) {
            add(out, b->values[i].name, NULL, b->values[i].text);
        }
    }
}

static void add_text_pair(const struct diff *diff, struct pair pair, struct fm_text *out)
{
    if (pair.first != 0 && pair.second != 0) {
        fm_text_printf(out, "@@ state %u | state %u\n", pair.first, pair.second);
        add_variables(diff, pair, add_text_variable, out);
        return;
    }
    const struct side *side = &diff->sides[pair.first == 0];
    uint32_t number = pair.first == 0 ? pair.second : pair.first;
    fm_text_printf(out, "@@ state %u of %s alone%s\n", number, side->path,
                   repeats(side, number) ? ": it repeats the state before" : "");
    for (uint32_t i = 0; i < side->trace.states[number - 1].count && !repeats(side, number); i++) {
        const struct fm_trace_value *value = &side->trace.states[number - 1].values[i];
        add_text_variable(out, value->name, pair.first == 0 ? NULL : value->text,
                          pair.first == 0 ? value->text : NULL);
    }
}

static void add_text_loops(const struct diff *diff, struct fm_text *out)
{
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t back_to = diff->sides[i].trace.back_to;
        fm_text_puts(out, i == 0 ? "@@ the end\n" : "");
        if (back_to == 0) {
            fm_text_printf(out, "%c no way back to a state\n", "-+"[i]);
        } else {
            fm_text_printf(out, "%c back to state %u\n", "-+"[i], back_to);
        }
    }
}

/* The traces are lassos that go back to states of different places. */
static bool loops_differ(const struct diff *diff)
{
    struct pair back = {diff->sides[0].trace.back_to, diff->sides[1].trace.back_to};
    if (back.first == 0 || back.second == 0) {
        return back.first != back.second;
    }
    for (uint32_t i = 0; i < diff->pairs.count; i++) {
        if (diff->pairs.at[i].first == back.first) {
            return diff->pairs.at[i].second != back.second;
        }
    }
    return true;
}

static void add_text(const struct diff *diff, struct fm_text *out)
{
    if (diff->differences == 0) {
        return;
    }
    for (uint32_t i = 0; i < 2; i++) {
        fm_text_printf(out, "%s %s: %u state%s\n", i == 0 ? "---" : "+++", diff->sides[i].path,
                       diff->sides[i].trace.count, diff->sides[i].trace.count == 1 ? "" : "s");
    }
    if (!diff->is_aligned) {
        fm_text_puts(out, "(too long to be aligned: state by state)\n");
    }
    for (uint32_t i = 0; i < diff->pairs.count; i++) {
        if (is_different(diff, diff->pairs.at[i])) {
            add_text_pair(diff, diff->pairs.at[i], out);
        }
    }
    if (loops_differ(diff)) {
        add_text_loops(diff, out);
    }
}

static void add_json_pair(const struct diff *diff, struct pair pair, struct fm_text *out)
{
    fm_text_printf(out, "%s{", out->at[out->length - 1] == '[' ? "" : ",");
    if (pair.first != 0) {
        fm_text_printf(out, "\"first\":%u%s", pair.first, pair.second != 0 ? "," : "");
    }
    if (pair.second != 0) {
        fm_text_printf(out, "\"second\":%u", pair.second);
    }
    if (pair.first != 0 && pair.second != 0) {
        fm_text_puts(out, ",\"variables\":[");
        add_variables(diff, pair, add_json_variable, out);
        fm_text_puts(out, "]}");
    } else {
        uint32_t number = pair.first == 0 ? pair.second : pair.first;
        fm_text_printf(out, ",\"repeats\":%s}",
                       repeats(&diff->sides[pair.first == 0], number) ? "true" : "false");
    }
}

static void add_json(const struct diff *diff, struct fm_text *out)
{
    const struct fm_trace_file *a = &diff->sides[0].trace, *b = &diff->sides[1].trace;
    fm_text_printf(out,
                   "{\"fathom\":\"%s\",\"same\":%s,\"aligned\":%s,\"states\":[%u,%u],"
                   "\"back_to\":[%u,%u],\"same_end\":%s,\"differences\":[",
                   FM_VERSION, diff->differences == 0 ? "true" : "false",
                   diff->is_aligned ? "true" : "false", a->count, b->count, a->back_to, b->back_to,
                   loops_differ(diff) ? "false" : "true");
    for (uint32_t i = 0; i < diff->pairs.count; i++) {
        if (is_different(diff, diff->pairs.at[i])) {
            add_json_pair(diff, diff->pairs.at[i], out);
        }
    }
    fm_text_puts(out, "]}\n");
}

static int run(struct diff *diff)
{
    struct fm_text out = {NULL, 0, 0};
    if (!read_side(diff, &diff->sides[0]) || !read_side(diff, &diff->sides[1])) {
        return STATUS_TROUBLE;
    }
    align(diff);
    for (uint32_t i = 0; i < diff->pairs.count; i++) {
        diff->differences += is_different(diff, diff->pairs.at[i]);
    }
    diff->differences += loops_differ(diff);
    (diff->json ? add_json : add_text)(diff, &out);
    bool failed = fputs(fm_text_string(&out), stdout) < 0 || fflush(stdout) != 0;
    fm_text_deinit(&out);
    if (failed) {
        (void)fprintf(stderr, "fathom diff: nothing was printed: %s\n", strerror(errno));
        return STATUS_TROUBLE;
    }
    return diff->differences == 0 ? FM_STATUS_OK : STATUS_DIFFERENT;
}

int fm_command_diff(int argc, char **argv)
{
    struct diff diff = {.json = false};
    uint32_t count = 0;
    bool good = true;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            diff.json = true;
        } else if (argv[i][0] == '-' || count == 2) {
            good = false;
        } else {
            diff.sides[count++].path = argv[i];
        }
    }
    if (!good || count != 2) {
        (void)fprintf(stderr, "usage: fathom diff [--json] TRACE1 TRACE2\n");
        return STATUS_TROUBLE;
    }
    fm_arena_init(&diff.arena, "traces");
    int status = run(&diff);
    fm_vec_deinit(&diff.pairs);
    fm_arena_deinit(&diff.arena);
    return status;
}
