/* Environments: calls, operator parameters, LET.
 *
 * A call is expanded: its definition's body is emitted in a frame whose first slots are the
 * arguments, unevaluated. Frames follow the interpreter's (src/eval/expr_call.c): a LET operator or
 * LAMBDA has a static link to the frame it was defined in, found by counting levels; a global
 * definition has none. Operators as arguments are slots that name a definition and its static
 * frame, so a parameter that is applied is a call of that.
 *
 * Recursion is not expanded (emit_recursive.c), and neither is anything nested deeper than a limit;
 * what is too large the text itself refuses. */
#include "native/piece.h"

#include "base/assert.h"

/* Definitions expanded within each other. */
#define EXPANSION_MAX 64u

struct fm_emit_frame *fm_emit_frame_new(struct fm_emit *emit, const struct fm_def *def,
                                        struct fm_emit_frame *up)
{
    uint32_t count = def != NULL ? def->frame_size : 0;
    if (def != NULL && count < def->param_count) {
        count = def->param_count;
    }
    struct fm_emit_frame *frame = fm_arena_calloc(&emit->arena, 1,
                                                  sizeof *frame + count * sizeof frame->slots[0]);
    frame->up = up;
    frame->def = def;
    frame->count = count;
    return frame;
}

/* Where the definition's static link leads, seen from the frame. */
static struct fm_emit_frame *static_frame(const struct fm_def *def, struct fm_emit_frame *frame)
{
    if (!def->is_let || def->depth == 0) {
        return NULL;
    }
    return fm_emit_climb(frame, (int64_t)def->depth - 1);
}

static void set_thunk(struct fm_emit_slot *slot, const struct fm_node *node,
                      struct fm_emit_frame *frame, struct fm_emit_hole *hole)
{
    *slot = (struct fm_emit_slot){
        .kind = FM_EMIT_THUNK, .node = node, .frame = frame, .hole = hole};
}

static void set_argument(struct fm_emit *emit, struct fm_emit_slot *slot,
                         const struct fm_node *node, struct fm_emit_frame *frame,
                         struct fm_emit_hole *hole)
{
    if (node->op == FM_OP_OPERATOR || node->op == FM_OP_OPERATOR_LOCAL) {
        struct fm_emit_frame *up;
        const struct fm_def *def = fm_emit_operator(emit, node, frame, &up);
        *slot = (struct fm_emit_slot){.kind = FM_EMIT_OPERATOR, .def = def, .frame = up};
        return;
    }
    set_thunk(slot, node, frame, hole);
}

static struct fm_emit_frame *enter(struct fm_emit *emit, const struct fm_def *def,
                                   struct fm_emit_frame *up, const struct fm_node *call,
                                   struct fm_emit_frame *frame)
{
    struct fm_emit_frame *callee = fm_emit_frame_new(emit, def, up);
    if (call->count != def->param_count) {
        fm_emit_refuse(emit, call, "%s with another number of arguments", def->name->text);
    }
    if (call->count == 0) {
        return callee;
    }
    struct fm_emit_hole *hole = fm_emit_hole_here(emit);
    for (uint32_t i = 0; i < call->count; i++) {
        set_argument(emit, &callee->slots[i], call->kids[i], frame, hole);
    }
    return callee;
}

struct fm_emit_frame *fm_emit_enter(struct fm_emit *emit, const struct fm_node *call,
                                    struct fm_emit_frame *frame)
{
    if (call->op == FM_OP_APPLY) {
        struct fm_emit_frame *up;
        const struct fm_def *def = fm_emit_operator(emit, call, frame, &up);
        return enter(emit, def, up, call, frame);
    }
    return enter(emit, call->u.def, static_frame(call->u.def, frame), call, frame);
}

struct fm_emit_slot *fm_emit_local(struct fm_emit *emit, const struct fm_node *node,
                                   struct fm_emit_frame *frame)
{
    for (uint32_t i = 0; i < node->u.local.depth && frame != NULL; i++) {
        frame = frame->up;
    }
    if (frame == NULL || node->u.local.slot >= frame->count) {
        fm_emit_refuse(emit, node, "the local %s stands in no frame",
                       node->u.local.name != NULL ? node->u.local.name->text : "?");
    }
    return &frame->slots[node->u.local.slot];
}

const struct fm_def *fm_emit_operator(struct fm_emit *emit, const struct fm_node *node,
                                      struct fm_emit_frame *frame,
                                      struct fm_emit_frame **static_frame_out)
{
    if (node->op == FM_OP_OPERATOR || node->op == FM_OP_CALL) {
        *static_frame_out = static_frame(node->u.def, frame);
        return node->u.def;
    }
    fm_assert(node->op == FM_OP_APPLY || node->op == FM_OP_OPERATOR_LOCAL);
    const struct fm_emit_slot *slot = fm_emit_local(emit, node, frame);
    if (slot->kind != FM_EMIT_OPERATOR) {
        fm_emit_refuse(emit, node, "an operator parameter that is not known");
    }
    *static_frame_out = slot->frame;
    return slot->def;
}

void fm_emit_let(struct fm_emit *emit, const struct fm_node *let, struct fm_emit_frame *frame)
{
    struct fm_emit_hole *hole = NULL;
    for (uint32_t i = 0; i < let->u.lets.count; i++) {
        const struct fm_let *one = &let->u.lets.at[i];
        if (one->def->param_count != 0) {
            continue;
        }
        if (one->slot >= frame->count) {
            fm_emit_refuse(emit, let, "LET %s stands in no frame", one->def->name->text);
        }
        hole = hole != NULL ? hole : fm_emit_hole_here(emit);
        set_thunk(&frame->slots[one->slot], one->def->body, frame, hole);
        frame->slots[one->slot].def = one->def;
    }
}

/* --- calls --- */

static struct fm_term expand(struct fm_emit *emit, const struct fm_node *node,
                             const struct fm_def *def, struct fm_emit_frame *callee,
                             const struct fm_shape *want)
{
    if (emit->depth >= EXPANSION_MAX) {
        fm_emit_refuse(emit, node, "definitions nested more than %u deep", EXPANSION_MAX);
    }
    emit->depth++;
    struct fm_term result = fm_emit_expr(emit, def->body, callee, want);
    emit->depth--;
    return result;
}

static struct fm_term emit_definition(struct fm_emit *emit, const struct fm_node *node,
                                      const struct fm_def *def, struct fm_emit_frame *up,
                                      struct fm_emit_frame *frame, const struct fm_shape *want)
{
    if (!fm_is_none(def->value)) {
        return fm_emit_known(emit, def->value);
    }
    if (def->body == NULL) {
        fm_emit_refuse(emit, node, "%s has no definition", def->name->text);
    }
    if (def->is_recursive && def->body->op != FM_OP_RECFCN) {
        return fm_emit_recursive_call(emit, node, enter(emit, def, up, node, frame), NULL, want);
    }
    return expand(emit, node, def, enter(emit, def, up, node, frame), want);
}

static struct fm_term emit_apply(struct fm_emit *emit, const struct fm_node *node,
                                 struct fm_emit_frame *frame, const struct fm_shape *want)
{
    struct fm_emit_frame *up;
    const struct fm_def *def = fm_emit_operator(emit, node, frame, &up);
    if (def->native == NULL) {
        return emit_definition(emit, node, def, up, frame, want);
    }
    struct fm_node *call = fm_arena_copy(&emit->arena, node, sizeof *node);
    struct fm_def *callee = fm_arena_copy(&emit->arena, def, sizeof *def);
    call->op = FM_OP_CALL;
    call->u.def = callee;
    return fm_emit_native(emit, call, frame, want);
}

struct fm_term fm_emit_call(struct fm_emit *emit, const struct fm_node *node,
                            struct fm_emit_frame *frame, const struct fm_shape *want)
{
    switch ((int)node->op) {
    case FM_OP_APPLY:
        return emit_apply(emit, node, frame, want);
    case FM_OP_LET:
        fm_emit_let(emit, node, frame);
        return fm_emit_expr(emit, node->kids[0], frame, want);
    case FM_OP_LABEL:
        return fm_emit_expr(emit, node->kids[0], frame, want);
    case FM_OP_CALL:
        break;
    case FM_OP_OPERATOR:
    case FM_OP_OPERATOR_LOCAL:
        fm_emit_refuse(emit, node, "an operator is no value");
    }
    fm_assert(node->op == FM_OP_CALL);
    if (node->u.def->native != NULL) {
        return fm_emit_native(emit, node, frame, want);
    }
    return emit_definition(emit, node, node->u.def, static_frame(node->u.def, frame), frame, want);
}
