/* The product of graph and automaton, never stored: the steps of a state of both. */
#ifndef FM_LIVENESS_LASSO_PRODUCT_H
#define FM_LIVENESS_LASSO_PRODUCT_H

#include "liveness/lasso_automaton.h"
#include "store/pages.h"

struct fm_product {
    const struct fm_graph *graph;
    const struct fm_parts *parts;
    const struct fm_marks *marks;
    const struct fm_automaton *automaton; /* NULL: its one state takes every letter */
    const uint64_t *rows;                 /* of moves; one of zeros without automaton */
    uint64_t state_count;                 /* of the graph */
    uint32_t words;                       /* of rows */
    const atomic_bool *interrupt;
};

struct fm_product_step {
    uint64_t to;
    uint32_t state; /* of the automaton, behind the step */
    uint32_t letter, row;
};

struct fm_product_cursor {
    struct fm_graph_cursor graph;
    struct fm_graph_step step;
    uint32_t state, move, move_end;
};

static inline void fm_product_begin(const struct fm_product *product, uint32_t state, uint64_t from,
                                    struct fm_product_cursor *cursor)
{
    cursor->state = state;
    cursor->move = cursor->move_end = 0;
    fm_graph_begin(product->graph, from, &cursor->graph);
}

/* The moves for the letter that was read. */
static inline void fm_product_load(const struct fm_product *product,
                                   struct fm_product_cursor *cursor)
{
    const struct fm_automaton *automaton = product->automaton;
    size_t at = (size_t)cursor->state * automaton->class_count +
                automaton->class_of[cursor->step.letter];
    cursor->move = automaton->first[at];
    cursor->move_end = automaton->first[at + 1];
}

static inline bool fm_product_next(const struct fm_product *product,
                                   struct fm_product_cursor *cursor, struct fm_product_step *step)
{
    if (product->automaton == NULL) {
        if (!fm_graph_next(&cursor->graph, &cursor->step)) {
            return false;
        }
        *step = (struct fm_product_step){.to = cursor->step.to, .letter = cursor->step.letter};
        return true;
    }
    while (cursor->move == cursor->move_end) {
        if (!fm_graph_next(&cursor->graph, &cursor->step)) {
            return false;
        }
        fm_product_load(product, cursor);
    }
    struct fm_automaton_move move = product->automaton->moves[cursor->move++];
    *step = (struct fm_product_step){
        .to = cursor->step.to, .state = move.to, .letter = cursor->step.letter, .row = move.row};
    return true;
}

static inline const uint64_t *fm_product_letter_row(const struct fm_product *product,
                                                    const struct fm_product_step *step)
{
    return product->marks->rows + (size_t)step->letter * product->words;
}

/* Whether the step has a mark of these. */
static inline bool fm_product_meets(const struct fm_product *product,
                                    const struct fm_product_step *step, const uint64_t *marks)
{
    return fm_bits_meet(fm_product_letter_row(product, step), marks, product->words) ||
           fm_bits_meet(product->rows + (size_t)step->row * product->words, marks, product->words);
}

/* Whether the step has no mark but these. */
static inline bool fm_product_covered(const struct fm_product *product,
                                      const struct fm_product_step *step, const uint64_t *marks)
{
    return fm_bits_cover(marks, fm_product_letter_row(product, step), product->words) &&
           fm_bits_cover(marks, product->rows + (size_t)step->row * product->words, product->words);
}

static inline void fm_product_join(const struct fm_product *product,
                                   const struct fm_product_step *step, uint64_t *marks)
{
    fm_bits_join(marks, fm_product_letter_row(product, step), product->words);
    fm_bits_join(marks, product->rows + (size_t)step->row * product->words, product->words);
}

/* One component of the automaton and its share of the product (lasso_components.c). Its nodes are
 * the pairs of a state of the graph and one of the component's: plane * state_count + state. */
struct fm_region {
    const struct fm_product *product;
    const uint32_t *planes; /* states of the automaton */
    uint32_t plane_count;
    const uint32_t *plane_of; /* of each state of the automaton; UINT32_MAX elsewhere */
    const uint32_t *goal;     /* tails that a cycle here has to satisfy */
    uint32_t goal_count;
    const uint64_t *required; /* and marks that it has to have */
    struct fm_pages labels, order;
    uint64_t node_count; /* found */
    uint64_t component_count;
};

static inline uint64_t fm_region_state_of(const struct fm_region *region, uint32_t node)
{
    return region->plane_count == 1 ? node : node % region->product->state_count;
}

static inline uint32_t fm_region_plane_of(const struct fm_region *region, uint32_t node)
{
    return region->plane_count == 1 ? 0 : (uint32_t)(node / region->product->state_count);
}

/* The node behind the step, UINT32_MAX when it leaves the region. */
static inline uint32_t fm_region_node_of(const struct fm_region *region, uint64_t state,
                                         uint32_t automaton_state)
{
    uint32_t plane = region->plane_of[automaton_state];
    if (plane == UINT32_MAX) {
        return UINT32_MAX;
    }
    return (uint32_t)(plane * region->product->state_count + state);
}

/* What was found: a set of nodes that steps without the marks `removed` connect strongly, and that
 * satisfies `goal` and `required` if all of these steps are taken. */
struct fm_region_found {
    uint32_t label; /* of the nodes; when is_alone, there is one, `node` */
    bool is_alone;  /* its own step suffices */
    uint32_t node;
    uint64_t *removed; /* a row */
    uint64_t *marks;   /* a row: of these steps together */
    uint32_t *goal;
    uint32_t goal_count;
};

enum fm_region_result {
    FM_REGION_NONE,
    FM_REGION_FOUND,
    FM_REGION_MEMORY,
    FM_REGION_LARGE,
    FM_REGION_INTERRUPTED
};

/* Roots, and where steps that leave the region go. */
struct fm_region_ends {
    void *closure;
    /* The least root at or after *node, ascending; false: none. */
    bool (*next_root)(void *closure, uint32_t *node);
    void (*leave)(void *closure, uint32_t automaton_state, uint64_t state);
    void (*progress)(void *closure, uint64_t done, uint64_t found);
    void *progress_closure;
};

/* Looks for the least component in a fixed order that satisfies the goal; memory of *found is in
 * the arena. Labels stay until fm_region_deinit. */
enum fm_region_result fm_region_search(struct fm_region *region, const struct fm_region_ends *ends,
                                       uint32_t workers, struct fm_arena *arena,
                                       struct fm_region_found *found);
void fm_region_deinit(struct fm_region *region);

static inline uint32_t fm_region_label(const struct fm_region *region, uint32_t node)
{
    const _Atomic uint32_t *labels = region->labels.at;
    /* Relaxed: values that other threads write here are of their components, never of ours. */
    return atomic_load_explicit(&labels[node], memory_order_relaxed);
}

/* A short lasso through what was found (lasso_path.c). `initial`: state of the automaton. */
enum fm_region_result fm_lasso_trace(const struct fm_region *region,
                                     const struct fm_region_found *found, uint32_t initial,
                                     struct fm_arena *arena, struct fm_lasso *lasso);
/* Whether the formula holds at the beginning of the lasso, by the letters of its steps. */
bool fm_lasso_holds(const struct fm_graph *graph, const struct fm_temporal *formula,
                    const struct fm_lasso *lasso);

#endif
