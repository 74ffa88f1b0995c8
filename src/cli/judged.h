/* The mapping that a command judges by, with the session it was read in. */
#ifndef FM_CLI_JUDGED_H
#define FM_CLI_JUDGED_H

#include "cli/session.h"
#include "mapping/mapping.h"

struct fm_cli_judged {
    struct fm_cli_session opened;
    struct fm_mapping *mapping; /* NULL: nothing is judged */
    bool is_open;
};

/* Reads the mapping; `config` may be NULL. False: what is wrong was printed. */
bool fm_cli_judged_open(struct fm_cli_judged *judged, const char *path, const char *config);
void fm_cli_judged_close(struct fm_cli_judged *judged);

#endif
