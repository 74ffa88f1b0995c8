/* Thunks: arguments and LET definitions, emitted where they are used.
 *
 * A slot that holds a node is emitted when code first asks for it, and its term serves again where
 * the block in which that happened is still open. Literals, variables and fields of variables are
 * written at each use.
 *
 * In a loop that was opened after the slot was made, the value is the same in each round. It is
 * then kept in a variable declared where the slot was made, beside a flag: the first round that
 * needs it computes it, as the interpreter's cache of thunks does. To compute it before the loop
 * would be wrong: it may be what the loop's guard protects from (the head of a sequence that may be
 * empty), or expensive and not needed.
 *
 * A value that reads the state is good for one meaning of "the state": below a prime it is emitted
 * anew. One that reads primed variables is good until the next assignment. */
#include "native/piece.h"

#include "base/assert.h"

#include <string.h>

/* Definitions without parameters passed one after the other. */
#define PEEL_MAX 1000u

/* --- what slots read --- */

#define READS_KNOWN 0x80u
#define READS_BUSY 0x40u

static uint32_t reads_of_node(struct fm_emit *emit, const struct fm_node *node,
                              struct fm_emit_frame *frame);

uint32_t fm_emit_slot_reads(struct fm_emit *emit, struct fm_emit_slot *slot)
{
    if (slot->kind == FM_EMIT_OPERATOR) {
        if (slot->def->native != NULL || slot->def->body == NULL ||
            (slot->reads & READS_BUSY) != 0) {
            return 0;
        }
        slot->reads |= READS_BUSY;
        struct fm_emit_frame inside = {.up = slot->frame, .def = slot->def};
        uint32_t reads = reads_of_node(emit, slot->def->body, &inside);
        slot->reads &= (uint8_t)~READS_BUSY;
        return reads;
    }
    if (slot->kind != FM_EMIT_THUNK) {
        return 0;
    }
    if ((slot->reads & (READS_KNOWN | READS_BUSY)) == 0) {
        slot->reads |= READS_BUSY;
        slot->reads = (uint8_t)(READS_KNOWN | reads_of_node(emit, slot->node, slot->frame));
    }
    return slot->reads & (FM_EMIT_READS_STATE | FM_EMIT_READS_PRIMED);
}

static uint32_t reads_of_node(struct fm_emit *emit, const struct fm_node *node,
                              struct fm_emit_frame *frame)
{
    const struct fm_emit_needs *needs = fm_emit_needs_of(emit, node, frame);
    uint32_t reads = (needs->variable_count != 0 ? FM_EMIT_READS_STATE : 0) |
                     (needs->primed_count != 0 ? FM_EMIT_READS_PRIMED : 0);
    for (uint32_t i = 0; i < needs->capture_count; i++) {
        const struct fm_emit_capture *use = &needs->captures[i];
        struct fm_emit_frame *home = fm_emit_climb(frame, use->level);
        if (home != NULL && use->slot < home->count) {
            reads |= fm_emit_slot_reads(emit, &home->slots[use->slot]);
        }
    }
    if (needs->shifts && reads != 0) {
        reads |= FM_EMIT_READS_STATE | FM_EMIT_READS_PRIMED;
    }
    return reads;
}

/* --- known values --- */

enum { CONSTANT_UNKNOWN, CONSTANT_YES, CONSTANT_NO };

fm_value fm_emit_slot_value(struct fm_emit *emit, struct fm_emit_slot *slot)
{
    if (slot->kind == FM_EMIT_TERM) {
        return slot->term.value;
    }
    if (slot->kind != FM_EMIT_THUNK || slot->constant == CONSTANT_NO) {
        return fm_none();
    }
    if (slot->constant == CONSTANT_YES) {
        return slot->term.value;
    }
    slot->constant = CONSTANT_NO; /* also while it is tried */
    if (fm_emit_slot_reads(emit, slot) != 0) {
        return fm_none();
    }
    fm_value value = fm_emit_fold(emit, slot->node, slot->frame);
    if (!fm_is_none(value)) {
        slot->term = fm_emit_known(emit, value);
        slot->constant = CONSTANT_YES;
    }
    return value;
}

/* --- terms --- */

/* By name at each use: there is nothing to gain from a variable. */
static bool is_simple(const struct fm_node *node)
{
    switch ((int)node->op) {
    case FM_OP_VALUE:
    case FM_OP_VAR:
    case FM_OP_LOCAL:
        return true;
    case FM_OP_PRIME:
        return node->kids[0]->op == FM_OP_VAR;
    case FM_OP_LABEL:
    case FM_OP_FIELD:
        return is_simple(node->kids[0]);
    }
    return false;
}

static const char *hint_of(const struct fm_emit_slot *slot)
{
    return slot->def != NULL ? slot->def->name->text : "arg";
}

static bool is_cached(struct fm_emit *emit, const struct fm_emit_slot *slot, uint32_t reads)
{
    return slot->term.shape != NULL && slot->block != 0 &&
           fm_emit_block_is_open(emit, slot->block) &&
           ((reads & FM_EMIT_READS_STATE) == 0 || !emit->primed) &&
           ((reads & FM_EMIT_READS_PRIMED) == 0 || slot->epoch == emit->target_epoch);
}

static struct fm_term keep(struct fm_emit *emit, struct fm_emit_slot *slot, struct fm_term term,
                           uint32_t reads)
{
    if ((reads & FM_EMIT_READS_STATE) == 0 || !emit->primed) {
        slot->term = term;
        slot->block = fm_emit_block(emit);
        slot->epoch = emit->target_epoch;
    }
    return term;
}

/* The declaration of what is kept over loops; once. */
static void declare_once(struct fm_emit *emit, struct fm_emit_slot *slot,
                         const struct fm_shape *shape)
{
    if (slot->once == NULL) {
        slot->once = fm_emit_name(emit, hint_of(slot));
        slot->once_shape = shape;
        fm_emit_hole_add(emit, slot->hole,
                         fm_emit_format(emit, "%s %s; bool have_%s = false;",
                                        fm_emit_type(emit, shape), slot->once, slot->once));
    }
}

static struct fm_term emit_over_loop(struct fm_emit *emit, struct fm_emit_slot *slot,
                                     uint32_t reads)
{
    struct fm_emit_piece piece;
    fm_emit_piece_begin(emit, &piece);
    struct fm_term term = fm_emit_expr(emit, slot->node, slot->frame, slot->once_shape);
    fm_emit_piece_end(emit, &piece);
    if (fm_emit_piece_is_empty(&piece)) {
        return term;
    }
    declare_once(emit, slot, term.shape);
    fm_emit_line(emit, "if (!have_%s) {", slot->once);
    fm_emit_piece_enter(emit, &piece);
    fm_emit_line(emit, "%s = %s;", slot->once, fm_emit_as(emit, term, slot->once_shape));
    fm_emit_line(emit, "have_%s = true;", slot->once);
    fm_emit_piece_leave(emit, &piece);
    fm_emit_line(emit, "}");
    return keep(emit, slot, fm_emit_coded(slot->once_shape, slot->once), reads);
}

static struct fm_term emit_thunk(struct fm_emit *emit, struct fm_emit_slot *slot)
{
    if (is_simple(slot->node)) {
        return fm_emit_expr(emit, slot->node, slot->frame, NULL);
    }
    uint32_t reads = fm_emit_slot_reads(emit, slot);
    if (is_cached(emit, slot, reads)) {
        return slot->term;
    }
    const struct fm_emit_hole *hole = slot->hole;
    bool lasting = (reads & FM_EMIT_READS_PRIMED) == 0 &&
                   ((reads & FM_EMIT_READS_STATE) == 0 || (!emit->primed && !hole->primed));
    if (lasting && fm_emit_hole_is_open(emit, hole) && fm_emit_in_loop_since(emit, hole->block)) {
        return emit_over_loop(emit, slot, reads);
    }
    struct fm_term term = fm_emit_expr(emit, slot->node, slot->frame, NULL);
    if (!fm_is_none(term.value)) {
        return term;
    }
    return keep(emit, slot, fm_emit_bind(emit, term, hint_of(slot)), reads);
}

struct fm_term fm_emit_slot_term(struct fm_emit *emit, struct fm_emit_slot *slot,
                                 const struct fm_node *at)
{
    switch (slot->kind) {
    case FM_EMIT_TERM:
        return slot->term;
    case FM_EMIT_THUNK:
        if (!fm_is_none(fm_emit_slot_value(emit, slot))) {
            return slot->term;
        }
        return emit_thunk(emit, slot);
    case FM_EMIT_OPERATOR:
        fm_emit_refuse(emit, at, "an operator is no value");
    case FM_EMIT_UNSET:
        break;
    }
    fm_emit_refuse(emit, at, "a local that has no value here");
}

/* --- looking through --- */

const struct fm_node *fm_emit_peel(struct fm_emit *emit, const struct fm_node *node,
                                   struct fm_emit_frame **frame)
{
    for (uint32_t i = 0; i < PEEL_MAX; i++) {
        if (node->op == FM_OP_LABEL) {
            node = node->kids[0];
        } else if (node->op == FM_OP_LOCAL) {
            struct fm_emit_slot *slot = fm_emit_local(emit, node, *frame);
            if (slot->kind != FM_EMIT_THUNK) {
                return node;
            }
            *frame = slot->frame;
            node = slot->node;
        } else if (node->op == FM_OP_CALL && node->count == 0 && node->u.def->native == NULL &&
                   fm_is_none(node->u.def->value) && node->u.def->body != NULL &&
                   !node->u.def->is_recursive) {
            struct fm_emit_frame *inner = fm_emit_enter(emit, node, *frame);
            node = node->u.def->body;
            *frame = inner;
        } else {
            return node;
        }
    }
    return node;
}
