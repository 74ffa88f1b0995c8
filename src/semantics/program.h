/* The program: a specification with modules resolved, instances substituted, constants bound.
 *
 * One closed graph of typed nodes, each with its source span; nothing behind it knows files or
 * syntax. Every reference is settled: to a definition, a variable, or a local slot. Instances are
 * expanded: each used definition of an instantiated module exists once per instance (parametrized
 * instances get the instance's parameters prepended), with substituted constants and variables
 * replaced by the expressions given (as definitions of arity 0, so that priming and ENABLED see
 * through them).
 *
 * Frames. A definition with own parameters (top-level, LET-defined with parameters, or LAMBDA) is
 * evaluated in a frame of `frame_size` slots: parameters first, then its bound variables and its
 * LET definitions without parameters. A LET definition without parameters has no frame of its own:
 * it is a lazily evaluated slot of the enclosing frame. Nested operators reach enclosing frames by
 * static links: a local is (depth, slot), depth 0 is the current frame. Distinct bound variables of
 * one frame have distinct slots. Top-level definitions without parameters have frames too (slots of
 * their bodies).
 *
 * Lifetime: everything lives in the program's arena. Read-only after fm_program_close. */
#ifndef FM_SEMANTICS_PROGRAM_H
#define FM_SEMANTICS_PROGRAM_H

#include "base/arena.h"
#include "diag/diag.h"
#include "value/value.h"

#include <stdbool.h>
#include <stdint.h>

struct fm_native; /* modules/native.h */
struct fm_sema;   /* semantics/sema.h: what the program was made from */
struct fm_map;
struct fm_node;

/* Levels of "Specifying Systems" 17.2. */
enum fm_level { FM_LEVEL_CONSTANT, FM_LEVEL_STATE, FM_LEVEL_ACTION, FM_LEVEL_TEMPORAL };

struct fm_param {
    const struct fm_symbol *name;
    uint32_t arity; /* 0: a value; otherwise an operator */
    struct fm_span span;
};

/* A named definition, a declared constant, a LET operator or a LAMBDA. */
struct fm_def {
    const struct fm_symbol *name;   /* full: "I!Op" through a named instance; "LAMBDA" */
    const struct fm_symbol *module; /* whose text it stands in */
    struct fm_span span;            /* the whole definition */
    struct fm_span name_span;
    const struct fm_param *params;
    uint32_t param_count;
    uint32_t frame_size;            /* slots, parameters included */
    struct fm_node *body;           /* NULL for a declared constant without definition */
    const struct fm_native *native; /* implemented in C (body is NULL then), or NULL */
    struct fm_def *text;      /* the definition in TLA+ of a native that is solved by it, or NULL */
    fm_value value;           /* of a constant bound by the configuration, or NONE */
    enum fm_level level;      /* of the body, parameters taken as constants */
    uint32_t index;           /* dense in program->defs; for engines' side tables */
    uint64_t counting_params; /* bit: the parameter stands outside ENABLED too */
    uint32_t depth;           /* static nesting of its frame: 0 for top level */
    bool is_constant_decl;    /* CONSTANT C or C(_, _) */
    bool is_recursive;        /* declared RECURSIVE, or a function defined recursively */
    bool is_let;              /* LET-defined or LAMBDA: needs a static link when called */
    bool is_lambda;   /* LAMBDA, or a subexpression used inside its LET: in no list of a LET */
    bool is_counting; /* definition of a LET used outside ENABLED too: found with the levels */
    bool is_fact;     /* statement of an ASSUME or THEOREM: evaluated only when asked for */
    bool reevaluate;  /* constant replaced by `C <- D` in the cfg: evaluated at each use */
    const struct fm_symbol *instance; /* "I" when it came through a named instance, else NULL */
};

/* Bound variables of one `x, y \in S` or `<<x, y>> \in S`. */
struct fm_binding {
    uint32_t first_slot; /* consecutive slots */
    uint32_t slot_count;
    bool is_tuple;       /* one element is destructured into the slots; else each ranges over set */
    struct fm_node *set; /* NULL: unbounded */
    const struct fm_symbol *const *names; /* slot_count of them */
    struct fm_span span;
};

struct fm_let {
    struct fm_def *def; /* param_count > 0: called through OP_CALL; 0: slot below */
    uint32_t slot;
};

/* One `![i].a[j] = value` of EXCEPT. */
struct fm_update {
    struct fm_node **path; /* index expressions; a field is a VALUE node with the string */
    uint32_t path_count;
    struct fm_node *value;
    uint32_t at_slot; /* where @ is found while value is evaluated */
};

/* ORDER(op). Kids in brackets. */
enum fm_op {
    FM_OP_VALUE,    /* literal: number, string, TRUE, BOOLEAN, STRING ...: u.value */
    FM_OP_DECIMAL,  /* u.name as written: evaluating it is an error by name */
    FM_OP_VAR,      /* state variable u.index */
    FM_OP_LOCAL,    /* u.local: parameter of arity 0, bound variable, LET without parameters, @ */
    FM_OP_CALL,     /* u.def [arguments]: definitions, constants (also with arity), natives */
    FM_OP_APPLY,    /* u.local: an operator parameter [arguments] */
    FM_OP_OPERATOR, /* u.def as an argument (LAMBDA, operator name); u.local.slot unused */
    FM_OP_OPERATOR_LOCAL, /* u.local: an operator parameter passed on as an argument */
    FM_OP_AND, /* [n >= 1] junction list or chain of /\ written without parentheses kept binary */
    FM_OP_OR,  /* [n >= 1] */
    FM_OP_NOT, /* [a] */
    FM_OP_IMPLIES, /* [a, b] */
    FM_OP_EQUIV,   /* [a, b] */
    FM_OP_FORALL,  /* u.bind [body]; bounded, or unbounded (set NULL) */
    FM_OP_EXISTS,  /* u.bind [body] */
    FM_OP_CHOOSE,  /* u.bind [body], one binding */
    FM_OP_EQ,      /* [a, b] */
    FM_OP_NE,
    FM_OP_IN,
    FM_OP_NOTIN,
    FM_OP_SUBSETEQ,
    FM_OP_CUP,
    FM_OP_CAP,
    FM_OP_DIFF,       /* set difference */
    FM_OP_POWERSET,   /* SUBSET [s] */
    FM_OP_BIG_UNION,  /* UNION [s] */
    FM_OP_DOMAIN,     /* [f] */
    FM_OP_SETENUM,    /* [elements] */
    FM_OP_FILTER,     /* u.bind (one) [predicate] */
    FM_OP_MAP,        /* u.bind [element] */
    FM_OP_TUPLE,      /* [elements] */
    FM_OP_CROSS,      /* [factors] */
    FM_OP_FCN,        /* u.bind [body]: [x \in S, y \in T |-> e]; several: argument is a tuple */
    FM_OP_RECFCN,     /* u.recfcn: f[x \in S] == e, the function itself at u.recfcn.slot [body] */
    FM_OP_FCNAPP,     /* [f, argument]: several arguments were made one TUPLE */
    FM_OP_FCNSET,     /* [domain, range] */
    FM_OP_RECORD,     /* u.names [values] */
    FM_OP_RECSET,     /* u.names [sets] */
    FM_OP_FIELD,      /* u.name [record] */
    FM_OP_EXCEPT,     /* u.updates [f] */
    FM_OP_IF,         /* [condition, then, else] */
    FM_OP_CASE,       /* [guard, value, guard, value, ..., (value of OTHER)]: odd count has OTHER */
    FM_OP_LET,        /* u.lets [body] */
    FM_OP_LABEL,      /* u.name [expression] */
    FM_OP_PRIME,      /* [expression] */
    FM_OP_UNCHANGED,  /* [expression] */
    FM_OP_ENABLED,    /* [action] */
    FM_OP_CDOT,       /* [A, B] */
    FM_OP_SQUARE,     /* [A, v]: [A]_v */
    FM_OP_ANGLE,      /* [A, v] */
    FM_OP_ALWAYS,     /* [] [F] */
    FM_OP_EVENTUALLY, /* <> [F] */
    FM_OP_LEADSTO,    /* [F, G] */
    FM_OP_WF,        /* [v, A, <<A>>_v, ENABLED <<A>>_v]: the last two share nodes with the first */
    FM_OP_SF,        /* the same */
    FM_OP_GUARANTEE, /* -+-> [F, G] */
    FM_OP_TEXISTS,   /* \EE: parsed, refused when checked */
    FM_OP_TFORALL,   /* \AA */
    FM_OP_COUNT
};

struct fm_local {
    uint32_t depth; /* static links to climb */
    uint32_t slot;
    const struct fm_symbol *name; /* as written, for messages; "@" */
    struct fm_def *let;           /* the LET definition whose slot it is, or NULL */
};

struct fm_node {
    enum fm_op op;
    enum fm_level level;
    uint32_t count; /* of kids */
    uint32_t index; /* dense over the program: engines' side tables, coverage */
    struct fm_span span;
    struct fm_node **kids;
    union {
        fm_value value;
        const struct fm_symbol *name;
        uint32_t index;
        struct fm_local local;
        struct fm_def *def;
        struct {
            const struct fm_binding *at;
            uint32_t count;
        } bind;
        struct {
            const struct fm_binding *at;
            uint32_t count;
            uint32_t slot;
            const struct fm_symbol *name; /* of the function: messages */
        } recfcn;
        struct {
            const struct fm_let *at;
            uint32_t count;
        } lets;
        struct {
            const struct fm_update *at;
            uint32_t count;
        } updates;
        const struct fm_symbol *const *names; /* count of kids */
    } u;
};

struct fm_variable {
    const struct fm_symbol *name;
    const struct fm_symbol *module; /* that declares it */
    struct fm_span span;
};

/* A formula of the configuration: INVARIANT TypeOK, or a part a property was split into. */
struct fm_formula {
    const struct fm_symbol *name; /* as the cfg names it, "" for parts without one */
    struct fm_node *node;
    struct fm_def *def;   /* the definition named, or NULL */
    struct fm_def *frame; /* whose frame_size evaluates `node` (locals of the split stand in it) */
};

/* One action of the split next-state relation (tlc.md, "Actions"). The bound variables of the `\E`
 * and the arguments of the calls passed on the way are constants found at the split. */
struct fm_action {
    const struct fm_symbol *name; /* of the innermost named definition, or of the whole: "Next" */
    struct fm_span span;          /* the place in its label */
    const struct fm_symbol *module;
    struct fm_node *node;
    struct fm_def *def;    /* the definition that `node` stands in: its frame evaluates it */
    const fm_value *frame; /* initial values of that frame's slots, NONE where unset */
    uint32_t frame_count;
    const struct fm_symbol *const
        *argument_names; /* of parameters and bound variables of the label */
    const fm_value *arguments;
    uint32_t argument_count;
};

struct fm_config;
struct fm_config_statistic;
struct fm_choice;

struct fm_program {
    struct fm_arena arena;
    struct fm_symbols *symbols;
    struct fm_diags *diags;
    const struct fm_symbol *root; /* name of the root module */
    const struct fm_variable *variables;
    uint32_t variable_count;
    uint32_t hidden_count; /* further variables, from variable_count on, that ENABLED alone binds */
    struct fm_def **defs;
    uint32_t def_count, def_capacity;
    uint32_t node_count;
    struct fm_formula *assumes; /* of the root and what it EXTENDS */
    uint32_t assume_count;

    /* From the configuration, resolved; empty when there is none. */
    struct fm_formula *inits; /* initial predicates in order, conjoined */
    uint32_t init_count;
    struct fm_formula next;        /* node NULL when there is no behaviour specification */
    struct fm_formula *invariants; /* INVARIANT, and state-level `[]P` of properties */
    uint32_t invariant_count;
    struct fm_formula *implied_inits; /* state-level properties */
    uint32_t implied_init_count;
    struct fm_formula *implied_actions; /* `[][A]_v`: node is the SQUARE */
    uint32_t implied_action_count;
    struct fm_formula *temporals; /* the rest of the properties: not safety */
    uint32_t temporal_count;
    struct fm_formula *fairness; /* temporal conjuncts of SPECIFICATION besides [][N]_v */
    uint32_t fairness_count;
    struct fm_formula *constraints, *action_constraints, *postconditions;
    uint32_t constraint_count, action_constraint_count, postcondition_count;
    struct fm_formula view, symmetry, alias; /* node NULL when absent */
    const struct fm_config *config;          /* or NULL */
    bool check_deadlock;                     /* CHECK_DEADLOCK, TRUE unless the cfg says FALSE */

    const struct fm_config_statistic *statistics; /* of the configuration, as they are written */
    uint32_t statistic_count;
    const struct fm_choice *choices; /* DISTRIBUTION, when fm_statistics_bind was called (law.h) */
    uint32_t choice_count;

    struct fm_map *names; /* symbol to definition, as the root sees it */
    struct fm_sema *sema; /* of fm_program_add_expression */
};

/* The definition visible in the root module under that name ("Op", "I!Op"); NULL when there is
 * none. */
struct fm_def *fm_program_find(const struct fm_program *program, const struct fm_symbol *name);
void fm_program_free(struct fm_program *program);
/* Copies for parts that are made of others after elaboration, numbered as their own; the arena is
 * the program's. */
struct fm_node *fm_program_copy_node(struct fm_program *program, const struct fm_node *like);
struct fm_def *fm_program_copy_def(struct fm_program *program, const struct fm_def *like);
/* A node as TLA+ text of at most size_max bytes, on one line: messages and explanations. */
void fm_node_print(const struct fm_program *program, const struct fm_node *node, size_t size_max,
                   struct fm_text *out);

#endif
