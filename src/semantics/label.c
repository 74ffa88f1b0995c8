/* Labels `l(x) :: e`, as "TLA+2: A Preliminary Guide" section 3 and SANY have them.
 *
 * A label must name, as its parameters, exactly the variables bound between it and the definition
 * (or the label) around it; parameters of the definition itself are no such variables. Names of
 * labels are unique within the innermost definition or label. Labels stand in definitions and named
 * facts only, not in the values of EXCEPT, and not after a NEW of a nested ASSUME/PROVE. */
#include "semantics/analyze.h"

struct fm_label_frame {
    struct fm_label_frame *outer;
    struct fm_entity **labels;
    uint32_t label_count, label_capacity;
    struct fm_entity **bound;
    uint32_t bound_count, bound_capacity;
};

struct fm_label_frame *fm_labels_open(struct fm_analysis *analysis)
{
    struct fm_label_frame *outer = analysis->labels;
    analysis->labels = fm_arena_calloc(analysis->sema->arena, 1, sizeof *analysis->labels);
    analysis->labels->outer = outer;
    return outer;
}

void fm_labels_close(struct fm_analysis *analysis, struct fm_label_frame *outer,
                     struct fm_entity *owner)
{
    owner->labels = analysis->labels->labels;
    owner->label_count = analysis->labels->label_count;
    analysis->labels = outer;
}

uint32_t fm_labels_bind(struct fm_analysis *analysis, struct fm_entity *const *bound,
                        uint32_t count)
{
    struct fm_label_frame *frame = analysis->labels;
    if (frame == NULL) {
        return 0;
    }
    uint32_t mark = frame->bound_count;
    for (uint32_t i = 0; i < count; i++) {
        fm_sema_push(analysis->sema, frame->bound, frame->bound_count, frame->bound_capacity,
                     bound[i]);
    }
    return mark;
}

void fm_labels_unbind(struct fm_analysis *analysis, uint32_t mark)
{
    if (analysis->labels != NULL) {
        analysis->labels->bound_count = mark;
    }
}

static bool has_entity(struct fm_entity *const *entities, uint32_t count,
                       const struct fm_entity *entity)
{
    for (uint32_t i = 0; i < count; i++) {
        if (entities[i] == entity) {
            return true;
        }
    }
    return false;
}

/* The parameter names of a label are uses of bound variables. */
static void resolve_params(struct fm_analysis *analysis, struct fm_ast *node,
                           struct fm_entity *label)
{
    struct fm_ast *params = node->kids[0];
    struct fm_diags *diags = analysis->sema->session.diags;
    label->arity = params->count;
    label->params = fm_arena_calloc(analysis->sema->arena, params->count,
                                    sizeof(struct fm_entity *));
    for (uint32_t i = 0; i < params->count; i++) {
        struct fm_ast *param = params->kids[i];
        struct fm_entity *entity = fm_scope_find(analysis->sema, analysis->scope, param->name);
        param->note = entity;
        label->params[i] = entity;
        if (has_entity(label->params, i, entity)) {
            fm_diag_report(diags, FM_CODE_2040, param->span,
                           "label `%s` has the parameter `%s` twice", node->name->text,
                           param->name->text);
        } else if (entity == NULL ||
                   !has_entity(analysis->labels->bound, analysis->labels->bound_count, entity)) {
            struct fm_diag *diag = fm_diag_report(
                diags, FM_CODE_2042, param->span,
                "`%s` cannot be a parameter of label `%s`: it is no variable bound inside the "
                "definition",
                param->name->text, node->name->text);
            fm_diag_hint(diags, diag, "a label names the bound variables around it, no others");
        }
    }
    for (uint32_t i = 0; i < analysis->labels->bound_count; i++) {
        const struct fm_entity *bound = analysis->labels->bound[i];
        if (!has_entity(label->params, label->arity, bound)) {
            fm_diag_report(diags, FM_CODE_2041, node->name_span,
                           "label `%s` stands in the scope of `%s` and must have it as a parameter",
                           node->name->text, bound->name->text);
        }
    }
}

static bool is_allowed(struct fm_analysis *analysis, const struct fm_ast *node)
{
    struct fm_diags *diags = analysis->sema->session.diags;
    if (analysis->labels == NULL) {
        fm_diag_report(diags, FM_CODE_2043, node->name_span,
                       "label `%s` stands outside of a definition", node->name->text);
        return false;
    }
    if (analysis->new_depth > 0) {
        fm_diag_report(diags, FM_CODE_2044, node->name_span,
                       "label `%s` stands after a NEW of a nested ASSUME/PROVE", node->name->text);
        return false;
    }
    if (analysis->except_depth > 0) {
        fm_diag_report(diags, FM_CODE_2045, node->name_span,
                       "label `%s` stands in a value of EXCEPT", node->name->text);
        return false;
    }
    return true;
}

void fm_analyze_label(struct fm_analysis *analysis, struct fm_ast *node)
{
    struct fm_ast *body = node->kids[1];
    if (!is_allowed(analysis, node)) {
        return;
    }
    struct fm_entity *label = fm_sema_entity(analysis->sema, FM_ENTITY_LABEL, node->name,
                                             analysis->module);
    label->span = node->span;
    label->name_span = node->name_span;
    label->ast = node;
    label->body = body;
    node->note = label;
    struct fm_label_frame *outer = fm_labels_open(analysis);
    if (body->kind == FM_AST_ASSUMEPROVE) {
        fm_analyze_assume_prove(analysis, body);
    } else {
        fm_analyze_expression(analysis, body);
    }
    fm_labels_close(analysis, outer, label);
    resolve_params(analysis, node, label);
    for (uint32_t i = 0; i < outer->label_count; i++) {
        if (outer->labels[i]->name == label->name) {
            struct fm_diag *diag = fm_diag_report(
                analysis->sema->session.diags, FM_CODE_2046, node->name_span,
                "there is another label `%s` in this definition", node->name->text);
            fm_diag_hint_at(analysis->sema->session.diags, diag, outer->labels[i]->name_span,
                            "the other one");
            return;
        }
    }
    fm_sema_push(analysis->sema, outer->labels, outer->label_count, outer->label_capacity, label);
}
