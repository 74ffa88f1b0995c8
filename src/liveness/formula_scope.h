/* Places inside temporal formulas, seen through definitions, LET and quantifiers. Internal to
 * src/liveness (formula*.c). */
#ifndef FM_LIVENESS_FORMULA_SCOPE_H
#define FM_LIVENESS_FORMULA_SCOPE_H

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "liveness/formula.h"

/* A LET, or the value of a bound variable, passed on the way down in one frame. */
struct fm_way {
    const struct fm_way *outer; /* NULL: next is the frame's beginning */
    const struct fm_node *let;  /* NULL: a bound variable */
    uint32_t slot;
    fm_value value;
    const struct fm_symbol *name;
};

/* A frame that was entered. */
struct fm_scope {
    const struct fm_scope *up;     /* static link, or NULL */
    const struct fm_scope *caller; /* NULL: nothing in here depends on what is around */
    const struct fm_way *way;      /* the caller's, at the call */
    const struct fm_node *call;    /* its kids are the arguments; NULL with caller */
    struct fm_def *def;            /* whose frame it is */
};

struct fm_spot {
    struct fm_node *node;
    const struct fm_scope *scope;
    const struct fm_way *way;
};

/* What a local stands for. */
enum fm_meaning_kind {
    FM_MEANS_INSIDE, /* bound below the spot */
    FM_MEANS_VALUE,
    FM_MEANS_SPOT /* an argument, or the body of a LET definition */
};

struct fm_meaning {
    enum fm_meaning_kind kind;
    fm_value value;
    struct fm_spot spot;
    bool is_let;
};

struct fm_formulas {
    struct fm_program *program;
    struct fm_model *model;
    struct fm_engine *engine; /* of the interpreter; its values live in `arena` */
    struct fm_arena *arena;
    struct fm_arena scratch; /* what is only printed */
    FM_VEC(struct fm_atom) atoms;
    FM_VEC(uint32_t) same_hash; /* for each atom the next one of its chain, or FM_NO_ATOM */
    uint32_t *chains;           /* first atoms, by hash (formula_atom.c) */
    FM_VEC(struct fm_fairness) conditions;
    bool is_fairness; /* what is being built belongs to the specification */
    uint32_t budget;  /* nodes still to be compared (formula_atom.c) */
    uint32_t depth;   /* of the walk down */
    uint32_t size;    /* nodes built */
    bool too_large;   /* and told so: no more is built */
    bool failed;
};

/* --- formula_scope.c --- */
struct fm_meaning fm_spot_meaning(const struct fm_spot *spot, const struct fm_local *local);
/* The definition an operator parameter stands for, and where it was given; NULL when it is bound
 * below the spot. */
struct fm_def *fm_spot_operator(const struct fm_spot *spot, const struct fm_local *local,
                                struct fm_spot *given);
/* The frame of a call that stands at the spot. */
struct fm_scope fm_spot_enter(const struct fm_spot *spot, struct fm_def *def);
/* The level with what parameters stand for. */
enum fm_level fm_spot_level(const struct fm_spot *spot);
/* Whether its body is what calls of it mean. */
bool fm_def_is_open(const struct fm_def *def);
static inline uint32_t fm_scope_depth(const struct fm_scope *scope)
{
    return scope->def != NULL ? scope->def->depth : 0;
}
static inline struct fm_spot fm_spot_at(const struct fm_spot *spot, struct fm_node *node)
{
    return (struct fm_spot){node, spot->scope, spot->way};
}

/* --- formula_close.c --- */
/* A formula to be evaluated alone that says at this level what the spot says. */
struct fm_formula fm_spot_close(struct fm_formulas *formulas, const struct fm_spot *spot,
                                enum fm_level level);
/* The node with constants and arguments put in; NULL when it has other names, bound there or around
 * it. */
struct fm_node *fm_spot_free(struct fm_formulas *formulas, const struct fm_spot *spot);
/* As text, arguments put in. */
const char *fm_spot_text(struct fm_formulas *formulas, const struct fm_spot *spot);

/* --- formula_atom.c --- */
/* The number of the atom; level STATE or ACTION. */
uint32_t fm_atom_add(struct fm_formulas *formulas, const struct fm_spot *spot, enum fm_level level);
/* A constant's value; false after an error (reported). */
bool fm_spot_evaluate(struct fm_formulas *formulas, const struct fm_spot *spot, bool *value);
/* The call with its constant arguments evaluated, NULL after an error (reported). */
struct fm_node *fm_spot_settle(struct fm_formulas *formulas, const struct fm_spot *spot);
/* The elements of a constant set; false after an error (reported). */
bool fm_spot_elements(struct fm_formulas *formulas, const struct fm_spot *spot,
                      const fm_value **elements, uint32_t *count);

#endif
