/* From a find to its behaviour: following it back, and executing it again.
 *
 * Stored are parent links, not states. The path is followed from the find's parent to an initial
 * state, then executed forwards, by the interpreter: of the initial states the one with the
 * recorded digest is taken, then again and again the first successor with the digest recorded for
 * the next state. The action that makes it is the one whose name the trace shows, the first in
 * TLC's order. At the end the problem itself is decided once more: the invariant must be false on
 * what was rebuilt, the deadlock must have no successor. A path that passes says so
 * (path.executed).
 *
 * Steps that are no functions of their state (random numbers, time, files, registers) cannot be
 * executed again. For such models every state was kept with the action that made it, and the path
 * is read from there. The note says so. */
#include "explore/path.h"

#include "base/assert.h"
#include "modules/native.h"

#include <string.h>

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

uint32_t path_find_kept(const struct search *search, uint64_t index, struct fm_reader *reader)
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
    fm_reader_begin(reader, &search->kept.at[low]);
    (void)fm_reader_skip(reader, (uint32_t)(index - search->kept.at[low].first));
    return low;
}

static const uint8_t *kept_state(const struct search *search, uint64_t index, size_t *size)
{
    struct fm_reader reader;
    (void)path_find_kept(search, index, &reader);
    const uint8_t *bytes = fm_reader_next(&reader, size);
    fm_assert(bytes != NULL);
    return bytes;
}

uint32_t path_archived(struct search *search, uint64_t index, struct fm_arena *arena,
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

void path_show(struct search *search, const struct path *path, uint32_t count)
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
    path_show(search, path, path->count);
    if (path->count == 0) {
        search->ops->initial(engine, &replay->sink);
    } else {
        struct fm_state *state = path_decode(search, path, path->count - 1);
        search->ops->successors(engine, state, path->count, &replay->sink);
    }
    path_show(search, path, 0);
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
    path_show(search, path, path->count);
    enum fm_verdict verdict = search->ops->check(engine, list, find->formula, s, t);
    path_show(search, path, 0);
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

struct path path_new(struct search *search, uint32_t capacity)
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

void path_read(struct search *search, const struct fm_sampled *behaviour, struct path *path)
{
    for (uint32_t i = 0; i < behaviour->count; i++) {
        add_step(search, path, fm_behaviour_state(behaviour, i),
                 behaviour->begins[i + 1] - behaviour->begins[i], behaviour->actions[i]);
    }
}

static struct path replay_sampled(struct search *search, const struct find *find, bool stutters)
{
    const struct fm_sampled *behaviour = find->behaviour;
    struct path path = path_new(search, behaviour->count + 1);
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
    struct path path = path_new(search, behaviour->count + 1);
    if (search->repeatable) {
        path = replay_sampled(search, find, false);
        return path.executed ? path : replay_sampled(search, find, true);
    }
    path_read(search, behaviour, &path);
    if (find->successor != NULL) {
        add_step(search, &path, find->successor, find->successor_size, find->action);
    }
    path.note = archive_note(search);
    return path;
}

struct path path_build(struct search *search, const struct find *find)
{
    uint32_t count = 0;
    if (find->behaviour != NULL) {
        return build_sampled(search, find);
    }
    uint64_t *indices = path_follow_links(search, &search->arena, find->parent, &count);
    struct path path = path_new(search, count + 1);
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

uint32_t path_shown(const struct search *search, struct fm_arena *arena, const uint8_t ***states)
{
    const struct path *path = search->shown_path;
    const uint8_t **bytes = fm_arena_alloc(arena, search->shown_path_count * sizeof *bytes);
    for (uint32_t i = 0; i < search->shown_path_count; i++) {
        bytes[i] = path->steps[i].bytes;
    }
    *states = bytes;
    return search->shown_path_count;
}
