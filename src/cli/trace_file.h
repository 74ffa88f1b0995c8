/* A counterexample as a file: -dumpTrace FORMAT FILE. Each form has its function, which appends;
 * trace_file.c has the table of them and what they share. */
#ifndef FM_CLI_TRACE_FILE_H
#define FM_CLI_TRACE_FILE_H

#include "cli/report.h"

struct fm_trace_writer {
    const struct fm_report *report;
    const struct fm_trace *trace;
    const char *path;      /* of the file */
    const uint32_t *order; /* places of the variables as TLC's records show them, or NULL */
    struct fm_value_context *values;
    struct fm_text *out;
};

/* A step of the behaviour: states by their places. `by` NULL: it changes nothing and has no action.
 */
struct fm_trace_edge {
    uint32_t from, to;
    const struct fm_trace_state *by;
};

/* The format of that name, in any case; false when there is none. */
bool fm_trace_format_find(const char *name, enum fm_trace_format *format);
/* "json, tla, ..." */
const char *fm_trace_format_names(void);

/* Whether there is anything to write: actions need a step. */
bool fm_trace_format_fits(enum fm_trace_format format, const struct fm_trace *trace);
/* Writes the file. NULL when all went well; else why not, in a text that lives until the next call.
 */
const char *fm_trace_file_write(const struct fm_report *report, const struct fm_trace *trace,
                                enum fm_trace_format format, const char *path);
/* As fm_trace_file_write, but into the text. */
const char *fm_trace_add(const struct fm_report *report, const struct fm_trace *trace,
                         enum fm_trace_format format, const char *path, struct fm_text *out);

/* A context for printing values of traces, in the arena. */
struct fm_value_context fm_trace_values(const struct fm_report *report, struct fm_arena *arena);

/* --- for the forms --- */

/* Steps, that which closes a lasso included. */
uint32_t fm_trace_edge_count(const struct fm_trace_writer *writer);
struct fm_trace_edge fm_trace_edge(const struct fm_trace_writer *writer, uint32_t number);
/* The variable shown at the place `i` of the state. */
uint32_t fm_trace_variable(const struct fm_trace_writer *writer, const struct fm_trace_state *state,
                           uint32_t i);
/* The value on one line. */
void fm_trace_add_value(const struct fm_trace_writer *writer, const struct fm_trace_state *state,
                        uint32_t variable);
/* Places in the first state of the variables, in the order of strings; fm_memory_free. */
uint32_t *fm_trace_sorted_variables(const struct fm_trace_writer *writer);
/* Of the step's action; TLC's names for one without action. */
const char *fm_trace_action_name(const struct fm_trace_edge *edge);
const char *fm_trace_action_module(const struct fm_trace_edge *edge);
/* "Name" of "folder/Name.tla". */
void fm_trace_add_module_name(const struct fm_trace_writer *writer);

/* trace_json.c: TLC's JSON. */
void fm_trace_json(struct fm_trace_writer *writer);
/* trace_itf.c: Apalache's. */
void fm_trace_itf(struct fm_trace_writer *writer);
/* trace_tla.c: modules. */
void fm_trace_tla(struct fm_trace_writer *writer);
void fm_trace_plain(struct fm_trace_writer *writer);
void fm_trace_spec(struct fm_trace_writer *writer);
void fm_trace_actions(struct fm_trace_writer *writer);
/* trace_binary.c: TLC's value stream, compressed. NULL, or why it cannot be. */
const char *fm_trace_binary(struct fm_trace_writer *writer);

#endif
