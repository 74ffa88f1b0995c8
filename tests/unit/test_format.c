/* Formatted printing: the same bytes and the same length as the library's, in any room. */
#include "base/format.h"

#include "cmocka_all.h"

#include <inttypes.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define ROOM_MAX 64u

static void __attribute__((format(printf, 1, 2))) check(const char *format, ...)
{
    for (size_t room = 0; room <= ROOM_MAX; room++) {
        char ours[ROOM_MAX + 1], theirs[ROOM_MAX + 1];
        va_list arguments;
        memset(ours, '#', sizeof ours);
        memset(theirs, '#', sizeof theirs);
        va_start(arguments, format);
        int our_length = fm_format(ours, room, format, arguments);
        va_end(arguments);
        va_start(arguments, format);
        int their_length = vsnprintf(theirs, room, format, arguments);
        va_end(arguments);
        assert_int_equal(our_length, their_length);
        if (room != 0) {
            assert_string_equal(ours, theirs);
        }
        for (size_t i = room; i < sizeof ours; i++) {
            assert_int_equal(ours[i], '#'); /* nothing is written behind the room */
        }
    }
}

static void test_strings(void **state)
{
    (void)state;
    const char *volatile nothing = NULL; /* the compiler is not to see through it */
    const char *empty = "";
    check("%s", "plain");
    check("%s%s, %c%%;", "two", "words", 'x');
    check("[%s][%s]", empty, nothing);
    check("%.*s|%.*s|%.*s|%.*s", 3, "abcdef", 9, "abc", 0, "abc", -1, "abc");
    char unterminated[3] = {'a', 'b', 'c'};
    check("%.*s", 3, unterminated);
}

static void test_numbers(void **state)
{
    (void)state;
    check("%d %d %d %d", 0, -1, INT_MIN, INT_MAX);
    check("%u %u", 0u, UINT_MAX);
    check("%zu %lu %ld", SIZE_MAX, ULONG_MAX, LONG_MIN);
    check("%016" PRIx64 "%016" PRIx64, UINT64_C(0xFEDCBA9876543210), UINT64_C(0x10));
    check("%" PRIu64 " %" PRId64 " %" PRIu32, UINT64_MAX, INT64_MIN, UINT32_MAX);
}

/* With one conversion that is the library's the whole is, whatever came before. */
static void test_others(void **state)
{
    (void)state;
    check("%s %u %5d|%-4s|%04x", "before", 7u, -3, "ab", 0xABu);
    check("%d %.3s %.2f %s", 1, "abcdef", 2.5, "after");
    check("%lld %llu %hhu %zd %jd", LLONG_MIN, ULLONG_MAX, (unsigned char)200, (ssize_t)-5,
          (intmax_t)-6);
    check("%s %#" PRIx64 " %015" PRIx64 " %016x", "digest", UINT64_C(0x0123456789ABCDEF),
          UINT64_C(7), 8u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
