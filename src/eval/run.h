/* Running code: errors, thunks, frames, closures, loops, and what the files of src/eval ask of each
 * other. Internal to src/eval. */
#ifndef FM_EVAL_RUN_H
#define FM_EVAL_RUN_H

#include "eval/tally.h"

/* --- protect.c --- */
/* Ends the innermost protected call with an error at the code (NULL: where the engine stands). */
_Noreturn void fm_eval_raise(struct fm_engine *engine, const struct fm_expr *code, enum fm_code id,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));
_Noreturn void fm_eval_raise_assert(struct fm_engine *engine, const struct fm_expr *code,
                                    const char *text);
_Noreturn void fm_eval_raise_stack(struct fm_engine *engine);
/* Runs and returns true; after an error restores the engine and returns false: engine->failure. */
bool fm_eval_protect(struct fm_engine *engine, void (*run)(struct fm_engine *, void *),
                     void *closure);
/* The value as text of one line for a message. */
const char *fm_eval_describe(struct fm_engine *engine, fm_value v);
/* "a set", "the integer 3": kind, and the value when it is short. */
const char *fm_eval_kind(struct fm_engine *engine, fm_value v);
_Noreturn void fm_eval_raise_not_bool(struct fm_engine *engine, const struct fm_expr *code,
                                      fm_value v, const char *use);
_Noreturn void fm_eval_raise_unassigned(struct fm_engine *engine, const struct fm_expr *code,
                                        uint32_t variable, bool primed);

static inline void fm_check_stack(struct fm_engine *engine)
{
    if ((char *)__builtin_frame_address(0) < engine->stack_limit) {
        fm_eval_raise_stack(engine);
    }
}

/* --- thunk.c --- */
fm_value fm_thunk_force_slow(struct fm_engine *engine, struct fm_thunk *thunk);
/* A frame and thunks for a call; `lazy`: arguments stay expressions (action position). */
struct fm_frame *fm_frame_for_call(struct fm_engine *engine, const struct fm_call *call,
                                   const struct fm_def_code *def, struct fm_frame *up,
                                   struct fm_frame *caller, bool lazy);
_Noreturn void fm_frame_exhausted(struct fm_engine *engine);
/* A copy on the stack of frames, so that binders and LETs of the copy do not disturb the original.
 */
struct fm_frame *fm_frame_copy(struct fm_engine *engine, const struct fm_unit *unit,
                               const struct fm_frame *frame);
/* A FCN, RECFCN or FILTER that is evaluated later, in the states of now: the closure for the hooks
 * of values. `self` of a RECFCN is set by the maker. */
struct fm_lazy {
    const struct fm_expr *code;
    struct fm_frame *frame; /* a snapshot */
    const fm_value *s, *t;
    uint64_t s_epoch, t_epoch;
    fm_value domain;
    fm_value self;
    const struct fm_tally *cost;
    bool primed;
};
struct fm_lazy *fm_lazy_capture(struct fm_engine *engine, const struct fm_expr *code,
                                struct fm_frame *frame);
/* An OPERATOR value of an operator argument, safe to outlive its frame. */
fm_value fm_closure_capture(struct fm_engine *engine, const struct fm_closure *closure,
                            uint32_t arity);
fm_value fm_closure_apply(struct fm_engine *engine, const struct fm_closure *closure,
                          const fm_value *arguments, uint32_t count);
/* The frame in which the body of a lazy function stands for the argument, its domain checked. */
struct fm_frame *fm_lazy_enter(struct fm_engine *engine, const struct fm_lazy *lazy,
                               fm_value argument);
/* Whether it is a recursive function, not yet built, whose values are function constructors: then
 * f[a][b] need not build f[a], which may contain f[a][b - 1]. closure.c */
bool fm_lazy_yields_function(fm_value function);
/* f[first][second] of such a function; first is in its domain. */
fm_value fm_lazy_apply_twice(struct fm_engine *engine, const struct fm_expr *code,
                             fm_value function, fm_value first, fm_value second);
fm_value fm_hook_apply(struct fm_value_context *context, const void *closure, fm_value argument);
bool fm_hook_test(struct fm_value_context *context, const void *closure, fm_value element);
void fm_hook_cache(struct fm_value_context *context, const void *object);
fm_value fm_hook_apply_operator(struct fm_native_context *context, fm_value op,
                                const fm_value *arguments, uint32_t count);

/* An evaluation of the node; coverage is on. */
static inline void fm_engine_count(struct fm_engine *engine, const struct fm_node *node)
{
    if (node->index < engine->coverage_count) {
        engine->coverage[node->index]++;
    }
}

static inline bool fm_thunk_is_valid(const struct fm_engine *engine, const struct fm_thunk *thunk)
{
    return !fm_is_none(thunk->value) &&
           ((thunk->reads & FM_READ_STATE) == 0 || thunk->s_epoch == engine->s_epoch) &&
           ((thunk->reads & FM_READ_PRIMED) == 0 || thunk->t_epoch == engine->t_epoch);
}
static inline fm_value fm_thunk_force(struct fm_engine *engine, struct fm_thunk *thunk)
{
    if (fm_thunk_is_valid(engine, thunk)) {
        engine->reads |= thunk->reads;
        return thunk->value;
    }
    return fm_thunk_force_slow(engine, thunk);
}
static inline fm_value fm_slot_get(struct fm_engine *engine, fm_value slot)
{
    return fm_is_thunk(slot) ? fm_thunk_force(engine, fm_thunk_of(slot)) : slot;
}

static inline void *fm_frame_alloc(struct fm_engine *engine, size_t size)
{
    char *result = engine->frame_next;
    if ((size_t)(engine->frame_end - result) < size) {
        fm_frame_exhausted(engine);
    }
    engine->frame_next = result + size;
    return result;
}
/* A frame for a unit whose slots the caller sets before they are read. */
static inline struct fm_frame *fm_frame_new(struct fm_engine *engine, const struct fm_unit *unit,
                                            struct fm_frame *up)
{
    struct fm_frame *frame = fm_frame_alloc(engine, unit->frame_size);
    frame->up = up;
    return frame;
}
static inline void fm_thunk_init(struct fm_engine *engine, struct fm_thunk *thunk,
                                 const struct fm_expr *code, struct fm_frame *frame)
{
    thunk->code = code;
    thunk->frame = frame;
    thunk->cost = engine->cost;
    thunk->value = fm_none();
    thunk->born = engine->depth;
    thunk->is_let = false;
    thunk->in_action = false;
    thunk->applied = 0;
    thunk->snapshot = 0;
}
/* Makes the LET definitions of the code slots of the frame, unevaluated. */
static inline void fm_let_enter(struct fm_engine *engine, const struct fm_expr *code,
                                struct fm_frame *frame, bool in_action)
{
    for (uint32_t i = 0; i < code->u.let.count; i++) {
        const struct fm_expr_let *let = &code->u.let.at[i];
        struct fm_thunk *thunk = (struct fm_thunk *)(void *)((char *)frame + let->offset);
        fm_thunk_init(engine, thunk, let->code, frame);
        thunk->is_let = true;
        thunk->in_action = in_action;
        frame->slots[let->slot] = fm_thunk_word(thunk);
    }
}

/* --- loops (thunk.c holds the essay) --- */
/* Memory from now on must live as long as what was made when `born` loops were open. */
static inline void fm_engine_pin(struct fm_engine *engine, uint32_t born)
{
    if (born < engine->pin) {
        engine->pin = born;
    }
}
static inline void fm_loop_enter(struct fm_engine *engine, struct fm_loop *loop)
{
    loop->outer = engine->loop;
    loop->arena = engine->values.arena;
    loop->mark = fm_arena_mark(loop->arena);
    loop->depth = ++engine->depth;
    loop->pin = engine->pin;
    engine->pin = FM_PIN_NONE;
    engine->loop = loop;
}
/* What was allocated until now stays: memory of a cursor that was started again. */
static inline void fm_loop_mark(struct fm_loop *loop)
{
    loop->mark = fm_arena_mark(loop->arena);
}
/* End of an iteration whose values nobody needs. */
static inline void fm_loop_next(struct fm_engine *engine, struct fm_loop *loop)
{
    if (engine->pin < loop->depth) {
        if (engine->pin < loop->pin) {
            loop->pin = engine->pin;
        }
        loop->mark = fm_arena_mark(loop->arena);
        engine->pin = FM_PIN_NONE;
    } else {
        fm_arena_release(loop->arena, loop->mark);
    }
}
static inline void fm_loop_leave(struct fm_engine *engine, struct fm_loop *loop)
{
    engine->depth = loop->depth - 1;
    engine->loop = loop->outer;
    fm_engine_pin(engine, loop->pin);
    if (engine->pin >= engine->depth) {
        engine->pin = FM_PIN_NONE;
    }
}

/* --- walk.c: enumerating the values of binders --- */
struct fm_walk_item {
    struct fm_set_cursor cursor;
    fm_value set;
    const struct fm_expr_binding *binding;
    uint32_t slot;
};
struct fm_walk {
    const struct fm_binder *binder;
    struct fm_frame *frame;
    struct fm_walk_item *items; /* binder->variables of them */
    struct fm_walk_item single; /* when there is one */
    bool started;
    bool restarted; /* a cursor took memory since: loops must mark anew, then clear this */
};
/* Evaluates the sets; the cursors start. Frames' memory is released by the caller. */
void fm_walk_begin(struct fm_engine *engine, struct fm_walk *walk, const struct fm_expr *code,
                   struct fm_frame *frame);
bool fm_walk_next_slow(struct fm_engine *engine, struct fm_walk *walk);
/* Puts an element into the slots of a binding. */
void fm_walk_destructure(struct fm_engine *engine, const struct fm_expr_binding *binding,
                         fm_value element, struct fm_frame *frame);
/* Sets the slots to the next combination, the first variable fastest; false at the end. */
static inline bool fm_walk_next(struct fm_engine *engine, struct fm_walk *walk)
{
    if (walk->items == &walk->single && !walk->single.binding->is_tuple) {
        return fm_set_next(&engine->values, &walk->single.cursor,
                           &walk->frame->slots[walk->single.slot]);
    }
    return fm_walk_next_slow(engine, walk);
}

/* --- expressions used by name elsewhere --- */
bool fm_run_bool(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame,
                 const char *use);
const struct fm_expr *fm_case_choose(struct fm_engine *engine, const struct fm_expr *code,
                                     struct fm_frame *frame);
/* The operator that an APPLY applies, its arity checked. */
const struct fm_closure *fm_apply_target(struct fm_engine *engine, const struct fm_expr *code,
                                         struct fm_frame *frame);
/* Binds the variables of a FCN to the argument, its domain checked. */
void fm_function_bind(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame,
                      fm_value argument);
/* f[argument], written at `code`, where f need not be built. */
fm_value fm_apply_lazily(struct fm_engine *engine, const struct fm_expr *code,
                         const struct fm_expr *function, struct fm_frame *frame, fm_value argument);
/* Evaluates a constant that is not yet known and keeps it for the engine's life. constants.c */
fm_value fm_fold_run(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame);
/* The definitions that are constants, at the start; false when memory ran out: the failure. */
bool fm_constants_evaluate(struct fm_eval_model *model);
/* Reports formulas of the configuration that are constants where TLC refuses them; false then. */
bool fm_constants_check(struct fm_eval_model *model);
/* Frozen, and entered into the encoding's table when it is a likely domain: what to use from now
 * on. */
fm_value fm_constant_register(struct fm_eval_model *model, fm_value v);
/* Makes room for folds compiled since. engine.c */
void fm_engine_grow_folds(struct fm_engine *engine);
bool fm_expr_is_fold(const struct fm_expr *code);
/* A counter of evaluations around `inner`. */
bool fm_expr_is_counted(const struct fm_expr *code);
/* Without the wrapper that counts costs. */
const struct fm_expr *fm_expr_without_tally(const struct fm_expr *code);
/* Whether v has the same value in both states. */
bool fm_run_unchanged(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame);
fm_value fm_run_primed(struct fm_engine *engine, const struct fm_expr *code,
                       struct fm_frame *frame);
/* Behind folds and counters. */
static inline const struct fm_expr *fm_expr_unwrap(const struct fm_expr *code)
{
    while (code->inner != NULL) {
        code = code->inner;
    }
    return code;
}
/* The node's code in a unit of its own, compiled on first demand, for expressions of the user.
 * engine.c */
struct fm_unit *fm_engine_unit(struct fm_engine *engine, const struct fm_node *node,
                               const struct fm_def *frame);
static inline fm_value fm_run_in(struct fm_engine *engine, const struct fm_unit *unit)
{
    char *mark = engine->frame_next;
    struct fm_frame *frame = fm_frame_new(engine, unit, NULL);
    fm_value result = fm_run(engine, unit->body, frame);
    engine->frame_next = mark;
    return result;
}

#endif
