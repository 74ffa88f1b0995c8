/* Reading all states of a search again, and executing behaviours of them.
 *
 * The segments of all levels were kept in the order of indices, so a state is found by its
 * segment, and those after it by reading on. Steps are not kept: whoever wants them generates the
 * successors again, with the engines that the search used, and finds their indices by their own
 * digests. What the second generation prints was printed by the first.
 *
 * A behaviour, given by indices, is executed again from an initial state, as the search's own
 * counterexamples are (path.c), but by another engine when there is one: a counterexample to a
 * temporal property is then made, judged and shown by the interpreter alone, whatever made the
 * graph that it was found in. While that engine is at work it stands in the place of worker 0's
 * (begin_other). */
#include "explore/kept.h"

#include "base/assert.h"
#include "explore/path.h"

#include <string.h>

static const struct search *search_of(const struct fm_checker *checker)
{
    return &checker->search;
}

uint64_t fm_kept_count(const struct fm_checker *checker)
{
    const struct level *level = &checker->search.level;
    return level->first + level->count;
}

uint64_t fm_kept_initial_count(const struct fm_checker *checker)
{
    const struct search *search = search_of(checker);
    return search->kept_levels.count > 1 ? search->kept_levels.at[1] : fm_kept_count(checker);
}

struct fm_model *fm_kept_model(const struct fm_checker *checker)
{
    return checker->search.model;
}

uint64_t fm_kept_own(const struct fm_checker *checker, uint64_t index)
{
    return fm_links_get(checker->search.links, index).own;
}

/* --- the crew --- */

struct job {
    struct fm_checker *checker;
    void (*task)(void *closure, uint32_t member);
    void *closure;
};

static void run_member(void *closure, uint32_t member)
{
    const struct job *job = closure;
    if (member != 0) {
        const struct fm_check_options *options = &job->checker->options;
        fm_memory_set_handler(options->refused, options->refused_closure);
    }
    job->task(job->closure, member);
}

uint32_t fm_kept_crew(const struct fm_checker *checker)
{
    return checker->search.worker_count;
}

void fm_kept_run(struct fm_checker *checker, void (*task)(void *closure, uint32_t member),
                 void *closure)
{
    struct search *search = &checker->search;
    struct job job = {checker, task, closure};
    if (search->alone || !fm_crew_run(search->crew, run_member, &job)) {
        search->alone = true;
        task(closure, 0);
    }
}

struct fm_engine *fm_kept_engine(struct fm_checker *checker, uint32_t member)
{
    struct search *search = &checker->search;
    struct worker *worker = &search->workers[member];
    if (worker->engine == NULL) {
        worker->engine = search->ops->open(search->model);
    }
    return worker->engine;
}

/* --- reading --- */

void fm_kept_begin(const struct fm_checker *checker, uint64_t index, struct fm_kept_reader *reader)
{
    const struct search *search = search_of(checker);
    fm_assert(search->archive && index < fm_kept_count(checker));
    reader->checker = checker;
    reader->segment = path_find_kept(search, index, &reader->reader);
}

const uint8_t *fm_kept_next(struct fm_kept_reader *reader)
{
    const struct search *search = search_of(reader->checker);
    const uint8_t *bytes;
    size_t size;
    while ((bytes = fm_reader_next(&reader->reader, &size)) == NULL) {
        fm_assert(reader->segment + 1 < search->kept.count);
        fm_reader_begin(&reader->reader, &search->kept.at[++reader->segment]);
    }
    return bytes;
}

/* Number of the state's level, from 1 on, and the index of the first state behind it. */
static uint32_t level_of(const struct fm_checker *checker, uint64_t index, uint64_t *end)
{
    const struct search *search = search_of(checker);
    uint32_t low = 0;
    uint32_t high = search->kept_levels.count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (search->kept_levels.at[middle] <= index) {
            low = middle;
        } else {
            high = middle;
        }
    }
    *end = low + 1 < search->kept_levels.count ? search->kept_levels.at[low + 1]
                                               : fm_kept_count(checker);
    return low + 1;
}

void fm_kept_take(struct fm_checker *checker, uint32_t member, struct fm_kept_reader *reader,
                  uint64_t first, uint32_t max, struct fm_kept_group *group)
{
    const struct search *search = search_of(checker);
    struct fm_engine *engine = fm_kept_engine(checker, member);
    search->ops->reset(engine);
    group->first = first;
    group->is_grouped = search->ops->expand != NULL && search->model->impurity == 0;
    uint64_t end;
    group->level = level_of(checker, first, &end);
    uint32_t wanted = group->is_grouped ? search->ops->group_max(engine) : 1;
    wanted = max < wanted ? max : wanted;
    wanted = end - first < wanted ? (uint32_t)(end - first) : wanted;
    for (group->count = 0; group->count < wanted; group->count++) {
        group->states[group->count] = search->ops->decode(engine, fm_kept_next(reader));
    }
}

void fm_kept_expand(struct fm_checker *checker, uint32_t member, const struct fm_kept_group *group,
                    struct fm_sink *sink)
{
    struct search *search = &checker->search;
    struct worker *worker = &search->workers[member];
    if (group->is_grouped) {
        search->ops->expand(worker->engine, group->states, group->count, group->level, sink);
        return;
    }
    fm_assert(group->count == 1);
    worker->parent = group->states[0]; /* for Trace */
    worker->parent_index = group->first;
    search->ops->successors(worker->engine, group->states[0], group->level, sink);
    worker->parent = NULL;
}

/* --- behaviours --- */

struct fm_kept_behaviour {
    struct path path;
    struct fm_model *model;     /* whose encodings it has; NULL: the search's own */
    const struct step *closing; /* back to the beginning of the cycle, or NULL */
};

/* What stands in its place meanwhile. */
struct other {
    struct fm_model *model;
    struct fm_engine *engine;
    const uint8_t *(*plain)(void *plain_closure, struct fm_value_context *context,
                            const uint8_t *encoding);
    bool quiet;
};

static struct other begin_other(struct search *search, struct fm_model *model)
{
    struct worker *leader = &search->workers[0];
    struct other kept = {search->model, leader->engine, search->model->run->plain, search->quiet};
    search->quiet = true;
    if (model != NULL && model != search->model) {
        search->model = model;
        search->ops = model->ops;
        model->run->plain = NULL; /* these encodings are the interpreter's */
        leader->engine = model->ops->open(model);
    }
    return kept;
}

static void end_other(struct search *search, const struct other *kept)
{
    struct worker *leader = &search->workers[0];
    if (leader->engine != kept->engine) {
        search->ops->close(leader->engine);
        search->model->run->plain = kept->plain;
        search->model = kept->model;
        search->ops = kept->model->ops;
        leader->engine = kept->engine;
    }
    search->quiet = kept->quiet;
}

static struct fm_digest digest_at(struct search *search, const struct path *path, uint32_t number)
{
    struct fm_digest print, own;
    struct fm_engine *engine = search->workers[0].engine;
    search->ops->reset(engine);
    search->ops->fingerprint(engine, path_decode(search, path, number), &print, &own);
    return own;
}

/* The step back to the beginning of the cycle is executed like the others and taken off again. */
static bool close_path(struct search *search, struct fm_kept_behaviour *behaviour,
                       const struct fm_kept_path *wanted)
{
    struct path *path = &behaviour->path;
    path->is_lasso = true;
    path->cycle = wanted->cycle;
    if (wanted->stutters) {
        return true;
    }
    if (!path_extend(search, path, fm_kept_own(search->checker, wanted->indices[wanted->cycle]))) {
        return false;
    }
    struct fm_digest begin = digest_at(search, path, path->cycle);
    struct fm_digest end = digest_at(search, path, path->count - 1);
    behaviour->closing = &path->steps[--path->count];
    if (!fm_digest_equal(begin, end)) {
        path->note = fm_arena_printf(&search->arena,
                                     "state %u does not lead back to state %u when it is executed",
                                     path->count, path->cycle + 1);
        return false;
    }
    return true;
}

static bool execute(struct search *search, struct fm_kept_behaviour *behaviour,
                    const struct fm_kept_path *wanted)
{
    struct path *path = &behaviour->path;
    for (uint32_t i = 0; i < wanted->count; i++) {
        if (!path_extend(search, path, fm_kept_own(search->checker, wanted->indices[i]))) {
            return false;
        }
    }
    if (wanted->has_last && !path_extend(search, path, wanted->last_own)) {
        return false;
    }
    path->executed = true;
    return wanted->cycle == wanted->count || close_path(search, behaviour, wanted);
}

const uint64_t *fm_kept_path_to(const struct fm_checker *checker, uint64_t index,
                                struct fm_arena *arena, uint32_t *count)
{
    return path_follow_links(search_of(checker), arena, index, count);
}

struct fm_kept_behaviour *fm_kept_replay(struct fm_checker *checker, struct fm_model *model,
                                         const struct fm_kept_path *wanted, const char **why)
{
    struct search *search = &checker->search;
    struct fm_kept_behaviour *behaviour = fm_arena_calloc(&search->arena, 1, sizeof *behaviour);
    behaviour->model = model;
    behaviour->path.capacity = wanted->count + 1;
    behaviour->path.steps = fm_arena_calloc(&search->arena, behaviour->path.capacity,
                                            sizeof *behaviour->path.steps);
    struct other kept = begin_other(search, model);
    bool executed = execute(search, behaviour, wanted);
    end_other(search, &kept);
    *why = behaviour->path.note;
    return executed ? behaviour : NULL;
}

void fm_kept_judge(struct fm_checker *checker, const struct fm_kept_behaviour *behaviour,
                   void (*judge)(void *closure, struct fm_model *model, struct fm_engine *engine,
                                 struct fm_state *const *states, uint32_t count),
                   void *closure)
{
    struct search *search = &checker->search;
    const struct path *path = &behaviour->path;
    struct fm_state **states = fm_memory_alloc((path->count + 1) * sizeof *states);
    struct other kept = begin_other(search, behaviour->model);
    struct fm_engine *engine = search->workers[0].engine;
    search->ops->reset(engine);
    for (uint32_t i = 0; i < path->count; i++) {
        states[i] = path_decode(search, path, i);
    }
    judge(closure, search->model, engine, states, path->count);
    end_other(search, &kept);
    fm_memory_free(states);
}

const struct fm_trace *fm_kept_trace(struct fm_checker *checker,
                                     const struct fm_kept_behaviour *behaviour)
{
    struct search *search = &checker->search;
    const struct path *path = &behaviour->path;
    struct fm_trace *trace = fm_arena_calloc(&search->arena, 1, sizeof *trace);
    struct other kept = begin_other(search, behaviour->model);
    *trace = (struct fm_trace){.states = trace_describe(search, path, 0),
                               .count = path->count,
                               .executed = path->executed,
                               .is_lasso = path->is_lasso,
                               .cycle = path->cycle};
    if (behaviour->closing != NULL) {
        struct fm_trace_state *closing = fm_arena_calloc(&search->arena, 1, sizeof *closing);
        trace_name_action(search, closing, behaviour->closing->action);
        trace->closing = closing;
    }
    end_other(search, &kept);
    return trace;
}

/* --- results --- */

struct fm_arena *fm_kept_arena(struct fm_checker *checker)
{
    return &checker->search.arena;
}

struct fm_failure_report *fm_kept_failure(struct fm_checker *checker,
                                          const struct fm_failure *failure)
{
    return problem_copy_failure(&checker->search.arena, failure);
}

void fm_kept_report(struct fm_checker *checker, const struct fm_problem *problem)
{
    struct search *search = &checker->search;
    search->found_later = true;
    search_report(search, problem);
}
