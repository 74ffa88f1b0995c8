/* The judge of lassos, independent of graphs, automata and components: what a formula says of a
 * behaviour that ends in a cycle, evaluated position by position from the definition of the
 * temporal operators. Every counterexample passes it before it is shown. */
#ifndef FM_LIVENESS_VERIFY_H
#define FM_LIVENESS_VERIFY_H

#include "liveness/formula.h"

struct fm_arena;

/* count states; from the last one the step goes to states[cycle]. */
struct fm_behaviour {
    struct fm_state *const *states;
    uint32_t count, cycle;
};

/* Whether the formula holds at the beginning; FAILURE when an atom cannot be evaluated
 * (ops->failure of the engine). */
enum fm_verdict fm_behaviour_holds(struct fm_engine *engine, const struct fm_model_ops *ops,
                                   const struct fm_temporals *temporals,
                                   const struct fm_temporal *formula,
                                   const struct fm_behaviour *behaviour);

/* Why each fairness condition holds on the cycle, and which part of the property fails, a line
 * each; arena memory. */
struct fm_behaviour_reasons {
    const char *const *fairness;
    uint32_t fairness_count;
    const char *property;
};

struct fm_behaviour_reasons fm_behaviour_explain(struct fm_engine *engine,
                                                 const struct fm_model_ops *ops,
                                                 const struct fm_temporals *temporals,
                                                 const struct fm_temporal *property,
                                                 const struct fm_behaviour *behaviour,
                                                 struct fm_arena *arena);

#endif
