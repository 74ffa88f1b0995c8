/* A counterexample as TLC's value stream (modules/serialize.c), compressed: -dumpTrace tlc, and the
 * file beside a trace specification. The value is
 *
 *     [vars |-> {"x", ...}, counterexample |-> [state |-> {...}, action |-> {...}]]
 *
 * Readers are -loadTrace tlc of either program, and IODeserialize. */
#include "cli/trace_file.h"

#include "modules/gzip.h"
#include "modules/serialize.h"
#include "semantics/config.h"
#include "value/set.h"

#include <string.h>

static fm_value string_of(const struct fm_trace_writer *writer, const char *text)
{
    return fm_string_of(writer->values, text, strlen(text));
}

static fm_value record_of(const struct fm_trace_writer *writer, const char *const *names,
                          const fm_value *values, uint32_t count)
{
    const struct fm_symbol **symbols = fm_arena_calloc(writer->values->arena, count + 1,
                                                       sizeof *symbols);
    for (uint32_t i = 0; i < count; i++) {
        symbols[i] = fm_symbol_of(writer->values->symbols, names[i]);
    }
    return fm_record(writer->values, symbols, values, count);
}

static fm_value number_state(const struct fm_trace_writer *writer, uint32_t number)
{
    const struct fm_trace_state *state = &writer->trace->states[number];
    fm_value pair[] = {
        fm_small((int64_t)number + 1),
        record_of(writer, state->names, state->exact, state->variable_count),
    };
    return fm_tuple(writer->values, pair, 2);
}

static fm_value location_of(const struct fm_trace_writer *writer, const struct fm_trace_edge *edge)
{
    static const char *const names[] = {"beginLine", "beginColumn", "endLine", "endColumn",
                                        "module"};
    struct fm_place place = {.line = 0};
    if (edge->by != NULL) {
        place = fm_source_place(fm_diags_sources(writer->report->diags), edge->by->action->span);
    }
    fm_value values[] = {fm_small(place.line), fm_small(place.column), fm_small(place.end_line),
                         fm_small(place.end_column),
                         string_of(writer, fm_trace_action_module(edge))};
    return record_of(writer, names, values, 5);
}

static fm_value action_of(const struct fm_trace_writer *writer, const struct fm_trace_edge *edge)
{
    static const char *const names[] = {"name", "location", "context", "parameters"};
    const struct fm_action *action = edge->by == NULL ? NULL : edge->by->action;
    uint32_t count = action == NULL ? 0 : action->argument_count;
    fm_value values[4] = {string_of(writer, fm_trace_action_name(edge)), location_of(writer, edge)};
    if (count == 0) {
        return record_of(writer, names, values, 2);
    }
    const char **arguments = fm_arena_calloc(writer->values->arena, count, sizeof *arguments);
    fm_value *parameters = fm_arena_calloc(writer->values->arena, count, sizeof *parameters);
    for (uint32_t i = 0; i < count; i++) {
        arguments[i] = action->argument_names[i]->text;
        parameters[i] = string_of(writer, arguments[i]);
    }
    values[2] = record_of(writer, arguments, action->arguments, count);
    values[3] = fm_tuple(writer->values, parameters, count);
    return record_of(writer, names, values, 4);
}

static fm_value counterexample(const struct fm_trace_writer *writer)
{
    static const char *const names[] = {"state", "action"};
    struct fm_arena *arena = writer->values->arena;
    uint32_t count = writer->trace->count, edges = fm_trace_edge_count(writer);
    fm_value *states = fm_arena_calloc(arena, count, sizeof *states);
    fm_value *actions = fm_arena_calloc(arena, edges + 1, sizeof *actions);
    for (uint32_t i = 0; i < count; i++) {
        states[i] = number_state(writer, i);
    }
    for (uint32_t i = 0; i < edges; i++) {
        struct fm_trace_edge edge = fm_trace_edge(writer, i);
        fm_value triple[] = {states[edge.from], action_of(writer, &edge), states[edge.to]};
        actions[i] = fm_tuple(writer->values, triple, 3);
    }
    fm_value values[] = {fm_set(writer->values, states, count),
                         fm_set(writer->values, actions, edges)};
    return record_of(writer, names, values, 2);
}

static fm_value variables(const struct fm_trace_writer *writer)
{
    const struct fm_trace_state *state = &writer->trace->states[0];
    fm_value *names = fm_arena_calloc(writer->values->arena, state->variable_count + 1,
                                      sizeof *names);
    for (uint32_t i = 0; i < state->variable_count; i++) {
        names[i] = string_of(writer, state->names[i]);
    }
    return fm_set(writer->values, names, state->variable_count);
}

static bool is_whole(const struct fm_trace *trace)
{
    for (uint32_t i = 0; i < trace->count; i++) {
        for (uint32_t k = 0; k < trace->states[i].variable_count; k++) {
            if (fm_is_none(trace->states[i].exact[k])) {
                return false;
            }
        }
    }
    return true;
}

const char *fm_trace_binary(struct fm_trace_writer *writer)
{
    static const char *const names[] = {"vars", "counterexample"};
    const struct fm_program *program = writer->report->program;
    struct fm_native_context context = {.values = writer->values};
    const struct fm_config *config = program->config;
    struct fm_model_numbers models = {config == NULL ? NULL : config->model_values,
                                      config == NULL ? 0 : config->model_value_count};
    struct fm_text bytes = {NULL, 0, 0};
    fm_value part;
    if (!is_whole(writer->trace)) {
        return "a variable has no value that can be written";
    }
    fm_value values[] = {variables(writer), counterexample(writer)};
    bool good = fm_serialize_value(&context, &models, record_of(writer, names, values, 2), &bytes,
                                   &part);
    if (good) {
        fm_gzip_store(bytes.at, bytes.length, writer->out);
    }
    fm_text_deinit(&bytes);
    return good ? NULL
                : "it has an integer beyond 32 bits or a model value that the configuration does "
                  "not spell, which this format cannot hold";
}
