/* Tokens: columns, longest match, text around modules, and input that is no text. */
#include "syntax/lexer.h"

#include "syntax_fixture.h"

/* "kind@column" of each token. */
static const char *tokens_of(struct syntax_fixture *fixture, const char *text, size_t length,
                             bool bare)
{
    uint32_t source = fm_source_add(fixture->sources, "t", text, length);
    struct fm_tokens tokens;
    fm_tokens_read(&tokens, &fixture->parse, source, bare);
    fm_text_clear(&fixture->text);
    for (uint32_t i = 0; i + 1 < tokens.list.count; i++) {
        const struct fm_token *token = &tokens.list.at[i];
        fm_text_printf(&fixture->text, "%.*s@%u ", (int)(token->end - token->begin),
                       text + token->begin, token->column);
    }
    for (uint32_t i = 0; i < tokens.errors.count; i++) {
        fm_text_printf(&fixture->text, "FM%d ", (int)tokens.errors.at[i].code);
    }
    fm_tokens_deinit(&tokens);
    return fm_text_string(&fixture->text);
}

static void check_tokens(const char *text, bool bare, const char *expected)
{
    struct syntax_fixture fixture;
    fixture_open(&fixture);
    assert_string_equal(tokens_of(&fixture, text, strlen(text), bare), expected);
    fixture_close(&fixture);
}

static void test_longest_match(void **state)
{
    (void)state;
    check_tokens("a-.b", true, "a@1 -.@2 b@4 ");
    check_tokens("\\Ex\\EEy\\inS", true, "\\E@1 x@3 \\EE@4 y@7 \\in@8 S@11 ");
    check_tokens("[A]_vars>>_x", true, "[@1 A@2 ]_@3 vars@5 >>_@9 x@12 ");
    check_tokens("WF_x SF_y _z __ 1a 1_ _1", true,
                 "WF_@1 x@4 SF_@6 y@9 _z@11 _@14 _@15 1a@17 1@20 _@21 _@23 1@24 ");
    check_tokens("\\o7 \\o \\odot \\b2", true, "\\o7@1 \\o@5 \\odot@8 \\@14 b2@15 ");
    check_tokens("(+)(-)(\\X)(a)", true, "(+)@1 (-)@4 (\\X)@7 (@11 a@12 )@13 ");
    check_tokens("<1>2. <*>a <+> <12>", true, "<1>2.@1 <*>a@7 <+>@12 <12>@16 ");
    check_tokens("1..2 1.5 ===", true, "1@1 ..@2 2@4 1@6 .@7 5@8 ==@10 =@12 ");
    check_tokens("[]ASSUME []a --- -+-> ::= !!", true,
                 "[]ASSUME@1 []@10 a@12 --@14 -@16 -+->@18 ::=@23 !!@27 ");
}

static void test_columns(void **state)
{
    (void)state;
    check_tokens("\ta\n  \tb\r\nc\rd", true, "a@9 b@9 c@1 d@1 ");
    check_tokens("\xe2\x88\xa7 a (* \xe2\x88\x80 *) b", true, "\xe2\x88\xa7@1 a@3 b@13 ");
}

static void test_text_around(void **state)
{
    (void)state;
    check_tokens("x ---- MODULE A ----\ny\n====\nz", false,
                 "---- MODULE@3 A@15 ----@17 y@1 ====@1 ");
    check_tokens("x ---- MODULE A\n---- MODULE B ----\n====", false,
                 "---- MODULE@1 B@13 ----@15 ====@1 ");
    check_tokens("  ---- MODULE A\n", false, "---- MODULE@3 A@15 ");
    check_tokens("---- MODULE A ----\n====\n\\*---- MODULE B ----\n====", false,
                 "---- MODULE@1 A@13 ----@15 ====@1 ");
    check_tokens("---- MODULE A ----\n---- MODULE B ----\n====\nx\n====", false,
                 "---- MODULE@1 A@13 ----@15 ---- MODULE@1 B@13 ----@15 ====@1 x@1 ====@1 ");
}

static void test_junk(void **state)
{
    (void)state;
    check_tokens("a ; b", true, "a@1 ;@3 b@5 FM1001 ");
    check_tokens("\xff \x01", true, "\xff@1 \x01@3 FM1005 FM1005 ");
    check_tokens("(* \xff *) a", true, "a@9 ");
    check_tokens("\"\xff\"", true, "\"\xff\"@1 FM1005 ");
    check_tokens("\"a\n\"\\", true, "\"a@1 \"\\@1 FM1003 FM1003 ");
    struct syntax_fixture fixture;
    fixture_open(&fixture);
    assert_string_equal(tokens_of(&fixture, "---- MODULE A ----\0", 19, false), "FM1005 ");
    fixture_close(&fixture);
}

/* Much junk is given up early, and everything is linear: 1 MB takes no time. */
static void test_huge(void **state)
{
    (void)state;
    size_t size = (size_t)1 << 20;
    char *text = fm_memory_alloc(size);
    static const char parts[] = "?(<{\"-a\\";
    for (size_t part = 0; part < sizeof parts - 1; part++) {
        memset(text, parts[part], size);
        memcpy(text, "---- MODULE A ----\n", 19);
        struct syntax_fixture fixture;
        fixture_open(&fixture);
        struct fm_parsed parsed = fixture_module(&fixture, text, size);
        assert_true(parsed.failed);
        assert_true(fm_diags_errors(fixture.diags) > 0);
        assert_true(fm_diags_errors(fixture.diags) <= FM_LEXER_ERRORS_MAX + 2);
        fixture_close(&fixture);
    }
    fm_memory_free(text);
}

static void test_long_number(void **state)
{
    (void)state;
    struct fm_text text = {0};
    fm_text_puts(&text, "\\h");
    fm_text_fill(&text, 'f', 20000);
    struct syntax_fixture fixture;
    fixture_open(&fixture);
    assert_string_equal(fixture_expression(&fixture, fm_text_string(&text)), "FM1006 1:1");
    fixture_close(&fixture);
    fm_text_deinit(&text);
}

/* Every spelling is read back as its operator, and precedences are ranges of 1 to 15. */
static void test_operator_table(void **state)
{
    (void)state;
    uint32_t count;
    const struct fm_operator_spelling *spellings = fm_operator_spellings(&count);
    assert_true(count > FM_OPERATOR_COUNT - 1);
    for (uint32_t i = 0; i < count; i++) {
        const char *text = spellings[i].text;
        assert_int_equal(fm_operator_find(text, strlen(text)), spellings[i].op);
        struct syntax_fixture fixture;
        fixture_open(&fixture);
        uint32_t source = fm_source_add(fixture.sources, "t", text, strlen(text));
        struct fm_tokens tokens;
        fm_tokens_read(&tokens, &fixture.parse, source, true);
        assert_int_equal(tokens.list.count, 2);
        assert_int_equal(tokens.list.at[0].op, spellings[i].op);
        fm_tokens_deinit(&tokens);
        fixture_close(&fixture);
    }
    for (int op = 1; op < FM_OPERATOR_COUNT; op++) {
        const struct fm_operator_info *info = fm_operator_info((enum fm_operator)op);
        assert_in_range(info->low, 1, info->high);
        assert_in_range(info->high, info->low, 15);
    }
    assert_int_equal(fm_operator_find("nothing", 7), FM_OPERATOR_NONE);
    assert_non_null(fm_operator_hint("&&"));
    assert_null(fm_operator_hint("+"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_longest_match),  cmocka_unit_test(test_columns),
        cmocka_unit_test(test_text_around),    cmocka_unit_test(test_junk),
        cmocka_unit_test(test_huge),           cmocka_unit_test(test_long_number),
        cmocka_unit_test(test_operator_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
