/* Expressions: one entry for all, constants first, the interpreter last.
 *
 * Whatever is emitted goes through fm_emit_expr, which tries three things in order. If all that the
 * node needs is known, the interpreter evaluates it now, and the value is emitted. Otherwise the
 * family of its operator writes C. If that is refused, what was written is cut away and the node
 * becomes a call of the interpreter when the program runs; and if that is refused too (a part of
 * the node is an operator parameter, or looks at the next state from below a prime), the refusal
 * goes on to the expression around. So the interpreter gets the smallest part that can stand alone.
 *
 * Folding is not eager about what TLA+ leaves unevaluated: it is asked for where code for the node
 * would be written, so the arm that a known condition excludes is never evaluated. An evaluation
 * that fails (or whose result cannot be kept: an operator, a function over Nat) folds to nothing,
 * and the error, if it is one, happens where the code runs.
 *
 * Folded values are copied out of the engine's memory and frozen; large lazy sets stay lazy and are
 * taken apart by membership tests and loops. */
#include "native/piece.h"

#include "base/thread.h"
#include "eval/embed.h"
#include "value/object.h"

#include <string.h>

/* Stack that emission leaves to what it calls, bytes: folding evaluates. */
#define STACK_RESERVE ((size_t)192 << 10)
/* A function that is evaluated at each application becomes a table of at most so many values. */
#define TABLE_MAX 65536u

/* --- folding --- */

struct keeping {
    struct fm_emit *emit;
    fm_value value, result;
};

static void keep_value(struct fm_emit *emit, void *closure)
{
    struct keeping *keeping = closure;
    struct fm_value_context *context = emit->context;
    if (fm_is_kind(keeping->value, FM_KIND_LAZY_FCN)) {
        fm_value size = fm_set_cardinality(context, fm_fcn_domain(context, keeping->value));
        if (!fm_is_small(size) || fm_small_get(size) > TABLE_MAX) {
            return;
        }
    }
    fm_value copy = fm_value_copy(context, keeping->value);
    keeping->result = fm_value_freeze(context, copy);
}

static void keep_guarded(struct fm_engine *engine, void *closure)
{
    struct keeping *keeping = closure;
    (void)engine;
    (void)fm_emit_try(keeping->emit, keep_value, keeping);
}

/* A value of the engine's memory as one that lasts; NONE when it cannot. */
static fm_value lasting(struct fm_emit *emit, fm_value value)
{
    if (fm_is_none(value) || fm_is_atom(value)) {
        return value;
    }
    if (fm_value_kind(value) == FM_KIND_OPERATOR || fm_value_kind(value) == FM_KIND_FILTER) {
        return fm_none();
    }
    struct keeping keeping = {emit, value, fm_none()};
    /* Copying a lazy function evaluates it: an error in that ends in the guard, one of the values
     * in the try. */
    jmp_buf *refused = emit->refused;
    struct fm_emit_point *points = emit->points;
    uint32_t blocks = emit->blocks.count;
    if (!fm_eval_guard(emit->engine, keep_guarded, &keeping)) {
        emit->refused = refused;
        emit->points = points;
        emit->blocks.count = blocks;
        return fm_none();
    }
    return keeping.result;
}

static struct fm_eval_site *fold_site(struct fm_emit *emit, const struct fm_node *node,
                                      const struct fm_emit_frame *frame)
{
    struct fm_eval_site *site = fm_map_get(&emit->folds, node);
    if (site == NULL) {
        struct fm_model *model; /* sites are made in the model, under its lock */
        memcpy(&model, &emit->model, sizeof model);
        site = fm_eval_site_new(model, node, frame != NULL ? frame->def : NULL);
        fm_map_put(&emit->folds, node, site);
    }
    return site;
}

/* Whether the operator can have a value of its own and is no literal. */
static bool may_fold(const struct fm_node *node)
{
    return node->level == FM_LEVEL_CONSTANT && node->op != FM_OP_OPERATOR &&
           node->op != FM_OP_OPERATOR_LOCAL && node->op != FM_OP_DECIMAL;
}

fm_value fm_emit_fold(struct fm_emit *emit, const struct fm_node *node, struct fm_emit_frame *frame)
{
    if (node->op == FM_OP_VALUE) {
        return node->u.value;
    }
    if (node->op == FM_OP_LOCAL) {
        return fm_emit_slot_value(emit, fm_emit_local(emit, node, frame));
    }
    if (!may_fold(node)) {
        return fm_none();
    }
    const struct fm_emit_needs *needs = fm_emit_needs_of(emit, node, frame);
    if (needs->variable_count != 0 || needs->primed_count != 0 || needs->barred != NULL) {
        return fm_none();
    }
    uint32_t *numbers = fm_arena_alloc(&emit->arena, (needs->capture_count + 1) * sizeof *numbers);
    fm_value *values = fm_arena_alloc(&emit->arena, (needs->capture_count + 1) * sizeof *values);
    for (uint32_t i = 0; i < needs->capture_count; i++) {
        const struct fm_emit_capture *use = &needs->captures[i];
        if (use->is_operator || use->level != fm_emit_level(frame) || use->slot >= frame->count) {
            return fm_none();
        }
        numbers[i] = use->slot;
        values[i] = fm_emit_slot_value(emit, &frame->slots[use->slot]);
        if (fm_is_none(values[i])) {
            return fm_none();
        }
    }
    struct fm_eval_slots given = {numbers, values, needs->capture_count};
    return lasting(
        emit, fm_eval_site_run(emit->engine, fold_site(emit, node, frame), &given, NULL, NULL));
}

/* --- leaves --- */

struct fm_term fm_emit_variable(struct fm_emit *emit, const struct fm_node *node)
{
    uint32_t index = node->u.index;
    if (index >= emit->program->variable_count) {
        fm_emit_refuse(emit, node, "a variable that only ENABLED knows");
    }
    if (emit->primed) {
        if (emit->target == NULL || emit->target[index].shape == NULL) {
            fm_emit_refuse(emit, node, "%s' has no value yet",
                           emit->program->variables[index].name->text);
        }
        return emit->target[index];
    }
    const struct fm_shape *shape = emit->layout->variables[index];
    const char *member = fm_emit_format(emit, "%s->%s", emit->state, fm_emit_member(emit, index));
    return fm_emit_coded(shape, fm_emit_load(emit, shape, member));
}

static struct fm_term emit_prime(struct fm_emit *emit, const struct fm_node *node,
                                 struct fm_emit_frame *frame)
{
    if (emit->primed) {
        fm_emit_refuse(emit, node, "a prime below a prime");
    }
    emit->primed = true;
    struct fm_term result = fm_emit_expr(emit, node->kids[0], frame, NULL);
    emit->primed = false;
    return result;
}

/* --- dispatch --- */

static _Noreturn void refuse_operator(struct fm_emit *emit, const struct fm_node *node)
{
    switch ((int)node->op) {
    case FM_OP_ENABLED:
        fm_emit_refuse(emit, node, "ENABLED");
    case FM_OP_CDOT:
        fm_emit_refuse(emit, node, "\\cdot");
    case FM_OP_DECIMAL:
        fm_emit_refuse(emit, node, "a decimal number");
    case FM_OP_OPERATOR:
    case FM_OP_OPERATOR_LOCAL:
        fm_emit_refuse(emit, node, "an operator is no value");
    }
    fm_emit_refuse(emit, node, "a temporal formula");
}

/* The families of emit.h. */
static struct fm_term emit_family(struct fm_emit *emit, const struct fm_node *node,
                                  struct fm_emit_frame *frame, const struct fm_shape *want)
{
    switch (node->op) {
    case FM_OP_VALUE:
        return fm_emit_known(emit, node->u.value);
    case FM_OP_VAR:
        return fm_emit_variable(emit, node);
    case FM_OP_LOCAL:
        return fm_emit_slot_term(emit, fm_emit_local(emit, node, frame), node);
    case FM_OP_PRIME:
        return emit_prime(emit, node, frame);
    case FM_OP_LABEL:
        return fm_emit_expr(emit, node->kids[0], frame, want);
    case FM_OP_CALL:
    case FM_OP_APPLY:
    case FM_OP_LET:
        return fm_emit_call(emit, node, frame, want);
    case FM_OP_AND:
    case FM_OP_OR:
    case FM_OP_NOT:
    case FM_OP_IMPLIES:
    case FM_OP_EQUIV:
    case FM_OP_EQ:
    case FM_OP_NE:
    case FM_OP_IN:
    case FM_OP_NOTIN:
    case FM_OP_SUBSETEQ:
    case FM_OP_IF:
    case FM_OP_CASE:
    case FM_OP_UNCHANGED:
    case FM_OP_SQUARE:
    case FM_OP_ANGLE:
        return fm_emit_logic(emit, node, frame, want);
    case FM_OP_FORALL:
    case FM_OP_EXISTS:
    case FM_OP_CHOOSE:
        return fm_emit_quantifier(emit, node, frame, want);
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
        return fm_emit_set(emit, node, frame, want);
    case FM_OP_FCNAPP: {
        struct fm_term result;
        if (fm_emit_recursive_application(emit, node, frame, NULL, want, &result)) {
            return result;
        }
        return fm_emit_function(emit, node, frame, want);
    }
    case FM_OP_TUPLE:
    case FM_OP_FCN:
    case FM_OP_RECFCN:
    case FM_OP_RECORD:
    case FM_OP_FIELD:
    case FM_OP_DOMAIN:
        return fm_emit_function(emit, node, frame, want);
    case FM_OP_EXCEPT:
        return fm_emit_except(emit, node, frame, want);
    case FM_OP_ENABLED:
        return fm_emit_enabled(emit, node, frame);
    case FM_OP_DECIMAL:
    case FM_OP_OPERATOR:
    case FM_OP_OPERATOR_LOCAL:
    case FM_OP_CDOT:
    case FM_OP_ALWAYS:
    case FM_OP_EVENTUALLY:
    case FM_OP_LEADSTO:
    case FM_OP_WF:
    case FM_OP_SF:
    case FM_OP_GUARANTEE:
    case FM_OP_TEXISTS:
    case FM_OP_TFORALL:
    case FM_OP_COUNT:
        break;
    }
    refuse_operator(emit, node);
}

struct attempt {
    const struct fm_node *node;
    struct fm_emit_frame *frame;
    const struct fm_shape *want;
    struct fm_term result;
};

static void run_attempt(struct fm_emit *emit, void *closure)
{
    struct attempt *attempt = closure;
    if (fm_stack_left() < STACK_RESERVE) {
        fm_emit_refuse(emit, attempt->node, "expressions nested too deep");
    }
    struct fm_term term = emit_family(emit, attempt->node, attempt->frame, attempt->want);
    attempt->result = attempt->want == NULL ? term : fm_emit_convert(emit, term, attempt->want);
}

/* Nothing here can be given to the interpreter that its operand could not. */
static bool is_transparent(const struct fm_node *node)
{
    return node->op == FM_OP_VALUE || node->op == FM_OP_LOCAL || node->op == FM_OP_LABEL ||
           node->op == FM_OP_VAR;
}

struct fm_term fm_emit_expr(struct fm_emit *emit, const struct fm_node *node,
                            struct fm_emit_frame *frame, const struct fm_shape *want)
{
    if (emit->cancel != NULL && atomic_load_explicit(emit->cancel, memory_order_relaxed)) {
        fm_emit_refuse(emit, node, "the search is over");
    }
    if (fm_emit_is_assumed(emit, node, frame)) {
        return fm_emit_truth(emit, true);
    }
    fm_value value = fm_emit_fold(emit, node, frame);
    if (!fm_is_none(value)) {
        struct fm_term known = fm_emit_known(emit, value);
        return want == NULL ? known : fm_emit_convert(emit, known, want);
    }
    struct attempt attempt = {.node = node, .frame = frame, .want = want};
    if (is_transparent(node)) {
        struct fm_term term = emit_family(emit, node, frame, want);
        return want == NULL ? term : fm_emit_convert(emit, term, want);
    }
    if (fm_emit_try(emit, run_attempt, &attempt)) {
        return attempt.result;
    }
    if (emit->bottom) {
        fm_emit_refuse(emit, node, "%s", emit->reason);
    }
    return fm_emit_interpret(emit, node, frame, want);
}

struct fm_term fm_emit_bool_term(struct fm_emit *emit, const struct fm_node *node,
                                 struct fm_emit_frame *frame)
{
    struct fm_term term = fm_emit_expr(emit, node, frame, fm_shape_bool(emit->shapes));
    if (!fm_is_none(term.value) && fm_value_tag(term.value) != FM_TAG_BOOL) {
        fm_emit_refuse(emit, node, "a value that is no Boolean as a formula");
    }
    return term;
}

const char *fm_emit_bool(struct fm_emit *emit, const struct fm_node *node,
                         struct fm_emit_frame *frame)
{
    struct fm_term term = fm_emit_bool_term(emit, node, frame);
    int known = fm_emit_is_known_bool(term);
    return known >= 0 ? (known != 0 ? "true" : "false")
                      : fm_emit_as(emit, term, fm_shape_bool(emit->shapes));
}
