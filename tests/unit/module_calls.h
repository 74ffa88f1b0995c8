/* Calling natives from tests: values by short names, results as printed text, errors as codes.
 *
 * One context per test, made by calls_setup and freed by calls_teardown. Operators are C functions
 * wrapped as OPERATOR values. Registers are a small table; what Print writes is collected. */
#ifndef FM_TESTS_MODULE_CALLS_H
#define FM_TESTS_MODULE_CALLS_H

#include "base/random.h"
#include "base/text.h"
#include "cmocka_all.h"
#include "diag/diag.h"
#include "modules/native.h"
#include "value/order.h"
#include "value/set.h"

#include <string.h>

#define CALLS_REGISTERS 8

/* An operator: closure of an OPERATOR value. */
typedef fm_value calls_operator(struct fm_native_context *context, const fm_value *arguments);

struct calls_closure {
    calls_operator *call;
};

struct calls {
    struct fm_arena arena;
    struct fm_value_context values;
    struct fm_native_context natives;
    struct fm_random random;
    jmp_buf jump;
    uint32_t code; /* of the last error */
    const char *message;
    struct fm_text printed;
    fm_value keys[CALLS_REGISTERS], stored[CALLS_REGISTERS];
    int register_count;
};

static inline void calls_raise(struct fm_value_context *context, struct fm_value_error error)
{
    struct calls *calls = context->owner;
    calls->code = error.code;
    calls->message = error.message;
    longjmp(calls->jump, 1);
}

static inline fm_value calls_apply(struct fm_native_context *context, fm_value op,
                                   const fm_value *arguments, uint32_t count)
{
    (void)count;
    const struct calls_closure *closure = fm_operator_closure(op);
    return closure->call(context, arguments);
}

static inline void calls_print(struct fm_native_context *context, const char *text)
{
    struct calls *calls = context->owner;
    fm_text_puts(&calls->printed, text);
    fm_text_putc(&calls->printed, '\n');
}

static inline fm_value calls_get(struct fm_native_context *context, fm_value key)
{
    struct calls *calls = context->owner;
    for (int i = 0; i < calls->register_count; i++) {
        if (fm_value_same(calls->keys[i], key)) {
            return calls->stored[i];
        }
    }
    return fm_none();
}

static inline void calls_set(struct fm_native_context *context, fm_value key, fm_value value)
{
    struct calls *calls = context->owner;
    int at = 0;
    while (at < calls->register_count && !fm_value_same(calls->keys[at], key)) {
        at++;
    }
    assert_true(at < CALLS_REGISTERS);
    calls->keys[at] = key;
    calls->stored[at] = value;
    calls->register_count = at == calls->register_count ? at + 1 : calls->register_count;
}

static inline int calls_setup(void **state)
{
    struct calls *calls = fm_memory_calloc(1, sizeof *calls);
    fm_arena_init(&calls->arena, "test");
    fm_random_seed(&calls->random, 1);
    calls->values = (struct fm_value_context){
        .arena = &calls->arena,
        .symbols = fm_symbols_new(),
        .owner = calls,
        .raise = calls_raise,
        .set_size_max = 1000000,
    };
    calls->natives = (struct fm_native_context){
        .values = &calls->values,
        .owner = calls,
        .apply_operator = calls_apply,
        .print = calls_print,
        .tlc_get = calls_get,
        .tlc_set = calls_set,
        .random = &calls->random,
    };
    *state = calls;
    return 0;
}

static inline int calls_teardown(void **state)
{
    struct calls *calls = *state;
    fm_text_deinit(&calls->printed);
    fm_text_deinit(&calls->natives.scratch);
    fm_symbols_free(calls->values.symbols);
    fm_arena_deinit(&calls->arena);
    fm_memory_free(calls);
    return 0;
}

/* --- values --- */

static inline fm_value I(int64_t n)
{
    return fm_small(n);
}
static inline fm_value S(struct calls *calls, const char *text)
{
    return fm_string_of(&calls->values, text, strlen(text));
}
static inline fm_value O(struct calls *calls, const struct calls_closure *closure, uint32_t arity)
{
    return fm_operator(&calls->values, closure, arity);
}
#define VALUES(...) ((const fm_value[]){__VA_ARGS__})
#define COUNT(...) ((uint32_t)(sizeof VALUES(__VA_ARGS__) / sizeof(fm_value)))
#define T(calls, ...) fm_tuple(&(calls)->values, VALUES(__VA_ARGS__), COUNT(__VA_ARGS__))
#define SET(calls, ...) fm_set(&(calls)->values, VALUES(__VA_ARGS__), COUNT(__VA_ARGS__))
#define EMPTY(calls) fm_tuple(&(calls)->values, NULL, 0)

static inline fm_value interval(struct calls *calls, int64_t low, int64_t high)
{
    return fm_interval(&calls->values, fm_small(low), fm_small(high));
}

/* --- calls --- */

/* NONE after an error; then calls->code says which. */
static inline fm_value calls_call(struct calls *calls, const char *module, const char *name,
                                  const fm_value *arguments, uint32_t count)
{
    const struct fm_native *row = fm_native_find(module, name, count);
    if (row == NULL || row->call == NULL) {
        fail_msg("no native %s!%s/%u", module, name, count);
        return fm_none();
    }
    calls->code = 0;
    if (setjmp(calls->jump) != 0) {
        return fm_none();
    }
    return row->call(&calls->natives, arguments, count);
}

static inline const char *calls_show(struct calls *calls, fm_value v)
{
    struct fm_text text = {0};
    if (setjmp(calls->jump) != 0) {
        return calls->message;
    }
    fm_value_print(&calls->values, v, &text);
    const char *shown = fm_arena_strndup(&calls->arena, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    return shown;
}

static inline void calls_expect(struct calls *calls, const char *expected, fm_value result)
{
    if (fm_is_none(result)) {
        fail_msg("error FM%u: %s; expected %s", calls->code, calls->message, expected);
    }
    assert_string_equal(calls_show(calls, result), expected);
}

static inline void calls_refuse(struct calls *calls, uint32_t code, const char *part,
                                fm_value result)
{
    if (!fm_is_none(result)) {
        fail_msg("result %s; expected error FM%u", calls_show(calls, result), code);
    }
    if (calls->code != code || strstr(calls->message, part) == NULL) {
        fail_msg("error FM%u: %s; expected FM%u: ...%s...", calls->code, calls->message, code,
                 part);
    }
}

#define CALL0(calls, module, name) calls_call(calls, module, name, NULL, 0)
#define CALL(calls, module, name, ...)                                                             \
    calls_call(calls, module, name, VALUES(__VA_ARGS__), COUNT(__VA_ARGS__))
/* The result prints so. */
#define EQ(expected, ...) calls_expect(c, expected, CALL(c, __VA_ARGS__))
/* It fails with this code, and the message contains the part. */
#define NO(code, part, ...) calls_refuse(c, code, part, CALL(c, __VA_ARGS__))

#endif
