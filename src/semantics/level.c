/* Level checking of expressions: constant, state, action, temporal ("Specifying Systems" 17.2).
 *
 * Every definition gets facts: its level when its parameters are constants, and what a use must
 * respect. With `op(x) == x'` the parameter x may be at most of state level; with `op(F(_)) ==
 * F(v')` whatever is put for F must take an action; with `op(F(_), x) == F(x)` the two arguments
 * must fit each other. The quantities and the moments of the checks are those of SANY's levelCheck,
 * so that the same specifications pass.
 *
 * An error inside an expression is not reported again for what contains it. Operators declared
 * RECURSIVE are walked twice: first assuming that their parameters may be actions and the level is
 * constant, then with the level that the first round found for the whole section. */
#include "semantics/level.h"

#include "base/assert.h"

#include <stdarg.h>

typedef struct fm_level_value level_fn(struct fm_level_walk *walk, struct fm_ast *node);

static enum fm_level highest(enum fm_level a, enum fm_level b)
{
    return a > b ? a : b;
}

const char *fm_level_phrase(enum fm_level level)
{
    switch (level) {
    case FM_LEVEL_CONSTANT:
        return "a constant";
    case FM_LEVEL_STATE:
        return "a state function";
    case FM_LEVEL_ACTION:
        return "an action (it has primes)";
    case FM_LEVEL_TEMPORAL:
        return "a temporal formula";
    }
    return "";
}

void fm_level_error(struct fm_level_walk *walk, struct fm_level_facts *facts, enum fm_code code,
                    struct fm_span span, const char *format, ...)
{
    if (facts != NULL) {
        facts->is_good = false;
    }
    if (walk->quiet) {
        return;
    }
    va_list arguments;
    struct fm_text text = {0};
    va_start(arguments, format);
    fm_text_vprintf(&text, format, arguments);
    va_end(arguments);
    fm_diag_report(walk->sema->session.diags, code, span, "%s", fm_text_string(&text));
    fm_text_deinit(&text);
}

static struct fm_level_value constant_value(void)
{
    return (struct fm_level_value){.level = FM_LEVEL_CONSTANT, .is_good = true};
}

/* --- constructs of the language --- */

/* The node's level from a part of it: `most` is what the part may be at most, `counts` whether its
 * level adds to that of the node. */
static void add_part(struct fm_level_walk *walk, struct fm_level_value *whole,
                     const struct fm_level_value *part, enum fm_level most, bool counts)
{
    struct fm_sema *sema = walk->sema;
    whole->is_good = whole->is_good && part->is_good;
    fm_entity_set_merge(sema, &whole->all, &part->all, NULL);
    if (counts) {
        whole->level = highest(whole->level, part->level);
        fm_entity_set_merge(sema, &whole->params, &part->params, NULL);
    } else {
        fm_entity_set_merge(sema, &walk->facts->unequal, &part->all, NULL);
    }
    fm_level_add_bounds(sema, walk->facts, &part->params, most);
}

static void check_part(struct fm_level_walk *walk, struct fm_level_value *whole,
                       const struct fm_level_value *part, enum fm_level most,
                       const struct fm_ast *node, const char *what)
{
    if (part->level <= most) {
        return;
    }
    if (part->is_good) {
        fm_level_error(walk, walk->facts, FM_CODE_2060, node->span,
                       "an operand of %s is %s; it can be %s at most", what,
                       fm_level_phrase(part->level), fm_level_phrase(most));
    }
    whole->is_good = false;
}

/* All kids are operands of one kind. */
static struct fm_level_value level_of_kids(struct fm_level_walk *walk, struct fm_ast *node,
                                           enum fm_level most, const char *what)
{
    struct fm_level_value whole = constant_value();
    for (uint32_t i = 0; i < node->count; i++) {
        struct fm_level_value part = fm_level_of(walk, node->kids[i]);
        check_part(walk, &whole, &part, most, node, what);
        add_part(walk, &whole, &part, most, true);
    }
    return whole;
}

static struct fm_level_value level_of_leaf(struct fm_level_walk *walk, struct fm_ast *node)
{
    (void)walk;
    (void)node;
    return constant_value();
}

static struct fm_level_value level_of_tuple(struct fm_level_walk *walk, struct fm_ast *node)
{
    return level_of_kids(walk, node, FM_LEVEL_ACTION, "a tuple, set or function");
}

static struct fm_level_value level_of_formula(struct fm_level_walk *walk, struct fm_ast *node)
{
    return level_of_kids(walk, node, FM_LEVEL_TEMPORAL, "a formula");
}

static struct fm_level_value level_of_fields(struct fm_level_walk *walk, struct fm_ast *node)
{
    struct fm_level_value whole = constant_value();
    enum fm_level most = node->kind == FM_AST_RECORD ? FM_LEVEL_TEMPORAL : FM_LEVEL_ACTION;
    for (uint32_t i = 0; i < node->count; i++) {
        struct fm_level_value part = fm_level_of(walk, node->kids[i]->kids[0]);
        check_part(walk, &whole, &part, most, node, "a record");
        add_part(walk, &whole, &part, most, true);
    }
    return whole;
}

static void check_mixture(struct fm_level_walk *walk, struct fm_ast *node, uint32_t actions,
                          uint32_t temporals, struct fm_level_value *whole)
{
    if (actions > 0 && temporals > 0) {
        fm_level_error(walk, walk->facts, FM_CODE_2065, node->span,
                       "an action and a temporal formula are joined; [][A]_v makes a temporal "
                       "formula of an action A");
        whole->is_good = false;
    }
}

static struct fm_level_value level_of_junction(struct fm_level_walk *walk, struct fm_ast *node)
{
    struct fm_level_value whole = constant_value();
    uint32_t actions = 0;
    uint32_t temporals = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        struct fm_level_value part = fm_level_of(walk, node->kids[i]);
        actions += part.level == FM_LEVEL_ACTION;
        temporals += part.level == FM_LEVEL_TEMPORAL;
        add_part(walk, &whole, &part, FM_LEVEL_TEMPORAL, true);
    }
    check_mixture(walk, node, actions, temporals, &whole);
    return whole;
}

static struct fm_level_value level_of_action(struct fm_level_walk *walk, struct fm_ast *node)
{
    bool fairness = node->kind == FM_AST_WF || node->kind == FM_AST_SF;
    struct fm_level_value whole = constant_value();
    for (uint32_t i = 0; i < 2; i++) {
        bool subscript = fairness ? i == 0 : i == 1;
        enum fm_level most = subscript ? FM_LEVEL_STATE : FM_LEVEL_ACTION;
        struct fm_level_value part = fm_level_of(walk, node->kids[i]);
        check_part(walk, &whole, &part, most, node,
                   subscript ? "a subscript" : "an action formula");
        add_part(walk, &whole, &part, most, false);
    }
    whole.level = fairness ? FM_LEVEL_TEMPORAL : FM_LEVEL_ACTION;
    return whole;
}

static struct fm_level_value level_of_label(struct fm_level_walk *walk, struct fm_ast *node)
{
    return fm_level_of(walk, node->kids[1]);
}

static struct fm_level_value level_of_at(struct fm_level_walk *walk, struct fm_ast *node)
{
    (void)node;
    return walk->at == NULL ? constant_value() : walk->at->value;
}

static struct fm_level_value level_of_update(struct fm_level_walk *walk, struct fm_ast *node)
{
    struct fm_level_value whole = constant_value();
    for (uint32_t i = 0; i + 1 < node->count; i++) {
        if (node->kids[i]->kind == FM_AST_PATH_INDEX) {
            struct fm_level_value part = level_of_tuple(walk, node->kids[i]);
            add_part(walk, &whole, &part, FM_LEVEL_ACTION, true);
        }
    }
    struct fm_level_value part = fm_level_of(walk, node->kids[node->count - 1]);
    add_part(walk, &whole, &part, FM_LEVEL_TEMPORAL, true);
    return whole;
}

static struct fm_level_value level_of_except(struct fm_level_walk *walk, struct fm_ast *node)
{
    struct fm_level_at at = {walk->at, fm_level_of(walk, node->kids[0])};
    struct fm_level_value whole = at.value;
    check_part(walk, &whole, &at.value, FM_LEVEL_ACTION, node, "EXCEPT");
    walk->at = &at;
    for (uint32_t i = 1; i < node->count; i++) {
        struct fm_level_value part = level_of_update(walk, node->kids[i]);
        check_part(walk, &whole, &part, FM_LEVEL_ACTION, node, "EXCEPT");
        add_part(walk, &whole, &part, FM_LEVEL_ACTION, true);
        at.value = whole;
    }
    walk->at = at.outer;
    return whole;
}

/* --- bound variables --- */

static struct fm_ast *set_of(struct fm_ast *bindings, uint32_t i)
{
    struct fm_ast *binding = bindings->kind == FM_AST_BINDING ? bindings : bindings->kids[i];
    return (binding->flags & FM_AST_UNBOUNDED) != 0 ? NULL : binding->kids[binding->count - 1];
}

static enum fm_level most_in_body(enum fm_ast_kind kind)
{
    bool formula = kind == FM_AST_FORALL || kind == FM_AST_EXISTS || kind == FM_AST_TFORALL ||
                   kind == FM_AST_TEXISTS || kind == FM_AST_FCN || kind == FM_AST_FCNDEF;
    return formula ? FM_LEVEL_TEMPORAL : FM_LEVEL_ACTION;
}

static void check_temporal_quantifier(struct fm_level_walk *walk, struct fm_ast *node,
                                      const struct fm_level_value *sets, uint32_t count,
                                      struct fm_level_value *whole)
{
    bool quantifier = node->kind == FM_AST_FORALL || node->kind == FM_AST_EXISTS;
    for (uint32_t i = 0; quantifier && whole->level == FM_LEVEL_TEMPORAL && i < count; i++) {
        struct fm_ast *set = set_of(node->kids[0], i);
        if (set != NULL && sets[i].level == FM_LEVEL_ACTION) {
            fm_level_error(walk, walk->facts, FM_CODE_2066, set->span,
                           "the bound of a quantified temporal formula is an action");
            whole->is_good = false;
        }
    }
}

static struct fm_level_value level_of_binder(struct fm_level_walk *walk, struct fm_ast *node)
{
    struct fm_ast *bindings = node->kids[0];
    uint32_t count = bindings->kind == FM_AST_BINDING ? 1 : bindings->count;
    struct fm_level_value *sets = fm_arena_calloc(walk->sema->arena, count, sizeof *sets);
    struct fm_level_value whole = constant_value();
    for (uint32_t i = 0; i < count; i++) {
        struct fm_ast *set = set_of(bindings, i);
        sets[i] = set == NULL ? constant_value() : fm_level_of(walk, set);
        if (sets[i].level > FM_LEVEL_ACTION) {
            if (sets[i].is_good) {
                fm_level_error(walk, walk->facts, FM_CODE_2067, node->span,
                               "the set of a bound variable is a temporal formula");
            }
            whole.is_good = false;
        }
        add_part(walk, &whole, &sets[i], FM_LEVEL_TEMPORAL, true);
    }
    struct fm_level_value body = fm_level_of(walk, node->kids[1]);
    enum fm_level most = most_in_body(node->kind);
    bool temporal = node->kind == FM_AST_TFORALL || node->kind == FM_AST_TEXISTS;
    check_part(walk, &whole, &body, most, node, "CHOOSE or a set constructor");
    add_part(walk, &whole, &body, most, !temporal);
    whole.level = temporal ? FM_LEVEL_TEMPORAL : whole.level;
    check_temporal_quantifier(walk, node, sets, count, &whole);
    return whole;
}

/* --- definitions --- */

static struct fm_level_facts *new_facts(struct fm_level_walk *walk)
{
    struct fm_level_facts *facts = fm_arena_calloc(walk->sema->arena, 1, sizeof *facts);
    facts->is_good = true;
    return facts;
}

static struct fm_level_value level_of_body(struct fm_level_walk *walk, struct fm_ast *body)
{
    return body->kind == FM_AST_FCNDEF ? level_of_binder(walk, body) : fm_level_of(walk, body);
}

static void walk_body(struct fm_level_walk *walk, struct fm_level_facts *facts, struct fm_ast *body)
{
    struct fm_level_walk inner = {walk->sema, facts, NULL, walk->quiet};
    struct fm_level_value value = level_of_body(&inner, body);
    facts->level = highest(facts->level, value.level);
    facts->is_good = facts->is_good && value.is_good;
    fm_entity_set_merge(walk->sema, &facts->params, &value.params, NULL);
    fm_entity_set_merge(walk->sema, &facts->all, &value.all, NULL);
}

static void check_recursive(struct fm_level_walk *walk, struct fm_entity *entity)
{
    for (uint32_t i = 0; i < entity->facts->formal_count; i++) {
        if (entity->declared_recursive && fm_level_most(entity->facts, i) < FM_LEVEL_ACTION) {
            fm_level_error(walk, entity->facts, FM_CODE_2034, entity->name_span,
                           "the recursive operator `%s` primes its parameter `%s`",
                           entity->name->text, entity->params[i]->name->text);
        }
    }
}

static void prepare_facts(struct fm_level_walk *walk, struct fm_entity *entity)
{
    entity->facts = new_facts(walk);
    entity->facts->formals = entity->params;
    entity->facts->formal_count = entity->params == NULL ? 0 : entity->arity;
    entity->facts->is_recursive = entity->declared_recursive;
}

/* Two rounds over all definitions of the section (module.c numbers sections). */
static void walk_section(struct fm_level_walk *walk, const struct fm_recursive_section *section)
{
    enum fm_level level = FM_LEVEL_CONSTANT;
    struct fm_entity_set params = {0};
    struct fm_entity_set all = {0};
    for (uint32_t i = 0; i < section->count; i++) {
        prepare_facts(walk, section->entities[i]);
    }
    struct fm_level_walk first = *walk;
    first.quiet = true;
    for (uint32_t i = 0; i < section->count; i++) {
        struct fm_entity *entity = section->entities[i];
        walk_body(&first, entity->facts, entity->body);
        check_recursive(walk, entity);
        level = entity->declared_recursive ? highest(level, entity->facts->level) : level;
        fm_entity_set_merge(walk->sema, &params, &entity->facts->params, entity->facts);
        fm_entity_set_merge(walk->sema, &all, &entity->facts->all, entity->facts);
    }
    for (uint32_t i = 0; i < section->count; i++) {
        struct fm_entity *entity = section->entities[i];
        entity->facts->level = highest(entity->facts->level, level);
        entity->facts->is_good = true;
        fm_entity_set_merge(walk->sema, &entity->facts->params, &params, NULL);
        fm_entity_set_merge(walk->sema, &entity->facts->all, &all, NULL);
    }
    for (uint32_t i = 0; i < section->count; i++) {
        walk_body(walk, section->entities[i]->facts, section->entities[i]->body);
        section->entities[i]->facts->is_done = true;
    }
}

struct fm_level_facts *fm_level_facts_of(struct fm_level_walk *walk, struct fm_entity *entity)
{
    if (entity->facts != NULL) {
        return entity->facts; /* incomplete inside a recursive function: counts as a constant */
    }
    if (entity->target != NULL) {
        entity->facts = fm_level_through(walk, entity->instance,
                                         fm_level_facts_of(walk, entity->target));
        return entity->facts;
    }
    if (entity->section != NULL) {
        walk_section(walk, entity->section);
        return entity->facts;
    }
    prepare_facts(walk, entity);
    walk_body(walk, entity->facts, entity->body);
    entity->facts->is_done = true;
    return entity->facts;
}

static struct fm_level_value level_of_let(struct fm_level_walk *walk, struct fm_ast *node)
{
    for (uint32_t i = 0; i + 1 < node->count; i++) {
        struct fm_ast *unit = node->kids[i];
        if (unit->kind == FM_AST_OPDEF || unit->kind == FM_AST_FCNDEF) {
            struct fm_level_facts *facts = fm_level_facts_of(walk, unit->note);
            fm_level_merge_constraints(walk->sema, walk->facts, facts);
            walk->facts->is_good = walk->facts->is_good && facts->is_good;
            for (uint32_t j = 0; j < facts->pair_count; j++) {
                if (!fm_level_is_formal(facts, facts->pairs[j].operator) &&
                    !fm_level_is_formal(facts, facts->pairs[j].param)) {
                    fm_level_add_pair(walk->sema, walk->facts, facts->pairs[j]);
                }
            }
        } else if (unit->kind == FM_AST_MODDEF) {
            fm_level_check_instance(walk, unit->kids[1]->note, unit->span);
        } else if (unit->kind == FM_AST_INSTANCE) {
            fm_level_check_instance(walk, unit->note, unit->span);
        }
    }
    return fm_level_of(walk, node->kids[node->count - 1]);
}

/* A LAMBDA, as the operator that it is. */
static struct fm_level_value level_of_lambda(struct fm_level_walk *walk, struct fm_ast *node)
{
    struct fm_level_facts *facts = new_facts(walk);
    struct fm_ast *params = node->kids[0];
    facts->formal_count = params->count;
    facts->formals = fm_arena_calloc(walk->sema->arena, params->count, sizeof *facts->formals);
    for (uint32_t i = 0; i < params->count; i++) {
        facts->formals[i] = params->kids[i]->note;
    }
    struct fm_level_walk inner = *walk;
    inner.facts = facts;
    struct fm_level_value body = fm_level_of(&inner, node->kids[1]);
    facts->level = body.level;
    facts->is_good = facts->is_good && body.is_good;
    fm_entity_set_merge(walk->sema, &facts->params, &body.params, NULL);
    fm_entity_set_merge(walk->sema, &facts->all, &body.all, NULL);
    struct fm_level_value value = {
        .level = facts->level, .is_good = facts->is_good, .operator_facts = facts};
    fm_entity_set_merge(walk->sema, &value.params, &facts->params, facts);
    fm_entity_set_merge(walk->sema, &value.all, &facts->all, facts);
    fm_level_merge_constraints(walk->sema, walk->facts, facts);
    return value;
}

struct fm_level_value fm_level_of_argument(struct fm_level_walk *walk, struct fm_ast *node,
                                           uint32_t arity)
{
    if (arity == 0) {
        return fm_level_of(walk, node);
    }
    if (node->kind == FM_AST_LAMBDA) {
        return level_of_lambda(walk, node);
    }
    if (node->kind == FM_AST_SELECT) {
        return fm_level_of_selection(walk, node, node->note);
    }
    return fm_level_of_operator(walk, node->note);
}

/* --- names --- */

static struct fm_level_value level_of_application(struct fm_level_walk *walk, struct fm_ast *node)
{
    struct fm_entity *entity = node->note;
    struct fm_level_value *arguments = fm_arena_calloc(walk->sema->arena, node->count,
                                                       sizeof *arguments);
    uint32_t actions = 0;
    uint32_t temporals = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        arguments[i] = fm_level_of_argument(walk, node->kids[i], fm_entity_param_arity(entity, i));
        actions += arguments[i].level == FM_LEVEL_ACTION;
        temporals += arguments[i].level == FM_LEVEL_TEMPORAL;
    }
    struct fm_level_value whole = fm_level_of_entity(walk, node, entity, arguments, node->count);
    if (entity->kind != FM_ENTITY_BUILTIN) {
        return whole;
    }
    enum fm_op op = entity->builtin->op;
    enum fm_ast_kind kind = node->kids[0]->kind;
    bool opaque = kind == FM_AST_LET || kind == FM_AST_LABEL;
    if (op == FM_OP_AND || op == FM_OP_OR || op == FM_OP_IMPLIES || op == FM_OP_EQUIV) {
        check_mixture(walk, node, actions, temporals, &whole);
    } else if ((op == FM_OP_LEADSTO || op == FM_OP_GUARANTEE) && actions > 0) {
        fm_level_error(walk, walk->facts, FM_CODE_2064, node->span,
                       "an operand of `%s` is an action; it must be a state predicate or a "
                       "temporal formula",
                       entity->name->text);
    } else if (op == FM_OP_ALWAYS && actions > 0 && kind != FM_AST_SQUARE && !opaque) {
        fm_level_error(walk, walk->facts, FM_CODE_2062, node->span,
                       "[] stands before an action that is not of the form [A]_v");
    } else if (op == FM_OP_EVENTUALLY && actions > 0 && kind != FM_AST_ANGLE && !opaque) {
        fm_level_error(walk, walk->facts, FM_CODE_2063, node->span,
                       "<> stands before an action that is not of the form <<A>>_v");
    }
    return whole;
}

static struct fm_level_value level_of_select(struct fm_level_walk *walk, struct fm_ast *node)
{
    return fm_level_of_selection(walk, node, node->note);
}

/* --- ASSUME/PROVE --- */

static struct fm_level_value level_of_new(struct fm_level_walk *walk, struct fm_ast *node)
{
    const struct fm_entity *entity = node->note;
    struct fm_level_value value = constant_value();
    if (node->count > 0) {
        value = fm_level_of(walk, node->kids[0]);
        if (value.level == FM_LEVEL_TEMPORAL) {
            fm_level_error(walk, walk->facts, FM_CODE_2072, node->span,
                           "the set of `%s` is a temporal formula", node->name->text);
            value.is_good = false;
        }
    }
    value.level = highest(value.level, entity->level);
    return value;
}

static level_fn *const table[FM_AST_BINDING + 1] = {
    [FM_AST_IDENT] = level_of_application,
    [FM_AST_APPLY] = level_of_application,
    [FM_AST_PREFIX] = level_of_application,
    [FM_AST_INFIX] = level_of_application,
    [FM_AST_POSTFIX] = level_of_application,
    [FM_AST_SELECT] = level_of_select,
    [FM_AST_NUMBER] = level_of_leaf,
    [FM_AST_DECIMAL] = level_of_leaf,
    [FM_AST_STRING] = level_of_leaf,
    [FM_AST_TRUE] = level_of_leaf,
    [FM_AST_FALSE] = level_of_leaf,
    [FM_AST_BOOLEAN] = level_of_leaf,
    [FM_AST_STRINGS] = level_of_leaf,
    [FM_AST_AT] = level_of_at,
    [FM_AST_CONJLIST] = level_of_junction,
    [FM_AST_DISJLIST] = level_of_junction,
    [FM_AST_TUPLE] = level_of_tuple,
    [FM_AST_CROSS] = level_of_tuple,
    [FM_AST_SETENUM] = level_of_tuple,
    [FM_AST_SETFILTER] = level_of_binder,
    [FM_AST_SETMAP] = level_of_binder,
    [FM_AST_FCN] = level_of_binder,
    [FM_AST_FCNDEF] = level_of_binder,
    [FM_AST_FCNAPP] = level_of_tuple,
    [FM_AST_FCNSET] = level_of_tuple,
    [FM_AST_RECORD] = level_of_fields,
    [FM_AST_RECSET] = level_of_fields,
    [FM_AST_DOT] = level_of_tuple,
    [FM_AST_EXCEPT] = level_of_except,
    [FM_AST_FORALL] = level_of_binder,
    [FM_AST_EXISTS] = level_of_binder,
    [FM_AST_TFORALL] = level_of_binder,
    [FM_AST_TEXISTS] = level_of_binder,
    [FM_AST_CHOOSE] = level_of_binder,
    [FM_AST_IF] = level_of_formula,
    [FM_AST_CASE] = level_of_formula,
    [FM_AST_ARM] = level_of_formula,
    [FM_AST_OTHER] = level_of_formula,
    [FM_AST_LET] = level_of_let,
    [FM_AST_SQUARE] = level_of_action,
    [FM_AST_ANGLE] = level_of_action,
    [FM_AST_WF] = level_of_action,
    [FM_AST_SF] = level_of_action,
    [FM_AST_LABEL] = level_of_label,
    [FM_AST_ASSUMEPROVE] = level_of_formula,
    [FM_AST_NEW] = level_of_new,
};

struct fm_level_value fm_level_of(struct fm_level_walk *walk, struct fm_ast *node)
{
    level_fn *level = table[node->kind];
    fm_assert(level != NULL);
    return level(walk, node);
}
