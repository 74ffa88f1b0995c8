/* Fuzzes the parser: any bytes as a file and as one expression, with the trees printed and the
 * diagnostics rendered. A tree must lie inside the source and below the bound of heights; a failure
 * must have said why, and a success nothing. */
#include "base/assert.h"
#include "syntax/parser.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_tree(const struct fm_ast *ast, size_t size)
{
    fm_assert(ast->span.begin <= ast->span.end && ast->span.end <= size);
    fm_assert(ast->height <= FM_PARSER_HEIGHT_MAX);
    for (uint32_t i = 0; i < ast->count; i++) {
        fm_assert(ast->kids[i]->height < ast->height);
        check_tree(ast->kids[i], size);
    }
}

static void render(const struct fm_diags *diags)
{
    struct fm_text text = {0};
    for (uint32_t i = 0; i < fm_diags_count(diags); i++) {
        fm_diag_render(diags, fm_diags_at(diags, i), &text);
        fm_diag_render_json(diags, fm_diags_at(diags, i), &text);
    }
    fm_text_deinit(&text);
}

static void parse_both(const struct fm_parse *parse, uint32_t source, size_t size)
{
    struct fm_text text = {0};
    struct fm_parsed parsed = fm_parse_source(parse, source);
    fm_assert(parsed.failed == (fm_diags_errors(parse->diags) > 0));
    fm_assert(parsed.failed || parsed.module_count > 0);
    for (uint32_t i = 0; i < parsed.module_count; i++) {
        check_tree(parsed.modules[i], size);
        fm_ast_print(parsed.modules[i], &text);
    }
    const struct fm_ast *expression = fm_parse_expression(parse, source);
    if (expression != NULL) {
        check_tree(expression, size);
        fm_ast_print(expression, &text);
    } else {
        fm_assert(fm_diags_errors(parse->diags) > 0);
    }
    fm_text_deinit(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > FM_SOURCE_SIZE_MAX) {
        return -1;
    }
    struct fm_sources *sources = fm_sources_new();
    struct fm_diags *diags = fm_diags_new(sources);
    struct fm_symbols *symbols = fm_symbols_new();
    struct fm_arena arena;
    fm_arena_init(&arena, "fuzz");
    struct fm_parse parse = {.symbols = symbols, .diags = diags, .arena = &arena};
    parse_both(&parse, fm_source_add(sources, "fuzz.tla", (const char *)data, size), size);
    render(diags);
    fm_arena_deinit(&arena);
    fm_symbols_free(symbols);
    fm_diags_free(diags);
    fm_sources_free(sources);
    return 0;
}
