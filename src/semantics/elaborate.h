/* Elaboration: from analyzed syntax trees to the nodes of the program.
 *
 * A definition is elaborated once for each context that needs it. A context is a module text seen
 * through a chain of instances: it says what the module's CONSTANTs and VARIABLEs stand for. */
#ifndef FM_SEMANTICS_ELABORATE_H
#define FM_SEMANTICS_ELABORATE_H

#include "semantics/sema.h"

/* The slots of one definition under construction. */
struct fm_frame {
    struct fm_frame *up; /* the frame around, for LET operators and LAMBDAs */
    struct fm_def *def;
    uint32_t depth;
    uint32_t slots;
};

enum fm_cell_kind { FM_CELL_SLOT, FM_CELL_DEF, FM_CELL_CONTEXT };

/* What a name bound inside a definition stands for; chains from inner to outer. */
struct fm_cell {
    const struct fm_cell *outer;
    const void *key; /* struct fm_entity, struct fm_instance, or the mark of @ */
    enum fm_cell_kind kind;
    const struct fm_symbol *name;
    struct fm_frame *frame; /* SLOT */
    uint32_t slot;
    struct fm_def *def; /* DEF: a LET operator with parameters; SLOT of a LET: its definition */
    struct fm_context *context; /* CONTEXT: of an INSTANCE inside a LET */
};

/* The definitions that instances inside one LET need: they can mention the variables around the
 * LET, so they are put there. */
struct fm_let_build {
    struct fm_frame *frame;
    struct fm_let *lets;
    uint32_t count, capacity;
    struct fm_job *jobs; /* bodies to elaborate before the LET is complete */
};

enum fm_context_mode { FM_MODE_NORMAL, FM_MODE_ENABLED, FM_MODE_PRIMED }; /* enabled.c */

struct fm_context {
    struct fm_context *parent; /* where the INSTANCE stands; NULL for the root */
    struct fm_instance *instance;
    struct fm_entity **params; /* of the instances on the way: each definition has them first */
    uint32_t param_count;
    const struct fm_cell *cells; /* what definitions see around them: empty unless inside a LET */
    struct fm_let_build *let;    /* of the LET that the instance stands in, or NULL */
    struct fm_map *defs;         /* entity or selection to struct fm_def */
    struct fm_map *slots;        /* the same to struct fm_cell, for those that are slots of a LET */
    struct fm_map *children;     /* instance to context */
    const char *prefix;          /* "I!" or "I!J!", or "" */
    enum fm_context_mode mode;
    bool hides;                          /* its variables are bound by an ENABLED around */
    struct fm_context *enabled, *primed; /* the same in other modes, once made */
    struct fm_map *hidden;               /* entity to a VAR node of its hidden variable */
};

/* A body still to be elaborated. */
struct fm_job {
    struct fm_job *next;
    struct fm_context *context; /* whose names the expression uses */
    const struct fm_cell *cells;
    struct fm_frame *frame;
    struct fm_def *def;
    struct fm_ast *expression;            /* or FCNDEF unit */
    const struct fm_entity *function;     /* the entity that a FCNDEF defines */
    const struct fm_selection *selection; /* LETs to put around, or NULL */
};

/* What the configuration puts in the place of a constant or operator. */
struct fm_override {
    struct fm_override *next;   /* another one of the same entity */
    struct fm_context *context; /* of the name on the left */
    struct fm_entity *entity;
    bool through; /* named through an instance: "I!Op" */
    const struct fm_config_constant *constant;
    struct fm_def *def;                      /* once elaborated */
    const struct fm_config_constant **cases; /* C(a, b) = v: all of them */
    uint32_t case_count;
};

struct fm_elaborator {
    struct fm_sema *sema;
    struct fm_program *program;
    struct fm_context *root;
    struct fm_job *jobs, **jobs_end;
    struct fm_map *builtin_defs;   /* entity to def */
    struct fm_map *overrides;      /* entity as the root sees it: struct fm_override */
    struct fm_map *body_overrides; /* entity at the end of INSTANCEs: struct fm_override */
    uint32_t depth;
};

/* Where an expression is being elaborated. */
struct fm_build {
    struct fm_elaborator *elaborator;
    struct fm_context *context;
    const struct fm_cell *cells;
    struct fm_frame *frame;
};

struct fm_elaborator *fm_elaborator_new(struct fm_sema *sema);
void fm_elaborate_job(struct fm_elaborator *elaborator, const struct fm_job *job);
/* Elaborates all bodies that are waiting. */
void fm_elaborate_jobs(struct fm_elaborator *elaborator);
struct fm_node *fm_node_new(struct fm_elaborator *elaborator, enum fm_op op, struct fm_span span,
                            uint32_t count);
struct fm_def *fm_def_new(struct fm_elaborator *elaborator, const struct fm_symbol *name,
                          uint32_t param_count);
/* An arity-0 top-level definition whose body is that expression of the root module. */
struct fm_def *fm_elaborate_root_expression(struct fm_elaborator *elaborator,
                                            const struct fm_symbol *name, struct fm_ast *node);

/* --- context.c --- */
/* The context in which the entity's text is read, starting from a context that sees it. */
struct fm_context *fm_context_of(struct fm_elaborator *elaborator, struct fm_context *context,
                                 const struct fm_entity *entity);
struct fm_context *fm_context_child(struct fm_build *build, struct fm_context *parent,
                                    struct fm_instance *instance);
/* The definition of the entity (no alias) in its context. */
struct fm_def *fm_context_def(struct fm_elaborator *elaborator, struct fm_context *context,
                              struct fm_entity *entity);
/* A CONSTANT of the root. */
struct fm_def *fm_context_constant(struct fm_elaborator *elaborator, struct fm_entity *entity);
/* What is substituted for a declared entity by an expression: a definition of its own. */
struct fm_def *fm_context_substituted(struct fm_elaborator *elaborator, struct fm_context *context,
                                      const struct fm_substitution *substitution);
/* The definition of a selected subexpression. */
struct fm_def *fm_context_selection(struct fm_elaborator *elaborator, struct fm_context *context,
                                    const struct fm_selection *selection);
struct fm_context *fm_context_new(struct fm_elaborator *elaborator, struct fm_context *parent,
                                  struct fm_instance *instance);
const struct fm_cell *fm_cell_find(const struct fm_cell *cells, const void *key);
const struct fm_cell *fm_cell_add(struct fm_elaborator *elaborator, const struct fm_cell *outer,
                                  struct fm_cell cell);
/* `through`: the use is written I!Op, which TLC takes for a definition of its own. */
struct fm_override *fm_override_find(struct fm_elaborator *elaborator, struct fm_context *context,
                                     struct fm_entity *entity, bool through);

/* The substitution for a declared entity of the instantiated module. */
const struct fm_substitution *fm_context_substitution(const struct fm_context *context,
                                                      const struct fm_entity *declared);

/* --- enabled.c --- */
/* The context for the text inside an ENABLED; the context itself where that makes no difference. */
struct fm_context *fm_context_enabled(struct fm_elaborator *elaborator, struct fm_context *context);
/* The context for what is primed there. */
struct fm_context *fm_context_primed(struct fm_elaborator *elaborator, struct fm_context *context);
/* A context of a LET's instance, seen from a parent in another mode. */
struct fm_context *fm_context_within(struct fm_elaborator *elaborator, struct fm_context *context,
                                     struct fm_context *parent);
/* Whether the variable needs a hidden one inside an ENABLED of the context's module. */
bool fm_context_hides(struct fm_elaborator *elaborator, struct fm_context *context,
                      struct fm_entity *variable);
struct fm_node *fm_hidden_node(struct fm_elaborator *elaborator, struct fm_context *context,
                               struct fm_entity *variable, struct fm_span span);
/* Prime, UNCHANGED, [A]_v and <<A>>_v in ENABLED mode; NULL where nothing special is to be done. */
struct fm_node *fm_elaborate_under_enabled(struct fm_build *build, struct fm_ast *node);

/* --- elaborate_expr.c --- */
struct fm_node *fm_elaborate(struct fm_build *build, struct fm_ast *node);
/* The body of f[x \in S] == e; entity NULL when the function does not mention itself. */
struct fm_node *fm_elaborate_function(struct fm_build *build, struct fm_ast *unit,
                                      const struct fm_entity *entity);
/* A reference to a slot: LOCAL, APPLY or OPERATOR_LOCAL. */
struct fm_node *fm_local_node(struct fm_build *build, enum fm_op op, const struct fm_cell *cell,
                              struct fm_span span, uint32_t count);

/* --- elaborate_let.c --- */
struct fm_node *fm_elaborate_let(struct fm_build *build, struct fm_ast *let);
/* The expression of a selection, inside the LETs passed on the way from number `first` on. */
struct fm_node *fm_elaborate_selected(struct fm_build *build, const struct fm_selection *selection,
                                      uint32_t first);
/* An operator with those parameters nested in the current frame. */
struct fm_def *fm_elaborate_nested(struct fm_build *build, const struct fm_symbol *name,
                                   struct fm_entity *const *params, uint32_t param_count,
                                   struct fm_ast *body);
struct fm_def *fm_elaborate_lambda(struct fm_build *build, struct fm_ast *lambda);
/* The same for a selection inside a LET definition. */
struct fm_def *fm_elaborate_nested_selection(struct fm_build *build,
                                             const struct fm_selection *selection);
/* A LAMBDA without body: `build` continues in its frame, whose first slots are the parameters. */
struct fm_def *fm_elaborate_open_wrapper(struct fm_build *build, uint32_t arity,
                                         struct fm_span span);

/* --- elaborate_name.c --- */
/* IDENT, APPLY, PREFIX, INFIX, POSTFIX and SELECT as expressions. */
struct fm_node *fm_elaborate_name(struct fm_build *build, struct fm_ast *node);
/* An argument: an expression, or an operator when `arity` is above 0. */
struct fm_node *fm_elaborate_argument(struct fm_build *build, struct fm_ast *node, uint32_t arity);
/* The definition that the name stands for in build->context, the configuration's replacement
 * included. */
struct fm_def *fm_elaborate_definition(struct fm_build *build, struct fm_entity *entity,
                                       bool through);
/* A use of the entity, as build->context sees it. */
struct fm_node *fm_elaborate_entity(struct fm_build *build, struct fm_entity *entity,
                                    struct fm_node **arguments, uint32_t count,
                                    struct fm_span span);

/* --- bind.c --- */
/* Resolves the configuration's constants, then everything the configuration names. */
bool fm_bind_constants(struct fm_elaborator *elaborator);
bool fm_bind_formulas(struct fm_elaborator *elaborator);
/* Makes the definition what the configuration puts in its place; its parameters are the first
 * slots. */
void fm_override_apply(struct fm_build *build, struct fm_def *def,
                       const struct fm_override *override);
/* The definition that replaces an entity everywhere the root's name for it is used. */
struct fm_def *fm_override_def(struct fm_elaborator *elaborator, struct fm_override *override);
/* The definition that a name of the configuration means, "A!B" included; NULL when there is none.
 */
struct fm_def *fm_bind_find(struct fm_elaborator *elaborator, const struct fm_symbol *name);
/* That of a formula without parameters; otherwise NULL and a diagnostic; `what` is its use. */
struct fm_def *fm_bind_formula(struct fm_elaborator *elaborator, const struct fm_config_name *name,
                               const char *what);

/* --- program.c --- */
/* Levels of all nodes and definitions, from `first` on. */
void fm_program_set_levels(struct fm_program *program);

#endif
