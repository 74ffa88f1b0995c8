/* Errors of evaluation: one mechanism of nested protected calls.
 *
 * An error anywhere in evaluation (ours, or one raised by a value operation, or memory or stack
 * running out) fills engine->failure and ends the innermost protected call by longjmp. Protected
 * calls nest: the outermost is made by each operation of the model interface; inner ones stand
 * around constant definitions (whose errors are swallowed until use), the splitting of actions,
 * AssertError, and function constructors that fall back to laziness. The call restores everything
 * an interrupted evaluation may have changed: states and epochs, the stacks of frames, loops and
 * operators, the arena of results. What was allocated since stays until the batch is reset, and is
 * therefore pinned.
 *
 * The operator stack is the chain of fm_activation records, which live on the C stack, innermost
 * first. It is copied when the error is raised, at most STACK_SHOWN entries: of a runaway recursion
 * the cycle of operators is what matters, and that is named in the message.
 *
 * The C stack is limited by bytes, not by depth: calls compare their frame address with
 * engine->stack_limit, which leaves STACK_RESERVE for raising the error and for leaf functions. */
#include "base/assert.h"
#include "eval/run.h"
#include "value/raise.h"

#include <stdarg.h>
#include <string.h>

/* Entries of the operator stack that are kept. */
#define STACK_SHOWN 100u
/* Bytes of C stack that stay free for leaf functions and the error itself. */
#define STACK_RESERVE ((size_t)256 << 10)
/* The address sanitizer forgets the frames that longjmp leaves only when they are less than 64 MiB.
 */
#if defined(__SANITIZE_ADDRESS__)
#define STACK_MAX ((size_t)48 << 20)
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define STACK_MAX ((size_t)48 << 20)
#endif
#endif
#ifndef STACK_MAX
#define STACK_MAX SIZE_MAX
#endif
/* Operators in the cycle of a recursion that is still looked for. */
#define CYCLE_MAX 24u
/* Failures kept for the caller before their arena is emptied at the next outermost call, bytes. */
#define FAILURES_MAX ((size_t)1 << 20)

/* --- filling the failure --- */

static struct fm_span span_of(const struct fm_expr *code)
{
    return code != NULL && code->node != NULL ? code->node->span : fm_span_none();
}

static const struct fm_native *native_of(const struct fm_expr *code)
{
    return code != NULL && code->node != NULL && code->node->op == FM_OP_CALL
               ? code->node->u.def->native
               : NULL;
}

static void copy_stack(struct fm_engine *engine, struct fm_failure *failure)
{
    uint32_t count = 0;
    for (const struct fm_activation *at = engine->top; at != NULL && count < STACK_SHOWN;
         at = at->outer) {
        count++;
    }
    struct fm_frame_place *places = fm_arena_alloc(&engine->failures, (count + 1) * sizeof *places);
    struct fm_span span = failure->span;
    uint32_t used = 0;
    for (const struct fm_activation *at = engine->top; used < count; at = at->outer) {
        if (at->def != NULL) {
            if (span.source == 0 && at->def->body != NULL) {
                span = at->def->body->span; /* not raised by an expression */
            }
            places[used++] = (struct fm_frame_place){at->def->name, span};
        } else {
            count--;
        }
        if (at->code != NULL) {
            span = span_of(at->code);
        }
        if (at->outer == NULL) {
            break;
        }
    }
    failure->stack = places;
    failure->stack_count = used;
}

static void copy_partial(struct fm_engine *engine, struct fm_failure *failure)
{
    if (engine->t == engine->nothing) {
        return;
    }
    failure->partial = fm_arena_copy(&engine->failures, engine->t,
                                     engine->variable_count * sizeof *engine->t);
}

_Noreturn static void jump(struct fm_engine *engine)
{
    fm_assert(engine->protect != NULL);
    engine->failed = true;
    longjmp(engine->protect->jump, 1);
}

_Noreturn static void raise_text(struct fm_engine *engine, const struct fm_expr *code,
                                 enum fm_code id, const char *text)
{
    struct fm_failure *failure = &engine->failure;
    *failure = (struct fm_failure){.code = id,
                                   .message = text,
                                   .span = span_of(code),
                                   .native = native_of(code),
                                   .action = engine->action};
    copy_stack(engine, failure);
    copy_partial(engine, failure);
    jump(engine);
}

__attribute__((format(printf, 2, 0))) static const char *format_text(struct fm_engine *engine,
                                                                     const char *format,
                                                                     va_list arguments)
{
    struct fm_text text = {0};
    fm_text_vprintf(&text, format, arguments);
    const char *copy = fm_arena_strndup(&engine->failures, fm_text_string(&text), text.length);
    fm_text_deinit(&text);
    return copy;
}

void fm_eval_raise(struct fm_engine *engine, const struct fm_expr *code, enum fm_code id,
                   const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = format_text(engine, format, arguments);
    va_end(arguments);
    raise_text(engine, code != NULL ? code : engine->at, id, text);
}

void fm_eval_raise_assert(struct fm_engine *engine, const struct fm_expr *code, const char *text)
{
    struct fm_failure *failure = &engine->failure;
    *failure = (struct fm_failure){.code = FM_CODE_4200,
                                   .is_assert = true,
                                   .message = text,
                                   .span = span_of(code),
                                   .action = engine->action};
    copy_stack(engine, failure);
    copy_partial(engine, failure);
    jump(engine);
}

/* --- stack and memory --- */

static bool is_cycle(const struct fm_def *const *defs, uint32_t count, uint32_t period)
{
    for (uint32_t i = 0; i + period < count; i++) {
        if (defs[i] != defs[i + period]) {
            return false;
        }
    }
    return true;
}

/* "A -> B -> A", or NULL when the innermost operators do not repeat. */
static const char *name_cycle(struct fm_engine *engine)
{
    const struct fm_def *defs[4 * CYCLE_MAX];
    uint32_t count = 0;
    for (const struct fm_activation *at = engine->top; at != NULL && count < 4 * CYCLE_MAX;
         at = at->outer) {
        if (at->def != NULL) {
            defs[count++] = at->def;
        }
    }
    if (count < 4 * CYCLE_MAX) {
        return NULL;
    }
    for (uint32_t period = 1; period <= CYCLE_MAX; period++) {
        if (!is_cycle(defs, count, period)) {
            continue;
        }
        struct fm_text text = {0};
        for (uint32_t i = period + 1; i-- > 0;) { /* outermost first */
            fm_text_puts(&text, defs[i]->name->text);
            fm_text_puts(&text, i != 0 ? " -> " : "");
        }
        const char *copy = fm_arena_strndup(&engine->failures, fm_text_string(&text), text.length);
        fm_text_deinit(&text);
        return copy;
    }
    return NULL;
}

void fm_eval_raise_stack(struct fm_engine *engine)
{
    const struct fm_activation *top = engine->top;
    const char *cycle = name_cycle(engine);
    const char *text = cycle != NULL
                           ? fm_arena_printf(
                                 &engine->failures,
                                 "infinite recursion, or one too deep for the stack: %s", cycle)
                           : "evaluation nests too deeply for the stack";
    struct fm_failure *failure = &engine->failure;
    *failure = (struct fm_failure){
        .code = cycle != NULL ? FM_CODE_4331 : FM_CODE_4332,
        .is_memory = true,
        .message = text,
        .span = top != NULL && top->def != NULL && top->def->body != NULL ? top->def->body->span
                                                                          : span_of(engine->at),
        .action = engine->action,
    };
    copy_stack(engine, failure);
    copy_partial(engine, failure);
    jump(engine);
}

static void memory_failed(void *closure, size_t size)
{
    struct fm_engine *engine = closure;
    (void)size;
    /* Nothing may be allocated here: no stack is copied. */
    engine->failure = (struct fm_failure){
        .code = FM_CODE_4333,
        .is_memory = true,
        .message = "out of memory while evaluating",
        .span = span_of(engine->at),
        .action = engine->action,
    };
    jump(engine);
}

/* --- protected calls --- */

struct saved {
    const fm_value *s;
    fm_value *t;
    uint64_t s_epoch, t_epoch;
    uint32_t reads, depth;
    struct fm_loop *loop;
    const struct fm_activation *top;
    const struct fm_expr *at;
    char *frame_next;
    struct fm_arena *arena;
    struct fm_solver *solver;
    const struct fm_state *state;
    const struct fm_tally *cost;
    uint32_t action;
    bool primed, in_enabled;
};

static struct saved save(const struct fm_engine *engine)
{
    return (struct saved){
        engine->s,          engine->t,          engine->s_epoch,      engine->t_epoch,
        engine->reads,      engine->depth,      engine->loop,         engine->top,
        engine->at,         engine->frame_next, engine->values.arena, engine->solver,
        engine->state,      engine->cost,       engine->action,       engine->primed,
        engine->in_enabled,
    };
}

static void restore(struct fm_engine *engine, const struct saved *saved)
{
    engine->s = saved->s;
    engine->t = saved->t;
    engine->s_epoch = saved->s_epoch;
    engine->t_epoch = saved->t_epoch;
    engine->reads = saved->reads;
    engine->depth = saved->depth;
    engine->loop = saved->loop;
    engine->top = saved->top;
    engine->at = saved->at;
    engine->frame_next = saved->frame_next;
    engine->values.arena = saved->arena;
    engine->solver = saved->solver;
    engine->state = saved->state;
    engine->cost = saved->cost;
    engine->action = saved->action;
    engine->primed = saved->primed;
    engine->in_enabled = saved->in_enabled;
    /* Loops in between did not tell what they had pinned. */
    engine->pin = 0;
}

static void enter_outermost(struct fm_engine *engine)
{
    size_t left = fm_stack_left(), wanted = engine->model->options.stack_size;
    left = left < STACK_MAX ? left : STACK_MAX;
    left = wanted != 0 && wanted < left ? wanted : left;
    size_t reserve = left / 2 < STACK_RESERVE ? left / 2 : STACK_RESERVE;
    engine->stack_limit = (char *)__builtin_frame_address(0) - (left - reserve);
    if (engine->failures.held > FAILURES_MAX) {
        fm_arena_reset(&engine->failures);
    }
    fm_memory_set_handler(memory_failed, engine);
}

bool fm_eval_protect(struct fm_engine *engine, void (*run)(struct fm_engine *, void *),
                     void *closure)
{
    struct fm_protect protect;
    const struct saved saved = save(engine);
    /* The caller's own answer to refused memory, which holds again afterwards. */
    void *handler_closure = NULL;
    fm_memory_handler *handler = fm_memory_handler_now(&handler_closure);
    protect.outer = engine->protect;
    if (protect.outer == NULL) {
        enter_outermost(engine);
    }
    engine->protect = &protect;
    engine->failed = false;
    bool succeeded = false;
    if (setjmp(protect.jump) == 0) {
        run(engine, closure);
        engine->protect = protect.outer;
        succeeded = true;
    } else {
        engine->protect = protect.outer;
        restore(engine, &saved);
    }
    if (engine->protect == NULL) {
        fm_memory_set_handler(handler, handler_closure);
    }
    return succeeded;
}

/* --- texts --- */

const char *fm_eval_describe(struct fm_engine *engine, fm_value v)
{
    return fm_value_describe(&engine->values, v);
}

const char *fm_eval_kind(struct fm_engine *engine, fm_value v)
{
    return fm_value_describe(&engine->values, v);
}

void fm_eval_raise_not_bool(struct fm_engine *engine, const struct fm_expr *code, fm_value v,
                            const char *use)
{
    fm_eval_raise(engine, code, FM_CODE_4300, "%s must be TRUE or FALSE, but it is %s", use,
                  fm_eval_kind(engine, v));
}

void fm_eval_raise_unassigned(struct fm_engine *engine, const struct fm_expr *code,
                              uint32_t variable, bool primed)
{
    const char *name = engine->model->model.program->variables[variable].name->text;
    if (engine->s == engine->nothing && engine->t == engine->nothing) {
        fm_eval_raise(engine, code, FM_CODE_4302,
                      "the variable %s has no value here: there is no state", name);
    }
    if (primed && engine->t == engine->nothing && !engine->primed) {
        fm_eval_raise(engine, code, FM_CODE_4303, "%s' has no value here: there is no next state",
                      name);
    }
    fm_eval_raise(engine, code, FM_CODE_4304, "%s%s is used before it is assigned a value", name,
                  primed ? "'" : "");
}
