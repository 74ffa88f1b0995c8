/* Splitting the next-state relation into actions, as TLC does (Tool.getActions).
 *
 * The split goes through \/, bounded \E whose sets can be evaluated without a state, calls whose
 * arguments are constant, LET and labels; everywhere else it stops and the rest is one action. It
 * decides the names in traces, coverage and what simulation chooses from; successors and their
 * order are the same with or without it. An error on the way (a set that needs the state, an
 * argument that fails) is swallowed, and the formula at hand becomes one action.
 *
 * An action stands in a frame: the slots of the parameters and bound variables passed on the way
 * hold the constants found, and LETs passed on the way are entered again each time the action is
 * run. Calls of LET operators add a frame inside of the one they are defined in. An \E over an
 * empty set stays one action. */
#include "base/assert.h"
#include "eval/actions.h"
#include "eval/solve.h"

#include <string.h>

/* Calls on the way to an action: a recursive next-state relation stops here. */
#define DEPTH_MAX 64u

struct splitter {
    struct fm_eval_model *model;
    struct fm_engine *engine;
    FM_VEC(struct fm_action) actions;
    FM_VEC(struct fm_action_code) codes;
    struct fm_map units; /* node -> unit */
    struct fm_map plain; /* frame -> unit without LETs */
};

static void split(struct splitter *splitter, const struct fm_action_place *place,
                  struct fm_node *node);

/* --- places --- */

static struct fm_action_place *copy_place(struct splitter *splitter,
                                          const struct fm_action_place *place)
{
    struct fm_action_place *copy = fm_arena_copy(&splitter->model->arena, place, sizeof *place);
    uint32_t count = place->frame != NULL ? place->frame->frame_size : 0;
    copy->slots = fm_arena_copy(&splitter->model->arena, place->slots, count * sizeof *copy->slots);
    return copy;
}

static struct fm_action_place *new_place(struct splitter *splitter, const struct fm_def *frame,
                                         const struct fm_def *named,
                                         const struct fm_action_place *outer, fm_value **slots)
{
    struct fm_arena *arena = &splitter->model->arena;
    uint32_t count = frame != NULL ? frame->frame_size : 0;
    *slots = fm_arena_alloc(arena, (count + 1) * sizeof **slots);
    for (uint32_t i = 0; i < count; i++) {
        (*slots)[i] = fm_none();
    }
    struct fm_action_place *place = fm_arena_calloc(arena, 1, sizeof *place);
    place->outer = outer;
    place->frame = frame;
    place->named = named;
    place->slots = *slots;
    return place;
}

static struct fm_unit *unit_for(struct splitter *splitter, const struct fm_action_place *place,
                                const struct fm_node *node)
{
    struct fm_unit *unit = fm_map_get(&splitter->units, node);
    if (unit == NULL) {
        unit = fm_compile_unit(splitter->model, node, place->frame);
        fm_map_put(&splitter->units, node, unit);
    }
    return unit;
}

struct fm_frame *fm_action_frame(struct fm_engine *engine, const struct fm_action_place *place,
                                 const struct fm_unit *unit, const struct fm_unit *const *let_units)
{
    struct fm_frame *up = NULL;
    const struct fm_unit *let_unit = let_units[0];
    if (place->outer != NULL) {
        up = fm_action_frame(engine, place->outer, let_units[1], let_units + 1);
    }
    /* The LETs' thunks lie in the frame of their unit, the action's own LETs in one as large. */
    size_t size = unit->frame_size > let_unit->frame_size ? unit->frame_size : let_unit->frame_size;
    struct fm_frame *frame = fm_frame_alloc(engine, size);
    frame->up = up;
    memcpy(frame->slots, place->slots, unit->slots * sizeof *frame->slots);
    if (place->let_count != 0) {
        struct fm_frame *around = fm_frame_alloc(engine, let_unit->frame_size);
        memcpy(around, frame, sizeof *frame + unit->slots * sizeof *frame->slots);
        const struct fm_expr *code = let_unit->body;
        for (uint32_t i = 0; i < place->let_count; i++) {
            code = fm_expr_unwrap(code);
            fm_let_enter(engine, code, around, true);
            code = code->kids[0];
        }
        memcpy(frame->slots, around->slots, unit->slots * sizeof *frame->slots);
    }
    return frame;
}

/* The place's LETs, nested, around TRUE: entering them sets the slots. */
static const struct fm_unit *let_unit(struct splitter *splitter,
                                      const struct fm_action_place *place)
{
    struct fm_arena *arena = &splitter->model->arena;
    const void *key = place->frame != NULL ? (const void *)place->frame : (const void *)splitter;
    struct fm_unit *known = place->let_count == 0 ? fm_map_get(&splitter->plain, key) : NULL;
    if (known != NULL) {
        return known;
    }
    struct fm_node *inner = fm_arena_calloc(arena, 1, sizeof *inner);
    inner->op = FM_OP_VALUE;
    inner->u.value = fm_bool(true);
    for (uint32_t i = place->let_count; i-- > 0;) {
        struct fm_node *let = fm_arena_copy(arena, place->lets[i], sizeof *let);
        let->kids = fm_arena_alloc(arena, sizeof *let->kids);
        let->kids[0] = inner;
        /* Not constant, whatever its definitions are: a fold would hide the LETs. */
        let->level = FM_LEVEL_ACTION;
        inner = let;
    }
    struct fm_unit *unit = fm_compile_unit(splitter->model, inner, place->frame);
    if (place->let_count == 0) {
        fm_map_put(&splitter->plain, key, unit);
    }
    return unit;
}

static const struct fm_unit *const *let_units_for(struct splitter *splitter,
                                                  const struct fm_action_place *place)
{
    uint32_t count = 0;
    for (const struct fm_action_place *at = place; at != NULL; at = at->outer) {
        count++;
    }
    const struct fm_unit **units = fm_arena_alloc(&splitter->model->arena, count * sizeof *units);
    for (uint32_t i = 0; place != NULL; place = place->outer) {
        units[i++] = let_unit(splitter, place);
    }
    return units;
}

/* --- actions --- */

/* The parameters of the named definition that have values in its frame. */
static void set_arguments(struct splitter *splitter, struct fm_action *action,
                          const struct fm_action_place *place, const struct fm_def *named)
{
    if (named == NULL || named->param_count == 0 || place->frame != named) {
        return;
    }
    struct fm_arena *arena = &splitter->model->arena;
    const struct fm_symbol **names = fm_arena_alloc(arena, named->param_count * sizeof *names);
    fm_value *values = fm_arena_alloc(arena, named->param_count * sizeof *values);
    uint32_t count = 0;
    for (uint32_t i = 0; i < named->param_count; i++) {
        if (!fm_is_none(place->slots[i])) {
            names[count] = named->params[i].name;
            values[count++] = place->slots[i];
        }
    }
    action->argument_names = names;
    action->arguments = values;
    action->argument_count = count;
}

static void add_action(struct splitter *splitter, const struct fm_action_place *place,
                       struct fm_node *node, const struct fm_def *named)
{
    const struct fm_program *program = splitter->model->model.program;
    struct fm_action action = {
        .name = named != NULL ? named->name : splitter->model->action_name,
        .span = node->span,
        .module = named != NULL ? named->module : program->root,
        .node = node,
        .frame = place->slots,
        .frame_count = place->frame != NULL ? place->frame->frame_size : 0,
    };
    set_arguments(splitter, &action, place, named);
    struct fm_action_code code = {
        .place = place,
        .unit = unit_for(splitter, place, node),
        .let_units = let_units_for(splitter, place),
    };
    fm_vec_push(&splitter->actions, action);
    fm_vec_push(&splitter->codes, code);
}

/* --- evaluating on the way --- */

struct evaluation {
    const struct fm_action_place *place;
    const struct fm_unit *unit;
    const struct fm_unit *const *let_units;
    fm_value result;
};

static void evaluate_now(struct fm_engine *engine, void *closure)
{
    struct evaluation *evaluation = closure;
    char *mark = engine->frame_next;
    struct fm_frame *frame = fm_action_frame(engine, evaluation->place, evaluation->unit,
                                             evaluation->let_units);
    fm_value value = fm_run(engine, evaluation->unit->body, frame);
    evaluation->result = fm_value_freeze(&engine->values, value);
    engine->frame_next = mark;
}

static bool evaluate(struct splitter *splitter, const struct fm_action_place *place,
                     const struct fm_node *node, fm_value *result)
{
    struct evaluation evaluation = {place, unit_for(splitter, place, node),
                                    let_units_for(splitter, place), fm_none()};
    fm_engine_grow_folds(splitter->engine);
    if (!fm_eval_protect(splitter->engine, evaluate_now, &evaluation)) {
        return false;
    }
    *result = evaluation.result;
    return true;
}

/* --- what is split --- */

static bool split_call(struct splitter *splitter, const struct fm_action_place *place,
                       struct fm_node *node)
{
    const struct fm_def *def = node->u.def;
    if (def->native != NULL || def->body == NULL || !fm_is_none(def->value) ||
        def->level == FM_LEVEL_CONSTANT || place->depth >= DEPTH_MAX) {
        return false;
    }
    const struct fm_action_place *outer = NULL;
    if (def->is_let && def->depth != 0) {
        outer = place;
        while (outer->frame != NULL && outer->frame->depth + 1 > def->depth) {
            outer = outer->outer;
        }
    }
    fm_value *slots;
    struct fm_action_place *inner = new_place(splitter, def, def, outer, &slots);
    inner->depth = place->depth + 1;
    for (uint32_t i = 0; i < node->count; i++) {
        if (def->params[i].arity != 0 || node->kids[i]->level != FM_LEVEL_CONSTANT ||
            !evaluate(splitter, place, node->kids[i], &slots[i])) {
            return false;
        }
    }
    split(splitter, inner, def->body);
    return true;
}

/* The LET definition that a local stands for, and the place it was passed in. */
static const struct fm_def *find_let(const struct fm_action_place *place,
                                     const struct fm_node *node,
                                     const struct fm_action_place **where)
{
    for (uint32_t i = 0; i < node->u.local.depth && place != NULL; i++) {
        place = place->outer;
    }
    for (uint32_t i = 0; place != NULL && i < place->let_count; i++) {
        const struct fm_node *let = place->lets[i];
        for (uint32_t j = 0; j < let->u.lets.count; j++) {
            const struct fm_let *at = &let->u.lets.at[j];
            if (at->def->param_count == 0 && at->slot == node->u.local.slot) {
                *where = place;
                return at->def;
            }
        }
    }
    return NULL;
}

static bool split_local(struct splitter *splitter, const struct fm_action_place *place,
                        struct fm_node *node)
{
    const struct fm_action_place *where = NULL;
    const struct fm_def *def = find_let(place, node, &where);
    if (def == NULL || def->level == FM_LEVEL_CONSTANT || place->depth >= DEPTH_MAX) {
        return false;
    }
    struct fm_action_place *inner = copy_place(splitter, where);
    inner->named = def;
    inner->depth = place->depth + 1;
    split(splitter, inner, def->body);
    return true;
}

static void split_let(struct splitter *splitter, const struct fm_action_place *place,
                      struct fm_node *node)
{
    struct fm_action_place *inner = copy_place(splitter, place);
    const struct fm_node **lets = fm_arena_alloc(&splitter->model->arena,
                                                 (place->let_count + 1) * sizeof *lets);
    if (place->let_count != 0) {
        memcpy(lets, place->lets, place->let_count * sizeof *lets);
    }
    lets[place->let_count] = node;
    inner->lets = lets;
    inner->let_count = place->let_count + 1;
    split(splitter, inner, node->kids[0]);
}

/* One enumeration of an \E: a variable, or a tuple of them. */
struct range {
    const struct fm_binding *binding;
    uint32_t slot;
    fm_value set;
    const fm_value *elements;
    uint32_t count, at;
};

static bool list_elements_now(struct fm_engine *engine, struct range *range)
{
    range->elements = fm_set_elements(&engine->values, range->set, &range->count);
    return true;
}

static void list_elements(struct fm_engine *engine, void *closure)
{
    (void)list_elements_now(engine, closure);
}

/* More variables in one \E than this are not split. */
#define RANGES_MAX 16u

static bool collect_ranges(struct splitter *splitter, const struct fm_action_place *place,
                           const struct fm_node *node, struct range *ranges, uint32_t *range_count)
{
    uint32_t used = 0;
    for (uint32_t i = 0; i < node->u.bind.count; i++) {
        const struct fm_binding *binding = &node->u.bind.at[i];
        struct range range = {.binding = binding};
        if (binding->set == NULL || binding->set->level != FM_LEVEL_CONSTANT ||
            !evaluate(splitter, place, binding->set, &range.set) ||
            !fm_eval_protect(splitter->engine, list_elements, &range)) {
            return false;
        }
        uint32_t variables = binding->is_tuple ? 1 : binding->slot_count;
        for (uint32_t j = 0; j < variables; j++) {
            if (used == RANGES_MAX || range.count == 0) {
                return false;
            }
            range.slot = binding->first_slot + j;
            ranges[used++] = range;
        }
    }
    *range_count = used;
    return used != 0;
}

static bool set_slots(struct splitter *splitter, fm_value *slots, const struct range *range)
{
    fm_value element = range->elements[range->at];
    if (!range->binding->is_tuple) {
        slots[range->slot] = element;
        return true;
    }
    const fm_value *parts;
    uint32_t count;
    if (!fm_sequence_view(&splitter->engine->values, element, &parts, &count) ||
        count != range->binding->slot_count) {
        return false;
    }
    memcpy(&slots[range->binding->first_slot], parts, count * sizeof *slots);
    return true;
}

static bool split_exists(struct splitter *splitter, const struct fm_action_place *place,
                         struct fm_node *node)
{
    struct range ranges[RANGES_MAX];
    uint32_t count;
    if (!collect_ranges(splitter, place, node, ranges, &count)) {
        return false;
    }
    uint32_t actions = splitter->actions.count;
    for (;;) {
        struct fm_action_place *inner = copy_place(splitter, place);
        uint32_t size = place->frame != NULL ? place->frame->frame_size : 0;
        fm_value *slots = fm_arena_copy(&splitter->model->arena, place->slots,
                                        size * sizeof *slots);
        inner->slots = slots;
        for (uint32_t i = 0; i < count; i++) {
            if (!set_slots(splitter, slots, &ranges[i])) {
                splitter->actions.count = actions;
                splitter->codes.count = actions;
                return false;
            }
        }
        split(splitter, inner, node->kids[0]);
        uint32_t i = 0; /* the first variable moves fastest */
        while (i < count && ++ranges[i].at == ranges[i].count) {
            ranges[i++].at = 0;
        }
        if (i == count) {
            return true;
        }
    }
}

/* A choice with a distribution is one within an action, not one between actions. */
static bool is_weighed(const struct splitter *splitter, const struct fm_node *node)
{
    for (uint32_t i = 0; i < node->u.bind.count; i++) {
        const struct fm_node *set = node->u.bind.at[i].set;
        if (set != NULL && fm_chance_find(splitter->model->setup, set) != NULL) {
            return true;
        }
    }
    return false;
}

static void split(struct splitter *splitter, const struct fm_action_place *place,
                  struct fm_node *node)
{
    const struct fm_def *named = place->named;
    switch ((int)node->op) {
    case FM_OP_OR:
        for (uint32_t i = 0; i < node->count; i++) {
            split(splitter, place, node->kids[i]);
        }
        return;
    case FM_OP_EXISTS:
        if (!is_weighed(splitter, node) && split_exists(splitter, place, node)) {
            return;
        }
        break;
    case FM_OP_LABEL:
        split(splitter, place, node->kids[0]);
        return;
    case FM_OP_LET:
        split_let(splitter, place, node);
        return;
    case FM_OP_CALL:
        if (split_call(splitter, place, node)) {
            return;
        }
        named = node->u.def;
        break;
    case FM_OP_LOCAL:
        if (split_local(splitter, place, node)) {
            return;
        }
        break;
    }
    add_action(splitter, place, node, named);
}

void fm_actions_split(struct fm_eval_model *model)
{
    const struct fm_formula *next = &model->model.program->next;
    if (next->node == NULL) {
        return;
    }
    struct splitter splitter = {.model = model, .engine = model->setup};
    splitter.engine->values.arena = &splitter.engine->lasting;
    fm_value *slots;
    const struct fm_action_place *place = new_place(&splitter, next->frame, next->def, NULL,
                                                    &slots);
    split(&splitter, place, next->node);
    splitter.engine->values.arena = &splitter.engine->batch;
    model->model.actions = fm_arena_copy(&model->arena, splitter.actions.at,
                                         splitter.actions.count * sizeof *splitter.actions.at);
    model->model.action_count = splitter.actions.count;
    model->actions = fm_arena_copy(&model->arena, splitter.codes.at,
                                   splitter.codes.count * sizeof *splitter.codes.at);
    fm_vec_deinit(&splitter.actions);
    fm_vec_deinit(&splitter.codes);
    fm_map_deinit(&splitter.units);
    fm_map_deinit(&splitter.plain);
}
