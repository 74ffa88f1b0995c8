/* Looking for a lasso: the order of things.
 *
 * The goal's normal form (lasso_conditions.c) is a conjunction. Its tails are conditions on the
 * components of whatever graph is searched. If nothing else is left, as with fairness and []<> or
 * <>[] properties, that is the graph of states itself; else the rest becomes an automaton
 * (lasso_automaton.c) and the product is searched, which is never stored.
 *
 * The components of the automaton are taken one by one, in an order in which its moves lead on. In
 * one that is not accepting no cycle counts: the pairs with its states are merely passed through,
 * at the price of a bit each. That is one scan of the graph for the state of ~(P ~> Q) that waits
 * for P. In an accepting one the strongly connected components are found and judged
 * (lasso_components.c). Pairs by which later components are entered are bits, too.
 *
 * So the time is linear in the steps of the graph times the states of the automaton that are
 * reached, times the rounds that conditions need. Memory besides the graph: 8 bytes for each state
 * and each state of the largest component of the automaton, the frames of the search, and bits.
 *
 * The search ends with the first component that has a lasso. A lasso is checked against the goal as
 * it was given, by the letters of its steps, before it is handed out. */
#include "liveness/lasso_product.h"

#include "base/assert.h"

#include <string.h>

struct search {
    struct fm_product product;
    struct fm_parts parts;
    struct fm_marks marks;
    struct fm_automaton automaton;
    FM_VEC(uint32_t) conditions; /* tails of the goal */
    uint64_t *required, *no_row; /* rows */
    struct fm_pages *entered;    /* bits of states, for each state of the automaton */
    const struct fm_lasso_options *options;
    struct fm_arena *arena;
    struct fm_lasso_counts counts;
};

/* One component of the automaton being passed. */
struct pass {
    struct search *search;
    uint32_t component;
    uint32_t *planes, *plane_of;
    uint32_t plane_count;
    struct fm_pages *visited; /* bits, for each plane */
    struct fm_pages stack;    /* uint64_t: plane, state */
    uint64_t height;
    enum fm_region_result failure;
};

static uint64_t state_count(const struct search *search)
{
    return search->product.state_count;
}

/* --- entering components of the automaton --- */

static void enter(struct pass *pass, uint32_t automaton_state, uint64_t state)
{
    struct fm_pages *bits = &pass->search->entered[automaton_state];
    if (bits->at == NULL && !fm_pages_map(bits, state_count(pass->search) / 8 + 8)) {
        pass->failure = FM_REGION_MEMORY;
        return;
    }
    ((uint64_t *)bits->at)[state / 64] |= UINT64_C(1) << (state % 64);
}

static void leave(void *closure, uint32_t automaton_state, uint64_t state)
{
    enter(closure, automaton_state, state);
}

/* The least state at or after this one that the bits have; the count of states when none. */
static uint64_t next_bit(const uint64_t *bits, uint64_t from, uint64_t count)
{
    while (from < count) {
        uint64_t word = bits[from / 64] >> (from % 64);
        if (word != 0) {
            return from + (uint64_t)__builtin_ctzll(word);
        }
        from = (from / 64 + 1) * 64;
    }
    return count;
}

static bool next_root(void *closure, uint32_t *node)
{
    const struct pass *pass = closure;
    uint64_t count = state_count(pass->search);
    uint64_t plane = *node / count, state = *node % count;
    for (; plane < pass->plane_count; plane++, state = 0) {
        const struct fm_pages *bits = &pass->search->entered[pass->planes[plane]];
        state = bits->at == NULL ? count : next_bit(bits->at, state, count);
        if (state < count) {
            *node = (uint32_t)(plane * count + state);
            return true;
        }
    }
    return false;
}

/* Without automaton every initial state is a root. */
static bool next_initial(void *closure, uint32_t *node)
{
    const struct pass *pass = closure;
    return *node < fm_graph_initial_count(pass->search->product.graph);
}

/* --- components that are not accepting --- */

static void visit(struct pass *pass, uint32_t plane, uint64_t state)
{
    struct fm_pages *bits = &pass->visited[plane];
    if (bits->at == NULL && !fm_pages_map(bits, state_count(pass->search) / 8 + 8)) {
        pass->failure = FM_REGION_MEMORY;
        return;
    }
    uint64_t *word = (uint64_t *)bits->at + state / 64, bit = UINT64_C(1) << (state % 64);
    if ((*word & bit) != 0) {
        return;
    }
    *word |= bit;
    size_t needed = (pass->height + 1) * sizeof(uint64_t);
    if (needed > pass->stack.size) {
        bool done = pass->stack.at == NULL
                        ? fm_pages_map(&pass->stack, (size_t)1 << 16)
                        : fm_pages_resize(&pass->stack, pass->stack.size + pass->stack.size / 2);
        if (!done) {
            pass->failure = FM_REGION_MEMORY;
            return;
        }
    }
    ((uint64_t *)pass->stack.at)[pass->height++] = (uint64_t)plane << 32 | state;
}

/* Everything that is reached from what is on the stack. */
static void pass_on(struct pass *pass)
{
    struct search *search = pass->search;
    const struct fm_product *product = &search->product;
    while (pass->height > 0 && pass->failure == FM_REGION_NONE) {
        uint64_t top = ((const uint64_t *)pass->stack.at)[--pass->height];
        struct fm_product_cursor cursor;
        struct fm_product_step step;
        fm_product_begin(product, pass->planes[top >> 32], top & UINT32_MAX, &cursor);
        while (fm_product_next(product, &cursor, &step)) {
            uint32_t plane = pass->plane_of[step.state];
            if (plane == UINT32_MAX) {
                enter(pass, step.state, step.to);
            } else {
                visit(pass, plane, step.to);
            }
        }
        search->counts.product_states++;
        if (search->counts.product_states % 4096 == 0 && product->interrupt != NULL &&
            atomic_load_explicit(product->interrupt, memory_order_relaxed)) {
            pass->failure = FM_REGION_INTERRUPTED;
        }
    }
}

static enum fm_region_result pass_through(struct pass *pass)
{
    pass->visited = fm_memory_calloc(pass->plane_count, sizeof *pass->visited);
    uint64_t count = state_count(pass->search);
    for (uint32_t plane = 0; plane < pass->plane_count; plane++) {
        const struct fm_pages *bits = &pass->search->entered[pass->planes[plane]];
        uint64_t state = bits->at == NULL ? count : next_bit(bits->at, 0, count);
        while (state < count && pass->failure == FM_REGION_NONE) {
            visit(pass, plane, state);
            pass_on(pass);
            state = next_bit(bits->at, state + 1, count);
        }
    }
    for (uint32_t plane = 0; plane < pass->plane_count; plane++) {
        fm_pages_unmap(&pass->visited[plane]);
    }
    fm_memory_free(pass->visited);
    fm_pages_unmap(&pass->stack);
    return pass->failure;
}

/* --- accepting components --- */

/* The goal of the region: conditions of the goal, and tails that its states of the automaton owe.
 */
static uint32_t *goal_of(const struct pass *pass, uint32_t *count)
{
    const struct search *search = pass->search;
    const struct fm_automaton *automaton = search->product.automaton;
    uint32_t first = 0, owed = 0;
    if (automaton != NULL) {
        first = automaton->tail_first[pass->planes[0]];
        owed = automaton->tail_first[pass->planes[0] + 1] - first;
    }
    uint32_t *goal = fm_memory_alloc((search->conditions.count + owed + (size_t)1) * sizeof *goal);
    for (uint32_t i = 0; i < search->conditions.count; i++) {
        goal[i] = search->conditions.at[i];
    }
    for (uint32_t i = 0; i < owed; i++) {
        goal[search->conditions.count + i] = automaton->tails[first + i];
    }
    *count = search->conditions.count + owed;
    return goal;
}

static enum fm_region_result search_region(struct pass *pass, struct fm_lasso *lasso)
{
    struct search *search = pass->search;
    const struct fm_lasso_options *options = search->options;
    const struct fm_automaton *automaton = search->product.automaton;
    struct fm_region region = {.product = &search->product,
                               .planes = pass->planes,
                               .plane_count = pass->plane_count,
                               .plane_of = pass->plane_of,
                               .required = search->required};
    uint32_t *goal = goal_of(pass, &region.goal_count);
    region.goal = goal;
    struct fm_region_ends ends = {.closure = pass,
                                  .next_root = automaton == NULL ? next_initial : next_root,
                                  .leave = leave,
                                  .progress = options->progress,
                                  .progress_closure = options->progress_closure};
    struct fm_region_found found;
    enum fm_region_result result = fm_region_search(&region, &ends, options->workers, search->arena,
                                                    &found);
    search->counts.product_states += region.node_count;
    search->counts.components += region.component_count;
    if (result == FM_REGION_NONE && pass->failure != FM_REGION_NONE) {
        result = pass->failure;
    } else if (result == FM_REGION_FOUND) {
        uint32_t initial = automaton == NULL ? 0 : automaton->initial;
        result = fm_lasso_trace(&region, &found, initial, search->arena, lasso);
    }
    fm_region_deinit(&region);
    fm_memory_free(goal);
    return result;
}

/* --- all of it --- */

/* One component of the automaton; planes and plane_of have room for all its states. */
static enum fm_region_result search_component(struct search *search, uint32_t component,
                                              uint32_t *planes, uint32_t *plane_of,
                                              struct fm_lasso *lasso)
{
    const struct fm_automaton *automaton = &search->automaton;
    struct pass pass = {
        .search = search, .component = component, .planes = planes, .plane_of = plane_of};
    for (uint32_t state = 0; state < automaton->state_count; state++) {
        bool is_inside = automaton->component_of[state] == component;
        plane_of[state] = is_inside ? pass.plane_count : UINT32_MAX;
        if (is_inside) {
            planes[pass.plane_count++] = state;
        }
    }
    uint32_t node = 0;
    if (pass.plane_count == 0 || !next_root(&pass, &node)) {
        return FM_REGION_NONE;
    }
    enum fm_region_result result = automaton->is_accepting[component] ? search_region(&pass, lasso)
                                                                      : pass_through(&pass);
    for (uint32_t plane = 0; plane < pass.plane_count; plane++) {
        fm_pages_unmap(&search->entered[planes[plane]]);
    }
    return result;
}

static enum fm_region_result search_product(struct search *search, struct fm_lasso *lasso)
{
    const struct fm_automaton *automaton = &search->automaton;
    uint32_t count = automaton->state_count;
    uint32_t *planes = fm_memory_calloc(count, sizeof *planes);
    uint32_t *plane_of = fm_memory_calloc(count, sizeof *plane_of);
    search->entered = fm_memory_calloc(count, sizeof *search->entered);
    struct pass start = {.search = search};
    for (uint64_t i = 0; i < fm_graph_initial_count(search->product.graph); i++) {
        enter(&start, automaton->initial, i);
    }
    enum fm_region_result result = start.failure;
    for (uint32_t c = 0; c < automaton->component_count && result == FM_REGION_NONE; c++) {
        result = search_component(search, c, planes, plane_of, lasso);
    }
    for (uint32_t i = 0; i < count; i++) {
        fm_pages_unmap(&search->entered[i]);
    }
    fm_memory_free(search->entered);
    fm_memory_free(planes);
    fm_memory_free(plane_of);
    return result;
}

static enum fm_region_result search_graph(struct search *search, struct fm_lasso *lasso)
{
    uint32_t zero[1] = {0}, plane_of[1] = {0};
    struct pass pass = {.search = search, .planes = zero, .plane_of = plane_of, .plane_count = 1};
    return search_region(&pass, lasso);
}

/* Sorts the conjuncts of the goal into conditions and the rest, whose conjunction it returns. */
static uint32_t split_goal(struct search *search, uint32_t root)
{
    struct fm_parts *parts = &search->parts;
    bool is_and = fm_part_at(parts, root)->op == FM_PART_AND;
    FM_VEC(uint32_t) rest = {0};
    for (uint32_t i = 0; i < (is_and ? fm_part_at(parts, root)->count : 1); i++) {
        uint32_t kid = is_and ? fm_part_kids(parts, root)[i] : root;
        if (fm_part_at(parts, kid)->is_tail) {
            fm_vec_push(&search->conditions, kid);
        } else {
            fm_vec_push(&rest, kid);
        }
    }
    uint32_t result = fm_parts_join(parts, FM_PART_AND, rest.at, rest.count);
    fm_vec_deinit(&rest);
    return result;
}

/* The goal as conditions and automaton, and what letters say to them. */
static enum fm_region_result prepare(struct search *search, const struct fm_goal *goal,
                                     bool *is_hopeless)
{
    struct fm_parts *parts = &search->parts;
    struct fm_product *product = &search->product;
    uint32_t root = fm_parts_of_goal(parts, goal);
    uint32_t rest = split_goal(search, root);
    fm_marks_assign(&search->marks, parts, &root, 1);
    if (parts->is_large) {
        return FM_REGION_LARGE;
    }
    *is_hopeless = fm_part_at(parts, root)->op == FM_PART_FALSE;
    bool has_automaton = fm_part_at(parts, rest)->op != FM_PART_TRUE;
    if (has_automaton && !fm_automaton_build(&search->automaton, parts, rest, product->graph)) {
        return FM_REGION_LARGE;
    }
    uint32_t extra = search->automaton.eventually_count;
    fm_marks_fill(&search->marks, parts, product->graph, extra);
    product->words = search->marks.words;
    search->required = fm_memory_calloc(product->words, sizeof *search->required);
    search->no_row = fm_memory_calloc(product->words, sizeof *search->no_row);
    for (uint32_t i = search->marks.letter_marks; i < search->marks.count; i++) {
        fm_bits_add(search->required, i);
    }
    product->rows = search->no_row;
    if (has_automaton) {
        fm_automaton_set_rows(&search->automaton, product->words, search->marks.letter_marks);
        product->automaton = &search->automaton;
        product->rows = search->automaton.rows;
    }
    search->counts.automaton_states = search->automaton.state_count;
    search->counts.pairs = search->marks.letter_marks;
    return FM_REGION_NONE;
}

static bool goal_holds(const struct fm_graph *graph, const struct fm_goal *goal,
                       const struct fm_lasso *lasso)
{
    for (uint32_t i = 0; i < goal->conjunct_count; i++) {
        if (!fm_lasso_holds(graph, goal->conjuncts[i], lasso)) {
            return false;
        }
    }
    return true;
}

/* Drops the last step of the cycle as long as the step before the cycle is the same. */
static void roll_back(struct fm_lasso *lasso)
{
    while (lasso->cycle > 0 && lasso->states[lasso->cycle - 1] == lasso->states[lasso->count - 1] &&
           lasso->letters[lasso->cycle - 1] == lasso->letters[lasso->count - 1]) {
        lasso->cycle--;
        lasso->count--;
    }
}

/* Leaves stuttering steps out that the product took for the automaton's sake, if the goal does not
 * mind. */
static void shorten(struct search *search, const struct fm_goal *goal, struct fm_lasso *lasso)
{
    uint64_t *states = fm_arena_alloc(search->arena, lasso->count * sizeof *states);
    uint32_t *letters = fm_arena_alloc(search->arena, lasso->count * sizeof *letters);
    struct fm_lasso shorter = {.states = states, .letters = letters};
    for (uint32_t i = 0; i < lasso->count; i++) {
        if (i == lasso->cycle) {
            shorter.cycle = shorter.count;
        }
        uint64_t to = lasso->states[i + 1 < lasso->count ? i + 1 : lasso->cycle];
        bool is_last = i + 1 == lasso->count &&
                       (i == lasso->cycle || shorter.count == shorter.cycle);
        if (lasso->states[i] == to && !is_last) {
            continue;
        }
        states[shorter.count] = lasso->states[i];
        letters[shorter.count++] = lasso->letters[i];
    }
    if (shorter.count < lasso->count && goal_holds(search->product.graph, goal, &shorter)) {
        *lasso = shorter;
    }
}

static enum fm_lasso_result outside(enum fm_region_result result)
{
    switch (result) {
    case FM_REGION_NONE:
        return FM_LASSO_NONE;
    case FM_REGION_FOUND:
        return FM_LASSO_FOUND;
    case FM_REGION_MEMORY:
        return FM_LASSO_MEMORY;
    case FM_REGION_LARGE:
        return FM_LASSO_LARGE;
    case FM_REGION_INTERRUPTED:
        return FM_LASSO_INTERRUPTED;
    }
    fm_unreachable();
}

enum fm_lasso_result fm_lasso_search(const struct fm_graph *graph, const struct fm_goal *goal,
                                     const struct fm_lasso_options *options, struct fm_arena *arena,
                                     struct fm_lasso *lasso, struct fm_lasso_counts *counts)
{
    struct search search = {.options = options, .arena = arena};
    search.product = (struct fm_product){.graph = graph,
                                         .parts = &search.parts,
                                         .marks = &search.marks,
                                         .state_count = fm_graph_state_count(graph),
                                         .interrupt = options->interrupt};
    enum fm_region_result result = FM_REGION_NONE;
    fm_parts_init(&search.parts);
    if (fm_graph_initial_count(graph) > 0) {
        bool is_hopeless = false;
        result = prepare(&search, goal, &is_hopeless);
        if (result == FM_REGION_NONE && !is_hopeless) {
            result = search.product.automaton == NULL   ? search_graph(&search, lasso)
                     : search.automaton.state_count > 0 ? search_product(&search, lasso)
                                                        : FM_REGION_NONE;
        }
    }
    if (result == FM_REGION_FOUND) {
        roll_back(lasso);
        shorten(&search, goal, lasso);
        fm_assert(goal_holds(graph, goal, lasso));
    }
    if (counts != NULL) {
        *counts = search.counts;
    }
    fm_automaton_deinit(&search.automaton);
    fm_marks_deinit(&search.marks);
    fm_parts_deinit(&search.parts);
    fm_vec_deinit(&search.conditions);
    fm_memory_free(search.required);
    fm_memory_free(search.no_row);
    return outside(result);
}
