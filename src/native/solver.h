/* Emission of one action: what its files share. Internal to the emitter's files. */
#ifndef FM_NATIVE_SOLVER_H
#define FM_NATIVE_SOLVER_H

#include "native/emit.h"

/* ORDER(rest) of eval/solve.c */
enum fm_emit_rest_kind {
    FM_EMIT_REST_CONJUNCTS, /* nodes[index ..] hold */
    FM_EMIT_REST_UNCHANGED, /* nodes[index ..] are unchanged */
    FM_EMIT_REST_CHANGED,   /* nodes[index] is changed */
    FM_EMIT_REST_FORALL,    /* instances index, index - 1 .. 1 of \A */
    FM_EMIT_REST_STATE      /* go back to the state before \cdot: emit_cdot.c */
};

struct fm_emit_instances;

/* What must hold besides; a list on the C stack. */
struct fm_emit_rest {
    enum fm_emit_rest_kind kind;
    uint32_t index, count;
    struct fm_node *const *nodes;
    struct fm_emit_frame *frame;
    const struct fm_emit_rest *next;
    const struct fm_emit_instances *instances; /* FORALL */
};

/* Where a formula that does not hold goes: the end of the way that is being tried. */
struct fm_emit_exit {
    const char *label; /* NULL: the end of the function */
    bool used;
};

struct fm_emit_solver {
    struct fm_emit *emit;
    struct fm_term *target; /* by variable; shape NULL: unassigned */
    bool *kept;             /* it is the parent's, unchanged */
    uint32_t assigned, variable_count;
    const char *action; /* C of its number */
    bool shortcut;
    bool is_initial; /* of the initial predicate: emit_initial.c */
    struct fm_emit_exit *exit;
    const char *counter;      /* C variable that counts the ways instead of the leaf; or NULL */
    const char *found, *done; /* ENABLED: the leaf sets the C variable and goes to the label */
    bool is_found;            /* some leaf was written */
    const struct fm_emit_between *between; /* of the left side of \cdot: in place of the leaf */
    uint32_t epoch;                        /* last given */
    uint32_t depth;
};

/* --- emit_action.c --- */
/* Nothing assigned; formulas that do not hold go there. */
struct fm_emit_solver fm_emit_solver_new(struct fm_emit *emit, struct fm_emit_exit *exit);
/* Emits what takes the complete successor into the batch. */
void fm_emit_leaf(struct fm_emit_solver *solver);
/* Assigns; undone by fm_emit_unassign. */
void fm_emit_assign(struct fm_emit_solver *solver, uint32_t variable, struct fm_term term);
void fm_emit_keep(struct fm_emit_solver *solver, uint32_t variable);
void fm_emit_unassign(struct fm_emit_solver *solver, uint32_t variable);
/* The parent's value. */
struct fm_term fm_emit_parent_value(struct fm_emit *emit, uint32_t variable);

/* --- emit_initial.c --- */
void fm_emit_initial_leaf(struct fm_emit_solver *solver);

/* --- emit_solve.c --- */
void fm_emit_solve(struct fm_emit_solver *solver, const struct fm_node *node,
                   struct fm_emit_frame *frame, const struct fm_emit_rest *rest);

void fm_emit_proceed(struct fm_emit_solver *solver, const struct fm_emit_rest *rest);

/* --- emit_cdot.c: A \cdot B --- */
void fm_emit_cdot(struct fm_emit_solver *solver, const struct fm_node *node,
                  struct fm_emit_frame *frame, const struct fm_emit_rest *rest);
/* The leaf of A. */
void fm_emit_between(struct fm_emit_solver *solver);
/* The rest behind B: of kind STATE. */
void fm_emit_back(struct fm_emit_solver *solver, const struct fm_emit_rest *rest);

/* --- emit_ways.c: formulas that assign nothing --- */
struct fm_emit_facts {
    bool assigns;  /* may assign a variable that is not yet assigned */
    bool multiple; /* may hold in several ways, or in none with errors in an order of its own */
};
struct fm_emit_facts fm_emit_facts_of(struct fm_emit_solver *solver, const struct fm_node *node,
                                      struct fm_emit_frame *frame);
/* The variable that the left side of `x' = e` names, or -1 (of `x = e` below a prime, where initial
 * predicates are solved); and the one an expression is. */
int64_t fm_emit_resolve_target(struct fm_emit_solver *solver, const struct fm_node *node,
                               struct fm_emit_frame *frame);
int64_t fm_emit_resolve_variable(struct fm_emit_solver *solver, const struct fm_node *node,
                                 struct fm_emit_frame *frame);
struct fm_emit_frame *fm_emit_frame_copy(struct fm_emit *emit, const struct fm_emit_frame *frame);
/* The thunk's formula when a local stands for a formula that is enumerated, and in *frame a copy of
 * its frame; NULL when it is a value. */
const struct fm_node *fm_emit_local_formula(struct fm_emit_solver *solver,
                                            const struct fm_node *node,
                                            struct fm_emit_frame **frame);
/* The function constructor that an expression is without evaluating it, and its frame; or NULL. */
const struct fm_node *fm_emit_waiting_function(struct fm_emit *emit, const struct fm_node *function,
                                               struct fm_emit_frame **frame);
/* Whether every local of that name in the node is a function that is applied. */
bool fm_emit_only_applied(const struct fm_node *node, const struct fm_symbol *name);
/* Whether the call is of a constant definition without parameters: it has a value and is not
 * solved. */
bool fm_emit_is_folded_call(const struct fm_node *node);

/* The elements of known sets, for instances of \A; NULL when they are not known or too many. */
struct fm_emit_instances {
    const struct fm_node *node;
    const fm_value *values; /* count * width: the values of the slots */
    uint32_t count, width;
};
const struct fm_emit_instances *fm_emit_instances_of(struct fm_emit *emit,
                                                     const struct fm_node *node,
                                                     struct fm_emit_frame *frame);
/* The frame of instance i. */
struct fm_emit_frame *fm_emit_instance_frame(struct fm_emit *emit,
                                             const struct fm_emit_instances *instances,
                                             const struct fm_emit_frame *frame, uint32_t i);

#endif
