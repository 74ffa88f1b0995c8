/* From a find to a problem: its name, its behaviour, why it is one, and the codes of TLC.
 *
 * Emitted code may have found it; the interpreter rebuilds the behaviour (path.c), decides the
 * problem once more and says which part is false, or for a deadlock why each action is disabled.
 * trace.c puts the states into words. */
#include "explore/path.h"

#include "modules/native.h"

#include <string.h>

/* Actions of a deadlock that are explained: more than a reader looks at. */
#define DISABLED_MAX 32u

/* --- failures --- */

static bool is_argument_error(const struct fm_failure *failure)
{
    switch ((int)failure->code) {
    case FM_CODE_4010: /* arithmetic that has no result */
    case FM_CODE_4011:
    case FM_CODE_4012:
    case FM_CODE_4013:
        return true;
    case FM_CODE_4201:
    case FM_CODE_4202:
    case FM_CODE_4205:
    case FM_CODE_4206:
        return failure->native != NULL && fm_native_judges_arguments(failure->native);
    }
    return false;
}

struct fm_failure_report *problem_copy_failure(struct fm_arena *arena,
                                               const struct fm_failure *failure)
{
    struct fm_failure_report *copy = fm_arena_calloc(arena, 1, sizeof *copy);
    copy->code = failure->code;
    copy->is_assert = failure->is_assert;
    copy->is_memory = failure->is_memory;
    copy->message = fm_arena_strndup(arena, failure->message, strlen(failure->message));
    if (failure->judged != NULL) {
        copy->judged = fm_arena_strndup(arena, failure->judged, strlen(failure->judged));
    }
    copy->generated = failure->generated;
    copy->is_argument = is_argument_error(failure);
    copy->span = failure->span;
    copy->stack = fm_arena_copy(arena, failure->stack, failure->stack_count * sizeof *copy->stack);
    copy->stack_count = failure->stack_count;
    return copy;
}

static const struct fm_failure_report *keep_failure(struct search *search,
                                                    const struct fm_failure_report *failure)
{
    if (failure == NULL) {
        return NULL;
    }
    struct fm_failure_report *copy = fm_arena_calloc(&search->arena, 1, sizeof *copy);
    *copy = *failure;
    copy->message = fm_arena_strndup(&search->arena, failure->message, strlen(failure->message));
    if (failure->judged != NULL) {
        copy->judged = fm_arena_strndup(&search->arena, failure->judged, strlen(failure->judged));
    }
    copy->stack = fm_arena_copy(&search->arena, failure->stack,
                                failure->stack_count * sizeof *copy->stack);
    return copy;
}

/* --- problems --- */

static bool list_of_kind(enum fm_problem_kind kind, enum fm_formula_kind *list)
{
    switch (kind) {
    case FM_PROBLEM_ASSUMPTION:
    case FM_PROBLEM_ASSUMPTION_FAILED:
        *list = FM_FORMULA_ASSUME;
        return true;
    case FM_PROBLEM_INVARIANT:
    case FM_PROBLEM_INVARIANT_FAILED:
    case FM_PROBLEM_INITIAL_INVARIANT:
    case FM_PROBLEM_INITIAL_INVARIANT_FAILED:
        *list = FM_FORMULA_INVARIANT;
        return true;
    case FM_PROBLEM_INITIAL_PROPERTY:
    case FM_PROBLEM_INITIAL_PROPERTY_FAILED:
        *list = FM_FORMULA_IMPLIED_INIT;
        return true;
    case FM_PROBLEM_ACTION_PROPERTY:
    case FM_PROBLEM_ACTION_PROPERTY_FAILED:
        *list = FM_FORMULA_IMPLIED_ACTION;
        return true;
    case FM_PROBLEM_POSTCONDITION:
    case FM_PROBLEM_POSTCONDITION_FAILED:
        *list = FM_FORMULA_POSTCONDITION;
        return true;
    case FM_PROBLEM_INITIAL_FAILED:
    case FM_PROBLEM_INITIAL_INCOMPLETE:
    case FM_PROBLEM_NEXT_FAILED:
    case FM_PROBLEM_NEXT_ASSERT:
    case FM_PROBLEM_TEMPORAL:
    case FM_PROBLEM_TEMPORAL_FAILED:
    case FM_PROBLEM_TEMPORAL_UNCONFIRMED:
    case FM_PROBLEM_DEADLOCK:
    case FM_PROBLEM_NO_NEXT:
    case FM_PROBLEM_NO_INITIAL:
    case FM_PROBLEM_NO_INITIAL_IN_MODEL:
        break;
    }
    return false;
}

static const struct fm_formula *formula_of(const struct fm_program *program,
                                           enum fm_formula_kind list, uint32_t index)
{
    switch (list) {
    case FM_FORMULA_ASSUME:
        return &program->assumes[index];
    case FM_FORMULA_INVARIANT:
        return &program->invariants[index];
    case FM_FORMULA_IMPLIED_INIT:
        return &program->implied_inits[index];
    case FM_FORMULA_IMPLIED_ACTION:
        return &program->implied_actions[index];
    case FM_FORMULA_CONSTRAINT:
        return &program->constraints[index];
    case FM_FORMULA_ACTION_CONSTRAINT:
        return &program->action_constraints[index];
    case FM_FORMULA_POSTCONDITION:
        return &program->postconditions[index];
    }
    return NULL;
}

static void name_problem(const struct search *search, struct fm_problem *problem, uint32_t formula)
{
    enum fm_formula_kind list;
    problem->name = "";
    if (list_of_kind(problem->kind, &list)) {
        const struct fm_formula *found = formula_of(search->model->program, list, formula);
        problem->name = found->name == NULL ? "" : found->name->text;
        problem->span = found->node->span;
    }
}

/* Which part is false; the engine holds nothing when this is called. */
static void explain(struct search *search, struct fm_problem *problem, const struct find *find,
                    const struct path *path)
{
    enum fm_formula_kind list;
    if (find->failure != NULL || !list_of_kind(problem->kind, &list) || path->count == 0) {
        return;
    }
    struct fm_engine *engine = search->workers[0].engine;
    search->ops->reset(engine);
    struct fm_state *s = path_decode(search, path, path->count - 1);
    struct fm_state *t = NULL;
    if (list == FM_FORMULA_IMPLIED_ACTION) {
        if (path->count < 2) {
            return;
        }
        t = s;
        s = path_decode(search, path, path->count - 2);
    }
    path_show(search, path, path->count);
    problem->explanation = search->ops->explain(engine, list, find->formula, s, t, &search->arena);
    path_show(search, path, 0);
}

/* For each action the first conjunct that is false in the state without successors. */
static void explain_deadlock(struct search *search, struct fm_problem *problem, const uint8_t *last)
{
    struct fm_engine *engine = search->workers[0].engine;
    uint32_t count = search->model->action_count;
    count = count < DISABLED_MAX ? count : DISABLED_MAX;
    struct fm_disabled *disabled = fm_arena_calloc(&search->arena, count + 1, sizeof *disabled);
    for (uint32_t i = 0; i < count; i++) {
        search->ops->reset(engine);
        struct fm_state *state = search->ops->decode(engine, last);
        const struct fm_explanation *explanation = search->ops->why_not(engine, i, state,
                                                                        &search->arena);
        if (explanation != NULL) {
            struct fm_disabled *entry = &disabled[problem->disabled_count++];
            entry->action = &search->model->actions[i];
            entry->label = trace_label(search, entry->action);
            entry->explanation = explanation;
        }
    }
    problem->disabled = disabled;
}

/* What emitted code found is decided once more without it. */
static void interpret_only(struct search *search, bool only)
{
    struct fm_engine *engine = search->workers[0].engine;
    if (search->ops->interpret != NULL) {
        search->ops->interpret(engine, only);
    }
    search->ops->reset(engine);
}

const struct fm_problem *problem_make(struct search *search, const struct find *find)
{
    struct fm_problem *problem = fm_arena_calloc(&search->arena, 1, sizeof *problem);
    problem->kind = find->kind;
    name_problem(search, problem, find->formula);
    problem->failure = keep_failure(search, find->failure);
    const struct fm_action *action = trace_action(search, find->action);
    if (problem->name[0] == '\0' && action != NULL && find->failure != NULL) {
        problem->name = action->name == NULL ? "" : action->name->text;
    }
    interpret_only(search, true);
    search->quiet = true;
    struct path path = path_build(search, find);
    search->quiet = false;
    problem->trace = trace_of(search, find, &path);
    search->quiet = true;
    explain(search, problem, find, &path);
    if (find->kind == FM_PROBLEM_DEADLOCK && path.count > 0) {
        explain_deadlock(search, problem, path.steps[path.count - 1].bytes);
    }
    search->quiet = false;
    interpret_only(search, false);
    return problem;
}

const struct fm_problem *problem_bare(struct search *search, enum fm_problem_kind kind,
                                      uint32_t formula)
{
    struct fm_problem *problem = fm_arena_calloc(&search->arena, 1, sizeof *problem);
    struct fm_engine *engine = search->workers[0].engine;
    problem->kind = kind;
    name_problem(search, problem, formula);
    enum fm_formula_kind list;
    /* The postconditions of _POSSIBLE are not the reader's text: their name says it all. */
    bool is_ours = kind == FM_PROBLEM_POSTCONDITION &&
                   search->model->program->postconditions[formula].def == NULL;
    if (kind == FM_PROBLEM_ASSUMPTION_FAILED || kind == FM_PROBLEM_POSTCONDITION_FAILED) {
        problem->failure = problem_copy_failure(&search->arena, search->ops->failure(engine));
    } else if (!is_ours && list_of_kind(kind, &list)) {
        search->quiet = true;
        problem->explanation = search->ops->explain(engine, list, formula, NULL, NULL,
                                                    &search->arena);
        search->quiet = false;
    }
    return problem;
}

uint32_t fm_problem_code(enum fm_problem_kind kind)
{
    static const uint32_t codes[] = {
#define FM_PROBLEM(name, code, exit_status) [FM_PROBLEM_##name] = code,
#include "explore/problems.def"
#undef FM_PROBLEM
    };
    return codes[kind];
}

int fm_problem_exit_status(const struct fm_problem *problem)
{
    static const int statuses[] = {
#define FM_PROBLEM(name, code, exit_status) [FM_PROBLEM_##name] = exit_status,
#include "explore/problems.def"
#undef FM_PROBLEM
    };
    /* An end of stack or memory, whatever was being evaluated, is none of these errors to TLC; nor
     * is a wrong argument of a library operator in a step. */
    bool is_memory = problem->failure != NULL && problem->failure->is_memory;
    bool is_argument = problem->failure != NULL &&
                       (problem->kind == FM_PROBLEM_NEXT_FAILED ||
                        problem->kind == FM_PROBLEM_ACTION_PROPERTY_FAILED) &&
                       problem->failure->is_argument;
    /* TLC refuses decimals when it reads them. */
    bool is_decimal = problem->failure != NULL && problem->failure->code == FM_CODE_4301;
    return is_decimal ? 151 : is_memory || is_argument ? 255 : statuses[problem->kind];
}
