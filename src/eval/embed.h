/* The interpreter's door for emitted code: single nodes, on boxed values.
 *
 * Emitted code that meets an expression it does not cover asks for it here; the emitter asks for
 * the values of constant expressions, and for the frames in which actions of the split stand. */
#ifndef FM_EVAL_EMBED_H
#define FM_EVAL_EMBED_H

#include "eval/eval.h"

/* An expression compiled for repeated evaluation; belongs to the model, thread-safe to make. */
struct fm_eval_site;
/* frame: the definition in whose frame the node's locals stand (NULL: none). */
struct fm_eval_site *fm_eval_site_new(struct fm_model *model, const struct fm_node *node,
                                      const struct fm_def *frame);
/* What stands in slots of the frame: values[i] in slot numbers[i]. */
struct fm_eval_slots {
    const uint32_t *numbers;
    const fm_value *values;
    uint32_t count;
};
/* s and t hold variable_count values, NONE where not needed; t, and s, may be NULL. NONE after an
 * error (ops->failure has it). The result lives until the engine's reset. */
fm_value fm_eval_site_run(struct fm_engine *engine, const struct fm_eval_site *site,
                          const struct fm_eval_slots *slots, const fm_value *s, const fm_value *t);

/* Runs and returns true; after an error (of a value operation, or memory or stack ran out) false,
 * and ops->failure has it. Nests. */
bool fm_eval_guard(struct fm_engine *engine, void (*run)(struct fm_engine *engine, void *closure),
                   void *closure);

/* For sinks: the states that they were given, and all that was made so far, stay until the engine's
 * next reset, also when the generation goes on. */
void fm_eval_keep(struct fm_engine *engine);

/* The frame around an action of the split relation, innermost first: what the split bound. */
struct fm_eval_place {
    const struct fm_def *def;          /* whose frame it is, or NULL */
    const fm_value *slots;             /* NONE where unset; def->frame_size of them */
    const struct fm_node *const *lets; /* LETs passed in this frame, outermost first */
    uint32_t let_count;
    const struct fm_eval_place *outer; /* static link, or NULL */
};
const struct fm_eval_place *fm_eval_action_place(const struct fm_model *model, uint32_t action,
                                                 struct fm_arena *arena);
/* What evaluating the node does or needs besides computing: FM_IMPURE_ bits (modules/native.h). */
uint32_t fm_eval_impurity(struct fm_model *model, const struct fm_node *node);
/* -nowarning: the all-assigned shortcut is off (solve.c). */
bool fm_eval_has_shortcut(const struct fm_model *model);
/* -fp: the seed of state digests. */
uint64_t fm_eval_fingerprint_seed(const struct fm_model *model);
/* The group of SYMMETRY; NULL: there is none, or it is trivial. */
const struct fm_orbits *fm_eval_orbits(const struct fm_model *model);
/* Whether evaluations are counted (-coverage). */
bool fm_eval_has_coverage(const struct fm_model *model);

#endif
