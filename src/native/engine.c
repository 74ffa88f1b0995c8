/* Tier 1 as a model of model/model.h: operations that run emitted code where there is some, and
 * pass on to the interpreter where there is none.
 *
 * A state is the interpreter's (`inner`), or the struct of a layout (`bytes`), or both, the one
 * made from the other when it is asked for. Boxing always works. Unboxing fails where a value is
 * not of its variable's shape; the state is then the interpreter's: it has escaped (widen.c).
 *
 * Encodings begin with one byte: 0, and the interpreter's encoding follows; or the number of a
 * layout, and the packed struct follows. One state has several encodings if it was stored before
 * code came into use and after; fingerprints do not depend on them.
 *
 * Generating is in generate.c.
 *
 * Evaluation errors are always the interpreter's, so failures are passed on as they are. So are
 * why_not, explain, is_step and ALIAS: they are asked for when something is to be explained. */
#include "native/tier.h"

#include "base/assert.h"

#include <string.h>

/* --- engines --- */

static struct fm_engine *open_engine(struct fm_model *model)
{
    struct native_model *native = (struct native_model *)(void *)model;
    struct native_engine *engine = fm_memory_calloc(1, sizeof *engine);
    engine->model = native;
    engine->inner = native->inner->ops->open(native->inner);
    fm_arena_init(&engine->arena, "states");
    fm_arena_init(&engine->lasting, "symmetry");
    (void)fm_arena_alloc(&engine->arena, 1); /* so that it never goes back to having no chunk */
    engine->empty = fm_arena_mark(&engine->arena);
    size_t count = model->variable_count + 1;
    engine->boxed_values = fm_memory_calloc(count, sizeof *engine->boxed_values);
    engine->next_values = fm_memory_calloc(count, sizeof *engine->next_values);
    fm_native_door_init(engine);
    engine->active = atomic_load(&native->active);
    pthread_mutex_lock(&native->lock);
    engine->next_engine = native->engines;
    native->engines = engine;
    pthread_mutex_unlock(&native->lock);
    return (struct fm_engine *)(void *)engine;
}

/* Takes the engine out of the model's list; its counts stay. */
static void leave_model(struct native_engine *engine)
{
    struct native_model *model = engine->model;
    pthread_mutex_lock(&model->lock);
    struct native_engine **at = &model->engines;
    while (*at != engine) {
        at = &(*at)->next_engine;
    }
    *at = engine->next_engine;
    model->native_successors += engine->native_successors;
    model->interpreted_successors += engine->interpreted_successors;
    model->redone_states += engine->redone_states;
    model->strangers += engine->strangers;
    pthread_mutex_unlock(&model->lock);
}

static void close_engine(struct fm_engine *engine)
{
    struct native_engine *at = native_own(engine);
    leave_model(at);
    native_inner_ops(at)->close(at->inner);
    fm_native_free_buffers(at->buffers);
    fm_native_free_buffers(at->kept);
    fm_arena_deinit(&at->arena);
    fm_arena_deinit(&at->lasting);
    fm_memory_free(at->boxed_values);
    fm_memory_free(at->next_values);
    fm_memory_free(at);
}

static void reseed(struct fm_engine *engine, uint64_t seed)
{
    struct native_engine *at = native_own(engine);
    native_inner_ops(at)->reseed(at->inner, seed);
}

static void interpret(struct fm_engine *engine, bool only)
{
    native_own(engine)->only_inner = only;
}

static void reset(struct fm_engine *engine)
{
    struct native_engine *at = native_own(engine);
    native_inner_ops(at)->reset(at->inner);
    fm_arena_release(&at->arena, at->empty);
    at->boxed = NULL;
    at->active = fm_native_in_use(at);
    if (at->kept != NULL) {
        fm_native_free_buffers(at->kept);
        at->kept = NULL;
    }
}

/* --- states --- */

static struct native_state *new_state(struct native_engine *engine, struct fm_state *inner)
{
    struct native_state *state = fm_arena_alloc(&engine->arena, sizeof *state);
    *state = (struct native_state){.inner = inner, .action = FM_ACTION_INITIAL};
    return state;
}

struct fm_state *fm_native_inner_state(struct native_engine *engine, struct native_state *state)
{
    if (state == NULL || state->inner != NULL) {
        return state == NULL ? NULL : state->inner;
    }
    const struct fm_layout *layout = state->code->layout;
    struct fm_value_context *context = native_inner_ops(engine)->context(engine->inner);
    fm_value *values = fm_arena_alloc(&engine->arena,
                                      (layout->variable_count + 1) * sizeof *values);
    for (uint32_t i = 0; i < layout->variable_count; i++) {
        values[i] = fm_layout_box(context, engine->model->dictionary, layout->variables[i],
                                  (const char *)state->bytes + layout->offsets[i]);
    }
    state->inner = native_inner_ops(engine)->from_values(engine->inner, values);
    native_inner_ops(engine)->place(engine->inner, state->inner, state->level, state->action);
    return state->inner;
}

struct unboxing {
    const struct native_model *model;
    const struct fm_layout *layout;
    struct fm_value_context *context;
    const fm_value *values;
    char *bytes;
    bool fits;
};

static void run_unboxing(struct fm_engine *engine, void *closure)
{
    struct unboxing *at = closure;
    const struct fm_layout *layout = at->layout;
    (void)engine;
    at->fits = true;
    for (uint32_t i = 0; i < layout->variable_count && at->fits; i++) {
        at->fits = fm_layout_unbox(at->context, at->model->dictionary, layout->variables[i],
                                   at->values[i], at->bytes + layout->offsets[i]);
    }
}

bool fm_native_make_struct(struct native_engine *engine, struct native_state *state)
{
    const struct native_code *code = engine->active;
    if (code == NULL || state->code == code) {
        return code != NULL && state->bytes != NULL;
    }
    struct fm_state *inner = fm_native_inner_state(engine, state);
    struct unboxing unboxing = {
        .model = engine->model,
        .layout = code->layout,
        .context = native_inner_ops(engine)->context(engine->inner),
        .values = native_inner_ops(engine)->values(engine->inner, inner),
        .bytes = fm_arena_calloc(&engine->arena, 1, code->layout->size + 1),
    };
    bool unboxed = fm_eval_guard(engine->inner, run_unboxing, &unboxing) && unboxing.fits;
    state->code = code;
    state->bytes = unboxed ? unboxing.bytes : NULL;
    if (!unboxed) {
        fm_native_escaped(engine, inner);
    }
    return unboxed;
}

static void encode(struct fm_engine *engine, const struct fm_state *state, struct fm_text *out)
{
    struct native_engine *at = native_own(engine);
    /* Only what is cached in the state changes. */
    struct native_state *native = (struct native_state *)(uintptr_t)state;
    if (!fm_native_make_struct(at, native)) {
        fm_text_putc(out, 0);
        native_inner_ops(at)->encode(at->inner, fm_native_inner_state(at, native), out);
        return;
    }
    const struct native_code *code = native->code;
    uint8_t *packed = (uint8_t *)fm_text_extend(out, code->packed_size + 1);
    *packed++ = code->number;
    fm_native_pack(code, native->bytes, packed);
}

static void decode_many(struct fm_engine *engine, const uint8_t *const *many, uint32_t count,
                        struct fm_state **states)
{
    struct native_engine *at = native_own(engine);
    struct native_state *heads = fm_arena_alloc(&at->arena, (count + 1) * sizeof *heads);
    const struct native_code *code = NULL;
    char *room = NULL;
    size_t size = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct native_state *state = &heads[i];
        uint8_t number = many[i][0];
        *state = (struct native_state){.action = FM_ACTION_INITIAL};
        states[i] = native_as_state(state);
        if (number == 0) {
            state->inner = native_inner_ops(at)->decode(at->inner, many[i] + 1);
            continue;
        }
        fm_assert(number <= NATIVE_CODES_MAX);
        if (code != at->model->codes[number]) {
            code = at->model->codes[number];
            size = (code->layout->size / FM_ARENA_ALIGN + 1) * FM_ARENA_ALIGN;
            room = fm_arena_alloc(&at->arena, size * (count - i));
        }
        code->code->unpack(many[i] + 1, room);
        state->bytes = room;
        state->code = code;
        room += size;
    }
}

static struct fm_state *decode(struct fm_engine *engine, const uint8_t *bytes)
{
    struct fm_state *state;
    decode_many(engine, &bytes, 1, &state);
    return state;
}

static void place(struct fm_engine *engine, struct fm_state *state, uint32_t level, uint32_t action)
{
    struct native_engine *at = native_own(engine);
    struct native_state *native = native_own_state(state);
    native->level = level;
    native->action = action;
    if (native->inner != NULL) {
        native_inner_ops(at)->place(at->inner, native->inner, level, action);
    }
}

static struct fm_state *from_values(struct fm_engine *engine, const fm_value *variables)
{
    struct native_engine *at = native_own(engine);
    return native_as_state(new_state(at, native_inner_ops(at)->from_values(at->inner, variables)));
}

static const fm_value *values_of(struct fm_engine *engine, const struct fm_state *state)
{
    struct native_engine *at = native_own(engine);
    struct native_state *native = (struct native_state *)(uintptr_t)state;
    return native_inner_ops(at)->values(at->inner, fm_native_inner_state(at, native));
}

static void fingerprint(struct fm_engine *engine, struct fm_state *state, struct fm_digest *digest,
                        struct fm_digest *own_digest)
{
    struct native_engine *at = native_own(engine);
    native_inner_ops(at)->fingerprint(at->inner, fm_native_inner_state(at, native_own_state(state)),
                                      digest, own_digest);
}

static struct fm_value_context *context_of(struct fm_engine *engine)
{
    return native_inner_ops(native_own(engine))->context(native_own(engine)->inner);
}

static const uint64_t *coverage(struct fm_engine *engine)
{
    return native_inner_ops(native_own(engine))->coverage(native_own(engine)->inner);
}

static const struct fm_tally_count *costs(struct fm_engine *engine)
{
    return native_inner_ops(native_own(engine))->costs(native_own(engine)->inner);
}

/* --- deciding --- */

static const struct fm_explanation *why_not(struct fm_engine *engine, uint32_t action,
                                            struct fm_state *state, struct fm_arena *arena)
{
    struct native_engine *at = native_own(engine);
    return native_inner_ops(at)->why_not(at->inner, action,
                                         fm_native_inner_state(at, native_own_state(state)), arena);
}

/* Runs emitted code on s, and t unless it is NULL; false when the interpreter is to be asked. */
static bool call_native(struct native_engine *engine, struct native_call *call,
                        struct native_state *s, struct native_state *t)
{
    const struct native_code *code = engine->active;
    if (code == NULL || s == NULL || s->code != code || s->bytes == NULL ||
        (t != NULL && (t->code != code || t->bytes == NULL))) {
        return false;
    }
    const struct fm_nrt_code *table = code->code;
    if (call->what == NATIVE_INVARIANTS && !table->invariants_fail) {
        call->result = table->invariants == NULL ? UINT32_MAX
                                                 : table->invariants(&engine->nrt, s->bytes);
        return true;
    }
    call->s = s->bytes;
    call->t = t == NULL ? NULL : t->bytes;
    if (engine->code != code) {
        fm_native_door_bind(engine, code);
    }
    struct native_state *outer_s = engine->s, *outer_t = engine->t;
    engine->s = s;
    engine->t = t;
    bool succeeded = fm_native_call(engine, call);
    engine->s = outer_s;
    engine->t = outer_t;
    return succeeded;
}

static enum fm_verdict check_one(struct fm_engine *engine, enum fm_formula_kind kind,
                                 uint32_t index, struct fm_state *s, struct fm_state *t)
{
    struct native_engine *at = native_own(engine);
    bool is_pair = kind == FM_FORMULA_IMPLIED_ACTION || kind == FM_FORMULA_ACTION_CONSTRAINT;
    bool is_single = kind == FM_FORMULA_INVARIANT || kind == FM_FORMULA_CONSTRAINT;
    struct native_call call = {
        .what = NATIVE_DECIDE, .kind = (enum fm_nrt_formula)kind, .index = index};
    if ((is_single || (is_pair && t != NULL)) &&
        call_native(at, &call, native_own_state(s), is_pair ? native_own_state(t) : NULL)) {
        return call.result != 0 ? FM_VERDICT_TRUE : FM_VERDICT_FALSE;
    }
    return native_inner_ops(at)->check(at->inner, kind, index,
                                       fm_native_inner_state(at, native_own_state(s)),
                                       fm_native_inner_state(at, native_own_state(t)));
}

static enum fm_verdict check_all(struct fm_engine *engine, enum fm_formula_kind kind,
                                 struct fm_state *s, struct fm_state *t, uint32_t *index)
{
    struct native_engine *at = native_own(engine);
    bool is_pair = kind == FM_FORMULA_IMPLIED_ACTION;
    struct native_call call = {.what = is_pair ? NATIVE_IMPLIED_ACTIONS : NATIVE_INVARIANTS};
    if ((kind == FM_FORMULA_INVARIANT || (is_pair && t != NULL)) &&
        call_native(at, &call, native_own_state(s), is_pair ? native_own_state(t) : NULL)) {
        *index = call.result;
        return call.result == UINT32_MAX ? FM_VERDICT_TRUE : FM_VERDICT_FALSE;
    }
    *index = 0;
    return native_inner_ops(at)->check_all(at->inner, kind,
                                           fm_native_inner_state(at, native_own_state(s)),
                                           fm_native_inner_state(at, native_own_state(t)), index);
}

static uint32_t check_many(struct fm_engine *engine, struct fm_state *const *states, uint32_t count)
{
    struct native_engine *at = native_own(engine);
    if (at->active == NULL) {
        return 0;
    }
    if (at->code != at->active) {
        fm_native_door_bind(at, at->active);
    }
    struct native_call call = {.what = NATIVE_INVARIANTS_MANY, .states = states, .end = count};
    struct native_state *outer_s = at->s, *outer_t = at->t;
    at->t = NULL;
    if (at->active->code->invariants_fail) {
        (void)fm_native_call(at, &call);
    } else {
        fm_native_check_states(at, &call);
    }
    at->s = outer_s;
    at->t = outer_t;
    return call.result;
}

static const struct fm_explanation *explain(struct fm_engine *engine, enum fm_formula_kind kind,
                                            uint32_t index, struct fm_state *s, struct fm_state *t,
                                            struct fm_arena *arena)
{
    struct native_engine *at = native_own(engine);
    return native_inner_ops(at)->explain(at->inner, kind, index,
                                         fm_native_inner_state(at, native_own_state(s)),
                                         fm_native_inner_state(at, native_own_state(t)), arena);
}

static enum fm_verdict is_step(struct fm_engine *engine, uint32_t action, struct fm_state *s,
                               struct fm_state *t)
{
    struct native_engine *at = native_own(engine);
    return native_inner_ops(at)->is_step(at->inner, action,
                                         fm_native_inner_state(at, native_own_state(s)),
                                         fm_native_inner_state(at, native_own_state(t)));
}

/* The same for a named formula. States of older layouts are moved to the one in use. */
static bool call_named(struct native_engine *engine, const struct fm_formula *formula,
                       struct native_call *call, struct native_state *s, struct native_state *t)
{
    const struct native_model *model = engine->model;
    uint32_t node = formula->node->index;
    if (node >= model->node_count || model->named[node] == NATIVE_UNNAMED) {
        return false;
    }
    bool is_pair = formula->node->level == FM_LEVEL_ACTION;
    struct native_state *both[] = {s, is_pair ? t : NULL};
    for (uint32_t i = 0; i < 2; i++) {
        if (both[i] != NULL && !fm_native_make_struct(engine, both[i])) {
            return false;
        }
    }
    call->index = model->named[node];
    return (!is_pair || t != NULL) && call_native(engine, call, s, both[1]);
}

static enum fm_verdict holds(struct fm_engine *engine, const struct fm_formula *formula,
                             struct fm_state *s, struct fm_state *t)
{
    struct native_engine *at = native_own(engine);
    struct native_call call = {.what = NATIVE_DECIDE, .kind = FM_NRT_NAMED};
    if (call_named(at, formula, &call, native_own_state(s), native_own_state(t))) {
        return call.result != 0 ? FM_VERDICT_TRUE : FM_VERDICT_FALSE;
    }
    return native_inner_ops(at)->holds(at->inner, formula,
                                       fm_native_inner_state(at, native_own_state(s)),
                                       fm_native_inner_state(at, native_own_state(t)));
}

static fm_value evaluate(struct fm_engine *engine, const struct fm_formula *formula,
                         struct fm_state *s, struct fm_state *t)
{
    struct native_engine *at = native_own(engine);
    struct native_call call = {.what = NATIVE_EVALUATE};
    if (call_named(at, formula, &call, native_own_state(s), native_own_state(t))) {
        return (fm_value){call.value};
    }
    return native_inner_ops(at)->eval(at->inner, formula,
                                      fm_native_inner_state(at, native_own_state(s)),
                                      fm_native_inner_state(at, native_own_state(t)));
}

static fm_value alias(struct fm_engine *engine, struct fm_state *s, struct fm_state *t)
{
    struct native_engine *at = native_own(engine);
    return native_inner_ops(at)->alias(at->inner, fm_native_inner_state(at, native_own_state(s)),
                                       fm_native_inner_state(at, native_own_state(t)));
}

static const struct fm_failure *failure(struct fm_engine *engine)
{
    return native_inner_ops(native_own(engine))->failure(native_own(engine)->inner);
}

const struct fm_model_ops fm_native_ops = {
    .name = "native",
    .model_free = fm_native_model_free,
    .open = open_engine,
    .close = close_engine,
    .reseed = reseed,
    .interpret = interpret,
    .reset = reset,
    .initial = fm_native_generate_initial,
    .successors = fm_native_generate_successors,
    .expand = fm_native_expand,
    .group_max = fm_native_group_max,
    .apply = fm_native_generate_apply,
    .why_not = why_not,
    .check = check_one,
    .check_all = check_all,
    .check_many = check_many,
    .check_some = fm_native_check_some,
    .encode_some = fm_native_encode_some,
    .explain = explain,
    .is_step = is_step,
    .holds = holds,
    .eval = evaluate,
    .alias = alias,
    .failure = failure,
    .encode = encode,
    .decode = decode,
    .decode_many = decode_many,
    .place = place,
    .from_values = from_values,
    .values = values_of,
    .fingerprint = fingerprint,
    .context = context_of,
    .coverage = coverage,
    .costs = costs,
};
