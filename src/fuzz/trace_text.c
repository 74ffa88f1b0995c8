/* Items of a trace in words.
 *
 * Two forms: whole, for whoever looks for the one byte that is wrong (JSON of all fields, every
 * name), and brief, for a picture, where what matters is what kind of message goes where and which
 * numbers are in it. */
#include "fuzz/trace.h"

#include <string.h>

/* ORDER(enum fathom_outcome) */
static const char *const outcomes[] = {"ok", "failed", "unknown"};
/* ORDER(enum fm_operation_kind) */
static const char *const operations[] = {"append to", "truncate", "replace", "sync"};

const char *fm_trace_outcome(const struct fm_trace_item *item)
{
    return outcomes[item->status % 3];
}

const char *fm_trace_operation(const struct fm_trace_item *item)
{
    return operations[item->status % 4];
}

/* In the target's words, or as bytes. */
static void add_words(const struct fm_trace_item *item, size_t shown_max, struct fm_text *out)
{
    if (item->fields != NULL) {
        fm_text_putc(out, ' ');
        fm_trace_fields_json(item, out);
    } else if (item->data.size > 0) {
        fm_text_putc(out, ' ');
        fm_trace_bytes(item->data, shown_max, out);
    }
}

static void add_effect(const struct fm_trace_item *item, struct fm_text *out)
{
    unsigned long long number = (unsigned long long)item->number;
    fm_text_printf(out, "node %u: ", item->node);
    switch (item->kind) {
    case FM_HAPPENED_SEND:
        fm_text_printf(out, "send %u>%u%s", item->node, item->peer,
                       item->status == FATHOM_OK ? "" : " (unreachable)");
        break;
    case FM_HAPPENED_TIMER:
        fm_text_printf(out, "timer %llu in %d ms", number, item->status);
        break;
    case FM_HAPPENED_CANCEL:
        fm_text_printf(out, "cancel timer %llu", number);
        break;
    case FM_HAPPENED_DISK:
        fm_text_printf(out, "%s %s", fm_trace_operation(item), item->name);
        break;
    case FM_HAPPENED_PUT:
        fm_text_printf(out, "put %s", item->name);
        break;
    case FM_HAPPENED_REPLY:
        fm_text_printf(out, "reply to request %llu: %s", number, fm_trace_outcome(item));
        break;
    case FM_HAPPENED_EVENT:
        fm_text_puts(out, item->name);
        break;
    case FM_HAPPENED_CRASH:
        fm_text_puts(out, "crashed");
        break;
    case FM_HAPPENED_STATE:
    case FM_HAPPENED_CHOICE:
    case FM_HAPPENED_END:
        break;
    }
}

void fm_trace_item_print(const struct fm_trace_item *item, size_t shown_max, struct fm_text *out)
{
    if (item->kind != FM_HAPPENED_CHOICE) {
        add_effect(item, out);
    } else {
        fm_choice_print(&item->choice, out);
        if (item->name != NULL) {
            fm_text_printf(out, " (%s)", item->name);
        }
    }
    if (item->kind == FM_HAPPENED_STATE) {
        fm_trace_fields_json(item, out);
    } else {
        add_words(item, shown_max, out);
    }
    fm_text_puts(out, item->amended ? " (its fields, set since)" : "");
}

void fm_trace_fields_json(const struct fm_trace_item *item, struct fm_text *out)
{
    fm_text_putc(out, '{');
    for (uint32_t i = 0; i < item->field_count; i++) {
        fm_text_puts(out, i == 0 ? "" : ", ");
        fm_text_json_string(out, item->fields[i].name, strlen(item->fields[i].name));
        fm_text_printf(out, ": %s", item->fields[i].json);
    }
    fm_text_putc(out, '}');
}

void fm_trace_fields_brief(const struct fm_trace_item *item, struct fm_text *out)
{
    for (uint32_t i = 0; i < item->field_count; i++) {
        const struct fm_trace_field *field = &item->fields[i];
        size_t length = strlen(field->json);
        bool text = field->json[0] == '"' && length >= 2;
        fm_text_puts(out, i == 0 ? "" : " ");
        /* The first text says what it is ("write"); a name would only repeat that. */
        if (i > 0 || !text) {
            fm_text_printf(out, "%s=", field->name);
        }
        fm_text_add(out, field->json + (text ? 1 : 0), length - (text ? 2 : 0));
    }
}

void fm_trace_bytes(struct fathom_bytes bytes, size_t shown_max, struct fm_text *out)
{
    const unsigned char *at = bytes.data;
    for (size_t i = 0; i < bytes.size && i < shown_max; i++) {
        if (at[i] >= ' ' && at[i] < 0x7F && at[i] != '\\') {
            fm_text_putc(out, (char)at[i]);
        } else {
            fm_text_printf(out, "\\x%02x", at[i]);
        }
    }
    fm_text_puts(out, bytes.size > shown_max ? "..." : "");
}
