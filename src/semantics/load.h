/* From files to a program: finds modules, checks scopes, arities and levels, binds the
 * configuration.
 *
 * Search order of a module: defined before in the same file, the directory of the root module, each
 * -I directory in order, FATHOM_PATH (colon separated), the modules built into the executable. */
#ifndef FM_SEMANTICS_LOAD_H
#define FM_SEMANTICS_LOAD_H

#include "semantics/config.h"
#include "semantics/program.h"

struct fm_load_options {
    const char *path;        /* of the root module; `.tla` may be missing */
    const char *config_path; /* NULL: the root's name with .cfg; "" for none (parse only) */
    const char *const *include_directories;
    uint32_t include_count;
    const char *const *extra_invariants; /* -inv EXPR: expressions in the root's scope */
    uint32_t extra_invariant_count;
    const char *const *extra_postconditions; /* -postCondition Module!Op */
    uint32_t extra_postcondition_count;
    bool need_config;        /* a missing cfg is an error */
    bool may_lack_next;      /* INIT without NEXT is enough for the invariants */
    const char *root_text;   /* not NULL: the root module, where `path` has no file to name it */
    const char *config_more; /* statements behind those of the configuration, or NULL: of two values
                                of one constant the last one holds */
    bool retranslate; /* PlusCal: algorithms with a translation are translated anew, in memory */
};

/* Everything of one run that outlives the program's making. All pointers are the caller's. */
struct fm_session {
    struct fm_symbols *symbols;
    struct fm_sources *sources;
    struct fm_diags *diags;
    struct fm_value_context *context; /* its arena: the model's lifetime */
};

struct fm_load_module {
    const char *name;
    bool is_builtin;
};

/* What the load touched, for reports. */
struct fm_load_report {
    const char *const *module_paths; /* files read, in order of parsing; "built-in" ones by name */
    uint32_t module_count;
    const struct fm_load_module *analyzed; /* in order of analysis, after those they depend on */
    uint32_t analyzed_count;
    uint32_t symbol_count; /* names that the root sees, as SANY counts them */
    const char *config_path;
    bool has_config;
    bool syntax_failed;     /* exit 150 */
    bool config_failed;     /* undefined or ill-typed names in the cfg: exit 151 */
    bool config_unreadable; /* missing or a syntax error in it: exit 255 */
};

/* The closed program, or NULL after errors (all reported). */
struct fm_program *fm_program_load(const struct fm_session *session,
                                   const struct fm_load_options *options,
                                   struct fm_load_report *report);

/* One more expression in the root module's scope (expressions of the command line); NULL after
 * errors. */
struct fm_formula *fm_program_add_expression(struct fm_program *program, const char *name,
                                             const char *text);

#endif
