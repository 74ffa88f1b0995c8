/* Where a process died: for signatures of crashes. */
#ifndef FM_FUZZ_CRASH_H
#define FM_FUZZ_CRASH_H

/* From now on a process that dies of a signal writes one more line on its error stream, "at
 * OBJECT+0xOFFSET" or "at OBJECT FUNCTION": the innermost place on the stack that is neither the
 * system's library nor the program itself. */
void fm_crash_watch(void);

#endif
