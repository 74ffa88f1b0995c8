/* The generalized Buechi automaton of what is left of a goal beside its conditions
 * (lasso_automaton.c). It reads letters; acceptance is on moves. */
#ifndef FM_LIVENESS_LASSO_AUTOMATON_H
#define FM_LIVENESS_LASSO_AUTOMATON_H

#include "liveness/lasso_conditions.h"

struct fm_automaton_move {
    uint32_t to;
    uint32_t row; /* of `rows`: the eventualities that it does not put off */
};

struct fm_automaton {
    uint32_t state_count, initial;
    uint32_t class_count; /* letters that no move tells apart are of one class */
    uint32_t *class_of;   /* of each letter */
    uint32_t *first;      /* moves of state and class: from first[state * class_count + class]
                             to the next one's */
    struct fm_automaton_move *moves;
    uint32_t eventually_count; /* each is a mark */
    uint32_t row_count, row_words;
    uint64_t *rows;
    /* Strongly connected components, in an order in which moves lead to the same or a later one. */
    uint32_t component_count;
    uint32_t *component_of; /* of each state */
    bool *is_accepting;     /* of each component: it has cycles that put nothing off for ever */
    /* Tails that a behaviour has to satisfy which stays in the state's component. */
    uint32_t *tail_first; /* of each state, and the end */
    uint32_t *tails;      /* parts */
};

/* Builds the automaton of a part for the letters of the graph. A part that no behaviour of such
 * letters satisfies gives no states. false: it is too large. */
bool fm_automaton_build(struct fm_automaton *automaton, const struct fm_parts *parts, uint32_t root,
                        const struct fm_graph *graph);
/* Writes rows anew for steps' rows of so many words, with the eventualities from mark `base` on. */
void fm_automaton_set_rows(struct fm_automaton *automaton, uint32_t words, uint32_t base);
void fm_automaton_deinit(struct fm_automaton *automaton);

#endif
