/* Calls, operator parameters and LET.
 *
 * A call pushes a frame with its arguments: literals and locals as they stand, everything else as
 * thunks (call by name, see thunk.c), variables by value when the definition never looks at its
 * arguments through a prime. LET definitions without parameters become thunks in the frame they
 * stand in; LET operators and LAMBDAs reach the frames around through a static link.
 *
 * Constants: a definition without parameters that is constant is a fold (compile.c), one replaced
 * by the configuration (`C <- D`) is evaluated anew at each use if that could make a difference,
 * that is, if D is impure and its value is not kept by TLCEval. */
#include "base/assert.h"
#include "eval/run.h"

static fm_value eval_call(struct fm_engine *engine, const struct fm_expr *code,
                          struct fm_frame *frame)
{
    const struct fm_call *call = code->u.call;
    fm_check_stack(engine);
    char *mark = engine->frame_next;
    struct fm_frame *up = call->is_global ? NULL : fm_frame_climb(frame, call->climb);
    struct fm_frame *callee = fm_frame_for_call(engine, call, call->def, up, frame, false);
    struct fm_activation activation = {engine->top, code, call->def->def};
    engine->top = &activation;
    fm_value result = fm_run(engine, call->def->unit.body, callee);
    engine->top = activation.outer;
    engine->frame_next = mark;
    return result;
}

static fm_value eval_call_plain(struct fm_engine *engine, const struct fm_expr *code,
                                struct fm_frame *frame)
{
    (void)frame;
    const struct fm_call *call = code->u.call;
    fm_check_stack(engine);
    char *mark = engine->frame_next;
    struct fm_frame *callee = fm_frame_new(engine, &call->def->unit, NULL);
    struct fm_activation activation = {engine->top, code, call->def->def};
    engine->top = &activation;
    fm_value result = fm_run(engine, call->def->unit.body, callee);
    engine->top = activation.outer;
    engine->frame_next = mark;
    return result;
}

/* --- operator parameters --- */

/* The closure an operator argument stands for. */
static const struct fm_closure *closure_in(struct fm_engine *engine, const struct fm_expr *code,
                                           struct fm_frame *frame)
{
    const struct fm_local *local = &code->node->u.local;
    fm_value slot = fm_frame_climb(frame, local->depth)->slots[local->slot];
    if ((slot.bits & 7u) == FM_TAG_CLOSURE) {
        return fm_closure_of(slot);
    }
    fm_value v = fm_slot_get(engine, slot);
    fm_assert(fm_value_kind(v) == FM_KIND_OPERATOR);
    return fm_operator_closure(v);
}

const struct fm_closure *fm_apply_target(struct fm_engine *engine, const struct fm_expr *code,
                                         struct fm_frame *frame)
{
    const struct fm_closure *closure = closure_in(engine, code, frame);
    const struct fm_def *def = closure->def->def;
    fm_assert(def->param_count == code->u.call->count || def->native != NULL);
    return closure;
}

static fm_value apply_native(struct fm_engine *engine, const struct fm_expr *code,
                             const struct fm_native *native, struct fm_frame *frame)
{
    char *mark = engine->frame_next;
    fm_value *arguments = fm_frame_alloc(engine, (code->count + 1) * sizeof *arguments);
    for (uint32_t i = 0; i < code->count; i++) {
        arguments[i] = fm_run(engine, code->kids[i], frame);
    }
    engine->at = code;
    fm_value result = native->call(&engine->natives, arguments, code->count);
    engine->frame_next = mark;
    return result;
}

static fm_value eval_apply_operator(struct fm_engine *engine, const struct fm_expr *code,
                                    struct fm_frame *frame)
{
    const struct fm_closure *closure = fm_apply_target(engine, code, frame);
    const struct fm_def_code *def = closure->def;
    if (def->def->native != NULL) {
        return apply_native(engine, code, def->def->native, frame);
    }
    fm_assert(def->unit.body != NULL);
    fm_check_stack(engine);
    char *mark = engine->frame_next;
    struct fm_frame *callee = fm_frame_for_call(engine, code->u.call, def, closure->up, frame,
                                                false);
    struct fm_activation activation = {engine->top, code, def->def};
    engine->top = &activation;
    fm_value result = fm_run(engine, def->unit.body, callee);
    engine->top = activation.outer;
    engine->frame_next = mark;
    return result;
}

static fm_value eval_operator(struct fm_engine *engine, const struct fm_expr *code,
                              struct fm_frame *frame)
{
    const struct fm_call *call = code->u.call;
    struct fm_closure closure = {call->def,
                                 call->is_global ? NULL : fm_frame_climb(frame, call->climb)};
    return fm_closure_capture(engine, &closure, call->def->def->param_count);
}

static fm_value eval_operator_local(struct fm_engine *engine, const struct fm_expr *code,
                                    struct fm_frame *frame)
{
    const struct fm_closure *closure = closure_in(engine, code, frame);
    return fm_closure_capture(engine, closure, closure->def->def->param_count);
}

static fm_value eval_let(struct fm_engine *engine, const struct fm_expr *code,
                         struct fm_frame *frame)
{
    fm_let_enter(engine, code, frame, false);
    return fm_run(engine, code->kids[0], frame);
}

/* --- compiling --- */

static struct fm_arg compile_argument(struct fm_compiler *compiler, const struct fm_node *node,
                                      bool primes)
{
    struct fm_expr *code = fm_compile(compiler, node);
    const struct fm_expr *bare = fm_expr_unwrap(code);
    if (node->op == FM_OP_OPERATOR) {
        return (struct fm_arg){FM_ARG_OPERATOR, bare};
    }
    bool costs = compiler->model->options.costs && fm_tally_has(node);
    if (costs) {
        code->captures = fm_node_captures(compiler->model, node, compiler->unit->depth);
        return (struct fm_arg){FM_ARG_THUNK, code};
    }
    if (node->op == FM_OP_OPERATOR_LOCAL || node->op == FM_OP_LOCAL) {
        return (struct fm_arg){node->op == FM_OP_LOCAL ? FM_ARG_SLOT : FM_ARG_OPERATOR_SLOT, bare};
    }
    if (bare->node->op == FM_OP_VALUE) {
        return (struct fm_arg){FM_ARG_VALUE, bare};
    }
    code->captures = fm_node_captures(compiler->model, node, compiler->unit->depth);
    if (bare->node->op == FM_OP_VAR && !primes) {
        return (struct fm_arg){FM_ARG_STRICT, code};
    }
    return (struct fm_arg){fm_expr_is_fold(code) ? FM_ARG_FOLD : FM_ARG_THUNK, code};
}

static struct fm_call *new_call(struct fm_compiler *compiler, const struct fm_node *node,
                                const struct fm_def_code *def)
{
    struct fm_call *call = fm_arena_calloc(compiler->arena, 1,
                                           sizeof *call + node->count * sizeof *call->args);
    call->def = def;
    call->count = node->count;
    call->is_global = true;
    if (def != NULL && def->def->is_let && def->def->depth != 0) {
        fm_assert(compiler->unit->depth + 1 >= def->def->depth);
        call->is_global = false;
        call->climb = compiler->unit->depth + 1 - def->def->depth;
    }
    bool primes = def == NULL || def->primes || def->state == FM_DEF_COMPILING;
    for (uint32_t i = 0; i < node->count; i++) {
        call->args[i] = compile_argument(compiler, node->kids[i], primes);
    }
    return call;
}

static struct fm_expr *code_for_call(struct fm_compiler *compiler, const struct fm_node *node,
                                     fm_expr_fn *eval, const struct fm_def_code *def)
{
    struct fm_expr *code = fm_expr_new(compiler, node, eval, node->count);
    struct fm_call *call = new_call(compiler, node, def);
    code->u.call = call;
    for (uint32_t i = 0; i < node->count; i++) {
        code->kids[i] = call->args[i].code;
    }
    return code;
}

/* The body of a definition that says nothing of its own: an instance's variable or constant. */
static const struct fm_node *trivial_body(const struct fm_def *def)
{
    const struct fm_node *body = def->body;
    for (uint32_t i = 0; i < 1000 && body != NULL && !def->is_let && def->param_count == 0 &&
                         def->native == NULL && fm_is_none(def->value);
         i++) {
        if (body->op == FM_OP_VAR || body->op == FM_OP_VALUE) {
            return body;
        }
        if (body->op != FM_OP_CALL || body->count != 0 || body->u.def->body == NULL) {
            return NULL;
        }
        def = body->u.def;
        body = def->body;
    }
    return NULL;
}

static struct fm_expr *compile_constant(struct fm_compiler *compiler, const struct fm_node *node,
                                        fm_value value)
{
    struct fm_node *literal = fm_arena_copy(compiler->arena, node, sizeof *node);
    literal->op = FM_OP_VALUE;
    literal->u.value = value;
    return fm_compile_bare(compiler, literal);
}

/* `C <- D`: D's own body, so that it is evaluated at each use and not once for D. */
static const struct fm_def *replaced_by(struct fm_compiler *compiler, const struct fm_def *def)
{
    if (def->reevaluate && def->body != NULL && def->body->op == FM_OP_CALL &&
        def->body->count == 0 && def->body->u.def->native == NULL &&
        fm_node_impurity(compiler->model, def->body) != 0) {
        return def->body->u.def;
    }
    return def;
}

/* D == TLCEval(e): asks for one value whatever e does. */
static bool keeps_value(const struct fm_def *def)
{
    const struct fm_node *body = def->body;
    return body != NULL && body->op == FM_OP_CALL && body->u.def->native != NULL &&
           body->u.def->native->special == FM_SPECIAL_TLC_EVAL;
}

static bool is_constant_definition(struct fm_compiler *compiler, const struct fm_def *def,
                                   bool *impure)
{
    if (def->param_count != 0 || def->is_let || def->body == NULL ||
        def->level != FM_LEVEL_CONSTANT) {
        return false;
    }
    *impure = fm_node_impurity(compiler->model, def->body) != 0;
    return true;
}

static struct fm_expr *compile_definition(struct fm_compiler *compiler, const struct fm_node *node)
{
    const struct fm_def *def = node->u.def;
    if (!fm_is_none(def->value)) {
        return compile_constant(compiler, node, def->value);
    }
    const struct fm_node *trivial = trivial_body(def);
    if (trivial != NULL) {
        return fm_compile_bare(compiler, trivial);
    }
    if (def->native != NULL) {
        return fm_compile_native(compiler, node);
    }
    fm_assert(def->body != NULL); /* every constant that is used has a value */
    bool reevaluate = def->reevaluate;
    def = replaced_by(compiler, def);
    reevaluate = reevaluate && !keeps_value(def);
    struct fm_def_code *callee = fm_compile_def(compiler->model, def);
    struct fm_expr *code = code_for_call(
        compiler, node, node->count == 0 && !def->is_let ? eval_call_plain : eval_call, callee);
    bool impure = false;
    if (is_constant_definition(compiler, def, &impure) && !(impure && reevaluate)) {
        return fm_compile_definition_fold(compiler, code, callee, impure);
    }
    return code;
}

static struct fm_expr *compile_let(struct fm_compiler *compiler, const struct fm_node *node)
{
    struct fm_unit *unit = compiler->unit;
    uint32_t count = 0;
    struct fm_expr_let *lets = fm_arena_alloc(compiler->arena,
                                              (node->u.lets.count + 1) * sizeof *lets);
    for (uint32_t i = 0; i < node->u.lets.count; i++) {
        const struct fm_let *let = &node->u.lets.at[i];
        if (let->def->param_count != 0) {
            continue; /* compiled when called */
        }
        struct fm_expr *body = fm_compile(compiler, let->def->body);
        body->captures = fm_node_captures(compiler->model, let->def->body, unit->depth);
        lets[count++] = (struct fm_expr_let){body, let->slot, (uint32_t)unit->frame_size};
        unit->thunks++;
        unit->frame_size += sizeof(struct fm_thunk);
    }
    struct fm_expr *code = fm_expr_with_kids(compiler, node, eval_let);
    code->u.let.at = lets;
    code->u.let.count = count;
    return code;
}

struct fm_expr *fm_compile_call(struct fm_compiler *compiler, const struct fm_node *node)
{
    switch ((int)node->op) {
    case FM_OP_CALL:
        return compile_definition(compiler, node);
    case FM_OP_APPLY:
        return code_for_call(compiler, node, eval_apply_operator, NULL);
    case FM_OP_OPERATOR:
        return code_for_call(compiler, node, eval_operator,
                             fm_compile_def(compiler->model, node->u.def));
    case FM_OP_OPERATOR_LOCAL: {
        struct fm_expr *code = fm_expr_new(compiler, node, eval_operator_local, 0);
        code->u.local = node->u.local; /* arguments are passed on from there */
        return code;
    }
    case FM_OP_LET:
        return compile_let(compiler, node);
    }
    fm_unreachable();
}
