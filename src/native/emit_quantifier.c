/* Quantifiers over values and CHOOSE: loops that end where the matter is decided.
 *
 * Both walk the normal order, as the interpreter does: which element is met first matters to
 * CHOOSE, and to a quantifier when a later element's body would be an error. The body is a piece of
 * the innermost loop; `goto` leaves all loops at once.
 *
 * A body that is known while emitting (FALSE for every element of a known shape) still needs to
 * know whether the set is empty, so it is emitted like any other. */
#include "native/piece.h"

#include "base/assert.h"

static void check_bounded(struct fm_emit *emit, const struct fm_node *node)
{
    for (uint32_t i = 0; i < node->u.bind.count; i++) {
        if (node->u.bind.at[i].set == NULL) {
            fm_emit_refuse(emit, node, "a bound variable without a set to range over");
        }
    }
}

static struct fm_term emit_search(struct fm_emit *emit, const struct fm_node *node,
                                  struct fm_emit_frame *frame, bool wanted)
{
    check_bounded(emit, node);
    const char *result = fm_emit_declare(emit, fm_shape_bool(emit->shapes),
                                         wanted ? "exists" : "forall", wanted ? "false" : "true");
    const char *done = fm_emit_name(emit, "done");
    struct fm_emit_loops loops;
    fm_emit_loop_begin(emit, node->u.bind.at, node->u.bind.count, frame, false, &loops);
    struct fm_term body = fm_emit_bool_term(emit, node->kids[0], frame);
    if (fm_emit_is_known_bool(body) != (wanted ? 0 : 1)) {
        struct fm_term hit = wanted ? body : fm_emit_not(emit, body);
        fm_emit_open(emit, "if (%s)", fm_emit_as(emit, hit, fm_shape_bool(emit->shapes)));
        fm_emit_line(emit, "%s = %s;", result, wanted ? "true" : "false");
        fm_emit_line(emit, "goto %s;", done);
        fm_emit_close(emit, "");
    }
    fm_emit_loop_end(emit, &loops);
    fm_emit_line(emit, "%s:;", done);
    return fm_emit_coded(fm_shape_bool(emit->shapes), result);
}

/* The declaration of the result stands before the loop, but its shape is known in the loop. */
static struct fm_term emit_choose(struct fm_emit *emit, const struct fm_node *node,
                                  struct fm_emit_frame *frame)
{
    check_bounded(emit, node);
    const struct fm_binding *binding = &node->u.bind.at[0];
    if (binding->is_tuple) {
        fm_emit_refuse(emit, node, "CHOOSE of a tuple of variables");
    }
    const char *result = fm_emit_name(emit, binding->names[0]->text);
    const char *done = fm_emit_name(emit, "chosen");
    struct fm_emit_hole *hole = fm_emit_hole_here(emit);
    struct fm_emit_loops loops;
    fm_emit_loop_begin(emit, binding, 1, frame, false, &loops);
    struct fm_term element = fm_emit_slot_term(emit, &frame->slots[binding->first_slot], node);
    struct fm_term body = fm_emit_bool_term(emit, node->kids[0], frame);
    fm_emit_open(emit, "if (%s)", fm_emit_as(emit, body, fm_shape_bool(emit->shapes)));
    fm_emit_line(emit, "%s = %s;", result, fm_emit_as(emit, element, element.shape));
    fm_emit_line(emit, "goto %s;", done);
    fm_emit_close(emit, "");
    fm_emit_loop_end(emit, &loops);
    fm_emit_line(emit, "fm_nrt_fail(c);");
    fm_emit_line(emit, "%s:;", done);
    fm_emit_hole_add(emit, hole,
                     fm_emit_format(emit, "%s %s;", fm_emit_type(emit, element.shape), result));
    return fm_emit_coded(element.shape, result);
}

struct fm_term fm_emit_quantifier(struct fm_emit *emit, const struct fm_node *node,
                                  struct fm_emit_frame *frame, const struct fm_shape *want)
{
    (void)want;
    switch ((int)node->op) {
    case FM_OP_EXISTS:
        return emit_search(emit, node, frame, true);
    case FM_OP_FORALL:
        return emit_search(emit, node, frame, false);
    case FM_OP_CHOOSE:
        return emit_choose(emit, node, frame);
    }
    fm_unreachable();
}
