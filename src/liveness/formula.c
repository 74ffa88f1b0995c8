/* Temporal formulas from the nodes of the program (formula.h).
 *
 * The walk goes down through everything that is temporal: connectives, IF and CASE, quantifiers
 * over constant sets (expanded), definitions, LET, parameters, labels. Where a part is a state
 * predicate it stops, however the predicate is made, and the whole part is one atom; a constant is
 * evaluated. Under [] and <> an action stands as [A]_v or <<A>>_v and is an atom of steps. So the
 * result has few atoms, none of them temporal, and what is above them no search has to know TLA+
 * for:
 *
 *     F => G          ~F \/ G
 *     F <=> G         (F /\ G) \/ (~F /\ ~G)
 *     IF P THEN F ELSE G    (P /\ F) \/ (~P /\ G)
 *     CASE P -> F [] Q -> G [] OTHER -> H    the first guard that is true decides, as in TLC
 *     F ~> G          [](~F \/ <>G)
 *     \A x \in S : F(x)     F(a) /\ F(b) /\ ...
 *
 * TRUE and FALSE disappear on the way up. What cannot be handled is reported with the part at fault
 * and with what to write instead, and the walk goes on to find more.
 *
 * TLC (Liveness.astToLive) does the same walk; it refuses what stands under [] and <> in other ways
 * than [][A]_v, <><<A>>_v. A quantifier over the values of a variable is refused there and here:
 * for the set may be another one later, and F(x) may have begun to hold for an x that was in it. */
#include "liveness/formula.h"

#include "base/assert.h"
#include "liveness/formula_scope.h"

/* Definitions, operators and quantifiers inside each other; more is a cycle. */
#define DEPTH_MAX 2000u
/* Parts of all formulas: expanded, a property is still something that a search can work with. */
#define SIZE_MAX_PARTS 500000u
/* What a graph's letters have room for (graph.h). */
#define ATOMS_MAX 65536u

typedef const struct fm_temporal *temporal;

static temporal build(struct fm_formulas *formulas, const struct fm_spot *spot);

static const struct fm_temporal true_formula = {.op = FM_TEMPORAL_TRUE, .text = "TRUE"};
static const struct fm_temporal false_formula = {.op = FM_TEMPORAL_FALSE, .text = "FALSE"};

/* --- making parts --- */

static temporal constant(bool value)
{
    return value ? &true_formula : &false_formula;
}

static bool is_constant(temporal formula)
{
    return formula->op == FM_TEMPORAL_TRUE || formula->op == FM_TEMPORAL_FALSE;
}

static struct fm_temporal *new_part(struct fm_formulas *formulas, enum fm_temporal_op op,
                                    const struct fm_spot *spot, const char *text)
{
    struct fm_temporal *part = fm_arena_calloc(formulas->arena, 1, sizeof *part);
    part->op = op;
    part->node = spot->node;
    part->text = text;
    formulas->size++;
    return part;
}

static temporal unary(struct fm_formulas *formulas, enum fm_temporal_op op,
                      const struct fm_spot *spot, temporal kid, const char *text)
{
    if (is_constant(kid)) {
        return op == FM_TEMPORAL_NOT ? constant(kid->op == FM_TEMPORAL_FALSE) : kid;
    }
    struct fm_temporal *part = new_part(formulas, op, spot, text);
    part->kids = fm_arena_copy(formulas->arena, &kid, sizeof(temporal));
    part->count = 1;
    return part;
}

static temporal negation(struct fm_formulas *formulas, const struct fm_spot *spot, temporal kid)
{
    if (kid->op == FM_TEMPORAL_NOT) {
        return kid->kids[0];
    }
    const char *text = fm_arena_printf(formulas->arena, "~(%s)", kid->text);
    return unary(formulas, FM_TEMPORAL_NOT, spot, kid, text);
}

/* AND or OR; the list may be overwritten. */
static temporal junction(struct fm_formulas *formulas, enum fm_temporal_op op,
                         const struct fm_spot *spot, temporal *kids, uint32_t count)
{
    fm_assert(op == FM_TEMPORAL_AND || op == FM_TEMPORAL_OR);
    enum fm_temporal_op neutral = op == FM_TEMPORAL_AND ? FM_TEMPORAL_TRUE : FM_TEMPORAL_FALSE;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (is_constant(kids[i]) && kids[i]->op != neutral) {
            return kids[i];
        }
        if (kids[i]->op != neutral) {
            kids[kept++] = kids[i];
        }
    }
    if (kept == 0) {
        return constant(op == FM_TEMPORAL_AND);
    }
    if (kept == 1) {
        return kids[0];
    }
    struct fm_temporal *part = new_part(formulas, op, spot, fm_spot_text(formulas, spot));
    part->kids = fm_arena_copy(formulas->arena, kids, kept * sizeof(temporal));
    part->count = kept;
    return part;
}

static temporal pair(struct fm_formulas *formulas, enum fm_temporal_op op,
                     const struct fm_spot *spot, temporal a, temporal b)
{
    temporal kids[] = {a, b};
    return junction(formulas, op, spot, kids, 2);
}

static temporal atom(struct fm_formulas *formulas, const struct fm_spot *spot, enum fm_level level)
{
    if (level == FM_LEVEL_CONSTANT) {
        bool value = false;
        (void)fm_spot_evaluate(formulas, spot, &value);
        return constant(value);
    }
    uint32_t number = fm_atom_add(formulas, spot, level);
    struct fm_temporal *part = new_part(formulas, FM_TEMPORAL_ATOM, spot,
                                        formulas->atoms.at[number].text);
    part->atom = number;
    return part;
}

/* --- what is refused --- */

static temporal refuse(struct fm_formulas *formulas, enum fm_code code, const struct fm_spot *spot,
                       const char *why, const char *hint)
{
    formulas->failed = true;
    struct fm_diag *diag = fm_diag_report(formulas->program->diags, code, spot->node->span,
                                          "`%s` %s", fm_spot_text(formulas, spot), why);
    if (hint != NULL) {
        fm_diag_hint(formulas->program->diags, diag, "%s", hint);
    }
    return &true_formula;
}

static temporal refuse_action(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    return refuse(formulas, FM_CODE_3052, spot, "is an action where a temporal formula is needed",
                  "of an action A, [][A]_v says that each step is one of A or leaves v as it is, "
                  "<><<A>>_v that some step is one of A and changes v");
}

static temporal refuse_value(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    return refuse(formulas, FM_CODE_3056, spot,
                  "has a temporal formula where only a value can stand",
                  "temporal formulas are joined by /\\, \\/, ~, =>, <=>, IF, CASE and by "
                  "quantifiers over constant sets");
}

static temporal refuse_size(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    if (!formulas->too_large) {
        formulas->too_large = true;
        (void)refuse(formulas, FM_CODE_3055, spot,
                     "is too large or too deeply nested for a temporal formula",
                     "quantifiers are expanded: one over fewer values, or a predicate of one "
                     "state in place of a quantified temporal formula, makes it smaller");
    }
    return &true_formula;
}

/* --- going through names --- */

static temporal build_inside(struct fm_formulas *formulas, const struct fm_spot *spot,
                             struct fm_node *node)
{
    struct fm_spot inner = fm_spot_at(spot, node);
    return build(formulas, &inner);
}

/* The part behind a name, LET or label in *behind; `scope` and `way` are memory for it. False when
 * the spot's node is none of these. */
static bool look_through(const struct fm_spot *spot, struct fm_spot *behind, struct fm_scope *scope,
                         struct fm_way *way)
{
    struct fm_node *node = spot->node;
    if (node->op == FM_OP_CALL && fm_def_is_open(node->u.def)) {
        *scope = fm_spot_enter(spot, node->u.def);
        *behind = (struct fm_spot){node->u.def->body, scope, NULL};
        return true;
    }
    if (node->op == FM_OP_LOCAL) {
        struct fm_meaning meaning = fm_spot_meaning(spot, &node->u.local);
        *behind = meaning.spot;
        return meaning.kind == FM_MEANS_SPOT;
    }
    if (node->op == FM_OP_LET) {
        *way = (struct fm_way){.outer = spot->way, .let = node};
        *behind = (struct fm_spot){node->kids[0], spot->scope, way};
        return true;
    }
    if (node->op == FM_OP_LABEL) {
        *behind = fm_spot_at(spot, node->kids[0]);
        return true;
    }
    return false;
}

/* F(a) where the operator F is a parameter: a call of what was given for it. What is written where
 * it was given has names of that place, so the arguments must not depend on this one. */
static temporal build_applied(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    struct fm_spot given;
    struct fm_def *def = fm_spot_operator(spot, &spot->node->u.local, &given);
    if (def == NULL || !fm_def_is_open(def)) {
        return refuse_value(formulas, spot);
    }
    struct fm_node like = *spot->node;
    like.op = FM_OP_CALL;
    like.u.def = def;
    if (!def->is_let || def->depth == 0) {
        return build_inside(formulas, spot, fm_program_copy_node(formulas->program, &like));
    }
    like.kids = fm_arena_alloc(formulas->arena, (like.count + 1) * sizeof *like.kids);
    for (uint32_t i = 0; i < like.count; i++) {
        struct fm_spot argument = fm_spot_at(spot, spot->node->kids[i]);
        like.kids[i] = fm_spot_free(formulas, &argument);
        if (like.kids[i] == NULL) {
            return refuse(formulas, FM_CODE_3056, &argument,
                          "is an argument of a temporal LAMBDA or LET operator and binds names",
                          "give the operator a definition of its own outside of the formula");
        }
    }
    return build_inside(formulas, &given, fm_program_copy_node(formulas->program, &like));
}

/* --- quantifiers --- */

struct range {
    const struct fm_binding *binding;
    uint32_t slot; /* the first one of a tuple */
    const fm_value *elements;
    uint32_t count;
};

struct expansion {
    const struct fm_spot *spot;
    const struct range *ranges;
    uint32_t range_count;
    FM_VEC(temporal) instances;
};

static bool add_ranges(struct fm_formulas *formulas, const struct fm_spot *spot,
                       const struct fm_binding *binding, struct range *ranges, uint32_t *count)
{
    static const char hint[] = "quantify over a constant set that contains all values and say in "
                               "the formula when they count: \\A x \\in All : (x \\in S) ~> F(x)";
    struct range range = {.binding = binding, .slot = binding->first_slot};
    if (binding->set == NULL) {
        (void)refuse(formulas, FM_CODE_3053, spot,
                     "is a temporal formula quantified over everything", hint);
        return false;
    }
    struct fm_spot set = fm_spot_at(spot, binding->set);
    if (fm_spot_level(&set) != FM_LEVEL_CONSTANT) {
        (void)refuse(formulas, FM_CODE_3053, &set,
                     "is no constant, and a temporal formula is quantified over it", hint);
        return false;
    }
    if (!fm_spot_elements(formulas, &set, &range.elements, &range.count)) {
        return false;
    }
    uint32_t variables = binding->is_tuple ? 1 : binding->slot_count;
    for (uint32_t i = 0; i < variables; i++) {
        range.slot = binding->first_slot + i;
        ranges[(*count)++] = range;
    }
    return true;
}

static void expand(struct fm_formulas *formulas, struct expansion *expansion, uint32_t number,
                   const struct fm_way *way);

static void expand_tuple(struct fm_formulas *formulas, struct expansion *expansion, uint32_t number,
                         const struct fm_way *way, fm_value element)
{
    const struct range *range = &expansion->ranges[number];
    const struct fm_binding *binding = range->binding;
    struct fm_value_context *context = formulas->model->ops->context(formulas->engine);
    const fm_value *parts;
    uint32_t count;
    if (!fm_sequence_view(context, element, &parts, &count) || count != binding->slot_count) {
        struct fm_spot set = fm_spot_at(expansion->spot, binding->set);
        (void)refuse(formulas, FM_CODE_3054, &set,
                     "has an element that is no tuple of the quantified variables", NULL);
        return;
    }
    struct fm_way *ways = fm_arena_calloc(formulas->arena, count + 1, sizeof *ways);
    for (uint32_t i = 0; i < count; i++) {
        ways[i] = (struct fm_way){.outer = i == 0 ? way : &ways[i - 1],
                                  .slot = binding->first_slot + i,
                                  .value = parts[i],
                                  .name = binding->names[i]};
    }
    expand(formulas, expansion, number + 1, count == 0 ? way : &ways[count - 1]);
}

static void expand(struct fm_formulas *formulas, struct expansion *expansion, uint32_t number,
                   const struct fm_way *way)
{
    if (number == expansion->range_count) {
        struct fm_spot inner = {expansion->spot->node->kids[0], expansion->spot->scope, way};
        temporal instance = build(formulas, &inner);
        fm_vec_push(&expansion->instances, instance);
        return;
    }
    const struct range *range = &expansion->ranges[number];
    for (uint32_t i = 0; i < range->count && !formulas->too_large; i++) {
        if (range->binding->is_tuple) {
            expand_tuple(formulas, expansion, number, way, range->elements[i]);
            continue;
        }
        struct fm_way own = {
            .outer = way,
            .slot = range->slot,
            .value = range->elements[i],
            .name = range->binding->names[range->slot - range->binding->first_slot]};
        expand(formulas, expansion, number + 1, &own);
    }
}

/* Whether there are not more instances than parts that all formulas may have. */
static bool is_small(const struct range *ranges, uint32_t count)
{
    uint64_t instances = 1;
    for (uint32_t i = 0; i < count; i++) {
        instances *= ranges[i].count;
        if (instances > SIZE_MAX_PARTS) {
            return false;
        }
    }
    return true;
}

static temporal build_quantified(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    const struct fm_node *node = spot->node;
    uint32_t variables = 0;
    for (uint32_t i = 0; i < node->u.bind.count; i++) {
        variables += node->u.bind.at[i].slot_count + 1;
    }
    struct range *ranges = fm_arena_alloc(formulas->arena, variables * sizeof *ranges);
    struct expansion expansion = {.spot = spot, .ranges = ranges};
    bool good = true;
    for (uint32_t i = 0; i < node->u.bind.count; i++) {
        good = add_ranges(formulas, spot, &node->u.bind.at[i], ranges, &expansion.range_count) &&
               good;
    }
    if (!good) {
        return &true_formula;
    }
    if (!is_small(ranges, expansion.range_count)) {
        return refuse_size(formulas, spot);
    }
    expand(formulas, &expansion, 0, spot->way);
    enum fm_temporal_op op = node->op == FM_OP_FORALL ? FM_TEMPORAL_AND : FM_TEMPORAL_OR;
    temporal result = junction(formulas, op, spot, expansion.instances.at,
                               expansion.instances.count);
    fm_vec_deinit(&expansion.instances);
    return result;
}

/* --- connectives --- */

static temporal build_junction(struct fm_formulas *formulas, const struct fm_spot *spot,
                               enum fm_temporal_op op)
{
    uint32_t count = spot->node->count;
    temporal *kids = fm_arena_alloc(formulas->arena, (count + 1) * sizeof *kids);
    for (uint32_t i = 0; i < count; i++) {
        kids[i] = build_inside(formulas, spot, spot->node->kids[i]);
    }
    return junction(formulas, op, spot, kids, count);
}

/* IF with a condition of any level but action; a constant one chooses here and now. */
static temporal choose(struct fm_formulas *formulas, const struct fm_spot *spot, temporal condition,
                       temporal yes, temporal no)
{
    if (is_constant(condition)) {
        return condition->op == FM_TEMPORAL_TRUE ? yes : no;
    }
    struct fm_spot at = *spot;
    return pair(formulas, FM_TEMPORAL_OR, spot,
                pair(formulas, FM_TEMPORAL_AND, &at, condition, yes),
                pair(formulas, FM_TEMPORAL_AND, &at, negation(formulas, &at, condition), no));
}

static temporal build_equivalence(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    temporal a = build_inside(formulas, spot, spot->node->kids[0]);
    temporal b = build_inside(formulas, spot, spot->node->kids[1]);
    return choose(formulas, spot, a, b, negation(formulas, spot, b));
}

static temporal build_if(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    temporal condition = build_inside(formulas, spot, spot->node->kids[0]);
    if (is_constant(condition)) {
        bool yes = condition->op == FM_TEMPORAL_TRUE;
        return build_inside(formulas, spot, spot->node->kids[yes ? 1 : 2]);
    }
    return choose(formulas, spot, condition, build_inside(formulas, spot, spot->node->kids[1]),
                  build_inside(formulas, spot, spot->node->kids[2]));
}

/* From arm number i on. */
static temporal build_arms(struct fm_formulas *formulas, const struct fm_spot *spot, uint32_t i)
{
    const struct fm_node *node = spot->node;
    if (i == node->count) {
        return refuse(formulas, FM_CODE_3057, spot,
                      "joins temporal formulas and says nothing for the case that no guard holds",
                      "add an arm OTHER");
    }
    if (i + 1 == node->count) {
        return build_inside(formulas, spot, node->kids[i]);
    }
    temporal guard = build_inside(formulas, spot, node->kids[i]);
    if (guard->op == FM_TEMPORAL_TRUE) {
        return build_inside(formulas, spot, node->kids[i + 1]);
    }
    if (guard->op == FM_TEMPORAL_FALSE) {
        return build_arms(formulas, spot, i + 2);
    }
    temporal arm = build_inside(formulas, spot, node->kids[i + 1]);
    return choose(formulas, spot, guard, arm, build_arms(formulas, spot, i + 2));
}

/* --- temporal operators --- */

/* The operand of [] or <>: [A]_v or <<A>>_v, through names, or a formula. */
static temporal build_operand(struct fm_formulas *formulas, const struct fm_spot *spot,
                              enum fm_op action)
{
    if (fm_spot_level(spot) != FM_LEVEL_ACTION) {
        return build(formulas, spot);
    }
    struct fm_spot behind;
    struct fm_scope scope;
    struct fm_way way;
    if (spot->node->op == action) {
        return atom(formulas, spot, FM_LEVEL_ACTION);
    }
    if (++formulas->depth > DEPTH_MAX || !look_through(spot, &behind, &scope, &way)) {
        formulas->depth--;
        return refuse_action(formulas, spot);
    }
    temporal result = build_operand(formulas, &behind, action);
    formulas->depth--;
    return result;
}

static temporal build_modal(struct fm_formulas *formulas, const struct fm_spot *spot,
                            enum fm_temporal_op op, enum fm_op action)
{
    struct fm_spot operand = fm_spot_at(spot, spot->node->kids[0]);
    temporal kid = build_operand(formulas, &operand, action);
    return unary(formulas, op, spot, kid, fm_spot_text(formulas, spot));
}

/* ~F \/ G, which remembers F (warnings.c). */
static temporal promise_of(struct fm_formulas *formulas, const struct fm_spot *spot, temporal from,
                           temporal to)
{
    temporal either = pair(formulas, FM_TEMPORAL_OR, spot, negation(formulas, spot, from), to);
    if (is_constant(from) || is_constant(to)) {
        return either;
    }
    struct fm_temporal *promise = fm_arena_copy(formulas->arena, either, sizeof *promise);
    promise->origin = FM_ORIGIN_PROMISE;
    promise->given = from;
    return promise;
}

static temporal build_leads_to(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    temporal from = build_inside(formulas, spot, spot->node->kids[0]);
    temporal to = build_inside(formulas, spot, spot->node->kids[1]);
    const char *text = fm_arena_printf(formulas->arena, "<>(%s)", to->text);
    temporal promise = promise_of(formulas, spot, from,
                                  unary(formulas, FM_TEMPORAL_EVENTUALLY, spot, to, text));
    if (is_constant(promise)) {
        return promise;
    }
    struct fm_temporal *whole = new_part(formulas, FM_TEMPORAL_ALWAYS, spot,
                                         fm_spot_text(formulas, spot));
    whole->kids = fm_arena_copy(formulas->arena, &promise, sizeof(temporal));
    whole->count = 1;
    return whole;
}

static temporal repeatedly(struct fm_formulas *formulas, const struct fm_spot *spot, temporal kid)
{
    const char *text = fm_arena_printf(formulas->arena, "[]<>(%s)", kid->text);
    temporal once = unary(formulas, FM_TEMPORAL_EVENTUALLY, spot, kid, text + 2);
    return unary(formulas, FM_TEMPORAL_ALWAYS, spot, once, text);
}

static temporal finally(struct fm_formulas *formulas, const struct fm_spot *spot, temporal kid)
{
    const char *text = fm_arena_printf(formulas->arena, "<>[](%s)", kid->text);
    temporal always = unary(formulas, FM_TEMPORAL_ALWAYS, spot, kid, text + 2);
    return unary(formulas, FM_TEMPORAL_EVENTUALLY, spot, always, text);
}

/* ~ENABLED <<A>>_v \/ <<A>>_v */
static temporal response(struct fm_formulas *formulas, const struct fm_spot *spot,
                         temporal disabled, temporal step)
{
    const char *text = fm_arena_printf(formulas->arena, "%s \\/ %s", disabled->text, step->text);
    temporal kids[] = {disabled, step};
    struct fm_temporal *part = new_part(formulas, FM_TEMPORAL_OR, spot, text);
    part->kids = fm_arena_copy(formulas->arena, kids, sizeof kids);
    part->count = 2;
    return part;
}

/* ENABLED <<A>>_v, told so even where an instance made something else of its text (enabled.c). */
static temporal enabled_atom(struct fm_formulas *formulas, const struct fm_spot *spot,
                             temporal step)
{
    struct fm_spot enabled_at = fm_spot_at(spot, spot->node->kids[3]);
    uint32_t known = formulas->atoms.count;
    temporal enabled = atom(formulas, &enabled_at, FM_LEVEL_STATE);
    struct fm_atom *new_atom = &formulas->atoms.at[enabled->atom];
    new_atom->is_enabled = true;
    if (enabled->atom == known) {
        new_atom->text = fm_arena_printf(formulas->arena, "ENABLED %s", step->text);
        new_atom->formula.name = fm_symbol_of(formulas->program->symbols, new_atom->text);
    }
    struct fm_temporal *result = fm_arena_copy(formulas->arena, enabled, sizeof *result);
    result->text = new_atom->text;
    return result;
}

static temporal build_fairness(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    const struct fm_node *node = spot->node;
    bool weak = node->op == FM_OP_WF;
    struct fm_spot step_at = fm_spot_at(spot, node->kids[2]);
    struct fm_spot action_at = fm_spot_at(spot, node->kids[1]);
    temporal step = atom(formulas, &step_at, FM_LEVEL_ACTION);
    temporal enabled = enabled_atom(formulas, spot, step);
    formulas->atoms.at[step->atom].enabled = enabled->atom;
    temporal disabled = negation(formulas, spot, enabled);
    temporal body = weak ? repeatedly(formulas, spot, response(formulas, spot, disabled, step))
                         : pair(formulas, FM_TEMPORAL_OR, spot, finally(formulas, spot, disabled),
                                repeatedly(formulas, spot, step));
    struct fm_temporal *whole = fm_arena_copy(formulas->arena, body, sizeof *whole);
    whole->origin = weak ? FM_ORIGIN_WEAK : FM_ORIGIN_STRONG;
    whole->text = fm_spot_text(formulas, spot);
    if (formulas->is_fairness) {
        struct fm_fairness condition = {whole, enabled->atom, step->atom,
                                        fm_spot_text(formulas, &action_at)};
        fm_vec_push(&formulas->conditions, condition);
    }
    return whole;
}

static temporal build_implication(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    temporal from = build_inside(formulas, spot, spot->node->kids[0]);
    return promise_of(formulas, spot, from, build_inside(formulas, spot, spot->node->kids[1]));
}

/* --- dispatch --- */

/* A recursive operator: its arguments are evaluated, or they would pile up. */
static temporal build_recursive(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    struct fm_node *call = fm_spot_settle(formulas, spot);
    if (call == NULL) {
        return &true_formula;
    }
    struct fm_spot settled = fm_spot_at(spot, call);
    struct fm_scope scope = fm_spot_enter(&settled, call->u.def);
    struct fm_spot body = {call->u.def->body, &scope, NULL};
    return build(formulas, &body);
}

static temporal build_named(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    struct fm_spot behind;
    struct fm_scope scope;
    struct fm_way way;
    const struct fm_node *node = spot->node;
    if (node->op == FM_OP_CALL && node->u.def->is_recursive && fm_def_is_open(node->u.def)) {
        return build_recursive(formulas, spot);
    }
    if (!look_through(spot, &behind, &scope, &way)) {
        return refuse_value(formulas, spot);
    }
    return build(formulas, &behind);
}

static temporal build_temporal(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    struct fm_node *node = spot->node;
    switch ((int)node->op) {
    case FM_OP_CALL:
    case FM_OP_LOCAL:
    case FM_OP_LET:
    case FM_OP_LABEL:
        return build_named(formulas, spot);
    case FM_OP_APPLY:
        return build_applied(formulas, spot);
    case FM_OP_AND:
        return build_junction(formulas, spot, FM_TEMPORAL_AND);
    case FM_OP_OR:
        return build_junction(formulas, spot, FM_TEMPORAL_OR);
    case FM_OP_NOT:
        return unary(formulas, FM_TEMPORAL_NOT, spot, build_inside(formulas, spot, node->kids[0]),
                     fm_spot_text(formulas, spot));
    case FM_OP_IMPLIES:
        return build_implication(formulas, spot);
    case FM_OP_EQUIV:
        return build_equivalence(formulas, spot);
    case FM_OP_FORALL:
    case FM_OP_EXISTS:
        return build_quantified(formulas, spot);
    case FM_OP_IF:
        return build_if(formulas, spot);
    case FM_OP_CASE:
        return build_arms(formulas, spot, 0);
    case FM_OP_ALWAYS:
        return build_modal(formulas, spot, FM_TEMPORAL_ALWAYS, FM_OP_SQUARE);
    case FM_OP_EVENTUALLY:
        return build_modal(formulas, spot, FM_TEMPORAL_EVENTUALLY, FM_OP_ANGLE);
    case FM_OP_LEADSTO:
        return build_leads_to(formulas, spot);
    case FM_OP_WF:
    case FM_OP_SF:
        return build_fairness(formulas, spot);
    case FM_OP_GUARANTEE:
        return refuse(formulas, FM_CODE_3051, spot, "uses -+->, which cannot be checked",
                      "check the guarantee of the specification joined with the assumption");
    case FM_OP_TEXISTS:
    case FM_OP_TFORALL:
        return refuse(formulas, FM_CODE_3050, spot,
                      "hides variables by a temporal quantifier, which cannot be checked",
                      "instantiate the module with state functions for the hidden variables (a "
                      "refinement mapping), and check what is behind the quantifier");
    }
    return refuse_value(formulas, spot);
}

static temporal build(struct fm_formulas *formulas, const struct fm_spot *spot)
{
    if (formulas->too_large || formulas->depth >= DEPTH_MAX || formulas->size > SIZE_MAX_PARTS ||
        formulas->atoms.count > ATOMS_MAX) {
        return refuse_size(formulas, spot);
    }
    formulas->depth++;
    enum fm_level level = fm_spot_level(spot);
    temporal result;
    if (level <= FM_LEVEL_STATE) {
        result = atom(formulas, spot, level);
    } else if (level == FM_LEVEL_ACTION) {
        result = refuse_action(formulas, spot);
    } else {
        result = build_temporal(formulas, spot);
    }
    formulas->depth--;
    return result;
}

static temporal build_formula(struct fm_formulas *formulas, const struct fm_formula *formula)
{
    struct fm_scope scope = {.def = formula->frame};
    struct fm_spot spot = {formula->node, &scope, NULL};
    return build(formulas, &spot);
}

/* --- all of a program --- */

static void add_conjuncts(temporal formula, temporal *list, uint32_t *count)
{
    if (formula->op == FM_TEMPORAL_AND) {
        for (uint32_t i = 0; i < formula->count; i++) {
            add_conjuncts(formula->kids[i], list, count);
        }
    } else if (formula->op != FM_TEMPORAL_TRUE) {
        if (list != NULL) {
            list[*count] = formula;
        }
        (*count)++;
    }
}

static void build_specification(struct fm_formulas *formulas, struct fm_temporals *temporals)
{
    const struct fm_program *program = formulas->program;
    temporal *parts = fm_arena_alloc(formulas->arena,
                                     (program->fairness_count + 1) * sizeof *parts);
    uint32_t count = 0;
    formulas->is_fairness = true;
    for (uint32_t i = 0; i < program->fairness_count; i++) {
        parts[i] = build_formula(formulas, &program->fairness[i]);
        add_conjuncts(parts[i], NULL, &count);
    }
    formulas->is_fairness = false;
    temporal *conjuncts = fm_arena_alloc(formulas->arena, (count + 1) * sizeof *conjuncts);
    for (uint32_t i = 0; i < program->fairness_count; i++) {
        add_conjuncts(parts[i], conjuncts, &temporals->fairness_count);
    }
    temporals->fairness = conjuncts;
}

static void build_properties(struct fm_formulas *formulas, struct fm_temporals *temporals)
{
    const struct fm_program *program = formulas->program;
    struct fm_temporal_property *properties = fm_arena_alloc(
        formulas->arena, (program->temporal_count + 1) * sizeof *properties);
    for (uint32_t i = 0; i < program->temporal_count; i++) {
        const struct fm_formula *formula = &program->temporals[i];
        properties[i] = (struct fm_temporal_property){
            .name = formula->name->text,
            .formula = build_formula(formulas, formula),
            .span = formula->node->span,
        };
    }
    temporals->properties = properties;
    temporals->property_count = program->temporal_count;
}

bool fm_temporals_init(struct fm_temporals *temporals, struct fm_program *program,
                       struct fm_model *interpreter, struct fm_arena *arena)
{
    struct fm_formulas formulas = {.program = program, .model = interpreter, .arena = arena};
    *temporals = (struct fm_temporals){0};
    fm_arena_init(&formulas.scratch, "temporal formulas");
    formulas.engine = interpreter->ops->open(interpreter);
    build_specification(&formulas, temporals);
    build_properties(&formulas, temporals);
    interpreter->ops->close(formulas.engine);
    temporals->atoms = fm_arena_copy(arena, formulas.atoms.at,
                                     formulas.atoms.count * sizeof *formulas.atoms.at);
    temporals->atom_count = formulas.atoms.count;
    temporals->conditions = fm_arena_copy(
        arena, formulas.conditions.at, formulas.conditions.count * sizeof *formulas.conditions.at);
    temporals->condition_count = formulas.conditions.count;
    fm_vec_deinit(&formulas.atoms);
    fm_vec_deinit(&formulas.same_hash);
    fm_vec_deinit(&formulas.conditions);
    fm_arena_deinit(&formulas.scratch);
    return !formulas.failed;
}
