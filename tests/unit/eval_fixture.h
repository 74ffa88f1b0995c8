/* What every test of the evaluator sets up: a specification in a folder, its model, one engine. */
#ifndef FM_TESTS_EVAL_FIXTURE_H
#define FM_TESTS_EVAL_FIXTURE_H

#include "base/thread.h"
#include "eval/engine.h"
#include "eval/eval.h"

#include "semantics_fixture.h"

#include <stdio.h>

struct eval_fixture {
    struct semantics_fixture loaded;
    struct fm_model_options options;
    struct fm_run run;
    struct fm_model *model;
    struct fm_engine *engine;
    struct fm_text printed; /* lines of Print and PrintT */
};

static inline void eval_print(void *owner, const char *line)
{
    struct eval_fixture *fixture = owner;
    fm_text_puts(&fixture->printed, line);
    fm_text_putc(&fixture->printed, '\n');
}

/* A module M of that body; `config` may be "". NULL options: plain ones. */
static inline void eval_open(struct eval_fixture *fixture, const char *body, const char *config)
{
    fixture_open(&fixture->loaded);
    fm_text_clear(&fixture->loaded.text);
    fm_text_printf(&fixture->loaded.text, "---- MODULE M ----\n%s\n====\n", body);
    fixture_write(&fixture->loaded, "M.tla", fm_text_string(&fixture->loaded.text));
    fixture_write(&fixture->loaded, "M.cfg", config);
    if (fixture_load(&fixture->loaded, "M", true) == NULL) {
        print_error("%s\n", body);
        print_error("%s\n", fixture_codes(&fixture->loaded));
    }
    assert_non_null(fixture->loaded.program);
    fixture->run.owner = fixture;
    fixture->run.print = eval_print;
    fixture->options.set_size_max = 1000000;
    fixture->model = fm_eval_model_new(&fixture->loaded.session, fixture->loaded.program,
                                       &fixture->options, &fixture->run);
    assert_non_null(fixture->model);
    fixture->engine = fixture->model->ops->open(fixture->model);
}

static inline void eval_close(struct eval_fixture *fixture)
{
    fixture->model->ops->close(fixture->engine);
    fixture->model->ops->model_free(fixture->model);
    fm_text_deinit(&fixture->printed);
    fixture_close(&fixture->loaded);
    memset(fixture, 0, sizeof *fixture);
}

/* Collects what is generated. */
struct eval_sink {
    struct fm_sink sink; /* first */
    struct fm_engine *engine;
    uint32_t count;
    uint32_t stop_after; /* 0: never */
    uint32_t batches;
    enum fm_code failed; /* 0: nothing did */
    char message[400];
    struct fm_text first; /* the first state encoded */
};

static inline bool eval_take(struct fm_sink *sink, struct fm_batch *batch)
{
    struct eval_sink *own = (struct eval_sink *)(void *)sink;
    own->batches++;
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct fm_item *item = &batch->items[i];
        if (item->state == NULL) {
            own->failed = item->failure->code;
            (void)snprintf(own->message, sizeof own->message, "%s", item->failure->message);
            assert_int_equal(i + 1, batch->count);
            continue;
        }
        if (own->count == 0) {
            own->engine->model->model.ops->encode(own->engine, item->state, &own->first);
        }
        own->count++;
        if (own->count == own->stop_after) {
            return false;
        }
    }
    return true;
}

static inline struct eval_sink eval_initial(struct eval_fixture *fixture)
{
    struct eval_sink sink = {.sink.take = eval_take, .engine = fixture->engine};
    fixture->model->ops->initial(fixture->engine, &sink.sink);
    return sink;
}

/* The first initial state, decoded. */
static inline struct fm_state *eval_first(struct eval_fixture *fixture)
{
    struct eval_sink sink = eval_initial(fixture);
    assert_int_equal(sink.failed, 0);
    assert_true(sink.count > 0);
    struct fm_state *state = fixture->model->ops->decode(fixture->engine,
                                                         (const uint8_t *)sink.first.at);
    fm_text_deinit(&sink.first);
    return state;
}

static inline struct eval_sink eval_successors(struct eval_fixture *fixture, struct fm_state *state)
{
    struct eval_sink sink = {.sink.take = eval_take, .engine = fixture->engine};
    fixture->model->ops->successors(fixture->engine, state, 1, &sink.sink);
    return sink;
}

/* Runs a test on a thread with a large stack: cmocka's own has none. */
#define EVAL_TEST(name)                                                                            \
    static void name##_there(void *closure)                                                        \
    {                                                                                              \
        name(closure);                                                                             \
    }                                                                                              \
    static void run_##name(void **state)                                                           \
    {                                                                                              \
        struct eval_fixture fixture = {0};                                                         \
        (void)state;                                                                               \
        assert_int_equal(fm_thread_call(name##_there, &fixture), 0);                               \
    }

#endif
