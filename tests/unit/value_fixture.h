/* What the tests of src/value share: a context whose errors are caught, short ways to make values.
 */
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
    bool door_open; /* an error is expected */
    uint32_t code;  /* of the last error */
    const char *message;
    uint64_t closure_calls;
};

/* The statement must raise the error with this code. */
#define ASSERT_RAISES(fixture, expected, statement)                                                \
    do {                                                                                           \
        (fixture)->code = 0;                                                                       \
        (fixture)->door_open = true;                                                               \
        if (setjmp((fixture)->door) == 0) {                                                        \
            (void)(statement);                                                                     \
        }                                                                                          \
        (fixture)->door_open = false;                                                              \
        assert_int_equal((fixture)->code, expected);                                               \
    } while (0)

static inline _Noreturn void fixture_raise(struct fm_value_context *context,
                                           struct fm_value_error error)
{
    struct fixture *fixture = context->owner;
    fixture->code = error.code;
    fixture->message = error.message;
    if (!fixture->door_open) {
        fail_msg("unexpected error %u: %s", error.code, error.message);
    }
    longjmp(fixture->door, 1);
}

static inline uint32_t pick(struct fixture *fixture, uint32_t bound)
{
    return (uint32_t)fm_random_below(&fixture->random, bound);
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
                                                 .set_size_max = 1000000};
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
