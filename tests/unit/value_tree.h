/* A second, naive implementation of values (trees with quadratic algorithms) that the real one is
 * held against, and ways from a tree to a value: many representations of the same value, chosen at
 * random. */
#ifndef FM_TESTS_VALUE_TREE_H
#define FM_TESTS_VALUE_TREE_H

#include "value_fixture.h"

/* --- naive values --- */

enum tree_kind { TREE_INT, TREE_BOOL, TREE_STRING, TREE_MODEL, TREE_SET, TREE_FCN };

/* TREE_FCN: children are argument, value, argument, value, ... Sets and functions may repeat. */
struct tree {
    enum tree_kind kind;
    int64_t number; /* or place in the list of names */
    uint32_t count; /* elements or pairs */
    struct tree **children;
};

/* A description of comparable values. */
struct type {
    enum tree_kind kind;
    bool sequence;                  /* TREE_FCN over 1..n */
    struct type *argument, *result; /* of a set: argument */
};

static inline const char *const *tree_names(void)
{
    static const char *const names[] = {"zeta", "a", "b", "c", "mid", "b1", "x y", ""};
    return names;
}
#define TREE_NAME_COUNT 7

/* Order of naive values: the rules of docs/values.md, written down as plainly as possible. */
static inline int tree_compare(struct fixture *fixture, const struct tree *a, const struct tree *b);

/* Sorts elements (stride 1) or pairs (stride 2) by the first of each, dropping repetitions. */
static inline void tree_normalize(struct fixture *fixture, struct tree *tree)
{
    uint32_t stride = tree->kind == TREE_FCN ? 2 : 1;
    uint32_t count = 0;
    for (uint32_t i = 0; i < tree->count; i++) {
        struct tree *key = tree->children[i * stride],
                    *value = tree->children[i * stride + stride - 1];
        uint32_t at = 0;
        while (at < count && tree_compare(fixture, tree->children[at * stride], key) < 0) {
            at++;
        }
        if (at < count && tree_compare(fixture, tree->children[at * stride], key) == 0) {
            continue;
        }
        memmove(&tree->children[(at + 1) * stride], &tree->children[at * stride],
                (count - at) * stride * sizeof tree->children[0]);
        tree->children[at * stride] = key;
        tree->children[at * stride + stride - 1] = value;
        count++;
    }
    tree->count = count;
}

static inline uint32_t name_rank(struct fixture *fixture, int64_t name)
{
    return fm_symbol_rank(fixture->context.symbols,
                          fm_symbol_of(fixture->context.symbols, tree_names()[name]));
}

static inline int sign(int64_t n)
{
    return (n > 0) - (n < 0);
}

static inline int tree_compare(struct fixture *fixture, const struct tree *a, const struct tree *b)
{
    if (a->kind != b->kind) {
        assert_true(a->kind == TREE_MODEL || b->kind == TREE_MODEL);
        return a->kind == TREE_MODEL ? -1 : 1;
    }
    if (a->kind == TREE_STRING || a->kind == TREE_MODEL) {
        return sign((int64_t)name_rank(fixture, a->number) -
                    (int64_t)name_rank(fixture, b->number));
    }
    if (a->kind != TREE_SET && a->kind != TREE_FCN) {
        return (a->number > b->number) - (a->number < b->number);
    }
    int order = sign((int64_t)a->count - (int64_t)b->count);
    uint32_t stride = a->kind == TREE_FCN ? 2 : 1;
    for (uint32_t part = 0; part < stride; part++) {
        for (uint32_t i = 0; order == 0 && i < a->count; i++) {
            order = tree_compare(fixture, a->children[i * stride + part],
                                 b->children[i * stride + part]);
        }
    }
    return order;
}

static inline struct tree *tree_new(struct fixture *fixture, enum tree_kind kind, uint32_t count)
{
    struct tree *tree = fm_arena_calloc(&fixture->arena, 1, sizeof *tree);
    tree->kind = kind;
    tree->count = count;
    tree->children = fm_arena_calloc(&fixture->arena, 2 * (size_t)count + 1, sizeof(void *));
    return tree;
}

static inline struct type *random_type(struct fixture *fixture, uint32_t depth)
{
    struct type *type = fm_arena_calloc(&fixture->arena, 1, sizeof *type);
    uint32_t choice = depth == 0 ? pick(fixture, 4) : pick(fixture, 9);
    static const enum tree_kind atoms[] = {TREE_INT, TREE_BOOL, TREE_STRING, TREE_MODEL};
    if (choice < 4) {
        type->kind = atoms[choice];
        return type;
    }
    type->kind = choice < 7 ? TREE_SET : TREE_FCN;
    type->sequence = type->kind == TREE_FCN && pick(fixture, 2) == 0;
    type->argument = type->sequence ? NULL : random_type(fixture, depth - 1);
    type->result = type->kind == TREE_FCN ? random_type(fixture, depth - 1) : NULL;
    return type;
}

/* Normalized. */
static inline struct tree *random_tree(struct fixture *fixture, const struct type *type)
{
    struct tree *tree;
    if (type->kind == TREE_SET || type->kind == TREE_FCN) {
        tree = tree_new(fixture, type->kind, pick(fixture, 4));
        uint32_t stride = type->kind == TREE_FCN ? 2 : 1;
        for (uint32_t i = 0; i < tree->count; i++) {
            struct tree *key = type->sequence ? tree_new(fixture, TREE_INT, 0)
                                              : random_tree(fixture, type->argument);
            if (type->sequence) {
                key->number = (int64_t)i + 1;
            }
            tree->children[i * stride] = key;
            if (stride == 2) {
                tree->children[i * 2 + 1] = random_tree(fixture, type->result);
            }
        }
        tree_normalize(fixture, tree);
        return tree;
    }
    tree = tree_new(fixture, type->kind, 0);
    switch (type->kind) {
    case TREE_INT:
        tree->number = pick(fixture, 40) == 0 ? INT64_MAX - pick(fixture, 2)
                                              : (int64_t)pick(fixture, 8) - 2;
        break;
    case TREE_BOOL:
        tree->number = pick(fixture, 2);
        break;
    case TREE_STRING:
    case TREE_MODEL:
        tree->number = pick(fixture, TREE_NAME_COUNT);
        break;
    case TREE_SET:
    case TREE_FCN:
        break;
    }
    return tree;
}

#endif
