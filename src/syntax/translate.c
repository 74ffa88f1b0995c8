/* From a file with a PlusCal algorithm to one with its translation.
 *
 *     (* --algorithm ... *)
 *     \* BEGIN TRANSLATION (chksum(pcal) = "1a2b3c4d" /\ chksum(tla) = "5e6f7a8b")
 *     VARIABLES ...
 *     \* END TRANSLATION
 *
 * The lines between the markers are ours, everything else stays byte for byte, the checksums in the
 * first marker excepted. Lines end as those of the algorithm do. The new text is a source that
 * knows where its parts come from (diag/source.c): what stands outside of the translation has the
 * place it has in the file, and what is in it has the algorithm's. So an error in an expression is
 * shown where the user wrote that expression, whether it is found now, by the analysis, or at run
 * time.
 *
 * The stages are those of docs/internals.md; each one's first problem ends the translation, but all
 * labels that are missing are reported. */
#include "syntax/translate.h"

#include "base/vec.h"
#include "syntax/pcal_gen.h"
#include "syntax/pluscal.h"

#include <string.h>

#define CHECKSUMS "(chksum(pcal) = \"%x\" /\\ chksum(tla) = \"%x\")"

/* What is made, and the pieces it is made of. */
struct made {
    struct fm_text text;
    FM_VEC(struct fm_source_piece) pieces;
};

struct translator {
    const struct fm_parse *parse;
    const struct fm_source *source;
    uint32_t number;
    struct fm_pcal_algorithm *algorithm;
    struct fm_pcal_out out;
    /* Bytes in the source: the line of BEGIN TRANSLATION and what lies between it and the line of
     * END TRANSLATION. Without these lines all are where they have to be put. */
    bool marked;
    uint32_t marker, body, body_end;
    uint32_t pcal, tla; /* checksums */
    struct made made;
};

/* ---- Reports. */

static void report(const struct translator *translator, const struct fm_pcal_problem *problem)
{
    struct fm_diags *diags = translator->parse->diags;
    struct fm_diag *diag = fm_diag_report(diags, problem->code, problem->span, "%s",
                                          problem->message);
    if (problem->hint != NULL) {
        fm_diag_hint(diags, diag, "%s", problem->hint);
    }
}

static void report_labels(const struct translator *translator)
{
    struct fm_diags *diags = translator->parse->diags;
    const struct fm_pcal_spans *added = &translator->algorithm->added;
    for (uint32_t i = 0; i < added->count; i++) {
        struct fm_diag *diag = fm_diag_report(diags, FM_CODE_1045, added->at[i],
                                              "this statement needs a label");
        if (i == 0) {
            fm_diag_hint(diags, diag,
                         "write one before it, as in `L: x := 1`, or let `PlusCal "
                         "options (-label)` add those that are missing");
        }
    }
}

static void report_option(const struct translator *translator)
{
    struct fm_span span = translator->algorithm->options.unknown;
    if (span.source != 0) {
        struct fm_diags *diags = translator->parse->diags;
        struct fm_diag *diag = fm_diag_report(diags, FM_CODE_1051, span,
                                              "`%.*s` is no option of PlusCal, or misplaced; those "
                                              "before it hold",
                                              (int)(span.end - span.begin),
                                              translator->source->text + span.begin);
        fm_diag_hint(diags, diag,
                     "options are wf, sf, wfNext, nof, termination, noDoneDisjunct, "
                     "label, labelRoot NAME, version N, -lineWidth N");
    }
}

/* ---- Lines. */

/* After the end of the line, or the end of the text. */
static uint32_t line_end(const struct fm_source *source, uint32_t at)
{
    const char *newline = memchr(source->text + at, '\n', source->size - at);
    return newline == NULL ? source->size : (uint32_t)(newline - source->text) + 1;
}

static const char *newline_of(const struct fm_source *source, uint32_t at)
{
    uint32_t end = line_end(source, at);
    return end >= 2 && source->text[end - 2] == '\r' ? "\r\n" : "\n";
}

/* Whether the line has the two words, the second after blanks only. */
static bool line_has(const char *line, size_t length, const char *first)
{
    const char *end = line + length;
    const char *at = memmem(line, length, first, strlen(first));
    if (at == NULL) {
        return false;
    }
    at += strlen(first);
    while (at < end && *at == ' ') {
        at++;
    }
    return at == memmem(line, length, "TRANSLATION", strlen("TRANSLATION"));
}

/* The beginning of the first line from `at` on that marks one end of the translation, or the text's
 * size. */
static uint32_t find_marker(const struct fm_source *source, uint32_t at, const char *word)
{
    while (at < source->size) {
        uint32_t end = line_end(source, at);
        if (line_has(source->text + at, end - at, word)) {
            return at;
        }
        at = end;
    }
    return source->size;
}

/* The line below the comment that holds the algorithm, which may hold nothing else. */
static bool find_line_below(struct translator *translator)
{
    const struct fm_source *source = translator->source;
    uint32_t at = translator->algorithm->end;
    uint32_t close = at + 2 <= source->size ? at + 2 : source->size;
    uint32_t end = line_end(source, close);
    uint32_t text = close;
    while (text < end && strchr(" \t\r\n", source->text[text]) != NULL) {
        text++;
    }
    translator->marker = translator->body = translator->body_end = end;
    if (at + 2 <= source->size && (text == end || strncmp(source->text + text, "\\*", 2) == 0)) {
        return true;
    }
    struct fm_diags *diags = translator->parse->diags;
    struct fm_diag *diag = fm_diag_report(
        diags, FM_CODE_1050, (struct fm_span){translator->number, text, text + 1},
        "the translation of the algorithm has its place below this line, which goes on after the "
        "algorithm's comment");
    fm_diag_hint(diags, diag, "end the line at `*)`");
    return false;
}

static bool find_place(struct translator *translator)
{
    const struct fm_source *source = translator->source;
    uint32_t marker = find_marker(source, 0, "BEGIN");
    if (marker == source->size) {
        return find_line_below(translator);
    }
    translator->marked = true;
    translator->marker = marker;
    translator->body = line_end(source, marker);
    translator->body_end = find_marker(source, translator->body, "END");
    if (translator->body_end < source->size) {
        return true;
    }
    struct fm_diag *diag = fm_diag_report(
        translator->parse->diags, FM_CODE_1050,
        (struct fm_span){translator->number, marker, translator->body - 1},
        "the translation that begins here has no end");
    fm_diag_hint(translator->parse->diags, diag, "`\\* END TRANSLATION` ends it");
    return false;
}

/* ---- The new text. */

static void add_piece(struct made *made, const char *text, uint32_t length, struct fm_span origin)
{
    uint32_t begin = (uint32_t)made->text.length;
    if (length == 0) {
        return;
    }
    fm_text_add(&made->text, text, length);
    struct fm_source_piece piece = {begin, begin + length, origin};
    fm_vec_push(&made->pieces, piece);
}

static void add_kept(struct translator *translator, uint32_t begin, uint32_t end)
{
    add_piece(&translator->made, translator->source->text + begin, end - begin,
              (struct fm_span){translator->number, begin, end});
}

static void add_marker(struct translator *translator, const char *newline)
{
    struct fm_pluscal_checksum pcal = {0}, tla = {0};
    struct fm_span keyword = translator->algorithm->span;
    struct fm_text line = {0};
    if (!translator->marked) {
        uint32_t at = translator->marker;
        bool ended = at == 0 || translator->source->text[at - 1] == '\n';
        fm_text_printf(&line, "%s\\* BEGIN TRANSLATION " CHECKSUMS "%s", ended ? "" : newline,
                       translator->pcal, translator->tla, newline);
        add_piece(&translator->made, fm_text_string(&line), (uint32_t)line.length, keyword);
        fm_text_deinit(&line);
        return;
    }
    fm_pluscal_checksums(translator->source, translator->marker, translator->body, &pcal, &tla);
    uint32_t at = translator->marker;
    if (pcal.given && tla.given && pcal.end < tla.begin) {
        add_kept(translator, at, pcal.begin);
        fm_text_printf(&line, "%x", translator->pcal);
        add_piece(&translator->made, fm_text_string(&line), (uint32_t)line.length, keyword);
        fm_text_clear(&line);
        add_kept(translator, pcal.end, tla.begin);
        fm_text_printf(&line, "%x", translator->tla);
        add_piece(&translator->made, fm_text_string(&line), (uint32_t)line.length, keyword);
        at = tla.end;
    }
    add_kept(translator, at, translator->body);
    fm_text_deinit(&line);
}

static void add_translation(struct translator *translator, const char *newline)
{
    struct made *made = &translator->made;
    for (uint32_t i = 0; i < translator->out.lines.count; i++) {
        const struct fm_pcal_out_line *line = &translator->out.lines.at[i];
        for (uint32_t k = 0; k < line->count; k++) {
            add_piece(made, line->at[k].text, line->at[k].length, line->at[k].origin);
        }
        fm_text_puts(&made->text, newline);
    }
    if (!translator->marked) {
        struct fm_text line = {0};
        fm_text_printf(&line, "\\* END TRANSLATION %s", newline);
        add_piece(made, fm_text_string(&line), (uint32_t)line.length, translator->algorithm->span);
        fm_text_deinit(&line);
    }
}

static bool make_text(struct translator *translator, struct fm_translation *result)
{
    const char *newline = newline_of(translator->source, translator->algorithm->span.begin);
    struct made *made = &translator->made;
    add_kept(translator, 0, translator->marker);
    add_marker(translator, newline);
    add_translation(translator, newline);
    add_kept(translator, translator->body_end, translator->source->size);
    bool fits = made->text.length <= FM_SOURCE_SIZE_MAX;
    if (fits) {
        result->source = fm_source_add_made(fm_diags_sources(translator->parse->diags),
                                            translator->source->path, fm_text_string(&made->text),
                                            made->text.length, made->pieces.at, made->pieces.count);
    } else {
        fm_diag_report(translator->parse->diags, FM_CODE_1050, translator->algorithm->span,
                       "the translation of this algorithm is larger than %zu MB",
                       FM_SOURCE_SIZE_MAX >> 20);
    }
    fm_text_deinit(&made->text);
    fm_vec_deinit(&made->pieces);
    return fits;
}

/* ---- Stages. */

static uint32_t checksum_of_lines(const struct fm_pcal_out *out)
{
    uint32_t crc = 0;
    for (uint32_t i = 0; i < out->lines.count; i++) {
        for (uint32_t k = 0; k < out->lines.at[i].count; k++) {
            const struct fm_pcal_piece *piece = &out->lines.at[i].at[k];
            crc = fm_pluscal_crc(crc, piece->text, piece->length);
        }
    }
    return crc;
}

/* From the algorithm to the lines of its translation. */
static bool generate(struct translator *translator, struct fm_span keyword,
                     const struct fm_pcal_options *options)
{
    struct fm_arena *arena = translator->parse->arena;
    struct fm_pcal_problem problem = {0};
    translator->algorithm = fm_pcal_parse_with(arena, translator->source, keyword,
                                               translator->source->size, options, &problem);
    struct fm_pcal_algorithm *algorithm = translator->algorithm;
    if (algorithm != NULL && algorithm->labels_missing) {
        report_labels(translator);
        return false;
    }
    bool good = algorithm != NULL && fm_pcal_resolve(arena, algorithm, &problem) &&
                fm_pcal_lower(arena, algorithm, &problem) &&
                fm_pcal_generate(arena, fm_diags_sources(translator->parse->diags), algorithm,
                                 &translator->out, &problem);
    if (!good) {
        if (problem.span.source == 0) {
            problem.span = keyword;
        }
        report(translator, &problem);
        return false;
    }
    report_option(translator);
    translator->pcal = fm_pluscal_algorithm_checksum(algorithm);
    translator->tla = checksum_of_lines(&translator->out);
    return true;
}

/* The first algorithm of the text, in a module or not. */
static struct fm_span find_keyword(const struct fm_source *source, uint32_t number)
{
    struct fm_pluscal_scan scan = {0};
    fm_pluscal_comment(&scan, source, (struct fm_span){number, 0, source->size}, 0);
    return scan.info.present ? scan.info.span : fm_span_none();
}

bool fm_pluscal_translate(const struct fm_parse *parse, uint32_t source, struct fm_span keyword,
                          const struct fm_pcal_options *options, struct fm_translation *result)
{
    struct translator translator = {
        .parse = parse,
        .source = fm_source_get(fm_diags_sources(parse->diags), source),
        .number = source,
    };
    *result = (struct fm_translation){0};
    if (keyword.source == 0) {
        keyword = find_keyword(translator.source, source);
    }
    if (keyword.source == 0) {
        struct fm_diag *diag = fm_diag_report(parse->diags, FM_CODE_1050,
                                              (struct fm_span){source, 0, 0},
                                              "there is no PlusCal algorithm in this file");
        fm_diag_hint(parse->diags, diag, "one begins with `--algorithm Name` in a comment");
        return false;
    }
    if (!generate(&translator, keyword, options) || !find_place(&translator) ||
        !make_text(&translator, result)) {
        return false;
    }
    result->name = translator.algorithm->name;
    result->added = translator.algorithm->added.count;
    result->added_labels = translator.algorithm->added_labels.at;
    result->added_at = translator.algorithm->added.at;
    result->line_count = translator.out.lines.count;
    return true;
}

/* ---- Translations that stand in the file. */

/* Notes the pieces of a line that stands at `at`; false when it is another line there. */
static bool note_line(struct made *made, const struct fm_source *source, uint32_t *at, uint32_t end,
                      const struct fm_pcal_out_line *line)
{
    for (uint32_t i = 0; i < line->count; i++) {
        const struct fm_pcal_piece *piece = &line->at[i];
        if (end - *at < piece->length ||
            memcmp(source->text + *at, piece->text, piece->length) != 0) {
            return false;
        }
        struct fm_source_piece note = {*at, *at + piece->length, piece->origin};
        fm_vec_push(&made->pieces, note);
        *at += piece->length;
    }
    *at += *at < end && source->text[*at] == '\r' ? 1 : 0;
    bool ended = *at < end && source->text[*at] == '\n';
    *at += ended ? 1 : 0;
    return ended;
}

void fm_pluscal_note(const struct fm_parse *parse, struct fm_span body,
                     const struct fm_pcal_algorithm *algorithm)
{
    struct fm_sources *sources = fm_diags_sources(parse->diags);
    struct fm_pcal_problem problem = {0};
    struct fm_pcal_out out;
    struct made made = {0};
    uint32_t at = body.begin;
    bool same = fm_pcal_generate(parse->arena, sources, algorithm, &out, &problem);
    for (uint32_t i = 0; same && i < out.lines.count; i++) {
        same = note_line(&made, fm_source_get(sources, body.source), &at, body.end,
                         &out.lines.at[i]);
    }
    if (same && at == body.end) {
        fm_source_note(sources, body.source, made.pieces.at, made.pieces.count);
    }
    fm_vec_deinit(&made.pieces);
}
