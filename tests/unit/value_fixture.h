/* What the tests of src/value share: a context whose errors are caught, and a second, naive
 * implementation of values (trees with quadratic algorithms) that the real one is held against. */
#ifndef FM_TESTS_VALUE_FIXTURE_H
#define FM_TESTS_VALUE_FIXTURE_H

#include "base/random.h"
#include "cmocka_all.h"
#include "diag/diag.h"
#include "value/constants.h"
#include "value/object.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
    struct fm_value_context context;
    struct fm_arena arena;
    struct fm_random random;
    jmp_buf door;
    uint32_t code; /* of the last error */
    const char *message;
    uint64_t closure_calls;
};

/* Runs the statement; the result is the code of the error it raised, 0 when none. */
#define RAISED(fixture, statement)                                                                 \
    (setjmp((fixture)->door) == 0 ? ((void)(statement), 0u) : (fixture)->code)
#define ASSERT_RAISES(fixture, expected, statement)                                                \
    do {                                                                                           \
        uint32_t raised_ = RAISED(fixture, statement);                                             \
        assert_int_equal(raised_, expected);                                                       \
    } while (0)

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

static inline _Noreturn void fixture_raise(struct fm_value_context *context,
                                           struct fm_value_error error)
{
    struct fixture *fixture = context->owner;
    fixture->code = error.code;
    fixture->message = error.message;
    longjmp(fixture->door, 1);
}

static inline uint32_t pick(struct fixture *fixture, uint32_t bound)
{
    return (uint32_t)fm_random_below(&fixture->random, bound);
}

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

static inline int fixture_setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fm_arena_init(&fixture->arena, "test");
    fm_random_seed(&fixture->random, 20240607);
    fixture->context = (struct fm_value_context){.arena = &fixture->arena,
                                                 .symbols = fm_symbols_new(),
                                                 .owner = fixture,
                                                 .raise = fixture_raise,
                                                 .apply_closure = fixture_apply,
                                                 .test_closure = fixture_test,
                                                 .set_size_max = 1000000};
    for (uint32_t i = 0; i < TREE_NAME_COUNT; i++) { /* ranks in the order of the list */
        name_rank(fixture, i);
    }
    *state = fixture;
    return 0;
}

static inline int fixture_teardown(void **state)
{
    struct fixture *fixture = *state;
    fm_symbols_free(fixture->context.symbols);
    fm_arena_deinit(&fixture->arena);
    free(fixture);
    return 0;
}

/* --- small helpers --- */

static inline fm_value str(struct fixture *fixture, const char *text)
{
    return fm_string_of(&fixture->context, text, strlen(text));
}
static inline fm_value model(struct fixture *fixture, const char *text)
{
    return fm_model_value(&fixture->context, fm_symbol_of(fixture->context.symbols, text));
}
static inline fm_value big(struct fixture *fixture, const char *digits)
{
    return fm_int_parse(&fixture->context, digits, strlen(digits));
}
static inline fm_value range(struct fixture *fixture, int64_t low, int64_t high)
{
    return fm_interval(&fixture->context, fm_small(low), fm_small(high));
}
/* As printed, in the arena. */
static inline const char *shown(struct fixture *fixture, fm_value v)
{
    struct fm_text text = {0};
    fm_value_print(&fixture->context, v, &text);
    const char *result = fm_arena_strndup(&fixture->arena, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    return result;
}
#define ASSERT_SHOWN(fixture, v, expected) assert_string_equal(shown(fixture, v), expected)
#define LIST(...)                                                                                  \
    ((const fm_value[]){__VA_ARGS__}), sizeof((fm_value[]){__VA_ARGS__}) / sizeof(fm_value)
#define SET(fixture, ...) fm_set(&(fixture)->context, LIST(__VA_ARGS__))
#define TUPLE(fixture, ...) fm_tuple(&(fixture)->context, LIST(__VA_ARGS__))

#endif
