/* Unit tests of src/diag: places, rendering, repetition, nearest names. */
#include "diag/diag.h"

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct fm_sources *sources;
    struct fm_diags *diags;
    uint32_t source;
};

static const char text[] = "first\n\t/\\ votes \\in Quorom\nlast \xE2\x88\x88 x";

static int setup(void **state)
{
    struct fixture *fixture = fm_memory_calloc(1, sizeof *fixture);
    fixture->sources = fm_sources_new();
    fixture->diags = fm_diags_new(fixture->sources);
    fixture->source = fm_source_add(fixture->sources, "spec.tla", text, sizeof text - 1);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    fm_diags_free(fixture->diags);
    fm_sources_free(fixture->sources);
    fm_memory_free(fixture);
    return 0;
}

static struct fm_span span_of(const struct fixture *fixture, const char *word)
{
    uint32_t begin = (uint32_t)(strstr(text, word) - text);
    return (struct fm_span){fixture->source, begin, begin + (uint32_t)strlen(word)};
}

static void places_count_tabs_and_code_points(void **state)
{
    struct fixture *fixture = *state;
    struct fm_place place = fm_source_place(fixture->sources, span_of(fixture, "Quorom"));
    assert_int_equal(place.line, 2);
    assert_int_equal(place.column, 22);
    assert_int_equal(place.end_column, 27);
    place = fm_source_place(fixture->sources, span_of(fixture, "x"));
    assert_int_equal(place.line, 3);
    assert_int_equal(place.column, 8);
    assert_null(fm_source_place(fixture->sources, fm_span_none()).path);
}

static void rendering_shows_line_carets_and_hint(void **state)
{
    struct fixture *fixture = *state;
    struct fm_diag *diag = fm_diag_report(fixture->diags, FM_CODE_3002, span_of(fixture, "Quorom"),
                                          "unknown `%s`", "Quorom");
    fm_diag_hint_at(fixture->diags, diag, span_of(fixture, "first"), "did you mean `Quorum`?");
    struct fm_text out = {0};
    fm_diag_render(fixture->diags, diag, &out);
    assert_string_equal(out.at, "spec.tla:2:22: error[FM3002]: unknown `Quorom`\n"
                                "    2 |         /\\ votes \\in Quorom\n"
                                "      |                      ^^^^^^\n"
                                "  hint: did you mean `Quorum`? (spec.tla:1:1)\n");
    fm_text_clear(&out);
    fm_diag_render_json(fixture->diags, diag, &out);
    assert_non_null(strstr(out.at, "\"code\":\"FM3002\""));
    assert_non_null(strstr(out.at, "\"line\":2,\"column\":22,\"end_line\":2,\"end_column\":27"));
    fm_text_deinit(&out);
}

static void repetitions_are_dropped_and_floods_end(void **state)
{
    struct fixture *fixture = *state;
    struct fm_span span = span_of(fixture, "first");
    fm_diag_report(fixture->diags, FM_CODE_3002, span, "once");
    fm_diag_report(fixture->diags, FM_CODE_3002, span, "twice");
    assert_int_equal(fm_diags_count(fixture->diags), 1);
    for (uint32_t i = 0; i < 2 * FM_DIAG_ERRORS_MAX; i++) {
        fm_diag_report(fixture->diags, FM_CODE_3002, fm_span_none(), "no place %u", i);
    }
    assert_int_equal(fm_diags_count(fixture->diags), FM_DIAG_ERRORS_MAX);
    assert_int_equal(fm_diags_errors(fixture->diags), 2 * FM_DIAG_ERRORS_MAX + 1);
}

static void nearest_names(void **state)
{
    (void)state;
    static const char *const names[] = {"Quorum", "Quota", "Next", "TypeOK"};
    assert_string_equal(fm_diag_nearest("Quorom", names, 4), "Quorum");
    assert_string_equal(fm_diag_nearest("Netx", names, 4), "Next");
    assert_string_equal(fm_diag_nearest("TypeOk", names, 4), "TypeOK");
    assert_null(fm_diag_nearest("Unrelated", names, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(places_count_tabs_and_code_points, setup, teardown),
        cmocka_unit_test_setup_teardown(rendering_shows_line_carets_and_hint, setup, teardown),
        cmocka_unit_test_setup_teardown(repetitions_are_dropped_and_floods_end, setup, teardown),
        cmocka_unit_test_setup_teardown(nearest_names, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
