/* -dump: the states that were found, one after the other, or the graph of them.
 *
 *     -dump FILE          TLC's list (tlc2/util/StateWriter.java): `State 1:` and its variables
 *     -dump dot FILE      TLC's graph for GraphViz (tlc2/util/DotStateWriter.java): initial states
 * are filled, a state's label follows the first edge to it, states of one level have one rank -dump
 * json FILE     one object: states with their values, edges as triples of two numbers of states and
 * one of an action (docs/formats.md)
 *
 * All are made from one visit of the graph after the search (explore/graph.c). Nodes of the dot
 * form are named by fingerprints, as TLC's are; states of the JSON form by their numbers in the
 * order of discovery. What TLC's `strict` leaves out more than it should (an edge back, and all
 * loops but one, because it compares the exclusive or of two fingerprints), ours keeps. `snapshot`
 * is the finished graph. */
#include "cli/dump.h"

#include "base/arena.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Colours of GraphViz's scheme that TLC takes. */
#define COLORS "paired12"

struct edge {
    uint64_t from, to;
    uint32_t action;
};

struct rank {
    uint32_t level;
    uint64_t fingerprint;
};

struct dump {
    const struct fm_report *report;
    const uint32_t *order;
    FILE *file;
    uint64_t states;
    FM_VEC(struct edge) edges; /* JSON; and dot with `strict` */
    FM_VEC(char *) actions;    /* JSON: an object for each, NULL before its first edge */
    FM_VEC(struct rank) ranks; /* dot: states that were expanded or are initial */
    FM_VEC(const struct fm_symbol *) colored; /* dot: names of actions; the first has colour 2 */
};

static void put(const struct dump *dump, struct fm_text *text)
{
    (void)fwrite(fm_text_string(text), 1, text->length, dump->file);
    fm_text_deinit(text);
}

static void add_state(const struct dump *dump, const struct fm_trace_state *state,
                      struct fm_text *out)
{
    for (uint32_t i = 0; i < state->variable_count; i++) {
        uint32_t at = dump->order == NULL ? i : dump->order[i];
        fm_text_printf(out, "%s%s = %s\n", state->variable_count == 1 ? "" : "/\\ ",
                       state->names[at], state->values[at]);
    }
}

/* --- the list --- */

static void list_state(struct dump *dump, const struct fm_graph_node *node)
{
    struct fm_text text = {NULL, 0, 0};
    fm_text_printf(&text, "State %" PRIu64 ":\n", ++dump->states);
    add_state(dump, node->state, &text);
    fm_text_putc(&text, '\n');
    put(dump, &text);
}

static void list_initial(void *closure, const struct fm_graph_node *node)
{
    list_state(closure, node);
}

static void list_edge(void *closure, const struct fm_graph_edge *edge)
{
    if (edge->is_new) {
        list_state(closure, &edge->to);
    }
}

/* --- dot --- */

/* In quotes: lines as \n, and none at the end. */
static void add_quoted(const char *text, struct fm_text *out)
{
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '\n') {
        length--;
    }
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\n') {
            fm_text_puts(out, "\\n");
        } else {
            if (text[i] == '\\' || text[i] == '"') {
                fm_text_putc(out, '\\');
            }
            fm_text_putc(out, text[i]);
        }
    }
}

static void add_label(const struct dump *dump, const struct fm_trace_state *state,
                      struct fm_text *out)
{
    struct fm_text text = {NULL, 0, 0};
    add_state(dump, state, &text);
    add_quoted(fm_text_string(&text), out);
    fm_text_deinit(&text);
}

static void add_node_name(const struct fm_graph_node *node, struct fm_text *out)
{
    fm_text_printf(out, "%" PRId64, (int64_t)node->fingerprint);
}

static void note_rank(struct dump *dump, const struct fm_graph_node *node)
{
    struct rank rank = {node->level, node->fingerprint};
    if (dump->ranks.count == 0 ||
        dump->ranks.at[dump->ranks.count - 1].fingerprint != rank.fingerprint) {
        fm_vec_push(&dump->ranks, rank);
    }
}

static void dot_begin(struct dump *dump)
{
    (void)fprintf(dump->file,
                  "strict digraph DiskGraph {\n"
                  "node [shape=box,style=rounded]\n"
                  "%s"
                  "nodesep=0.35;\n"
                  "subgraph cluster_graph {\n"
                  "color=\"white\";\n",
                  dump->report->options->dump_colorize ? "edge [colorscheme=\"" COLORS "\"]\n"
                                                       : "");
}

static void dot_initial(void *closure, const struct fm_graph_node *node)
{
    struct dump *dump = closure;
    struct fm_text text = {NULL, 0, 0};
    add_node_name(node, &text);
    fm_text_puts(&text, " [label=\"");
    add_label(dump, node->state, &text);
    fm_text_puts(&text, "\",style = filled]\n");
    put(dump, &text);
    note_rank(dump, node);
}

static uint32_t color_of(struct dump *dump, const struct fm_action *action)
{
    uint32_t i = 0;
    while (i < dump->colored.count && dump->colored.at[i] != action->name) {
        i++;
    }
    if (i == dump->colored.count) {
        fm_vec_push(&dump->colored, action->name);
    }
    return i + 2;
}

/* "Add(1)" of "<Add(1) line 7, ...>". */
static void add_signature(const char *label, struct fm_text *out)
{
    struct fm_text name = {NULL, 0, 0};
    const char *place = strstr(label, " line ");
    size_t length = place == NULL ? strlen(label) - 1 : (size_t)(place - label);
    fm_text_add(&name, label + 1, length - 1);
    add_quoted(fm_text_string(&name), out);
    fm_text_deinit(&name);
}

static void add_edge_label(struct dump *dump, const struct fm_graph_edge *edge, struct fm_text *out)
{
    char color[16] = "black";
    if (dump->report->options->dump_colorize) {
        (void)snprintf(color, sizeof color, "%u", color_of(dump, edge->action));
    }
    fm_text_puts(out, " [label=\"");
    if (dump->report->options->dump_labels) {
        add_signature(edge->to.state->label, out);
    }
    if (edge->excluded_by != NULL) {
        fm_text_putc(out, '\n');
        fm_report_location(dump->report, edge->excluded_by->node->span, out);
    }
    fm_text_printf(out, "\",color=\"%s\",fontcolor=\"%s\"];\n", color, color);
}

static bool was_drawn(struct dump *dump, const struct fm_graph_edge *edge)
{
    struct edge drawn = {edge->from.fingerprint, edge->to.fingerprint, 0};
    /* Edges of one source come together. */
    for (uint32_t i = dump->edges.count; i-- > 0 && dump->edges.at[i].from == drawn.from;) {
        if (dump->edges.at[i].to == drawn.to) {
            return true;
        }
    }
    fm_vec_push(&dump->edges, drawn);
    return false;
}

static void dot_edge(void *closure, const struct fm_graph_edge *edge)
{
    struct dump *dump = closure;
    struct fm_text text = {NULL, 0, 0};
    note_rank(dump, &edge->from);
    if (dump->report->options->dump_strict && was_drawn(dump, edge)) {
        return;
    }
    add_node_name(&edge->from, &text);
    fm_text_puts(&text, " -> ");
    add_node_name(&edge->to, &text);
    add_edge_label(dump, edge, &text);
    if (edge->is_new) {
        add_node_name(&edge->to, &text);
        fm_text_puts(&text, " [label=\"");
        add_label(dump, edge->to.state, &text);
        fm_text_puts(&text, "\",tooltip=\"");
        add_label(dump, edge->to.state, &text);
        fm_text_puts(&text, edge->excluded_by == NULL
                                ? "\"];\n"
                                : "\",style = filled, fillcolor=lightyellow];\n");
    }
    put(dump, &text);
}

static int compare_ranks(const void *a, const void *b)
{
    const struct rank *first = a, *second = b;
    if (first->level != second->level) {
        return first->level < second->level ? -1 : 1;
    }
    return first->fingerprint < second->fingerprint ? -1 : first->fingerprint > second->fingerprint;
}

static void dot_ranks(struct dump *dump)
{
    if (dump->ranks.count == 0) {
        return;
    }
    qsort(dump->ranks.at, dump->ranks.count, sizeof *dump->ranks.at, compare_ranks);
    for (uint32_t i = 0; i < dump->ranks.count; i++) {
        const struct rank *rank = &dump->ranks.at[i];
        const struct rank *before = i == 0 ? NULL : rank - 1;
        if (before == NULL || before->level != rank->level) {
            (void)fprintf(dump->file, "%s{rank = same; ", before == NULL ? "" : "}\n");
        } else if (before->fingerprint == rank->fingerprint) {
            continue;
        }
        (void)fprintf(dump->file, "%" PRId64 ";", (int64_t)rank->fingerprint);
    }
    (void)fputs("}\n", dump->file);
}

static void dot_legend(const struct dump *dump)
{
    (void)fprintf(dump->file,
                  "subgraph cluster_legend {graph[style=bold];label = \"Next State Actions\" "
                  "style=\"solid\"\n"
                  "node [ labeljust=\"l\",colorscheme=\"%s\",style=filled,shape=record ]\n",
                  COLORS);
    for (uint32_t i = 0; i < dump->colored.count; i++) {
        const char *name = dump->colored.at[i] == NULL ? "Action" : dump->colored.at[i]->text;
        for (const char *at = name; *at != '\0'; at++) {
            (void)fputc(*at == '!' ? ':' : *at, dump->file);
        }
        (void)fprintf(dump->file, " [label=\"%s\",fillcolor=%u]\n", name, i + 2);
    }
    (void)fputs("}", dump->file);
}

static void dot_end(struct dump *dump)
{
    dot_ranks(dump);
    (void)fputs("}\n", dump->file);
    if (dump->colored.count > 1) {
        dot_legend(dump);
    }
    (void)fputs("}", dump->file);
}

/* --- JSON --- */

static void json_begin(struct dump *dump)
{
    const struct fm_program *program = dump->report->program;
    struct fm_text text = {NULL, 0, 0};
    fm_text_puts(&text, "{\"fathom\":\"" FM_VERSION "\",\"module\":");
    fm_text_json_string(&text, program->root->text, strlen(program->root->text));
    fm_text_puts(&text, ",\"variables\":[");
    for (uint32_t i = 0; i < program->variable_count; i++) {
        const char *name = program->variables[i].name->text;
        fm_text_puts(&text, i == 0 ? "" : ",");
        fm_text_json_string(&text, name, strlen(name));
    }
    fm_text_puts(&text, "],\"states\":[");
    put(dump, &text);
}

static void json_state(struct dump *dump, const struct fm_graph_node *node)
{
    struct fm_text text = {NULL, 0, 0};
    fm_text_printf(&text, "%s\n{\"number\":%" PRIu64 ",\"level\":%u,\"values\":",
                   dump->states++ == 0 ? "" : ",", node->number, node->level);
    fm_report_json_values(dump->report, node->state, &text);
    fm_text_putc(&text, '}');
    put(dump, &text);
}

static void json_initial(void *closure, const struct fm_graph_node *node)
{
    json_state(closure, node);
}

static void note_action(struct dump *dump, uint32_t action, const struct fm_trace_state *state)
{
    while (dump->actions.count <= action) {
        fm_vec_push(&dump->actions, NULL);
    }
    if (dump->actions.at[action] == NULL) {
        struct fm_text text = {NULL, 0, 0};
        fm_report_json_action(dump->report, state, &text);
        char *copy = fm_memory_alloc(text.length + 1);
        memcpy(copy, fm_text_string(&text), text.length + 1);
        dump->actions.at[action] = copy;
        fm_text_deinit(&text);
    }
}

static void json_edge(void *closure, const struct fm_graph_edge *edge)
{
    struct dump *dump = closure;
    uint32_t action = (uint32_t)(edge->action - dump->report->result->action_table);
    struct edge kept = {edge->from.number, edge->to.number, action};
    if (edge->is_new) {
        json_state(dump, &edge->to);
    }
    note_action(dump, action, edge->to.state);
    fm_vec_push(&dump->edges, kept);
}

static void json_end(struct dump *dump)
{
    (void)fputs("],\n\"actions\":[", dump->file);
    for (uint32_t i = 0; i < dump->actions.count; i++) {
        (void)fprintf(dump->file, "%s\n%s", i == 0 ? "" : ",",
                      dump->actions.at[i] == NULL ? "null" : dump->actions.at[i]);
    }
    (void)fputs("],\n\"edges\":[", dump->file);
    for (uint32_t i = 0; i < dump->edges.count; i++) {
        const struct edge *edge = &dump->edges.at[i];
        (void)fprintf(dump->file, "%s\n[%" PRIu64 ",%" PRIu64 ",%u]", i == 0 ? "" : ",", edge->from,
                      edge->to, edge->action);
    }
    (void)fputs("]}\n", dump->file);
}

/* --- all of it --- */

static bool visit(struct dump *dump, struct fm_checker *checker)
{
    struct fm_graph_visitor visitor = {.closure = dump};
    bool good = false;
    switch (dump->report->options->dump_format) {
    case FM_DUMP_STATES:
        visitor.initial = list_initial;
        visitor.edge = list_edge;
        good = fm_check_graph(checker, &visitor);
        break;
    case FM_DUMP_DOT:
        visitor.initial = dot_initial;
        visitor.edge = dot_edge;
        visitor.constrained = dump->report->options->dump_constrained;
        dot_begin(dump);
        good = fm_check_graph(checker, &visitor);
        dot_end(dump);
        break;
    case FM_DUMP_JSON:
        visitor.initial = json_initial;
        visitor.edge = json_edge;
        json_begin(dump);
        good = fm_check_graph(checker, &visitor);
        json_end(dump);
        break;
    }
    return good;
}

static void free_dump(struct dump *dump)
{
    for (uint32_t i = 0; i < dump->actions.count; i++) {
        fm_memory_free(dump->actions.at[i]);
    }
    fm_vec_deinit(&dump->actions);
    fm_vec_deinit(&dump->edges);
    fm_vec_deinit(&dump->ranks);
    fm_vec_deinit(&dump->colored);
}

static const char *write_file(const struct fm_report *report, struct fm_checker *checker,
                              const uint32_t *order, const char *path)
{
    struct dump dump = {.report = report, .order = order, .file = fopen(path, "w")};
    if (dump.file == NULL) {
        return strerror(errno);
    }
    bool good = visit(&dump, checker);
    bool failed = ferror(dump.file) != 0;
    int error = errno;
    failed = fclose(dump.file) != 0 || failed;
    free_dump(&dump);
    if (!good) {
        (void)remove(path);
        return "steps of this specification are no functions of their states (it draws random "
               "values, reads the clock or files, prints, or uses TLCSet)";
    }
    return failed ? strerror(error) : NULL;
}

const char *fm_dump_write(const struct fm_report *report, struct fm_checker *checker,
                          const uint32_t *order)
{
    const char *path = report->options->dump_file;
    const char *wrong = write_file(report, checker, order, path);
    if (wrong != NULL || !report->options->dump_snapshot) {
        return wrong;
    }
    struct fm_text snapshot = {NULL, 0, 0};
    size_t length = strlen(path) - strlen(".dot");
    fm_text_printf(&snapshot, "%.*s_snapshot.dot", (int)length, path);
    wrong = write_file(report, checker, order, fm_text_string(&snapshot));
    fm_text_deinit(&snapshot);
    return wrong;
}
