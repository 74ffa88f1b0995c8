/* SVG and GraphViz: pictures of states as text.
 *
 * An SVG element is a record [name, attrs, children, innerText]; SVGElemToString writes it with its
 * children. Attribute names have `-` where the field has `_`, values stand in single quotes so that
 * TLA+ strings can carry them, and << >> of printed tuples are escaped. PointOnLine and
 * NodeOfRingNetwork compute in doubles and cut towards zero, as TLC's override does: the pictures
 * are the same to the pixel.
 *
 * NodesOfDirectedMultiGraph places the nodes of a graph. TLC asks a library of Java for the
 * coordinates; here nodes stand in layers, each below the last of its predecessors (edges that
 * close a cycle push as far as there are layers), and each layer is spread over the width. Every
 * node gets a point of the view; the points are not those of TLC. The options view_width and
 * view_height are needed, others are accepted and not used.
 *
 * DotDiGraph names nodes by our digests, which depend on the value alone. */
#include "diag/diag.h"
#include "modules/argument.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Nesting of SVG elements. */
#define ELEMENT_DEPTH_MAX 1000u

/* --- SVG elements --- */

static const struct fm_symbol *element_text(struct fm_native_context *context, fm_value element,
                                            const char *field)
{
    fm_value v = fm_record_lookup(context, element, field);
    if (fm_is_none(v) || fm_value_tag(v) != FM_TAG_STRING) {
        fm_native_fail(context, FM_CODE_4201,
                       "SVGElemToString: the field %s of an element must be a string, found %s in "
                       "%s",
                       field, fm_is_none(v) ? "none" : fm_native_show(context, v),
                       fm_native_show(context, element));
    }
    return fm_value_symbol(v);
}

static void add_attributes(struct fm_native_context *context, fm_value element, struct fm_text *out)
{
    struct fm_argument place = fm_argument_of("SVGElemToString (field attrs)", 0);
    fm_value field = fm_record_lookup(context, element, "attrs");
    if (fm_is_none(field)) {
        fm_argument_fail(context, place, "a record of strings", element);
    }
    fm_argument_record(context, place, field);
    struct fm_pairs attributes = fm_argument_function(context, place, field);
    for (uint32_t i = 0; i < attributes.count; i++) {
        if (fm_value_tag(attributes.values[i]) != FM_TAG_STRING) {
            fm_argument_fail(context, place, "a record of strings", field);
        }
        fm_text_putc(out, ' ');
        for (const char *at = fm_value_symbol(attributes.keys[i])->text; *at != '\0'; at++) {
            fm_text_putc(out, *at == '_' ? '-' : *at);
        }
        fm_text_printf(out, "='%s'", fm_value_symbol(attributes.values[i])->text);
    }
}

static void add_inner_text(const char *text, struct fm_text *out)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (at[0] == '<' && at[1] == '<') {
            fm_text_puts(out, "&lt;&lt;");
            at++;
        } else if (at[0] == '>' && at[1] == '>') {
            fm_text_puts(out, "&gt;&gt;");
            at++;
        } else {
            fm_text_putc(out, *at);
        }
    }
}

static void add_element(struct fm_native_context *context, fm_value element, uint32_t depth,
                        struct fm_text *out)
{
    if (!fm_value_is_function(element) || depth == ELEMENT_DEPTH_MAX) {
        fm_argument_fail(context, fm_argument_of("SVGElemToString", 0),
                         "an SVG element (a record of name, attrs, children, innerText) nested at "
                         "most 1000 deep",
                         element);
    }
    const struct fm_symbol *name = element_text(context, element, "name");
    fm_text_printf(out, "<%s", name->text);
    add_attributes(context, element, out);
    fm_text_putc(out, '>');
    add_inner_text(element_text(context, element, "innerText")->text, out);
    fm_value children = fm_record_lookup(context, element, "children");
    if (fm_is_none(children)) {
        fm_argument_fail(context, fm_argument_of("SVGElemToString", 0),
                         "an SVG element with a field children", element);
    }
    struct fm_pairs all = fm_argument_function(
        context, fm_argument_of("SVGElemToString (field children)", 0), children);
    for (uint32_t i = 0; i < all.count; i++) {
        add_element(context, all.values[i], depth + 1, out);
    }
    fm_text_printf(out, "</%s>", name->text);
}

static fm_value svg_to_string(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    (void)count;
    struct fm_native_text text = fm_native_text_begin(context);
    add_element(context, arguments[0], 0, text.out);
    return fm_native_text_string(context, &text);
}

/* --- points --- */

/* [x |-> x, y |-> y], both cut towards zero. */
static fm_value point(struct fm_native_context *context, double x, double y)
{
    static const char *const names[] = {"x", "y"};
    const fm_value values[] = {fm_int(context->values, (int64_t)x),
                               fm_int(context->values, (int64_t)y)};
    return fm_native_record(context, names, values, 2);
}

/* A coordinate: within what doubles hold exactly. */
static double argument_number(struct fm_native_context *context, struct fm_argument place,
                              fm_value v)
{
    int64_t n = fm_argument_int64(context, place, v);
    if (n > INT32_MAX || n < INT32_MIN) {
        fm_argument_range(context, place, "an integer of at most 32 bits", v);
    }
    return (double)n;
}

static fm_value svg_ring_node(struct fm_native_context *context, const fm_value *arguments,
                              uint32_t count)
{
    double numbers[5];
    for (uint32_t i = 0; i < count; i++) {
        numbers[i] = argument_number(context, fm_argument_of("NodeOfRingNetwork", i + 1),
                                     arguments[i]);
    }
    if (numbers[4] == 0.0) {
        fm_argument_range(context, fm_argument_of("NodeOfRingNetwork", 5),
                          "the number of nodes, not 0", arguments[4]);
    }
    const double full_turn = 2.0 * acos(-1.0);
    double angle = full_turn / numbers[4] * numbers[3];
    return point(context, numbers[0] + numbers[2] * cos(angle),
                 numbers[1] + numbers[2] * sin(angle));
}

static double coordinate(struct fm_native_context *context, struct fm_argument place,
                         fm_value record, const char *name)
{
    fm_value v = fm_value_is_function(record) ? fm_record_lookup(context, record, name) : fm_none();
    if (fm_is_none(v) || !fm_is_int(v)) {
        fm_argument_fail(context, place, "a point, a record of the integers x and y", record);
    }
    return argument_number(context, place, v);
}

static fm_value svg_point_on_line(struct fm_native_context *context, const fm_value *arguments,
                                  uint32_t count)
{
    (void)count;
    struct fm_argument first = fm_argument_of("PointOnLine", 1);
    struct fm_argument second = fm_argument_of("PointOnLine", 2);
    double from_x = coordinate(context, first, arguments[0], "x");
    double from_y = coordinate(context, first, arguments[0], "y");
    double to_x = coordinate(context, second, arguments[1], "x");
    double to_y = coordinate(context, second, arguments[1], "y");
    double part = argument_number(context, fm_argument_of("PointOnLine", 3), arguments[2]);
    if (part == 0.0) {
        fm_argument_range(context, fm_argument_of("PointOnLine", 3), "a number other than 0",
                          arguments[2]);
    }
    return point(context, from_x + (to_x - from_x) / part, from_y + (to_y - from_y) / part);
}

/* --- layered layout --- */

struct layout {
    struct fm_sequence nodes;
    struct fm_value_index numbers;
    uint32_t (*edges)[2]; /* numbers of nodes; no edge from a node to itself */
    uint32_t edge_count;
    uint32_t *layer;
};

static void read_edges(struct fm_native_context *context, struct layout *layout, fm_value set)
{
    struct fm_argument place = fm_argument_of("NodesOfDirectedMultiGraph", 2);
    struct fm_sequence edges = fm_argument_elements(context, place, set);
    layout->edges = fm_arena_calloc(context->values->arena, edges.count, sizeof *layout->edges);
    for (uint32_t i = 0; i < edges.count; i++) {
        struct fm_sequence pair = {NULL, 0};
        if (!fm_sequence_view(context->values, edges.at[i], &pair.at, &pair.count) ||
            pair.count < 2) {
            fm_argument_fail(context, place, "a set of pairs of nodes", set);
        }
        uint32_t from = fm_value_index_find(context, &layout->numbers, pair.at[0]);
        uint32_t to = fm_value_index_find(context, &layout->numbers, pair.at[1]);
        if (from == FM_VALUE_INDEX_NONE || to == FM_VALUE_INDEX_NONE) {
            fm_argument_fail(context, place, "a set of pairs of nodes", set);
        }
        if (from != to) {
            layout->edges[layout->edge_count][0] = from;
            layout->edges[layout->edge_count++][1] = to;
        }
    }
}

/* Pushes each node below its predecessors. Layers are fewer than nodes: where there is no cycle no
 * path is longer, and where there is one this ends the pushing. */
static void assign_layers(struct layout *layout)
{
    uint32_t limit = layout->nodes.count;
    bool moved = true;
    while (moved) {
        moved = false;
        for (uint32_t i = 0; i < layout->edge_count; i++) {
            uint32_t from = layout->edges[i][0];
            uint32_t to = layout->edges[i][1];
            uint32_t wanted = layout->layer[from] + 1;
            if (wanted > layout->layer[to] && wanted < limit) {
                layout->layer[to] = wanted;
                moved = true;
            }
        }
    }
}

static fm_value place_nodes(struct fm_native_context *context, struct layout *layout, double width,
                            double height)
{
    uint32_t count = layout->nodes.count;
    struct fm_arena *arena = context->values->arena;
    uint32_t *members = fm_arena_calloc(arena, (size_t)count + 1, sizeof *members);
    uint32_t *seen = fm_arena_calloc(arena, (size_t)count + 1, sizeof *seen);
    uint32_t layers = 0;
    for (uint32_t i = 0; i < count; i++) {
        members[layout->layer[i]]++;
        layers = layout->layer[i] + 1 > layers ? layout->layer[i] + 1 : layers;
    }
    fm_value *points = fm_native_values(context, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t layer = layout->layer[i];
        double x = width * (seen[layer]++ + 0.5) / members[layer];
        points[i] = point(context, x, height * (layer + 0.5) / layers);
    }
    fm_value domain = fm_set_normal(context->values, layout->nodes.at, count);
    return fm_fcn(context->values, domain, points, count);
}

static fm_value svg_place_graph(struct fm_native_context *context, const fm_value *arguments,
                                uint32_t count)
{
    (void)count;
    const char *const name = "NodesOfDirectedMultiGraph";
    struct layout layout = {
        .nodes = fm_argument_elements(context, fm_argument_of(name, 1), arguments[0])};
    for (uint32_t i = 0; i < layout.nodes.count; i++) {
        (void)fm_value_index_add(context, &layout.numbers, layout.nodes.at[i], NULL);
    }
    read_edges(context, &layout, arguments[1]);
    struct fm_argument place = fm_argument_of(name, 3);
    fm_argument_record(context, place, arguments[2]);
    static const char *const sizes[] = {"view_width", "view_height"};
    double view[2];
    for (uint32_t i = 0; i < 2; i++) {
        fm_value size = fm_record_lookup(context, arguments[2], sizes[i]);
        if (fm_is_none(size)) {
            fm_argument_fail(context, place, "a record with view_width and view_height",
                             arguments[2]);
        }
        view[i] = argument_number(context, place, size);
    }
    layout.layer = fm_arena_calloc(context->values->arena, layout.nodes.count,
                                   sizeof *layout.layer);
    assign_layers(&layout);
    return place_nodes(context, &layout, view[0], view[1]);
}

/* --- GraphViz --- */

static void add_name(struct fm_native_context *context, fm_value node, struct fm_text *out)
{
    struct fm_digest digest = fm_value_digest(context->values, node);
    fm_text_printf(out, "%" PRId64, (int64_t)digest.low);
}

static void add_label(struct fm_native_context *context, fm_value op, fm_value v,
                      struct fm_text *out)
{
    fm_text_puts(out, "[label=");
    fm_value_print(context->values, fm_apply_one(context, op, v), out);
    fm_text_puts(out, "];");
}

static struct fm_sequence graph_part(struct fm_native_context *context, fm_value graph,
                                     const char *name)
{
    struct fm_argument place = fm_argument_of("DotDiGraph", 1);
    static const char expected[] = "a graph, a record whose fields node and edge are sets";
    fm_value field = fm_value_is_function(graph) ? fm_record_lookup(context, graph, name)
                                                 : fm_none();
    if (fm_is_none(field) || !fm_value_is_set(field)) {
        fm_argument_fail(context, place, expected, graph);
    }
    return fm_argument_elements(context, place, field);
}

static fm_value graphviz_dot(struct fm_native_context *context, const fm_value *arguments,
                             uint32_t count)
{
    (void)count;
    fm_argument_operator(context, fm_argument_of("DotDiGraph", 2), arguments[1]);
    fm_argument_operator(context, fm_argument_of("DotDiGraph", 3), arguments[2]);
    struct fm_sequence nodes = graph_part(context, arguments[0], "node");
    struct fm_sequence edges = graph_part(context, arguments[0], "edge");
    struct fm_native_text text = fm_native_text_begin(context);
    fm_text_puts(text.out, "digraph MyGraph {");
    for (uint32_t i = 0; i < nodes.count; i++) {
        add_name(context, nodes.at[i], text.out);
        add_label(context, arguments[1], nodes.at[i], text.out);
    }
    for (uint32_t i = 0; i < edges.count; i++) {
        struct fm_sequence pair = {NULL, 0};
        if (!fm_sequence_view(context->values, edges.at[i], &pair.at, &pair.count) ||
            pair.count < 2) {
            fm_argument_fail(context, fm_argument_of("DotDiGraph", 1),
                             "a graph whose edges are pairs", arguments[0]);
        }
        add_name(context, pair.at[0], text.out);
        fm_text_puts(text.out, "->");
        add_name(context, pair.at[1], text.out);
        add_label(context, arguments[2], edges.at[i], text.out);
    }
    fm_text_putc(text.out, '}');
    return fm_native_text_string(context, &text);
}

#define ROW(module, name, arity, call)                                                             \
    {                                                                                              \
        module, name, arity, call, FM_SPECIAL_NONE, 0, FM_NATIVE_CONSTANT                          \
    }

static const struct fm_native rows[] = {
    ROW("SVG", "SVGElemToString", 1, svg_to_string),
    ROW("SVG", "NodeOfRingNetwork", 5, svg_ring_node),
    ROW("SVG", "NodesOfDirectedMultiGraph", 3, svg_place_graph),
    ROW("SVG", "PointOnLine", 3, svg_point_on_line),
    ROW("GraphViz", "DotDiGraph", 3, graphviz_dot),
};

struct fm_native_rows fm_natives_graphics(void)
{
    return FM_NATIVE_ROWS(rows);
}
