/* Digests of orbits against brute force: random states and groups, every image built. */
#include "value/orbit.h"
#include "value_fixture.h"

#define MOVED_MAX 6
#define ROWS_MAX 720
#define VARIABLES_MAX 3

struct group {
    uint32_t moved_count, row_count;
    fm_value moved[MOVED_MAX];
    uint8_t rows[ROWS_MAX][MOVED_MAX]; /* the identity first */
};

/* --- naive images --- */

static fm_value image_of(struct fixture *fixture, const struct group *group, const uint8_t *row,
                         fm_value v);

static fm_value image_of_function(struct fixture *fixture, const struct group *group,
                                  const uint8_t *row, fm_value v)
{
    struct fm_value_context *context = &fixture->context;
    uint32_t count;
    const fm_value *keys = fm_set_elements(context, fm_fcn_domain(context, v), &count);
    fm_value result = fm_tuple(context, NULL, 0);
    for (uint32_t i = 0; i < count; i++) {
        fm_value key = image_of(fixture, group, row, keys[i]);
        fm_value value = image_of(fixture, group, row, fm_fcn_apply(context, v, keys[i]));
        fm_value one = fm_fcn(context, fm_set(context, &key, 1), &value, 1);
        result = fm_fcn_merge(context, one, result);
    }
    return result;
}

static fm_value image_of(struct fixture *fixture, const struct group *group, const uint8_t *row,
                         fm_value v)
{
    struct fm_value_context *context = &fixture->context;
    for (uint32_t i = 0; i < group->moved_count; i++) {
        if (fm_value_same(v, group->moved[i])) {
            return group->moved[row[i]];
        }
    }
    if (fm_is_atom(v)) {
        return v;
    }
    if (fm_value_is_function(v)) {
        return image_of_function(fixture, group, row, v);
    }
    uint32_t count;
    const fm_value *elements = fm_set_elements(context, v, &count);
    fm_value *images = fm_arena_alloc(&fixture->arena, (count + 1) * sizeof *images);
    for (uint32_t i = 0; i < count; i++) {
        images[i] = image_of(fixture, group, row, elements[i]);
    }
    return fm_set(context, images, count);
}

/* --- random states --- */

/* Comparable with the others of its shape; `shape` numbers the kinds of values. */
static fm_value random_value(struct fixture *fixture, const struct group *group, uint32_t shape,
                             uint32_t depth)
{
    struct fm_value_context *context = &fixture->context;
    fm_value parts[4], keys[4];
    uint32_t count = pick(fixture, 4), kind = depth == 0 ? shape % 3 : shape % 9;
    uint32_t inner = shape / 9;
    for (uint32_t i = 0; i < 4 && kind >= 3; i++) {
        parts[i] = random_value(fixture, group, inner, depth - 1);
        keys[i] = random_value(fixture, group, kind == 6 ? inner / 3 : 0, depth - 1);
    }
    const struct fm_symbol *const names[3] = {fm_symbol_of(context->symbols, "f"),
                                              fm_symbol_of(context->symbols, "m0"),
                                              fm_symbol_of(context->symbols, "g")};
    switch (kind) {
    case 0:
        return group->moved[pick(fixture, group->moved_count)];
    case 1: /* strings like the names of model values stay, and so do other model values */
        return pick(fixture, 2) == 0 ? group->moved[pick(fixture, group->moved_count)]
                                     : model(fixture, "still");
    case 2:
        return pick(fixture, 4) == 0 ? str(fixture, "m1") : str(fixture, "idle");
    case 3:
        return fm_set(context, parts, count);
    case 4:
        return fm_tuple(context, parts, count);
    case 5:
        return fm_record(context, names, parts, 1 + pick(fixture, 3));
    case 6: { /* a function of model values, or of what is made of them */
        fm_value result = fm_tuple(context, NULL, 0);
        for (uint32_t i = 0; i < count; i++) {
            fm_value one = fm_fcn(context, fm_set(context, &keys[i], 1), &parts[i], 1);
            result = fm_fcn_merge(context, one, result);
        }
        return result;
    }
    case 7: { /* a function of all of them */
        fm_value result = fm_tuple(context, NULL, 0);
        for (uint32_t i = 0; i < group->moved_count; i++) {
            fm_value one = fm_fcn(context, fm_set(context, &group->moved[i], 1),
                                  &parts[pick(fixture, 2)], 1);
            result = fm_fcn_merge(context, one, result);
        }
        return result;
    }
    default:
        return inner % 2 == 0 ? fm_subsets(context, fm_set(context, parts, count))
                              : range(fixture, 1, (int64_t)count);
    }
}

/* --- random groups --- */

static bool has_row(const struct group *group, const uint8_t *row)
{
    for (uint32_t i = 0; i < group->row_count; i++) {
        if (memcmp(group->rows[i], row, group->moved_count) == 0) {
            return true;
        }
    }
    return false;
}

static void add_generator(struct group *group, const uint8_t *row)
{
    if (!has_row(group, row)) {
        memcpy(group->rows[group->row_count++], row, group->moved_count);
    }
}

static void random_generator(struct fixture *fixture, const struct group *group, uint8_t *row)
{
    uint32_t width = group->moved_count;
    uint8_t place[2] = {(uint8_t)pick(fixture, width), (uint8_t)pick(fixture, width)};
    for (uint32_t i = 0; i < width; i++) {
        row[i] = (uint8_t)i;
    }
    if (pick(fixture, 3) == 0) { /* a transposition */
        row[place[0]] = place[1];
        row[place[1]] = place[0];
        return;
    }
    for (uint32_t i = width; i > 1; i--) {
        uint32_t j = pick(fixture, i);
        uint8_t swap = row[i - 1];
        row[i - 1] = row[j];
        row[j] = swap;
    }
}

/* Returns how many of its rows generate it. */
static uint32_t random_group(struct fixture *fixture, struct group *group)
{
    static const char *const names[MOVED_MAX] = {"m3", "m0", "m1", "m5", "m2", "m4"};
    group->moved_count = 2 + pick(fixture, MOVED_MAX - 1);
    for (uint32_t i = 0; i < group->moved_count; i++) {
        group->moved[i] = model(fixture, names[i]);
    }
    uint8_t row[MOVED_MAX];
    group->row_count = 0;
    for (uint32_t i = 0; i < group->moved_count; i++) {
        row[i] = (uint8_t)i;
    }
    add_generator(group, row);
    uint32_t wanted = 1 + pick(fixture, 2);
    if (pick(fixture, 3) == 0) { /* Permutations(S), by what is needed of it */
        for (uint32_t i = 1; i < group->moved_count; i++) {
            for (uint32_t j = 0; j < group->moved_count; j++) {
                row[j] = (uint8_t)(j == 0 ? i : j == i ? 0 : j);
            }
            add_generator(group, row);
        }
        wanted = 0;
    }
    for (uint32_t i = 0; i < wanted; i++) {
        random_generator(fixture, group, row);
        add_generator(group, row);
    }
    uint32_t generators = group->row_count;
    for (uint32_t i = 0; i < group->row_count; i++) {
        for (uint32_t j = 0; j < generators; j++) {
            for (uint32_t k = 0; k < group->moved_count; k++) {
                row[k] = group->rows[j][group->rows[i][k]];
            }
            add_generator(group, row);
        }
    }
    return generators;
}

static void init_orbits(struct fixture *fixture, const struct group *group, uint32_t generators,
                        struct fm_orbits *orbits)
{
    uint32_t width = group->moved_count;
    uint8_t *rows = fm_arena_alloc(&fixture->arena, (size_t)group->row_count * width + 1);
    for (uint32_t i = 0; i < group->row_count; i++) {
        memcpy(rows + (size_t)i * width, group->rows[i], width);
    }
    fm_orbits_init(orbits, &fixture->context, &fixture->arena, group->moved, width);
    fm_orbits_classify(orbits, &fixture->arena, rows, generators);
    uint32_t all = 1;
    for (uint32_t o = 0; o < orbits->orbit_count; o++) {
        for (uint32_t i = 2; i <= (uint32_t)(orbits->starts[o + 1] - orbits->starts[o]); i++) {
            all *= i;
        }
    }
    if (orbits->full) {
        assert_int_equal(group->row_count, all);
        return; /* without rows */
    }
    orbits->rows = rows + width;
    orbits->row_count = group->row_count - 1;
}

/* --- tests --- */

static struct fm_digest digest_of(struct fixture *fixture, const struct fm_orbits *orbits,
                                  const fm_value *variables, uint32_t count, struct fm_digest *own)
{
    *own = fm_state_digest(&fixture->context, variables, count, 7);
    struct fm_orbit_state state = {variables, count, 7, *own};
    struct fm_orbit_work *work = fm_orbit_work_new(&fixture->arena);
    return fm_orbit_digest(&fixture->context, orbits, work, &state);
}

/* All images have one digest, and it is that of one of them: so no orbit is split, and none are
 * taken for one. */
static void check_orbit(struct fixture *fixture, const struct group *group,
                        const struct fm_orbits *orbits, const fm_value *variables, uint32_t count)
{
    struct fm_digest own, result = digest_of(fixture, orbits, variables, count, &own);
    bool met = false;
    for (uint32_t i = 0; i < group->row_count; i++) {
        fm_value images[VARIABLES_MAX];
        struct fm_arena_mark mark = fm_arena_mark(&fixture->arena);
        for (uint32_t j = 0; j < count; j++) {
            images[j] = image_of(fixture, group, group->rows[i], variables[j]);
        }
        own = fm_state_digest(&fixture->context, images, count, 7);
        met = met || fm_digest_equal(own, result);
        if (i < 8 || pick(fixture, 16) == 0) {
            assert_true(fm_digest_equal(digest_of(fixture, orbits, images, count, &own), result));
        }
        fm_arena_release(&fixture->arena, mark);
    }
    assert_true(met);
}

static void test_against_brute_force(void **state)
{
    struct fixture *fixture = *state;
    uint32_t full = 0, others = 0;
    for (uint32_t round = 0; round < 1500; round++) {
        struct fm_arena_mark mark = fm_arena_mark(&fixture->arena);
        struct group group;
        struct fm_orbits orbits;
        uint32_t generators = random_group(fixture, &group);
        init_orbits(fixture, &group, generators, &orbits);
        full += orbits.full;
        others += !orbits.full;
        uint32_t count = 1 + pick(fixture, VARIABLES_MAX);
        fm_value variables[VARIABLES_MAX];
        for (uint32_t i = 0; i < count; i++) {
            variables[i] = random_value(fixture, &group, pick(fixture, 9 * 9 * 9 * 3), 3);
        }
        check_orbit(fixture, &group, &orbits, variables, count);
        fm_arena_release(&fixture->arena, mark);
    }
    assert_in_range(full, 400, 1100);
    assert_int_equal(full + others, 1500);
}

/* Structures whose values colours cannot tell apart, but which are different: two triangles and a
 * hexagon. */
static void test_colours_that_do_not_decide(void **state)
{
    struct fixture *fixture = *state;
    struct group group = {.moved_count = 6, .row_count = 1};
    fm_value triangles[6], hexagon[6];
    for (uint32_t i = 0; i < 6; i++) {
        const char *names[6] = {"n0", "n1", "n2", "n3", "n4", "n5"};
        group.moved[i] = model(fixture, names[i]);
        group.rows[0][i] = (uint8_t)i;
    }
    uint8_t row[MOVED_MAX];
    for (uint8_t i = 1; i < 6; i++) {
        memcpy(row, group.rows[0], sizeof row);
        row[0] = i;
        row[i] = 0;
        add_generator(&group, row);
    }
    for (uint32_t i = 0; i < group.row_count; i++) {
        for (uint32_t j = 0; j < 6; j++) {
            for (uint32_t k = 0; k < 6; k++) {
                row[k] = group.rows[j][group.rows[i][k]];
            }
            add_generator(&group, row);
        }
    }
    assert_int_equal(group.row_count, 720);
    for (uint32_t i = 0; i < 6; i++) {
        uint32_t next = i % 3 == 2 ? i - 2 : i + 1;
        hexagon[i] = SET(fixture, group.moved[i], group.moved[(i + 1) % 6]);
        triangles[i] = SET(fixture, group.moved[i], group.moved[next]);
    }
    struct fm_orbits orbits;
    init_orbits(fixture, &group, 6, &orbits);
    assert_true(orbits.full);
    fm_value graphs[2] = {fm_set(&fixture->context, triangles, 6),
                          fm_set(&fixture->context, hexagon, 6)};
    check_orbit(fixture, &group, &orbits, &graphs[0], 1);
    check_orbit(fixture, &group, &orbits, &graphs[1], 1);
    struct fm_digest own;
    assert_false(fm_digest_equal(digest_of(fixture, &orbits, &graphs[0], 1, &own),
                                 digest_of(fixture, &orbits, &graphs[1], 1, &own)));
}

/* Forty values of equal standing: by twins, not by 40! images. */
static void test_many_twins(void **state)
{
    struct fixture *fixture = *state;
    struct fm_value_context *context = &fixture->context;
    fm_value moved[40], values[40];
    uint8_t *rows = fm_arena_alloc(&fixture->arena, 39 * 40);
    for (uint32_t i = 0; i < 40; i++) {
        moved[i] = model(fixture, fm_arena_printf(&fixture->arena, "t%u", i));
    }
    for (uint32_t i = 0; i < 39; i++) {
        for (uint32_t j = 0; j < 40; j++) {
            rows[i * 40 + j] = (uint8_t)(j == i ? i + 1 : j == i + 1 ? i : j);
        }
    }
    struct fm_orbits orbits;
    fm_orbits_init(&orbits, context, &fixture->arena, moved, 40);
    fm_orbits_classify(&orbits, &fixture->arena, rows, 39);
    assert_true(orbits.full && orbits.orbit_count == 1);
    struct fm_digest own, first, second;
    fm_value domain = fm_set(context, moved, 40);
    for (uint32_t i = 0; i < 40; i++) {
        values[i] = fm_small(i % 2);
    }
    fm_value one = fm_fcn(context, domain, values, 40);
    first = digest_of(fixture, &orbits, &one, 1, &own);
    for (uint32_t i = 0; i < 40; i++) {
        values[i] = fm_small(i < 20);
    }
    fm_value other = fm_fcn(context, domain, values, 40);
    second = digest_of(fixture, &orbits, &other, 1, &own);
    assert_true(fm_digest_equal(first, second));
    values[0] = fm_small(0);
    fm_value different = fm_fcn(context, domain, values, 40);
    second = digest_of(fixture, &orbits, &different, 1, &own);
    assert_false(fm_digest_equal(first, second));
}

/* The same work memory, state after state: what is remembered is right. */
static void test_memory_of_results(void **state)
{
    struct fixture *fixture = *state;
    struct group group;
    struct fm_orbits orbits;
    uint32_t generators;
    do {
        generators = random_group(fixture, &group);
    } while (group.moved_count < 3 || group.row_count < 2);
    init_orbits(fixture, &group, generators, &orbits);
    struct fm_orbit_work *work = fm_orbit_work_new(&fixture->arena);
    for (uint32_t round = 0; round < 3000; round++) {
        fm_value v = random_value(fixture, &group, 3 + 9 * pick(fixture, 9), 2);
        struct fm_orbit_state orbit_state = {&v, 1, 7,
                                             fm_state_digest(&fixture->context, &v, 1, 7)};
        struct fm_digest own, fresh = digest_of(fixture, &orbits, &v, 1, &own);
        struct fm_digest kept = fm_orbit_digest(&fixture->context, &orbits, work, &orbit_state);
        assert_true(fm_digest_equal(fresh, kept));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_against_brute_force),
        TEST(test_colours_that_do_not_decide),
        TEST(test_many_twins),
        TEST(test_memory_of_results),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
