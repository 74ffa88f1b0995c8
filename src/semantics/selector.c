/* A!B(x)!Op, and subexpressions: Op(x)!2, Op!lab, Op!(a, b)!<<, Thm!: ...
 *
 * "TLA+2: A Preliminary Guide" section 6 and SANY's Generator.selectorToNode. Names are followed
 * first: instances, then one definition. Selectors after it walk down the definition's syntax tree:
 * a number, !<< or !>> chooses an operand, !(a, b) the body of a binder with its variables
 * replaced, !@ the same as an operator of those variables, a name a label or, where a LET stands,
 * one of its definitions, !: the body.
 *
 * The outcome is recorded, not built: the parameters of the definition and of the binders passed
 * become parameters of an operator (each with the argument written for it), the LETs passed are
 * kept around the chosen expression. */
#include "semantics/analyze.h"

struct walk {
    struct fm_analysis *analysis;
    struct fm_ast *select;
    struct fm_selection *selection;
    uint32_t index;          /* of the selector being followed */
    uint32_t arity;          /* wanted: 0 is an expression */
    bool is_fact;            /* an ASSUME/PROVE will do */
    struct fm_ast *at;       /* the node reached */
    struct fm_entity *owner; /* of labels: the definition or label reached last, or NULL */
};

static bool is_last(const struct walk *walk)
{
    return walk->index + 1 == walk->select->count;
}

static bool fail(struct walk *walk, const char *why)
{
    const struct fm_ast *selector = walk->select->kids[walk->index];
    fm_diag_report(walk->analysis->sema->session.diags, FM_CODE_2050, selector->span, "%s", why);
    return false;
}

static void add_param(struct walk *walk, struct fm_entity *entity, struct fm_ast *argument)
{
    struct fm_selection_param param = {entity, argument};
    struct fm_selection *selection = walk->selection;
    fm_sema_push(walk->analysis->sema, selection->params, selection->param_count,
                 selection->param_capacity, param);
}

static void add_step(struct walk *walk, struct fm_entity *entity, struct fm_ast *selector)
{
    struct fm_step step = {entity, selector};
    struct fm_selection *selection = walk->selection;
    fm_sema_push(walk->analysis->sema, selection->steps, selection->step_count,
                 selection->step_capacity, step);
}

/* Arguments of a name: all of them when an expression is wanted, none when an operator is. */
static bool follow_arguments(struct walk *walk, const struct fm_entity *entity,
                             struct fm_ast *selector)
{
    if (walk->arity == 0) {
        fm_analyze_arguments(walk->analysis, entity, selector, selector->kids, selector->count);
        return selector->count == entity->arity;
    }
    if (selector->count > 0) {
        return fail(walk, "an operator is needed here: its name may have no arguments");
    }
    return true;
}

/* --- names --- */

static struct fm_entity *find_first(struct walk *walk, struct fm_ast *selector)
{
    struct fm_analysis *analysis = walk->analysis;
    struct fm_entity *entity = fm_scope_find(analysis->sema, analysis->scope, selector->name);
    if (entity == NULL) {
        fm_scope_report_unknown(
            analysis->sema, analysis->scope,
            selector->name_span.source != 0 ? selector->name_span : selector->span, selector->name);
    }
    return entity;
}

static struct fm_module *instantiated(const struct fm_entity *instance)
{
    while (instance->target != NULL) {
        instance = instance->target;
    }
    return instance->instance->module;
}

static struct fm_entity *find_in_instance(struct walk *walk, const struct fm_entity *instance,
                                          struct fm_ast *selector)
{
    const struct fm_module *module = instantiated(instance);
    struct fm_entity *entity = fm_module_export(module, selector->name);
    if (entity != NULL &&
        (entity->kind == FM_ENTITY_DEFINED || entity->kind == FM_ENTITY_INSTANCE)) {
        return entity;
    }
    struct fm_span span = selector->name_span.source != 0 ? selector->name_span : selector->span;
    struct fm_diags *diags = walk->analysis->sema->session.diags;
    struct fm_diag *diag = fm_diag_report(
        diags, FM_CODE_2014, span, "module %s, instantiated as `%s`, has no operator `%s`",
        module->name->text, instance->name->text, selector->name->text);
    const char **names = fm_memory_alloc((module->entity_count + 1) * sizeof *names);
    for (uint32_t i = 0; i < module->entity_count; i++) {
        names[i] = module->entities[i]->name->text;
    }
    const char *nearest = fm_diag_nearest(selector->name->text, names, module->entity_count);
    fm_memory_free(names);
    if (entity != NULL) {
        fm_diag_hint_at(diags, diag, entity->name_span, "`%s` is declared there, not defined",
                        entity->name->text);
    } else if (nearest != NULL) {
        fm_diag_hint(diags, diag, "did you mean `%s`?", nearest);
    }
    return NULL;
}

/* Follows names through instances to a definition; the index is left on its name. */
static struct fm_entity *follow_names(struct walk *walk)
{
    struct fm_ast *selector = walk->select->kids[0];
    if (selector->kind != FM_AST_SEL_NAME) {
        fail(walk, "a name is needed before this selector");
        return NULL;
    }
    struct fm_entity *entity = find_first(walk, selector);
    while (entity != NULL && entity->kind == FM_ENTITY_INSTANCE) {
        add_step(walk, entity, selector);
        walk->selection->instance_params += entity->arity;
        if (!follow_arguments(walk, entity, selector)) {
            return NULL;
        }
        if (is_last(walk) || walk->select->kids[walk->index + 1]->kind != FM_AST_SEL_NAME) {
            fm_diag_report(walk->analysis->sema->session.diags, FM_CODE_2012, selector->span,
                           "`%s` is an instance of module %s, not an operator", entity->name->text,
                           instantiated(entity)->name->text);
            return NULL;
        }
        selector = walk->select->kids[++walk->index];
        entity = find_in_instance(walk, entity, selector);
    }
    return entity;
}

/* --- LETs --- */

static void pass_let(struct walk *walk, struct fm_ast *let)
{
    struct fm_selection *selection = walk->selection;
    fm_sema_push(walk->analysis->sema, selection->lets, selection->let_count,
                 selection->let_capacity, let);
}

/* Behind its NEW identifiers a clause of ASSUME/PROVE has a meaning only where they are visible. */
static bool enter_clause(struct walk *walk, const struct fm_ast *assume,
                         const struct fm_ast *clause)
{
    struct fm_analysis *analysis = walk->analysis;
    for (uint32_t i = 0; assume->kids[i] != clause; i++) {
        const struct fm_ast *kid = assume->kids[i];
        const struct fm_entity *entity = kid->note;
        if (kid->kind != FM_AST_NEW ||
            fm_scope_find(analysis->sema, analysis->scope, kid->name) == entity) {
            continue;
        }
        struct fm_diag *diag = fm_diag_report(
            analysis->sema->session.diags, FM_CODE_2050, walk->select->kids[walk->index]->span,
            "this part of ASSUME/PROVE lies in the scope of `NEW %s`, from where it cannot be "
            "taken",
            kid->name->text);
        fm_diag_hint_at(analysis->sema->session.diags, diag, kid->span, "`%s` is declared",
                        kid->name->text);
        return false;
    }
    return true;
}

/* A label is reached without selecting the operands above it; the LETs among those count too. */
static bool pass_lets_to(struct walk *walk, struct fm_ast *from, const struct fm_ast *label)
{
    while (from != label) {
        if (from->kind == FM_AST_LET) {
            pass_let(walk, from);
        }
        struct fm_ast *next = NULL;
        for (uint32_t i = 0; i < from->count && next == NULL; i++) {
            struct fm_ast *kid = from->kids[i];
            bool inside = kid->span.begin <= label->span.begin && label->span.end <= kid->span.end;
            next = inside ? kid : NULL;
        }
        if (next == NULL) {
            break;
        }
        if (from->kind == FM_AST_ASSUMEPROVE && !enter_clause(walk, from, next)) {
            return false;
        }
        from = next;
    }
    return true;
}

/* --- operands --- */

/* The operand that a selector names among `count`, from 0; UINT32_MAX when there is none. */
static uint32_t operand_of(const struct fm_ast *selector, uint32_t count)
{
    uint32_t number = 0;
    if (selector->kind == FM_AST_SEL_INDEX) {
        number = selector->number;
    } else if (selector->kind == FM_AST_SEL_LEFT) {
        number = 1;
    } else if (selector->kind == FM_AST_SEL_RIGHT && count == 2) {
        number = 2;
    }
    return number >= 1 && number <= count ? number - 1 : UINT32_MAX;
}

static bool choose(struct walk *walk, struct fm_ast *const *operands, uint32_t count)
{
    uint32_t operand = operand_of(walk->select->kids[walk->index], count);
    if (operand == UINT32_MAX) {
        return fail(walk, "the expression reached has no such operand");
    }
    walk->at = operands[operand];
    return true;
}

static bool choose_field(struct walk *walk)
{
    const struct fm_ast *record = walk->at;
    uint32_t operand = operand_of(walk->select->kids[walk->index], record->count);
    if (operand == UINT32_MAX) {
        return fail(walk, "the record reached has no such field");
    }
    walk->at = record->kids[operand]->kids[0];
    return true;
}

static bool choose_case(struct walk *walk)
{
    const struct fm_ast *node = walk->at;
    uint32_t arm = operand_of(walk->select->kids[walk->index], node->count);
    if (arm == UINT32_MAX || is_last(walk)) {
        return fail(walk, "a part of a CASE is selected by two numbers: !arm!1 or !arm!2");
    }
    walk->index++;
    const struct fm_ast *chosen = node->kids[arm];
    uint32_t part = operand_of(walk->select->kids[walk->index], 2);
    if (part == UINT32_MAX || (chosen->kind == FM_AST_OTHER && part == 0)) {
        return fail(walk, "an arm of a CASE has the parts !1 and !2, OTHER only !2");
    }
    walk->at = chosen->kids[chosen->kind == FM_AST_OTHER ? 0 : part];
    return true;
}

/* f[a, b] has the operands f and <<a, b>>. */
static bool choose_application(struct walk *walk)
{
    struct fm_ast *node = walk->at;
    uint32_t operand = operand_of(walk->select->kids[walk->index], 2);
    if (operand == UINT32_MAX) {
        return fail(walk, "a function application has the operands !1 and !2");
    }
    if (operand == 0 || node->count == 2) {
        walk->at = node->kids[operand];
        return true;
    }
    struct fm_ast *tuple = fm_arena_calloc(walk->analysis->sema->arena, 1, sizeof *tuple);
    tuple->kind = FM_AST_TUPLE;
    tuple->span = node->span;
    tuple->count = node->count - 1;
    tuple->kids = node->kids + 1;
    walk->at = tuple;
    return true;
}

static bool pass_variables(struct walk *walk, struct fm_entity *const *entities, uint32_t count)
{
    struct fm_ast *selector = walk->select->kids[walk->index];
    bool at = selector->kind == FM_AST_SEL_AT;
    if (at && walk->arity == 0) {
        return fail(walk, "!@ makes an operator, but an expression is needed here");
    }
    if (!at && selector->count != count) {
        return fail(walk, "the selector has another number of arguments than there are variables");
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!at) {
            fm_analyze_expression(walk->analysis, selector->kids[i]);
        }
        add_param(walk, entities[i], at ? NULL : selector->kids[i]);
    }
    return true;
}

static bool passes_variables(const struct fm_ast *selector)
{
    return selector->kind == FM_AST_SEL_AT || selector->kind == FM_AST_SEL_ARGS;
}

/* A binder: its body with the variables replaced, or one of its sets. */
static bool choose_in_binder(struct walk *walk)
{
    const struct fm_ast *node = walk->at;
    struct fm_ast *bindings = node->kids[0];
    if (passes_variables(walk->select->kids[walk->index])) {
        uint32_t count = 0;
        struct fm_entity **bound = fm_bindings_entities(walk->analysis->sema, bindings, &count);
        walk->at = node->kids[1];
        return pass_variables(walk, bound, count);
    }
    bool single = bindings->kind == FM_AST_BINDING;
    uint32_t group = operand_of(walk->select->kids[walk->index], single ? 1 : bindings->count);
    const struct fm_ast *binding = group == UINT32_MAX
                                       ? NULL
                                       : (single ? bindings : bindings->kids[group]);
    if (binding == NULL || (binding->flags & FM_AST_UNBOUNDED) != 0) {
        return fail(walk, "the quantifier or constructor reached has no such set");
    }
    walk->at = binding->kids[binding->count - 1];
    return true;
}

static bool choose_in_lambda(struct walk *walk)
{
    const struct fm_ast *node = walk->at;
    if (!passes_variables(walk->select->kids[walk->index])) {
        return fail(walk, "a LAMBDA is entered by !(arguments) or !@");
    }
    uint32_t count = node->kids[0]->count;
    struct fm_entity **params = fm_arena_calloc(walk->analysis->sema->arena, count, sizeof *params);
    for (uint32_t i = 0; i < count; i++) {
        params[i] = node->kids[0]->kids[i]->note;
    }
    walk->at = node->kids[1];
    return pass_variables(walk, params, count);
}

static bool choose_in_let(struct walk *walk)
{
    struct fm_ast *let = walk->at;
    if (operand_of(walk->select->kids[walk->index], 1) == UINT32_MAX) {
        return fail(walk, "a LET has one operand, its body");
    }
    pass_let(walk, walk->at);
    walk->at = let->kids[let->count - 1];
    return true;
}

static bool choose_in_except(struct walk *walk)
{
    if (operand_of(walk->select->kids[walk->index], 1) == UINT32_MAX) {
        return fail(walk, "only the function of an EXCEPT can be selected");
    }
    walk->at = walk->at->kids[0];
    return true;
}

/* r.a has the operands r and "a". */
static bool choose_in_dot(struct walk *walk)
{
    struct fm_ast *node = walk->at;
    uint32_t operand = operand_of(walk->select->kids[walk->index], 2);
    if (operand == UINT32_MAX) {
        return fail(walk, "a record field has the operands !1 and !2");
    }
    if (operand == 0) {
        walk->at = node->kids[0];
        return true;
    }
    struct fm_ast *name = fm_arena_calloc(walk->analysis->sema->arena, 1, sizeof *name);
    name->kind = FM_AST_STRING;
    name->span = node->span;
    name->name = node->name;
    walk->at = name;
    return true;
}

/* SUFFICES F is an operator around F. */
static bool choose_in_step(struct walk *walk)
{
    if (operand_of(walk->select->kids[walk->index], 1) == UINT32_MAX) {
        return fail(walk, "a SUFFICES has one operand");
    }
    walk->at = walk->at->kids[0];
    return true;
}

typedef bool choose_fn(struct walk *walk);

static bool choose_kid(struct walk *walk)
{
    return choose(walk, walk->at->kids, walk->at->count);
}

static bool choose_clause(struct walk *walk)
{
    const struct fm_ast *assume = walk->at;
    return choose_kid(walk) && enter_clause(walk, assume, walk->at);
}

static choose_fn *const choosers[FM_AST_BINDING + 1] = {
    [FM_AST_APPLY] = choose_kid,
    [FM_AST_PREFIX] = choose_kid,
    [FM_AST_INFIX] = choose_kid,
    [FM_AST_POSTFIX] = choose_kid,
    [FM_AST_CONJLIST] = choose_kid,
    [FM_AST_DISJLIST] = choose_kid,
    [FM_AST_TUPLE] = choose_kid,
    [FM_AST_CROSS] = choose_kid,
    [FM_AST_SETENUM] = choose_kid,
    [FM_AST_FCNSET] = choose_kid,
    [FM_AST_DOT] = choose_in_dot,
    [FM_AST_IF] = choose_kid,
    [FM_AST_SQUARE] = choose_kid,
    [FM_AST_ANGLE] = choose_kid,
    [FM_AST_WF] = choose_kid,
    [FM_AST_SF] = choose_kid,
    [FM_AST_ASSUMEPROVE] = choose_clause,
    [FM_AST_RECORD] = choose_field,
    [FM_AST_RECSET] = choose_field,
    [FM_AST_CASE] = choose_case,
    [FM_AST_FCNAPP] = choose_application,
    [FM_AST_SETFILTER] = choose_in_binder,
    [FM_AST_SETMAP] = choose_in_binder,
    [FM_AST_FCN] = choose_in_binder,
    [FM_AST_FCNDEF] = choose_in_binder,
    [FM_AST_FORALL] = choose_in_binder,
    [FM_AST_EXISTS] = choose_in_binder,
    [FM_AST_TFORALL] = choose_in_binder,
    [FM_AST_TEXISTS] = choose_in_binder,
    [FM_AST_CHOOSE] = choose_in_binder,
    [FM_AST_LAMBDA] = choose_in_lambda,
    [FM_AST_LET] = choose_in_let,
    [FM_AST_EXCEPT] = choose_in_except,
    [FM_AST_STEP] = choose_in_step,
    [FM_AST_HAVE] = choose_kid,
    [FM_AST_STEP_CASE] = choose_kid,
    [FM_AST_WITNESS] = choose_kid,
    [FM_AST_PICK] = choose_in_binder,
};

/* --- labels and LET names --- */

static void pass_labels(struct walk *walk)
{
    while (walk->at->kind == FM_AST_LABEL) {
        walk->at = walk->at->kids[1];
    }
}

static bool follow_label(struct walk *walk, struct fm_ast *selector)
{
    struct fm_entity *owner = walk->owner;
    for (uint32_t i = 0; i < owner->label_count; i++) {
        struct fm_entity *label = owner->labels[i];
        if (label->name != selector->name) {
            continue;
        }
        if (walk->arity == 0 && selector->count != label->arity) {
            fm_diag_report(walk->analysis->sema->session.diags, FM_CODE_2047, selector->span,
                           "label `%s` takes %u argument%s, not %u", label->name->text,
                           label->arity, label->arity == 1 ? "" : "s", selector->count);
            return false;
        }
        for (uint32_t j = 0; j < label->arity; j++) {
            struct fm_ast *argument = j < selector->count ? selector->kids[j] : NULL;
            if (argument != NULL) {
                fm_analyze_expression(walk->analysis, argument);
            }
            add_param(walk, label->params[j], argument);
        }
        if (!pass_lets_to(walk, walk->at, label->ast)) {
            return false;
        }
        walk->owner = label;
        walk->at = label->body;
        return true;
    }
    struct fm_diag *diag = fm_diag_report(walk->analysis->sema->session.diags, FM_CODE_2050,
                                          selector->span, "`%s` has no label `%s`",
                                          owner->name->text, selector->name->text);
    fm_diag_hint_at(walk->analysis->sema->session.diags, diag, owner->name_span, "`%s`",
                    owner->name->text);
    return false;
}

static struct fm_entity *find_in_let(const struct fm_ast *let, const struct fm_symbol *name)
{
    for (uint32_t i = 0; i + 1 < let->count; i++) {
        const struct fm_ast *unit = let->kids[i];
        bool defines = unit->kind == FM_AST_OPDEF || unit->kind == FM_AST_FCNDEF;
        if (defines && unit->name == name) {
            return unit->note;
        }
    }
    return NULL;
}

static bool enter_definition(struct walk *walk, struct fm_entity *entity, struct fm_ast *selector)
{
    if (!follow_arguments(walk, entity, selector)) {
        return false;
    }
    struct fm_entity *origin = fm_entity_origin(entity);
    for (uint32_t i = 0; i < origin->arity; i++) {
        add_param(walk, origin->params[i], walk->arity == 0 ? selector->kids[i] : NULL);
    }
    walk->owner = origin;
    walk->at = origin->body;
    return true;
}

static bool follow_let_name(struct walk *walk, struct fm_ast *selector)
{
    pass_labels(walk);
    if (walk->at->kind != FM_AST_LET) {
        return fail(walk, "a name can be selected here only from a LET");
    }
    struct fm_entity *entity = find_in_let(walk->at, selector->name);
    if (entity == NULL) {
        return fail(walk, "the LET reached does not define this name");
    }
    pass_let(walk, walk->at);
    return enter_definition(walk, entity, selector);
}

static bool follow(struct walk *walk)
{
    struct fm_ast *selector = walk->select->kids[walk->index];
    bool label_position = walk->owner != NULL;
    if (selector->kind == FM_AST_SEL_NAME) {
        return label_position ? follow_label(walk, selector) : follow_let_name(walk, selector);
    }
    if (selector->kind == FM_AST_SEL_BODY) {
        bool before_name = !is_last(walk) &&
                           walk->select->kids[walk->index + 1]->kind == FM_AST_SEL_NAME;
        if (!label_position || !(is_last(walk) || before_name)) {
            return fail(walk, "!: stands after a name, at the end or before another name");
        }
        walk->owner = NULL;
        return true;
    }
    walk->owner = NULL;
    pass_labels(walk);
    choose_fn *chooser = choosers[walk->at->kind];
    return chooser != NULL ? chooser(walk) : fail(walk, "the expression reached has no operands");
}

/* --- outcome --- */

/* A name in the place of an operator argument becomes its application to fresh parameters. */
static void apply_operator(struct walk *walk, struct fm_entity *operator)
{
    struct fm_sema *sema = walk->analysis->sema;
    struct fm_ast *apply = fm_arena_copy(sema->arena, walk->at, sizeof *apply);
    apply->kind = FM_AST_APPLY;
    apply->count = operator->arity;
    apply->kids = fm_arena_calloc(sema->arena, operator->arity, sizeof(struct fm_ast *));
    for (uint32_t i = 0; i < operator->arity; i++) {
        struct fm_ast *kid = fm_arena_copy(sema->arena, walk->at, sizeof *kid);
        kid->kind = FM_AST_IDENT;
        kid->name = fm_sema_symbol(sema, fm_arena_printf(sema->arena, "parameter%u", i + 1));
        struct fm_entity *param = fm_sema_entity(sema, FM_ENTITY_PARAMETER, kid->name,
                                                 walk->analysis->module);
        param->span = kid->span;
        param->name_span = kid->span;
        kid->note = param;
        apply->kids[i] = kid;
        add_param(walk, param, NULL);
    }
    walk->at = apply;
}

/* A LAMBDA or operator name reached: its parameters are parameters of the selection. */
static bool pass_operator(struct walk *walk)
{
    struct fm_entity *entity = walk->at->kind == FM_AST_LAMBDA ? NULL : walk->at->note;
    if (walk->at->kind == FM_AST_LAMBDA) {
        const struct fm_ast *params = walk->at->kids[0];
        for (uint32_t i = 0; i < params->count; i++) {
            add_param(walk, params->kids[i]->note, NULL);
        }
        walk->at = walk->at->kids[1];
    } else if ((walk->at->kind == FM_AST_OPARG || walk->at->kind == FM_AST_IDENT) &&
               entity != NULL && entity->arity > 0) {
        apply_operator(walk, entity);
    } else {
        return false;
    }
    return true;
}

/* The selection as written from the definition's name on, arguments left out: "Inv!2". */
static const struct fm_symbol *name_selection(const struct walk *walk)
{
    struct fm_text text = {0};
    for (uint32_t i = walk->selection->step_count - 1; i < walk->select->count; i++) {
        const struct fm_ast *selector = walk->select->kids[i];
        fm_text_puts(&text, text.length == 0 ? "" : "!");
        if (selector->kind == FM_AST_SEL_NAME) {
            fm_text_puts(&text, selector->name->text);
        } else if (selector->kind == FM_AST_SEL_INDEX) {
            fm_text_printf(&text, "%u", selector->number);
        } else {
            fm_text_puts(&text, selector->kind == FM_AST_SEL_LEFT    ? "<<"
                                : selector->kind == FM_AST_SEL_RIGHT ? ">>"
                                : selector->kind == FM_AST_SEL_BODY  ? ":"
                                : selector->kind == FM_AST_SEL_AT    ? "@"
                                                                     : "()");
        }
    }
    const struct fm_symbol *name = fm_sema_symbol(walk->analysis->sema, fm_text_string(&text));
    fm_text_deinit(&text);
    return name;
}

/* What a step says, when that is no expression. */
static bool is_statement(enum fm_ast_kind kind)
{
    return kind == FM_AST_STEP || kind == FM_AST_HAVE || kind == FM_AST_STEP_CASE ||
           kind == FM_AST_WITNESS || kind == FM_AST_PICK || kind == FM_AST_TAKE ||
           kind == FM_AST_QED;
}

static bool finish_subexpression(struct walk *walk)
{
    struct fm_selection *selection = walk->selection;
    pass_labels(walk);
    struct fm_diags *diags = walk->analysis->sema->session.diags;
    bool is_fact = walk->at->kind == FM_AST_ASSUMEPROVE || walk->at->kind == FM_AST_NEW ||
                   is_statement(walk->at->kind);
    if (is_fact && !walk->is_fact) {
        fm_diag_report(diags, FM_CODE_2051, walk->select->span,
                       "the selected part of ASSUME/PROVE is no expression");
        return false;
    }
    bool is_operator = pass_operator(walk);
    if (walk->arity == 0 && is_operator) {
        fm_diag_report(diags, FM_CODE_2016, walk->select->span,
                       "an expression is needed here, but an operator is selected");
        return false;
    }
    uint32_t arity = selection->instance_params + selection->param_count;
    if (walk->arity > 0 && arity != walk->arity) {
        fm_diag_report(diags, FM_CODE_2016, walk->select->span,
                       "an operator with %u parameter%s is needed here, the selected one has %u",
                       walk->arity, walk->arity == 1 ? "" : "s", arity);
        return false;
    }
    selection->is_subexpression = true;
    selection->expression = walk->at;
    selection->name = name_selection(walk);
    return true;
}

static bool finish_name(struct walk *walk, struct fm_entity *entity)
{
    if (entity->is_step && !walk->is_fact) {
        fm_diag_report(walk->analysis->sema->session.diags, FM_CODE_2082, walk->select->span,
                       "step %s is no assertion that could stand in an expression",
                       entity->name->text);
        return false;
    }
    if (entity->is_operator_value && !walk->is_fact) {
        fm_diag_report(walk->analysis->sema->session.diags, FM_CODE_2051, walk->select->span,
                       "`%s` stands for an ASSUME/PROVE, which is no expression",
                       entity->name->text);
        return false;
    }
    uint32_t arity = walk->selection->instance_params + entity->arity;
    if (walk->arity > 0 && arity != walk->arity) {
        fm_diag_report(walk->analysis->sema->session.diags, FM_CODE_2016, walk->select->span,
                       "an operator with %u parameter%s is needed here, this one has %u",
                       walk->arity, walk->arity == 1 ? "" : "s", arity);
        return false;
    }
    return follow_arguments(walk, entity, walk->select->kids[walk->index]);
}

static bool run(struct walk *walk)
{
    struct fm_entity *entity = follow_names(walk);
    if (entity == NULL) {
        return false;
    }
    struct fm_ast *selector = walk->select->kids[walk->index];
    add_step(walk, entity, selector);
    walk->selection->entity = entity;
    if (is_last(walk)) {
        return finish_name(walk, entity);
    }
    if (entity->kind != FM_ENTITY_DEFINED || fm_entity_origin(entity)->body == NULL) {
        walk->index++;
        return fail(walk, entity->kind == FM_ENTITY_DEFINED
                              ? "the operator is still being defined: it has no subexpressions yet"
                              : "only definitions have subexpressions");
    }
    if (!enter_definition(walk, entity, selector)) {
        return false;
    }
    for (walk->index++; walk->index < walk->select->count; walk->index++) {
        if (!follow(walk)) {
            return false;
        }
    }
    return finish_subexpression(walk);
}

void fm_analyze_select(struct fm_analysis *analysis, struct fm_ast *node, uint32_t arity)
{
    struct walk walk = {
        .analysis = analysis, .select = node, .arity = arity, .is_fact = analysis->accepts_fact};
    analysis->accepts_fact = false;
    walk.selection = fm_arena_calloc(analysis->sema->arena, 1, sizeof *walk.selection);
    walk.selection->arity = arity;
    if (run(&walk)) {
        node->note = walk.selection;
    }
}

struct fm_entity *fm_analyze_select_name(struct fm_analysis *analysis, struct fm_ast *node)
{
    struct fm_entity *entity = NULL;
    for (uint32_t i = 0; i < node->count; i++) {
        struct fm_ast *selector = node->kids[i];
        struct walk walk = {.analysis = analysis, .select = node, .index = i};
        if (selector->kind != FM_AST_SEL_NAME || (i > 0 && entity->kind != FM_ENTITY_INSTANCE)) {
            fail(&walk, "only names of definitions can stand here");
            return NULL;
        }
        entity = i == 0 ? find_first(&walk, selector) : find_in_instance(&walk, entity, selector);
        if (entity == NULL) {
            return NULL;
        }
    }
    return entity;
}
