/* What every command that reads specifications needs: symbols, sources, diagnostics, values. */
#ifndef FM_CLI_SESSION_H
#define FM_CLI_SESSION_H

#include "semantics/load.h"

struct fm_cli_session {
    struct fm_session session; /* points into what follows: do not move */
    struct fm_arena arena;     /* of the model's values */
    struct fm_value_context values;
};

void fm_cli_session_open(struct fm_cli_session *session, uint64_t set_size_max);
void fm_cli_session_close(struct fm_cli_session *session);

#endif
