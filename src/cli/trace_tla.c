/* A counterexample as a module of TLA+, in the four forms of TLC's -dumpTrace:
 *
 *     tla        CounterExample == [action |-> {...}, state |-> {...}]
 *     tlcplain   Trace == <<s1, s2, ...>>
 *     tlcTESpec  the same, and a specification whose behaviour it is
 *     tlcaction  _next(i), the action of the i-th step, to be used as an action constraint
 *
 * The module is named after its file, as every reader of modules demands. Model values appear as
 * the names they have: whoever reads the module declares them as constants. The forms that are
 * specifications extend the modules of the actions. */
#include "cli/trace_file.h"

#include "value/order.h"

#include <stdlib.h>
#include <string.h>

static void add_record(const struct fm_trace_writer *writer, uint32_t number)
{
    const struct fm_trace_state *state = &writer->trace->states[number];
    fm_text_putc(writer->out, '[');
    for (uint32_t i = 0; i < state->variable_count; i++) {
        uint32_t at = fm_trace_variable(writer, state, i);
        fm_text_printf(writer->out, "%s%s |-> ", i == 0 ? "" : ", ", state->names[at]);
        fm_trace_add_value(writer, state, at);
    }
    fm_text_putc(writer->out, ']');
}

static void add_numbered(const struct fm_trace_writer *writer, uint32_t number)
{
    fm_text_printf(writer->out, "<<%u, ", number + 1);
    add_record(writer, number);
    fm_text_puts(writer->out, ">>");
}

static void add_begin(const struct fm_trace_writer *writer)
{
    fm_text_puts(writer->out, "---- MODULE ");
    fm_trace_add_module_name(writer);
    fm_text_puts(writer->out, " ----\n");
}

/* --- tla --- */

static void add_arguments(const struct fm_trace_writer *writer, const struct fm_action *action)
{
    struct fm_text *out = writer->out;
    fm_text_puts(out, ", context |-> [");
    for (uint32_t i = 0; i < action->argument_count; i++) {
        fm_text_printf(out, "%s%s |-> ", i == 0 ? "" : ", ", action->argument_names[i]->text);
        fm_value_print(writer->values, action->arguments[i], out);
    }
    fm_text_puts(out, "], parameters |-> <<");
    for (uint32_t i = 0; i < action->argument_count; i++) {
        fm_text_printf(out, "%s\"%s\"", i == 0 ? "" : ", ", action->argument_names[i]->text);
    }
    fm_text_puts(out, ">>");
}

static void add_action(const struct fm_trace_writer *writer, const struct fm_trace_edge *edge)
{
    struct fm_text *out = writer->out;
    struct fm_place place = {.line = 0};
    if (edge->by != NULL) {
        place = fm_source_place(fm_diags_sources(writer->report->diags), edge->by->action->span);
    }
    fm_text_printf(out, "[name |-> \"%s\", ", fm_trace_action_name(edge));
    fm_text_printf(out, "location |-> [beginLine |-> %u, beginColumn |-> %u, ", place.line,
                   place.column);
    fm_text_printf(out, "endLine |-> %u, endColumn |-> %u, module |-> \"%s\"]", place.end_line,
                   place.end_column, fm_trace_action_module(edge));
    if (edge->by != NULL && edge->by->action->argument_count > 0) {
        add_arguments(writer, edge->by->action);
    }
    fm_text_putc(out, ']');
}

void fm_trace_tla(struct fm_trace_writer *writer)
{
    struct fm_text *out = writer->out;
    add_begin(writer);
    fm_text_puts(out, "LOCAL INSTANCE TLC\n\nCounterExample == \n\t[action |-> {");
    for (uint32_t i = 0; i < fm_trace_edge_count(writer); i++) {
        struct fm_trace_edge edge = fm_trace_edge(writer, i);
        fm_text_puts(out, i == 0 ? "<<" : ", <<");
        add_numbered(writer, edge.from);
        fm_text_puts(out, ", ");
        add_action(writer, &edge);
        fm_text_puts(out, ", ");
        add_numbered(writer, edge.to);
        fm_text_puts(out, ">>");
    }
    fm_text_puts(out, "}, state |-> {");
    for (uint32_t i = 0; i < writer->trace->count; i++) {
        fm_text_puts(out, i == 0 ? "" : ", ");
        add_numbered(writer, i);
    }
    fm_text_puts(out, "}]\n\n====");
}

/* --- tlcplain --- */

static void add_trace(const struct fm_trace_writer *writer)
{
    fm_text_puts(writer->out, "LOCAL INSTANCE TLC\n\nTrace == \n\t<<");
    for (uint32_t i = 0; i < writer->trace->count; i++) {
        fm_text_puts(writer->out, i == 0 ? "" : ", ");
        add_record(writer, i);
    }
    fm_text_puts(writer->out, ">>\n\n");
}

void fm_trace_plain(struct fm_trace_writer *writer)
{
    add_begin(writer);
    add_trace(writer);
    fm_text_puts(writer->out, "====");
}

/* --- what extends the specification --- */

struct module {
    uint32_t rank;
    const char *name;
};

static int compare_modules(const void *a, const void *b)
{
    uint32_t first = ((const struct module *)a)->rank;
    uint32_t second = ((const struct module *)b)->rank;
    return first < second ? -1 : first > second;
}

/* EXTENDS with the modules of the actions, each once, in the order of strings. */
static void add_extends(const struct fm_trace_writer *writer)
{
    struct fm_symbols *symbols = writer->report->program->symbols;
    FM_VEC(struct module) modules = {0};
    for (uint32_t i = 0; i < fm_trace_edge_count(writer); i++) {
        struct fm_trace_edge edge = fm_trace_edge(writer, i);
        if (edge.by == NULL) {
            continue;
        }
        const struct fm_symbol *symbol = fm_symbol_of(symbols, fm_trace_action_module(&edge));
        struct module module = {fm_symbol_rank(symbols, symbol), symbol->text};
        uint32_t k = 0;
        while (k < modules.count && modules.at[k].name != module.name) {
            k++;
        }
        if (k == modules.count) {
            fm_vec_push(&modules, module);
        }
    }
    if (modules.count > 0) {
        qsort(modules.at, modules.count, sizeof *modules.at, compare_modules);
    }
    for (uint32_t i = 0; i < modules.count; i++) {
        fm_text_printf(writer->out, "%s%s", i == 0 ? "EXTENDS " : ", ", modules.at[i].name);
    }
    fm_text_puts(writer->out, "\n\n");
    fm_vec_deinit(&modules);
}

/* --- tlcTESpec --- */

static void add_conjuncts(const struct fm_trace_writer *writer, const uint32_t *sorted,
                          const char *prime, const char *index)
{
    const struct fm_trace_state *state = &writer->trace->states[0];
    for (uint32_t i = 0; i < state->variable_count; i++) {
        const char *name = state->names[sorted[i]];
        fm_text_printf(writer->out, "/\\ %s%s = Trace[%s].%s\n", name, prime, index, name);
    }
}

static void add_tuple(const struct fm_trace_writer *writer, const uint32_t *sorted)
{
    const struct fm_trace_state *state = &writer->trace->states[0];
    fm_text_puts(writer->out, "<<");
    for (uint32_t i = 0; i < state->variable_count; i++) {
        fm_text_printf(writer->out, "%s%s", i == 0 ? "" : ", ", state->names[sorted[i]]);
    }
    fm_text_puts(writer->out, ">>");
}

void fm_trace_spec(struct fm_trace_writer *writer)
{
    struct fm_text *out = writer->out;
    uint32_t *sorted = fm_trace_sorted_variables(writer);
    add_begin(writer);
    add_extends(writer);
    add_trace(writer);
    fm_text_puts(out, "_init ==\n");
    add_conjuncts(writer, sorted, "", "1");
    fm_text_puts(out, "\n_next ==\n\\E i,j \\in DOMAIN Trace:\n/\\ i = TLCGet(\"level\")\n"
                      "/\\ j = i + 1\n");
    add_conjuncts(writer, sorted, "", "i");
    add_conjuncts(writer, sorted, "'", "j");
    fm_text_puts(out, "\n(* Steps that change nothing: the end of the trace is no deadlock. *)\n"
                      "_terminating ==\n\tUNCHANGED ");
    add_tuple(writer, sorted);
    fm_text_puts(out, "\n\n_spec == \n\t_init /\\ [][_next \\/ _terminating]_");
    add_tuple(writer, sorted);
    fm_text_puts(out, "\n\n====");
    fm_memory_free(sorted);
}

/* --- tlcaction --- */

static void add_call(const struct fm_trace_writer *writer, const struct fm_trace_edge *edge)
{
    const struct fm_action *action = edge->by->action;
    fm_text_puts(writer->out, fm_trace_action_name(edge));
    for (uint32_t i = 0; i < action->argument_count; i++) {
        fm_text_puts(writer->out, i == 0 ? "(" : ", ");
        fm_value_print(writer->values, action->arguments[i], writer->out);
    }
    fm_text_puts(writer->out, action->argument_count > 0 ? ")" : "");
}

void fm_trace_actions(struct fm_trace_writer *writer)
{
    struct fm_text *out = writer->out;
    uint32_t count = fm_trace_edge_count(writer);
    add_begin(writer);
    add_extends(writer);
    fm_text_printf(out, "_length == %u\n\n_next(_idx) ==\n", count);
    uint32_t called = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct fm_trace_edge edge = fm_trace_edge(writer, i);
        if (edge.by != NULL) {
            fm_text_printf(out, "\\/ %u = _idx /\\ ", edge.from + 1);
            add_call(writer, &edge);
            fm_text_putc(out, '\n');
            called++;
        }
    }
    fm_text_puts(out, called == 0 ? "FALSE\n" : "");
    fm_text_puts(out, "\n_actionConstraint ==\n"
                      "_next(LET T == INSTANCE TLC IN T!TLCGet(\"level\"))\n\n====");
}
