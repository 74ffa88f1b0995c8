/* A schedule that ran again, as text and as JSON.
 *
 * As text each thing that happens is a line, printed at once by the process that runs the target,
 * so that what led to a crash, and what the target prints itself, stand in their order. As JSON it
 * is one object, made when the process is gone; docs/formats.md has its keys. An item of the trace
 * whose kind is CHOICE begins an event; what follows up to the next one are its effects, and at
 * most one observation. */
#include "cli/replay.h"

#include "base/arena.h"
#include "fuzz/target.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Bytes of a message that are shown. */
static const size_t shown_max = 40;

/* ORDER(enum fathom_status) */
static const char *const statuses[] = {"ok", "failed", "full", "unreachable"};
/* ORDER(enum fm_operation_kind) */
static const char *const operations[] = {"append", "truncate", "replace", "sync"};

void fm_replay_print_item(const struct fm_trace_item *item)
{
    struct fm_text line = {0};
    if (item->kind == FM_HAPPENED_CHOICE) {
        fm_text_printf(&line, "%10.3f s  ", (double)item->time_us / 1e6);
    } else {
        fm_text_printf(&line, "%14s", "");
    }
    fm_trace_item_print(item, shown_max, &line);
    (void)printf("%s\n", line.at);
    fm_text_deinit(&line);
}

static void add_string(const char *key, const char *value, struct fm_text *out)
{
    fm_text_printf(out, ", \"%s\": ", key);
    fm_text_json_string(out, value, strlen(value));
}

static void add_hash(const char *key, uint64_t hash, struct fm_text *out)
{
    fm_text_printf(out, ", \"%s\": \"%016" PRIx64 "\"", key, hash);
}

/* What effects and events have in common: words, bytes. */
static void add_content(const struct fm_trace_item *item, struct fm_text *out)
{
    if (item->name != NULL) {
        add_string("name", item->name, out);
    }
    if (item->fields != NULL) {
        fm_text_puts(out, ", \"words\": ");
        fm_trace_fields_json(item, out);
    }
    if (item->data.size > 0) {
        fm_text_puts(out, ", \"data\": \"");
        for (size_t i = 0; i < item->data.size; i++) {
            fm_text_printf(out, "%02x", ((const unsigned char *)item->data.data)[i]);
        }
        fm_text_putc(out, '"');
    }
}

static void add_effect_json(const struct fm_trace_item *item, struct fm_text *out)
{
    /* ORDER(enum fm_happening_kind) */
    static const char *const kinds[] = {"choice", "send",  "timer", "cancel", "disk", "put",
                                        "reply",  "event", "crash", "state",  "end"};
    fm_text_printf(out, "{\"kind\": \"%s\", \"node\": %u", kinds[item->kind], item->node);
    if (item->kind == FM_HAPPENED_SEND) {
        fm_text_printf(out, ", \"peer\": %u", item->peer);
    }
    if (item->number != 0 || item->kind == FM_HAPPENED_REPLY || item->kind == FM_HAPPENED_TIMER) {
        fm_text_printf(out, ", \"number\": %" PRIu64, item->number);
    }
    if (item->kind == FM_HAPPENED_SEND) {
        add_string("status", statuses[item->status % 4], out);
    } else if (item->kind == FM_HAPPENED_TIMER) {
        fm_text_printf(out, ", \"delay_ms\": %d", item->status);
    } else if (item->kind == FM_HAPPENED_DISK) {
        add_string("operation", operations[item->status % 4], out);
    } else if (item->kind == FM_HAPPENED_REPLY) {
        add_string("outcome", fm_trace_outcome(item), out);
    }
    add_content(item, out);
    fm_text_putc(out, '}');
}

static void add_event_json(const struct fm_trace_item *item, struct fm_text *out)
{
    const struct fm_choice_row *row = &fm_choice_table()[item->choice.kind];
    struct fm_text line = {0};
    fm_choice_print(&item->choice, &line);
    fm_text_printf(out, "{\"step\": %u, \"drain\": %s, \"time_us\": %" PRIu64, item->step,
                   item->drains ? "true" : "false", item->time_us);
    add_string("choice", line.at, out);
    add_string("kind", row->word, out);
    fm_text_deinit(&line);
    if (row->place != FM_PLACE_NOWHERE) {
        fm_text_printf(out, ", \"node\": %u", item->choice.node);
    }
    if (row->place == FM_PLACE_CHANNEL) {
        fm_text_printf(out, ", \"peer\": %u", item->choice.peer);
    }
    if (item->number != 0 || item->choice.kind == FM_CHOICE_REQUEST ||
        item->choice.kind == FM_CHOICE_TIMER) {
        fm_text_printf(out, ", \"number\": %" PRIu64, item->number);
    }
    if (item->choice.kind == FM_CHOICE_DISK || item->choice.kind == FM_CHOICE_SENT) {
        add_string("status", statuses[item->status % 4], out);
    }
    add_content(item, out);
}

/* The event that begins at items[from]; where the next one does. */
static uint32_t add_event(const struct fm_trace *trace, uint32_t from, struct fm_text *out)
{
    add_event_json(&trace->items.at[from], out);
    fm_text_puts(out, ", \"effects\": [");
    const struct fm_trace_item *observed = NULL;
    bool first = true;
    uint32_t at = from + 1;
    for (; at < trace->items.count && trace->items.at[at].kind != FM_HAPPENED_CHOICE; at++) {
        const struct fm_trace_item *item = &trace->items.at[at];
        if (item->kind == FM_HAPPENED_STATE) {
            observed = item;
            continue;
        }
        fm_text_puts(out, first ? "" : ", ");
        add_effect_json(item, out);
        first = false;
    }
    fm_text_putc(out, ']');
    if (observed != NULL) {
        fm_text_printf(out, ", \"observed\": {\"node\": %u, \"fields\": ", observed->node);
        fm_trace_fields_json(observed, out);
        fm_text_putc(out, '}');
    }
    fm_text_putc(out, '}');
    return at;
}

static void add_outcome(const struct fm_outcome *outcome, struct fm_text *out)
{
    struct fm_text signature = {0};
    fm_finding_signature(outcome, &signature);
    add_string("verdict", fm_fuzz_verdict_word(outcome->verdict), out);
    add_string("signature", signature.at, out);
    add_string("reason", outcome->reason, out);
    if (outcome->divergence[0] != '\0') {
        add_string("divergence", outcome->divergence, out);
        fm_text_printf(out, ", \"diverged\": %u", outcome->diverged);
    }
    add_hash("event_hash", outcome->hash, out);
    fm_text_deinit(&signature);
}

static void add_finding(const struct fm_finding *finding, struct fm_text *out)
{
    fm_text_puts(out, "\"finding\": {\"target\": ");
    fm_text_json_string(out, finding->target, strlen(finding->target));
    add_string("path", finding->path, out);
    add_hash("target_hash", finding->target_hash, out);
    add_hash("world_hash", finding->world_hash, out);
    if (finding->mapping[0] != '\0') {
        add_string("mapping", finding->mapping, out);
        add_string("configuration", finding->configuration, out);
        add_hash("mapping_hash", finding->hashes.mapping, out);
        add_hash("specification_hash", finding->hashes.specification, out);
        add_hash("configuration_hash", finding->hashes.configuration, out);
    }
    fm_text_printf(out, ", \"nodes\": %u, \"seed\": %" PRIu64 ", \"faults\": [", finding->nodes,
                   finding->seed);
    bool first = true;
    for (unsigned bit = 0; fm_fault_name(bit) != NULL; bit++) {
        if ((finding->faults >> bit & 1) != 0) {
            fm_text_printf(out, "%s\"%s\"", first ? "" : ", ", fm_fault_name(bit));
            first = false;
        }
    }
    fm_text_printf(out, "], \"rounds\": %u", finding->rounds);
    add_outcome(&finding->outcome, out);
    fm_text_puts(out, ", \"choices\": [");
    for (uint32_t i = 0; i < finding->choices.count; i++) {
        fm_text_puts(out, i == 0 ? "\"" : ", \"");
        fm_choice_print(&finding->choices.at[i], out);
        fm_text_putc(out, '"');
    }
    fm_text_puts(out, "]}");
}

void fm_replay_json(const struct fm_replay *replay, struct fm_text *out)
{
    const struct fm_trace *trace = replay->trace;
    fm_text_printf(out, "{\"fathom\": \"%s\", ", FM_VERSION);
    add_finding(replay->finding, out);
    add_outcome(replay->outcome, out);
    if (replay->explained->text[0] != '\0') {
        add_string("explanation", replay->explained->text, out);
    }
    fm_text_printf(out, ", \"node\": %u, \"same\": %s, \"events\": [", replay->outcome->node,
                   replay->same ? "true" : "false");
    for (uint32_t at = 0; at < trace->items.count;) {
        fm_text_puts(out, at == 0 ? "" : ", ");
        at = add_event(trace, at, out);
    }
    fm_text_puts(out, "]}\n");
}
