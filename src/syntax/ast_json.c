/* Syntax trees for other programs.
 *
 * A node is an object: `kind` (the name that --ast prints), `name`, `flags`, `number`, where it
 * stands, what the semantics adds, and its `kids` in the order of ast.h. The tree of a large module
 * takes megabytes as text, so what is finished is handed on in parts of PART_SIZE; it is never held
 * whole.
 *
 * Kids that were made (an empty list of parameters) can have no place of their own: then they get
 * the beginning of the node that they stand in, so that every node lies inside its parent. */
#include "syntax/ast_json.h"

#include "syntax/parse.h"

/* Bytes that are collected before they are handed on. */
#define PART_SIZE ((size_t)1 << 16)

static void hand_on(const struct fm_ast_json *json, struct fm_text *out)
{
    json->write(json->closure, fm_text_string(out), out->length);
    fm_text_clear(out);
}

void fm_ast_json_place(const struct fm_sources *sources, struct fm_span span, struct fm_text *out)
{
    struct fm_place place = fm_source_place(sources, span);
    fm_text_printf(out, "[%u,%u,%u,%u]", place.line, place.column, place.end_line,
                   place.end_column);
}

static void add_name(const struct fm_ast_json *json, const struct fm_ast *ast, struct fm_text *out)
{
    if (ast->name == NULL) {
        return;
    }
    fm_text_puts(out, ",\"name\":");
    fm_text_json_string(out, ast->name->text, ast->name->length);
    if (ast->name_span.source != 0) {
        fm_text_puts(out, ",\"name_location\":");
        fm_ast_json_place(json->sources, ast->name_span, out);
    }
}

static void add_flags(const struct fm_ast *ast, struct fm_text *out)
{
    for (uint32_t i = 0; fm_ast_flag_name(ast->flags, i) != NULL; i++) {
        fm_text_printf(out, "%s\"%s\"", i == 0 ? ",\"flags\":[" : ",",
                       fm_ast_flag_name(ast->flags, i));
    }
    if (fm_ast_flag_name(ast->flags, 0) != NULL) {
        fm_text_putc(out, ']');
    }
}

/* A theorem's own place ends before its proof: here it holds everything below it. */
static struct fm_span place_of(const struct fm_ast *ast, struct fm_span parent)
{
    struct fm_span span = ast->span;
    if (span.source == 0 || span.begin >= span.end) {
        return (struct fm_span){parent.source, parent.begin, parent.begin + 1};
    }
    if (ast->kind == FM_AST_THEOREM || ast->kind == FM_AST_STEP) {
        const struct fm_ast *last = ast->count == 0 ? ast : ast->kids[ast->count - 1];
        span.end = last->span.end > span.end ? last->span.end : span.end;
    }
    return span;
}

static void add_node(const struct fm_ast_json *json, const struct fm_ast *ast,
                     struct fm_span parent, struct fm_text *out)
{
    struct fm_span span = place_of(ast, parent);
    fm_text_printf(out, "{\"kind\":\"%s\"", fm_ast_kind_name(ast->kind));
    add_name(json, ast, out);
    add_flags(ast, out);
    if (ast->number != 0) {
        fm_text_printf(out, ",\"number\":%u", ast->number);
    }
    fm_text_puts(out, ",\"location\":");
    fm_ast_json_place(json->sources, span, out);
    if (json->describe != NULL) {
        json->describe(json->closure, ast, out);
    }
    for (uint32_t i = 0; i < ast->count; i++) {
        fm_text_puts(out, i == 0 ? ",\"kids\":[" : ",");
        add_node(json, ast->kids[i], span, out);
    }
    fm_text_puts(out, ast->count > 0 ? "]}" : "}");
    if (out->length >= PART_SIZE) {
        hand_on(json, out);
    }
}

void fm_ast_json_write(const struct fm_ast_json *json, const struct fm_ast *module)
{
    struct fm_text out = {NULL, 0, 0};
    add_node(json, module, module->span, &out);
    hand_on(json, &out);
    fm_text_deinit(&out);
}
