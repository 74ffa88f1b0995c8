/* Both tiers behind the model's interface, question by question: the golden specifications are
 * explored for a while, and of each state both are asked for the successors by each action, for
 * each formula of the lists, and for each operator without parameters that the program has, as a
 * predicate and as a value. They must agree, failures included; and emitted code must have answered
 * most of the time, or this would say nothing. */
#include "native/native.h"
#include "native/tier.h"

#include "value/order.h"

#include "eval_fixture.h"

#include <dirent.h>
#include <sys/stat.h>

/* States of one specification whose questions are asked. */
#define STATES 25u
/* States that the interpreter looks at for their shapes. */
#define SAMPLE 300u
#define NAMED_MAX 100u
/* Configurations of one specification besides that of its name. */
#define CONFIGURATIONS 3u

struct totals {
    uint32_t runs, states;
    uint64_t applied, native_applied; /* successors by apply */
    uint64_t asked, interpreted;      /* formulas, and those that the interpreter answered */
    uint32_t named, emitted;          /* operators, and those that are emitted */
};

struct both {
    struct semantics_fixture loaded;
    struct fm_model_options options;
    struct fm_run run;
    struct fm_model *model; /* native, around */
    struct fm_model *plain; /* the interpreter's */
    struct fm_engine *engine, *plain_engine;
    struct fm_formula named[NAMED_MAX];
    const struct fm_formula *wanted[NAMED_MAX];
    uint32_t named_count;
    struct fm_text states; /* the interpreter's encodings */
    FM_VEC(size_t) begins;
    struct fm_map seen;
    struct totals *totals;
};

/* The interpreter's operations, counted: what emitted code passes on comes by here. Errors are
 * always passed on. */
static uint64_t passed_on;
static struct fm_model_ops counted;
static const struct fm_model_ops *uncounted;

static enum fm_verdict count_check(struct fm_engine *engine, enum fm_formula_kind kind,
                                   uint32_t index, struct fm_state *s, struct fm_state *t)
{
    enum fm_verdict verdict = uncounted->check(engine, kind, index, s, t);
    passed_on += verdict != FM_VERDICT_FAILURE;
    return verdict;
}

static enum fm_verdict count_holds(struct fm_engine *engine, const struct fm_formula *formula,
                                   struct fm_state *s, struct fm_state *t)
{
    enum fm_verdict verdict = uncounted->holds(engine, formula, s, t);
    passed_on += verdict != FM_VERDICT_FAILURE;
    return verdict;
}

static fm_value count_eval(struct fm_engine *engine, const struct fm_formula *formula,
                           struct fm_state *s, struct fm_state *t)
{
    fm_value value = uncounted->eval(engine, formula, s, t);
    passed_on += !fm_is_none(value);
    return value;
}

static void count_what_is_passed_on(struct fm_model *interpreter)
{
    uncounted = interpreter->ops;
    counted = *uncounted;
    counted.check = count_check;
    counted.holds = count_holds;
    counted.eval = count_eval;
    interpreter->ops = &counted;
}

/* --- what is generated --- */

struct seen_item {
    struct fm_digest fingerprint, own;
    uint32_t action;
    enum fm_code failed;
    bool in_model;
};

struct recording {
    struct fm_sink sink; /* first */
    FM_VEC(struct seen_item) items;
    struct both *collect; /* keeps new states here; NULL: does not */
};

static void collect(struct both *both, struct fm_state *state, struct fm_digest digest)
{
    char key[40];
    (void)snprintf(key, sizeof key, "%016llx%016llx", (unsigned long long)digest.high,
                   (unsigned long long)digest.low);
    const struct fm_symbol *symbol = fm_symbol_of(both->loaded.session.symbols, key);
    if (both->begins.count < STATES && !fm_map_has(&both->seen, symbol)) {
        fm_map_put(&both->seen, symbol, both);
        fm_vec_push(&both->begins, both->states.length);
        uncounted->encode(both->plain_engine, state, &both->states);
    }
}

static bool record(struct fm_sink *sink, struct fm_batch *batch)
{
    struct recording *recording = (struct recording *)(void *)sink;
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct fm_item *item = &batch->items[i];
        struct seen_item seen = {.action = item->action, .in_model = item->in_model};
        if (item->state == NULL) {
            seen.failed = item->failure->code;
        } else {
            seen.fingerprint = item->fingerprint;
            seen.own = item->own;
            if (recording->collect != NULL && item->in_model) {
                collect(recording->collect, item->state, item->own);
            }
        }
        fm_vec_push(&recording->items, seen);
    }
    return recording->items.count < 1000;
}

static bool same_digest(struct fm_digest a, struct fm_digest b)
{
    return a.low == b.low && a.high == b.high;
}

static void compare_items(const struct recording *native, const struct recording *plain)
{
    assert_int_equal(native->items.count, plain->items.count);
    for (uint32_t i = 0; i < native->items.count; i++) {
        const struct seen_item *a = &native->items.at[i], *b = &plain->items.at[i];
        assert_int_equal(a->failed, b->failed);
        if (a->failed == 0) {
            assert_true(same_digest(a->own, b->own));
            assert_true(same_digest(a->fingerprint, b->fingerprint));
            assert_int_equal(a->in_model, b->in_model);
        }
        assert_int_equal(a->action, b->action);
    }
}

/* --- asking both --- */

/* State number i of both, the native one packed if it fits. */
struct pair_of_states {
    struct fm_state *native, *plain;
};

static struct pair_of_states state_at(struct both *both, uint32_t i)
{
    const struct fm_model_ops *ops = both->model->ops;
    const char *bytes = both->states.at + both->begins.at[i];
    struct fm_text encoding = {NULL, 0, 0};
    struct pair_of_states pair;
    pair.plain = uncounted->decode(both->plain_engine, (const uint8_t *)bytes);
    fm_text_putc(&encoding, 0);
    fm_text_add(&encoding, bytes, both->states.length - both->begins.at[i]);
    pair.native = ops->decode(both->engine, (const uint8_t *)encoding.at);
    fm_text_clear(&encoding);
    ops->encode(both->engine, pair.native, &encoding);
    pair.native = ops->decode(both->engine, (const uint8_t *)encoding.at);
    fm_text_deinit(&encoding);
    ops->place(both->engine, pair.native, 1, FM_ACTION_INITIAL);
    uncounted->place(both->plain_engine, pair.plain, 1, FM_ACTION_INITIAL);
    return pair;
}

static void ask_actions(struct both *both, struct pair_of_states state)
{
    for (uint32_t i = 0; i < both->model->action_count; i++) {
        struct recording native = {.sink.take = record};
        struct recording plain = {.sink.take = record, .collect = both};
        both->model->ops->apply(both->engine, i, state.native, &native.sink);
        uncounted->apply(both->plain_engine, i, state.plain, &plain.sink);
        compare_items(&native, &plain);
        both->totals->applied += plain.items.count;
        fm_vec_deinit(&native.items);
        fm_vec_deinit(&plain.items);
    }
}

static void ask_lists(struct both *both, struct pair_of_states s, struct pair_of_states t)
{
    const struct fm_program *program = both->model->program;
    const struct {
        enum fm_formula_kind kind;
        uint32_t count;
    } lists[] = {
        {FM_FORMULA_INVARIANT, program->invariant_count},
        {FM_FORMULA_CONSTRAINT, program->constraint_count},
        {FM_FORMULA_IMPLIED_ACTION, program->implied_action_count},
        {FM_FORMULA_ACTION_CONSTRAINT, program->action_constraint_count},
    };
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
        for (uint32_t i = 0; i < lists[k].count; i++) {
            enum fm_verdict plain = uncounted->check(both->plain_engine, lists[k].kind, i, s.plain,
                                                     t.plain);
            assert_int_equal(
                both->model->ops->check(both->engine, lists[k].kind, i, s.native, t.native), plain);
            both->totals->asked++;
        }
    }
}

struct digesting {
    fm_value value;
    struct fm_digest digest;
};

static void run_digest(struct fm_engine *engine, void *closure)
{
    struct digesting *at = closure;
    at->digest = fm_value_digest(uncounted->context(engine), at->value);
}

/* NONE, values without a normal form (Nat), and others. */
static struct fm_digest digest_of(struct fm_engine *engine, fm_value value)
{
    struct digesting at = {value, {1, 1}};
    if (fm_is_none(value)) {
        return (struct fm_digest){0, 0};
    }
    return fm_eval_guard(engine, run_digest, &at) ? at.digest : (struct fm_digest){2, 2};
}

static void ask_named(struct both *both, struct pair_of_states s, struct pair_of_states t)
{
    for (uint32_t i = 0; i < both->named_count; i++) {
        const struct fm_formula *formula = &both->named[i];
        enum fm_verdict plain = uncounted->holds(both->plain_engine, formula, s.plain, t.plain);
        enum fm_verdict native = both->model->ops->holds(both->engine, formula, s.native, t.native);
        if (native != plain) {
            const struct fm_failure *failure = uncounted->failure(both->plain_engine);
            print_error("%s in %s: %d, interpreted %d (%s)\n", formula->name->text,
                        both->loaded.program->root->text, (int)native, (int)plain,
                        plain == FM_VERDICT_FAILURE ? failure->message : "");
        }
        assert_int_equal(native, plain);
        fm_value plain_value = uncounted->eval(both->plain_engine, formula, s.plain, t.plain);
        fm_value native_value = both->model->ops->eval(both->engine, formula, s.native, t.native);
        struct fm_engine *inner = ((struct native_engine *)(void *)both->engine)->inner;
        bool same = same_digest(digest_of(inner, native_value),
                                digest_of(both->plain_engine, plain_value));
        if (!same) {
            print_error("%s in %s has two values\n", formula->name->text,
                        both->loaded.program->root->text);
        }
        assert_true(same);
        both->totals->asked += 2;
    }
}

/* --- states of several layouts --- */

/* Steps of the walk, between two that make its states wider, and between those that are kept. */
#define STEPS 3000u
#define STRIDE 12u
#define KEPT 50u

struct walk {
    struct fm_sink sink; /* first */
    struct both *both;
    bool is_first;       /* takes the first successor, not the last */
    struct fm_text next; /* the successor */
};

static bool take_one(struct fm_sink *sink, struct fm_batch *batch)
{
    struct walk *walk = (struct walk *)(void *)sink;
    if (walk->next.length == 0 || !walk->is_first) {
        uint32_t i = walk->is_first ? 0 : batch->count - 1;
        fm_text_clear(&walk->next);
        walk->both->model->ops->encode(walk->both->engine, batch->items[i].state, &walk->next);
    }
    return true;
}

static struct pair_of_states stored_state(struct both *both, const struct fm_text *states,
                                          size_t begin)
{
    const struct fm_model_ops *ops = both->model->ops;
    struct pair_of_states pair;
    pair.native = ops->decode(both->engine, (const uint8_t *)states->at + begin);
    ops->place(both->engine, pair.native, 1, FM_ACTION_INITIAL);
    pair.plain = uncounted->from_values(both->plain_engine, ops->values(both->engine, pair.native));
    uncounted->place(both->plain_engine, pair.plain, 1, FM_ACTION_INITIAL);
    return pair;
}

/* Walks until states have left the first shapes, wider code is in use, and states of both are
 * stored; then asks about all that were. */
static void ask_while_widening(struct both *both)
{
    const struct fm_model_ops *ops = both->model->ops;
    struct walk walk = {.sink.take = take_one, .both = both};
    struct fm_text states = {NULL, 0, 0};
    FM_VEC(size_t) begins = {0};
    uint32_t layouts = 0;
    ops->initial(both->engine, &walk.sink);
    for (uint32_t i = 0; i < STEPS; i++) {
        if (i % KEPT == 0 && walk.next.at[0] != 0) {
            layouts |= 1u << walk.next.at[0];
            fm_vec_push(&begins, states.length);
            fm_text_add(&states, walk.next.at, walk.next.length);
        }
        ops->reset(both->engine);
        struct fm_state *state = ops->decode(both->engine, (const uint8_t *)walk.next.at);
        fm_text_clear(&walk.next);
        walk.is_first = i % STRIDE == 0;
        ops->successors(both->engine, state, i + 1, &walk.sink);
    }
    /* A layout and a wider one. */
    assert_int_equal(layouts & 2u, 2u);
    assert_true(layouts >= 4u);
    passed_on = 0;
    for (uint32_t i = 0; i < begins.count; i++) {
        ops->reset(both->engine);
        uncounted->reset(both->plain_engine);
        struct pair_of_states s = stored_state(both, &states, begins.at[i]);
        struct pair_of_states t = stored_state(both, &states, begins.at[begins.count - 1 - i]);
        ask_named(both, s, t);
        ask_named(both, t, s);
        ask_actions(both, s);
        ask_lists(both, s, t);
        both->totals->states++;
    }
    both->totals->interpreted += passed_on;
    fm_text_deinit(&walk.next);
    fm_text_deinit(&states);
    fm_vec_deinit(&begins);
}

/* --- states of the sample --- */

static void ask_everything(struct both *both)
{
    struct recording first = {.sink.take = record, .collect = both};
    uncounted->initial(both->plain_engine, &first.sink);
    fm_vec_deinit(&first.items);
    passed_on = 0;
    for (uint32_t i = 0; i < both->begins.count; i++) {
        both->model->ops->reset(both->engine);
        uncounted->reset(both->plain_engine);
        struct pair_of_states s = state_at(both, i), t = state_at(both, i / 2);
        ask_actions(both, s);
        ask_lists(both, s, t);
        ask_named(both, s, t);
        ask_named(both, t, s);
        both->totals->states++;
    }
    both->totals->interpreted += passed_on;
}

/* --- one specification --- */

static void name_operators(struct both *both)
{
    const struct fm_program *program = both->loaded.program;
    for (uint32_t i = 0; i < program->def_count && both->named_count < NAMED_MAX; i++) {
        struct fm_def *def = program->defs[i];
        if (def->param_count == 0 && def->body != NULL && !def->is_let && !def->is_fact &&
            def->depth == 0 && fm_is_none(def->value) && def->level <= FM_LEVEL_ACTION &&
            fm_program_find(program, def->name) == def) {
            both->named[both->named_count] = (struct fm_formula){
                .name = def->name, .node = def->body, .def = def, .frame = def};
            both->wanted[both->named_count] = &both->named[both->named_count];
            both->named_count++;
        }
    }
}

static void compare_tiers(struct both *both, const char *compiler, void (*ask)(struct both *both))
{
    struct fm_native_options options = {
        .cache_directory = both->loaded.folder,
        .compiler = compiler,
        .named = both->wanted,
        .sample = SAMPLE,
        .wait = true,
        .strict = true,
    };
    name_operators(both);
    options.named_count = both->named_count;
    both->model = fm_native_model_new(both->plain, &options);
    both->engine = both->model->ops->open(both->model);
    count_what_is_passed_on(both->plain);
    both->plain_engine = uncounted->open(both->plain);
    ask(both);
    both->model->ops->close(both->engine);
    uncounted->close(both->plain_engine);
    const struct fm_native_report *report = fm_native_report(both->model);
    assert_false(report->rejected);
    both->totals->native_applied += report->native_successors;
    both->totals->named += both->named_count;
    for (uint32_t i = 0; i < report->note_count; i++) {
        both->totals->emitted += report->notes[i].emitted &&
                                 strncmp(report->notes[i].name, "formula ", 8) == 0;
    }
    both->totals->runs++;
    both->model->ops->model_free(both->model);
    fm_vec_deinit(&both->begins);
    fm_text_deinit(&both->states);
    fm_map_deinit(&both->seen);
}

static void ignore_print(void *owner, const char *line)
{
    (void)owner;
    (void)line;
}

/* The specification with one configuration; `config` NULL: that of its own name. */
static void take_run(const char *path, const char *config, const char *compiler,
                     struct totals *totals, void (*ask)(struct both *both))
{
    struct both *both = test_calloc(1, sizeof *both);
    both->totals = totals;
    fixture_open(&both->loaded);
    both->loaded.options.path = path;
    both->loaded.options.config_path = config;
    both->loaded.options.need_config = true;
    both->loaded.program = fm_program_load(&both->loaded.session, &both->loaded.options,
                                           &both->loaded.report);
    both->run.print = ignore_print;
    both->options.set_size_max = 100000;
    if (both->loaded.program != NULL && both->loaded.program->next.node != NULL) {
        both->plain = fm_eval_model_new(&both->loaded.session, both->loaded.program, &both->options,
                                        &both->run);
    }
    if (both->plain != NULL && fm_native_why_not(both->plain) == NULL) {
        compare_tiers(both, compiler, ask);
    } else if (both->plain != NULL) {
        both->plain->ops->model_free(both->plain);
    }
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf '%s'/*", both->loaded.folder);
    assert_int_equal(system(command), 0);
    fixture_close(&both->loaded);
    test_free(both);
}

/* With its configurations (tests/run_golden.py), but for the last of many. */
static void take_specification(const char *folder, const char *name, const char *compiler,
                               struct totals *totals)
{
    static const char mark[] = "\\* cfg: ";
    char path[300], config[400], *text = NULL;
    size_t size = 0;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    take_run(path, NULL, compiler, totals, ask_everything);
    assert_int_equal(fm_file_read(path, (size_t)1 << 20, &text, &size), FM_FILE_OK);
    const char *at = text;
    for (uint32_t i = 0; i < CONFIGURATIONS && (at = strstr(at, mark)) != NULL; i++) {
        at += sizeof mark - 1;
        (void)snprintf(config, sizeof config, "%s/%.*s", folder, (int)strcspn(at, " \n"), at);
        take_run(path, config, compiler, totals, ask_everything);
    }
    fm_memory_free(text);
}

/* Code that is run a few times is compiled in a hurry. */
static void write_compiler(char path[64])
{
    static const char text[] = "#!/bin/sh\nexec cc \"$@\" -O0\n";
    strcpy(path, "/tmp/fathom-cc-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
    assert_int_equal(fchmod(fd, 0700), 0);
    assert_int_equal(close(fd), 0);
}

static void take_folder(const char *folder, const char *compiler, struct totals *totals)
{
    const char *only = getenv("FATHOM_TEST_SPECIFICATION");
    struct dirent **names;
    int count = scandir(folder, &names, NULL, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name, *ending = strrchr(name, '.');
        if (ending != NULL && strcmp(ending, ".tla") == 0 &&
            (only == NULL || strncmp(name, only, strlen(only)) == 0)) {
            take_specification(folder, name, compiler, totals);
        }
        free(names[i]);
    }
    free(names);
}

static void test_golden(void *closure)
{
    struct totals totals = {0};
    char compiler[64];
    (void)closure;
    write_compiler(compiler);
    take_folder("tests/spec", compiler, &totals);
    take_folder("examples", compiler, &totals);
    (void)unlink(compiler);
    print_message("%u runs, %u states; by actions %llu successors, %llu from emitted code; %llu "
                  "formulas, %llu interpreted; %u of %u operators emitted\n",
                  totals.runs, totals.states, (unsigned long long)totals.applied,
                  (unsigned long long)totals.native_applied, (unsigned long long)totals.asked,
                  (unsigned long long)totals.interpreted, totals.emitted, totals.named);
    if (getenv("FATHOM_TEST_SPECIFICATION") == NULL) {
        assert_true(totals.runs > 50);
        assert_true(totals.native_applied > totals.applied / 2);
        assert_true(totals.interpreted < totals.asked / 20);
        assert_true(totals.emitted > totals.named / 10 * 9);
    }
}

static void test_widened(void *closure)
{
    struct totals totals = {0};
    char compiler[64];
    (void)closure;
    write_compiler(compiler);
    take_run("tests/spec/NativeWiden.tla", NULL, compiler, &totals, ask_while_widening);
    (void)unlink(compiler);
    assert_int_equal(totals.runs, 1);
    assert_true(totals.interpreted <= totals.asked / 10);
}

EVAL_TEST(test_golden)
EVAL_TEST(test_widened)

int main(void)
{
    if (system("command -v cc >/dev/null 2>&1") != 0) {
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run_test_golden),
        cmocka_unit_test(run_test_widened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
