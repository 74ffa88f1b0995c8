/* What outlives its frame: lazy functions, filters and operators as values.
 *
 * `[x \in S |-> e]` over a domain that is not enumerated, `{x \in S : P}` over such a set, and an
 * operator handed to a native keep code to be run later, when the frames around are gone and the
 * states have moved on. A snapshot copies the slots that the code can reach, found when the code
 * was compiled (fm_node_captures): a frame for each static level, with the captured slots filled
 * in. A captured thunk is copied with a snapshot of its own frame, and so on; thunks met twice in
 * one snapshot become one copy (else chains of arguments would be copied exponentially often).
 * Thunks are not forced: with F(x) == [i \in Nat |-> x'] the argument must still be seen through
 * the prime.
 *
 * The states of the moment belong to the snapshot. While successors are computed the next state
 * changes under us, so it is copied; finished states live in the same batch as the snapshot.
 *
 * Every application runs in a fresh copy of the snapshot's innermost frame, for the body's binders
 * write to it and recursive functions apply themselves while they run. */
#include "base/assert.h"
#include "eval/run.h"
#include "eval/solve.h"

#include <string.h>

/* Static nesting of operators within operators; the parser's limit on nesting is far below. */
#define LEVELS_MAX 64u

static fm_value promote(struct fm_engine *engine, fm_value slot);

/* A frame chain for the level of `unit`, holding the captured slots only. */
static struct fm_frame *snapshot_frames(struct fm_engine *engine,
                                        const struct fm_captures *captures,
                                        const struct fm_unit *unit, struct fm_frame *frame)
{
    uint32_t sizes[LEVELS_MAX + 1] = {0};
    struct fm_frame *copies[LEVELS_MAX + 1] = {NULL};
    uint32_t depth = unit->depth;
    fm_assert(depth <= LEVELS_MAX);
    for (uint32_t i = 0; i < captures->count; i++) {
        const struct fm_capture *at = &captures->at[i];
        if (sizes[at->level] <= at->slot) {
            sizes[at->level] = at->slot + 1;
        }
    }
    for (uint32_t level = 0; level <= depth; level++) {
        size_t size = sizeof(struct fm_frame) + sizes[level] * sizeof(fm_value);
        copies[level] = fm_arena_alloc(engine->values.arena,
                                       level == depth ? unit->frame_size : size);
        copies[level]->up = level == 0 ? NULL : copies[level - 1];
    }
    for (uint32_t i = 0; i < unit->slots; i++) {
        copies[depth]->slots[i] = fm_none(); /* the frame is copied whole by each application */
    }
    for (uint32_t i = 0; i < captures->count; i++) {
        const struct fm_capture *at = &captures->at[i];
        struct fm_frame *from = fm_frame_climb(frame, depth - at->level);
        copies[at->level]->slots[at->slot] = promote(engine, from->slots[at->slot]);
    }
    return copies[depth];
}

static fm_value promote_thunk(struct fm_engine *engine, struct fm_thunk *thunk)
{
    if (!fm_is_none(thunk->value) && thunk->reads == 0) {
        return thunk->value;
    }
    if (thunk->snapshot == engine->snapshot) {
        return fm_thunk_word(thunk->copy);
    }
    fm_check_stack(engine);
    struct fm_thunk *copy = fm_arena_alloc(engine->values.arena, sizeof *copy);
    *copy = *thunk;
    copy->born = engine->depth;
    copy->snapshot = engine->snapshot;
    copy->copy = copy;
    thunk->snapshot = engine->snapshot;
    thunk->copy = copy;
    copy->frame = snapshot_frames(engine, thunk->code->captures, thunk->code->unit, thunk->frame);
    return fm_thunk_word(copy);
}

static const struct fm_closure *promote_closure(struct fm_engine *engine,
                                                const struct fm_closure *closure)
{
    struct fm_closure *copy = fm_arena_alloc(engine->values.arena, sizeof *copy);
    *copy = *closure;
    if (closure->up != NULL) {
        copy->up = snapshot_frames(engine, closure->def->captures, &closure->def->parent,
                                   closure->up);
    }
    return copy;
}

static fm_value promote(struct fm_engine *engine, fm_value slot)
{
    if (fm_is_thunk(slot)) {
        return promote_thunk(engine, fm_thunk_of(slot));
    }
    if ((slot.bits & 7u) == FM_TAG_CLOSURE) {
        return fm_closure_word(promote_closure(engine, fm_closure_of(slot)));
    }
    return slot;
}

static const fm_value *snapshot_state(struct fm_engine *engine, const fm_value *state)
{
    for (const struct fm_solver *solver = engine->solver; solver != NULL; solver = solver->outer) {
        if (solver->target == state) {
            uint32_t hidden = solver->mode == FM_SOLVE_ENABLED
                                  ? engine->model->model.program->hidden_count
                                  : 0;
            return fm_arena_copy(engine->values.arena, state,
                                 (engine->variable_count + hidden) * sizeof *state);
        }
    }
    return state;
}

struct fm_lazy *fm_lazy_capture(struct fm_engine *engine, const struct fm_expr *code,
                                struct fm_frame *frame)
{
    struct fm_lazy *lazy = fm_arena_alloc(engine->values.arena, sizeof *lazy);
    engine->snapshot++;
    *lazy = (struct fm_lazy){
        .code = code,
        .frame = snapshot_frames(engine, code->captures, code->unit, frame),
        .s = engine->s,
        .t = engine->t,
        .s_epoch = engine->s_epoch,
        .t_epoch = engine->t_epoch,
        .domain = fm_none(),
        .self = fm_none(),
        .cost = engine->cost,
        .primed = engine->primed,
    };
    if (code->node->level != FM_LEVEL_CONSTANT || code->captures->count != 0) {
        /* What it will read is not known: as if all were read now. */
        engine->reads |= FM_READ_STATE | FM_READ_PRIMED;
        lazy->s = snapshot_state(engine, engine->s);
        lazy->t = snapshot_state(engine, engine->t);
    }
    return lazy;
}

/* --- applying lazy functions and filters --- */

struct moment { /* what lazy code runs in, and is put back */
    const fm_value *s;
    fm_value *t;
    uint64_t s_epoch, t_epoch;
    uint32_t reads;
    bool primed;
    char *frame_next;
    const struct fm_tally *cost;
};

static struct moment enter_moment(struct fm_engine *engine, const struct fm_lazy *lazy)
{
    struct moment moment = {engine->s,     engine->t,      engine->s_epoch,    engine->t_epoch,
                            engine->reads, engine->primed, engine->frame_next, engine->cost};
    engine->s = lazy->s;
    /* Evaluation never writes to the next state; only solvers do, to their own target. */
    memcpy(&engine->t, &lazy->t, sizeof engine->t);
    engine->s_epoch = lazy->s_epoch;
    engine->t_epoch = lazy->t_epoch;
    engine->primed = lazy->primed;
    engine->cost = lazy->cost;
    return moment;
}

static void leave_moment(struct fm_engine *engine, const struct moment *moment)
{
    engine->s = moment->s;
    engine->t = moment->t;
    engine->s_epoch = moment->s_epoch;
    engine->t_epoch = moment->t_epoch;
    engine->reads = moment->reads;
    engine->primed = moment->primed;
    engine->frame_next = moment->frame_next;
    engine->cost = moment->cost;
}

static void bind_arguments(struct fm_engine *engine, const struct fm_binder *binder,
                           struct fm_frame *frame, fm_value argument)
{
    if (binder->variables == 1) {
        fm_walk_destructure(engine, &binder->at[0], argument, frame);
        return;
    }
    /* The argument is known to be an element of the domain, a product. */
    const fm_value *elements;
    uint32_t count;
    bool is_sequence = fm_sequence_view(&engine->values, argument, &elements, &count);
    fm_assert(is_sequence);
    fm_assert(count == binder->variables);
    uint32_t used = 0;
    for (uint32_t i = 0; i < binder->count; i++) {
        const struct fm_expr_binding *binding = &binder->at[i];
        if (binding->is_tuple) {
            fm_walk_destructure(engine, binding, elements[used++], frame);
            continue;
        }
        for (uint32_t j = 0; j < binding->slot_count; j++) {
            frame->slots[binding->first_slot + j] = elements[used++];
        }
    }
}

struct fm_frame *fm_lazy_enter(struct fm_engine *engine, const struct fm_lazy *lazy,
                               fm_value argument)
{
    const struct fm_binder *binder = lazy->code->u.binder;
    struct fm_frame *frame = fm_frame_copy(engine, lazy->code->unit, lazy->frame);
    bind_arguments(engine, binder, frame, argument);
    if (binder->recursive != 0) {
        frame->slots[binder->recursive - 1] = lazy->self;
    }
    return frame;
}

fm_value fm_hook_apply(struct fm_value_context *context, const void *closure, fm_value argument)
{
    struct fm_engine *engine = context->owner;
    const struct fm_lazy *lazy = closure;
    fm_check_stack(engine);
    struct moment moment = enter_moment(engine, lazy);
    struct fm_frame *frame = fm_lazy_enter(engine, lazy, argument);
    struct fm_activation activation = {engine->top, lazy->code, lazy->code->u.binder->function};
    engine->top = &activation;
    fm_value result = fm_run(engine, lazy->code->u.binder->body, frame);
    engine->top = activation.outer;
    leave_moment(engine, &moment);
    return result;
}

bool fm_lazy_yields_function(fm_value function)
{
    if (fm_value_kind(function) != FM_KIND_LAZY_FCN) {
        return false;
    }
    const struct fm_lazy_fcn *fcn = fm_as_lazy_fcn(function);
    if (fcn->overrides != NULL || !fm_is_none(fcn->explicit_fcn)) {
        return false;
    }
    const struct fm_binder *binder = ((const struct fm_lazy *)fcn->closure)->code->u.binder;
    return binder->recursive != 0 && fm_expr_unwrap(binder->body)->node->op == FM_OP_FCN;
}

fm_value fm_lazy_apply_twice(struct fm_engine *engine, const struct fm_expr *code,
                             fm_value function, fm_value first, fm_value second)
{
    const struct fm_lazy *lazy = fm_as_lazy_fcn(function)->closure;
    fm_check_stack(engine);
    struct moment moment = enter_moment(engine, lazy);
    struct fm_frame *frame = fm_lazy_enter(engine, lazy, first);
    const struct fm_binder *binder = lazy->code->u.binder;
    struct fm_activation activation = {engine->top, lazy->code, binder->function};
    engine->top = &activation;
    fm_value result = fm_apply_lazily(engine, code, fm_expr_unwrap(binder->body), frame, second);
    engine->top = activation.outer;
    leave_moment(engine, &moment);
    return result;
}

bool fm_hook_test(struct fm_value_context *context, const void *closure, fm_value element)
{
    struct fm_engine *engine = context->owner;
    const struct fm_lazy *lazy = closure;
    fm_check_stack(engine);
    struct moment moment = enter_moment(engine, lazy);
    struct fm_loop loop;
    fm_loop_enter(engine, &loop);
    struct fm_frame *frame = fm_lazy_enter(engine, lazy, element);
    bool result = fm_run_bool(engine, lazy->code->u.binder->body, frame, "the condition of a set");
    fm_loop_next(engine, &loop);
    fm_loop_leave(engine, &loop);
    leave_moment(engine, &moment);
    return result;
}

/* --- operators --- */

fm_value fm_closure_capture(struct fm_engine *engine, const struct fm_closure *closure,
                            uint32_t arity)
{
    engine->snapshot++;
    if (closure->def->def->level != FM_LEVEL_CONSTANT || closure->up != NULL) {
        engine->reads |= FM_READ_STATE | FM_READ_PRIMED;
    }
    return fm_operator(&engine->values, promote_closure(engine, closure), arity);
}

fm_value fm_closure_apply(struct fm_engine *engine, const struct fm_closure *closure,
                          const fm_value *arguments, uint32_t count)
{
    const struct fm_def_code *def = closure->def;
    if (def->def->native != NULL) {
        return def->def->native->call(&engine->natives, arguments, count);
    }
    fm_assert(count == def->def->param_count);
    fm_check_stack(engine);
    char *mark = engine->frame_next;
    struct fm_frame *frame = fm_frame_new(engine, &def->unit, closure->up);
    for (uint32_t i = 0; i < count; i++) {
        frame->slots[i] = def->def->params[i].arity == 0
                              ? arguments[i]
                              : fm_closure_word(fm_operator_closure(arguments[i]));
    }
    struct fm_activation activation = {engine->top, engine->at, def->def};
    engine->top = &activation;
    fm_value result = fm_run(engine, def->unit.body, frame);
    engine->top = activation.outer;
    engine->frame_next = mark;
    return result;
}

fm_value fm_hook_apply_operator(struct fm_native_context *context, fm_value op,
                                const fm_value *arguments, uint32_t count)
{
    struct fm_engine *engine = context->owner;
    fm_assert(fm_value_kind(op) == FM_KIND_OPERATOR);
    return fm_closure_apply(engine, fm_operator_closure(op), arguments, count);
}
