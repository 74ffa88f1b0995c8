/* Shapes: the lattice's laws on random values, enumeration in TLC's order, hints, determinism. */
#include "native_values.h"

#include "native/shape_store.h"
#include "value/order.h"
#include "value/set.h"

#define ASSERT_SHAPE(fixture, shapes, shape, expected)                                             \
    assert_string_equal(shown_shape(fixture, shapes, shape), expected)

static const struct fm_shape *join_of(struct fm_shapes *shapes, const fm_value *values,
                                      uint32_t count)
{
    const struct fm_shape *shape = fm_shape_none(shapes);
    for (uint32_t i = 0; i < count; i++) {
        shape = fm_shape_join(shapes, shape, fm_shape_of_value(shapes, values[i]));
    }
    return shape;
}

/* --- examples --- */

static void test_shapes_of_values(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    struct fm_shapes *shapes = fm_shapes_new(context);
    fm_value p = model(fixture, "p"), q = model(fixture, "q");
#define OF(expected, ...)                                                                          \
    do {                                                                                           \
        const fm_value values[] = {__VA_ARGS__};                                                   \
        ASSERT_SHAPE(fixture, shapes, join_of(shapes, values, sizeof values / sizeof values[0]),   \
                     expected);                                                                    \
    } while (0)
    fm_value a = str(fixture, "a"), b = str(fixture, "b"), no = fm_tuple(context, NULL, 0);
    OF("0..7", fm_small(7), fm_small(0), fm_small(3));
    OF("{p, q}", q, p, q);
    OF("BOOLEAN", fm_bool(true));
    OF("(0..0 | {\"a\"})", a, fm_small(0));
    OF("[1..2 -> 1..5]", TUPLE(fixture, fm_small(1), fm_small(5)));
    OF("({\"a\"} \\X 1..1)", TUPLE(fixture, a, fm_small(1)));
    OF("({\"a\"} \\X 1..1)", TUPLE(fixture, a, fm_small(1)), TUPLE(fixture, a, fm_small(1)));
    OF("((2..5 | {\"a\"}) \\X 1..5)", TUPLE(fixture, a, fm_small(1)),
       TUPLE(fixture, fm_small(2), fm_small(5)));
    OF("[1..2 -> 1..5]", TUPLE(fixture, fm_small(2), fm_small(5)),
       TUPLE(fixture, fm_small(1), fm_small(1)));
    OF("({\"a\"} \\X {p})", TUPLE(fixture, a, p));
    OF("[1..2 -> (3..4 | {p})]", TUPLE(fixture, p, fm_small(3)), TUPLE(fixture, fm_small(4), p),
       TUPLE(fixture, fm_small(3), fm_small(4)));
    OF("Seq(NONE, 0)", no);
    OF("Seq(1..3, 2)", no, TUPLE(fixture, fm_small(1), fm_small(3)));
    OF("Seq(1..3, 2)", TUPLE(fixture, fm_small(2)), TUPLE(fixture, fm_small(1), fm_small(3)));
    /* A tuple of different parts, or none; but a sequence once it is seen to grow. */
    OF("(({\"a\"} \\X 1..1) | Seq(NONE, 0))", TUPLE(fixture, a, fm_small(1)), no);
    OF("SUBSET {<<>>, <<\"a\", 1>>}", SET(fixture, no, TUPLE(fixture, a, fm_small(1))));
    OF("Seq((1..1 | {\"a\"}), 2)", TUPLE(fixture, a, fm_small(1)), no, TUPLE(fixture, a));
    OF("Seq((1..1 | {\"a\"}), 2)", no, TUPLE(fixture, a), TUPLE(fixture, a, fm_small(1)));
    OF("SUBSET {}", fm_set_empty());
    OF("SUBSET {p, q}", SET(fixture, p), SET(fixture, q));
    OF("SUBSET {1, 2, 3}", SET(fixture, fm_small(1)), SET(fixture, fm_small(3)));
    OF("ANY", SET(fixture, fm_small(1)), SET(fixture, a));
    OF("[{p, q} -> 0..1]",
       fm_fcn(context, SET(fixture, p, q), (fm_value[]){fm_small(0), fm_small(1)}, 2));
    OF("[SUBSET {p, q} -> 0..1]", fm_fcn(context, SET(fixture, p), (fm_value[]){fm_small(0)}, 1),
       fm_fcn(context, SET(fixture, q), (fm_value[]){fm_small(1)}, 1));
    OF("[SUBSET {p} -> 0..0]", no, fm_fcn(context, SET(fixture, p), (fm_value[]){fm_small(0)}, 1));
    OF("[SUBSET {0, 1, 2} -> 4..4]", TUPLE(fixture, fm_small(4), fm_small(4)),
       fm_fcn(context, SET(fixture, fm_small(0)), (fm_value[]){fm_small(4)}, 1));
    fm_value in_a = fm_fcn(context, SET(fixture, a), (fm_value[]){fm_small(0)}, 1);
    fm_value in_b = fm_fcn(context, SET(fixture, b), (fm_value[]){p}, 1);
    OF("[a: 0..0]", in_a);
    OF("([a: 0..0] | [b: {p}])", in_b, in_a);
    OF("([a: 0..0] | Seq(NONE, 0))", in_a, no);
    OF("SUBSET {[a |-> 0], [b |-> p]}", SET(fixture, in_a, in_b));
    OF("ANY", big(fixture, "123456789012345678901234567890"));
    /* Sequences, and functions over any subset of {p, q}: both have <<>>. */
    OF("ANY", TUPLE(fixture, fm_small(1)), TUPLE(fixture, fm_small(1), fm_small(2)),
       fm_fcn(context, SET(fixture, p), &p, 1), fm_fcn(context, SET(fixture, q), &p, 1));
    OF("([{p} -> {p}] | Seq(1..2, 2))", TUPLE(fixture, fm_small(1)),
       TUPLE(fixture, fm_small(1), fm_small(2)), fm_fcn(context, SET(fixture, p), &p, 1));
    /* Their lengths make them comparable. */
    OF("SUBSET {<<\"a\", 1>>, <<\"b\", 2, 3>>}",
       SET(fixture, TUPLE(fixture, a, fm_small(1)), TUPLE(fixture, b, fm_small(2), fm_small(3))));
#undef OF
    fm_shapes_free(shapes);
}

static void test_sets_close(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    struct fm_shapes *shapes = fm_shapes_new(context);
    fm_value p = model(fixture, "p"), q = model(fixture, "q");
    fm_value a = str(fixture, "a"), b = str(fixture, "b");
    const struct fm_shape *one = fm_shape_of_value(
        shapes, SET(fixture, TUPLE(fixture, a, p), TUPLE(fixture, a, q)));
    const struct fm_shape *two = fm_shape_of_value(shapes, SET(fixture, TUPLE(fixture, b, p)));
    const struct fm_shape *both = fm_shape_join(shapes, one, two);
    assert_int_equal(both->kind, FM_SHAPE_SET);
    assert_int_equal(both->value_count, 4); /* {"a", "b"} \X {p, q} */
    /* A universe that has the other's elements stays, whichever came first. */
    const struct fm_shape *first = fm_shape_of_value(shapes, SET(fixture, fm_small(7)));
    const struct fm_shape *second = fm_shape_set_of(shapes, fm_shape_int(shapes, 0, 99),
                                                    LIST(fm_small(7), fm_small(90)));
    assert_ptr_equal(fm_shape_join(shapes, first, second), second);
    const struct fm_shape *listed = fm_shape_set_of(shapes, fm_shape_int(shapes, 0, 99),
                                                    LIST(fm_small(3), fm_small(50), fm_small(9)));
    assert_ptr_equal(
        fm_shape_join(shapes, listed, fm_shape_of_value(shapes, SET(fixture, fm_small(50)))),
        listed);
    /* Too many to close: both lists. */
    const struct fm_shape *far = fm_shape_join(
        shapes, fm_shape_of_value(shapes, SET(fixture, fm_small(0))),
        fm_shape_of_value(shapes, SET(fixture, fm_small(1000000))));
    ASSERT_SHAPE(fixture, shapes, far, "SUBSET {0, 1000000}");
    assert_ptr_equal(fm_shape_set(shapes, fm_shape_int(shapes, 1, 1025)), fm_shape_any(shapes));
    assert_int_equal(fm_shape_set(shapes, fm_shape_int(shapes, 1, 1024))->size, 128);
    fm_shapes_free(shapes);
}

static void test_bounds(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    struct fm_shapes *shapes = fm_shapes_new(context);
    const struct fm_shape *any = fm_shape_any(shapes), *word = fm_shape_int(shapes, 0, 1 << 20);
    assert_ptr_equal(fm_shape_seq(shapes, word, 1024), any);
    assert_int_equal(fm_shape_seq(shapes, word, 1023)->size, 4096);
    assert_ptr_equal(fm_shape_fcn(shapes, range(fixture, 0, 1024), word), any);
    assert_ptr_equal(fm_shape_fcn(shapes, fm_set_constant(FM_KIND_NAT), word), any);
    const struct fm_shape *parts[65], *deep = word;
    for (uint32_t i = 0; i < 65; i++) {
        parts[i] = word;
    }
    assert_ptr_equal(fm_shape_tuple(shapes, parts, 65), any);
    assert_int_equal(fm_shape_tuple(shapes, parts, 64)->size, 256);
    for (uint32_t i = 0; i < 40; i++) {
        deep = fm_shape_tuple(shapes, &deep, 1);
    }
    assert_true(deep->has_any);
    fm_shapes_free(shapes);
}

/* --- the lattice --- */

#define POOL_COUNT 40u

struct pool {
    fm_value values[POOL_COUNT];
    const struct fm_shape *shapes[POOL_COUNT];
};

/* Values and their shapes; the second half joins of others. */
static void fill_pool(struct fixture *fixture, struct fm_shapes *shapes, struct pool *pool)
{
    for (uint32_t i = 0; i < POOL_COUNT; i++) {
        pool->values[i] = random_mixed(fixture, pick(fixture, 4));
        pool->shapes[i] = fm_shape_of_value(shapes, pool->values[i]);
        assert_true(fm_shape_has(shapes, pool->shapes[i], pool->values[i]));
        if (i >= POOL_COUNT / 2) {
            pool->shapes[i] = fm_shape_join(shapes, pool->shapes[i],
                                            pool->shapes[pick(fixture, i)]);
        }
    }
}

static void check_pair(struct fixture *fixture, struct fm_shapes *shapes, const struct pool *pool)
{
    uint32_t i = pick(fixture, POOL_COUNT), j = pick(fixture, POOL_COUNT);
    const struct fm_shape *a = pool->shapes[i], *b = pool->shapes[j];
    const struct fm_shape *join = fm_shape_join(shapes, a, b);
    assert_ptr_equal(join, fm_shape_join(shapes, b, a));
    assert_ptr_equal(fm_shape_join(shapes, a, a), a);
    assert_ptr_equal(fm_shape_join(shapes, join, join), join);
    assert_true(fm_shape_includes(shapes, a, a));
    assert_true(fm_shape_includes(shapes, join, a));
    assert_true(fm_shape_includes(shapes, join, b));
    assert_true(fm_shape_has(shapes, join, pool->values[i]));
    assert_true(fm_shape_has(shapes, join, pool->values[j]));
    assert_true(!fm_shape_includes(shapes, a, b) || fm_shape_has(shapes, a, pool->values[j]));
    const struct fm_shape *wide = fm_shape_widen(shapes, a, b);
    assert_true(fm_shape_includes(shapes, wide, a));
    assert_true(fm_shape_includes(shapes, wide, b));
    assert_ptr_equal(fm_shape_widen(shapes, wide, b), wide);
    assert_ptr_equal(fm_shape_join(shapes, fm_shape_none(shapes), a), a);
    assert_ptr_equal(fm_shape_join(shapes, fm_shape_any(shapes), a), fm_shape_any(shapes));
    const struct fm_shape *by_value = fm_shape_join_value(shapes, a, pool->values[j]);
    assert_true(fm_shape_includes(shapes, by_value, a));
    assert_true(fm_shape_has(shapes, by_value, pool->values[j]));
}

static void test_lattice_laws(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t round = 0; round < 150; round++) {
        struct fm_shapes *shapes = fm_shapes_new(&fixture->context);
        struct pool pool;
        fill_pool(fixture, shapes, &pool);
        for (uint32_t i = 0; i < 100; i++) {
            check_pair(fixture, shapes, &pool);
        }
        fm_shapes_free(shapes);
    }
}

/* --- kept for later runs --- */

/* The shape read back into another table, and every beginning of its bytes refused. */
static void check_kept(struct fixture *fixture, struct fm_shapes *shapes,
                       const struct fm_shape *shape)
{
    struct fm_text bytes = {0};
    assert_true(fm_shape_write(&fixture->context, shape, &bytes));
    struct fm_shapes *others = fm_shapes_new(&fixture->context);
    struct fm_shape_reader reader = {.at = bytes.at, .end = bytes.at + bytes.length};
    const struct fm_shape *read = fm_shape_read(others, &reader);
    assert_false(reader.failed);
    assert_ptr_equal(reader.at, reader.end);
    assert_int_equal(read->kind, shape->kind);
    assert_int_equal(read->bits, shape->bits);
    assert_int_equal(read->size, shape->size);
    assert_string_equal(shown_shape(fixture, others, read), shown_shape(fixture, shapes, shape));
    for (size_t length = 0; length < bytes.length; length += 1 + length / 8) {
        reader = (struct fm_shape_reader){.at = bytes.at, .end = bytes.at + length};
        assert_null(fm_shape_read(others, &reader));
        assert_true(reader.failed);
    }
    fm_shapes_free(others);
    fm_text_deinit(&bytes);
}

static void test_kept(void **state)
{
    struct fixture *fixture = *state;
    uint32_t kinds[FM_SHAPE_ANY + 1] = {0};
    for (uint32_t round = 0; round < 40; round++) {
        struct fm_shapes *shapes = fm_shapes_new(&fixture->context);
        struct pool pool;
        fill_pool(fixture, shapes, &pool);
        for (uint32_t i = 0; i < fm_shapes_count(shapes); i++) {
            kinds[fm_shapes_at(shapes, i)->kind]++;
            check_kept(fixture, shapes, fm_shapes_at(shapes, i));
        }
        fm_shapes_free(shapes);
    }
    for (uint32_t kind = 0; kind <= FM_SHAPE_ANY; kind++) {
        assert_true(kinds[kind] > 0);
    }
}

/* A string that this run has not made is no reason to make one: it would enter TLC's order. */
static void test_kept_strings_are_not_made(void **state)
{
    struct fixture *fixture = *state;
    struct fm_shapes *shapes = fm_shapes_new(&fixture->context);
    fm_value known = str(fixture, "known");
    struct fm_text bytes = {0};
    assert_true(fm_shape_write(&fixture->context, fm_shape_atom(shapes, &known, 1), &bytes));
    bytes.at[bytes.length - 1] = 'x';
    struct fm_shape_reader reader = {.at = bytes.at, .end = bytes.at + bytes.length};
    assert_null(fm_shape_read(shapes, &reader));
    assert_true(reader.failed);
    assert_null(fm_symbol_find(fixture->context.symbols, "knowx", 5));
    fm_text_deinit(&bytes);
    fm_shapes_free(shapes);
}

/* The sum's parts have no value in common. */
static void test_sums_are_disjoint(void **state)
{
    struct fixture *fixture = *state;
    uint32_t sums = 0;
    for (uint32_t round = 0; round < 100; round++) {
        struct fm_shapes *shapes = fm_shapes_new(&fixture->context);
        struct pool pool;
        fill_pool(fixture, shapes, &pool);
        for (uint32_t i = 0; i < fm_shapes_count(shapes); i++) {
            const struct fm_shape *sum = fm_shapes_at(shapes, i);
            assert_int_equal(sum->number, i);
            for (uint32_t v = 0; v < POOL_COUNT && sum->kind == FM_SHAPE_SUM; v++) {
                uint32_t parts = 0;
                for (uint32_t p = 0; p < sum->part_count; p++) {
                    assert_int_not_equal(sum->parts[p]->kind, FM_SHAPE_SUM);
                    parts += fm_shape_has(shapes, sum->parts[p], pool.values[v]);
                }
                assert_true(parts <= 1);
                assert_int_equal(parts, fm_shape_has(shapes, sum, pool.values[v]));
                sums++;
            }
        }
        fm_shapes_free(shapes);
    }
    assert_true(sums > 1000);
}

static void test_widening_ends(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    struct fm_shapes *shapes = fm_shapes_new(context);
    const struct fm_shape *counter = fm_shape_int(shapes, 0, 0), *queue = fm_shape_none(shapes);
    const struct fm_shape *map = fm_shape_none(shapes), *set = fm_shape_none(shapes);
    uint32_t changes = 0;
    for (int64_t n = 0; n < 5000; n++) {
        const struct fm_shape *one = fm_shape_int(shapes, n, n);
        const struct fm_shape *next[4] = {
            fm_shape_widen(shapes, counter, one),
            fm_shape_widen(shapes, queue, fm_shape_seq(shapes, one, (uint32_t)n)),
            fm_shape_widen(shapes, map, fm_shape_pfun(shapes, one, one)),
            fm_shape_widen(shapes, set, fm_shape_set(shapes, one))};
        changes += next[0] != counter || next[1] != queue || next[2] != map || next[3] != set;
        counter = next[0];
        queue = next[1];
        map = next[2];
        set = next[3];
    }
    ASSERT_SHAPE(fixture, shapes, counter, "0..32767");
    assert_ptr_equal(queue, fm_shape_any(shapes));
    assert_ptr_equal(map, fm_shape_any(shapes));
    assert_ptr_equal(set, fm_shape_any(shapes));
    assert_in_range(changes, 10, 40);
    fm_shapes_free(shapes);
}

/* --- enumeration --- */

static void check_enumeration(struct fixture *fixture, struct fm_shapes *shapes,
                              const struct fm_shape *shape)
{
    uint32_t count;
    const fm_value *values = fm_shape_enumerate(shapes, shape, 3000, &count);
    if (values == NULL) {
        assert_true(shape->has_any || shape->cardinality > 3000);
        return;
    }
    assert_int_equal(count, shape->cardinality);
    const struct fm_shape *set = fm_shape_set(shapes, shape);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(fm_shape_has(shapes, shape, values[i]));
        if (i > 0) {
            assert_true(fm_value_compare_total(&fixture->context, values[i - 1], values[i]) < 0);
        }
        if (i > 0 && set != fm_shape_any(shapes)) {
            assert_true(fm_value_compare(&fixture->context, values[i - 1], values[i]) < 0);
        }
        if (set != fm_shape_any(shapes)) {
            assert_int_equal(fm_shape_position(shapes, set, values[i]), i);
        }
    }
}

static void test_enumeration(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t round = 0; round < 60; round++) {
        struct fm_shapes *shapes = fm_shapes_new(&fixture->context);
        struct pool pool;
        fill_pool(fixture, shapes, &pool);
        uint32_t count = fm_shapes_count(shapes);
        for (uint32_t i = 0; i < count; i++) {
            check_enumeration(fixture, shapes, fm_shapes_at(shapes, i));
        }
        fm_shapes_free(shapes);
    }
}

/* All values of a shape joined are a shape that has them all, and no sets beside. */
static void test_enumeration_examples(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    struct fm_shapes *shapes = fm_shapes_new(context);
    const struct fm_shape *bit = fm_shape_int(shapes, 0, 1);
    uint32_t count;
    const fm_value *values = fm_shape_enumerate(shapes, fm_shape_seq(shapes, bit, 2), 7, &count);
    ASSERT_SHOWN(fixture, fm_set_normal(context, values, count),
                 "{<<>>, <<0>>, <<1>>, <<0, 0>>, <<0, 1>>, <<1, 0>>, <<1, 1>>}");
    values = fm_shape_enumerate(shapes, fm_shape_pfun(shapes, bit, bit), 100, &count);
    ASSERT_SHOWN(fixture, fm_set_normal(context, values, count),
                 "{<<>>, (0 :> 0), (0 :> 1), <<0>>, <<1>>, (0 :> 0 @@ 1 :> 0), "
                 "(0 :> 0 @@ 1 :> 1), (0 :> 1 @@ 1 :> 0), (0 :> 1 @@ 1 :> 1)}");
    values = fm_shape_enumerate(shapes, fm_shape_set(shapes, fm_shape_int(shapes, 1, 3)), 8,
                                &count);
    ASSERT_SHOWN(fixture, fm_set_normal(context, values, count),
                 "{{}, {1}, {2}, {3}, {1, 2}, {1, 3}, {2, 3}, {1, 2, 3}}");
    assert_null(fm_shape_enumerate(shapes, bit, 1, &count));
    assert_null(fm_shape_enumerate(shapes, fm_shape_any(shapes), UINT32_MAX, &count));
    assert_non_null(fm_shape_enumerate(shapes, fm_shape_none(shapes), 0, &count));
    assert_int_equal(count, 0);
    fm_shapes_free(shapes);
}

/* --- hints --- */

static void test_elements_of_lazy_sets(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    struct fm_shapes *shapes = fm_shapes_new(context);
    fm_value p = model(fixture, "p"), q = model(fixture, "q"), procs = SET(fixture, p, q);
    fm_value nat = fm_set_constant(FM_KIND_NAT), bits = range(fixture, 0, 1);
    const struct fm_symbol *names[] = {fm_symbol_of(context->symbols, "who"),
                                       fm_symbol_of(context->symbols, "bit")};
    fm_value messages = fm_recset(context, names, LIST(procs, bits));
#define ELEMENTS(set, expected)                                                                    \
    ASSERT_SHAPE(fixture, shapes, fm_shape_of_elements(shapes, set), expected)
    ELEMENTS(fm_booleans(), "BOOLEAN");
    ELEMENTS(range(fixture, 3, 9), "3..9");
    ELEMENTS(fm_fcnset(context, procs, bits), "[{p, q} -> 0..1]");
    ELEMENTS(fm_fcnset(context, range(fixture, 1, 3), fm_booleans()), "[1..3 -> BOOLEAN]");
    ELEMENTS(messages, "[who: {p, q}, bit: 0..1]");
    ELEMENTS(fm_subsets(context, procs), "SUBSET {p, q}");
    ELEMENTS(fm_cross(context, LIST(procs, bits)), "({p, q} \\X 0..1)");
    ELEMENTS(fm_set_union(context, fm_fcnset(context, procs, bits), bits),
             "(0..1 | [{p, q} -> 0..1])");
    ELEMENTS(fm_set_big_union(context, SET(fixture, bits, range(fixture, 5, 6))), "0..6");
    ELEMENTS(fm_set_difference(context, fm_subsets(context, procs), SET(fixture, fm_set_empty())),
             "SUBSET {p, q}");
    ELEMENTS(fm_fcnset(context, fm_set_empty(), nat), "Seq(NONE, 0)");
    assert_int_equal(fm_shape_of_elements(shapes, fm_subsets(context, messages))->value_count, 4);
    ELEMENTS(fm_set_intersection(context, fm_seqs(context, bits),
                                 fm_fcnset(context, range(fixture, 1, 2), bits)),
             "[1..2 -> 0..1]");
#undef ELEMENTS
    assert_null(fm_shape_of_elements(shapes, fm_fcnset(context, range(fixture, 0, 5000), bits)));
    assert_null(fm_shape_of_elements(shapes, nat));
    assert_null(fm_shape_of_elements(shapes, fm_seqs(context, bits)));
    assert_null(fm_shape_of_elements(shapes, fm_fcnset(context, procs, nat)));
    assert_null(fm_shape_of_elements(shapes, fm_set_constant(FM_KIND_STRINGS)));
    assert_null(fm_shape_of_elements(shapes, fm_subsets(context, range(fixture, 1, 5000))));
    assert_null(fm_shape_of_elements(shapes, p));
    fm_shapes_free(shapes);
}

static void test_elements_have_the_shape(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    uint32_t known = 0;
    for (uint32_t round = 0; round < 400; round++) {
        struct fm_shapes *shapes = fm_shapes_new(context);
        struct type element = *random_type(fixture, 1),
                    set = {.kind = TREE_SET, .argument = &element};
        fm_value a = random_uniform(fixture, &set), b = random_uniform(fixture, &set);
        const struct fm_symbol *names[] = {fm_symbol_of(context->symbols, "f"),
                                           fm_symbol_of(context->symbols, "g")};
        fm_value sets[] = {
            a,
            fm_subsets(context, a),
            fm_fcnset(context, a, b),
            fm_cross(context, LIST(a, b, a)),
            fm_recset(context, names, LIST(b, a)),
            fm_set_union(context, fm_subsets(context, a), fm_subsets(context, b)),
            fm_set_difference(context, fm_subsets(context, a), SET(fixture, b)),
            fm_set_intersection(context, fm_subsets(context, a), fm_subsets(context, b))};
        for (uint32_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
            const struct fm_shape *shape = fm_shape_of_elements(shapes, sets[i]);
            uint32_t count;
            const fm_value *elements = fm_set_elements(context, sets[i], &count);
            for (uint32_t e = 0; e < count && shape != NULL; e++) {
                assert_true(fm_shape_has(shapes, shape, elements[e]));
            }
            known += shape != NULL;
        }
        fm_shapes_free(shapes);
    }
    assert_true(known > 2000);
}

/* --- determinism --- */

/* Every shape of a table, in order, as text. */
static char *record_run(uint64_t seed, uint32_t wasted)
{
    void *state;
    tree_setup(&state);
    struct fixture *fixture = state;
    fm_random_seed(&fixture->random, seed);
    (void)fm_arena_alloc(&fixture->arena, wasted); /* other addresses */
    struct fm_shapes *shapes = fm_shapes_new(&fixture->context);
    struct pool pool;
    struct fm_text text = {0};
    for (uint32_t round = 0; round < 10; round++) {
        fill_pool(fixture, shapes, &pool);
    }
    for (uint32_t i = 0; i < fm_shapes_count(shapes); i++) {
        const struct fm_shape *shape = fm_shapes_at(shapes, i);
        fm_text_printf(&text, "%u %u %u %u ", i, shape->size, shape->align, shape->bits);
        fm_shape_print(shapes, shape, &text);
        fm_text_putc(&text, '\n');
    }
    fm_shapes_free(shapes);
    fixture_teardown(&state);
    return text.at;
}

static void test_determinism(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        char *one = record_run(seed, 16), *two = record_run(seed, 4096 * 7 + 32);
        assert_string_equal(one, two);
        assert_true(strlen(one) > 10000);
        fm_memory_free(one);
        fm_memory_free(two);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_shapes_of_values, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_sets_close, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_bounds, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_lattice_laws, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_kept, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_kept_strings_are_not_made, tree_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_sums_are_disjoint, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_widening_ends, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_enumeration, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_enumeration_examples, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_elements_of_lazy_sets, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_elements_have_the_shape, tree_setup, fixture_teardown),
        cmocka_unit_test(test_determinism),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
