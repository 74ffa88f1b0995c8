/* Random values for the tests of shapes and layouts: those of value_build.h, and what
 * specifications have besides, tuples and records of mixed kinds. */
#ifndef FM_TESTS_NATIVE_VALUES_H
#define FM_TESTS_NATIVE_VALUES_H

#include "native/shape.h"
#include "value_build.h"

/* A value of the fixture's random stream; the seed alone decides which, so that the same one can be
 * built again in another representation. */
static inline fm_value random_uniform(struct fixture *fixture, struct type *type)
{
    return build(fixture, random_tree(fixture, type));
}

static inline fm_value random_mixed(struct fixture *fixture, uint32_t depth);

static inline fm_value random_record(struct fixture *fixture, uint32_t depth)
{
    static const char *const names[] = {"type", "from", "to", "val"};
    const struct fm_symbol *fields[4];
    fm_value values[4];
    uint32_t count = 0, chosen = 1 + pick(fixture, 15);
    for (uint32_t i = 0; i < 4; i++) {
        if ((chosen >> i & 1u) != 0) {
            fields[count] = fm_symbol_of(fixture->context.symbols, names[i]);
            values[count++] = random_mixed(fixture, depth - 1);
        }
    }
    return fm_record(&fixture->context, fields, values, count);
}

static inline fm_value random_function(struct fixture *fixture, uint32_t depth)
{
    static const char *const names[] = {"p", "q", "r"};
    fm_value keys[3], values[3];
    uint32_t count = 0, chosen = 1 + pick(fixture, 7);
    for (uint32_t i = 0; i < 3; i++) {
        if ((chosen >> i & 1u) != 0) {
            keys[count] = model(fixture, names[i]);
            values[count++] = random_mixed(fixture, depth - 1);
        }
    }
    return fm_fcn(&fixture->context, fm_set(&fixture->context, keys, count), values, count);
}

static inline fm_value random_tuple(struct fixture *fixture, uint32_t depth)
{
    fm_value elements[3];
    uint32_t count = pick(fixture, 4);
    for (uint32_t i = 0; i < count; i++) {
        elements[i] = random_mixed(fixture, depth - 1);
    }
    return fm_tuple(&fixture->context, elements, count);
}

static inline fm_value random_mixed(struct fixture *fixture, uint32_t depth)
{
    switch (pick(fixture, depth == 0 ? 4 : 9)) {
    case 0:
        return fm_bool(pick(fixture, 2) != 0);
    case 1:
        return str(fixture, tree_names()[pick(fixture, TREE_NAME_COUNT)]);
    case 2:
        return model(fixture, pick(fixture, 2) != 0 ? "p" : "q");
    case 3:
        return fm_int(&fixture->context, (int64_t)pick(fixture, 9) - 2);
    case 4:
        return random_tuple(fixture, depth);
    case 5:
        return random_record(fixture, depth);
    case 6:
        return random_function(fixture, depth);
    default:
        return random_uniform(fixture, random_type(fixture, depth));
    }
}

static inline const char *shown_shape(struct fixture *fixture, struct fm_shapes *shapes,
                                      const struct fm_shape *shape)
{
    struct fm_text text = {0};
    fm_shape_print(shapes, shape, &text);
    const char *result = fm_arena_strndup(&fixture->arena, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    return result;
}

#endif
