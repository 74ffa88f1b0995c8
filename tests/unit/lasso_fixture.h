/* Random graphs and formulas, and a judge of them that shares nothing with the search. */
#ifndef FM_TESTS_LASSO_FIXTURE_H
#define FM_TESTS_LASSO_FIXTURE_H

#include "cmocka_all.h"

#include "base/arena.h"
#include "base/random.h"
#include "liveness/lasso.h"

#include <string.h>

#define STATES_MAX 8u
#define EDGES_MAX 80u
/* Atoms that formulas are drawn from; with `wide` there are so many more, drawn for each step. */
#define ATOMS 4u
#define ATOMS_MORE 70u

struct edge {
    uint32_t from, to, letter;
};

/* A graph as a list of steps, and the same as struct fm_graph. */
struct sample {
    uint32_t state_count, initial_count, edge_count;
    struct edge edges[EDGES_MAX];
    uint64_t letters[EDGES_MAX]; /* of each step: what the first ATOMS say */
    bool wide;
    struct fm_graph *graph;
};

/* The edges must be sorted by source. */
static inline void build_graph(struct sample *sample)
{
    sample->graph = fm_graph_new(ATOMS + (sample->wide ? ATOMS_MORE : 0));
    assert_non_null(sample->graph);
    struct fm_random random;
    fm_random_seed(&random, sample->edge_count);
    uint32_t at = 0;
    for (uint32_t state = 0; state < sample->state_count; state++) {
        struct fm_graph_step steps[EDGES_MAX];
        uint32_t count = 0;
        for (; at < sample->edge_count && sample->edges[at].from == state; at++) {
            uint64_t words[2] = {sample->letters[at], 0};
            if (sample->wide) {
                words[0] |= fm_random_next(&random) << ATOMS;
                words[1] = fm_random_next(&random) & 0x3ff;
            }
            assert_true(fm_graph_letter(sample->graph, words, &sample->edges[at].letter));
            steps[count++] = (struct fm_graph_step){.to = sample->edges[at].to,
                                                    .letter = sample->edges[at].letter};
        }
        assert_true(fm_graph_add(sample->graph, steps, count));
    }
    assert_int_equal(at, sample->edge_count);
    fm_graph_set_initial(sample->graph, sample->initial_count);
}

/* Half of the atoms are of states, the others of steps. Now and then two steps join the same
 * states, as in a graph of representatives. */
static inline void draw_graph(struct fm_random *random, uint32_t states, uint32_t density,
                              struct sample *sample)
{
    *sample = (struct sample){.state_count = states, .wide = fm_random_below(random, 8) == 0};
    sample->initial_count = 1 + (uint32_t)fm_random_below(random, 2) * (states > 1);
    for (uint32_t s = 0; s < states; s++) {
        uint64_t of_state = fm_random_below(random, 4);
        for (uint32_t t = 0; t < states; t++) {
            uint32_t copies = s == t || fm_random_below(random, 100) < density;
            copies += copies > 0 && fm_random_below(random, s == t ? 4 : 30) == 0;
            for (; copies > 0 && sample->edge_count < EDGES_MAX; copies--) {
                sample->edges[sample->edge_count] = (struct edge){.from = s, .to = t};
                /* Stuttering mostly takes no action. */
                uint64_t of_step = s == t && fm_random_below(random, 3) > 0
                                       ? 0
                                       : fm_random_below(random, 4);
                sample->letters[sample->edge_count++] = of_state | of_step << 2;
            }
        }
    }
    build_graph(sample);
}

static inline struct fm_temporal *make(struct fm_arena *arena, enum fm_temporal_op op,
                                       const struct fm_temporal *a, const struct fm_temporal *b)
{
    struct fm_temporal *formula = fm_arena_calloc(arena, 1, sizeof *formula);
    const struct fm_temporal **kids = fm_arena_calloc(arena, 2, sizeof *kids);
    kids[0] = a;
    kids[1] = b;
    formula->op = op;
    formula->kids = kids;
    formula->count = a == NULL ? 0 : b == NULL ? 1 : 2;
    return formula;
}

static inline struct fm_temporal *make_atom(struct fm_arena *arena, uint32_t atom)
{
    struct fm_temporal *formula = make(arena, FM_TEMPORAL_ATOM, NULL, NULL);
    formula->atom = atom;
    return formula;
}

/* []<>F or <>[]F */
static inline struct fm_temporal *make_two(struct fm_arena *arena, enum fm_temporal_op outer,
                                           const struct fm_temporal *body)
{
    enum fm_temporal_op inner = outer == FM_TEMPORAL_ALWAYS ? FM_TEMPORAL_EVENTUALLY
                                                            : FM_TEMPORAL_ALWAYS;
    return make(arena, outer, make(arena, inner, body, NULL), NULL);
}

/* <>[]~en \/ []<>a: strong fairness. */
static inline struct fm_temporal *make_strong(struct fm_arena *arena, uint32_t enabled,
                                              uint32_t taken)
{
    struct fm_temporal *disabled = make(arena, FM_TEMPORAL_NOT, make_atom(arena, enabled), NULL);
    return make(arena, FM_TEMPORAL_OR, make_two(arena, FM_TEMPORAL_EVENTUALLY, disabled),
                make_two(arena, FM_TEMPORAL_ALWAYS, make_atom(arena, taken)));
}

/* Whether the formula holds at a position of a lasso, from the definitions. */
static inline bool holds_at(const struct fm_graph *graph, const struct fm_lasso *lasso,
                            const struct fm_temporal *f, uint32_t at)
{
    uint32_t first = at < lasso->cycle ? at : lasso->cycle;
    bool result;
    switch (f->op) {
    case FM_TEMPORAL_TRUE:
    case FM_TEMPORAL_FALSE:
        return f->op == FM_TEMPORAL_TRUE;
    case FM_TEMPORAL_ATOM:
        return (fm_graph_letter_words_of(graph, lasso->letters[at])[f->atom / 64] >>
                    (f->atom % 64) &
                1) != 0;
    case FM_TEMPORAL_NOT:
        return !holds_at(graph, lasso, f->kids[0], at);
    case FM_TEMPORAL_AND:
    case FM_TEMPORAL_OR:
        result = f->op == FM_TEMPORAL_AND;
        for (uint32_t i = 0; i < f->count; i++) {
            if (holds_at(graph, lasso, f->kids[i], at) != result) {
                return !result;
            }
        }
        return result;
    case FM_TEMPORAL_ALWAYS:
    case FM_TEMPORAL_EVENTUALLY:
        result = f->op == FM_TEMPORAL_ALWAYS;
        for (uint32_t i = first; i < lasso->count; i++) {
            if (holds_at(graph, lasso, f->kids[0], i) != result) {
                return !result;
            }
        }
        return result;
    }
    return false;
}

/* The lasso is a behaviour of the graph and satisfies the goal. */
static inline void check_lasso(const struct fm_graph *graph, const struct fm_goal *goal,
                               const struct fm_lasso *lasso)
{
    assert_true(lasso->count > 0 && lasso->cycle < lasso->count);
    assert_true(lasso->states[0] < fm_graph_initial_count(graph));
    for (uint32_t i = 0; i < lasso->count; i++) {
        uint64_t to = lasso->states[i + 1 < lasso->count ? i + 1 : lasso->cycle];
        struct fm_graph_cursor cursor;
        struct fm_graph_step step;
        bool found = false;
        fm_graph_begin(graph, lasso->states[i], &cursor);
        while (!found && fm_graph_next(&cursor, &step)) {
            found = step.to == to && step.letter == lasso->letters[i];
        }
        assert_true(found);
    }
    for (uint32_t i = 0; i < goal->conjunct_count; i++) {
        assert_true(holds_at(graph, lasso, goal->conjuncts[i], 0));
    }
}

#endif
