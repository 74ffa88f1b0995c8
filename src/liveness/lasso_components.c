/* Strongly connected components that satisfy a condition.
 *
 * Tarjan's algorithm ("Depth-first search and linear graph algorithms", 1972) with an explicit
 * stack, and two words of 32 bits a node. `labels` has for each node 0 (not seen), its place on the
 * stack of open nodes + 1, DONE, or DONE_BIT and the place of its component in `order`. The stack
 * of open nodes grows from the left end of `order`, and finished components are moved to its right
 * end, so that the nodes of each stand together. Lowest links live in the frames of the search (32
 * bytes each), for nobody asks for them later. A node alone, which in these graphs has its
 * stuttering step and nothing else, is judged on the spot and takes no place in `order`.
 *
 * A component satisfies its goal, a conjunction of tails (lasso_conditions.h), if some set of its
 * steps that connects some of its nodes does. Let P be the marks of all its steps. If all tails are
 * YES for P, it is found. If one is NO, it has no such set. Otherwise there are conditions
 * LASTING(m) that stand alone, i.e. all the rest of their disjunctions is NO: then no step with m
 * can be in the set; these steps are taken away, the rest is divided into components again, and
 * each is judged (Emerson and Lei, 1987). Each round takes a mark away for good, so the work is at
 * most (marks + 1) times the size of the component, with pairs of Streett's always: a pair
 * <>[]b \/ []<>c is either satisfied by P or stands alone. The data structures by which Henzinger
 * and Telle ("Faster algorithms for the nonemptiness of Streett automata and for communication
 * protocol pruning", 1996) bound the sum of all rounds more tightly would cost more memory than the
 * graph; rounds are few in practice.
 *
 * What is neither is a disjunction with several ways left, e.g. of negated strong fairness: each
 * way is tried, one after the other, for this component alone (as in Baier et al., "Generic
 * emptiness check for fun and profit", 2019). One disjunction of n ways costs n times the work; k
 * of them, whose ways no component decides, n^k: deciding those is NP-complete.
 *
 * Components found first are judged by several threads. Each writes labels of its own component
 * only, from a range of numbers that no other component has; so whatever it reads of another one's
 * nodes, it sees that they are not its own. The least component by its least state wins: with
 * states in breadth-first order that makes a short way there. */
#include "liveness/lasso_product.h"

#include "base/assert.h"
#include "base/thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define DONE_BIT ((uint32_t)1 << 31)
#define DONE UINT32_MAX
/* Nodes of one region at most: their labels have 31 bits. */
#define NODES_MAX ((uint64_t)DONE_BIT - 4)
/* Nodes between two looks at the interrupt. */
#define POLL 4096u
/* Nodes that are worth a thread more. */
#define SHARE ((uint64_t)1 << 13)
#define FRAMES_FIRST ((size_t)1 << 16)
#define JUDGE_STACK ((size_t)1 << 20)

struct range {
    uint32_t start, count; /* in `order` */
    uint32_t least;        /* state of the graph */
};

/* One frame of the depth-first search, packed. */
struct frame {
    const uint8_t *next;
    uint32_t left; /* bytes of steps behind `next` */
    uint32_t node, low;
    uint32_t to, letter;
    uint32_t move : 28, loops : 2, : 0;
};
_Static_assert(sizeof(struct frame) == 32, "as the essay says");

struct place {
    struct fm_product_cursor cursor;
    uint32_t node, low, loops;
};

/* A search: the first one of a region, or one within a component. */
struct walk {
    struct fm_region *region;
    uint32_t fresh, base; /* label of nodes not seen; of the first place of the stack */
    uint32_t *stack;      /* open nodes on the left, finished ones on the right */
    uint32_t height, finished, capacity;
    const uint64_t *removed; /* marks of steps that are gone, or NULL: this is the first search */
    const struct fm_region_ends *ends;
    struct fm_pages frames;
    uint64_t depth, seen, dropped;
    uint8_t *alone; /* per letter: 0 unknown, 1 no, 2 yes; first search only */
    uint32_t best;  /* node whose own step satisfies everything, or UINT32_MAX */
    uint64_t *row;  /* scratch */
    FM_VEC(struct range) ranges;
    enum fm_region_result failure; /* NONE: none */
};

/* A component to judge. */
struct item {
    uint32_t start, count;
    uint32_t goal_first, goal_count; /* in judge.goals */
    uint32_t removed;                /* word in judge.rows */
    uint32_t goals_end, rows_end;    /* what is behind these is of items that are done with */
    bool relabel;                    /* it was divided before */
};

struct judge {
    struct walk walk;
    struct fm_pages scratch;
    FM_VEC(struct item) items;
    FM_VEC(uint32_t) goals;
    FM_VEC(uint64_t) rows;
    uint64_t *marks, *gone; /* rows */
};

/* What the threads share. */
struct crew {
    struct fm_region *region;
    const struct range *ranges;
    uint32_t count;
    const struct fm_region_ends *ends;
    struct fm_arena *arena;
    struct fm_region_found *found;
    _Atomic uint32_t next, best;
    atomic_bool failed;
    enum fm_region_result failure; /* by the lock, as is *found */
    pthread_mutex_t lock;
};

struct member {
    struct crew *crew;
    bool is_caller;
};

static void set_label(const struct walk *w, uint32_t node, uint32_t label)
{
    _Atomic uint32_t *labels = w->region->labels.at;
    atomic_store_explicit(&labels[node], label, memory_order_relaxed); /* see fm_region_label */
}

/* --- the search --- */

static bool is_interrupted(const struct fm_product *product)
{
    return product->interrupt != NULL &&
           atomic_load_explicit(product->interrupt, memory_order_relaxed);
}

/* Whether a cycle of this one step satisfies the region's goal. */
static bool is_enough(struct walk *w, const struct fm_product_step *step)
{
    const struct fm_region *region = w->region;
    uint32_t words = region->product->words;
    const uint64_t *moves = region->product->rows + (size_t)step->row * words;
    if (!fm_bits_cover(moves, region->required, words)) {
        return false;
    }
    uint8_t *known = &w->alone[step->letter];
    if (*known == 0) {
        memset(w->row, 0, words * sizeof *w->row);
        fm_product_join(region->product, step, w->row);
        *known = 2;
        for (uint32_t i = 0; i < region->goal_count && *known == 2; i++) {
            enum fm_tail_value value = fm_tail_judge(region->product->parts, region->goal[i],
                                                     w->row);
            *known = value == FM_TAIL_YES ? 2 : 1;
        }
    }
    return *known == 2;
}

static bool is_before(const struct fm_region *region, uint32_t a, uint32_t b)
{
    uint64_t x = fm_region_state_of(region, a), y = fm_region_state_of(region, b);
    return x < y || (x == y && a < b);
}

/* A step from the node to itself. */
static void note_loop(struct walk *w, struct place *at, const struct fm_product_step *step)
{
    at->loops = at->loops < 2 ? at->loops + 1 : 2;
    if (w->removed == NULL && (w->best == UINT32_MAX || is_before(w->region, at->node, w->best)) &&
        is_enough(w, step)) {
        w->best = at->node;
    }
}

/* The next node that a step leads to. */
static bool advance(struct walk *w, struct place *at, uint32_t *to)
{
    const struct fm_region *region = w->region;
    struct fm_product_step step;
    while (fm_product_next(region->product, &at->cursor, &step)) {
        *to = fm_region_node_of(region, step.to, step.state);
        if (*to == UINT32_MAX) {
            if (w->removed == NULL) {
                w->ends->leave(w->ends->closure, step.state, step.to);
            }
            continue;
        }
        if (w->removed != NULL && fm_product_meets(region->product, &step, w->removed)) {
            continue;
        }
        if (*to == at->node) {
            note_loop(w, at, &step);
            continue;
        }
        return true;
    }
    return false;
}

/* The frame of a node seen for the first time. */
static void open_node(struct walk *w, uint32_t node, struct place *at)
{
    const struct fm_region *region = w->region;
    at->node = node;
    at->low = w->height;
    at->loops = 0;
    set_label(w, node, w->base + w->height);
    w->stack[w->height++] = node;
    w->seen++;
    uint32_t plane = fm_region_plane_of(region, node);
    fm_product_begin(region->product, region->planes[plane], fm_region_state_of(region, node),
                     &at->cursor);
    if (w->seen % POLL == 0) {
        if (is_interrupted(region->product)) {
            w->failure = FM_REGION_INTERRUPTED;
        }
        if (w->removed == NULL && w->ends->progress != NULL && w->seen % (POLL * 64) == 0) {
            w->ends->progress(w->ends->progress_closure, 0, w->seen);
        }
    }
}

static void push_frame(struct walk *w, const struct place *at)
{
    size_t needed = (w->depth + 1) * sizeof(struct frame);
    if (needed > w->frames.size) {
        bool done = w->frames.at == NULL
                        ? fm_pages_map(&w->frames, FRAMES_FIRST)
                        : fm_pages_resize(&w->frames, w->frames.size + w->frames.size / 2);
        if (!done) {
            w->failure = FM_REGION_MEMORY;
            return;
        }
    }
    /* Moves are numbered within the letter's: they fit. */
    uint32_t move = at->cursor.move_end - at->cursor.move;
    fm_assert(move < (uint32_t)1 << 28);
    ((struct frame *)w->frames.at)[w->depth++] = (struct frame){
        .next = at->cursor.graph.next,
        .left = (uint32_t)(at->cursor.graph.end - at->cursor.graph.next),
        .node = at->node,
        .low = at->low,
        .to = (uint32_t)at->cursor.step.to,
        .letter = at->cursor.step.letter,
        .move = move & 0xfffffff,
        .loops = at->loops & 3};
}

static void pop_frame(struct walk *w, struct place *at)
{
    const struct fm_region *region = w->region;
    const struct frame *frame = &((const struct frame *)w->frames.at)[--w->depth];
    at->node = frame->node;
    at->low = frame->low;
    at->loops = frame->loops;
    struct fm_product_cursor *cursor = &at->cursor;
    cursor->state = region->planes[fm_region_plane_of(region, frame->node)];
    cursor->graph = (struct fm_graph_cursor){.graph = region->product->graph,
                                             .from = fm_region_state_of(region, frame->node),
                                             .next = frame->next,
                                             .end = frame->next + frame->left};
    cursor->step = (struct fm_graph_step){.to = frame->to, .letter = frame->letter};
    cursor->move = cursor->move_end = 0;
    if (frame->move > 0) {
        fm_product_load(region->product, cursor);
        cursor->move = cursor->move_end - frame->move;
    }
}

/* The nodes from this place of the stack on are a component; the first has so many own steps. */
static void close_component(struct walk *w, uint32_t start, uint32_t loops)
{
    uint32_t count = w->height - start;
    bool is_dropped = count == 1 && loops < 2;
    w->height = start;
    if (is_dropped) {
        set_label(w, w->stack[start], DONE);
        w->dropped += loops > 0;
        if (w->removed == NULL) {
            return; /* the first search has no use for it any more */
        }
    }
    w->finished -= count;
    memmove(w->stack + w->finished, w->stack + start, count * sizeof *w->stack);
    if (is_dropped) {
        return;
    }
    struct range range = {.start = w->finished, .count = count, .least = UINT32_MAX};
    for (uint32_t i = w->finished; i < w->finished + count; i++) {
        uint32_t state = (uint32_t)fm_region_state_of(w->region, w->stack[i]);
        range.least = state < range.least ? state : range.least;
        set_label(w, w->stack[i], DONE_BIT | (w->base + w->finished));
    }
    fm_vec_push(&w->ranges, range);
}

/* Everything that is reached from the root. */
static void walk_from(struct walk *w, uint32_t root)
{
    struct place at;
    w->depth = 0;
    open_node(w, root, &at);
    while (w->failure == FM_REGION_NONE) {
        uint32_t to;
        if (advance(w, &at, &to)) {
            uint32_t label = fm_region_label(w->region, to);
            if (label == w->fresh) {
                push_frame(w, &at);
                open_node(w, to, &at);
            } else if (label - w->base < w->height && label - w->base < at.low) {
                at.low = label - w->base;
            }
            continue;
        }
        uint32_t low = at.low;
        if (low == fm_region_label(w->region, at.node) - w->base) {
            close_component(w, low, at.loops);
        }
        if (w->depth == 0) {
            return;
        }
        pop_frame(w, &at);
        at.low = low < at.low ? low : at.low;
    }
}

static int compare_ranges(const void *a, const void *b)
{
    const struct range *x = a, *y = b;
    if (x->least != y->least) {
        return x->least < y->least ? -1 : 1;
    }
    return x->start < y->start ? -1 : x->start > y->start;
}

static void sort_ranges(struct walk *w)
{
    if (w->ranges.count > 1) {
        qsort(w->ranges.at, w->ranges.count, sizeof *w->ranges.at, compare_ranges);
    }
}

/* --- judging a component --- */

/* The marks of all steps inside of the item, and whether there is one. */
static bool join_marks(struct judge *j, const struct item *item)
{
    const struct fm_region *region = j->walk.region;
    const struct fm_product *product = region->product;
    const uint32_t *nodes = (const uint32_t *)region->order.at + item->start;
    const uint64_t *removed = j->rows.at + item->removed;
    uint32_t own = DONE_BIT | (1 + item->start);
    bool any = false;
    memset(j->marks, 0, product->words * sizeof *j->marks);
    for (uint32_t i = 0; i < item->count; i++) {
        struct fm_product_cursor cursor;
        struct fm_product_step step;
        fm_product_begin(product, region->planes[fm_region_plane_of(region, nodes[i])],
                         fm_region_state_of(region, nodes[i]), &cursor);
        while (fm_product_next(product, &cursor, &step)) {
            if (any && fm_product_covered(product, &step, j->marks)) {
                continue; /* most steps: spares looking at what they lead to */
            }
            uint32_t to = fm_region_node_of(region, step.to, step.state);
            if (to != UINT32_MAX && fm_region_label(region, to) == own &&
                !fm_product_meets(product, &step, removed)) {
                fm_product_join(product, &step, j->marks);
                any = true;
            }
        }
        if (i % POLL == POLL - 1 && is_interrupted(product)) {
            j->walk.failure = FM_REGION_INTERRUPTED;
            return false;
        }
    }
    return any;
}

enum outcome { OUTCOME_NO, OUTCOME_FOUND, OUTCOME_REMOVE, OUTCOME_CHOOSE };

/* A disjunction that is open: the one kid that can still come true, or UINT32_MAX when several. */
static uint32_t only_kid(const struct judge *j, uint32_t id)
{
    const struct fm_parts *parts = j->walk.region->product->parts;
    uint32_t only = UINT32_MAX;
    for (uint32_t i = 0; i < fm_part_at(parts, id)->count; i++) {
        uint32_t kid = fm_part_kids(parts, id)[i];
        if (fm_tail_judge(parts, kid, j->marks) != FM_TAIL_NO) {
            if (only != UINT32_MAX) {
                return UINT32_MAX;
            }
            only = kid;
        }
    }
    return only;
}

/* What is to be done about an item whose steps have j->marks. Its goal is rewritten into an equal
 * one at the end of j->goals; `gone` gets the marks that have to go, or *choice the place of a
 * disjunction. */
static enum outcome examine(struct judge *j, const struct item *item, uint32_t *first,
                            uint32_t *choice)
{
    const struct fm_region *region = j->walk.region;
    const struct fm_parts *parts = region->product->parts;
    if (!fm_bits_cover(j->marks, region->required, region->product->words)) {
        return OUTCOME_NO;
    }
    *first = j->goals.count;
    for (uint32_t i = 0; i < item->goal_count; i++) {
        uint32_t id = j->goals.at[item->goal_first + i];
        fm_vec_push(&j->goals, id);
    }
    memset(j->gone, 0, region->product->words * sizeof *j->gone);
    enum outcome outcome = OUTCOME_FOUND;
    for (uint32_t i = *first; i < j->goals.count;) {
        uint32_t id = j->goals.at[i];
        const struct fm_part *part = fm_part_at(parts, id);
        enum fm_tail_value value = fm_tail_judge(parts, id, j->marks);
        if (value == FM_TAIL_NO) {
            return OUTCOME_NO;
        }
        if (value == FM_TAIL_YES) {
            i++;
        } else if (part->op == FM_PART_LASTING) {
            fm_bits_add(j->gone, part->mark);
            outcome = OUTCOME_REMOVE;
            i++;
        } else if (part->op == FM_PART_AND) {
            j->goals.at[i] = fm_part_kids(parts, id)[0];
            for (uint32_t k = 1; k < part->count; k++) {
                fm_vec_push(&j->goals, fm_part_kids(parts, id)[k]);
            }
        } else {
            uint32_t only = only_kid(j, id);
            if (only != UINT32_MAX) {
                j->goals.at[i] = only;
                continue;
            }
            if (outcome == OUTCOME_FOUND) {
                *choice = i;
                outcome = OUTCOME_CHOOSE;
            }
            i++;
        }
    }
    return outcome;
}

/* Takes steps away and divides the item. */
static void divide(struct judge *j, const struct item *item, uint32_t goal_first)
{
    struct walk *w = &j->walk;
    uint32_t words = w->region->product->words, removed = j->rows.count;
    uint32_t *order = (uint32_t *)w->region->order.at + item->start;
    for (uint32_t i = 0; i < words; i++) {
        uint64_t word = j->rows.at[item->removed + i] | j->gone[i];
        fm_vec_push(&j->rows, word);
    }
    size_t size = item->count * sizeof(uint32_t);
    if (j->scratch.size < size) {
        fm_pages_unmap(&j->scratch);
        if (!fm_pages_map(&j->scratch, size)) {
            w->failure = FM_REGION_MEMORY;
            return;
        }
    }
    w->stack = j->scratch.at;
    w->height = 0;
    w->finished = w->capacity = item->count;
    w->base = 1 + item->start;
    w->fresh = DONE_BIT | w->base;
    w->removed = j->rows.at + removed;
    w->ranges.count = 0;
    uint64_t end = w->seen + item->count;
    for (uint32_t i = 0; w->seen < end && w->failure == FM_REGION_NONE; i++) {
        if (fm_region_label(w->region, order[i]) == w->fresh) {
            walk_from(w, order[i]);
        }
    }
    if (w->failure != FM_REGION_NONE) {
        return;
    }
    fm_assert(w->finished == 0);
    memcpy(order, w->stack, size);
    sort_ranges(w);
    for (uint32_t i = w->ranges.count; i-- > 0;) {
        struct item part = {.start = item->start + w->ranges.at[i].start,
                            .count = w->ranges.at[i].count,
                            .goal_first = goal_first,
                            .goal_count = j->goals.count - goal_first,
                            .removed = removed,
                            .goals_end = j->goals.count,
                            .rows_end = j->rows.count};
        fm_vec_push(&j->items, part);
    }
}

/* The ways of a disjunction, the first on top. */
static void choose(struct judge *j, const struct item *item, uint32_t goal_first, uint32_t choice)
{
    const struct fm_parts *parts = j->walk.region->product->parts;
    uint32_t id = j->goals.at[choice], count = j->goals.count - goal_first;
    for (uint32_t i = fm_part_at(parts, id)->count; i-- > 0;) {
        uint32_t kid = fm_part_kids(parts, id)[i];
        if (fm_tail_judge(parts, kid, j->marks) == FM_TAIL_NO) {
            continue;
        }
        struct item way = *item;
        way.relabel = true;
        way.goal_first = j->goals.count;
        way.goal_count = count;
        for (uint32_t k = 0; k < count; k++) {
            uint32_t goal = goal_first + k == choice ? kid : j->goals.at[goal_first + k];
            fm_vec_push(&j->goals, goal);
        }
        way.goals_end = j->goals.count;
        way.rows_end = j->rows.count;
        fm_vec_push(&j->items, way);
    }
}

static void relabel(struct judge *j, const struct item *item)
{
    const uint32_t *order = (const uint32_t *)j->walk.region->order.at + item->start;
    for (uint32_t i = 0; i < item->count; i++) {
        set_label(&j->walk, order[i], DONE_BIT | (1 + item->start));
    }
}

/* Whether the component satisfies the region's goal; then `result` is the part that does, and its
 * goal the rewritten one. */
static bool judge_range(struct judge *j, const struct range *range, struct item *result)
{
    const struct fm_region *region = j->walk.region;
    struct item item = {
        .start = range->start, .count = range->count, .goal_count = region->goal_count};
    j->items.count = j->goals.count = j->rows.count = 0;
    for (uint32_t i = 0; i < region->goal_count; i++) {
        fm_vec_push(&j->goals, region->goal[i]);
    }
    for (uint32_t i = 0; i < region->product->words; i++) {
        fm_vec_push(&j->rows, 0);
    }
    item.goals_end = j->goals.count;
    item.rows_end = j->rows.count;
    fm_vec_push(&j->items, item);
    while (j->items.count > 0) {
        item = fm_vec_pop(&j->items);
        j->goals.count = item.goals_end;
        j->rows.count = item.rows_end;
        if (item.relabel) {
            relabel(j, &item);
        }
        uint32_t first = 0, choice = 0;
        bool any = join_marks(j, &item);
        enum outcome outcome = any ? examine(j, &item, &first, &choice) : OUTCOME_NO;
        if (j->walk.failure != FM_REGION_NONE) {
            return false;
        }
        if (outcome == OUTCOME_FOUND) {
            *result = item;
            result->goal_first = first;
            result->goal_count = j->goals.count - first;
            return true;
        }
        if (outcome == OUTCOME_REMOVE) {
            divide(j, &item, first);
        } else if (outcome == OUTCOME_CHOOSE) {
            choose(j, &item, first, choice);
        }
    }
    return false;
}

static void init_judge(struct judge *j, struct fm_region *region)
{
    uint32_t words = region->product->words;
    *j = (struct judge){.walk = {.region = region, .best = UINT32_MAX}};
    j->marks = fm_memory_calloc(words, sizeof *j->marks);
    j->gone = fm_memory_calloc(words, sizeof *j->gone);
}

static void deinit_judge(struct judge *j)
{
    fm_pages_unmap(&j->walk.frames);
    fm_pages_unmap(&j->scratch);
    fm_vec_deinit(&j->walk.ranges);
    fm_vec_deinit(&j->items);
    fm_vec_deinit(&j->goals);
    fm_vec_deinit(&j->rows);
    fm_memory_free(j->marks);
    fm_memory_free(j->gone);
}

/* --- all components --- */

static void keep_found(struct crew *crew, const struct judge *j, const struct item *item)
{
    uint32_t words = crew->region->product->words;
    *crew->found = (struct fm_region_found){
        .label = DONE_BIT | (1 + item->start),
        .removed = fm_arena_copy(crew->arena, j->rows.at + item->removed, words * sizeof(uint64_t)),
        .marks = fm_arena_copy(crew->arena, j->marks, words * sizeof(uint64_t)),
        .goal = fm_arena_copy(crew->arena, j->goals.at + item->goal_first,
                              item->goal_count * sizeof(uint32_t)),
        .goal_count = item->goal_count};
}

/* One thread: takes components in order as long as they are before the best that was found. */
static void judge_components(void *closure)
{
    const struct member *member = closure;
    struct crew *crew = member->crew;
    const struct fm_region_ends *ends = crew->ends;
    struct judge j;
    init_judge(&j, crew->region);
    for (;;) {
        uint32_t i = atomic_fetch_add(&crew->next, 1);
        if (i >= crew->count || i > atomic_load(&crew->best) || atomic_load(&crew->failed)) {
            break;
        }
        if (member->is_caller && ends->progress != NULL) {
            ends->progress(ends->progress_closure, i, crew->region->node_count);
        }
        struct item item;
        bool is_found = judge_range(&j, &crew->ranges[i], &item);
        pthread_mutex_lock(&crew->lock);
        if (j.walk.failure != FM_REGION_NONE) {
            crew->failure = j.walk.failure;
            atomic_store(&crew->failed, true);
        } else if (is_found && i < atomic_load(&crew->best)) {
            keep_found(crew, &j, &item);
            atomic_store(&crew->best, i);
        }
        pthread_mutex_unlock(&crew->lock);
    }
    deinit_judge(&j);
}

/* Judges all components, by several threads when that pays. */
static enum fm_region_result judge_all(struct crew *crew, uint32_t workers)
{
    uint64_t nodes = 0;
    for (uint32_t i = 0; i < crew->count; i++) {
        nodes += crew->ranges[i].count;
    }
    uint32_t helpers = 0;
    while (helpers + 1 < workers && helpers + 1 < crew->count && (helpers + 1) * SHARE < nodes) {
        helpers++;
    }
    struct fm_thread **threads = fm_memory_calloc(helpers + (size_t)1, sizeof(struct fm_thread *));
    int error = pthread_mutex_init(&crew->lock, NULL);
    fm_assert(error == 0);
    struct member caller = {crew, true}, helper = {crew, false};
    for (uint32_t i = 0; i < helpers; i++) {
        /* Refused: the others do its work. */
        threads[i] = fm_thread_start(judge_components, &helper, JUDGE_STACK);
    }
    judge_components(&caller);
    for (uint32_t i = 0; i < helpers; i++) {
        if (threads[i] != NULL) {
            fm_thread_join(threads[i]);
        }
    }
    pthread_mutex_destroy(&crew->lock);
    fm_memory_free(threads);
    if (crew->failure != FM_REGION_NONE) {
        return crew->failure;
    }
    return atomic_load(&crew->best) == UINT32_MAX ? FM_REGION_NONE : FM_REGION_FOUND;
}

/* The first search: all components of the region. */
static void walk_region(struct walk *w)
{
    struct fm_region *region = w->region;
    uint32_t node = 0;
    while (w->failure == FM_REGION_NONE && w->ends->next_root(w->ends->closure, &node)) {
        if (fm_region_label(region, node) == w->fresh) {
            walk_from(w, node);
        }
        node++;
    }
    region->node_count = w->seen;
    region->component_count = w->dropped + w->ranges.count;
}

enum fm_region_result fm_region_search(struct fm_region *region, const struct fm_region_ends *ends,
                                       uint32_t workers, struct fm_arena *arena,
                                       struct fm_region_found *found)
{
    const struct fm_product *product = region->product;
    uint64_t room = region->plane_count * product->state_count;
    if (room > NODES_MAX) {
        return FM_REGION_LARGE;
    }
    if (!fm_pages_map(&region->labels, room * sizeof(uint32_t)) ||
        !fm_pages_map(&region->order, room * sizeof(uint32_t))) {
        return FM_REGION_MEMORY;
    }
    struct walk w = {.region = region,
                     .base = 1,
                     .stack = region->order.at,
                     .finished = (uint32_t)room,
                     .capacity = (uint32_t)room,
                     .ends = ends,
                     .best = UINT32_MAX};
    w.alone = fm_memory_calloc(product->marks->letter_count, 1);
    w.row = fm_memory_calloc(product->words, sizeof *w.row);
    walk_region(&w);
    fm_pages_unmap(&w.frames);
    fm_memory_free(w.alone);
    fm_memory_free(w.row);
    enum fm_region_result result = w.failure;
    if (result == FM_REGION_NONE && w.best != UINT32_MAX) {
        *found = (struct fm_region_found){.is_alone = true, .node = w.best};
        result = FM_REGION_FOUND;
    } else if (result == FM_REGION_NONE) {
        sort_ranges(&w);
        struct crew crew = {.region = region,
                            .ranges = w.ranges.at,
                            .count = w.ranges.count,
                            .ends = ends,
                            .arena = arena,
                            .found = found,
                            .best = UINT32_MAX};
        result = judge_all(&crew, workers);
    }
    fm_vec_deinit(&w.ranges);
    return result;
}

void fm_region_deinit(struct fm_region *region)
{
    fm_pages_unmap(&region->labels);
    fm_pages_unmap(&region->order);
}
