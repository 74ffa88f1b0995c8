/* Bounded quantifiers and CHOOSE over values.
 *
 * The bodies' garbage is released at the end of each iteration: a quantifier over a million
 * elements needs the memory of one, even where the elements are made as they are taken. CHOOSE
 * walks the normalized order and returns the first element that satisfies its body. Unbounded forms
 * are errors by name: TLC cannot evaluate them either. */
#include "eval/run.h"

/* Whether some combination makes the body `wanted`. */
static bool search(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame,
                   bool wanted, const char *use)
{
    char *mark = engine->frame_next;
    struct fm_walk walk;
    fm_walk_begin(engine, &walk, code, frame);
    struct fm_loop loop;
    fm_loop_enter(engine, &loop);
    const struct fm_expr *body = code->u.binder->body;
    bool found = false;
    uint64_t taken = 1; /* one ahead of those looked at */
    while (!found && fm_walk_next(engine, &walk)) {
        taken++;
        if (walk.restarted) {
            fm_loop_mark(&loop);
            walk.restarted = false;
        }
        found = fm_run_bool(engine, body, frame, use) == wanted;
        fm_loop_next(engine, &loop);
    }
    fm_loop_leave(engine, &loop);
    if (code->u.binder->variables == 1) {
        fm_tally_taken(engine, code->u.binder->at[0].set->node, taken);
    }
    engine->frame_next = mark;
    return found;
}

static fm_value eval_exists(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame)
{
    return fm_bool(search(engine, code, frame, true, "the body of \\E"));
}

static fm_value eval_forall(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame)
{
    return fm_bool(!search(engine, code, frame, false, "the body of \\A"));
}

static fm_value eval_choose(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame)
{
    char *mark = engine->frame_next;
    const struct fm_binder *binder = code->u.binder;
    struct fm_walk walk;
    fm_walk_begin(engine, &walk, code, frame);
    struct fm_loop loop;
    fm_loop_enter(engine, &loop);
    fm_value element = fm_none();
    bool found = false;
    uint64_t taken = 0;
    while (!found && fm_set_next(&engine->values, &walk.single.cursor, &element)) {
        fm_walk_destructure(engine, &binder->at[0], element, frame);
        found = fm_run_bool(engine, binder->body, frame, "the body of CHOOSE");
        taken++;
        if (!found) {
            fm_loop_next(engine, &loop);
        }
    }
    fm_loop_leave(engine, &loop);
    fm_tally_taken(engine, binder->at[0].set->node, taken);
    engine->frame_next = mark;
    if (!found) {
        fm_eval_raise(engine, code, FM_CODE_4308, "no element of %s satisfies this CHOOSE",
                      fm_eval_describe(engine, walk.single.set));
    }
    return element;
}

struct fm_expr *fm_compile_quantifier(struct fm_compiler *compiler, const struct fm_node *node)
{
    fm_expr_fn *eval = node->op == FM_OP_EXISTS   ? eval_exists
                       : node->op == FM_OP_FORALL ? eval_forall
                                                  : eval_choose;
    struct fm_binder *binder = fm_compile_binder(compiler, node, node->u.bind.at,
                                                 node->u.bind.count);
    struct fm_expr *code = fm_expr_new(compiler, node, eval, 1);
    code->u.binder = binder;
    code->kids[0] = binder->body;
    return code;
}
