/* The emitter: from a program's nodes to C. Internal to src/native.
 *
 * Emission is partial evaluation. A definition is expanded where it is called, with an environment
 * (struct fm_emit_frame) that says for every slot what is known: a C expression with its shape, a
 * constant, an expression not yet emitted (call-by-name), or an operator. So higher-order
 * operators, LAMBDA, parametrized instances and the constants that the split of Next found all
 * disappear.
 *
 * Emission writes statements into the current block and returns a term: a C expression without side
 * effects that is cheap to repeat (a name, a member, a literal). Everything lazy in TLA+ (the right
 * side of /\, the arms of IF) is emitted into a block of its own.
 *
 * What cannot be emitted is refused (fm_emit_refuse does not return): the smallest expression
 * around that can be interpreted becomes a call of the interpreter (emit_interpret.c), on boxed
 * values; if none can, the whole action or formula is the interpreter's. What can be emitted but
 * goes wrong when it runs (an integer overflows, an application is outside of its domain, a value
 * leaves the shape of its variable) calls fm_nrt_fail: the engine then discards what that state has
 * not yet delivered and lets the interpreter redo the state. So emitted code has no errors of its
 * own, and being strict where TLC is lazy costs time but never changes a result.
 *
 * The same walk is the abstract interpretation: a dry run throws its text away and keeps the shapes
 * that were stored in each variable (struct fm_emit_stores). */
#ifndef FM_NATIVE_EMIT_H
#define FM_NATIVE_EMIT_H

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "native/layout.h"
#include "native/shape.h"
#include "native/term.h"
#include "semantics/program.h"

#include <setjmp.h>
#include <stdatomic.h>

struct fm_model;

/* ORDER(emit_slot) */
enum fm_emit_slot_kind {
    FM_EMIT_UNSET,
    FM_EMIT_TERM,    /* a bound variable, or an argument already evaluated */
    FM_EMIT_THUNK,   /* an argument or LET definition: node in its frame */
    FM_EMIT_OPERATOR /* an operator argument: definition with its static frame */
};

struct fm_emit_slot {
    enum fm_emit_slot_kind kind;
    struct fm_term term; /* TERM; of a THUNK once emitted in `block` */
    const struct fm_node *node;
    const struct fm_def *def;
    struct fm_emit_frame *frame;
    uint32_t block; /* where term is valid: see fm_emit_block_is_open */
    uint32_t epoch; /* of assignments to primed variables, when the thunk reads them */
    /* Of emit_thunk.c, zero in a fresh slot. */
    struct fm_emit_hole *hole; /* where the thunk was made */
    const char *once;          /* name of the C variable that keeps it over loops */
    const struct fm_shape *once_shape;
    uint8_t reads, constant;
};

struct fm_emit_frame {
    struct fm_emit_frame *up; /* static link */
    const struct fm_def *def; /* whose frame it is; NULL for none */
    uint32_t count;
    struct fm_emit_slot slots[];
};

/* One place where emitted code calls the interpreter: numbered in order. */
struct fm_emit_site {
    const struct fm_node *node;
    const struct fm_def *frame; /* whose frame the node's locals stand in; NULL: none */
    const uint32_t *slots;      /* of that frame that are passed, in the order of the call */
    uint32_t slot_count;
    const uint32_t *variables; /* read unprimed */
    uint32_t variable_count;
    const uint32_t *primed; /* read primed */
    uint32_t primed_count;
    const char *reason; /* why it is not emitted: for --explain-native */
    bool is_dropped;    /* its calls were thrown away: --explain-native is silent */
};

/* What became of one action or formula: for --explain-native. */
struct fm_emit_note {
    const char *name; /* "action Send (m.tla:12)", "invariant TypeOK" */
    bool emitted;
    const char *reason;              /* why not; why it is not even evaluated; or NULL */
    uint32_t first_site, site_count; /* parts that are interpreted */
};

/* A variable of C that was made by EXCEPT: `base`, but for its part at `index`. */
struct fm_emit_update {
    const char *name;
    const struct fm_shape *shape; /* FCN, PFUN or SEQ */
    const char *base, *index;     /* C */
};

/* A formula that holds wherever the frame is that one: emit_sieve.c. */
struct fm_emit_assumption {
    const struct fm_node *node;
    const struct fm_emit_frame *frame;
};

/* Lines of one function are collected apart, so that helpers and constants it needs can be written
 * before it. */
struct fm_emit_block; /* an open brace */

struct fm_emit {
    struct fm_arena arena;
    const struct fm_program *program;
    const struct fm_model *model; /* the interpreter's */
    struct fm_shapes *shapes;
    struct fm_value_context *context;    /* for folding at emission; errors raised there refuse */
    struct fm_value_context own_context; /* what `context` points to: see fm_emit_own_context */
    const struct fm_layout *layout;      /* shapes of the variables */
    struct fm_engine *engine;            /* inner engine: evaluates constant expressions */

    struct fm_text prelude; /* types, constants, helper functions: already complete */
    struct fm_text body;    /* of the function being written */
    uint32_t indent;
    uint32_t next_name;
    FM_VEC(uint32_t) blocks; /* open ones, outermost first: numbers never used again */
    uint32_t next_block;

    const char *state;            /* C of the pointer to the current state: "s" */
    const struct fm_term *target; /* per variable: the primed values so far, shape NULL where
                                     unassigned; NULL outside actions */
    uint32_t target_epoch;        /* changes with every assignment */
    bool primed;                  /* below a prime: variables mean the next state */
    bool needs_context;           /* what is written uses `c`: see fm_emit_need_context */

    const struct fm_shape **stores; /* dry run: join of what was stored, per variable; or NULL */
    struct fm_map constants;        /* value -> name in the prelude */
    FM_VEC(fm_value) values;        /* boxed constants, bound at load: c->constants[i] */
    FM_VEC(struct fm_emit_site) sites;
    FM_VEC(struct fm_emit_note) notes;
    FM_VEC(struct fm_emit_update) updates; /* in order of their names */
    FM_VEC(struct fm_emit_assumption) assumed;
    const struct fm_node *sieved; /* what the body of the next loop is: fm_emit_sieve_next */
    bool sieve_wanted;
    struct fm_map types; /* shapes whose struct and functions are in the prelude */
    uint32_t depth;      /* of expansion: recursion and bloat are refused */
    size_t body_max;     /* bytes of one function beyond which it is refused */

    struct fm_symbols *keys;          /* of what is written once: "conv_3_7" */
    struct fm_map done;               /* key -> its name in the prelude */
    struct fm_emit_helper *helper;    /* functions being written aside, innermost first */
    struct fm_dictionary *dictionary; /* scratch: to try whether a value is of a shape */
    struct fm_span last_place;

    struct fm_emit_point *points; /* places in the body that somebody will return to: piece.h */
    FM_VEC(struct fm_emit_hole *) holes;
    struct fm_map needs, folds,
        node_sites; /* by node: emit_needs.c, emit_expr.c, emit_interpret.c */

    struct fm_emit_lifted *lifted, *lifting; /* recursive functions: emit_recursive.c */
    uint32_t site_calls;                     /* calls of the interpreter that were written */
    uint32_t unrolled; /* quantifiers around that may be written out: emit_quantifier.c */
    bool bottom;       /* refused because a recursive call has no shape yet */

    const atomic_bool
        *cancel;        /* once set everything is refused: nobody wants it any more; or NULL */
    jmp_buf *refused;   /* innermost protected emission */
    const char *reason; /* of the last refusal; in the arena */
    const struct fm_node *refused_at;
};

/* --- emit.c: text, blocks, names, refusal --- */
void fm_emit_line(struct fm_emit *emit, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* "head {" and its end. */
void fm_emit_open(struct fm_emit *emit, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void fm_emit_close(struct fm_emit *emit, const char *tail); /* "}" tail: "", " while (0);" */
/* Whether code in the current block comes after code of that block, which then dominates it. */
bool fm_emit_block_is_open(const struct fm_emit *emit, uint32_t block);
uint32_t fm_emit_block(const struct fm_emit *emit);
/* A fresh C identifier "hint_12"; characters C does not know become underscores. */
const char *fm_emit_name(struct fm_emit *emit, const char *hint);
const char *fm_emit_format(struct fm_emit *emit, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* #line of the node, and its source line as a comment when that is new. */
void fm_emit_place(struct fm_emit *emit, const struct fm_node *node);
_Noreturn void fm_emit_refuse(struct fm_emit *emit, const struct fm_node *node, const char *format,
                              ...) __attribute__((format(printf, 3, 4)));
/* Notes that the function being written uses the runtime's context `c`: it may fail or ask the
 * engine for something. To be called wherever C with `c` in it is made for an expression; functions
 * of formulas that need none have no parameter of that name, so that C finds what was forgotten. */
void fm_emit_need_context(struct fm_emit *emit);
/* "fm_nrt_fail(c);": what comes here is left to the interpreter. */
void fm_emit_fail(struct fm_emit *emit);
/* The same under a condition: the value leaves what emitted code can do. */
void fm_emit_guard(struct fm_emit *emit, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Makes emit->context a copy of that one whose errors refuse. The emitter must not move. */
void fm_emit_own_context(struct fm_emit *emit, const struct fm_value_context *context);
/* Frees what the emitter holds (the shapes and the rest that it was given stay). Before use the
 * struct is zero but for what the caller gives: program, shapes, context, layout, engine. */
void fm_emit_deinit(struct fm_emit *emit);
/* Runs emission so that a refusal comes back here: false then, with emit->reason, and text, blocks,
 * helpers, primed, target, state and depth as they were before. Calls nest. */
typedef void fm_emit_fn(struct fm_emit *emit, void *closure);
bool fm_emit_try(struct fm_emit *emit, fm_emit_fn *run, void *closure);
/* A function written aside: everything up to the end goes into it (its head is the format, without
 * the brace), then into the prelude. Calls nest. Terms from outside are not valid in it. */
void fm_emit_helper_begin(struct fm_emit *emit, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void fm_emit_helper_end(struct fm_emit *emit);
/* Once for each key: NULL at the first time, when a name must be given with fm_emit_once_is. */
const char *fm_emit_once(struct fm_emit *emit, const char *key);
void fm_emit_once_is(struct fm_emit *emit, const char *key, const char *name);

/* --- emit_expr.c: expressions --- */
/* want NULL: the least shape that is known to hold the value. Otherwise the result has that shape.
 */
struct fm_term fm_emit_expr(struct fm_emit *emit, const struct fm_node *node,
                            struct fm_emit_frame *frame, const struct fm_shape *want);
/* C of type bool. */
const char *fm_emit_bool(struct fm_emit *emit, const struct fm_node *node,
                         struct fm_emit_frame *frame);
/* The value of a constant expression, or NONE when it is none or its evaluation fails. */
fm_value fm_emit_fold(struct fm_emit *emit, const struct fm_node *node,
                      struct fm_emit_frame *frame);
struct fm_term fm_emit_interpret(struct fm_emit *emit, const struct fm_node *node,
                                 struct fm_emit_frame *frame, const struct fm_shape *want);
/* The term of a state variable, current or next according to emit->primed. */
struct fm_term fm_emit_variable(struct fm_emit *emit, const struct fm_node *node);

/* Families; each refuses what it does not know. `want` is advice: the result may have any shape. */
struct fm_term fm_emit_logic(struct fm_emit *emit, const struct fm_node *node,
                             struct fm_emit_frame *frame, const struct fm_shape *want);
struct fm_term fm_emit_quantifier(struct fm_emit *emit, const struct fm_node *node,
                                  struct fm_emit_frame *frame, const struct fm_shape *want);
struct fm_term fm_emit_set(struct fm_emit *emit, const struct fm_node *node,
                           struct fm_emit_frame *frame, const struct fm_shape *want);
struct fm_term fm_emit_function(struct fm_emit *emit, const struct fm_node *node,
                                struct fm_emit_frame *frame, const struct fm_shape *want);
struct fm_term fm_emit_except(struct fm_emit *emit, const struct fm_node *node,
                              struct fm_emit_frame *frame, const struct fm_shape *want);
struct fm_term fm_emit_call(struct fm_emit *emit, const struct fm_node *node,
                            struct fm_emit_frame *frame, const struct fm_shape *want);
/* A call of an operator that C implements: arithmetic, sequences, Cardinality ... */
struct fm_term fm_emit_native(struct fm_emit *emit, const struct fm_node *node,
                              struct fm_emit_frame *frame, const struct fm_shape *want);

/* --- emit_call.c: environments --- */
struct fm_emit_frame *fm_emit_frame_new(struct fm_emit *emit, const struct fm_def *def,
                                        struct fm_emit_frame *up);
/* The frame of a call with its arguments as thunks. */
struct fm_emit_frame *fm_emit_enter(struct fm_emit *emit, const struct fm_node *call,
                                    struct fm_emit_frame *frame);
/* Definition and static frame of what an APPLY applies or an argument OPERATOR names. */
const struct fm_def *fm_emit_operator(struct fm_emit *emit, const struct fm_node *node,
                                      struct fm_emit_frame *frame,
                                      struct fm_emit_frame **static_frame);
void fm_emit_let(struct fm_emit *emit, const struct fm_node *let, struct fm_emit_frame *frame);
struct fm_emit_slot *fm_emit_local(struct fm_emit *emit, const struct fm_node *node,
                                   struct fm_emit_frame *frame);

/* --- emit_enabled.c --- */
struct fm_term fm_emit_enabled(struct fm_emit *emit, const struct fm_node *node,
                               struct fm_emit_frame *frame);

/* --- emit_loop.c: walking sets --- */
/* Opens the loop over the elements of the set that `node` denotes and binds the slots of the
 * binding, one loop for each variable, in TLC's order (raw: repetitions and the order as built:
 * \E in actions, x' \in S, maps; otherwise normal). Without materializing the set where its node is
 * an enumeration, interval, filter, map, SUBSET, or function set. */
struct fm_emit_loops {
    uint32_t opened;  /* blocks to close */
    uint32_t assumed; /* formulas before the loop */
};
/* The body of the next loop, which fm_emit_loop_begin opens, does nothing for elements of which
 * this formula is known not to hold (not wanted: to hold). */
void fm_emit_sieve_next(struct fm_emit *emit, const struct fm_node *body, bool wanted);
void fm_emit_loop_begin(struct fm_emit *emit, const struct fm_binding *bindings, uint32_t count,
                        struct fm_emit_frame *frame, bool raw, struct fm_emit_loops *loops);
void fm_emit_loop_end(struct fm_emit *emit, const struct fm_emit_loops *loops);
/* One loop over a set expression; the element's term. */
struct fm_term fm_emit_loop_over(struct fm_emit *emit, const struct fm_node *set,
                                 struct fm_emit_frame *frame, bool raw,
                                 struct fm_emit_loops *loops);

/* --- emit_state.c: the state's struct, what completes a successor --- */
/* The member of `state` for a variable: its name, changed where C has other plans with it. */
const char *fm_emit_member(struct fm_emit *emit, uint32_t variable);
/* Into the prelude: `state`, `struct parent`, deliver. */
void fm_emit_state(struct fm_emit *emit);
/* Functions pack and unpack, into the body. emit_pack.c */
void fm_emit_packing(struct fm_emit *emit);

#endif
