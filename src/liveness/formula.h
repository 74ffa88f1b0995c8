/* What a program says about whole behaviours: the fairness of its specification and its temporal
 * properties, as formulas over atoms.
 *
 * An atom is a formula of one state, or of one step; everything above atoms is `[]`, `<>` and
 * connectives. Quantifiers over constant sets are expanded, definitions, LET and instances looked
 * through; `F ~> G` is `[](~F \/ <>G)`, and
 *
 *     WF_v(A) is []<>(~ENABLED <<A>>_v \/ <<A>>_v)
 *     SF_v(A) is <>[]~ENABLED <<A>>_v \/ []<><<A>>_v
 *
 * ("Specifying Systems", 8.4 and 8.6). A behaviour is a sequence of states s0, s1, ...; a formula
 * holds at position i of it; an atom of one state is judged on si, one of a step on (si, si+1). */
#ifndef FM_LIVENESS_FORMULA_H
#define FM_LIVENESS_FORMULA_H

#include "model/model.h"

#define FM_NO_ATOM UINT32_MAX /* no number of an atom */

struct fm_atom {
    struct fm_formula formula; /* for `holds` and `eval` of the model */
    bool is_step;
    bool is_enabled;  /* ENABLED of a fairness condition */
    uint32_t enabled; /* of <<A>>_v in one: the atom ENABLED <<A>>_v; or FM_NO_ATOM */
    const char *text;
    struct fm_span span;
};

enum fm_temporal_op {
    FM_TEMPORAL_TRUE,
    FM_TEMPORAL_FALSE,
    FM_TEMPORAL_ATOM,
    FM_TEMPORAL_NOT,        /* [F] */
    FM_TEMPORAL_AND,        /* [n >= 1] */
    FM_TEMPORAL_OR,         /* [n >= 1] */
    FM_TEMPORAL_ALWAYS,     /* [F] */
    FM_TEMPORAL_EVENTUALLY, /* [F] */
};

/* Where a part comes from, when it is more than connectives. */
enum fm_temporal_origin {
    FM_ORIGIN_PLAIN,
    FM_ORIGIN_WEAK,   /* WF */
    FM_ORIGIN_STRONG, /* SF */
    FM_ORIGIN_PROMISE /* the \/ behind F ~> G and F => G, when neither side is constant */
};

struct fm_temporal {
    enum fm_temporal_op op;
    enum fm_temporal_origin origin;
    uint32_t atom;  /* of ATOM */
    uint32_t count; /* of kids */
    const struct fm_temporal *const *kids;
    const struct fm_temporal *given; /* of PROMISE: F */
    const struct fm_node *node;      /* as it was written; its span */
    const char *text;                /* the same on one line, arguments put in */
};

struct fm_temporal_property {
    const char *name; /* as the configuration names it */
    const struct fm_temporal *formula;
    struct fm_span span;
};

/* One WF or SF of the specification, its quantified variables settled. */
struct fm_fairness {
    const struct fm_temporal *formula; /* of origin WEAK or STRONG, somewhere in `fairness` */
    uint32_t enabled, step;            /* atoms ENABLED <<A>>_v and <<A>>_v */
    const char *action;                /* A, arguments put in */
};

/* Everything lives in the arena it was made in. */
struct fm_temporals {
    const struct fm_atom *atoms; /* each once */
    uint32_t atom_count;
    const struct fm_temporal *const *fairness; /* temporal conjuncts of SPECIFICATION */
    uint32_t fairness_count;
    const struct fm_temporal_property *properties;
    uint32_t property_count;
    const struct fm_fairness *conditions; /* those of SPECIFICATION */
    uint32_t condition_count;
};

/* The temporal part of a program. Quantifiers over sets are expanded with the help of the
 * interpreter's model of it; nodes and definitions are added to the program, so this comes before
 * anything that is sized by its counts (the native tier; engines that count evaluations). False
 * after errors, reported to the program's diagnostics: what cannot be handled, where and why. Must
 * run on a thread with a large stack. The result refers to both arenas: the program must outlive
 * it. */
bool fm_temporals_init(struct fm_temporals *temporals, struct fm_program *program,
                       struct fm_model *interpreter, struct fm_arena *arena);

#endif
