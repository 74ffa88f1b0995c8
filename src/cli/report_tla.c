/* A counterexample as a TLA+ module, as TLC's -dumpTrace tla writes it:
 *
 *     ---- MODULE Name ----
 *     LOCAL INSTANCE TLC
 *
 *     CounterExample ==
 *         [action |-> {<<<<1, [x |-> 0]>>, [name |-> "Add", ...], <<2, [x |-> 1]>>>>},
 *          state |-> {<<1, [x |-> 0]>>, <<2, [x |-> 1]>>}]
 *     ====
 *
 * The same value as in the JSON form, so that a specification can work with either. The module is
 * named after its file, as every reader of modules demands. Model values appear as the names they
 * have: whoever reads the module declares them as constants. */
#include "cli/report.h"

#include <string.h>

static void add_state(struct fm_text *out, const struct fm_trace_state *state, uint32_t number)
{
    fm_text_printf(out, "<<%u, [", number);
    for (uint32_t i = 0; i < state->variable_count; i++) {
        fm_text_printf(out, "%s%s |-> %s", i == 0 ? "" : ", ", state->names[i], state->values[i]);
    }
    fm_text_puts(out, "]>>");
}

static void add_arguments(struct fm_text *out, const struct fm_trace_state *state)
{
    const struct fm_action *action = state->action;
    fm_text_puts(out, ", context |-> [");
    for (uint32_t i = 0; i < action->argument_count; i++) {
        fm_text_printf(out, "%s%s |-> %s", i == 0 ? "" : ", ", action->argument_names[i]->text,
                       state->arguments[i]);
    }
    fm_text_puts(out, "], parameters |-> <<");
    for (uint32_t i = 0; i < action->argument_count; i++) {
        fm_text_printf(out, "%s\"%s\"", i == 0 ? "" : ", ", action->argument_names[i]->text);
    }
    fm_text_puts(out, ">>");
}

static void add_action(const struct fm_report *report, struct fm_text *out,
                       const struct fm_trace_state *state)
{
    const struct fm_action *action = state->action;
    struct fm_place place = fm_source_place(fm_diags_sources(report->diags), action->span);
    fm_text_printf(out, "[name |-> \"%s\", ", action->name == NULL ? "Action" : action->name->text);
    fm_text_printf(out, "location |-> [beginLine |-> %u, beginColumn |-> %u, ", place.line,
                   place.column);
    fm_text_printf(out, "endLine |-> %u, endColumn |-> %u, module |-> \"%s\"]", place.end_line,
                   place.end_column, action->module == NULL ? "" : action->module->text);
    if (action->argument_count > 0) {
        add_arguments(out, state);
    }
    fm_text_putc(out, ']');
}

static void add_module_name(struct fm_text *out, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *file = slash == NULL ? path : slash + 1;
    fm_text_add(out, file, strcspn(file, "."));
}

static void add_edge(const struct fm_report *report, const struct fm_trace *trace, uint32_t from,
                     uint32_t to, const struct fm_trace_state *by, struct fm_text *out)
{
    fm_text_puts(out, out->at[out->length - 1] == '{' ? "<<" : ", <<");
    add_state(out, &trace->states[from], from + 1);
    fm_text_puts(out, ", ");
    add_action(report, out, by);
    fm_text_puts(out, ", ");
    add_state(out, &trace->states[to], to + 1);
    fm_text_puts(out, ">>");
}

void fm_report_tla_trace(const struct fm_report *report, const struct fm_trace *trace,
                         const char *path, struct fm_text *out)
{
    fm_text_puts(out, "---- MODULE ");
    add_module_name(out, path);
    fm_text_puts(out, " ----\nLOCAL INSTANCE TLC\n\nCounterExample ==\n    [action |-> {");
    for (uint32_t i = 1; i < trace->count; i++) {
        add_edge(report, trace, i - 1, i, &trace->states[i], out);
    }
    const struct fm_trace_state *closing = fm_report_closing(trace);
    if (closing != NULL) {
        add_edge(report, trace, trace->count - 1, trace->cycle, closing, out);
    }
    fm_text_puts(out, "},\n     state |-> {");
    for (uint32_t i = 0; i < trace->count; i++) {
        fm_text_puts(out, i == 0 ? "" : ", ");
        add_state(out, &trace->states[i], i + 1);
    }
    fm_text_puts(out, "}]\n====\n");
}
