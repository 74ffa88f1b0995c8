/* EXCEPT: a copy, then stores in place.
 *
 * The updates are made one after the other upon one variable that began as a copy of the function.
 * Along a path ![i].a[j] each index selects a part of the part before (an element of an array, a
 * member); @ is the part at the end of the path, read from the copy before it is overwritten.
 *
 * Where the context wants a shape, the copy has it, and each value is emitted towards the part's
 * shape; a value that does not fit fails. Without it the shape grows to hold the new value, and the
 * copy is converted.
 *
 * An index outside of the domain leaves a function as it is in TLC, and the new value is not
 * evaluated. That is rare enough, and mostly a mistake: emitted code fails, and the interpreter
 * does the state. */
#include "native/emit_data.h"

/* The variable being changed. */
struct target {
    const struct fm_shape *shape;
    const char *name;
};

static const struct fm_shape *only_function(struct fm_emit *emit, const struct fm_node *node,
                                            const struct fm_shape *shape)
{
    switch (shape->kind) {
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
    case FM_SHAPE_FCN:
    case FM_SHAPE_PFUN:
    case FM_SHAPE_SEQ:
    case FM_SHAPE_SUM:
        return shape;
    case FM_SHAPE_NONE:
    case FM_SHAPE_BOOL:
    case FM_SHAPE_INT:
    case FM_SHAPE_ATOM:
    case FM_SHAPE_SET:
    case FM_SHAPE_ANY:
        break;
    }
    fm_emit_refuse(emit, node, "EXCEPT upon what is not known to be a function");
}

static struct fm_emit_index sequence_index(struct fm_emit *emit, const struct fm_shape *shape,
                                           const char *lvalue, struct fm_term key)
{
    const struct fm_shape *range = fm_shape_int(emit->shapes, 1,
                                                shape->capacity == 0 ? 1 : shape->capacity);
    const char *code = key.shape->kind == FM_SHAPE_INT ? fm_emit_as(emit, key, key.shape)
                                                       : fm_emit_as(emit, key, range);
    const char *name = fm_emit_name(emit, "at");
    fm_emit_line(emit, "const int64_t %s = %s - 1;", name, code);
    fm_emit_guard(emit, "%s < 0 || %s >= %s.length", name, name, lvalue);
    return (struct fm_emit_index){false, 0, name};
}

/* Whether functions of the shape can have the key in their domain. */
static bool can_have(struct fm_emit *emit, const struct fm_shape *shape, struct fm_term key)
{
    if (shape->kind != FM_SHAPE_RECORD && shape->kind != FM_SHAPE_TUPLE &&
        shape->kind != FM_SHAPE_FCN && shape->kind != FM_SHAPE_PFUN) {
        return shape->kind == FM_SHAPE_SEQ;
    }
    const struct fm_shape *keys = fm_emit_key_set(emit, shape);
    return keys != NULL && (!fm_emit_is_known(key) ||
                            fm_shape_position(emit->shapes, keys, key.value) != UINT32_MAX);
}

/* The part of a SUM that has the key: there must be one only. */
static uint32_t only_part(struct fm_emit *emit, const struct fm_node *node,
                          const struct fm_shape *sum, struct fm_term key)
{
    uint32_t found = UINT32_MAX;
    for (uint32_t i = 0; i < sum->part_count; i++) {
        if (!can_have(emit, sum->parts[i], key)) {
            continue;
        }
        if (found != UINT32_MAX) {
            fm_emit_refuse(emit, node, "EXCEPT upon values of several forms");
        }
        found = i;
    }
    if (found == UINT32_MAX) {
        fm_emit_refuse(emit, node, "EXCEPT upon what is not known to be a function");
    }
    return found;
}

/* Goes one index further: *shape and the lvalue become those of the part. */
static const char *step_into(struct fm_emit *emit, const struct fm_node *node,
                             const struct fm_shape **shape, const char *lvalue, struct fm_term key,
                             struct fm_emit_index *index)
{
    if ((*shape)->kind == FM_SHAPE_SUM) {
        uint32_t part = only_part(emit, node, *shape, key);
        fm_emit_guard(emit, "%s.tag != %u", lvalue, part);
        lvalue = fm_emit_format(emit, "%s.p%u", lvalue, part);
        *shape = (*shape)->parts[part];
    }
    const struct fm_shape *function = only_function(emit, node, *shape);
    *index = function->kind == FM_SHAPE_SEQ ? sequence_index(emit, function, lvalue, key)
                                            : fm_emit_index_of(emit, node, function, key);
    if (function->kind == FM_SHAPE_PFUN) {
        fm_emit_guard(emit, "!%s", fm_emit_has(emit, function, lvalue, index->code));
    }
    const char *part = fm_emit_part(emit, node, function, lvalue, *index);
    *shape = fm_emit_part_shape(function, *index);
    return part;
}

/* The shape with one more possible value at the end of the path. */
static const struct fm_shape *widened(struct fm_emit *emit, const struct fm_node *node,
                                      const struct fm_shape *shape, const struct fm_term *path,
                                      uint32_t rest, const struct fm_shape *value)
{
    if (rest == 0) {
        return fm_shape_join(emit->shapes, shape, value);
    }
    if (shape->kind == FM_SHAPE_SUM) {
        uint32_t part = only_part(emit, node, shape, path[0]);
        const struct fm_shape *inner = widened(emit, node, shape->parts[part], path, rest, value);
        return fm_shape_join(emit->shapes, shape, inner);
    }
    const struct fm_shape *function = only_function(emit, node, shape);
    if (function->kind == FM_SHAPE_RECORD || function->kind == FM_SHAPE_TUPLE) {
        uint32_t count = function->part_count;
        const struct fm_shape **parts = fm_arena_alloc(&emit->arena, (count + 1) * sizeof *parts);
        const struct fm_shape *keys = fm_emit_key_set(emit, function);
        uint32_t at = fm_emit_is_known(path[0]) && keys != NULL
                          ? fm_shape_position(emit->shapes, keys, path[0].value)
                          : UINT32_MAX;
        for (uint32_t i = 0; i < count; i++) {
            bool changes = at == UINT32_MAX || i == at;
            parts[i] = changes ? widened(emit, node, function->parts[i], path + 1, rest - 1, value)
                               : function->parts[i];
        }
        return function->kind == FM_SHAPE_RECORD
                   ? fm_shape_record(emit->shapes, function->domain, parts)
                   : fm_shape_tuple(emit->shapes, parts, count);
    }
    const struct fm_shape *part = widened(emit, node, function->parts[0], path + 1, rest - 1,
                                          value);
    if (function->kind == FM_SHAPE_SEQ) {
        return fm_shape_seq(emit->shapes, part, function->capacity);
    }
    if (function->kind == FM_SHAPE_FCN) {
        return fm_shape_fcn(emit->shapes, function->domain, part);
    }
    const struct fm_shape *keys = fm_emit_key_set(emit, function);
    return keys == NULL ? function : fm_shape_pfun(emit->shapes, keys->parts[0], part);
}

/* One `![...] = e` upon the variable. The C of the first index, where that is a place. */
static const char *update(struct fm_emit *emit, const struct fm_node *node,
                          struct fm_emit_frame *frame, const struct fm_update *at,
                          struct target *target, bool is_wanted)
{
    struct fm_term *path = fm_arena_alloc(&emit->arena, at->path_count * sizeof *path);
    for (uint32_t i = 0; i < at->path_count; i++) {
        path[i] = fm_emit_named(emit, fm_emit_expr(emit, at->path[i], frame, NULL), "key");
    }
    const struct fm_shape *shape = target->shape;
    const char *lvalue = target->name;
    const char *first = NULL;
    for (uint32_t i = 0; i < at->path_count; i++) {
        struct fm_emit_index index;
        lvalue = step_into(emit, node, &shape, lvalue, path[i], &index);
        first = i == 0 ? index.code : first;
    }
    struct fm_term old = fm_emit_coded(shape, fm_emit_load(emit, shape, lvalue));
    frame->slots[at->at_slot] = (struct fm_emit_slot){.kind = FM_EMIT_TERM, .term = old};
    struct fm_term value = fm_emit_expr(emit, at->value, frame, is_wanted ? shape : NULL);
    const struct fm_shape *grown = target->shape;
    if (!is_wanted) {
        grown = widened(emit, node, target->shape, path, at->path_count, value.shape);
    }
    if (grown != target->shape) {
        value = fm_emit_named(emit, value, "value");
        struct fm_term before = fm_emit_coded(target->shape, target->name);
        const char *code = fm_emit_as(emit, before, only_function(emit, node, grown));
        target->name = fm_emit_declare(emit, grown, "f", code);
        target->shape = shape = grown;
        lvalue = target->name;
        for (uint32_t i = 0; i < at->path_count; i++) {
            struct fm_emit_index index;
            lvalue = step_into(emit, node, &shape, lvalue, path[i], &index);
        }
    }
    fm_emit_store(emit, shape, lvalue, fm_emit_as(emit, value, shape));
    return first;
}

/* Remembers what differs, for the digest of a successor. */
static void note_update(struct fm_emit *emit, const struct target *target, const char *base,
                        const char *index)
{
    const struct fm_shape *shape = target->shape;
    if (shape->kind == FM_SHAPE_FCN || shape->kind == FM_SHAPE_PFUN ||
        shape->kind == FM_SHAPE_SEQ) {
        struct fm_emit_update update = {target->name, shape, base, index};
        fm_vec_push(&emit->updates, update);
    }
}

struct fm_term fm_emit_except(struct fm_emit *emit, const struct fm_node *node,
                              struct fm_emit_frame *frame, const struct fm_shape *want)
{
    struct fm_term base = fm_emit_expr(emit, node->kids[0], frame, NULL);
    if (fm_emit_is_nothing(base)) {
        return fm_emit_unreachable(emit);
    }
    bool is_wanted = want != NULL && want->kind != FM_SHAPE_ANY && fm_shape_is_struct(want);
    const struct fm_shape *shape = only_function(emit, node, is_wanted ? want : base.shape);
    struct target target = {.shape = shape};
    const char *code = fm_emit_as(emit, base, shape);
    const char *index = NULL;
    target.name = fm_emit_declare(emit, shape, "f", code);
    for (uint32_t i = 0; i < node->u.updates.count; i++) {
        index = update(emit, node, frame, &node->u.updates.at[i], &target, is_wanted);
    }
    if (node->u.updates.count == 1 && target.shape == shape) {
        note_update(emit, &target, code, index);
    }
    return fm_emit_coded(target.shape, target.name);
}
