/* Enumerating the values of bound variables.
 *
 * `x, y \in S, <<a, b>> \in T` has three enumerations: x, y and the pair. All sets are evaluated
 * first, in order; then the combinations are walked with the first variable fastest, as TLC's
 * contexts do (tlc2/tool/impl/ContextEnumerator). That order decides successors, CHOOSE-like
 * results of loops that end early, and which element an error is met at.
 *
 * One variable over one set is by far the most common: its cursor lies in the walk itself and the
 * caller's loop inlines (fm_walk_next). Several cursors lie on the stack of frames. */
#include "eval/run.h"

void fm_walk_destructure(struct fm_engine *engine, const struct fm_expr_binding *binding,
                         fm_value element, struct fm_frame *frame)
{
    if (!binding->is_tuple) {
        frame->slots[binding->first_slot] = element;
        return;
    }
    const fm_value *elements;
    uint32_t count;
    if (!fm_sequence_view(&engine->values, element, &elements, &count) ||
        count != binding->slot_count) {
        fm_eval_raise(engine, binding->set, FM_CODE_4312,
                      "%s, an element of this set, is not a tuple of %u elements",
                      fm_eval_describe(engine, element), binding->slot_count);
    }
    for (uint32_t i = 0; i < count; i++) {
        frame->slots[binding->first_slot + i] = elements[i];
    }
}

static fm_value binding_set(struct fm_engine *engine, const struct fm_expr *code,
                            const struct fm_expr_binding *binding, struct fm_frame *frame)
{
    if (binding->set == NULL) {
        fm_eval_raise(engine, code, FM_CODE_4313,
                      "the bound variable %s has no set to range over: it cannot be enumerated",
                      binding->binding->names[0]->text);
    }
    return fm_run(engine, binding->set, frame);
}

static void begin_many(struct fm_engine *engine, struct fm_walk *walk, const struct fm_expr *code)
{
    const struct fm_binder *binder = walk->binder;
    walk->items = fm_frame_alloc(engine, binder->variables * sizeof *walk->items);
    uint32_t used = 0;
    for (uint32_t i = 0; i < binder->count; i++) {
        const struct fm_expr_binding *binding = &binder->at[i];
        fm_value set = binding_set(engine, code, binding, walk->frame);
        uint32_t variables = binding->is_tuple ? 1 : binding->slot_count;
        for (uint32_t j = 0; j < variables; j++) {
            walk->items[used++] = (struct fm_walk_item){
                .set = set, .binding = binding, .slot = binding->first_slot + j};
        }
    }
    for (uint32_t i = 0; i < used; i++) {
        engine->at = walk->items[i].binding->set;
        fm_set_begin(&engine->values, &walk->items[i].cursor, walk->items[i].set, FM_SET_NORMAL);
    }
}

void fm_walk_begin(struct fm_engine *engine, struct fm_walk *walk, const struct fm_expr *code,
                   struct fm_frame *frame)
{
    const struct fm_binder *binder = code->u.binder;
    walk->binder = binder;
    walk->frame = frame;
    walk->started = false;
    walk->restarted = false;
    if (binder->variables != 1) {
        begin_many(engine, walk, code);
        return;
    }
    walk->items = &walk->single;
    walk->single.binding = &binder->at[0];
    walk->single.slot = binder->at[0].first_slot;
    walk->single.set = binding_set(engine, code, &binder->at[0], frame);
    engine->at = binder->at[0].set;
    fm_set_begin(&engine->values, &walk->single.cursor, walk->single.set, FM_SET_NORMAL);
}

static bool item_next(struct fm_engine *engine, struct fm_walk *walk, struct fm_walk_item *item)
{
    fm_value element;
    if (!fm_set_next(&engine->values, &item->cursor, &element)) {
        return false;
    }
    if (item->binding->is_tuple) {
        fm_walk_destructure(engine, item->binding, element, walk->frame);
    } else {
        walk->frame->slots[item->slot] = element;
    }
    return true;
}

static void restart(struct fm_engine *engine, struct fm_walk *walk, struct fm_walk_item *item)
{
    if (item->cursor.mode <= FM_CURSOR_INTERVAL) {
        item->cursor.index = 0;
        return;
    }
    fm_set_begin(&engine->values, &item->cursor, item->set, FM_SET_NORMAL);
    walk->restarted = true;
}

bool fm_walk_next_slow(struct fm_engine *engine, struct fm_walk *walk)
{
    uint32_t count = walk->binder->variables;
    if (!walk->started) {
        walk->started = true;
        for (uint32_t i = 0; i < count; i++) {
            if (!item_next(engine, walk, &walk->items[i])) {
                return false;
            }
        }
        return true;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct fm_walk_item *item = &walk->items[i];
        if (item_next(engine, walk, item)) {
            return true;
        }
        if (i + 1 == count) {
            return false;
        }
        restart(engine, walk, item);
        (void)item_next(engine, walk, item);
    }
    return false;
}
