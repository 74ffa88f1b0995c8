/* Layouts: boxing and unboxing, canonical bytes, packing, agreement with the C compiler, and the
 * dictionary under several threads. */
#include "native/layout.h"
#include "native_values.h"

#include "value/order.h"
#include "value/set.h"

#include <pthread.h>
#include <stddef.h>

/* --- round trips --- */

#define VALUE_COUNT 12u
#define DIRT 0xa5

struct run {
    struct fixture *fixture;
    struct fm_shapes *shapes;
    struct fm_dictionary *dictionary;
    fm_value values[VALUE_COUNT];
    fm_value same[VALUE_COUNT]; /* equal, built another way */
};

/* Values that specifications would put into one variable: mostly of one type, some of others. */
static void fill_run(struct run *run)
{
    struct fixture *fixture = run->fixture;
    struct type *type = random_type(fixture, 3);
    uint32_t mixed = pick(fixture, 4);
    for (uint32_t i = 0; i < VALUE_COUNT; i++) {
        if (pick(fixture, 4) < mixed) {
            run->values[i] = random_mixed(fixture, 3);
            run->same[i] = fm_value_copy(&fixture->context, run->values[i]);
        } else {
            struct tree *tree = random_tree(fixture, type);
            run->values[i] = build(fixture, tree);
            run->same[i] = build(fixture, tree);
        }
    }
}

static uint8_t *unboxed(struct run *run, const struct fm_shape *shape, fm_value v)
{
    uint8_t *bytes = fm_arena_alloc(&run->fixture->arena, shape->size + 16);
    memset(bytes, DIRT, shape->size + 16);
    assert_true(fm_layout_unbox(&run->fixture->context, run->dictionary, shape, v, bytes));
    for (uint32_t i = 0; i < 16; i++) {
        assert_int_equal(bytes[shape->size + i], DIRT);
    }
    return bytes;
}

static bool equal_values(struct run *run, fm_value a, fm_value b)
{
    return fm_value_compare_total(&run->fixture->context, a, b) == 0;
}

static void check_value(struct run *run, const struct fm_shape *shape, uint32_t i)
{
    struct fm_value_context *context = &run->fixture->context;
    assert_true(fm_shape_has(run->shapes, shape, run->values[i]));
    uint8_t *bytes = unboxed(run, shape, run->values[i]);
    fm_value back = fm_layout_box(context, run->dictionary, shape, bytes);
    assert_true(equal_values(run, back, run->values[i]));
    assert_true(
        fm_digest_equal(fm_value_digest(context, back), fm_value_digest(context, run->values[i])));
    assert_memory_equal(unboxed(run, shape, run->same[i]), bytes, shape->size);
    assert_memory_equal(unboxed(run, shape, back), bytes, shape->size);
    for (uint32_t j = 0; j < i; j++) {
        bool same = memcmp(unboxed(run, shape, run->values[j]), bytes, shape->size) == 0;
        assert_int_equal(same, equal_values(run, run->values[i], run->values[j]));
    }
}

static void check_packing(struct run *run, const struct fm_shape *const *variables, uint32_t count)
{
    struct fm_layout *layout = fm_layout_new(run->shapes, variables, count);
    uint8_t *state = fm_arena_calloc(&run->fixture->arena, 1, layout->size + 1);
    uint8_t *back = fm_arena_alloc(&run->fixture->arena, layout->size + 1);
    uint32_t size = fm_layout_packed_size(layout);
    uint8_t *packed = fm_arena_alloc(&run->fixture->arena, size + 1);
    for (uint32_t i = 0; i < VALUE_COUNT; i++) {
        for (uint32_t v = 0; v < count; v++) {
            assert_int_equal(layout->offsets[v] % variables[v]->align, 0);
            assert_true(fm_layout_unbox(&run->fixture->context, run->dictionary, variables[v],
                                        run->values[(i + v) % VALUE_COUNT],
                                        state + layout->offsets[v]));
        }
        packed[size] = DIRT;
        back[layout->size] = DIRT;
        fm_layout_pack(layout, state, packed);
        fm_layout_unpack(layout, packed, back);
        assert_int_equal(packed[size], DIRT);
        assert_int_equal(back[layout->size], DIRT);
        assert_memory_equal(back, state, layout->size);
    }
}

static void check_leaves(const struct fm_layout *layout)
{
    uint32_t bit = 0, bits = 0;
    for (uint32_t i = 0; i < layout->leaf_count; i++) {
        const struct fm_leaf *leaf = &layout->leaves[i];
        assert_true(leaf->bit >= bit);
        assert_true(leaf->bits == 0 || leaf->bit / 64 == (leaf->bit + leaf->bits - 1) / 64);
        assert_true(leaf->bits > 0 || leaf->bias != 0);
        assert_true(leaf->offset + leaf->width <= layout->size);
        bit = leaf->bit + leaf->bits;
        bits += leaf->bits;
    }
    assert_int_equal(layout->bits, bit);
    uint32_t expected = 0;
    for (uint32_t v = 0; v < layout->variable_count; v++) {
        expected += layout->variables[v]->bits;
    }
    assert_int_equal(bits, expected);
}

static void test_round_trips(void **state)
{
    struct fixture *fixture = *state;
    uint32_t boxed = 0;
    for (uint32_t round = 0; round < 1200; round++) {
        struct fm_arena_mark mark = fm_arena_mark(&fixture->arena);
        struct run run = {.fixture = fixture,
                          .shapes = fm_shapes_new(&fixture->context),
                          .dictionary = fm_dictionary_new()};
        fill_run(&run);
        const struct fm_shape *all = fm_shape_none(run.shapes);
        for (uint32_t i = 0; i < VALUE_COUNT; i++) {
            all = fm_shape_join(run.shapes, all, fm_shape_of_value(run.shapes, run.values[i]));
        }
        const struct fm_shape *wide = fm_shape_widen(
            run.shapes, fm_shape_of_value(run.shapes, run.values[0]), all);
        for (uint32_t i = 0; i < VALUE_COUNT; i++) {
            check_value(&run, all, i);
            check_value(&run, wide, i);
            check_value(&run, fm_shape_any(run.shapes), i);
        }
        const struct fm_shape *variables[] = {all, fm_shape_bool(run.shapes), wide, all};
        variables[1] = all;
        check_packing(&run, variables, 4);
        check_leaves(fm_layout_new(run.shapes, variables, 4));
        boxed += all->kind == FM_SHAPE_ANY;
        fm_dictionary_free(run.dictionary);
        fm_shapes_free(run.shapes);
        fm_arena_release(&fixture->arena, mark);
    }
    assert_in_range(boxed, 1, 600); /* most have a shape of their own */
}

/* All values of the shape, packed and unpacked, differ and come back. */
static uint32_t check_all(struct run *run, const struct fm_shape *shape)
{
    struct fixture *fixture = run->fixture;
    uint32_t count;
    const fm_value *values = fm_shape_enumerate(run->shapes, shape, 400, &count);
    struct fm_layout *layout = fm_layout_new(run->shapes, &shape, 1);
    uint32_t size = fm_layout_packed_size(layout);
    uint8_t *packed = fm_arena_calloc(&fixture->arena, count + 1, size + 1);
    uint8_t *back = fm_arena_alloc(&fixture->arena, shape->size + 1);
    for (uint32_t i = 0; i < count && values != NULL; i++) {
        uint8_t *bytes = unboxed(run, shape, values[i]);
        assert_true(
            equal_values(run, fm_layout_box(&fixture->context, NULL, shape, bytes), values[i]));
        fm_layout_pack(layout, bytes, packed + i * size);
        fm_layout_unpack(layout, packed + i * size, back);
        assert_memory_equal(back, bytes, shape->size);
        for (uint32_t j = 0; j < i; j++) {
            assert_memory_not_equal(packed + i * size, packed + j * size, size);
        }
    }
    return count;
}

/* What is absent is zero, though zero is none of the values. */
static void test_absent_parts(void **state)
{
    struct fixture *fixture = *state;
    struct run run = {.fixture = fixture, .shapes = fm_shapes_new(&fixture->context)};
    struct fm_shapes *shapes = run.shapes;
    static const int64_t ranges[][2] = {{5, 8},  {3, 3},     {-7, -5},
                                        {-1, 1}, {200, 203}, {-129, -128}};
    for (uint32_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        const struct fm_shape *n = fm_shape_int(shapes, ranges[i][0], ranges[i][1]);
        const struct fm_shape *pair[] = {n, fm_shape_bool(shapes)};
        const struct fm_shape *tuple = fm_shape_tuple(shapes, pair, 2);
        const struct fm_shape *keys = fm_shape_int(shapes, 4, 6);
        assert_int_equal(check_all(&run, n), n->cardinality);
        assert_int_equal(check_all(&run, tuple), tuple->cardinality);
        assert_true(check_all(&run, fm_shape_seq(shapes, n, 3)) > 3);
        assert_true(check_all(&run, fm_shape_pfun(shapes, keys, n)) > 3);
        assert_true(check_all(&run, fm_shape_join(shapes, tuple, n)) > 2);
        assert_true(check_all(&run, fm_shape_seq(shapes, fm_shape_join(shapes, tuple, n), 2)) > 2);
    }
    fm_shapes_free(shapes);
}

/* Every value of small random shapes; what is not of the shape is refused. */
static void test_exhaustive(void **state)
{
    struct fixture *fixture = *state;
    uint32_t seen = 0;
    for (uint32_t round = 0; round < 300; round++) {
        struct fm_arena_mark mark = fm_arena_mark(&fixture->arena);
        struct run run = {.fixture = fixture, .shapes = fm_shapes_new(&fixture->context)};
        const struct fm_shape *shape = fm_shape_none(run.shapes);
        for (uint32_t i = 0; i < 3; i++) {
            shape = fm_shape_join(run.shapes, shape,
                                  fm_shape_of_value(run.shapes, random_mixed(fixture, 2)));
        }
        seen += check_all(&run, shape);
        uint32_t count;
        const fm_value *values = fm_shape_enumerate(run.shapes, shape, 400, &count);
        fm_value other = random_mixed(fixture, 2);
        uint8_t scratch[FM_SHAPE_SIZE_MAX];
        bool has = false;
        for (uint32_t i = 0; i < count && values != NULL; i++) {
            has = has || equal_values(&run, values[i], other);
        }
        assert_true(values == NULL ||
                    has == fm_layout_unbox(&fixture->context, NULL, shape, other, scratch));
        fm_shapes_free(run.shapes);
        fm_arena_release(&fixture->arena, mark);
    }
    assert_true(seen > 500);
}

/* --- agreement with the C compiler --- */

struct record {
    uint8_t flag;
    int32_t number;
    uint8_t atom;
};

struct queue {
    uint8_t length;
    struct record at[5];
};

struct partial {
    uint16_t has;
    struct queue at[9];
};

struct large_set {
    uint64_t w[2];
};

struct sum {
    uint8_t tag;
    int8_t p0;
    struct large_set p1;
};

struct variables {
    uint8_t p0;
    struct partial p1;
    struct sum p2;
    int64_t p3;
};

static void test_layout_is_that_of_c(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    struct fm_shapes *shapes = fm_shapes_new(context);
    fm_value a = str(fixture, "zeta"), b = str(fixture, "a"), c = str(fixture, "b");
    const struct fm_shape *parts[] = {fm_shape_bool(shapes), fm_shape_int(shapes, 5, 70000),
                                      fm_shape_atom(shapes, LIST(model(fixture, "p")))};
    const struct fm_shape *record = fm_shape_record(shapes, SET(fixture, a, b, c), parts);
    const struct fm_shape *queue = fm_shape_seq(shapes, record, 5);
    const struct fm_shape *partial = fm_shape_pfun(shapes, fm_shape_int(shapes, 0, 8), queue);
    const struct fm_shape *set = fm_shape_set(shapes, fm_shape_int(shapes, 1, 100));
    const struct fm_shape *sum = fm_shape_join(shapes, set, fm_shape_int(shapes, -1, 1));
    const struct fm_shape *variables[] = {fm_shape_bool(shapes), partial, sum,
                                          fm_shape_int(shapes, 0, INT64_C(1) << 40)};
    const struct fm_layout *layout = fm_layout_new(shapes, variables, 4);
    assert_int_equal(record->size, sizeof(struct record));
    assert_int_equal(record->offsets[1], offsetof(struct record, number));
    assert_int_equal(record->offsets[2], offsetof(struct record, atom));
    assert_int_equal(record->bits, 1 + 17 + 0);
    assert_int_equal(queue->size, sizeof(struct queue));
    assert_int_equal(queue->offsets[0], offsetof(struct queue, at));
    assert_int_equal(partial->size, sizeof(struct partial));
    assert_int_equal(partial->offsets[0], offsetof(struct partial, at));
    assert_int_equal(set->size, sizeof(struct large_set));
    assert_int_equal(set->align, _Alignof(struct large_set));
    assert_int_equal(sum->size, sizeof(struct sum));
    assert_int_equal(sum->offsets[0], offsetof(struct sum, p0));
    assert_int_equal(sum->offsets[1], offsetof(struct sum, p1));
    assert_int_equal(layout->size, sizeof(struct variables));
    assert_int_equal(layout->align, _Alignof(struct variables));
    assert_int_equal(layout->offsets[1], offsetof(struct variables, p1));
    assert_int_equal(layout->offsets[2], offsetof(struct variables, p2));
    assert_int_equal(layout->offsets[3], offsetof(struct variables, p3));
    check_leaves(layout);

    struct queue bytes;
    fm_value one = fm_fcn(context, SET(fixture, a, b, c),
                          LIST(fm_bool(true), fm_small(70000), model(fixture, "p")));
    assert_true(fm_layout_unbox(context, NULL, queue, TUPLE(fixture, one, one), &bytes));
    struct queue expected;
    memset(&expected, 0, sizeof expected);
    expected.length = 2;
    expected.at[0].flag = expected.at[1].flag = 1;
    expected.at[0].number = expected.at[1].number = 70000;
    assert_memory_equal(&bytes, &expected, sizeof bytes);
    fm_shapes_free(shapes);
}

/* --- the dictionary --- */

#define THREAD_COUNT 4u
#define SHARED_COUNT 20000u

struct worker {
    struct fm_dictionary *dictionary;
    struct fm_symbols *symbols;
    uint32_t seed;
    uint32_t numbers[SHARED_COUNT];
};

static _Noreturn void worker_raise(struct fm_value_context *context, struct fm_value_error error)
{
    (void)context;
    (void)error;
    abort();
}

/* The n-th of many values. */
static fm_value shared_value(struct fm_value_context *context, uint32_t n)
{
    const fm_value parts[] = {fm_small(n % 7), fm_interval(context, fm_small(0), fm_small(n))};
    return n % 3 == 0 ? fm_small((int64_t)n) : fm_tuple(context, parts, 1 + n % 2);
}

static void *work(void *closure)
{
    struct worker *worker = closure;
    struct fm_arena arena;
    struct fm_random random;
    fm_arena_init(&arena, "worker");
    fm_random_seed(&random, worker->seed);
    struct fm_value_context context = {.arena = &arena,
                                       .symbols = worker->symbols,
                                       .raise = worker_raise,
                                       .set_size_max = 1000000};
    memset(worker->numbers, 0xff, sizeof worker->numbers);
    for (uint32_t i = 0; i < 4 * SHARED_COUNT; i++) {
        struct fm_arena_mark mark = fm_arena_mark(&arena);
        uint32_t n = i < 3 * SHARED_COUNT ? (uint32_t)fm_random_below(&random, SHARED_COUNT)
                                          : i - 3 * SHARED_COUNT;
        fm_value v = shared_value(&context, n);
        uint32_t number = fm_dictionary_number(worker->dictionary, &context, v);
        fm_value kept = fm_dictionary_value(worker->dictionary, number);
        if (!fm_value_equal(&context, kept, v) ||
            (worker->numbers[n] != UINT32_MAX && worker->numbers[n] != number) ||
            !fm_digest_equal(fm_dictionary_digest(worker->dictionary, number),
                             fm_value_digest(&context, v))) {
            abort();
        }
        worker->numbers[n] = number;
        fm_arena_release(&arena, mark);
    }
    fm_arena_deinit(&arena);
    return NULL;
}

static void test_dictionary_of_threads(void **state)
{
    struct fixture *fixture = *state;
    struct fm_dictionary *dictionary = fm_dictionary_new();
    struct worker *workers = calloc(THREAD_COUNT, sizeof *workers);
    pthread_t threads[THREAD_COUNT];
    for (uint32_t i = 0; i < THREAD_COUNT; i++) {
        workers[i].dictionary = dictionary;
        workers[i].symbols = fixture->context.symbols;
        workers[i].seed = i + 1;
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (uint32_t i = 0; i < THREAD_COUNT; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    uint32_t largest = 0;
    for (uint32_t n = 0; n < SHARED_COUNT; n++) {
        for (uint32_t i = 1; i < THREAD_COUNT; i++) {
            assert_int_equal(workers[i].numbers[n], workers[0].numbers[n]);
        }
        largest = workers[0].numbers[n] > largest ? workers[0].numbers[n] : largest;
    }
    /* n % 3 == 1 and n even: one part, n % 7 alone tells; the others all differ. */
    assert_true(largest < SHARED_COUNT);
    free(workers);
    fm_dictionary_free(dictionary);
}

static void test_dictionary_of_representations(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    struct fm_dictionary *dictionary = fm_dictionary_new();
    for (uint32_t round = 0; round < 2000; round++) {
        struct fm_arena_mark mark = fm_arena_mark(&fixture->arena);
        struct tree *tree = random_tree(fixture, random_type(fixture, 3));
        uint32_t number = fm_dictionary_number(dictionary, context, build(fixture, tree));
        assert_int_equal(number, fm_dictionary_number(dictionary, context, build(fixture, tree)));
        fm_arena_release(&fixture->arena, mark);
        fm_value kept = fm_dictionary_value(dictionary, number);
        assert_int_equal(number, fm_dictionary_number(dictionary, context, kept));
        assert_true(!fm_is_object(kept) || (fm_value_object(kept)->flags & FM_OBJECT_FROZEN) != 0);
    }
    ASSERT_RAISES(fixture, FM_CODE_4017,
                  fm_dictionary_number(dictionary, context, fm_set_constant(FM_KIND_NAT)));
    fm_dictionary_free(dictionary);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_round_trips),
        TEST(test_absent_parts),
        TEST(test_exhaustive),
        TEST(test_layout_is_that_of_c),
        TEST(test_dictionary_of_threads),
        TEST(test_dictionary_of_representations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
