/* Names in proofs: USE, HIDE, BY, and the steps, as SANY's Generator.generateProof.
 *
 * Nothing here is proved or kept; what matters is that a proof refers to what exists. Scopes grow
 * from step to step: DEFINE, TAKE and PICK add names for the rest of the proof (PICK not for its
 * own proof), the NEW identifiers of an ASSUME/PROVE are seen by the step's own proof, those of
 * SUFFICES by the steps after it. Each named step is a fact, known to its own proof too. */
#include "semantics/analyze.h"

/* --- facts and definitions --- */

static void analyze_module_reference(struct fm_analysis *analysis, const struct fm_ast *node)
{
    bool known = node->name == analysis->module->name ||
                 fm_module_resolve(analysis->sema, analysis->module, node->name) != NULL;
    if (!known) {
        fm_diag_report(analysis->sema->session.diags, FM_CODE_2001, node->span,
                       "module `%s` is neither extended nor instantiated", node->name->text);
    }
}

/* A fact may be the name of an ASSUME/PROVE or of any step, which no expression may. */
static void analyze_fact(struct fm_analysis *analysis, struct fm_ast *node, bool hide)
{
    if (node->kind == FM_AST_MODULE_REF) {
        analyze_module_reference(analysis, node);
        return;
    }
    bool named = false;
    if (node->kind == FM_AST_IDENT) {
        const struct fm_entity *entity = fm_scope_find(analysis->sema, analysis->scope, node->name);
        named = entity != NULL && entity->is_fact;
        if (named) {
            node->note = NULL; /* stands for no expression */
        }
    }
    if (!named) {
        analysis->accepts_fact = node->kind == FM_AST_SELECT;
        fm_analyze_expression(analysis, node);
        analysis->accepts_fact = false;
    }
    const struct fm_selection *selection = node->kind == FM_AST_SELECT ? node->note : NULL;
    bool selected = selection != NULL && selection->entity->is_fact;
    bool unknown = node->kind == FM_AST_IDENT && node->note == NULL;
    if (hide && !named && !selected && !unknown) {
        fm_diag_report(analysis->sema->session.diags, FM_CODE_2081, node->span,
                       "only theorems, assumptions and steps can be hidden as facts");
    }
}

/* A name after DEF. */
static void analyze_definition_name(struct fm_analysis *analysis, struct fm_ast *node)
{
    if (node->kind == FM_AST_MODULE_REF) {
        analyze_module_reference(analysis, node);
        return;
    }
    struct fm_entity *entity = NULL;
    if (node->kind == FM_AST_SELECT) {
        entity = fm_analyze_select_name(analysis, node);
        if (entity == NULL) {
            return;
        }
    } else if (node->name != NULL) {
        entity = fm_scope_find(analysis->sema, analysis->scope, node->name);
        if (entity == NULL) {
            fm_scope_report_unknown(analysis->sema, analysis->scope, node->span, node->name);
            return;
        }
    }
    bool defined = entity != NULL &&
                   (entity->kind == FM_ENTITY_DEFINED || entity->kind == FM_ENTITY_INSTANCE ||
                    entity->kind == FM_ENTITY_BUILTIN);
    if (!defined) {
        fm_diag_report(analysis->sema->session.diags, FM_CODE_2080, node->span,
                       "only definitions can stand after DEF");
    }
}

void fm_analyze_use(struct fm_analysis *analysis, struct fm_ast *node)
{
    const struct fm_ast *facts = node->kids[0];
    const struct fm_ast *definitions = node->kids[1];
    for (uint32_t i = 0; i < facts->count; i++) {
        analyze_fact(analysis, facts->kids[i], (node->flags & FM_AST_HIDE) != 0);
    }
    for (uint32_t i = 0; i < definitions->count; i++) {
        analyze_definition_name(analysis, definitions->kids[i]);
    }
}

/* --- steps --- */

struct proof_state {
    struct fm_ast *previous; /* the infix expression of the step before: what @ may stand for */
};

static bool is_statement(const struct fm_ast *node)
{
    return node->kind == FM_AST_ASSUMEPROVE || node->kind == FM_AST_HAVE ||
           node->kind == FM_AST_TAKE || node->kind == FM_AST_PICK || node->kind == FM_AST_WITNESS ||
           node->kind == FM_AST_STEP_CASE || node->kind == FM_AST_QED ||
           node->kind == FM_AST_DEFINE || node->kind == FM_AST_USE || node->kind == FM_AST_INSTANCE;
}

static void name_step(struct fm_analysis *analysis, struct fm_ast *step, struct fm_scope *scope)
{
    if (step->name == NULL) {
        return;
    }
    const struct fm_ast *statement = step->kids[0];
    struct fm_entity *entity = fm_sema_entity(analysis->sema, FM_ENTITY_DEFINED, step->name,
                                              analysis->module);
    entity->span = step->span;
    entity->name_span = step->name_span;
    entity->ast = step;
    entity->body = (step->flags & FM_AST_SUFFICES) != 0 ? step : step->kids[0];
    entity->is_fact = true;
    entity->is_analyzed = true;
    entity->is_operator_value = statement->kind == FM_AST_ASSUMEPROVE;
    entity->is_step = is_statement(statement) || (step->flags & FM_AST_SUFFICES) != 0;
    step->note = entity;
    fm_scope_add(analysis->sema, scope, entity);
}

/* `@ = c` after a step `a = b`: @ is b. */
static void analyze_assertion(struct fm_analysis *analysis, struct fm_ast *node,
                              const struct proof_state *state)
{
    bool continues = state->previous != NULL && node->kind == FM_AST_INFIX &&
                     node->kids[0]->kind == FM_AST_AT;
    if (!continues) {
        fm_analyze_expression(analysis, node);
        return;
    }
    node->note = fm_scope_find(analysis->sema, analysis->scope, node->name);
    if (node->note == NULL) {
        fm_scope_report_unknown(analysis->sema, analysis->scope, node->name_span, node->name);
    }
    fm_analyze_expression(analysis, node->kids[1]);
}

static void analyze_definitions(struct fm_analysis *analysis, struct fm_ast *node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        fm_analyze_definition(analysis, node->kids[i]);
    }
}

static void analyze_pick(struct fm_analysis *analysis, struct fm_ast *node)
{
    uint32_t count = 0;
    fm_analyze_bindings(analysis, node->kids[0]);
    struct fm_entity **bound = fm_bindings_entities(analysis->sema, node->kids[0], &count);
    uint32_t mark = fm_labels_bind(analysis, bound, count);
    fm_analyze_expression(analysis, node->kids[1]);
    fm_labels_unbind(analysis, mark);
}

static void analyze_kids(struct fm_analysis *analysis, struct fm_ast *node)
{
    for (uint32_t i = 0; i < node->count; i++) {
        fm_analyze_expression(analysis, node->kids[i]);
    }
}

/* The statement; scopes that it opens are left open in analysis->scope. */
static void analyze_statement(struct fm_analysis *analysis, struct fm_ast *node,
                              const struct proof_state *state)
{
    if (node->kind == FM_AST_ASSUMEPROVE) {
        analysis->scope = fm_scope_push(analysis->sema, analysis->scope);
        fm_analyze_assume_prove(analysis, node);
    } else if (node->kind == FM_AST_TAKE) {
        fm_analyze_bindings(analysis, node->kids[0]);
    } else if (node->kind == FM_AST_PICK) {
        analyze_pick(analysis, node);
    } else if (node->kind == FM_AST_DEFINE) {
        analyze_definitions(analysis, node);
    } else if (node->kind == FM_AST_USE) {
        fm_analyze_use(analysis, node);
    } else if (node->kind == FM_AST_INSTANCE) {
        fm_analyze_definition(analysis, node);
    } else if (node->kind == FM_AST_HAVE || node->kind == FM_AST_STEP_CASE ||
               node->kind == FM_AST_WITNESS || node->kind == FM_AST_QED) {
        analyze_kids(analysis, node);
    } else {
        analyze_assertion(analysis, node, state);
    }
}

static void analyze_step(struct fm_analysis *analysis, struct fm_ast *step,
                         struct proof_state *state)
{
    struct fm_ast *statement = step->kids[0];
    struct fm_scope *before = analysis->scope;
    struct fm_label_frame *labels = step->name != NULL ? fm_labels_open(analysis)
                                                       : analysis->labels;
    analyze_statement(analysis, statement, state);
    struct fm_scope *inside = analysis->scope;
    name_step(analysis, step, before);
    if (step->name != NULL) {
        struct fm_entity unused = {0};
        fm_labels_close(analysis, labels, step->note != NULL ? step->note : &unused);
    }
    bool suffices = (step->flags & FM_AST_SUFFICES) != 0;
    bool assumes = statement->kind == FM_AST_ASSUMEPROVE;
    if (step->count > 1) {
        analysis->scope = assumes && !suffices ? inside : before;
        fm_analyze_proof(analysis, step->kids[1]);
    }
    analysis->scope = assumes && !suffices ? before : inside;
    state->previous = statement->kind == FM_AST_INFIX && !suffices ? statement : NULL;
}

void fm_analyze_proof(struct fm_analysis *analysis, struct fm_ast *proof)
{
    struct fm_scope *outer = analysis->scope;
    struct proof_state state = {NULL};
    analysis->scope = fm_scope_push(analysis->sema, outer);
    for (uint32_t i = 0; i < proof->count; i++) {
        if (proof->kids[i]->kind == FM_AST_USE) {
            fm_analyze_use(analysis, proof->kids[i]);
        } else if (proof->kids[i]->kind == FM_AST_STEP) {
            analyze_step(analysis, proof->kids[i], &state);
        }
    }
    analysis->scope = outer;
}
