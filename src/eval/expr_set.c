/* Sets: constructors, operators, membership.
 *
 * {x \in S : P} is computed at once when S is enumerated or an interval, and else stays a FILTER: a
 * closure that is asked for membership or enumerated later (closure.c), as in TLC, where the order
 * and the cost of such sets are those of the underlying one. {e : x \in S} is always computed.
 * Membership tests skip the building of an interval or a function set on their right side when the
 * pieces decide. */
#include "eval/run.h"

#include <string.h>

/* Elements collected on the stack of frames before they become a set. */
struct collector {
    fm_value *at;
    uint32_t count;
    size_t room;
};

static void collect(struct fm_engine *engine, struct collector *collector, fm_value element)
{
    if (collector->count == collector->room) {
        size_t grown = collector->room == 0 ? 16 : collector->room * 2;
        fm_value *at = fm_arena_alloc(engine->values.arena, grown * sizeof *at);
        if (collector->count != 0) {
            memcpy(at, collector->at, collector->count * sizeof *at);
        }
        collector->at = at;
        collector->room = grown;
    }
    if (collector->count >= engine->values.set_size_max) {
        fm_eval_raise(engine, NULL, FM_CODE_4008, "a set of more than %llu elements",
                      (unsigned long long)engine->values.set_size_max);
    }
    collector->at[collector->count++] = element;
}

static fm_value eval_set_enum(struct fm_engine *engine, const struct fm_expr *code,
                              struct fm_frame *frame)
{
    char *mark = engine->frame_next;
    fm_value *elements = fm_frame_alloc(engine, code->count * sizeof *elements);
    for (uint32_t i = 0; i < code->count; i++) {
        elements[i] = fm_run(engine, code->kids[i], frame);
    }
    engine->at = code;
    fm_value result = fm_set(&engine->values, elements, code->count);
    engine->frame_next = mark;
    return result;
}

static fm_value eval_set_empty(struct fm_engine *engine, const struct fm_expr *code,
                               struct fm_frame *frame)
{
    (void)engine;
    (void)code;
    (void)frame;
    return fm_set_empty();
}

/* {e : x \in S} */
static fm_value eval_map(struct fm_engine *engine, const struct fm_expr *code,
                         struct fm_frame *frame)
{
    char *mark = engine->frame_next;
    struct fm_walk walk;
    fm_walk_begin(engine, &walk, code, frame);
    struct collector collector = {0};
    while (fm_walk_next(engine, &walk)) {
        collect(engine, &collector, fm_run(engine, code->u.binder->body, frame));
    }
    engine->at = code;
    fm_value result = fm_set(&engine->values, collector.at, collector.count);
    engine->frame_next = mark;
    return result;
}

static bool is_enumerated(fm_value set)
{
    return fm_is_kind(set, FM_KIND_SET) || fm_is_kind(set, FM_KIND_INTERVAL);
}

static fm_value filter_now(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame, fm_value set)
{
    const struct fm_binder *binder = code->u.binder;
    engine->at = binder->at[0].set;
    uint32_t count;
    const fm_value *elements = fm_set_elements(&engine->values, set, &count);
    char *mark = engine->frame_next;
    fm_value *kept = fm_frame_alloc(engine, count * sizeof *kept);
    uint32_t kept_count = 0;
    struct fm_loop loop;
    fm_loop_enter(engine, &loop);
    for (uint32_t i = 0; i < count; i++) {
        fm_walk_destructure(engine, &binder->at[0], elements[i], frame);
        if (fm_run_bool(engine, binder->body, frame, "the condition of a set")) {
            kept[kept_count++] = elements[i];
        }
        fm_loop_next(engine, &loop);
    }
    fm_loop_leave(engine, &loop);
    fm_value result = kept_count == count ? set : fm_set_normal(&engine->values, kept, kept_count);
    engine->frame_next = mark;
    return result;
}

static fm_value eval_filter(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame)
{
    const struct fm_binder *binder = code->u.binder;
    if (binder->at[0].set == NULL) {
        fm_eval_raise(engine, code, FM_CODE_4313,
                      "the bound variable %s has no set to range over: it cannot be enumerated",
                      binder->at[0].binding->names[0]->text);
    }
    fm_value set = fm_run(engine, binder->at[0].set, frame);
    if (is_enumerated(set)) {
        return filter_now(engine, code, frame, set);
    }
    struct fm_lazy *lazy = fm_lazy_capture(engine, code, frame);
    lazy->domain = set;
    engine->at = code;
    return fm_filter(&engine->values, set, lazy);
}

/* --- operators --- */

static fm_value eval_cup(struct fm_engine *engine, const struct fm_expr *code,
                         struct fm_frame *frame)
{
    fm_value a = fm_run(engine, code->kids[0], frame);
    fm_value b = fm_run(engine, code->kids[1], frame);
    engine->at = code;
    return fm_set_union(&engine->values, a, b);
}

static fm_value eval_cap(struct fm_engine *engine, const struct fm_expr *code,
                         struct fm_frame *frame)
{
    fm_value a = fm_run(engine, code->kids[0], frame);
    fm_value b = fm_run(engine, code->kids[1], frame);
    engine->at = code;
    return fm_set_intersection(&engine->values, a, b);
}

static fm_value eval_diff(struct fm_engine *engine, const struct fm_expr *code,
                          struct fm_frame *frame)
{
    fm_value a = fm_run(engine, code->kids[0], frame);
    fm_value b = fm_run(engine, code->kids[1], frame);
    engine->at = code;
    return fm_set_difference(&engine->values, a, b);
}

static bool member(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame)
{
    fm_value element = fm_run(engine, code->kids[0], frame);
    fm_value set = fm_run(engine, code->kids[1], frame);
    int known = fm_set_member_inline(element, set);
    if (known >= 0) {
        return known != 0;
    }
    engine->at = code;
    return fm_set_member(&engine->values, element, set);
}

static fm_value eval_in(struct fm_engine *engine, const struct fm_expr *code,
                        struct fm_frame *frame)
{
    return fm_bool(member(engine, code, frame));
}

static fm_value eval_notin(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame)
{
    return fm_bool(!member(engine, code, frame));
}

/* The elements of `a` until one is not in `b`, and the end. */
static uint64_t elements_compared(struct fm_engine *engine, fm_value a, fm_value b)
{
    struct fm_set_cursor cursor;
    fm_value element;
    uint64_t count = 1;
    fm_set_begin(&engine->values, &cursor, a, FM_SET_NORMAL);
    while (fm_set_next(&engine->values, &cursor, &element)) {
        if (!fm_set_member(&engine->values, element, b)) {
            break;
        }
        count++;
    }
    return count;
}

static fm_value eval_subseteq(struct fm_engine *engine, const struct fm_expr *code,
                              struct fm_frame *frame)
{
    fm_value a = fm_run(engine, code->kids[0], frame);
    fm_value b = fm_run(engine, code->kids[1], frame);
    engine->at = code;
    bool result = fm_set_subset(&engine->values, a, b);
    if (engine->cost != NULL) {
        fm_tally_taken(engine, code->kids[0]->node, elements_compared(engine, a, b));
    }
    return fm_bool(result);
}

static fm_value eval_powerset(struct fm_engine *engine, const struct fm_expr *code,
                              struct fm_frame *frame)
{
    fm_value set = fm_run(engine, code->kids[0], frame);
    engine->at = code;
    return fm_subsets(&engine->values, set);
}

static fm_value eval_big_union(struct fm_engine *engine, const struct fm_expr *code,
                               struct fm_frame *frame)
{
    fm_value set = fm_run(engine, code->kids[0], frame);
    engine->at = code;
    return fm_set_big_union(&engine->values, set);
}

static fm_value eval_cross(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame)
{
    char *mark = engine->frame_next;
    fm_value *factors = fm_frame_alloc(engine, code->count * sizeof *factors);
    for (uint32_t i = 0; i < code->count; i++) {
        factors[i] = fm_run(engine, code->kids[i], frame);
    }
    engine->at = code;
    fm_value result = fm_cross(&engine->values, factors, code->count);
    engine->frame_next = mark;
    return result;
}

static fm_value eval_fcnset(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame)
{
    fm_value domain = fm_run(engine, code->kids[0], frame);
    fm_value range = fm_run(engine, code->kids[1], frame);
    engine->at = code;
    return fm_fcnset(&engine->values, domain, range);
}

static fm_value eval_recset(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame)
{
    char *mark = engine->frame_next;
    fm_value *sets = fm_frame_alloc(engine, code->count * sizeof *sets);
    for (uint32_t i = 0; i < code->count; i++) {
        sets[i] = fm_run(engine, code->kids[i], frame);
    }
    engine->at = code;
    fm_value result = fm_recset(&engine->values, code->node->u.names, sets, code->count);
    engine->frame_next = mark;
    return result;
}

/* --- compiling --- */

static struct fm_expr *compile_comprehension(struct fm_compiler *compiler,
                                             const struct fm_node *node, fm_expr_fn *eval)
{
    struct fm_binder *binder = fm_compile_binder(compiler, node, node->u.bind.at,
                                                 node->u.bind.count);
    struct fm_expr *code = fm_expr_new(compiler, node, eval, 1);
    code->u.binder = binder;
    code->kids[0] = binder->body;
    if (node->op == FM_OP_FILTER) {
        code->captures = fm_node_captures(compiler->model, node, compiler->unit->depth);
    }
    return code;
}

struct fm_expr *fm_compile_set(struct fm_compiler *compiler, const struct fm_node *node)
{
    static fm_expr_fn *const plain[FM_OP_COUNT] = {
        [FM_OP_IN] = eval_in,
        [FM_OP_NOTIN] = eval_notin,
        [FM_OP_SUBSETEQ] = eval_subseteq,
        [FM_OP_CUP] = eval_cup,
        [FM_OP_CAP] = eval_cap,
        [FM_OP_DIFF] = eval_diff,
        [FM_OP_POWERSET] = eval_powerset,
        [FM_OP_BIG_UNION] = eval_big_union,
        [FM_OP_SETENUM] = eval_set_enum,
        [FM_OP_CROSS] = eval_cross,
        [FM_OP_FCNSET] = eval_fcnset,
        [FM_OP_RECSET] = eval_recset,
    };
    if (node->op == FM_OP_FILTER) {
        return compile_comprehension(compiler, node, eval_filter);
    }
    if (node->op == FM_OP_MAP) {
        return compile_comprehension(compiler, node, eval_map);
    }
    if (node->op == FM_OP_SETENUM && node->count == 0) {
        return fm_expr_new(compiler, node, eval_set_empty, 0);
    }
    return fm_expr_with_kids(compiler, node, plain[node->op]);
}
