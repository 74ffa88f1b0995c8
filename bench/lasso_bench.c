/* What the search for lassos costs a step, on graphs made up for it.
 *
 * usage: lasso_bench [STATES [DEGREE [GOAL [WORKERS]]]]      (1000000 10 strong 1)
 *
 * States are numbered as a breadth-first search does it: most steps lead a little onward, some far
 * back, so that nearly all states are of one component. GOAL is what is looked for:
 *
 *     graph    []<>a of an action that is never taken: components are found, none qualifies
 *     weak     26 weak fairness conditions, and []<>a
 *     strong   26 strong fairness conditions, and []<>a
 *     rounds   26 strong fairness conditions that fall one after the other
 *     leadsto  26 weak fairness conditions, and a P that no Q follows
 *     negated  26 strong fairness conditions, and the negation of 26 weak ones of the same actions
 *     nested   26 weak fairness conditions, and <>(P /\ <>(~P /\ []R))
 *     many     as `strong`; the steps far back stay within stretches of 1,000 states
 *
 * None has a lasso, so everything is searched. Prints CPU time without that of making the graph, in
 * all and for a step, and memory. Instruction counts: run it under valgrind --tool=callgrind with
 * --toggle-collect=fm_lasso_search.
 *
 * Build it against a release build in build/:
 *     cc -std=c17 -D_GNU_SOURCE -O2 -Isrc bench/lasso_bench.c build/libfm_liveness.a \
 *        build/libfm_store.a build/libfm_base.a -lm -pthread */
#include "base/random.h"
#include "liveness/lasso.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define PAIRS 26u
/* Atoms: 2 i is ENABLED of action i, 2 i + 1 a step of it; then the property's. */
#define ATOM_P (2 * PAIRS)
#define ATOM_Q (2 * PAIRS + 1)
#define ATOM_R (2 * PAIRS + 2)
#define ATOM_NEVER (2 * PAIRS + 3)
#define ATOM_COUNT (2 * PAIRS + 4)

static const struct fm_temporal *make(struct fm_arena *arena, enum fm_temporal_op op,
                                      const struct fm_temporal *a, const struct fm_temporal *b)
{
    struct fm_temporal *formula = fm_arena_calloc(arena, 1, sizeof *formula);
    const struct fm_temporal **kids = fm_arena_calloc(arena, 2, sizeof *kids);
    kids[0] = a;
    kids[1] = b;
    *formula = (struct fm_temporal){.op = op, .kids = kids};
    formula->count = a == NULL ? 0 : b == NULL ? 1 : 2;
    return formula;
}

static const struct fm_temporal *atom(struct fm_arena *arena, uint32_t number)
{
    struct fm_temporal *formula = fm_arena_calloc(arena, 1, sizeof *formula);
    *formula = (struct fm_temporal){.op = FM_TEMPORAL_ATOM, .atom = number};
    return formula;
}

static const struct fm_temporal *always(struct fm_arena *arena, const struct fm_temporal *body)
{
    return make(arena, FM_TEMPORAL_ALWAYS, body, NULL);
}

static const struct fm_temporal *eventually(struct fm_arena *arena, const struct fm_temporal *body)
{
    return make(arena, FM_TEMPORAL_EVENTUALLY, body, NULL);
}

static const struct fm_temporal *fairness(struct fm_arena *arena, uint32_t i, bool is_strong)
{
    const struct fm_temporal *disabled = make(arena, FM_TEMPORAL_NOT, atom(arena, 2 * i), NULL);
    const struct fm_temporal *taken = atom(arena, 2 * i + 1);
    if (!is_strong) {
        return always(arena, eventually(arena, make(arena, FM_TEMPORAL_OR, disabled, taken)));
    }
    return make(arena, FM_TEMPORAL_OR, eventually(arena, always(arena, disabled)),
                always(arena, eventually(arena, taken)));
}

static uint32_t make_goal(struct fm_arena *arena, const char *goal,
                          const struct fm_temporal **conjuncts)
{
    uint32_t count = 0;
    bool is_weak = strcmp(goal, "weak") == 0 || strcmp(goal, "leadsto") == 0 ||
                   strcmp(goal, "nested") == 0;
    for (uint32_t i = 0; i < PAIRS && strcmp(goal, "graph") != 0; i++) {
        conjuncts[count++] = fairness(arena, i, !is_weak);
    }
    const struct fm_temporal *p = atom(arena, ATOM_P), *q = atom(arena, ATOM_Q);
    if (strcmp(goal, "leadsto") == 0) {
        const struct fm_temporal *no_q = always(arena, make(arena, FM_TEMPORAL_NOT, q, NULL));
        conjuncts[count++] = eventually(arena, make(arena, FM_TEMPORAL_AND, p, no_q));
    } else if (strcmp(goal, "nested") == 0) {
        const struct fm_temporal *not_p = make(arena, FM_TEMPORAL_NOT, p, NULL);
        const struct fm_temporal *end = make(arena, FM_TEMPORAL_AND, not_p,
                                             always(arena, atom(arena, ATOM_R)));
        conjuncts[count++] = eventually(arena,
                                        make(arena, FM_TEMPORAL_AND, p, eventually(arena, end)));
    } else if (strcmp(goal, "negated") == 0) {
        const struct fm_temporal *all = fairness(arena, 0, false);
        for (uint32_t i = 1; i < PAIRS; i++) {
            all = make(arena, FM_TEMPORAL_AND, all, fairness(arena, i, false));
        }
        conjuncts[count++] = make(arena, FM_TEMPORAL_NOT, all, NULL);
    } else if (strcmp(goal, "rounds") != 0) {
        conjuncts[count++] = always(arena, eventually(arena, atom(arena, ATOM_NEVER)));
    }
    return count;
}

/* What the atoms say of a step: a fifth of the actions is enabled at a state, and taken by some of
 * its steps. R holds where a step leads onward or stutters, Q where it does not. With `rounds`,
 * action i is enabled in every 2^(i+1)-th state, and taken where the one before is enabled: the
 * conditions fall one after the other. The steps out of state 0, to which none leads, take all
 * actions and have the atom NEVER: letters alone decide nothing. */
static uint64_t letter_of(uint64_t from, uint64_t to, uint32_t step, bool is_rounds)
{
    uint64_t letter = 0;
    if (from == 0 && to != 0) {
        return UINT64_C(1) << ATOM_NEVER | (UINT64_MAX / 3 << 1 & ((UINT64_C(1) << ATOM_P) - 1));
    }
    if (is_rounds) {
        uint32_t i = from == 0 ? 0 : (uint32_t)__builtin_ctzll(from);
        letter |= i < PAIRS ? UINT64_C(1) << (2 * i) : 0;
        letter |= i + 1 < PAIRS ? UINT64_C(1) << (2 * i + 3) : 0;
        return letter;
    }
    for (uint32_t i = 0; i < PAIRS; i++) {
        if ((from / 64 * 7 + i) % 5 == 0) {
            letter |= UINT64_C(1) << (2 * i);
            letter |= i % 10 + 1 == step ? UINT64_C(2) << (2 * i) : 0;
        }
    }
    letter |= from % 4096 == 99 ? UINT64_C(1) << ATOM_P : 0;
    return letter | UINT64_C(1) << (to >= from ? ATOM_R : ATOM_Q);
}

static struct fm_graph *make_graph(uint64_t states, uint32_t degree, const char *goal)
{
    struct fm_random random;
    fm_random_seed(&random, 7);
    struct fm_graph *graph = fm_graph_new(ATOM_COUNT);
    struct fm_graph_step *steps = calloc(degree + (size_t)1, sizeof *steps);
    bool is_many = strcmp(goal, "many") == 0, is_rounds = strcmp(goal, "rounds") == 0;
    for (uint64_t s = 0; graph != NULL && steps != NULL && s < states; s++) {
        for (uint32_t i = 0; i < degree + 1; i++) {
            uint64_t room = s < 3000 ? s : 3000;
            uint64_t least = is_many ? s / 1000 * 1000 : 0;
            uint64_t to = i == 0   ? s
                          : i == 1 ? least + (s - least) / 2
                                   : s - room / 2 + fm_random_below(&random, room + 3);
            to = to < least ? least : to >= states ? states - 1 : to;
            to = to == 0 && s > 0 ? 1 : to;
            uint64_t letter = letter_of(s, to, i, is_rounds);
            steps[i].to = to;
            if (!fm_graph_letter(graph, &letter, &steps[i].letter)) {
                return NULL;
            }
        }
        if (!fm_graph_add(graph, steps, degree + 1)) {
            return NULL;
        }
    }
    free(steps);
    if (graph != NULL) {
        fm_graph_set_initial(graph, 1);
    }
    return graph;
}

static double cpu_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    uint64_t states = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    uint32_t degree = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 10;
    const char *kind = argc > 3 ? argv[3] : "strong";
    struct fm_lasso_options options = {.workers = argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 10)
                                                           : 1};
    struct fm_arena arena;
    fm_arena_init(&arena, "bench");
    const struct fm_temporal *conjuncts[PAIRS + 1];
    struct fm_goal goal = {.conjuncts = conjuncts};
    goal.conjunct_count = make_goal(&arena, kind, conjuncts);
    struct fm_graph *graph = make_graph(states, degree, kind);
    if (graph == NULL) {
        (void)fprintf(stderr, "lasso_bench: no memory for the graph\n");
        return 1;
    }
    struct rusage before, after;
    (void)getrusage(RUSAGE_SELF, &before);
    double start = cpu_seconds();
    struct fm_lasso lasso;
    struct fm_lasso_counts counts;
    enum fm_lasso_result result = fm_lasso_search(graph, &goal, &options, &arena, &lasso, &counts);
    double seconds = cpu_seconds() - start;
    (void)getrusage(RUSAGE_SELF, &after);
    printf("%s: result %d, %llu states, %llu steps, %u letters, %llu pairs, %llu components\n",
           kind, (int)result, (unsigned long long)states,
           (unsigned long long)fm_graph_step_count(graph), fm_graph_letter_count(graph),
           (unsigned long long)counts.product_states, (unsigned long long)counts.components);
    printf("%.3f CPU s, %.1f ns a step; graph %.1f MB, search %.1f MB more at most\n", seconds,
           seconds * 1e9 / (double)fm_graph_step_count(graph), (double)fm_graph_bytes(graph) / 1e6,
           (double)(after.ru_maxrss - before.ru_maxrss) / 1e3);
    fm_graph_free(graph);
    fm_arena_deinit(&arena);
    return 0;
}
