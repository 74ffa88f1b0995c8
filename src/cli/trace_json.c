/* A counterexample as TLC's JSON: the record CounterExample, and the names of the variables.
 *
 * Sets are arrays in the order of values; a state is an object whose members come in the order in
 * which TLC prints variables, the names of all in that of strings. Reading it back loses what JSON
 * has no form for: sets and sequences look alike, as do strings and model values. docs/formats.md
 * draws the whole. */
#include "cli/trace_file.h"

#include <string.h>

static void add_string(struct fm_text *out, const char *text)
{
    fm_text_json_string(out, text, strlen(text));
}

static void add_numbered(const struct fm_trace_writer *writer, uint32_t number)
{
    const struct fm_trace_state *state = &writer->trace->states[number];
    struct fm_text *out = writer->out;
    fm_text_printf(out, "[%u,{", number + 1);
    for (uint32_t i = 0; i < state->variable_count; i++) {
        uint32_t at = fm_trace_variable(writer, state, i);
        fm_text_puts(out, i == 0 ? "" : ",");
        add_string(out, state->names[at]);
        fm_text_printf(out, ":%s", state->json[at]);
    }
    fm_text_puts(out, "}]");
}

static void add_edge(const struct fm_trace_writer *writer, const struct fm_trace_edge *edge)
{
    fm_text_putc(writer->out, '[');
    add_numbered(writer, edge->from);
    fm_text_putc(writer->out, ',');
    if (edge->by != NULL) {
        fm_report_json_action(writer->report, edge->by, writer->out);
    } else {
        fm_text_printf(writer->out,
                       "{\"name\":\"%s\",\"location\":{\"beginLine\":0,\"beginColumn\":0,"
                       "\"endLine\":0,\"endColumn\":0,\"module\":\"%s\"}}",
                       fm_trace_action_name(edge), fm_trace_action_module(edge));
    }
    fm_text_putc(writer->out, ',');
    add_numbered(writer, edge->to);
    fm_text_putc(writer->out, ']');
}

void fm_trace_json(struct fm_trace_writer *writer)
{
    struct fm_text *out = writer->out;
    fm_text_puts(out, "{\"counterexample\":{\"action\":[");
    for (uint32_t i = 0; i < fm_trace_edge_count(writer); i++) {
        struct fm_trace_edge edge = fm_trace_edge(writer, i);
        fm_text_puts(out, i == 0 ? "" : ",");
        add_edge(writer, &edge);
    }
    fm_text_puts(out, "],\"state\":[");
    for (uint32_t i = 0; i < writer->trace->count; i++) {
        fm_text_puts(out, i == 0 ? "" : ",");
        add_numbered(writer, i);
    }
    fm_text_puts(out, "]},\"vars\":[");
    uint32_t *sorted = fm_trace_sorted_variables(writer);
    for (uint32_t i = 0; i < writer->trace->states[0].variable_count; i++) {
        fm_text_puts(out, i == 0 ? "" : ",");
        add_string(out, writer->trace->states[0].names[sorted[i]]);
    }
    fm_memory_free(sorted);
    fm_text_puts(out, "]}");
}
