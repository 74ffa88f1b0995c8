/* Graphs, UndirectedGraphs, Relation, TransitiveClosure: paths and closures.
 *
 * Nodes get numbers in the order of values; everything else happens on numbers. An edge counts only
 * when it is a pair of nodes (in UndirectedGraphs: a set of one or two), others are no edges and no
 * error, because the definitions only ever ask whether such a pair is an edge.
 *
 *   SimplePath            depth-first search with backtracking: the definition ranges over
 * Seq(node) AreConnectedIn        breadth-first search; <<m>> is a path, so a node is connected to
 * itself IsStronglyConnected   everything is reachable from one node, forwards and backwards
 *   ConnectedComponents   one search per component
 *   TransitiveClosure     Warshall's algorithm (JACM 1962) on a matrix of bits
 *
 * A relation is a Boolean function on pairs (module Relation) or a set of pairs (Warshall). */
#include "diag/diag.h"
#include "modules/argument.h"

#include <string.h>

/* Elements of a relation's set at most: its closure has the square as many entries. */
#define RELATION_SIZE_MAX 16384u

enum direction { FORWARD, BACKWARD, BOTH };

struct graph {
    struct fm_sequence nodes;
    struct fm_value_index numbers;
    uint32_t *first; /* of each node's successors in `target`; one more than nodes */
    uint32_t *target;
};

/* What distinguishes the two modules. */
struct graph_kind {
    const char *expected; /* for messages */
    bool undirected;
};

static const struct graph_kind directed = {"a graph, a record whose fields node and edge are sets",
                                           false};
static const struct graph_kind undirected = {
    "an undirected graph, a record whose fields node and edge are sets", true};

/* The end points of an edge, false when the value is none. */
static bool edge_ends(struct fm_native_context *context, const struct graph_kind *kind,
                      fm_value edge, fm_value *ends)
{
    struct fm_sequence parts = {NULL, 0};
    if (!kind->undirected) {
        if (!fm_sequence_view(context->values, edge, &parts.at, &parts.count) || parts.count != 2) {
            return false;
        }
    } else {
        if (!fm_value_is_set(edge) || !fm_set_can_enumerate(context->values, edge)) {
            return false;
        }
        parts.at = fm_set_elements(context->values, edge, &parts.count);
        if (parts.count == 0 || parts.count > 2) {
            return false;
        }
    }
    ends[0] = parts.at[0];
    ends[1] = parts.at[parts.count - 1];
    return true;
}

struct arcs {
    uint32_t *from, *to;
    uint32_t count;
};

static void add_arc(struct arcs *arcs, uint32_t from, uint32_t to)
{
    arcs->from[arcs->count] = from;
    arcs->to[arcs->count++] = to;
}

static struct arcs collect_arcs(struct fm_native_context *context, const struct graph *graph,
                                const struct graph_kind *kind, struct fm_sequence edges,
                                enum direction direction)
{
    struct arcs arcs = {0};
    size_t room = (size_t)edges.count * 2;
    arcs.from = fm_arena_alloc(context->values->arena, room * sizeof *arcs.from);
    arcs.to = fm_arena_alloc(context->values->arena, room * sizeof *arcs.to);
    for (uint32_t i = 0; i < edges.count; i++) {
        fm_value ends[2];
        if (!edge_ends(context, kind, edges.at[i], ends)) {
            continue;
        }
        uint32_t from = fm_value_index_find(context, &graph->numbers, ends[0]);
        uint32_t to = fm_value_index_find(context, &graph->numbers, ends[1]);
        if (from == FM_VALUE_INDEX_NONE || to == FM_VALUE_INDEX_NONE) {
            continue;
        }
        if (direction != BACKWARD) {
            add_arc(&arcs, from, to);
        }
        if (direction == BACKWARD || (direction == BOTH && from != to)) {
            add_arc(&arcs, to, from);
        }
    }
    return arcs;
}

/* Sorts the arcs by source, keeping their order: a counting sort. */
static void set_arcs(struct fm_native_context *context, struct graph *graph,
                     const struct arcs *arcs)
{
    struct fm_arena *arena = context->values->arena;
    graph->first = fm_arena_calloc(arena, (size_t)graph->nodes.count + 2, sizeof *graph->first);
    graph->target = fm_arena_alloc(arena, (size_t)arcs->count * sizeof *graph->target);
    for (uint32_t i = 0; i < arcs->count; i++) {
        graph->first[arcs->from[i] + 2]++;
    }
    for (uint32_t i = 2; i < graph->nodes.count + 2; i++) {
        graph->first[i] += graph->first[i - 1];
    }
    for (uint32_t i = 0; i < arcs->count; i++) {
        graph->target[graph->first[arcs->from[i] + 1]++] = arcs->to[i];
    }
}

static struct fm_sequence graph_field(struct fm_native_context *context, struct fm_argument place,
                                      const struct graph_kind *kind, fm_value v, const char *name)
{
    fm_value field = fm_value_is_function(v) ? fm_record_lookup(context, v, name) : fm_none();
    if (fm_is_none(field) || !fm_value_is_set(field) ||
        !fm_set_can_enumerate(context->values, field)) {
        fm_argument_fail(context, place, kind->expected, v);
    }
    struct fm_sequence elements = {NULL, 0};
    elements.at = fm_set_elements(context->values, field, &elements.count);
    return elements;
}

static struct graph argument_graph(struct fm_native_context *context, struct fm_argument place,
                                   const struct graph_kind *kind, fm_value v,
                                   enum direction direction)
{
    struct graph graph = {.nodes = graph_field(context, place, kind, v, "node")};
    struct fm_sequence edges = graph_field(context, place, kind, v, "edge");
    for (uint32_t i = 0; i < graph.nodes.count; i++) {
        (void)fm_value_index_add(context, &graph.numbers, graph.nodes.at[i], NULL);
    }
    struct arcs arcs = collect_arcs(context, &graph, kind, edges, direction);
    set_arcs(context, &graph, &arcs);
    return graph;
}

/* Marks what is reachable from `source`, itself included; `order` receives it. Returns how many. */
static uint32_t reach(const struct graph *graph, uint32_t source, bool *seen, uint32_t *order)
{
    uint32_t count = 0;
    seen[source] = true;
    order[count++] = source;
    for (uint32_t next = 0; next < count; next++) {
        uint32_t node = order[next];
        for (uint32_t i = graph->first[node]; i < graph->first[node + 1]; i++) {
            uint32_t target = graph->target[i];
            if (!seen[target]) {
                seen[target] = true;
                order[count++] = target;
            }
        }
    }
    return count;
}

static bool *new_marks(struct fm_native_context *context, uint32_t count)
{
    return fm_arena_calloc(context->values->arena, count, sizeof(bool));
}

static uint32_t *new_numbers(struct fm_native_context *context, uint32_t count)
{
    return fm_arena_calloc(context->values->arena, count, sizeof(uint32_t));
}

/* --- simple paths --- */

struct path_search {
    const struct graph *graph;
    uint32_t *path; /* nodes */
    uint32_t *arc;  /* next arc to try at each place of the path */
    uint32_t length;
    bool *on_path;
    struct fm_value_list found;
};

static void enter_node(struct fm_native_context *context, struct path_search *search, uint32_t node)
{
    const struct graph *graph = search->graph;
    search->path[search->length] = node;
    search->arc[search->length++] = graph->first[node];
    search->on_path[node] = true;
    fm_value result;
    fm_value *nodes = fm_tuple_begin(context->values, search->length, &result);
    for (uint32_t i = 0; i < search->length; i++) {
        nodes[i] = graph->nodes.at[search->path[i]];
    }
    if (search->found.count == context->values->set_size_max) {
        fm_native_fail(context, FM_CODE_4202,
                       "SimplePath of this graph exceeds the limit of %llu elements",
                       (unsigned long long)context->values->set_size_max);
    }
    fm_value_list_push(context, &search->found, result);
}

static void paths_from(struct fm_native_context *context, struct path_search *search,
                       uint32_t start)
{
    const struct graph *graph = search->graph;
    enter_node(context, search, start);
    while (search->length > 0) {
        uint32_t top = search->length - 1;
        if (search->arc[top] == graph->first[search->path[top] + 1]) {
            search->on_path[search->path[top]] = false;
            search->length--;
            continue;
        }
        uint32_t target = graph->target[search->arc[top]++];
        if (!search->on_path[target]) {
            enter_node(context, search, target);
        }
    }
}

static fm_value simple_paths(struct fm_native_context *context, const struct graph_kind *kind,
                             const fm_value *arguments)
{
    struct graph graph = argument_graph(context, fm_argument_of("SimplePath", 0), kind,
                                        arguments[0], kind->undirected ? BOTH : FORWARD);
    uint32_t count = graph.nodes.count;
    struct path_search search = {
        .graph = &graph,
        .path = new_numbers(context, count),
        .arc = new_numbers(context, count),
        .on_path = new_marks(context, count),
    };
    for (uint32_t i = 0; i < count; i++) {
        paths_from(context, &search, i);
    }
    return fm_set(context->values, search.found.at, search.found.count);
}

static fm_value graphs_simple_path(struct fm_native_context *context, const fm_value *arguments,
                                   uint32_t count)
{
    (void)count;
    return simple_paths(context, &directed, arguments);
}

static fm_value undirected_simple_path(struct fm_native_context *context, const fm_value *arguments,
                                       uint32_t count)
{
    (void)count;
    return simple_paths(context, &undirected, arguments);
}

/* --- connectedness --- */

static fm_value are_connected(struct fm_native_context *context, const struct graph_kind *kind,
                              const fm_value *arguments)
{
    struct graph graph = argument_graph(context, fm_argument_of("AreConnectedIn", 3), kind,
                                        arguments[2], kind->undirected ? BOTH : FORWARD);
    uint32_t from = fm_value_index_find(context, &graph.numbers, arguments[0]);
    uint32_t to = fm_value_index_find(context, &graph.numbers, arguments[1]);
    if (from == FM_VALUE_INDEX_NONE || to == FM_VALUE_INDEX_NONE) {
        return fm_bool(false);
    }
    bool *seen = new_marks(context, graph.nodes.count);
    (void)reach(&graph, from, seen, new_numbers(context, graph.nodes.count));
    return fm_bool(seen[to]);
}

static fm_value graphs_are_connected(struct fm_native_context *context, const fm_value *arguments,
                                     uint32_t count)
{
    (void)count;
    return are_connected(context, &directed, arguments);
}

static fm_value undirected_are_connected(struct fm_native_context *context,
                                         const fm_value *arguments, uint32_t count)
{
    (void)count;
    return are_connected(context, &undirected, arguments);
}

static fm_value graphs_is_strongly_connected(struct fm_native_context *context,
                                             const fm_value *arguments, uint32_t count)
{
    (void)count;
    struct fm_argument place = fm_argument_of("IsStronglyConnected", 0);
    static const enum direction ways[] = {FORWARD, BACKWARD};
    for (uint32_t i = 0; i < 2; i++) {
        struct graph graph = argument_graph(context, place, &directed, arguments[0], ways[i]);
        uint32_t size = graph.nodes.count;
        if (size > 0 &&
            reach(&graph, 0, new_marks(context, size), new_numbers(context, size)) < size) {
            return fm_bool(false);
        }
    }
    return fm_bool(true);
}

static fm_value undirected_components(struct fm_native_context *context, const fm_value *arguments,
                                      uint32_t count)
{
    (void)count;
    struct graph graph = argument_graph(context, fm_argument_of("ConnectedComponents", 0),
                                        &undirected, arguments[0], BOTH);
    uint32_t size = graph.nodes.count;
    bool *seen = new_marks(context, size);
    uint32_t *order = new_numbers(context, size);
    struct fm_value_list components = {0};
    for (uint32_t i = 0; i < size; i++) {
        if (seen[i]) {
            continue;
        }
        uint32_t members = reach(&graph, i, seen, order);
        fm_value *nodes = fm_native_values(context, members);
        for (uint32_t j = 0; j < members; j++) {
            nodes[j] = graph.nodes.at[order[j]];
        }
        fm_value_list_push(context, &components, fm_set(context->values, nodes, members));
    }
    return fm_set(context->values, components.at, components.count);
}

/* --- closures --- */

/* A square matrix of bits, row after row. */
struct matrix {
    uint64_t *bits;
    uint32_t size;
    uint32_t words; /* of a row */
};

static struct matrix new_matrix(struct fm_native_context *context, const char *operator_name,
                                uint32_t size)
{
    if (size > RELATION_SIZE_MAX) {
        fm_native_fail(context, FM_CODE_4202, "%s of a relation on %u elements: the limit is %u",
                       operator_name, size, RELATION_SIZE_MAX);
    }
    struct matrix matrix = {.size = size, .words = (size + 63) / 64};
    matrix.bits = fm_arena_calloc(context->values->arena, (size_t)size * matrix.words,
                                  sizeof *matrix.bits);
    return matrix;
}

static uint64_t *matrix_row(const struct matrix *matrix, uint32_t row)
{
    return matrix->bits + (size_t)row * matrix->words;
}

static bool matrix_has(const struct matrix *matrix, uint32_t row, uint32_t column)
{
    return (matrix_row(matrix, row)[column / 64] >> (column % 64) & 1u) != 0;
}

static void matrix_add(const struct matrix *matrix, uint32_t row, uint32_t column)
{
    matrix_row(matrix, row)[column / 64] |= UINT64_C(1) << (column % 64);
}

static void matrix_close(const struct matrix *matrix)
{
    for (uint32_t via = 0; via < matrix->size; via++) {
        const uint64_t *reached = matrix_row(matrix, via);
        for (uint32_t row = 0; row < matrix->size; row++) {
            if (!matrix_has(matrix, row, via)) {
                continue;
            }
            uint64_t *words = matrix_row(matrix, row);
            for (uint32_t i = 0; i < matrix->words; i++) {
                words[i] |= reached[i];
            }
        }
    }
}

static fm_value pair_of(struct fm_native_context *context, fm_value left, fm_value right)
{
    const fm_value both[2] = {left, right};
    return fm_tuple(context->values, both, 2);
}

/* The closure of R on S as a matrix; S is the second argument. */
static struct matrix relation_closure(struct fm_native_context *context, const char *operator_name,
                                      const fm_value *arguments, struct fm_sequence *set)
{
    if (!fm_value_is_function(arguments[0])) {
        fm_argument_fail(context, fm_argument_of(operator_name, 1), "a Boolean function on pairs",
                         arguments[0]);
    }
    *set = fm_argument_elements(context, fm_argument_of(operator_name, 2), arguments[1]);
    struct matrix matrix = new_matrix(context, operator_name, set->count);
    for (uint32_t row = 0; row < set->count; row++) {
        for (uint32_t column = 0; column < set->count; column++) {
            fm_value pair = pair_of(context, set->at[row], set->at[column]);
            fm_value related = fm_fcn_apply(context->values, arguments[0], pair);
            if (!fm_is_bool(related)) {
                fm_argument_fail(context, fm_argument_of(operator_name, 1),
                                 "a Boolean function on pairs", arguments[0]);
            }
            if (fm_is_true(related)) {
                matrix_add(&matrix, row, column);
            }
        }
    }
    matrix_close(&matrix);
    return matrix;
}

/* [x, y \in S |-> ...]: the normalized order of pairs is row by row. */
static fm_value matrix_function(struct fm_native_context *context, const struct matrix *matrix,
                                struct fm_sequence set)
{
    uint32_t total = set.count * set.count;
    fm_value *pairs = fm_native_values(context, total);
    fm_value *values = fm_native_values(context, total);
    for (uint32_t i = 0; i < total; i++) {
        pairs[i] = pair_of(context, set.at[i / set.count], set.at[i % set.count]);
        values[i] = fm_bool(matrix_has(matrix, i / set.count, i % set.count));
    }
    fm_value domain = fm_set_normal(context->values, pairs, total);
    return fm_fcn(context->values, domain, values, total);
}

static fm_value relation_transitive(struct fm_native_context *context, const fm_value *arguments,
                                    uint32_t count)
{
    (void)count;
    struct fm_sequence set;
    struct matrix matrix = relation_closure(context, "TransitiveClosure", arguments, &set);
    return matrix_function(context, &matrix, set);
}

static fm_value relation_reflexive_transitive(struct fm_native_context *context,
                                              const fm_value *arguments, uint32_t count)
{
    (void)count;
    struct fm_sequence set;
    struct matrix matrix = relation_closure(context, "ReflexiveTransitiveClosure", arguments, &set);
    for (uint32_t i = 0; i < set.count; i++) {
        matrix_add(&matrix, i, i);
    }
    return matrix_function(context, &matrix, set);
}

static fm_value relation_is_connected(struct fm_native_context *context, const fm_value *arguments,
                                      uint32_t count)
{
    (void)count;
    struct fm_sequence set;
    struct matrix matrix = relation_closure(context, "IsConnected", arguments, &set);
    for (uint32_t row = 0; row < set.count; row++) {
        for (uint32_t column = 0; column < set.count; column++) {
            if (row != column && !matrix_has(&matrix, row, column)) {
                return fm_bool(false);
            }
        }
    }
    return fm_bool(true);
}

/* The closure of a set of pairs, as a set of pairs. */
static fm_value pairs_transitive(struct fm_native_context *context, const fm_value *arguments,
                                 uint32_t count)
{
    (void)count;
    struct fm_argument place = fm_argument_of("Warshall", 0);
    struct fm_sequence pairs = fm_argument_elements(context, place, arguments[0]);
    struct fm_value_index index = {0};
    uint32_t *ends = new_numbers(context, pairs.count * 2);
    for (uint32_t i = 0; i < pairs.count; i++) {
        struct fm_sequence pair;
        if (!fm_sequence_view(context->values, pairs.at[i], &pair.at, &pair.count) ||
            pair.count != 2) {
            fm_argument_fail(context, place, "a set of pairs", arguments[0]);
        }
        ends[2 * i] = fm_value_index_add(context, &index, pair.at[0], NULL);
        ends[2 * i + 1] = fm_value_index_add(context, &index, pair.at[1], NULL);
    }
    struct matrix matrix = new_matrix(context, "Warshall", index.values.count);
    for (uint32_t i = 0; i < pairs.count; i++) {
        matrix_add(&matrix, ends[2 * i], ends[2 * i + 1]);
    }
    matrix_close(&matrix);
    struct fm_value_list closure = {0};
    for (uint32_t row = 0; row < matrix.size; row++) {
        for (uint32_t column = 0; column < matrix.size; column++) {
            if (matrix_has(&matrix, row, column)) {
                fm_value_list_push(context, &closure,
                                   pair_of(context, index.values.at[row], index.values.at[column]));
            }
        }
    }
    return fm_set(context->values, closure.at, closure.count);
}

#define ROW(module, name, arity, call)                                                             \
    {                                                                                              \
        module, name, arity, call, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT                          \
    }

static const struct fm_native rows[] = {
    ROW("Graphs", "SimplePath", 1, graphs_simple_path),
    ROW("Graphs", "AreConnectedIn", 3, graphs_are_connected),
    ROW("Graphs", "IsStronglyConnected", 1, graphs_is_strongly_connected),
    ROW("UndirectedGraphs", "SimplePath", 1, undirected_simple_path),
    ROW("UndirectedGraphs", "AreConnectedIn", 3, undirected_are_connected),
    ROW("UndirectedGraphs", "ConnectedComponents", 1, undirected_components),
    ROW("Relation", "TransitiveClosure", 2, relation_transitive),
    ROW("Relation", "ReflexiveTransitiveClosure", 2, relation_reflexive_transitive),
    ROW("Relation", "IsConnected", 2, relation_is_connected),
    ROW("TransitiveClosure", "Warshall", 1, pairs_transitive),
};

struct fm_native_rows fm_natives_graphs(void)
{
    return FM_NATIVE_ROWS(rows);
}
