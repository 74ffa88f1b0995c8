/* From a find to a problem: rebuilding the behaviour, executing it again, and putting it into
 * words.
 *
 * Stored are parent links, not states. The path is followed from the find's parent to an initial
 * state, then executed forwards, by the interpreter: of the initial states the one with the
 * recorded digest is taken, then again and again the first successor with the digest recorded for
 * the next state. The action that makes it is the one whose name the trace shows, the first in
 * TLC's order. At the end the problem itself is decided once more: the invariant must be false on
 * what was rebuilt, the deadlock must have no successor. A trace that passes says so
 * (fm_trace.executed).
 *
 * Steps that are no functions of their state (random numbers, time, files, registers) cannot be
 * executed again. For such models every state was kept with the action that made it, and the trace
 * is read from there. The note says so.
 *
 * States are then decoded two by two for ALIAS and turned into text; nothing of the result points
 * into an engine. */
#include "explore/path.h"

#include "base/assert.h"
#include "explore/difference.h"
#include "modules/native.h"
#include "value/set.h"

#include <string.h>

/* Actions of a deadlock that are explained: more than a reader looks at. */
#define DISABLED_MAX 32u
/* Columns of printed values, as TLC's pretty printer. */
#define VALUE_WIDTH 80u

struct replay {
    struct fm_sink sink; /* first: the engine hands it back */
    struct search *search;
    uint64_t own;     /* low word looked for */
    bool any_failure; /* looking for a failure instead */
    bool found;
    uint64_t seen; /* items of any kind */
    uint32_t action;
    enum fm_code code;
    struct fm_text *bytes;
};

/* --- copying --- */

static const char *copy_text(struct fm_arena *arena, const struct fm_text *text)
{
    return fm_arena_strndup(arena, fm_text_string(text), text->length);
}

static bool is_argument_error(const struct fm_failure *failure)
{
    switch ((int)failure->code) {
    case FM_CODE_4010: /* arithmetic that has no result */
    case FM_CODE_4011:
    case FM_CODE_4012:
    case FM_CODE_4013:
        return true;
    case FM_CODE_4201:
    case FM_CODE_4202:
    case FM_CODE_4205:
    case FM_CODE_4206:
        return failure->native != NULL && fm_native_judges_arguments(failure->native);
    }
    return false;
}

struct fm_failure_report *trace_copy_failure(struct search *search, struct fm_arena *arena,
                                             const struct fm_failure *failure)
{
    (void)search;
    struct fm_failure_report *copy = fm_arena_calloc(arena, 1, sizeof *copy);
    copy->code = failure->code;
    copy->is_assert = failure->is_assert;
    copy->is_memory = failure->is_memory;
    copy->message = fm_arena_strndup(arena, failure->message, strlen(failure->message));
    if (failure->judged != NULL) {
        copy->judged = fm_arena_strndup(arena, failure->judged, strlen(failure->judged));
    }
    copy->generated = failure->generated;
    copy->is_argument = is_argument_error(failure);
    copy->span = failure->span;
    copy->stack = fm_arena_copy(arena, failure->stack, failure->stack_count * sizeof *copy->stack);
    copy->stack_count = failure->stack_count;
    return copy;
}

static const struct fm_failure_report *keep_failure(struct search *search,
                                                    const struct fm_failure_report *failure)
{
    if (failure == NULL) {
        return NULL;
    }
    struct fm_failure_report *copy = fm_arena_calloc(&search->arena, 1, sizeof *copy);
    *copy = *failure;
    copy->message = fm_arena_strndup(&search->arena, failure->message, strlen(failure->message));
    if (failure->judged != NULL) {
        copy->judged = fm_arena_strndup(&search->arena, failure->judged, strlen(failure->judged));
    }
    copy->stack = fm_arena_copy(&search->arena, failure->stack,
                                failure->stack_count * sizeof *copy->stack);
    return copy;
}

/* --- the path --- */

static void add_step(struct search *search, struct path *path, const uint8_t *bytes, size_t size,
                     uint32_t action)
{
    fm_assert(path->count < path->capacity);
    path->steps[path->count].bytes = fm_arena_copy(&search->arena, bytes, size);
    path->steps[path->count].action = action;
    path->count++;
}

uint64_t *path_follow_links(const struct search *search, struct fm_arena *arena, uint64_t last,
                            uint32_t *count)
{
    uint32_t length = 0;
    for (uint64_t i = last; i != FM_LINK_INITIAL; i = fm_links_get(search->links, i).parent) {
        length++;
    }
    uint64_t *indices = fm_arena_alloc(arena, (length + 1) * sizeof *indices);
    uint32_t at = length;
    for (uint64_t i = last; i != FM_LINK_INITIAL; i = fm_links_get(search->links, i).parent) {
        indices[--at] = i;
    }
    *count = length;
    return indices;
}

static const uint8_t *kept_state(const struct search *search, uint64_t index, size_t *size)
{
    uint32_t low = 0;
    uint32_t high = search->kept.count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (search->kept.at[middle].first <= index) {
            low = middle;
        } else {
            high = middle;
        }
    }
    /* Segments whose records were all dropped share the index of the one that follows. */
    while (search->kept.at[low].live == 0) {
        low--;
    }
    struct fm_reader reader;
    fm_reader_begin(&reader, &search->kept.at[low]);
    const uint8_t *bytes = NULL;
    for (uint64_t i = search->kept.at[low].first; i <= index; i++) {
        bytes = fm_reader_next(&reader, size);
        fm_assert(bytes != NULL);
    }
    return bytes;
}

uint32_t trace_archived(struct search *search, uint64_t index, struct fm_arena *arena,
                        const uint8_t ***states)
{
    fm_assert(search->archive);
    uint32_t count;
    const uint64_t *indices = path_follow_links(search, arena, index, &count);
    const uint8_t **bytes = fm_arena_alloc(arena, (count + 1) * sizeof *bytes);
    for (uint32_t i = 0; i < count; i++) {
        size_t size;
        bytes[i] = kept_state(search, indices[i], &size);
    }
    *states = bytes;
    return count;
}

struct fm_state *path_decode(struct search *search, const struct path *path, uint32_t number)
{
    struct fm_engine *engine = search->workers[0].engine;
    struct fm_state *state = search->ops->decode(engine, path->steps[number].bytes);
    search->ops->place(engine, state, number + 1, path->steps[number].action);
    return state;
}

/* The first `count` states of the path are what Trace gives; count 0: nothing any more. */
static void show_path(struct search *search, const struct path *path, uint32_t count)
{
    search->shown_path = count == 0 ? NULL : path;
    search->shown_path_count = count;
}

static bool take_replay(struct fm_sink *sink, struct fm_batch *batch)
{
    struct replay *replay = (struct replay *)sink;
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct fm_item *item = &batch->items[i];
        replay->seen++;
        /* A state whose judging failed is part of the path, too. */
        struct fm_state *state = item->state;
        if (state == NULL) {
            replay->found = replay->any_failure;
            replay->code = item->failure->code;
            state = item->failure->successor;
        }
        if (!replay->any_failure && state != NULL && item->own.low == replay->own) {
            const struct search *search = replay->search;
            fm_text_clear(replay->bytes);
            search->ops->encode(search->workers[0].engine, state, replay->bytes);
            replay->action = item->action;
            replay->found = true;
            return false;
        }
        if (item->state == NULL) {
            return false;
        }
    }
    return true;
}

/* Looks among the initial states, when the path is empty, or the successors of its last state. */
static bool run_replay(struct replay *replay, const struct path *path)
{
    struct search *search = replay->search;
    struct fm_engine *engine = search->workers[0].engine;
    replay->sink.take = take_replay;
    search->ops->reset(engine);
    show_path(search, path, path->count);
    if (path->count == 0) {
        search->ops->initial(engine, &replay->sink);
    } else {
        struct fm_state *state = path_decode(search, path, path->count - 1);
        search->ops->successors(engine, state, path->count, &replay->sink);
    }
    show_path(search, path, 0);
    return replay->found;
}

bool path_extend(struct search *search, struct path *path, uint64_t own)
{
    struct fm_text bytes = {NULL, 0, 0};
    struct replay replay = {.search = search, .own = own, .bytes = &bytes};
    if (run_replay(&replay, path)) {
        add_step(search, path, (const uint8_t *)bytes.at, bytes.length,
                 path->count == 0 ? FM_ACTION_INITIAL : replay.action);
    } else {
        path->note = fm_arena_printf(
            &search->arena,
            "not executed again: state %u has no successor with the recorded digest", path->count);
    }
    fm_text_deinit(&bytes);
    return replay.found;
}

/* owns: low words of the digests of the states up to the find's parent. */
static bool replay_path(struct search *search, const struct find *find, const uint64_t *owns,
                        uint32_t count, struct path *path)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!path_extend(search, path, owns[i])) {
            return false;
        }
    }
    return find->successor == NULL || path_extend(search, path, find->own.low);
}

static const char *archive_note(const struct search *search)
{
    uint32_t impurity = search->model->impurity;
    if ((impurity & FM_IMPURE_RANDOM) != 0) {
        return "read from the stored states, not executed again: the specification draws random "
               "values";
    }
    if ((impurity & FM_IMPURE_CLOCK) != 0) {
        return "read from the stored states, not executed again: the specification reads the clock";
    }
    if ((impurity & FM_IMPURE_IO) != 0) {
        return "read from the stored states, not executed again: the specification prints, or "
               "reads or writes files";
    }
    return "read from the stored states, not executed again: the specification uses TLCGet or "
           "TLCSet";
}

static void read_path(struct search *search, const struct find *find, const uint64_t *indices,
                      uint32_t count, struct path *path)
{
    for (uint32_t i = 0; i < count; i++) {
        size_t size;
        const uint8_t *bytes = kept_state(search, indices[i], &size);
        add_step(search, path, bytes, size, search->kept_actions.at[indices[i]]);
    }
    if (find->successor != NULL) {
        add_step(search, path, find->successor, find->successor_size, find->action);
    }
    path->note = archive_note(search);
}

/* --- deciding again --- */

static bool verify_formula(struct search *search, const struct path *path,
                           enum fm_formula_kind list, const struct find *find)
{
    struct fm_engine *engine = search->workers[0].engine;
    search->ops->reset(engine);
    struct fm_state *s = path_decode(search, path, path->count - 1);
    struct fm_state *t = NULL;
    if (list == FM_FORMULA_IMPLIED_ACTION) {
        t = s;
        s = path_decode(search, path, path->count - 2);
    }
    show_path(search, path, path->count);
    enum fm_verdict verdict = search->ops->check(engine, list, find->formula, s, t);
    show_path(search, path, 0);
    return verdict == (find->failure == NULL ? FM_VERDICT_FALSE : FM_VERDICT_FAILURE);
}

static bool verify_end(struct search *search, const struct path *whole, const struct find *find)
{
    /* A successor that could not be judged is the last state; its parent makes it. */
    struct path parents = *whole;
    parents.count -= find->successor != NULL ? 1 : 0;
    const struct path *path = &parents;
    struct fm_text bytes = {NULL, 0, 0};
    struct replay replay = {.search = search, .any_failure = true, .bytes = &bytes};
    bool failed = run_replay(&replay, path);
    fm_text_deinit(&bytes);
    if (find->kind == FM_PROBLEM_DEADLOCK) {
        return replay.seen == 0;
    }
    return failed && replay.code == find->failure->code;
}

static bool verify(struct search *search, const struct path *path, const struct find *find)
{
    switch (find->kind) {
    case FM_PROBLEM_INVARIANT:
    case FM_PROBLEM_INVARIANT_FAILED:
    case FM_PROBLEM_INITIAL_INVARIANT:
    case FM_PROBLEM_INITIAL_INVARIANT_FAILED:
        return verify_formula(search, path, FM_FORMULA_INVARIANT, find);
    case FM_PROBLEM_INITIAL_PROPERTY:
    case FM_PROBLEM_INITIAL_PROPERTY_FAILED:
        return verify_formula(search, path, FM_FORMULA_IMPLIED_INIT, find);
    case FM_PROBLEM_ACTION_PROPERTY:
    case FM_PROBLEM_ACTION_PROPERTY_FAILED:
        return verify_formula(search, path, FM_FORMULA_IMPLIED_ACTION, find);
    case FM_PROBLEM_DEADLOCK:
    case FM_PROBLEM_NEXT_FAILED:
    case FM_PROBLEM_NEXT_ASSERT:
    case FM_PROBLEM_INITIAL_FAILED:
    case FM_PROBLEM_INITIAL_INCOMPLETE:
        return verify_end(search, path, find);
    case FM_PROBLEM_TEMPORAL:
    case FM_PROBLEM_TEMPORAL_FAILED:
    case FM_PROBLEM_TEMPORAL_UNCONFIRMED:
    case FM_PROBLEM_ASSUMPTION:
    case FM_PROBLEM_ASSUMPTION_FAILED:
    case FM_PROBLEM_NO_NEXT:
    case FM_PROBLEM_NO_INITIAL:
    case FM_PROBLEM_NO_INITIAL_IN_MODEL:
    case FM_PROBLEM_POSTCONDITION:
    case FM_PROBLEM_POSTCONDITION_FAILED:
        break;
    }
    return false;
}

static struct path new_path(struct search *search, uint32_t capacity)
{
    return (struct path){
        .capacity = capacity,
        .steps = fm_arena_calloc(&search->arena, capacity, sizeof(struct step)),
    };
}

static void replay_and_verify(struct search *search, const struct find *find, const uint64_t *owns,
                              uint32_t count, struct path *path)
{
    if (replay_path(search, find, owns, count, path)) {
        path->executed = verify(search, path, find);
        if (!path->executed) {
            path->note = "executed again, but the problem did not show again";
        }
    }
}

static void read_behaviour(struct search *search, const struct fm_sampled *behaviour,
                           struct path *path)
{
    for (uint32_t i = 0; i < behaviour->count; i++) {
        add_step(search, path, fm_behaviour_state(behaviour, i),
                 behaviour->begins[i + 1] - behaviour->begins[i], behaviour->actions[i]);
    }
}

static struct path replay_sampled(struct search *search, const struct find *find, bool stutters)
{
    const struct fm_sampled *behaviour = find->behaviour;
    struct path path = new_path(search, behaviour->count + 1);
    uint64_t *owns = fm_arena_alloc(&search->arena, (behaviour->count + 1) * sizeof *owns);
    uint32_t count = 0;
    for (uint32_t i = 0; i < behaviour->count; i++) {
        if (i == 0 || stutters || behaviour->owns[i] != behaviour->owns[i - 1]) {
            owns[count++] = behaviour->owns[i];
        }
    }
    replay_and_verify(search, find, owns, count, &path);
    return path;
}

/* A step of a sampled behaviour may leave everything as it is. Without such steps it is a behaviour
 * too, and shorter to read; unless the problem depends on their number (TLCGet("level")), that
 * one is printed, as in TLC. */
static struct path build_sampled(struct search *search, const struct find *find)
{
    const struct fm_sampled *behaviour = find->behaviour;
    struct path path = new_path(search, behaviour->count + 1);
    if (search->repeatable) {
        path = replay_sampled(search, find, false);
        return path.executed ? path : replay_sampled(search, find, true);
    }
    read_behaviour(search, behaviour, &path);
    if (find->successor != NULL) {
        add_step(search, &path, find->successor, find->successor_size, find->action);
    }
    path.note = archive_note(search);
    return path;
}

static struct path build_path(struct search *search, const struct find *find)
{
    uint32_t count = 0;
    if (find->behaviour != NULL) {
        return build_sampled(search, find);
    }
    uint64_t *indices = path_follow_links(search, &search->arena, find->parent, &count);
    struct path path = new_path(search, count + 1);
    if (!search->repeatable) {
        read_path(search, find, indices, count, &path);
        return path;
    }
    uint64_t *owns = fm_arena_alloc(&search->arena, (count + 1) * sizeof *owns);
    for (uint32_t i = 0; i < count; i++) {
        owns[i] = fm_links_get(search->links, indices[i]).own;
    }
    replay_and_verify(search, find, owns, count, &path);
    return path;
}

/* --- words --- */

static const char *action_label(struct search *search, const struct fm_action *action)
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
};

static struct words new_words(struct search *search, uint32_t count)
{
    return (struct words){
        .count = count,
        .names = fm_arena_calloc(&search->arena, count + 1, sizeof(char *)),
        .values = fm_arena_calloc(&search->arena, count + 1, sizeof(char *)),
        .json = fm_arena_calloc(&search->arena, count + 1, sizeof(char *)),
        .differences = fm_arena_calloc(&search->arena, count + 1, sizeof(char *)),
    };
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
        show_path(search, path, i + 1);
        bool aliased = alias_words(search, s, t, &words);
        show_path(search, path, 0);
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

uint32_t trace_shown(const struct search *search, struct fm_arena *arena, const uint8_t ***states)
{
    const struct path *path = search->shown_path;
    const uint8_t **bytes = fm_arena_alloc(arena, search->shown_path_count * sizeof *bytes);
    for (uint32_t i = 0; i < search->shown_path_count; i++) {
        bytes[i] = path->steps[i].bytes;
    }
    *states = bytes;
    return search->shown_path_count;
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
    }
    return words;
}

static const struct fm_action *action_at(const struct search *search, uint32_t action)
{
    return action < search->model->action_count ? &search->model->actions[action] : NULL;
}

void path_label(struct search *search, struct fm_trace_state *state, uint32_t action)
{
    state->action = action_at(search, action);
    state->label = "<Initial predicate>";
    if (state->action != NULL) {
        state->label = action_label(search, state->action);
        state->arguments = action_arguments(search, state->action, false);
        state->arguments_json = action_arguments(search, state->action, true);
    }
}

struct fm_trace_state *path_describe(struct search *search, const struct path *path, uint32_t more)
{
    struct fm_trace_state *states = fm_arena_calloc(&search->arena, path->count + more,
                                                    sizeof *states);
    for (uint32_t i = 0; i < path->count; i++) {
        struct words words = path_words(search, path, i);
        path_label(search, &states[i], path->steps[i].action);
        fill_state(search, &states[i], &words, i == 0 ? NULL : &states[i - 1]);
    }
    return states;
}

static const struct fm_trace *describe_path(struct search *search, const struct find *find,
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
    struct fm_trace_state *states = path_describe(search, path, count - path->count);
    if (partial) {
        struct words words = partial_words(search, find);
        path_label(search, &states[path->count], find->action);
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
    struct path path = new_path(search, behaviour->count);
    read_behaviour(search, behaviour, &path);
    struct fm_trace *trace = fm_arena_calloc(&search->arena, 1, sizeof *trace);
    *trace = (struct fm_trace){.states = path_describe(search, &path, 0), .count = path.count};
    return trace;
}

void trace_give_state(struct search *search, const struct fm_state *state, uint32_t action,
                      void (*take)(void *closure, const struct fm_trace_state *state),
                      void *closure)
{
    struct words words = state == NULL ? new_words(search, 0) : state_words(search, state);
    struct fm_trace_state *shown = fm_arena_calloc(&search->arena, 1, sizeof *shown);
    path_label(search, shown, action);
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

/* --- problems --- */

static bool list_of_kind(enum fm_problem_kind kind, enum fm_formula_kind *list)
{
    switch (kind) {
    case FM_PROBLEM_ASSUMPTION:
    case FM_PROBLEM_ASSUMPTION_FAILED:
        *list = FM_FORMULA_ASSUME;
        return true;
    case FM_PROBLEM_INVARIANT:
    case FM_PROBLEM_INVARIANT_FAILED:
    case FM_PROBLEM_INITIAL_INVARIANT:
    case FM_PROBLEM_INITIAL_INVARIANT_FAILED:
        *list = FM_FORMULA_INVARIANT;
        return true;
    case FM_PROBLEM_INITIAL_PROPERTY:
    case FM_PROBLEM_INITIAL_PROPERTY_FAILED:
        *list = FM_FORMULA_IMPLIED_INIT;
        return true;
    case FM_PROBLEM_ACTION_PROPERTY:
    case FM_PROBLEM_ACTION_PROPERTY_FAILED:
        *list = FM_FORMULA_IMPLIED_ACTION;
        return true;
    case FM_PROBLEM_POSTCONDITION:
    case FM_PROBLEM_POSTCONDITION_FAILED:
        *list = FM_FORMULA_POSTCONDITION;
        return true;
    case FM_PROBLEM_INITIAL_FAILED:
    case FM_PROBLEM_INITIAL_INCOMPLETE:
    case FM_PROBLEM_NEXT_FAILED:
    case FM_PROBLEM_NEXT_ASSERT:
    case FM_PROBLEM_TEMPORAL:
    case FM_PROBLEM_TEMPORAL_FAILED:
    case FM_PROBLEM_TEMPORAL_UNCONFIRMED:
    case FM_PROBLEM_DEADLOCK:
    case FM_PROBLEM_NO_NEXT:
    case FM_PROBLEM_NO_INITIAL:
    case FM_PROBLEM_NO_INITIAL_IN_MODEL:
        break;
    }
    return false;
}

static const struct fm_formula *formula_of(const struct fm_program *program,
                                           enum fm_formula_kind list, uint32_t index)
{
    switch (list) {
    case FM_FORMULA_ASSUME:
        return &program->assumes[index];
    case FM_FORMULA_INVARIANT:
        return &program->invariants[index];
    case FM_FORMULA_IMPLIED_INIT:
        return &program->implied_inits[index];
    case FM_FORMULA_IMPLIED_ACTION:
        return &program->implied_actions[index];
    case FM_FORMULA_CONSTRAINT:
        return &program->constraints[index];
    case FM_FORMULA_ACTION_CONSTRAINT:
        return &program->action_constraints[index];
    case FM_FORMULA_POSTCONDITION:
        return &program->postconditions[index];
    }
    return NULL;
}

static void name_problem(const struct search *search, struct fm_problem *problem, uint32_t formula)
{
    enum fm_formula_kind list;
    problem->name = "";
    if (list_of_kind(problem->kind, &list)) {
        const struct fm_formula *found = formula_of(search->model->program, list, formula);
        problem->name = found->name == NULL ? "" : found->name->text;
        problem->span = found->node->span;
    }
}

/* Which part is false; the engine holds nothing when this is called. */
static void explain(struct search *search, struct fm_problem *problem, const struct find *find,
                    const struct path *path)
{
    enum fm_formula_kind list;
    if (find->failure != NULL || !list_of_kind(problem->kind, &list) || path->count == 0) {
        return;
    }
    struct fm_engine *engine = search->workers[0].engine;
    search->ops->reset(engine);
    struct fm_state *s = path_decode(search, path, path->count - 1);
    struct fm_state *t = NULL;
    if (list == FM_FORMULA_IMPLIED_ACTION) {
        if (path->count < 2) {
            return;
        }
        t = s;
        s = path_decode(search, path, path->count - 2);
    }
    show_path(search, path, path->count);
    problem->explanation = search->ops->explain(engine, list, find->formula, s, t, &search->arena);
    show_path(search, path, 0);
}

/* For each action the first conjunct that is false in the state without successors. */
static void explain_deadlock(struct search *search, struct fm_problem *problem, const uint8_t *last)
{
    struct fm_engine *engine = search->workers[0].engine;
    uint32_t count = search->model->action_count;
    count = count < DISABLED_MAX ? count : DISABLED_MAX;
    struct fm_disabled *disabled = fm_arena_calloc(&search->arena, count + 1, sizeof *disabled);
    for (uint32_t i = 0; i < count; i++) {
        search->ops->reset(engine);
        struct fm_state *state = search->ops->decode(engine, last);
        const struct fm_explanation *explanation = search->ops->why_not(engine, i, state,
                                                                        &search->arena);
        if (explanation != NULL) {
            struct fm_disabled *entry = &disabled[problem->disabled_count++];
            entry->action = &search->model->actions[i];
            entry->label = action_label(search, entry->action);
            entry->explanation = explanation;
        }
    }
    problem->disabled = disabled;
}

/* What emitted code found is decided once more without it. */
static void interpret_only(struct search *search, bool only)
{
    struct fm_engine *engine = search->workers[0].engine;
    if (search->ops->interpret != NULL) {
        search->ops->interpret(engine, only);
    }
    search->ops->reset(engine);
}

const struct fm_problem *trace_problem(struct search *search, const struct find *find)
{
    struct fm_problem *problem = fm_arena_calloc(&search->arena, 1, sizeof *problem);
    problem->kind = find->kind;
    name_problem(search, problem, find->formula);
    problem->failure = keep_failure(search, find->failure);
    const struct fm_action *action = action_at(search, find->action);
    if (problem->name[0] == '\0' && action != NULL && find->failure != NULL) {
        problem->name = action->name == NULL ? "" : action->name->text;
    }
    interpret_only(search, true);
    search->quiet = true;
    struct path path = build_path(search, find);
    search->quiet = false;
    problem->trace = describe_path(search, find, &path);
    search->quiet = true;
    explain(search, problem, find, &path);
    if (find->kind == FM_PROBLEM_DEADLOCK && path.count > 0) {
        explain_deadlock(search, problem, path.steps[path.count - 1].bytes);
    }
    search->quiet = false;
    interpret_only(search, false);
    return problem;
}

const struct fm_problem *trace_bare_problem(struct search *search, enum fm_problem_kind kind,
                                            uint32_t formula)
{
    struct fm_problem *problem = fm_arena_calloc(&search->arena, 1, sizeof *problem);
    struct fm_engine *engine = search->workers[0].engine;
    problem->kind = kind;
    name_problem(search, problem, formula);
    enum fm_formula_kind list;
    /* The postconditions of _POSSIBLE are not the reader's text: their name says it all. */
    bool is_ours = kind == FM_PROBLEM_POSTCONDITION &&
                   search->model->program->postconditions[formula].def == NULL;
    if (kind == FM_PROBLEM_ASSUMPTION_FAILED || kind == FM_PROBLEM_POSTCONDITION_FAILED) {
        problem->failure = trace_copy_failure(search, &search->arena, search->ops->failure(engine));
    } else if (!is_ours && list_of_kind(kind, &list)) {
        search->quiet = true;
        problem->explanation = search->ops->explain(engine, list, formula, NULL, NULL,
                                                    &search->arena);
        search->quiet = false;
    }
    return problem;
}

uint32_t fm_problem_code(enum fm_problem_kind kind)
{
    static const uint32_t codes[] = {
#define FM_PROBLEM(name, code, exit_status) [FM_PROBLEM_##name] = code,
#include "explore/problems.def"
#undef FM_PROBLEM
    };
    return codes[kind];
}

int fm_problem_exit_status(const struct fm_problem *problem)
{
    static const int statuses[] = {
#define FM_PROBLEM(name, code, exit_status) [FM_PROBLEM_##name] = exit_status,
#include "explore/problems.def"
#undef FM_PROBLEM
    };
    /* An end of stack or memory, whatever was being evaluated, is none of these errors to TLC; nor
     * is a wrong argument of a library operator in a step. */
    bool is_memory = problem->failure != NULL && problem->failure->is_memory;
    bool is_argument = problem->failure != NULL &&
                       (problem->kind == FM_PROBLEM_NEXT_FAILED ||
                        problem->kind == FM_PROBLEM_ACTION_PROPERTY_FAILED) &&
                       problem->failure->is_argument;
    /* TLC refuses decimals when it reads them. */
    bool is_decimal = problem->failure != NULL && problem->failure->code == FM_CODE_4301;
    return is_decimal ? 151 : is_memory || is_argument ? 255 : statuses[problem->kind];
}
