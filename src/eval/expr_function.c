/* Functions, tuples and records.
 *
 * `[x \in S |-> e]` becomes explicit at once when all its sets are enumerated or intervals, and
 * stays lazy otherwise (SUBSET S, Nat, Cartesian products ...), as in TLC. Applied directly, `[x
 * \in S |-> e][a]`, it is not built at all: only e for a is evaluated, so that an element that
 * would fail and is never used does no harm. The same holds through IF, CASE, LET, labels, calls,
 * and for a LET definition or an argument that is such a constructor: fm_apply_lazily. A waiting
 * constructor that is applied again and again is built when the applications have cost about half
 * of it; if building fails, it goes on element by element.
 *
 * Recursive functions are always lazy and never memoized: their cost and their errors are TLC's.
 * Where their values are functions again, f[a][b] builds neither.
 *
 * Records share their domain (a frozen set of names made when the code was compiled). */
#include "eval/run.h"

/* --- tuples and records --- */

static fm_value eval_tuple(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame)
{
    char *mark = engine->frame_next;
    fm_value *elements = fm_frame_alloc(engine, code->count * sizeof *elements);
    for (uint32_t i = 0; i < code->count; i++) {
        elements[i] = fm_run(engine, code->kids[i], frame);
    }
    fm_value result = fm_tuple(&engine->values, elements, code->count);
    engine->frame_next = mark;
    return result;
}

static fm_value eval_record(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame)
{
    fm_value result;
    const struct fm_expr_record *record = code->u.record;
    fm_value *values = fm_fcn_begin(&engine->values, record->domain, &result);
    for (uint32_t i = 0; i < code->count; i++) {
        values[record->places[i]] = fm_run(engine, code->kids[i], frame);
    }
    return result;
}

static fm_value eval_record_twice(struct fm_engine *engine, const struct fm_expr *code,
                                  struct fm_frame *frame)
{
    (void)frame;
    fm_eval_raise(engine, code, FM_CODE_4016, "a field of this record is given twice");
}

static fm_value eval_field(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame)
{
    fm_value record = fm_run(engine, code->kids[0], frame);
    fm_value value = fm_fcn_apply_inline(record, code->u.value);
    if (!fm_is_none(value)) {
        return value;
    }
    engine->at = code;
    return fm_record_field(&engine->values, record, code->node->u.name);
}

static fm_value eval_domain(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_frame *frame)
{
    fm_value function = fm_run(engine, code->kids[0], frame);
    engine->at = code;
    return fm_fcn_domain(&engine->values, function);
}

/* --- function constructors --- */

static bool is_reducible(fm_value set)
{
    return fm_is_kind(set, FM_KIND_SET) || fm_is_kind(set, FM_KIND_INTERVAL);
}

/* The sets of all variables, in order. */
static fm_value *domain_factors(struct fm_engine *engine, const struct fm_expr *code,
                                struct fm_frame *frame)
{
    const struct fm_binder *binder = code->u.binder;
    fm_value *factors = fm_frame_alloc(engine, binder->variables * sizeof *factors);
    uint32_t used = 0;
    for (uint32_t i = 0; i < binder->count; i++) {
        const struct fm_expr_binding *binding = &binder->at[i];
        if (binding->set == NULL) {
            fm_eval_raise(engine, code, FM_CODE_4313, "the argument %s of a function has no set",
                          binding->binding->names[0]->text);
        }
        fm_value set = fm_run(engine, binding->set, frame);
        uint32_t variables = binding->is_tuple ? 1 : binding->slot_count;
        for (uint32_t j = 0; j < variables; j++) {
            factors[used++] = set;
        }
    }
    return factors;
}

static void count_elements(struct fm_engine *engine, uint32_t count)
{
    if (engine->cost != NULL) {
        engine->costs[engine->cost->index].extra += count;
    }
}

static fm_value build_one(struct fm_engine *engine, const struct fm_expr *code,
                          struct fm_frame *frame, fm_value domain)
{
    const struct fm_binder *binder = code->u.binder;
    const struct fm_expr_binding *binding = &binder->at[0];
    engine->at = binding->set;
    struct fm_set_cursor cursor;
    fm_set_begin(&engine->values, &cursor, domain, FM_SET_NORMAL);
    fm_value result, element;
    fm_value *values = fm_fcn_begin(&engine->values, domain, &result);
    uint32_t count = 0;
    for (; fm_set_next(&engine->values, &cursor, &element); count++) {
        fm_walk_destructure(engine, binding, element, frame);
        values[count] = fm_run(engine, binder->body, frame);
    }
    count_elements(engine, count);
    return result;
}

static void bind_tuple(struct fm_engine *engine, const struct fm_binder *binder,
                       const fm_value *elements, struct fm_frame *frame)
{
    uint32_t used = 0;
    for (uint32_t i = 0; i < binder->count; i++) {
        const struct fm_expr_binding *binding = &binder->at[i];
        if (binding->is_tuple) {
            fm_walk_destructure(engine, binding, elements[used++], frame);
            continue;
        }
        for (uint32_t j = 0; j < binding->slot_count; j++) {
            frame->slots[binding->first_slot + j] = elements[used++];
        }
    }
}

static fm_value build_many(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame, const fm_value *factors)
{
    const struct fm_binder *binder = code->u.binder;
    engine->at = code;
    fm_value domain = fm_set_explicit(&engine->values,
                                      fm_cross(&engine->values, factors, binder->variables));
    uint32_t count;
    const fm_value *arguments = fm_set_elements(&engine->values, domain, &count);
    fm_value result;
    fm_value *values = fm_fcn_begin(&engine->values, domain, &result);
    for (uint32_t i = 0; i < count; i++) {
        const fm_value *elements;
        uint32_t size;
        (void)fm_sequence_view(&engine->values, arguments[i], &elements, &size);
        bind_tuple(engine, binder, elements, frame);
        values[i] = fm_run(engine, binder->body, frame);
    }
    count_elements(engine, count);
    return result;
}

static fm_value lazy_function(struct fm_engine *engine, const struct fm_expr *code,
                              struct fm_frame *frame, const fm_value *factors)
{
    const struct fm_binder *binder = code->u.binder;
    engine->at = code;
    fm_value domain = binder->variables == 1
                          ? factors[0]
                          : fm_cross(&engine->values, factors, binder->variables);
    struct fm_lazy *lazy = fm_lazy_capture(engine, code, frame);
    lazy->domain = domain;
    lazy->self = fm_lazy_fcn(&engine->values, domain, lazy);
    return lazy->self;
}

static fm_value eval_function(struct fm_engine *engine, const struct fm_expr *code,
                              struct fm_frame *frame)
{
    char *mark = engine->frame_next;
    fm_value *factors = domain_factors(engine, code, frame);
    uint32_t variables = code->u.binder->variables;
    bool reducible = code->u.binder->recursive == 0;
    for (uint32_t i = 0; i < variables && reducible; i++) {
        reducible = is_reducible(factors[i]);
    }
    fm_value result;
    if (!reducible) {
        result = lazy_function(engine, code, frame, factors);
    } else if (variables == 1) {
        result = build_one(engine, code, frame, factors[0]);
    } else {
        result = build_many(engine, code, frame, factors);
    }
    engine->frame_next = mark;
    return result;
}

/* --- application --- */

static inline fm_value apply(struct fm_engine *engine, const struct fm_expr *code,
                             fm_value function, fm_value argument)
{
    fm_value result = fm_fcn_apply_inline(function, argument);
    if (!fm_is_none(result)) {
        return result;
    }
    engine->at = code;
    return fm_fcn_apply(&engine->values, function, argument);
}

static void check_domain(struct fm_engine *engine, const struct fm_expr *code, fm_value domain,
                         fm_value argument)
{
    int known = fm_set_member_inline(argument, domain);
    engine->at = code;
    if (known == 0 || (known < 0 && !fm_set_member(&engine->values, argument, domain))) {
        fm_eval_raise(engine, code, FM_CODE_4004,
                      "the argument %s is not in the domain of the function, which is %s",
                      fm_eval_describe(engine, argument), fm_eval_describe(engine, domain));
    }
}

void fm_function_bind(struct fm_engine *engine, const struct fm_expr *code, struct fm_frame *frame,
                      fm_value argument)
{
    const struct fm_binder *binder = code->u.binder;
    char *mark = engine->frame_next;
    fm_value *factors = domain_factors(engine, code, frame);
    if (binder->variables == 1) {
        check_domain(engine, code, factors[0], argument);
        fm_walk_destructure(engine, &binder->at[0], argument, frame);
    } else {
        check_domain(engine, code, fm_cross(&engine->values, factors, binder->variables), argument);
        const fm_value *elements;
        uint32_t count;
        (void)fm_sequence_view(&engine->values, argument, &elements, &count);
        bind_tuple(engine, binder, elements, frame);
    }
    engine->frame_next = mark;
}

struct forcing {
    struct fm_thunk *thunk;
};

static void force_protected(struct fm_engine *engine, void *closure)
{
    const struct forcing *forcing = closure;
    (void)fm_thunk_force(engine, forcing->thunk);
}

/* Applications of a waiting constructor before it is built. */
#define APPLICATIONS_LAZY 2u
#define APPLICATIONS_NEVER_BUILD UINT32_MAX

static fm_value apply_thunk(struct fm_engine *engine, const struct fm_expr *code,
                            struct fm_thunk *thunk, fm_value argument)
{
    const struct fm_expr *function = fm_expr_unwrap(thunk->code);
    if (fm_thunk_is_valid(engine, thunk) || function->node->op != FM_OP_FCN) {
        return apply(engine, code, fm_thunk_force(engine, thunk), argument);
    }
    if (thunk->applied != APPLICATIONS_NEVER_BUILD && ++thunk->applied > APPLICATIONS_LAZY) {
        struct forcing forcing = {thunk};
        if (fm_eval_protect(engine, force_protected, &forcing)) {
            return apply(engine, code, fm_thunk_force(engine, thunk), argument);
        }
        thunk->applied = APPLICATIONS_NEVER_BUILD;
    }
    const struct fm_tally *cost = engine->cost;
    engine->cost = thunk->cost;
    fm_value result = fm_apply_lazily(engine, code, function, thunk->frame, argument);
    engine->cost = cost;
    return result;
}

static fm_value apply_call(struct fm_engine *engine, const struct fm_expr *code,
                           const struct fm_expr *function, struct fm_frame *frame,
                           fm_value argument)
{
    const struct fm_call *call = function->u.call;
    fm_check_stack(engine);
    char *mark = engine->frame_next;
    struct fm_frame *up = call->is_global ? NULL : fm_frame_climb(frame, call->climb);
    struct fm_frame *callee = fm_frame_for_call(engine, call, call->def, up, frame, false);
    struct fm_activation activation = {engine->top, function, call->def->def};
    engine->top = &activation;
    fm_value result = fm_apply_lazily(engine, code, call->def->unit.body, callee, argument);
    engine->top = activation.outer;
    engine->frame_next = mark;
    return result;
}

static fm_value apply_unbuilt(struct fm_engine *engine, const struct fm_expr *code,
                              const struct fm_expr *function, struct fm_frame *frame,
                              fm_value argument)
{
    const struct fm_expr *bare = function->node->op == FM_OP_FCN ? fm_expr_unwrap(function)
                                                                 : function;
    switch ((int)bare->node->op) {
    case FM_OP_FCN:
        fm_function_bind(engine, bare, frame, argument);
        return fm_run(engine, bare->u.binder->body, frame);
    case FM_OP_LOCAL: {
        fm_value slot =
            fm_frame_climb(frame, bare->node->u.local.depth)->slots[bare->node->u.local.slot];
        return fm_is_thunk(slot) ? apply_thunk(engine, code, fm_thunk_of(slot), argument)
                                 : apply(engine, code, slot, argument);
    }
    case FM_OP_LABEL:
        return fm_apply_lazily(engine, code, bare->kids[0], frame, argument);
    case FM_OP_IF:
        return fm_apply_lazily(
            engine, code,
            bare->kids[fm_run_bool(engine, bare->kids[0], frame, "the condition of IF") ? 1 : 2],
            frame, argument);
    case FM_OP_LET:
        if (bare->inner == NULL) {
            fm_let_enter(engine, bare, frame, false);
            return fm_apply_lazily(engine, code, bare->kids[0], frame, argument);
        }
        break;
    case FM_OP_CALL:
        /* A native, or a constant without a definition, has no call to look into. */
        if (bare->inner == NULL && bare->node->u.def->native == NULL &&
            bare->node->u.def->body != NULL && bare->u.call->def->is_function) {
            return apply_call(engine, code, bare, frame, argument);
        }
        break;
    }
    return apply(engine, code, fm_run(engine, function, frame), argument);
}

fm_value fm_apply_lazily(struct fm_engine *engine, const struct fm_expr *code,
                         const struct fm_expr *function, struct fm_frame *frame, fm_value argument)
{
    function = fm_expr_without_tally(function);
    const struct fm_tally *cost = fm_tally_enter(engine, function->node);
    fm_value result = apply_unbuilt(engine, code, function, frame, argument);
    engine->cost = cost;
    return result;
}

static fm_value eval_apply(struct fm_engine *engine, const struct fm_expr *code,
                           struct fm_frame *frame)
{
    fm_value function = fm_run(engine, code->kids[0], frame);
    fm_value argument = fm_run(engine, code->kids[1], frame);
    return apply(engine, code, function, argument);
}

static fm_value eval_apply_lazily(struct fm_engine *engine, const struct fm_expr *code,
                                  struct fm_frame *frame)
{
    fm_value argument = fm_run(engine, code->kids[1], frame);
    return fm_apply_lazily(engine, code, code->kids[0], frame, argument);
}

static fm_value eval_apply_local(struct fm_engine *engine, const struct fm_expr *code,
                                 struct fm_frame *frame)
{
    fm_value argument = fm_run(engine, code->kids[1], frame);
    const struct fm_local *local = &code->kids[0]->node->u.local;
    fm_value slot = fm_frame_climb(frame, local->depth)->slots[local->slot];
    return fm_is_thunk(slot) ? apply_thunk(engine, code, fm_thunk_of(slot), argument)
                             : apply(engine, code, slot, argument);
}

/* f[a][b] */
static fm_value eval_apply_nested(struct fm_engine *engine, const struct fm_expr *code,
                                  struct fm_frame *frame)
{
    const struct fm_expr *inner = fm_expr_without_tally(code->kids[0]);
    if (inner->kids[0]->node->op == FM_OP_LOCAL) {
        const struct fm_local *local = &inner->kids[0]->node->u.local;
        if (fm_is_thunk(fm_frame_climb(frame, local->depth)->slots[local->slot])) {
            return eval_apply(engine, code, frame);
        }
    }
    const struct fm_tally *cost = fm_tally_enter(engine, inner->node);
    fm_value function = fm_run(engine, inner->kids[0], frame);
    fm_value first = fm_run(engine, inner->kids[1], frame);
    engine->cost = cost;
    if (!fm_lazy_yields_function(function)) {
        fm_value outer = apply(engine, inner, function, first);
        return apply(engine, code, outer, fm_run(engine, code->kids[1], frame));
    }
    check_domain(engine, inner, fm_as_lazy_fcn(function)->domain, first);
    fm_value second = fm_run(engine, code->kids[1], frame);
    return fm_lazy_apply_twice(engine, code, function, first, second);
}

/* --- compiling --- */

static struct fm_expr *compile_constructor(struct fm_compiler *compiler, const struct fm_node *node)
{
    bool recursive = node->op == FM_OP_RECFCN;
    struct fm_binder *binder = recursive ? fm_compile_binder(compiler, node, node->u.recfcn.at,
                                                             node->u.recfcn.count)
                                         : fm_compile_binder(compiler, node, node->u.bind.at,
                                                             node->u.bind.count);
    binder->recursive = recursive ? node->u.recfcn.slot + 1 : 0;
    struct fm_expr *code = fm_expr_new(compiler, node, eval_function, 1);
    code->u.binder = binder;
    code->kids[0] = binder->body;
    code->captures = fm_node_captures(compiler->model, node, compiler->unit->depth);
    return code;
}

static bool is_unbuilt(const struct fm_node *node)
{
    switch ((int)node->op) {
    case FM_OP_FCN:
    case FM_OP_IF:
    case FM_OP_LET:
    case FM_OP_LABEL:
        return true;
    case FM_OP_CALL:
        return node->u.def->body != NULL && node->u.def->native == NULL &&
               node->u.def->body->op == FM_OP_FCN;
    }
    return false;
}

static struct fm_expr *compile_application(struct fm_compiler *compiler, const struct fm_node *node)
{
    struct fm_expr *code = fm_expr_new(compiler, node, eval_apply, 2);
    const struct fm_node *function = node->kids[0];
    code->kids[0] = function->op == FM_OP_FCN ? fm_compile_bare(compiler, function)
                                              : fm_compile(compiler, function);
    code->kids[1] = fm_compile(compiler, node->kids[1]);
    const struct fm_expr *inner = fm_expr_without_tally(code->kids[0]);
    if (function->op == FM_OP_LOCAL && inner == code->kids[0]) {
        code->eval = eval_apply_local;
    } else if (is_unbuilt(function) || function->op == FM_OP_LOCAL) {
        code->eval = eval_apply_lazily;
    } else if (function->op == FM_OP_FCNAPP &&
               (inner->eval == eval_apply || inner->kids[0]->node->op == FM_OP_LOCAL)) {
        code->eval = eval_apply_nested;
    }
    return code;
}

static bool has_twice(const struct fm_node *node)
{
    for (uint32_t i = 1; i < node->count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (node->u.names[i] == node->u.names[j]) {
                return true;
            }
        }
    }
    return false;
}

static struct fm_expr *compile_record(struct fm_compiler *compiler, const struct fm_node *node)
{
    if (has_twice(node)) {
        return fm_expr_with_kids(compiler, node, eval_record_twice);
    }
    struct fm_value_context *values = &compiler->model->values;
    struct fm_expr_record *record = fm_arena_alloc(compiler->arena, sizeof *record);
    uint32_t *places = fm_arena_alloc(compiler->arena, node->count * sizeof *places);
    record->domain = fm_constant_register(
        compiler->model, fm_record_domain(values, node->u.names, node->count, places));
    record->places = places;
    struct fm_expr *code = fm_expr_with_kids(compiler, node, eval_record);
    code->u.record = record;
    return code;
}

struct fm_expr *fm_compile_function(struct fm_compiler *compiler, const struct fm_node *node)
{
    struct fm_expr *code;
    switch ((int)node->op) {
    case FM_OP_TUPLE:
        return fm_expr_with_kids(compiler, node, eval_tuple);
    case FM_OP_RECORD:
        return compile_record(compiler, node);
    case FM_OP_FIELD:
        code = fm_expr_with_kids(compiler, node, eval_field);
        code->u.value = fm_string(&compiler->model->values, node->u.name);
        return code;
    case FM_OP_DOMAIN:
        return fm_expr_with_kids(compiler, node, eval_domain);
    case FM_OP_FCNAPP:
        return compile_application(compiler, node);
    }
    return compile_constructor(compiler, node);
}
