/* Printing over several lines, as TLC wraps the values of traces at 80 columns.
 *
 * TLC formats the printed text, not the value: it parses the text again and breaks what is too
 * long. It gives up, and prints one long line, on whatever its small grammar does not know: names
 * with an underscore, strings with a quotation mark inside, intervals from a negative number, sets
 * shown as expressions. Tools compare these traces, so the grammar is kept, with its gaps.
 *
 * A node fits if its text is no longer than the columns left, less what must follow it on its last
 * line (the trailer: closing brackets of what it stands in). One that does not fit opens on the
 * current line, gives each part a line, indented to the first, and closes behind the last. The
 * value of a field or argument that does not fit beside it goes to a line of its own, four columns
 * further in. */
#include "value/order.h"
#include "value/raise.h"

#include <ctype.h>
#include <string.h>

enum node_kind {
    NODE_CONSTANT,
    NODE_SET,
    NODE_TUPLE,
    NODE_RECORD,
    NODE_FUNCTION,
    NODE_SUBSETS,
    NODE_PAIR
};

struct node {
    enum node_kind kind;
    const char *begin, *end;
    int64_t length; /* characters */
    struct node *children;
    struct node *next;
};

/* How each kind of list is broken. ORDER(node kind), as enum node_kind. */
static const struct style {
    const char *open, *close, *separator, *divider;
    int64_t pad; /* columns by which lines after the first are indented */
} styles[] = {
    {"", "", "", "", 0},          {"{ ", " }", ",", "", 2},      {"<< ", " >>", ",", "", 3},
    {"[ ", " ]", ",", " |->", 2}, {"( ", " )", " @@", " :>", 2}, {"SUBSET ", " ", ",", "", 1},
    {"", "", "", "", 0}};

/* Columns by which the value of a pair is indented on a line of its own. */
#define PAIR_PAD 4

/* --- parsing --- */

struct parser {
    struct fm_value_context *context;
    const char *at; /* NUL ends the text */
};

static struct node *parse(struct parser *parser);

static int64_t count_characters(const char *begin, const char *end)
{
    int64_t count = 0;
    for (const char *at = begin; at < end; at++) {
        count += ((unsigned char)*at & 0xc0u) != 0x80u;
    }
    return count;
}

static struct node *new_node(struct parser *parser, enum node_kind kind, const char *begin)
{
    struct node *node = fm_arena_calloc(parser->context->arena, 1, sizeof *node);
    node->kind = kind;
    node->begin = begin;
    return node;
}

static struct node *finish(struct parser *parser, struct node *node)
{
    node->end = parser->at;
    node->length = count_characters(node->begin, node->end);
    return node;
}

static void skip_space(struct parser *parser)
{
    while (isspace((unsigned char)*parser->at)) {
        parser->at++;
    }
}

static bool take(struct parser *parser, const char *token)
{
    skip_space(parser);
    if (strncmp(parser->at, token, strlen(token)) != 0) {
        return false;
    }
    parser->at += strlen(token);
    return true;
}

static const char *skip_digits(const char *at)
{
    while (isdigit((unsigned char)*at)) {
        at++;
    }
    return at;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || ((unsigned char)c & 0x80u) != 0;
}

static struct node *parse_constant(struct parser *parser)
{
    struct node *node = new_node(parser, NODE_CONSTANT, parser->at);
    if (*parser->at == '"') {
        const char *close = strchr(parser->at + 1, '"');
        if (close == NULL) {
            return NULL;
        }
        parser->at = close + 1;
        return finish(parser, node);
    }
    if (*parser->at == '-') {
        parser->at = skip_digits(parser->at + 1);
        return finish(parser, node);
    }
    const char *dots = skip_digits(parser->at);
    if (dots > parser->at && strncmp(dots, "..", 2) == 0 && isdigit((unsigned char)dots[2])) {
        parser->at = skip_digits(dots + 2);
        return finish(parser, node);
    }
    while (is_word(*parser->at)) {
        parser->at++;
    }
    return parser->at > node->begin ? finish(parser, node) : NULL;
}

static struct node *parse_pair(struct parser *parser, const char *divider)
{
    struct node *node = new_node(parser, NODE_PAIR, parser->at);
    node->children = parse(parser);
    if (node->children == NULL || !take(parser, divider)) {
        return NULL;
    }
    node->children->next = parse(parser);
    return node->children->next != NULL ? finish(parser, node) : NULL;
}

/* What stands between brackets; the opening one was not read yet. */
static struct node *parse_list(struct parser *parser, enum node_kind kind, const char *open,
                               const char *close)
{
    struct node *node = new_node(parser, kind, parser->at);
    struct node **end = &node->children;
    parser->at += strlen(open);
    while (!take(parser, close)) {
        if (*parser->at == '\0') {
            return NULL;
        }
        *end = kind == NODE_RECORD     ? parse_pair(parser, "|->")
               : kind == NODE_FUNCTION ? parse_pair(parser, ":>")
                                       : parse(parser);
        if (*end == NULL) {
            return NULL;
        }
        end = &(*end)->next;
        (void)take(parser, kind == NODE_FUNCTION ? "@@" : ",");
    }
    return finish(parser, node);
}

/* NULL when the text is not of the grammar. */
static struct node *parse(struct parser *parser)
{
    fm_value_check_depth(parser->context);
    skip_space(parser);
    switch (*parser->at) {
    case '{':
        return parse_list(parser, NODE_SET, "{", "}");
    case '<':
        return parse_list(parser, NODE_TUPLE, "<<", ">>");
    case '[':
        return parse_list(parser, NODE_RECORD, "[", "]");
    case '(':
        return parse_list(parser, NODE_FUNCTION, "(", ")");
    default:
        break;
    }
    if (strncmp(parser->at, "SUBSET", 6) == 0) {
        struct node *node = new_node(parser, NODE_SUBSETS, parser->at);
        parser->at += 6;
        node->children = parse(parser);
        return node->children != NULL ? finish(parser, node) : NULL;
    }
    return parse_constant(parser);
}

/* --- formatting --- */

/* Where a node is printed. */
struct room {
    int64_t width;   /* columns from its first character to the end of the line */
    int64_t trailer; /* of them, to be kept free on its last line */
    int64_t pad;     /* columns before its continuation lines */
};

static void format(const struct node *node, struct room room, struct fm_text *out);

static void add_node(const struct node *node, struct fm_text *out)
{
    fm_text_add(out, node->begin, (size_t)(node->end - node->begin));
}

static void new_line(int64_t pad, struct fm_text *out)
{
    fm_text_putc(out, '\n');
    fm_text_fill(out, ' ', (size_t)pad);
}

/* `follow`: columns to be kept free behind the pair; the trailer when it is the last, else the
 * separator. */
static void format_pair(const struct node *pair, struct room room, const struct style *style,
                        int64_t follow, struct fm_text *out)
{
    const struct node *left = pair->children, *right = left->next;
    int64_t divider = (int64_t)strlen(style->divider);
    if (left->length + divider + 1 + right->length <= room.width - follow) {
        add_node(left, out);
        fm_text_puts(out, style->divider);
        fm_text_putc(out, ' ');
        add_node(right, out);
        return;
    }
    if (left->length + divider <= room.width) {
        add_node(left, out);
    } else {
        format(left, (struct room){room.width, room.trailer + divider, room.pad}, out);
    }
    fm_text_puts(out, style->divider);
    new_line(room.pad + PAIR_PAD, out);
    format(right, (struct room){room.width - PAIR_PAD, follow, room.pad + PAIR_PAD}, out);
}

static void format(const struct node *node, struct room room, struct fm_text *out)
{
    if (node->length <= room.width - room.trailer || node->kind == NODE_CONSTANT) {
        add_node(node, out);
        return;
    }
    const struct style *style = &styles[node->kind];
    int64_t open = (int64_t)strlen(style->open);
    struct room inner = {room.width - (open > style->pad ? open : style->pad),
                         room.trailer + (int64_t)strlen(style->close), room.pad + style->pad};
    fm_text_puts(out, style->open);
    for (const struct node *child = node->children; child != NULL; child = child->next) {
        int64_t follow = child->next != NULL ? (int64_t)strlen(style->separator) : inner.trailer;
        if (child->kind == NODE_PAIR) {
            format_pair(child, inner, style, follow, out);
        } else {
            format(child, (struct room){inner.width, follow, inner.pad}, out);
        }
        if (child->next != NULL) {
            fm_text_puts(out, style->separator);
            new_line(inner.pad, out);
        }
    }
    fm_text_puts(out, style->close);
}

void fm_value_print_wide(struct fm_value_context *context, fm_value v, uint32_t indent,
                         uint32_t width, struct fm_text *out)
{
    size_t start = out->length;
    fm_value_print(context, v, out);
    if (out->length - start <= width) {
        return;
    }
    struct fm_arena_mark mark = fm_arena_mark(context->arena);
    struct parser parser = {context,
                            fm_arena_strndup(context->arena, out->at + start, out->length - start)};
    const struct node *node = parse(&parser);
    if (node != NULL && *parser.at == '\0') {
        out->length = start;
        out->at[start] = '\0';
        format(node, (struct room){width, 0, indent}, out);
    }
    fm_arena_release(context->arena, mark);
}
