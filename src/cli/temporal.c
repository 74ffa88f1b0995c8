/* The temporal part of a check.
 *
 * It comes after the search, in the same run (`then` of struct fm_check_options). Under SYMMETRY
 * the search has one state of each orbit, and a step between two orbits says nothing of which
 * process took it, which fairness and properties tell apart. So the temporal part then gets a
 * search of its own without symmetry; what that finds becomes part of the first one's result.
 * Invariants are not judged once more: what SYMMETRY says of the specification holds of them. With
 * a VIEW states that differ are taken for one, and what can happen from them may differ: then
 * nothing is decided. */
#include "cli/temporal.h"

#include "eval/eval.h"
#include "explore/kept.h"
#include "modules/native.h"

#include <string.h>

static bool has_symmetry(const struct fm_program *program, const struct fm_options *options)
{
    return program->symmetry.node != NULL && !options->no_symmetry;
}

static bool is_switched_off(const struct fm_options *options)
{
    return options->lncheck != NULL && strcmp(options->lncheck, "off") == 0;
}

bool fm_cli_temporal_is_wanted(const struct fm_program *program, const struct fm_options *options)
{
    return program->temporal_count > 0 && program->view.node == NULL && !is_switched_off(options) &&
           options->simulation == NULL;
}

/* Why the steps of the model cannot be made a second time, or NULL. */
static const char *why_not_again(const struct fm_model *model)
{
    if ((model->impurity & FM_IMPURE_RANDOM) != 0) {
        return "the specification draws random values, so a state does not have the same steps "
               "again";
    }
    if ((model->impurity & FM_IMPURE_CLOCK) != 0) {
        return "the specification reads the clock, so a state does not have the same steps again";
    }
    return NULL;
}

static void name_formulas(struct fm_cli_temporal *temporal)
{
    uint32_t count = temporal->temporals.atom_count;
    temporal->named = fm_arena_alloc(&temporal->arena, (count + 1) * sizeof *temporal->named);
    for (uint32_t i = 0; i < count; i++) {
        temporal->named[i] = &temporal->temporals.atoms[i].formula;
    }
    temporal->named_count = count;
}

bool fm_cli_temporal_open(struct fm_cli_temporal *temporal, struct fm_model *interpreter,
                          const struct fm_liveness_options *options)
{
    const struct fm_program *program = temporal->program;
    fm_arena_init(&temporal->arena, "temporal");
    if (program->temporal_count == 0) {
        return true;
    }
    if (is_switched_off(temporal->options)) {
        temporal->why_not = "";
    } else if (temporal->options->simulation != NULL) {
        temporal->why_not = "a simulation samples behaviors, and all of them end";
    } else if (program->view.node != NULL) {
        temporal->why_not = "with a VIEW different states are taken for one, and what can follow "
                            "them is not the same; leave VIEW away to check them";
    } else {
        temporal->why_not = why_not_again(interpreter);
    }
    if (temporal->why_not != NULL) {
        return true;
    }
    if (!fm_temporals_init(&temporal->temporals, temporal->program, interpreter,
                           &temporal->arena)) {
        return false;
    }
    struct fm_liveness_options mine = *options;
    mine.temporals = &temporal->temporals;
    mine.interpreter = interpreter;
    temporal->liveness = fm_liveness_new(&mine);
    name_formulas(temporal);
    return true;
}

void fm_cli_temporal_close(struct fm_cli_temporal *temporal)
{
    fm_checker_free(temporal->checker);
    if (temporal->model != NULL) {
        temporal->model->ops->model_free(temporal->model);
    }
    fm_liveness_free(temporal->liveness);
    fm_arena_deinit(&temporal->arena);
}

/* The search without symmetry, in the interpreter and in emitted code of its own. */
static enum fm_check_end search_without(struct fm_cli_temporal *temporal, struct fm_checker *outer,
                                        enum fm_check_end end)
{
    const struct fm_options *options = temporal->options;
    struct fm_check_options check = temporal->check_options;
    check.keep_states = false;
    check.keep_encodings = true;
    check.invariants_known = true;
    check.then = fm_liveness_check;
    check.then_closure = temporal->liveness;
    check.observer = (struct fm_check_observer){.closure = NULL};
    temporal->checker = fm_checker_new(&check);
    temporal->model_options.no_symmetry = true;
    temporal->model = fm_eval_model_new(temporal->session, temporal->program,
                                        &temporal->model_options,
                                        fm_checker_hooks(temporal->checker));
    if (temporal->model == NULL) {
        temporal->why_not = "there is no model of the specification without SYMMETRY";
        return end;
    }
    fm_liveness_set_interpreter(temporal->liveness, temporal->model);
    if (!options->no_native && fm_native_why_not(temporal->model) == NULL) {
        struct fm_native_options native = {.wait = options->native_wait || options->exact,
                                           .exact = options->exact,
                                           .named = temporal->named,
                                           .named_count = temporal->named_count};
        temporal->model = fm_native_model_new(temporal->model, &native);
    }
    temporal->result = fm_check_run(temporal->checker, temporal->model);
    for (uint32_t i = 0; i < temporal->result->problem_count; i++) {
        fm_kept_report(outer, temporal->result->problems[i]);
    }
    switch (temporal->result->end) {
    case FM_CHECK_INTERRUPTED:
    case FM_CHECK_MEMORY:
        return temporal->result->end;
    case FM_CHECK_COMPLETE:
    case FM_CHECK_PROBLEM:
    case FM_CHECK_DEPTH:
    case FM_CHECK_EXIT:
        break;
    }
    return end;
}

enum fm_check_end fm_cli_temporal_check(void *closure, struct fm_checker *checker,
                                        enum fm_check_end end)
{
    struct fm_cli_temporal *temporal = closure;
    if (temporal->liveness == NULL) {
        return end;
    }
    if (has_symmetry(temporal->program, temporal->options)) {
        return search_without(temporal, checker, end);
    }
    return fm_liveness_check(temporal->liveness, checker, end);
}
