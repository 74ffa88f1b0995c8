/* The door of emitted code: the callbacks of struct fm_nrt, and the protected call.
 *
 * Emitted code runs inside fm_native_call. fm_nrt_fail, from emitted code or from a callback, goes
 * back there by __builtin_longjmp. Between the two stand only frames of emitted code and of the
 * callbacks in this file, none of which hold anything that must be given back. Errors of value
 * operations are caught first, by protected calls of the interpreter (fm_eval_guard), and become
 * failures of emitted code. Calls nest: the sink of a flush checks invariants of the items.
 *
 * __builtin_setjmp saves two pointers and a label, an order of magnitude cheaper than setjmp; the
 * price is that registers are lost, so the function that calls it does nothing else.
 *
 * TLC orders strings as they are made. Emitted code evaluates more than the interpreter, and in
 * another order, so it must not make any: what calls for a new one fails, and the interpreter makes
 * it at its time.
 *
 * Values that callbacks return live in the inner engine's batch, until the reset of the next
 * parent. Variables that sites read are boxed once for each state: the last one is remembered. */
#include "native/tier.h"

#include "base/assert.h"
#include "base/thread.h"
#include "value/digest.h"
#include "value/set.h"

#include <string.h>

/* Stack that emitted recursion leaves to what it calls: the interpreter. */
#define STACK_RESERVE ((size_t)4 << 20)
/* What it may take of it: recursion that ends is less deep, and that which does not should not
 * touch all of a large stack. */
#define STACK_MAX ((size_t)64 << 20)

/* ORDER(formula) */
_Static_assert((int)FM_NRT_INVARIANT == (int)FM_FORMULA_INVARIANT, "kinds are passed on");
_Static_assert((int)FM_NRT_IMPLIED_ACTION == (int)FM_FORMULA_IMPLIED_ACTION, "the same");
_Static_assert((int)FM_NRT_CONSTRAINT == (int)FM_FORMULA_CONSTRAINT, "the same");
_Static_assert((int)FM_NRT_ACTION_CONSTRAINT == (int)FM_FORMULA_ACTION_CONSTRAINT, "the same");
_Static_assert(FM_NRT_BATCH_MAX == FM_BATCH_MAX, "a batch goes out whole");
_Static_assert(sizeof(fm_nvalue) == sizeof(fm_value), "the bits of a value");

static struct native_engine *owner_of(struct fm_nrt *c)
{
    _Static_assert(offsetof(struct native_engine, nrt) == 0, "the door is the engine");
    return (struct native_engine *)(void *)c;
}

static struct fm_value_context *context_of(struct native_engine *engine)
{
    return engine->model->inner->ops->context(engine->inner);
}

static fm_value value_of(fm_nvalue bits)
{
    return (fm_value){bits};
}

/* --- the protected call --- */

static void run_group(struct fm_nrt *c, uint32_t end)
{
    struct native_engine *engine = owner_of(c);
    const struct fm_nrt_code *code = engine->code->code;
    while (engine->group_at < end) {
        code->successors(c, c->parent);
        if (engine->group_count == 1) {
            c->flush(c); /* may fail (take_fingerprints): still on behalf of this parent */
        }
        if (c->stopped) {
            return;
        }
        fm_native_end_parent(engine);
    }
    c->flush(c);
}

void fm_native_check_states(struct native_engine *engine, struct native_call *call)
{
    const struct fm_nrt_code *code = engine->code->code;
    for (; call->result < call->end; call->result++) {
        struct native_state *state = (struct native_state *)(void *)call->states[call->result];
        engine->s = state;
        if (state->code != engine->code || state->bytes == NULL ||
            (code->invariants != NULL &&
             code->invariants(&engine->nrt, state->bytes) != UINT32_MAX)) {
            return;
        }
    }
}

static __attribute__((noinline)) void dispatch(struct fm_nrt *c, struct native_call *call)
{
    const struct fm_nrt_code *code = owner_of(c)->code->code;
    switch (call->what) {
    case NATIVE_SUCCESSORS:
        run_group(c, call->end);
        return;
    case NATIVE_INITIAL:
        code->initial(c);
        c->flush(c);
        return;
    case NATIVE_APPLY:
        code->apply(c, call->s, call->index);
        c->flush(c);
        return;
    case NATIVE_INVARIANTS:
        call->result = code->invariants(c, call->s);
        return;
    case NATIVE_IMPLIED_ACTIONS:
        call->result = code->implied_actions(c, call->s, call->t);
        return;
    case NATIVE_DECIDE:
        call->result = code->decide(c, call->kind, call->index, call->s, call->t);
        return;
    case NATIVE_EVALUATE:
        call->value = code->evaluate(c, call->index, call->s, call->t);
        return;
    case NATIVE_INVARIANTS_MANY:
        fm_native_check_states(owner_of(c), call);
        return;
    }
    fm_unreachable();
}

static __attribute__((noinline)) bool run_protected(struct fm_nrt *c, struct native_call *call)
{
    if (__builtin_setjmp(c->jump) != 0) {
        return false;
    }
    dispatch(c, call);
    return true;
}

bool fm_native_call(struct native_engine *engine, struct native_call *call)
{
    void *outer[5];
    memcpy(outer, engine->nrt.jump, sizeof outer);
    size_t left = fm_stack_left();
    size_t taken = left > STACK_RESERVE ? left - STACK_RESERVE : 0;
    engine->nrt.stack_limit = (const char *)__builtin_frame_address(0) -
                              (taken < STACK_MAX ? taken : STACK_MAX);
    bool *ranks_fixed = &context_of(engine)->ranks_fixed;
    bool outer_fixed = *ranks_fixed;
    *ranks_fixed = true;
    bool succeeded = run_protected(&engine->nrt, call);
    *ranks_fixed = outer_fixed;
    memcpy(engine->nrt.jump, outer, sizeof outer);
    return succeeded;
}

/* --- batches --- */

static void door_flush(struct fm_nrt *c)
{
    context_of(owner_of(c))->ranks_fixed = false; /* the sink's work is the interpreter's */
    fm_native_flush(owner_of(c));
    context_of(owner_of(c))->ranks_fixed = true;
}

static void door_hidden(struct fm_nrt *c, uint64_t count)
{
    struct native_engine *engine = owner_of(c);
    door_flush(c);
    if (!c->stopped) {
        context_of(engine)->ranks_fixed = false;
        fm_native_tell_hidden(engine, count);
        context_of(engine)->ranks_fixed = true;
    }
}

static void door_interpret_action(struct fm_nrt *c, uint32_t action)
{
    struct native_engine *engine = owner_of(c);
    door_flush(c);
    context_of(engine)->ranks_fixed = false;
    if (!c->stopped && !fm_native_generate_inner(engine, action, 0, engine->hidden_delivered)) {
        c->stopped = true;
    }
    context_of(engine)->ranks_fixed = true;
}

/* --- states as values --- */

static fm_value box_variable(struct native_engine *engine, const void *bytes, uint32_t variable)
{
    const struct fm_layout *layout = engine->code->layout;
    return fm_layout_box(context_of(engine), engine->model->dictionary, layout->variables[variable],
                         (const char *)bytes + layout->offsets[variable]);
}

/* The variables of s, those listed boxed. */
static const fm_value *box_current(struct native_engine *engine, const void *s,
                                   const uint32_t *variables, uint32_t count)
{
    if (engine->boxed != s) {
        engine->boxed = s;
        for (uint32_t i = 0; i < engine->model->model.variable_count; i++) {
            engine->boxed_values[i] = fm_none();
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        fm_value *value = &engine->boxed_values[variables[i]];
        if (fm_is_none(*value)) {
            *value = box_variable(engine, s, variables[i]);
        }
    }
    return engine->boxed_values;
}

/* Of a next state, which may be unfinished and change: nothing is remembered. */
static const fm_value *box_next(struct native_engine *engine, const void *t,
                                const uint32_t *variables, uint32_t count)
{
    for (uint32_t i = 0; i < engine->model->model.variable_count; i++) {
        engine->next_values[i] = fm_none();
    }
    for (uint32_t i = 0; i < count; i++) {
        engine->next_values[variables[i]] = box_variable(engine, t, variables[i]);
    }
    return engine->next_values;
}

static fm_nvalue door_site(struct fm_nrt *c, uint32_t number, const fm_nvalue *slots, const void *s,
                           const void *t)
{
    struct native_engine *engine = owner_of(c);
    const struct native_code *code = engine->code;
    const struct fm_emit_site *site = &code->site_rows[number];
    const fm_value *current = NULL, *next = NULL;
    fm_value arguments[64];
    fm_assert(site->slot_count <= sizeof arguments / sizeof *arguments);
    for (uint32_t i = 0; i < site->slot_count; i++) {
        arguments[i] = value_of(slots[i]);
    }
    if (s != NULL) {
        current = box_current(engine, s, site->variables, site->variable_count);
    }
    if (t != NULL) {
        next = box_next(engine, t, site->primed, site->primed_count);
    }
    struct fm_eval_slots given = {site->slots, arguments, site->slot_count};
    fm_value result = fm_eval_site_run(engine->inner, code->sites[number], &given, current, next);
    if (fm_is_none(result)) {
        fm_nrt_fail(c);
    }
    return result.bits;
}

/* The interpreter's state for a struct: of the parent or the states being checked where it is
 * theirs. */
static struct fm_state *state_for(struct native_engine *engine, const void *bytes)
{
    struct native_state *known[] = {engine->s, engine->t, engine->parent};
    for (size_t i = 0; i < sizeof known / sizeof *known && bytes != NULL; i++) {
        if (known[i] != NULL && known[i]->bytes == bytes) {
            return fm_native_inner_state(engine, known[i]);
        }
    }
    if (bytes == NULL) {
        return NULL;
    }
    struct native_state state = {
        .bytes = bytes,
        .code = engine->code,
        .level = engine->parent == NULL ? 1 : engine->parent->level + 1,
        .action = engine->nrt.action,
    };
    return fm_native_inner_state(engine, &state);
}

static bool door_formula(struct fm_nrt *c, enum fm_nrt_formula kind, uint32_t index, const void *s,
                         const void *t)
{
    struct native_engine *engine = owner_of(c);
    enum fm_verdict verdict = engine->model->inner->ops->check(
        engine->inner, (enum fm_formula_kind)kind, index, state_for(engine, s),
        state_for(engine, t));
    if (verdict == FM_VERDICT_FAILURE) {
        fm_nrt_fail(c);
    }
    return verdict == FM_VERDICT_TRUE;
}

/* --- values --- */

static fm_nvalue door_box(struct fm_nrt *c, uint32_t shape, const void *bytes)
{
    struct native_engine *engine = owner_of(c);
    return fm_layout_box(context_of(engine), engine->model->dictionary, engine->code->shapes[shape],
                         bytes)
        .bits;
}

/* One operation on values that may raise. */
struct operation {
    struct native_engine *engine;
    fm_value a, b;
    const struct fm_shape *shape;
    void *bytes;
    const fm_value *elements;
    uint32_t number;
    bool result, raw;
};

static void run_unbox(struct fm_engine *inner, void *closure)
{
    struct operation *at = closure;
    (void)inner;
    at->result = fm_layout_unbox(context_of(at->engine), at->engine->model->dictionary, at->shape,
                                 at->a, at->bytes);
}

static bool door_unbox(struct fm_nrt *c, uint32_t shape, fm_nvalue value, void *bytes)
{
    struct native_engine *engine = owner_of(c);
    struct operation at = {.engine = engine,
                           .a = value_of(value),
                           .shape = engine->code->shapes[shape],
                           .bytes = bytes};
    return fm_eval_guard(engine->inner, run_unbox, &at) && at.result;
}

static void run_equal(struct fm_engine *inner, void *closure)
{
    struct operation *at = closure;
    (void)inner;
    at->result = fm_value_equal(context_of(at->engine), at->a, at->b);
}

static bool door_equal(struct fm_nrt *c, fm_nvalue a, fm_nvalue b)
{
    struct native_engine *engine = owner_of(c);
    struct operation at = {.engine = engine, .a = value_of(a), .b = value_of(b)};
    if (!fm_eval_guard(engine->inner, run_equal, &at)) {
        fm_nrt_fail(c);
    }
    return at.result;
}

static void run_intern(struct fm_engine *inner, void *closure)
{
    struct operation *at = closure;
    (void)inner;
    at->number = fm_dictionary_number(at->engine->model->dictionary, context_of(at->engine), at->a);
}

static uint32_t door_intern(struct fm_nrt *c, fm_nvalue value)
{
    struct native_engine *engine = owner_of(c);
    struct operation at = {.engine = engine, .a = value_of(value)};
    if (!fm_eval_guard(engine->inner, run_intern, &at)) {
        fm_nrt_fail(c);
    }
    return at.number;
}

static fm_nvalue door_interned(struct fm_nrt *c, uint32_t number)
{
    return fm_dictionary_value(owner_of(c)->model->dictionary, number).bits;
}

static struct fm_digest door_interned_digest(struct fm_nrt *c, uint32_t number)
{
    return fm_dictionary_digest(owner_of(c)->model->dictionary, number);
}

static struct fm_digest door_interned_part(struct fm_nrt *c, uint32_t number, uint32_t variable)
{
    const struct fm_dictionary *dictionary = owner_of(c)->model->dictionary;
    bool is_composite = fm_is_object(fm_dictionary_value(dictionary, number));
    return fm_digest_part(variable, is_composite, fm_dictionary_digest(dictionary, number));
}

static void run_elements(struct fm_engine *inner, void *closure)
{
    struct operation *at = closure;
    struct fm_value_context *context = context_of(at->engine);
    (void)inner;
    if (!at->raw) {
        at->elements = fm_set_elements(context, at->a, &at->number);
        return;
    }
    struct fm_set_cursor cursor;
    fm_value element;
    uint32_t room = 16;
    fm_value *list = fm_arena_alloc(&at->engine->arena, room * sizeof *list);
    fm_set_begin(context, &cursor, at->a, FM_SET_RAW);
    at->number = 0;
    while (fm_set_next(context, &cursor, &element)) {
        if (at->number == room) {
            fm_value *longer = fm_arena_alloc(&at->engine->arena, 2u * room * sizeof *longer);
            memcpy(longer, list, room * sizeof *list);
            list = longer;
            room *= 2;
        }
        list[at->number++] = element;
    }
    at->elements = list;
}

static const fm_nvalue *door_elements(struct fm_nrt *c, fm_nvalue set, bool raw, uint32_t *count)
{
    struct native_engine *engine = owner_of(c);
    struct operation at = {.engine = engine, .a = value_of(set), .raw = raw};
    if (!fm_value_is_set(at.a) || !fm_eval_guard(engine->inner, run_elements, &at)) {
        fm_nrt_fail(c);
    }
    *count = at.number;
    return &at.elements->bits;
}

/* --- the engine's door --- */

void fm_native_door_init(struct native_engine *engine)
{
    engine->nrt = (struct fm_nrt){
        .owner = engine,
        .seed = fm_digest_seed(fm_eval_fingerprint_seed(engine->model->inner)),
        .flush = door_flush,
        .interpret_action = door_interpret_action,
        .hidden = door_hidden,
        .site = door_site,
        .formula = door_formula,
        .box = door_box,
        .unbox = door_unbox,
        .equal = door_equal,
        .intern = door_intern,
        .interned = door_interned,
        .interned_digest = door_interned_digest,
        .interned_part = door_interned_part,
        .elements = door_elements,
    };
}

void fm_native_door_bind(struct native_engine *engine, const struct native_code *code)
{
    struct fm_nrt *nrt = &engine->nrt;
    struct native_buffers *buffers = engine->buffers;
    engine->code = code;
    nrt->constants = code->constants;
    if (buffers != NULL && buffers->code == code) {
        nrt->states = buffers->states;
    }
}
