/* The list of diagnostics of a run.
 *
 * Diagnostics are copied into an arena of the list: whatever reported them may be gone when they
 * are rendered. The same code at the same span is kept once, because a definition can be elaborated
 * many times (once an instance) and its mistake is one mistake. Only so many errors are kept: after
 * a hundred nobody reads on, and junk input must not produce megabytes.
 *
 * The nearest name is found by the Damerau-Levenshtein distance in its optimal string alignment
 * form (Wagner and Fischer 1974, with transposition of neighbours): typing errors are mostly one
 * letter wrong, missing, doubled or swapped. */
#include "diag/diag.h"

#include "base/arena.h"
#include "base/assert.h"
#include "base/vec.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Longest names compared, bytes: the distance table is quadratic and lives on the stack. */
#define NAME_LENGTH_MAX 63u

struct fm_diags {
    struct fm_arena arena;
    struct fm_sources *sources;
    FM_VEC(struct fm_diag *) list;
    struct fm_diag dropped; /* receives what is not kept */
    uint32_t error_count;
};

struct code_row {
    enum fm_code code;
    enum fm_severity severity;
    const char *title;
};

static const struct code_row code_rows[] = {
#define FM_CODE(number, severity_name, title_text)                                                 \
    {FM_CODE_##number, FM_SEVERITY_##severity_name, title_text},
#include "diag/codes.def"
#undef FM_CODE
};

static const struct code_row *row_of(enum fm_code code)
{
    for (size_t i = 0; i < sizeof code_rows / sizeof *code_rows; i++) {
        if (code_rows[i].code == code) {
            return &code_rows[i];
        }
    }
    fm_unreachable();
}

const char *fm_code_title(enum fm_code code)
{
    return row_of(code)->title;
}

const char *fm_severity_name(enum fm_severity severity)
{
    switch (severity) {
    case FM_SEVERITY_ERROR:
        return "error";
    case FM_SEVERITY_WARNING:
        return "warning";
    case FM_SEVERITY_NOTE:
        return "note";
    }
    fm_unreachable();
}

struct fm_diags *fm_diags_new(struct fm_sources *sources)
{
    struct fm_diags *diags = fm_memory_calloc(1, sizeof *diags);
    fm_arena_init(&diags->arena, "diagnostics");
    diags->sources = sources;
    return diags;
}

void fm_diags_free(struct fm_diags *diags)
{
    if (diags == NULL) {
        return;
    }
    fm_vec_deinit(&diags->list);
    fm_arena_deinit(&diags->arena);
    fm_memory_free(diags);
}

static bool is_repetition(const struct fm_diags *diags, enum fm_code code, struct fm_span span)
{
    for (uint32_t i = 0; span.source != 0 && i < diags->list.count; i++) {
        const struct fm_diag *diag = diags->list.at[i];
        if (diag->code == code && diag->span.source == span.source &&
            diag->span.begin == span.begin && diag->span.end == span.end) {
            return true;
        }
    }
    return false;
}

static const char *format_text(struct fm_diags *diags, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static const char *format_text(struct fm_diags *diags, const char *format, va_list arguments)
{
    struct fm_text text = {0};
    fm_text_vprintf(&text, format, arguments);
    const char *copy = fm_arena_strndup(&diags->arena, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    return copy;
}

struct fm_diag *fm_diag_report(struct fm_diags *diags, enum fm_code code, struct fm_span span,
                               const char *format, ...)
{
    const struct code_row *row = row_of(code);
    if (is_repetition(diags, code, span)) {
        return &diags->dropped;
    }
    if (row->severity == FM_SEVERITY_ERROR && ++diags->error_count > FM_DIAG_ERRORS_MAX) {
        return &diags->dropped;
    }
    struct fm_diag *diag = fm_arena_calloc(&diags->arena, 1, sizeof *diag);
    diag->code = code;
    diag->severity = row->severity;
    diag->span = span;
    va_list arguments;
    va_start(arguments, format);
    diag->message = format_text(diags, format, arguments);
    va_end(arguments);
    fm_vec_push(&diags->list, diag);
    return diag;
}

void fm_diag_hint(struct fm_diags *diags, struct fm_diag *diag, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    diag->hint = format_text(diags, format, arguments);
    va_end(arguments);
    diag->hint_span = fm_span_none();
}

void fm_diag_hint_at(struct fm_diags *diags, struct fm_diag *diag, struct fm_span span,
                     const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    diag->hint = format_text(diags, format, arguments);
    va_end(arguments);
    diag->hint_span = span;
}

uint32_t fm_diags_count(const struct fm_diags *diags)
{
    return diags->list.count;
}

uint32_t fm_diags_errors(const struct fm_diags *diags)
{
    return diags->error_count;
}

const struct fm_diag *fm_diags_at(const struct fm_diags *diags, uint32_t index)
{
    fm_assert(index < diags->list.count);
    return diags->list.at[index];
}

struct fm_sources *fm_diags_sources(const struct fm_diags *diags)
{
    return diags->sources;
}

static uint32_t min3(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t least = a < b ? a : b;
    return least < c ? least : c;
}

static uint32_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    uint32_t rows[3][NAME_LENGTH_MAX + 1]; /* two rows back, one back, current; in turn */
    for (uint32_t j = 0; j <= b_length; j++) {
        rows[0][j] = j;
    }
    for (uint32_t i = 1; i <= a_length; i++) {
        uint32_t *now = rows[i % 3];
        const uint32_t *back = rows[(i + 2) % 3];
        const uint32_t *back2 = rows[(i + 1) % 3];
        now[0] = i;
        for (uint32_t j = 1; j <= b_length; j++) {
            uint32_t change = a[i - 1] != b[j - 1];
            now[j] = min3(back[j] + 1, now[j - 1] + 1, back[j - 1] + change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                back2[j - 2] + 1 < now[j]) {
                now[j] = back2[j - 2] + 1;
            }
        }
    }
    return rows[a_length % 3][b_length];
}

const char *fm_diag_nearest(const char *name, const char *const *names, uint32_t count)
{
    size_t length = strlen(name);
    if (length == 0 || length > NAME_LENGTH_MAX) {
        return NULL;
    }
    const char *best = NULL;
    uint32_t best_distance = (uint32_t)(length < 3 ? 1 : length / 3) + 1;
    for (uint32_t i = 0; i < count; i++) {
        size_t other = strlen(names[i]);
        if (other > NAME_LENGTH_MAX || strcmp(names[i], name) == 0) {
            continue;
        }
        uint32_t distance = edit_distance(name, length, names[i], other);
        if (distance < best_distance && distance < length) {
            best_distance = distance;
            best = names[i];
        }
    }
    return best;
}
