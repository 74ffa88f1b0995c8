/* Functions in action position that were not evaluated.
 *
 * TLC makes a function constructor a value without evaluating it, and f[e] as a conjunct of an
 * action solves the constructor's body, which may hold in several ways or assign variables. Here
 * constructors are evaluated at once where that is cheap, so before f is evaluated this file looks
 * behind it: through names, calls, the branch of an IF that is taken, LET, and applications of
 * functions that are lazy themselves (recursive ones), down to a constructor. What ends elsewhere
 * is a value. */
#include "eval/solve.h"

const struct fm_lazy *fm_solve_unevaluated(fm_value function)
{
    if (!fm_is_kind(function, FM_KIND_LAZY_FCN) ||
        !fm_is_none(fm_as_lazy_fcn(function)->explicit_fcn) ||
        fm_as_lazy_fcn(function)->overrides != NULL) {
        return NULL;
    }
    return fm_as_lazy_fcn(function)->closure;
}

fm_value fm_solve_argument(struct fm_engine *engine, const struct fm_expr *code, fm_value function,
                           struct fm_frame *frame)
{
    const struct fm_lazy *lazy = fm_as_lazy_fcn(function)->closure;
    fm_value argument = fm_run(engine, code->kids[1], frame);
    engine->at = code;
    if (!fm_set_member(&engine->values, argument, lazy->domain)) {
        (void)fm_fcn_apply(&engine->values, function, argument); /* raises */
    }
    return argument;
}

/* What an expression stands for whose value would be that of the result, in *frame: the definition
 * behind a name, the branch that is taken. NULL when there is nothing to look behind. */
static const struct fm_expr *look_behind(struct fm_engine *engine, const struct fm_expr *code,
                                         struct fm_frame **frame)
{
    switch ((int)code->node->op) {
    case FM_OP_LOCAL: {
        fm_value slot = fm_frame_climb(*frame, code->u.local.depth)->slots[code->u.local.slot];
        if (!fm_is_thunk(slot)) {
            return NULL;
        }
        *frame = fm_thunk_of(slot)->frame;
        return fm_thunk_of(slot)->code;
    }
    case FM_OP_CALL: {
        if (code->node->u.def->native != NULL) {
            return code->u.native.text;
        }
        if (code->node->u.def->body == NULL) {
            return NULL;
        }
        const struct fm_call *call = code->u.call;
        struct fm_frame *up = call->is_global ? NULL : fm_frame_climb(*frame, call->climb);
        struct fm_activation *activation = fm_frame_alloc(engine, sizeof *activation);
        *activation = (struct fm_activation){engine->top, code, call->def->def};
        *frame = fm_frame_for_call(engine, call, call->def, up, *frame, true);
        engine->top = activation;
        return call->def->unit.body;
    }
    case FM_OP_IF:
        return fm_run_bool(engine, code->kids[0], *frame, "the condition of IF") ? code->kids[1]
                                                                                 : code->kids[2];
    case FM_OP_LET:
        *frame = fm_frame_copy(engine, code->unit, *frame);
        fm_let_enter(engine, code, *frame, true);
        return code->kids[0];
    case FM_OP_FCNAPP: {
        fm_value function = fm_run(engine, code->kids[0], *frame);
        const struct fm_lazy *lazy = fm_solve_unevaluated(function);
        if (lazy == NULL) {
            return NULL;
        }
        *frame = fm_lazy_enter(engine, lazy, fm_solve_argument(engine, code, function, *frame));
        return lazy->code->u.binder->body;
    }
    }
    return NULL;
}

bool fm_solve_constructor(struct fm_engine *engine, const struct fm_expr **code,
                          struct fm_frame **frame)
{
    const struct fm_expr *fold = NULL; /* the outermost constant passed: it knows its value */
    struct fm_frame *fold_frame = NULL;
    for (;;) {
        fm_check_stack(engine);
        const struct fm_expr *at = fm_expr_without_tally(*code);
        at = fm_expr_is_counted(at) ? at->inner : at;
        const struct fm_expr *bare = fm_expr_unwrap(at);
        if (fm_expr_is_fold(at) && fold == NULL && !at->u.fold.impure) {
            fold = at;
            fold_frame = *frame;
        }
        bool is_value = fm_expr_is_fold(at) && bare->node->op == FM_OP_CALL &&
                        bare->node->count == 0;
        if (!is_value && bare->node->op == FM_OP_FCN) {
            *frame = fm_frame_copy(engine, bare->unit, *frame);
            *code = bare;
            return true;
        }
        const struct fm_expr *behind = is_value ? NULL : look_behind(engine, bare, frame);
        if (behind == NULL && fold != NULL) {
            *code = fold;
            *frame = fold_frame;
        }
        if (behind == NULL) {
            return false;
        }
        *code = behind;
    }
}
