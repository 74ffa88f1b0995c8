/* Sites: parts of emitted formulas that the interpreter evaluates.
 *
 * A site is a node with what it needs: slots of the frame it stands in, boxed; variables of the
 * state, and of the next one as far as it is assigned. LET definitions inside of the node are made
 * by the node itself; those around it are passed as values. That is sound where the interpreter
 * would have passed an expression, as long as the node does not look at its locals in another state
 * (through a prime, UNCHANGED or ENABLED) than the one in which we evaluate them.
 *
 * What cannot be passed is refused: operators, slots of frames further out (the call of the LET
 * operator is then interpreted, in the frame where those are its own), the next state in the place
 * of the state. What is no function of the state (random numbers, registers of TLC, the trace) must
 * not be evaluated out of order, and is refused all the way.
 *
 * The result is a boxed value. The engine fails the state when the evaluation raises an error. */
#include "native/piece.h"

#include <string.h>

static const char *why(struct fm_emit *emit)
{
    return emit->reason != NULL ? emit->reason : "not emitted";
}

/* Whether the site may be made at all, for the present meaning of variables. */
static void check(struct fm_emit *emit, const struct fm_node *node, struct fm_emit_frame *frame,
                  const struct fm_emit_needs *needs)
{
    const char *reason = why(emit);
    if (needs->barred != NULL) {
        fm_emit_refuse(emit, node, "%s", needs->barred);
    }
    if (emit->primed && (needs->variable_count != 0 || needs->shifts)) {
        fm_emit_refuse(emit, node, "%s, below a prime", reason);
    }
    if (strcmp(emit->state, "s") != 0 && (needs->variable_count != 0 || needs->shifts)) {
        fm_emit_refuse(emit, node, "%s, in a state that is not the parent", reason);
    }
    for (uint32_t i = 0; i < needs->capture_count; i++) {
        const struct fm_emit_capture *use = &needs->captures[i];
        if (use->is_operator) {
            fm_emit_refuse(emit, node, "%s, with an operator as argument", reason);
        }
        if (use->level != fm_emit_level(frame) || use->slot >= frame->count) {
            fm_emit_refuse(emit, node, "%s, with locals of the definition around", reason);
        }
        struct fm_emit_slot *slot = &frame->slots[use->slot];
        if (needs->shifts && fm_emit_slot_reads(emit, slot) != 0) {
            fm_emit_refuse(emit, node, "%s, with an argument below a prime", reason);
        }
    }
    for (uint32_t i = 0; i < needs->primed_count; i++) {
        uint32_t variable = needs->primed[i];
        if (emit->target == NULL || emit->target[variable].shape == NULL) {
            fm_emit_refuse(emit, node, "%s, and %s' has no value yet", reason,
                           emit->program->variables[variable].name->text);
        }
    }
}

/* The number of the node's site, which is made the first time. */
static uint32_t site_number(struct fm_emit *emit, const struct fm_node *node,
                            const struct fm_emit_frame *frame, const struct fm_emit_needs *needs,
                            const char *reason)
{
    const uint32_t *known = fm_map_get(&emit->node_sites, node);
    if (known != NULL) {
        return *known;
    }
    uint32_t *slots = fm_arena_alloc(&emit->arena, (needs->capture_count + 1) * sizeof *slots);
    for (uint32_t i = 0; i < needs->capture_count; i++) {
        slots[i] = needs->captures[i].slot;
    }
    struct fm_emit_site site = {
        .node = node,
        .frame = frame != NULL ? frame->def : NULL,
        .slots = slots,
        .slot_count = needs->capture_count,
        .variables = needs->variables,
        .variable_count = needs->variable_count,
        .primed = needs->primed,
        .primed_count = needs->primed_count,
        .reason = reason,
    };
    uint32_t *number = fm_arena_alloc(&emit->arena, sizeof *number);
    *number = emit->sites.count;
    fm_vec_push(&emit->sites, site);
    fm_map_put(&emit->node_sites, node, number);
    return *number;
}

/* A struct of the next state with the members that the site reads. */
static const char *next_state(struct fm_emit *emit, const struct fm_emit_needs *needs)
{
    if (needs->primed_count == 0) {
        return "NULL";
    }
    const char *name = fm_emit_name(emit, "next");
    fm_emit_line(emit, "state %s = {};", name);
    for (uint32_t i = 0; i < needs->primed_count; i++) {
        uint32_t variable = needs->primed[i];
        const struct fm_shape *shape = emit->layout->variables[variable];
        const char *member = fm_emit_format(emit, "%s.%s", name, fm_emit_member(emit, variable));
        fm_emit_store(emit, shape, member, fm_emit_as(emit, emit->target[variable], shape));
    }
    return fm_emit_format(emit, "&%s", name);
}

static bool is_formula(const struct fm_node *node)
{
    switch ((int)node->op) {
    case FM_OP_AND:
    case FM_OP_OR:
    case FM_OP_NOT:
    case FM_OP_IMPLIES:
    case FM_OP_EQUIV:
    case FM_OP_FORALL:
    case FM_OP_EXISTS:
    case FM_OP_EQ:
    case FM_OP_NE:
    case FM_OP_IN:
    case FM_OP_NOTIN:
    case FM_OP_SUBSETEQ:
    case FM_OP_UNCHANGED:
    case FM_OP_ENABLED:
    case FM_OP_CDOT:
    case FM_OP_SQUARE:
    case FM_OP_ANGLE:
        return true;
    }
    return false;
}

struct fm_term fm_emit_interpret(struct fm_emit *emit, const struct fm_node *node,
                                 struct fm_emit_frame *frame, const struct fm_shape *want)
{
    const struct fm_emit_needs *needs = fm_emit_needs_of(emit, node, frame);
    const char *reason = why(emit);
    check(emit, node, frame, needs);
    const char *arguments = "NULL";
    for (uint32_t i = 0; i < needs->capture_count; i++) {
        struct fm_emit_slot *slot = &frame->slots[needs->captures[i].slot];
        const char *boxed = fm_emit_box(emit, fm_emit_slot_term(emit, slot, node));
        arguments = i == 0 ? boxed : fm_emit_format(emit, "%s, %s", arguments, boxed);
    }
    if (needs->capture_count != 0) {
        arguments = fm_emit_format(emit, "(fm_nvalue[]){%s}", arguments);
    }
    uint32_t number = site_number(emit, node, frame, needs, reason);
    emit->site_calls++;
    emit->sites.at[number].is_dropped = false;
    const char *next = next_state(emit, needs);
    const char *name = fm_emit_name(emit, "site");
    const char *state = needs->variable_count != 0 ? emit->state : "NULL";
    fm_emit_need_context(emit);
    fm_emit_line(emit, "fm_nvalue %s = c->site(c, %u, %s, %s, %s);", name, number, arguments, state,
                 next);
    struct fm_term result = fm_emit_coded(fm_shape_any(emit->shapes), name);
    if (want == NULL && is_formula(node)) {
        want = fm_shape_bool(emit->shapes);
    }
    return want == NULL ? result : fm_emit_bind(emit, fm_emit_convert(emit, result, want), "value");
}
