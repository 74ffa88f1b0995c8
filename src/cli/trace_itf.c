/* A counterexample in the Informal Trace Format of Apalache (its ADR 015), which other tools read:
 *
 *     {"#meta":{...},"vars":["x"],"states":[{"#meta":{"index":0},"x":VALUE},...],"loop":1}
 *
 *     VALUE   true, "text", {"#bigint":"3"}, [VALUE,...] (a sequence), {"#set":[VALUE,...]},
 *             {"field":VALUE,...} (a record), {"#map":[[VALUE,VALUE],...]} (any other function),
 *             {"#unserializable":"text"}
 *
 * Integers are always #bigint, as Apalache writes them. TLA+ without types does not tell a tuple
 * from a sequence: both are arrays; a model value is the string of its name. The empty function is
 * the empty sequence. `loop` is the place of the state that follows the last one, from 0; a
 * behaviour that stutters goes back to its last state. The action of a step stands in the #meta of
 * the state that it leads to, under "action" and, of the step that closes a lasso, in the #meta of
 * the file under "loop-action". */
#include "cli/trace_file.h"

#include "value/object.h"
#include "value/set.h"

#include <string.h>

static void add_string(struct fm_text *out, const char *text)
{
    fm_text_json_string(out, text, strlen(text));
}

static void add_value(struct fm_trace_writer *writer, fm_value v);

static void add_values(struct fm_trace_writer *writer, const fm_value *values, uint32_t count)
{
    fm_text_putc(writer->out, '[');
    for (uint32_t i = 0; i < count; i++) {
        fm_text_puts(writer->out, i == 0 ? "" : ",");
        add_value(writer, values[i]);
    }
    fm_text_putc(writer->out, ']');
}

static void add_function(struct fm_trace_writer *writer, fm_value v)
{
    struct fm_text *out = writer->out;
    bool is_record = fm_value_kind(v) == FM_KIND_RECORD;
    uint32_t count = 0;
    fm_value domain = fm_fcn_domain(writer->values, v);
    const fm_value *keys = fm_set_elements(writer->values, domain, &count);
    fm_text_puts(out, is_record ? "{" : "{\"#map\":[");
    for (uint32_t i = 0; i < count; i++) {
        fm_text_puts(out, i == 0 ? "" : ",");
        if (is_record) {
            add_string(out, fm_value_symbol(keys[i])->text);
            fm_text_putc(out, ':');
            add_value(writer, fm_as_fcn(v)->values[i]);
        } else {
            fm_text_putc(out, '[');
            add_value(writer, keys[i]);
            fm_text_putc(out, ',');
            add_value(writer, fm_as_fcn(v)->values[i]);
            fm_text_putc(out, ']');
        }
    }
    fm_text_puts(out, is_record ? "}" : "]}");
}

static void add_set(struct fm_trace_writer *writer, fm_value v)
{
    uint32_t count = 0;
    const fm_value *elements = fm_set_elements(writer->values, v, &count);
    fm_text_puts(writer->out, "{\"#set\":");
    add_values(writer, elements, count);
    fm_text_putc(writer->out, '}');
}

/* What was kept is explicit: lazy sets and functions were spelled out when it was encoded. */
static void add_value(struct fm_trace_writer *writer, fm_value v)
{
    struct fm_text *out = writer->out;
    enum fm_kind kind = fm_value_kind(v);
    if (kind == FM_KIND_BOOL) {
        fm_text_puts(out, fm_is_true(v) ? "true" : "false");
    } else if (kind == FM_KIND_INT) {
        fm_text_puts(out, "{\"#bigint\":\"");
        fm_value_print(writer->values, v, out);
        fm_text_puts(out, "\"}");
    } else if (kind == FM_KIND_STRING || kind == FM_KIND_MODEL) {
        add_string(out, fm_value_symbol(v)->text);
    } else if (kind == FM_KIND_TUPLE) {
        add_values(writer, fm_as_array(v)->elements, fm_value_object(v)->count);
    } else if (kind == FM_KIND_RECORD || kind == FM_KIND_FCN) {
        add_function(writer, v);
    } else {
        add_set(writer, v);
    }
}

static void add_state(struct fm_trace_writer *writer, uint32_t number)
{
    const struct fm_trace_state *state = &writer->trace->states[number];
    struct fm_text *out = writer->out;
    fm_text_printf(out, "{\"#meta\":{\"index\":%u", number);
    if (state->action != NULL) {
        fm_text_puts(out, ",\"action\":");
        fm_report_json_action(writer->report, state, out);
    }
    fm_text_putc(out, '}');
    for (uint32_t i = 0; i < state->variable_count; i++) {
        fm_text_putc(out, ',');
        add_string(out, state->names[i]);
        fm_text_putc(out, ':');
        if (fm_is_none(state->exact[i])) {
            fm_text_puts(out, "{\"#unserializable\":");
            add_string(out, state->values[i]);
            fm_text_putc(out, '}');
        } else {
            add_value(writer, state->exact[i]);
        }
    }
    fm_text_putc(out, '}');
}

static void add_meta(struct fm_trace_writer *writer)
{
    struct fm_text *out = writer->out;
    const struct fm_trace_state *closing = fm_report_closing(writer->trace);
    fm_text_puts(out, "{\"#meta\":{\"format\":\"ITF\",\"format-description\":"
                      "\"https://apalache-mc.org/docs/adr/015adr-trace.html\","
                      "\"description\":\"Created by Fathom " FM_VERSION "\",\"source\":");
    add_string(out, writer->report->options->path);
    if (writer->trace->is_lasso && closing != NULL) {
        fm_text_puts(out, ",\"loop-action\":");
        fm_report_json_action(writer->report, closing, out);
    }
    fm_text_puts(out, "},");
}

void fm_trace_itf(struct fm_trace_writer *writer)
{
    struct fm_text *out = writer->out;
    const struct fm_trace *trace = writer->trace;
    add_meta(writer);
    fm_text_puts(out, "\"vars\":[");
    for (uint32_t i = 0; i < trace->states[0].variable_count; i++) {
        fm_text_puts(out, i == 0 ? "" : ",");
        add_string(out, trace->states[0].names[i]);
    }
    fm_text_puts(out, "],\"states\":[");
    for (uint32_t i = 0; i < trace->count; i++) {
        fm_text_puts(out, i == 0 ? "\n" : ",\n");
        add_state(writer, i);
    }
    fm_text_puts(out, "\n]");
    if (trace->is_lasso) {
        fm_text_printf(out, ",\"loop\":%u",
                       trace->closing == NULL ? trace->count - 1 : trace->cycle);
    }
    fm_text_puts(out, "}\n");
}
