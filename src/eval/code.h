/* Compiled code: what the interpreter runs instead of the program's nodes.
 *
 * Each fm_node becomes one fm_expr with a function that evaluates it, chosen once from the shape of
 * the node and its operands. Code is made when the model is made (or when an expression of the user
 * is compiled, under the model's lock) and is read-only afterwards: all that evaluation writes
 * lives in frames and in the engine. Kids of code stand in the order of the kids of its node, so
 * that the action evaluator (solve.c) and the explainer (explain.c) can walk both together.
 *
 * Internal to src/eval. */
#ifndef FM_EVAL_CODE_H
#define FM_EVAL_CODE_H

#include "model/model.h"
#include "modules/native.h"
#include "value/object.h"

struct fm_expr;
struct fm_frame;

/* Tags of slot words beside those of values (value.h, ORDER(tag)). */
#define FM_TAG_THUNK 6u
#define FM_TAG_CLOSURE 7u /* an operator, in the slot of an operator parameter */

/* What a value depended on. Bits of fm_engine.reads and fm_thunk.reads. */
#define FM_READ_STATE 1u
#define FM_READ_PRIMED 2u

typedef fm_value fm_expr_fn(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame);

/* An expression waiting in a slot: an argument, or a LET definition without parameters. */
struct fm_thunk {
    const struct fm_expr *code;
    struct fm_frame *frame;
    fm_value value;            /* NONE until cached */
    uint64_t s_epoch, t_epoch; /* contents of the states that were read */
    uint32_t reads;
    const struct fm_tally *cost; /* of what it is an argument of */
    uint32_t born;               /* loops open when it was made: see fm_engine_pin */
    uint32_t applied;      /* times a waiting function constructor was applied: expr_function.c */
    bool in_action;        /* LET of an action: TLC counts it where it is used, each time */
    bool is_let;           /* in action position it is always enumerated, as TLC does */
    uint64_t snapshot;     /* number of the snapshot that last met it */
    struct fm_thunk *copy; /* and what it became there */
};

struct fm_frame {
    struct fm_frame *up; /* static link, NULL at top level */
    fm_value slots[];    /* the unit's slots, then its LET thunks */
};

/* One compiled body with the shape of its frame. */
struct fm_unit {
    const struct fm_expr *body;
    uint32_t slots;
    uint32_t thunks;   /* LET thunks behind the slots */
    uint32_t depth;    /* static nesting */
    size_t frame_size; /* bytes */
};

/* ORDER(def_state) */
enum fm_def_state { FM_DEF_NEW, FM_DEF_COMPILING, FM_DEF_READY };

struct fm_def_code {
    struct fm_unit unit;
    const struct fm_def *def;
    enum fm_def_state state;
    uint32_t fold;         /* 1 + index of the fold of a constant definition, or 0 */
    struct fm_unit parent; /* the frame around a LET operator or LAMBDA, as far as used */
    const struct fm_captures *captures; /* slots of that frame and those around it that it uses */
    bool primes; /* applies prime, UNCHANGED, ENABLED ... to more than variables: see analysis.c */
    bool is_function; /* body is a function constructor: worth applying without building it */
};

/* How an argument reaches the callee. */
enum fm_arg_kind {
    FM_ARG_VALUE,  /* literal */
    FM_ARG_SLOT,   /* a local as it stands: value or thunk */
    FM_ARG_STRICT, /* a variable: its value, where it has one */
    FM_ARG_FOLD,   /* constant expression: its value if known, else a thunk */
    FM_ARG_THUNK,
    FM_ARG_OPERATOR, /* an operator with its static link */
    FM_ARG_OPERATOR_SLOT
};

struct fm_arg {
    enum fm_arg_kind kind;
    const struct fm_expr *code;
};

/* An operator as an argument. */
struct fm_closure {
    const struct fm_def_code *def;
    struct fm_frame *up;
};

struct fm_call {
    const struct fm_def_code *def; /* NULL for APPLY */
    uint32_t climb;                /* links from the caller's frame to the callee's static parent */
    bool is_global;                /* static parent is NULL */
    uint32_t count;
    struct fm_arg args[];
};

struct fm_expr_let {
    const struct fm_expr *code;
    uint32_t slot;
    uint32_t offset; /* of its thunk, bytes from the frame */
};

struct fm_expr_binding {
    const struct fm_expr *set; /* NULL: unbounded */
    const struct fm_binding *binding;
    uint32_t first_slot, slot_count;
    bool is_tuple;
};

struct fm_binder {
    uint32_t count;     /* of bindings */
    uint32_t variables; /* enumerations: a tuple counts once */
    uint32_t recursive; /* RECFCN: 1 + slot of the function itself */
    const struct fm_expr *body;
    const struct fm_def *function; /* definition around, for the operator stack; or NULL */
    struct fm_expr_binding at[];
};

struct fm_expr_update {
    const struct fm_expr *const *path;
    uint32_t path_count;
    const struct fm_expr *value;
    uint32_t at_slot;
};

struct fm_expr_record {
    fm_value domain;        /* names as a set; shared by all records of this constructor */
    const uint32_t *places; /* where the value of kid i goes */
    const struct fm_symbol *const *names;
};

/* Slots a snapshot must hold: (level, slot), level 0 outermost. */
struct fm_capture {
    uint32_t level, slot;
};

struct fm_captures {
    uint32_t count;
    struct fm_capture at[];
};

struct fm_expr {
    fm_expr_fn *eval;
    const struct fm_node *node;
    uint32_t count; /* of kids */
    uint32_t depth; /* of the frame it runs in */
    union {
        fm_value value;
        uint32_t index; /* variable */
        struct fm_local local;
        const struct fm_call *call;
        struct {
            const struct fm_expr_let *at;
            uint32_t count;
        } let;
        const struct fm_binder *binder;
        struct {
            const struct fm_expr_update *at;
            uint32_t count;
        } except;
        const struct fm_expr_record *record;
        const struct fm_symbol *name;
        struct {
            const struct fm_native *native;
            const struct fm_expr
                *text; /* a call of its text, which action positions solve; or NULL */
        } native;
        struct {
            const uint32_t *at; /* UNCHANGED of variables only */
            uint32_t count;
        } variables;
        struct {
            uint32_t index; /* in fm_engine.folds */
            bool impure;    /* known from the start, or evaluated at each use */
        } fold;
    } u;
    const struct fm_expr *inner;        /* behind a fold or a counting wrapper */
    const struct fm_captures *captures; /* free slots, of code that may outlive its frame */
    const struct fm_unit *unit;         /* in whose frame it runs */
    const struct fm_expr *kids[];
};

struct fm_eval_model;

/* While code is made. */
struct fm_compiler {
    struct fm_eval_model *model;
    struct fm_arena *arena;
    const struct fm_def *def; /* whose body it is, or NULL */
    struct fm_unit *unit;
    bool in_fold; /* below a constant expression: nothing more to fold */
};

/* compile.c */
/* The definition's code, compiled on first demand. Under the model's lock, or before it is shared.
 */
struct fm_def_code *fm_compile_def(struct fm_eval_model *model, const struct fm_def *def);
/* A formula, in the frame of `frame` (NULL: none). */
struct fm_unit *fm_compile_unit(struct fm_eval_model *model, const struct fm_node *node,
                                const struct fm_def *frame);
struct fm_expr *fm_compile(struct fm_compiler *compiler, const struct fm_node *node);
/* Without folding the node itself. */
struct fm_expr *fm_compile_bare(struct fm_compiler *compiler, const struct fm_node *node);
/* A constant to be evaluated once an engine: `inner` has the value. */
struct fm_expr *fm_compile_fold(struct fm_compiler *compiler, struct fm_expr *inner);
/* The same for the call of a constant definition: one fold however often it is called. */
struct fm_expr *fm_compile_definition_fold(struct fm_compiler *compiler, struct fm_expr *inner,
                                           struct fm_def_code *def, bool impure);
struct fm_expr *fm_expr_new(struct fm_compiler *compiler, const struct fm_node *node,
                            fm_expr_fn *eval, uint32_t kid_count);
/* The same with the node's kids compiled. */
struct fm_expr *fm_expr_with_kids(struct fm_compiler *compiler, const struct fm_node *node,
                                  fm_expr_fn *eval);
struct fm_binder *fm_compile_binder(struct fm_compiler *compiler, const struct fm_node *node,
                                    const struct fm_binding *bindings, uint32_t count);

/* Families: each compiles the node types it knows. */
struct fm_expr *fm_compile_logic(struct fm_compiler *compiler, const struct fm_node *node);
struct fm_expr *fm_compile_quantifier(struct fm_compiler *compiler, const struct fm_node *node);
struct fm_expr *fm_compile_set(struct fm_compiler *compiler, const struct fm_node *node);
struct fm_expr *fm_compile_function(struct fm_compiler *compiler, const struct fm_node *node);
struct fm_expr *fm_compile_except(struct fm_compiler *compiler, const struct fm_node *node);
struct fm_expr *fm_compile_call(struct fm_compiler *compiler, const struct fm_node *node);
struct fm_expr *fm_compile_native(struct fm_compiler *compiler, const struct fm_node *node);
struct fm_expr *fm_compile_state(struct fm_compiler *compiler, const struct fm_node *node);

/* analysis.c */
/* No slot of the frame around (at that depth) is read, nothing impure is done, and the level is
 * constant. */
bool fm_node_is_foldable(struct fm_eval_model *model, const struct fm_node *node, uint32_t depth);
/* FM_IMPURE_ bits of everything the node may evaluate. */
uint32_t fm_node_impurity(struct fm_eval_model *model, const struct fm_node *node);
/* Whether the definition sees its arguments through a prime: they must stay expressions. */
bool fm_def_primes(struct fm_eval_model *model, const struct fm_def *def);
/* The slots that code of the node reads in its frame (static level `depth`) and those around. */
const struct fm_captures *fm_node_captures(struct fm_eval_model *model, const struct fm_node *node,
                                           uint32_t depth);
/* The same of a LET operator or LAMBDA, for the frames around its own. */
const struct fm_captures *fm_def_captures(struct fm_eval_model *model, const struct fm_def *def);
void fm_analysis_deinit(struct fm_eval_model *model);

static inline fm_value fm_run(struct fm_engine *engine, const struct fm_expr *code,
                              struct fm_frame *frame)
{
    return code->eval(engine, code, frame);
}

static inline struct fm_frame *fm_frame_climb(struct fm_frame *frame, uint32_t depth)
{
    while (depth-- != 0) {
        frame = frame->up;
    }
    return frame;
}

static inline bool fm_is_thunk(fm_value slot)
{
    return (slot.bits & 7u) == FM_TAG_THUNK;
}
static inline struct fm_thunk *fm_thunk_of(fm_value slot)
{
    return (struct fm_thunk *)(uintptr_t)(slot.bits & ~(uint64_t)7u);
}
static inline fm_value fm_thunk_word(struct fm_thunk *thunk)
{
    return (fm_value){(uint64_t)(uintptr_t)thunk | FM_TAG_THUNK};
}
static inline const struct fm_closure *fm_closure_of(fm_value slot)
{
    return (const struct fm_closure *)(uintptr_t)(slot.bits & ~(uint64_t)7u);
}
static inline fm_value fm_closure_word(const struct fm_closure *closure)
{
    return (fm_value){(uint64_t)(uintptr_t)closure | FM_TAG_CLOSURE};
}

#endif
