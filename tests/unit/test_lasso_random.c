/* The search for lassos against two brute forces on small random graphs.
 *
 * The first decides any formulas. A node is a step of the graph with a guess of what each temporal
 * subformula is there; the guesses of two steps that follow each other must agree with []F being F
 * now and []F next, and <>F being F now or <>F next; a lasso exists if a strongly connected set of
 * nodes is reached in which every guess is made good (Lichtenstein and Pnueli, 1985). No normal
 * form, no obligations, no conditions.
 *
 * The second decides connectives of []<>b and <>[]b, many of them: it tries every set of steps. */
#include "lasso_fixture.h"

#include <stdlib.h>

#define TEMPORALS_MAX 6u
#define NODES_MAX (EDGES_MAX << TEMPORALS_MAX)

/* --- random formulas --- */

static struct fm_temporal *draw_formula(struct fm_random *random, struct fm_arena *arena,
                                        uint32_t depth, uint32_t *temporals)
{
    uint64_t kind = fm_random_below(random, depth == 0 ? 10 : 100);
    if (kind < 18) {
        return kind == 17
                   ? make(arena, fm_random_below(random, 2) ? FM_TEMPORAL_TRUE : FM_TEMPORAL_FALSE,
                          NULL, NULL)
                   : make_atom(arena, (uint32_t)fm_random_below(random, 4));
    }
    struct fm_temporal *a = draw_formula(random, arena, depth - 1, temporals);
    if (kind < 30) {
        return make(arena, FM_TEMPORAL_NOT, a, NULL);
    }
    if (kind < 70 && *temporals > 0) {
        --*temporals;
        return make(arena, kind < 50 ? FM_TEMPORAL_ALWAYS : FM_TEMPORAL_EVENTUALLY, a, NULL);
    }
    struct fm_temporal *b = fm_random_below(random, 8) == 0
                                ? a
                                : draw_formula(random, arena, depth - 1, temporals);
    return make(arena, kind % 2 == 0 ? FM_TEMPORAL_AND : FM_TEMPORAL_OR, a, b);
}

/* --- brute force by guesses --- */

struct guesser {
    const struct sample *sample;
    const struct fm_temporal *temporals[TEMPORALS_MAX]; /* inner ones first */
    uint32_t count;
};

static uint32_t index_of(const struct guesser *g, const struct fm_temporal *f)
{
    uint32_t i = 0;
    while (i < g->count && g->temporals[i] != f) {
        i++;
    }
    return i;
}

static void collect(struct guesser *g, const struct fm_temporal *f)
{
    for (uint32_t i = 0; i < f->count; i++) {
        collect(g, f->kids[i]);
    }
    if ((f->op == FM_TEMPORAL_ALWAYS || f->op == FM_TEMPORAL_EVENTUALLY) &&
        index_of(g, f) == g->count) {
        assert_true(g->count < TEMPORALS_MAX);
        g->temporals[g->count++] = f;
    }
}

/* What the formula is on a step, with these guesses. */
static bool value_of(const struct guesser *g, const struct fm_temporal *f, uint64_t letter,
                     uint32_t guess)
{
    switch (f->op) {
    case FM_TEMPORAL_TRUE:
    case FM_TEMPORAL_FALSE:
        return f->op == FM_TEMPORAL_TRUE;
    case FM_TEMPORAL_ATOM:
        return (letter >> f->atom & 1) != 0;
    case FM_TEMPORAL_NOT:
        return !value_of(g, f->kids[0], letter, guess);
    case FM_TEMPORAL_AND:
        return value_of(g, f->kids[0], letter, guess) && value_of(g, f->kids[1], letter, guess);
    case FM_TEMPORAL_OR:
        return value_of(g, f->kids[0], letter, guess) || value_of(g, f->kids[1], letter, guess);
    case FM_TEMPORAL_ALWAYS:
    case FM_TEMPORAL_EVENTUALLY:
        return (guess >> index_of(g, f) & 1) != 0;
    }
    return false;
}

/* The guesses on a step, from those on the next one. */
static uint32_t guess_before(const struct guesser *g, uint64_t letter, uint32_t next)
{
    uint32_t guess = 0;
    for (uint32_t i = 0; i < g->count; i++) {
        const struct fm_temporal *f = g->temporals[i];
        bool now = value_of(g, f->kids[0], letter, guess), then = (next >> i & 1) != 0;
        bool value = f->op == FM_TEMPORAL_ALWAYS ? now && then : now || then;
        guess |= (uint32_t)value << i;
    }
    return guess;
}

/* The temporal formulas whose guess this step makes good, or that need nothing. */
static uint32_t made_good(const struct guesser *g, uint64_t letter, uint32_t guess)
{
    uint32_t good = 0;
    for (uint32_t i = 0; i < g->count; i++) {
        const struct fm_temporal *f = g->temporals[i];
        bool now = value_of(g, f->kids[0], letter, guess), value = (guess >> i & 1) != 0;
        good |= (uint32_t)(f->op == FM_TEMPORAL_ALWAYS ? value || !now : !value || now) << i;
    }
    return good;
}

struct net {
    uint32_t size, shift;
    uint32_t before[NODES_MAX]; /* guesses of the step, if the node is the one behind it */
    uint8_t reached[NODES_MAX], forth[NODES_MAX], back[NODES_MAX], done[NODES_MAX];
    uint32_t queue[NODES_MAX];
};

static struct net net;

static void add_node(uint8_t *marked, uint32_t node, uint32_t *count)
{
    if (marked[node] == 0) {
        marked[node] = 1;
        net.queue[(*count)++] = node;
    }
}

/* The nodes that a step of the net leads to, or comes from, by this step of the graph. */
static void add_neighbours(const struct guesser *g, uint8_t *marked, uint32_t node, uint32_t other,
                           bool forward, uint32_t *count)
{
    const struct edge *edges = g->sample->edges;
    uint32_t edge = node >> net.shift, guess = node & ((1u << net.shift) - 1);
    if (!forward && edges[other].to == edges[edge].from) {
        add_node(marked, other << net.shift | net.before[other << net.shift | guess], count);
    }
    for (uint32_t v = 0; forward && edges[other].from == edges[edge].to && v < 1u << net.shift;
         v++) {
        if (net.before[edge << net.shift | v] == guess) {
            add_node(marked, other << net.shift | v, count);
        }
    }
}

/* Marks everything from `queue` (count nodes, marked) on, along steps or against them. */
static void flood(const struct guesser *g, uint8_t *marked, uint32_t count, bool forward)
{
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t other = 0; other < g->sample->edge_count; other++) {
            add_neighbours(g, marked, net.queue[i], other, forward, &count);
        }
    }
}

static bool has_self_step(const struct guesser *g, uint32_t node)
{
    const struct edge *edge = &g->sample->edges[node >> net.shift];
    return edge->from == edge->to && net.before[node] == (node & ((1u << net.shift) - 1));
}

static bool exists_by_guesses(const struct sample *sample, const struct fm_goal *goal)
{
    struct guesser g = {.sample = sample};
    for (uint32_t i = 0; i < goal->conjunct_count; i++) {
        collect(&g, goal->conjuncts[i]);
    }
    net.shift = g.count;
    net.size = sample->edge_count << net.shift;
    memset(net.reached, 0, net.size);
    memset(net.done, 0, net.size);
    uint32_t count = 0;
    for (uint32_t node = 0; node < net.size; node++) {
        uint32_t edge = node >> net.shift, guess = node & ((1u << net.shift) - 1);
        net.before[node] = guess_before(&g, sample->letters[edge], guess);
        bool starts = sample->edges[edge].from < sample->initial_count;
        for (uint32_t i = 0; i < goal->conjunct_count && starts; i++) {
            starts = value_of(&g, goal->conjuncts[i], sample->letters[edge], guess);
        }
        if (starts) {
            net.reached[node] = 1;
            net.queue[count++] = node;
        }
    }
    flood(&g, net.reached, count, true);
    for (uint32_t node = 0; node < net.size; node++) {
        if (net.reached[node] == 0 || net.done[node] != 0) {
            continue;
        }
        memset(net.forth, 0, net.size);
        memset(net.back, 0, net.size);
        net.forth[node] = net.back[node] = 1;
        net.queue[0] = node;
        flood(&g, net.forth, 1, true);
        net.queue[0] = node;
        flood(&g, net.back, 1, false);
        uint32_t good = 0, size = 0;
        for (uint32_t other = 0; other < net.size; other++) {
            if (net.forth[other] != 0 && net.back[other] != 0) {
                net.done[other] = 1;
                size++;
                good |= made_good(&g, sample->letters[other >> net.shift],
                                  other & ((1u << net.shift) - 1));
            }
        }
        if ((size > 1 || has_self_step(&g, node)) && good == (1u << net.shift) - 1) {
            return true;
        }
    }
    return false;
}

/* --- brute force by sets of steps --- */

/* What a connective of []<>b and <>[]b is for a behaviour that takes these steps for ever. */
static bool tail_holds(const struct sample *s, const struct fm_temporal *f, uint32_t set)
{
    const struct guesser none = {.sample = s};
    if (f->op == FM_TEMPORAL_AND || f->op == FM_TEMPORAL_OR) {
        bool a = tail_holds(s, f->kids[0], set), b = tail_holds(s, f->kids[1], set);
        return f->op == FM_TEMPORAL_AND ? a && b : a || b;
    }
    if (f->op == FM_TEMPORAL_NOT) {
        return !tail_holds(s, f->kids[0], set);
    }
    bool is_infinite = f->op == FM_TEMPORAL_ALWAYS;
    for (uint32_t i = 0; i < s->edge_count; i++) {
        if ((set >> i & 1) != 0 &&
            value_of(&none, f->kids[0]->kids[0], s->letters[i], 0) == is_infinite) {
            return is_infinite;
        }
    }
    return !is_infinite;
}

/* States reached from `states` by steps of the set. */
static uint32_t states_behind(const struct sample *s, uint32_t states, uint32_t set)
{
    for (uint32_t before = 0; before != states;) {
        before = states;
        for (uint32_t i = 0; i < s->edge_count; i++) {
            if ((set >> i & 1) != 0 && (states >> s->edges[i].from & 1) != 0) {
                states |= 1u << s->edges[i].to;
            }
        }
    }
    return states;
}

static bool exists_by_sets(const struct sample *s, const struct fm_goal *goal)
{
    uint32_t all = states_behind(s, (1u << s->initial_count) - 1, UINT32_MAX);
    for (uint32_t set = 1; set < 1u << s->edge_count; set++) {
        uint32_t used = 0;
        bool connected = true;
        for (uint32_t i = 0; i < s->edge_count; i++) {
            if ((set >> i & 1) != 0) {
                used |= 1u << s->edges[i].from | 1u << s->edges[i].to;
            }
        }
        for (uint32_t state = 0; state < s->state_count && connected; state++) {
            connected = (used >> state & 1) == 0 || states_behind(s, 1u << state, set) == used;
        }
        for (uint32_t i = 0; i < goal->conjunct_count && connected; i++) {
            connected = tail_holds(s, goal->conjuncts[i], set);
        }
        if (connected && (used & all) == used) {
            return true;
        }
    }
    return false;
}

static struct fm_temporal *draw_boolean(struct fm_random *random, struct fm_arena *arena)
{
    uint32_t none = 0;
    return draw_formula(random, arena, 2, &none);
}

static struct fm_temporal *draw_tail(struct fm_random *random, struct fm_arena *arena,
                                     uint32_t depth)
{
    uint64_t kind = fm_random_below(random, depth == 0 ? 50 : 100);
    if (kind < 50) {
        return make_two(arena, kind % 2 == 0 ? FM_TEMPORAL_ALWAYS : FM_TEMPORAL_EVENTUALLY,
                        draw_boolean(random, arena));
    }
    struct fm_temporal *a = draw_tail(random, arena, depth - 1);
    if (kind < 58) {
        return make(arena, FM_TEMPORAL_NOT, a, NULL);
    }
    return make(arena, kind < 75 ? FM_TEMPORAL_AND : FM_TEMPORAL_OR, a,
                draw_tail(random, arena, depth - 1));
}

/* --- comparing --- */

/* Adds <>[]~a \/ []<>a for each atom that a wide sample has more: all true, but marks of steps fill
 * more than one word then. */
static struct fm_goal widen(const struct sample *sample, const struct fm_goal *goal,
                            struct fm_arena *arena)
{
    if (!sample->wide) {
        return *goal;
    }
    uint32_t count = goal->conjunct_count;
    const struct fm_temporal **conjuncts = fm_arena_calloc(arena, count + ATOMS_MORE,
                                                           sizeof *conjuncts);
    for (uint32_t i = 0; i < count + ATOMS_MORE; i++) {
        uint32_t atom = ATOMS + i - count;
        conjuncts[i] = i < count ? goal->conjuncts[i] : make_strong(arena, atom, atom);
    }
    return (struct fm_goal){.conjuncts = conjuncts, .conjunct_count = count + ATOMS_MORE};
}

static bool search(const struct sample *sample, const struct fm_goal *given, struct fm_arena *arena)
{
    struct fm_lasso_options options = {.workers = 1};
    struct fm_lasso lasso;
    struct fm_goal goal = widen(sample, given, arena);
    enum fm_lasso_result result = fm_lasso_search(sample->graph, &goal, &options, arena, &lasso,
                                                  NULL);
    assert_true(result == FM_LASSO_NONE || result == FM_LASSO_FOUND);
    if (result == FM_LASSO_FOUND) {
        check_lasso(sample->graph, &goal, &lasso);
    }
    return result == FM_LASSO_FOUND;
}

static uint32_t case_count(uint32_t usual)
{
    const char *wanted = getenv("FM_LASSO_CASES");
    return wanted == NULL ? usual : (uint32_t)strtoul(wanted, NULL, 10);
}

static uint64_t first_seed(void)
{
    const char *wanted = getenv("FM_LASSO_SEED");
    return wanted == NULL ? 1 : strtoull(wanted, NULL, 10);
}

static void agrees_with_guesses(void **unused)
{
    (void)unused;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    uint32_t found = 0, cases = case_count(24000);
    for (uint32_t i = 0; i < cases; i++) {
        struct fm_random random;
        fm_random_seed(&random, first_seed() + i);
        struct sample sample;
        uint32_t states = 1 + (uint32_t)fm_random_below(&random, STATES_MAX);
        draw_graph(&random, states, 8 + (uint32_t)fm_random_below(&random, 35), &sample);
        const struct fm_temporal *conjuncts[3];
        uint32_t temporals = 1 + (uint32_t)fm_random_below(&random, TEMPORALS_MAX);
        struct fm_goal goal = {.conjuncts = conjuncts,
                               .conjunct_count = 1 + (uint32_t)fm_random_below(&random, 3)};
        for (uint32_t k = 0; k < goal.conjunct_count; k++) {
            conjuncts[k] = draw_formula(&random, &arena, 5, &temporals);
        }
        bool expected = exists_by_guesses(&sample, &goal);
        if (search(&sample, &goal, &arena) != expected) {
            fail_msg("seed %llu: brute force says %d", (unsigned long long)(first_seed() + i),
                     expected);
        }
        found += expected;
        fm_graph_free(sample.graph);
        fm_arena_reset(&arena);
    }
    print_message("%u of %u have a lasso\n", found, cases);
    assert_true(found > cases / 5 && found < cases - cases / 5);
    fm_arena_deinit(&arena);
}

static void agrees_with_sets(void **unused)
{
    (void)unused;
    struct fm_arena arena;
    fm_arena_init(&arena, "test");
    uint32_t found = 0, cases = case_count(12000);
    for (uint32_t i = 0; i < cases; i++) {
        struct fm_random random;
        fm_random_seed(&random, UINT64_C(1000000000) + first_seed() + i);
        struct sample sample;
        do {
            uint32_t states = 2 + (uint32_t)fm_random_below(&random, 3);
            draw_graph(&random, states, 55, &sample);
            if (sample.edge_count > 11) {
                fm_graph_free(sample.graph);
            }
        } while (sample.edge_count > 11);
        const struct fm_temporal *conjuncts[8];
        struct fm_goal goal = {.conjuncts = conjuncts,
                               .conjunct_count = 1 + (uint32_t)fm_random_below(&random, 8)};
        for (uint32_t k = 0; k < goal.conjunct_count; k++) {
            conjuncts[k] = draw_tail(&random, &arena, 3);
        }
        bool expected = exists_by_sets(&sample, &goal);
        if (search(&sample, &goal, &arena) != expected) {
            fail_msg("seed %llu: brute force says %d", (unsigned long long)(first_seed() + i),
                     expected);
        }
        found += expected;
        fm_graph_free(sample.graph);
        fm_arena_reset(&arena);
    }
    print_message("%u of %u have a lasso\n", found, cases);
    assert_true(found > cases / 8 && found < cases - cases / 8);
    fm_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_guesses),
        cmocka_unit_test(agrees_with_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
