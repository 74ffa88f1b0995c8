/* Filling the graph: the steps between all states of a search, and what the atoms say of them. */
#ifndef FM_LIVENESS_FILL_H
#define FM_LIVENESS_FILL_H

#include "explore/kept.h"
#include "liveness/formula.h"
#include "liveness/graph.h"

enum fm_fill_end {
    FM_FILL_DONE,
    FM_FILL_FAILED, /* an atom could not be evaluated: `failed` says where */
    FM_FILL_LOST,   /* a step leads out of what the search found: `failed` says from where */
    FM_FILL_MEMORY,
    FM_FILL_INTERRUPTED
};

struct fm_fill {
    struct fm_checker *checker;
    const struct fm_temporals *temporals;
    const atomic_bool *interrupt;   /* polled, or NULL */
    uint64_t memory_max;            /* resident bytes; 0: no limit */
    bool is_bounded;                /* the search did not expand its last level: -depth */
    _Atomic uint64_t indexed, done; /* states so far; others may read them */

    /* Results. */
    uint64_t cut_off; /* steps that lead out of the constraints, or beyond the depth */
    uint64_t index_bytes;
    double collision; /* probability that two states were taken for one here, at most */
    struct {
        uint64_t state; /* index */
        uint32_t atom;
        bool has_successor;
        uint64_t successor_own;
        const struct fm_failure_report *failure; /* memory of the checker's results */
    } failed;
};

/* The graph is new and empty. With any number of workers it is the same afterwards. */
enum fm_fill_end fm_fill_graph(struct fm_fill *fill, struct fm_graph *graph);

#endif
