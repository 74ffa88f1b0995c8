/* What every test of the syntax layer sets up: a source map, diagnostics, symbols and an arena. */
#ifndef FM_TESTS_SYNTAX_FIXTURE_H
#define FM_TESTS_SYNTAX_FIXTURE_H

#include "base/text.h"
#include "syntax/parse.h"

#include "cmocka_all.h"

#include <string.h>

struct syntax_fixture {
    struct fm_sources *sources;
    struct fm_diags *diags;
    struct fm_symbols *symbols;
    struct fm_arena arena;
    struct fm_parse parse;
    struct fm_text text; /* of the newest print */
};

static inline void fixture_open(struct syntax_fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    fixture->sources = fm_sources_new();
    fixture->diags = fm_diags_new(fixture->sources);
    fixture->symbols = fm_symbols_new();
    fm_arena_init(&fixture->arena, "test");
    fixture->parse.symbols = fixture->symbols;
    fixture->parse.diags = fixture->diags;
    fixture->parse.arena = &fixture->arena;
}

static inline void fixture_close(struct syntax_fixture *fixture)
{
    fm_text_deinit(&fixture->text);
    fm_arena_deinit(&fixture->arena);
    fm_symbols_free(fixture->symbols);
    fm_diags_free(fixture->diags);
    fm_sources_free(fixture->sources);
}

/* "FM1020 3:5" of each diagnostic, joined by "; ". */
static inline const char *fixture_codes(struct syntax_fixture *fixture)
{
    fm_text_clear(&fixture->text);
    for (uint32_t i = 0; i < fm_diags_count(fixture->diags); i++) {
        const struct fm_diag *diag = fm_diags_at(fixture->diags, i);
        struct fm_place place = fm_source_place(fixture->sources, diag->span);
        fm_text_printf(&fixture->text, "%sFM%d %u:%u", i > 0 ? "; " : "", (int)diag->code,
                       place.line, place.column);
    }
    return fm_text_string(&fixture->text);
}

/* The tree of an expression as text, or its diagnostics. */
static inline const char *fixture_expression(struct syntax_fixture *fixture, const char *text)
{
    uint32_t source = fm_source_add(fixture->sources, "e", text, strlen(text));
    const struct fm_ast *ast = fm_parse_expression(&fixture->parse, source);
    if (ast == NULL) {
        return fixture_codes(fixture);
    }
    fm_text_clear(&fixture->text);
    fm_ast_print(ast, &fixture->text);
    return fm_text_string(&fixture->text);
}

static inline struct fm_parsed fixture_module(struct syntax_fixture *fixture, const char *text,
                                              size_t length)
{
    return fm_parse_source(&fixture->parse, fm_source_add(fixture->sources, "m.tla", text, length));
}

/* The trees of all modules of a text, or its diagnostics. */
static inline const char *fixture_modules(struct syntax_fixture *fixture, const char *text)
{
    struct fm_parsed parsed = fixture_module(fixture, text, strlen(text));
    if (parsed.failed) {
        return fixture_codes(fixture);
    }
    fm_text_clear(&fixture->text);
    for (uint32_t i = 0; i < parsed.module_count; i++) {
        fm_ast_print(parsed.modules[i], &fixture->text);
        fm_text_putc(&fixture->text, '\n');
    }
    return fm_text_string(&fixture->text);
}

#endif
