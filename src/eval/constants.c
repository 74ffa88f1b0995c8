/* Constants: evaluated once, shared where that is safe.
 *
 * TLC evaluates every definition without parameters of constant level at the start, in order, and
 * swallows errors until the definition is used. So do we, for those that anything checked can
 * reach, and for those whose evaluation has effects (`R == RandomElement(S)` is one value all run,
 * PrintT prints once). A definition that failed is evaluated again when it is used, and then fails
 * there, with the operator stack. Only a lack of memory is no error of the definition alone: it
 * ends the run at once, as what was made so far stays.
 *
 * Values without closures are frozen and shared by all engines. A lazy function or filter holds
 * code with thunks that cache: such constants each engine evaluates for itself, at first use, in
 * memory of its own life. So are constant subexpressions (folds, compile.c). Sets that are likely
 * domains of functions are entered into the table that the state encoding refers to. */
#include "value/constants.h"
#include "eval/eval.h"
#include "eval/generate.h"
#include "value/raise.h"

#include <stdlib.h>

/* Whether threads may share the value once it is frozen. */
static bool is_sharable(struct fm_value_context *context, fm_value v)
{
    if (fm_is_atom(v)) {
        return true;
    }
    fm_value_check_depth(context);
    const struct fm_object *head = fm_value_object(v);
    const fm_value *parts = NULL;
    switch ((int)head->kind) {
    case FM_KIND_LAZY_FCN:
    case FM_KIND_FILTER:
    case FM_KIND_OPERATOR:
        return false;
    case FM_KIND_TUPLE:
    case FM_KIND_SET:
        parts = fm_as_array(v)->elements;
        break;
    case FM_KIND_RECORD:
    case FM_KIND_FCN:
        if (!is_sharable(context, fm_as_fcn(v)->domain)) {
            return false;
        }
        parts = fm_as_fcn(v)->values;
        break;
    case FM_KIND_SUBSETS:
    case FM_KIND_KSUBSETS:
    case FM_KIND_FCNSET:
    case FM_KIND_RECSET:
    case FM_KIND_CROSS:
    case FM_KIND_UNION:
    case FM_KIND_CUP:
    case FM_KIND_CAP:
    case FM_KIND_DIFF:
    case FM_KIND_SEQS:
        parts = fm_as_lazy_set(v)->parts;
        break;
    }
    for (uint32_t i = 0; parts != NULL && i < head->count; i++) {
        if (!is_sharable(context, parts[i])) {
            return false;
        }
    }
    return true;
}

fm_value fm_fold_run(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame)
{
    if (code->u.fold.impure) {
        return fm_run(engine, code->inner, frame);
    }
    struct fm_arena *arena = engine->values.arena;
    uint32_t reads = engine->reads;
    engine->values.arena = &engine->lasting;
    fm_value result = fm_run(engine, code->inner, frame);
    if (is_sharable(&engine->values, result)) {
        result = fm_value_freeze(&engine->values, result);
    }
    engine->values.arena = arena;
    engine->reads = reads;
    engine->folds[code->u.fold.index] = result;
    fm_engine_pin(engine, 0); /* it may have been made within a loop that uses the same arena */
    return result;
}

/* --- at the start --- */

/* Sets of at least this many elements are not entered into the encoding's table as a matter of
 * course. */
#define DOMAIN_COUNT_MAX 100000u

fm_value fm_constant_register(struct fm_eval_model *model, fm_value v)
{
    if (model->encoded != NULL && !model->encoded_closed &&
        (fm_is_kind(v, FM_KIND_SET) || fm_is_kind(v, FM_KIND_INTERVAL)) &&
        fm_value_object(v)->count < DOMAIN_COUNT_MAX) {
        return fm_constants_add(&model->values, model->encoded, v);
    }
    return fm_value_freeze(&model->values, v);
}

static void evaluate_definition(struct fm_engine *engine, void *closure)
{
    const struct fm_fold_def *constant = closure;
    const struct fm_def_code *def = constant->def;
    struct fm_activation activation = {engine->top, NULL, def->def};
    engine->top = &activation;
    fm_value value = fm_run_in(engine, &def->unit);
    engine->top = activation.outer;
    if (is_sharable(&engine->values, value)) {
        value = fm_constant_register(engine->model, value);
    }
    engine->folds[constant->fold] = value;
}

/* Definitions that nothing checked reaches, but whose evaluation has effects. */
static void add_impure(struct fm_eval_model *model)
{
    const struct fm_program *program = model->model.program;
    for (uint32_t i = 0; i < program->def_count; i++) {
        const struct fm_def *def = program->defs[i];
        if (def->param_count != 0 || def->is_let || def->is_fact || def->is_constant_decl ||
            def->native != NULL || def->body == NULL || def->level != FM_LEVEL_CONSTANT ||
            fm_node_impurity(model, def->body) == 0) {
            continue;
        }
        struct fm_def_code *code = fm_compile_def(model, def);
        if (code->fold == 0) {
            code->fold = ++model->fold_count;
            struct fm_fold_def constant = {code, code->fold - 1, true};
            fm_vec_push(&model->constants, constant);
        }
    }
}

static int by_index(const void *a, const void *b)
{
    const struct fm_fold_def *x = a, *y = b;
    return x->def->def->index < y->def->def->index ? -1 : x->def->def->index > y->def->def->index;
}

bool fm_constants_evaluate(struct fm_eval_model *model)
{
    struct fm_engine *engine = model->setup;
    add_impure(model);
    fm_engine_grow_folds(engine);
    if (model->constants.count != 0) {
        qsort(model->constants.at, model->constants.count, sizeof *model->constants.at, by_index);
    }
    engine->values.arena = &engine->lasting;
    for (uint32_t i = 0; i < model->constants.count; i++) {
        struct fm_fold_def *constant = &model->constants.at[i];
        if (fm_is_none(engine->folds[constant->fold]) &&
            !fm_eval_protect(engine, evaluate_definition, constant) &&
            engine->failure.code == FM_CODE_4333) {
            return false;
        }
    }
    engine->values.arena = &engine->batch;
    model->shared_count = engine->fold_count;
    model->shared = fm_arena_alloc(&model->arena,
                                   (model->shared_count + 1) * sizeof *model->shared);
    for (uint32_t i = 0; i < model->shared_count; i++) {
        fm_value v = engine->folds[i];
        model->shared[i] = fm_is_none(v) || !is_sharable(&engine->values, v) ? fm_none() : v;
    }
    return true;
}

/* --- formulas of the configuration that are constants --- */

struct settling {
    const struct fm_formula_code *formula;
    fm_value value;
};

static void run_formula(struct fm_engine *engine, void *closure)
{
    struct settling *settling = closure;
    settling->value = fm_run_in(engine, settling->formula->unit);
}

/* What a definition named by the configuration is known to be from the start, or NONE. */
static fm_value settled_value(struct fm_eval_model *model, const struct fm_formula_code *code)
{
    const struct fm_def *def = code->formula->def;
    if (def == NULL || def->level != FM_LEVEL_CONSTANT || def->body != code->formula->node) {
        return fm_none();
    }
    for (uint32_t i = 0; i < model->constants.count; i++) {
        if (model->constants.at[i].def->def == def) {
            return model->setup->folds[model->constants.at[i].fold];
        }
    }
    struct settling settling = {code, fm_none()};
    if (fm_node_impurity(model, def->body) == 0) {
        (void)fm_eval_protect(model->setup, run_formula, &settling);
    }
    return settling.value;
}

static bool check_true(struct fm_eval_model *model, const struct fm_formula_list *list,
                       const char *what, bool warns)
{
    struct fm_diags *diags = model->model.session->diags;
    bool good = true;
    for (uint32_t i = 0; i < list->count; i++) {
        fm_value value = settled_value(model, &list->at[i]);
        if (fm_is_none(value)) {
            continue;
        }
        const struct fm_def *def = list->at[i].formula->def;
        bool holds = fm_is_true(value);
        if (holds && !warns) {
            continue;
        }
        struct fm_diag *diag = fm_diag_report(
            diags, holds ? FM_CODE_3046 : FM_CODE_3044, def->name_span,
            "the %s `%s` does not depend on the state: it is the constant %s", what,
            def->name->text, fm_eval_describe(model->setup, value));
        fm_diag_hint(diags, diag, "what is said of constants alone belongs in an ASSUME");
        good = good && holds;
    }
    return good;
}

static bool check_varies(struct fm_eval_model *model, const struct fm_formula_code *code,
                         const char *what)
{
    if (code->formula == NULL || code->formula->node == NULL ||
        fm_is_none(settled_value(model, code))) {
        return true;
    }
    const struct fm_def *def = code->formula->def;
    struct fm_diags *diags = model->model.session->diags;
    struct fm_diag *diag = fm_diag_report(diags, FM_CODE_3045, def->name_span,
                                          "the %s `%s` is a constant", what, def->name->text);
    fm_diag_hint(diags, diag, "it must say something of the variables");
    return false;
}

bool fm_constants_check(struct fm_eval_model *model)
{
    bool good = check_true(model, &model->invariants, "invariant", true);
    good = check_true(model, &model->constraints, "constraint", false) && good;
    good = check_true(model, &model->action_constraints, "action constraint", false) && good;
    good = check_true(model, &model->implied_inits, "property", false) && good;
    for (uint32_t i = 0; i < model->inits.count; i++) {
        good = check_varies(model, &model->inits.at[i], "initial predicate") && good;
    }
    good = check_varies(model, &model->view, "view") && good;
    return check_varies(model, &model->next, "next-state action") && good;
}
