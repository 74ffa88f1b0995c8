/* Lines of a translation, and where each part of them comes from. Private to the syntax layer's
 * pcal files. */
#ifndef FM_SYNTAX_PCAL_OUT_H
#define FM_SYNTAX_PCAL_OUT_H

#include "syntax/pcal.h"

struct fm_pcal_piece {
    const char *text;
    uint32_t length; /* bytes */
    struct fm_span origin;
};

struct fm_pcal_out_line {
    struct fm_pcal_piece *at;
    uint32_t count, capacity;
    uint32_t width; /* columns, as pcal.trans counts them */
};

/* What is put goes to the line at the end, which is open until it is ended. Texts live in the
 * arena of `pcal`. */
struct fm_pcal_out {
    struct fm_pcal *pcal;
    struct {
        struct fm_pcal_out_line *at;
        uint32_t count, capacity;
    } lines;
    struct fm_pcal_out_line line;
    struct fm_span origin; /* of what is put without a place of its own */
};

void fm_pcal_put(struct fm_pcal_out *out, const char *text);
void fm_pcal_putf(struct fm_pcal_out *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void fm_pcal_put_at(struct fm_pcal_out *out, const char *text, struct fm_span origin);
void fm_pcal_put_blanks(struct fm_pcal_out *out, uint32_t count);
/* Its lines begin in the same column. */
void fm_pcal_put_expr(struct fm_pcal_out *out, const struct fm_pcal_expr *expr);
/* An empty line is not ended. */
void fm_pcal_end_line(struct fm_pcal_out *out);
/* Ends the line before, if there is one, then adds a whole one, which may be empty. */
void fm_pcal_put_line(struct fm_pcal_out *out, const char *text);
/* Puts lines before line `from`. */
void fm_pcal_insert_lines(struct fm_pcal_out *out, uint32_t from,
                          const struct fm_pcal_out_line *lines, uint32_t count);
/* Removes `count` bytes at that column of the ASCII beginning of line `index`. */
void fm_pcal_cut(struct fm_pcal_out *out, uint32_t index, uint32_t column, uint32_t count);
uint32_t fm_pcal_width(const char *text);

#endif
