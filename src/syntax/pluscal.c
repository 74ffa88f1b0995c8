/* PlusCal in comments.
 *
 * A specification written in PlusCal keeps its algorithm in a comment, and below it, between
 * `\* BEGIN TRANSLATION` and `\* END TRANSLATION`, the TLA+ text that the translator made of it.
 * Everything after the lexer sees that text only, so the one question here is whether it can be
 * trusted.
 *
 * The translator leaves two checksums in the BEGIN line:
 *
 *     \* BEGIN TRANSLATION (chksum(pcal) = "1a2b3c4d" /\ chksum(tla) = "5e6f7a8b")
 *
 * Both are CRC-32 (IEEE 802.3, reflected) in hexadecimal without leading zeros. That of `tla` is
 * over the lines between the markers joined without their line ends: it tells whether somebody
 * changed the translation by hand. That of `pcal` is over the translator's print of its tree of the
 * algorithm: it tells whether the algorithm was changed since. So the algorithm is read
 * (pcal_parse.c and what it calls), though nothing but this warning needs its tree yet. When the
 * algorithm begins with `--fair` the translator takes the checksum of the word "fair" instead, and
 * changes go unnoticed; no other reader of the file could agree with it otherwise. `\in STRING`
 * instead of a number switches a check off. Older spellings ("checksum", "PlusCal", "TLA+") are
 * read too. An algorithm without a translation is another matter: see translate.c.
 *
 * An algorithm that cannot be read is a warning as well: the translation is what is checked. The
 * command line of the translator can say what processes' fairness is and that labels be added; the
 * file does not tell, so a checksum that any of these explains is right. */
#include "syntax/pluscal.h"

#include "syntax/pcal_ast.h"
#include "syntax/translate.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define CRC32_POLYNOMIAL 0xEDB88320u

uint32_t fm_pluscal_crc(uint32_t crc, const char *bytes, size_t length)
{
    crc = ~crc;
    for (size_t i = 0; i < length; i++) {
        crc ^= (unsigned char)bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ (CRC32_POLYNOMIAL & (0u - (crc & 1u)));
        }
    }
    return ~crc;
}

static const char *find(const char *text, const char *end, const char *what)
{
    return memmem(text, (size_t)(end - text), what, strlen(what));
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t')) {
        at++;
    }
    return at;
}

/* After `first`, blanks, `second`; NULL when the text does not hold them. */
static const char *after_pair(const char *at, const char *end, const char *first,
                              const char *second)
{
    while ((at = find(at, end, first)) != NULL) {
        const char *next = skip_blanks(at + strlen(first), end);
        size_t length = strlen(second);
        if ((size_t)(end - next) >= length && memcmp(next, second, length) == 0) {
            return next + length;
        }
        at += strlen(first);
    }
    return NULL;
}

/* A name in either of its spellings, at `p`; the end of the name, or NULL. */
static const char *after_name(const char *p, const char *end, const char *const names[2])
{
    static const char *const words[] = {"chksum(", "checksum("};
    for (size_t i = 0; i < 4; i++) {
        size_t word = strlen(words[i / 2]);
        size_t name = strlen(names[i % 2]);
        if ((size_t)(end - p) > word + name && strncasecmp(p, words[i / 2], word) == 0 &&
            strncasecmp(p + word, names[i % 2], name) == 0) {
            return p + word + name;
        }
    }
    return NULL;
}

/* The number in `chksum(name) = "hex"`. */
static struct fm_pluscal_checksum read_checksum(const char *text, const char *at, const char *end,
                                                const char *const names[2])
{
    struct fm_pluscal_checksum checksum = {0};
    const char *name = NULL;
    for (const char *p = at; p < end && name == NULL; p++) {
        name = after_name(p, end, names);
    }
    if (name == NULL) {
        return checksum;
    }
    const char *p = *name == '+' ? name + 1 : name;
    p = p < end && *p == ')' ? skip_blanks(p + 1, end) : end;
    p = p < end && *p == '=' ? skip_blanks(p + 1, end) : end;
    p = p < end && *p == '"' ? p + 1 : end;
    int digits = 0;
    checksum.begin = (uint32_t)(p - text);
    for (; p < end && isxdigit((unsigned char)*p) && digits < 8; p++, digits++) {
        int low = tolower((unsigned char)*p);
        checksum.value = checksum.value << 4 | (uint32_t)(low <= '9' ? low - '0' : low - 'a' + 10);
    }
    checksum.given = digits > 0 && p < end && *p == '"';
    checksum.end = (uint32_t)(p - text);
    return checksum;
}

void fm_pluscal_checksums(const struct fm_source *source, uint32_t begin, uint32_t end,
                          struct fm_pluscal_checksum *pcal, struct fm_pluscal_checksum *tla)
{
    static const char *const algorithm_names[2] = {"pcal", "PlusCal"};
    static const char *const translation_names[2] = {"tla", "tla+"};
    const char *text = source->text;
    *pcal = read_checksum(text, text + begin, text + end, algorithm_names);
    *tla = read_checksum(text, text + begin, text + end, translation_names);
}

static uint32_t line_after(const struct fm_source *source, uint32_t at)
{
    const char *newline = memchr(source->text + at, '\n', source->size - at);
    return newline == NULL ? source->size : (uint32_t)(newline - source->text) + 1;
}

static uint32_t line_of(const struct fm_source *source, uint32_t at)
{
    while (at > 0 && source->text[at - 1] != '\n') {
        at--;
    }
    return at;
}

static void find_algorithm(struct fm_pluscal_scan *scan, const char *text, const char *end,
                           struct fm_span comment)
{
    static const char *const keywords[] = {"--algorithm", "--fair"};
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        const char *at = find(text, end, keywords[i]);
        const char *after = at == NULL ? NULL : at + strlen(keywords[i]);
        if (at == NULL || (after < end && (isalnum((unsigned char)*after) || *after == '_'))) {
            continue;
        }
        if (i == 1) {
            while (after < end && isspace((unsigned char)*after)) {
                after++;
            }
            if ((size_t)(end - after) < 9 || memcmp(after, "algorithm", 9) != 0) {
                continue;
            }
        }
        uint32_t begin = comment.begin + (uint32_t)(at - text);
        scan->info.present = true;
        scan->comment_end = comment.end;
        scan->info.span = (struct fm_span){comment.source, begin,
                                           begin + (uint32_t)strlen(keywords[i])};
        return;
    }
}

void fm_pluscal_comment(struct fm_pluscal_scan *scan, const struct fm_source *source,
                        struct fm_span comment, uint32_t token_count)
{
    const char *text = source->text + comment.begin;
    const char *end = source->text + comment.end;
    if (!scan->info.present) {
        find_algorithm(scan, text, end, comment);
    }
    if (scan->body_begin == 0) {
        const char *after = after_pair(text, end, "BEGIN", "TRANSLATION");
        if (after != NULL) {
            scan->body_begin = line_after(source, comment.begin + (uint32_t)(after - text));
            scan->body_tokens = token_count;
            fm_pluscal_checksums(source, (uint32_t)(after - source->text), comment.end, &scan->pcal,
                                 &scan->tla);
        }
    } else if (scan->body_end == 0 && after_pair(text, end, "END", "TRANSLATION") != NULL) {
        scan->body_end = line_of(source, comment.begin);
        scan->info.translated = token_count > scan->body_tokens;
    }
}

/* CRC of the lines between the markers, without their line ends. */
static uint32_t body_checksum(const struct fm_source *source, uint32_t begin, uint32_t end)
{
    uint32_t crc = 0;
    for (uint32_t at = begin; at < end;) {
        uint32_t next = line_after(source, at);
        uint32_t last = next < end ? next : end;
        uint32_t length = last - at;
        while (length > 0 &&
               (source->text[at + length - 1] == '\n' || source->text[at + length - 1] == '\r')) {
            length--;
        }
        crc = fm_pluscal_crc(crc, source->text + at, length);
        at = last;
    }
    return crc;
}

static uint32_t print_checksum(const struct fm_pcal_algorithm *algorithm)
{
    struct fm_text text = {0};
    fm_pcal_print(algorithm, &text);
    uint32_t crc = fm_pluscal_crc(0, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    return crc;
}

uint32_t fm_pluscal_algorithm_checksum(const struct fm_pcal_algorithm *algorithm)
{
    return algorithm->fair ? fm_pluscal_crc(0, "fair", strlen("fair")) : print_checksum(algorithm);
}

/* The checksum of an algorithm: the recorded one where an option of the translator's command line
 * explains it. */
static uint32_t algorithm_checksum(struct fm_pcal_algorithm *algorithm, uint32_t recorded)
{
    if (algorithm->fair) {
        return fm_pluscal_algorithm_checksum(algorithm);
    }
    static const enum fm_pcal_fairness options[] = {FM_PCAL_WEAK, FM_PCAL_STRONG};
    uint32_t checksum = print_checksum(algorithm);
    bool unfair = fm_pcal_fairness_of(&algorithm->options) == FM_PCAL_UNFAIR;
    for (size_t i = 0; i < sizeof options / sizeof options[0] && checksum != recorded && unfair;
         i++) {
        for (uint32_t k = 0; k < algorithm->processes.count; k++) {
            struct fm_pcal_routine *process = algorithm->processes.at[k];
            process->fairness = process->says_fairness ? process->fairness : options[i];
        }
        checksum = print_checksum(algorithm) == recorded ? recorded : checksum;
    }
    return checksum;
}

static void report_problem(const struct fm_pluscal_scan *scan,
                           const struct fm_pcal_problem *problem, struct fm_diags *diags)
{
    struct fm_span span = problem->span.source == 0 ? scan->info.span : problem->span;
    struct fm_diag *diag = fm_diag_report(diags, FM_CODE_1047, span, "%s", problem->message);
    if (problem->hint != NULL) {
        fm_diag_hint(diags, diag, "%s", problem->hint);
    } else if (scan->info.translated) {
        fm_diag_hint(diags, diag, "%s",
                     scan->pcal.given ? "the algorithm was changed after it was translated; the "
                                        "translation is checked as it stands"
                                      : "the algorithm's translation is checked as it stands");
    }
}

/* Whether the algorithm is still the one that was translated; true when nothing can tell. */
static bool algorithm_is_kept(const struct fm_pluscal_scan *scan, const struct fm_source *source,
                              const struct fm_parse *parse, uint32_t *checksum)
{
    struct fm_pcal_problem problem = {0};
    struct fm_pcal_algorithm *algorithm = fm_pcal_parse(parse->arena, source, scan->info.span,
                                                        scan->comment_end, &problem);
    bool good = algorithm != NULL && fm_pcal_resolve(parse->arena, algorithm, &problem) &&
                fm_pcal_lower(parse->arena, algorithm, &problem);
    bool judged = good && scan->info.translated && scan->pcal.given;
    *checksum = judged ? algorithm_checksum(algorithm, scan->pcal.value) : 0;
    bool kept = !judged || *checksum == scan->pcal.value;
    if (good && algorithm->labels_missing && (!judged || !kept)) {
        problem = (struct fm_pcal_problem){
            .code = FM_CODE_1045,
            .span = algorithm->added.at[0],
            .message = algorithm->added.count == 1 ? "this statement needs a label"
                                                   : "this statement and others need labels",
        };
        good = false;
    }
    if (!good) {
        report_problem(scan, &problem, parse->diags);
    } else if (scan->info.translated && kept && scan->body_begin < scan->body_end) {
        struct fm_span body = {scan->info.span.source, scan->body_begin, scan->body_end};
        fm_pluscal_note(parse, body, algorithm);
    }
    return good ? kept : true;
}

static bool translation_is_kept(const struct fm_pluscal_scan *scan, const struct fm_source *source)
{
    return !scan->tla.given || scan->body_begin >= scan->body_end ||
           body_checksum(source, scan->body_begin, scan->body_end) == scan->tla.value;
}

static void report_stale(const struct fm_pluscal_scan *scan, const struct fm_source *source,
                         struct fm_diags *diags, const char *message)
{
    struct fm_diag *diag = fm_diag_report(diags, FM_CODE_1041, scan->info.span, "%s", message);
    struct fm_span begin = {scan->info.span.source, line_of(source, scan->body_begin - 1),
                            scan->body_begin - 1};
    fm_diag_hint_at(diags, diag, begin,
                    "`fathom pcal` translates it anew; with --retranslate a check does so for "
                    "itself");
}

void fm_pluscal_finish(struct fm_pluscal_scan *scan, const struct fm_source *source,
                       const struct fm_parse *parse)
{
    scan->info.body_begin = scan->body_begin;
    scan->info.body_end = scan->body_end;
    if (!scan->info.present || parse->pluscal == FM_PLUSCAL_IGNORE ||
        parse->pluscal == FM_PLUSCAL_RENEW ||
        (parse->pluscal == FM_PLUSCAL_TRANSLATE && !scan->info.translated)) {
        return;
    }
    if (!scan->info.translated) {
        struct fm_diag *diag = fm_diag_report(
            parse->diags, FM_CODE_1040, scan->info.span,
            "this PlusCal algorithm has no translation, and is not checked");
        fm_diag_hint(parse->diags, diag, "`fathom pcal` translates it");
    }
    uint32_t checksum;
    struct fm_arena_mark mark = fm_arena_mark(parse->arena);
    bool algorithm = algorithm_is_kept(scan, source, parse, &checksum);
    fm_arena_release(parse->arena, mark);
    bool translation = !scan->info.translated || translation_is_kept(scan, source);
    scan->info.stale = !algorithm || !translation;
    char message[256];
    if (!algorithm) {
        (void)snprintf(message, sizeof message,
                       "this PlusCal algorithm was changed after it was translated%s (its checksum "
                       "is now \"%x\"); the translation is checked as it stands",
                       translation ? "" : ", and so was its translation", checksum);
        report_stale(scan, source, parse->diags, message);
    } else if (!translation) {
        report_stale(scan, source, parse->diags,
                     "the translation of this PlusCal algorithm was changed after it was made; it "
                     "is checked as it stands");
    }
}
