/* Places of values in universes that are all values of a shape.
 *
 * A set of messages is most often over every record of some fields. Enumerated in TLC's order, such
 * records count like an odometer whose last field moves fastest, so the place of one follows from
 * the places of its fields without a search. Records of different fields come one block after the
 * other, because TLC's order looks at sizes and names before values, and parts of a sum stand in
 * that order. Sequences, sets and partial functions are ordered by size first; they, and universes
 * that lack a value, are searched. */
#include "native/shape_table.h"

#include "base/assert.h"
#include "value/set.h"
#include "value/view.h"

bool fm_shape_graph(struct fm_value_context *context, fm_value v, struct fm_graph *graph)
{
    if (!fm_is_object(v) || !fm_value_is_function(v)) {
        return false;
    }
    if (fm_value_object(v)->kind == FM_KIND_LAZY_FCN) {
        if (!fm_set_can_enumerate(context, fm_as_lazy_fcn(v)->domain)) {
            return false;
        }
        v = fm_fcn_explicit(context, v);
    }
    *graph = fm_graph_of(v);
    return true;
}

/* Both stand in TLC's order. */
bool fm_shape_has_keys(struct fm_value_context *context, const struct fm_shape *shape,
                       const struct fm_graph *graph)
{
    if (shape->kind == FM_SHAPE_TUPLE) {
        return graph->count == shape->part_count && graph->keys.at == NULL && graph->keys.low == 1;
    }
    if (graph->count != shape->value_count) {
        return false;
    }
    if (graph->keys.at == shape->values) {
        return true;
    }
    for (uint32_t i = 0; i < graph->count; i++) {
        fm_value key = fm_elements_get(&graph->keys, i);
        if (!fm_value_same(key, shape->values[i]) &&
            (fm_is_atom(key) || fm_is_atom(shape->values[i]) ||
             fm_value_compare_total(context, key, shape->values[i]) != 0)) {
            return false;
        }
    }
    return true;
}

bool fm_shape_is_ranked(const struct fm_shape *shape)
{
    switch (shape->kind) {
    case FM_SHAPE_BOOL:
    case FM_SHAPE_INT:
    case FM_SHAPE_ATOM:
        return true;
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
    case FM_SHAPE_FCN:
    case FM_SHAPE_SUM:
        for (uint32_t i = 0; i < shape->part_count; i++) {
            if ((shape->kind == FM_SHAPE_SUM && shape->parts[i]->kind != FM_SHAPE_RECORD) ||
                !fm_shape_is_ranked(shape->parts[i])) {
                return false;
            }
        }
        return true;
    case FM_SHAPE_NONE:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
    case FM_SHAPE_SET:
    case FM_SHAPE_ANY:
        return false;
    }
    fm_unreachable();
}

/* Digits are places, the bases cardinalities; the last position is the lowest digit. */
static uint32_t rank_product(struct fm_value_context *context, const struct fm_shape *shape,
                             const struct fm_graph *graph)
{
    uint64_t rank = 0;
    for (uint32_t i = 0; i < graph->count; i++) {
        const struct fm_shape *part = shape->parts[shape->kind == FM_SHAPE_FCN ? 0 : i];
        uint32_t place = fm_shape_rank(context, part, graph->values[i]);
        if (place == UINT32_MAX) {
            return UINT32_MAX;
        }
        rank = rank * part->cardinality + place;
    }
    return (uint32_t)rank;
}

static uint32_t rank_sum(struct fm_value_context *context, const struct fm_shape *shape,
                         const struct fm_graph *graph)
{
    uint64_t before = 0;
    for (uint32_t i = 0; i < shape->part_count; i++) {
        const struct fm_shape *part = shape->parts[i];
        if (fm_shape_has_keys(context, part, graph)) {
            uint32_t rank = rank_product(context, part, graph);
            return rank == UINT32_MAX ? UINT32_MAX : (uint32_t)before + rank;
        }
        before += part->cardinality;
    }
    return UINT32_MAX;
}

uint32_t fm_shape_rank(struct fm_value_context *context, const struct fm_shape *shape, fm_value v)
{
    struct fm_graph graph;
    switch (shape->kind) {
    case FM_SHAPE_BOOL:
        return fm_is_bool(v) ? fm_is_true(v) : UINT32_MAX;
    case FM_SHAPE_INT: {
        int64_t n = fm_small_get(v);
        return fm_is_small(v) && n >= shape->low && n <= shape->high ? (uint32_t)(n - shape->low)
                                                                     : UINT32_MAX;
    }
    case FM_SHAPE_ATOM:
        return fm_shape_place(context, shape, v);
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
    case FM_SHAPE_FCN:
        return fm_shape_graph(context, v, &graph) && fm_shape_has_keys(context, shape, &graph)
                   ? rank_product(context, shape, &graph)
                   : UINT32_MAX;
    case FM_SHAPE_SUM:
        return fm_shape_graph(context, v, &graph) ? rank_sum(context, shape, &graph) : UINT32_MAX;
    case FM_SHAPE_NONE:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
    case FM_SHAPE_SET:
    case FM_SHAPE_ANY:
        break;
    }
    fm_unreachable();
}
