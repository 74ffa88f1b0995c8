/* The native model: from the interpreter's model to emitted code in use.
 *
 * Making it looks at a sample of states (sample.c), settles the shapes of the variables (infer.c,
 * settle.c), emits C (emit_unit.h) and starts the compiler (build.c). None of this can fail the
 * check: what is missing is said in the report, and the interpreter goes on. When the compiler is
 * done, the next boundary between levels takes the code into use: constants and digests are bound,
 * the expressions that stay interpreted are compiled for the interpreter, and engines find the code
 * active.
 *
 * Small models are left alone: a sample that comes to its end has seen every state. With `wait`
 * (tests, benchmarks) code is made all the same, and before the search starts. */
#include "native/tier.h"

#include "base/assert.h"
#include "base/file.h"
#include "base/thread.h"
#include "modules/native.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

/* States that are sampled when the caller gives no number. */
#define SAMPLE 2000u
/* Bytes of an interpreted part's text in a note. */
#define PART_TEXT_MAX 60u
/* Address space below which no code is made, bytes: the maker's stack and engine reserve some of
 * it, and who limits it so much wants it for states. */
#define ADDRESSES_MIN ((rlim_t)8 << 30)
/* Interpreted parts that a note names. */
#define PARTS_SHOWN 8u

static struct native_model *own(struct fm_model *model)
{
    return (struct native_model *)(void *)model;
}

static void __attribute__((format(printf, 2, 3)))
say(struct native_model *model, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    pthread_mutex_lock(&model->lock);
    if (model->state.length != 0) {
        fm_text_puts(&model->state, "; ");
    }
    fm_text_vprintf(&model->state, format, arguments);
    pthread_mutex_unlock(&model->lock);
    va_end(arguments);
}

const char *fm_native_why_not(const struct fm_model *interpreter)
{
    uint32_t impurity = interpreter->impurity;
    if (fm_eval_has_coverage(interpreter)) {
        return "-coverage counts evaluations";
    }
    if ((impurity & FM_IMPURE_RANDOM) != 0) {
        return "the specification draws random values";
    }
    if ((impurity & FM_IMPURE_CLOCK) != 0) {
        return "the specification reads the clock";
    }
    if ((impurity & FM_IMPURE_IO) != 0) {
        return "the specification prints, or reads or writes files";
    }
    if ((impurity & FM_IMPURE_TRACE) != 0) {
        return "the specification reads its trace";
    }
    if (impurity != 0) {
        return "the specification uses TLCGet or TLCSet";
    }
    return interpreter->action_count == 0 ? "there is no next-state relation" : NULL;
}

/* --- taking code into use --- */

static void bind_digests(struct native_model *model, struct native_code *code)
{
    const struct fm_emit_unit *unit = &model->unit;
    const struct fm_ndigest **lists = fm_arena_alloc(&model->arena,
                                                     (unit->universe_count + 1) * sizeof *lists);
    for (uint32_t i = 0; i < unit->universe_count; i++) {
        const struct fm_shape *shape = unit->universes[i];
        struct fm_ndigest *list = fm_arena_alloc(&model->arena,
                                                 (shape->value_count + 1) * sizeof *list);
        for (uint32_t k = 0; k < shape->value_count; k++) {
            struct fm_digest digest = fm_value_digest(&model->context, shape->values[k]);
            list[k] = (struct fm_ndigest){digest.low, digest.high};
        }
        lists[i] = list;
    }
    code->digests = lists;
}

static void bind_sites(struct native_model *model, struct native_code *code)
{
    const struct fm_emit_unit *unit = &model->unit;
    struct fm_eval_site **sites = fm_arena_alloc(&model->arena,
                                                 (unit->site_count + 1) * sizeof *sites);
    for (uint32_t i = 0; i < unit->site_count; i++) {
        sites[i] = fm_eval_site_new(model->inner, unit->sites[i].node, unit->sites[i].frame);
    }
    code->sites = sites;
    code->site_rows = unit->sites;
}

static void bind_shapes(struct native_model *model, struct native_code *code)
{
    code->shape_count = fm_shapes_count(model->shapes);
    const struct fm_shape **shapes = fm_arena_alloc(&model->arena,
                                                    (code->shape_count + 1) * sizeof *shapes);
    for (uint32_t i = 0; i < code->shape_count; i++) {
        shapes[i] = fm_shapes_at(model->shapes, i);
    }
    code->shapes = shapes;
}

static void run_bind(struct fm_engine *engine, void *closure)
{
    struct native_model *model = closure;
    (void)engine;
    struct native_code *code = fm_arena_calloc(&model->arena, 1, sizeof *code);
    fm_nvalue *constants = fm_arena_alloc(&model->arena,
                                          (model->unit.constant_count + 1) * sizeof *constants);
    for (uint32_t i = 0; i < model->unit.constant_count; i++) {
        constants[i] = model->unit.constants[i].bits;
    }
    code->code = fm_build_code(model->build);
    code->layout = model->layout;
    code->constants = constants;
    code->packed_size = fm_layout_packed_size(model->layout);
    code->number = 1;
    fm_assert(code->code->state_size == model->layout->size);
    fm_assert(code->code->packed_size == code->packed_size);
    bind_digests(model, code);
    bind_sites(model, code);
    bind_shapes(model, code);
    atomic_store_explicit(&model->active, code, memory_order_release);
}

/* The build has ended, one way or the other. */
static void take_build(struct native_model *model, enum fm_build_state state)
{
    bool bound = state == FM_BUILD_READY && fm_eval_guard(model->engine, run_bind, model);
    say(model, "%s", fm_build_message(model->build));
    if (fm_build_remark(model->build) != NULL) {
        say(model, "%s", fm_build_remark(model->build));
    }
    if (state == FM_BUILD_READY && !bound) {
        say(model, "not used: %s", model->inner->ops->failure(model->engine)->message);
    }
    pthread_mutex_lock(&model->lock);
    model->report.rejected = state == FM_BUILD_REJECTED;
    model->report.is_missing = !bound;
    model->report.compile_seconds = fm_build_seconds(model->build);
    model->report.active = bound;
    model->report.state_bytes = fm_layout_packed_size(model->layout) + 1;
    pthread_mutex_unlock(&model->lock);
}

/* --- making code --- */

static void run_emit(struct fm_engine *engine, void *closure)
{
    struct native_model *model = closure;
    struct fm_emit_options options = {
        .model = model->inner,
        .engine = engine,
        .context = &model->context,
        .shapes = model->shapes,
        .layout = model->layout,
        .text_max = FM_EMIT_TEXTS_MAX,
        .cancel = &model->cancel,
    };
    model->has_unit = true;
    fm_emit_unit(&options, &model->unit);
}

static void keep_texts(struct native_model *model)
{
    struct fm_text all = {NULL, 0, 0};
    for (uint32_t i = 0; i < model->unit.text_count; i++) {
        fm_text_puts(&all, model->unit.texts[i]);
    }
    const char *path = model->options.keep;
    if (fm_file_write(path, fm_text_string(&all), all.length) != 0) {
        say(model, "the emitted C was not written to %s: %s", path, strerror(errno));
    }
    fm_text_deinit(&all);
}

/* Shapes, C, compiler; false when something is missing, which was said. */
static bool start_build(struct native_model *model, const struct fm_shape **variables)
{
    model->layout = fm_native_infer(model, variables);
    if (model->layout != NULL) {
        model->layout = fm_native_settle(model, model->layout);
    }
    if (model->layout == NULL || !fm_eval_guard(model->engine, run_emit, model)) {
        say(model, "not compiled: %s", model->inner->ops->failure(model->engine)->message);
        return false;
    }
    if (model->options.keep != NULL) {
        keep_texts(model);
    }
    if (model->unit.emitted_actions == 0) {
        say(model, "not compiled: no action can be emitted");
        return false;
    }
    struct fm_build_options options = {
        .cache_directory = model->options.cache_directory,
        .compiler = model->options.compiler,
    };
    struct fm_build *build = fm_build_start(&options, model->unit.texts, model->unit.text_count);
    pthread_mutex_lock(&model->lock);
    model->build = build;
    bool cancelled = atomic_load(&model->cancel);
    pthread_mutex_unlock(&model->lock);
    if (cancelled) {
        fm_build_cancel(build);
    }
    return true;
}

static bool has_addresses(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
           limit.rlim_cur >= ADDRESSES_MIN;
}

static void make_code(struct native_model *model)
{
    uint32_t count = model->model.variable_count;
    const struct fm_shape **variables = fm_arena_alloc(&model->arena,
                                                       (count + 1) * sizeof *variables);
    for (uint32_t i = 0; i < count; i++) {
        variables[i] = fm_shape_none(model->shapes);
    }
    struct native_sample sample = {.variables = variables};
    fm_native_sample(model, &sample);
    if (!model->options.wait && (sample.exhausted || sample.failed)) {
        say(model, "not compiled: the search is short");
    } else if (sample.states != 0 && !atomic_load(&model->cancel) &&
               start_build(model, variables)) {
        take_build(model, fm_build_wait(model->build));
    }
}

static void run_maker(void *closure)
{
    struct native_model *model = closure;
    fm_memory_set_handler(model->refused, model->refused_closure);
    make_code(model);
    pthread_mutex_lock(&model->lock);
    model->made = true;
    pthread_mutex_unlock(&model->lock);
}

/* --- the model's life --- */

/* The interpreter's encoding of a state that this model encoded: for Trace in ALIAS. */
static const uint8_t *plain(void *closure, struct fm_value_context *context,
                            const uint8_t *encoding)
{
    const struct native_model *model = closure;
    if (encoding[0] == 0) {
        return encoding + 1;
    }
    const struct native_code *code = atomic_load(&model->active);
    const struct fm_layout *layout = code->layout;
    char *bytes = fm_arena_calloc(context->arena, 1, layout->size + 1);
    code->code->unpack(encoding + 1, bytes);
    struct fm_text out = {NULL, 0, 0};
    for (uint32_t i = 0; i < layout->variable_count; i++) {
        fm_value value = fm_layout_box(context, model->dictionary, layout->variables[i],
                                       bytes + layout->offsets[i]);
        fm_value_encode(context, value, &out);
    }
    const uint8_t *copy = fm_arena_copy(context->arena, fm_text_string(&out), out.length);
    fm_text_deinit(&out);
    return copy;
}

struct fm_model *fm_native_model_new(struct fm_model *interpreter,
                                     const struct fm_native_options *options)
{
    struct native_model *model = fm_memory_calloc(1, sizeof *model);
    model->model = *interpreter;
    model->model.ops = &fm_native_ops;
    model->inner = interpreter;
    model->options = *options;
    if (model->options.sample == 0) {
        model->options.sample = SAMPLE;
    }
    fm_arena_init(&model->arena, "emitted code");
    pthread_mutex_init(&model->lock, NULL);
    if (interpreter->run != NULL) {
        interpreter->run->plain = plain;
        interpreter->run->plain_closure = model;
    }
    if (!has_addresses()) {
        say(model, "not compiled: the address space is limited (ulimit -v)");
        model->made = true;
        return &model->model;
    }
    model->engine = interpreter->ops->open(interpreter);
    interpreter->ops->context(model->engine)->ranks_fixed = true;
    model->context = *interpreter->ops->context(model->engine);
    model->context.arena = &model->arena;
    model->shapes = fm_shapes_new(&model->context);
    model->dictionary = fm_dictionary_new();
    model->refused = fm_memory_handler_now(&model->refused_closure);
    model->maker = fm_thread_start(run_maker, model, FM_THREAD_STACK_SIZE);
    if (model->maker == NULL) {
        say(model, "not compiled: no thread: %s", strerror(errno));
        model->report.is_missing = true;
        model->made = true;
    } else if (model->options.wait) {
        fm_thread_join(model->maker);
        model->maker = NULL;
    }
    return &model->model;
}

static void end_maker(struct native_model *model)
{
    if (model->maker == NULL) {
        return;
    }
    pthread_mutex_lock(&model->lock);
    atomic_store(&model->cancel, true);
    struct fm_build *build = model->build;
    pthread_mutex_unlock(&model->lock);
    if (build != NULL) {
        fm_build_cancel(build);
    }
    fm_thread_join(model->maker);
}

void fm_native_model_free(struct fm_model *model)
{
    struct native_model *native = own(model);
    end_maker(native);
    fm_build_free(native->build);
    if (native->has_unit) {
        fm_emit_unit_free(&native->unit);
    }
    if (native->engine != NULL) {
        fm_dictionary_free(native->dictionary);
        fm_shapes_free(native->shapes);
        native->inner->ops->close(native->engine);
    }
    if (native->settled != NULL) {
        fm_shapes_free(native->settled);
    }
    native->inner->ops->model_free(native->inner);
    fm_text_deinit(&native->state);
    pthread_mutex_destroy(&native->lock);
    fm_arena_deinit(&native->arena);
    fm_memory_free(native);
}

/* --- the report --- */

/* "interpreted: Cardinality(Q) (reason); ...", or NULL when everything was emitted. */
static const char *describe_parts(struct native_model *model, const struct fm_emit_note *note)
{
    struct fm_text text = {NULL, 0, 0};
    for (uint32_t i = 0; i < note->site_count && i < PARTS_SHOWN; i++) {
        const struct fm_emit_site *site = &model->unit.sites[note->first_site + i];
        fm_text_puts(&text, i == 0 ? "interpreted: " : "; ");
        fm_node_print(model->model.program, site->node, PART_TEXT_MAX, &text);
        fm_text_printf(&text, " (%s)", site->reason);
    }
    if (note->site_count > PARTS_SHOWN) {
        fm_text_printf(&text, "; and %u more", note->site_count - PARTS_SHOWN);
    }
    const char *copy = text.length == 0 ? NULL
                                        : fm_arena_strndup(&model->arena, text.at, text.length);
    fm_text_deinit(&text);
    return copy;
}

static void make_notes(struct native_model *model, struct fm_native_report *report)
{
    uint32_t count = model->has_unit ? model->unit.note_count : 0;
    struct fm_native_note *notes = fm_arena_calloc(&model->arena, count + 1, sizeof *notes);
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_emit_note *note = &model->unit.notes[i];
        notes[i] = (struct fm_native_note){
            .name = note->name,
            .emitted = note->emitted,
            .text = note->emitted ? describe_parts(model, note) : note->reason,
        };
    }
    report->notes = notes;
    report->note_count = count;
}

const struct fm_native_report *fm_native_report(struct fm_model *model)
{
    fm_assert(model->ops == &fm_native_ops);
    struct native_model *native = own(model);
    struct fm_native_report *report = &native->shown;
    pthread_mutex_lock(&native->lock);
    *report = native->report;
    report->native_successors = native->native_successors;
    report->interpreted_successors = native->interpreted_successors;
    report->redone_states = native->redone_states;
    for (const struct native_engine *at = native->engines; at != NULL; at = at->next_engine) {
        report->native_successors += at->native_successors;
        report->interpreted_successors += at->interpreted_successors;
        report->redone_states += at->redone_states;
    }
    report->state = native->made     ? fm_text_string(&native->state)
                    : report->active ? "compiled"
                                     : "the search ended before the compiler";
    bool made = native->made;
    pthread_mutex_unlock(&native->lock);
    if (made) {
        make_notes(native, report);
    }
    return report;
}
