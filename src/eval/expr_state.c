/* Leaves of expressions, variables and priming: what depends on the state.
 *
 * `e'` evaluates e with the next state as the state. A thunk or definition met inside is then seen
 * through the prime, as TLA+ wants; there is no next state beyond it. `x'` of a variable, which is
 * nearly every prime, reads the next state directly. Reads are noted (engine->reads) for the caches
 * of thunks; what is read of the state under a prime counts as read of the next state.
 *
 * ENABLED and \cdot as values are solved like actions: see solve.c. */
#include "eval/run.h"
#include "eval/solve.h"

/* --- leaves --- */

static fm_value eval_value(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame)
{
    (void)engine;
    (void)frame;
    return code->u.value;
}

static fm_value eval_decimal(struct fm_engine *engine, const struct fm_expr *code,
                             struct fm_frame *frame)
{
    (void)frame;
    fm_eval_raise(engine, code, FM_CODE_4301, "the decimal %s: real numbers are not supported",
                  code->node->u.name->text);
}

static fm_value eval_variable(struct fm_engine *engine, const struct fm_expr *code,
                              struct fm_frame *frame)
{
    (void)frame;
    fm_value value = engine->s[code->u.index];
    engine->reads |= FM_READ_STATE;
    if (fm_is_none(value)) {
        fm_eval_raise_unassigned(engine, code, code->u.index, engine->primed);
    }
    return value;
}

static fm_value eval_primed_variable(struct fm_engine *engine, const struct fm_expr *code,
                                     struct fm_frame *frame)
{
    (void)frame;
    fm_value value = engine->t[code->u.index];
    engine->reads |= FM_READ_PRIMED;
    if (fm_is_none(value)) {
        fm_eval_raise_unassigned(engine, code, code->u.index, true);
    }
    return value;
}

static fm_value eval_local_here(struct fm_engine *engine, const struct fm_expr *code,
                                struct fm_frame *frame)
{
    return fm_slot_get(engine, frame->slots[code->u.local.slot]);
}

static fm_value eval_local(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame)
{
    frame = fm_frame_climb(frame, code->u.local.depth);
    return fm_slot_get(engine, frame->slots[code->u.local.slot]);
}

static fm_value eval_label(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame)
{
    return fm_run(engine, code->kids[0], frame);
}

static fm_value eval_temporal(struct fm_engine *engine, const struct fm_expr *code,
                              struct fm_frame *frame)
{
    (void)frame;
    fm_eval_raise(engine, code, FM_CODE_4309,
                  "a temporal formula has no value in a state or a step");
}

/* --- prime --- */

fm_value fm_run_primed(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame)
{
    const fm_value *s = engine->s;
    fm_value *t = engine->t;
    uint64_t s_epoch = engine->s_epoch, t_epoch = engine->t_epoch;
    const struct fm_state *state = engine->state;
    uint32_t reads = engine->reads;
    bool primed = engine->primed;
    engine->s = t;
    engine->s_epoch = t_epoch;
    engine->t = engine->nothing;
    engine->t_epoch = 0;
    engine->state = NULL;
    engine->reads = 0;
    engine->primed = true;
    fm_value result = fm_run(engine, code, frame);
    engine->s = s;
    engine->t = t;
    engine->s_epoch = s_epoch;
    engine->t_epoch = t_epoch;
    engine->state = state;
    engine->reads = reads | (engine->reads != 0 ? FM_READ_PRIMED : 0);
    engine->primed = primed;
    return result;
}

static fm_value eval_prime(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame)
{
    return fm_run_primed(engine, code->kids[0], frame);
}

/* Whether the variable is the same in both states. */
static bool variable_unchanged(struct fm_engine *engine, const struct fm_expr *code, uint32_t index)
{
    fm_value before = engine->s[index], after = engine->t[index];
    engine->reads |= FM_READ_STATE | FM_READ_PRIMED;
    if (fm_is_none(before)) {
        fm_eval_raise_unassigned(engine, code, index, engine->primed);
    }
    if (fm_is_none(after)) {
        fm_eval_raise_unassigned(engine, code, index, true);
    }
    if (fm_value_same(before, after)) {
        return true;
    }
    engine->at = code;
    return fm_value_equal(&engine->values, before, after);
}

bool fm_run_unchanged(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame)
{
    const struct fm_expr *bare = fm_expr_unwrap(code);
    if (bare->node->op == FM_OP_VAR && engine->cost == NULL) {
        return variable_unchanged(engine, bare, bare->u.index);
    }
    fm_value before = fm_run(engine, code, frame);
    fm_value after = fm_run_primed(engine, code, frame);
    engine->at = code;
    return fm_value_same(before, after) || fm_value_equal(&engine->values, before, after);
}

static fm_value eval_unchanged(struct fm_engine *engine, const struct fm_expr *code,
                               struct fm_frame *frame)
{
    return fm_bool(fm_run_unchanged(engine, code->kids[0], frame));
}

static fm_value eval_unchanged_variables(struct fm_engine *engine, const struct fm_expr *code,
                                         struct fm_frame *frame)
{
    (void)frame;
    for (uint32_t i = 0; i < code->u.variables.count; i++) {
        if (!variable_unchanged(engine, code, code->u.variables.at[i])) {
            return fm_bool(false);
        }
    }
    return fm_bool(true);
}

/* [A]_v */
static fm_value eval_square(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame)
{
    return fm_bool(fm_run_bool(engine, code->kids[0], frame, "the action of [A]_v") ||
                   fm_run_unchanged(engine, code->kids[1], frame));
}

/* <<A>>_v */
static fm_value eval_angle(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame)
{
    return fm_bool(fm_run_bool(engine, code->kids[0], frame, "the action of <<A>>_v") &&
                   !fm_run_unchanged(engine, code->kids[1], frame));
}

static fm_value eval_enabled(struct fm_engine *engine, const struct fm_expr *code,
                             struct fm_frame *frame)
{
    return fm_bool(fm_solve_enabled(engine, code->kids[0], frame));
}

static fm_value eval_cdot(struct fm_engine *engine, const struct fm_expr *code,
                          struct fm_frame *frame)
{
    return fm_bool(fm_solve_cdot_value(engine, code, frame));
}

/* --- compiling --- */

/* The variables of `UNCHANGED <<x, y>>` or of a definition that is such a tuple, depth first; false
 * when there is anything else. */
static bool collect_variables(const struct fm_node *node, uint32_t *variables, uint32_t *count,
                              uint32_t room)
{
    switch ((int)node->op) {
    case FM_OP_VAR:
        if (*count == room) {
            return false;
        }
        variables[(*count)++] = node->u.index;
        return true;
    case FM_OP_LABEL:
        return collect_variables(node->kids[0], variables, count, room);
    case FM_OP_TUPLE:
        for (uint32_t i = 0; i < node->count; i++) {
            if (!collect_variables(node->kids[i], variables, count, room)) {
                return false;
            }
        }
        return true;
    case FM_OP_CALL:
        return node->count == 0 && node->u.def->body != NULL && node->u.def->native == NULL &&
               !node->u.def->is_recursive && !node->u.def->is_let &&
               collect_variables(node->u.def->body, variables, count, room);
    }
    return false;
}

/* More variables than this in one UNCHANGED are treated one by one. */
#define VARIABLES_MAX 256u

static struct fm_expr *compile_unchanged(struct fm_compiler *compiler, const struct fm_node *node)
{
    uint32_t variables[VARIABLES_MAX];
    uint32_t count = 0;
    struct fm_expr *code = fm_expr_with_kids(compiler, node, eval_unchanged);
    if (!compiler->model->options.costs &&
        collect_variables(node->kids[0], variables, &count, VARIABLES_MAX)) {
        code->eval = eval_unchanged_variables;
        code->u.variables.at = fm_arena_copy(compiler->arena, variables, count * sizeof *variables);
        code->u.variables.count = count;
    }
    return code;
}

static struct fm_expr *compile_prime(struct fm_compiler *compiler, const struct fm_node *node)
{
    const struct fm_node *kid = node->kids[0];
    struct fm_expr *code = fm_expr_with_kids(compiler, node, eval_prime);
    /* A variable of an instance is a definition whose body is the variable. */
    while (kid->op == FM_OP_CALL && kid->count == 0 && kid->u.def->body != NULL &&
           kid->u.def->native == NULL && !kid->u.def->is_recursive && !kid->u.def->is_let) {
        kid = kid->u.def->body;
    }
    if (kid->op == FM_OP_VAR && !compiler->model->options.costs) {
        code->eval = eval_primed_variable;
        code->u.index = kid->u.index;
    }
    return code;
}

static struct fm_expr *compile_local(struct fm_compiler *compiler, const struct fm_node *node)
{
    struct fm_expr *code = fm_expr_new(compiler, node,
                                       node->u.local.depth == 0 ? eval_local_here : eval_local, 0);
    code->u.local = node->u.local;
    return code;
}

struct fm_expr *fm_compile_state(struct fm_compiler *compiler, const struct fm_node *node)
{
    struct fm_expr *code;
    switch ((int)node->op) {
    case FM_OP_VALUE:
        code = fm_expr_new(compiler, node, eval_value, 0);
        code->u.value = fm_constant_register(compiler->model, node->u.value);
        return code;
    case FM_OP_DECIMAL:
        return fm_expr_new(compiler, node, eval_decimal, 0);
    case FM_OP_VAR:
        code = fm_expr_new(compiler, node, eval_variable, 0);
        code->u.index = node->u.index;
        return code;
    case FM_OP_LOCAL:
        return compile_local(compiler, node);
    case FM_OP_LABEL:
        return fm_expr_with_kids(compiler, node, eval_label);
    case FM_OP_PRIME:
        return compile_prime(compiler, node);
    case FM_OP_UNCHANGED:
        return compile_unchanged(compiler, node);
    case FM_OP_SQUARE:
        return fm_expr_with_kids(compiler, node, eval_square);
    case FM_OP_ANGLE:
        return fm_expr_with_kids(compiler, node, eval_angle);
    case FM_OP_ENABLED:
        return fm_expr_with_kids(compiler, node, eval_enabled);
    case FM_OP_CDOT:
        return fm_expr_with_kids(compiler, node, eval_cdot);
    }
    return fm_expr_with_kids(compiler, node, eval_temporal);
}
