/* Lines of a translation.
 *
 * The text is put together as pcal.trans does it, a piece at a time, because where lines are broken
 * follows from what stands on them so far. A piece knows what of the algorithm it was made from: a
 * token of an expression its own place, everything else that of the statement or declaration. That
 * is the source map by which errors in a translation are shown in the algorithm. */
#include "syntax/pcal_out.h"

#include <stdarg.h>
#include <string.h>

uint32_t fm_pcal_width(const char *text)
{
    uint32_t width = 0;
    for (const char *p = text; *p != '\0'; p++) {
        width += ((unsigned char)*p & 0xC0) != 0x80 ? 1 : 0;
        width += ((unsigned char)*p & 0xF8) == 0xF0 ? 1 : 0;
    }
    return width;
}

void fm_pcal_put_at(struct fm_pcal_out *out, const char *text, struct fm_span origin)
{
    struct fm_pcal_piece piece = {text, (uint32_t)strlen(text), origin};
    if (piece.length > 0) {
        fm_pcal_push(out->pcal, &out->line, piece);
        out->line.width += fm_pcal_width(text);
    }
}

void fm_pcal_put(struct fm_pcal_out *out, const char *text)
{
    fm_pcal_put_at(out, text, out->origin);
}

void fm_pcal_putf(struct fm_pcal_out *out, const char *format, ...)
{
    struct fm_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    fm_text_vprintf(&text, format, arguments);
    va_end(arguments);
    fm_pcal_put(out, fm_arena_strndup(out->pcal->arena, fm_text_string(&text), text.length));
    fm_text_deinit(&text);
}

void fm_pcal_put_blanks(struct fm_pcal_out *out, uint32_t count)
{
    fm_pcal_putf(out, "%*s", (int)count, "");
}

static void push_line(struct fm_pcal_out *out)
{
    fm_pcal_push(out->pcal, &out->lines, out->line);
    out->line = (struct fm_pcal_out_line){0};
}

void fm_pcal_end_line(struct fm_pcal_out *out)
{
    if (out->line.count > 0) {
        push_line(out);
    }
}

void fm_pcal_put_line(struct fm_pcal_out *out, const char *text)
{
    fm_pcal_end_line(out);
    fm_pcal_put(out, text);
    push_line(out);
}

static void put_tokens(struct fm_pcal_out *out, const struct fm_pcal_line *line)
{
    int32_t column = 0;
    for (uint32_t i = 0; i < line->count; i++) {
        const struct fm_pcal_token *token = line->at[i];
        struct fm_span origin = token->span.source == 0 ? out->origin : token->span;
        fm_pcal_put_blanks(out, token->column > column ? (uint32_t)(token->column - column) : 0);
        fm_pcal_put_at(out,
                       token->kind == FM_PCAL_TOKEN_STRING
                           ? fm_arena_printf(out->pcal->arena, "\"%s\"", token->text)
                           : token->text,
                       origin);
        column = token->column + (int32_t)token->width;
    }
}

/* A line without tokens is one of blanks here. */
void fm_pcal_put_expr(struct fm_pcal_out *out, const struct fm_pcal_expr *expr)
{
    uint32_t indent = out->line.width;
    for (uint32_t i = 0; i < expr->count; i++) {
        if (i > 0) {
            push_line(out);
            fm_pcal_put_blanks(out, indent);
        }
        put_tokens(out, &expr->at[i]);
    }
}

void fm_pcal_insert_lines(struct fm_pcal_out *out, uint32_t from,
                          const struct fm_pcal_out_line *lines, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        fm_pcal_push(out->pcal, &out->lines, lines[i]);
    }
    uint32_t after = out->lines.count - count - from;
    memmove(out->lines.at + from + count, out->lines.at + from, after * sizeof *out->lines.at);
    memcpy(out->lines.at + from, lines, count * sizeof *lines);
}

void fm_pcal_cut(struct fm_pcal_out *out, uint32_t index, uint32_t column, uint32_t count)
{
    struct fm_pcal_out_line *line = &out->lines.at[index];
    for (uint32_t i = 0; i < line->count && count > 0; i++) {
        struct fm_pcal_piece *piece = &line->at[i];
        if (column >= piece->length) {
            column -= piece->length;
            continue;
        }
        uint32_t cut = piece->length - column < count ? piece->length - column : count;
        piece->text = fm_arena_printf(out->pcal->arena, "%.*s%s", (int)column, piece->text,
                                      piece->text + column + cut);
        piece->length -= cut;
        line->width -= cut;
        count -= cut;
    }
}
