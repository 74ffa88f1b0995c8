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
 * changed the translation by hand, and is checked here. That of `pcal` is over the translator's own
 * print of its syntax tree of the algorithm (and over the constant word "fair" when the algorithm
 * begins with `--fair`, so there it says nothing): without the translator it cannot be recomputed,
 * and is not judged. `\in STRING` instead of a number switches a check off. Older spellings
 * ("checksum", "PlusCal", "TLA+") are read too. */
#include "syntax/pluscal.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define CRC32_POLYNOMIAL 0xEDB88320u

static uint32_t crc32_add(uint32_t crc, const char *bytes, size_t length)
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

/* The number in `chksum(tla) = "hex"`. */
static bool read_checksum(const char *at, const char *end, uint32_t *checksum)
{
    static const char *const names[] = {"chksum(tla", "checksum(tla"};
    const char *name = NULL;
    for (const char *p = at; p < end && name == NULL; p++) {
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            size_t length = strlen(names[i]);
            if ((size_t)(end - p) > length && strncasecmp(p, names[i], length) == 0) {
                name = p + length;
                break;
            }
        }
    }
    if (name == NULL) {
        return false;
    }
    const char *p = *name == '+' ? name + 1 : name;
    p = p < end && *p == ')' ? skip_blanks(p + 1, end) : end;
    p = p < end && *p == '=' ? skip_blanks(p + 1, end) : end;
    p = p < end && *p == '"' ? p + 1 : end;
    uint32_t value = 0;
    int digits = 0;
    for (; p < end && isxdigit((unsigned char)*p) && digits < 8; p++, digits++) {
        int low = tolower((unsigned char)*p);
        value = value << 4 | (uint32_t)(low <= '9' ? low - '0' : low - 'a' + 10);
    }
    *checksum = value;
    return digits > 0 && p < end && *p == '"';
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
            scan->has_checksum = read_checksum(after, end, &scan->checksum);
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
        crc = crc32_add(crc, source->text + at, length);
        at = last;
    }
    return crc;
}

void fm_pluscal_finish(struct fm_pluscal_scan *scan, const struct fm_source *source,
                       struct fm_diags *diags)
{
    if (!scan->info.present) {
        return;
    }
    if (!scan->info.translated) {
        struct fm_diag *diag = fm_diag_report(
            diags, FM_CODE_1040, scan->info.span,
            "this PlusCal algorithm has no translation, and is not checked");
        fm_diag_hint(diags, diag, "translate it first, with TLA+'s pcal.trans or the Toolbox");
        return;
    }
    if (scan->has_checksum && scan->body_begin < scan->body_end &&
        body_checksum(source, scan->body_begin, scan->body_end) != scan->checksum) {
        scan->info.stale = true;
        struct fm_diag *diag = fm_diag_report(
            diags, FM_CODE_1041, scan->info.span,
            "the translation of this PlusCal algorithm was changed after it was "
            "made; it is checked as it stands");
        struct fm_span begin = {scan->info.span.source, line_of(source, scan->body_begin - 1),
                                scan->body_begin - 1};
        fm_diag_hint_at(diags, diag, begin, "the checksum here is of another text");
    }
}
