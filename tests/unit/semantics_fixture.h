/* What every test of the semantics layer sets up: a folder of modules and a session to load them.
 */
#ifndef FM_TESTS_SEMANTICS_FIXTURE_H
#define FM_TESTS_SEMANTICS_FIXTURE_H

#include "base/file.h"
#include "base/text.h"
#include "semantics/load.h"

#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct semantics_fixture {
    char folder[64];
    struct fm_session session;
    struct fm_arena arena;
    struct fm_value_context context;
    struct fm_load_options options;
    struct fm_load_report report;
    struct fm_program *program; /* of the newest load, or NULL */
    struct fm_text text;        /* of the newest print */
    struct fm_text path;
};

static inline void fixture_raise(struct fm_value_context *context, struct fm_value_error error)
{
    (void)context;
    print_error("value error: %s\n", error.message);
    abort();
}

static inline void fixture_open(struct semantics_fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    strcpy(fixture->folder, "/tmp/fathom-semantics-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    fm_arena_init(&fixture->arena, "test");
    fixture->session.symbols = fm_symbols_new();
    fixture->session.sources = fm_sources_new();
    fixture->session.diags = fm_diags_new(fixture->session.sources);
    fixture->context.arena = &fixture->arena;
    fixture->context.symbols = fixture->session.symbols;
    fixture->context.raise = fixture_raise;
    fixture->context.set_size_max = 1000000;
    fixture->session.context = &fixture->context;
}

static inline const char *fixture_path(struct semantics_fixture *fixture, const char *name)
{
    fm_text_clear(&fixture->path);
    fm_text_printf(&fixture->path, "%s/%s", fixture->folder, name);
    return fm_text_string(&fixture->path);
}

static inline void fixture_write(struct semantics_fixture *fixture, const char *name,
                                 const char *text)
{
    assert_int_equal(fm_file_write(fixture_path(fixture, name), text, strlen(text)), 0);
}

/* Loads `name`.tla with its configuration, or with none when `config` is false. */
static inline struct fm_program *fixture_load(struct semantics_fixture *fixture, const char *name,
                                              bool config)
{
    fm_program_free(fixture->program);
    fixture->options.path = fixture_path(fixture, name);
    fixture->options.config_path = config ? NULL : "";
    fixture->options.need_config = config;
    fixture->program = fm_program_load(&fixture->session, &fixture->options, &fixture->report);
    return fixture->program;
}

/* A module M of that body, without configuration. */
static inline struct fm_program *fixture_load_body(struct semantics_fixture *fixture,
                                                   const char *body)
{
    fm_text_clear(&fixture->text);
    fm_text_printf(&fixture->text, "---- MODULE M ----\n%s\n====\n", body);
    fixture_write(fixture, "M.tla", fm_text_string(&fixture->text));
    return fixture_load(fixture, "M", false);
}

/* "FM2014 3:5" of each diagnostic, joined by "; ". */
static inline const char *fixture_codes(struct semantics_fixture *fixture)
{
    fm_text_clear(&fixture->text);
    for (uint32_t i = 0; i < fm_diags_count(fixture->session.diags); i++) {
        const struct fm_diag *diag = fm_diags_at(fixture->session.diags, i);
        struct fm_place place = fm_source_place(fixture->session.sources, diag->span);
        fm_text_printf(&fixture->text, "%sFM%d %u:%u", i > 0 ? "; " : "", (int)diag->code,
                       place.line, place.column);
    }
    return fm_text_string(&fixture->text);
}

static inline struct fm_def *fixture_find(struct semantics_fixture *fixture, const char *name)
{
    return fm_program_find(fixture->program, fm_symbol_of(fixture->session.symbols, name));
}

static inline const char *fixture_print(struct semantics_fixture *fixture,
                                        const struct fm_node *node)
{
    fm_text_clear(&fixture->text);
    fm_node_print(fixture->program, node, 10000, &fixture->text);
    return fm_text_string(&fixture->text);
}

static inline void fixture_close(struct semantics_fixture *fixture)
{
    static const char *const files[] = {"M.tla", "M.cfg", "A.tla", "B.tla", "C.tla", "D.tla"};
    fm_program_free(fixture->program);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        (void)unlink(fixture_path(fixture, files[i]));
    }
    assert_int_equal(rmdir(fixture->folder), 0);
    fm_text_deinit(&fixture->text);
    fm_text_deinit(&fixture->path);
    fm_diags_free(fixture->session.diags);
    fm_sources_free(fixture->session.sources);
    fm_symbols_free(fixture->session.symbols);
    fm_arena_deinit(&fixture->arena);
}

#endif
