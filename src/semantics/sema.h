/* What the files of this folder share: modules, entities (whatever a name can stand for), scopes.
 *
 * Everything lives in the program's arena. Analysis (module.c, analyze*.c) resolves every name of
 * every module once and leaves, on the nodes of the syntax trees, notes that say what they stand
 * for; elaboration (elaborate*.c) reads them and builds the program. Notes by kind of node:
 *
 *   IDENT APPLY PREFIX INFIX POSTFIX OPARG   struct fm_entity: what the name stands for
 *   SELECT                                   struct fm_selection
 *   OPDECL, IDENT of a BINDING, NEW          struct fm_entity: the parameter or variable declared
 *   OPDEF FCNDEF MODDEF ASSUME THEOREM       struct fm_entity: what is defined (named ones)
 *   INSTANCE                                 struct fm_instance
 *   SUBST                                    struct fm_entity: the declaration substituted
 *   LABEL                                    struct fm_entity of kind LABEL
 *   MODULE                                   struct fm_module */
#ifndef FM_SEMANTICS_SEMA_H
#define FM_SEMANTICS_SEMA_H

#include "base/arena.h"
#include "base/map.h"
#include "semantics/load.h"
#include "semantics/program.h"
#include "syntax/ast.h"
#include "syntax/parse.h"

#include <stdbool.h>
#include <stdint.h>

enum fm_entity_kind {
    FM_ENTITY_CONSTANT,  /* declared CONSTANT */
    FM_ENTITY_VARIABLE,  /* declared VARIABLE */
    FM_ENTITY_DEFINED,   /* operator, function, named ASSUME or THEOREM; LET-defined ones too */
    FM_ENTITY_INSTANCE,  /* I of I(x) == INSTANCE M */
    FM_ENTITY_PARAMETER, /* of an operator, LAMBDA or parametrized instance */
    FM_ENTITY_BOUND,     /* bound variable */
    FM_ENTITY_BUILTIN,   /* an operator of the language */
    FM_ENTITY_NEW,       /* NEW in ASSUME/PROVE */
    FM_ENTITY_LABEL
};

struct fm_module;
struct fm_instance;
struct fm_level_facts; /* level.h */
struct fm_level_value;
struct fm_builtin;

struct fm_entity {
    enum fm_entity_kind kind;
    const struct fm_symbol *name;
    struct fm_module *module; /* whose text it stands in; NULL for built-in operators */
    struct fm_span span;      /* of the whole definition or declaration */
    struct fm_span name_span;
    uint32_t arity; /* parameters, those of a parametrized instance included only for I */
    struct fm_entity **params; /* arity of them, or NULL: all of arity 0 */
    struct fm_ast *ast;        /* the defining node */
    struct fm_ast *body;       /* expression; NULL while only declared RECURSIVE */
    struct fm_instance
        *instance;            /* of kind INSTANCE; with `target`: the INSTANCE that brought it */
    struct fm_entity *target; /* of what came by an unnamed INSTANCE: the one in its module */
    const struct fm_builtin *builtin;
    struct fm_level_facts *facts;
    struct fm_recursive_section
        *section;              /* of definitions from RECURSIVE to the last one announced */
    struct fm_entity **labels; /* directly inside the body, or inside the label */
    uint32_t label_count;
    uint32_t let_depth;  /* LETs around it */
    enum fm_level level; /* of VARIABLE, NEW, BOUND: of a declared thing */
    bool is_local;
    bool is_function;     /* f[x \in S] == e */
    bool is_self_applied; /* and e mentions f */
    bool is_let;
    bool is_fact; /* ASSUME or THEOREM */
    bool declared_recursive;
    bool
        is_operator_value; /* of a DEFINED one with ASSUME/PROVE as body: cannot be an expression */
    bool is_step;          /* a proof step that is no expression: HAVE, CASE, ... */
    bool is_analyzed;      /* labels and levels are known */
};

/* Definitions that may use each other: their levels are found together. */
struct fm_recursive_section {
    struct fm_entity **entities;
    uint32_t count, capacity;
};

/* One WITH clause, written or implied. */
struct fm_substitution {
    struct fm_entity *declared; /* CONSTANT or VARIABLE of the instantiated module */
    struct fm_ast *expression;  /* NULL when implied: `same` */
    struct fm_entity *same;     /* the entity of that name where the INSTANCE stands */
    struct fm_span span;
};

struct fm_instance {
    struct fm_module *module;     /* instantiated */
    struct fm_module *where;      /* the module whose text has the INSTANCE */
    struct fm_ast *ast;           /* INSTANCE */
    const struct fm_symbol *name; /* I, or NULL */
    struct fm_entity **params;    /* of I(x, y) */
    uint32_t param_count;
    struct fm_substitution *substitutions; /* one for each declaration visible in the module */
    uint32_t substitution_count;
    struct fm_level_value *values; /* levels of the substitutions: level_instance.c */
    struct fm_span span;
    bool is_let;
    bool is_local;
};

/* A resolved A!B(x)!2!lab ... */
struct fm_step { /* one name of the path */
    struct fm_entity *entity;
    struct fm_ast *selector; /* SEL_NAME: its kids are the arguments */
};

/* A binder passed on the way down to a subexpression: its variables become parameters. */
struct fm_selection_param {
    struct fm_entity *entity;
    struct fm_ast *argument; /* NULL: the selection is used as an operator */
};

struct fm_selection {
    struct fm_step *steps; /* instances, then one definition */
    uint32_t step_count, step_capacity;
    struct fm_entity *entity;     /* the definition: last of the steps */
    const struct fm_symbol *name; /* "Inv!2" */
    bool is_subexpression;        /* below: the expression chosen inside it */
    struct fm_ast *expression;
    struct fm_selection_param *params; /* parameters of the definition first, then of binders */
    uint32_t param_count, param_capacity;
    struct fm_ast **lets; /* LET nodes passed, outermost first */
    uint32_t let_count, let_capacity;
    uint32_t arity; /* of the operator that the selection stands for; 0: an expression */
    uint32_t
        instance_params; /* those of the instances on the way: first arguments of an operator */
};

/* One link of a chain of scopes. */
struct fm_scope {
    struct fm_scope *outer;
    struct fm_map *names;     /* symbol to entity */
    struct fm_module *module; /* of a module's own scope, or NULL */
};

struct fm_module_name { /* EXTENDS or INSTANCE of a name */
    const struct fm_symbol *name;
    struct fm_span span;
};

struct fm_unit { /* a file, or a built-in text */
    const char *path;
    uint32_t source;
    bool is_builtin;
    bool is_ranked;
    struct fm_spellings spellings;
    struct fm_module *root;
    struct fm_unit **extendees, **instancees;
    uint32_t extendee_count, extendee_capacity, instancee_count, instancee_capacity;
};

struct fm_module {
    const struct fm_symbol *name;
    struct fm_ast *ast;
    struct fm_unit *unit;
    struct fm_module *outer;
    struct fm_module **inner; /* nested modules in order */
    uint32_t inner_count, inner_capacity;
    struct fm_map *bound; /* symbol to module: names of EXTENDS and INSTANCE settled so far */
    struct fm_module_name *extended, *instanced;
    uint32_t extended_count, extended_capacity, instanced_count, instanced_capacity;

    /* Analysis. */
    struct fm_scope *scope;
    struct fm_entity **entities; /* all names of the module's own scope, in order of arrival */
    uint32_t entity_count, entity_capacity;
    struct fm_module **extendees; /* direct */
    uint32_t extendee_count, extendee_capacity;
    struct fm_ast **assumes; /* ASSUME nodes, those of extended modules first */
    uint32_t assume_count, assume_capacity;
    struct fm_map *visible;       /* modules nested in it or in extended ones: symbol to module */
    struct fm_level_facts *facts; /* constraints of its units: level_instance.c */
    bool is_analyzed;
    bool is_constant, is_constant_known; /* nothing in it is above constant level */
    bool has_declarations;               /* declares or inherits a CONSTANT or VARIABLE */
};

struct fm_sema {
    struct fm_session session;
    const struct fm_load_options *options;
    struct fm_load_report *report;
    struct fm_program *program;
    struct fm_arena *arena; /* the program's */
    struct fm_map **maps;   /* to free */
    uint32_t map_count, map_capacity;
    struct fm_unit **units; /* in order of parsing */
    uint32_t unit_count, unit_capacity;
    struct fm_unit **order; /* in order of analysis */
    uint32_t order_count, order_capacity;
    struct fm_map *builtins; /* symbol to entity */
    struct fm_module *root;
    struct fm_config *config; /* NULL without one */
    struct fm_elaborator *elaborator;
    char *directory; /* of the root module, with a slash, or "" */
};

/* Growing arrays in the arena: what is outgrown stays there until the arena goes. */
#define fm_sema_push(sema, array, count, capacity, item)                                           \
    ((void)((count) < (capacity)                                                                   \
                ? NULL                                                                             \
                : ((array) = fm_sema_grow((sema)->arena, (array), &(capacity), sizeof *(array)))), \
     (void)((array)[(count)++] = (item)))

void *fm_sema_grow(struct fm_arena *arena, void *array, uint32_t *capacity, size_t item_size);
struct fm_map *fm_sema_map(struct fm_sema *sema);
const struct fm_symbol *fm_sema_symbol(struct fm_sema *sema, const char *text);
struct fm_entity *fm_sema_entity(struct fm_sema *sema, enum fm_entity_kind kind,
                                 const struct fm_symbol *name, struct fm_module *module);
/* The definition at the end of a chain of INSTANCEs. */
struct fm_entity *fm_entity_origin(struct fm_entity *entity);
uint32_t fm_entity_param_arity(const struct fm_entity *entity, uint32_t param);

/* --- load.c, find.c --- */
bool fm_sema_load_modules(struct fm_sema *sema);
/* The module that the name means in an EXTENDS or INSTANCE of `module` once that is analyzed; or
 * NULL. */
struct fm_module *fm_module_resolve(const struct fm_sema *sema, const struct fm_module *module,
                                    const struct fm_symbol *name);

/* --- scope.c --- */
struct fm_scope *fm_scope_push(struct fm_sema *sema, struct fm_scope *outer);
struct fm_entity *fm_scope_find(const struct fm_sema *sema, const struct fm_scope *scope,
                                const struct fm_symbol *name);
/* Adds, or reports what forbids it. `entity` must carry its name_span. */
void fm_scope_add(struct fm_sema *sema, struct fm_scope *scope, struct fm_entity *entity);
/* The same for an operator brought by the INSTANCE at `span`: it may meet its equal. */
void fm_scope_import(struct fm_sema *sema, struct fm_scope *scope, struct fm_entity *entity,
                     struct fm_span span);
/* "unknown operator `x`" with the nearest name. */
void fm_scope_report_unknown(struct fm_sema *sema, const struct fm_scope *scope,
                             struct fm_span span, const struct fm_symbol *name);
/* The operator of a module that others see under the name; NULL when there is none or it is local.
 */
struct fm_entity *fm_module_export(const struct fm_module *module, const struct fm_symbol *name);
void fm_module_extend(struct fm_sema *sema, struct fm_module *module, struct fm_module *extendee,
                      struct fm_span span);

/* A built-in module that defines an operator of that name, or NULL: for hints. */
const char *fm_sema_module_defining(const char *name);

/* --- level.c --- */
/* Checks the levels of everything in the module; once each. */
void fm_level_check_module(struct fm_sema *sema, struct fm_module *module);

/* --- analyze.h declares what the analysis shares --- */
void fm_analyze_module(struct fm_sema *sema, struct fm_module *module);
/* An expression in the scope of the root module. */
void fm_analyze_root_expression(struct fm_sema *sema, struct fm_ast *node);

#endif
