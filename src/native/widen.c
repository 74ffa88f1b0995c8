/* Widening: from states that left the shapes to wider ones.
 *
 * The shapes of the variables come from a sample, and a search goes further than its sample: a
 * queue gets longer, a number larger. Such states are the interpreter's, and so are their
 * successors until they fit again. Engines keep the first of them as witnesses; when there are
 * enough, the maker (model.c) joins their values to the shapes, lets what grew grow by a jump, and
 * makes code once more, for a layout with the next number. Encodings of older layouts stay what
 * they are: a state that is decoded from one is moved to the code in use when its successors are
 * wanted.
 *
 * Each further round waits for more witnesses than the one before, and there are few rounds: a
 * specification whose states fit nothing costs a few compilations, in the background.
 *
 * With `wait` (tests, benchmarks) the engine that kept the last witness waits for the wider code.
 *
 * Which witnesses come first depends on threads and time, and so does the code that is made. What
 * the search finds does not: it is the same whatever is emitted. */
#include "native/tier.h"

#include "base/assert.h"

/* Bits of a packed variable up to which its shape jumps. */
#define JUMP_BITS_MAX 4096u

void fm_native_escaped(struct native_engine *engine, struct fm_state *inner)
{
    struct native_model *model = engine->model;
    struct native_witnesses *witnesses = &model->witnesses;
    if (!atomic_load_explicit(&witnesses->wanted, memory_order_relaxed)) {
        return;
    }
    struct fm_text bytes = {NULL, 0, 0};
    model->inner->ops->encode(engine->inner, inner, &bytes);
    pthread_mutex_lock(&model->lock);
    if (witnesses->begins.count < witnesses->enough) {
        fm_vec_push(&witnesses->begins, witnesses->bytes.length);
        fm_text_add(&witnesses->bytes, bytes.at, bytes.length);
    }
    if (witnesses->begins.count == witnesses->enough) {
        atomic_store(&witnesses->wanted, false);
        pthread_cond_broadcast(&model->changed);
    }
    while (model->options.wait && witnesses->begins.count == witnesses->enough &&
           !witnesses->are_used && !atomic_load(&model->cancel)) {
        pthread_cond_wait(&model->changed, &model->lock);
    }
    pthread_mutex_unlock(&model->lock);
    fm_text_deinit(&bytes);
}

bool fm_native_await_escapes(struct native_model *model, uint32_t enough)
{
    struct native_witnesses *witnesses = &model->witnesses;
    pthread_mutex_lock(&model->lock);
    fm_text_deinit(&witnesses->bytes);
    witnesses->bytes = (struct fm_text){NULL, 0, 0};
    witnesses->begins.count = 0;
    witnesses->enough = enough;
    witnesses->are_used = false;
    atomic_store(&witnesses->wanted, true);
    while (atomic_load(&witnesses->wanted) && !atomic_load(&model->cancel)) {
        pthread_cond_wait(&model->changed, &model->lock);
    }
    atomic_store(&witnesses->wanted, false);
    pthread_mutex_unlock(&model->lock);
    return !atomic_load(&model->cancel);
}

void fm_native_end_escapes(struct native_model *model)
{
    pthread_mutex_lock(&model->lock);
    model->witnesses.are_used = true;
    pthread_cond_broadcast(&model->changed);
    pthread_mutex_unlock(&model->lock);
}

struct joining {
    struct native_model *model;
    const struct fm_shape **variables;
    const fm_value *values; /* of a witness */
};

/* The witness's values; what would make a shape unknown is left out. */
static void join_witness(struct fm_engine *engine, void *closure)
{
    struct joining *at = closure;
    struct native_model *model = at->model;
    (void)engine;
    for (uint32_t i = 0; i < model->model.variable_count; i++) {
        const struct fm_shape *old = at->variables[i];
        const struct fm_shape *next = fm_shape_join_value(model->shapes, old, at->values[i]);
        at->variables[i] = next->has_any && !old->has_any ? old : next;
    }
}

/* Whether any shape grew. */
static bool jump(struct joining *at, const struct fm_shape *const *before)
{
    struct native_model *model = at->model;
    bool grew = false;
    for (uint32_t i = 0; i < model->model.variable_count; i++) {
        const struct fm_shape *joined = at->variables[i];
        if (joined == before[i]) {
            continue;
        }
        const struct fm_shape *wide = fm_shape_widen(model->shapes, before[i], joined);
        if (wide->has_any <= joined->has_any && wide->bits <= JUMP_BITS_MAX) {
            at->variables[i] = wide;
        }
        grew = true;
    }
    return grew;
}

bool fm_native_join_escapes(struct native_model *model, const struct fm_shape **variables)
{
    const struct fm_model_ops *ops = model->inner->ops;
    const struct native_witnesses *witnesses = &model->witnesses;
    const struct fm_shape **before = fm_arena_copy(&model->arena, variables,
                                                   model->model.variable_count * sizeof *before);
    struct joining joining = {.model = model, .variables = variables};
    for (uint32_t i = 0; i < witnesses->begins.count; i++) {
        ops->reset(model->engine);
        const char *bytes = witnesses->bytes.at + witnesses->begins.at[i];
        struct fm_state *state = ops->decode(model->engine, (const uint8_t *)bytes);
        joining.values = ops->values(model->engine, state);
        (void)fm_eval_guard(model->engine, join_witness, &joining); /* one that cannot be joined */
    }
    ops->reset(model->engine);
    return jump(&joining, before);
}
