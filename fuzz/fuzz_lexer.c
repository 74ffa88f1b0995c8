/* Fuzzes the lexer alone: any bytes, read as the inside of a module and as a whole file. The tokens
 * must tile the input in order. */
#include "base/assert.h"
#include "syntax/lexer.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_tokens(const struct fm_parse *parse, uint32_t source, size_t size, bool bare)
{
    struct fm_tokens tokens;
    fm_tokens_read(&tokens, parse, source, bare);
    uint32_t end = 0;
    for (uint32_t i = 0; i + 1 < tokens.list.count; i++) {
        const struct fm_token *token = &tokens.list.at[i];
        fm_assert(token->begin >= end && token->end >= token->begin && token->end <= size);
        fm_assert(token->column > 0);
        fm_assert(fm_token_kind_name((enum fm_token_kind)token->kind) != NULL);
        end = token->end;
    }
    fm_assert(tokens.list.at[tokens.list.count - 1].kind == FM_TOKEN_END);
    fm_tokens_deinit(&tokens);
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
    uint32_t source = fm_source_add(sources, "fuzz.tla", (const char *)data, size);
    read_tokens(&parse, source, size, true);
    read_tokens(&parse, source, size, false);
    fm_arena_deinit(&arena);
    fm_symbols_free(symbols);
    fm_diags_free(diags);
    fm_sources_free(sources);
    return 0;
}
