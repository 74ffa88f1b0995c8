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

static bool open_judged(struct fm_cli_judged *judged, bool tells)
{
    struct reading reading = {
        judged,
        {.path = judged->path, .config_path = judged->config, .nodes = judged->nodes},
        NULL};
    fm_cli_session_open(&judged->opened, set_size_max);
    judged->is_open = true;
    if (fm_thread_call(read_mapping, &reading) != 0) {
        (void)fprintf(stderr, "fathom: no thread to read %s: %s\n", judged->path, strerror(errno));
        return false;
    }
    if (tells) {
        fm_cli_print_diagnostics(judged->opened.session.diags);
        if (reading.error != NULL) {
            (void)fprintf(stderr, "fathom: %s\n", reading.error);
        }
    }
    fm_memory_free(reading.error);
    return judged->mapping != NULL;
}

bool fm_cli_judged_open(struct fm_cli_judged *judged, const char *path, const char *config,
                        unsigned nodes)
{
    *judged = (struct fm_cli_judged){.path = path, .config = config, .nodes = nodes};
    return open_judged(judged, true);
}

struct fm_mapping *fm_cli_judged_for(void *closure, unsigned nodes)
{
    struct fm_cli_judged *judged = closure;
    if (judged->mapping == NULL || judged->nodes == nodes) {
        return judged->mapping;
    }
    if (!fm_mapping_takes_nodes(judged->mapping)) {
        return NULL;
    }
    struct fm_cli_judged *other = judged->other;
    while (other != NULL && other->nodes != nodes) {
        other = other->other;
    }
    if (other == NULL) {
        other = fm_memory_calloc(1, sizeof *other);
        *other = (struct fm_cli_judged){
            .path = judged->path, .config = judged->config, .nodes = nodes, .other = judged->other};
        judged->other = other;
        (void)open_judged(other, false);
    }
    return other->mapping;
}

void fm_cli_judged_close(struct fm_cli_judged *judged)
{
    while (judged->other != NULL) {
        struct fm_cli_judged *other = judged->other;
        judged->other = other->other;
        other->other = NULL;
        fm_cli_judged_close(other);
        fm_memory_free(other);
    }
    if (judged->is_open) {
        fm_mapping_free(judged->mapping);
        fm_cli_session_close(&judged->opened);
    }
    *judged = (struct fm_cli_judged){.mapping = NULL};
}
