/* Emitted C for states: structs, packing, digests from nothing and by what changed, on random
 * shapes and values, against layouts and the digests of values. */
#include "native/emit.h"
#include "native/emit_digest.h"
#include "native/runtime/fathom_native.h"
#include "native_values.h"
#include "value/digest.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define UNITS 10u
#define VARIABLES 14u
#define POOL 6u /* values that the shape of a variable is the join of */
#define ROUNDS 60u

/* --- arithmetic --- */

static struct fm_digest random_digest(struct fixture *fixture)
{
    return (struct fm_digest){fm_random_next(&fixture->random), fm_random_next(&fixture->random)};
}

static void assert_digest(struct fm_digest a, struct fm_digest b)
{
    assert_true(fm_digest_equal(a, b));
}

/* What emitted code adds up element by element is what values are finished by. */
static void test_arithmetic(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t i = 0; i < 10000; i++) {
        struct fm_digest a = random_digest(fixture);
        struct fm_digest zero = {0, 0};
        struct fm_digest set = fm_digest_element(FM_DIGEST_SET, zero);
        fm_digest_add(&set, fm_digest_element(FM_DIGEST_SET, a));
        assert_digest(fm_digest_close(set), fm_digest_finish(FM_DIGEST_SET, 1, a));
        struct fm_digest none = fm_state_digest(&fixture->context, NULL, 0, a.low);
        struct fm_digest start = fm_digest_seed(a.low);
        assert_digest(fm_digest_of_state(start, start), none);
        struct fm_digest one = {1, 1};
        struct fm_digest scale = fm_digest_scale(i, one);
        struct fm_digest open = fm_digest_open(FM_DIGEST_FUNCTION, 0, a);
        assert_digest(fm_digest_entry(FM_DIGEST_FUNCTION, scale, a), fm_digest_scale(i, open));
        struct fm_digest mixed = fm_digest_finish(FM_DIGEST_FUNCTION, 0, a);
        assert_digest(fm_digest_part(i, true, mixed), fm_digest_scale(i, open));
    }
}

/* --- one state's code --- */

/* Names as variables have them; some mean something in C. */
static const char *const names[VARIABLES] = {"x",     "register", "gap_0", "int",   "INT8_MAX",
                                             "state", "unix",     "s",     "total", "sum_x",
                                             "p0",    "y_1",      "true_", "Z"};

struct bench {
    struct fixture *fixture;
    struct fm_emit emit;
    struct fm_program program;
    struct fm_variable variables[VARIABLES];
    struct fm_dictionary *dictionary;
    const struct fm_shape *shapes[VARIABLES];
    fm_value values[VARIABLES][POOL];
    struct fm_nrt c;
    void *library;
    uint32_t round;
};

static struct fm_digest door_interned_digest(struct fm_nrt *c, uint32_t number)
{
    struct bench *bench = c->owner;
    return fm_dictionary_digest(bench->dictionary, number);
}

static struct fm_digest door_interned_part(struct fm_nrt *c, uint32_t number, uint32_t variable)
{
    struct bench *bench = c->owner;
    bool is_composite = fm_is_object(fm_dictionary_value(bench->dictionary, number));
    struct fm_digest digest = fm_dictionary_digest(bench->dictionary, number);
    return fm_digest_part(variable, is_composite, digest);
}

static void choose_values(struct bench *bench, uint32_t variable)
{
    struct fixture *fixture = bench->fixture;
    struct type *type = random_type(fixture, 3);
    uint32_t mixed = pick(fixture, 3);
    const struct fm_shape *shape = fm_shape_none(bench->emit.shapes);
    for (uint32_t i = 0; i < POOL; i++) {
        fm_value v = pick(fixture, 4) < mixed ? random_mixed(fixture, 3)
                                              : build(fixture, random_tree(fixture, type));
        bench->values[variable][i] = fm_value_freeze(&fixture->context, v);
        shape = fm_shape_join(bench->emit.shapes, shape, fm_shape_of_value(bench->emit.shapes, v));
    }
    bench->shapes[variable] = shape;
}

/* probe(c, a, b, which, out): the digest of *a with the members of *b that are chosen. */
static void add_probe(struct bench *bench)
{
    struct fm_emit *emit = &bench->emit;
    fm_emit_line(emit, "void probe(struct fm_nrt *c, const void *a_, const void *b_, uint32_t "
                       "which, void *out_, struct fm_digest *out)");
    fm_emit_open(emit, "%s", "");
    fm_emit_line(emit, "struct parent whole, *p = &whole;");
    fm_emit_line(emit, "const state *b = b_; state *t = out_;");
    fm_emit_line(emit, "parent_init(c, a_, p);");
    fm_emit_line(emit, "struct fm_digest total = p->total;");
    fm_emit_line(emit, "*t = *p->s;");
    for (uint32_t i = 0; i < VARIABLES; i++) {
        const char *member = fm_emit_member(emit, i);
        fm_emit_open(emit, "if ((which >> %u & 1) != 0)", i);
        fm_emit_line(emit, "t->%s = b->%s;", member, member);
        fm_emit_line(emit, "%s(c, p, &total, &p->s->%s, &t->%s);",
                     fm_emit_digest_change(emit, i, bench->shapes[i]), member, member);
        fm_emit_close(emit, "");
    }
    fm_emit_line(emit, "*out = fm_digest_of_state(total, c->seed);");
    fm_emit_close(emit, "");
    fm_emit_line(emit, "void probe_pack(const void *s, uint8_t *to) { pack(s, to); }");
    fm_emit_line(emit, "void probe_unpack(const uint8_t *from, void *s) { unpack(from, s); }");
}

/* What machines of this kind may be given (build.c): every other bench has it. */
static const char *machine_flags(uint32_t round)
{
#ifdef __x86_64__
    __builtin_cpu_init();
    return round % 2 != 0 && __builtin_cpu_supports("bmi2") ? "-mbmi2" : "";
#else
    (void)round;
    return "";
#endif
}

static void compile(struct bench *bench)
{
    char directory[64], path[96], object[96], command[512];
    (void)snprintf(directory, sizeof directory, "/tmp/fathom-state-XXXXXX");
    assert_non_null(mkdtemp(directory));
    (void)snprintf(path, sizeof path, "%s/state.c", directory);
    (void)snprintf(object, sizeof object, "%s/state.so", directory);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fprintf(file, "#include \"fathom_native.h\"\n#define SHARED static\n%s\n%s\n",
                  fm_text_string(&bench->emit.prelude), fm_text_string(&bench->emit.body));
    assert_int_equal(fclose(file), 0);
    const char *compiler = getenv("FATHOM_CC");
    (void)snprintf(command, sizeof command,
                   "%s -std=gnu17 -O1 -w -fPIC -shared %s -Isrc -Isrc/native/runtime -o %s %s",
                   compiler != NULL ? compiler : "cc", machine_flags(bench->round), object, path);
    assert_int_equal(system(command), 0);
    bench->library = dlopen(object, RTLD_NOW | RTLD_LOCAL);
    assert_non_null(bench->library);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(object), 0);
    assert_int_equal(rmdir(directory), 0);
}

static void make(struct bench *bench)
{
    struct fixture *fixture = bench->fixture;
    for (uint32_t i = 0; i < VARIABLES; i++) {
        choose_values(bench, i);
        bench->variables[i].name = fm_symbol_of(fixture->context.symbols, names[i]);
    }
    bench->program.variables = bench->variables;
    bench->program.variable_count = VARIABLES;
    bench->emit.program = &bench->program;
    bench->emit.layout = fm_layout_new(bench->emit.shapes, bench->shapes, VARIABLES);
    fm_emit_state(&bench->emit);
    fm_emit_packing(&bench->emit);
    add_probe(bench);
    compile(bench);
}

/* A state of values that the shapes were made of. */
static void *random_state(struct bench *bench, fm_value *values)
{
    const struct fm_layout *layout = bench->emit.layout;
    char *bytes = fm_arena_calloc(&bench->fixture->arena, 1, layout->size + 1);
    for (uint32_t i = 0; i < VARIABLES; i++) {
        values[i] = bench->values[i][pick(bench->fixture, POOL)];
        assert_true(fm_layout_unbox(&bench->fixture->context, bench->dictionary, bench->shapes[i],
                                    values[i], bytes + layout->offsets[i]));
    }
    return bytes;
}

typedef void probe_fn(struct fm_nrt *c, const void *a, const void *b, uint32_t which, void *t,
                      struct fm_digest *out);
typedef void pack_fn(const void *s, uint8_t *packed);
typedef void unpack_fn(const uint8_t *packed, void *s);

static void check_packing(struct bench *bench, const void *state, pack_fn *pack, unpack_fn *unpack)
{
    const struct fm_layout *layout = bench->emit.layout;
    uint32_t size = fm_layout_packed_size(layout);
    uint8_t *ours = fm_arena_calloc(&bench->fixture->arena, 2, size + 8), *theirs = ours + size + 8;
    pack(state, ours);
    fm_layout_pack(layout, state, theirs);
    assert_memory_equal(ours, theirs, size + 8);
    void *back = fm_arena_calloc(&bench->fixture->arena, 1, layout->size + 1);
    unpack(ours, back);
    assert_memory_equal(back, state, layout->size);
}

static void check_unit(struct bench *bench)
{
    probe_fn *probe;
    pack_fn *pack;
    unpack_fn *unpack;
    *(void **)&probe = dlsym(bench->library, "probe");
    *(void **)&pack = dlsym(bench->library, "probe_pack");
    *(void **)&unpack = dlsym(bench->library, "probe_unpack");
    assert_true(probe != NULL && pack != NULL && unpack != NULL);
    struct fixture *fixture = bench->fixture;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        fm_value a[VARIABLES], b[VARIABLES];
        const void *before = random_state(bench, a), *other = random_state(bench, b);
        uint32_t which = pick(fixture, 1u << VARIABLES);
        for (uint32_t k = 0; k < VARIABLES; k++) {
            a[k] = (which >> k & 1u) != 0 ? b[k] : a[k];
        }
        void *t = fm_arena_calloc(&fixture->arena, 1, bench->emit.layout->size + 1);
        struct fm_digest digest;
        probe(&bench->c, before, other, which, t, &digest);
        assert_digest(digest, fm_state_digest(&fixture->context, a, VARIABLES, 7));
        check_packing(bench, t, pack, unpack);
    }
}

static void test_states(void **state)
{
    struct fixture *fixture = *state;
    for (uint32_t i = 0; i < UNITS; i++) {
        struct bench *bench = calloc(1, sizeof *bench);
        bench->fixture = fixture;
        bench->round = i;
        fm_arena_init(&bench->emit.arena, "emit");
        bench->emit.context = &fixture->context;
        bench->emit.shapes = fm_shapes_new(&fixture->context);
        bench->dictionary = fm_dictionary_new();
        bench->c = (struct fm_nrt){.owner = bench,
                                   .interned_digest = door_interned_digest,
                                   .interned_part = door_interned_part,
                                   .seed = fm_digest_seed(7)};
        make(bench);
        check_unit(bench);
        (void)dlclose(bench->library);
        struct fm_shapes *shapes = bench->emit.shapes;
        fm_emit_deinit(&bench->emit);
        fm_shapes_free(shapes);
        fm_dictionary_free(bench->dictionary);
        free(bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_arithmetic, tree_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_states, tree_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
