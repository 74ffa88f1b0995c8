/* Assertions: our own bugs only, never the user's mistakes.
 * fm_assert stays on in release builds; fm_assert_slow only where FM_DEBUG is defined. */
#ifndef FM_BASE_ASSERT_H
#define FM_BASE_ASSERT_H

/* Prints expression and place, and the command that replays the run when one was registered;
 * aborts. */
_Noreturn void fm_assert_fail(const char *expression, const char *file, int line);

/* Text printed by a failing assertion, e.g. "replay with: fathom check ... -fp 7". Not copied. */
void fm_assert_set_replay(const char *text);

#define fm_assert(condition)                                                                       \
    ((condition) ? (void)0 : fm_assert_fail(#condition, __FILE__, __LINE__))
#define fm_unreachable() fm_assert_fail("unreachable", __FILE__, __LINE__)

#ifdef FM_DEBUG
#define fm_assert_slow(condition) fm_assert(condition)
#else
#define fm_assert_slow(condition) ((void)sizeof(condition))
#endif

#endif
