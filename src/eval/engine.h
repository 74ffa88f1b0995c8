/* The engine: one thread's interpreter, and the model that engines share. Internal to src/eval.
 *
 * Memory. `batch` holds values of the state at work and is reset by the explorer; loops release
 * what an iteration left (struct fm_loop). `lasting` lives as long as the engine: constants
 * evaluated by it. Frames and thunks stand in a reserved region used as a stack. The model's arena
 * holds code and the constants that all threads share, frozen.
 *
 * States. `s` and `t` are the current state and the next one; a variable without a value is NONE.
 * Where there is no state they point to an array of NONEs. Each content of a state has a number,
 * its epoch, by which caches of thunks know whether what they read is still what it was. */
#ifndef FM_EVAL_ENGINE_H
#define FM_EVAL_ENGINE_H

#include "base/arena.h"
#include "base/map.h"
#include "base/random.h"
#include "base/thread.h"
#include "base/vec.h"
#include "eval/code.h"

#include <pthread.h>
#include <setjmp.h>

struct fm_state {
    uint32_t level;
    uint32_t action; /* that made it; FM_ACTION_INITIAL for initial and decoded states */
    fm_value values[];
};

/* A call being evaluated: the operator stack of errors. `code` is the call; its place in the caller
 * is its node's span. */
struct fm_activation {
    const struct fm_activation *outer;
    const struct fm_expr *code;
    const struct fm_def *def;
};

/* A loop whose iterations give their memory back. */
struct fm_loop {
    struct fm_loop *outer;
    struct fm_arena *arena;
    struct fm_arena_mark mark;
    uint32_t depth;
    uint32_t pin; /* of the loop around, while this one runs */
};
#define FM_PIN_NONE UINT32_MAX

/* What a nested protected call restores. */
struct fm_protect {
    struct fm_protect *outer;
    jmp_buf jump;
};

struct fm_solver;

/* Where an action of the split next-state relation stands: a frame with what was found on the way
 * to it, within the frames around (LET operators). */
struct fm_action_place {
    const struct fm_action_place *outer;
    const struct fm_def *frame;        /* whose frame it is, or NULL */
    const struct fm_def *named;        /* innermost definition, or NULL: names the action */
    const fm_value *slots;             /* NONE where unset */
    const struct fm_node *const *lets; /* LETs passed in this frame, outermost first */
    uint32_t let_count;
    uint32_t depth; /* calls on the way */
};

struct fm_action_code {
    const struct fm_action_place *place;
    const struct fm_unit *unit; /* of the action's node, in the place's frame */
    const struct fm_unit *const
        *let_units; /* the place's LETs around TRUE, for each frame outwards */
};

struct fm_formula_code {
    const struct fm_formula *formula;
    const struct fm_unit *unit;
};

struct fm_formula_list {
    struct fm_formula_code *at;
    uint32_t count;
};

/* What an operation of the interface changes and puts back: operations nest when a sink runs them.
 */
struct fm_moment {
    const fm_value *s;
    fm_value *t;
    uint64_t s_epoch, t_epoch;
    uint32_t reads;
    const struct fm_state *state;
    const struct fm_activation *top;
    struct fm_solver *solver;
    char *frame_next;
    uint32_t action, level;
    const struct fm_tally *cost;
    bool primed, constant_level, outside_workers;
};

/* A constant definition in use. */
struct fm_fold_def {
    struct fm_def_code *def;
    uint32_t fold;
    bool impure;
};

struct fm_registers;
struct fm_symmetry;
struct fm_orbit_work;

struct fm_eval_model {
    struct fm_model model; /* first: the interface */
    struct fm_arena arena;
    struct fm_value_context
        values; /* allocates in the arena; errors go to the engine that set up */
    struct fm_model_options options;
    pthread_mutex_t lock;    /* compiling after the start, the list of engines, registers */
    struct fm_map defs;      /* fm_def -> fm_def_code */
    struct fm_map def_facts; /* fm_def -> what analysis.c found out */
    uint32_t fold_count;
    FM_VEC(struct fm_fold_def) constants;
    fm_value *shared; /* frozen constants by fold number, NONE where engines evaluate */
    uint32_t shared_count;
    struct fm_formula_list inits, assumes, invariants, implied_inits, implied_actions, constraints,
        action_constraints, postconditions;
    struct fm_formula_code next, view, alias, symmetry_formula;
    struct fm_action_code *actions;
    struct fm_symmetry *symmetry;
    const struct fm_symbol *action_name;
    struct fm_engine *engines;    /* open ones, linked; `setup` is none of them */
    struct fm_engine *setup;      /* evaluated the constants, whose memory it holds */
    struct fm_constants *encoded; /* sets that encodings refer to by number */
    bool encoded_closed;          /* contexts use it */
    bool batch_of_one;
};

struct fm_engine {
    struct fm_value_context values; /* first: hooks get back to the engine from it */
    const fm_value *s;
    fm_value *t;
    uint64_t s_epoch, t_epoch, epoch; /* epoch: the last one given out */
    uint32_t reads;
    uint32_t depth; /* of loops */
    uint32_t pin;   /* lowest loop depth that newer memory must outlive */
    struct fm_loop *loop;
    const struct fm_activation *top;
    const struct fm_expr *at;     /* being evaluated, for errors of value operations */
    char *frame_next, *frame_end; /* of the region of frames */
    char *stack_limit;            /* the C stack must stay above */
    fm_value *folds;              /* constants by number, NONE until known */
    uint32_t fold_count;
    uint64_t snapshot; /* number of the last one */
    bool primed;       /* s stands for the next state: messages */
    bool in_enabled;
    struct fm_solver *solver; /* innermost */
    struct fm_protect *protect;

    struct fm_eval_model *model;
    uint32_t variable_count;
    fm_value *nothing; /* a state without values */
    struct fm_arena batch, lasting, failures;
    FM_VEC(struct fm_arena) retired; /* batches that a lasting object points into */
    bool retire;
    char *frame_begin;
    size_t frame_bytes;
    const struct fm_tally *cost;  /* what is evaluated counts below it; NULL: nowhere */
    struct fm_tally_count *costs; /* by index, NULL unless they are counted */
    uint64_t *coverage;
    uint32_t coverage_count; /* nodes made after the engine was opened are not counted */
    struct fm_native_context natives;
    struct fm_random random;
    struct fm_registers *registers;
    struct fm_orbit_work *orbit_work; /* NULL until symmetry needs it */
    struct fm_map formulas;           /* fm_formula -> fm_unit, of the user's expressions */
    struct fm_failure failure;
    bool failed;
    uint32_t level;               /* of s where its state does not tell */
    const struct fm_state *state; /* s as a state object, or NULL */
    uint32_t action;              /* being evaluated */
    bool constant_level;          /* ASSUME, POSTCONDITION, Init: TLCGet("level") is 0 */
    bool outside_workers;         /* TLCSet goes to every worker */
    struct fm_engine *next_engine;
    uint32_t number; /* of the worker, from 0 */
};

#endif
