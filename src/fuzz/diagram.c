/* Drawing a diagram that has been placed (layout.c), as SVG 1.1, and a page around it.
 *
 * Back to front: lanes, bands, arrows, cards, text; so an arrow never hides a word. Both files need
 * nothing else: no script, font or style from elsewhere. What stands for more than is drawn says it
 * in a tooltip (`title`), and lights up under the pointer (CSS); in the page, the number of an
 * event leads to all that happened in it, whole.
 *
 * Everything that comes from the target goes through `put`, which escapes it: the characters of
 * markup become entities, bytes that are not UTF-8 and characters that XML 1.0 does not have become
 * U+FFFD. */
#include "fuzz/layout.h"

#include "base/arena.h"
#include "fuzz/target.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { HEAD_HEIGHT = 58, LANES_HEIGHT = 30 };
/* Bytes of a message in a tooltip and in the page's list. */
static const size_t tip_shown_max = 64;
static const size_t list_shown_max = 4096;

static const char style[] =
    "text{font:11px 'DejaVu Sans Mono','Liberation Mono',Menlo,Consolas,monospace;fill:#1f2328;"
    "white-space:pre}\n"
    ".head{font-weight:bold}.title{font-weight:bold}.send{fill:#57606a}.state{fill:#0550ae}"
    ".bad{fill:#b42318;font-weight:bold}.time{fill:#6e7781}\n"
    ".card rect{fill:#fff;stroke:#8c959f}.card:hover rect{stroke:#0969da;stroke-width:2}"
    ".diverges rect{fill:#fff8c5;stroke:#bf8700;stroke-width:2.5}"
    ".last rect{fill:#fff1f0;stroke:#d1242f;stroke-width:2.5}\n"
    ".band{fill:#f6f8fa;stroke:#d0d7de}.reason{fill:#ffebe9;stroke:#d1242f;stroke-width:2}"
    ".fine{fill:#dafbe1;stroke:#1a7f37}\n"
    ".lane{stroke:#afb8c1;stroke-width:1.5}.down{stroke:#d0d7de;stroke-dasharray:1 5}"
    ".paused{stroke:#bf8700;stroke-width:4;stroke-dasharray:3 3}"
    ".off{stroke:#d1242f;stroke-width:2.5;stroke-dasharray:7 4}\n"
    ".pill{fill:#fff;stroke:#8c959f}.node{fill:#eaeef2;stroke:#57606a}\n"
    ".m path{fill:none;stroke:currentColor;stroke-width:1.4}.m .tip{fill:currentColor;stroke:none}"
    ".m .wide{stroke-opacity:0;stroke-width:9}.m:hover path{stroke-width:3}"
    ".m:hover .wide{stroke-width:9}.again path{stroke-dasharray:6 3}"
    ".waits path{stroke-dasharray:2 3;stroke-opacity:.6}.lost{color:#d1242f}"
    ".again .tip,.waits .tip{stroke-dasharray:none}\n"
    ".c0{color:#57606a}.c1{color:#0969da}.c2{color:#1a7f37}.c3{color:#8250df}.c4{color:#bf3989}"
    ".c5{color:#0a7d8c}.c6{color:#953800}.c7{color:#4d5b00}.client{color:#8c959f}\n";

static void draw_text(struct fm_text *out, int x, int y, const char *class, const char *text)
{
    fm_text_printf(out, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y, class);
    fm_text_xml(out, text);
    fm_text_puts(out, "</text>\n");
}

static void draw_box(struct fm_text *out, const char *class, int x, int y, int width, int height)
{
    fm_text_printf(out, "<rect%s%s%s x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\"/>\n",
                   class == NULL ? "" : " class=\"", class == NULL ? "" : class,
                   class == NULL ? "" : "\"", x, y, width, height);
}

static void draw_lanes(const struct fm_layout *layout, struct fm_text *out)
{
    if (layout->clients) {
        int x = fm_layout_lane_x(layout, 0);
        fm_text_printf(out, "<path class=\"lane down\" d=\"M%d %dV%d\"/>\n", x, layout->top,
                       layout->reason_y);
    }
    for (uint32_t i = 0; i < layout->segments.count; i++) {
        const struct fm_layout_segment *piece = &layout->segments.at[i];
        fm_text_printf(out, "<path class=\"lane%s\" d=\"M%d %dV%d\"/>\n",
                       piece->down      ? " down"
                       : piece->paused  ? " paused"
                       : piece->cut_off ? " off"
                                        : "",
                       piece->x, piece->from, piece->to);
    }
}

static void draw_tip(const struct fm_layout *layout, const struct fm_layout_arrow *arrow,
                     struct fm_text *out)
{
    const struct fm_trace_item *items = layout->diagram->trace->items.at;
    struct fm_text text = {0};
    fm_trace_item_print(&items[arrow->item], tip_shown_max, &text);
    fm_text_printf(&text, "\n%.3f s", (double)items[arrow->item].time_us / 1e6);
    if (arrow->arrival != UINT32_MAX) {
        fm_text_printf(&text,
                       arrow->kind == FM_ARROW_LOST ? ", lost at %.3f s" : ", arrives at %.3f s",
                       (double)items[arrow->arrival].time_us / 1e6);
    } else if (arrow->kind == FM_ARROW_WAITS) {
        fm_text_puts(&text, ", does not arrive");
    }
    fm_text_puts(out, "<title>");
    fm_text_xml(out, text.at);
    fm_text_puts(out, "</title>");
    fm_text_deinit(&text);
}

/* The point of an arrow that comes from the left, or from the right; or a cross. */
static void draw_point(const struct fm_layout_arrow *arrow, struct fm_text *out)
{
    if (arrow->kind == FM_ARROW_LOST || arrow->kind == FM_ARROW_UNREACHABLE) {
        fm_text_printf(out, "<path d=\"M%d %dl8 8m0 -8l-8 8\"/>", arrow->x2 - 4, arrow->y2 - 4);
        return;
    }
    bool leftwards = arrow->is_loop || arrow->x2 < arrow->x1;
    fm_text_printf(out, "<path class=\"tip\" d=\"M%d %dl%d -4v8z\"/>", arrow->x2, arrow->y2,
                   leftwards ? 8 : -8);
}

static void draw_arrow(const struct fm_layout *layout, const struct fm_layout_arrow *arrow,
                       struct fm_text *out)
{
    static const char *const classes[] = {"", " again", " lost", " waits", " lost", " client"};
    struct fm_text path = {0};
    if (arrow->is_loop) {
        int out_x = (arrow->x1 > arrow->x2 ? arrow->x1 : arrow->x2) + 22;
        fm_text_printf(&path, "M%d %dC%d %d %d %d %d %d", arrow->x1, arrow->y1, out_x, arrow->y1,
                       out_x, arrow->y2, arrow->x2, arrow->y2);
    } else {
        fm_text_printf(&path, "M%d %dL%d %d", arrow->x1, arrow->y1, arrow->x2, arrow->y2);
    }
    fm_text_printf(out, "<g class=\"m c%u%s\">", arrow->colour, classes[arrow->kind]);
    draw_tip(layout, arrow, out);
    fm_text_printf(out, "<path class=\"wide\" d=\"%s\"/><path d=\"%s\"/>", path.at, path.at);
    draw_point(arrow, out);
    fm_text_puts(out, "</g>\n");
    fm_text_deinit(&path);
}

/* All that happened in an event, line by line. */
static void list_event(const struct fm_layout *layout, const struct fm_layout_card *card,
                       size_t shown_max, struct fm_text *out)
{
    struct fm_text text = {0};
    for (uint32_t i = card->first; i < card->end; i++) {
        fm_text_puts(&text, i == card->first ? "" : "\n");
        fm_trace_item_print(&layout->diagram->trace->items.at[i], shown_max, &text);
    }
    fm_text_xml(out, text.at);
    fm_text_deinit(&text);
}

static void draw_lines(const struct fm_layout *layout, uint32_t first, uint32_t count, int x, int y,
                       struct fm_text *out)
{
    static const char *const classes[] = {"plain", "head", "send", "state", "bad"};
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_layout_line *line = &layout->lines.at[first + i];
        draw_text(out, x, y + 4 + 11 + (int)i * FM_LAYOUT_LINE, classes[line->tone], line->text);
    }
}

/* Number and time beside the lanes; in a page the number leads to the list. */
static void draw_gutter(const struct fm_layout *layout, const struct fm_layout_card *card,
                        bool links, struct fm_text *out)
{
    char number[16], time[32];
    const struct fm_trace_item *head = &layout->diagram->trace->items.at[card->first];
    (void)snprintf(time, sizeof time, "%.3f s", (double)head->time_us / 1e6);
    if (card->number != 0) {
        (void)snprintf(number, sizeof number, "%u", card->number);
        if (links) {
            fm_text_printf(out, "<a href=\"#e%u\">", card->number);
        }
        draw_text(out, 4, card->y + 15, "head", number);
        fm_text_puts(out, links ? "</a>" : "");
        draw_text(out, 42, card->y + 15, "time", time);
    }
}

static void draw_card(const struct fm_layout *layout, const struct fm_layout_card *card, bool links,
                      struct fm_text *out)
{
    bool found = layout->diagram->outcome->verdict != FM_FUZZ_FINE;
    if (card->lane != 0) {
        fm_text_printf(out, "<g class=\"card%s\"",
                       card->is_last && found ? " last"
                       : card->diverges       ? " diverges"
                                              : "");
        if (card->number != 0) {
            fm_text_printf(out, " id=\"c%u\"", card->number);
        }
        fm_text_puts(out, "><title>");
        list_event(layout, card, tip_shown_max, out);
        fm_text_puts(out, "</title>");
        draw_box(out, NULL, card->x, card->y, card->width, card->height);
    } else {
        fm_text_puts(out, "<g>");
    }
    draw_lines(layout, card->line, card->line_count, card->x + 8, card->y, out);
    fm_text_puts(out, "</g>\n");
    draw_gutter(layout, card, links, out);
}

/* The middle of what is drawn: everything from the first event to the reason. */
static void draw_body(const struct fm_layout *layout, bool links, struct fm_text *out)
{
    draw_lanes(layout, out);
    for (uint32_t i = 0; i < layout->cards.count; i++) {
        const struct fm_layout_card *card = &layout->cards.at[i];
        if (card->lane == 0) {
            draw_box(out, "band", card->x, card->y, card->width, card->height);
        }
    }
    for (uint32_t i = 0; i < layout->arrows.count; i++) {
        draw_arrow(layout, &layout->arrows.at[i], out);
    }
    for (uint32_t i = 0; i < layout->cards.count; i++) {
        draw_card(layout, &layout->cards.at[i], links, out);
    }
    for (uint32_t i = 0; i < layout->pills.count; i++) {
        const struct fm_layout_pill *pill = &layout->pills.at[i];
        draw_box(out, "pill", pill->x - pill->width / 2, pill->y - 8, pill->width, 16);
        draw_text(out, pill->x - pill->width / 2 + 8, pill->y + 4, "plain", pill->text);
    }
    bool found = layout->diagram->outcome->verdict != FM_FUZZ_FINE;
    draw_box(out, found ? "reason" : "fine", layout->left, layout->reason_y,
             layout->right - layout->left, (int)layout->reason_count * FM_LAYOUT_LINE + 8);
    draw_lines(layout, layout->reason, layout->reason_count, layout->left + 8, layout->reason_y,
               out);
}

/* The names of the lanes. */
static void draw_names(const struct fm_layout *layout, int y, struct fm_text *out)
{
    if (layout->clients) {
        draw_text(out, fm_layout_lane_x(layout, 0) - 23, y + 15, "head", "clients");
    }
    for (unsigned lane = 1; lane <= layout->lanes; lane++) {
        char name[16];
        int x = fm_layout_lane_x(layout, (int)lane);
        (void)snprintf(name, sizeof name, "node %u", lane);
        draw_box(out, "node", x - 40, y, 80, 22);
        draw_text(out, x - fm_layout_text_width((uint32_t)strlen(name)) / 2, y + 15, "head", name);
    }
}

static void begin_svg(struct fm_text *out, int width, int height)
{
    fm_text_puts(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:space=\"preserve\" ");
    fm_text_printf(out, "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n", width, height, width,
                   height);
}

/* A line of text that is as wide as the picture at most. */
static void draw_wide(const struct fm_layout *layout, int y, const char *class, const char *text,
                      struct fm_text *out)
{
    size_t bytes;
    struct fm_text cut = {0};
    (void)fm_layout_cells(text, (uint32_t)((layout->width - 20) * 10 / FM_LAYOUT_CHARACTER_TENTHS),
                          &bytes);
    fm_text_add(&cut, text, bytes);
    draw_text(out, 4, y, class, fm_text_string(&cut));
    fm_text_deinit(&cut);
}

/* What was run, and with what. */
static void describe_run(const struct fm_finding *finding, struct fm_text *out)
{
    fm_text_printf(out, "%s, %u nodes, seed %" PRIu64 ", faults:", finding->target, finding->nodes,
                   finding->seed);
    for (unsigned bit = 0; fm_fault_name(bit) != NULL; bit++) {
        if ((finding->faults >> bit & 1) != 0) {
            fm_text_printf(out, " %s", fm_fault_name(bit));
        }
    }
    fm_text_puts(out, finding->faults == 0 ? " none" : "");
}

void fm_diagram_svg(const struct fm_diagram *diagram, struct fm_text *out)
{
    struct fm_layout layout;
    struct fm_text title = {0}, run = {0};
    fm_layout_init(&layout, diagram, HEAD_HEIGHT + LANES_HEIGHT);
    fm_finding_signature(diagram->outcome, &title);
    describe_run(diagram->finding, &run);
    begin_svg(out, layout.width, layout.height);
    fm_text_printf(out, "<style>\n%s</style>\n", style);
    fm_text_printf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", layout.width,
                   layout.height);
    draw_wide(&layout, 20, "title", title.at, out);
    draw_wide(&layout, 38, "time", run.at, out);
    draw_names(&layout, HEAD_HEIGHT - 6, out);
    draw_body(&layout, false, out);
    fm_text_puts(out, "</svg>\n");
    fm_text_deinit(&title);
    fm_text_deinit(&run);
    fm_layout_deinit(&layout);
}

static void list_events(const struct fm_layout *layout, struct fm_text *out)
{
    fm_text_puts(out, "<h2>Events</h2>\n");
    for (uint32_t i = 0; i < layout->cards.count; i++) {
        const struct fm_layout_card *card = &layout->cards.at[i];
        const struct fm_trace_item *head = &layout->diagram->trace->items.at[card->first];
        if (card->is_note) {
            fm_text_puts(out, "<section>");
            fm_text_xml(out, layout->lines.at[card->line].text);
        } else if (card->number != 0) {
            fm_text_printf(out, "<section id=\"e%u\"><b>%u</b> %.3f s", card->number, card->number,
                           (double)head->time_us / 1e6);
            if (card->lane != 0) {
                fm_text_printf(out, " <a href=\"#c%u\">in the diagram</a>", card->number);
            }
        } else {
            fm_text_puts(out, "<section>before the schedule");
        }
        fm_text_puts(out, "<pre>");
        list_event(layout, card, list_shown_max, out);
        fm_text_puts(out, "</pre></section>\n");
    }
}

void fm_diagram_html(const struct fm_diagram *diagram, struct fm_text *out)
{
    struct fm_layout layout;
    struct fm_text title = {0}, run = {0};
    fm_layout_init(&layout, diagram, 6);
    fm_finding_signature(diagram->outcome, &title);
    describe_run(diagram->finding, &run);
    fm_text_puts(out,
                 "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
    fm_text_xml(out, title.at);
    fm_text_printf(out,
                   "</title>\n<style>\nbody{font:14px sans-serif;margin:12px;background:#fff;"
                   "color:#1f2328}\n.names{position:sticky;top:0;background:#fff;z-index:1;"
                   "border-bottom:1px solid #d0d7de}\nsvg{display:block}\n"
                   "section{border-top:1px solid #d0d7de;padding:4px;scroll-margin-top:40px}"
                   "section:target{background:#fff8c5}\n"
                   "g{scroll-margin-top:60px}g:target rect{stroke:#bf8700;stroke-width:4}\n"
                   "pre{margin:4px 0;white-space:pre-wrap;overflow-wrap:anywhere;font-size:12px}\n"
                   "%s</style>\n</head>\n<body>\n<h1>",
                   style);
    fm_text_xml(out, title.at);
    fm_text_puts(out, "</h1>\n<p>");
    fm_text_xml(out, run.at);
    fm_text_puts(out, "</p>\n<div class=\"names\">");
    begin_svg(out, layout.width, LANES_HEIGHT);
    draw_names(&layout, 3, out);
    fm_text_puts(out, "</svg></div>\n");
    begin_svg(out, layout.width, layout.height);
    draw_body(&layout, true, out);
    fm_text_puts(out, "</svg>\n");
    if (diagram->explanation[0] != '\0') {
        fm_text_puts(out, "<h2>What the model says</h2>\n<pre>");
        fm_text_xml(out, diagram->explanation);
        fm_text_puts(out, "</pre>\n");
    }
    list_events(&layout, out);
    fm_text_puts(out, "</body>\n</html>\n");
    fm_text_deinit(&title);
    fm_text_deinit(&run);
    fm_layout_deinit(&layout);
}
