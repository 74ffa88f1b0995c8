/* The search against a model made of arithmetic: the same states, counts, order and first problem
 * with any number of workers, with and without a view, and as a plain queue computes them. */
#include "base/arena.h"
#include "base/thread.h"
#include "explore/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- the model: numbers below `size`; the successors of n follow from a hash of n --- */

struct toy {
    struct fm_model model; /* first */
    struct fm_program program;
    struct fm_formula invariant;
    struct fm_node node;
    struct fm_action actions[2];
    uint32_t impurity[2];
    uint64_t size;
    uint32_t degree_max;
    uint64_t bad;      /* violates the invariant; UINT64_MAX: none */
    uint64_t dead;     /* has no successor */
    uint64_t error;    /* cannot be evaluated: its last successor is a failure */
    uint64_t excluded; /* every state divisible by it is outside the constraint; 0: none */
    uint64_t view;     /* states with equal n / view count as one; 1: no view */
    bool loops;        /* every third state is its own first successor */
    bool groups;       /* the engine takes several parents at once */
    bool lazy;         /* and its items are made when they are asked for */
};

struct fm_state {
    uint64_t n;
};

struct fm_engine {
    struct toy *toy;
    struct fm_value_context values;
    struct fm_arena arena;
    struct fm_state decoded[FM_GROUP_MAX + 2]; /* used in turn */
    uint32_t decoded_next;
    struct fm_state made[FM_BATCH_MAX];
    struct fm_batch batch;
    struct fm_failure failure;
    /* Of lazy batches. */
    struct fm_digest prints[FM_BATCH_MAX], owns[FM_BATCH_MAX];
    uint32_t actions[FM_BATCH_MAX], unchanged_before[FM_BATCH_MAX], unchanged_actions[FM_BATCH_MAX];
    uint8_t in_model[FM_BATCH_MAX];
    uint64_t made_late, encoded_late;
};

static uint64_t mix(uint64_t n)
{
    n ^= n >> 31;
    n *= 0x9e3779b97f4a7c15u;
    n ^= n >> 29;
    n *= 0xbf58476d1ce4e5b9u;
    return n ^ (n >> 32);
}

static uint32_t degree_of(const struct toy *toy, uint64_t n)
{
    return n == toy->dead ? 0 : 1 + (uint32_t)(mix(n) % toy->degree_max);
}

static uint64_t successor_of(const struct toy *toy, uint64_t n, uint32_t i)
{
    if (toy->loops && i == 0 && n % 3 == 0) {
        return n;
    }
    return mix(n * 64 + i + 1) % toy->size;
}

static struct fm_digest digest_of(uint64_t n)
{
    return (struct fm_digest){mix(n + 1), mix(n + 77)};
}

static struct fm_engine *toy_open(struct fm_model *model)
{
    struct fm_engine *engine = fm_memory_calloc(1, sizeof *engine);
    engine->toy = (struct toy *)model;
    fm_arena_init(&engine->arena, "toy");
    engine->values.arena = &engine->arena;
    return engine;
}

static void toy_close(struct fm_engine *engine)
{
    /* Both passes over a batch are tried, that of items alone where all is known. */
    if (engine->toy->lazy && engine->toy->excluded == 0 && engine->encoded_late > 1000) {
        assert_true(engine->made_late > 0 && engine->made_late < engine->encoded_late);
    }
    fm_arena_deinit(&engine->arena);
    fm_memory_free(engine);
}

static void toy_reset(struct fm_engine *engine)
{
    fm_arena_reset(&engine->arena);
}

static void add_item(struct fm_engine *engine, uint64_t n, uint32_t action)
{
    const struct toy *toy = engine->toy;
    uint32_t i = engine->batch.count++;
    engine->made[i].n = n;
    engine->batch.items[i] = (struct fm_item){
        .fingerprint = digest_of(n / toy->view * toy->view),
        .own = digest_of(n),
        .state = &engine->made[i],
        .action = action,
        .in_model = toy->excluded == 0 || n % toy->excluded != 0,
    };
}

static bool flush(struct fm_engine *engine, struct fm_sink *sink)
{
    bool going = engine->batch.count == 0 || sink->take(sink, &engine->batch);
    engine->batch.count = 0;
    return going;
}

static void toy_initial(struct fm_engine *engine, struct fm_sink *sink)
{
    engine->batch.count = 0;
    for (uint64_t n = 1; n <= 3; n++) {
        add_item(engine, n, FM_ACTION_INITIAL);
    }
    (void)flush(engine, sink);
}

static void toy_successors(struct fm_engine *engine, struct fm_state *state, uint32_t level,
                           struct fm_sink *sink)
{
    (void)level;
    const struct toy *toy = engine->toy;
    uint64_t n = state->n;
    uint32_t degree = degree_of(toy, n);
    engine->batch.count = 0;
    for (uint32_t i = 0; i < degree; i++) {
        add_item(engine, successor_of(toy, n, i), i % 2);
        /* Short batches, so that several make up one parent. */
        if (engine->batch.count == 3 && !flush(engine, sink)) {
            return;
        }
    }
    if (n == toy->error) {
        engine->failure = (struct fm_failure){.code = FM_CODE_4003, .message = "no function"};
        engine->batch.items[engine->batch.count++] = (struct fm_item){.failure = &engine->failure};
    }
    (void)flush(engine, sink);
}

static void toy_make(struct fm_batch *batch, uint32_t number)
{
    struct fm_engine *engine = (struct fm_engine *)((char *)batch -
                                                    offsetof(struct fm_engine, batch));
    batch->items[number] = (struct fm_item){
        .fingerprint = engine->prints[number],
        .own = engine->owns[number],
        .state = &engine->made[number],
        .action = engine->actions[number],
        .in_model = engine->in_model[number] != 0,
    };
    engine->made_late++;
}

/* Moves what items say to the arrays of a lazy batch. */
static void make_lazy(struct fm_engine *engine)
{
    struct fm_batch *batch = &engine->batch;
    for (uint32_t i = 0; i < batch->count; i++) {
        engine->prints[i] = batch->items[i].fingerprint;
        engine->owns[i] = batch->items[i].own;
        engine->actions[i] = batch->items[i].action;
        engine->in_model[i] = batch->items[i].in_model;
        memset(&batch->items[i], 0xee, sizeof batch->items[i]);
    }
    batch->prints = engine->prints;
    batch->owns = engine->owns;
    batch->actions = engine->actions;
    batch->in_model = engine->toy->excluded == 0 ? NULL : engine->in_model;
    batch->unchanged_before = engine->unchanged_before;
    batch->unchanged_actions = engine->unchanged_actions;
    batch->make = toy_make;
    batch->encoded_size = sizeof(uint64_t);
}

/* Batches of several parents: of 16 items, so that parents end in the middle of them, begin there,
 * and have none. A failure's items stand. */
static bool flush_group(struct fm_engine *engine, struct fm_sink *sink, uint32_t parent)
{
    struct fm_batch *batch = &engine->batch;
    batch->unchanged_ends[batch->end_count] = batch->unchanged_count;
    batch->ends[batch->end_count++] = batch->count;
    batch->prints = NULL;
    if (engine->toy->lazy && sink->lazy && (batch->count == 0 || batch->items[0].state != NULL)) {
        make_lazy(engine);
    }
    bool going = batch->count + batch->unchanged_count == 0 || sink->take(sink, batch);
    batch->count = batch->unchanged_count = 0;
    batch->parent = parent;
    batch->end_count = 0;
    batch->prints = NULL;
    return going;
}

static void add_successor(struct fm_engine *engine, const struct fm_sink *sink, uint64_t n,
                          uint32_t j)
{
    struct fm_batch *batch = &engine->batch;
    uint64_t t = successor_of(engine->toy, n, j);
    if (t == n && engine->toy->lazy && engine->toy->view == 1 && sink->counts_unchanged) {
        engine->unchanged_before[batch->unchanged_count] = batch->count;
        engine->unchanged_actions[batch->unchanged_count++] = j % 2;
    } else {
        add_item(engine, t, j % 2);
    }
}

static void toy_expand(struct fm_engine *engine, struct fm_state *const *states, uint32_t count,
                       uint32_t level, struct fm_sink *sink)
{
    (void)level;
    struct toy *toy = engine->toy;
    struct fm_batch *batch = &engine->batch;
    batch->count = batch->unchanged_count = batch->parent = batch->end_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t n = states[i]->n;
        for (uint32_t j = 0; j < degree_of(toy, n); j++) {
            add_successor(engine, sink, n, j);
            if (batch->count == 16 && !flush_group(engine, sink, i)) {
                return;
            }
        }
        if (n == toy->error) {
            if (batch->count + batch->unchanged_count > 0 && !flush_group(engine, sink, i)) {
                return;
            }
            engine->failure = (struct fm_failure){.code = FM_CODE_4003, .message = "no function"};
            batch->items[batch->count++] = (struct fm_item){.failure = &engine->failure};
            batch->parent = i;
            (void)flush_group(engine, sink, i);
            return;
        }
        if (i + 1 < count) {
            batch->unchanged_ends[batch->end_count] = batch->unchanged_count;
            batch->ends[batch->end_count++] = batch->count;
        }
    }
    (void)flush_group(engine, sink, 0);
}

static uint32_t toy_check_some(struct fm_engine *engine, struct fm_batch *batch,
                               const uint8_t *numbers, uint32_t count)
{
    uint32_t good = 0;
    assert_ptr_equal(batch, &engine->batch);
    while (good < count && engine->made[numbers[good]].n != engine->toy->bad &&
           engine->made[numbers[good]].n % 50 != 49) { /* may know less than is true */
        good++;
    }
    return good;
}

static void toy_encode_some(struct fm_engine *engine, const struct fm_batch *batch,
                            const uint8_t *numbers, uint32_t count, uint8_t *to)
{
    (void)batch;
    for (uint32_t i = 0; i < count; i++) {
        memcpy(to + i * sizeof(uint64_t), &engine->made[numbers[i]].n, sizeof(uint64_t));
    }
    engine->encoded_late += count;
}

static uint32_t toy_group_max(struct fm_engine *engine)
{
    return 1 + engine->decoded_next % FM_GROUP_MAX;
}

/* May know less than is true. */
static uint32_t toy_check_many(struct fm_engine *engine, struct fm_state *const *states,
                               uint32_t count)
{
    uint32_t good = 0;
    while (good < count && good < 9 && states[good]->n != engine->toy->bad) {
        good++;
    }
    return good;
}

static enum fm_verdict toy_check(struct fm_engine *engine, enum fm_formula_kind kind,
                                 uint32_t index, struct fm_state *s, struct fm_state *t)
{
    (void)index;
    (void)t;
    return kind == FM_FORMULA_INVARIANT && s->n == engine->toy->bad ? FM_VERDICT_FALSE
                                                                    : FM_VERDICT_TRUE;
}

static enum fm_verdict toy_check_all(struct fm_engine *engine, enum fm_formula_kind kind,
                                     struct fm_state *s, struct fm_state *t, uint32_t *index)
{
    *index = 0;
    return toy_check(engine, kind, 0, s, t);
}

static const struct fm_explanation *toy_explain(struct fm_engine *engine, enum fm_formula_kind kind,
                                                uint32_t index, struct fm_state *s,
                                                struct fm_state *t, struct fm_arena *arena)
{
    (void)engine, (void)kind, (void)index, (void)s, (void)t, (void)arena;
    return NULL;
}

static const struct fm_explanation *toy_why_not(struct fm_engine *engine, uint32_t action,
                                                struct fm_state *state, struct fm_arena *arena)
{
    (void)engine, (void)action, (void)state, (void)arena;
    return NULL;
}

static const struct fm_failure *toy_failure(struct fm_engine *engine)
{
    return &engine->failure;
}

static void toy_encode(struct fm_engine *engine, const struct fm_state *state, struct fm_text *out)
{
    (void)engine;
    fm_text_add(out, (const char *)&state->n, sizeof state->n);
}

static struct fm_state *toy_decode(struct fm_engine *engine, const uint8_t *bytes)
{
    engine->decoded_next = (engine->decoded_next + 1) % (FM_GROUP_MAX + 2);
    struct fm_state *state = &engine->decoded[engine->decoded_next];
    memcpy(&state->n, bytes, sizeof state->n);
    return state;
}

static void toy_place(struct fm_engine *engine, struct fm_state *state, uint32_t level,
                      uint32_t action)
{
    (void)engine, (void)state, (void)level, (void)action;
}

static const fm_value *toy_values(struct fm_engine *engine, const struct fm_state *state)
{
    fm_value *value = fm_arena_alloc(&engine->arena, sizeof *value);
    *value = fm_small((int64_t)state->n);
    return value;
}

static struct fm_value_context *toy_context(struct fm_engine *engine)
{
    return &engine->values;
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
    .check = toy_check,
    .check_all = toy_check_all,
    .explain = toy_explain,
    .why_not = toy_why_not,
    .failure = toy_failure,
    .encode = toy_encode,
    .decode = toy_decode,
    .place = toy_place,
    .values = toy_values,
    .context = toy_context,
    .coverage = toy_coverage,
};

static const struct fm_model_ops toy_group_ops = {
    .name = "toy with groups",
    .open = toy_open,
    .close = toy_close,
    .reset = toy_reset,
    .initial = toy_initial,
    .successors = toy_successors,
    .expand = toy_expand,
    .group_max = toy_group_max,
    .check = toy_check,
    .check_all = toy_check_all,
    .check_many = toy_check_many,
    .check_some = toy_check_some,
    .encode_some = toy_encode_some,
    .explain = toy_explain,
    .why_not = toy_why_not,
    .failure = toy_failure,
    .encode = toy_encode,
    .decode = toy_decode,
    .place = toy_place,
    .values = toy_values,
    .context = toy_context,
    .coverage = toy_coverage,
};

/* --- running it --- */

struct fixture {
    struct fm_symbols *symbols;
    struct fm_sources *sources;
    struct fm_diags *diags;
    struct fm_variable variable;
};

static struct fixture fixture;

static int set_up(void **state)
{
    (void)state;
    fixture.symbols = fm_symbols_new();
    fixture.sources = fm_sources_new();
    fixture.diags = fm_diags_new(fixture.sources);
    fixture.variable = (struct fm_variable){.name = fm_symbol_of(fixture.symbols, "n")};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fm_diags_free(fixture.diags);
    fm_sources_free(fixture.sources);
    fm_symbols_free(fixture.symbols);
    return 0;
}

static struct toy new_toy(uint64_t size)
{
    struct toy toy = {.size = size,
                      .degree_max = 6,
                      .bad = UINT64_MAX,
                      .dead = UINT64_MAX,
                      .error = UINT64_MAX,
                      .view = 1};
    return toy;
}

/* After the toy has its place. */
static void link_toy(struct toy *toy)
{
    toy->invariant = (struct fm_formula){.name = fm_symbol_of(fixture.symbols, "Inv"),
                                         .node = &toy->node};
    toy->program = (struct fm_program){.symbols = fixture.symbols,
                                       .diags = fixture.diags,
                                       .variables = &fixture.variable,
                                       .variable_count = 1,
                                       .inits = &toy->invariant,
                                       .init_count = 1,
                                       .invariants = &toy->invariant,
                                       .invariant_count = 1};
    toy->actions[0].name = fm_symbol_of(fixture.symbols, "Even");
    toy->actions[1].name = fm_symbol_of(fixture.symbols, "Odd");
    toy->model = (struct fm_model){.ops = toy->groups ? &toy_group_ops : &toy_ops,
                                   .program = &toy->program,
                                   .actions = toy->actions,
                                   .action_count = 2,
                                   .action_impurity = toy->impurity,
                                   .variable_count = 1,
                                   .has_view = toy->view > 1};
}

struct job {
    struct toy *toy;
    struct fm_check_options options;
    struct fm_checker *checker;
    const struct fm_check_result *result;
};

static void run_job(void *closure)
{
    struct job *job = closure;
    link_toy(job->toy);
    job->checker = fm_checker_new(&job->options);
    job->toy->model.run = fm_checker_hooks(job->checker);
    job->result = fm_check_run(job->checker, &job->toy->model);
}

static struct job run_toy(struct toy *toy, uint32_t workers)
{
    struct job job = {.toy = toy,
                      .options = {.workers = workers, .deadlock = true, .depth_max = -1}};
    assert_int_equal(fm_thread_call(run_job, &job), 0);
    return job;
}

/* --- what a queue computes --- */

struct expected {
    uint64_t generated, distinct, queue, depth;
    uint64_t problem; /* state at the end of the trace, UINT64_MAX: none */
    enum fm_problem_kind kind;
};

struct plain {
    const struct toy *toy;
    struct expected *out;
    uint64_t *queue, *depth;
    bool *seen;
    uint64_t count;
};

static bool arrive(struct plain *plain, uint64_t n, uint64_t depth)
{
    const struct toy *toy = plain->toy;
    bool inside = toy->excluded == 0 || n % toy->excluded != 0;
    bool fresh = !inside;
    plain->out->generated++;
    if (inside && !plain->seen[n / toy->view]) {
        plain->seen[n / toy->view] = true;
        fresh = true;
        plain->out->distinct++;
        plain->out->depth = depth > plain->out->depth ? depth : plain->out->depth;
    }
    if (fresh && n == toy->bad) {
        plain->out->problem = n;
        plain->out->kind = FM_PROBLEM_INVARIANT;
        return false;
    }
    if (fresh && inside) {
        plain->queue[plain->count] = n;
        plain->depth[plain->count++] = depth;
    }
    return true;
}

static bool leave(struct plain *plain, uint64_t n, uint64_t depth)
{
    const struct toy *toy = plain->toy;
    for (uint32_t i = 0; i < degree_of(toy, n); i++) {
        if (!arrive(plain, successor_of(toy, n, i), depth + 1)) {
            return false;
        }
    }
    if (n == toy->error || n == toy->dead) {
        plain->out->problem = n;
        plain->out->kind = n == toy->error ? FM_PROBLEM_NEXT_FAILED : FM_PROBLEM_DEADLOCK;
        return false;
    }
    return true;
}

static struct expected plain_search(const struct toy *toy)
{
    struct expected out = {.problem = UINT64_MAX};
    struct plain plain = {
        .toy = toy,
        .out = &out,
        .queue = fm_memory_calloc(toy->size + 4, sizeof(uint64_t)),
        .depth = fm_memory_calloc(toy->size + 4, sizeof(uint64_t)),
        .seen = fm_memory_calloc(toy->size + 4, sizeof(bool)),
    };
    for (uint64_t n = 1; n <= 3; n++) {
        (void)arrive(&plain, n, 1);
    }
    uint64_t next = 0;
    while (next < plain.count && leave(&plain, plain.queue[next], plain.depth[next])) {
        next++;
    }
    bool stopped = next < plain.count;
    out.queue = plain.count - next - (stopped ? 1 : 0);
    fm_memory_free(plain.queue);
    fm_memory_free(plain.depth);
    fm_memory_free(plain.seen);
    return out;
}

static void check_job(const struct job *job, const struct expected *expected)
{
    const struct fm_check_result *result = job->result;
    assert_int_equal(result->counts.generated, expected->generated);
    assert_int_equal(result->counts.distinct, expected->distinct);
    assert_int_equal(result->counts.depth, expected->depth);
    assert_int_equal(result->counts.queue, expected->queue);
    if (expected->problem == UINT64_MAX) {
        assert_int_equal(result->problem_count, 0);
        assert_int_equal(result->end, FM_CHECK_COMPLETE);
        return;
    }
    assert_int_equal(result->problem_count, 1);
    assert_int_equal(result->problems[0]->kind, expected->kind);
    const struct fm_trace *trace = result->problems[0]->trace;
    assert_non_null(trace);
    assert_true(trace->executed);
    char text[32];
    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)expected->problem);
    assert_string_equal(trace->states[trace->count - 1].values[0], text);
}

static void check_degrees(const struct fm_check_result *result, struct fm_check_counts *first)
{
    if (first->expanded == 0) {
        *first = result->counts;
    }
    assert_int_equal(result->counts.expanded, first->expanded);
    assert_int_equal(result->counts.outdegree_min, first->outdegree_min);
    assert_int_equal(result->counts.outdegree_max, first->outdegree_max);
    assert_int_equal(result->counts.outdegree_p95, first->outdegree_p95);
    assert_true(result->counts.outdegree_mean == first->outdegree_mean);
}

/* Runs with several numbers of workers, parents one by one, in groups, and with lazy batches, and
 * holds each against the plain queue and against the first run. */
static void compare(const struct toy *original)
{
    static const uint32_t counts[] = {1, 1, 1, 2, 2, 2, 4, 4, 4, 7, 7, 7};
    struct expected expected = plain_search(original);
    struct fm_check_counts degrees = {0};
    char *first = NULL;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct toy toy = *original;
        toy.groups = i % 3 >= 1;
        toy.lazy = i % 3 == 2;
        struct job job = run_toy(&toy, counts[i]);
        check_job(&job, &expected);
        if (job.result->problem_count == 0 || counts[i] == 1) {
            check_degrees(job.result, &degrees);
        }
        struct fm_text path = {NULL, 0, 0};
        for (uint32_t j = 0;
             job.result->problem_count > 0 && j < job.result->problems[0]->trace->count; j++) {
            const struct fm_trace_state *state = &job.result->problems[0]->trace->states[j];
            fm_text_printf(&path, "%s %s;", state->values[0],
                           state->action == NULL ? "-" : state->action->name->text);
        }
        if (first == NULL) {
            first = strdup(fm_text_string(&path));
        }
        assert_string_equal(fm_text_string(&path), first);
        fm_text_deinit(&path);
        fm_checker_free(job.checker);
    }
    free(first);
}

static void test_complete(void **state)
{
    (void)state;
    struct toy toy = new_toy(30000);
    compare(&toy);
    toy.excluded = 7;
    compare(&toy);
    toy = new_toy(50);
    compare(&toy);
    toy = new_toy(30000);
    toy.loops = true;
    compare(&toy);
}

static void test_invariant(void **state)
{
    (void)state;
    /* States near the beginning, in the middle and at the end of the search. */
    for (uint64_t bad = 5; bad < 20000; bad = bad * 3 + 1) {
        struct toy toy = new_toy(20000);
        toy.bad = bad;
        compare(&toy);
        toy.loops = true;
        compare(&toy);
    }
}

static void test_invariant_outside_constraint(void **state)
{
    (void)state;
    struct toy toy = new_toy(20000);
    toy.excluded = 11;
    toy.bad = 11000;
    compare(&toy);
}

static void test_deadlock(void **state)
{
    (void)state;
    for (uint64_t dead = 9; dead < 20000; dead = dead * 5) {
        struct toy toy = new_toy(20000);
        toy.dead = dead;
        compare(&toy);
        toy.loops = true;
        compare(&toy);
    }
}

static void test_error(void **state)
{
    (void)state;
    struct toy toy = new_toy(20000);
    toy.error = 4444;
    compare(&toy);
    toy.bad = 12345;
    compare(&toy);
}

/* Under a view what is found depends on who arrives first: all the more must it be the same. */
static void test_view(void **state)
{
    (void)state;
    struct toy toy = new_toy(40000);
    toy.view = 3;
    compare(&toy);
    for (uint64_t bad = 100; bad < 40000; bad += 7000) {
        toy.bad = bad;
        compare(&toy);
    }
}

static void test_depth(void **state)
{
    (void)state;
    for (uint32_t workers = 1; workers <= 3; workers += 2) {
        struct toy toy = new_toy(100000);
        struct job job = {.toy = &toy, .options = {.workers = workers, .depth_max = 4}};
        assert_int_equal(fm_thread_call(run_job, &job), 0);
        assert_int_equal(job.result->end, FM_CHECK_DEPTH);
        assert_int_equal(job.result->counts.depth, 4);
        assert_true(job.result->counts.queue > 0);
        fm_checker_free(job.checker);
    }
}

static void test_interrupt(void **state)
{
    (void)state;
    atomic_bool interrupt;
    atomic_init(&interrupt, true);
    struct toy toy = new_toy(100000);
    struct job job = {.toy = &toy,
                      .options = {.workers = 2, .depth_max = -1, .interrupt = &interrupt}};
    assert_int_equal(fm_thread_call(run_job, &job), 0);
    assert_int_equal(job.result->end, FM_CHECK_INTERRUPTED);
    assert_int_equal(job.result->problem_count, 0);
    fm_checker_free(job.checker);
}

static void test_keep_going(void **state)
{
    (void)state;
    for (uint32_t workers = 1; workers <= 4; workers += 3) {
        struct toy toy = new_toy(20000);
        struct expected expected = plain_search(&toy);
        toy.bad = 12345;
        struct job job = {.toy = &toy,
                          .options = {.workers = workers, .depth_max = -1, .keep_going = true}};
        assert_int_equal(fm_thread_call(run_job, &job), 0);
        assert_int_equal(job.result->end, FM_CHECK_COMPLETE);
        assert_int_equal(job.result->problem_count, 1);
        assert_int_equal(job.result->counts.distinct, expected.distinct);
        assert_int_equal(job.result->counts.generated, expected.generated);
        fm_checker_free(job.checker);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_complete),
        cmocka_unit_test(test_invariant),
        cmocka_unit_test(test_invariant_outside_constraint),
        cmocka_unit_test(test_deadlock),
        cmocka_unit_test(test_error),
        cmocka_unit_test(test_view),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_interrupt),
        cmocka_unit_test(test_keep_going),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
