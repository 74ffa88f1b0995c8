/* Order, equality, digests and the encoding, held against naive values and against each other. */
#include "value/object.h"
#include "value_build.h"

#include <stdio.h>

/* Pairs compared in the test of digests (about a second); FATHOM_TEST_PAIRS overrides. */
#define PAIRS_DEFAULT 10000000

/* Values of one random type, each with its naive form, sorted into classes of equality. */
struct pool {
    uint32_t count;
    const struct tree **trees;
    fm_value *values;
    struct fm_digest *digests;
    uint32_t *classes;
};

static struct pool make_pool(struct fixture *fixture, uint32_t count, uint32_t depth)
{
    struct pool pool = {.count = count};
    pool.trees = fm_arena_calloc(&fixture->arena, count, sizeof *pool.trees);
    pool.values = fm_arena_calloc(&fixture->arena, count, sizeof *pool.values);
    pool.digests = fm_arena_calloc(&fixture->arena, count, sizeof *pool.digests);
    pool.classes = fm_arena_calloc(&fixture->arena, count, sizeof *pool.classes);
    const struct type *type = random_type(fixture, depth);
    for (uint32_t i = 0; i < count; i++) {
        pool.trees[i] = random_tree(fixture, type);
        pool.values[i] = build(fixture, pool.trees[i]);
        if (pick(fixture, 2) == 0) {
            pool.digests[i] = fm_value_digest(&fixture->context, pool.values[i]);
        }
        pool.classes[i] = i;
        for (uint32_t j = 0; j < i; j++) {
            if (tree_compare(fixture, pool.trees[i], pool.trees[j]) == 0) {
                pool.classes[i] = pool.classes[j];
                break;
            }
        }
    }
    return pool;
}

static void test_order_is_the_naive_order(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    for (uint32_t round = 0; round < 60; round++) {
        struct fm_arena_mark mark = fm_arena_mark(&fixture->arena);
        struct pool pool = make_pool(fixture, 60, 3);
        for (uint32_t i = 0; i < pool.count; i++) {
            for (uint32_t j = 0; j < pool.count; j++) {
                int expected = tree_compare(fixture, pool.trees[i], pool.trees[j]);
                fm_value a = pool.values[i], b = pool.values[j];
                assert_int_equal(sign(fm_value_compare(context, a, b)), expected);
                assert_int_equal(sign(fm_value_compare_total(context, a, b)), expected);
                assert_int_equal(fm_value_equal(context, a, b), expected == 0);
            }
        }
        fm_arena_release(&fixture->arena, mark);
    }
}

static uint64_t pairs_wanted(void)
{
    const char *text = getenv("FATHOM_TEST_PAIRS");
    return text != NULL ? strtoull(text, NULL, 10) : PAIRS_DEFAULT;
}

static void test_digests_agree_with_equality(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    uint64_t pairs = 0, equal = 0;
    while (pairs < pairs_wanted()) {
        struct fm_arena_mark mark = fm_arena_mark(&fixture->arena);
        struct pool pool = make_pool(fixture, 400, 1 + pick(fixture, 3));
        for (uint32_t i = 0; i < pool.count; i++) {
            pool.digests[i] = fm_value_digest(context, pool.values[i]);
        }
        for (uint32_t i = 0; i < pool.count; i++) {
            for (uint32_t j = i + 1; j < pool.count; j++) {
                bool same = pool.classes[i] == pool.classes[j];
                assert_int_equal(fm_value_equal(context, pool.values[i], pool.values[j]), same);
                assert_int_equal(fm_digest_equal(pool.digests[i], pool.digests[j]), same);
                assert_int_equal(pool.digests[i].low == pool.digests[j].low, same);
                assert_int_equal(pool.digests[i].high == pool.digests[j].high, same);
                pairs++;
                equal += same;
            }
        }
        fm_arena_release(&fixture->arena, mark);
    }
    assert_true(equal > pairs / 1000); /* equality of different objects was really tested */
}

static void test_sums_do_not_cancel(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value one = fm_small(1), two = fm_small(2), three = fm_small(3);
    fm_value a = SET(fixture, SET(fixture, one), SET(fixture, two, three));
    fm_value b = SET(fixture, SET(fixture, two), SET(fixture, one, three));
    assert_false(fm_digest_equal(fm_value_digest(context, a), fm_value_digest(context, b)));
    a = TUPLE(fixture, one, two);
    b = TUPLE(fixture, two, one);
    assert_false(fm_digest_equal(fm_value_digest(context, a), fm_value_digest(context, b)));
    /* "s" and the model value s differ, also when both sorts are swapped between sets. */
    a = SET(fixture, str(fixture, "s"), str(fixture, "t"));
    b = SET(fixture, model(fixture, "s"), model(fixture, "t"));
    assert_false(fm_digest_equal(fm_value_digest(context, a), fm_value_digest(context, b)));
    a = TUPLE(fixture, str(fixture, "s"), model(fixture, "t"));
    b = TUPLE(fixture, model(fixture, "s"), str(fixture, "t"));
    assert_false(fm_digest_equal(fm_value_digest(context, a), fm_value_digest(context, b)));
}

/* All sets of small integers with up to four elements out of 40, and tuples likewise: no collisions
 * in either lane. Linear structure in the digest of integers would show here. */
static int compare_words(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void test_small_sets_do_not_collide(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    struct fm_set_cursor cursor;
    fm_value subset, base = range(fixture, -10, 29);
    uint64_t *lows = calloc(200000, sizeof *lows), *highs = calloc(200000, sizeof *highs);
    uint32_t count = 0;
    for (uint32_t size = 0; size <= 4; size++) {
        fm_set_begin(context, &cursor, fm_ksubsets(context, size, base), FM_SET_RAW);
        while (fm_set_next(context, &cursor, &subset)) {
            struct fm_digest digest = fm_value_digest(context, subset);
            lows[count] = digest.low;
            highs[count++] = digest.high;
        }
    }
    assert_int_equal(count, 1 + 40 + 780 + 9880 + 91390);
    qsort(lows, count, sizeof *lows, compare_words);
    qsort(highs, count, sizeof *highs, compare_words);
    for (uint32_t i = 1; i < count; i++) {
        assert_true(lows[i] != lows[i - 1]);
        assert_true(highs[i] != highs[i - 1]);
    }
    free(lows);
    free(highs);
}

static void encode(struct fixture *fixture, fm_value v, struct fm_text *out)
{
    fm_text_clear(out);
    fm_value_encode(&fixture->context, v, out);
}

static void check_encoding(struct fixture *fixture, struct fm_arena *other, fm_value v,
                           struct fm_text *first)
{
    struct fm_value_context *context = &fixture->context;
    struct fm_text second = {0};
    encode(fixture, v, first);
    context->arena = other;
    const uint8_t *at = (const uint8_t *)first->at, *skipped = at;
    fm_value back = fm_value_decode(context, &at);
    assert_ptr_equal(at, (const uint8_t *)first->at + first->length);
    fm_value_skip(context, &skipped);
    assert_ptr_equal(at, skipped);
    assert_true(fm_value_equal(context, v, back));
    assert_int_equal(fm_value_compare(context, v, back), 0);
    assert_true(fm_digest_equal(fm_value_digest(context, v), fm_value_digest(context, back)));
    encode(fixture, back, &second);
    assert_int_equal(first->length, second.length);
    assert_memory_equal(first->at, second.at, second.length);
    context->arena = &fixture->arena;
    fm_text_deinit(&second);
}

static void check_pool_encodings(struct fixture *fixture, const struct pool *pool)
{
    struct fm_arena other;
    fm_arena_init(&other, "decoded");
    struct fm_text *texts = calloc(pool->count, sizeof *texts);
    for (uint32_t i = 0; i < pool->count; i++) {
        check_encoding(fixture, &other, pool->values[i], &texts[i]);
    }
    for (uint32_t i = 0; i < pool->count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            bool same = texts[i].length == texts[j].length &&
                        memcmp(texts[i].at, texts[j].at, texts[i].length) == 0;
            assert_int_equal(same, pool->classes[i] == pool->classes[j]);
        }
    }
    for (uint32_t i = 0; i < pool->count; i++) {
        fm_text_deinit(&texts[i]);
    }
    free(texts);
    fm_arena_deinit(&other);
}

static void test_encoding_is_canonical(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t round = 0; round < 60; round++) {
        struct fm_arena_mark mark = fm_arena_mark(&fixture->arena);
        struct pool pool = make_pool(fixture, 60, 3);
        check_pool_encodings(fixture, &pool);
        fm_arena_release(&fixture->arena, mark);
    }
}

static void test_encoding_with_constants(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    struct fm_constants *constants = fm_constants_new();
    for (uint32_t i = 0; i < 100; i++) { /* domains of random functions, hit by the pools below */
        fm_value set = build(
            fixture, random_tree(fixture, &(struct type){.kind = TREE_SET,
                                                         .argument = random_type(fixture, 1)}));
        fm_value entered = fm_constants_add(context, constants, set);
        assert_true(fm_value_equal(context, set, entered));
    }
    assert_true(fm_constants_count(constants) > 40);
    fm_constants_add_symbols(context, constants);
    context->constants = constants;
    for (uint32_t round = 0; round < 60; round++) {
        struct fm_arena_mark mark = fm_arena_mark(&fixture->arena);
        struct pool pool = make_pool(fixture, 60, 3);
        check_pool_encodings(fixture, &pool);
        fm_arena_release(&fixture->arena, mark);
    }
    context->constants = NULL;
    fm_constants_free(constants);
}

static void test_constant_domains_are_shared(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    struct fm_constants *constants = fm_constants_new();
    fm_value p = model(fixture, "p1"), q = model(fixture, "p2");
    fm_value domain = fm_constants_add(context, constants, SET(fixture, p, q));
    assert_true(fm_value_same(fm_constants_add(context, constants, SET(fixture, q, p)), domain));
    assert_int_equal(fm_constants_count(constants), 1);
    context->constants = constants;
    fm_value f = fm_fcn(context, SET(fixture, q, p, q), LIST(fm_small(5), fm_small(7)));
    struct fm_text text = {0};
    encode(fixture, f, &text);
    assert_int_equal(text.length, 3); /* the domain and two small integers */
    const uint8_t *at = (const uint8_t *)text.at;
    fm_value back = fm_value_decode(context, &at);
    assert_true(fm_value_same(fm_fcn_domain(context, back), domain));
    assert_true(fm_value_same(fm_fcn_apply(context, back, q), fm_small(7)));
    fm_text_deinit(&text);
    context->constants = NULL;
    fm_constants_free(constants);
}

static void test_encoding_edges(void **state)
{
    struct fixture *fixture = *state;
    struct fm_arena other;
    fm_arena_init(&other, "decoded");
    struct fm_text text = {0};
    static const int64_t numbers[] = {0,     63,           64,           8255,      8256,
                                      -1,    FM_SMALL_MAX, FM_SMALL_MIN, INT64_MAX, INT64_MIN,
                                      65536, 1 << 20,      -(1 << 20),   1LL << 40, 127};
    for (uint32_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        check_encoding(fixture, &other, fm_int(&fixture->context, numbers[i]), &text);
    }
    check_encoding(fixture, &other, big(fixture, "-123456789012345678901234567890123456789012345"),
                   &text);
    check_encoding(fixture, &other, range(fixture, -5, 5000), &text);
    check_encoding(fixture, &other, range(fixture, 1, 0), &text);
    fm_value many[300];
    for (uint32_t i = 0; i < 300; i++) {
        many[i] = fm_small((int64_t)i * i);
    }
    check_encoding(fixture, &other, fm_set(&fixture->context, many, 300), &text);
    check_encoding(fixture, &other, fm_tuple(&fixture->context, many, 300), &text);
    check_encoding(fixture, &other, fm_fcn(&fixture->context, range(fixture, -10, 289), many, 300),
                   &text);
    for (uint32_t i = 0; i < 9000; i++) { /* symbols beyond two bytes of index */
        char name[16];
        snprintf(name, sizeof name, "n%u", i);
        many[i % 300] = str(fixture, name);
    }
    check_encoding(fixture, &other, fm_set(&fixture->context, many, 300), &text);
    check_encoding(fixture, &other, model(fixture, "late"), &text);
    fm_text_deinit(&text);
    fm_arena_deinit(&other);
}

static void test_model_values(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value m = model(fixture, "m"), n = model(fixture, "n");
    fm_value a1 = model(fixture, "a_1"), a2 = model(fixture, "a_2"), b1 = model(fixture, "b_1");
    assert_int_equal(fm_model_type(m), 0);
    assert_int_equal(fm_model_type(a1), 'a');
    assert_int_equal(fm_model_type(model(fixture, "a_")), 0);
    assert_false(fm_value_equal(context, m, n));
    assert_false(fm_value_equal(context, m, fm_small(1)));
    assert_false(fm_value_equal(context, SET(fixture, fm_small(1)), m));
    assert_true(fm_value_compare(context, m, fm_small(1)) < 0);
    assert_true(fm_value_compare(context, fm_tuple(context, NULL, 0), m) > 0);
    assert_false(fm_value_equal(context, a1, a2));
    assert_false(fm_value_equal(context, a1, m));
    assert_true(fm_value_compare(context, m, a1) < 0);
    ASSERT_RAISES(fixture, FM_CODE_4002, fm_value_equal(context, a1, b1));
    ASSERT_RAISES(fixture, FM_CODE_4002, fm_value_compare(context, b1, a1));
    ASSERT_RAISES(fixture, FM_CODE_4002, fm_value_equal(context, a1, fm_small(1)));
    ASSERT_RAISES(fixture, FM_CODE_4002, fm_value_equal(context, str(fixture, "x"), a1));
    assert_true(fm_value_compare_total(context, a1, fm_small(1)) < 0);
}

static void test_errors_of_comparison(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value one = fm_small(1), s = str(fixture, "a");
    ASSERT_RAISES(fixture, FM_CODE_4001, fm_value_equal(context, one, s));
    assert_non_null(strstr(fixture->message, "1 is compared with \"a\""));
    ASSERT_RAISES(fixture, FM_CODE_4001, fm_value_compare(context, fm_bool(true), one));
    ASSERT_RAISES(fixture, FM_CODE_4001, fm_value_equal(context, SET(fixture, one), one));
    ASSERT_RAISES(fixture, FM_CODE_4001,
                  fm_value_equal(context, SET(fixture, one), SET(fixture, s)));
    ASSERT_RAISES(fixture, FM_CODE_4001,
                  fm_value_equal(context, TUPLE(fixture, one), TUPLE(fixture, s)));
    ASSERT_RAISES(fixture, FM_CODE_4001,
                  fm_value_equal(context, fm_set_constant(FM_KIND_NAT), SET(fixture, one)));
    /* Sizes first. */
    assert_false(fm_value_equal(context, SET(fixture, one), SET(fixture, s, str(fixture, "b"))));
    assert_false(fm_value_equal(context, TUPLE(fixture, one, one), TUPLE(fixture, s)));
    assert_true(fm_value_compare(context, SET(fixture, one), SET(fixture, s, str(fixture, "b"))) <
                0);
    assert_false(
        fm_value_equal(context, fm_set_constant(FM_KIND_NAT), fm_set_constant(FM_KIND_INTS)));
    /* Fields differ before values are compared. */
    const struct fm_symbol *a = fm_symbol_of(context->symbols, "a");
    const struct fm_symbol *b = fm_symbol_of(context->symbols, "b");
    assert_false(
        fm_value_equal(context, fm_record(context, &a, &one, 1), fm_record(context, &b, &s, 1)));
    assert_int_not_equal(fm_value_compare_total(context, one, s), 0);
    assert_int_equal(fm_value_compare_total(context, one, s),
                     -fm_value_compare_total(context, s, one));
}

static void test_states(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    const fm_value a[2] = {fm_small(1), fm_small(2)}, b[2] = {fm_small(2), fm_small(1)};
    struct fm_digest x = fm_state_digest(context, a, 2, 0), y = fm_state_digest(context, b, 2, 0);
    assert_false(fm_digest_equal(x, y));
    assert_true(fm_digest_equal(x, fm_state_digest(context, a, 2, 0)));
    assert_false(fm_digest_equal(x, fm_state_digest(context, a, 2, 1)));
    assert_false(fm_digest_equal(x, fm_value_digest(context, fm_tuple(context, a, 2))));
}

/* No two digests agree in a lane, and the lowest bits, by which tables are entered, are even. */
static void check_spread(struct fm_digest *digests, uint32_t count)
{
    uint64_t *lows = calloc(count, sizeof *lows), *highs = calloc(count, sizeof *highs);
    uint32_t buckets[256] = {0};
    for (uint32_t i = 0; i < count; i++) {
        lows[i] = digests[i].low;
        highs[i] = digests[i].high;
        buckets[digests[i].low % 256]++;
    }
    qsort(lows, count, sizeof *lows, compare_words);
    qsort(highs, count, sizeof *highs, compare_words);
    for (uint32_t i = 1; i < count; i++) {
        assert_true(lows[i] != lows[i - 1]);
        assert_true(highs[i] != highs[i - 1]);
    }
    for (uint32_t i = 0; i < 256; i++) {
        assert_in_range(buckets[i], count / 256 - count / 1024, count / 256 + count / 1024);
    }
    free(lows);
    free(highs);
}

/* States are linear in the elements of their variables: variables of one type, with the same keys
 * and values, must not cancel. */
static void test_states_do_not_collide(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    struct fm_digest *digests = calloc(65536, sizeof *digests);
    fm_value functions[16], sets[16], v[16];
    for (uint32_t i = 0; i < 16; i++) {
        const fm_value pair[2] = {fm_small(i % 4), fm_small(i / 4)};
        functions[i] = fm_tuple(context, pair, 2);
        fm_value elements[4];
        uint32_t count = 0;
        for (uint32_t k = 0; k < 4; k++) {
            elements[count] = fm_small(k);
            count += i >> k & 1;
        }
        sets[i] = fm_set_normal(context, elements, count);
    }
    for (uint32_t i = 0; i < 65536; i++) {
        v[0] = functions[i & 15];
        v[1] = functions[i >> 4 & 15];
        v[2] = sets[i >> 8 & 15];
        v[3] = sets[i >> 12 & 15];
        digests[i] = fm_state_digest(context, v, 4, 0);
    }
    check_spread(digests, 65536);
    for (uint32_t i = 0; i < 65536; i++) {
        for (uint32_t k = 0; k < 16; k++) {
            v[k] = fm_bool((i >> k & 1) != 0);
        }
        digests[i] = fm_state_digest(context, v, 16, 0);
    }
    check_spread(digests, 65536);
    for (uint32_t i = 0; i < 65536; i++) {
        for (uint32_t k = 0; k < 4; k++) {
            v[k] = fm_small(i >> 4 * k & 15);
        }
        digests[i] = fm_state_digest(context, v, 4, 0);
    }
    check_spread(digests, 65536);
    free(digests);
}

/* Pairs of equal keys; sorts them. */
static uint32_t count_pairs(uint64_t *keys, uint32_t count)
{
    qsort(keys, count, sizeof *keys, compare_words);
    uint32_t pairs = 0;
    for (uint32_t i = 1, run = 0; i < count; i++) {
        run = keys[i] == keys[i - 1] ? run + 1 : 0;
        pairs += run;
    }
    return pairs;
}

/* Of two sets over eight elements, all 65,536 states, 24 bits of the digest, those that a small
 * table keeps: 2^31 pairs, so 128 collide by chance; and not the same ones under another seed. */
static void test_seeds_are_independent(void **state)
{
    enum { COUNT = 65536, SEEDS = 4 };
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value sets[256], elements[8];
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t count = 0;
        for (uint32_t k = 0; k < 8; k++) {
            elements[count] = fm_small(k);
            count += i >> k & 1;
        }
        sets[i] = fm_set_normal(context, elements, count);
    }
    uint64_t *keys[2] = {calloc(COUNT, sizeof *keys[0]), calloc(COUNT, sizeof *keys[0])};
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        for (uint32_t i = 0; i < COUNT; i++) {
            const fm_value v[2] = {sets[i & 255], sets[i >> 8]};
            struct fm_digest digest = fm_state_digest(context, v, 2, seed);
            struct fm_digest other = fm_state_digest(context, v, 2, seed + SEEDS);
            keys[0][i] = (digest.low & 0xffff) << 8 | (digest.high & 0xff);
            keys[1][i] = keys[0][i] << 24 | (other.low & 0xffff) << 8 | (other.high & 0xff);
        }
        assert_in_range(count_pairs(keys[0], COUNT), 32, 512);
        assert_in_range(count_pairs(keys[1], COUNT), 0, 8);
    }
    free(keys[0]);
    free(keys[1]);
}

static void test_freeze_and_copy(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    struct fm_arena other;
    fm_arena_init(&other, "copies");
    for (uint32_t round = 0; round < 300; round++) {
        struct fm_arena_mark mark = fm_arena_mark(&fixture->arena);
        const struct tree *tree = random_tree(fixture, random_type(fixture, 3));
        fm_value v = build(fixture, tree), frozen = build(fixture, tree);
        assert_true(fm_value_same(fm_value_freeze(context, frozen), frozen));
        assert_true(fm_value_equal(context, v, frozen));
        context->arena = &other;
        fm_value copy = fm_value_copy(context, frozen);
        assert_true(fm_value_equal(context, v, copy)); /* caches of the copy live where it does */
        struct fm_digest digest = fm_value_digest(context, v);
        assert_true(fm_digest_equal(digest, fm_value_digest(context, copy)));
        assert_true(fm_digest_equal(digest, fm_value_digest(context, frozen)));
        struct fm_text before = {0}, after = {0};
        encode(fixture, v, &before);
        fm_arena_release(&fixture->arena, mark); /* the copy must not need it */
        memset(fm_arena_alloc(&fixture->arena, 2000), 0xee, 2000);
        encode(fixture, copy, &after);
        context->arena = &fixture->arena;
        assert_int_equal(before.length, after.length);
        assert_memory_equal(before.at, after.at, after.length);
        fm_text_deinit(&before);
        fm_text_deinit(&after);
        fm_arena_reset(&other);
        fm_arena_release(&fixture->arena, mark);
    }
    fm_arena_deinit(&other);
}

/* Every reading operation on frozen values, with results elsewhere: not a byte of them may change.
 */
static void use_frozen(struct fixture *fixture, const fm_value *values, uint32_t count)
{
    struct fm_value_context *context = &fixture->context;
    struct fm_text text = {0};
    for (uint32_t i = 0; i < count; i++) {
        fm_value v = values[i], w = values[pick(fixture, count)];
        (void)fm_value_compare_total(context, v, w);
        (void)fm_value_equal(context, v, v);
        (void)fm_value_digest(context, v);
        fm_value_encode(context, v, &text);
        fm_value_print(context, v, &text);
        if (fm_value_is_set(v)) {
            uint32_t n;
            const fm_value *elements = fm_set_elements(context, v, &n);
            (void)fm_set_cardinality(context, v);
            for (uint32_t k = 0; k < n; k++) {
                assert_true(fm_set_member(context, elements[k], v));
            }
            (void)fm_set_union(context, v, fm_set_difference(context, v, v));
        } else if (fm_value_is_function(v)) {
            bool outside;
            uint32_t n;
            const fm_value *keys = fm_set_elements(context, fm_fcn_domain(context, v), &n);
            for (uint32_t k = 0; k < n; k++) {
                (void)fm_fcn_apply(context, v, keys[k]);
                (void)fm_fcn_except(context, v, keys[k], w, &outside);
            }
            (void)fm_fcn_merge(context, v, v);
        }
    }
    fm_text_deinit(&text);
}

static void test_frozen_is_not_written(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    struct fm_arena frozen;
    fm_arena_init(&frozen, "frozen");
    (void)fm_arena_alloc(&frozen, (size_t)8 << 20);
    fm_arena_reset(&frozen); /* one chunk holds all that follows */
    context->arena = &frozen;
    const char *begin = fm_arena_alloc(&frozen, 16);
    fm_value values[200];
    for (uint32_t i = 0; i < 200; i++) {
        const struct tree *tree = random_tree(fixture, random_type(fixture, 3));
        values[i] = fm_value_freeze(context, build(fixture, tree));
    }
    size_t size = (size_t)(frozen.next - begin);
    char *before = malloc(size);
    memcpy(before, begin, size);
    context->arena = &fixture->arena;
    use_frozen(fixture, values, 200);
    assert_memory_equal(before, begin, size);
    free(before);
    fm_arena_deinit(&frozen);
}

static void test_what_a_state_cannot_hold(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value nat = fm_set_constant(FM_KIND_NAT);
    struct fm_text text = {0};
    ASSERT_RAISES(fixture, FM_CODE_4017, fm_value_digest(context, nat));
    ASSERT_RAISES(fixture, FM_CODE_4017, fm_value_digest(context, fm_subsets(context, nat)));
    ASSERT_RAISES(fixture, FM_CODE_4017, fm_value_encode(context, TUPLE(fixture, nat), &text));
    ASSERT_RAISES(fixture, FM_CODE_4017, fm_value_digest(context, fm_operator(context, state, 2)));
    ASSERT_RAISES(fixture, FM_CODE_4007,
                  fm_value_digest(context, fm_lazy_fcn(context, nat, state)));
    fm_value f = fm_lazy_fcn(context, nat, state);
    assert_true(fm_value_same(fm_value_freeze(context, f), f)); /* but constants may be such */
    fm_text_deinit(&text);
}

static fm_value nest(struct fixture *fixture, uint32_t depth)
{
    fm_value v = fm_small(0);
    for (uint32_t i = 0; i < depth; i++) {
        v = TUPLE(fixture, v);
    }
    return v;
}

static void test_depth_is_limited(void **state)
{
    struct fixture *fixture = *state;
    const fm_value v = nest(fixture, 1000000);
    ASSERT_RAISES(fixture, FM_CODE_4332, fm_value_digest(&fixture->context, v));
    ASSERT_RAISES(fixture, FM_CODE_4332, fm_value_freeze(&fixture->context, v));
}

static void out_of_memory(void *closure, size_t size)
{
    (void)size;
    longjmp(((struct fixture *)closure)->door, 2);
}

/* Everything once, in an arena of its own, with the n-th allocation refused. */
static bool survives(struct fixture *fixture, struct fm_arena *arena, struct fm_text *text,
                     uint64_t n)
{
    struct fm_value_context *context = &fixture->context;
    context->arena = arena;
    fm_random_seed(&fixture->random, 11); /* the same work each time */
    if (setjmp(fixture->door) != 0) {
        return false;
    }
    fm_memory_fail_after(n);
    for (uint32_t i = 0; i < 400; i++) {
        fm_value v = build(fixture, random_tree(fixture, random_type(fixture, 3)));
        fm_value_encode(context, v, text);
        fm_value_freeze(context, v);
        (void)fm_value_copy(context, v);
    }
    return true;
}

static void test_memory_is_refused(void **state)
{
    struct fixture *fixture = *state;
    fm_memory_set_handler(out_of_memory, fixture);
    uint64_t n = 1;
    for (bool done = false; !done; n++) {
        struct fm_arena arena;
        struct fm_text text = {0};
        fm_arena_init(&arena, "refused");
        done = survives(fixture, &arena, &text, n);
        fm_memory_fail_after(0);
        fm_text_deinit(&text);
        fm_arena_deinit(&arena);
    }
    fixture->context.arena = &fixture->arena;
    fm_memory_set_handler(NULL, NULL);
    assert_true(n > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_order_is_the_naive_order, tree_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_digests_agree_with_equality, tree_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_sums_do_not_cancel, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_small_sets_do_not_collide, tree_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_encoding_is_canonical, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_encoding_with_constants, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_constant_domains_are_shared, tree_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_encoding_edges, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_model_values, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_errors_of_comparison, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_states, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_states_do_not_collide, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_seeds_are_independent, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_freeze_and_copy, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_frozen_is_not_written, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_what_a_state_cannot_hold, tree_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_depth_is_limited, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_memory_is_refused, tree_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
