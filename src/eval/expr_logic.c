/* Booleans, conditions and equality.
 *
 * /\ and \/ take their operands from left to right and stop at the first that decides, so that
 * `x /= 0 /\ 10 \div x > 2` is safe; junction lists and chains without parentheses are one node
 * with many kids. A Boolean is demanded of every operand that is evaluated, as TLC does.
 *
 * Equality decides in the words where it can: the same word is equal; two small integers, two
 * strings, or a string and nothing else that is not the same word are unequal. The rest (other
 * kinds, model values, whose types must be compared) is fm_value_equal. */
#include "eval/run.h"
#include "value/raise.h"

static inline bool truth(struct fm_engine *engine, const struct fm_expr *code,
                         struct fm_frame *frame, const char *use)
{
    fm_value v = fm_run(engine, code, frame);
    if (!fm_is_bool(v)) {
        fm_eval_raise_not_bool(engine, code, v, use);
    }
    return fm_is_true(v);
}

bool fm_run_bool(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame,
                 const char *use)
{
    return truth(engine, code, frame, use);
}

static fm_value eval_and(struct fm_engine *engine, const struct fm_expr *code,
                         struct fm_frame *frame)
{
    uint32_t count = code->count;
    for (uint32_t i = 0; i < count; i++) {
        if (!truth(engine, code->kids[i], frame, "a conjunct")) {
            return fm_bool(false);
        }
    }
    return fm_bool(true);
}

static fm_value eval_or(struct fm_engine *engine, const struct fm_expr *code,
                        struct fm_frame *frame)
{
    uint32_t count = code->count;
    for (uint32_t i = 0; i < count; i++) {
        if (truth(engine, code->kids[i], frame, "a disjunct")) {
            return fm_bool(true);
        }
    }
    return fm_bool(false);
}

static fm_value eval_not(struct fm_engine *engine, const struct fm_expr *code,
                         struct fm_frame *frame)
{
    return fm_bool(!truth(engine, code->kids[0], frame, "the operand of ~"));
}

static fm_value eval_implies(struct fm_engine *engine, const struct fm_expr *code,
                             struct fm_frame *frame)
{
    return fm_bool(!truth(engine, code->kids[0], frame, "the left side of =>") ||
                   truth(engine, code->kids[1], frame, "the right side of =>"));
}

static fm_value eval_equiv(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame)
{
    bool left = truth(engine, code->kids[0], frame, "the left side of <=>");
    return fm_bool(left == truth(engine, code->kids[1], frame, "the right side of <=>"));
}

static fm_value eval_if(struct fm_engine *engine, const struct fm_expr *code,
                        struct fm_frame *frame)
{
    bool condition = truth(engine, code->kids[0], frame, "the condition of IF");
    return fm_run(engine, code->kids[condition ? 1 : 2], frame);
}

const struct fm_expr *fm_case_choose(struct fm_engine *engine, const struct fm_expr *code,
                                     struct fm_frame *frame)
{
    uint32_t i = 0;
    for (; i + 1 < code->count; i += 2) {
        if (truth(engine, code->kids[i], frame, "a guard of CASE")) {
            return code->kids[i + 1];
        }
    }
    if (i == code->count) {
        fm_eval_raise(engine, code, FM_CODE_4307, "no guard of this CASE is true");
    }
    return code->kids[i];
}

static fm_value eval_case(struct fm_engine *engine, const struct fm_expr *code,
                          struct fm_frame *frame)
{
    return fm_run(engine, fm_case_choose(engine, code, frame), frame);
}

/* --- equality --- */

static inline bool equal(struct fm_engine *engine, const struct fm_expr *code, fm_value a,
                         fm_value b)
{
    if (fm_value_same(a, b)) {
        return true;
    }
    uint64_t tags = (a.bits & 7u) << 3 | (b.bits & 7u);
    if (tags == (FM_TAG_INT << 3 | FM_TAG_INT) || tags == (FM_TAG_STRING << 3 | FM_TAG_STRING) ||
        tags == (FM_TAG_BOOL << 3 | FM_TAG_BOOL)) {
        return false;
    }
    engine->at = code;
    return fm_value_equal(&engine->values, a, b);
}

static fm_value eval_eq(struct fm_engine *engine, const struct fm_expr *code,
                        struct fm_frame *frame)
{
    fm_value a = fm_run(engine, code->kids[0], frame);
    fm_value b = fm_run(engine, code->kids[1], frame);
    return fm_bool(equal(engine, code, a, b));
}

static fm_value eval_ne(struct fm_engine *engine, const struct fm_expr *code,
                        struct fm_frame *frame)
{
    fm_value a = fm_run(engine, code->kids[0], frame);
    fm_value b = fm_run(engine, code->kids[1], frame);
    return fm_bool(!equal(engine, code, a, b));
}

/* One side is a literal. */
static fm_value eval_eq_literal(struct fm_engine *engine, const struct fm_expr *code,
                                struct fm_frame *frame)
{
    fm_value a = fm_run(engine, code->kids[0], frame);
    return fm_bool(equal(engine, code, a, code->kids[1]->u.value));
}

static fm_value eval_ne_literal(struct fm_engine *engine, const struct fm_expr *code,
                                struct fm_frame *frame)
{
    fm_value a = fm_run(engine, code->kids[0], frame);
    return fm_bool(!equal(engine, code, a, code->kids[1]->u.value));
}

/* --- compiling --- */

/* Chains of the same connective without labels between become one. */
static uint32_t count_flat(const struct fm_node *node, enum fm_op op)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        count += node->kids[i]->op == op ? count_flat(node->kids[i], op) : 1;
    }
    return count;
}

static uint32_t compile_flat(struct fm_compiler *compiler, const struct fm_node *node,
                             const struct fm_expr **kids, uint32_t used)
{
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->kids[i]->op == node->op) {
            used = compile_flat(compiler, node->kids[i], kids, used);
        } else {
            kids[used++] = fm_compile(compiler, node->kids[i]);
        }
    }
    return used;
}

static struct fm_expr *compile_junction(struct fm_compiler *compiler, const struct fm_node *node,
                                        fm_expr_fn *eval)
{
    if (compiler->model->options.costs) {
        return fm_expr_with_kids(compiler, node, eval); /* each has counts of its own */
    }
    struct fm_expr *code = fm_expr_new(compiler, node, eval, count_flat(node, node->op));
    (void)compile_flat(compiler, node, code->kids, 0);
    return code;
}

static struct fm_expr *compile_equality(struct fm_compiler *compiler, const struct fm_node *node,
                                        fm_expr_fn *general, fm_expr_fn *literal)
{
    struct fm_expr *code = fm_expr_with_kids(compiler, node, general);
    if (node->kids[1]->op == FM_OP_VALUE && code->kids[1]->inner == NULL) {
        code->eval = literal;
    }
    return code;
}

struct fm_expr *fm_compile_logic(struct fm_compiler *compiler, const struct fm_node *node)
{
    switch ((int)node->op) {
    case FM_OP_AND:
        return compile_junction(compiler, node, eval_and);
    case FM_OP_OR:
        return compile_junction(compiler, node, eval_or);
    case FM_OP_NOT:
        return fm_expr_with_kids(compiler, node, eval_not);
    case FM_OP_IMPLIES:
        return fm_expr_with_kids(compiler, node, eval_implies);
    case FM_OP_EQUIV:
        return fm_expr_with_kids(compiler, node, eval_equiv);
    case FM_OP_IF:
        return fm_expr_with_kids(compiler, node, eval_if);
    case FM_OP_CASE:
        return fm_expr_with_kids(compiler, node, eval_case);
    case FM_OP_EQ:
        return compile_equality(compiler, node, eval_eq, eval_eq_literal);
    case FM_OP_NE:
        return compile_equality(compiler, node, eval_ne, eval_ne_literal);
    }
    fm_unreachable();
}
