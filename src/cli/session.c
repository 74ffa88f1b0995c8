/* Opening and closing what every command that reads specifications needs.
 *
 * Values made while a configuration is read have no evaluator around them that would catch an
 * error. The few that can fail there (a set of values that cannot be compared, written into the
 * configuration) end the program with the status of a malformed configuration. */
#include "cli/session.h"

#include "cli/command.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void on_value_error(struct fm_value_context *context, struct fm_value_error error)
{
    (void)context;
    (void)fflush(stdout);
    (void)fprintf(stderr, "error[FM%" PRIu32 "]: %s\n", error.code, error.message);
    exit(FM_STATUS_ERROR);
}

void fm_cli_session_open(struct fm_cli_session *session, uint64_t set_size_max)
{
    fm_arena_init(&session->arena, "model values");
    session->session.symbols = fm_symbols_new();
    session->session.sources = fm_sources_new();
    session->session.diags = fm_diags_new(session->session.sources);
    session->values = (struct fm_value_context){
        .arena = &session->arena,
        .symbols = session->session.symbols,
        .raise = on_value_error,
        .set_size_max = set_size_max,
    };
    session->session.context = &session->values;
}

void fm_cli_session_close(struct fm_cli_session *session)
{
    fm_diags_free(session->session.diags);
    fm_sources_free(session->session.sources);
    fm_symbols_free(session->session.symbols);
    fm_arena_deinit(&session->arena);
}

void fm_cli_print_diagnostics(const struct fm_diags *diags)
{
    struct fm_text text = {0};
    for (uint32_t i = 0; i < fm_diags_count(diags); i++) {
        fm_diag_render(diags, fm_diags_at(diags, i), &text);
    }
    (void)fflush(stdout);
    (void)fputs(fm_text_string(&text), stderr);
    fm_text_deinit(&text);
}

const char *fm_cli_file_reason(enum fm_file_result result)
{
    switch (result) {
    case FM_FILE_OK:
        break;
    case FM_FILE_MISSING:
        return "no such file";
    case FM_FILE_DIRECTORY:
        return "it is a directory";
    case FM_FILE_TOO_LARGE:
        return "it is larger than 64 MiB, above any specification";
    case FM_FILE_ERROR:
        return strerror(errno);
    }
    return "no reason";
}
