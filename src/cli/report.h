/* Reports of a check: text in TLC's words, and JSON. Everything is appended to a text; check.c
 * prints. */
#ifndef FM_CLI_REPORT_H
#define FM_CLI_REPORT_H

#include "cli/message.h"
#include "cli/options.h"
#include "explore/check.h"
#include "liveness/liveness.h"
#include "native/native.h"

struct fm_estimates_result; /* explore/estimate.h */
struct fm_load_report;      /* semantics/load.h */

struct fm_report {
    const struct fm_options *options;
    const struct fm_program *program; /* NULL until it is there */
    const struct fm_load_report *loaded;
    struct fm_diags *diags;
    const struct fm_checker *checker;          /* NULL until it is there: for progress */
    uint32_t action_count;                     /* of the split next-state relation */
    const char *config_path;                   /* read, or NULL */
    const struct fm_check_result *result;      /* NULL until the search is over */
    const struct fm_native_report *native;     /* NULL: nothing was to be emitted */
    const char *native_off;                    /* why not; NULL: not asked for */
    const struct fm_liveness_result *temporal; /* NULL: nothing of it was to be decided */
    const char *temporal_why_not; /* why not, where there are properties; "": not wanted */
    const struct fm_check_result *unsymmetric;   /* of the search for the temporal part, or NULL */
    uint64_t begin_ns;                           /* of the monotonic clock */
    double seconds;                              /* of the whole run */
    const struct fm_estimates_result *estimates; /* of a simulation with statistics, or NULL */
    int exit_status;
    bool colored; /* standard output shows colours */
};

/* The status of the process: TLC's; 2 when only the temporal part is missing, 130 when interrupted.
 */
int fm_report_exit_status(const struct fm_report *report);
/* "2026-11-23 01:46:33", local time. */
void fm_report_now(struct fm_text *out);
/* As TLC says it: whole seconds, with larger units in front where they are not zero. */
void fm_report_duration(struct fm_text *out, double seconds);
/* "12.3 MiB" */
void fm_report_bytes(struct fm_text *out, uint64_t bytes);
/* "line 3, col 1 to line 3, col 9 of module X": as TLC names a place. */
void fm_report_location(const struct fm_report *report, struct fm_span span, struct fm_text *out);
/* Names of the temporal properties that are not checked, with commas; "" when there are none. */
void fm_report_temporal_names(const struct fm_report *report, struct fm_text *out);
/* What makes the run not reproducible, as words; "" when nothing does. */
const char *fm_report_impurity(uint32_t impurity);

/* report_text.c */
void fm_report_problem(const struct fm_report *report, const struct fm_problem *problem,
                       struct fm_text *out);
void fm_report_summary(const struct fm_report *report, struct fm_text *out);

/* report_table.c: the fingerprint table, and what workers waited for. */
void fm_report_table(const struct fm_report *report, struct fm_text *out);
void fm_report_table_json(const struct fm_check_result *result, struct fm_text *out);

/* report_temporal.c */
/* Whether some temporal property is not decided; whether that was asked for. */
bool fm_report_temporal_is_missing(const struct fm_report *report);
bool fm_report_temporal_is_off(const struct fm_report *report);
/* Of the properties that a counterexample violates, as TLC joins them: "P", "P and Q". */
void fm_report_violated_names(const struct fm_problem *problem, struct fm_text *out);
void fm_report_temporal_headline(const struct fm_problem *problem, struct fm_text *out);
/* The line behind the states of a lasso. */
void fm_report_temporal_end(const struct fm_trace *trace, struct fm_text *out);
void fm_report_temporal_reasons(const struct fm_problem *problem, struct fm_text *out);
/* Of the summary. */
void fm_report_temporal(const struct fm_report *report, struct fm_text *out);
/* Further keys of a problem, and the value of the key "temporal". */
void fm_report_temporal_problem_json(const struct fm_problem *problem, struct fm_text *out);
void fm_report_temporal_json(const struct fm_report *report, struct fm_text *out);
/* The names of properties that are not decided. */
void fm_report_temporal_missing_json(const struct fm_report *report, struct fm_text *out);
/* The action that TLC's trace files name for the step that closes a lasso, or NULL. */
const struct fm_trace_state *fm_report_closing(const struct fm_trace *trace);

/* report_native.c: what became of emitted code. */
void fm_report_native(const struct fm_report *report, struct fm_text *out);
/* The value of the key "native". */
void fm_report_native_json(const struct fm_report *report, struct fm_text *out);

/* report_coverage.c; `say` appends one of the messages COVERAGE_ of messages.def. */
typedef void fm_report_say_fn(const struct fm_report *report, enum fm_message message,
                              const char *const *arguments, uint32_t count, struct fm_text *out);
void fm_report_coverage(const struct fm_report *report, fm_report_say_fn *say, struct fm_text *out);

/* report_json.c; the schemas stand in docs/formats.md. */
void fm_report_json(const struct fm_report *report, struct fm_text *out);
/* {"x":0,"y":[]}, in the order of fields in TLC's records. */
void fm_report_json_values(const struct fm_report *report, const struct fm_trace_state *state,
                           struct fm_text *out);
/* As TLC's records have it: a step that no definition names is not called "Action" there, as in
 * labels, but UNNAMED. */
#define FM_REPORT_UNNAMED "UnnamedAction"
const char *fm_report_action_name(const struct fm_action *action);
/* {"name":"Add","location":{...},"context":{"d":2},"parameters":["d"]}: the state's action. */
void fm_report_json_action(const struct fm_report *report, const struct fm_trace_state *state,
                           struct fm_text *out);

#endif
