/* The interpreter's door for emitted code (embed.h).
 *
 * A site is one node compiled into a unit of its own, in the shape of the frame that its locals
 * stand in. Each run makes that frame anew, puts the given values into its slots and evaluates in a
 * protected call, so an error ends the site and nothing else. LETs inside of the node belong to the
 * unit; slots that nobody gave hold NONE and are not read.
 *
 * Sites may be made while workers evaluate: compiling holds the model's lock, and what it added to
 * the constants is made room for by each engine when it first runs the site. */
#include "eval/embed.h"

#include "base/assert.h"
#include "eval/generate.h"
#include "eval/symmetry.h"

#include <string.h>

struct fm_eval_site {
    const struct fm_unit *unit;
    uint32_t fold_count; /* constants of the model when it was compiled */
};

static struct fm_eval_model *own_model(struct fm_model *model)
{
    return (struct fm_eval_model *)(void *)model;
}

struct fm_eval_site *fm_eval_site_new(struct fm_model *model, const struct fm_node *node,
                                      const struct fm_def *frame)
{
    struct fm_eval_model *own = own_model(model);
    pthread_mutex_lock(&own->lock);
    struct fm_eval_site *site = fm_arena_alloc(&own->arena, sizeof *site);
    site->unit = fm_compile_unit(own, node, frame);
    site->fold_count = own->fold_count;
    pthread_mutex_unlock(&own->lock);
    return site;
}

struct site_run {
    const struct fm_eval_site *site;
    const struct fm_eval_slots *slots;
    fm_value result;
};

static void run_site(struct fm_engine *engine, void *closure)
{
    struct site_run *run = closure;
    const struct fm_unit *unit = run->site->unit;
    struct fm_frame *frame = fm_frame_new(engine, unit, NULL);
    for (uint32_t i = 0; i < unit->slots; i++) {
        frame->slots[i] = fm_none();
    }
    for (uint32_t i = 0; i < run->slots->count; i++) {
        fm_assert(run->slots->numbers[i] < unit->slots);
        frame->slots[run->slots->numbers[i]] = run->slots->values[i];
    }
    run->result = fm_run(engine, unit->body, frame);
}

/* Another thread may be compiling: the number of constants is read under its lock. */
static void make_room(struct fm_engine *engine)
{
    pthread_mutex_lock(&engine->model->lock);
    fm_engine_grow_folds(engine);
    pthread_mutex_unlock(&engine->model->lock);
}

fm_value fm_eval_site_run(struct fm_engine *engine, const struct fm_eval_site *site,
                          const struct fm_eval_slots *slots, const fm_value *s, const fm_value *t)
{
    if (engine->fold_count < site->fold_count) {
        make_room(engine);
    }
    struct site_run run = {site, slots, fm_none()};
    struct fm_moment moment = fm_engine_enter(engine, NULL, NULL);
    if (s != NULL) {
        engine->s = s;
    }
    if (t != NULL) {
        /* Evaluation does not write to the next state. */
        memcpy(&engine->t, &t, sizeof engine->t);
    }
    bool succeeded = fm_eval_protect(engine, run_site, &run);
    fm_engine_leave(engine, &moment);
    return succeeded ? run.result : fm_none();
}

bool fm_eval_guard(struct fm_engine *engine, void (*run)(struct fm_engine *engine, void *closure),
                   void *closure)
{
    return fm_eval_protect(engine, run, closure);
}

void fm_eval_keep(struct fm_engine *engine)
{
    fm_engine_pin(engine, 0);
}

/* --- actions --- */

static const struct fm_eval_place *copy_place(const struct fm_action_place *place,
                                              struct fm_arena *arena)
{
    const struct fm_eval_place *first = NULL;
    const struct fm_eval_place **next = &first;
    for (; place != NULL; place = place->outer) {
        struct fm_eval_place *copy = fm_arena_alloc(arena, sizeof *copy);
        *copy = (struct fm_eval_place){
            .def = place->frame,
            .slots = place->slots,
            .lets = place->lets,
            .let_count = place->let_count,
        };
        *next = copy;
        next = &copy->outer;
    }
    return first;
}

const struct fm_eval_place *fm_eval_action_place(const struct fm_model *model, uint32_t action,
                                                 struct fm_arena *arena)
{
    const struct fm_eval_model *own = (const struct fm_eval_model *)(const void *)model;
    fm_assert(action < model->action_count);
    return copy_place(own->actions[action].place, arena);
}

uint32_t fm_eval_impurity(struct fm_model *model, const struct fm_node *node)
{
    struct fm_eval_model *own = own_model(model);
    pthread_mutex_lock(&own->lock);
    uint32_t bits = fm_node_impurity(own, node);
    pthread_mutex_unlock(&own->lock);
    return bits;
}

bool fm_eval_has_shortcut(const struct fm_model *model)
{
    const struct fm_eval_model *own = (const struct fm_eval_model *)(const void *)model;
    return !own->options.nowarning;
}

uint64_t fm_eval_fingerprint_seed(const struct fm_model *model)
{
    const struct fm_eval_model *own = (const struct fm_eval_model *)(const void *)model;
    return own->options.fingerprint_seed;
}

bool fm_eval_has_coverage(const struct fm_model *model)
{
    const struct fm_eval_model *own = (const struct fm_eval_model *)(const void *)model;
    return own->options.coverage || own->options.costs;
}

const struct fm_orbits *fm_eval_orbits(const struct fm_model *model)
{
    return fm_symmetry_orbits((const struct fm_eval_model *)(const void *)model);
}
