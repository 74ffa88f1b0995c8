/* Counting evaluations as TLC does; see model/tally.h. Internal to src/eval. */
#ifndef FM_EVAL_TALLY_H
#define FM_EVAL_TALLY_H

#include "eval/engine.h"

/* Whether the node has a place in the tree. */
bool fm_tally_has(const struct fm_node *node);
/* Where evaluations of the node count that happen for `cost`: below it, or, when the tree does not
 * know the node there, at `cost` itself, as in TLC. */
const struct fm_tally *fm_tally_below(const struct fm_tally *cost, const struct fm_node *node);
/* Elements were taken from the set of that node, or its end was met. Only of sets whose elements
 * were written there: TLC counts at whatever made the set, wherever it went since. */
void fm_tally_taken(struct fm_engine *engine, const struct fm_node *set, uint64_t count);
/* The trees of a model whose actions are known. */
void fm_tallies_make(struct fm_eval_model *model);

/* An evaluation of the node, if evaluations count now: what follows counts below it. Returns what
 * engine->cost is to be afterwards. */
static inline const struct fm_tally *fm_tally_enter(struct fm_engine *engine,
                                                    const struct fm_node *node)
{
    const struct fm_tally *outer = engine->cost;
    if (outer != NULL) {
        engine->cost = fm_tally_below(outer, node);
        engine->costs[engine->cost->index].count += fm_tally_has(node) &&
                                                    engine->cost->parent != NULL;
    }
    return outer;
}

#endif
