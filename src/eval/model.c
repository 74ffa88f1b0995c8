/* The interpreter as a model: fm_eval_model_new and the operations of model/model.h.
 *
 * Making a model compiles every formula that the configuration names, and with them the definitions
 * they reach; evaluates the constants; splits the next-state relation. All this happens on a setup
 * engine, which stays for the model's life: it holds the memory of the constants, and expressions
 * of the user are compiled with its context. Workers' engines start from what it found.
 *
 * Each operation is one protected call. Operations nest (a sink may check invariants while
 * successors are generated), so they put back the states they replace. */
#include "base/assert.h"
#include "eval/actions.h"
#include "eval/eval.h"
#include "eval/generate.h"
#include "eval/registers.h"
#include "eval/symmetry.h"
#include "value/constants.h"

#include <string.h>

static struct fm_eval_model *own_model(struct fm_model *model)
{
    return (struct fm_eval_model *)(void *)model;
}

static const struct fm_formula_list *list_of(const struct fm_eval_model *model,
                                             enum fm_formula_kind kind)
{
    switch (kind) {
    case FM_FORMULA_ASSUME:
        return &model->assumes;
    case FM_FORMULA_INVARIANT:
        return &model->invariants;
    case FM_FORMULA_IMPLIED_INIT:
        return &model->implied_inits;
    case FM_FORMULA_IMPLIED_ACTION:
        return &model->implied_actions;
    case FM_FORMULA_CONSTRAINT:
        return &model->constraints;
    case FM_FORMULA_ACTION_CONSTRAINT:
        return &model->action_constraints;
    case FM_FORMULA_POSTCONDITION:
        return &model->postconditions;
    }
    fm_unreachable();
}

static const char *use_of(enum fm_formula_kind kind)
{
    static const char *const uses[] = {
        [FM_FORMULA_ASSUME] = "an assumption",
        [FM_FORMULA_INVARIANT] = "an invariant",
        [FM_FORMULA_IMPLIED_INIT] = "a property of initial states",
        [FM_FORMULA_IMPLIED_ACTION] = "an action property",
        [FM_FORMULA_CONSTRAINT] = "a constraint",
        [FM_FORMULA_ACTION_CONSTRAINT] = "an action constraint",
        [FM_FORMULA_POSTCONDITION] = "a postcondition",
    };
    return uses[kind];
}

/* --- engines --- */

static struct fm_engine *open_engine(struct fm_model *model)
{
    struct fm_eval_model *own = own_model(model);
    struct fm_engine *engine = fm_engine_new(own);
    pthread_mutex_lock(&own->lock);
    fm_engine_grow_folds(engine);
    fm_registers_copy(engine, own->setup->registers);
    struct fm_engine **last = &own->engines;
    while (*last != NULL) {
        engine->number++;
        last = &(*last)->next_engine;
    }
    *last = engine;
    pthread_mutex_unlock(&own->lock);
    fm_random_seed(&engine->random, own->options.random_seed + engine->number);
    return engine;
}

static void close_engine(struct fm_engine *engine)
{
    struct fm_eval_model *model = engine->model;
    pthread_mutex_lock(&model->lock);
    struct fm_engine **at = &model->engines;
    while (*at != engine) {
        at = &(*at)->next_engine;
    }
    *at = engine->next_engine;
    pthread_mutex_unlock(&model->lock);
    fm_engine_free(engine);
}

static void reseed(struct fm_engine *engine, uint64_t seed)
{
    fm_random_seed(&engine->random, seed);
}

/* --- deciding --- */

struct check {
    const struct fm_formula_list *list;
    enum fm_formula_kind kind;
    uint32_t index, end;
    bool result;
};

static void run_check(struct fm_engine *engine, void *closure)
{
    struct check *check = closure;
    check->result = true;
    const struct fm_tallies *trees = engine->model->model.costs;
    for (; check->index < check->end; check->index++) {
        if (trees != NULL && check->kind == FM_FORMULA_INVARIANT) {
            engine->cost = trees->invariants[check->index];
        }
        if (!fm_engine_run_bool(engine, &check->list->at[check->index], use_of(check->kind))) {
            check->result = false;
            return;
        }
    }
}

static enum fm_verdict decide(struct fm_engine *engine, struct check *check, struct fm_state *s,
                              struct fm_state *t)
{
    struct fm_moment moment = fm_engine_enter(engine, s, t);
    if (check->kind == FM_FORMULA_ASSUME || check->kind == FM_FORMULA_POSTCONDITION) {
        engine->constant_level = true;
        engine->outside_workers = true;
    }
    bool succeeded = fm_eval_protect(engine, run_check, check);
    fm_engine_leave(engine, &moment);
    if (!succeeded) {
        return FM_VERDICT_FAILURE;
    }
    return check->result ? FM_VERDICT_TRUE : FM_VERDICT_FALSE;
}

static enum fm_verdict check_one(struct fm_engine *engine, enum fm_formula_kind kind,
                                 uint32_t index, struct fm_state *s, struct fm_state *t)
{
    const struct fm_formula_list *list = list_of(engine->model, kind);
    fm_assert(index < list->count);
    struct check check = {list, kind, index, index + 1, false};
    return decide(engine, &check, s, t);
}

static enum fm_verdict check_all(struct fm_engine *engine, enum fm_formula_kind kind,
                                 struct fm_state *s, struct fm_state *t, uint32_t *index)
{
    const struct fm_formula_list *list = list_of(engine->model, kind);
    struct check check = {list, kind, 0, list->count, false};
    enum fm_verdict verdict = list->count == 0 ? FM_VERDICT_TRUE : decide(engine, &check, s, t);
    *index = check.index;
    return verdict;
}

static const struct fm_explanation *explain(struct fm_engine *engine, enum fm_formula_kind kind,
                                            uint32_t index, struct fm_state *s, struct fm_state *t,
                                            struct fm_arena *arena)
{
    struct fm_explanation *explanation = fm_arena_calloc(arena, 1, sizeof *explanation);
    struct fm_moment moment = fm_engine_enter(engine, s, t);
    bool known = fm_explain_formula(engine, &list_of(engine->model, kind)->at[index], arena,
                                    explanation);
    fm_engine_leave(engine, &moment);
    return known ? explanation : NULL;
}

static const struct fm_explanation *why_not(struct fm_engine *engine, uint32_t action,
                                            struct fm_state *state, struct fm_arena *arena)
{
    struct fm_explanation *explanation = fm_arena_calloc(arena, 1, sizeof *explanation);
    struct fm_moment moment = fm_engine_enter(engine, state, NULL);
    bool disabled = fm_explain_why_not(engine, action, state, arena, explanation);
    fm_engine_leave(engine, &moment);
    return disabled ? explanation : NULL;
}

struct step {
    uint32_t action;
    bool result;
};

static void run_step(struct fm_engine *engine, void *closure)
{
    struct step *step = closure;
    const struct fm_action_code *action = &engine->model->actions[step->action];
    struct fm_frame *frame = fm_action_frame(engine, action->place, action->unit,
                                             action->let_units);
    step->result = fm_run_bool(engine, action->unit->body, frame, "an action");
}

static enum fm_verdict is_step(struct fm_engine *engine, uint32_t action, struct fm_state *s,
                               struct fm_state *t)
{
    struct step step = {action, false};
    struct fm_moment moment = fm_engine_enter(engine, s, t);
    bool succeeded = fm_eval_protect(engine, run_step, &step);
    fm_engine_leave(engine, &moment);
    if (!succeeded) {
        return FM_VERDICT_FAILURE;
    }
    return step.result ? FM_VERDICT_TRUE : FM_VERDICT_FALSE;
}

struct evaluation {
    const struct fm_formula *formula;
    fm_value result;
    bool holds;
};

static struct fm_formula_code code_of(struct fm_engine *engine, const struct fm_formula *formula)
{
    return (struct fm_formula_code){formula, fm_engine_unit(engine, formula->node, formula->frame)};
}

static void run_holds(struct fm_engine *engine, void *closure)
{
    struct evaluation *evaluation = closure;
    struct fm_formula_code code = code_of(engine, evaluation->formula);
    evaluation->holds = fm_engine_run_bool(engine, &code, "a predicate");
}

static enum fm_verdict holds(struct fm_engine *engine, const struct fm_formula *formula,
                             struct fm_state *s, struct fm_state *t)
{
    struct evaluation evaluation = {.formula = formula};
    struct fm_moment moment = fm_engine_enter(engine, s, t);
    bool succeeded = fm_eval_protect(engine, run_holds, &evaluation);
    fm_engine_leave(engine, &moment);
    if (!succeeded) {
        return FM_VERDICT_FAILURE;
    }
    return evaluation.holds ? FM_VERDICT_TRUE : FM_VERDICT_FALSE;
}

static void run_evaluation(struct fm_engine *engine, void *closure)
{
    struct evaluation *evaluation = closure;
    struct fm_formula_code code = code_of(engine, evaluation->formula);
    evaluation->result = fm_engine_run(engine, &code);
}

static fm_value evaluate(struct fm_engine *engine, const struct fm_formula *formula,
                         struct fm_state *s, struct fm_state *t)
{
    struct evaluation evaluation = {.formula = formula, .result = fm_none()};
    struct fm_moment moment = fm_engine_enter(engine, s, t);
    bool succeeded = fm_eval_protect(engine, run_evaluation, &evaluation);
    fm_engine_leave(engine, &moment);
    return succeeded ? evaluation.result : fm_none();
}

static fm_value alias(struct fm_engine *engine, struct fm_state *s, struct fm_state *t)
{
    const struct fm_formula *formula = &engine->model->model.program->alias;
    return formula->node == NULL ? fm_none() : evaluate(engine, formula, s, t);
}

static const struct fm_failure *failure(struct fm_engine *engine)
{
    return &engine->failure;
}

/* --- states --- */

static void encode(struct fm_engine *engine, const struct fm_state *state, struct fm_text *out)
{
    for (uint32_t i = 0; i < engine->variable_count; i++) {
        fm_value_encode(&engine->values, state->values[i], out);
    }
}

static struct fm_state *decode(struct fm_engine *engine, const uint8_t *bytes)
{
    struct fm_state *state = fm_engine_new_state(engine, NULL);
    for (uint32_t i = 0; i < engine->variable_count; i++) {
        state->values[i] = fm_value_decode(&engine->values, &bytes);
    }
    return state;
}

static void place(struct fm_engine *engine, struct fm_state *state, uint32_t level, uint32_t action)
{
    (void)engine;
    state->level = level;
    state->action = action;
}

static const fm_value *values(struct fm_engine *engine, const struct fm_state *state)
{
    (void)engine;
    return state->values;
}

struct fingerprinting {
    struct fm_state *state;
    struct fm_digest *fingerprint, *own;
};

static void run_fingerprint(struct fm_engine *engine, void *closure)
{
    const struct fingerprinting *at = closure;
    fm_engine_fingerprint(engine, at->state, at->fingerprint, at->own);
}

static void fingerprint(struct fm_engine *engine, struct fm_state *state, struct fm_digest *digest,
                        struct fm_digest *own)
{
    struct fingerprinting at = {state, digest, own};
    *digest = (struct fm_digest){0, 0};
    *own = *digest;
    struct fm_moment moment = fm_engine_enter(engine, NULL, NULL);
    (void)fm_eval_protect(engine, run_fingerprint, &at);
    fm_engine_leave(engine, &moment);
}

static struct fm_value_context *context_of(struct fm_engine *engine)
{
    return &engine->values;
}

static const uint64_t *coverage(struct fm_engine *engine)
{
    return engine->coverage;
}

static const struct fm_tally_count *costs(struct fm_engine *engine)
{
    return engine->costs;
}

/* --- the model's life --- */

static void free_model(struct fm_model *model)
{
    struct fm_eval_model *own = own_model(model);
    while (own->engines != NULL) {
        close_engine(own->engines);
    }
    if (own->setup != NULL) {
        fm_engine_free(own->setup);
    }
    fm_analysis_deinit(own);
    fm_map_deinit(&own->defs);
    fm_vec_deinit(&own->constants);
    if (own->encoded != NULL) {
        fm_constants_free(own->encoded);
    }
    pthread_mutex_destroy(&own->lock);
    fm_arena_deinit(&own->arena);
    fm_memory_free(own);
}

static const struct fm_model_ops interpreter = {
    .name = "interpreter",
    .model_free = free_model,
    .open = open_engine,
    .close = close_engine,
    .reseed = reseed,
    .reset = fm_engine_reset,
    .initial = fm_generate_initial,
    .successors = fm_generate_successors,
    .apply = fm_generate_apply,
    .why_not = why_not,
    .check = check_one,
    .check_all = check_all,
    .explain = explain,
    .is_step = is_step,
    .holds = holds,
    .eval = evaluate,
    .alias = alias,
    .failure = failure,
    .encode = encode,
    .decode = decode,
    .place = place,
    .from_values = fm_engine_new_state,
    .values = values,
    .fingerprint = fingerprint,
    .context = context_of,
    .coverage = coverage,
    .costs = costs,
};

/* --- making a model --- */

static struct fm_formula_code compile_formula(struct fm_eval_model *model,
                                              const struct fm_formula *formula)
{
    struct fm_formula_code code = {formula, NULL};
    if (formula->node != NULL) {
        code.unit = fm_compile_unit(model, formula->node, formula->frame);
    }
    return code;
}

static void compile_list(struct fm_eval_model *model, const struct fm_formula *formulas,
                         uint32_t count, struct fm_formula_list *list)
{
    list->at = fm_arena_alloc(&model->arena, (count + 1) * sizeof *list->at);
    list->count = count;
    for (uint32_t i = 0; i < count; i++) {
        list->at[i] = compile_formula(model, &formulas[i]);
    }
}

static uint32_t list_impurity(struct fm_eval_model *model, const struct fm_formula *formulas,
                              uint32_t count)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < count; i++) {
        bits |= fm_node_impurity(model, formulas[i].node);
    }
    return bits;
}

static void find_impurity(struct fm_eval_model *model)
{
    const struct fm_program *program = model->model.program;
    uint32_t bits = list_impurity(model, program->inits, program->init_count) |
                    list_impurity(model, program->invariants, program->invariant_count) |
                    list_impurity(model, program->implied_inits, program->implied_init_count) |
                    list_impurity(model, program->implied_actions, program->implied_action_count) |
                    list_impurity(model, program->constraints, program->constraint_count) |
                    list_impurity(model, program->action_constraints,
                                  program->action_constraint_count);
    if (program->view.node != NULL) {
        bits |= fm_node_impurity(model, program->view.node);
    }
    uint32_t *actions = fm_arena_alloc(&model->arena,
                                       (model->model.action_count + 1) * sizeof *actions);
    for (uint32_t i = 0; i < model->model.action_count; i++) {
        actions[i] = fm_node_impurity(model, model->model.actions[i].node);
        bits |= actions[i];
    }
    model->model.action_impurity = actions;
    model->model.impurity = bits;
    model->batch_of_one = (bits & ~FM_IMPURE_CLOCK) != 0;
}

/* Values that the configuration gave to constants: shared by all engines from now on. */
static void freeze_constants(struct fm_eval_model *model)
{
    const struct fm_program *program = model->model.program;
    for (uint32_t i = 0; i < program->def_count; i++) {
        struct fm_def *def = program->defs[i];
        if (!fm_is_none(def->value)) {
            def->value = fm_constant_register(model, def->value);
        }
    }
}

static void compile_all(struct fm_eval_model *model)
{
    const struct fm_program *program = model->model.program;
    freeze_constants(model);
    compile_list(model, program->assumes, program->assume_count, &model->assumes);
    compile_list(model, program->inits, program->init_count, &model->inits);
    compile_list(model, program->invariants, program->invariant_count, &model->invariants);
    compile_list(model, program->implied_inits, program->implied_init_count, &model->implied_inits);
    compile_list(model, program->implied_actions, program->implied_action_count,
                 &model->implied_actions);
    compile_list(model, program->constraints, program->constraint_count, &model->constraints);
    compile_list(model, program->action_constraints, program->action_constraint_count,
                 &model->action_constraints);
    compile_list(model, program->postconditions, program->postcondition_count,
                 &model->postconditions);
    model->next = compile_formula(model, &program->next);
    model->view = compile_formula(model, &program->view);
    model->alias = compile_formula(model, &program->alias);
    model->symmetry_formula = compile_formula(model, &program->symmetry);
}

static void run_compile(struct fm_engine *engine, void *closure)
{
    (void)closure;
    compile_all(engine->model);
}

static void run_split(struct fm_engine *engine, void *closure)
{
    (void)closure;
    fm_actions_split(engine->model);
}

static void report_failure(struct fm_eval_model *model)
{
    const struct fm_failure *what = &model->setup->failure;
    (void)fm_diag_report(model->model.session->diags, what->code, what->span, "%s", what->message);
}

static bool make(struct fm_eval_model *model)
{
    struct fm_engine *engine = model->setup;
    engine->constant_level = true;
    engine->outside_workers = true;
    if (!fm_eval_protect(engine, run_compile, NULL)) {
        report_failure(model);
        return false;
    }
    fm_engine_grow_folds(engine);
    if (!fm_constants_evaluate(model)) {
        report_failure(model);
        return false;
    }
    if (!fm_constants_check(model)) {
        return false;
    }
    if (!fm_eval_protect(engine, run_split, NULL)) {
        report_failure(model);
        return false;
    }
    fm_engine_grow_folds(engine);
    if (model->options.costs) {
        fm_tallies_make(model);
    }
    find_impurity(model);
    if (!fm_symmetry_init(model)) {
        return false;
    }
    fm_constants_add_symbols(&model->values, model->encoded);
    model->encoded_closed = true;
    engine->values.constants = model->encoded;
    model->values.constants = model->encoded;
    return true;
}

struct fm_model *fm_eval_model_new(struct fm_session *session, struct fm_program *program,
                                   const struct fm_model_options *options, struct fm_run *run)
{
    struct fm_eval_model *model = fm_memory_calloc(1, sizeof *model);
    model->model = (struct fm_model){
        .ops = &interpreter,
        .program = program,
        .session = session,
        .variable_count = program->variable_count,
        .has_view = program->view.node != NULL,
        .has_symmetry = program->symmetry.node != NULL && !options->no_symmetry,
        .run = run,
    };
    model->options = *options;
    if (model->options.set_size_max == 0) {
        model->options.set_size_max = session->context->set_size_max;
    }
    fm_arena_init(&model->arena, "model");
    pthread_mutex_init(&model->lock, NULL);
    model->action_name = fm_symbol_of(session->symbols, "Action");
    model->encoded = fm_constants_new();
    model->setup = fm_engine_new(model);
    model->values = model->setup->values;
    model->values.arena = &model->arena;
    fm_random_seed(&model->setup->random, options->random_seed);
    fm_engine_grow_folds(model->setup);
    if (!make(model)) {
        free_model(&model->model);
        return NULL;
    }
    return &model->model;
}
