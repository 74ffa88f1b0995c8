/* Where the parts of a diagram stand. Lengths are pixels; text is monospaced, so that its width is
 * known here. */
#ifndef FM_FUZZ_LAYOUT_H
#define FM_FUZZ_LAYOUT_H

#include "fuzz/diagram.h"

/* Of one line of text. A character of the fonts asked for is 0.6 of their 11 pixels wide. */
#define FM_LAYOUT_LINE 15
#define FM_LAYOUT_CHARACTER_TENTHS 66

enum fm_tone { FM_TONE_PLAIN, FM_TONE_HEAD, FM_TONE_SEND, FM_TONE_STATE, FM_TONE_BAD };

struct fm_layout_line {
    const char *text; /* fits into its card */
    enum fm_tone tone;
};

/* One event. */
struct fm_layout_card {
    uint32_t first, end; /* its items in the trace */
    int lane;            /* 1 ..; 0: a band over all lanes */
    int x, y, width, height;
    uint32_t line, line_count;
    uint32_t number; /* of the event, from 1; those that start the nodes have none, 0 */
    bool is_last;    /* what the finding is about */
    bool diverges; /* where the model disagreed first, of a finding that is about something else */
    bool is_note;  /* no event: a remark between two */
};

enum fm_arrow_kind {
    FM_ARROW_ARRIVES,
    FM_ARROW_AGAIN, /* a duplicate arrives */
    FM_ARROW_LOST,
    FM_ARROW_WAITS,       /* it never arrives in this schedule */
    FM_ARROW_UNREACHABLE, /* the sender is told so */
    FM_ARROW_CLIENT       /* requests and replies */
};

struct fm_layout_arrow {
    enum fm_arrow_kind kind;
    int x1, y1, x2, y2;
    bool is_loop;     /* from a node to itself, around the right side of both cards */
    unsigned colour;  /* by what the message says first */
    uint32_t item;    /* that sent it, or the request */
    uint32_t arrival; /* the item that it ended in, or UINT32_MAX */
};

/* Where an effect stands: messages begin there. */
struct fm_layout_anchor {
    uint32_t item, card, line;
};

/* What a client says or hears. */
struct fm_layout_pill {
    int x, y, width; /* its middle */
    const char *text;
};

/* A piece of a lane's line. */
struct fm_layout_segment {
    int x, from, to;
    bool down, paused, cut_off;
};

struct fm_layout {
    struct fm_arena arena;
    const struct fm_diagram *diagram;
    int width, height, top; /* of everything; where events begin */
    int left, right;        /* of all lanes */
    int pitch, columns;     /* of one lane; characters in a card */
    unsigned lanes;         /* nodes */
    bool clients;           /* lane 0 is theirs */
    FM_VEC(struct fm_layout_line) lines;
    FM_VEC(struct fm_layout_card) cards;
    FM_VEC(struct fm_layout_anchor) anchors;
    FM_VEC(const char *) types; /* what messages say first, in the order of their colours */
    FM_VEC(struct fm_layout_arrow) arrows;
    FM_VEC(struct fm_layout_pill) pills;
    FM_VEC(struct fm_layout_segment) segments;
    uint32_t reason, reason_count; /* lines about the end, in a band at the bottom */
    int reason_y;
};

/* Places everything, events from `top` on. Freed by fm_layout_deinit. */
void fm_layout_init(struct fm_layout *layout, const struct fm_diagram *diagram, int top);
void fm_layout_deinit(struct fm_layout *layout);
/* Of the middle of a lane. */
int fm_layout_lane_x(const struct fm_layout *layout, int lane);
/* Pixels of so many cells of text. */
int fm_layout_text_width(uint32_t cells);
/* Cells of the text, and bytes of its beginning that take at most `cells_max`. */
uint32_t fm_layout_cells(const char *text, uint32_t cells_max, size_t *bytes);

/* layout_words.c: an event's lines, appended to `lines`. `known`: what each node showed last. */
struct fm_layout_known {
    const struct fm_trace_item *shown[FATHOM_NODES_MAX];
};
/* `card` is the next one to be put into the list. */
void fm_layout_words(struct fm_layout *layout, const struct fm_layout_card *card,
                     struct fm_layout_known *known);
/* Breaks a text into at most `lines_max` lines of `cells` cells, and appends them. */
void fm_layout_wrap(struct fm_layout *layout, const char *text, uint32_t cells, uint32_t lines_max,
                    enum fm_tone tone);

#endif
