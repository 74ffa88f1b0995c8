/* Looking for a behaviour of a graph that satisfies a conjunction of temporal formulas: fairness
 * and the negation of a property.
 *
 * Whatever the end of a behaviour alone decides, connectives of []<>b and <>[]b where b is a
 * connective of atoms, is a condition on the steps that a cycle takes infinitely often: fairness
 * gives pairs of Streett's, decided for each strongly connected component by taking steps away that
 * no such cycle can use (Emerson and Lei, 1987). The rest of the goal becomes one generalized
 * Buechi automaton with acceptance on transitions (lasso_automaton.c); the search runs over its
 * product with the graph.
 */
#ifndef FM_LIVENESS_LASSO_H
#define FM_LIVENESS_LASSO_H

#include "base/arena.h"
#include "liveness/formula.h"
#include "liveness/graph.h"

#include <stdatomic.h>

/* The goal: the conjunction of all of these. */
struct fm_goal {
    const struct fm_temporal *const *conjuncts;
    uint32_t conjunct_count;
};

/* States in order; from the last one the step goes to states[cycle]. A cycle of one state that
 * takes its stuttering step is stuttering for ever. */
struct fm_lasso {
    const uint64_t *states;  /* indices of the graph */
    const uint32_t *letters; /* of the step from each */
    uint32_t count, cycle;
};

enum fm_lasso_result {
    FM_LASSO_NONE,
    FM_LASSO_FOUND,
    FM_LASSO_MEMORY, /* refused */
    FM_LASSO_INTERRUPTED,
    FM_LASSO_LARGE /* the formulas, or their product with the graph, pass a limit */
};

struct fm_lasso_options {
    uint32_t workers;
    const atomic_bool *interrupt; /* polled, or NULL */
    /* Told now and then from the calling thread: components done with, product states found. */
    void (*progress)(void *closure, uint64_t done, uint64_t found);
    void *progress_closure;
};

struct fm_lasso_counts {
    uint64_t product_states, components; /* components: with a cycle */
    uint32_t automaton_states, pairs;
};

/* The lasso is in the arena, short but not always shortest, and the same for any number of workers.
 * counts may be NULL. */
enum fm_lasso_result fm_lasso_search(const struct fm_graph *graph, const struct fm_goal *goal,
                                     const struct fm_lasso_options *options, struct fm_arena *arena,
                                     struct fm_lasso *lasso, struct fm_lasso_counts *counts);

#endif
