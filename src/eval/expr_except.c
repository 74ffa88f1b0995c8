/* EXCEPT.
 *
 * The updates are made one after the other, each upon the result of those before. The indices of a
 * path are evaluated first; then the old value is looked up along the path, the new one is
 * evaluated with @ standing for it, and the functions along the path are copied with one value
 * changed each. An index outside of a domain leaves everything as it is, and the new value is not
 * evaluated: TLC does so (with a warning). */
#include "eval/run.h"

struct update {
    const struct fm_expr *code;
    const struct fm_expr_update *at;
    struct fm_frame *frame;
    const fm_value *path;
};

/* The function with the rest of the path, from `level`, applied; NONE when an index is outside. */
static fm_value update_from(struct fm_engine *engine, const struct update *update,
                            fm_value function, uint32_t level)
{
    if (level == update->at->path_count) {
        update->frame->slots[update->at->at_slot] = function;
        return fm_run(engine, update->at->value, update->frame);
    }
    fm_value index = update->path[level];
    fm_value old = fm_fcn_apply_inline(function, index);
    if (fm_is_none(old)) {
        engine->at = update->code;
        old = fm_fcn_lookup(&engine->values, function, index);
        if (fm_is_none(old)) {
            return old;
        }
    }
    fm_value changed = update_from(engine, update, old, level + 1);
    if (fm_is_none(changed)) {
        return changed;
    }
    bool outside = false;
    engine->at = update->code;
    return fm_fcn_except(&engine->values, function, index, changed, &outside);
}

static fm_value eval_except(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame)
{
    fm_value function = fm_run(engine, code->kids[0], frame);
    for (uint32_t i = 0; i < code->u.except.count; i++) {
        const struct fm_expr_update *at = &code->u.except.at[i];
        char *mark = engine->frame_next;
        fm_value *path = fm_frame_alloc(engine, at->path_count * sizeof *path);
        for (uint32_t j = 0; j < at->path_count; j++) {
            path[j] = fm_run(engine, at->path[j], frame);
        }
        struct update update = {code, at, frame, path};
        fm_value changed = update_from(engine, &update, function, 0);
        if (!fm_is_none(changed)) {
            function = changed;
        }
        engine->frame_next = mark;
    }
    return function;
}

struct fm_expr *fm_compile_except(struct fm_compiler *compiler, const struct fm_node *node)
{
    struct fm_expr *code = fm_expr_with_kids(compiler, node, eval_except);
    uint32_t count = node->u.updates.count;
    struct fm_expr_update *updates = fm_arena_alloc(compiler->arena, count * sizeof *updates);
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_update *from = &node->u.updates.at[i];
        const struct fm_expr **path = fm_arena_alloc(compiler->arena,
                                                     from->path_count * sizeof *path);
        for (uint32_t j = 0; j < from->path_count; j++) {
            path[j] = fm_compile(compiler, from->path[j]);
        }
        updates[i] = (struct fm_expr_update){
            .path = path,
            .path_count = from->path_count,
            .value = fm_compile(compiler, from->value),
            .at_slot = from->at_slot,
        };
    }
    code->u.except.at = updates;
    code->u.except.count = count;
    return code;
}
