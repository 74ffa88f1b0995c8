/* Fuzzes the front end of PlusCal: any bytes behind `--algorithm` or `--fair`, through all stages
 * up to the print of the tree and the text of the translation. A stage that gives nothing must have
 * said why, and where. */
#include "base/assert.h"
#include "syntax/pcal_gen.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The text's first algorithm, or an empty span. */
static struct fm_span find_keyword(const struct fm_source *source, uint32_t number)
{
    static const char *const keywords[] = {"--algorithm", "--fair"};
    struct fm_span found = {number, 0, 0};
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        const char *at = memmem(source->text, source->size, keywords[i], strlen(keywords[i]));
        if (at != NULL && (found.end == 0 || at < source->text + found.begin)) {
            found.begin = (uint32_t)(at - source->text);
            found.end = found.begin + (uint32_t)strlen(keywords[i]);
        }
    }
    return found;
}

static void read_algorithm(struct fm_arena *arena, const struct fm_sources *sources,
                           const struct fm_source *source, struct fm_span keyword)
{
    struct fm_pcal_problem problem = {0};
    struct fm_pcal_algorithm *algorithm = fm_pcal_parse(arena, source, keyword, source->size,
                                                        &problem);
    if (algorithm == NULL || !fm_pcal_resolve(arena, algorithm, &problem) ||
        !fm_pcal_lower(arena, algorithm, &problem)) {
        fm_assert(problem.message != NULL);
        fm_assert(problem.span.begin <= problem.span.end && problem.span.end <= source->size);
        return;
    }
    fm_assert(problem.message == NULL);
    struct fm_text text = {0};
    fm_pcal_print(algorithm, &text);
    fm_assert(text.length > 0);
    fm_text_deinit(&text);
    struct fm_pcal_out out;
    if (fm_pcal_generate(arena, sources, algorithm, &out, &problem)) {
        fm_assert(out.lines.count > 0);
    } else {
        fm_assert(problem.message != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > FM_SOURCE_SIZE_MAX) {
        return -1;
    }
    struct fm_sources *sources = fm_sources_new();
    struct fm_arena arena;
    fm_arena_init(&arena, "fuzz");
    uint32_t number = fm_source_add(sources, "fuzz.tla", (const char *)data, size);
    const struct fm_source *source = fm_source_get(sources, number);
    struct fm_span keyword = find_keyword(source, number);
    if (keyword.end > 0) {
        read_algorithm(&arena, sources, source, keyword);
    }
    fm_arena_deinit(&arena);
    fm_sources_free(sources);
    return 0;
}
