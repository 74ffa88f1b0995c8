/* The command line of `fathom check`. Strings point into argv, or live as long
 * as the options. */
#ifndef FM_CLI_OPTIONS_H
#define FM_CLI_OPTIONS_H

#include "base/text.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

/* ORDER(option) */
enum fm_option {
#define FM_OPTION(id, name, argument, arity, group, text) FM_OPTION_##id,
#include "cli/options.def"
#undef FM_OPTION
    FM_OPTION_COUNT
};

enum fm_option_arity {
    FM_ARITY_NO,
    FM_ARITY_ONE,
    FM_ARITY_TWO,
    FM_ARITY_DUMP,  /* a file, perhaps with a format before it */
    FM_ARITY_MAYBE, /* one, when what follows is a number */
    FM_ARITY_JOINED /* in the same word: -Dkey=value */
};

enum fm_option_group {
    FM_GROUP_FILES,
    FM_GROUP_CHECKS,
    FM_GROUP_SEARCH,
    FM_GROUP_OUTPUT,
    FM_GROUP_SIMULATION, /* of `fathom simulate` alone */
    FM_GROUP_COVERAGE,   /* of `fathom coverage` alone */
    FM_GROUP_NONE,       /* accepted, without effect */
    FM_GROUP_LATER       /* refused by name */
};

struct fm_option_row {
    const char *name;
    const char *argument; /* as the help shows it, or NULL */
    enum fm_option_arity arity;
    enum fm_option_group group;
    const char *text;
};

/* FM_OPTION_COUNT rows. */
const struct fm_option_row *fm_options_table(void);

struct fm_simulate_options;
struct fm_session;
struct fm_program;

enum fm_dump_format { FM_DUMP_STATES, FM_DUMP_DOT, FM_DUMP_JSON };

/* ORDER(trace format) */
enum fm_trace_format {
    FM_TRACE_JSON,
    FM_TRACE_TLA,
    FM_TRACE_TLC,
    FM_TRACE_TLC_PLAIN,
    FM_TRACE_TLC_SPEC,
    FM_TRACE_TLC_ACTION,
    FM_TRACE_DOT,
    FM_TRACE_ITF
};

struct fm_trace_target {
    enum fm_trace_format format;
    const char *path;
};

struct fm_options {
    const char *path;   /* of the root module */
    const char *config; /* NULL: beside the root module */
    uint32_t workers;
    int64_t depth;        /* -1: none */
    uint64_t memory_max;  /* bytes; 0: what the machine has */
    uint64_t table_bytes; /* of the fingerprint table at the beginning; 0: small */
    uint64_t set_size_max;
    uint64_t fp;
    int64_t seed; /* TLC's are signed */
    bool has_seed;
    bool deadlock; /* check for it: -deadlock was not given */
    bool keep_going, difftrace, nowarning, coverage, costs, json, verbose, terse, states;
    bool allow_exec, no_symmetry, no_thunk_cache, retranslate;
    bool no_native, native_wait, explain_native, exact;
    bool simulate;         /* the command is `fathom simulate` */
    bool listing;          /* the command is `fathom coverage` */
    const char *html_file; /* of it, or NULL */
    bool uniform_actions, uniform_successors, as_tlc, has_depth;
    uint64_t behaviours; /* -num; UINT64_MAX: no end */
    uint64_t only;       /* UINT64_MAX: all */
    uint64_t aril;
    const char *stats_file, *svg_file; /* or NULL */
    double until, confidence;          /* parts of 1; 0: not given */
    bool (*prepare)(void *closure, const struct fm_session *session, struct fm_program *program);
    void *prepare_closure; /* of prepare, which is called when the program is there, or NULL */
    const char *trace_file, *note_file;           /* or NULL */
    const struct fm_simulate_options *simulation; /* what the command makes of them, or NULL */
    const char *keep_native;                      /* file, or NULL */
    FM_VEC(struct fm_trace_target) trace_targets; /* of -dumpTrace */
    bool explore, explore_forced;                 /* fathom tlc: write a trace specification */
    bool explore_stream;                          /* and a value stream beside it */
    const char *explore_path;                     /* its folder or file, or NULL */
    enum fm_dump_format dump_format;
    const char *dump_file; /* of -dump, or NULL */
    bool dump_colorize, dump_labels, dump_constrained, dump_strict, dump_snapshot;
    const char *user_file;
    bool tool;                        /* fathom tlc: messages are wrapped */
    FM_VEC(uint32_t) suppressed;      /* fathom tlc: numbers of messages */
    const char *lncheck;              /* when temporal properties are decided, or NULL */
    FM_VEC(const char *) directories; /* of -I and -DTLA-Library */
    FM_VEC(const char *) invariants;
    FM_VEC(const char *) postconditions;
    FM_VEC(const char *) properties; /* "key=value" */
    FM_VEC(char *) made;             /* texts that are not in argv */
};

enum fm_options_result {
    FM_OPTIONS_RUN,
    FM_OPTIONS_HELP, /* help was asked for */
    FM_OPTIONS_WRONG /* `message` has what is wrong, one line */
};

/* argv[0] is the command's name. The arguments are to be given back by fm_options_deinit,
 * also when they are wrong. */
enum fm_options_result fm_options_parse(int argc, char **argv, struct fm_options *options,
                                        struct fm_text *message);
/* -dump [FORMAT] FILE: whether the word is a format, "json" or "dot" with more behind commas; and
 * the two of them, format NULL when there is none. The file gets the format's ending. */
bool fm_options_is_dump_format(const char *word);
void fm_options_set_dump(struct fm_options *options, const char *format, const char *file);
/* What holds when nothing is given. */
void fm_options_init(struct fm_options *options);
/* The same for `fathom simulate`. */
enum fm_options_result fm_options_parse_simulate(int argc, char **argv, struct fm_options *options,
                                                 struct fm_text *message);
/* The same for `fathom coverage`. */
enum fm_options_result fm_options_parse_coverage(int argc, char **argv, struct fm_options *options,
                                                 struct fm_text *message);
void fm_options_deinit(struct fm_options *options);
/* Each directory of a list with colons, for modules; copied. */
void fm_options_add_library(struct fm_options *options, const char *list);

#endif
