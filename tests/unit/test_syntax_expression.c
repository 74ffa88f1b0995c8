/* Expressions: the tree of each, or the code and place of its error.
 *
 * Precedence, junction lists, binders, selectors and labels, one row each. What is an error is an
 * error of SANY's too, at the same line. */
#include "syntax_fixture.h"

static const struct {
    const char *text, *expected;
} rows[] = {
    /* clang-format off */
    {"a + b * c", "(infix \"+\" (id \"a\") (infix \"*\" (id \"b\") (id \"c\")))"},
    {"a - b - c", "(infix \"-\" (infix \"-\" (id \"a\") (id \"b\")) (id \"c\"))"},
    {"-a + b", "(infix \"+\" (prefix \"-.\" (id \"a\")) (id \"b\"))"},
    {"- a .. b", "(infix \"..\" (prefix \"-.\" (id \"a\")) (id \"b\"))"},
    {"a => b => c", "FM1022 1:8"},
    {"a = b = c", "FM1022 1:7"},
    {"a /\\ b \\/ c", "FM1022 1:8"},
    {"~a /\\ b", "(infix \"/\\\\\" (prefix \"~\" (id \"a\")) (id \"b\"))"},
    {"~ ~ a", "(prefix \"~\" (prefix \"~\" (id \"a\")))"},
    {"a \\X b \\X c", "(cross \"\\\\X\" (id \"a\") (id \"b\") (id \"c\"))"},
    {"(a \\X b) \\X c", "(cross \"\\\\X\" (cross \"\\\\X\" (id \"a\") (id \"b\")) (id \"c\"))"},
    {"a \\X (b \\X c)", "(cross \"\\\\X\" (id \"a\") (cross \"\\\\X\" (id \"b\") (id \"c\")))"},
    {"a * -b", "FM1022 1:5"},
    {"a + -b", "(infix \"+\" (id \"a\") (prefix \"-.\" (id \"b\")))"},
    {"a = -b", "(infix \"=\" (id \"a\") (prefix \"-.\" (id \"b\")))"},
    {"2 ^ -3", "FM1022 1:5"},
    {"a \\cup b \\cap c", "FM1022 1:10"},
    {"a \\cup b \\ c", "FM1022 1:10"},
    {"[]<>a", "(prefix \"[]\" (prefix \"<>\" (id \"a\")))"},
    {"ENABLED x'", "FM1022 1:10"},
    {"ENABLED (x')", "(prefix \"ENABLED\" (postfix \"'\" (id \"x\")))"},
    {"x' = y'", "(infix \"=\" (postfix \"'\" (id \"x\")) (postfix \"'\" (id \"y\")))"},
    {"x''", "(postfix \"'\" (postfix \"'\" (id \"x\")))"},
    {"f[x]'[y].z",
     "(dot \"z\" (fcnapp (postfix \"'\" (fcnapp (id \"f\") (id \"x\"))) (id \"y\")))"},
    {"SUBSET a \\cup b", "(infix \"\\\\cup\" (prefix \"SUBSET\" (id \"a\")) (id \"b\"))"},
    {"a \\in SUBSET b", "(infix \"\\\\in\" (id \"a\") (prefix \"SUBSET\" (id \"b\")))"},
    {"UNION {a} \\ b", "(infix \"\\\\\" (prefix \"UNION\" (set (id \"a\"))) (id \"b\"))"},
    {"DOMAIN f[1]", "(prefix \"DOMAIN\" (fcnapp (id \"f\") (number \"1\")))"},
    {"[]a ~> <>b", "(infix \"~>\" (prefix \"[]\" (id \"a\")) (prefix \"<>\" (id \"b\")))"},
    {"UNCHANGED <<x, y>>", "(prefix \"UNCHANGED\" (tuple (id \"x\") (id \"y\")))"},
    {"a \\cdot b \\cdot c",
     "(infix \"\\\\cdot\" (infix \"\\\\cdot\" (id \"a\") (id \"b\")) (id \"c\"))"},
    {"a % b % c", "FM1022 1:7"},
    {"a - -b", "(infix \"-\" (id \"a\") (prefix \"-.\" (id \"b\")))"},
    {"-.a", "FM1020 1:1"},
    {"+(1, 2)", "(infix \"+\" (number \"1\") (number \"2\"))"},
    {"\\X(a, b)", "(cross \"\\\\X\" (id \"a\") (id \"b\"))"},
    {"-.(1)", "(prefix \"-.\" (number \"1\"))"},
    {"^+(r)", "(postfix \"^+\" (id \"r\"))"},
    {"+(1)", "FM1024 1:1"},
    {"r.f.g", "(dot \"g\" (dot \"f\" (id \"r\")))"},
    {"r.IF", "(dot \"IF\" (id \"r\"))"},
    {"1.50", "(decimal \"1.50\")"},
    {"\\b101 + \\o17 + \\hff",
     "(infix \"+\" (infix \"+\" (number \"5\") (number \"15\")) (number \"255\"))"},
    {"\\hffffffffffffffffffff", "(number \"1208925819614629174706175\")"},
    {"007", "(number \"7\")"},
    {"\"a\\\"b\\\\c\\n\"", "(string \"a\\\"b\\\\c\\n\")"},
    {"TRUE", "(true \"TRUE\")"},
    {"@ + BOOLEAN", "(infix \"+\" (at \"@\") (boolean \"BOOLEAN\"))"},
    {"STRING", "(strings \"STRING\")"},
    {"f(a, +, LAMBDA x, y : x, -)",
     "(apply \"f\" (id \"a\") (op \"+\") (lambda (params (decl \"x\") (decl \"y\")) (id \"x\")) "
     "(op \"-\"))"},
    {"Op(\\cup, b)", "(apply \"Op\" (op \"\\\\cup\") (id \"b\"))"},
    {"Op(-a, -.)", "(apply \"Op\" (prefix \"-.\" (id \"a\")) (op \"-.\"))"},
    {"A!B(x)!2!<<!>>!:!@!(q)",
     "(select (!name \"A\") (!name \"B\" (id \"x\")) (!index \"2\" 2) (!left \"<<\") (!right "
     "\">>\") (!body \":\") (!at \"@\") (!args (id \"q\")))"},
    {"I!+(1, 2)", "(select (!name \"I\") (!name \"+\" (number \"1\") (number \"2\")))"},
    {"Thm!:", "(select (!name \"Thm\") (!body \":\"))"},
    {"x \\lnot y", "FM1020 1:3"},
    {"{}", "(set)"},
    {"{1, 2}", "(set (number \"1\") (number \"2\"))"},
    {"{x \\in S : p}", "(filter (binding (id \"x\") (id \"S\")) (id \"p\"))"},
    {"{<<x, y>> \\in S : p}",
     "(filter (binding :pattern (id \"x\") (id \"y\") (id \"S\")) (id \"p\"))"},
    {"{x \\in S}", "(set (infix \"\\\\in\" (id \"x\") (id \"S\")))"},
    {"{x \\in S, y}", "(set (infix \"\\\\in\" (id \"x\") (id \"S\")) (id \"y\"))"},
    {"{x \\in S /\\ q}",
     "(set (infix \"/\\\\\" (infix \"\\\\in\" (id \"x\") (id \"S\")) (id \"q\")))"},
    {"{x, y}", "(set (id \"x\") (id \"y\"))"},
    {"{f(x) : x \\in S, y, z \\in T}",
     "(map (bindings (binding (id \"x\") (id \"S\")) (binding (id \"y\") (id \"z\") (id "
     "\"T\"))) (apply \"f\" (id \"x\")))"},
    {"{<<x, y>> : x \\in S}",
     "(map (bindings (binding (id \"x\") (id \"S\"))) (tuple (id \"x\") (id \"y\")))"},
    {"{<<1, 2>> \\in S}",
     "(set (infix \"\\\\in\" (tuple (number \"1\") (number \"2\")) (id \"S\")))"},
    {"{{{x \\in S}}}", "(set (set (set (infix \"\\\\in\" (id \"x\") (id \"S\")))))"},
    {"{x \\in S, y \\in T : p}", "FM1021 1:19"},
    {"[x \\in S |-> e]", "(fcn (bindings (binding (id \"x\") (id \"S\"))) (id \"e\"))"},
    {"[x, y \\in S, <<a, b>> \\in T |-> e]",
     "(fcn (bindings (binding (id \"x\") (id \"y\") (id \"S\")) (binding :pattern (id \"a\") "
     "(id \"b\") (id \"T\"))) (id \"e\"))"},
    {"[a |-> 1, IF |-> 2]", "(record (field \"a\" (number \"1\")) (field \"IF\" (number \"2\")))"},
    {"[a : S, b : T]", "(recset (field \"a\" (id \"S\")) (field \"b\" (id \"T\")))"},
    {"[S -> T]", "(fcnset (id \"S\") (id \"T\"))"},
    {"[f EXCEPT ![1] = 2]",
     "(except (id \"f\") (update (path.index (number \"1\")) (number \"2\")))"},
    {"[f EXCEPT ![1, 2].a[3] = @ + 1, !.b = c]",
     "(except (id \"f\") (update (path.index (number \"1\") (number \"2\")) (path.field \"a\") "
     "(path.index (number \"3\")) (infix \"+\" (at \"@\") (number \"1\"))) (update (path.field "
     "\"b\") (id \"c\")))"},
    {"[A]_v", "(square (id \"A\") (id \"v\"))"},
    {"[A]_<<x, y>>", "(square (id \"A\") (tuple (id \"x\") (id \"y\")))"},
    {"[x \\in S]_v", "(square (infix \"\\\\in\" (id \"x\") (id \"S\")) (id \"v\"))"},
    {"[A]_f(x)", "(square (id \"A\") (apply \"f\" (id \"x\")))"},
    {"[A]_I!v", "(square (id \"A\") (select (!name \"I\") (!name \"v\")))"},
    {"<<A>>_v", "(angle (id \"A\") (id \"v\"))"},
    {"<<A>>_(x + y)", "(angle (id \"A\") (infix \"+\" (id \"x\") (id \"y\")))"},
    {"<<>>", "(tuple)"},
    {"<<a, b>>_v", "FM1021 1:7"},
    {"[a]", "FM1020 1:3"},
    {"WF_v(A)", "(wf (id \"v\") (id \"A\"))"},
    {"SF_<<x, y>>(A)", "(sf (tuple (id \"x\") (id \"y\")) (id \"A\"))"},
    {"WF_f(x)(A)", "(wf (apply \"f\" (id \"x\")) (id \"A\"))"},
    {"WF_I!v(A)", "(wf (select (!name \"I\") (!name \"v\")) (id \"A\"))"},
    {"WF_(v)(A)", "(wf (id \"v\") (id \"A\"))"},
    {"WF_v", "FM1028 1:1"},
    {"WF_v(A, B)", "FM1028 1:1"},
    {"\\A x : p", "(forall (bindings :unbounded (binding :unbounded (id \"x\"))) (id \"p\"))"},
    {"\\E x, y \\in S, <<a, b>> \\in T : p /\\ q",
     "(exists (bindings (binding (id \"x\") (id \"y\") (id \"S\")) (binding :pattern (id \"a\") "
     "(id \"b\") (id \"T\"))) (infix \"/\\\\\" (id \"p\") (id \"q\")))"},
    {"\\AA x, y : F",
     "(tforall (bindings :unbounded (binding :unbounded (id \"x\") (id \"y\"))) (id \"F\"))"},
    {"\\EE x : F", "(texists (bindings :unbounded (binding :unbounded (id \"x\"))) (id \"F\"))"},
    {"\\E <<>> \\in S : p", "FM1020 1:6"},
    {"\\E x \\in S, y : p", "FM1020 1:15"},
    {"CHOOSE x \\in S : p", "(choose (binding (id \"x\") (id \"S\")) (id \"p\"))"},
    {"CHOOSE x : p", "(choose (binding :unbounded (id \"x\")) (id \"p\"))"},
    {"CHOOSE <<x, y>> \\in S : p",
     "(choose (binding :pattern (id \"x\") (id \"y\") (id \"S\")) (id \"p\"))"},
    {"IF a THEN b ELSE c + d", "(if (id \"a\") (id \"b\") (infix \"+\" (id \"c\") (id \"d\")))"},
    {"IF a THEN b", "FM1020 1:12"},
    {"CASE a -> b [] c -> d [] OTHER -> e",
     "(case (arm (id \"a\") (id \"b\")) (arm (id \"c\") (id \"d\")) (other (id \"e\")))"},
    {"CASE a -> []b", "(case (arm (id \"a\") (prefix \"[]\" (id \"b\"))))"},
    {"CASE OTHER -> e", "FM1020 1:6"},
    {"LET x == 1 y(a) == a f[n \\in S] == n IN x",
     "(let (def \"x\" (params) (number \"1\")) (def \"y\" (params (decl \"a\")) (id \"a\")) "
     "(fcndef \"f\" (bindings (binding (id \"n\") (id \"S\"))) (id \"n\")) (id \"x\"))"},
    {"LET RECURSIVE g(_) g(n) == g(n) IN g(1)",
     "(let (recursive (decl \"g\" 1)) (def \"g\" (params (decl \"n\")) (apply \"g\" (id "
     "\"n\"))) (apply \"g\" (number \"1\")))"},
    {"LET I == INSTANCE M WITH a <- b, + <- c IN I!x",
     "(let (moddef \"I\" (params) (instance \"M\" (subst \"a\" (id \"b\")) (subst \"+\" (id "
     "\"c\")))) (select (!name \"I\") (!name \"x\")))"},
    {"LET LOCAL x == 1 IN x", "FM1032 1:5"},
    {"LET x = 1 IN x", "FM1026 1:7"},
    {"l :: a + b", "(label \"l\" (params) (infix \"+\" (id \"a\") (id \"b\")))"},
    {"l(x) :: a", "(label \"l\" (params (decl \"x\")) (id \"a\"))"},
    {"a + l :: b", "(infix \"+\" (id \"a\") (label \"l\" (params) (id \"b\")))"},
    {"a + l :: b * c",
     "(infix \"+\" (id \"a\") (label \"l\" (params) (infix \"*\" (id \"b\") (id \"c\"))))"},
    {"a + l :: b + c", "FM1025 1:5"},
    {"a!b :: c", "FM1025 1:5"},
    {"f(1) :: c", "FM1025 1:6"},
    {"/\\ a\n"
     "/\\ b\n"
     "  \\/ c",
     "(and (id \"a\") (infix \"\\\\/\" (id \"b\") (id \"c\")))"},
    {"/\\ a\n"
     "/\\ \\/ b\n"
     "   \\/ c\n"
     "/\\ d",
     "(and (id \"a\") (or (id \"b\") (id \"c\")) (id \"d\"))"},
    {"/\\ a\n"
     "\\/ b",
     "(infix \"\\\\/\" (and (id \"a\")) (id \"b\"))"},
    {"/\\ (a\n"
     ")",
     "FM1021 2:1"},
    {"/\\ a\n"
     " => b",
     "(and (infix \"=>\" (id \"a\") (id \"b\")))"},
    {" /\\ a\n"
     " => b",
     "(infix \"=>\" (and (id \"a\")) (id \"b\"))"},
    {"/\\ IF a\n"
     "THEN b ELSE c",
     "FM1020 2:1"},
    {"a = /\\ b\n"
     "    /\\ c",
     "(infix \"=\" (id \"a\") (and (id \"b\") (id \"c\")))"},
    {"\t/\\ a\n"
     "        /\\ b",
     "(and (id \"a\") (id \"b\"))"},
    {"\\/ \\E x \\in S :\n"
     "     /\\ x\n"
     "     /\\ y\n"
     "\\/ z",
     "(or (exists (bindings (binding (id \"x\") (id \"S\"))) (and (id \"x\") (id \"y\"))) (id "
     "\"z\"))"},
    {"/\\ a\n"
     " /\\ b",
     "(and (infix \"/\\\\\" (id \"a\") (id \"b\")))"},
    {"∧ a\n"
     "∧ b",
     "(and (id \"a\") (id \"b\"))"},
    {"¬a ∧ ∀ x ∈ ℕ : x ≥ 0",
     "(infix \"/\\\\\" (prefix \"~\" (id \"a\")) (forall (bindings (binding (id \"x\") (id "
     "\"Nat\"))) (infix \">=\" (id \"x\") (number \"0\"))))"},
    {"a ≜ b", "FM1020 1:3"},
    {"a == b", "FM1020 1:3"},
    {"a && b", "(infix \"&&\" (id \"a\") (id \"b\"))"},
    {"a !!b", "(infix \"!!\" (id \"a\") (id \"b\"))"},
    {"x != y", "FM1020 1:6"},
    {"a b", "FM1020 1:3"},
    {"( a", "FM1021 1:4"},
    {"a )", "FM1020 1:3"},
    {"LAMBDA x : x", "FM1020 1:1"},
    {"a ++ /\\ b", "(infix \"++\" (id \"a\") (and (id \"b\")))"},
    {"+", "FM1020 1:1"},
    {"a + * b", "FM1020 1:5"},
    {"<1>2", "FM1020 1:1"},
    {"`", "FM1001 1:1"},
    {"? ", "FM1001 1:1"},
    {"\"abc", "FM1003 1:1"},
    {"\"\\q\"", "FM1004 1:2"},
    {"(* a (* b *) c *) x \\* y", "(id \"x\")"},
    {"(* (* *) x", "FM1002 1:1"},
    {"x \\*", "(id \"x\")"},
    {"a <- b", "FM1020 1:3"},
    {"a \\Ex", "FM1020 1:3"},
    /* clang-format on */
};

static void test_trees(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct syntax_fixture fixture;
        fixture_open(&fixture);
        const char *got = fixture_expression(&fixture, rows[i].text);
        if (strcmp(got, rows[i].expected) != 0) {
            print_error("expression: %s\n", rows[i].text);
        }
        assert_string_equal(got, rows[i].expected);
        fixture_close(&fixture);
    }
}

/* Spans: of the whole, without its parentheses, and of the operator. */
static void test_spans(void **state)
{
    (void)state;
    struct syntax_fixture fixture;
    fixture_open(&fixture);
    const char *text = "(a + b) * (f[x].y)";
    uint32_t source = fm_source_add(fixture.sources, "e", text, strlen(text));
    const struct fm_ast *product = fm_parse_expression(&fixture.parse, source);
    assert_non_null(product);
    assert_int_equal(product->span.begin, 0);
    assert_int_equal(product->span.end, 18);
    assert_int_equal(product->name_span.begin, 8);
    assert_int_equal(product->kids[0]->span.begin, 1);
    assert_int_equal(product->kids[0]->span.end, 6);
    assert_int_equal(product->kids[1]->span.begin, 11);
    assert_int_equal(product->kids[1]->span.end, 17);
    fixture_close(&fixture);
}

static char *repeated(const char *part, size_t count, const char *tail)
{
    struct fm_text text = {0};
    for (size_t i = 0; i < count; i++) {
        fm_text_puts(&text, part);
    }
    fm_text_puts(&text, tail);
    return text.at;
}

/* Nesting ends in a diagnostic, whatever nests. */
static void test_depth(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "(",         "{",    "[",        "<<",       "f(",    "/\\ ",
        "~ ",        "a + ", "[A]_",     "{x \\in ", "l :: ", "[x \\in ",
        "LET x == ", "IF ",  "\\E x : ", "a \\cup ", "WF_",   "CHOOSE x \\in ",
        "f["};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        struct syntax_fixture fixture;
        fixture_open(&fixture);
        char *text = repeated(parts[i], 20000, "1");
        uint32_t source = fm_source_add(fixture.sources, "e", text, strlen(text));
        assert_null(fm_parse_expression(&fixture.parse, source));
        assert_true(fm_diags_errors(fixture.diags) > 0);
        fm_memory_free(text);
        fixture_close(&fixture);
    }
}

/* What people write is far below the limits. */
static void test_depth_allowed(void **state)
{
    (void)state;
    struct syntax_fixture fixture;
    fixture_open(&fixture);
    char *open = repeated("(", 500, "1");
    char *text = repeated(")", 500, "");
    struct fm_text both = {0};
    fm_text_printf(&both, "%s%s", open, text);
    assert_string_equal(fixture_expression(&fixture, both.at), "(number \"1\")");
    fm_text_deinit(&both);
    fm_memory_free(open);
    fm_memory_free(text);
    char *chain = repeated("1 + ", 3000, "1");
    uint32_t source = fm_source_add(fixture.sources, "e", chain, strlen(chain));
    assert_non_null(fm_parse_expression(&fixture.parse, source));
    fm_memory_free(chain);
    char *product = repeated("S \\X ", 20000, "S");
    source = fm_source_add(fixture.sources, "e", product, strlen(product));
    const struct fm_ast *ast = fm_parse_expression(&fixture.parse, source);
    assert_non_null(ast);
    assert_int_equal(ast->count, 20001);
    fm_memory_free(product);
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees),
        cmocka_unit_test(test_spans),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_depth_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
