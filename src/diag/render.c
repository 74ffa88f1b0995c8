/* Diagnostics as text and as JSON.
 *
 *     raft.tla:142:27: error[FM2014]: unknown operator `Quorom`
 *       142 |         /\ votes[i] \in Quorom
 *           |                         ^^^^^^
 *       hint: did you mean `Quorum`, defined at raft.tla:31:1?
 *
 * The quoted line is shown with tabs expanded, so that carets stand under what they mean on every
 * terminal; wide characters take two cells (utf8proc knows which), so columns of carets are display
 * cells although places count code points. A span over several lines is marked to the end of its
 * first line. Very long lines (generated files) are cut around the caret. Control bytes show as
 * `?`: a diagnostic about binary junk must not reprogram the terminal. */
#include "diag/diag.h"

#include "base/assert.h"

#include <string.h>
#include <utf8proc.h>

/* Cells of a quoted line at most, and cells kept before the caret when a line is cut. */
#define QUOTE_WIDTH 160u
#define QUOTE_BEFORE 60u
#define TAB_WIDTH 8u

struct quote {
    struct fm_text text;    /* the line, tabs expanded */
    uint32_t caret, length; /* cells */
};

/* Cells of the code point at `at`; *size gets its bytes. */
static uint32_t cell_width(const char *at, size_t left, size_t *size)
{
    utf8proc_int32_t code = 0;
    utf8proc_ssize_t got = utf8proc_iterate((const utf8proc_uint8_t *)at, (utf8proc_ssize_t)left,
                                            &code);
    if (got <= 0) {
        *size = 1;
        return 1;
    }
    *size = (size_t)got;
    int width = utf8proc_charwidth(code);
    return width < 0 ? 0 : (uint32_t)width;
}

static void add_cell(struct fm_text *text, const char *at, size_t size, uint32_t cell,
                     uint32_t *width)
{
    unsigned char byte = (unsigned char)*at;
    if (byte == '\t') {
        *width = TAB_WIDTH - cell % TAB_WIDTH;
        fm_text_fill(text, ' ', *width);
    } else if (byte < 0x20 || byte == 0x7F || (size == 1 && byte >= 0x80)) {
        *width = 1;
        fm_text_putc(text, '?');
    } else {
        fm_text_add(text, at, size);
    }
}

/* Fills the quote with the line that holds the beginning of the span. */
static void quote_line(const struct fm_source *source, struct fm_span span, uint32_t line,
                       struct quote *quote)
{
    uint32_t begin = source->lines[line - 1];
    uint32_t end = line < source->line_count ? source->lines[line] - 1 : source->size;
    while (end > begin && source->text[end - 1] == '\r') {
        end--;
    }
    uint32_t cell = 0;
    uint32_t skipped = 0;
    for (uint32_t i = begin; i < end && cell - skipped < QUOTE_WIDTH;) {
        size_t size;
        uint32_t width = cell_width(source->text + i, end - i, &size);
        if (i == span.begin || (i < span.begin && i + size > span.begin)) {
            quote->caret = cell - skipped;
        }
        if (i < span.begin && cell - skipped > QUOTE_BEFORE && end - begin > QUOTE_WIDTH) {
            fm_text_clear(&quote->text);
            fm_text_puts(&quote->text, "... ");
            skipped = cell - 4;
        }
        add_cell(&quote->text, source->text + i, size, cell, &width);
        cell += width;
        if (i >= span.begin && i < span.end) {
            quote->length += width;
        }
        i += (uint32_t)size;
    }
    if (span.begin >= end) {
        quote->caret = cell - skipped;
    }
    if (quote->length == 0) {
        quote->length = 1;
    }
}

static void render_quote(const struct fm_sources *sources, struct fm_span span, uint32_t line,
                         struct fm_text *out)
{
    const struct fm_source *source = fm_source_get(sources, span.source);
    struct quote quote = {0};
    quote_line(source, span, line, &quote);
    struct fm_text number = {0};
    fm_text_printf(&number, "%5u", line);
    fm_text_printf(out, "%s | %s\n", fm_text_string(&number), fm_text_string(&quote.text));
    fm_text_fill(out, ' ', number.length);
    fm_text_puts(out, " | ");
    fm_text_fill(out, ' ', quote.caret);
    fm_text_fill(out, '^', quote.length);
    fm_text_putc(out, '\n');
    fm_text_deinit(&number);
    fm_text_deinit(&quote.text);
}

void fm_diag_render(const struct fm_diags *diags, const struct fm_diag *diag, struct fm_text *out)
{
    const struct fm_sources *sources = fm_diags_sources(diags);
    struct fm_span span = fm_source_shown(sources, diag->span);
    struct fm_place place = fm_source_place(sources, span);
    if (place.path != NULL) {
        fm_text_printf(out, "%s:%u:%u: ", place.path, place.line, place.column);
    }
    fm_text_printf(out, "%s[FM%04u]: %s\n", fm_severity_name(diag->severity), (unsigned)diag->code,
                   diag->message);
    if (place.path != NULL) {
        render_quote(sources, span, place.line, out);
    }
    if (diag->hint != NULL) {
        struct fm_place at = fm_source_place(sources, diag->hint_span);
        fm_text_printf(out, "  hint: %s", diag->hint);
        if (at.path != NULL) {
            fm_text_printf(out, " (%s:%u:%u)", at.path, at.line, at.column);
        }
        fm_text_putc(out, '\n');
    }
}

static void add_string(struct fm_text *out, const char *key, const char *value)
{
    fm_text_printf(out, ",\"%s\":", key);
    fm_text_json_string(out, value, strlen(value));
}

static void add_place(struct fm_text *out, const char *prefix, struct fm_place place)
{
    struct fm_text key = {0};
    fm_text_printf(&key, "%spath", prefix);
    add_string(out, fm_text_string(&key), place.path);
    fm_text_printf(out, ",\"%sline\":%u,\"%scolumn\":%u", prefix, place.line, prefix, place.column);
    fm_text_printf(out, ",\"%send_line\":%u,\"%send_column\":%u", prefix, place.end_line, prefix,
                   place.end_column);
    fm_text_deinit(&key);
}

void fm_diag_render_json(const struct fm_diags *diags, const struct fm_diag *diag,
                         struct fm_text *out)
{
    const struct fm_sources *sources = fm_diags_sources(diags);
    fm_text_printf(out, "{\"code\":\"FM%04u\"", (unsigned)diag->code);
    add_string(out, "severity", fm_severity_name(diag->severity));
    add_string(out, "message", diag->message);
    struct fm_place place = fm_source_place(sources, fm_source_shown(sources, diag->span));
    if (place.path != NULL) {
        add_place(out, "", place);
    }
    if (diag->hint != NULL) {
        add_string(out, "hint", diag->hint);
        struct fm_place at = fm_source_place(sources, diag->hint_span);
        if (at.path != NULL) {
            add_place(out, "hint_", at);
        }
    }
    fm_text_putc(out, '}');
}
