/* Atoms, and constants of temporal formulas.
 *
 * Two parts that say the same are one atom: WF_v(A) of a specification and of its refinement ask
 * for the same ENABLED <<A>>_v, and each atom costs an evaluation for every state or step. Parts
 * are compared as they are evaluated, node by node, values of quantified variables put in; what is
 * written differently stays different.
 *
 * Constants are evaluated by the interpreter when the formula is built. Values stay in the arena of
 * the formula: elements are copied, so that nothing depends on the engine. */
#include "liveness/formula_scope.h"

#include "eval/embed.h"
#include "value/set.h"

#include <string.h>

/* Nodes of two parts that are compared at most; longer ones are two atoms. */
#define NODES_MAX 10000u
/* Chains of atoms, and levels of nodes that choose one. */
#define CHAINS 4096u
#define HASH_DEPTH 6u

/* --- equal parts --- */

static bool is_same(struct fm_formulas *formulas, const struct fm_node *a, const struct fm_node *b);

/* Of explicit values; a lazy one is equal to itself alone. */
static bool is_same_value(struct fm_formulas *formulas, fm_value a, fm_value b)
{
    if (fm_value_same(a, b)) {
        return true;
    }
    if (fm_value_tag(a) != FM_TAG_OBJECT || fm_value_tag(b) != FM_TAG_OBJECT) {
        return false;
    }
    enum fm_kind kind = fm_value_kind(a);
    bool is_explicit = kind == FM_KIND_INT || kind == FM_KIND_TUPLE || kind == FM_KIND_RECORD ||
                       kind == FM_KIND_FCN || kind == FM_KIND_SET || kind == FM_KIND_INTERVAL;
    struct fm_value_context *context = formulas->model->ops->context(formulas->engine);
    return is_explicit && kind == fm_value_kind(b) && fm_value_compare_total(context, a, b) == 0;
}

static bool is_same_list(struct fm_formulas *formulas, struct fm_node *const *a,
                         struct fm_node *const *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!is_same(formulas, a[i], b[i])) {
            return false;
        }
    }
    return true;
}

static bool is_same_bindings(struct fm_formulas *formulas, const struct fm_binding *a,
                             const struct fm_binding *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (a[i].first_slot != b[i].first_slot || a[i].slot_count != b[i].slot_count ||
            a[i].is_tuple != b[i].is_tuple || (a[i].set == NULL) != (b[i].set == NULL) ||
            (a[i].set != NULL && !is_same(formulas, a[i].set, b[i].set))) {
            return false;
        }
    }
    return true;
}

static bool is_same_updates(struct fm_formulas *formulas, const struct fm_node *a,
                            const struct fm_node *b)
{
    if (a->u.updates.count != b->u.updates.count) {
        return false;
    }
    for (uint32_t i = 0; i < a->u.updates.count; i++) {
        const struct fm_update *left = &a->u.updates.at[i], *right = &b->u.updates.at[i];
        if (left->at_slot != right->at_slot || left->path_count != right->path_count ||
            !is_same(formulas, left->value, right->value) ||
            !is_same_list(formulas, left->path, right->path, left->path_count)) {
            return false;
        }
    }
    return true;
}

static bool is_same_lets(const struct fm_node *a, const struct fm_node *b)
{
    if (a->u.lets.count != b->u.lets.count) {
        return false;
    }
    for (uint32_t i = 0; i < a->u.lets.count; i++) {
        if (a->u.lets.at[i].def != b->u.lets.at[i].def ||
            a->u.lets.at[i].slot != b->u.lets.at[i].slot) {
            return false;
        }
    }
    return true;
}

/* Copies of one definition, made around parts or by instances, are the same when their bodies are.
 */
static bool is_same_definition(struct fm_formulas *formulas, const struct fm_def *a,
                               const struct fm_def *b)
{
    if (a == b) {
        return true;
    }
    bool alike = a->name_span.source == b->name_span.source &&
                 a->name_span.begin == b->name_span.begin && a->param_count == b->param_count &&
                 a->is_let == b->is_let && a->depth == b->depth && !a->is_lambda &&
                 !a->is_recursive;
    return alike && fm_def_is_open(a) && fm_def_is_open(b) && is_same(formulas, a->body, b->body);
}

static bool is_same_names(const struct fm_node *a, const struct fm_node *b)
{
    for (uint32_t i = 0; i < a->count; i++) {
        if (a->u.names[i] != b->u.names[i]) {
            return false;
        }
    }
    return true;
}

static bool is_same_payload(struct fm_formulas *formulas, const struct fm_node *a,
                            const struct fm_node *b)
{
    switch ((int)a->op) {
    case FM_OP_VALUE:
        return is_same_value(formulas, a->u.value, b->u.value);
    case FM_OP_DECIMAL:
    case FM_OP_FIELD:
    case FM_OP_LABEL:
        return a->u.name == b->u.name;
    case FM_OP_VAR:
        return a->u.index == b->u.index;
    case FM_OP_LOCAL:
    case FM_OP_APPLY:
    case FM_OP_OPERATOR_LOCAL:
        return a->u.local.depth == b->u.local.depth && a->u.local.slot == b->u.local.slot &&
               a->u.local.let == b->u.local.let;
    case FM_OP_CALL:
    case FM_OP_OPERATOR:
        return is_same_definition(formulas, a->u.def, b->u.def);
    case FM_OP_FORALL:
    case FM_OP_EXISTS:
    case FM_OP_CHOOSE:
    case FM_OP_FILTER:
    case FM_OP_MAP:
    case FM_OP_FCN:
    case FM_OP_TEXISTS:
    case FM_OP_TFORALL:
        return a->u.bind.count == b->u.bind.count &&
               is_same_bindings(formulas, a->u.bind.at, b->u.bind.at, a->u.bind.count);
    case FM_OP_RECFCN:
        return a->u.recfcn.count == b->u.recfcn.count && a->u.recfcn.slot == b->u.recfcn.slot &&
               is_same_bindings(formulas, a->u.recfcn.at, b->u.recfcn.at, a->u.recfcn.count);
    case FM_OP_RECORD:
    case FM_OP_RECSET:
        return is_same_names(a, b);
    case FM_OP_EXCEPT:
        return is_same_updates(formulas, a, b);
    case FM_OP_LET:
        return is_same_lets(a, b);
    }
    return true;
}

static bool is_same(struct fm_formulas *formulas, const struct fm_node *a, const struct fm_node *b)
{
    return a == b || (a->op == b->op && a->count == b->count && is_same_payload(formulas, a, b) &&
                      is_same_list(formulas, a->kids, b->kids, a->count));
}

/* Equal nodes have equal hashes; what is looked at is what tells most atoms apart. */
static uint64_t hash_of(const struct fm_node *node, uint32_t depth)
{
    uint64_t hash = (uint64_t)node->op * 64u + node->count;
    if (node->op == FM_OP_VALUE && fm_value_tag(node->u.value) != FM_TAG_OBJECT) {
        hash ^= node->u.value.bits;
    } else if (node->op == FM_OP_VAR) {
        hash ^= (uint64_t)node->u.index << 32;
    } else if (node->op == FM_OP_CALL) {
        hash ^= (uint64_t)node->u.def->name_span.begin << 32;
    }
    for (uint32_t i = 0; i < node->count && depth < HASH_DEPTH; i++) {
        hash = hash * UINT64_C(0x9e3779b97f4a7c15) + hash_of(node->kids[i], depth + 1);
    }
    return hash ^ hash >> 29;
}

uint32_t fm_atom_add(struct fm_formulas *formulas, const struct fm_spot *spot, enum fm_level level)
{
    struct fm_formula formula = fm_spot_close(formulas, spot, level);
    bool is_step = level == FM_LEVEL_ACTION;
    if (formulas->chains == NULL) {
        formulas->chains = fm_arena_alloc(formulas->arena, CHAINS * sizeof *formulas->chains);
        memset(formulas->chains, 0xff, CHAINS * sizeof *formulas->chains);
    }
    uint32_t *chain = &formulas->chains[hash_of(formula.node, 0) % CHAINS];
    for (uint32_t i = *chain; i != FM_NO_ATOM; i = formulas->same_hash.at[i]) {
        const struct fm_atom *known = &formulas->atoms.at[i];
        formulas->budget = NODES_MAX;
        if (known->is_step == is_step && is_same(formulas, known->formula.node, formula.node)) {
            return i;
        }
    }
    const char *text = fm_spot_text(formulas, spot);
    formula.name = fm_symbol_of(formulas->program->symbols, text);
    struct fm_atom atom = {
        .formula = formula,
        .is_step = is_step,
        .enabled = FM_NO_ATOM,
        .text = text,
        .span = spot->node->span,
    };
    fm_vec_push(&formulas->atoms, atom);
    fm_vec_push(&formulas->same_hash, *chain);
    *chain = formulas->atoms.count - 1;
    return *chain;
}

/* --- constants --- */

static void report_failure(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    const struct fm_failure *failure = formulas->model->ops->failure(formulas->engine);
    formulas->failed = true;
    struct fm_diag *diag = fm_diag_report(
        formulas->program->diags, FM_CODE_3054, spot->node->span,
        "`%s` stands in a temporal formula as a constant, but cannot be evaluated: %s",
        fm_spot_text(formulas, spot), failure->message);
    fm_diag_hint(formulas->program->diags, diag,
                 "the formula is expanded for each value of a constant set before the search");
}

bool fm_spot_evaluate(struct fm_formulas *formulas, const struct fm_spot *spot, bool *value)
{
    struct fm_formula formula = fm_spot_close(formulas, spot, FM_LEVEL_CONSTANT);
    enum fm_verdict verdict = formulas->model->ops->holds(formulas->engine, &formula, NULL, NULL);
    if (verdict == FM_VERDICT_FAILURE) {
        report_failure(formulas, spot);
        return false;
    }
    *value = verdict == FM_VERDICT_TRUE;
    return true;
}

struct listing {
    struct fm_arena *arena;
    struct fm_value_context *context;
    fm_value value;     /* of the constant; then a copy */
    bool want_elements; /* of it, a set */
    fm_value *elements;
    uint32_t count;
};

static void copy_value(struct fm_engine *engine, void *closure)
{
    (void)engine;
    struct listing *listing = closure;
    if (!listing->want_elements) {
        fm_value copied = fm_value_copy(listing->context, listing->value);
        listing->value = fm_value_freeze(listing->context, copied);
        return;
    }
    uint32_t count;
    const fm_value *elements = fm_set_elements(listing->context, listing->value, &count);
    listing->elements = fm_arena_alloc(listing->arena, (count + 1) * sizeof *listing->elements);
    for (uint32_t i = 0; i < count; i++) {
        fm_value element = fm_value_copy(listing->context, elements[i]);
        listing->elements[i] = fm_value_freeze(listing->context, element);
    }
    listing->count = count;
}

/* Evaluates the constant into the arena of the formulas. */
static bool list(struct fm_formulas *formulas, const struct fm_spot *spot, struct listing *listing)
{
    struct fm_formula formula = fm_spot_close(formulas, spot, FM_LEVEL_CONSTANT);
    const struct fm_model_ops *ops = formulas->model->ops;
    listing->arena = formulas->arena;
    listing->context = ops->context(formulas->engine);
    listing->value = ops->eval(formulas->engine, &formula, NULL, NULL);
    if (fm_is_none(listing->value)) {
        report_failure(formulas, spot);
        return false;
    }
    struct fm_arena *own = listing->context->arena;
    listing->context->arena = formulas->arena;
    bool good = fm_eval_guard(formulas->engine, copy_value, listing);
    listing->context->arena = own;
    if (!good) {
        report_failure(formulas, spot);
    }
    return good;
}

bool fm_spot_elements(struct fm_formulas *formulas, const struct fm_spot *spot,
                      const fm_value **elements, uint32_t *count)
{
    struct listing listing = {.want_elements = true};
    bool good = list(formulas, spot, &listing);
    *elements = listing.elements;
    *count = listing.count;
    return good;
}

struct fm_node *fm_spot_settle(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    struct fm_node *call = fm_program_copy_node(formulas->program, spot->node);
    call->kids = fm_arena_copy(formulas->arena, call->kids, call->count * sizeof *call->kids);
    for (uint32_t i = 0; i < call->count; i++) {
        struct fm_spot argument = fm_spot_at(spot, call->kids[i]);
        if (call->u.def->params[i].arity != 0 || call->kids[i]->op == FM_OP_VALUE ||
            fm_spot_level(&argument) != FM_LEVEL_CONSTANT) {
            continue;
        }
        struct listing listing = {.want_elements = false};
        if (!list(formulas, &argument, &listing)) {
            return NULL;
        }
        struct fm_node value = {.op = FM_OP_VALUE, .span = call->kids[i]->span};
        value.u.value = listing.value;
        call->kids[i] = fm_program_copy_node(formulas->program, &value);
    }
    return call;
}
