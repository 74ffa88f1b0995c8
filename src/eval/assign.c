/* Which variable a left side names.
 *
 * `x' = e` assigns x when the left side is the prime of a variable; it may be reached through LET,
 * definitions without parameters (also those of instances), labels and arguments: with F(v) == v' =
 * 1, F(x) assigns x. In the initial predicate the left side is the variable itself. (TLC:
 * Spec.getPrimedVar and getVar.) Nearly all left sides are decided by their first node. */
#include "eval/solve.h"

static int64_t resolve(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame,
                       bool primed);

static int64_t resolve_call(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame, bool primed)
{
    const struct fm_def *def = code->node->u.def;
    if (code->count != 0 || def->native != NULL || def->body == NULL || def->param_count != 0) {
        return -1;
    }
    fm_check_stack(engine);
    char *mark = engine->frame_next;
    const struct fm_call *call = code->u.call;
    struct fm_frame *up = call->is_global ? NULL : fm_frame_climb(frame, call->climb);
    struct fm_frame *callee = fm_frame_new(engine, &call->def->unit, up);
    int64_t result = resolve(engine, call->def->unit.body, callee, primed);
    engine->frame_next = mark;
    return result;
}

static int64_t resolve(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame,
                       bool primed)
{
    code = fm_expr_unwrap(code);
    switch ((int)code->node->op) {
    case FM_OP_VAR:
        return primed ? -1 : (int64_t)code->u.index;
    case FM_OP_PRIME:
        return primed ? resolve(engine, code->kids[0], frame, false) : -1;
    case FM_OP_LABEL:
        return resolve(engine, code->kids[0], frame, primed);
    case FM_OP_LET:
        fm_let_enter(engine, code, frame, true);
        return resolve(engine, code->kids[0], frame, primed);
    case FM_OP_CALL:
        return resolve_call(engine, code, frame, primed);
    case FM_OP_LOCAL: {
        fm_value slot = fm_frame_climb(frame, code->u.local.depth)->slots[code->u.local.slot];
        if (fm_is_thunk(slot)) {
            const struct fm_thunk *thunk = fm_thunk_of(slot);
            return resolve(engine, thunk->code, thunk->frame, primed);
        }
        return -1;
    }
    }
    return -1;
}

int64_t fm_resolve_target(struct fm_engine *engine, const struct fm_solver *solver,
                          const struct fm_expr *code, struct fm_frame *frame)
{
    return resolve(engine, code, frame, solver->mode != FM_SOLVE_INIT);
}

int64_t fm_resolve_variable(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame)
{
    return resolve(engine, code, frame, false);
}
