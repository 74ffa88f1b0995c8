/* fathom coverage: a check, and then the specification with what was evaluated.
 *
 *          count        cost  line
 *             24          24    15  TypeOK == /\ bank \in [Cars -> Sides]
 *          #####           0    27              /\ deck # Cars
 *             56*         96    25  Board(c) == /\ c \notin deck \/ c = Spare
 *                                                                  ^^^^^^^^^ never evaluated
 *              -           -    41  NeverBack == [][deck = {}]_vars
 *
 * Beside a line stand the evaluations of the expression that begins on it and was evaluated most
 * often, and the sum over all that begin on it, which is what the line costs. ##### is a line of
 * which nothing was evaluated, * one of which a part was not: the outermost such parts are marked
 * below it. A line with - belongs to temporal formulas, or to definitions that the configuration
 * does not lead to; one without numbers has no expression of its own. Behind the files stand the
 * actions, those that found nothing with #####.
 *
 * The counts are the interpreter's: code that is emitted has no counters, so the whole run is
 * interpreted, and says so. They do not depend on the number of workers. (Counters in emitted code
 * were rejected: the expressions that it leaves out, because shapes prove them, would look as if
 * they were never needed.) */
#include "cli/coverage.h"

#include "cli/command.h"
#include "cli/help.h"
#include "cli/run.h"

#include "base/assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A tab goes to the next multiple, as in places. */
#define TAB_WIDTH 8u
/* Columns in front of a line's text. */
#define TEXT_COLUMN 33u

/* --- the listing --- */

static void add_source_line(const struct fm_source *source, uint32_t line, struct fm_text *out)
{
    uint32_t end = line + 1 < source->line_count ? source->lines[line + 1] : source->size;
    uint32_t column = 0;
    for (uint32_t at = source->lines[line]; at < end; at++) {
        unsigned char byte = (unsigned char)source->text[at];
        if (byte == '\t') {
            uint32_t width = TAB_WIDTH - column % TAB_WIDTH;
            fm_text_fill(out, ' ', width);
            column += width;
        } else if (byte != '\n' && byte != '\r') {
            fm_text_putc(out, (char)byte);
            column += (byte & 0xC0) != 0x80;
        }
    }
}

/* `count` and `cost` as they stand in front of a line. */
static void add_numbers(const struct fm_coverage_line *line, struct fm_text *out)
{
    switch (line->reach) {
    case FM_COVERAGE_NOTHING:
        fm_text_printf(out, "%12s  %10s", "", "");
        break;
    case FM_COVERAGE_UNUSED:
        fm_text_printf(out, "%12s  %10s", "-", "-");
        break;
    case FM_COVERAGE_NEVER:
        fm_text_printf(out, "%12s  %10d", "#####", 0);
        break;
    case FM_COVERAGE_PARTLY:
    case FM_COVERAGE_WHOLE:
        fm_text_printf(out, "%12" PRIu64 "%c %10" PRIu64, line->count,
                       line->reach == FM_COVERAGE_PARTLY ? '*' : ' ', line->cost);
        break;
    }
}

/* The carets below a line: its outermost parts that were never evaluated, from `next` on. */
static void add_marks(const struct fm_coverage_file *file, const struct fm_report *report,
                      uint32_t line, uint32_t *next, struct fm_text *out)
{
    const struct fm_sources *sources = fm_diags_sources(report->diags);
    bool partly = file->lines[line].reach == FM_COVERAGE_PARTLY;
    uint32_t column = 0;
    for (; *next < file->expression_count; (*next)++) {
        const struct fm_coverage_expression *at = &file->expressions[*next];
        struct fm_place place = fm_source_place(sources, at->span);
        if (place.line > line + 1) {
            break;
        }
        if (!partly || place.line != line + 1 || !at->outermost || !at->used) {
            continue;
        }
        uint32_t end = place.end_line == place.line ? place.end_column : place.column;
        fm_text_fill(out, ' ', (column == 0 ? TEXT_COLUMN : 0) + place.column - 1 - column);
        fm_text_fill(out, '^', end + 1 - place.column);
        column = end;
    }
    if (column > 0) {
        fm_text_puts(out, " never evaluated\n");
    }
}

static void add_file(const struct fm_coverage_file *file, const struct fm_report *report,
                     struct fm_text *out)
{
    uint32_t next = 0;
    fm_text_printf(out, "%s\n%12s  %10s  %5s\n", file->source->path, "count", "cost", "line");
    for (uint32_t i = 0; i < file->source->line_count; i++) {
        if (i + 1 == file->source->line_count && file->source->lines[i] == file->source->size) {
            break; /* behind the last line end */
        }
        add_numbers(&file->lines[i], out);
        fm_text_printf(out, "  %5u  ", i + 1);
        add_source_line(file->source, i, out);
        while (out->at[out->length - 1] == ' ') {
            out->length--;
        }
        out->at[out->length] = '\0';
        fm_text_putc(out, '\n');
        add_marks(file, report, i, &next, out);
    }
    fm_text_putc(out, '\n');
}

static void add_action_row(const struct fm_report *report, const char *name, struct fm_span span,
                           struct fm_action_count count, struct fm_text *out)
{
    fm_text_printf(out, "%12" PRIu64, count.distinct);
    if (count.generated == 0) {
        fm_text_printf(out, "  %10s  ", "#####");
    } else {
        fm_text_printf(out, "  %10" PRIu64 "  ", count.generated);
    }
    fm_text_printf(out, "%s ", name);
    fm_report_location(report, span, out);
    fm_text_putc(out, '\n');
}

/* "the initial states" are no action, and stand first. */
static void add_actions(const struct fm_coverage *coverage, const struct fm_report *report,
                        struct fm_text *out)
{
    const struct fm_check_result *result = report->result;
    if (!result->has_behaviour) {
        return;
    }
    fm_text_printf(out, "%12s  %10s  action\n%12" PRIu64 "  %10" PRIu64 "  (initial states)\n",
                   "distinct", "generated", result->initial.distinct, result->initial.generated);
    for (uint32_t i = 0; i < coverage->actions.count; i++) {
        const struct fm_coverage_action *at = &coverage->actions.at[i];
        const struct fm_symbol *name = at->action->name;
        add_action_row(report, name == NULL ? "Action" : name->text, at->span, at->count, out);
    }
    fm_text_putc(out, '\n');
}

static uint32_t count_idle(const struct fm_coverage *coverage)
{
    uint32_t idle = 0;
    for (uint32_t i = 0; i < coverage->actions.count; i++) {
        idle += coverage->actions.at[i].count.generated == 0;
    }
    return idle;
}

static void add_listing(const struct fm_report *report, struct fm_text *out)
{
    struct fm_coverage coverage;
    if (report->result->evaluations != NULL) {
        fm_coverage_init(&coverage, report);
        fm_text_putc(out, '\n');
        for (uint32_t i = 0; i < coverage.file_count; i++) {
            add_file(&coverage.files[i], report, out);
        }
        add_actions(&coverage, report, out);
        fm_text_printf(
            out,
            "%u of %u expressions never evaluated, %u of %u actions never taken. The run "
            "was interpreted: emitted code does not count evaluations.\n\n",
            coverage.never_count, coverage.used_count, count_idle(&coverage),
            coverage.actions.count);
        fm_coverage_deinit(&coverage);
    }
    fm_report_summary(report, out);
}

/* --- JSON; docs/formats.md has the schema --- */

static const char *reach_name(enum fm_coverage_reach reach)
{
    switch (reach) {
    case FM_COVERAGE_NOTHING:
        return "nothing";
    case FM_COVERAGE_UNUSED:
        return "unused";
    case FM_COVERAGE_NEVER:
        return "never";
    case FM_COVERAGE_PARTLY:
        return "partly";
    case FM_COVERAGE_WHOLE:
        return "whole";
    }
    fm_unreachable();
}

static void add_string(const char *text, struct fm_text *out)
{
    fm_text_json_string(out, text, strlen(text));
}

static void add_place(const struct fm_report *report, struct fm_span span, struct fm_text *out)
{
    struct fm_place place = fm_source_place(fm_diags_sources(report->diags), span);
    fm_text_printf(out, "\"line\":%u,\"column\":%u,\"end_line\":%u,\"end_column\":%u", place.line,
                   place.column, place.end_line, place.end_column);
}

static void add_counts(struct fm_action_count count, struct fm_text *out)
{
    fm_text_printf(out, "\"distinct\":%" PRIu64 ",\"generated\":%" PRIu64, count.distinct,
                   count.generated);
}

static void add_lines_json(const struct fm_coverage_file *file, struct fm_text *out)
{
    const char *comma = "";
    fm_text_puts(out, "\"lines\":[");
    for (uint32_t i = 0; i < file->source->line_count; i++) {
        const struct fm_coverage_line *line = &file->lines[i];
        if (line->reach != FM_COVERAGE_NOTHING) {
            fm_text_printf(
                out, "%s{\"line\":%u,\"reach\":\"%s\",\"count\":%" PRIu64 ",\"cost\":%" PRIu64 "}",
                comma, i + 1, reach_name(line->reach), line->count, line->cost);
            comma = ",";
        }
    }
    fm_text_putc(out, ']');
}

static void add_file_json(const struct fm_coverage_file *file, const struct fm_report *report,
                          struct fm_text *out)
{
    fm_text_puts(out, "{\"path\":");
    add_string(file->source->path, out);
    fm_text_puts(out, ",\"module\":");
    add_string(file->module->text, out);
    fm_text_putc(out, ',');
    add_lines_json(file, out);
    fm_text_puts(out, ",\"expressions\":[");
    for (uint32_t i = 0; i < file->expression_count; i++) {
        const struct fm_coverage_expression *at = &file->expressions[i];
        fm_text_puts(out, i == 0 ? "{" : ",{");
        add_place(report, at->span, out);
        fm_text_printf(out, ",\"count\":%" PRIu64 ",\"used\":%s}", at->count,
                       at->used ? "true" : "false");
    }
    fm_text_puts(out, "]}");
}

static void add_actions_json(const struct fm_coverage *coverage, const struct fm_report *report,
                             struct fm_text *out)
{
    fm_text_puts(out, ",\"actions\":[");
    for (uint32_t i = 0; i < coverage->actions.count; i++) {
        const struct fm_coverage_action *at = &coverage->actions.at[i];
        fm_text_puts(out, i == 0 ? "{\"name\":" : ",{\"name\":");
        add_string(at->action->name == NULL ? "Action" : at->action->name->text, out);
        fm_text_puts(out, ",\"location\":{");
        add_place(report, at->span, out);
        fm_text_puts(out, "},");
        add_counts(at->count, out);
        fm_text_putc(out, '}');
    }
    fm_text_putc(out, ']');
}

static void add_json(const struct fm_report *report, struct fm_text *out)
{
    struct fm_coverage coverage;
    fm_coverage_init(&coverage, report);
    fm_text_printf(
        out, "{\"fathom\":\"%s\",\"exit_status\":%d,\"complete\":%s,\"specification\":", FM_VERSION,
        report->exit_status, report->result->end == FM_CHECK_COMPLETE ? "true" : "false");
    add_string(report->options->path, out);
    fm_text_printf(out, ",\"generated\":%" PRIu64 ",\"distinct\":%" PRIu64,
                   report->result->counts.generated, report->result->counts.distinct);
    fm_text_printf(out, ",\"interpreted\":true,\"expressions\":%u,\"never_evaluated\":%u",
                   coverage.used_count, coverage.never_count);
    fm_text_printf(out, ",\"cost\":%" PRIu64 ",\"initial\":{", coverage.cost);
    add_counts(report->result->initial, out);
    fm_text_putc(out, '}');
    add_actions_json(&coverage, report, out);
    fm_text_puts(out, ",\"files\":[");
    for (uint32_t i = 0; i < coverage.file_count; i++) {
        fm_text_puts(out, i == 0 ? "" : ",");
        add_file_json(&coverage.files[i], report, out);
    }
    fm_text_puts(out, "]}\n");
    fm_coverage_deinit(&coverage);
}

static void add_page(const struct fm_report *report, struct fm_text *out)
{
    struct fm_coverage coverage;
    fm_coverage_init(&coverage, report);
    fm_coverage_html(&coverage, report, out);
    fm_coverage_deinit(&coverage);
}

int fm_command_coverage(int argc, char **argv)
{
    struct fm_personality personality = fm_personality_check;
    personality.command = "fathom coverage";
    personality.summary = add_listing;
    personality.json = add_json;
    personality.page = add_page;
    struct fm_options options;
    struct fm_text message = {NULL, 0, 0};
    int status = FM_STATUS_OK;
    switch (fm_options_parse_coverage(argc, argv, &options, &message)) {
    case FM_OPTIONS_HELP:
        fm_help_print_coverage();
        break;
    case FM_OPTIONS_WRONG:
        (void)fprintf(stderr, "fathom coverage: %s\n`fathom help coverage` lists the options.\n",
                      fm_text_string(&message));
        status = FM_STATUS_COMMAND_LINE;
        break;
    case FM_OPTIONS_RUN:
        status = fm_run_check(&options, &personality);
        break;
    }
    fm_text_deinit(&message);
    fm_options_deinit(&options);
    return status;
}
