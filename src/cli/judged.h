/* The mapping that a command judges by, with the session it was read in. */
#ifndef FM_CLI_JUDGED_H
#define FM_CLI_JUDGED_H

#include "cli/session.h"
#include "mapping/mapping.h"

struct fm_cli_judged {
    struct fm_cli_session opened;
    struct fm_mapping *mapping; /* NULL: nothing is judged */
    bool is_open;
    /* As they were given: the caller's. */
    const char *path, *config;
    unsigned nodes;
    struct fm_cli_judged *other; /* the mapping of another number of nodes, or NULL */
};

/* Reads the mapping for a world of so many nodes; `config` may be NULL. False: what is wrong was
 * printed. */
bool fm_cli_judged_open(struct fm_cli_judged *judged, const char *path, const char *config,
                        unsigned nodes);
void fm_cli_judged_close(struct fm_cli_judged *judged);
/* The mapping of `judged`, a struct fm_cli_judged, for a world of another number of nodes; read
 * when it is first asked for. NULL: nothing is judged, the mapping is for one number of nodes, or
 * it is wrong for that one. */
struct fm_mapping *fm_cli_judged_for(void *judged, unsigned nodes);

#endif
