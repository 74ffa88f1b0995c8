/* Operators of library modules that are implemented in C.
 *
 * Most are strict: the arguments are evaluated from left to right and the native is called.
 * Arithmetic, comparison and the commonest sequence operators are inlined for small integers and
 * tuples. Operators that control evaluation or need the run's history are evaluated here: Assert
 * evaluates its message only when it fails, AssertError catches the error, Trace asks the explorer
 * for the path. */
#include "base/assert.h"
#include "eval/registers.h"
#include "eval/run.h"
#include "value/raise.h"

#include <string.h>

static fm_value eval_strict(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame)
{
    char *mark = engine->frame_next;
    fm_value *arguments = fm_frame_alloc(engine, (code->count + 1) * sizeof *arguments);
    for (uint32_t i = 0; i < code->count; i++) {
        arguments[i] = fm_run(engine, code->kids[i], frame);
    }
    engine->at = code;
    fm_value result = code->u.native.native->call(&engine->natives, arguments, code->count);
    engine->frame_next = mark;
    return result;
}

static fm_value eval_strict1(struct fm_engine *engine, const struct fm_expr *code,
                             struct fm_frame *frame)
{
    fm_value argument = fm_run(engine, code->kids[0], frame);
    engine->at = code;
    return code->u.native.native->call(&engine->natives, &argument, 1);
}

static fm_value eval_strict2(struct fm_engine *engine, const struct fm_expr *code,
                             struct fm_frame *frame)
{
    fm_value arguments[2] = {fm_run(engine, code->kids[0], frame), fm_none()};
    arguments[1] = fm_run(engine, code->kids[1], frame);
    engine->at = code;
    return code->u.native.native->call(&engine->natives, arguments, 2);
}

static fm_value call2(struct fm_engine *engine, const struct fm_expr *code, fm_value a, fm_value b)
{
    fm_value arguments[2] = {a, b};
    engine->at = code;
    return code->u.native.native->call(&engine->natives, arguments, 2);
}

/* --- integers --- */

static fm_value eval_plus(struct fm_engine *engine, const struct fm_expr *code,
                          struct fm_frame *frame)
{
    fm_value a = fm_run(engine, code->kids[0], frame);
    fm_value b = fm_run(engine, code->kids[1], frame);
    if (fm_is_small(a) && fm_is_small(b)) {
        engine->at = code;
        return fm_int_add_inline(&engine->values, a, b);
    }
    return call2(engine, code, a, b);
}

static fm_value eval_minus(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame)
{
    fm_value a = fm_run(engine, code->kids[0], frame);
    fm_value b = fm_run(engine, code->kids[1], frame);
    if (fm_is_small(a) && fm_is_small(b)) {
        engine->at = code;
        return fm_int_sub_inline(&engine->values, a, b);
    }
    return call2(engine, code, a, b);
}

/* Small integers compare like their words. */
#define COMPARISON(name, operator)                                                                 \
    static fm_value name(struct fm_engine *engine, const struct fm_expr *code,                     \
                         struct fm_frame *frame)                                                   \
    {                                                                                              \
        fm_value a = fm_run(engine, code->kids[0], frame);                                         \
        fm_value b = fm_run(engine, code->kids[1], frame);                                         \
        if (fm_is_small(a) && fm_is_small(b)) {                                                    \
            return fm_bool((int64_t)a.bits operator(int64_t) b.bits);                              \
        }                                                                                          \
        return call2(engine, code, a, b);                                                          \
    }
COMPARISON(eval_less, <)
COMPARISON(eval_less_equal, <=)
COMPARISON(eval_greater, >)
COMPARISON(eval_greater_equal, >=)
#undef COMPARISON

static fm_value eval_length(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame)
{
    fm_value sequence = fm_run(engine, code->kids[0], frame);
    if (fm_is_kind(sequence, FM_KIND_TUPLE)) {
        return fm_small(fm_value_object(sequence)->count);
    }
    engine->at = code;
    return code->u.native.native->call(&engine->natives, &sequence, 1);
}

static fm_value eval_head(struct fm_engine *engine, const struct fm_expr *code,
                          struct fm_frame *frame)
{
    fm_value sequence = fm_run(engine, code->kids[0], frame);
    if (fm_is_kind(sequence, FM_KIND_TUPLE) && fm_value_object(sequence)->count != 0) {
        return fm_as_array(sequence)->elements[0];
    }
    engine->at = code;
    return code->u.native.native->call(&engine->natives, &sequence, 1);
}

/* --- TLC and TLCExt --- */

static fm_value eval_assert(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame)
{
    if (fm_run_bool(engine, code->kids[0], frame, "the first argument of Assert")) {
        return fm_bool(true);
    }
    struct fm_text text = {0};
    fm_value message = fm_run(engine, code->kids[1], frame);
    fm_text_puts(&text, "the first argument of Assert is FALSE; the second is ");
    fm_value_print(&engine->values, message, &text);
    const char *copy = fm_arena_strndup(&engine->failures, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    fm_eval_raise_assert(engine, code, copy);
}

struct attempt {
    const struct fm_expr *code;
    struct fm_frame *frame;
};

static void run_attempt(struct fm_engine *engine, void *closure)
{
    const struct attempt *attempt = closure;
    (void)fm_run(engine, attempt->code, attempt->frame);
}

/* AssertError(message, e): whether evaluating e fails with that message. Messages are ours; those
 * of Assert are compared by their second argument too. */
static fm_value eval_assert_error(struct fm_engine *engine, const struct fm_expr *code,
                                  struct fm_frame *frame)
{
    struct attempt attempt = {code->kids[1], frame};
    if (fm_eval_protect(engine, run_attempt, &attempt)) {
        return fm_bool(false);
    }
    const char *message = engine->failure.message;
    engine->failed = false;
    fm_value expected = fm_run(engine, code->kids[0], frame);
    if (fm_value_kind(expected) != FM_KIND_STRING) {
        fm_eval_raise(engine, code, FM_CODE_4201,
                      "the first argument of AssertError must be a string, but it is %s",
                      fm_eval_kind(engine, expected));
    }
    return fm_bool(strcmp(message, fm_value_symbol(expected)->text) == 0);
}

/* TLCDefer(e): TLC may evaluate e later or never; its value does not matter. */
static fm_value eval_defer(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame)
{
    (void)engine;
    (void)code;
    (void)frame;
    return fm_bool(true);
}

static fm_value eval_first(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame)
{
    return fm_run(engine, code->kids[0], frame);
}

static fm_value eval_pick_successor(struct fm_engine *engine, const struct fm_expr *code,
                                    struct fm_frame *frame)
{
    if (fm_run_bool(engine, code->kids[0], frame, "the argument of PickSuccessor")) {
        return fm_bool(true);
    }
    fm_eval_raise(engine, code, FM_CODE_4318,
                  "PickSuccessor asks at a terminal, which is not supported");
}

static fm_value eval_fingerprint(struct fm_engine *engine, const struct fm_expr *code,
                                 struct fm_frame *frame)
{
    fm_value v = fm_run(engine, code->kids[0], frame);
    engine->at = code;
    struct fm_digest digest = fm_value_digest(&engine->values, v);
    return fm_small((int32_t)(uint32_t)digest.low); /* TLC narrows to 32 bits too */
}

static fm_value eval_trace(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame)
{
    (void)frame;
    return fm_registers_trace(engine, code);
}

static fm_value eval_counter_example(struct fm_engine *engine, const struct fm_expr *code,
                                     struct fm_frame *frame)
{
    (void)frame;
    const struct fm_run *run = engine->model->model.run;
    if (run != NULL && run->has_counterexample) {
        fm_eval_raise(engine, code, FM_CODE_4320,
                      "CounterExample after a violation is not supported: -dumpTrace json writes "
                      "the counterexample");
    }
    return fm_registers_counter_example(engine);
}

static fm_value eval_definition(struct fm_engine *engine, const struct fm_expr *code,
                                struct fm_frame *frame)
{
    fm_value name = fm_run(engine, code->kids[0], frame);
    const struct fm_def *def = NULL;
    if (fm_value_kind(name) == FM_KIND_STRING) {
        def = fm_program_find(engine->model->model.program, fm_value_symbol(name));
    }
    if (def == NULL || def->param_count != 0 || def->body == NULL) {
        fm_eval_raise(engine, code, FM_CODE_4202,
                      "%s is not the name of a definition without parameters",
                      fm_eval_describe(engine, name));
    }
    struct fm_unit *unit = fm_engine_unit(engine, def->body, def);
    return fm_run_in(engine, unit);
}

/* --- compiling --- */

static fm_expr_fn *special_function(const struct fm_native *native)
{
    switch (native->special) {
    case FM_SPECIAL_PLUS:
        return eval_plus;
    case FM_SPECIAL_MINUS:
        return eval_minus;
    case FM_SPECIAL_LESS:
        return eval_less;
    case FM_SPECIAL_LESS_EQUAL:
        return eval_less_equal;
    case FM_SPECIAL_GREATER:
        return eval_greater;
    case FM_SPECIAL_GREATER_EQUAL:
        return eval_greater_equal;
    case FM_SPECIAL_LEN:
        return eval_length;
    case FM_SPECIAL_HEAD:
        return eval_head;
    case FM_SPECIAL_ASSERT:
        return eval_assert;
    case FM_SPECIAL_ASSERT_ERROR:
        return eval_assert_error;
    case FM_SPECIAL_TLC_DEFER:
        return eval_defer;
    case FM_SPECIAL_TLC_CACHE:
        return eval_first;
    case FM_SPECIAL_TRACE:
        return eval_trace;
    case FM_SPECIAL_COUNTER_EXAMPLE:
        return eval_counter_example;
    case FM_SPECIAL_PICK_SUCCESSOR:
        return eval_pick_successor;
    case FM_SPECIAL_TLC_FP:
        return eval_fingerprint;
    case FM_SPECIAL_EVAL_DEFINITION:
        return eval_definition;
    case FM_SPECIAL_NONE:
    case FM_SPECIAL_TLC_EVAL:
    case FM_SPECIAL_AND:
    case FM_SPECIAL_TIMES:
    case FM_SPECIAL_INTERVAL:
    case FM_SPECIAL_NEGATE:
    case FM_SPECIAL_APPEND:
    case FM_SPECIAL_TAIL:
    case FM_SPECIAL_CONCAT:
    case FM_SPECIAL_CARDINALITY:
        break;
    }
    return NULL;
}

struct fm_expr *fm_compile_native(struct fm_compiler *compiler, const struct fm_node *node)
{
    const struct fm_native *native = node->u.def->native;
    fm_expr_fn *eval = special_function(native);
    if (eval == NULL) {
        fm_assert(native->call != NULL);
        eval = node->count == 1 ? eval_strict1 : node->count == 2 ? eval_strict2 : eval_strict;
    }
    struct fm_expr *code = fm_expr_with_kids(compiler, node, eval);
    code->u.native.native = native;
    code->u.native.text = NULL;
    if (node->u.def->text != NULL) {
        struct fm_node *call = fm_arena_copy(compiler->arena, node, sizeof *node);
        call->u.def = node->u.def->text;
        code->u.native.text = fm_compile_bare(compiler, call);
    }
    return code;
}
