/* The state graph, after a search: every state that was found, and every step between them.
 *
 * The search itself stores no steps. So all of it is generated once more, by one engine and in the
 * order of the search: the initial states, then the successors of each stored state. States are
 * recognized by their fingerprints, as the search did, in a table of our own that numbers them. A
 * new state gets the next number; with one worker these are the numbers of the search, and the
 * order is that in which TLC writes its graphs. What is evaluated once more prints nothing once
 * more.
 *
 * Of a search that stopped, the graph has all states that it had stored, and all their successors:
 * the one that violates something is among these.
 *
 * The search must have kept its states (fm_check_options.keep_states), which costs their memory. It
 * cannot be done where a step is no function of its state: then the steps would be others. */
#include "explore/search.h"

#include "base/assert.h"

#include <string.h>

/* Slots of the table at the beginning; a power of two. */
#define SLOTS_MIN 1024u

struct slot {
    struct fm_digest print;
    uint64_t number; /* of the state, plus one; 0: free */
};

struct graph {
    struct fm_sink sink; /* first: the engine hands it back */
    struct search *search;
    const struct fm_graph_visitor *visitor;
    struct slot *slots;
    uint64_t slot_count, count;
    const struct fm_trace_state **actions; /* by action: its label and no variables */
    FM_VEC(uint32_t) levels;               /* by number */
    bool initial;                          /* initial states are being made */
    uint64_t from;                         /* number of the state at work */
    struct fm_state *state;                /* it */
    struct fm_digest print;                /* its */
    struct fm_graph_node node;             /* being given to the visitor */
};

/* --- the table --- */

static struct slot *find_slot(const struct graph *graph, struct fm_digest print)
{
    uint64_t at = print.low & (graph->slot_count - 1);
    while (graph->slots[at].number != 0 &&
           (graph->slots[at].print.low != print.low || graph->slots[at].print.high != print.high)) {
        at = (at + 1) & (graph->slot_count - 1);
    }
    return &graph->slots[at];
}

static void grow(struct graph *graph)
{
    struct slot *old = graph->slots;
    uint64_t old_count = graph->slot_count;
    graph->slot_count = old_count == 0 ? SLOTS_MIN : 2 * old_count;
    graph->slots = fm_memory_calloc(graph->slot_count, sizeof *graph->slots);
    for (uint64_t i = 0; i < old_count; i++) {
        if (old[i].number != 0) {
            *find_slot(graph, old[i].print) = old[i];
        }
    }
    fm_memory_free(old);
}

/* The number of the state; *is_new when nobody asked for it before. */
static uint64_t number_state(struct graph *graph, struct fm_digest print, uint32_t level,
                             bool *is_new)
{
    if (2 * (graph->count + 1) > graph->slot_count) {
        grow(graph);
    }
    struct slot *slot = find_slot(graph, print);
    *is_new = slot->number == 0;
    if (*is_new) {
        slot->print = print;
        slot->number = ++graph->count;
        fm_vec_push(&graph->levels, level);
    }
    return slot->number - 1;
}

/* --- what is visited --- */

static void take_initial(void *closure, const struct fm_trace_state *state)
{
    struct graph *graph = closure;
    graph->node.state = state;
    graph->visitor->initial(graph->visitor->closure, &graph->node);
}

static void visit_initial(struct graph *graph, const struct fm_item *item)
{
    bool is_new = false;
    uint64_t number = item->in_model ? number_state(graph, item->fingerprint, 1, &is_new) : 0;
    if (is_new) {
        struct fm_arena_mark mark = fm_arena_mark(&graph->search->arena);
        graph->node = (struct fm_graph_node){number, item->fingerprint.low, 1, NULL};
        trace_give_state(graph->search, item->state, item->action, take_initial, graph);
        fm_arena_release(&graph->search->arena, mark);
    }
}

static void take_target(void *closure, const struct fm_trace_state *state)
{
    struct graph *graph = closure;
    graph->node.state = state;
}

static void label_actions(struct graph *graph)
{
    struct search *search = graph->search;
    uint32_t count = search->model->action_count;
    graph->actions = fm_arena_calloc(&search->arena, count + 1, sizeof *graph->actions);
    for (uint32_t i = 0; i < count; i++) {
        trace_give_state(search, NULL, i, take_target, graph);
        graph->actions[i] = graph->node.state;
    }
}

/* The formula that keeps the successor out of the model. */
static const struct fm_formula *excluding(const struct graph *graph, struct fm_state *successor)
{
    const struct search *search = graph->search;
    const struct fm_program *program = search->model->program;
    struct fm_engine *engine = search->workers[0].engine;
    for (uint32_t i = 0; i < program->constraint_count; i++) {
        if (search->ops->check(engine, FM_FORMULA_CONSTRAINT, i, successor, NULL) !=
            FM_VERDICT_TRUE) {
            return &program->constraints[i];
        }
    }
    for (uint32_t i = 0; i < program->action_constraint_count; i++) {
        if (search->ops->check(engine, FM_FORMULA_ACTION_CONSTRAINT, i, graph->state, successor) !=
            FM_VERDICT_TRUE) {
            return &program->action_constraints[i];
        }
    }
    return NULL;
}

static void visit_edge(struct graph *graph, const struct fm_item *item)
{
    struct fm_graph_edge edge = {
        .from = {graph->from, graph->print.low, graph->levels.at[graph->from], NULL},
        .action = &graph->search->model->actions[item->action],
        .is_new = true,
    };
    edge.to = (struct fm_graph_node){UINT64_MAX, item->fingerprint.low, edge.from.level + 1, NULL};
    if (item->in_model) {
        edge.to.number = number_state(graph, item->fingerprint, edge.to.level, &edge.is_new);
        edge.to.level = graph->levels.at[edge.to.number];
    } else if (graph->visitor->constrained) {
        edge.excluded_by = excluding(graph, item->state);
    } else {
        return;
    }
    struct fm_arena_mark mark = fm_arena_mark(&graph->search->arena);
    edge.to.state = graph->actions[item->action];
    if (edge.is_new) {
        trace_give_state(graph->search, item->state, item->action, take_target, graph);
        edge.to.state = graph->node.state;
    }
    graph->visitor->edge(graph->visitor->closure, &edge);
    fm_arena_release(&graph->search->arena, mark);
}

static bool take_items(struct fm_sink *sink, struct fm_batch *batch)
{
    struct graph *graph = (struct graph *)sink;
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct fm_item *item = &batch->items[i];
        if (item->state == NULL) {
            return false; /* what could not be evaluated is the search's to report */
        }
        if (graph->initial) {
            visit_initial(graph, item);
        } else {
            visit_edge(graph, item);
        }
    }
    return true;
}

/* --- what is generated --- */

static void expand_state(struct graph *graph, const uint8_t *bytes)
{
    struct search *search = graph->search;
    struct fm_engine *engine = search->workers[0].engine;
    struct fm_digest own;
    search->ops->reset(engine);
    graph->state = search->ops->decode(engine, bytes);
    search->ops->fingerprint(engine, graph->state, &graph->print, &own);
    bool is_new;
    graph->from = number_state(graph, graph->print, 1, &is_new);
    uint32_t level = graph->levels.at[graph->from];
    search->ops->place(engine, graph->state, level, FM_ACTION_INITIAL);
    search->ops->successors(engine, graph->state, level, &graph->sink);
}

static void expand_segment(struct graph *graph, const struct fm_segment *segment)
{
    struct fm_reader reader;
    const uint8_t *bytes;
    size_t size;
    fm_reader_begin(&reader, segment);
    while ((bytes = fm_reader_next(&reader, &size)) != NULL) {
        expand_state(graph, bytes);
    }
}

static void generate(struct graph *graph)
{
    struct search *search = graph->search;
    search->ops->reset(search->workers[0].engine);
    graph->initial = true;
    search->ops->initial(search->workers[0].engine, &graph->sink);
    graph->initial = false;
    for (uint32_t i = 0; i < search->kept.count; i++) {
        expand_segment(graph, &search->kept.at[i]);
    }
    for (uint32_t i = 0; i < search->level.segment_count; i++) {
        expand_segment(graph, &search->level.segments[i]);
    }
}

bool fm_check_graph(struct fm_checker *checker, const struct fm_graph_visitor *visitor)
{
    struct search *search = &checker->search;
    fm_assert(checker->ran && checker->options.keep_states);
    if (!search->repeatable) {
        return false;
    }
    if (search->model->program->init_count == 0 || search->workers[0].engine == NULL) {
        return true;
    }
    struct graph graph = {.sink.take = take_items, .search = search, .visitor = visitor};
    search->quiet = true;
    label_actions(&graph);
    generate(&graph);
    search->quiet = false;
    fm_memory_free(graph.slots);
    fm_vec_deinit(&graph.levels);
    return true;
}
