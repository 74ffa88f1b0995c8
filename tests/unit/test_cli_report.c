/* Reports of results made by hand: sentences, marks, labels, exit statuses, JSON that a reader
 * takes. */
#include "cli/command.h"
#include "cli/message.h"
#include "cli/report.h"
#include "cli/trace_file.h"

#include "semantics/load.h"

#include "cmocka_all.h"

#include <jansson.h>
#include <string.h>

/* A specification of which only places matter. */
static const char source_text[] = "---- MODULE Jug ----\n"
                                  "VARIABLES big, small\n"
                                  "Fill == big' = 5 /\\ small' = small\n"
                                  "Inv == big # 5\n"
                                  "====\n";

struct fixture {
    struct fm_sources *sources;
    struct fm_diags *diags;
    struct fm_symbols *symbols;
    struct fm_program program;
    struct fm_options options;
    struct fm_action action;
    struct fm_action_count action_count;
    struct fm_trace_state states[2];
    fm_value exact[2]; /* nothing is known but the texts */
    struct fm_load_report loaded;
    struct fm_trace trace;
    struct fm_explanation explanation;
    struct fm_problem problem;
    const struct fm_problem *problems[1];
    struct fm_check_result result;
    struct fm_report report;
    struct fm_text out;
};

static struct fm_span span_of(const char *part)
{
    const char *at = strstr(source_text, part);
    assert_non_null(at);
    uint32_t begin = (uint32_t)(at - source_text);
    return (struct fm_span){1, begin, begin + (uint32_t)strlen(part)};
}

static const char *const names[] = {"big", "small"};
static const char *const first_values[] = {"0", "0"};
static const char *const second_values[] = {"5", "0"};
static const bool unchanged[] = {false, false};
static const bool changed[] = {true, false};
static const struct fm_explained_term terms[] = {{"big", "5"}};

static int set_up(void **state)
{
    struct fixture *f = fm_memory_calloc(1, sizeof *f);
    f->sources = fm_sources_new();
    f->diags = fm_diags_new(f->sources);
    f->symbols = fm_symbols_new();
    assert_int_equal(fm_source_add(f->sources, "Jug.tla", source_text, strlen(source_text)), 1);
    struct fm_variable *made = fm_memory_calloc(2, sizeof *made);
    made[0].name = fm_symbol_of(f->symbols, "big");
    made[1].name = fm_symbol_of(f->symbols, "small");
    f->program.variables = made;
    f->program.variable_count = 2;
    f->program.symbols = f->symbols;
    f->options.path = "Jug.tla";
    f->options.workers = 1;
    f->action.name = fm_symbol_of(f->symbols, "Fill");
    f->action.module = fm_symbol_of(f->symbols, "Jug");
    f->action.span = span_of("big' = 5 /\\ small' = small");
    f->exact[0] = f->exact[1] = fm_none();
    f->states[0] = (struct fm_trace_state){.label = "<Initial predicate>",
                                           .variable_count = 2,
                                           .names = names,
                                           .values = first_values,
                                           .json = first_values,
                                           .changed = unchanged,
                                           .exact = f->exact};
    f->states[1] = (struct fm_trace_state){
        .label = "<Fill line 3, col 9 to line 3, col 34 of module Jug>",
        .action = &f->action,
        .variable_count = 2,
        .names = names,
        .values = second_values,
        .json = second_values,
        .changed = changed,
        .exact = f->exact};
    f->trace = (struct fm_trace){.states = f->states, .count = 2, .executed = true};
    f->explanation = (struct fm_explanation){
        .text = "big # 5", .span = span_of("big # 5"), .terms = terms, .term_count = 1};
    f->problem = (struct fm_problem){.kind = FM_PROBLEM_INVARIANT,
                                     .name = "Inv",
                                     .span = span_of("big # 5"),
                                     .explanation = &f->explanation,
                                     .trace = &f->trace};
    f->problems[0] = &f->problem;
    f->result = (struct fm_check_result){
        .end = FM_CHECK_PROBLEM,
        .problems = f->problems,
        .problem_count = 1,
        .counts = {.generated = 7, .distinct = 5, .queue = 3, .depth = 2, .expanded = 2},
        .action_table = &f->action,
        .actions = &f->action_count,
        .action_count = 1,
        .has_behaviour = true,
        .ordered = true,
        .workers = 1};
    f->report = (struct fm_report){.loaded = &f->loaded,
                                   .options = &f->options,
                                   .program = &f->program,
                                   .diags = f->diags,
                                   .result = &f->result};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    fm_text_deinit(&f->out);
    union {
        const struct fm_variable *kept;
        struct fm_variable *made;
    } pointer = {f->program.variables};
    fm_memory_free(pointer.made);
    fm_diags_free(f->diags);
    fm_sources_free(f->sources);
    fm_symbols_free(f->symbols);
    fm_memory_free(f);
    return 0;
}

static void without_problem(struct fixture *f, enum fm_check_end end)
{
    f->result.problem_count = 0;
    f->result.end = end;
}

static bool has(const struct fixture *f, const char *part)
{
    return strstr(fm_text_string(&f->out), part) != NULL;
}

static json_t *read_json(const struct fixture *f)
{
    json_error_t error;
    json_t *json = json_loads(fm_text_string(&f->out), 0, &error);
    if (json == NULL) {
        fail_msg("%s at byte %d of %s", error.text, error.position, fm_text_string(&f->out));
    }
    return json;
}

static void test_messages(void **state)
{
    struct fixture *f = *state;
    fm_say(&f->out, FM_MESSAGE_STATS, "12", "7", "0");
    assert_string_equal(fm_text_string(&f->out),
                        "12 states generated, 7 distinct states found, 0 states left on queue.\n");
    assert_int_equal(fm_message_number(FM_MESSAGE_STATS), 2199);
}

static void test_violation(void **state)
{
    struct fixture *f = *state;
    fm_report_problem(&f->report, &f->problem, &f->out);
    assert_string_equal(fm_text_string(&f->out),
                        "Error: Invariant Inv is violated.\n"
                        "Error: The behavior up to this point is:\n"
                        "State 1: <Initial predicate>\n"
                        "/\\ big = 0\n"
                        "/\\ small = 0\n"
                        "\n"
                        "State 2: <Fill line 3, col 9 to line 3, col 34 of module Jug>\n"
                        "/\\ big = 5  \\* was 0\n"
                        "/\\ small = 0\n"
                        "\n"
                        "This part is false, at Jug.tla:4:8:\n"
                        "    big # 5\n"
                        "where\n"
                        "    big = 5\n"
                        "\n");
    assert_int_equal(fm_report_exit_status(&f->report), 12);
}

static void test_terse_is_bare(void **state)
{
    struct fixture *f = *state;
    f->options.terse = true;
    f->options.difftrace = true;
    fm_report_problem(&f->report, &f->problem, &f->out);
    assert_string_equal(fm_text_string(&f->out),
                        "Error: Invariant Inv is violated.\n"
                        "Error: The behavior up to this point is:\n"
                        "State 1: <Initial predicate>\n"
                        "/\\ big = 0\n"
                        "/\\ small = 0\n"
                        "\n"
                        "State 2: <Fill line 3, col 9 to line 3, col 34 of module Jug>\n"
                        "/\\ big = 5\n"
                        "\n");
}

static void test_initial_violation(void **state)
{
    struct fixture *f = *state;
    f->problem.kind = FM_PROBLEM_INITIAL_INVARIANT;
    f->problem.explanation = NULL;
    f->trace.count = 1;
    fm_report_problem(&f->report, &f->problem, &f->out);
    assert_string_equal(fm_text_string(&f->out),
                        "Error: Invariant Inv is violated by the initial state:\n"
                        "/\\ big = 0\n"
                        "/\\ small = 0\n"
                        "\n");
}

static void test_failure_shows_operators(void **state)
{
    struct fixture *f = *state;
    /* Fill twenty-five times, then other places. */
    struct fm_frame_place stack[60];
    for (uint32_t i = 0; i < 60; i++) {
        struct fm_span other = {1, i, i + 1};
        stack[i] = (struct fm_frame_place){f->action.name, i < 25 ? f->action.span : other};
    }
    const struct fm_failure_report failure = {.code = FM_CODE_4001,
                                              .message = "1 is no \"a\"",
                                              .span = span_of("small' = small"),
                                              .stack = stack,
                                              .stack_count = 60};
    f->problem = (struct fm_problem){
        .kind = FM_PROBLEM_NEXT_FAILED, .name = "", .failure = &failure};
    fm_report_problem(&f->report, &f->problem, &f->out);
    assert_true(has(f, "Error: Evaluating the next-state relation failed.\n"
                       "Jug.tla:3:21: error[FM4001]: 1 is no \"a\"\n"
                       "    3 | Fill == big' = 5 /\\ small' = small\n"));
    assert_true(has(f, "  in `Fill`, at Jug.tla:3:9\n  ... and 24 more times the same ...\n"));
    assert_true(has(f, "  ... 18 more operators ...\n"));
    assert_int_equal(fm_report_exit_status(&f->report), 75);
}

static void test_deadlock_says_why(void **state)
{
    struct fixture *f = *state;
    const struct fm_disabled disabled = {
        .label = f->states[1].label, .action = &f->action, .explanation = &f->explanation};
    f->problem.kind = FM_PROBLEM_DEADLOCK;
    f->problem.explanation = NULL;
    f->problem.disabled = &disabled;
    f->problem.disabled_count = 1;
    fm_report_problem(&f->report, &f->problem, &f->out);
    assert_true(has(f, "Error: Deadlock reached.\n"));
    assert_true(has(f, "  Fill, at Jug.tla:4:8:\n      big # 5\n        big = 5\n"));
    fm_text_clear(&f->out);
    fm_report_json(&f->report, &f->out);
    json_t *json = read_json(f);
    const json_t *problem = json_array_get(json_object_get(json, "problems"), 0);
    const json_t *why = json_array_get(json_object_get(problem, "disabled"), 0);
    assert_string_equal(json_string_value(json_object_get(why, "text")), "big # 5");
    json_decref(json);
}

static void test_counts_at_stop(void **state)
{
    struct fixture *f = *state;
    fm_report_summary(&f->report, &f->out);
    assert_true(has(f, "7 states generated, 5 distinct states found, 3 states left on queue. "
                       "(at stop)\n"));
    assert_true(has(f, "The depth of the complete state graph search is 2. (at stop)\n"));
    assert_false(has(f, "No error has been found"));
}

static void test_success(void **state)
{
    struct fixture *f = *state;
    without_problem(f, FM_CHECK_COMPLETE);
    f->result.counts.queue = 0;
    fm_report_summary(&f->report, &f->out);
    assert_true(has(f, "Model checking completed. No error has been found.\n"));
    assert_true(has(f, "  calculated (optimistic):  val = "));
    assert_true(has(f, "7 states generated, 5 distinct states found, 0 states left on queue.\n"));
    assert_true(has(f, "The average outdegree of the complete state graph is "));
    assert_int_equal(fm_report_exit_status(&f->report), FM_STATUS_OK);
}

static void test_temporal_is_said(void **state)
{
    struct fixture *f = *state;
    struct fm_formula temporal = {.name = fm_symbol_of(f->symbols, "Live")};
    f->program.temporals = &temporal;
    f->program.temporal_count = 1;
    without_problem(f, FM_CHECK_COMPLETE);
    fm_report_summary(&f->report, &f->out);
    assert_false(has(f, "Model checking completed. No error has been found."));
    assert_true(has(f, "The temporal part was NOT checked: Live."));
    assert_int_equal(fm_report_exit_status(&f->report), FM_STATUS_TEMPORAL);
}

static void test_statuses(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum fm_problem_kind kind;
        int status;
    } rows[] = {
        {FM_PROBLEM_ASSUMPTION, 10},          {FM_PROBLEM_DEADLOCK, 11},
        {FM_PROBLEM_INVARIANT, 12},           {FM_PROBLEM_ACTION_PROPERTY, 13},
        {FM_PROBLEM_NEXT_ASSERT, 14},         {FM_PROBLEM_INITIAL_FAILED, 75},
        {FM_PROBLEM_INITIAL_INCOMPLETE, 255}, {FM_PROBLEM_NEXT_FAILED, 75},
        {FM_PROBLEM_INVARIANT_FAILED, 76},    {FM_PROBLEM_POSTCONDITION, 10},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        f->problem.kind = rows[i].kind;
        assert_int_equal(fm_report_exit_status(&f->report), rows[i].status);
    }
    without_problem(f, FM_CHECK_INTERRUPTED);
    assert_int_equal(fm_report_exit_status(&f->report), FM_STATUS_INTERRUPTED);
    without_problem(f, FM_CHECK_MEMORY);
    assert_int_equal(fm_report_exit_status(&f->report), FM_STATUS_ERROR);
    without_problem(f, FM_CHECK_DEPTH);
    assert_int_equal(fm_report_exit_status(&f->report), FM_STATUS_OK);
    without_problem(f, FM_CHECK_EXIT);
    assert_int_equal(fm_report_exit_status(&f->report), FM_STATUS_OK);
}

static void test_json(void **state)
{
    struct fixture *f = *state;
    f->report.exit_status = 12;
    f->options.seed = -3;
    fm_report_json(&f->report, &f->out);
    json_t *json = read_json(f);
    assert_string_equal(json_string_value(json_object_get(json, "verdict")), "violated");
    assert_int_equal(json_integer_value(json_object_get(json, "exit_status")), 12);
    assert_int_equal(json_integer_value(json_object_get(json, "seed")), -3);
    assert_int_equal(json_integer_value(json_object_get(json, "generated")), 7);
    assert_int_equal(json_integer_value(json_object_get(json, "distinct")), 5);
    const json_t *problem = json_array_get(json_object_get(json, "problems"), 0);
    assert_string_equal(json_string_value(json_object_get(problem, "kind")), "invariant");
    assert_int_equal(json_integer_value(json_object_get(problem, "tlc_code")), 2110);
    const json_t *trace = json_object_get(problem, "trace");
    const json_t *states = json_object_get(trace, "states");
    assert_int_equal(json_array_size(states), 2);
    const json_t *second = json_array_get(states, 1);
    const json_t *values = json_object_get(second, "values");
    assert_int_equal(json_integer_value(json_object_get(values, "big")), 5);
    assert_string_equal(json_string_value(json_array_get(json_object_get(second, "changed"), 0)),
                        "big");
    const json_t *part = json_object_get(problem, "explanation");
    assert_string_equal(json_string_value(json_object_get(part, "text")), "big # 5");
    json_decref(json);
}

static void test_json_of_what_could_not_be_read(void **state)
{
    struct fixture *f = *state;
    f->report.result = NULL;
    f->report.program = NULL;
    f->report.exit_status = FM_STATUS_PARSE;
    (void)fm_diag_report(f->diags, FM_CODE_4001, span_of("Fill"), "a \"quoted\" message");
    fm_report_json(&f->report, &f->out);
    json_t *json = read_json(f);
    const json_t *diag = json_array_get(json_object_get(json, "diagnostics"), 0);
    assert_string_equal(json_string_value(json_object_get(diag, "message")),
                        "a \"quoted\" message");
    json_decref(json);
}

static void test_trace_is_tlcs(void **state)
{
    struct fixture *f = *state;
    assert_null(fm_trace_add(&f->report, &f->trace, FM_TRACE_JSON, "t.json", &f->out));
    assert_string_equal(
        fm_text_string(&f->out),
        "{\"counterexample\":{\"action\":[[[1,{\"big\":0,\"small\":0}],{\"name\":\"Fill\","
        "\"location\":{\"beginLine\":3,\"beginColumn\":9,\"endLine\":3,\"endColumn\":34,"
        "\"module\":\"Jug\"}},[2,{\"big\":5,\"small\":0}]]],\"state\":[[1,{\"big\":0,\"small\":0}],"
        "[2,{\"big\":5,\"small\":0}]]},\"vars\":[\"big\",\"small\"]}");
}

static void test_trace_as_a_module(void **state)
{
    struct fixture *f = *state;
    assert_null(fm_trace_add(&f->report, &f->trace, FM_TRACE_TLA, "out/Found.tla", &f->out));
    assert_string_equal(
        fm_text_string(&f->out),
        "---- MODULE Found ----\nLOCAL INSTANCE TLC\n\nCounterExample == \n"
        "\t[action |-> {<<<<1, [big |-> 0, small |-> 0]>>, [name |-> \"Fill\", location |-> "
        "[beginLine |-> 3, beginColumn |-> 9, endLine |-> 3, endColumn |-> 34, module |-> "
        "\"Jug\"]], <<2, [big |-> 5, small |-> 0]>>>>}, "
        "state |-> {<<1, [big |-> 0, small |-> 0]>>, <<2, [big |-> 5, small |-> 0]>>}]\n"
        "\n====");
}

static void test_colors_do_not_reach_the_next_line(void **state)
{
    struct fixture *f = *state;
    f->report.colored = true;
    fm_report_problem(&f->report, &f->problem, &f->out);
    assert_true(has(f, "\033[1;31mError: Invariant Inv is violated.\033[0m\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_messages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_violation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_terse_is_bare, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_initial_violation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_failure_shows_operators, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_deadlock_says_why, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_counts_at_stop, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_success, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_temporal_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_statuses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_json_of_what_could_not_be_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_trace_is_tlcs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_trace_as_a_module, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_colors_do_not_reach_the_next_line, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
