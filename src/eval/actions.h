/* The split next-state relation. Internal to src/eval. */
#ifndef FM_EVAL_ACTIONS_H
#define FM_EVAL_ACTIONS_H

#include "eval/run.h"

/* Fills the model's actions. The model's setup engine evaluates constants on the way. */
void fm_actions_split(struct fm_eval_model *model);
/* The frame an action runs in, on the stack of frames: slots set, LETs entered. */
struct fm_frame *fm_action_frame(struct fm_engine *engine, const struct fm_action_place *place,
                                 const struct fm_unit *unit,
                                 const struct fm_unit *const *let_units);

#endif
