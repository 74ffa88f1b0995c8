/* Actions and initial predicates: finding the states that satisfy them. Internal to src/eval.
 *
 * One solver walks a formula with a continuation (what remains to be satisfied), assigns the
 * variables of its target as it meets `x' = e` and the like, and calls `leaf` for each way to
 * satisfy everything. */
#ifndef FM_EVAL_SOLVE_H
#define FM_EVAL_SOLVE_H

#include "eval/run.h"

/* Bytes of garbage that a loop lets grow before it asks for a flush: what stays in the first-level
 * cache. A flush is cheap: 1 MiB saves below one instruction in a thousand, and each worker would
 * hold it. */
#define FM_SOLVE_GARBAGE_MAX ((size_t)1 << 13)

enum fm_solve_mode {
    FM_SOLVE_NEXT,   /* target is the next state, `x' = e` assigns */
    FM_SOLVE_INIT,   /* target is the state itself, `x = e` assigns */
    FM_SOLVE_ENABLED /* as NEXT; ends at the first solution */
};

struct fm_solver {
    struct fm_solver *outer;
    enum fm_solve_mode mode;
    fm_value *target;
    uint32_t assigned;
    bool shortcut; /* once all are assigned, the rest is a Boolean */
    /* All is satisfied. Returns true to end the search. */
    bool (*leaf)(struct fm_engine *engine, struct fm_solver *solver);
    void *closure;
    /* What the leaf keeps (successors not yet delivered) points into memory of the loops around it:
     * `kept` counts such things ever kept, `flushed` how many of them are no longer needed. A loop
     * that has used much memory asks for a flush. NULL: not possible. */
    uint64_t kept, flushed;
    void (*flush)(struct fm_engine *engine, struct fm_solver *solver);
    bool ended;      /* flush found that nobody wants more */
    double weight;   /* of the elements chosen so far: their chances' product (chance.c) */
    uint64_t way;    /* which they were */
    uint64_t hidden; /* states generated on the way through \cdot */
    uint64_t found;  /* solutions, where costs are counted */
    /* A conjunct that is false; for why_not. NULL: nobody asks. */
    void (*on_false)(struct fm_engine *engine, struct fm_solver *solver, const struct fm_expr *code,
                     struct fm_frame *frame);
};

/* A loop over ways to satisfy something. Its garbage is released unless the leaf kept what points
 * into it. Left by fm_loop_leave. */
struct fm_solve_loop {
    struct fm_loop loop;
    uint64_t kept; /* by the leaf when the mark was set */
};
void fm_solve_loop_enter(struct fm_engine *engine, const struct fm_solver *solver,
                         struct fm_solve_loop *loop);
/* End of an iteration that did not end the search: whoever ended it may go on looking at what was
 * found. True when a flush ends it now. */
bool fm_solve_loop_next(struct fm_engine *engine, struct fm_solver *solver,
                        struct fm_solve_loop *loop);

/* What remains after the formula at hand. */
struct fm_rest;

/* Solves the code and then the rest (NULL: nothing). True when the search was ended. */
bool fm_solve(struct fm_engine *engine, struct fm_solver *solver, const struct fm_expr *code,
              struct fm_frame *frame, const struct fm_rest *rest);
/* Solves several formulas, each in a frame of its own unit, as one conjunction. */
bool fm_solve_all(struct fm_engine *engine, struct fm_solver *solver,
                  const struct fm_formula_list *formulas);
/* Assigns the variables that a step keeps (fm_model_options.input_count); engine->s is the state.
 */
void fm_solve_keep_inputs(struct fm_engine *engine, struct fm_solver *solver);
bool fm_solve_enabled(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame);
/* A \cdot B as a Boolean on the pair of states. */
bool fm_solve_cdot_value(struct fm_engine *engine, const struct fm_expr *code,
                         struct fm_frame *frame);
/* solve_apart.c: the states after A; variables that `before` (NULL: none) has assigned are
 * unchanged in them. */
struct fm_solve_states {
    FM_VEC(fm_value *) states;
};
void fm_solve_intermediate(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame, const struct fm_solver *before,
                           struct fm_solve_states *collected);

/* chance.c: choices that have a distribution */
struct fm_chance {
    const struct fm_choice *choice;
    fm_value set;
    uint32_t slot; /* of the variable that is bound */
    double total;  /* of the weights of the set's elements */
    uint32_t count;
};
/* A binder's; also kept: what the solver had before it. */
#define FM_CHANCES_MAX 8u
struct fm_chances {
    struct fm_chance at[FM_CHANCES_MAX];
    uint32_t count;
    double weight;
    uint64_t way;
};
/* The distribution of the elements of the set, or NULL. */
const struct fm_choice *fm_chance_find(const struct fm_engine *engine, const struct fm_node *set);
void fm_chances_begin(struct fm_engine *engine, struct fm_chances *chances,
                      const struct fm_solver *solver, const struct fm_walk *walk);
/* The elements that are bound now are chosen. */
void fm_chances_take(struct fm_engine *engine, const struct fm_chances *chances,
                     struct fm_solver *solver, const struct fm_frame *frame);
/* The same for one set without a binder. */
void fm_chance_begin(struct fm_engine *engine, struct fm_chances *chances,
                     const struct fm_solver *solver, const struct fm_node *node, fm_value set);
void fm_chance_take(struct fm_engine *engine, const struct fm_chances *chances,
                    struct fm_solver *solver, fm_value element);
void fm_chances_end(const struct fm_chances *chances, struct fm_solver *solver);

/* assign.c */
/* The variable that the left side of `x' = e` (NEXT) or `x = e` (INIT) names, or -1. */
int64_t fm_resolve_target(struct fm_engine *engine, const struct fm_solver *solver,
                          const struct fm_expr *code, struct fm_frame *frame);
/* The unprimed variable an expression is, or -1. */
int64_t fm_resolve_variable(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame);

/* behind.c */
/* Looks behind *code in *frame: true when a function constructor stands there, which is then *code;
 * else *code is what to evaluate in *frame for the value. Conditions on the way were evaluated, and
 * must not be again. Puts activations on engine->top, which the caller puts back. */
bool fm_solve_constructor(struct fm_engine *engine, const struct fm_expr **code,
                          struct fm_frame **frame);
/* A lazy function that was not evaluated, or NULL. */
const struct fm_lazy *fm_solve_unevaluated(fm_value function);
/* The argument of `code`, an application of such a function: in its domain. */
fm_value fm_solve_argument(struct fm_engine *engine, const struct fm_expr *code, fm_value function,
                           struct fm_frame *frame);

#endif
