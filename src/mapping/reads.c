/* What of a state a formula reads, found in its text.
 *
 * The judge evaluates the same formulas after every event, on states that differ in little. What a
 * formula says can only change when something that it reads does. So its text is walked, through
 * the definitions that it calls, and every variable is noted: as a whole, or, where it is applied
 * to the argument and nothing else is done with it, as the part of one node. `Observed(n)` is
 * mostly made of such parts, role[n] and log[n].
 *
 * An argument is followed through calls: in F(k) == log[k], called as F(n), k is the argument too.
 * Which slots hold it is known of each frame on the way, and that is all that is known of locals:
 * what else is passed is read where it is written. An operator passed as an argument is walked
 * where it is passed, as if it were called with something unknown. Whatever stands in a LET is
 * walked whether it is used or not.
 *
 * To note too much costs time. To note too little would be a wrong verdict; so what is not
 * understood here (primes, ENABLED, random values, what asks the checker) makes the answer
 * "anything". */
#include "mapping/reads.h"

#include "base/vec.h"
#include "eval/embed.h"
#include "semantics/walk.h"

/* Calls in one another at most: recursion through a LET does not end otherwise. */
static const uint32_t depth_max = 100;

/* The frame of a definition that is being walked. */
struct frame {
    uint64_t argument; /* bits: slots that hold the argument */
    uint32_t depth;    /* fm_def.depth */
    const struct frame *up;
};

/* A definition of top level that was walked, with what was known of its parameters. */
struct walked {
    const struct fm_def *def;
    uint64_t argument;
};

struct walk {
    struct fm_reads reads;
    FM_VEC(struct walked) walked;
    uint32_t depth;
};

static void visit(struct walk *walk, const struct frame *frame, const struct fm_node *node);

static bool is_argument(const struct frame *frame, const struct fm_node *node)
{
    if (node->op != FM_OP_LOCAL || node->u.local.let != NULL || node->u.local.slot >= 64) {
        return false;
    }
    for (uint32_t i = 0; i < node->u.local.depth && frame != NULL; i++) {
        frame = frame->up;
    }
    return frame != NULL && (frame->argument >> node->u.local.slot & 1) != 0;
}

static void note(uint64_t *set, struct walk *walk, uint32_t variable)
{
    if (variable >= 64) {
        walk->reads.known = false;
    } else {
        *set |= UINT64_C(1) << variable;
    }
}

static bool was_walked(struct walk *walk, const struct fm_def *def, uint64_t argument)
{
    for (uint32_t i = 0; i < walk->walked.count; i++) {
        if (walk->walked.at[i].def == def && walk->walked.at[i].argument == argument) {
            return true;
        }
    }
    struct walked here = {def, argument};
    fm_vec_push(&walk->walked, here);
    return false;
}

/* The body of a definition, called from a frame; `argument`: which parameters are the argument. */
static void visit_def(struct walk *walk, const struct frame *from, const struct fm_def *def,
                      uint64_t argument)
{
    if (def->body == NULL) {
        /* Natives do what their impurity says, and constants were bound. */
        walk->reads.known &= def->native != NULL || !fm_is_none(def->value);
        return;
    }
    struct frame frame = {argument, def->depth, NULL};
    if (def->depth > 0) {
        while (from != NULL && from->depth >= def->depth) {
            from = from->up;
        }
        walk->reads.known &= from != NULL && from->depth + 1 == def->depth;
        frame.up = from;
    } else if (was_walked(walk, def, argument)) {
        return;
    }
    walk->reads.known &= walk->depth < depth_max;
    if (!walk->reads.known) {
        return;
    }
    walk->depth++;
    visit(walk, &frame, def->body);
    walk->depth--;
}

static void visit_call(struct walk *walk, const struct frame *frame, const struct fm_node *node)
{
    uint64_t argument = 0;
    for (uint32_t i = 0; i < node->count && i < 64; i++) {
        argument |= (uint64_t)is_argument(frame, node->kids[i]) << i;
    }
    visit_def(walk, frame, node->u.def, argument);
}

static bool is_unbounded(const struct fm_node *node)
{
    uint32_t count;
    const struct fm_binding *bindings = fm_node_bindings(node, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (bindings[i].set == NULL) {
            return true;
        }
    }
    return false;
}

/* A part of an expression, and the frame that it stands in. */
struct part {
    struct walk *walk;
    const struct frame *frame;
};

static void visit_part(void *closure, struct fm_node *node)
{
    const struct part *part = closure;
    visit(part->walk, part->frame, node);
}

static void visit(struct walk *walk, const struct frame *frame, const struct fm_node *node)
{
    if (!walk->reads.known) {
        return;
    }
    switch ((int)node->op) {
    case FM_OP_VAR:
        note(&walk->reads.whole, walk, node->u.index);
        return;
    case FM_OP_FCNAPP:
        if (node->kids[0]->op == FM_OP_VAR && is_argument(frame, node->kids[1])) {
            note(&walk->reads.part, walk, node->kids[0]->u.index);
            return;
        }
        break;
    case FM_OP_CALL:
        visit_call(walk, frame, node);
        break;
    case FM_OP_OPERATOR:
        visit_def(walk, frame, node->u.def, 0);
        break;
    }
    if (node->op >= FM_OP_PRIME || is_unbounded(node)) {
        walk->reads.known = false; /* of two states, temporal, or of values of no set */
    }
    struct part part = {walk, frame};
    fm_node_visit_evaluated(node, visit_part, &part);
}

static struct fm_reads reads_of(struct fm_model *model, const struct fm_node *node,
                                const struct frame *frame)
{
    struct walk walk = {.reads = {.known = fm_eval_impurity(model, node) == 0}};
    visit(&walk, frame, node);
    fm_vec_deinit(&walk.walked);
    walk.reads.part &= ~walk.reads.whole;
    return walk.reads;
}

struct fm_reads fm_reads_of_formula(struct fm_model *model, const struct fm_formula *formula)
{
    struct frame frame = {0, 0, NULL};
    return reads_of(model, formula->node, &frame);
}

struct fm_reads fm_reads_of_argument(struct fm_model *model, const struct fm_def *def)
{
    struct frame frame = {1, 0, NULL};
    return reads_of(model, def->body, &frame);
}
