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

/* --- equal parts --- */

static bool is_same(const struct fm_formulas *formulas, const struct fm_node *a,
                    const struct fm_node *b);

/* Of explicit values; a lazy one is equal to itself alone. */
static bool is_same_value(const struct fm_formulas *formulas, fm_value a, fm_value b)
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

static bool is_same_list(const struct fm_formulas *formulas, struct fm_node *const *a,
                         struct fm_node *const *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!is_same(formulas, a[i], b[i])) {
            return false;
        }
    }
    return true;
}

static bool is_same_bindings(const struct fm_formulas *formulas, const struct fm_binding *a,
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

static bool is_same_updates(const struct fm_formulas *formulas, const struct fm_node *a,
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

/* Definitions made around parts are the same when the parts are. */
static bool is_same_definition(const struct fm_formulas *formulas, const struct fm_def *a,
                               const struct fm_def *b)
{
    const void *origin = fm_map_get(&formulas->copies, a);
    return a == b || (origin != NULL && origin == fm_map_get(&formulas->copies, b) &&
                      is_same(formulas, a->body, b->body));
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

static bool is_same_payload(const struct fm_formulas *formulas, const struct fm_node *a,
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

static bool is_same(const struct fm_formulas *formulas, const struct fm_node *a,
                    const struct fm_node *b)
{
    return a == b || (a->op == b->op && a->count == b->count && is_same_payload(formulas, a, b) &&
                      is_same_list(formulas, a->kids, b->kids, a->count));
}

uint32_t fm_atom_add(struct fm_formulas *formulas, const struct fm_spot *spot, enum fm_level level)
{
    struct fm_formula formula = fm_spot_close(formulas, spot, level);
    bool is_step = level == FM_LEVEL_ACTION;
    for (uint32_t i = 0; i < formulas->atoms.count; i++) {
        const struct fm_atom *known = &formulas->atoms.at[i];
        if (known->is_step == is_step && is_same(formulas, known->formula.node, formula.node)) {
            return i;
        }
    }
    const char *text = fm_spot_text(formulas, spot);
    formula.name = fm_symbol_of(formulas->program->symbols, text);
    struct fm_atom atom = {
        .formula = formula,
        .is_step = is_step,
        .text = text,
        .span = spot->node->span,
    };
    fm_vec_push(&formulas->atoms, atom);
    return formulas->atoms.count - 1;
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
    fm_value set;
    fm_value *elements;
    uint32_t count;
};

static void list_elements(struct fm_engine *engine, void *closure)
{
    (void)engine;
    struct listing *listing = closure;
    uint32_t count;
    const fm_value *elements = fm_set_elements(listing->context, listing->set, &count);
    listing->elements = fm_arena_alloc(listing->arena, (count + 1) * sizeof *listing->elements);
    for (uint32_t i = 0; i < count; i++) {
        fm_value element = fm_value_copy(listing->context, elements[i]);
        listing->elements[i] = fm_value_freeze(listing->context, element);
    }
    listing->count = count;
}

bool fm_spot_elements(struct fm_formulas *formulas, const struct fm_spot *spot,
                      const fm_value **elements, uint32_t *count)
{
    struct fm_formula formula = fm_spot_close(formulas, spot, FM_LEVEL_CONSTANT);
    const struct fm_model_ops *ops = formulas->model->ops;
    struct listing listing = {formulas->arena, ops->context(formulas->engine), fm_none(), NULL, 0};
    listing.set = ops->eval(formulas->engine, &formula, NULL, NULL);
    if (fm_is_none(listing.set)) {
        report_failure(formulas, spot);
        return false;
    }
    struct fm_arena *own = listing.context->arena;
    listing.context->arena = formulas->arena;
    bool good = fm_eval_guard(formulas->engine, list_elements, &listing);
    listing.context->arena = own;
    if (!good) {
        report_failure(formulas, spot);
        return false;
    }
    *elements = listing.elements;
    *count = listing.count;
    return true;
}
