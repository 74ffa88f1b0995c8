/* Text under construction, and JSON strings from bytes of any kind. */
#include "base/text.h"

#include "cmocka_all.h"

#include <string.h>

static void test_building(void **state)
{
    (void)state;
    struct fm_text text = {0};
    assert_string_equal(fm_text_string(&text), "");
    fm_text_puts(&text, "ab");
    fm_text_putc(&text, 'c');
    fm_text_fill(&text, '-', 3);
    fm_text_printf(&text, "%d", 42);
    fm_text_add(&text, "xyz", 1);
    assert_string_equal(fm_text_string(&text), "abc---42x");
    assert_int_equal(text.length, 9);
    fm_text_clear(&text);
    assert_string_equal(fm_text_string(&text), "");
    fm_text_fill(&text, 'x', 100000);
    assert_int_equal(strlen(text.at), 100000);
    fm_text_deinit(&text);
    assert_string_equal(fm_text_string(&text), "");
}

static void check_json(const char *bytes, size_t length, const char *expected)
{
    struct fm_text text = {0};
    fm_text_json_string(&text, bytes, length);
    assert_string_equal(fm_text_string(&text), expected);
    fm_text_deinit(&text);
}

static void test_json(void **state)
{
    (void)state;
    check_json("", 0, "\"\"");
    check_json("a\"b\\c\n\t", 7, "\"a\\\"b\\\\c\\n\\t\"");
    check_json("\0\x1f", 2, "\"\\u0000\\u001f\"");
    check_json("\xc3\xa9\xe2\x88\x88\xf0\x9f\x98\x80", 9,
               "\"\xc3\xa9\xe2\x88\x88\xf0\x9f\x98\x80\"");
}

static void test_json_of_malformed_bytes(void **state)
{
    (void)state;
    check_json("a\xff"
               "b",
               3, "\"a\\ufffdb\"");
    check_json("\xc3", 1, "\"\\ufffd\"");                                  /* cut off */
    check_json("\xc0\xaf", 2, "\"\\ufffd\\ufffd\"");                       /* overlong */
    check_json("\xed\xa0\x80", 3, "\"\\ufffd\\ufffd\\ufffd\"");            /* a surrogate */
    check_json("\xf4\x90\x80\x80", 4, "\"\\ufffd\\ufffd\\ufffd\\ufffd\""); /* above U+10FFFF */
}

static void check_xml(const char *string, const char *expected)
{
    struct fm_text text = {0};
    fm_text_xml(&text, string);
    assert_string_equal(fm_text_string(&text), expected);
    fm_text_deinit(&text);
}

static void test_xml(void **state)
{
    (void)state;
    check_xml("", "");
    check_xml("a & b < c > \"d\"\n", "a &amp; b &lt; c &gt; &quot;d&quot;\n");
    check_xml("\xe2\x88\x88\xf0\x9f\x98\x80", "\xe2\x88\x88\xf0\x9f\x98\x80");
    check_xml("\x01\x7f\t", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* controls */
    check_xml("\xef\xbf\xbe!", "\xef\xbf\xbd!");                     /* U+FFFE */
    check_xml("\xc3", "\xef\xbf\xbd");                               /* cut off */
    check_xml("<\xed\xa0\x80", "&lt;\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void check_count(uint64_t number, const char *expected)
{
    struct fm_text text = {0};
    fm_text_count(&text, number);
    assert_string_equal(fm_text_string(&text), expected);
    fm_text_deinit(&text);
}

static void test_counts(void **state)
{
    (void)state;
    check_count(0, "0");
    check_count(999, "999");
    check_count(1000, "1,000");
    check_count(12345678, "12,345,678");
    check_count(UINT64_MAX, "18,446,744,073,709,551,615");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_building),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_json_of_malformed_bytes),
        cmocka_unit_test(test_xml),
        cmocka_unit_test(test_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
