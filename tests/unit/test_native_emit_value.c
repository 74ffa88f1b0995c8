/* Emitted C for conversions, equality, positions, elements and literals, on random shapes and
 * values, against the library of values.
 *
 * Each case is a C function that takes and gives values as bytes inside another. All cases of a
 * test are compiled at once, by the system's compiler, and loaded. */
#include "native/emit_value.h"
#include "native/runtime/fathom_native.h"
#include "native_values.h"
#include "value/set.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define CASES 700u
#define ROUNDS 8u /* pairs of values tried in each case */
#define POOL 6u   /* values that a shape is the join of */

typedef int case_fn(struct fm_nrt *c, const void *x, const void *y, void *out);

#define FAILED 2 /* fm_nrt_fail was called */

enum case_kind {
    CASE_CONVERT,
    CASE_FITS,
    CASE_EQUAL,
    CASE_EQUAL_KNOWN,
    CASE_POSITION,
    CASE_ELEMENT
};

struct one {
    enum case_kind kind;
    const struct fm_shape *a, *b;
    fm_value left[POOL], right[POOL]; /* of a, of b; the first are known in some kinds */
};

struct bench {
    struct fixture *fixture;
    struct fm_emit emit;
    struct fm_dictionary *dictionary;
    struct fm_nrt c;
    struct one cases[CASES];
    void *library;
    char directory[64];
};

/* --- the engine's side of the door --- */

static fm_nvalue door_box(struct fm_nrt *c, uint32_t shape, const void *bytes)
{
    struct bench *bench = c->owner;
    return fm_layout_box(&bench->fixture->context, bench->dictionary,
                         fm_shapes_at(bench->emit.shapes, shape), bytes)
        .bits;
}

static bool door_unbox(struct fm_nrt *c, uint32_t shape, fm_nvalue value, void *bytes)
{
    struct bench *bench = c->owner;
    return fm_layout_unbox(&bench->fixture->context, bench->dictionary,
                           fm_shapes_at(bench->emit.shapes, shape), (fm_value){value}, bytes);
}

/* 0, 1, or FAILED where the library raises. */
static int library_equal(struct fixture *fixture, fm_value a, fm_value b)
{
    volatile int result = FAILED;
    fixture->door_open = true;
    if (setjmp(fixture->door) == 0) {
        result = fm_value_equal(&fixture->context, a, b);
    }
    fixture->door_open = false;
    return result;
}

static bool door_equal(struct fm_nrt *c, fm_nvalue a, fm_nvalue b)
{
    struct bench *bench = c->owner;
    int result = library_equal(bench->fixture, (fm_value){a}, (fm_value){b});
    if (result == FAILED) {
        fm_nrt_fail(c);
    }
    return result != 0;
}

static uint32_t door_intern(struct fm_nrt *c, fm_nvalue value)
{
    struct bench *bench = c->owner;
    return fm_dictionary_number(bench->dictionary, &bench->fixture->context, (fm_value){value});
}

static fm_nvalue door_interned(struct fm_nrt *c, uint32_t number)
{
    struct bench *bench = c->owner;
    return fm_dictionary_value(bench->dictionary, number).bits;
}

/* --- making and loading --- */

static struct bench *bench_new(struct fixture *fixture)
{
    struct bench *bench = calloc(1, sizeof *bench);
    bench->fixture = fixture;
    fm_arena_init(&bench->emit.arena, "emit");
    bench->emit.context = &fixture->context;
    bench->emit.shapes = fm_shapes_new(&fixture->context);
    bench->dictionary = fm_dictionary_new();
    bench->c = (struct fm_nrt){.owner = bench,
                               .box = door_box,
                               .unbox = door_unbox,
                               .equal = door_equal,
                               .intern = door_intern,
                               .interned = door_interned};
    return bench;
}

static void bench_free(struct bench *bench)
{
    if (bench->library != NULL) {
        (void)dlclose(bench->library);
    }
    struct fm_shapes *shapes = bench->emit.shapes;
    fm_emit_deinit(&bench->emit);
    fm_shapes_free(shapes);
    fm_dictionary_free(bench->dictionary);
    free(bench);
}

static void compile(struct bench *bench, uint32_t count)
{
    (void)snprintf(bench->directory, sizeof bench->directory, "/tmp/fathom-emit-XXXXXX");
    assert_non_null(mkdtemp(bench->directory));
    char path[96], object[96], command[512];
    (void)snprintf(path, sizeof path, "%s/cases.c", bench->directory);
    (void)snprintf(object, sizeof object, "%s/cases.so", bench->directory);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fprintf(file, "#include \"fathom_native.h\"\n%s\n%s\n",
                  fm_text_string(&bench->emit.prelude), fm_text_string(&bench->emit.body));
    for (uint32_t i = 0; i < count; i++) {
        (void)fprintf(file,
                      "int case_%u(struct fm_nrt *c, const void *x, const void *y, void *out)\n{\n"
                      "    return __builtin_setjmp(c->jump) != 0 ? 2 : body_%u(c, x, y, out);\n}\n",
                      i, i);
    }
    (void)fclose(file);
    const char *compiler = getenv("FATHOM_CC");
    (void)snprintf(command, sizeof command,
                   "%s -std=gnu17 -O1 -fPIC -shared -w -Isrc -Isrc/native/runtime -o %s %s",
                   compiler != NULL ? compiler : "cc", object, path);
    assert_int_equal(system(command), 0);
    bench->library = dlopen(object, RTLD_NOW | RTLD_LOCAL);
    assert_non_null(bench->library);
    (void)remove(path);
    (void)remove(object);
    (void)rmdir(bench->directory);
    bench->c.constants = (const fm_nvalue *)(const void *)bench->emit.values.at;
}

static case_fn *find_case(struct bench *bench, uint32_t i)
{
    char name[32];
    (void)snprintf(name, sizeof name, "case_%u", i);
    case_fn *result = NULL;
    *(void **)&result = dlsym(bench->library, name);
    assert_non_null(result);
    return result;
}

/* --- random cases --- */

static const struct fm_shape *join_of(struct bench *bench, const fm_value *values, uint32_t count)
{
    const struct fm_shape *shape = fm_shape_none(bench->emit.shapes);
    for (uint32_t i = 0; i < count; i++) {
        shape = fm_shape_join_value(bench->emit.shapes, shape, values[i]);
    }
    return shape;
}

/* Model values of different types, alone and in functions. */
static fm_value random_typed(struct fixture *fixture, uint32_t form)
{
    static const char *const names[] = {"a_1", "a_2", "b_1", "p", "q"};
    fm_value v = model(fixture, names[pick(fixture, 5)]);
    fm_value w = pick(fixture, 2) != 0 ? model(fixture, names[pick(fixture, 5)])
                                       : fm_small(pick(fixture, 3));
    return form == 0   ? v
           : form == 1 ? TUPLE(fixture, v, w)
                       : fm_fcn(&fixture->context, SET(fixture, v), &w, 1);
}

/* Sets and functions over many numbers, and tuples with too many values for a table. */
static fm_value random_large(struct fixture *fixture, uint32_t form)
{
    fm_value keys[40], values[40];
    uint32_t count = pick(fixture, 40);
    for (uint32_t i = 0; i < count; i++) {
        keys[i] = fm_small((int64_t)i * 3 + (int64_t)pick(fixture, 3) - 7);
        values[i] = fm_small(pick(fixture, 500));
    }
    if (form == 0) {
        return fm_set(&fixture->context, keys, count);
    }
    if (form == 1) {
        return fm_fcn(&fixture->context, fm_set(&fixture->context, keys, count), values, count);
    }
    return TUPLE(fixture, fm_small(pick(fixture, 1000)), fm_small(pick(fixture, 1000)),
                 fm_bool(pick(fixture, 2) != 0));
}

/* Values that a specification could hold in one variable: of one type most often. */
static void random_pool(struct fixture *fixture, struct type *type, fm_value *pool)
{
    uint32_t way = pick(fixture, 6), form = pick(fixture, 3);
    for (uint32_t i = 0; i < POOL; i++) {
        bool mixed = way == 0 || (way == 1 && pick(fixture, 4) == 0);
        fm_value v = mixed      ? random_mixed(fixture, 2)
                     : way == 2 ? random_typed(fixture, form)
                     : way == 3 ? random_large(fixture, form)
                                : random_uniform(fixture, type);
        pool[i] = fm_value_freeze(&fixture->context, v);
    }
}

static fm_value frozen(struct fixture *fixture, fm_value v)
{
    return fm_value_freeze(&fixture->context, v);
}

static void random_case(struct bench *bench, struct one *one, enum case_kind kind)
{
    struct fixture *fixture = bench->fixture;
    struct type *type = random_type(fixture, 2);
    one->kind = kind;
    random_pool(fixture, type, one->left);
    if (pick(fixture, 3) != 0) { /* the same values, and some others */
        random_pool(fixture, type, one->right);
        uint32_t shared = pick(fixture, POOL + 1);
        for (uint32_t i = 0; i < shared; i++) {
            one->right[i] = one->left[i];
        }
    } else {
        random_pool(fixture, random_type(fixture, 2), one->right);
    }
    one->a = join_of(bench, one->left, POOL);
    one->b = join_of(bench, one->right, POOL);
    if (kind == CASE_POSITION || kind == CASE_ELEMENT) {
        uint32_t count = 1 + pick(fixture, POOL);
        const struct fm_shape *element = join_of(bench, one->right, count);
        one->b = fm_shape_set_of(bench->emit.shapes, element, one->right, count);
        if (pick(fixture, 4) == 0 && element->cardinality < 300) {
            one->b = fm_shape_set(bench->emit.shapes, element);
        }
    }
}

/* --- emitting --- */

/* A term for the bytes at the pointer. */
static struct fm_term operand(struct fm_emit *emit, const struct fm_shape *shape,
                              const char *pointer)
{
    const char *member = fm_emit_format(emit, "(*(const %s *)%s)", fm_emit_member_type(emit, shape),
                                        pointer);
    return fm_emit_coded(shape, fm_emit_load(emit, shape, member));
}

static void emit_result(struct fm_emit *emit, const struct fm_shape *shape, const char *code)
{
    fm_emit_store(emit, shape,
                  fm_emit_format(emit, "(*(%s *)out)", fm_emit_member_type(emit, shape)), code);
}

static void emit_case(struct fm_emit *emit, const struct one *one)
{
    switch (one->kind) {
    case CASE_CONVERT:
        emit_result(emit, one->b, fm_emit_as(emit, operand(emit, one->a, "x"), one->b));
        fm_emit_line(emit, "return 1;");
        break;
    case CASE_FITS:
        fm_emit_line(emit, "return %s;", fm_emit_fits(emit, operand(emit, one->a, "x"), one->b));
        break;
    case CASE_EQUAL:
        fm_emit_line(emit, "return %s;",
                     fm_emit_equal(emit, operand(emit, one->a, "x"), operand(emit, one->b, "y")));
        break;
    case CASE_EQUAL_KNOWN:
        fm_emit_line(
            emit, "return %s;",
            fm_emit_equal(emit, operand(emit, one->a, "x"), fm_emit_known(emit, one->right[0])));
        break;
    case CASE_POSITION:
        fm_emit_line(emit, "*(int64_t *)out = %s;",
                     fm_emit_position(emit, operand(emit, one->a, "x"), one->b));
        fm_emit_line(emit, "return 1;");
        break;
    case CASE_ELEMENT: {
        struct fm_term element = fm_emit_element(emit, one->b, "(*(const uint32_t *)x)");
        emit_result(emit, one->b->parts[0], fm_emit_as(emit, element, one->b->parts[0]));
        fm_emit_line(emit, "return 1;");
        break;
    }
    }
}

/* --- checking --- */

static uint8_t *bytes_of(struct bench *bench, const struct fm_shape *shape, fm_value v)
{
    uint8_t *bytes = fm_arena_calloc(&bench->fixture->arena, 1, shape->size + 8);
    return fm_layout_unbox(&bench->fixture->context, bench->dictionary, shape, v, bytes) ? bytes
                                                                                         : NULL;
}

static void explain(struct bench *bench, uint32_t i, fm_value v, fm_value w, int got, int expected)
{
    const struct one *one = &bench->cases[i];
    fail_msg("case %u kind %d: %s as %s, beside %s as %s: %d instead of %d", i, (int)one->kind,
             shown(bench->fixture, v), shown_shape(bench->fixture, bench->emit.shapes, one->a),
             shown(bench->fixture, w), shown_shape(bench->fixture, bench->emit.shapes, one->b), got,
             expected);
}

static void check_conversion(struct bench *bench, uint32_t i, case_fn *run, fm_value v)
{
    const struct one *one = &bench->cases[i];
    uint8_t *expected = bytes_of(bench, one->b, v);
    uint8_t *out = fm_arena_calloc(&bench->fixture->arena, 1, one->b->size + 8);
    int got = run(&bench->c, bytes_of(bench, one->a, v), NULL, out);
    bool fits = one->kind == CASE_FITS;
    int wanted = expected != NULL ? 1 : fits ? 0 : FAILED;
    if (got != wanted || (!fits && expected != NULL && memcmp(out, expected, one->b->size) != 0)) {
        explain(bench, i, v, v, got, wanted);
    }
}

static void check_equality(struct bench *bench, uint32_t i, case_fn *run, fm_value v, fm_value w)
{
    const struct one *one = &bench->cases[i];
    const void *right = one->kind == CASE_EQUAL ? bytes_of(bench, one->b, w) : NULL;
    w = one->kind == CASE_EQUAL ? w : one->right[0];
    int expected = library_equal(bench->fixture, v, w);
    int got = run(&bench->c, bytes_of(bench, one->a, v), right, NULL);
    if (got != expected) {
        explain(bench, i, v, w, got, expected);
    }
}

static void check_position(struct bench *bench, uint32_t i, case_fn *run, fm_value v)
{
    const struct one *one = &bench->cases[i];
    uint32_t place = fm_shape_position(bench->emit.shapes, one->b, v);
    int64_t position = -2;
    int got = run(&bench->c, bytes_of(bench, one->a, v), NULL, &position);
    bool may_fail = false; /* where the library cannot compare it with an element */
    for (uint32_t k = 0; k < one->b->value_count && place == UINT32_MAX; k++) {
        may_fail = may_fail || library_equal(bench->fixture, v, one->b->values[k]) == FAILED;
    }
    int64_t expected = place == UINT32_MAX ? -1 : (int64_t)place;
    if (got == FAILED ? !may_fail : position != expected || may_fail) {
        explain(bench, i, v, v, got == FAILED ? -3 : (int)position, (int)expected);
    }
}

static void check_element(struct bench *bench, uint32_t i, case_fn *run)
{
    const struct one *one = &bench->cases[i];
    const struct fm_shape *element = one->b->parts[0];
    for (uint32_t k = 0; k < one->b->value_count; k++) {
        uint8_t *expected = bytes_of(bench, element, one->b->values[k]);
        uint8_t *out = fm_arena_calloc(&bench->fixture->arena, 1, element->size + 8);
        assert_int_equal(run(&bench->c, &k, NULL, out), 1);
        if (memcmp(out, expected, element->size) != 0) {
            explain(bench, i, one->b->values[k], one->b->values[k], (int)k, (int)k);
        }
    }
}

static void check_case(struct bench *bench, uint32_t i)
{
    const struct one *one = &bench->cases[i];
    case_fn *run = find_case(bench, i);
    for (uint32_t k = 0; k < ROUNDS; k++) {
        fm_value v = one->left[pick(bench->fixture, POOL)];
        fm_value w = one->right[pick(bench->fixture, POOL)];
        switch (one->kind) {
        case CASE_CONVERT:
        case CASE_FITS:
            check_conversion(bench, i, run, v);
            break;
        case CASE_EQUAL:
        case CASE_EQUAL_KNOWN:
            check_equality(bench, i, run, v, w);
            break;
        case CASE_POSITION:
            check_position(bench, i, run, v);
            break;
        case CASE_ELEMENT:
            check_element(bench, i, run);
            break;
        }
    }
}

static void run_cases(struct fixture *fixture, enum case_kind kind)
{
    struct bench *bench = bench_new(fixture);
    uint32_t count = 0;
    while (count < CASES) {
        struct one *one = &bench->cases[count];
        random_case(bench, one, kind);
        bool set = kind == CASE_POSITION || kind == CASE_ELEMENT;
        if (set && one->b->kind != FM_SHAPE_SET) {
            continue;
        }
        fm_emit_open(
            &bench->emit,
            "static __attribute__((noinline)) int body_%u(struct fm_nrt *c, const void *x, "
            "const void *y, void *out)",
            count++);
        emit_case(&bench->emit, one);
        fm_emit_close(&bench->emit, "");
    }
    compile(bench, count);
    for (uint32_t i = 0; i < count; i++) {
        check_case(bench, i);
    }
    bench_free(bench);
}

static void test_conversions(void **state)
{
    run_cases(*state, CASE_CONVERT);
}

static void test_fits(void **state)
{
    run_cases(*state, CASE_FITS);
}

static void test_equality(void **state)
{
    run_cases(*state, CASE_EQUAL);
}

static void test_equality_with_known_values(void **state)
{
    run_cases(*state, CASE_EQUAL_KNOWN);
}

static void test_positions(void **state)
{
    run_cases(*state, CASE_POSITION);
}

static void test_elements(void **state)
{
    run_cases(*state, CASE_ELEMENT);
}

/* --- literals --- */

static void test_literals(void **state)
{
    struct fixture *fixture = *state;
    struct bench *bench = bench_new(fixture);
    for (uint32_t i = 0; i < CASES; i++) {
        struct one *one = &bench->cases[i];
        random_case(bench, one, CASE_CONVERT);
        fm_emit_open(
            &bench->emit,
            "static __attribute__((noinline)) int body_%u(struct fm_nrt *c, const void *x, "
            "const void *y, void *out)",
            i);
        struct fm_term known = fm_emit_known(&bench->emit, frozen(fixture, one->left[0]));
        emit_result(&bench->emit, one->b, fm_emit_as(&bench->emit, known, one->b));
        fm_emit_line(&bench->emit, "return 1;");
        fm_emit_close(&bench->emit, "");
    }
    compile(bench, CASES);
    for (uint32_t i = 0; i < CASES; i++) {
        const struct one *one = &bench->cases[i];
        uint8_t *out = fm_arena_calloc(&fixture->arena, 1, one->b->size + 8);
        uint8_t *expected = bytes_of(bench, one->b, one->left[0]);
        int got = find_case(bench, i)(&bench->c, NULL, NULL, out);
        if (got != (expected != NULL ? 1 : FAILED) ||
            (expected != NULL && memcmp(out, expected, one->b->size) != 0)) {
            explain(bench, i, one->left[0], one->left[0], got, 1);
        }
    }
    bench_free(bench);
}

/* --- SUBSET S --- */

static void test_subsets_come_in_order(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t n = 0; n <= 9; n++) {
        fm_value set = fm_subsets(&fixture->context, range(fixture, 0, (int64_t)n - 1));
        struct fm_set_cursor cursor;
        fm_set_begin(&fixture->context, &cursor, set, FM_SET_NORMAL);
        struct fm_nrt_subsets subsets;
        fm_nrt_subsets_begin(&subsets, ((uint64_t)1 << n) - 1);
        fm_value expected;
        bool more = true;
        while (fm_set_next(&fixture->context, &cursor, &expected)) {
            assert_true(more);
            uint64_t subset = fm_nrt_subsets_get(&subsets);
            for (uint32_t i = 0; i < n; i++) {
                assert_int_equal(subset >> i & 1,
                                 fm_set_member(&fixture->context, fm_small(i), expected));
            }
            more = fm_nrt_subsets_next(&subsets);
        }
        assert_false(more);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_conversions, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_fits, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_equality, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_equality_with_known_values, tree_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_positions, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_elements, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_literals, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_subsets_come_in_order, tree_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
