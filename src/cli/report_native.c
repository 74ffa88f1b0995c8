/* What became of emitted code, in words and as JSON.
 *
 * Nobody who did not ask is told that a small model was not compiled: the line of the summary
 * stands where emitted code ran, or where it should have and something was missing.
 * --explain-native lists the actions and formulas, and what of them the interpreter does. */
#include "cli/message.h"
#include "cli/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static uint64_t successors_of(const struct fm_native_report *native)
{
    return native->native_successors + native->interpreted_successors;
}

static double share_of(const struct fm_native_report *native)
{
    uint64_t all = successors_of(native);
    return all == 0 ? 0 : (double)native->native_successors / (double)all;
}

static void add_active(const struct fm_native_report *native, struct fm_text *out)
{
    char share[32], all[32], redone[32], bytes[32];
    (void)snprintf(share, sizeof share, "%.1f", 100 * share_of(native));
    (void)snprintf(all, sizeof all, "%" PRIu64, successors_of(native));
    (void)snprintf(redone, sizeof redone, "%" PRIu64, native->redone_states);
    (void)snprintf(bytes, sizeof bytes, "%" PRIu32, native->state_bytes);
    fm_say(out, FM_MESSAGE_NATIVE, native->state, share, all, redone,
           native->redone_states == 1 ? "" : "s", bytes);
}

static void add_notes(const struct fm_native_report *native, struct fm_text *out)
{
    for (uint32_t i = 0; i < native->note_count; i++) {
        const struct fm_native_note *note = &native->notes[i];
        fm_text_printf(out, "  %s: %s%s%s\n", note->name, note->emitted ? "emitted" : "interpreted",
                       note->text == NULL ? "" : ": ", note->text == NULL ? "" : note->text);
    }
}

void fm_report_native(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_native_report *native = report->native;
    bool asked = report->options->explain_native;
    if (native == NULL) {
        if (asked) {
            fm_say(out, FM_MESSAGE_NATIVE_OFF,
                   report->native_off == NULL ? "--no-native was given" : report->native_off);
        }
        return;
    }
    if (native->active && (asked || !report->options->terse)) {
        add_active(native, out);
    } else if (!native->active && (asked || native->is_missing)) {
        fm_say(out, FM_MESSAGE_NATIVE_OFF, native->state);
    }
    if (asked) {
        add_notes(native, out);
    }
}

static void add_note_json(const struct fm_native_note *note, struct fm_text *out)
{
    fm_text_puts(out, "{\"name\":");
    fm_text_json_string(out, note->name, strlen(note->name));
    fm_text_printf(out, ",\"emitted\":%s", note->emitted ? "true" : "false");
    if (note->text != NULL) {
        fm_text_puts(out, ",\"text\":");
        fm_text_json_string(out, note->text, strlen(note->text));
    }
    fm_text_putc(out, '}');
}

void fm_report_native_json(const struct fm_report *report, struct fm_text *out)
{
    const struct fm_native_report *native = report->native;
    const char *state = report->native_off == NULL ? "--no-native was given" : report->native_off;
    state = native == NULL ? state : native->state;
    fm_text_printf(
        out, "{\"active\":%s,\"state\":", native != NULL && native->active ? "true" : "false");
    fm_text_json_string(out, state, strlen(state));
    if (native != NULL) {
        fm_text_printf(out,
                       ",\"recalled\":%s,\"compile_seconds\":%.3f,\"native_successors\":%" PRIu64
                       ",\"interpreted_successors\":%" PRIu64 ",\"redone_states\":%" PRIu64
                       ",\"state_bytes\":%" PRIu32 ",\"parts\":[",
                       native->recalled ? "true" : "false", native->compile_seconds,
                       native->native_successors, native->interpreted_successors,
                       native->redone_states, native->state_bytes);
        for (uint32_t i = 0; i < native->note_count; i++) {
            fm_text_puts(out, i == 0 ? "" : ",");
            add_note_json(&native->notes[i], out);
        }
        fm_text_putc(out, ']');
    }
    fm_text_putc(out, '}');
}
