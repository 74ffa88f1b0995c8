/* Symmetry reduction: one fingerprint for all states that a group of permutations of model values
 * carries into each other.
 *
 * SYMMETRY names a set of functions from model values to model values, most often a union of
 * Permutations(S). Their closure under composition is the group (TLC: MVPerms.permutationSubgroup).
 * TLC takes the fingerprint of a state's least image in the order of values, variable by variable;
 * the state itself is kept as it was first found. Which image is fingerprinted shows nowhere, so
 * without a VIEW it is the one that value/orbit.c finds quickly. A VIEW is evaluated on TLC's least
 * image and may tell images apart: then the group is walked whole; the early end of a comparison
 * makes most members cheap. A permutation that moves nothing in the state's values is noticed by
 * the images being the same objects.
 *
 * A permutation is a table from a model value's place in `moved` to its image. Groups that are all
 * permutations within their orbits are known from their transpositions, and not closed unless there
 * is a VIEW. */
#include "eval/symmetry.h"

#include "eval/generate.h"
#include "semantics/load.h"
#include "value/orbit.h"
#include "value/raise.h"

#include <string.h>

/* Permutations beyond which closing the group is refused: 8! and 7! together stay below. */
#define GROUP_MAX 1000000u

struct fm_symmetry {
    uint32_t moved_count;
    fm_value *moved; /* model values that some permutation moves */
    uint32_t count;
    uint8_t *images; /* count rows of moved_count places */
    struct fm_orbits orbits;
};

/* --- images of values --- */

struct permuter {
    struct fm_engine *engine;
    const struct fm_symmetry *symmetry;
    const uint8_t *row;
};

static fm_value permute(const struct permuter *permuter, fm_value v);

static fm_value permute_atom(const struct permuter *permuter, fm_value v)
{
    if (fm_value_tag(v) != FM_TAG_MODEL) {
        return v;
    }
    for (uint32_t i = 0; i < permuter->symmetry->moved_count; i++) {
        if (fm_value_same(permuter->symmetry->moved[i], v)) {
            return permuter->symmetry->moved[permuter->row[i]];
        }
    }
    return v;
}

/* The images of `count` values on the stack of frames; *same: all are what they were. */
static fm_value *permute_all(const struct permuter *permuter, const fm_value *parts, uint32_t count,
                             bool *same)
{
    fm_value *images = fm_frame_alloc(permuter->engine, (count + 1) * sizeof *images);
    *same = true;
    for (uint32_t i = 0; i < count; i++) {
        images[i] = permute(permuter, parts[i]);
        *same = *same && fm_value_same(images[i], parts[i]);
    }
    return images;
}

static fm_value permute_function(const struct permuter *permuter, fm_value v)
{
    struct fm_value_context *context = &permuter->engine->values;
    const struct fm_fcn_object *function = fm_as_fcn(v);
    uint32_t count = function->head.count, key_count;
    bool same_values, same_keys;
    fm_value *values = permute_all(permuter, function->values, count, &same_values);
    if (fm_is_kind(function->domain, FM_KIND_INTERVAL) || fm_is_kind(v, FM_KIND_RECORD)) {
        if (same_values) {
            return v;
        }
        return fm_fcn(context, function->domain, values, count);
    }
    const fm_value *keys = fm_set_elements(context, function->domain, &key_count);
    fm_value *images = permute_all(permuter, keys, count, &same_keys);
    if (same_keys) {
        return same_values ? v : fm_fcn(context, function->domain, values, count);
    }
    fm_value domain = fm_set(context, images, count);
    const fm_value *sorted = fm_set_elements(context, domain, &key_count);
    fm_value *ordered = fm_frame_alloc(permuter->engine, (count + 1) * sizeof *ordered);
    bool same_domain = true;
    for (uint32_t i = 0; i < count; i++) {
        same_domain = same_domain && fm_value_same(sorted[i], keys[i]);
        for (uint32_t j = 0; j < count; j++) {
            if (fm_value_same(sorted[i], images[j])) {
                ordered[i] = values[j];
                break;
            }
        }
    }
    return fm_fcn(context, same_domain ? function->domain : domain, ordered, count);
}

static fm_value permute(const struct permuter *permuter, fm_value v)
{
    if (fm_is_atom(v)) {
        return permute_atom(permuter, v);
    }
    struct fm_value_context *context = &permuter->engine->values;
    char *mark = permuter->engine->frame_next;
    fm_value result = v;
    bool same;
    fm_value_check_depth(context);
    switch ((int)fm_value_object(v)->kind) {
    case FM_KIND_TUPLE: {
        fm_value *images = permute_all(permuter, fm_as_array(v)->elements,
                                       fm_value_object(v)->count, &same);
        result = same ? v : fm_tuple(context, images, fm_value_object(v)->count);
        break;
    }
    case FM_KIND_SET: {
        uint32_t count;
        const fm_value *elements = fm_set_elements(context, v, &count);
        fm_value *images = permute_all(permuter, elements, count, &same);
        result = same ? v : fm_set(context, images, count);
        break;
    }
    case FM_KIND_RECORD:
    case FM_KIND_FCN:
        result = permute_function(permuter, v);
        break;
    case FM_KIND_LAZY_FCN:
        result = permute(permuter, fm_fcn_explicit(context, v));
        break;
    case FM_KIND_SUBSETS:
    case FM_KIND_KSUBSETS:
    case FM_KIND_FCNSET:
    case FM_KIND_RECSET:
    case FM_KIND_CROSS:
    case FM_KIND_UNION:
    case FM_KIND_CUP:
    case FM_KIND_CAP:
    case FM_KIND_DIFF:
    case FM_KIND_FILTER:
        result = permute(permuter, fm_set_explicit(context, v));
        break;
    }
    permuter->engine->frame_next = mark;
    return result;
}

/* Whether the image under the row is less than `least`; then it is written there. */
static bool improve(const struct permuter *permuter, const fm_value *variables, fm_value *least,
                    fm_value *image)
{
    struct fm_engine *engine = permuter->engine;
    uint32_t count = engine->variable_count, i = 0;
    int order = 0;
    for (; i < count && order == 0; i++) {
        image[i] = permute(permuter, variables[i]);
        if (!fm_value_same(image[i], least[i])) {
            order = fm_value_compare_total(&engine->values, image[i], least[i]);
        }
    }
    if (order >= 0) {
        return false;
    }
    for (; i < count; i++) {
        image[i] = permute(permuter, variables[i]);
    }
    memcpy(least, image, count * sizeof *least);
    return true;
}

void fm_symmetry_least(struct fm_engine *engine, const fm_value *variables, fm_value *least)
{
    const struct fm_symmetry *symmetry = engine->model->symmetry;
    struct permuter permuter = {engine, symmetry, NULL};
    char *mark = engine->frame_next;
    fm_value *image = fm_frame_alloc(engine, (engine->variable_count + 1) * sizeof *image);
    memcpy(least, variables, engine->variable_count * sizeof *least);
    struct fm_loop loop;
    fm_loop_enter(engine, &loop);
    for (uint32_t i = 0; i < symmetry->count; i++) {
        permuter.row = symmetry->images + (size_t)i * symmetry->moved_count;
        if (improve(&permuter, variables, least, image)) {
            fm_loop_mark(&loop); /* the least image so far stays */
        } else {
            fm_loop_next(engine, &loop);
        }
    }
    fm_loop_leave(engine, &loop);
    engine->frame_next = mark;
}

struct fm_digest fm_symmetry_digest(struct fm_engine *engine, const fm_value *variables,
                                    struct fm_digest own)
{
    if (engine->orbit_work == NULL) {
        engine->orbit_work = fm_orbit_work_new(&engine->lasting);
    }
    const struct fm_orbit_state state = {.variables = variables,
                                         .count = engine->variable_count,
                                         .seed = engine->model->options.fingerprint_seed,
                                         .own = own};
    return fm_orbit_digest(&engine->values, &engine->model->symmetry->orbits, engine->orbit_work,
                           &state);
}

/* --- the group --- */

struct group {
    struct fm_engine *engine;
    struct fm_symmetry *symmetry;
    size_t room;
    uint32_t *slots; /* open addressing over rows; 0 is empty */
    size_t slot_count;
};

static uint64_t row_hash(const uint8_t *row, uint32_t count)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a: rows are short */
    for (uint32_t i = 0; i < count; i++) {
        hash = (hash ^ row[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static void grow_slots(struct group *group)
{
    struct fm_symmetry *symmetry = group->symmetry;
    size_t slot_count = group->slot_count == 0 ? 1024 : group->slot_count * 2;
    uint32_t *slots = fm_arena_calloc(&group->engine->model->arena, slot_count, sizeof *slots);
    for (uint32_t i = 0; i < symmetry->count; i++) {
        size_t at = row_hash(symmetry->images + (size_t)i * symmetry->moved_count,
                             symmetry->moved_count) &
                    (slot_count - 1);
        while (slots[at] != 0) {
            at = (at + 1) & (slot_count - 1);
        }
        slots[at] = i + 1;
    }
    group->slots = slots;
    group->slot_count = slot_count;
}

/* Enters a row unless it is there, or moves nothing. */
static void add_row(struct group *group, const uint8_t *row)
{
    struct fm_symmetry *symmetry = group->symmetry;
    uint32_t width = symmetry->moved_count, fixed = 0;
    while (fixed < width && row[fixed] == fixed) {
        fixed++;
    }
    if (fixed == width) {
        return;
    }
    if ((symmetry->count + 1) * 2 > group->slot_count) {
        grow_slots(group);
    }
    size_t at = row_hash(row, width) & (group->slot_count - 1);
    for (; group->slots[at] != 0; at = (at + 1) & (group->slot_count - 1)) {
        if (memcmp(symmetry->images + (size_t)(group->slots[at] - 1) * width, row, width) == 0) {
            return;
        }
    }
    if (symmetry->count == group->room) {
        size_t room = group->room == 0 ? 64 : group->room * 2;
        uint8_t *images = fm_arena_alloc(&group->engine->model->arena, room * width);
        if (symmetry->count != 0) {
            memcpy(images, symmetry->images, (size_t)symmetry->count * width);
        }
        symmetry->images = images;
        group->room = room;
    }
    if (symmetry->count >= GROUP_MAX) {
        fm_eval_raise(group->engine, NULL, FM_CODE_4317,
                      "the symmetry group has more than %u permutations", GROUP_MAX);
    }
    memcpy(symmetry->images + (size_t)symmetry->count * width, row, width);
    group->slots[at] = ++symmetry->count;
}

static void close_group(struct group *group)
{
    struct fm_symmetry *symmetry = group->symmetry;
    uint32_t width = symmetry->moved_count, generators = symmetry->count;
    uint8_t row[UINT8_MAX + 1];
    for (uint32_t i = 0; i < symmetry->count; i++) {
        for (uint32_t j = 0; j < generators; j++) {
            const uint8_t *first = symmetry->images + (size_t)i * width;
            const uint8_t *second = symmetry->images + (size_t)j * width;
            for (uint32_t k = 0; k < width; k++) {
                row[k] = second[first[k]];
            }
            add_row(group, row);
        }
    }
}

static uint32_t place_of(struct fm_symmetry *symmetry, fm_value model)
{
    for (uint32_t i = 0; i < symmetry->moved_count; i++) {
        if (fm_value_same(symmetry->moved[i], model)) {
            return i;
        }
    }
    return UINT32_MAX;
}

_Noreturn static void raise_not_permutation(struct fm_engine *engine, fm_value v)
{
    fm_eval_raise(engine, engine->model->symmetry_formula.unit->body, FM_CODE_4317,
                  "SYMMETRY must be a set of permutations of model values; %s is none",
                  fm_eval_describe(engine, v));
}

/* Keys and values of one permutation. */
static uint32_t view_function(struct fm_engine *engine, fm_value v, const fm_value **keys,
                              const fm_value **images)
{
    uint32_t count;
    if (fm_is_kind(v, FM_KIND_TUPLE) && fm_value_object(v)->count == 0) {
        return 0;
    }
    if (!fm_value_is_function(v)) {
        raise_not_permutation(engine, v);
    }
    v = fm_fcn_explicit(&engine->values, v);
    if (!fm_is_kind(v, FM_KIND_FCN)) {
        raise_not_permutation(engine, v);
    }
    *keys = fm_set_elements(&engine->values, fm_as_fcn(v)->domain, &count);
    *images = fm_as_fcn(v)->values;
    for (uint32_t i = 0; i < count; i++) {
        if (fm_value_tag((*keys)[i]) != FM_TAG_MODEL ||
            fm_value_tag((*images)[i]) != FM_TAG_MODEL) {
            raise_not_permutation(engine, v);
        }
    }
    return count;
}

static void add_function(struct group *group, fm_value v)
{
    struct fm_symmetry *symmetry = group->symmetry;
    const fm_value *keys = NULL, *images = NULL;
    uint32_t count = view_function(group->engine, v, &keys, &images);
    uint8_t row[UINT8_MAX + 1];
    bool hit[UINT8_MAX + 1] = {false};
    for (uint32_t i = 0; i < symmetry->moved_count; i++) {
        row[i] = (uint8_t)i;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t to = place_of(symmetry, images[i]);
        if (to == UINT32_MAX) {
            raise_not_permutation(group->engine, v);
        }
        row[place_of(symmetry, keys[i])] = (uint8_t)to;
    }
    for (uint32_t i = 0; i < symmetry->moved_count; i++) {
        if (hit[row[i]]) {
            raise_not_permutation(group->engine, v);
        }
        hit[row[i]] = true;
    }
    add_row(group, row);
}

static void collect_moved(struct fm_engine *engine, struct fm_symmetry *symmetry,
                          const fm_value *functions, uint32_t count)
{
    symmetry->moved = fm_arena_alloc(&engine->model->arena,
                                     (UINT8_MAX + 1) * sizeof *symmetry->moved);
    for (uint32_t i = 0; i < count; i++) {
        const fm_value *keys = NULL, *images = NULL;
        uint32_t size = view_function(engine, functions[i], &keys, &images);
        for (uint32_t j = 0; j < size; j++) {
            if (place_of(symmetry, keys[j]) != UINT32_MAX) {
                continue;
            }
            if (symmetry->moved_count == UINT8_MAX) {
                fm_eval_raise(engine, NULL, FM_CODE_4317,
                              "SYMMETRY permutes more than %u model values", UINT8_MAX);
            }
            symmetry->moved[symmetry->moved_count++] = keys[j];
        }
    }
}

static void build_group(struct fm_engine *engine, void *closure)
{
    struct fm_eval_model *model = engine->model;
    (void)closure;
    fm_value set = fm_engine_run(engine, &model->symmetry_formula);
    uint32_t count;
    const fm_value *functions = fm_set_elements(&engine->values, set, &count);
    struct fm_symmetry *symmetry = fm_arena_calloc(&model->arena, 1, sizeof *symmetry);
    collect_moved(engine, symmetry, functions, count);
    struct group group = {.engine = engine, .symmetry = symmetry};
    for (uint32_t i = 0; i < count; i++) {
        add_function(&group, functions[i]);
    }
    struct fm_orbits *orbits = &symmetry->orbits;
    fm_orbits_init(orbits, &engine->values, &model->arena, symmetry->moved, symmetry->moved_count);
    fm_orbits_classify(orbits, &model->arena, symmetry->images, symmetry->count);
    if (!orbits->full || model->view.unit != NULL) {
        close_group(&group);
    }
    orbits->rows = symmetry->images;
    orbits->row_count = symmetry->count;
    if (symmetry->count != 0) {
        model->symmetry = symmetry;
    }
}

bool fm_symmetry_init(struct fm_eval_model *model)
{
    if (!model->model.has_symmetry) {
        return true;
    }
    if (fm_eval_protect(model->setup, build_group, NULL)) {
        return true;
    }
    const struct fm_failure *failure = &model->setup->failure;
    (void)fm_diag_report(model->model.session->diags, failure->code, failure->span, "%s",
                         failure->message);
    return false;
}

const struct fm_orbits *fm_symmetry_orbits(const struct fm_eval_model *model)
{
    return model->symmetry == NULL ? NULL : &model->symmetry->orbits;
}
