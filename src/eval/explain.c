/* Why a formula is false: which part, and what its terms are.
 *
 * The explanation descends from the formula to the innermost part that tells: the first false
 * conjunct, the right side of a false implication, the branch of IF or CASE taken, the body of \A
 * with the binding that falsifies it, the body of a definition called, the argument that a local
 * stands for. It stops at what has no single guilty part: a comparison, a membership, a negation,
 * an \E, a disjunction all of whose sides are false. Terms are the bound variables met on the way
 * and the operands of the part found, down to variables, each evaluated on its own: a term that
 * cannot be evaluated is left out.
 *
 * Everything here runs inside one protected call; the frames of the way down stay pushed until its
 * end. */
#include "eval/actions.h"
#include "eval/generate.h"
#include "eval/solve.h"
#include "value/raise.h"

#include <string.h>

/* Terms shown, and bytes of one text or value. */
#define TERMS_MAX 16u
#define TEXT_MAX 400u
#define VALUE_MAX 2000u
/* Descents: a recursive definition that is false in itself ends here. */
#define DEPTH_MAX 1000u

struct explainer {
    struct fm_engine *engine;
    struct fm_arena *arena;
    struct fm_explained_term terms[TERMS_MAX];
    const struct fm_node *nodes[TERMS_MAX]; /* already shown; NULL for bound variables */
    uint32_t term_count;
    const struct fm_expr *found;
    struct fm_frame *frame;
};

static const char *keep(const struct explainer *explainer, struct fm_text *text, size_t size_max)
{
    size_t length = text->length < size_max ? text->length : size_max;
    struct fm_text cut = {0};
    fm_text_add(&cut, fm_text_string(text), length);
    if (length < text->length) {
        fm_text_puts(&cut, "...");
    }
    const char *copy = fm_arena_strndup(explainer->arena, fm_text_string(&cut), cut.length);
    fm_text_deinit(&cut);
    fm_text_deinit(text);
    return copy;
}

static const char *node_text(const struct explainer *explainer, const struct fm_node *node)
{
    struct fm_text text = {0};
    fm_node_print(explainer->engine->model->model.program, node, TEXT_MAX, &text);
    return keep(explainer, &text, TEXT_MAX);
}

struct term_value {
    const struct fm_expr *code;
    struct fm_frame *frame;
    fm_value value;
    struct fm_text text;
};

static void evaluate_term(struct fm_engine *engine, void *closure)
{
    struct term_value *term = closure;
    if (term->code != NULL) {
        term->value = fm_run(engine, term->code, term->frame);
    }
    fm_value_print(&engine->values, term->value, &term->text);
}

static void add_term(struct explainer *explainer, const struct fm_node *node, const char *name,
                     struct term_value term)
{
    if (explainer->term_count == TERMS_MAX) {
        return;
    }
    for (uint32_t i = 0; i < explainer->term_count && node != NULL; i++) {
        if (explainer->nodes[i] == node) {
            return;
        }
    }
    if (!fm_eval_protect(explainer->engine, evaluate_term, &term)) {
        fm_text_deinit(&term.text);
        return;
    }
    const char *text = name != NULL ? name : node_text(explainer, node);
    const char *value = keep(explainer, &term.text, VALUE_MAX);
    for (uint32_t i = 0; i < explainer->term_count; i++) {
        if (strcmp(explainer->terms[i].text, text) == 0 &&
            strcmp(explainer->terms[i].value, value) == 0) {
            return;
        }
    }
    if (strcmp(text, value) == 0) {
        return; /* says nothing */
    }
    explainer->nodes[explainer->term_count] = node;
    explainer->terms[explainer->term_count++] = (struct fm_explained_term){text, value};
}

static void add_bound(struct explainer *explainer, const struct fm_symbol *name, fm_value value)
{
    struct term_value term = {.value = value};
    add_term(explainer, NULL, name->text, term);
}

/* --- the way down --- */

struct position {
    const struct fm_expr *code;
    struct fm_frame *frame;
};

static bool is_false(struct explainer *explainer, const struct fm_expr *code,
                     struct fm_frame *frame)
{
    return !fm_run_bool(explainer->engine, code, frame, "a part of the formula");
}

static void add_bindings(struct explainer *explainer, const struct fm_expr *code,
                         const struct fm_frame *frame)
{
    const struct fm_binder *binder = code->u.binder;
    for (uint32_t i = 0; i < binder->count; i++) {
        const struct fm_expr_binding *at = &binder->at[i];
        for (uint32_t j = 0; j < at->slot_count; j++) {
            add_bound(explainer, at->binding->names[j], frame->slots[at->first_slot + j]);
        }
    }
}

/* The binding that makes the body of \A false stays in the slots. */
static bool descend_forall(struct explainer *explainer, struct position *at)
{
    struct fm_walk walk;
    fm_walk_begin(explainer->engine, &walk, at->code, at->frame);
    const struct fm_expr *body = at->code->u.binder->body;
    while (fm_walk_next(explainer->engine, &walk)) {
        if (is_false(explainer, body, at->frame)) {
            add_bindings(explainer, at->code, at->frame);
            at->code = body;
            return true;
        }
    }
    return false;
}

static bool descend_call(struct explainer *explainer, struct position *at)
{
    const struct fm_def *def = at->code->node->u.def;
    if (def->native != NULL || def->body == NULL) {
        return false;
    }
    const struct fm_call *call = at->code->u.call;
    struct fm_frame *up = call->is_global ? NULL : fm_frame_climb(at->frame, call->climb);
    struct fm_frame *callee = fm_frame_for_call(explainer->engine, call, call->def, up, at->frame,
                                                true);
    for (uint32_t i = 0; i < def->param_count; i++) {
        if (def->params[i].arity == 0) {
            struct term_value term = {.code = call->args[i].code, .frame = at->frame};
            add_term(explainer, NULL, def->params[i].name->text, term);
        }
    }
    *at = (struct position){call->def->unit.body, callee};
    return true;
}

static bool descend_junction(struct explainer *explainer, struct position *at)
{
    for (uint32_t i = 0; i < at->code->count; i++) {
        if (is_false(explainer, at->code->kids[i], at->frame)) {
            at->code = at->code->kids[i];
            return true;
        }
    }
    return false;
}

static bool descend_local(struct position *at)
{
    fm_value slot =
        fm_frame_climb(at->frame, at->code->u.local.depth)->slots[at->code->u.local.slot];
    if (!fm_is_thunk(slot)) {
        return false;
    }
    const struct fm_thunk *thunk = fm_thunk_of(slot);
    *at = (struct position){thunk->code, thunk->frame};
    return true;
}

/* One step to a smaller false part; false at the end of the way. */
static bool descend(struct explainer *explainer, struct position *at)
{
    struct fm_engine *engine = explainer->engine;
    at->code = fm_expr_unwrap(at->code);
    const struct fm_expr *code = at->code;
    switch ((int)code->node->op) {
    case FM_OP_AND:
        return descend_junction(explainer, at);
    case FM_OP_IMPLIES:
        at->code = code->kids[1];
        return true;
    case FM_OP_IF:
        at->code =
            code->kids[fm_run_bool(engine, code->kids[0], at->frame, "the condition of IF") ? 1
                                                                                            : 2];
        return true;
    case FM_OP_CASE:
        at->code = fm_case_choose(engine, code, at->frame);
        return true;
    case FM_OP_FORALL:
        return descend_forall(explainer, at);
    case FM_OP_LET:
        fm_let_enter(engine, code, at->frame, true);
        at->code = code->kids[0];
        return true;
    case FM_OP_LABEL:
        at->code = code->kids[0];
        return true;
    case FM_OP_SQUARE:
        at->code = code->kids[0];
        return true;
    case FM_OP_CALL:
        return descend_call(explainer, at);
    case FM_OP_LOCAL:
        return descend_local(at);
    }
    return false;
}

/* --- terms of the part found --- */

static bool is_telling(const struct fm_node *node)
{
    switch ((int)node->op) {
    case FM_OP_VALUE:
    case FM_OP_OPERATOR:
    case FM_OP_OPERATOR_LOCAL:
        return false;
    case FM_OP_CALL:
        return node->count != 0 || node->u.def->native == NULL;
    }
    return true;
}

/* The kids of binders see slots that have no values here. */
static bool has_open_kids(const struct fm_expr *code)
{
    switch ((int)code->node->op) {
    case FM_OP_FORALL:
    case FM_OP_EXISTS:
    case FM_OP_CHOOSE:
    case FM_OP_FILTER:
    case FM_OP_MAP:
    case FM_OP_FCN:
    case FM_OP_RECFCN:
    case FM_OP_LET:
    case FM_OP_ENABLED:
    case FM_OP_PRIME:
    case FM_OP_APPLY:
        return true;
    case FM_OP_CALL:
        return code->node->u.def->native == NULL;
    }
    return false;
}

static void add_terms(struct explainer *explainer, const struct fm_expr *code,
                      struct fm_frame *frame, uint32_t depth)
{
    code = fm_expr_unwrap(code);
    if (depth == 0 || has_open_kids(code)) {
        return;
    }
    for (uint32_t i = 0; i < code->count; i++) {
        const struct fm_expr *kid = code->kids[i];
        if (kid != NULL && is_telling(kid->node)) {
            struct term_value term = {.code = kid, .frame = frame};
            add_term(explainer, kid->node, NULL, term);
        }
    }
    for (uint32_t i = 0; i < code->count; i++) {
        if (code->kids[i] != NULL) {
            add_terms(explainer, code->kids[i], frame, depth - 1);
        }
    }
}

static void explain_at(struct fm_engine *engine, void *closure)
{
    struct explainer *explainer = closure;
    struct position at = {explainer->found, explainer->frame};
    for (uint32_t i = 0; i < DEPTH_MAX; i++) {
        explainer->found = at.code;
        explainer->frame = at.frame;
        if (!descend(explainer, &at)) {
            break;
        }
    }
    (void)engine;
    add_terms(explainer, explainer->found, explainer->frame, 3);
}

static void finish(struct explainer *explainer, struct fm_explanation *explanation)
{
    const struct fm_expr *found = fm_expr_unwrap(explainer->found);
    explanation->node = found->node;
    explanation->text = node_text(explainer, found->node);
    explanation->span = found->node->span;
    explanation->terms = fm_arena_copy(explainer->arena, explainer->terms,
                                       explainer->term_count * sizeof *explainer->terms);
    explanation->term_count = explainer->term_count;
}

void fm_explain_code(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame,
                     struct fm_arena *arena, struct fm_explanation *explanation)
{
    struct explainer explainer = {.engine = engine, .arena = arena, .found = code, .frame = frame};
    char *mark = engine->frame_next;
    /* An error on the way down ends the descent: what was found so far is explained. */
    (void)fm_eval_protect(engine, explain_at, &explainer);
    engine->frame_next = mark;
    finish(&explainer, explanation);
}

bool fm_explain_formula(struct fm_engine *engine, const struct fm_formula_code *formula,
                        struct fm_arena *arena, struct fm_explanation *explanation)
{
    char *mark = engine->frame_next;
    struct fm_frame *frame = fm_frame_new(engine, formula->unit, NULL);
    fm_explain_code(engine, formula->unit->body, frame, arena, explanation);
    engine->frame_next = mark;
    return true;
}

/* --- why an action has no successor --- */

struct search {
    uint32_t action;
    struct fm_state *state;
    struct fm_arena *arena;
    struct fm_explanation *explanation;
    bool enabled, any;
    uint32_t assigned; /* of the failure that got furthest */
    uint32_t place;
};

static bool found_one(struct fm_engine *engine, struct fm_solver *solver)
{
    struct search *search = solver->closure;
    (void)engine;
    search->enabled = true;
    return true;
}

/* Furthest: most variables assigned, then latest in the text. */
static void note_false(struct fm_engine *engine, struct fm_solver *solver,
                       const struct fm_expr *code, struct fm_frame *frame)
{
    struct search *search = solver->closure;
    if (solver->mode == FM_SOLVE_ENABLED) {
        return;
    }
    uint32_t place = code->node->span.begin;
    if (search->any && (solver->assigned < search->assigned ||
                        (solver->assigned == search->assigned && place <= search->place))) {
        return;
    }
    search->any = true;
    search->assigned = solver->assigned;
    search->place = place;
    if (frame == NULL) {
        struct explainer explainer = {.engine = engine, .arena = search->arena, .found = code};
        finish(&explainer, search->explanation);
        return;
    }
    fm_explain_code(engine, code, frame, search->arena, search->explanation);
}

static void run_search(struct fm_engine *engine, void *closure)
{
    struct search *search = closure;
    const struct fm_action_code *action = &engine->model->actions[search->action];
    fm_value *target = fm_frame_alloc(engine, (engine->variable_count + 1) * sizeof *target);
    for (uint32_t i = 0; i < engine->variable_count; i++) {
        target[i] = fm_none();
    }
    struct fm_solver solver = {
        .mode = FM_SOLVE_NEXT,
        .target = target,
        .shortcut = !engine->model->options.nowarning,
        .leaf = found_one,
        .on_false = note_false,
        .closure = search,
    };
    engine->solver = &solver;
    engine->t = target;
    engine->t_epoch = ++engine->epoch;
    fm_solve_keep_inputs(engine, &solver);
    struct fm_frame *frame = fm_action_frame(engine, action->place, action->unit,
                                             action->let_units);
    (void)fm_solve(engine, &solver, action->unit->body, frame, NULL);
    engine->solver = NULL;
}

bool fm_explain_why_not(struct fm_engine *engine, uint32_t action, struct fm_state *state,
                        struct fm_arena *arena, struct fm_explanation *explanation)
{
    struct search search = {
        .action = action, .state = state, .arena = arena, .explanation = explanation};
    *explanation = (struct fm_explanation){0};
    (void)fm_eval_protect(engine, run_search, &search);
    return !search.enabled && search.any;
}
