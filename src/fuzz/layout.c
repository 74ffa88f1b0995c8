/* Placing a diagram.
 *
 *     event   clients    node 1         node 2
 *     1                  [timer fires]
 *                        [to 2: ask  ]-.
 *     2                                `->[from 1: ask]
 *
 * Each event is a card on the lane of its node; messages run from the edge of one card to the edge
 * of another, in the gap between the lanes, and behind the cards of lanes between. All text is in
 * cards, in bands over all lanes (what happens to the network), beside the lanes (number and time),
 * and in pills of the clients' lane, and none of these overlap, however many arrows there are.
 *
 * A card stands below the card before it on its lane, below the line where its message was sent,
 * and at least a line below the event before it: so events of different nodes stand side by side,
 * order is from top to bottom, and a long schedule takes a third of the height that one row for
 * each event would. */
#include "fuzz/layout.h"

#include "base/arena.h"

#include <string.h>

enum {
    GUTTER = 110,       /* number and time */
    CLIENT_PITCH = 130, /* the clients' lane */
    GAP = 70,           /* between the widest cards of two lanes */
    MARGIN = 12,
    INSIDE = 8, /* between a card's edge and its text */
    STEP = 18,  /* from an event to the next, at least */
    APART = 8,  /* between cards of a lane */
    CARD_MIN = 70,
    STUB = 26, /* of a message that never arrives */
    COLOURS = 8,
    DRAIN_FIRST = 30, /* events of a drain that are drawn, at its beginning and its end */
    DRAIN_LAST = 20,
    EXPLAINED_MAX = 30 /* lines of the judge; the page has all of them */
};

struct placer {
    struct fm_layout *layout;
    int bottoms[FATHOM_NODES_MAX + 1]; /* of each lane so far */
    int previous;                      /* where the event before stands */
    uint32_t number;
    struct fm_layout_known known;
    struct fm_layout_segment open[FATHOM_NODES_MAX + 1]; /* pieces of lines that go on */
};

int fm_layout_lane_x(const struct fm_layout *layout, int lane)
{
    int first = layout->left + (layout->clients ? CLIENT_PITCH : 0);
    return lane == 0 ? layout->left + CLIENT_PITCH / 2
                     : first + (lane - 1) * layout->pitch + layout->pitch / 2;
}

static int line_y(const struct fm_layout *layout, uint32_t card, uint32_t line)
{
    const struct fm_layout_card *at = &layout->cards.at[card];
    uint32_t last = at->line + at->line_count - 1;
    uint32_t index = (line < last ? line : last) - at->line;
    return at->y + 4 + (int)index * FM_LAYOUT_LINE + FM_LAYOUT_LINE / 2;
}

/* Where the message of that number was sent: the anchor, or NULL. */
static const struct fm_layout_anchor *find_send(const struct fm_layout *layout, uint64_t number)
{
    for (uint32_t i = layout->anchors.count; i > 0; i--) {
        const struct fm_layout_anchor *anchor = &layout->anchors.at[i - 1];
        const struct fm_trace_item *item = &layout->diagram->trace->items.at[anchor->item];
        if (item->kind == FM_HAPPENED_SEND && item->number == number) {
            return anchor;
        }
    }
    return NULL;
}

/* Each type of message has its colour, as long as there are some left. */
static unsigned colour_of(struct fm_layout *layout, const struct fm_trace_item *item)
{
    const char *type = item->field_count == 0 ? "" : item->fields[0].json;
    uint32_t index = 0;
    while (index < layout->types.count && strcmp(layout->types.at[index], type) != 0) {
        index++;
    }
    if (index == layout->types.count) {
        fm_vec_push(&layout->types, type);
    }
    return 1 + index % (COLOURS - 1);
}

static int max(int one, int other)
{
    return one > other ? one : other;
}

static int lowest(const struct placer *placer)
{
    int y = 0;
    for (unsigned lane = 0; lane <= placer->layout->lanes; lane++) {
        y = max(y, placer->bottoms[lane]);
    }
    return y;
}

/* From one card's line to another card's first line. */
static void connect(struct placer *placer, const struct fm_layout_anchor *anchor, uint32_t arrival)
{
    struct fm_layout *layout = placer->layout;
    const struct fm_layout_card *from = &layout->cards.at[anchor->card];
    const struct fm_layout_card *to = &fm_vec_last(&layout->cards);
    const struct fm_trace_item *sent = &layout->diagram->trace->items.at[anchor->item];
    bool right = to->lane >= from->lane;
    struct fm_layout_arrow arrow = {
        .kind = FM_ARROW_ARRIVES,
        .is_loop = to->lane == from->lane,
        .x1 = right ? from->x + from->width : from->x,
        .y1 = line_y(layout, anchor->card, anchor->line),
        .x2 = right && to->lane != from->lane ? to->x : to->x + to->width,
        .y2 = line_y(layout, layout->cards.count - 1, to->line),
        .colour = colour_of(layout, sent),
        .item = anchor->item,
        .arrival = arrival,
    };
    for (uint32_t i = 0; i < layout->arrows.count; i++) {
        if (layout->arrows.at[i].item == anchor->item) {
            arrow.kind = FM_ARROW_AGAIN;
        }
    }
    fm_vec_push(&layout->arrows, arrow);
}

/* A message that gets no further than into the gap beside its card; `y`: where it ends. */
static void strand(struct placer *placer, const struct fm_layout_anchor *anchor,
                   enum fm_arrow_kind kind, int y, uint32_t arrival)
{
    struct fm_layout *layout = placer->layout;
    const struct fm_layout_card *from = &layout->cards.at[anchor->card];
    const struct fm_trace_item *sent = &layout->diagram->trace->items.at[anchor->item];
    bool right = (int)sent->peer >= from->lane;
    struct fm_layout_arrow arrow = {
        .kind = kind,
        .x1 = right ? from->x + from->width : from->x,
        .y1 = line_y(layout, anchor->card, anchor->line),
        .y2 = y,
        .colour = colour_of(layout, sent),
        .item = anchor->item,
        .arrival = arrival,
    };
    arrow.x2 = right ? arrow.x1 + STUB : arrow.x1 - STUB;
    if (kind == FM_ARROW_LOST) {
        /* Beside the lane, where no card of it stands. */
        int half = fm_layout_text_width((uint32_t)layout->columns) / 2 + INSIDE + GAP / 4;
        int lane_x = fm_layout_lane_x(layout, from->lane);
        arrow.x2 = right ? lane_x + half : lane_x - half;
    }
    fm_vec_push(&layout->arrows, arrow);
}

static void add_pill(struct placer *placer, int y, const char *text)
{
    struct fm_layout *layout = placer->layout;
    struct fm_layout_pill pill = {
        .x = fm_layout_lane_x(layout, 0),
        .y = max(y, placer->bottoms[0] + 3 + FM_LAYOUT_LINE / 2),
        .width = fm_layout_text_width((uint32_t)strlen(text)) + 2 * INSIDE,
        .text = text,
    };
    fm_vec_push(&layout->pills, pill);
    placer->bottoms[0] = pill.y + FM_LAYOUT_LINE / 2 + 3;
}

/* What the card's items have to do with clients: pills, and arrows to or from them. */
static void place_clients(struct placer *placer, uint32_t item_index, int y)
{
    struct fm_layout *layout = placer->layout;
    const struct fm_trace_item *item = &layout->diagram->trace->items.at[item_index];
    const struct fm_layout_card *card = &fm_vec_last(&layout->cards);
    bool asks = item->kind == FM_HAPPENED_CHOICE;
    add_pill(placer, y,
             fm_arena_printf(&layout->arena, asks ? "request %llu" : "%llu %s",
                             (unsigned long long)item->number, fm_trace_outcome(item)));
    const struct fm_layout_pill *pill = &fm_vec_last(&layout->pills);
    int edge = pill->x + pill->width / 2;
    struct fm_layout_arrow arrow = {.kind = FM_ARROW_CLIENT,
                                    .x1 = asks ? edge : card->x,
                                    .y1 = asks ? pill->y : y,
                                    .x2 = asks ? card->x : edge,
                                    .y2 = asks ? y : pill->y,
                                    .item = item_index,
                                    .arrival = UINT32_MAX};
    fm_vec_push(&layout->arrows, arrow);
}

/* The widest line decides. */
static void size_card(struct fm_layout *layout, struct fm_layout_card *card)
{
    uint32_t widest = 0;
    for (uint32_t i = 0; i < card->line_count; i++) {
        size_t bytes;
        uint32_t cells = fm_layout_cells(layout->lines.at[card->line + i].text, UINT32_MAX / 2,
                                         &bytes);
        widest = cells > widest ? cells : widest;
    }
    card->width = max(fm_layout_text_width(widest) + 2 * INSIDE, CARD_MIN);
    card->height = (int)card->line_count * FM_LAYOUT_LINE + 8;
    card->x = fm_layout_lane_x(layout, card->lane) - card->width / 2;
    if (card->lane == 0) {
        card->x = layout->left;
        card->width = layout->right - layout->left;
    }
}

/* Where an event is at the earliest: below all that leads to it. */
static int earliest(const struct placer *placer, const struct fm_layout_card *card,
                    const struct fm_trace_item *head)
{
    const struct fm_layout *layout = placer->layout;
    int y = max(placer->previous + STEP,
                card->lane == 0 ? lowest(placer) + APART : placer->bottoms[card->lane] + APART);
    if (card->lane == 0 && head->choice.kind == FM_CHOICE_DROP) {
        y += STEP; /* room for where the message ends */
    }
    if (head->choice.kind == FM_CHOICE_DELIVER) {
        const struct fm_layout_anchor *anchor = find_send(layout, head->number);
        if (anchor != NULL) {
            y = max(y, line_y(layout, anchor->card, anchor->line) + 2);
        }
    }
    return y;
}

static void connect_messages(struct placer *placer, const struct fm_layout_card *card)
{
    struct fm_layout *layout = placer->layout;
    const struct fm_trace *trace = layout->diagram->trace;
    const struct fm_trace_item *head = &trace->items.at[card->first];
    uint32_t index = layout->cards.count - 1;
    if (head->choice.kind == FM_CHOICE_DELIVER || head->choice.kind == FM_CHOICE_DROP) {
        const struct fm_layout_anchor *anchor = find_send(layout, head->number);
        if (anchor != NULL && head->choice.kind == FM_CHOICE_DELIVER) {
            connect(placer, anchor, card->first);
        } else if (anchor != NULL) {
            strand(placer, anchor, FM_ARROW_LOST, card->y - STEP / 2, card->first);
        }
    } else if (head->choice.kind == FM_CHOICE_REQUEST) {
        place_clients(placer, card->first, line_y(layout, index, card->line));
    }
    for (uint32_t i = layout->anchors.count; i > 0; i--) {
        const struct fm_layout_anchor *anchor = &layout->anchors.at[i - 1];
        if (anchor->card != index) {
            break;
        }
        if (trace->items.at[anchor->item].kind == FM_HAPPENED_REPLY) {
            place_clients(placer, anchor->item, line_y(layout, index, anchor->line));
        }
    }
}

/* Ends the piece of the lane's line that is open, and begins the next. */
static void turn_line(struct placer *placer, int lane, int y)
{
    struct fm_layout_segment *open = &placer->open[lane];
    open->to = y;
    if (open->to > open->from) {
        fm_vec_push(&placer->layout->segments, *open);
    }
    open->from = y;
}

/* What the event changes about how nodes stand. */
static void follow_lines(struct placer *placer, const struct fm_layout_card *card)
{
    const struct fm_trace *trace = placer->layout->diagram->trace;
    const struct fm_choice *choice = &trace->items.at[card->first].choice;
    struct fm_layout_segment *open = &placer->open[card->lane];
    int below = card->y + card->height;
    if (choice->kind == FM_CHOICE_START) {
        turn_line(placer, card->lane, card->y);
        open->down = open->paused = false;
    } else if (choice->kind == FM_CHOICE_PAUSE || choice->kind == FM_CHOICE_RESUME) {
        turn_line(placer, card->lane, below);
        open->paused = choice->kind == FM_CHOICE_PAUSE;
    } else if (choice->kind == FM_CHOICE_ISOLATE) {
        turn_line(placer, card->lane, below);
        open->cut_off = true;
    }
    for (int lane = 1; lane <= (int)placer->layout->lanes && choice->kind == FM_CHOICE_HEAL;
         lane++) {
        turn_line(placer, lane, below);
        placer->open[lane].cut_off = false;
    }
    for (uint32_t i = card->first + 1; i < card->end; i++) {
        if (trace->items.at[i].kind == FM_HAPPENED_CRASH) {
            turn_line(placer, card->lane, below);
            open->down = true;
            open->paused = false;
        }
    }
}

/* Whether the model disagreed in an event before the last one. */
static bool went_beyond(const struct fm_outcome *outcome)
{
    return fm_outcome_is_beyond(outcome) &&
           (outcome->diverged < outcome->steps || outcome->drained > 0);
}

/* Items first .. end are an event. */
static void place_event(struct placer *placer, uint32_t first, uint32_t end)
{
    struct fm_layout *layout = placer->layout;
    const struct fm_trace_item *head = &layout->diagram->trace->items.at[first];
    const struct fm_choice_row *row = &fm_choice_table()[head->choice.kind];
    struct fm_layout_card card = {
        .first = first,
        .end = end,
        .lane = head->choice.kind == FM_CHOICE_DELIVER ? head->choice.peer
                : row->place == FM_PLACE_NODE          ? head->choice.node
                                                       : 0,
        .line = layout->lines.count,
        .number = head->step == 0 ? 0 : ++placer->number,
        .is_last = end == layout->diagram->trace->items.count,
        .diverges = went_beyond(layout->diagram->outcome) && head->step > 0 &&
                    head->step == layout->diagram->outcome->diverged,
    };
    fm_layout_words(layout, &card, &placer->known);
    card.line_count = layout->lines.count - card.line;
    size_card(layout, &card);
    card.y = earliest(placer, &card, head);
    placer->previous = card.y;
    fm_vec_push(&layout->cards, card);
    for (unsigned lane = 0; lane <= layout->lanes; lane++) {
        if (card.lane == 0 || card.lane == (int)lane) {
            placer->bottoms[lane] = card.y + card.height;
        }
    }
    connect_messages(placer, &card);
    follow_lines(placer, &card);
}

/* A remark over all lanes. */
static void place_note(struct placer *placer, const char *text)
{
    struct fm_layout *layout = placer->layout;
    struct fm_layout_card card = {.line = layout->lines.count, .is_note = true};
    uint32_t cells = (uint32_t)((layout->right - layout->left - 20) * 10 /
                                FM_LAYOUT_CHARACTER_TENTHS);
    fm_layout_wrap(layout, text, cells, 2, FM_TONE_PLAIN);
    card.line_count = layout->lines.count - card.line;
    size_card(layout, &card);
    card.y = placer->previous = lowest(placer) + APART;
    fm_vec_push(&layout->cards, card);
    for (unsigned lane = 0; lane <= layout->lanes; lane++) {
        placer->bottoms[lane] = card.y + card.height;
    }
}

/* The end of the event that begins at that item. */
static uint32_t end_of(const struct fm_trace *trace, uint32_t first)
{
    uint32_t end = first + 1;
    while (end < trace->items.count && trace->items.at[end].kind != FM_HAPPENED_CHOICE) {
        end++;
    }
    return end;
}

/* Of a drain, which can have thousands of events, only the beginning and the end are drawn. */
static void place_events(struct placer *placer)
{
    const struct fm_trace *trace = placer->layout->diagram->trace;
    uint32_t drained = 0, at = 0;
    for (uint32_t i = 0; i < trace->items.count; i++) {
        drained += trace->items.at[i].kind == FM_HAPPENED_CHOICE && trace->items.at[i].drains;
    }
    for (uint32_t first = 0; first < trace->items.count; first = end_of(trace, first)) {
        if (!trace->items.at[first].drains) {
            place_event(placer, first, end_of(trace, first));
            continue;
        }
        at++;
        if (at == 1) {
            place_note(placer, "The schedule is over: all faults heal, and from here on everything "
                               "arrives, in order and in time.");
        }
        if (at == DRAIN_FIRST + 1 && drained > DRAIN_FIRST + DRAIN_LAST) {
            place_note(placer, fm_arena_printf(&placer->layout->arena, "(%u events are not drawn)",
                                               drained - DRAIN_FIRST - DRAIN_LAST));
        }
        if (at <= DRAIN_FIRST || at + DRAIN_LAST > drained) {
            place_event(placer, first, end_of(trace, first));
        } else {
            placer->number++;
        }
    }
}

/* Messages that nobody got, once everything is placed. */
static void strand_rest(struct placer *placer)
{
    struct fm_layout *layout = placer->layout;
    uint32_t arrived = layout->arrows.count;
    uint32_t items = layout->diagram->trace->items.count;
    bool *has = fm_arena_calloc(&layout->arena, items + 1, sizeof *has);
    for (uint32_t i = 0; i < arrived; i++) {
        has[layout->arrows.at[i].item] = true;
    }
    for (uint32_t i = 0; i < layout->anchors.count; i++) {
        const struct fm_layout_anchor *anchor = &layout->anchors.at[i];
        const struct fm_trace_item *item = &layout->diagram->trace->items.at[anchor->item];
        if (item->kind == FM_HAPPENED_SEND && !has[anchor->item]) {
            strand(placer, anchor,
                   item->status == FATHOM_OK ? FM_ARROW_WAITS : FM_ARROW_UNREACHABLE,
                   line_y(layout, anchor->card, anchor->line) + 4, UINT32_MAX);
        }
    }
}

/* What the judge says, each of its lines in at most two. */
static void add_explanation(struct fm_layout *layout, uint32_t cells)
{
    const char *at = layout->diagram->explanation;
    for (unsigned i = 0; i < EXPLAINED_MAX && *at != '\0'; i++) {
        size_t length = strcspn(at, "\n");
        fm_layout_wrap(layout, fm_arena_strndup(&layout->arena, at, length), cells, 2,
                       FM_TONE_PLAIN);
        at += length + (at[length] == '\n');
    }
    if (*at != '\0') {
        fm_layout_wrap(layout, "(and more)", cells, 1, FM_TONE_PLAIN);
    }
}

static void place_reason(struct placer *placer)
{
    struct fm_layout *layout = placer->layout;
    const struct fm_outcome *outcome = layout->diagram->outcome;
    uint32_t cells = (uint32_t)((layout->right - layout->left - 20) * 10 /
                                FM_LAYOUT_CHARACTER_TENTHS);
    bool found = outcome->verdict != FM_FUZZ_FINE;
    struct fm_text text = {0};
    fm_text_printf(&text, "%s%s%s", fm_fuzz_verdict_word(outcome->verdict), found ? ": " : "",
                   outcome->reason);
    layout->reason = layout->lines.count;
    fm_layout_wrap(layout, text.at, cells, 4, FM_TONE_HEAD);
    fm_layout_wrap(layout, fm_fuzz_verdict_text(outcome->verdict), cells, 2, FM_TONE_PLAIN);
    if (went_beyond(outcome)) {
        fm_text_clear(&text);
        fm_text_printf(&text, "The model disagreed before, after choice %u (in yellow): %s",
                       outcome->diverged, outcome->divergence);
        fm_layout_wrap(layout, text.at, cells, 2, FM_TONE_PLAIN);
    }
    add_explanation(layout, cells);
    if (!layout->diagram->same) {
        fm_layout_wrap(layout, "This is not what the finding says: it does not repeat.", cells, 2,
                       FM_TONE_PLAIN);
    }
    layout->reason_count = layout->lines.count - layout->reason;
    layout->reason_y = lowest(placer) + 2 * APART;
    layout->height = layout->reason_y + (int)layout->reason_count * FM_LAYOUT_LINE + 8 + MARGIN;
    fm_text_deinit(&text);
}

/* How wide lanes are: narrower where there are many. */
static void measure(struct fm_layout *layout)
{
    const struct fm_trace *trace = layout->diagram->trace;
    layout->lanes = layout->diagram->finding->nodes;
    for (uint32_t i = 0; i < trace->items.count; i++) {
        const struct fm_trace_item *item = &trace->items.at[i];
        layout->clients |= item->kind == FM_HAPPENED_REPLY ||
                           (item->kind == FM_HAPPENED_CHOICE &&
                            item->choice.kind == FM_CHOICE_REQUEST);
    }
    layout->columns = layout->lanes <= 3 ? 38 : layout->lanes <= 5 ? 32 : 26;
    layout->pitch = fm_layout_text_width((uint32_t)layout->columns) + 2 * INSIDE + GAP;
    layout->left = GUTTER;
    layout->right = layout->left + (layout->clients ? CLIENT_PITCH : 0) +
                    (int)layout->lanes * layout->pitch;
    layout->width = layout->right + MARGIN;
}

void fm_layout_init(struct fm_layout *layout, const struct fm_diagram *diagram, int top)
{
    *layout = (struct fm_layout){.diagram = diagram, .top = top};
    fm_arena_init(&layout->arena, "diagram");
    measure(layout);
    struct placer placer = {.layout = layout, .previous = top - STEP};
    for (unsigned lane = 0; lane <= layout->lanes; lane++) {
        placer.bottoms[lane] = top - APART;
        placer.open[lane] = (struct fm_layout_segment){
            .x = fm_layout_lane_x(layout, (int)lane), .from = top, .down = lane > 0};
    }
    place_events(&placer);
    strand_rest(&placer);
    place_reason(&placer);
    for (unsigned lane = 1; lane <= layout->lanes; lane++) {
        turn_line(&placer, (int)lane, layout->reason_y - APART);
    }
}

void fm_layout_deinit(struct fm_layout *layout)
{
    fm_vec_deinit(&layout->lines);
    fm_vec_deinit(&layout->cards);
    fm_vec_deinit(&layout->anchors);
    fm_vec_deinit(&layout->types);
    fm_vec_deinit(&layout->arrows);
    fm_vec_deinit(&layout->pills);
    fm_vec_deinit(&layout->segments);
    fm_arena_deinit(&layout->arena);
}
