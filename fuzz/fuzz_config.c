/* libFuzzer entry of the configuration reader: any bytes are read without crash, leak or hang, and
 * what was not understood is reported.
 *
 * The one property checked beyond the sanitizers: a refusal comes with at least one diagnostic, and
 * an acceptance with none. The value context's door for errors is a longjmp, as in the evaluator.
 */
#include "base/assert.h"
#include "semantics/config.h"

#include <setjmp.h>

struct door {
    jmp_buf back;
};

static void raise_error(struct fm_value_context *context, struct fm_value_error error)
{
    (void)error;
    struct door *door = context->owner;
    longjmp(door->back, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fm_sources *sources = fm_sources_new();
    struct fm_diags *diags = fm_diags_new(sources);
    struct fm_symbols *symbols = fm_symbols_new();
    struct fm_arena arena;
    fm_arena_init(&arena, "configuration");
    struct door door;
    struct fm_value_context context = {
        .arena = &arena,
        .symbols = symbols,
        .owner = &door,
        .raise = raise_error,
        .set_size_max = 1000000,
    };
    uint32_t source = fm_source_add(sources, "fuzz.cfg", (const char *)data, size);
    struct fm_config config;
    if (setjmp(door.back) == 0) {
        bool read = fm_config_parse(source, diags, &context, &arena, &config);
        fm_assert(read == (fm_diags_errors(diags) == 0));
    }
    fm_arena_deinit(&arena);
    fm_symbols_free(symbols);
    fm_diags_free(diags);
    fm_sources_free(sources);
    return 0;
}
