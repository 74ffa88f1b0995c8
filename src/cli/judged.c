/* Reading a mapping for a command.
 *
 * Loading evaluates constants, so it runs on a thread with a large stack. What is wrong with the
 * specification goes to standard error as diagnostics, what is missing in the mapping as one line
 * behind them. The session lives as long as the mapping: findings are explained with the texts in
 * it. */
#include "cli/judged.h"

#include "base/arena.h"
#include "base/thread.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Elements of a set that is enumerated, at most: TLC's. */
static const uint64_t set_size_max = 1000000;

struct reading {
    struct fm_cli_judged *judged;
    struct fm_mapping_options options;
    char *error;
};

static void read_mapping(void *closure)
{
    struct reading *reading = closure;
    struct fm_cli_judged *judged = reading->judged;
    judged->mapping = fm_mapping_load(&judged->opened.session, &reading->options, &reading->error);
}

bool fm_cli_judged_open(struct fm_cli_judged *judged, const char *path, const char *config)
{
    struct reading reading = {judged, {.path = path, .config_path = config}, NULL};
    fm_cli_session_open(&judged->opened, set_size_max);
    judged->is_open = true;
    if (fm_thread_call(read_mapping, &reading) != 0) {
        (void)fprintf(stderr, "fathom: no thread to read %s: %s\n", path, strerror(errno));
        return false;
    }
    fm_cli_print_diagnostics(judged->opened.session.diags);
    if (reading.error != NULL) {
        (void)fprintf(stderr, "fathom: %s\n", reading.error);
        fm_memory_free(reading.error);
    }
    return judged->mapping != NULL;
}

void fm_cli_judged_close(struct fm_cli_judged *judged)
{
    if (judged->is_open) {
        fm_mapping_free(judged->mapping);
        fm_cli_session_close(&judged->opened);
    }
    *judged = (struct fm_cli_judged){.mapping = NULL};
}
