/* What must be known of nodes before code is chosen for them.
 *
 * Impurity and priming are facts of definitions closed over what they call: each definition is
 * visited once for its own facts and its callees, then the facts flow backwards along the calls
 * until nothing changes. Definitions met later (expressions of the user) join the same graph.
 *
 * "Priming" means that a definition may look at its arguments in another state than the one it is
 * called in (prime, UNCHANGED, ENABLED, [A]_v, \cdot of anything but plain variables): arguments of
 * such definitions must stay expressions.
 *
 * Captures: the slots outside of a node that its code may read, directly or through LET operators
 * that it calls. Bound variables of one frame have distinct slots, so what is bound inside is known
 * by its slot. Levels count from the outermost frame; a LET operator or LAMBDA inside the node has
 * a deeper level of its own, which does not matter to the outside. */
#include "eval/engine.h"
#include "semantics/walk.h"

#include <string.h>

#define FACT_PRIMES 0x80000000u

struct facts {
    const struct fm_def *def;
    uint32_t bits; /* FM_IMPURE_ and FACT_PRIMES */
    struct facts *next;
    FM_VEC(struct facts *) callees;
};

struct visitor {
    struct fm_eval_model *model;
    struct facts *facts;   /* of the definition at hand */
    struct facts *pending; /* found, not yet visited */
};

/* The definition a node calls or passes on, or NULL. */
static const struct fm_def *callee_of(const struct fm_node *node)
{
    return node->op == FM_OP_CALL || node->op == FM_OP_OPERATOR ? node->u.def : NULL;
}

/* --- facts of definitions --- */

static struct facts *facts_of(struct visitor *visitor, const struct fm_def *def)
{
    struct facts *facts = fm_map_get(&visitor->model->def_facts, def);
    if (facts == NULL) {
        facts = fm_arena_calloc(&visitor->model->arena, 1, sizeof *facts);
        facts->def = def;
        facts->next = visitor->pending;
        visitor->pending = facts;
        fm_map_put(&visitor->model->def_facts, def, facts);
    }
    return facts;
}

/* Whether an operand of a prime or its like can be no argument: variables, and tuples of them. */
static bool is_plain(const struct fm_node *node)
{
    if (node->op == FM_OP_TUPLE) {
        for (uint32_t i = 0; i < node->count; i++) {
            if (!is_plain(node->kids[i])) {
                return false;
            }
        }
        return true;
    }
    return node->op == FM_OP_VAR || node->op == FM_OP_VALUE;
}

static uint32_t own_bits(const struct fm_node *node)
{
    switch ((int)node->op) {
    case FM_OP_PRIME:
    case FM_OP_UNCHANGED:
        return is_plain(node->kids[0]) ? 0 : FACT_PRIMES;
    case FM_OP_ENABLED:
    case FM_OP_CDOT:
    case FM_OP_SQUARE:
    case FM_OP_ANGLE:
    case FM_OP_APPLY: /* the operator given may prime what it gets */
        return FACT_PRIMES;
    }
    const struct fm_def *def = callee_of(node);
    if (def == NULL || def->native == NULL) {
        return 0;
    }
    const struct fm_node *first = node->count != 0 ? node->kids[0] : NULL;
    bool literal = first != NULL && first->op == FM_OP_VALUE &&
                   fm_value_tag(first->u.value) == FM_TAG_STRING;
    return fm_native_impurity(def->native, literal ? fm_value_symbol(first->u.value)->text : NULL);
}

static void visit_facts(void *closure, struct fm_node *node);

static void add_facts(struct visitor *visitor, const struct fm_node *node)
{
    visitor->facts->bits |= own_bits(node);
    const struct fm_def *def = callee_of(node);
    if (def != NULL && def->native == NULL && def->body != NULL) {
        fm_vec_push(&visitor->facts->callees, facts_of(visitor, def));
    }
    fm_node_visit_evaluated(node, visit_facts, visitor);
}

static void visit_facts(void *closure, struct fm_node *node)
{
    add_facts(closure, node);
}

static void close_facts(struct fm_eval_model *model)
{
    bool changed = true;
    while (changed) {
        changed = false;
        for (uint32_t i = 0; i < model->def_facts.count; i++) {
            struct facts *facts = model->def_facts.entries[i].value;
            uint32_t bits = facts->bits;
            for (uint32_t j = 0; j < facts->callees.count; j++) {
                bits |= facts->callees.at[j]->bits;
            }
            changed = changed || bits != facts->bits;
            facts->bits = bits;
        }
    }
}

static void visit_pending(struct visitor *visitor)
{
    if (visitor->pending == NULL) {
        return;
    }
    while (visitor->pending != NULL) {
        visitor->facts = visitor->pending;
        visitor->pending = visitor->facts->next;
        add_facts(visitor, visitor->facts->def->body);
    }
    close_facts(visitor->model);
}

static uint32_t node_bits(struct fm_eval_model *model, const struct fm_node *node)
{
    struct facts here = {0};
    struct visitor visitor = {model, &here, NULL};
    add_facts(&visitor, node);
    visit_pending(&visitor);
    uint32_t bits = here.bits;
    for (uint32_t i = 0; i < here.callees.count; i++) {
        bits |= here.callees.at[i]->bits;
    }
    fm_vec_deinit(&here.callees);
    return bits;
}

uint32_t fm_node_impurity(struct fm_eval_model *model, const struct fm_node *node)
{
    return node_bits(model, node) & ~FACT_PRIMES;
}

bool fm_def_primes(struct fm_eval_model *model, const struct fm_def *def)
{
    struct visitor visitor = {model, NULL, NULL};
    struct facts *facts = facts_of(&visitor, def);
    visit_pending(&visitor);
    return (facts->bits & FACT_PRIMES) != 0;
}

void fm_analysis_deinit(struct fm_eval_model *model)
{
    for (uint32_t i = 0; i < model->def_facts.count; i++) {
        struct facts *facts = model->def_facts.entries[i].value;
        fm_vec_deinit(&facts->callees);
    }
    fm_map_deinit(&model->def_facts);
}

/* --- captures --- */

struct capturing {
    uint32_t depth; /* static level of the code being walked */
    uint32_t limit; /* levels above this are inside */
    FM_VEC(struct fm_capture) uses;
    FM_VEC(uint32_t) bound; /* slots of level `limit` */
    FM_VEC(const struct fm_def *) visited;
};

static void use_slot(struct capturing *capturing, uint32_t level, uint32_t slot)
{
    if (level > capturing->limit) {
        return;
    }
    for (uint32_t i = 0; i < capturing->uses.count; i++) {
        if (capturing->uses.at[i].level == level && capturing->uses.at[i].slot == slot) {
            return;
        }
    }
    fm_vec_push(&capturing->uses, ((struct fm_capture){level, slot}));
}

static void bind_slot(struct capturing *capturing, uint32_t slot)
{
    if (capturing->depth == capturing->limit) {
        fm_vec_push(&capturing->bound, slot);
    }
}

static void bind_slots(struct capturing *capturing, const struct fm_binding *bindings,
                       uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = 0; j < bindings[i].slot_count; j++) {
            bind_slot(capturing, bindings[i].first_slot + j);
        }
    }
}

static void add_captures(struct capturing *capturing, const struct fm_node *node);

/* The body of a LET operator or LAMBDA, whether it stands inside of the node or around it. */
static void visit_operator(struct capturing *capturing, const struct fm_def *def)
{
    if (!def->is_let || def->native != NULL || def->body == NULL) {
        return;
    }
    for (uint32_t i = 0; i < capturing->visited.count; i++) {
        if (capturing->visited.at[i] == def) {
            return;
        }
    }
    fm_vec_push(&capturing->visited, def);
    uint32_t depth = capturing->depth;
    capturing->depth = def->depth;
    /* Its own slots are of level def->depth: when that is within the limit, the operator stands
     * around us and runs in a frame of its own, not in one of ours. */
    uint32_t limit = capturing->limit;
    if (def->depth <= limit) {
        capturing->limit = def->depth - 1;
        uint32_t bound = capturing->bound.count;
        add_captures(capturing, def->body);
        capturing->bound.count = bound;
        capturing->limit = limit;
    } else {
        add_captures(capturing, def->body);
    }
    capturing->depth = depth;
}

static void visit_captures(void *closure, struct fm_node *node)
{
    add_captures(closure, node);
}

static void add_captures(struct capturing *capturing, const struct fm_node *node)
{
    switch ((int)node->op) {
    case FM_OP_LOCAL:
    case FM_OP_APPLY:
    case FM_OP_OPERATOR_LOCAL:
        use_slot(capturing, capturing->depth - node->u.local.depth, node->u.local.slot);
        break;
    case FM_OP_CALL:
    case FM_OP_OPERATOR:
        visit_operator(capturing, node->u.def);
        break;
    case FM_OP_FORALL:
    case FM_OP_EXISTS:
    case FM_OP_CHOOSE:
    case FM_OP_FILTER:
    case FM_OP_MAP:
    case FM_OP_FCN:
        bind_slots(capturing, node->u.bind.at, node->u.bind.count);
        break;
    case FM_OP_RECFCN:
        bind_slots(capturing, node->u.recfcn.at, node->u.recfcn.count);
        bind_slot(capturing, node->u.recfcn.slot);
        break;
    case FM_OP_LET:
        for (uint32_t i = 0; i < node->u.lets.count; i++) {
            if (node->u.lets.at[i].def->param_count == 0) {
                bind_slot(capturing, node->u.lets.at[i].slot);
            }
        }
        break;
    case FM_OP_EXCEPT:
        for (uint32_t i = 0; i < node->u.updates.count; i++) {
            bind_slot(capturing, node->u.updates.at[i].at_slot);
        }
        break;
    }
    fm_node_visit_evaluated(node, visit_captures, capturing);
}

static bool is_bound(const struct capturing *capturing, struct fm_capture use)
{
    for (uint32_t i = 0; i < capturing->bound.count && use.level == capturing->limit; i++) {
        if (capturing->bound.at[i] == use.slot) {
            return true;
        }
    }
    return false;
}

static void end_capturing(struct capturing *capturing)
{
    fm_vec_deinit(&capturing->uses);
    fm_vec_deinit(&capturing->bound);
    fm_vec_deinit(&capturing->visited);
}

static bool is_closed(const struct fm_node *node, uint32_t depth)
{
    struct capturing capturing = {.depth = depth, .limit = depth};
    add_captures(&capturing, node);
    bool closed = true;
    for (uint32_t i = 0; i < capturing.uses.count && closed; i++) {
        closed = is_bound(&capturing, capturing.uses.at[i]);
    }
    end_capturing(&capturing);
    return closed;
}

static const struct fm_captures *finish_captures(struct fm_eval_model *model,
                                                 struct capturing *capturing)
{
    struct fm_captures *captures = fm_arena_alloc(
        &model->arena, sizeof *captures + capturing->uses.count * sizeof *captures->at);
    captures->count = 0;
    for (uint32_t i = 0; i < capturing->uses.count; i++) {
        if (!is_bound(capturing, capturing->uses.at[i])) {
            captures->at[captures->count++] = capturing->uses.at[i];
        }
    }
    end_capturing(capturing);
    return captures;
}

const struct fm_captures *fm_node_captures(struct fm_eval_model *model, const struct fm_node *node,
                                           uint32_t depth)
{
    struct capturing capturing = {.depth = depth, .limit = depth};
    add_captures(&capturing, node);
    return finish_captures(model, &capturing);
}

const struct fm_captures *fm_def_captures(struct fm_eval_model *model, const struct fm_def *def)
{
    struct capturing capturing = {.depth = def->depth, .limit = def->depth - 1};
    visit_operator(&capturing, def);
    return finish_captures(model, &capturing);
}

bool fm_node_is_foldable(struct fm_eval_model *model, const struct fm_node *node, uint32_t depth)
{
    return node->level == FM_LEVEL_CONSTANT && is_closed(node, depth) &&
           fm_node_impurity(model, node) == 0;
}
