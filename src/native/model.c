/* The native model: from the interpreter's model to emitted code in use.
 *
 * Making it recalls the shapes of an earlier run (recall.c), or looks at a sample of states
 * (sample.c) and infers them (infer.c); settles them (settle.c), emits C (emit_unit.h) and starts
 * the compiler (build.c). None of this can fail the check: what is missing is said in the report,
 * and the interpreter goes on. When the compiler is done, constants are bound, the expressions that
 * stay interpreted are compiled for the interpreter, and the code is published: each engine takes
 * it into use with its next parent.
 *
 * States that leave the shapes of that code lead to code for wider ones (widen.c), in the same
 * manner.
 *
 * Small models are left alone. Nothing begins before the search has an outlook (decision 0018), but
 * for what the cache has; and a sample that comes to its end has seen every state. With `wait`
 * (tests, benchmarks) code is made all the same, and before the search starts. */
#include "native/tier.h"

#include "base/assert.h"
#include "base/file.h"
#include "base/thread.h"
#include "modules/native.h"
#include "native/exact.h"
#include "native/recall.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* States that are sampled when the caller gives no number. */
#define SAMPLE 2000u
/* States are sampled, and compilers started, for a search that will go on for at least so long as
 * far as it knows, nanoseconds: until then it has the processors to itself. */
#define OUTLOOK_NS ((uint64_t)20 * 1000 * 1000)
/* Or for one that went on for so long without a word (initial states, simulation); or at all. */
#define SILENCE_NS ((uint64_t)50 * 1000 * 1000)
#define LONG_NS ((uint64_t)300 * 1000 * 1000)
/* Between two looks at the outlook, nanoseconds. */
#define LOOK_NS ((long)2 * 1000 * 1000)
#define SHORT "not compiled: the search is short"
#define LATE "the search ended before the compiler"
/* Bytes of an interpreted part's text in a note. */
#define PART_TEXT_MAX 60u
/* Address space below which no code is made, bytes: the maker's stack and engine reserve some of
 * it, and who limits it so much wants it for states. */
#define ADDRESSES_MIN ((rlim_t)8 << 30)
/* States that leave the shapes before wider ones are made, and how many times as many before the
 * next time. */
#define WITNESSES 256u
#define WITNESSES_GROWTH 4u
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
    if (interpreter->program->choice_count != 0) {
        return "choices have a DISTRIBUTION";
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

static void bind_sites(struct native_model *model, struct native_code *code)
{
    const struct fm_emit_unit *unit = &model->made->unit;
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
    const struct fm_emit_unit *unit = &model->made->unit;
    const struct native_code *before = atomic_load(&model->active);
    struct native_code *code = fm_arena_calloc(&model->arena, 1, sizeof *code);
    fm_nvalue *constants = fm_arena_alloc(&model->arena,
                                          (unit->constant_count + 1) * sizeof *constants);
    for (uint32_t i = 0; i < unit->constant_count; i++) {
        constants[i] = unit->constants[i].bits;
    }
    code->code = fm_build_code(model->build);
    code->layout = model->layout;
    code->constants = constants;
    code->packed_size = fm_layout_packed_size(model->layout);
    code->number = (uint8_t)(before == NULL ? 1 : before->number + 1);
    const struct fm_program *program = model->model.program;
    code->constrained = program->constraint_count + program->action_constraint_count != 0;
    code->interprets = unit->site_count > 0;
    for (uint32_t i = 0; i < unit->note_count; i++) {
        code->interprets = code->interprets || !unit->notes[i].emitted;
    }
    fm_assert(code->code->state_size == model->layout->size);
    fm_assert(code->code->packed_size == code->packed_size);
    bind_sites(model, code);
    bind_shapes(model, code);
    code->symmetry = fm_native_symmetry_new(model, model->layout);
    model->codes[code->number] = code;
    atomic_store_explicit(&model->active, code, memory_order_release);
}

/* The search is over, with the code that it had. */
static bool is_too_late(struct native_model *model)
{
    return atomic_load(&model->cancel) && atomic_load(&model->active) != NULL;
}

/* The build has ended, one way or the other; whether its code is in use. */
static bool take_build(struct native_model *model, enum fm_build_state state)
{
    if (is_too_late(model)) {
        return false;
    }
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
    model->report.compile_seconds += fm_build_seconds(model->build);
    model->report.active = model->report.active || bound;
    model->report.state = bound ? "compiled" : model->report.state;
    model->report.is_missing = !model->report.active;
    if (bound) {
        model->shown = &model->made->unit;
        model->report.state_bytes = fm_layout_packed_size(model->layout) + 1;
    }
    pthread_mutex_unlock(&model->lock);
    return bound;
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
        .named = model->options.named,
        .named_count = model->options.named_count,
        .cancel = &model->cancel,
    };
    struct native_made *made = fm_memory_calloc(1, sizeof *made);
    made->older = model->made;
    model->made = made;
    fm_emit_unit(&options, &made->unit);
}

static void keep_texts(struct native_model *model)
{
    struct fm_text all = {NULL, 0, 0};
    for (uint32_t i = 0; i < model->made->unit.text_count; i++) {
        fm_text_puts(&all, model->made->unit.texts[i]);
    }
    const char *path = model->options.keep;
    if (fm_file_write(path, fm_text_string(&all), all.length) != 0) {
        say(model, "the emitted C was not written to %s: %s", path, strerror(errno));
    }
    fm_text_deinit(&all);
}

/* Whether few states are no reason not to make code. */
static bool wants_small(const struct native_model *model)
{
    return model->options.wait || model->options.small;
}

static bool is_worth_code(const struct native_model *model, uint64_t spent_ns)
{
    uint64_t outlook = atomic_load_explicit(&model->model.outlook_ns, memory_order_relaxed);
    return wants_small(model) || model->options.exact || outlook >= OUTLOOK_NS ||
           spent_ns >= (outlook == 0 ? SILENCE_NS : LONG_NS);
}

/* Lets a small search go by; false when it is over. */
static bool outlasts_patience(struct native_model *model)
{
    uint64_t begin_ns = fm_clock_monotonic_ns();
    while (!is_worth_code(model, fm_clock_monotonic_ns() - begin_ns)) {
        struct timespec until;
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += LOOK_NS;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_mutex_lock(&model->lock);
        if (!atomic_load(&model->cancel)) {
            (void)pthread_cond_timedwait(&model->changed, &model->lock, &until);
        }
        pthread_mutex_unlock(&model->lock);
        if (atomic_load(&model->cancel)) {
            return false;
        }
    }
    pthread_mutex_lock(&model->lock);
    model->report.state = LATE;
    pthread_mutex_unlock(&model->lock);
    return !atomic_load(&model->cancel);
}

/* Starts the compiler, if the cache does not have the code and the search is worth it; false when
 * the search is over. */
static bool start_compiler(struct native_model *model, struct fm_build *build)
{
    if (fm_build_needs_compiler(build)) {
        atomic_store(&model->model.busy, 0);
        if (!outlasts_patience(model)) {
            return false;
        }
        if (!model->is_made) {
            atomic_store(&model->model.busy, model->made->unit.text_count);
        }
        fm_build_start(build);
    }
    return true;
}

/* C of the layout, compiler; false when something is missing, which was said. */
static bool start_build(struct native_model *model)
{
    if (model->layout != NULL) {
        model->layout = fm_native_settle(model, model->layout);
    }
    bool emitted = model->layout != NULL && fm_eval_guard(model->engine, run_emit, model);
    if (is_too_late(model)) {
        return false;
    }
    if (!emitted) {
        say(model, "not compiled: %s", model->inner->ops->failure(model->engine)->message);
        return false;
    }
    if (model->options.keep != NULL) {
        keep_texts(model);
    }
    const struct fm_emit_unit *unit = &model->made->unit;
    model->shown = model->shown == NULL ? unit : model->shown;
    if (unit->emitted_actions == 0) {
        say(model, "not compiled: no action can be emitted");
        return false;
    }
    struct fm_build_options options = {
        .cache_directory = model->options.cache_directory,
        .compiler = model->options.compiler,
    };
    struct fm_build *build = fm_build_new(&options, unit->texts, unit->text_count);
    pthread_mutex_lock(&model->lock);
    model->build = model->made->build = build;
    bool cancelled = atomic_load(&model->cancel);
    pthread_mutex_unlock(&model->lock);
    if (cancelled) {
        fm_build_cancel(build);
    }
    return start_compiler(model, build);
}

/* Waits for the first code, or for what stands in its way. */
static void await_made(struct native_model *model)
{
    pthread_mutex_lock(&model->lock);
    while (!model->is_made) {
        pthread_cond_wait(&model->changed, &model->lock);
    }
    pthread_mutex_unlock(&model->lock);
}

static bool has_addresses(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
           limit.rlim_cur >= ADDRESSES_MIN;
}

/* The variables' shapes from a sample; false when no code is wanted, or nothing is known. */
static bool look(struct native_model *model, const struct fm_shape **variables, bool *is_short)
{
    for (uint32_t i = 0; i < model->model.variable_count; i++) {
        variables[i] = fm_shape_none(model->shapes);
    }
    struct native_sample sample = {.variables = variables};
    if (!outlasts_patience(model)) {
        return false;
    }
    atomic_store(&model->model.busy, 1);
    fm_native_sample(model, &sample);
    *is_short = sample.exhausted || sample.failed;
    bool wanted = wants_small(model) || !*is_short;
    if (sample.states == 0 || !wanted || atomic_load(&model->cancel)) {
        return false;
    }
    model->layout = fm_native_infer(model, variables);
    return true;
}

static void note_recalled(struct native_model *model)
{
    pthread_mutex_lock(&model->lock);
    model->report.recalled = true;
    model->report.state = LATE;
    pthread_mutex_unlock(&model->lock);
}

/* Whether there is code in the end. */
static bool make_code(struct native_model *model, struct native_recalled *recalled)
{
    bool is_recalled = fm_native_recall(model, recalled), is_short = recalled->is_short;
    /* What the key does not know of (the environment) may have made it long. */
    is_recalled = is_recalled && (wants_small(model) || !is_short);
    if (is_recalled) {
        atomic_store(&model->model.busy, 1);
        model->layout = fm_layout_new(model->shapes, recalled->variables,
                                      model->model.variable_count);
        note_recalled(model);
    }
    bool is_known = is_recalled || look(model, recalled->variables, &is_short);
    if (is_short && !wants_small(model)) {
        say(model, SHORT);
        return false;
    }
    if (!is_known || atomic_load(&model->cancel) || !start_build(model)) {
        return false;
    }
    if (!is_recalled) {
        fm_native_remember(model, recalled, is_short);
    }
    return take_build(model, fm_build_wait(model->build));
}

static bool widen_once(struct native_model *model, const struct native_recalled *recalled)
{
    model->shapes = model->inferred;
    if (!fm_native_join_escapes(model, recalled->variables)) {
        return false;
    }
    model->layout = fm_native_infer(model, recalled->variables);
    if (!start_build(model) || !take_build(model, fm_build_wait(model->build))) {
        return false;
    }
    fm_native_remember(model, recalled, false);
    return true;
}

/* Code for wider shapes as long as enough states leave those that are. */
static void widen_code(struct native_model *model, const struct native_recalled *recalled)
{
    uint32_t enough = WITNESSES;
    bool widened = true;
    for (uint32_t i = 1; i < NATIVE_CODES_MAX && widened; i++, enough *= WITNESSES_GROWTH) {
        if (!fm_native_await_escapes(model, enough)) {
            return;
        }
        widened = widen_once(model, recalled);
        fm_native_end_escapes(model);
    }
}

/* Before the search: whether packed states can stand for fingerprints. */
static void choose_keys(struct native_model *model)
{
    const struct native_code *code = atomic_load(&model->active);
    if (!model->options.exact) {
        return;
    }
    if (code == NULL) {
        model->report.not_exact = "there is no emitted code";
    } else if (model->model.has_view || model->model.has_symmetry) {
        model->report.not_exact = "a view or symmetry takes states together";
    } else if (code->layout->bits > FM_EXACT_BITS_MAX) {
        model->report.not_exact = fm_arena_printf(&model->arena,
                                                  "a packed state has %u bits, more than %u",
                                                  code->layout->bits, FM_EXACT_BITS_MAX);
    } else {
        model->exact = code;
        model->model.exact_bits = code->layout->bits;
    }
}

static void run_maker(void *closure)
{
    struct native_model *model = closure;
    fm_memory_set_handler(model->refused, model->refused_closure);
    const struct fm_shape **variables = fm_arena_alloc(
        &model->arena, (model->model.variable_count + 1) * sizeof *variables);
    struct native_recalled recalled = {.variables = variables};
    bool has_code = make_code(model, &recalled);
    choose_keys(model);
    atomic_store(&model->model.busy, 0);
    pthread_mutex_lock(&model->lock);
    model->is_made = true;
    pthread_cond_broadcast(&model->changed);
    pthread_mutex_unlock(&model->lock);
    /* Wider shapes would pack the same states otherwise. */
    if (has_code && model->exact == NULL) {
        widen_code(model, &recalled);
    }
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
    const struct native_code *code = model->codes[encoding[0]];
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

/* Numbers the named formulas. Those with effects are left out: emitted code may be given up in the
 * middle, and the interpreter begins anew. */
static void number_named(struct native_model *model)
{
    struct fm_native_options *options = &model->options;
    const struct fm_formula **kept = fm_arena_alloc(&model->arena,
                                                    (options->named_count + 1) * sizeof *kept);
    uint32_t count = 0;
    model->node_count = options->named_count == 0 ? 0 : model->model.program->node_count;
    model->named = fm_arena_alloc(&model->arena, (model->node_count + 1) * sizeof *model->named);
    for (uint32_t i = 0; i < model->node_count; i++) {
        model->named[i] = NATIVE_UNNAMED;
    }
    for (uint32_t i = 0; i < options->named_count; i++) {
        const struct fm_formula *formula = options->named[i];
        if (fm_eval_impurity(model->inner, formula->node) == 0) {
            model->named[formula->node->index] = count;
            kept[count++] = formula;
        }
    }
    options->named = kept;
    options->named_count = count;
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
    model->report.state = SHORT; /* unless it goes on for long enough */
    fm_arena_init(&model->arena, "emitted code");
    pthread_mutex_init(&model->lock, NULL);
    pthread_cond_init(&model->changed, NULL);
    number_named(model);
    if (interpreter->run != NULL) {
        interpreter->run->plain = plain;
        interpreter->run->plain_closure = model;
    }
    if (!has_addresses()) {
        say(model, "not compiled: the address space is limited (ulimit -v)");
        model->is_made = true;
        return &model->model;
    }
    model->engine = interpreter->ops->open(interpreter);
    interpreter->ops->context(model->engine)->ranks_fixed = true;
    model->context = *interpreter->ops->context(model->engine);
    model->context.arena = &model->arena;
    model->shapes = model->inferred = fm_shapes_new(&model->context);
    fm_vec_push(&model->tables, model->shapes);
    model->dictionary = fm_dictionary_new();
    model->refused = fm_memory_handler_now(&model->refused_closure);
    model->maker = fm_thread_start(run_maker, model, FM_THREAD_STACK_SIZE);
    if (model->maker == NULL) {
        say(model, "not compiled: no thread: %s", strerror(errno));
        model->report.is_missing = true;
        model->is_made = true;
    } else if (model->options.wait || model->options.exact) {
        await_made(model);
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
    pthread_cond_broadcast(&model->changed);
    struct fm_build *build = model->build;
    pthread_mutex_unlock(&model->lock);
    if (build != NULL) {
        fm_build_cancel(build);
    }
    fm_thread_join(model->maker);
    model->maker = NULL;
}

void fm_native_model_free(struct fm_model *model)
{
    struct native_model *native = own(model);
    end_maker(native);
    while (native->made != NULL) {
        struct native_made *older = native->made->older;
        fm_build_free(native->made->build);
        fm_emit_unit_free(&native->made->unit);
        fm_memory_free(native->made);
        native->made = older;
    }
    if (native->engine != NULL) {
        fm_dictionary_free(native->dictionary);
        for (uint32_t i = 0; i < native->tables.count; i++) {
            fm_shapes_free(native->tables.at[i]);
        }
        native->inner->ops->close(native->engine);
    }
    fm_vec_deinit(&native->tables);
    fm_text_deinit(&native->witnesses.bytes);
    fm_vec_deinit(&native->witnesses.begins);
    native->inner->ops->model_free(native->inner);
    fm_text_deinit(&native->state);
    pthread_cond_destroy(&native->changed);
    pthread_mutex_destroy(&native->lock);
    fm_arena_deinit(&native->arena);
    fm_memory_free(native);
}

/* --- the report --- */

/* "interpreted: Cardinality(Q) (reason); ...", or NULL when everything was emitted. */
static const char *describe_parts(struct native_model *model, const struct fm_emit_note *note)
{
    struct fm_text text = {NULL, 0, 0};
    uint32_t count = 0;
    for (uint32_t i = 0; i < note->site_count; i++) {
        const struct fm_emit_site *site = &model->shown->sites[note->first_site + i];
        if (site->is_dropped || count++ >= PARTS_SHOWN) {
            continue;
        }
        fm_text_puts(&text, count == 1 ? "interpreted: " : "; ");
        fm_node_print(model->model.program, site->node, PART_TEXT_MAX, &text);
        fm_text_printf(&text, " (%s)", site->reason);
    }
    if (count > PARTS_SHOWN) {
        fm_text_printf(&text, "; and %u more", count - PARTS_SHOWN);
    }
    const char *copy = text.length == 0 ? NULL
                                        : fm_arena_strndup(&model->arena, text.at, text.length);
    fm_text_deinit(&text);
    return copy;
}

static void make_notes(struct native_model *model, struct fm_native_report *report)
{
    uint32_t count = model->shown != NULL ? model->shown->note_count : 0;
    struct fm_native_note *notes = fm_arena_calloc(&model->arena, count + 1, sizeof *notes);
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_emit_note *note = &model->shown->notes[i];
        notes[i] = (struct fm_native_note){
            .name = note->name,
            .emitted = note->emitted,
            .text = note->reason != NULL ? note->reason : describe_parts(model, note),
        };
    }
    report->notes = notes;
    report->note_count = count;
}

const struct fm_native_report *fm_native_report(struct fm_model *model)
{
    fm_assert(model->ops == &fm_native_ops);
    struct native_model *native = own(model);
    struct fm_native_report *report = &native->told;
    pthread_mutex_lock(&native->lock);
    bool made = native->is_made;
    pthread_mutex_unlock(&native->lock);
    if (made) {
        end_maker(native); /* it may be widening, and what it made is read below */
    }
    pthread_mutex_lock(&native->lock);
    *report = native->report;
    report->native_successors = native->native_successors;
    report->interpreted_successors = native->interpreted_successors;
    report->redone_states = native->redone_states;
    report->strangers = native->strangers;
    for (const struct native_engine *at = native->engines; at != NULL; at = at->next_engine) {
        report->native_successors += at->native_successors;
        report->interpreted_successors += at->interpreted_successors;
        report->redone_states += at->redone_states;
        report->strangers += at->strangers;
    }
    if (made) {
        report->state = fm_text_string(&native->state);
    }
    pthread_mutex_unlock(&native->lock);
    if (made) {
        make_notes(native, report);
    }
    return report;
}
