/* Choices that have a distribution: DISTRIBUTION Loss = BooleanChoice(0.23).
 *
 * To the solver such a choice is one like any other: all elements are taken, in their order, so the
 * specification means what it always means. Beside that the solver keeps the product of the chances
 * of what was chosen on the way to a successor, and a number for which elements these were; the
 * explorer of random behaviours (explore/simulate_walk.c) draws by them. Choices are the bounded
 * `\E` of an action, and `x' \in S`, whose set is written as the operator that the distribution
 * names.
 *
 * The chances of a set's elements are made to sum up to 1. The set is walked once for that, each
 * time that it is chosen from: such sets are small. */
#include "eval/solve.h"

#include "semantics/law.h"
#include "value/digest.h"

const struct fm_choice *fm_chance_find(const struct fm_engine *engine, const struct fm_node *set)
{
    const struct fm_program *program = engine->model->model.program;
    for (uint32_t i = 0; i < program->choice_count && set->op == FM_OP_CALL; i++) {
        if (program->choices[i].def == set->u.def) {
            return &program->choices[i];
        }
    }
    return NULL;
}

/* The element's weight; and with element NONE the sum of all, and how many there are. */
static double weigh(struct fm_engine *engine, const struct fm_chance *chance, fm_value element,
                    uint32_t *count)
{
    const struct fm_law *law = &chance->choice->law;
    struct fm_set_cursor cursor;
    double total = 0;
    fm_value at;
    *count = 0;
    fm_set_begin(&engine->values, &cursor, chance->set, FM_SET_NORMAL);
    while (fm_set_next(&engine->values, &cursor, &at)) {
        double weight = fm_law_weight(law, &engine->values, at, *count, chance->count);
        if (!fm_is_none(element) && fm_value_equal(&engine->values, at, element)) {
            return weight;
        }
        total += weight;
        (*count)++;
    }
    return total;
}

static void add_chance(struct fm_engine *engine, struct fm_chances *chances,
                       const struct fm_choice *choice, fm_value set, uint32_t slot)
{
    if (chances->count == FM_CHANCES_MAX) {
        fm_eval_raise(engine, NULL, FM_CODE_3060, "more than %u names are bound by DISTRIBUTION %s",
                      FM_CHANCES_MAX, choice->name->text);
    }
    atomic_store_explicit(choice->used, true, memory_order_relaxed);
    struct fm_chance *chance = &chances->at[chances->count++];
    *chance = (struct fm_chance){.choice = choice, .set = set, .slot = slot};
    chance->total = weigh(engine, chance, fm_none(), &chance->count);
    if (chance->count > 0 && !(chance->total > 0)) {
        fm_eval_raise(engine, NULL, FM_CODE_3060,
                      "DISTRIBUTION %s (%s) gives no element of %s a chance", choice->name->text,
                      choice->law.text, fm_eval_describe(engine, set));
    }
}

void fm_chances_begin(struct fm_engine *engine, struct fm_chances *chances,
                      const struct fm_solver *solver, const struct fm_walk *walk)
{
    *chances = (struct fm_chances){.weight = solver->weight, .way = solver->way};
    for (uint32_t i = 0; i < walk->binder->variables; i++) {
        const struct fm_walk_item *item = &walk->items[i];
        const struct fm_choice *choice = fm_chance_find(engine, item->binding->binding->set);
        if (choice != NULL && item->binding->is_tuple) {
            fm_eval_raise(engine, item->binding->set, FM_CODE_3060,
                          "DISTRIBUTION %s: one name is bound to an element, not a tuple of them",
                          choice->name->text);
        }
        if (choice != NULL) {
            add_chance(engine, chances, choice, item->set, item->slot);
        }
    }
}

/* splitmix64's finalizer: each choice counts, and their order. */
static uint64_t add_way(uint64_t way, uint64_t choice)
{
    uint64_t z = (way ^ choice) + UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static void take(struct fm_engine *engine, const struct fm_chance *chance, struct fm_solver *solver,
                 fm_value element)
{
    uint32_t count;
    solver->weight *= weigh(engine, chance, element, &count) / chance->total;
    solver->way = add_way(solver->way, fm_value_digest(&engine->values, element).low);
}

void fm_chances_take(struct fm_engine *engine, const struct fm_chances *chances,
                     struct fm_solver *solver, const struct fm_frame *frame)
{
    solver->weight = chances->weight;
    solver->way = chances->way;
    for (uint32_t i = 0; i < chances->count; i++) {
        take(engine, &chances->at[i], solver, frame->slots[chances->at[i].slot]);
    }
}

void fm_chance_begin(struct fm_engine *engine, struct fm_chances *chances,
                     const struct fm_solver *solver, const struct fm_node *node, fm_value set)
{
    *chances = (struct fm_chances){.weight = solver->weight, .way = solver->way};
    const struct fm_choice *choice = fm_chance_find(engine, node);
    if (choice != NULL) {
        add_chance(engine, chances, choice, set, 0);
    }
}

void fm_chance_take(struct fm_engine *engine, const struct fm_chances *chances,
                    struct fm_solver *solver, fm_value element)
{
    solver->weight = chances->weight;
    solver->way = chances->way;
    if (chances->count > 0) {
        take(engine, &chances->at[0], solver, element);
    }
}

void fm_chances_end(const struct fm_chances *chances, struct fm_solver *solver)
{
    solver->weight = chances->weight;
    solver->way = chances->way;
}
