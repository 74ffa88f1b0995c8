/* Frames, thunks and loops: how expressions wait, and how memory comes back.
 *
 * A frame holds the slots of one activation of a definition. Frames stand on a stack of their own,
 * a reserved region that grows upwards; whoever pushes remembers engine->frame_next and sets it
 * back. A slot holds a value, or a tagged pointer to a thunk (an expression and its frame) or to an
 * operator.
 *
 * Call by name, cached. A thunk is evaluated in the states that are current when it is used: with
 * F(x) == x', F(v) is v'. Its cache is good as long as everything it read is what it was: nothing
 * read, for ever; the state, while engine->s_epoch is the same; primed variables, while
 * engine->t_epoch is. What was read is found by observation (engine->reads), for it depends on the
 * arguments' arguments. Epochs number contents: assigning a variable takes a new number,
 * unassigning it returns the old one.
 *
 * Loops give memory back. An iteration of a quantifier, a filter or a choice leaves only a Boolean,
 * so the arena is released to where it was, unless something older got a pointer to newer memory: a
 * thunk that stood outside of the loop was cached, or an old set was normalized. Each loop has a
 * depth; a thunk knows how many loops were open when it was made (`born`). Caching it pins memory
 * against all loops deeper than that: engine->pin holds the lowest such depth since the innermost
 * loop's iteration began. A loop that meets a pin keeps the iteration's memory, marks anew behind
 * it, and hands the pin to the loop around, which in turn keeps what it must. For old value objects
 * the depth is found by address.
 *
 * An object of engine life (a constant) may also cache something in the batch arena. Then the batch
 * cannot be emptied as usual: it is retired whole, which happens once for each such object. */
#include "eval/run.h"

#include <string.h>

void fm_frame_exhausted(struct fm_engine *engine)
{
    fm_eval_raise_stack(engine);
}

fm_value fm_thunk_force_slow(struct fm_engine *engine, struct fm_thunk *thunk)
{
    fm_check_stack(engine);
    uint32_t outer = engine->reads;
    const struct fm_tally *cost = engine->cost;
    engine->reads = 0;
    engine->cost = thunk->in_action ? cost : thunk->cost;
    fm_value result = fm_run(engine, thunk->code, thunk->frame);
    engine->cost = cost;
    thunk->reads = engine->reads;
    engine->reads |= outer;
    bool each_time = cost != NULL && thunk->in_action && engine->model->model.impurity == 0;
    if (engine->model->options.no_thunk_cache || each_time) {
        return result;
    }
    thunk->value = result;
    thunk->s_epoch = engine->s_epoch;
    thunk->t_epoch = engine->t_epoch;
    if (fm_is_object(result)) {
        fm_engine_pin(engine, thunk->born);
    }
    return result;
}

static fm_value thunk_for(struct fm_engine *engine, const struct fm_expr *code,
                          struct fm_frame *frame)
{
    struct fm_thunk *thunk = fm_frame_alloc(engine, sizeof *thunk);
    fm_thunk_init(engine, thunk, code, frame);
    return fm_thunk_word(thunk);
}

static fm_value closure_for(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *caller)
{
    const struct fm_call *call = code->u.call;
    struct fm_closure *closure = fm_frame_alloc(engine, sizeof *closure);
    closure->def = call->def;
    closure->up = call->is_global ? NULL : fm_frame_climb(caller, call->climb);
    return fm_closure_word(closure);
}

static fm_value argument_for(struct fm_engine *engine, const struct fm_arg *arg,
                             struct fm_frame *caller, bool lazy)
{
    const struct fm_expr *code = arg->code;
    switch (arg->kind) {
    case FM_ARG_VALUE:
        return code->u.value;
    case FM_ARG_SLOT:
    case FM_ARG_OPERATOR_SLOT:
        return fm_frame_climb(caller, code->u.local.depth)->slots[code->u.local.slot];
    case FM_ARG_STRICT: {
        fm_value known = engine->s[fm_expr_unwrap(code)->u.index];
        if (lazy || fm_is_none(known)) {
            return thunk_for(engine, code, caller);
        }
        engine->reads |= FM_READ_STATE;
        return known;
    }
    case FM_ARG_FOLD: {
        fm_value known = engine->folds[code->u.fold.index];
        return fm_is_none(known) ? thunk_for(engine, code, caller) : known;
    }
    case FM_ARG_THUNK:
        return thunk_for(engine, code, caller);
    case FM_ARG_OPERATOR:
        return closure_for(engine, code, caller);
    }
    return fm_none();
}

struct fm_frame *fm_frame_for_call(struct fm_engine *engine, const struct fm_call *call,
                                   const struct fm_def_code *def, struct fm_frame *up,
                                   struct fm_frame *caller, bool lazy)
{
    struct fm_frame *frame = fm_frame_new(engine, &def->unit, up);
    for (uint32_t i = 0; i < call->count; i++) {
        frame->slots[i] = argument_for(engine, &call->args[i], caller, lazy);
    }
    return frame;
}

struct fm_frame *fm_frame_copy(struct fm_engine *engine, const struct fm_unit *unit,
                               const struct fm_frame *frame)
{
    struct fm_frame *copy = fm_frame_new(engine, unit, frame->up);
    memcpy(copy->slots, frame->slots, unit->slots * sizeof *copy->slots);
    return copy;
}

/* --- caches of value objects --- */

void fm_hook_cache(struct fm_value_context *context, const void *object)
{
    struct fm_engine *engine = context->owner;
    for (const struct fm_loop *loop = engine->loop; loop != NULL; loop = loop->outer) {
        if (fm_arena_is_since(loop->arena, loop->mark, object)) {
            fm_engine_pin(engine, loop->depth);
            return;
        }
    }
    fm_engine_pin(engine, 0);
    if (engine->values.arena == &engine->batch &&
        !fm_arena_is_since(&engine->batch, (struct fm_arena_mark){NULL, NULL}, object)) {
        engine->retire = true;
    }
}
