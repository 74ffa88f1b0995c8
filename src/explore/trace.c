/* Behaviours in words: states as names and values, labels and arguments of actions.
 *
 * A state is shown by its variables, or by what ALIAS makes of it and the next one, when that is a
 * record. States are decoded two by two for that and turned into text at once; nothing of the
 * result points into an engine. */
#include "explore/path.h"

#include "explore/difference.h"
#include "value/object.h"
#include "value/set.h"

#include <string.h>

/* Columns of printed values, as TLC's pretty printer. */
#define VALUE_WIDTH 80u

static const char *copy_text(struct fm_arena *arena, const struct fm_text *text)
{
    return fm_arena_strndup(arena, fm_text_string(text), text->length);
}

/* --- words --- */

const char *trace_label(struct search *search, const struct fm_action *action)
{
    struct fm_text text = {NULL, 0, 0};
    struct fm_value_context *context = search->ops->context(search->workers[0].engine);
    fm_text_printf(&text, "<%s", action->name == NULL ? "Action" : action->name->text);
    for (uint32_t i = 0; i < action->argument_count; i++) {
        fm_text_putc(&text, i == 0 ? '(' : ',');
        fm_value_print(context, action->arguments[i], &text);
    }
    struct fm_place place = fm_source_place(fm_diags_sources(search->model->program->diags),
                                            action->span);
    fm_text_printf(&text, "%s line %u, col %u to line %u, col %u of module %s>",
                   action->argument_count == 0 ? "" : ")", place.line, place.column, place.end_line,
                   place.end_column, action->module == NULL ? "" : action->module->text);
    const char *label = copy_text(&search->arena, &text);
    fm_text_deinit(&text);
    return label;
}

static const char *const *action_arguments(struct search *search, const struct fm_action *action,
                                           bool json)
{
    struct fm_value_context *context = search->ops->context(search->workers[0].engine);
    const char **texts = fm_arena_calloc(&search->arena, action->argument_count + 1, sizeof *texts);
    for (uint32_t i = 0; i < action->argument_count; i++) {
        struct fm_text text = {NULL, 0, 0};
        if (json) {
            fm_value_print_json(context, action->arguments[i], &text);
        } else {
            fm_value_print(context, action->arguments[i], &text);
        }
        texts[i] = copy_text(&search->arena, &text);
        fm_text_deinit(&text);
    }
    return texts;
}

/* The variables and their values of one state, as texts. */
struct words {
    uint32_t count;
    const char **names, **values, **json;
    const char **differences; /* NULL entries where nothing is said */
    fm_value *exact;
};

static struct words new_words(struct search *search, uint32_t count)
{
    return (struct words){
        .count = count,
        .names = fm_arena_calloc(&search->arena, count + 1, sizeof(char *)),
        .values = fm_arena_calloc(&search->arena, count + 1, sizeof(char *)),
        .json = fm_arena_calloc(&search->arena, count + 1, sizeof(char *)),
        .differences = fm_arena_calloc(&search->arena, count + 1, sizeof(char *)),
        .exact = fm_arena_calloc(&search->arena, count + 1, sizeof(fm_value)),
    };
}

static bool can_keep(struct fm_value_context *context, fm_value value);

static bool can_keep_all(struct fm_value_context *context, const fm_value *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!can_keep(context, values[i])) {
            return false;
        }
    }
    return true;
}

/* What ALIAS makes need not be a value that a state could have. */
static bool can_keep(struct fm_value_context *context, fm_value value)
{
    uint32_t count = 0;
    if (!fm_is_object(value) || fm_value_kind(value) == FM_KIND_INT) {
        return true;
    }
    if (fm_value_is_set(value)) {
        if (!fm_set_can_enumerate(context, value) || !fm_set_is_finite(context, value)) {
            return false;
        }
        const fm_value *elements = fm_set_elements(context, value, &count);
        return can_keep_all(context, elements, count);
    }
    if (!fm_value_is_function(value)) {
        return false;
    }
    fm_value domain = fm_fcn_domain(context, value);
    if (!fm_set_can_enumerate(context, domain) || !fm_set_is_finite(context, domain)) {
        return false;
    }
    const fm_value *keys = fm_set_elements(context, domain, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (!can_keep(context, keys[i]) ||
            !can_keep(context, fm_fcn_apply(context, value, keys[i]))) {
            return false;
        }
    }
    return true;
}

/* A copy in the checker's memory. */
static fm_value keep_value(struct search *search, fm_value value)
{
    struct fm_value_context *context = search->ops->context(search->workers[0].engine);
    struct fm_arena *arena = context->arena;
    struct fm_text bytes = {NULL, 0, 0};
    fm_value_encode(context, value, &bytes);
    const uint8_t *at = (const uint8_t *)bytes.at;
    context->arena = &search->arena;
    fm_value copy = fm_value_decode(context, &at);
    context->arena = arena;
    fm_text_deinit(&bytes);
    return copy;
}

static void put_word(struct search *search, struct words *words, uint32_t i, const char *name,
                     fm_value value)
{
    struct fm_value_context *context = search->ops->context(search->workers[0].engine);
    struct fm_text text = {NULL, 0, 0};
    words->names[i] = fm_arena_strndup(&search->arena, name, strlen(name));
    fm_value_print_wide(context, value, 0, VALUE_WIDTH, &text);
    words->values[i] = copy_text(&search->arena, &text);
    fm_text_clear(&text);
    fm_value_print_json(context, value, &text);
    words->json[i] = copy_text(&search->arena, &text);
    fm_text_deinit(&text);
    words->exact[i] = can_keep(context, value) ? keep_value(search, value) : fm_none();
}

static struct words state_words(struct search *search, const struct fm_state *state)
{
    const struct fm_program *program = search->model->program;
    const fm_value *values = search->ops->values(search->workers[0].engine, state);
    struct words words = new_words(search, program->variable_count + 1);
    words.count = program->variable_count; /* and room for one more */
    for (uint32_t i = 0; i < program->variable_count; i++) {
        put_word(search, &words, i, program->variables[i].name->text, values[i]);
    }
    return words;
}

/* Why the words are not those of ALIAS: TLC adds it as a variable of this name, too. */
static void add_alias_error(struct search *search, const char *message, struct words *words)
{
    struct fm_text text = {NULL, 0, 0};
    fm_text_json_string(&text, message, strlen(message)); /* TLA+ quotes the same characters */
    words->names[words->count] = "_ALIASEvalError";
    words->values[words->count] = copy_text(&search->arena, &text);
    words->json[words->count] = words->values[words->count];
    words->exact[words->count] = fm_none();
    words->count++;
    fm_text_deinit(&text);
}

/* ALIAS must be a record, or a function on strings, to stand for the state; else the state itself
 * is shown. */
static bool alias_words(struct search *search, struct fm_state *s, struct fm_state *t,
                        struct words *words)
{
    struct fm_engine *engine = search->workers[0].engine;
    struct fm_value_context *context = search->ops->context(engine);
    fm_value alias = search->ops->alias(engine, s, t);
    if (fm_is_none(alias)) {
        *words = state_words(search, s);
        add_alias_error(search, search->ops->failure(engine)->message, words);
        return true;
    }
    if (!fm_value_is_function(alias)) {
        return false;
    }
    uint32_t count;
    const fm_value *names = fm_set_elements(context, fm_fcn_domain(context, alias), &count);
    for (uint32_t i = 0; i < count; i++) {
        if (fm_value_tag(names[i]) != FM_TAG_STRING) {
            return false;
        }
    }
    *words = new_words(search, count);
    for (uint32_t i = 0; i < count; i++) {
        put_word(search, words, i, fm_value_symbol(names[i])->text,
                 fm_fcn_apply(context, alias, names[i]));
    }
    return true;
}

static void add_differences(struct search *search, const struct fm_state *before,
                            const struct fm_state *state, struct words *words)
{
    struct fm_engine *engine = search->workers[0].engine;
    const fm_value *old = search->ops->values(engine, before);
    const fm_value *new = search->ops->values(engine, state);
    for (uint32_t i = 0; i < words->count; i++) {
        struct fm_text text = {NULL, 0, 0};
        fm_difference_add(search->ops->context(engine), old[i], new[i], &text);
        if (text.length > 0) {
            words->differences[i] = copy_text(&search->arena, &text);
        }
        fm_text_deinit(&text);
    }
}

static struct words path_words(struct search *search, const struct path *path, uint32_t i)
{
    struct fm_engine *engine = search->workers[0].engine;
    search->ops->reset(engine);
    struct fm_state *s = path_decode(search, path, i);
    struct words words;
    if (search->model->program->alias.node != NULL) {
        uint32_t j = i + 1 < path->count ? i + 1 : path->is_lasso ? path->cycle : i;
        struct fm_state *t = path_decode(search, path, j);
        path_show(search, path, i + 1);
        bool aliased = alias_words(search, s, t, &words);
        path_show(search, path, 0);
        if (aliased) {
            return words;
        }
    }
    words = state_words(search, s);
    if (i > 0) {
        add_differences(search, path_decode(search, path, i - 1), s, &words);
    }
    return words;
}

static void fill_state(struct search *search, struct fm_trace_state *state,
                       const struct words *words, const struct fm_trace_state *before)
{
    bool *changed = fm_arena_calloc(&search->arena, words->count + 1, sizeof *changed);
    for (uint32_t i = 0; before != NULL && i < words->count; i++) {
        bool same = i < before->variable_count && strcmp(words->names[i], before->names[i]) == 0 &&
                    strcmp(words->values[i], before->values[i]) == 0;
        changed[i] = !same;
    }
    state->variable_count = words->count;
    state->names = words->names;
    state->values = words->values;
    state->json = words->json;
    state->changed = changed;
    state->differences = words->differences;
    state->exact = words->exact;
}

/* The successor that lacks variables, as the state after the last. */
static struct words partial_words(struct search *search, const struct find *find)
{
    const struct fm_program *program = search->model->program;
    struct words words = new_words(search, program->variable_count);
    for (uint32_t i = 0; i < program->variable_count; i++) {
        const char *text = find->partial[i] == NULL ? "null" : find->partial[i];
        words.names[i] = program->variables[i].name->text;
        words.values[i] = fm_arena_strndup(&search->arena, text, strlen(text));
        words.json[i] = "null";
        words.exact[i] = fm_none();
    }
    return words;
}

const struct fm_action *trace_action(const struct search *search, uint32_t action)
{
    return action < search->model->action_count ? &search->model->actions[action] : NULL;
}

void trace_name_action(struct search *search, struct fm_trace_state *state, uint32_t action)
{
    state->action = trace_action(search, action);
    state->label = "<Initial predicate>";
    if (state->action != NULL) {
        state->label = trace_label(search, state->action);
        state->arguments = action_arguments(search, state->action, false);
        state->arguments_json = action_arguments(search, state->action, true);
    }
}

struct fm_trace_state *trace_describe(struct search *search, const struct path *path, uint32_t more)
{
    struct fm_trace_state *states = fm_arena_calloc(&search->arena, path->count + more,
                                                    sizeof *states);
    for (uint32_t i = 0; i < path->count; i++) {
        struct words words = path_words(search, path, i);
        trace_name_action(search, &states[i], path->steps[i].action);
        fill_state(search, &states[i], &words, i == 0 ? NULL : &states[i - 1]);
    }
    return states;
}

const struct fm_trace *trace_of(struct search *search, const struct find *find,
                                const struct path *path)
{
    /* What cannot be stored is shown here as it is: a state that lacks values, or that has one
     * which cannot be part of a state. */
    bool partial = find->partial != NULL && find->successor == NULL &&
                   (find->failure->code == FM_CODE_4305 || find->failure->code == FM_CODE_4306 ||
                    find->failure->generated);
    uint32_t count = path->count + (partial ? 1 : 0);
    if (count == 0) {
        return NULL;
    }
    struct fm_trace_state *states = trace_describe(search, path, count - path->count);
    if (partial) {
        struct words words = partial_words(search, find);
        trace_name_action(search, &states[path->count], find->action);
        fill_state(search, &states[path->count], &words,
                   path->count == 0 ? NULL : &states[path->count - 1]);
    }
    struct fm_trace *trace = fm_arena_calloc(&search->arena, 1, sizeof *trace);
    *trace = (struct fm_trace){
        .states = states, .count = count, .executed = path->executed, .note = path->note};
    return trace;
}

const struct fm_trace *trace_behaviour(struct search *search, const struct fm_sampled *behaviour)
{
    struct path path = path_new(search, behaviour->count);
    path_read(search, behaviour, &path);
    struct fm_trace *trace = fm_arena_calloc(&search->arena, 1, sizeof *trace);
    *trace = (struct fm_trace){.states = trace_describe(search, &path, 0), .count = path.count};
    return trace;
}

void trace_give_state(struct search *search, const struct fm_state *state, uint32_t action,
                      void (*take)(void *closure, const struct fm_trace_state *state),
                      void *closure)
{
    struct words words = state == NULL ? new_words(search, 0) : state_words(search, state);
    struct fm_trace_state *shown = fm_arena_calloc(&search->arena, 1, sizeof *shown);
    trace_name_action(search, shown, action);
    fill_state(search, shown, &words, NULL);
    take(closure, shown);
}

struct shown_state {
    const struct search *search;
    uint64_t index;
};

static void observe_state(void *closure, const struct fm_trace_state *state)
{
    const struct shown_state *shown = closure;
    const struct fm_check_observer *observer = &shown->search->options->observer;
    observer->state(observer->closure, state, shown->index,
                    fm_links_get(shown->search->links, shown->index).parent);
}

static void show_state(struct search *search, const uint8_t *bytes, uint64_t index)
{
    struct fm_arena_mark mark = fm_arena_mark(&search->arena);
    struct fm_engine *engine = search->workers[0].engine;
    struct shown_state shown = {search, index};
    search->ops->reset(engine);
    trace_give_state(search, search->ops->decode(engine, bytes), search->kept_actions.at[index],
                     observe_state, &shown);
    fm_arena_release(&search->arena, mark);
}

void trace_show_level(struct search *search)
{
    uint64_t index = search->level.first;
    for (uint32_t i = 0; i < search->level.segment_count; i++) {
        struct fm_reader reader;
        fm_reader_begin(&reader, &search->level.segments[i]);
        const uint8_t *bytes;
        size_t size;
        while ((bytes = fm_reader_next(&reader, &size)) != NULL) {
            show_state(search, bytes, index++);
        }
    }
}
