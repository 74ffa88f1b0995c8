/* What a failed assertion does: say where, say how to replay, abort.
 *
 * An assertion is about our own bug, so the message goes straight to standard error: whatever layer
 * would have rendered it may be what is broken. The replay text is registered once by the command
 * (seed and command line); it is the one process-wide pointer of this layer, written before threads
 * start and only read after. */
#include "base/assert.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static _Atomic(const char *) replay_text;

void fm_assert_set_replay(const char *text)
{
    atomic_store(&replay_text, text);
}

_Noreturn void fm_assert_fail(const char *expression, const char *file, int line)
{
    const char *replay = atomic_load(&replay_text);
    fprintf(stderr, "fathom: internal error at %s:%d: %s does not hold\n", file, line, expression);
    if (replay != NULL) {
        fprintf(stderr, "  replay with: %s\n", replay);
    }
    abort();
}
