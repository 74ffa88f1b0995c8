/* What the explorer and the store cost a state, without an engine: a model of arithmetic.
 *
 * usage: store_bench [DISTINCT [DEGREE [WORKERS]]]      (2000000 10 1)
 *
 * The states are the numbers below DISTINCT; each has DEGREE successors, random but for one that
 * makes every number reachable. So 1/DEGREE of the successors are new, and the others have been
 * seen, most of them in lines of the table that no cache holds. The model's own cost is measured by
 * generating everything once more into a sink that does nothing, and taken off; with a second run
 * at twice the degree the cost of a state is split into that of a successor seen and that of a new
 * one. CPU time of the whole process, so other load does less harm; wall time for the scaling.
 *
 * Build it against a release build in build/:
 *     cc -std=c17 -D_GNU_SOURCE -O2 -Isrc bench/store_bench.c build/libfm_explore.a \
 *        build/libfm_store.a build/libfm_modules.a build/libfm_semantics.a build/libfm_value.a \
 *        build/libfm_syntax.a build/libfm_diag.a build/libfm_embedded.a build/libfm_base.a \
 *        -ljansson -ltommath -lxxhash -lm -lz -pthread */
#include "base/arena.h"
#include "base/file.h"
#include "base/thread.h"
#include "explore/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct toy {
    struct fm_model model; /* first */
    struct fm_program program;
    struct fm_formula init;
    struct fm_node node;
    struct fm_action action;
    uint32_t impurity;
    uint64_t size;
    uint32_t degree;
};

struct fm_state {
    uint64_t n;
};

struct fm_engine {
    const struct toy *toy;
    struct fm_state parents[FM_GROUP_MAX];
    uint32_t parent_count;
    struct fm_state made[FM_BATCH_MAX];
    struct fm_batch batch;
};

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 32)) * UINT64_C(0xd6e8feb86659fd93);
    x = (x ^ (x >> 32)) * UINT64_C(0xd6e8feb86659fd93);
    return x ^ (x >> 32);
}

static struct fm_engine *toy_open(struct fm_model *model)
{
    struct fm_engine *engine = fm_memory_calloc(1, sizeof *engine);
    engine->toy = (const struct toy *)model;
    return engine;
}

static void toy_close(struct fm_engine *engine)
{
    fm_memory_free(engine);
}

static void toy_reset(struct fm_engine *engine)
{
    engine->batch.count = 0;
    engine->parent_count = 0;
}

/* What is in the batch goes out; the parent at work, the last one in it, may go on. */
static bool flush(struct fm_engine *engine, struct fm_sink *sink)
{
    struct fm_batch *batch = &engine->batch;
    uint32_t parent = batch->parent + batch->end_count;
    batch->ends[batch->end_count++] = batch->count;
    bool going = sink->take(sink, batch);
    batch->count = batch->end_count = 0;
    batch->parent = parent;
    return going;
}

static bool add_item(struct fm_engine *engine, struct fm_sink *sink, uint64_t n, uint32_t action)
{
    uint32_t i = engine->batch.count++;
    struct fm_digest digest = {mix(n + 1), mix(~n)};
    __builtin_prefetch(sink->lines + (digest.low & sink->line_mask) * 64);
    engine->made[i].n = n;
    engine->batch.items[i] = (struct fm_item){
        .fingerprint = digest,
        .own = digest,
        .state = &engine->made[i],
        .action = action,
        .in_model = true,
    };
    if (engine->batch.count < FM_BATCH_MAX) {
        return true;
    }
    return flush(engine, sink);
}

static void toy_initial(struct fm_engine *engine, struct fm_sink *sink)
{
    (void)add_item(engine, sink, 0, FM_ACTION_INITIAL);
    (void)flush(engine, sink);
}

static bool add_successors(struct fm_engine *engine, uint64_t n, struct fm_sink *sink)
{
    const struct toy *toy = engine->toy;
    bool going = add_item(engine, sink, n * 2 + 1 < toy->size ? n * 2 + 1 : n, 0) &&
                 add_item(engine, sink, n * 2 + 2 < toy->size ? n * 2 + 2 : n, 0);
    for (uint32_t i = 2; going && i < toy->degree; i++) {
        /* Back to anywhere below: seen, and not near. */
        going = add_item(engine, sink, mix(n * 64 + i) % (n + 1), 0);
    }
    return going;
}

static void toy_expand(struct fm_engine *engine, struct fm_state *const *states, uint32_t count,
                       uint32_t level, struct fm_sink *sink)
{
    (void)level;
    struct fm_batch *batch = &engine->batch;
    bool going = true;
    batch->count = batch->parent = batch->end_count = 0;
    for (uint32_t i = 0; going && i < count; i++) {
        going = add_successors(engine, states[i]->n, sink);
        if (i + 1 < count) {
            batch->ends[batch->end_count++] = batch->count;
        }
    }
    if (going) {
        (void)flush(engine, sink);
    }
}

static uint32_t toy_group_max(struct fm_engine *engine)
{
    (void)engine;
    return FM_GROUP_MAX;
}

static void toy_successors(struct fm_engine *engine, struct fm_state *state, uint32_t level,
                           struct fm_sink *sink)
{
    toy_expand(engine, &state, 1, level, sink);
}

static void toy_encode(struct fm_engine *engine, const struct fm_state *state, struct fm_text *out)
{
    (void)engine;
    fm_text_add(out, (const char *)&state->n, sizeof state->n);
}

static struct fm_state *toy_decode(struct fm_engine *engine, const uint8_t *bytes)
{
    struct fm_state *state = &engine->parents[engine->parent_count++];
    memcpy(&state->n, bytes, sizeof state->n);
    return state;
}

static const uint64_t *toy_coverage(struct fm_engine *engine)
{
    (void)engine;
    return NULL;
}

static const struct fm_model_ops toy_ops = {
    .name = "toy",
    .open = toy_open,
    .close = toy_close,
    .reset = toy_reset,
    .initial = toy_initial,
    .successors = toy_successors,
    .expand = toy_expand,
    .group_max = toy_group_max,
    .encode = toy_encode,
    .decode = toy_decode,
    .coverage = toy_coverage,
};

static void init_toy(struct toy *toy, uint64_t size, uint32_t degree)
{
    *toy = (struct toy){.size = size, .degree = degree};
    toy->init.node = &toy->node;
    toy->program.inits = &toy->init;
    toy->program.init_count = 1;
    toy->model = (struct fm_model){
        .ops = &toy_ops,
        .program = &toy->program,
        .actions = &toy->action,
        .action_count = 1,
        .action_impurity = &toy->impurity,
        .variable_count = 1,
    };
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool ignore(struct fm_sink *sink, struct fm_batch *batch)
{
    sink->hidden += batch->count;
    return true;
}

/* CPU seconds of generating everything. */
static double measure_model(struct toy *toy)
{
    struct fm_engine *engine = toy_open(&toy->model);
    struct fm_sink sink = {.take = ignore};
    double begin = cpu_seconds();
    for (uint64_t n = 0; n < toy->size; n++) {
        struct fm_state state = {n};
        toy_successors(engine, &state, 1, &sink);
    }
    double spent = cpu_seconds() - begin;
    toy_close(engine);
    return spent;
}

/* CPU seconds of a search, without those of the model. */
static double measure(uint64_t size, uint32_t degree, uint32_t workers)
{
    struct toy toy;
    init_toy(&toy, size, degree);
    double model = measure_model(&toy);
    struct fm_check_options options = {.workers = workers, .depth_max = -1};
    struct fm_checker *checker = fm_checker_new(&options);
    toy.model.run = fm_checker_hooks(checker);
    uint64_t wall = fm_clock_monotonic_ns();
    double begin = cpu_seconds();
    const struct fm_check_result *result = fm_check_run(checker, &toy.model);
    double spent = cpu_seconds() - begin - model;
    wall = fm_clock_monotonic_ns() - wall;
    if (result->end != FM_CHECK_COMPLETE || result->counts.distinct != size) {
        (void)fprintf(stderr, "store_bench: %llu states instead of %llu\n",
                      (unsigned long long)result->counts.distinct, (unsigned long long)size);
        exit(1);
    }
    (void)printf("degree %u: %.3f s CPU beside %.3f s of the model, %.3f s wall; "
                 "%u growths, longest pause %.1f ms, all %.1f ms; losses %.1e\n",
                 degree, spent, model, (double)wall / 1e9, result->memory.table_growths,
                 (double)result->memory.growth_ns_max / 1e6, (double)result->memory.growth_ns / 1e6,
                 result->collision);
    const struct fm_check_contention *contention = &result->contention;
    (void)printf("  %llu shared levels, %llu parts (%llu waits), %llu states ahead of their turn, "
                 "%llu dropped, %llu waits; %.3f s idle\n",
                 (unsigned long long)contention->shared_levels,
                 (unsigned long long)contention->parts, (unsigned long long)contention->part_waits,
                 (unsigned long long)contention->ahead, (unsigned long long)contention->dropped,
                 (unsigned long long)contention->turn_waits, (double)contention->idle_ns / 1e9);
    (void)printf("  %.1f%% of entries in their first line, %.3f lines read, at most %u\n",
                 100 * (double)result->table.home / (double)result->table.entries,
                 result->table.lines_mean, result->table.lines_max);
    fm_checker_free(checker);
    return spent;
}

int main(int argc, char **argv)
{
    uint64_t size = argc > 1 ? strtoull(argv[1], NULL, 10) : 2000000;
    uint32_t degree = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 10;
    uint32_t workers = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 1;
    double once = measure(size, degree, workers);
    double twice = measure(size, 2 * degree, workers);
    double seen = (twice - once) / (double)(size * degree);
    double fresh = once / (double)size - seen * (double)(degree - 1);
    (void)printf("a successor seen %.1f ns, a new state with its expansion %.1f ns\n", seen * 1e9,
                 fresh * 1e9);
    return 0;
}
