/* What specifications do outside of the checker: plain writes and appends, folders, programs.
 *
 * The writes of module base/file.h are whole or nothing and reach the disk; those here go straight
 * to the path, with the flags of open(2), as the IO operators of TLA+ modules expect (a pipe, a
 * file that grows line by line). Everything reports errno; nothing prints. Thread safe. */
#ifndef FM_BASE_EXTERNAL_H
#define FM_BASE_EXTERNAL_H

#include "base/text.h"

#include <stddef.h>

/* Writes all bytes to a file opened write-only with these flags (O_CREAT, O_APPEND, O_TRUNC ...);
 * appends of one call are not interleaved with those of other threads. 0, or -1 with errno. */
int fm_external_write(const char *path, int flags, const void *bytes, size_t size);
/* Makes the folders that the path's last name stands in. 0, or -1 with errno. */
int fm_external_make_parents(const char *path);

/* The outcome of a program. */
struct fm_external_outcome {
    int exit_value;            /* 128 + the signal's number when a signal ended it, as shells say */
    struct fm_text out, error; /* all it wrote; the caller frees both by fm_text_deinit */
};

/* Runs argv[0], looked up in PATH, with no input; waits for its end. `changes` are "KEY=VALUE"
 * texts put over the environment, NULL-terminated, or NULL. 0, or -1 with errno: it could not be
 * started. */
int fm_external_run(const char *const *argv, const char *const *changes,
                    struct fm_external_outcome *outcome);

/* The environment of the process: NULL-terminated "KEY=VALUE" texts. */
const char *const *fm_external_environment(void);

#endif
