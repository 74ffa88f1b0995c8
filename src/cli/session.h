/* What every command that reads specifications needs: symbols, sources, diagnostics, values, and
 * words for what went wrong. */
#ifndef FM_CLI_SESSION_H
#define FM_CLI_SESSION_H

#include "base/file.h"
#include "semantics/load.h"

struct fm_cli_session {
    struct fm_session session; /* points into what follows: do not move */
    struct fm_arena arena;     /* of the model's values */
    struct fm_value_context values;
};

void fm_cli_session_open(struct fm_cli_session *session, uint64_t set_size_max);
void fm_cli_session_close(struct fm_cli_session *session);

/* Renders all of them to standard error. */
void fm_cli_print_diagnostics(const struct fm_diags *diags);
/* Why a file was not read; of FM_FILE_ERROR errno says it. Static, or until the next error. */
const char *fm_cli_file_reason(enum fm_file_result result);

#endif
