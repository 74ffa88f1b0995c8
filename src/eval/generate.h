/* States of an engine: making, fingerprinting, generating. Internal to src/eval. */
#ifndef FM_EVAL_GENERATE_H
#define FM_EVAL_GENERATE_H

#include "eval/run.h"

/* generate.c: operations of the model interface (model/model.h). */
void fm_generate_initial(struct fm_engine *engine, struct fm_sink *sink);
void fm_generate_successors(struct fm_engine *engine, struct fm_state *state, uint32_t level,
                            struct fm_sink *sink);
void fm_generate_apply(struct fm_engine *engine, uint32_t action, struct fm_state *state,
                       struct fm_sink *sink);

/* engine.c */
struct fm_engine *fm_engine_new(struct fm_eval_model *model);
void fm_engine_free(struct fm_engine *engine);
void fm_engine_reset(struct fm_engine *engine);
/* A copy of the variables in the batch. */
struct fm_state *fm_engine_new_state(struct fm_engine *engine, const fm_value *variables);
/* May raise. */
void fm_engine_fingerprint(struct fm_engine *engine, struct fm_state *state,
                           struct fm_digest *fingerprint, struct fm_digest *own);
/* Makes s and t (NULL: none) the states; what was before is to be put back by leave. */
struct fm_moment fm_engine_enter(struct fm_engine *engine, const struct fm_state *s,
                                 const struct fm_state *t);
void fm_engine_leave(struct fm_engine *engine, const struct fm_moment *moment);
bool fm_engine_run_bool(struct fm_engine *engine, const struct fm_formula_code *formula,
                        const char *use);
fm_value fm_engine_run(struct fm_engine *engine, const struct fm_formula_code *formula);

/* explain.c */
/* Says what makes the code false in the frame; the explanation and its texts lie in the arena. */
void fm_explain_code(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame,
                     struct fm_arena *arena, struct fm_explanation *explanation);
bool fm_explain_formula(struct fm_engine *engine, const struct fm_formula_code *formula,
                        struct fm_arena *arena, struct fm_explanation *explanation);
bool fm_explain_why_not(struct fm_engine *engine, uint32_t action, struct fm_state *state,
                        struct fm_arena *arena, struct fm_explanation *explanation);

#endif
