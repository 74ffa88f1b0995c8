/* From steps to TLA+: what the parts of the generator share. Private to the syntax layer's pcal
 * files. */
#ifndef FM_SYNTAX_PCAL_GEN_H
#define FM_SYNTAX_PCAL_GEN_H

#include "syntax/pcal_out.h"

struct fm_pcal_gen {
    struct fm_pcal *pcal;
    struct fm_pcal_out out;
    const struct fm_sources *sources;
    const struct fm_pcal_algorithm *algorithm;
    uint32_t wrap;                        /* the width of lines */
    struct fm_pcal_names variables;       /* all, in the order of the declaration */
    struct fm_pcal_names of_procedures;   /* parameters and variables */
    struct fm_pcal_names of_process_sets; /* variables */
    const struct fm_pcal_expr *self;      /* of the process; NULL in a uniprocess algorithm */
    const struct fm_pcal_expr *subscript; /* [self], or NULL */
    const char *parameter;                /* "(self)" or "" */
};

/* Which variables the conjuncts before have assigned to; `gen->variables.count` entries, 2: more
 * than once. */
struct fm_pcal_changed {
    uint8_t *at;
};

/* The expression `name`. */
struct fm_pcal_expr *fm_pcal_gen_name(struct fm_pcal_gen *gen, const char *name);
/* Makes `self` what subscripts are, NULL for no subscripts. */
void fm_pcal_gen_set_self(struct fm_pcal_gen *gen, const struct fm_pcal_expr *self);
/* A copy in which variables that are functions of processes get `subscript` and variables that
 * `changed` (may be NULL) says were assigned to get primes. */
struct fm_pcal_expr *fm_pcal_gen_expr(struct fm_pcal_gen *gen, const struct fm_pcal_expr *expr,
                                      const struct fm_pcal_expr *subscript,
                                      const struct fm_pcal_changed *changed);
/* Whether the first line of a value has an operator that binds more weakly than `=` might. */
bool fm_pcal_gen_needs_parentheses(struct fm_pcal_gen *gen, const struct fm_pcal_expr *expr);

/* pcal_action.c: the definition of a step's action. */
void fm_pcal_gen_step(struct fm_pcal_gen *gen, const struct fm_pcal_stmt *step, const char *name);
/* pcal_fairness.c: the definition of Spec. */
void fm_pcal_gen_spec(struct fm_pcal_gen *gen);

/* pcal_module.c: the whole translation of a lowered algorithm as lines, which live in the arena.
 * False with a problem. */
bool fm_pcal_generate(struct fm_arena *arena, const struct fm_sources *sources,
                      const struct fm_pcal_algorithm *algorithm, struct fm_pcal_out *out,
                      struct fm_pcal_problem *problem);

#endif
