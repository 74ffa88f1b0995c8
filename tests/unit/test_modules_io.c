/* Natives that read and write: JSON, CSV, value files, text, programs. */
#include "base/external.h"
#include "base/file.h"
#include "module_calls.h"
#include "modules/gzip.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/fathom-test-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static fm_value path_of(struct calls *c, const char *name)
{
    return S(c, fm_arena_printf(&c->arena, "%s/%s", folder, name));
}

static const char *text_of(fm_value path)
{
    return fm_value_symbol(path)->text;
}

static void write_text(fm_value path, const char *text)
{
    assert_int_equal(fm_external_write(text_of(path), O_CREAT | O_TRUNC, text, strlen(text)), 0);
}

static void expect_text(fm_value path, const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(fm_file_read(text_of(path), 10000, &text, &size), FM_FILE_OK);
    assert_string_equal(text, expected);
    fm_memory_free(text);
}

static void remove_file(fm_value path)
{
    assert_int_equal(unlink(text_of(path)), 0);
}

static fm_value record_of(struct calls *c)
{
    return CALL(c, "TLC", "@@", CALL(c, "TLC", ":>", S(c, "b"), T(c, I(1), fm_bool(true))),
                CALL(c, "TLC", ":>", S(c, "a"), S(c, "x")));
}

static void test_json_text(void **state)
{
    struct calls *c = *state;
    EQ("\"[1,2]\"", "Json", "ToJson", T(c, I(1), I(2)));
    EQ("\"[1,2]\"", "Json", "ToJsonArray", SET(c, I(2), I(1)));
    EQ("\"[7]\"", "Json", "ToJsonObject", T(c, I(7)));
    EQ("\"{\\\"5\\\":7}\"", "Json", "ToJsonObject", CALL(c, "TLC", ":>", I(5), I(7)));
    EQ("\"true\"", "Json", "ToJson", fm_bool(true));
    NO(4201, "ToJsonArray", "Json", "ToJsonArray", I(1));
    NO(4201, "ToJsonObject", "Json", "ToJsonObject", SET(c, I(1)));
}

static void test_json_files(void **state)
{
    struct calls *c = *state;
    fm_value path = path_of(c, "sub/value.json");
    fm_value record = record_of(c);
    EQ("TRUE", "Json", "JsonSerialize", path, record);
    fm_value back = CALL(c, "Json", "JsonDeserialize", path);
    assert_true(fm_value_equal(&c->values, back, record));
    write_text(path, "{\"n\": [-1.9, 2.5, {}], \"s\": \"\\u00e4\"}");
    EQ("[n |-> <<-1, 2, <<>>>>, s |-> \"\xc3\xa4\"]", "Json", "JsonDeserialize", path);
    write_text(path, "[1,\n null]");
    NO(4210, "contains null", "Json", "JsonDeserialize", path);
    write_text(path, "[1,\n x]");
    NO(4210, "line 2", "Json", "JsonDeserialize", path);
    write_text(path, "{\"a\":1}\n\n  \n{\"a\":2}");
    EQ("<<[a |-> 1], [a |-> 2]>>", "Json", "ndJsonDeserialize", path);
    write_text(path, "1\n2\n]\n");
    NO(4210, "line 3", "Json", "ndJsonDeserialize", path);
    EQ("TRUE", "Json", "ndJsonSerialize", path, T(c, I(1), T(c, I(2))));
    expect_text(path, "1\n[2]\n");
    remove_file(path);
    NO(4209, "no such file", "Json", "JsonDeserialize", path);
    NO(4209, "directory", "Json", "JsonDeserialize", S(c, folder));
    NO(4201, "sequence or a record", "Json", "JsonSerialize", path, I(1));
    assert_int_equal(rmdir(text_of(path_of(c, "sub"))), 0);
}

static void test_csv(void **state)
{
    struct calls *c = *state;
    fm_value path = path_of(c, "rows.csv");
    EQ("0", "CSV", "CSVRecords", path);
    EQ("<<>>", "CSV", "CSVRead", T(c, S(c, "a")), S(c, ","), path);
    EQ("TRUE", "CSV", "CSVWrite", S(c, "%s#%1$s#%-4s|%%"), T(c, I(1), S(c, "z")), path);
    EQ("TRUE", "CSV", "CSVWrite", S(c, "%2$s"), T(c, I(1), T(c, I(2))), path);
    expect_text(path, "1#1#\"z\" |%\n<<2>>\n");
    EQ("2", "CSV", "CSVRecords", path);
    NO(4210, "no argument 2", "CSV", "CSVWrite", S(c, "%s%s"), T(c, I(1)), path);
    NO(4210, "conversion", "CSV", "CSVWrite", S(c, "%d"), T(c, I(1)), path);
    write_text(path, "1;2\r\n3;4;;\n");
    EQ("<<[x |-> \"1\", y |-> \"2\"], [x |-> \"3\", y |-> \"4\"]>>", "CSV", "CSVRead",
       T(c, S(c, "x"), S(c, "y")), S(c, ";"), path);
    NO(4210, "instead of 3", "CSV", "CSVRead", T(c, S(c, "x"), S(c, "y"), S(c, "z")), S(c, ";"),
       path);
    NO(4210, "more than 1", "CSV", "CSVRead", T(c, S(c, "x")), S(c, ";"), path);
    remove_file(path);
    EQ("TRUE", "CSV", "CSVWriteRecord", CALL(c, "TLC", ":>", S(c, "k"), I(4)), S(c, ","),
       fm_bool(true), path);
    expect_text(path, "k\n4\n");
    remove_file(path);
}

static void test_value_files(void **state)
{
    struct calls *c = *state;
    fm_value path = path_of(c, "value.vos");
    fm_value parts[] = {record_of(c), SET(c, T(c, I(-7)), EMPTY(c)), interval(c, 1, 3),
                        CALL(c, "TLC", ":>", I(5), S(c, "five")), fm_set_empty()};
    fm_value value = fm_tuple(&c->values, parts, 5);
    for (int packed = 0; packed < 2; packed++) {
        EQ("TRUE", "IOUtils", "IOSerialize", value, path, fm_bool(packed));
        fm_value back = CALL(c, "IOUtils", "IODeserialize", path, fm_bool(packed));
        assert_true(fm_value_equal(&c->values, back, value));
    }
    NO(4210, "cannot be read back", "IOUtils", "IODeserialize", path, fm_bool(false));
    fm_value big = CALL(c, "Integers", "^", I(2), I(40));
    NO(4211, "1099511627776", "IOUtils", "IOSerialize", T(c, big), path, fm_bool(false));
    write_text(path, "no gzip at all");
    NO(4210, "no gzip file", "IOUtils", "IODeserialize", path, fm_bool(true));
    remove_file(path);
    NO(4209, "no such file", "IOUtils", "IODeserialize", path, fm_bool(false));
}

/* A stream with back references, as TLC writes one: <<"ab", "ab", [ab |-> 1], again>>. */
static void test_value_references(void **state)
{
    struct calls *c = *state;
    static const char stream[] = "\x07\0\x04"
                                 "\x03\xff\xff\xff\xff\0\0\0\0\0\0\0\x02"
                                 "ab"
                                 "\x1a\0\x01"
                                 "\x04\0\0\0\x01\x1a\0\x01\x01\0\0\0\x01"
                                 "\x1a\0\x02";
    fm_value path = path_of(c, "tlc.vos");
    assert_int_equal(fm_external_write(text_of(path), O_CREAT | O_TRUNC, stream, sizeof stream - 1),
                     0);
    EQ("<<\"ab\", \"ab\", [ab |-> 1], [ab |-> 1]>>", "IOUtils", "IODeserialize", path,
       fm_bool(false));
    for (size_t cut = 0; cut < sizeof stream - 1; cut++) {
        assert_int_equal(fm_external_write(text_of(path), O_CREAT | O_TRUNC, stream, cut), 0);
        NO(4210, "", "IOUtils", "IODeserialize", path, fm_bool(false));
    }
    remove_file(path);
}

/* Stored blocks there and back; damage and limits are noticed. */
static void test_gzip(void **state)
{
    (void)state;
    struct fm_text out = {0};
    char bytes[200000];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)(i * i >> 3);
    }
    struct fm_text stored = {0};
    fm_gzip_store(bytes, sizeof bytes, &stored);
    assert_null(fm_gzip_read((const uint8_t *)stored.at, stored.length, sizeof bytes, &out));
    assert_int_equal(out.length, sizeof bytes);
    assert_memory_equal(out.at, bytes, sizeof bytes);
    fm_text_clear(&out);
    assert_string_equal(
        fm_gzip_read((const uint8_t *)stored.at, stored.length, sizeof bytes - 1, &out),
        "the content is too large");
    fm_text_clear(&out);
    assert_string_equal(
        fm_gzip_read((const uint8_t *)stored.at, stored.length - 1, sizeof bytes, &out),
        "the file ends too early");
    stored.at[100]++;
    fm_text_clear(&out);
    assert_string_equal(fm_gzip_read((const uint8_t *)stored.at, stored.length, sizeof bytes, &out),
                        "the checksum does not agree");
    fm_text_deinit(&stored);
    fm_text_deinit(&out);
}

/* What gzip itself makes of compressible and of repetitive text. */
static void test_gzip_of_gzip(void **state)
{
    struct calls *c = *state;
    fm_value plain = path_of(c, "plain");
    struct fm_text text = {0};
    for (int i = 0; i < 5000; i++) {
        fm_text_printf(&text, "%d %x ", i * 7919 % 10007, i);
    }
    write_text(plain, fm_text_string(&text));
    static const char *const levels[] = {"-1", "-9"};
    for (int i = 0; i < 2; i++) {
        const char *const argv[] = {"gzip", "-kf", levels[i], text_of(plain), NULL};
        struct fm_external_outcome outcome;
        assert_int_equal(fm_external_run(argv, NULL, &outcome), 0);
        assert_int_equal(outcome.exit_value, 0);
        fm_text_deinit(&outcome.out);
        fm_text_deinit(&outcome.error);
        char *packed = NULL;
        size_t size = 0;
        fm_value path = path_of(c, "plain.gz");
        assert_int_equal(fm_file_read(text_of(path), 1000000, &packed, &size), FM_FILE_OK);
        struct fm_text out = {0};
        assert_null(fm_gzip_read((const uint8_t *)packed, size, 1000000, &out));
        assert_string_equal(fm_text_string(&out), fm_text_string(&text));
        fm_text_deinit(&out);
        fm_memory_free(packed);
        remove_file(path);
    }
    remove_file(plain);
    fm_text_deinit(&text);
}

static fm_value options(struct calls *c, const char *format, const char *open)
{
    fm_value a = CALL(c, "TLC", "@@", CALL(c, "TLC", ":>", S(c, "format"), S(c, format)),
                      CALL(c, "TLC", ":>", S(c, "charset"), S(c, "UTF-8")));
    return CALL(
        c, "TLC", "@@", a,
        CALL(c, "TLC", ":>", S(c, "openOptions"), T(c, S(c, "WRITE"), S(c, "CREATE"), S(c, open))));
}

static void test_text_files(void **state)
{
    struct calls *c = *state;
    fm_value path = path_of(c, "text");
    fm_value truncate = options(c, "TXT", "TRUNCATE_EXISTING");
    fm_value done = CALL(c, "IOUtils", "Serialize", S(c, "one\n"), path, truncate);
    assert_true(fm_value_same(fm_fcn_apply(&c->values, done, S(c, "exitValue")), I(0)));
    (void)CALL(c, "IOUtils", "Serialize", S(c, "two\n"), path, options(c, "TXT", "APPEND"));
    expect_text(path, "one\ntwo\n");
    fm_value read = CALL(c, "IOUtils", "Deserialize", path, truncate);
    calls_expect(c, "\"one\\ntwo\\n\"", fm_fcn_apply(&c->values, read, S(c, "stdout")));
    fm_value bad = CALL(c, "IOUtils", "Serialize", S(c, "x"), path, options(c, "TXT", "SIDEWAYS"));
    assert_true(fm_value_same(fm_fcn_apply(&c->values, bad, S(c, "exitValue")), I(1)));
    EQ("TRUE", "IOUtils", "Serialize", T(c, I(1), I(2)), path,
       options(c, "NDJSON", "TRUNCATE_EXISTING"));
    expect_text(path, "1\n2\n");
    NO(4202, "TXT", "IOUtils", "Serialize", S(c, "x"), path, options(c, "XML", "CREATE"));
    remove_file(path);
    fm_value missing = CALL(c, "IOUtils", "Deserialize", path, truncate);
    assert_true(fm_value_same(fm_fcn_apply(&c->values, missing, S(c, "exitValue")), I(1)));
}

static void test_programs(void **state)
{
    struct calls *c = *state;
    fm_value command = T(c, S(c, "sh"), S(c, "-c"), S(c, "echo $WHO; exit 2"));
    NO(4208, "run the program sh", "IOUtils", "IOExec", command);
    c->natives.allow_exec = true;
    fm_value env = CALL(c, "TLC", ":>", S(c, "WHO"), S(c, "me"));
    fm_value result = CALL(c, "IOUtils", "IOEnvExec", env, command);
    assert_true(fm_value_same(fm_fcn_apply(&c->values, result, S(c, "exitValue")), I(2)));
    calls_expect(c, "\"me\\n\"", fm_fcn_apply(&c->values, result, S(c, "stdout")));
    fm_value words = T(c, S(c, "echo"), S(c, "%2$s-%1$s"));
    result = CALL(c, "IOUtils", "IOExecTemplate", words, T(c, S(c, "a"), S(c, "b")));
    calls_expect(c, "\"b-a\\n\"", fm_fcn_apply(&c->values, result, S(c, "stdout")));
    result = CALL(c, "IOUtils", "IOEnvExecTemplate", env, words, T(c, S(c, "a"), S(c, "b")));
    calls_expect(c, "\"b-a\\n\"", fm_fcn_apply(&c->values, result, S(c, "stdout")));
    NO(4212, "No such file", "IOUtils", "IOExec", T(c, S(c, "/no/such/program")));
    NO(4202, "empty", "IOUtils", "IOExec", EMPTY(c));
    NO(4201, "sequence of strings", "IOUtils", "IOExec", T(c, I(1)));
    fm_value environment = CALL0(c, "IOUtils", "IOEnv");
    assert_false(fm_is_none(fm_fcn_lookup(&c->values, environment, S(c, "PATH"))));
    EQ("-12", "IOUtils", "atoi", S(c, "-12"));
    EQ("12", "IOUtils", "atoi", S(c, "+12"));
    NO(4202, "digits", "IOUtils", "atoi", S(c, "12a"));
    NO(4202, "digits", "IOUtils", "atoi", S(c, ""));
    NO(4202, "digits", "IOUtils", "atoi", S(c, "-"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, calls_setup, calls_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_json_text),        TEST(test_json_files),   TEST(test_csv),
        TEST(test_value_files),      TEST(test_text_files),   TEST(test_programs),
        TEST(test_value_references), TEST(test_gzip_of_gzip), cmocka_unit_test(test_gzip),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
