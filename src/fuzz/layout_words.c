/* What stands in a card of the diagram.
 *
 * First what happens to the node, then what it does, then what it shows otherwise than before. Long
 * texts are broken, and cut after a few lines: a picture in which everything stands is read by
 * nobody, and the whole text is in the card's tooltip and in the page's list. */
#include "fuzz/layout.h"

#include <string.h>

/* Lines of a card at most, and of one thing in it. */
enum { LINES_MAX = 16, HEAD_LINES_MAX = 3, EFFECT_LINES_MAX = 2, BAND_LINES_MAX = 2 };
/* Bytes of a text without words that are shown. */
static const size_t shown_max = 32;

int fm_layout_text_width(uint32_t cells)
{
    return ((int)cells * FM_LAYOUT_CHARACTER_TENTHS + 9) / 10;
}

/* Cells of one character: the letters of East Asia are two wide, and so is what lies above them. */
static uint32_t cells_of(const unsigned char *at, size_t length)
{
    return length >= 4 || (length == 3 && at[0] >= 0xE2 && (at[0] > 0xE2 || at[1] >= 0xBA)) ? 2 : 1;
}

uint32_t fm_layout_cells(const char *text, uint32_t cells_max, size_t *bytes)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t size = strlen(text), done = 0;
    uint32_t cells = 0;
    while (done < size) {
        size_t length = fm_text_utf8_length(at + done, size - done);
        length = length == 0 ? 1 : length; /* drawn as one replacement */
        uint32_t more = cells_of(at + done, length);
        if (cells + more > cells_max) {
            break;
        }
        cells += more;
        done += length;
    }
    *bytes = done;
    return cells;
}

static void add_line(struct fm_layout *layout, const char *text, size_t size, bool cut,
                     enum fm_tone tone)
{
    struct fm_layout_line line = {
        fm_arena_printf(&layout->arena, "%.*s%s", (int)size, text, cut ? "\xe2\x80\xa6" : ""),
        tone};
    fm_vec_push(&layout->lines, line);
}

/* Where to break: behind the last blank among the bytes, if that leaves half of them. */
static size_t break_at(const char *text, size_t bytes)
{
    for (size_t at = bytes; at > bytes / 2; at--) {
        if (text[at - 1] == ' ') {
            return at;
        }
    }
    return bytes;
}

void fm_layout_wrap(struct fm_layout *layout, const char *text, uint32_t cells, uint32_t lines_max,
                    enum fm_tone tone)
{
    for (uint32_t i = 0; i < lines_max; i++) {
        size_t bytes;
        uint32_t indent = i == 0 ? 0 : 2;
        (void)fm_layout_cells(text, cells - indent, &bytes);
        bool rest = text[bytes] != '\0';
        if (rest && i + 1 == lines_max) {
            (void)fm_layout_cells(text, cells - indent - 1, &bytes);
        } else if (rest) {
            bytes = break_at(text, bytes);
        }
        struct fm_text line = {0};
        fm_text_fill(&line, ' ', indent);
        fm_text_add(&line, text, bytes);
        add_line(layout, line.at, line.length, rest && i + 1 == lines_max, tone);
        fm_text_deinit(&line);
        if (!rest) {
            return;
        }
        text += bytes;
    }
}

static bool is_text(struct fathom_bytes bytes)
{
    const unsigned char *at = bytes.data;
    for (size_t i = 0; i < bytes.size; i++) {
        if (at[i] < ' ' || at[i] > '~') {
            return false;
        }
    }
    return true;
}

static void add_message(const struct fm_trace_item *item, struct fm_text *out)
{
    if (item->fields != NULL) {
        fm_text_putc(out, ' ');
        fm_trace_fields_brief(item, out);
    } else if (!is_text(item->data)) {
        fm_text_printf(out, " %zu bytes", item->data.size);
    } else if (item->data.size > 0) {
        fm_text_putc(out, ' ');
        fm_trace_bytes(item->data, shown_max, out);
    }
}

/* The operation of that number, begun before. */
static const struct fm_trace_item *find_operation(const struct fm_layout *layout,
                                                  const struct fm_layout_card *card)
{
    const struct fm_trace *trace = layout->diagram->trace;
    for (uint32_t i = card->first; i > 0; i--) {
        const struct fm_trace_item *item = &trace->items.at[i - 1];
        if (item->kind == FM_HAPPENED_DISK && item->number == trace->items.at[card->first].number) {
            return item;
        }
    }
    return NULL;
}

static void head_of_disk(const struct fm_layout *layout, const struct fm_layout_card *card,
                         struct fm_text *out)
{
    static const char *const ends[] = {"done", "fails", "fails: disk full", "unreachable"};
    const struct fm_trace_item *item = &layout->diagram->trace->items.at[card->first];
    const struct fm_trace_item *operation = find_operation(layout, card);
    fm_text_printf(out, "disk: %s %s %s", operation == NULL ? "" : fm_trace_operation(operation),
                   operation == NULL ? "" : operation->name, ends[item->status % 4]);
}

static void head_of_crash(const struct fm_choice *choice, struct fm_text *out)
{
    fm_text_puts(out, "crashes");
    if (choice->kept > 0) {
        fm_text_printf(out, ", %u operations done", choice->kept);
    }
    if (choice->amount > 0) {
        fm_text_printf(out, ", %u bytes torn", choice->amount);
    }
    fm_text_puts(out, choice->position != 0 ? ", unsynced lost" : "");
}

/* Choices that name a node. */
static void head_of_node(const struct fm_layout *layout, const struct fm_layout_card *card,
                         struct fm_text *out)
{
    const struct fm_trace_item *item = &layout->diagram->trace->items.at[card->first];
    const struct fm_choice *choice = &item->choice;
    unsigned long long number = (unsigned long long)item->number;
    switch ((enum fm_choice_kind)choice->kind) {
    case FM_CHOICE_TIMER:
        fm_text_printf(out, "timer %llu fires", number);
        break;
    case FM_CHOICE_REQUEST:
        fm_text_printf(out, "request %llu", number);
        break;
    case FM_CHOICE_DISK:
        head_of_disk(layout, card, out);
        break;
    case FM_CHOICE_SENT:
        fm_text_puts(out, item->status == FATHOM_OK ? "a message left" : "a message did not leave");
        break;
    case FM_CHOICE_CUSTOM:
        fm_text_printf(out, "%s %u", item->name == NULL ? "" : item->name, choice->amount);
        break;
    case FM_CHOICE_START:
        fm_text_puts(out, item->step == 0 ? "starts" : "starts again");
        break;
    case FM_CHOICE_CRASH:
        head_of_crash(choice, out);
        break;
    case FM_CHOICE_PAUSE:
        fm_text_puts(out, "stands still");
        break;
    case FM_CHOICE_RESUME:
        fm_text_puts(out, "goes on");
        break;
    case FM_CHOICE_JUMP:
        fm_text_printf(out, "clock jumps %u ms", choice->amount);
        break;
    case FM_CHOICE_ROT:
        fm_text_printf(out, "bit %u of file %u flips", choice->amount, choice->position);
        break;
    case FM_CHOICE_ISOLATE:
        fm_text_puts(out, "is cut off from all");
        break;
    case FM_CHOICE_DELIVER:
        fm_text_printf(out, "from %u:", choice->node);
        add_message(item, out);
        break;
    case FM_CHOICE_TICK:
    case FM_CHOICE_DROP:
    case FM_CHOICE_DUPLICATE:
    case FM_CHOICE_CUT:
    case FM_CHOICE_HEAL:
    case FM_CHOICE_COUNT:
        break;
    }
}

/* What concerns no single node. */
static void head_of_band(const struct fm_trace_item *item, struct fm_text *out)
{
    const struct fm_choice *choice = &item->choice;
    if (choice->kind == FM_CHOICE_TICK) {
        fm_text_printf(out, "%u ms pass", choice->amount);
    } else if (choice->kind == FM_CHOICE_HEAL) {
        fm_text_puts(out, "every message passes again");
    } else if (choice->kind == FM_CHOICE_CUT) {
        fm_text_printf(out, "nothing passes from %u to %u any more", choice->node, choice->peer);
    } else {
        fm_text_printf(out,
                       choice->kind == FM_CHOICE_DROP ? "lost, from %u to %u:"
                                                      : "will arrive once more, from %u to %u:",
                       choice->node, choice->peer);
        add_message(item, out);
    }
}

static void effect_of(const struct fm_trace_item *item, struct fm_text *out)
{
    unsigned long long number = (unsigned long long)item->number;
    switch (item->kind) {
    case FM_HAPPENED_SEND:
        fm_text_printf(out, "to %u:%s", item->peer,
                       item->status == FATHOM_OK ? "" : " (unreachable)");
        add_message(item, out);
        break;
    case FM_HAPPENED_TIMER:
        fm_text_printf(out, "timer %llu in %d ms", number, item->status);
        break;
    case FM_HAPPENED_CANCEL:
        fm_text_printf(out, "cancels timer %llu", number);
        break;
    case FM_HAPPENED_DISK:
        fm_text_printf(out, "disk: %s %s", fm_trace_operation(item), item->name);
        add_message(item, out);
        break;
    case FM_HAPPENED_PUT:
        fm_text_printf(out, "put %s:", item->name);
        add_message(item, out);
        break;
    case FM_HAPPENED_REPLY:
        fm_text_printf(out, "reply to request %llu: %s", number, fm_trace_outcome(item));
        break;
    case FM_HAPPENED_EVENT:
        fm_text_printf(out, "%s", item->name);
        add_message(item, out);
        break;
    case FM_HAPPENED_CRASH:
        fm_text_puts(out, "crashes here");
        break;
    case FM_HAPPENED_STATE:
    case FM_HAPPENED_CHOICE:
    case FM_HAPPENED_END:
        break;
    }
}

/* The value that the node showed last under that name, or NULL. */
static const char *value_before(const struct fm_trace_item *before, const char *name)
{
    for (uint32_t i = 0; before != NULL && i < before->field_count; i++) {
        if (strcmp(before->fields[i].name, name) == 0) {
            return before->fields[i].json;
        }
    }
    return NULL;
}

/* What the node shows now and did not before; of its first observation everything. */
static void add_changes(struct fm_layout *layout, const struct fm_trace_item *item,
                        struct fm_layout_known *known)
{
    const struct fm_trace_item **place = &known->shown[(item->node - 1) % FATHOM_NODES_MAX];
    struct fm_text text = {0};
    for (uint32_t i = 0; i < item->field_count; i++) {
        const struct fm_trace_field *field = &item->fields[i];
        const char *before = value_before(*place, field->name);
        if (before != NULL && strcmp(before, field->json) == 0) {
            continue;
        }
        if (*place == NULL) {
            fm_text_printf(&text, "%s%s=%s", text.length == 0 ? "" : " ", field->name, field->json);
            continue;
        }
        fm_text_clear(&text);
        fm_text_printf(&text, "%s: %s \xe2\x86\x92 %s", field->name, before == NULL ? "" : before,
                       field->json);
        fm_layout_wrap(layout, text.at, (uint32_t)layout->columns, EFFECT_LINES_MAX, FM_TONE_STATE);
        fm_text_clear(&text);
    }
    if (text.length > 0) {
        fm_layout_wrap(layout, text.at, (uint32_t)layout->columns, HEAD_LINES_MAX, FM_TONE_STATE);
    }
    fm_text_deinit(&text);
    *place = item;
}

/* Cuts a card that has become too long. */
static void limit(struct fm_layout *layout, uint32_t from)
{
    uint32_t count = layout->lines.count - from;
    if (count > LINES_MAX) {
        layout->lines.count = from + LINES_MAX - 1;
        const char *text = fm_arena_printf(&layout->arena, "(%u more lines)",
                                           count - LINES_MAX + 1);
        add_line(layout, text, strlen(text), false, FM_TONE_PLAIN);
    }
}

void fm_layout_words(struct fm_layout *layout, const struct fm_layout_card *card,
                     struct fm_layout_known *known)
{
    const struct fm_trace *trace = layout->diagram->trace;
    const struct fm_trace_item *head = &trace->items.at[card->first];
    uint32_t from = layout->lines.count, columns = (uint32_t)layout->columns;
    struct fm_text text = {0};
    if (card->lane == 0) {
        uint32_t cells = (uint32_t)((layout->right - layout->left - 20) * 10 /
                                    FM_LAYOUT_CHARACTER_TENTHS);
        head_of_band(head, &text);
        fm_layout_wrap(layout, fm_text_string(&text), cells, BAND_LINES_MAX, FM_TONE_HEAD);
    } else {
        head_of_node(layout, card, &text);
        fm_layout_wrap(layout, fm_text_string(&text), columns, HEAD_LINES_MAX, FM_TONE_HEAD);
    }
    for (uint32_t i = card->first + 1; i < card->end; i++) {
        const struct fm_trace_item *item = &trace->items.at[i];
        if (item->kind == FM_HAPPENED_STATE) {
            add_changes(layout, item, known);
        } else if (item->kind != FM_HAPPENED_CRASH || head->choice.kind != FM_CHOICE_CRASH) {
            fm_text_clear(&text);
            effect_of(item, &text);
            struct fm_layout_anchor anchor = {i, layout->cards.count, layout->lines.count};
            fm_vec_push(&layout->anchors, anchor);
            fm_layout_wrap(layout, fm_text_string(&text), columns, EFFECT_LINES_MAX,
                           item->kind == FM_HAPPENED_SEND    ? FM_TONE_SEND
                           : item->kind == FM_HAPPENED_CRASH ? FM_TONE_BAD
                                                             : FM_TONE_PLAIN);
        }
    }
    fm_text_deinit(&text);
    limit(layout, from);
}
