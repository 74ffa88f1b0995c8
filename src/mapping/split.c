/* One action for each disjunct of Event.
 *
 * The next-state relation of the module around a mapping is Event(fathom_event), and the split of
 * next-state relations (as TLC makes it) does not go into a call whose argument depends on the
 * state. As one action it would be one answer to two questions that are asked of each disjunct:
 * was it ever a step, and why is it none now. So the call is taken apart here: for each disjunct
 * there is a definition that is Event with that disjunct alone as its body, and the relation is the
 * disjunction of calls of these. */
#include "base/vec.h"
#include "mapping/loaded.h"

struct disjuncts {
    FM_VEC(struct fm_node *) at;
};

static void collect(struct fm_node *node, struct disjuncts *found)
{
    if (node->op != FM_OP_OR) {
        fm_vec_push(&found->at, node);
        return;
    }
    for (uint32_t i = 0; i < node->count; i++) {
        collect(node->kids[i], found);
    }
}

/* The definition with that body in place of its own. */
static struct fm_def *copy_def(struct fm_program *program, const struct fm_def *def,
                               struct fm_node *body)
{
    struct fm_def *copy = fm_program_copy_def(program, def);
    copy->body = body;
    return copy;
}

void fm_mapping_split(struct fm_program *program)
{
    struct fm_node *step = program->next.node; /* Event(...), or Event(...) \/ Hidden */
    struct fm_node *call = step->op == FM_OP_OR ? step->kids[0] : step;
    struct disjuncts found = {{0}};
    collect(call->u.def->body, &found);
    uint32_t count = found.at.count;
    if (count > 1) {
        struct fm_node *all = fm_program_copy_node(program, step);
        all->op = FM_OP_OR;
        all->count = count + (step == call ? 0 : 1);
        all->kids = fm_arena_alloc(&program->arena, all->count * sizeof *all->kids);
        for (uint32_t i = 0; i < count; i++) {
            struct fm_node *one = fm_program_copy_node(program, call);
            one->u.def = copy_def(program, call->u.def, found.at.at[i]);
            one->span = found.at.at[i]->span;
            all->kids[i] = one;
        }
        if (step != call) {
            all->kids[count] = step->kids[1];
        }
        program->next.node = all;
    }
    fm_vec_deinit(&found.at);
}
