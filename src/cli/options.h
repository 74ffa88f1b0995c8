/* The command line of `fathom check`. */
#ifndef FM_CLI_OPTIONS_H
#define FM_CLI_OPTIONS_H

#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

struct fm_options {
    const char *path;   /* of the specification */
    const char *config; /* or NULL */
    uint32_t workers;
    bool deadlock; /* check for it: no -deadlock flag */
    bool keep_going;
    int64_t depth; /* -1: none */
    FM_VEC(const char *) invariants;
    FM_VEC(const char *) postconditions;
    FM_VEC(const char *) directories;
    FM_VEC(const char *) properties; /* KEY=VALUE */
    uint64_t set_size_max;
    bool difftrace, terse, nowarning, coverage, json, allow_exec, no_symmetry, states;
    const char *dump_path; /* of -dumpTrace, or NULL */
    uint64_t fp, seed;
    uint64_t memory_max; /* bytes; 0: chosen from the machine */
    bool help;
};

enum fm_options_result { FM_OPTIONS_OK, FM_OPTIONS_WRONG };

/* Reads the words behind the command's name. After WRONG the mistake was printed to stderr. */
enum fm_options_result fm_options_parse(struct fm_options *options, int argc, char **argv);
void fm_options_deinit(struct fm_options *options);
/* The table as text, for help. */
void fm_options_print_help(void);

#endif
