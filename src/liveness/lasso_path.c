/* A way to what was found, and a cycle in it.
 *
 * The way is a shortest one in the product, by breadth-first search from the initial states. The
 * cycle begins where the way ends. It has to satisfy the goal of what was found, which all of its
 * steps together do; as a shortest such cycle is hard to find (NP-complete: it is a tour through
 * sets of steps), it is put together greedily: as long as a mark is missing, the nearest step with
 * one of those that are; then the nearest way back. A pair <>[]b \/ []<>c asks for c only once the
 * cycle has taken a step without b, so what is missing is asked again after the way back. Each
 * round adds a mark for good. Each search is linear in the component at worst, and most end near.
 *
 * Everything is searched in the order in which the graph has its steps: the result is always the
 * same. */
#include "liveness/lasso_product.h"

#include "base/assert.h"

#include <string.h>

#define ENTRIES_FIRST ((size_t)1 << 16)
#define POLL 4096u

/* A node of a breadth-first search; without a plane, `state` is a node of the region. */
struct entry {
    uint32_t state, automaton_state, parent;
};

struct tracer {
    const struct fm_region *region;
    const struct fm_region_found *found;
    struct fm_pages entries;
    uint32_t entry_count;
    struct fm_pages *visited; /* bits: of each state of the automaton, or one for the region */
    uint32_t visited_count;
    FM_VEC(uint64_t) states;
    FM_VEC(uint32_t) letters;
    uint64_t *marks, *missing, *scratch; /* rows: of the cycle so far */
    enum fm_region_result failure;
};

/* --- breadth-first search --- */

/* Adds an entry unless it was seen. */
static void visit(struct tracer *t, uint32_t which, struct entry entry, uint64_t room)
{
    struct fm_pages *bits = &t->visited[which];
    if (bits->at == NULL && !fm_pages_map(bits, room / 8 + 8)) {
        t->failure = FM_REGION_MEMORY;
        return;
    }
    if (fm_bits_has(bits->at, entry.state)) {
        return;
    }
    fm_bits_add(bits->at, entry.state);
    if (t->entry_count == UINT32_MAX) {
        t->failure = FM_REGION_LARGE;
        return;
    }
    size_t needed = ((size_t)t->entry_count + 1) * sizeof entry;
    if (needed > t->entries.size) {
        bool done = t->entries.at == NULL
                        ? fm_pages_map(&t->entries, ENTRIES_FIRST)
                        : fm_pages_resize(&t->entries, t->entries.size + t->entries.size / 2);
        if (!done) {
            t->failure = FM_REGION_MEMORY;
            return;
        }
    }
    ((struct entry *)t->entries.at)[t->entry_count++] = entry;
}

static struct entry entry_at(const struct tracer *t, uint32_t i)
{
    return ((const struct entry *)t->entries.at)[i];
}

static void poll_interrupt(struct tracer *t, uint32_t i)
{
    const atomic_bool *interrupt = t->region->product->interrupt;
    if (i % POLL == POLL - 1 && interrupt != NULL &&
        atomic_load_explicit(interrupt, memory_order_relaxed)) {
        t->failure = FM_REGION_INTERRUPTED;
    }
}

/* Forgets what was visited. */
static void forget(struct tracer *t)
{
    for (uint32_t i = 0; i < t->visited_count; i++) {
        fm_pages_unmap(&t->visited[i]);
    }
    t->entry_count = 0;
}

static void add_step(struct tracer *t, uint64_t state, uint32_t letter)
{
    fm_vec_push(&t->states, state);
    fm_vec_push(&t->letters, letter);
}

/* --- the way there --- */

static bool is_target(const struct tracer *t, struct entry entry)
{
    uint32_t node = fm_region_node_of(t->region, entry.state, entry.automaton_state);
    if (node == UINT32_MAX) {
        return false;
    }
    return t->found->is_alone ? node == t->found->node
                              : fm_region_label(t->region, node) == t->found->label;
}

/* Writes the steps from the beginning to entry `last`, which is not written itself. */
static void write_way(struct tracer *t, uint32_t last)
{
    uint32_t length = 0;
    for (uint32_t i = last; entry_at(t, i).parent != UINT32_MAX; i = entry_at(t, i).parent) {
        add_step(t, 0, 0);
        length++;
    }
    uint32_t to = last;
    while (length-- > 0) {
        struct entry behind = entry_at(t, to), from = entry_at(t, behind.parent);
        struct fm_product_cursor cursor;
        struct fm_product_step step;
        fm_product_begin(t->region->product, from.automaton_state, from.state, &cursor);
        do {
            bool more = fm_product_next(t->region->product, &cursor, &step);
            fm_assert(more);
        } while (step.to != behind.state || step.state != behind.automaton_state);
        t->states.at[length] = from.state;
        t->letters.at[length] = step.letter;
        to = behind.parent;
    }
}

/* The node where the way ends. */
static uint32_t find_way(struct tracer *t, uint32_t initial)
{
    const struct fm_product *product = t->region->product;
    uint64_t room = product->state_count;
    for (uint64_t i = 0; i < fm_graph_initial_count(product->graph); i++) {
        struct entry entry = {(uint32_t)i, initial, UINT32_MAX};
        visit(t, initial, entry, room);
    }
    uint32_t i = 0;
    for (; t->failure == FM_REGION_NONE && !is_target(t, entry_at(t, i)); i++) {
        struct entry from = entry_at(t, i);
        struct fm_product_cursor cursor;
        struct fm_product_step step;
        fm_product_begin(product, from.automaton_state, from.state, &cursor);
        while (t->failure == FM_REGION_NONE && fm_product_next(product, &cursor, &step)) {
            struct entry entry = {(uint32_t)step.to, step.state, i};
            visit(t, step.state, entry, room);
        }
        poll_interrupt(t, i);
        /* What was found was reached before. */
        fm_assert(t->failure != FM_REGION_NONE || i + 1 < t->entry_count);
    }
    if (t->failure != FM_REGION_NONE) {
        return 0;
    }
    write_way(t, i);
    struct entry end = entry_at(t, i);
    return fm_region_node_of(t->region, end.state, end.automaton_state);
}

/* --- the cycle --- */

/* The next step inside of what was found. */
static bool next_inside(const struct tracer *t, struct fm_product_cursor *cursor,
                        struct fm_product_step *step, uint32_t *to)
{
    const struct fm_region *region = t->region;
    while (fm_product_next(region->product, cursor, step)) {
        *to = fm_region_node_of(region, step->to, step->state);
        if (*to != UINT32_MAX && fm_region_label(region, *to) == t->found->label &&
            !fm_product_meets(region->product, step, t->found->removed)) {
            return true;
        }
    }
    return false;
}

static void begin_at(const struct tracer *t, uint32_t node, struct fm_product_cursor *cursor)
{
    const struct fm_region *region = t->region;
    fm_product_begin(region->product, region->planes[fm_region_plane_of(region, node)],
                     fm_region_state_of(region, node), cursor);
}

/* Appends the steps to entry `last`, and then this one. */
static void append(struct tracer *t, uint32_t last, const struct fm_product_step *final)
{
    uint32_t length = 0, first = t->states.count;
    for (uint32_t i = last; entry_at(t, i).parent != UINT32_MAX; i = entry_at(t, i).parent) {
        add_step(t, 0, 0);
        length++;
    }
    uint32_t to = last;
    while (length-- > 0) {
        struct entry behind = entry_at(t, to);
        uint32_t from = entry_at(t, behind.parent).state, node;
        struct fm_product_cursor cursor;
        struct fm_product_step step;
        begin_at(t, from, &cursor);
        do {
            bool more = next_inside(t, &cursor, &step, &node);
            fm_assert(more);
        } while (node != behind.state);
        fm_product_join(t->region->product, &step, t->marks);
        t->states.at[first + length] = fm_region_state_of(t->region, from);
        t->letters.at[first + length] = step.letter;
        to = behind.parent;
    }
    fm_product_join(t->region->product, final, t->marks);
    add_step(t, fm_region_state_of(t->region, entry_at(t, last).state), final->letter);
}

/* Goes on from a node to the nearest step that has a missing mark, or, when there is none, leads to
 * `target`. The node behind that step. */
static uint32_t go_on(struct tracer *t, uint32_t node, bool any_missing, uint32_t target)
{
    const struct fm_product *product = t->region->product;
    uint64_t room = t->region->plane_count * product->state_count;
    struct entry start = {node, 0, UINT32_MAX};
    visit(t, 0, start, room);
    for (uint32_t i = 0; t->failure == FM_REGION_NONE; i++) {
        fm_assert(i < t->entry_count); /* the component is strongly connected */
        struct fm_product_cursor cursor;
        struct fm_product_step step;
        uint32_t to;
        begin_at(t, entry_at(t, i).state, &cursor);
        while (t->failure == FM_REGION_NONE && next_inside(t, &cursor, &step, &to)) {
            if (any_missing ? fm_product_meets(product, &step, t->missing) : to == target) {
                append(t, i, &step);
                for (uint32_t k = 0; k < t->entry_count; k++) {
                    uint32_t seen = entry_at(t, k).state;
                    ((uint64_t *)t->visited[0].at)[seen / 64] = 0;
                }
                t->entry_count = 0;
                return to;
            }
            struct entry entry = {to, 0, i};
            visit(t, 0, entry, room);
        }
        poll_interrupt(t, i);
    }
    return node;
}

/* Adds the marks that the cycle needs so that the tail comes true. */
static void need(struct tracer *t, uint32_t id)
{
    const struct fm_parts *parts = t->region->product->parts;
    if (fm_tail_judge(parts, id, t->marks) == FM_TAIL_YES) {
        return;
    }
    const struct fm_part *part = fm_part_at(parts, id);
    const uint32_t *kids = fm_part_kids(parts, id);
    if (part->op == FM_PART_INFINITE) {
        fm_bits_add(t->missing, part->mark);
        return;
    }
    fm_assert(part->op == FM_PART_AND || part->op == FM_PART_OR);
    for (uint32_t i = 0; i < part->count; i++) {
        if (part->op == FM_PART_AND) {
            need(t, kids[i]);
        } else if (fm_tail_judge(parts, kids[i], t->found->marks) == FM_TAIL_YES) {
            need(t, kids[i]);
            return;
        }
    }
    fm_assert(part->op == FM_PART_AND);
}

/* Whether something is missing. */
static bool find_missing(struct tracer *t)
{
    const struct fm_region *region = t->region;
    uint32_t words = region->product->words;
    uint64_t any = 0;
    memset(t->missing, 0, words * sizeof *t->missing);
    for (uint32_t i = 0; i < t->found->goal_count; i++) {
        need(t, t->found->goal[i]);
    }
    for (uint32_t i = 0; i < words; i++) {
        t->missing[i] |= region->required[i] & ~t->marks[i];
        any |= t->missing[i];
    }
    return any != 0;
}

static void find_cycle(struct tracer *t, uint32_t anchor)
{
    uint32_t first = t->states.count, node = anchor;
    while (t->failure == FM_REGION_NONE) {
        bool any_missing = find_missing(t);
        if (!any_missing && node == anchor && t->states.count > first) {
            return;
        }
        node = go_on(t, node, any_missing, anchor);
    }
}

/* The step from the node to itself that satisfies everything. */
static void find_own_step(struct tracer *t, uint32_t node)
{
    const struct fm_region *region = t->region;
    const struct fm_product *product = region->product;
    struct fm_product_cursor cursor;
    struct fm_product_step step;
    bool is_enough = false;
    begin_at(t, node, &cursor);
    while (!is_enough) {
        bool more = fm_product_next(product, &cursor, &step);
        fm_assert(more);
        if (fm_region_node_of(region, step.to, step.state) != node) {
            continue;
        }
        memset(t->marks, 0, product->words * sizeof *t->marks);
        fm_product_join(product, &step, t->marks);
        is_enough = fm_bits_cover(t->marks, region->required, product->words);
        for (uint32_t i = 0; i < region->goal_count && is_enough; i++) {
            is_enough = fm_tail_judge(product->parts, region->goal[i], t->marks) == FM_TAIL_YES;
        }
    }
    add_step(t, step.to, step.letter);
}

enum fm_region_result fm_lasso_trace(const struct fm_region *region,
                                     const struct fm_region_found *found, uint32_t initial,
                                     struct fm_arena *arena, struct fm_lasso *lasso)
{
    const struct fm_product *product = region->product;
    uint32_t words = product->words;
    struct tracer t = {.region = region, .found = found};
    t.visited_count = product->automaton == NULL ? 1 : product->automaton->state_count;
    t.visited = fm_memory_calloc(t.visited_count, sizeof *t.visited);
    t.marks = fm_memory_calloc(words, sizeof *t.marks);
    t.missing = fm_memory_calloc(words, sizeof *t.missing);
    uint32_t anchor = find_way(&t, initial), cycle = t.states.count;
    forget(&t);
    if (t.failure == FM_REGION_NONE && found->is_alone) {
        find_own_step(&t, anchor);
    } else if (t.failure == FM_REGION_NONE) {
        find_cycle(&t, anchor);
    }
    if (t.failure == FM_REGION_NONE) {
        *lasso = (struct fm_lasso){
            .states = fm_arena_copy(arena, t.states.at, t.states.count * sizeof(uint64_t)),
            .letters = fm_arena_copy(arena, t.letters.at, t.letters.count * sizeof(uint32_t)),
            .count = t.states.count,
            .cycle = cycle};
    }
    forget(&t);
    fm_pages_unmap(&t.entries);
    fm_memory_free(t.visited);
    fm_memory_free(t.marks);
    fm_memory_free(t.missing);
    fm_vec_deinit(&t.states);
    fm_vec_deinit(&t.letters);
    return t.failure == FM_REGION_NONE ? FM_REGION_FOUND : t.failure;
}

/* --- what a formula says of a lasso --- */

struct evaluation {
    const struct fm_graph *graph;
    const struct fm_lasso *lasso;
    struct fm_arena arena;
    struct fm_map known; /* formula to its value at each position */
};

/* [] at each position: from the end of the lasso; a cycle has one value. EVENTUALLY is dual. */
static void follow(const struct fm_lasso *lasso, bool is_always, const uint8_t *body, uint8_t *out)
{
    uint8_t value = is_always;
    for (uint32_t i = lasso->cycle; i < lasso->count; i++) {
        value = is_always ? value & body[i] : value | body[i];
    }
    for (uint32_t i = lasso->count; i-- > 0;) {
        if (i < lasso->cycle) {
            value = is_always ? value & body[i] : value | body[i];
        }
        out[i] = value;
    }
}

static const uint8_t *evaluate(struct evaluation *e, const struct fm_temporal *formula)
{
    uint8_t *out = fm_map_get(&e->known, formula);
    if (out != NULL) {
        return out;
    }
    const struct fm_lasso *lasso = e->lasso;
    out = fm_arena_calloc(&e->arena, lasso->count, 1);
    if (formula->op == FM_TEMPORAL_TRUE || formula->op == FM_TEMPORAL_AND) {
        memset(out, 1, lasso->count);
    }
    for (uint32_t k = 0; k < formula->count; k++) {
        const uint8_t *kid = evaluate(e, formula->kids[k]);
        if (formula->op == FM_TEMPORAL_ALWAYS || formula->op == FM_TEMPORAL_EVENTUALLY) {
            follow(lasso, formula->op == FM_TEMPORAL_ALWAYS, kid, out);
        }
        for (uint32_t i = 0; i < lasso->count; i++) {
            if (formula->op == FM_TEMPORAL_NOT) {
                out[i] = !kid[i];
            } else if (formula->op == FM_TEMPORAL_AND) {
                out[i] &= kid[i];
            } else if (formula->op == FM_TEMPORAL_OR) {
                out[i] |= kid[i];
            }
        }
    }
    for (uint32_t i = 0; i < lasso->count && formula->op == FM_TEMPORAL_ATOM; i++) {
        out[i] = fm_bits_has(fm_graph_letter_words_of(e->graph, lasso->letters[i]), formula->atom);
    }
    fm_map_put(&e->known, formula, out);
    return out;
}

bool fm_lasso_holds(const struct fm_graph *graph, const struct fm_temporal *formula,
                    const struct fm_lasso *lasso)
{
    struct evaluation e = {.graph = graph, .lasso = lasso};
    fm_arena_init(&e.arena, "lasso");
    bool holds = evaluate(&e, formula)[0] != 0;
    fm_map_deinit(&e.known);
    fm_arena_deinit(&e.arena);
    return holds;
}
