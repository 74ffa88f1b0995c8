/* Tier 0: the interpreter as an engine of model/model.h. */
#ifndef FM_EVAL_EVAL_H
#define FM_EVAL_EVAL_H

#include "model/model.h"
#include "semantics/load.h"

/* Makes the program executable: evaluates constant definitions (errors kept until they are used),
 * splits the next-state relation into actions, freezes constants. NULL after errors, reported to
 * the session's diagnostics. Must run on a thread with a large stack (base/thread.h). The program
 * must outlive it. */
struct fm_model *fm_eval_model_new(struct fm_session *session, struct fm_program *program,
                                   const struct fm_model_options *options, struct fm_run *run);

#endif
