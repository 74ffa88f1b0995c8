/* Logic: connectives, choice, equality, and actions as Booleans on a known pair of states.
 *
 * The right operand of /\, \/ and => is evaluated only where the left one leaves the matter open;
 * both arms of IF are pieces (emit_piece.c), so that the shape of the whole is known before it is
 * declared. Conditions that are known while emitting leave no trace: the arm that is not taken is
 * not even looked at, as TLA+ specifications use IF to keep impossible terms apart.
 *
 * CASE takes the first guard that holds, as TLC does; without OTHER the last one is a guard of the
 * emitted code: where none holds the interpreter reports it. */
#include "native/piece.h"

#include "base/assert.h"

/* --- junctions --- */

static struct fm_term emit_junction(struct fm_emit *emit, const struct fm_node *node,
                                    struct fm_emit_frame *frame, bool is_or)
{
    struct fm_emit_chain chain;
    fm_emit_chain_init(&chain, is_or);
    for (uint32_t i = 0; i < node->count && !chain.decided; i++) {
        fm_emit_chain_open(emit, &chain);
        fm_emit_chain_close(emit, &chain, fm_emit_bool_term(emit, node->kids[i], frame));
    }
    return fm_emit_chain_end(emit, &chain);
}

static struct fm_term emit_implies(struct fm_emit *emit, const struct fm_node *node,
                                   struct fm_emit_frame *frame)
{
    struct fm_emit_chain chain;
    fm_emit_chain_init(&chain, true);
    fm_emit_chain_open(emit, &chain);
    fm_emit_chain_close(emit, &chain,
                        fm_emit_not(emit, fm_emit_bool_term(emit, node->kids[0], frame)));
    if (!chain.decided) {
        fm_emit_chain_open(emit, &chain);
        fm_emit_chain_close(emit, &chain, fm_emit_bool_term(emit, node->kids[1], frame));
    }
    return fm_emit_chain_end(emit, &chain);
}

static struct fm_term emit_equiv(struct fm_emit *emit, const struct fm_node *node,
                                 struct fm_emit_frame *frame)
{
    const struct fm_shape *boolean = fm_shape_bool(emit->shapes);
    struct fm_term a = fm_emit_bool_term(emit, node->kids[0], frame);
    struct fm_term b = fm_emit_bool_term(emit, node->kids[1], frame);
    int known_a = fm_emit_is_known_bool(a), known_b = fm_emit_is_known_bool(b);
    if (known_a >= 0) {
        return known_a != 0 ? b : fm_emit_not(emit, b);
    }
    if (known_b >= 0) {
        return known_b != 0 ? a : fm_emit_not(emit, a);
    }
    return fm_emit_test(emit, "(%s == %s)", fm_emit_as(emit, a, boolean),
                        fm_emit_as(emit, b, boolean));
}

/* --- choice --- */

static struct fm_term emit_case(struct fm_emit *emit, const struct fm_node *node,
                                struct fm_emit_frame *frame, const struct fm_shape *want,
                                uint32_t first);

/* Two ways to a value, each with statements of its own. */
struct arm {
    struct fm_emit_piece piece;
    struct fm_term term;
};

/* The common shape of both arms. */
static const struct fm_shape *common_shape(struct fm_emit *emit, const struct arm *a,
                                           const struct arm *b, const struct fm_shape *want)
{
    if (want != NULL && a->term.shape == want && b->term.shape == want) {
        return want;
    }
    return fm_shape_join(emit->shapes, a->term.shape, b->term.shape);
}

static void assign_arm(struct fm_emit *emit, const struct arm *arm, const char *name,
                       const struct fm_shape *shape)
{
    fm_emit_piece_enter(emit, &arm->piece);
    fm_emit_line(emit, "%s = %s;", name, fm_emit_as(emit, arm->term, shape));
    fm_emit_piece_leave(emit, &arm->piece);
}

/* One arm has no shape yet: the text is of a round that is thrown away. */
static struct fm_term without_shape(struct fm_emit *emit, const struct arm *yes,
                                    const struct arm *no, const struct fm_shape *shape)
{
    if (shape->kind == FM_SHAPE_NONE) {
        emit->bottom = emit->lifting != NULL;
        fm_emit_refuse(emit, NULL, "a choice without a value");
    }
    const struct arm *arm = yes->term.shape->kind == FM_SHAPE_NONE ? no : yes;
    if (fm_emit_piece_is_empty(&arm->piece)) {
        return arm->term;
    }
    return fm_emit_coded(shape, fm_emit_declare(emit, shape, "choice", NULL));
}

static struct fm_term choose(struct fm_emit *emit, const char *condition, const struct arm *yes,
                             const struct arm *no, const struct fm_shape *want)
{
    const struct fm_shape *shape = common_shape(emit, yes, no, want);
    if (yes->term.shape->kind == FM_SHAPE_NONE || no->term.shape->kind == FM_SHAPE_NONE) {
        return without_shape(emit, yes, no, shape);
    }
    bool empty = fm_emit_piece_is_empty(&yes->piece) && fm_emit_piece_is_empty(&no->piece);
    if (empty && !fm_is_none(yes->term.value) && !fm_is_none(no->term.value) &&
        fm_value_same(yes->term.value, no->term.value)) {
        return yes->term;
    }
    if (empty && yes->term.shape == shape && no->term.shape == shape) {
        struct fm_term choice = fm_emit_coded(shape,
                                              fm_emit_format(emit, "(%s ? %s : %s)", condition,
                                                             fm_emit_as(emit, yes->term, shape),
                                                             fm_emit_as(emit, no->term, shape)));
        return fm_shape_is_struct(shape) ? fm_emit_bind(emit, choice, "choice") : choice;
    }
    const char *name = fm_emit_name(emit, "choice");
    fm_emit_line(emit, "%s %s;", fm_emit_type(emit, shape), name);
    fm_emit_line(emit, "if (%s) {", condition);
    assign_arm(emit, yes, name, shape);
    fm_emit_line(emit, "} else {");
    assign_arm(emit, no, name, shape);
    fm_emit_line(emit, "}");
    return fm_emit_coded(shape, name);
}

struct arm_run {
    const struct fm_node *node;
    struct fm_emit_frame *frame;
    const struct fm_shape *want;
    uint32_t first; /* of a CASE: its arms from there; UINT32_MAX: the node itself */
    struct arm *arm;
};

static void run_arm(struct fm_emit *emit, void *closure)
{
    struct arm_run *run = closure;
    run->arm->term = run->first == UINT32_MAX
                         ? fm_emit_expr(emit, run->node, run->frame, run->want)
                         : emit_case(emit, run->node, run->frame, run->want, run->first);
}

/* While a recursive definition's shapes are searched, an arm may have none yet: NONE. */
static void emit_arm(struct fm_emit *emit, struct arm_run *run)
{
    fm_emit_piece_begin(emit, &run->arm->piece);
    if (emit->lifting == NULL) {
        run_arm(emit, run);
    } else if (!fm_emit_try(emit, run_arm, run)) {
        if (!emit->bottom) {
            fm_emit_refuse(emit, run->node, "%s", emit->reason);
        }
        emit->bottom = false;
        run->arm->term = (struct fm_term){fm_shape_none(emit->shapes), "0", fm_none()};
    }
    fm_emit_piece_end(emit, &run->arm->piece);
}

static struct fm_term emit_if(struct fm_emit *emit, const struct fm_node *node,
                              struct fm_emit_frame *frame, const struct fm_shape *want)
{
    struct fm_term condition = fm_emit_bool_term(emit, node->kids[0], frame);
    int known = fm_emit_is_known_bool(condition);
    if (known >= 0) {
        return fm_emit_expr(emit, node->kids[known != 0 ? 1 : 2], frame, want);
    }
    const char *code = fm_emit_as(emit, condition, fm_shape_bool(emit->shapes));
    struct arm yes, no;
    emit_arm(emit, &(struct arm_run){node->kids[1], frame, want, UINT32_MAX, &yes});
    emit_arm(emit, &(struct arm_run){node->kids[2], frame, want, UINT32_MAX, &no});
    return choose(emit, code, &yes, &no, want);
}

/* The arms from `first` on. */
static struct fm_term emit_case(struct fm_emit *emit, const struct fm_node *node,
                                struct fm_emit_frame *frame, const struct fm_shape *want,
                                uint32_t first)
{
    if (first + 1 == node->count) {
        return fm_emit_expr(emit, node->kids[first], frame, want);
    }
    if (first == node->count) {
        fm_emit_refuse(emit, node, "no guard of CASE can be true");
    }
    struct fm_term guard = fm_emit_bool_term(emit, node->kids[first], frame);
    int known = fm_emit_is_known_bool(guard);
    if (known == 0) {
        return emit_case(emit, node, frame, want, first + 2);
    }
    if (known == 1) {
        return fm_emit_expr(emit, node->kids[first + 1], frame, want);
    }
    const char *code = fm_emit_as(emit, guard, fm_shape_bool(emit->shapes));
    if (first + 2 == node->count) {
        fm_emit_guard(emit, "!%s", code);
        return fm_emit_expr(emit, node->kids[first + 1], frame, want);
    }
    struct arm yes, no;
    emit_arm(emit, &(struct arm_run){node->kids[first + 1], frame, want, UINT32_MAX, &yes});
    emit_arm(emit, &(struct arm_run){node, frame, want, first + 2, &no});
    return choose(emit, code, &yes, &no, want);
}

/* --- equality and membership --- */

static struct fm_term emit_equality(struct fm_emit *emit, const struct fm_node *node,
                                    struct fm_emit_frame *frame)
{
    struct fm_term a = fm_emit_expr(emit, node->kids[0], frame, NULL);
    struct fm_term b = fm_emit_expr(emit, node->kids[1], frame, NULL);
    struct fm_term result = fm_emit_test(emit, "%s", fm_emit_equal(emit, a, b));
    return node->op == FM_OP_NE ? fm_emit_not(emit, result) : result;
}

static struct fm_term emit_member(struct fm_emit *emit, const struct fm_node *node,
                                  struct fm_emit_frame *frame)
{
    struct fm_term element = fm_emit_expr(emit, node->kids[0], frame, NULL);
    element = fm_emit_bind(emit, element, "element");
    struct fm_term result = fm_emit_member_of(emit, element, node->kids[1], frame);
    return node->op == FM_OP_NOTIN ? fm_emit_not(emit, result) : result;
}

/* --- pairs of states --- */

/* Whether the expression has the same value in both states. */
static struct fm_term emit_unchanged(struct fm_emit *emit, const struct fm_node *node,
                                     struct fm_emit_frame *frame)
{
    node = fm_emit_peel(emit, node, &frame);
    if (node->op == FM_OP_TUPLE) {
        struct fm_emit_chain chain;
        fm_emit_chain_init(&chain, false);
        for (uint32_t i = 0; i < node->count && !chain.decided; i++) {
            fm_emit_chain_open(emit, &chain);
            fm_emit_chain_close(emit, &chain, emit_unchanged(emit, node->kids[i], frame));
        }
        return fm_emit_chain_end(emit, &chain);
    }
    if (emit->primed) {
        fm_emit_refuse(emit, node, "UNCHANGED below a prime");
    }
    struct fm_term before = fm_emit_expr(emit, node, frame, NULL);
    emit->primed = true;
    struct fm_term after = fm_emit_expr(emit, node, frame, NULL);
    emit->primed = false;
    return fm_emit_test(emit, "%s", fm_emit_equal(emit, before, after));
}

/* [A]_v: A or v unchanged; <<A>>_v: A and v changed. */
static struct fm_term emit_subscript(struct fm_emit *emit, const struct fm_node *node,
                                     struct fm_emit_frame *frame)
{
    bool is_square = node->op == FM_OP_SQUARE;
    struct fm_emit_chain chain;
    fm_emit_chain_init(&chain, is_square);
    fm_emit_chain_open(emit, &chain);
    fm_emit_chain_close(emit, &chain, fm_emit_bool_term(emit, node->kids[0], frame));
    if (!chain.decided) {
        fm_emit_chain_open(emit, &chain);
        struct fm_term same = emit_unchanged(emit, node->kids[1], frame);
        fm_emit_chain_close(emit, &chain, is_square ? same : fm_emit_not(emit, same));
    }
    return fm_emit_chain_end(emit, &chain);
}

struct fm_term fm_emit_logic(struct fm_emit *emit, const struct fm_node *node,
                             struct fm_emit_frame *frame, const struct fm_shape *want)
{
    switch ((int)node->op) {
    case FM_OP_AND:
        return emit_junction(emit, node, frame, false);
    case FM_OP_OR:
        return emit_junction(emit, node, frame, true);
    case FM_OP_NOT:
        return fm_emit_not(emit, fm_emit_bool_term(emit, node->kids[0], frame));
    case FM_OP_IMPLIES:
        return emit_implies(emit, node, frame);
    case FM_OP_EQUIV:
        return emit_equiv(emit, node, frame);
    case FM_OP_IF:
        return emit_if(emit, node, frame, want);
    case FM_OP_CASE:
        return emit_case(emit, node, frame, want, 0);
    case FM_OP_EQ:
    case FM_OP_NE:
        return emit_equality(emit, node, frame);
    case FM_OP_IN:
    case FM_OP_NOTIN:
        return emit_member(emit, node, frame);
    case FM_OP_SUBSETEQ:
        return fm_emit_subset(emit, node, frame);
    case FM_OP_UNCHANGED:
        return emit_unchanged(emit, node->kids[0], frame);
    case FM_OP_SQUARE:
    case FM_OP_ANGLE:
        return emit_subscript(emit, node, frame);
    }
    fm_unreachable();
}
