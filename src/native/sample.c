/* Looking before compiling: the interpreter explores a few states, and their values tell shapes.
 *
 * Breadth first on an engine of its own, with a small table of fingerprints and the encodings as
 * queue. What it finds decides what is emitted, and that decides the key of the cache: so it is
 * bounded by counts and not by the clock. The clock only may cut the work short: where a
 * specification is slow, the sample ends early, and always after a power of two of states, so that
 * two runs on one machine most often end at the same one. What is read is the time that the thread
 * computed: other programs do not change it.
 *
 * Nothing observable happens here: models with effects are not sampled (model.c). An error ends the
 * sample in silence; the search will meet it in its place. A sample that comes to its end has seen
 * the whole state space: then there is nothing to gain from a compiler. */
#include "native/tier.h"

#include <string.h>
#include <time.h>

/* Successors generated at most, for each state that may be sampled. */
#define GENERATED_PER_STATE 10u
/* The sample ends at a power of two when it took this long, nanoseconds: the next power doubles it,
 * and a compiler takes as long again. The search does not wait for it. */
#define SLOW_NS ((uint64_t)200 * 1000 * 1000)
/* States that are expanded however long it takes. */
#define EXPANDED_MIN 16u

/* Digests seen: open addressing, zero is empty. */
struct seen {
    struct fm_digest *at;
    uint32_t mask;
};

struct sampling {
    struct fm_sink sink; /* first */
    struct native_model *model;
    struct native_sample *sample;
    struct seen states, values;
    FM_VEC(uint32_t) queue; /* offsets in bytes */
    struct fm_text bytes;
    const struct fm_item *item; /* whose values are being joined */
    uint32_t states_max;
    uint32_t values_left;
};

static void seen_init(struct seen *seen, uint32_t count)
{
    uint32_t size = 64;
    while (size < 2 * count) {
        size *= 2;
    }
    seen->at = fm_memory_calloc(size, sizeof *seen->at);
    seen->mask = size - 1;
}

/* Whether it is new, which enters it. The tables have room for all that may come. */
static bool seen_add(struct seen *seen, struct fm_digest digest)
{
    uint32_t i = (uint32_t)digest.low & seen->mask;
    while (seen->at[i].low != 0 || seen->at[i].high != 0) {
        if (fm_digest_equal(seen->at[i], digest)) {
            return false;
        }
        i = (i + 1) & seen->mask;
    }
    seen->at[i] = digest;
    return true;
}

/* Shapes may raise where values cannot be compared. */
static void join_values(struct fm_engine *engine, void *closure)
{
    struct sampling *sampling = closure;
    struct native_model *model = sampling->model;
    const struct fm_shape **variables = sampling->sample->variables;
    const fm_value *values = model->inner->ops->values(engine, sampling->item->state);
    for (uint32_t i = 0; i < model->model.variable_count; i++) {
        struct fm_digest digest = fm_value_digest(&model->context, values[i]);
        digest.high ^= i;
        if (sampling->values_left == 0 || seen_add(&sampling->values, digest)) {
            sampling->values_left -= sampling->values_left != 0;
            variables[i] = fm_shape_join(model->shapes, variables[i],
                                         fm_shape_of_value(model->shapes, values[i]));
        }
    }
}

static bool take_sample(struct fm_sink *sink, struct fm_batch *batch)
{
    struct sampling *sampling = (struct sampling *)(void *)sink;
    struct native_model *model = sampling->model;
    struct native_sample *sample = sampling->sample;
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct fm_item *item = &batch->items[i];
        if (item->state == NULL) {
            sample->failed = true;
            return false;
        }
        if (atomic_load_explicit(&model->cancel, memory_order_relaxed) ||
            sample->states == sampling->states_max ||
            sample->generated == (uint64_t)sampling->states_max * GENERATED_PER_STATE) {
            sample->exhausted = false;
            return false;
        }
        sample->generated++;
        if (!seen_add(&sampling->states, item->fingerprint)) {
            continue;
        }
        sample->states++;
        sampling->item = item;
        if (!fm_eval_guard(model->engine, join_values, sampling)) {
            sample->failed = true;
            return false;
        }
        if (item->in_model) {
            fm_vec_push(&sampling->queue, (uint32_t)sampling->bytes.length);
            model->inner->ops->encode(model->engine, item->state, &sampling->bytes);
        }
    }
    return true;
}

static uint64_t computed_ns(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0) {
        return 0;
    }
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static bool is_slow(uint32_t expanded, uint64_t begin_ns)
{
    return expanded >= EXPANDED_MIN && (expanded & (expanded - 1)) == 0 &&
           computed_ns() - begin_ns > SLOW_NS;
}

void fm_native_sample(struct native_model *model, struct native_sample *sample)
{
    const struct fm_model_ops *ops = model->inner->ops;
    struct sampling sampling = {
        .sink = {.take = take_sample},
        .model = model,
        .sample = sample,
        .states_max = model->options.sample,
        .values_left = 4 * model->options.sample,
    };
    uint64_t begin_ns = computed_ns();
    seen_init(&sampling.states, sampling.states_max + 1);
    seen_init(&sampling.values, sampling.values_left + 1);
    sample->exhausted = true;
    ops->initial(model->engine, &sampling.sink);
    while (sample->exhausted && !sample->failed && sample->expanded < sampling.queue.count) {
        if (is_slow(sample->expanded, begin_ns) || atomic_load(&model->cancel)) {
            sample->exhausted = false;
            break;
        }
        /* The encoding is copied: the queue grows while the state is expanded. */
        uint32_t at = sampling.queue.at[sample->expanded++];
        size_t end = sample->expanded < sampling.queue.count ? sampling.queue.at[sample->expanded]
                                                             : sampling.bytes.length;
        ops->reset(model->engine);
        uint8_t *bytes = fm_memory_alloc(end - at + 1);
        memcpy(bytes, sampling.bytes.at + at, end - at);
        struct fm_state *state = ops->decode(model->engine, bytes);
        ops->successors(model->engine, state, 1, &sampling.sink);
        fm_memory_free(bytes);
    }
    ops->reset(model->engine);
    sample->exhausted = sample->exhausted && !sample->failed;
    fm_memory_free(sampling.states.at);
    fm_memory_free(sampling.values.at);
    fm_vec_deinit(&sampling.queue);
    fm_text_deinit(&sampling.bytes);
}
