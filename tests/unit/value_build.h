/* Ways from a tree to a value: many representations of the same value, chosen at random. */
#ifndef FM_TESTS_VALUE_BUILD_H
#define FM_TESTS_VALUE_BUILD_H

#include "value_tree.h"

/* --- from naive to real, by a random way --- */

struct tree_closure {
    struct fixture *fixture;
    const struct tree *tree;
};

static inline fm_value build(struct fixture *fixture, const struct tree *tree);

static inline fm_value fixture_apply(struct fm_value_context *context, const void *closure,
                                     fm_value argument)
{
    const struct tree_closure *c = closure;
    c->fixture->closure_calls++;
    for (uint32_t i = 0; i < c->tree->count; i++) {
        if (fm_value_equal(context, build(c->fixture, c->tree->children[2 * i]), argument)) {
            return build(c->fixture, c->tree->children[2 * i + 1]);
        }
    }
    return fm_none();
}

static inline bool fixture_test(struct fm_value_context *context, const void *closure,
                                fm_value element)
{
    const struct tree_closure *c = closure;
    c->fixture->closure_calls++;
    for (uint32_t i = 0; i < c->tree->count; i++) {
        if (fm_value_equal(context, build(c->fixture, c->tree->children[i]), element)) {
            return true;
        }
    }
    return false;
}

static inline fm_value build_set(struct fixture *fixture, const struct tree *tree)
{
    struct fm_value_context *context = &fixture->context;
    fm_value elements[64];
    uint32_t n = 0;
    for (uint32_t i = 0; i < tree->count; i++) {
        elements[n++] = build(fixture, tree->children[i]);
        if (pick(fixture, 3) == 0) {
            elements[n++] = build(fixture, tree->children[i]);
        }
    }
    for (uint32_t i = n; i > 1; i--) { /* shuffle */
        uint32_t j = pick(fixture, i);
        fm_value swap = elements[i - 1];
        elements[i - 1] = elements[j];
        elements[j] = swap;
    }
    uint32_t half = n == 0 ? 0 : pick(fixture, n);
    fm_value left = fm_set(context, elements, half);
    fm_value right = fm_set(context, elements + half, n - half);
    fm_value whole = fm_set(context, elements, n);
    bool run = tree->count > 0 && tree->children[0]->kind == TREE_INT &&
               tree->children[tree->count - 1]->number < 1000 &&
               tree->children[tree->count - 1]->number - tree->children[0]->number ==
                   (int64_t)tree->count - 1;
    switch (pick(fixture, 6)) {
    case 0:
        return fm_set_union(context, left, right);
    case 1: {
        const fm_value both[2] = {left, right};
        return fm_set_big_union(context, fm_set(context, both, 2));
    }
    case 2:
        return run ? fm_interval(context, fm_small(tree->children[0]->number),
                                 fm_small(tree->children[tree->count - 1]->number))
                   : whole;
    case 3: {
        struct tree_closure *closure = fm_arena_alloc(&fixture->arena, sizeof *closure);
        *closure = (struct tree_closure){fixture, tree};
        return fm_filter(context, whole, closure);
    }
    case 4: { /* a lazy union: an interval keeps UNION from merging */
        const fm_value both[2] = {run ? fm_interval(context, fm_small(1), fm_small(0)) : left,
                                  whole};
        return fm_set_big_union(context, fm_set(context, both, 2));
    }
    default:
        return whole;
    }
}

static inline fm_value build_function(struct fixture *fixture, const struct tree *tree)
{
    struct fm_value_context *context = &fixture->context;
    fm_value keys[16], values[16];
    for (uint32_t i = 0; i < tree->count; i++) {
        keys[i] = build(fixture, tree->children[2 * i]);
        values[i] = build(fixture, tree->children[2 * i + 1]);
    }
    fm_value domain = fm_set(context, keys, tree->count);
    fm_set_explicit(context, domain);
    switch (pick(fixture, 4)) {
    case 0: {
        fm_value result = fm_tuple(context, NULL, 0);
        for (uint32_t i = tree->count; i > 0; i--) {
            fm_value one = fm_fcn(context, fm_set(context, &keys[i - 1], 1), &values[i - 1], 1);
            result = fm_fcn_merge(context, one, result);
        }
        return result;
    }
    case 1: {
        struct tree_closure *closure = fm_arena_alloc(&fixture->arena, sizeof *closure);
        *closure = (struct tree_closure){fixture, tree};
        return fm_lazy_fcn(context, domain, closure);
    }
    case 2:
        if (tree->count > 0) {
            uint32_t at = pick(fixture, tree->count);
            fm_value right = values[at];
            values[at] = fm_bool(true);
            fm_value wrong = fm_fcn(context, domain, values, tree->count);
            if (pick(fixture, 2) == 0) {
                (void)fm_value_digest(context, wrong);
                (void)fm_value_digest(context, right);
            }
            bool outside;
            fm_value result = fm_fcn_except(context, wrong, keys[at], right, &outside);
            assert_false(outside);
            return result;
        }
        return fm_fcn(context, domain, values, tree->count);
    default:
        return fm_fcn(context, domain, values, tree->count);
    }
}

static inline fm_value build(struct fixture *fixture, const struct tree *tree)
{
    struct fm_value_context *context = &fixture->context;
    switch (tree->kind) {
    case TREE_INT:
        return fm_int(context, tree->number);
    case TREE_BOOL:
        return fm_bool(tree->number != 0);
    case TREE_STRING:
        return fm_string_of(context, tree_names()[tree->number],
                            strlen(tree_names()[tree->number]));
    case TREE_MODEL:
        return fm_model_value(context, fm_symbol_of(context->symbols, tree_names()[tree->number]));
    case TREE_SET:
        return build_set(fixture, tree);
    case TREE_FCN:
        return build_function(fixture, tree);
    }
    return fm_none();
}

/* Instead of fixture_setup: closures are trees, and the names are ranked in the order of their
 * list. */
static inline int tree_setup(void **state)
{
    fixture_setup(state);
    struct fixture *fixture = *state;
    fixture->context.apply_closure = fixture_apply;
    fixture->context.test_closure = fixture_test;
    for (uint32_t i = 0; i < TREE_NAME_COUNT; i++) {
        name_rank(fixture, i);
    }
    return 0;
}

#endif
