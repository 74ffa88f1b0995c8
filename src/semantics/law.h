/* Distributions of statistical properties: of choices from a set, and of costs. */
#ifndef FM_SEMANTICS_LAW_H
#define FM_SEMANTICS_LAW_H

#include "base/random.h"
#include "semantics/config.h"
#include "semantics/program.h"

#include <stdatomic.h>

/* ORDER(law): the table in law.c. */
enum fm_law_kind {
    FM_LAW_CONSTANT,
    FM_LAW_BOOLEAN,
    FM_LAW_HISTOGRAM,
    FM_LAW_UNIFORM,
    FM_LAW_GEOMETRIC,
    FM_LAW_POISSON,
    FM_LAW_BINOMIAL,
    FM_LAW_ZIPF,
    FM_LAW_EXPONENTIAL,
    FM_LAW_NORMAL,
    FM_LAW_LOGNORMAL,
    FM_LAW_ERLANG,
    FM_LAW_PARETO
};

struct fm_law {
    enum fm_law_kind kind;
    double a, b;            /* its parameters */
    const fm_value *values; /* of a histogram of choices */
    const double *numbers;  /* of one of costs */
    const double *weights;  /* of either */
    uint32_t count;
    const char *text; /* with what its parameters are: "Exponential, mean 3.17" */
};

/* DISTRIBUTION: wherever an element of the operator's set is chosen. */
struct fm_choice {
    const struct fm_def *def;
    const struct fm_symbol *name;
    struct fm_law law;
    atomic_bool *used; /* an element was chosen */
};

/* COST: of every step by an action of that name. */
struct fm_cost {
    const struct fm_symbol *name;
    struct fm_span span;
    struct fm_law law;
};

/* What a simulation is asked to estimate. */
struct fm_statistics {
    const struct fm_cost *costs;
    uint32_t cost_count;
    const struct fm_formula *const *probabilities, *const *measures, *const *reaches;
    uint32_t probability_count, measure_count, reach_count;
};

/* Resolves the program's statistics and those of a file (count 0: none); choices go to the program.
 * All lives in its arena. false after errors, which are reported. */
bool fm_statistics_bind(struct fm_program *program, const struct fm_config_statistics *more,
                        struct fm_statistics *statistics);

/* Not normalized: the chance of the element in a set with so many, at that place of its order (from
 * 0). 0 for what the law knows nothing of. */
double fm_law_weight(const struct fm_law *law, struct fm_value_context *context, fm_value element,
                     uint32_t place, uint32_t count);
/* A cost. */
double fm_law_draw(const struct fm_law *law, struct fm_random *random);

#endif
