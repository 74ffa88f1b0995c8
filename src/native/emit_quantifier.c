/* Quantifiers over values and CHOOSE: loops that end where the matter is decided.
 *
 * Both walk the normal order, as the interpreter does: which element is met first matters to
 * CHOOSE, and to a quantifier when a later element's body would be an error. The body is a piece of
 * the innermost loop; `goto` leaves all loops at once.
 *
 * A body that is known while emitting (FALSE for every element of a known shape) still needs to
 * know whether the set is empty, so it is emitted like any other.
 *
 * Where the loop's body calls the interpreter and the elements are few and known, the body is tried
 * once for each of them: `\A len \in 1..2 : \A f \in [1..len -> T] : ...` ranges over sets that
 * are known only when `len` is. */
#include "native/piece.h"
#include "native/solver.h"

#include "base/assert.h"

static void check_bounded(struct fm_emit *emit, const struct fm_node *node)
{
    for (uint32_t i = 0; i < node->u.bind.count; i++) {
        if (node->u.bind.at[i].set == NULL) {
            fm_emit_refuse(emit, node, "a bound variable without a set to range over");
        }
    }
}

/* --- quantifiers --- */

/* Elements that are written one by one, and quantifiers around each other of which they are. */
#define INSTANCES_MAX 4u
#define UNROLLED_MAX 2u

struct search {
    const struct fm_node *node;
    struct fm_emit_frame *frame;
    bool wanted;                               /* what the body is when the matter is decided */
    const struct fm_emit_instances *instances; /* NULL: not known, or too many */
    uint32_t calls_max;                        /* of the interpreter, beyond which it is refused */
    uint32_t calls;
    const char *result;
};

/* The end of the search where the body says so; false when it does in any case. */
static bool decide(struct fm_emit *emit, const struct search *search, const char *done)
{
    struct fm_term body = fm_emit_bool_term(emit, search->node->kids[0], search->frame);
    if (fm_emit_is_known_bool(body) == (search->wanted ? 0 : 1)) {
        return true;
    }
    struct fm_term hit = search->wanted ? body : fm_emit_not(emit, body);
    fm_emit_open(emit, "if (%s)", fm_emit_as(emit, hit, fm_shape_bool(emit->shapes)));
    fm_emit_line(emit, "%s = %s;", search->result, search->wanted ? "true" : "false");
    fm_emit_line(emit, "goto %s;", done);
    fm_emit_close(emit, "");
    return fm_emit_is_known_bool(body) < 0;
}

static void declare_result(struct fm_emit *emit, struct search *search)
{
    search->result = fm_emit_declare(emit, fm_shape_bool(emit->shapes),
                                     search->wanted ? "exists" : "forall",
                                     search->wanted ? "false" : "true");
}

static void count_calls(struct fm_emit *emit, struct search *search, uint32_t before)
{
    search->calls = emit->site_calls - before;
    if (search->calls > search->calls_max) {
        fm_emit_refuse(emit, search->node, "too many calls of the interpreter");
    }
}

static void run_loop(struct fm_emit *emit, void *closure)
{
    struct search *search = closure;
    const struct fm_node *node = search->node;
    uint32_t before = emit->site_calls;
    declare_result(emit, search);
    const char *done = fm_emit_name(emit, "done");
    struct fm_emit_loops loops;
    fm_emit_sieve_next(emit, node->kids[0], search->wanted);
    fm_emit_loop_begin(emit, node->u.bind.at, node->u.bind.count, search->frame, false, &loops);
    (void)decide(emit, search, done);
    fm_emit_loop_end(emit, &loops);
    fm_emit_line(emit, "%s:;", done);
    count_calls(emit, search, before);
}

static void bind_instance(struct fm_emit *emit, const struct search *search, uint32_t i)
{
    const fm_value *values = search->instances->values + (size_t)i * search->instances->width;
    for (uint32_t j = 0; j < search->node->u.bind.count; j++) {
        const struct fm_binding *binding = &search->node->u.bind.at[j];
        for (uint32_t k = 0; k < binding->slot_count; k++) {
            search->frame->slots[binding->first_slot + k] = (struct fm_emit_slot){
                .kind = FM_EMIT_TERM, .term = fm_emit_known(emit, *values++)};
        }
    }
}

static void run_instances(struct fm_emit *emit, void *closure)
{
    struct search *search = closure;
    uint32_t before = emit->site_calls;
    declare_result(emit, search);
    const char *done = fm_emit_name(emit, "done");
    bool open = true;
    for (uint32_t i = 0; i < search->instances->count && open; i++) {
        fm_emit_open(emit, "%s", "");
        bind_instance(emit, search, i);
        open = decide(emit, search, done);
        fm_emit_close(emit, "");
    }
    fm_emit_line(emit, "%s:;", done);
    count_calls(emit, search, before);
}

static const struct fm_emit_instances *few_instances(struct fm_emit *emit,
                                                     const struct fm_node *node,
                                                     struct fm_emit_frame *frame)
{
    if (emit->unrolled >= UNROLLED_MAX) {
        return NULL;
    }
    const struct fm_emit_instances *instances = fm_emit_instances_of(emit, node, frame);
    return instances != NULL && instances->count <= INSTANCES_MAX ? instances : NULL;
}

/* Instances one by one where a loop would call the interpreter more often. */
static bool search_instances(struct fm_emit *emit, struct search *search)
{
    uint32_t unrolled = emit->unrolled++;
    uint32_t calls = emit->site_calls;
    search->calls_max = 0;
    uint32_t sites = emit->sites.count;
    bool emitted = fm_emit_try(emit, run_loop, search);
    if (!emitted) {
        emit->site_calls = calls;
        for (uint32_t i = sites; i < emit->sites.count; i++) {
            emit->sites.at[i].is_dropped = true;
        }
        search->calls_max = search->calls != 0 ? search->calls * search->instances->count - 1
                                               : UINT32_MAX;
        emitted = search->instances->count != 0 && fm_emit_try(emit, run_instances, search);
    }
    emit->site_calls = emitted ? emit->site_calls : calls;
    emit->unrolled = unrolled;
    return emitted;
}

static struct fm_term emit_search(struct fm_emit *emit, const struct fm_node *node,
                                  struct fm_emit_frame *frame, bool wanted)
{
    check_bounded(emit, node);
    struct search search = {.node = node,
                            .frame = frame,
                            .wanted = wanted,
                            .instances = few_instances(emit, node, frame)};
    if (search.instances == NULL || !search_instances(emit, &search)) {
        search.calls_max = UINT32_MAX;
        run_loop(emit, &search);
    }
    return fm_emit_coded(fm_shape_bool(emit->shapes), search.result);
}

/* --- CHOOSE --- */

/* The declaration of the result stands before the loop, but its shape is known in the loop. */
static struct fm_term emit_choose(struct fm_emit *emit, const struct fm_node *node,
                                  struct fm_emit_frame *frame)
{
    check_bounded(emit, node);
    const struct fm_binding *binding = &node->u.bind.at[0];
    if (binding->is_tuple) {
        fm_emit_refuse(emit, node, "CHOOSE of a tuple of variables");
    }
    const char *result = fm_emit_name(emit, binding->names[0]->text);
    const char *done = fm_emit_name(emit, "chosen");
    struct fm_emit_hole *hole = fm_emit_hole_here(emit);
    struct fm_emit_loops loops;
    fm_emit_sieve_next(emit, node->kids[0], true);
    fm_emit_loop_begin(emit, binding, 1, frame, false, &loops);
    struct fm_term element = fm_emit_slot_term(emit, &frame->slots[binding->first_slot], node);
    struct fm_term body = fm_emit_bool_term(emit, node->kids[0], frame);
    fm_emit_open(emit, "if (%s)", fm_emit_as(emit, body, fm_shape_bool(emit->shapes)));
    fm_emit_line(emit, "%s = %s;", result, fm_emit_as(emit, element, element.shape));
    fm_emit_line(emit, "goto %s;", done);
    fm_emit_close(emit, "");
    fm_emit_loop_end(emit, &loops);
    fm_emit_fail(emit);
    fm_emit_line(emit, "%s:;", done);
    fm_emit_hole_add(emit, hole,
                     fm_emit_format(emit, "%s %s;", fm_emit_type(emit, element.shape), result));
    return fm_emit_coded(element.shape, result);
}

struct fm_term fm_emit_quantifier(struct fm_emit *emit, const struct fm_node *node,
                                  struct fm_emit_frame *frame, const struct fm_shape *want)
{
    (void)want;
    switch ((int)node->op) {
    case FM_OP_EXISTS:
        return emit_search(emit, node, frame, true);
    case FM_OP_FORALL:
        return emit_search(emit, node, frame, false);
    case FM_OP_CHOOSE:
        return emit_choose(emit, node, frame);
    }
    fm_unreachable();
}
