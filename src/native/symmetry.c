/* Fingerprints of packed states under SYMMETRY: value/orbit.c, without boxing.
 *
 * The digest of an orbit is computed from a flat form of the state: nodes for the model values that
 * the group moves and for whatever holds one, sums for the rest. Here that form is made from the
 * state's struct, along the shapes of the variables; what comes after is orbit.c's, and so the
 * result is the interpreter's.
 *
 * What can be known beforehand is: digests of the values that shapes list (atoms, universes of
 * sets, keys), and for those of them that hold moved values, their nodes. A set of messages is then
 * copied together, element by element, from the nodes of its universe.
 *
 * A composite is first a node like any other; when nothing in it turned out to move, the node goes
 * away again and leaves a digest.
 *
 * With a VIEW, TLC's least image is needed as a value: the interpreter's (eval/symmetry.c). */
#include "native/tier.h"

#include "base/assert.h"
#include "value/orbit.h"
#include "value/set.h"

#include <string.h>

/* The nodes of a value; parents and mates count from its first node, whose parent is outside. */
struct part {
    uint32_t count; /* 0: nothing in it moves */
    struct fm_orbit_node *nodes;
    struct fm_digest *bases;
};

/* What is known of a shape: one for each of its listed values. */
struct listed {
    const struct fm_digest *digests;
    const struct part *parts; /* NULL: nothing listed moves */
};

struct native_symmetry {
    const struct fm_orbits *orbits; /* NULL: the group is trivial */
    const struct fm_layout *layout;
    struct listed *shapes; /* by number */
    struct fm_digest booleans[2];
    bool has_any;
    uint64_t seed;
};

/* --- beforehand --- */

static struct part part_of(struct native_model *model, const struct fm_orbits *orbits,
                           struct fm_orbit_work *work, fm_value v)
{
    struct fm_orbit_flat *flat = fm_orbit_begin(orbits, work, 0);
    struct fm_digest ignored;
    struct part part = {0};
    if (!fm_orbit_flatten(&model->context, orbits, flat, 0, v, &ignored)) {
        return part;
    }
    part.count = flat->count - 1;
    part.nodes = fm_arena_copy(&model->arena, flat->nodes + 1, part.count * sizeof *part.nodes);
    part.bases = fm_arena_copy(&model->arena, flat->bases + 1, part.count * sizeof *part.bases);
    for (uint32_t i = 0; i < part.count; i++) {
        part.nodes[i].parent--;
        part.nodes[i].mate--;
    }
    return part;
}

static struct listed list_values(struct native_model *model, const struct fm_orbits *orbits,
                                 struct fm_orbit_work *work, const fm_value *values, uint32_t count)
{
    struct fm_digest *digests = fm_arena_alloc(&model->arena, (count + 1) * sizeof *digests);
    struct part *parts = fm_arena_alloc(&model->arena, (count + 1) * sizeof *parts);
    bool moves = false;
    for (uint32_t i = 0; i < count; i++) {
        digests[i] = fm_value_digest(&model->context, values[i]);
        parts[i] = part_of(model, orbits, work, values[i]);
        moves = moves || parts[i].count != 0;
    }
    return (struct listed){digests, moves ? parts : NULL};
}

/* Arguments of a sequence. */
static struct listed list_places(struct native_model *model, uint32_t count)
{
    struct fm_digest *digests = fm_arena_alloc(&model->arena, (count + 1) * sizeof *digests);
    for (uint32_t i = 0; i < count; i++) {
        digests[i] = fm_digest_of_int((int64_t)i + 1);
    }
    return (struct listed){digests, NULL};
}

static void prepare(struct native_model *model, struct native_symmetry *symmetry,
                    struct fm_orbit_work *work, const struct fm_shape *shape)
{
    struct listed *listed = &symmetry->shapes[shape->number];
    if (listed->digests != NULL) {
        return;
    }
    const struct fm_orbits *orbits = symmetry->orbits;
    if (shape->kind == FM_SHAPE_RECORD) {
        uint32_t count;
        const fm_value *names = fm_set_elements(&model->context, shape->domain, &count);
        *listed = list_values(model, orbits, work, names, count);
    } else if (shape->kind == FM_SHAPE_TUPLE || shape->kind == FM_SHAPE_SEQ) {
        *listed = list_places(model,
                              shape->kind == FM_SHAPE_TUPLE ? shape->part_count : shape->capacity);
    } else {
        *listed = list_values(model, orbits, work, shape->values, shape->value_count);
    }
    symmetry->has_any = symmetry->has_any || shape->kind == FM_SHAPE_ANY;
    if (shape->kind == FM_SHAPE_SET) {
        return; /* its part says what the listed values are */
    }
    for (uint32_t i = 0; i < shape->part_count; i++) {
        prepare(model, symmetry, work, shape->parts[i]);
    }
}

const struct native_symmetry *fm_native_symmetry_new(struct native_model *model,
                                                     const struct fm_layout *layout)
{
    if (!model->model.has_symmetry || model->model.has_view) {
        return NULL;
    }
    struct native_symmetry *symmetry = fm_arena_calloc(&model->arena, 1, sizeof *symmetry);
    *symmetry = (struct native_symmetry){
        .orbits = fm_eval_orbits(model->inner),
        .layout = layout,
        .shapes = fm_arena_calloc(&model->arena, fm_shapes_count(layout->shapes) + 1,
                                  sizeof *symmetry->shapes),
        .booleans = {fm_value_digest(&model->context, fm_bool(false)),
                     fm_value_digest(&model->context, fm_bool(true))},
        .seed = fm_eval_fingerprint_seed(model->inner),
    };
    if (symmetry->orbits != NULL) {
        struct fm_orbit_work *work = fm_orbit_work_new(&model->arena);
        for (uint32_t i = 0; i < layout->variable_count; i++) {
            prepare(model, symmetry, work, layout->variables[i]);
        }
    }
    return symmetry;
}

/* --- flattening --- */

struct flattener {
    struct native_engine *engine;
    const struct native_symmetry *symmetry;
    struct fm_orbit_flat *flat;
};

static bool flatten(const struct flattener *flattener, const struct fm_shape *shape,
                    const uint8_t *at, uint32_t parent, struct fm_digest *digest);

static uint32_t number_at(const uint8_t *at, uint32_t size)
{
    uint32_t number = 0;
    memcpy(&number, at, size);
    return number;
}

static int64_t integer_at(const uint8_t *at, uint32_t size)
{
    uint64_t word = 0;
    memcpy(&word, at, size);
    uint32_t unused = 64 - 8 * size;
    return (int64_t)(word << unused) >> unused;
}

static bool has_bit(const uint8_t *at, uint32_t bit)
{
    return ((uint32_t)at[bit / 8] >> bit % 8 & 1u) != 0;
}

/* A listed value, as flatten does it. */
static bool add_listed(const struct flattener *flattener, const struct listed *listed,
                       uint32_t index, uint32_t parent, struct fm_digest *digest)
{
    struct fm_orbit_flat *flat = flattener->flat;
    const struct part *part = listed->parts == NULL ? NULL : &listed->parts[index];
    if (part == NULL || part->count == 0) {
        *digest = listed->digests[index];
        return false;
    }
    fm_orbit_reserve(flat, part->count);
    uint32_t first = flat->count;
    struct fm_orbit_node *nodes = flat->nodes + first;
    memcpy(nodes, part->nodes, part->count * sizeof *nodes);
    memcpy(flat->bases + first, part->bases, part->count * sizeof *part->bases);
    for (uint32_t i = 0; i < part->count; i++) {
        nodes[i].parent += first;
        nodes[i].mate += first;
        if (nodes[i].place != FM_ORBIT_COMPOSITE) {
            flat->present[nodes[i].place] = true;
        }
    }
    nodes[0].parent = parent;
    flat->count += part->count;
    return true;
}

/* The node is complete. If nothing moves in it, it goes. */
static bool close_node(struct fm_orbit_flat *flat, uint32_t node, uint64_t kind, uint32_t count,
                       struct fm_digest *digest)
{
    flat->nodes[node].kind = kind;
    flat->nodes[node].count = count;
    if (flat->count > node + 1) {
        return true;
    }
    *digest = fm_digest_finish(kind, count, flat->bases[node]);
    flat->count = node;
    return false;
}

static bool flatten_set(const struct flattener *flattener, const struct fm_shape *shape,
                        const uint8_t *at, uint32_t parent, struct fm_digest *digest)
{
    struct fm_orbit_flat *flat = flattener->flat;
    const struct listed *listed = &flattener->symmetry->shapes[shape->number];
    uint32_t node = fm_orbit_add(flat, parent, FM_ORBIT_COMPOSITE), count = 0;
    for (uint32_t from = 0; from < shape->value_count; from += 64) {
        uint32_t size = fm_shape_bitset_size(shape->value_count) - from / 8;
        uint64_t word = 0;
        memcpy(&word, at + from / 8, size < 8 ? size : 8);
        for (; word != 0; word &= word - 1, count++) {
            struct fm_digest element;
            uint32_t index = from + (uint32_t)__builtin_ctzll(word);
            if (!add_listed(flattener, listed, index, node, &element)) {
                fm_digest_add(&flat->bases[node], element);
            }
        }
    }
    return close_node(flat, node, FM_DIGEST_SET, count, digest);
}

/* One argument, which is listed, with its value. */
static void flatten_pair(const struct flattener *flattener, const struct fm_shape *shape,
                         uint32_t index, const struct fm_shape *element, const uint8_t *at,
                         uint32_t node)
{
    struct fm_orbit_part key = {.node = flattener->flat->count}, value;
    key.moves = add_listed(flattener, &flattener->symmetry->shapes[shape->number], index, node,
                           &key.digest);
    value.node = flattener->flat->count;
    value.moves = flatten(flattener, element, at, node, &value.digest);
    fm_orbit_pair(flattener->flat, node, key, value);
}

/* FCN, PFUN, SEQ: `count` places. */
static bool flatten_array(const struct flattener *flattener, const struct fm_shape *shape,
                          uint32_t count, const uint8_t *at, uint32_t parent,
                          struct fm_digest *digest)
{
    const struct fm_shape *element = shape->parts[0];
    const uint8_t *elements = at + shape->offsets[0];
    uint32_t node = fm_orbit_add(flattener->flat, parent, FM_ORBIT_COMPOSITE), used = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (shape->kind != FM_SHAPE_PFUN || has_bit(at, i)) {
            flatten_pair(flattener, shape, i, element, elements + (size_t)i * element->size, node);
            used++;
        }
    }
    return close_node(flattener->flat, node, FM_DIGEST_FUNCTION, used, digest);
}

/* TUPLE and RECORD. */
static bool flatten_members(const struct flattener *flattener, const struct fm_shape *shape,
                            const uint8_t *at, uint32_t parent, struct fm_digest *digest)
{
    uint32_t node = fm_orbit_add(flattener->flat, parent, FM_ORBIT_COMPOSITE);
    for (uint32_t i = 0; i < shape->part_count; i++) {
        flatten_pair(flattener, shape, i, shape->parts[i], at + shape->offsets[i], node);
    }
    return close_node(flattener->flat, node, FM_DIGEST_FUNCTION, shape->part_count, digest);
}

static bool flatten_boxed(const struct flattener *flattener, uint32_t number, uint32_t parent,
                          struct fm_digest *digest)
{
    const struct native_model *model = flattener->engine->model;
    return fm_orbit_flatten(model->inner->ops->context(flattener->engine->inner),
                            flattener->symmetry->orbits, flattener->flat, parent,
                            fm_dictionary_value(model->dictionary, number), digest);
}

static bool flatten(const struct flattener *flattener, const struct fm_shape *shape,
                    const uint8_t *at, uint32_t parent, struct fm_digest *digest)
{
    switch (shape->kind) {
    case FM_SHAPE_BOOL:
        *digest = flattener->symmetry->booleans[*at];
        return false;
    case FM_SHAPE_INT:
        *digest = fm_digest_of_int(integer_at(at, shape->size));
        return false;
    case FM_SHAPE_ATOM:
        return add_listed(flattener, &flattener->symmetry->shapes[shape->number],
                          number_at(at, shape->size), parent, digest);
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        return flatten_members(flattener, shape, at, parent, digest);
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN:
        return flatten_array(flattener, shape, shape->value_count, at, parent, digest);
    case FM_SHAPE_SEQ: {
        uint32_t size = fm_shape_index_size((uint64_t)shape->capacity + 1);
        return flatten_array(flattener, shape, number_at(at, size), at, parent, digest);
    }
    case FM_SHAPE_SET:
        return flatten_set(flattener, shape, at, parent, digest);
    case FM_SHAPE_SUM:
        return flatten(flattener, shape->parts[*at], at + shape->offsets[*at], parent, digest);
    case FM_SHAPE_ANY:
        return flatten_boxed(flattener, number_at(at, shape->size), parent, digest);
    case FM_SHAPE_NONE:
        break;
    }
    fm_unreachable();
}

/* Whether the variable's values are composite: their part of a state's digest is another then. */
static bool is_composite(const struct flattener *flattener, const struct fm_shape *shape,
                         const uint8_t *at)
{
    if (shape->kind == FM_SHAPE_SUM) {
        return is_composite(flattener, shape->parts[*at], at + shape->offsets[*at]);
    }
    if (shape->kind == FM_SHAPE_ANY) {
        return fm_is_object(
            fm_dictionary_value(flattener->engine->model->dictionary, number_at(at, shape->size)));
    }
    return shape->kind != FM_SHAPE_BOOL && shape->kind != FM_SHAPE_INT &&
           shape->kind != FM_SHAPE_ATOM;
}

struct flattening {
    struct native_engine *engine;
    const struct native_symmetry *symmetry;
    const uint8_t *state;
};

static void run_flatten(struct fm_engine *inner, void *closure)
{
    const struct flattening *at = closure;
    const struct native_symmetry *symmetry = at->symmetry;
    const struct fm_layout *layout = symmetry->layout;
    struct fm_orbit_flat *flat = fm_orbit_begin(symmetry->orbits, at->engine->orbit_work,
                                                symmetry->seed);
    const struct flattener flattener = {at->engine, symmetry, flat};
    (void)inner;
    for (uint32_t i = 0; i < layout->variable_count; i++) {
        const uint8_t *bytes = at->state + layout->offsets[i];
        uint32_t node = flat->count;
        struct fm_digest digest;
        if (flatten(&flattener, layout->variables[i], bytes, 0, &digest)) {
            fm_orbit_variable(flat, node, i);
        } else {
            bool composite = is_composite(&flattener, layout->variables[i], bytes);
            fm_digest_add(&flat->bases[0], fm_digest_part(i, composite, digest));
        }
    }
}

bool fm_native_symmetry_digest(struct native_engine *engine, const struct native_symmetry *symmetry,
                               const void *state, struct fm_digest own, struct fm_digest *result)
{
    *result = own;
    if (symmetry->orbits == NULL) {
        return true;
    }
    if (engine->orbit_work == NULL) {
        engine->orbit_work = fm_orbit_work_new(&engine->lasting);
    }
    if (fm_orbit_recall(engine->orbit_work, own, result)) {
        return true;
    }
    struct flattening flattening = {engine, symmetry, state};
    if (!symmetry->has_any) {
        run_flatten(engine->inner, &flattening);
    } else if (!fm_eval_guard(engine->inner, run_flatten, &flattening)) {
        return false;
    }
    *result = fm_orbit_end(symmetry->orbits, engine->orbit_work, own);
    return true;
}
