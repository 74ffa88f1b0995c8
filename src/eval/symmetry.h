/* Symmetry: what states that a group of permutations of model values carries into each other share.
 * Internal to src/eval. */
#ifndef FM_EVAL_SYMMETRY_H
#define FM_EVAL_SYMMETRY_H

#include "eval/run.h"

/* Evaluates SYMMETRY and closes the set under composition; false after errors (reported). */
bool fm_symmetry_init(struct fm_eval_model *model);
/* The least image, in the current arena: `state` itself when nothing is smaller. `least` has room
 * for all variables. */
void fm_symmetry_least(struct fm_engine *engine, const fm_value *variables, fm_value *least);
/* The fingerprint of all images of a state, whose own is given. What is evaluated on the way is in
 * the current arena. */
struct fm_digest fm_symmetry_digest(struct fm_engine *engine, const fm_value *variables,
                                    struct fm_digest own);

/* NULL: there is none, or it is trivial. */
const struct fm_orbits *fm_symmetry_orbits(const struct fm_eval_model *model);

#endif
