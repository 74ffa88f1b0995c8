/* TLCGet and TLCSet, Trace and CounterExample: what a specification may ask of the run.
 * Internal to src/eval. */
#ifndef FM_EVAL_REGISTERS_H
#define FM_EVAL_REGISTERS_H

#include "eval/run.h"

struct fm_registers *fm_registers_new(void);
void fm_registers_free(struct fm_registers *registers);
/* A worker starts with what was set before it existed. */
void fm_registers_copy(struct fm_engine *engine, const struct fm_registers *from);
fm_value fm_registers_get(struct fm_native_context *context, fm_value key);
void fm_registers_set(struct fm_native_context *context, fm_value key, fm_value value);
void fm_registers_print(struct fm_native_context *context, const char *text);
/* The sequence of states that led to the current one. */
fm_value fm_registers_trace(struct fm_engine *engine, const struct fm_expr *code);
fm_value fm_registers_counter_example(struct fm_engine *engine);
/* A state as a record of its variables. */
fm_value fm_registers_state_record(struct fm_engine *engine, const fm_value *variables);

#endif
