/* The source map: texts, and from byte offsets to lines and columns.
 *
 * Each text is copied once, with a NUL behind it, and an index of line beginnings is made on entry;
 * a place is then a binary search and one walk along its line. Lines end at "\n" (a "\r" before it
 * is part of the line and has no width). Columns are display columns as SANY counts them: one per
 * code point, tabs to the next multiple of 8. A span's end is exclusive in bytes and inclusive in
 * places, because TLC prints `line a, col b to line c, col d` inclusively.
 *
 * A text can be made from another one, as a PlusCal algorithm's translation in memory is. Its
 * pieces say from what, and a place in it is shown as the place it comes from: from where its first
 * piece begins to the farthest end of its pieces that begin no earlier. What a macro contributes
 * stands above the call and so does not stretch the span that is shown. Where the translation
 * stands in the file, right as it is, notes say the same to diagnostics only: traces show places in
 * it, as TLC's do. */
#include "diag/source.h"

#include "base/arena.h"
#include "base/assert.h"
#include "base/vec.h"

/* Columns of a tab stop. */
#define TAB_WIDTH 8u

struct fm_sources {
    struct fm_arena arena;
    FM_VEC(struct fm_source *) list;
};

struct fm_sources *fm_sources_new(void)
{
    struct fm_sources *sources = fm_memory_calloc(1, sizeof *sources);
    fm_arena_init(&sources->arena, "sources");
    return sources;
}

void fm_sources_free(struct fm_sources *sources)
{
    if (sources == NULL) {
        return;
    }
    fm_vec_deinit(&sources->list);
    fm_arena_deinit(&sources->arena);
    fm_memory_free(sources);
}

static void index_lines(struct fm_arena *arena, struct fm_source *source)
{
    uint32_t count = 1;
    for (uint32_t i = 0; i < source->size; i++) {
        count += source->text[i] == '\n';
    }
    uint32_t *lines = fm_arena_alloc(arena, (size_t)count * sizeof *lines);
    uint32_t line = 0;
    lines[line++] = 0;
    for (uint32_t i = 0; i < source->size; i++) {
        if (source->text[i] == '\n') {
            lines[line++] = i + 1;
        }
    }
    source->lines = lines;
    source->line_count = count;
}

uint32_t fm_source_add(struct fm_sources *sources, const char *path, const char *text, size_t size)
{
    fm_assert(size <= FM_SOURCE_SIZE_MAX);
    struct fm_source *source = fm_arena_calloc(&sources->arena, 1, sizeof *source);
    source->path = fm_arena_printf(&sources->arena, "%s", path);
    source->text = fm_arena_strndup(&sources->arena, text, size);
    source->size = (uint32_t)size;
    index_lines(&sources->arena, source);
    fm_vec_push(&sources->list, source);
    return sources->list.count;
}

uint32_t fm_source_add_made(struct fm_sources *sources, const char *path, const char *text,
                            size_t size, const struct fm_source_piece *pieces, uint32_t count)
{
    uint32_t number = fm_source_add(sources, path, text, size);
    struct fm_source *source = sources->list.at[number - 1];
    source->pieces = fm_arena_copy(&sources->arena, pieces, count * sizeof *pieces);
    source->piece_count = count;
    return number;
}

void fm_source_note(struct fm_sources *sources, uint32_t number,
                    const struct fm_source_piece *pieces, uint32_t count)
{
    struct fm_source *source = sources->list.at[number - 1];
    source->notes = fm_arena_copy(&sources->arena, pieces, count * sizeof *pieces);
    source->note_count = count;
}

/* The index of the first piece that ends behind the offset. */
static uint32_t piece_at(const struct fm_source_piece *pieces, uint32_t count, uint32_t offset)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (pieces[middle].end <= offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Where the bytes begin .. end - 1 of the piece, as far as it holds them, come from. */
static struct fm_span origin_in(const struct fm_source_piece *piece, struct fm_span span)
{
    struct fm_span origin = piece->origin;
    if (origin.end - origin.begin == piece->end - piece->begin) {
        uint32_t begin = span.begin > piece->begin ? span.begin - piece->begin : 0;
        uint32_t end = span.end < piece->end ? span.end - piece->begin : piece->end - piece->begin;
        origin.end = origin.begin + (end > begin ? end : begin);
        origin.begin += begin;
    }
    return origin;
}

/* Where the span comes from, the pieces from `first` on. */
static struct fm_span join_pieces(const struct fm_source_piece *pieces, uint32_t count,
                                  uint32_t first, struct fm_span span)
{
    struct fm_span origin = origin_in(&pieces[first], span);
    for (uint32_t i = first + 1; i < count && pieces[i].begin < span.end; i++) {
        struct fm_span next = origin_in(&pieces[i], span);
        if (next.source == origin.source && next.begin >= origin.begin && next.end > origin.end) {
            origin.end = next.end;
        }
    }
    return origin;
}

struct fm_span fm_source_origin(const struct fm_sources *sources, struct fm_span span)
{
    if (span.source == 0 || fm_source_get(sources, span.source)->piece_count == 0) {
        return span;
    }
    const struct fm_source *source = fm_source_get(sources, span.source);
    uint32_t first = piece_at(source->pieces, source->piece_count, span.begin);
    first -= first == source->piece_count ? 1 : 0;
    return join_pieces(source->pieces, source->piece_count, first, span);
}

struct fm_span fm_source_shown(const struct fm_sources *sources, struct fm_span span)
{
    span = fm_source_origin(sources, span);
    if (span.source == 0) {
        return span;
    }
    const struct fm_source *source = fm_source_get(sources, span.source);
    uint32_t first = piece_at(source->notes, source->note_count, span.begin);
    if (first == source->note_count || source->notes[first].begin >= span.end) {
        return span;
    }
    return join_pieces(source->notes, source->note_count, first, span);
}

const struct fm_source *fm_source_get(const struct fm_sources *sources, uint32_t number)
{
    fm_assert(number >= 1 && number <= sources->list.count);
    return sources->list.at[number - 1];
}

uint32_t fm_sources_count(const struct fm_sources *sources)
{
    return sources->list.count;
}

/* Index of the line that holds the offset. */
static uint32_t line_at(const struct fm_source *source, uint32_t offset)
{
    uint32_t low = 0;
    uint32_t high = source->line_count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low + 1) / 2;
        if (source->lines[middle] <= offset) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

static uint32_t column_at(const struct fm_source *source, uint32_t line, uint32_t offset)
{
    uint32_t column = 1;
    for (uint32_t i = source->lines[line]; i < offset; i++) {
        unsigned char byte = (unsigned char)source->text[i];
        if (byte == '\t') {
            column += TAB_WIDTH - (column - 1) % TAB_WIDTH;
        } else if ((byte & 0xC0) != 0x80) {
            column++;
        }
    }
    return column;
}

uint32_t fm_source_line(const struct fm_sources *sources, struct fm_span span)
{
    if (span.source == 0) {
        return 0;
    }
    span = fm_source_origin(sources, span);
    const struct fm_source *source = fm_source_get(sources, span.source);
    return line_at(source, span.begin < source->size ? span.begin : source->size) + 1;
}

struct fm_place fm_source_place(const struct fm_sources *sources, struct fm_span span)
{
    if (span.source == 0) {
        return (struct fm_place){0};
    }
    span = fm_source_origin(sources, span);
    const struct fm_source *source = fm_source_get(sources, span.source);
    uint32_t begin = span.begin < source->size ? span.begin : source->size;
    uint32_t last = span.end > begin ? span.end - 1 : begin;
    last = last < source->size ? last : source->size;
    /* The last byte may be inside a code point: go to its first byte. */
    while (last > begin && ((unsigned char)source->text[last] & 0xC0) == 0x80) {
        last--;
    }
    uint32_t line = line_at(source, begin);
    uint32_t end_line = line_at(source, last);
    return (struct fm_place){
        .path = source->path,
        .line = line + 1,
        .column = column_at(source, line, begin),
        .end_line = end_line + 1,
        .end_column = column_at(source, end_line, last),
    };
}
