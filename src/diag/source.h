/* Source files and places in them.
 *
 * A span is three numbers, so that every node can carry one; the source map turns it into path,
 * line and column. The map owns the texts (kept for the whole run: diagnostics quote lines). Lines
 * and columns count from 1; columns count display cells of UTF-8 text, a tab advances to the next
 * multiple of 8, as SANY's lexer counts them. */
#ifndef FM_DIAG_SOURCE_H
#define FM_DIAG_SOURCE_H

#include <stddef.h>
#include <stdint.h>

/* The largest source read, bytes: the biggest public specification has 400 KB. */
#define FM_SOURCE_SIZE_MAX ((size_t)64 << 20)

struct fm_span {
    uint32_t source; /* 1 + index of the source; 0: no place */
    uint32_t begin;  /* byte offset of the first byte */
    uint32_t end;    /* one past the last byte */
};

/* A part of a text that was made, and what it was made from. Where both have the same length each
 * byte stands for its counterpart. */
struct fm_source_piece {
    uint32_t begin, end;
    struct fm_span origin; /* in a source that was not made */
};

struct fm_source {
    const char *path; /* as shown to the user */
    const char *text; /* NUL follows */
    uint32_t size;
    uint32_t line_count;
    const uint32_t *lines;                /* byte offset of each line's beginning */
    const struct fm_source_piece *pieces; /* of a text that was made, in order */
    uint32_t piece_count;
    const struct fm_source_piece *notes; /* see fm_source_note */
    uint32_t note_count;
};

struct fm_place {
    const char *path;
    uint32_t line, column;         /* of the first byte */
    uint32_t end_line, end_column; /* of the last byte, inclusive, as TLC prints locations */
};

struct fm_sources;

struct fm_sources *fm_sources_new(void);
void fm_sources_free(struct fm_sources *sources);
/* Adds a text under a shown path; copies both. Returns the number that spans carry. */
uint32_t fm_source_add(struct fm_sources *sources, const char *path, const char *text, size_t size);
/* Adds a text that was made from others: places in it are shown where they come from. Copies the
 * pieces too. */
uint32_t fm_source_add_made(struct fm_sources *sources, const char *path, const char *text,
                            size_t size, const struct fm_source_piece *pieces, uint32_t count);
/* Notes what parts of a text stand for other parts of it, in order: diagnostics show the latter,
 * while places are the text's own. Copies the pieces. */
void fm_source_note(struct fm_sources *sources, uint32_t number,
                    const struct fm_source_piece *pieces, uint32_t count);
/* number is what fm_source_add returned; valid for the map's life. */
const struct fm_source *fm_source_get(const struct fm_sources *sources, uint32_t number);
/* Numbers run from 1 to this. */
uint32_t fm_sources_count(const struct fm_sources *sources);
/* Where a span in a text that was made comes from; every other span is its own origin. */
struct fm_span fm_source_origin(const struct fm_sources *sources, struct fm_span span);
/* What a diagnostic about the span shows: its origin, or what it stands for. */
struct fm_span fm_source_shown(const struct fm_sources *sources, struct fm_span span);
/* Of the span's origin. Path NULL and zeros for a span without a place. */
struct fm_place fm_source_place(const struct fm_sources *sources, struct fm_span span);
/* The line of that, alone: cheaper. */
uint32_t fm_source_line(const struct fm_sources *sources, struct fm_span span);

static inline struct fm_span fm_span_none(void)
{
    return (struct fm_span){0, 0, 0};
}

/* From the beginning of the first to the end of the last; both in one source. */
static inline struct fm_span fm_span_join(struct fm_span first, struct fm_span last)
{
    return (struct fm_span){first.source, first.begin, last.end};
}

#endif
