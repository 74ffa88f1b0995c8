/* The listing as a page: HTML 5 with its own style, no script, nothing from elsewhere.
 *
 * A row a line: number, count, cost, text. Behind the cost stands a bar, its length the logarithm
 * of the cost, so that one expensive line does not hide the others. In the text each expression is
 * a span whose tooltip has its count; those never evaluated are marked, the marks lying in each
 * other being of one colour. Spans cannot cross rows of a table: those open at a line end are
 * closed there and opened again on the next line. */
#include "cli/coverage.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char style[] =
    "body{font:14px/1.45 system-ui,sans-serif;margin:2em;color:#1f2328}"
    "table{border-collapse:collapse;margin:0 0 2em}td,th{padding:0 .8em;text-align:right}"
    "th{font-weight:600;border-bottom:1px solid #d0d7de}"
    "td.t,th.t{text-align:left}td.t{font:13px/1.45 ui-monospace,monospace;white-space:pre}"
    "td.n{color:#8c959f}tr.never{background:#ffebe9}tr.unused td{color:#8c959f}"
    "span.z{background:#ffc9c4}tr.never span.z{background:none}"
    "td.c{background:linear-gradient(#b6d4fe,#b6d4fe) no-repeat right;"
    "background-size:var(--w) 100%}\n";

struct page {
    const struct fm_coverage *coverage;
    const struct fm_report *report;
    struct fm_text *out;
};

static void put(const struct page *page, const char *text)
{
    fm_text_xml(page->out, text);
}

/* A part of a line. Tabs become blanks, one each. */
static void put_source(const struct page *page, const char *text, uint32_t length)
{
    struct fm_text part = {NULL, 0, 0};
    fm_text_add(&part, text, length);
    for (char *at = part.at; (at = strchr(at, '\t')) != NULL; at++) {
        *at = ' ';
    }
    fm_text_xml(page->out, fm_text_string(&part));
    fm_text_deinit(&part);
}

static const char *class_of(enum fm_coverage_reach reach)
{
    switch (reach) {
    case FM_COVERAGE_NEVER:
        return " class=\"never\"";
    case FM_COVERAGE_UNUSED:
    case FM_COVERAGE_NOTHING:
        return " class=\"unused\"";
    case FM_COVERAGE_PARTLY:
    case FM_COVERAGE_WHOLE:
        break;
    }
    return "";
}

/* --- lines --- */

static uint64_t most_expensive(const struct fm_coverage *coverage)
{
    uint64_t most = 1;
    for (uint32_t i = 0; i < coverage->file_count; i++) {
        for (uint32_t j = 0; j < coverage->files[i].source->line_count; j++) {
            uint64_t cost = coverage->files[i].lines[j].cost;
            most = cost > most ? cost : most;
        }
    }
    return most;
}

static void add_numbers(const struct page *page, const struct fm_coverage_line *line, uint64_t most)
{
    struct fm_text *out = page->out;
    if (line->reach == FM_COVERAGE_NOTHING || line->reach == FM_COVERAGE_UNUSED) {
        const char *text = line->reach == FM_COVERAGE_NOTHING ? "" : "-";
        fm_text_printf(out, "<td>%s</td><td>%s</td>", text, text);
        return;
    }
    double part = log1p((double)line->cost) / log1p((double)most);
    fm_text_printf(out, "<td>%" PRIu64 "</td><td class=\"c\" style=\"--w:%.0f%%\">%" PRIu64 "</td>",
                   line->count, part * 100, line->cost);
}

static void open_expression(const struct page *page, const struct fm_coverage_expression *at)
{
    const char *unused = at->used ? "" : ", in a definition that is not used";
    bool marked = at->used && at->count == 0;
    fm_text_printf(page->out, "<span%s title=\"%" PRIu64 "%s\">", marked ? " class=\"z\"" : "",
                   at->count, unused);
}

/* Expressions that are open where the text is. */
struct open {
    uint32_t *at; /* indices, the innermost last */
    uint32_t count, next;
};

/* Bytes from `begin` to `end` of the line, which hold no end of an expression. */
static void add_line_text(const struct page *page, const struct fm_coverage_file *file,
                          struct open *open, uint32_t begin, uint32_t end)
{
    const struct fm_coverage_expression *all = file->expressions;
    for (uint32_t i = 0; i < open->count; i++) {
        open_expression(page, &all[open->at[i]]);
    }
    for (uint32_t at = begin; at < end;) {
        while (open->count > 0 && all[open->at[open->count - 1]].span.end <= at) {
            fm_text_puts(page->out, "</span>");
            open->count--;
        }
        while (open->next < file->expression_count && all[open->next].span.begin <= at) {
            if (all[open->next].span.end > at) { /* else it lies in a line end */
                open_expression(page, &all[open->next]);
                open->at[open->count++] = open->next;
            }
            open->next++;
        }
        uint32_t stop = end;
        if (open->count > 0 && all[open->at[open->count - 1]].span.end < stop) {
            stop = all[open->at[open->count - 1]].span.end;
        }
        if (open->next < file->expression_count && all[open->next].span.begin < stop) {
            stop = all[open->next].span.begin;
        }
        put_source(page, file->source->text + at, stop - at);
        at = stop;
    }
    for (uint32_t i = 0; i < open->count; i++) {
        fm_text_puts(page->out, "</span>");
    }
    while (open->count > 0 && all[open->at[open->count - 1]].span.end <= end) {
        open->count--;
    }
}

static void add_file(const struct page *page, const struct fm_coverage_file *file, uint64_t most)
{
    const struct fm_source *source = file->source;
    struct open open = {fm_memory_calloc(file->expression_count + 1, sizeof *open.at), 0, 0};
    fm_text_puts(page->out, "<h2>");
    put(page, source->path);
    fm_text_puts(page->out, "</h2>\n<table><tr><th>line</th><th>count</th><th>cost</th>"
                            "<th class=\"t\">module ");
    put(page, file->module->text);
    fm_text_puts(page->out, "</th></tr>\n");
    for (uint32_t i = 0; i < source->line_count; i++) {
        const struct fm_coverage_line *line = &file->lines[i];
        uint32_t begin = source->lines[i];
        uint32_t end = i + 1 < source->line_count ? source->lines[i + 1] : source->size;
        while (end > begin && (source->text[end - 1] == '\n' || source->text[end - 1] == '\r')) {
            end--;
        }
        fm_text_printf(page->out, "<tr%s id=\"%s-%u\"><td class=\"n\">%u</td>",
                       class_of(line->reach), file->module->text, i + 1, i + 1);
        add_numbers(page, line, most);
        fm_text_puts(page->out, "<td class=\"t\">");
        add_line_text(page, file, &open, begin, end);
        fm_text_puts(page->out, "</td></tr>\n");
    }
    fm_text_puts(page->out, "</table>\n");
    fm_memory_free(open.at);
}

/* --- actions --- */

static void add_action(const struct page *page, const struct fm_coverage_action *at)
{
    struct fm_place place = fm_source_place(fm_diags_sources(page->report->diags), at->span);
    fm_text_printf(page->out, "<tr%s><td>%" PRIu64 "</td><td>%" PRIu64 "</td><td class=\"t\">",
                   at->count.generated == 0 ? " class=\"never\"" : "", at->count.distinct,
                   at->count.generated);
    if (at->action->module != NULL) {
        fm_text_printf(page->out, "<a href=\"#%s-%u\">", at->action->module->text, place.line);
    }
    put(page, at->action->name == NULL ? "Action" : at->action->name->text);
    fm_text_puts(page->out, at->action->module != NULL ? "</a></td></tr>\n" : "</td></tr>\n");
}

static void add_actions(const struct page *page)
{
    const struct fm_check_result *result = page->report->result;
    fm_text_puts(page->out, "<h2>Actions</h2>\n<table><tr><th>distinct</th><th>generated</th>"
                            "<th class=\"t\">action</th></tr>\n");
    fm_text_printf(page->out,
                   "<tr><td>%" PRIu64 "</td><td>%" PRIu64
                   "</td><td class=\"t\">(initial states)</td></tr>\n",
                   result->initial.distinct, result->initial.generated);
    for (uint32_t i = 0; i < page->coverage->actions.count; i++) {
        add_action(page, &page->coverage->actions.at[i]);
    }
    fm_text_puts(page->out, "</table>\n");
}

void fm_coverage_html(const struct fm_coverage *coverage, const struct fm_report *report,
                      struct fm_text *out)
{
    const struct page page = {coverage, report, out};
    const struct fm_check_result *result = report->result;
    fm_text_puts(out,
                 "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Coverage "
                 "of ");
    put(&page, report->program->root->text);
    fm_text_printf(out, "</title><style>%s</style></head><body>\n<h1>Coverage of ", style);
    put(&page, report->program->root->text);
    fm_text_printf(
        out,
        "</h1>\n<p>%" PRIu64 " states generated, %" PRIu64
        " distinct%s. %u of %u expressions were never evaluated. Count: evaluations of the "
        "expression that begins on the line; cost: of all that begin there. Fathom %s, "
        "interpreted.</p>\n",
        result->counts.generated, result->counts.distinct,
        result->end == FM_CHECK_COMPLETE ? "" : "; the search did not come to its end",
        coverage->never_count, coverage->used_count, FM_VERSION);
    add_actions(&page);
    uint64_t most = most_expensive(coverage);
    for (uint32_t i = 0; i < coverage->file_count; i++) {
        add_file(&page, &coverage->files[i], most);
    }
    fm_text_puts(out, "</body></html>\n");
}
