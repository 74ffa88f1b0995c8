/* Functions: tuples, records, constructors, application, DOMAIN.
 *
 * Literals are built in the shape that the context wants where that is a function of the same
 * domain, else in the least shape that holds the parts. Constructors are in emit_constructor.c.
 *
 * An argument becomes an index into the representation (fm_emit_index_of); one that is outside of
 * the domain fails. Parts of records and tuples are members of different types, so an index that is
 * not known at emission is a switch. */
#include "native/emit_data.h"

#include "modules/native.h"
#include "value/set.h"

#include <inttypes.h>
#include <string.h>

/* --- keys and indices --- */

const fm_value *fm_emit_keys(struct fm_emit *emit, const struct fm_shape *function, uint32_t *count)
{
    if (function->kind == FM_SHAPE_TUPLE) {
        fm_value *keys = fm_arena_alloc(&emit->arena, (function->part_count + 1) * sizeof *keys);
        for (uint32_t i = 0; i < function->part_count; i++) {
            keys[i] = fm_small((int64_t)i + 1);
        }
        *count = function->part_count;
        return keys;
    }
    if (function->kind == FM_SHAPE_RECORD) {
        return fm_set_elements(emit->context, function->domain, count);
    }
    *count = function->value_count;
    return function->values;
}

const struct fm_shape *fm_emit_key_set(struct fm_emit *emit, const struct fm_shape *function)
{
    uint32_t count = 0;
    const fm_value *keys = fm_emit_keys(emit, function, &count);
    if (count == 0 || count > FM_SHAPE_UNIVERSE_MAX) {
        return NULL;
    }
    const struct fm_shape *key = fm_shape_of_value(emit->shapes, keys[0]);
    for (uint32_t i = 1; i < count; i++) {
        key = fm_shape_join_value(emit->shapes, key, keys[i]);
    }
    const struct fm_shape *set = fm_shape_set_of(emit->shapes, key, keys, count);
    return set->kind == FM_SHAPE_SET ? set : NULL;
}

static struct fm_emit_index known_index(struct fm_emit *emit, uint32_t number)
{
    return (struct fm_emit_index){true, number, fm_emit_format(emit, "%u", number)};
}

/* An index that never is: the code behind it cannot be reached. */
static struct fm_emit_index index_outside(struct fm_emit *emit)
{
    fm_emit_guard(emit, "true");
    return known_index(emit, 0);
}

uint32_t fm_emit_find_key(struct fm_emit *emit, const fm_value *keys, uint32_t count, fm_value key)
{
    for (uint32_t i = 0; i < count; i++) {
        if (fm_value_compare_total(emit->context, keys[i], key) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

static struct fm_emit_index dynamic_index(struct fm_emit *emit, const char *code)
{
    const char *name = fm_emit_name(emit, "at");
    fm_emit_line(emit, "const int64_t %s = %s;", name, code);
    return (struct fm_emit_index){false, 0, name};
}

struct fm_emit_index fm_emit_index_of(struct fm_emit *emit, const struct fm_node *node,
                                      const struct fm_shape *function, struct fm_term key)
{
    uint32_t count = 0;
    const fm_value *keys = fm_emit_keys(emit, function, &count);
    if (count == 0) {
        return index_outside(emit);
    }
    if (fm_emit_is_known(key)) {
        uint32_t number = fm_emit_find_key(emit, keys, count, key.value);
        return number == UINT32_MAX ? index_outside(emit) : known_index(emit, number);
    }
    bool interval = fm_is_small(keys[0]) && fm_is_small(keys[count - 1]) &&
                    fm_small_get(keys[count - 1]) - fm_small_get(keys[0]) == (int64_t)count - 1;
    if (interval && key.shape->kind == FM_SHAPE_INT) {
        int64_t low = fm_small_get(keys[0]);
        struct fm_emit_index index = dynamic_index(
            emit, fm_emit_format(emit, "%s - (%" PRId64 ")", key.code, low));
        if (key.shape->low < low || key.shape->high > low + (int64_t)count - 1) {
            fm_emit_guard(emit, "%s < 0 || %s >= %u", index.code, index.code, count);
        }
        return index;
    }
    const struct fm_shape *set = fm_emit_key_set(emit, function);
    if (set == NULL) {
        fm_emit_refuse(emit, node, "a function of too many arguments");
    }
    struct fm_emit_index index = dynamic_index(emit, fm_emit_position(emit, key, set));
    fm_emit_guard(emit, "%s < 0", index.code);
    return index;
}

/* --- parts --- */

bool fm_emit_has_members(const struct fm_shape *function)
{
    return function->kind == FM_SHAPE_TUPLE || function->kind == FM_SHAPE_RECORD;
}

const struct fm_shape *fm_emit_part_shape(const struct fm_shape *function,
                                          struct fm_emit_index index)
{
    if (!fm_emit_has_members(function)) {
        return function->parts[0];
    }
    if (index.is_known) {
        return function->parts[index.number];
    }
    for (uint32_t i = 1; i < function->part_count; i++) {
        if (function->parts[i] != function->parts[0]) {
            return NULL;
        }
    }
    return function->parts[0];
}

const char *fm_emit_part(struct fm_emit *emit, const struct fm_node *node,
                         const struct fm_shape *function, const char *lvalue,
                         struct fm_emit_index index)
{
    if (!fm_emit_has_members(function)) {
        return fm_emit_format(emit, "%s.at[%s]", lvalue, index.code);
    }
    if (index.is_known) {
        return fm_emit_format(emit, "%s.p%u", lvalue, index.number);
    }
    const struct fm_shape *part = fm_emit_part_shape(function, index);
    if (part == NULL) {
        fm_emit_refuse(emit, node, "which of several different parts is changed varies");
    }
    const char *name = fm_emit_name(emit, "part");
    fm_emit_line(emit, "%s *%s = &%s.p0;", fm_emit_member_type(emit, part), name, lvalue);
    fm_emit_open(emit, "switch (%s)", index.code);
    for (uint32_t i = 1; i < function->part_count; i++) {
        fm_emit_line(emit, "case %u: %s = &%s.p%u; break;", i, name, lvalue, i);
    }
    fm_emit_close(emit, "");
    return fm_emit_format(emit, "(*%s)", name);
}

const char *fm_emit_has(struct fm_emit *emit, const struct fm_shape *pfun, const char *code,
                        const char *index)
{
    if (pfun->value_count > 64) {
        return fm_emit_format(emit, "((%s.has[(%s) >> 6] >> ((%s) & 63) & 1) != 0)", code, index,
                              index);
    }
    return fm_emit_format(emit, "(((uint64_t)%s.has >> (%s) & 1) != 0)", code, index);
}

void fm_emit_has_clear(struct fm_emit *emit, const struct fm_shape *pfun, const char *lvalue,
                       const char *index)
{
    if (pfun->value_count > 64) {
        fm_emit_line(emit, "%s.has[(%s) >> 6] &= ~(UINT64_C(1) << ((%s) & 63));", lvalue, index,
                     index);
    } else {
        fm_emit_line(emit, "%s.has &= ~(UINT64_C(1) << (%s));", lvalue, index);
    }
}

void fm_emit_has_set(struct fm_emit *emit, const struct fm_shape *pfun, const char *lvalue,
                     const char *index)
{
    if (pfun->value_count > 64) {
        fm_emit_line(emit, "%s.has[(%s) >> 6] |= UINT64_C(1) << ((%s) & 63);", lvalue, index,
                     index);
    } else {
        fm_emit_line(emit, "%s.has |= UINT64_C(1) << (%s);", lvalue, index);
    }
}

/* --- application --- */

/* The shape of f[key], NULL when no value of the shape can be applied to it. */
static const struct fm_shape *applied_shape(struct fm_emit *emit, const struct fm_shape *function,
                                            struct fm_term key)
{
    if (!fm_slots_has(function) || fm_slots_count(function) == 0) {
        return NULL;
    }
    if (!fm_emit_has_members(function)) {
        return function->parts[0];
    }
    uint32_t count = 0;
    const fm_value *keys = fm_emit_keys(emit, function, &count);
    if (fm_emit_is_known(key)) {
        uint32_t number = fm_emit_find_key(emit, keys, count, key.value);
        return number == UINT32_MAX ? NULL : function->parts[number];
    }
    const struct fm_shape *all = fm_shape_none(emit->shapes);
    for (uint32_t i = 0; i < count; i++) {
        all = fm_shape_join(emit->shapes, all, function->parts[i]);
    }
    return all;
}

static struct fm_term apply_members(struct fm_emit *emit, const struct fm_node *node,
                                    struct fm_term f, struct fm_term key)
{
    const struct fm_shape *shape = applied_shape(emit, f.shape, key);
    struct fm_emit_index index = fm_emit_index_of(emit, node, f.shape, key);
    if (index.is_known) {
        const struct fm_shape *part = f.shape->parts[index.number];
        return fm_emit_coded(
            part, fm_emit_load(emit, part, fm_emit_format(emit, "%s.p%u", f.code, index.number)));
    }
    const char *name = fm_emit_declare(emit, shape, "part", NULL);
    fm_emit_open(emit, "switch (%s)", index.code);
    for (uint32_t i = 0; i < f.shape->part_count; i++) {
        const struct fm_shape *part = f.shape->parts[i];
        const char *member = fm_emit_format(emit, "%s.p%u", f.code, i);
        fm_emit_open(emit, "case %u:", i);
        struct fm_term term = fm_emit_coded(part, fm_emit_load(emit, part, member));
        fm_emit_line(emit, "%s = %s;", name, fm_emit_as(emit, term, shape));
        fm_emit_line(emit, "break;");
        fm_emit_close(emit, "");
    }
    fm_emit_close(emit, "");
    return fm_emit_coded(shape, name);
}

static struct fm_term apply_sequence(struct fm_emit *emit, struct fm_term f, struct fm_term key)
{
    const struct fm_shape *range = fm_shape_int(emit->shapes, 1, f.shape->capacity);
    if (f.shape->capacity == 0) {
        fm_emit_guard(emit, "true");
        return fm_emit_coded(f.shape->parts[0],
                             fm_emit_declare(emit, f.shape->parts[0], "element", NULL));
    }
    if (key.shape->kind != FM_SHAPE_INT) {
        key = fm_emit_convert(emit, key, range);
    }
    const char *name = fm_emit_name(emit, "at");
    fm_emit_line(emit, "const int64_t %s = %s;", name,
                 key.code != NULL ? key.code : fm_emit_as(emit, key, key.shape));
    fm_emit_guard(emit, "%s < 1 || %s > %s.length", name, name, f.code);
    return fm_emit_coded(
        f.shape->parts[0],
        fm_emit_load(emit, f.shape->parts[0], fm_emit_format(emit, "%s.at[%s - 1]", f.code, name)));
}

static struct fm_term apply_sum(struct fm_emit *emit, const struct fm_node *node, struct fm_term f,
                                struct fm_term key)
{
    const struct fm_shape *all = fm_shape_none(emit->shapes);
    uint32_t fitting = 0, last = 0;
    for (uint32_t i = 0; i < f.shape->part_count; i++) {
        const struct fm_shape *one = applied_shape(emit, f.shape->parts[i], key);
        if (one != NULL) {
            all = fm_shape_join(emit->shapes, all, one);
            last = i;
            fitting++;
        }
    }
    if (fitting == 0) {
        fm_emit_refuse(emit, node, "an application of what is no function");
    }
    if (fitting == 1) {
        fm_emit_guard(emit, "%s.tag != %u", f.code, last);
        struct fm_term part = fm_emit_coded(f.shape->parts[last],
                                            fm_emit_format(emit, "%s.p%u", f.code, last));
        return fm_emit_apply(emit, node, part, key);
    }
    const char *name = fm_emit_declare(emit, all, "part", NULL);
    fm_emit_open(emit, "switch (%s.tag)", f.code);
    for (uint32_t i = 0; i < f.shape->part_count; i++) {
        if (applied_shape(emit, f.shape->parts[i], key) == NULL) {
            continue;
        }
        fm_emit_open(emit, "case %u:", i);
        struct fm_term part = fm_emit_coded(f.shape->parts[i],
                                            fm_emit_format(emit, "%s.p%u", f.code, i));
        struct fm_term value = fm_emit_apply(emit, node, part, key);
        fm_emit_line(emit, "%s = %s;", name, fm_emit_as(emit, value, all));
        fm_emit_line(emit, "break;");
        fm_emit_close(emit, "");
    }
    fm_emit_line(emit, "default:");
    fm_emit_fail(emit);
    fm_emit_close(emit, "");
    return fm_emit_coded(all, name);
}

/* A known function at a known argument. */
static bool apply_known(struct fm_emit *emit, struct fm_term f, struct fm_term key,
                        struct fm_term *result)
{
    if (!fm_emit_is_known(f) || !fm_emit_is_known(key) || !fm_slots_has(f.shape) ||
        f.shape->kind == FM_SHAPE_SEQ || f.shape->kind == FM_SHAPE_PFUN) {
        return false;
    }
    uint32_t count = 0;
    const fm_value *keys = fm_emit_keys(emit, f.shape, &count);
    uint32_t number = fm_emit_find_key(emit, keys, count, key.value);
    if (number == UINT32_MAX) {
        return false;
    }
    *result = fm_emit_known(emit, fm_fcn_lookup(emit->context, f.value, keys[number]));
    return true;
}

struct fm_term fm_emit_apply(struct fm_emit *emit, const struct fm_node *node, struct fm_term f,
                             struct fm_term key)
{
    if (fm_emit_is_nothing(f) || fm_emit_is_nothing(key)) {
        return fm_emit_unreachable(emit);
    }
    struct fm_term known;
    if (apply_known(emit, f, key, &known)) {
        return known;
    }
    if (fm_slots_has(f.shape) || f.shape->kind == FM_SHAPE_SUM) {
        f = fm_emit_solid(emit, f);
    }
    switch (f.shape->kind) {
    case FM_SHAPE_TUPLE:
    case FM_SHAPE_RECORD:
        return apply_members(emit, node, f, key);
    case FM_SHAPE_SEQ:
        return apply_sequence(emit, f, key);
    case FM_SHAPE_SUM:
        return apply_sum(emit, node, f, key);
    case FM_SHAPE_PFUN:
    case FM_SHAPE_FCN: {
        struct fm_emit_index index = fm_emit_index_of(emit, node, f.shape, key);
        if (f.shape->kind == FM_SHAPE_PFUN) {
            fm_emit_guard(emit, "!%s", fm_emit_has(emit, f.shape, f.code, index.code));
        }
        const char *member = fm_emit_part(emit, node, f.shape, f.code, index);
        return fm_emit_coded(f.shape->parts[0], fm_emit_load(emit, f.shape->parts[0], member));
    }
    case FM_SHAPE_NONE:
    case FM_SHAPE_BOOL:
    case FM_SHAPE_INT:
    case FM_SHAPE_ATOM:
    case FM_SHAPE_SET:
    case FM_SHAPE_ANY:
        break;
    }
    fm_emit_refuse(emit, node, "an application of what is not known to be a function");
}

/* --- binding --- */

void fm_emit_bind_element(struct fm_emit *emit, const struct fm_binding *binding, uint32_t offset,
                          struct fm_emit_frame *frame, struct fm_term element)
{
    if (!binding->is_tuple) {
        struct fm_emit_slot *slot = &frame->slots[binding->first_slot + offset];
        *slot = (struct fm_emit_slot){.kind = FM_EMIT_TERM, .term = element};
        return;
    }
    for (uint32_t i = 0; i < binding->slot_count; i++) {
        struct fm_term key = fm_emit_known(emit, fm_small((int64_t)i + 1));
        struct fm_term part = fm_emit_apply(emit, binding->set, element, key);
        frame->slots[binding->first_slot + i] = (struct fm_emit_slot){.kind = FM_EMIT_TERM,
                                                                      .term = part};
    }
}

/* --- building --- */

/* The shape wanted, when it is one of functions with that domain (a sequence of that length). */
const struct fm_shape *fm_emit_wanted_function(struct fm_emit *emit, const struct fm_shape *want,
                                               const fm_value *keys, uint32_t count)
{
    if (want == NULL || !fm_slots_has(want)) {
        return NULL;
    }
    if (want->kind == FM_SHAPE_SEQ) {
        bool sequence = count <= want->capacity;
        for (uint32_t i = 0; i < count && sequence; i++) {
            sequence = fm_is_small(keys[i]) && fm_small_get(keys[i]) == (int64_t)i + 1;
        }
        return sequence ? want : NULL;
    }
    uint32_t wanted = 0;
    const fm_value *others = fm_emit_keys(emit, want, &wanted);
    if (want->kind == FM_SHAPE_PFUN) {
        for (uint32_t i = 0; i < count; i++) {
            if (fm_emit_find_key(emit, others, wanted, keys[i]) == UINT32_MAX) {
                return NULL;
            }
        }
        return want;
    }
    if (wanted != count) {
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (fm_value_compare_total(emit->context, keys[i], others[i]) != 0) {
            return NULL;
        }
    }
    return want;
}

const struct fm_shape *fm_emit_wanted_part(const struct fm_shape *want, uint32_t i)
{
    return want == NULL ? NULL : fm_emit_has_members(want) ? want->parts[i] : want->parts[0];
}

struct fm_term fm_emit_build(struct fm_emit *emit, const struct fm_node *node,
                             const struct fm_shape *shape, const fm_value *keys,
                             const struct fm_term *parts, uint32_t count)
{
    if (shape->kind == FM_SHAPE_NONE) {
        return fm_emit_unreachable(emit);
    }
    if (!fm_slots_has(shape)) {
        fm_emit_refuse(emit, node, "a function that is too large");
    }
    const char *name = fm_emit_declare(emit, shape, "f", NULL);
    if (shape->kind == FM_SHAPE_SEQ) {
        fm_emit_line(emit, "%s.length = %u;", name, count);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct fm_emit_index index = known_index(emit, i);
        if (shape->kind == FM_SHAPE_PFUN) {
            index = fm_emit_index_of(emit, node, shape, fm_emit_known(emit, keys[i]));
            fm_emit_has_set(emit, shape, name, index.code);
        }
        const struct fm_shape *part = fm_emit_part_shape(shape, index);
        const char *code = fm_emit_as(emit, parts[i], part);
        fm_emit_store(emit, part, fm_emit_part(emit, node, shape, name, index), code);
    }
    return fm_emit_coded(shape, name);
}

bool fm_emit_all_known(const struct fm_term *parts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!fm_emit_is_known(parts[i])) {
            return false;
        }
    }
    return true;
}

const struct fm_shape **fm_emit_shapes_of(struct fm_emit *emit, const struct fm_term *parts,
                                          uint32_t count)
{
    const struct fm_shape **shapes = fm_arena_alloc(&emit->arena, (count + 1) * sizeof *shapes);
    for (uint32_t i = 0; i < count; i++) {
        shapes[i] = parts[i].shape;
    }
    return shapes;
}

static struct fm_term emit_tuple(struct fm_emit *emit, const struct fm_node *node,
                                 struct fm_emit_frame *frame, const struct fm_shape *want)
{
    uint32_t count = node->count;
    fm_value *keys = fm_arena_alloc(&emit->arena, (count + 1) * sizeof *keys);
    struct fm_term *parts = fm_arena_alloc(&emit->arena, (count + 1) * sizeof *parts);
    for (uint32_t i = 0; i < count; i++) {
        keys[i] = fm_small((int64_t)i + 1);
    }
    const struct fm_shape *shape = fm_emit_wanted_function(emit, want, keys, count);
    for (uint32_t i = 0; i < count; i++) {
        parts[i] = fm_emit_expr(emit, node->kids[i], frame, fm_emit_wanted_part(shape, i));
    }
    if (fm_emit_all_known(parts, count)) {
        fm_value *values = fm_arena_alloc(&emit->arena, (count + 1) * sizeof *values);
        for (uint32_t i = 0; i < count; i++) {
            values[i] = parts[i].value;
        }
        return fm_emit_known(emit, fm_tuple(emit->context, values, count));
    }
    if (shape == NULL) {
        shape = fm_shape_tuple(emit->shapes, fm_emit_shapes_of(emit, parts, count), count);
    }
    return fm_emit_build(emit, node, shape, keys, parts, count);
}

static struct fm_term emit_record(struct fm_emit *emit, const struct fm_node *node,
                                  struct fm_emit_frame *frame, const struct fm_shape *want)
{
    uint32_t count = node->count;
    fm_value *names = fm_arena_alloc(&emit->arena, count * sizeof *names);
    for (uint32_t i = 0; i < count; i++) {
        names[i] = fm_string(emit->context, node->u.names[i]);
        if (fm_emit_find_key(emit, names, i, names[i]) != UINT32_MAX) {
            fm_emit_refuse(emit, node, "a field of this record is given twice");
        }
    }
    fm_value domain = fm_value_freeze(
        emit->context, fm_set_explicit(emit->context, fm_set(emit->context, names, count)));
    uint32_t size = 0;
    const fm_value *keys = fm_set_elements(emit->context, domain, &size);
    const struct fm_shape *shape = fm_emit_wanted_function(emit, want, keys, count);
    struct fm_term *parts = fm_arena_alloc(&emit->arena, count * sizeof *parts);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = fm_emit_find_key(emit, keys, size, names[i]);
        parts[place] = fm_emit_expr(emit, node->kids[i], frame, fm_emit_wanted_part(shape, place));
    }
    if (fm_emit_all_known(parts, count)) {
        fm_value *values = fm_arena_alloc(&emit->arena, count * sizeof *values);
        for (uint32_t i = 0; i < count; i++) {
            values[i] = parts[i].value;
        }
        return fm_emit_known(emit, fm_fcn(emit->context, domain, values, count));
    }
    if (shape == NULL) {
        shape = fm_shape_record(emit->shapes, domain, fm_emit_shapes_of(emit, parts, count));
    }
    return fm_emit_build(emit, node, shape, keys, parts, count);
}

/* --- DOMAIN --- */

static struct fm_term domain_of_sequence(struct fm_emit *emit, struct fm_term f)
{
    uint32_t capacity = f.shape->capacity;
    if (capacity == 0) {
        return fm_emit_known(emit, fm_set_empty());
    }
    const struct fm_shape *shape = fm_shape_set(emit->shapes,
                                                fm_shape_int(emit->shapes, 1, capacity));
    if (shape->kind != FM_SHAPE_SET) {
        fm_emit_refuse(emit, NULL, "the domain of a long sequence");
    }
    const char *name = fm_emit_declare(emit, shape, "domain", NULL);
    if (capacity <= 64) {
        fm_emit_line(emit, "%s = fm_nrt_bits(%s.length);", name, f.code);
        return fm_emit_coded(shape, name);
    }
    const char *k = fm_emit_name(emit, "k");
    fm_emit_open(emit, "for (uint32_t %s = 0; %s < %u; %s++)", k, k, fm_emit_words(shape), k);
    fm_emit_line(emit, "%s.w[%s] = fm_nrt_bits((int64_t)%s.length - 64 * (int64_t)%s);", name, k,
                 f.code, k);
    fm_emit_close(emit, "");
    return fm_emit_coded(shape, name);
}

static struct fm_term domain_of_partial(struct fm_emit *emit, struct fm_term f)
{
    const struct fm_shape *shape = fm_emit_key_set(emit, f.shape);
    if (shape == NULL) {
        return fm_emit_known(emit, fm_set_empty());
    }
    if (f.shape->value_count <= 64) {
        return fm_emit_coded(shape, fm_emit_format(emit, "((uint64_t)%s.has)", f.code));
    }
    const char *name = fm_emit_declare(emit, shape, "domain", NULL);
    const char *k = fm_emit_name(emit, "k");
    fm_emit_open(emit, "for (uint32_t %s = 0; %s < %u; %s++)", k, k, fm_emit_words(shape), k);
    fm_emit_line(emit, "%s.w[%s] = %s.has[%s];", name, k, f.code, k);
    fm_emit_close(emit, "");
    return fm_emit_coded(shape, name);
}

struct fm_term fm_emit_domain(struct fm_emit *emit, const struct fm_node *node, struct fm_term f)
{
    if (fm_emit_is_nothing(f)) {
        return fm_emit_unreachable(emit);
    }
    switch (f.shape->kind) {
    case FM_SHAPE_FCN:
    case FM_SHAPE_RECORD:
        return fm_emit_known(emit, f.shape->domain);
    case FM_SHAPE_TUPLE:
        return fm_emit_known(
            emit, fm_value_freeze(emit->context, fm_interval(emit->context, fm_small(1),
                                                             fm_small(f.shape->part_count))));
    case FM_SHAPE_SEQ:
        return domain_of_sequence(emit, fm_emit_solid(emit, f));
    case FM_SHAPE_PFUN:
        return domain_of_partial(emit, fm_emit_solid(emit, f));
    case FM_SHAPE_NONE:
    case FM_SHAPE_BOOL:
    case FM_SHAPE_INT:
    case FM_SHAPE_ATOM:
    case FM_SHAPE_SET:
    case FM_SHAPE_SUM:
    case FM_SHAPE_ANY:
        break;
    }
    fm_emit_refuse(emit, node, "DOMAIN of what is not known to be a function");
}

struct fm_term fm_emit_function(struct fm_emit *emit, const struct fm_node *node,
                                struct fm_emit_frame *frame, const struct fm_shape *want)
{
    switch ((int)node->op) {
    case FM_OP_TUPLE:
        return emit_tuple(emit, node, frame, want);
    case FM_OP_RECORD:
        return emit_record(emit, node, frame, want);
    case FM_OP_FCN:
        return fm_emit_constructor(emit, node, frame, want);
    case FM_OP_FCNAPP:
        return fm_emit_application(emit, node, frame, want);
    case FM_OP_FIELD:
        return fm_emit_apply(emit, node, fm_emit_expr(emit, node->kids[0], frame, NULL),
                             fm_emit_known(emit, fm_string(emit->context, node->u.name)));
    case FM_OP_DOMAIN:
        return fm_emit_domain(emit, node, fm_emit_expr(emit, node->kids[0], frame, NULL));
    case FM_OP_RECFCN:
        fm_emit_refuse(emit, node, "a recursive function");
    }
    fm_emit_refuse(emit, node, "a function that is not built");
}
