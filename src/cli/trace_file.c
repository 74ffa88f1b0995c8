/* A counterexample as a file.
 *
 * The formats are those of TLC's -dumpTrace, which are modules of TLA+ that it runs as
 * postconditions upon the record CounterExample:
 *
 *     [state  |-> {<<1, s1>>, <<2, s2>>, ...},
 *      action |-> {<<<<1, s1>>, [name |-> ..., location |-> ...], <<2, s2>>>>, ...}]
 *
 * and Apalache's ITF. Here they are written from the trace. As in TLC the fields of a state come in
 * the order in which TLC prints variables, sets in the order of values, values on one line. The
 * step that closes a lasso is one more action, whose target is not behind its source; where the
 * behaviour stutters it is the last action again, or, when there was none, an action without a
 * name: TLC calls it UnnamedAction and gives it a module that cannot be extended, so the forms that
 * are specifications leave it out.
 *
 * Values are printed with a context of this file, whose door for errors is never taken: what could
 * not be printed was not kept (explore/trace.c). */
#include "cli/trace_file.h"
#include "cli/tlc_report.h"

#include "base/assert.h"
#include "base/file.h"
#include "modules/native.h"
#include "value/digest.h"
#include "value/order.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Elements of a set that is printed: it was printed before. */
#define SET_SIZE_MAX UINT32_MAX

/* ORDER(trace format) */
static const char *const names[] = {
    "json", "tla", "tlc", "tlcplain", "tlcTESpec", "tlcaction", "dot", "itf",
};

bool fm_trace_format_find(const char *name, enum fm_trace_format *format)
{
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcasecmp(name, names[i]) == 0) {
            *format = (enum fm_trace_format)i;
            return true;
        }
    }
    return false;
}

const char *fm_trace_format_names(void)
{
    return "json, tla, tlc, tlcplain, tlcTESpec, tlcaction, dot, itf";
}

/* --- what forms share --- */

uint32_t fm_trace_edge_count(const struct fm_trace_writer *writer)
{
    return writer->trace->count - (writer->trace->is_lasso ? 0 : 1);
}

struct fm_trace_edge fm_trace_edge(const struct fm_trace_writer *writer, uint32_t number)
{
    const struct fm_trace *trace = writer->trace;
    if (number + 1 < trace->count) {
        return (struct fm_trace_edge){number, number + 1, &trace->states[number + 1]};
    }
    uint32_t target = trace->closing == NULL ? trace->count - 1 : trace->cycle;
    return (struct fm_trace_edge){number, target, fm_report_closing(trace)};
}

uint32_t fm_trace_variable(const struct fm_trace_writer *writer, const struct fm_trace_state *state,
                           uint32_t i)
{
    bool is_alias = writer->report->program->alias.node != NULL ||
                    state->variable_count != writer->report->program->variable_count;
    return writer->order == NULL || is_alias ? i : writer->order[i];
}

void fm_trace_add_value(const struct fm_trace_writer *writer, const struct fm_trace_state *state,
                        uint32_t variable)
{
    if (!fm_is_none(state->exact[variable])) {
        fm_value_print(writer->values, state->exact[variable], writer->out);
        return;
    }
    for (const char *at = state->values[variable]; *at != '\0'; at++) {
        fm_text_putc(writer->out, *at == '\n' ? ' ' : *at);
    }
}

struct name_rank {
    uint32_t rank, place;
};

static int compare_ranks(const void *a, const void *b)
{
    uint32_t first = ((const struct name_rank *)a)->rank;
    uint32_t second = ((const struct name_rank *)b)->rank;
    return first < second ? -1 : first > second;
}

uint32_t *fm_trace_sorted_variables(const struct fm_trace_writer *writer)
{
    struct fm_symbols *symbols = writer->report->program->symbols;
    const struct fm_trace_state *state = &writer->trace->states[0];
    uint32_t count = state->variable_count;
    struct name_rank *ranks = fm_memory_alloc((count + 1) * sizeof *ranks);
    uint32_t *places = fm_memory_alloc((count + 1) * sizeof *places);
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_symbol *symbol = fm_symbol_of(symbols, state->names[i]);
        ranks[i] = (struct name_rank){fm_symbol_rank(symbols, symbol), i};
    }
    qsort(ranks, count, sizeof *ranks, compare_ranks);
    for (uint32_t i = 0; i < count; i++) {
        places[i] = ranks[i].place;
    }
    fm_memory_free(ranks);
    return places;
}

const char *fm_trace_action_name(const struct fm_trace_edge *edge)
{
    const struct fm_action *action = edge->by == NULL ? NULL : edge->by->action;
    return action == NULL ? FM_REPORT_UNNAMED : fm_report_action_name(action);
}

const char *fm_trace_action_module(const struct fm_trace_edge *edge)
{
    const struct fm_action *action = edge->by == NULL ? NULL : edge->by->action;
    if (action == NULL) {
        return "--TLA+ BUILTINS--";
    }
    return action->module == NULL ? "" : action->module->text;
}

void fm_trace_add_module_name(const struct fm_trace_writer *writer)
{
    const char *slash = strrchr(writer->path, '/');
    const char *file = slash == NULL ? writer->path : slash + 1;
    const char *ending = strstr(file, ".tla");
    fm_text_add(writer->out, file, ending == NULL ? strlen(file) : (size_t)(ending - file));
}

/* --- dot --- */

/* Nodes of one state with different numbers are different nodes. */
static int64_t node_name(const struct fm_trace_writer *writer, uint32_t number)
{
    const struct fm_trace_state *state = &writer->trace->states[number];
    struct fm_text text = {NULL, 0, 0};
    fm_text_printf(&text, "%u", number);
    for (uint32_t i = 0; i < state->variable_count; i++) {
        fm_text_printf(&text, "\n%s", state->values[i]);
    }
    const struct fm_symbol *symbol = fm_symbol_of(writer->report->program->symbols,
                                                  fm_text_string(&text));
    struct fm_digest digest = fm_digest_of_symbol(symbol, 0);
    fm_text_deinit(&text);
    return (int64_t)digest.low;
}

static void add_quoted(const char *text, struct fm_text *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            fm_text_puts(out, "\\n");
            continue;
        }
        if (*text == '"' || *text == '\\') {
            fm_text_putc(out, '\\');
        }
        fm_text_putc(out, *text);
    }
}

/* The last variable comes first, as TLC folds them. */
static void add_node(struct fm_trace_writer *writer, const uint32_t *sorted, uint32_t number)
{
    const struct fm_trace_state *state = &writer->trace->states[number];
    struct fm_text label = {NULL, 0, 0};
    struct fm_text *out = writer->out;
    writer->out = &label;
    for (uint32_t i = state->variable_count; i-- > 0;) {
        bool same = state->variable_count == writer->trace->states[0].variable_count;
        fm_trace_add_value(writer, state, same ? sorted[i] : i);
        fm_text_putc(&label, '\n');
    }
    writer->out = out;
    fm_text_printf(out, "%" PRId64 "[label=\"", node_name(writer, number));
    add_quoted(fm_text_string(&label), out);
    fm_text_puts(out, "\"];");
    fm_text_deinit(&label);
}

static void write_dot(struct fm_trace_writer *writer)
{
    uint32_t *sorted = fm_trace_sorted_variables(writer);
    fm_text_puts(writer->out, "digraph MyGraph {");
    for (uint32_t i = 0; i < writer->trace->count; i++) {
        add_node(writer, sorted, i);
    }
    for (uint32_t i = 0; i < fm_trace_edge_count(writer); i++) {
        struct fm_trace_edge edge = fm_trace_edge(writer, i);
        fm_text_printf(writer->out, "%" PRId64 "->%" PRId64 "[label=\"%s\"];",
                       node_name(writer, edge.from), node_name(writer, edge.to),
                       fm_trace_action_name(&edge));
    }
    fm_text_putc(writer->out, '}');
    fm_memory_free(sorted);
}

/* --- all --- */

_Noreturn static void raise_error(struct fm_value_context *context, struct fm_value_error error)
{
    (void)context;
    (void)error;
    bool was_printed_before = false;
    fm_assert(was_printed_before);
    abort();
}

static const char *write_form(struct fm_trace_writer *writer, enum fm_trace_format format)
{
    switch (format) {
    case FM_TRACE_JSON:
        fm_trace_json(writer);
        break;
    case FM_TRACE_TLA:
        fm_trace_tla(writer);
        break;
    case FM_TRACE_TLC:
        return fm_trace_binary(writer);
    case FM_TRACE_TLC_PLAIN:
        fm_trace_plain(writer);
        break;
    case FM_TRACE_TLC_SPEC:
        fm_trace_spec(writer);
        break;
    case FM_TRACE_TLC_ACTION:
        fm_trace_actions(writer);
        break;
    case FM_TRACE_DOT:
        write_dot(writer);
        break;
    case FM_TRACE_ITF:
        fm_trace_itf(writer);
        break;
    }
    return NULL;
}

struct fm_value_context fm_trace_values(const struct fm_report *report, struct fm_arena *arena)
{
    return (struct fm_value_context){
        .arena = arena,
        .symbols = report->program->symbols,
        .raise = raise_error,
        .set_size_max = SET_SIZE_MAX,
    };
}

const char *fm_trace_add(const struct fm_report *report, const struct fm_trace *trace,
                         enum fm_trace_format format, const char *path, struct fm_text *out)
{
    struct fm_arena arena;
    fm_arena_init(&arena, "trace file");
    struct fm_value_context values = fm_trace_values(report, &arena);
    uint32_t *order = fm_tlc_variable_order(report);
    struct fm_trace_writer writer = {report, trace, path, order, &values, out};
    const char *wrong = write_form(&writer, format);
    fm_memory_free(order);
    fm_arena_deinit(&arena);
    return wrong;
}

bool fm_trace_format_fits(enum fm_trace_format format, const struct fm_trace *trace)
{
    return format != FM_TRACE_TLC_ACTION || trace->count > 1 || trace->is_lasso;
}

const char *fm_trace_file_write(const struct fm_report *report, const struct fm_trace *trace,
                                enum fm_trace_format format, const char *path)
{
    struct fm_text text = {NULL, 0, 0};
    const char *wrong = fm_trace_add(report, trace, format, path, &text);
    if (wrong == NULL && fm_file_write(path, fm_text_string(&text), text.length) != 0) {
        wrong = strerror(errno);
    }
    fm_text_deinit(&text);
    return wrong;
}
