/* From nodes to code.
 *
 * Code is a tree of records with a function each; running it is one indirect call a node. (Measured
 * against a switch over operations: the calls are predicted well, because each record always calls
 * the same function, and specialised functions cost nothing to add.) What is specialised is decided
 * here and in the families: literals on the right of `=`, locals of the own frame, primes of
 * variables, UNCHANGED of variables, arithmetic on small integers, calls of top-level definitions.
 *
 * Constant folding. The largest constant-level subtrees that read no slot from outside and do
 * nothing impure are evaluated at most once an engine, at first use: an error in one is raised each
 * time it is used, and never when it is not. Definitions without parameters that are constant are
 * folded where they are called. The original code stands behind a fold (`inner`): in action
 * position the solver looks through, for
 * `(\E i \in 1..3 : TRUE) /\ x' = 2` has three successors.
 *
 * A unit is one body with the shape of its frame: the slots the program laid out, then a thunk for
 * each LET definition without parameters that the body holds. */
#include "base/assert.h"
#include "eval/run.h"

#include <string.h>

struct fm_expr *fm_expr_new(struct fm_compiler *compiler, const struct fm_node *node,
                            fm_expr_fn *eval, uint32_t kid_count)
{
    struct fm_expr *code = fm_arena_calloc(compiler->arena, 1,
                                           sizeof *code + kid_count * sizeof *code->kids);
    code->eval = eval;
    code->node = node;
    code->count = kid_count;
    code->depth = compiler->unit->depth;
    code->unit = compiler->unit;
    return code;
}

struct fm_expr *fm_expr_with_kids(struct fm_compiler *compiler, const struct fm_node *node,
                                  fm_expr_fn *eval)
{
    struct fm_expr *code = fm_expr_new(compiler, node, eval, node->count);
    for (uint32_t i = 0; i < node->count; i++) {
        code->kids[i] = fm_compile(compiler, node->kids[i]);
    }
    return code;
}

struct fm_binder *fm_compile_binder(struct fm_compiler *compiler, const struct fm_node *node,
                                    const struct fm_binding *bindings, uint32_t count)
{
    struct fm_binder *binder = fm_arena_calloc(compiler->arena, 1,
                                               sizeof *binder + count * sizeof *binder->at);
    binder->count = count;
    for (uint32_t i = 0; i < count; i++) {
        binder->at[i] = (struct fm_expr_binding){
            .set = bindings[i].set != NULL ? fm_compile(compiler, bindings[i].set) : NULL,
            .binding = &bindings[i],
            .first_slot = bindings[i].first_slot,
            .slot_count = bindings[i].slot_count,
            .is_tuple = bindings[i].is_tuple,
        };
        binder->variables += bindings[i].is_tuple ? 1 : bindings[i].slot_count;
    }
    binder->body = fm_compile(compiler, node->kids[0]);
    binder->function = compiler->def;
    return binder;
}

/* --- folds and counters --- */

static fm_value eval_fold(struct fm_engine *engine, const struct fm_expr *code,
                          struct fm_frame *frame)
{
    fm_value known = engine->folds[code->u.fold.index];
    return fm_is_none(known) ? fm_fold_run(engine, code, frame) : known;
}

static fm_value eval_counted(struct fm_engine *engine, const struct fm_expr *code,
                             struct fm_frame *frame)
{
    fm_engine_count(engine, code->node);
    return fm_run(engine, code->inner, frame);
}

struct fm_expr *fm_compile_fold(struct fm_compiler *compiler, struct fm_expr *inner)
{
    struct fm_expr *code = fm_expr_new(compiler, inner->node, eval_fold, 0);
    code->inner = inner;
    code->u.fold.index = compiler->model->fold_count++;
    return code;
}

struct fm_expr *fm_compile_definition_fold(struct fm_compiler *compiler, struct fm_expr *inner,
                                           struct fm_def_code *def, bool impure)
{
    struct fm_expr *code = fm_expr_new(compiler, inner->node, eval_fold, 0);
    code->inner = inner;
    if (def->fold == 0) {
        def->fold = ++compiler->model->fold_count;
        struct fm_fold_def constant = {def, def->fold - 1, impure};
        fm_vec_push(&compiler->model->constants, constant);
    }
    code->u.fold.index = def->fold - 1;
    code->u.fold.impure = impure;
    return code;
}

bool fm_expr_is_fold(const struct fm_expr *code)
{
    return code->eval == eval_fold;
}

/* Leaves are not counted: they run as often as what they stand in asks, and code around them reads
 * their contents without running them. */
static bool is_leaf(const struct fm_node *node)
{
    return node->op == FM_OP_VALUE || node->op == FM_OP_DECIMAL || node->op == FM_OP_VAR ||
           node->op == FM_OP_LOCAL || node->op == FM_OP_OPERATOR ||
           node->op == FM_OP_OPERATOR_LOCAL;
}

/* The same below the actions: model/tally.h. */
static fm_value eval_costed(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame)
{
    const struct fm_tally *cost = fm_tally_enter(engine, code->node);
    fm_value result = fm_run(engine, code->inner, frame);
    engine->cost = cost;
    return result;
}

const struct fm_expr *fm_expr_without_tally(const struct fm_expr *code)
{
    return code->eval == eval_costed ? code->inner : code;
}

bool fm_expr_is_counted(const struct fm_expr *code)
{
    return code->eval == eval_counted;
}

static struct fm_expr *count_runs(struct fm_compiler *compiler, const struct fm_node *node,
                                  struct fm_expr *inner)
{
    const struct fm_model_options *options = &compiler->model->options;
    bool costs = options->costs && fm_tally_has(node);
    if (!costs && (!options->coverage || is_leaf(inner->node))) {
        return inner;
    }
    struct fm_expr *code = fm_expr_new(compiler, costs ? node : inner->node,
                                       costs ? eval_costed : eval_counted, 0);
    code->inner = inner;
    return code;
}

/* Leaves and what is cheaper than looking up a fold. */
static bool is_worth_folding(const struct fm_node *node)
{
    switch ((int)node->op) {
    case FM_OP_VALUE:
    case FM_OP_DECIMAL:
    case FM_OP_LOCAL:
    case FM_OP_OPERATOR:
    case FM_OP_OPERATOR_LOCAL:
        return false;
    case FM_OP_CALL:
        return node->count != 0; /* constants without parameters fold themselves */
    case FM_OP_SETENUM:
        return node->count != 0;
    }
    return true;
}

struct fm_expr *fm_compile(struct fm_compiler *compiler, const struct fm_node *node)
{
    /* TLC evaluates constants that have no name each time, and counts that. */
    if (compiler->in_fold || compiler->model->options.costs || !is_worth_folding(node) ||
        !fm_node_is_foldable(compiler->model, node, compiler->unit->depth)) {
        return count_runs(compiler, node, fm_compile_bare(compiler, node));
    }
    compiler->in_fold = true;
    struct fm_expr *inner = fm_compile_bare(compiler, node);
    compiler->in_fold = false;
    return count_runs(compiler, node, fm_compile_fold(compiler, inner));
}

/* --- dispatch --- */

struct fm_expr *fm_compile_bare(struct fm_compiler *compiler, const struct fm_node *node)
{
    switch (node->op) {
    case FM_OP_VALUE:
    case FM_OP_DECIMAL:
    case FM_OP_VAR:
    case FM_OP_LOCAL:
    case FM_OP_LABEL:
    case FM_OP_PRIME:
    case FM_OP_UNCHANGED:
    case FM_OP_ENABLED:
    case FM_OP_CDOT:
    case FM_OP_SQUARE:
    case FM_OP_ANGLE:
    case FM_OP_ALWAYS:
    case FM_OP_EVENTUALLY:
    case FM_OP_LEADSTO:
    case FM_OP_WF:
    case FM_OP_SF:
    case FM_OP_GUARANTEE:
    case FM_OP_TEXISTS:
    case FM_OP_TFORALL:
        return fm_compile_state(compiler, node);
    case FM_OP_CALL:
    case FM_OP_APPLY:
    case FM_OP_OPERATOR:
    case FM_OP_OPERATOR_LOCAL:
    case FM_OP_LET:
        return fm_compile_call(compiler, node);
    case FM_OP_AND:
    case FM_OP_OR:
    case FM_OP_NOT:
    case FM_OP_IMPLIES:
    case FM_OP_EQUIV:
    case FM_OP_EQ:
    case FM_OP_NE:
    case FM_OP_IF:
    case FM_OP_CASE:
        return fm_compile_logic(compiler, node);
    case FM_OP_FORALL:
    case FM_OP_EXISTS:
    case FM_OP_CHOOSE:
        return fm_compile_quantifier(compiler, node);
    case FM_OP_IN:
    case FM_OP_NOTIN:
    case FM_OP_SUBSETEQ:
    case FM_OP_CUP:
    case FM_OP_CAP:
    case FM_OP_DIFF:
    case FM_OP_POWERSET:
    case FM_OP_BIG_UNION:
    case FM_OP_SETENUM:
    case FM_OP_FILTER:
    case FM_OP_MAP:
    case FM_OP_CROSS:
    case FM_OP_FCNSET:
    case FM_OP_RECSET:
        return fm_compile_set(compiler, node);
    case FM_OP_DOMAIN:
    case FM_OP_TUPLE:
    case FM_OP_FCN:
    case FM_OP_RECFCN:
    case FM_OP_FCNAPP:
    case FM_OP_RECORD:
    case FM_OP_FIELD:
        return fm_compile_function(compiler, node);
    case FM_OP_EXCEPT:
        return fm_compile_except(compiler, node);
    case FM_OP_COUNT:
        break;
    }
    fm_unreachable();
}

/* --- units --- */

static void init_unit(struct fm_unit *unit, uint32_t slots, uint32_t depth)
{
    *unit = (struct fm_unit){.slots = slots, .depth = depth};
    unit->frame_size = sizeof(struct fm_frame) + slots * sizeof(fm_value);
}

static struct fm_compiler compiler_for(struct fm_eval_model *model, const struct fm_def *def,
                                       struct fm_unit *unit)
{
    return (struct fm_compiler){.model = model, .arena = &model->arena, .def = def, .unit = unit};
}

struct fm_unit *fm_compile_unit(struct fm_eval_model *model, const struct fm_node *node,
                                const struct fm_def *frame)
{
    struct fm_unit *unit = fm_arena_alloc(&model->arena, sizeof *unit);
    init_unit(unit, frame != NULL ? frame->frame_size : 0, frame != NULL ? frame->depth : 0);
    struct fm_compiler compiler = compiler_for(model, frame, unit);
    unit->body = fm_compile(&compiler, node);
    return unit;
}

/* The frame around a LET operator, as far as the operator uses it. */
static void init_parent(struct fm_def_code *code)
{
    uint32_t depth = code->def->depth - 1, slots = 0;
    for (uint32_t i = 0; i < code->captures->count; i++) {
        const struct fm_capture *at = &code->captures->at[i];
        if (at->level == depth && slots <= at->slot) {
            slots = at->slot + 1;
        }
    }
    init_unit(&code->parent, slots, depth);
}

struct fm_def_code *fm_compile_def(struct fm_eval_model *model, const struct fm_def *def)
{
    struct fm_def_code *code = fm_map_get(&model->defs, def);
    if (code == NULL) {
        code = fm_arena_calloc(&model->arena, 1, sizeof *code);
        code->def = def;
        fm_map_put(&model->defs, def, code);
    }
    if (code->state != FM_DEF_NEW) {
        return code;
    }
    code->state = FM_DEF_COMPILING;
    init_unit(&code->unit, def->frame_size, def->depth);
    if (def->is_let && def->depth != 0) {
        code->captures = fm_def_captures(model, def);
        init_parent(code);
    }
    if (def->body != NULL && def->native == NULL) {
        code->primes = fm_def_primes(model, def);
        code->is_function = def->body->op == FM_OP_FCN;
        struct fm_compiler compiler = compiler_for(model, def, &code->unit);
        code->unit.body = fm_compile(&compiler, def->body);
    }
    code->state = FM_DEF_READY;
    return code;
}
