/* Costs: evaluations of each expression below each action, invariant and constraint.
 *
 * Coverage by node (fm_model_ops.coverage) adds up all uses of a definition. TLC tells them apart
 * (tlc2/tool/coverage): every action has a tree of its own, in which the body of a definition hangs
 * below each call. Names have nodes in it too; numbers, strings, labels and LET have none. The tree
 * belongs to the model and is read-only; engines count beside it, by index. */
#ifndef FM_MODEL_TALLY_H
#define FM_MODEL_TALLY_H

#include "semantics/program.h"

struct fm_tally {
    const struct fm_node *node; /* NULL: a root, or a part of an expression that is no node: the
                                   field of a record, an arm of CASE, a replacement of EXCEPT */
    struct fm_span span;
    const struct fm_symbol *module; /* whose text it stands in */
    const struct fm_tally *parent;  /* NULL: a root */
    struct fm_tally *first, *last;  /* what hangs below it, in order */
    struct fm_tally *next;
    const struct fm_tally *again; /* the call around of the same recursive operator, or NULL */
    uint32_t index;
    bool primed; /* assigns a variable in a step */
};

/* One root for each formula; actions of one place share one. */
struct fm_tallies {
    struct fm_tally **inits, **actions, **invariants, **constraints, **action_constraints;
    uint32_t count; /* of indices */
};

struct fm_tally_count {
    uint64_t count; /* evaluations, and solutions found behind it */
    uint64_t extra; /* elements of the functions built; at a root, what was not satisfied */
};

#endif
