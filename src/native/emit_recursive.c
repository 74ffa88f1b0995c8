/* Recursion: operators declared RECURSIVE and functions defined in terms of themselves, as C
 * functions that call themselves.
 *
 * What the body takes from around (arguments of the definition it stands in, LETs) becomes further
 * parameters, so the C function needs nothing but its arguments and the state. Known values and
 * operators among them are not passed: there is one C function for each.
 *
 * Shapes are found by rounds: the body is emitted and thrown away, with the parameters' shapes as
 * far as calls were seen, and a result of shape NONE at first. A recursive call then has no shape
 * to give, and the arm of the IF or CASE it stands in is left out of that round: the other arms say
 * what the recursion ends with. Later rounds know a result, and go on until nothing grows. Numbers
 * grow to all integers at once: nothing bounds them here. Sequences that grow with each call never
 * end to do so: after some rounds the shapes are taken as they are.
 *
 * Arguments are evaluated before the call. Where the interpreter would never have looked at one
 * that fails, the state fails, and is the interpreter's. Where depth is not bounded, the stack is:
 * each call compares its frame's address with the limit that the engine set.
 *
 * Several may call each other. One that calls another whose rounds are not over has shapes for the
 * time being only: they are sought anew whenever something grew, and it is written in the last
 * round of the outermost one that it depends on. Those functions are declared before they are
 * written; if that one is then refused after all, what depends on it is, too.
 *
 * Recursion that looks at primed variables is refused.
 *
 * A recursive formula of an action is solved, not evaluated: it holds in some number of ways. The
 * same machinery then makes a C function that counts them; what counts is given by the solver. */
#include "native/piece.h"

#include "base/assert.h"
#include "value/order.h"

#include <string.h>

/* Rounds in search of shapes. */
#define ROUNDS_MAX 8u
/* Parameters, those taken from around included. */
#define SLOTS_MAX 24u
/* Definitions being solved within one another: each multiplies the rounds. */
#define DEPTH_MAX 5u

/* PROVISIONAL: the shapes stand as long as nothing grows; it is not written. */
enum lifted_state { LIFTED_SOLVING, LIFTED_PROVISIONAL, LIFTED_READY, LIFTED_FAILED };

/* One slot that the body reads. */
struct lifted_slot {
    int64_t level;
    uint32_t slot;
    bool is_own;                  /* a parameter, or bound variable of the function */
    fm_value known;               /* taken from around, or NONE */
    struct fm_emit_slot operator; /* kind OPERATOR, or UNSET */
    const struct fm_shape *shape; /* of the C parameter */
    const char *name;
};

struct fm_emit_lifted {
    struct fm_emit_lifted *next, *outer;
    enum lifted_state state;
    const struct fm_node *body;
    const struct fm_node *function; /* the RECFCN, or NULL */
    struct fm_emit_frame *home;     /* of the first call: its defs and levels are those of all */
    struct lifted_slot *slots;
    uint32_t slot_count;
    const struct fm_shape *result;
    const char *name;
    fm_emit_count_fn *count; /* the function counts ways; NULL: it has the value */
    bool grown;
    struct fm_emit_lifted *leader; /* outermost one being solved that it depends on, or NULL */
    uint32_t depth;                /* how many are being solved around it */
    uint32_t growth;               /* of the outermost one: how often anything grew */
    uint32_t growth_seen;          /* then the shapes were sought */
    bool is_final;                 /* being written */
};

/* A call that is being made. */
struct lifted_call {
    const struct fm_node *node; /* for messages */
    const struct fm_node *body, *function;
    struct fm_emit_frame *home; /* operator: its frame, whose parameters are thunks; function: the
                                   frame of the RECFCN */
    fm_emit_count_fn *ways;     /* NULL: the value is asked for */
    struct lifted_slot slots[SLOTS_MAX];
    struct fm_term terms[SLOTS_MAX];
    uint32_t count;
};

/* --- what is passed --- */

static struct lifted_slot *add_slot(struct fm_emit *emit, struct lifted_call *call, int64_t level,
                                    uint32_t slot)
{
    if (call->count == SLOTS_MAX) {
        fm_emit_refuse(emit, call->node, "a recursive definition that reads many locals");
    }
    struct lifted_slot *result = &call->slots[call->count];
    *result = (struct lifted_slot){.level = level, .slot = slot, .known = fm_none()};
    call->terms[call->count++] = (struct fm_term){NULL, NULL, fm_none()};
    return result;
}

/* An operator that takes something from around it cannot be passed. */
static void check_operator(struct fm_emit *emit, const struct lifted_call *call,
                           const struct fm_emit_slot *slot)
{
    if (slot->def->native != NULL || slot->def->body == NULL) {
        return;
    }
    struct fm_emit_frame inside = {.up = slot->frame, .def = slot->def};
    const struct fm_emit_needs *needs = fm_emit_needs_of(emit, slot->def->body, &inside);
    for (uint32_t i = 0; i < needs->capture_count; i++) {
        if (needs->captures[i].level < (int64_t)slot->def->depth) {
            fm_emit_refuse(emit, call->node, "recursion with an operator that reads locals");
        }
    }
}

static void pass_slot(struct fm_emit *emit, struct lifted_call *call, int64_t level,
                      uint32_t number, bool is_own)
{
    struct fm_emit_frame *frame = fm_emit_climb(call->home, level);
    if (frame == NULL || number >= frame->count) {
        fm_emit_refuse(emit, call->node, "recursion with a local that stands in no frame");
    }
    struct fm_emit_slot *slot = &frame->slots[number];
    struct lifted_slot *passed = add_slot(emit, call, level, number);
    passed->is_own = is_own;
    if (slot->kind == FM_EMIT_OPERATOR) {
        check_operator(emit, call, slot);
        passed->operator= * slot;
        return;
    }
    struct fm_term term = fm_emit_slot_term(emit, slot, call->node);
    if (!is_own && !fm_is_none(term.value)) {
        passed->known = term.value;
        return;
    }
    passed->shape = term.shape;
    call->terms[call->count - 1] = term;
}

static void pass_captures(struct fm_emit *emit, struct lifted_call *call,
                          const struct fm_emit_needs *needs, int64_t below)
{
    if (needs->barred != NULL) {
        fm_emit_refuse(emit, call->node, "%s", needs->barred);
    }
    bool elsewhere = emit->primed || strcmp(emit->state, "s") != 0;
    if (needs->primed_count != 0 || needs->shifts || (elsewhere && needs->variable_count != 0)) {
        fm_emit_refuse(emit, call->node, "recursion that reads primed variables");
    }
    for (uint32_t i = 0; i < needs->capture_count; i++) {
        if (needs->captures[i].level < below) {
            pass_slot(emit, call, needs->captures[i].level, needs->captures[i].slot, false);
        }
    }
}

/* --- finding the function --- */

static bool same_known(struct fm_emit *emit, fm_value a, fm_value b)
{
    if (fm_is_none(a) || fm_is_none(b)) {
        return fm_is_none(a) && fm_is_none(b);
    }
    return fm_value_same(a, b) || fm_value_compare_total(emit->context, a, b) == 0;
}

static bool matches(struct fm_emit *emit, const struct fm_emit_lifted *lifted,
                    const struct lifted_call *call)
{
    if (lifted->body != call->body || lifted->count != call->ways ||
        lifted->slot_count != call->count) {
        return false;
    }
    for (uint32_t i = 0; i < call->count; i++) {
        const struct lifted_slot *a = &lifted->slots[i], *b = &call->slots[i];
        if (a->level != b->level || a->slot != b->slot ||
            a->operator.kind != b->operator.kind || a->operator.def != b->
            operator.def || !same_known(emit, a->known, b->known)) {
            return false;
        }
        if (lifted->state == LIFTED_READY && a->shape != NULL &&
            !fm_shape_includes(emit->shapes, a->shape, b->shape)) {
            return false;
        }
    }
    return true;
}

static struct fm_emit_lifted *find(struct fm_emit *emit, const struct lifted_call *call)
{
    for (struct fm_emit_lifted *at = emit->lifted; at != NULL; at = at->next) {
        if (matches(emit, at, call)) {
            return at;
        }
    }
    return NULL;
}

static struct fm_emit_lifted *outermost(const struct fm_emit *emit)
{
    struct fm_emit_lifted *at = emit->lifting;
    while (at->outer != NULL) {
        at = at->outer;
    }
    return at;
}

static void note_growth(struct fm_emit *emit, struct fm_emit_lifted *lifted)
{
    lifted->grown = true;
    if (emit->lifting != NULL) {
        outermost(emit)->growth++;
    }
}

/* What is being solved within the leader depends on it from now on. */
static void depend(struct fm_emit *emit, struct fm_emit_lifted *leader)
{
    for (struct fm_emit_lifted *at = emit->lifting; at != leader; at = at->outer) {
        if (at->leader == NULL || at->leader->depth > leader->depth) {
            at->leader = leader;
        }
    }
}

/* Numbers have no bound that could be found by looking. */
static const struct fm_shape *grow(struct fm_emit *emit, const struct fm_shape *old,
                                   const struct fm_shape *more)
{
    if (old->kind == FM_SHAPE_INT && more->kind == FM_SHAPE_INT) {
        return fm_shape_int(emit->shapes, FM_SMALL_MIN, FM_SMALL_MAX);
    }
    const struct fm_shape *joined = fm_shape_join(emit->shapes, old, more);
    return old->kind == FM_SHAPE_NONE ? joined : fm_shape_widen(emit->shapes, old, joined);
}

static void take_shapes(struct fm_emit *emit, struct fm_emit_lifted *lifted,
                        const struct lifted_call *call)
{
    for (uint32_t i = 0; i < call->count; i++) {
        struct lifted_slot *slot = &lifted->slots[i];
        const struct fm_shape *more = call->slots[i].shape;
        if (slot->shape != NULL && !lifted->is_final &&
            !fm_shape_includes(emit->shapes, slot->shape, more)) {
            slot->shape = grow(emit, slot->shape, more);
            note_growth(emit, lifted);
        }
    }
}

/* --- the C function --- */

static struct fm_emit_frame *copy_chain(struct fm_emit *emit, const struct fm_emit_frame *frame)
{
    return frame == NULL ? NULL : fm_emit_frame_new(emit, frame->def, copy_chain(emit, frame->up));
}

static const char *write_head(struct fm_emit *emit, struct fm_emit_lifted *lifted)
{
    const char *head = fm_emit_format(emit,
                                      "static FM_NRT_UNUSED %s %s(struct fm_nrt *c, "
                                      "const state *s",
                                      fm_emit_type(emit, lifted->result), lifted->name);
    for (uint32_t i = 0; i < lifted->slot_count; i++) {
        struct lifted_slot *slot = &lifted->slots[i];
        if (slot->shape != NULL) {
            slot->name = fm_emit_name(emit, "a");
            head = fm_emit_format(emit, "%s, %s %s", head, fm_emit_type(emit, slot->shape),
                                  slot->name);
        }
    }
    return fm_emit_format(emit, "%s)", head);
}

static struct fm_emit_frame *inner_frame(struct fm_emit *emit, const struct fm_emit_lifted *lifted)
{
    struct fm_emit_frame *home = copy_chain(emit, lifted->home);
    for (uint32_t i = 0; i < lifted->slot_count; i++) {
        const struct lifted_slot *slot = &lifted->slots[i];
        struct fm_emit_slot *to = &fm_emit_climb(home, slot->level)->slots[slot->slot];
        if (slot->operator.kind == FM_EMIT_OPERATOR) {
            *to = slot->operator;
        } else {
            *to = (struct fm_emit_slot){.kind = FM_EMIT_TERM,
                                        .term = fm_is_none(slot->known)
                                                    ? fm_emit_coded(slot->shape, slot->name)
                                                    : fm_emit_known(emit, slot->known)};
        }
    }
    if (lifted->function != NULL) {
        home->slots[lifted->function->u.recfcn.slot] = (struct fm_emit_slot){
            .kind = FM_EMIT_THUNK,
            .node = lifted->function,
            .frame = home,
            .hole = fm_emit_hole_here(emit)};
    }
    return home;
}

/* The argument of a function must be in its domain. */
static void check_domain(struct fm_emit *emit, const struct fm_emit_lifted *lifted,
                         struct fm_emit_frame *frame)
{
    if (lifted->function == NULL) {
        return;
    }
    for (uint32_t i = 0; i < lifted->function->u.recfcn.count; i++) {
        const struct fm_binding *binding = &lifted->function->u.recfcn.at[i];
        for (uint32_t j = 0; j < binding->slot_count; j++) {
            struct fm_term element = frame->slots[binding->first_slot + j].term;
            struct fm_term inside = fm_emit_member_of(emit, element, binding->set, frame);
            fm_emit_guard(emit, "%s",
                          fm_emit_as(emit, fm_emit_not(emit, inside), fm_shape_bool(emit->shapes)));
        }
    }
}

static struct fm_term write_body(struct fm_emit *emit, const struct fm_emit_lifted *lifted,
                                 struct fm_emit_frame *frame, bool is_final)
{
    if (lifted->count == NULL) {
        return fm_emit_expr(emit, lifted->body, frame, is_final ? lifted->result : NULL);
    }
    const char *ways = fm_emit_name(emit, "ways");
    lifted->count(emit, lifted->body, frame, ways);
    fm_emit_guard(emit, "%s > %lld", ways, (long long)FM_SMALL_MAX);
    return fm_emit_coded(lifted->result, fm_emit_format(emit, "(int64_t)%s", ways));
}

/* Writes the function. */
static void write_function(struct fm_emit *emit, struct fm_emit_lifted *lifted, bool is_final)
{
    const char *state = emit->state;
    const struct fm_term *target = emit->target;
    bool primed = emit->primed;
    fm_emit_helper_begin(emit, "%s", write_head(emit, lifted));
    emit->state = "s";
    emit->target = NULL;
    emit->primed = false;
    fm_emit_guard(emit, "(const char *)__builtin_frame_address(0) < c->stack_limit");
    struct fm_emit_frame *frame = inner_frame(emit, lifted);
    check_domain(emit, lifted, frame);
    struct fm_term term = write_body(emit, lifted, frame, is_final);
    if (!is_final) {
        if (!fm_shape_includes(emit->shapes, lifted->result, term.shape)) {
            lifted->result = grow(emit, lifted->result, term.shape);
            note_growth(emit, lifted);
        }
        fm_emit_refuse(emit, NULL, "a round is over");
    }
    fm_emit_line(emit, "return %s;", fm_emit_as(emit, term, lifted->result));
    fm_emit_helper_end(emit);
    emit->state = state;
    emit->target = target;
    emit->primed = primed;
}

struct round {
    struct fm_emit_lifted *lifted;
    bool is_final, done;
};

static void run_round(struct fm_emit *emit, void *closure)
{
    struct round *round = closure;
    write_function(emit, round->lifted, round->is_final);
    round->done = true;
}

/* Rounds until nothing grows, or what grows without end is wide enough: the function guards against
 * more. False when there are no shapes. */
static bool seek(struct fm_emit *emit, struct fm_emit_lifted *lifted)
{
    uint32_t i = 0;
    do {
        lifted->grown = false;
        struct round round = {.lifted = lifted};
        emit->reason = NULL;
        (void)fm_emit_try(emit, run_round, &round);
        bool bottom = emit->bottom;
        emit->bottom = false;
        if (bottom && lifted->leader != NULL && lifted->result->kind == FM_SHAPE_NONE) {
            return true; /* once the leader has a shape it may have one */
        }
        if (bottom || emit->reason == NULL || strcmp(emit->reason, "a round is over") != 0) {
            return false;
        }
    } while (lifted->grown && ++i < ROUNDS_MAX);
    return true;
}

static bool is_mutual(const struct fm_emit *emit, const struct fm_emit_lifted *lifted)
{
    for (const struct fm_emit_lifted *at = emit->lifted; at != NULL; at = at->next) {
        if (at->leader == lifted) {
            return true;
        }
    }
    return lifted->leader != NULL;
}

/* It is declared, and may be called: it fails then. */
static void give_up(struct fm_emit *emit, struct fm_emit_lifted *lifted)
{
    fm_text_printf(&emit->prelude, "%s\n{\n    fm_nrt_fail(c);\n}\n", write_head(emit, lifted));
    for (struct fm_emit_lifted *at = emit->lifted; at != NULL; at = at->next) {
        if (at->leader == lifted) {
            at->state = LIFTED_FAILED;
        }
    }
}

/* The function itself. */
static bool write_last(struct fm_emit *emit, struct fm_emit_lifted *lifted)
{
    if (lifted->result->kind == FM_SHAPE_NONE) {
        return false;
    }
    bool mutual = is_mutual(emit, lifted);
    struct round last = {.lifted = lifted, .is_final = true};
    if (mutual) {
        fm_text_printf(&emit->prelude, "%s;\n", write_head(emit, lifted));
    }
    lifted->is_final = true;
    bool written = fm_emit_try(emit, run_round, &last);
    if (!written && mutual) {
        give_up(emit, lifted);
    }
    return written;
}

/* Shapes, and unless they are for the time being only, the function. */
static void solve(struct fm_emit *emit, struct fm_emit_lifted *lifted)
{
    lifted->state = LIFTED_SOLVING;
    lifted->outer = emit->lifting;
    lifted->depth = lifted->outer == NULL ? 0 : lifted->outer->depth + 1;
    emit->lifting = lifted;
    bool leads = lifted->leader == NULL || !lifted->leader->is_final;
    bool found = !leads || seek(emit, lifted);
    struct fm_emit_lifted *leader = lifted->leader;
    if (!found) {
        lifted->state = LIFTED_FAILED;
    } else if (leader != NULL && !leader->is_final) {
        lifted->state = LIFTED_PROVISIONAL;
        lifted->growth_seen = outermost(emit)->growth;
    } else {
        lifted->state = write_last(emit, lifted) ? LIFTED_READY : LIFTED_FAILED;
    }
    emit->lifting = lifted->outer;
}

static struct fm_emit_lifted *lift(struct fm_emit *emit, const struct lifted_call *call)
{
    if (emit->lifting != NULL && emit->lifting->depth + 1 == DEPTH_MAX) {
        fm_emit_refuse(emit, call->node, "recursion within recursion, %u deep", DEPTH_MAX);
    }
    struct fm_emit_lifted *lifted = fm_arena_calloc(&emit->arena, 1, sizeof *lifted);
    *lifted = (struct fm_emit_lifted){
        .next = emit->lifted,
        .state = LIFTED_SOLVING,
        .body = call->body,
        .function = call->function,
        .home = call->home,
        .slots = fm_arena_copy(&emit->arena, call->slots, call->count * sizeof *call->slots),
        .slot_count = call->count,
        .result = call->ways == NULL ? fm_shape_none(emit->shapes)
                                     : fm_shape_int(emit->shapes, 0, FM_SMALL_MAX),
        .count = call->ways,
        .name = fm_emit_name(emit, call->function != NULL ? call->function->u.recfcn.name->text
                                                          : call->home->def->name->text),
    };
    emit->lifted = lifted;
    solve(emit, lifted);
    return lifted;
}

static struct fm_term finish_call(struct fm_emit *emit, struct fm_emit_lifted *lifted,
                                  const struct lifted_call *call, const struct fm_shape *want)
{
    fm_emit_need_context(emit);
    const char *code = fm_emit_format(emit, "%s(c, %s", lifted->name, emit->state);
    for (uint32_t i = 0; i < call->count; i++) {
        if (lifted->slots[i].shape != NULL) {
            code = fm_emit_format(emit, "%s, %s", code,
                                  fm_emit_as(emit, call->terms[i], lifted->slots[i].shape));
        }
    }
    code = fm_emit_format(emit, "%s)", code);
    if (lifted->result->kind != FM_SHAPE_NONE) {
        return fm_emit_bind(emit, fm_emit_coded(lifted->result, code), "result");
    }
    if (want != NULL) { /* in a round that is thrown away */
        return fm_emit_coded(want, fm_emit_declare(emit, want, "result", NULL));
    }
    emit->bottom = true;
    fm_emit_refuse(emit, call->node, "recursion without an end that could be seen");
}

static struct fm_term make_call(struct fm_emit *emit, const struct lifted_call *call,
                                const struct fm_shape *want)
{
    struct fm_emit_lifted *lifted = find(emit, call);
    if (lifted == NULL) {
        lifted = lift(emit, call);
    } else if (lifted->state == LIFTED_SOLVING) {
        depend(emit, lifted);
        take_shapes(emit, lifted, call);
    } else if (lifted->state == LIFTED_PROVISIONAL) {
        take_shapes(emit, lifted, call);
        bool leads = lifted->leader->state != LIFTED_SOLVING; /* that one is done, or waits too */
        lifted->leader = leads ? NULL : lifted->leader;
        if (leads || lifted->leader->is_final || lifted->growth_seen != outermost(emit)->growth) {
            solve(emit, lifted);
        }
    }
    if (lifted->state == LIFTED_PROVISIONAL) {
        depend(emit, lifted->leader);
    }
    if (lifted->state == LIFTED_FAILED) {
        fm_emit_refuse(emit, call->node, "recursion whose shapes were not found");
    }
    return finish_call(emit, lifted, call, want);
}

/* --- calls --- */

struct fm_term fm_emit_recursive_call(struct fm_emit *emit, const struct fm_node *node,
                                      struct fm_emit_frame *callee, fm_emit_count_fn *ways,
                                      const struct fm_shape *want)
{
    const struct fm_def *def = callee->def;
    struct lifted_call call = {.node = node, .body = def->body, .home = callee, .ways = ways};
    for (uint32_t i = 0; i < def->param_count; i++) {
        pass_slot(emit, &call, (int64_t)def->depth, i, true);
    }
    pass_captures(emit, &call, fm_emit_needs_of(emit, def->body, callee), (int64_t)def->depth);
    return make_call(emit, &call, want);
}

const struct fm_node *fm_emit_recursive_function(struct fm_emit *emit, const struct fm_node *node,
                                                 struct fm_emit_frame **frame)
{
    node = fm_emit_peel(emit, node, frame);
    if (node->op == FM_OP_CALL && node->count == 0 && node->u.def->is_recursive &&
        node->u.def->body != NULL && node->u.def->body->op == FM_OP_RECFCN) {
        *frame = fm_emit_enter(emit, node, *frame);
        return node->u.def->body;
    }
    return node->op == FM_OP_RECFCN ? node : NULL;
}

/* Arguments of a function: one for each bound variable. */
static bool pass_arguments(struct fm_emit *emit, struct lifted_call *call,
                           const struct fm_node *argument, struct fm_emit_frame *frame)
{
    const struct fm_node *function = call->function;
    uint32_t count = 0;
    for (uint32_t i = 0; i < function->u.recfcn.count; i++) {
        if (function->u.recfcn.at[i].is_tuple || function->u.recfcn.at[i].set == NULL) {
            return false;
        }
        count += function->u.recfcn.at[i].slot_count;
    }
    if (count != 1 && (argument->op != FM_OP_TUPLE || argument->count != count)) {
        return false;
    }
    uint32_t k = 0;
    for (uint32_t i = 0; i < function->u.recfcn.count; i++) {
        const struct fm_binding *binding = &function->u.recfcn.at[i];
        for (uint32_t j = 0; j < binding->slot_count; j++, k++) {
            const struct fm_node *one = count == 1 ? argument : argument->kids[k];
            struct fm_term term = fm_emit_expr(emit, one, frame, NULL);
            struct lifted_slot *slot = add_slot(emit, call, fm_emit_level(call->home),
                                                binding->first_slot + j);
            slot->is_own = true;
            slot->shape = term.shape;
            call->terms[call->count - 1] = fm_emit_bind(emit, term, "argument");
        }
    }
    return true;
}

bool fm_emit_recursive_application(struct fm_emit *emit, const struct fm_node *node,
                                   struct fm_emit_frame *frame, fm_emit_count_fn *ways,
                                   const struct fm_shape *want, struct fm_term *result)
{
    struct fm_emit_frame *home = frame;
    const struct fm_node *function = fm_emit_recursive_function(emit, node->kids[0], &home);
    if (function == NULL) {
        return false;
    }
    struct lifted_call call = {
        .node = node, .body = function->kids[0], .function = function, .home = home, .ways = ways};
    if (!pass_arguments(emit, &call, node->kids[1], frame)) {
        return false;
    }
    pass_captures(emit, &call, fm_emit_needs_of(emit, function, home), INT64_MAX);
    *result = make_call(emit, &call, want);
    return true;
}
